// SPDX-License-Identifier: Apache-2.0
// What mapping rows to payments promises: every pound once, nothing dropped in silence, nothing guessed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "spend_runner.h"

#define HEAD "Supplier,Date,Amount\n"

static void test_a_footer_total_row_is_not_counted_as_a_payment(void **state) {
    (void)state;
    const struct run *r =
        read_text(HEAD "A Ltd,1/2/2020,\"1,000.00\"\nB Ltd,2/2/2020,250.50\n,,\"1,250.50\"\n");
    assert_int_equal(r->file.tally.sum_pence, 125050);
    assert_int_equal(r->file.tally.verdicts[VERDICT_LINE], 2);
    assert_int_equal(r->verdicts[2], VERDICT_TOTAL);
    assert_true(r->file.tally.total_seen && r->file.tally.total_agrees);
    assert_int_equal(r->file.tally.total_pence, 125050);
}

static void test_a_total_that_does_not_agree_is_reported_as_such(void **state) {
    (void)state;
    const struct run *r = read_text(HEAD "A Ltd,1/2/2020,1000\nB Ltd,2/2/2020,#REF!\n,,1250.50\n");
    assert_int_equal(r->file.tally.sum_pence, 100000);
    assert_int_equal(r->verdicts[2], VERDICT_TOTAL);
    assert_false(r->file.tally.total_agrees);
}

static void test_totals_with_words_subtotals_and_totals_on_top(void **state) {
    (void)state;
    const struct run *r = read_text(
        HEAD "A Ltd,1/2/2020,10\nB Ltd,1/2/2020,5\n,Sub-total,15\nC Ltd,1/3/2020,7\nD Ltd,1/3/2020,1\n"
             ",,8\nGrand Total,,23\n");
    assert_int_equal(r->file.tally.sum_pence, 2300);
    assert_int_equal(r->file.tally.verdicts[VERDICT_TOTAL], 3);
    assert_true(r->file.tally.total_agrees);
    r = read_text("Supplier,Date,Ref,Amount\n,,All,15\nA Ltd,1/2/2020,1,10\nB Ltd,1/2/2020,2,5\n");
    assert_int_equal(r->file.tally.sum_pence, 1500);
    assert_int_equal(r->verdicts[0], VERDICT_TOTAL);
    assert_true(r->file.tally.total_agrees);
}

static void test_a_total_of_unrounded_figures_is_still_a_total(void **state) {
    (void)state;
    const struct run *r = read_text(
        "Supplier,Ref,Amount\nA Ltd,1,0.333333\nB Ltd,2,0.333333\nC Ltd,3,0.333333\n,sum of all,1.00\n");
    assert_int_equal(r->file.tally.sum_pence, 99);
    assert_int_equal(r->file.tally.verdicts[VERDICT_TOTAL], 1);
}

static void test_totals_where_the_payee_should_be_are_told_from_names(void **state) {
    (void)state;
    const struct run *r =
        read_text("Supplier,Date,Ref,Amount\nA Ltd,1/2/2020,1,10\nB Ltd,1/2/2020,2,5\nTotal for February "
                  "2020,,,15\nC Ltd,1/3/2020,3,7\nAdult services total,,x,7\nGrand total of all,,,99\n");
    assert_int_equal(r->file.tally.sum_pence, 2200);
    assert_int_equal(r->file.tally.verdicts[VERDICT_TOTAL], 3);
    assert_false(r->file.tally.total_agrees);
    // names, with a form, a date or other cells and another amount
    r = read_text(
        "Supplier,Date,Ref,Amount\nA Ltd,1/2/2020,1,10\nTotal Fitness Ltd,,,10\nTotal Fitness,2/2/2020,2,20\n"
        "Total Fitness,,3,99\nSumtotal,,4,1\n");
    assert_int_equal(r->file.tally.verdicts[VERDICT_TOTAL], 0);
    assert_int_equal(r->file.tally.sum_pence, 14000);
}

static void test_payments_that_look_like_totals_are_kept(void **state) {
    (void)state;
    // the same amount as the line above, without a payee but with a date; a payee whose name starts with
    // Total
    const struct run *r = read_text(
        "Supplier,Date,Ref,Amount\nA Ltd,1/2/2020,1,500\n,1/2/2020,2,500\nTotal Heating Ltd,1/2/2020,3,1000\n"
        "A Ltd,1/2/2020,4,2000\n");
    assert_int_equal(r->file.tally.sum_pence, 400000);
    assert_int_equal(r->file.tally.verdicts[VERDICT_TOTAL], 0);
}

