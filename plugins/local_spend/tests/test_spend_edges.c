// SPDX-License-Identifier: Apache-2.0
// Edges of reading payments files: the longest text, the first and the last day, one sign more or less, and
// what is nearly a total, a date or an amount and yet none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "amount.h"
#include "formula.h"
#include "heading.h"
#include "payee.h"
#include "spend_runner.h"

// ---- amounts ----------------------------------------------------------------------------------------------

static void expect_pence(const char *text, int64_t want) {
    int64_t pence = 0;
    unsigned how;
    assert_int_equal(spend_amount_read(text, &pence, &how), AMOUNT_OK);
    assert_int_equal(pence, want);
}

static void test_signs_and_currencies_come_off_in_any_order(void **state) {
    (void)state;
    expect_pence("-GBP 12.00", -1200);
    expect_pence("GBP -12.00", -1200);
    expect_pence("12.00 GBP CR", -1200);
    expect_pence("12.00- GBP", -1200);
    expect_pence("(GBP 12.00)", -1200);
}

static void test_an_amount_of_64_characters_is_read_and_one_of_65_is_not(void **state) {
    (void)state;
    char text[66];
    int64_t pence;
    unsigned how;
    memset(text, '0', sizeof text);
    memcpy(text + 59, "12.34", 6);
    expect_pence(text, 1234);
    memcpy(text + 59, "012.34", 7);
    assert_int_equal(spend_amount_read(text, &pence, &how), AMOUNT_TEXT);
}

// ---- dates ------------------------------------------------------------------------------------------------

static enum spend_date date_of_text(const char *text) {
    int32_t day;
    return spend_date_read(text, ORDER_DAY_FIRST, &day);
}

static void test_day_numbers_of_spreadsheets_are_taken_from_1995_to_2069(void **state) {
    (void)state;
    int32_t day = 0;
    assert_int_equal(spend_date_read("34700", ORDER_DAY_FIRST, &day), DATE_OK);
    assert_int_equal(day, spend_day_from(1995, 1, 1));
    assert_int_equal(spend_date_read("62091", ORDER_DAY_FIRST, &day), DATE_OK);
    assert_int_equal(day, spend_day_from(2069, 12, 29));
    assert_int_equal(date_of_text("34699"), DATE_UNREADABLE);
    assert_int_equal(date_of_text("62092"), DATE_UNREADABLE);
}

static void test_what_only_looks_like_a_date_is_none(void **state) {
    (void)state;
    static const char *const texts[] = {"12/05", "3/11/Nov", "Nov/Nov/2026", "03/11/2026 (paid)",
                                        "03/11/2026~"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (date_of_text(texts[i]) != DATE_UNREADABLE) {
            fail_msg("\"%s\" was read", texts[i]);
        }
    }
    // A row goes a quicker way, which must say the same.
    const struct run *r = read_text("Supplier,Date,Amount\nB Ltd,30/02/2025,2\n"
                                    "C Ltd,31/12/2025,3\nD Ltd,2024-02-29,4\nE Ltd,2025-02-29,5\n");
    assert_int_equal(r->kept, 4);
    assert_false(run_dated(r, 0));
    assert_int_equal(r->lines[1].day, spend_day_from(2025, 12, 31));
    assert_int_equal(r->lines[2].day, spend_day_from(2024, 2, 29));
    assert_false(run_dated(r, 3));
}

static void test_a_12th_month_is_evidence_of_the_order_too(void **state) {
    (void)state;
    assert_int_equal(spend_date_evidence("13/12/2013"), 1);
    assert_int_equal(spend_date_evidence("12/13/2013"), -1);
    assert_int_equal(spend_date_evidence("31/01/2013"), 1);
    assert_int_equal(spend_date_evidence("01/31/2013"), -1);
    assert_int_equal(spend_date_evidence("28/08/2013~"), 0); // what is no date is no evidence
}

static void test_first_rows_that_show_the_order_spare_a_second_pass(void **state) {
    (void)state;
    const struct run *r = read_text("Supplier,Date,Amount\nA Ltd,08/28/2025,1\nB Ltd,08/05/2025,2\n");
    assert_int_equal(r->lines[1].day, spend_day_from(2025, 8, 5));
    assert_int_equal(r->passes, 1);
}

