// SPDX-License-Identifier: Apache-2.0
// COPY of many rows that the caller has put into binary form itself: a thread of its own hands them to the
// server, so that the caller makes the next rows while the server stores the last. The thread has the
// connection until the end, and does what lies between one COPY and the next as well.
#include "db/internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS       256
#define QUEUE_BYTES ((size_t)12 * 1024 * 1024) // waiting to be sent; more makes the caller wait
#define SPARES      16
#define OWN_BYTES   ((size_t)8 * 1024 * 1024)

// Bytes to send; or (bytes NULL) the end of this COPY, a piece of work, and the beginning of the next one,
// unless it is the last.
struct item {
    char *bytes;
    size_t used;
    copy_turn_fn *turn;
    void *arg;
    bool last;
};

struct copy_stream {
    struct ctx *c;  // the caller's
    struct ctx own; // the thread's
    const struct sql *q;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct item items[ITEMS];
    size_t filled, sent, bytes; // items in all so far; bytes of those not sent
    bool closing, failed;
    bool in_copy; // the server is; of the thread's while it runs
    enum err err; // of a turn
    char *chunk;  // being filled by the caller
    size_t used;
    char *spare[SPARES]; // chunks to be filled again
    size_t spares;
};

static _Thread_local const void *lane; // the stream that this thread serves

bool conn_lent(struct db *d) {
    const void *to = atomic_load_explicit(&d->lent, memory_order_acquire);
    return to && to != lane;
}

// ---- the thread

static bool send_bytes(struct copy_stream *s, const void *bytes, size_t n) {
    return PQputCopyData(s->own.db->pg, bytes, (int)n) == 1;
}

static bool send_tail(struct copy_stream *s) {
    return send_bytes(s, "\377\377", 2);
}

static enum err begin_copy(struct ctx *c, struct copy_stream *s) {
    PGresult *r;
    enum err e = stmt_run(c, s->q, 0, NULL, PGRES_COPY_IN, &r);
    if (e == ERR_OK) {
        PQclear(r);
        c->db->copying = s->in_copy = true;
    }
    return e;
}

static enum err end_copy(struct copy_stream *s) {
    bool sent = send_tail(s); // when not, the server's own words come with the result
    s->in_copy = false;
    enum err e = copy_finish(&s->own, s->q->name, NULL, NULL);
    return e || sent ? e : ctx_fail(&s->own, ERR_DB_AWAY, "%s: the rows could not be sent", s->q->name);
}

static bool take_turn(struct copy_stream *s, const struct item *it) {
    s->err = s->in_copy ? end_copy(s) : ERR_OK;
    s->err = s->err ? s->err : it->turn(&s->own, it->arg);
    if (it->last) {
        return s->err == ERR_OK;
    }
    s->err = s->err ? s->err : begin_copy(&s->own, s);
    return s->err == ERR_OK && send_bytes(s, COPY_HEAD, COPY_HEAD_BYTES);
}

static void let_go(struct copy_stream *s, const struct item *it) {
    if (it->used <= COPY_CHUNK_BYTES && s->spares < SPARES) {
        s->spare[s->spares++] = it->bytes; // room for less than a chunk is never given (copy_stream_give)
    } else {
        free(it->bytes);
    }
}

