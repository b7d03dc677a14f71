// SPDX-License-Identifier: Apache-2.0
// One visitor cannot have page after page worked out: what is counted, for whom, and what the answer says.
#include "http/httptest.h"

#include "support/dbtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEARCHES 5
#define FILES    2
#define SESSION  "Cookie: anchorage=%064d\r\n"

static struct httptest server;

// Each test has visitors of its own.
static const char *from(int visitor) {
    static char line[64];
    snprintf(line, sizeof line, "X-Forwarded-For: 203.0.113.%d\r\n", visitor);
    return line;
}

static int ask(const char *target, const char *headers) {
    struct answer a = http_get(&server, target, headers);
    int status = a.status;
    answer_free(&a);
    return status;
}

// Asks so many times for something else each time.
static void ask_times(int n, const char *path, const char *headers, int status) {
    for (int i = 0; i < n; i++) {
        char target[64];
        snprintf(target, sizeof target, "%s?year=%d", path, 1900 + i);
        assert_int_equal(ask(target, headers), status);
    }
}

static void test_the_search_after_the_last_is_refused_kindly(void **state) {
    (void)state;
    ask_times(SEARCHES, "/place", from(1), 200);
    struct answer a = http_get(&server, "/place?year=2025", from(1));
    assert_int_equal(a.status, 429);
    assert_true(strtol(answer_header(&a, "Retry-After"), NULL, 10) > 0);
    assert_string_equal(answer_header(&a, "Cache-Control"), "no-store");
    assert_non_null(strstr(a.body, "<h1>You have asked for a lot in a short time</h1>"));
    assert_non_null(strstr(a.body, "Wait a minute, then try again."));
    answer_free(&a);
}

static void test_another_visitor_is_not_held_up(void **state) {
    (void)state;
    ask_times(SEARCHES, "/place", from(2), 200);
    assert_int_equal(ask("/place?year=2025", from(2)), 429);
    assert_int_equal(ask("/place?year=2025", from(3)), 200);
}

static void test_what_stands_ready_can_be_had_at_any_time(void **state) {
    (void)state;
    ask_times(SEARCHES, "/place", from(4), 200);
    assert_int_equal(ask("/place?year=2025", from(4)), 429);
    for (int i = 0; i < 3 * SEARCHES; i++) {
        assert_int_equal(ask("/place", from(4)), 200);
        assert_int_equal(ask("/", from(4)), 200);
    }
    assert_int_equal(ask("/place?year=1900", from(4)), 200); // made before, by whoever it was
}

static void test_a_cookie_does_not_open_a_way_around(void **state) {
    (void)state;
    char headers[256];
    snprintf(headers, sizeof headers, "%s" SESSION, from(5), 7);
    for (int i = 0; i < SEARCHES; i++) {
        assert_int_equal(ask("/place", headers), 200);
    }
    assert_int_equal(ask("/place", headers), 429);
    assert_int_equal(ask("/place", from(5)), 200); // the copy that stands ready
}

static void test_a_file_counts_apart_from_pages(void **state) {
    (void)state;
    ask_times(FILES, "/place.json", from(6), 200);
    struct answer a = http_get(&server, "/place.json?year=2025", from(6));
    assert_int_equal(a.status, 429);
    assert_string_equal(answer_header(&a, "Content-Type"), "application/json");
    assert_non_null(strstr(a.body, "\"code\":\"many\""));
    answer_free(&a);
    assert_int_equal(ask("/place?year=2025", from(6)), 200);
}

static void test_half_an_ipv6_address_is_one_visitor(void **state) {
    (void)state;
    char one[96];
    for (int i = 0; i < SEARCHES; i++) {
        char target[64];
        snprintf(one, sizeof one, "X-Forwarded-For: 2001:db8:1:2::%d\r\n", i + 1);
        snprintf(target, sizeof target, "/place?month=%d", i);
        assert_int_equal(ask(target, one), 200);
    }
    assert_int_equal(ask("/place?month=99", "X-Forwarded-For: 2001:db8:1:2:ffff::1\r\n"), 429);
    assert_int_equal(ask("/place?month=99", "X-Forwarded-For: 2001:db8:1:3::1\r\n"), 200);
}

static void test_only_the_last_address_a_proxy_names_counts(void **state) {
    (void)state;
    for (int i = 0; i < SEARCHES; i++) {
        char line[96], target[64];
        snprintf(line, sizeof line, "X-Forwarded-For: 198.51.100.%d, 203.0.113.77\r\n", i);
        snprintf(target, sizeof target, "/place?day=%d", i);
        assert_int_equal(ask(target, line), 200);
    }
    assert_int_equal(ask("/place?day=99", "X-Forwarded-For: 198.51.100.99, 203.0.113.77\r\n"), 429);
}

static void test_a_proxy_that_nobody_named_is_everybody_and_not_counted(void **state) {
    (void)state;
    ask_times(3 * SEARCHES, "/place", "", 200); // from loopback, no address given
}

static void test_pages_for_people_who_are_signed_in_are_not_counted_here(void **state) {
    (void)state;
    ask_times(3 * SEARCHES, "/private", from(8), 303);
}

static int start(void **state) {
    char searches[16], files[16];
    if (dbtest_setup(state) != 0) {
        return -1;
    }
    struct dbtest *t = *state;
    dbtest_run(t->c,
               "INSERT INTO place (name, short_name, lad_codes, operator, contact_email) "
               "VALUES ('Ashford Mill', 'Ashford', '{E08000010}', 'The council', 'help@market.example')");
    snprintf(searches, sizeof searches, "%d", SEARCHES);
    snprintf(files, sizeof files, "%d", FILES);
    return httptest_begin(&server, t->conninfo,
                          (const char *const[]){HTTPTEST_FEW_WORKERS, "http.proxies", "127.0.0.1",
                                                "http.searches_per_min", searches, "http.files_per_hour",
                                                files, NULL});
}

static int stop(void **state) {
    return httptest_end(&server) || dbtest_teardown(state);
}

#define WITH_SERVER(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_SERVER(test_the_search_after_the_last_is_refused_kindly),
        WITH_SERVER(test_another_visitor_is_not_held_up),
        WITH_SERVER(test_what_stands_ready_can_be_had_at_any_time),
        WITH_SERVER(test_a_cookie_does_not_open_a_way_around),
        WITH_SERVER(test_a_file_counts_apart_from_pages),
        WITH_SERVER(test_half_an_ipv6_address_is_one_visitor),
        WITH_SERVER(test_only_the_last_address_a_proxy_names_counts),
        WITH_SERVER(test_a_proxy_that_nobody_named_is_everybody_and_not_counted),
        WITH_SERVER(test_pages_for_people_who_are_signed_in_are_not_counted_here),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
