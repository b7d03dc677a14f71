// SPDX-License-Identifier: Apache-2.0
// Promises of core/spend/match.h: who a payee is, by rules and by persons, and how each decision is taken
// back.
#include "db/matchtest.h"
#include "spend/review.h"

#include "base/clock.h"
#include "db/queries.gen.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_numbers_and_name_with_postcode_tie_at_once_and_names_alone_wait(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_payee(c, 1, "HFB", "HFB", "company_number", "'01234567'");
    matchtest_payee(c, 2, "LINNETS", "Linnets", "charity_number", "'1057671'");
    matchtest_payee(c, 3, "OSTLER AND DAUGHTERS", "Ostler and Daughters", "vat_number", "'123456782'");
    matchtest_payee(c, 4, "HARROW FIELD BRICKWORKS", "HARROW FIELD BRICKWORKS LIMITED", "postcode",
                    "'WN1 1AA'");
    matchtest_payee(c, 5, "HARROW FIELD BRICKWORKS", "HARROW FIELD BRICKWORKS LIMITED", "", "");
    matchtest_payee(c, 6, "HARROWFIELD BRICKWORK", "Harrowfield Brickwork", "", "");
    matchtest_payee(c, 7, "ZEBRA CROSSINGS", "Zebra Crossings", "", "");
    int64_t tied = 0, review = 0;
    assert_err(c, match_all(c, &tied, &review), ERR_OK);
    assert_string_equal(matchtest_shown(c, 1), "tied harrow company_number");
    assert_string_equal(matchtest_shown(c, 2), "tied linnet charity_number");
    assert_string_equal(matchtest_shown(c, 3), "tied ostler vat_number");
    assert_string_equal(matchtest_shown(c, 4), "tied harrow exact_name_postcode");
    assert_string_equal(matchtest_shown(c, 5), "review - exact_name");
    assert_string_equal(matchtest_shown(c, 6), "review - similar_name");
    assert_string_equal(matchtest_shown(c, 7), "open - ");
    assert_int_equal(tied, 4);
    assert_int_equal(review, 2);
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(payee_id || ':' || method || ':' || score_milli || ':' || "
                        "coalesce(by_id::text, 'rule'), ' ' ORDER BY payee_id) FROM core.payee_decision"),
        "1:company_number:1000:rule 2:charity_number:995:rule 3:vat_number:990:rule "
        "4:exact_name_postcode:970:rule");
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(q.payee_id || ' ' || o.ref, ', ' ORDER BY q.payee_id) FROM "
                        "core.payee_proposal q JOIN core.organisation o ON o.id = q.supplier_id"),
        "5 harrow, 6 harrow");
}

static void test_hidden_and_missing_names_are_never_matched(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_payee(c, 1, "", "REDACTED PERSONAL DATA", "redacted, company_number", "true, '01234567'");
    matchtest_payee(c, 2, "N A", "N/A", "company_number", "'01234567'");
    matchtest_payee(c, 3, "HARROW FIELD", "Harrow Field#REDACTED - PERSONAL DATA", "company_number",
                    "'01234567'");
    matchtest_run(c);
    for (int i = 1; i <= 3; i++) {
        assert_string_equal(matchtest_shown(c, i), "open - ");
    }
    assert_err(c, match_tie(c, 1, "harrow", true), ERR_INVALID);
}

static void test_only_the_payees_asked_for_are_matched(void **state) {
    struct ctx *c = matchtest_ctx(state);
    const int64_t ids[] = {2, 99};
    matchtest_payee(c, 1, "HFB", "HFB", "company_number", "'01234567'");
    matchtest_payee(c, 2, "HFB", "HFB Two", "company_number", "'01234567'");
    assert_err(c, match_payees(c, 2, ids, NULL, NULL), ERR_OK);
    assert_string_equal(matchtest_shown(c, 1), "open - ");
    assert_string_equal(matchtest_shown(c, 2), "tied harrow company_number");
    assert_err(c, match_payees(c, 0, NULL, NULL, NULL), ERR_OK);
    assert_string_equal(matchtest_shown(c, 1), "open - ");
}

