// SPDX-License-Identifier: Apache-2.0
// Promises of what plugins add to the core's own pages: a veto is said where people are, with everything they
// typed; rules for bidders from the editor to the opened bid; other ways to get messages.
#include "domain/channel.h"
#include "domain/evaluate.h"
#include "domain/event.h"
#include "support/market.h"
#include "support/pagetest.h"
#include "support/plugtest.h"

#include <string.h>

#define BIDDING "price=15000&answer=In boxes."
#define VETO    "The word forbidden may not stand in a name."
#define DRAFT                                                                                                \
    "kind=tender&title=Windows&contract_kind=works&procedure=quick_quote&reserved=none&price_weight=40&"     \
    "quality_weight=50&social_weight=10"

static struct arena *app_arena;
static const struct app *app, *bare_app; // with the plugin, and without any
static struct plugtest plugins;

static int set_up(void **state) {
    int rc = dbtest_setup(state);
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    plugins = plugtest_start(c, BINARY_DIR "/tests/probes", "probe_events");
    app_arena = arena_new((size_t)64 * 1024 * 1024);
    app = pagetest_app(app_arena, plugins.host);
    bare_app = pagetest_app(app_arena, NULL);
    return rc;
}

static int tear_down(void **state) {
    arena_free(app_arena);
    plugtest_stop(&plugins, ((struct dbtest *)*state)->c);
    return dbtest_teardown(state);
}

static const char *at(struct dbtest *t, const char *fmt, const char *ref) {
    const char *mark = strstr(fmt, "REF");
    return arena_printf(t->arena, "%.*s%s%s", (int)(mark - fmt), fmt, ref, mark + 3);
}

static void assert_without(struct page p, const char *words) {
    if (strstr(p.body, words)) {
        fail_msg("the page says: %s", words);
    }
}

// ---- a veto -------------------------------------------------------------------------------------------

static void test_a_veto_against_publishing_stands_on_top_of_the_same_page(void **state) {
    struct dbtest *t = *state;
    const char *ref;
    struct visitor v = pagetest_visitor(app, t, "council");
    struct notice_input in = market_tender(t->c);
    in.title = "forbidden lunches";
    assert_err(t->c, notice_create(t->c, &in, &ref), ERR_OK);
    struct page p = pagetest_post(&v, at(t, "/buyer/notices/REF/publish", ref), "");
    assert_page(p, 422, VETO);
    assert_page(p, 422, "It is not published");
    assert_string_equal(dbtest_value(t->c, "SELECT state FROM core.notice"), "draft");
}

static void test_a_veto_against_a_business_stands_beside_the_field_it_names(void **state) {
    struct dbtest *t = *state;
    struct visitor v = pagetest_visitor(app, t, "brook");
    struct page p = pagetest_post(&v, "/account/business",
                                  "name=The forbidden firm&summary=Kept "
                                  "words&sector=construction&size=micro&town=Exampleton&postcode=WN1 1AA");
    assert_page(p, 422, "<a href=\"#name\">" VETO "</a>");
    assert_page(p, 422, "Kept words");
    assert_page(p, 422, "value=\"The forbidden firm\"");
    assert_string_equal(
        dbtest_value(t->c, "SELECT count(*) FROM core.organisation WHERE name LIKE '%%forbidden%%'"), "0");
}

// The plugin names a field that these forms have not.
static void test_a_veto_against_a_bid_stands_above_the_form_with_all_that_was_typed(void **state) {
    struct dbtest *t = *state;
    const char *ref = market_publish(t->c);
    dbtest_run(t->c, "UPDATE core.notice SET title = 'forbidden lunches'");
    struct visitor v = pagetest_visitor(app, t, "brook");
    struct page p = pagetest_post(&v, at(t, "/opportunities/REF/bid", ref), BIDDING "&step=send");
    assert_page(p, 422, VETO);
    assert_page(p, 422, "In boxes.");
    assert_page(p, 422, "value=\"15000\"");
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.bid"), "0");
}

