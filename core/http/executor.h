// SPDX-License-Identifier: Apache-2.0
// The threads that run pages: 8 MB stacks, one arena and one database connection each.
#ifndef ANCHORAGE_HTTP_EXECUTOR_H
#define ANCHORAGE_HTTP_EXECUTOR_H

#include "base/err.h"
#include "http/queue.h"
#include "http/snapshot.h"

#include <stddef.h>

struct executors;

// Starts `count` threads on the queue. conninfo NULL: without a database, every route that needs one answers
// 503. Fails, with a sentence in why, when the database does not answer at the start.
enum err executors_start(size_t count, struct queue *queue, struct snapshot *snapshot, const char *conninfo,
                         struct executors **ret, char *why, size_t why_cap) MUST;

// Waits until the closed queue is empty and all threads have ended. NULL is allowed.
void executors_stop(struct executors *x);

size_t executors_count(const struct executors *x);
size_t executors_busy(const struct executors *x);

#endif
