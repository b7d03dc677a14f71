// SPDX-License-Identifier: Apache-2.0
// The plugin host: reading the folder, starting and stopping, publishing generations and letting go of old
// ones.
#include "plugin/host.h"

#include "base/clock.h"
#include "base/log.h"
#include "plugin/api.h"
#include "plugin/plan.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define START_BUDGET_MS 5000
#define CALL_BYTES      ((size_t)1024 * 1024)
#define WHY_BYTES       256 // of what a start says about itself

// ---- the list

struct plugin *plugin_at(const struct plugin_host *h, const char *id) {
    for (size_t i = 0; i < h->count; i++) {
        if (strcmp(h->list[i]->id, id) == 0) {
            return h->list[i];
        }
    }
    return NULL;
}

struct plugin *plugin_slot(struct plugin_host *h, const char *id) {
    struct plugin *p = plugin_at(h, id);
    if (p || h->count == PLUGIN_MAX) {
        return p;
    }
    p = plugin_new(h, id);
    pthread_mutex_lock(&h->lock);
    size_t i = h->count++;
    for (; i > 0 && strcmp(h->list[i - 1]->id, id) > 0; i--) {
        h->list[i] = h->list[i - 1];
    }
    h->list[i] = p;
    pthread_mutex_unlock(&h->lock);
    return p;
}

void plugin_forget(struct plugin_host *h, size_t i) {
    struct plugin *p = h->list[i], *last = p;
    while (last->older) {
        last = last->older;
    }
    pthread_mutex_lock(&h->lock);
    last->older = h->gone;
    h->gone = p;
    h->count--;
    for (; i < h->count; i++) {
        h->list[i] = h->list[i + 1];
    }
    pthread_mutex_unlock(&h->lock);
}

// Ids are file names and parts of database names; anything else is no plugin.
static bool is_id(const char *s, size_t n) {
    return n >= 2 && n <= 31 && s[0] >= 'a' && s[0] <= 'z' &&
           strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") >= n;
}

// "a, b,c"
static void read_list(struct plugin_host *h, const char *list) {
    while (*list) {
        list += strspn(list, ", \t");
        size_t n = strcspn(list, ", \t");
        if (is_id(list, n)) {
            char id[32];
            snprintf(id, sizeof id, "%.*s", (int)n, list);
            struct plugin *p = plugin_slot(h, id);
            if (p) {
                p->named = true;
            } else {
                log_event(LOG_LEVEL_ERROR, "too_many_plugins", "plugin", id, NULL);
            }
        } else if (n > 0) {
            char shown[64];
            snprintf(shown, sizeof shown, "%.*s", n < 60 ? (int)n : 60, list);
            log_event(LOG_LEVEL_ERROR, "not_a_plugin_name", "name", shown, NULL);
        }
        list += n;
    }
}

void plugin_path(const struct plugin_host *h, const char *id, char *ret, size_t cap) {
    snprintf(ret, cap, "%s/%s.so", h->dir, id);
}

void plugin_look_round(struct plugin_host *h) {
    DIR *d = h->dir[0] ? opendir(h->dir) : NULL;
    struct dirent *e;
    while (d && (e = readdir(d))) {
        size_t n = strlen(e->d_name);
        if (n > 3 && strcmp(e->d_name + n - 3, ".so") == 0 && is_id(e->d_name, n - 3)) {
            char id[32];
            snprintf(id, sizeof id, "%.*s", (int)(n - 3), e->d_name);
            plugin_slot(h, id);
        }
    }
    if (d) {
        closedir(d);
    }
}

struct plugin_host *plugin_host_read(const char *dir, const char *list) {
    struct plugin_host *h = calloc(1, sizeof *h);
    if (!h) {
        abort();
    }
    pthread_mutex_init(&h->lock, NULL);
    pthread_condattr_t a;
    pthread_condattr_init(&a);
    pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
    pthread_cond_init(&h->let_go, &a);
    pthread_condattr_destroy(&a);
    snprintf(h->dir, sizeof h->dir, "%s", dir);
    read_list(h, list);
    plugin_look_round(h);
    for (size_t i = 0; i < h->count; i++) {
        if (h->list[i]->named) {
            char path[1200];
            plugin_path(h, h->list[i]->id, path, sizeof path);
            plugin_read(h->list[i], path);
        }
    }
    return h;
}

