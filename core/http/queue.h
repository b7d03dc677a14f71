// SPDX-License-Identifier: Apache-2.0
// The bounded queue between the threads that hold connections and the threads that run pages.
#ifndef ANCHORAGE_HTTP_QUEUE_H
#define ANCHORAGE_HTTP_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct queue;
struct job;

// Lanes take turns, so that none starves another.
enum queue_lane {
    QUEUE_VISITOR, // people who wait
    QUEUE_HEAVY,   // password hashing, 0.1 s of a core each: two at once, whoever else waits does not hold a
                   // thread
    QUEUE_HOUSE,   // pages to be made ready again
    QUEUE_LANES
};
#define QUEUE_HEAVY_AT_ONCE 2

// Room for `cap` visitors, a quarter of it for heavy ones, and for `house_cap` own jobs.
struct queue *queue_new(size_t cap, size_t house_cap);
void queue_free(struct queue *q); // only when no thread uses it; NULL is allowed

// False when the lane is full or the queue is closed: the job is still the caller's.
bool queue_push(struct queue *q, enum queue_lane lane, struct job *j);

// Waits for a job and tells its lane; queue_done says that it was run. NULL when the queue is closed and
// empty.
struct job *queue_pop(struct queue *q, enum queue_lane *ret_lane);
void queue_done(struct queue *q, enum queue_lane lane);

void queue_close(struct queue *q);
size_t queue_depth(struct queue *q); // people waiting

#endif
