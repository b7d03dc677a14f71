// SPDX-License-Identifier: Apache-2.0
// What a plugin brings, how its work is going, and its settings, for the pages of administrators.
#include "base/day.h"
#include "db/queries.gen.h"
#include "domain/plugin_settings.h"
#include "pages/admin_plugins.h"
#include "plugin/calls.h"

#include <string.h>

#define MESSAGES_MAX 32

// Of a plugin whose description was not read every table is empty.
static const struct anc_plugin *about_of(const struct plugin_seen *p) {
    static const struct anc_plugin none;
    return p->info.about ? p->info.about : &none;
}

static const char *text(const char *s) {
    return s ? s : "";
}

// "3 steps", "" for none
static const char *counted(struct arena *a, uint32_t n, const char *one, const char *many) {
    return n == 0 ? "" : arena_printf(a, "%u %s", n, n == 1 ? one : many);
}

// ---- what it brings

static void put_providers(struct model *m, const struct plugin_seen *p, const struct anc_plugin *about) {
    model_list(m, "providers");
    for (uint32_t i = 0; i < about->providers.count; i++) {
        struct anc_provider row;
        plugin_row(&about->providers, i, &row, sizeof row);
        struct model *item = model_add(m, "providers");
        model_text(item, "what", plugin_point_words(row.point));
        model_text(item, "key", row.key);
        model_bool(item, "idle", plugin_point_power(row.point) & ~p->granted);
    }
}

static void put_pages(struct model *m, const struct plugin_seen *p, const struct anc_plugin *about) {
    model_list(m, "page_list");
    for (uint32_t i = 0; i < about->routes.count; i++) {
        struct anc_route row;
        plugin_row(&about->routes, i, &row, sizeof row);
        struct model *item = model_add(m, "page_list");
        bool get = row.method && strcmp(row.method, "GET") == 0;
        bool opens =
            get && p->state == PLUGIN_ACTIVE && (p->granted & ANC_CAP_PAGES) && !strchr(text(row.path), '{');
        model_text(item, "path", text(row.path));
        model_text(item, "href", opens ? text(row.path) : "");
        model_bool(item, "sends", !get);
        model_text(item, "who", plugin_perm_words(row.perm));
    }
}

static void put_menus(struct model *m, const struct anc_plugin *about) {
    model_list(m, "menus");
    for (uint32_t i = 0; i < about->menu.count; i++) {
        struct anc_menu row;
        plugin_row(&about->menu, i, &row, sizeof row);
        struct model *item = model_add(m, "menus");
        model_text(item, "label", text(row.label));
        model_text(item, "path", text(row.path));
        model_text(item, "who", plugin_perm_words(row.perm));
    }
}

static void put_panels(struct model *m, const struct anc_plugin *about) {
    model_list(m, "panels");
    for (uint32_t i = 0; i < about->panels.count; i++) {
        struct anc_page_panel row;
        plugin_row(&about->panels, i, &row, sizeof row);
        struct model *item = model_add(m, "panels");
        model_text(item, "label", text(row.title));
        model_text(item, "where", plugin_slot_words(row.slot));
    }
}

static void put_commands(struct model *m, const struct plugin_seen *p, const struct anc_plugin *about) {
    model_list(m, "commands");
    for (uint32_t i = 0; i < about->verbs.count; i++) {
        struct anc_verb row;
        plugin_row(&about->verbs, i, &row, sizeof row);
        struct model *item = model_add(m, "commands");
        model_textf(item, "command", "anchorage run %s %s %s", p->id, text(row.name), text(row.words));
        model_text(item, "help", text(row.help));
    }
}

static void put_event(struct model *m, const char *list, int32_t kind) {
    const char *words = plugin_event_words(kind);
    model_text(model_add(m, list), "words", words ? words : "something newer than this server happens");
}

static void put_events(struct model *m, const struct anc_plugin *about) {
    model_list(m, "asked");
    model_list(m, "told");
    for (uint32_t i = 0; i < about->filters.count; i++) {
        struct anc_filter row;
        plugin_row(&about->filters, i, &row, sizeof row);
        put_event(m, "asked", row.event);
    }
    for (uint32_t i = 0; i < about->notifications.count; i++) {
        struct anc_notification row;
        plugin_row(&about->notifications, i, &row, sizeof row);
        put_event(m, "told", row.event);
    }
}

