// SPDX-License-Identifier: Apache-2.0
// What recognising a file promises: the headings of many publishers are found and the wrong files are
// refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "spend_runner.h"
#include "words.h"

static void expect_columns(const char *text, int payee, int amount, int date) {
    const struct run *r = read_text(text);
    const struct spend_layout *l = &r->file.layout;
    if (r->refusal != SPEND_ACCEPTED || l->column[ROLE_PAYEE] != payee || l->column[ROLE_AMOUNT] != amount ||
        l->column[ROLE_DATE] != date) {
        print_message("%.60s...: refusal %d, payee %d, amount %d, date %d\n", text, (int)r->refusal,
                      l->column[ROLE_PAYEE], l->column[ROLE_AMOUNT], l->column[ROLE_DATE]);
    }
    assert_int_equal(r->refusal, SPEND_ACCEPTED);
    assert_int_equal(l->column[ROLE_PAYEE], payee);
    assert_int_equal(l->column[ROLE_AMOUNT], amount);
    assert_int_equal(l->column[ROLE_DATE], date);
    assert_true(r->file.tally.verdicts[VERDICT_LINE] > 0);
}

static void test_the_two_eras_of_wigan(void **state) {
    (void)state;
    expect_columns("Beneficiary,Date,Merchant Category,Amount (Net of VAT)\nExample "
                   "Ltd,02/11/2026,Professional Fees,\"1,234.50\"\n",
                   0, 3, 1);
    const struct run *r =
        read_text("Beneficiary,Date,Period,Cost Centre,Department,account,Summary of Purpose,Merchant "
                  "Category,Amount (Net of VAT)\n"
                  "Example Ltd,02/11/2026,8,C100,Adult Services,4001,Day care,Private Day Care,99.10\n");
    const struct spend_layout *l = &r->file.layout;
    assert_int_equal(r->refusal, SPEND_ACCEPTED);
    assert_int_equal(l->amount_basis, BASIS_NET);
    assert_int_equal(l->column[ROLE_DEPARTMENT], 4);
    assert_int_equal(l->column[ROLE_PURPOSE], 6);
    assert_int_equal(l->column[ROLE_CATEGORY], 7);
    assert_int_equal(l->column[ROLE_AMOUNT], 8);
    assert_int_equal(r->lines[0].pence, 9910);
    assert_string_equal(run_cell(r, 0, ROLE_CATEGORY), "Private Day Care");
}

