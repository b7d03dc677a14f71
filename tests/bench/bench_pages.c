// SPDX-License-Identifier: Apache-2.0
// Bench: pages of spend as people get them, through the real routes, templates and plugin.
#include "bench/bench_pages.h"

#include "base/clock.h"
#include "http/app.h"
#include "spend/cube.h"
#include "support/market.h"
#include "support/pagetest.h"
#include "support/plugtest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS_MOST 99
#define APP_BYTES   ((size_t)256 << 20)

struct shown {
    const char *what, *target;
    bool officer;
};

static const struct shown pages[] = {
    {"the latest year", "/spend", false},
    {"another year", "/spend?year=2022", false},
    {"six years", "/spend?year=2020&to=2025", false},
    {"one public body", "/spend?year=2024&anchor=a1", false},
    {"by ward", "/spend?year=2024&view=by_ward", false},
    {"by sector", "/spend?year=2024&view=by_sector", false},
    {"one ward", "/spend?year=2024&ward=W7", false},
    {"one sector", "/spend?year=2024&sector=care", false},
    {"the latest year, an officer", "/spend", true},
    {"suppliers, an officer", "/spend?year=2024&view=suppliers", true},
    {"payments behind a year", "/officer/spend/payments?year=2024", true},
    {"payments of one ward", "/officer/spend/payments?year=2024&ward=W7", true},
};
#define PAGES (sizeof pages / sizeof *pages)

// What the page of a year is made of, as far as joins alone can say it.
static const char *const same_in_sql[] = {
    "SELECT s.is_local, t.decision, sum(x.amount_pence), count(DISTINCT x.payee_id) FROM core.spend_sum x "
    "JOIN "
    "core.payee p ON p.id = x.payee_id LEFT JOIN core.supplier s ON s.id = p.supplier_id LEFT JOIN "
    "core.supplier_tag t ON t.supplier_id = s.id WHERE x.fy = 2024 GROUP BY 1, 2",
    "SELECT s.ward_code, sum(x.amount_pence), count(DISTINCT x.payee_id) FROM core.spend_sum x JOIN "
    "core.payee p "
    "ON p.id = x.payee_id LEFT JOIN core.supplier s ON s.id = p.supplier_id WHERE x.fy = 2024 GROUP BY 1",
    "SELECT s.sector, s.is_local, sum(x.amount_pence), count(DISTINCT x.payee_id) FROM core.spend_sum x JOIN "
    "core.payee p ON p.id = x.payee_id LEFT JOIN core.supplier s ON s.id = p.supplier_id WHERE x.fy = 2024 "
    "GROUP "
    "BY 1, 2",
    "SELECT coalesce(p.supplier_id, -p.id), sum(x.amount_pence) FROM core.spend_sum x JOIN core.payee p ON "
    "p.id = "
    "x.payee_id WHERE x.fy = 2024 GROUP BY 1 ORDER BY 2 DESC LIMIT 50",
};

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void print_times(int64_t *t, int n) {
    qsort(t, (size_t)n, sizeof *t, by_size);
    printf(" %6.1f %6.1f %6.1f |", (double)t[0] / 1000, (double)t[n / 2] / 1000, (double)t[n - 1] / 1000);
}

static int64_t time_page(struct visitor *v, const struct shown *s) {
    int64_t began = clock_monotonic_usec();
    struct page p = pagetest_get(v, s->target);
    int64_t took = clock_monotonic_usec() - began;
    assert_page(p, 200, "");
    arena_reset(v->t->arena);
    return took;
}

// Another payee's tie: everybody's figures may be others now.
static void change(struct ctx *c, int64_t n) {
    dbtest_run(c,
               "UPDATE core.payee SET supplier_id = (SELECT max(id) FROM core.supplier) - %" PRId64
               " WHERE id = 1001",
               n);
}

static void tend(struct ctx *c, const struct app *app) {
    assert_err(c, cube_tend(c, app->cube), ERR_OK);
    arena_reset(c->arena);
}

static void time_shown(struct ctx *c, struct visitor *v, const struct shown *s, int rounds) {
    static int64_t changes;
    int64_t anew[ROUNDS_MOST], made[ROUNDS_MOST], kept[ROUNDS_MOST];
    time_page(v, s); // asks once, so that it is known what people ask
    for (int i = 0; i < rounds; i++) {
        const struct cube_view *view;
        change(c, ++changes % 1000);
        anew[i] = time_page(v, s);
        change(c, ++changes % 1000);
        assert_err(c, cube_pin(c, v->app->cube, &view), ERR_OK); // the state is there, no figure is
        made[i] = time_page(v, s);
        cube_unpin(view);
        kept[i] = time_page(v, s);
    }
    printf("  %-28s |", s->what);
    print_times(anew, rounds);
    print_times(made, rounds);
    print_times(kept, rounds);
    printf("\n");
}

static void time_reference(struct ctx *c) {
    int64_t t[3];
    for (int i = 0; i < 3; i++) {
        int64_t began = clock_monotonic_usec();
        for (size_t k = 0; k < sizeof same_in_sql / sizeof *same_in_sql; k++) {
            dbtest_run(c, "%s", same_in_sql[k]);
        }
        t[i] = clock_monotonic_usec() - began;
        arena_reset(c->arena);
    }
    printf("  %-28s |", "a year's sums in SQL");
    print_times(t, 3);
    printf("\n");
}

void bench_pages(struct dbtest *t, int rounds, bool sql) {
    struct ctx *c = dbtest_new_ctx(t);
    struct arena *a = arena_new(APP_BYTES);
    struct plugtest plugins = plugtest_start(t->c, BINARY_DIR "/plugins", "local_spend");
    const struct app *app = pagetest_app(a, plugins.host);
    struct visitor nobody = pagetest_visitor(app, t, NULL), officer = pagetest_visitor(app, t, "council");
    assert_err(c, db_limit_ms(c->db, 0), ERR_OK);
    tend(c, app);
    printf("Pages (ms by the clock: least, median, most)\n  %-28s | %20s | %20s | %20s |\n", "",
           "right after a tie", "its state is there", "its figures are kept");
    for (size_t i = 0; i < PAGES; i++) {
        time_shown(c, pages[i].officer ? &officer : &nobody, &pages[i], rounds);
    }
    if (sql) {
        time_reference(c);
    }
    int64_t took[ROUNDS_MOST];
    for (int i = 0; i < rounds; i++) {
        const struct cube_view *view;
        change(c, 1000 + i);
        int64_t began = clock_monotonic_usec();
        assert_err(c, cube_pin(c, app->cube, &view), ERR_OK);
        took[i] = clock_monotonic_usec() - began;
        cube_unpin(view);
    }
    printf("  %-28s |", "the state alone, after a tie");
    print_times(took, rounds);
    printf("\n");
    dbtest_free_ctx(c);
    arena_free(a);
    plugtest_stop(&plugins, t->c);
}