static void put_dependencies(struct req *r, struct model *m, const struct anc_plugin *about) {
    model_list(m, "needs");
    for (uint32_t i = 0; i < about->dependencies.count; i++) {
        struct anc_dependency row;
        struct plugin_info other = {0};
        plugin_row(&about->dependencies, i, &row, sizeof row);
        bool there = row.id && r->app->host && plugin_find(r->app->host, r->c.arena, row.id, &other);
        struct model *item = model_add(m, "needs");
        model_text(item, "label", there && *text(other.title) ? other.title : text(row.id));
        model_text(item, "href", there ? arena_printf(r->c.arena, "/admin/plugins/%s", row.id) : "");
        model_textf(item, "version", "%u.%u.%u", row.min_version / 1000000u, row.min_version / 1000u % 1000u,
                    row.min_version % 1000u);
    }
}

static void put_job_titles(struct req *r, struct model *m, const struct anc_plugin *about) {
    model_list(m, "job_titles");
    for (uint32_t i = 0; i < about->jobs.count; i++) {
        struct anc_job row;
        plugin_row(&about->jobs, i, &row, sizeof row);
        struct model *item = model_add(m, "job_titles");
        model_text(item, "label", *text(row.title) ? row.title : text(row.name));
        model_text(item, "every", plugin_every_words(r->c.arena, row.every_s));
    }
}

void plugin_put_brings(struct req *r, struct model *m, const struct plugin_seen *p) {
    const struct anc_plugin *about = about_of(p);
    put_providers(m, p, about);
    put_pages(m, p, about);
    put_menus(m, about);
    put_panels(m, about);
    put_commands(m, p, about);
    put_events(m, about);
    put_job_titles(r, m, about);
    put_dependencies(r, m, about);
    model_bool(m, "no_pages", !(p->granted & ANC_CAP_PAGES));
    model_bool(m, "no_jobs", !(p->granted & ANC_CAP_JOBS));
    model_bool(m, "no_events", !(p->granted & ANC_CAP_EVENTS));
    model_text(m, "statements", counted(r->c.arena, about->sql.count, "statement", "statements"));
    model_text(m, "migrations",
               counted(r->c.arena, about->migrations.count, "step that makes its tables",
                       "steps that make its tables"));
    model_bool(m, "brings_any",
               about->providers.count + about->routes.count + about->menu.count + about->panels.count +
                       about->verbs.count + about->filters.count + about->notifications.count +
                       about->jobs.count + about->sql.count + about->migrations.count >
                   0);
}

// ---- how its work is going

static const char *lasted(struct arena *a, int64_t ms) {
    return ms < 1000 ? arena_printf(a, "%lld ms", (long long)ms)
                     : arena_printf(a, "%lld.%lld s", (long long)(ms / 1000), (long long)(ms % 1000 / 100));
}

static enum err put_jobs(struct req *r, struct model *m, const struct plugin_seen *p) {
    const struct anc_plugin *about = about_of(p);
    char now[STAMP_TEXT_BYTES];
    struct rows *rows;
    stamp_iso(r->c.now_usec, now);
    model_list(m, "job_list");
    if (about->jobs.count == 0) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(&r->c, plugin_admin_jobs, &rows, p->id, now);
    for (uint32_t i = 0; e == ERR_OK && i < about->jobs.count; i++) {
        struct anc_job row;
        plugin_row(&about->jobs, i, &row, sizeof row);
        size_t at = 0;
        while (at < rows_count(rows) && strcmp(row_text(rows, at, "name"), text(row.name)) != 0) {
            at++;
        }
        bool seen = at < rows_count(rows), ran = seen && !row_is_null(rows, at, "last_at");
        struct model *item = model_add(m, "job_list");
        model_text(item, "label", *text(row.title) ? row.title : text(row.name));
        model_text(item, "every", plugin_every_words(r->c.arena, row.every_s));
        model_text(item, "next_at", seen && p->state == PLUGIN_ACTIVE ? row_text(rows, at, "next_at") : "");
        model_bool(item, "running_now", seen && row_bool(rows, at, "running"));
        model_text(item, "last_at", ran ? row_text(rows, at, "last_at") : "");
        model_text(item, "lasted", ran ? lasted(r->c.arena, row_i64(rows, at, "last_ms")) : "");
        model_i64(item, "fails", seen ? row_i64(rows, at, "fails") : 0);
        model_text(item, "last_error", seen ? row_text(rows, at, "last_error") : "");
    }
    return e;
}

