// SPDX-License-Identifier: Apache-2.0
// The cluster's keeper is a child process: it starts the cluster, supervises it and cleans up when our end of
// its pipe closes, so that not even a crashed test leaves a server or a folder behind.
#include "support/dbtest.h"
#include "support/folder.h"

#include "base/log.h"
#include "cli/runuser.h"
#include "db/cluster.h"
#include "db/migrate.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)64 * 1024 * 1024)

static struct {
    pid_t keeper;
    int hold; // closing it ends the keeper
    char folder[64], data[80], host[512];
    struct arena *arena;
    struct ctx admin;
    int made;
} the;

static void complain(const char *what, const char *why) {
    print_error("dbtest: %s: %s\n", what, why);
}

// Tests need no durability: the disk is spared, and CREATE DATABASE takes a tenth of the time.
static enum err quicken(const char *conninfo, char *why, size_t cap) {
    static const char *const texts[] = {"ALTER SYSTEM SET fsync = off",
                                        "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()"};
    struct db *d;
    enum err e = db_open(conninfo, false, &d, why, cap);
    if (e) {
        return e;
    }
    struct arena *a = arena_new(ARENA_BYTES);
    struct ctx c;
    ctx_init(&c, a, d);
    for (size_t i = 0; e == ERR_OK && i < 3; i++) {
        e = dbtest_try(&c, texts[i]);
    }
    if (e == ERR_OK) {
        size_t n;
        const struct migration *list = migrate_core(&n);
        e = migrate_run(&c, "core", list, n, NULL, why, cap);
    }
    arena_free(a);
    db_close(d);
    return e;
}

static _Noreturn void keeper_main(int said, int hold) {
    char why[1024] = "";
    struct cluster *cl = NULL;
    enum err e = runuser_settle(the.data, why, sizeof why);
    if (e == ERR_OK) {
        e = cluster_open(the.data, CLUSTER_SERVE, &cl, why, sizeof why);
    }
    if (e == ERR_OK) {
        e = quicken(cluster_conninfo(cl), why, sizeof why);
    }
    const char *text = e ? why : cluster_conninfo(cl);
    bool told =
        write(said, e ? "-" : "+", 1) == 1 && write(said, text, strlen(text)) == (ssize_t)strlen(text);
    close(said);
    struct pollfd p = {.fd = hold, .events = POLLIN};
    while (told && e == ERR_OK && poll(&p, 1, 20) == 0) {
        cluster_supervise(cl);
    }
    cluster_close(cl);
    _exit(0);
}

// Two processes: the inner one may have become another user, the outer one can remove the folder.
static _Noreturn void keeper_outer(int said, int hold) {
    signal(SIGINT, SIG_IGN); // Ctrl-C ends the test program, and that ends us
    pid_t inner = fork();
    if (inner == 0) {
        keeper_main(said, hold);
    }
    close(said);
    close(hold);
    waitpid(inner, NULL, 0);
    folder_remove(the.folder);
    _exit(0);
}

// Reads the connection text up to the database's name, or the reason why there is none.
static bool keeper_answer(int fd) {
    char text[1024];
    size_t n = 0;
    ssize_t got;
    while (n + 1 < sizeof text && (got = read(fd, text + n, sizeof text - 1 - n)) > 0) {
        n += (size_t)got;
    }
    text[n] = 0;
    char *database = strstr(text, " dbname=");
    if (text[0] != '+' || !database) {
        complain("no cluster", n ? text + 1 : "its keeper died");
        return false;
    }
    *database = 0;
    snprintf(the.host, sizeof the.host, "%.500s", text + 1);
    return true;
}

static bool start_keeper(void) {
    int said[2], hold[2];
    if (pipe2(said, O_CLOEXEC) != 0 || pipe2(hold, O_CLOEXEC) != 0) {
        return false;
    }
    the.keeper = fork();
    if (the.keeper == 0) {
        close(said[0]);
        close(hold[1]);
        keeper_outer(said[1], hold[0]);
    }
    close(said[1]);
    close(hold[0]);
    the.hold = hold[1];
    bool good = the.keeper > 0 && keeper_answer(said[0]);
    close(said[0]);
    return good;
}

static void conninfo_of(const char *database, char *out, size_t cap) {
    snprintf(out, cap, "%.440s dbname=%.40s", the.host, database);
}

int dbtest_group_setup(void **state) {
    (void)state;
    log_set_level(LOG_LEVEL_ERROR);
    snprintf(the.folder, sizeof the.folder, "/tmp/anchorage-test-XXXXXX");
    if (!mkdtemp(the.folder) || chmod(the.folder, 0711) != 0) {
        complain(the.folder, "cannot be made");
        return -1;
    }
    snprintf(the.data, sizeof the.data, "%.60s/data", the.folder);
    if (!start_keeper()) {
        return -1;
    }
    char conninfo[512], why[512];
    conninfo_of("postgres", conninfo, sizeof conninfo);
    struct db *d;
    if (db_open(conninfo, false, &d, why, sizeof why) != ERR_OK) {
        complain("no connection", why);
        return -1;
    }
    the.arena = arena_new(ARENA_BYTES);
    ctx_init(&the.admin, the.arena, d);
    return 0;
}

