// SPDX-License-Identifier: Apache-2.0
// Cuts the bytes of a CSV file into blocks of cells, in the buffer they were read into.
//
// Format: RFC 4180, read as leniently as spreadsheets write it: quotes only at the start of a cell (text
// after the closing quote is kept; a quote that would close a cell some lines on, inside a text, leaves
// the one that opened it a mark like any other), line ends CRLF, LF or CR, rows of any number of cells, blank
// rows kept. Each cell that is not UTF-8 is read as windows-1252: most British council files are one or the
// other, and some are both, so the choice is made cell by cell.
//
// A row is first only looked at; when its end is in the buffer, its cells are closed with NULs in place of
// their delimiters, quotes are undone in place, and windows-1252 goes to a side buffer. So a row that runs
// over the end of the buffer is untouched and is simply looked at again when more bytes are there.
#ifndef ANCHORAGE_SHEET_SCAN_H
#define ANCHORAGE_SHEET_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sheet/sheet.h"

#define SCAN_FILL ((size_t)256 << 10) // bytes asked for at a time; small enough to stay in the cache

enum scan_status {
    SCAN_BLOCK, // rows were found
    SCAN_MORE,  // more bytes are needed: scan_room, scan_add
    SCAN_END,
    SCAN_NUL,            // a NUL byte: not text
    SCAN_CELL_TOO_LONG,  // above SHEET_CELL_MAX
    SCAN_TOO_MANY_CELLS, // above SHEET_CELLS_MAX
    SCAN_ROW_TOO_LONG,   // above SHEET_ROW_MAX
    SCAN_UNCLOSED_QUOTE, // the file ended inside quotes; scan_line is where they opened
    SCAN_NO_MEMORY,
};

struct scan;

struct scan *scan_new(void); // NULL: no memory
void scan_free(struct scan *s);

// Forgets all bytes, for another reading from the start.
void scan_reset(struct scan *s);

// What the head of the file told: rows begin at the bytes now in the buffer, on that line of the file.
void scan_start(struct scan *s, char delimiter, uint64_t line);

// Room of at least SCAN_FILL bytes for the bytes that follow; ends the life of the last block.
char *scan_room(struct scan *s);
// n bytes were put there; last: the file ends with them.
void scan_add(struct scan *s, size_t n, bool last);
// The bytes that lie unread in the buffer; a caller may look at the head of the file before reading it, and
// skip some of it.
const unsigned char *scan_head(const struct scan *s, size_t *ret_n);
void scan_skip(struct scan *s, size_t n);

// The next rows. A status that is an error stays.
enum scan_status scan_block(struct scan *s, struct sheet_block *ret);

uint64_t scan_line(const struct scan *s);    // line at which the next row starts, or the faulty one
uint64_t scan_recoded(const struct scan *s); // cells that were windows-1252

#endif
