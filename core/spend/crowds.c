// SPDX-License-Identifier: Apache-2.0
// Payees by all that the public can ask for.
#include "spend/crowds.h"

#include <stdlib.h>

void crowd_add(struct crowd *to, uint32_t who) {
    for (uint8_t i = 0; i < to->count; i++) {
        if (to->who[i] == who) {
            return;
        }
    }
    if (to->count < SUPPRESS_BELOW) {
        to->who[to->count++] = who;
    }
}

void crowd_join(struct crowd *to, const struct crowd *from) {
    to->nameless = to->nameless || from->nameless;
    for (uint8_t i = 0; i < from->count && to->count < SUPPRESS_BELOW; i++) {
        crowd_add(to, from->who[i]);
    }
}

// ---- gathering ------------------------------------------------------------------------------------------

struct gathering {
    struct crowds *out;
    uint32_t room, slots;
    uint32_t *slot;  // number of a profile + 1
    uint64_t *net;   // of the entity at hand, by profile; modulo 2^64, for only nought matters
    uint32_t *stamp; // entity + 1 that `net` is of
    uint32_t *touched, touched_count;
    uint32_t entity; // at hand
    const struct cube_view *v;
    uint32_t *known; // number of a profile + 1 by fact, cell and flow; NULL: there would be too many
};

#define KNOWN_MOST ((size_t)16 << 20)

static uint32_t *slot_of(struct gathering *g, const struct profile *p) {
    uint32_t at = cube_hash(p, sizeof *p) & (g->slots - 1);
    while (g->slot[at] && memcmp(&g->out->profile[g->slot[at] - 1], p, sizeof *p) != 0) {
        at = (at + 1) & (g->slots - 1);
    }
    return &g->slot[at];
}

static void make_room(struct gathering *g) {
    struct crowds *o = g->out;
    g->room = g->room ? g->room * 2 : 1024;
    o->profile = cube_grow(o->profile, g->room, sizeof *o->profile);
    o->crowd = cube_grow(o->crowd, g->room, sizeof *o->crowd);
    g->net = cube_grow(g->net, g->room, sizeof *g->net);
    g->stamp = cube_grow(g->stamp, g->room, sizeof *g->stamp);
    g->touched = cube_grow(g->touched, g->room, sizeof *g->touched);
    free(g->slot);
    g->slots = g->room * 2;
    g->slot = cube_alloc(g->slots, sizeof *g->slot);
    for (uint32_t i = 0; i < o->count; i++) {
        *slot_of(g, &o->profile[i]) = i + 1;
    }
}

static uint32_t number_of(struct gathering *g, const struct profile *p) {
    struct crowds *o = g->out;
    if (o->count == g->room) {
        make_room(g);
    }
    uint32_t *slot = slot_of(g, p);
    if (!*slot) {
        o->profile[o->count] = *p;
        o->crowd[o->count] = (struct crowd){.count = 0};
        g->stamp[o->count] = 0;
        *slot = ++o->count;
    }
    return *slot - 1;
}

static uint32_t profile_of(struct gathering *g, const struct sum_told *row) {
    const struct fact *x = row->fact;
    struct profile p = {.cell = row->cell,
                        .sector = x->sector,
                        .vcfse = x->vcfse,
                        .vcfse_class = x->vcfse_class,
                        .size = x->size,
                        .flow = (uint8_t)row->flow};
    memcpy(p.ward, x->ward, sizeof p.ward);
    memcpy(p.place, x->place, sizeof p.place);
    return number_of(g, &p);
}

// Facts are few beside the sums, so most profiles are looked up once and not for each sum.
static uint32_t known_profile(struct gathering *g, const struct sum_told *row) {
    if (!g->known) {
        return profile_of(g, row);
    }
    size_t fact = (size_t)(row->fact - g->v->facts->fact);
    uint32_t *known = &g->known[fact * PARTS(g->v->cells) + PARTS(row->cell) + row->flow];
    if (!*known) {
        *known = profile_of(g, row) + 1;
    }
    return *known - 1;
}

static void take(void *arg, const struct sum_told *row) {
    struct gathering *g = arg;
    uint32_t n = known_profile(g, row);
    if (g->stamp[n] != g->entity + 1) {
        g->stamp[n] = g->entity + 1;
        g->net[n] = 0;
        g->touched[g->touched_count++] = n;
    }
    g->net[n] += (uint64_t)row->pence;
}

struct crowds *crowds_of(const struct cube_view *v) {
    struct gathering g = {.out = cube_alloc(1, sizeof *g.out), .v = v};
    const struct facts *f = v->facts;
    size_t known = f->fact_count * PARTS(v->cells);
    g.known = known <= KNOWN_MOST ? cube_alloc(known, sizeof *g.known) : NULL;
    make_room(&g);
    for (uint32_t e = 0; e < f->entities; e++) {
        g.touched_count = 0;
        g.entity = e;
        cube_each_sum(v, e, take, &g);
        for (uint32_t i = 0; i < g.touched_count; i++) {
            struct crowd *to = &g.out->crowd[g.touched[i]];
            if (g.net[g.touched[i]] == 0) {
                continue;
            }
            if (f->entity[e].nameless) {
                to->nameless = true;
            } else {
                crowd_add(to, e);
            }
        }
    }
    free(g.known);
    free(g.slot);
    free(g.net);
    free(g.stamp);
    free(g.touched);
    return g.out;
}

void crowds_free(struct crowds *c) {
    if (c) {
        free(c->profile);
        free(c->crowd);
        free(c);
    }
}
