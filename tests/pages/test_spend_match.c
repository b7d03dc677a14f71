// SPDX-License-Identifier: Apache-2.0
// Promises of the pages on who was paid, through the real routes: order, decisions, undoing, two officers,
// merges, learned names, rights.
#include "spend/review.h"
#include "support/market.h"
#include "support/pagetest.h"
#include "support/payments.h"

#include <stdlib.h>
#include <string.h>

static struct stage stage;

static int set_up(void **state) {
    return pagetest_setup(state, &stage, NULL, NULL);
}

static int tear_down(void **state) {
    return pagetest_teardown(state, &stage);
}

// ---- an invented year of payments ---------------------------------------------------------------------

static void pay(struct ctx *c, const char *load, const char *payee, int year, long long pence) {
    payments_add(c, &(struct test_payment){.load = load,
                                           .payee = payee,
                                           .day = arena_printf(c->arena, "%d-06-01", year),
                                           .pence = pence});
}

static void propose(struct ctx *c, const char *payee, int place, const char *supplier, const char *method,
                    int score) {
    dbtest_run(c,
               "INSERT INTO core.payee_proposal (payee_id, place, supplier_id, method, score_milli, reason) "
               "SELECT %s, %d, id, '%s', %d, 'The names read alike.' FROM core.organisation WHERE ref = '%s'",
               payee, place, method, score, supplier);
}

struct cast {
    const char *brook, *hill, *nobody, *hidden; // ids of payees
};

// Three names that wait: brook (2 years, £3,000), hill (£500), nobody (£40); one hidden (£60).
static struct cast fill(struct ctx *c) {
    struct cast k;
    market_fill(c);
    dbtest_run(c, "UPDATE core.membership SET role = 'officer' WHERE org_id IN (SELECT id FROM "
                  "core.organisation WHERE ref IN ('hospital', 'hill'))");
    payments_add_load(c, "LOADC", "council");
    payments_add_load(c, "LOADH", "hospital");
    k.hill = payments_add_payee(c, "HILL SERVICES", "review", "");
    k.brook = payments_add_payee(c, "BROOK CATERING LTD", "review",
                                 "anchor_id = (SELECT id FROM core.organisation WHERE ref = 'council'), "
                                 "supplier_no = '4711', company_number = '01234567', postcode = 'WN1 1AB'");
    k.nobody = payments_add_payee(c, "ZED AND SONS", "open", "");
    k.hidden = payments_add_payee(c, "REDACTED", "open", "redacted = true");
    pay(c, "LOADC", k.brook, 2024, 100000);
    pay(c, "LOADC", k.brook, 2025, 150000);
    pay(c, "LOADH", k.brook, 2025, 50000);
    pay(c, "LOADH", k.hill, 2025, 50000);
    pay(c, "LOADC", k.nobody, 2025, 4000);
    pay(c, "LOADC", k.hidden, 2025, 6000);
    propose(c, k.brook, 1, "brook", "exact_name", 930);
    propose(c, k.brook, 2, "vale", "fuzzy", 620);
    propose(c, k.hill, 1, "hill", "fuzzy", 710);
    return k;
}

static struct visitor officer(struct dbtest *t) {
    return pagetest_visitor(stage.app, t, "hospital");
}

static const char *at(struct dbtest *t, const char *fmt, const char *id) {
    return arena_printf(t->arena, "/officer/spend/%s%s", fmt, id);
}

static const char *state_of(struct dbtest *t, const char *payee) {
    return dbtest_value(t->c, "SELECT match_state FROM core.payee WHERE id = %s", payee);
}

static const char *decision_of(struct dbtest *t, const char *payee) {
    return dbtest_value(
        t->c, "SELECT max(id) FROM core.payee_decision WHERE payee_id = %s AND undone_at IS NULL", payee);
}

// ---- the queue ----------------------------------------------------------------------------------------

