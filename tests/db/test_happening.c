// SPDX-License-Identifier: Apache-2.0
// Promises of events for plugins, with a real plugin and a real database: who is asked, who is told, when,
// how often, and what is never said.
#include "domain/happening.h"

#include "domain/evaluate.h"
#include "domain/event.h"
#include "domain/supplier.h"
#include "jobs/plugwork.h"
#include "support/market.h"
#include "support/plugtest.h"

#include <stdlib.h>
#include <string.h>

#define URL   "https://market.example"
#define PLUGS BINARY_DIR "/tests/probes"
#define WORDS "The word forbidden may not stand in a name."

static struct plugtest plugins;

static int set_up(void **state) {
    return plugtest_setup(state, &plugins, PLUGS, true);
}

static int tear_down(void **state) {
    return plugtest_teardown(state, &plugins);
}

// A context made anew (market_after_closing does that) has the plugins too.
static struct ctx *with_plugins(struct ctx *c) {
    c->plugins = plugin_host_now(plugins.host);
    return c;
}

static const char *draft(struct ctx *c, const char *title) {
    const char *ref = NULL;
    market_act(c, "council");
    struct notice_input in = market_tender(c);
    in.title = title;
    assert_err(c, notice_create(c, &in, &ref), ERR_OK);
    return ref;
}

static const char *published(struct ctx *c, const char *title) {
    const char *ref = draft(c, title);
    assert_err(c, notice_publish(c, ref), ERR_OK);
    return ref;
}

// Tells everything that is due; how many tries that took, at most 50.
static int tell_all(struct ctx *c) {
    int n = 0;
    for (bool tried = true; tried && n < 50; n += tried) {
        assert_err(c, plugwork_tell(c, &tried), ERR_OK);
    }
    return n;
}

// ---- filters ------------------------------------------------------------------------------------------

static void test_a_veto_leaves_nothing_behind_and_says_why(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = draft(c, "A forbidden thing");
    assert_err(c, notice_publish(c, ref), ERR_CONFLICT);
    assert_string_equal(c->err_detail, WORDS);
    assert_int_equal(db_depth(c->db), 0);
    assert_string_equal(
        dbtest_value(c, "SELECT state || coalesce(published_at::text, '') FROM core.notice WHERE ref = '%s'",
                     ref),
        "draft");
    assert_number(c, "SELECT count(*) FROM core.audit WHERE action = 'notice.publish'", 0);
    assert_number(c, "SELECT count(*) FROM core.happening", 0);
    assert_number(c, "SELECT count(*) FROM plg_probe_events.asked", 0);
    dbtest_run(c, "UPDATE core.notice SET title = 'A thing' WHERE ref = '%s'", ref);
    assert_err(c, notice_publish(c, ref), ERR_OK);
    assert_number(c, "SELECT count(*) FROM plg_probe_events.asked", 1);
}

static void test_a_supplier_that_is_refused_is_not_entered(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    struct supplier_place where;
    struct supplier_input in = {.name = "The forbidden firm",
                                .summary = "",
                                .sector = "construction",
                                .address1 = "",
                                .town = "",
                                .postcode = "WN1 1AA",
                                .company_number = "",
                                .charity_number = "",
                                .size = "micro",
                                .phone = "",
                                .email = "",
                                .web = ""};
    market_act(c, "council");
    c->actor.anchor_id = 0;
    assert_err(c, supplier_save(c, &in, &where), ERR_CONFLICT);
    assert_string_equal(c->err_detail, WORDS);
    assert_number(c, "SELECT count(*) FROM core.organisation WHERE name LIKE '%firm'", 0);
    in.name = "The broken firm"; // a filter that fails says nothing about the firm
    assert_err(c, supplier_save(c, &in, &where), ERR_OK);
    assert_number(c, "SELECT count(*) FROM core.organisation WHERE name LIKE '%firm'", 1);
}

static void test_a_bid_that_is_refused_is_not_in_and_the_earlier_one_counts(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = published(c, "Lunches");
    struct bid_input in = market_bid(1500000);
    const char *first = market_submit(c, "brook", ref, &in);
    dbtest_run(c, "UPDATE core.notice SET title = 'forbidden lunches' WHERE ref = '%s'", ref);
    struct bid_receipt receipt;
    assert_err(c, bid_submit(c, ref, &in, URL, &receipt), ERR_CONFLICT);
    assert_string_equal(c->err_detail, WORDS);
    assert_string_equal(dbtest_value(c, "SELECT string_agg(ref || state, ',') FROM core.bid"),
                        arena_printf(c->arena, "%ssubmitted", first));
    assert_number(c, "SELECT count(*) FROM core.mail_outbox", 1);
    assert_number(c, "SELECT count(*) FROM core.happening WHERE kind = 7", 1);
}

