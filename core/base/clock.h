// SPDX-License-Identifier: Apache-2.0
// The one clock. Everything that asks for the time asks here, so that tests can set it.
#ifndef ANCHORAGE_BASE_CLOCK_H
#define ANCHORAGE_BASE_CLOCK_H

#include <stdint.h>

// Microseconds since 1970-01-01T00:00:00Z.
int64_t clock_now_usec(void);

// Microseconds of a clock that never jumps, for measuring durations.
int64_t clock_monotonic_usec(void);

// Fixes the wall clock at this moment (tests); 0 lets it run again.
void clock_fix(int64_t usec);

#endif