static void test_a_namesake_makes_a_name_less_sure(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_payee(c, 1, "HARROW FIELD BRICKWORKS", "Harrow Field Brickworks Ltd", "", "");
    matchtest_run(c);
    const char *alone = dbtest_value(c, "SELECT match_score FROM core.payee WHERE id = 1");
    matchtest_supplier(c, "harrow2", "Harrow Field Brickworks Limited", "09999999", "", "", "BL1 1AA");
    matchtest_run(c);
    const char *two = dbtest_value(c, "SELECT match_score FROM core.payee WHERE id = 1");
    assert_true(strtoll(two, NULL, 10) + 100 <= strtoll(alone, NULL, 10));
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.payee_proposal WHERE payee_id = 1"), "2");
    // Merged, they are one business again.
    assert_err(c, match_merge(c, "harrow2", "harrow", "the same firm"), ERR_OK);
    matchtest_run(c);
    assert_string_equal(dbtest_value(c, "SELECT match_score FROM core.payee WHERE id = 1"), alone);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.payee_proposal WHERE payee_id = 1"), "1");
}

static void test_an_anchors_own_number_is_known_again(void **state) {
    struct ctx *c = matchtest_ctx(state);
    const char *council = dbtest_value(c, "SELECT id FROM core.organisation WHERE ref = 'council'");
    char more[80];
    snprintf(more, sizeof more, "%s, 'S43'", council);
    matchtest_payee(c, 1, "HARROW BRICKS", "Harrow Bricks", "anchor_id, supplier_no", more);
    assert_err(c, match_tie(c, 1, "harrow", false), ERR_OK);
    matchtest_payee(c, 2, "HARROW FIELD BRICK", "Harrow Field Brick", "anchor_id, supplier_no", more);
    matchtest_payee(c, 3, "TURNSTONE ALARMS", "Turnstone Alarms", "anchor_id, supplier_no", more);
    matchtest_run(c);
    assert_string_equal(matchtest_shown(c, 2), "tied harrow own_number");
    assert_string_equal(matchtest_shown(c, 3), "review - own_number"); // a number that a ledger used again
    // The tie rests on the first; without it, it is looked at again.
    assert_err(c, match_undo(c, matchtest_decision(c, 1)), ERR_OK);
    bool left;
    assert_err(c, match_due(c, &left), ERR_OK);
    assert_false(left);
    assert_string_equal(matchtest_shown(c, 2), "review - similar_name");
}

// Everything of these tables that a decision may touch, ids of decisions and times of undoing left out.
static const char *everything(struct ctx *c) {
    return dbtest_value(
        c,
        "SELECT (SELECT string_agg(p::text, E'\\n' ORDER BY p.id) FROM core.payee p) || "
        "coalesce((SELECT string_agg(d.payee_id || d.what || coalesce(d.supplier_id, 0), ',' ORDER BY "
        "d.payee_id, d.id) FROM core.payee_decision d WHERE d.undone_at IS NULL), '-') || "
        "coalesce((SELECT string_agg(a.match_name || coalesce(a.anchor_id, 0) || a.supplier_id, ',' ORDER BY "
        "a.id) FROM core.supplier_alias a WHERE a.ended_at IS NULL), '-')");
}

static void test_taking_a_decision_back_restores_what_was_there(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_payee(c, 1, "HFB", "HFB", "company_number", "'01234567'");
    matchtest_payee(c, 2, "HARROW FIELD BRICKWORKS", "Harrow Field Brickworks Ltd", "", "");
    matchtest_payee(c, 3, "HARROW FIELD BRICKWORKS", "Harrow Field Brickworks", "", "");
    matchtest_payee(c, 4, "SOMEBODY ELSE", "Somebody Else", "", "");
    matchtest_run(c);
    // One decision on top of the other, each taken back in turn.
    const char *before[5];
    for (int i = 0; i < 5; i++) {
        before[i] = everything(c);
        c->now_usec += 1000;
        assert_err(c,
                   i == 0   ? match_tie(c, 2, "harrow", true)
                   : i == 1 ? match_tie(c, 2, "ostler", true)
                   : i == 2 ? match_none(c, 1)
                   : i == 3 ? match_individual(c, 2)
                            : match_same(c, 4, 2),
                   ERR_OK);
        assert_string_not_equal(everything(c), before[i]);
    }
    assert_string_equal(matchtest_shown(c, 1), "none - person");
    assert_string_equal(matchtest_shown(c, 2), "individual - person");
    assert_string_equal(matchtest_shown(c, 3), "tied ostler alias");
    const int of[] = {2, 2, 1, 2, 4};
    for (int i = 4; i >= 0; i--) {
        c->now_usec += 1000;
        int64_t id = matchtest_decision(c, of[i]);
        assert_err(c, match_undo(c, id), ERR_OK);
        assert_string_equal(everything(c), before[i]);
        assert_err(c, match_undo(c, id), ERR_CONFLICT);
    }
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.audit WHERE action LIKE 'match.%%'"),
                        "10");
}

