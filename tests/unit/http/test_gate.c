// SPDX-License-Identifier: Apache-2.0
// The gate as raw HTTP sees it: each case is a raw request and the answer it must get.
#include "gate_cases.h"
#include "inplace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const hosts[] = {"a.example", "b.example:8080"};
static const char *const proxies[] = {"127.0.0.1"};
static const struct gate_limits limits = {hosts, 2, proxies, 1, 1000000};
static const struct gate_route route = {BODY_KIND_BIT(BODY_URLENCODED) | BODY_KIND_BIT(BODY_MULTIPART), 5000};

// A request kept with its parsed form; free with drop.
struct run {
    char *buf;
    struct inplace in;
    enum inplace_outcome outcome;
    struct gate_verdict v;
    struct gate_result r;
    struct body_type type;
};

static void run_from(struct run *run, const char *raw, size_t len, const char *peer,
                     const struct gate_limits *l) {
    memset(run, 0, sizeof *run);
    run->buf = malloc(len + 2); // exact, so that the address sanitizer sees any step outside
    assert_non_null(run->buf);
    memcpy(run->buf, raw, len);
    memset(run->buf + len, 'Z', 2);
    run->outcome = inplace_parse(run->buf, len, &run->in);
    if (run->outcome != INPLACE_PARSED)
        return;
    struct gate_request req = inplace_request(&run->in, peer);
    run->v = gate_check(&req, l, &run->r);
    if (run->v.status == 0)
        run->v = gate_check_route(&run->r, &route, &run->type);
}

static void run_raw(struct run *run, const char *raw) {
    run_from(run, raw, strlen(raw), "192.0.2.7", &limits);
}

static void drop(struct run *run) {
    free(run->buf);
}

static void test_case(void **state) {
    const struct raw_case *c = *state;
    struct run run;
    run_from(&run, c->raw, c->len, "192.0.2.7", &limits);
    if (c->status == LIBRARY) {
        assert_int_equal(run.outcome, INPLACE_REFUSED);
    } else if (c->status == SILENT) {
        assert_int_equal(run.outcome, INPLACE_SILENT);
        // The library never passes such a target on; the gate would refuse it all the same.
        struct gate_request req = inplace_request(&run.in, "192.0.2.7");
        assert_true(gate_check(&req, &limits, &run.r).status >= 400);
    } else {
        assert_int_equal(run.outcome, INPLACE_PARSED);
        if (c->key && run.v.error_key)
            assert_string_equal(run.v.error_key, c->key);
        assert_int_equal(run.v.status, c->status);
        if (c->status != 0)
            assert_true(run.v.close);
        if (c->status == 405)
            assert_string_equal(run.v.allow, "GET, HEAD, POST");
        else
            assert_null(run.v.allow);
    }
    drop(&run);
}

static void test_a_path_is_decoded_exactly_once(void **state) {
    (void)state;
    struct run run;
    run_raw(&run, GET("/a%2520b/caf%C3%A9+x?q=%2520"));
    assert_int_equal(run.v.status, 0);
    assert_string_equal(run.r.path, "/a%20b/caf\xC3\xA9+x");
    assert_int_equal(run.r.path_len, strlen(run.r.path));
    assert_int_equal(run.r.query_len, 7);
    assert_memory_equal(run.r.query, "q=%2520", 7);
    drop(&run);
}

static void test_a_target_given_whole_is_split_at_its_question_mark(void **state) {
    (void)state;
    struct rawcheck_header h = {"Host", "a.example"};
    struct gate_request req = {
        .method = "GET", .target = "/a?b=c?d", .version = "1.1", .headers = &h, .header_count = 1};
    struct gate_result r;
    assert_int_equal(gate_check(&req, &limits, &r).status, 0);
    assert_string_equal(r.path, "/a");
    assert_int_equal(r.query_len, 5);
    assert_memory_equal(r.query, "b=c?d", 5);
}

