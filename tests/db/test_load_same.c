// SPDX-License-Identifier: Apache-2.0
// The same payment in two files counts once; loads take each other's place; agencies and whom they paid on.
#include "db/loadtest.h"

#include <string.h>

#define HEAD "Supplier Name,Payment Date,Net Amount\n"
#define APRIL                                                                                                \
    "Marl Lane Ltd,03/04/2025,100.00\n"                                                                      \
    "Marl Lane Ltd,03/04/2025,100.00\n"                                                                      \
    "Quarry Bank Coaches,28/04/2025,250.00\n"
#define MAY  "Marl Lane Ltd,03/05/2025,100.00\nThimble Row CIC,09/05/2025,70.50\n"
#define JUNE "Oddfield and Sons,11/06/2025,12.00\n"

static struct load_summary last;

static enum err load_as(struct ctx *c, const char *name, const char *text, enum load_overlap overlap,
                        const char *replaces, const char **ret_ref) {
    struct load_orders o = loadtest_orders();
    o.file_name = name;
    o.overlap = overlap;
    o.replaces = replaces;
    return loadtest_try(c, loadtest_file(c, name, text), &o, &last, ret_ref);
}

static const char *load(struct ctx *c, const char *name, const char *text) {
    const char *ref = NULL;
    assert_err(c, load_as(c, name, text, OVERLAP_ONCE, "", &ref), ERR_OK);
    return ref;
}

static void test_a_month_and_then_its_year_count_once(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "april.csv", HEAD APRIL);
    load(c, "year.csv", HEAD APRIL MAY JUNE);
    assert_int_equal(last.same_lines, 3);
    assert_int_equal(last.same_pence, 45000);
    assert_string_equal(last.same_loads, "april.csv");
    assert_number(c, SUM_OF_SUMS, 45000 + 17050 + 1200);
    assert_number(c, "SELECT count(*) FROM core.spend_line", 9); // all are there
    assert_number(c, UNTIED, 0);
    assert_number(c, "SELECT same_lines FROM core.spend_load WHERE file_name = 'year.csv'", 3);
}

static void test_a_year_and_then_its_month_count_once(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "year.csv", HEAD APRIL MAY JUNE);
    load(c, "april.csv", HEAD APRIL);
    assert_int_equal(last.same_lines, 3);
    assert_number(c, SUM_OF_SUMS, 45000 + 17050 + 1200);
    assert_number(c,
                  "SELECT count(*) FROM core.spend_sum s JOIN core.spend_load l ON l.id = s.load_id WHERE "
                  "l.file_name = 'april.csv'",
                  0);
    assert_number(c, UNTIED, 0);
}

static void test_equal_payments_count_as_often_as_the_file_that_has_most_of_them(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "one.csv", HEAD "Marl Lane Ltd,03/04/2025,100.00\n");
    load(c, "three.csv",
         HEAD "Marl Lane Ltd,03/04/2025,100.00\nMarl Lane Ltd,03/04/2025,100.00\n"
              "Marl Lane Ltd,03/04/2025,100.00\n");
    assert_int_equal(last.same_lines, 1);
    load(c, "two.csv", HEAD "MARL LANE LIMITED,03/04/2025,100.00\nMarl Lane Ltd,03/04/2025,100.00\n");
    assert_int_equal(last.same_lines, 2);
    assert_number(c, SUM_OF_SUMS, 30000);
    assert_number(c, UNTIED, 0);
}

static void test_another_day_amount_or_payee_is_another_payment(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "a.csv", HEAD "Marl Lane Ltd,03/04/2025,100.00\nQuarry Ltd,30/04/2025,1.00\n");
    load(c, "b.csv",
         HEAD "Marl Lane Ltd,04/04/2025,100.00\nMarl Lane Ltd,03/04/2025,100.01\n"
              "Marl Road Ltd,03/04/2025,100.00\nMarl Lane Ltd,03/04/2025,-100.00\n");
    assert_int_equal(last.same_lines, 0);
    assert_string_equal(last.same_loads, "");
    assert_number(c, "SELECT count(*) FROM core.spend_line WHERE NOT counted", 0);
}

