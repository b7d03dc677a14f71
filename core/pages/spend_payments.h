// SPDX-License-Identifier: Apache-2.0
// What the page of payments asks for: one reading of its address, and the lines it stands for.
#ifndef ANCHORAGE_PAGES_SPEND_PAYMENTS_H
#define ANCHORAGE_PAGES_SPEND_PAYMENTS_H

#include "db/db.h"
#include "http/req.h"

// Sorting more lines would keep people waiting; they are shown file by file.
#define PAYMENTS_SORT_MOST 200000
#define PAYMENTS_LOOK_MOST 400000 // lines of all tables that take part, when no payee or supplier is chosen

struct payments_choice {
    // As in the address, "" for not chosen; values that do not exist are not chosen.
    const char *year, *month, *anchor, *load, *payee, *supplier, *ward, *place, *vcfse, *flow, *rule,
        *counted, *sort;
    const char *who;                      // name of the payee or supplier, "" all
    const char *file;                     // name of the load's file, "" all
    struct rows *years, *anchors, *wards; // to choose from
    struct rows *leaves;                  // fy, load_id, lines: tables that take part, newest first
    // Parameters of the statements in spend_payments.sql.
    const char *p_years, *p_loads, *p_flow, *p_from, *p_until, *p_counted, *p_payees, *p_facts, *p_rule,
        *p_place, *p_ward, *p_vcfse;
    bool some;    // not all payees take part
    bool by_line; // sums do not tell: some days only, or lines that do not count
};
// ERR_NOT_FOUND when the address names a payee, supplier or load that does not exist.
enum err payments_read(struct req *r, struct payments_choice *ch) MUST;

// The choice as the query of another address ("year=2025&place=local"), without one of its values.
const char *payments_query(struct req *r, const struct payments_choice *ch, const char *left_out);

struct payments_sum {
    int64_t pence, lines, credit_pence;
};
// Whether the lines of this choice can be sorted.
bool payments_sortable(const struct payments_choice *ch, int64_t lines);
enum err payments_total(struct req *r, const struct payments_choice *ch, struct payments_sum *ret) MUST;

// Lines with their words, at most `most`, beginning behind `after` (a place that an earlier call gave, ""
// for the first). *ret_next: where to go on, "" at the end.
struct payments_lines {
    struct rows **part; // lines as the database gave them, a part a table
    size_t parts, count;
    struct rows *words; // count rows in the same order
    const char *next;
};
enum err payments_lines(struct req *r, const struct payments_choice *ch, bool sorted, const char *after,
                        int64_t most, struct payments_lines *ret) MUST;
// Column of the i-th line.
const char *payments_cell(const struct payments_lines *l, size_t i, const char *column);

#endif
