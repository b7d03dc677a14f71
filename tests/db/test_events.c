// SPDX-License-Identifier: Apache-2.0
// Promises of events against a real PostgreSQL: the last place has one winner, the waiting list moves up, who
// may.
#include "base/day.h"
#include "db/queries.gen.h"
#include "domain/event.h"
#include "support/market.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define URL       "https://market.example"
#define HOUR_USEC (INT64_C(3600) * USEC_PER_SEC)

static struct event_input morning(const struct ctx *c, int64_t places) {
    return (struct event_input){.title = "Meet the buyers",
                                .summary = "Talks and tables",
                                .description = "Come and talk.",
                                .agenda = "9:30am Welcome: tea\n10:00am Tables",
                                .venue = "The Hall",
                                .postcode = "WN1 1AA",
                                .starts_at = c->now_usec + 48 * HOUR_USEC,
                                .ends_at = c->now_usec + 51 * HOUR_USEC,
                                .places = places};
}

// A market with an event of the council; its reference.
static const char *an_event(struct ctx *c, int64_t places) {
    const char *ref = NULL;
    market_fill(c);
    market_act(c, "council");
    struct event_input in = morning(c, places);
    assert_err(c, event_create(c, &in, &ref), ERR_OK);
    return ref;
}

static enum err book(struct ctx *c, const char *supplier, const char *ref, enum booking_state *ret) {
    struct booking_input in = {"Step-free way in", "The council"};
    *ret = BOOKING_NONE;
    market_act(c, supplier);
    return event_book(c, ref, &in, URL, ret);
}

static void must_book(struct ctx *c, const char *supplier, const char *ref, enum booking_state want) {
    enum booking_state state;
    assert_err(c, book(c, supplier, ref, &state), ERR_OK);
    assert_int_equal(state, want);
}

static enum err unbook(struct ctx *c, const char *supplier, const char *ref) {
    market_act(c, supplier);
    return event_unbook(c, ref, URL);
}

static const char *state_of(struct ctx *c, const char *supplier) {
    return dbtest_value(
        c,
        "SELECT coalesce(min(b.state), '') FROM core.event_booking b JOIN core.organisation o ON o.id = "
        "b.supplier_id WHERE o.ref = '%s'",
        supplier);
}

static int letters(struct ctx *c, const char *to, const char *subject) {
    return (int)strtol(
        dbtest_value(
            c,
            "SELECT count(*) FROM core.mail_outbox WHERE to_address = '%s@people.example' AND subject "
            "LIKE '%s%%'",
            to, subject),
        NULL, 10);
}

static void start_now(struct ctx *c, const char *ref) {
    int64_t usec = 0;
    assert_true(
        stamp_parse(dbtest_value(c, "SELECT starts_at FROM core.event WHERE ref = '%s'", ref), &usec));
    c->now_usec = usec;
}

// ---- booking ----

static void test_a_booking_gives_a_place_and_a_letter_with_all_facts(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, 2);
    must_book(c, "brook", ref, BOOKING_BOOKED);
    assert_int_equal(letters(c, "brook", "Your place is booked: Meet the buyers"), 1);
    const char *body = dbtest_value(c, "SELECT body_text FROM core.mail_outbox");
    const char *facts[] = {"The Hall, WN1 1AA", "UK time", "Step-free way in", URL "/account/events",
                           "Exampleton"};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        if (!strstr(body, facts[i])) {
            fail_msg("the letter does not say \"%s\": %s", facts[i], body);
        }
    }
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.audit WHERE action = 'event.book'"), "1");
}

static void test_a_second_booking_changes_the_needs_and_keeps_the_one_place(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, 1);
    must_book(c, "brook", ref, BOOKING_BOOKED);
    struct booking_input in = {"No nuts", ""};
    enum booking_state again;
    assert_err(c, event_book(c, ref, &in, URL, &again), ERR_OK);
    assert_int_equal(again, BOOKING_BOOKED);
    assert_string_equal(dbtest_value(c, "SELECT count(*) || needs FROM core.event_booking GROUP BY needs"),
                        "1No nuts");
    assert_int_equal(letters(c, "brook", "Your place is booked"), 1);
}

static void test_when_all_places_are_taken_the_next_one_waits_and_is_told(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, 1);
    must_book(c, "brook", ref, BOOKING_BOOKED);
    must_book(c, "hill", ref, BOOKING_WAITING);
    assert_int_equal(letters(c, "hill", "You are on the waiting list"), 1);
    assert_int_equal(letters(c, "hill", "Your place is booked"), 0);
}

