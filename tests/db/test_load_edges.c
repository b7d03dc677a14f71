// SPDX-License-Identifier: Apache-2.0
// Edges of loading payments files: texts that are cut, rows that are short, very many years and kinds of
// payment, and what only the second reading of a file knows.
#include "db/loadtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *load_text(struct ctx *c, const char *text) {
    return loadtest_load(c, "council", loadtest_file(c, "edges.csv", text));
}

// "a" and n letters of two bytes each: cut at an even place it would end within a letter.
static const char *odd_text(struct ctx *c, size_t n) {
    char *text = arena_alloc(c->arena, 2 * n + 2);
    text[0] = 'a';
    for (size_t i = 0; i < n; i++) {
        memcpy(text + 1 + 2 * i, "\xc3\xa9", 2);
    }
    text[2 * n + 1] = 0;
    return text;
}

static void test_texts_that_are_too_long_are_cut_between_two_letters(void **state) {
    struct ctx *c = loadtest_ready(state);
    load_text(c, arena_printf(c->arena,
                              "Supplier Name,Payment Date,Transaction Number,Amount,Purpose,Category\n"
                              "%s,20/05/2025,%s,100.00,%s,%s\n",
                              odd_text(c, 400), odd_text(c, 100), odd_text(c, 400), odd_text(c, 400)));
    assert_number(c, "SELECT count(*) FROM core.spend_line", 1);
    assert_number(c, "SELECT octet_length(txn) FROM core.spend_line", 99);
    assert_number(c, "SELECT octet_length(purpose) FROM core.spend_label", 399);
    assert_number(c, "SELECT octet_length(category) FROM core.spend_label", 199);
    assert_number(c, "SELECT count(*) FROM core.payee WHERE octet_length(name) < 400", 1);
}

static void test_a_short_row_takes_nothing_from_the_next_one(void **state) {
    struct ctx *c = loadtest_ready(state);
    load_text(c, "Supplier,Date,Amount,Purpose\nMarl Lane Ltd,1/5/2025,10\nOat Ltd,2/5/2025,20,Chairs\n");
    assert_string_equal(dbtest_value(c, "SELECT string_agg(b.purpose, '|' ORDER BY t.line_no) FROM "
                                        "core.spend_line t JOIN core.spend_label b ON b.id = t.label_id"),
                        "|Chairs");
}

static void test_blanks_around_a_label_make_no_other_label(void **state) {
    struct ctx *c = loadtest_ready(state);
    load_text(c, "Supplier,Date,Amount,Purpose\nOat Ltd,1/5/2025,10,Chairs\nOat Ltd,2/5/2025,20,  Chairs  \n"
                 "Oat Ltd,3/5/2025,20,Chairs\t\n");
    assert_number(c, "SELECT count(*) FROM core.spend_label", 1);
    load_text(c,
              "Supplier,Date,Amount,Purpose\nOat Ltd,1/6/2025,10, Chairs\n"); // known from the database too
    assert_number(c, "SELECT count(*) FROM core.spend_label", 1);
}

static void test_nought_is_a_purchase_and_a_penny_below_is_a_credit(void **state) {
    struct ctx *c = loadtest_ready(state);
    load_text(c, "Supplier,Date,Amount\nOat Ltd,1/5/2025,0.00\nOat Ltd,2/5/2025,-0.01\nOat Ltd,3/5/2025,1\n");
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(flow::text, ' ' ORDER BY line_no) FROM core.spend_line"), "0 2 0");
    assert_number(c, UNTIED, 0);
}

static void test_a_payee_of_many_kinds_and_years_has_a_sum_of_each(void **state) {
    struct ctx *c = loadtest_ready(state);
    char text[4096];
    size_t n = (size_t)snprintf(text, sizeof text, "Supplier,Date,Amount,Purpose\n");
    static const char *const rows[] = {"10.00,Chairs", "-3.00,Chairs", "20.00,Grant to voluntary group",
                                       "40.00,Loan repayment PWLB", "80.00,Direct payments"};
    for (int year = 2015; year < 2025; year++) {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            n += (size_t)snprintf(text + n, sizeof text - n, "Oat Association,1/5/%d,%s\n", year, rows[i]);
        }
    }
    load_text(c, text);
    assert_number(c, UNTIED, 0);
    assert_true(dbtest_number(c, "SELECT count(DISTINCT flow) FROM core.spend_sum") >= 4);
    assert_number(c, "SELECT sum(line_count) FROM core.spend_sum", 50);
}

