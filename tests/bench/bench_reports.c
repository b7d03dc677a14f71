// SPDX-License-Identifier: Apache-2.0
// Bench: sums over payments from memory against the same sums in SQL, in the same run. Prints medians and
// ratios; asserts nothing. LINES (default 1000000), ROUNDS (default 7), SQL (0: memory alone).
#include "base/clock.h"
#include "bench/bench_pages.h"
#include "db/queries.gen.h"
#include "spend/cube.h"
#include "spend/drill.h"
#include "spend/review.h"
#include "support/dbtest.h"
#include "support/market.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS_MOST 99
#define LOADS       96 // of four bodies, six years, a load a quarter
#define YEAR        2020

static int64_t lines, payees;
static int rounds;

static int64_t number_of(const char *name, int64_t otherwise) {
    const char *s = secure_getenv(name);
    return s && *s ? strtoll(s, NULL, 10) : otherwise;
}

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int64_t median(int64_t *t, int n) {
    qsort(t, (size_t)n, sizeof *t, by_size);
    return t[n / 2];
}

// ---- an invented place --------------------------------------------------------------------------------

static void make_place(struct ctx *c) {
    market_fill(c); // for who looks at pages
    dbtest_run(c, "UPDATE core.place SET lad_codes = '{E1}'");
    dbtest_run(c, "UPDATE core.membership SET role = 'officer'");
    dbtest_run(c, "INSERT INTO core.ward SELECT 'W' || i, 'Ward ' || i, 'E1' FROM generate_series(1, 25) i");
    dbtest_run(c,
               "INSERT INTO core.organisation (ref, kind, name) SELECT 'a' || i, 'anchor', 'Body ' || i FROM "
               "generate_series(0, 3) i");
    dbtest_run(
        c,
        "INSERT INTO core.anchor (id, sort, address1, town, postcode, email) SELECT id, 'council', '', '', "
        "'', '' FROM core.organisation WHERE ref LIKE 'a_'");
    dbtest_run(
        c,
        "INSERT INTO core.organisation (ref, kind, name) SELECT 's' || i, 'supplier', 'Supplier ' || i FROM "
        "generate_series(1, %" PRId64 ") i",
        payees / 4);
    dbtest_run(
        c,
        "INSERT INTO core.supplier (id, match_name, postcode, sector, size, is_local, lad_code, ward_code) "
        "SELECT id, name, 'WN1 1AA', (ARRAY['', 'care', 'construction', 'food', 'transport'])[1 + id %% 5], "
        "(ARRAY['micro', 'small', 'medium', 'large'])[1 + id %% 4], id %% 3 = 0, 'E' || id %% 3 + 1, "
        "'W' || id %% 25 + 1 FROM core.organisation WHERE ref LIKE 's%%'");
    dbtest_run(
        c, "INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, score, reasons, decided_at) "
           "SELECT id, 'vcfse', 'vcfse', (ARRAY['yes', 'no', 'no', 'no', 'policy', 'review'])[1 + id %% 6], "
           "50, '', "
           "now() FROM core.supplier");
    // One in a hundred has moved.
    dbtest_run(
        c,
        "INSERT INTO core.supplier_place (supplier_id, kind, from_day, postcode, is_local, lad_code, "
        "ward_code) SELECT id, 'invoice', '2023-07-01', 'X', true, 'E1', 'W1' FROM core.supplier WHERE id %% "
        "100 = 0");
    dbtest_run(c,
               "INSERT INTO core.payee (id, match_name, name, supplier_id) SELECT i, 'P' || md5(i::text), "
               "'Payee ' || md5(i::text), CASE "
               "WHEN i %% 2 = 0 THEN (SELECT id FROM core.organisation WHERE ref = 's1') + i %% %" PRId64
               " END FROM "
               "generate_series(1, %" PRId64 ") i",
               payees / 4, payees);
    dbtest_run(c, "INSERT INTO core.spend_label SELECT i, 'Category ' || i %% 300, 'Purpose ' || i, '' FROM "
                  "generate_series(1, 3000) i");
}

