// SPDX-License-Identifier: Apache-2.0
// Calls beside the extension points: filters, notifications, jobs, verbs, panels in slots.
#include "plugin/calls.h"

#include "plugin/api.h"
#include "plugin/plugin.h"

#include <stdlib.h>
#include <string.h>

#define FILTERS_MAX 256
#define SLOTS_MAX   64 // panels a slot may show
#define JOBS_MAX    256

static const struct event_row {
    int32_t kind;
    bool filter, strict; // strict: a filter that fails stops it
    const char *name, *words;
} events[] = {
    {ANC_EVENT_SUPPLIER_SAVING, true, false, "supplier_saving", "a supplier is about to be saved"},
    {ANC_EVENT_SUPPLIER_SAVED, false, false, "supplier_saved", "a supplier is saved"},
    {ANC_EVENT_NOTICE_PUBLISHING, true, true, "notice_publishing", "a notice is about to be published"},
    {ANC_EVENT_NOTICE_PUBLISHED, false, false, "notice_published", "a notice is published"},
    {ANC_EVENT_NOTICE_CANCELLED, false, false, "notice_cancelled", "a notice is cancelled"},
    {ANC_EVENT_BID_SUBMITTING, true, false, "bid_submitting", "a bid is about to be sent"},
    {ANC_EVENT_BID_SUBMITTED, false, false, "bid_submitted", "a bid is sent"},
    {ANC_EVENT_BIDS_OPENED, false, false, "bids_opened", "bids are opened"},
    {ANC_EVENT_AWARDING, true, true, "awarding", "an award is about to be made"},
    {ANC_EVENT_AWARDED, false, false, "awarded", "an award is made"},
    {ANC_EVENT_BOOKING, true, false, "booking", "a place at an event is about to be booked"},
    {ANC_EVENT_BOOKED, false, false, "booked", "a place at an event is booked"},
    {ANC_EVENT_SPEND_LOADED, false, false, "spend_loaded", "payments are loaded"},
};
_Static_assert(sizeof events / sizeof *events == ANC_EVENT_COUNT - 1, "a row for each kind of event");

static const struct event_row *event_of(int32_t kind) {
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        if (events[i].kind == kind) {
            return &events[i];
        }
    }
    return NULL;
}

bool plugin_event_is_filter(int32_t kind) {
    const struct event_row *e = event_of(kind);
    return e && e->filter;
}

const char *plugin_event_words(int32_t kind) {
    const struct event_row *e = event_of(kind);
    return e ? e->words : NULL;
}

static const struct plugin_member *member_of(const struct ctx *c, const char *id) {
    for (size_t i = 0; c->plugins && i < c->plugins->count; i++) {
        if (strcmp(c->plugins->members[i].plugin->id, id) == 0) {
            return &c->plugins->members[i];
        }
    }
    return NULL;
}

// ---- things of several plugins in one order: by their number, then by plugin, then as the plugin lists them

struct ordered {
    int32_t order;
    uint32_t row;
    const struct plugin_member *member;
};

static int by_order(const void *a, const void *b) {
    const struct ordered *x = a, *y = b;
    if (x->order != y->order) {
        return x->order < y->order ? -1 : 1;
    }
    int ids = strcmp(x->member->plugin->id, y->member->plugin->id);
    return ids ? ids : x->row < y->row ? -1 : x->row > y->row;
}

// ---- filters

static size_t filters_of(const struct plugin_set *s, int32_t kind, struct ordered *list) {
    size_t n = 0;
    for (size_t i = 0; s && i < s->count; i++) {
        const struct anc_table *t = &s->members[i].plugin->about.filters;
        for (uint32_t k = 0;
             plugin_may(s->members[i].plugin, ANC_CAP_EVENTS) && k < t->count && n < FILTERS_MAX; k++) {
            struct anc_filter row;
            plugin_row(t, k, &row, sizeof row);
            if (row.event == kind && row.ask) {
                list[n++] = (struct ordered){.order = row.order, .row = k, .member = &s->members[i]};
            }
        }
    }
    if (n > 1) {
        qsort(list, n, sizeof *list, by_order);
    }
    return n;
}

// Only OK, SKIP and VETO are answers; what the database brings about is told, anything else is a fault.
static enum err ask_one(struct ctx *c, const struct ordered *o, const struct event_row *row,
                        const struct anc_event *event) {
    struct plugin *p = o->member->plugin;
    struct anc_filter f;
    plugin_row(&p->about.filters, o->row, &f, sizeof f);
    anc_ctx x;
    if (!call_enter(&x, c, o->member, arena_printf(c->arena, "filter:%s", row->name), BUDGET_FILTER_MS)) {
        return c->err;
    }
    anc_rc rc = f.ask(&x, event, p->state_of_plugin);
    bool veto = rc == ANC_VETO;
    if (rc != ANC_OK && rc != ANC_SKIP && rc != ANC_VETO && rc != ANC_E_DB) {
        rc = call_wrong(&x, "a filter that gives neither yes nor no");
    }
    enum err e = call_leave(&x, rc);
    if (veto && e == ERR_CONFLICT) {
        return *x.why_text ? e : ctx_fail(c, ERR_CONFLICT, "\"%s\" does not allow this.", p->about.title);
    }
    return e == ERR_CONFLICT ? ERR_BUG : e; // the word for a veto is kept for vetoes
}

