// SPDX-License-Identifier: Apache-2.0
// Boundaries files become outlines in metres, simpler and bounded; what is no boundaries file is refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/strb.h"
#include "domain/ward_outline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena *arena;
static const struct outline *list;
static size_t count, skipped;
static const char *why;

static int setup(void **state) {
    (void)state;
    arena = arena_new((size_t)512 << 20);
    list = NULL;
    count = skipped = 0;
    why = "";
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static bool read_text(const char *s) {
    return outline_read(arena, s, strlen(s), &list, &count, &skipped, &why);
}

// One feature with these properties and geometry.
static const char *file_of(const char *properties, const char *geometry) {
    return arena_printf(
        arena,
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{%s},"
        "\"geometry\":%s}]}",
        properties, geometry);
}

#define CODE "\"area_code\":\"E05015002\",\"area_name\":\"Leigh South\""
#define SQUARE                                                                                               \
    "{\"type\":\"Polygon\",\"coordinates\":[[[365000,399000],[366000,399000],[366000,400000],[365000,"       \
    "400000],[365000,399000]]]}"

static void test_degrees_become_metres_of_the_national_grid(void **state) {
    (void)state;
    double e, n;
    // The worked example of the Ordnance Survey's guide, 52 39 27.2531 N 1 43 4.5177 E on its own ellipsoid,
    // seen from WGS 84 (52.657979 N, 1.716074 E).
    outline_to_grid(1.716073973, 52.657975831, &e, &n);
    assert_true(fabs(e - 651409.9) < 10 && fabs(n - 313177.3) < 10);
    outline_to_grid(-2.63, 53.545, &e, &n); // Wigan: SD 583 057
    assert_true(fabs(e - 358350) < 200 && fabs(n - 405650) < 300);
}

static void test_a_ward_in_metres_is_taken_as_it_is(void **state) {
    (void)state;
    assert_true(read_text(file_of(CODE, SQUARE)));
    assert_int_equal(count, 1);
    assert_int_equal(skipped, 0);
    assert_string_equal(list[0].code, "E05015002");
    assert_string_equal(list[0].name, "Leigh South");
    assert_int_equal(list[0].ring_count, 1);
    assert_int_equal(list[0].ring_end[0], 4); // the closing point is left out
    assert_int_equal(list[0].xy[0], 365000);
    assert_int_equal(list[0].xy[1], 399000);
}

static void test_names_of_columns_of_several_publishers_are_known(void **state) {
    (void)state;
    assert_true(read_text(file_of("\"WD23CD\":\"E05015002\",\"WD23NM\":\"Leigh South\"", SQUARE)));
    assert_string_equal(list[0].name, "Leigh South");
    assert_true(read_text(file_of("\"ward_code\":\"E05015002\"", SQUARE)));
    assert_false(read_text(file_of("\"LAD23CD\":\"E08000010\"", SQUARE)));
    assert_false(read_text(file_of("\"area_code\":\"E05'; DROP\"", SQUARE)));
}

static void test_islands_and_holes_stay_and_slivers_go(void **state) {
    (void)state;
    assert_true(
        read_text(file_of(CODE, "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[300000,400000],[309000,"
                                "400000],[309000,409000],[300000,409000],[300000,400000]],[[302000,402000],"
                                "[303000,402000],[303000,403000],[302000,402000]]],[[[320000,400000],[321000,"
                                "400000],[321000,401000],[320000,400000]]],"
                                "[[[300050,400050],[300051,400050],[300051,400051],[300050,400050]]]]}")));
    assert_int_equal(list[0].ring_count, 3);
    assert_int_equal(list[0].ring_end[0], 4); // the largest first
}

static void test_a_line_of_many_points_becomes_simple_and_keeps_its_corners(void **state) {
    (void)state;
    int32_t xy[2 * 4000];
    for (int i = 0; i < 4000; i++) { // a square of 10 km whose sides wobble by 3 metres
        int side = i / 1000, along = i % 1000 * 10, off = i % 2 ? 3 : 0;
        xy[2 * i] = side == 0 ? along : side == 1 ? 10000 + off : side == 2 ? 10000 - along : -off;
        xy[2 * i + 1] = side == 0 ? -off : side == 1 ? along : side == 2 ? 10000 + off : 10000 - along;
    }
    size_t n = outline_simplify(xy, 4000, 20);
    assert_in_range(n, 4, 8);
    int corners = 0;
    for (size_t i = 0; i < n; i++) {
        bool x = abs(xy[2 * i]) < 30 || abs(xy[2 * i] - 10000) < 30;
        bool y = abs(xy[2 * i + 1]) < 30 || abs(xy[2 * i + 1] - 10000) < 30;
        corners += x && y;
    }
    assert_true(corners >= 4);
}

static void test_a_ward_never_has_more_points_than_a_page_can_take(void **state) {
    (void)state;
    struct strb b;
    strb_init(&b, 1 << 20);
    strb_puts(&b, "{\"type\":\"Polygon\",\"coordinates\":[[");
    for (int i = 0; i < 5000; i++) {
        double angle = i / 5000.0 * 6.283185, r = 8000 + (i % 7) * 150;
        strb_printf(&b, "[%.1f,%.1f],", 360000 + r * cos(angle), 400000 + r * sin(angle));
    }
    strb_puts(&b, "[368000,400000]]]}");
    assert_true(read_text(file_of(CODE, b.p)));
    assert_in_range(list[0].ring_end[list[0].ring_count - 1], 4, OUTLINE_POINTS_MAX);
    strb_free(&b);
}

static void test_what_is_no_boundaries_file_is_refused_with_a_sentence(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "ward_code,ward_name\nE05015002,Leigh South\n",
        "{}",
        "[]",
        "{\"features\":{}}",
        "{\"features\":[]}",
        "{\"features\":[1,null,\"x\",[]]}",
        "{\"features\":[{}],\"features\":[{}]}",
        "{\"features\":[{\"a\":1e999}]}",
        "{\"features\":[{\"properties\":{\"area_code\":\"E05015002\"},\"geometry\":"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        why = "";
        assert_false(read_text(bad[i]));
        assert_true(strlen(why) > 20);
    }
}

