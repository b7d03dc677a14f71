// SPDX-License-Identifier: Apache-2.0
// Numbers of workbooks as text: amounts as plain decimals, days as ISO dates, by the format of the cell
// (ECMA-376 part 1, 18.8.30 and 18.17.4; OpenDocument 1.3 part 3, 19.385 and on).
#ifndef ANCHORAGE_SHEET_BOOK_NUMBER_H
#define ANCHORAGE_SHEET_BOOK_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#define NUMBER_BYTES 64

enum number_kind { NUMBER_PLAIN, NUMBER_DATE, NUMBER_DATE_TIME, NUMBER_TIME, NUMBER_ZEROS };

struct number_format {
    enum number_kind kind;
    unsigned zeros; // digits shown at least, of NUMBER_ZEROS ("00000000")
};

// What a format of XLSX shows: by its number when it is built in, else by its code ("dd/mm/yyyy").
struct number_format number_format_builtin(unsigned id);
struct number_format number_format_code(const char *code);

// Decimal text of a number as it stands in the file to text for people and programs. A fraction with the
// residue of binary arithmetic becomes the shortest decimal that is the same number; an exponent is written
// out. What is no number comes back as it is.
size_t number_text(const char *digits, size_t n, char out[NUMBER_BYTES]);

// A day number of XLSX, counted from 1900 or from 1904: "2025-04-30", "2025-04-30 14:05:00" or "14:05:00";
// what cannot be a day comes back as a number. 0: not a number.
size_t number_date(const char *digits, size_t n, struct number_format f, bool from_1904,
                   char out[NUMBER_BYTES]);

// "2025-04-30T00:00:00" to "2025-04-30"; "PT14H05M00S" to "14:05:00".
size_t number_iso_date(const char *text, size_t n, char out[NUMBER_BYTES]);
size_t number_iso_time(const char *text, size_t n, char out[NUMBER_BYTES]);

// A whole number with zeros in front, "123" to "00000123".
size_t number_zeros(const char *digits, size_t n, unsigned zeros, char out[NUMBER_BYTES]);

#endif
