// SPDX-License-Identifier: Apache-2.0
// The home page and the pages about the service itself.
#include "base/day.h"
#include "db/queries.gen.h"
#include "pages/plugins.h"
#include "pages/routes.h"
#include "pages/view.h"

// The latest financial year with payments as "2025/26", "" when there are none.
static void year_words(const struct rows *r, struct model *m) {
    char label[DAY_TEXT_BYTES] = "";
    if (!row_is_null(r, 0, "fy")) {
        financial_year_label((int)row_i64(r, 0, "fy"), label);
    }
    model_text(m, "year", label);
}

// "Anybody may look" pages change when a deadline passes, so they say until when they are right.
static void fresh_until_first_close(struct req *r, const struct rows *notices) {
    for (size_t i = 0; i < rows_count(notices); i++) {
        int64_t closes;
        if (stamp_parse(row_text(notices, i, "closes_at"), &closes)) {
            page_fresh_until(r, closes);
        }
    }
}

static enum err page_home(struct req *r) {
    char now[STAMP_TEXT_BYTES];
    stamp_iso(r->c.now_usec, now);
    struct rows *figures, *notices, *events, *anchors, *place;
    enum err e = DB_ROWS(&r->c, home_figures, &figures, now);
    e = e ? e : DB_ROWS(&r->c, home_notices, &notices, now);
    e = e ? e : DB_ROWS(&r->c, home_events, &events, now);
    e = e ? e : DB_ROWS(&r->c, home_anchors, &anchors);
    e = e ? e : DB_ROWS(&r->c, home_place, &place);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Find local public work");
    view_row(m, figures, 0);
    year_words(figures, m);
    view_rows(m, "newest", notices);
    view_rows(m, "next_events", events);
    view_rows(m, "buyers", anchors);
    model_bool(m, "is_demo", rows_count(place) > 0 && row_bool(place, 0, "is_demo"));
    model_text(m, "operator", rows_count(place) ? row_text(place, 0, "operator") : "");
    model_text(m, "contact_email", rows_count(place) ? row_text(place, 0, "contact_email") : "");
    model_text(m, "contact_phone", rows_count(place) ? row_text(place, 0, "contact_phone") : "");
    fresh_until_first_close(r, notices);
    view_slot(r, m, ANC_SLOT_HOME, "", "l");
    return page_render(r, "home/home", m);
}

static enum err show(struct req *r, const char *title, const char *template_name) {
    struct rows *place;
    enum err e = DB_ROWS(&r->c, home_place, &place);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, title);
    model_text(m, "operator", rows_count(place) ? row_text(place, 0, "operator") : "");
    model_text(m, "contact_email", rows_count(place) ? row_text(place, 0, "contact_email") : "");
    model_text(m, "contact_phone", rows_count(place) ? row_text(place, 0, "contact_phone") : "");
    return page_render(r, template_name, m);
}

static enum err page_accessibility(struct req *r) {
    return show(r, "Accessibility statement", "home/accessibility");
}

static enum err page_privacy(struct req *r) {
    return show(r, "Privacy notice", "home/privacy");
}

static enum err page_cookies(struct req *r) {
    return show(r, "Cookies", "home/cookies");
}

static enum err page_open_data(struct req *r) {
    return show(r, "Open data", "home/open-data");
}

const struct route routes_home[] = {
    {"GET", "/", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "place,notice,supplier,event,spend",
     page_home, NULL},
    {"GET", "/accessibility", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "place", page_accessibility,
     NULL},
    {"GET", "/privacy", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "place", page_privacy, NULL},
    {"GET", "/cookies", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "place", page_cookies, NULL},
    {"GET", "/open-data", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "place", page_open_data, NULL},
};
ROUTES_END(home);
