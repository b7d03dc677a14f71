// SPDX-License-Identifier: Apache-2.0
// Names that companies had before: read with the register, and proposed for payees whose payments fit the
// days on which the name was theirs.
#include "domain/register_import.h"
#include "spend/match.h"
#include "support/dbtest.h"
#include "support/plugtest.h"

#include <stdio.h>
#include <string.h>

#define HEAD                                                                                                 \
    "CompanyName, CompanyNumber,RegAddress.PostCode,CompanyCategory,CompanyStatus,DissolutionDate,"          \
    "IncorporationDate,PreviousName_1.CONDATE, PreviousName_1.CompanyName, PreviousName_2.CONDATE, "         \
    "PreviousName_2.CompanyName,PreviousName_10.CONDATE, PreviousName_10.CompanyName\n"
#define KIND "\"Private Limited Company\",\"Active\",\"\""

static struct plugtest plugins;

static int set_up(void **state) {
    int rc = dbtest_setup(state);
    struct ctx *c = ((struct dbtest *)*state)->c;
    plugins = plugtest_start(c, BINARY_DIR "/plugins", "local_spend");
    dbtest_run(c, "CREATE TABLE core.spend_line_any PARTITION OF core.spend_line DEFAULT");
    return rc;
}

static int tear_down(void **state) {
    plugtest_stop(&plugins, ((struct dbtest *)*state)->c);
    return dbtest_teardown(state);
}

static struct ctx *ctx_of(void **state) {
    return ((struct dbtest *)*state)->c;
}

static void load(struct ctx *c, const char *rows) {
    struct register_report r;
    struct register_options o = {.kind = REGISTER_COMPANIES, .file_name = "sample.csv"};
    FILE *f = tmpfile();
    assert_non_null(f);
    fprintf(f, "%s%s", HEAD, rows);
    rewind(f);
    assert_err(c, register_import(c, f, &o, &r), ERR_OK);
    assert_int_equal(r.rejected, 0);
    fclose(f);
}

// Harrow Field was Teasel Signs until 5 March 2019 and Linnet Boards until 2 January 2012; another company
// has the name Teasel Signs since 1 June 2019.
static void load_two(struct ctx *c) {
    load(c, "\"HARROW FIELD BRICKWORKS LIMITED\",\"01234567\",\"WN1 1AA\"," KIND
            ",\"10/05/2004\",\"05/03/2019\","
            "\"TEASEL SIGNS LIMITED\",\"02/01/2012\",\"LINNET BOARDS LTD\",\"\",\"\"\n"
            "\"TEASEL SIGNS LTD\",\"07654321\",\"M1 1AE\"," KIND ",\"20/02/2015\",\"01/06/2019\","
            "\"PINTAIL HOMECARE LIMITED\",\"\",\"\",\"\",\"\"\n");
}

static void add_payee(struct ctx *c, int id, const char *name, const char *postcode) {
    dbtest_run(
        c, "INSERT INTO core.payee (id, match_name, ident, name, postcode) VALUES (%d, '%d', '', '%s', '%s')",
        id, id, name, postcode);
}

static void pay(struct ctx *c, int payee, const char *day) {
    dbtest_run(c,
               "INSERT INTO core.spend_line (fy, load_id, line_no, payee_id, label_id, paid_on, flow, flags, "
               "counted, amount_pence) VALUES (2018, 1, 1, %d, 1, '%s', 0, 0, true, 10000)",
               payee, day);
}

static void run_all(struct ctx *c) {
    assert_err(c, match_all(c, NULL, NULL), ERR_OK);
}

// "01234567 earlier_name, 07654321 exact_name": what is proposed for a payee, the best first.
static const char *proposed(struct ctx *c, int payee) {
    return dbtest_value(c,
                        "SELECT coalesce(string_agg(coalesce(nullif(q.company_number, ''), s.company_number) "
                        "|| ' ' || q.method, ', ' ORDER BY q.place), '') FROM core.payee_proposal q LEFT "
                        "JOIN core.supplier s ON s.id = q.supplier_id WHERE q.payee_id = %d",
                        payee);
}

static void test_names_that_a_company_had_before_are_read_with_their_days(void **state) {
    struct ctx *c = ctx_of(state);
    load_two(c);
    assert_string_equal(
        dbtest_value(c,
                     "SELECT string_agg(concat_ws('|', number, match_name, from_day, until_day), ' ' ORDER "
                     "BY number, until_day) FROM core.company_name"),
        "01234567|LINNET BOARDS|2004-05-10|2012-01-02 01234567|TEASEL SIGNS|2012-01-02|2019-03-05 "
        "07654321|PINTAIL HOMECARE|2015-02-20|2019-06-01");
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(named_from::text, ' ' ORDER BY number) FROM core.company"),
        "2019-03-05 2019-06-01");
}

