// SPDX-License-Identifier: Apache-2.0
// Reads a workbook, XLSX or ODS, into frames of rows: which of the two it is, and what they share.
#include "sheet/book/book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// FNV-1a, with a mark at the end of each cell.
void look_cell(struct book_look *l, const char *text, size_t n) {
    uint64_t h = l->row ? l->row : UINT64_C(14695981039346656037);
    for (size_t i = 0; i < n; i++) {
        h = (h ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
        l->figures = l->figures || (text[i] >= '0' && text[i] <= '9');
    }
    l->row = (h ^ 0x100) * UINT64_C(1099511628211);
}

bool look_alike(const struct book_look *a, const struct book_look *b) {
    for (unsigned i = 0; i < a->head_count; i++) {
        for (unsigned k = 0; k < b->head_count; k++) {
            if (a->heads[i] == b->heads[k]) {
                return true;
            }
        }
    }
    return false;
}

void names_add(struct book_names *l, const char *name, bool is_read) {
    size_t used = strlen(l->text);
    const char *before = used == 0 ? "" : is_read || l->some_left ? ", " : "; not read: ";
    int n = snprintf(l->text + used, sizeof l->text - used, "%s%s", before, name);
    if (n < 0 || (size_t)n >= sizeof l->text - used) {
        l->text[used] = 0;
        return;
    }
    l->some_left = l->some_left || !is_read;
}

void look_row(struct book_look *l, uint32_t cells) {
    if (cells >= 3 && !l->figures && l->head_count < LOOK_HEADS) {
        l->heads[l->head_count++] = l->row;
    }
    l->row = 0;
    l->figures = false;
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
