// SPDX-License-Identifier: Apache-2.0
// What a pass over a payments file teaches about the file as a whole: order of dates, width of rows, the year
// of days without one, totals that stand above their lines, whether amounts hold the lost VAT.
#ifndef LOCAL_SPEND_LEARN_H
#define LOCAL_SPEND_LEARN_H

#include "cell.h"
#include "rowclass.h"

// The stretch of time in the file's name, widened, for days without a year. NULL and "": none.
void learn_from_name(struct reading *r, const char *file_name);

// Counts a row by its last cell that is not blank; usual width by the rows counted.
void learn_width(struct reading *r, const char *const *cells, size_t count);
size_t learn_usual_width(const struct reading *r);

// Remembers a payment to nobody without a date, when it may be a total of lines below.
void learn_suspect(struct reading *r, const struct row_cells *row, const struct row_seen *s);

// How an amount and the lost VAT of its row fit together.
void learn_vat_of(struct reading *r, int64_t pence, int64_t vat_pence);

// After a pass: true when something assumed does not hold and matters; what was learned is then in r.
bool learn_more(struct reading *r);

#endif
