// SPDX-License-Identifier: Apache-2.0
// COPY ... FROM STDIN (FORMAT binary): the fast way in for many rows.
// Format: PostgreSQL 15 manual, COPY, "Binary Format"; all numbers big-endian.
#include "db/internal.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_BYTES ((size_t)64 * 1024)
#define PG_EPOCH_DAY 10957 // 2000-01-01 as days since 1970-01-01
#define USEC_A_DAY   INT64_C(86400000000)

struct copy_in {
    struct ctx *c;
    const char *name;
    int columns;
    int left; // fields the current row still needs
    enum err err;
    size_t used;
    char buffer[BUFFER_BYTES];
};

static void flush(struct copy_in *w) {
    if (w->used && w->err == ERR_OK && PQputCopyData(w->c->db->pg, w->buffer, (int)w->used) != 1) {
        w->err = dberr_fail(w->c, w->name, NULL);
    }
    w->used = 0;
}

static void put(struct copy_in *w, const void *bytes, size_t n) {
    const char *p = bytes;
    while (n > 0) {
        size_t room = BUFFER_BYTES - w->used;
        size_t part = n < room ? n : room;
        memcpy(w->buffer + w->used, p, part);
        w->used += part;
        p += part;
        n -= part;
        if (w->used == BUFFER_BYTES) {
            flush(w);
        }
    }
}

static void put_u16(struct copy_in *w, uint16_t v) {
    v = htobe16(v);
    put(w, &v, sizeof v);
}

static void put_u32(struct copy_in *w, uint32_t v) {
    v = htobe32(v);
    put(w, &v, sizeof v);
}

static void put_u64(struct copy_in *w, uint64_t v) {
    v = htobe64(v);
    put(w, &v, sizeof v);
}

static void field(struct copy_in *w) {
    if (w->left <= 0 && w->err == ERR_OK) {
        w->err = ctx_fail(w->c, ERR_BUG, "%s: a row has more than %d columns", w->name, w->columns);
    }
    w->left--;
}

enum err copy_in_begin(struct ctx *c, const struct sql *q, int columns, struct copy_in **ret) {
    PGresult *r;
    enum err e = stmt_run(c, q, 0, NULL, PGRES_COPY_IN, &r);
    if (e) {
        return e;
    }
    PQclear(r);
    c->db->copying = true;
    struct copy_in *w = arena_alloc(c->arena, sizeof *w);
    w->c = c;
    w->name = q->name;
    w->columns = columns;
    put(w, COPY_HEAD, COPY_HEAD_BYTES);
    *ret = w;
    return ERR_OK;
}

void copy_in_row(struct copy_in *w) {
    if (w->left != 0 && w->err == ERR_OK) {
        w->err = ctx_fail(w->c, ERR_BUG, "%s: a row has fewer than %d columns", w->name, w->columns);
    }
    w->left = w->columns;
    put_u16(w, (uint16_t)w->columns);
}

void copy_in_i64(struct copy_in *w, int64_t v) {
    field(w);
    put_u32(w, 8);
    put_u64(w, (uint64_t)v);
}

void copy_in_i32(struct copy_in *w, int32_t v) {
    field(w);
    put_u32(w, 4);
    put_u32(w, (uint32_t)v);
}

void copy_in_i16(struct copy_in *w, int16_t v) {
    field(w);
    put_u32(w, 2);
    put_u16(w, (uint16_t)v);
}

void copy_in_date(struct copy_in *w, int32_t day) {
    copy_in_i32(w, day - PG_EPOCH_DAY);
}

void copy_in_stamp(struct copy_in *w, int64_t usec) {
    copy_in_i64(w, usec - PG_EPOCH_DAY * USEC_A_DAY);
}

void copy_in_bool(struct copy_in *w, bool v) {
    field(w);
    put_u32(w, 1);
    put(w, v ? "\1" : "\0", 1);
}

void copy_in_text(struct copy_in *w, const char *s) {
    size_t n = strlen(s);
    field(w);
    put_u32(w, (uint32_t)n);
    put(w, s, n);
}

void copy_in_null(struct copy_in *w) {
    field(w);
    put_u32(w, UINT32_MAX);
}

enum err copy_finish(struct ctx *c, const char *name, const char *abort_reason, int64_t *ret_rows) {
    PGconn *pg = c->db->pg;
    enum err e = ERR_OK;
    int64_t rows = 0;
    if (PQputCopyEnd(pg, abort_reason) != 1) {
        e = dberr_fail(c, name, NULL);
    }
    for (PGresult *r; (r = PQgetResult(pg));) {
        if (PQresultStatus(r) == PGRES_COMMAND_OK) {
            rows = strtoll(PQcmdTuples(r), NULL, 10);
        } else if (e == ERR_OK && !abort_reason) {
            e = dberr_fail(c, name, r);
        }
        PQclear(r);
        if (conn_lost(pg)) {
            break;
        }
    }
    c->db->copying = false;
    if (e == ERR_OK && ret_rows) {
        *ret_rows = rows;
    }
    return e;
}

enum err copy_in_end(struct copy_in *w, int64_t *ret_rows) {
    if (w->left != 0 && w->err == ERR_OK) {
        w->err = ctx_fail(w->c, ERR_BUG, "%s: the last row has fewer than %d columns", w->name, w->columns);
    }
    put_u16(w, UINT16_MAX);
    flush(w);
    if (w->err) {
        enum err e = w->err;
        copy_in_abort(w);
        return e;
    }
    return copy_finish(w->c, w->name, NULL, ret_rows);
}

void copy_in_abort(struct copy_in *w) {
    enum err ignored = copy_finish(w->c, w->name, "given up by the program", NULL);
    (void)ignored;
}
