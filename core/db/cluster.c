// SPDX-License-Identifier: Apache-2.0
// Who owns the private cluster: one program at a time, told by a lock on DATA/lock.
#include "db/cluster.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "db/postmaster.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_FILE   "/.s.PGSQL.5432"
#define READY_MS      600000 // crash recovery may have much to replay
#define BESIDE_MS     60000  // a verb waits so long for the server that is just starting
#define QUEUE_MS      600000 // a verb waits so long for another verb
#define GONE_MS       60000
#define SHORT_GONE_MS 200 // when supervising, to keep the main loop going
#define BACKOFF_MAX   30  // seconds

struct cluster {
    char data[PATH_MAX];
    char conninfo[2 * PATH_MAX + 128];
    struct postmaster pm;
    int lock_fd;   // -1: another program owns the cluster
    int failures;  // starts in a row that did not last
    int64_t again; // monotonic time before which it is not started again
    int64_t started;
    bool down;
};

// ---- folders -------------------------------------------------------------------------------------

static enum err private_folder(const char *path, struct said s) {
    struct stat st;
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return said(s, ERR_IO, "The folder %s cannot be made: %s.", path, strerror(errno));
    }
    if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid()) {
        return said(s, ERR_DENIED, "%s is not a folder of the user this program runs as.", path);
    }
    if ((st.st_mode & 077) != 0 && chmod(path, 0700) != 0) {
        return said(s, ERR_IO, "The folder %s cannot be closed to others: %s.", path, strerror(errno));
    }
    return ERR_OK;
}

// A socket's path has room for 107 bytes only (unix(7)); a deep data folder gets a short folder elsewhere.
static enum err socket_folder(struct cluster *c, struct said s) {
    struct sockaddr_un address;
    if (strlen(c->data) + strlen("/run" SOCKET_FILE) < sizeof address.sun_path) {
        snprintf(c->pm.sockets, sizeof c->pm.sockets, "%.200s/run", c->data);
    } else {
        char hash[65];
        sha256_hex(c->data, strlen(c->data), hash);
        snprintf(c->pm.sockets, sizeof c->pm.sockets, "/tmp/anchorage-%.24s", hash);
    }
    return private_folder(c->pm.sockets, s);
}

static void make_conninfo(struct cluster *c, const char *database, char *out, size_t cap) {
    char host[2 * PATH_MAX];
    size_t n = 0;
    for (const char *p = c->pm.sockets; *p; p++) {
        if (*p == '\'' || *p == '\\') {
            host[n++] = '\\';
        }
        host[n++] = *p;
    }
    host[n] = 0;
    snprintf(out, cap, "host='%s' port=5432 user=anchorage dbname=%s", host, database);
}

static enum err settle_paths(struct cluster *c, const char *data_dir, struct said s) {
    if (mkdir(data_dir, 0700) != 0 && errno != EEXIST) {
        return said(s, ERR_IO, "The data folder %s cannot be made: %s.", data_dir, strerror(errno));
    }
    if (!realpath(data_dir, c->data) || strlen(c->data) + 32 > PATH_MAX) {
        return said(s, ERR_IO, "The data folder %s cannot be used: %s.", data_dir, strerror(errno));
    }
    if (strchr(c->data, ',') || strchr(c->data, '"')) {
        return said(s, ERR_INVALID, "Choose a data folder without commas and quotation marks in its path.");
    }
    size_t room = PATH_MAX - 32;
    snprintf(c->pm.pgdata, sizeof c->pm.pgdata, "%.*s/pg", (int)room, c->data);
    snprintf(c->pm.log, sizeof c->pm.log, "%.*s/pg.log", (int)room, c->data);
    enum err e = socket_folder(c, s);
    make_conninfo(c, "anchorage", c->conninfo, sizeof c->conninfo);
    return e;
}

// ---- the lock ------------------------------------------------------------------------------------

static const char *const use_words[] = {[CLUSTER_SERVE] = "serve", [CLUSTER_VERB] = "verb"};