static void test_the_queue_begins_with_the_most_pounds_and_leaves_hidden_names_out(void **state) {
    struct dbtest *t = *state;
    fill(t->c);
    struct visitor v = officer(t);
    struct page p = pagetest_get(&v, "/officer/spend/match");
    assert_page(p, 200, "3 names, £3,540");
    const char *brook = strstr(p.body, "BROOK CATERING LTD"), *hill = strstr(p.body, "HILL SERVICES"),
               *zed = strstr(p.body, "ZED AND SONS");
    assert_true(brook && hill && zed && brook < hill && hill < zed);
    assert_null(strstr(p.body, "REDACTED"));
    assert_page(p, 200, "£3,000.00");  // of both years and both anchors
    assert_page(p, 200, "Firm brook"); // the best proposal
    assert_page(p, 200, "Very likely");
    assert_page(p, 200, "83.3%"); // of all £3,600
}

static void test_how_far_the_work_has_come_is_told_to_the_penny(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    dbtest_run(t->c, "UPDATE core.payee SET match_state = 'tied' WHERE id = %s", k.hill);
    struct visitor v = officer(t);
    struct page p = pagetest_get(&v, "/officer/spend/match");
    assert_page(p, 200, "£500.00 of £3,600.00 is matched");
    assert_page(p, 200, "£3,040.00 (84.4%)");
    assert_page(p, 200, "£60.00 (1.7%) went to names that the files hide");
}

static void test_filters_stand_in_the_address_and_what_does_not_exist_means_not_chosen(void **state) {
    struct dbtest *t = *state;
    fill(t->c);
    struct visitor v = officer(t);
    assert_page(pagetest_get(&v, "/officer/spend/match?anchor=hospital"), 200, "2 names, £1,000");
    assert_page(pagetest_get(&v, "/officer/spend/match?state=open"), 200, "1 name, £40");
    assert_page(pagetest_get(&v, "/officer/spend/match?least=1000"), 200, "1 name, £3,000");
    assert_page(pagetest_get(&v, "/officer/spend/match?q=4711"), 200, "BROOK CATERING LTD");
    assert_page(pagetest_get(&v, "/officer/spend/match?q=%25"), 200, "No name fits all of this");
    assert_page(pagetest_get(&v, "/officer/spend/match?state=x&anchor=' OR 1=1&least=-1"), 200, "3 names");
    struct page p = pagetest_get(&v, "/officer/spend/match?state=review&anchor=hospital");
    assert_non_null(strstr(p.body, "?state=review&amp;anchor=hospital"));
}

static void assert_found(struct ctx *c, struct visitor *v, const char *brook) {
    assert_page(pagetest_get(v, "/officer/spend/match?q=catering"), 200, "1 name, £3,000");
    assert_page(pagetest_get(v, "/officer/spend/match?q=cAtEr"), 200, "BROOK CATERING LTD");
    assert_page(pagetest_get(v, "/officer/spend/match?q=4711"), 200, "BROOK CATERING LTD");
    assert_page(pagetest_get(v, "/officer/spend/match?q=caterers"), 200, "No name fits all of this");
    assert_page(pagetest_get(v, "/officer/spend/match?q=%25"), 200, "No name fits all of this");
    assert_page(pagetest_get(v, "/officer/spend/match?q=catering&state=open"), 200, "No name fits");
    assert_page(pagetest_get(v, "/officer/spend/match.csv?q=catering"), 200, "BROOK CATERING LTD,To check");
    struct page p = pagetest_get(v, arena_printf(c->arena, "/officer/spend/match/%s?q=catering", brook));
    assert_page(p, 200, "1 of 1");
}

// Names that came with the last load are looked at one by one until the worker has been there.
static void
test_a_part_of_a_name_finds_the_same_before_while_and_after_the_worker_indexes_names(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    struct visitor v = officer(t);
    assert_number(t->c, "SELECT count(*) FROM core.payee_word", 0);
    assert_found(t->c, &v, k.brook);
    dbtest_run(t->c, "SELECT core.payee_word_add(1)");
    assert_number(t->c, "SELECT count(*) FROM core.payee_word", 1);
    assert_found(t->c, &v, k.brook);
    bool more = true;
    for (int i = 0; more; i++) {
        assert_true(i < 10);
        assert_err(t->c, review_work(t->c, &more), ERR_OK);
    }
    assert_number(t->c, "SELECT (SELECT count(*) FROM core.payee_word) - (SELECT count(*) FROM core.payee)",
                  0);
    assert_found(t->c, &v, k.brook);
    // Every search from here on is by the index: a name that only it has, and one that is gone.
    dbtest_run(t->c, "UPDATE core.payee_word SET words = 'Zinnia Nurseries' WHERE payee_id = %s", k.hill);
    assert_page(pagetest_get(&v, "/officer/spend/match?q=zinnia"), 200, "1 name, £500");
    dbtest_run(t->c, "UPDATE core.payee SET name = name WHERE id = %s", k.hill);
    assert_page(pagetest_get(&v, "/officer/spend/match?q=zinnia"), 200, "No name fits all of this");
    assert_found(t->c, &v, k.brook);
}

