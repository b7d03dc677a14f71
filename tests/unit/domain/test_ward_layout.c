// SPDX-License-Identifier: Apache-2.0
// Every ward has one tile, no two wards share one, neighbours stay near each other, and it is the same each
// time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/ward_layout.h"

#include <stdlib.h>
#include <string.h>

static void check(const struct ward_centre *w, size_t n, struct ward_tile *t) {
    assert_true(ward_layout(w, n, t));
    for (size_t i = 0; i < n; i++) {
        assert_true(t[i].col >= 0 && t[i].line >= 0 && t[i].col < 30 && t[i].line < 301);
        for (size_t k = 0; k < i; k++) {
            assert_true(t[i].col != t[k].col || t[i].line != t[k].line);
        }
    }
}

static int apart(struct ward_tile a, struct ward_tile b) {
    int x = abs(a.col - b.col), y = abs(a.line - b.line);
    return x > y ? x : y;
}

static void test_a_place_that_is_a_grid_keeps_its_order(void **state) {
    (void)state;
    struct ward_centre w[20];
    struct ward_tile t[20];
    for (int i = 0; i < 20; i++) {
        w[i] = (struct ward_centre){350000 + i % 5 * 2000, 400000 - i / 5 * 2000};
    }
    check(w, 20, t);
    for (int i = 0; i < 20; i++) {
        for (int k = 0; k < 20; k++) {
            if (i % 5 < k % 5) {
                assert_true(t[i].col <= t[k].col); // further east is never further left
            }
            if (i / 5 < k / 5) {
                assert_true(t[i].line <= t[k].line);
            }
        }
    }
}

// A town with crowded wards in the middle and wide ones around it.
static size_t town(struct ward_centre *w) {
    size_t n = 0;
    uint32_t random = 7;
    for (int ring = 0; ring < 4; ring++) {
        for (int i = 0; i < (ring ? ring * 8 : 1); i++) {
            static const int x[] = {10, 7, 0, -7, -10, -7, 0, 7}, y[] = {0, 7, 10, 7, 0, -7, -10, -7};
            random = random * 1103515245u + 12345u;
            int reach = ring * ring * 150, turn = i / (ring ? ring : 1) % 8;
            w[n++] = (struct ward_centre){355000 + x[turn] * reach + (int)(random >> 20) % 900 + i * 40,
                                          402000 + y[turn] * reach + (int)(random >> 10) % 900 - i * 30};
        }
    }
    return n;
}

static void test_neighbours_stay_near_each_other(void **state) {
    (void)state;
    struct ward_centre w[80];
    struct ward_tile t[80];
    size_t n = town(w), near = 0;
    check(w, n, t);
    for (size_t i = 0; i < n; i++) { // the nearest ward of each
        size_t best = i == 0;
        for (size_t k = 0; k < n; k++) {
            int64_t dx = w[k].east - w[i].east, dy = w[k].north - w[i].north;
            int64_t bx = w[best].east - w[i].east, by = w[best].north - w[i].north;
            best = k != i && dx * dx + dy * dy < bx * bx + by * by ? k : best;
        }
        near += apart(t[i], t[best]) <= 1;
    }
    assert_true(near * 10 >= n * 8);
}

static void test_the_same_wards_give_the_same_map(void **state) {
    (void)state;
    struct ward_centre w[80];
    struct ward_tile a[80], b[80];
    size_t n = town(w);
    check(w, n, a);
    check(w, n, b);
    assert_memory_equal(a, b, n * sizeof *a);
}

static void test_odd_places_have_a_map_too(void **state) {
    (void)state;
    static struct ward_centre w[WARD_LAYOUT_MAX + 1];
    static struct ward_tile t[WARD_LAYOUT_MAX + 1];
    check(w, 1, t);
    assert_int_equal(t[0].col + t[0].line, 0);
    check(w, 40, t); // all on one spot
    for (int i = 0; i < 60; i++) {
        w[i] = (struct ward_centre){0, i * 5000}; // a valley from south to north
    }
    check(w, 60, t);
    assert_true(t[59].line < t[0].line); // the north at the top
    check(w, WARD_LAYOUT_MAX, t);
    assert_false(ward_layout(w, 0, t));
    assert_false(ward_layout(w, WARD_LAYOUT_MAX + 1, t));
}

static void test_names_are_short_on_tiles(void **state) {
    (void)state;
    static const char *const cases[][2] = {{"Aspull, New Springs & Whelley", "Aspull"},
                                           {"Standish with Langtree", "Standish"},
                                           {"Leigh Central & Higher Folds", "Leigh Central"},
                                           {"Ince", "Ince"},
                                           {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[40];
        ward_short_name(cases[i][0], out, sizeof out);
        assert_string_equal(out, cases[i][1]);
    }
    char small[5];
    ward_short_name("Abc\xC3\xA9"
                    "def",
                    small, sizeof small);
    assert_string_equal(small, "Abc");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_place_that_is_a_grid_keeps_its_order),
        cmocka_unit_test(test_neighbours_stay_near_each_other),
        cmocka_unit_test(test_the_same_wards_give_the_same_map),
        cmocka_unit_test(test_odd_places_have_a_map_too),
        cmocka_unit_test(test_names_are_short_on_tiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
