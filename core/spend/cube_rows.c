// SPDX-License-Identifier: Apache-2.0
// Putting sums together: one row for each payee, year, spell, cell and flow. Rows that are small are kept
// small; those that are not, and those of payees whose facts change over time, stand apart as they are, so
// that every sum is exact.
#include "spend/cubeint.h"

#include <stdlib.h>
#include <string.h>

#define NOT_KEPT SIZE_MAX
#define NO_YEAR  SIZE_MAX // of a cell whose payments have all been taken back

void sums_done(struct sums *s) {
    if (!s || atomic_fetch_sub(&s->uses, 1) > 1) {
        return;
    }
    free(s->fy);
    free(s->row);
    free(s->wide);
    free(s->place);
    free(s->at);
    free(s->wide_at);
    free(s->leaf);
    free(s);
}

bool is_split(const struct facts *f, uint32_t payee) {
    return f->spell_at[payee + 1] - f->spell_at[payee] > 1;
}

// ---- rows that say the same ---------------------------------------------------------------------------

static int compare(const struct sum *a, const struct sum *b) {
    if (a->spell != b->spell) {
        return a->spell < b->spell ? -1 : 1;
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

static size_t join_in_order(struct sum *row, size_t n) {
    size_t kept = n ? 1 : 0;
    if (n > 1) {
        qsort(row, n, sizeof *row, by_all);
    }
    for (size_t i = 1; i < n; i++) {
        if (compare(&row[kept - 1], &row[i]) != 0 || !join(&row[kept - 1], &row[i])) {
            row[kept++] = row[i];
        }
    }
    return kept;
}

// Of a payee with one spell: cell and flow say which row it is. place: zeros, and zeros again afterwards.
static size_t join_by_place(struct sum *row, size_t n, uint32_t *place) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t *at = &place[PARTS(row[i].cell) + row[i].flow_category];
        if (!*at || !join(&row[*at - 1], &row[i])) {
            row[kept] = row[i];
            *at = (uint32_t)++kept;
        }
    }
    for (size_t i = 0; i < kept; i++) {
        place[PARTS(row[i].cell) + row[i].flow_category] = 0;
    }
    return kept;
}

// ---- putting together ---------------------------------------------------------------------------------

struct work {
    const struct cube_view *v;
    const struct sums *old; // NULL: nothing is taken over
    const bool *moved;      // of `old`, by payee: who is not; NULL: everybody is
    size_t *old_year;       // by year: which of `old`; NOT_KEPT: it is made anew
    size_t *year_of_cell;
    struct sums *s;
    size_t keys;     // payees times years
    size_t *at;      // keys + 2; when it is filled, [k] is where the rows of k begin
    struct sum *row; // that have to be joined, by payee and year
    size_t room, wide_room;
    uint32_t *place;
};

static bool is_small(const struct sum *s) {
    return s->pence == (int32_t)s->pence && s->credit == (int32_t)s->credit && s->lines <= SMALL_LINES;
}

static void *room_for(void *p, size_t *room, size_t count, size_t size) {
    if (count <= *room) {
        return p;
    }
    *room = count > *room + *room / 2 ? count : *room + *room / 2;
    return cube_grow(p, *room, size);
}

static void put_wide(struct work *w, const struct sum *row) {
    struct sums *s = w->s;
    s->wide = room_for(s->wide, &w->wide_room, s->wide_count + 1, sizeof *s->wide);
    s->wide[s->wide_count++] = *row;
}

static void put_rows(struct work *w, size_t n, const struct sum *row, bool wide) {
    struct sums *s = w->s;
    s->row = room_for(s->row, &w->room, s->count + n, sizeof *s->row);
    for (size_t i = 0; i < n; i++) {
        const struct sum *r = &row[i];
        if (wide || !is_small(r)) {
            put_wide(w, r);
            continue;
        }
        s->row[s->count++] =
            (struct small_sum){.pence = (int32_t)r->pence,
                               .credit = (int32_t)r->credit,
                               .what = ((uint32_t)PARTS(r->cell) + r->flow_category) << 12 | r->lines};
    }
}

static bool is_kept(const struct work *w, uint32_t payee, size_t year) {
    return w->old && w->old_year[year] != NOT_KEPT && payee < w->old->payees &&
           !(w->moved && w->moved[payee]);
}

static void put_kept(struct work *w, uint32_t payee, size_t year) {
    const struct sums *old = w->old;
    struct sums *s = w->s;
    uint32_t place = old->place[payee];
    size_t k = place * old->years + w->old_year[year];
    uint32_t from = old->at[k], n = old->at[k + 1] - from;
    s->row = room_for(s->row, &w->room, s->count + n, sizeof *s->row);
    if (n > 0) {
        memcpy(s->row + s->count, old->row + from, n * sizeof *s->row);
    }
    s->count += n;
    for (uint32_t i = old->wide_at[place]; i < old->wide_at[place + 1]; i++) {
        if (w->year_of_cell[old->wide[i].cell] == year) {
            put_wide(w, &old->wide[i]);
        }
    }
}