static void test_the_database_itself_refuses_one_place_too_many(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, 1);
    must_book(c, "brook", ref, BOOKING_BOOKED);
    const char *insert =
        arena_printf(c->arena,
                     "INSERT INTO core.event_booking (event_id, supplier_id, person_id, state, "
                     "booked_at) SELECT e.id, o.id, p.id, 'booked', now() FROM core.event e, "
                     "core.organisation o, core.person p WHERE e.ref = '%s' AND o.ref = 'hill' AND "
                     "p.email = 'hill@people.example'",
                     ref);
    assert_err(c, dbtest_try(c, insert), ERR_CONFLICT);
}

// ---- the race ----

struct racer {
    struct ctx *c;
    const char *ref;
    int first, booked, waiting, other;
};

static void *race(void *arg) {
    struct racer *r = arg;
    for (int i = 0; i < 5; i++) {
        struct booking_input in = {"", ""};
        enum booking_state state = BOOKING_NONE;
        int64_t n = r->first + i;
        // The people and suppliers of the race have these numbers (see below).
        r->c->actor = (struct actor){
            .person_id = 9000 + n, .supplier_id = 9000 + n, .perms = 1u << PERM_SUPPLIER, .name = ""};
        enum err e = event_book(r->c, r->ref, &in, URL, &state);
        r->booked += e == ERR_OK && state == BOOKING_BOOKED;
        r->waiting += e == ERR_OK && state == BOOKING_WAITING;
        r->other += e != ERR_OK;
    }
    return NULL;
}

static void add_racers(struct ctx *c, int n) {
    dbtest_run(c,
               "INSERT INTO core.organisation (id, ref, kind, name) OVERRIDING SYSTEM VALUE SELECT 9000 + i, "
               "'racer' || "
               "i, 'supplier', 'Racer ' || i FROM generate_series(0, %d) i",
               n - 1);
    dbtest_run(
        c,
        "INSERT INTO core.supplier (id, match_name, postcode) SELECT 9000 + i, 'RACER ' || i, 'WN1 1AB' FROM "
        "generate_series(0, %d) i",
        n - 1);
    dbtest_run(
        c,
        "INSERT INTO core.person (id, email, name, password_hash, confirmed_at) OVERRIDING SYSTEM VALUE "
        "SELECT "
        "9000 + i, 'racer' || i || '@people.example', 'Racer', '-', now() FROM generate_series(0, %d) i",
        n - 1);
}

static void test_of_fifty_who_want_the_last_place_exactly_one_gets_it(void **state) {
    struct dbtest *t = *state;
    const char *ref = an_event(t->c, 1);
    add_racers(t->c, 50);
    enum { THREADS = 10 };
    struct racer racers[THREADS];
    pthread_t threads[THREADS];
    int booked = 0, waiting = 0, other = 0;
    for (int i = 0; i < THREADS; i++) {
        racers[i] = (struct racer){.c = dbtest_new_ctx(t), .ref = ref, .first = i * 5};
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) { // all of them end before anything is judged
        pthread_join(threads[i], NULL);
        other += racers[i].other;
        booked += racers[i].booked;
        waiting += racers[i].waiting;
        dbtest_free_ctx(racers[i].c);
    }
    assert_int_equal(other, 0);
    assert_int_equal(booked, 1);
    assert_int_equal(waiting, 49);
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.event_booking WHERE state = 'booked'"),
                        "1");
    assert_string_equal(
        dbtest_value(t->c,
                     "SELECT count(*) FROM core.mail_outbox WHERE subject LIKE 'Your place is booked%%'"),
        "1");
}

// ---- giving back ----

static void test_the_first_who_waits_moves_up_and_is_told(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, 1);
    must_book(c, "brook", ref, BOOKING_BOOKED);
    c->now_usec += USEC_PER_SEC;
    must_book(c, "hill", ref, BOOKING_WAITING);
    c->now_usec += USEC_PER_SEC;
    must_book(c, "vale", ref, BOOKING_WAITING);
    assert_err(c, unbook(c, "brook", ref), ERR_OK);
    assert_string_equal(state_of(c, "brook"), "cancelled");
    assert_string_equal(state_of(c, "hill"), "booked");
    assert_string_equal(state_of(c, "vale"), "waiting");
    assert_int_equal(letters(c, "hill", "A place is yours"), 1);
    assert_int_equal(letters(c, "vale", "A place is yours"), 0);
}