static void test_a_target_of_4096_bytes_passes_and_one_more_is_too_long(void **state) {
    (void)state;
    static char raw[GATE_TARGET_MAX + 100];
    for (int with_query = 0; with_query < 2; with_query++) {
        for (size_t n = GATE_TARGET_MAX; n <= GATE_TARGET_MAX + 1; n++) {
            char target[GATE_TARGET_MAX + 2];
            memset(target, 'a', n);
            target[0] = '/';
            if (with_query)
                target[10] = '?';
            target[n] = '\0';
            snprintf(raw, sizeof raw, "GET %s HTTP/1.1\r\n" H "\r\n", target);
            struct run run;
            run_raw(&run, raw);
            assert_int_equal(run.v.status, n == GATE_TARGET_MAX ? 0 : 414);
            drop(&run);
        }
    }
}

static void test_48_headers_pass_and_49_are_too_many(void **state) {
    (void)state;
    for (int extra = 46; extra <= 80; extra++) { // with Host: 47 to 81 headers
        char raw[4096];
        int n = snprintf(raw, sizeof raw, "GET / HTTP/1.1\r\n" H);
        for (int i = 0; i < extra; i++)
            n += snprintf(raw + n, sizeof raw - (size_t)n, "X-%d: v\r\n", i);
        snprintf(raw + n, sizeof raw - (size_t)n, "\r\n");
        struct run run;
        run_raw(&run, raw);
        if (extra + 1 <= 48)
            assert_int_equal(run.v.status, 0);
        else if (extra + 1 <= 64)
            assert_string_equal(run.v.error_key, "http.headers_too_many");
        else // the library kept the first 64 in silence
            assert_string_equal(run.v.error_key, "http.headers_cut");
        drop(&run);
    }
}

static void test_16_kib_of_headers_pass_and_one_byte_more_is_too_large(void **state) {
    (void)state;
    static char raw[20000];
    size_t host = strlen("Host") + strlen("a.example") + 4;
    for (size_t over = 0; over < 2; over++) {
        size_t fill = GATE_HEADER_BYTES_MAX - host - strlen("X") - 4 + over;
        int n = snprintf(raw, sizeof raw, "GET / HTTP/1.1\r\n" H "X: ");
        memset(raw + n, 'v', fill);
        memcpy(raw + n + fill, "\r\n\r\n", 5);
        struct run run;
        run_raw(&run, raw);
        assert_int_equal(run.v.status, over ? 431 : 0);
        drop(&run);
    }
}

static void test_a_cookie_over_8_kib_is_too_large(void **state) {
    (void)state;
    static char raw[12000];
    for (size_t over = 0; over < 2; over++) {
        int n = snprintf(raw, sizeof raw, "GET / HTTP/1.1\r\n" H "Cookie: ");
        memset(raw + n, 'c', GATE_COOKIE_BYTES_MAX + over);
        memcpy(raw + n + GATE_COOKIE_BYTES_MAX + over, "\r\n\r\n", 5);
        struct run run;
        run_raw(&run, raw);
        assert_int_equal(run.v.status, over ? 431 : 0);
        drop(&run);
    }
}

static void test_a_head_longer_than_the_raw_check_reads_is_too_large(void **state) {
    (void)state;
    static char raw[RAWCHECK_HEAD_MAX + 200];
    int n = snprintf(raw, sizeof raw, "GET / HTTP/1.1\r\n" H "X: ");
    memset(raw + n, 'v', RAWCHECK_HEAD_MAX);
    memcpy(raw + n + RAWCHECK_HEAD_MAX, "\r\n\r\n", 5);
    struct run run;
    run_raw(&run, raw);
    assert_int_equal(run.v.status, 431);
    drop(&run);
}

static void test_a_listed_host_passes_in_any_case_and_with_the_ports_listed(void **state) {
    (void)state;
    static const struct {
        const char *host;
        int status;
    } tries[] = {{"A.Example", 0},
                 {"a.example:9999", 0},
                 {"b.example:8080", 0},
                 {"b.example", 421},
                 {"b.example:80", 421},
                 {"a.example.", 421},
                 {"[2001:db8::1]", 421},
                 {"[2001:db8::1]:80", 421},
                 {"[::1", 400},
                 {"[zz]", 400},
                 {"[]", 400}};
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        char raw[200];
        snprintf(raw, sizeof raw, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", tries[i].host);
        struct run run;
        run_raw(&run, raw);
        assert_int_equal(run.v.status, tries[i].status);
        drop(&run);
    }
}