static void make_load(struct ctx *c, int n, int64_t count) {
    int fy = YEAR + n / 4 % 6, quarter = n % 4, anchor = n / 24 % 4;
    dbtest_run(
        c,
        "INSERT INTO core.spend_load (id, ref, anchor_id, file_name, sha256, layout, accepted, rejected, "
        "undated, total_pence) OVERRIDING SYSTEM VALUE SELECT %d, 'l%d', id, '', '%d', '', 0, 0, 0, 0 FROM "
        "core.organisation WHERE ref = 'a%d'",
        n + 1, n, n, anchor);
    dbtest_run(
        c,
        "CREATE TABLE IF NOT EXISTS core.spend_line_%d PARTITION OF core.spend_line FOR VALUES IN (%d) "
        "PARTITION BY LIST (load_id)",
        fy, fy);
    dbtest_run(c, "CREATE TABLE core.spend_line_%d_%d PARTITION OF core.spend_line_%d FOR VALUES IN (%d)", fy,
               n + 1, fy, n + 1);
    // A few payees get many payments, most get few.
    dbtest_run(
        c,
        "INSERT INTO core.spend_line_%d_%d SELECT %d, %d, i, 1 + (power(random(), 3) * (%" PRId64
        " - 1))::integer, 1 + (random() * 2999)::integer, date '%d-04-01' + %d + (random() * 89)::integer, "
        "(random() * 1.4)::integer, 0, true, (power(random(), 4) * 5000000)::bigint - 2000, NULL, NULL FROM "
        "generate_series(1, %" PRId64 ") i",
        fy, n + 1, fy, n + 1, payees, fy, quarter * 91, count);
    dbtest_run(c, "INSERT INTO core.spend_leaf (load_id, fy, lines) VALUES (%d, %d, %" PRId64 ")", n + 1, fy,
               count);
    dbtest_run(c,
               "INSERT INTO core.spend_sum SELECT load_id, fy, payee_id, flow, sum(amount_pence), count(*), "
               "sum(least(amount_pence, 0)) FROM core.spend_line_%d_%d GROUP BY 1, 2, 3, 4",
               fy, n + 1);
    dbtest_run(c, "CREATE INDEX ON core.spend_line_%d_%d (payee_id, line_no)", fy, n + 1);
}

// ---- slices -------------------------------------------------------------------------------------------

struct question {
    const char *what;
    int32_t by, then_by;
    const char *ward;
    uint32_t most;
    const char *sql; // the same sums, without places and tags where they need more than a join
};

static const struct question from_sums[] = {
    {"by year", ANC_BY_YEAR, 0, "", 0,
     "SELECT fy, sum(amount_pence), sum(line_count), count(DISTINCT payee_id) FROM core.spend_sum GROUP BY "
     "fy"},
    {"by place and VCFSE", ANC_BY_PLACE, ANC_BY_VCFSE, "", 0,
     "SELECT s.is_local, t.decision, sum(x.amount_pence), count(DISTINCT x.payee_id) FROM core.spend_sum x "
     "JOIN core.payee p "
     "ON p.id = x.payee_id LEFT JOIN core.supplier s ON s.id = p.supplier_id LEFT JOIN core.supplier_tag t "
     "ON "
     "t.supplier_id = s.id GROUP BY 1, 2"},
    {"by ward and year", ANC_BY_WARD, ANC_BY_YEAR, "", 0,
     "SELECT s.ward_code, x.fy, sum(x.amount_pence), count(DISTINCT x.payee_id) FROM core.spend_sum x JOIN "
     "core.payee p "
     "ON p.id = x.payee_id LEFT JOIN core.supplier s ON s.id = p.supplier_id GROUP BY 1, 2"},
    {"the 50 largest payees", ANC_BY_PAYEE, 0, "", 50,
     "SELECT coalesce(p.supplier_id, -p.id), sum(x.amount_pence) FROM core.spend_sum x JOIN core.payee p ON "
     "p.id = "
     "x.payee_id GROUP BY 1 ORDER BY 2 DESC LIMIT 50"},
};