static void test_layouts_of_other_bodies(void **state) {
    (void)state;
    expect_columns("OrganisationLabel,OrganisationURI,EffectiveDate,OrganisationalUnit,BeneficiaryName,"
                   "BeneficiaryOtherID,"
                   "PaymentDate,TransactionNumber,Amount,IrrecoverableVATAmount,Purpose\n"
                   "A Council,http://x,2026-05-31,Housing,Example Ltd,NA,2026-05-01,9,5.00,0,Repairs\n",
                   4, 8, 6);
    expect_columns(
        "Authority Name,Date of Payment,DocumentNo,Gross,VAT,Net,Vendor Name,Service Area,GL Description\n"
        "A Council,2022-06-01,1,120,20,100,Example Ltd,Place,Fees\n",
        6, 5, 1);
    expect_columns("Directorate,Service Area,Group Description,Paid Date,Supplier Name,Internal Ref,Total "
                   "(excludes VAT)\n"
                   "ASC,Care,Revenue,2022-08-02,Example Ltd,8,9.5,#N/A\n",
                   4, 6, 3);
    expect_columns("Strgrpcc(T),Cipfsubj(T),Cipfsubs(T),TransNo,Seq no,Period,Supplier ID(T),Amount,Updated\n"
                   "Care,Fees,Fees,1,1,202205,Example Ltd,7,2022-05-03\n",
                   6, 7, 8);
    expect_columns("Proclass,Proclass(T),Supplier,Supplier(T),Cost Centre,Transaction No,Period,Transaction "
                   "Date,Amount,Comments\n"
                   "P1,Care,S100,Example Ltd,C1,1,202503,01/03/2025,7,\n",
                   3, 8, 7);
    expect_columns("Vendor ID,Vendor Name,Cost Element,Expenditure Account Code Description,Document "
                   "No,Amount,Clearing Date\n"
                   "1,Example Ltd,5,Fees,9,8.00,01 Mar 2020\n",
                   1, 5, 6);
    expect_columns("Organisation Name,Effective date,Directorate,Date,ClearNo,Pay Amt,Inv Amt,Irrecoverable "
                   "VAT,Supplier Name\n"
                   "A Council,30/04/2022,Place,05/04/2022,1,0,15.00,0,Example Ltd\n",
                   8, 6, 3);
    expect_columns("1 Department Family,2 Entity,3 Date,4 Expense Type,5 Expense Area,6 Supplier,7 "
                   "Transaction No,8 Amount\n"
                   "X,Y,01/02/2013,T,A,Example Ltd,1,30000\n",
                   5, 7, 2);
    expect_columns("Department Family,Entity,Date,Expense Type,Expense Area,Suppklier,Transaction "
                   "Number,Amount in Sterling\n"
                   "X,Y,01/02/2013,T,A,Example Ltd,1,30000\n",
                   5, 7, 2);
    expect_columns("department_family;entity;date;supplier;transaction_number;amount\nX;Y;2013-02-01;Example "
                   "Ltd;1;30000\n",
                   3, 5, 2);
    expect_columns(
        "Supplier Name,Supplier Name,Date Paid,Net Amount,Gross Amount\n1001,Example Ltd,1/2/2020,5,6\n", 1,
        3, 2);
    expect_columns("Body Name,Amended Supplier Name,Date,Amount exc VAT\nA Council,Example Ltd,1/2/2020,5\n",
                   1, 3, 2);
}

static void test_grants_cards_and_payments_are_told_apart(void **state) {
    (void)state;
    const char *grants =
        "Identifier,Title,Currency,Amount Applied For,Amount Awarded,Award Date,Recipient Org:Identifier,"
        "Recipient Org:Name,Recipient Org:Charity Number,Recipient Org:Company Number,Funding Org:Name\n"
        "1,Play,GBP,900,500,2020-01-02,GB-1,Example Friends,1234567,,A Council\n";
    const struct run *r = read_text(grants);
    assert_int_equal(r->refusal, SPEND_ACCEPTED);
    assert_int_equal(r->file.layout.kind, KIND_GRANTS);
    assert_int_equal(r->lines[0].pence, 50000);
    assert_string_equal(run_cell(r, 0, ROLE_PAYEE), "Example Friends");
    assert_string_equal(run_cell(r, 0, ROLE_CHARITY), "1234567");
    assert_true(r->file.layout.notes & NOTE_NOT_PAYMENT_DATE);
    const char *card =
        "Beneficiary,Date,Merchant Category,Amount (Net of VAT)\nExample Shop,1/2/2024,Books,5\n";
    assert_int_equal(run_file(card, strlen(card), "March-2024-Payment-card-CSV.csv")->file.layout.kind,
                     KIND_CARD);
    assert_true(run_file(card, strlen(card), "x_gpc_2026.csv")->lines[0].flags & ANC_LINE_CARD);
    assert_int_equal(run_file(card, strlen(card), "cardiff-creditors.csv")->file.layout.kind, KIND_PAYMENTS);
    r = read_text(
        "BeneficiaryName,PaymentDate,Amount,CardTransaction\nA Ltd,2026-05-01,5,GPC\nB Ltd,2026-05-01,6,\n");
    assert_true(r->lines[0].flags & ANC_LINE_CARD);
    assert_false(r->lines[1].flags & ANC_LINE_CARD);
}

