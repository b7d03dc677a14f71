// SPDX-License-Identifier: Apache-2.0
// Promises of the running program when a plugin, or anything else in the worker, falls over: it is back by
// itself, and what falls over again and again is left out.
#include "support/dbtest.h"

#include "base/clock.h"
#include "faults/load.h"
#include "faults/plugged.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORKER_ROUNDS 5
#define ACKS_A_ROUND  30

static struct plugged folder_of(const char *name) {
    static char paths[2][160], plugins[64];
    snprintf(paths[0], sizeof paths[0], "%s", program_path(name));
    snprintf(plugins, sizeof plugins, "%.40s.plugins", name);
    snprintf(paths[1], sizeof paths[1], "%s", program_path(plugins));
    struct plugged g = {.data = paths[0], .folder = paths[1], .list = "livepage,crashy"};
    plugged_copy(&g, "livepage");
    plugged_copy(&g, "crashy");
    return g;
}

static size_t count_words(const char *text, const char *words) {
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, words)); at += strlen(words)) {
        n++;
    }
    return n;
}

static void need_value(const struct plugged *g, const char *sql, const char *wanted) {
    struct ctx *c = program_reach(g->data);
    assert_string_equal(dbtest_value(c, "%s", sql), wanted);
    dbtest_free_ctx(c);
}

// ---- a plugin ------------------------------------------------------------------------------------

// Asks for the page that falls over; back with another worker, on the same port.
static void crash(const struct program *p, const char *target) {
    pid_t old = plugged_worker(p);
    assert_int_equal(visitor_get(p->port, target, "").status, 0); // no answer: the worker is gone
    plugged_other_worker(p, old);
    plugged_wait(p->port, "/readyz", 200);
}

static void test_after_a_crash_it_is_back_and_after_the_second_one_without_that_plugin(void **state) {
    (void)state;
    struct plugged g = folder_of("twice");
    struct program p, verb;
    plugged_server(&p, &g);
    pid_t postmaster = program_postmaster(g.data);
    assert_int_equal(visitor_get(p.port, "/x/crashy", "").status, 200);
    crash(&p, "/x/crashy/now");
    assert_int_equal(visitor_get(p.port, "/x/crashy", "").status, 200); // once may be chance
    assert_int_equal(program_postmaster(g.data), postmaster);           // PostgreSQL has not noticed
    crash(&p, "/x/crashy/now");
    assert_int_equal(visitor_get(p.port, "/x/crashy", "").status, 404);
    assert_int_equal(visitor_get(p.port, "/x/livepage", "").status, 200);
    need_value(&g, "SELECT state FROM core.plugin WHERE id = 'crashy'", "SUSPENDED");
    need_value(&g, "SELECT state FROM core.plugin WHERE id = 'livepage'", "ACTIVE");
    plugged_verb(&verb, &g, (const char *const[]){"plugin", "list", NULL});
    assert_int_equal(verb.code, 1);
    if (!strstr(verb.said, "SUSPENDED") || !strstr(verb.said, "crash")) {
        fail_msg("%s", verb.said);
    }
    program_free(&verb);
    PLUGGED_RUN(&g, "plugin", "enable", "crashy");
    assert_int_equal(visitor_get(p.port, "/x/crashy", "").status, 200);
    server_end(&p, SIGTERM);
    assert_int_equal(p.code, 0);
    assert_int_equal(count_words(p.said, "listens on"), 1);
    assert_int_equal(count_words(p.told, "\"worker_died\""), 2);
    assert_int_equal(program_postgres_count(g.data), 0);
    program_free(&p);
}

static void test_a_call_that_never_comes_back_is_ended_and_noted_as_a_crash(void **state) {
    (void)state;
    struct plugged g = folder_of("stuck");
    struct program p;
    plugged_server(&p, &g);
    crash(&p, "/x/crashy/stuck");
    crash(&p, "/x/crashy/now"); // the second within ten minutes, of whatever kind
    assert_int_equal(visitor_get(p.port, "/x/crashy", "").status, 404);
    need_value(&g, "SELECT state FROM core.plugin WHERE id = 'crashy'", "SUSPENDED");
    server_end(&p, SIGTERM);
    assert_int_equal(p.code, 0);
    program_free(&p);
}

static void
test_a_plugin_that_falls_over_when_it_starts_keeps_the_server_down_for_two_tries_only(void **state) {
    (void)state;
    struct plugged g = folder_of("start");
    struct program p;
    g.list = "livepage,crashstart";
    plugged_copy(&g, "crashstart");
    plugged_server(&p, &g); // comes up by itself
    assert_int_equal(visitor_get(p.port, "/x/livepage", "").status, 200);
    need_value(&g, "SELECT state FROM core.plugin WHERE id = 'crashstart'", "SUSPENDED");
    server_end(&p, SIGTERM);
    assert_int_equal(p.code, 0);
    assert_int_equal(count_words(p.told, "\"worker_died\""), 2);
    assert_int_equal(count_words(p.said, "listens on"), 1);
    program_free(&p);
}

