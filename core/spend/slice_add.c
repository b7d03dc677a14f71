// SPDX-License-Identifier: Apache-2.0
// Adding up. Everything of one entity stands together, so its net of each group is known when it ends, and
// counting who has a net above 0 needs no table of entities by groups.
#include "spend/cubeint.h"

#include <stdlib.h>
#include <string.h>

#define DIRECT_MOST ((uint64_t)4 << 20) // groups that could be: above, they are looked up by their number

struct account {
    struct group total;
    int64_t net;        // of the entity at hand
    uint32_t stamp;     // entity + 1 it was last used for; 0: not used
    uint32_t unused[3]; // a size that numbers are quickly multiplied by
};

// Numbers of groups are sums of parts, one of each trait of a row; a trait that is not wanted adds this.
#define REFUSED ((uint64_t)1 << 60)

struct adder {
    const struct plan *p;
    struct account *account;
    bool direct;           // a group's account is that of its number; pages that nobody uses are no memory
    struct number_map map; // else the account of each group
    uint32_t *used;        // accounts, in order of their first use
    size_t used_count, used_room, room;
    uint32_t *touched; // by the entity at hand
    size_t touched_count;
    uint32_t stamp;
    uint64_t *fact_part;                            // by fact
    uint64_t *part;                                 // by cell and flow (small_part)
    uint64_t *slot_part, *day_part, *category_part; // of lines
    uint64_t flow_part[ANC_FLOW_COUNT + 1], month_part, category_one;
    size_t from_year, to_year; // of the sums, the last not among them
    bool apart;                // rows of a payee may be of several groups
    bool yearly;               // ... of each year of another one
    bool all;                  // every row is wanted
    bool by_entity;            // each entity's groups are rows of their own
    struct group *out;
    size_t out_count, out_room;
    enum err err;
};

// ---- accounts -----------------------------------------------------------------------------------------

static void begin_account(struct adder *ad, struct account *x, uint64_t id) {
    if (ad->used_count >= GROUPS_MOST) {
        ad->err = ERR_TOO_LARGE;
        return;
    }
    if (ad->used_count == ad->used_room) {
        ad->used_room = ad->used_room ? ad->used_room * 2 : 256;
        ad->used = cube_grow(ad->used, ad->used_room, sizeof *ad->used);
        ad->touched = cube_grow(ad->touched, ad->used_room + 1, sizeof *ad->touched); // and one to spare
    }
    ad->used[ad->used_count++] = (uint32_t)(x - ad->account);
    x->total.a = (uint32_t)(id / ad->p->b.count);
    x->total.b = (uint32_t)(id % ad->p->b.count);
}

static struct account *looked_up(struct adder *ad, uint64_t id) {
    uint32_t n = number_map_put(&ad->map, (int64_t)id);
    if (n >= GROUPS_MOST) {
        ad->err = ERR_TOO_LARGE;
        return &ad->account[0];
    }
    if (n >= ad->room) {
        size_t room = ad->room * 2;
        ad->account = cube_grow(ad->account, room, sizeof *ad->account);
        memset(ad->account + ad->room, 0, (room - ad->room) * sizeof *ad->account);
        ad->room = room;
    }
    return &ad->account[n];
}

// Without branches but for what hardly happens: who is paid what follows no pattern.
static inline void add(struct adder *ad, uint64_t id, int64_t pence, int64_t credit, int64_t lines) {
    struct account *x = ad->direct ? &ad->account[id] : looked_up(ad, id);
    if (__builtin_expect(x->stamp == 0, 0)) {
        begin_account(ad, x, id);
    }
    bool first = x->stamp != ad->stamp;
    int64_t net = first ? 0 : x->net;
    ad->touched[ad->touched_count] = (uint32_t)(x - ad->account);
    ad->touched_count += first;
    x->stamp = ad->stamp;
    x->total.lines += lines; // fits whatever fits into memory
    if (__builtin_add_overflow(net, pence, &x->net) ||
        __builtin_add_overflow(x->total.credit, credit, &x->total.credit)) {
        ad->err = ERR_TOO_LARGE;
    }
}

// An entity with a net above 0 counts as one that was paid, when it is known to be one.
static void emit(struct adder *ad, const struct account *x, uint32_t entity, bool named) {
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
    g->payees = named & (x->net > 0);
    g->a = ad->p->a.by == ANC_BY_PAYEE ? entity : g->a;
    g->b = ad->p->b.by == ANC_BY_PAYEE ? entity : g->b;
}

