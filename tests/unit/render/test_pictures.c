// SPDX-License-Identifier: Apache-2.0
// Pictures tell what the table says: areas add up, nothing overlaps, words fit, and the table is always
// there.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "render/pictureint.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "picturetest.h"

static const char *draw(const struct table *t, enum picture_kind kind, const struct picture_map *map) {
    struct picture p = {
        .kind = kind, .keys = {"what", "paid"}, .key_count = 2, .finding = "It \"fell\" & rose"};
    if (kind == PICTURE_TILES) {
        p = (struct picture){
            .kind = kind, .keys = {"code", "what", "paid"}, .key_count = 3, .finding = "Most in A"};
    }
    size_t n;
    return html_bytes(picture_html(t, &p, map), &n);
}

static size_t count_of(const char *s, const char *what) {
    size_t n = 0;
    for (; (s = strstr(s, what)); s++) {
        n++;
    }
    return n;
}

// ---- treemap -------------------------------------------------------------------------------------------

static void check_boxes(const int64_t *v, size_t n, int32_t w, int32_t h) {
    struct picture_box b[64];
    int64_t area = 0;
    long double all = 0;
    assert_true(n <= 64);
    treemap_boxes(v, n, w, h, b);
    for (size_t i = 0; i < n; i++) {
        all += (long double)v[i];
    }
    for (size_t i = 0; i < n; i++) {
        assert_true(b[i].x >= 0 && b[i].y >= 0 && b[i].w >= 0 && b[i].h >= 0);
        assert_true(b[i].x + b[i].w <= w && b[i].y + b[i].h <= h);
        area += (int64_t)b[i].w * b[i].h;
        // As large as its share, but for the rounding of each side.
        long double right = (long double)v[i] / all * w * h, is = (long double)b[i].w * b[i].h;
        long double slack = (long double)(b[i].w + b[i].h + 2) * 2;
        assert_true(is - right <= slack && right - is <= slack);
        for (size_t k = 0; k < i; k++) {
            assert_true(b[i].x >= b[k].x + b[k].w || b[k].x >= b[i].x + b[i].w || b[i].y >= b[k].y + b[k].h ||
                        b[k].y >= b[i].y + b[i].h);
        }
    }
    assert_int_equal(area, (int64_t)w * h);
}

static void test_areas_fill_the_frame_without_gap_or_overlap_each_as_large_as_its_share(void **state) {
    (void)state;
    static const int64_t book[] = {6, 6, 4, 3, 2, 2, 1}; // the example of the paper
    static const int64_t one[] = {5}, same[] = {7, 7, 7, 7, 7, 7, 7, 7, 7};
    static const int64_t huge[] = {INT64_MAX, INT64_MAX / 3, 1000000, 5, 1, 1};
    int64_t many[60];
    for (size_t i = 0; i < 60; i++) {
        many[i] = (int64_t)(1000000 / (i + 1));
    }
    check_boxes(book, 7, 6000, 4000);
    check_boxes(one, 1, 14400, 6720);
    check_boxes(same, 9, 14400, 6720);
    check_boxes(huge, 6, 5760, 7680);
    check_boxes(many, 60, 14400, 6720);
    check_boxes(many, 60, 100, 9000);
}

static void test_areas_are_rather_square(void **state) {
    (void)state;
    struct picture_box b[12];
    int64_t v[12];
    for (size_t i = 0; i < 12; i++) {
        v[i] = (int64_t)(120 - 8 * i);
    }
    treemap_boxes(v, 12, 14400, 6720, b);
    for (size_t i = 0; i < 12; i++) {
        assert_true(b[i].w <= 3 * b[i].h && b[i].h <= 3 * b[i].w);
    }
}

