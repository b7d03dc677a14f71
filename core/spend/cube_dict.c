// SPDX-License-Identifier: Apache-2.0
// The dictionary of the cube, leaves, and memory.
#include "spend/cubeint.h"

#include "base/day.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define LARGE_PAGE ((size_t)2 << 20)
#define TEXT_BYTES ((size_t)4 << 30) // a limit for the arena, not what is taken

void *cube_alloc(size_t count, size_t size) {
    void *p = calloc(count ? count : 1, size);
    if (!p) {
        abort();
    }
    return p;
}

void *cube_grow(void *p, size_t count, size_t size) {
    void *more = count > SIZE_MAX / size ? NULL : realloc(p, count * size);
    if (!more) {
        abort();
    }
    return more;
}

void *cube_alloc_large(size_t count, size_t size) {
    size_t bytes = (count * size + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    void *p = count > SIZE_MAX / 2 / size ? NULL : aligned_alloc(LARGE_PAGE, bytes ? bytes : LARGE_PAGE);
    if (!p) {
        abort();
    }
    madvise(p, bytes, MADV_HUGEPAGE); // a hint: without it everything is right, and slower
    return p;
}

uint32_t cube_hash(const void *bytes, size_t size) {
    const unsigned char *at = bytes;
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < size; i++) {
        h = (h ^ at[i]) * 16777619u;
    }
    return h ^ h >> 15;
}

int32_t month_base(void) {
    return 1950 * 12;
}

uint16_t dict_day(int32_t day) {
    int64_t at = (int64_t)day - DAY_BASE;
    return at < 0 ? 0 : at >= DAYS ? DAYS - 1 : (uint16_t)at;
}

static void fill_months(uint16_t *month_of_day) {
    size_t day = 0;
    for (int month = 1; day < DAYS; month++) {
        int32_t next = 0;
        bool there = day_from_civil(1950 + month / 12, month % 12 + 1, 1, &next);
        size_t end = there && next - DAY_BASE < DAYS ? (size_t)(next - DAY_BASE) : DAYS;
        while (day < end) {
            month_of_day[day++] = (uint16_t)(month - 1);
        }
    }
}

struct dict *dict_new(void) {
    struct dict *d = cube_alloc(1, sizeof *d);
    d->uses = 1;
    d->cell = cube_alloc(CELLS_MAX, sizeof *d->cell);
    d->slot_cell = cube_alloc(CELLS_MAX, sizeof *d->slot_cell);
    d->month_of_day = cube_alloc(DAYS, sizeof *d->month_of_day);
    d->texts = arena_new(TEXT_BYTES);
    fill_months(d->month_of_day);
    text_list_put(&d->categories, d->texts, "", 0);
    return d;
}

struct dict *dict_use(struct dict *d) {
    atomic_fetch_add(&d->uses, 1);
    return d;
}

void dict_done(struct dict *d) {
    if (!d || atomic_fetch_sub(&d->uses, 1) > 1) {
        return;
    }
    free(d->cell);
    free(d->slot_cell);
    free(d->month_of_day);
    number_map_free(&d->payees);
    number_map_free(&d->anchors);
    number_map_free(&d->cells);
    text_list_free(&d->categories);
    arena_free(d->texts);
    free(d);
}

bool dict_cell(struct dict *d, int64_t anchor_id, int32_t fy, uint16_t *ret) {
    uint32_t anchor = number_map_put(&d->anchors, anchor_id);
    uint32_t before = d->cells.count;
    uint32_t n = number_map_put(&d->cells, (int64_t)anchor << 32 | (uint32_t)fy);
    if (anchor >= CELLS_MAX || n >= CELLS_MAX) {
        return false;
    }
    if (n == before) {
        d->cell[n] = (struct cell){.anchor = anchor, .fy = fy};
        d->cell_count = n + 1;
    }
    *ret = (uint16_t)n;
    return true;
}

struct block *block_use(struct block *b) {
    atomic_fetch_add(&b->uses, 1);
    return b;
}

void block_done(struct block *b) {
    if (b && atomic_fetch_sub(&b->uses, 1) == 1) {
        free(b->row);
        free(b);
    }
}

struct lines *lines_use(struct lines *l) {
    atomic_fetch_add(&l->uses, 1);
    return l;
}

void lines_done(struct lines *l) {
    if (l && atomic_fetch_sub(&l->uses, 1) == 1) {
        free(l->row);
        free(l->line_no);
        free(l->at);
        free(l->category);
        free(l->same);
        free(l->leaf);
        free(l);
    }
}
