// SPDX-License-Identifier: Apache-2.0
// Amounts whose sign stands elsewhere: in a second column for credits, or in a column that says DR or CR.
#ifndef LOCAL_SPEND_SIGNS_H
#define LOCAL_SPEND_SIGNS_H

#include "rowclass.h"

// Looks for such columns beside the amount that was chosen; sets those columns of the layout, or -1.
// heading: the row of headings; rows from..count are the first below it.
void signs_find(const struct spend_row *heading, const struct spend_row *rows, size_t from, size_t count,
                struct spend_layout *layout);

static inline bool signs_matter(const struct spend_layout *l) {
    return l->column[ROLE_CREDIT] >= 0 || l->column[ROLE_SIGN] >= 0;
}

// The amount of a row of which only the cell of the amount was read into s so far. What is in the column of
// credits is taken off; a credit by its mark is below nought.
void signs_take(struct reading *r, const struct row_cells *row, struct row_seen *s);

// Whether a cell without a heading, beside an amount, says that it is a credit.
bool signs_says_credit(const char *text);

#endif
