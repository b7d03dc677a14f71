// SPDX-License-Identifier: Apache-2.0
// Promises about the worth of commitments and the points for them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../logic.h"

static const struct sv_measure jobs = {.code = "jobs",
                                       .title = "Jobs",
                                       .unit = "jobs",
                                       .help = "",
                                       .proxy_pence = 2000000,
                                       .deadweight_bp = 2500,
                                       .attribution_bp = 8000,
                                       .displacement_bp = 1000,
                                       .version = 1};

static const struct sv_measure plain_pound = {.code = "pound",
                                              .title = "Pounds",
                                              .unit = "pounds",
                                              .help = "",
                                              .proxy_pence = 100,
                                              .attribution_bp = 10000,
                                              .version = 1};

static struct sv_value value_of(const struct sv_measure *m, int64_t units_milli) {
    struct sv_commitment c = {m->code, units_milli, units_milli, true};
    struct sv_line line;
    struct sv_value v;
    assert_int_equal(sv_value_of(m, 1, &c, 1, &line, &v), 0);
    return v;
}

static void test_ten_jobs_at_20000_pounds_are_worth_108000_after_the_three_shares(void **state) {
    struct sv_commitment c = {"jobs", 10000, 10000, true};
    struct sv_line line;
    struct sv_value v;
    (void)state;
    assert_int_equal(sv_value_of(&jobs, 1, &c, 1, &line, &v), 0);
    assert_int_equal(line.gross_pence, 20000000);
    assert_int_equal(line.net_pence, 10800000);
    assert_int_equal(v.pence, 10800000);
    struct sv_measure inside = jobs;
    inside.factors_in_proxy = true;
    assert_int_equal(value_of(&inside, 10000).pence, 20000000);
}

static void test_three_bids_of_5_and_5_points_get_7125_8000_and_5000(void **state) {
    struct sv_value a = value_of(&plain_pound, 250000000), b = value_of(&plain_pound, 400000000),
                    c = value_of(&plain_pound, 0);
    int32_t quant = -1, level = -1;
    (void)state;
    assert_int_equal(sv_points_relative(5000, &a, &b, &quant), 0);
    assert_int_equal(sv_points_level(5000, 4, 5, &level), 0);
    assert_int_equal(quant + level, 7125);
    assert_int_equal(sv_points_relative(5000, &b, &b, &quant), 0);
    assert_int_equal(sv_points_level(5000, 3, 5, &level), 0);
    assert_int_equal(quant + level, 8000);
    assert_int_equal(sv_points_relative(5000, &c, &b, &quant), 0);
    assert_int_equal(sv_points_level(5000, 5, 5, &level), 0);
    assert_int_equal(quant + level, 5000);
}

static void test_the_absolute_formula_uses_only_the_published_target(void **state) {
    struct sv_value a = value_of(&plain_pound, 250000000);
    int32_t milli = -1;
    (void)state;
    assert_int_equal(sv_points_absolute(5000, &a, 40000000, &milli), 0);
    assert_int_equal(milli, 3125);
    assert_int_equal(sv_points_absolute(5000, &a, 25000000, &milli), 0);
    assert_int_equal(milli, 5000);
    assert_int_equal(sv_points_absolute(5000, &a, 100, &milli), 0);
    assert_int_equal(milli, 5000);
}

static void test_points_are_rounded_half_up_to_thousandths(void **state) {
    struct sv_value third = value_of(&plain_pound, 1000), half = value_of(&plain_pound, 500);
    int32_t milli = -1;
    (void)state;
    assert_int_equal(sv_points_absolute(1000, &third, 300, &milli), 0);
    assert_int_equal(milli, 333);
    assert_int_equal(sv_points_absolute(1, &half, 100, &milli), 0);
    assert_int_equal(milli, 1);
    assert_int_equal(sv_points_level(1000, 2, 3, &milli), 0);
    assert_int_equal(milli, 667);
}

static void test_with_no_value_in_any_bid_all_get_nought(void **state) {
    struct sv_value none = value_of(&plain_pound, 0);
    int32_t milli = -1;
    (void)state;
    assert_int_equal(sv_points_relative(5000, &none, &none, &milli), 0);
    assert_int_equal(milli, 0);
}