static const struct question from_lines[] = {
    {"by month", ANC_BY_MONTH, 0, "", 0,
     "SELECT date_trunc('month', paid_on), sum(amount_pence), count(*), count(DISTINCT payee_id) FROM "
     "core.spend_line "
     "WHERE counted GROUP BY 1"},
    {"by category", ANC_BY_CATEGORY, 0, "", 0,
     "SELECT b.category, sum(l.amount_pence), count(*), count(DISTINCT l.payee_id) FROM core.spend_line l "
     "JOIN "
     "core.spend_label b ON b.id = l.label_id WHERE counted GROUP BY 1"},
    {"by category and place", ANC_BY_CATEGORY, ANC_BY_PLACE, "", 0,
     "SELECT b.category, s.is_local, sum(l.amount_pence), count(DISTINCT l.payee_id) FROM core.spend_line l "
     "JOIN "
     "core.spend_label b ON b.id = l.label_id JOIN core.payee p ON p.id = l.payee_id LEFT JOIN core.supplier "
     "s ON s.id = "
     "p.supplier_id WHERE counted GROUP BY 1, 2"},
    {"by month in one ward", ANC_BY_MONTH, 0, "W7", 0,
     "SELECT date_trunc('month', l.paid_on), sum(l.amount_pence), count(DISTINCT l.payee_id) FROM "
     "core.spend_line l JOIN "
     "core.payee p ON p.id = l.payee_id JOIN core.supplier s ON s.id = p.supplier_id WHERE counted AND "
     "s.ward_code = 'W7' "
     "GROUP BY 1"},
};

