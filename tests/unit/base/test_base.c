// SPDX-License-Identifier: Apache-2.0
// Promises of the small things everything stands on: arenas, text, settings, errors, the log.
#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/ctx.h"
#include "base/err.h"
#include "base/log.h"
#include "base/strb.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char ends[8];

static void note_end(void *arg) {
    size_t n = strlen(ends);
    snprintf(ends + n, sizeof ends - n, "%s", (const char *)arg);
}

static void an_arena_ends_things_in_reverse_order_once(void **state) {
    (void)state;
    struct arena *a = arena_new(1 << 20);
    ends[0] = 0;
    arena_on_end(a, note_end, "1");
    arena_on_end(a, note_end, "2");
    arena_reset(a);
    assert_string_equal(ends, "21");
    arena_on_end(a, note_end, "3");
    arena_free(a);
    assert_string_equal(ends, "213");
}

static void arena_memory_is_zeroed_again_after_a_reset(void **state) {
    (void)state;
    struct arena *a = arena_new(1 << 20);
    for (int round = 0; round < 3; round++) {
        for (size_t n = 1; n < 40000; n = n * 3 + 1) {
            unsigned char *p = arena_alloc(a, n);
            assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
            for (size_t i = 0; i < n; i++) {
                assert_int_equal(p[i], 0);
            }
            memset(p, 0xAA, n);
        }
        arena_reset(a);
    }
    arena_free(a);
}

// What must end the process is tried in a child.
static bool child_is_stopped(void (*fn)(void)) {
    pid_t pid = fork();
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stderr)) {
            _exit(9);
        }
        fn();
        _exit(0);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) != 0);
}

static void use_too_much(void) {
    struct arena *a = arena_new(1000);
    arena_alloc(a, 600);
    arena_alloc(a, 600);
}

static void ask_for_more_than_there_can_be(void) {
    arena_array(arena_new(SIZE_MAX), SIZE_MAX / 2, 3);
}

static void an_arena_never_goes_past_its_limit(void **state) {
    (void)state;
    assert_true(child_is_stopped(use_too_much));
    assert_true(child_is_stopped(ask_for_more_than_there_can_be));
}

static void a_builder_stops_at_its_maximum_and_says_so(void **state) {
    (void)state;
    struct strb b;
    strb_init(&b, 10);
    strb_puts(&b, "12345");
    strb_printf(&b, "%05d", 7);
    assert_false(b.over);
    assert_string_equal(b.p, "1234500007");
    strb_putc(&b, 'x');
    assert_true(b.over);
    assert_int_equal(b.n, 10);
    strb_clear(&b);
    strb_puts(&b, "again");
    assert_string_equal(b.p, "again");
    strb_free(&b);
}

static void only_well_formed_utf8_without_nul_is_text(void **state) {
    (void)state;
    static const char *const good[] = {
        "", "abc", "£", "Café", "\xF0\x9F\x98\x80", "\xEF\xBF\xBD", "\xED\x9F\xBF"};
    static const struct {
        const char *s;
        size_t n;
    } bad[] = {{"\x80", 1},
               {"\xC0\xAF", 2},
               {"\xC1\xBF", 2},
               {"\xE0\x9F\xBF", 3},
               {"\xED\xA0\x80", 3},
               {"\xF0\x8F\xBF\xBF", 4},
               {"\xF4\x90\x80\x80", 4},
               {"\xF5\x80\x80\x80", 4},
               {"\xC3", 1},
               {"\xE2\x82", 2},
               {"a\0b", 3}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(utf8_valid(good[i], strlen(good[i])));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(utf8_valid(bad[i].s, bad[i].n));
    }
    assert_int_equal(utf8_count("Café £"), 6);
}

static void a_text_is_cut_between_characters_and_never_within_one(void **state) {
    (void)state;
    assert_int_equal(utf8_fit("Café £", 100), 8);
    assert_int_equal(utf8_fit("Café £", 8), 8);
    assert_int_equal(utf8_fit("Café £", 7), 6); // the pound sign has two bytes
    assert_int_equal(utf8_fit("Café £", 4), 3);
    assert_int_equal(utf8_fit("££", 1), 0);
    assert_int_equal(utf8_fit("", 0), 0);
}

