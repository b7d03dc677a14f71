// SPDX-License-Identifier: Apache-2.0
// The gate as raw HTTP sees it: each case is a raw request and the answer it must get.
#include "inplace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define LIBRARY 1 // the HTTP library refuses it before the gate is asked
#define SILENT  2 // the library closes the connection

struct raw_case {
    const char *promise;
    int status; // 0: passes
    const char *key;
    const char *raw;
    size_t len;
};
#define CASE(promise, status, key, raw)                                                                      \
    { promise, status, key, raw, sizeof(raw) - 1 }
#define H             "Host: a.example\r\n"
#define GET(target)   "GET " target " HTTP/1.1\r\n" H "\r\n"
#define FORM          "Content-Type: application/x-www-form-urlencoded\r\n"
#define POST(headers) "POST /f HTTP/1.1\r\n" H headers "\r\n"

static const struct raw_case cases[] = {
    CASE("a_plain_get_passes", 0, NULL, GET("/")),
    CASE("a_get_with_a_query_passes", 0, NULL, GET("/spend?year=2026&ward=Leigh+West")),
    CASE("a_head_passes", 0, NULL, "HEAD / HTTP/1.1\r\n" H "\r\n"),
    CASE("a_post_with_a_length_passes", 0, NULL, POST(FORM "Content-Length: 3\r\n")),
    CASE("a_chunked_post_passes", 0, NULL, POST(FORM "Transfer-Encoding: chunked\r\n")),
    CASE("chunked_in_capitals_passes", 0, NULL, POST(FORM "Transfer-Encoding: Chunked\r\n")),
    CASE("http_1_0_with_a_host_passes", 0, NULL, "GET / HTTP/1.0\r\n" H "\r\n"),
    CASE("an_escaped_accent_passes", 0, NULL, GET("/caf%C3%A9")),
    CASE("blanks_around_a_value_pass", 0, NULL, "GET / HTTP/1.1\r\nHost:   a.example   \r\n\r\n"),
    CASE("a_get_with_length_zero_passes", 0, NULL, "GET / HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n"),
    CASE("a_blank_line_before_the_request_passes", 0, NULL, "\r\n" GET("/")),
    CASE("a_dot_inside_a_name_passes", 0, NULL, GET("/a..b/...c/.d")),
    CASE("an_absent_header_value_passes", 0, NULL, "GET / HTTP/1.1\r\n" H "Accept:\r\n\r\n"),
    CASE("expect_100_continue_passes", 0, NULL, POST(FORM "Content-Length: 3\r\nExpect: 100-Continue\r\n")),

    CASE("options_is_refused_without_cors", 405, "http.method",
         "OPTIONS / HTTP/1.1\r\n" H
         "Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n"),
    CASE("put_is_refused", 405, "http.method", "PUT /f HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\nx"),
    CASE("delete_is_refused", 405, "http.method", "DELETE /f HTTP/1.1\r\n" H "\r\n"),
    CASE("patch_is_refused", 405, "http.method", "PATCH /f HTTP/1.1\r\n" H "\r\n"),
    CASE("propfind_is_refused", 405, "http.method", "PROPFIND / HTTP/1.1\r\n" H "\r\n"),
    CASE("mkcol_is_refused", 405, "http.method", "MKCOL /f HTTP/1.1\r\n" H "\r\n"),
    CASE("connect_with_a_path_is_refused", 405, "http.method", "CONNECT /f HTTP/1.1\r\n" H "\r\n"),
    CASE("trace_is_refused", LIBRARY, NULL, "TRACE / HTTP/1.1\r\n" H "\r\n"),
    CASE("an_unknown_method_is_refused", LIBRARY, NULL, "BREW / HTTP/1.1\r\n" H "\r\n"),
    CASE("get_in_small_letters_is_refused", LIBRARY, NULL, "get / HTTP/1.1\r\n" H "\r\n"),

    CASE("http_1_2_is_refused", LIBRARY, NULL, "GET / HTTP/1.2\r\n" H "\r\n"),
    CASE("http_2_0_is_refused", LIBRARY, NULL, "GET / HTTP/2.0\r\n" H "\r\n"),
    CASE("http_0_9_is_refused", LIBRARY, NULL, "GET /\r\n\r\n"),
    CASE("http_in_small_letters_is_refused", LIBRARY, NULL, "GET / http/1.1\r\n" H "\r\n"),
    CASE("a_version_with_more_digits_is_refused", LIBRARY, NULL, "GET / HTTP/1.10\r\n" H "\r\n"),

    CASE("two_blanks_after_the_method_are_refused", 400, "http.request_line", "GET  / HTTP/1.1\r\n" H "\r\n"),
    CASE("two_blanks_before_the_version_are_refused", 400, "http.request_line",
         "GET /  HTTP/1.1\r\n" H "\r\n"),
    CASE("a_request_line_over_two_lines_is_refused", 400, "http.request_line",
         "GET \r\n/ HTTP/1.1\r\n" H "\r\n"),
    CASE("a_blank_at_the_end_of_the_request_line_is_refused", LIBRARY, NULL, "GET / HTTP/1.1 \r\n" H "\r\n"),
    CASE("a_tab_in_the_request_line_is_refused", LIBRARY, NULL, "GET\t/ HTTP/1.1\r\n" H "\r\n"),

    CASE("a_bare_lf_after_the_request_line_is_refused", 400, "http.bare_lf", "GET / HTTP/1.1\n" H "\r\n"),
    CASE("a_bare_lf_after_a_header_is_refused", 400, "http.bare_lf",
         "GET / HTTP/1.1\r\nHost: a.example\nA: b\r\n\r\n"),
    CASE("a_bare_lf_at_the_end_is_refused", 400, "http.bare_lf", "GET / HTTP/1.1\r\nHost: a.example\r\n\n"),
    CASE("lf_only_lines_are_refused", 400, "http.bare_lf", "GET / HTTP/1.1\nHost: a.example\n\n"),
    CASE("a_bare_cr_in_a_value_is_refused", LIBRARY, NULL, "GET / HTTP/1.1\r\n" H "A: b\rC: d\r\n\r\n"),
    CASE("a_blank_before_the_colon_is_refused", 400, "http.name_blank",
         "GET / HTTP/1.1\r\nHost : a.example\r\n\r\n"),
    CASE("a_blank_before_the_colon_of_an_empty_value_is_refused", 400, "http.name_blank",
         "GET / HTTP/1.1\r\n" H "Accept :\r\n\r\n"),
    CASE("a_blank_before_the_colon_of_transfer_encoding_is_refused", 400, "http.name_blank",
         POST(FORM "Content-Length: 3\r\nTransfer-Encoding : chunked\r\n")),
    CASE("a_folded_line_is_refused", 400, "http.headers_cut",
         "GET / HTTP/1.1\r\n" H "A: b\r\n c: d\r\nE: f\r\n\r\n"),
    CASE("a_folded_first_line_is_refused", 400, "http.bare_lf", "GET / HTTP/1.1\r\n Host: a.example\r\n\r\n"),
    CASE("a_folded_line_hiding_a_length_is_refused", 400, "http.headers_cut",
         POST(FORM "Content-Length: 3\r\n \r\nTransfer-Encoding: chunked\r\n")),
    CASE("a_header_without_a_name_is_refused", 400, "http.headers_cut",
         "GET / HTTP/1.1\r\n" H ": b\r\nC: d\r\n\r\n"),
    CASE("a_header_line_starting_with_a_high_byte_is_refused", 400, "http.headers_cut",
         "GET / HTTP/1.1\r\n" H "\xE9: b\r\n\r\n"),
    CASE("a_header_without_a_colon_is_refused", LIBRARY, NULL, "GET / HTTP/1.1\r\n" H "NoColon\r\n\r\n"),
    CASE("a_blank_inside_a_header_name_is_refused", LIBRARY, NULL, "GET / HTTP/1.1\r\n" H "A B: c\r\n\r\n"),
    CASE("a_header_name_that_is_no_token_is_refused", 400, "http.header_name",
         "GET / HTTP/1.1\r\n" H "A(b): c\r\n\r\n"),
    CASE("a_header_name_with_a_slash_is_refused", 400, "http.header_name",
         "GET / HTTP/1.1\r\n" H "A/b: c\r\n\r\n"),
    CASE("a_nul_in_a_header_is_refused", LIBRARY, NULL, "GET / HTTP/1.1\r\n" H "A: b\0c\r\n\r\n"),
    CASE("a_control_character_in_a_header_is_refused", LIBRARY, NULL,
         "GET / HTTP/1.1\r\n" H "A: b\x01\r\n\r\n"),
    CASE("a_del_character_in_a_header_is_refused", LIBRARY, NULL, "GET / HTTP/1.1\r\n" H "A: b\x7F\r\n\r\n"),

    CASE("a_missing_host_is_refused", 400, "http.host_missing", "GET / HTTP/1.1\r\nA: b\r\n\r\n"),
    CASE("no_header_at_all_is_refused", 400, "http.no_headers", "GET / HTTP/1.1\r\n\r\n"),
    CASE("two_hosts_are_refused", 400, "http.host_twice", "GET / HTTP/1.1\r\n" H "host: b.example\r\n\r\n"),
    CASE("two_equal_hosts_are_refused", 400, "http.host_twice", "GET / HTTP/1.1\r\n" H H "\r\n"),
    CASE("an_empty_host_is_refused", 400, "http.host_form", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
    CASE("a_host_with_a_user_is_refused", 400, "http.host_form",
         "GET / HTTP/1.1\r\nHost: x@a.example\r\n\r\n"),
    CASE("a_host_with_a_path_is_refused", 400, "http.host_form",
         "GET / HTTP/1.1\r\nHost: a.example/x\r\n\r\n"),
    CASE("a_list_of_hosts_is_refused", 400, "http.host_form",
         "GET / HTTP/1.1\r\nHost: a.example, b.example\r\n\r\n"),
    CASE("a_host_with_a_wordy_port_is_refused", 400, "http.host_form",
         "GET / HTTP/1.1\r\nHost: a.example:80x\r\n\r\n"),
    CASE("a_host_with_a_huge_port_is_refused", 400, "http.host_form",
         "GET / HTTP/1.1\r\nHost: a.example:123456\r\n\r\n"),
    CASE("a_host_with_high_bytes_is_refused", 400, "http.host_form",
         "GET / HTTP/1.1\r\nHost: \xC3\xA9.example\r\n\r\n"),
    CASE("a_strange_host_is_misdirected", 421, "http.host_unknown",
         "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
    CASE("a_longer_host_is_misdirected", 421, "http.host_unknown",
         "GET / HTTP/1.1\r\nHost: a.example.evil\r\n\r\n"),

    CASE("an_absolute_target_is_refused", SILENT, NULL, GET("http://a.example/")),
    CASE("an_asterisk_target_is_refused", SILENT, NULL, "OPTIONS * HTTP/1.1\r\n" H "\r\n"),
    CASE("an_authority_target_is_refused", SILENT, NULL, "CONNECT a.example:443 HTTP/1.1\r\n" H "\r\n"),
    CASE("a_fragment_is_refused", 400, "http.target_fragment", GET("/a#b")),
    CASE("a_fragment_after_a_query_is_refused", 400, "http.target_fragment", GET("/a?b#c")),
    CASE("an_escaped_nul_is_refused", 400, "http.target_control", GET("/a%00b")),
    CASE("an_escaped_line_end_is_refused", 400, "http.target_control", GET("/a%0d%0aSet-Cookie:%20x=y")),
    CASE("an_escaped_line_end_in_the_query_is_refused", 400, "http.target_control", GET("/a?b=%0D%0AX:y")),
    CASE("an_escaped_del_is_refused", 400, "http.target_control", GET("/a%7f")),
    CASE("an_escaped_tab_is_refused", 400, "http.target_control", GET("/a%09")),
    CASE("an_escape_without_digits_is_refused", 400, "http.target_percent", GET("/a%")),
    CASE("an_escape_with_one_digit_is_refused", 400, "http.target_percent", GET("/a%4")),
    CASE("an_escape_with_letters_is_refused", 400, "http.target_percent", GET("/a%zz")),
    CASE("an_escape_over_two_pairs_is_refused", 400, "http.target_percent", GET("/a?b=%4&1=c")),
    CASE("a_bad_escape_in_the_query_is_refused", 400, "http.target_percent", GET("/a?b=%u0041")),
    CASE("an_overlong_slash_is_refused", 400, "http.target_utf8", GET("/a%c0%afb")),
    CASE("a_lone_continuation_byte_is_refused", 400, "http.target_utf8", GET("/a%80")),
    CASE("a_surrogate_is_refused", 400, "http.target_utf8", GET("/a%ed%a0%80")),
    CASE("a_code_point_above_the_last_is_refused", 400, "http.target_utf8", GET("/a%f4%90%80%80")),
    CASE("a_cut_character_is_refused", 400, "http.target_utf8", GET("/a%c3")),
    CASE("a_cut_character_in_the_query_is_refused", 400, "http.target_utf8", GET("/a?b=%c3&c=%a9")),
    CASE("a_raw_high_byte_is_refused", LIBRARY, NULL, GET("/caf\xC3\xA9")),
    CASE("a_backslash_is_refused", 400, "http.target_backslash", GET("/a\\b")),
    CASE("an_escaped_backslash_is_refused", 400, "http.target_backslash", GET("/a%5cb")),
    CASE("an_escaped_slash_is_refused", 400, "http.target_slash", GET("/a%2fb")),
    CASE("a_double_slash_is_refused", 400, "http.target_slash", GET("//a")),
    CASE("a_double_slash_inside_is_refused", 400, "http.target_slash", GET("/a//b")),
    CASE("a_dot_segment_is_refused", 400, "http.target_dots", GET("/a/./b")),
    CASE("a_dot_dot_segment_is_refused", 400, "http.target_dots", GET("/a/../b")),
    CASE("a_dot_dot_at_the_end_is_refused", 400, "http.target_dots", GET("/a/..")),
    CASE("an_escaped_dot_dot_is_refused", 400, "http.target_dots", GET("/%2e%2e/etc/passwd")),
    CASE("a_half_escaped_dot_dot_is_refused", 400, "http.target_dots", GET("/.%2E/x")),

    CASE("length_and_chunked_together_are_refused", 400, "http.length_and_transfer",
         POST(FORM "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")),
    CASE("chunked_and_length_together_are_refused", 400, "http.length_and_transfer",
         POST(FORM "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")),
    CASE("two_lengths_are_refused", 400, "http.length_twice",
         POST(FORM "Content-Length: 3\r\nContent-Length: 4\r\n")),
    CASE("two_equal_lengths_are_refused", 400, "http.length_twice",
         POST(FORM "Content-Length: 3\r\nContent-Length: 3\r\n")),
    CASE("a_list_of_lengths_is_refused", 400, "http.length_form", POST(FORM "Content-Length: 3, 3\r\n")),
    CASE("a_length_with_a_plus_is_refused", 400, "http.length_form", POST(FORM "Content-Length: +3\r\n")),
    CASE("a_length_below_zero_is_refused", 400, "http.length_form", POST(FORM "Content-Length: -3\r\n")),
    CASE("a_length_with_letters_is_refused", 400, "http.length_form", POST(FORM "Content-Length: 3abc\r\n")),
    CASE("a_length_in_hexadecimal_is_refused", 400, "http.length_form", POST(FORM "Content-Length: 0x3\r\n")),
    CASE("an_empty_length_is_refused", 400, "http.length_form", POST(FORM "Content-Length:\r\n")),
    CASE("a_length_with_a_blank_inside_is_refused", 400, "http.length_form",
         POST(FORM "Content-Length: 1 2\r\n")),
    CASE("a_length_over_64_bits_is_too_large", 413, "http.body_too_large",
         POST(FORM "Content-Length: 18446744073709551619\r\n")),
    CASE("a_length_over_the_limit_is_too_large", 413, "http.body_too_large",
         POST(FORM "Content-Length: 1000001\r\n")),
    CASE("gzip_chunked_is_refused", 400, "http.transfer_form",
         POST(FORM "Transfer-Encoding: gzip, chunked\r\n")),
    CASE("transfer_identity_is_refused", 400, "http.transfer_form",
         POST(FORM "Transfer-Encoding: identity\r\n")),
    CASE("a_quoted_chunked_is_refused", 400, "http.transfer_form",
         POST(FORM "Transfer-Encoding: \"chunked\"\r\n")),
    CASE("xchunked_is_refused", 400, "http.transfer_form", POST(FORM "Transfer-Encoding: xchunked\r\n")),
    CASE("two_transfer_encodings_are_refused", 400, "http.transfer_twice",
         POST(FORM "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")),
    CASE("chunked_in_http_1_0_is_refused", 400, "http.transfer_form",
         "POST /f HTTP/1.0\r\n" H FORM "Transfer-Encoding: chunked\r\n\r\n"),
    CASE("a_post_without_a_length_is_refused", 411, "http.length_missing", POST(FORM)),
    CASE("a_get_with_a_body_is_refused", 400, "http.body_not_allowed",
         "GET / HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc"),
    CASE("a_get_with_a_chunked_body_is_refused", 400, "http.body_not_allowed",
         "GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"),
    CASE("a_head_with_a_body_is_refused", 400, "http.body_not_allowed",
         "HEAD / HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\nx"),

    CASE("an_upgrade_to_websocket_is_refused", 400, "http.upgrade",
         "GET / HTTP/1.1\r\n" H "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"),
    CASE("an_upgrade_to_h2c_is_refused", 400, "http.upgrade",
         "GET / HTTP/1.1\r\n" H
         "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n\r\n"),
    CASE("an_unknown_expectation_fails", 417, "http.expect",
         POST(FORM "Content-Length: 3\r\nExpect: 200-maybe\r\n")),
    CASE("two_expectations_are_refused", 400, "http.expect_twice",
         POST(FORM "Content-Length: 3\r\nExpect: 100-continue\r\nExpect: 100-continue\r\n")),
    CASE("two_content_types_are_refused", 400, "http.type_twice", POST(FORM FORM "Content-Length: 3\r\n")),
    CASE("two_cookie_lines_are_refused", 400, "http.cookie_twice",
         "GET / HTTP/1.1\r\n" H "Cookie: a=b\r\nCookie: a=c\r\n\r\n"),
    CASE("two_authorizations_are_refused", 400, "http.authorization_twice",
         "GET / HTTP/1.1\r\n" H "Authorization: x\r\nAuthorization: y\r\n\r\n"),
    CASE("two_origins_are_refused", 400, "http.origin_twice",
         "GET / HTTP/1.1\r\n" H "Origin: http://a.example\r\nOrigin: null\r\n\r\n"),

    CASE("a_post_without_a_type_is_unsupported", 415, "http.type_missing", POST("Content-Length: 3\r\n")),
    CASE("a_post_of_plain_text_is_unsupported", 415, "body.type",
         POST("Content-Type: text/plain\r\nContent-Length: 3\r\n")),
    CASE("a_post_of_a_longer_type_is_unsupported", 415, "body.type",
         POST("Content-Type: application/jsonx\r\nContent-Length: 3\r\n")),
    CASE("a_post_in_another_charset_is_unsupported", 415, "body.charset",
         POST("Content-Type: application/x-www-form-urlencoded; charset=utf-16\r\nContent-Length: 3\r\n")),
    CASE("a_type_the_route_does_not_take_is_unsupported", 415, "body.type",
         POST("Content-Type: application/json\r\nContent-Length: 3\r\n")),
    CASE("multipart_without_a_boundary_is_refused", 400, "body.boundary",
         POST("Content-Type: multipart/form-data\r\nContent-Length: 3\r\n")),
    CASE("a_body_over_the_routes_limit_is_too_large", 413, "http.body_too_large",
         POST(FORM "Content-Length: 5001\r\n")),
};

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
