// SPDX-License-Identifier: Apache-2.0
// The watchdog. Each thread that ever entered a plugin has a record in a list; its own lock makes sure that
// the thread is still in that call when the signal goes out.
#include "plugin/watch.h"

#include "base/clock.h"
#include "base/log.h"
#include "plugin/plugin.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define LOOK_MS 1000

struct watched {
    pthread_mutex_t lock;
    pthread_t thread;
    const char *id, *what; // NULL: in no plugin
    int64_t deadline_usec;
    bool told;
    struct watched *next, **link;
};

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct watched *first;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static _Thread_local struct watched *mine;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    int64_t stuck_usec;
    bool runs, stop;
} dog = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void forget(void *record) {
    struct watched *w = record;
    pthread_mutex_lock(&list_lock);
    *w->link = w->next;
    if (w->next) {
        w->next->link = w->link;
    }
    pthread_mutex_unlock(&list_lock);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

static void make_key(void) {
    if (pthread_key_create(&key, forget) != 0) {
        abort();
    }
}

// NULL without memory: then this thread is not watched.
static struct watched *enlist(void) {
    pthread_once(&key_once, make_key);
    struct watched *w = calloc(1, sizeof *w);
    if (!w || pthread_setspecific(key, w) != 0) {
        free(w);
        return NULL;
    }
    pthread_mutex_init(&w->lock, NULL);
    w->thread = pthread_self();
    pthread_mutex_lock(&list_lock);
    w->next = first;
    w->link = &first;
    if (first) {
        first->link = &w->next;
    }
    first = w;
    pthread_mutex_unlock(&list_lock);
    return w;
}

void watch_set(const struct anc_ctx *x) {
    if (!mine && (!x || !(mine = enlist()))) {
        return;
    }
    pthread_mutex_lock(&mine->lock);
    mine->id = x ? x->member->plugin->id : NULL;
    mine->what = x ? x->what : NULL;
    mine->deadline_usec = x ? x->deadline_usec : 0;
    mine->told = false;
    pthread_mutex_unlock(&mine->lock);
}

static void look_at(struct watched *w, int64_t now) {
    pthread_mutex_lock(&w->lock);
    if (w->id && !w->told && now > w->deadline_usec + dog.stuck_usec) {
        char over[24];
        snprintf(over, sizeof over, "%" PRId64, (now - w->deadline_usec) / 1000);
        log_event(LOG_LEVEL_ERROR, "plugin_stuck", "plugin", w->id, "call", w->what, "over_ms", over, NULL);
        w->told = true;
        pthread_kill(w->thread, SIGABRT);
    }
    pthread_mutex_unlock(&w->lock);
}

static void look(void) {
    int64_t now = clock_monotonic_usec();
    pthread_mutex_lock(&list_lock);
    for (struct watched *w = first; w; w = w->next) {
        look_at(w, now);
    }
    pthread_mutex_unlock(&list_lock);
}

static void *watch(void *arg) {
    (void)arg;
    int64_t pause_usec = dog.stuck_usec < LOOK_MS * 1000 ? dog.stuck_usec : LOOK_MS * 1000;
    pthread_mutex_lock(&dog.lock);
    while (!dog.stop) {
        int64_t at = clock_monotonic_usec() + pause_usec;
        struct timespec till = {.tv_sec = at / 1000000, .tv_nsec = at % 1000000 * 1000};
        pthread_cond_timedwait(&dog.wake, &dog.lock, &till);
        if (!dog.stop) {
            pthread_mutex_unlock(&dog.lock);
            look();
            pthread_mutex_lock(&dog.lock);
        }
    }
    pthread_mutex_unlock(&dog.lock);
    return NULL;
}

bool watchdog_start(int64_t stuck_ms) {
    if (dog.runs) {
        return true;
    }
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&dog.wake, &steady);
    pthread_condattr_destroy(&steady);
    dog.stop = false;
    dog.stuck_usec = (stuck_ms < 1 ? 1 : stuck_ms) * 1000;
    dog.runs = pthread_create(&dog.thread, NULL, watch, NULL) == 0;
    return dog.runs;
}

void watchdog_stop(void) {
    if (!dog.runs) {
        return;
    }
    pthread_mutex_lock(&dog.lock);
    dog.stop = true;
    pthread_cond_signal(&dog.wake);
    pthread_mutex_unlock(&dog.lock);
    pthread_join(dog.thread, NULL);
    pthread_cond_destroy(&dog.wake);
    dog.runs = false;
}
