// SPDX-License-Identifier: Apache-2.0
// Work beside requests.
#include "jobs/jobs.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "jobs/importer.h"
#include "jobs/mailer.h"
#include "jobs/plugwork.h"
#include "plugin/host.h"
#include "spend/cube.h"
#include "spend/match.h"
#include "spend/review.h"
#include "spend/sums.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS                                                                                              \
    2000 // tenders are closed within this time of their moment; bids are refused at the moment itself
#define SWEEP_USEC      INT64_C(600000000)
#define AGAIN_USEC      INT64_C(1000000) // between two tries to reach a database that is away
#define JOB_ARENA_BYTES ((size_t)32 * 1024 * 1024)
// A load keeps numbers of its new payees there: 8 bytes each, of a file with tens of millions of rows.
#define IMPORT_ARENA_BYTES ((size_t)512 * 1024 * 1024)
#define SPOOL_MAX          1024

struct worker {
    struct jobs *all;
    pthread_t thread;
    bool started;
    struct db_listener *listener;
    struct arena *arena;
    struct db *db;
    int64_t no_try_till; // monotonic
    int64_t swept_usec;
    uint64_t generation; // whose jobs have their rows
    enum err (*work)(struct worker *w, struct ctx *c, bool *ret_more);
};

struct jobs {
    char *conninfo;
    _Atomic bool stop;
    struct plugin_host *plugins;
    struct cube *cube;
    struct worker clockwork, mail;
    struct worker plugin_work, plugin_jobs; // apart, because a job may take minutes
    struct worker imports;
    struct worker sums;
    struct importer *importer;
    char spool[SPOOL_MAX];
};

// ---- the work ------------------------------------------------------------------------------------

enum err jobs_close_due(struct ctx *c) {
    struct rows *r;
    enum err e = db_begin(c);
    if (e != ERR_OK) {
        return e;
    }
    e = DB_ROWS(c, notice_close_due, &r);
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        e = audit_add(c, "notice.close", row_text(r, i, "ref"), "time over");
    }
    if (e == ERR_OK) {
        return db_commit(c);
    }
    db_rollback(c);
    return e;
}

enum err jobs_sweep(struct ctx *c) {
    struct rows *r;
    enum err e = DB_EXEC(c, session_sweep, NULL);
    return e ? e : DB_ROWS(c, spend_fold, &r);
}

static enum err sweep_in_time(struct worker *w, struct ctx *c, enum err (*sweep)(struct ctx *c)) {
    int64_t now = clock_monotonic_usec();
    if (w->swept_usec != 0 && now - w->swept_usec <= SWEEP_USEC) {
        return ERR_OK;
    }
    w->swept_usec = now;
    return sweep(c);
}

static enum err run_clockwork(struct worker *w, struct ctx *c, bool *ret_more) {
    *ret_more = false;
    enum err e = jobs_close_due(c);
    return e ? e : sweep_in_time(w, c, jobs_sweep);
}

static enum err run_mail(struct worker *w, struct ctx *c, bool *ret_more) {
    (void)w;
    return mailer_next(c, ret_more);
}

static enum err run_plugin_work(struct worker *w, struct ctx *c, bool *ret_more) {
    bool told = false, sent = false;
    enum err e = plugwork_tell(c, &told);
    e = e ? e : plugwork_send(c, &sent);
    *ret_more = told || sent;
    return e ? e : sweep_in_time(w, c, plugwork_sweep);
}

static enum err run_plugin_jobs(struct worker *w, struct ctx *c, bool *ret_more) {
    uint64_t generation = c->plugins ? plugin_set_number(c->plugins) : 0;
    enum err e = generation != w->generation ? plugwork_jobs(c) : ERR_OK;
    if (e != ERR_OK) {
        return e;
    }
    w->generation = generation;
    return plugwork_run(c, ret_more);
}

static enum err sweep_imports(struct ctx *c) {
    return import_sweep(c, arena_printf(c->arena, "%s/spool", conf_text(CONF_DATA_DIR)));
}

static enum err run_imports(struct worker *w, struct ctx *c, bool *ret_more) {
    enum err e = importer_next(w->all->importer, c, ret_more);
    if (e == ERR_OK && !*ret_more) {
        e = match_due(c, ret_more); // in this thread, so that neither waits for the other
    }
    if (e == ERR_OK && !*ret_more) {
        e = review_work(c, ret_more); // before a person looks at who was paid most
    }
    return e ? e : sweep_in_time(w, c, sweep_imports);
}