static void test_words_of_an_area_stand_inside_it_or_not_at_all(void **state) {
    (void)state;
    static const char *const names[] = {"North End Building Company",         "Brook & Vale", "Short",
                                        "Supercalifragilisticexpialidocious", "Five",         "Six"};
    static const int64_t pence[] = {900000000, 500000000, 120000000, 90000000, 2000000, 1000};
    const char *html = draw(amounts("Paid", 6, names, pence), PICTURE_TREEMAP, NULL);
    size_t seen = 0, labelled = 0;
    const char *at = html;
    static const struct {
        const char *from, *to;
        int narrowest;
    } frames[] = {{"anc-chart__broad", "anc-chart__wide", 940},
                  {"anc-chart__wide", "anc-chart__narrow", 560},
                  {"anc-chart__narrow", "<table", 290}};
    for (size_t frame = 0; frame < 3; frame++) {
        int narrowest = frames[frame].narrowest;
        at = strstr(at, frames[frame].from);
        assert_non_null(at);
        const char *end = strstr(at + 1, frames[frame].to);
        while ((at = strstr(at, "<svg x=")) && at < end) {
            int x, xx, w, ww, h;
            const char *close = strstr(at, "</svg>");
            assert_int_equal(sscanf(at, "<svg x=\"%d.%d%%\" y=\"%*d.%*d\" width=\"%d.%d%%\" height=\"%d.", &x,
                                    &xx, &w, &ww, &h),
                             5);
            for (const char *t = at; (t = strstr(t, "<text")) && t < close; t++) {
                int tx, ty;
                const char *text = strchr(t, '>') + 1;
                assert_non_null(strstr(t, " x=\""));
                assert_int_equal(sscanf(strstr(t, " x=\""), " x=\"%d\" y=\"%d\"", &tx, &ty), 2);
                int px = pic_width(text, (size_t)(strchr(text, '<') - text)) * 15 / 1000;
                assert_true(ty < h && ty > 0);
                assert_true(tx + px <= (w * 100 + ww) * narrowest / 10000);
                labelled++;
            }
            seen++;
            at = close;
        }
        at = end;
    }
    assert_int_equal(seen, 18);
    assert_true(labelled >= 12);
    assert_non_null(strstr(html, ">Superca"));          // cut where the whole word has no room
    assert_int_equal(count_of(html, ">Six</text>"), 0); // no room; the table has it
    assert_non_null(strstr(html, ">Six</"));
}

static void test_many_areas_end_in_the_others_together(void **state) {
    (void)state;
    int64_t pence[100];
    for (size_t i = 0; i < 100; i++) {
        pence[i] = i < 98 ? (int64_t)(100000 + i) : i == 98 ? 0 : -5000;
    }
    const char *html = draw(amounts("Paid", 100, NULL, pence), PICTURE_TREEMAP, NULL);
    assert_int_equal(count_of(html, "<svg x="), 3 * 41);
    assert_int_equal(count_of(html, "58 others: "), 3);
    assert_non_null(strstr(html, "Row 99")); // what is below 0 is in the table
    static const int64_t nothing[] = {0, -1};
    assert_null(strstr(draw(amounts("Paid", 2, NULL, nothing), PICTURE_TREEMAP, NULL), "<svg"));
}

// ---- trend ---------------------------------------------------------------------------------------------

struct rect {
    int x, w, y, h; // hundredths of a per cent, tenths of a pixel
    int series;
};

static size_t rects(const char *from, const char *end, struct rect *ret, size_t most) {
    size_t n = 0;
    for (const char *at = from; (at = strstr(at, "<rect class=\"anc-chart__fill--")) && at < end; at++) {
        int v[9];
        assert_int_equal(
            sscanf(at,
                   "<rect class=\"anc-chart__fill--%d\" x=\"%d.%d%%\" y=\"%d.%d\" width=\"%d.%d%%\" "
                   "height=\"%d.%d\"",
                   &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7], &v[8]),
            9);
        assert_true(n < most);
        ret[n++] =
            (struct rect){v[1] * 100 + v[2], v[5] * 100 + v[6], v[3] * 10 + v[4], v[7] * 10 + v[8], v[0]};
    }
    return n;
}

static int zero_line(const char *html) {
    int a, b;
    const char *at = strstr(html, "<line class=\"anc-chart__axis\"");
    assert_non_null(at);
    assert_int_equal(sscanf(strstr(at, "y1="), "y1=\"%d.%d\"", &a, &b), 2);
    return a * 10 + b;
}

