// SPDX-License-Identifier: Apache-2.0
// Promises about payments files when something dies in the middle: all of a file is loaded or nothing, it
// goes on by itself or says plainly why not, and nothing is left behind.
#include "support/dbtest.h"

#include "base/clock.h"
#include "faults/bring.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define ROWS           3000
#define NUMBER(c, ...) strtoll(dbtest_value((c), __VA_ARGS__), NULL, 10)

static const char *const few[] = {"--set", "http.io_threads=32", "--set", "plugin.load=local_spend", NULL};

struct place {
    struct program p;
    const char *data;
    struct ctx *c;
    int64_t pence; // of all that is loaded
    int64_t rows;
};

static struct place begin(const char *name) {
    struct place x = {.data = program_path(name)};
    server_begin(&x.p, x.data, few);
    x.c = program_reach(x.data);
    bring_fixture(x.c);
    return x;
}

static void end(struct place *x) {
    dbtest_free_ctx(x->c);
    server_end(&x->p, SIGTERM);
    assert_int_equal(x->p.code, 0);
    program_free(&x->p);
}

// What was answered 503 was not done, and can be done again.
static void put_file(struct place *x, const char *name, const char *text, size_t n, char ret_ref[32]) {
    struct reply r = bring_file(x->p.port, name, text, n);
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;
         r.status == 503 && clock_monotonic_usec() < last;) {
        r = bring_file(x->p.port, name, text, n);
    }
    bring_ref(&r, ret_ref);
}

static void order(struct place *x, const char *ref, const char *step) {
    int status = bring_post(x->p.port, ref, step, "replaces=none").status;
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;
         status == 503 && clock_monotonic_usec() < last;) {
        status = bring_post(x->p.port, ref, step, "replaces=none").status;
    }
    assert_int_equal(status, 303);
}

// ---- what must hold ------------------------------------------------------------------------------------

// Everything that is there is whole: sums are those of the lines, tables are those of loads.
static void check_whole(struct place *x) {
    struct ctx *c = x->c;
    assert_int_equal(NUMBER(c, "SELECT coalesce(sum(amount_pence), 0) FROM core.spend_line"), x->pence);
    assert_int_equal(NUMBER(c, "SELECT coalesce(sum(amount_pence), 0) FROM core.spend_sum"), x->pence);
    assert_int_equal(NUMBER(c, "SELECT coalesce(sum(total_pence), 0) FROM core.spend_load"), x->pence);
    assert_int_equal(NUMBER(c, "SELECT count(*) FROM core.spend_line"), x->rows);
    assert_int_equal(NUMBER(c, "SELECT count(*) FROM pg_class WHERE relname LIKE 'spend_incoming%%'"), 0);
    assert_int_equal(NUMBER(c, "SELECT count(*) FROM core.spend_line l WHERE NOT EXISTS"
                               " (SELECT FROM core.payee p WHERE p.id = l.payee_id)"),
                     0);
    assert_int_equal(NUMBER(c, "SELECT count(*) FROM core.payee p WHERE NOT EXISTS"
                               " (SELECT FROM core.spend_line l WHERE p.id = l.payee_id)"),
                     0);
    assert_int_equal(NUMBER(c, "SELECT count(*) FROM core.payee WHERE company_number = '01234567'"
                               " AND supplier_id IS NULL"),
                     0);
}

static void check_loaded(struct place *x, const char *ref, int64_t pence) {
    bring_wait(x->c, ref, "loaded");
    x->pence += pence;
    x->rows += ROWS;
    check_whole(x);
    assert_int_equal(
        NUMBER(x->c, "SELECT count(*) FROM core.spend_import WHERE ref = '%s' AND load_id IS NOT NULL", ref),
        1);
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC; bring_spooled(x->data) > 0;) {
        assert_true(clock_monotonic_usec() < last); // it goes right after the word that it is loaded
        poll(NULL, 0, 5);
    }
}

// ---- ways to die ---------------------------------------------------------------------------------------