void plugin_host_check(struct plugin_host *h, const char *copies, const struct template_set *base) {
    snprintf(h->copies, sizeof h->copies, "%s", copies);
    h->base = base;
    for (size_t i = 0; i < h->count; i++) {
        plugin_load(h->list[i], copies, base);
    }
}

void plugin_host_visit(struct plugin_host *h) {
    h->visits = true;
}

// ---- starting and stopping one

// Both are calls like any other: a crash is noted, a long one is seen by the watchdog. ret_why: its own words
// about a start that gave up, "" none.
static anc_rc call_own(struct plugin *p, const char *what, char *ret_why, size_t cap) {
    struct arena *a = arena_new(CALL_BYTES);
    struct ctx c;
    ctx_init(&c, a, NULL);
    struct plugin_member m = {.plugin = p, .settings = plugin_default_settings(p, a)};
    struct anc_ctx x;
    anc_rc rc = ANC_OK;
    call_enter_always(&x, &c, &m, what, START_BUDGET_MS);
    if (strcmp(what, "start") == 0) {
        rc = p->about.start(&x, p->host, &p->state_of_plugin);
    } else {
        p->about.stop(&x, p->state_of_plugin);
    }
    enum err e = call_leave(&x, ANC_OK); // its code is told by who called
    (void)e;
    plugin_cut(ret_why, cap, x.why_text);
    arena_free(a);
    return rc;
}

static const char *rc_words(anc_rc rc) {
    switch (rc) {
    case ANC_E_INVALID:
        return "something it was given does not do";
    case ANC_E_NOT_FOUND:
        return "something it needs is not there";
    case ANC_E_DENIED:
        return "a power is missing";
    case ANC_E_LIMIT:
        return "a limit was reached";
    case ANC_E_DB:
        return "the database refused";
    case ANC_E_UNSUPPORTED:
        return "this server lacks something it needs";
    default:
        return "it did not say why";
    }
}

static void drop_host(struct plugin *p) {
    free(p->host);
    p->host = NULL;
    p->state_of_plugin = NULL;
}

bool plugin_start(struct plugin *p) {
    p->faults_from = clock_now_usec();
    p->alarmed = false;
    p->state_of_plugin = NULL;
    plugin_make_host(p);
    char why[WHY_BYTES] = "";
    anc_rc rc = p->about.start ? call_own(p, "start", why, sizeof why) : ANC_OK;
    if (rc != ANC_OK) {
        drop_host(p);
        if (*why) {
            plugin_fail(p, "Its start function gave up: %s", why);
        } else {
            plugin_fail(p, "Its start function gave up (code %d): %s.", (int)rc, rc_words(rc));
        }
        return false;
    }
    plugin_become(p, PLUGIN_STARTED, "%s", "");
    return true;
}

void plugin_stop(struct plugin *p) {
    if (p->about.stop) {
        char why[WHY_BYTES];
        call_own(p, "stop", why, sizeof why);
    }
    drop_host(p);
}

// ---- generations

static bool is_member(const struct plugin_set *s, const struct plugin *p) {
    for (size_t i = 0; s && i < s->count; i++) {
        if (s->members[i].plugin == p) {
            return true;
        }
    }
    return false;
}

void plugin_host_publish(struct plugin_host *h, const struct plugin_set *next) {
    pthread_mutex_lock(&h->lock);
    struct plugin_set *old = h->now;
    h->now = (struct plugin_set *)(uintptr_t)next; // was made by us
    pthread_mutex_unlock(&h->lock);
    for (size_t i = 0; i < h->count; i++) {
        struct plugin *p = h->list[i];
        if (is_member(next, p)) {
            if (p->state == PLUGIN_DRAINING) { // wanted again before its last call had ended
                p->alarmed = false;
                p->faults_from = clock_now_usec();
            }
            plugin_become(p, PLUGIN_ACTIVE, "%s", "");
        } else if (plugin_runs(p)) {
            plugin_become(p, PLUGIN_DRAINING, "%s", p->leave);
        }
    }
    plugin_set_unpin(old);
}

// The last started of those whose last call has ended; NULL none. *ret_more: others are still in use.
static struct plugin *next_to_stop(struct plugin_host *h, bool *ret_more) {
    struct plugin *best = NULL;
    *ret_more = false;
    for (size_t i = 0; i < h->count; i++) {
        struct plugin *p = h->list[i];
        if (p->state != PLUGIN_DRAINING) {
            continue;
        }
        if (p->held > 0) {
            *ret_more = true;
        } else if (!best || p->place > best->place) {
            best = p;
        }
    }
    return best;
}

