// SPDX-License-Identifier: Apache-2.0
// Promises of eligibility rules: a buyer chooses them, a bidder hears how things stand, a failed one stops
// the bid, a plugin that is gone or at fault shuts nobody out, and the buyer reads the answers after the
// opening only.
#include "domain/eligibility.h"

#include "db/queries.gen.h"
#include "domain/evaluate.h"
#include "support/market.h"
#include "support/plugtest.h"

#include <stdlib.h>
#include <string.h>

#define URL   "https://market.example"
#define PLUGS BINARY_DIR "/tests/probes"

static struct plugtest plugins;

static int set_up(void **state) {
    return plugtest_setup(state, &plugins, PLUGS, true);
}

static int tear_down(void **state) {
    return plugtest_teardown(state, &plugins);
}

static const char *const near_by[] = {"near-by"};
static const char *const both[] = {"near-by", "cannot-be-told"};

static const char *tender(struct ctx *c, const char *const *rules, size_t n) {
    const char *ref = NULL;
    market_act(c, "council");
    struct notice_input in = market_tender(c);
    in.rules = rules;
    in.rule_count = n;
    assert_err(c, notice_create(c, &in, &ref), ERR_OK);
    assert_err(c, notice_publish(c, ref), ERR_OK);
    return ref;
}

static const char *rules_of(struct ctx *c, const char *ref) {
    return dbtest_value(c, "SELECT array_to_string(rules, ',') FROM core.notice WHERE ref = '%s'", ref);
}

static enum err bid(struct ctx *c, const char *who, const char *ref) {
    struct bid_receipt receipt;
    struct bid_input in = market_bid(1500000);
    market_act(c, who);
    return bid_submit(c, ref, &in, URL, &receipt);
}

// ---- choosing -----------------------------------------------------------------------------------------

static void test_only_rules_that_are_there_can_be_chosen_and_only_for_tenders(void **state) {
    static const char *const unknown[] = {"near-by", "made-up"};
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref;
    market_act(c, "council");
    struct notice_input in = market_tender(c);
    in.rules = unknown;
    in.rule_count = 2;
    assert_err(c, notice_create(c, &in, &ref), ERR_INVALID);
    assert_string_equal(c->err_field, "rules");
    in.rule_count = 1;
    assert_err(c, notice_create(c, &in, &ref), ERR_OK);
    assert_string_equal(rules_of(c, ref), "near-by");
    in.kind = "pipeline";
    assert_err(c, notice_update(c, ref, &in), ERR_OK);
    assert_string_equal(rules_of(c, ref), "");
}

static void test_a_draft_keeps_a_rule_whose_plugin_is_gone_until_it_is_unticked(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref;
    market_act(c, "council");
    struct notice_input in = market_tender(c);
    in.rules = near_by;
    in.rule_count = 1;
    assert_err(c, notice_create(c, &in, &ref), ERR_OK);
    c->plugins = NULL;
    assert_err(c, notice_update(c, ref, &in), ERR_OK);
    assert_string_equal(rules_of(c, ref), "near-by");
    in.rule_count = 0;
    assert_err(c, notice_update(c, ref, &in), ERR_OK);
    in.rule_count = 1;
    assert_err(c, notice_update(c, ref, &in), ERR_INVALID);
    assert_string_equal(rules_of(c, ref), "");
}

// ---- bidding ------------------------------------------------------------------------------------------

static void test_a_rule_that_is_met_lets_the_bid_pass_and_is_kept_with_it(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = tender(c, near_by, 1);
    assert_err(c, bid(c, "brook", ref), ERR_OK);
    assert_string_equal(
        dbtest_value(c,
                     "SELECT rule || '|' || title || '|' || decision || '|' || reason || '|' || plugin FROM "
                     "core.bid_rule"),
        "near-by|Near by|pass|Firm brook (micro) for Lunches for three centres is near.|probe_events");
}

