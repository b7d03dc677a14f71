// SPDX-License-Identifier: Apache-2.0
// The server without a database: routes, error pages, static files, the queue, draining, many idle
// connections.
#include "http/httptest.h"

#include "base/clock.h"
#include "base/conf.h"
#include "http/text_en.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

static struct httptest server;

// ---- routes ----

static enum err no_page(struct req *r) {
    (void)r;
    return ERR_OK;
}

static void assert_refused(const struct route *table, size_t n, const char *because) {
    char why[256] = "";
    struct router *r = router_new(&table, &n, 1, why, sizeof why);
    assert_null(r);
    if (!strstr(why, because)) {
        fail_msg("\"%s\" does not say \"%s\"", why, because);
    }
}

static void test_a_route_table_with_a_hole_in_it_is_refused(void **state) {
    (void)state;
#define ONE(...) (&(const struct route){__VA_ARGS__}), 1
    assert_refused(ONE("GET", "/a", 0, CSRF_NONE, "-", 0, "", no_page, NULL), "permission");
    assert_refused(ONE("POST", "/a", NEED(PERM_PUBLIC), 0, "-", 0, "", no_page, NULL), "CSRF");
    assert_refused(ONE("POST", "/a", NEED(PERM_PUBLIC), CSRF_NONE, "-", 0, "", no_page, NULL), "CSRF");
    assert_refused(ONE("GET", "/a", NEED(PERM_PUBLIC), CSRF_TOKEN, "-", 0, "", no_page, NULL), "CSRF_NONE");
    assert_refused(ONE("PUT", "/a", NEED(PERM_PUBLIC), CSRF_TOKEN, "-", 0, "", no_page, NULL), "GET or POST");
    assert_refused(ONE("GET", "/a", NEED(PERM_PUBLIC), CSRF_NONE, "-", 0, "", NULL, NULL), "column");
    assert_refused(ONE("GET", "/a", NEED(PERM_PUBLIC), CSRF_NONE, NULL, 0, "", no_page, NULL), "column");
    assert_refused(ONE("GET", "a", NEED(PERM_PUBLIC), CSRF_NONE, "-", 0, "", no_page, NULL), "begin with /");
    assert_refused(ONE("GET", "/a/", NEED(PERM_PUBLIC), CSRF_NONE, "-", 0, "", no_page, NULL), "empty");
    assert_refused(ONE("GET", "/a b", NEED(PERM_PUBLIC), CSRF_NONE, "-", 0, "", no_page, NULL), "character");
    assert_refused(ONE("GET", "/..", NEED(PERM_PUBLIC), CSRF_NONE, "-", 0, "", no_page, NULL), "character");
    assert_refused(ONE("GET", "/a", NEED(PERM_BUYER), CSRF_NONE, "-", ROUTE_SNAPSHOT, "x", no_page, NULL),
                   "public");
    assert_refused(
        ONE("GET", "/{a}/{b}/{c}/{d}/{e}", NEED(PERM_PUBLIC), CSRF_NONE, "-", 0, "", no_page, NULL),
        "too many");
    const struct route same[] = {{"GET", "/a/{x}", NEED(PERM_PUBLIC), CSRF_NONE, "-", 0, "", no_page, NULL},
                                 {"GET", "/a/new", NEED(PERM_PUBLIC), CSRF_NONE, "-", 0, "", no_page, NULL}};
    assert_refused(same, 2, "same address");
}

static void test_paths_match_whole_and_exactly(void **state) {
    (void)state;
    static const struct {
        const char *target;
        int status;
    } asked[] = {{"/plain/a", 200},   {"/PLAIN/a", 404},  {"/plain", 404},    {"/plain/", 404},
                 {"/plain/a/b", 404}, {"/plain/a/", 404}, {"/plainx/a", 404}, {"/echo", 405},
                 {"/plain/%61", 200}, {"/", 200}};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        struct answer a = http_get(&server, asked[i].target, "");
        if (a.status != asked[i].status) {
            fail_msg("%s: %d instead of %d", asked[i].target, a.status, asked[i].status);
        }
        if (a.status == 405) {
            assert_string_equal(answer_header(&a, "Allow"), "POST");
        }
        answer_free(&a);
    }
    struct answer a = http_get(&server, "/plain/caf%C3%A9?q=a+b%26c", "");
    assert_string_equal(a.body, "name=caf\xc3\xa9 q=a b&c");
    answer_free(&a);
}

