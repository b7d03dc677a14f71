// SPDX-License-Identifier: Apache-2.0
// Connections: opening, bringing back after a loss, tidying after each unit of work, roles.
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "db/internal.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OLDEST_SERVER     150000
#define SLOW_CONNECT_USEC INT64_C(500000)
#define REST_USEC         INT64_C(1000000)
#define IDLE_MS           60000 // a transaction may rest this long

bool conn_lost(const PGconn *pg) {
    return !pg || PQstatus(pg) != CONNECTION_OK;
}

// A warning of the server is worth a line; notices ("already exists, skipping") are not.
static void on_notice(void *arg, const PGresult *r) {
    (void)arg;
    const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity && strcmp(severity, "WARNING") == 0) {
        log_event(LOG_LEVEL_WARNING, "database_warning", "sqlstate", PQresultErrorField(r, PG_DIAG_SQLSTATE),
                  "message", PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY), NULL);
    }
}

static void first_line(char *out, size_t cap, const char *before, const char *text) {
    snprintf(out, cap, "%s%.*s", before, (int)strcspn(text, "\n"), text);
}

PGconn *conn_start(const char *conninfo, char *why, size_t why_cap) {
    // What stands before "dbname" can be overruled by the operator's connection text.
    static const char *const keys[] = {"connect_timeout", "tcp_user_timeout", "application_name",
                                       "dbname",          "client_encoding",  NULL};
    const char *const values[] = {"3", "15000", "anchorage", conninfo, "UTF8", NULL};
    PGconn *pg = PQconnectdbParams(keys, values, 1);
    if (!pg || PQstatus(pg) != CONNECTION_OK) {
        first_line(why, why_cap, "The database does not answer: ", pg ? PQerrorMessage(pg) : "out of memory");
        PQfinish(pg);
        return NULL;
    }
    if (PQserverVersion(pg) < OLDEST_SERVER) {
        snprintf(why, why_cap, "The database is PostgreSQL %d; use version 15 or newer.",
                 PQserverVersion(pg) / 10000);
        PQfinish(pg);
        return NULL;
    }
    PQsetNoticeReceiver(pg, on_notice, NULL);
    return pg;
}

enum err conn_session(struct db *d) {
    char limit[24], idle[24];
    snprintf(limit, sizeof limit, "%" PRId64, d->limit_ms);
    snprintf(idle, sizeof idle, "%d", IDLE_MS);
    const char *const p[] = {limit, idle};
    PGresult *r = PQexecParams(d->pg,
                               "SELECT set_config('TimeZone', 'UTC', false),"
                               " set_config('DateStyle', 'ISO, YMD', false),"
                               " set_config('IntervalStyle', 'iso_8601', false),"
                               " set_config('bytea_output', 'hex', false),"
                               " set_config('search_path', 'core', false),"
                               " set_config('statement_timeout', $1, false),"
                               " set_config('idle_in_transaction_session_timeout', $2, false)",
                               2, NULL, p, NULL, NULL, 0);
    bool good = PQresultStatus(r) == PGRES_TUPLES_OK;
    PQclear(r);
    return good ? ERR_OK : ERR_DB_AWAY;
}

static enum err connect_now(struct db *d, char *why, size_t why_cap) {
    int64_t started = clock_monotonic_usec();
    if (started < d->no_connect_till) {
        snprintf(why, why_cap, "The database did not answer a moment ago.");
        return ERR_DB_AWAY;
    }
    d->pg = conn_start(d->conninfo, why, why_cap);
    if (!d->pg) {
        int64_t now = clock_monotonic_usec();
        d->no_connect_till = now - started > SLOW_CONNECT_USEC ? now + REST_USEC : 0;
        return ERR_DB_AWAY;
    }
    enum err e = conn_session(d);
    if (e) {
        snprintf(why, why_cap, "The database did not take the session settings.");
    } else if (d->prepare) {
        e = stmt_prepare_all(d, why, why_cap);
    }
    if (e) {
        PQfinish(d->pg);
        d->pg = NULL;
        stmt_forget_all(d);
    }
    return e;
}

enum err db_open(const char *conninfo, bool prepare, struct db **ret, char *why, size_t why_cap) {
    struct db *d = calloc(1, sizeof *d);
    char *text = strdup(conninfo);
    if (!d || !text) {
        free(d);
        free(text);
        snprintf(why, why_cap, "There is no memory left.");
        return ERR_BUSY;
    }
    d->conninfo = text;
    d->prepare = prepare;
    d->limit_ms = prepare ? conf_number(CONF_STATEMENT_TIMEOUT_MS) : 0;
    enum err e = connect_now(d, why, why_cap);
    if (e) {
        db_close(d);
        return e;
    }
    *ret = d;
    return ERR_OK;
}

enum err db_open_beside(struct ctx *c, struct db **ret) {
    char why[256];
    enum err e = db_open(c->db->conninfo, false, ret, why, sizeof why);
    return e ? ctx_fail(c, e, "%s", why) : ERR_OK;
}

void db_close(struct db *d) {
    if (!d) {
        return;
    }
    PQfinish(d->pg);
    stmt_forget_all(d);
    free(d->stmts.slots);
    free(d->conninfo);
    free(d);
}