static void test_a_veto_against_a_booking_stands_above_the_form_with_all_that_was_typed(void **state) {
    struct dbtest *t = *state;
    const char *ref;
    market_act(t->c, "council");
    t->c->actor.perms |= 1u << PERM_OFFICER;
    int64_t start = t->c->now_usec + INT64_C(86400000000);
    struct event_input in = {.title = "A forbidden day",
                             .summary = "Come",
                             .description = "",
                             .agenda = "",
                             .venue = "The hall",
                             .postcode = "",
                             .starts_at = start,
                             .ends_at = start + INT64_C(3600000000),
                             .places = 3};
    assert_err(t->c, event_create(t->c, &in, &ref), ERR_OK);
    struct visitor v = pagetest_visitor(app, t, "brook");
    struct page p = pagetest_post(&v, at(t, "/events/REF/book", ref), "needs=A ramp&hopes=The buyers");
    assert_page(p, 422, VETO);
    assert_page(p, 422, "A ramp");
}

static void test_a_veto_against_an_award_stands_above_the_form_with_all_that_was_typed(void **state) {
    struct dbtest *t = *state;
    const char *ref = market_publish(t->c);
    struct bid_input in = market_bid(1500000);
    const char *bid = market_submit(t->c, "brook", ref, &in);
    dbtest_run(t->c, "UPDATE core.notice SET quality_weight = 60, social_weight = 0, title = 'forbidden'");
    market_after_closing(t->c, ref);
    market_act(t->c, "council");
    assert_err(t->c, evaluate_open(t->c, ref), ERR_OK);
    assert_err(t->c, evaluate_quality(t->c, ref, bid, "50", "Good"), ERR_OK);
    struct visitor v = pagetest_visitor(app, t, "council");
    struct page p = pagetest_post(&v, at(t, "/buyer/notices/REF/award", ref),
                                  arena_printf(t->arena, "bid=%s&reason=The best words&checked=yes", bid));
    assert_page(p, 422, VETO);
    assert_page(p, 422, "The best words");
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.award"), "0");
}

// ---- rules for bidders --------------------------------------------------------------------------------

static void test_a_buyer_chooses_rules_only_where_there_are_some(void **state) {
    struct dbtest *t = *state;
    struct visitor v = pagetest_visitor(app, t, "council");
    struct page editor = pagetest_get(&v, "/buyer/notices/new");
    assert_page(editor, 200, "Rules for bidders");
    assert_page(editor, 200, "Near by");
    assert_page(editor, 200, "The business is based in the place.");
    assert_page(pagetest_post(&v, "/buyer/notices/new", DRAFT "&rules=made-up"), 422, "Rules for bidders");
    assert_page(pagetest_post(&v, "/buyer/notices/new", DRAFT "&rules=near-by&rules=cannot-be-told"), 303,
                NULL);
    assert_string_equal(dbtest_value(t->c, "SELECT array_to_string(rules, ',') FROM core.notice"),
                        "near-by,cannot-be-told");
    const char *ref = dbtest_value(t->c, "SELECT ref FROM core.notice");
    assert_page(pagetest_get(&v, at(t, "/buyer/notices/REF", ref)), 200, "value=\"near-by\" checked");
    assert_page(pagetest_get(&v, at(t, "/buyer/notices/REF/publish", ref)), 200, "Near by");
    v.app = bare_app;
    assert_without(pagetest_get(&v, "/buyer/notices/new"), "Rules for bidders");
    assert_page(pagetest_post(&v, "/buyer/notices/new", DRAFT), 303, NULL);
    // A draft still shows what it holds, and keeps it.
    struct page kept = pagetest_get(&v, at(t, "/buyer/notices/REF", ref));
    assert_page(kept, 200, "so it cannot be checked now");
    assert_page(pagetest_post(&v, at(t, "/buyer/notices/REF", ref), DRAFT "&rules=near-by"), 303, NULL);
    assert_string_equal(
        dbtest_value(t->c, "SELECT array_to_string(rules, ',') FROM core.notice WHERE ref = '%s'", ref),
        "near-by");
}

static const char *tender_with_rules(struct dbtest *t) {
    const char *ref = market_publish(t->c);
    dbtest_run(t->c, "UPDATE core.notice SET rules = '{near-by,cannot-be-told}'");
    return ref;
}

