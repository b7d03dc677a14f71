// SPDX-License-Identifier: Apache-2.0
// Pictures: what they share, and the frame with finding and table.
#include "render/picture.h"

#include "base/money.h"
#include "base/text.h"
#include "render/escape.h"
#include "render/helpers.h"
#include "render/pictureint.h"
#include "render/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PICTURE_HTML_MAX (64u * 1024 * 1024)
#define LETTER_PX        16
#define VALUE_PX         17 // bold letters of the same size are somewhat wider
#define GAP_PX           12 // between a label and its value
#define NARROW_PX        330 // width of a picture on a usual phone; widths of letters are taken rather too wide
#define WIDE_PX          580 // and on the smallest tablet

// ---- numbers and words --------------------------------------------------------------------------------

bool pic_number(const struct pic *p, size_t row, size_t key, int64_t *ret) {
    const struct cell *c = &p->t->rows[row][p->column[key]];
    if (c->is_number) {
        *ret = c->number;
    }
    return c->is_number;
}

const char *pic_words(const struct pic *p, size_t row, size_t key, char *small) {
    return table_words(&p->t->columns[p->column[key]], &p->t->rows[row][p->column[key]], small);
}

// One decimal, rounded half away from zero, below ten; none from a hundred on.
static void put_scaled(char out[STAMP_TEXT_BYTES], bool minus, uint64_t v, uint64_t unit, const char *end) {
    uint64_t tenths = v / (unit / 10) + (v % (unit / 10) >= unit / 20);
    if (tenths >= 1000) {
        uint64_t whole = v / unit + (v % unit >= unit / 2);
        snprintf(out, STAMP_TEXT_BYTES, "%s£%" PRIu64 "%s", minus ? "-" : "", whole, end);
    } else if (tenths % 10) {
        snprintf(out, STAMP_TEXT_BYTES, "%s£%" PRIu64 ".%" PRIu64 "%s", minus ? "-" : "", tenths / 10,
                 tenths % 10, end);
    } else {
        snprintf(out, STAMP_TEXT_BYTES, "%s£%" PRIu64 "%s", minus ? "-" : "", tenths / 10, end);
    }
}

static void money_tiny(int64_t pence, char out[STAMP_TEXT_BYTES]) {
    uint64_t v = pence < 0 ? 0 - (uint64_t)pence : (uint64_t)pence;
    if (v < UINT64_C(1000000)) { // below £10,000
        money_format_pounds(pence, out);
    } else if (v < UINT64_C(99950000)) {
        put_scaled(out, pence < 0, v, UINT64_C(100000), "k");
    } else if (v < UINT64_C(99950000000)) {
        put_scaled(out, pence < 0, v, UINT64_C(100000000), "m");
    } else {
        put_scaled(out, pence < 0, v, UINT64_C(100000000000), "bn");
    }
}

void pic_short(const struct pic *p, size_t key, int64_t v, char out[STAMP_TEXT_BYTES]) {
    enum cell_kind kind = p->t->columns[p->column[key]].kind;
    if (kind == CELL_MONEY) {
        money_tiny(v, out);
    } else if (kind == CELL_PERCENT) {
        percent_format(v, out);
    } else {
        count_format(v, out);
    }
}

void pic_plain(const struct pic *p, size_t key, int64_t v, char out[STAMP_TEXT_BYTES]) {
    if (p->t->columns[p->column[key]].kind == CELL_MONEY) {
        money_format_short(v, out);
    } else {
        pic_short(p, key, v, out);
    }
}

size_t pic_letters(const char *s, int px, int letter_px) {
    size_t n = 0, letters = 0, fit = 0;
    while (s[n]) {
        do {
            n++;
        } while (((unsigned char)s[n] & 0xC0) == 0x80);
        letters++;
        int w = pic_width(s, n) * letter_px / 1000;
        if (w > px) {
            return fit + 1;
        }
        fit = w + letter_px <= px ? letters : fit;
    }
    return letters;
}

static void put_label(const struct pic *p, const char *s, size_t letters, const char *more, int x, size_t y) {
    strb_printf(p->out, "<text class=\"anc-chart__label%s\" x=\"%d\" y=\"%zu\">", more, x, y);
    pic_cut(p->out, s, letters);
    strb_puts(p->out, "</text>");
}

