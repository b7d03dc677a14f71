// SPDX-License-Identifier: Apache-2.0
// Promises about dates: London time without libc, financial years, working days.
#include "base/day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int32_t day_of(const char *iso) {
    int32_t d = 0;
    assert_true(day_parse(iso, &d));
    return d;
}

static int64_t usec_of(const char *iso) {
    int64_t v = 0;
    assert_true(stamp_parse(iso, &v));
    return v;
}

static void every_day_of_four_centuries_goes_there_and_back(void **state) {
    (void)state;
    int32_t expected = day_of("1800-01-01");
    for (int y = 1800; y < 2200; y++) {
        for (int m = 1; m <= 12; m++) {
            for (int d = 1; d <= 31; d++) {
                int32_t day;
                if (!day_from_civil(y, m, d, &day)) {
                    continue;
                }
                struct civil c;
                civil_from_day(day, &c);
                assert_int_equal(day, expected);
                assert_true(c.year == y && c.month == m && c.day == d);
                expected++;
            }
        }
    }
    assert_int_equal(day_of("1970-01-01"), 0);
    assert_int_equal(day_of("2000-03-01") - day_of("2000-02-28"), 2);
    assert_int_equal(day_of("1900-03-01") - day_of("1900-02-28"), 1);
}

static void days_that_do_not_exist_are_refused(void **state) {
    (void)state;
    static const char *const cases[] = {"2026-02-29", "2026-13-01",  "2026-00-10", "2026-4-01", "26-04-01",
                                        "2026-04-31", "2026-04-01x", "",           "1799-12-31"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t d = 99;
        assert_false(day_parse(cases[i], &d));
        assert_int_equal(d, 99);
    }
}

static void summer_time_begins_and_ends_at_one_in_the_morning_utc(void **state) {
    (void)state;
    assert_false(london_is_summer(usec_of("2026-03-29T00:59:59.999999Z")));
    assert_true(london_is_summer(usec_of("2026-03-29T01:00:00Z")));
    assert_true(london_is_summer(usec_of("2026-10-25T00:59:59.999999Z")));
    assert_false(london_is_summer(usec_of("2026-10-25T01:00:00Z")));
    // The last Sunday is the 31st in 2024 (March) and the 27th in 2024 (October).
    assert_true(london_is_summer(usec_of("2024-03-31T01:00:00Z")));
    assert_false(london_is_summer(usec_of("2024-10-27T01:00:00Z")));
}

static void a_clock_time_that_does_not_exist_or_exists_twice_is_refused(void **state) {
    (void)state;
    int64_t v = 0;
    struct civil gone = {2026, 3, 29, 1, 30, 0}, twice = {2026, 10, 25, 1, 30, 0};
    assert_false(london_to_usec(&gone, &v));
    assert_false(london_to_usec(&twice, &v));
    struct civil winter = {2026, 11, 2, 9, 0, 0}, summer = {2026, 7, 1, 9, 0, 0},
                 before = {2026, 10, 25, 0, 59, 59}, after = {2026, 10, 25, 2, 0, 0};
    assert_true(london_to_usec(&winter, &v));
    assert_int_equal(v, usec_of("2026-11-02T09:00:00Z"));
    assert_true(london_to_usec(&summer, &v));
    assert_int_equal(v, usec_of("2026-07-01T08:00:00Z"));
    assert_true(london_to_usec(&before, &v));
    assert_true(london_to_usec(&after, &v));
    assert_int_equal(v, usec_of("2026-10-25T02:00:00Z"));
}

static void words_are_as_people_in_the_united_kingdom_say_them(void **state) {
    (void)state;
    char s[STAMP_TEXT_BYTES];
    day_words(day_of("2026-11-02"), s);
    assert_string_equal(s, "2 November 2026");
    stamp_words(usec_of("2026-11-02 09:00:00+00"), s);
    assert_string_equal(s, "2 November 2026 at 9:00am UK time");
    stamp_words(usec_of("2026-07-01 11:00:00+00"), s);
    assert_string_equal(s, "1 July 2026 at midday UK time");
    stamp_words(usec_of("2026-12-31 23:59:00+00"), s);
    assert_string_equal(s, "31 December 2026 at 11:59pm UK time");
    stamp_words(usec_of("2026-06-30 23:05:00+00"), s);
    assert_string_equal(s, "1 July 2026 at 12:05am UK time");
}

