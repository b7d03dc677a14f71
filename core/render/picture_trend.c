// SPDX-License-Identifier: Apache-2.0
// Columns over periods, their parts stacked; what is below zero hangs below the line.
#include "render/escape.h"
#include "render/pictureint.h"

#include <inttypes.h>
#include <string.h>

#define COLUMNS_MAX    24 // the last ones; the table has all
#define PLOT_TENTHS    2000
#define TOP_PX         28   // room for the values above the columns
#define BOTTOM_PX      34   // and for the periods below
#define VALUE_PX       17   // size of bold letters, rather too wide
#define WIDE_PX        580  // width of the picture on the smallest tablet
#define NARROW_PX      290  // width of the picture on the smallest phone
#define PERIOD_PX      15   // size of letters
#define COLUMN_MOST    1800 // hundredths of a per cent
#define ALL_VALUES     6    // columns that all have room for their value
#define VALUE_WIDTH_PX 58
#define INSIDE_TENTHS  240 // a part of this height says its value within

struct trend {
    const struct pic *p;
    size_t first, n;
    int64_t most, least; // heights of the stacks above and below zero
    __int128 range;
};

// The parts of a column and what is left of it, in order from the line outwards.
static size_t parts_of(const struct trend *t, size_t row, int64_t v[PICTURE_KEYS_MAX]) {
    int64_t whole = 0, part;
    size_t n = 0;
    if (!pic_number(t->p, row, 1, &whole)) {
        return 0;
    }
    __int128 rest = whole;
    for (size_t k = 2; k < t->p->keys; k++) {
        part = 0;
        pic_number(t->p, row, k, &part);
        rest -= part;
        v[n++] = part;
    }
    v[n++] = rest > INT64_MAX ? INT64_MAX : rest < INT64_MIN + 1 ? INT64_MIN + 1 : (int64_t)rest;
    return n;
}

static void stack(const struct trend *t, size_t row, int64_t *ret_up, int64_t *ret_down) {
    int64_t v[PICTURE_KEYS_MAX];
    __int128 up = 0, down = 0;
    size_t n = parts_of(t, row, v);
    for (size_t i = 0; i < n; i++) {
        up += v[i] > 0 ? v[i] : 0;
        down += v[i] < 0 ? v[i] : 0;
    }
    *ret_up = up > INT64_MAX ? INT64_MAX : (int64_t)up;
    *ret_down = down < -INT64_MAX ? -INT64_MAX : (int64_t)down;
}

// Where a value stands, in tenths of a pixel from the top.
static int64_t y_of(const struct trend *t, __int128 v) {
    __int128 from_top = (__int128)t->most - v;
    from_top = from_top < 0 ? 0 : from_top > t->range ? t->range : from_top;
    return TOP_PX * 10 + (int64_t)((from_top * PLOT_TENTHS * 2 + t->range) / (t->range * 2));
}

static int centre_of(const struct trend *t, size_t i) {
    return (int)((2 * i + 1) * 10000 / (2 * t->n));
}

// Without parts the whole is the first series; with parts what they leave of it comes last, and muted.
static size_t series_of(const struct trend *t, size_t part) {
    if (t->p->keys == 2) {
        return 0;
    }
    return part == t->p->keys - 2 ? 3 : part < 3 ? part : part + 1;
}

// The value of a part, within its column of width w.
static void put_inside(const struct trend *t, size_t i, size_t part, int w, int64_t v, int64_t y) {
    char words[STAMP_TEXT_BYTES];
    int x = centre_of(t, i);
    pic_short(t->p, 1, v, words);
    int px = pic_width(words, 40) * VALUE_PX / 1000;
    if (px > w * WIDE_PX / 10000) { // wider than its column
        return;
    }
    strb_printf(
        t->p->out,
        "<text class=\"anc-chart__value anc-chart__value--middle anc-chart__on--%zu%s\" x=\"%d.%02d%%\" "
        "y=\"%" PRId64 "\">",
        series_of(t, part) + 1, px > w * NARROW_PX / 10000 ? " anc-chart__wide" : "", x / 100, x % 100, y);
    escape_text(t->p->out, words);
    strb_puts(t->p->out, "</text>\n");
}

static void put_column(const struct trend *t, size_t i, const char *period) {
    int64_t v[PICTURE_KEYS_MAX];
    size_t n = parts_of(t, t->first + i, v);
    int w = (int)(6000 / t->n);
    w = w > COLUMN_MOST ? COLUMN_MOST : w;
    __int128 up = 0, down = 0;
    strb_puts(t->p->out, "<g><title>");
    escape_text(t->p->out, period);
    strb_puts(t->p->out, "</title>\n");
    for (size_t k = 0; k < n; k++) {
        __int128 *at = v[k] < 0 ? &down : &up, from = *at;
        *at += v[k];
        int64_t y0 = y_of(t, v[k] < 0 ? from : *at), y1 = y_of(t, v[k] < 0 ? *at : from);
        if (v[k] != 0) {
            pic_box(t->p, series_of(t, k), centre_of(t, i) - w / 2, w, y0, y1 - y0);
        }
        if (k + 1 < n && t->n <= ALL_VALUES && y1 - y0 >= INSIDE_TENTHS) {
            put_inside(t, i, k, w, v[k], (y0 + y1) / 20 + 6);
        }
    }
    strb_puts(t->p->out, "</g>\n");
}

