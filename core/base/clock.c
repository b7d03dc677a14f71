// SPDX-License-Identifier: Apache-2.0
// The one clock.
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t fixed_usec;

static int64_t read_clock(clockid_t id) {
    struct timespec ts;
    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t clock_now_usec(void) {
    int64_t f = fixed_usec;
    return f ? f : read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic_usec(void) {
    return read_clock(CLOCK_MONOTONIC);
}

void clock_fix(int64_t usec) {
    fixed_usec = usec;
}
