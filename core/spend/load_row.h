// SPDX-License-Identifier: Apache-2.0
// One row of a payments file under way.
#ifndef ANCHORAGE_SPEND_LOAD_ROW_H
#define ANCHORAGE_SPEND_LOAD_ROW_H

#include "spend/load_read.h"

#define ROWS_AT_ONCE 64 // most of rows_number

// Texts of the payments among at most ROWS_AT_ONCE rows from..to (who was paid, through whom, for what) to
// their numbers.
enum err rows_number(struct reading *r, const struct anc_cells *b, uint32_t from, uint32_t to) MUST;
// Which cells of payees a file with these columns has.
void row_payee_cells(const struct anc_columns *columns, bool ret_has[PAYEE_CELLS]);
// What row_take will need of a row.
void row_near(const struct reading *r, uint32_t i);

// Takes the payment of row i, once its texts have numbers.
enum err row_take(struct reading *r, const struct anc_cells *b, uint32_t i) MUST;

// Why a file was refused: the first error, or the first of what was said.
const char *findings_reason(const struct findings *f);

#endif