static void test_an_empty_queue_says_why(void **state) {
    struct dbtest *t = *state;
    market_fill(t->c);
    dbtest_run(t->c, "UPDATE core.membership SET role = 'officer'");
    struct visitor v = officer(t);
    assert_page(pagetest_get(&v, "/officer/spend/match"), 200,
                "Names appear here when a payments file is loaded");
    assert_page(pagetest_get(&v, "/officer/spend/aliases"), 200, "Nothing has been learned yet");
    assert_page(pagetest_get(&v, "/officer/spend/merges"), 200, "No listings were put together yet");
}

static void test_the_queue_comes_as_csv_and_json(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    dbtest_run(t->c, "UPDATE core.payee SET name = '=1+1' WHERE id = %s", k.nobody);
    struct visitor v = officer(t);
    struct page p = pagetest_get(&v, "/officer/spend/match.csv");
    assert_page(p, 200, "BROOK CATERING LTD,To check,3000.00,3,\"Body council, Body hospital\"");
    assert_page(p, 200, "'=1+1");
    assert_page(pagetest_get(&v, "/officer/spend/match.json?state=open"), 200, "\"paid_pence\":4000");
}

// ---- one name -----------------------------------------------------------------------------------------

static void test_a_name_shows_what_the_files_say_beside_what_is_proposed(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    struct visitor v = officer(t);
    struct page p = pagetest_get(&v, at(t, "match/", k.brook));
    assert_page(p, 200, "Who is BROOK CATERING LTD?");
    assert_page(p, 200, "1 of 3, £3,540.00 to place");
    assert_page(p, 200, "value=\"s:brook\"");
    assert_page(p, 200, "accesskey=\"1\" autofocus");
    assert_page(p, 200, "01234567 <strong class=\"govuk-tag anc-tag--done\">Same</strong>");
    assert_page(p, 200, "WN1 1AB <strong class=\"govuk-tag anc-tag--done\">Same</strong>");
    assert_page(p, 200, "4711 at Body council");
    assert_page(p, 200, "Only for payments by Body council");
    assert_page(p, 200, "Catering: Lunches");
    assert_page(p, 200, "2024/25");
    const char *first = strstr(p.body, "value=\"s:brook\""), *second = strstr(p.body, "value=\"s:vale\"");
    assert_true(first && second && first < second);
}

static void test_a_decision_moves_on_in_the_same_queue_and_can_be_undone(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    struct visitor v = officer(t);
    struct page p = pagetest_post(&v, arena_printf(t->arena, "/officer/spend/match/%s?state=review", k.brook),
                                  "answer=s:brook&remember=everywhere&seen=0");
    assert_page(p, 303, NULL);
    const char *decision = decision_of(t, k.brook);
    assert_string_equal(
        p.location, arena_printf(t->arena, "/officer/spend/match/%s?state=review&did=%s", k.hill, decision));
    assert_string_equal(state_of(t, k.brook), "tied");
    p = pagetest_get(&v, p.location);
    assert_page(p, 200, "Who is HILL SERVICES?");
    assert_page(p, 200, "BROOK CATERING LTD</a> is Firm brook");
    const char *undo =
        arena_printf(t->arena, "/officer/spend/decisions/%s/undo?to=queue&state=review", decision);
    p = pagetest_post(&v, undo, "");
    assert_page(p, 303, NULL);
    assert_string_equal(p.location, arena_printf(t->arena, "/officer/spend/match/%s?state=review", k.brook));
    assert_string_equal(state_of(t, k.brook), "review");
    assert_page(pagetest_post(&v, undo, ""), 303, NULL); // once more does no harm
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.supplier_alias WHERE ended_at IS NULL"),
                        "0");
}

