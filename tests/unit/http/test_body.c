// SPDX-License-Identifier: Apache-2.0
// Request bodies: each case is a body and what must come out of it, in every split.
#include "body_cases.h"
#include "body_kit.h"
#include "http/disposition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct notes notes;

static struct body_limits small(void) {
    struct body_limits l = body_limits_default();
    l.total_bytes = 4000;
    l.fields_max = 5;
    l.files_max = 2;
    l.parts_max = 7;
    l.field_bytes = 100;
    l.file_bytes = 50;
    l.part_head_bytes = 1000;
    l.json_items = 200;
    return l;
}

static struct body_type type_of(enum body_kind kind) {
    struct body_type t = {.kind = kind};
    if (kind == BODY_MULTIPART)
        memcpy(t.boundary, "XbX", 4);
    return t;
}

static void expect(const struct body_case *c, struct body_fault f, const char *how) {
    if (f.status != c->status || (c->status != 0 && strcmp(f.key, c->want) != 0))
        fail_msg("%s: %d %s, wanted %d %s", how, f.status, f.key ? f.key : "-", c->status, c->want);
    // A file with NUL bytes in it: compare as far as the wanted text was written down.
    if (c->status == 0 && (strlen(c->want) > notes.len || strncmp(notes.text, c->want, strlen(c->want)) != 0))
        fail_msg("%s: [%s], wanted [%s]", how, notes.text, c->want);
}

static void run_case(const struct body_case *c, enum body_kind kind) {
    struct body_type t = type_of(kind);
    struct body_limits l = small();
    static char whole[sizeof notes.text];
    expect(c, kit_run(&t, c->body, c->len, (int64_t)c->len, &l, 0, 0, &notes), "whole");
    size_t whole_len = notes.len;
    memcpy(whole, notes.text, whole_len);
    expect(c, kit_run(&t, c->body, c->len, -1, &l, 1, 0, &notes), "byte by byte");
    if (c->status == 0)
        assert_true(notes.len == whole_len && memcmp(notes.text, whole, whole_len) == 0);
    for (uint64_t seed = 1; seed <= 30; seed++) {
        expect(c, kit_run(&t, c->body, c->len, -1, &l, 7, seed, &notes), "random pieces");
        if (c->status == 0)
            assert_true(notes.len == whole_len && memcmp(notes.text, whole, whole_len) == 0);
    }
}

static void test_form(void **state) {
    run_case(*state, BODY_URLENCODED);
}
static void test_multipart(void **state) {
    run_case(*state, BODY_MULTIPART);
}
static void test_json(void **state) {
    run_case(*state, BODY_JSON);
}

static void test_a_body_shorter_than_declared_is_never_taken_as_whole(void **state) {
    (void)state;
    static const struct {
        enum body_kind kind;
        const char *body;
    } tries[] = {
        {BODY_URLENCODED, "a=1&price=100"}, {BODY_MULTIPART, FLD("a") "1\r\n" END "x"}, {BODY_JSON, "[1] "}};
    struct body_limits l = small();
    for (size_t i = 0; i < 3; i++) {
        struct body_type t = type_of(tries[i].kind);
        size_t n = strlen(tries[i].body);
        assert_int_equal(kit_run(&t, tries[i].body, n, (int64_t)n, &l, 0, 0, &notes).status, 0);
        struct body_fault f = kit_run(&t, tries[i].body, n - 1, (int64_t)n, &l, 0, 0, &notes);
        assert_int_equal(f.status, 400);
        assert_string_equal(f.key, "body.short");
        f = kit_run(&t, tries[i].body, n, (int64_t)n - 1, &l, 0, 0, &notes);
        assert_string_equal(f.key, "body.too_long");
    }
}

static void test_a_chunked_body_that_broke_off_is_short(void **state) {
    (void)state;
    struct body_type t = type_of(BODY_URLENCODED);
    struct body_limits l = small();
    struct body_sink sink = notes_sink(&notes);
    struct body_fault f = {0, NULL};
    struct body *b = body_open(&t, -1, &l, &sink, &f);
    assert_non_null(b);
    assert_true(body_feed(b, "a=1", 3));
    assert_false(body_finish(b, false));
    assert_string_equal(body_get_fault(b).key, "body.short");
    assert_int_equal(body_get_fault(b).status, 400);
    assert_int_equal(body_bytes(b), 3);
    assert_string_equal(notes.text, "");
    body_free(b);
}

