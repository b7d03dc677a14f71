// SPDX-License-Identifier: Apache-2.0
// Sums and lines out of the database into columns. Rows come one at a time, so that nothing is held twice.
#include "spend/cubeint.h"

#include "db/db.h"
#include "db/queries.gen.h"

#include <stdlib.h>
#include <string.h>

#define PRESSURE_MOST ((size_t)1 << 31) // lines: what fits into the memory of any machine this runs on

struct finder { // leaves by load and year, those that are wanted
    struct block *const *block;
    size_t count;
    struct block *last;
};

static int compare_key(const struct block *b, int64_t load_id, int32_t fy) {
    if (b->load_id != load_id) {
        return b->load_id < load_id ? -1 : 1;
    }
    return b->fy < fy ? -1 : b->fy > fy;
}

// NULL: not wanted. Rows of one leaf mostly come one after the other.
static struct block *find(struct finder *f, int64_t load_id, int32_t fy) {
    if (f->last && compare_key(f->last, load_id, fy) == 0) {
        return f->last;
    }
    size_t low = 0, high = f->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int cmp = compare_key(f->block[mid], load_id, fy);
        if (cmp == 0) {
            return f->last = f->block[mid];
        }
        low = cmp < 0 ? mid + 1 : low;
        high = cmp < 0 ? high : mid;
    }
    return NULL;
}

// Numbers that share one column (schemas/queries/spend_cube.sql): load in the upper half, then 8 bits of the
// year from 1900, 8 of the flow, 16 of the day.
static int64_t load_in(int64_t v) {
    return v >> 32;
}

static int32_t year_in(int64_t v) {
    return 1900 + (int32_t)(v >> 24 & 0xFF);
}

static int64_t flow_in(int64_t v) {
    return v >> 16 & 0xFF;
}

// Says to the COPY statements what to read.
static enum err choose(struct ctx *c, size_t n, struct block *const *block, size_t payees,
                       const char *const *payee) {
    struct rows *r;
    const char **id = arena_array(c->arena, n + 1, sizeof *id);
    size_t loads = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || block[i]->load_id != block[i - 1]->load_id) {
            id[loads++] = arena_i64(c->arena, block[i]->load_id);
        }
    }
    return DB_ROWS(c, cube_choose, &r, db_array(c->arena, loads, id), db_array(c->arena, payees, payee), "");
}

static uint8_t flow_of(int64_t flow) {
    return flow < 0 || flow >= ANC_FLOW_COUNT ? ANC_FLOW_COUNT : (uint8_t)flow;
}

// ---- sums ---------------------------------------------------------------------------------------------

static void take_sum(struct block *b, uint32_t payee, const struct copy_out *o) {
    if (b->count == b->room) {
        b->room = b->room ? b->room * 2 : 64;
        b->row = cube_grow(b->row, b->room, sizeof *b->row);
    }
    int64_t key = copy_out_i64(o, 0), lines = copy_out_i64(o, 1) & INT32_MAX;
    b->row[b->count++] = (struct raw_sum){.payee = payee,
                                          .flow = flow_of(flow_in(key)),
                                          .pence = copy_out_i64(o, 2),
                                          .credit = copy_out_i64(o, 3),
                                          .lines = (uint32_t)lines};
}