static void end_rows(struct adder *ad, uint32_t entity, bool named) {
    for (size_t i = 0; i < ad->touched_count; i++) {
        struct account *x = &ad->account[ad->touched[i]];
        emit(ad, x, entity, named);
        *x = (struct account){0};
    }
    ad->used_count = 0;
    number_map_free(&ad->map);
}

static void end_entity(struct adder *ad, uint32_t entity) {
    bool named = !ad->p->v->facts->entity[entity].nameless, too_large = false;
    if (ad->by_entity) {
        end_rows(ad, entity, named);
        ad->touched_count = 0;
        return;
    }
    for (size_t i = 0; i < ad->touched_count; i++) {
        struct account *x = &ad->account[ad->touched[i]];
        too_large |= __builtin_add_overflow(x->total.pence, x->net, &x->total.pence);
        x->total.payees += named & (x->net > 0);
    }
    ad->err = too_large ? ERR_TOO_LARGE : ad->err;
    ad->touched_count = 0;
}

// ---- parts ----------------------------------------------------------------------------------------------

static uint64_t part_of(const struct plan *p, uint32_t a, uint32_t b) {
    return (uint64_t)a * p->b.count + b;
}

static void number_facts(struct adder *ad) {
    const struct plan *p = ad->p;
    const struct facts *f = p->v->facts;
    ad->fact_part = cube_alloc(f->fact_count, sizeof *ad->fact_part);
    for (uint32_t i = 0; i < f->fact_count; i++) {
        const struct fact *x = &f->fact[i];
        ad->fact_part[i] = plan_takes_fact(p, x)
                               ? part_of(p, side_of_fact(&p->a, p, x), side_of_fact(&p->b, p, x))
                               : REFUSED;
    }
}

static uint64_t cell_part(const struct plan *p, uint32_t cell) {
    return p->cell_ok[cell] ? part_of(p, p->a.cell[cell], p->b.cell[cell]) : REFUSED;
}

static void number_cells(struct adder *ad) {
    const struct plan *p = ad->p;
    ad->part = cube_alloc(PARTS(p->v->cells), sizeof *ad->part);
    for (uint32_t i = 0; i <= ANC_FLOW_COUNT; i++) {
        ad->flow_part[i] = p->flow_ok[i] ? part_of(p, p->a.flow[i], p->b.flow[i]) : REFUSED;
    }
    for (uint32_t i = 0; i < p->v->cells; i++) {
        for (uint32_t flow = 0; flow <= ANC_FLOW_COUNT; flow++) {
            ad->part[PARTS(i) + flow] = cell_part(p, i) + ad->flow_part[flow];
        }
    }
}

static uint64_t day_part(const struct plan *p, uint64_t month_part, uint16_t day) {
    uint16_t month = p->v->dict->month_of_day[day];
    return month < p->first_month || month > p->last_month ? REFUSED : month_part * month;
}

static uint64_t category_part(const struct plan *p, uint64_t one, uint32_t category) {
    return p->only_category != ANY && p->only_category != category ? REFUSED : one * category;
}

static void number_lines(struct adder *ad) {
    const struct plan *p = ad->p;
    const struct dict *d = p->v->dict;
    ad->slot_part = cube_alloc(CELLS_MAX + 1, sizeof *ad->slot_part);
    ad->day_part = cube_alloc(DAYS, sizeof *ad->day_part);
    ad->category_part = cube_alloc((size_t)p->categories + 1, sizeof *ad->category_part);
    for (size_t b = 0; b < p->v->blocks; b++) {
        uint16_t slot = p->v->block[b]->slot;
        ad->slot_part[slot] = cell_part(p, d->slot_cell[slot]);
    }
    for (uint32_t i = 0; i < DAYS; i++) {
        ad->day_part[i] = day_part(p, ad->month_part, (uint16_t)i);
    }
    for (uint32_t i = 0; i < p->categories; i++) {
        ad->category_part[i] = category_part(p, ad->category_one, i);
    }
}

static bool is_by(const struct plan *p, int32_t by) {
    return p->a.by == by || p->b.by == by;
}

static void choose_years(struct adder *ad) {
    const struct plan *p = ad->p;
    const struct sums *s = p->v->sums;
    ad->to_year = s->years;
    while (ad->to_year > 0 && p->in->to_year && s->fy[ad->to_year - 1] > p->in->to_year) {
        ad->to_year--;
    }
    while (ad->from_year < ad->to_year && p->in->from_year && s->fy[ad->from_year] < p->in->from_year) {
        ad->from_year++;
    }
}