static void test_headings_below_titles_notes_and_sql_are_found(void **state) {
    (void)state;
    expect_columns(",,,\n,,\"Spend over \xA3"
                   "25,000 - Publication template\",\n,,,\nProcurement led,,,\n"
                   "Department family,Date,Supplier,Amount \nX,23-Nov-10,Example Ltd,\"\xA3"
                   "6,163,596.80\"\n",
                   2, 3, 1);
    expect_columns(
        "\"sql select t.apar_id, t.amount, d.apar_name from agltransact t\"\nsql inner join x on a = "
        "b\n,,Feb-13,,\n"
        "columns,,text description,apar_name,amount\n,,Directotate,Supplier,Invoice Line Value (net of VAT)\n"
        "INSERTED DETAIL,,Place,Example Ltd,883.59\n",
        3, 4, -1);
    expect_columns(
        "query,,\ncolumns,text Date,apar_name,tot_amount\nINSERTED DETAIL,01/04/2026,Example Ltd,5.00\n", 2,
        3, 1);
}

static void test_headings_on_two_rows_are_joined(void **state) {
    (void)state;
    const struct run *r =
        read_text("Department,Entity,Date,Expense,Supplier,Transaction,Amount,Supplier,Supplier\n"
                  "family,,,Type,,number,,Postcode,Type\n"
                  "X,Y,01/02/2012,Fees,Example Ltd,1,\"30,000.00\",WN1 1AA,SME\n");
    assert_int_equal(r->refusal, SPEND_ACCEPTED);
    assert_int_equal(r->file.layout.head_records, 2);
    assert_int_equal(r->file.layout.column[ROLE_PAYEE], 4);
    assert_int_equal(r->file.layout.column[ROLE_POSTCODE], 7);
    assert_string_equal(run_cell(r, 0, ROLE_POSTCODE), "WN1 1AA");
    assert_int_equal(r->file.tally.verdicts[VERDICT_LINE], 1);
}

static void test_a_net_column_under_a_second_heading_is_offered_not_taken(void **state) {
    (void)state;
    const struct run *r = read_text(
        "Authority Name,Date of Payment,SAP Document Number,Amount,,,Supplier Name\n,,,Gross,VAT,Net,\n"
        "A Council,2018-04-02,1,120,20,100,Example Ltd\n");
    assert_int_equal(r->refusal, SPEND_ACCEPTED);
    assert_int_equal(r->lines[0].pence, 12000);
    assert_int_equal(r->file.layout.other_net, 5);
    assert_true(r->file.layout.notes & NOTE_NET_BELOW);
    assert_true(r->file.layout.notes & NOTE_GROSS);
    assert_int_equal(r->file.tally.verdicts[VERDICT_LINE], 1);
}

static void test_a_first_payment_is_never_taken_for_the_second_half_of_the_headings(void **state) {
    (void)state;
    const struct run *r = read_text(
        "Supplier,Reference,Amount,\nExample Supplier Ltd,Ref,#REF!,Directorate\nOther Ltd,2,5.00,\n");
    assert_int_equal(r->refusal, SPEND_ACCEPTED);
    assert_int_equal(r->file.layout.head_records, 1);
    assert_int_equal(r->verdicts[0], VERDICT_AMOUNT_BROKEN);
    r = read_text("Supplier,Reference,Amount\nExample Supplier Ltd,Ref,\nOther Ltd,2,5.00\n");
    assert_int_equal(r->file.layout.head_records, 1);
    assert_int_equal(r->verdicts[0], VERDICT_NO_AMOUNT);
}

static void test_a_pound_sign_in_the_wrong_code_page_does_not_hide_the_amount(void **state) {
    (void)state;
    expect_columns("Entity,Payment Date,Supplier Name, Amount (\x9C) ,VAT Registration "
                   "Number\nX,17-Apr-12,Example Ltd,\"61,687.50\",\n",
                   2, 3, 1);
    expect_columns("Entity,Date,Supplier,Amount \xA3\nX,17-Apr-12,Example Ltd,5\n", 2, 3, 1);
    expect_columns("\xC3\x94\xC2\xAA\xC3\xB8"
                   "Supplier,Date,Amount \xEF\xBF\xBD's\nExample Ltd,17-Apr-12,5\n",
                   0, 2, 1);
}

