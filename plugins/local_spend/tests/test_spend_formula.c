// SPDX-License-Identifier: Apache-2.0
// What the report formulas promise: the agreed golden figures, exact rounding, no figure where there is none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formula.h"

static void test_the_golden_shares(void **state) {
    (void)state;
    struct spend_sums sums = {
        .influenceable_pence = 176000000, .local_pence = 81000000, .unlocated_pence = 5000000};
    struct spend_locality l;
    int64_t bp = 0;
    assert_true(spend_locality(&sums, &l));
    assert_int_equal(l.lower_bp, 4602);
    assert_int_equal(l.known_bp, 4737);
    assert_int_equal(l.upper_bp, 4886);
    assert_int_equal(l.coverage_bp, 9716);
    assert_int_equal(l.leakage_bp, 5398);
    assert_true(l.has_known && l.headline);
    assert_true(spend_share_bp(23000000, 81000000, &bp));
    assert_int_equal(bp, 2840);
}

static void test_no_single_figure_when_more_than_a_tenth_has_no_place(void **state) {
    (void)state;
    struct spend_locality l;
    assert_true(spend_locality(&(struct spend_sums){1000, 500, 100}, &l));
    assert_true(l.headline);
    assert_true(spend_locality(&(struct spend_sums){1000, 500, 101}, &l));
    assert_false(l.headline);
    assert_true(spend_locality(&(struct spend_sums){1000, 0, 1000}, &l));
    assert_false(l.has_known);
    assert_false(spend_locality(&(struct spend_sums){0, 0, 0}, &l));
    assert_false(spend_locality(&(struct spend_sums){-5, 0, 0}, &l));
}

static void test_shares_round_half_up_from_the_exact_fraction(void **state) {
    (void)state;
    int64_t bp = 7;
    assert_true(spend_share_bp(1, 20000, &bp));
    assert_int_equal(bp, 1); // exactly half
    assert_true(spend_share_bp(49999, 1000000000, &bp));
    assert_int_equal(bp, 0);
    assert_true(spend_share_bp(-1, 20000, &bp));
    assert_int_equal(bp, 0); // half up: towards more
    assert_true(spend_share_bp(-3, 20000, &bp));
    assert_int_equal(bp, -1);
    assert_true(spend_share_bp(INT64_MAX, INT64_MAX, &bp));
    assert_int_equal(bp, 10000);
    bp = 7;
    assert_false(spend_share_bp(5, 0, &bp));
    assert_false(spend_share_bp(INT64_MAX, 1, &bp));
    assert_int_equal(bp, 7);
}

static void test_the_change_is_rounded_once(void **state) {
    (void)state;
    int64_t bp = 0;
    // 33.333..% to 66.666..%: the difference of the rounded shares would be 3334
    assert_true(spend_change_bp(1, 3, 2, 3, &bp));
    assert_int_equal(bp, 3333);
    assert_true(spend_change_bp(2, 3, 1, 3, &bp));
    assert_int_equal(bp, -3333);
    assert_false(spend_change_bp(1, 0, 1, 2, &bp));
}

static void test_concentration(void **state) {
    (void)state;
    const int64_t payees[] = {5000, 3000, 2000, 0, -400};
    int64_t bp = 0;
    assert_true(spend_top_share_bp(payees, 5, 2, 10000, &bp));
    assert_int_equal(bp, 8000);
    assert_true(spend_top_share_bp(payees, 3, 300, 10000, &bp));
    assert_int_equal(bp, 10000);
    assert_true(spend_hhi_bp(payees, 5, &bp)); // .25 + .09 + .04
    assert_int_equal(bp, 3800);
    assert_true(spend_hhi_bp(payees, 1, &bp));
    assert_int_equal(bp, 10000);
    assert_false(spend_hhi_bp(payees + 3, 2, &bp));
    assert_int_equal(spend_payees_counted(payees, 5), 3);
}

static void test_the_golden_multiplier_in_both_conventions(void **state) {
    (void)state;
    int64_t centi = 0;
    assert_true(spend_lm3_centi(100000000, 60000000, 19000000, true, &centi));
    assert_int_equal(centi, 179);
    assert_true(spend_lm3_centi(100000000, 60000000, 19000000, false, &centi));
    assert_int_equal(centi, 79);
    assert_false(spend_lm3_centi(0, 0, 0, true, &centi));
    assert_false(spend_lm3_centi(100, 101, 0, true, &centi));
}

