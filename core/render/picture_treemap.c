// SPDX-License-Identifier: Apache-2.0
// Areas as large as their values (treemap), laid out for a desk, for a tablet or paper, and for a phone.
#include "render/escape.h"
#include "render/pictureint.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define AREAS_MAX 40
#define LETTER_PX 15
#define LINE_PX   19
#define PAD_PX    7
#define LINES_MAX 4
#define CUT_LEAST 5  // letters that a cut label must have to say something
#define UNITS     16 // of the layout, in a pixel

// ---- the layout ---------------------------------------------------------------------------------------

// The worst proportion of a row of areas along a side, whose areas add up to `sum` and go from `most` down to
// `least`: max(side^2 most / sum^2, sum^2 / (side^2 least)), as a fraction.
struct fraction {
    __int128 a, b;
};

static struct fraction worst(__int128 side, __int128 sum, __int128 most, __int128 least) {
    struct fraction wide = {side * side * most, sum * sum}, tall = {sum * sum, side * side * least};
    // Both numbers stay below 2^63 after this, so that their products do not overflow.
    while (wide.a >> 62 || wide.b >> 62) {
        wide.a >>= 1;
        wide.b >>= 1;
    }
    while (tall.a >> 62 || tall.b >> 62) {
        tall.a >>= 1;
        tall.b >>= 1;
    }
    wide.b = wide.b ? wide.b : 1;
    tall.b = tall.b ? tall.b : 1;
    return wide.a * tall.b >= tall.a * wide.b ? wide : tall;
}

// A row of boxes along the shorter side of what is left of the frame, which then shrinks.
static void lay_row(const int64_t *v, size_t n, __int128 sum, __int128 all, struct picture_box *free_box,
                    struct picture_box *ret) {
    bool down = free_box->w >= free_box->h; // boxes one below the other at the left edge
    int32_t side = down ? free_box->h : free_box->w, depth = down ? free_box->w : free_box->h;
    int32_t thick = (int32_t)((sum * depth * 2 + all) / (all * 2));
    __int128 before = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t from = (int32_t)((before * side * 2 + sum) / (sum * 2));
        before += v[i];
        int32_t to = (int32_t)((before * side * 2 + sum) / (sum * 2));
        ret[i] = down ? (struct picture_box){free_box->x, free_box->y + from, thick, to - from}
                      : (struct picture_box){free_box->x + from, free_box->y, to - from, thick};
    }
    if (down) {
        free_box->x += thick;
        free_box->w -= thick;
    } else {
        free_box->y += thick;
        free_box->h -= thick;
    }
}

void treemap_boxes(const int64_t *values, size_t n, int32_t w, int32_t h, struct picture_box *ret) {
    struct picture_box left = {0, 0, w, h};
    __int128 all = 0;
    for (size_t i = 0; i < n; i++) {
        all += values[i];
    }
    for (size_t i = 0; i < n;) {
        __int128 side = left.w < left.h ? left.w : left.h, area = (__int128)left.w * left.h;
        __int128 sum = values[i];
        size_t take = 1; // values * area / all are areas of the frame
        if (area > 0) {
            struct fraction now =
                worst(side, sum * area / all, values[i] * area / all, values[i] * area / all);
            for (; i + take < n; take++) {
                __int128 more = sum + values[i + take];
                struct fraction then =
                    worst(side, more * area / all, values[i] * area / all, values[i + take] * area / all);
                if (then.a * now.b > now.a * then.b) {
                    break;
                }
                now = then;
                sum = more;
            }
        } else {
            take = n - i;
            for (size_t k = 1; k < take; k++) {
                sum += values[i + k];
            }
        }
        lay_row(&values[i], take, sum, all, &left, &ret[i]);
        all -= sum;
        i += take;
    }
}

// ---- the picture --------------------------------------------------------------------------------------

struct area {
    size_t row; // of the table; SIZE_MAX: the others together
    int64_t value;
};

static int larger_first(const void *a, const void *b) {
    const struct area *x = a, *y = b;
    if (x->value != y->value) {
        return x->value < y->value ? 1 : -1;
    }
    return x->row < y->row ? -1 : x->row > y->row;
}

struct frame {
    int w, h;      // pixels of the layout
    int narrowest; // pixels the picture may shrink to
    const char *more;
};

// A label that does not fit is cut at one line, where that still says something; the title has the whole.
static bool put_cut(const struct pic *p, const char *label, int w_px) {
    size_t chars = pic_letters(label, w_px, LETTER_PX);
    if (chars < CUT_LEAST) {
        return false;
    }
    strb_printf(p->out, "<text class=\"anc-chart__tile-label\" x=\"%d\" y=\"%d\">", PAD_PX, PAD_PX + 13);
    pic_cut(p->out, label, chars);
    strb_puts(p->out, "</text>");
    return true;
}

