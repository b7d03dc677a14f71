// SPDX-License-Identifier: Apache-2.0
// Bars: x in per cent and y in pixels, so that words keep their size on a phone.
#include "base/day.h"
#include "render/escape.h"
#include "render/pictureint.h"

#include <inttypes.h>

#define BARS_MAX 30
#define ROW_PX   52

static void put_bar(const struct pic *p, size_t row, int64_t top) {
    char words[STAMP_TEXT_BYTES], small[STAMP_TEXT_BYTES];
    int64_t v = 0;
    const char *shown = "not shown";
    if (pic_number(p, row, 1, &v)) {
        pic_plain(p, 1, v, words);
        shown = words;
    }
    size_t y = row * ROW_PX;
    pic_label(p, pic_words(p, row, 0, small), shown, 0, y + 16);
    strb_printf(p->out, "<text class=\"anc-chart__value anc-chart__value--end\" x=\"100%%\" y=\"%zu\">",
                y + 16);
    escape_text(p->out, shown);
    int64_t permille = v > 0 && top > 0 ? (int64_t)((__int128)v * 1000 / top) : 0;
    strb_printf(p->out,
                "</text><rect class=\"anc-chart__bar\" x=\"0\" y=\"%zu\" width=\"%" PRId64 ".%" PRId64
                "%%\" height=\"18\"/>\n",
                y + 24, permille / 10, permille % 10);
}

void pic_bars(const struct pic *p) {
    size_t bars = p->t->row_count < BARS_MAX ? p->t->row_count : BARS_MAX;
    int64_t top = 0, v;
    for (size_t i = 0; i < bars; i++) {
        top = pic_number(p, i, 1, &v) && v > top ? v : top;
    }
    pic_open(p, (int)(bars * ROW_PX), "");
    for (size_t i = 0; i < bars; i++) {
        put_bar(p, i, top);
    }
    strb_puts(p->out, "</svg>\n");
}
