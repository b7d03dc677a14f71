// SPDX-License-Identifier: Apache-2.0
// Work beside requests, on one thread with its own connection: mail, closing tenders in time, sweeping.
#ifndef ANCHORAGE_JOBS_JOBS_H
#define ANCHORAGE_JOBS_JOBS_H

#include "base/err.h"

struct jobs;

// Starts the thread. It wakes when mail is queued (NOTIFY), and at the latest every few seconds.
enum err jobs_start(const char *conninfo, struct jobs **ret) MUST;

// Finishes the work at hand and ends the thread. NULL is allowed.
void jobs_stop(struct jobs *j);

#endif