static void test_who_changes_their_needs_while_waiting_keeps_their_turn(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, 1);
    must_book(c, "brook", ref, BOOKING_BOOKED);
    c->now_usec += USEC_PER_SEC;
    must_book(c, "hill", ref, BOOKING_WAITING);
    c->now_usec += USEC_PER_SEC;
    must_book(c, "vale", ref, BOOKING_WAITING);
    c->now_usec += USEC_PER_SEC;
    must_book(c, "hill", ref, BOOKING_WAITING);
    assert_err(c, unbook(c, "brook", ref), ERR_OK);
    assert_string_equal(state_of(c, "hill"), "booked");
    assert_int_equal(letters(c, "hill", "You are on the waiting list"), 1);
}

static void test_who_gave_their_place_back_and_books_again_stands_last(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, 1);
    must_book(c, "brook", ref, BOOKING_BOOKED);
    c->now_usec += USEC_PER_SEC;
    must_book(c, "hill", ref, BOOKING_WAITING);
    assert_err(c, unbook(c, "brook", ref), ERR_OK);
    c->now_usec += USEC_PER_SEC;
    must_book(c, "vale", ref, BOOKING_WAITING);
    c->now_usec += USEC_PER_SEC;
    must_book(c, "brook", ref, BOOKING_WAITING);
    assert_err(c, unbook(c, "hill", ref), ERR_OK);
    assert_string_equal(state_of(c, "vale"), "booked");
    assert_string_equal(state_of(c, "brook"), "waiting");
}

static void test_leaving_the_waiting_list_moves_nobody_up(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, 1);
    must_book(c, "brook", ref, BOOKING_BOOKED);
    must_book(c, "hill", ref, BOOKING_WAITING);
    must_book(c, "vale", ref, BOOKING_WAITING);
    assert_err(c, unbook(c, "hill", ref), ERR_OK);
    assert_string_equal(state_of(c, "vale"), "waiting");
    assert_string_equal(state_of(c, "brook"), "booked");
}

static void test_a_place_can_be_given_back_once_and_only_by_who_has_it(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, 2);
    must_book(c, "brook", ref, BOOKING_BOOKED);
    assert_err(c, unbook(c, "hill", ref), ERR_NOT_FOUND);
    assert_err(c, unbook(c, "brook", ref), ERR_OK);
    assert_err(c, unbook(c, "brook", ref), ERR_CONFLICT);
    assert_err(c, unbook(c, "brook", "nothing"), ERR_NOT_FOUND);
}

// ---- when ----

static void test_bookings_close_at_the_very_start_of_the_event(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, 2);
    enum booking_state booked;
    must_book(c, "brook", ref, BOOKING_BOOKED);
    start_now(c, ref);
    c->now_usec--;
    must_book(c, "hill", ref, BOOKING_BOOKED);
    c->now_usec++;
    assert_err(c, book(c, "vale", ref, &booked), ERR_GONE);
    assert_non_null(strstr(c->err_detail, "This event began on "));
    assert_err(c, unbook(c, "brook", ref), ERR_GONE);
    assert_string_equal(state_of(c, "brook"), "booked");
}

static void test_a_cancelled_event_takes_no_bookings_and_everybody_is_told_why(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, 1);
    enum booking_state booked;
    must_book(c, "brook", ref, BOOKING_BOOKED);
    must_book(c, "hill", ref, BOOKING_WAITING);
    must_book(c, "vale", ref, BOOKING_WAITING);
    assert_err(c, unbook(c, "vale", ref), ERR_OK);
    market_act(c, "council");
    assert_err(c, event_cancel(c, ref, "The hall has no heating."), ERR_OK);
    assert_int_equal(letters(c, "brook", "Cancelled"), 1);
    assert_int_equal(letters(c, "hill", "Cancelled"), 1);
    assert_int_equal(letters(c, "vale", "Cancelled"), 0);
    assert_string_equal(
        dbtest_value(
            c, "SELECT count(*) FROM core.mail_outbox WHERE body_text LIKE '%%The hall has no heating.%%'"),
        "2");
    assert_err(c, book(c, "vale", ref, &booked), ERR_GONE);
    assert_err(c, unbook(c, "brook", ref), ERR_GONE);
}

// ---- who may ----

static void
test_only_the_anchor_that_planned_an_event_cancels_it_and_only_once_before_it_begins(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, 1), *second = NULL;
    struct event_input in = morning(c, 5);
    assert_err(c, event_create(c, &in, &second), ERR_OK);
    market_act(c, "hospital");
    assert_err(c, event_cancel(c, ref, "Why not"), ERR_NOT_FOUND);
    market_act(c, "brook");
    assert_err(c, event_cancel(c, ref, "Why not"), ERR_DENIED);
    market_act(c, "council");
    assert_err(c, event_cancel(c, ref, ""), ERR_INVALID);
    assert_err(c, event_cancel(c, ref, "No heating"), ERR_OK);
    assert_err(c, event_cancel(c, ref, "No heating"), ERR_CONFLICT);
    start_now(c, second);
    assert_err(c, event_cancel(c, second, "Too late"), ERR_CONFLICT);
}

