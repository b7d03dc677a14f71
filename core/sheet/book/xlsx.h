// SPDX-License-Identifier: Apache-2.0
// The parts of an XLSX workbook (ECMA-376 part 1): what is in it, its formats, its texts, one of its sheets.
#ifndef ANCHORAGE_SHEET_BOOK_XLSX_H
#define ANCHORAGE_SHEET_BOOK_XLSX_H

#include "sheet/book/book.h"
#include "sheet/book/number.h"

#define XLSX_SHEETS_MAX 256
#define XLSX_STYLES_MAX 65536
#define XLSX_CODES_MAX  4096
#define XLSX_TEXTS_MAX  4194304             // shared texts
#define XLSX_TEXT_BYTES ((size_t)128 << 20) // all of them together

struct xlsx_sheet {
    char name[FRAME_NAME], id[64], path[256];
    bool hidden, is_table; // is_table: a worksheet, no chart
    bool also;             // goes on where the first table ends
    bool left;             // a table of its own, which is not read
};

struct xlsx {
    struct book_file *file;
    struct rows *out;
    char book[256], styles_path[256], texts_path[256];
    bool from_1904;
    struct xlsx_sheet *sheets;
    size_t sheet_count;
    struct number_format *styles; // by the number that a cell names
    size_t style_count;
    struct book_text texts; // one after the other
    uint32_t *text_ends;    // where each ends
    size_t text_count, text_cap;
};

// Fills in formats and shared texts. Files without them are none the worse.
enum book_refusal xlsx_read_styles(struct xlsx *x);
enum book_refusal xlsx_read_texts(struct xlsx *x);

// Reads one sheet: its rows go out, or with `look` only its first rows are looked at.
enum book_refusal xlsx_read_sheet(struct xlsx *x, const char *path, struct book_look *look);

// Undoes "_x000D_", in place; returns the new length (22.9.2.19).
size_t xlsx_undo_escapes(char *text, size_t n);

#endif