static void the_day_of_a_moment_is_the_london_day(void **state) {
    (void)state;
    assert_int_equal(london_day(usec_of("2026-06-30T23:30:00Z")), day_of("2026-07-01"));
    assert_int_equal(london_day(usec_of("2026-12-31T23:30:00Z")), day_of("2026-12-31"));
}

static void stamps_keep_their_microseconds(void **state) {
    (void)state;
    char s[STAMP_TEXT_BYTES];
    stamp_iso(usec_of("2026-11-22T05:16:12.124262Z"), s);
    assert_string_equal(s, "2026-11-22T05:16:12.124262Z");
    stamp_iso(-1, s);
    assert_string_equal(s, "1969-12-31T23:59:59.999999Z");
    int64_t v = 3;
    assert_false(stamp_parse("2026-11-22T05:16:12+01:00", &v));
    assert_false(stamp_parse("2026-11-22T24:00:00Z", &v));
    assert_int_equal(v, 3);
}

static void the_financial_year_turns_on_the_first_of_april(void **state) {
    (void)state;
    char s[DAY_TEXT_BYTES];
    assert_int_equal(financial_year(day_of("2026-03-31")), 2025);
    assert_int_equal(financial_year(day_of("2026-04-01")), 2026);
    financial_year_label(financial_year(day_of("2026-03-31")), s);
    assert_string_equal(s, "2025/26");
    financial_year_label(financial_year(day_of("2000-03-31")), s);
    assert_string_equal(s, "1999/00");
}

static void working_days_skip_week_ends_and_bank_holidays(void **state) {
    (void)state;
    int32_t days[8];
    struct holidays h;
    int line = 0;
    assert_true(holidays_parse("# Christmas\n2026-12-28\n2026-12-25\n", days, 8, &h, &line));
    assert_int_equal(h.count, 2);
    assert_int_equal(day_of_week(day_of("2026-12-24")), 4);
    assert_int_equal(day_add_working(day_of("2026-12-24"), 1, &h), day_of("2026-12-29"));
    assert_int_equal(day_add_working(day_of("2026-12-25"), 0, &h), day_of("2026-12-29"));
    assert_int_equal(day_add_working(day_of("2026-12-21"), 8, &h), day_of("2027-01-04"));
    assert_false(holidays_parse("2026-12-25\nsoon\n", days, 8, &h, &line));
    assert_int_equal(line, 2);
    assert_false(holidays_parse("2026-12-25\n2026-12-26\n", days, 1, &h, &line));
}

static void the_list_of_bank_holidays_is_whole(void **state) {
    (void)state;
    char text[4096] = "";
    FILE *f = fopen(SOURCE_DIR "/schemas/codes/bank_holidays_england_wales.txt", "r");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    assert_true(n > 100 && n < sizeof text - 1);
    int32_t days[200];
    struct holidays h;
    int line = 0;
    assert_true(holidays_parse(text, days, 200, &h, &line));
    assert_int_equal(h.count % 8, 0); // eight a year
    for (size_t i = 0; i < h.count; i++) {
        assert_true(day_of_week(h.days[i]) <= 5); // substitute days are listed, not the week end itself
        assert_false(day_is_working(h.days[i], &h));
    }
    assert_int_equal(day_add_working(day_of("2026-04-02"), 1, &h), day_of("2026-04-07"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_four_centuries_goes_there_and_back),
        cmocka_unit_test(days_that_do_not_exist_are_refused),
        cmocka_unit_test(summer_time_begins_and_ends_at_one_in_the_morning_utc),
        cmocka_unit_test(a_clock_time_that_does_not_exist_or_exists_twice_is_refused),
        cmocka_unit_test(words_are_as_people_in_the_united_kingdom_say_them),
        cmocka_unit_test(the_day_of_a_moment_is_the_london_day),
        cmocka_unit_test(stamps_keep_their_microseconds),
        cmocka_unit_test(the_financial_year_turns_on_the_first_of_april),
        cmocka_unit_test(working_days_skip_week_ends_and_bank_holidays),
        cmocka_unit_test(the_list_of_bank_holidays_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
