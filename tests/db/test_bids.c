// SPDX-License-Identifier: Apache-2.0
// Promises of bids against a real PostgreSQL: the closing time, one that counts, nobody sees early, one
// award.
#include "base/day.h"
#include "base/text.h"
#include "db/queries.gen.h"
#include "domain/evaluate.h"
#include "support/market.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define URL "https://market.example"

static int64_t closes_of(struct ctx *c, const char *ref) {
    int64_t usec = 0;
    assert_true(
        stamp_parse(dbtest_value(c, "SELECT closes_at FROM core.notice WHERE ref = '%s'", ref), &usec));
    return usec;
}

static enum err try_bid(struct ctx *c, const char *supplier, const char *ref, int64_t price) {
    struct bid_input in = market_bid(price);
    struct bid_receipt receipt;
    market_act(c, supplier);
    return bid_submit(c, ref, &in, URL, &receipt);
}

// ---- the closing time ----

static void test_a_bid_read_one_microsecond_before_closing_counts(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    c->now_usec = closes_of(c, ref) - 1;
    assert_err(c, try_bid(c, "brook", ref, 1500000), ERR_OK);
}

static void test_a_bid_read_at_the_closing_time_does_not_count(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    int64_t closes = closes_of(c, ref);
    for (int64_t late = 0; late <= 1; late++) {
        c->now_usec = closes + late;
        assert_err(c, try_bid(c, "brook", ref, 1500000), ERR_GONE);
        assert_non_null(strstr(c->err_detail, "This closed on "));
    }
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.bid"), "0");
}

static void test_the_database_itself_refuses_a_late_bid(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    const char *insert =
        "INSERT INTO core.bid (ref, notice_id, supplier_id, version, state, price_pence, answer, "
        "content_hash, "
        "submitted_by, submitted_at) SELECT 'late', n.id, s.id, 1, 'submitted', 1, '', '', p.id, n.closes_at "
        "FROM core.notice n, core.supplier s, core.person p LIMIT 1";
    assert_err(c, dbtest_try(c, insert), ERR_GONE);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.bid WHERE ref <> '%s'", ref), "0");
}

static void test_a_bid_that_waited_while_the_notice_was_closed_still_counts(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    c->now_usec = closes_of(c, ref) - 1;
    dbtest_run(c, "UPDATE core.notice SET state = 'closed' WHERE ref = '%s'", ref);
    assert_err(c, try_bid(c, "brook", ref, 1500000), ERR_OK);
}

static void test_a_bid_can_be_taken_back_until_the_closing_time_only(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    struct bid_input in = market_bid(1500000);
    const char *first = market_submit(c, "brook", ref, &in), *second = market_submit(c, "hill", ref, &in);
    int64_t closes = closes_of(c, ref);
    c->now_usec = closes - 1;
    market_act(c, "brook");
    assert_err(c, bid_withdraw(c, first), ERR_OK);
    assert_err(c, bid_withdraw(c, first), ERR_CONFLICT);
    assert_err(c, bid_withdraw(c, second), ERR_NOT_FOUND); // of another supplier
    market_act(c, "hill");
    c->now_usec = closes;
    assert_err(c, bid_withdraw(c, second), ERR_GONE);
    assert_string_equal(dbtest_value(c, "SELECT state FROM core.bid WHERE ref = '%s'", second), "submitted");
}

// ---- one counts ----

static void test_a_new_bid_takes_the_place_of_the_old_one(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    struct bid_input in = market_bid_with_job(1500000);
    const char *first = market_submit(c, "brook", ref, &in);
    in.price_pence = 1400000;
    const char *second = market_submit(c, "brook", ref, &in);
    assert_string_equal(dbtest_value(c, "SELECT state FROM core.bid WHERE ref = '%s'", first), "replaced");
    assert_string_equal(dbtest_value(c, "SELECT version FROM core.bid WHERE ref = '%s'", second), "2");
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.bid_commitment"), "2");
}

static void test_the_receipt_holds_the_hash_of_what_was_sent(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    struct bid_input in = market_bid_with_job(1500000);
    const char *bid = market_submit(c, "brook", ref, &in);
    const char *text = bid_canonical(c->arena, ref, "brook", 1, &in);
    char hash[65];
    sha256_hex(text, strlen(text), hash);
    assert_string_equal(dbtest_value(c, "SELECT content_hash FROM core.bid WHERE ref = '%s'", bid), hash);
    const char *mail =
        dbtest_value(c, "SELECT body_text FROM core.mail_outbox WHERE subject LIKE 'We have your "
                        "bid%%'");
    assert_non_null(strstr(mail, hash));
    assert_non_null(strstr(mail, bid));
    assert_null(strstr(mail, "15,000")); // no price and no answer in the mail
    assert_null(strstr(mail, "insulated"));
}