int dbtest_group_teardown(void **state) {
    (void)state;
    if (the.admin.db) {
        db_close(the.admin.db);
        arena_free(the.arena);
    }
    if (the.keeper > 0) {
        close(the.hold);
        waitpid(the.keeper, NULL, 0); // it removes the folder
    }
    memset(&the, 0, sizeof the);
    return 0;
}

static int make(void **state, const char *from, bool prepare) {
    struct dbtest *t = calloc(1, sizeof *t);
    char why[512];
    if (!t || db_ensure(the.admin.db) != ERR_OK) {
        return -1;
    }
    snprintf(t->name, sizeof t->name, "t%d", ++the.made);
    dbtest_run(&the.admin, "CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy", t->name, from);
    conninfo_of(t->name, t->conninfo, sizeof t->conninfo);
    if (db_open(t->conninfo, prepare, &t->db, why, sizeof why) != ERR_OK) {
        complain(t->name, why);
        free(t);
        return -1;
    }
    t->arena = arena_new(ARENA_BYTES);
    t->c = arena_alloc(t->arena, sizeof *t->c);
    ctx_init(t->c, t->arena, t->db);
    *state = t;
    return 0;
}

int dbtest_setup(void **state) {
    return make(state, "anchorage", true);
}

int dbtest_setup_unprepared(void **state) {
    return make(state, "anchorage", false);
}

int dbtest_setup_empty(void **state) {
    return make(state, "template1", false);
}

int dbtest_teardown(void **state) {
    struct dbtest *t = *state;
    db_release(t->db);
    arena_free(t->arena);
    db_close(t->db);
    if (db_ensure(the.admin.db) != ERR_OK) {
        return -1;
    }
    dbtest_run(&the.admin, "DROP DATABASE %s WITH (FORCE)", t->name);
    free(t);
    return 0;
}

const char *dbtest_data_dir(void) {
    return the.data;
}

pid_t dbtest_postmaster(void) {
    char path[128], text[32] = "";
    snprintf(path, sizeof path, "%s/pg/postmaster.pid", the.data);
    FILE *f = fopen(path, "re");
    if (!f) {
        return 0;
    }
    const char *got = fgets(text, sizeof text, f);
    fclose(f);
    return got ? (pid_t)strtol(text, NULL, 10) : 0;
}

struct ctx *dbtest_new_ctx(struct dbtest *t) {
    struct db *d;
    char why[512];
    if (db_open(t->conninfo, false, &d, why, sizeof why) != ERR_OK) {
        fail_msg("%s", why);
    }
    struct arena *a = arena_new(ARENA_BYTES);
    struct ctx *c = calloc(1, sizeof *c);
    assert_non_null(c);
    ctx_init(c, a, d);
    return c;
}

void dbtest_free_ctx(struct ctx *c) {
    db_release(c->db);
    arena_free(c->arena);
    db_close(c->db);
    free(c);
}

// Each text gets a name of its own; the row kind is found out by trying.
static enum err run_text(struct ctx *c, const char *text, struct rows **ret) {
    static int number;
    char name[24];
    snprintf(name, sizeof name, "dbtest_%d", ++number);
    bool gives_rows =
        strncmp(text, "SELECT", 6) == 0 || strncmp(text, "SHOW", 4) == 0 || strstr(text, "RETURNING");
    struct sql q = {.name = arena_strdup(c->arena, name),
                    .text = arena_strdup(c->arena, text),
                    .rows = gives_rows ? SQL_MANY : SQL_NONE,
                    .file = "the test"};
    const char *const none[] = {NULL};
    if (gives_rows) {
        struct rows *rows;
        return db_rows_n(c, &q, ret ? ret : &rows, 0, none);
    }
    return db_exec_n(c, &q, NULL, 0, none);
}

enum err dbtest_try(struct ctx *c, const char *text) {
    return run_text(c, text, NULL);
}

void dbtest_run(struct ctx *c, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(c->arena, fmt, ap);
    va_end(ap);
    if (dbtest_try(c, text) != ERR_OK) {
        fail_msg("%s: %s", text, c->err_detail);
    }
}

const char *dbtest_value(struct ctx *c, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(c->arena, fmt, ap);
    va_end(ap);
    struct rows *rows = NULL;
    if (run_text(c, text, &rows) != ERR_OK || !rows) {
        fail_msg("%s: %s", text, c->err_detail);
    }
    if (rows_count(rows) == 0) {
        fail_msg("%s: no row", text);
    }
    return rows_cell(rows, 0, 0);
}

void dbtest_assert_err(const struct ctx *c, enum err got, enum err want, const char *file, int line) {
    if (got != want) {
        print_error("%s instead of %s: %s\n", err_name(got), err_name(want),
                    got ? c->err_detail : "it worked");
        _fail(file, line);
    }
}

int64_t dbtest_number(struct ctx *c, const char *sql) {
    return strtoll(dbtest_value(c, "%s", sql), NULL, 10);
}