static void test_a_learned_name_holds_for_the_next_file_until_it_is_taken_back(void **state) {
    struct ctx *c = matchtest_ctx(state);
    const char *council = dbtest_value(c, "SELECT id FROM core.organisation WHERE ref = 'council'");
    const char *hospital = dbtest_value(c, "SELECT id FROM core.organisation WHERE ref = 'hospital'");
    char at_council[80], at_hospital[80];
    snprintf(at_council, sizeof at_council, "%s, '1'", council);
    snprintf(at_hospital, sizeof at_hospital, "%s, '1'", hospital);
    matchtest_payee(c, 1, "HB WORKS", "HB Works", "anchor_id, supplier_no", at_council);
    assert_err(c, match_tie(c, 1, "harrow", false), ERR_OK);
    snprintf(at_council, sizeof at_council, "%s, '2'", council);
    matchtest_payee(c, 2, "HB WORKS", "HB WORKS", "anchor_id, supplier_no", at_council);
    matchtest_payee(c, 3, "HB WORKS", "HB works", "anchor_id, supplier_no", at_hospital);
    matchtest_run(c);
    assert_string_equal(matchtest_shown(c, 2), "tied harrow alias");
    assert_string_equal(matchtest_shown(c, 3), "open - "); // at the council only
    c->now_usec += 1000;
    assert_err(c, match_tie(c, 3, "harrow", true), ERR_OK);
    matchtest_payee(c, 4, "HB WORKS", "Hb Works", "", "");
    matchtest_payee(c, 5, "HB WORKS", "HB Works", "company_number", "'07654321'"); // says that it is another
    matchtest_run(c);
    assert_string_equal(matchtest_shown(c, 4), "tied harrow alias");
    assert_string_equal(matchtest_shown(c, 5), "tied ostler company_number");
    assert_err(c, match_undo(c, matchtest_decision(c, 3)), ERR_OK);
    matchtest_run(c);
    assert_string_equal(matchtest_shown(c, 4), "open - ");
    assert_string_equal(matchtest_shown(c, 2), "tied harrow alias"); // that of the council stands
}

static void test_ties_of_a_learned_name_that_is_ended_are_looked_at_again(void **state) {
    struct ctx *c = matchtest_ctx(state);
    bool left = true;
    matchtest_payee(c, 1, "HB WORKS", "HB Works", "", "");
    assert_err(c, match_tie(c, 1, "harrow", true), ERR_OK);
    matchtest_payee(c, 2, "HB WORKS", "HB works", "postcode", "'ZZ1 1ZZ'");
    matchtest_run(c);
    assert_string_equal(matchtest_shown(c, 2), "tied harrow alias");
    assert_err(c, match_due(c, &left), ERR_OK);
    assert_err(c,
               review_end_alias(c, strtoll(dbtest_value(c, "SELECT id FROM core.supplier_alias"), NULL, 10)),
               ERR_OK);
    assert_err(c, match_due(c, &left), ERR_OK);
    assert_string_equal(matchtest_shown(c, 1), "tied harrow person");
    assert_string_equal(matchtest_shown(c, 2), "open - ");
}

static void test_a_persons_no_stands_when_the_rules_run_again(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_payee(c, 1, "HFB", "HFB", "company_number", "'01234567'");
    matchtest_payee(c, 2, "HFB", "HFB two", "company_number", "'01234567'");
    matchtest_run(c);
    assert_err(c, match_none(c, 1), ERR_OK);
    assert_err(c, match_undo(c, matchtest_decision(c, 2)), ERR_OK); // what a rule did
    matchtest_run(c);
    assert_string_equal(matchtest_shown(c, 1), "none - person");
    assert_string_equal(matchtest_shown(c, 2), "review - company_number");
    assert_non_null(strstr(dbtest_value(c, "SELECT reason FROM core.payee_proposal WHERE payee_id = 2"),
                           "took this tie back"));
}

