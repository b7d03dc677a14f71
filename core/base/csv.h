// SPDX-License-Identifier: Apache-2.0
// A streaming CSV reader: bytes are pushed in, one callback per record comes out.
//
// Format: RFC 4180, read as leniently as spreadsheets write it: comma, semicolon, tab or bar (found from the
// first 64 KiB, or named by a "sep=;" line), quotes only at the start of a cell, line ends CRLF, LF or CR,
// rows of any number of cells. A byte-order mark is dropped, also one that was encoded as UTF-8 twice or
// three times. Each cell that is not UTF-8 is read as windows-1252 (most British council files are one or the
// other, and some are both, so the choice is made cell by cell).
#ifndef ANCHORAGE_BASE_CSV_H
#define ANCHORAGE_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSV_FIELD_MAX  65536         // bytes in one cell
#define CSV_FIELDS_MAX 512           // cells in one record
#define CSV_RECORD_MAX (1024 * 1024) // bytes in one record

enum csv_status {
    CSV_OK,
    CSV_STOPPED,         // the callback asked to stop
    CSV_UTF16,           // UTF-16 or UTF-32 text
    CSV_WORKBOOK,        // an Excel or OpenDocument workbook, or another archive
    CSV_PDF,             // a PDF
    CSV_WEB_PAGE,        // HTML or XML
    CSV_NUL,             // a NUL byte: not text
    CSV_FIELD_TOO_LONG,  // more than CSV_FIELD_MAX bytes in a cell
    CSV_TOO_MANY_FIELDS, // more than CSV_FIELDS_MAX cells in a record
    CSV_RECORD_TOO_LONG, // more than CSV_RECORD_MAX bytes in a record
    CSV_UNCLOSED_QUOTE,  // the file ended inside quotes
    CSV_NO_MEMORY,
};

// One record. Everything belongs to the reader and lives until the callback returns.
struct csv_row {
    const char *const *cells; // NUL-terminated UTF-8; cells[0..count)
    const uint32_t *lengths;  // bytes of each cell without the NUL
    size_t count;             // at least 1; an empty line is one empty cell
    uint64_t line;            // line of the file on which the record starts, from 1
    uint64_t number;          // record number, from 1
};

// Returns false to stop reading.
typedef bool csv_row_fn(void *user, const struct csv_row *row);

struct csv_options {
    char delimiter;                              // 0: find it
    void *(*resize)(void *memory, size_t bytes); // NULL: realloc; for tests of running out of memory
};

struct csv_reader;

// options may be NULL. Returns NULL when there is no memory. Release with csv_close (NULL is fine).
struct csv_reader *csv_open(const struct csv_options *options, csv_row_fn *row, void *user);
void csv_close(struct csv_reader *r);

// Pushes n bytes. Any status but CSV_OK is final and is returned again by later calls.
enum csv_status csv_feed(struct csv_reader *r, const void *bytes, size_t n);

// Ends the input; gives out the last record when it has no line end.
enum csv_status csv_finish(struct csv_reader *r);

char csv_delimiter(const struct csv_reader *r);   // 0 before it is known
uint64_t csv_line(const struct csv_reader *r);    // line being read: where an error is
uint64_t csv_recoded(const struct csv_reader *r); // cells that were windows-1252
bool csv_had_mark(const struct csv_reader *r);    // a byte-order mark was dropped

// A sentence for people: what is wrong and what to do. "" for CSV_OK.
const char *csv_status_text(enum csv_status s);

#endif
