// SPDX-License-Identifier: Apache-2.0
// Events for everybody, booking a place, and the events of a supplier.
#include "base/day.h"
#include "db/queries.gen.h"
#include "domain/event.h"
#include "http/app.h"
#include "pages/event_hosts.h"
#include "pages/event_words.h"
#include "pages/routes.h"
#include "pages/view.h"

#include <string.h>

#define PAGE_SIZE   20
#define QUERY_BYTES 100
#define EXPORT_MAX  "5000"

static const char *const when_choices[][2] = {{"coming", "Coming"}, {"past", "Past"}, {"all", "All"}};
#define WHEN_CHOICES (sizeof when_choices / sizeof *when_choices)

// What the address asks for; unknown words count as not given.
struct asked {
    const char *when, *anchor, *anchor_name, *q, *pattern;
    struct rows *anchors;
    char now[STAMP_TEXT_BYTES];
};

static enum err read_asked(struct req *r, struct asked *a) {
    const char *q = req_query(r, "q");
    *a = (struct asked){
        .when = "coming", .anchor = "", .anchor_name = "", .q = strlen(q) <= QUERY_BYTES ? q : ""};
    a->pattern = *a->q ? view_pattern(r->c.arena, a->q) : NULL;
    stamp_iso(r->c.now_usec, a->now);
    for (size_t i = 0; i < WHEN_CHOICES; i++) {
        if (strcmp(when_choices[i][0], req_query(r, "when")) == 0) {
            a->when = when_choices[i][0];
        }
    }
    enum err e = DB_ROWS(&r->c, event_anchors, &a->anchors);
    for (size_t i = 0; e == ERR_OK && i < rows_count(a->anchors); i++) {
        if (strcmp(row_text(a->anchors, i, "ref"), req_query(r, "anchor")) == 0) {
            a->anchor = row_text(a->anchors, i, "ref");
            a->anchor_name = row_text(a->anchors, i, "name");
        }
    }
    return e;
}

// Lists and words of an event are right until one starts or ends.
static enum err fresh_until_next_change(struct req *r) {
    char now[STAMP_TEXT_BYTES];
    struct rows *next;
    int64_t usec;
    stamp_iso(r->c.now_usec, now);
    enum err e = DB_ROWS(&r->c, event_next_change, &next, now);
    if (e == ERR_OK && stamp_parse(row_text(next, 0, "at"), &usec)) {
        page_fresh_until(r, usec);
    }
    return e;
}

// The query of this list, without one of its filters.
static const char *query_without(struct req *r, const struct asked *a, const char *left_out) {
    const char *const pairs[][2] = {
        {"when", strcmp(a->when, "coming") == 0 ? "" : a->when}, {"anchor", a->anchor}, {"q", a->q}};
    const char *out = "";
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (*pairs[i][1] && strcmp(pairs[i][0], left_out) != 0) {
            out = arena_printf(r->c.arena, "%s%s%s=%s", out, *out ? "&" : "?", pairs[i][0],
                               view_encoded(r->c.arena, pairs[i][1]));
        }
    }
    return out;
}

static void add_chosen(struct req *r, struct model *m, const struct asked *a, const char *name,
                       const char *label) {
    struct model *item = model_add(m, "filter_chosen");
    model_text(item, "label", label);
    model_text(item, "remove_href", arena_printf(r->c.arena, "/events%s", query_without(r, a, name)));
}