static void postcodes_come_out_in_one_form_or_not_at_all(void **state) {
    (void)state;
    char out[POSTCODE_BYTES];
    static const char *const good[][2] = {{"wn11aa", "WN1 1AA"},    {" W N 1 1 a a ", "WN1 1AA"},
                                          {"M29 8QX", "M29 8QX"},   {"m1 1ae", "M1 1AE"},
                                          {"EC1A 1BB", "EC1A 1BB"}, {"W1A 0AX", "W1A 0AX"}};
    static const char *const bad[] = {"",          "WN1",     "WN1 1A",  "1WN 1AA", "WNN 1AA",
                                      "WN123 1AA", "WN1 AAA", "WN1-1AA", "WN1 1AAA"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(postcode_tidy(good[i][0], out));
        assert_string_equal(out, good[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(postcode_tidy(bad[i], out));
    }
}

static void hexadecimal_goes_there_and_back_and_refuses_the_rest(void **state) {
    (void)state;
    unsigned char bytes[3];
    char hex[7];
    assert_true(hex_decode("00ff7a", 3, bytes));
    hex_encode(bytes, 3, hex);
    assert_string_equal(hex, "00ff7a");
    assert_false(hex_decode("00FF7a", 3, bytes));
    assert_false(hex_decode("00ff7", 3, bytes));
    assert_false(hex_decode("00ff7a0", 3, bytes));
    char digest[65];
    sha256_hex("abc", 3, digest);
    assert_string_equal(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void a_setting_outside_its_limits_is_refused_with_its_limits(void **state) {
    (void)state;
    assert_null(conf_set("http.queue", "100"));
    assert_int_equal(conf_number(CONF_QUEUE), 100);
    const char *why = conf_set("http.queue", "7");
    assert_non_null(why);
    assert_non_null(strstr(why, "8 to 4096"));
    assert_non_null(conf_set("http.queue", "many"));
    assert_int_equal(conf_number(CONF_QUEUE), 100);
    assert_non_null(conf_set("no.such.thing", "1"));
    conf_reset();
    assert_int_equal(conf_number(CONF_QUEUE), 256);
}

static void a_settings_file_is_read_line_by_line_and_names_the_bad_line(void **state) {
    (void)state;
    char path[] = "/tmp/anchorage-conf-XXXXXX";
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    fputs("# a comment\n\nhttp.queue = 99\nmail.from = A <a@b.example>\n", f);
    fclose(f);
    assert_null(conf_load_file(path, false));
    assert_int_equal(conf_number(CONF_QUEUE), 99);
    assert_string_equal(conf_text(CONF_MAIL_FROM), "A <a@b.example>");
    f = fopen(path, "w");
    fputs("http.queue = 98\nnonsense\n", f);
    fclose(f);
    const char *why = conf_load_file(path, false);
    assert_non_null(why);
    assert_non_null(strstr(why, "line 2"));
    unlink(path);
    assert_null(conf_load_file(path, true));
    assert_non_null(conf_load_file(path, false));
    conf_reset();
}

static void every_error_has_a_status_that_fits_its_kind(void **state) {
    (void)state;
    for (int e = 0; e < ERR_COUNT_; e++) {
        int status = err_status((enum err)e);
        assert_true(e == ERR_OK ? status == 200 : status >= 400 && status <= 599);
        assert_true(strlen(err_key((enum err)e)) > 1);
    }
    assert_int_equal(err_from_status(404), ERR_NOT_FOUND);
    assert_int_equal(err_from_status(418), ERR_BAD_REQUEST);
    assert_int_equal(err_from_status(599), ERR_BUG);
}

static char last_line[9000];

static void keep_line(const char *line) {
    snprintf(last_line, sizeof last_line, "%s", line);
}

static void a_log_line_is_json_whatever_stands_in_it(void **state) {
    (void)state;
    log_set_sink(keep_line);
    clock_fix(INT64_C(1795324572124262));
    log_event(LOG_LEVEL_ERROR, "test", "text", "a\"b\\c\n\x01\xE2\x80\xA8", "none", NULL, NULL);
    assert_string_equal(
        last_line,
        "{\"time\":\"2026-11-22T05:16:12.124262Z\",\"level\":\"error\",\"event\":\"test\",\"text\":"
        "\"a\\\"b\\\\c\\u000a\\u0001\\u2028\",\"none\":null}");
    char huge[20000];
    memset(huge, 'x', sizeof huge - 1);
    huge[sizeof huge - 1] = 0;
    log_event(LOG_LEVEL_ERROR, "test", "text", huge, NULL);
    assert_true(strlen(last_line) <= 8192);
    assert_int_equal(last_line[strlen(last_line) - 1], '}');
    clock_fix(0);
    log_set_sink(NULL);
}

static void a_failure_keeps_its_code_field_and_words(void **state) {
    (void)state;
    struct arena *a = arena_new(1 << 16);
    struct ctx c;
    ctx_init(&c, a, NULL);
    assert_int_equal(strlen(c.id), 16);
    assert_true(ctx_may(&c, PERM_PUBLIC));
    assert_false(ctx_may(&c, PERM_ADMIN));
    assert_int_equal(ctx_fail_field(&c, "price", "Enter %d", 5), ERR_INVALID);
    assert_string_equal(c.err_field, "price");
    assert_string_equal(c.err_detail, "Enter 5");
    assert_int_equal(ctx_fail(&c, ERR_GONE, "over"), ERR_GONE);
    assert_null(c.err_field);
    arena_free(a);
}

static void test_a_whole_number_is_read_whole_or_not_at_all(void **state) {
    (void)state;
    int64_t n = 7;
    assert_true(text_i64("-12", &n));
    assert_int_equal(n, -12);
    assert_true(text_i64("9223372036854775807", &n));
    assert_true(n == INT64_MAX);
    n = 7;
    static const char *const none[] = {"", "x", "12x", "12 ", "1.5", "9223372036854775808"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(text_i64(none[i], &n));
        assert_int_equal(n, 7);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_number_is_read_whole_or_not_at_all),
        cmocka_unit_test(an_arena_ends_things_in_reverse_order_once),
        cmocka_unit_test(arena_memory_is_zeroed_again_after_a_reset),
        cmocka_unit_test(an_arena_never_goes_past_its_limit),
        cmocka_unit_test(a_builder_stops_at_its_maximum_and_says_so),
        cmocka_unit_test(only_well_formed_utf8_without_nul_is_text),
        cmocka_unit_test(a_text_is_cut_between_characters_and_never_within_one),
        cmocka_unit_test(postcodes_come_out_in_one_form_or_not_at_all),
        cmocka_unit_test(hexadecimal_goes_there_and_back_and_refuses_the_rest),
        cmocka_unit_test(a_setting_outside_its_limits_is_refused_with_its_limits),
        cmocka_unit_test(a_settings_file_is_read_line_by_line_and_names_the_bad_line),
        cmocka_unit_test(every_error_has_a_status_that_fits_its_kind),
        cmocka_unit_test(a_log_line_is_json_whatever_stands_in_it),
        cmocka_unit_test(a_failure_keeps_its_code_field_and_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
