// SPDX-License-Identifier: Apache-2.0
// Tables: building, and HTML.
#include "render/table.h"

#include "base/day.h"
#include "base/log.h"
#include "base/money.h"
#include "base/text.h"
#include "render/escape.h"
#include "render/helpers.h"
#include "render/tableint.h"
#include "render/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_HTML_MAX (64u * 1024 * 1024)

struct table *table_new(struct arena *a, const char *caption) {
    struct table *t = arena_alloc(a, sizeof *t);
    t->arena = a;
    t->caption = arena_strdup(a, caption);
    return t;
}

static _Noreturn void bug(const struct table *t, const char *what) {
    fprintf(stderr, "table \"%s\": %s\n", t->caption, what);
    abort();
}

void table_column(struct table *t, const char *key, const char *title, enum cell_kind kind) {
    if (t->column_count == TABLE_COLUMNS_MAX || t->row_count > 0) {
        bug(t, "too many columns, or a column after the first row");
    }
    t->columns[t->column_count++] = (struct column){.key = key, .title = title, .kind = kind};
}

void table_row(struct table *t) {
    t->at = 0;
    if (t->row_count == TABLE_ROWS_MAX) {
        if (!t->cut) {
            log_event(LOG_LEVEL_WARNING, "table_cut", "caption", t->caption, NULL);
        }
        t->cut = true;
        return;
    }
    if (t->row_count == t->row_cap) {
        size_t cap = t->row_cap ? t->row_cap * 2 : 32;
        struct cell **more = arena_array(t->arena, cap, sizeof *more);
        if (t->row_count) {
            memcpy(more, t->rows, t->row_count * sizeof *more);
        }
        t->rows = more;
        t->row_cap = cap;
    }
    t->rows[t->row_count++] =
        arena_array(t->arena, t->column_count ? t->column_count : 1, sizeof(struct cell));
}

// NULL when the row was left out.
static struct cell *next_cell(struct table *t, const struct column **ret_col) {
    if (t->at >= t->column_count || t->row_count == 0) {
        bug(t, "a cell without a column or a row");
    }
    *ret_col = &t->columns[t->at];
    struct cell *c = t->cut ? NULL : &t->rows[t->row_count - 1][t->at];
    t->at++;
    return c;
}

bool table_column_is_number(const struct column *c) {
    return c->kind == CELL_NUMBER || c->kind == CELL_MONEY || c->kind == CELL_PERCENT;
}

static void set_text(struct table *t, const char *text, const char *extra) {
    const struct column *col;
    struct cell *c = next_cell(t, &col);
    if (!c || !text || (!*text && col->kind != CELL_TEXT)) {
        return;
    }
    if (table_column_is_number(col) && text_i64(text, &c->number)) {
        c->is_number = true;
        return;
    }
    c->text = arena_strdup(t->arena, text);
    c->extra = extra ? arena_strdup(t->arena, extra) : NULL;
}

void table_text(struct table *t, const char *text) {
    set_text(t, text, NULL);
}

void table_link(struct table *t, const char *text, const char *url) {
    if (t->at < t->column_count && t->columns[t->at].kind == CELL_TEXT) {
        t->columns[t->at].kind = CELL_LINK;
    }
    set_text(t, text, url);
}

void table_tag(struct table *t, const char *text, const char *colour) {
    set_text(t, text, colour);
}

void table_i64(struct table *t, int64_t v) {
    const struct column *col;
    struct cell *c = next_cell(t, &col);
    if (c) {
        c->number = v;
        c->is_number = true;
    }
}

void table_empty(struct table *t) {
    set_text(t, NULL, NULL);
}

void table_about(struct table *t, const char *key, const char *title, const char *text) {
    if (t->about_count == TABLE_ABOUT_MAX) {
        bug(t, "too many facts about it");
    }
    t->about[t->about_count++] =
        (struct about){key, arena_strdup(t->arena, title), arena_strdup(t->arena, text)};
}

struct table *table_with(const struct table *t) {
    struct table *copy = arena_alloc(t->arena, sizeof *copy);
    *copy = *t;
    copy->row_cap = copy->row_count; // a further row would go into an array of its own
    return copy;
}

size_t table_rows(const struct table *t) {
    return t->row_count;
}

const char *table_caption(const struct table *t) {
    return t->caption;
}

bool table_has_column(const struct table *t, const char *key) {
    for (size_t i = 0; i < t->column_count; i++) {
        if (strcmp(t->columns[i].key, key) == 0) {
            return true;
        }
    }
    return false;
}

bool table_is_cut(const struct table *t) {
    return t->cut;
}