static void test_a_change_of_dress_alone_is_no_earlier_name_and_reading_again_replaces(void **state) {
    struct ctx *c = ctx_of(state);
    load_two(c);
    load(c, "\"HARROW FIELD BRICKWORKS LIMITED\",\"01234567\",\"WN1 1AA\"," KIND
            ",\"10/05/2004\",\"05/03/2019\",\"HARROW FIELD BRICKWORKS LTD.\",\"02/01/2012\",\"GADWALL "
            "TRANSPORT LTD\",\"\",\"\"\n");
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(match_name, ' ' ORDER BY until_day) FROM core.company_name "
                        "WHERE number = '01234567'"),
        "GADWALL TRANSPORT");
}

static void test_a_payee_of_an_earlier_name_is_proposed_the_company_and_told_until_when(void **state) {
    struct ctx *c = ctx_of(state);
    load_two(c);
    add_payee(c, 1, "Linnet Boards Ltd", "WN1 1AA");
    add_payee(c, 2, "Linnet Boards", "");
    pay(c, 1, "2010-06-01");
    pay(c, 2, "2019-06-01");
    run_all(c);
    assert_string_equal(proposed(c, 1), "01234567 earlier_name"); // never tied at once, postcode or not
    assert_string_equal(dbtest_value(c, "SELECT reason FROM core.payee_proposal WHERE payee_id = 1"),
                        "It was called LINNET BOARDS LTD until 2 January 2012. All payments are from before "
                        "that. ");
    assert_string_equal(proposed(c, 2), "01234567 earlier_name");
    assert_int_equal(dbtest_number(c, "SELECT count(*) FROM core.payee WHERE match_state = 'review'"), 2);
    assert_true(dbtest_number(c, "SELECT (SELECT match_score FROM core.payee WHERE id = 1) - (SELECT "
                                 "match_score FROM core.payee WHERE id = 2)") >= 150);
}

static void test_a_name_that_another_company_took_later_goes_to_who_had_it_when_it_was_paid(void **state) {
    struct ctx *c = ctx_of(state);
    load_two(c);
    add_payee(c, 1, "Teasel Signs Ltd", "");
    add_payee(c, 2, "Teasel Signs Limited", "");
    add_payee(c, 3, "Teasel Signs", "");
    pay(c, 1, "2018-04-10");
    pay(c, 1, "2019-02-10");
    pay(c, 2, "2019-07-01");
    pay(c, 3, "2018-04-10");
    pay(c, 3, "2019-07-01");
    run_all(c);
    assert_string_equal(proposed(c, 1), "01234567 earlier_name");
    assert_string_equal(proposed(c, 2), "07654321 exact_name");
    // Paid before and after: a person is shown both.
    assert_non_null(strstr(proposed(c, 3), "01234567 earlier_name"));
    assert_non_null(strstr(proposed(c, 3), "07654321 exact_name"));
}

static void list(struct ctx *c, const char *ref, const char *name, const char *company,
                 const char *postcode) {
    dbtest_run(c, "INSERT INTO core.organisation (ref, kind, name) VALUES ('%s', 'supplier', '%s')", ref,
               name);
    dbtest_run(c,
               "INSERT INTO core.supplier (id, match_name, company_number, postcode) SELECT id, '', '%s', "
               "'%s' FROM core.organisation WHERE ref = '%s'",
               company, postcode, ref);
}

static void test_the_same_holds_when_the_companies_are_suppliers_here(void **state) {
    struct ctx *c = ctx_of(state);
    load_two(c);
    list(c, "harrow", "Harrow Field Brickworks Ltd", "01234567", "WN1 1AA");
    list(c, "teasel", "Teasel Signs Ltd", "07654321", "M1 1AE");
    add_payee(c, 1, "Teasel Signs Ltd", "M1 1AE");
    add_payee(c, 2, "Teasel Signs Limited", "M1 1AE");
    pay(c, 1, "2018-04-10");
    pay(c, 2, "2019-07-01");
    run_all(c);
    // The same name and postcode, and yet not the one that was paid: no tie at once.
    assert_string_equal(dbtest_value(c, "SELECT match_state FROM core.payee WHERE id = 1"), "review");
    assert_string_equal(proposed(c, 1), "01234567 earlier_name");
    assert_string_equal(dbtest_value(c, "SELECT match_rule FROM core.payee WHERE id = 2"),
                        "exact_name_postcode");
    assert_int_equal(
        dbtest_number(c,
                      "SELECT count(*) FROM core.payee_proposal WHERE payee_id = 1 AND supplier_id IS NULL"),
        0);
}

