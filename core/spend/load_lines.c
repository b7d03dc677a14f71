// SPDX-License-Identifier: Apache-2.0
// Lines of a load in the binary form of COPY (PostgreSQL 15 manual, COPY, "Binary Format"): big-endian.
#include "spend/load_lines.h"

#include "db/db.h"
#include "db/queries.gen.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define YEARS_MOST   64
#define WAITING_MOST ((size_t)10 * 1024 * 1024) // bytes held back for each year, on average
#define WAITING_STEP ((size_t)1024 * 1024)      // after so many more the choice of the year is thought over
#define WORTH_IT     ((size_t)2 * 1024 * 1024)  // a year must have waiting before it gets its turn
#define TXN_BYTES    100
#define LINE_BYTES   (2 + 4 + 4 + 2 * 8 + 8 + 2 * 6 + 12 + 12 + 4 + TXN_BYTES)
#define PG_EPOCH_DAY 10957 // 2000-01-01 as days since 1970-01-01

struct year {
    int fy;
    int64_t rows;
    char *waiting;
    size_t used, cap;
};

struct lines {
    struct ctx *c;
    struct ctx own; // with the connection that the lines go over
    int64_t load_id;
    bool full, beside, attached;
    struct year years[YEARS_MOST];
    size_t count;
    struct year *now; // whose table is spend_incoming; NULL none yet
    struct copy_stream *stream;
    size_t waiting, step, flowed; // bytes held back, when looked at last; sent since then
};

struct lines *lines_new(struct ctx *c, int64_t load_id, bool full, bool beside) {
    struct lines *l = calloc(1, sizeof *l);
    if (!l) {
        abort();
    }
    l->c = c;
    l->own = *c;
    l->load_id = load_id;
    l->full = full;
    l->beside = beside;
    return l;
}

void lines_free(struct lines *l) {
    if (!l) {
        return;
    }
    copy_stream_abort(l->stream);
    if (l->own.db != l->c->db) {
        db_rollback(&l->own);
        db_close(l->own.db);
    }
    for (size_t i = 0; i < l->count; i++) {
        free(l->years[i].waiting);
    }
    free(l);
}

// ---- one line as bytes --------------------------------------------------------------------------------

static char *put16(char *p, uint16_t v) {
    v = htobe16(v);
    memcpy(p, &v, sizeof v);
    return p + sizeof v;
}

static char *put32(char *p, uint32_t v) {
    v = htobe32(v);
    memcpy(p, &v, sizeof v);
    return p + sizeof v;
}

static char *put64(char *p, uint64_t v) {
    v = htobe64(v);
    memcpy(p, &v, sizeof v);
    return p + sizeof v;
}

static char *field16(char *p, int16_t v) {
    return put16(put32(p, 2), (uint16_t)v);
}

static char *field32(char *p, int32_t v) {
    return put32(put32(p, 4), (uint32_t)v);
}

static char *field64(char *p, int64_t v) {
    return put64(put32(p, 8), (uint64_t)v);
}

static uint32_t txn_bytes(const struct load_line *n) {
    uint32_t k = n->txn_length;
    if (k > TXN_BYTES) {
        k = TXN_BYTES;
        while (k > 0 && ((unsigned char)n->txn[k] & 0xc0) == 0x80) {
            k--;
        }
    }
    return k;
}

static size_t line_bytes(char *at, const struct load_line *n, bool full) {
    char *p = put16(at, full ? 9 : 7);
    p = field32(p, n->no);
    p = field32(p, n->payee_id);
    p = field32(p, n->label_id);
    p = field32(p, n->day - PG_EPOCH_DAY);
    p = field16(p, n->flow);
    p = field16(p, n->flags);
    p = field64(p, n->pence);
    if (full) {
        p = n->vat_lost_pence ? field64(p, n->vat_lost_pence) : put32(p, UINT32_MAX);
        uint32_t k = txn_bytes(n);
        p = put32(p, k ? k : UINT32_MAX);
        if (k > 0) {
            memcpy(p, n->txn, k);
            p += k;
        }
    }
    return (size_t)(p - at);
}

// ---- years --------------------------------------------------------------------------------------------

// From one year's table to another's: in the stream's thread, while the next lines are made.
struct turn {
    char fy[12], load_id[24], was[12]; // was "": no other had its turn before
    bool full, begin;
};

static enum err make_turn(struct ctx *c, void *arg) {
    const struct turn *t = arg;
    struct rows *r;
    enum err e = t->begin ? db_begin(c) : ERR_OK;
    e = e || *t->was ? e : DB_ROWS(c, load_lines_begin, &r);
    return e ? e
             : DB_ROWS(c, load_incoming, &r, t->fy, t->load_id, *t->was ? t->was : NULL,
                       t->full ? "true" : "false");
}

static enum err make_last(struct ctx *c, void *arg) {
    const struct turn *t = arg;
    struct rows *r;
    return DB_ROWS(c, load_incoming_end, &r, t->was);
}

static struct turn *turn_from(const struct lines *l) {
    struct turn *t = arena_alloc(l->c->arena, sizeof *t);
    *t = (struct turn){.full = l->full};
    snprintf(t->load_id, sizeof t->load_id, "%" PRId64, l->load_id);
    if (l->now) {
        snprintf(t->was, sizeof t->was, "%d", l->now->fy);
    }
    return t;
}