static void test_columns_stand_on_the_line_and_those_below_zero_hang_from_it(void **state) {
    (void)state;
    static const char *const years[] = {"2023/24", "2024/25", "2025/26"};
    static const int64_t pence[] = {300000000, -100000000, 100000000};
    const char *html = draw(amounts("Paid", 3, years, pence), PICTURE_TREND, NULL);
    struct rect r[8];
    assert_int_equal(rects(html, strstr(html, "<table"), r, 8), 3);
    int zero = zero_line(html);
    assert_int_equal(r[0].y + r[0].h, zero);
    assert_int_equal(r[1].y, zero);
    assert_int_equal(r[2].y + r[2].h, zero);
    assert_int_equal(r[0].h, 3 * r[1].h);
    assert_int_equal(r[1].h, r[2].h);
    assert_true(r[0].x + r[0].w <= r[1].x && r[1].x + r[1].w <= r[2].x);
    assert_non_null(strstr(html, ">\xC2\xA3"
                                 "3m</text>"));
    assert_non_null(strstr(html, ">-\xC2\xA3"
                                 "1m</text>"));
}

static const char *draw_parts(const int64_t (*v)[3], size_t n) {
    struct table *t = table_new(arena, "Paid by year");
    table_column(t, "year", "Year", CELL_TEXT);
    table_column(t, "all", "All suppliers", CELL_MONEY);
    table_column(t, "vcfse", "Local charities", CELL_MONEY);
    table_column(t, "local", "Other local suppliers", CELL_MONEY);
    for (size_t i = 0; i < n; i++) {
        table_row(t);
        table_text(t, arena_printf(arena, "20%zu/%zu", 10 + i, 11 + i));
        for (int k = 0; k < 3; k++) {
            table_i64(t, v[i][k]);
        }
    }
    struct picture p = {
        .kind = PICTURE_TREND, .keys = {"year", "all", "vcfse", "local"}, .key_count = 4, .finding = "Up"};
    size_t bytes;
    return html_bytes(picture_html(t, &p, NULL), &bytes);
}

static void test_parts_of_a_column_add_up_to_it(void **state) {
    (void)state;
    static const int64_t v[][3] = {{1000000, 200000, 300000}, {500000, 500000, 0}, {400000, -100000, 200000}};
    const char *html = draw_parts(v, 3);
    const char *plot = strstr(html, "</ul>");
    struct rect r[16];
    assert_int_equal(rects(plot, strstr(html, "<table"), r, 16), 7);
    int zero = zero_line(html), tallest = r[0].h + r[1].h + r[2].h;
    assert_int_equal(r[0].y + r[0].h, zero); // the first part stands on the line, the next ones on it
    assert_int_equal(r[1].y + r[1].h, r[0].y);
    assert_int_equal(r[2].y + r[2].h, r[1].y);
    assert_in_range(r[3].h, tallest / 2 - 1, tallest / 2 + 1);
    assert_int_equal(r[4].y, zero);                                     // -100000 hangs below
    assert_in_range(r[5].h + r[6].h, tallest / 2 - 1, tallest / 2 + 1); // 200000 and the rest of 300000
    assert_int_not_equal(r[0].series, r[1].series);
    assert_int_not_equal(r[1].series, r[2].series);
    // Told apart without colour, and named.
    assert_true(count_of(html, "fill=\"url(#p") >= 2);
    assert_non_null(strstr(html, "</svg>Local charities (of it)</li>"));
    assert_non_null(strstr(html, "All suppliers (the whole column)</li>"));
    // A high part says its value within it; on a phone only where its column is as wide as the words.
    assert_int_equal(count_of(html, "anc-chart__on--1\" x="), 0);
    assert_true(count_of(html, "anc-chart__on--1 anc-chart__wide\" x=") > 0);
}