static void test_rows_without_a_readable_amount_are_errors_and_not_zero(void **state) {
    (void)state;
    const struct run *r = read_text(
        HEAD "A Ltd,1/2/2020,#REF!\nA Ltd,1/2/2020,########\nA Ltd,1/2/2020,$11.17\nA Ltd,1/2/2020,\n"
             "A Ltd,1/2/2020,1.23E+08\nA Ltd,1/2/2020,VAT\nA Ltd,1/2/2020,999999999999999\n"
             "A Ltd,1/2/2020, -   \nA Ltd,1/2/2020,5\n");
    static const enum spend_verdict want[] = {VERDICT_AMOUNT_BROKEN,
                                              VERDICT_AMOUNT_BROKEN,
                                              VERDICT_AMOUNT_FOREIGN,
                                              VERDICT_NO_AMOUNT,
                                              VERDICT_AMOUNT_SHORTENED,
                                              VERDICT_AMOUNT_TEXT,
                                              VERDICT_AMOUNT_TOO_LARGE,
                                              VERDICT_LINE,
                                              VERDICT_LINE};
    assert_int_equal(r->judged, 9);
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(r->verdicts[i], want[i]);
        assert_int_equal(spend_verdict_is_problem(r->verdicts[i]), i < 7);
    }
    assert_int_equal(r->file.tally.sum_pence, 500);
    assert_int_equal(r->file.tally.zero, 1);
}

static void test_blank_rows_notes_and_repeated_headings_are_counted_apart(void **state) {
    (void)state;
    const struct run *r = read_text(
        HEAD "A Ltd,1/2/2020,5\n,,\n\n  , ,\nSupplier,Date,Amount\nB Ltd,1/3/2020,6\nNote: excludes pay,,\n");
    const struct reading_tally *t = &r->file.tally;
    assert_int_equal(t->verdicts[VERDICT_LINE], 2);
    assert_int_equal(t->verdicts[VERDICT_BLANK], 3);
    assert_int_equal(t->verdicts[VERDICT_HEADING_AGAIN], 1);
    assert_int_equal(t->verdicts[VERDICT_NOTE], 1);
    assert_int_equal(t->verdicts[VERDICT_HEAD], 1);
    assert_int_equal(t->records, 8);
}

static void test_a_row_without_a_usable_date_is_accepted_and_counted_as_undated(void **state) {
    (void)state;
    const struct run *r = read_text(
        HEAD
        "A Ltd,31/04/2020,5\nB Ltd,00:00:00,6\nC Ltd,,7\nD Ltd,27-Apr,8\nE Ltd,Mar-20,9\nF Ltd,28/02/2020,1\n"
        "G Ltd,02/29/2020,1\n");
    const struct reading_tally *t = &r->file.tally;
    assert_int_equal(t->verdicts[VERDICT_LINE], 7);
    assert_int_equal(t->undated, 5);
    assert_int_equal(t->undated_pence, 2700);
    assert_int_equal(t->date_impossible, 2);
    assert_int_equal(t->date_unreadable, 1);
    assert_int_equal(t->date_blank, 1);
    assert_int_equal(t->date_other_order, 1);
    assert_int_equal(t->month_only, 1);
    assert_int_equal(t->first_day, spend_day_from(2020, 2, 28));
    assert_int_equal(t->last_day, spend_day_from(2020, 3, 1));
    assert_false(run_dated(r, 0));
    assert_true(run_dated(r, 4) && r->lines[4].flags & ANC_LINE_MONTH_ONLY);
}

static void test_the_whole_file_decides_between_day_first_and_month_first(void **state) {
    (void)state;
    const struct run *r = read_text(HEAD "A Ltd,03/04/2020,5\nB Ltd,04/05/2020,6\n");
    assert_int_equal(r->lines[0].day, spend_day_from(2020, 4, 3));
    r = read_text(HEAD "A Ltd,03/04/2020,5\nB Ltd,04/28/2020,6\n");
    assert_int_equal(r->lines[0].day, spend_day_from(2020, 3, 4));
    assert_int_equal(r->lines[1].day, spend_day_from(2020, 4, 28));
    r = read_text(HEAD "A Ltd,03/04/2020,5\nB Ltd,04/28/2020,6\nC Ltd,28/04/2020,6\nD Ltd,27/04/2020,6\n");
    assert_int_equal(r->lines[0].day, spend_day_from(2020, 4, 3));
    assert_int_equal(r->file.tally.undated, 1);
    assert_int_equal(r->file.tally.date_other_order, 1);
    r = read_text(HEAD "A Ltd,03/04/2020,5\nB Ltd,04/28/2020,6\nC Ltd,28/04/2020,6\n"); // one each: day first
    assert_int_equal(r->lines[0].day, spend_day_from(2020, 4, 3));
}

