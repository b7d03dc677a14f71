// SPDX-License-Identifier: Apache-2.0
// Reads a workbook, XLSX or ODS, into frames of rows. All of it runs in the program anchorage-book; as a
// function it is there for tests and for fuzzing.
#ifndef ANCHORAGE_SHEET_BOOK_BOOK_H
#define ANCHORAGE_SHEET_BOOK_BOOK_H

#include "sheet/book/rows.h"
#include "sheet/book/xml.h"

// Sends the frames of the table with that name, or of the first that looks like one and of those behind it
// that have the same headings, as sheets a month have; the last is an end or a refusal, which is also
// returned.
enum book_refusal book_read(const struct source *source, const char *table, rows_send_fn *send, void *arg);

// The formats; each sends the rows of the table and the frame with its name.
enum book_refusal xlsx_read(struct book_file *f, const char *table, struct rows *out);
enum book_refusal ods_read(struct book_file *f, const char *table, struct rows *out);

// Is this a table? Looks at the first rows: three with three cells are one, two with two may be one.
enum { LOOK_ROWS = 1000, LOOK_HEADS = 8 };
struct book_look {
    unsigned rows, wide, narrow; // rows seen; with at least three cells, with at least two
    uint64_t row;                // what the row so far holds, as a number
    bool figures;                // there are digits in it, so it is none of headings
    uint64_t heads[LOOK_HEADS];  // of the first wide ones without
    unsigned head_count;
};
void look_cell(struct book_look *l, const char *text, size_t n);
void look_row(struct book_look *l, uint32_t cells); // ends a row
// Two tables that have a row in common among their first: the headings, so that one goes on in the other.
bool look_alike(const struct book_look *a, const struct book_look *b);
bool look_enough(const struct book_look *l);
// 0: no table. A sheet in sight that may be one comes before a hidden one that surely is.
int look_worth(const struct book_look *l, bool hidden);

// Names of sheets for people: "April, May; not read: Cards". A name that finds no room is left out.
struct book_names {
    char text[FRAME_NAME];
    bool some_left; // "not read" was said
};
void names_add(struct book_names *l, const char *name, bool is_read);

// Text that grows to `max` bytes.
struct book_text {
    char *p;
    size_t n, cap;
};
bool book_text_add(struct book_text *t, const char *text, size_t n,
                   size_t max); // false: no memory, or too long

#endif
