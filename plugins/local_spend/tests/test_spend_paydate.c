// SPDX-License-Identifier: Apache-2.0
// What reading a date promises: every form met, never a day that the text does not say.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "paydate.h"

static int32_t nov3;

static void expect(const char *text, enum spend_order order, enum spend_date want, int32_t want_day) {
    int32_t day = -77;
    enum spend_date got = spend_date_read(text, order, &day);
    if (got != want || day != want_day) {
        print_message("\"%s\" gave %d, day %d\n", text, (int)got, (int)day);
    }
    assert_int_equal(got, want);
    assert_int_equal(day, want_day);
}

static void expect_none(const char *text, enum spend_date want) {
    expect(text, ORDER_DAY_FIRST, want, -77);
}

static void test_all_forms_of_one_day_give_that_day(void **state) {
    (void)state;
    static const char *const forms[] = {
        "03/11/2026",
        "3/11/2026",
        "3/11/26",
        "03.11.2026",
        "03-11-2026",
        "3-Nov-26",
        "03-Nov-2026",
        "03/Nov/2026",
        "3 November 2026",
        "3rd November 2026",
        "Tuesday 3 November 2026",
        "Nov 3, 2026",
        "2026-11-03",
        "2026/11/03",
        "2026-11-03 00:00:00",
        "2026-11-03T09:30:00Z",
        "03/11/2026 00:00",
        "20261103",
        "46329",
        "46329.5",
        " 03/11/2026 | ",
        "03//11/2026",
        "03112026",
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        expect(forms[i], ORDER_DAY_FIRST, DATE_OK, nov3);
    }
}

static void test_the_order_of_the_file_decides_dates_of_numbers_only(void **state) {
    (void)state;
    expect("11/03/2026", ORDER_MONTH_FIRST, DATE_OK, nov3);
    expect("11/03/26", ORDER_MONTH_FIRST, DATE_OK, nov3);
    expect("2026-11-03", ORDER_MONTH_FIRST, DATE_OK, nov3);
    expect("3-Nov-26", ORDER_MONTH_FIRST, DATE_OK, nov3);
    expect("8//28/2013", ORDER_DAY_FIRST, DATE_OTHER_ORDER, -77);
    expect("28/08/2013", ORDER_MONTH_FIRST, DATE_OTHER_ORDER, -77);
}

static void test_evidence_of_the_order(void **state) {
    (void)state;
    assert_int_equal(spend_date_evidence("28/08/2013"), 1);
    assert_int_equal(spend_date_evidence("08/28/2013"), -1);
    assert_int_equal(spend_date_evidence("08/08/2013"), 0);
    assert_int_equal(spend_date_evidence("2013-08-28"), 0);
    assert_int_equal(spend_date_evidence("28-Aug-13"), 0);
    assert_int_equal(spend_date_evidence("32/08/2013"), 0);
    assert_int_equal(spend_date_evidence("41515"), 0);
    assert_int_equal(spend_date_evidence(""), 0);
}

static void test_a_month_alone_gives_its_first_day_and_says_so(void **state) {
    (void)state;
    int32_t first = spend_day_from(2026, 11, 1);
    static const char *const forms[] = {"Nov-26", "November 2026", "11/2026", "2026-11", "2026 Nov"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        expect(forms[i], ORDER_DAY_FIRST, DATE_MONTH, first);
    }
}

static void test_useless_dates_are_no_dates(void **state) {
    (void)state;
    expect_none("", DATE_BLANK);
    expect_none("  ", DATE_BLANK);
    expect_none("########", DATE_BLANK);
    expect_none("N/A", DATE_BLANK);
    expect_none("TBC", DATE_BLANK);
    expect_none("00:00:00", DATE_UNREADABLE);
    expect_none("31/04/2020", DATE_IMPOSSIBLE);
    expect_none("29/02/2023", DATE_IMPOSSIBLE);
    expect_none("00/00/0000", DATE_IMPOSSIBLE);
    expect_none("01/01/0217", DATE_IMPOSSIBLE);
    expect_none("01/01/3013", DATE_IMPOSSIBLE);
    expect_none("27-Apr", DATE_IMPOSSIBLE);
    expect_none("X", DATE_UNREADABLE);
    expect_none("Supplier", DATE_UNREADABLE);
    expect_none("12", DATE_UNREADABLE);
    expect_none("2024", DATE_UNREADABLE);
    expect_none("99999", DATE_UNREADABLE);
    expect_none("9803", DATE_UNREADABLE); // counted from 2000, by a ledger that does not say from which day
    expect_none("22/03/2012 | 23/03/2012", DATE_UNREADABLE);
    expect_none("1234567890123/1/2", DATE_UNREADABLE);
    expect("29/02/2024", ORDER_DAY_FIRST, DATE_OK, spend_day_from(2024, 2, 29));
}

static void test_days_and_calendar_dates_are_inverse_over_two_centuries(void **state) {
    (void)state;
    assert_int_equal(spend_day_from(1970, 1, 1), 0);
    assert_int_equal(spend_day_from(2000, 3, 1), 11017);
    assert_int_equal(spend_day_from(1969, 12, 31), -1);
    for (int32_t day = -36500; day < 36500; day++) {
        int y;
        unsigned m, d;
        spend_day_parts(day, &y, &m, &d);
        assert_int_equal(spend_day_from(y, m, d), day);
        assert_true(m >= 1 && m <= 12 && d >= 1 && d <= 31);
    }
}

static void test_the_financial_year_turns_on_the_first_of_april(void **state) {
    (void)state;
    char text[SPEND_FY_BYTES];
    assert_int_equal(spend_financial_year(spend_day_from(2026, 3, 31)), 2025);
    assert_int_equal(spend_financial_year(spend_day_from(2026, 4, 1)), 2026);
    assert_int_equal(spend_financial_year(spend_day_from(2026, 12, 31)), 2026);
    spend_financial_year_text(spend_financial_year(spend_day_from(2026, 3, 31)), text);
    assert_string_equal(text, "2025/26");
    spend_financial_year_text(spend_financial_year(spend_day_from(2000, 3, 31)), text);
    assert_string_equal(text, "1999/00");
    spend_financial_year_text(2009, text);
    assert_string_equal(text, "2009/10");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_forms_of_one_day_give_that_day),
        cmocka_unit_test(test_the_order_of_the_file_decides_dates_of_numbers_only),
        cmocka_unit_test(test_evidence_of_the_order),
        cmocka_unit_test(test_a_month_alone_gives_its_first_day_and_says_so),
        cmocka_unit_test(test_useless_dates_are_no_dates),
        cmocka_unit_test(test_days_and_calendar_dates_are_inverse_over_two_centuries),
        cmocka_unit_test(test_the_financial_year_turns_on_the_first_of_april),
    };
    nov3 = spend_day_from(2026, 11, 3);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