static void put_key(struct work *w, uint32_t payee, size_t year, bool given) {
    size_t k = w->s->place[payee] * w->s->years + year, n = w->at[k + 1] - w->at[k];
    struct sum *row = w->row + w->at[k];
    if (is_kept(w, payee, year)) {
        put_kept(w, payee, year);
    } else if (given || is_split(w->v->facts, payee)) {
        put_rows(w, join_in_order(row, n), row, true);
    } else {
        put_rows(w, join_by_place(row, n, w->place), row, false);
    }
}

static struct work begin(const struct cube_view *v, size_t years, const int32_t *fy) {
    struct work w = {.v = v, .s = cube_alloc(1, sizeof *w.s)};
    const struct dict *d = v->dict;
    w.s->uses = 1;
    w.s->years = years;
    w.s->fy = cube_alloc(years, sizeof *w.s->fy);
    w.s->payees = v->facts->payees;
    w.keys = w.s->payees * years;
    w.at = cube_alloc(w.keys + 2, sizeof *w.at);
    w.year_of_cell = cube_alloc(d->cell_count, sizeof *w.year_of_cell);
    w.s->place = cube_alloc(w.s->payees, sizeof *w.s->place);
    for (uint32_t i = 0; i < w.s->payees; i++) {
        w.s->place[v->facts->entity_payee[i]] = i;
    }
    for (uint32_t i = 0; i < d->cell_count; i++) {
        w.year_of_cell[i] = NO_YEAR;
    }
    for (size_t y = 0; y < years; y++) {
        w.s->fy[y] = fy[y];
        for (uint32_t i = 0; i < d->cell_count; i++) {
            w.year_of_cell[i] = d->cell[i].fy == fy[y] ? y : w.year_of_cell[i];
        }
    }
    return w;
}

static size_t key_of(const struct work *w, uint32_t payee, uint16_t cell) {
    return w->s->place[payee] * w->s->years + w->year_of_cell[cell];
}

// From counts at [k + 2] to places; at[k + 1] is where the next row of k goes.
static void make_room(struct work *w) {
    for (size_t k = 2; k < w->keys + 2; k++) {
        w->at[k] += w->at[k - 1];
    }
    w->row = cube_alloc(w->at[w->keys + 1], sizeof *w->row);
}

static void put_row(struct work *w, size_t key, const struct sum *s) {
    w->row[w->at[key + 1]++] = *s;
}

static struct sums *end(struct work *w, bool given) {
    struct sums *s = w->s;
    w->place = cube_alloc(PARTS(w->v->dict->cell_count), sizeof *w->place);
    s->at = cube_alloc(w->keys + 1, sizeof *s->at);
    s->wide_at = cube_alloc((size_t)s->payees + 1, sizeof *s->wide_at);
    w->room = w->at[w->keys] + (w->old ? w->old->count : 0); // mostly more than is left of them
    s->row = cube_alloc(w->room, sizeof *s->row);
    for (uint32_t i = 0; i < s->payees; i++) {
        for (size_t y = 0; y < s->years; y++) {
            put_key(w, w->v->facts->entity_payee[i], y, given);
            s->at[i * s->years + y + 1] = (uint32_t)s->count;
        }
        s->wide_at[i + 1] = (uint32_t)s->wide_count;
    }
    struct small_sum *row = cube_alloc_large(s->count + 1, sizeof *row);
    memcpy(row, s->row, s->count * sizeof *row);
    free(s->row);
    s->row = row;
    s->wide = cube_grow(s->wide, s->wide_count + 1, sizeof *s->wide);
    free(w->at);
    free(w->row);
    free(w->place);
    free(w->year_of_cell);
    return s;
}

// ---- from leaves and lines ----------------------------------------------------------------------------

static void take_leaf(struct work *w, const struct block *b, bool count_only) {
    for (size_t i = 0; i < b->count; i++) {
        const struct raw_sum *r = &b->row[i];
        if (is_split(w->v->facts, r->payee)) {
            continue;
        }
        size_t key = key_of(w, r->payee, b->cell);
        if (count_only) {
            w->at[key + 2]++;
        } else {
            put_row(w, key,
                    &(struct sum){.pence = r->pence,
                                  .credit = r->credit,
                                  .lines = r->lines,
                                  .flow_category = r->flow,
                                  .cell = b->cell});
        }
    }
}

