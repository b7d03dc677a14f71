// SPDX-License-Identifier: Apache-2.0
// Judging one row of a payments file with care: totals, remarks, headings again, shifted cells. The fast way
// of reading.c comes here for every row that is not plainly a payment.
#ifndef LOCAL_SPEND_ROWCLASS_H
#define LOCAL_SPEND_ROWCLASS_H

#include <stddef.h>

#include "amount.h"
#include "reading.h"

// One row, as the block holds it.
struct row_cells {
    const char *const *text;
    const uint32_t *length;
    uint32_t count;
};

// What is in the row.
struct row_seen {
    enum spend_amount amount;
    unsigned how; // of the amount
    int64_t pence;
    enum spend_date date;
    int32_t day;
    size_t others;   // cells that are not blank, the amount not counted
    bool total_word; // one of them says that it is a total
    bool count_word; // or a count of lines
};

// Cells up to the last that is not blank.
size_t row_width(const struct row_cells *row);

// The text of a role's cell, "" when the file has no such column or the row is too short.
const char *row_cell(const struct reading *r, const struct row_cells *row, enum spend_role role);

// Whether the amount of a row that is wider than the headings has been cut in two at a comma: 1,234.56 as 1
// and 234.56.
bool row_is_cut(struct reading *r, const struct row_cells *row);

// Whether a cell says that its row is a total: TOTAL_WORD, "Total", "Grand total:", "Sub-total" as its whole
// text; TOTAL_LIKE, "Total for April", "Adult services total", which may be a name too (never with a legal
// form).
// COUNT: how many lines there are, which is no money.
enum row_total { TOTAL_NOT, TOTAL_LIKE, TOTAL_WORD, TOTAL_COUNT };
enum row_total row_says_total(const char *text);

// The class of a row that is not blank; amount and date are in s, the rest of s is filled here. *ret_of: of a
// total, which lines above it adds up (TOTAL_OF_*). VERDICT_LINE: nothing speaks against a payment.
enum { TOTAL_OF_ALL = 1, TOTAL_OF_PART = 2 };
enum spend_verdict row_judge(struct reading *r, const struct row_cells *row, struct row_seen *s,
                             unsigned *ret_of);

#endif
