// SPDX-License-Identifier: Apache-2.0
// The watchdog: a thread that looks at the running calls into plugins and ends the program for a stuck one.
#ifndef ANCHORAGE_PLUGIN_WATCH_H
#define ANCHORAGE_PLUGIN_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct anc_ctx;

// Starts the thread. A call that runs stuck_ms past its budget is logged and its thread gets SIGABRT, so that
// core/plugin/crash.c notes which plugin it was in. Looks once a second, or more often for a shorter limit.
// Once a process; false when no thread can be made.
bool watchdog_start(int64_t stuck_ms);
void watchdog_stop(void); // without a watchdog it does nothing

// This thread is now in this call; NULL: in none any more.
void watch_set(const struct anc_ctx *x);

#endif
