// SPDX-License-Identifier: Apache-2.0
// One row of a register file to what is stored. Pure: no database. Used by register_import.c only.
#ifndef ANCHORAGE_DOMAIN_REGISTER_ROWS_H
#define ANCHORAGE_DOMAIN_REGISTER_ROWS_H

#include "base/arena.h"
#include "domain/register_import.h"

#define REGISTER_CELLS 10 // most columns a statement takes
#define REGISTER_NAMES 10 // names that a company's row says it had before, at most

// Where the columns stand; -1: there is none.
struct register_columns {
    int at[48];
    bool first_row_is_data; // a file without a heading
};

// Finds the columns by the heading row. NULL, or a sentence that says what is missing.
const char *register_columns_find(enum register_kind kind, const char *const *cells, size_t n,
                                  struct register_columns *ret);

// What a row gives: cells in the order of the statement's parameters (match_name left NULL, to be filled in).
enum register_row { REGISTER_ROW_GOOD, REGISTER_ROW_BLANK, REGISTER_ROW_BAD, REGISTER_ROW_OTHER };
enum register_row register_row_read(enum register_kind kind, const struct register_columns *k,
                                    struct arena *a, const char *const *cells, size_t n,
                                    const char *out[REGISTER_CELLS], const char **ret_reason);

// Names that the company of a good row had before, the newest first, with the days from ("" not known) and
// until which it had them (ISO). Gives how many; none of other registers.
struct register_name {
    const char *name, *from, *until;
};
size_t register_row_names(const struct register_columns *k, struct arena *a, const char *const *cells,
                          size_t n, struct register_name ret[REGISTER_NAMES]);

// The keys of a charity's JSON object in the order of the columns above, ended by NULL.
extern const char *const register_charity_keys[];

#endif