static void test_a_cut_file_is_never_ended(void **state) {
    (void)state;
    static const char body[] = FILE("a") "0123456789\r\n" END;
    struct body_type t = type_of(BODY_MULTIPART);
    struct body_limits l = small();
    for (size_t n = 0; n < sizeof body - 1; n++) {
        struct body_fault f = kit_run(&t, body, n, (int64_t)sizeof body - 1, &l, 0, 0, &notes);
        assert_int_equal(f.status, 400);
        // The boundary was read whole only in the last few bytes; until then no end may be told.
        if (n < sizeof body - 1 - strlen("--\r\n"))
            assert_null(strstr(notes.text, "E10;"));
    }
}

static void test_a_body_over_the_whole_limit_is_too_large(void **state) {
    (void)state;
    static char big[5000];
    memset(big, 'x', sizeof big);
    struct body_limits l = small();
    l.field_bytes = sizeof big;
    for (int kind = BODY_URLENCODED; kind <= BODY_JSON; kind++) {
        struct body_type t = type_of((enum body_kind)kind);
        big[0] = kind == BODY_JSON ? '[' : 'x';
        struct body_fault f = kit_run(&t, big, 4001, 4001, &l, 0, 0, &notes);
        assert_string_equal(f.key, "body.too_large");
        big[1] = '=';
        f = kit_run(&t, big, 4001, -1, &l, 0, 0, &notes);
        assert_int_equal(f.status, 413);
        assert_string_equal(f.key, "body.too_large");
        f = kit_run(&t, big, 4001, -1, &l, 13, 0, &notes);
        assert_string_equal(f.key, "body.too_large");
    }
    struct body_type form = type_of(BODY_URLENCODED);
    assert_int_equal(kit_run(&form, big, 4000, 4000, &l, 0, 0, &notes).status, 0);
}

static void test_nothing_is_taken_after_the_end_or_a_fault(void **state) {
    (void)state;
    struct body_type t = type_of(BODY_URLENCODED);
    struct body_limits l = small();
    struct body_sink sink = notes_sink(&notes);
    struct body_fault f = {0, NULL};
    struct body *b = body_open(&t, -1, &l, &sink, &f);
    assert_non_null(b);
    assert_true(body_feed(b, "a=1", 3));
    assert_true(body_finish(b, true));
    assert_true(body_finish(b, true));
    assert_false(body_feed(b, "&b=2", 4));
    assert_string_equal(notes.text, "F a=1;");
    body_free(b);
    b = body_open(&t, -1, &l, &sink, &f);
    assert_non_null(b);
    assert_false(body_feed(b, "a=%zz", 5));
    assert_false(body_feed(b, "&b=2", 4));
    assert_false(body_finish(b, true));
    assert_string_equal(body_get_fault(b).key, "url.bad_percent");
    body_free(b);
    body_free(NULL);
}

static int refuse_507(void *ctx, const void *bytes, size_t len) {
    (void)ctx, (void)bytes, (void)len;
    return 507;
}
static int refuse_json(void *ctx, struct json_t *root) {
    (void)ctx;
    json_decref(root);
    return 422;
}

static void test_a_sink_may_refuse_and_may_leave_functions_out(void **state) {
    (void)state;
    static const char body[] = FLD("a") "1\r\n" FILE("a") "0123456789\r\n" END;
    struct body_type t = type_of(BODY_MULTIPART);
    struct body_type j = type_of(BODY_JSON);
    struct body_type u = type_of(BODY_URLENCODED);
    struct body_limits l = small();
    struct body_sink nothing = {0};
    struct body_fault f = {0, NULL};
    struct body *b = body_open(&t, -1, &l, &nothing, &f);
    assert_true(body_feed(b, body, sizeof body - 1));
    assert_true(body_finish(b, true));
    body_free(b);
    b = body_open(&j, -1, &l, &nothing, &f);
    assert_true(body_feed(b, "[1]", 3) && body_finish(b, true));
    body_free(b);
    b = body_open(&u, -1, &l, &nothing, &f);
    assert_true(body_feed(b, "a=1", 3) && body_finish(b, true));
    body_free(b);
    struct body_sink refusing = {.file_data = refuse_507, .json = refuse_json};
    b = body_open(&t, -1, &l, &refusing, &f);
    assert_false(body_feed(b, body, sizeof body - 1));
    assert_int_equal(body_get_fault(b).status, 507);
    assert_string_equal(body_get_fault(b).key, "body.refused");
    body_free(b);
    b = body_open(&j, -1, &l, &refusing, &f);
    assert_true(body_feed(b, "[1]", 3));
    assert_false(body_finish(b, true));
    assert_int_equal(body_get_fault(b).status, 422);
    body_free(b);
}

