// SPDX-License-Identifier: Apache-2.0
// Bar charts as inline SVG: x in per cent and y in pixels, so that words keep their size on a phone.
#include "base/day.h"
#include "base/money.h"
#include "base/text.h"
#include "render/escape.h"
#include "render/table.h"
#include "render/tableint.h"
#include "render/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BARS_MAX        30
#define ROW_PX          52
#define LABEL_CHARS_MAX 30
#define CHART_HTML_MAX  (64u * 1024 * 1024)

static size_t column_of(const struct table *t, const char *key) {
    for (size_t i = 0; i < t->column_count; i++) {
        if (strcmp(t->columns[i].key, key) == 0) {
            return i;
        }
    }
    fprintf(stderr, "chart: table \"%s\" has no column %s\n", t->caption, key);
    abort();
}

// Long labels are cut: SVG text does not wrap, and the table below has the whole words.
static void put_label(struct strb *out, const char *s) {
    if (utf8_count(s) <= LABEL_CHARS_MAX) {
        escape_text(out, s);
        return;
    }
    size_t n = 0, chars = 0;
    while (s[n] && (chars < LABEL_CHARS_MAX - 1 || ((unsigned char)s[n] & 0xC0) == 0x80)) {
        n++;
        chars += s[n] && ((unsigned char)s[n] & 0xC0) != 0x80;
    }
    escape_put(out, ESCAPE_TEXT, s, n);
    strb_puts(out, "\xE2\x80\xA6");
}

static void put_bar(struct strb *out, const struct table *t, const struct cell *row, size_t label,
                    size_t value, int64_t top, size_t i) {
    char words[STAMP_TEXT_BYTES], small[STAMP_TEXT_BYTES];
    const struct cell *c = &row[value];
    const char *shown = table_words(&t->columns[value], c, words);
    if (c->is_number && t->columns[value].kind == CELL_MONEY) {
        money_format_short(c->number, words);
        shown = words;
    }
    size_t y = i * ROW_PX;
    strb_printf(out, "<text class=\"anc-chart__label\" x=\"0\" y=\"%zu\">", y + 16);
    put_label(out, table_words(&t->columns[label], &row[label], small));
    strb_printf(out, "</text><text class=\"anc-chart__value anc-chart__value--end\" x=\"100%%\" y=\"%zu\">",
                y + 16);
    escape_text(out, shown);
    int64_t permille =
        c->is_number && c->number > 0 && top > 0 ? (int64_t)((__int128)c->number * 1000 / top) : 0;
    strb_printf(out,
                "</text><rect class=\"anc-chart__bar\" x=\"0\" y=\"%zu\" width=\"%" PRId64 ".%" PRId64
                "%%\" height=\"18\"/>\n",
                y + 24, permille / 10, permille % 10);
}

static void put_svg(struct strb *out, const struct table *t, size_t label, size_t value,
                    const char *finding) {
    size_t bars = t->row_count < BARS_MAX ? t->row_count : BARS_MAX;
    int64_t top = 0;
    for (size_t i = 0; i < bars; i++) {
        const struct cell *c = &t->rows[i][value];
        top = c->is_number && c->number > top ? c->number : top;
    }
    if (bars == 0) {
        return;
    }
    strb_printf(out,
                "<svg class=\"anc-chart__svg\" width=\"100%%\" height=\"%zu\" role=\"img\" aria-label=\"",
                bars * ROW_PX);
    escape_text(out, finding);
    strb_puts(out, "\">\n");
    for (size_t i = 0; i < bars; i++) {
        put_bar(out, t, t->rows[i], label, value, top, i);
    }
    strb_puts(out, "</svg>\n");
}

const struct html *chart_bars_svg(const struct table *t, const char *label_key, const char *value_key,
                                  const char *finding) {
    struct strb out;
    strb_init(&out, CHART_HTML_MAX);
    put_svg(&out, t, column_of(t, label_key), column_of(t, value_key), finding);
    return html_take(t->arena, &out);
}

const struct html *chart_bars(const struct table *t, const char *label_key, const char *value_key,
                              const char *finding) {
    struct strb out;
    strb_init(&out, CHART_HTML_MAX);
    strb_puts(&out, "<div class=\"anc-chart\">\n<p class=\"anc-chart__finding\">");
    escape_text(&out, finding);
    strb_puts(&out, "</p>\n");
    put_svg(&out, t, column_of(t, label_key), column_of(t, value_key), finding);
    strb_puts(&out, "</div>\n");
    table_write_html(t, &out);
    return html_take(t->arena, &out);
}
