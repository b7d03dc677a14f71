// SPDX-License-Identifier: Apache-2.0
// Tables as CSV and JSON.
#include "base/csvw.h"
#include "base/day.h"
#include "base/money.h"
#include "render/table.h"
#include "render/tableint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool to_strb(void *user, const char *bytes, size_t n) {
    struct strb *out = user;
    strb_put(out, bytes, n);
    return !out->over;
}

// ISO 8601 of a date or stamp as the database gave it; what cannot be read stays as it is.
static const char *iso_of(const struct column *col, const struct cell *c, char *small) {
    int32_t day;
    int64_t usec;
    if (col->kind == CELL_DAY && day_parse(c->text, &day)) {
        day_iso(day, small);
        return small;
    }
    if (col->kind == CELL_WHEN && stamp_parse(c->text, &usec)) {
        stamp_iso(usec, small);
        return small;
    }
    return c->text;
}

static void csv_header(const struct table *t, struct csvw *w) {
    char title[300];
    for (size_t i = 0; i < t->column_count; i++) {
        const struct column *col = &t->columns[i];
        bool sign = col->kind == CELL_PERCENT && !strchr(col->title, '%');
        snprintf(title, sizeof title, "%s%s", col->title, sign ? " (%)" : "");
        csvw_text(w, title);
        if (col->kind == CELL_LINK) {
            snprintf(title, sizeof title, "%s_url", col->key);
            csvw_text(w, title);
        }
    }
    csvw_end_row(w);
}

static void csv_cell(struct csvw *w, const struct column *col, const struct cell *c) {
    char small[STAMP_TEXT_BYTES];
    if (c->is_number && col->kind == CELL_NUMBER) {
        csvw_int(w, c->number);
    } else if (c->is_number && (col->kind == CELL_MONEY || col->kind == CELL_PERCENT)) {
        csvw_pence(w, c->number); // hundredths in both cases
    } else if (c->is_number) {
        csvw_int(w, c->number);
    } else {
        csvw_text(w, c->text ? iso_of(col, c, small) : NULL);
    }
    if (col->kind == CELL_LINK) {
        csvw_text(w, c->extra);
    }
}

void table_csv(const struct table *t, struct strb *out) {
    struct csvw w;
    csvw_init(&w, to_strb, out);
    csvw_mark(&w);
    csv_header(t, &w);
    for (size_t r = 0; r < t->row_count; r++) {
        for (size_t i = 0; i < t->column_count; i++) {
            csv_cell(&w, &t->columns[i], &t->rows[r][i]);
        }
        csvw_end_row(&w);
    }
    for (size_t i = 0; i < t->about_count; i++) {
        if (i == 0) {
            csvw_end_row(&w); // a blank row between
        }
        csvw_text(&w, t->about[i].title);
        csvw_text(&w, t->about[i].text);
        csvw_end_row(&w);
    }
}

void table_json_text(struct strb *out, const char *s) {
    strb_putc(out, '"');
    const char *from = s;
    for (; *s; s++) {
        unsigned char u = (unsigned char)*s;
        // "<" as a code too, so that the text is harmless wherever it is pasted.
        if (u >= 0x20 && u != '"' && u != '\\' && u != '<' && u != 0x7f) {
            continue;
        }
        strb_put(out, from, (size_t)(s - from));
        if (u == '"' || u == '\\') {
            strb_putc(out, '\\');
            strb_putc(out, *s);
        } else {
            strb_printf(out, "\\u%04x", u);
        }
        from = s + 1;
    }
    strb_put(out, from, (size_t)(s - from));
    strb_putc(out, '"');
}

static void json_key(const struct column *col, const char *end, struct strb *out) {
    char key[200];
    snprintf(key, sizeof key, "%s%s", col->key, end);
    table_json_text(out, key);
    strb_putc(out, ':');
}

// "<key>_pence" for money, unless the key says so already.
static const char *key_end(const struct column *col) {
    size_t n = strlen(col->key);
    bool said = n > 6 && strcmp(col->key + n - 6, "_pence") == 0;
    return col->kind == CELL_MONEY && !said ? "_pence" : "";
}

static void json_cell(const struct column *col, const struct cell *c, struct strb *out) {
    char small[STAMP_TEXT_BYTES];
    json_key(col, key_end(col), out);
    if (c->is_number && col->kind == CELL_PERCENT) {
        money_format_plain(c->number, small);
        strb_puts(out, small);
    } else if (c->is_number) {
        strb_printf(out, "%" PRId64, c->number);
    } else if (c->text) {
        table_json_text(out, iso_of(col, c, small));
    } else {
        strb_puts(out, "null");
    }
    if (col->kind == CELL_LINK) {
        strb_putc(out, ',');
        json_key(col, "_url", out);
        if (c->extra) {
            table_json_text(out, c->extra);
        } else {
            strb_puts(out, "null");
        }
    }
}

static void json_columns(const struct table *t, struct strb *out) {
    static const char *const kinds[] = {"text", "link", "number", "money", "percent", "date", "time", "tag"};
    for (size_t i = 0; i < t->column_count; i++) {
        const struct column *col = &t->columns[i];
        strb_puts(out, i ? ",{" : "{");
        strb_puts(out, "\"key\":");
        char key[200];
        snprintf(key, sizeof key, "%s%s", col->key, key_end(col));
        table_json_text(out, key);
        strb_puts(out, ",\"title\":");
        table_json_text(out, col->title);
        strb_printf(out, ",\"kind\":\"%s\"}", kinds[col->kind]);
    }
}

void table_json(const struct table *t, struct strb *out) {
    strb_puts(out, "{\"caption\":");
    table_json_text(out, t->caption);
    strb_puts(out, ",\"columns\":[");
    json_columns(t, out);
    strb_puts(out, t->cut ? "],\"complete\":false,\"rows\":[" : "],\"complete\":true,\"rows\":[");
    for (size_t r = 0; r < t->row_count; r++) {
        strb_puts(out, r ? ",\n{" : "\n{");
        for (size_t i = 0; i < t->column_count; i++) {
            if (i) {
                strb_putc(out, ',');
            }
            json_cell(&t->columns[i], &t->rows[r][i], out);
        }
        strb_putc(out, '}');
    }
    strb_puts(out, t->about_count ? "],\n\"about\":{" : "]}\n");
    for (size_t i = 0; i < t->about_count; i++) {
        strb_puts(out, i ? "," : "");
        table_json_text(out, t->about[i].key);
        strb_putc(out, ':');
        table_json_text(out, t->about[i].text);
    }
    strb_puts(out, t->about_count ? "}}\n" : "");
}
