// SPDX-License-Identifier: Apache-2.0
// Payments of a choice, in one pass over those in memory: each is added up, and the first ones of the order
// asked for are kept in a heap, the last of them on top.
#include "spend/drill.h"

#include "spend/cubeint.h"

#include <stdlib.h>
#include <string.h>

struct found {
    int64_t key, load_id;
    const struct line *line;
    uint32_t payee, spell;
    int32_t line_no;
};

struct search {
    const struct drill *d;
    struct plan p;
    const struct block **block; // by slot; NULL: not of this view or not of the load
    struct found *heap, after;
    size_t count, most; // most: one more than is shown, which tells that there are more
    struct drill_answer sum;
    bool overflow;
};

// The order of the list, as numbers that all fall.
static int compare(const struct found *a, const struct found *b) {
    if (a->key != b->key) {
        return a->key > b->key ? -1 : 1;
    }
    if (a->load_id != b->load_id) {
        return a->load_id > b->load_id ? -1 : 1;
    }
    return a->line_no > b->line_no ? -1 : a->line_no < b->line_no;
}

static int in_order(const void *a, const void *b) {
    return compare(a, b);
}

static void sink(struct found *heap, size_t n, size_t at) {
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && compare(&heap[child], &heap[child + 1]) < 0) {
            child++;
        }
        if (compare(&heap[at], &heap[child]) >= 0) {
            return;
        }
        struct found moved = heap[at];
        heap[at] = heap[child];
        heap[child] = moved;
    }
}

static void rise(struct found *heap, size_t at) {
    while (at > 0 && compare(&heap[(at - 1) / 2], &heap[at]) < 0) {
        struct found moved = heap[at];
        heap[at] = heap[(at - 1) / 2];
        heap[(at - 1) / 2] = moved;
        at = (at - 1) / 2;
    }
}

static void keep(struct search *s, const struct found *f) {
    if (s->d->after && compare(f, &s->after) <= 0) {
        return; // on an earlier page
    }
    if (s->count < s->most) {
        s->heap[s->count] = *f;
        rise(s->heap, s->count++);
    } else if (s->most > 0 && compare(f, &s->heap[0]) < 0) {
        s->heap[0] = *f;
        sink(s->heap, s->count, 0);
    }
}

static inline void take(struct search *s, const struct line *l, int32_t line_no, uint32_t payee,
                        uint32_t spell) {
    const struct block *b = s->block[l->slot];
    if (!b || !plan_takes(&s->p, b->cell, l->flow_category, l->day)) {
        return;
    }
    s->sum.lines++;
    s->sum.credit_pence += l->pence < 0 ? l->pence : 0; // never more than what it is part of
    s->overflow = s->overflow || __builtin_add_overflow(s->sum.pence, l->pence, &s->sum.pence);
    int64_t key = s->d->largest ? l->pence : DAY_BASE + (int64_t)l->day;
    if (s->count < s->most || key >= s->heap[0].key) {
        keep(s, &(struct found){key, b->load_id, l, payee, spell, line_no});
    }
}

static void take_payee(struct search *s, uint32_t payee) {
    const struct facts *f = s->p.v->facts;
    const struct lines *l = s->p.lines;
    uint32_t spell = f->spell_at[payee];
    bool alone = !is_split(f, payee);
    if (alone && !plan_takes_fact(&s->p, spell_fact(f, spell))) {
        return;
    }
    for (size_t i = l->at[payee]; i < l->at[payee + 1]; i++) {
        if (!alone) {
            spell = spell_on(f, payee, l->row[i].day);
            if (!plan_takes_fact(&s->p, spell_fact(f, spell))) {
                continue;
            }
        }
        take(s, &l->row[i], l->line_no[i], payee, spell);
    }
}

// ---- which payees --------------------------------------------------------------------------------------

