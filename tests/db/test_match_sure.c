// SPDX-License-Identifier: Apache-2.0
// What makes a tie sure enough to be made by a rule, and what takes that away: numbers of an anchor's own,
// numbers that speak against each other, two that fit equally well.
#include "db/matchtest.h"

#include <string.h>

#define S43             "S43"
#define TIE(c, id, ref) assert_err((c), match_tie((c), (id), (ref), false), ERR_OK)

static const char *reason_of(struct ctx *c, int payee) {
    return dbtest_value(c, "SELECT reason FROM core.payee_proposal WHERE payee_id = %d AND place = 1", payee);
}

static void test_a_number_that_led_to_two_suppliers_leads_to_nobody(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_payee_of_council(c, 1, "ONE", "One", S43, "");
    matchtest_payee_of_council(c, 2, "TWO", "Two", S43, "");
    TIE(c, 1, "harrow");
    TIE(c, 2, "linnet");
    matchtest_payee_of_council(c, 3, "HARROW FIELD BRICK", "Harrow Field Brick", S43, "");
    matchtest_run(c);
    assert_string_equal(matchtest_proposed(c, 3), "harrow own_number 700, linnet own_number 700");
    assert_string_equal(reason_of(c, 3),
                        "The anchor paid several suppliers under this supplier number before.");
    // A register's number still decides.
    matchtest_payee_of_council(c, 4, "FOUR", "Four", S43, ", company_number = '01234567'");
    matchtest_run(c);
    assert_string_equal(matchtest_shown(c, 4), "tied harrow company_number");
}

static void test_an_anchors_number_gives_way_to_a_number_of_a_register(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_payee_of_council(c, 1, "HARROW BRICKS", "Harrow Bricks", S43, "");
    TIE(c, 1, "harrow");
    matchtest_payee_of_council(c, 2, "HARROW FIELD BRICKWORKS", "Harrow Field Brickworks", S43,
                               ", company_number = '07654321'");
    matchtest_payee_of_council(c, 3, "HARROW BRICKS", "Harrow Bricks", S43, ", company_number = '07654321'");
    matchtest_run(c);
    assert_string_equal(matchtest_shown(c, 2), "tied ostler company_number");
    assert_string_equal(matchtest_shown(c, 3), "tied ostler company_number"); // though the name was harrow's
}

static void test_an_anchors_number_stands_above_a_number_that_says_nothing_of_its_supplier(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_supplier(c, "pintail", "Pintail Homecare", "", "", "", "WN3 3CC"); // in no register
    matchtest_payee_of_council(c, 1, "PINTAIL", "Pintail", S43, "");
    TIE(c, 1, "pintail");
    matchtest_payee_of_council(c, 2, "PINTAIL HOMECARE", "Pintail Homecare", S43,
                               ", company_number = '07654321'");
    matchtest_run(c);
    assert_string_equal(matchtest_shown(c, 2), "tied pintail own_number");
}

static void test_a_name_that_was_tied_before_is_known_under_the_same_number(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_payee_of_council(c, 1, "HFB", "HFB", S43, "");
    dbtest_run(c, "UPDATE core.payee SET match_state = 'tied', match_rule = 'person', supplier_id = (SELECT "
                  "id FROM core.organisation WHERE ref = 'harrow'), matched_by = 1 WHERE id = 1");
    matchtest_payee_of_council(c, 2, "HFB", "H.F.B.", S43, "");      // the name, which is not the register's
    matchtest_payee_of_council(c, 3, "TEASELS", "Teasels", S43, ""); // another name
    matchtest_run(c);
    assert_string_equal(matchtest_shown(c, 2), "tied harrow own_number");
    assert_string_equal(matchtest_shown(c, 3), "review - own_number");
    assert_non_null(strstr(reason_of(c, 3), "but the name is another one"));
}

static void test_two_that_fit_equally_well_are_shown_to_a_person(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_supplier(c, "harrow-two", "Harrow Field Brickworks Limited", "", "", "", "WN1 1AA");
    matchtest_payee(c, 1, "HARROW FIELD BRICKWORKS", "Harrow Field Brickworks Ltd", "postcode", "'WN1 1AA'");
    matchtest_run(c);
    assert_string_equal(matchtest_shown(c, 1), "review - exact_name_postcode");
    assert_string_equal(matchtest_proposed(c, 1),
                        "harrow exact_name_postcode 970, harrow-two exact_name_postcode 970");
    // Once a person said that they are one business, there is only one that fits.
    assert_err(c, match_merge(c, "harrow-two", "harrow", "the same"), ERR_OK);
    matchtest_run(c);
    assert_string_equal(matchtest_shown(c, 1), "tied harrow exact_name_postcode");
}