static void put_filters(struct req *r, struct model *m, const struct asked *a) {
    bool other = strcmp(a->when, "coming") != 0, narrowed = other || *a->anchor || *a->q;
    model_text(m, "filter_action", "/events");
    model_text(m, "filter_label", "Search events");
    model_text(m, "filter_query", a->q);
    model_bool(m, "filter_open", other || *a->anchor);
    model_text(m, "filter_clear_href", narrowed ? "/events" : "");
    model_list(m, "filter_fields");
    model_list(m, "filter_chosen");
    struct model *f = view_filter_field(m, "when", "When");
    for (size_t i = 0; i < WHEN_CHOICES; i++) {
        view_filter_option(f, when_choices[i][0], when_choices[i][1], a->when);
        if (other && strcmp(when_choices[i][0], a->when) == 0) {
            add_chosen(r, m, a, "when", when_choices[i][1]);
        }
    }
    f = view_filter_field(m, "anchor", "Public body");
    view_filter_option(f, "", "Any", a->anchor);
    for (size_t i = 0; i < rows_count(a->anchors); i++) {
        view_filter_option(f, row_text(a->anchors, i, "ref"), row_text(a->anchors, i, "name"), a->anchor);
    }
    if (*a->anchor) {
        add_chosen(r, m, a, "anchor", a->anchor_name);
    }
    if (*a->q) {
        add_chosen(r, m, a, "q", a->q);
    }
    model_text(m, "csv_href", arena_printf(r->c.arena, "/events.csv%s", query_without(r, a, "")));
    model_text(m, "json_href", arena_printf(r->c.arena, "/events.json%s", query_without(r, a, "")));
}

static enum err page_list(struct req *r) {
    struct asked a;
    struct rows *count, *list;
    enum err e = read_asked(r, &a);
    e = e ? e : DB_ROWS(&r->c, event_list_count, &count, a.now, a.when, a.anchor, a.pattern);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Events");
    int64_t total = row_i64(count, 0, "n");
    int64_t offset = view_pager(r, m, total, PAGE_SIZE);
    e = DB_ROWS(&r->c, event_list, &list, a.now, a.when, a.anchor, a.pattern,
                arena_i64(r->c.arena, PAGE_SIZE), arena_i64(r->c.arena, offset));
    e = e ? e : fresh_until_next_change(r);
    if (e != ERR_OK) {
        return e;
    }
    bool past = strcmp(a.when, "past") == 0;
    put_filters(r, m, &a);
    event_rows(m, "events", list);
    model_text(m, "list_count_text", event_count(r->c.arena, total, "event", "events"));
    model_text(m, "list_sort_text", past ? "Latest first" : "Soonest first");
    model_bool(m, "is_narrowed", *a.anchor || *a.q);
    model_bool(m, "shows_coming", strcmp(a.when, "coming") == 0);
    return page_render(r, "events/list", m);
}

static const char *state_words(const struct rows *r, size_t i) {
    return row_bool(r, i, "is_cancelled") ? "cancelled"
           : row_bool(r, i, "is_past")    ? "past"
           : row_bool(r, i, "is_now")     ? "taking place"
           : row_bool(r, i, "is_full")    ? "full"
                                          : "open";
}

static enum err page_data(struct req *r) {
    struct asked a;
    struct rows *list;
    enum err e = read_asked(r, &a);
    e = e ? e : DB_ROWS(&r->c, event_list, &list, a.now, a.when, a.anchor, a.pattern, EXPORT_MAX, "0");
    e = e ? e : fresh_until_next_change(r);
    if (e != ERR_OK) {
        return e;
    }
    struct table *t = table_new(r->c.arena, "Meet-the-buyer events");
    table_column(t, "event", "Event", CELL_LINK);
    table_column(t, "starts", "Starts", CELL_WHEN);
    table_column(t, "ends", "Ends", CELL_WHEN);
    table_column(t, "where", "Where", CELL_TEXT);
    table_column(t, "postcode", "Postcode", CELL_TEXT);
    table_column(t, "by", "Public body", CELL_TEXT);
    table_column(t, "places", "Places", CELL_NUMBER);
    table_column(t, "booked", "Booked", CELL_NUMBER);
    table_column(t, "state", "State", CELL_TEXT);
    for (size_t i = 0; i < rows_count(list); i++) {
        table_row(t);
        table_link(t, row_text(list, i, "title"),
                   arena_printf(r->c.arena, "/events/%s", row_text(list, i, "ref")));
        table_text(t, row_text(list, i, "starts_at"));
        table_text(t, row_text(list, i, "ends_at"));
        table_text(t, row_text(list, i, "venue"));
        table_text(t, row_text(list, i, "postcode"));
        table_text(t, row_text(list, i, "anchor_name"));
        table_i64(t, row_i64(list, i, "places"));
        table_i64(t, row_i64(list, i, "booked"));
        table_text(t, state_words(list, i));
    }
    return page_table(r, t, "events");
}

