// SPDX-License-Identifier: Apache-2.0
// The map of a place against real tables: tiles by hand, by the place, or worked out; outlines from a file.
#include "domain/ward_map.h"
#include "support/dbtest.h"
#include "support/market.h"

#include <stdio.h>
#include <string.h>

static const struct picture_map *map_of(struct dbtest *t) {
    const struct picture_map *map = NULL;
    assert_err(t->c, ward_map_load(t->c, &map), ERR_OK);
    return map;
}

static FILE *file_of(const char *text) {
    FILE *f = tmpfile();
    assert_non_null(f);
    fputs(text, f);
    rewind(f);
    return f;
}

static enum err load(struct dbtest *t, const char *text, struct ward_map_report *ret) {
    FILE *f = file_of(text);
    enum err e = ward_map_import(t->c, f, "file", ret);
    fclose(f);
    return e;
}

// Three wards in a row from west to east, the last one known by its postcodes alone.
static void wards(struct dbtest *t) {
    market_fill(t->c);
    dbtest_run(t->c, "DELETE FROM core.postcode");
    dbtest_run(t->c, "DELETE FROM core.ward");
    dbtest_run(t->c,
               "INSERT INTO core.ward (code, name, lad_code) VALUES ('E05999901', 'Westby, Old Town & Quay', "
               "'E08000010'), ('E05999902', 'Midham', 'E08000010'), ('E05999903', 'Eastley', 'E08000010'), "
               "('E05999904', 'Other', 'E08000009')");
    dbtest_run(t->c, "INSERT INTO core.postcode (pc, lad_code, ward_code, easting, northing, ended) VALUES "
                     "('ZZ1 1AA', 'E08000010', 'E05999901', 350000, 400000, false), "
                     "('ZZ1 1AB', 'E08000010', 'E05999902', 354000, 400100, false), "
                     "('ZZ1 1AC', 'E08000010', 'E05999903', 358000, 400000, false), "
                     "('ZZ1 1AD', 'E08000010', 'E05999903', 300000, 300000, true)");
}

static void test_wards_without_tiles_are_laid_out_by_their_postcodes(void **state) {
    struct dbtest *t = *state;
    wards(t);
    const struct picture_map *m = map_of(t);
    assert_int_equal(m->tile_count, 3);
    assert_string_equal(m->tiles[0].code, "E05999901");
    assert_string_equal(m->tiles[0].label, "Westby");
    assert_true(m->tiles[0].col < m->tiles[1].col && m->tiles[1].col < m->tiles[2].col);
    assert_int_equal(m->shape_count, 0);
}

static void test_a_place_without_wards_has_no_map(void **state) {
    struct dbtest *t = *state;
    market_fill(t->c);
    dbtest_run(t->c, "DELETE FROM core.postcode");
    dbtest_run(t->c, "DELETE FROM core.ward");
    assert_null(map_of(t));
}

static void test_wards_that_were_laid_out_by_hand_stand_as_in_the_list(void **state) {
    struct dbtest *t = *state;
    market_fill(t->c);
    dbtest_run(t->c, "DELETE FROM core.postcode");
    dbtest_run(t->c, "DELETE FROM core.ward");
    dbtest_run(t->c, "INSERT INTO core.ward (code, name, lad_code) VALUES ('E05015009', 'Tyldesley & Mosley "
                     "Common', 'E08000010'), ('E05015002', 'Leigh South', 'E08000010')");
    const struct picture_map *m = map_of(t);
    assert_int_equal(m->tile_count, 2);
    assert_int_equal(m->tiles[0].col, 4); // Leigh South
    assert_int_equal(m->tiles[0].line, 4);
    assert_string_equal(m->tiles[1].label, "Tyldes\xC2\xADley");
}

static void test_a_place_may_set_its_own_tiles(void **state) {
    struct dbtest *t = *state;
    struct ward_map_report r;
    wards(t);
    assert_err(t->c, load(t, "# ours\r\nE05999903|0|0|E\r\nE05999902|1|0|M\r\nE05999901|1|1|W\r\n", &r),
               ERR_OK);
    assert_true(r.tiles);
    assert_int_equal(r.stored, 3);
    const struct picture_map *m = map_of(t);
    assert_int_equal(m->tiles[0].col, 1);
    assert_int_equal(m->tiles[0].line, 1);
    assert_int_equal(m->tiles[2].col, 0);
    // Again, and otherwise.
    assert_err(t->c, load(t, "E05999903|5|0|E\nE05999902|1|0|M\nE05999901|1|1|W\n", &r), ERR_OK);
    assert_int_equal(map_of(t)->tiles[2].col, 5);
}