// Of this thread on a processor: others who use the machine do not count.
static int64_t cpu_usec(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

// kept: asked again with the same words, else each time as nobody asked before (a limit that is never
// reached).
static int64_t time_slice(struct ctx *c, const struct cube_view *v, const struct question *q, bool kept) {
    struct anc_slice s = {
        .size = sizeof s, .by = q->by, .then_by = q->then_by, .ward = q->ward, .most = q->most};
    uint32_t n;
    const struct anc_sum *rows;
    int64_t t[ROUNDS_MOST];
    s.largest = q->most > 0;
    for (int i = 0; i < rounds; i++) {
        s.most = kept || q->most ? q->most + (kept ? 0 : (uint32_t)i) : 90000 + (uint32_t)i;
        int64_t began = cpu_usec();
        assert_err(c, cube_slice(c, v, &s, &n, &rows), ERR_OK);
        t[i] = cpu_usec() - began;
        arena_reset(c->arena);
    }
    return median(t, rounds);
}

static int64_t time_sql(struct ctx *c, const char *sql) {
    int64_t t[3];
    if (number_of("SQL", 1) == 0) {
        return 0;
    }
    assert_err(c, db_limit_ms(c->db, 0), ERR_OK); // what was timed before may have set one
    for (int i = 0; i < 3; i++) {
        int64_t began = clock_monotonic_usec();
        dbtest_run(c, "%s", sql);
        t[i] = clock_monotonic_usec() - began;
        arena_reset(c->arena);
    }
    return median(t, 3);
}

static void compare(struct ctx *c, const struct cube_view *v, const char *head, const struct question *q,
                    size_t n) {
    printf("%s (ms of processor time in memory; of the clock in SQL)\n  %-28s %10s %10s %12s %8s\n", head, "",
           "first", "again", "SQL", "ratio");
    for (size_t i = 0; i < n; i++) {
        int64_t ours = time_slice(c, v, &q[i], false), again = time_slice(c, v, &q[i], true),
                theirs = time_sql(c, q[i].sql);
        printf("  %-28s %10.2f %10.3f %12.1f %8.0f\n", q[i].what, (double)ours / 1000, (double)again / 1000,
               (double)theirs / 1000, (double)theirs / (double)(ours ? ours : 1));
    }
}

// ---- payments behind a figure, and the queue ----------------------------------------------------------

#define SHOWN 50

static void put_numbers(struct ctx *c, const struct drill_answer *a, const char *ret[4]) {
    const char **v[4];
    for (size_t k = 0; k < 4; k++) {
        v[k] = arena_array(c->arena, a->count + 1, sizeof *v[k]);
    }
    for (size_t i = 0; i < a->count; i++) {
        v[0][i] = arena_i64(c->arena, a->line[i].fy);
        v[1][i] = arena_i64(c->arena, a->line[i].load_id);
        v[2][i] = arena_i64(c->arena, a->line[i].payee_id);
        v[3][i] = arena_i64(c->arena, a->line[i].line_no);
    }
    for (size_t k = 0; k < 4; k++) {
        ret[k] = db_array(c->arena, a->count, v[k]);
    }
}

static void time_drill(struct ctx *c, const struct cube_view *v, const char *what, const struct drill *d) {
    int64_t find[ROUNDS_MOST], words[ROUNDS_MOST];
    struct drill_answer a = {.count = 0};
    long long lines_of = 0;
    for (int i = 0; i < rounds; i++) {
        const char *n[4];
        struct rows *r;
        int64_t began = cpu_usec();
        assert_err(c, cube_drill(c, v, d, &a), ERR_OK);
        find[i] = cpu_usec() - began;
        lines_of = (long long)a.lines;
        put_numbers(c, &a, n);
        began = clock_monotonic_usec();
        assert_err(c, DB_ROWS(c, payments_words, &r, n[0], n[1], n[2], n[3], "false"), ERR_OK);
        words[i] = clock_monotonic_usec() - began;
        assert_int_equal(rows_count(r), a.count);
        arena_reset(c->arena);
    }
    printf("  %-28s %10.1f %10.1f %12lld\n", what, (double)median(find, rounds) / 1000,
           (double)median(words, rounds) / 1000, lines_of);
}

static struct drill open_choice(void) {
    return (struct drill){.slice = {.size = sizeof(struct anc_slice),
                                    .anchor_ref = "",
                                    .ward = "",
                                    .area = "",
                                    .sector = "",
                                    .payee = "",
                                    .category = "",
                                    .vcfse_classes = ""},
                          .most = SHOWN};
}

static void measure_drill(struct ctx *c, const struct cube_view *v) {
    struct drill all = open_choice(), d = all;
    printf("Payments behind a figure, the first %d (ms: found in memory, processor; words by index, clock)\n "
           " %-28s %10s "
           "%10s %12s\n",
           SHOWN, "", "find", "words", "payments");
    time_drill(c, v, "all, newest first", &all);
    d.largest = true;
    time_drill(c, v, "all, largest first", &d);
    d.slice.places = 1u << ANC_PLACE_LOCAL;
    time_drill(c, v, "in the area, largest", &d);
    d = all;
    d.slice.ward = "W7";
    time_drill(c, v, "one ward", &d);
    d.slice.vcfse = 1u << ANC_VCFSE_YES;
    d.slice.sector = "care";
    time_drill(c, v, "ward, sector and VCFSE", &d);
    d = all;
    d.slice.from_month = d.slice.to_month = (YEAR + 3) * 12 + 5;
    time_drill(c, v, "one month", &d);
    d = all;
    d.slice.from_year = YEAR + 1;
    d.slice.to_year = YEAR + 3;
    d.slice.sizes = 7;
    time_drill(c, v, "three years, small", &d);
    const int64_t one[] = {1};
    d = all;
    d.payee_id = one;
    d.payees = 1;
    time_drill(c, v, "the name paid most often", &d);
    d = all;
    d.load_id = 7;
    time_drill(c, v, "one file", &d);
}

static void measure_queue(struct ctx *c, const char *what) {
    bool more = true;
    int64_t began = clock_monotonic_usec();
    for (int i = 0; more; i++) {
        assert_err(c, review_work(c, &more), ERR_OK);
    }
    printf("  %-52s %10.1f ms\n", what, (double)(clock_monotonic_usec() - began) / 1000);
}

static void time_queue(struct ctx *c, const char *what, const char *pattern) {
    int64_t t[ROUNDS_MOST];
    for (int i = 0; i < rounds; i++) {
        struct rows *r;
        bool behind;
        int64_t began = clock_monotonic_usec();
        assert_err(c, review_freshen(c, &behind), ERR_OK);
        assert_err(c, DB_ROWS(c, review_progress, &r), ERR_OK);
        assert_err(c,
                   DB_ROWS(c, review_queue_count, &r, "{open,review}", "0", pattern, "-9223372036854775808"),
                   ERR_OK);
        assert_err(
            c, DB_ROWS(c, review_queue, &r, "{open,review}", "0", pattern, "-9223372036854775808", "25", "0"),
            ERR_OK);
        t[i] = clock_monotonic_usec() - began;
        arena_reset(c->arena);
    }
    printf("  %-52s %10.1f ms\n", what, (double)median(t, rounds) / 1000);
}

static const struct cube_view *timed_pin(struct ctx *c, struct cube *k, const char *what) {
    const struct cube_view *v;
    int64_t began = clock_monotonic_usec();
    assert_err(c, cube_pin(c, k, &v), ERR_OK);
    printf("  %-52s %10.1f ms, %.1f MB held\n", what, (double)(clock_monotonic_usec() - began) / 1000,
           (double)cube_bytes(v) / 1e6);
    return v;
}

static void measure(struct dbtest *t) {
    struct ctx *c = dbtest_new_ctx(t);
    struct cube *k = cube_new();
    struct anc_slice month = {.size = sizeof month, .by = ANC_BY_MONTH};
    const struct cube_view *v = timed_pin(c, k, "first use: sums of all loads and all payees");
    compare(c, v, "From sums", from_sums, sizeof from_sums / sizeof *from_sums);
    int64_t began = clock_monotonic_usec();
    assert_err(c, cube_ready(c, v, &month), ERR_OK);
    int64_t took = clock_monotonic_usec() - began;
    printf("  %-52s %10.1f ms, %.1f MB held (%.2f million lines a second)\n", "first use of lines",
           (double)took / 1000, (double)cube_bytes(v) / 1e6, (double)lines / (double)took);
    measure_drill(c, v);
    printf("The queue of names\n");
    measure_queue(c, "the worker adds up all payments, the first time");
    time_queue(c, "first page of the queue, with its sums", NULL);
    time_queue(c, "the same with a search by name", "%a1b2%");
    compare(c, v, "From lines", from_lines, sizeof from_lines / sizeof *from_lines);
    cube_unpin(v);
    cube_unpin(timed_pin(c, k, "pinned again, nothing changed"));
    make_load(c, LOADS, lines / LOADS);
    v = timed_pin(c, k, "after one more load");
    began = clock_monotonic_usec();
    assert_err(c, cube_ready(c, v, &month), ERR_OK);
    printf("  %-52s %10.1f ms\n", "its lines beside those in memory",
           (double)(clock_monotonic_usec() - began) / 1000);
    cube_unpin(v);
    measure_queue(c, "the worker adds up that load");
    dbtest_run(c, "UPDATE core.payee SET supplier_id = (SELECT max(id) FROM core.supplier) WHERE id = 11");
    cube_unpin(timed_pin(c, k, "after one payee was tied"));
    cube_free(k);
    dbtest_free_ctx(c);
}

static void bench_reports(void **state) {
    struct dbtest *t = *state;
    assert_err(t->c, db_limit_ms(t->db, 0), ERR_OK);
    printf("Sums over %" PRId64 " lines of %" PRId64 " payees in %d loads\n", lines, payees, LOADS);
    make_place(t->c);
    for (int i = 0; i < LOADS; i++) {
        make_load(t->c, i, lines / LOADS);
    }
    dbtest_run(t->c, "ANALYZE");
    measure(t);
    bench_pages(t, rounds, number_of("SQL", 1) != 0);
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    lines = number_of("LINES", 1000000);
    payees = lines >= 5000000 ? 60000 : 20000;
    rounds = (int)number_of("ROUNDS", 7);
    rounds = rounds < 1 ? 1 : rounds > ROUNDS_MOST ? ROUNDS_MOST : rounds;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bench_reports, dbtest_setup, dbtest_teardown)};
    return cmocka_run_group_tests_name("reports", tests, dbtest_group_setup, dbtest_group_teardown);
}