// ---- pages and their heads ----

static void test_head_gives_the_head_of_get_and_no_body(void **state) {
    (void)state;
    struct answer get = http_get(&server, "/", "");
    int fd = client_open(&server);
    client_sendf(fd, "HEAD / HTTP/1.1\r\nHost: market.example\r\nConnection: close\r\n\r\n");
    struct answer head = client_read(fd, true, true);
    client_close(fd);
    assert_int_equal(get.status, 200);
    assert_int_equal(head.status, 200);
    assert_int_equal(head.body_n, 0);
    char length[32];
    snprintf(length, sizeof length, "%zu", get.body_n);
    assert_string_equal(answer_header(&head, "Content-Length"), length);
    answer_free(&get);
    answer_free(&head);
}

static void test_every_answer_has_the_security_headers(void **state) {
    (void)state;
    static const char *const targets[] = {"/",        "/nowhere",    "/bug",        "/healthz",
                                          "/metrics", "/robots.txt", "/favicon.ico"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        struct answer a = http_get(&server, targets[i], "");
        assert_non_null(strstr(answer_header(&a, "Content-Security-Policy"), "default-src 'none'"));
        assert_non_null(strstr(answer_header(&a, "Content-Security-Policy"), "frame-ancestors 'none'"));
        assert_string_equal(answer_header(&a, "X-Content-Type-Options"), "nosniff");
        assert_string_equal(answer_header(&a, "Referrer-Policy"), "same-origin");
        assert_string_equal(answer_header(&a, "Cross-Origin-Opener-Policy"), "same-origin");
        assert_string_equal(answer_header(&a, "Cross-Origin-Resource-Policy"), "same-origin");
        assert_true(*answer_header(&a, "Permissions-Policy") != 0);
        assert_true(*answer_header(&a, "Cache-Control") != 0);
        assert_int_equal(strlen(answer_header(&a, "Date")), 29);
        assert_string_equal(answer_header(&a, "Set-Cookie"), "");
        answer_free(&a);
    }
}

static void test_errors_are_pages_that_say_what_to_do(void **state) {
    (void)state;
    struct answer a = http_get(&server, "/bug", "");
    assert_int_equal(a.status, 500);
    assert_non_null(strstr(a.body, "What to do"));
    assert_non_null(strstr(a.body, "reference"));
    assert_non_null(strstr(a.body, "govuk-template"));
    assert_null(strstr(a.body, "asked for")); // the detail is for the log
    answer_free(&a);
    a = http_get(&server, "/nowhere", "");
    assert_int_equal(a.status, 404);
    assert_non_null(strstr(a.body, "Page not found"));
    answer_free(&a);
    a = http_get(&server, "/bug.json", "");
    assert_int_equal(a.status, 500);
    assert_string_equal(answer_header(&a, "Content-Type"), "application/json");
    assert_non_null(strstr(a.body, "{\"error\":{\"code\":\"bug\""));
    answer_free(&a);
    a = http_get(&server, "/empty", "");
    assert_int_equal(a.status, 500);
    answer_free(&a);
}

static void test_a_page_that_needs_the_missing_database_says_so_and_when_to_come_back(void **state) {
    (void)state;
    struct answer a = http_get(&server, "/private", "");
    assert_int_equal(a.status, 503);
    assert_true(*answer_header(&a, "Retry-After") != 0);
    assert_non_null(strstr(a.body, "not available just now"));
    answer_free(&a);
    a = http_get(&server, "/readyz", "");
    assert_int_equal(a.status, 503);
    answer_free(&a);
    a = http_get(&server, "/healthz", "");
    assert_int_equal(a.status, 200);
    answer_free(&a);
}