static void test_content_types_are_read_strictly(void **state) {
    (void)state;
#define B70 "0123456789012345678901234567890123456789012345678901234567890123456789"
    static const struct {
        const char *type;
        int status;
        const char *boundary;
    } tries[] = {
        {"application/x-www-form-urlencoded", 0, ""},
        {" Application/X-WWW-Form-Urlencoded ; Charset=UTF-8", 0, ""},
        {"application/x-www-form-urlencoded; charset=\"utf-8\"", 0, ""},
        {"application/json", 0, ""},
        {"application/json;charset=utf-8", 0, ""},
        {"multipart/form-data; boundary=x", 0, "x"},
        {"multipart/form-data; boundary=\"a b\"; charset=utf-8", 0, "a b"},
        {"multipart/form-data; boundary=\"a\\b\"", 0, "ab"},
        {"multipart/form-data; boundary=----WebKitFormBoundaryAbC123", 0, "----WebKitFormBoundaryAbC123"},
        {"multipart/form-data; boundary=\"'()+_,-./:=?\"", 0, "'()+_,-./:=?"},
        {"multipart/form-data; boundary=" B70, 0, B70},
        {"multipart/form-data; boundary=" B70 "x", 400, NULL},
        {"multipart/form-data; boundary=" B70 "xxxxxxxxxxxxx", 400, NULL},
        {"multipart/form-data", 400, NULL},
        {"multipart/form-data; boundary=", 400, NULL},
        {"multipart/form-data; boundary=\"\"", 400, NULL},
        {"multipart/form-data; boundary=\"a \"", 400, NULL},
        {"multipart/form-data; boundary=\"a", 400, NULL},
        {"multipart/form-data; boundary=\"a\\", 400, NULL},
        {"multipart/form-data; boundary=a; boundary=b", 400, NULL},
        {"multipart/form-data; boundary=a@b", 400, NULL},
        {"multipart/form-data; boundary=\"a\xC3\xA9\"", 400, NULL},
        {"multipart/form-data; boundary", 400, NULL},
        {"multipart/form-data boundary=a", 400, NULL},
        {"multipart/form-data; boundary = a", 400, NULL},
        {"multipart/mixed; boundary=a", 415, NULL},
        {"text/plain", 415, NULL},
        {"", 415, NULL},
        {"application", 415, NULL},
        {"application/json, text/plain", 415, NULL},
        {"application/json; charset=latin1", 415, NULL},
        {"application/json; charset=utf-8; charset=utf-8", 415, NULL},
        {"application/json;", 415, NULL},
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        struct body_type t = {.boundary = "untouched"};
        struct body_fault f = body_type_parse(tries[i].type, &t);
        if (f.status != tries[i].status)
            fail_msg("%s: %d", tries[i].type, f.status);
        assert_string_equal(t.boundary, f.status ? "untouched" : tries[i].boundary);
    }
}

static void test_display_names_are_safe_to_show(void **state) {
    (void)state;
    static const struct {
        const char *raw, *shown;
    } tries[] = {
        {"a.txt", "a.txt"},
        {"/etc/passwd", "passwd"},
        {"C:\\x\\y.doc", "y.doc"},
        {"..\\..\\x", "x"},
        {"dir/", "file"},
        {"...", "file"},
        {" . a . ", "a"},
        {".htaccess", "htaccess"},
        {"a\r\nb\x01\x7F.txt", "ab.txt"},
        {"a<b>:\"|?*.txt", "a_b______.txt"},
        {"x\xE2\x80\xAE"
         "fdp.exe",
         "xfdp.exe"},
        {"\xEF\xBB\xBFx", "x"},
        {"a\xC2\x85"
         "b",
         "ab"},
        {"\xE2\x80\x8B", "file"},
        {"caf\xC3\xA9 \xF0\x9F\x8F\xA0.pdf", "caf\xC3\xA9 \xF0\x9F\x8F\xA0.pdf"},
    };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        char name[BODY_DISPLAY_NAME_MAX + 1];
        disposition_display_name(tries[i].raw, strlen(tries[i].raw), name);
        assert_string_equal(name, tries[i].shown);
    }
}