const char *table_words(const struct column *col, const struct cell *c, char *small) {
    int32_t day;
    int64_t usec;
    if (c->is_number) {
        if (col->kind == CELL_MONEY) {
            money_format(c->number, small);
        } else if (col->kind == CELL_PERCENT) {
            percent_format(c->number, small);
        } else {
            count_format(c->number, small);
        }
        return small;
    }
    if (!c->text) {
        return "";
    }
    if (col->kind == CELL_DAY && day_parse(c->text, &day)) {
        day_words(day, small);
        return small;
    }
    if (col->kind == CELL_WHEN && stamp_parse(c->text, &usec)) {
        stamp_words(usec, small);
        return small;
    }
    return c->text;
}

static bool known_colour(const char *colour) {
    static const char *const known[] = {"grey", "green", "turquoise", "blue",   "light-blue", "purple",
                                        "pink", "red",   "orange",    "yellow", "teal",       "magenta"};
    for (size_t i = 0; colour && i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i], colour) == 0) {
            return true;
        }
    }
    return false;
}

static void put_content(struct strb *out, const struct column *col, const struct cell *c) {
    char small[STAMP_TEXT_BYTES];
    const char *words = table_words(col, c, small);
    if (!c->is_number && !c->text) {
        strb_puts(out, "<span aria-hidden=\"true\">\xE2\x80\x93</span><span "
                       "class=\"govuk-visually-hidden\">no figure</span>");
    } else if (col->kind == CELL_LINK && c->extra && escape_url_allowed(c->extra, strlen(c->extra), true)) {
        strb_puts(out, "<a class=\"govuk-link\" href=\"");
        escape_put(out, ESCAPE_SITE, c->extra, strlen(c->extra));
        strb_puts(out, "\">");
        escape_text(out, words);
        strb_puts(out, "</a>");
    } else if (col->kind == CELL_TAG) {
        strb_puts(out, "<strong class=\"govuk-tag");
        if (known_colour(c->extra)) {
            strb_puts(out, " govuk-tag--");
            strb_puts(out, c->extra);
        }
        strb_puts(out, "\">");
        escape_text(out, words);
        strb_puts(out, "</strong>");
    } else {
        escape_text(out, words);
    }
}

static void put_row(const struct table *t, const struct cell *row, struct strb *out) {
    strb_puts(out, "<tr class=\"govuk-table__row\">");
    for (size_t i = 0; i < t->column_count; i++) {
        const struct column *col = &t->columns[i];
        bool number = table_column_is_number(col);
        bool head = i == 0 && !number && row[i].text && row[i].text[0];
        strb_puts(out, head     ? "<th scope=\"row\" class=\"govuk-table__header\">"
                       : number ? "<td class=\"govuk-table__cell govuk-table__cell--numeric\">"
                                : "<td class=\"govuk-table__cell\">");
        put_content(out, col, &row[i]);
        strb_puts(out, head ? "</th>" : "</td>");
    }
    strb_puts(out, "</tr>\n");
}

void table_write_html(const struct table *t, struct strb *out) {
    // Wide tables scroll in their own frame, which the keyboard can reach.
    strb_puts(out, "<div class=\"anc-table-wrap\" role=\"region\" tabindex=\"0\" aria-label=\"");
    escape_text(out, t->caption);
    strb_puts(out, "\">\n<table class=\"govuk-table\">\n<caption class=\"govuk-table__caption "
                   "govuk-table__caption--m\">");
    escape_text(out, t->caption);
    strb_puts(out, "</caption>\n<thead class=\"govuk-table__head\"><tr class=\"govuk-table__row\">");
    for (size_t i = 0; i < t->column_count; i++) {
        strb_puts(out, table_column_is_number(&t->columns[i])
                           ? "<th scope=\"col\" class=\"govuk-table__header govuk-table__header--numeric\">"
                           : "<th scope=\"col\" class=\"govuk-table__header\">");
        escape_text(out, t->columns[i].title);
        strb_puts(out, "</th>");
    }
    strb_puts(out, "</tr></thead>\n<tbody class=\"govuk-table__body\">\n");
    for (size_t i = 0; i < t->row_count; i++) {
        put_row(t, t->rows[i], out);
    }
    strb_puts(out, "</tbody>\n</table>\n</div>\n");
    if (t->cut) {
        strb_puts(
            out,
            "<p class=\"govuk-body\">Only the first 100,000 rows are shown. Use fewer with a filter.</p>\n");
    }
}

const struct html *table_html(const struct table *t) {
    struct strb out;
    strb_init(&out, TABLE_HTML_MAX);
    table_write_html(t, &out);
    return html_take(t->arena, &out);
}