// A spreadsheet that took 5 May for a date left 20 May as text. One of its own days above 12, or a text with
// a day below it, shows that no spreadsheet did this.
static void test_days_are_not_turned_round_when_one_of_them_speaks_against_it(void **state) {
    (void)state;
    static const char *const against[] = {"2025-03-20", "03/05/2025"};
    static char text[4096];
    for (size_t k = 0; k < 3; k++) {
        size_t n = (size_t)snprintf(text, sizeof text, "Supplier,Date,Amount\n");
        for (int day = 1; day <= 28; day++) {
            n += (size_t)snprintf(text + n, sizeof text - n,
                                  day <= 12 ? "A Ltd,2025-%02d-05,1\n" : "A Ltd,%02d/05/2025,1\n", day);
        }
        if (k > 0) {
            snprintf(text + n, sizeof text - n, "A Ltd,%s,1\n", against[k - 1]);
        }
        assert_int_equal(read_text(text)->file.turned_fixed, k == 0);
    }
}

// ---- headings and columns ---------------------------------------------------------------------------------

static void test_a_pound_sign_alone_heads_the_amounts_in_any_code_page(void **state) {
    (void)state;
    static const char *const signs[] = {
        "£", "(£)", "\xC5\x93", "\xC3\xBA", "\xEF\xBF\xA1", "\xE2\x82\xA4", "\xEF\xBF\xBD"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        assert_int_equal(spend_heading_read(signs[i]).role, ROLE_AMOUNT);
    }
    assert_int_equal(spend_heading_read("()").role, ROLE_NONE);
    assert_int_equal(spend_heading_read("$").role, ROLE_NONE);
}

static void test_a_heading_written_right_stands_before_one_with_a_slip(void **state) {
    (void)state;
    const struct run *r = read_text("Suppklier,Supplier,Date,Amount\nx,A Ltd,1/5/2025,1\n");
    assert_int_equal(r->file.layout.column[ROLE_PAYEE], 1);
    r = read_text("Suppklier,Date,Amount\nA Ltd,1/5/2025,1\n");
    assert_int_equal(r->file.layout.column[ROLE_PAYEE], 0);
}

static void test_of_two_columns_that_are_alike_the_first_is_taken(void **state) {
    (void)state;
    const struct run *r = read_text("Supplier,Date,Amount,Amount\nA Ltd,1/5/2025,10,20\n");
    assert_int_equal(r->lines[0].pence, 1000);
}

static void test_a_heading_of_any_length_is_read(void **state) {
    (void)state;
    char text[400];
    for (size_t n = 20; n < sizeof text; n += 7) {
        memset(text, 'z', n);
        memcpy(text, "supplier", 8);
        text[n] = 0;
        assert_int_equal(spend_heading_read(text).role, ROLE_NONE);
    }
}

static void test_credits_may_stand_in_the_first_column(void **state) {
    (void)state;
    const struct run *r =
        read_text("Credit,Supplier,Date,Debit\n,A Ltd,1/5/2025,100.00\n40.00,B Ltd,2/5/2025,\n");
    assert_int_equal(r->file.tally.sum_pence, 6000);
}

static struct anc_columns settled(int payee, int date, int amount) {
    struct anc_columns c = {.size = sizeof c, .head_rows = 1};
    for (int i = 0; i < ANC_COL_COUNT; i++) {
        c.column[i] = -1;
    }
    c.column[ANC_COL_PAYEE] = payee;
    c.column[ANC_COL_DATE] = date;
    c.column[ANC_COL_AMOUNT] = amount;
    return c;
}

static void test_columns_that_cannot_be_are_refused_when_a_person_settles_them(void **state) {
    (void)state;
    static const char text[] = "Who,When,What\nA Ltd,1/5/2025,100.00\n";
    const struct anc_columns wrong[] = {settled(0, 1, -1), settled(-1, 1, 2), settled(2, 1, 2),
                                        settled(0, SPEND_MAX_COLUMNS, 2)};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(run_chosen(text, sizeof text - 1, "", &wrong[i])->refusal, REFUSED_CHOICE);
    }
    struct anc_columns c = settled(0, 1, 2);
    c.kind = ANC_FILE_TIER2 + 1;
    assert_int_equal(run_chosen(text, sizeof text - 1, "", &c)->refusal, REFUSED_CHOICE);
    c.kind = ANC_FILE_PAYMENTS - 1;
    assert_int_equal(run_chosen(text, sizeof text - 1, "", &c)->refusal, REFUSED_CHOICE);
}