// Of a year that is made anew, lines of split payees; of the others, of those who have moved.
static bool wants_line(const struct work *w, uint32_t payee, size_t year) {
    return w->old_year[year] == NOT_KEPT ? is_split(w->v->facts, payee) : w->moved && w->moved[payee];
}

static void take_lines(struct work *w, const struct payee_lines *lines, bool count_only) {
    const struct facts *f = w->v->facts;
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *l = &lines->row[i].line;
        uint32_t payee = lines->row[i].payee;
        uint16_t cell = w->v->dict->slot_cell[l->slot];
        if (!wants_line(w, payee, w->year_of_cell[cell])) {
            continue;
        }
        size_t key = key_of(w, payee, cell);
        if (count_only) {
            w->at[key + 2]++;
        } else {
            put_row(w, key,
                    &(struct sum){.pence = l->pence,
                                  .credit = l->pence < 0 ? l->pence : 0,
                                  .lines = 1,
                                  .spell = spell_on(f, payee, l->day) - f->spell_at[payee],
                                  .flow_category = l->flow_category & 0xFF,
                                  .cell = cell});
        }
    }
}

static void take_all(struct work *w, const struct payee_lines *lines, bool count_only) {
    const struct cube_view *v = w->v;
    for (size_t b = 0; b < v->blocks; b++) {
        if (w->old_year[w->year_of_cell[v->block[b]->cell]] == NOT_KEPT) {
            take_leaf(w, v->block[b], count_only);
        }
    }
    take_lines(w, lines, count_only);
}

struct sums *sums_make(const struct cube_view *v, size_t years, const int32_t *fy, const struct sums *old,
                       const bool *kept, const bool *moved, const struct payee_lines *lines) {
    struct work w = begin(v, years, fy);
    struct sums *s = w.s;
    w.old = old;
    w.moved = moved;
    w.old_year = cube_alloc(years, sizeof *w.old_year);
    for (size_t y = 0; y < years; y++) {
        w.old_year[y] = NOT_KEPT;
        for (size_t k = 0; kept[y] && k < old->years; k++) {
            w.old_year[y] = old->fy[k] == fy[y] ? k : w.old_year[y];
        }
    }
    s->leaf = cube_alloc(v->blocks, sizeof *s->leaf);
    for (size_t b = 0; b < v->blocks; b++) {
        s->leaf[s->leaves++] = v->block[b]->slot;
    }
    take_all(&w, lines, true);
    make_room(&w);
    take_all(&w, lines, false);
    end(&w, false);
    free(w.old_year);
    return s;
}

struct sums *sums_given(const struct cube_view *v, size_t years, const int32_t *fy, size_t count,
                        const struct sum *row, const uint32_t *of) {
    struct work w = begin(v, years, fy);
    for (size_t i = 0; i < count; i++) {
        w.at[key_of(&w, of[i], row[i].cell) + 2]++;
    }
    make_room(&w);
    for (size_t i = 0; i < count; i++) {
        put_row(&w, key_of(&w, of[i], row[i].cell), &row[i]);
    }
    return end(&w, true);
}

// ---- for whoever needs every row ----------------------------------------------------------------------

static void tell_payee(const struct facts *f, const struct sums *s, uint32_t payee,
                       void (*take)(void *arg, const struct sum_told *sum), void *arg) {
    uint32_t first = f->spell_at[payee], place = s->place[payee];
    for (uint32_t i = s->at[place * s->years]; i < s->at[(place + (size_t)1) * s->years]; i++) {
        const struct small_sum *r = &s->row[i];
        take(arg, &(struct sum_told){.pence = r->pence,
                                     .credit = r->credit,
                                     .fact = spell_fact(f, first),
                                     .lines = r->what & SMALL_LINES,
                                     .flow = small_part(r) & 15,
                                     .cell = (uint16_t)(small_part(r) >> 4)});
    }
    for (uint32_t i = s->wide_at[place]; i < s->wide_at[place + 1]; i++) {
        const struct sum *r = &s->wide[i];
        take(arg, &(struct sum_told){.pence = r->pence,
                                     .credit = r->credit,
                                     .fact = spell_fact(f, first + r->spell),
                                     .lines = r->lines,
                                     .flow = r->flow_category & 0xFF,
                                     .cell = r->cell});
    }
}

void cube_each_sum(const struct cube_view *v, uint32_t entity,
                   void (*take)(void *arg, const struct sum_told *sum), void *arg) {
    const struct facts *f = v->facts;
    for (uint32_t i = f->entity_at[entity]; i < f->entity_at[entity + 1]; i++) {
        if (f->entity_payee[i] < v->sums->payees) {
            tell_payee(f, v->sums, f->entity_payee[i], take, arg);
        }
    }
}
