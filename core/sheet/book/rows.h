// SPDX-License-Identifier: Apache-2.0
// Rows of a workbook on their way out: cells by column, rows by number, packed into frames.
#ifndef ANCHORAGE_SHEET_BOOK_ROWS_H
#define ANCHORAGE_SHEET_BOOK_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "sheet/book/frame.h"

#define BOOK_ROWS_MAX 1048576 // rows of a sheet, as Excel allows

// Takes bytes of frames; false: nobody listens any more.
typedef bool rows_send_fn(void *arg, const void *bytes, size_t n);

struct rows {
    rows_send_fn *send;
    void *arg;
    char *frame;        // FRAME_MAX
    uint32_t used, row; // bytes in the frame; where the open row starts
    uint32_t count;     // rows in the frame
    uint32_t cells;     // of the open row
    uint64_t last_line, done;
    uint64_t base, last_sent;  // rows of further tables are counted on; the last row that was sent
    enum book_refusal refusal; // the first
};

bool rows_begin(struct rows *r, rows_send_fn *send, void *arg); // false: no memory
void rows_free(struct rows *r);

// Another table follows: its rows are counted on behind the last one that was sent.
void rows_next_table(struct rows *r);

// A row with its number in the table, above that of the last.
void rows_open(struct rows *r, uint64_t line);
// A cell of it, columns from 0 and rising; columns left out are blank. Empty text is left out too.
void rows_cell(struct rows *r, uint32_t column, const char *text, size_t n);
// Ends the row; a row without text is left out. It stands there `times` times.
void rows_close(struct rows *r, uint64_t times);

// Sends a frame without rows, or what is left of the rows.
void rows_frame(struct rows *r, uint32_t kind, const void *bytes, uint32_t n);
void rows_flush(struct rows *r);

#endif