static void stop_all_free(struct plugin_host *h, bool *ret_more) {
    struct plugin *p;
    while ((p = next_to_stop(h, ret_more))) {
        plugin_stop(p);
        plugin_remark(p, "%s", "");
        plugin_become(p, p->then, "%s", p->leave);
    }
}

static bool wait_let_go(struct plugin_host *h, int64_t until_usec) {
    struct timespec t = {.tv_sec = until_usec / 1000000, .tv_nsec = until_usec % 1000000 * 1000};
    bool more;
    pthread_mutex_lock(&h->lock);
    int rc = 0;
    while (rc == 0 && !next_to_stop(h, &more)) {
        rc = pthread_cond_timedwait(&h->let_go, &h->lock, &t);
    }
    pthread_mutex_unlock(&h->lock);
    return rc == 0;
}

bool plugin_host_settle(struct plugin_host *h, struct ctx *c, int wait_ms) {
    int64_t until = clock_monotonic_usec() + (int64_t)wait_ms * 1000;
    bool more;
    stop_all_free(h, &more);
    while (more && wait_let_go(h, until)) {
        stop_all_free(h, &more);
    }
    for (size_t i = 0; more && i < h->count; i++) {
        if (h->list[i]->state == PLUGIN_DRAINING) {
            plugin_remark(h->list[i], "Something still works with it; it stops when that has ended.");
        }
    }
    if (wishes_note(h, c) != ERR_OK) {
        log_event(LOG_LEVEL_WARNING, "plugin_states_not_noted", "detail", c->err_detail, NULL);
    }
    return !more;
}

void plugin_host_start(struct plugin_host *h, struct ctx *c) {
    const struct plugin_set *next = NULL;
    enum err e = plugin_host_plan(h, c, &next);
    if (e) {
        for (size_t i = 0; i < h->count; i++) {
            if (h->list[i]->named && !plugin_runs(h->list[i])) {
                plugin_fail(h->list[i], "The database did not say whether it is wanted: %s",
                            c->err_detail ? c->err_detail : "it is away.");
            }
        }
    }
    if (!next && !h->now) {
        next = plugin_set_make(h, 0, NULL, NULL);
    }
    if (next) {
        plugin_host_publish(h, next);
    }
    if (e == ERR_OK) {
        plugin_host_settle(h, c, 0);
    }
    if (e == ERR_OK && c && c->db && !h->visits) {
        plugin_prune(h);
    }
}

void plugin_host_close(struct plugin_host *h) {
    if (!h) {
        return;
    }
    struct plugin_set *none = plugin_set_make(h, 0, NULL, NULL);
    for (size_t i = 0; i < h->count; i++) {
        h->list[i]->then = PLUGIN_STOPPED;
        snprintf(h->list[i]->leave, sizeof h->list[i]->leave, "The server stops.");
    }
    plugin_host_publish(h, none);
    bool more;
    stop_all_free(h, &more);
    if (more) { // freed under somebody's feet it would crash; so it stays
        log_event(LOG_LEVEL_ERROR, "plugins_still_in_use", NULL);
        return;
    }
    plugin_set_unpin(h->now);
    for (size_t i = 0; i < h->count; i++) {
        for (struct plugin *p = h->list[i], *older; p; p = older) {
            older = p->older;
            plugin_free(p);
        }
    }
    for (struct plugin *p = h->gone, *older; p; p = older) {
        older = p->older;
        plugin_free(p);
    }
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->let_go);
    free(h);
}

// ---- alarms

void plugin_host_on_alarm(struct plugin_host *h, void (*fn)(void *arg), void *arg) {
    pthread_mutex_lock(&h->lock);
    h->alarm = fn;
    h->alarm_arg = arg;
    pthread_mutex_unlock(&h->lock);
}

// Called under the lock: after on_alarm(NULL) nobody is called any more.
void plugin_alarm(struct plugin *p) {
    if (p->owner && !atomic_exchange(&p->alarmed, true)) {
        pthread_mutex_lock(&p->owner->lock);
        if (p->owner->alarm) {
            p->owner->alarm(p->owner->alarm_arg);
        }
        pthread_mutex_unlock(&p->owner->lock);
    }
}