static void test_the_last_of_a_queue_leads_back_to_the_list(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    struct visitor v = officer(t);
    struct page p = pagetest_post(&v, at(t, "match/", k.nobody), "answer=none&remember=everywhere&seen=0");
    assert_page(p, 303, "");
    assert_non_null(strstr(p.location, "/officer/spend/match?did="));
    assert_page(pagetest_get(&v, p.location), 200, "ZED AND SONS</a> is nobody in our lists");
    assert_string_equal(state_of(t, k.nobody), "none");
}

static void test_without_an_answer_the_page_says_what_to_do(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    struct visitor v = officer(t);
    struct page p = pagetest_post(&v, at(t, "match/", k.brook), "remember=here&seen=0");
    assert_page(p, 422, "Choose who this is");
    assert_page(p, 422, "href=\"#answer\"");
    assert_page(p, 422, "value=\"here\" checked"); // what was chosen is still there
    assert_null(strstr(p.body, "autofocus"));
    assert_page(pagetest_post(&v, at(t, "match/", k.brook), "answer=s:ghost&remember=everywhere&seen=0"), 422,
                "not in our lists any more");
    assert_page(pagetest_post(&v, at(t, "match/", k.brook), "answer=<b>&remember=everywhere&seen=0"), 422,
                NULL);
    assert_string_equal(state_of(t, k.brook), "review");
}

static void test_the_second_of_two_officers_is_told_who_decided_what(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    struct visitor first = officer(t), second = pagetest_visitor(stage.app, t, "hill");
    const char *page = at(t, "match/", k.brook);
    assert_page(pagetest_post(&first, page, "answer=s:brook&remember=everywhere&seen=0"), 303, NULL);
    struct page p = pagetest_post(&second, page, "answer=s:vale&remember=everywhere&seen=0");
    assert_page(p, 422, "Somebody else decided about this name");
    assert_page(p, 422, "this name is Firm brook. By Person of hospital");
    assert_page(p, 422, "value=\"s:vale\"");
    assert_page(p, 422, arena_printf(t->arena, "name=\"seen\" value=\"%s\"", decision_of(t, k.brook)));
    assert_string_equal(
        dbtest_value(
            t->c,
            "SELECT o.ref FROM core.payee p JOIN core.organisation o ON o.id = p.supplier_id WHERE p.id = %s",
            k.brook),
        "brook");
    const char *again =
        arena_printf(t->arena, "answer=s:vale&remember=everywhere&seen=%s", decision_of(t, k.brook));
    assert_page(pagetest_post(&second, page, again), 303, NULL); // having seen it, they may
    assert_string_equal(
        dbtest_value(
            t->c,
            "SELECT o.ref FROM core.payee p JOIN core.organisation o ON o.id = p.supplier_id WHERE p.id = %s",
            k.brook),
        "vale");
    assert_null(strstr(pagetest_get(&first, at(t, "match?did=", decision_of(t, k.brook))).body,
                       "Undo</button>")); // not theirs
}

static void test_somebody_else_is_found_by_name_number_register_and_spelling(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    dbtest_run(t->c, "INSERT INTO core.company (number, name, match_name, category, status, postcode) VALUES "
                     "('09999999', 'ZED AND SONS LIMITED', 'ZED AND SONS', 'Private', 'Active', 'WN1 1AA')");
    struct visitor v = officer(t);
    assert_page(
        pagetest_get(&v, arena_printf(t->arena, "/officer/spend/match/%s?find=firm%%20vale", k.nobody)), 200,
        "value=\"s:vale\"");
    assert_page(pagetest_get(&v, arena_printf(t->arena, "/officer/spend/match/%s?find=01234567", k.nobody)),
                200, "value=\"s:brook\"");
    struct page p = pagetest_get(
        &v, arena_printf(t->arena, "/officer/spend/match/%s?find=Zed%%20and&state=open", k.nobody));
    assert_page(p, 200, "value=\"c:09999999\"");
    assert_page(p, 200, "name=\"state\" value=\"open\""); // the queue is not lost by looking
    assert_page(pagetest_get(&v, arena_printf(t->arena, "/officer/spend/match/%s?find=brook", k.nobody)), 200,
                "Another spelling of BROOK CATERING LTD");
    assert_page(pagetest_get(&v, arena_printf(t->arena, "/officer/spend/match/%s?find=xyzzy", k.nobody)), 200,
                "Nobody of that name or number was found");
    assert_page(pagetest_post(&v, at(t, "match/", k.nobody), "answer=c:09999999&remember=everywhere&seen=0"),
                303, NULL);
    assert_string_equal(
        dbtest_value(t->c, "SELECT s.listed_from FROM core.supplier s WHERE s.company_number = '09999999'"),
        "companies");
}

