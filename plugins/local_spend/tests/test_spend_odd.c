// SPDX-License-Identifier: Apache-2.0
// Odd ways of publishing payments that once were read wrongly: signs beside amounts, totals with a month,
// days and months turned round, other lists that look like payments.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "spend_runner.h"

static void test_credits_in_a_column_of_their_own_are_taken_off(void **state) {
    (void)state;
    const struct run *r =
        read_text("Supplier,Date,Debit,Credit\nA Ltd,1/5/2025,100.00,\nB Ltd,2/5/2025,,40.00\n"
                  "C Ltd,3/5/2025,0.00,\"-1,000.50\"\nD Ltd,3/5/2025,5,see note\n");
    assert_int_equal(r->kept, 3);
    assert_int_equal(r->lines[1].pence, -4000);
    assert_int_equal(r->file.tally.sum_pence, 10000 - 4000 - 100050);
    assert_int_equal(r->verdicts[3], VERDICT_AMOUNT_TEXT);
    // Without a column of debits a heading with "credit" says something else.
    r = read_text("Supplier,Date,Amount,Credit\nA Ltd,1/5/2025,100.00,40.00\n");
    assert_int_equal(r->file.tally.sum_pence, 10000);
}

static void test_a_mark_beside_the_amount_gives_its_sign(void **state) {
    (void)state;
    const struct run *r =
        read_text("Supplier,Date,Amount,DR/CR\nA Ltd,1/5/2025,100.00,DR\nB Ltd,2/5/2025,40.00,CR\n"
                  "C Ltd,2/5/2025,-7.00,Cr\n");
    assert_int_equal(r->file.tally.sum_pence, 10000 - 4000 - 700);
    r = read_text("Supplier,Date,Amount,D/C\nA Ltd,1/5/2025,100.00,Leigh\nB Ltd,2/5/2025,40.00,C\n");
    assert_int_equal(r->file.tally.sum_pence, 14000); // no marks, so it is no such column
}

static void test_a_person_who_settles_the_debit_column_keeps_its_credits(void **state) {
    (void)state;
    static const char text[] = "Supplier,Date,Debit,Credit\nA Ltd,1/5/2025,100.00,\nB Ltd,2/5/2025,,40.00\n";
    struct anc_columns c = {.size = sizeof c, .head_rows = 1};
    for (int i = 0; i < ANC_COL_COUNT; i++) {
        c.column[i] = -1;
    }
    c.column[ANC_COL_PAYEE] = 0;
    c.column[ANC_COL_DATE] = 1;
    c.column[ANC_COL_AMOUNT] = 2;
    const struct run *r = run_chosen(text, sizeof text - 1, "", &c);
    assert_int_equal(r->file.tally.sum_pence, 6000);
}

static void test_totals_with_a_month_and_counts_of_lines_are_no_payments(void **state) {
    (void)state;
    const struct run *r =
        read_text("Supplier,Date,Amount,Category\nA Ltd,3/4/2025,10,x\nB Ltd,4/4/2025,20,x\n"
                  ",April 2025,30,\nC Ltd,5/5/2025,7,x\n,May 2025,7,\nD Ltd,5/6/2025,1,x\n"
                  "E Ltd,5/6/2025,2,x\n,30/06/2025,3,\nTotal,,40,\nNumber of payments,,5,\n");
    assert_int_equal(r->file.tally.sum_pence, 4000);
    assert_int_equal(r->kept, 5);
    assert_int_equal(r->file.tally.verdicts[VERDICT_TOTAL], 4);
    assert_true(r->file.tally.total_agrees);
}

static void test_days_that_a_spreadsheet_turned_round_are_turned_back(void **state) {
    (void)state;
    static char text[4096];
    size_t n = (size_t)snprintf(text, sizeof text, "Supplier,Date,Amount\n");
    for (int day = 1; day <= 28; day++) {
        n += (size_t)snprintf(text + n, sizeof text - n,
                              day <= 12 ? "A Ltd,05/%02d/2025,1\n" : "A Ltd,%02d/05/2025,1\n", day);
    }
    const struct run *r = read_text(text);
    assert_true(r->file.turned);
    assert_int_equal(r->file.tally.first_day, spend_day_from(2025, 5, 1));
    assert_int_equal(r->file.tally.last_day, spend_day_from(2025, 5, 28));
    // The same, where the spreadsheet took those it could for dates and left the rest as text.
    n = (size_t)snprintf(text, sizeof text, "Supplier,Date,Amount\n");
    for (int day = 1; day <= 28; day++) {
        n += (size_t)snprintf(text + n, sizeof text - n,
                              day <= 12 ? "A Ltd,2025-%02d-05,1\n" : "A Ltd,%02d/05/2025,1\n", day);
    }
    r = read_text(text);
    assert_true(r->file.turned_fixed);
    assert_int_equal(r->file.tally.first_day, spend_day_from(2025, 5, 1));
    assert_int_equal(r->file.tally.last_day, spend_day_from(2025, 5, 28));
    // A file in which all days stand as they should is left alone, and so is one of a whole year.
    for (int year = 0; year < 2; year++) {
        n = (size_t)snprintf(text, sizeof text, "Supplier,Date,Amount\n");
        for (int day = 1; day <= 28; day++) {
            n += (size_t)snprintf(text + n, sizeof text - n, "A Ltd,%02d/%02d/2025,1\n", day,
                                  year ? (day * 5) % 12 + 1 : 5);
        }
        assert_false(read_text(text)->file.turned);
    }
}