static void test_the_golden_re_spend_and_its_least_number_of_answers(void **state) {
    (void)state;
    // rates .40625 and .08 on 2,000,000 and 3,000,000 pounds: 812,500 + 240,000
    struct spend_respend_group g[] = {{3200000, 1300000, 200000000, 6}, {2500000, 200000, 300000000, 5}};
    int64_t pence = 0;
    assert_true(spend_recirculated(g, 2, &pence));
    assert_int_equal(pence, 105250000);
    g[1].answers = SPEND_RESPEND_LEAST - 1;
    assert_false(spend_recirculated(g, 2, &pence));
    g[1].spend_pence = 0; // nothing to apply the missing rate to
    assert_true(spend_recirculated(g, 2, &pence));
    assert_int_equal(pence, 81250000);
}

static void
test_an_intermediary_keeps_what_its_suppliers_did_not_get_and_never_less_than_nothing(void **state) {
    (void)state;
    const int64_t tier2[] = {3000, 4000};
    int64_t rest = 7;
    assert_true(spend_pass_through(10000, tier2, 2, &rest));
    assert_int_equal(rest, 3000);
    rest = 7;
    assert_false(spend_pass_through(6999, tier2, 2, &rest));
    assert_int_equal(rest, 7);
}

// The benchmark of CLES and AGMA of what the ten councils of Greater Manchester spent within their own
// borders: the two with published sums, the others by their published percentages, and the sums of all ten.
static void test_the_published_benchmark_in_both_averages(void **state) {
    (void)state;
    const int64_t part[] = {5756870176, 3117955405, 284, 794, 686, 438, 627, 651, 507, 366};
    const int64_t whole[] = {10111581930, 6833028971, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000};
    const int64_t all_part = 61965222658, all_whole = 100385843521;
    int64_t bp = 0;
    assert_true(spend_share_bp(part[0], whole[0], &bp));
    assert_int_equal((bp + 5) / 10, 569); // Wigan, 56.9%
    assert_true(spend_share_bp(part[1], whole[1], &bp));
    assert_int_equal((bp + 5) / 10, 456); // Bolton, 45.6%
    assert_true(spend_average_share_bp(part, whole, 10, false, &bp));
    assert_int_equal((bp + 5) / 10, 538); // each council the same: 53.8%
    assert_true(spend_average_share_bp(&all_part, &all_whole, 1, true, &bp));
    assert_int_equal((bp + 5) / 10, 617); // their money together: 61.7%
}

static void test_an_average_by_money_and_one_by_body_differ_and_need_wholes(void **state) {
    (void)state;
    const int64_t part[] = {90, 0}, whole[] = {100, 900}, none[] = {100, 0};
    int64_t bp = 7;
    assert_true(spend_average_share_bp(part, whole, 2, true, &bp));
    assert_int_equal(bp, 900);
    assert_true(spend_average_share_bp(part, whole, 2, false, &bp));
    assert_int_equal(bp, 4500);
    assert_false(spend_average_share_bp(part, none, 2, true, &bp));
    assert_false(spend_average_share_bp(part, whole, 0, true, &bp));
    assert_int_equal(bp, 4500);
}

// 2005, Northumberland: a local supplier spends 76% again in the place, another 36%.
static void test_the_published_multipliers_of_a_pound_spent_here_and_elsewhere(void **state) {
    (void)state;
    int64_t here = 0, elsewhere = 0;
    assert_true(spend_lm3_centi(100, 76, 0, true, &here));
    assert_true(spend_lm3_centi(100, 36, 0, false, &elsewhere));
    assert_int_equal(here, 176);
    assert_int_equal(elsewhere, 36);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_golden_shares),
        cmocka_unit_test(test_no_single_figure_when_more_than_a_tenth_has_no_place),
        cmocka_unit_test(test_shares_round_half_up_from_the_exact_fraction),
        cmocka_unit_test(test_the_change_is_rounded_once),
        cmocka_unit_test(test_concentration),
        cmocka_unit_test(test_the_golden_multiplier_in_both_conventions),
        cmocka_unit_test(test_the_published_benchmark_in_both_averages),
        cmocka_unit_test(test_an_average_by_money_and_one_by_body_differ_and_need_wholes),
        cmocka_unit_test(test_the_published_multipliers_of_a_pound_spent_here_and_elsewhere),
        cmocka_unit_test(test_the_golden_re_spend_and_its_least_number_of_answers),
        cmocka_unit_test(
            test_an_intermediary_keeps_what_its_suppliers_did_not_get_and_never_less_than_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