static void test_transaction_numbers_tell_payments_apart_where_both_files_have_them(void **state) {
    struct ctx *c = loadtest_ready(state);
#define NUMBERED "Supplier Name,Payment Date,Transaction Number,Net Amount\n"
    load(c, "a.csv", NUMBERED "Marl Lane Ltd,03/04/2025,T1,100.00\n");
    load(c, "b.csv", NUMBERED "Marl Lane Ltd,03/04/2025,T2,100.00\n");
    assert_int_equal(last.same_lines, 0);
    load(c, "c.csv", NUMBERED "Marl Lane Ltd,03/04/2025,T2,100.00\nMarl Lane Ltd,03/04/2025,T3,100.00\n");
    assert_int_equal(last.same_lines, 1);
    assert_number(c, SUM_OF_SUMS, 30000);
    load(c, "d.csv", HEAD "Marl Lane Ltd,03/04/2025,100.00\n"); // has none: by day and amount
    assert_int_equal(last.same_lines, 1);
    assert_number(c, SUM_OF_SUMS, 30000);
}

static void test_payments_of_another_body_are_never_the_same(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "april.csv", HEAD APRIL);
    loadtest_load(c, "hospital", loadtest_file(c, "year.csv", HEAD APRIL MAY));
    assert_number(c, SUM_OF_SUMS, 45000 + 45000 + 17050);
}

static void test_without_a_decision_nothing_is_stored_and_the_question_is_put(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "april.csv", HEAD APRIL);
    const char *before = loadtest_everything(c), *ref = NULL;
    assert_err(c, load_as(c, "year.csv", HEAD APRIL MAY, OVERLAP_ASK, "", &ref), ERR_CONFLICT);
    assert_string_equal(c->err_field, "overlap");
    assert_non_null(strstr(c->err_detail, "april.csv"));
    assert_non_null(strstr(c->err_detail, "£450.00"));
    assert_int_equal(last.same_lines, 3);
    assert_int_equal(last.total_pence, 45000 + 17050);
    assert_string_equal(loadtest_everything(c), before);
    // Where nothing is the same nothing is asked.
    assert_err(c, load_as(c, "may.csv", HEAD MAY, OVERLAP_ASK, "", &ref), ERR_OK);
}

static void test_payments_may_be_counted_all_the_same_when_a_person_says_so(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "april.csv", HEAD APRIL);
    const char *ref = NULL;
    assert_err(c, load_as(c, "again.csv", HEAD APRIL MAY, OVERLAP_ALL, "", &ref), ERR_OK);
    assert_number(c, SUM_OF_SUMS, 45000 + 45000 + 17050);
    assert_string_equal(
        dbtest_value(
            c, "SELECT overlap || ' ' || same_lines FROM core.spend_load WHERE file_name = 'again.csv'"),
        "all 3");
    assert_number(c, UNTIED, 0);
}

static void test_a_look_says_what_is_the_same_and_stores_nothing(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "april.csv", HEAD APRIL);
    const char *before = loadtest_everything(c);
    struct load_orders o = loadtest_orders();
    struct load_summary s;
    assert_err(c, loadtest_look(c, loadtest_file(c, "year.csv", HEAD APRIL MAY), &o, &s), ERR_OK);
    assert_int_equal(s.same_lines, 3);
    assert_int_equal(s.same_pence, 45000);
    assert_string_equal(s.same_loads, "april.csv");
    assert_int_equal(s.accepted, 5);
    assert_string_equal(loadtest_everything(c), before);
    assert_int_equal(db_depth(c->db), 0);
}

// ---- taking back --------------------------------------------------------------------------------------

static void test_taking_a_load_back_leaves_exactly_what_was_there_before(void **state) {
    struct ctx *c = loadtest_ready(state);
    const char *empty = loadtest_everything(c);
    const char *first = loadtest_load(c, "council", DATA "numbers.csv");
    const char *second = loadtest_load(c, "hospital", DATA "four_columns.csv");
    const char *before = loadtest_everything(c);
    const char *ref = loadtest_load(c, "council", DATA "four_columns.csv");
    assert_string_not_equal(loadtest_everything(c), before);
    assert_err(c, load_take_back(c, ref), ERR_OK);
    assert_string_equal(loadtest_everything(c), before);
    assert_err(c, load_take_back(c, first), ERR_OK);
    assert_err(c, load_take_back(c, second), ERR_OK);
    assert_string_equal(loadtest_everything(c), empty);
    assert_number(c, "SELECT count(*) FROM core.audit WHERE action = 'spend.unload'", 3);
}

