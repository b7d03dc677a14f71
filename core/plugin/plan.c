// SPDX-License-Identifier: Apache-2.0
// One round of planning: from what operators wish and what lies in the folder to the next generation. Nothing
// of the past counts but what runs now, so the same wishes always end in the same generation.
#include "plugin/plan.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>

#define ROUND_BYTES ((size_t)32 * 1024 * 1024)

struct round {
    struct plugin_host *h;
    struct ctx *c; // of this round, on an arena of its own
    struct wishes wishes;
    bool is[PLUGIN_MAX];    // candidates, beside h->list
    bool newer[PLUGIN_MAX]; // another version lies in the folder
    struct plugin *order[PLUGIN_MAX];
    size_t ordered;
    struct plugin *next[PLUGIN_MAX]; // of the next generation
    const char **settings[PLUGIN_MAX];
    size_t count;
};

void plugin_out(struct plugin *p, enum plugin_state to, const char *fmt, ...) {
    char why[sizeof p->leave];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(why, sizeof why, fmt, ap);
    va_end(ap);
    if (!plugin_runs(p)) {
        plugin_become(p, to, "%s", why);
        return;
    }
    p->then = to;
    memcpy(p->leave, why, sizeof why);
    if (p->state == PLUGIN_DRAINING) {
        plugin_become(p, PLUGIN_DRAINING, "%s", why);
    }
}

// ---- who is a candidate

// A power without which it cannot work and which was not granted; 0 none.
static anc_caps missing_power(const struct plugin *p, anc_caps granted) {
    anc_caps missing = p->about.wants & ~granted;
    return missing & (~missing + 1); // the lowest
}

// Five faults: entered as suspended, so that it stays out until an operator starts it again.
static enum err suspend_alarmed(struct round *r, struct plugin *p) {
    if (!p->alarmed || !plugin_runs(p) || p->state == PLUGIN_DRAINING) {
        return ERR_OK;
    }
    static const char reason[] = "It failed five times within ten minutes.";
    if (r->wishes.db && !r->h->visits) {
        enum err e = wishes_suspend(r->c, p->id, reason);
        if (e) {
            return e;
        }
    }
    plugin_out(p, PLUGIN_SUSPENDED, "%s", reason);
    return ERR_OK;
}

static bool is_candidate(const struct round *r, struct plugin *p, const struct wish *w) {
    bool kept = r->wishes.db && !r->h->visits; // being suspended is
    if (p->alarmed && (!kept || (plugin_runs(p) && p->state != PLUGIN_DRAINING))) {
        return false; // see suspend_alarmed
    }
    if (!w->enabled) {
        if (w->there || p->state != PLUGIN_FOUND) {
            plugin_out(p, PLUGIN_STOPPED, "%s", "");
        }
        return false;
    }
    if (w->suspended) {
        plugin_out(p, PLUGIN_SUSPENDED, "%s", w->suspended_reason);
        return false;
    }
    if (!p->opened) {
        return false; // its file says why
    }
    anc_caps missing = missing_power(p, w->granted);
    if (missing) {
        plugin_out(p, PLUGIN_FAILED, "It needs the power \"%s\", which has not been granted.",
                   plugin_cap_words(missing));
        return false;
    }
    if (!plugin_runs(p) && p->tried_no == w->number && p->tried_no > 0) {
        return false; // failed with just these wishes: it would again
    }
    return true;
}

static enum err find_candidates(struct round *r) {
    struct plugin_host *h = r->h;
    for (size_t i = 0; i < h->count; i++) {
        struct wish w;
        wish_of(&r->wishes, h->list[i], &w);
        if (w.enabled && !w.suspended) {
            plugin_refresh(h, h->list[i], &r->newer[i]); // may put another instance in its place
        }
    }
    bool entered;
    enum err e = wishes_enter(h, &r->wishes, r->c, &entered);
    if (e == ERR_OK && entered) {
        e = wishes_read(r->c, &r->wishes);
    }
    for (size_t i = 0; e == ERR_OK && i < h->count; i++) {
        struct plugin *p = h->list[i];
        struct wish w;
        wish_of(&r->wishes, p, &w); // the powers asked for are known now
        p->wanted_no = w.number;
        p->pending = false;
        p->then = PLUGIN_ACTIVE;
        e = suspend_alarmed(r, p);
        r->is[i] = e == ERR_OK && is_candidate(r, p, &w);
    }
    return e;
}

