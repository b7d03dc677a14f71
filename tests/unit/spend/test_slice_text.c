// SPDX-License-Identifier: Apache-2.0
// A slice as stored text: the same slice gives the same text, and it is read back whole or not at all.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "spend/slice_text.h"

#include <string.h>

static void test_what_is_written_is_read_back(void **state) {
    (void)state;
    struct arena *a = arena_new(65536);
    const struct anc_slice in = {.size = sizeof in,
                                 .from_year = 2024,
                                 .to_year = 2025,
                                 .from_month = 24300,
                                 .flows = 197,
                                 .places = 1,
                                 .rule = 2,
                                 .anchor_ref = "council",
                                 .ward = "",
                                 .area = "",
                                 .sector = "care",
                                 .payee = "",
                                 .category = "Bread & butter = 100% #1"};
    struct anc_slice out;
    const char *text = slice_write(a, &in);
    assert_string_equal(
        text, "from_year=2024&to_year=2025&from_month=24300&flows=197&places=1&rule=2&anchor=council&"
              "sector=care&category=Bread %26 butter %3d 100%25 %231");
    assert_true(slice_read(a, text, &out));
    assert_string_equal(slice_write(a, &out), text);
    assert_string_equal(out.category, in.category);
    assert_int_equal(out.flows, 197);
    assert_string_equal(out.ward, "");
    arena_free(a);
}

static void test_a_slice_with_every_choice_open_is_an_empty_text(void **state) {
    (void)state;
    struct arena *a = arena_new(65536);
    struct anc_slice out;
    assert_true(slice_read(a, "", &out));
    assert_string_equal(slice_write(a, &out), "");
    arena_free(a);
}

static void test_other_texts_are_refused_and_change_nothing(void **state) {
    (void)state;
    struct arena *a = arena_new(65536);
    struct anc_slice out = {.from_year = 7};
    static const char *const wrong[] = {
        "from_year",    "from_year=x", "from_year=99999999999", "colour=red", "category=%zz", "category=%",
        "category=%00", "=",           "from_year=2025&&"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (slice_read(a, wrong[i], &out)) {
            fail_msg("%s was read", wrong[i]);
        }
        assert_int_equal(out.from_year, 7);
    }
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_read_back),
        cmocka_unit_test(test_a_slice_with_every_choice_open_is_an_empty_text),
        cmocka_unit_test(test_other_texts_are_refused_and_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