// Payments into memory, so that no page has to wait for them.
static enum err run_sums(struct worker *w, struct ctx *c, bool *ret_more) {
    *ret_more = false;
    return cube_tend(c, w->all->cube);
}

// ---- the threads ---------------------------------------------------------------------------------

static void on_note(void *arg, const char *channel, const char *payload) {
    (void)arg, (void)channel, (void)payload; // any note wakes the thread; what is due is found in the tables
}

// The database is asked for at most once a second while it is away, so that neither it nor the log is
// flooded.
static bool connected(struct worker *w) {
    int64_t now = clock_monotonic_usec();
    if (now < w->no_try_till) {
        return false;
    }
    char why[256];
    enum err e = w->db ? db_ensure(w->db) : db_open(w->all->conninfo, true, &w->db, why, sizeof why);
    w->no_try_till = e == ERR_OK ? 0 : now + AGAIN_USEC;
    return e == ERR_OK;
}

static void run(struct worker *w) {
    bool more = true;
    while (more && !w->all->stop && connected(w)) {
        struct ctx c;
        ctx_init(&c, w->arena, w->db);
        c.plugins = w->all->plugins ? plugin_host_pin(w->all->plugins) : NULL;
        struct sums_unit sums;
        sums_begin(&sums, w->all->cube, &c);
        enum err e = w->work(w, &c, &more);
        sums_end(&sums, &c);
        if (e != ERR_OK) {
            log_event(LOG_LEVEL_WARNING, "jobs", "error", err_name(e), "detail", c.err_detail, NULL);
            more = false;
        }
        db_release(w->db);
        plugin_set_unpin(c.plugins);
        arena_reset(w->arena);
    }
}

static void *worker_main(void *arg) {
    struct worker *w = arg;
    while (!w->all->stop) {
        run(w);
        // A lost connection of the listener only means that the next look comes by time.
        enum err waited = db_listener_wait(w->listener, WAIT_MS, on_note, NULL);
        (void)waited;
    }
    return NULL;
}

static enum err start(struct worker *w, struct jobs *all, size_t arena_bytes,
                      enum err (*work)(struct worker *w, struct ctx *c, bool *ret_more)) {
    static const char *const channels[] = {"anchorage_changed", NULL};
    w->all = all;
    w->work = work;
    w->arena = arena_new(arena_bytes);
    enum err e = db_listener_open(all->conninfo, channels, &w->listener);
    if (e == ERR_OK) {
        w->started = pthread_create(&w->thread, NULL, worker_main, w) == 0;
        e = w->started ? ERR_OK : ERR_BUSY;
    }
    return e;
}

static void finish(struct worker *w) {
    if (w->started) {
        db_listener_wake(w->listener);
        pthread_join(w->thread, NULL);
    }
    db_listener_close(w->listener);
    db_close(w->db);
    arena_free(w->arena);
}

enum err jobs_start(const char *conninfo, struct plugin_host *plugins, struct cube *cube, struct jobs **ret) {
    struct jobs *j = calloc(1, sizeof *j);
    if (!j || !(j->conninfo = strdup(conninfo)) || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        abort();
    }
    j->plugins = plugins;
    j->cube = cube;
    snprintf(j->spool, sizeof j->spool, "%s/spool", conf_text(CONF_DATA_DIR));
    j->importer = importer_new(j->conninfo, j->spool, &importer_real, &j->stop);
    enum err e = start(&j->clockwork, j, JOB_ARENA_BYTES, run_clockwork);
    e = e ? e : start(&j->mail, j, JOB_ARENA_BYTES, run_mail);
    e = e || !plugins ? e : start(&j->plugin_work, j, JOB_ARENA_BYTES, run_plugin_work);
    e = e || !plugins ? e : start(&j->plugin_jobs, j, JOB_ARENA_BYTES, run_plugin_jobs);
    e = e || !plugins ? e : start(&j->imports, j, IMPORT_ARENA_BYTES, run_imports);
    e = e || !cube ? e : start(&j->sums, j, JOB_ARENA_BYTES, run_sums);
    if (e != ERR_OK) {
        jobs_stop(j);
        return e;
    }
    *ret = j;
    return ERR_OK;
}

void jobs_stop(struct jobs *j) {
    if (!j) {
        return;
    }
    j->stop = true;
    finish(&j->clockwork);
    finish(&j->mail);
    finish(&j->plugin_work);
    finish(&j->plugin_jobs);
    finish(&j->imports);
    finish(&j->sums);
    importer_free(j->importer);
    curl_global_cleanup();
    free(j->conninfo);
    free(j);
}
