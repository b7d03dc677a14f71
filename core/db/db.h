// SPDX-License-Identifier: Apache-2.0
// The one door to PostgreSQL: named prepared statements, rows, transactions. Only core/db sees libpq.
#ifndef ANCHORAGE_DB_DB_H
#define ANCHORAGE_DB_DB_H

#include "base/ctx.h"

#include <stddef.h>

struct db;
struct rows;

// A named statement; sqlgen makes one `const struct sql sql_<name>` for each block of schemas/queries/*.sql.
struct sql {
    const char *name; // "supplier_by_ref"
    const char *text;
    int params; // highest $n
    enum sql_rows { SQL_NONE, SQL_ONE, SQL_OPT, SQL_MANY } rows;
    const char *file; // "schemas/queries/supplier.sql", for messages
};
extern const struct sql *const sql_all[]; // all core statements, ended by NULL

// Opens a connection (time zone UTC, ISO dates, search path core) and prepares all core statements in one
// pipeline. `prepare` false leaves them out (migrations, verbs that run before the tables exist).
enum err db_open(const char *conninfo, bool prepare, struct db **ret, char *why, size_t why_cap) MUST;
void db_close(struct db *d);
// Another connection to the database of this context, without prepared statements and a limit for them. The
// caller closes it.
enum err db_open_beside(struct ctx *c, struct db **ret) MUST;

// Makes a lost connection usable again (reconnects, prepares). ERR_DB_AWAY when the server is away.
enum err db_ensure(struct db *d) MUST;

// Ends whatever a finished unit of work left behind: rolls back an open transaction, resets the role.
void db_release(struct db *d);

// Longest time a statement may take on this connection, now and after a reconnection; 0 is no limit. Page
// connections start with the setting db.statement_timeout_ms, those opened without `prepare` with no limit.
// Imports and other long jobs lift it.
enum err db_limit_ms(struct db *d, int64_t ms) MUST;

// Until the transaction ends or db_leave_role, statements run as this database role and find tables in this
// schema first (plugins). Only inside a transaction: its end, however it comes, takes the role away.
enum err db_enter_role(struct ctx *c, const char *role, const char *schema) MUST;
enum err db_leave_role(struct ctx *c) MUST;
// The same with a limit of its own for each statement, in the same round trip: limit_ms, 0 for that of the
// connection. db_leave_role takes that away too.
enum err db_enter_role_for(struct ctx *c, const char *role, const char *schema, int64_t limit_ms) MUST;

// Runs the deferred checks of this transaction now, and those to come at once.
enum err db_check_deferred(struct ctx *c) MUST;
// Tells those who listen on a channel, once the transaction is kept.
enum err db_notify(struct ctx *c, const char *channel, const char *payload) MUST;

// What a statement takes and gives, as PostgreSQL sees it, in the form of schemas/queries/*.types:
// "name (bigint, text) opt\n  column type\n ...". Prepares it if need be. Text in c->arena.
enum err db_describe(struct ctx *c, const struct sql *q, const char **ret_text) MUST;

// Runs a statement of SQL_ONE, SQL_OPT or SQL_MANY; parameters are texts, NULL is SQL NULL.
// SQL_ONE without a row gives ERR_NOT_FOUND; SQL_OPT may give no row. *ret_rows lives in c->arena.
// Failures are mapped from SQLSTATE in dberr.c and recorded in c.
enum err db_rows_n(struct ctx *c, const struct sql *q, struct rows **ret_rows, size_t n,
                   const char *const *p) MUST;
// Runs a statement that gives no rows (SQL_NONE); *ret_changed (may be NULL) is the number of rows changed.
enum err db_exec_n(struct ctx *c, const struct sql *q, int64_t *ret_changed, size_t n,
                   const char *const *p) MUST;