static void file_of_years(char *text, size_t cap, int first, int count) {
    size_t n = (size_t)snprintf(text, cap, "Supplier,Date,Amount\n");
    for (int i = 0; i < count; i++) {
        n += (size_t)snprintf(text + n, cap - n, "Oat Ltd,1/5/%d,1\n", first + i);
    }
}

static void test_a_file_of_64_years_is_loaded_and_one_of_65_is_refused(void **state) {
    struct ctx *c = loadtest_ready(state);
    char text[4096];
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    const char *ref;
    file_of_years(text, sizeof text, 1995, 65);
    assert_err(c, loadtest_try(c, loadtest_file(c, "65.csv", text), &o, &s, &ref), ERR_TOO_LARGE);
    assert_non_null(strstr(c->err_detail, "more than 64 years"));
    assert_number(c, "SELECT count(*) FROM core.spend_line", 0);
    file_of_years(text, sizeof text, 1995, 64);
    load_text(c, text);
    assert_number(c, "SELECT count(DISTINCT fy) FROM core.spend_line", 64);
    assert_number(c, "SELECT count(*) FROM core.spend_leaf", 64);
}

// The order of day and month shows after the first rows, so all rows come twice.
static void test_what_a_second_reading_finds_is_not_added_to_the_first(void **state) {
    struct ctx *c = loadtest_ready(state);
    char text[8192];
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    size_t n = (size_t)snprintf(text, sizeof text, "Supplier,Date,Amount\nOat Ltd,05/01/2025,#REF!\n");
    for (int i = 0; i < 60; i++) {
        n +=
            (size_t)snprintf(text + n, sizeof text - n, "Oat Ltd,05/%02d/2025,1\n", i < 50 ? 1 + i % 12 : 28);
    }
    assert_err(c, loadtest_look(c, loadtest_file(c, "twice.csv", text), &o, &s), ERR_OK);
    assert_int_equal(s.accepted, 60);
    assert_int_equal(s.total_pence, 6000);
    assert_int_equal(s.problem_count, 1);
    assert_int_equal(s.sample_count, LOAD_SAMPLES);
    assert_int_equal(s.samples[0].line, 3);
    assert_int_equal(s.samples[1].day - s.samples[0].day, 1); // 1 May and 2 May
}

static void test_payments_without_a_day_say_that_only_their_month_is_known(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    const char *ref;
    o.month = 20209; // 1 May 2025
    assert_err(c,
               loadtest_try(c,
                            loadtest_file(c, "month.csv",
                                          "Supplier,Date,Amount\nOat Ltd,######,1\nRye Ltd,2/5/2025,2\n"),
                            &o, &s, &ref),
               ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT string_agg(paid_on || ' ' || (flags & 1), ', ' ORDER BY "
                                        "line_no) FROM core.spend_line"),
                        "2025-05-01 1, 2025-05-02 0");
}

static void test_a_load_of_another_body_cannot_be_replaced(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    const char *ref,
        *theirs = loadtest_load(c, "hospital",
                                loadtest_file(c, "theirs.csv", "Supplier,Date,Amount\nRye Ltd,1/5/2025,7\n"));
    o.replaces = theirs;
    assert_err(c,
               loadtest_try(c, loadtest_file(c, "ours.csv", "Supplier,Date,Amount\nOat Ltd,1/5/2025,1\n"), &o,
                            &s, &ref),
               ERR_NOT_FOUND);
    assert_number(c, SUM_OF_LINES, 700);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_texts_that_are_too_long_are_cut_between_two_letters),
        TEST(test_a_short_row_takes_nothing_from_the_next_one),
        TEST(test_blanks_around_a_label_make_no_other_label),
        TEST(test_nought_is_a_purchase_and_a_penny_below_is_a_credit),
        TEST(test_a_payee_of_many_kinds_and_years_has_a_sum_of_each),
        TEST(test_a_file_of_64_years_is_loaded_and_one_of_65_is_refused),
        TEST(test_what_a_second_reading_finds_is_not_added_to_the_first),
        TEST(test_payments_without_a_day_say_that_only_their_month_is_known),
        TEST(test_a_load_of_another_body_cannot_be_replaced),
    };
    return cmocka_run_group_tests(tests, loadtest_group_up, loadtest_group_down);
}
