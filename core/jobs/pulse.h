// SPDX-License-Identifier: Apache-2.0
// While a file is worked on: a thread that holds the lease and says how far it is, twice a second, on a
// connection of its own.
#ifndef ANCHORAGE_JOBS_PULSE_H
#define ANCHORAGE_JOBS_PULSE_H

#include "spend/import.h"

struct pulse;

struct pulse *pulse_new(const char *conninfo); // no thread yet
void pulse_free(struct pulse *p);              // NULL is allowed

// Begins for this piece of work, which must live until pulse_end. Without a thread (no memory) the lease runs
// out by itself, and another worker takes the file up.
void pulse_begin(struct pulse *p, const struct import_work *w);
// Says for the last time how far it was, and waits until the thread is gone.
void pulse_end(struct pulse *p);

// From the working thread: how far it is.
void pulse_progress(struct pulse *p, int64_t done_bytes, int64_t all_bytes, int64_t rows);
// Whether somebody else has the file by now, or a person threw it away.
bool pulse_lost(const struct pulse *p);

#endif