static void test_the_public_notice_says_its_rules_in_words(void **state) {
    struct dbtest *t = *state;
    const char *ref = tender_with_rules(t), *to = at(t, "/opportunities/REF", ref);
    struct visitor v = pagetest_visitor(app, t, NULL);
    struct page p = pagetest_get(&v, to);
    assert_page(p, 200, "<strong>Near by</strong>: The business is based in the place.");
    assert_page(p, 200, "Anybody who meets these rules may bid.");
    v.app = bare_app;
    assert_page(pagetest_get(&v, to), 200, "(this rule cannot be checked now)");
    dbtest_run(t->c, "UPDATE core.notice SET rules = '{}'");
    p = pagetest_get(&v, to);
    assert_page(p, 200, "Anybody may bid.");
    assert_without(p, "Rules for bidders");
}

static void test_a_bidder_sees_each_answer_before_sending(void **state) {
    struct dbtest *t = *state;
    const char *ref = tender_with_rules(t), *to = at(t, "/opportunities/REF/bid", ref);
    struct visitor v = pagetest_visitor(app, t, "brook");
    struct page check = pagetest_post(&v, to, BIDDING "&step=check");
    assert_page(check, 200, "It is not sent yet.");
    assert_page(check, 200, ">Met</strong>");
    assert_page(check, 200, "Firm brook (micro) for Lunches for three centres is near.");
    assert_page(check, 200, ">Not checked</strong>");
    assert_page(check, 200, ">Send the bid</button>");
    dbtest_run(t->c, "UPDATE core.supplier SET is_local = NULL");
    check = pagetest_post(&v, to, BIDDING "&step=check");
    assert_page(check, 200, ">Proof needed</strong>");
    assert_page(check, 200, ">Send the bid</button>");
    assert_page(pagetest_post(&v, to, BIDDING "&step=send"), 303, "/account/bids/");
}

static void test_a_rule_that_is_not_met_stops_the_bid_kindly_and_keeps_the_words(void **state) {
    struct dbtest *t = *state;
    const char *ref = tender_with_rules(t), *to = at(t, "/opportunities/REF/bid", ref);
    struct visitor v = pagetest_visitor(app, t, "vale");
    assert_page(pagetest_get(&v, to), 200, ">Not met</strong>"); // before an hour of writing
    struct page check = pagetest_post(&v, to, BIDDING "&step=check");
    assert_page(check, 200, "so a bid cannot be sent");
    assert_page(check, 200, "is far away.");
    assert_without(check, ">Send the bid</button>");
    struct page sent = pagetest_post(&v, to, BIDDING "&step=send");
    assert_page(sent, 422, "your business does not meet it");
    assert_page(sent, 422, "In boxes.");
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.bid"), "0");
}

static void test_without_its_plugin_a_rule_is_not_checked_and_the_buyer_sees_that(void **state) {
    struct dbtest *t = *state;
    const char *ref = tender_with_rules(t), *to = at(t, "/opportunities/REF/bid", ref);
    struct visitor v = pagetest_visitor(bare_app, t, "vale");
    assert_page(pagetest_post(&v, to, BIDDING "&step=check"), 200, "This rule cannot be checked now.");
    assert_page(pagetest_post(&v, to, BIDDING "&step=send"), 303, "/account/bids/");
    const char *bid = dbtest_value(t->c, "SELECT ref FROM core.bid");
    const char *one = arena_printf(t->arena, "/buyer/notices/%s/bids/%s", ref, bid);
    struct visitor buyer = pagetest_visitor(app, t, "council");
    market_after_closing(t->c, ref);
    assert_page(pagetest_post(&buyer, at(t, "/buyer/notices/REF/open", ref), ""), 303, NULL);
    assert_page(pagetest_get(&buyer, one), 200, "Check it yourself before you award.");
}

static void test_after_the_opening_the_buyer_reads_each_answer(void **state) {
    struct dbtest *t = *state;
    const char *ref = tender_with_rules(t);
    struct bid_input in = market_bid(1500000);
    const char *bid = market_submit(t->c, "brook", ref, &in);
    dbtest_run(t->c, "UPDATE core.supplier SET is_local = false"); // what was said when it was sent stands
    struct visitor buyer = pagetest_visitor(app, t, "council");
    market_after_closing(t->c, ref);
    assert_page(pagetest_post(&buyer, at(t, "/buyer/notices/REF/open", ref), ""), 303, NULL);
    struct page p = pagetest_get(&buyer, arena_printf(t->arena, "/buyer/notices/%s/bids/%s", ref, bid));
    assert_page(p, 200, "Firm brook (micro) for Lunches for three centres is near.");
    assert_page(p, 200, ">Met</strong>");
    assert_page(p, 200, ">Not checked</strong>");
}

