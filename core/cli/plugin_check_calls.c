// SPDX-License-Identifier: Apache-2.0
// Part of the check that calls once, in an empty place, what the plugin brings beside the extension points:
// pages, panels, jobs, verbs, events. Any answer will do; a fault will not.
#include "cli/plugin_check.h"
#include "plugin/calls.h"
#include "plugin/page.h"

#include <stdio.h>
#include <string.h>

#define OUT_MAX     ((size_t)8 * 1024 * 1024)
#define PARAMS_MAX  8
#define ARENA_BYTES ((size_t)128 * 1024 * 1024)

// Each call is a unit of work of its own.
static void begin_unit(struct check *k) {
    k->c.arena = arena_new(ARENA_BYTES);
    k->c.err = ERR_OK;
    k->c.err_detail = "";
}

static void end_unit(struct check *k) {
    db_release(k->c.db);
    arena_free(k->c.arena);
    k->c.arena = k->arena;
    k->c.err_detail = "";
    k->c.err_field = NULL;
}

// ---- pages ---------------------------------------------------------------------------------------

static size_t fill_params(struct arena *a, const char *path, const char *value, const char **names,
                          const char **values) {
    size_t n = 0;
    for (const char *p = strchr(path, '{'); p && n < PARAMS_MAX; p = strchr(p + 1, '{')) {
        names[n] = arena_strndup(a, p + 1, strcspn(p + 1, "}"));
        values[n++] = value;
    }
    return n;
}

static void show_page(struct check *k, const struct plugin_route *route, const struct plugin_page *page) {
    static const char what[] = "pages can be shown";
    uint64_t unknown = template_unknown_keys();
    struct strb out;
    strb_init(&out, OUT_MAX);
    const struct render_env env = {
        .set = route->templates, .form = page->form, .csrf_token = "token", .inner = page->model};
    if (template_render(&env, NULL, page->template_name, model_new(k->c.arena), &out) != ERR_OK) {
        check_fail(k, what, "%s: the template %s cannot be shown.", route->path, page->template_name);
    } else if (template_unknown_keys() > unknown) {
        check_warn(k, what,
                   "%s: %s.html asks for %llu keys that the page does not set (see the server's log).",
                   route->path, page->template_name, (unsigned long long)(template_unknown_keys() - unknown));
    }
    strb_free(&out);
}

// A POST comes with an empty form.
static void call_page(struct check *k, const struct plugin_route *route, const char *value, bool quiet) {
    const char *names[PARAMS_MAX], *values[PARAMS_MAX];
    check_now(k, "the page %s %s", route->method, route->path);
    begin_unit(k);
    bool post = strcmp(route->method, "POST") == 0;
    struct plugin_page page = {.post = post,
                               .param_names = names,
                               .params = values,
                               .supplier_ref = "",
                               .anchor_ref = "",
                               .model = model_new(k->c.arena)};
    page.param_count = fill_params(k->c.arena, route->path, value, names, values);
    if (route->form_spec) {
        page.form = post ? form_read(k->c.arena, route->form_spec, NULL, 0, NULL, 0)
                         : form_new(k->c.arena, route->form_spec);
    }
    enum err e = plugin_page_call(&k->c, route, &page);
    if (e == ERR_OK && page.answer == PLUGIN_ANSWER_RENDER && !quiet) {
        show_page(k, route, &page);
    }
    end_unit(k);
}

static size_t call_pages(struct check *k, bool quiet) {
    const struct plugin_route *routes;
    size_t n = plugin_set_routes(k->c.plugins, &routes), called = 0;
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(k->id); // behind "/x/"
        if (strncmp(routes[i].path + 3, k->id, len) == 0 &&
            (!routes[i].path[3 + len] || routes[i].path[3 + len] == '/')) {
            call_page(k, &routes[i], "1", quiet);
            call_page(k, &routes[i], facts_text(6), quiet); // a name nobody would give
            called++;
        }
    }
    return called;
}

// ---- panels --------------------------------------------------------------------------------------

static size_t call_panels(struct check *k) {
    for (int32_t slot = ANC_SLOT_HOME; slot <= ANC_SLOT_ACCOUNT; slot++) {
        struct slot_panel *list;
        check_now(k, "panels of place %d", slot);
        begin_unit(k);
        (void)plugin_slot_panels(&k->c, slot, slot == ANC_SLOT_HOME ? "" : "none", &list);
        end_unit(k);
    }
    return k->info.about->panels.count;
}