static void server_dies(struct place *x) {
    server_end(&x->p, SIGKILL);
    program_free(&x->p);
    dbtest_free_ctx(x->c);
    server_begin(&x->p, x->data, few);
    x->c = program_reach(x->data);
}

// What is held is let go: the next worker needs the tables to get ready.
static void worker_dies(struct place *x) {
    pid_t old = bring_worker(&x->p);
    assert_true(old > 0);
    assert_int_equal(kill(old, SIGKILL), 0);
    db_rollback(x->c);
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;
         bring_worker(&x->p) == old || visitor_get(x->p.port, "/readyz", "").status != 200;) {
        assert_true(clock_monotonic_usec() < last);
        poll(NULL, 0, 5);
    }
}

static void database_dies(struct place *x) {
    pid_t old = program_postmaster(x->data);
    dbtest_free_ctx(x->c);
    assert_int_equal(kill(old, SIGKILL), 0);
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;
         program_postmaster(x->data) == old || program_postmaster(x->data) == 0 ||
         visitor_get(x->p.port, "/readyz", "").status != 200;) {
        assert_true(clock_monotonic_usec() < last);
        poll(NULL, 0, 5);
    }
    x->c = program_reach(x->data);
}

// ---- where in the work ---------------------------------------------------------------------------------

static void hold(struct place *x, const char *lock) {
    assert_err(x->c, db_begin(x->c), ERR_OK);
    dbtest_run(x->c, "LOCK TABLE %s", lock);
}

// Another load seems to be under way. Unlike a table that is held, this lets a new worker get ready.
static void hold_turn(struct place *x) {
    assert_err(x->c, db_begin(x->c), ERR_OK);
    dbtest_value(x->c, "SELECT pg_advisory_xact_lock(7370656)::text"); // load_lock
}

// Until the work stands at the lock that is held.
static void wait_stuck(struct place *x, const char *ref, const char *state) {
    bring_wait(x->c, ref, state);
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;
         NUMBER(x->c, "SELECT count(*) FROM pg_locks WHERE NOT granted") == 0;) {
        assert_true(clock_monotonic_usec() < last);
        poll(NULL, 0, 5);
    }
}

static void let_go(struct place *x, void (*dies)(struct place *x)) {
    dies(x);
    bring_expire(x->c);
}

static const struct {
    const char *lock, *where;
} spots[] = {
    {"core.payee IN ACCESS EXCLUSIVE MODE", "before the first row"},
    {"core.payee IN SHARE MODE", "with all rows on their way"},
    {"core.payee_decision IN SHARE MODE", "before payees are tied"},
    {"core.spend_line IN SHARE MODE", "with its lines kept and the rest not"},
};
#define SPOTS (sizeof spots / sizeof *spots)

static void die_while_loading(const char *name, void (*dies)(struct place *x)) {
    struct place x = begin(name);
    for (size_t i = 0; i < SPOTS; i++) {
        char who[16], file[32], ref[32];
        size_t n;
        int64_t pence;
        snprintf(who, sizeof who, "No%zu", i);
        snprintf(file, sizeof file, "file-%zu.csv", i);
        char *text = bring_text(who, ROWS, &n, &pence);
        put_file(&x, file, text, n, ref);
        free(text);
        bring_wait(x.c, ref, "ready");
        hold(&x, spots[i].lock);
        order(&x, ref, "load");
        wait_stuck(&x, ref, "loading");
        let_go(&x, dies);
        check_loaded(&x, ref, pence);
    }
    end(&x);
}

static void test_a_load_is_whole_after_the_server_was_killed_in_it(void **state) {
    (void)state;
    die_while_loading("load-server", server_dies);
}

static void test_a_load_is_whole_after_its_worker_was_killed_in_it(void **state) {
    (void)state;
    die_while_loading("load-worker", worker_dies);
}

static void test_a_load_is_whole_after_postgresql_was_killed_in_it(void **state) {
    (void)state;
    die_while_loading("load-database", database_dies);
}