// ---- other ways to get messages -----------------------------------------------------------------------

static void test_the_account_offers_other_ways_only_when_there_is_one(void **state) {
    struct dbtest *t = *state;
    struct visitor v = pagetest_visitor(app, t, "brook");
    struct page p = pagetest_get(&v, "/account");
    assert_page(p, 200, "Other ways to get messages");
    assert_page(p, 200, "Carrier pigeon");
    assert_without(p, "/account/channels/pigeon/stop");
    v.app = bare_app;
    assert_without(pagetest_get(&v, "/account"), "Other ways to get messages");
    assert_page(pagetest_get(&v, "/account/channels/pigeon"), 404, NULL);
}

static void test_an_address_is_added_after_the_plugin_looked_at_it_and_stopped_with_one_button(void **state) {
    struct dbtest *t = *state;
    struct visitor v = pagetest_visitor(app, t, "brook"), other = pagetest_visitor(app, t, "hill");
    struct page form = pagetest_get(&v, "/account/channels/pigeon");
    assert_page(form, 200, "Number of the loft");
    assert_page(form, 200, "It begins with a +");
    struct page wrong = pagetest_post(&v, "/account/channels/pigeon", "address=12345");
    assert_page(wrong, 422, "Begin the number with a +.");
    assert_page(wrong, 422, "value=\"12345\"");
    assert_page(pagetest_post(&v, "/account/channels/pigeon", "address="), 422,
                "Fill in: Number of the loft");
    assert_page(pagetest_post(&v, "/account/channels/owl", "address=+12345"), 404, NULL);
    assert_page(pagetest_post(&v, "/account/channels/pigeon", "address=+12345"), 303, "/account");
    assert_page(pagetest_get(&v, "/account"), 200, "+12345");
    assert_page(pagetest_get(&v, "/account/channels/pigeon"), 200, "value=\"+12345\"");
    assert_page(pagetest_post(&other, "/account/channels/pigeon/stop", ""), 303, "/account");
    assert_string_equal(dbtest_value(t->c, "SELECT string_agg(address, ',') FROM core.person_channel"),
                        "+12345");
    v.app = bare_app; // the plugin is gone: what waits is said, and stopping still works
    assert_page(pagetest_get(&v, "/account"), 200, "Nothing can be sent there now.");
    assert_page(pagetest_post(&v, "/account/channels/pigeon/stop", ""), 303, "/account");
    assert_without(pagetest_get(&v, "/account"), "Other ways to get messages");
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.person_channel"), "0");
}

static void test_channels_are_for_signed_in_people(void **state) {
    struct dbtest *t = *state;
    struct visitor v = pagetest_visitor(app, t, NULL);
    assert_page(pagetest_get(&v, "/account/channels/pigeon"), 303, "/sign-in");
    assert_int_not_equal(pagetest_post(&v, "/account/channels/pigeon", "address=+12345").status, 200);
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.person_channel"), "0");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_a_veto_against_publishing_stands_on_top_of_the_same_page),
        T(test_a_veto_against_a_business_stands_beside_the_field_it_names),
        T(test_a_veto_against_a_bid_stands_above_the_form_with_all_that_was_typed),
        T(test_a_veto_against_a_booking_stands_above_the_form_with_all_that_was_typed),
        T(test_a_veto_against_an_award_stands_above_the_form_with_all_that_was_typed),
        T(test_a_buyer_chooses_rules_only_where_there_are_some),
        T(test_the_public_notice_says_its_rules_in_words),
        T(test_a_bidder_sees_each_answer_before_sending),
        T(test_a_rule_that_is_not_met_stops_the_bid_kindly_and_keeps_the_words),
        T(test_without_its_plugin_a_rule_is_not_checked_and_the_buyer_sees_that),
        T(test_after_the_opening_the_buyer_reads_each_answer),
        T(test_the_account_offers_other_ways_only_when_there_is_one),
        T(test_an_address_is_added_after_the_plugin_looked_at_it_and_stopped_with_one_button),
        T(test_channels_are_for_signed_in_people),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