void pic_label(const struct pic *p, const char *s, const char *value, int x, size_t y) {
    int taken = x + (*value ? pic_width(value, 40) * VALUE_PX / 1000 + GAP_PX : 0);
    size_t narrow = pic_letters(s, NARROW_PX - taken, LETTER_PX),
           wide = pic_letters(s, WIDE_PX - taken, LETTER_PX);
    if (narrow == wide) {
        put_label(p, s, wide, "", x, y);
        return;
    }
    put_label(p, s, narrow, " anc-chart__narrow", x, y);
    put_label(p, s, wide, " anc-chart__wide", x, y);
}

void pic_cut(struct strb *out, const char *s, size_t chars) {
    if (utf8_count(s) <= chars) {
        escape_text(out, s);
        return;
    }
    size_t n = 0, seen = 0;
    while (s[n] && (seen < chars - 1 || ((unsigned char)s[n] & 0xC0) == 0x80)) {
        n++;
        seen += s[n] && ((unsigned char)s[n] & 0xC0) != 0x80;
    }
    escape_put(out, ESCAPE_TEXT, s, n);
    strb_puts(out, "\xE2\x80\xA6");
}

// ---- width and lines ----------------------------------------------------------------------------------

#define SOFT_HYPHEN "\xC2\xAD"

static bool is_soft_hyphen(const char *s) {
    return (unsigned char)s[0] == 0xC2 && (unsigned char)s[1] == 0xAD;
}

// Advance widths of the letters of a common sans serif (Helvetica, by its font metrics) from " " to "~", in
// thousandths of the letter size.
static const short widths[95] = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};

// Somewhat wider than that, since other fonts are.
static int letter_width(unsigned char ch) {
    return ch >= ' ' && ch <= '~' ? widths[ch - ' '] * 105 / 100 : 1000; // any other script: better too wide
}

int pic_width(const char *s, size_t n) {
    int64_t w = 0;
    for (size_t i = 0; i < n && s[i]; i++) {
        unsigned char ch = (unsigned char)s[i];
        if (is_soft_hyphen(&s[i])) {
            i++;
        } else if ((ch & 0xC0) != 0x80) {
            // Letters of Latin scripts with two bytes are as wide as others; anything else is taken as
            // square.
            w += ch >= 0xC3 && ch <= 0xC9 ? 640 : letter_width(ch);
        }
    }
    return w > 1000000 ? 1000000 : (int)w;
}

size_t pic_wrap(const char *s, int most, size_t cap, struct pic_line *ret) {
    size_t lines = 0;
    const char *at = s;
    while (*at == ' ') {
        at++;
    }
    while (*at) {
        const char *end = NULL, *next = NULL;
        bool hyphen = false;
        for (const char *q = at;; q++) {
            bool soft = *q && is_soft_hyphen(q);
            if (*q && *q != ' ' && !soft) {
                continue;
            }
            int w = pic_width(at, (size_t)(q - at)) + (soft ? letter_width('-') : 0);
            if (w > most) {
                break;
            }
            end = q;
            hyphen = soft;
            next = q + (soft ? 2 : 0);
            while (*next == ' ') {
                next++;
            }
            if (!*q) {
                break;
            }
            q += soft;
        }
        if (!end || lines == cap) {
            return 0;
        }
        ret[lines++] = (struct pic_line){at, (size_t)(end - at), hyphen};
        at = next;
    }
    return lines;
}

void pic_line(struct strb *out, const struct pic_line *line) {
    const char *from = line->s, *end = line->s + line->n;
    for (const char *q = from; q < end; q++) {
        if (q + 1 < end && is_soft_hyphen(q)) {
            escape_put(out, ESCAPE_TEXT, from, (size_t)(q - from));
            from = q + 2;
            q++;
        }
    }
    escape_put(out, ESCAPE_TEXT, from, (size_t)(end - from));
    if (line->hyphen) {
        strb_putc(out, '-');
    }
}

// ---- areas --------------------------------------------------------------------------------------------