static void test_what_cannot_be_is_refused_and_leaves_the_result_alone(void **state) {
    struct sv_value a = value_of(&plain_pound, 1000), b = value_of(&plain_pound, 2000);
    int32_t milli = 77;
    (void)state;
    assert_int_equal(sv_points_absolute(-1, &a, 100, &milli), -1);
    assert_int_equal(sv_points_absolute(100001, &a, 100, &milli), -1);
    assert_int_equal(sv_points_absolute(5000, &a, 0, &milli), -1);
    assert_int_equal(sv_points_relative(5000, &b, &a, &milli), -1);
    assert_int_equal(sv_points_level(5000, 6, 5, &milli), -1);
    assert_int_equal(sv_points_level(5000, -1, 5, &milli), -1);
    assert_int_equal(sv_points_level(5000, 0, 0, &milli), -1);
    assert_int_equal(milli, 77);
    struct sv_commitment many[SV_COMMITMENT_MAX + 1] = {{0}};
    struct sv_line lines[SV_COMMITMENT_MAX + 1];
    assert_int_equal(sv_value_of(sv_measures, sv_measure_count, many, SV_COMMITMENT_MAX + 1, lines, &a), -1);
}

static void test_only_evidenced_local_and_single_commitments_count(void **state) {
    const struct sv_commitment c[] = {
        {"local-jobs", 2000, 1500, true},        {"local-jobs", 2000, 2000, true},
        {"volunteering", 100000, 100000, false}, {"apprentices", 52000, 0, true},
        {"clean-miles", 9000, 0, true},          {"no-such-measure", 1, 1, true},
        {"carbon-saved", 1000, 2000, true},      {"school-hours", -1, -1, true},
        {"living-wage", 3000, 0, true},
    };
    const enum sv_line_state wanted[] = {SV_LINE_COUNTED,      SV_LINE_TWICE,        SV_LINE_NO_EVIDENCE,
                                         SV_LINE_OUTSIDE,      SV_LINE_NO_PROXY,     SV_LINE_UNKNOWN,
                                         SV_LINE_OUT_OF_RANGE, SV_LINE_OUT_OF_RANGE, SV_LINE_COUNTED};
    enum { COUNT = sizeof c / sizeof c[0] };
    struct sv_line lines[COUNT];
    struct sv_value v;
    (void)state;
    assert_int_equal(sv_value_of(sv_measures, sv_measure_count, c, COUNT, lines, &v), 0);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(lines[i].state, wanted[i]);
    assert_int_equal(lines[0].net_pence, 1620000); // 1.5 jobs
    assert_int_equal(lines[8].net_pence, 283500);  // 3 people
    assert_int_equal(v.pence, 1903500);
    assert_int_equal(v.counted, 2);
    assert_int_equal(v.not_counted, 7);
    assert_int_equal(lines[2].net_pence, 0);
    assert_true(lines[2].gross_pence > 0);
}

static void test_the_largest_bid_neither_overflows_nor_rounds_wrongly(void **state) {
    struct sv_measure big[SV_COMMITMENT_MAX];
    struct sv_commitment c[SV_COMMITMENT_MAX];
    struct sv_line lines[SV_COMMITMENT_MAX];
    static const char codes[SV_COMMITMENT_MAX + 1] =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    char names[SV_COMMITMENT_MAX][2];
    struct sv_value v, same;
    int32_t milli = 0;
    (void)state;
    for (size_t i = 0; i < SV_COMMITMENT_MAX; i++) {
        names[i][0] = codes[i];
        names[i][1] = '\0';
        big[i] = plain_pound;
        big[i].code = names[i];
        big[i].proxy_pence = SV_PROXY_MAX_PENCE;
        c[i] = (struct sv_commitment){names[i], SV_UNITS_MAX_MILLI, SV_UNITS_MAX_MILLI, true};
    }
    assert_int_equal(sv_value_of(big, SV_COMMITMENT_MAX, c, SV_COMMITMENT_MAX, lines, &v), 0);
    assert_true(v.pence == 640000000000000000ll);
    same = v;
    assert_int_equal(sv_points_relative(SV_POINTS_MAX_MILLI, &same, &v, &milli), 0);
    assert_int_equal(milli, SV_POINTS_MAX_MILLI);
    assert_int_equal(sv_points_absolute(SV_POINTS_MAX_MILLI, &v, SV_TARGET_MAX_PENCE, &milli), 0);
    assert_int_equal(milli, SV_POINTS_MAX_MILLI);
}

