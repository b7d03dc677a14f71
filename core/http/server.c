// SPDX-License-Identifier: Apache-2.0
// Putting the parts of the server together, in order, and taking them apart in the other.
#include "http/server.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/text.h"
#include "http/assets.h"
#include "http/bodyread.h"
#include "http/executor.h"
#include "http/keeper.h"
#include "http/listener.h"
#include "http/place.h"
#include "http/serverint.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define HOUSE_JOBS 64
#define RATE_SLOTS 16384

static struct app_pin *pin_new(const struct app *app) {
    struct app_pin *p = calloc(1, sizeof *p);
    if (!p) {
        abort();
    }
    p->app = app;
    return p;
}

// Nobody uses it any more and nobody can come to use it.
static void pin_end(struct app_pin *p) {
    if (p && p->app->end) {
        p->app->end(p->app);
    }
    free(p);
}

struct app_pin *server_pin(struct server *s) {
    pthread_mutex_lock(&s->app_lock);
    struct app_pin *p = s->app;
    p->users++;
    pthread_mutex_unlock(&s->app_lock);
    return p;
}

void server_unpin(struct server *s, struct app_pin *pin) {
    pthread_mutex_lock(&s->app_lock);
    bool last = --pin->users == 0 && pin->retired;
    bool awaited = last && !pin->app->end; // server_swap_app waits for it and frees it
    if (awaited) {
        pthread_cond_broadcast(&s->app_idle);
    }
    pthread_mutex_unlock(&s->app_lock);
    if (last && !awaited) {
        pin_end(pin);
    }
}

void server_swap_app(struct server *s, const struct app *app) {
    struct app_pin *fresh = pin_new(app);
    pthread_mutex_lock(&s->app_lock);
    struct app_pin *old = s->app;
    s->app = fresh;
    old->retired = true; // before the drop: executors look at it after they took their ticket
    // One that is used and has an end belongs to its last request from here on, and may be gone already.
    bool ours = old->users == 0 || !old->app->end;
    pthread_mutex_unlock(&s->app_lock);
    snapshot_drop(s->snapshot); // made by the old templates and plugins
    if (ours) {
        pthread_mutex_lock(&s->app_lock);
        while (old->users > 0) {
            pthread_cond_wait(&s->app_idle, &s->app_lock);
        }
        pthread_mutex_unlock(&s->app_lock);
        pin_end(old);
    }
    keeper_warm_soon(s);
}

// Cuts "a, b" up in place; gives the number of names.
static size_t cut_list(char *text, const char **names, size_t max) {
    size_t n = 0;
    for (char *p = text; p && *p && n < max;) {
        char *comma = strchr(p, ',');
        if (comma) {
            *comma = 0;
        }
        char *name = text_trim(p);
        if (*name) {
            names[n++] = name;
        }
        p = comma ? comma + 1 : NULL;
    }
    return n;
}

static void set_limits(struct server *s) {
    s->lists[0] = strdup(conf_text(CONF_ALLOWED_HOSTS));
    s->lists[1] = strdup(conf_text(CONF_PROXIES));
    s->limits.hosts = s->hosts;
    s->limits.host_count = cut_list(s->lists[0], s->hosts, HOSTS_MAX);
    s->limits.proxies = s->proxies;
    s->limits.proxy_count = cut_list(s->lists[1], s->proxies, HOSTS_MAX);
    int64_t form = conf_number(CONF_BODY_MAX), upload = conf_number(CONF_UPLOAD_MAX);
    s->limits.body_max = form > upload ? form : upload;
}

static bool make_spool(struct server *s, const char *data_dir, char *why, size_t why_cap) {
    if (!data_dir) {
        return true; // tests without files
    }
    char path[1024];
    snprintf(path, sizeof path, "%.900s/spool", data_dir);
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        snprintf(why, why_cap, "The folder %.300s cannot be made (%s): check who owns the data folder.", path,
                 strerror(errno));
        return false;
    }
    s->spool = strdup(path);
    bodyread_clean(path);
    return true;
}

static void let_go(struct server *s) {
    listener_stop(s->listener);
    keeper_stop(s->keeper);
    if (s->queue) {
        queue_close(s->queue);
    }
    executors_stop(s->executors);
    snapshot_free(s->snapshot);
    ratelimit_free(s->rates);
    queue_free(s->queue);
    pin_end(s->app);
    free(s->lists[0]);
    free(s->lists[1]);
    free(s->spool);
    free(s->conninfo);
    pthread_cond_destroy(&s->app_idle);
    pthread_mutex_destroy(&s->app_lock);
    free(s);
}

enum err server_start(const struct app *app, const char *conninfo, struct server **ret, char *why,
                      size_t why_cap) {
    struct server *s = calloc(1, sizeof *s);
    if (!s) {
        abort();
    }
    pthread_mutex_init(&s->app_lock, NULL);
    pthread_cond_init(&s->app_idle, NULL);
    s->app = pin_new(app);
    s->conninfo = conninfo ? strdup(conninfo) : NULL;
    s->https = text_starts(app->public_url ? app->public_url : "", "https://");
    s->io_threads = (int)conf_number(CONF_IO_THREADS);
    set_limits(s);
    assets_start();
    place_forget();
    s->queue = queue_new((size_t)conf_number(CONF_QUEUE), HOUSE_JOBS);
    uint8_t seed[16];
    randombytes_buf(seed, sizeof seed);
    s->rates = ratelimit_new(RATE_SLOTS, seed);
    if (s->rates) {
        ratelimit_set_burst(s->rates, RATELIMIT_SEARCH, (int32_t)conf_number(CONF_SEARCHES_PER_MIN));
        ratelimit_set_burst(s->rates, RATELIMIT_EXPORT, (int32_t)conf_number(CONF_FILES_PER_HOUR));
    }
    s->snapshot = snapshot_new((size_t)conf_number(CONF_SNAPSHOT_MAX), SNAPSHOT_ENTRIES_MAX);
    enum err e = ERR_IO;
    if (make_spool(s, app->data_dir, why, why_cap)) {
        e = executors_start((size_t)conf_number(CONF_EXECUTORS), s->queue, s->snapshot, s->conninfo,
                            &s->executors, why, why_cap);
    }
    if (e == ERR_OK) {
        s->keeper = keeper_start(s);
        keeper_warm(s);
        s->listener = listener_start(s, conf_text(CONF_LISTEN), why, why_cap);
        e = s->listener ? ERR_OK : ERR_CONFLICT;
    }
    if (e != ERR_OK) {
        let_go(s);
        return e;
    }
    *ret = s;
    return ERR_OK;
}

const char *server_address(const struct server *s) {
    return s->address;
}

void server_stop(struct server *s, int grace_ms) {
    if (!s) {
        return;
    }
    s->draining = true;
    int64_t until = clock_monotonic_usec() + (int64_t)grace_ms * 1000;
    struct timespec pause = {.tv_nsec = 5000000L};
    while (s->inflight > 0 && clock_monotonic_usec() < until) {
        nanosleep(&pause, NULL);
    }
    if (s->inflight > 0) {
        log_event(LOG_LEVEL_WARNING, "stopping_with_requests_in_flight", NULL);
    }
    let_go(s);
}
