// SPDX-License-Identifier: Apache-2.0
// Percent-decoding, UTF-8 and query strings.
#include "http/urlenc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum urlenc_fault decode(const char *s, unsigned flags, char *out, size_t size) {
    size_t len = 0;
    enum urlenc_fault f = urlenc_decode(s, strlen(s), flags, out, size, &len);
    if (f == URLENC_OK)
        assert_int_equal(len, strlen(out));
    return f;
}

static void test_escapes_are_decoded_once(void **state) {
    (void)state;
    char out[64];
    assert_int_equal(decode("a%2541%c3%A9", 0, out, sizeof out), URLENC_OK);
    assert_string_equal(out, "a%41\xC3\xA9");
}

static void test_plus_is_a_blank_only_where_asked(void **state) {
    (void)state;
    char out[64];
    assert_int_equal(decode("a+b%2B", URLENC_PLUS, out, sizeof out), URLENC_OK);
    assert_string_equal(out, "a b+");
    assert_int_equal(decode("a+b", 0, out, sizeof out), URLENC_OK);
    assert_string_equal(out, "a+b");
}

static void test_bad_escapes_are_told_apart(void **state) {
    (void)state;
    char out[64];
    static const char *const bad[] = {"%", "%4", "a%g0", "%0g", "%%41", "% 41", "%u0041", "a%4"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(decode(bad[i], 0, out, sizeof out), URLENC_BAD_PERCENT);
    assert_int_equal(decode("a%00", 0, out, sizeof out), URLENC_NUL);
    assert_int_equal(urlenc_decode("a\0b", 3, 0, out, sizeof out, &(size_t){0}), URLENC_NUL);
    assert_int_equal(decode("a\nb", 0, out, sizeof out), URLENC_CONTROL);
    assert_int_equal(decode("a\x7F", 0, out, sizeof out), URLENC_CONTROL);
    assert_int_equal(decode("a%0Ab", URLENC_NO_CONTROL, out, sizeof out), URLENC_CONTROL);
    assert_int_equal(decode("a%7fb", URLENC_NO_CONTROL, out, sizeof out), URLENC_CONTROL);
    assert_int_equal(decode("a%0Ab", 0, out, sizeof out), URLENC_OK);
    assert_string_equal(out, "a\nb");
}

static void test_the_output_is_never_overrun(void **state) {
    (void)state;
    for (size_t size = 0; size < 6; size++) {
        char *out = malloc(size ? size : 1);
        assert_non_null(out);
        size_t len = 99;
        enum urlenc_fault f = urlenc_decode("abcd", 4, 0, out, size, &len);
        assert_int_equal(f, size >= 5 ? URLENC_OK : URLENC_TOO_LONG);
        assert_int_equal(len, size >= 5 ? 4 : 99);
        free(out);
    }
    size_t len = 99;
    char one[1];
    assert_int_equal(urlenc_decode("", 0, 0, one, 0, &len), URLENC_TOO_LONG);
    assert_int_equal(urlenc_decode("", 0, 0, one, 1, &len), URLENC_OK);
    assert_int_equal(len, 0);
}

// The definition of UTF-8 as plainly as it can be written, to compare the state machine with.
static bool naive_utf8(const unsigned char *s, size_t n) {
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    for (size_t i = 0; i < n;) {
        size_t len = s[i] < 0x80             ? 1
                     : (s[i] & 0xE0) == 0xC0 ? 2
                     : (s[i] & 0xF0) == 0xE0 ? 3
                     : (s[i] & 0xF8) == 0xF0 ? 4
                                             : 0;
        if (len == 0 || i + len > n)
            return false;
        unsigned long cp = len == 1 ? s[i] : s[i] & (0x7Fu >> len);
        for (size_t k = 1; k < len; k++) {
            if ((s[i + k] & 0xC0) != 0x80)
                return false;
            cp = cp << 6 | (s[i + k] & 0x3F);
        }
        if (cp < least[len] || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
            return false;
        i += len;
    }
    return true;
}

static void test_utf8_agrees_with_its_definition_on_all_short_texts(void **state) {
    (void)state;
    static const unsigned char edge[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                         0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                         0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    enum { N = sizeof edge };
    for (unsigned a = 0; a < 256; a++)
        for (unsigned b = 0; b < 256; b++) {
            unsigned char s[2] = {(unsigned char)a, (unsigned char)b};
            assert_int_equal(urlenc_utf8_valid((char *)s, 2), naive_utf8(s, 2));
        }
    for (size_t i = 0; i < (size_t)N * N * N * N; i++) {
        unsigned char s[4] = {edge[i % N], edge[i / N % N], edge[i / N / N % N], edge[i / N / N / N]};
        for (size_t n = 1; n <= 4; n++)
            if (urlenc_utf8_valid((char *)s, n) != naive_utf8(s, n))
                fail_msg("%02x %02x %02x %02x at %zu", s[0], s[1], s[2], s[3], n);
    }
}

struct parsed {
    char buf[512];
    struct urlenc_pair pairs[8];
    size_t count;
};

static enum urlenc_fault parse(const char *s, struct parsed *p) {
    p->count = 99;
    return urlenc_parse(s, strlen(s), URLENC_PLUS, p->buf, sizeof p->buf, p->pairs, 8, &p->count);
}

static void test_pairs_keep_their_order_and_their_doubles(void **state) {
    (void)state;
    struct parsed p;
    assert_int_equal(parse("ward=Leigh+West&b=%26%3D&ward=2", &p), URLENC_OK);
    assert_int_equal(p.count, 3);
    assert_string_equal(p.pairs[0].name, "ward");
    assert_string_equal(p.pairs[0].value, "Leigh West");
    assert_string_equal(p.pairs[1].value, "&=");
    assert_int_equal(p.pairs[1].value_len, 2);
    assert_string_equal(p.pairs[2].name, "ward");
    assert_string_equal(p.pairs[2].value, "2");
}

static void test_odd_pieces_are_read_as_browsers_do(void **state) {
    (void)state;
    struct parsed p;
    assert_int_equal(parse("", &p), URLENC_OK);
    assert_int_equal(p.count, 0);
    assert_int_equal(urlenc_parse(NULL, 0, 0, p.buf, sizeof p.buf, p.pairs, 8, &p.count), URLENC_OK);
    assert_int_equal(p.count, 0);
    assert_int_equal(parse("&&a&=b&c=&d=e=f&", &p), URLENC_OK);
    assert_int_equal(p.count, 4);
    assert_string_equal(p.pairs[0].name, "a");
    assert_string_equal(p.pairs[0].value, "");
    assert_string_equal(p.pairs[1].name, "");
    assert_string_equal(p.pairs[1].value, "b");
    assert_string_equal(p.pairs[2].value, "");
    assert_string_equal(p.pairs[3].value, "e=f");
}

static void test_too_many_pairs_are_refused(void **state) {
    (void)state;
    struct parsed p;
    assert_int_equal(parse("a&b&c&d&e&f&g&h", &p), URLENC_OK);
    assert_int_equal(p.count, 8);
    assert_int_equal(parse("a&b&c&d&e&f&g&h&i", &p), URLENC_TOO_MANY);
}

static void test_a_bad_pair_spoils_the_whole_query(void **state) {
    (void)state;
    struct parsed p;
    assert_int_equal(parse("a=1&b=%zz", &p), URLENC_BAD_PERCENT);
    assert_int_equal(parse("a=%00", &p), URLENC_NUL);
    assert_int_equal(parse("%ff=1", &p), URLENC_BAD_UTF8);
    assert_int_equal(parse("a=%c3&b=%a9", &p), URLENC_BAD_UTF8);
    assert_int_equal(parse("a=%c3=%a9", &p), URLENC_BAD_UTF8);
    assert_int_equal(p.count, 99);
}

static void test_a_buffer_of_the_stated_size_is_enough(void **state) {
    (void)state;
    static const char *const texts[] = {"a",     "=",        "a&b&c", "a=b&c=d",        "&&",
                                        "a=&b=", "x=%41%41", "a&",    "a&b&c&d&e&f&g&h"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t n = strlen(texts[i]);
        char *buf = malloc(n + 8 + 2);
        assert_non_null(buf);
        struct urlenc_pair pairs[8];
        size_t count;
        assert_int_equal(urlenc_parse(texts[i], n, 0, buf, n + 8 + 2, pairs, 8, &count), URLENC_OK);
        free(buf);
    }
}

static void test_every_fault_has_a_key(void **state) {
    (void)state;
    for (int f = URLENC_OK; f <= URLENC_TOO_LONG; f++)
        for (int g = URLENC_OK; g < f; g++)
            assert_string_not_equal(urlenc_fault_key((enum urlenc_fault)f),
                                    urlenc_fault_key((enum urlenc_fault)g));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes_are_decoded_once),
        cmocka_unit_test(test_plus_is_a_blank_only_where_asked),
        cmocka_unit_test(test_bad_escapes_are_told_apart),
        cmocka_unit_test(test_the_output_is_never_overrun),
        cmocka_unit_test(test_utf8_agrees_with_its_definition_on_all_short_texts),
        cmocka_unit_test(test_pairs_keep_their_order_and_their_doubles),
        cmocka_unit_test(test_odd_pieces_are_read_as_browsers_do),
        cmocka_unit_test(test_too_many_pairs_are_refused),
        cmocka_unit_test(test_a_bad_pair_spoils_the_whole_query),
        cmocka_unit_test(test_a_buffer_of_the_stated_size_is_enough),
        cmocka_unit_test(test_every_fault_has_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