// Every which period says its name, counted back from the last, so that names do not run into each other.
static size_t name_step(const struct trend *t) {
    char small[STAMP_TEXT_BYTES];
    size_t widest = 1;
    for (size_t i = 0; i < t->n; i++) {
        const char *s = pic_words(t->p, t->first + i, 0, small);
        size_t w = (size_t)pic_width(s, 40) * PERIOD_PX / 1000 + 6;
        widest = w > widest ? w : widest;
    }
    return (widest * t->n + NARROW_PX - 1) / NARROW_PX;
}

// A text above or below the middle of a column; near an edge it begins or ends there.
static void put_text(const struct trend *t, const char *kind, int x, int64_t y, const char *words,
                     size_t chars) {
    int half = pic_width(words, 40) * PERIOD_PX / 2000;
    const char *side = "middle";
    if (x * NARROW_PX / 10000 < half) {
        side = "start";
        x = 0;
    } else if ((10000 - x) * NARROW_PX / 10000 < half) {
        side = "end";
        x = 10000;
    }
    strb_printf(t->p->out,
                "<text class=\"anc-chart__%s anc-chart__value--%s\" x=\"%d.%02d%%\" y=\"%" PRId64 "\">", kind,
                side, x / 100, x % 100, y);
    pic_cut(t->p->out, words, chars);
    strb_puts(t->p->out, "</text>\n");
}

static void put_words(const struct trend *t, size_t i, bool named, bool valued, int floor_px) {
    char words[STAMP_TEXT_BYTES];
    int64_t v, up, down;
    if (valued && pic_number(t->p, t->first + i, 1, &v)) {
        stack(t, t->first + i, &up, &down);
        pic_short(t->p, 1, v, words);
        put_text(t, "value", centre_of(t, i), v < 0 ? y_of(t, down) / 10 + 18 : y_of(t, up) / 10 - 8, words,
                 20);
    }
    if (named) {
        put_text(t, "period", centre_of(t, i), floor_px, pic_words(t->p, t->first + i, 0, words), 18);
    }
}

static void put_key(const struct trend *t) {
    struct strb *out = t->p->out;
    if (t->p->keys == 2) {
        return;
    }
    strb_puts(out, "<ul class=\"anc-legend\">\n");
    // Outermost first, as they stand in the columns; the whole itself stands for what its parts leave.
    for (size_t k = t->p->keys - 1; k >= 1; k--) {
        strb_puts(out, "<li class=\"anc-legend__item\">");
        pic_sample(t->p, series_of(t, k == 1 ? t->p->keys - 2 : k - 2));
        escape_text(out, t->p->t->columns[t->p->column[k]].title);
        strb_puts(out, k == 1 ? " (the whole column)" : " (of it)");
        strb_puts(out, "</li>\n");
    }
    strb_puts(out, "</ul>\n");
}

// Which columns say their value: all of a few; of many the last, the largest, the smallest and the first, as
// far as they do not run into each other.
static void choose_values(const struct trend *t, bool *ret) {
    size_t gap = (VALUE_WIDTH_PX * t->n + NARROW_PX - 1) / NARROW_PX, pick[4] = {t->n - 1, 0, 0, 0};
    int64_t v, most = INT64_MIN, least = INT64_MAX;
    memset(ret, 0, t->n * sizeof *ret);
    for (size_t i = 0; i < t->n; i++) {
        ret[i] = t->n <= ALL_VALUES;
        if (pic_number(t->p, t->first + i, 1, &v)) {
            pick[1] = v > most ? i : pick[1];
            most = v > most ? v : most;
            pick[2] = v < least ? i : pick[2];
            least = v < least ? v : least;
        }
    }
    for (size_t k = 0; k < 4; k++) {
        bool near = false;
        for (size_t i = 0; i < t->n; i++) {
            near = near || (ret[i] && (i > pick[k] ? i - pick[k] : pick[k] - i) < gap);
        }
        ret[pick[k]] = ret[pick[k]] || !near;
    }
}

void pic_trend(const struct pic *p) {
    struct trend t = {.p = p};
    bool valued[COLUMNS_MAX];
    char small[STAMP_TEXT_BYTES];
    t.n = p->t->row_count < COLUMNS_MAX ? p->t->row_count : COLUMNS_MAX;
    t.first = p->t->row_count - t.n;
    for (size_t i = 0; i < t.n; i++) {
        int64_t up, down;
        stack(&t, t.first + i, &up, &down);
        t.most = up > t.most ? up : t.most;
        t.least = down < t.least ? down : t.least;
    }
    t.range = (__int128)t.most - t.least;
    t.range = t.range ? t.range : 1;
    int below = t.least < 0 ? 18 : 0, height = TOP_PX + PLOT_TENTHS / 10 + below + BOTTOM_PX;
    put_key(&t);
    pic_open(p, height, "");
    pic_patterns(p);
    for (size_t i = 0; i < t.n; i++) {
        put_column(&t, i, pic_words(p, t.first + i, 0, small));
    }
    int64_t zero = y_of(&t, 0);
    strb_printf(p->out,
                "<line class=\"anc-chart__axis\" x1=\"0\" y1=\"%" PRId64 ".%" PRId64
                "\" x2=\"100%%\" y2=\"%" PRId64 ".%" PRId64 "\"/>\n",
                zero / 10, zero % 10, zero / 10, zero % 10);
    size_t step = name_step(&t);
    choose_values(&t, valued);
    for (size_t i = 0; i < t.n; i++) {
        put_words(&t, i, (t.n - 1 - i) % step == 0, valued[i], height - 10);
    }
    strb_puts(p->out, "</svg>\n");
}
