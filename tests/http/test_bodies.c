// SPDX-License-Identifier: Apache-2.0
// Bodies over the real listener: what is well-formed arrives byte for byte, all else is a 4xx and never a 500
// or a hang.
#include "http/httptest.h"

#include "base/text.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FORM  "application/x-www-form-urlencoded"
#define MULTI "multipart/form-data; boundary=QQQQ"
#define JSON  "application/json"
#define CD    "Content-Disposition: form-data; name="

struct body_case {
    const char *name, *target, *type, *body;
    int status;
    const char *wanted; // the whole answer, or NULL for a refusal
    size_t n;           // 0: strlen
};

static const struct body_case cases[] = {
    // urlencoded
    {"two fields", "/echo", FORM, "a=1&b=two+words", 200, "a=1\nb=two words\n", 0},
    {"escapes", "/echo", FORM, "a=%C2%A3%31&b=%26%3D", 200,
     "a=\xc2\xa3"
     "1\nb=&=\n",
     0},
    {"doubles keep their order", "/echo", FORM, "a=1&a=2&a=1", 200, "a=1\na=2\na=1\n", 0},
    {"empty pieces are skipped", "/echo", FORM, "&&a=1&", 200, "a=1\n", 0},
    {"a name without a value", "/echo", FORM, "a", 200, "a=\n", 0},
    {"nothing", "/echo", FORM, "", 200, "", 0},
    {"charset said", "/echo", FORM "; charset=UTF-8", "a=1", 200, "a=1\n", 0},
    {"type in capitals", "/echo", "Application/X-WWW-Form-UrlEncoded", "a=1", 200, "a=1\n", 0},
    {"line feed inside a value", "/echo", FORM, "a=1%0D%0A2", 200, "a=1\r\n2\n", 0},
    {"NUL byte", "/echo", FORM, "a=1\0b=2", 400, NULL, sizeof "a=1\0b=2" - 1},
    {"%00", "/echo", FORM, "a=1%00b", 400, NULL, 0},
    {"percent without digits", "/echo", FORM, "a=%zz", 400, NULL, 0},
    {"percent at the end", "/echo", FORM, "a=1%", 400, NULL, 0},
    {"percent and one digit at the end", "/echo", FORM, "a=1%4", 400, NULL, 0},
    {"not UTF-8", "/echo", FORM, "a=%ff", 400, NULL, 0},
    {"overlong UTF-8", "/echo", FORM, "a=%c0%80", 400, NULL, 0},
    {"half a character", "/echo", FORM, "a=%c3", 400, NULL, 0},
    {"another charset", "/echo", FORM "; charset=ISO-8859-1", "a=1", 415, NULL, 0},
    {"another type", "/echo", "text/plain", "a=1", 415, NULL, 0},
    {"empty type", "/echo", "", "a=1", 415, NULL, 0},
    {"JSON to a form", "/echo", JSON, "{}", 415, NULL, 0},
    {"files to a form without files", "/echo", MULTI, "--QQQQ--\r\n", 415, NULL, 0},
    // multipart
    {"one field", "/upload", MULTI, "--QQQQ\r\n" CD "\"a\"\r\n\r\nhello\r\n--QQQQ--\r\n", 200, "a=hello\n",
     0},
    {"no line end after the last boundary", "/upload", MULTI,
     "--QQQQ\r\n" CD "\"a\"\r\n\r\nhello\r\n--QQQQ--", 200, "a=hello\n", 0},
    {"words before the first boundary", "/upload", MULTI,
     "hello\r\n--QQQQ\r\n" CD "\"a\"\r\n\r\n1\r\n--QQQQ--\r\n", 200, "a=1\n", 0},
    {"words after the last boundary", "/upload", MULTI, "--QQQQ\r\n" CD "\"a\"\r\n\r\n1\r\n--QQQQ--\r\nbye",
     200, "a=1\n", 0},
    {"a file", "/upload", MULTI,
     "--QQQQ\r\n" CD "\"f\"; filename=\"x.csv\"\r\nContent-Type: text/csv\r\n\r\na,b\r\n1,2\r\n--QQQQ--\r\n",
     200, "file f x.csv text/csv 8 on disk 8\n", 0},
    {"a file that looks like a boundary", "/upload", MULTI,
     "--QQQQ\r\n" CD "\"f\"; filename=\"x\"\r\n\r\n\r\n--QQQ\r\n--QQQQ--\r\n", 200,
     "file f x application/octet-stream 7 on disk 7\n", 0},
    {"a file with a path for a name", "/upload", MULTI,
     "--QQQQ\r\n" CD
     "\"f\"; filename=\"../../etc/passwd\"\r\nContent-Type: text/plain\r\n\r\nx\r\n--QQQQ--\r\n",
     200, "file f passwd text/plain 1 on disk 1\n", 0},
    {"a field and a form's way of sending it", "/upload", FORM, "a=1", 200, "a=1\n", 0},
    {"no last boundary", "/upload", MULTI, "--QQQQ\r\n" CD "\"a\"\r\n\r\nhello\r\n", 400, NULL, 0},
    {"no boundary at all", "/upload", MULTI, "hello", 400, NULL, 0},
    {"empty body", "/upload", MULTI, "", 400, NULL, 0},
    {"boundary not said", "/upload", "multipart/form-data", "--QQQQ--\r\n", 400, NULL, 0},
    {"boundary too long", "/upload",
     "multipart/form-data; boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "x", 400, NULL, 0},
    {"part without a name", "/upload", MULTI,
     "--QQQQ\r\nContent-Disposition: form-data\r\n\r\n1\r\n--QQQQ--\r\n", 400, NULL, 0},
    {"part without a disposition", "/upload", MULTI,
     "--QQQQ\r\nContent-Type: text/plain\r\n\r\n1\r\n--QQQQ--\r\n", 400, NULL, 0},
    {"NUL in a field", "/upload", MULTI, "--QQQQ\r\n" CD "\"a\"\r\n\r\n1\0002\r\n--QQQQ--\r\n", 400, NULL,
     sizeof "--QQQQ\r\n" CD "\"a\"\r\n\r\n1\0002\r\n--QQQQ--\r\n" - 1},
    {"field not UTF-8", "/upload", MULTI, "--QQQQ\r\n" CD "\"a\"\r\n\r\n\xff\r\n--QQQQ--\r\n", 400, NULL, 0},
    {"part head without an end", "/upload", MULTI, "--QQQQ\r\n" CD "\"a\"\r\n", 400, NULL, 0},
    {"mixed type", "/upload", "multipart/mixed; boundary=QQQQ", "--QQQQ--\r\n", 415, NULL, 0},
    // JSON
    {"object", "/json", JSON, "{\"a\": [1, 2.5, \"\xc3\xa9\", null, true]}", 200,
     "{\"a\": [1, 2.5, \"\xc3\xa9\", null, true]}", 0},
    {"list", "/json", JSON "; charset=utf-8", "[]", 200, "[]", 0},
    {"JSON cut short", "/json", JSON, "{\"a\": 1", 400, NULL, 0},
    {"nothing for JSON", "/json", JSON, "", 400, NULL, 0},
    {"a key twice", "/json", JSON, "{\"a\":1,\"a\":2}", 400, NULL, 0},
    {"comma at the end", "/json", JSON, "[1,]", 400, NULL, 0},
    {"words behind", "/json", JSON, "{} {}", 400, NULL, 0},
    {"bare word", "/json", JSON, "hello", 400, NULL, 0},
    {"not UTF-8 in JSON", "/json", JSON, "[\"\xff\"]", 400, NULL, 0},
    {"NUL in JSON", "/json", JSON, "[\"a\0\"]", 400, NULL, sizeof "[\"a\0\"]" - 1},
    {"\\u0000 in JSON", "/json", JSON, "[\"\\u0000\"]", 400, NULL, 0},
    {"half a surrogate", "/json", JSON, "[\"\\ud800\"]", 400, NULL, 0},
    {"leading zero", "/json", JSON, "[01]", 400, NULL, 0},
    {"a form to JSON", "/json", FORM, "a=1", 415, NULL, 0},
};

static struct httptest server;
static int wrong;

static void check(const char *name, const struct answer *a, int status, const char *wanted) {
    bool refusal = a->status >= 400 && a->status < 500;
    bool fits =
        status == 400 ? refusal : a->status == status; // which 4xx is the parser's matter and tested there
    if (fits && wanted) {
        fits = a->body_n == strlen(wanted) && memcmp(a->body, wanted, a->body_n) == 0;
    }
    if (!fits) {
        print_error("%s: answered %d \"%.200s\", wanted %d \"%s\"\n", name, a->status, a->body ? a->body : "",
                    status, wanted ? wanted : "");
        wrong++;
    }
}

static void test_bodies_arrive_whole_or_are_refused(void **state) {
    (void)state;
    wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct body_case *k = &cases[i];
        struct answer a = http_post(&server, k->target, "", k->type, k->body, k->n ? k->n : strlen(k->body));
        check(k->name, &a, k->status, k->wanted);
        answer_free(&a);
    }
    print_message("%zu body cases\n", sizeof cases / sizeof cases[0]);
    assert_true(sizeof cases / sizeof cases[0] >= 42);
    assert_int_equal(wrong, 0);
}

