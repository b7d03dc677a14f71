// SPDX-License-Identifier: Apache-2.0
// Promises of the running program when something is killed: nothing that was acknowledged is lost, and what
// can go on goes on by itself.
#include "support/dbtest.h"

#include "base/clock.h"
#include "faults/bring.h"
#include "faults/load.h"
#include "faults/program.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SERVER_ROUNDS   10
#define DATABASE_ROUNDS 5
#define ACKS_A_ROUND    30
#define VISITORS        8

static const char *const few[] = {"--set", "http.io_threads=64", "--set", "db.statement_timeout_ms=60000",
                                  NULL};

// A server on a data folder of its own with the fixture in it.
static const char *begin(struct program *p, const char *name) {
    const char *data = program_path(name);
    server_begin(p, data, few);
    if (program_postgres_count(data) == 0) {
        print_message("note: /proc does not tell where processes are; that nothing is left is not checked\n");
    }
    struct ctx *c = program_reach(data);
    load_fixture(c);
    dbtest_free_ctx(c);
    return data;
}

static void check_all_there(struct load *l, const char *data) {
    struct ctx *c = program_reach(data);
    assert_int_equal(load_lost(l, c), 0);
    dbtest_free_ctx(c);
}

// Bids, receipts by mail and audit come and go together; versions have no gaps; one bid of a supplier counts.
static void check_whole(const char *data) {
    struct ctx *c = program_reach(data);
    const char *bids = dbtest_value(c, "SELECT count(*) FROM core.bid");
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.mail_outbox"), bids);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.audit WHERE action = 'bid.submit'"), bids);
    assert_string_equal(dbtest_value(c, "SELECT sum(most) FROM (SELECT max(version) AS most FROM core.bid"
                                        " GROUP BY supplier_id) AS v"),
                        bids);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.bid WHERE state = 'submitted'"),
                        arena_i64(c->arena, LOAD_SUPPLIERS));
    dbtest_free_ctx(c);
}

static void check_answers(struct load *l) {
    struct load_figures f = load_figures(l);
    if (f.strange > 0) {
        fail_msg("%zu strange answers, the first %d", f.strange, f.strange_status);
    }
}

static void wait_status(int port, const char *target, int status) {
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;;) {
        struct reply r = visitor_get(port, target, "");
        if (r.status == status) {
            return;
        }
        if (clock_monotonic_usec() > last) {
            fail_msg("%s stays %d: %s", target, r.status, r.body);
        }
    }
}

// ---- killed --------------------------------------------------------------------------------------

static void test_no_acknowledged_bid_is_lost_when_the_server_is_killed_under_load(void **state) {
    (void)state;
    struct program p;
    struct load *l = load_start();
    const char *data = begin(&p, "server");
    for (size_t round = 1; round <= SERVER_ROUNDS; round++) {
        load_begin(l, p.port);
        load_wait(l, round * ACKS_A_ROUND);
        server_end(&p, SIGKILL);
        program_free(&p);
        load_stop(l);
        server_begin(&p, data, few);
        check_all_there(l, data);
    }
    check_answers(l);
    check_whole(data);
    server_end(&p, SIGTERM);
    assert_int_equal(p.code, 0);
    print_message("killed the server %d times: %zu bids acknowledged, 0 lost\n", SERVER_ROUNDS,
                  load_figures(l).acknowledged);
    program_free(&p);
    load_free(l);
}

static void test_no_acknowledged_bid_is_lost_when_postgresql_is_killed_under_load(void **state) {
    (void)state;
    struct program p;
    struct load *l = load_start();
    const char *data = begin(&p, "database");
    load_begin(l, p.port);
    for (size_t round = 1; round <= DATABASE_ROUNDS; round++) {
        load_wait(l, load_figures(l).acknowledged + ACKS_A_ROUND);
        pid_t old = program_postmaster(data);
        assert_int_equal(kill(old, SIGKILL), 0);
        for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;
             program_postmaster(data) == old || program_postmaster(data) == 0;) {
            assert_true(clock_monotonic_usec() < last);
            poll(NULL, 0, 5);
        }
    }
    load_wait(l, load_figures(l).acknowledged + ACKS_A_ROUND); // it is back, by itself
    load_stop(l);
    check_answers(l);
    check_all_there(l, data);
    check_whole(data);
    struct load_figures f = load_figures(l);
    assert_int_equal(f.unanswered, 0); // the server stayed up
    server_end(&p, SIGTERM);
    assert_int_equal(p.code, 0);
    print_message("killed PostgreSQL %d times: %zu bids acknowledged, 0 lost, %zu answered 503\n",
                  DATABASE_ROUNDS, f.acknowledged, f.refused);
    program_free(&p);
    load_free(l);
}