static void test_officers_plan_events_too_but_suppliers_and_strangers_do_not(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = NULL;
    market_fill(c);
    struct event_input in = morning(c, 5);
    market_act(c, "council");
    c->actor.perms = (1u << PERM_SIGNED_IN) | (1u << PERM_OFFICER);
    assert_err(c, event_create(c, &in, &ref), ERR_OK);
    market_act(c, "brook");
    assert_err(c, event_create(c, &in, &ref), ERR_DENIED);
    market_act_nobody(c);
    assert_err(c, event_create(c, &in, &ref), ERR_DENIED);
    enum booking_state booked;
    struct booking_input needs = {"", ""};
    assert_err(c, event_book(c, ref, &needs, URL, &booked), ERR_DENIED);
    market_act(c, "council");
    assert_err(c, event_book(c, ref, &needs, URL, &booked), ERR_DENIED);
}

static void test_an_event_in_the_past_or_without_an_end_is_not_made(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = NULL;
    market_fill(c);
    market_act(c, "council");
    struct event_input in = morning(c, 5);
    in.starts_at = c->now_usec;
    assert_err(c, event_create(c, &in, &ref), ERR_INVALID);
    assert_string_equal(c->err_field, "day");
    in = morning(c, 5);
    in.ends_at = in.starts_at;
    assert_err(c, event_create(c, &in, &ref), ERR_INVALID);
    assert_string_equal(c->err_field, "to");
    in = morning(c, 0);
    assert_err(c, event_create(c, &in, &ref), ERR_INVALID);
    assert_string_equal(c->err_field, "places");
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.event"), "0");
}

// ---- lists ----

static void test_lists_tell_coming_from_past_and_how_many_places_are_left(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *ref = an_event(c, 3);
    must_book(c, "brook", ref, BOOKING_BOOKED);
    char now[STAMP_TEXT_BYTES];
    struct rows *r;
    stamp_iso(c->now_usec, now);
    assert_err(c, DB_ROWS(c, event_list, &r, now, "coming", "", NULL, "10", "0"), ERR_OK);
    assert_int_equal(rows_count(r), 1);
    assert_int_equal(row_i64(r, 0, "places_left"), 2);
    assert_true(row_bool(r, 0, "has_room"));
    assert_err(c, DB_ROWS(c, event_list, &r, now, "past", "", NULL, "10", "0"), ERR_OK);
    assert_int_equal(rows_count(r), 0);
    start_now(c, ref);
    stamp_iso(c->now_usec + 4 * HOUR_USEC, now);
    assert_err(c, DB_ROWS(c, event_list, &r, now, "past", "council", "%buyers%", "10", "0"), ERR_OK);
    assert_int_equal(rows_count(r), 1);
    assert_true(row_bool(r, 0, "is_past"));
    assert_err(c, DB_ROWS(c, event_list, &r, now, "past", "hospital", NULL, "10", "0"), ERR_OK);
    assert_int_equal(rows_count(r), 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_a_booking_gives_a_place_and_a_letter_with_all_facts),
        T(test_a_second_booking_changes_the_needs_and_keeps_the_one_place),
        T(test_when_all_places_are_taken_the_next_one_waits_and_is_told),
        T(test_the_database_itself_refuses_one_place_too_many),
        T(test_of_fifty_who_want_the_last_place_exactly_one_gets_it),
        T(test_the_first_who_waits_moves_up_and_is_told),
        T(test_who_changes_their_needs_while_waiting_keeps_their_turn),
        T(test_who_gave_their_place_back_and_books_again_stands_last),
        T(test_leaving_the_waiting_list_moves_nobody_up),
        T(test_a_place_can_be_given_back_once_and_only_by_who_has_it),
        T(test_bookings_close_at_the_very_start_of_the_event),
        T(test_a_cancelled_event_takes_no_bookings_and_everybody_is_told_why),
        T(test_only_the_anchor_that_planned_an_event_cancels_it_and_only_once_before_it_begins),
        T(test_officers_plan_events_too_but_suppliers_and_strangers_do_not),
        T(test_an_event_in_the_past_or_without_an_end_is_not_made),
        T(test_lists_tell_coming_from_past_and_how_many_places_are_left),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
