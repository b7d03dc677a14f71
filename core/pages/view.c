// SPDX-License-Identifier: Apache-2.0
// From rows of the database to what templates show.
#include "pages/view.h"

#include "base/strb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_columns(struct model *m, const struct rows *r, size_t row) {
    for (size_t k = 0; k < rows_columns(r); k++) {
        const char *key = arena_strdup(model_arena(m), rows_column(r, k));
        if (rows_cell_is_bool(r, k)) {
            model_bool(m, key, rows_cell(r, row, k)[0] == 't');
        } else {
            model_text(m, key, rows_cell(r, row, k));
        }
    }
}

void view_rows(struct model *m, const char *key, const struct rows *r) {
    model_list(m, key);
    for (size_t i = 0; i < rows_count(r); i++) {
        put_columns(model_add(m, key), r, i);
    }
}

void view_row(struct model *m, const struct rows *r, size_t row) {
    put_columns(m, r, row);
}

static void put_encoded(struct strb *b, const char *s) {
    for (; *s; s++) {
        unsigned char ch = (unsigned char)*s;
        if ((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
            strchr("-_.~", ch)) {
            strb_putc(b, (char)ch);
        } else {
            strb_printf(b, "%%%02X", ch);
        }
    }
}

const char *view_encoded(struct arena *a, const char *s) {
    struct strb b;
    strb_init(&b, 16384);
    put_encoded(&b, s);
    const char *out = arena_strdup(a, b.p);
    strb_free(&b);
    return out;
}

const char *view_pattern(struct arena *a, const char *q) {
    char *out = arena_alloc(a, strlen(q) * 2 + 3), *p = out;
    *p++ = '%';
    for (; *q; q++) {
        if (strchr("%_\\", *q)) {
            *p++ = '\\';
        }
        *p++ = *q;
    }
    *p++ = '%';
    return out;
}

// The address of another page of the same list, with the filters that are on.
static const char *page_url(struct req *r, int64_t page) {
    struct strb b;
    strb_init(&b, 16384);
    strb_puts(&b, r->path);
    strb_putc(&b, '?');
    for (size_t i = 0; i < r->query_count; i++) {
        if (strcmp(r->query[i].name, "page") != 0 && *r->query[i].value) {
            put_encoded(&b, r->query[i].name);
            strb_putc(&b, '=');
            put_encoded(&b, r->query[i].value);
            strb_putc(&b, '&');
        }
    }
    strb_printf(&b, "page=%lld", (long long)page);
    const char *url = arena_strdup(r->c.arena, b.p);
    strb_free(&b);
    return url;
}

int64_t view_pager(struct req *r, struct model *m, int64_t total, int64_t size) {
    int64_t pages = total > 0 ? (total + size - 1) / size : 1;
    int64_t page = strtoll(req_query(r, "page"), NULL, 10);
    page = page < 1 ? 1 : page > pages ? pages : page;
    model_i64(m, "page", page);
    model_i64(m, "page_count", pages);
    model_i64(m, "total", total);
    model_i64(m, "from", total ? (page - 1) * size + 1 : 0);
    model_i64(m, "to", page * size < total ? page * size : total);
    model_bool(m, "many_pages", pages > 1);
    model_text(m, "page_prev_href", page > 1 ? page_url(r, page - 1) : "");
    model_text(m, "page_next_href", page < pages ? page_url(r, page + 1) : "");
    model_list(m, "pages");
    for (int64_t p = 1; p <= pages; p++) {
        bool near = p == 1 || p == pages || (p >= page - 1 && p <= page + 1);
        bool gap = !near && (p == page - 2 || p == page + 2);
        if (near || gap) {
            struct model *item = model_add(m, "pages");
            model_i64(item, "number", p);
            model_text(item, "href", page_url(r, p));
            model_bool(item, "current", p == page);
            model_bool(item, "gap", gap);
        }
    }
    return (page - 1) * size;
}

enum err view_form_failure(struct req *r, enum err e) {
    if ((e == ERR_INVALID || e == ERR_CONFLICT || e == ERR_GONE) && r->form && *r->c.err_detail) {
        // A plugin may name a field that this form has not.
        bool known = r->c.err_field && form_field(r->form, r->c.err_field);
        form_error(r->form, known ? r->c.err_field : "", r->c.err_detail);
        return ERR_OK;
    }
    return e;
}

struct model *view_filter_field(struct model *m, const char *name, const char *label) {
    struct model *f = model_add(m, "filter_fields");
    model_text(f, "name", name);
    model_text(f, "label", label);
    model_list(f, "options");
    return f;
}

void view_filter_option(struct model *field, const char *value, const char *label, const char *chosen) {
    struct model *o = model_add(field, "options");
    model_text(o, "value", value);
    model_text(o, "label", label);
    model_bool(o, "selected", strcmp(value, chosen) == 0);
}
