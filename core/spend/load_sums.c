// SPDX-License-Identifier: Apache-2.0
// Sums of a file under way.
#include "spend/load_sums.h"

#include "db/db.h"
#include "db/queries.gen.h"
#include "spend/intern.h"

#include <stdlib.h>

#define SUMS_MOST 4000000u

struct one {
    int64_t pence, credit, lines;
    uint32_t payee;
    int16_t fy;
    int16_t flow;
};

struct sums {
    struct pairs *places;
    struct one *list;
    uint32_t count, cap;
};

struct sums *sums_new(void) {
    struct sums *s = calloc(1, sizeof *s);
    if (!s) {
        abort();
    }
    s->places = pairs_new();
    return s;
}

void sums_free(struct sums *s) {
    if (s) {
        pairs_free(s->places);
        free(s->list);
        free(s);
    }
}

static struct one *place_of(struct sums *s, int fy, uint32_t payee, int32_t flow) {
    bool first;
    uint32_t *at = pairs_at(
        s->places, (uint64_t)payee << 24 | (uint64_t)(unsigned)fy << 8 | (uint64_t)(unsigned)flow, &first);
    if (!first) {
        return &s->list[*at];
    }
    if (s->count == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 4096;
        s->list = reallocarray(s->list, s->cap, sizeof *s->list);
        if (!s->list) {
            abort(); // bounded by SUMS_MOST
        }
    }
    *at = s->count;
    s->list[s->count] = (struct one){.payee = payee, .fy = (int16_t)fy, .flow = (int16_t)flow};
    return &s->list[s->count++];
}

bool sums_add(struct sums *s, int fy, uint32_t payee, int32_t flow, int64_t pence) {
    struct one *o = place_of(s, fy, payee, flow);
    o->lines++;
    bool over = __builtin_add_overflow(o->pence, pence, &o->pence);
    over |= pence < 0 && __builtin_add_overflow(o->credit, pence, &o->credit);
    return !over && s->count < SUMS_MOST;
}

enum err sums_store(struct ctx *c, const struct sums *s, const struct payees *p, int64_t load_id) {
    struct copy_in *w;
    enum err e = copy_in_begin(c, &sql_load_sums_copy, 7, &w);
    if (e != ERR_OK) {
        return e;
    }
    for (uint32_t i = 0; i < s->count; i++) {
        const struct one *o = &s->list[i];
        copy_in_row(w);
        copy_in_i64(w, load_id);
        copy_in_i16(w, o->fy);
        copy_in_i64(w, payees_id(p, o->payee));
        copy_in_i16(w, o->flow);
        copy_in_i64(w, o->pence);
        copy_in_i64(w, o->lines);
        copy_in_i64(w, o->credit);
    }
    return copy_in_end(w, NULL);
}