static void test_what_a_later_load_left_to_one_that_goes_counts_there_again(void **state) {
    struct ctx *c = loadtest_ready(state);
    const char *april = load(c, "april.csv", HEAD APRIL);
    const char *may = load(c, "may.csv", HEAD MAY);
    load(c, "year.csv", HEAD APRIL MAY JUNE);
    assert_int_equal(last.same_lines, 5);
    assert_err(c, load_take_back(c, april), ERR_OK);
    assert_number(c, SUM_OF_SUMS, 45000 + 17050 + 1200);
    assert_number(c, "SELECT same_lines FROM core.spend_load WHERE file_name = 'year.csv'", 2);
    assert_err(c, load_take_back(c, may), ERR_OK);
    assert_number(c, SUM_OF_SUMS, 45000 + 17050 + 1200);
    assert_number(c, "SELECT count(*) FROM core.spend_line WHERE NOT counted", 0);
    assert_number(c, UNTIED, 0);
}

static void test_after_the_year_is_taken_back_the_month_counts_again(void **state) {
    struct ctx *c = loadtest_ready(state);
    const char *year = load(c, "year.csv", HEAD APRIL MAY JUNE);
    load(c, "april.csv", HEAD APRIL);
    assert_err(c, load_take_back(c, year), ERR_OK);
    assert_number(c, SUM_OF_SUMS, 45000);
    assert_number(c, UNTIED, 0);
}

static void test_after_taking_back_the_same_file_may_be_loaded_again(void **state) {
    struct ctx *c = loadtest_ready(state);
    assert_err(c, load_take_back(c, loadtest_load(c, "council", DATA "four_columns.csv")), ERR_OK);
    loadtest_load(c, "council", DATA "four_columns.csv");
    assert_number(c, SUM_OF_SUMS, 11685060);
}

static void test_taking_back_what_is_not_there_is_not_found(void **state) {
    struct ctx *c = loadtest_ready(state);
    assert_err(c, load_take_back(c, "nothing"), ERR_NOT_FOUND);
}

static void test_a_payee_about_whom_a_person_decided_stays(void **state) {
    struct ctx *c = loadtest_ready(state);
    const char *ref = load(c, "april.csv", HEAD APRIL);
    dbtest_run(c, "INSERT INTO core.person (email, name, password_hash) VALUES ('o@example.org', 'O', 'x') "
                  "RETURNING id");
    dbtest_run(c, "INSERT INTO core.payee_decision (payee_id, what, method, score_milli, by_id, at) "
                  "SELECT p.id, 'none', 'person', 0, o.id, now() FROM core.payee p, core.person o "
                  "WHERE p.name LIKE 'Marl%%' RETURNING id");
    assert_err(c, load_take_back(c, ref), ERR_OK);
    assert_number(c, "SELECT count(*) FROM core.payee", 1);
}

// ---- replacing ----------------------------------------------------------------------------------------

static void test_a_file_takes_the_place_of_the_one_before_in_one_go(void **state) {
    struct ctx *c = loadtest_ready(state);
    const char *old = load(c, "april.csv", HEAD APRIL), *ref = NULL;
    load(c, "year.csv", HEAD APRIL MAY);
    assert_err(c, load_as(c, "april-2.csv", HEAD APRIL "Oddfield,29/04/2025,5.00\n", OVERLAP_ONCE, old, &ref),
               ERR_OK);
    assert_number(c, "SELECT count(*) FROM core.spend_load", 2);
    assert_string_equal(
        dbtest_value(c, "SELECT replaces FROM core.spend_load WHERE file_name = 'april-2.csv'"), old);
    assert_number(c, SUM_OF_SUMS, 45000 + 17050 + 500);
    assert_number(c, UNTIED, 0);
    assert_number(c, "SELECT count(*) FROM core.audit WHERE action = 'spend.unload'", 1);
}

