// SPDX-License-Identifier: Apache-2.0
// What stands behind a key of a model; for core/render alone, everybody else uses model.h.
#ifndef ANCHORAGE_RENDER_VALUE_H
#define ANCHORAGE_RENDER_VALUE_H

#include "base/strb.h"
#include "render/model.h"

#include <stddef.h>
#include <stdint.h>

enum value_kind {
    VALUE_TEXT,
    VALUE_I64,
    VALUE_BOOL,
    VALUE_HTML,
    VALUE_LIST,
};

// HTML made by core/render: bytes[0..n), NUL-terminated, living in an arena.
struct html {
    const char *bytes;
    size_t n;
};

struct value_list {
    struct model **items;
    size_t count, cap;
};

struct value {
    const char *key;
    uint32_t hash;
    enum value_kind kind;
    size_t length;    // of text
    const char *text; // VALUE_TEXT
    int64_t number;   // VALUE_I64; VALUE_BOOL as 0 and 1
    const struct html *html;
    struct value_list *list;
};

// FNV-1a (Fowler, Noll, Vo) of a key: compared before the letters are.
uint32_t value_hash(const char *key, size_t n);

// The value of a key in this model alone; NULL when it was never set.
const struct value *model_find(const struct model *m, const char *key, uint32_t hash);

// Something to show: a true flag, a number other than 0, a text, HTML or list that is not empty.
bool value_truthy(const struct value *v);

// Moves what a builder holds into the arena and frees the builder.
const struct html *html_take(struct arena *a, struct strb *b);

#endif
