// SPDX-License-Identifier: Apache-2.0
// What the pictures share; for core/render alone.
#ifndef ANCHORAGE_RENDER_PICTUREINT_H
#define ANCHORAGE_RENDER_PICTUREINT_H

#include "base/day.h"
#include "render/picture.h"
#include "render/tableint.h"

#define PIC_SERIES 6 // ways of filling an area, told apart without colour

struct pic {
    const struct table *t;
    size_t column[PICTURE_KEYS_MAX]; // of the keys
    size_t keys;
    enum picture_kind kind;
    const char *finding;
    const struct picture_map *map;
    struct strb *out;
    char id[9]; // of the patterns of this picture
};

// A cell as a number; false when it is empty or of words.
bool pic_number(const struct pic *p, size_t row, size_t key, int64_t *ret);
// The words of a cell. small: STAMP_TEXT_BYTES of room.
const char *pic_words(const struct pic *p, size_t row, size_t key, char *small);
// A number of a key's column, as short as it goes: "£4.3m", "£430k", "31.9%", "1,234".
void pic_short(const struct pic *p, size_t key, int64_t v, char out[STAMP_TEXT_BYTES]);
// The same for a sentence: "£4.3 million".
void pic_plain(const struct pic *p, size_t key, int64_t v, char out[STAMP_TEXT_BYTES]);

// Text that is cut at `chars` letters: SVG text does not wrap, and the table has the whole words.
void pic_cut(struct strb *out, const char *s, size_t chars);

// At how many letters pic_cut has to cut a text so that it is no wider than px; all of them when it fits.
size_t pic_letters(const char *s, int px, int letter_px);

// A label at x, cut so that it does not run into the value at the right edge ("" none), on a phone and on a
// wide page.
void pic_label(const struct pic *p, const char *s, const char *value, int x, size_t y);

// Width of a text in thousandths of the letter size, as a common sans serif has it, rather too wide.
int pic_width(const char *s, size_t n);

// Breaks a text at blanks and soft hyphens into lines of at most `most` thousandths of the letter size.
// Number of lines, 0 when it does not fit in `cap` of them. hyphen: a hyphen is to be drawn at the end.
struct pic_line {
    const char *s;
    size_t n;
    bool hyphen;
};
size_t pic_wrap(const char *s, int most, size_t cap, struct pic_line *ret);
// One line, without its soft hyphens.
void pic_line(struct strb *out, const struct pic_line *line);

// Begins the SVG, with its title and description; more: what stands behind the class ("" nothing), e.g. "
// anc-chart__wide".
void pic_open(const struct pic *p, int height, const char *more);
// The patterns of series that need one; to stand within the SVG that uses them.
void pic_patterns(const struct pic *p);
// A filled box, x and w in hundredths of a per cent, y and h in tenths of a pixel. series from 0.
void pic_box(const struct pic *p, size_t series, int x, int w, int64_t y, int64_t h);
// A small sample of a series as an SVG of its own, for keys in HTML.
void pic_sample(const struct pic *p, size_t series);

void pic_bars(const struct pic *p);
void pic_trend(const struct pic *p);
void pic_split(const struct pic *p);
void pic_tiles(const struct pic *p);
void pic_treemap(const struct pic *p);

#endif