// DB_ROWS(c, supplier_by_ref, &rows, ref)   DB_EXEC(c, session_end, NULL, hash)
#define DB_COUNT_(...) (sizeof((const char *const[]){"", ##__VA_ARGS__}) / sizeof(char *) - 1)
#define DB_ROWS(c, name, ret, ...)                                                                           \
    db_rows_n((c), &sql_##name, (ret), DB_COUNT_(__VA_ARGS__), (const char *const[]){"", ##__VA_ARGS__} + 1)
#define DB_EXEC(c, name, ret, ...)                                                                           \
    db_exec_n((c), &sql_##name, (ret), DB_COUNT_(__VA_ARGS__), (const char *const[]){"", ##__VA_ARGS__} + 1)

// Rows. An unknown column name or a row out of range is a programming error and aborts.
size_t rows_count(const struct rows *r);
size_t rows_columns(const struct rows *r);
const char *rows_column(const struct rows *r, size_t col);           // its name
const char *rows_cell(const struct rows *r, size_t row, size_t col); // "" for NULL
bool rows_cell_is_null(const struct rows *r, size_t row, size_t col);
bool rows_cell_is_bool(const struct rows *r, size_t col);                // column of type boolean
const char *row_text(const struct rows *r, size_t row, const char *col); // "" for NULL
int64_t row_i64(const struct rows *r, size_t row, const char *col);      // 0 for NULL
bool row_bool(const struct rows *r, size_t row, const char *col);        // false for NULL
bool row_is_null(const struct rows *r, size_t row, const char *col);

// Transactions nest (a savepoint below the first level). db_begin remembers who opened it, for the log.
enum err db_begin_at(struct ctx *c, const char *file, int line) MUST;
#define db_begin(c) db_begin_at((c), __FILE__, __LINE__)
enum err db_commit(struct ctx *c) MUST;
void db_rollback(struct ctx *c); // ends the innermost level; safe after a failure
int db_depth(const struct db *d);

// Serialisation failures and deadlocks (40001, 40P01): runs fn in a transaction, at most three times.
enum err db_in_transaction(struct ctx *c, enum err (*fn)(struct ctx *c, void *arg), void *arg) MUST;

// Text of a many-element array parameter: {"a","b"} with quoting, for = ANY($1::text[]).
const char *db_array(struct arena *a, size_t n, const char *const *texts);

// COPY ... FROM STDIN (FORMAT binary) through a named statement (SQL_NONE).
struct copy_in;
enum err copy_in_begin(struct ctx *c, const struct sql *q, int columns, struct copy_in **ret) MUST;
void copy_in_row(struct copy_in *w); // starts the next row
void copy_in_i64(struct copy_in *w, int64_t v);
void copy_in_i32(struct copy_in *w, int32_t v);
void copy_in_i16(struct copy_in *w, int16_t v);      // the width must be the column's: smallint
void copy_in_date(struct copy_in *w, int32_t day);   // days since 1970-01-01
void copy_in_stamp(struct copy_in *w, int64_t usec); // timestamptz, microseconds since 1970
void copy_in_bool(struct copy_in *w, bool v);
void copy_in_text(struct copy_in *w, const char *s);
void copy_in_null(struct copy_in *w);
enum err copy_in_end(struct copy_in *w, int64_t *ret_rows) MUST; // sends the rest; errors of the whole copy
void copy_in_abort(struct copy_in *w);

// The same for rows that the caller puts into the binary form itself (PostgreSQL 15 manual, COPY, "Binary
// Format"), sent by a thread of its own while the caller makes more. Until the end nothing else may use the
// connection: it is refused. begin: fn runs first, in the thread (see turn); ERR_BUSY without memory or
// threads. Failures of the server show at the end.
struct copy_stream;
#define COPY_CHUNK_BYTES ((size_t)64 * 1024)
typedef enum err copy_turn_fn(struct ctx *c, void *arg);
enum err copy_stream_begin(struct ctx *c, const struct sql *q, copy_turn_fn *fn, void *arg,
                           struct copy_stream **ret) MUST;
// Room for n bytes (at most COPY_CHUNK_BYTES / 2) that follow what was put so far; took says how many of them
// were used.
char *copy_stream_room(struct copy_stream *s, size_t n);
void copy_stream_took(struct copy_stream *s, size_t n);
// Whole rows from malloc, which are the stream's from now on. wait: until not much is before them.
void copy_stream_give(struct copy_stream *s, char *bytes, size_t n, bool wait);
// When what was put so far is with the server, this COPY ends, fn runs, and the statement begins anew. In the
// thread, with a context of its own; arg must last until the end of the stream. After an error of fn no more
// is sent, and the end gives it.
void copy_stream_turn(struct copy_stream *s, copy_turn_fn *fn, void *arg);
// The same without another COPY after it: no rows follow. The caller may do other things until it asks for
// the end.
void copy_stream_last(struct copy_stream *s, copy_turn_fn *fn, void *arg);
enum err copy_stream_end(struct copy_stream *s) MUST; // frees it
void copy_stream_abort(struct copy_stream *s);        // frees it; NULL is allowed

// COPY ... TO STDOUT (FORMAT binary) through a named statement (SQL_NONE) without parameters: one row in
// memory at a time, columns by number from 0. Until the end nothing else may use the connection.
struct copy_out;
#define COPY_OUT_COLUMNS 16
enum err copy_out_begin(struct ctx *c, const struct sql *q, int columns, struct copy_out **ret) MUST;
bool copy_out_row(struct copy_out *o); // false: no more, or a failure, which copy_out_end tells
bool copy_out_null(const struct copy_out *o, int column);
int64_t copy_out_i64(const struct copy_out *o, int column); // boolean and whole numbers of any width; NULL 0
int32_t copy_out_day(const struct copy_out *o, int column); // of a date: days since 1970-01-01
const char *copy_out_text(const struct copy_out *o, int column, size_t *ret_n); // not ended by NUL
enum err copy_out_end(struct copy_out *o) MUST; // in any case, also before the last row

// LISTEN/NOTIFY on a connection of its own. The callback runs on the waiting thread.
struct db_listener;
enum err db_listener_open(const char *conninfo, const char *const *channels, struct db_listener **ret) MUST;
// Waits up to timeout_ms; calls on_note(channel, payload) for each. ERR_DB_AWAY after a lost connection:
// notes may have been missed, so the caller must treat everything as changed. It reconnects by itself on the
// next call and says ERR_DB_AWAY once more when it listens again, because what was said in between is lost
// too.
enum err db_listener_wait(struct db_listener *l, int timeout_ms,
                          void (*on_note)(void *arg, const char *channel, const char *payload),
                          void *arg) MUST;
void db_listener_wake(struct db_listener *l); // ends a wait from another thread
void db_listener_close(struct db_listener *l);

#endif
