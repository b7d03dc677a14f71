// SPDX-License-Identifier: Apache-2.0
// Pictures of a table as inline SVG: bars, columns over time, one whole band, a map of tiles, areas. Classes
// only (strict CSP), role="img" with the finding as its label, the table below in the same HTML. Sizes of
// words are in pixels and do not shrink on a phone; what does not fit is left to the table. The same table
// gives the same bytes.
#ifndef ANCHORAGE_RENDER_PICTURE_H
#define ANCHORAGE_RENDER_PICTURE_H

#include "render/table.h"

enum picture_kind {
    PICTURE_NONE,
    PICTURE_BARS,   // label, value
    PICTURE_TREND,  // label (periods in order), value, [part of it, ...]
    PICTURE_SPLIT,  // label, value
    PICTURE_TILES,  // code, label, value
    PICTURE_TREEMAP // label, value
};

#define PICTURE_KEYS_MAX 7

struct picture {
    enum picture_kind kind;
    const char *keys[PICTURE_KEYS_MAX]; // of columns of the table, as the kind asks
    size_t key_count;
    const char *finding; // a sentence
    bool folded;         // the table stands below it, but closed until somebody opens it (paper has it open)
};

// A place as a map: a tile for each ward, and its outlines when they are known.
struct picture_tile {
    const char *code, *label; // label: short; a soft hyphen says where it may be cut
    int col, line;            // from 0
};
struct picture_shape {
    const char *code, *name;
    const int32_t *xy;        // pairs, metres east and north, of all rings
    const uint32_t *ring_end; // of each ring: number of pairs up to its end
    size_t ring_count;
};
struct picture_map {
    const struct picture_tile *tiles;
    size_t tile_count;
    const struct picture_shape *shapes;
    size_t shape_count;
};

// How many columns a kind asks for, the least and the most; false for an unknown kind.
bool picture_keys(enum picture_kind kind, size_t *ret_least, size_t *ret_most);
// Whether key number i of a kind must be a column of numbers (else it is one of words).
bool picture_key_is_number(enum picture_kind kind, size_t i);

// Finding, picture, table. What the table lacks, or tiles without a map, gives bars, or the table alone.
const struct html *picture_html(const struct table *t, const struct picture *p,
                                const struct picture_map *map);

// ---- arithmetic of the layouts, for their tests

struct picture_box {
    int32_t x, y, w, h;
};

// Squarified treemap (Bruls, Huizing, van Wijk 2000) in whole numbers: boxes fill the frame without gap or
// overlap, each as large as its share. values: above 0, largest first; frame sides at most 65535.
void treemap_boxes(const int64_t *values, size_t n, int32_t w, int32_t h, struct picture_box *ret);

// Classes 0 to 5 of values: 0 for 0 and less, the others by fifths of those above 0, equal values alike.
void tile_classes(const int64_t *values, size_t n, int *ret);

#endif
