// SPDX-License-Identifier: Apache-2.0
// Files that can be read in two ways, or that change half-way: they are read by what proves the one way, or
// refused, and never read wrongly without a word.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "spend_runner.h"

#define HEAD "Supplier,Date,Amount,Type\n"

static const struct run *named(const char *text, const char *file_name) {
    return run_file(text, strlen(text), file_name);
}

static void taken(const struct run *r, uint64_t lines, int64_t pence) {
    assert_int_equal(r->refusal, SPEND_ACCEPTED);
    assert_int_equal(r->file.tally.verdicts[VERDICT_LINE], lines);
    assert_int_equal(r->file.tally.sum_pence, pence);
}

// ---- amounts

static void test_a_point_that_may_part_thousands_everywhere_is_refused(void **state) {
    (void)state;
    const struct run *r = read_text(HEAD "Ash Ltd,01/03/2024,1.234,x\nBeech Ltd,02/03/2024,950,x\n"
                                         "Cedar Ltd,03/03/2024,12.500,x\n");
    assert_int_equal(r->refusal, REFUSED_POINTS);
}

static void test_one_amount_with_two_decimals_proves_what_the_point_is(void **state) {
    (void)state;
    taken(read_text(HEAD "Ash Ltd,01/03/2024,1.234,x\nBeech Ltd,02/03/2024,950.10,x\n"), 2, 95133);
    taken(read_text(HEAD "Ash Ltd,01/03/2024,1.234,x\nBeech Ltd,02/03/2024,2500,x\n"), 2, 250123);
    taken(read_text(HEAD "Ash Ltd,01/03/2024,1.234,x\nBeech Ltd,02/03/2024,0.500,x\n"), 2, 173);
}

static void test_commas_before_the_pence_are_read_when_nothing_speaks_against_it(void **state) {
    (void)state;
    const struct run *r =
        read_text("Supplier;Date;Amount\nAsh Ltd;01/03/2024;1.234,56\nBeech Ltd;02/03/2024;950\n"
                  "Cedar Ltd;03/03/2024;12,50-\nElm Ltd;04/03/2024;2.000\n");
    taken(r, 4, 123456 + 95000 - 1250 + 200000);
    assert_int_equal(r->file.decimal, DECIMAL_COMMA);
}

static void test_of_two_ways_of_writing_only_the_british_is_read_and_the_rest_is_told(void **state) {
    (void)state;
    const struct run *r =
        read_text("Supplier;Date;Amount\nAsh Ltd;01/03/2024;1.234,56\nBeech Ltd;02/03/2024;1,950.00\n");
    taken(r, 1, 195000);
    assert_int_equal(r->file.tally.verdicts[VERDICT_AMOUNT_TEXT], 1);
    assert_int_equal(r->file.tally.comma_amounts, 1);
}

static void test_an_amount_cut_at_its_comma_is_never_a_small_payment(void **state) {
    (void)state;
    taken(read_text("Supplier,Date,Amount\nAsh Ltd,01/03/2024,1,234.56\nBeech Ltd,02/03/2024,950.10\n"
                    "Cedar Ltd,03/03/2024,20.00\n"),
          2, 97010);
    // Quoted by halves, as when a blank stands in front of the quote.
    taken(read_text(
              "Supplier, Date, Amount\nAsh Ltd, 01/03/2024, \"1,234.56\"\nBeech Ltd, 02/03/2024, 950.10\n"),
          1, 95010);
    assert_int_equal(read_text("Supplier,Date,Amount,Type\nAsh Ltd,01/03/2024,1,234.56,x\n"
                               "Beech Ltd,02/03/2024,12,950.10,x\nCedar Ltd,03/03/2024,7,020.00,x\n")
                         ->refusal,
                     REFUSED_CUT);
}

