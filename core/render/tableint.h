// SPDX-License-Identifier: Apache-2.0
// What a table holds; for core/render alone.
#ifndef ANCHORAGE_RENDER_TABLEINT_H
#define ANCHORAGE_RENDER_TABLEINT_H

#include "render/table.h"

#include <stdint.h>

struct cell {
    const char *text;  // NULL: a number, or empty
    const char *extra; // address or colour
    int64_t number;
    bool is_number;
};

struct column {
    const char *key, *title;
    enum cell_kind kind;
};

struct about {
    const char *key, *title, *text;
};

#define TABLE_ABOUT_MAX 16

struct table {
    struct arena *arena;
    struct about about[TABLE_ABOUT_MAX];
    size_t about_count;
    const char *caption;
    struct column columns[TABLE_COLUMNS_MAX];
    size_t column_count;
    struct cell **rows;
    size_t row_count, row_cap;
    size_t at; // next cell of the last row
    bool cut;
};

bool table_column_is_number(const struct column *c);

// The words of a cell as people read them; "" for an empty one. small: STAMP_TEXT_BYTES of room.
const char *table_words(const struct column *col, const struct cell *c, char *small);

// Appends a JSON string with its quotes.
void table_json_text(struct strb *out, const char *s);

// Appends the table as HTML.
void table_write_html(const struct table *t, struct strb *out);

#endif