enum err plugin_ask(struct ctx *c, const struct anc_event *event) {
    const struct event_row *row = event_of(event->kind);
    if (!c->plugins || !row || !row->filter) {
        return ERR_OK;
    }
    struct ordered list[FILTERS_MAX];
    size_t n = filters_of(c->plugins, event->kind, list);
    struct anc_event own = *event;
    own.size = sizeof own;
    for (size_t i = 0; i < n; i++) {
        struct ctx before = *c;
        enum err e = ask_one(c, &list[i], row, &own);
        if (e == ERR_CONFLICT || e == ERR_DB_AWAY) {
            return e;
        }
        if (e != ERR_OK && e != ERR_UNSUPPORTED && row->strict) {
            return ctx_fail(c, ERR_BUSY,
                            "\"%s\" has to agree first and did not answer. Nothing is changed. Try again in a"
                            " few minutes.",
                            list[i].member->plugin->about.title);
        }
        c->err = before.err;
        c->err_field = before.err_field;
        c->err_detail = before.err_detail;
    }
    return ERR_OK;
}

// ---- notifications

uint64_t plugin_wanted_events(const struct anc_plugin *about) {
    uint64_t bits = 0;
    for (uint32_t i = 0; i < about->notifications.count; i++) {
        struct anc_notification row;
        plugin_row(&about->notifications, i, &row, sizeof row);
        const struct event_row *e = event_of(row.event);
        bits |= e && !e->filter ? UINT64_C(1) << row.event : 0;
    }
    return bits;
}

enum err plugin_tell(struct ctx *c, const char *plugin_id, const struct anc_event *event) {
    const struct plugin_member *m = member_of(c, plugin_id);
    const struct event_row *kind = event_of(event->kind);
    if (!m || !kind || kind->filter || !plugin_may(m->plugin, ANC_CAP_EVENTS)) {
        return ctx_fail(c, ERR_NOT_FOUND, "the plugin %s is not here to be told", plugin_id);
    }
    struct anc_event own = *event;
    own.size = sizeof own;
    const struct anc_table *t = &m->plugin->about.notifications;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_notification row;
        plugin_row(t, i, &row, sizeof row);
        if (row.event != event->kind || !row.told) {
            continue;
        }
        anc_ctx x;
        if (!call_enter(&x, c, m, arena_printf(c->arena, "told:%s", kind->name), BUDGET_TOLD_MS)) {
            return c->err;
        }
        anc_rc rc = row.told(&x, &own, m->plugin->state_of_plugin);
        enum err e = call_leave(&x, rc);
        if (e != ERR_OK && rc != ANC_SKIP) {
            return e;
        }
    }
    return ERR_OK;
}

// ---- jobs

size_t plugin_set_jobs(const struct plugin_set *s, struct arena *a, struct plugin_job **ret) {
    struct plugin_job *list = arena_array(a, JOBS_MAX, sizeof *list);
    size_t n = 0;
    for (size_t i = 0; s && i < s->count; i++) {
        const struct plugin *p = s->members[i].plugin;
        for (uint32_t k = 0;
             plugin_may(s->members[i].plugin, ANC_CAP_JOBS) && k < p->about.jobs.count && n < JOBS_MAX; k++) {
            struct anc_job row;
            plugin_row(&p->about.jobs, k, &row, sizeof row);
            if (row.name && row.run) {
                list[n++] =
                    (struct plugin_job){.plugin = p->id,
                                        .name = row.name,
                                        .title = row.title ? row.title : row.name,
                                        .every_s = row.every_s < 10 ? 10 : row.every_s,
                                        .max_ms = row.max_ms > BUDGET_LONG_MS ? BUDGET_LONG_MS : row.max_ms};
            }
        }
    }
    *ret = list;
    return n;
}

