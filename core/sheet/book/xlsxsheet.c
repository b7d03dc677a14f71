// SPDX-License-Identifier: Apache-2.0
// One sheet of an XLSX workbook: its rows and cells (ECMA-376 part 1, 18.3).
#include <stdlib.h>
#include <string.h>

#include "sheet/book/xlsx.h"

enum kind { KIND_NUMBER, KIND_SHARED, KIND_TEXT, KIND_INLINE, KIND_BOOL, KIND_ERROR, KIND_DATE };

struct sheet_reading {
    struct xlsx *x;
    struct book_look *look; // NULL: rows go out
    uint64_t line;
    uint32_t column, filled; // of the cell; cells with text in the row
    bool in_row, in_cell, in_value, in_inline;
    unsigned in_reading;
    enum kind kind;
    struct number_format format;
    struct book_text value;
};

// "BC12" is column 54; none: the next one.
static uint32_t column_of(const char *reference, uint32_t next) {
    uint32_t column = 0;
    const char *p = reference;
    for (; *p >= 'A' && *p <= 'Z' && column < 100000; p++) {
        column = column * 26 + (uint32_t)(*p - 'A') + 1;
    }
    return column > 0 ? column - 1 : next;
}

static enum kind kind_of(const char *t) {
    static const struct {
        const char *name;
        enum kind kind;
    } kinds[] = {{"s", KIND_SHARED}, {"str", KIND_TEXT}, {"inlineStr", KIND_INLINE},
                 {"b", KIND_BOOL},   {"e", KIND_ERROR},  {"d", KIND_DATE}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(t, kinds[i].name) == 0) {
            return kinds[i].kind;
        }
    }
    return KIND_NUMBER;
}

static void open_cell(struct sheet_reading *r, const struct xml_attributes *a) {
    char text[24] = "";
    uint32_t next = r->column + 1; // the column before the first is UINT32_MAX
    xml_attribute(a, NULL, "r", text, sizeof text);
    r->column = column_of(text, next);
    text[0] = 0;
    xml_attribute(a, NULL, "t", text, sizeof text);
    r->kind = kind_of(text);
    uint64_t style = xml_attribute_number(a, "s", 0);
    r->format =
        style < r->x->style_count ? r->x->styles[style] : (struct number_format){.kind = NUMBER_PLAIN};
    r->value.n = 0;
    r->in_cell = true;
}

static void on_start(void *arg, const char *name, const struct xml_attributes *a, int *ret_stop) {
    struct sheet_reading *r = arg;
    (void)ret_stop;
    if (strcmp(name, "row") == 0) {
        r->line = xml_attribute_number(a, "r", r->line + 1);
        r->column = UINT32_MAX;
        r->filled = 0;
        r->in_row = true;
        if (!r->look) {
            rows_open(r->x->out, r->line);
        }
    } else if (r->in_row && strcmp(name, "c") == 0) {
        open_cell(r, a);
    } else if (r->in_cell && strcmp(name, "v") == 0) {
        r->in_value = true;
    } else if (r->in_cell && strcmp(name, "t") == 0) {
        r->in_inline = true;
    } else if (strcmp(name, "rPh") == 0) {
        r->in_reading++;
    }
}

static void put(struct sheet_reading *r, const char *text, size_t n) {
    r->filled += n > 0;
    if (r->look) {
        look_cell(r->look, text, n);
    } else {
        rows_cell(r->x->out, r->column, text, n);
    }
}

static void put_number(struct sheet_reading *r) {
    char out[NUMBER_BYTES];
    const char *p = r->value.p;
    size_t n = r->value.n, used = 0;
    switch (r->format.kind) {
    case NUMBER_PLAIN:
        break;
    case NUMBER_DATE:
    case NUMBER_DATE_TIME:
    case NUMBER_TIME:
        used = number_date(p, n, r->format, r->x->from_1904, out);
        break;
    case NUMBER_ZEROS:
        used = number_zeros(p, n, r->format.zeros, out);
        break;
    }
    used = used ? used : number_text(p, n, out);
    put(r, out, used);
}

static void put_shared(struct sheet_reading *r) {
    char text[24] = "", *end = text;
    if (r->value.n > 0 && r->value.n < sizeof text) {
        memcpy(text, r->value.p, r->value.n);
    }
    unsigned long long at = strtoull(text, &end, 10);
    if (end == text || *end || at >= r->x->text_count) {
        return; // a text that is not there
    }
    uint32_t from = at ? r->x->text_ends[at - 1] : 0;
    if (r->x->text_ends[at] == from) {
        return;
    }
    put(r, r->x->texts.p + from, r->x->text_ends[at] - from);
}

static void close_cell(struct sheet_reading *r) {
    char out[NUMBER_BYTES];
    r->in_cell = false;
    if (r->value.n == 0) {
        return;
    }
    switch (r->kind) {
    case KIND_NUMBER:
        put_number(r);
        break;
    case KIND_SHARED:
        put_shared(r);
        break;
    case KIND_TEXT:
    case KIND_INLINE:
        put(r, r->value.p, xlsx_undo_escapes(r->value.p, r->value.n));
        break;
    case KIND_ERROR:
        put(r, r->value.p, r->value.n);
        break;
    case KIND_BOOL:
        put(r, r->value.p[0] == '1' ? "TRUE" : "FALSE", r->value.p[0] == '1' ? 4 : 5);
        break;
    case KIND_DATE: {
        size_t used = number_iso_date(r->value.p, r->value.n, out);
        put(r, out, used);
    }
    }
}

static void close_row(struct sheet_reading *r, int *ret_stop) {
    r->in_row = false;
    if (r->look) {
        look_row(r->look, r->filled);
        *ret_stop = look_enough(r->look) ? XML_ENOUGH : 0;
        return;
    }
    struct rows *out = r->x->out;
    out->done = r->x->file->io.at > out->done ? r->x->file->io.at : out->done;
    rows_close(out, 1);
    if (out->refusal != BOOK_READ) {
        *ret_stop = (int)out->refusal;
    }
}

static void on_end(void *arg, const char *name, int *ret_stop) {
    struct sheet_reading *r = arg;
    if (strcmp(name, "v") == 0) {
        r->in_value = false;
    } else if (strcmp(name, "t") == 0) {
        r->in_inline = false;
    } else if (r->in_cell && strcmp(name, "c") == 0) {
        close_cell(r);
    } else if (r->in_row && strcmp(name, "row") == 0) {
        close_row(r, ret_stop);
    } else if (strcmp(name, "sheetData") == 0) {
        *ret_stop = XML_ENOUGH;
    } else if (r->in_reading > 0 && strcmp(name, "rPh") == 0) {
        r->in_reading--;
    }
}

static void on_text(void *arg, const char *text, size_t n, int *ret_stop) {
    struct sheet_reading *r = arg;
    bool wanted = r->in_value || (r->in_inline && r->kind == KIND_INLINE && r->in_reading == 0);
    if (r->in_cell && wanted && !book_text_add(&r->value, text, n, (size_t)SHEET_CELL_MAX * 2)) {
        *ret_stop = BOOK_CELL_TOO_LONG;
    }
}

enum book_refusal xlsx_read_sheet(struct xlsx *x, const char *path, struct book_look *look) {
    struct sheet_reading r = {.x = x, .look = look};
    struct xml_events events = {.start = on_start, .end = on_end, .text = on_text, .arg = &r};
    enum book_refusal refusal = xml_read(x->file, path, &events);
    free(r.value.p);
    return refusal;
}