static void test_static_files_may_be_kept_for_ever_under_an_address_of_their_content(void **state) {
    (void)state;
    struct answer page = http_get(&server, "/", "");
    const char *at = strstr(page.body, "/assets/");
    assert_non_null(at);
    char url[200];
    snprintf(url, sizeof url, "%.*s", (int)strcspn(at, "\""), at);
    struct answer a = http_get(&server, url, "");
    assert_int_equal(a.status, 200);
    assert_string_equal(answer_header(&a, "Cache-Control"), "public, max-age=31536000, immutable");
    assert_string_equal(answer_header(&a, "Content-Type"), "text/css; charset=utf-8");
    char again[200];
    snprintf(again, sizeof again, "If-None-Match: %s\r\n", answer_header(&a, "ETag"));
    struct answer same = http_get(&server, url, again);
    assert_int_equal(same.status, 304);
    struct answer small = http_get(&server, url, "Accept-Encoding: br, gzip\r\n");
    assert_string_equal(answer_header(&small, "Content-Encoding"), "gzip");
    assert_true(small.body_n < a.body_n / 2);
    struct answer plain = http_get(&server, url, "Accept-Encoding: gzip;q=0\r\n");
    assert_string_equal(answer_header(&plain, "Content-Encoding"), "");
    url[strlen("/assets/")] ^= 1; // another hash
    struct answer none = http_get(&server, url, "");
    assert_int_equal(none.status, 404);
    answer_free(&page);
    answer_free(&a);
    answer_free(&same);
    answer_free(&small);
    answer_free(&plain);
    answer_free(&none);
}

static void test_the_small_files_of_every_website_are_there(void **state) {
    (void)state;
    struct answer a = http_get(&server, "/.well-known/security.txt", "");
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, "Contact: http://market.example/contact"));
    assert_non_null(strstr(a.body, "Expires: "));
    answer_free(&a);
    a = http_get(&server, "/robots.txt", "");
    assert_int_equal(a.status, 200);
    answer_free(&a);
    a = http_get(&server, "/favicon.ico", "");
    assert_int_equal(a.status, 200);
    answer_free(&a);
}

static void test_a_form_from_another_site_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *headers;
        int status;
    } sent[] = {
        {"Origin: http://market.example\r\n", 200},
        {"Origin: http://market.example\r\nSec-Fetch-Site: same-origin\r\n", 200},
        {"Referer: http://market.example/sign-in\r\n", 200},
        {"", 200}, // no browser
        {"Origin: http://evil.example\r\n", 403},
        {"Origin: null\r\n", 403},
        {"Origin: http://market.example.evil.example\r\n", 403},
        {"Sec-Fetch-Site: cross-site\r\n", 403},
        {"Sec-Fetch-Site: same-site\r\nOrigin: http://market.example\r\n", 403},
        {"Referer: http://evil.example/http://market.example/\r\n", 403},
    };
    for (size_t i = 0; i < sizeof sent / sizeof sent[0]; i++) {
        struct answer a =
            http_post(&server, "/echo", sent[i].headers, "application/x-www-form-urlencoded", "a=1", 3);
        if (a.status != sent[i].status) {
            fail_msg("%s: %d instead of %d", sent[i].headers, a.status, sent[i].status);
        }
        answer_free(&a);
    }
}

static void test_every_error_has_its_three_sentences(void **state) {
    (void)state;
    static const char *const parts[] = {"title", "what", "do"};
    for (int e = 0; e < ERR_COUNT_; e++) {
        for (size_t i = 0; i < 3; i++) {
            const char *said = text_error(err_key((enum err)e), parts[i]);
            if (strlen(said) < 10 || strstr(said, "nvalid")) {
                fail_msg("%s.%s: \"%s\"", err_key((enum err)e), parts[i], said);
            }
            // "bug" stands in for a key without sentences.
            assert_true(e == ERR_BUG || strcmp(said, text_error("bug", parts[i])) != 0);
        }
    }
}

