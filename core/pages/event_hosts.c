// SPDX-License-Identifier: Apache-2.0
// Events of an anchor: planning one, cancelling it, who comes. For its buyers and officers.
#include "pages/event_hosts.h"

#include "base/day.h"
#include "db/queries.gen.h"
#include "domain/event.h"
#include "domain/supplier.h"
#include "pages/event_words.h"
#include "pages/view.h"

#include <string.h>

enum err event_host_list(struct req *r) {
    char now[STAMP_TEXT_BYTES];
    struct rows *list;
    stamp_iso(r->c.now_usec, now);
    enum err e = event_host_only(&r->c);
    e = e ? e : DB_ROWS(&r->c, events_of_anchor, &list, arena_i64(r->c.arena, r->c.actor.anchor_id), now);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Our events");
    event_rows(m, "events", list);
    model_text(m, "list_count_text", event_count(r->c.arena, (int64_t)rows_count(list), "event", "events"));
    model_text(m, "list_sort_text", "Latest first");
    return page_render(r, "events/host-list", m);
}

// ---- planning -----------------------------------------------------------------------------------------

// A day and a clock time in London; 0 when the clocks skip or repeat that hour.
static int64_t moment(int32_t day, int64_t minutes) {
    struct civil at;
    int64_t usec;
    civil_from_day(day, &at);
    at.hour = (int)(minutes / 60);
    at.minute = (int)(minutes % 60);
    return london_to_usec(&at, &usec) ? usec : 0;
}

static void say_in_form(void *arg, const char *field, const char *text) {
    form_error(arg, field, text);
}

static bool read_input(struct req *r, struct event_input *in) {
    struct form *f = r->form;
    int32_t day;
    if (!form_ok(f) || !form_day(f, "day", &day)) {
        return false;
    }
    *in = (struct event_input){.title = form_text(f, "title"),
                               .summary = form_text(f, "summary"),
                               .description = form_text(f, "description"),
                               .agenda = form_text(f, "agenda"),
                               .venue = form_text(f, "venue"),
                               .postcode = form_text(f, "postcode"),
                               .starts_at = moment(day, form_i64(f, "from", 0)),
                               .ends_at = moment(day, form_i64(f, "to", 0)),
                               .places = form_i64(f, "places", 0)};
    event_check(in, r->c.now_usec, say_in_form, f);
    return form_ok(f);
}

enum err event_host_new(struct req *r) {
    enum err e = event_host_only(&r->c);
    return e ? e : page_render(r, "events/host-new", page_model(r, "Plan an event"));
}

enum err event_host_post_new(struct req *r) {
    struct event_input in;
    if (read_input(r, &in)) {
        const char *ref;
        enum err e = event_create(&r->c, &in, &ref);
        if (e == ERR_OK) {
            page_flash(r, "success", "The event is in the public list, and suppliers can book.");
            return page_redirect(r, "/officer/events/%s", ref);
        }
        e = view_form_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return event_host_new(r);
}

// ---- one of our events ----------------------------------------------------------------------------------

static enum err find_own(struct req *r, struct rows **ret) {
    char now[STAMP_TEXT_BYTES];
    stamp_iso(r->c.now_usec, now);
    enum err e = event_host_only(&r->c);
    return e ? e
             : DB_ROWS(&r->c, event_own, ret, r->params[0], arena_i64(r->c.arena, r->c.actor.anchor_id), now);
}

static struct model *event_model(struct req *r, const char *what, const struct rows *event) {
    struct arena *a = r->c.arena;
    const char *title = arena_printf(a, "%s: %s", what, row_text(event, 0, "title"));
    struct model *m = page_model(r, title);
    view_row(m, event, 0);
    model_text(m, "title", title); // the row has a title too
    model_text(m, "event_title", row_text(event, 0, "title"));
    model_text(m, "when_text", event_when(a, row_text(event, 0, "starts_at"), row_text(event, 0, "ends_at")));
    return m;
}

static struct table *attendees(struct req *r, const struct rows *list) {
    struct table *t = table_new(r->c.arena, "Who comes and who waits, in the order of booking");
    table_column(t, "business", "Business", CELL_TEXT);
    table_column(t, "person", "Person", CELL_TEXT);
    table_column(t, "email", "Email address", CELL_TEXT);
    table_column(t, "phone", "Phone", CELL_TEXT);
    table_column(t, "work", "Kind of work", CELL_TEXT);
    table_column(t, "state", "State", CELL_TEXT);
    table_column(t, "needs", "Needs", CELL_TEXT);
    table_column(t, "hopes", "Hopes to meet", CELL_TEXT);
    table_column(t, "booked", "Booked", CELL_WHEN);
    for (size_t i = 0; i < rows_count(list); i++) {
        table_row(t);
        table_text(t, row_text(list, i, "supplier_name"));
        table_text(t, row_text(list, i, "person_name"));
        table_text(t, row_text(list, i, "email"));
        table_text(t, row_text(list, i, "phone"));
        table_text(t, supplier_sector_words(row_text(list, i, "sector")));
        table_text(t, strcmp(row_text(list, i, "state"), "booked") == 0 ? "Has a place" : "Waits");
        table_text(t, row_text(list, i, "needs"));
        table_text(t, row_text(list, i, "hopes"));
        table_text(t, row_text(list, i, "booked_at"));
    }
    return t;
}

enum err event_host_event(struct req *r) {
    struct rows *event, *list;
    enum err e = find_own(r, &event);
    e = e ? e : DB_ROWS(&r->c, event_attendees, &list, row_text(event, 0, "id"));
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = event_model(r, "Who comes", event);
    view_rows(m, "people", list);
    model_text(m, "csv_href", arena_printf(r->c.arena, "/officer/events/%s/people.csv", r->params[0]));
    model_text(m, "json_href", arena_printf(r->c.arena, "/officer/events/%s/people.json", r->params[0]));
    model_text(m, "list_count_text",
               event_count(r->c.arena, row_i64(event, 0, "booked"), "business comes", "businesses come"));
    model_text(m, "list_sort_text", "Those with a place first, in the order of booking");
    return page_render(r, "events/host-event", m);
}

enum err event_host_people(struct req *r) {
    struct rows *event, *list;
    enum err e = find_own(r, &event);
    e = e ? e : DB_ROWS(&r->c, event_attendees, &list, row_text(event, 0, "id"));
    return e ? e : page_table(r, attendees(r, list), "who-comes");
}

// ---- cancelling -------------------------------------------------------------------------------------------

enum err event_host_cancel(struct req *r) {
    struct rows *event;
    enum err e = find_own(r, &event);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = event_model(r, "Cancel", event);
    return page_render(r, "events/host-cancel", m);
}

enum err event_host_post_cancel(struct req *r) {
    if (form_ok(r->form)) {
        enum err e = event_cancel(&r->c, r->params[0], form_text(r->form, "reason"));
        if (e == ERR_OK) {
            page_flash(r, "success",
                       "The event is cancelled. Everybody who booked gets a letter with your reason.");
            return page_redirect(r, "/officer/events");
        }
        e = view_form_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return event_host_cancel(r);
}