static void test_while_postgresql_is_down_it_is_alive_but_not_ready_and_says_so_plainly(void **state) {
    (void)state;
    struct program p;
    char headers[256], body[256];
    const char *data = begin(&p, "away");
    load_request(0, 5, headers, body);
    wait_status(p.port, "/readyz", 200);
    pid_t door = door_hold(data);
    assert_int_equal(kill(program_postmaster(data), SIGKILL), 0);
    wait_status(p.port, "/readyz", 503);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(visitor_get(p.port, "/healthz", "").status, 200);
        assert_int_equal(visitor_get(p.port, "/readyz", "").status, 503);
        struct reply r = visitor_get(p.port, "/account/bids", headers);
        assert_int_equal(r.status, 503);
        assert_non_null(strcasestr(r.head, "\r\nContent-Type: text/html"));
        assert_non_null(strcasestr(r.head, "\r\nRetry-After: "));
        assert_non_null(strstr(r.body, "not available just now"));
        struct visitor v = {.fd = -1, .port = p.port};
        assert_true(visitor_send(&v, "POST", LOAD_TENDER, headers, body));
        assert_int_equal(visitor_read(&v).status, 503);
        visitor_leave(&v);
    }
    door_free(door);
    wait_status(p.port, "/readyz", 200);
    assert_int_equal(visitor_get(p.port, "/account/bids", headers).status, 200);
    struct ctx *c = program_reach(data);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.bid"), "0"); // refused is refused
    dbtest_free_ctx(c);
    server_end(&p, SIGTERM);
    assert_int_equal(p.code, 0);
    program_free(&p);
}

// The log so far holds this word. The file's place is where the program writes: it is read without moving it.
static void wait_told(const struct program *p, const char *word) {
    static char text[65536];
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;;) {
        ssize_t n = pread(p->err, text, sizeof text - 1, 0);
        text[n > 0 ? n : 0] = 0;
        if (strstr(text, word)) {
            return;
        }
        if (clock_monotonic_usec() > last) {
            fail_msg("it never said %s: %s", word, text);
        }
        poll(NULL, 0, 20);
    }
}

static void test_a_start_that_the_database_holds_up_is_tried_again_and_ends_nothing(void **state) {
    (void)state;
    static const char *const hasty[] = {"--set", "db.statement_timeout_ms=1000", NULL};
    struct program p;
    const char *data = program_path("held");
    server_begin(&p, data, hasty);
    wait_status(p.port, "/readyz", 200);
    struct ctx *c = program_reach(data);
    assert_err(c, db_begin(c), ERR_OK);
    dbtest_run(c, "LOCK TABLE core.person IN ACCESS EXCLUSIVE MODE");
    assert_int_equal(kill(bring_worker(&p), SIGKILL), 0);
    wait_told(&p, "\"worker_waits_for_database\",\"tries\":\"2\"");
    wait_told(&p, "\"database_holds_up_the_start\"");
    assert_int_not_equal(visitor_get(p.port, "/readyz", "").status, 200);
    db_rollback(c);
    wait_status(p.port, "/readyz", 200); // by itself, at the same address
    dbtest_free_ctx(c);
    server_end(&p, SIGTERM);
    assert_int_equal(p.code, 0);
    program_free(&p);
}

static void test_a_server_that_waits_for_its_database_stops_when_asked_to(void **state) {
    (void)state;
    static const char *const hasty[] = {"--set", "db.statement_timeout_ms=1000", NULL};
    struct program p;
    const char *data = program_path("held-stopped");
    server_begin(&p, data, hasty);
    struct ctx *c = program_reach(data);
    assert_err(c, db_begin(c), ERR_OK);
    dbtest_run(c, "LOCK TABLE core.person IN ACCESS EXCLUSIVE MODE");
    assert_int_equal(kill(bring_worker(&p), SIGKILL), 0);
    wait_told(&p, "\"worker_waits_for_database\"");
    dbtest_free_ctx(c);
    server_end(&p, SIGTERM);
    assert_int_equal(p.code, 0);
    program_free(&p);
}

