// SPDX-License-Identifier: Apache-2.0
// Counters and their text.
#include "http/metrics.h"

#include "base/log.h"

#include <inttypes.h>
#include <stdatomic.h>

static _Atomic uint64_t counters[METRIC_COUNT_];
static _Atomic uint64_t by_class[6]; // 1xx to 5xx; 0 unused

#define BUCKETS 10
static const int64_t bucket_usec[BUCKETS] = {500,   1000,   2500,   5000,    10000,
                                             25000, 100000, 250000, 1000000, 5000000};
static const char *const bucket_name[BUCKETS] = {"0.0005", "0.001", "0.0025", "0.005", "0.01",
                                                 "0.025",  "0.1",   "0.25",   "1",     "5"};
static _Atomic uint64_t buckets[BUCKETS + 1];
static _Atomic uint64_t total_usec;

static const struct {
    const char *name, *help;
} described[METRIC_COUNT_] = {
    [METRIC_SNAPSHOT_HIT] = {"snapshot_hits_total", "Ready-made pages served"},
    [METRIC_SNAPSHOT_OLD] = {"snapshot_old_total", "Ready-made pages served while out of date"},
    [METRIC_SNAPSHOT_MISS] = {"snapshot_misses_total", "Public pages that had to be made first"},
    [METRIC_QUEUE_REFUSED] = {"queue_refused_total", "Requests answered 503 because the queue was full"},
    [METRIC_RATE_REFUSED] = {"rate_refused_total", "Requests answered 429"},
    [METRIC_GATE_REFUSED] = {"gate_refused_total", "Requests refused by the HTTP gate"},
    [METRIC_SLOW_BODY] = {"slow_body_total", "Requests ended because their body came too slowly"},
    [METRIC_DB_RECONNECT] = {"db_reconnects_total", "Database connections made again"},
    [METRIC_DB_AWAY] = {"db_away_total", "Requests answered without a database"},
    [METRIC_FORGED] = {"forged_total", "Forms refused by the forgery check"},
};

void metrics_add(enum metric m) {
    atomic_fetch_add_explicit(&counters[m], 1, memory_order_relaxed);
}

uint64_t metrics_value(enum metric m) {
    return atomic_load_explicit(&counters[m], memory_order_relaxed);
}

void metrics_answer(int status, int64_t usec) {
    unsigned class = status >= 100 && status < 600 ? (unsigned)status / 100 : 5;
    atomic_fetch_add_explicit(&by_class[class], 1, memory_order_relaxed);
    size_t b = 0;
    while (b < BUCKETS && usec > bucket_usec[b]) {
        b++;
    }
    atomic_fetch_add_explicit(&buckets[b], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&total_usec, usec > 0 ? (uint64_t)usec : 0, memory_order_relaxed);
}

static void one(struct strb *out, const char *type, const char *name, const char *help, uint64_t v) {
    strb_printf(out, "# HELP anchorage_%s %s\n# TYPE anchorage_%s %s\nanchorage_%s %" PRIu64 "\n", name, help,
                name, type, name, v);
}

static void histogram(struct strb *out) {
    strb_puts(out,
              "# HELP anchorage_request_seconds Time from the request's head to the last byte handed over\n"
              "# TYPE anchorage_request_seconds histogram\n");
    uint64_t sum = 0;
    for (size_t b = 0; b < BUCKETS; b++) {
        sum += buckets[b];
        strb_printf(out, "anchorage_request_seconds_bucket{le=\"%s\"} %" PRIu64 "\n", bucket_name[b], sum);
    }
    sum += buckets[BUCKETS];
    uint64_t usec = total_usec;
    strb_printf(out, "anchorage_request_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n", sum);
    strb_printf(out, "anchorage_request_seconds_sum %" PRIu64 ".%06" PRIu64 "\n", usec / 1000000,
                usec % 1000000);
    strb_printf(out, "anchorage_request_seconds_count %" PRIu64 "\n", sum);
}

void metrics_text(const struct metrics_now *now, struct strb *out) {
    strb_puts(out, "# HELP anchorage_requests_total Requests answered, by class of status\n"
                   "# TYPE anchorage_requests_total counter\n");
    for (unsigned c = 2; c < 6; c++) {
        strb_printf(out, "anchorage_requests_total{class=\"%uxx\"} %" PRIu64 "\n", c, (uint64_t)by_class[c]);
    }
    for (size_t m = 0; m < METRIC_COUNT_; m++) {
        one(out, "counter", described[m].name, described[m].help, metrics_value((enum metric)m));
    }
    histogram(out);
    one(out, "gauge", "queue_depth", "Requests waiting for an executor", now->queue_depth);
    one(out, "gauge", "executors", "Threads that run pages", now->executors);
    one(out, "gauge", "executors_busy", "Executors at work", now->executors_busy);
    one(out, "gauge", "connections", "Open connections", now->connections);
    one(out, "gauge", "requests_in_flight", "Requests being answered", now->inflight);
    one(out, "gauge", "snapshot_entries", "Ready-made pages kept", now->snapshot_entries);
    one(out, "gauge", "snapshot_bytes", "Memory of ready-made pages", now->snapshot_bytes);
    one(out, "counter", "template_unknown_keys_total", "Template keys no page had set", now->unknown_keys);
    one(out, "counter", "log_warnings_total", "Log lines of level warning or above", log_warnings());
}