static void test_hours_become_full_time_jobs(void **state) {
    (void)state;
    assert_int_equal(sv_full_time_milli(1950), 1000);
    assert_int_equal(sv_full_time_milli(975), 500);
    assert_int_equal(sv_full_time_milli(1), 1);
    assert_int_equal(sv_full_time_milli(-5), 0);
}

static void test_every_measure_of_the_set_is_sound_plain_and_named_once(void **state) {
    (void)state;
    assert_true(sv_measure_count >= 12);
    for (size_t i = 0; i < sv_measure_count; i++) {
        assert_null(sv_measure_problem(&sv_measures[i]));
        assert_true(sv_measures[i].version >= 1);
        assert_non_null(sv_measures[i].help);
        assert_ptr_equal(sv_measure_find(sv_measures, sv_measure_count, sv_measures[i].code),
                         &sv_measures[i]);
    }
    assert_null(sv_measure_find(sv_measures, sv_measure_count, NULL));
    struct sv_measure bad = jobs;
    bad.deadweight_bp = 10001;
    assert_non_null(sv_measure_problem(&bad));
    bad = jobs;
    bad.proxy_pence = -2;
    assert_non_null(sv_measure_problem(&bad));
    bad.unit = "";
    assert_non_null(sv_measure_problem(&bad));
}

static void test_the_rationale_says_the_sum_the_target_and_what_did_not_count(void **state) {
    const struct sv_commitment c[] = {{"local-jobs", 10000, 10000, true},
                                      {"volunteering", 5000, 5000, false}};
    struct sv_line lines[2];
    struct sv_value v;
    char text[SV_RATIONALE_SIZE];
    int32_t milli = 0;
    (void)state;
    assert_int_equal(sv_value_of(sv_measures, sv_measure_count, c, 2, lines, &v), 0);
    assert_int_equal(sv_points_absolute(5000, &v, 21600000, &milli), 0);
    sv_rationale(c, lines, 2, &v, 5000, 21600000, milli, text);
    assert_string_equal(
        text, "1 of 2 commitments count. Together they are worth £108,000.00 by the measures of "
              "anchorage-example version 1."
              " Full points are given from £216,000.00. That gives 2.5 of 5 points."
              " \"volunteering\" is not counted, because the bid does not say how it will be shown.");
}

static void test_a_rationale_with_very_many_lines_ends_with_a_whole_sentence(void **state) {
    struct sv_commitment c[SV_COMMITMENT_MAX];
    struct sv_line lines[SV_COMMITMENT_MAX];
    struct sv_value v;
    char text[SV_RATIONALE_SIZE], long_code[400];
    (void)state;
    memset(long_code, 'x', sizeof long_code - 1);
    long_code[sizeof long_code - 1] = '\0';
    for (size_t i = 0; i < SV_COMMITMENT_MAX; i++)
        c[i] = (struct sv_commitment){long_code, 1, 1, true};
    assert_int_equal(sv_value_of(sv_measures, sv_measure_count, c, SV_COMMITMENT_MAX, lines, &v), 0);
    sv_rationale(c, lines, SV_COMMITMENT_MAX, &v, 5000, 0, 0, text);
    assert_true(strlen(text) < SV_RATIONALE_SIZE);
    assert_int_equal(text[strlen(text) - 1], '.');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ten_jobs_at_20000_pounds_are_worth_108000_after_the_three_shares),
        cmocka_unit_test(test_three_bids_of_5_and_5_points_get_7125_8000_and_5000),
        cmocka_unit_test(test_the_absolute_formula_uses_only_the_published_target),
        cmocka_unit_test(test_points_are_rounded_half_up_to_thousandths),
        cmocka_unit_test(test_with_no_value_in_any_bid_all_get_nought),
        cmocka_unit_test(test_what_cannot_be_is_refused_and_leaves_the_result_alone),
        cmocka_unit_test(test_only_evidenced_local_and_single_commitments_count),
        cmocka_unit_test(test_the_largest_bid_neither_overflows_nor_rounds_wrongly),
        cmocka_unit_test(test_hours_become_full_time_jobs),
        cmocka_unit_test(test_every_measure_of_the_set_is_sound_plain_and_named_once),
        cmocka_unit_test(test_the_rationale_says_the_sum_the_target_and_what_did_not_count),
        cmocka_unit_test(test_a_rationale_with_very_many_lines_ends_with_a_whole_sentence),
    };
    return cmocka_run_group_tests_name("social value", tests, NULL, NULL);
}
