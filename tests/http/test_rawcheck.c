// SPDX-License-Identifier: Apache-2.0
// The real libcivetweb under raw bytes: what the gate relies on is so, and every raw case gets its answer
// through it.
#include "../unit/http/gate_cases.h"
#include "../unit/http/inplace.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const hosts[] = {"a.example", "b.example:8080"};
static const struct gate_limits limits = {hosts, 2, NULL, 0, 1000000};
static const struct gate_route route = {BODY_KIND_BIT(BODY_URLENCODED) | BODY_KIND_BIT(BODY_MULTIPART), 5000};

// What begin_request saw last. One request is under way at a time; the lock orders the two threads.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct seen {
    int calls;
    enum rawcheck_fault raw;
    struct gate_verdict verdict;
    char path[GATE_TARGET_MAX + 1];
    size_t headers;
    int read;      // what mg_read said at the end of the body, -2 when not asked
} last_seen, seen; // the second is the test's own copy

static struct mg_context *server;
static int port;

static int begin_request(struct mg_connection *conn) {
    const struct mg_request_info *ri = mg_get_request_info(conn);
    struct rawcheck_header headers[MG_MAX_HEADERS];
    for (int i = 0; i < ri->num_headers; i++)
        headers[i] = (struct rawcheck_header){ri->http_headers[i].name, ri->http_headers[i].value};
    struct rawcheck_request raw = {ri->request_method, ri->request_uri, ri->query_string,
                                   ri->http_version,   headers,         (size_t)ri->num_headers};
    enum rawcheck_fault fault = rawcheck_request(&raw);
    struct gate_request req = {.method = raw.method,
                               .target = raw.target,
                               .query = raw.query,
                               .version = raw.version,
                               .headers = headers,
                               .header_count = raw.header_count,
                               .remote_addr = ri->remote_addr,
                               .raw_fault = fault};
    struct gate_result result;
    struct body_type type;
    struct gate_verdict v = gate_check(&req, &limits, &result);
    if (v.status == 0)
        v = gate_check_route(&result, &route, &type);
    int last = -2;
    int64_t total = 0;
    if (v.status == 0 && result.framing != GATE_BODY_NONE) {
        char chunk[512];
        while ((last = mg_read(conn, chunk, sizeof chunk)) > 0)
            total += last;
        if (result.framing == GATE_BODY_LENGTH && total != result.content_length)
            last = -1;
    }
    pthread_mutex_lock(&lock);
    last_seen.calls++;
    last_seen.raw = fault;
    last_seen.verdict = v;
    last_seen.headers = raw.header_count;
    last_seen.read = last;
    memcpy(last_seen.path, result.path, sizeof last_seen.path);
    pthread_mutex_unlock(&lock);
    int status = v.status ? v.status : 200;
    mg_printf(conn, "HTTP/1.1 %d Answer\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status);
    return status;
}

// The library's own error page repeats the version text of the client; ours does not.
static int http_error(struct mg_connection *conn, int status, const char *message) {
    (void)message;
    mg_printf(conn, "HTTP/1.1 %d Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status);
    return 0;
}

static int quiet(const struct mg_connection *conn, const char *message) {
    (void)conn, (void)message;
    return 1;
}

static int start_server(void **state) {
    (void)state;
    const char *options[] = {"listening_ports",
                             "127.0.0.1:0",
                             "num_threads",
                             "2",
                             "decode_url",
                             "no",
                             "max_request_size",
                             "32768",
                             "request_timeout_ms",
                             "2000",
                             "enable_keep_alive",
                             "no",
                             "access_control_allow_origin",
                             "",
                             "access_control_allow_methods",
                             "",
                             "access_control_allow_headers",
                             "",
                             "enable_directory_listing",
                             "no",
                             NULL};
    struct mg_callbacks callbacks = {
        .begin_request = begin_request, .http_error = http_error, .log_message = quiet};
    mg_init_library(0);
    server = mg_start(&callbacks, NULL, options);
    if (!server)
        return -1;
    struct mg_server_port ports[1];
    if (mg_get_server_ports(server, 1, ports) != 1)
        return -1;
    port = ports[0].port;
    return 0;
}

static int stop_server(void **state) {
    (void)state;
    mg_stop(server);
    mg_exit_library();
    return 0;
}

// Sends the bytes, ends the sending side and reads the answer. Gives its status, 0 for a connection closed in
// silence.
static int ask(const char *bytes, size_t n) {
    pthread_mutex_lock(&lock);
    last_seen.calls = 0;
    pthread_mutex_unlock(&lock);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof addr), 0);
    for (size_t at = 0; at < n;) {
        ssize_t sent = send(fd, bytes + at, n - at, MSG_NOSIGNAL);
        if (sent <= 0)
            break;
        at += (size_t)sent;
    }
    shutdown(fd, SHUT_WR);
    char answer[4096] = "";
    size_t len = 0;
    ssize_t got;
    while (len < sizeof answer - 1 && (got = recv(fd, answer + len, sizeof answer - 1 - len, 0)) > 0)
        len += (size_t)got;
    answer[len] = '\0';
    close(fd);
    pthread_mutex_lock(&lock);
    seen = last_seen;
    pthread_mutex_unlock(&lock);
    const char *blank = strchr(answer, ' ');
    return blank ? (int)strtol(blank, NULL, 10) : 0;
}