// What a picture says to those who do not see it: the finding, then what it is made of.
static void put_desc(const struct pic *p) {
    char words[STAMP_TEXT_BYTES], small[STAMP_TEXT_BYTES];
    size_t best = SIZE_MAX, value = p->keys - 1;
    int64_t v, most = INT64_MIN;
    value = p->kind == PICTURE_TREND ? 1 : value;
    for (size_t i = 0; i < p->t->row_count; i++) {
        if (pic_number(p, i, value, &v) && v > most) {
            most = v;
            best = i;
        }
    }
    strb_printf(p->out, "<desc>%zu %s.", p->t->row_count, p->t->row_count == 1 ? "value" : "values");
    if (best != SIZE_MAX) {
        strb_puts(p->out, " The largest: ");
        escape_text(p->out, pic_words(p, best, value - 1, small));
        pic_plain(p, value, most, words);
        strb_puts(p->out, ", ");
        escape_text(p->out, words);
        strb_putc(p->out, '.');
    }
    strb_puts(p->out, " All of them are in the table \"");
    escape_text(p->out, p->t->caption);
    strb_puts(p->out, "\".</desc>\n");
}

void pic_open(const struct pic *p, int height, const char *more) {
    strb_printf(p->out,
                "<svg class=\"anc-chart__svg%s\" width=\"100%%\" height=\"%d\" role=\"img\" aria-label=\"",
                more, height);
    escape_text(p->out, p->finding);
    strb_puts(p->out, "\">\n<title>");
    escape_text(p->out, p->finding);
    strb_puts(p->out, "</title>\n");
    put_desc(p);
}

// Series 1 and 4 are plain, the others have lines or dots over their colour.
static bool has_pattern(size_t series) {
    return series % PIC_SERIES != 0 && series % PIC_SERIES != 3;
}

void pic_patterns(const struct pic *p) {
    static const char *const inside[PIC_SERIES] = {
        NULL,
        "<path class=\"anc-chart__stroke--paper\" d=\"M-2 2l4-4M0 10l10-10M8 12l4-4\"/>",
        "<path class=\"anc-chart__stroke--accent\" d=\"M-2 8l4 4M0 0l10 10M8-2l4 4\"/>",
        NULL,
        "<circle class=\"anc-chart__dot--ink\" cx=\"5\" cy=\"5\" r=\"1.6\"/>",
        "<path class=\"anc-chart__stroke--ink\" d=\"M0 5h10\"/>",
    };
    strb_puts(p->out, "<defs>");
    for (size_t i = 0; i < PIC_SERIES; i++) {
        if (inside[i]) {
            strb_printf(
                p->out,
                "<pattern id=\"p%s-%zu\" width=\"10\" height=\"10\" patternUnits=\"userSpaceOnUse\">%s"
                "</pattern>",
                p->id, i + 1, inside[i]);
        }
    }
    strb_puts(p->out, "</defs>\n");
}

static void put_rect(const struct pic *p, int x, int w, int64_t y, int64_t h) {
    strb_printf(p->out,
                "x=\"%d.%02d%%\" y=\"%" PRId64 ".%" PRId64 "\" width=\"%d.%02d%%\" height=\"%" PRId64
                ".%" PRId64 "\"",
                x / 100, x % 100, y / 10, y % 10, w / 100, w % 100, h / 10, h % 10);
}

void pic_box(const struct pic *p, size_t series, int x, int w, int64_t y, int64_t h) {
    size_t s = series % PIC_SERIES;
    strb_printf(p->out, "<rect class=\"anc-chart__fill--%zu\" ", s + 1);
    put_rect(p, x, w, y, h);
    strb_puts(p->out, "/>");
    if (has_pattern(s)) {
        strb_puts(p->out, "<rect class=\"anc-chart__over\" ");
        put_rect(p, x, w, y, h);
        strb_printf(p->out, " fill=\"url(#p%s-%zu)\"/>", p->id, s + 1);
    }
    strb_putc(p->out, '\n');
}

void pic_sample(const struct pic *p, size_t series) {
    strb_puts(p->out, "<svg class=\"anc-legend__sample\" width=\"22\" height=\"22\" aria-hidden=\"true\" "
                      "focusable=\"false\">");
    pic_box(p, series, 0, 10000, 0, 220);
    strb_puts(p->out, "</svg>");
}

