// SPDX-License-Identifier: Apache-2.0
// Payment lines of one file in memory. Three hash tables with open addressing over growing arrays.
#include "domain/gather.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_ARENA_BYTES ((size_t)256 * 1024 * 1024)
#define TEXT_MARGIN      ((size_t)1024 * 1024) // more than the texts of one line

// Index of rows by hash; a slot holds row + 1, 0 is free.
struct index {
    uint32_t *slots;
    size_t cap, used;
};

struct gather {
    struct ctx *c;
    struct arena *text;
    struct gather_payee *payees;
    size_t payee_count, payee_cap;
    struct index payee_index;
    const char **categories;
    size_t category_count, category_cap;
    struct index category_index;
    struct gather_line *lines;
    size_t line_count, line_cap;
    struct gather_cell *cells;
    size_t cell_count, cell_cap;
    struct index cell_index;
};

static void *must(void *p) {
    if (!p) {
        abort(); // memory is bounded by GATHER_*; without any left the service restarts
    }
    return p;
}

// Room for one more element.
static void *grow(void *list, size_t count, size_t *cap, size_t size) {
    if (count < *cap) {
        return list;
    }
    *cap = *cap ? *cap * 2 : 1024;
    return must(reallocarray(list, *cap, size));
}

// FNV-1a: short keys, no adversary can gain more than a slow import of their own file.
static uint64_t hash_bytes(const void *p, size_t n) {
    const unsigned char *b = p;
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++) {
        h = (h ^ b[i]) * UINT64_C(0x100000001b3);
    }
    return h ^ (h >> 29);
}

static void index_put(struct index *x, uint64_t hash, uint32_t row_plus_one) {
    size_t at = hash & (x->cap - 1);
    while (x->slots[at]) {
        at = (at + 1) & (x->cap - 1);
    }
    x->slots[at] = row_plus_one;
    x->used++;
}

// Doubles the index when it is half full; hash_of gives the hash of a row.
static void index_room(struct index *x, const struct gather *g,
                       uint64_t (*hash_of)(const struct gather *, size_t)) {
    if (x->used * 2 < x->cap) {
        return;
    }
    struct index bigger = {.cap = x->cap ? x->cap * 2 : 4096};
    bigger.slots = must(calloc(bigger.cap, sizeof *bigger.slots));
    for (size_t i = 0; i < x->used; i++) {
        index_put(&bigger, hash_of(g, i), (uint32_t)i + 1);
    }
    free(x->slots);
    *x = bigger;
}

static uint64_t payee_hash(const struct gather *g, size_t i) {
    return hash_bytes(g->payees[i].key, strlen(g->payees[i].key));
}

static uint64_t category_hash(const struct gather *g, size_t i) {
    return hash_bytes(g->categories[i], strlen(g->categories[i]));
}

static uint64_t cell_key_hash(int year, uint32_t payee) {
    uint32_t key[2] = {(uint32_t)year, payee};
    return hash_bytes(key, sizeof key);
}

static uint64_t cell_hash(const struct gather *g, size_t i) {
    return cell_key_hash(g->cells[i].year, g->cells[i].payee);
}

struct gather *gather_new(struct ctx *c) {
    struct gather *g = must(calloc(1, sizeof *g));
    g->c = c;
    g->text = arena_new(TEXT_ARENA_BYTES);
    return g;
}

void gather_free(struct gather *g) {
    if (!g) {
        return;
    }
    free(g->payees);
    free(g->payee_index.slots);
    free(g->categories);
    free(g->category_index.slots);
    free(g->lines);
    free(g->cells);
    free(g->cell_index.slots);
    arena_free(g->text);
    free(g);
}

