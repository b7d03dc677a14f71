// SPDX-License-Identifier: Apache-2.0
// Plugins for administrators: all of them, and one of them.
#include "pages/admin_plugins.h"

#include "base/day.h"
#include "db/queries.gen.h"
#include "http/response.h"
#include "pages/routes.h"
#include "pages/view.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

// A page that waits for the server looks again by itself this long; then something else is wrong.
#define WATCH_USEC (INT64_C(60) * 1000000)

// ---- what is known

const char *plugin_powers_list(struct arena *a, anc_caps powers) {
    const char *out = "";
    for (unsigned bit = 0; bit < 64; bit++) {
        const char *words = powers >> bit & 1 ? plugin_cap_words((anc_caps)1 << bit) : NULL;
        if (words) {
            out = arena_printf(a, "%s%s%s", out, *out ? ", " : "", words);
        }
    }
    return *out ? out : "nothing";
}

static enum plugin_state state_by_name(const char *name) {
    for (int s = 0; s < PLUGIN_STATE_COUNT_; s++) {
        if (strcmp(plugin_state_name((enum plugin_state)s), name) == 0) {
            return (enum plugin_state)s;
        }
    }
    return PLUGIN_FAILED;
}

static const char *first_of(const char *a, const char *b, const char *c) {
    return a && *a ? a : b && *b ? b : c;
}

// known: the program has its file. rows: of plugin_admin_row or _rows, `at` this plugin's; NULL: it has none.
static void see(const char *id, bool known, const struct rows *rows, size_t at, struct plugin_seen *p) {
    bool entered = rows != NULL;
    p->id = id;
    p->title = first_of(known ? p->info.title : "", "", id);
    p->entered = entered;
    p->enabled = entered && row_bool(rows, at, "enabled");
    p->handled = !entered || row_bool(rows, at, "handled");
    p->granted = entered ? (anc_caps)row_i64(rows, at, "granted") : p->info.granted;
    p->state = known ? p->info.state : entered ? state_by_name(row_text(rows, at, "state")) : PLUGIN_FAILED;
    if (p->enabled && !row_is_null(rows, at, "suspended_at") && p->state != PLUGIN_DRAINING) {
        p->state = PLUGIN_SUSPENDED;
    }
    const char *noted =
        entered ? first_of(row_text(rows, at, "reason"), row_text(rows, at, "suspended_reason"), "") : "";
    p->reason = first_of(known ? p->info.reason : "", noted, "");
    p->version =
        first_of(known ? p->info.version_text : "", entered ? row_text(rows, at, "version") : "", "");
    p->words = plugin_state_say(p->state, entered, p->handled);
}

static int by_need(const void *a, const void *b) {
    const struct plugin_seen *x = a, *y = b;
    if (x->words.trouble != y->words.trouble) {
        return x->words.trouble ? -1 : 1;
    }
    int c = strcasecmp(x->title, y->title);
    return c ? c : strcmp(x->id, y->id);
}

enum err plugin_see_all(struct req *r, struct plugin_seen **ret, size_t *ret_n) {
    struct plugin_info *infos = NULL;
    struct rows *rows;
    enum err e = DB_ROWS(&r->c, plugin_admin_rows, &rows);
    if (e != ERR_OK) {
        return e;
    }
    size_t n = r->app->host ? plugin_list(r->app->host, r->c.arena, &infos) : 0, all = 0;
    struct plugin_seen *list = arena_array(r->c.arena, n + rows_count(rows) + 1, sizeof *list);
    bool *taken = arena_array(r->c.arena, rows_count(rows) + 1, sizeof *taken);
    for (size_t i = 0; i < n; i++) {
        size_t at = 0;
        while (at < rows_count(rows) && strcmp(row_text(rows, at, "id"), infos[i].id) != 0) {
            at++;
        }
        bool entered = at < rows_count(rows);
        taken[at] = entered;
        list[all].info = infos[i];
        see(infos[i].id, true, entered ? rows : NULL, at, &list[all++]);
    }
    for (size_t at = 0; at < rows_count(rows); at++) {
        if (!taken[at]) {
            see(row_text(rows, at, "id"), false, rows, at, &list[all++]);
        }
    }
    qsort(list, all, sizeof *list, by_need);
    *ret = list;
    *ret_n = all;
    return ERR_OK;
}

enum err plugin_see(struct req *r, struct plugin_seen *ret) {
    const char *id = r->params[0];
    struct rows *row;
    *ret = (struct plugin_seen){0};
    enum err e = DB_ROWS(&r->c, plugin_admin_row, &row, id);
    if (e != ERR_OK) {
        return e;
    }
    bool known = r->app->host && plugin_find(r->app->host, r->c.arena, id, &ret->info);
    bool entered = rows_count(row) > 0;
    if (!known && !entered) {
        return ctx_fail(&r->c, ERR_NOT_FOUND, "no plugin of this name");
    }
    see(id, known, entered ? row : NULL, 0, ret);
    ret->hash = first_of(ret->info.hash, entered ? row_text(row, 0, "file_hash") : "", "");
    if (entered) {
        stamp_parse(row_text(row, 0, "updated_at"), &ret->changed_usec);
    }
    return ERR_OK;
}