static void test_whole_thousands_cut_in_two_show_when_every_wide_row_has_them(void **state) {
    (void)state;
    assert_int_equal(read_text("Supplier,Date,Amount\nAsh Ltd,01/03/2024,1,234\nBeech Ltd,02/03/2024,12,950\n"
                               "Cedar Ltd,03/03/2024,7,020\n")
                         ->refusal,
                     REFUSED_CUT);
    // A column without a heading, with codes of three figures, is none.
    taken(read_text("Supplier,Date,Amount\nAsh Ltd,01/03/2024,100,234\nBeech Ltd,02/03/2024,12,950\n"
                    "Cedar Ltd,03/03/2024,70,812\nElm Ltd,04/03/2024,7000,A20\n"),
          4, 718200);
}

static void test_amounts_in_thousands_of_pounds_are_not_taken_for_pounds(void **state) {
    (void)state;
    assert_int_equal(read_text("Supplier,Date,Amount (\xC2\xA3k)\nAsh Ltd,01/03/2024,12\n")->refusal,
                     REFUSED_NO_AMOUNT);
}

// ---- credit notes

static void test_credit_notes_without_a_minus_are_taken_off(void **state) {
    (void)state;
    const struct run *r = read_text("Supplier,Date,Amount,Document Type\nAsh Ltd,01/03/2024,100.00,Invoice\n"
                                    "Ash Ltd,02/03/2024,40.00,Credit Note\nBeech Ltd,03/03/2024,10.00,INV\n");
    taken(r, 3, 7000);
    assert_true(r->file.notes_turned);
    assert_int_equal(r->file.tally.negative, 1);
}

static void test_credit_notes_that_have_their_sign_are_left_alone(void **state) {
    (void)state;
    taken(read_text("Supplier,Date,Amount,Document Type\nAsh Ltd,01/03/2024,100.00,Invoice\n"
                    "Ash Ltd,02/03/2024,-40.00,Credit Note\nAsh Ltd,03/03/2024,40.00,Credit Note\n"),
          3, 10000);
    // A column of other types is no column of documents.
    taken(read_text("Supplier,Date,Amount,Payment Type\nAsh Ltd,01/03/2024,100.00,BACS\n"
                    "Ash Ltd,02/03/2024,40.00,Credit\nAsh Ltd,02/03/2024,40.00,Cheque\n"),
          3, 18000);
}

// ---- rows

static void test_headings_further_down_for_other_columns_refuse_the_file(void **state) {
    (void)state;
    assert_int_equal(read_text(HEAD "Ash Ltd,01/03/2024,100.00,x\nSupplier,Amount,Date,Type\n"
                                    "Beech Ltd,200.00,02/03/2024,x\n")
                         ->refusal,
                     REFUSED_CHANGED);
    assert_int_equal(
        read_text("Supplier,Date,Net,Gross\nAsh Ltd,01/03/2024,100.00,120.00\nSupplier,Date,Gross,Net\n"
                  "Beech Ltd,02/03/2024,240.00,200.00\n")
            ->refusal,
        REFUSED_CHANGED);
    // Payments above the better headings are not lost either.
    assert_int_equal(read_text(HEAD "Ash Ltd,01/03/2024,100.00,x\nSupplier,Supplier ID,Date,Amount,Type\n"
                                    "Beech Ltd,40012,02/03/2024,200.00,x\n")
                         ->refusal,
                     REFUSED_CHANGED);
}

static void test_columns_that_a_person_settled_do_not_hide_that_the_headings_change(void **state) {
    (void)state;
    struct anc_columns chosen = {.size = sizeof chosen, .head_rows = 1, .amount_basis = ANC_AMOUNT_GROSS};
    for (int i = 0; i < ANC_COL_MOST; i++) {
        chosen.column[i] = -1;
    }
    chosen.column[ANC_COL_PAYEE] = 0;
    chosen.column[ANC_COL_DATE] = 1;
    chosen.column[ANC_COL_AMOUNT] = 3;
    static const char head[] = "Supplier,Date,Net,Gross\n", other[] = "Supplier,Date,Gross,Net\n",
                      rows[] = "Ash Ltd,01/03/2024,100.00,120.00\n";
    char text[256];
    snprintf(text, sizeof text, "%s%s%s%s", head, rows, other, rows);
    assert_int_equal(run_chosen(text, strlen(text), NULL, &chosen)->refusal, REFUSED_CHANGED);
    snprintf(text, sizeof text, "%s%s%s%s", head, rows, head, rows);
    taken(run_chosen(text, strlen(text), NULL, &chosen), 2, 24000);
}