static const char *an_event(struct ctx *c, const char *title, int64_t places) {
    const char *ref = NULL;
    market_act(c, "council");
    c->actor.perms |= 1u << PERM_OFFICER;
    int64_t start = c->now_usec + INT64_C(86400000000);
    struct event_input in = {.title = title,
                             .summary = "Come",
                             .description = "",
                             .agenda = "",
                             .venue = "The hall",
                             .postcode = "",
                             .starts_at = start,
                             .ends_at = start + INT64_C(3600000000),
                             .places = places};
    assert_err(c, event_create(c, &in, &ref), ERR_OK);
    return ref;
}

static enum err book(struct ctx *c, const char *who, const char *ref) {
    struct booking_input in = {"", ""};
    enum booking_state got;
    market_act(c, who);
    return event_book(c, ref, &in, URL, &got);
}

static void test_a_booking_that_is_refused_takes_no_place_and_sends_no_letter(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, "A forbidden day", 3);
    assert_err(c, book(c, "brook", ref), ERR_CONFLICT);
    assert_string_equal(c->err_detail, WORDS);
    assert_number(c, "SELECT count(*) FROM core.event_booking", 0);
    assert_number(c, "SELECT count(*) FROM core.mail_outbox", 0);
}

// A tender with one bid, scored, that can be awarded.
static const char *scored(struct ctx *c, const char **ret_bid) {
    const char *ref = published(c, "Lunches");
    struct bid_input in = market_bid(1500000);
    *ret_bid = market_submit(c, "brook", ref, &in);
    market_after_closing(c, ref);
    with_plugins(c);
    market_act(c, "council");
    assert_err(c, evaluate_open(c, ref), ERR_OK);
    assert_err(c, evaluate_quality(c, ref, *ret_bid, "40", "Clear and full"), ERR_OK);
    dbtest_run(
        c, "INSERT INTO core.bid_score (bid_id, criterion, points, max_points, method, rationale, scored_at) "
           "SELECT id, 'social', 5, 10, 'x', 'x', now() FROM core.bid");
    return ref;
}

static void test_an_award_that_is_refused_is_not_made_and_nobody_hears_of_it(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *bid, *ref = scored(c, &bid);
    int64_t letters = dbtest_number(c, "SELECT count(*) FROM core.mail_outbox");
    dbtest_run(c, "UPDATE core.notice SET title = 'forbidden' WHERE ref = '%s'", ref);
    assert_err(c, evaluate_award(c, ref, bid, "The best", URL), ERR_CONFLICT);
    assert_string_equal(c->err_detail, WORDS);
    assert_number(c, "SELECT count(*) FROM core.award", 0);
    assert_number(c, "SELECT count(*) FROM core.mail_outbox", letters);
    assert_string_equal(dbtest_value(c, "SELECT state FROM core.notice"), "opened");
}

static void test_what_must_be_heard_stops_with_words_when_its_filter_fails(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = draft(c, "A broken thing");
    assert_err(c, notice_publish(c, ref), ERR_CONFLICT);
    assert_non_null(strstr(c->err_detail, "Try again in a few minutes"));
    assert_string_equal(dbtest_value(c, "SELECT state FROM core.notice"), "draft");
}

// ---- telling ------------------------------------------------------------------------------------------

static void test_a_plugin_is_told_after_the_commit_and_once(void **state) {
    struct dbtest *t = *state;
    struct ctx *beside = with_plugins(dbtest_new_ctx(t));
    const char *ref = draft(t->c, "Lunches");
    bool tried = true;
    assert_err(t->c, db_begin(t->c), ERR_OK);
    assert_err(t->c, notice_publish(t->c, ref), ERR_OK);
    assert_err(beside, plugwork_tell(beside, &tried), ERR_OK);
    assert_false(tried);
    assert_err(t->c, db_commit(t->c), ERR_OK);
    assert_int_equal(tell_all(beside), 1);
    assert_string_equal(
        dbtest_value(t->c,
                     "SELECT kind || ' ' || ref || ' ' || name || ' ' || anchor_ref || ' ' || supplier_ref "
                     "|| ' ' || pence FROM plg_probe_events.told"),
        arena_printf(t->arena, "4 %s Lunches council  0", ref));
    assert_number(t->c, "SELECT count(*) FROM core.happening_due", 0);
    assert_int_equal(tell_all(beside), 0);
    dbtest_free_ctx(beside);
}

