// SPDX-License-Identifier: Apache-2.0
// For the people who run the place: plugins, mail, people, data loads.
#include "db/queries.gen.h"
#include "pages/admin_plugins.h"
#include "pages/routes.h"
#include "pages/view.h"

#include <string.h>

#define PAGE_SIZE 25
#define QUERY_MAX 100

static enum err put_plugins(struct req *r, struct model *m) {
    struct plugin_seen *list;
    size_t n;
    enum err e = plugin_see_all(r, &list, &n);
    model_list(m, "plugins");
    for (size_t i = 0; e == ERR_OK && i < n; i++) {
        struct model *item = model_add(m, "plugins");
        model_text(item, "id", list[i].id);
        model_text(item, "plugin_title", list[i].title);
        model_text(item, "tag", list[i].words.tag);
        model_text(item, "colour", list[i].words.colour);
        model_text(item, "reason", list[i].words.trouble ? list[i].reason : "");
    }
    return e;
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
    view_rows(m, "loads", loads);
    e = put_plugins(r, m);
    return e ? e : page_render(r, "admin/home", m);
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
