// SPDX-License-Identifier: Apache-2.0
// Tables and QR codes: one description, every form of it tells the same.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "render/table.h"

#include <stdio.h>
#include <string.h>

static struct arena *arena;

static void quiet(const char *line) {
    (void)line;
}

static int setup(void **state) {
    (void)state;
    log_set_sink(quiet);
    arena = arena_new(256u << 20);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static struct table *sample(void) {
    struct table *t = table_new(arena, "Payments to <local> suppliers");
    table_column(t, "supplier", "Supplier", CELL_LINK);
    table_column(t, "paid", "Paid", CELL_MONEY);
    table_column(t, "share", "Share", CELL_PERCENT);
    table_column(t, "lines", "Lines", CELL_NUMBER);
    table_column(t, "last", "Last payment", CELL_DAY);
    table_column(t, "seen", "Seen", CELL_WHEN);
    table_column(t, "state", "State", CELL_TAG);
    table_row(t);
    table_link(t, "Brook & Vale", "/suppliers/brook-vale?a=1&b=2");
    table_i64(t, 123456);
    table_i64(t, 3190);
    table_text(t, "1234");
    table_text(t, "2026-11-02");
    table_text(t, "2026-11-02 09:00:00+00");
    table_tag(t, "Local", "green");
    table_row(t);
    table_link(t, "=HYPERLINK(\"x\")", "javascript:x");
    table_i64(t, -5);
    table_empty(t);
    table_text(t, "");
    table_text(t, NULL);
    table_empty(t);
    table_tag(t, "Odd", "\"><b>");
    table_row(t);
    return t;
}

static const char *text_of(const struct html *h) {
    size_t n;
    const char *s = html_bytes(h, &n);
    assert_int_equal(strlen(s), n);
    return s;
}

static void test_a_table_is_html_with_headings_and_everything_escaped(void **state) {
    (void)state;
    const char *html = text_of(table_html(sample()));
    assert_non_null(strstr(html, "Payments to &lt;local&gt; suppliers</caption>"));
    assert_non_null(strstr(html, "<th scope=\"row\" class=\"govuk-table__header\"><a class=\"govuk-link\" "
                                 "href=\"/suppliers/brook-vale?a=1&amp;b=2\">Brook &amp; Vale</a></th>"));
    assert_non_null(strstr(html, "<td class=\"govuk-table__cell govuk-table__cell--numeric\">\xC2\xA3"
                                 "1,234.56</td>"));
    assert_non_null(strstr(html, ">31.9%</td>"));
    assert_non_null(strstr(html, ">1,234</td>"));
    assert_non_null(strstr(html, ">2 November 2026</td>"));
    assert_non_null(strstr(html, ">2 November 2026 at 9:00am UK time</td>"));
    assert_non_null(strstr(html, "<strong class=\"govuk-tag govuk-tag--green\">Local</strong>"));
    assert_non_null(strstr(html, "<strong class=\"govuk-tag\">Odd</strong>"));
    assert_non_null(strstr(html, "=HYPERLINK(&quot;x&quot;)</th>"));
    assert_null(strstr(html, "javascript:"));
    assert_null(strstr(html, "style="));
}

static void test_a_table_is_csv_that_no_spreadsheet_runs(void **state) {
    (void)state;
    struct strb out;
    strb_init(&out, 10000);
    table_csv(sample(), &out);
    assert_string_equal(out.p, "\xEF\xBB\xBF"
                               "Supplier,supplier_url,Paid,Share (%),Lines,Last payment,Seen,State\r\n"
                               "Brook & Vale,/suppliers/brook-vale?a=1&b=2,1234.56,31.90,1234,2026-11-02,"
                               "2026-11-02T09:00:00.000000Z,Local\r\n"
                               "\"'=HYPERLINK(\"\"x\"\")\",javascript:x,-0.05,,,,,Odd\r\n"
                               ",,,,,,,\r\n");
    strb_free(&out);
}

static void test_a_table_is_json_with_whole_pence_and_nulls(void **state) {
    (void)state;
    struct strb out;
    strb_init(&out, 10000);
    table_json(sample(), &out);
    assert_non_null(strstr(out.p, "{\"caption\":\"Payments to \\u003clocal> suppliers\",\"columns\":["));
    assert_non_null(strstr(out.p, "{\"key\":\"paid_pence\",\"title\":\"Paid\",\"kind\":\"money\"}"));
    assert_non_null(
        strstr(out.p, "{\"supplier\":\"Brook & Vale\",\"supplier_url\":\"/suppliers/brook-vale?a=1&b=2\","
                      "\"paid_pence\":123456,\"share\":31.90,\"lines\":1234,\"last\":\"2026-11-02\","
                      "\"seen\":\"2026-11-02T09:00:00.000000Z\",\"state\":\"Local\"}"));
    assert_non_null(
        strstr(out.p, "\"paid_pence\":-5,\"share\":null,\"lines\":null,\"last\":null,\"seen\":null,"));
    assert_non_null(strstr(out.p, "\"complete\":true"));
    strb_free(&out);
}

static void test_json_text_holds_no_raw_control_quote_or_angle_for_any_byte(void **state) {
    (void)state;
    for (unsigned c = 1; c < 256; c++) {
        struct table *t = table_new(arena, "x");
        table_column(t, "k", "K", CELL_TEXT);
        table_row(t);
        char text[2] = {(char)c, 0};
        table_text(t, text);
        struct strb out;
        strb_init(&out, 1000);
        table_json(t, &out);
        const char *cell = strstr(out.p, "\"rows\":[\n{\"k\":\"");
        assert_non_null(cell);
        cell += strlen("\"rows\":[\n{\"k\":\"");
        const char *end = strstr(cell, "\"}]}\n");
        assert_non_null(end);
        for (const char *p = cell; p < end; p++) {
            assert_true((unsigned char)*p >= 0x20 && *p != '<');
            assert_true(*p != '"' || p[-1] == '\\');
        }
        strb_free(&out);
    }
}

static void test_a_table_stops_at_its_limit_and_says_so(void **state) {
    (void)state;
    struct table *t = table_new(arena, "Long");
    table_column(t, "n", "N", CELL_NUMBER);
    for (int i = 0; i < TABLE_ROWS_MAX + 2; i++) {
        table_row(t);
        table_i64(t, i);
    }
    assert_int_equal(table_rows(t), TABLE_ROWS_MAX);
    assert_true(table_is_cut(t));
    assert_non_null(strstr(text_of(table_html(t)), "Only the first 100,000 rows are shown"));
    struct strb out;
    strb_init(&out, 64u << 20);
    table_json(t, &out);
    assert_non_null(strstr(out.p, "\"complete\":false"));
    strb_free(&out);
}

static void test_a_file_says_what_its_table_rests_on(void **state) {
    (void)state;
    struct table *plain = table_new(arena, "Paid");
    table_column(plain, "a", "A", CELL_NUMBER);
    table_row(plain);
    table_i64(plain, 1);
    struct table *t = table_with(plain);
    table_about(t, "filters", "What is shown", "=Payments of \"all\"");
    table_about(t, "as_of", "As of", "2 November 2026");
    struct strb out;
    strb_init(&out, 10000);
    table_csv(t, &out);
    assert_non_null(strstr(
        out.p, "A\r\n1\r\n\r\nWhat is shown,\"'=Payments of \"\"all\"\"\"\r\nAs of,2 November 2026\r\n"));
    strb_clear(&out);
    table_json(t, &out);
    assert_non_null(strstr(
        out.p, "],\n\"about\":{\"filters\":\"=Payments of \\\"all\\\"\",\"as_of\":\"2 November 2026\"}}"));
    strb_clear(&out);
    table_csv(plain, &out);
    assert_null(strstr(out.p, "As of")); // the first table has no part in it
    strb_free(&out);
}

static void test_a_qr_code_is_an_svg_with_a_label(void **state) {
    (void)state;
    const char *html = text_of(qr_svg(arena, "otpauth://totp/x?secret=ABC", "Code for your \"phone\""));
    assert_non_null(strstr(html, "role=\"img\" aria-label=\"Code for your &quot;phone&quot;\""));
    assert_non_null(strstr(html, "M4 4h7v1h-7z")); // the top line of the finder pattern, after the quiet zone
    char big[8001];
    memset(big, 'a', sizeof big - 1);
    big[sizeof big - 1] = 0;
    assert_string_equal(text_of(qr_svg(arena, big, "x")), "");
}

#define PROMISE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROMISE(test_a_table_is_html_with_headings_and_everything_escaped),
        PROMISE(test_a_table_is_csv_that_no_spreadsheet_runs),
        PROMISE(test_a_table_is_json_with_whole_pence_and_nulls),
        PROMISE(test_json_text_holds_no_raw_control_quote_or_angle_for_any_byte),
        PROMISE(test_a_table_stops_at_its_limit_and_says_so),
        PROMISE(test_a_file_says_what_its_table_rests_on),
        PROMISE(test_a_qr_code_is_an_svg_with_a_label),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