static void test_after_a_rollback_nobody_is_told(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = draft(c, "Lunches");
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, notice_publish(c, ref), ERR_OK);
    db_rollback(c);
    assert_number(c, "SELECT count(*) FROM core.happening", 0);
    assert_int_equal(tell_all(c), 0);
}

static void test_after_a_failure_it_is_told_again_with_the_same_id_and_its_writes_are_undone(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    published(c, "flaky2 lunches");
    const char *id = dbtest_value(c, "SELECT id FROM core.happening");
    for (int i = 1; i <= 2; i++) {
        assert_int_equal(tell_all(c), 1);
        assert_string_equal(dbtest_value(c, "SELECT tries || last_error FROM core.happening_due"),
                            arena_printf(c->arena, "%dNot now, please.", i));
        assert_number(c, "SELECT count(*) FROM plg_probe_events.told", 0);
        assert_int_equal(tell_all(c), 0); // not before its time
        dbtest_run(c, "UPDATE core.happening_due SET next_try = now() - interval '1 second'");
    }
    assert_int_equal(tell_all(c), 1);
    assert_string_equal(dbtest_value(c, "SELECT string_agg(id::text, ',') FROM plg_probe_events.told"), id);
    assert_number(c, "SELECT count(*) FROM core.happening_due", 0);
}

static void test_the_pause_doubles_up_to_a_day_and_after_twenty_tries_it_is_given_up(void **state) {
    static const struct {
        int tries;
        int64_t seconds;
    } rows[] = {{7, 128}, {8, 256}, {9, 512}, {13, 8192}, {16, 65536}, {17, 86400}, {18, 86400}};
    struct ctx *c = ((struct dbtest *)*state)->c;
    published(c, "flaky9 lunches");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dbtest_run(c, "UPDATE core.happening_due SET tries = %d, next_try = now() - interval '1 second'",
                   rows[i].tries);
        assert_int_equal(tell_all(c), 1);
        int64_t wait =
            dbtest_number(c, "SELECT ceil(extract(epoch FROM next_try - clock_timestamp()))::bigint FROM "
                             "core.happening_due");
        assert_in_range(wait, rows[i].seconds - 60, rows[i].seconds);
        assert_number(c, "SELECT count(*) FROM core.happening_due WHERE given_up", 0);
    }
    dbtest_run(c, "UPDATE core.happening_due SET tries = 19, next_try = now() - interval '1 second'");
    assert_int_equal(tell_all(c), 1);
    assert_string_equal(dbtest_value(c, "SELECT given_up || ' ' || tries FROM core.happening_due"),
                        "true 20");
    dbtest_run(c, "UPDATE core.happening_due SET next_try = now() - interval '1 second'");
    assert_int_equal(tell_all(c), 0);
}

static void test_what_a_suspended_plugin_missed_waits_and_comes_when_it_is_back(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    c->plugins = NULL; // the generation is without it
    dbtest_run(c, "UPDATE core.plugin SET suspended_at = now(), suspended_reason = 'five faults'");
    published(c, "Lunches");
    assert_int_equal(tell_all(c), 0);
    assert_string_equal(dbtest_value(c, "SELECT tries || last_error FROM core.happening_due"), "0");
    dbtest_run(c, "UPDATE core.plugin SET suspended_at = NULL, suspended_reason = ''");
    assert_int_equal(tell_all(with_plugins(c)), 1);
    assert_number(c, "SELECT count(*) FROM plg_probe_events.told", 1);
}

static void test_a_plugin_that_is_switched_off_misses_what_happens_meanwhile(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    dbtest_run(c, "UPDATE core.plugin SET enabled = false");
    published(c, "Lunches");
    assert_number(c, "SELECT count(*) FROM core.happening", 0);
    dbtest_run(c,
               "UPDATE core.plugin SET enabled = true, events = events & ~(1::bigint << 4)"); // wants others
    published(c, "Lunches");
    assert_number(c, "SELECT count(*) FROM core.happening", 0);
}

static void test_two_servers_never_tell_the_same_at_once(void **state) {
    struct dbtest *t = *state;
    struct ctx *one = with_plugins(dbtest_new_ctx(t)), *two = with_plugins(dbtest_new_ctx(t));
    published(t->c, "Lunches");
    assert_err(one, db_begin(one), ERR_OK); // the first is in the middle of telling
    bool tried = false;
    assert_err(one, plugwork_tell(one, &tried), ERR_OK);
    assert_true(tried);
    assert_err(two, plugwork_tell(two, &tried), ERR_OK);
    assert_false(tried);
    db_rollback(one); // it crashes: the plugin's writes are gone too
    assert_number(t->c, "SELECT count(*) FROM plg_probe_events.told", 0);
    assert_int_equal(tell_all(two), 1);
    assert_number(t->c, "SELECT count(*) FROM plg_probe_events.told", 1);
    dbtest_free_ctx(one);
    dbtest_free_ctx(two);
}