// Whether every row of the years that were chosen is wanted.
static bool takes_all(const struct adder *ad) {
    const struct plan *p = ad->p;
    bool all = ad->from_year < ad->to_year;
    for (uint32_t i = 0; i < p->v->cells; i++) {
        int32_t fy = p->v->dict->cell[i].fy;
        all = all && (p->cell_ok[i] || (p->in->from_year && fy < p->in->from_year) ||
                      (p->in->to_year && fy > p->in->to_year));
    }
    for (uint32_t i = 0; i <= ANC_FLOW_COUNT; i++) {
        all = all && p->flow_ok[i];
    }
    return all;
}

static void number_groups(struct adder *ad) {
    const struct plan *p = ad->p;
    ad->month_part = part_of(p, p->a.month, p->b.month);
    ad->category_one = part_of(p, p->a.category, p->b.category);
    number_facts(ad);
    number_cells(ad);
    if (p->lines) {
        number_lines(ad);
        return;
    }
    choose_years(ad);
    ad->all = takes_all(ad);
    ad->apart = is_by(p, ANC_BY_ANCHOR) || is_by(p, ANC_BY_FLOW);
    ad->yearly = is_by(p, ANC_BY_YEAR);
}

// ---- from the sums ------------------------------------------------------------------------------------

#define AHEAD      16 // payees
#define CACHE_LINE 64

struct total {
    int64_t pence, credit, lines; // of as many small rows as there can be: always fits
};

static inline void add_small(struct total *t, const struct small_sum *s) {
    t->pence += s->pence;
    t->credit += s->credit;
    t->lines += s->what & SMALL_LINES;
}

static void add_apart(struct adder *ad, uint64_t of_fact, const struct small_sum *from,
                      const struct small_sum *to) {
    for (const struct small_sum *s = from; s < to; s++) {
        uint64_t part = ad->part[small_part(s)];
        if (part < REFUSED) {
            add(ad, of_fact + part, s->pence, s->credit, s->what & SMALL_LINES);
        }
    }
}

// Rows that are all of one group, if they are wanted.
static void add_together(struct adder *ad, uint64_t of_fact, const struct small_sum *from,
                         const struct small_sum *to) {
    const uint64_t *part = ad->part;
    struct total t = {0};
    uint64_t of_rows = REFUSED;
    if (ad->all) {
        for (const struct small_sum *s = from; s < to; s++) {
            add_small(&t, s);
        }
        of_rows = from < to ? part[small_part(from)] : REFUSED;
    } else {
        for (const struct small_sum *s = from; s < to; s++) {
            uint64_t of_row = part[small_part(s)];
            int64_t wanted =
                -(int64_t)(of_row < REFUSED); // no branch: rows that are wanted follow no pattern
            t.pence += s->pence & wanted;
            t.credit += s->credit & wanted;
            t.lines += (int64_t)(s->what & SMALL_LINES) & wanted;
            of_rows = of_row < of_rows ? of_row : of_rows;
        }
    }
    if (of_rows < REFUSED) {
        add(ad, of_fact + of_rows, t.pence, t.credit, t.lines);
    }
}

// Of some years the rows lie apart, which processors do not foresee.
static inline void look_ahead(const struct adder *ad, uint32_t place) {
    const struct sums *s = ad->p->v->sums;
    if (ad->to_year - ad->from_year < s->years && place + AHEAD < s->payees) {
        const uint32_t *at = s->at + (place + AHEAD) * s->years;
        for (uint32_t i = at[ad->from_year]; i < at[ad->to_year]; i += CACHE_LINE / sizeof *s->row) {
            __builtin_prefetch(s->row + i);
        }
        __builtin_prefetch(s->row + at[ad->to_year]);
    }
}

static void add_rows(struct adder *ad, uint64_t of_fact, uint32_t place) {
    const struct sums *s = ad->p->v->sums;
    const uint32_t *at = s->at + place * s->years;
    look_ahead(ad, place);
    if (of_fact >= REFUSED) {
        return;
    }
    if (ad->apart) {
        add_apart(ad, of_fact, s->row + at[ad->from_year], s->row + at[ad->to_year]);
    } else if (ad->yearly) {
        for (size_t y = ad->from_year; y < ad->to_year; y++) {
            add_together(ad, of_fact, s->row + at[y], s->row + at[y + 1]);
        }
    } else {
        add_together(ad, of_fact, s->row + at[ad->from_year], s->row + at[ad->to_year]);
    }
}