static uint32_t find_payee(struct gather *g, const char *key, const char *name) {
    index_room(&g->payee_index, g, payee_hash);
    uint64_t h = hash_bytes(key, strlen(key));
    struct index *x = &g->payee_index;
    for (size_t at = h & (x->cap - 1); x->slots[at]; at = (at + 1) & (x->cap - 1)) {
        if (strcmp(g->payees[x->slots[at] - 1].key, key) == 0) {
            return x->slots[at] - 1;
        }
    }
    g->payees = grow(g->payees, g->payee_count, &g->payee_cap, sizeof *g->payees);
    g->payees[g->payee_count] = (struct gather_payee){
        .key = arena_strdup(g->text, key), .name = arena_strdup(g->text, name), .company = "", .charity = ""};
    index_put(x, h, (uint32_t)g->payee_count + 1);
    return (uint32_t)g->payee_count++;
}

static uint32_t find_category(struct gather *g, const char *category) {
    index_room(&g->category_index, g, category_hash);
    category = g->category_count >= GATHER_CATEGORIES ? "Other" : category;
    uint64_t h = hash_bytes(category, strlen(category));
    struct index *x = &g->category_index;
    for (size_t at = h & (x->cap - 1); x->slots[at]; at = (at + 1) & (x->cap - 1)) {
        if (strcmp(g->categories[x->slots[at] - 1], category) == 0) {
            return x->slots[at] - 1;
        }
    }
    g->categories = grow(g->categories, g->category_count, &g->category_cap, sizeof *g->categories);
    g->categories[g->category_count] = arena_strdup(g->text, category);
    index_put(x, h, (uint32_t)g->category_count + 1);
    return (uint32_t)g->category_count++;
}

enum err gather_add(struct gather *g, uint64_t line, const char *key, const char *name, const char *company,
                    const char *charity, const char *category, int32_t day, int64_t pence) {
    if (g->line_count >= GATHER_LINES || g->payee_count >= GATHER_PAYEES ||
        arena_used(g->text) > TEXT_ARENA_BYTES - TEXT_MARGIN) {
        return ctx_fail(g->c, ERR_TOO_LARGE,
                        "The file has more than 5 million payments or 500,000 payees. Split it.");
    }
    uint32_t payee = find_payee(g, key, name);
    struct gather_payee *p = &g->payees[payee];
    if (*company && !*p->company) {
        p->company = arena_strdup(g->text, company);
    }
    if (*charity && !*p->charity) {
        p->charity = arena_strdup(g->text, charity);
    }
    g->lines = grow(g->lines, g->line_count, &g->line_cap, sizeof *g->lines);
    g->lines[g->line_count++] = (struct gather_line){
        .line = line, .payee = payee, .category = find_category(g, category), .day = day, .pence = pence};
    return ERR_OK;
}

size_t gather_lines(const struct gather *g) {
    return g->line_count;
}

const struct gather_line *gather_line_at(const struct gather *g, size_t i) {
    return &g->lines[i];
}

const char *gather_category(const struct gather *g, uint32_t i) {
    return g->categories[i];
}

size_t gather_payees(const struct gather *g) {
    return g->payee_count;
}

const struct gather_payee *gather_payee(const struct gather *g, size_t i) {
    return &g->payees[i];
}

void gather_set_id(struct gather *g, size_t i, int64_t id) {
    g->payees[i].id = id;
}

void gather_cell(struct gather *g, int year, uint32_t payee, int64_t pence) {
    index_room(&g->cell_index, g, cell_hash);
    struct index *x = &g->cell_index;
    uint64_t h = cell_key_hash(year, payee);
    for (size_t at = h & (x->cap - 1); x->slots[at]; at = (at + 1) & (x->cap - 1)) {
        struct gather_cell *cell = &g->cells[x->slots[at] - 1];
        if (cell->year == year && cell->payee == payee) {
            cell->pence += pence;
            cell->lines++;
            return;
        }
    }
    g->cells = grow(g->cells, g->cell_count, &g->cell_cap, sizeof *g->cells);
    g->cells[g->cell_count] = (struct gather_cell){.year = year, .payee = payee, .pence = pence, .lines = 1};
    index_put(x, h, (uint32_t)g->cell_count + 1);
    g->cell_count++;
}

size_t gather_cells(const struct gather *g) {
    return g->cell_count;
}

const struct gather_cell *gather_cell_at(const struct gather *g, size_t i) {
    return &g->cells[i];
}