struct model *plugin_page_model(struct req *r, const char *what, const struct plugin_seen *p) {
    struct model *m = page_model(r, arena_printf(r->c.arena, "%s: %s", what, p->title));
    model_text(m, "id", p->id);
    model_text(m, "plugin_title", p->title);
    model_text(m, "tag", p->words.tag);
    model_text(m, "colour", p->words.colour);
    model_text(m, "reason", p->reason);
    model_bool(m, "described", p->info.about != NULL);
    return m;
}

// ---- all of them

static void put_item(struct req *r, struct model *item, const struct plugin_seen *p) {
    model_text(item, "id", p->id);
    model_text(item, "plugin_title", p->title);
    model_text(item, "summary", first_of(p->info.summary, "", ""));
    model_text(item, "version", p->version);
    model_text(item, "tag", p->words.tag);
    model_text(item, "colour", p->words.colour);
    model_text(item, "reason", p->reason);
    model_text(item, "powers", plugin_powers_list(r->c.arena, p->granted));
    model_i64(item, "calls", (int64_t)p->info.calls);
    model_i64(item, "faults", (int64_t)p->info.faults);
    model_bool(item, "entered", p->entered);
}

static const char *count_words(struct arena *a, const struct plugin_seen *list, size_t n) {
    size_t working = 0, trouble = 0;
    for (size_t i = 0; i < n; i++) {
        working += list[i].state == PLUGIN_ACTIVE;
        trouble += list[i].words.trouble;
    }
    const char *text = arena_printf(a, "%zu plugin%s, %zu working", n, n == 1 ? "" : "s", working);
    return trouble ? arena_printf(a, "%s, %zu to look at", text, trouble) : text;
}

static enum err page_list(struct req *r) {
    struct plugin_seen *list;
    size_t n;
    enum err e = plugin_see_all(r, &list, &n);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Plugins");
    model_list(m, "plugins");
    for (size_t i = 0; i < n; i++) {
        put_item(r, model_add(m, "plugins"), &list[i]);
    }
    model_text(m, "list_count_text", count_words(r->c.arena, list, n));
    model_text(m, "list_sort_text", "Those to look at first, then by name");
    model_text(m, "csv_href", "/admin/plugins.csv");
    model_text(m, "json_href", "/admin/plugins.json");
    return page_render(r, "admin/plugins", m);
}

static enum err page_table_of(struct req *r) {
    struct plugin_seen *list;
    size_t n;
    enum err e = plugin_see_all(r, &list, &n);
    if (e != ERR_OK) {
        return e;
    }
    struct table *t = table_new(r->c.arena, "Plugins, what they do and what they may do");
    table_column(t, "id", "Plugin", CELL_TEXT);
    table_column(t, "title", "Title", CELL_TEXT);
    table_column(t, "version", "Version", CELL_TEXT);
    table_column(t, "state", "State", CELL_TEXT);
    table_column(t, "reason", "Reason", CELL_TEXT);
    table_column(t, "powers", "May", CELL_TEXT);
    table_column(t, "calls", "Calls since the start", CELL_NUMBER);
    table_column(t, "faults", "Faults since the start", CELL_NUMBER);
    for (size_t i = 0; i < n; i++) {
        table_row(t);
        table_text(t, list[i].id);
        table_text(t, list[i].title);
        table_text(t, list[i].version);
        table_text(t, list[i].words.tag);
        table_text(t, list[i].reason);
        table_text(t, plugin_powers_list(r->c.arena, list[i].granted));
        table_i64(t, (int64_t)list[i].info.calls);
        table_i64(t, (int64_t)list[i].info.faults);
    }
    return page_table(r, t, "plugins");
}

// ---- one of them

static void put_powers(struct req *r, struct model *m, const struct plugin_seen *p) {
    model_list(m, "powers");
    for (unsigned bit = 0; bit < 64; bit++) {
        anc_caps one = (anc_caps)1 << bit;
        bool needed = p->info.wants & one, asked = needed || (p->info.wants_optional & one);
        if (!asked || !plugin_cap_words(one)) {
            continue;
        }
        struct model *item = model_add(m, "powers");
        model_text(item, "label", plugin_power_label(r->c.arena, one));
        model_text(item, "opens", plugin_power_opens(one));
        model_bool(item, "needed", needed);
        model_bool(item, "granted", p->granted & one);
    }
}

static void put_faults(struct req *r, struct model *m, const struct plugin_seen *p) {
    struct plugin_fault *list = NULL;
    size_t n = r->app->host ? plugin_faults(r->app->host, r->c.arena, p->id, &list) : 0;
    model_list(m, "fault_list");
    for (size_t i = 0; i < n; i++) {
        char when[STAMP_TEXT_BYTES];
        struct model *item = model_add(m, "fault_list");
        stamp_words(list[i].at, when);
        model_text(item, "when_text", when);
        model_text(item, "call", list[i].call);
        model_text(item, "detail", plugin_sentence(r->c.arena, list[i].detail));
        model_text(item, "request", list[i].request);
    }
    model_i64(m, "faults", (int64_t)p->info.faults);
}