struct racer {
    struct ctx *c;
    const char *ref;
    int rounds, sent;
    enum err other;
};

static void *race(void *arg) {
    struct racer *r = arg;
    for (int i = 0; i < r->rounds; i++) {
        struct bid_input in = market_bid(1000000 + i);
        struct bid_receipt receipt;
        enum err e = bid_submit(r->c, r->ref, &in, URL, &receipt);
        r->sent += e == ERR_OK;
        r->other = e == ERR_OK || e == ERR_CONFLICT ? r->other : e;
    }
    return NULL;
}

static void test_fifty_racing_bids_of_one_supplier_leave_one_that_counts(void **state) {
    struct dbtest *t = *state;
    market_fill(t->c);
    const char *ref = market_publish(t->c);
    enum { RACERS = 10 };
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    int sent = 0;
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.c = dbtest_new_ctx(t), .ref = ref, .rounds = 5};
        market_act(racers[i].c, "brook");
    }
    for (int i = 0; i < RACERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(racers[i].other, ERR_OK);
        sent += racers[i].sent;
        dbtest_free_ctx(racers[i].c);
    }
    assert_true(sent > 0);
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.bid WHERE state = 'submitted'"), "1");
    assert_int_equal(strtoll(dbtest_value(t->c, "SELECT count(*) FROM core.bid"), NULL, 10), sent);
    assert_int_equal(strtoll(dbtest_value(t->c, "SELECT max(version) FROM core.bid"), NULL, 10), sent);
    assert_int_equal(strtoll(dbtest_value(t->c, "SELECT count(*) FROM core.mail_outbox"), NULL, 10), sent);
}

// ---- who may ----

static void test_only_members_of_a_supplier_bid_and_only_for_tenders(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c), *plan = NULL, *draft = NULL;
    struct notice_input in = market_tender(c);
    assert_err(c, notice_create(c, &in, &draft), ERR_OK);
    in.kind = "pipeline";
    assert_err(c, notice_create(c, &in, &plan), ERR_OK);
    assert_err(c, notice_publish(c, plan), ERR_OK);
    assert_err(c, try_bid(c, "council", ref, 100), ERR_DENIED);
    assert_err(c, try_bid(c, "brook", plan, 100), ERR_NOT_FOUND);
    assert_err(c, try_bid(c, "brook", draft, 100), ERR_NOT_FOUND);
    assert_err(c, try_bid(c, "brook", "nothing", 100), ERR_NOT_FOUND);
}

static void test_a_contract_kept_for_the_area_refuses_others(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    dbtest_run(c, "UPDATE core.notice SET reserved = 'local' WHERE ref = '%s'", ref);
    assert_err(c, try_bid(c, "vale", ref, 100), ERR_CONFLICT);
    assert_err(c, try_bid(c, "brook", ref, 100), ERR_OK);
}

static void test_a_cancelled_tender_takes_no_bids_and_tells_those_who_bid(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    assert_err(c, try_bid(c, "brook", ref, 100), ERR_OK);
    market_act(c, "council");
    assert_err(c, notice_cancel(c, ref, ""), ERR_INVALID);
    assert_err(c, notice_cancel(c, ref, "The money was needed for repairs."), ERR_OK);
    assert_err(c, try_bid(c, "hill", ref, 100), ERR_GONE);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.mail_outbox WHERE to_address = "
                                        "'brook@people.example' AND body_text LIKE '%%needed for repairs%%'"),
                        "1");
}

// ---- sealed ----

static void test_a_buyer_learns_neither_bids_nor_their_number_before_opening(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    struct bid_input in = market_bid(1500000);
    market_submit(c, "brook", ref, &in);
    struct evaluation ev;
    market_act(c, "council");
    assert_err(c, evaluate_read(c, ref, &ev), ERR_OK);
    assert_int_equal(ev.count, 0);
    assert_false(ev.is_open);
    assert_false(ev.can_open);
    assert_err(c, evaluate_open(c, ref), ERR_CONFLICT);
    assert_string_equal(c->err_detail, "Bids stay sealed until the closing time.");
    market_after_closing(c, ref);
    market_act(c, "council");
    assert_err(c, evaluate_read(c, ref, &ev), ERR_OK);
    assert_int_equal(ev.count, 0); // closed, but still sealed
    assert_true(ev.can_open);
}

static void test_opening_waits_for_bids_that_are_on_their_way(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    market_act(c, "council");
    c->now_usec = closes_of(c, ref) + EVALUATE_OPEN_WAIT_USEC - 1;
    assert_err(c, evaluate_open(c, ref), ERR_CONFLICT);
    c->now_usec++;
    assert_err(c, evaluate_open(c, ref), ERR_OK);
    assert_err(c, evaluate_open(c, ref), ERR_CONFLICT);
}