static void test_the_same_file_may_take_its_own_place(void **state) {
    struct ctx *c = loadtest_ready(state);
    const char *old = load(c, "april.csv", HEAD APRIL), *ref = NULL;
    assert_err(c, load_as(c, "april.csv", HEAD APRIL, OVERLAP_ASK, old, &ref), ERR_OK);
    assert_number(c, SUM_OF_SUMS, 45000);
    assert_number(c, "SELECT count(*) FROM core.payee", 2);
}

static void test_when_the_new_file_fails_the_old_one_stays(void **state) {
    struct ctx *c = loadtest_ready(state);
    const char *old = load(c, "april.csv", HEAD APRIL), *ref = NULL;
    const char *before = loadtest_everything(c);
    assert_err(c, load_as(c, "bad.csv", HEAD "Marl Lane Ltd,,100.00\n", OVERLAP_ONCE, old, &ref),
               ERR_INVALID);
    assert_string_equal(loadtest_everything(c), before);
    assert_err(c, load_as(c, "good.csv", HEAD MAY, OVERLAP_ONCE, "nothing", &ref), ERR_NOT_FOUND);
    loadtest_load(c, "hospital", DATA "numbers.csv");
    struct load_orders o = loadtest_orders();
    o.anchor_ref = "hospital";
    o.replaces = old; // another body's
    assert_err(c, loadtest_try(c, loadtest_file(c, "x.csv", HEAD MAY), &o, &last, &ref), ERR_NOT_FOUND);
}

// ---- whom agencies paid on ----------------------------------------------------------------------------

#define TIER2 "Intermediary,Supplier Name,Payment Date,Net Amount\n"

static enum err load_tier2(struct ctx *c, const char *name, const char *text, const char **ret_ref) {
    struct load_orders o = loadtest_orders();
    o.file_name = name;
    o.kind = ANC_FILE_TIER2;
    return loadtest_try(c, loadtest_file(c, name, text), &o, &last, ret_ref);
}

static int64_t net_of(struct ctx *c, const char *name) {
    return dbtest_number(c,
                         arena_printf(c->arena,
                                      "SELECT coalesce(sum(s.amount_pence), 0)::bigint FROM core.spend_sum s "
                                      "JOIN core.payee p ON p.id = s.payee_id WHERE p.name = '%s'",
                                      name));
}

static void test_what_an_agency_paid_on_moves_to_those_who_got_it(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "april.csv", HEAD "Bench Staffing,03/04/2025,1000.00\nMarl Lane Ltd,04/04/2025,30.00\n");
    const char *ref = NULL;
    assert_err(c,
               load_tier2(c, "paid-on.csv",
                          TIER2 "BENCH STAFFING,Thimble Row CIC,10/04/2025,600.00\n"
                                "Bench Staffing,Marl Lane Ltd,11/04/2025,150.00\n",
                          &ref),
               ERR_OK);
    assert_number(c, SUM_OF_SUMS, 103000); // nothing counts twice
    assert_int_equal(net_of(c, "Bench Staffing"), 25000);
    assert_int_equal(net_of(c, "Thimble Row CIC"), 60000);
    assert_int_equal(net_of(c, "Marl Lane Ltd"), 18000);
    assert_number(c, "SELECT count(*) FROM core.spend_line WHERE flow = 4 AND line_no < 0", 2);
    assert_number(c, UNTIED, 0);
    assert_err(c, load_take_back(c, ref), ERR_OK);
    assert_int_equal(net_of(c, "Bench Staffing"), 100000);
}

