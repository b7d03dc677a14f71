// SPDX-License-Identifier: Apache-2.0
// Verdicts that were given, kept with the state that they are on.
#include "spend/guard.h"

#include "spend/guardint.h"

#include <stdio.h>
#include <stdlib.h>

#define KEPT_MOST 16384u // verdicts; a power of 2
#define KEY_BYTES 600

static const char *text(const char *s) {
    return s ? s : "";
}

struct guard {
    pthread_mutex_t lock;
    struct crowds *all; // NULL before the first question
    struct {
        char *key;
        enum guard_says says;
    } kept[KEPT_MOST];
    uint32_t kept_count;
};

struct guard *guard_new(void) {
    struct guard *g = cube_alloc(1, sizeof *g);
    pthread_mutex_init(&g->lock, NULL);
    return g;
}

void guard_free(struct guard *g) {
    if (!g) {
        return;
    }
    for (uint32_t i = 0; i < KEPT_MOST; i++) {
        free(g->kept[i].key);
    }
    crowds_free(g->all);
    pthread_mutex_destroy(&g->lock);
    free(g);
}

static uint32_t slot_of(const struct guard *g, const char *key) {
    uint32_t at = cube_hash(key, strlen(key)) & (KEPT_MOST - 1);
    while (g->kept[at].key && strcmp(g->kept[at].key, key) != 0) {
        at = (at + 1) & (KEPT_MOST - 1);
    }
    return at;
}

// False: too long to be kept.
static bool write_key(const struct guard_usual *u, const struct anc_slice *s, int32_t year,
                      const struct guard_row row[2], char ret[KEY_BYTES]) {
    int n = snprintf(ret, KEY_BYTES, "%x|%s|%d|%x|%x|%x|%x|%d|%s|%s|%s|%s|%d|%s|%d|%s", u->flows,
                     text(u->classes), (int)year, s->flows, s->places, s->vcfse, s->sizes, (int)s->rule,
                     text(s->anchor_ref), text(s->ward), text(s->sector), text(s->vcfse_classes),
                     (int)row[0].by, row[0].key, (int)row[1].by, row[1].key);
    return n > 0 && n < KEY_BYTES;
}

static bool find_kept(struct guard *g, const struct cube_view *v, const char *key, enum guard_says *ret) {
    pthread_mutex_lock(&g->lock);
    g->all = g->all ? g->all : crowds_of(v);
    uint32_t at = slot_of(g, key);
    bool found = g->kept[at].key != NULL;
    *ret = found ? g->kept[at].says : GUARD_ISOLATES;
    pthread_mutex_unlock(&g->lock);
    return found;
}

static void keep(struct guard *g, const char *key, enum guard_says says) {
    pthread_mutex_lock(&g->lock);
    uint32_t at = slot_of(g, key);
    if (!g->kept[at].key && g->kept_count < KEPT_MOST / 4 * 3) {
        g->kept[at].key = strdup(key);
        g->kept[at].says = says;
        g->kept_count++;
    }
    pthread_mutex_unlock(&g->lock);
}

enum guard_says guard_ask(struct guard *g, const struct cube_view *v, const struct guard_usual *usual,
                          const struct anc_slice *s, int32_t year, const struct guard_row row[2]) {
    char key[KEY_BYTES];
    enum guard_says says;
    if (*text(s->payee) || *text(s->category) || *text(s->area) || s->from_month || s->to_month ||
        s->rule < 0 || s->rule >= PLACE_RULES || !write_key(usual, s, year, row, key)) {
        return GUARD_ISOLATES;
    }
    if (find_kept(g, v, key, &says)) {
        return says;
    }
    struct question q = {.v = v, .all = g->all, .year = year, .usual_flows = usual->flows};
    q.usual_classes = choice_classes(v->facts, text(usual->classes));
    says = choice_of_slice(v, s, row, &q.b) ? guard_judge(&q) : GUARD_NAMELESS;
    keep(g, key, says);
    return says;
}
