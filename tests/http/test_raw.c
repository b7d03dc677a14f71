// SPDX-License-Identifier: Apache-2.0
// Raw bytes against the real listener: whatever is wrong gets a clear refusal, the connection ends when it is
// not sure where the next request begins, nothing of what follows is taken for a request, and the server goes
// on.
#include "http/httptest.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#define H        "Host: market.example\r\n"
#define FORM     "Content-Type: application/x-www-form-urlencoded\r\n"
#define SMUGGLED "GET /plain/smuggled HTTP/1.1\r\n" H "\r\n"
#define ENDS     true // the connection must end

struct raw {
    const char *name, *bytes;
    int status; // the wanted one; 0: any from 400 to 599
    bool ends, half_close;
    size_t n; // 0: strlen
};

static const struct raw cases[] = {
    // where does the body end?
    {"length and transfer-encoding",
     "POST /echo HTTP/1.1\r\n" H FORM
     "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
     400, ENDS, 0, 0},
    {"transfer-encoding and length",
     "POST /echo HTTP/1.1\r\n" H FORM
     "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" SMUGGLED,
     400, ENDS, 0, 0},
    {"two equal lengths",
     "POST /echo HTTP/1.1\r\n" H FORM "Content-Length: 3\r\nContent-Length: 3\r\n\r\na=1", 400, ENDS, 0, 0},
    {"two different lengths",
     "POST /echo HTTP/1.1\r\n" H FORM "Content-Length: 3\r\nContent-Length: 9\r\n\r\na=1" SMUGGLED, 400, ENDS,
     0, 0},
    {"length 5abc", "POST /echo HTTP/1.1\r\n" H FORM "Content-Length: 5abc\r\n\r\na=123", 400, ENDS, 0, 0},
    {"length +5", "POST /echo HTTP/1.1\r\n" H FORM "Content-Length: +5\r\n\r\na=123", 400, ENDS, 0, 0},
    {"length -1", "POST /echo HTTP/1.1\r\n" H FORM "Content-Length: -1\r\n\r\n", 411, ENDS, 0, 0},
    {"length 5,5", "POST /echo HTTP/1.1\r\n" H FORM "Content-Length: 5,5\r\n\r\na=123", 400, ENDS, 0, 0},
    {"length 0x5", "POST /echo HTTP/1.1\r\n" H FORM "Content-Length: 0x5\r\n\r\na=123", 400, ENDS, 0, 0},
    {"empty length", "POST /echo HTTP/1.1\r\n" H FORM "Content-Length:\r\n\r\n", 411, ENDS, 0, 0},
    {"length beyond 64 bits", "POST /echo HTTP/1.1\r\n" H FORM "Content-Length: 99999999999999999999\r\n\r\n",
     0, ENDS, 0, 0},
    {"length over every limit", "POST /echo HTTP/1.1\r\n" H FORM "Content-Length: 9000000000\r\n\r\n", 413,
     ENDS, 0, 0},
    {"length over this route's limit", "POST /echo HTTP/1.1\r\n" H FORM "Content-Length: 300000\r\n\r\n", 413,
     ENDS, 0, 0},
    {"chunked is not last",
     "POST /echo HTTP/1.1\r\n" H FORM "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 0, ENDS, 0, 0},
    {"unknown transfer-encoding",
     "POST /echo HTTP/1.1\r\n" H FORM "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 0, ENDS, 0, 0},
    {"gzip transfer-encoding", "POST /echo HTTP/1.1\r\n" H FORM "Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n", 0,
     ENDS, 0, 0},
    {"identity transfer-encoding", "POST /echo HTTP/1.1\r\n" H FORM "Transfer-Encoding: identity\r\n\r\n", 0,
     ENDS, 0, 0},
    {"two transfer-encodings",
     "POST /echo HTTP/1.1\r\n" H FORM
     "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     0, ENDS, 0, 0},
    {"chunked in HTTP/1.0", "POST /echo HTTP/1.0\r\n" H FORM "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0,
     ENDS, 0, 0},
    {"chunk size zz",
     "POST /echo HTTP/1.1\r\n" H FORM "Transfer-Encoding: chunked\r\n\r\nzz\r\na=1\r\n0\r\n\r\n", 400, ENDS,
     0, 0},
    {"chunk extension",
     "POST /echo HTTP/1.1\r\n" H FORM "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\na=1\r\n0\r\n\r\n", 400,
     ENDS, true, 0},
    {"chunk size -1",
     "POST /echo HTTP/1.1\r\n" H FORM "Transfer-Encoding: chunked\r\n\r\n-1\r\na=1\r\n0\r\n\r\n", 400, ENDS,
     true, 0},
    {"chunk size beyond 64 bits",
     "POST /echo HTTP/1.1\r\n" H FORM "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\na=1", 0, ENDS,
     true, 0},
    {"chunk longer than it says",
     "POST /echo HTTP/1.1\r\n" H FORM "Transfer-Encoding: chunked\r\n\r\n3\r\na=12345\r\n0\r\n\r\n", 400,
     ENDS, true, 0},
    {"chunks without the last one",
     "POST /echo HTTP/1.1\r\n" H FORM "Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n", 400, ENDS, true, 0},
    {"chunk cut short", "POST /echo HTTP/1.1\r\n" H FORM "Transfer-Encoding: chunked\r\n\r\n9\r\na=1", 400,
     ENDS, true, 0},
    {"body cut short", "POST /echo HTTP/1.1\r\n" H FORM "Content-Length: 10\r\n\r\na=1", 400, ENDS, true, 0},
    {"no body although a length", "POST /echo HTTP/1.1\r\n" H FORM "Content-Length: 10\r\n\r\n", 400, ENDS,
     true, 0},
    {"GET with a body", "GET / HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello" SMUGGLED, 400, ENDS, 0, 0},
    {"HEAD with a body", "HEAD / HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello", 400, ENDS, 0, 0},
    {"GET with chunks", "GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ENDS, 0,
     0},
    {"POST without a length", "POST /echo HTTP/1.1\r\n" H FORM "\r\na=1", 411, ENDS, 0, 0},
    // header lines
    {"blank before the colon", "GET / HTTP/1.1\r\nHost : market.example\r\n\r\n", 400, ENDS, 0, 0},
    {"blank before a colon of a length", "POST /echo HTTP/1.1\r\n" H FORM "Content-Length : 3\r\n\r\na=1",
     400, ENDS, 0, 0},
    {"bare line feeds", "GET / HTTP/1.1\nHost: market.example\n\n", 400, ENDS, 0, 0},
    {"one bare line feed", "GET / HTTP/1.1\r\nHost: market.example\nX-A: 1\r\n\r\n", 400, ENDS, 0, 0},
    {"bare carriage return in a value", "GET / HTTP/1.1\r\n" H "X-A: 1\rX-B: 2\r\n\r\n", 400, ENDS, 0, 0},
    {"folded line, blank", "GET / HTTP/1.1\r\n" H "X-A: 1\r\n 2\r\n\r\n", 400, ENDS, 0, 0},
    {"folded line, tab", "GET / HTTP/1.1\r\n" H "X-A: 1\r\n\t2\r\n\r\n", 400, ENDS, 0, 0},
    {"line without a colon", "GET / HTTP/1.1\r\n" H "nonsense\r\n\r\n", 400, ENDS, 0, 0},
    {"line that begins with a colon", "GET / HTTP/1.1\r\n" H ": empty\r\n\r\n", 400, ENDS, 0, 0},
    {"bracket in a name", "GET / HTTP/1.1\r\n" H "X(A: 1\r\n\r\n", 400, ENDS, 0, 0},
    {"control character in a value", "GET / HTTP/1.1\r\n" H "X-A: a\001b\r\n\r\n", 400, ENDS, 0, 0},
    {"NUL in a value", "GET / HTTP/1.1\r\n" H "X-A: a\0b\r\n\r\n", 400, ENDS, 0,
     sizeof "GET / HTTP/1.1\r\n" H "X-A: a\0b\r\n\r\n" - 1},
    // which host?
    {"no Host", "GET / HTTP/1.1\r\nX-A: 1\r\n\r\n", 400, ENDS, 0, 0},
    {"no header at all", "GET / HTTP/1.1\r\n\r\n", 400, ENDS, 0, 0},
    {"two Hosts", "GET / HTTP/1.1\r\n" H "Host: other.example\r\n\r\n", 400, ENDS, 0, 0},
    {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, ENDS, 0, 0},
    {"Host with a path", "GET / HTTP/1.1\r\nHost: market.example/x\r\n\r\n", 400, ENDS, 0, 0},
    {"Host with a user", "GET / HTTP/1.1\r\nHost: a@market.example\r\n\r\n", 400, ENDS, 0, 0},
    {"Host with a port of letters", "GET / HTTP/1.1\r\nHost: market.example:80x\r\n\r\n", 400, ENDS, 0, 0},
    {"two names in one Host", "GET / HTTP/1.1\r\nHost: a.example, b.example\r\n\r\n", 400, ENDS, 0, 0},
    // the target
    {"%00 in the path", "GET /plain/a%00b HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"%0d%0a in the path", "GET /plain/a%0d%0aSet-Cookie:x HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"%0a in the query", "GET /plain/a?q=%0aX HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"%00 in the query", "GET /plain/a?q=%00 HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"NUL byte in the path", "GET /plain/a\0b HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0,
     sizeof "GET /plain/a\0b HTTP/1.1\r\n" H "\r\n" - 1},
    {"dot dot", "GET /../etc/passwd HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"escaped dot dot", "GET /%2e%2e/etc/passwd HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"escaped slash", "GET /plain%2f..%2fadmin HTTP/1.1\r\n" H "\r\n", 0, false, 0, 0},
    {"backslash", "GET /plain\\x HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"two slashes", "GET //market.example/x HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"percent without digits", "GET /plain/%zz HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"percent at the end", "GET /plain/a% HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"not UTF-8", "GET /plain/%ff HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"overlong UTF-8", "GET /plain/%c0%af HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"surrogate in UTF-8", "GET /plain/%ed%a0%80 HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"raw UTF-8 in the target", "GET /plain/\xc3\xa9 HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"fragment", "GET /plain/a#b HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"whole address of this host", "GET http://market.example/ HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"whole address of another host", "GET http://other.example/ HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"asterisk", "GET * HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"OPTIONS asterisk", "OPTIONS * HTTP/1.1\r\n" H "\r\n", 0, ENDS, 0, 0},
    {"authority only", "GET market.example:80 HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    // methods
    {"OPTIONS", "OPTIONS / HTTP/1.1\r\n" H "\r\n", 405, ENDS, 0, 0},
    {"CORS question",
     "OPTIONS / HTTP/1.1\r\n" H "Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n",
     405, ENDS, 0, 0},
    {"TRACE", "TRACE / HTTP/1.1\r\n" H "\r\n", 0, ENDS, 0, 0},
    {"PUT", "PUT /echo HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\na=1", 405, ENDS, 0, 0},
    {"DELETE", "DELETE / HTTP/1.1\r\n" H "\r\n", 405, ENDS, 0, 0},
    {"PATCH", "PATCH / HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n", 405, ENDS, 0, 0},
    {"PROPFIND", "PROPFIND / HTTP/1.1\r\n" H "\r\n", 405, ENDS, 0, 0},
    {"CONNECT", "CONNECT market.example:443 HTTP/1.1\r\n" H "\r\n", 0, ENDS, 0, 0},
    {"unknown method", "FETCH / HTTP/1.1\r\n" H "\r\n", 0, ENDS, 0, 0},
    {"small letters", "get / HTTP/1.1\r\n" H "\r\n", 0, ENDS, 0, 0},
    {"POST where only GET is", "POST /plain/a HTTP/1.1\r\n" H FORM "Content-Length: 3\r\n\r\na=1" SMUGGLED,
     405, ENDS, 0, 0},
    {"POST to nowhere", "POST /nowhere HTTP/1.1\r\n" H FORM "Content-Length: 3\r\n\r\na=1" SMUGGLED, 404,
     ENDS, 0, 0},
    // versions and promises
    {"HTTP/1.2", "GET / HTTP/1.2\r\n" H "\r\n", 505, ENDS, 0, 0},
    {"HTTP/2.0", "GET / HTTP/2.0\r\n" H "\r\n", 505, ENDS, 0, 0},
    {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0, ENDS, 0, 0},
    {"HTTP/1.1x", "GET / HTTP/1.1x\r\n" H "\r\n", 0, ENDS, 0, 0},
    {"no version", "GET /\r\n" H "\r\n", 0, ENDS, 0, 0},
    {"another protocol", "GET / SIP/2.0\r\n" H "\r\n", 0, ENDS, 0, 0},
    {"odd expectation", "POST /echo HTTP/1.1\r\n" H FORM "Expect: a miracle\r\nContent-Length: 3\r\n\r\na=1",
     417, ENDS, 0, 0},
    {"WebSocket",
     "GET / HTTP/1.1\r\n" H "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
     "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
     400, ENDS, 0, 0},
    {"h2c",
     "GET / HTTP/1.1\r\n" H
     "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
     400, ENDS, 0, 0},
    // request line and noise
    {"two blanks in the request line", "GET  / HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"tab in the request line", "GET\t/ HTTP/1.1\r\n" H "\r\n", 400, ENDS, 0, 0},
    {"TLS hello", "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n", 0, ENDS, 0, 15},
    {"noise", "\xde\xad\xbe\xef\r\n\r\n", 0, ENDS, 0, 0},
};

static struct httptest server;

static void check_alive(const char *after) {
    struct answer a = http_get(&server, "/plain/alive", "");
    if (a.status != 200 || strcmp(a.body, "name=alive q=") != 0) {
        fail_msg("after \"%s\" the server does not answer (%d)", after, a.status);
    }
    answer_free(&a);
}

static int count_of(const char *text, const char *piece) {
    int n = 0;
    for (const char *p = text; (p = strstr(p, piece)); p++) {
        n++;
    }
    return n;
}

static int wrong; // cases that did not go as they must; all are told before the test fails

static void complain(const struct raw *k, const struct answer *a, const char *what) {
    print_error("%s: %s, answered %d, wanted %d: %.300s\n", k->name, what, a->status, k->status, a->bytes);
    wrong++;
}

static void check_case(const struct raw *k) {
    int fd = client_open(&server);
    client_send(fd, k->bytes, k->n ? k->n : strlen(k->bytes));
    if (k->half_close) {
        client_half_close(fd);
    }
    struct answer a = client_read(fd, false, k->ends);
    client_close(fd);
    if (k->status ? a.status != k->status : a.status < 400 || a.status > 599) {
        complain(k, &a, "another status");
    } else if (k->ends && !a.closed) {
        complain(k, &a, "the connection stays open");
    } else if (k->ends && strcmp(answer_header(&a, "Connection"), "close") != 0) {
        complain(k, &a, "it does not say that it closes");
    } else if (count_of(a.bytes, "HTTP/1.1 ") != 1 || strstr(a.bytes, "smuggled")) {
        complain(k, &a, "more than one answer");
    } else if (*answer_header(&a, "Access-Control-Allow-Origin") || *answer_header(&a, "Set-Cookie")) {
        complain(k, &a, "a header that must not be there");
    } else if (strcmp(answer_header(&a, "X-Content-Type-Options"), "nosniff") != 0) {
        complain(k, &a, "no security headers");
    }
    answer_free(&a);
    check_alive(k->name);
}

static void test_wrong_raw_requests_get_a_clear_refusal_and_the_server_goes_on(void **state) {
    (void)state;
    wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check_case(&cases[i]);
    }
    assert_int_equal(wrong, 0);
    print_message("%zu raw cases\n", sizeof cases / sizeof cases[0]);
    assert_true(sizeof cases / sizeof cases[0] >= 62);
}

static char *repeated(const char *head, const char *piece, size_t times, const char *tail) {
    size_t n = strlen(head) + times * strlen(piece) + strlen(tail) + 1;
    char *s = malloc(n), *p = s;
    assert_non_null(s);
    p = stpcpy(p, head);
    for (size_t i = 0; i < times; i++) {
        p = stpcpy(p, piece);
    }
    stpcpy(p, tail);
    return s;
}

static void check_big(const char *name, const char *head, const char *piece, size_t times, const char *tail,
                      int status) {
    char *bytes = repeated(head, piece, times, tail);
    check_case(&(struct raw){name, bytes, status, ENDS, false, 0});
    free(bytes);
}

static void test_what_is_too_much_is_refused_by_its_kind(void **state) {
    (void)state;
    wrong = 0;
    check_big("49 headers", "GET / HTTP/1.1\r\n" H, "X-A: 1\r\n", 48, "\r\n", 431);
    check_big("65 headers", "GET / HTTP/1.1\r\n" H, "X-A: 1\r\n", 64, "\r\n", 0);
    check_big("100 headers and a second Host", "GET / HTTP/1.1\r\n" H, "X-A: 1\r\n", 99,
              "Host: evil.example\r\n\r\n", 0);
    check_big("20 KB of header", "GET / HTTP/1.1\r\n" H "X-A: ", "aaaaaaaaaa", 2000, "\r\n\r\n", 431);
    check_big("40 KB of header", "GET / HTTP/1.1\r\n" H "X-A: ", "aaaaaaaaaa", 4000, "\r\n\r\n", 0);
    check_big("9 KB of cookie", "GET / HTTP/1.1\r\n" H "Cookie: a=", "aaaaaaaaaa", 900, "\r\n\r\n", 431);
    check_big("5 KB of target", "GET /plain/", "aaaaaaaaaa", 500, " HTTP/1.1\r\n" H "\r\n", 414);
    check_big("5 KB of query", "GET /plain/a?q=", "aaaaaaaaaa", 500, " HTTP/1.1\r\n" H "\r\n", 414);
    check_big("101 query pairs", "GET /plain/a?x=1", "&x=1", 100,
              " HTTP/1.1\r\n" H "Connection: close\r\n\r\n", 400);
    assert_int_equal(wrong, 0);
}

static void test_requests_one_after_the_other_on_one_connection_are_all_answered(void **state) {
    (void)state;
    int fd = client_open(&server);
    for (int i = 0; i < 5; i++) {
        client_sendf(fd, "GET /plain/n%d HTTP/1.1\r\n" H "\r\n", i);
        struct answer a = client_read(fd, false, false);
        char wanted[32];
        snprintf(wanted, sizeof wanted, "name=n%d q=", i);
        assert_int_equal(a.status, 200);
        assert_string_equal(a.body, wanted);
        answer_free(&a);
    }
    client_sendf(fd, "POST /echo HTTP/1.1\r\n" H FORM
                     "Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n2\r\n&b\r\n0\r\n\r\n");
    struct answer a = client_read(fd, false, false);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.body, "a=1\nb=\n");
    answer_free(&a);
    client_sendf(fd, "GET /plain/last HTTP/1.1\r\n" H "Connection: close\r\n\r\n");
    a = client_read(fd, false, true);
    assert_int_equal(a.status, 200);
    assert_true(a.closed);
    answer_free(&a);
    client_close(fd);
}

static void test_an_old_client_is_answered_and_the_connection_ends(void **state) {
    (void)state;
    int fd = client_open(&server);
    client_sendf(fd, "GET /plain/old HTTP/1.0\r\n" H "\r\n");
    struct answer a = client_read(fd, false, true);
    assert_int_equal(a.status, 200);
    assert_true(a.closed);
    answer_free(&a);
    client_close(fd);
}

static void test_somebody_who_waits_for_100_continue_gets_it(void **state) {
    (void)state;
    int fd = client_open(&server);
    client_sendf(fd, "POST /echo HTTP/1.1\r\n" H FORM "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    char interim[64] = "";
    ssize_t got = recv(fd, interim, sizeof interim - 1, 0);
    assert_true(got > 0);
    assert_non_null(strstr(interim, "100 Continue"));
    client_sendf(fd, "a=1");
    struct answer a = client_read(fd, false, false);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.body, "a=1\n");
    answer_free(&a);
    client_close(fd);
}

static void test_a_body_that_drips_is_ended_at_its_deadline(void **state) {
    (void)state;
    int fd = client_open(&server);
    client_sendf(fd, "POST /echo HTTP/1.1\r\n" H FORM "Content-Length: 1000\r\n\r\na=1");
    // Each byte would restart a timeout that looks at single reads only.
    struct pollfd answered = {.fd = fd, .events = POLLIN};
    for (int i = 0; i < 200 && poll(&answered, 1, 50) == 0; i++) {
        client_send(fd, "x", 1);
    }
    struct answer a = client_read(fd, false, false);
    assert_int_equal(a.status, 408);
    assert_string_equal(answer_header(&a, "Connection"), "close");
    answer_free(&a);
    client_close(fd);
    check_alive("a dripping body");
}

static int start(void **state) {
    (void)state;
    return httptest_begin(&server, NULL,
                          (const char *const[]){HTTPTEST_FEW_WORKERS, "http.body_deadline_ms", "1000", NULL});
}

static int stop(void **state) {
    (void)state;
    return httptest_end(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_raw_requests_get_a_clear_refusal_and_the_server_goes_on),
        cmocka_unit_test(test_what_is_too_much_is_refused_by_its_kind),
        cmocka_unit_test(test_requests_one_after_the_other_on_one_connection_are_all_answered),
        cmocka_unit_test(test_an_old_client_is_answered_and_the_connection_ends),
        cmocka_unit_test(test_somebody_who_waits_for_100_continue_gets_it),
        cmocka_unit_test(test_a_body_that_drips_is_ended_at_its_deadline),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