static void add_wide(struct adder *ad, uint32_t first_spell, uint32_t place) {
    const struct plan *p = ad->p;
    const struct facts *f = p->v->facts;
    const struct sums *s = p->v->sums;
    for (uint32_t i = s->wide_at[place]; i < s->wide_at[place + 1]; i++) {
        const struct sum *r = &s->wide[i];
        uint64_t id = ad->fact_part[f->spell_fact[first_spell + r->spell]] +
                      ad->part[PARTS(r->cell) + (r->flow_category & 0xFF)];
        if (p->v->frozen) {
            id += day_part(p, ad->month_part, r->day) +
                  category_part(p, ad->category_one, r->flow_category >> 8);
        }
        if (id < REFUSED) {
            add(ad, id, r->pence, r->credit, r->lines);
        }
    }
}

static void add_sums(struct adder *ad, uint32_t payee) {
    const struct facts *f = ad->p->v->facts;
    const struct sums *s = ad->p->v->sums;
    if (payee < s->payees) {
        uint32_t first = f->spell_at[payee], place = s->place[payee];
        add_rows(ad, ad->fact_part[f->spell_fact[first]], place);
        add_wide(ad, first, place);
    }
}

// ---- from the lines -----------------------------------------------------------------------------------

static void add_range(struct adder *ad, size_t from, size_t to, uint32_t spell) {
    const struct line *r = ad->p->lines->row + from, *end = ad->p->lines->row + to;
    const uint64_t *slot_part = ad->slot_part, *day_part = ad->day_part, *category_part = ad->category_part,
                   of_fact = ad->fact_part[ad->p->v->facts->spell_fact[spell]];
    for (; of_fact < REFUSED && r < end; r++) {
        uint64_t id = of_fact + slot_part[r->slot] + ad->flow_part[r->flow_category & 0xFF] +
                      day_part[r->day] + category_part[r->flow_category >> 8];
        if (id < REFUSED) {
            add(ad, id, r->pence, r->pence < 0 ? r->pence : 0, 1);
        }
    }
}

static void add_lines(struct adder *ad, uint32_t payee) {
    const struct lines *l = ad->p->lines;
    const struct facts *f = ad->p->v->facts;
    if (payee >= l->payees) {
        return;
    }
    if (!is_split(f, payee)) {
        add_range(ad, l->at[payee], l->at[payee + 1], f->spell_at[payee]);
        return;
    }
    for (size_t i = l->at[payee]; i < l->at[payee + 1]; i++) {
        add_range(ad, i, i + 1, spell_on(f, payee, l->row[i].day));
    }
}

static void add_entity(struct adder *ad, uint32_t entity) {
    const struct facts *f = ad->p->v->facts;
    ad->stamp = entity + 1;
    for (uint32_t i = f->entity_at[entity]; i < f->entity_at[entity + 1]; i++) {
        if (ad->p->lines) {
            add_lines(ad, f->entity_payee[i]);
        } else {
            add_sums(ad, f->entity_payee[i]);
        }
    }
    end_entity(ad, entity);
}

// Accounts that were used hold the groups.
static void take_accounts(struct adder *ad) {
    ad->out = cube_grow(ad->out, ad->used_count + 1, sizeof *ad->out);
    for (size_t i = 0; i < ad->used_count; i++) {
        ad->out[i] = ad->account[ad->used[i]].total;
    }
    ad->out_count = ad->used_count;
}

static void adder_free(struct adder *ad) {
    free(ad->used);
    free(ad->fact_part);
    free(ad->part);
    free(ad->slot_part);
    free(ad->day_part);
    free(ad->category_part);
    free(ad->account);
    free(ad->touched);
    number_map_free(&ad->map);
}

enum err slice_add(const struct plan *p, struct group **ret, size_t *ret_count) {
    struct adder ad = {.p = p};
    uint64_t groups = (uint64_t)p->a.count * p->b.count;
    uint32_t entities = p->v->facts->entities;
    ad.by_entity = p->a.by == ANC_BY_PAYEE || p->b.by == ANC_BY_PAYEE;
    ad.direct = groups <= DIRECT_MOST;
    ad.room = ad.direct ? (size_t)groups + 1 : 256;
    ad.account = cube_alloc(ad.room, sizeof *ad.account);
    number_groups(&ad);
    uint32_t from = p->only_entity == ANY ? 0 : p->only_entity;
    uint32_t to = p->nothing ? from : p->only_entity == ANY ? entities : from + 1;
    for (uint32_t e = from; e < to && ad.err == ERR_OK; e++) {
        add_entity(&ad, e);
    }
    if (!ad.by_entity) {
        take_accounts(&ad);
    }
    adder_free(&ad);
    if (ad.err) {
        free(ad.out);
        return ctx_fail(p->c, ad.err,
                        "This choice of payments gives more than can be shown. Choose fewer groups.");
    }
    *ret = ad.out;
    *ret_count = ad.out_count;
    return ERR_OK;
}
