// SPDX-License-Identifier: Apache-2.0
// One whole band cut into its rows ("where each pound goes"), each named below it with its share.
#include "base/money.h"
#include "render/escape.h"
#include "render/helpers.h"
#include "render/pictureint.h"

#include <stdio.h>

#define ROWS_MAX   8
#define BAND_PX    56
#define ROW_PX     56
#define ROWS_AT    (BAND_PX + 16)
#define INSIDE_MIN 1400 // hundredths of a per cent: from there on the share also stands in the band

static void put_row(const struct pic *p, size_t row, bool in_band, int64_t share) {
    char words[STAMP_TEXT_BYTES], small[STAMP_TEXT_BYTES];
    int64_t v;
    size_t y = ROWS_AT + row * ROW_PX;
    if (in_band) {
        strb_printf(p->out, "<svg x=\"0\" y=\"%zu\" width=\"22\" height=\"22\">", y + 4);
        pic_box(p, row, 0, 10000, 0, 220);
        strb_puts(p->out, "</svg>");
    }
    if (in_band) {
        percent_format(share, words);
    }
    pic_label(p, pic_words(p, row, 0, small), in_band ? words : "", 34, y + 20);
    if (in_band) {
        strb_printf(p->out, "<text class=\"anc-chart__value anc-chart__value--end\" x=\"100%%\" y=\"%zu\">",
                    y + 20);
        escape_text(p->out, words);
        strb_puts(p->out, "</text>");
    }
    strb_printf(p->out, "<text class=\"anc-chart__note\" x=\"34\" y=\"%zu\">", y + 41);
    if (pic_number(p, row, 1, &v)) {
        pic_plain(p, 1, v, words);
        escape_text(p->out, words);
    }
    strb_puts(p->out, v < 0 ? ", not in the band" : "");
    strb_puts(p->out, "</text>\n");
}

// Shares that add up to the whole, in hundredths of a per cent: the largest remainders are rounded up
// (Hamilton's method), the first of equal ones.
static void shares(const int64_t *v, size_t n, __int128 whole, int64_t *ret) {
    __int128 left[ROWS_MAX];
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        __int128 of = v[i] > 0 ? (__int128)v[i] * 10000 : 0;
        ret[i] = (int64_t)(of / whole);
        left[i] = of % whole;
        sum += ret[i];
    }
    for (; sum < 10000; sum++) {
        size_t best = 0;
        for (size_t i = 1; i < n; i++) {
            best = left[i] > left[best] ? i : best;
        }
        ret[best]++;
        left[best] = -1;
    }
}

void pic_split(const struct pic *p) {
    int64_t v[ROWS_MAX] = {0}, share[ROWS_MAX] = {0};
    __int128 whole = 0;
    size_t n = p->t->row_count < ROWS_MAX ? p->t->row_count : ROWS_MAX;
    for (size_t i = 0; i < n; i++) {
        pic_number(p, i, 1, &v[i]);
        whole += v[i] > 0 ? v[i] : 0;
    }
    if (p->t->row_count > ROWS_MAX || whole == 0) { // a band of many slivers, or of nothing, says nothing
        pic_bars(p);
        return;
    }
    shares(v, n, whole, share);
    pic_open(p, (int)(ROWS_AT + n * ROW_PX), "");
    pic_patterns(p);
    int x = 0;
    for (size_t i = 0; i < n; i++) {
        if (share[i] > 0) {
            pic_box(p, i, x, (int)share[i], 0, BAND_PX * 10);
            if (share[i] >= INSIDE_MIN) {
                int middle = x + (int)share[i] / 2;
                strb_printf(p->out,
                            "<text class=\"anc-chart__value anc-chart__value--middle anc-chart__on--%zu\" "
                            "x=\"%d.%02d%%\" y=\"34\">%d%%</text>\n",
                            i % PIC_SERIES + 1, middle / 100, middle % 100, (int)((share[i] + 50) / 100));
            }
            x += (int)share[i];
        }
    }
    for (size_t i = 0; i < n; i++) {
        put_row(p, i, v[i] > 0, share[i]);
    }
    strb_puts(p->out, "</svg>\n");
}
