// SPDX-License-Identifier: Apache-2.0
// Reading a payments file (CSV, or a zip with one CSV) through the spend_source plugins, without storing
// anything.
#ifndef ANCHORAGE_DOMAIN_SPENDFILE_H
#define ANCHORAGE_DOMAIN_SPENDFILE_H

#include "base/ctx.h"
#include "plugin/points.h"

#define SPENDFILE_PROBLEMS 200 // rows whose problem is kept; all are counted

struct spend_problem {
    uint64_t line;
    const char *text;
};

struct spend_summary {
    const char *layout; // what the plugin recognised
    char sha256[65];
    int64_t bytes;
    int64_t accepted, rejected, blank, totals, undated, redacted, negative;
    int64_t total_pence;
    int32_t first_day, last_day; // INT32_MIN when no line has a date
    struct findings findings;    // notes and, when refused, the reasons
    const struct spend_problem *problems;
    size_t problem_count;
};

// Called for every accepted line, in order; its texts live until the next. An error ends the reading.
typedef enum err spend_line_fn(void *arg, uint64_t line, const struct anc_spend_line *l);

// Reads from an open file descriptor (a regular file of at most http.upload_max_bytes, or 1 GiB for a verb).
// `sink` may be NULL. ERR_INVALID with findings (and a sentence in the context) when it is no usable payments
// file; progress may be NULL.
enum err spendfile_read(struct ctx *c, int fd, spend_line_fn *sink, void *arg, struct spend_summary *ret,
                        void (*progress)(void *arg, int64_t done, int64_t total), void *progress_arg) MUST;

#endif