static void test_the_same_headings_further_down_are_passed_over(void **state) {
    (void)state;
    taken(read_text(HEAD "Ash Ltd,01/03/2024,100.00,x\n" HEAD "Beech Ltd,02/03/2024,200.00,x\n"), 2, 30000);
}

static void test_totals_of_every_wording_are_no_payments(void **state) {
    (void)state;
    taken(read_text(HEAD
                    "Ash Ltd,01/03/2024,100.00,x\nAsh Ltd,02/03/2024,30.00,x\n,Sub-total: Ash Ltd,130.00,\n"
                    "Beech Ltd,02/03/2024,200.00,x\n,Sub-total: Beech Ltd,200.00,\n"),
          3, 33000);
    taken(read_text(HEAD
                    "Ash Ltd,01/03/2024,100.00,x\nBeech Ltd,02/03/2024,30.00,x\nCarried forward,,130.00,\n"
                    "Brought forward,,130.00,\nCedar Ltd,02/03/2024,200.00,x\n"),
          3, 33000);
    taken(read_text(HEAD
                    "Ash Ltd,01/03/2024,100.00,x\nBeech Ltd,02/03/2024,30.00,x\nCedar Ltd,02/03/2024,1.00,x\n"
                    "Count: 3,,131.00,\nAverage,,43.67,\n"),
          3, 13100);
    taken(read_text(HEAD
                    "Ash Ltd,01/03/2024,100.00,x\nBeech Ltd,02/03/2024,30.00,x\nCedar Ltd,02/03/2024,1.00,x\n"
                    "Paid in March,,131.00,\n"),
          3, 13100);
    // A business may be called so.
    taken(read_text(HEAD "Total Fire Protection Ltd,01/03/2024,100.00,x\nAverage,02/03/2024,30.00,x\n"), 2,
          13000);
}

static void test_rows_without_a_name_are_counted_so_that_a_person_hears_of_them(void **state) {
    (void)state;
    const struct run *r =
        read_text(HEAD "Ash Ltd,01/03/2024,100.00,x\n,02/03/2024,30.00,x\n,03/03/2024,1.00,x\n");
    taken(r, 3, 13100);
    assert_int_equal(r->file.tally.nobody, 2);
}

static void test_two_tables_side_by_side_are_refused(void **state) {
    (void)state;
    assert_int_equal(read_text("Supplier,Date,Amount,,Supplier,Date,Amount\nAsh Ltd,01/03/2024,100.00,,Elm "
                               "Ltd,02/03/2024,50.00\n")
                         ->refusal,
                     REFUSED_BESIDE);
    taken(read_text("Supplier,Supplier,Date,Amount\n40012,Ash Ltd,01/03/2024,100.00\n"), 1, 10000);
}

static void test_figures_that_a_title_says_are_not_pounds_are_refused(void **state) {
    (void)state;
    assert_int_equal(read_text("All figures in \xC2\xA3"
                               "000s,,\nSupplier,Date,Amount\nAsh Ltd,01/03/2024,100\n")
                         ->refusal,
                     REFUSED_SCALE);
    assert_int_equal(
        read_text("Amounts are in pence,,\nSupplier,Date,Amount\nAsh Ltd,01/03/2024,100\n")->refusal,
        REFUSED_SCALE);
    taken(read_text("\"Payments of \xC2\xA3"
                    "25,000s and more\",,\nSupplier,Date,Amount\nAsh Ltd,01/03/2024,100\n"),
          1, 10000);
}

static void test_a_net_column_of_noughts_gives_way_to_the_one_in_use(void **state) {
    (void)state;
    taken(
        read_text("Supplier,Date,Net,Gross\nAsh Ltd,01/03/2024,0.00,120.00\nElm Ltd,02/03/2024,0.00,60.00\n"),
        2, 18000);
}

