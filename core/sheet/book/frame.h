// SPDX-License-Identifier: Apache-2.0
// What the program anchorage-book writes to its pipe; numbers in the byte order of the machine, since both
// ends run on it.
//
//   frame   u32 kind, u32 bytes of what follows (at most FRAME_MAX)
//   'T'     name of the table that is read, UTF-8; once, before the rows
//   'R'     u64 bytes of the workbook taken so far, u32 rows (at most SHEET_BLOCK_ROWS), then each row:
//           u64 its number in the table (rising), u32 cells (1 to SHEET_CELLS_MAX), then each cell:
//           u32 bytes (at most SHEET_CELL_MAX), UTF-8 without NUL, a NUL
//   'E'     the end, nothing in it; the program exits with 0
//   'N'     u32 enum book_refusal; the program exits with 0
//
// Whoever reads checks all of it: behind a pipe from a program that has read a stranger's file there may be
// anything.
#ifndef ANCHORAGE_SHEET_BOOK_FRAME_H
#define ANCHORAGE_SHEET_BOOK_FRAME_H

#include <stdint.h>

#include "sheet/sheet.h"

#define FRAME_TABLE   ((uint32_t)'T')
#define FRAME_ROWS    ((uint32_t)'R')
#define FRAME_END     ((uint32_t)'E')
#define FRAME_REFUSED ((uint32_t)'N')

#define BOOK_EXIT_LIMITS 3 // exit status: the limits could not be set, nothing was read

#define FRAME_HEAD 8
#define FRAME_GOAL ((uint32_t)256 << 10) // a frame of rows is sent when it has grown to this
#define FRAME_MAX  ((uint32_t)2 << 20)   // the goal, a whole row, and the counts of its cells
#define FRAME_NAME 256                   // bytes of a table's name and its NUL

enum book_refusal {
    BOOK_READ, // not refused
    BOOK_NO_BOOK,
    BOOK_DAMAGED,
    BOOK_LOCKED,
    BOOK_BOMB,
    BOOK_TOO_LARGE,
    BOOK_NO_TABLE,
    BOOK_NO_SUCH_TABLE,
    BOOK_STRANGE_XML, // a document type or an entity: no spreadsheet writes them
    BOOK_TOO_MANY_TEXTS,
    BOOK_CELL_TOO_LONG,
    BOOK_TOO_MANY_CELLS,
    BOOK_ROW_TOO_LONG,
    BOOK_TOO_MANY_ROWS,
    BOOK_NO_MEMORY,
    BOOK_REFUSALS,
};

#endif
