// SPDX-License-Identifier: Apache-2.0
// Memory with one end: chunked bump allocation and end callbacks.
#include "base/arena.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAGIC 0x41524e41u
#define CHUNK_BYTES ((size_t)16 * 1024)
#define ALIGN       (_Alignof(max_align_t))

struct chunk {
    struct chunk *next;
    size_t size, used;
    max_align_t bytes[];
};

struct end_call {
    struct end_call *next;
    void (*fn)(void *);
    void *arg;
};

struct arena {
    uint32_t magic;
    size_t limit, used;
    struct chunk *first, *current;
    struct end_call *ends;
};

static _Noreturn void arena_die(const char *why, size_t n) {
    fprintf(stderr, "arena: %s (%zu bytes asked)\n", why, n);
    abort();
}

static struct chunk *chunk_new(size_t size) {
    struct chunk *c = malloc(sizeof *c + size);
    if (!c) {
        arena_die("out of memory", size);
    }
    c->next = NULL;
    c->size = size;
    c->used = 0;
    return c;
}

struct arena *arena_new(size_t limit) {
    struct arena *a = calloc(1, sizeof *a);
    if (!a) {
        arena_die("out of memory", sizeof *a);
    }
    a->magic = ARENA_MAGIC;
    a->limit = limit;
    a->first = a->current = chunk_new(CHUNK_BYTES);
    return a;
}

static void run_ends(struct arena *a) {
    // The records live in the arena itself, so the next one is read before its callback may run.
    while (a->ends) {
        struct end_call *e = a->ends;
        a->ends = e->next;
        e->fn(e->arg);
    }
}

static void free_chunks(struct chunk *c) {
    while (c) {
        struct chunk *next = c->next;
        free(c);
        c = next;
    }
}

void arena_free(struct arena *a) {
    if (!a) {
        return;
    }
    run_ends(a);
    free_chunks(a->first);
    a->magic = 0;
    free(a);
}

void arena_reset(struct arena *a) {
    run_ends(a);
    free_chunks(a->first->next);
    a->first->next = NULL;
    a->first->used = 0;
    a->current = a->first;
    a->used = 0;
}

void *arena_alloc(struct arena *a, size_t n) {
    if (a->magic != ARENA_MAGIC) {
        arena_die("use after free", n);
    }
    if (n > a->limit || a->used + n > a->limit) {
        arena_die("over its limit", n);
    }
    size_t want = (n + ALIGN - 1) / ALIGN * ALIGN;
    if (a->current->size - a->current->used < want) {
        struct chunk *c = chunk_new(want > CHUNK_BYTES ? want : CHUNK_BYTES);
        a->current->next = c;
        a->current = c;
    }
    char *p = (char *)a->current->bytes + a->current->used;
    a->current->used += want;
    a->used += n;
    memset(p, 0, want);
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        arena_die("array size overflows", count);
    }
    return arena_alloc(a, total);
}

char *arena_strndup(struct arena *a, const char *s, size_t n) {
    char *p = arena_alloc(a, n + 1);
    if (n) {
        memcpy(p, s, n);
    }
    return p;
}

char *arena_strdup(struct arena *a, const char *s) {
    return s ? arena_strndup(a, s, strlen(s)) : arena_strndup(a, "", 0);
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) {
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0) {
        arena_die("format failed", 0);
    }
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *p = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return p;
}

const char *arena_i64(struct arena *a, int64_t v) {
    return arena_printf(a, "%" PRId64, v);
}

void arena_on_end(struct arena *a, void (*fn)(void *), void *arg) {
    struct end_call *e = arena_alloc(a, sizeof *e);
    e->fn = fn;
    e->arg = arg;
    e->next = a->ends;
    a->ends = e;
}

size_t arena_used(const struct arena *a) {
    return a->used;
}
