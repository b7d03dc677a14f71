// SPDX-License-Identifier: Apache-2.0
// Named statements: prepared in one pipeline when a connection opens, or on first use; run; made anew when
// stale.
#include "db/dberr.h"
#include "db/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_START 64

// FNV-1a, 64 bits (Fowler, Noll, Vo): tells whether a statement of the same name still has the same text.
static uint64_t hash_of(const char *s) {
    uint64_t h = UINT64_C(14695981039346656037);
    for (; *s; s++) {
        h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    }
    return h;
}

static void base_name(const struct stmt *s, char *out) {
    snprintf(out, DB_STMT_NAME_BYTES, "%.*s", (int)strcspn(s->name, "."), s->name);
}

static struct stmt *slot_of(const struct stmt_table *t, const char *name) {
    size_t n = strlen(name);
    for (size_t i = (size_t)hash_of(name);; i++) {
        struct stmt *s = &t->slots[i & (t->cap - 1)];
        if (!s->used || (strncmp(s->name, name, n) == 0 && (s->name[n] == 0 || s->name[n] == '.'))) {
            return s;
        }
    }
}

static bool grow(struct stmt_table *t) {
    struct stmt_table bigger = {.cap = t->cap ? t->cap * 2 : TABLE_START, .count = t->count};
    bigger.slots = calloc(bigger.cap, sizeof *bigger.slots);
    if (!bigger.slots) {
        return false;
    }
    for (size_t i = 0; i < t->cap; i++) {
        if (t->slots[i].used) {
            char name[DB_STMT_NAME_BYTES];
            base_name(&t->slots[i], name);
            *slot_of(&bigger, name) = t->slots[i];
        }
    }
    free(t->slots);
    *t = bigger;
    return true;
}

// The place of a statement, new or old; NULL when memory is gone or the name is too long to carry a
// generation.
static struct stmt *place_of(struct db *d, const struct sql *q) {
    struct stmt_table *t = &d->stmts;
    if (strlen(q->name) > 56 || strchr(q->name, '.') || (t->count * 2 >= t->cap && !grow(t))) {
        return NULL;
    }
    struct stmt *s = slot_of(t, q->name);
    uint64_t h = hash_of(q->text);
    if (!s->used) {
        t->count++;
        *s = (struct stmt){.used = true, .text_hash = h};
        snprintf(s->name, sizeof s->name, "%s", q->name);
    } else if (s->text_hash != h) {
        s->ready = false; // a plugin came back with another text under the same name
        s->text_hash = h;
    }
    return s;
}

void stmt_forget_all(struct db *d) {
    if (d->stmts.slots) {
        memset(d->stmts.slots, 0, d->stmts.cap * sizeof *d->stmts.slots);
    }
    d->stmts.count = 0;
}

static enum err pipeline_send(struct db *d) {
    if (!PQenterPipelineMode(d->pg)) {
        return ERR_DB_AWAY;
    }
    for (size_t i = 0; sql_all[i]; i++) {
        const struct sql *q = sql_all[i];
        if (!place_of(d, q) || !PQsendPrepare(d->pg, q->name, q->text, 0, NULL)) {
            return ERR_DB_AWAY;
        }
    }
    return PQpipelineSync(d->pg) ? ERR_OK : ERR_DB_AWAY;
}

// Why a statement could not be prepared: somebody holds its tables, the database goes away, or it does not
// fit them.
static enum err not_prepared(const struct db *d, const struct sql *q, const PGresult *r, char *why,
                             size_t why_cap) {
    const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    enum err e = !text || !state || conn_lost(d->pg) ? ERR_DB_AWAY : dberr_map(state, NULL);
    if (e == ERR_DB_AWAY || e == ERR_TIMEOUT || e == ERR_BUSY) {
        snprintf(why, why_cap, "The database holds the statement %s up: %s.", q->name,
                 text ? text : "connection lost");
        return e;
    }
    snprintf(why, why_cap,
             "The statement %s (%s) does not fit the database: %s. Run \"anchorage migrate\" first.", q->name,
             q->file, text);
    return ERR_BUG;
}

static enum err pipeline_receive(struct db *d, char *why, size_t why_cap) {
    enum err e = ERR_OK;
    for (size_t i = 0; sql_all[i]; i++) {
        const struct sql *q = sql_all[i];
        PGresult *r = PQgetResult(d->pg);
        if (!r) {
            return ERR_DB_AWAY;
        }
        if (PQresultStatus(r) == PGRES_COMMAND_OK) {
            struct stmt *s = place_of(d, q);
            s->ready = true;
            s->generation = 1;
        } else if (e == ERR_OK) { // those behind the first failure were only skipped
            e = not_prepared(d, q, r, why, why_cap);
        }
        PQclear(r);
        r = PQgetResult(d->pg); // the NULL behind each result
        PQclear(r);
    }
    PGresult *sync = PQgetResult(d->pg);
    bool synced = PQresultStatus(sync) == PGRES_PIPELINE_SYNC;
    PQclear(sync);
    return e ? e : synced && PQexitPipelineMode(d->pg) ? ERR_OK : ERR_DB_AWAY;
}

enum err stmt_prepare_all(struct db *d, char *why, size_t why_cap) {
    snprintf(why, why_cap, "The connection to the database was lost.");
    enum err e = pipeline_send(d);
    return e ? e : pipeline_receive(d, why, why_cap);
}