static void test_many_periods_do_not_run_into_each_other(void **state) {
    (void)state;
    int64_t v[40][3];
    for (size_t i = 0; i < 40; i++) {
        v[i][0] = (int64_t)(i + 1) * 10000000;
        v[i][1] = v[i][2] = 0;
    }
    const char *html = draw_parts(v, 40);
    size_t named = count_of(html, "anc-chart__period");
    assert_in_range(named, 3, 6);
    assert_int_equal(count_of(html, "<g><title>"), 24);
    assert_int_equal(count_of(html, "anc-chart__value anc-"), 2); // the first and the last of rising values
    assert_non_null(strstr(html, ">2049/50</text>"));             // the newest one is always named
}

// ---- split ---------------------------------------------------------------------------------------------

static void test_a_band_is_whole_to_the_hundredth_of_a_per_cent(void **state) {
    (void)state;
    static const char *const names[] = {"Local charities and community groups", "Other local suppliers",
                                        "Place not known", "Elsewhere"};
    static const int64_t pence[] = {100, 100, 100, 4};
    const char *html = draw(amounts("Where each pound goes", 4, names, pence), PICTURE_SPLIT, NULL);
    struct rect r[16];
    size_t n = rects(html, strstr(html, "<table"), r, 16), in_band = 0;
    int x = 0;
    for (size_t i = 0; i < n; i++) {
        if (r[i].h == 560) {
            assert_int_equal(r[i].x, x);
            x += r[i].w;
            in_band++;
        }
    }
    assert_int_equal(in_band, 4);
    assert_int_equal(x, 10000);
    assert_int_equal(n, 8); // and a sample beside each name
    assert_non_null(strstr(html, "33%</text>"));
    assert_non_null(strstr(html, "anc-chart__narrow\" x=\"34\" y=\"92\">Local charities a"));
    assert_non_null(
        strstr(html, "anc-chart__wide\" x=\"34\" y=\"92\">Local charities and community groups</text>"));
}

static void test_what_is_below_zero_is_named_and_not_in_the_band(void **state) {
    (void)state;
    static const char *const names[] = {"Here", "There", "Given back"};
    static const int64_t pence[] = {600, 200, -300};
    const char *html = draw(amounts("Pounds", 3, names, pence), PICTURE_SPLIT, NULL);
    assert_non_null(strstr(html, "75%</text>"));
    assert_non_null(strstr(html, "-\xC2\xA3"
                                 "3, not in the band</text>"));
    static const int64_t none[] = {0, 0, 0};
    assert_null(strstr(draw(amounts("Pounds", 3, names, none), PICTURE_SPLIT, NULL), "url(#"));
}

// ---- tiles ---------------------------------------------------------------------------------------------

static const struct picture_tile six[] = {
    {"E1", "Abram", 0, 0}, {"E2", "Hindley Green", 1, 0}, {"E3", "Tyldes\xC2\xADley", 2, 0},
    {"E4", "Ince", 0, 1},  {"E5", "<b>Orrell</b>", 1, 1}, {"E6", "Astley", 2, 1}};
static const int32_t square[] = {0, 0, 1000, 0, 1000, 1000, 0, 1000};
static const uint32_t square_end[] = {4};
static const struct picture_shape shapes[] = {{"E1", "Abram", square, square_end, 1}};
static const struct picture_map map = {six, 6, NULL, 0}, map_with_shapes = {six, 6, shapes, 1};

static struct table *wards(void) {
    struct table *t = table_new(arena, "Paid by ward");
    table_column(t, "code", "Code", CELL_TEXT);
    table_column(t, "what", "Ward", CELL_TEXT);
    table_column(t, "paid", "Paid", CELL_MONEY);
    static const char *const codes[] = {"E3", "E1", "E2", "E5", ""};
    static const int64_t pence[] = {900000000, 400000000, 300, 0, 70000000000};
    for (size_t i = 0; i < 5; i++) {
        table_row(t);
        table_text(t, codes[i]);
        table_text(t, i == 4 ? "Elsewhere" : "A ward");
        if (i == 3) {
            table_empty(t); // fewer than five suppliers: not said
        } else {
            table_i64(t, pence[i]);
        }
    }
    return t;
}