static void test_what_a_person_says_of_the_dates_is_kept(void **state) {
    (void)state;
    static const char text[] = "Who,When,What\nA Ltd,1/5/2025,100.00\n";
    static const struct {
        int32_t chosen;
        enum spend_basis basis;
    } each[] = {{ANC_DATE_PAID, BASIS_PAID},
                {ANC_DATE_POSTED, BASIS_POSTED},
                {ANC_DATE_INVOICED, BASIS_INVOICED},
                {ANC_DATE_OTHER, BASIS_OTHER}};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        struct anc_columns c = settled(0, 1, 2);
        c.date_basis = each[i].chosen;
        assert_int_equal(run_chosen(text, sizeof text - 1, "", &c)->file.layout.date_basis, each[i].basis);
    }
}

// ---- rows -------------------------------------------------------------------------------------------------

static void test_a_payment_to_nobody_above_the_others_is_no_total_unless_it_adds_up(void **state) {
    (void)state;
    static const struct {
        const char *amount;
        int64_t sum;
    } files[] = {{"30.00", 3000}, {"30.01", 6001}, {"29.99", 5999}, {"7.00", 3700}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char text[200];
        snprintf(text, sizeof text,
                 "Supplier,Date,Amount,Category\n,,%s,x\nA Ltd,1/5/2025,10.00,x\nB Ltd,2/5/2025,20.00,x\n",
                 files[i].amount);
        assert_int_equal(read_text(text)->file.tally.sum_pence, files[i].sum);
    }
}

static void test_a_stray_comma_is_told_where_the_date_stands_last(void **state) {
    (void)state;
    const struct run *r = read_text("Amount,Supplier,Date\n1,A Ltd,1/5/2025\n2,B, and C Ltd,2/5/2025\n"
                                    "4,D Ltd,3/5/2025\n8,E Ltd,4/5/2025\n");
    assert_int_equal(r->verdicts[1], VERDICT_SHIFTED);
    assert_int_equal(r->file.tally.sum_pence, 1300);
}

static void test_a_dated_total_whose_payee_is_a_blank_is_a_total(void **state) {
    (void)state;
    const struct run *r = read_text("Supplier,Date,Amount,Category\nA Ltd,5/5/2025,7,x\nTotal,,7,\n"
                                    "D Ltd,5/6/2025,1,x\nE Ltd,5/6/2025,2,x\n ,30/06/2025,3,\n");
    assert_int_equal(r->file.tally.sum_pence, 1000);
}

static void test_a_tier_2_row_without_an_intermediary_is_an_error(void **state) {
    (void)state;
    const struct run *r = read_text("Managing Agent,Supplier,Date,Amount\nHarrow Ltd,A Ltd,1/5/2025,1\n"
                                    "Harrow Ltd,B Ltd,2/5/2025,2\nHarrow Ltd,C Ltd,3/5/2025,3\n"
                                    "Harrow Ltd,D Ltd,4/5/2025,4\n,E Ltd,5/5/2025,5\n,,,\n");
    assert_int_equal(r->file.layout.kind, KIND_TIER2);
    assert_int_equal(r->verdicts[4], VERDICT_NO_INTERMEDIARY);
    assert_int_equal(r->verdicts[5], VERDICT_BLANK);
    assert_int_equal(r->file.tally.sum_pence, 1000);
}

// Whether VAT is in the amounts is decided by three rows at least, and by none whose VAT is pennies.
static void test_few_rows_or_pennies_do_not_decide_whether_lost_vat_is_in_the_amounts(void **state) {
    (void)state;
    static const struct {
        const char *rows;
        int64_t lost_first;
    } files[] = {
        {"A Ltd,1/5/2025,6.00,1.00\nB Ltd,1/5/2025,6.00,1.00\nC Ltd,1/5/2025,6.00,1.00\n", 0},
        {"A Ltd,1/5/2025,6.00,1.00\nB Ltd,1/5/2025,6.00,1.00\nC Ltd,1/5/2025,7.77,1.00\n", 100},
        {"A Ltd,1/5/2025,1.20,0.20\nB Ltd,1/5/2025,1.20,0.20\nC Ltd,1/5/2025,1.20,0.20\n", 20},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char text[200];
        snprintf(text, sizeof text, "Supplier,Date,Amount,Irrecoverable VAT\n%s", files[i].rows);
        assert_int_equal(read_text(text)->lines[0].vat_lost_pence, files[i].lost_first);
    }
}

