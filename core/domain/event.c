// SPDX-License-Identifier: Apache-2.0
// Events: the rules, and what anchors do with them. Bookings are in event_booking.c.
#include "domain/event.h"

#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "domain/mail.h"

#include <ctype.h>
#include <string.h>

#define HOUR_USEC (INT64_C(3600) * USEC_PER_SEC)

static const char *const state_words[BOOKING_STATES_] = {"", "booked", "waiting", "cancelled"};

const char *booking_state_word(enum booking_state s) {
    return state_words[s];
}

bool booking_state_of(const char *word, enum booking_state *ret_state) {
    for (int i = 0; i < BOOKING_STATES_; i++) {
        if (strcmp(state_words[i], word) == 0) {
            *ret_state = (enum booking_state)i;
            return true;
        }
    }
    return false;
}

bool booking_next(enum booking_state from, enum booking_act act, bool has_room, enum booking_state *ret_to) {
    // BOOKING_NONE means not allowed: no act leads back to it. Whoever has a place or a turn keeps it when
    // booking again, so that a change of needs costs nobody their place.
    static const unsigned char with_room[BOOKING_STATES_][BOOKING_ACTS_] = {
        [BOOKING_NONE] = {[BOOKING_BOOK] = BOOKING_BOOKED},
        [BOOKING_BOOKED] = {[BOOKING_BOOK] = BOOKING_BOOKED, [BOOKING_CANCEL] = BOOKING_CANCELLED},
        [BOOKING_WAITING] = {[BOOKING_BOOK] = BOOKING_BOOKED,
                             [BOOKING_CANCEL] = BOOKING_CANCELLED,
                             [BOOKING_MOVE_UP] = BOOKING_BOOKED},
        [BOOKING_CANCELLED] = {[BOOKING_BOOK] = BOOKING_BOOKED},
    };
    static const unsigned char when_full[BOOKING_STATES_][BOOKING_ACTS_] = {
        [BOOKING_NONE] = {[BOOKING_BOOK] = BOOKING_WAITING},
        [BOOKING_BOOKED] = {[BOOKING_BOOK] = BOOKING_BOOKED, [BOOKING_CANCEL] = BOOKING_CANCELLED},
        [BOOKING_WAITING] = {[BOOKING_BOOK] = BOOKING_WAITING, [BOOKING_CANCEL] = BOOKING_CANCELLED},
        [BOOKING_CANCELLED] = {[BOOKING_BOOK] = BOOKING_WAITING},
    };
    if ((unsigned)from >= BOOKING_STATES_ || (unsigned)act >= BOOKING_ACTS_) {
        return false;
    }
    unsigned to = has_room ? with_room[from][act] : when_full[from][act];
    if (to == BOOKING_NONE) {
        return false;
    }
    *ret_to = (enum booking_state)to;
    return true;
}

// ---- what people write --------------------------------------------------------------------------------

static void copy_part(char *out, size_t cap, const char *from, const char *to) {
    while (from < to && isspace((unsigned char)*from)) {
        from++;
    }
    while (to > from && isspace((unsigned char)to[-1])) {
        to--;
    }
    size_t n = (size_t)(to - from);
    n = n < cap ? n : cap - 1;
    while (n > 0 && n == cap - 1 && ((unsigned char)from[n] & 0xC0) == 0x80) {
        n--; // cut between characters
    }
    memcpy(out, from, n);
    out[n] = 0;
}

const char *agenda_next(const char *agenda, struct agenda_part *ret) {
    *ret = (struct agenda_part){.time = ""};
    if (!*agenda) {
        return NULL;
    }
    const char *end = agenda + strcspn(agenda, "\n");
    const char *from = agenda + strspn(agenda, " \t");
    if (isdigit((unsigned char)*from)) {
        size_t n = strcspn(from, " \t\n");
        copy_part(ret->time, sizeof ret->time, from, from + n);
        from += n;
    }
    const char *colon = memchr(from, ':', (size_t)(end - from));
    copy_part(ret->title, sizeof ret->title, from, colon ? colon : end);
    copy_part(ret->text, sizeof ret->text, colon ? colon + 1 : end, end);
    return *end ? end + 1 : end;
}

static void check_agenda(const char *agenda, event_say *say, void *arg) {
    struct agenda_part part;
    for (const char *at = agenda; (at = agenda_next(at, &part));) {
        if (*part.title && !*part.time) {
            say(arg, "agenda", "Begin each line with a time, for example \"9:30am Welcome: tea and coffee\"");
            return;
        }
    }
}

void event_check(const struct event_input *in, int64_t now_usec, event_say *say, void *arg) {
    if (in->starts_at && in->starts_at <= now_usec) {
        say(arg, "day", "Choose a day and time that are still to come");
    }
    if (in->starts_at && in->ends_at && in->ends_at <= in->starts_at) {
        say(arg, "to", "The event must end after it starts");
    } else if (in->ends_at - in->starts_at > EVENT_HOURS_MAX * HOUR_USEC) {
        say(arg, "to", "Make an event of more than 16 hours two events");
    }
    if (in->places < 1 || in->places > EVENT_PLACES_MAX) {
        say(arg, "places", "Enter how many places there are, from 1 to 5,000");
    }
    check_agenda(in->agenda, say, arg);
}

