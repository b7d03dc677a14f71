// SPDX-License-Identifier: Apache-2.0
// What somebody typed when their session had ended: a ring of forms; the oldest gives way.
#include "http/kept.h"

#include "base/text.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_FORMS 64

// The pairs stand one after the other, name and value each ended by NUL.
static struct kept {
    char id[KEPT_ID_CHARS + 1], form[64];
    int64_t until_usec;
    char *bytes;
    size_t n, pairs;
} ring[KEPT_FORMS];
static size_t next;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// A field of the form, or one of the three inputs of a date ("start-day"); no password.
static bool may_keep(const struct form_spec *spec, const char *name) {
    size_t n = strcspn(name, "-");
    for (size_t i = 0; i < spec->field_count; i++) {
        const struct field_spec *f = &spec->fields[i];
        bool same = strcmp(f->name, name) == 0 ||
                    (f->type == FIELD_DATE && strlen(f->name) == n && strncmp(f->name, name, n) == 0);
        if (same) {
            return f->type != FIELD_PASSWORD && f->type != FIELD_FILE;
        }
    }
    return false;
}

static void forget(struct kept *k) {
    if (k->bytes) {
        explicit_bzero(k->bytes, k->n);
        free(k->bytes);
    }
    *k = (struct kept){.id = ""};
}

bool kept_put(const struct form_spec *spec, const struct form_pair *pairs, size_t n, int64_t now_usec,
              char *id) {
    struct kept k = {.until_usec = now_usec + KEPT_USEC};
    if (strlen(spec->name) >= sizeof k.form) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (may_keep(spec, pairs[i].name)) {
            k.n += strlen(pairs[i].name) + strlen(pairs[i].value) + 2;
            k.pairs++;
        }
    }
    if (k.pairs == 0 || k.n > KEPT_BYTES || !(k.bytes = malloc(k.n))) {
        return false;
    }
    char *at = k.bytes;
    for (size_t i = 0; i < n; i++) {
        if (may_keep(spec, pairs[i].name)) {
            at = stpcpy(at, pairs[i].name) + 1;
            at = stpcpy(at, pairs[i].value) + 1;
        }
    }
    memcpy(k.form, spec->name, strlen(spec->name) + 1);
    random_hex(k.id, KEPT_ID_CHARS);
    memcpy(id, k.id, sizeof k.id);
    pthread_mutex_lock(&lock);
    forget(&ring[next]);
    ring[next] = k;
    next = (next + 1) % KEPT_FORMS;
    pthread_mutex_unlock(&lock);
    return true;
}

static void copy_out(const struct kept *k, struct arena *a, struct form_pair **ret_pairs, size_t *ret_n) {
    struct form_pair *pairs = arena_array(a, k->pairs, sizeof *pairs);
    const char *at = k->bytes;
    for (size_t i = 0; i < k->pairs; i++) {
        pairs[i].name = arena_strdup(a, at);
        at += strlen(at) + 1;
        pairs[i].value = arena_strdup(a, at);
        at += strlen(at) + 1;
    }
    *ret_pairs = pairs;
    *ret_n = k->pairs;
}

bool kept_take(const char *id, const char *form_name, int64_t now_usec, struct arena *a,
               struct form_pair **ret_pairs, size_t *ret_n) {
    bool found = false;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < KEPT_FORMS && !found; i++) {
        struct kept *k = &ring[i];
        if (k->bytes && strcmp(k->id, id) == 0 && strcmp(k->form, form_name) == 0) {
            found = now_usec <= k->until_usec;
            if (found) {
                copy_out(k, a, ret_pairs, ret_n);
            }
            forget(k);
        }
    }
    pthread_mutex_unlock(&lock);
    return found;
}
