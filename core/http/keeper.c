// SPDX-License-Identifier: Apache-2.0
// Listening and making anew. A lost connection means that notes may be lost: everything is made anew then.
#include "http/keeper.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "http/job.h"
#include "http/place.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WAIT_MS     1000 // between notes; also how often pages past their own time are looked for
#define RETRY_MS    250
#define AT_ONCE     2 // pages being made anew together
#define ARENA_BYTES ((size_t)1024 * 1024)

struct keeper {
    struct server *server;
    struct db_listener *listener;
    pthread_t thread;
    _Atomic bool stop, warm;
    pthread_mutex_t lock; // of the pointer to the listener
};

static void wake(struct keeper *k) {
    pthread_mutex_lock(&k->lock);
    if (k->listener) {
        db_listener_wake(k->listener);
    }
    pthread_mutex_unlock(&k->lock);
}

// ---- making pages ----

static struct job *start_job(struct server *s, const char *key) {
    struct job *j = job_new(JOB_PAGE, ARENA_BYTES);
    const char *mark = strchr(key, '?');
    j->pin = server_pin(s);
    j->method = "GET";
    j->path = mark ? arena_strndup(j->arena, key, (size_t)(mark - key)) : arena_strdup(j->arena, key);
    j->target = j->snapshot_key = arena_strdup(j->arena, key);
    j->address = "";
    j->queued_usec = clock_monotonic_usec();
    const char *allow;
    char *scratch = arena_strdup(j->arena, j->path);
    bool ok =
        router_find(j->pin->app->router, "GET", j->path, scratch, &j->route, j->params, &allow) == ERR_OK &&
        (j->route->flags & ROUTE_SNAPSHOT) &&
        job_read_query(j, mark ? mark + 1 : "", mark ? strlen(mark + 1) : 0);
    if (ok && queue_push(s->queue, QUEUE_HOUSE, j)) {
        return j;
    }
    snapshot_gave_up(s->snapshot, key);
    server_unpin(s, j->pin);
    job_free(j);
    return NULL;
}

static void end_job(struct server *s, struct job *j) {
    if (j) {
        job_wait(j);
        server_unpin(s, j->pin);
        job_free(j);
    }
}

static void make_anew(struct server *s) {
    char **keys;
    size_t n = snapshot_take_old(s->snapshot, &keys);
    struct job *running[AT_ONCE] = {NULL};
    for (size_t i = 0; i < n; i++) {
        end_job(s, running[i % AT_ONCE]);
        running[i % AT_ONCE] = start_job(s, keys[i]);
        free(keys[i]);
    }
    for (size_t i = 0; i < AT_ONCE; i++) {
        end_job(s, running[i]);
    }
    free(keys);
}

void keeper_warm(struct server *s) {
    struct app_pin *pin = server_pin(s);
    for (size_t i = 0; i < router_count(pin->app->router); i++) {
        const struct route *t = router_at(pin->app->router, i);
        if ((t->flags & ROUTE_SNAPSHOT) && !strchr(t->path, '{')) {
            end_job(s, start_job(s, t->path));
        }
    }
    server_unpin(s, pin);
}

void keeper_warm_soon(struct server *s) {
    struct keeper *k = s->keeper;
    if (k) {
        k->warm = true;
        wake(k);
    }
}

// ---- listening ----

static void on_note(void *arg, const char *channel, const char *payload) {
    struct keeper *k = arg;
    (void)channel;
    if (strcmp(payload, "place") == 0) {
        place_forget();
    }
    snapshot_note(k->server->snapshot, payload);
}

static void changes_heard(struct keeper *k, bool heard) {
    struct snapshot *s = k->server->snapshot;
    if (heard == snapshot_is_listening(s)) {
        return;
    }
    if (heard) {
        place_forget();
        snapshot_note_all(s); // whatever was said meanwhile was not heard
    }
    snapshot_listening(s, heard);
    log_event(LOG_LEVEL_NOTICE, heard ? "changes_heard" : "changes_not_heard", NULL);
}

static void pause_ms(int ms) {
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    nanosleep(&t, NULL);
}

static bool open_listener(struct keeper *k) {
    static const char *const channels[] = {"anchorage_changed", NULL};
    struct db_listener *l = NULL;
    if (db_listener_open(k->server->conninfo, channels, &l) != ERR_OK) {
        return false;
    }
    pthread_mutex_lock(&k->lock);
    k->listener = l;
    pthread_mutex_unlock(&k->lock);
    return true;
}

// One wait; false when the connection is not there. After a loss the first good wait is not to take its time.
static bool listen_once(struct keeper *k) {
    if (!k->listener && !open_listener(k)) {
        return false;
    }
    int ms = snapshot_is_listening(k->server->snapshot) ? WAIT_MS : 0;
    if (db_listener_wait(k->listener, ms, on_note, k) != ERR_OK) {
        return false;
    }
    changes_heard(k, true);
    return true;
}

static void *keeper_main(void *arg) {
    struct keeper *k = arg;
    while (!k->stop) {
        if (!listen_once(k)) {
            changes_heard(k, false);
            pause_ms(RETRY_MS);
            continue;
        }
        if (atomic_exchange(&k->warm, false)) {
            keeper_warm(k->server);
        }
        make_anew(k->server);
    }
    return NULL;
}

struct keeper *keeper_start(struct server *s) {
    if (!s->conninfo) {
        return NULL;
    }
    struct keeper *k = calloc(1, sizeof *k);
    if (!k) {
        abort();
    }
    k->server = s;
    pthread_mutex_init(&k->lock, NULL);
    // Before the first page is kept, so that no change can fall between the two.
    if (open_listener(k)) {
        changes_heard(k, true);
    }
    if (pthread_create(&k->thread, NULL, keeper_main, k) != 0) {
        abort();
    }
    return k;
}

void keeper_stop(struct keeper *k) {
    if (!k) {
        return;
    }
    k->stop = true;
    wake(k);
    pthread_join(k->thread, NULL);
    pthread_mutex_destroy(&k->lock);
    db_listener_close(k->listener);
    free(k);
}
