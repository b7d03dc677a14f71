// SPDX-License-Identifier: Apache-2.0
// COPY of many rows that the caller has put into binary form itself: a thread of its own hands them to the
// server, so that the caller makes the next rows while the server stores the last.
#include "db/internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define CHUNKS 16 // a power of two

struct copy_stream {
    struct ctx *c;
    const char *name;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t filled, sent; // chunks in all so far; the caller fills chunk filled % CHUNKS
    bool closing, failed;
    size_t used[CHUNKS];
    char chunk[CHUNKS][COPY_CHUNK_BYTES];
};

static void *send_chunks(void *arg) {
    struct copy_stream *s = arg;
    pthread_mutex_lock(&s->lock);
    for (;;) {
        while (s->sent == s->filled && !s->closing) {
            pthread_cond_wait(&s->changed, &s->lock);
        }
        if (s->sent == s->filled) {
            break;
        }
        size_t at = s->sent % CHUNKS;
        bool failed = s->failed;
        pthread_mutex_unlock(&s->lock);
        // After a failure the chunks are only taken, so that the caller does not wait for ever.
        failed = failed || PQputCopyData(s->c->db->pg, s->chunk[at], (int)s->used[at]) != 1;
        pthread_mutex_lock(&s->lock);
        s->failed = failed;
        s->sent++;
        pthread_cond_signal(&s->changed);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void free_stream(struct copy_stream *s) {
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

enum err copy_stream_begin(struct ctx *c, const struct sql *q, struct copy_stream **ret) {
    struct copy_stream *s = malloc(sizeof *s);
    if (!s) {
        return ctx_fail(c, ERR_BUSY, "%s: no memory for the rows", q->name);
    }
    s->c = c;
    s->name = q->name;
    s->filled = s->sent = 0;
    s->closing = s->failed = false;
    memset(s->used, 0, sizeof s->used);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    PGresult *r;
    enum err e = stmt_run(c, q, 0, NULL, PGRES_COPY_IN, &r);
    if (e) {
        free_stream(s);
        return e;
    }
    PQclear(r);
    c->db->copying = true;
    if (pthread_create(&s->thread, NULL, send_chunks, s) != 0) {
        (void)copy_finish(c, q->name, "there is no thread left", NULL); // it fails, as it should
        free_stream(s);
        return ctx_fail(c, ERR_BUSY, "%s: no thread to send the rows", q->name);
    }
    memcpy(s->chunk[0], COPY_HEAD, COPY_HEAD_BYTES);
    s->used[0] = COPY_HEAD_BYTES;
    *ret = s;
    return ERR_OK;
}

// The chunk being filled goes to the sender; waits for room for the next.
static void pass_on(struct copy_stream *s) {
    pthread_mutex_lock(&s->lock);
    s->filled++;
    pthread_cond_signal(&s->changed);
    while (s->filled - s->sent == CHUNKS) {
        pthread_cond_wait(&s->changed, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    s->used[s->filled % CHUNKS] = 0;
}

char *copy_stream_room(struct copy_stream *s, size_t n) {
    if (s->used[s->filled % CHUNKS] + n > COPY_CHUNK_BYTES) {
        pass_on(s);
    }
    size_t at = s->filled % CHUNKS;
    return s->chunk[at] + s->used[at];
}

void copy_stream_took(struct copy_stream *s, size_t n) {
    s->used[s->filled % CHUNKS] += n;
}

void copy_stream_put(struct copy_stream *s, const void *bytes, size_t n) {
    const char *p = bytes;
    while (n > 0) {
        size_t part = n < COPY_CHUNK_BYTES / 2 ? n : COPY_CHUNK_BYTES / 2;
        memcpy(copy_stream_room(s, part), p, part);
        copy_stream_took(s, part);
        p += part;
        n -= part;
    }
}

static void end_thread(struct copy_stream *s) {
    pthread_mutex_lock(&s->lock);
    s->filled += s->used[s->filled % CHUNKS] > 0;
    s->closing = true;
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
}

enum err copy_stream_end(struct copy_stream *s, int64_t *ret_rows) {
    static const char tail[2] = "\377\377";
    memcpy(copy_stream_room(s, sizeof tail), tail, sizeof tail);
    copy_stream_took(s, sizeof tail);
    end_thread(s);
    struct ctx *c = s->c;
    // When sending failed, the server's own words come with the result, or the connection is gone.
    enum err e = copy_finish(c, s->name, NULL, ret_rows);
    if (e == ERR_OK && s->failed) {
        e = ctx_fail(c, ERR_DB_AWAY, "%s: the rows could not be sent", s->name);
    }
    free_stream(s);
    return e;
}

void copy_stream_abort(struct copy_stream *s) {
    if (s) {
        end_thread(s);
        enum err ignored = copy_finish(s->c, s->name, "given up by the program", NULL);
        (void)ignored;
        free_stream(s);
    }
}