static char *filled(const char *head, const char *piece, size_t times, const char *tail) {
    char *s = malloc(strlen(head) + strlen(piece) * times + strlen(tail) + 1), *p = s;
    assert_non_null(s);
    p = stpcpy(p, head);
    for (size_t i = 0; i < times; i++) {
        p = stpcpy(p, piece);
    }
    stpcpy(p, tail);
    return s;
}

static void check_big(const char *name, const char *target, const char *type, char *body, int status) {
    struct answer a = http_post(&server, target, "", type, body, strlen(body));
    if (a.status != status) {
        print_error("%s: answered %d, wanted %d\n", name, a.status, status);
        wrong++;
    }
    answer_free(&a);
    free(body);
}

static void test_bodies_over_a_limit_are_told_so(void **state) {
    (void)state;
    wrong = 0;
    check_big("201 fields", "/echo", FORM, filled("a=1", "&a=1", 200, ""), 413);
    check_big("200 fields", "/echo", FORM, filled("a=1", "&a=1", 199, ""), 200);
    check_big("a field of 65 KB", "/echo", FORM, filled("a=", "0123456789", 6700, ""), 413);
    check_big("300 KB", "/echo", FORM, filled("a=1", "&b=0123456789", 23000, ""), 413);
    check_big("JSON 65 deep", "/json", JSON, filled("", "[", 65, "]"), 422);
    check_big("JSON 100,000 deep", "/json", JSON, filled("", "[", 100000, ""), 422);
    check_big("JSON of 21,000 items", "/json", JSON, filled("[0", ",0", 21000, "]"), 413);
    check_big("a long name", "/echo", FORM, filled("", "abcdefghij", 30, "=1"), 400);
    check_big("11 files", "/upload", MULTI,
              filled("", "--QQQQ\r\n" CD "\"f\"; filename=\"x\"\r\n\r\ny\r\n", 11, "--QQQQ--\r\n"), 413);
    assert_int_equal(wrong, 0);
}