// ---- the frame ----------------------------------------------------------------------------------------

bool picture_keys(enum picture_kind kind, size_t *ret_least, size_t *ret_most) {
    static const size_t least[] = {0, 2, 2, 2, 3, 2}, most[] = {0, 2, PICTURE_KEYS_MAX, 2, 3, 2};
    if (kind <= PICTURE_NONE || kind > PICTURE_TREEMAP) {
        return false;
    }
    *ret_least = least[kind];
    *ret_most = most[kind];
    return true;
}

bool picture_key_is_number(enum picture_kind kind, size_t i) {
    return kind == PICTURE_TILES ? i == 2 : i >= 1;
}

static bool find_columns(struct pic *p, const struct picture *picture) {
    size_t least, most;
    if (!picture_keys(picture->kind, &least, &most) || picture->key_count < least ||
        picture->key_count > most) {
        return false;
    }
    for (size_t k = 0; k < picture->key_count; k++) {
        size_t i = 0;
        while (i < p->t->column_count &&
               (!picture->keys[k] || strcmp(p->t->columns[i].key, picture->keys[k]) != 0)) {
            i++;
        }
        if (i == p->t->column_count ||
            table_column_is_number(&p->t->columns[i]) != picture_key_is_number(picture->kind, k)) {
            return false;
        }
        p->column[k] = i;
    }
    p->keys = picture->key_count;
    return true;
}

// FNV-1a of what is drawn: patterns of two pictures of a page do not share an id unless they are the same.
static void set_id(struct pic *p, const struct picture *picture) {
    uint32_t h = 2166136261u + (uint32_t)picture->kind;
    const char *const texts[] = {p->t->caption, p->finding, picture->keys[0], picture->keys[1]};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (const char *s = texts[i] ? texts[i] : ""; *s; s++) {
            h = (h ^ (unsigned char)*s) * 16777619u;
        }
    }
    snprintf(p->id, sizeof p->id, "%08" PRIx32, h);
}

static void draw(struct pic *p, enum picture_kind kind) {
    p->kind = kind;
    switch (kind) {
    case PICTURE_TREND:
        pic_trend(p);
        break;
    case PICTURE_SPLIT:
        pic_split(p);
        break;
    case PICTURE_TREEMAP:
        pic_treemap(p);
        break;
    case PICTURE_TILES:
        if (p->map && p->map->tile_count > 0) {
            pic_tiles(p);
            break;
        }
        p->column[0] = p->column[1]; // no map: bars of label and value
        p->column[1] = p->column[2];
        p->keys = 2;
        pic_bars(p);
        break;
    case PICTURE_BARS:
        pic_bars(p);
        break;
    case PICTURE_NONE:
        break;
    }
}

const struct html *picture_html(const struct table *t, const struct picture *picture,
                                const struct picture_map *map) {
    struct strb out;
    strb_init(&out, PICTURE_HTML_MAX);
    bool fold = false;
    struct pic p = {.t = t, .finding = picture->finding ? picture->finding : "", .map = map, .out = &out};
    if (t->row_count > 0 && find_columns(&p, picture)) {
        static const char *const kinds[] = {"none", "bars", "trend", "split", "tiles", "treemap"};
        set_id(&p, picture);
        strb_printf(&out, "<div class=\"anc-chart anc-chart--%s\">\n", kinds[picture->kind]);
        if (*p.finding) {
            strb_puts(&out, "<p class=\"anc-chart__finding\">");
            escape_text(&out, p.finding);
            strb_puts(&out, "</p>\n");
        }
        draw(&p, picture->kind);
        strb_puts(&out, "</div>\n");
        fold = picture->folded;
    }
    if (fold) {
        strb_puts(
            &out,
            "<details class=\"govuk-details anc-chart__table\"><summary class=\"govuk-details__summary\">"
            "<span class=\"govuk-details__summary-text\">Show the figures as a table<span "
            "class=\"govuk-visually-hidden\">: ");
        escape_text(&out, t->caption);
        strb_puts(&out, "</span></span></summary>\n<div class=\"govuk-details__text\">\n");
    }
    table_write_html(t, &out);
    strb_puts(&out, fold ? "</div></details>\n" : "");
    return html_take(t->arena, &out);
}
