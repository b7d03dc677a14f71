// SPDX-License-Identifier: Apache-2.0
// Sums of a file under way. Most payees have one or two, which lie together; further ones are found by a
// table.
#include "spend/load_sums.h"

#include "db/db.h"
#include "db/queries.gen.h"
#include "spend/intern.h"

#include <stdlib.h>
#include <string.h>

#define MORE_MOST 3000000u
#define NEAR      2

struct one {
    int64_t pence, credit, lines; // lines 0: free
    uint32_t payee;
    int16_t fy, flow;
};

struct sums {
    struct one (*near)[NEAR]; // by payee
    uint32_t payees, payee_cap;
    struct pairs *places; // of further ones
    struct one *more;
    uint32_t count, cap;
};

static void *grown(void *list, size_t count, size_t size) {
    list = reallocarray(list, count, size);
    if (!list) {
        abort(); // bounded by LOAD_PAYEES and MORE_MOST
    }
    return list;
}

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
        free(s->near);
        free(s->more);
        free(s);
    }
}

enum err sums_room(struct ctx *c, struct sums *s, uint32_t count) {
    if (s->count > MORE_MOST) {
        return ctx_fail(c, ERR_TOO_LARGE,
                        "The file has too many different payees, years and kinds of payments. Split it.");
    }
    if (count > s->payee_cap) {
        s->payee_cap = count > 2 * s->payee_cap ? count : 2 * s->payee_cap;
        s->near = grown(s->near, s->payee_cap, sizeof *s->near);
    }
    if (count > s->payees) {
        memset(s->near + s->payees, 0, (count - s->payees) * sizeof *s->near);
        s->payees = count;
    }
    return ERR_OK;
}

void sums_near(const struct sums *s, uint32_t payee) {
    __builtin_prefetch(&s->near[payee], 1);
}

static struct one *further(struct sums *s, int fy, uint32_t payee, int32_t flow) {
    bool first;
    uint64_t key = (uint64_t)payee << 24 | (uint64_t)(unsigned)fy << 8 | (uint64_t)(unsigned)flow;
    uint32_t *at = pairs_at(s->places, key, &first);
    if (!first) {
        return &s->more[*at];
    }
    if (s->count == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 4096;
        s->more = grown(s->more, s->cap, sizeof *s->more);
    }
    *at = s->count;
    s->more[s->count] = (struct one){.payee = payee, .fy = (int16_t)fy, .flow = (int16_t)flow};
    return &s->more[s->count++];
}

static struct one *place_of(struct sums *s, int fy, uint32_t payee, int32_t flow) {
    struct one *near = s->near[payee];
    for (int i = 0; i < NEAR; i++) {
        if (near[i].lines == 0) {
            near[i] = (struct one){.payee = payee, .fy = (int16_t)fy, .flow = (int16_t)flow};
            return &near[i];
        }
        if (near[i].fy == fy && near[i].flow == flow) {
            return &near[i];
        }
    }
    return further(s, fy, payee, flow);
}

bool sums_add(struct sums *s, int fy, uint32_t payee, int32_t flow, int64_t pence) {
    struct one *o = place_of(s, fy, payee, flow);
    o->lines++;
    bool over = __builtin_add_overflow(o->pence, pence, &o->pence);
    over |= pence < 0 && __builtin_add_overflow(o->credit, pence, &o->credit);
    return !over;
}

static void copy_one(struct copy_in *w, const struct one *o, const struct payees *p, int64_t load_id) {
    if (o->lines > 0) {
        copy_in_row(w);
        copy_in_i64(w, load_id);
        copy_in_i16(w, o->fy);
        copy_in_i64(w, payees_id(p, o->payee));
        copy_in_i16(w, o->flow);
        copy_in_i64(w, o->pence);
        copy_in_i64(w, o->lines);
        copy_in_i64(w, o->credit);
    }
}

// Payees as (id, number), in order of ids: an index takes what comes in its order at a fraction of the cost.
struct in_order {
    int64_t id;
    uint32_t payee;
};

static int by_id(const void *a, const void *b) {
    const struct in_order *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

enum err sums_store(struct ctx *c, const struct sums *s, const struct payees *p, int64_t load_id) {
    struct copy_in *w;
    enum err e = copy_in_begin(c, &sql_load_sums_copy, 7, &w);
    if (e != ERR_OK) {
        return e;
    }
    struct in_order *order = grown(NULL, s->payees + (size_t)1, sizeof *order);
    for (uint32_t i = 0; i < s->payees; i++) {
        order[i] = (struct in_order){.id = payees_id(p, i), .payee = i};
    }
    qsort(order, s->payees, sizeof *order, by_id);
    for (uint32_t i = 0; i < s->payees; i++) {
        for (int k = 0; k < NEAR; k++) {
            copy_one(w, &s->near[order[i].payee][k], p, load_id);
        }
    }
    free(order);
    for (uint32_t i = 0; i < s->count; i++) {
        copy_one(w, &s->more[i], p, load_id);
    }
    return copy_in_end(w, NULL);
}
