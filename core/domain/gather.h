// SPDX-License-Identifier: Apache-2.0
// Payment lines of one file in memory: payees by key, categories, lines, and yearly cells. Bounded.
#ifndef ANCHORAGE_DOMAIN_GATHER_H
#define ANCHORAGE_DOMAIN_GATHER_H

#include "base/ctx.h"

#include <stddef.h>

#define GATHER_LINES      ((size_t)5000000) // most lines of one file
#define GATHER_PAYEES     ((size_t)500000)
#define GATHER_CATEGORIES ((size_t)20000) // later ones count as "Other"

struct gather;

struct gather_payee {
    const char *key, *name, *company, *charity; // texts of the gatherer
    int64_t id;                                 // of core.payee, once known
};

struct gather_line {
    uint64_t line;
    uint32_t payee, category;
    int32_t day; // INT32_MIN: no date
    int64_t pence;
};

struct gather_cell {
    int year;
    uint32_t payee;
    int64_t pence, lines;
};

// Heap memory until gather_free; `c` is used for messages only.
struct gather *gather_new(struct ctx *c);
void gather_free(struct gather *g);

// Adds a line. ERR_TOO_LARGE past the bounds.
enum err gather_add(struct gather *g, uint64_t line, const char *key, const char *name, const char *company,
                    const char *charity, const char *category, int32_t day, int64_t pence) MUST;

size_t gather_lines(const struct gather *g);
const struct gather_line *gather_line_at(const struct gather *g, size_t i);
const char *gather_category(const struct gather *g, uint32_t i);

size_t gather_payees(const struct gather *g);
const struct gather_payee *gather_payee(const struct gather *g, size_t i);
void gather_set_id(struct gather *g, size_t i, int64_t id);

// Adds an amount to the cell of a year and payee.
void gather_cell(struct gather *g, int year, uint32_t payee, int64_t pence);
size_t gather_cells(const struct gather *g);
const struct gather_cell *gather_cell_at(const struct gather *g, size_t i);

#endif