// What can be done now.
static void put_acts(struct model *m, const struct plugin_seen *p) {
    bool stopped = p->state == PLUGIN_FAILED || p->state == PLUGIN_SUSPENDED;
    bool powers_missing = p->info.about && (p->info.wants & ~p->granted);
    model_bool(m, "may_on", p->handled && !p->enabled);
    model_bool(m, "may_again", p->handled && p->enabled && stopped && !powers_missing);
    model_bool(m, "may_choose", p->handled && p->enabled && stopped && powers_missing);
    model_bool(m, "may_off", p->enabled);
    model_bool(m, "may_set", p->info.about && p->info.about->settings.count > 0);
    model_bool(m, "may_powers", p->info.about && p->entered && (p->info.wants | p->info.wants_optional));
}

// Looks again by itself while the server is at work.
static void watch(struct req *r, struct model *m, const struct plugin_seen *p) {
    bool going_on = !p->handled || p->state == PLUGIN_DRAINING;
    bool soon = r->c.now_usec - p->changed_usec < WATCH_USEC;
    model_bool(m, "going_on", going_on && soon);
    model_bool(m, "takes_long", going_on && !soon);
    if (going_on && soon) {
        resp_header(r->resp, "Refresh", arena_printf(r->c.arena, "2; url=/admin/plugins/%s", p->id));
    }
}

static enum err page_one(struct req *r) {
    struct plugin_seen p;
    enum err e = *req_query(r, "changed") ? plugin_wait_for_end(r, r->params[0]) : ERR_OK;
    e = e ? e : plugin_see(r, &p);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = plugin_page_model(r, "Plugin", &p);
    model_text(m, "summary", first_of(p.info.summary, "", ""));
    model_text(m, "sentence", p.words.sentence);
    model_text(m, "todo", p.words.todo);
    model_bool(m, "trouble", p.words.trouble);
    model_text(m, "remark", first_of(p.info.remark, "", ""));
    model_text(m, "version", p.version);
    model_text(m, "license", first_of(p.info.license, "", ""));
    model_text(m, "hash", p.hash);
    model_i64(m, "calls", (int64_t)p.info.calls);
    model_i64(m, "running", (int64_t)p.info.running);
    put_acts(m, &p);
    put_powers(r, m, &p);
    put_faults(r, m, &p);
    watch(r, m, &p);
    e = plugin_put_settings(r, m, &p);
    plugin_put_brings(r, m, &p);
    e = e ? e : plugin_put_work(r, m, &p);
    return e ? e : page_render(r, "admin/plugin", m);
}

static const struct route_form settings_form = {.make = plugin_settings_form};

const struct route routes_admin_plugins[] = {
    {"GET", "/admin/plugins", NEED(PERM_ADMIN), CSRF_NONE, "-", 0, "", page_list, NULL},
    {"GET", "/admin/plugins.csv", NEED(PERM_ADMIN), CSRF_NONE, "-", 0, "", page_table_of, NULL},
    {"GET", "/admin/plugins.json", NEED(PERM_ADMIN), CSRF_NONE, "-", 0, "", page_table_of, NULL},
    {"GET", "/admin/plugins/{id}", NEED(PERM_ADMIN), CSRF_NONE, "-", 0, "", page_one, NULL},
    {"GET", "/admin/plugins/{id}/on", NEED(PERM_ADMIN), CSRF_NONE, "plugin_powers", 0, "", plugin_page_on,
     NULL},
    {"POST", "/admin/plugins/{id}/on", NEED(PERM_ADMIN), CSRF_TOKEN, "plugin_powers", 0, "", plugin_post_on,
     NULL},
    {"GET", "/admin/plugins/{id}/off", NEED(PERM_ADMIN), CSRF_NONE, "plugin_off", 0, "", plugin_page_off,
     NULL},
    {"POST", "/admin/plugins/{id}/off", NEED(PERM_ADMIN), CSRF_TOKEN, "plugin_off", 0, "", plugin_post_off,
     NULL},
    {"POST", "/admin/plugins/{id}/again", NEED(PERM_ADMIN), CSRF_TOKEN, "-", 0, "", plugin_post_again, NULL},
    {"GET", "/admin/plugins/{id}/powers", NEED(PERM_ADMIN), CSRF_NONE, "plugin_powers", 0, "",
     plugin_page_powers, NULL},
    {"POST", "/admin/plugins/{id}/powers", NEED(PERM_ADMIN), CSRF_TOKEN, "plugin_powers", 0, "",
     plugin_post_powers, NULL},
    {"GET", "/admin/plugins/{id}/settings", NEED(PERM_ADMIN), CSRF_NONE, "-", ROUTE_FORM_MADE, "",
     plugin_page_settings, &settings_form},
    {"POST", "/admin/plugins/{id}/settings", NEED(PERM_ADMIN), CSRF_TOKEN, "-", ROUTE_FORM_MADE, "",
     plugin_post_settings, &settings_form},
};
ROUTES_END(admin_plugins);
