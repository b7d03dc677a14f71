// SPDX-License-Identifier: Apache-2.0
// A place as tiles, one a ward, darker is more; and by its real outlines when they are known.
#include "render/escape.h"
#include "render/pictureint.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TILES_MAX     400
#define ROWS_MAX      4000
#define COLUMNS_MAX   24
#define ROW_PX        80
#define TILE_PX       76
#define CLASSES       6
#define HIDDEN        CLASSES // the table has the ward, but no value for it
#define NARROW_PX     384     // width of the picture on a phone: it may stand out a little on both sides
#define NARROW_LETTER 13
#define WIDE_LETTER   16
#define WIDE_PX       600 // at least; columns above WIDE_MOST keep their width and scroll
#define WIDE_MOST     7
#define LINE_PX       15
#define SCROLL_FROM   8 // columns: from there on a phone shows a part and scrolls
// A ward whose number is left out, one that the table has not, and one of which that is not told apart: a
// table may also put small wards into one row of several.
#define SMALL_SAID   "not shown, to protect fewer than 5 suppliers"
#define NONE_SAID    "nothing paid"
#define NOTHING_SAID "nothing paid, or too few suppliers to show"
#define MAP_UNITS    1000

struct spot {
    int64_t value;
    bool there; // has a number
    bool listed;
    int shade;
};

// ---- classes ------------------------------------------------------------------------------------------