static void test_three_crosses_are_a_name_and_a_star_is_nobody(void **state) {
    (void)state;
    char crosses[] = "XXXX";
    assert_int_equal(spend_payee_kind(crosses), PAYEE_REDACTED);
    crosses[3] = 0;
    assert_int_equal(spend_payee_kind(crosses), PAYEE_NAMED);
    assert_int_equal(spend_payee_kind("***"), PAYEE_REDACTED);
    assert_int_equal(spend_payee_kind("X*X"), PAYEE_REDACTED);
    assert_int_not_equal(spend_payee_kind("*"), PAYEE_REDACTED);
}

// ---- formulas ---------------------------------------------------------------------------------------------

static void test_sums_that_cannot_be_give_no_figure(void **state) {
    (void)state;
    int64_t bp = 7, pence = 7;
    const int64_t huge = INT64_C(1000000000000001), below = -huge, whole = 100, part = 50, nought = 0;
    assert_false(spend_average_share_bp(&huge, &whole, 1, true, &bp));
    assert_false(spend_average_share_bp(&below, &whole, 1, true, &bp));
    assert_false(spend_average_share_bp(&part, &huge, 1, true, &bp));
    assert_false(spend_average_share_bp(&part, &nought, 1, true, &bp));
    assert_false(spend_average_share_bp(&part, &whole, 0, true, &bp));
    assert_int_equal(bp, 7);
    const struct spend_respend_group good = {
        .answers = 5, .contract_pence = 100, .respent_pence = 100, .spend_pence = 1000};
    assert_true(spend_recirculated(&good, 1, &pence));
    assert_int_equal(pence, 1000);
    const struct spend_respend_group wrong[] = {
        {.answers = 5, .contract_pence = 100, .respent_pence = 101, .spend_pence = 1000},
        {.answers = 5, .contract_pence = 100, .respent_pence = -1, .spend_pence = 1000},
        {.answers = 5, .contract_pence = 0, .respent_pence = 0, .spend_pence = 1000},
        {.answers = 5, .contract_pence = 100, .respent_pence = 50, .spend_pence = -1},
        {.answers = 4, .contract_pence = 100, .respent_pence = 50, .spend_pence = 1000},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(spend_recirculated(&wrong[i], 1, &pence));
    }
    const int64_t parts[] = {INT64_MAX, 1};
    assert_false(spend_pass_through(INT64_MAX, parts, 2, &pence));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signs_and_currencies_come_off_in_any_order),
        cmocka_unit_test(test_an_amount_of_64_characters_is_read_and_one_of_65_is_not),
        cmocka_unit_test(test_day_numbers_of_spreadsheets_are_taken_from_1995_to_2069),
        cmocka_unit_test(test_what_only_looks_like_a_date_is_none),
        cmocka_unit_test(test_a_12th_month_is_evidence_of_the_order_too),
        cmocka_unit_test(test_first_rows_that_show_the_order_spare_a_second_pass),
        cmocka_unit_test(test_days_are_not_turned_round_when_one_of_them_speaks_against_it),
        cmocka_unit_test(test_a_pound_sign_alone_heads_the_amounts_in_any_code_page),
        cmocka_unit_test(test_a_heading_written_right_stands_before_one_with_a_slip),
        cmocka_unit_test(test_of_two_columns_that_are_alike_the_first_is_taken),
        cmocka_unit_test(test_a_heading_of_any_length_is_read),
        cmocka_unit_test(test_credits_may_stand_in_the_first_column),
        cmocka_unit_test(test_columns_that_cannot_be_are_refused_when_a_person_settles_them),
        cmocka_unit_test(test_what_a_person_says_of_the_dates_is_kept),
        cmocka_unit_test(test_a_payment_to_nobody_above_the_others_is_no_total_unless_it_adds_up),
        cmocka_unit_test(test_a_stray_comma_is_told_where_the_date_stands_last),
        cmocka_unit_test(test_a_dated_total_whose_payee_is_a_blank_is_a_total),
        cmocka_unit_test(test_a_tier_2_row_without_an_intermediary_is_an_error),
        cmocka_unit_test(test_few_rows_or_pennies_do_not_decide_whether_lost_vat_is_in_the_amounts),
        cmocka_unit_test(test_three_crosses_are_a_name_and_a_star_is_nobody),
        cmocka_unit_test(test_sums_that_cannot_be_give_no_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
