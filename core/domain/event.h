// SPDX-License-Identifier: Apache-2.0
// Meet-the-buyer events: making and cancelling them, booking a place, the waiting list.
#ifndef ANCHORAGE_DOMAIN_EVENT_H
#define ANCHORAGE_DOMAIN_EVENT_H

#include "base/ctx.h"

enum booking_state { BOOKING_NONE, BOOKING_BOOKED, BOOKING_WAITING, BOOKING_CANCELLED, BOOKING_STATES_ };

enum booking_act {
    BOOKING_BOOK,    // the supplier asks for a place
    BOOKING_CANCEL,  // the supplier gives it back
    BOOKING_MOVE_UP, // a place came free
    BOOKING_ACTS_
};

// The states of a booking, pure: whether `act` is allowed in `from`, and where it leads. has_room: a place is
// left for this supplier.
bool booking_next(enum booking_state from, enum booking_act act, bool has_room, enum booking_state *ret_to);
const char *booking_state_word(enum booking_state s);                   // "" for none
bool booking_state_of(const char *word, enum booking_state *ret_state); // "" is none

// What an anchor says of an event. Texts are never NULL; postcode, description and agenda may be "".
struct event_input {
    const char *title, *summary, *description, *agenda, *venue, *postcode;
    int64_t starts_at, ends_at; // microseconds UTC, 0 when not said
    int64_t places;
};

#define EVENT_PLACES_MAX 5000
#define EVENT_HOURS_MAX  16

// Says everything that is wrong with an event, pure. Fields: day, from, to, places, agenda.
typedef void event_say(void *arg, const char *field, const char *text);
void event_check(const struct event_input *in, int64_t now_usec, event_say *say, void *arg);

// One part of an agenda line "9:30am Welcome: tea and coffee": time, title and text (may be ""), pure.
// Gives what follows the line, NULL at the end of the agenda; empty lines give an empty title.
struct agenda_part {
    char time[24], title[160], text[300];
};
const char *agenda_next(const char *agenda, struct agenda_part *ret);

// Buyers and officers make events of their anchor; *ret_ref is the reference.
enum err event_create(struct ctx *c, const struct event_input *in, const char **ret_ref) MUST;
// Cancels an event of the actor's anchor that has not begun; everybody with a place or waiting gets mail.
enum err event_cancel(struct ctx *c, const char *ref, const char *reason) MUST;
// Whether the actor may plan events at all, and for which anchor.
enum err event_host_only(struct ctx *c) MUST;

struct booking_input {
    const char *needs; // access or food, "" none
    const char *hopes; // whom they want to meet
};
// Books a place for the actor's supplier, or puts it on the waiting list when none is left (*ret_state says
// which), and mails it. One place a supplier: a second booking changes needs and hopes and keeps its place.
// ERR_GONE after the event began or was cancelled. base_url stands before paths in mail.
enum err event_book(struct ctx *c, const char *ref, const struct booking_input *in, const char *base_url,
                    enum booking_state *ret_state) MUST;
// Gives back the place of the actor's supplier; the first who waits moves up and gets mail, in the same
// transaction.
enum err event_unbook(struct ctx *c, const char *ref, const char *base_url) MUST;

#endif