static void test_credits_keep_their_sign(void **state) {
    (void)state;
    const struct run *r = read_text(HEAD "A Ltd,1/2/2020,100\nA Ltd,1/2/2020,-100\nA Ltd,1/2/2020,(40.00)\n");
    assert_int_equal(r->file.tally.sum_pence, -4000);
    assert_int_equal(r->file.tally.negative, 2);
    assert_int_equal(r->file.tally.verdicts[VERDICT_LINE], 3);
}

static void test_all_given_particulars_are_carried(void **state) {
    (void)state;
    const struct run *r = read_text(
        "Body,Date,Internal Ref Number,Net Amount,Irrecoverable VAT,Supplier(Beneficiary) "
        "Name,Supplier Registered "
        "Company Number,Supplier Registered Charity Number,Supplier ID,Expense Area,Expense "
        "Type,Purpose of Spend "
        "(Summary),Voluntary Community and Social Enterprise Supplier,Supplier Postcode\n"
        "A Council,2022-08-17,31,-438.80,1.20,\" Example \n Friends  CIC \",587618,1234567,S38,Adult "
        "Care,Grants,Day "
        "trips,Y,wn7 2db\n");
    const struct run_line *l = &r->lines[0];
    assert_int_equal(r->kept, 1);
    assert_int_equal(l->pence, -43880);
    assert_int_equal(l->vat_lost_pence, 120);
    assert_int_equal(l->day, spend_day_from(2022, 8, 17));
    assert_int_equal(l->flags, ANC_LINE_VCSE);
    assert_string_equal(run_cell(r, 0, ROLE_PAYEE), " Example \n Friends  CIC ");
    assert_string_equal(run_cell(r, 0, ROLE_COMPANY), "587618");
    assert_string_equal(run_cell(r, 0, ROLE_CHARITY), "1234567");
    assert_string_equal(run_cell(r, 0, ROLE_SUPPLIER_ID), "S38");
    assert_string_equal(run_cell(r, 0, ROLE_TRANSACTION), "31");
    assert_string_equal(run_cell(r, 0, ROLE_DEPARTMENT), "Adult Care");
    assert_string_equal(run_cell(r, 0, ROLE_CATEGORY), "Grants");
    assert_string_equal(run_cell(r, 0, ROLE_PURPOSE), "Day trips");
    assert_string_equal(run_cell(r, 0, ROLE_POSTCODE), "wn7 2db");
    assert_int_equal(l->line, 2);
}

static void test_a_comma_inside_an_unquoted_name_is_an_error_not_a_wrong_amount(void **state) {
    (void)state;
    const struct run *r = read_text("Supplier,Date,Ref,Amount\nA Ltd,1/2/2020,1,5\nB "
                                    "Ltd,1/2/2020,2,6\nSmith, Jones and Co,1/2/2020,900100,7\n");
    assert_int_equal(r->verdicts[2], VERDICT_SHIFTED);
    assert_int_equal(r->file.tally.sum_pence, 1100);
    // an extra column that all rows have is a habit of the publisher
    r = read_text("Supplier,Date,Amount\nA Ltd,1/2/2020,5,#N/A\nB Ltd,x,6,1/2/2020\n");
    assert_int_equal(r->file.tally.sum_pence, 1100);
}

static void test_without_dates_a_figure_behind_the_amount_shows_a_stray_comma(void **state) {
    (void)state;
    const struct run *r =
        read_text("Supplier,Ref,Amount\nA Ltd,1,5\nB Ltd,2,6\nC Ltd,3,7\nSmith, Jones,900100,8\n"
                  "D Ltd,4,9,a remark\n");
    assert_int_equal(r->verdicts[3], VERDICT_SHIFTED);
    assert_int_equal(r->file.tally.sum_pence, 2700);
    assert_int_equal(r->file.tally.verdicts[VERDICT_SHIFTED], 1);
    r = read_text("Supplier,Date,Amount\nA Ltd,1/2/2020,5\nB Ltd,1/2/2020,6\nSmith, Jones,x,y\n");
    assert_int_equal(r->verdicts[2], VERDICT_SHIFTED);
}