static void test_without_a_list_any_well_formed_host_passes(void **state) {
    (void)state;
    struct gate_limits open = {.body_max = 10};
    struct run run;
    const char *raw = "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n";
    run_from(&run, raw, strlen(raw), "127.0.0.1", &open);
    assert_int_equal(run.v.status, 0);
    assert_int_equal(run.r.host_len, strlen("[::1]:8080"));
    assert_memory_equal(run.r.host, "[::1]:8080", run.r.host_len);
    drop(&run);
}

static void test_a_length_is_read_with_its_framing(void **state) {
    (void)state;
    struct run run;
    run_raw(&run, POST(FORM "Content-Length:  0042 \r\nExpect: 100-continue\r\n"));
    assert_int_equal(run.v.status, 0);
    assert_int_equal(run.r.framing, GATE_BODY_LENGTH);
    assert_int_equal(run.r.content_length, 42);
    assert_true(run.r.expect_continue);
    assert_int_equal(run.type.kind, BODY_URLENCODED);
    drop(&run);
    run_raw(&run, POST("Content-Type: multipart/form-data; boundary=abc\r\nTransfer-Encoding: chunked\r\n"));
    assert_int_equal(run.r.framing, GATE_BODY_CHUNKED);
    assert_int_equal(run.r.content_length, -1);
    assert_int_equal(run.type.kind, BODY_MULTIPART);
    assert_string_equal(run.type.boundary, "abc");
    drop(&run);
}

static void test_a_post_to_a_page_that_takes_none_is_refused_with_what_it_takes(void **state) {
    (void)state;
    struct run run;
    run_raw(&run, POST(FORM "Content-Length: 3\r\n"));
    struct gate_route reading = {0, 0};
    struct gate_verdict v = gate_check_route(&run.r, &reading, &run.type);
    assert_int_equal(v.status, 405);
    assert_string_equal(v.allow, "GET, HEAD");
    drop(&run);
}

static void test_the_wish_to_close_is_understood(void **state) {
    (void)state;
    static const struct {
        const char *raw;
        bool close;
    } tries[] = {
        {"GET / HTTP/1.1\r\n" H "\r\n", false},
        {"GET / HTTP/1.1\r\n" H "Connection: close\r\n\r\n", true},
        {"GET / HTTP/1.1\r\n" H "Connection: x, Close\r\n\r\n", true},
        {"GET / HTTP/1.1\r\n" H "Connection: x\r\nConnection: close\r\n\r\n", true},
        {"GET / HTTP/1.1\r\n" H "Connection: closed\r\n\r\n", false},
        {"GET / HTTP/1.0\r\n" H "\r\n", true},
        {"GET / HTTP/1.0\r\n" H "Connection: keep-alive\r\n\r\n", false},
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        struct run run;
        run_raw(&run, tries[i].raw);
        assert_int_equal(run.v.status, 0);
        assert_int_equal(run.v.close, tries[i].close);
        drop(&run);
    }
}

static void test_forwarded_headers_count_only_from_our_proxy(void **state) {
    (void)state;
    static const struct {
        const char *peer;
        const char *forwarded;
        const char *client;
    } tries[] = {
        {"127.0.0.1", "203.0.113.9", "203.0.113.9"}, {"127.0.0.1", "1.1.1.1, 203.0.113.9 ", "203.0.113.9"},
        {"127.0.0.1", "2001:db8::5", "2001:db8::5"}, {"127.0.0.1", "rubbish", "127.0.0.1"},
        {"127.0.0.1", "203.0.113.9,", "127.0.0.1"},  {"192.0.2.7", "203.0.113.9", "192.0.2.7"},
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        char raw[300];
        int n = snprintf(raw, sizeof raw,
                         "GET / HTTP/1.1\r\n" H "X-Forwarded-For: 8.8.8.8\r\nX-Forwarded-For: %s\r\n"
                         "X-Forwarded-Proto: https\r\n\r\n",
                         tries[i].forwarded);
        struct run run;
        run_from(&run, raw, (size_t)n, tries[i].peer, &limits);
        assert_int_equal(run.v.status, 0);
        assert_string_equal(run.r.client_addr, tries[i].client);
        assert_int_equal(run.r.forwarded_https, strcmp(tries[i].peer, "127.0.0.1") == 0);
        drop(&run);
    }
}

