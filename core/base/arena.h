// SPDX-License-Identifier: Apache-2.0
// Memory with one end: everything allocated for a request, job or verb is freed together.
#ifndef ANCHORAGE_BASE_ARENA_H
#define ANCHORAGE_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

// Makes an arena that may hand out at most `limit` bytes in all.
// Going over the limit, or having no memory left, is a programming error (everything a user
// can grow is bounded earlier): it is logged and the process aborts, to be restarted.
struct arena *arena_new(size_t limit);

// Runs the end callbacks in reverse order, then frees all memory. NULL is allowed.
void arena_free(struct arena *a);

// Runs the end callbacks and forgets all allocations, keeping the first chunk for reuse.
void arena_reset(struct arena *a);

// Zeroed memory, aligned for any type; never NULL. Owned by the arena.
void *arena_alloc(struct arena *a, size_t n);

// Room for `count` elements of `size` bytes, zeroed; an overflowing product aborts.
void *arena_array(struct arena *a, size_t count, size_t size);

// A NUL-terminated copy of text (NULL gives "") or of the first `n` bytes.
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);

// printf into the arena.
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

// Decimal text of a number, for statement parameters.
const char *arena_i64(struct arena *a, int64_t v);

// Calls fn(arg) when the arena ends; later registrations run first.
void arena_on_end(struct arena *a, void (*fn)(void *), void *arg);

// Bytes handed out so far.
size_t arena_used(const struct arena *a);

#endif