static void test_a_wide_habit_met_late_asks_for_the_rows_again(void **state) {
    (void)state;
    static char text[32768];
    size_t n = (size_t)snprintf(text, sizeof text, "Supplier,Date,Note,Amount\n");
    for (int i = 0; i < 300; i++) {
        n += (size_t)snprintf(text + n, sizeof text - n,
                              i < 60 ? "A Ltd,1/5/2024,n,5\n" : "B Ltd,see note,2/5/2024,6,x\n");
    }
    const struct run *r = read_text(text);
    assert_int_equal(r->passes, 2);
    assert_int_equal(r->file.tally.verdicts[VERDICT_SHIFTED], 0);
    assert_int_equal(r->file.tally.sum_pence, 60 * 500 + 240 * 600);
}

static void test_vat_that_cannot_be_read_is_none(void **state) {
    (void)state;
    const struct run *r =
        read_text("Supplier,Date,Amount,Irrecoverable VAT\nA Ltd,1/2/2020,5,1.20\nB Ltd,1/2/2020,5,Nil\n"
                  "C Ltd,1/2/2020,5,\nD Ltd,1/2/2020,5,(0.50)\n");
    assert_int_equal(r->lines[0].vat_lost_pence, 120);
    assert_int_equal(r->lines[1].vat_lost_pence, 0);
    assert_int_equal(r->lines[2].vat_lost_pence, 0);
    assert_int_equal(r->lines[3].vat_lost_pence, -50);
    assert_int_equal(r->file.tally.sum_pence, 2000);
}

static void test_lost_vat_is_on_top_unless_heading_or_rates_say_that_it_is_in_the_amounts(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool inside;
    } files[] = {
        {"Supplier,Date,Net Amount,Irrecoverable VAT\nA Ltd,1/2/2020,100.00,20.00\n", false},
        {"Supplier,Date,Amount,Irrecoverable VAT\nA Ltd,1/2/2020,100.00,20.00\n", false},
        {"Supplier,Date,Gross,Irrecoverable VAT\nA Ltd,1/2/2020,120.00,20.00\n", true},
        {"Supplier,Date,Amount (excluding recoverable VAT),VAT that cannot be recovered\n"
         "A Ltd,1/2/2020,120.00,20.00\n",
         true},
        {"Supplier,Date,Amount,Irrecoverable VAT\nA Ltd,1/2/2020,120.00,20.00\nB Ltd,1/2/2020,-60.00,-10.00\n"
         "C Ltd,1/2/2020,42.00,2.00\nD Ltd,1/2/2020,9.99,0\n",
         true},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct run *r = read_text(files[i].text);
        assert_int_equal(r->refusal, SPEND_ACCEPTED);
        assert_int_equal(r->lines[0].vat_lost_pence, files[i].inside ? 0 : 2000);
        assert_int_equal(r->file.vat_inside, files[i].inside);
    }
}

static void test_an_odd_amount_is_mended_and_counted(void **state) {
    (void)state;
    const struct run *r = read_text(HEAD "A Ltd,1/2/2020,888361 71\nB Ltd,1/2/2020,631.1899999999999\n");
    assert_int_equal(r->file.tally.mended, 1);
    assert_int_equal(r->file.tally.rounded, 1);
    assert_int_equal(r->file.tally.sum_pence, 88836171 + 63119);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_footer_total_row_is_not_counted_as_a_payment),
        cmocka_unit_test(test_a_total_that_does_not_agree_is_reported_as_such),
        cmocka_unit_test(test_totals_with_words_subtotals_and_totals_on_top),
        cmocka_unit_test(test_a_total_of_unrounded_figures_is_still_a_total),
        cmocka_unit_test(test_totals_where_the_payee_should_be_are_told_from_names),
        cmocka_unit_test(test_payments_that_look_like_totals_are_kept),
        cmocka_unit_test(test_rows_without_a_readable_amount_are_errors_and_not_zero),
        cmocka_unit_test(test_blank_rows_notes_and_repeated_headings_are_counted_apart),
        cmocka_unit_test(test_a_row_without_a_usable_date_is_accepted_and_counted_as_undated),
        cmocka_unit_test(test_the_whole_file_decides_between_day_first_and_month_first),
        cmocka_unit_test(test_credits_keep_their_sign),
        cmocka_unit_test(test_all_given_particulars_are_carried),
        cmocka_unit_test(test_a_comma_inside_an_unquoted_name_is_an_error_not_a_wrong_amount),
        cmocka_unit_test(test_without_dates_a_figure_behind_the_amount_shows_a_stray_comma),
        cmocka_unit_test(test_a_wide_habit_met_late_asks_for_the_rows_again),
        cmocka_unit_test(test_vat_that_cannot_be_read_is_none),
        cmocka_unit_test(test_lost_vat_is_on_top_unless_heading_or_rates_say_that_it_is_in_the_amounts),
        cmocka_unit_test(test_an_odd_amount_is_mended_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