static enum err put_told(struct req *r, struct model *m, const struct plugin_seen *p) {
    struct rows *count, *wrong;
    bool any = about_of(p)->notifications.count > 0;
    model_bool(m, "is_told", any);
    if (!any) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(&r->c, plugin_admin_told, &count, p->id);
    e = e ? e : DB_ROWS(&r->c, plugin_admin_told_wrong, &wrong, p->id);
    if (e != ERR_OK) {
        return e;
    }
    model_bool(m, "told_all", row_i64(count, 0, "waiting") + row_i64(count, 0, "given_up") == 0);
    model_i64(m, "told_waiting", row_i64(count, 0, "waiting"));
    model_i64(m, "told_tried", row_i64(count, 0, "tried"));
    model_i64(m, "told_given_up", row_i64(count, 0, "given_up"));
    model_list(m, "told_wrong");
    for (size_t i = 0; i < rows_count(wrong); i++) {
        struct model *item = model_add(m, "told_wrong");
        const char *words = plugin_event_words((int32_t)row_i64(wrong, i, "kind"));
        model_text(item, "words", words ? words : "");
        model_text(item, "name", row_text(wrong, i, "name"));
        model_text(item, "at", row_text(wrong, i, "at"));
        model_i64(item, "tries", row_i64(wrong, i, "tries"));
        model_bool(item, "given_up", row_bool(wrong, i, "given_up"));
        model_text(item, "next_try", row_text(wrong, i, "next_try"));
        model_text(item, "last_error", row_text(wrong, i, "last_error"));
    }
    return ERR_OK;
}

static enum err put_messages(struct req *r, struct model *m, const struct plugin_seen *p) {
    const struct anc_plugin *about = about_of(p);
    const char *keys[MESSAGES_MAX];
    size_t n = 0;
    struct rows *count;
    for (uint32_t i = 0; i < about->providers.count && n < MESSAGES_MAX; i++) {
        struct anc_provider row;
        plugin_row(&about->providers, i, &row, sizeof row);
        if (row.point == ANC_POINT_NOTIFIER) {
            keys[n++] = text(row.key);
        }
    }
    model_bool(m, "is_notifier", n > 0);
    if (n == 0) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(&r->c, plugin_admin_messages, &count, db_array(r->c.arena, n, keys));
    if (e == ERR_OK) {
        model_i64(m, "messages_waiting", row_i64(count, 0, "waiting"));
        model_i64(m, "messages_given_up", row_i64(count, 0, "given_up"));
        model_i64(m, "messages_sent", row_i64(count, 0, "sent"));
    }
    return e;
}

enum err plugin_put_work(struct req *r, struct model *m, const struct plugin_seen *p) {
    enum err e = put_jobs(r, m, p);
    e = e ? e : put_told(r, m, p);
    return e ? e : put_messages(r, m, p);
}

// ---- settings

enum err plugin_put_settings(struct req *r, struct model *m, const struct plugin_seen *p) {
    const struct anc_plugin *about = about_of(p);
    struct rows *values;
    model_list(m, "settings");
    if (about->settings.count == 0) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(&r->c, plugin_admin_values, &values, p->id);
    for (uint32_t i = 0; e == ERR_OK && i < about->settings.count; i++) {
        struct anc_setting row;
        plugin_row(&about->settings, i, &row, sizeof row);
        size_t at = 0;
        while (at < rows_count(values) && strcmp(row_text(values, at, "key"), text(row.key)) != 0) {
            at++;
        }
        bool changed = at < rows_count(values) && plugin_setting_fits(&row, row_text(values, at, "value"));
        const char *dflt = text(row.dflt);
        struct model *item = model_add(m, "settings");
        model_text(item, "label", *text(row.title) ? row.title : text(row.key));
        model_bool(item, "changed", changed);
        model_text(item, "value",
                   plugin_setting_words(r->c.arena, &row, changed ? row_text(values, at, "value") : dflt));
        model_text(item, "dflt", plugin_setting_words(r->c.arena, &row, dflt));
    }
    return e;
}