static void test_each_ward_has_its_tile_with_name_sum_and_shade(void **state) {
    (void)state;
    const char *html = draw(wards(), PICTURE_TILES, &map);
    assert_int_equal(count_of(html, "<svg x="), 6);
    assert_non_null(strstr(html, "<title>Tyldesley: \xC2\xA3"
                                 "9.0 million</title><rect class=\"anc-chart__shade--5\""));
    assert_non_null(strstr(html, "<title>Abram: \xC2\xA3"
                                 "4.0 million</title><rect class=\"anc-chart__shade--4\""));
    assert_non_null(strstr(html, "<title>Ince: nothing paid</title><rect class=\"anc-chart__shade--0\""));
    assert_non_null(strstr(html, ": not shown, to protect fewer than 5 suppliers</title><rect "
                                 "class=\"anc-chart__shade--6\""));
    assert_non_null(strstr(html, ">Hindley Green</text>"));
    assert_null(strstr(html, "<b>"));
    assert_non_null(strstr(html, "Nothing paid (2 wards)"));
    assert_non_null(strstr(html, "Not shown, to protect fewer than 5 suppliers (1 ward)"));
    assert_non_null(strstr(html, "Not on the map: \xC2\xA3"
                                 "700.0 million in 1 row"));
    assert_null(strstr(html, "<details"));
}

// Small wards in one row without a code: of a ward without a row it is not known which it is.
static void test_a_ward_that_may_be_among_the_small_ones_is_not_called_unpaid(void **state) {
    (void)state;
    static const char *const codes[] = {"E1", ""};
    for (int rest = 0; rest < 2; rest++) {
        struct table *t = table_new(arena, "Paid by ward");
        table_column(t, "code", "Code", CELL_TEXT);
        table_column(t, "what", "Ward", CELL_TEXT);
        table_column(t, "paid", "Paid", CELL_MONEY);
        for (int i = 0; i <= rest; i++) {
            table_row(t);
            table_text(t, codes[i]);
            table_text(t, "A ward");
            table_i64(t, 5000);
        }
        const char *html = draw(t, PICTURE_TILES, &map);
        const char *said =
            rest ? "Ince: nothing paid, or too few suppliers to show</title>" : "Ince: nothing paid</title>";
        assert_non_null(strstr(html, said));
    }
}

static void test_tiles_do_not_overlap(void **state) {
    (void)state;
    const char *html = draw(wards(), PICTURE_TILES, &map);
    int x[6], w[6], y[6], h[6];
    size_t n = 0;
    for (const char *at = html; (at = strstr(at, "<svg x=")); at++) {
        int v[6];
        assert_int_equal(sscanf(at, "<svg x=\"%d.%d%%\" y=\"%d\" width=\"%d.%d%%\" height=\"%d\"", &v[0],
                                &v[1], &v[2], &v[3], &v[4], &v[5]),
                         6);
        x[n] = v[0] * 100 + v[1], y[n] = v[2], w[n] = v[3] * 100 + v[4], h[n] = v[5];
        for (size_t k = 0; k < n; k++) {
            assert_true(x[n] >= x[k] + w[k] || x[k] >= x[n] + w[n] || y[n] >= y[k] + h[k] ||
                        y[k] >= y[n] + h[n]);
        }
        assert_true(x[n] + w[n] <= 10000);
        n++;
    }
    assert_int_equal(n, 6);
}

static void test_the_real_outlines_come_after_the_tiles_with_the_same_shades(void **state) {
    (void)state;
    const char *html = draw(wards(), PICTURE_TILES, &map_with_shapes);
    const char *real = strstr(html, "<details");
    assert_non_null(real);
    assert_true(real > strstr(html, "anc-chart__tiles"));
    assert_non_null(strstr(real, "<path class=\"anc-chart__shade--4 anc-chart__outline\""));
    assert_non_null(strstr(real, "d=\"M0 1000l1000 0l0 -1000l-1000 0z\""));
}

static void test_tiles_without_a_map_are_bars(void **state) {
    (void)state;
    const char *html = draw(wards(), PICTURE_TILES, NULL);
    assert_int_equal(count_of(html, "anc-chart__bar"), 5);
    assert_non_null(strstr(html, "<table"));
}

