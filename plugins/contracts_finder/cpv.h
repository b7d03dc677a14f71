// SPDX-License-Identifier: Apache-2.0
// The Common Procurement Vocabulary: a table of codes and labels, and how codes hang together.
#ifndef CONTRACTS_FINDER_CPV_H
#define CONTRACTS_FINDER_CPV_H

#include <stdbool.h>
#include <stddef.h>

#define CF_CPV_CODE_SIZE 9
#define CF_CPV_MAX       20000

struct cf_cpv_row {
    char code[CF_CPV_CODE_SIZE]; // eight digits
    const char *label;
};

// Sorted by code. Owns its memory.
struct cf_cpv {
    struct cf_cpv_row *rows;
    size_t count;
    char *labels;
};

// Reads "code,label" lines with a heading line; a label with a comma stands in double quotes. Later doubles
// are refused. bytes: UTF-8, need not end in NUL. Answers NULL and fills ret_cpv, or what is wrong with the
// table in plain words (ret_line: the line, from 1). Free with cf_cpv_free.
const char *cf_cpv_read(const char *bytes, size_t size, struct cf_cpv *ret_cpv, size_t *ret_line);

void cf_cpv_free(struct cf_cpv *cpv);

// The row of a code, or NULL when the table does not hold it.
const struct cf_cpv_row *cf_cpv_find(const struct cf_cpv *cpv, const char *code);

// The code that stands above: divisions (two digits and noughts) stand above themselves; else the longest cut
// to at most five digits that the table holds. NULL when the table holds none of them.
const struct cf_cpv_row *cf_cpv_parent(const struct cf_cpv *cpv, const char *code);

// True when some other code of the table has this one as its parent.
bool cf_cpv_has_children(const struct cf_cpv *cpv, const char *code);

#endif
