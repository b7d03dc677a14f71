// SPDX-License-Identifier: Apache-2.0
// Money as whole pence in int64; never floating point.
#ifndef ANCHORAGE_BASE_MONEY_H
#define ANCHORAGE_BASE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MONEY_TEXT_BYTES 40

// Reads what a person types: "1234", "£1,234.5", " 1 234.56 ". At most two decimals, no sign,
// at most MONEY_MAX_PENCE. False when it is not an amount; *ret_pence is then untouched.
bool money_parse(const char *s, int64_t *ret_pence);
#define MONEY_MAX_PENCE INT64_C(10000000000000) // GBP 100 billion: above any notice or ledger line

// "£1,234.56", "-£0.05" into out (MONEY_TEXT_BYTES).
void money_format(int64_t pence, char *out);

// "£1,235": rounded half away from zero to whole pounds.
void money_format_pounds(int64_t pence, char *out);

// "£91.2 million", "£4,300", "£1.2 billion": for headlines, rounded half away from zero.
void money_format_short(int64_t pence, char *out);

// "1234.56" with no sign of currency and no separators, for CSV, XML and form values.
void money_format_plain(int64_t pence, char *out);

// Sums with overflow checked; false leaves *ret untouched.
bool money_add(int64_t a, int64_t b, int64_t *ret);

// part/whole as hundredths of a per cent, rounded half away from zero; 0 when whole is 0.
int64_t money_share_bp(int64_t part, int64_t whole);

#endif
