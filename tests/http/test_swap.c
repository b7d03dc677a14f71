// SPDX-License-Identifier: Apache-2.0
// Promises of swapping the program's pages while requests run: each request has one app from beginning to
// end, an app goes when nobody uses it any more, and nothing that it made is shown afterwards.
#include "http/httptest.h"

#include "base/clock.h"
#include "base/conf.h"
#include "support/dbtest.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define EXECUTORS 2

static struct httptest server;
static _Atomic int ended;

static void count_end(const struct app *app) {
    (void)app;
    ended++;
}

static int start(void **state) {
    ended = 0;
    if (dbtest_setup(state) != 0) {
        return -1;
    }
    struct dbtest *t = *state;
    dbtest_run(t->c,
               "INSERT INTO place (name, short_name, lad_codes, operator, contact_email)"
               " VALUES ('Larch Hill', 'Larch Hill', '{E08000010}', 'The council', 'help@market.example')");
    assert_null(conf_set("http.executors", "2"));
    httptest_start(&server, t->conninfo);
    return 0;
}

static int stop(void **state) {
    httptest_hold(false);
    httptest_stop(&server);
    return dbtest_teardown(state);
}

static struct app with_entry(const struct nav_item *nav) {
    struct app app = server.app;
    app.nav = nav;
    app.nav_count = 1;
    app.end = count_end;
    return app;
}

static bool shows(const char *target, const char *words) {
    struct answer a = http_get(&server, target, "");
    assert_int_equal(a.status, 200);
    bool found = strstr(a.body, words) != NULL;
    answer_free(&a);
    return found;
}

static int ask(const char *target) {
    int fd = client_open(&server);
    client_sendf(fd, "GET %s HTTP/1.1\r\nHost: market.example\r\nConnection: close\r\n\r\n", target);
    return fd;
}

static struct answer hear(int fd) {
    struct answer a = client_read(fd, false, false);
    client_close(fd);
    return a;
}

static void wait_ended(int n) {
    int64_t last = clock_monotonic_usec() + 10000000;
    while (ended < n) {
        assert_true(clock_monotonic_usec() < last);
    }
}

static void test_an_app_goes_after_its_last_request_and_not_before(void **state) {
    (void)state;
    static const struct nav_item first_nav[] = {{"First", "/first", NEED(PERM_PUBLIC)}};
    static const struct nav_item second_nav[] = {{"Second", "/second", NEED(PERM_PUBLIC)}};
    struct app first = with_entry(first_nav), second = with_entry(second_nav);
    server_swap_app(server.server, &first);
    httptest_hold(true);
    int fd = ask("/wait");
    httptest_wait_inside(1);
    server_swap_app(server.server, &second); // does not wait for anybody
    assert_int_equal(ended, 0);
    assert_true(shows("/ask", "Second"));
    assert_int_equal(ended, 0);
    httptest_hold(false);
    struct answer a = hear(fd);
    assert_int_equal(a.status, 200);
    answer_free(&a);
    wait_ended(1);
    server_swap_app(server.server, &server.app); // belongs to the test: it has no `end`
    wait_ended(2);
}

// "queue_depth" of /metrics, which needs no executor.
static int waiting(void) {
    struct answer a = http_get(&server, "/metrics", "");
    const char *at = strstr(a.body, "\nanchorage_queue_depth ");
    int n = -1;
    assert_non_null(at);
    sscanf(at, "\nanchorage_queue_depth %d", &n);
    answer_free(&a);
    return n;
}

static void test_a_page_that_waited_while_the_program_was_swapped_is_not_kept(void **state) {
    (void)state;
    static const struct nav_item nav[] = {{"Brand new entry", "/new", NEED(PERM_PUBLIC)}};
    struct app before = with_entry(server.app.nav), other = with_entry(nav);
    int busy[EXECUTORS];
    server_swap_app(server.server, &before); // one that is not waited for
    httptest_hold(true);
    for (int i = 0; i < EXECUTORS; i++) {
        busy[i] = ask("/wait");
    }
    httptest_wait_inside(EXECUTORS);
    int fd = ask("/place?late=1"); // has its app, and no executor yet
    while (waiting() < 1) {
    }
    server_swap_app(server.server, &other);
    httptest_hold(false);
    struct answer a = hear(fd);
    assert_int_equal(a.status, 200);
    assert_null(strstr(a.body, "Brand new entry")); // it began before
    answer_free(&a);
    assert_true(shows("/place?late=1", "Brand new entry"));
    for (int i = 0; i < EXECUTORS; i++) {
        a = hear(busy[i]);
        answer_free(&a);
    }
    server_swap_app(server.server, &server.app);
    wait_ended(2);
}

#define WITH_SERVER(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_SERVER(test_an_app_goes_after_its_last_request_and_not_before),
        WITH_SERVER(test_a_page_that_waited_while_the_program_was_swapped_is_not_kept),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