// The first year. Without another connection (the server may have given all it has) that of the load serves.
static enum err begin_stream(struct lines *l, struct turn *t) {
    struct db *beside;
    if (l->beside && db_open_beside(&l->own, &beside) == ERR_OK) {
        l->own.db = beside;
        t->begin = true;
    }
    enum err e = copy_stream_begin(&l->own, l->full ? &sql_load_lines_copy_full : &sql_load_lines_copy,
                                   make_turn, t, &l->stream);
    return e ? ctx_fail(l->c, e, "%s", l->own.err_detail) : ERR_OK;
}

// From now on lines of this year go to the server; those that waited first.
static enum err turn_to(struct lines *l, struct year *y, bool wait) {
    struct turn *t = turn_from(l);
    snprintf(t->fy, sizeof t->fy, "%d", y->fy);
    l->now = y;
    if (l->stream) {
        copy_stream_turn(l->stream, make_turn, t);
    } else {
        enum err e = begin_stream(l, t);
        if (e != ERR_OK) {
            return e;
        }
    }
    l->waiting -= y->used;
    if (y->waiting) {
        copy_stream_give(l->stream, y->waiting, y->used, wait);
    }
    y->waiting = NULL;
    y->used = y->cap = 0;
    l->step = l->waiting;
    l->flowed = 0;
    return ERR_OK;
}

static struct year *most_waiting(struct lines *l) {
    struct year *most = &l->years[0];
    for (size_t i = 1; i < l->count; i++) {
        most = l->years[i].used > most->used ? &l->years[i] : most;
    }
    return most;
}

static enum err hold_back(struct lines *l, struct year *y, const struct load_line *line) {
    if (y->used + LINE_BYTES > y->cap) {
        y->cap = y->cap ? y->cap * 2 : (size_t)64 * 1024;
        y->waiting = realloc(y->waiting, y->cap);
        if (!y->waiting) {
            abort(); // bounded by WAITING_MOST
        }
    }
    size_t n = line_bytes(y->waiting + y->used, line, l->full);
    y->used += n;
    l->waiting += n;
    if (l->waiting < l->step + WAITING_STEP) {
        return ERR_OK;
    }
    struct year *most = most_waiting(l);
    bool others_come_more = l->flowed < WAITING_STEP / 2 && most->used >= WORTH_IT;
    l->step = l->waiting;
    l->flowed = 0;
    return others_come_more || l->waiting > WAITING_MOST * (l->count - 1) ? turn_to(l, most, true) : ERR_OK;
}

static struct year *year_of(struct lines *l, int fy) {
    for (size_t i = 0; i < l->count; i++) {
        if (l->years[i].fy == fy) {
            return &l->years[i];
        }
    }
    if (l->count == YEARS_MOST) {
        return NULL;
    }
    l->years[l->count] = (struct year){.fy = fy};
    return &l->years[l->count++];
}

enum err lines_add(struct lines *l, int fy, const struct load_line *line) {
    struct year *y = l->now && l->now->fy == fy ? l->now : year_of(l, fy);
    if (!y) {
        return ctx_fail(l->c, ERR_TOO_LARGE,
                        "The payments of this file are spread over more than %d years. Look at the dates.",
                        YEARS_MOST);
    }
    y->rows++;
    if (!l->now) {
        enum err e = turn_to(l, y, true);
        if (e != ERR_OK) {
            return e;
        }
    }
    if (y != l->now) {
        return hold_back(l, y, line);
    }
    size_t n = line_bytes(copy_stream_room(l->stream, LINE_BYTES), line, l->full);
    copy_stream_took(l->stream, n);
    l->flowed += n;
    return ERR_OK;
}

// Waits for the last line; what another connection has stored stays.
static enum err settle(struct lines *l) {
    struct copy_stream *s = l->stream;
    if (!s) {
        return ERR_OK;
    }
    l->stream = NULL;
    enum err e = copy_stream_end(s);
    e = e || l->own.db == l->c->db ? e : db_commit(&l->own);
    return e ? ctx_fail(l->c, e, "%s", l->own.err_detail) : ERR_OK;
}

enum err lines_end(struct lines *l) {
    enum err e = ERR_OK;
    while (e == ERR_OK && l->waiting > 0) {
        e = turn_to(l, most_waiting(l), false); // they are in memory already
    }
    if (e == ERR_OK && l->stream) {
        copy_stream_last(l->stream, make_last, turn_from(l));
    }
    return e || l->own.db != l->c->db ? e : settle(l);
}

enum err lines_attach(struct lines *l) {
    struct arena *a = l->c->arena;
    if (l->attached) {
        return ERR_OK;
    }
    l->attached = true;
    enum err e = settle(l);
    for (size_t i = 0; e == ERR_OK && i < l->count; i++) {
        const struct year *y = &l->years[i];
        struct rows *r;
        e = DB_ROWS(l->c, load_attach, &r, arena_i64(a, y->fy), arena_i64(a, l->load_id),
                    arena_i64(a, y->rows));
    }
    return e;
}
