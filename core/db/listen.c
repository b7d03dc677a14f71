// SPDX-License-Identifier: Apache-2.0
// LISTEN/NOTIFY on a connection of its own.
#include "base/clock.h"
#include "db/internal.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define CHANNELS_MAX 16
#define REST_MS      250 // between two tries to reach a server that is away

struct db_listener {
    char *conninfo;
    char *channels[CHANNELS_MAX];
    size_t count;
    PGconn *pg;
    int wake_fd;
};

static bool listen_all(struct db_listener *l) {
    bool good = true;
    for (size_t i = 0; good && i < l->count; i++) {
        char *name = PQescapeIdentifier(l->pg, l->channels[i], strlen(l->channels[i]));
        char text[160] = "LISTEN ";
        good = name && strlen(name) + 8 < sizeof text;
        if (good) {
            memcpy(text + 7, name, strlen(name) + 1);
            PGresult *r = PQexec(l->pg, text);
            good = PQresultStatus(r) == PGRES_COMMAND_OK;
            PQclear(r);
        }
        PQfreemem(name);
    }
    return good;
}

static enum err listener_connect(struct db_listener *l) {
    char why[256];
    l->pg = conn_start(l->conninfo, why, sizeof why);
    if (!l->pg) {
        return ERR_DB_AWAY;
    }
    if (!listen_all(l)) {
        PQfinish(l->pg);
        l->pg = NULL;
        return ERR_DB_AWAY;
    }
    return ERR_OK;
}

enum err db_listener_open(const char *conninfo, const char *const *channels, struct db_listener **ret) {
    struct db_listener *l = calloc(1, sizeof *l);
    if (!l) {
        return ERR_BUSY;
    }
    l->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    l->conninfo = strdup(conninfo);
    for (; channels[l->count] && l->count < CHANNELS_MAX; l->count++) {
        l->channels[l->count] = strdup(channels[l->count]);
        if (!l->channels[l->count]) {
            break;
        }
    }
    enum err e = ERR_BUSY;
    if (l->wake_fd >= 0 && l->conninfo && !channels[l->count]) {
        e = listener_connect(l);
    }
    if (e) {
        db_listener_close(l);
        return e;
    }
    *ret = l;
    return ERR_OK;
}

static bool deliver(struct db_listener *l,
                    void (*on_note)(void *arg, const char *channel, const char *payload), void *arg) {
    bool any = false;
    for (PGnotify *n; (n = PQnotifies(l->pg));) {
        on_note(arg, n->relname, n->extra);
        PQfreemem(n);
        any = true;
    }
    return any;
}

// Waits for the wake-up call, and for the server when `fd` is not -1. Returns what happened there.
static short wait_for(struct db_listener *l, int fd, int ms, bool *ret_woken) {
    struct pollfd p[2] = {{.fd = l->wake_fd, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
    int n = poll(p, 2, ms);
    *ret_woken = n > 0 && (p[0].revents & POLLIN);
    if (*ret_woken) {
        uint64_t count;
        ssize_t ignored = read(l->wake_fd, &count, sizeof count);
        (void)ignored;
    }
    return n > 0 ? p[1].revents : 0;
}

// A new LISTEN hears nothing of what was said before it, so the caller is told DB_AWAY once more on success.
static enum err come_back(struct db_listener *l, int timeout_ms) {
    if (listener_connect(l) != ERR_OK) {
        bool woken;
        wait_for(l, -1, timeout_ms < REST_MS ? timeout_ms : REST_MS, &woken);
    }
    return ERR_DB_AWAY;
}

enum err db_listener_wait(struct db_listener *l, int timeout_ms,
                          void (*on_note)(void *arg, const char *channel, const char *payload), void *arg) {
    if (!l->pg) {
        return come_back(l, timeout_ms);
    }
    int64_t end = clock_monotonic_usec() + (int64_t)timeout_ms * 1000;
    for (;;) {
        if (deliver(l, on_note, arg)) {
            return ERR_OK;
        }
        int64_t left = (end - clock_monotonic_usec() + 999) / 1000;
        bool woken;
        short got = wait_for(l, PQsocket(l->pg), left > 0 ? (int)left : 0, &woken);
        if (got && (!PQconsumeInput(l->pg) || conn_lost(l->pg))) {
            PQfinish(l->pg);
            l->pg = NULL;
            return ERR_DB_AWAY;
        }
        if (deliver(l, on_note, arg) || woken || left <= 0) {
            return ERR_OK;
        }
    }
}

void db_listener_wake(struct db_listener *l) {
    uint64_t one = 1;
    ssize_t ignored = write(l->wake_fd, &one, sizeof one);
    (void)ignored;
}

void db_listener_close(struct db_listener *l) {
    if (!l) {
        return;
    }
    PQfinish(l->pg);
    if (l->wake_fd >= 0) {
        close(l->wake_fd);
    }
    for (size_t i = 0; i < l->count; i++) {
        free(l->channels[i]);
    }
    free(l->conninfo);
    free(l);
}