static void test_a_long_display_name_keeps_its_extension_and_whole_characters(void **state) {
    (void)state;
    for (size_t pad = 0; pad < 4; pad++) {
        char raw[DISPOSITION_FILE_RAW_MAX + 1], name[BODY_DISPLAY_NAME_MAX + 1];
        size_t n = pad;
        memset(raw, 'a', pad);
        while (n < 900) {
            memcpy(raw + n, "\xE2\x82\xAC", 3);
            n += 3;
        }
        memcpy(raw + n, ".docx", 6);
        disposition_display_name(raw, n + 5, name);
        size_t len = strlen(name);
        assert_true(len <= BODY_DISPLAY_NAME_MAX && len > BODY_DISPLAY_NAME_MAX - 4);
        assert_string_equal(name + len - 5, ".docx");
        assert_memory_equal(name + len - 8, "\xE2\x82\xAC", 3);
    }
    char raw[600], name[BODY_DISPLAY_NAME_MAX + 1];
    memset(raw, 'a', sizeof raw);
    disposition_display_name(raw, sizeof raw, name);
    assert_int_equal(strlen(name), BODY_DISPLAY_NAME_MAX);
}

static void test_a_buffer_grows_to_its_maximum_and_no_further(void **state) {
    (void)state;
    struct body_buf b = {0};
    assert_string_equal(body_buf_text(&b), "");
    assert_int_equal(body_buf_add(&b, "", 0, 0), 0);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(body_buf_add(&b, "x", 1, 1000), 0);
    assert_int_equal(body_buf_add(&b, "x", 1, 1000), 413);
    assert_int_equal(b.len, 1000);
    assert_int_equal(strlen(body_buf_text(&b)), 1000);
    volatile size_t huge = SIZE_MAX;
    assert_int_equal(body_buf_add(&b, "x", huge, 5000), 413);
    assert_int_equal(body_buf_add(&b, "x", huge / 2, huge), 503);
    assert_int_equal(b.len, 1000);
    body_buf_free(&b);
}

static void *no_memory(size_t n) {
    (void)n;
    return NULL;
}

static void test_json_without_memory_asks_to_come_back(void **state) {
    (void)state;
    struct body_type t = type_of(BODY_JSON);
    struct body_limits l = small();
    json_set_alloc_funcs(no_memory, free);
    struct body_fault f = kit_run(&t, "[1]", 3, 3, &l, 0, 0, &notes);
    json_set_alloc_funcs(malloc, free);
    assert_int_equal(f.status, 503);
    assert_string_equal(notes.text, "");
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

int main(void) {
    static const struct CMUnitTest more[] = {
        cmocka_unit_test(test_a_body_shorter_than_declared_is_never_taken_as_whole),
        cmocka_unit_test(test_a_chunked_body_that_broke_off_is_short),
        cmocka_unit_test(test_a_cut_file_is_never_ended),
        cmocka_unit_test(test_a_body_over_the_whole_limit_is_too_large),
        cmocka_unit_test(test_nothing_is_taken_after_the_end_or_a_fault),
        cmocka_unit_test(test_a_sink_may_refuse_and_may_leave_functions_out),
        cmocka_unit_test(test_content_types_are_read_strictly),
        cmocka_unit_test(test_display_names_are_safe_to_show),
        cmocka_unit_test(test_a_long_display_name_keeps_its_extension_and_whole_characters),
        cmocka_unit_test(test_a_buffer_grows_to_its_maximum_and_no_further),
        cmocka_unit_test(test_json_without_memory_asks_to_come_back),
    };
    static const struct {
        const struct body_case *cases;
        size_t count;
        CMUnitTestFunction run;
    } groups[] = {{form_cases, COUNT(form_cases), test_form},
                  {multipart_cases, COUNT(multipart_cases), test_multipart},
                  {json_cases, COUNT(json_cases), test_json}};
    enum { ALL = COUNT(form_cases) + COUNT(multipart_cases) + COUNT(json_cases) };
    static struct CMUnitTest all[ALL + COUNT(more)];
    static struct body_case copy[ALL];
    size_t n = 0;
    for (size_t g = 0; g < COUNT(groups); g++)
        for (size_t i = 0; i < groups[g].count; i++, n++) {
            copy[n] = groups[g].cases[i];
            all[n] = (struct CMUnitTest){copy[n].promise, groups[g].run, NULL, NULL, &copy[n]};
        }
    memcpy(all + n, more, sizeof more);
    return cmocka_run_group_tests(all, NULL, NULL);
}
