// SPDX-License-Identifier: Apache-2.0
// The formats and the shared texts of an XLSX workbook.
#include <stdlib.h>
#include <string.h>

#include "sheet/book/xlsx.h"

// ---- formats (18.8) -----------------------------------------------------------------------------------

struct code {
    uint64_t id;
    struct number_format format;
};

struct styles {
    struct xlsx *x;
    struct code *codes;
    size_t code_count;
    bool in_cells; // inside cellXfs
};

static struct number_format format_of(const struct styles *s, uint64_t id) {
    for (size_t i = 0; i < s->code_count; i++) {
        if (s->codes[i].id == id) {
            return s->codes[i].format;
        }
    }
    return number_format_builtin(id < 1000 ? (unsigned)id : 0);
}

static void styles_start(void *arg, const char *name, const struct xml_attributes *a, int *ret_stop) {
    struct styles *s = arg;
    char code[256];
    (void)ret_stop;
    if (strcmp(name, "numFmt") == 0 && s->code_count < XLSX_CODES_MAX &&
        xml_attribute(a, NULL, "formatCode", code, sizeof code)) {
        s->codes[s->code_count].id = xml_attribute_number(a, "numFmtId", UINT64_MAX);
        s->codes[s->code_count++].format = number_format_code(code);
    }
    s->in_cells |= strcmp(name, "cellXfs") == 0;
    if (s->in_cells && strcmp(name, "xf") == 0 && s->x->style_count < XLSX_STYLES_MAX) {
        s->x->styles[s->x->style_count++] = format_of(s, xml_attribute_number(a, "numFmtId", 0));
    }
}

static void styles_end(void *arg, const char *name, int *ret_stop) {
    struct styles *s = arg;
    if (strcmp(name, "cellXfs") == 0) {
        *ret_stop = XML_ENOUGH;
        s->in_cells = false;
    }
}

enum book_refusal xlsx_read_styles(struct xlsx *x) {
    struct styles s = {.x = x, .codes = malloc(XLSX_CODES_MAX * sizeof *s.codes)};
    x->styles = malloc(XLSX_STYLES_MAX * sizeof *x->styles);
    enum book_refusal refusal = BOOK_NO_MEMORY;
    if (s.codes && x->styles) {
        struct xml_events events = {.start = styles_start, .end = styles_end, .arg = &s};
        refusal = x->styles_path[0] ? xml_read(x->file, x->styles_path, &events) : BOOK_READ;
    }
    free(s.codes);
    return refusal == BOOK_NO_BOOK ? BOOK_READ : refusal;
}

// ---- texts (18.4) -------------------------------------------------------------------------------------

struct texts {
    struct xlsx *x;
    unsigned in_text, in_reading; // inside t; inside rPh, which tells how the text is spoken
};

static void texts_start(void *arg, const char *name, const struct xml_attributes *a, int *ret_stop) {
    (void)a;
    (void)ret_stop;
    struct texts *t = arg;
    t->in_text += strcmp(name, "t") == 0;
    t->in_reading += strcmp(name, "rPh") == 0;
}

static bool more_texts(struct xlsx *x) {
    if (x->text_count < x->text_cap) {
        return true;
    }
    size_t cap = x->text_cap ? x->text_cap * 2 : 1024;
    uint32_t *grown = realloc(x->text_ends, cap * sizeof *grown);
    if (!grown) {
        return false;
    }
    x->text_ends = grown;
    x->text_cap = cap;
    return true;
}

static void texts_end(void *arg, const char *name, int *ret_stop) {
    struct texts *t = arg;
    struct xlsx *x = t->x;
    t->in_text -= t->in_text > 0 && strcmp(name, "t") == 0;
    t->in_reading -= t->in_reading > 0 && strcmp(name, "rPh") == 0;
    if (strcmp(name, "si") != 0) {
        return;
    }
    if (x->text_count == XLSX_TEXTS_MAX || !more_texts(x)) {
        *ret_stop = x->text_count == XLSX_TEXTS_MAX ? BOOK_TOO_MANY_TEXTS : BOOK_NO_MEMORY;
        return;
    }
    size_t from = x->text_count ? x->text_ends[x->text_count - 1] : 0;
    if (x->texts.n > from) {
        x->texts.n = from + xlsx_undo_escapes(x->texts.p + from, x->texts.n - from);
    }
    x->text_ends[x->text_count++] = (uint32_t)x->texts.n;
}

static void texts_text(void *arg, const char *text, size_t n, int *ret_stop) {
    struct texts *t = arg;
    if (t->in_text && !t->in_reading && !book_text_add(&t->x->texts, text, n, XLSX_TEXT_BYTES)) {
        *ret_stop = BOOK_TOO_MANY_TEXTS;
    }
}

enum book_refusal xlsx_read_texts(struct xlsx *x) {
    struct texts t = {.x = x};
    struct xml_events events = {.start = texts_start, .end = texts_end, .text = texts_text, .arg = &t};
    enum book_refusal refusal = x->texts_path[0] ? xml_read(x->file, x->texts_path, &events) : BOOK_READ;
    return refusal == BOOK_NO_BOOK ? BOOK_READ : refusal;
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

size_t xlsx_undo_escapes(char *text, size_t n) {
    size_t to = 0;
    for (size_t i = 0; i < n;) {
        int code = -1;
        if (n - i >= 7 && text[i] == '_' && text[i + 1] == 'x' && text[i + 6] == '_') {
            code = 0;
            for (size_t k = i + 2; k < i + 6 && code >= 0; k++) {
                code = hex_digit(text[k]) < 0 ? -1 : code * 16 + hex_digit(text[k]);
            }
        }
        if (code < 0 || code > 0x7E) {
            text[to++] = text[i++];
            continue;
        }
        // Of the control characters only those that text may hold.
        if (code >= ' ' || code == '\n' || code == '\r' || code == '\t') {
            text[to++] = (char)code;
        }
        i += 7;
    }
    return to;
}
