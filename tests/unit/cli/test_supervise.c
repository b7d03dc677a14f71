// SPDX-License-Identifier: Apache-2.0
// Promises of the supervisor that need no process.
#include "cli/supervise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_the_first_death_costs_nothing_and_later_ones_more_and_more(void **state) {
    (void)state;
    static const int wanted[] = {0, 0, 1, 2, 4, 8, 16, 30, 30};
    for (int deaths = 0; deaths < 9; deaths++) {
        assert_int_equal(supervise_pause_s(deaths), wanted[deaths]);
    }
    assert_int_equal(supervise_pause_s(1000000), 30);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_death_costs_nothing_and_later_ones_more_and_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
