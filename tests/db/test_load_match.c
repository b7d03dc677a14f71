// SPDX-License-Identifier: Apache-2.0
// Payees that come with a load: what rules tie is in the figures from the first moment, what they only
// propose is there once the worker has run.
#include "db/loadtest.h"

#include "spend/match.h"

#include <string.h>

// "open|" for a payee, then its supplier, its rule and how many are proposed.
static const char *shown(struct ctx *c, const char *like) {
    return dbtest_value(
        c,
        "SELECT concat_ws('|', p.match_state, coalesce(o.ref, '-'), p.match_rule, (SELECT count(*) FROM "
        "core.payee_proposal q WHERE q.payee_id = p.id)) FROM core.payee p LEFT JOIN "
        "core.organisation o ON o.id = p.supplier_id WHERE p.name LIKE '%s'",
        like);
}

static void worker(struct ctx *c) {
    bool left = true;
    while (left) {
        assert_err(c, match_due(c, &left), ERR_OK);
    }
    assert_number(c, "SELECT count(*) FROM core.match_due", 0);
}

static void test_what_rules_tie_is_tied_with_the_load_and_proposals_follow(void **state) {
    struct ctx *c = loadtest_ready(state);
    loadtest_supplier(c, "quarry", "Quarry Homes Ltd", "01234567", "");
    loadtest_supplier(c, "marl", "Marl Lane Nurseries Ltd", "", "");
    loadtest_supplier(c, "saltway", "Saltway Roofing Ltd", "", "");
    loadtest_load(c, "council",
                  loadtest_file(c, "three.csv",
                                "Supplier,Company Number,Supplier Postcode,Date,Amount\n"
                                "QH Group,01234567,,20/05/2025,300.00\n"
                                "Marl Lane Nurseries Limited,,WN1 1AA,21/05/2025,50.00\n"
                                "Saltway Roofing Limited,,,22/05/2025,400.00\n"
                                "Nobody Hereabouts Ltd,,,22/05/2025,1.00\n"));
    assert_string_equal(shown(c, "QH%"), "tied|quarry|company_number|0");
    assert_string_equal(shown(c, "Marl%"), "tied|marl|exact_name_postcode|0");
    assert_string_equal(shown(c, "Saltway%"), "open|-||0");
    assert_number(
        c,
        "SELECT sum(s.amount_pence) FROM core.spend_sum s JOIN core.payee p ON p.id = s.payee_id WHERE "
        "p.supplier_id IS NOT NULL",
        35000);
    worker(c);
    assert_string_equal(shown(c, "QH%"), "tied|quarry|company_number|0");
    assert_string_equal(shown(c, "Marl%"), "tied|marl|exact_name_postcode|0");
    assert_string_equal(shown(c, "Saltway%"), "review|-|exact_name|1");
    assert_string_equal(shown(c, "Nobody%"), "open|-||0");
    assert_number(c, "SELECT count(*) FROM core.payee_decision", 2);
}

static void test_a_learned_name_ties_with_the_load(void **state) {
    struct ctx *c = loadtest_ready(state);
    loadtest_supplier(c, "ours", "Thimblefold Makers CIC", "", "");
    loadtest_load(c, "council",
                  loadtest_file(c, "first.csv", "Supplier,Date,Amount\nT'fold M/kers,20/05/2025,3.00\n"));
    assert_string_equal(shown(c, "T''fold%"), "open|-||0");
    dbtest_run(
        c, "INSERT INTO core.supplier_alias (match_name, supplier_id, decided_at) SELECT p.match_name, s.id, "
           "now() FROM core.payee p, core.supplier s WHERE s.match_name LIKE 'Thimble%%'");
    dbtest_run(c, "DELETE FROM core.match_due");
    dbtest_run(c, "UPDATE core.payee SET ident = 'P' || id"); // so that the next file's is another
    loadtest_load(c, "hospital",
                  loadtest_file(c, "next.csv", "Supplier,Date,Amount\nT'fold M/kers,21/05/2025,5.00\n"));
    assert_number(c, "SELECT count(*) FROM core.payee WHERE match_state = 'tied' AND match_rule = 'alias'",
                  1);
}

static void test_a_load_that_fails_leaves_nothing_to_be_matched(void **state) {
    struct ctx *c = loadtest_ready(state);
    const char *file = loadtest_file(c, "one.csv", "Supplier,Date,Amount\nWeir Bank Ltd,20/05/2025,3.00\n");
    struct load_orders o = loadtest_orders();
    struct load_summary s;
    const char *ref;
    loadtest_load(c, "council", file);
    assert_number(c, "SELECT count(*) FROM core.match_due WHERE until_payee - from_payee = 0", 1);
    assert_err(c, loadtest_try(c, file, &o, &s, &ref), ERR_CONFLICT); // this very file again
    assert_number(c, "SELECT count(*) FROM core.match_due", 1);
    worker(c);
    loadtest_load(c, "hospital", file); // nobody new
    assert_number(c, "SELECT count(*) FROM core.match_due", 0);
}

static void test_payees_that_are_gone_or_decided_meanwhile_are_left_alone(void **state) {
    struct ctx *c = loadtest_ready(state);
    loadtest_supplier(c, "saltway", "Saltway Roofing Ltd", "", "");
    const char *ref =
        loadtest_load(c, "council",
                      loadtest_file(c, "two.csv",
                                    "Supplier,Date,Amount\nSaltway Roofing Limited,20/05/2025,3.00\n"
                                    "Weir Bank Ltd,20/05/2025,3.00\n"));
    dbtest_run(c, "UPDATE core.payee SET match_state = 'none' WHERE name LIKE 'Saltway%%'");
    worker(c);
    assert_string_equal(shown(c, "Saltway%"), "none|-||0");
    loadtest_load(c, "council",
                  loadtest_file(c, "more.csv", "Supplier,Date,Amount\nGone Soon Ltd,20/05/2025,3.00\n"));
    dbtest_run(c, "DELETE FROM core.payee WHERE name LIKE 'Gone%%'");
    worker(c);
    assert_err(c, load_take_back(c, ref), ERR_OK);
}

#define T(name) cmocka_unit_test_setup_teardown(name, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_what_rules_tie_is_tied_with_the_load_and_proposals_follow),
        T(test_a_learned_name_ties_with_the_load),
        T(test_a_load_that_fails_leaves_nothing_to_be_matched),
        T(test_payees_that_are_gone_or_decided_meanwhile_are_left_alone),
    };
    return cmocka_run_group_tests(tests, loadtest_group_up, loadtest_group_down);
}