enum err plugin_job_run(struct ctx *c, const char *plugin_id, const char *name) {
    const struct plugin_member *m = member_of(c, plugin_id);
    for (uint32_t k = 0; m && plugin_may(m->plugin, ANC_CAP_JOBS) && k < m->plugin->about.jobs.count; k++) {
        struct anc_job row;
        plugin_row(&m->plugin->about.jobs, k, &row, sizeof row);
        if (!row.name || !row.run || strcmp(row.name, name) != 0) {
            continue;
        }
        anc_ctx x;
        if (!call_enter(&x, c, m, arena_printf(c->arena, "job:%s", name), row.max_ms)) {
            return c->err;
        }
        anc_rc rc = row.run(&x, m->plugin->state_of_plugin);
        enum err e = call_leave(&x, rc);
        return rc == ANC_SKIP && e == ERR_UNSUPPORTED ? ERR_OK : e;
    }
    return ctx_fail(c, ERR_NOT_FOUND, "the plugin %s has no job %s", plugin_id, name);
}

// ---- verbs

enum err plugin_verb_run(struct ctx *c, const char *plugin_id, const char *name, uint32_t count,
                         const char *const *words, struct strb *out, struct findings *ret) {
    const struct plugin_member *m = member_of(c, plugin_id);
    struct anc_report *report = report_new(c->arena);
    report_take(report, ret);
    for (uint32_t k = 0; m && k < m->plugin->about.verbs.count; k++) {
        struct anc_verb row;
        plugin_row(&m->plugin->about.verbs, k, &row, sizeof row);
        if (!row.name || !row.run || strcmp(row.name, name) != 0) {
            continue;
        }
        struct anc_sink sink = {out};
        anc_ctx x;
        if (!call_enter(&x, c, m, arena_printf(c->arena, "verb:%s", name), BUDGET_LONG_MS)) {
            return c->err;
        }
        anc_rc rc = row.run(&x, count, words, &sink, report, m->plugin->state_of_plugin);
        rc = rc == ANC_OK && out->over ? ANC_E_LIMIT : rc;
        enum err e = call_leave(&x, rc);
        report_take(report, ret);
        return rc == ANC_SKIP && e == ERR_UNSUPPORTED ? ERR_OK : e;
    }
    return ctx_fail(c, ERR_NOT_FOUND, "the plugin %s has no command %s", plugin_id, name);
}

// ---- panels in slots

static const char *slot_name(int32_t slot) {
    static const char *const names[] = {
        [ANC_SLOT_HOME] = "home",       [ANC_SLOT_SUPPLIER] = "supplier",
        [ANC_SLOT_NOTICE] = "notice",   [ANC_SLOT_BUYER_NOTICE] = "buyer_notice",
        [ANC_SLOT_OFFICER] = "officer", [ANC_SLOT_ACCOUNT] = "account"};
    return slot > 0 && slot < (int32_t)(sizeof names / sizeof *names) ? names[slot] : "unknown";
}

static size_t panels_of(const struct plugin_set *s, int32_t slot, struct ordered *list) {
    size_t n = 0;
    for (size_t i = 0; s && i < s->count; i++) {
        const struct anc_table *t = &s->members[i].plugin->about.panels;
        for (uint32_t k = 0; plugin_may(s->members[i].plugin, ANC_CAP_PAGES) && k < t->count && n < SLOTS_MAX;
             k++) {
            struct anc_page_panel row;
            plugin_row(t, k, &row, sizeof row);
            if (row.slot == slot && row.fill) {
                list[n++] = (struct ordered){.order = row.order, .row = k, .member = &s->members[i]};
            }
        }
    }
    if (n > 1) {
        qsort(list, n, sizeof *list, by_order);
    }
    return n;
}

size_t plugin_slot_panels(struct ctx *c, int32_t slot, const char *ref, struct slot_panel **ret) {
    struct ordered list[SLOTS_MAX];
    size_t n = panels_of(c->plugins, slot, list), shown = 0;
    struct slot_panel *panels = arena_array(c->arena, n + 1, sizeof *panels);
    for (size_t i = 0; i < n; i++) {
        struct ctx before = *c;
        const struct plugin *p = list[i].member->plugin;
        struct anc_page_panel row;
        plugin_row(&p->about.panels, list[i].row, &row, sizeof row);
        struct anc_panel *panel = panel_new(c->arena);
        anc_ctx x;
        const char *what = arena_printf(c->arena, "panel:%s", slot_name(slot));
        if (call_enter(&x, c, list[i].member, what, BUDGET_SLOT_MS)) {
            anc_rc rc = row.fill(&x, ref ? ref : "", panel, p->state_of_plugin);
            rc = rc == ANC_OK && panel->wrong ? call_wrong(&x, panel->wrong) : rc;
            if (call_leave(&x, rc) == ERR_OK) {
                panels[shown].title = row.title ? row.title : "";
                panels[shown].plugin_title = p->about.title;
                panel_take(panel, panels[shown].title, &panels[shown].panel);
                shown++;
            }
        }
        c->err = before.err;
        c->err_field = before.err_field;
        c->err_detail = before.err_detail;
    }
    *ret = panels;
    return shown;
}