static void test_a_file_of_a_megabyte_arrives_whole_in_small_pieces(void **state) {
    (void)state;
    static const char head[] = "--QQQQ\r\n" CD "\"f\"; filename=\"big.bin\"\r\n\r\n",
                      tail[] = "\r\n--QQQQ--\r\n";
    const size_t size = 1 << 20;
    char *file = malloc(size);
    assert_non_null(file);
    for (size_t i = 0; i < size; i++) {
        file[i] = (char)(i * 31 + i / 255);
    }
    int fd = client_open(&server);
    client_sendf(fd,
                 "POST /upload HTTP/1.1\r\nHost: market.example\r\nConnection: close\r\nContent-Type: " MULTI
                 "\r\nContent-Length: %zu\r\n\r\n%s",
                 strlen(head) + size + strlen(tail), head);
    for (size_t at = 0; at < size; at += 1021) {
        client_send(fd, file + at, size - at < 1021 ? size - at : 1021);
    }
    client_sendf(fd, "%s", tail);
    struct answer a = client_read(fd, false, true); // to its end, so that the file is gone for the next test
    assert_int_equal(a.status, 200);
    assert_string_equal(a.body, "file f big.bin application/octet-stream 1048576 on disk 1048576\n");
    answer_free(&a);
    client_close(fd);
    free(file);
}

static size_t files_in_spool(void) {
    char path[96];
    snprintf(path, sizeof path, "%s/spool", server.data_dir);
    DIR *d = opendir(path);
    assert_non_null(d);
    size_t n = 0;
    for (struct dirent *e; (e = readdir(d));) {
        n += e->d_name[0] != '.';
    }
    closedir(d);
    return n;
}

static void test_files_of_a_request_are_gone_when_it_ends_well_or_badly(void **state) {
    (void)state;
    static const char cut[] = "--QQQQ\r\n" CD "\"f\"; filename=\"x\"\r\n\r\nhalf a file";
    int fd = client_open(&server);
    client_sendf(fd,
                 "POST /upload HTTP/1.1\r\nHost: market.example\r\nContent-Type: " MULTI
                 "\r\nContent-Length: 5000\r\n\r\n%s",
                 cut);
    client_half_close(fd);
    struct answer a =
        client_read(fd, false, true); // the end of the connection comes after the end of the request
    assert_in_range(a.status, 400, 499);
    answer_free(&a);
    client_close(fd);
    // The request itself is over before its connection ends, so its files are gone by now.
    assert_int_equal(files_in_spool(), 0);
}

static void test_a_refused_upload_is_answered_although_most_of_it_was_never_read(void **state) {
    (void)state;
    int fd = client_open(&server);
    client_sendf(fd, "POST /echo HTTP/1.1\r\nHost: market.example\r\nContent-Type: " FORM
                     "\r\nContent-Length: 260000\r\n\r\na=%%zz");
    char *rest = calloc(1, 260000);
    assert_non_null(rest);
    memset(rest, 'x', 259990);
    client_send(fd, rest, 259990);
    free(rest);
    struct answer a = client_read(fd, false, true);
    assert_int_equal(a.status, 400);
    assert_true(a.closed);
    answer_free(&a);
    client_close(fd);
}

static int start(void **state) {
    (void)state;
    return httptest_begin(&server, NULL, (const char *const[]){HTTPTEST_FEW_WORKERS, NULL});
}

static int stop(void **state) {
    (void)state;
    return httptest_end(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies_arrive_whole_or_are_refused),
        cmocka_unit_test(test_bodies_over_a_limit_are_told_so),
        cmocka_unit_test(test_a_file_of_a_megabyte_arrives_whole_in_small_pieces),
        cmocka_unit_test(test_files_of_a_request_are_gone_when_it_ends_well_or_badly),
        cmocka_unit_test(test_a_refused_upload_is_answered_although_most_of_it_was_never_read),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