static void *send_items(void *arg) {
    struct copy_stream *s = arg;
    lane = s;
    pthread_mutex_lock(&s->lock);
    for (;;) {
        while (s->sent == s->filled && !s->closing) {
            pthread_cond_wait(&s->changed, &s->lock);
        }
        if (s->sent == s->filled) {
            break;
        }
        struct item it = s->items[s->sent % ITEMS];
        bool failed = s->failed;
        pthread_mutex_unlock(&s->lock);
        // After a failure things are only taken, so that the caller does not wait for ever.
        failed = failed || !(it.bytes ? send_bytes(s, it.bytes, it.used) : take_turn(s, &it));
        pthread_mutex_lock(&s->lock);
        s->failed |= failed;
        s->sent++;
        s->bytes -= it.used;
        if (it.bytes) {
            let_go(s, &it);
        }
        pthread_cond_signal(&s->changed);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

// ---- the caller

static void free_stream(struct copy_stream *s) {
    atomic_store_explicit(&s->c->db->lent, NULL, memory_order_release);
    for (size_t i = 0; i < s->spares; i++) {
        free(s->spare[i]);
    }
    free(s->chunk);
    arena_free(s->own.arena);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static void put_item(struct copy_stream *s, struct item it, bool wait) {
    pthread_mutex_lock(&s->lock);
    while (s->filled - s->sent == ITEMS || (wait && s->bytes > QUEUE_BYTES)) {
        pthread_cond_wait(&s->changed, &s->lock);
    }
    s->items[s->filled % ITEMS] = it;
    s->filled++;
    s->bytes += it.used;
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static struct copy_stream *new_stream(struct ctx *c, const struct sql *q) {
    struct copy_stream *s = calloc(1, sizeof *s);
    char *chunk = malloc(COPY_CHUNK_BYTES);
    if (!s || !chunk) {
        free(s);
        free(chunk);
        return NULL;
    }
    s->c = c;
    s->q = q;
    s->chunk = chunk;
    s->own = *c;
    s->own.arena = arena_new(OWN_BYTES);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    return s;
}

enum err copy_stream_begin(struct ctx *c, const struct sql *q, copy_turn_fn *fn, void *arg,
                           struct copy_stream **ret) {
    struct copy_stream *s = new_stream(c, q);
    if (!s) {
        return ctx_fail(c, ERR_BUSY, "%s: no memory for the rows", q->name);
    }
    put_item(s, (struct item){.turn = fn, .arg = arg}, false);
    atomic_store_explicit(&c->db->lent, s, memory_order_release);
    if (pthread_create(&s->thread, NULL, send_items, s) != 0) {
        free_stream(s);
        return ctx_fail(c, ERR_BUSY, "%s: no thread to send the rows", q->name);
    }
    *ret = s;
    return ERR_OK;
}

// The chunk being filled goes to the thread.
static void pass_on(struct copy_stream *s) {
    if (s->used == 0) {
        return;
    }
    put_item(s, (struct item){.bytes = s->chunk, .used = s->used}, true);
    pthread_mutex_lock(&s->lock);
    s->chunk = s->spares > 0 ? s->spare[--s->spares] : NULL;
    pthread_mutex_unlock(&s->lock);
    s->chunk = s->chunk ? s->chunk : malloc(COPY_CHUNK_BYTES);
    if (!s->chunk) {
        abort(); // bounded by QUEUE_BYTES
    }
    s->used = 0;
}

char *copy_stream_room(struct copy_stream *s, size_t n) {
    if (s->used + n > COPY_CHUNK_BYTES) {
        pass_on(s);
    }
    return s->chunk + s->used;
}

void copy_stream_took(struct copy_stream *s, size_t n) {
    s->used += n;
}

void copy_stream_give(struct copy_stream *s, char *bytes, size_t n, bool wait) {
    pass_on(s);
    if (n > COPY_CHUNK_BYTES) {
        put_item(s, (struct item){.bytes = bytes, .used = n}, wait);
    } else {
        memcpy(s->chunk, bytes, n);
        s->used = n;
        free(bytes);
    }
}

void copy_stream_turn(struct copy_stream *s, copy_turn_fn *fn, void *arg) {
    pass_on(s);
    put_item(s, (struct item){.turn = fn, .arg = arg}, false);
}

void copy_stream_last(struct copy_stream *s, copy_turn_fn *fn, void *arg) {
    pass_on(s);
    put_item(s, (struct item){.turn = fn, .arg = arg, .last = true}, false);
}

static void end_thread(struct copy_stream *s) {
    pthread_mutex_lock(&s->lock);
    s->closing = true;
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    atomic_store_explicit(&s->c->db->lent, NULL, memory_order_release);
}

enum err copy_stream_end(struct copy_stream *s) {
    pass_on(s);
    end_thread(s);
    struct ctx *c = s->c;
    enum err e = s->err;
    if (e != ERR_OK) {
        e = ctx_fail(c, e, "%s", s->own.err_detail ? s->own.err_detail : "");
    }
    if (s->in_copy) {
        // When sending failed, the server's own words come with the result, or the connection is gone.
        bool sent = !s->failed && send_tail(s);
        enum err end = copy_finish(c, s->q->name, e ? "given up by the program" : NULL, NULL);
        e = e ? e : end;
        if (e == ERR_OK && !sent) {
            e = ctx_fail(c, ERR_DB_AWAY, "%s: the rows could not be sent", s->q->name);
        }
    }
    free_stream(s);
    return e;
}

void copy_stream_abort(struct copy_stream *s) {
    if (s) {
        pthread_mutex_lock(&s->lock);
        s->failed = true; // nothing more is sent
        pthread_mutex_unlock(&s->lock);
        end_thread(s);
        if (s->in_copy) {
            enum err ignored = copy_finish(s->c, s->q->name, "given up by the program", NULL);
            (void)ignored;
        }
        free_stream(s);
    }
}