static void test_a_spelling_counts_for_the_supplier_of_the_other_name(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    struct visitor v = officer(t);
    assert_page(pagetest_post(&v, at(t, "match/", k.brook), "answer=s:brook&remember=everywhere&seen=0"), 303,
                NULL);
    assert_page(pagetest_post(&v, at(t, "match/", k.nobody),
                              arena_printf(t->arena, "answer=p:%s&remember=everywhere&seen=0", k.brook)),
                303, NULL);
    struct page p = pagetest_get(&v, "/officer/spend/suppliers/brook");
    assert_page(p, 200, "£3,040.00");
    assert_page(p, 200, "Another spelling of BROOK CATERING LTD");
    assert_page(pagetest_get(&v, at(t, "payees/", k.nobody)), 200,
                "Counts as <a class=\"govuk-link\" href=\"/officer/spend/suppliers/brook\">");
    assert_page(pagetest_get(&v, "/officer/spend/match"), 200, "1 name, £500");
}

static void test_a_person_and_a_hidden_name(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    struct visitor v = officer(t);
    assert_page(pagetest_post(&v, at(t, "match/", k.nobody), "answer=person&remember=everywhere&seen=0"), 303,
                NULL);
    assert_string_equal(state_of(t, k.nobody), "individual");
    struct page p = pagetest_get(&v, at(t, "match/", k.hidden));
    assert_page(p, 303, NULL);
    assert_page(pagetest_get(&v, p.location), 200, "Name hidden in the file");
    assert_page(pagetest_post(&v, at(t, "match/", k.hidden), "answer=s:brook&remember=everywhere&seen=0"),
                303, NULL);
    assert_string_equal(state_of(t, k.hidden), "open");
}

// ---- history, suppliers -------------------------------------------------------------------------------

static void test_a_payee_shows_every_decision_with_method_score_and_who(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    dbtest_run(
        t->c,
        "INSERT INTO core.payee_decision (payee_id, what, supplier_id, method, score_milli, reason, at) "
        "SELECT %s, 'tie', id, 'company_number', 990, 'The file gives its number.', now() FROM "
        "core.organisation WHERE ref = 'hill'",
        k.brook);
    struct visitor v = officer(t);
    assert_page(pagetest_post(&v, at(t, "match/", k.brook),
                              arena_printf(t->arena, "answer=s:brook&remember=everywhere&seen=%s",
                                           decision_of(t, k.brook))),
                303, NULL);
    const char *page = at(t, "payees/", k.brook);
    struct page p = pagetest_get(&v, page);
    assert_page(p, 200, "It is Firm brook");
    assert_page(p, 200, "Person of hospital on");
    assert_page(p, 200, "It is Firm hill");
    assert_page(p, 200, "Same company number, Almost certain (990 of 1,000)");
    assert_page(p, 200, "The file gives its number.");
    p = pagetest_post(&v, arena_printf(t->arena, "/officer/spend/decisions/%s/undo", decision_of(t, k.brook)),
                      "");
    assert_page(p, 303, NULL);
    assert_string_equal(p.location, page);
    assert_page(pagetest_get(&v, page), 200, "Taken back by Person of hospital");
    assert_page(pagetest_get(&v, page), 200,
                "Counts as <a class=\"govuk-link\" href=\"/officer/spend/suppliers/hill\">");
}