static void test_rows_of_dashes_are_no_payments(void **state) {
    (void)state;
    const struct run *r =
        read_text(HEAD "-----,----------,------,-\nAsh Ltd,01/03/2024,100.00,x\nElm Ltd,02/03/2024,-,x\n");
    taken(r, 2, 10000); // a dash alone is an amount of nothing
    assert_int_equal(r->file.tally.undated, 0);
}

static void test_a_list_of_grants_that_run_from_day_to_day_is_no_register(void **state) {
    (void)state;
    taken(read_text("Grant Programme,Recipient,Amount Awarded,Award Date,Start Date,End Date,Purpose\n"
                    "Fund,Ash Trust,1000.00,01/03/2024,01/04/2024,31/03/2026,Garden\n"),
          1, 100000);
    assert_int_equal(read_text("Contract Title,Supplier,Contract Value,Award Date,Start Date,End Date\n"
                               "Gardens,Ash Ltd,1000.00,01/03/2024,01/04/2024,31/03/2026\n")
                         ->refusal,
                     REFUSED_REGISTER);
}

static void test_signs_that_stand_beside_the_amounts_are_taken_whatever_they_are_called(void **state) {
    (void)state;
    static const char *const ways[][3] = {
        {"C/D", "C", "D"},     {"+/-", "-", "+"}, {"Credit?", "Y", "N"},   {"Debit/Credit Ind", "H", "S"},
        {"CR/DR", "CR", "DR"}, {"", "CR", ""},    {"Doc Type", "KG", "KR"}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char text[256];
        snprintf(
            text, sizeof text,
            "Supplier,Date,Amount,%s,Type\nAsh Ltd,01/03/2024,100.00,%s,x\nAsh Ltd,02/03/2024,40.00,%s,x\n",
            ways[i][0], ways[i][2], ways[i][1]);
        taken(read_text(text), 2, 6000);
    }
    // Capital and revenue in a column without a heading are no signs.
    taken(read_text("Supplier,Date,Amount,\nAsh Ltd,01/03/2024,100.00,R\nAsh Ltd,02/03/2024,40.00,C\n"), 2,
          14000);
}

static void test_other_currencies_are_no_pounds(void **state) {
    (void)state;
    assert_int_equal(read_text("Supplier,Date,Amount (EUR)\nAsh Ltd,01/03/2024,1\n")->refusal,
                     REFUSED_NO_AMOUNT);
    assert_int_equal(read_text("Supplier,Date,Amount ($)\nAsh Ltd,01/03/2024,1\n")->refusal,
                     REFUSED_NO_AMOUNT);
    taken(read_text("Supplier,Date,Amount (EUR),Amount (GBP)\nAsh Ltd,01/03/2024,12.00,10.00\n"), 1, 1000);
    const struct run *r = read_text(
        "Supplier,Date,Amount,Currency\nAsh Ltd,01/03/2024,10.00,GBP\nElm Ltd,01/03/2024,5.00,USD\n");
    taken(r, 1, 1000);
    assert_int_equal(r->file.tally.verdicts[VERDICT_AMOUNT_FOREIGN], 1);
    // Where the amounts are in pounds, the currency is that of the invoice.
    taken(read_text("Supplier,Date,Amount in Sterling,Currency\nAsh Ltd,01/03/2024,10.00,USD\n"), 1, 1000);
}

static void test_the_amount_of_a_line_goes_before_that_of_the_whole_payment(void **state) {
    (void)state;
    taken(read_text("Supplier,Date,Payment Amount,Invoice Line Amount\nAsh Ltd,01/03/2024,30.00,10.00\n"
                    "Ash Ltd,01/03/2024,30.00,20.00\n"),
          2, 3000);
}

static void test_a_number_of_a_supplier_is_not_its_name(void **state) {
    (void)state;
    const struct run *r = read_text("Supplier,Name,Date,Amount\nSUP40012,Ash Ltd,01/03/2024,10.00\n");
    assert_string_equal(run_cell(r, 0, ROLE_PAYEE), "Ash Ltd");
}