static enum err open_lock(struct cluster *c, int *ret_fd, struct said s) {
    char path[PATH_MAX + 8];
    snprintf(path, sizeof path, "%s/lock", c->data);
    *ret_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*ret_fd < 0) {
        return said(s, ERR_IO,
                    "The file %s cannot be opened: %s. Run this as the user who owns the data folder.", path,
                    strerror(errno));
    }
    return ERR_OK;
}

static bool take_lock(int fd, enum cluster_use use) {
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        return false;
    }
    char text[48];
    int n = snprintf(text, sizeof text, "%s %ld\n", use_words[use], (long)getpid());
    bool written = ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) == n;
    return written;
}

static bool held_by_server(int fd) {
    char text[48] = "";
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    return n > 0 && strncmp(text, "serve ", 6) == 0;
}

static bool answers(const char *conninfo) {
    PGconn *pg = PQconnectdb(conninfo);
    bool good = PQstatus(pg) == CONNECTION_OK;
    PQfinish(pg);
    return good;
}

// Ends with the lock (c->lock_fd), or beside a server that answers (lock_fd stays -1).
static enum err settle_owner(struct cluster *c, enum cluster_use use, struct said s) {
    int fd;
    enum err e = open_lock(c, &fd, s);
    if (e) {
        return e;
    }
    for (int waited = 0;; waited += 25) {
        if (take_lock(fd, use)) {
            c->lock_fd = fd;
            return ERR_OK;
        }
        bool server = held_by_server(fd);
        if (server && use == CLUSTER_SERVE) {
            e = said(s, ERR_CONFLICT, "A server is already running on the data folder %s. Stop it first.",
                     c->data);
        } else if (server && answers(c->conninfo)) {
            close(fd);
            return ERR_OK;
        } else if (waited >= (server ? BESIDE_MS : QUEUE_MS)) {
            e = said(s, ERR_BUSY,
                     "Another command has been using the data folder %s for long. Try again later.", c->data);
        }
        if (e) {
            close(fd);
            return e;
        }
        pause_ms(25);
    }
}

// ---- start ---------------------------------------------------------------------------------------

static enum err start(struct cluster *c, int gone_ms, struct said s) {
    if (!postmaster_wait_gone(&c->pm, gone_ms)) {
        return said(s, ERR_BUSY, "An earlier PostgreSQL on %s has not ended yet.", c->pm.pgdata);
    }
    c->started = clock_monotonic_usec();
    return postmaster_start(&c->pm, s);
}

static enum err wait_ready(struct cluster *c, const char *conninfo, struct said s) {
    for (int waited = 0; waited < READY_MS; waited += 5) {
        if (!postmaster_alive(&c->pm)) {
            return said(s, ERR_IO, "PostgreSQL stopped while starting. The file %s says why.", c->pm.log);
        }
        if (PQping(conninfo) == PQPING_OK) {
            return ERR_OK;
        }
        pause_ms(5);
    }
    return said(s, ERR_TIMEOUT, "PostgreSQL did not get ready. The file %s says why.", c->pm.log);
}

static enum err make_database(const char *conninfo, struct said s) {
    PGconn *pg = PQconnectdb(conninfo);
    PGresult *r = PQexec(pg, "SELECT 1 FROM pg_database WHERE datname = 'anchorage'");
    bool good = PQresultStatus(r) == PGRES_TUPLES_OK;
    bool there = good && PQntuples(r) == 1;
    PQclear(r);
    if (good && !there) {
        r = PQexec(pg, "CREATE DATABASE anchorage");
        good = PQresultStatus(r) == PGRES_COMMAND_OK;
        PQclear(r);
    }
    enum err e = good ? ERR_OK
                      : said(s, ERR_IO, "The database could not be made: %.*s.",
                             (int)strcspn(PQerrorMessage(pg), "\n"), PQerrorMessage(pg));
    PQfinish(pg);
    return e;
}

