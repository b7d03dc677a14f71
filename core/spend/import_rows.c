// SPDX-License-Identifier: Apache-2.0
// The first rows of a file as they stand there, also of one that no plugin can read.
#include "sheet/sheet.h"
#include "spend/import.h"

enum err import_glance(struct ctx *c, int fd, const struct import_work *w) {
    const struct sheet_options options = {.file_name = w->orders.file_name, .table = ""};
    struct sheet *s = NULL;
    struct sheet_block b;
    enum err e = ERR_OK;
    if (sheet_open(fd, &options, &s) == SHEET_OK && sheet_next(s, &b) == SHEET_OK) {
        const struct anc_cells rows = {.size = sizeof rows,
                                       .rows = b.rows,
                                       .text = b.text,
                                       .length = b.length,
                                       .first = b.first,
                                       .line = b.line};
        e = import_first_rows(c, w, &rows);
    }
    sheet_close(s);
    return e;
}