static void test_a_supplier_that_changed_is_looked_at_again(void **state) {
    struct ctx *c = matchtest_ctx(state);
    bool left = true;
    matchtest_payee(c, 1, "HARROW FIELD BRICKWORKS", "Harrow Field Brickworks", "postcode", "'WN1 1AA'");
    matchtest_payee(c, 2, "MALLARD ROOFING", "Mallard Roofing", "postcode", "'WN1 1AA'");
    matchtest_payee(c, 3, "HARROW FIELD BRICKWORKS", "Harrow Field Brickworks", "", "");
    matchtest_payee(c, 4, "UNTOUCHED AND OPEN", "Untouched and Open", "", "");
    matchtest_run(c);
    assert_string_equal(matchtest_shown(c, 1), "tied harrow exact_name_postcode");
    assert_err(c, match_tie(c, 3, "harrow", false), ERR_OK);
    assert_err(c, match_due(c, &left), ERR_OK);
    dbtest_run(c, "UPDATE core.organisation SET name = 'Mallard Roofing Ltd' WHERE ref = 'harrow'");
    dbtest_run(
        c, "INSERT INTO core.match_due (supplier_id) SELECT id FROM core.organisation WHERE ref = 'harrow'");
    assert_err(c, match_due(c, &left), ERR_OK);
    assert_false(left);
    assert_string_equal(matchtest_shown(c, 1),
                        "tied harrow alias"); // what the person said of payee 3 holds for the name
    assert_string_equal(matchtest_shown(c, 2), "tied harrow exact_name_postcode");
    assert_string_equal(matchtest_shown(c, 3), "tied harrow person");
    // Without what the person said, the first is no longer theirs. An address they had before still is.
    const char *due =
        "INSERT INTO core.match_due (supplier_id) SELECT id FROM core.organisation WHERE ref = 'harrow'";
    assert_err(c, match_undo(c, matchtest_decision(c, 3)), ERR_OK);
    dbtest_run(c, "UPDATE core.supplier SET postcode = 'M1 1AE' WHERE company_number = '01234567'");
    dbtest_run(c, "%s", due);
    assert_err(c, match_due(c, &left), ERR_OK);
    assert_string_equal(matchtest_shown(c, 1), "open - ");
    assert_string_equal(matchtest_shown(c, 2), "tied harrow exact_name_postcode");
    dbtest_run(c, "DELETE FROM core.supplier_place");
    dbtest_run(c, "%s", due);
    assert_err(c, match_due(c, &left), ERR_OK);
    assert_string_equal(matchtest_shown(c, 2), "review - exact_name");
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.match_due"), "0");
    assert_string_equal(
        dbtest_value(c, "SELECT count(*) FROM core.payee_decision WHERE payee_id = 2 AND undone_at IS NOT "
                        "NULL AND undone_by IS NULL"),
        "1");
}

static void test_everything_is_due_after_a_register_was_loaded(void **state) {
    struct ctx *c = matchtest_ctx(state);
    bool left = true;
    matchtest_payee(c, 1, "HFB", "HFB", "company_number", "'01234567'");
    dbtest_run(c, "INSERT INTO core.match_due (supplier_id) VALUES (NULL)");
    assert_err(c, match_due(c, &left), ERR_OK);
    assert_string_equal(matchtest_shown(c, 1), "tied harrow company_number");
    assert_err(c, match_due(c, &left), ERR_OK);
    assert_false(left);
}

static void load_registers(struct ctx *c) {
    dbtest_run(c, "INSERT INTO core.company (number, name, match_name, category, status, postcode) VALUES "
                  "('05550001', 'TEASEL SIGNS LIMITED', 'TEASEL SIGNS', 'Private Limited Company', 'Active', "
                  "'WN1 1AA'), "
                  "('05550002', 'CURLEW LIFTS LIMITED', 'CURLEW LIFTS', 'Private Limited Company', 'Active', "
                  "'M1 1AE')");
    dbtest_run(c, "INSERT INTO core.charity (number, name, match_name, status, company_number) VALUES "
                  "('1100001', 'BRAMBLE BANK TRUST', 'BRAMBLE BANK TRUST', 'Registered', NULL), "
                  "('1100002', 'HARROW TRUST', 'HARROW TRUST', 'Registered', '01234567')");
}

