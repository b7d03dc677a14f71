// SPDX-License-Identifier: Apache-2.0
// Bookings of events. Whoever changes one locks the event first, so the last place has one winner; the
// trigger event_has_room says the same once more in the database.
#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "domain/event.h"
#include "domain/happening.h"
#include "domain/mail.h"

#include <anchorage/plugin.h>

#include <string.h>

struct booking {
    const char *ref, *base_url;
    const struct booking_input *in;
    enum booking_state state;
};

static enum err supplier_only(struct ctx *c) {
    if (!ctx_may(c, PERM_SUPPLIER) || c->actor.supplier_id == 0) {
        return ctx_fail(c, ERR_DENIED, "not a member of a supplier");
    }
    return ERR_OK;
}

static void words_of(const char *stamp, char out[STAMP_TEXT_BYTES]) {
    int64_t usec;
    if (stamp_parse(stamp, &usec)) {
        stamp_words(usec, out);
    }
}

// Locks an event that still takes changes of bookings.
static enum err take_event(struct ctx *c, const char *ref, struct rows **ret) {
    int64_t starts = 0;
    enum err e = DB_ROWS(c, event_lock, ret, ref);
    if (e != ERR_OK) {
        return e;
    }
    if (strcmp(row_text(*ret, 0, "state"), "open") != 0) {
        return ctx_fail(c, ERR_GONE,
                        "This event has been cancelled, so there is nothing to book or to give back.");
    }
    if (!stamp_parse(row_text(*ret, 0, "starts_at"), &starts) || c->now_usec >= starts) {
        char when[STAMP_TEXT_BYTES] = "a while ago";
        words_of(row_text(*ret, 0, "starts_at"), when);
        return ctx_fail(c, ERR_GONE,
                        "This event began on %s. Bookings can only be made or changed before it starts.",
                        when);
    }
    return ERR_OK;
}

// A message about an event with all its facts.
static enum err tell(struct ctx *c, const char *template_name, const char *name, const char *email,
                     const struct rows *event, const char *base_url, const struct booking_input *in) {
    char from[STAMP_TEXT_BYTES] = "", to[STAMP_TEXT_BYTES] = "";
    words_of(row_text(event, 0, "starts_at"), from);
    words_of(row_text(event, 0, "ends_at"), to);
    const char *postcode = row_text(event, 0, "postcode");
    struct mail_word words[] = {{"name", name},
                                {"title", row_text(event, 0, "title")},
                                {"from", from},
                                {"to", to},
                                {"venue", arena_printf(c->arena, "%s%s%s", row_text(event, 0, "venue"),
                                                       *postcode ? ", " : "", postcode)},
                                {"needs", in && *in->needs ? in->needs : "nothing special"},
                                {"link", arena_printf(c->arena, "%s/account/events", base_url)}};
    return mail_queue(c, email, template_name, words, sizeof words / sizeof *words);
}

static struct happening about(const struct rows *event, const char *supplier_ref) {
    return (struct happening){.ref = row_text(event, 0, "ref"),
                              .name = row_text(event, 0, "title"),
                              .anchor_ref = row_text(event, 0, "anchor_ref"),
                              .supplier_ref = supplier_ref};
}

static enum err book(struct ctx *c, void *arg) {
    struct booking *b = arg;
    struct arena *a = c->arena;
    struct rows *event, *counts, *person;
    const char *supplier = arena_i64(a, c->actor.supplier_id);
    enum err e = take_event(c, b->ref, &event);
    e = e ? e : DB_ROWS(c, booking_counts, &counts, row_text(event, 0, "id"), supplier);
    e = e ? e : DB_ROWS(c, booking_person, &person, arena_i64(a, c->actor.person_id), supplier);
    if (e != ERR_OK) {
        return e;
    }
    enum booking_state from;
    // Somebody who waits goes first when a place is free; a newcomer must not pass them.
    bool room =
        row_i64(counts, 0, "booked") < row_i64(event, 0, "places") && row_i64(counts, 0, "waiting") == 0;
    if (!booking_state_of(row_text(counts, 0, "own_state"), &from) ||
        !booking_next(from, BOOKING_BOOK, room, &b->state)) {
        return ctx_fail(c, ERR_BUG, "a booking in an unknown state");
    }
    char now[STAMP_TEXT_BYTES];
    stamp_iso(c->now_usec, now);
    e = DB_EXEC(c, booking_put, NULL, row_text(event, 0, "id"), supplier, arena_i64(a, c->actor.person_id),
                booking_state_word(b->state), b->in->needs, b->in->hopes, now);
    e = e ? e : audit_add(c, "event.book", b->ref, booking_state_word(b->state));
    if (e == ERR_OK && from != b->state) { // a change of needs brings no second letter
        e = tell(c, b->state == BOOKING_BOOKED ? "event_booked" : "event_waiting",
                 row_text(person, 0, "name"), row_text(person, 0, "email"), event, b->base_url, b->in);
    }
    const struct happening h = about(event, row_text(person, 0, "supplier_ref"));
    e = e ? e : happening_ask(c, ANC_EVENT_BOOKING, &h);
    return e || from == b->state || b->state != BOOKING_BOOKED ? e : happening_note(c, ANC_EVENT_BOOKED, &h);
}

enum err event_book(struct ctx *c, const char *ref, const struct booking_input *in, const char *base_url,
                    enum booking_state *ret_state) {
    struct booking b = {.ref = ref, .base_url = base_url, .in = in};
    enum err e = supplier_only(c);
    e = e ? e : db_in_transaction(c, book, &b);
    if (e == ERR_OK) {
        *ret_state = b.state;
    }
    return e;
}

static enum err move_up(struct ctx *c, const struct booking *b, const struct rows *event) {
    struct rows *next;
    enum err e = DB_ROWS(c, booking_move_up, &next, row_text(event, 0, "id"));
    if (e != ERR_OK || rows_count(next) == 0) {
        return e;
    }
    e = tell(c, "event_moved_up", row_text(next, 0, "name"), row_text(next, 0, "email"), event, b->base_url,
             NULL);
    const struct happening h = about(event, row_text(next, 0, "supplier_ref"));
    return e ? e : happening_note(c, ANC_EVENT_BOOKED, &h);
}

static enum err unbook(struct ctx *c, void *arg) {
    const struct booking *b = arg;
    struct rows *event, *counts;
    const char *supplier = arena_i64(c->arena, c->actor.supplier_id);
    enum booking_state from = BOOKING_NONE, to;
    enum err e = take_event(c, b->ref, &event);
    e = e ? e : DB_ROWS(c, booking_counts, &counts, row_text(event, 0, "id"), supplier);
    if (e != ERR_OK) {
        return e;
    }
    if (!booking_state_of(row_text(counts, 0, "own_state"), &from) ||
        !booking_next(from, BOOKING_CANCEL, false, &to)) {
        return ctx_fail(c, from == BOOKING_CANCELLED ? ERR_CONFLICT : ERR_NOT_FOUND,
                        "You have no place at this event and do not wait for one.");
    }
    e = DB_EXEC(c, booking_set_cancelled, NULL, row_text(event, 0, "id"), supplier);
    e = e ? e : audit_add(c, "event.unbook", b->ref, booking_state_word(from));
    return e || from != BOOKING_BOOKED ? e : move_up(c, b, event);
}

enum err event_unbook(struct ctx *c, const char *ref, const char *base_url) {
    struct booking b = {.ref = ref, .base_url = base_url};
    enum err e = supplier_only(c);
    return e ? e : db_in_transaction(c, unbook, &b);
}