// ---- one event ----------------------------------------------------------------------------------------

static void put_agenda(struct model *m, const char *agenda) {
    struct agenda_part part;
    model_list(m, "agenda");
    for (const char *at = agenda; (at = agenda_next(at, &part));) {
        if (*part.title) {
            struct model *item = model_add(m, "agenda");
            model_text(item, "time", part.time);
            model_text(item, "title", part.title);
            model_text(item, "text", part.text);
            model_bool(item, "mine", false);
        }
    }
}

static enum err find_event(struct req *r, struct rows **ret) {
    char now[STAMP_TEXT_BYTES];
    stamp_iso(r->c.now_usec, now);
    return DB_ROWS(&r->c, event_one, ret, r->params[0], now);
}

static struct model *event_model(struct req *r, const char *title, const struct rows *event) {
    struct arena *a = r->c.arena;
    struct model *m = page_model(r, title);
    view_row(m, event, 0);
    model_text(m, "title", title); // the row has a title too
    model_text(m, "event_title", row_text(event, 0, "title"));
    model_text(m, "when_text", event_when(a, row_text(event, 0, "starts_at"), row_text(event, 0, "ends_at")));
    model_text(m, "places_text",
               event_count(a, row_i64(event, 0, "places_left"), "place left", "places left"));
    model_text(m, "waiting_text",
               event_count(a, row_i64(event, 0, "waiting"), "business is waiting", "businesses are waiting"));
    return m;
}

static enum err page_event(struct req *r) {
    struct rows *event;
    enum err e = find_event(r, &event);
    e = e ? e : fresh_until_next_change(r);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = event_model(r, row_text(event, 0, "title"), event);
    put_agenda(m, row_text(event, 0, "agenda"));
    return page_render(r, "events/event", m);
}

// ---- booking ------------------------------------------------------------------------------------------

static enum err show_booking(struct req *r) {
    struct rows *event, *mine;
    enum err e = find_event(r, &event);
    e = e ? e
          : DB_ROWS(&r->c, booking_mine, &mine, r->params[0], arena_i64(r->c.arena, r->c.actor.supplier_id));
    if (e != ERR_OK) {
        return e;
    }
    bool has = rows_count(mine) > 0 && strcmp(row_text(mine, 0, "state"), "cancelled") != 0;
    bool waiting = has && strcmp(row_text(mine, 0, "state"), "waiting") == 0;
    if (has && !form_was_sent(r->form)) {
        form_set(r->form, "needs", row_text(mine, 0, "needs"));
        form_set(r->form, "hopes", row_text(mine, 0, "hopes"));
    }
    struct model *m =
        event_model(r, arena_printf(r->c.arena, "Book a place: %s", row_text(event, 0, "title")), event);
    model_bool(m, "has_business", r->c.actor.supplier_id != 0);
    model_bool(m, "can_book", row_bool(event, 0, "has_room") || row_bool(event, 0, "is_full"));
    model_bool(m, "is_booked", has && !waiting);
    model_bool(m, "is_waiting", waiting);
    model_text(m, "turn", waiting ? row_text(mine, 0, "turn") : "");
    return page_render(r, "events/book", m);
}