static void test_a_date_column_is_found_by_what_is_in_it(void **state) {
    (void)state;
    const struct run *r = read_text("Supplier,Data,Amount\nA Ltd,01/02/2020,5\nB Ltd,02/02/2020,6\n");
    assert_int_equal(r->file.layout.column[ROLE_DATE], 1);
    assert_true(r->file.layout.notes & NOTE_DATE_FOUND);
    r = read_text("Supplier,Effective Date,Amount\nA Ltd,30/06/2020,5\nB Ltd,30/06/2020,6\n");
    assert_int_equal(r->file.layout.column[ROLE_DATE], -1);
    assert_true(r->file.layout.notes & NOTE_NO_DATE);
    // a date column with nothing readable in it gives way to another date
    r = read_text("Supplier,Payment Date,Posting Date,Amount\nA Ltd,########,01/02/2020,5\nB "
                  "Ltd,########,02/02/2020,6\n");
    assert_int_equal(r->file.layout.column[ROLE_DATE], 2);
    assert_true(r->file.layout.notes & NOTE_NOT_PAYMENT_DATE);
}

static void test_an_empty_net_column_gives_way_to_one_with_figures(void **state) {
    (void)state;
    const struct run *r = read_text("Supplier,Date,Net,Amount\nA Ltd,1/2/2020,,5\nB Ltd,1/2/2020,,6\n");
    assert_int_equal(r->file.layout.column[ROLE_AMOUNT], 3);
    assert_int_equal(r->file.tally.sum_pence, 1100);
}

static void test_rows_with_one_cell_too_many_in_front_are_read_one_to_the_right(void **state) {
    (void)state;
    const struct run *r =
        read_text("Body,Date,Supplier Name,Amount\nINSERTED DETAIL,18,01/04/2026,Example Ltd,5.00\n"
                  "INSERTED DETAIL,18,02/04/2026,Other Ltd,6.00\n");
    assert_int_equal(r->refusal, SPEND_ACCEPTED);
    assert_int_equal(r->file.tally.sum_pence, 1100);
    assert_string_equal(run_cell(r, 1, ROLE_PAYEE), "Other Ltd");
    assert_true(r->file.layout.notes & NOTE_MOVED);
}

static void expect_refusal(const char *text, enum spend_refusal want) {
    const struct run *r = read_text(text);
    if (r->refusal != want) {
        print_message("%.60s...: refusal %d\n", text, (int)r->refusal);
    }
    assert_int_equal(r->refusal, want);
    assert_true(strlen(spend_refusal_text(want)) > 20);
    assert_null(strstr(spend_refusal_text(want), "nvalid"));
}

static void test_wrong_files_are_refused_with_a_reason(void **state) {
    (void)state;
    expect_refusal("", REFUSED_EMPTY);
    expect_refusal("\n,,,\n   \n", REFUSED_EMPTY);
    expect_refusal("CONTRACTS WHERE THE CARD IS THE PAYMENT METHOD,\nSUMMARY OF "
                   "EXPENDITURE,\n,Oct-11\nSTATIONERY,\"107,623.24\"\n",
                   REFUSED_NO_TABLE);
    expect_refusal(
        "Directorate Name,Process Used,Contract Reference,Contract Title,Supplier Company Name,Supplier "
        "Postcode,"
        "Annual Value,Total Contract Value (including extensions),Start Date,End Date,Current Expiry Date\n"
        "Place,RFQ,S1,Surveys,Example Ltd,WN1 1AA,5015.20,5015.20,2022-03-07,2022-03-07,TBC\n",
        REFUSED_REGISTER);
    expect_refusal("Contract Title,Supplier,Amount,Start Date,End Date\nX,Example Ltd,5,1/1/2020,1/1/2021\n",
                   REFUSED_REGISTER);
    expect_refusal("Supplier,Order Date,PO Number,Order Value,Total\nExample Ltd,1/1/2020,7,5000,5000\n",
                   REFUSED_REGISTER);
    expect_refusal("Date,Supplier,Directorate\n1/1/2020,Example Ltd,Place\n", REFUSED_NO_AMOUNT);
    expect_refusal("Date,Amount,Directorate\n1/1/2020,5,Place\n", REFUSED_NO_PAYEE);
    expect_refusal("Organisation,Date,Amount\nA Council,1/1/2020,5\n", REFUSED_NO_PAYEE);
    expect_refusal("Supplier,Date,Amount\nExample Ltd,1/1/2020,#REF!\n", REFUSED_NO_LINES);
    expect_refusal("Supplier,Date,Amount\n", REFUSED_NO_LINES);
    expect_refusal("Postcode,Easting,Northing\nWN1 1AA,358016,405780\n", REFUSED_NO_TABLE);
}