static void test_a_supplier_shows_its_names_and_the_rules_by_which_it_counts(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    struct visitor v = officer(t);
    dbtest_run(t->c, "INSERT INTO core.ward (code, name, lad_code) VALUES ('W1', 'Brookside', 'E08000010')");
    dbtest_run(
        t->c,
        "INSERT INTO core.supplier_place (supplier_id, kind, from_day, postcode, ward_code, lad_code, "
        "is_local, evidence) "
        "SELECT id, 'operations', '2025-04-01', 'WN2 2BB', 'W1', 'E08000010', true, 'Seen at the depot' FROM "
        "core.organisation WHERE ref = 'brook'");
    dbtest_run(t->c, "INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, score, reasons, "
                     "decided_at) SELECT id, "
                     "'vcfse', 'vcfse', 'yes', 95, 'A charity in the register', now() FROM core.organisation "
                     "WHERE ref = 'brook'");
    assert_page(pagetest_post(&v, at(t, "match/", k.brook), "answer=s:brook&remember=everywhere&seen=0"), 303,
                NULL);
    struct page p = pagetest_get(&v, "/officer/spend/suppliers/brook");
    assert_page(p, 200, "£3,000.00");
    assert_page(p, 200, "By where the work is done");
    assert_page(p, 200, "In the area, Brookside");
    assert_page(p, 200, "from 1 April 2025");
    assert_page(p, 200, "Seen at the depot");
    assert_page(p, 200, "A charity in the register");
    assert_page(pagetest_get(&v, "/officer/spend/suppliers/brook/names.csv"), 200,
                "BROOK CATERING LTD,4711,01234567");
    assert_page(pagetest_get(&v, "/officer/spend/suppliers/vale"), 200,
                "No name in the payments counts as this supplier");
}

// ---- merges and learned names -------------------------------------------------------------------------

static void test_a_merge_shows_both_sides_moves_the_payments_and_can_be_undone(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    struct visitor v = officer(t);
    assert_page(pagetest_post(&v, at(t, "match/", k.brook), "answer=s:brook&remember=everywhere&seen=0"), 303,
                NULL);
    const char *page = "/officer/spend/merges?goes=brook&stays=hill";
    struct page p = pagetest_get(&v, page);
    assert_page(p, 200, "name=\"from\" type=\"radio\" value=\"brook\"");
    assert_page(p, 200, "name=\"into\" type=\"radio\" value=\"hill\"");
    assert_page(p, 200, "£3,000.00");
    p = pagetest_post(&v, page, "from=brook&into=hill");
    assert_page(p, 422, "Say how you know");
    assert_page(p, 422, "value=\"brook\" checked");
    assert_page(pagetest_post(&v, page, "from=brook&into=hill&reason=One owner"), 303, "");
    assert_page(pagetest_get(&v, "/officer/spend/suppliers/hill"), 200, "£3,000.00");
    assert_page(pagetest_get(&v, "/officer/spend/suppliers/hill"), 200, "Through the listing Firm brook");
    assert_page(pagetest_get(&v, "/officer/spend/suppliers/brook"), 200, "was put together with");
    assert_page(
        pagetest_post(&v, "/officer/spend/merges?goes=hill&stays=brook", "from=hill&into=brook&reason=No"),
        422, NULL);
    const char *id = dbtest_value(t->c, "SELECT id FROM core.supplier_merge WHERE undone_at IS NULL");
    assert_page(pagetest_post(&v, arena_printf(t->arena, "/officer/spend/merges/%s/undo", id), ""), 303,
                NULL);
    assert_page(pagetest_get(&v, "/officer/spend/suppliers/brook"), 200, "£3,000.00");
    assert_page(pagetest_get(&v, "/officer/spend/merges"), 200, "Undone");
}

static void test_a_learned_name_can_be_ended(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    struct visitor v = officer(t);
    assert_page(pagetest_post(&v, at(t, "match/", k.hill), "answer=s:hill&remember=everywhere&seen=0"), 303,
                NULL);
    assert_page(pagetest_get(&v, "/officer/spend/aliases"), 200, "HILL SERVICES");
    const char *id = dbtest_value(t->c, "SELECT id FROM core.supplier_alias");
    const char *end = arena_printf(t->arena, "/officer/spend/aliases/%s/end", id);
    assert_page(pagetest_post(&v, end, ""), 303, NULL);
    assert_page(pagetest_get(&v, "/officer/spend/aliases"), 200, "Nothing has been learned yet");
    assert_page(pagetest_get(&v, "/officer/spend/aliases?state=all"), 200, "Ended ");
    assert_page(pagetest_post(&v, end, ""), 303, NULL);
    assert_string_equal(state_of(t, k.hill), "tied"); // what was decided stays
}

