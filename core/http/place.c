// SPDX-License-Identifier: Apache-2.0
// One row, read seldom and shown everywhere.
#include "http/place.h"

#include "db/db.h"
#include "db/queries.gen.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { NAME, SHORT_NAME, OPERATOR, EMAIL, PHONE, TEXTS };
#define TEXT_BYTES 256

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char texts[TEXTS][TEXT_BYTES] = {"This place", "This place"};
static bool is_demo, known;
static uint64_t forgotten; // counts place_forget, so that a row read before it is not kept after it

void place_forget(void) {
    pthread_mutex_lock(&lock);
    known = false;
    forgotten++;
    pthread_mutex_unlock(&lock);
}

static struct place copy(struct arena *a) {
    return (struct place){arena_strdup(a, texts[NAME]),     arena_strdup(a, texts[SHORT_NAME]),
                          arena_strdup(a, texts[OPERATOR]), arena_strdup(a, texts[EMAIL]),
                          arena_strdup(a, texts[PHONE]),    is_demo};
}

static void keep(const struct rows *rows, uint64_t as_of) {
    static const char *const columns[TEXTS] = {"name", "short_name", "operator", "contact_email",
                                               "contact_phone"};
    pthread_mutex_lock(&lock);
    for (int i = 0; i < TEXTS; i++) {
        snprintf(texts[i], TEXT_BYTES, "%s", row_text(rows, 0, columns[i]));
    }
    is_demo = row_bool(rows, 0, "is_demo");
    known = forgotten == as_of;
    pthread_mutex_unlock(&lock);
}

struct place place_get(struct ctx *c) {
    pthread_mutex_lock(&lock);
    bool have = known;
    uint64_t as_of = forgotten;
    pthread_mutex_unlock(&lock);
    struct rows *rows = NULL;
    if (!have && c->db && DB_ROWS(c, place_now, &rows) == ERR_OK && rows_count(rows) == 1) {
        keep(rows, as_of);
    }
    pthread_mutex_lock(&lock);
    struct place p = copy(c->arena);
    pthread_mutex_unlock(&lock);
    return p;
}
