// SPDX-License-Identifier: Apache-2.0
// What the tests of pictures share: memory, and a table of amounts to draw.
#ifndef TESTS_UNIT_RENDER_PICTURETEST_H
#define TESTS_UNIT_RENDER_PICTURETEST_H

#include "base/arena.h"
#include "render/table.h"

#include <stddef.h>
#include <stdint.h>

static struct arena *arena;

static int setup(void **state) {
    (void)state;
    arena = arena_new(256u << 20);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static struct table *amounts(const char *caption, size_t n, const char *const *labels, const int64_t *pence) {
    struct table *t = table_new(arena, caption);
    table_column(t, "what", "What", CELL_TEXT);
    table_column(t, "paid", "Paid", CELL_MONEY);
    for (size_t i = 0; i < n; i++) {
        table_row(t);
        table_text(t, labels ? labels[i] : arena_printf(arena, "Row %zu", i));
        table_i64(t, pence[i]);
    }
    return t;
}

#endif