static void test_another_body_finds_nothing_of_a_notice_that_is_not_its_own(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    struct bid_input in = market_bid(1500000);
    const char *bid = market_submit(c, "brook", ref, &in);
    struct evaluation ev;
    market_after_closing(c, ref);
    market_act(c, "hospital");
    assert_err(c, evaluate_read(c, ref, &ev), ERR_NOT_FOUND);
    assert_err(c, evaluate_open(c, ref), ERR_NOT_FOUND);
    assert_err(c, evaluate_quality(c, ref, bid, "10", "Good"), ERR_NOT_FOUND);
    assert_err(c, evaluate_award(c, ref, bid, "Best", URL), ERR_NOT_FOUND);
    assert_err(c, notice_cancel(c, ref, "Mine now"), ERR_NOT_FOUND);
    market_act(c, "brook");
    assert_err(c, evaluate_read(c, ref, &ev), ERR_DENIED);
    assert_err(c, evaluate_open(c, ref), ERR_DENIED);
}

// ---- scores and award ----

// Two bids, opened and fully scored: brook 15,000 with 40 points, hill 20,000 with 45; no social value.
static const char *scored(struct ctx *c, const char **ret_brook, const char **ret_hill) {
    const char *ref = market_publish(c);
    struct bid_input a = market_bid(1500000), b = market_bid(2000000);
    *ret_brook = market_submit(c, "brook", ref, &a);
    *ret_hill = market_submit(c, "hill", ref, &b);
    dbtest_run(c, "UPDATE core.notice SET quality_weight = 60, social_weight = 0 WHERE ref = '%s'", ref);
    market_after_closing(c, ref);
    market_act(c, "council");
    assert_err(c, evaluate_open(c, ref), ERR_OK);
    assert_err(c, evaluate_quality(c, ref, *ret_brook, "40", "Clear, but no plan for delays."), ERR_OK);
    assert_err(c, evaluate_quality(c, ref, *ret_hill, "45.5", "Clear, with a plan."), ERR_OK);
    return ref;
}

static void test_bids_are_ranked_by_exact_totals(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *brook, *hill;
    struct evaluation ev;
    market_fill(c);
    const char *ref = scored(c, &brook, &hill);
    assert_err(c, evaluate_read(c, ref, &ev), ERR_OK);
    assert_true(ev.is_complete);
    assert_int_equal(ev.count, 2);
    assert_string_equal(ev.bids[0].ref, brook);
    assert_int_equal(ev.bids[0].total_milli, 80000);
    assert_int_equal(ev.bids[1].total_milli, 75500);
    assert_int_equal(ev.bids[1].rank, 2);
    assert_string_equal(ev.bids[1].price_reason,
                        "40 × £15,000.00 (lowest price) ÷ £20,000.00 (this price) = 30.00");
}

static void test_points_stay_within_the_weight_and_need_a_reason(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *brook, *hill;
    market_fill(c);
    const char *ref = scored(c, &brook, &hill);
    assert_err(c, evaluate_quality(c, ref, brook, "60.001", "Too good"), ERR_INVALID);
    assert_string_equal(c->err_field, "points");
    assert_err(c, evaluate_quality(c, ref, brook, "60", ""), ERR_INVALID);
    assert_string_equal(c->err_field, "reason");
    assert_err(c, evaluate_quality(c, ref, brook, "60", "Best possible"), ERR_OK);
    assert_err(c, evaluate_quality(c, ref, "nobody", "60", "Best possible"), ERR_NOT_FOUND);
}

static void test_no_award_before_every_bid_is_scored(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    struct bid_input in = market_bid(1500000);
    const char *bid = market_submit(c, "brook", ref, &in);
    market_after_closing(c, ref);
    market_act(c, "council");
    assert_err(c, evaluate_award(c, ref, bid, "Best", URL), ERR_CONFLICT);
    assert_err(c, evaluate_open(c, ref), ERR_OK);
    assert_err(c, evaluate_quality(c, ref, bid, "40", "Good"), ERR_OK);
    // Social value has weight and no plugin scored it.
    assert_err(c, evaluate_award(c, ref, bid, "Best", URL), ERR_CONFLICT);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.award"), "0");
}

