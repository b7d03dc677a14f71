// SPDX-License-Identifier: Apache-2.0
// Reads a workbook, XLSX or ODS, into frames of rows: which of the two it is, and what they share.
#include "sheet/book/book.h"

#include <stdlib.h>
#include <string.h>

void look_row(struct book_look *l, uint32_t cells) {
    l->rows++;
    l->wide += cells >= 3;
    l->narrow += cells >= 2;
}

bool look_enough(const struct book_look *l) {
    return l->wide >= 3 || l->rows >= LOOK_ROWS;
}

int look_worth(const struct book_look *l, bool hidden) {
    int worth = l->wide >= 3 ? 4 : l->narrow >= 2 ? 3 : 0;
    return hidden && worth > 0 ? worth - 2 : worth;
}

bool book_text_add(struct book_text *t, const char *text, size_t n, size_t max) {
    if (n > max || t->n > max - n) {
        return false;
    }
    if (t->n + n > t->cap) {
        size_t cap = t->cap ? t->cap : 1024;
        while (cap < t->n + n) {
            cap += cap / 2;
        }
        char *grown = realloc(t->p, cap);
        if (!grown) {
            return false;
        }
        t->p = grown;
        t->cap = cap;
    }
    if (n > 0) {
        memcpy(t->p + t->n, text, n);
    }
    t->n += n;
    return true;
}

static enum book_refusal read_file(struct book_file *f, const char *table, struct rows *out) {
    f->zip = zipio_open(&f->io, f->source);
    if (!f->zip) {
        return BOOK_DAMAGED;
    }
    enum book_refusal refusal = xml_find(f, "[Content_Types].xml") ? xlsx_read(f, table, out)
                                : xml_find(f, "content.xml")       ? ods_read(f, table, out)
                                                                   : BOOK_NO_BOOK;
    unzClose(f->zip);
    return refusal;
}

enum book_refusal book_read(const struct source *source, const char *table, rows_send_fn *send, void *arg) {
    struct book_file f = {.source = source};
    struct rows out;
    if (!rows_begin(&out, send, arg)) {
        return BOOK_NO_MEMORY;
    }
    enum book_refusal refusal = read_file(&f, table, &out);
    if (refusal == BOOK_READ) {
        rows_flush(&out);
        refusal = out.refusal;
    }
    if (refusal == BOOK_READ) {
        rows_frame(&out, FRAME_END, NULL, 0);
    } else {
        uint32_t why = refusal;
        rows_frame(&out, FRAME_REFUSED, &why, sizeof why);
    }
    rows_free(&out);
    return refusal;
}