// ---- who comes into the next generation

static bool needs_are_in(const struct round *r, const struct plugin *p, const char **ret_missing) {
    for (uint32_t k = 0; k < p->about.dependencies.count; k++) {
        struct anc_dependency need;
        plugin_row(&p->about.dependencies, k, &need, sizeof need);
        const struct plugin *other = plugin_at(r->h, need.id);
        bool in = other && other->pending; // comes back by itself
        for (size_t i = 0; !in && i < r->count; i++) {
            in = r->next[i] == other;
        }
        if (!in) {
            *ret_missing = need.id;
            return false;
        }
    }
    return true;
}

static void set_granted(struct plugin *p, anc_caps granted) {
    pthread_mutex_lock(&p->owner->lock);
    p->granted = granted;
    pthread_mutex_unlock(&p->owner->lock);
}

// ERR_OK: STARTED or FAILED. An error: the database is away, nothing is known.
static enum err bring_up(struct round *r, struct plugin *p, const struct wish *w) {
    set_granted(p, w->granted);
    if (p->state != PLUGIN_CHECKED) { // it was out, its file is open
        plugin_become(p, PLUGIN_CHECKED, "%s", "");
    }
    plugin_become(p, PLUGIN_RESOLVED, "%s", "");
    p->tried_no = w->number;
    if (r->wishes.db && !plugin_role_ready(p, r->c)) {
        if (r->c->err == ERR_DB_AWAY) {
            p->tried_no = 0;
            return ERR_DB_AWAY;
        }
        return ERR_OK;
    }
    // A visitor without a database (a look at a file) may still ask it what needs none.
    if (!r->wishes.db && !r->h->visits && p->about.migrations.count > 0 &&
        plugin_may(p, ANC_CAP_OWN_TABLES)) {
        plugin_fail(p, "It keeps tables of its own, and there is no database here.");
        return ERR_OK;
    }
    plugin_become(p, PLUGIN_MIGRATED, "%s", "");
    if (plugin_start(p)) {
        p->tried_no = 0;
    }
    return ERR_OK;
}

static size_t slot_of(const struct round *r, const struct plugin *p) {
    size_t i = 0;
    while (r->h->list[i] != p) {
        i++;
    }
    return i;
}

static void take(struct round *r, struct plugin *p, const char *tender) {
    const char *misfit;
    r->settings[r->count] = wish_settings(&r->wishes, p, r->c->arena, &misfit);
    r->next[r->count++] = p;
    if (misfit) {
        plugin_remark(p, "The value of \"%.60s\" no longer fits; the default is used.", misfit);
    } else if (tender) {
        plugin_remark(p, "A new version waits until tender %s is decided.", tender);
    } else if (r->newer[slot_of(r, p)]) {
        plugin_remark(p, "A new version is in the folder; switch it off and on, or restart, to use it.");
    } else {
        plugin_remark(p, "%s", "");
    }
}

// The candidate at its place: kept as it runs, left out for a moment to get other powers, or started.
static enum err place_one(struct round *r, struct plugin *p, size_t place) {
    struct wish w;
    const char *missing, *tender = NULL;
    wish_of(&r->wishes, p, &w);
    p->place = place;
    if (!needs_are_in(r, p, &missing)) {
        plugin_out(p, PLUGIN_FAILED, "It needs the plugin %s, which failed.", missing);
        return ERR_OK;
    }
    if (plugin_runs(p)) {
        if (p->granted != w.granted) {
            plugin_out(p, PLUGIN_STOPPED, "Its powers changed; it starts again.");
            p->pending = true;
            return ERR_OK;
        }
        enum err e = ERR_OK;
        if (r->newer[slot_of(r, p)]) { // which of the two reasons keeps it as it is
            e = plugin_pinned_by(r->h, r->c, p->id, &tender);
        }
        if (e == ERR_OK) {
            take(r, p, tender);
        }
        return e;
    }
    p = plugin_choose(r->h, p, w.hash, r->wishes.db ? r->c : NULL, &tender);
    p->place = place;
    enum err e = bring_up(r, p, &w);
    if (e == ERR_OK && p->state == PLUGIN_STARTED) {
        take(r, p, tender);
    }
    return e;
}