static void test_a_rule_that_fails_stops_the_bid_with_its_reason(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = tender(c, near_by, 1);
    assert_err(c, bid(c, "vale", ref), ERR_CONFLICT);
    assert_non_null(strstr(c->err_detail, "\"Near by\""));
    assert_non_null(strstr(c->err_detail, "Firm vale (micro) for Lunches for three centres is far away."));
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.bid"), "0");
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.mail_outbox"), "0");
    const char *free = tender(c, NULL, 0);
    assert_err(c, bid(c, "vale", free), ERR_OK); // no rule, no obstacle
}

static void test_where_proof_is_needed_the_bid_passes_and_says_so(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = tender(c, near_by, 1);
    dbtest_run(c, "UPDATE core.supplier SET is_local = NULL"); // the postcode is not known yet
    assert_err(c, bid(c, "brook", ref), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT decision FROM core.bid_rule"), "evidence");
}

static void test_a_rule_that_breaks_shuts_nobody_out(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = tender(c, both, 2);
    assert_err(c, bid(c, "brook", ref), ERR_OK);
    assert_string_equal(
        dbtest_value(c,
                     "SELECT string_agg(title || ' ' || decision, ', ' ORDER BY place) FROM core.bid_rule"),
        "Near by pass, Cannot be told unknown");
}

static void test_a_rule_whose_plugin_is_gone_shuts_nobody_out(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = tender(c, near_by, 1);
    c->plugins = NULL;
    assert_err(c, bid(c, "vale", ref), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT title || ' ' || decision FROM core.bid_rule"),
                        "near-by unknown");
}

static void test_before_sending_a_bidder_hears_every_answer(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const struct rule_finding *f;
    size_t n;
    const char *ref = tender(c, both, 2);
    market_act(c, "vale");
    assert_err(c, eligibility_ask(c, ref, c->actor.supplier_id, URL, &f, &n), ERR_OK);
    assert_int_equal(n, 2);
    assert_int_equal(f[0].answer, RULE_FAIL);
    assert_string_equal(f[0].rule.title, "Near by");
    assert_string_equal(f[0].rule.help, "The business is based in the place.");
    assert_int_equal(f[1].answer, RULE_UNKNOWN);
    assert_non_null(strstr(f[1].reason, "cannot be checked now"));
}

// ---- what the buyer reads -----------------------------------------------------------------------------

static size_t buyer_reads(struct ctx *c, const char *anchor) {
    struct rows *r;
    const char *ref = dbtest_value(c, "SELECT ref FROM core.bid");
    market_act(c, anchor);
    assert_err(c, DB_ROWS(c, opened_bid_rules, &r, ref, arena_i64(c->arena, c->actor.anchor_id)), ERR_OK);
    return rows_count(r);
}

static void test_the_answers_are_sealed_like_the_bid_and_only_its_buyer_reads_them(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = tender(c, both, 2);
    assert_err(c, bid(c, "brook", ref), ERR_OK);
    assert_int_equal(buyer_reads(c, "council"), 0);
    market_after_closing(c, ref);
    assert_int_equal(buyer_reads(c, "council"), 0);
    assert_err(c, evaluate_open(c, ref), ERR_OK);
    assert_int_equal(buyer_reads(c, "council"), 2);
    assert_int_equal(buyer_reads(c, "hospital"), 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_only_rules_that_are_there_can_be_chosen_and_only_for_tenders),
        T(test_a_draft_keeps_a_rule_whose_plugin_is_gone_until_it_is_unticked),
        T(test_a_rule_that_is_met_lets_the_bid_pass_and_is_kept_with_it),
        T(test_a_rule_that_fails_stops_the_bid_with_its_reason),
        T(test_where_proof_is_needed_the_bid_passes_and_says_so),
        T(test_a_rule_that_breaks_shuts_nobody_out),
        T(test_a_rule_whose_plugin_is_gone_shuts_nobody_out),
        T(test_before_sending_a_bidder_hears_every_answer),
        T(test_the_answers_are_sealed_like_the_bid_and_only_its_buyer_reads_them),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
