// SPDX-License-Identifier: Apache-2.0
// A ring of messages; the oldest gives way.
#include "http/flash.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define FLASHES 1024

static struct flash { char session[65], kind[16], text[FLASH_TEXT_BYTES]; } ring[FLASHES];
static size_t next;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void flash_put(const char *session_hash, const char *kind, const char *text) {
    pthread_mutex_lock(&lock);
    struct flash *f = &ring[next];
    next = (next + 1) % FLASHES;
    snprintf(f->session, sizeof f->session, "%s", session_hash);
    snprintf(f->kind, sizeof f->kind, "%s", kind);
    snprintf(f->text, sizeof f->text, "%s", text);
    pthread_mutex_unlock(&lock);
}

bool flash_take(const char *session_hash, struct arena *a, const char **ret_kind, const char **ret_text) {
    bool found = false;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < FLASHES && !found; i++) {
        struct flash *f = &ring[(next + i) % FLASHES];
        if (f->session[0] && strcmp(f->session, session_hash) == 0) {
            *ret_kind = arena_strdup(a, f->kind);
            *ret_text = arena_strdup(a, f->text);
            f->session[0] = 0;
            found = true;
        }
    }
    pthread_mutex_unlock(&lock);
    return found;
}
