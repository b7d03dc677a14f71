// SPDX-License-Identifier: Apache-2.0
// Small groups are not told, and cannot be worked out from the total either.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "spend/suppress.h"

static void check(const int64_t *payees, const int64_t *pence, size_t n, const char *expected) {
    enum suppressed s[16];
    suppress_rows(payees, pence, n, s);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(s[i], expected[i] - '0');
    }
}

static void test_a_table_of_large_groups_is_told_whole(void **state) {
    (void)state;
    static const int64_t payees[] = {5, 80, 9}, pence[] = {100, 200, 300};
    check(payees, pence, 3, "000");
}

static void test_one_small_group_takes_the_next_smallest_with_it(void **state) {
    (void)state;
    static const int64_t payees[] = {40, 2, 12, 7}, pence[] = {1, 999999, 1, 5};
    check(payees, pence, 4, "0102");
    static const int64_t level[] = {7, 4, 7}, sums[] = {900, 1, -800}; // of equals the one with less money
    check(level, sums, 3, "012");
}

static void test_two_small_groups_of_few_suppliers_take_a_third(void **state) {
    (void)state;
    static const int64_t payees[] = {1, 1, 30, 20}, pence[] = {10, 10, 10, 10};
    check(payees, pence, 4, "1102");
    static const int64_t enough[] = {3, 2, 30, 20};
    check(enough, pence, 4, "1100");
}

static void test_money_that_came_back_from_nobody_is_small_and_nothing_is_nothing(void **state) {
    (void)state;
    static const int64_t payees[] = {0, 0, 50, 60}, pence[] = {-300, 0, 10, 10};
    check(payees, pence, 4, "1020");
}

static void test_a_table_with_nothing_else_is_hidden_whole(void **state) {
    (void)state;
    static const int64_t payees[] = {3}, pence[] = {10};
    check(payees, pence, 1, "1");
    check(payees, pence, 0, "");
    static const int64_t two[] = {1, 9}, sums[] = {10, INT64_MIN};
    check(two, sums, 2, "12");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_table_of_large_groups_is_told_whole),
        cmocka_unit_test(test_one_small_group_takes_the_next_smallest_with_it),
        cmocka_unit_test(test_two_small_groups_of_few_suppliers_take_a_third),
        cmocka_unit_test(test_money_that_came_back_from_nobody_is_small_and_nothing_is_nothing),
        cmocka_unit_test(test_a_table_with_nothing_else_is_hidden_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