// ---- rights -------------------------------------------------------------------------------------------

static void test_nobody_but_officers_sees_or_decides(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    struct visitor buyer = pagetest_visitor(stage.app, t, "council"),
                   supplier = pagetest_visitor(stage.app, t, "brook"),
                   nobody = pagetest_visitor(stage.app, t, NULL);
    const char *const pages[] = {"/officer/spend/match",           "/officer/spend/match.csv",
                                 "/officer/spend/merges",          "/officer/spend/aliases",
                                 "/officer/spend/suppliers/brook", "/officer/spend/suppliers/brook/names.csv",
                                 at(t, "match/", k.brook),         at(t, "payees/", k.brook)};
    struct visitor *others[] = {&buyer, &supplier};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        assert_page(pagetest_get(others[0], pages[i]), 403, NULL);
        assert_page(pagetest_get(others[1], pages[i]), 403, NULL);
        assert_page(pagetest_get(&nobody, pages[i]), strstr(pages[i], ".csv") ? 401 : 303, NULL);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_page(
            pagetest_post(others[i], at(t, "match/", k.brook), "answer=s:brook&remember=everywhere&seen=0"),
            403, NULL);
        assert_page(pagetest_post(others[i], "/officer/spend/merges", "from=brook&into=hill&reason=x"), 403,
                    NULL);
        assert_page(pagetest_post(others[i], "/officer/spend/decisions/1/undo", ""), 403, NULL);
        assert_page(pagetest_post(others[i], "/officer/spend/aliases/1/end", ""), 403, NULL);
        assert_page(pagetest_post(others[i], "/officer/spend/merges/1/undo", ""), 403, NULL);
    }
    assert_string_equal(state_of(t, k.brook), "review");
}

static void test_what_does_not_exist_is_not_found(void **state) {
    struct dbtest *t = *state;
    fill(t->c);
    struct visitor v = officer(t);
    assert_page(pagetest_get(&v, "/officer/spend/match/999"), 404, NULL);
    assert_page(pagetest_get(&v, "/officer/spend/match/x"), 404, NULL);
    assert_page(pagetest_get(&v, "/officer/spend/match/99999999999999999999"), 404, NULL);
    assert_page(pagetest_get(&v, "/officer/spend/payees/-1"), 404, NULL);
    assert_page(pagetest_get(&v, "/officer/spend/suppliers/ghost"), 404, NULL);
    assert_page(pagetest_get(&v, "/officer/spend/suppliers/ghost/names.csv"), 404, NULL);
    assert_page(pagetest_post(&v, "/officer/spend/decisions/999/undo", ""), 404, NULL);
    assert_page(pagetest_get(&v, "/officer/spend/match?did=999"), 200, NULL);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_the_queue_begins_with_the_most_pounds_and_leaves_hidden_names_out),
        T(test_how_far_the_work_has_come_is_told_to_the_penny),
        T(test_filters_stand_in_the_address_and_what_does_not_exist_means_not_chosen),
        T(test_a_part_of_a_name_finds_the_same_before_while_and_after_the_worker_indexes_names),
        T(test_an_empty_queue_says_why),
        T(test_the_queue_comes_as_csv_and_json),
        T(test_a_name_shows_what_the_files_say_beside_what_is_proposed),
        T(test_a_decision_moves_on_in_the_same_queue_and_can_be_undone),
        T(test_the_last_of_a_queue_leads_back_to_the_list),
        T(test_without_an_answer_the_page_says_what_to_do),
        T(test_the_second_of_two_officers_is_told_who_decided_what),
        T(test_somebody_else_is_found_by_name_number_register_and_spelling),
        T(test_a_spelling_counts_for_the_supplier_of_the_other_name),
        T(test_a_person_and_a_hidden_name),
        T(test_a_payee_shows_every_decision_with_method_score_and_who),
        T(test_a_supplier_shows_its_names_and_the_rules_by_which_it_counts),
        T(test_a_merge_shows_both_sides_moves_the_payments_and_can_be_undone),
        T(test_a_learned_name_can_be_ended),
        T(test_nobody_but_officers_sees_or_decides),
        T(test_what_does_not_exist_is_not_found),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