static void test_passing_over_the_best_bid_needs_a_real_reason(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *brook, *hill;
    market_fill(c);
    const char *ref = scored(c, &brook, &hill);
    assert_err(c, evaluate_award(c, ref, hill, "We like it more.", URL), ERR_INVALID);
    assert_string_equal(c->err_field, "reason");
    assert_err(c, evaluate_award(c, ref, brook, "", URL), ERR_INVALID);
    assert_err(
        c, evaluate_award(c, ref, hill, "The other bidder has told us that it cannot start in time.", URL),
        ERR_OK);
}

static void test_everybody_who_bid_hears_of_the_award_with_points_and_reasons(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *brook, *hill;
    market_fill(c);
    const char *ref = scored(c, &brook, &hill);
    assert_err(c, evaluate_award(c, ref, brook, "It has the most points.", URL), ERR_OK);
    const char *won = dbtest_value(c, "SELECT body_text FROM core.mail_outbox WHERE to_address = "
                                      "'brook@people.example' AND subject LIKE 'You have won%%'");
    const char *lost = dbtest_value(c, "SELECT body_text FROM core.mail_outbox WHERE to_address = "
                                       "'hill@people.example' AND subject LIKE 'Not chosen%%'");
    assert_non_null(strstr(won, "All together: 80.00 of 100"));
    assert_non_null(strstr(lost, "Quality: 45.50 of 60. Clear, with a plan."));
    assert_non_null(strstr(lost, "All together: 75.50 of 100"));
    assert_non_null(strstr(lost, "All together: 80.00 of 100"));
    assert_null(strstr(lost, "no plan for delays")); // the winner's reasons are the winner's
    assert_string_equal(dbtest_value(c, "SELECT state FROM core.notice WHERE ref = '%s'", ref), "awarded");
    assert_err(c, evaluate_quality(c, ref, brook, "1", "Changed my mind"), ERR_CONFLICT);
}

struct awarder {
    struct ctx *c;
    const char *ref, *bid;
    enum err got;
};

static void *award_thread(void *arg) {
    struct awarder *w = arg;
    w->got = evaluate_award(w->c, w->ref, w->bid, "It has the most points.", URL);
    return NULL;
}

static void test_ten_awards_at_once_make_one(void **state) {
    struct dbtest *t = *state;
    const char *brook, *hill;
    market_fill(t->c);
    const char *ref = scored(t->c, &brook, &hill);
    enum { AWARDERS = 10 };
    struct awarder w[AWARDERS];
    pthread_t threads[AWARDERS];
    int won = 0, refused = 0;
    for (int i = 0; i < AWARDERS; i++) {
        w[i] = (struct awarder){dbtest_new_ctx(t), ref, brook, ERR_BUG};
        market_act(w[i].c, "council");
    }
    for (int i = 0; i < AWARDERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, award_thread, &w[i]), 0);
    }
    for (int i = 0; i < AWARDERS; i++) {
        pthread_join(threads[i], NULL);
        won += w[i].got == ERR_OK;
        refused += w[i].got == ERR_CONFLICT;
        dbtest_free_ctx(w[i].c);
    }
    assert_int_equal(won, 1);
    assert_int_equal(refused, AWARDERS - 1);
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.award"), "1");
    assert_string_equal(
        dbtest_value(t->c, "SELECT count(*) FROM core.mail_outbox WHERE subject LIKE 'You have won%%'"), "1");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_a_bid_read_one_microsecond_before_closing_counts),
        CASE(test_a_bid_read_at_the_closing_time_does_not_count),
        CASE(test_the_database_itself_refuses_a_late_bid),
        CASE(test_a_bid_that_waited_while_the_notice_was_closed_still_counts),
        CASE(test_a_bid_can_be_taken_back_until_the_closing_time_only),
        CASE(test_a_new_bid_takes_the_place_of_the_old_one),
        CASE(test_the_receipt_holds_the_hash_of_what_was_sent),
        CASE(test_fifty_racing_bids_of_one_supplier_leave_one_that_counts),
        CASE(test_only_members_of_a_supplier_bid_and_only_for_tenders),
        CASE(test_a_contract_kept_for_the_area_refuses_others),
        CASE(test_a_cancelled_tender_takes_no_bids_and_tells_those_who_bid),
        CASE(test_a_buyer_learns_neither_bids_nor_their_number_before_opening),
        CASE(test_opening_waits_for_bids_that_are_on_their_way),
        CASE(test_another_body_finds_nothing_of_a_notice_that_is_not_its_own),
        CASE(test_bids_are_ranked_by_exact_totals),
        CASE(test_points_stay_within_the_weight_and_need_a_reason),
        CASE(test_no_award_before_every_bid_is_scored),
        CASE(test_passing_over_the_best_bid_needs_a_real_reason),
        CASE(test_everybody_who_bid_hears_of_the_award_with_points_and_reasons),
        CASE(test_ten_awards_at_once_make_one),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
