// SPDX-License-Identifier: Apache-2.0
// What the CSV writer promises: RFC 4180 quoting, no cell that a spreadsheet would run, numbers left alone.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/csvw.h"

struct sink {
    char text[4096];
    size_t n, refuse_after;
};

static bool take(void *user, const char *bytes, size_t n) {
    struct sink *s = user;
    if (s->refuse_after && s->n + n > s->refuse_after) {
        return false;
    }
    assert_true(s->n + n < sizeof s->text);
    memcpy(s->text + s->n, bytes, n);
    s->n += n;
    s->text[s->n] = 0;
    return true;
}

static void expect_cell(const char *text, size_t n, const char *want) {
    char out[256];
    assert_int_equal(csvw_cell(out, sizeof out, text, n), strlen(want));
    assert_string_equal(out, want);
}

#define EXPECT_CELL(text, want) expect_cell(text, sizeof(text) - 1, want)

static void test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(void **state) {
    (void)state;
    EXPECT_CELL("=1+1", "'=1+1");
    EXPECT_CELL("+44 1942", "'+44 1942");
    EXPECT_CELL("-2+3", "'-2+3");
    EXPECT_CELL("@SUM(A1)", "'@SUM(A1)");
    EXPECT_CELL("\t=1", "\"'\t=1\"");
    EXPECT_CELL("\r=1", "\"'\r=1\"");
    EXPECT_CELL("\0=1", "'=1");
    EXPECT_CELL("\xEF\xBC\x9D"
                "1",
                "'\xEF\xBC\x9D"
                "1");
    EXPECT_CELL("\xEF\xBC\x8B"
                "1",
                "'\xEF\xBC\x8B"
                "1");
    EXPECT_CELL("\xEF\xBC\x8D"
                "1",
                "'\xEF\xBC\x8D"
                "1");
    EXPECT_CELL("\xEF\xBC\xA0"
                "1",
                "'\xEF\xBC\xA0"
                "1");
    EXPECT_CELL("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
}

static void test_blanks_in_front_do_not_hide_a_formula(void **state) {
    (void)state;
    EXPECT_CELL(" =1", "\"' =1\"");
    EXPECT_CELL("\n=1", "\"'\n=1\"");
    EXPECT_CELL("\xC2\xA0=1", "'\xC2\xA0=1");
    EXPECT_CELL("\xEF\xBB\xBF=1", "'\xEF\xBB\xBF=1");
}

static void test_ordinary_text_is_left_alone(void **state) {
    (void)state;
    EXPECT_CELL("", "");
    EXPECT_CELL("Example Care Ltd", "Example Care Ltd");
    EXPECT_CELL("A = B", "A = B");
    EXPECT_CELL("'quoted'", "'quoted'");
    EXPECT_CELL("1-2", "1-2");
    EXPECT_CELL("\xEF\xBC\xA1", "\xEF\xBC\xA1");
}

static void test_quotes_stand_where_a_reader_could_split(void **state) {
    (void)state;
    EXPECT_CELL("a,b", "\"a,b\"");
    EXPECT_CELL("a;=b", "\"a;=b\"");
    EXPECT_CELL("a\tb", "\"a\tb\"");
    EXPECT_CELL("a\nb", "\"a\nb\"");
    EXPECT_CELL("say \"hi\"", "\"say \"\"hi\"\"\"");
    EXPECT_CELL(" a", "\" a\"");
    EXPECT_CELL("a\0b", "ab");
}

static void test_a_cell_that_does_not_fit_tells_its_size_and_writes_nothing(void **state) {
    (void)state;
    char out[8] = "before";
    assert_int_equal(csvw_cell(out, sizeof out, "12345678", 8), 8);
    assert_string_equal(out, "");
    assert_int_equal(csvw_cell(out, sizeof out, "1234567", 7), 7);
    assert_string_equal(out, "1234567");
    assert_int_equal(csvw_cell(NULL, 0, "a,b", 3), 5);
}

static void test_rows_of_text_and_typed_numbers(void **state) {
    (void)state;
    struct sink s = {.n = 0};
    struct csvw w;
    csvw_init(&w, take, &s);
    csvw_mark(&w);
    csvw_text(&w, "Payee");
    csvw_text(&w, "Amount");
    csvw_end_row(&w);
    csvw_text(&w, "-Ltd");
    csvw_pence(&w, -123450);
    csvw_int(&w, INT64_MIN);
    csvw_day(&w, 2026, 11, 2);
    csvw_text(&w, NULL);
    csvw_end_row(&w);
    assert_true(csvw_ok(&w));
    assert_string_equal(s.text,
                        "\xEF\xBB\xBFPayee,Amount\r\n'-Ltd,-1234.50,-9223372036854775808,2026-11-02,\r\n");
}

static void test_a_sink_that_refuses_is_remembered(void **state) {
    (void)state;
    struct sink s = {.refuse_after = 5};
    struct csvw w;
    csvw_init(&w, take, &s);
    csvw_text(&w, "abc");
    assert_true(csvw_ok(&w));
    csvw_text(&w, "defghi");
    csvw_text(&w, "j");
    assert_false(csvw_ok(&w));
    assert_string_equal(s.text, "abc,");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_that_a_spreadsheet_would_run_gets_an_apostrophe),
        cmocka_unit_test(test_blanks_in_front_do_not_hide_a_formula),
        cmocka_unit_test(test_ordinary_text_is_left_alone),
        cmocka_unit_test(test_quotes_stand_where_a_reader_could_split),
        cmocka_unit_test(test_a_cell_that_does_not_fit_tells_its_size_and_writes_nothing),
        cmocka_unit_test(test_rows_of_text_and_typed_numbers),
        cmocka_unit_test(test_a_sink_that_refuses_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