static void test_beside_the_very_name_no_name_that_is_only_alike_is_shown(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_supplier(c, "brickwork", "Harrow Fields Brickwork Ltd", "", "", "", "M2 2BB");
    matchtest_payee(c, 1, "HARROW FIELD BRICKWORKS", "Harrow Field Brickworks Ltd", "", "");
    matchtest_payee(c, 2, "HARROW FIELDS BRICKWORKS", "Harrow Fields Brickworks Ltd", "", "");
    matchtest_run(c);
    assert_string_equal(matchtest_proposed(c, 1), "harrow exact_name 940");
    assert_non_null(strstr(matchtest_proposed(c, 2), "harrow similar_name"));
    assert_non_null(strstr(matchtest_proposed(c, 2), "brickwork similar_name"));
}

static void test_who_is_far_less_likely_than_the_best_is_not_shown(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_payee_of_council(c, 1, "ONE", "One", S43, "");
    matchtest_payee_of_council(c, 2, "TWO", "Two", S43, "");
    TIE(c, 1, "harrow");
    TIE(c, 2, "ostler");
    matchtest_payee_of_council(c, 3, "LINNET COURT TRUST", "Linnet Court Trust", S43, "");
    matchtest_run(c);
    assert_string_equal(matchtest_proposed(c, 3), "linnet exact_name 900");
}

static void test_a_supplier_that_got_a_vat_number_is_sought_among_names_that_have_it(void **state) {
    struct ctx *c = matchtest_ctx(state);
    bool left = true;
    matchtest_payee(c, 1, "TEASEL SIGNS", "Teasel Signs", "vat_number", "'123456727'");
    matchtest_run(c);
    assert_err(c, match_due(c, &left), ERR_OK);
    assert_string_equal(matchtest_shown(c, 1), "open - ");
    dbtest_run(c, "UPDATE core.supplier SET vat_number = '123456727' WHERE company_number = '01234567'");
    dbtest_run(c, "INSERT INTO core.match_due (supplier_id) SELECT id FROM core.organisation WHERE ref = "
                  "'harrow'");
    assert_err(c, match_due(c, &left), ERR_OK);
    assert_string_equal(matchtest_shown(c, 1), "review - vat_number"); // the names are not alike
}

static void test_more_changes_than_are_taken_at_once_leave_something_to_do(void **state) {
    struct ctx *c = matchtest_ctx(state);
    bool left = false;
    dbtest_run(c, "DELETE FROM core.match_due");
    dbtest_run(c, "INSERT INTO core.match_due (supplier_id) SELECT o.id FROM core.organisation o, "
                  "generate_series(1, 501) WHERE o.ref = 'harrow'");
    assert_err(c, match_due(c, &left), ERR_OK);
    assert_true(left);
    assert_err(c, match_due(c, &left), ERR_OK);
    assert_false(left);
}

// What adds payments up follows seven steps, so no chain is longer.
static void test_chains_of_merges_and_spellings_end_where_sums_still_follow_them(void **state) {
    struct ctx *c = matchtest_ctx(state);
    for (int i = 1; i <= 9; i++) {
        const char *ref = arena_printf(c->arena, "chain-%d", i);
        matchtest_supplier(c, ref, ref, "", "", "", "");
        matchtest_payee(c, i, ref, ref, "", "");
    }
    for (int i = 1; i <= 8; i++) {
        enum err want = i <= 7 ? ERR_OK : ERR_CONFLICT;
        assert_err(c,
                   match_merge(c, arena_printf(c->arena, "chain-%d", i),
                               arena_printf(c->arena, "chain-%d", i + 1), ""),
                   want);
        assert_err(c, match_same(c, i, i + 1), want);
    }
    assert_err(c, match_merge(c, "chain-1", "harrow", ""), ERR_CONFLICT);
    assert_non_null(strstr(c->err_detail, "counts as another supplier already"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, matchtest_set_up, matchtest_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_number_that_led_to_two_suppliers_leads_to_nobody),
        TEST(test_an_anchors_number_gives_way_to_a_number_of_a_register),
        TEST(test_an_anchors_number_stands_above_a_number_that_says_nothing_of_its_supplier),
        TEST(test_a_name_that_was_tied_before_is_known_under_the_same_number),
        TEST(test_two_that_fit_equally_well_are_shown_to_a_person),
        TEST(test_beside_the_very_name_no_name_that_is_only_alike_is_shown),
        TEST(test_who_is_far_less_likely_than_the_best_is_not_shown),
        TEST(test_a_supplier_that_got_a_vat_number_is_sought_among_names_that_have_it),
        TEST(test_chains_of_merges_and_spellings_end_where_sums_still_follow_them),
        TEST(test_more_changes_than_are_taken_at_once_leave_something_to_do),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
