// SPDX-License-Identifier: Apache-2.0
// What the files of core/db share; nobody else includes it, so that libpq stays in this room.
#ifndef ANCHORAGE_DB_INTERNAL_H
#define ANCHORAGE_DB_INTERNAL_H

#include "db/db.h"

#include <libpq-fe.h>
#include <stdatomic.h>

#define DB_DEPTH_MAX       8
#define DB_STMT_NAME_BYTES 80

// A statement this connection has prepared. The server's name carries a generation ("supplier_by_ref.2"),
// because a statement gone stale inside a transaction can be neither closed nor replaced under its old name.
struct stmt {
    char name[DB_STMT_NAME_BYTES];
    uint64_t text_hash;
    unsigned generation;
    bool used; // false: a free place in the table
    bool ready;
};

struct stmt_table {
    struct stmt *slots;
    size_t cap, count; // cap is a power of two, at least twice the count
};

struct db {
    PGconn *pg; // NULL between a loss and the next db_ensure
    char *conninfo;
    bool prepare;
    bool copying;               // inside a COPY: only copyin.c may use the connection
    _Atomic(const void *) lent; // to the thread of a copy_stream; read by conn_lent
    struct stmt_table stmts;
    int depth;
    struct opener {
        const char *file;
        int line;
    } opener[DB_DEPTH_MAX];
    int64_t limit_ms; // statement timeout of this connection
    int64_t
        no_connect_till; // monotonic; an address that swallows connects must not hold every thread for long
    char sqlstate[6];    // of the last failure
    char constraint[64];
};

// conn.c
PGconn *conn_start(const char *conninfo, char *why, size_t why_cap); // NULL on failure
bool conn_lost(const PGconn *pg);
enum err conn_session(struct db *d); // sends the session settings again

// copystream.c: true when another thread than the caller's has the connection.
bool conn_lent(struct db *d);

// stmt.c
enum err stmt_prepare_all(struct db *d, char *why, size_t why_cap); // one pipeline
enum err stmt_run(struct ctx *c, const struct sql *q, size_t n, const char *const *p, ExecStatusType wanted,
                  PGresult **ret_result);
enum err stmt_ready(struct ctx *c, const struct sql *q, struct stmt **ret);
void stmt_forget_all(struct db *d);

// Runs fixed text that gives no rows (BEGIN, SAVEPOINT ...). `what` names it in messages.
enum err stmt_simple(struct ctx *c, const char *text, const char *what);

// dberr.c: records the failure of a result (NULL: the connection itself) in the connection and the context.
enum err dberr_fail(struct ctx *c, const char *what, const PGresult *r);

// copyin.c: what a binary COPY begins with; ends a COPY (abort_reason NULL: keep it) with the server's
// verdict.
#define COPY_HEAD       "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0" // signature of 11 bytes, no flags, no extension
#define COPY_HEAD_BYTES 19
enum err copy_finish(struct ctx *c, const char *name, const char *abort_reason, int64_t *ret_rows);

// rows.c: takes over the result, which is cleared with the arena.
struct rows *rows_own(struct arena *a, PGresult *result, const char *name);

#endif