static void test_a_preview_is_made_after_whatever_died_while_it_was_made(void **state) {
    (void)state;
    static void (*const ways[])(struct place * x) = {server_dies, worker_dies, database_dies};
    struct place x = begin("preview");
    for (size_t i = 0; i < 3; i++) {
        char who[16], ref[32];
        size_t n;
        int64_t pence;
        snprintf(who, sizeof who, "No%zu", i);
        char *text = bring_text(who, ROWS, &n, &pence);
        hold(&x, "core.payee IN ACCESS EXCLUSIVE MODE");
        put_file(&x, "preview.csv", text, n, ref);
        free(text);
        wait_stuck(&x, ref, "reading");
        let_go(&x, ways[i]);
        bring_wait(x.c, ref, "ready");
        assert_int_equal(
            NUMBER(x.c, "SELECT (preview->>'total_pence')::bigint FROM core.spend_import WHERE ref = '%s'",
                   ref),
            pence);
        check_whole(&x);                                            // nothing is stored by looking
        assert_in_range(bring_spooled(x.data), i + 1, 2 * (i + 1)); // with its rows that are not taken
    }
    end(&x);
}

static void test_an_upload_and_an_order_that_were_acknowledged_outlive_the_server(void **state) {
    (void)state;
    struct place x = begin("promise");
    char ref[32];
    size_t n;
    int64_t pence;
    char *text = bring_text("Oat", ROWS, &n, &pence);
    put_file(&x, "promise.csv", text, n, ref);
    free(text);
    server_dies(&x); // waiting, or reading already
    bring_expire(x.c);
    bring_wait(x.c, ref, "ready");
    server_dies(&x); // ready
    bring_wait(x.c, ref, "ready");
    order(&x, ref, "load");
    server_dies(&x); // queued, or loading already, or loaded
    bring_expire(x.c);
    check_loaded(&x, ref, pence);
    end(&x);
}

static void test_a_file_that_takes_the_worker_down_three_times_is_left_alone_and_says_so(void **state) {
    (void)state;
    struct place x = begin("poison");
    char ref[32], page[64];
    size_t n;
    int64_t pence;
    char *text = bring_text("Oat", ROWS, &n, &pence);
    put_file(&x, "poison.csv", text, n, ref);
    free(text);
    bring_wait(x.c, ref, "ready");
    hold_turn(&x);
    order(&x, ref, "load");
    for (int deaths = 1; deaths <= 3; deaths++) {
        for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;
             NUMBER(x.c, "SELECT tries FROM core.spend_import WHERE ref = '%s'", ref) < deaths;) {
            assert_true(clock_monotonic_usec() < last);
            poll(NULL, 0, 5);
        }
        wait_stuck(&x, ref, "loading");
        worker_dies(&x);
        bring_expire(x.c);
        if (deaths < 3) {
            hold_turn(&x);
        }
    }
    bring_wait(x.c, ref, "failed");
    snprintf(page, sizeof page, "/officer/spend/imports/%s", ref);
    assert_int_equal(bring_get(x.p.port, page).status, 200);
    assert_non_null(strstr(dbtest_value(x.c, "SELECT problem FROM core.spend_import WHERE ref = '%s'", ref),
                           "stopped three times"));
    check_whole(&x);
    end(&x);
}

// ---- no room -------------------------------------------------------------------------------------------

#define ROOM     ((rlim_t)17 * 1024 * 1024) // a file of PostgreSQL's log has 16 MiB
#define TOO_MANY 700000 // rows of a file that fits, and more than fits when they are stored

// A server none of whose files may grow past ROOM, as on a full disk.
static void server_without_room(struct place *x, const char *name) {
    struct rlimit before, limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = ROOM;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    *x = begin(name);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
}

