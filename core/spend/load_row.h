// SPDX-License-Identifier: Apache-2.0
// One row of a payments file under way.
#ifndef ANCHORAGE_SPEND_LOAD_ROW_H
#define ANCHORAGE_SPEND_LOAD_ROW_H

#include "spend/load_read.h"

// The cells of row i that say who was paid, through whom (of a tier-2 file), and for what, to their numbers.
uint32_t row_payee(struct reading *r, const struct anc_cells *b, uint32_t i);
uint32_t row_through(struct reading *r, const struct anc_cells *b, uint32_t i);
uint32_t row_label(struct reading *r, const struct anc_cells *b, uint32_t i);

// Takes the payment of row i, once its texts have numbers.
enum err row_take(struct reading *r, const struct anc_cells *b, uint32_t i) MUST;

// Why a file was refused: the first error, or the first of what was said.
const char *findings_reason(const struct findings *f);

#endif