static void test_months_as_one_number_are_read_where_no_period_is_meant(void **state) {
    (void)state;
    const struct run *r = read_text("Supplier,Payment Date,Amount\nA Ltd,202505,1\n");
    assert_int_equal(r->lines[0].day, spend_day_from(2025, 5, 1));
    assert_int_equal(r->lines[0].flags, ANC_LINE_MONTH_ONLY);
    r = read_text(
        "Supplier,Financial Period,Amount\nA Ltd,202505,1\n"); // the fifth of the year from April is August
    assert_int_equal(r->lines[0].day, INT32_MIN);
}

static void test_headings_of_other_publishers_are_understood(void **state) {
    (void)state;
    static const char *const heads[] = {
        "Supplier Account Name,Payment Value (£),Payment Date",
        "Row Labels,Sum of Amount,Date of Payment",
        "Supplier,£,Date",
        "Third Party,Value (Excl. VAT),Paid On",
        "Payable To,Cheque Amount,Cheque Date",
        "Customer,Line Amount,Date",
        "Supplier Description,Detail Net,Payment Date",
        "Payment To,Payment Amount,Date Of Transaction",
        "Supplier/Customer,Amount in local currency,Posting Date",
        "Ap/Ar ID(T),Amount,Pay. date",
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char text[200];
        snprintf(text, sizeof text, "%s\nA Ltd,12.50,1/5/2025\n", heads[i]);
        const struct run *r = read_text(text);
        if (r->kept != 1 || r->lines[0].pence != 1250 || strcmp(run_cell(r, 0, ROLE_PAYEE), "A Ltd") != 0) {
            fail_msg("%s", heads[i]);
        }
    }
}

static void test_other_lists_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum spend_refusal why;
    } lists[] = {
        {"Reference Number,Title of Agreement,Supplier Name,Start,End,Review Date,Value (£)\n"
         "C1,Care,A Ltd,01/04/2024,31/03/2027,31/12/2026,100000\n",
         REFUSED_REGISTER},
        {"Framework,Supplier,Award Date,Expiry Date,Total Value\nF1,A Ltd,01/05/2024,01/05/2028,1000\n",
         REFUSED_REGISTER},
        {"Name,Post,Salary (£),Pension,Expenses,Total\nA Person,Director,100000,15000,100,115100\n",
         REFUSED_PAYROLL},
        {"Customer,Invoice Date,Invoice Amount,Amount Received,Balance Outstanding\nA "
         "Ltd,1/5/2025,9.00,0,9.00\n",
         REFUSED_UNPAID},
        {"Supplier,Apr-25,May-25,Jun-25,Total\nA Ltd,1.00,2.00,3.00,6.00\n", REFUSED_ACROSS},
        {"Supplier,Date,Amount (pence)\nA Ltd,1/5/2025,1250\n", REFUSED_NO_AMOUNT},
        {"Supplier,Date,Amount (£000s)\nA Ltd,1/5/2025,1.25\n", REFUSED_NO_AMOUNT},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        assert_int_equal(read_text(lists[i].text)->refusal, lists[i].why);
    }
}

static void test_a_row_that_says_what_columns_hold_is_part_of_the_headings(void **state) {
    (void)state;
    const struct run *r = read_text("Supplier,Date,Amount\n(text),(dd/mm/yyyy),(£)\nA Ltd,1/5/2025,1\n");
    assert_int_equal(r->kept, 1);
    assert_int_equal(r->verdicts[0], VERDICT_HEADING_AGAIN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_credits_in_a_column_of_their_own_are_taken_off),
        cmocka_unit_test(test_a_mark_beside_the_amount_gives_its_sign),
        cmocka_unit_test(test_a_person_who_settles_the_debit_column_keeps_its_credits),
        cmocka_unit_test(test_totals_with_a_month_and_counts_of_lines_are_no_payments),
        cmocka_unit_test(test_days_that_a_spreadsheet_turned_round_are_turned_back),
        cmocka_unit_test(test_months_as_one_number_are_read_where_no_period_is_meant),
        cmocka_unit_test(test_headings_of_other_publishers_are_understood),
        cmocka_unit_test(test_other_lists_are_refused),
        cmocka_unit_test(test_a_row_that_says_what_columns_hold_is_part_of_the_headings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
