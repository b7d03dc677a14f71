// SPDX-License-Identifier: Apache-2.0
// Sums out of the database into columns, and lines of those payees whose facts change over time.
#include "spend/cubeint.h"

#include "db/db.h"
#include "db/queries.gen.h"

#include <stdlib.h>
#include <string.h>

#define FEW        4  // leaves: as many are looked for one by one
#define ARRAY_HEAD 20 // dimensions, flags, type, size, first index

static int compare_key(const struct block *b, int64_t load_id, int32_t fy) {
    if (b->load_id != load_id) {
        return b->load_id < load_id ? -1 : 1;
    }
    return b->fy < fy ? -1 : b->fy > fy;
}

// Rows of one leaf mostly come one after the other.
struct block *cube_find(struct finder *f, int64_t load_id, int32_t fy) {
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

enum err cube_choose(struct ctx *c, size_t n, struct block *const *block, size_t payees,
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

uint8_t cube_flow(int64_t flow) {
    return flow < 0 || flow >= ANC_FLOW_COUNT ? ANC_FLOW_COUNT : (uint8_t)flow;
}

size_t cube_elements(const struct copy_out *o, int column, const unsigned char **ret) {
    size_t bytes;
    const char *field = copy_out_text(o, column, &bytes);
    uint32_t head[ARRAY_HEAD / 4];
    if (bytes < sizeof head) {
        return 0;
    }
    memcpy(head, field, sizeof head);
    size_t n = be32toh(head[3]);
    *ret = (const unsigned char *)field + sizeof head;
    return be32toh(head[0]) == 1 && head[1] == 0 && bytes == sizeof head + n * 12 ? n : 0;
}

// ---- sums ---------------------------------------------------------------------------------------------

// Payee, flow and number of lines share a number: 32, 4 and 28 bits.
static void take_sum(struct dict *d, struct block *b, int64_t who, int64_t pence, int64_t credit) {
    if (b->count == b->room) {
        b->room = b->room ? b->room * 2 : 64;
        b->row = cube_grow(b->row, b->room, sizeof *b->row);
    }
    b->row[b->count++] = (struct raw_sum){.payee = number_map_put(&d->payees, who >> 32),
                                          .flow = cube_flow(who >> 28 & 15) & 15u,
                                          .pence = pence,
                                          .credit = credit,
                                          .lines = (uint32_t)who & 0xFFFFFFFu};
}

static bool take_sums(struct dict *d, struct finder *f, const struct copy_out *o) {
    const unsigned char *leaf, *who, *pence, *credit;
    size_t n = cube_elements(o, 0, &leaf);
    if (n == 0 || cube_elements(o, 1, &who) != n || cube_elements(o, 2, &pence) != n ||
        cube_elements(o, 3, &credit) != n) {
        return copy_out_null(o, 0); // nothing there
    }
    for (size_t i = 0; i < n; i++) {
        int64_t of = cube_element(leaf, i);
        struct block *b = cube_find(f, of >> 16, (int16_t)(of & 0xFFFF));
        if (b) {
            take_sum(d, b, cube_element(who, i), cube_element(pence, i), cube_element(credit, i));
        }
    }
    return true;
}

enum err cube_load_sums(struct ctx *c, struct dict *d, size_t n, struct block *const *wanted) {
    struct finder f = {.block = wanted, .count = n};
    struct copy_out *o;
    bool good = true;
    if (n == 0) {
        return ERR_OK;
    }
    enum err e = cube_choose(c, n, wanted, 0, NULL);
    e = e ? e : copy_out_begin(c, n <= FEW ? &sql_cube_sums_few : &sql_cube_sums, 4, &o);
    if (e) {
        return e;
    }
    while (good && copy_out_row(o)) {
        good = take_sums(d, &f, o);
    }
    for (size_t i = 0; i < n; i++) {
        if (wanted[i]->count && wanted[i]->count < wanted[i]->room) {
            wanted[i]->row = cube_grow(wanted[i]->row, wanted[i]->count, sizeof *wanted[i]->row);
            wanted[i]->room = wanted[i]->count;
        }
    }
    e = copy_out_end(o);
    return e || good ? e : ctx_fail(c, ERR_BUG, "cube_sums: no arrays of numbers");
}

// ---- lines of some payees -----------------------------------------------------------------------------

static enum err read_some(struct ctx *c, const struct cube_view *v, struct finder f,
                          struct payee_lines *ret) {
    struct copy_out *o;
    size_t room = ret->count;
    enum err e = copy_out_begin(c, &sql_cube_lines_of, 3, &o);
    if (e) {
        return e;
    }
    while (copy_out_row(o)) {
        int64_t key = copy_out_i64(o, 0), who = copy_out_i64(o, 1);
        const struct block *b = cube_find(&f, load_in(key), year_in(key));
        if (!b) {
            continue;
        }
        if (ret->count == room) {
            room = room + room / 2 + 4096;
            ret->row = cube_grow(ret->row, room, sizeof *ret->row);
        }
        ret->row[ret->count++] = (struct payee_line){.payee = number_map_put(&v->dict->payees, who >> 32),
                                                     .line = {.pence = copy_out_i64(o, 2),
                                                              .flow_category = cube_flow(flow_in(key)),
                                                              .slot = b->slot,
                                                              .day = (uint16_t)(key & 0xFFFF)}};
    }
    return copy_out_end(o);
}

// Of leaves that are wanted (by slot).
static void some_from_memory(const struct lines *l, const bool *wanted, uint32_t payees, const bool *slots,
                             struct payee_lines *ret) {
    size_t n = 0;
    payees = payees < l->payees ? payees : l->payees;
    for (uint32_t p = 0; p < payees; p++) {
        n += wanted[p] ? l->at[p + 1] - l->at[p] : 0;
    }
    ret->row = cube_alloc(n, sizeof *ret->row);
    for (uint32_t p = 0; p < payees; p++) {
        for (size_t i = l->at[p]; wanted[p] && i < l->at[p + 1]; i++) {
            if (slots[l->row[i].slot]) {
                ret->row[ret->count++] = (struct payee_line){.line = l->row[i], .payee = p};
            }
        }
    }
}

// What the sums say there are.
static uint64_t lines_of_some(const bool *wanted, size_t leaves, struct block *const *leaf) {
    uint64_t lines = 0;
    for (size_t b = 0; b < leaves; b++) {
        for (size_t i = 0; i < leaf[b]->count; i++) {
            lines += wanted[leaf[b]->row[i].payee] ? leaf[b]->row[i].lines : 0;
        }
    }
    return lines;
}

static enum err some_from_database(struct ctx *c, const struct cube_view *v, const bool *payees,
                                   size_t leaves, struct block *const *leaf, struct payee_lines *ret) {
    const struct facts *f = v->facts;
    size_t n = 0, before = ret->count;
    const char **id = arena_array(c->arena, (size_t)f->payees + 1, sizeof *id);
    for (uint32_t p = 0; p < f->payees; p++) {
        if (payees[p]) {
            id[n++] = arena_i64(c->arena, f->payee_id[p]);
        }
    }
    enum err e = cube_choose(c, leaves, leaf, n, id);
    e = e ? e : read_some(c, v, (struct finder){.block = leaf, .count = leaves}, ret);
    if (e == ERR_OK && lines_of_some(payees, leaves, leaf) != ret->count - before) {
        e = ctx_fail(c, ERR_BUSY,
                     "lines of suppliers that moved are not those of the sums"); // gone meanwhile
    }
    return e;
}

enum err cube_load_some(struct ctx *c, const struct cube_view *v, const bool *payees, size_t leaves,
                        struct block *const *leaf, const struct lines *have, struct payee_lines *ret) {
    struct payee_lines found = {.count = 0};
    struct block **rest = cube_alloc(leaves, sizeof *rest);
    bool *slots = cube_alloc(CELLS_MAX, sizeof *slots);
    size_t missing = 0;
    for (size_t i = 0; i < leaves; i++) {
        if (have && lines_have(have, leaf[i]->slot)) {
            slots[leaf[i]->slot] = true;
        } else {
            rest[missing++] = leaf[i];
        }
    }
    if (have) {
        some_from_memory(have, payees, v->facts->payees, slots, &found);
    }
    enum err e = missing > 0 ? some_from_database(c, v, payees, missing, rest, &found) : ERR_OK;
    free(slots);
    free(rest);
    if (e) {
        free(found.row);
        return e;
    }
    *ret = found;
    return ERR_OK;
}
