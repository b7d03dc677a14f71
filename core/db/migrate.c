// SPDX-License-Identifier: Apache-2.0
// Forward-only migrations. What was applied stands in meta.migration with its hash.
#include "db/migrate.h"

#include "base/clock.h"
#include "base/embed.h"
#include "base/log.h"
#include "base/text.h"
#include "db/internal.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// One lock for all owners, so that core and plugin files of two starting programs cannot interleave.
// The number is "anchorag" in ASCII: only its being ours matters.
#define LOCK_SQL(verb) "SELECT pg_advisory_" verb "(7020099110430064999)"

#define CORE_MAX 512

extern const struct embedded embedded_migrations[];

static struct migration core_list[CORE_MAX];
static size_t core_count;

static void make_core_list(void) {
    for (const struct embedded *e = embedded_migrations; e->path && core_count < CORE_MAX; e++) {
        core_list[core_count++] = (struct migration){
            .number = (int)strtol(e->path, NULL, 10), .name = e->path, .sql = (const char *)e->bytes};
    }
}

const struct migration *migrate_core(size_t *ret_n) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_core_list);
    *ret_n = core_count;
    return core_list;
}

struct run {
    struct ctx *c;
    const char *owner;
    const struct migration *list;
    size_t n;
    int applied;
    char *why;
    size_t why_cap;
};

static enum err __attribute__((format(printf, 3, 4)))
refuse(struct run *m, enum err e, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(m->why, m->why_cap, fmt, ap);
    va_end(ap);
    return ctx_fail(m->c, e, "migrate %s: %s", m->owner, m->why);
}

// Runs text that may hold several statements; a failure is told with the line in the file.
static enum err run_text(struct run *m, const char *what, const char *text) {
    PGresult *r = PQexec(m->c->db->pg, text);
    ExecStatusType s = PQresultStatus(r);
    if (s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_EMPTY_QUERY) {
        PQclear(r);
        return ERR_OK;
    }
    const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    const char *position = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
    long at = position ? strtol(position, NULL, 10) : 0; // counts characters, from 1
    int line = 1;
    for (const char *p = text; *p && at > 1; p++) {
        line += *p == '\n';
        at -= ((unsigned char)*p & 0xC0) != 0x80;
    }
    enum err e = dberr_fail(m->c, what, r);
    char place[24] = "";
    if (position) {
        snprintf(place, sizeof place, " line %d", line);
    }
    e = refuse(m, e, "%s%s did not run: %s. Nothing of it was kept.", what, place,
               message ? message : "the connection to the database was lost");
    PQclear(r);
    return e;
}

static enum err check_list(struct run *m) {
    for (size_t i = 0; i < m->n; i++) {
        if (m->list[i].number != (int)i + 1) {
            return refuse(m, ERR_BUG, "The migration %s should have the number %zu.", m->list[i].name, i + 1);
        }
    }
    return ERR_OK;
}

// *ret_have: how many are applied. Compares each with the list.
static enum err check_applied(struct run *m, size_t *ret_have) {
    const char *const p[] = {m->owner};
    PGresult *r = PQexecParams(
        m->c->db->pg, "SELECT number, name, sha256 FROM meta.migration WHERE owner = $1 ORDER BY number", 1,
        NULL, p, NULL, NULL, 0);
    enum err e = PQresultStatus(r) == PGRES_TUPLES_OK ? ERR_OK : dberr_fail(m->c, "migrate", r);
    if (e) {
        snprintf(m->why, m->why_cap, "The list of migrations cannot be read.");
    }
    int have = e ? 0 : PQntuples(r);
    for (int i = 0; e == ERR_OK && i < have; i++) {
        const char *name = PQgetvalue(r, i, 1);
        char hash[65];
        if ((size_t)i >= m->n) {
            e = refuse(m, ERR_CONFLICT,
                       "The database is newer than this program: it has the migration %s of %s. "
                       "Install the version that brought it, or newer.",
                       name, m->owner);
            break;
        }
        sha256_hex(m->list[i].sql, strlen(m->list[i].sql), hash);
        if (strtol(PQgetvalue(r, i, 0), NULL, 10) != i + 1 || strcmp(hash, PQgetvalue(r, i, 2)) != 0) {
            e = refuse(m, ERR_CONFLICT,
                       "The migration %s of %s was applied to this database in another wording. "
                       "Put the file back as it was and add a new one for the change.",
                       name, m->owner);
        }
    }
    PQclear(r);
    if (e == ERR_OK) {
        *ret_have = (size_t)have;
    }
    return e;
}

// A plugin's file runs as the plugin's own role in its own schema, when core/plugin has made them.
static enum err enter_owner(struct run *m) {
    if (strcmp(m->owner, "core") == 0) {
        return ERR_OK;
    }
    const char *const p[] = {m->owner};
    PGresult *r =
        PQexecParams(m->c->db->pg,
                     "SELECT set_config('search_path', n.nspname, true),"
                     " (SELECT set_config('role', rolname, true) FROM pg_roles WHERE rolname = 'plg_' || $1)"
                     " FROM pg_namespace n WHERE n.nspname = 'plg_' || $1",
                     1, NULL, p, NULL, NULL, 0);
    enum err e = PQresultStatus(r) == PGRES_TUPLES_OK ? ERR_OK : dberr_fail(m->c, "migrate", r);
    PQclear(r);
    return e;
}

