// SPDX-License-Identifier: Apache-2.0
// Adding up. Everything of one entity stands together, so its net of each group is known when it ends, and
// counting who has a net above 0 needs no table of entities by groups.
#include "spend/cubeint.h"

#include <stdlib.h>
#include <string.h>

#define DENSE_MOST ((uint64_t)4 << 20) // groups that could be: above, they are looked up by their number

struct account {
    struct group total;
    int64_t net;    // of the entity at hand
    uint32_t stamp; // entity + 1 it was last used for
    uint64_t id;
};

struct adder {
    const struct plan *p;
    uint32_t *index; // of the account of a group + 1; NULL: in the map
    struct number_map map;
    struct account *account;
    size_t count, room;
    uint32_t *touched;
    size_t touched_count;
    uint32_t stamp;
    uint64_t *cell_id, flow_id[ANC_FLOW_COUNT + 1], month_id, category_id; // parts of the number of a group
    bool any_day;                                                          // days make no difference
    bool by_entity; // each entity's groups are rows of their own
    struct group *out;
    size_t out_count, out_room;
    enum err err;
};

static void room_for_account(struct adder *ad) {
    if (ad->count == ad->room) {
        ad->room = ad->room ? ad->room * 2 : 256;
        ad->account = cube_grow(ad->account, ad->room, sizeof *ad->account);
        ad->touched = cube_grow(ad->touched, ad->room, sizeof *ad->touched);
    }
}

static struct account *new_account(struct adder *ad, uint64_t id) {
    if (ad->count >= GROUPS_MOST) {
        ad->err = ERR_TOO_LARGE;
        return &ad->account[0];
    }
    room_for_account(ad);
    ad->account[ad->count] = (struct account){
        .total = {.a = (uint32_t)(id / ad->p->b.count), .b = (uint32_t)(id % ad->p->b.count)}, .id = id};
    return &ad->account[ad->count++];
}

static inline struct account *account_of(struct adder *ad, uint64_t id) {
    if (ad->index) {
        uint32_t *at = &ad->index[id];
        if (!*at) {
            struct account *x = new_account(ad, id);
            *at = (uint32_t)(x - ad->account) + 1;
        }
        return &ad->account[*at - 1];
    }
    uint32_t before = ad->map.count, n = number_map_put(&ad->map, (int64_t)id);
    return n == before ? new_account(ad, id) : &ad->account[n];
}

static inline void add(struct adder *ad, uint64_t id, int64_t pence, int64_t credit, int64_t lines) {
    struct account *x = account_of(ad, id);
    if (x->stamp != ad->stamp) {
        x->stamp = ad->stamp;
        x->net = 0;
        ad->touched[ad->touched_count++] = (uint32_t)(x - ad->account);
    }
    if (__builtin_add_overflow(x->net, pence, &x->net) ||
        __builtin_add_overflow(x->total.credit, credit, &x->total.credit) ||
        __builtin_add_overflow(x->total.lines, lines, &x->total.lines)) {
        ad->err = ERR_TOO_LARGE;
    }
}

// Whether an entity with this net counts as one that was paid.
static bool is_paid(const struct adder *ad, uint32_t entity, int64_t net) {
    return net > 0 && !ad->p->v->facts->entity[entity].nameless;
}

static void emit(struct adder *ad, const struct account *x, uint32_t entity) {
    if (ad->out_count >= GROUPS_MOST) {
        ad->err = ERR_TOO_LARGE;
        return;
    }
    if (ad->out_count == ad->out_room) {
        ad->out_room = ad->out_room ? ad->out_room * 2 : 256;
        ad->out = cube_grow(ad->out, ad->out_room, sizeof *ad->out);
    }
    struct group *g = &ad->out[ad->out_count++];
    *g = x->total;
    g->pence = x->net;
    g->payees = is_paid(ad, entity, x->net);
    g->a = ad->p->a.by == ANC_BY_PAYEE ? entity : g->a;
    g->b = ad->p->b.by == ANC_BY_PAYEE ? entity : g->b;
}

static void end_entity(struct adder *ad, uint32_t entity) {
    for (size_t i = 0; i < ad->touched_count; i++) {
        struct account *x = &ad->account[ad->touched[i]];
        if (ad->by_entity) {
            emit(ad, x, entity);
            if (ad->index) {
                ad->index[x->id] = 0;
            }
            continue;
        }
        if (__builtin_add_overflow(x->total.pence, x->net, &x->total.pence)) {
            ad->err = ERR_TOO_LARGE;
        }
        x->total.payees += is_paid(ad, entity, x->net);
    }
    if (ad->by_entity) {
        ad->count = 0;
        number_map_free(&ad->map);
    }
    ad->touched_count = 0;
}

// What a cell, a flow or a fact adds to the number of a group: its value on one side and on the other.
static uint64_t fact_id(const struct plan *p, const struct fact *f) {
    return (uint64_t)side_of_fact(&p->a, p, f) * p->b.count + side_of_fact(&p->b, p, f);
}

static void number_groups(struct adder *ad) {
    const struct plan *p = ad->p;
    ad->cell_id = cube_alloc((size_t)p->v->cells + 1, sizeof *ad->cell_id);
    for (uint32_t i = 0; i < p->v->cells; i++) {
        ad->cell_id[i] = (uint64_t)p->a.cell[i] * p->b.count + p->b.cell[i];
    }
    for (uint32_t i = 0; i <= ANC_FLOW_COUNT; i++) {
        ad->flow_id[i] = (uint64_t)p->a.flow[i] * p->b.count + p->b.flow[i];
    }
    ad->month_id = (uint64_t)p->a.month * p->b.count + p->b.month;
    ad->category_id = (uint64_t)p->a.category * p->b.count + p->b.category;
    ad->any_day = p->first_month == 0 && p->last_month == UINT16_MAX && ad->month_id == 0;
}