// ---- anchors ------------------------------------------------------------------------------------------

enum err event_host_only(struct ctx *c) {
    bool host = ctx_may(c, PERM_BUYER) || ctx_may(c, PERM_OFFICER);
    return host && c->actor.anchor_id != 0
               ? ERR_OK
               : ctx_fail(c, ERR_DENIED, "neither a buyer nor an officer of an anchor");
}

struct first_fault {
    struct ctx *c;
    enum err e;
};

static void fail_at_first(void *arg, const char *field, const char *text) {
    struct first_fault *f = arg;
    if (f->e == ERR_OK) {
        f->e = ctx_fail_field(f->c, field, "%s", text);
    }
}

struct creating {
    const struct event_input *in;
    char *ref;
};

static enum err create(struct ctx *c, void *arg) {
    const struct creating *k = arg;
    const struct event_input *in = k->in;
    char starts[STAMP_TEXT_BYTES], ends[STAMP_TEXT_BYTES];
    stamp_iso(in->starts_at, starts);
    stamp_iso(in->ends_at, ends);
    enum err e = DB_EXEC(c, event_add, NULL, k->ref, arena_i64(c->arena, c->actor.anchor_id), in->title,
                         in->summary, in->description, in->agenda, in->venue, in->postcode, starts, ends,
                         arena_i64(c->arena, in->places));
    return e ? e : audit_add(c, "event.create", k->ref, "");
}

enum err event_create(struct ctx *c, const struct event_input *in, const char **ret_ref) {
    enum err e = event_host_only(c);
    if (e != ERR_OK) {
        return e;
    }
    struct first_fault fault = {c, ERR_OK};
    event_check(in, c->now_usec, fail_at_first, &fault);
    if (fault.e == ERR_OK && (in->starts_at == 0 || in->ends_at == 0)) {
        return ctx_fail_field(c, "day", "Say on which day and at what time the event starts and ends");
    }
    struct creating k = {in, arena_alloc(c->arena, REF_CHARS + 1)};
    random_ref(k.ref, REF_CHARS);
    e = fault.e ? fault.e : db_in_transaction(c, create, &k);
    if (e == ERR_OK) {
        *ret_ref = k.ref;
    }
    return e;
}

struct cancelling {
    const char *ref, *reason;
};

static enum err tell_cancelled(struct ctx *c, const struct rows *event, const char *reason) {
    struct rows *people;
    int64_t starts = 0;
    char when[STAMP_TEXT_BYTES] = "";
    if (stamp_parse(row_text(event, 0, "starts_at"), &starts)) {
        stamp_words(starts, when);
    }
    enum err e = DB_ROWS(c, event_people, &people, row_text(event, 0, "id"));
    for (size_t i = 0; e == ERR_OK && i < rows_count(people); i++) {
        struct mail_word words[] = {{"name", row_text(people, i, "name")},
                                    {"title", row_text(event, 0, "title")},
                                    {"when", when},
                                    {"reason", reason}};
        e = mail_queue(c, row_text(people, i, "email"), "event_cancelled", words,
                       sizeof words / sizeof *words);
    }
    return e;
}

static enum err cancel(struct ctx *c, void *arg) {
    const struct cancelling *k = arg;
    struct rows *r;
    int64_t starts = 0;
    enum err e = DB_ROWS(c, event_lock, &r, k->ref);
    if (e != ERR_OK) {
        return e;
    }
    if (row_i64(r, 0, "anchor_id") != c->actor.anchor_id) {
        return ctx_fail(c, ERR_NOT_FOUND, "event %s is of another anchor", k->ref);
    }
    if (strcmp(row_text(r, 0, "state"), "open") != 0) {
        return ctx_fail(c, ERR_CONFLICT, "This event has been cancelled already.");
    }
    if (!stamp_parse(row_text(r, 0, "starts_at"), &starts) || c->now_usec >= starts) {
        return ctx_fail(c, ERR_CONFLICT, "This event has begun, so it cannot be cancelled any more.");
    }
    e = tell_cancelled(c, r, k->reason);
    e = e ? e : DB_EXEC(c, event_set_cancelled, NULL, row_text(r, 0, "id"));
    return e ? e : audit_add(c, "event.cancel", k->ref, "");
}

enum err event_cancel(struct ctx *c, const char *ref, const char *reason) {
    struct cancelling k = {ref, reason};
    enum err e = event_host_only(c);
    if (e == ERR_OK && !*reason) {
        return ctx_fail_field(c, "reason", "Say why. Everybody who booked will read it");
    }
    return e ? e : db_in_transaction(c, cancel, &k);
}