// What the library would refuse itself is refused by the gate too, should another library take its place.
static void test_the_gate_does_not_rely_on_the_library(void **state) {
    (void)state;
    struct rawcheck_header h[2] = {{"Host", "a.example"}, {"A", "b"}};
    struct gate_request good = {
        .method = "GET", .target = "/", .version = "1.1", .headers = h, .header_count = 2};
    struct gate_result r;
    struct gate_request req = good;
    assert_int_equal(gate_check(&req, &limits, &r).status, 0);
    static const char *const methods[] = {"TRACE", "get", "BREW", "CONNECT"};
    for (size_t i = 0; i < 4; i++) {
        req = good;
        req.method = methods[i];
        assert_int_equal(gate_check(&req, &limits, &r).status, 405);
    }
    req = good;
    req.method = "G(T";
    assert_string_equal(gate_check(&req, &limits, &r).error_key, "http.method_form");
    req.method = "";
    assert_string_equal(gate_check(&req, &limits, &r).error_key, "http.method_form");
    req.method = NULL;
    assert_string_equal(gate_check(&req, &limits, &r).error_key, "http.request_line");
    static const char *const versions[] = {"1.2", "2.0", "0.9", "1.1 ", "1.10", "", "HTTP/1.1"};
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        req = good;
        req.version = versions[i];
        assert_int_equal(gate_check(&req, &limits, &r).status, 505);
    }
    static const char *const targets[] = {"",     "*",      "http://a.example/", "a", "/\xC3\xA9",
                                          "/a b", "/a?b c", "/a?\xC3\xA9"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        req = good;
        req.target = targets[i];
        assert_string_equal(gate_check(&req, &limits, &r).error_key, "http.target_form");
    }
    static const char *const values[] = {"b\x01", "b\r\nc: d", "b\x7F", "b\nc"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        h[1].value = values[i];
        assert_string_equal(gate_check(&good, &limits, &r).error_key, "http.header_value");
    }
    h[1] = (struct rawcheck_header){"A", "tab\tinside"};
    assert_int_equal(gate_check(&good, &limits, &r).status, 0);
    static const char *const names[] = {"", "A B", "A:", "\xC3\xA9", "A\n"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        h[1] = (struct rawcheck_header){names[i], "b"};
        assert_string_equal(gate_check(&good, &limits, &r).error_key, "http.header_name");
    }
    h[1] = (struct rawcheck_header){"A", NULL};
    assert_string_equal(gate_check(&good, &limits, &r).error_key, "http.header_name");
}

static void test_the_peer_is_the_client_when_nothing_else_is_known(void **state) {
    (void)state;
    static const struct gate_limits trusting = {.proxies = proxies, .proxy_count = 1, .body_max = 10};
    static const char *const peers[] = {"127.0.0.1", "192.0.2.7", "::1"};
    struct run run;
    for (size_t i = 0; i < 3; i++) {
        run_from(&run, GET("/"), strlen(GET("/")), peers[i], &trusting);
        assert_string_equal(run.r.client_addr, peers[i]);
        drop(&run);
    }
    run_from(&run, GET("/"), strlen(GET("/")), NULL, &trusting);
    assert_string_equal(run.r.client_addr, "");
    drop(&run);
    char longer[100];
    memset(longer, '1', sizeof longer);
    longer[99] = '\0';
    run_from(&run, GET("/"), strlen(GET("/")), longer, &trusting);
    assert_string_equal(run.r.client_addr, "");
    drop(&run);
}