static int by_id(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

// By number; NULL: all of them.
static bool *chosen_payees(struct ctx *c, const struct search *s) {
    const struct facts *f = s->p.v->facts;
    if (!s->d->payee_id && s->p.only_entity == ANY) {
        return NULL;
    }
    bool *chosen = arena_array(c->arena, (size_t)f->payees + 1, sizeof *chosen);
    int64_t *id = arena_array(c->arena, s->d->payees + 1, sizeof *id);
    if (s->d->payee_id && s->d->payees > 0) {
        memcpy(id, s->d->payee_id, s->d->payees * sizeof *id);
        qsort(id, s->d->payees, sizeof *id, by_id);
    }
    for (uint32_t p = 0; p < f->payees; p++) {
        chosen[p] = (!s->d->payee_id ||
                     (s->d->payees > 0 && bsearch(&f->payee_id[p], id, s->d->payees, sizeof *id, by_id))) &&
                    (s->p.only_entity == ANY || f->entity_of[p] == s->p.only_entity);
    }
    return chosen;
}

static void look(struct search *s, const bool *chosen) {
    const struct facts *f = s->p.v->facts;
    const struct lines *l = s->p.lines;
    if (s->d->same) {
        for (size_t i = 0; i < l->same_count; i++) {
            const struct same_line *x = &l->same[i];
            uint32_t spell = x->payee < f->payees ? spell_on(f, x->payee, x->line.day) : 0;
            if (x->payee < f->payees && (!chosen || chosen[x->payee]) &&
                plan_takes_fact(&s->p, spell_fact(f, spell))) {
                take(s, &x->line, x->line_no, x->payee, spell);
            }
        }
        return;
    }
    uint32_t payees = f->payees < l->payees ? f->payees : l->payees;
    for (uint32_t p = 0; p < payees; p++) {
        if (!chosen || chosen[p]) {
            take_payee(s, p);
        }
    }
}

// ---- the answer ----------------------------------------------------------------------------------------

static const struct drill_line *put_in_words(struct ctx *c, struct search *s) {
    const struct facts *f = s->p.v->facts;
    struct drill_line *out = arena_array(c->arena, s->sum.count + 1, sizeof *out);
    for (size_t i = 0; i < s->sum.count; i++) {
        const struct found *x = &s->heap[i];
        const struct fact *k = spell_fact(f, x->spell);
        uint16_t ward = k->ward[s->p.rule];
        out[i] = (struct drill_line){.key = x->key,
                                     .load_id = x->load_id,
                                     .payee_id = f->payee_id[x->payee],
                                     .pence = x->line->pence,
                                     .fy = s->block[x->line->slot]->fy,
                                     .line_no = x->line_no,
                                     .place = k->place[s->p.rule],
                                     .vcfse = k->vcfse,
                                     .ward = ward > 0 && f->ward_name[ward] ? f->ward_name[ward] : ""};
    }
    return out;
}

enum err cube_drill(struct ctx *c, const struct cube_view *v, const struct drill *d,
                    struct drill_answer *ret) {
    struct search s = {.d = d, .after = {.key = d->after_key, .load_id = d->after_load}};
    struct anc_slice slice = d->slice;
    slice.by = slice.then_by = ANC_BY_NOTHING;
    slice.category = "";
    if (v->frozen || d->most > DRILL_MOST) {
        return ctx_fail(c, ERR_UNSUPPORTED, "a report has no single payments, and no list is that long");
    }
    enum err e = cube_need_lines(c, v);
    e = e ? e : plan_make(c, v, &slice, &s.p);
    if (e) {
        return e;
    }
    s.p.lines = v->lines;
    s.after.line_no = (int32_t)d->after_line;
    s.most = d->most > 0 ? d->most + 1 : 0;
    s.heap = cube_alloc(s.most, sizeof *s.heap);
    s.block = cube_alloc(CELLS_MAX, sizeof *s.block);
    for (size_t b = 0; b < v->blocks; b++) {
        if (!d->load_id || v->block[b]->load_id == d->load_id) {
            s.block[v->block[b]->slot] = v->block[b];
        }
    }
    if (!s.p.nothing) {
        look(&s, chosen_payees(c, &s));
    }
    if (s.count > 1) {
        qsort(s.heap, s.count, sizeof *s.heap, in_order);
    }
    s.sum.more = s.count > d->most;
    s.sum.count = s.count < d->most ? s.count : d->most;
    s.sum.line = put_in_words(c, &s);
    free(s.heap);
    free(s.block);
    *ret = s.sum;
    return s.overflow ? ctx_fail(c, ERR_TOO_LARGE, "These payments are more than can be added up.") : ERR_OK;
}

bool drill_needs_lines(const struct drill *d) {
    return d->load_id || d->payee_id || d->same || slice_needs_lines(&d->slice);
}

enum err cube_drill_sum(struct ctx *c, const struct cube_view *v, const struct drill *d,
                        struct drill_answer *ret) {
    struct drill own = *d;
    uint32_t n = 0;
    const struct anc_sum *row;
    if (drill_needs_lines(d)) {
        return ctx_fail(c, ERR_BUG, "these sums need single payments");
    }
    own.slice.by = own.slice.then_by = ANC_BY_NOTHING;
    own.slice.category = "";
    own.slice.most = 0;
    enum err e = cube_slice(c, v, &own.slice, &n, &row);
    if (e == ERR_OK) {
        *ret = (struct drill_answer){.pence = n ? row[0].pence : 0,
                                     .lines = n ? row[0].lines : 0,
                                     .credit_pence = n ? row[0].credit_pence : 0};
    }
    return e;
}
