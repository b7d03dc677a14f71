// SPDX-License-Identifier: Apache-2.0
// Promises about points for prices, with golden numbers worked out by hand.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../price.h"

static int32_t points(enum sv_price_mode mode, int64_t price, int64_t lowest) {
    struct sv_price_rule rule = {mode, 40000, 6000000, 15000000};
    int32_t milli = -1;
    assert_int_equal(sv_price_points_milli(&rule, price, lowest, &milli), 0);
    return milli;
}

// Three bids: A £100,000 quality 70, B £120,000 quality 85, C £80,000 quality 55; price 40, quality 60
// points.
static void test_the_same_three_bids_score_differently_by_each_formula(void **state) {
    const int64_t price[] = {10000000, 12000000, 8000000};
    const int32_t quality_milli[] = {42000, 51000, 33000};
    const int32_t lowest[] = {74000, 77667, 73000}, linear[] = {72000, 71000, 73000},
                  range[] = {64222, 64333, 64111};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(points(SV_PRICE_LOWEST_OVER_PRICE, price[i], 8000000) + quality_milli[i], lowest[i]);
        assert_int_equal(points(SV_PRICE_LINEAR_FROM_LOWEST, price[i], 8000000) + quality_milli[i],
                         linear[i]);
        assert_int_equal(points(SV_PRICE_ABSOLUTE_RANGE, price[i], 8000000) + quality_milli[i], range[i]);
        assert_int_equal(points(SV_PRICE_NONE, price[i], 8000000), 0);
    }
}

// A £80 quality 60, B £90 quality 70, 50 and 50 points; then C £60 quality 30 joins and turns the order
// round.
static void test_a_losing_bid_can_turn_a_relative_ranking_round_but_not_an_absolute_one(void **state) {
    struct sv_price_rule rule = {SV_PRICE_LOWEST_OVER_PRICE, 50000, 0, 0};
    int32_t a, b;
    (void)state;
    assert_int_equal(sv_price_points_milli(&rule, 8000, 8000, &a), 0);
    assert_int_equal(sv_price_points_milli(&rule, 9000, 8000, &b), 0);
    assert_int_equal(a + 30000, 80000);
    assert_int_equal(b + 35000, 79444);
    assert_int_equal(sv_price_points_milli(&rule, 8000, 6000, &a), 0);
    assert_int_equal(sv_price_points_milli(&rule, 9000, 6000, &b), 0);
    assert_int_equal(a + 30000, 67500);
    assert_int_equal(b + 35000, 68333);
    rule.mode = SV_PRICE_ABSOLUTE_RANGE;
    rule.low_pence = 5000;
    rule.high_pence = 10000;
    int32_t with = 0, without = 0;
    assert_int_equal(sv_price_points_milli(&rule, 8000, 8000, &with), 0);
    assert_int_equal(sv_price_points_milli(&rule, 8000, 6000, &without), 0);
    assert_int_equal(with, without);
}

static void test_a_single_bid_and_equal_prices_get_full_points(void **state) {
    (void)state;
    assert_int_equal(points(SV_PRICE_LOWEST_OVER_PRICE, 777, 777), 40000);
    assert_int_equal(points(SV_PRICE_LINEAR_FROM_LOWEST, 777, 777), 40000);
}

static void test_points_never_leave_nought_to_the_weight(void **state) {
    (void)state;
    assert_int_equal(points(SV_PRICE_LINEAR_FROM_LOWEST, 300, 100), 0);
    assert_int_equal(points(SV_PRICE_LINEAR_FROM_LOWEST, 200, 100), 0);
    assert_int_equal(points(SV_PRICE_ABSOLUTE_RANGE, 1, 1), 40000);
    assert_int_equal(points(SV_PRICE_ABSOLUTE_RANGE, 6000000, 1), 40000);
    assert_int_equal(points(SV_PRICE_ABSOLUTE_RANGE, 15000000, 1), 0);
    assert_int_equal(points(SV_PRICE_ABSOLUTE_RANGE, SV_PRICE_MAX_PENCE, 1), 0);
}

static void test_a_price_of_nought_is_answered_without_dividing_by_it(void **state) {
    (void)state;
    assert_int_equal(points(SV_PRICE_LOWEST_OVER_PRICE, 0, 0), 40000);
    assert_int_equal(points(SV_PRICE_LOWEST_OVER_PRICE, 1, 0), 0);
    assert_int_equal(points(SV_PRICE_LINEAR_FROM_LOWEST, 0, 0), 40000);
    assert_int_equal(points(SV_PRICE_LINEAR_FROM_LOWEST, 1, 0), 0);
}

