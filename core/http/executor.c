// SPDX-License-Identifier: Apache-2.0
// Executor threads: take a job, make the connection usable, run the pipeline, keep public pages.
#include "http/executor.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "http/job.h"
#include "http/metrics.h"
#include "http/pipeline.h"
#include "http/serverint.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define STACK_BYTES    ((size_t)8 * 1024 * 1024)
#define ARENA_BYTES    ((size_t)64 * 1024 * 1024)
#define WAIT_MOST_USEC INT64_C(15000000) // who waited longer has most likely left
#define RETRY_DB_USEC  INT64_C(250000) // while the database is away it is asked at most this often by a thread

struct executor {
    struct executors *all;
    pthread_t thread;
    struct arena *arena;
    struct db *db;
    bool away;
    int64_t tried_usec; // monotonic, last failed connection
};

struct executors {
    struct queue *queue;
    struct snapshot *snapshot;
    char *conninfo;
    _Atomic size_t busy;
    size_t count;
    struct executor each[];
};

// Makes the connection usable. After a failure further tries wait a little, so that a pile of requests does
// not turn into a storm of connections.
static bool connected(struct executor *x) {
    if (!x->all->conninfo) {
        return false;
    }
    if (x->away && clock_monotonic_usec() - x->tried_usec < RETRY_DB_USEC) {
        return false;
    }
    char why[256] = "";
    enum err e = x->db ? db_ensure(x->db) : db_open(x->all->conninfo, true, &x->db, why, sizeof why);
    if (e != ERR_OK) {
        if (!x->away) {
            log_event(LOG_LEVEL_WARNING, "database_away", "why", why, NULL);
        }
        x->away = true;
        x->tried_usec = clock_monotonic_usec();
        return false;
    }
    if (x->away) {
        x->away = false;
        metrics_add(METRIC_DB_RECONNECT);
        log_event(LOG_LEVEL_NOTICE, "database_back", NULL);
    }
    return true;
}

static void run_ready(struct executor *x, struct job *j) {
    struct ctx c;
    struct rows *rows = NULL;
    bool ok = connected(x);
    ctx_init(&c, x->arena, x->db);
    j->err = ok ? DB_ROWS(&c, db_answers, &rows) : ERR_DB_AWAY;
    if (x->db) {
        db_release(x->db);
    }
}

static void run_page(struct executor *x, struct job *j) {
    bool needs_db = !(j->route->flags & ROUTE_NO_DB);
    struct snapshot_ticket ticket = {0};
    if (j->snapshot_key) {
        // Taken before anything is read, so that a change made meanwhile is noticed. Every page names the
        // place and may show what plugins keep.
        ticket = snapshot_ticket(x->all->snapshot,
                                 arena_printf(x->arena, "place,plugin_data,%s", j->route->topics));
    }
    // Asked for after the ticket: an app swapped out later makes the ticket an old one (server_swap_app).
    bool keeps = j->snapshot_key && !j->pin->retired;
    bool ok = !needs_db || connected(x);
    pipeline_run(j, x->arena, needs_db && ok ? x->db : NULL, !ok);
    if (j->err == ERR_DB_AWAY && ok) {
        x->away = true; // lost while the page ran, for instance by a restart: connect again
        x->tried_usec = 0;
        if (strcmp(j->method, "POST") != 0 && connected(x)) {
            resp_clear(&j->resp);
            pipeline_run(j, x->arena, x->db, false); // reading again harms nothing
        }
    }
    if (j->snapshot_key) {
        if (keeps && j->err == ERR_OK) {
            snapshot_store(x->all->snapshot, j->snapshot_key, &ticket, &j->resp);
        } else {
            snapshot_gave_up(x->all->snapshot, j->snapshot_key);
        }
    }
}

static void run(struct executor *x, struct job *j) {
    if (j->kind == JOB_READY) {
        run_ready(x, j);
    } else if (clock_monotonic_usec() - j->queued_usec > WAIT_MOST_USEC) {
        metrics_add(METRIC_QUEUE_REFUSED);
        resp_error(&j->resp, 0, ERR_BUSY, false);
        j->err = ERR_BUSY;
        if (j->snapshot_key) {
            snapshot_gave_up(x->all->snapshot, j->snapshot_key);
        }
    } else {
        run_page(x, j);
    }
    // What the page put into the arena may be named by the answer's type only: text of its own.
    if (j->resp.content_type) {
        j->resp.content_type = arena_strdup(j->arena, j->resp.content_type);
    }
}

static void *executor_main(void *arg) {
    struct executor *x = arg;
    enum queue_lane lane;
    struct job *j;
    while ((j = queue_pop(x->all->queue, &lane))) {
        x->all->busy++;
        arena_reset(x->arena);
        run(x, j);
        x->all->busy--;
        queue_done(x->all->queue, lane);
        sem_post(&j->done); // from here on the job is not ours
    }
    arena_reset(x->arena);
    return NULL;
}

static bool start_thread(struct executor *x) {
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    bool ok = pthread_create(&x->thread, &attr, executor_main, x) == 0;
    pthread_attr_destroy(&attr);
    return ok;
}

static void let_go(struct executors *all) {
    for (size_t i = 0; i < all->count; i++) {
        db_close(all->each[i].db);
        arena_free(all->each[i].arena);
    }
    free(all->conninfo);
    free(all);
}

enum err executors_start(size_t count, struct queue *queue, struct snapshot *snapshot, const char *conninfo,
                         struct executors **ret, char *why, size_t why_cap) {
    struct executors *all = calloc(1, sizeof *all + count * sizeof all->each[0]);
    char *copy = conninfo ? strdup(conninfo) : NULL;
    if (!all || (conninfo && !copy)) {
        abort();
    }
    all->queue = queue;
    all->snapshot = snapshot;
    all->conninfo = copy;
    all->count = count;
    enum err e = ERR_OK;
    for (size_t i = 0; i < count && e == ERR_OK; i++) {
        all->each[i].all = all;
        all->each[i].arena = arena_new(ARENA_BYTES);
        if (conninfo) {
            e = db_open(conninfo, true, &all->each[i].db, why, why_cap);
        }
    }
    if (e != ERR_OK) {
        let_go(all);
        return e;
    }
    for (size_t i = 0; i < count; i++) {
        if (!start_thread(&all->each[i])) {
            log_event(LOG_LEVEL_ERROR, "executor_thread_refused", NULL);
            abort(); // without threads nothing works; the supervisor starts us again
        }
    }
    *ret = all;
    return ERR_OK;
}

void executors_stop(struct executors *x) {
    if (!x) {
        return;
    }
    for (size_t i = 0; i < x->count; i++) {
        pthread_join(x->each[i].thread, NULL);
    }
    let_go(x);
}

size_t executors_count(const struct executors *x) {
    return x->count;
}

size_t executors_busy(const struct executors *x) {
    return x->busy;
}