static void test_lists_of_wages_and_of_unpaid_invoices_are_refused(void **state) {
    (void)state;
    expect_refusal("Employee,Name,Salary,Amount\n1,A N Other,100,100\n", REFUSED_PAYROLL);
    expect_refusal("Employee Number,Name,Gross Pay,Tax Code,NI,Net Pay\n1,A N Other,9,1257L,1,8\n",
                   REFUSED_PAYROLL);
    expect_refusal("Supplier,Invoice Date,Due Date,Days Overdue,Amount\nA Ltd,1/1/2020,1/2/2020,5,5\n",
                   REFUSED_UNPAID);
    expect_columns("Supplier,Payment Date,Due Date,Days Overdue,Amount\nA Ltd,1/1/2020,1/2/2020,5,5\n", 0, 4,
                   1);
    expect_columns("Supplier,Payment Date,Grade,Job Title,Amount\nA Ltd,1/1/2020,x,y,5\n", 0, 4,
                   1); // two marks, a real payee
}

static void test_an_intermediary_in_most_rows_makes_a_tier_2_file(void **state) {
    (void)state;
    const struct run *r =
        read_text("Period,Managing agent,End supplier,Amount\nApr-26,V Ltd,A Ltd,5\n2026-05,V Ltd,B Ltd,6\n");
    assert_int_equal(r->file.layout.kind, KIND_TIER2);
    assert_int_equal(r->file.layout.column[ROLE_INTERMEDIARY], 1);
    assert_true(r->file.layout.notes & NOTE_PERIOD);
    assert_int_equal(r->lines[1].day, spend_day_from(2026, 5, 1));
    assert_int_equal(r->lines[1].flags, ANC_LINE_MONTH_ONLY);
    r = read_text("Date,Managing agent,Supplier,Amount\n1/4/2026,V Ltd,A Ltd,5\n1/4/2026,,B "
                  "Ltd,6\n1/4/2026,,C Ltd,6\n");
    assert_int_equal(r->file.layout.kind, KIND_PAYMENTS);
    assert_int_equal(r->file.tally.verdicts[VERDICT_LINE], 3);
    r = read_text("Period,Supplier,Amount\n202604,A Ltd,5\n202605,B Ltd,6\n"); // which year's fourth month?
    assert_int_equal(r->file.layout.column[ROLE_DATE], -1);
}

static struct anc_columns settled(int32_t payee, int32_t amount, int32_t date) {
    struct anc_columns k = {.size = sizeof k, .head_rows = 1};
    for (int i = 0; i < ANC_COL_COUNT; i++) {
        k.column[i] = -1;
    }
    k.column[ANC_COL_PAYEE] = payee;
    k.column[ANC_COL_AMOUNT] = amount;
    k.column[ANC_COL_DATE] = date;
    return k;
}

