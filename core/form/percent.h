// SPDX-License-Identifier: Apache-2.0
// Shares as people write them, "31.9", and as the house keeps them: whole hundredths of a per cent.
#ifndef ANCHORAGE_FORM_PERCENT_H
#define ANCHORAGE_FORM_PERCENT_H

#include <stdbool.h>
#include <stdint.h>

#define PERCENT_TEXT_BYTES 24
#define PERCENT_MAX_BP     INT64_C(100000000000) // a thousand million per cent: above any use

// "31.9", "31.90 %", "-2", "1,250": at most two decimals. False when it is not a percentage or above
// PERCENT_MAX_BP; *ret_bp is then untouched.
bool percent_parse(const char *s, int64_t *ret_bp);

// 3190 gives "31.9", 3100 "31", -25 "-0.25" into out (PERCENT_TEXT_BYTES).
void percent_format_plain(int64_t bp, char *out);

#endif