static void test_classes_hold_equal_values_together_and_leave_nothing_out(void **state) {
    (void)state;
    static const int64_t v[] = {0, 10, 10, 10, 20, 30, 40, 50, 60, 70, 80, -5};
    int c[12];
    tile_classes(v, 12, c);
    assert_int_equal(c[0], 0);
    assert_int_equal(c[11], 0);
    assert_int_equal(c[1], c[2]);
    assert_int_equal(c[2], c[3]);
    assert_int_equal(c[10], 5);
    for (size_t i = 1; i < 10; i++) {
        assert_in_range(c[i], 1, 5);
        assert_true(c[i] <= c[i + 1]);
    }
    static const int64_t lone[] = {7, 0};
    tile_classes(lone, 2, c);
    assert_int_equal(c[0], 5);
}

// ---- all of them ---------------------------------------------------------------------------------------

static void test_bars_say_their_finding_and_have_their_table(void **state) {
    (void)state;
    static const char *const names[] = {"2024/25 & more", "2024/25 & more", "2024/25 & more",
                                        "A year with a name that is far too long for a phone"};
    static const int64_t paid[] = {200000000, 100000000, 0, -100};
    const char *html = draw(amounts("Paid by year", 4, names, paid), PICTURE_BARS, NULL);
    assert_non_null(strstr(html, "role=\"img\" aria-label=\"It &quot;fell&quot; &amp; rose\""));
    assert_non_null(strstr(html, "<p class=\"anc-chart__finding\">It &quot;fell&quot; &amp; rose</p>"));
    assert_non_null(strstr(html, "width=\"100.0%\" height=\"18\""));
    assert_non_null(strstr(html, "width=\"50.0%\" height=\"18\""));
    assert_non_null(strstr(html, "width=\"0.0%\" height=\"18\""));
    assert_non_null(strstr(html, ">\xC2\xA3"
                                 "2.0 million</text>"));
    assert_non_null(strstr(html, "2024/25 &amp; more</text>"));
    assert_non_null(strstr(html, "anc-chart__narrow\" x=\"0\" y=\"172\">A year with a name that"));
    assert_non_null(strstr(html, "<table class=\"govuk-table\">"));
}

static void test_a_bar_without_a_figure_says_that_it_is_not_shown(void **state) {
    (void)state;
    struct table *t = table_new(arena, "Known to leave");
    table_column(t, "what", "What", CELL_TEXT);
    table_column(t, "paid", "Paid", CELL_MONEY);
    table_row(t);
    table_text(t, "Food");
    table_empty(t);
    const char *html = draw(t, PICTURE_BARS, NULL);
    assert_non_null(strstr(html, ">not shown</text>"));
}

static void test_the_same_table_gives_the_same_bytes_and_no_style_or_script(void **state) {
    (void)state;
    static const char *const names[] = {"</svg><script>x</script>", "\" onload=\"x", "&lt;",
                                        "\xE4\xB8\x96\xE7\x95\x8C"};
    static const int64_t pence[] = {INT64_MAX, 5, INT64_MIN, 77777777};
    for (int kind = PICTURE_BARS; kind <= PICTURE_TREEMAP; kind++) {
        if (kind == PICTURE_TILES) {
            continue;
        }
        const char *a = draw(amounts("T", 4, names, pence), (enum picture_kind)kind, NULL);
        const char *b = draw(amounts("T", 4, names, pence), (enum picture_kind)kind, NULL);
        assert_string_equal(a, b);
        assert_null(strstr(a, "<script"));
        assert_null(strstr(a, "\" onload"));
        assert_null(strstr(a, "style="));
        assert_int_equal(count_of(a, "<svg"), count_of(a, "</svg>"));
        assert_non_null(strstr(a, "<table"));
    }
    assert_string_equal(draw(wards(), PICTURE_TILES, &map), draw(wards(), PICTURE_TILES, &map));
}