static void test_a_visitor_behind_a_proxy_who_guesses_on_and_on_is_asked_to_wait(void **state) {
    (void)state;
    static const char *const visitor = "X-Forwarded-For: 203.0.113.9\r\nOrigin: http://evil.example\r\n";
    int refused = 0, limited = 0;
    for (int i = 0; i < 40; i++) {
        struct answer a =
            http_post(&server, "/login", visitor, "application/x-www-form-urlencoded", "a=1", 3);
        refused += a.status == 403;
        limited += a.status == 429 && *answer_header(&a, "Retry-After") != 0;
        answer_free(&a);
    }
    assert_int_equal(refused, 30);
    assert_int_equal(limited, 10);
    struct answer a = http_post(&server, "/login", "X-Forwarded-For: 203.0.113.10\r\n",
                                "application/x-www-form-urlencoded", "a=1", 3);
    assert_int_equal(a.status, 200); // another visitor
    answer_free(&a);
}

// ---- the queue ----

static int ask(const char *method_and_target, const char *more) {
    int fd = client_open(&server);
    client_sendf(fd, "%s HTTP/1.1\r\nHost: market.example\r\n%s\r\n", method_and_target, more);
    return fd;
}

static int64_t metric(const char *name) {
    struct answer a = http_get(&server, "/metrics", "");
    char wanted[80];
    snprintf(wanted, sizeof wanted, "\nanchorage_%s ", name);
    const char *at = strstr(a.body, wanted);
    assert_non_null(at);
    int64_t v = strtoll(at + strlen(wanted), NULL, 10);
    answer_free(&a);
    return v;
}

static void wait_metric(const char *name, int64_t wanted) {
    int64_t end = clock_monotonic_usec() + 10000000;
    while (metric(name) != wanted) {
        assert_true(clock_monotonic_usec() < end);
    }
}

static void read_all(int *fds, size_t n, int status) {
    for (size_t i = 0; i < n; i++) {
        struct answer a = client_read(fds[i], false, false);
        assert_int_equal(a.status, status);
        answer_free(&a);
        client_close(fds[i]);
    }
}

static void test_a_full_queue_is_told_at_once_and_with_a_time_to_come_back(void **state) {
    (void)state;
    enum { EXECUTORS = 4, QUEUE = 8 };
    int fds[EXECUTORS + QUEUE];
    httptest_hold(true);
    for (size_t i = 0; i < EXECUTORS; i++) {
        fds[i] = ask("GET /wait", "");
    }
    httptest_wait_inside(EXECUTORS);
    for (size_t i = EXECUTORS; i < EXECUTORS + QUEUE; i++) {
        fds[i] = ask("GET /wait", "");
    }
    wait_metric("queue_depth", QUEUE);
    struct answer a = http_get(&server, "/plain/one-more", "");
    assert_int_equal(a.status, 503);
    assert_string_equal(answer_header(&a, "Retry-After"), "5");
    assert_non_null(strstr(a.body, "Wait a few seconds"));
    answer_free(&a);
    a = http_get(&server, "/healthz", ""); // those who watch are answered all the same
    assert_int_equal(a.status, 200);
    answer_free(&a);
    httptest_hold(false);
    read_all(fds, EXECUTORS + QUEUE, 200);
}

static void test_people_signing_in_at_once_leave_threads_for_everybody_else(void **state) {
    (void)state;
    static const char form[] = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n";
    int fds[3];
    httptest_hold(true);
    for (size_t i = 0; i < 3; i++) {
        fds[i] = ask("POST /login", form);
    }
    httptest_wait_inside(2);
    wait_metric("queue_depth", 1);
    struct answer a = http_get(&server, "/plain/visitor", "");
    assert_int_equal(a.status, 200);
    answer_free(&a);
    assert_int_equal(httptest_inside(), 2);
    httptest_hold(false);
    read_all(fds, 3, 200);
}