// ---- asked to stop -------------------------------------------------------------------------------

static long metric(int port, const char *name) {
    struct visitor v = {.fd = -1, .port = port};
    char key[96];
    struct reply r = visitor_send(&v, "GET", "/metrics", "", NULL) ? visitor_read(&v) : (struct reply){0};
    visitor_leave(&v);
    snprintf(key, sizeof key, "\nanchorage_%s ", name);
    const char *at = strstr(r.body, key);
    return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

static void test_every_request_that_is_inside_is_answered_before_it_stops(void **state) {
    (void)state;
    struct program p;
    struct visitor v[VISITORS];
    const char *data = begin(&p, "drain");
    struct ctx *c = program_reach(data);
    assert_err(c, db_begin(c), ERR_OK);
    dbtest_run(c, "SELECT id FROM core.supplier FOR UPDATE"); // bids wait for this
    for (size_t i = 0; i < VISITORS; i++) {
        char headers[256], body[256];
        load_request(i % LOAD_SUPPLIERS, (long)i + 1, headers, body);
        v[i] = (struct visitor){.fd = -1, .port = p.port};
        assert_true(visitor_send(&v[i], "POST", LOAD_TENDER, headers, body));
    }
    int64_t last = clock_monotonic_usec() + PATIENCE_USEC;
    while (metric(p.port, "requests_in_flight") < VISITORS + 1) { // with the one that asks
        assert_true(clock_monotonic_usec() < last);
    }
    kill(p.pid, SIGTERM);
    while (visitor_get(p.port, "/healthz", "").status == 200) { // new ones are sent away from now on
        assert_true(clock_monotonic_usec() < last);
    }
    db_rollback(c);
    dbtest_free_ctx(c);
    for (size_t i = 0; i < VISITORS; i++) {
        struct reply r = visitor_read(&v[i]);
        assert_int_equal(r.status, 303);
        assert_true(r.close);
        visitor_leave(&v[i]);
    }
    program_finish(&p);
    assert_int_equal(p.code, 0);
    assert_int_equal(program_postgres_count(data), 0);
    program_free(&p);
    server_begin(&p, data, few);
    c = program_reach(data);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.bid"), arena_i64(c->arena, VISITORS));
    dbtest_free_ctx(c);
    server_end(&p, SIGTERM);
    program_free(&p);
}

static void test_stopping_under_load_answers_everybody_and_leaves_no_process(void **state) {
    (void)state;
    struct program p;
    struct load *l = load_start();
    const char *data = begin(&p, "stop");
    for (size_t round = 1; round <= 3; round++) {
        load_begin(l, p.port);
        load_wait(l, round * ACKS_A_ROUND);
        load_hurry(l);
        server_end(&p, SIGTERM);
        assert_int_equal(p.code, 0);
        assert_int_equal(program_postgres_count(data), 0);
        program_free(&p);
        load_stop(l);
        server_begin(&p, data, few);
        check_all_there(l, data);
    }
    check_answers(l);
    assert_int_equal(load_figures(l).unanswered, 0);
    check_whole(data);
    server_end(&p, SIGTERM);
    program_free(&p);
    load_free(l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_no_acknowledged_bid_is_lost_when_the_server_is_killed_under_load,
                                  program_teardown),
        cmocka_unit_test_teardown(test_no_acknowledged_bid_is_lost_when_postgresql_is_killed_under_load,
                                  program_teardown),
        cmocka_unit_test_teardown(test_while_postgresql_is_down_it_is_alive_but_not_ready_and_says_so_plainly,
                                  program_teardown),
        cmocka_unit_test_teardown(test_a_start_that_the_database_holds_up_is_tried_again_and_ends_nothing,
                                  program_teardown),
        cmocka_unit_test_teardown(test_a_server_that_waits_for_its_database_stops_when_asked_to,
                                  program_teardown),
        cmocka_unit_test_teardown(test_every_request_that_is_inside_is_answered_before_it_stops,
                                  program_teardown),
        cmocka_unit_test_teardown(test_stopping_under_load_answers_everybody_and_leaves_no_process,
                                  program_teardown),
    };
    return cmocka_run_group_tests(tests, program_group_setup, program_group_teardown);
}
