// SPDX-License-Identifier: Apache-2.0
// Switching generations while requests run.
//
// The order is: plan, assemble, publish, swap, settle.
// - A request takes app and generation together, with one pin, so it sees either the old ones or the new
// ones,
//   never the routes of one and the plugins of the other.
// - Publishing comes before the swap: a plugin is ACTIVE before the first request can reach its pages.
// Between
//   the two, jobs and requests may see different generations, which each of them can at any time.
// - A plugin that is left out is DRAINING from the publication on. Requests that still hold the old
// generation go
//   on using it; it is stopped only when no generation with it is held any more (settle), and so no request
//   ever meets a stopped plugin.
// - That the wish was acted upon is noted by settle, so after the swap: who has waited for it and asks for a
// page
//   is served by the new app.
// - When the new app cannot be put together nothing is published and everything stays as it was.
#include "cli/live.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "db/queries.gen.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MS     30000
#define AGAIN_MS    1000 // after a failure, and while a plugin that was left out has not ended its last call
#define SETTLE_MS   500
#define ROUNDS_MOST 8
#define ARENA_BYTES ((size_t)64 * 1024 * 1024)

struct live {
    char *conninfo;
    const struct frame *frame;
    struct plugin_host *host;
    struct server *server;
    struct db_listener *listener;
    struct db *db;
    struct arena *arena;
    pthread_t thread;
    bool started, away;
    _Atomic bool stop, due;
};

// ---- a round -------------------------------------------------------------------------------------

static bool switch_to(struct live *l, const struct plugin_set *next) {
    char why[512] = "", number[24];
    uint64_t n = plugin_set_number(next);
    const struct app *app = assemble(l->frame, l->host, next, why, sizeof why);
    if (!app) {
        log_event(LOG_LEVEL_ERROR, "plugins_not_switched", "why", why, NULL);
        plugin_set_unpin(next);
        return false;
    }
    plugin_host_publish(l->host, next);
    server_swap_app(l->server, app);
    snprintf(number, sizeof number, "%llu", (unsigned long long)n);
    log_event(LOG_LEVEL_NOTICE, "plugins_switched", "generation", number, NULL);
    return true;
}

// Makes the plugins be what the tables say. False: something is still going on, or failed: look again soon.
static bool plan_and_switch(struct live *l, struct ctx *c) {
    for (int i = 0; i < ROUNDS_MOST; i++) {
        const struct plugin_set *next = NULL;
        enum err e = plugin_host_plan(l->host, c, &next);
        if (e != ERR_OK) {
            log_event(LOG_LEVEL_WARNING, "plugins_not_planned", "error", err_name(e), "detail", c->err_detail,
                      NULL);
            return false;
        }
        if (next && !switch_to(l, next)) {
            return true; // the same again would fail again: wait for another wish
        }
        if (!plugin_host_settle(l->host, c, SETTLE_MS)) {
            return false;
        }
        if (!next) {
            return true;
        }
    }
    return false;
}

static bool connected(struct live *l) {
    char why[256] = "";
    enum err e = l->db ? db_ensure(l->db) : db_open(l->conninfo, true, &l->db, why, sizeof why);
    if (e == ERR_OK) {
        e = db_limit_ms(l->db, 0); // a plugin's first tables may take their time
    }
    if (e != ERR_OK && !l->away) {
        log_event(LOG_LEVEL_WARNING, "plugins_not_looked_after", "why", "The database is away.", NULL);
    }
    l->away = e != ERR_OK;
    return e == ERR_OK;
}

// Tells verbs that a server is up and follows wishes: as long as this connection lives.
static bool mark(struct ctx *c) {
    struct rows *marked;
    return DB_ROWS(c, live_mark, &marked) == ERR_OK;
}

static void end_round(struct live *l) {
    db_release(l->db);
    arena_reset(l->arena);
}

static bool one_round(struct live *l) {
    if (!connected(l)) {
        return false;
    }
    struct ctx c;
    ctx_init(&c, l->arena, l->db);
    bool done = mark(&c) && plan_and_switch(l, &c);
    end_round(l);
    return done;
}

// Before anybody is told that the server listens, or a verb that comes at once would not know of it, nor in
// which state the plugins are. What of it fails is tried again by the thread.
static enum err first_round(struct live *l) {
    if (!connected(l)) {
        return ERR_DB_AWAY;
    }
    struct ctx c;
    ctx_init(&c, l->arena, l->db);
    bool marked = mark(&c);
    if (marked) {
        (void)plan_and_switch(l, &c);
    }
    end_round(l);
    return marked ? ERR_OK : ERR_DB_AWAY;
}

// ---- the thread ----------------------------------------------------------------------------------

static void on_note(void *arg, const char *channel, const char *payload) {
    struct live *l = arg;
    (void)channel;
    if (strcmp(payload, "plugin") == 0) {
        l->due = true;
    }
}

static void *live_main(void *arg) {
    struct live *l = arg;
    int64_t look_usec = 0; // monotonic
    while (!l->stop) {
        int64_t now = clock_monotonic_usec();
        if (atomic_exchange(&l->due, false) || now >= look_usec) {
            bool done = one_round(l);
            look_usec = clock_monotonic_usec() + INT64_C(1000) * (done ? LOOK_MS : AGAIN_MS);
        }
        int64_t left_ms = (look_usec - clock_monotonic_usec()) / 1000 + 1;
        int ms = l->due || left_ms < 0 ? 0 : (int)left_ms;
        if (db_listener_wait(l->listener, ms, on_note, l) != ERR_OK) {
            look_usec = 0; // notes may have been missed
        }
    }
    return NULL;
}

static void on_alarm(void *arg) {
    struct live *l = arg;
    l->due = true;
    db_listener_wake(l->listener);
}

enum err live_start(const char *conninfo, const struct frame *frame, struct plugin_host *host,
                    struct server *server, struct live **ret) {
    static const char *const channels[] = {"anchorage_changed", NULL};
    struct live *l = calloc(1, sizeof *l);
    if (!l || !(l->conninfo = strdup(conninfo))) {
        abort();
    }
    l->frame = frame;
    l->host = host;
    l->server = server;
    l->arena = arena_new(ARENA_BYTES);
    enum err e = db_listener_open(conninfo, channels, &l->listener);
    e = e ? e : first_round(l);
    if (e == ERR_OK) {
        plugin_host_on_alarm(host, on_alarm, l);
        l->started = pthread_create(&l->thread, NULL, live_main, l) == 0;
        e = l->started ? ERR_OK : ERR_BUSY;
    }
    if (e != ERR_OK) {
        live_stop(l);
        return e;
    }
    *ret = l;
    return ERR_OK;
}

void live_stop(struct live *l) {
    if (!l) {
        return;
    }
    plugin_host_on_alarm(l->host, NULL, NULL);
    if (l->started) {
        l->stop = true;
        db_listener_wake(l->listener);
        pthread_join(l->thread, NULL);
    }
    db_listener_close(l->listener);
    db_close(l->db);
    arena_free(l->arena);
    free(l->conninfo);
    free(l);
}

enum err live_is_there(struct ctx *c, bool *ret) {
    struct rows *r;
    enum err e = DB_ROWS(c, live_count, &r);
    if (e == ERR_OK) {
        *ret = row_i64(r, 0, "servers") > 0;
    }
    return e;
}
