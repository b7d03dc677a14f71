// SPDX-License-Identifier: Apache-2.0
// Counters of the running program, for /metrics (Prometheus text format 0.0.4). Safe from any thread.
#ifndef ANCHORAGE_HTTP_METRICS_H
#define ANCHORAGE_HTTP_METRICS_H

#include "base/strb.h"

#include <stdint.h>

enum metric {
    METRIC_SNAPSHOT_HIT,
    METRIC_SNAPSHOT_OLD,  // served although out of date: being made anew, or the database is away
    METRIC_SNAPSHOT_MISS, // had to be made
    METRIC_QUEUE_REFUSED,
    METRIC_RATE_REFUSED,
    METRIC_GATE_REFUSED,
    METRIC_SLOW_BODY, // ended because the body came too slowly
    METRIC_DB_RECONNECT,
    METRIC_DB_AWAY,
    METRIC_FORGED,
    METRIC_COUNT_
};

void metrics_add(enum metric m);
uint64_t metrics_value(enum metric m);

// One answered request: its status and how long it took.
void metrics_answer(int status, int64_t usec);

// What is so just now; filled by the server.
struct metrics_now {
    uint64_t queue_depth, executors, executors_busy, connections, inflight;
    uint64_t snapshot_entries, snapshot_bytes;
    uint64_t unknown_keys;
};
void metrics_text(const struct metrics_now *now, struct strb *out);

#endif
