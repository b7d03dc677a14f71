// SPDX-License-Identifier: Apache-2.0
// Four meet-the-buyer events: one past, one full with a waiting list, two with places left.
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "demo/demo_parts.h"

static const struct {
    size_t anchor;
    int32_t day; // from today, moved to a weekday
    int from, to, places, booked, waiting;
    const char *title, *summary, *description, *agenda, *venue;
} events[DEMO_EVENTS] = {
    {0, -24, 570, 750, 60, 44, 0, "Meet the buyers: autumn morning",
     "All five public bodies, one morning, short talks and time to meet.",
     "Buyers from the council, the hospital trust, the college, the university and the housing association "
     "told what "
     "they plan to buy this year. 44 businesses came.",
     "9:30am Doors open: tea and coffee\n10:00am What we buy: five short talks\n10:45am Tables: ten minutes "
     "with each buyer\n"
     "12:30pm End",
     "Engine House Hall, 22 Engine House Road"},
    {1, 9, 600, 720, 12, 12, 5, "Fresh food for wards: walk and talk",
     "See the hospital kitchen and talk about the meals tender.",
     "A small group walks through the kitchen, the stores and a ward at lunch time. The cooks tell what "
     "works today and "
     "what they would like to change. Wear flat shoes. You will be asked to wear a coat and a hat.",
     "10:00am Welcome: coats and hats\n10:20am The kitchen: how 1,100 meals leave it\n11:00am A ward at "
     "lunch: what patients "
     "say\n11:30am Questions: with the buyer and the head cook",
     "Three Towns Hospital, main entrance"},
    {0, 20, 570, 780, 120, 47, 0, "Meet the buyers: winter morning",
     "Talks, tables and help with your first bid.",
     "The five public bodies show what they plan to buy in the coming year. There is a table for each of "
     "them, one for "
     "help with registering here and one for help with a first bid. Community organisations are very "
     "welcome.",
     "9:30am Doors open: tea and coffee\n10:00am The year ahead: what is planned and when\n10:45am How we "
     "score: price, "
     "quality and social value in plain words\n11:15am Tables: ten minutes with each buyer\n1:00pm End",
     "Basin Side Centre, 3 Basin Side"},
    {4, 41, 480, 570, 30, 6, 0, "Small repairs, small firms: breakfast",
     "How can firms with one or two vans work for us?",
     "We know that our forms are long. Bring one that made you give up. We would like to hear what would "
     "make you bid, and "
     "we will show how we mean to pay within ten days.",
     "8:00am Breakfast: bacon, eggs or porridge\n8:20am What we heard so far\n8:40am Your turn: around the "
     "table\n9:30am End",
     "Brickfield Homes, 22 Engine House Road"},
};

static const char *const needs[] = {
    "",
    "",
    "",
    "",
    "Step-free way in, please",
    "",
    "Vegetarian",
    "",
    "I lip-read, so a seat near the front",
    "",
    "No nuts",
};
static const char *const hopes[] = {
    "The buyer for building works", "Somebody from catering", "Whoever buys training",
    "The hospital trust",           "Other small firms",      "The housing association, about repairs",
};

static enum err add_booking(struct demo *d, const char *event, const struct demo_supplier *s,
                            const char *state, int64_t at) {
    return DB_EXEC(d->c, demo_booking_add, NULL, event, arena_i64(d->c->arena, s->id),
                   arena_i64(d->c->arena, s->contact), state,
                   needs[demo_below(&d->rng, sizeof needs / sizeof *needs)],
                   hopes[demo_below(&d->rng, sizeof hopes / sizeof *hopes)], demo_stamp(d, at));
}

// Who comes to event i: the people with a sign-in first, so that their pages show something.
static const struct demo_supplier *guest(const struct demo *d, const uint32_t *order, size_t i, int k) {
    static const int first[DEMO_EVENTS] = {2, 2, 0, -1};  // of d->signed_in, booked
    static const int last[DEMO_EVENTS] = {-1, 1, -1, -1}; // at the end of the waiting list
    size_t signed_in;
    if (k == 0 && first[i] >= 0) {
        signed_in = (size_t)first[i];
    } else if (last[i] >= 0 && k == events[i].booked + events[i].waiting - 1) {
        signed_in = (size_t)last[i];
    } else {
        return &d->suppliers[order[k]];
    }
    return &d->suppliers[d->signed_in[signed_in]];
}

static bool has_sign_in(const struct demo *d, uint32_t supplier) {
    return supplier == d->signed_in[0] || supplier == d->signed_in[1] || supplier == d->signed_in[2];
}

static enum err add_guests(struct demo *d, size_t i, const char *event, int64_t since) {
    uint32_t all[DEMO_SUPPLIERS], order[DEMO_SUPPLIERS] = {0};
    size_t n = 0;
    demo_shuffle(&d->rng, all, DEMO_SUPPLIERS);
    for (size_t k = 0; k < DEMO_SUPPLIERS; k++) { // those with a sign-in have their own places
        if (!has_sign_in(d, all[k])) {
            order[n++] = all[k];
        }
    }
    enum err e = ERR_OK;
    for (int k = 0; e == ERR_OK && k < events[i].booked + events[i].waiting; k++) {
        e = add_booking(d, event, guest(d, order, i, k), k < events[i].booked ? "booked" : "waiting",
                        since + (int64_t)k * INT64_C(3000000000));
    }
    return e;
}

enum err demo_load_events(struct demo *d) {
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < DEMO_EVENTS; i++) {
        struct arena *a = d->c->arena;
        const struct demo_anchor *anchor = &d->anchors[events[i].anchor];
        int32_t day = demo_weekday(d->today + events[i].day, events[i].day > 0) - d->today;
        int64_t since = demo_usec(d, (day < 0 ? day : 0) - 12, 555);
        char ref[REF_CHARS + 1];
        demo_ref(&d->rng, ref);
        struct rows *r;
        e = DB_ROWS(d->c, demo_event_add, &r, ref, arena_i64(a, anchor->id), events[i].title,
                    events[i].summary, events[i].description, events[i].venue, anchor->postcode,
                    demo_stamp(d, demo_usec(d, day, events[i].from)),
                    demo_stamp(d, demo_usec(d, day, events[i].to)), arena_i64(a, events[i].places),
                    demo_stamp(d, since), events[i].agenda);
        e = e ? e : add_guests(d, i, row_text(r, 0, "id"), since);
        demo_say(d, "Events", (int64_t)i + 1, DEMO_EVENTS);
    }
    return e;
}