enum err stmt_ready(struct ctx *c, const struct sql *q, struct stmt **ret) {
    struct stmt *s = place_of(c->db, q);
    if (!s) {
        return ctx_fail(c, ERR_BUG, "the statement name %s is too long or memory is gone", q->name);
    }
    if (!s->ready) {
        char name[DB_STMT_NAME_BYTES];
        snprintf(name, sizeof name, s->generation ? "%s.%u" : "%s", q->name, s->generation);
        PGresult *r = PQprepare(c->db->pg, name, q->text, 0, NULL);
        if (PQresultStatus(r) != PGRES_COMMAND_OK) {
            enum err e = dberr_fail(c, q->name, r);
            s->generation++;
            PQclear(r);
            return e;
        }
        PQclear(r);
        memcpy(s->name, name, sizeof name);
        s->generation++;
        s->ready = true;
    }
    *ret = s;
    return ERR_OK;
}

// The kept plan no longer fits (a column was added or changed), or the statement was thrown away.
static bool is_stale(const PGresult *r) {
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    return state && (strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0);
}

static enum err check_use(struct ctx *c, const struct sql *q, size_t n) {
    struct db *d = c->db;
    if (d && conn_lent(d)) {
        return ctx_fail(c, ERR_BUG, "%s: run beside a stream of rows", q->name);
    }
    if (!d || conn_lost(d->pg)) {
        return ctx_fail(c, ERR_DB_AWAY, "%s: no connection to the database", q->name);
    }
    if (d->copying) {
        return ctx_fail(c, ERR_BUG, "%s: run in the middle of a COPY", q->name);
    }
    if (n != (size_t)q->params) {
        return ctx_fail(c, ERR_BUG, "%s takes %d parameters, got %zu", q->name, q->params, n);
    }
    return ERR_OK;
}

enum err stmt_run(struct ctx *c, const struct sql *q, size_t n, const char *const *p, ExecStatusType wanted,
                  PGresult **ret_result) {
    enum err e = check_use(c, q, n);
    for (int attempt = 0; e == ERR_OK; attempt++) {
        struct stmt *s;
        e = stmt_ready(c, q, &s);
        if (e) {
            break;
        }
        PGresult *r = PQexecPrepared(c->db->pg, s->name, (int)n, p, NULL, NULL, 0);
        if (PQresultStatus(r) == wanted) {
            *ret_result = r;
            return ERR_OK;
        }
        bool stale = is_stale(r);
        if (stale) {
            s->ready = false;
        }
        if (!stale || attempt > 0 || c->db->depth > 0) {
            e = PQresultErrorField(r, PG_DIAG_SQLSTATE) || conn_lost(c->db->pg)
                    ? dberr_fail(c, q->name, r)
                    : ctx_fail(c, ERR_BUG, "%s gave %s, which its \"rows\" line does not say", q->name,
                               PQresStatus(PQresultStatus(r)));
        }
        PQclear(r);
    }
    return e;
}

enum err stmt_simple(struct ctx *c, const char *text, const char *what) {
    struct db *d = c->db;
    if (d && conn_lent(d)) {
        return ctx_fail(c, ERR_BUG, "%s: run beside a stream of rows", what);
    }
    if (!d || conn_lost(d->pg)) {
        return ctx_fail(c, ERR_DB_AWAY, "%s: no connection to the database", what);
    }
    if (d->copying) {
        return ctx_fail(c, ERR_BUG, "%s: run in the middle of a COPY", what);
    }
    PGresult *r = PQexec(d->pg, text);
    enum err e = PQresultStatus(r) == PGRES_COMMAND_OK ? ERR_OK : dberr_fail(c, what, r);
    PQclear(r);
    return e;
}

enum err db_rows_n(struct ctx *c, const struct sql *q, struct rows **ret_rows, size_t n,
                   const char *const *p) {
    if (q->rows == SQL_NONE) {
        return ctx_fail(c, ERR_BUG, "%s gives no rows; use DB_EXEC", q->name);
    }
    PGresult *r;
    enum err e = stmt_run(c, q, n, p, PGRES_TUPLES_OK, &r);
    if (e) {
        return e;
    }
    int got = PQntuples(r);
    struct rows *rows = rows_own(c->arena, r, q->name);
    if (got > 1 && q->rows != SQL_MANY) {
        return ctx_fail(c, ERR_BUG, "%s gave %d rows instead of one", q->name, got);
    }
    if (got == 0 && q->rows == SQL_ONE) {
        return ctx_fail(c, ERR_NOT_FOUND, "%s: there is no such row", q->name);
    }
    *ret_rows = rows;
    return ERR_OK;
}

enum err db_exec_n(struct ctx *c, const struct sql *q, int64_t *ret_changed, size_t n, const char *const *p) {
    if (q->rows != SQL_NONE) {
        return ctx_fail(c, ERR_BUG, "%s gives rows; use DB_ROWS", q->name);
    }
    PGresult *r;
    enum err e = stmt_run(c, q, n, p, PGRES_COMMAND_OK, &r);
    if (e) {
        return e;
    }
    if (ret_changed) {
        *ret_changed = strtoll(PQcmdTuples(r), NULL, 10);
    }
    PQclear(r);
    return ERR_OK;
}
