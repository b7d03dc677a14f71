// SPDX-License-Identifier: Apache-2.0
// Transactions: nested through savepoints, run again after a serialisation failure or a deadlock.
#include "db/dberr.h"
#include "db/internal.h"

#include <stdio.h>
#include <string.h>

#define TRIES 3

enum err db_begin_at(struct ctx *c, const char *file, int line) {
    struct db *d = c->db;
    if (d && d->depth == DB_DEPTH_MAX) {
        return ctx_fail(c, ERR_BUG, "transactions nested deeper than %d at %s:%d", DB_DEPTH_MAX, file, line);
    }
    char text[32] = "BEGIN";
    if (d && d->depth > 0) {
        snprintf(text, sizeof text, "SAVEPOINT s%d", d->depth);
    }
    enum err e = stmt_simple(c, text, "begin"); // refuses when there is no connection
    if (e != ERR_OK || !d) {
        return e;
    }
    d->opener[d->depth] = (struct opener){.file = file, .line = line};
    d->depth++;
    return ERR_OK;
}

// COMMIT of a failed transaction is answered with "ROLLBACK" and no error: nothing was stored.
static enum err commit_outer(struct ctx *c) {
    struct db *d = c->db;
    PGresult *r = PQexec(d->pg, "COMMIT");
    enum err e = ERR_OK;
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        e = dberr_fail(c, "commit", r);
    } else if (strcmp(PQcmdStatus(r), "COMMIT") != 0) {
        e = ctx_fail(c, ERR_BUG, "commit of a failed transaction, opened at %s:%d", d->opener[0].file,
                     d->opener[0].line);
    }
    PQclear(r);
    return e;
}

enum err db_commit(struct ctx *c) {
    struct db *d = c->db;
    if (!d || d->depth == 0) {
        return ctx_fail(c, ERR_BUG, "commit outside a transaction");
    }
    if (conn_lent(d)) {
        return ctx_fail(c, ERR_BUG, "commit beside a stream of rows");
    }
    if (conn_lost(d->pg)) {
        d->depth--;
        return ctx_fail(c, ERR_DB_AWAY, "commit: no connection to the database");
    }
    if (d->copying) {
        return ctx_fail(c, ERR_BUG, "commit in the middle of a COPY");
    }
    enum err e;
    if (d->depth == 1) {
        e = commit_outer(c); // after a failed COMMIT the server has rolled back
        d->depth = 0;
        return e;
    }
    char text[32];
    snprintf(text, sizeof text, "RELEASE s%d", d->depth - 1);
    e = stmt_simple(c, text, "commit");
    if (e) {
        db_rollback(c);
    } else {
        d->depth--;
    }
    return e;
}

void db_rollback(struct ctx *c) {
    struct db *d = c->db;
    if (!d || d->depth == 0) {
        return;
    }
    d->depth--;
    if (conn_lost(d->pg)) {
        return;
    }
    char text[64] = "ROLLBACK";
    if (d->depth > 0) {
        snprintf(text, sizeof text, "ROLLBACK TO s%d; RELEASE s%d", d->depth, d->depth);
    }
    PGresult *r = PQexec(d->pg, text); // not through stmt_simple: the failure that led here stays on record
    PQclear(r);
}

enum err db_check_deferred(struct ctx *c) {
    return stmt_simple(c, "SET CONSTRAINTS ALL IMMEDIATE", "deferred checks");
}

int db_depth(const struct db *d) {
    return d->depth;
}

static enum err once(struct ctx *c, enum err (*fn)(struct ctx *c, void *arg), void *arg) {
    enum err e = db_begin(c);
    if (e) {
        return e;
    }
    e = fn(c, arg);
    if (e) {
        db_rollback(c);
        return e;
    }
    return db_commit(c);
}

enum err db_in_transaction(struct ctx *c, enum err (*fn)(struct ctx *c, void *arg), void *arg) {
    struct db *d = c->db;
    int tries =
        d && d->depth > 0 ? 1 : TRIES; // inside another transaction only the outermost can be run again
    for (;;) {
        if (d) {
            d->sqlstate[0] = d->constraint[0] = 0;
        }
        c->err = ERR_OK;
        enum err e = once(c, fn, arg);
        bool again = false;
        if (e && d) {
            dberr_map(d->sqlstate, &again);
        }
        if (!e || !again || --tries == 0) {
            return e;
        }
    }
}