static int ask_text(const char *text) {
    return ask(text, strlen(text));
}

// Each raw case of the gate's own test, now through the real library; and the test double must have said the
// same.
static void test_case(void **state) {
    const struct raw_case *c = *state;
    // A case that passes and declares a body gets one; the others are refused before any is read.
    char bytes[8192];
    assert_true(c->len + 16 < sizeof bytes);
    memcpy(bytes, c->raw, c->len);
    size_t n = c->len;
    if (c->status == 0 && strstr(c->raw, "Transfer-Encoding")) {
        memcpy(bytes + n, "0\r\n\r\n", 5);
        n += 5;
    } else if (c->status == 0 && strstr(c->raw, "Content-Length: 3")) {
        memcpy(bytes + n, "a=1", 3);
        n += 3;
    }
    int status = ask(bytes, n);
    if (c->status == LIBRARY) {
        assert_int_equal(seen.calls, 0);
        if (status != 400 && status != 505)
            fail_msg("the library answered %d", status);
    } else if (c->status == SILENT) {
        assert_int_equal(seen.calls, 0);
        assert_int_equal(status, 0);
    } else if (seen.calls == 0) {
        // Two answers come from the library before we are asked; both are refusals, as they should be.
        assert_true(c->status >= 400 && status >= 400 && status < 500);
        print_message("answered by the library: %s (%d, the gate says %d)\n", c->promise, status, c->status);
    } else {
        assert_int_equal(seen.calls, 1);
        assert_int_equal(status, c->status ? c->status : 200);
        assert_int_equal(seen.verdict.status, c->status);
        if (c->key)
            assert_string_equal(seen.verdict.error_key, c->key);
        char copy[8192 + 2] = "";
        memcpy(copy, bytes, n);
        struct inplace in;
        assert_int_equal(inplace_parse(copy, n, &in), INPLACE_PARSED);
        assert_int_equal(rawcheck_request(&in.raw), seen.raw);
        assert_int_equal(in.raw.header_count, seen.headers);
    }
}

static void test_64_headers_are_kept_in_silence_and_we_see_it(void **state) {
    (void)state;
    char raw[8192];
    int n = snprintf(raw, sizeof raw, "GET / HTTP/1.1\r\n" H);
    for (int i = 0; i < 80; i++)
        n += snprintf(raw + n, sizeof raw - (size_t)n, "X-%d: v\r\n", i);
    snprintf(raw + n, sizeof raw - (size_t)n, "Transfer-Encoding: chunked\r\n\r\n");
    assert_int_equal(ask_text(raw), 400);
    assert_int_equal(seen.headers, 64);
    assert_int_equal(seen.raw, RAWCHECK_CUT);
}

