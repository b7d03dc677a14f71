// SPDX-License-Identifier: Apache-2.0
// A ring for each lane under one lock.
#include "http/queue.h"

#include <pthread.h>
#include <stdlib.h>

struct ring {
    struct job **jobs;
    size_t cap, first, count, running;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t some;
    struct ring rings[QUEUE_LANES];
    unsigned turn;
    bool closed;
};

static bool ring_init(struct ring *r, size_t cap) {
    *r = (struct ring){.cap = cap, .jobs = calloc(cap, sizeof(struct job *))};
    return r->jobs != NULL;
}

struct queue *queue_new(size_t cap, size_t house_cap) {
    struct queue *q = calloc(1, sizeof *q);
    if (!q || !ring_init(&q->rings[QUEUE_VISITOR], cap) || !ring_init(&q->rings[QUEUE_HEAVY], cap / 4 + 1) ||
        !ring_init(&q->rings[QUEUE_HOUSE], house_cap)) {
        abort();
    }
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->some, NULL);
    return q;
}

void queue_free(struct queue *q) {
    if (!q) {
        return;
    }
    pthread_cond_destroy(&q->some);
    pthread_mutex_destroy(&q->lock);
    for (int i = 0; i < QUEUE_LANES; i++) {
        free(q->rings[i].jobs);
    }
    free(q);
}

bool queue_push(struct queue *q, enum queue_lane lane, struct job *j) {
    pthread_mutex_lock(&q->lock);
    struct ring *r = &q->rings[lane];
    bool room = !q->closed && r->count < r->cap;
    if (room) {
        r->jobs[(r->first + r->count) % r->cap] = j;
        r->count++;
        pthread_cond_signal(&q->some);
    }
    pthread_mutex_unlock(&q->lock);
    return room;
}

static bool has_work(const struct queue *q, unsigned lane) {
    const struct ring *r = &q->rings[lane];
    return r->count > 0 && (lane != QUEUE_HEAVY || r->running < QUEUE_HEAVY_AT_ONCE);
}

// The next lane in turn that has work; QUEUE_LANES when none has.
static unsigned next_lane(const struct queue *q) {
    for (unsigned i = 0; i < QUEUE_LANES; i++) {
        unsigned lane = (q->turn + i) % QUEUE_LANES;
        if (has_work(q, lane)) {
            return lane;
        }
    }
    return QUEUE_LANES;
}

static bool all_empty(const struct queue *q) {
    for (unsigned i = 0; i < QUEUE_LANES; i++) {
        if (q->rings[i].count > 0) {
            return false;
        }
    }
    return true;
}

struct job *queue_pop(struct queue *q, enum queue_lane *ret_lane) {
    struct job *j = NULL;
    pthread_mutex_lock(&q->lock);
    unsigned lane;
    while ((lane = next_lane(q)) == QUEUE_LANES && !(q->closed && all_empty(q))) {
        pthread_cond_wait(&q->some, &q->lock);
    }
    if (lane < QUEUE_LANES) {
        struct ring *r = &q->rings[lane];
        j = r->jobs[r->first];
        r->first = (r->first + 1) % r->cap;
        r->count--;
        r->running++;
        q->turn = lane + 1;
        *ret_lane = (enum queue_lane)lane;
    }
    pthread_mutex_unlock(&q->lock);
    return j;
}

void queue_done(struct queue *q, enum queue_lane lane) {
    pthread_mutex_lock(&q->lock);
    q->rings[lane].running--;
    if (lane == QUEUE_HEAVY) {
        pthread_cond_broadcast(
            &q->some); // a heavy job may have been held back, and a closed queue may be empty now
    }
    pthread_mutex_unlock(&q->lock);
}

void queue_close(struct queue *q) {
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_cond_broadcast(&q->some);
    pthread_mutex_unlock(&q->lock);
}

size_t queue_depth(struct queue *q) {
    pthread_mutex_lock(&q->lock);
    size_t n = q->rings[QUEUE_VISITOR].count + q->rings[QUEUE_HEAVY].count;
    pthread_mutex_unlock(&q->lock);
    return n;
}
