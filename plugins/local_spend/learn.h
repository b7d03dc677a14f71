// SPDX-License-Identifier: Apache-2.0
// What a pass over a payments file teaches about the file as a whole: order of dates, width of rows, the year
// of days without one, totals that stand above their lines, whether amounts hold the lost VAT.
#ifndef LOCAL_SPEND_LEARN_H
#define LOCAL_SPEND_LEARN_H

#include "cell.h"
#include "rowclass.h"

// The stretch of time in the file's name, widened, for days without a year. NULL and "": none.
void learn_from_name(struct reading *r, const char *file_name);

// The same of the titles above the headings, when the name says nothing; also kept as what is said.
void learn_from_titles(struct reading *r, const struct spend_row *rows, size_t count);

// Counts an amount that was not read, when it is one with a comma before its pence.
void learn_decimal_of(struct reading *r, const char *text, enum spend_amount amount);

// How a day fits the time that the file says it is about, and how it would when read otherwise; of a number
// of days, also how it fits other days in its row.
void learn_fit(struct reading *r, const struct reading_date *d);
void learn_serial(struct reading *r, const struct row_cells *row, const struct reading_date *d);

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