static void test_a_clean_request_is_never_called_dirty(void **state) {
    (void)state;
    static const char *const clean[] = {
        "GET /x HTTP/1.1\r\n" H "\r\n",
        "GET /x? HTTP/1.1\r\n" H "\r\n",
        "GET /x?a=b?c HTTP/1.1\r\n" H "A:\r\nB: \r\nC:   d e  \r\n\r\n",
        "GET /%41%20?%41 HTTP/1.0\r\n" H "\r\n",
        "GET /x HTTP/1.1\r\nA: \xFF\xFE\r\n" H "\r\n",
        "POST /x HTTP/1.1\r\n" H FORM "Content-Length: 2\r\n\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof clean / sizeof clean[0]; i++) {
        ask_text(clean[i]);
        assert_int_equal(seen.calls, 1);
        assert_int_equal(seen.raw, RAWCHECK_OK);
    }
}

static void test_a_target_reaches_us_undecoded(void **state) {
    (void)state;
    assert_int_equal(ask_text("GET /a%2520b HTTP/1.1\r\n" H "\r\n"), 200);
    assert_string_equal(seen.path, "/a%20b");
}

static void test_a_body_that_breaks_off_is_seen(void **state) {
    (void)state;
    static const char *const broken[] = {
        POST(FORM "Content-Length: 10\r\n") "a=1",
        POST(FORM "Transfer-Encoding: chunked\r\n") "5\r\na=1",
        POST(FORM "Transfer-Encoding: chunked\r\n") "zz\r\na=1\r\n0\r\n\r\n",
        POST(FORM "Transfer-Encoding: chunked\r\n") "3\r\na=1",
    };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        ask_text(broken[i]);
        assert_int_equal(seen.calls, 1);
        assert_int_equal(seen.read, -1);
    }
    ask_text(POST(FORM "Transfer-Encoding: chunked\r\n") "3\r\na=1\r\n0\r\n\r\n");
    assert_int_equal(seen.read, 0);
}

// The three things rawcheck.h says cannot be seen, so that a later CivetWeb that changes them is noticed.
static void test_what_is_said_to_be_invisible_is(void **state) {
    (void)state;
    static const char *const blind[] = {
        " \r\n GET / HTTP/1.1\r\n" H "\r\n",
        "GET / HTTP/1.1\r\r" H "\r\n",
        "GET / HTTP/1.1\n " H "\r\n",
    };
    for (size_t i = 0; i < sizeof blind / sizeof blind[0]; i++) {
        assert_int_equal(ask_text(blind[i]), 200);
        assert_int_equal(seen.raw, RAWCHECK_OK);
    }
    static const char lf_end[] = "GET / HTTP/1.1\r\nHost: a.example\n\n\r\0";
    assert_int_equal(ask(lf_end, sizeof lf_end - 1), 200);
    assert_int_equal(seen.raw, RAWCHECK_OK);
}

int main(void) {
    static const struct CMUnitTest more[] = {
        cmocka_unit_test(test_64_headers_are_kept_in_silence_and_we_see_it),
        cmocka_unit_test(test_a_clean_request_is_never_called_dirty),
        cmocka_unit_test(test_a_target_reaches_us_undecoded),
        cmocka_unit_test(test_a_body_that_breaks_off_is_seen),
        cmocka_unit_test(test_what_is_said_to_be_invisible_is),
    };
    enum { CASES = sizeof cases / sizeof cases[0], MORE = sizeof more / sizeof more[0] };
    static struct CMUnitTest all[CASES + MORE];
    static struct raw_case copy[CASES];
    memcpy(copy, cases, sizeof cases);
    for (size_t i = 0; i < CASES; i++)
        all[i] = (struct CMUnitTest){copy[i].promise, test_case, NULL, NULL, &copy[i]};
    memcpy(all + CASES, more, sizeof more);
    return cmocka_run_group_tests(all, start_server, stop_server);
}