// What the file did stays the plugin's own only if it ran as the plugin from its first word to its last.
static enum err check_owner(struct run *m, const struct migration *file) {
    if (strcmp(m->owner, "core") == 0) {
        return ERR_OK;
    }
    const char *const p[] = {m->owner};
    PGresult *r = PQexecParams(m->c->db->pg,
                               "SELECT current_user = 'plg_' || $1"
                               " OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'plg_' || $1)",
                               1, NULL, p, NULL, NULL, 0);
    enum err e = PQresultStatus(r) == PGRES_TUPLES_OK ? ERR_OK : dberr_fail(m->c, "migrate", r);
    if (e == ERR_OK && PQgetvalue(r, 0, 0)[0] != 't') {
        e = refuse(m, ERR_DENIED, "The migration %s leaves the role of the plugin; it must not.", file->name);
    }
    PQclear(r);
    return e;
}

static enum err remember(struct run *m, const struct migration *file, int64_t took_usec) {
    char number[16], took[24], hash[65];
    snprintf(number, sizeof number, "%d", file->number);
    snprintf(took, sizeof took, "%" PRId64, took_usec / 1000);
    sha256_hex(file->sql, strlen(file->sql), hash);
    const char *const p[] = {m->owner, number, file->name, hash, took};
    PGresult *r = PQexecParams(
        m->c->db->pg,
        "INSERT INTO meta.migration (owner, number, name, sha256, took_ms) VALUES ($1, $2, $3, $4, $5)", 5,
        NULL, p, NULL, NULL, 0);
    enum err e = PQresultStatus(r) == PGRES_COMMAND_OK ? ERR_OK : dberr_fail(m->c, file->name, r);
    PQclear(r);
    return e;
}

static enum err apply_inside(struct run *m, const struct migration *file) {
    int64_t started = clock_monotonic_usec();
    enum err e = enter_owner(m);
    if (e == ERR_OK) {
        e = run_text(m, file->name, file->sql);
    }
    if (e == ERR_OK && PQtransactionStatus(m->c->db->pg) != PQTRANS_INTRANS) {
        e = refuse(m, ERR_BUG, "The migration %s ends the transaction it runs in; it must not.", file->name);
    }
    if (e == ERR_OK) {
        e = check_owner(m, file);
    }
    if (e == ERR_OK) {
        e = db_leave_role(m->c);
    }
    return e ? e : remember(m, file, clock_monotonic_usec() - started);
}

static enum err apply(struct run *m, const struct migration *file) {
    enum err e = db_begin(m->c);
    if (e) {
        return e;
    }
    e = apply_inside(m, file);
    if (e) {
        db_rollback(m->c);
        return e;
    }
    e = db_commit(m->c);
    if (e == ERR_OK) {
        m->applied++;
        char number[16];
        snprintf(number, sizeof number, "%d", file->number);
        log_event(LOG_LEVEL_INFO, "migration_applied", "owner", m->owner, "number", number, "name",
                  file->name, NULL);
    }
    return e;
}

static enum err run_locked(struct run *m) {
    // Made here, not in a migration, because it must be there before the first of them.
    enum err e =
        run_text(m, "The list of migrations",
                 "CREATE SCHEMA IF NOT EXISTS meta;"
                 "CREATE TABLE IF NOT EXISTS meta.migration ("
                 " owner text NOT NULL, number integer NOT NULL, name text NOT NULL, sha256 text NOT NULL,"
                 " took_ms bigint NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(),"
                 " PRIMARY KEY (owner, number))");
    size_t have = 0;
    if (e == ERR_OK) {
        e = check_applied(m, &have);
    }
    for (size_t i = have; e == ERR_OK && i < m->n; i++) {
        e = apply(m, &m->list[i]);
    }
    return e;
}

enum err migrate_run(struct ctx *c, const char *owner, const struct migration *list, size_t n,
                     int *ret_applied, char *why, size_t why_cap) {
    struct run m = {.c = c, .owner = owner, .list = list, .n = n, .why = why, .why_cap = why_cap};
    snprintf(why, why_cap, "The database does not answer.");
    if (!c->db || conn_lost(c->db->pg)) {
        return ctx_fail(c, ERR_DB_AWAY, "migrate: no connection to the database");
    }
    if (c->db->depth > 0) {
        return refuse(&m, ERR_BUG, "Migrations run in transactions of their own.");
    }
    int64_t limit = c->db->limit_ms;
    enum err e = check_list(&m);
    if (e) {
        return e;
    }
    e = db_limit_ms(c->db, 0);
    if (e == ERR_OK) {
        e = run_text(&m, "The lock", LOCK_SQL("lock"));
    }
    if (e) {
        return e;
    }
    e = run_locked(&m);
    if (!conn_lost(c->db->pg)) {
        // The files may leave settings such as search_path behind.
        PQclear(PQexec(c->db->pg, LOCK_SQL("unlock")));
        enum err back = db_limit_ms(c->db, limit);
        e = e ? e : back;
    }
    if (e == ERR_OK && ret_applied) {
        *ret_applied = m.applied;
    }
    return e;
}