static void test_welsh_headings_and_months_are_read(void **state) {
    (void)state;
    taken(
        read_text(
            "Enw'r Cyflenwr,Dyddiad Talu,Swm\nAsh Cyf,3 Mawrth 2024,10.00\nElm Cyf,9 Gorffennaf 2024,5.00\n"),
        2, 1500);
    const struct run *r =
        read_text("Cyflenwr / Supplier,Dyddiad / Date,Gwerth / Value\nAsh Cyf,3 Mai 2024,10.00\n");
    assert_int_equal(r->lines[0].day, spend_day_from(2024, 5, 3));
}

// ---- days

static const char serials[] =
    "Supplier,Date,Amount\nAsh Ltd,43890,100.00\nBeech Ltd,43900,30.00\nCedar Ltd,43905,1.00\n";

static void test_days_counted_from_1904_are_read_so_when_the_file_says_its_time(void **state) {
    (void)state;
    const struct run *r = named(serials, "Spend March 2024.csv");
    taken(r, 3, 13100);
    assert_true(r->file.from_1904);
    assert_int_equal(r->lines[0].day, spend_day_from(2024, 3, 1));
    char text[256];
    snprintf(text, sizeof text, "\"Payments over 500, March 2024\",,\n%s", serials);
    assert_int_equal(read_text(text)->lines[0].day, spend_day_from(2024, 3, 1));
}

static void test_days_counted_from_1904_are_read_so_when_other_days_of_the_row_say_it(void **state) {
    (void)state;
    const struct run *r =
        read_text("Supplier,Invoice Date,Payment Date,Amount\nAsh Ltd,12/02/2024,43890,100.00\n"
                  "Beech Ltd,28/02/2024,43900,30.00\nCedar Ltd,20/02/2024,43905,1.00\n");
    assert_true(r->file.from_1904);
    assert_int_equal(r->lines[0].day, spend_day_from(2024, 3, 1));
}

static void test_days_as_numbers_count_from_1900_when_nothing_says_otherwise(void **state) {
    (void)state;
    assert_int_equal(read_text(serials)->lines[0].day, spend_day_from(2020, 2, 29));
    assert_int_equal(named(serials, "Spend March 2020.csv")->lines[0].day, spend_day_from(2020, 2, 29));
    assert_int_equal(named(serials, "2024.csv")->lines[0].day, spend_day_from(2020, 2, 29));
}

static void test_the_name_of_the_file_decides_an_order_that_no_day_shows(void **state) {
    (void)state;
    static const char american[] = "Supplier,Date,Amount\nA Ltd,03/02/2024,1\nB Ltd,03/04/2024,1\nC "
                                   "Ltd,03/05/2024,1\nD Ltd,03/08/2024,1\n"
                                   "E Ltd,03/11/2024,1\nF Ltd,03/12/2024,1\n";
    const struct run *r = named(american, "Payments March 2024.csv");
    assert_int_equal(r->lines[0].day, spend_day_from(2024, 3, 2));
    assert_int_equal(r->lines[5].day, spend_day_from(2024, 3, 12));
    assert_int_equal(read_text(american)->lines[0].day, spend_day_from(2024, 2, 3));
    assert_int_equal(named(american, "Payments 2024.csv")->lines[0].day, spend_day_from(2024, 2, 3));
}

static void
test_days_of_one_form_that_a_spreadsheet_turned_are_turned_back_when_the_name_says_the_time(void **state) {
    (void)state;
    static const char turned[] =
        "Supplier,Date,Amount\nA Ltd,2024-02-10,1\nB Ltd,2024-05-10,1\nC Ltd,2024-09-11,1\n"
        "D Ltd,2024-03-11,1\nE Ltd,2024-07-12,1\nF Ltd,2024-12-24,1\n";
    const struct run *r = named(turned, "Spend Q3 2024-25.csv");
    assert_int_equal(r->lines[0].day, spend_day_from(2024, 10, 2));
    assert_int_equal(r->lines[5].day, spend_day_from(2024, 12, 24));
    assert_int_equal(read_text(turned)->lines[0].day, spend_day_from(2024, 2, 10));
}