static void test_metrics_are_in_the_form_prometheus_reads(void **state) {
    (void)state;
    struct answer a = http_get(&server, "/metrics", "");
    assert_string_equal(answer_header(&a, "Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    assert_non_null(strstr(a.body, "# TYPE anchorage_requests_total counter\n"));
    assert_non_null(strstr(a.body, "anchorage_request_seconds_bucket{le=\"+Inf\"} "));
    for (const char *line = a.body; *line; line += strcspn(line, "\n") + 1) {
        bool comment =
            strncmp(line, "# HELP anchorage_", 17) == 0 || strncmp(line, "# TYPE anchorage_", 17) == 0;
        assert_true(comment || strncmp(line, "anchorage_", 10) == 0);
    }
    answer_free(&a);
}

// ---- many connections ----

static bool allow_files(rlim_t n) {
    struct rlimit r;
    getrlimit(RLIMIT_NOFILE, &r);
    if (r.rlim_cur >= n) {
        return true;
    }
    r.rlim_cur = n;
    r.rlim_max = r.rlim_max < n ? n : r.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &r) == 0;
}

static void assert_first_byte_within_a_second(void) {
    int fd = ask("GET /plain/new", "");
    struct pollfd p = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&p, 1, 1000), 1); // the promise itself names the second
    struct answer a = client_read(fd, false, false);
    assert_int_equal(a.status, 200);
    answer_free(&a);
    client_close(fd);
}

enum { IDLERS = 1000 };

static void test_a_thousand_idle_connections_do_not_keep_a_new_visitor_waiting(void **state) {
    (void)state;
    if (!allow_files(3 * IDLERS)) {
        print_message("skipped: this machine does not allow %d open files\n", 3 * IDLERS);
        return;
    }
    static int fds[IDLERS];
    int kept = 0;
    for (int i = 0; i < IDLERS; i++) {
        fds[i] = ask("GET /plain/idle", "");
        struct answer a = client_read(fds[i], false, false);
        assert_int_equal(a.status, 200);
        kept += *answer_header(&a, "Connection") == 0;
        answer_free(&a);
    }
    assert_in_range(kept, 1, IDLERS - 1); // some were kept, and when it became crowded no more
    assert_first_byte_within_a_second();
    for (int i = 0; i < IDLERS; i++) {
        client_close(fds[i]);
    }
}

static void test_a_thousand_silent_connections_do_not_keep_a_new_visitor_waiting(void **state) {
    (void)state;
    if (!allow_files(3 * IDLERS)) {
        print_message("skipped: this machine does not allow %d open files\n", 3 * IDLERS);
        return;
    }
    static int fds[IDLERS];
    for (int i = 0; i < IDLERS; i++) {
        fds[i] = client_open(&server);
    }
    assert_first_byte_within_a_second();
    for (int i = 0; i < IDLERS; i++) {
        client_close(fds[i]);
    }
}

// ---- stopping ----

static void *stop_server(void *arg) {
    server_stop(arg, 30000);
    return NULL;
}

static void *stop_and_clean(void *arg) {
    httptest_stop(arg);
    return NULL;
}

static void test_stopping_answers_newcomers_503_and_finishes_what_runs(void **state) {
    (void)state;
    struct httptest own = {0};
    httptest_start(&own, NULL);
    int fds[3];
    httptest_hold(true);
    for (int i = 0; i < 3; i++) {
        fds[i] = client_open(&own);
        client_sendf(fds[i], "GET /wait HTTP/1.1\r\nHost: market.example\r\n\r\n");
    }
    httptest_wait_inside(3);
    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop_and_clean, &own), 0);
    int64_t end = clock_monotonic_usec() + 10000000;
    int status = 0;
    while (status != 503 && clock_monotonic_usec() < end) {
        struct answer a = http_get(&own, "/plain/late", "");
        status = a.status;
        if (status == 503) {
            assert_string_equal(answer_header(&a, "Connection"), "close");
        }
        answer_free(&a);
    }
    assert_int_equal(status, 503);
    httptest_hold(false);
    read_all(fds, 3, 200);
    pthread_join(stopper, NULL);
}

static struct httptest loaded;
static _Atomic int good, enough;

