// SPDX-License-Identifier: Apache-2.0
// What stands around the columns of a payments file: titles that say the scale of its figures, a second table
// beside the first, a column that names the currency.
#ifndef LOCAL_SPEND_AROUND_H
#define LOCAL_SPEND_AROUND_H

#include "layout.h"

// Keeps what the headings of the chosen columns mean.
void around_keep_heads(const struct spend_row *heading, struct spend_layout *layout);

// Whether a row above row `until` says that figures are in thousands, in millions or in pence.
bool around_says_scale(const struct spend_row *rows, size_t until);

// Whether payee, date and amount stand there a second time under the same words, with cells below that fit.
bool around_is_beside(const struct spend_row *heading, const struct spend_row *rows, size_t from,
                      size_t count, const struct spend_layout *layout);

// The column that names the currency of each amount; -1 for none, and when the heading of the amounts says
// pounds.
int16_t around_currency(const struct spend_row *heading, int16_t amount);

// Whether a cell of that column names another currency than pounds.
bool around_is_foreign(const char *text);

#endif