static enum err post_booking(struct req *r) {
    if (form_ok(r->form)) {
        struct booking_input in = {form_text(r->form, "needs"), form_text(r->form, "hopes")};
        enum booking_state state;
        enum err e = event_book(&r->c, r->params[0], &in, r->app->public_url, &state);
        if (e == ERR_OK) {
            page_flash(r, "success",
                       state == BOOKING_BOOKED
                           ? "Your place is booked. We have sent you a letter with all you need."
                           : "You are on the waiting list. We write to you when a place is yours.");
            return page_redirect(r, "/account/events");
        }
        e = view_form_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return show_booking(r);
}

static enum err page_mine(struct req *r) {
    char now[STAMP_TEXT_BYTES];
    struct rows *list;
    stamp_iso(r->c.now_usec, now);
    enum err e =
        DB_ROWS(&r->c, bookings_of_supplier, &list, arena_i64(r->c.arena, r->c.actor.supplier_id), now);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "My events");
    event_rows(m, "bookings", list);
    model_text(m, "list_count_text", event_count(r->c.arena, (int64_t)rows_count(list), "event", "events"));
    model_text(m, "list_sort_text", "Coming events first, soonest at the top");
    model_bool(m, "has_business", r->c.actor.supplier_id != 0);
    return page_render(r, "events/mine", m);
}

static enum err post_unbook(struct req *r) {
    enum err e = event_unbook(&r->c, r->params[0], r->app->public_url);
    if (e == ERR_GONE || e == ERR_CONFLICT) {
        page_flash(r, "info", r->c.err_detail);
    } else if (e != ERR_OK) {
        return e;
    } else {
        page_flash(r, "success", "Your place is given back. Thank you for telling us.");
    }
    return page_redirect(r, "/account/events");
}

const struct route routes_events[] = {
    {"GET", "/events", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "event,place", page_list, NULL},
    {"GET", "/events.csv", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "event", page_data, NULL},
    {"GET", "/events.json", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "event", page_data, NULL},
    {"GET", "/events/{ref}", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "event,place", page_event,
     NULL},
    {"GET", "/events/{ref}/book", NEED(PERM_SIGNED_IN), CSRF_NONE, "event_booking", 0, "", show_booking,
     NULL},
    {"POST", "/events/{ref}/book", NEED(PERM_SUPPLIER), CSRF_TOKEN, "event_booking", 0, "", post_booking,
     NULL},
    {"GET", "/account/events", NEED(PERM_SIGNED_IN), CSRF_NONE, "-", 0, "", page_mine, NULL},
    {"POST", "/account/events/{ref}/cancel", NEED(PERM_SUPPLIER), CSRF_TOKEN, "-", 0, "", post_unbook, NULL},
    {"GET", "/officer/events", NEED(PERM_SIGNED_IN), CSRF_NONE, "-", 0, "", event_host_list, NULL},
    {"GET", "/officer/new-event", NEED(PERM_SIGNED_IN), CSRF_NONE, "event", 0, "", event_host_new, NULL},
    {"POST", "/officer/new-event", NEED(PERM_SIGNED_IN), CSRF_TOKEN, "event", 0, "", event_host_post_new,
     NULL},
    {"GET", "/officer/events/{ref}", NEED(PERM_SIGNED_IN), CSRF_NONE, "-", 0, "", event_host_event, NULL},
    {"GET", "/officer/events/{ref}/people.csv", NEED(PERM_SIGNED_IN), CSRF_NONE, "-", 0, "",
     event_host_people, NULL},
    {"GET", "/officer/events/{ref}/people.json", NEED(PERM_SIGNED_IN), CSRF_NONE, "-", 0, "",
     event_host_people, NULL},
    {"GET", "/officer/events/{ref}/cancel", NEED(PERM_SIGNED_IN), CSRF_NONE, "cancel_event", 0, "",
     event_host_cancel, NULL},
    {"POST", "/officer/events/{ref}/cancel", NEED(PERM_SIGNED_IN), CSRF_TOKEN, "cancel_event", 0, "",
     event_host_post_cancel, NULL},
};
ROUTES_END(events);