static void test_the_same_holds_at_each_postcode_a_supplier_has(void **state) {
    struct ctx *c = ctx_of(state);
    load_two(c);
    list(c, "teasel", "Teasel Signs Ltd", "07654321", "M1 1AE");
    dbtest_run(c, "INSERT INTO core.supplier_place (supplier_id, kind, postcode, from_day) SELECT id, "
                  "'registered', 'M2 2BB', '2015-02-20' FROM core.supplier");
    list(c, "other", "Teasel Signs Ltd", "", "M3 3CC"); // nothing is known of its days
    add_payee(c, 1, "Teasel Signs Ltd", "M2 2BB");
    add_payee(c, 2, "Teasel Signs Limited", "M2 2BB");
    add_payee(c, 3, "Teasel Signs Limited", "M3 3CC");
    pay(c, 1, "2018-04-10");
    pay(c, 2, "2019-07-01");
    pay(c, 3, "2018-04-10");
    run_all(c);
    assert_string_equal(dbtest_value(c, "SELECT o.ref FROM core.payee p JOIN core.organisation o ON o.id = "
                                        "p.supplier_id WHERE p.id = 3"),
                        "other");
    assert_string_equal(dbtest_value(c, "SELECT match_state FROM core.payee WHERE id = 1"), "review");
    assert_string_equal(dbtest_value(c, "SELECT match_rule FROM core.payee WHERE id = 2"),
                        "exact_name_postcode");
}

// Two companies of one name, of which one came after the payment; and one that was closed before it.
static void test_of_namesakes_the_one_that_was_there_when_it_was_paid_comes_first(void **state) {
    struct ctx *c = ctx_of(state);
    load(c, "\"TEASEL SIGNS LTD\",\"00000011\",\"M1 1AE\"," KIND
            ",\"20/02/2021\",\"\",\"\",\"\",\"\",\"\",\"\"\n"
            "\"TEASEL SIGNS LTD\",\"07654321\",\"M1 1AE\"," KIND
            ",\"20/02/2015\",\"\",\"\",\"\",\"\",\"\",\"\"\n"
            "\"LINNET BOARDS LTD\",\"01234567\",\"M1 1AE\",\"Private Limited Company\",\"Dissolved\","
            "\"03/03/2012\",\"20/02/2004\",\"\",\"\",\"\",\"\",\"\",\"\"\n");
    add_payee(c, 1, "Teasel Signs Ltd", "");
    add_payee(c, 2, "Linnet Boards Ltd", "");
    pay(c, 1, "2018-04-10");
    pay(c, 2, "2018-04-10");
    run_all(c);
    assert_string_equal(proposed(c, 1), "07654321 exact_name, 00000011 exact_name");
    assert_string_equal(proposed(c, 2), "01234567 exact_name");
    assert_non_null(strstr(dbtest_value(c, "SELECT reason FROM core.payee_proposal WHERE payee_id = 2"),
                           "It was closed on 3 March 2012, before the first payment."));
}

static void test_an_earlier_name_gives_no_number_twice(void **state) {
    struct ctx *c = ctx_of(state);
    load_two(c);
    add_payee(c, 1, "Teasel Signs Ltd", "");
    dbtest_run(c, "UPDATE core.payee SET company_number = '01234567' WHERE id = 1");
    run_all(c);
    // Its number is that of the company that is called something else today: that decides at once.
    assert_string_equal(dbtest_value(c,
                                     "SELECT p.match_state || ' ' || s.company_number || ' ' || p.match_rule "
                                     "FROM core.payee p JOIN core.supplier s ON s.id = p.supplier_id"),
                        "tied 01234567 company_number");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_names_that_a_company_had_before_are_read_with_their_days, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            test_a_change_of_dress_alone_is_no_earlier_name_and_reading_again_replaces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_a_payee_of_an_earlier_name_is_proposed_the_company_and_told_until_when, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_a_name_that_another_company_took_later_goes_to_who_had_it_when_it_was_paid, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(test_the_same_holds_when_the_companies_are_suppliers_here, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_the_same_holds_at_each_postcode_a_supplier_has, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_of_namesakes_the_one_that_was_there_when_it_was_paid_comes_first,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_earlier_name_gives_no_number_twice, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