// True when the server has closed an idle connection: asks the socket, so that it costs no round trip.
static bool peer_closed(struct db *d) {
    struct pollfd p = {.fd = PQsocket(d->pg), .events = POLLIN | POLLRDHUP};
    if (poll(&p, 1, 0) <= 0) {
        return false;
    }
    return (p.revents & (POLLHUP | POLLRDHUP | POLLERR | POLLNVAL)) != 0 || !PQconsumeInput(d->pg);
}

enum err db_ensure(struct db *d) {
    bool there = !conn_lost(d->pg) && !peer_closed(d);
    if (there) {
        return ERR_OK;
    }
    if (d->depth > 0) {
        return ERR_DB_AWAY; // what the transaction did is gone; only db_release may forget it
    }
    PQfinish(d->pg);
    d->pg = NULL;
    d->copying = false;
    stmt_forget_all(d);
    char why[256];
    enum err e = connect_now(d, why, sizeof why);
    if (e) {
        log_event(LOG_LEVEL_WARNING, "database_away", "reason", why, NULL);
    } else {
        log_event(LOG_LEVEL_NOTICE, "database_back", NULL);
    }
    return e;
}

static void end_copy(struct db *d) {
    PQputCopyEnd(d->pg, "left unfinished");
    for (PGresult *r; (r = PQgetResult(d->pg));) {
        PQclear(r);
    }
    d->copying = false;
}

static void end_transaction(struct db *d) {
    char line[16];
    int top = d->depth > 0 && d->depth <= DB_DEPTH_MAX ? d->depth - 1 : 0;
    snprintf(line, sizeof line, "%d", d->opener[top].line);
    log_event(LOG_LEVEL_WARNING, "transaction_left_open", "file", d->depth ? d->opener[top].file : "", "line",
              line, NULL);
    PGresult *r = PQexec(d->pg, "ROLLBACK");
    bool good = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    if (!good) {
        PQfinish(d->pg);
        d->pg = NULL;
    }
}

void db_release(struct db *d) {
    if (!conn_lost(d->pg)) {
        if (d->copying) {
            end_copy(d);
        }
        switch (PQtransactionStatus(d->pg)) {
        case PQTRANS_INTRANS:
        case PQTRANS_INERROR:
            // Roles are only ever set for a transaction (db_enter_role), so this ends them too.
            end_transaction(d);
            break;
        case PQTRANS_ACTIVE:
            PQfinish(d->pg);
            d->pg = NULL;
            break;
        case PQTRANS_IDLE:
        case PQTRANS_UNKNOWN:
            break;
        }
    }
    d->depth = 0;
    d->sqlstate[0] = d->constraint[0] = 0;
}

enum err db_limit_ms(struct db *d, int64_t ms) {
    d->limit_ms = ms;
    if (conn_lost(d->pg)) {
        return ERR_OK; // the next connection starts with it
    }
    return conn_session(d);
}

// A role with a time of its own may also rest that long between two statements.
enum err db_enter_role_for(struct ctx *c, const char *role, const char *schema, int64_t limit_ms) {
    struct db *d = c->db;
    if (!d || d->depth == 0) {
        return ctx_fail(c, ERR_BUG, "a role is entered inside a transaction only");
    }
    int64_t rest = limit_ms + IDLE_MS / 2 > IDLE_MS ? limit_ms + IDLE_MS / 2 : IDLE_MS;
    char limit[24], idle[24];
    snprintf(limit, sizeof limit, "%" PRId64, limit_ms > 0 ? limit_ms : d->limit_ms);
    snprintf(idle, sizeof idle, "%" PRId64, rest);
    const char *const p[] = {role ? role : "none", schema ? schema : "core", limit, idle};
    PGresult *r = PQexecParams(d->pg,
                               "SELECT set_config('role', $1, true), set_config('search_path', $2, true),"
                               " set_config('statement_timeout', $3, true),"
                               " set_config('idle_in_transaction_session_timeout', $4, true)",
                               4, NULL, p, NULL, NULL, 0);
    enum err e = PQresultStatus(r) == PGRES_TUPLES_OK ? ERR_OK : dberr_fail(c, "db_enter_role", r);
    PQclear(r);
    return e;
}

enum err db_enter_role(struct ctx *c, const char *role, const char *schema) {
    return db_enter_role_for(c, role, schema, 0);
}

enum err db_leave_role(struct ctx *c) {
    return db_enter_role_for(c, NULL, NULL, 0);
}

enum err db_notify(struct ctx *c, const char *channel, const char *payload) {
    struct db *d = c->db;
    if (!d || conn_lost(d->pg)) {
        return ctx_fail(c, ERR_DB_AWAY, "db_notify: no connection to the database");
    }
    const char *const p[] = {channel, payload};
    PGresult *r = PQexecParams(d->pg, "SELECT pg_notify($1, $2)", 2, NULL, p, NULL, NULL, 0);
    enum err e = PQresultStatus(r) == PGRES_TUPLES_OK ? ERR_OK : dberr_fail(c, "db_notify", r);
    PQclear(r);
    return e;
}