static void test_an_upload_without_room_for_it_is_refused_kindly_and_leaves_nothing(void **state) {
    (void)state;
    struct place x;
    char ref[32];
    size_t n;
    int64_t pence;
    server_without_room(&x, "room");
    pid_t worker = bring_worker(&x.p);
    char *text = bring_text("Oat", TOO_MANY, &n, &pence);
    struct reply r = bring_file(x.p.port, "room.csv", text, n);
    free(text);
    assert_true(n > ROOM);
    assert_int_equal(r.status, 507);
    assert_non_null(strstr(r.body, "There is no room for the file just now"));
    assert_int_equal(bring_left(x.data), 0);
    assert_int_equal(visitor_get(x.p.port, "/", "").status, 200);
    assert_int_equal(bring_worker(&x.p), worker); // it is the same process
    text = bring_text("Oat", ROWS, &n, &pence);
    r = bring_file(x.p.port, "room.csv", text, n);
    free(text);
    bring_wait(x.c, bring_ref(&r, ref), "ready"); // what fits is taken
    end(&x);
}

static int put_row(char *at, int i) {
    return snprintf(at, 32, "Oat,%d/%d/2025,7\n", 1 + i % 28, 1 + i % 9);
}

// Few bytes in the file, many more once they are stored.
static char *short_rows(size_t *ret_n) {
    static const char head[] = "Supplier,Date,Amount\n";
    char *text = malloc(sizeof head + (size_t)TOO_MANY * 24);
    size_t n = sizeof head - 1;
    assert_non_null(text);
    memcpy(text, head, n);
    for (int i = 0; i < TOO_MANY; i++) {
        n += (size_t)put_row(text + n, i);
    }
    *ret_n = n;
    return text;
}

static void test_a_load_without_room_stores_nothing_says_so_and_can_be_asked_for_again(void **state) {
    (void)state;
    struct place x;
    char ref[32];
    size_t n;
    server_without_room(&x, "load-room");
    char *text = short_rows(&n);
    struct reply r = bring_file(x.p.port, "room.csv", text, n);
    free(text);
    assert_true(n < ROOM);
    bring_wait(x.c, bring_ref(&r, ref), "ready");
    order(&x, ref, "load");
    bring_wait(x.c, ref, "failed");
    check_whole(&x);
    assert_non_null(strstr(dbtest_value(x.c, "SELECT problem FROM core.spend_import WHERE ref = '%s'", ref),
                           "Nothing was stored"));
    dbtest_free_ctx(x.c);
    server_end(&x.p, SIGTERM);
    program_free(&x.p);
    server_begin(&x.p, x.data, few); // with room
    x.c = program_reach(x.data);
    order(&x, ref, "again");
    bring_wait(x.c, ref, "ready");
    order(&x, ref, "load");
    bring_wait(x.c, ref, "loaded");
    x.rows = TOO_MANY;
    x.pence = TOO_MANY * INT64_C(700);
    check_whole(&x);
    end(&x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_a_load_is_whole_after_the_server_was_killed_in_it, program_teardown),
        cmocka_unit_test_teardown(test_a_load_is_whole_after_its_worker_was_killed_in_it, program_teardown),
        cmocka_unit_test_teardown(test_a_load_is_whole_after_postgresql_was_killed_in_it, program_teardown),
        cmocka_unit_test_teardown(test_a_preview_is_made_after_whatever_died_while_it_was_made,
                                  program_teardown),
        cmocka_unit_test_teardown(test_an_upload_and_an_order_that_were_acknowledged_outlive_the_server,
                                  program_teardown),
        cmocka_unit_test_teardown(
            test_a_file_that_takes_the_worker_down_three_times_is_left_alone_and_says_so, program_teardown),
        cmocka_unit_test_teardown(test_an_upload_without_room_for_it_is_refused_kindly_and_leaves_nothing,
                                  program_teardown),
        cmocka_unit_test_teardown(test_a_load_without_room_stores_nothing_says_so_and_can_be_asked_for_again,
                                  program_teardown),
    };
    return cmocka_run_group_tests(tests, program_group_setup, program_group_teardown);
}
