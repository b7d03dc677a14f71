// SPDX-License-Identifier: Apache-2.0
// Workbooks (XLSX, ODS), read by the program anchorage-book beside this one: starts it, takes its rows from a
// pipe, believes nothing it says. See README.md.
#ifndef ANCHORAGE_SHEET_BOOKPIPE_H
#define ANCHORAGE_SHEET_BOOKPIPE_H

#include "sheet/sheet.h"

struct bookpipe;

// Starts reading. table: name of the sheet, "" the first that holds a table. NULL: no memory, or the program
// could not be started; *ret_why says so.
struct bookpipe *bookpipe_open(int fd, const char *table, const char **ret_why);
void bookpipe_close(struct bookpipe *w); // ends the program; NULL is fine

// Waits until it is known which sheet is read, or why none can be. To be called once, before the rows.
enum sheet_status bookpipe_begin(struct bookpipe *w);

// The next rows. SHEET_REFUSED, SHEET_FAILED: bookpipe_why.
enum sheet_status bookpipe_next(struct bookpipe *w, struct sheet_block *ret);

const char *bookpipe_why(const struct bookpipe *w);
const char *bookpipe_table(const struct bookpipe *w); // name of the sheet that is read
uint64_t bookpipe_done(const struct bookpipe *w);     // bytes of the file taken, roughly

#endif
