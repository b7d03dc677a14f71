// SPDX-License-Identifier: Apache-2.0
// Promises of events without a database: states of a booking, lines of an agenda, what an event must say.
#include "domain/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HOUR INT64_C(3600000000)
#define NOW  INT64_C(1790000000000000)

static void expect(enum booking_state from, enum booking_act act, bool room, enum booking_state want) {
    enum booking_state to = BOOKING_NONE;
    bool ok = booking_next(from, act, room, &to);
    if (ok != (want != BOOKING_NONE) || to != want) {
        fail_msg("from \"%s\" by act %d with room %d: \"%s\" instead of \"%s\"", booking_state_word(from),
                 (int)act, room, booking_state_word(to), booking_state_word(want));
    }
}

static void test_booking_with_room_gives_a_place_and_without_room_a_turn(void **state) {
    (void)state;
    expect(BOOKING_NONE, BOOKING_BOOK, true, BOOKING_BOOKED);
    expect(BOOKING_NONE, BOOKING_BOOK, false, BOOKING_WAITING);
    expect(BOOKING_CANCELLED, BOOKING_BOOK, true, BOOKING_BOOKED);
    expect(BOOKING_CANCELLED, BOOKING_BOOK, false, BOOKING_WAITING);
}

static void test_who_has_a_place_never_loses_it_by_booking_again(void **state) {
    (void)state;
    expect(BOOKING_BOOKED, BOOKING_BOOK, true, BOOKING_BOOKED);
    expect(BOOKING_BOOKED, BOOKING_BOOK, false, BOOKING_BOOKED);
    expect(BOOKING_WAITING, BOOKING_BOOK, false, BOOKING_WAITING);
}

static void test_only_who_waits_moves_up_and_only_when_there_is_room(void **state) {
    (void)state;
    expect(BOOKING_WAITING, BOOKING_MOVE_UP, true, BOOKING_BOOKED);
    expect(BOOKING_WAITING, BOOKING_MOVE_UP, false, BOOKING_NONE);
    expect(BOOKING_NONE, BOOKING_MOVE_UP, true, BOOKING_NONE);
    expect(BOOKING_BOOKED, BOOKING_MOVE_UP, true, BOOKING_NONE);
    expect(BOOKING_CANCELLED, BOOKING_MOVE_UP, true, BOOKING_NONE);
}

static void test_what_is_not_held_cannot_be_given_back(void **state) {
    (void)state;
    for (int room = 0; room < 2; room++) {
        expect(BOOKING_NONE, BOOKING_CANCEL, room, BOOKING_NONE);
        expect(BOOKING_CANCELLED, BOOKING_CANCEL, room, BOOKING_NONE);
        expect(BOOKING_BOOKED, BOOKING_CANCEL, room, BOOKING_CANCELLED);
        expect(BOOKING_WAITING, BOOKING_CANCEL, room, BOOKING_CANCELLED);
    }
}

static void test_words_of_states_are_read_back_and_others_are_not(void **state) {
    (void)state;
    for (int i = 0; i < BOOKING_STATES_; i++) {
        enum booking_state back = BOOKING_STATES_;
        assert_true(booking_state_of(booking_state_word((enum booking_state)i), &back));
        assert_int_equal(back, i);
    }
    enum booking_state untouched = BOOKING_WAITING;
    assert_false(booking_state_of("Booked", &untouched));
    assert_int_equal(untouched, BOOKING_WAITING);
}

// ---- agenda ----

static void test_an_agenda_line_has_a_time_a_title_and_perhaps_more_words(void **state) {
    (void)state;
    struct agenda_part p;
    const char *at = agenda_next("9:30am Welcome: tea and coffee\r\n\n 10am  Tables \nno time here: x", &p);
    assert_string_equal(p.time, "9:30am");
    assert_string_equal(p.title, "Welcome");
    assert_string_equal(p.text, "tea and coffee");
    at = agenda_next(at, &p);
    assert_string_equal(p.title, "");
    at = agenda_next(at, &p);
    assert_string_equal(p.time, "10am");
    assert_string_equal(p.title, "Tables");
    assert_string_equal(p.text, "");
    at = agenda_next(at, &p);
    assert_string_equal(p.time, "");
    assert_string_equal(p.title, "no time here");
    assert_null(agenda_next(at, &p));
    assert_null(agenda_next("", &p));
}

static void test_long_words_in_an_agenda_are_cut_between_characters(void **state) {
    (void)state;
    char line[1200] = "9am ";
    for (size_t i = 4; i < 804; i += 2) {
        memcpy(line + i, "\xC3\xA9", 2); // e with an accent, two bytes
    }
    struct agenda_part p;
    assert_non_null(agenda_next(line, &p));
    size_t n = strlen(p.title);
    assert_in_range(n, 100, sizeof p.title - 1);
    assert_int_equal(n % 2, 0);
}

// ---- what an event must say ----

static const char *last_field;
static int faults;

static void note(void *arg, const char *field, const char *text) {
    (void)arg;
    assert_true(strlen(text) > 10);
    last_field = field;
    faults++;
}

static void check(const struct event_input *in, const char *field) {
    faults = 0;
    last_field = "";
    event_check(in, NOW, note, NULL);
    assert_int_equal(faults, *field ? 1 : 0);
    assert_string_equal(last_field, field);
}

static void test_each_mistake_in_an_event_is_told_beside_its_own_field(void **state) {
    (void)state;
    struct event_input good = {
        .agenda = "9am Doors open", .starts_at = NOW + HOUR, .ends_at = NOW + 3 * HOUR, .places = 40};
    check(&good, "");
    struct event_input in = good;
    in.starts_at = NOW;
    check(&in, "day");
    in = good;
    in.ends_at = in.starts_at;
    check(&in, "to");
    in.ends_at = in.starts_at + 16 * HOUR;
    check(&in, "");
    in.ends_at++;
    check(&in, "to");
    in = good;
    in.places = 0;
    check(&in, "places");
    in.places = EVENT_PLACES_MAX;
    check(&in, "");
    in.places++;
    check(&in, "places");
    in = good;
    in.agenda = "9am Doors open\nTea and coffee\nMore tea";
    check(&in, "agenda");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_booking_with_room_gives_a_place_and_without_room_a_turn),
        cmocka_unit_test(test_who_has_a_place_never_loses_it_by_booking_again),
        cmocka_unit_test(test_only_who_waits_moves_up_and_only_when_there_is_room),
        cmocka_unit_test(test_what_is_not_held_cannot_be_given_back),
        cmocka_unit_test(test_words_of_states_are_read_back_and_others_are_not),
        cmocka_unit_test(test_an_agenda_line_has_a_time_a_title_and_perhaps_more_words),
        cmocka_unit_test(test_long_words_in_an_agenda_are_cut_between_characters),
        cmocka_unit_test(test_each_mistake_in_an_event_is_told_beside_its_own_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
