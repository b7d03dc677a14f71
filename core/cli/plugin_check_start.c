// SPDX-License-Identifier: Apache-2.0
// Parts of the check about starting: many times without growth, and without each power in turn.
#include "base/clock.h"
#include "cli/plugin_check.h"

#include <malloc.h>
#include <stdio.h>

#define WARM_UP    10
#define START_MS   5000
#define GROWTH_MAX 16 // bytes a start, over CHECK_STARTS of them: less than the smallest piece of memory

// Of the leak sanitizer, when the program was built with it.
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

static bool one_start(struct check *k, size_t n) {
    static const char what[] = "it starts and stops many times";
    check_now(k, "start number %zu", n);
    int64_t before = clock_monotonic_usec();
    bool active = check_start(k, k->dir);
    int64_t took_ms = (clock_monotonic_usec() - before) / 1000;
    if (!active) {
        check_fail(k, what, "at start number %zu: %s", n,
                   k->info.reason ? k->info.reason : "it was not found");
        return false;
    }
    if (took_ms > START_MS) {
        check_fail(k, what, "start number %zu took %lld ms; at most %d are allowed. Do long work in a job.",
                   n, (long long)took_ms, START_MS);
        return false;
    }
    check_now(k, "stop number %zu", n);
    check_stop(k);
    return true;
}

static size_t used_bytes(void) {
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

void check_part_starts(struct check *k) {
    static const char what[] = "it starts and stops many times without growing";
    struct arena *mine = k->arena;
    if (!check_open(k)) {
        return;
    }
    // The lists told about each start live only as long as that start, so that our own growth is none.
    struct arena *a = arena_new((size_t)256 * 1024 * 1024);
    size_t used = 0;
    bool good = true;
    for (size_t n = 1; good && n <= WARM_UP + CHECK_STARTS; n++) {
        if (n == WARM_UP + 1) {
            used = used_bytes();
        }
        k->arena = k->c.arena = a;
        good = one_start(k, n);
        k->arena = k->c.arena = mine;
        arena_reset(a);
    }
    if (!good) {
        return;
    }
    size_t grown = used_bytes() > used ? used_bytes() - used : 0;
    if (__lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check() != 0) {
        check_fail(k, what, "the leak sanitizer found memory nobody holds (see above). Free it in stop.");
    } else if (grown > (size_t)CHECK_STARTS * GROWTH_MAX) {
        check_fail(
            k, what,
            "%zu bytes more are in use after %d starts, about %zu a start. Free in stop what start and "
            "the calls made.",
            grown, CHECK_STARTS, grown / CHECK_STARTS);
    } else {
        check_ok(k, what, "%d times", CHECK_STARTS);
    }
}

// Either it cannot be without the power, then it is refused in words; or it lives without, then nothing of it
// may fail.
void check_part_power(struct check *k) {
    const char *words = plugin_cap_words(k->without);
    const char *what = arena_printf(k->arena, "without the power \"%s\" nothing breaks", words ? words : "?");
    if (!check_open(k)) {
        return;
    }
    check_now(k, "the start without \"%s\"", words ? words : "?");
    if (!check_start(k, k->dir)) {
        if (k->info.reason && *k->info.reason) {
            check_ok(k, what, "it is not started: %s", k->info.reason);
        } else {
            check_fail(k, what, "it does not start and no reason is given.");
        }
        return;
    }
    check_all_points(k, true);
    check_all_calls(k, true);
    if (!check_faulted(k, what)) {
        check_ok(k, what, "it works on");
    }
}