static void test_hostile_geometry_is_left_out(void **state) {
    (void)state;
    static const char *const bad[] = {
        "null", "[]", "{\"type\":\"Point\",\"coordinates\":[1,2]}",
        "{\"type\":\"Polygon\",\"coordinates\":[]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[\"x\",1],[2,2],[3,3],[1,1]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[1e300,1],[2e300,2],[3e300,3],[1e300,1]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[120,30],[121,30],[121,31],[120,30]]]}", // not in Great
                                                                                          // Britain
        "{\"type\":\"Polygon\",\"coordinates\":[[[365000,399000],[365000,399000],[365000,399000]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[[]]],{},1]}", "{\"type\":[],\"coordinates\":{}}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(read_text(file_of(CODE, bad[i])));
    }
}

static void test_nested_and_bloated_files_are_refused_before_they_are_built(void **state) {
    (void)state;
    size_t n = (size_t)3 << 20;
    char *s = malloc(n + 1);
    assert_non_null(s);
    memset(s, '[', n);
    s[n] = 0;
    assert_false(outline_read(arena, s, n, &list, &count, &skipped, &why));
    assert_false(
        outline_read(arena, s, 100000, &list, &count, &skipped, &why)); // deeper than the parser goes
    memset(s, ',', n);
    s[n - 1] = ',';
    assert_false(outline_read(arena, s, n, &list, &count, &skipped, &why));
    assert_non_null(strstr(why, "too large"));
    free(s);
}

static void test_the_wards_of_the_shared_data_are_all_read(void **state) {
    (void)state;
    const char *folder = getenv("ANCHORAGE_SHARED_DATA"); // of tests only
    char path[1000];
    snprintf(path, sizeof path, "%s/places/wigan_wards_2023_super_generalised.geojson",
             folder ? folder : SOURCE_DIR "/../shared/data");
    FILE *f = fopen(path, "rb");
    if (!f) {
        puts("skipped: boundaries of the shared data not present");
        return;
    }
    char *s = malloc(1 << 20);
    size_t n = s ? fread(s, 1, 1 << 20, f) : 0;
    fclose(f);
    assert_true(outline_read(arena, s, n, &list, &count, &skipped, &why));
    assert_int_equal(count, 25);
    assert_int_equal(skipped, 0);
    for (size_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < list[i].ring_end[list[i].ring_count - 1]; k++) {
            assert_in_range(list[i].xy[2 * k], 350000, 375000);
            assert_in_range(list[i].xy[2 * k + 1], 392000, 415000);
        }
    }
    free(s);
}

#define PROMISE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROMISE(test_degrees_become_metres_of_the_national_grid),
        PROMISE(test_a_ward_in_metres_is_taken_as_it_is),
        PROMISE(test_names_of_columns_of_several_publishers_are_known),
        PROMISE(test_islands_and_holes_stay_and_slivers_go),
        PROMISE(test_a_line_of_many_points_becomes_simple_and_keeps_its_corners),
        PROMISE(test_a_ward_never_has_more_points_than_a_page_can_take),
        PROMISE(test_what_is_no_boundaries_file_is_refused_with_a_sentence),
        PROMISE(test_hostile_geometry_is_left_out),
        PROMISE(test_nested_and_bloated_files_are_refused_before_they_are_built),
        PROMISE(test_the_wards_of_the_shared_data_are_all_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
