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
        "2026-11-03T00:00:00+01:00",
        "03/11/2026 02:33:10 PM",
        "Tue Nov 03 00:00:00 GMT 2026",
        "=\"03/11/2026\"",
        "03\\11\\2026",
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

static void test_a_month_of_a_financial_year_is_that_month(void **state) {
    (void)state;
    expect("Jan 2024/25", ORDER_DAY_FIRST, DATE_MONTH, spend_day_from(2025, 1, 1));
    expect("April 2024-25", ORDER_DAY_FIRST, DATE_MONTH, spend_day_from(2024, 4, 1));
    expect_none("Jan 2024/26", DATE_IMPOSSIBLE);
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

static void expect_months(const char *name, int from_year, unsigned from_month, int to_year,
                          unsigned to_month) {
    int32_t from = 0, to = 0;
    if (!spend_date_of_name(name, &from, &to)) {
        fail_msg("%s says nothing", name);
    }
    assert_int_equal(from, spend_day_from(from_year, from_month, 1));
    assert_int_equal(to + 1, spend_day_from(to_year + (to_month == 12), to_month % 12 + 1, 1));
}

static void test_the_name_of_a_file_tells_its_months(void **state) {
    (void)state;
    int32_t from, to;
    expect_months("March-2024-Creditor-Payments-CSV.csv", 2024, 3, 2024, 3);
    expect_months("Over500_201704.csv", 2017, 4, 2017, 4);
    expect_months("council_2018-04.csv", 2018, 4, 2018, 4);
    expect_months("council_2014-04_06.csv", 2014, 4, 2014, 6);
    expect_months("spend-apr-12.csv", 2012, 4, 2012, 4);
    expect_months("spend 2026-27.zip", 2026, 4, 2027, 3);
    expect_months("spend_201920.csv", 2019, 4, 2020, 3);
    expect_months("April 2020 to March 2021.csv", 2020, 4, 2021, 3);
    expect_months("Q3 2019-20.csv", 2019, 10, 2019, 12);
    expect_months("2018-Q4.csv", 2018, 10, 2019, 3); // of the calendar or of the financial year
    expect_months("payments 2020.csv", 2020, 1, 2020, 12);
    expect_months("20200430 run.csv", 2020, 4, 2020, 4);
    static const char *const none[] = {
        "payments.csv", "", "x2010-11.csv", "20111222_OCT_2011.csv", "2019 and 2022.csv", "invoice 12345.csv",
        "room 1066.csv"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(spend_date_of_name(none[i], &from, &to));
    }
}

static void test_names_of_files_with_other_numbers_and_words_tell_no_other_months(void **state) {
    (void)state;
    expect_months("2019 run 05.csv", 2019, 1, 2019, 12); // the fifth run
    expect_months("ma 2020.csv", 2020, 1, 2020, 12);     // March, May or somebody's initials
    expect_months("septemberspending 2020.csv", 2020, 1, 2020, 12);
    expect_months("spend 2019 2020.csv", 2019, 4, 2020, 3);
    expect_months("2019-20 January to March.csv", 2020, 1, 2020, 3);
    expect_months("2019-20 December to January.csv", 2019, 12, 2020, 1);
    expect_months("order 123456 of 2020.csv", 2020, 1, 2020, 12);
    int32_t from, to;
    assert_false(spend_date_of_name("20201399.csv", &from, &to)); // there is no 13th month
}

static void test_a_day_without_a_year_is_the_one_day_within_the_stretch(void **state) {
    (void)state;
    unsigned month = 0, day = 0;
    assert_true(spend_date_yearless("27-Apr", &month, &day));
    assert_int_equal(month, 4);
    assert_int_equal(day, 27);
    assert_false(spend_date_yearless("27-Apr-20", &month, &day));
    assert_false(spend_date_yearless("Apr-27", &month, &day)); // April 2027
    assert_false(spend_date_yearless("31-Apr", &month, &day));
    assert_false(spend_date_yearless("27/12", &month, &day)); // or the 12th of a 27th
    int32_t from = spend_day_from(2019, 4, 1), to = spend_day_from(2020, 3, 31);
    assert_int_equal(spend_date_within(4, 27, from, to), spend_day_from(2019, 4, 27));
    assert_int_equal(spend_date_within(2, 29, from, to), spend_day_from(2020, 2, 29));
    assert_int_equal(spend_date_within(2, 29, from - 365, to - 365), INT32_MIN);
    assert_int_equal(spend_date_within(4, 1, from, to + 1), INT32_MIN); // two of them
    assert_int_equal(spend_date_within(4, 1, 1, 0), INT32_MIN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_forms_of_one_day_give_that_day),
        cmocka_unit_test(test_the_order_of_the_file_decides_dates_of_numbers_only),
        cmocka_unit_test(test_evidence_of_the_order),
        cmocka_unit_test(test_a_month_alone_gives_its_first_day_and_says_so),
        cmocka_unit_test(test_a_month_of_a_financial_year_is_that_month),
        cmocka_unit_test(test_useless_dates_are_no_dates),
        cmocka_unit_test(test_days_and_calendar_dates_are_inverse_over_two_centuries),
        cmocka_unit_test(test_the_financial_year_turns_on_the_first_of_april),
        cmocka_unit_test(test_the_name_of_a_file_tells_its_months),
        cmocka_unit_test(test_names_of_files_with_other_numbers_and_words_tell_no_other_months),
        cmocka_unit_test(test_a_day_without_a_year_is_the_one_day_within_the_stretch),
    };
    nov3 = spend_day_from(2026, 11, 3);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
