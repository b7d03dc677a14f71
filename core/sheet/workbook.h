// SPDX-License-Identifier: Apache-2.0
// Workbooks (XLSX, ODS), read by the program anchorage-book beside this one: starts it, takes its rows from a
// pipe, believes nothing it says. See README.md.
#ifndef ANCHORAGE_SHEET_WORKBOOK_H
#define ANCHORAGE_SHEET_WORKBOOK_H

#include "sheet/sheet.h"

struct workbook;

// Starts reading. table: name of the sheet, "" the first that holds a table. NULL: no memory, or the program
// could not be started; *ret_why says so.
struct workbook *workbook_open(int fd, const char *table, const char **ret_why);
void workbook_close(struct workbook *w); // ends the program; NULL is fine

// The next rows. SHEET_REFUSED, SHEET_FAILED: workbook_why.
enum sheet_status workbook_next(struct workbook *w, struct sheet_block *ret);

const char *workbook_why(const struct workbook *w);
const char *
workbook_table(const struct workbook *w);         // name of the sheet that is read, "" before the first rows
uint64_t workbook_done(const struct workbook *w); // bytes of the file taken, roughly

#endif
