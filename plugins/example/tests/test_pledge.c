// SPDX-License-Identifier: Apache-2.0
// Promises of the rules of a pledge.
#include "../logic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TODAY 20780 // 23 November 2026

static void test_a_pledge_has_a_number_that_people_can_check(void **state) {
    (void)state;
    assert_int_equal(pledge_check_words("We will spend 30% with local suppliers", 200), PLEDGE_FINE);
    assert_int_equal(pledge_check_words("We will spend more with local suppliers", 200), PLEDGE_NO_NUMBER);
    assert_int_equal(pledge_check_words("", 200), PLEDGE_NO_NUMBER);
}

static void test_its_length_is_counted_in_characters_as_people_do(void **state) {
    (void)state;
    assert_int_equal(pledge_check_words("£5 more", 7), PLEDGE_FINE); // 8 bytes
    assert_int_equal(pledge_check_words("£5 more.", 7), PLEDGE_TOO_LONG);
}

static void test_its_day_is_to_come_and_within_ten_years(void **state) {
    (void)state;
    assert_int_equal(pledge_check_day(TODAY, TODAY), PLEDGE_PAST_DAY);
    assert_int_equal(pledge_check_day(TODAY + 1, TODAY), PLEDGE_FINE);
    assert_int_equal(pledge_check_day(TODAY + 3653, TODAY), PLEDGE_FINE);
    assert_int_equal(pledge_check_day(TODAY + 3654, TODAY), PLEDGE_FAR_DAY);
    assert_int_equal(pledge_check_day(INT64_MAX, TODAY), PLEDGE_FAR_DAY);
    assert_int_equal(pledge_check_day(INT64_MIN, TODAY), PLEDGE_PAST_DAY);
}

static void test_every_problem_has_a_sentence_of_its_own(void **state) {
    (void)state;
    for (int a = PLEDGE_TOO_LONG; a <= PLEDGE_FAR_DAY; a++) {
        const char *key = pledge_problem_key((enum pledge_problem)a);
        assert_string_not_equal(key, "");
        for (int b = PLEDGE_FINE; b < a; b++) {
            assert_string_not_equal(key, pledge_problem_key((enum pledge_problem)b));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pledge_has_a_number_that_people_can_check),
        cmocka_unit_test(test_its_length_is_counted_in_characters_as_people_do),
        cmocka_unit_test(test_its_day_is_to_come_and_within_ten_years),
        cmocka_unit_test(test_every_problem_has_a_sentence_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
