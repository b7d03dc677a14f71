// SPDX-License-Identifier: Apache-2.0
// Holding a lease and saying how far it is.
#include "jobs/pulse.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define BEAT_MS     500
#define ARENA_BYTES ((size_t)1024 * 1024)

struct pulse {
    const char *conninfo;
    struct db *db;
    struct arena *arena;
    const struct import_work *work;
    int64_t began_usec; // monotonic
    pthread_t thread;
    bool running;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool over; // under lock
    _Atomic int64_t done, all, rows;
    _Atomic bool lost;
};

struct pulse *pulse_new(const char *conninfo) {
    struct pulse *p = calloc(1, sizeof *p);
    pthread_condattr_t monotonic;
    if (!p || pthread_condattr_init(&monotonic) != 0 ||
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) != 0 ||
        pthread_cond_init(&p->ended, &monotonic) != 0 || pthread_mutex_init(&p->lock, NULL) != 0) {
        abort();
    }
    pthread_condattr_destroy(&monotonic);
    p->conninfo = conninfo;
    p->arena = arena_new(ARENA_BYTES);
    return p;
}

void pulse_free(struct pulse *p) {
    if (!p) {
        return;
    }
    db_close(p->db);
    arena_free(p->arena);
    pthread_cond_destroy(&p->ended);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static bool connected(struct pulse *p) {
    char why[256];
    return (p->db ? db_ensure(p->db) : db_open(p->conninfo, true, &p->db, why, sizeof why)) == ERR_OK;
}

static void beat(struct pulse *p) {
    if (!connected(p)) {
        return; // the next beat tries again; the lease is longer than many of them
    }
    struct ctx c;
    ctx_init(&c, p->arena, p->db);
    int64_t rows = p->rows, took = clock_monotonic_usec() - p->began_usec;
    const struct import_progress now = {.done_bytes = p->done,
                                        .all_bytes = p->all,
                                        .rows = rows,
                                        .rows_second = took > 0 ? rows * 1000000 / took : 0};
    bool mine = true;
    enum err e = import_beat(&c, p->work, &now, &mine);
    if (e != ERR_OK) {
        log_event(LOG_LEVEL_WARNING, "import_progress", "error", err_name(e), NULL);
    }
    if (!mine) {
        p->lost = true;
    }
    db_release(p->db);
    arena_reset(p->arena);
}

// Waits for the next beat. False: the work is over.
static bool wait_beat(struct pulse *p) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += BEAT_MS * 1000000L;
    at.tv_sec += at.tv_nsec / 1000000000L;
    at.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&p->lock);
    int rc = 0;
    while (!p->over && rc == 0) {
        rc = pthread_cond_timedwait(&p->ended, &p->lock, &at);
    }
    bool goes_on = !p->over;
    pthread_mutex_unlock(&p->lock);
    return goes_on;
}

static void *beat_main(void *arg) {
    struct pulse *p = arg;
    while (wait_beat(p)) {
        beat(p);
    }
    beat(p);
    return NULL;
}

void pulse_begin(struct pulse *p, const struct import_work *w) {
    p->work = w;
    p->done = p->all = p->rows = 0;
    p->lost = false;
    p->over = false;
    p->began_usec = clock_monotonic_usec();
    p->running = pthread_create(&p->thread, NULL, beat_main, p) == 0;
}

void pulse_end(struct pulse *p) {
    if (!p->running) {
        return;
    }
    pthread_mutex_lock(&p->lock);
    p->over = true;
    pthread_cond_signal(&p->ended);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    p->running = false;
}

void pulse_progress(struct pulse *p, int64_t done_bytes, int64_t all_bytes, int64_t rows) {
    p->done = done_bytes;
    p->all = all_bytes;
    p->rows = rows;
}

bool pulse_lost(const struct pulse *p) {
    return p->lost;
}