// The number of a row's group, the fact's part left out; false when the row is not wanted.
static inline bool row_id(const struct adder *ad, uint16_t cell, uint32_t flow_category, uint16_t day,
                          uint64_t *ret) {
    const struct plan *p = ad->p;
    uint32_t flow = flow_category & 0xFF, category = flow_category >> 8, month = 0;
    if (!(p->cell_ok[cell] & p->flow_ok[flow]) || (p->only_category != ANY && p->only_category != category)) {
        return false;
    }
    if (!ad->any_day) {
        month = p->v->dict->month_of_day[day];
        if (month < p->first_month || month > p->last_month) {
            return false;
        }
    }
    *ret = ad->cell_id[cell] + ad->flow_id[flow] + ad->month_id * month + ad->category_id * category;
    return true;
}

// ---- from the sums ------------------------------------------------------------------------------------

static void add_sums(struct adder *ad, uint32_t entity) {
    const struct plan *p = ad->p;
    const struct sums *s = p->v->sums;
    uint32_t last = ANY;
    uint64_t of_fact = 0, id;
    bool wanted = false;
    for (size_t i = s->at[entity]; i < s->at[entity + 1]; i++) {
        const struct sum *r = &s->row[i];
        if (r->fact != last) {
            const struct fact *f = &p->v->facts->fact[r->fact];
            last = r->fact;
            wanted = plan_takes_fact(p, f);
            of_fact = fact_id(p, f);
        }
        if (wanted && row_id(ad, r->cell, r->flow_category, r->day, &id)) {
            add(ad, of_fact + id, r->pence, r->credit, r->lines);
        }
    }
}

// ---- from the lines -----------------------------------------------------------------------------------

static void add_range(struct adder *ad, size_t from, size_t to, const struct fact *f) {
    const struct plan *p = ad->p;
    const uint16_t *slot_cell = p->v->dict->slot_cell;
    const struct line *row = p->lines->row;
    if (!plan_takes_fact(p, f)) {
        return;
    }
    uint64_t of_fact = fact_id(p, f), id;
    for (size_t i = from; i < to; i++) {
        const struct line *r = &row[i];
        if (row_id(ad, slot_cell[r->slot], r->flow_category, r->day, &id)) {
            add(ad, of_fact + id, r->pence, r->pence < 0 ? r->pence : 0, 1);
        }
    }
}

static void add_payee(struct adder *ad, uint32_t payee) {
    const struct lines *l = ad->p->lines;
    const struct facts *f = ad->p->v->facts;
    if (payee >= l->payees) {
        return;
    }
    if (f->spell_at[payee + 1] - f->spell_at[payee] == 1) {
        add_range(ad, l->at[payee], l->at[payee + 1], &f->fact[f->spell_at[payee]]);
        return;
    }
    for (size_t i = l->at[payee]; i < l->at[payee + 1]; i++) {
        add_range(ad, i, i + 1, &f->fact[fact_on(f, payee, l->row[i].day)]);
    }
}

static void add_entity(struct adder *ad, uint32_t entity) {
    const struct facts *f = ad->p->v->facts;
    ad->stamp = entity + 1;
    if (ad->p->lines) {
        for (uint32_t i = f->entity_at[entity]; i < f->entity_at[entity + 1]; i++) {
            add_payee(ad, f->entity_payee[i]);
        }
    } else {
        add_sums(ad, entity);
    }
    end_entity(ad, entity);
}

// Accounts that were used hold the groups.
static void take_accounts(struct adder *ad) {
    ad->out = cube_grow(ad->out, ad->count + 1, sizeof *ad->out);
    for (size_t i = 0; i < ad->count; i++) {
        ad->out[i] = ad->account[i].total;
    }
    ad->out_count = ad->count;
}

enum err slice_add(const struct plan *p, struct group **ret, size_t *ret_count) {
    struct adder ad = {.p = p};
    uint64_t groups = (uint64_t)p->a.count * p->b.count;
    uint32_t entities = p->v->facts->entities;
    ad.by_entity = p->a.by == ANC_BY_PAYEE || p->b.by == ANC_BY_PAYEE;
    ad.index = groups <= DENSE_MOST ? cube_alloc((size_t)groups + 1, sizeof *ad.index) : NULL;
    room_for_account(&ad);
    number_groups(&ad);
    uint32_t from = p->only_entity == ANY ? 0 : p->only_entity;
    uint32_t to = p->nothing ? from : p->only_entity == ANY ? entities : from + 1;
    for (uint32_t e = from; e < to && ad.err == ERR_OK; e++) {
        add_entity(&ad, e);
    }
    if (!ad.by_entity) {
        take_accounts(&ad);
    }
    free(ad.index);
    free(ad.cell_id);
    free(ad.account);
    free(ad.touched);
    number_map_free(&ad.map);
    if (ad.err) {
        free(ad.out);
        return ctx_fail(p->c, ad.err,
                        "This choice of payments gives more than can be shown. Choose fewer groups.");
    }
    *ret = ad.out;
    *ret_count = ad.out_count;
    return ERR_OK;
}