// ---- the next generation

static bool same_settings(const struct plugin_member *m, const char **settings) {
    for (uint32_t i = 0; i < m->plugin->about.settings.count; i++) {
        if (strcmp(m->settings[i], settings[i]) != 0) {
            return false;
        }
    }
    return true;
}

static bool is_same(const struct round *r, const struct plugin_set *now) {
    if (!now || now->count != r->count) {
        return false;
    }
    for (size_t i = 0; i < r->count; i++) {
        if (now->members[i].plugin != r->next[i] || !same_settings(&now->members[i], r->settings[i])) {
            return false;
        }
    }
    return true;
}

// Started for a generation that was never published, and not wanted any more: nobody has entered it.
static void stop_unused(struct round *r) {
    for (size_t i = 0; i < r->h->count; i++) {
        struct plugin *p = r->h->list[i];
        if (p->state == PLUGIN_STARTED && p->then != PLUGIN_ACTIVE && p->held == 0) {
            plugin_become(p, PLUGIN_DRAINING, "%s", p->leave);
            plugin_stop(p);
            plugin_become(p, p->then, "%s", p->leave);
        }
    }
}

// What lies in the folder, and what somebody wished; a file that nobody named and that is away again is
// forgotten.
static void fill_list(struct round *r) {
    struct plugin_host *h = r->h;
    for (size_t i = 0; i < h->count; i++) {
        struct plugin *p = h->list[i];
        char path[1200];
        struct file_mark mark;
        plugin_path(h, p->id, path, sizeof path);
        if (p->state == PLUGIN_FOUND && !p->named && !wishes_has(&r->wishes, p->id) &&
            !plugin_file_mark(path, &mark)) {
            plugin_forget(h, i--);
        }
    }
    plugin_look_round(h);
    for (size_t i = 0; i < wishes_count(&r->wishes); i++) {
        if (!plugin_slot(h, wishes_id(&r->wishes, i))) {
            log_event(LOG_LEVEL_ERROR, "too_many_plugins", "plugin", wishes_id(&r->wishes, i), NULL);
        }
    }
}

static enum err one_round(struct round *r, const struct plugin_set **ret_next) {
    struct plugin_host *h = r->h;
    enum err e = wishes_read(r->c, &r->wishes);
    if (e) {
        return e;
    }
    fill_list(r);
    e = find_candidates(r);
    if (e) {
        return e;
    }
    r->ordered = plugin_order(h->list, h->count, r->is, r->order);
    for (size_t i = 0; e == ERR_OK && i < r->ordered; i++) {
        e = place_one(r, r->order[i], i);
    }
    if (e) {
        return e;
    }
    stop_unused(r);
    if (!is_same(r, h->now)) {
        *ret_next = plugin_set_make(h, r->count, r->next, r->settings);
        return ERR_OK;
    }
    return wishes_note(h, r->c);
}

enum err plugin_host_plan(struct plugin_host *h, struct ctx *c, const struct plugin_set **ret_next) {
    struct arena *a = arena_new(ROUND_BYTES);
    struct ctx own;
    ctx_init(&own, a, c ? c->db : NULL);
    if (c) {
        own.now_usec = c->now_usec;
    }
    struct round *r = arena_alloc(a, sizeof *r);
    r->h = h;
    r->c = &own;
    const struct plugin_set *next = NULL;
    enum err e = one_round(r, &next);
    if (e && c) {
        ctx_fail(c, e, "%s", own.err_detail ? own.err_detail : err_name(e));
    }
    arena_free(a);
    *ret_next = next;
    return e;
}