static void test_an_empty_table_or_a_missing_column_draws_nothing(void **state) {
    (void)state;
    static const int64_t one[] = {1};
    for (int kind = PICTURE_BARS; kind <= PICTURE_TREEMAP; kind++) {
        assert_null(strstr(draw(amounts("Nothing", 0, NULL, one), (enum picture_kind)kind, &map), "<svg"));
    }
    struct picture p = {.kind = PICTURE_BARS, .keys = {"what", "nowhere"}, .key_count = 2, .finding = "x"};
    size_t n;
    assert_null(strstr(html_bytes(picture_html(amounts("T", 1, NULL, one), &p, NULL), &n), "<svg"));
    p.keys[1] = "what"; // words are no numbers
    assert_null(strstr(html_bytes(picture_html(amounts("T", 1, NULL, one), &p, NULL), &n), "<svg"));
    p.key_count = 1;
    assert_null(strstr(html_bytes(picture_html(amounts("T", 1, NULL, one), &p, NULL), &n), "<svg"));
}

static void test_sums_are_short_and_rounded_half_up(void **state) {
    (void)state;
    static const struct {
        int64_t pence;
        const char *words;
    } cases[] = {{0, "£0"},
                 {999949, "£9,999"},
                 {1000000, "£10k"},
                 {4350000, "£43.5k"},
                 {43000000, "£430k"},
                 {99949999, "£999k"},
                 {99950000, "£1m"},
                 {455000000, "£4.6m"},
                 {9120000000, "£91.2m"},
                 {99950000000, "£1bn"},
                 {-455000000, "-£4.6m"}};
    struct table *t = amounts("T", 0, NULL, NULL);
    struct pic p = {.t = t, .column = {0, 1}, .keys = 2};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[STAMP_TEXT_BYTES];
        pic_short(&p, 1, cases[i].pence, out);
        assert_string_equal(out, cases[i].words);
    }
}

static void test_names_break_at_blanks_and_soft_hyphens_only(void **state) {
    (void)state;
    struct pic_line l[3];
    assert_int_equal(pic_wrap("Hindley Green", 5000, 3, l), 2);
    assert_int_equal(l[0].n, 7);
    assert_int_equal(pic_wrap("Tyldes\xC2\xADley", 3900, 3, l), 2);
    assert_true(l[0].hyphen);
    assert_int_equal(pic_wrap("Tyldes\xC2\xADley", 9000, 3, l), 1);
    assert_false(l[0].hyphen);
    assert_int_equal(pic_wrap("Supercalifragilistic", 3000, 3, l), 0);
    assert_int_equal(pic_wrap("a b c d", 600, 3, l), 0); // four lines
    assert_int_equal(pic_wrap("", 600, 3, l), 0);
}

#define PROMISE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROMISE(test_areas_fill_the_frame_without_gap_or_overlap_each_as_large_as_its_share),
        PROMISE(test_areas_are_rather_square),
        PROMISE(test_words_of_an_area_stand_inside_it_or_not_at_all),
        PROMISE(test_many_areas_end_in_the_others_together),
        PROMISE(test_columns_stand_on_the_line_and_those_below_zero_hang_from_it),
        PROMISE(test_parts_of_a_column_add_up_to_it),
        PROMISE(test_many_periods_do_not_run_into_each_other),
        PROMISE(test_a_band_is_whole_to_the_hundredth_of_a_per_cent),
        PROMISE(test_what_is_below_zero_is_named_and_not_in_the_band),
        PROMISE(test_each_ward_has_its_tile_with_name_sum_and_shade),
        PROMISE(test_a_ward_that_may_be_among_the_small_ones_is_not_called_unpaid),
        PROMISE(test_tiles_do_not_overlap),
        PROMISE(test_the_real_outlines_come_after_the_tiles_with_the_same_shades),
        PROMISE(test_tiles_without_a_map_are_bars),
        PROMISE(test_classes_hold_equal_values_together_and_leave_nothing_out),
        PROMISE(test_bars_say_their_finding_and_have_their_table),
        PROMISE(test_a_bar_without_a_figure_says_that_it_is_not_shown),
        PROMISE(test_the_same_table_gives_the_same_bytes_and_no_style_or_script),
        PROMISE(test_an_empty_table_or_a_missing_column_draws_nothing),
        PROMISE(test_sums_are_short_and_rounded_half_up),
        PROMISE(test_names_break_at_blanks_and_soft_hyphens_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