static void test_ranking_uses_the_exact_value_when_the_shown_one_is_equal(void **state) {
    struct sv_price_rule rule = {SV_PRICE_LOWEST_OVER_PRICE, 40000, 0, 0};
    struct sv_ratio a, b;
    (void)state;
    assert_int_equal(sv_price_points(&rule, SV_PRICE_MAX_PENCE, SV_PRICE_MAX_PENCE - 1, &a), 0);
    assert_int_equal(sv_price_points(&rule, SV_PRICE_MAX_PENCE - 1, SV_PRICE_MAX_PENCE - 1, &b), 0);
    assert_int_equal(sv_ratio_round(a), sv_ratio_round(b));
    assert_int_equal(sv_ratio_compare(a, b), -1);
    assert_int_equal(sv_ratio_compare(b, a), 1);
    assert_int_equal(sv_ratio_compare(a, a), 0);
}

static void test_comparing_fractions_is_right_for_all_small_ones(void **state) {
    (void)state;
    for (int n1 = 0; n1 < 9; n1++)
        for (int d1 = 1; d1 < 9; d1++)
            for (int n2 = 0; n2 < 9; n2++)
                for (int d2 = 1; d2 < 9; d2++) {
                    struct sv_ratio a = {n1, d1}, b = {n2, d2};
                    int cross = n1 * d2 - n2 * d1;
                    assert_int_equal(sv_ratio_compare(a, b), (cross > 0) - (cross < 0));
                }
}

static void test_half_a_thousandth_is_rounded_up(void **state) {
    struct sv_price_rule rule = {SV_PRICE_ABSOLUTE_RANGE, 1, 0, 100};
    int32_t milli = -1;
    (void)state;
    assert_int_equal(sv_price_points_milli(&rule, 50, 0, &milli), 0);
    assert_int_equal(milli, 1);
    assert_int_equal(sv_price_points_milli(&rule, 51, 0, &milli), 0);
    assert_int_equal(milli, 0);
}

static void test_rules_and_prices_that_cannot_be_are_refused_in_words(void **state) {
    struct sv_price_rule rule = {SV_PRICE_ABSOLUTE_RANGE, 40000, 100, 100};
    int32_t milli = 77;
    (void)state;
    assert_non_null(sv_price_rule_problem(&rule));
    assert_int_equal(sv_price_points_milli(&rule, 1, 1, &milli), -1);
    rule.low_pence = -1;
    assert_non_null(sv_price_rule_problem(&rule));
    rule = (struct sv_price_rule){SV_PRICE_NONE, 100001, 0, 0};
    assert_non_null(sv_price_rule_problem(&rule));
    rule = (struct sv_price_rule){(enum sv_price_mode)9, 40000, 0, 0};
    assert_non_null(sv_price_rule_problem(&rule));
    rule = (struct sv_price_rule){SV_PRICE_LOWEST_OVER_PRICE, 40000, 0, 0};
    assert_null(sv_price_rule_problem(&rule));
    assert_int_equal(sv_price_points_milli(&rule, -1, -1, &milli), -1);
    assert_int_equal(sv_price_points_milli(&rule, 5, 6, &milli), -1);
    assert_int_equal(sv_price_points_milli(&rule, SV_PRICE_MAX_PENCE + 1, 6, &milli), -1);
    assert_int_equal(milli, 77);
}

static void test_formula_names_go_there_and_back(void **state) {
    (void)state;
    for (int i = SV_PRICE_NONE; i <= SV_PRICE_ABSOLUTE_RANGE; i++) {
        enum sv_price_mode mode = SV_PRICE_NONE;
        assert_int_equal(sv_price_mode_of(sv_price_mode_text((enum sv_price_mode)i), &mode), 0);
        assert_int_equal(mode, i);
    }
    enum sv_price_mode mode = SV_PRICE_NONE;
    assert_int_equal(sv_price_mode_of("cheapest", &mode), -1);
    assert_int_equal(sv_price_mode_of(NULL, &mode), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_three_bids_score_differently_by_each_formula),
        cmocka_unit_test(test_a_losing_bid_can_turn_a_relative_ranking_round_but_not_an_absolute_one),
        cmocka_unit_test(test_a_single_bid_and_equal_prices_get_full_points),
        cmocka_unit_test(test_points_never_leave_nought_to_the_weight),
        cmocka_unit_test(test_a_price_of_nought_is_answered_without_dividing_by_it),
        cmocka_unit_test(test_ranking_uses_the_exact_value_when_the_shown_one_is_equal),
        cmocka_unit_test(test_comparing_fractions_is_right_for_all_small_ones),
        cmocka_unit_test(test_half_a_thousandth_is_rounded_up),
        cmocka_unit_test(test_rules_and_prices_that_cannot_be_are_refused_in_words),
        cmocka_unit_test(test_formula_names_go_there_and_back),
    };
    return cmocka_run_group_tests_name("price", tests, NULL, NULL);
}