// Asks on and on, each time on a new connection, until the server answers no more.
static void *load(void *arg) {
    (void)arg;
    for (int status = 200; status == 200;) {
        struct answer a = http_get(&loaded, "/count", "");
        status = a.status;
        good += status == 200;
        enough++;
        answer_free(&a);
    }
    return NULL;
}

static void test_stopping_under_load_loses_no_answer(void **state) {
    (void)state;
    httptest_start(&loaded, NULL);
    int before = httptest_counted();
    good = enough = 0;
    pthread_t threads[4], stopper;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, load, NULL), 0);
    }
    while (enough < 200) {
        sched_yield();
    }
    assert_int_equal(pthread_create(&stopper, NULL, stop_server, loaded.server), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_join(stopper, NULL);
    // Whatever a page did was told to the one who asked.
    assert_int_equal(httptest_counted() - before, good);
    loaded.server = NULL;
    httptest_stop(&loaded);
}

static void test_an_address_that_cannot_be_listened_on_is_explained(void **state) {
    (void)state;
    static const struct {
        const char *address, *because;
    } wrong[] = {{"127.0.0.1:8443s", "TLS"},    {"[::1]:8080", "IPv6"},
                 {"::1:8080", "IPv6"},          {"127.0.0.1", "a port"},
                 {"127.0.0.1:99999", "a port"}, {"somewhere:80", "IPv4"},
                 {"127.0.0.1:80,81", "IPv4"},   {":8080", "IPv4"},
                 {"127.0.0.1:80r", "IPv4"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char why[512] = "";
        struct server *s = NULL;
        conf_set("http.listen", wrong[i].address);
        assert_int_not_equal(server_start(&server.app, NULL, &s, why, sizeof why), ERR_OK);
        if (!strstr(why, wrong[i].because)) {
            fail_msg("%s: \"%s\"", wrong[i].address, why);
        }
    }
    char taken[64], why[512] = "";
    struct server *s = NULL;
    snprintf(taken, sizeof taken, "127.0.0.1:%d", server.port);
    conf_set("http.listen", taken);
    assert_int_not_equal(server_start(&server.app, NULL, &s, why, sizeof why), ERR_OK);
    assert_non_null(strstr(why, "another program"));
}

static int start(void **state) {
    (void)state;
    return httptest_begin(&server, NULL,
                          (const char *const[]){"http.queue", "8", "http.proxies", "127.0.0.1", NULL});
}

static int stop(void **state) {
    (void)state;
    return httptest_end(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_route_table_with_a_hole_in_it_is_refused),
        cmocka_unit_test(test_paths_match_whole_and_exactly),
        cmocka_unit_test(test_head_gives_the_head_of_get_and_no_body),
        cmocka_unit_test(test_every_answer_has_the_security_headers),
        cmocka_unit_test(test_errors_are_pages_that_say_what_to_do),
        cmocka_unit_test(test_a_page_that_needs_the_missing_database_says_so_and_when_to_come_back),
        cmocka_unit_test(test_static_files_may_be_kept_for_ever_under_an_address_of_their_content),
        cmocka_unit_test(test_the_small_files_of_every_website_are_there),
        cmocka_unit_test(test_a_form_from_another_site_is_refused),
        cmocka_unit_test(test_every_error_has_its_three_sentences),
        cmocka_unit_test(test_a_visitor_behind_a_proxy_who_guesses_on_and_on_is_asked_to_wait),
        cmocka_unit_test(test_a_full_queue_is_told_at_once_and_with_a_time_to_come_back),
        cmocka_unit_test(test_people_signing_in_at_once_leave_threads_for_everybody_else),
        cmocka_unit_test(test_metrics_are_in_the_form_prometheus_reads),
        cmocka_unit_test(test_a_thousand_idle_connections_do_not_keep_a_new_visitor_waiting),
        cmocka_unit_test(test_a_thousand_silent_connections_do_not_keep_a_new_visitor_waiting),
        cmocka_unit_test(test_stopping_answers_newcomers_503_and_finishes_what_runs),
        cmocka_unit_test(test_stopping_under_load_loses_no_answer),
        cmocka_unit_test(test_an_address_that_cannot_be_listened_on_is_explained),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
