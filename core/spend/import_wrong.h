// SPDX-License-Identifier: Apache-2.0
// Rows of an uploaded file that cannot be taken, all of them, in a file beside it in the spool: what is kept
// in the database is only the first of them.
#ifndef ANCHORAGE_SPEND_IMPORT_WRONG_H
#define ANCHORAGE_SPEND_IMPORT_WRONG_H

#include <stdbool.h>
#include <stdint.h>

#define WRONG_ROWS_MAX    100000 // more are not written
#define WRONG_ROWS_SUFFIX ".rows"

struct wrong_rows;

// path: of the uploaded file. NULL when the file beside it cannot be made; the functions below take that.
struct wrong_rows *wrong_rows_new(const char *path);
// In the order of the file. A line that is not behind the last one begins again: all rows came once more.
void wrong_rows_add(struct wrong_rows *w, uint64_t line, const char *why);
void wrong_rows_end(struct wrong_rows *w);

// Calls row for each; `why` lives during the call. False when there is no such file.
bool wrong_rows_read(const char *path, void (*row)(void *arg, uint64_t line, const char *why), void *arg);

// Removes the uploaded file and the one beside it; what cannot be removed now is removed by the sweep.
void wrong_rows_remove_with(const char *path);

#endif