static enum err open_owned(struct cluster *c, struct said s) {
    char first[sizeof c->conninfo];
    make_conninfo(c, "postgres", first, sizeof first);
    enum err e = postmaster_find(&c->pm, s);
    if (e == ERR_OK) {
        e = postmaster_init(&c->pm, s);
    }
    if (e == ERR_OK) {
        e = start(c, GONE_MS, s);
    }
    if (e == ERR_OK) {
        e = wait_ready(c, first, s);
    }
    if (e == ERR_OK) {
        e = make_database(first, s);
    }
    return e;
}

enum err cluster_open(const char *data_dir, enum cluster_use use, struct cluster **ret, char *why,
                      size_t why_cap) {
    struct said s = {why, why_cap};
    if (geteuid() == 0) {
        return said(s, ERR_DENIED, "PostgreSQL does not run as root.");
    }
    struct cluster *c = calloc(1, sizeof *c);
    if (!c) {
        return said(s, ERR_BUSY, "There is no memory left.");
    }
    c->lock_fd = -1;
    enum err e = settle_paths(c, data_dir, s);
    if (e == ERR_OK) {
        e = settle_owner(c, use, s);
    }
    if (e == ERR_OK) {
        e = c->lock_fd >= 0 ? open_owned(c, s) : postmaster_find(&c->pm, s);
    }
    if (e) {
        cluster_close(c);
        return e;
    }
    *ret = c;
    return ERR_OK;
}

const char *cluster_conninfo(const struct cluster *c) {
    return c->conninfo;
}

pid_t cluster_postmaster(const struct cluster *c) {
    return c->pm.pid;
}

enum err cluster_tool(const struct cluster *c, const char *tool, char *ret_path, size_t path_cap) {
    int n = snprintf(ret_path, path_cap, "%s/%s", c->pm.bin, tool);
    return n > 0 && (size_t)n < path_cap && access(ret_path, X_OK) == 0 ? ERR_OK : ERR_NOT_FOUND;
}

// ---- while it runs -------------------------------------------------------------------------------

static void note_death(struct cluster *c) {
    int64_t now = clock_monotonic_usec();
    bool lasted = now - c->started > INT64_C(60000000);
    c->failures = lasted ? 1 : c->failures + 1;
    if (c->failures > 2 && postmaster_got_ready(&c->pm)) {
        c->failures = 2; // it can start, so people should not wait for it longer than needed
    }
    // At once after the first death; then 1, 2, 4 ... seconds, so that a cluster that cannot start does not
    // spin.
    int64_t wait = c->failures < 2 ? 0 : c->failures > 6 ? BACKOFF_MAX : INT64_C(1) << (c->failures - 2);
    c->again = now + wait * 1000000;
    c->down = true;
    log_event(LOG_LEVEL_ERROR, "postgres_died", "log", c->pm.log, NULL);
}

void cluster_supervise(struct cluster *c) {
    if (!c || c->lock_fd < 0) {
        return;
    }
    if (!c->down && !postmaster_alive(&c->pm)) {
        note_death(c);
    }
    if (!c->down || clock_monotonic_usec() < c->again) {
        return;
    }
    char why[512];
    enum err e = start(c, SHORT_GONE_MS, (struct said){why, sizeof why});
    if (e) {
        log_event(LOG_LEVEL_WARNING, "postgres_not_started", "reason", why, NULL);
        return;
    }
    c->down = false;
    log_event(LOG_LEVEL_NOTICE, "postgres_started_again", NULL);
}

void cluster_leave(struct cluster *c) {
    if (c && c->lock_fd >= 0) {
        close(c->lock_fd); // the lock belongs to the open file, which the owner still has
    }
    free(c);
}

void cluster_close(struct cluster *c) {
    if (!c) {
        return;
    }
    if (c->lock_fd >= 0) {
        postmaster_stop(&c->pm);
        close(c->lock_fd); // only now may the next one start
    }
    free(c);
}