static void test_no_agency_pays_on_more_than_it_got(void **state) {
    struct ctx *c = loadtest_ready(state);
    const char *april = load(c, "april.csv", HEAD "Bench Staffing,03/04/2025,1000.00\n"), *ref = NULL;
    const char *before = loadtest_everything(c);
    assert_err(c, load_tier2(c, "a.csv", TIER2 "Bench Staffing,Thimble Row CIC,10/04/2025,1000.01\n", &ref),
               ERR_CONFLICT);
    assert_non_null(strstr(c->err_detail, "£0.01"));
    assert_string_equal(loadtest_everything(c), before);
    // Not in another financial year either.
    assert_err(c, load_tier2(c, "b.csv", TIER2 "Bench Staffing,Thimble Row CIC,10/04/2026,10.00\n", &ref),
               ERR_CONFLICT);
    assert_err(c, load_tier2(c, "c.csv", TIER2 "Nobody Staffing,Thimble Row CIC,10/04/2025,10.00\n", &ref),
               ERR_INVALID);
    assert_err(c, load_tier2(c, "d.csv", TIER2 "Bench Staffing,Thimble Row CIC,10/04/2025,1000.00\n", &ref),
               ERR_OK);
    // What it rests on stays while it is there.
    assert_err(c, load_take_back(c, april), ERR_CONFLICT);
    assert_int_equal(net_of(c, "Thimble Row CIC"), 100000);
}

static void test_two_tier_2_files_with_the_same_payment_count_it_once(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "april.csv", HEAD "Bench Staffing,03/04/2025,1000.00\n");
    const char *ref = NULL;
    assert_err(c, load_tier2(c, "a.csv", TIER2 "Bench Staffing,Thimble Row CIC,10/04/2025,300.00\n", &ref),
               ERR_OK);
    assert_err(c,
               load_tier2(c, "b.csv",
                          TIER2 "Bench Staffing,Thimble Row CIC,10/04/2025,300.00\n"
                                "Bench Staffing,Oddfield Ltd,10/04/2025,300.00\n",
                          &ref),
               ERR_OK);
    assert_int_equal(last.same_lines, 1);
    assert_int_equal(net_of(c, "Bench Staffing"), 40000);
    assert_int_equal(net_of(c, "Oddfield Ltd"), 30000);
    assert_number(c, UNTIED, 0);
}

static void test_files_of_the_two_kinds_are_not_taken_for_each_other(void **state) {
    struct ctx *c = loadtest_ready(state);
    load(c, "april.csv", HEAD "Bench Staffing,03/04/2025,1000.00\n");
    const char *ref = NULL;
    assert_err(c, load_tier2(c, "a.csv", HEAD "Thimble Row CIC,10/04/2025,300.00\n", &ref), ERR_INVALID);
    assert_string_equal(c->err_field, "kind");
}

#define T(name) cmocka_unit_test_setup_teardown(name, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_a_month_and_then_its_year_count_once),
        T(test_a_year_and_then_its_month_count_once),
        T(test_equal_payments_count_as_often_as_the_file_that_has_most_of_them),
        T(test_another_day_amount_or_payee_is_another_payment),
        T(test_transaction_numbers_tell_payments_apart_where_both_files_have_them),
        T(test_payments_of_another_body_are_never_the_same),
        T(test_without_a_decision_nothing_is_stored_and_the_question_is_put),
        T(test_payments_may_be_counted_all_the_same_when_a_person_says_so),
        T(test_a_look_says_what_is_the_same_and_stores_nothing),
        T(test_taking_a_load_back_leaves_exactly_what_was_there_before),
        T(test_what_a_later_load_left_to_one_that_goes_counts_there_again),
        T(test_after_the_year_is_taken_back_the_month_counts_again),
        T(test_after_taking_back_the_same_file_may_be_loaded_again),
        T(test_taking_back_what_is_not_there_is_not_found),
        T(test_a_payee_about_whom_a_person_decided_stays),
        T(test_a_file_takes_the_place_of_the_one_before_in_one_go),
        T(test_the_same_file_may_take_its_own_place),
        T(test_when_the_new_file_fails_the_old_one_stays),
        T(test_what_an_agency_paid_on_moves_to_those_who_got_it),
        T(test_no_agency_pays_on_more_than_it_got),
        T(test_two_tier_2_files_with_the_same_payment_count_it_once),
        T(test_files_of_the_two_kinds_are_not_taken_for_each_other),
    };
    return cmocka_run_group_tests(tests, loadtest_group_up, loadtest_group_down);
}