static void put_texts(const struct pic *p, const char *label, const char *value, int w_px, int h_px) {
    struct pic_line line[LINES_MAX];
    int most = (w_px - 2 * PAD_PX) * 1000 / LETTER_PX;
    size_t cap = h_px < 2 * PAD_PX + LINE_PX ? 0 : (size_t)(h_px - 2 * PAD_PX) / LINE_PX;
    cap = cap > LINES_MAX ? LINES_MAX : cap;
    size_t n = most > 0 && cap > 0 ? pic_wrap(label, most, cap, line) : 0;
    bool cut = n == 0 && cap > 0 && put_cut(p, label, w_px - 2 * PAD_PX);
    size_t lines = cut ? 1 : n;
    bool valued =
        lines > 0 && (int)(lines + 1) * LINE_PX + 2 * PAD_PX <= h_px && pic_width(value, 40) <= most;
    for (size_t i = 0; i < n; i++) {
        strb_printf(p->out, "<text class=\"anc-chart__tile-label\" x=\"%d\" y=\"%zu\">", PAD_PX,
                    PAD_PX + 13 + i * LINE_PX);
        pic_line(p->out, &line[i]);
        strb_puts(p->out, "</text>");
    }
    if (valued) {
        strb_printf(p->out, "<text class=\"anc-chart__tile-value\" x=\"%d\" y=\"%zu\">", PAD_PX,
                    PAD_PX + 13 + lines * LINE_PX);
        escape_text(p->out, value);
        strb_puts(p->out, "</text>");
    }
}

static void put_area(const struct pic *p, const struct area *a, const struct picture_box *b,
                     const struct frame *f, size_t others) {
    char words[STAMP_TEXT_BYTES], value[STAMP_TEXT_BYTES], many[40];
    const char *label;
    int x0 = (int)((int64_t)b->x * 10000 / (f->w * UNITS));
    int x1 = (int)((int64_t)(b->x + b->w) * 10000 / (f->w * UNITS));
    int w = x1 - x0;
    int64_t y0 = (int64_t)b->y * 10 / UNITS, y1 = (int64_t)(b->y + b->h) * 10 / UNITS;
    if (a->row == SIZE_MAX) {
        snprintf(many, sizeof many, "%zu others", others);
        label = many;
    } else {
        label = pic_words(p, a->row, 0, words);
    }
    pic_short(p, 1, a->value, value);
    strb_printf(p->out,
                "<svg x=\"%d.%02d%%\" y=\"%" PRId64 ".%" PRId64 "\" width=\"%d.%02d%%\" height=\"%" PRId64
                ".%" PRId64 "\"><title>",
                x0 / 100, x0 % 100, y0 / 10, y0 % 10, w / 100, w % 100, (y1 - y0) / 10, (y1 - y0) % 10);
    escape_text(p->out, label);
    strb_puts(p->out, ": ");
    escape_text(p->out, value);
    strb_printf(p->out, "</title><rect class=\"anc-chart__tile%s\" width=\"100%%\" height=\"100%%\"/>",
                a->row == SIZE_MAX ? " anc-chart__tile--others" : "");
    put_texts(p, label, value, (int)((int64_t)w * f->narrowest / 10000), (int)((y1 - y0) / 10));
    strb_puts(p->out, "</svg>\n");
}

static void put_frame(const struct pic *p, const struct area *areas, size_t n, size_t others,
                      const struct frame *f) {
    int64_t values[AREAS_MAX + 1] = {0};
    struct picture_box boxes[AREAS_MAX + 1];
    for (size_t i = 0; i < n; i++) {
        values[i] = areas[i].value;
    }
    treemap_boxes(values, n, f->w * UNITS, f->h * UNITS, boxes);
    pic_open(p, f->h, f->more);
    for (size_t i = 0; i < n; i++) {
        put_area(p, &areas[i], &boxes[i], f, others);
    }
    strb_puts(p->out, "</svg>\n");
}

// The rows above 0, largest first; the smallest ones together as one when they are many.
static size_t areas_of(const struct pic *p, struct area *all, struct area ret[AREAS_MAX + 1],
                       size_t *ret_others) {
    size_t n = 0;
    __int128 rest = 0;
    for (size_t i = 0; i < p->t->row_count; i++) {
        int64_t v;
        if (pic_number(p, i, 1, &v) && v > 0) {
            all[n++] = (struct area){i, v};
        }
    }
    qsort(all, n, sizeof *all, larger_first);
    *ret_others = n > AREAS_MAX ? n - AREAS_MAX : 0;
    for (size_t i = 0; i < n; i++) {
        if (i < AREAS_MAX) {
            ret[i] = all[i];
        } else {
            rest += all[i].value;
        }
    }
    if (*ret_others == 0) {
        return n;
    }
    struct area others = {SIZE_MAX, rest > INT64_MAX ? INT64_MAX : (int64_t)rest};
    ret[AREAS_MAX] = others;
    qsort(ret, AREAS_MAX + 1, sizeof *ret, larger_first);
    return AREAS_MAX + 1;
}

void pic_treemap(const struct pic *p) {
    static const struct frame broad = {1040, 460, 940, " anc-chart__broad"},
                              wide = {700, 460, 560, " anc-chart__wide anc-chart__medium"},
                              narrow = {340, 560, 290, " anc-chart__narrow"};
    struct area shown[AREAS_MAX + 1];
    size_t others;
    size_t n = areas_of(p, arena_array(p->t->arena, p->t->row_count, sizeof(struct area)), shown, &others);
    if (n == 0) {
        strb_puts(p->out, "<p class=\"govuk-body\">Nothing above £0 to draw.</p>\n");
        return;
    }
    put_frame(p, shown, n, others, &broad);
    put_frame(p, shown, n, others, &wide);
    put_frame(p, shown, n, others, &narrow);
}