static void test_five_faults_take_a_plugin_out_and_the_server_runs_on(void **state) {
    (void)state;
    struct plugged g = folder_of("five");
    struct program p;
    plugged_server(&p, &g);
    pid_t worker = plugged_worker(&p);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(visitor_get(p.port, "/x/crashy/bug", "").status, 500);
    }
    plugged_wait(p.port, "/x/crashy", 404);
    assert_int_equal(visitor_get(p.port, "/x/livepage", "").status, 200);
    need_value(
        &g, "SELECT suspended_at IS NOT NULL AND suspended_reason <> '' FROM core.plugin WHERE id = 'crashy'",
        "t");
    PLUGGED_RUN(&g, "plugin", "enable", "crashy");
    assert_int_equal(visitor_get(p.port, "/x/crashy", "").status, 200);
    assert_int_equal(plugged_worker(&p), worker);
    server_end(&p, SIGTERM);
    assert_int_equal(p.code, 0);
    program_free(&p);
}

// ---- the worker ----------------------------------------------------------------------------------

static void test_no_acknowledged_bid_is_lost_when_the_worker_is_killed_under_load(void **state) {
    (void)state;
    struct plugged g = folder_of("worker");
    struct program p;
    struct load *l = load_start();
    plugged_server(&p, &g);
    struct ctx *c = program_reach(g.data);
    load_fixture(c);
    for (size_t round = 1; round <= WORKER_ROUNDS; round++) {
        load_begin(l, p.port);
        load_wait(l, round * ACKS_A_ROUND);
        pid_t old = plugged_worker(&p);
        assert_int_equal(kill(old, SIGKILL), 0);
        plugged_other_worker(&p, old);
        plugged_wait(p.port, "/readyz", 200);
        load_stop(l);
        assert_int_equal(load_lost(l, c), 0);
    }
    dbtest_free_ctx(c);
    struct load_figures f = load_figures(l);
    assert_int_equal(f.strange, 0);
    print_message("killed the worker %d times: %zu bids acknowledged, 0 lost\n", WORKER_ROUNDS,
                  f.acknowledged);
    server_end(&p, SIGTERM);
    assert_int_equal(p.code, 0);
    program_free(&p);
    load_free(l);
}

static void test_a_worker_does_not_outlive_its_supervisor_and_the_folder_is_free_at_once(void **state) {
    (void)state;
    struct plugged g = folder_of("orphan");
    struct program p;
    plugged_server(&p, &g);
    for (int round = 0; round < 3; round++) {
        pid_t worker = plugged_worker(&p);
        assert_true(worker > 0);
        server_end(&p, SIGKILL);
        program_free(&p);
        int64_t last = clock_monotonic_usec() + PATIENCE_USEC;
        while (plugged_runs(worker)) {
            assert_true(clock_monotonic_usec() < last);
            poll(NULL, 0, 1);
        }
        plugged_server(&p, &g);
        assert_int_equal(visitor_get(p.port, "/x/livepage", "").status, 200);
    }
    server_end(&p, SIGTERM);
    assert_int_equal(p.code, 0);
    program_free(&p);
}

static void test_a_worker_that_ends_by_itself_ends_the_program_with_its_code(void **state) {
    (void)state;
    struct plugged g = folder_of("ends");
    struct program p;
    plugged_server(&p, &g);
    kill(plugged_worker(&p), SIGTERM); // it drains and leaves in peace
    program_finish(&p);
    assert_int_equal(p.code, 0);
    assert_int_equal(program_postgres_count(g.data), 0);
    program_free(&p);
    plugged_server(&p, &g); // and a port in use ends it with 1
    char listen[64];
    snprintf(listen, sizeof listen, "127.0.0.1:%d", p.port);
    struct program other;
    const char *const args[] = {"serve", "--data", program_path("ends2"), "--listen", listen, NULL};
    program_run(&other, args);
    assert_int_equal(other.code, 1);
    assert_non_null(strstr(other.told, "Nothing can listen on"));
    program_free(&other);
    server_end(&p, SIGTERM);
    program_free(&p);
}

static void test_asked_to_stop_between_two_workers_it_stops(void **state) {
    (void)state;
    struct plugged g = folder_of("between");
    struct program p;
    plugged_server(&p, &g);
    for (int i = 0; i < 3; i++) { // the third death is followed by a pause of seconds
        pid_t old = plugged_worker(&p);
        assert_int_equal(kill(old, SIGKILL), 0);
        if (i < 2) {
            plugged_other_worker(&p, old);
        }
    }
    server_end(&p, SIGTERM);
    assert_int_equal(program_postgres_count(g.data), 0);
    program_free(&p);
}

#define T(fn) cmocka_unit_test_teardown(fn, program_teardown)

int main(void) {
    // A sanitizer ends the program with a code of its own; here a crash has to look like one.
    setenv("ASAN_OPTIONS", "abort_on_error=1:detect_leaks=0", 1);
    setenv("UBSAN_OPTIONS", "abort_on_error=1", 1);
    const struct CMUnitTest tests[] = {
        T(test_after_a_crash_it_is_back_and_after_the_second_one_without_that_plugin),
        T(test_a_call_that_never_comes_back_is_ended_and_noted_as_a_crash),
        T(test_a_plugin_that_falls_over_when_it_starts_keeps_the_server_down_for_two_tries_only),
        T(test_five_faults_take_a_plugin_out_and_the_server_runs_on),
        T(test_no_acknowledged_bid_is_lost_when_the_worker_is_killed_under_load),
        T(test_a_worker_does_not_outlive_its_supervisor_and_the_folder_is_free_at_once),
        T(test_a_worker_that_ends_by_itself_ends_the_program_with_its_code),
        T(test_asked_to_stop_between_two_workers_it_stops),
    };
    return cmocka_run_group_tests(tests, program_group_setup, program_group_teardown);
}