static void test_an_entry_of_a_register_becomes_a_listing_that_is_not_public(void **state) {
    struct ctx *c = matchtest_ctx(state);
    load_registers(c);
    matchtest_payee(c, 1, "TEASEL", "Teasel", "company_number", "'05550001'");
    matchtest_payee(c, 2, "CURLEW LIFTS", "Curlew Lifts Ltd", "", "");
    matchtest_payee(c, 3, "BRAMBLE BANK TRUST", "Bramble Bank Trust", "", "");
    matchtest_payee(c, 4, "TEASEL SIGNS", "Teasel Signs Ltd", "company_number", "'05550001'");
    matchtest_run(c);
    const char *listed =
        "SELECT o.name || ' ' || s.listed_from || ' ' || s.public || ' ' || s.is_local || ' ' || "
        "(SELECT count(*) FROM core.supplier_tag t WHERE t.supplier_id = s.id) || ' ' || (SELECT "
        "string_agg(kind, ',') FROM core.supplier_place x WHERE x.supplier_id = s.id) FROM core.supplier s "
        "JOIN "
        "core.organisation o ON o.id = s.id WHERE s.company_number = '05550001'";
    assert_string_equal(dbtest_value(c, "%s", listed),
                        "TEASEL SIGNS LIMITED companies false true 1 registered");
    assert_string_equal(
        dbtest_value(c, "SELECT count(*) FROM core.payee WHERE id IN (1, 4) AND match_state = 'tied' AND "
                        "match_rule = 'company_number'"),
        "2");
    // The others are proposals by their numbers, until a person says so.
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(payee_id || company_number || charity_number, ' ' ORDER BY "
                        "payee_id) FROM core.payee_proposal WHERE supplier_id IS NULL"),
        "205550002 31100001");
    assert_err(c, match_tie_register(c, 2, "05550002", "", true), ERR_OK);
    assert_err(c, match_tie_register(c, 3, "", "1100001", true), ERR_OK);
    matchtest_payee(c, 5, "HARROW TRUST", "Harrow Trust", "", "");
    assert_err(c, match_tie_register(c, 5, "", "1100002", true), ERR_OK);
    assert_string_equal(matchtest_shown(c, 5),
                        "tied harrow person"); // the company is listed, and the charity is that company
    assert_err(c, match_none(c, 5), ERR_OK);
    assert_err(c, match_tie_register(c, 3, "05559999", "", true), ERR_NOT_FOUND);
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(s.listed_from, ' ' ORDER BY p.id) FROM core.payee p JOIN "
                        "core.supplier s ON s.id = p.supplier_id"),
        "companies companies charities companies");
}

static void test_merges_are_chains_without_circles_and_are_taken_back(void **state) {
    struct ctx *c = matchtest_ctx(state);
    assert_err(c, match_merge(c, "harrow", "linnet", "bought"), ERR_OK);
    assert_err(c, match_merge(c, "linnet", "ostler", ""), ERR_OK);
    assert_err(c, match_merge(c, "ostler", "harrow", ""), ERR_CONFLICT);
    assert_err(c, match_merge(c, "harrow", "ostler", ""), ERR_CONFLICT); // it counts as another already
    assert_err(c, match_merge(c, "harrow", "harrow", ""), ERR_CONFLICT);
    assert_err(c, match_merge(c, "harrow", "nobody", ""), ERR_NOT_FOUND);
    int64_t id = strtoll(dbtest_value(c, "SELECT max(id) FROM core.supplier_merge"), NULL, 10);
    assert_err(c, match_unmerge(c, id), ERR_OK);
    assert_err(c, match_unmerge(c, id), ERR_CONFLICT);
    assert_err(c, match_merge(c, "ostler", "harrow", ""), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.supplier_merge WHERE undone_at IS NULL"),
                        "2");
}