static int smaller_first(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

void tile_classes(const int64_t *values, size_t n, int *ret) {
    int64_t *sorted = malloc((n + 1) * sizeof *sorted);
    size_t above = 0;
    if (!sorted) {
        abort();
    }
    for (size_t i = 0; i < n; i++) {
        if (values[i] > 0) {
            sorted[above++] = values[i];
        }
    }
    qsort(sorted, above, sizeof *sorted, smaller_first);
    for (size_t i = 0; i < n; i++) {
        size_t upto = above; // how many are not larger
        while (upto > 0 && sorted[upto - 1] > values[i]) {
            upto--;
        }
        ret[i] = values[i] > 0 ? (int)((upto * 5 + above - 1) / above) : 0;
    }
    free(sorted);
}

// ---- which row belongs to which tile --------------------------------------------------------------------

// Rows that are looked at: more than any place has wards.
static size_t rows_of(const struct pic *p) {
    return p->t->row_count < ROWS_MAX ? p->t->row_count : ROWS_MAX;
}

static size_t row_of(const struct pic *p, const char *code) {
    char small[STAMP_TEXT_BYTES];
    for (size_t i = 0; i < rows_of(p); i++) {
        if (strcmp(pic_words(p, i, 0, small), code) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void read_spots(const struct pic *p, struct spot *spots, size_t n) {
    int64_t values[TILES_MAX] = {0};
    int classes[TILES_MAX];
    for (size_t i = 0; i < n; i++) {
        size_t row = row_of(p, p->map->tiles[i].code);
        spots[i] = (struct spot){.listed = row != SIZE_MAX};
        spots[i].there = spots[i].listed && pic_number(p, row, 2, &spots[i].value);
        values[i] = spots[i].value;
    }
    tile_classes(values, n, classes);
    for (size_t i = 0; i < n; i++) {
        spots[i].shade = spots[i].listed && !spots[i].there ? HIDDEN : classes[i];
    }
}

// ---- tiles --------------------------------------------------------------------------------------------

// The name on up to three lines for a tile of this width; only a name for narrow tiles uses its soft hyphens.
static void put_lines(const struct pic *p, const char *label, int width, int letter, int shade,
                      const char *more) {
    struct pic_line line[3];
    size_t n = pic_wrap(label, width * 1000 / letter, 3, line);
    strb_printf(p->out, "<g class=\"anc-chart__tile-name anc-chart__on-shade--%d %s\">", shade, more);
    for (size_t i = 0; i < n; i++) {
        strb_printf(p->out, "<text x=\"50%%\" y=\"%zu\">", 19 + i * LINE_PX);
        pic_line(p->out, &line[i]);
        strb_puts(p->out, "</text>");
    }
    if (n == 0) { // too long in spite of all
        strb_puts(p->out, "<text x=\"50%\" y=\"19\">");
        pic_cut(p->out, label, (size_t)(width * 2 / letter));
        strb_puts(p->out, "</text>");
    }
    strb_puts(p->out, "</g>");
}

static void put_name(const struct pic *p, const char *label, int columns, int shade) {
    int shown = columns < SCROLL_FROM ? columns : SCROLL_FROM - 1; // beside each other on a phone
    put_lines(p, label, NARROW_PX / shown - 4, NARROW_LETTER, shade, "anc-chart__narrow");
    put_lines(p, label, WIDE_PX / (columns > WIDE_MOST ? WIDE_MOST : columns) - 6, WIDE_LETTER, shade,
              "anc-chart__wide");
}

// Whether a ward without a row may stand in a row of several small ones: there is a row of no ward, and no
// ward of its own has its number left out.
static bool may_be_small(const struct pic *p) {
    char small[STAMP_TEXT_BYTES];
    int64_t v;
    bool rest = false, left_out = false;
    for (size_t i = 0; i < rows_of(p); i++) {
        bool nowhere = !*pic_words(p, i, 0, small);
        rest = rest || nowhere;
        left_out = left_out || (!nowhere && !pic_number(p, i, 2, &v));
    }
    return rest && !left_out;
}

// With a capital first letter.
static void put_upper(struct strb *out, const char *words) {
    strb_putc(out, (char)(*words - 'a' + 'A'));
    strb_puts(out, words + 1);
}

static void put_title(const struct pic *p, const char *name, const struct spot *s) {
    char words[STAMP_TEXT_BYTES];
    struct pic_line whole = {name, strlen(name), false};
    strb_puts(p->out, "<title>");
    pic_line(p->out, &whole);
    strb_puts(p->out, ": ");
    if (s->there) {
        pic_plain(p, 2, s->value, words);
        escape_text(p->out, words);
    } else {
        strb_puts(p->out, s->shade == HIDDEN ? SMALL_SAID : may_be_small(p) ? NOTHING_SAID : NONE_SAID);
    }
    strb_puts(p->out, "</title>");
}

static void put_tile(const struct pic *p, const struct picture_tile *tile, const struct spot *s,
                     int columns) {
    char words[STAMP_TEXT_BYTES];
    int x0 = tile->col * 10000 / columns, x1 = (tile->col + 1) * 10000 / columns, w = x1 - x0 - 60;
    strb_printf(p->out, "<svg x=\"%d.%02d%%\" y=\"%d\" width=\"%d.%02d%%\" height=\"%d\">", x0 / 100,
                x0 % 100, tile->line * ROW_PX, w / 100, w % 100, TILE_PX);
    put_title(p, tile->label, s);
    strb_printf(p->out, "<rect class=\"anc-chart__shade--%d\" width=\"100%%\" height=\"100%%\"/>", s->shade);
    if (s->shade == HIDDEN) {
        strb_printf(p->out,
                    "<rect class=\"anc-chart__over\" width=\"100%%\" height=\"100%%\" fill=\"url(#p%s-3)\"/>",
                    p->id);
    }
    put_name(p, tile->label, columns, s->shade);
    if (s->there && s->value != 0) {
        pic_short(p, 2, s->value, words);
        strb_printf(p->out,
                    "<text class=\"anc-chart__tile-sum anc-chart__on-shade--%d\" x=\"50%%\" y=\"%d\">",
                    s->shade, TILE_PX - 9);
        escape_text(p->out, words);
        strb_puts(p->out, "</text>");
    }
    strb_puts(p->out, "</svg>\n");
}

// ---- the key ------------------------------------------------------------------------------------------

static void put_class(const struct pic *p, const struct spot *spots, size_t n, int shade) {
    char low[STAMP_TEXT_BYTES], high[STAMP_TEXT_BYTES];
    int64_t least = INT64_MAX, most = INT64_MIN;
    size_t count = 0;
    bool unlisted = false;
    for (size_t i = 0; i < n; i++) {
        if (spots[i].shade == shade) {
            count++;
            unlisted = unlisted || !spots[i].listed;
            least = spots[i].value < least ? spots[i].value : least;
            most = spots[i].value > most ? spots[i].value : most;
        }
    }
    if (count == 0) {
        return;
    }
    strb_printf(
        p->out,
        "<li class=\"anc-legend__item\"><svg class=\"anc-legend__sample\" width=\"22\" height=\"22\" "
        "aria-hidden=\"true\" focusable=\"false\"><rect class=\"anc-chart__shade--%d\" width=\"100%%\" "
        "height=\"100%%\"/>",
        shade);
    if (shade == HIDDEN) {
        strb_printf(p->out,
                    "<rect class=\"anc-chart__over\" width=\"100%%\" height=\"100%%\" fill=\"url(#p%s-3)\"/>",
                    p->id);
    }
    strb_puts(p->out, "</svg>");
    if (shade == HIDDEN) {
        put_upper(p->out, SMALL_SAID);
    } else if (shade == 0) {
        put_upper(p->out, unlisted && may_be_small(p) ? NOTHING_SAID : NONE_SAID);
        strb_puts(p->out, least < 0 ? ", or more came back than was paid" : "");
    } else {
        pic_plain(p, 2, least, low);
        pic_plain(p, 2, most, high);
        escape_text(p->out, low);
        if (strcmp(low, high) != 0) {
            strb_puts(p->out, " to ");
            escape_text(p->out, high);
        }
    }
    strb_printf(p->out, " (%zu %s)</li>\n", count, count == 1 ? "ward" : "wards");
}

static void put_key(const struct pic *p, const struct spot *spots, size_t n) {
    strb_puts(p->out, "<ul class=\"anc-legend\">\n");
    for (int shade = CLASSES - 1; shade >= 0; shade--) {
        put_class(p, spots, n, shade);
    }
    put_class(p, spots, n, HIDDEN);
    strb_puts(p->out, "</ul>\n");
}

// What the table has beside the wards: paid to nowhere that is known, or elsewhere.
static void put_rest(const struct pic *p, size_t n) {
    char words[STAMP_TEXT_BYTES], small[STAMP_TEXT_BYTES];
    __int128 sum = 0;
    size_t rows = 0;
    for (size_t i = 0; i < rows_of(p); i++) {
        const char *code = pic_words(p, i, 0, small);
        size_t k = 0;
        while (k < n && strcmp(p->map->tiles[k].code, code) != 0) {
            k++;
        }
        int64_t v;
        if (k == n && pic_number(p, i, 2, &v)) {
            sum += v;
            rows++;
        }
    }
    if (rows > 0 && sum != 0 && sum <= INT64_MAX && sum >= INT64_MIN) {
        pic_plain(p, 2, (int64_t)sum, words);
        strb_puts(p->out, "<p class=\"anc-chart__source\">Not on the map: ");
        escape_text(p->out, words);
        strb_printf(p->out, " in %zu %s of the table below.</p>\n", rows, rows == 1 ? "row" : "rows");
    }
}

// ---- outlines -----------------------------------------------------------------------------------------

struct extent {
    int64_t west, east, south, north;
};

static bool extent_of(const struct picture_map *map, struct extent *ret) {
    struct extent e = {INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN};
    for (size_t s = 0; s < map->shape_count; s++) {
        const struct picture_shape *shape = &map->shapes[s];
        size_t points = shape->ring_count ? shape->ring_end[shape->ring_count - 1] : 0;
        for (size_t i = 0; i < points; i++) {
            int64_t x = shape->xy[2 * i], y = shape->xy[2 * i + 1];
            e.west = x < e.west ? x : e.west;
            e.east = x > e.east ? x : e.east;
            e.south = y < e.south ? y : e.south;
            e.north = y > e.north ? y : e.north;
        }
    }
    *ret = e;
    return e.east > e.west && e.north > e.south;
}

static void put_path(const struct pic *p, const struct picture_shape *shape, const struct extent *e) {
    size_t i = 0;
    for (size_t r = 0; r < shape->ring_count; r++) {
        int64_t px = 0, py = 0;
        for (size_t at = i; i < shape->ring_end[r]; i++) {
            int64_t x = (shape->xy[2 * i] - e->west) * MAP_UNITS / (e->east - e->west);
            int64_t y = (e->north - shape->xy[2 * i + 1]) * MAP_UNITS / (e->east - e->west);
            if (i == at) {
                strb_printf(p->out, "M%" PRId64 " %" PRId64, x, y);
            } else if (x != px || y != py) {
                strb_printf(p->out, "l%" PRId64 " %" PRId64, x - px, y - py);
            }
            px = x;
            py = y;
        }
        strb_putc(p->out, 'z');
    }
}

static void put_outlines(const struct pic *p, const struct spot *spots, size_t n) {
    struct extent e;
    if (p->map->shape_count == 0 || !extent_of(p->map, &e)) {
        return;
    }
    strb_puts(
        p->out,
        "<details class=\"govuk-details anc-chart__real\"><summary class=\"govuk-details__summary\"><span "
        "class=\"govuk-details__summary-text\">Show the same on a real map</span></summary>\n<div "
        "class=\"govuk-details__text\">\n");
    strb_printf(p->out,
                "<svg class=\"anc-chart__map\" viewBox=\"-4 -4 %d %" PRId64
                "\" role=\"img\" aria-label=\"Outlines "
                "of the wards, shaded like the tiles\">\n",
                MAP_UNITS + 8, (e.north - e.south) * MAP_UNITS / (e.east - e.west) + 8);
    for (size_t s = 0; s < p->map->shape_count; s++) {
        const struct picture_shape *shape = &p->map->shapes[s];
        struct spot none = {0};
        const struct spot *spot = &none;
        for (size_t i = 0; i < n; i++) {
            spot = strcmp(p->map->tiles[i].code, shape->code) == 0 ? &spots[i] : spot;
        }
        strb_printf(p->out,
                    "<path class=\"anc-chart__shade--%d anc-chart__outline\" fill-rule=\"evenodd\" d=\"",
                    spot->shade);
        put_path(p, shape, &e);
        strb_puts(p->out, "\">");
        put_title(p, shape->name, spot);
        strb_puts(p->out, "</path>\n");
    }
    strb_puts(p->out, "</svg>\n</div>\n</details>\n");
}

void pic_tiles(const struct pic *p) {
    struct spot spots[TILES_MAX];
    size_t n = p->map->tile_count < TILES_MAX ? p->map->tile_count : TILES_MAX;
    int columns = 1, lines = 1;
    for (size_t i = 0; i < n; i++) {
        const struct picture_tile *t = &p->map->tiles[i];
        columns = t->col + 1 > columns ? t->col + 1 : columns;
        lines = t->line + 1 > lines ? t->line + 1 : lines;
    }
    read_spots(p, spots, n);
    strb_puts(p->out, "<div class=\"anc-chart__tiles\"");
    strb_puts(p->out,
              columns >= SCROLL_FROM ? " role=\"region\" tabindex=\"0\" aria-label=\"Map of tiles\">" : ">");
    char more[40] = "";
    if (columns >= SCROLL_FROM) {
        snprintf(more, sizeof more, " anc-chart__tiles--%d", columns > COLUMNS_MAX ? COLUMNS_MAX : columns);
    }
    pic_open(p, lines * ROW_PX, more);
    pic_patterns(p);
    for (size_t i = 0; i < n; i++) {
        put_tile(p, &p->map->tiles[i], &spots[i], columns);
    }
    strb_puts(p->out, "</svg></div>\n");
    put_key(p, spots, n);
    put_rest(p, n);
    put_outlines(p, spots, n);
}
