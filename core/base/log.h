// SPDX-License-Identifier: Apache-2.0
// Structured log: one JSON line an event on standard error. No personal data, no bid content.
#ifndef ANCHORAGE_BASE_LOG_H
#define ANCHORAGE_BASE_LOG_H

#include <stdint.h>

enum log_level {
    LOG_LEVEL_DEBUG,
    LOG_LEVEL_INFO,
    LOG_LEVEL_NOTICE,
    LOG_LEVEL_WARNING,
    LOG_LEVEL_ERROR,
};

// Lines below this level are dropped (start value: NOTICE).
void log_set_level(enum log_level level);

// Writes {"time":..,"level":..,"event":event,...fields} in one write of at most 8 KiB.
// `fields` are pairs of key and text, ended by NULL: log_event(LOG_LEVEL_INFO, "listening", "address", a,
// NULL). A NULL value after a key is written as null.
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));

// Number of lines of WARNING or above since start, for /metrics.
uint64_t log_warnings(void);

// The names of an event's fields go to this sink instead of standard error (tests); NULL restores it.
void log_set_sink(void (*sink)(const char *line));

#endif