enum err cube_load_sums(struct ctx *c, struct dict *d, size_t n, struct block *const *wanted) {
    struct finder f = {.block = wanted, .count = n};
    struct copy_out *o;
    if (n == 0) {
        return ERR_OK;
    }
    enum err e = choose(c, n, wanted, 0, NULL);
    e = e ? e : copy_out_begin(c, &sql_cube_sums, 4, &o);
    if (e) {
        return e;
    }
    while (copy_out_row(o)) {
        int64_t key = copy_out_i64(o, 0);
        struct block *b = find(&f, load_in(key), year_in(key));
        if (b) {
            take_sum(b, number_map_put(&d->payees, copy_out_i64(o, 1) >> 32), o);
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (wanted[i]->count && wanted[i]->count < wanted[i]->room) {
            wanted[i]->row = cube_grow(wanted[i]->row, wanted[i]->count, sizeof *wanted[i]->row);
            wanted[i]->room = wanted[i]->count;
        }
    }
    return copy_out_end(o);
}

// ---- lines --------------------------------------------------------------------------------------------

struct reading {
    struct ctx *c;
    struct cube_view *v;
    struct number_map label; // by id of the database
    uint32_t *category;      // of a label's number
    struct line *row;
    uint32_t *payee;
    size_t count, room;
};

static enum err read_labels(struct reading *r) {
    struct dict *d = r->v->dict;
    struct copy_out *o;
    enum err e = copy_out_begin(r->c, &sql_cube_labels, 2, &o);
    if (e) {
        return e;
    }
    size_t room = 0;
    while (copy_out_row(o)) {
        size_t n;
        uint32_t at = number_map_put(&r->label, copy_out_i64(o, 0));
        const char *s = copy_out_text(o, 1, &n);
        if (at >= room) {
            room = room ? room * 2 : 1024;
            r->category = cube_grow(r->category, room, sizeof *r->category);
        }
        r->category[at] = text_list_put(&d->categories, d->texts, s, n);
    }
    return copy_out_end(o);
}

static uint32_t category_of(const struct reading *r, int64_t label_id) {
    uint32_t at;
    return r->category && number_map_find(&r->label, label_id, &at) ? r->category[at] : 0; // 0 is ""
}

static void room_for_line(struct reading *r) {
    if (r->count == r->room) {
        r->room = r->room ? r->room + r->room / 2 : 4096;
        r->row = cube_grow(r->row, r->room, sizeof *r->row);
        r->payee = cube_grow(r->payee, r->room, sizeof *r->payee);
    }
}

static enum err read_lines(struct reading *r, const struct sql *q, size_t n, struct block *const *wanted) {
    struct finder f = {.block = wanted, .count = n};
    struct dict *d = r->v->dict;
    struct copy_out *o;
    enum err e = copy_out_begin(r->c, q, 3, &o);
    if (e) {
        return e;
    }
    int64_t last_payee = -1, last_label = -1;
    uint32_t payee = 0, category = 0;
    while (copy_out_row(o) && r->count < PRESSURE_MOST) {
        int64_t key = copy_out_i64(o, 0), who = copy_out_i64(o, 1);
        const struct block *b = find(&f, load_in(key), year_in(key));
        if (!b) {
            continue;
        }
        int64_t payee_id = who >> 32, label_id = who & INT32_MAX;
        payee = payee_id == last_payee ? payee : number_map_put(&d->payees, payee_id);
        category = label_id == last_label ? category : category_of(r, label_id);
        last_payee = payee_id;
        last_label = label_id;
        room_for_line(r);
        r->payee[r->count] = payee;
        r->row[r->count++] = (struct line){.pence = copy_out_i64(o, 2),
                                           .flow_category = category << 8 | flow_of(flow_in(key)),
                                           .slot = b->slot,
                                           .day = (uint16_t)(key & 0xFFFF)};
    }
    return copy_out_end(o);
}

// Lines that were read and sums must be of the same payments, or figures of one page would differ. They are
// not when a load is taken back meanwhile: its tables are gone for every snapshot, its sums are not.
static enum err check_counts(struct reading *r, size_t n, struct block *const *wanted) {
    uint64_t *met = cube_alloc(CELLS_MAX, sizeof *met);
    enum err e = ERR_OK;
    for (size_t i = 0; i < r->count; i++) {
        met[r->row[i].slot]++;
    }
    for (size_t i = 0; i < n && e == ERR_OK; i++) {
        uint64_t lines = 0;
        for (size_t k = 0; k < wanted[i]->count; k++) {
            lines += wanted[i]->row[k].lines;
        }
        if (lines != met[wanted[i]->slot]) {
            e = ctx_fail(r->c, ERR_BUSY, "load %lld, year %d: sums of %llu lines and %llu lines",
                         (long long)wanted[i]->load_id, (int)wanted[i]->fy, (unsigned long long)lines,
                         (unsigned long long)met[wanted[i]->slot]);
        }
    }
    free(met);
    return e;
}

// Kept: whether lines of a slot belong to a leaf of the view.
static bool *slots_of(const struct cube_view *v) {
    bool *kept = cube_alloc(CELLS_MAX, sizeof *kept);
    for (size_t i = 0; i < v->blocks; i++) {
        kept[v->block[i]->slot] = true;
    }
    return kept;
}

// Where each payee's lines begin: counts first, then sums of them. at[p + 1] is where the next line of p goes
// until all are placed.
static void count_lines(const struct reading *r, const struct lines *before, const bool *kept,
                        struct lines *l) {
    for (uint32_t p = 0; before && p < before->payees; p++) {
        for (size_t i = before->at[p]; i < before->at[p + 1]; i++) {
            l->at[p + 2] += kept[before->row[i].slot];
        }
    }
    for (size_t i = 0; i < r->count; i++) {
        l->at[r->payee[i] + 2]++;
    }
    for (size_t p = 2; p < (size_t)l->payees + 2; p++) {
        l->at[p] += l->at[p - 1];
    }
    l->count = l->at[l->payees + 1];
}

static void place_lines(const struct reading *r, const struct lines *before, const bool *kept,
                        struct lines *l) {
    for (uint32_t p = 0; before && p < before->payees; p++) {
        for (size_t i = before->at[p]; i < before->at[p + 1]; i++) {
            if (kept[before->row[i].slot]) {
                l->row[l->at[p + 1]++] = before->row[i];
            }
        }
    }
    for (size_t i = 0; i < r->count; i++) {
        l->row[l->at[r->payee[i] + 1]++] = r->row[i];
    }
}

// Rows that were read swap places along their circles until each stands with its payee: no second copy.
static void sort_in_place(struct reading *r, struct lines *l) {
    size_t *next = cube_alloc((size_t)l->payees + 1, sizeof *next);
    memcpy(next, l->at + 1, (size_t)l->payees * sizeof *next);
    for (uint32_t p = 0; r->payee && p < l->payees; p++) { // NULL: there was no row
        while (next[p] < l->at[p + 2]) {
            size_t i = next[p];
            uint32_t q = r->payee[i];
            if (q == p) {
                next[p]++;
                continue;
            }
            size_t to = next[q]++;
            struct line moved = r->row[to];
            uint32_t moved_payee = r->payee[to];
            r->row[to] = r->row[i];
            r->payee[to] = q;
            r->row[i] = moved;
            r->payee[i] = moved_payee;
        }
    }
    free(next);
    memmove(l->at, l->at + 1, ((size_t)l->payees + 1) * sizeof *l->at);
    l->row = cube_grow(r->row, l->count ? l->count : 1, sizeof *l->row);
    r->row = NULL;
}

static struct lines *put_together(struct reading *r, struct lines *before) {
    const struct dict *d = r->v->dict;
    struct lines *l = cube_alloc(1, sizeof *l);
    l->uses = 1;
    l->payees = d->payees.count;
    l->at = cube_alloc((size_t)l->payees + 2, sizeof *l->at);
    l->categories = d->categories.count;
    l->category = cube_alloc((size_t)l->categories + 1, sizeof *l->category);
    if (l->categories > 0) {
        memcpy(l->category, d->categories.text, l->categories * sizeof *l->category);
    }
    bool *kept = slots_of(r->v);
    count_lines(r, before, kept, l);
    if (before) {
        l->row = cube_alloc(l->count + 1, sizeof *l->row);
        place_lines(r, before, kept, l);
    } else {
        sort_in_place(r, l);
    }
    free(kept);
    return l;
}

enum err cube_load_lines(struct ctx *c, struct cube_view *v, size_t n, struct block *const *fresh,
                         struct lines *before, struct lines **ret) {
    struct reading r = {.c = c, .v = v};
    enum err e = ERR_OK;
    if (n > 0) {
        e = choose(c, n, fresh, 0, NULL);
        e = e ? e : read_labels(&r);
        e = e ? e : read_lines(&r, &sql_cube_lines, n, fresh);
        e = e ? e : check_counts(&r, n, fresh);
    }
    if (e == ERR_OK && (r.count == PRESSURE_MOST || v->dict->categories.count > 0xFFFFFF)) {
        e = ctx_fail(c, ERR_TOO_LARGE, "There are more payments than can be added up at once.");
    }
    if (e == ERR_OK) {
        *ret = put_together(&r, before);
    }
    free(r.row);
    free(r.payee);
    free(r.category);
    number_map_free(&r.label);
    return e;
}

// ---- payees whose facts change over time --------------------------------------------------------------

static bool is_split(const struct facts *f, uint32_t payee) {
    return f->spell_at[payee + 1] - f->spell_at[payee] > 1;
}

static enum err split_from_memory(const struct cube_view *v, const struct lines *l, struct split_line **ret,
                                  size_t *ret_count) {
    size_t n = 0, at = 0;
    uint32_t payees = v->facts->payees < l->payees ? v->facts->payees : l->payees;
    for (uint32_t p = 0; p < payees; p++) {
        n += is_split(v->facts, p) ? l->at[p + 1] - l->at[p] : 0;
    }
    struct split_line *out = cube_alloc(n + 1, sizeof *out);
    for (uint32_t p = 0; p < payees; p++) {
        for (size_t i = l->at[p]; is_split(v->facts, p) && i < l->at[p + 1]; i++) {
            out[at++] = (struct split_line){.line = l->row[i], .payee = p};
        }
    }
    *ret = out;
    *ret_count = n;
    return ERR_OK;
}

static uint64_t lines_of_split(const struct cube_view *v) {
    uint64_t lines = 0;
    for (size_t b = 0; b < v->blocks; b++) {
        for (size_t i = 0; i < v->block[b]->count; i++) {
            const struct raw_sum *r = &v->block[b]->row[i];
            lines += is_split(v->facts, r->payee) ? r->lines : 0;
        }
    }
    return lines;
}

static enum err split_from_database(struct ctx *c, const struct cube_view *v, size_t n,
                                    const char *const *payee, struct split_line **ret, size_t *ret_count) {
    struct cube_view own = {.dict = v->dict};
    struct reading r = {.c = c, .v = &own};
    enum err e = choose(c, v->blocks, v->block, n, payee);
    e = e ? e : read_lines(&r, &sql_cube_lines_of, v->blocks, v->block);
    if (e == ERR_OK) {
        struct split_line *out = cube_alloc(r.count + 1, sizeof *out);
        for (size_t i = 0; i < r.count; i++) {
            out[i] = (struct split_line){.line = r.row[i], .payee = r.payee[i]};
        }
        *ret = out;
        *ret_count = r.count;
    }
    free(r.row);
    free(r.payee);
    return e;
}

enum err cube_load_split(struct ctx *c, const struct cube_view *v, struct split_line **ret,
                         size_t *ret_count) {
    const struct facts *f = v->facts;
    size_t n = 0;
    const struct lines *l = v->lines;
    for (uint32_t p = 0; p < f->payees; p++) {
        n += is_split(f, p);
    }
    *ret = NULL;
    *ret_count = 0;
    if (n == 0 || v->blocks == 0) {
        return ERR_OK;
    }
    if (l) {
        return split_from_memory(v, l, ret, ret_count);
    }
    const char **id = arena_array(c->arena, n, sizeof *id);
    for (uint32_t p = 0, k = 0; p < f->payees; p++) {
        if (is_split(f, p)) {
            id[k++] = arena_i64(c->arena, f->payee_id[p]);
        }
    }
    enum err e = split_from_database(c, v, n, id, ret, ret_count);
    if (e == ERR_OK && lines_of_split(v) != *ret_count) { // a load was taken back meanwhile
        free(*ret);
        *ret = NULL;
        *ret_count = 0;
        return ctx_fail(c, ERR_BUSY, "lines of suppliers that moved are not those of the sums");
    }
    return e;
}
