// SPDX-License-Identifier: Apache-2.0
// Promises of price points, totals and ranking in exact numbers.
#include "domain/price.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_the_worked_example_of_the_crown_commercial_service(void **state) {
    (void)state;
    assert_int_equal(price_points_milli(1, 1000000, 1500000), 667);
    assert_int_equal(price_points_milli(1, 1000000, 1000000), 1000);
    assert_int_equal(price_points_milli(1, 1000000, 3000000), 333);
}

// Bids 100k/70, 120k/85, 80k/55 with price 40 and quality 60: 74.00, 77.67, 73.00.
static void test_totals_of_three_bids_as_published(void **state) {
    (void)state;
    struct total a = {42000, 40, 8000000, 10000000}, b = {51000, 40, 8000000, 12000000},
                 c = {33000, 40, 8000000, 8000000};
    assert_int_equal(total_milli(&a), 74000);
    assert_int_equal(total_milli(&b), 77667);
    assert_int_equal(total_milli(&c), 73000);
    assert_int_equal(total_compare(&b, &a), 1);
    assert_int_equal(total_compare(&c, &a), -1);
    assert_int_equal(total_compare(&a, &a), 0);
}

static void test_rounding_never_decides_a_rank(void **state) {
    (void)state;
    // One penny more on a price of many millions: the same shown points, yet not the same total.
    struct total a = {0, 40, 500000000000, 900000000001}, b = {0, 40, 500000000000, 900000000000};
    assert_int_equal(total_milli(&a), total_milli(&b));
    assert_int_equal(total_compare(&a, &b), -1);
}

static void test_the_largest_amounts_do_not_overflow(void **state) {
    (void)state;
    struct total a = {100000, 100, 10000000000000, 10000000000000}, b = {100000, 100, 1, 10000000000000};
    assert_int_equal(total_milli(&a), 200000);
    assert_int_equal(total_compare(&a, &b), 1);
    assert_int_equal(total_compare(&b, &a), -1);
}

static void test_a_price_of_nothing_earns_all_points_and_divides_nothing(void **state) {
    (void)state;
    assert_int_equal(price_points_milli(40, 0, 0), 40000);
    assert_int_equal(price_points_milli(40, 0, 100), 0);
}

static void test_points_are_shown_with_two_decimals_half_up(void **state) {
    (void)state;
    char s[POINTS_TEXT_BYTES];
    points_format(36675, s);
    assert_string_equal(s, "36.68");
    points_format(4, s);
    assert_string_equal(s, "0.00");
    points_format_exact(36675, s);
    assert_string_equal(s, "36.675");
    points_format_exact(5, s);
    assert_string_equal(s, "0.005");
}

static void test_points_are_read_as_people_write_them(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t milli; // -1: refused
    } cases[] = {{"42", 42000},   {"42.5", 42500}, {"42.125", 42125}, {"0", 0},     {"100", 100000},
                 {"100.001", -1}, {"101", -1},     {"42.", -1},       {".5", -1},   {"", -1},
                 {"-1", -1},      {"1.2345", -1},  {"1,5", -1},       {"12 ", -1},  {"1e2", -1},
                 {"99999", -1},   {"1.2.3", -1},   {"0.001", 1},      {"007", 7000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t milli = -1;
        bool read = points_parse(cases[i].text, &milli);
        if (read != (cases[i].milli >= 0) || milli != cases[i].milli) {
            fail_msg("\"%s\" gave %lld", cases[i].text, (long long)milli);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_worked_example_of_the_crown_commercial_service),
        cmocka_unit_test(test_totals_of_three_bids_as_published),
        cmocka_unit_test(test_rounding_never_decides_a_rank),
        cmocka_unit_test(test_the_largest_amounts_do_not_overflow),
        cmocka_unit_test(test_a_price_of_nothing_earns_all_points_and_divides_nothing),
        cmocka_unit_test(test_points_are_shown_with_two_decimals_half_up),
        cmocka_unit_test(test_points_are_read_as_people_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
