// SPDX-License-Identifier: Apache-2.0
// For the people who run the place: plugins, mail, people, data loads.
#include "db/queries.gen.h"
#include "http/app.h"
#include "pages/routes.h"
#include "pages/view.h"
#include "plugin/host.h"

#include <string.h>

#define PAGE_SIZE 25
#define QUERY_MAX 100

static const char *caps_words(struct arena *a, anc_caps caps) {
    static const struct {
        anc_caps cap;
        const char *words;
    } rows[] = {{ANC_CAP_READ_SUPPLIERS, "read suppliers"}, {ANC_CAP_READ_SPEND, "read payments"},
                {ANC_CAP_WRITE_TAGS, "tag suppliers"},      {ANC_CAP_WRITE_SCORES, "score bids"},
                {ANC_CAP_EXPORT, "export notices"},         {ANC_CAP_READ_UPLOADS, "read payments files"}};
    const char *out = "";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (caps & rows[i].cap) {
            out = arena_printf(a, "%s%s%s", out, *out ? ", " : "", rows[i].words);
        }
    }
    return *out ? out : "none";
}

static const char *state_words(enum plugin_state s) {
    switch (s) {
    case PLUGIN_ACTIVE:
        return "Working";
    case PLUGIN_FAILED:
        return "Not started";
    case PLUGIN_STOPPED:
        return "Stopped";
    default:
        return "Found, not started";
    }
}

static void put_plugins(struct req *r, struct model *m) {
    model_list(m, "plugins");
    for (size_t i = 0; i < plugin_count(r->app->plugins); i++) {
        struct plugin_info p;
        plugin_info(r->app->plugins, i, &p);
        struct model *item = model_add(m, "plugins");
        model_text(item, "id", p.id);
        model_text(item, "plugin_title", *p.title ? p.title : p.id);
        model_text(item, "summary", p.summary);
        model_text(item, "version", p.version_text);
        model_text(item, "state_words", state_words(p.state));
        model_text(item, "colour",
                   p.state == PLUGIN_ACTIVE   ? "open"
                   : p.state == PLUGIN_FAILED ? "refused"
                                              : "planned");
        model_text(item, "reason", p.reason);
        model_text(item, "granted", caps_words(r->c.arena, p.granted));
        model_i64(item, "calls", (int64_t)p.calls);
        model_i64(item, "faults", (int64_t)p.faults);
    }
}

static enum err page_admin(struct req *r) {
    struct rows *figures, *loads;
    enum err e = DB_ROWS(&r->c, admin_figures, &figures);
    e = e ? e : DB_ROWS(&r->c, admin_loads, &loads);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Administration");
    view_row(m, figures, 0);
    put_plugins(r, m);
    view_rows(m, "loads", loads);
    return page_render(r, "admin/home", m);
}

static enum err page_mail(struct req *r) {
    struct rows *figures, *list;
    enum err e = DB_ROWS(&r->c, admin_figures, &figures);
    e = e ? e : DB_ROWS(&r->c, admin_mail, &list);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Mail");
    view_row(m, figures, 0);
    view_rows(m, "letters", list);
    return page_render(r, "admin/mail", m);
}

static enum err page_people(struct req *r) {
    struct rows *count, *list;
    const char *q = req_query(r, "q");
    q = strlen(q) <= QUERY_MAX ? q : "";
    const char *pattern = *q ? view_pattern(r->c.arena, q) : NULL;
    enum err e = DB_ROWS(&r->c, admin_people_count, &count, pattern);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "People");
    int64_t total = row_i64(count, 0, "n");
    int64_t offset = view_pager(r, m, total, PAGE_SIZE);
    e = DB_ROWS(&r->c, admin_people, &list, pattern, arena_i64(r->c.arena, PAGE_SIZE),
                arena_i64(r->c.arena, offset));
    if (e != ERR_OK) {
        return e;
    }
    view_rows(m, "people_list", list);
    model_text(m, "q", q);
    model_text(m, "list_count_text",
               arena_printf(r->c.arena, "%lld %s", (long long)total, total == 1 ? "person" : "people"));
    model_text(m, "list_sort_text", "By name, A to Z");
    return page_render(r, "admin/people", m);
}

const struct route routes_admin[] = {
    {"GET", "/admin", NEED(PERM_ADMIN), CSRF_NONE, "-", 0, "", page_admin, NULL},
    {"GET", "/admin/mail", NEED(PERM_ADMIN), CSRF_NONE, "-", 0, "", page_mail, NULL},
    {"GET", "/admin/people", NEED(PERM_ADMIN), CSRF_NONE, "-", 0, "", page_people, NULL},
};
ROUTES_END(admin);
