// SPDX-License-Identifier: Apache-2.0
// Promises of what is told of a payments file before it is loaded: which sheet was read, what was understood
// when it was opened, which month it offers.
#include "db/loadtest.h"
#include "sheet/sheet.h"

#include <string.h>

static bool told(const struct load_summary *s, const char *words) {
    for (size_t i = 0; i < s->findings.count; i++) {
        if (strstr(s->findings.list[i].text, words)) {
            return true;
        }
    }
    return false;
}

static void look(struct ctx *c, const char *path, const char *name, struct load_summary *ret) {
    struct load_orders o = loadtest_orders();
    o.file_name = name;
    assert_err(c, loadtest_look(c, path, &o, ret), ERR_OK);
}

// Made with LibreOffice 7.4 out of invented payments: a sheet of codes, April, May, and a table of numbers.
static void test_payments_behind_a_sheet_of_codes_are_found_with_all_their_months(void **state) {
    struct ctx *c = loadtest_ready(state);
    static const char *const files[] = {DATA "codes_first.xlsx", DATA "codes_first.ods"};
    sheet_set_program(BINARY_DIR "/anchorage-book");
    for (size_t i = 0; i < 2; i++) {
        struct load_summary s;
        look(c, files[i], "codes_first", &s);
        assert_int_equal(s.accepted, 4);
        assert_int_equal(s.total_pence, 153049);
        assert_true(told(&s, "found on the sheet April"));
        assert_true(told(&s, "were not read: Summary"));
    }
}

static void test_what_was_seen_at_the_headings_is_told_with_what_was_seen_in_the_rows(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct load_summary s;
    look(c,
         loadtest_file(
             c, "gross.csv",
             "Supplier,Invoice Date,Gross Amount\nAsh Ltd,03/04/2025,120.00\nElm Ltd,13/04/2025,0.005\n"),
         "gross.csv", &s);
    assert_true(told(&s, "include VAT"));
    assert_true(told(&s, "not of the payment"));
    assert_true(told(&s, "fraction of a penny"));
}

static void test_the_month_in_the_name_of_a_file_is_offered_and_not_taken(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct load_summary s;
    const char *ref,
        *path = loadtest_file(c, "undated.csv", "Supplier,Amount\nAsh Ltd,120.00\nElm Ltd,60.00\n");
    look(c, path, "Payments March 2024.csv", &s);
    assert_string_equal(s.month_said, "2024-03");
    assert_int_equal(s.undated, 2);
    look(c, path, "Q1 2024-25.csv", &s);
    assert_string_equal(s.month_said, "2024-04");
    look(c, path, "payments.csv", &s);
    assert_string_equal(s.month_said ? s.month_said : "", "");
    struct load_orders o = loadtest_orders();
    o.file_name = "Payments March 2024.csv";
    assert_err(c, loadtest_try(c, path, &o, &s, &ref), ERR_INVALID);
    assert_string_equal(c->err_field, "month");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_payments_behind_a_sheet_of_codes_are_found_with_all_their_months),
        TEST(test_what_was_seen_at_the_headings_is_told_with_what_was_seen_in_the_rows),
        TEST(test_the_month_in_the_name_of_a_file_is_offered_and_not_taken),
    };
    return cmocka_run_group_tests(tests, loadtest_group_up, loadtest_group_down);
}
