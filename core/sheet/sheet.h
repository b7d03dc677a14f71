// SPDX-License-Identifier: Apache-2.0
// Tables of cells out of files people have: CSV of any delimiter and encoding, a zip with one of them,
// workbooks (XLSX, ODS). Rows come in blocks; memory is bounded whatever the file holds.
//
// CSV is scanned in this process. Workbooks are XML of strangers and are read by a small program of its own
// beside this one (anchorage-book), which may do nothing but read the file and write rows to a pipe.
#ifndef ANCHORAGE_SHEET_SHEET_H
#define ANCHORAGE_SHEET_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHEET_BLOCK_ROWS 4096                // most rows of a block
#define SHEET_CELL_MAX   65536               // bytes in one cell
#define SHEET_CELLS_MAX  512                 // cells in one row
#define SHEET_ROW_MAX    ((size_t)1 << 20)   // bytes in one row
#define SHEET_FILE_MAX   ((uint64_t)4 << 30) // bytes of a file, unpacked
#define SHEET_ROWS_MAX   ((uint64_t)50000000)

// Rows as they stand in the file, blank ones too; of a workbook only those with text. Everything lives until
// the next call.
struct sheet_block {
    uint32_t rows;
    const char *const *text; // NUL-terminated UTF-8
    const uint32_t *length;  // bytes without the NUL
    const uint32_t
        *first; // rows + 1: cells of row i are text[first[i]] up to text[first[i + 1]], at least one
    const uint64_t *line; // of the file on which the row starts, from 1; of a workbook the row's number
};

enum sheet_status {
    SHEET_OK,
    SHEET_END,
    SHEET_REFUSED, // the file will not do: sheet_why says why and what to do
    SHEET_FAILED,  // this machine would not (memory, reading)
};

struct sheet;

struct sheet_options {
    const char *file_name; // a hint, "" unknown
    char delimiter;        // 0: found from the first 64 KiB
    const char *table; // name of the workbook's sheet, "" the first that holds a table. Sheets behind it with
                       // the same headings are read as one with it.
};

// Opens a regular file; a workbook is opened when its sheet has been found. The descriptor stays the caller's
// and must stay open. *ret is set in every case and is to be closed; with SHEET_REFUSED only sheet_why may be
// asked.
enum sheet_status sheet_open(int fd, const struct sheet_options *options, struct sheet **ret);
// The same of a CSV in memory, which must stay.
enum sheet_status sheet_open_memory(const void *bytes, size_t n, const struct sheet_options *options,
                                    struct sheet **ret);
void sheet_close(struct sheet *s); // NULL is fine

// Where the program that reads workbooks lies; without it beside this program, or where it was installed.
void sheet_set_program(const char *path);

// The next block; SHEET_END after the last.
enum sheet_status sheet_next(struct sheet *s, struct sheet_block *ret);

// From the first row again.
enum sheet_status sheet_rewind(struct sheet *s);

const char *sheet_why(const struct sheet *s); // a sentence for people, "" when all is well

// Progress: bytes of the file taken so far, and of all.
uint64_t sheet_done(const struct sheet *s);
uint64_t sheet_bytes(const struct sheet *s);

// What it is: "CSV, separated by commas", "Workbook (XLSX), sheet Payments".
const char *sheet_words(const struct sheet *s);
// Of a workbook: names of sheets behind it that hold tables and are not read, parted by ", "; else "".
const char *sheet_unread(const struct sheet *s);
uint64_t sheet_recoded(const struct sheet *s); // cells that were windows-1252

// Lower-case hexadecimal SHA-256 of the whole file as it lies on disk; computed beside the reading, complete
// after SHEET_END.
const char *sheet_sha256(struct sheet *s);

#endif
