// SPDX-License-Identifier: Apache-2.0
// Promises about money: whole pence in, whole pence out, nothing rounded in silence.
#include "base/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void what_people_type_is_read_to_the_penny(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t pence;
    } cases[] = {{"1234", 123400},
                 {"£1,234.50", 123450},
                 {" 1 234.5 ", 123450},
                 {"0", 0},
                 {"0.01", 1},
                 {"007", 700},
                 {"1,000,000", 100000000},
                 {"12.", 1200},
                 {"100000000000", MONEY_MAX_PENCE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t v = -1;
        assert_true(money_parse(cases[i].text, &v));
        assert_int_equal(v, cases[i].pence);
    }
}

static void what_is_no_amount_is_refused_and_changes_nothing(void **state) {
    (void)state;
    static const char *const cases[] = {"",
                                        " ",
                                        "£",
                                        "-5",
                                        "1.234",
                                        "1.2.3",
                                        ".5",
                                        "five",
                                        "12p",
                                        "1e3",
                                        "100000000000.01",
                                        "99999999999999999999",
                                        "\302\243\302\2435",
                                        "$5"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t v = 77;
        assert_false(money_parse(cases[i], &v));
        assert_int_equal(v, 77);
    }
}

static void pence_are_shown_with_sign_separators_and_two_decimals(void **state) {
    (void)state;
    char s[MONEY_TEXT_BYTES];
    money_format(0, s);
    assert_string_equal(s, "£0.00");
    money_format(123456789, s);
    assert_string_equal(s, "£1,234,567.89");
    money_format(-5, s);
    assert_string_equal(s, "-£0.05");
    money_format(INT64_MIN, s);
    assert_string_equal(s, "-£92,233,720,368,547,758.08");
    money_format_plain(-123456, s);
    assert_string_equal(s, "-1234.56");
}

static void pounds_are_rounded_half_away_from_nought(void **state) {
    (void)state;
    char s[MONEY_TEXT_BYTES];
    money_format_pounds(149, s);
    assert_string_equal(s, "£1");
    money_format_pounds(150, s);
    assert_string_equal(s, "£2");
    money_format_pounds(-150, s);
    assert_string_equal(s, "-£2");
    money_format_pounds(-49, s);
    assert_string_equal(s, "£0");
}

static void headlines_change_unit_where_rounding_reaches_it(void **state) {
    (void)state;
    char s[MONEY_TEXT_BYTES];
    money_format_short(99949999, s);
    assert_string_equal(s, "£999,500");
    money_format_short(99950000, s);
    assert_string_equal(s, "£1.0 million");
    money_format_short(9124999999, s);
    assert_string_equal(s, "£91.2 million");
    money_format_short(99994999999, s);
    assert_string_equal(s, "£999.9 million");
    money_format_short(99995000000, s);
    assert_string_equal(s, "£1.0 billion");
    money_format_short(-250000000, s);
    assert_string_equal(s, "-£2.5 million");
}

static void a_sum_that_does_not_fit_is_refused(void **state) {
    (void)state;
    int64_t v = 5;
    assert_true(money_add(2, 3, &v));
    assert_int_equal(v, 5);
    assert_false(money_add(INT64_MAX, 1, &v));
    assert_int_equal(v, 5);
}

static void shares_are_hundredths_of_a_per_cent_rounded_half_away(void **state) {
    (void)state;
    assert_int_equal(money_share_bp(81, 176), 4602);
    assert_int_equal(money_share_bp(1, 3), 3333);
    assert_int_equal(money_share_bp(2, 3), 6667);
    assert_int_equal(money_share_bp(1, 20000), 1);
    assert_int_equal(money_share_bp(-1, 3), -3333);
    assert_int_equal(money_share_bp(1, -3), -3333);
    assert_int_equal(money_share_bp(5, 0), 0);
    assert_int_equal(money_share_bp(INT64_MAX, INT64_MAX), 10000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_type_is_read_to_the_penny),
        cmocka_unit_test(what_is_no_amount_is_refused_and_changes_nothing),
        cmocka_unit_test(pence_are_shown_with_sign_separators_and_two_decimals),
        cmocka_unit_test(pounds_are_rounded_half_away_from_nought),
        cmocka_unit_test(headlines_change_unit_where_rounding_reaches_it),
        cmocka_unit_test(a_sum_that_does_not_fit_is_refused),
        cmocka_unit_test(shares_are_hundredths_of_a_per_cent_rounded_half_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