static void test_spellings_lead_to_one_payee_and_never_round(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_payee(c, 1, "A ONE", "A One", "", "");
    matchtest_payee(c, 2, "A TWO", "A Two", "", "");
    matchtest_payee(c, 3, "A THREE", "A Three", "", "");
    assert_err(c, match_same(c, 2, 1), ERR_OK);
    assert_err(c, match_same(c, 3, 2), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT same_as FROM core.payee WHERE id = 3"), "1");
    assert_err(c, match_same(c, 1, 3), ERR_CONFLICT);
    assert_err(c, match_same(c, 1, 1), ERR_CONFLICT);
    assert_err(c, match_same(c, 1, 77), ERR_NOT_FOUND);
}

static void test_who_is_no_officer_decides_nothing(void **state) {
    struct ctx *c = matchtest_ctx(state);
    matchtest_payee(c, 1, "HFB", "HFB", "", "");
    c->actor.perms = 1u << PERM_PUBLIC | 1u << PERM_SIGNED_IN;
    assert_err(c, match_tie(c, 1, "harrow", true), ERR_DENIED);
    assert_err(c, match_none(c, 1), ERR_DENIED);
    assert_err(c, match_undo(c, 1), ERR_DENIED);
    assert_err(c, match_merge(c, "harrow", "linnet", ""), ERR_DENIED);
    assert_string_equal(matchtest_shown(c, 1), "open - ");
}

struct officer {
    struct ctx *c;
    const char *ref;
    enum err got;
    pthread_barrier_t *start;
};

static void *decide(void *arg) {
    struct officer *o = arg;
    pthread_barrier_wait(o->start);
    o->got = match_tie(o->c, 1, o->ref, true);
    return NULL;
}

static void test_of_two_officers_at_once_one_wins_and_the_other_is_told(void **state) {
    struct ctx *c = matchtest_ctx(state);
    pthread_barrier_t start;
    struct officer o[2] = {{.ref = "harrow", .start = &start}, {.ref = "ostler", .start = &start}};
    pthread_t t[2];
    matchtest_payee(c, 1, "BOTH", "Both", "", "");
    pthread_barrier_init(&start, NULL, 2);
    for (int i = 0; i < 2; i++) {
        o[i].c = dbtest_new_ctx(*state);
        o[i].c->plugins = c->plugins;
        matchtest_act_as(o[i].c, i + 1);
        o[i].c->now_usec = c->now_usec + 1000 - i; // both pages were opened before either answer
    }
    o[1].c->now_usec = o[0].c->now_usec;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&t[i], NULL, decide, &o[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(t[i], NULL);
    }
    pthread_barrier_destroy(&start);
    assert_true((o[0].got == ERR_OK) != (o[1].got == ERR_OK));
    assert_int_equal(o[0].got == ERR_OK ? o[1].got : o[0].got, ERR_CONFLICT);
    assert_string_equal(matchtest_shown(c, 1),
                        o[0].got == ERR_OK ? "tied harrow person" : "tied ostler person");
    for (int i = 0; i < 2; i++) {
        dbtest_free_ctx(o[i].c);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, matchtest_set_up, matchtest_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_numbers_and_name_with_postcode_tie_at_once_and_names_alone_wait),
        TEST(test_hidden_and_missing_names_are_never_matched),
        TEST(test_only_the_payees_asked_for_are_matched),
        TEST(test_a_namesake_makes_a_name_less_sure),
        TEST(test_an_anchors_own_number_is_known_again),
        TEST(test_taking_a_decision_back_restores_what_was_there),
        TEST(test_a_learned_name_holds_for_the_next_file_until_it_is_taken_back),
        TEST(test_ties_of_a_learned_name_that_is_ended_are_looked_at_again),
        TEST(test_a_persons_no_stands_when_the_rules_run_again),
        TEST(test_a_supplier_that_changed_is_looked_at_again),
        TEST(test_everything_is_due_after_a_register_was_loaded),
        TEST(test_an_entry_of_a_register_becomes_a_listing_that_is_not_public),
        TEST(test_merges_are_chains_without_circles_and_are_taken_back),
        TEST(test_spellings_lead_to_one_payee_and_never_round),
        TEST(test_who_is_no_officer_decides_nothing),
        TEST(test_of_two_officers_at_once_one_wins_and_the_other_is_told),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
