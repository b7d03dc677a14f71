// SPDX-License-Identifier: Apache-2.0
// Work beside requests.
#include "jobs/jobs.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "jobs/mailer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS                                                                                              \
    2000 // tenders are closed within this time of their moment; bids are refused at the moment itself
#define SWEEP_USEC      INT64_C(600000000)
#define JOB_ARENA_BYTES ((size_t)32 * 1024 * 1024)

struct jobs {
    pthread_t thread;
    char *conninfo;
    struct db_listener *listener;
    _Atomic bool stop;
    int64_t swept_usec;
};

static void on_note(void *arg, const char *channel, const char *payload) {
    (void)arg, (void)channel, (void)payload; // any note wakes the thread; what is due is found in the tables
}

static enum err run_mail(struct ctx *c) {
    int tried = 0;
    enum err e;
    do {
        e = mailer_run(c, &tried);
    } while (e == ERR_OK && tried > 0);
    return e;
}

static enum err run_once(struct jobs *j, struct ctx *c) {
    struct rows *r;
    enum err e = DB_ROWS(c, notice_close_due, &r);
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        e = DB_EXEC(c, audit_add, NULL, NULL, c->id, "notice.close", row_text(r, i, "ref"), "time over");
    }
    if (e == ERR_OK) {
        e = run_mail(c);
    }
    int64_t now = clock_monotonic_usec();
    if (e == ERR_OK && (j->swept_usec == 0 || now - j->swept_usec > SWEEP_USEC)) {
        e = DB_EXEC(c, session_sweep, NULL);
        j->swept_usec = now;
    }
    return e;
}

static void *jobs_thread(void *arg) {
    struct jobs *j = arg;
    struct arena *a = arena_new(JOB_ARENA_BYTES);
    struct db *db = NULL;
    char why[256];
    while (!j->stop) {
        if (!db && db_open(j->conninfo, true, &db, why, sizeof why) != ERR_OK) {
            db = NULL;
        }
        if (db && db_ensure(db) == ERR_OK) {
            struct ctx c;
            ctx_init(&c, a, db);
            enum err e = run_once(j, &c);
            if (e != ERR_OK) {
                log_event(LOG_LEVEL_WARNING, "jobs", "error", err_name(e), "detail", c.err_detail, NULL);
            }
            db_release(db);
            arena_reset(a);
        }
        // A lost connection of the listener only means that the next look comes by time.
        enum err waited = db_listener_wait(j->listener, WAIT_MS, on_note, NULL);
        (void)waited;
    }
    db_close(db);
    arena_free(a);
    return NULL;
}

enum err jobs_start(const char *conninfo, struct jobs **ret) {
    struct jobs *j = calloc(1, sizeof *j);
    if (!j || !(j->conninfo = strdup(conninfo))) {
        abort();
    }
    static const char *const channels[] = {"anchorage_changed", NULL};
    enum err e = db_listener_open(conninfo, channels, &j->listener);
    if (e == ERR_OK && pthread_create(&j->thread, NULL, jobs_thread, j) != 0) {
        db_listener_close(j->listener);
        e = ERR_BUSY;
    }
    if (e != ERR_OK) {
        free(j->conninfo);
        free(j);
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
    db_listener_wake(j->listener);
    pthread_join(j->thread, NULL);
    db_listener_close(j->listener);
    free(j->conninfo);
    free(j);
}