static size_t call_spend_panels(struct check *k) {
    static const char *const views[] = {"", "by_ward", "none such", "<x>"};
    struct provider p;
    size_t called = 0;
    for (size_t i = 0; provider_at(k->c.plugins, ANC_POINT_SPEND_PANEL, i, &p); i++) {
        for (size_t v = 0; v < 4 && strcmp(provider_plugin_id(&p), k->id) == 0; v++) {
            struct anc_spend_filter filter = {.size = sizeof filter,
                                              .financial_year = v % 2 ? 2026 : 0,
                                              .anchor_ref = v > 1 ? "none" : "",
                                              .view = views[v]};
            struct panel panel;
            check_now(k, "the spend panel \"%s\", view \"%s\"", p.key, views[v]);
            begin_unit(k);
            enum err e = point_panel(&k->c, &p, &filter, &panel);
            (void)e; // an empty place may have nothing to show
            end_unit(k);
            called++;
        }
    }
    return called;
}

// ---- jobs, verbs, events -------------------------------------------------------------------------

static size_t call_jobs(struct check *k) {
    struct plugin_job *jobs;
    size_t n = plugin_set_jobs(k->c.plugins, k->arena, &jobs), called = 0;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(jobs[i].plugin, k->id) == 0) {
            check_now(k, "the job %s", jobs[i].name);
            begin_unit(k);
            enum err e = plugin_job_run(&k->c, k->id, jobs[i].name);
            (void)e;
            end_unit(k);
            called++;
        }
    }
    return called;
}

static size_t call_verbs(struct check *k) {
    static const char *const no_words[] = {NULL};
    const struct anc_table *t = &k->info.about->verbs;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_verb row;
        struct strb out;
        struct findings f = {0};
        plugin_row(t, i, &row, sizeof row);
        check_now(k, "the verb %s without words", row.name);
        begin_unit(k);
        strb_init(&out, OUT_MAX);
        enum err e = plugin_verb_run(&k->c, k->id, row.name, 0, no_words, &out, &f);
        (void)e;
        strb_free(&out);
        end_unit(k);
    }
    return t->count;
}

static bool asks_for(const struct check *k, int32_t kind) {
    const struct anc_table *t = &k->info.about->filters;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_filter row;
        plugin_row(t, i, &row, sizeof row);
        if (row.event == kind) {
            return true;
        }
    }
    return false;
}

// A filter runs inside a transaction, as in earnest; it is undone.
static void call_filter(struct check *k, const struct anc_event *event) {
    if (db_begin(&k->c) == ERR_OK) {
        enum err e = plugin_ask(&k->c, event);
        (void)e;
        db_rollback(&k->c);
    }
}

static size_t call_events(struct check *k) {
    uint64_t wanted = plugin_wanted_events(k->info.about);
    size_t called = 0;
    for (int32_t kind = 1; kind < ANC_EVENT_COUNT; kind++) {
        struct anc_event event = {.size = sizeof event,
                                  .kind = kind,
                                  .id = plugin_event_is_filter(kind) ? 0 : kind,
                                  .at = k->c.now_usec,
                                  .ref = "none",
                                  .name = facts_text((size_t)kind),
                                  .anchor_ref = "",
                                  .supplier_ref = "",
                                  .amount_pence = kind % 2 ? INT64_MAX : 0};
        bool filter = plugin_event_is_filter(kind);
        if (filter ? !asks_for(k, kind) : !(wanted & (UINT64_C(1) << kind))) {
            continue;
        }
        check_now(k, "the event \"%s\"", plugin_event_words(kind));
        begin_unit(k);
        if (filter) {
            call_filter(k, &event);
        } else {
            enum err e = plugin_tell(&k->c, k->id, &event);
            (void)e;
        }
        end_unit(k);
        called++;
    }
    return called;
}

// ---- all -----------------------------------------------------------------------------------------

static void said(struct check *k, const char *what, size_t called, bool quiet) {
    if (!quiet && called > 0 && !check_faulted(k, what)) {
        check_ok(k, what, "%zu called", called);
    }
}

void check_all_calls(struct check *k, bool quiet) {
    said(k, "pages answer in an empty place", call_pages(k, quiet), quiet);
    said(k, "panels answer in an empty place", call_panels(k) + call_spend_panels(k), quiet);
    said(k, "jobs run in an empty place", call_jobs(k), quiet);
    said(k, "verbs answer without words", call_verbs(k), quiet);
    said(k, "events are taken", call_events(k), quiet);
}

void check_part_calls(struct check *k) {
    if (check_open(k) && check_start(k, k->dir)) {
        check_all_calls(k, false);
    }
}
