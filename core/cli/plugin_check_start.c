// SPDX-License-Identifier: Apache-2.0
// Parts of the check about starting: many times without growth, and without each power in turn.
#include "base/clock.h"
#include "cli/plugin_check.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>

#define WARM_UP    10
#define WINDOW     10 // starts between two looks at the memory in use
#define START_MS   5000
#define GROWTH_MIN 16 // bytes a start: half of the smallest piece of memory there is

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

// A leak of every start grows in every window; what only some windows have is the allocator's own keeping.
struct growth {
    size_t used; // at the last look
    size_t windows, growing;
    size_t bytes; // of the growing ones
};

static void look_at_growth(struct growth *g, size_t start) {
    size_t used = used_bytes();
    if (start > WARM_UP) {
        size_t more = used > g->used ? used - g->used : 0;
        g->windows++;
        g->growing += more >= (size_t)WINDOW * GROWTH_MIN;
        g->bytes += more;
    }
    g->used = used;
}

static bool start_often(struct check *k, struct growth *g) {
    // What the host tells of each start lives only as long as that start, so that our own growth is none.
    struct arena *mine = k->arena, *a = arena_new((size_t)256 * 1024 * 1024);
    bool good = true;
    for (size_t n = 1; good && n <= WARM_UP + CHECK_STARTS; n++) {
        k->arena = k->c.arena = a;
        good = one_start(k, n);
        k->arena = k->c.arena = mine;
        arena_reset(a);
        if (n >= WARM_UP && (n - WARM_UP) % WINDOW == 0) {
            look_at_growth(g, n);
        }
    }
    return good;
}

void check_part_starts(struct check *k) {
    static const char what[] = "it starts and stops many times without growing";
    struct growth g = {0};
    if (!check_open(k) || !start_often(k, &g)) {
        return;
    }
    if (__lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check() != 0) {
        check_fail(k, what,
                   "the leak sanitizer found memory that nobody holds (see above). Free it in stop.");
    } else if (g.growing == g.windows) {
        check_fail(
            k, what,
            "%zu bytes more are in use after %d starts, about %zu a start. Free in stop what start made.",
            g.bytes, CHECK_STARTS, g.bytes / CHECK_STARTS);
    } else {
        check_ok(k, what, "%d times", CHECK_STARTS);
    }
}

const char *check_without(struct arena *a, anc_caps powers) {
    const char *words = plugin_cap_words(powers);
    return words ? arena_printf(a, "without the power \"%s\" nothing breaks", words)
                 : "without all optional powers nothing breaks";
}

// Either it cannot be without the power, then it is refused in words; or it lives without, then nothing of it
// may fail.
void check_part_power(struct check *k) {
    const char *what = check_without(k->arena, k->without);
    if (!check_open(k)) {
        return;
    }
    check_now(k, "the start %.120s", what);
    if (!check_start(k, k->dir)) {
        if (!k->info.reason || !*k->info.reason) {
            check_fail(k, what, "it does not start and no reason is given.");
        } else if (!(k->without & k->info.wants)) {
            check_warn(k, what, "it says that it works without, but does not start: %s", k->info.reason);
        } else {
            check_ok(k, what, "it is not started: %s", k->info.reason);
        }
        return;
    }
    check_all_points(k, true);
    check_all_calls(k, true);
    if (!check_faulted(k, what)) {
        check_ok(k, what, "it works on");
    }
}

// ---- settings ------------------------------------------------------------------------------------

// A value at the edge of what the row allows; "" when it has none.
static const char *limit_of(struct check *k, const struct anc_setting *row) {
    int64_t edge = k->largest ? row->max : row->min;
    const char *choices = row->choices ? row->choices : "", *last = strrchr(choices, '\n');
    const char *value = "";
    if (row->kind == ANC_SETTING_YES_NO) {
        value = k->largest ? "1" : "0";
    } else if (row->kind == ANC_SETTING_CHOICE) {
        const char *from = k->largest && last && last[1] ? last + 1 : choices;
        value = arena_strndup(k->arena, from, strcspn(from, "|\n"));
    } else if (row->kind != ANC_SETTING_TEXT && (row->min != 0 || row->max != 0)) {
        value = arena_i64(k->arena, edge);
    }
    return plugin_setting_fits(row, value) ? value : "";
}

// Notes them before the start, as an operator would have. The number of settings changed.
static uint32_t set_limits(struct check *k) {
    struct plugin_host *h = plugin_host_read(k->dir, k->id);
    plugin_host_check(h, k->copies, NULL);
    uint32_t n = 0;
    if (plugin_find(h, k->arena, k->id, &k->info) && k->info.about) {
        const struct anc_table *t = &k->info.about->settings;
        for (uint32_t i = 0; i < t->count; i++) {
            struct anc_setting row;
            plugin_row(t, i, &row, sizeof row);
            const char *value = limit_of(k, &row);
            if (*value && check_sql(k, NULL,
                                    "INSERT INTO core.plugin_setting (plugin, key, value) VALUES "
                                    "('%s', '%s', $limit$%s$limit$)",
                                    k->id, row.key, value) == ERR_OK) {
                n++;
            }
        }
    }
    plugin_host_close(h);
    return n;
}

void check_part_limits(struct check *k) {
    const char *what = k->largest ? "with settings at their upper limits nothing breaks"
                                  : "with settings at their lower limits nothing breaks";
    uint32_t n = check_open(k) ? set_limits(k) : 0;
    if (n == 0) {
        return;
    }
    check_now(k, "the start %.120s", what);
    if (!check_start(k, k->dir)) {
        check_fail(k, what, "it does not start: %s Give the settings limits it can live with.",
                   k->info.reason ? k->info.reason : "");
        return;
    }
    check_all_points(k, true);
    check_all_calls(k, true);
    if (!check_faulted(k, what)) {
        check_ok(k, what, "%u setting%s", n, n == 1 ? "" : "s");
    }
}
