// SPDX-License-Identifier: Apache-2.0
// Money as councils write it, read into whole pence with exact decimal arithmetic (no floating point).
#ifndef LOCAL_SPEND_AMOUNT_H
#define LOCAL_SPEND_AMOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum spend_amount {
    AMOUNT_OK,
    AMOUNT_BLANK,     // nothing there
    AMOUNT_BROKEN,    // a spreadsheet's error or a column too narrow: #REF!, #N/A, ########
    AMOUNT_FOREIGN,   // another currency: $11.17, EUR 20
    AMOUNT_SHORTENED, // 1.23E+08: the last digits were lost by the spreadsheet
    AMOUNT_TOO_LARGE, // above AMOUNT_MAX_PENCE: a slip, or not money
    AMOUNT_TEXT,      // anything else
};

// GBP 100 billion: no body pays this in one line, and a bar code read as money is above it.
#define AMOUNT_MAX_PENCE INT64_C(10000000000000)

// How an amount had to be read, and what it shows about how its file writes numbers; a bit set.
enum {
    AMOUNT_WAS_ROUNDED = 1,
    AMOUNT_WAS_MENDED = 2,
    AMOUNT_UNSURE = 4, // 1.234 may be one pound and a bit, or more than a thousand
    AMOUNT_LONG = 8,   // 1234: thousands are not parted, so 1.234 next to it is one pound and a bit
    AMOUNT_SURE = 16,  // its signs can be read in one way only: 12.50, 1,234, 0.500
};

// The sign that parts pounds from pence: Britain's point, or the comma of spreadsheets set to another
// country.
enum spend_decimal { DECIMAL_POINT, DECIMAL_COMMA };

// Reads an amount. Accepted: 1234.5, £1,234.50, " 377,444.02 ", (1,234.00), 1,234.00-, -£5, £-5, 12.00CR, GBP
// 5,
// ="1234.50", 1'234.50, ***1234.50, 1234.50*,
// "-" alone (nothing: zero, as accountants write it), 631.1899999999999 (rounded half away from zero to
// pence: AMOUNT_WAS_ROUNDED), "888361 71" (a decimal point lost in an export: AMOUNT_WAS_MENDED), a pound
// sign in the wrong encoding. Commas, blanks and apostrophes must part groups of three digits. With
// DECIMAL_COMMA points and commas change places: 1.234,56. *ret_pence and *ret_how are set only on AMOUNT_OK.
enum spend_amount spend_amount_read_as(const char *text, enum spend_decimal decimal, int64_t *ret_pence,
                                       unsigned *ret_how);
enum spend_amount spend_amount_read(const char *text, int64_t *ret_pence, unsigned *ret_how); // DECIMAL_POINT

// The same for plain amounts ("1234.5", "-20", "1,234.50", with ASCII blanks and one pound sign around), many
// times faster; false when it is anything else, which says nothing about the amount. n: bytes of text.
bool spend_amount_quick(const char *text, size_t n, int64_t *ret_pence, unsigned *ret_how);

#endif