static void test_a_bare_lf_behind_the_last_header_kept_is_seen(void **state) {
    (void)state;
    char raw[2048];
    int n = snprintf(raw, sizeof raw, "GET / HTTP/1.1\r\n" H);
    for (int i = 2; i < 64; i++)
        n += snprintf(raw + n, sizeof raw - (size_t)n, "X-%d: v\r\n", i);
    snprintf(raw + n, sizeof raw - (size_t)n, "X-64: v\nX-65: v\r\n\r\n");
    struct run run;
    run_raw(&run, raw);
    assert_int_equal(run.in.raw.header_count, 64);
    assert_string_equal(run.v.error_key, "http.bare_lf");
    drop(&run);
}

static void test_missing_pieces_are_a_raw_fault(void **state) {
    (void)state;
    struct rawcheck_request raw = {0};
    assert_int_equal(rawcheck_request(&raw), RAWCHECK_MISSING);
    char buf[] = "GET\0/\0HTTP/1.1\0\0Host\0 a\0\0\r\0";
    struct rawcheck_header h = {buf + 16, buf + 22};
    raw = (struct rawcheck_request){buf, buf + 4, NULL, buf + 11, &h, 1};
    assert_int_equal(rawcheck_request(&raw), RAWCHECK_OK);
    h.value = NULL;
    assert_int_equal(rawcheck_request(&raw), RAWCHECK_MISSING);
    h.value = buf;
    assert_int_equal(rawcheck_request(&raw), RAWCHECK_MISSING);
    h.value = buf + 22;
    raw.query = buf + 6;
    assert_int_equal(rawcheck_request(&raw), RAWCHECK_REQUEST_LINE);
    raw.query = buf + 7;
    assert_int_equal(rawcheck_request(&raw), RAWCHECK_REQUEST_LINE);
    for (int f = RAWCHECK_OK; f <= RAWCHECK_TOO_LONG; f++)
        assert_true(strlen(rawcheck_fault_key((enum rawcheck_fault)f)) > 1);
}

int main(void) {
    static const struct CMUnitTest more[] = {
        cmocka_unit_test(test_a_path_is_decoded_exactly_once),
        cmocka_unit_test(test_a_target_given_whole_is_split_at_its_question_mark),
        cmocka_unit_test(test_a_target_of_4096_bytes_passes_and_one_more_is_too_long),
        cmocka_unit_test(test_48_headers_pass_and_49_are_too_many),
        cmocka_unit_test(test_16_kib_of_headers_pass_and_one_byte_more_is_too_large),
        cmocka_unit_test(test_a_cookie_over_8_kib_is_too_large),
        cmocka_unit_test(test_a_head_longer_than_the_raw_check_reads_is_too_large),
        cmocka_unit_test(test_a_listed_host_passes_in_any_case_and_with_the_ports_listed),
        cmocka_unit_test(test_without_a_list_any_well_formed_host_passes),
        cmocka_unit_test(test_a_length_is_read_with_its_framing),
        cmocka_unit_test(test_a_post_to_a_page_that_takes_none_is_refused_with_what_it_takes),
        cmocka_unit_test(test_the_wish_to_close_is_understood),
        cmocka_unit_test(test_forwarded_headers_count_only_from_our_proxy),
        cmocka_unit_test(test_the_gate_does_not_rely_on_the_library),
        cmocka_unit_test(test_the_peer_is_the_client_when_nothing_else_is_known),
        cmocka_unit_test(test_a_bare_lf_behind_the_last_header_kept_is_seen),
        cmocka_unit_test(test_missing_pieces_are_a_raw_fault),
    };
    enum { CASES = sizeof cases / sizeof cases[0], MORE = sizeof more / sizeof more[0] };
    static struct CMUnitTest all[CASES + MORE];
    static struct raw_case copy[CASES];
    memcpy(copy, cases, sizeof cases);
    for (size_t i = 0; i < CASES; i++)
        all[i] = (struct CMUnitTest){copy[i].promise, test_case, NULL, NULL, &copy[i]};
    memcpy(all + CASES, more, sizeof more);
    return cmocka_run_group_tests(all, NULL, NULL);
}