// ---- what is said -------------------------------------------------------------------------------------

static void test_who_bids_is_told_to_filters_and_to_nobody_afterwards(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = published(c, "Lunches");
    struct bid_input in = market_bid(1500000);
    market_submit(c, "brook", ref, &in);
    assert_string_equal(dbtest_value(c, "SELECT supplier_ref FROM plg_probe_events.asked WHERE kind = 6"),
                        "brook");
    assert_number(c, "SELECT count(*) FROM core.happening WHERE kind = 7", 1);
    assert_number(c, "SELECT count(*) FROM core.happening h WHERE kind = 7 AND h::text ~* 'brook|15000'", 0);
    assert_int_equal(tell_all(c), 2);
    assert_number(
        c, "SELECT count(*) FROM plg_probe_events.told t WHERE kind = 7 AND t::text ~* 'brook|15000'", 0);
    assert_string_equal(dbtest_value(c, "SELECT ref FROM plg_probe_events.told WHERE kind = 7"), ref);
}

static void test_every_act_is_noted_with_its_facts(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *bid, *ref = scored(c, &bid);
    assert_err(c, evaluate_award(c, ref, bid, "The best", URL), ERR_OK);
    const char *other = published(c, "Other lunches");
    market_act(c, "council");
    assert_err(c, notice_cancel(c, other, "Money"), ERR_OK);
    const char *day = an_event(c, "A day", 1);
    assert_err(c, book(c, "brook", day), ERR_OK);
    assert_err(c, book(c, "brook", day), ERR_OK); // a change of needs is no second booking
    assert_err(c, book(c, "hill", day), ERR_OK);  // waits
    market_act(c, "brook");
    assert_err(c, event_unbook(c, day, URL), ERR_OK); // hill moves up
    assert_string_equal(
        dbtest_value(c,
                     "SELECT string_agg(kind || ' ' || (ref IN ('%s', '%s', '%s')) || ' ' || name || ' ' || "
                     "anchor_ref || ' ' || supplier_ref || ' ' || amount_pence, '; ' ORDER BY id) FROM "
                     "core.happening",
                     ref, other, day),
        "4 true Lunches council  0; 7 true Lunches council  0; 8 true Lunches council  0; "
        "10 true Lunches council brook 1500000; 4 true Other lunches council  0; "
        "5 true Other lunches council  0; 12 true A day council brook 0; 12 true A day council hill 0");
}

static void test_the_sweep_takes_what_everybody_was_told_of_and_what_is_too_old(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    published(c, "Told");
    assert_int_equal(tell_all(c), 1);
    published(c, "Waiting");
    published(c, "Too old");
    dbtest_run(c,
               "UPDATE core.happening SET at = now() - interval '2 hours' WHERE name IN ('Told', 'Waiting')");
    dbtest_run(c, "UPDATE core.happening SET at = now() - interval '91 days' WHERE name = 'Too old'");
    assert_err(c, plugwork_sweep(c), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT string_agg(name, ',') FROM core.happening"), "Waiting");
    assert_int_equal(tell_all(c), 1);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_a_veto_leaves_nothing_behind_and_says_why),
        T(test_a_supplier_that_is_refused_is_not_entered),
        T(test_a_bid_that_is_refused_is_not_in_and_the_earlier_one_counts),
        T(test_a_booking_that_is_refused_takes_no_place_and_sends_no_letter),
        T(test_an_award_that_is_refused_is_not_made_and_nobody_hears_of_it),
        T(test_what_must_be_heard_stops_with_words_when_its_filter_fails),
        T(test_a_plugin_is_told_after_the_commit_and_once),
        T(test_after_a_rollback_nobody_is_told),
        T(test_after_a_failure_it_is_told_again_with_the_same_id_and_its_writes_are_undone),
        T(test_the_pause_doubles_up_to_a_day_and_after_twenty_tries_it_is_given_up),
        T(test_what_a_suspended_plugin_missed_waits_and_comes_when_it_is_back),
        T(test_a_plugin_that_is_switched_off_misses_what_happens_meanwhile),
        T(test_two_servers_never_tell_the_same_at_once),
        T(test_who_bids_is_told_to_filters_and_to_nobody_afterwards),
        T(test_every_act_is_noted_with_its_facts),
        T(test_the_sweep_takes_what_everybody_was_told_of_and_what_is_too_old),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
