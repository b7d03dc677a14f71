// SPDX-License-Identifier: Apache-2.0
// The sums of a state: one row for each entity, fact, cell and flow, in order of entities, so that a slice is
// one pass from front to back.
#include "spend/cubeint.h"

#include <stdlib.h>
#include <string.h>

void sums_done(struct sums *s) {
    if (!s || atomic_fetch_sub(&s->uses, 1) > 1) {
        return;
    }
    free(s->row);
    free(s->at);
    free(s);
}

static bool is_split(const struct facts *f, uint32_t payee) {
    return f->spell_at[payee + 1] - f->spell_at[payee] > 1;
}

static int compare(const struct sum *a, const struct sum *b) {
    if (a->fact != b->fact) {
        return a->fact < b->fact ? -1 : 1;
    }
    if (a->cell != b->cell) {
        return a->cell < b->cell ? -1 : 1;
    }
    if (a->day != b->day) {
        return a->day < b->day ? -1 : 1;
    }
    return a->flow_category < b->flow_category ? -1 : a->flow_category > b->flow_category;
}

static int by_all(const void *a, const void *b) {
    return compare(a, b);
}

// Most entities have a handful of rows.
static void sort_rows(struct sum *row, size_t n) {
    if (n > 32) {
        qsort(row, n, sizeof *row, by_all);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        struct sum moving = row[i];
        size_t k = i;
        for (; k > 0 && compare(&moving, &row[k - 1]) < 0; k--) {
            row[k] = row[k - 1];
        }
        row[k] = moving;
    }
}

// Whether b was added to a; false when the sum does not fit, and both stay.
static bool join(struct sum *a, const struct sum *b) {
    int64_t pence, credit;
    uint32_t lines;
    if (__builtin_add_overflow(a->pence, b->pence, &pence) ||
        __builtin_add_overflow(a->credit, b->credit, &credit) ||
        __builtin_add_overflow(a->lines, b->lines, &lines)) {
        return false;
    }
    a->pence = pence;
    a->credit = credit;
    a->lines = lines;
    return true;
}

// Rows of one entity: sorted, equal ones joined; how many are left.
static size_t tidy(struct sum *row, size_t n) {
    size_t kept = n ? 1 : 0;
    sort_rows(row, n);
    for (size_t i = 1; i < n; i++) {
        if (compare(&row[kept - 1], &row[i]) != 0 || !join(&row[kept - 1], &row[i])) {
            row[kept++] = row[i];
        }
    }
    return kept;
}

static void tidy_all(struct sums *s, uint32_t entities) {
    size_t to = 0;
    for (uint32_t e = 0; e < entities; e++) {
        size_t from = s->at[e], n = s->at[e + 1] - from;
        n = tidy(s->row + from, n);
        memmove(s->row + to, s->row + from, n * sizeof *s->row);
        s->at[e] = to;
        to += n;
    }
    s->at[entities] = s->count = to;
    s->row = cube_grow(s->row, to + 1, sizeof *s->row);
}

// From counts at [e + 2] to places; at[e + 1] is where the next row of e goes.
static struct sums *begin(size_t *at, uint32_t entities) {
    struct sums *s = cube_alloc(1, sizeof *s);
    for (size_t e = 2; e < (size_t)entities + 2; e++) {
        at[e] += at[e - 1];
    }
    s->uses = 1;
    s->at = at;
    s->row = cube_alloc(at[entities + 1] + 1, sizeof *s->row);
    return s;
}

struct sums *cube_add_up(const struct cube_view *v, const struct split_line *split, size_t split_count) {
    const struct facts *f = v->facts;
    size_t *at = cube_alloc((size_t)f->entities + 2, sizeof *at);
    for (size_t b = 0; b < v->blocks; b++) {
        for (size_t i = 0; i < v->block[b]->count; i++) {
            uint32_t p = v->block[b]->row[i].payee;
            at[f->entity_of[p] + 2] += !is_split(f, p);
        }
    }
    for (size_t i = 0; i < split_count; i++) {
        at[f->entity_of[split[i].payee] + 2]++;
    }
    struct sums *s = begin(at, f->entities);
    for (size_t b = 0; b < v->blocks; b++) {
        const struct block *k = v->block[b];
        for (size_t i = 0; i < k->count; i++) {
            const struct raw_sum *r = &k->row[i];
            if (!is_split(f, r->payee)) {
                s->row[at[f->entity_of[r->payee] + 1]++] = (struct sum){.pence = r->pence,
                                                                        .credit = r->credit,
                                                                        .lines = r->lines,
                                                                        .fact = f->spell_at[r->payee],
                                                                        .flow_category = r->flow,
                                                                        .cell = k->cell};
            }
        }
    }
    for (size_t i = 0; i < split_count; i++) {
        const struct line *l = &split[i].line;
        s->row[at[f->entity_of[split[i].payee] + 1]++] =
            (struct sum){.pence = l->pence,
                         .credit = l->pence < 0 ? l->pence : 0,
                         .lines = 1,
                         .fact = fact_on(f, split[i].payee, l->day),
                         .flow_category = l->flow_category & 0xFF,
                         .cell = v->dict->slot_cell[l->slot]};
    }
    tidy_all(s, f->entities);
    return s;
}

struct sums *sums_in_order(struct sum *row, size_t count, const uint32_t *entity_of_row, uint32_t entities) {
    size_t *at = cube_alloc((size_t)entities + 2, sizeof *at);
    for (size_t i = 0; i < count; i++) {
        at[entity_of_row[i] + 2]++;
    }
    struct sums *s = begin(at, entities);
    for (size_t i = 0; i < count; i++) {
        s->row[at[entity_of_row[i] + 1]++] = row[i];
    }
    free(row);
    tidy_all(s, entities);
    return s;
}