static void test_columns_that_a_person_settled_are_taken_when_they_fit(void **state) {
    (void)state;
    static const char text[] = "Wer,Wann,Wieviel,Other\nA Ltd,01/02/2024,5,x\nB Ltd,02/02/2024,6,y\n";
    struct anc_columns k = settled(0, 2, 1);
    assert_int_equal(read_text(text)->refusal, REFUSED_NO_TABLE);
    const struct run *r = run_chosen(text, strlen(text), "", &k);
    assert_int_equal(r->refusal, SPEND_ACCEPTED);
    assert_int_equal(r->file.tally.sum_pence, 1100);
    assert_int_equal(r->lines[1].day, spend_day_from(2024, 2, 2));
    k.date_order = ANC_DATES_MONTH_FIRST;
    assert_int_equal(run_chosen(text, strlen(text), "", &k)->lines[0].day, spend_day_from(2024, 1, 2));
    static const struct {
        int32_t payee, amount;
    } wrong[] = {{0, 3}, {0, 0}, {-1, 2}, {0, -1 + 512}, {1, 40}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        k = settled(wrong[i].payee, wrong[i].amount, 1);
        const struct run *w = run_chosen(text, strlen(text), "", &k);
        assert_true(w->refusal == REFUSED_CHOICE || w->refusal == REFUSED_NO_LINES);
    }
    k = settled(0, 2, 1);
    k.kind = ANC_FILE_TIER2; // but nobody said which column has the intermediary
    assert_int_equal(run_chosen(text, strlen(text), "", &k)->refusal, REFUSED_CHOICE);
    static const char found[] = "Supplier,Date,Amount\nA Ltd,01/02/2024,5\n";
    k = settled(-1, -1, -1); // only the kind is settled, the rest is found
    k.kind = ANC_FILE_CARD;
    r = run_chosen(found, strlen(found), "", &k);
    assert_int_equal(r->refusal, SPEND_ACCEPTED);
    assert_int_equal(r->lines[0].flags, ANC_LINE_CARD);
}

static void test_a_payments_file_that_names_contracts_is_not_a_register(void **state) {
    (void)state;
    expect_columns("Payment Date,Supplier,Amount,Contract Number,Contract Title,Start Date,End Date\n"
                   "1/2/2020,Example Ltd,5,C1,Works,1/1/2020,1/1/2021\n",
                   1, 2, 0);
}

static void test_every_note_and_verdict_has_its_words(void **state) {
    (void)state;
    for (unsigned note = NOTE_GROSS; note <= NOTE_LAST; note *= 2) {
        assert_true(strlen(spend_note_text(note)) > 10);
    }
    for (int v = 0; v < VERDICT_COUNT; v++) {
        assert_true(strlen(spend_verdict_text((enum spend_verdict)v)) > 5);
        assert_true(strlen(spend_verdict_name((enum spend_verdict)v)) > 3);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_two_eras_of_wigan),
        cmocka_unit_test(test_layouts_of_other_bodies),
        cmocka_unit_test(test_grants_cards_and_payments_are_told_apart),
        cmocka_unit_test(test_headings_below_titles_notes_and_sql_are_found),
        cmocka_unit_test(test_headings_on_two_rows_are_joined),
        cmocka_unit_test(test_a_net_column_under_a_second_heading_is_offered_not_taken),
        cmocka_unit_test(test_a_first_payment_is_never_taken_for_the_second_half_of_the_headings),
        cmocka_unit_test(test_a_pound_sign_in_the_wrong_code_page_does_not_hide_the_amount),
        cmocka_unit_test(test_a_date_column_is_found_by_what_is_in_it),
        cmocka_unit_test(test_an_empty_net_column_gives_way_to_one_with_figures),
        cmocka_unit_test(test_rows_with_one_cell_too_many_in_front_are_read_one_to_the_right),
        cmocka_unit_test(test_wrong_files_are_refused_with_a_reason),
        cmocka_unit_test(test_lists_of_wages_and_of_unpaid_invoices_are_refused),
        cmocka_unit_test(test_an_intermediary_in_most_rows_makes_a_tier_2_file),
        cmocka_unit_test(test_columns_that_a_person_settled_are_taken_when_they_fit),
        cmocka_unit_test(test_a_payments_file_that_names_contracts_is_not_a_register),
        cmocka_unit_test(test_every_note_and_verdict_has_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
