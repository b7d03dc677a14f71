// SPDX-License-Identifier: Apache-2.0
// COPY ... TO STDOUT (FORMAT binary): the fast way out for many rows, one row in memory at a time.
// Format: PostgreSQL 15 manual, COPY, "Binary Format"; all numbers big-endian.
#include "db/internal.h"

#include <stdlib.h>
#include <string.h>

#define PG_EPOCH_DAY 10957 // 2000-01-01 as days since 1970-01-01
#define HEAD_BYTES   19    // signature, flags, length of the extension

struct copy_out {
    struct ctx *c;
    const char *name;
    int columns;
    bool begun, ended;
    enum err err;
    char *message; // of libpq, holds the row
    const unsigned char *field[COPY_OUT_COLUMNS];
    int32_t bytes[COPY_OUT_COLUMNS]; // -1: NULL
};

enum err copy_out_begin(struct ctx *c, const struct sql *q, int columns, struct copy_out **ret) {
    PGresult *r;
    if (columns < 1 || columns > COPY_OUT_COLUMNS) {
        return ctx_fail(c, ERR_BUG, "%s: %d columns", q->name, columns);
    }
    enum err e = stmt_run(c, q, 0, NULL, PGRES_COPY_OUT, &r);
    if (e) {
        return e;
    }
    PQclear(r);
    c->db->copying = true;
    struct copy_out *o = arena_alloc(c->arena, sizeof *o);
    o->c = c;
    o->name = q->name;
    o->columns = columns;
    *ret = o;
    return ERR_OK;
}

static uint32_t read_u32(const unsigned char *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool broken(struct copy_out *o, const char *what) {
    o->err = ctx_fail(o->c, ERR_BUG, "%s: %s", o->name, what);
    return false;
}

// Finds the fields of a row; false at the mark of the end and for what is no row.
static bool split(struct copy_out *o, const unsigned char *p, size_t n) {
    const unsigned char *end = p + n;
    if (!o->begun) {
        if (n < HEAD_BYTES) {
            return broken(o, "no head");
        }
        o->begun = true;
        p += HEAD_BYTES;
    }
    if (end - p < 2 || (p[0] == 0xFF && p[1] == 0xFF)) {
        return false;
    }
    if ((p[0] << 8 | p[1]) != o->columns) {
        return broken(o, "another number of columns");
    }
    p += 2;
    for (int i = 0; i < o->columns; i++) {
        int32_t bytes = end - p < 4 ? -2 : (int32_t)read_u32(p);
        p += 4;
        if (bytes < -1 || end - p < (bytes < 0 ? 0 : bytes)) {
            return broken(o, "a field that ends too early");
        }
        o->field[i] = p;
        o->bytes[i] = bytes;
        p += bytes < 0 ? 0 : bytes;
    }
    return true;
}

bool copy_out_row(struct copy_out *o) {
    if (o->ended || o->err) {
        return false;
    }
    PQfreemem(o->message);
    o->message = NULL;
    int n = PQgetCopyData(o->c->db->pg, &o->message, 0);
    if (n <= 0) {
        o->ended = true;
        return false;
    }
    return split(o, (const unsigned char *)o->message, (size_t)n) || (o->err == ERR_OK && copy_out_row(o));
}

bool copy_out_null(const struct copy_out *o, int column) {
    return o->bytes[column] < 0;
}

int64_t copy_out_i64(const struct copy_out *o, int column) {
    const unsigned char *p = o->field[column];
    switch (o->bytes[column]) {
    case 1:
        return p[0];
    case 2:
        return (int16_t)(p[0] << 8 | p[1]);
    case 4:
        return (int32_t)read_u32(p);
    case 8:
        return (int64_t)((uint64_t)read_u32(p) << 32 | read_u32(p + 4));
    default:
        return 0;
    }
}

int32_t copy_out_day(const struct copy_out *o, int column) {
    int64_t day = copy_out_i64(o, column) + PG_EPOCH_DAY;
    return day > INT32_MAX ? INT32_MAX : day < INT32_MIN ? INT32_MIN : (int32_t)day;
}

const char *copy_out_text(const struct copy_out *o, int column, size_t *ret_n) {
    *ret_n = o->bytes[column] < 0 ? 0 : (size_t)o->bytes[column];
    return (const char *)o->field[column];
}

enum err copy_out_end(struct copy_out *o) {
    PGconn *pg = o->c->db->pg;
    PQfreemem(o->message);
    o->message = NULL;
    for (char *rest; !o->ended && PQgetCopyData(pg, &rest, 0) > 0;) {
        PQfreemem(rest); // the reader has given up: what is under way has to be taken off the line
    }
    for (PGresult *r; (r = PQgetResult(pg));) {
        if (PQresultStatus(r) != PGRES_COMMAND_OK && o->err == ERR_OK) {
            o->err = dberr_fail(o->c, o->name, r);
        }
        PQclear(r);
        if (conn_lost(pg)) {
            break;
        }
    }
    o->c->db->copying = false;
    if (conn_lost(pg) && o->err == ERR_OK) {
        o->err = dberr_fail(o->c, o->name, NULL);
    }
    return o->err;
}