static void test_tiles_that_share_a_spot_or_leave_a_ward_out_are_refused(void **state) {
    struct dbtest *t = *state;
    struct ward_map_report r;
    wards(t);
    assert_err(t->c, load(t, "E05999903|0|0|E\nE05999902|0|0|M\nE05999901|1|1|W\n", &r), ERR_INVALID);
    assert_non_null(strstr(t->c->err_detail, "Midham and Eastley stand on the same tile"));
    assert_err(t->c, load(t, "E05999903|0|0|E\nE05999902|1|0|M\n", &r), ERR_INVALID);
    assert_err(t->c, load(t, "E05999903|0|0|E\nE05999902|-1|0|M\nE05999901|1|1|W\n", &r), ERR_INVALID);
    assert_err(t->c, load(t, "ward_code,ward_name\nE05999901,Westby\n", &r), ERR_INVALID);
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.ward_tile"), "0");
}

#define SQUARE(x)                                                                                            \
    "{\"type\":\"Polygon\",\"coordinates\":[[[" #x "000,400000],[" #x "900,400000],[" #x "900,400900],[" #x  \
    "000,400000]]]}"
#define WARD(code, x)                                                                                        \
    "{\"type\":\"Feature\",\"properties\":{\"area_code\":\"" code "\"},\"geometry\":" SQUARE(x) "}"
#define FILE_OF(wards) "{\"type\":\"FeatureCollection\",\"features\":[" wards "]}"

static void test_boundaries_of_the_place_are_kept_and_others_counted(void **state) {
    struct dbtest *t = *state;
    struct ward_map_report r;
    wards(t);
    assert_err(
        t->c,
        load(t, FILE_OF(WARD("E05999901", 350) "," WARD("E05999904", 360) ",{\"type\":\"Feature\"}"), &r),
        ERR_OK);
    assert_int_equal(r.stored, 1);
    assert_int_equal(r.other, 1);
    assert_int_equal(r.skipped, 1);
    const struct picture_map *m = map_of(t);
    assert_int_equal(m->shape_count, 1);
    assert_string_equal(m->shapes[0].name, "Westby, Old Town & Quay");
    assert_int_equal(m->shapes[0].ring_end[0], 3);
    assert_int_equal(m->shapes[0].xy[2], 350900);
    // Boundaries of another year take the place of those before.
    assert_err(t->c, load(t, FILE_OF(WARD("E05999901", 351)), &r), ERR_OK);
    assert_int_equal(map_of(t)->shapes[0].xy[0], 351000);
    assert_string_equal(
        dbtest_value(t->c, "SELECT count(*) FROM core.audit WHERE action = 'place.boundaries'"), "2");
}

static void test_a_broken_or_foreign_file_changes_nothing(void **state) {
    struct dbtest *t = *state;
    struct ward_map_report r;
    wards(t);
    assert_err(t->c, load(t, FILE_OF(WARD("E05999904", 360)), &r), ERR_INVALID);
    assert_non_null(strstr(t->c->err_detail, "None of the 1 wards"));
    assert_err(t->c, load(t, "{\"features\":[", &r), ERR_INVALID);
    assert_err(t->c, load(t, "", &r), ERR_INVALID);
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.ward_shape"), "0");
}

#define T(name) cmocka_unit_test_setup_teardown(name, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_wards_without_tiles_are_laid_out_by_their_postcodes),
        T(test_a_place_without_wards_has_no_map),
        T(test_wards_that_were_laid_out_by_hand_stand_as_in_the_list),
        T(test_a_place_may_set_its_own_tiles),
        T(test_tiles_that_share_a_spot_or_leave_a_ward_out_are_refused),
        T(test_boundaries_of_the_place_are_kept_and_others_counted),
        T(test_a_broken_or_foreign_file_changes_nothing),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