static void test_a_title_says_the_time_and_a_day_of_printing_does_not(void **state) {
    (void)state;
    const struct run *r =
        read_text("Example Council: payments for March 2024,\nSupplier,Amount\nAsh Ltd,100.00\n");
    assert_int_equal(r->file.said_from, spend_day_from(2024, 3, 1));
    assert_int_equal(r->file.said_to, spend_day_from(2024, 3, 31));
    assert_true(r->file.said_by_title);
    r = read_text("Printed on 02/04/2024,\nSupplier,Amount\nAsh Ltd,100.00\n");
    assert_true(r->file.said_from > r->file.said_to);
}

static void test_a_heading_that_says_paid_is_when_where_days_stand_below_it(void **state) {
    (void)state;
    const struct run *r =
        read_text("Payee,Paid,Net\nAsh Ltd,01/03/2024,100.00\nBeech Ltd,02/03/2024,30.00\n");
    taken(r, 2, 13000);
    assert_int_equal(r->lines[0].day, spend_day_from(2024, 3, 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_point_that_may_part_thousands_everywhere_is_refused),
        cmocka_unit_test(test_one_amount_with_two_decimals_proves_what_the_point_is),
        cmocka_unit_test(test_commas_before_the_pence_are_read_when_nothing_speaks_against_it),
        cmocka_unit_test(test_of_two_ways_of_writing_only_the_british_is_read_and_the_rest_is_told),
        cmocka_unit_test(test_an_amount_cut_at_its_comma_is_never_a_small_payment),
        cmocka_unit_test(test_whole_thousands_cut_in_two_show_when_every_wide_row_has_them),
        cmocka_unit_test(test_amounts_in_thousands_of_pounds_are_not_taken_for_pounds),
        cmocka_unit_test(test_credit_notes_without_a_minus_are_taken_off),
        cmocka_unit_test(test_credit_notes_that_have_their_sign_are_left_alone),
        cmocka_unit_test(test_headings_further_down_for_other_columns_refuse_the_file),
        cmocka_unit_test(test_columns_that_a_person_settled_do_not_hide_that_the_headings_change),
        cmocka_unit_test(test_the_same_headings_further_down_are_passed_over),
        cmocka_unit_test(test_totals_of_every_wording_are_no_payments),
        cmocka_unit_test(test_rows_without_a_name_are_counted_so_that_a_person_hears_of_them),
        cmocka_unit_test(test_days_counted_from_1904_are_read_so_when_the_file_says_its_time),
        cmocka_unit_test(test_days_counted_from_1904_are_read_so_when_other_days_of_the_row_say_it),
        cmocka_unit_test(test_days_as_numbers_count_from_1900_when_nothing_says_otherwise),
        cmocka_unit_test(test_the_name_of_the_file_decides_an_order_that_no_day_shows),
        cmocka_unit_test(test_a_title_says_the_time_and_a_day_of_printing_does_not),
        cmocka_unit_test(test_two_tables_side_by_side_are_refused),
        cmocka_unit_test(test_figures_that_a_title_says_are_not_pounds_are_refused),
        cmocka_unit_test(test_a_net_column_of_noughts_gives_way_to_the_one_in_use),
        cmocka_unit_test(test_rows_of_dashes_are_no_payments),
        cmocka_unit_test(test_a_list_of_grants_that_run_from_day_to_day_is_no_register),
        cmocka_unit_test(
            test_days_of_one_form_that_a_spreadsheet_turned_are_turned_back_when_the_name_says_the_time),
        cmocka_unit_test(test_signs_that_stand_beside_the_amounts_are_taken_whatever_they_are_called),
        cmocka_unit_test(test_other_currencies_are_no_pounds),
        cmocka_unit_test(test_the_amount_of_a_line_goes_before_that_of_the_whole_payment),
        cmocka_unit_test(test_a_number_of_a_supplier_is_not_its_name),
        cmocka_unit_test(test_welsh_headings_and_months_are_read),
        cmocka_unit_test(test_a_heading_that_says_paid_is_when_where_days_stand_below_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
