// SPDX-License-Identifier: Apache-2.0
// Escaping: every byte in every place, and what addresses may be.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/strb.h"
#include "render/escape.h"

#include <stdio.h>
#include <string.h>

static const enum escape all_places[] = {ESCAPE_TEXT,      ESCAPE_URL,   ESCAPE_URL_MORE,   ESCAPE_SITE,
                                         ESCAPE_SITE_MORE, ESCAPE_SLASH, ESCAPE_SLASH_MORE, ESCAPE_NEXT,
                                         ESCAPE_PATH,      ESCAPE_REST,  ESCAPE_PART};
#define PLACES (sizeof all_places / sizeof *all_places)

static const char *escaped(enum escape place, const char *s, size_t n) {
    static char out[4096];
    struct strb b;
    strb_init(&b, sizeof out - 1);
    escape_put(&b, place, s, n);
    memcpy(out, b.p, b.n + 1);
    strb_free(&b);
    return out;
}

static const char *in(enum escape place, const char *s) {
    return escaped(place, s, strlen(s));
}

static void assert_harmless(const char *out) {
    assert_null(strpbrk(out, "<>\"'"));
    for (const char *p = out; *p; p++) {
        assert_true((unsigned char)*p >= 0x20 || *p == '\n' || *p == '\t' || *p == '\r');
        if (*p == '&') {
            assert_true(strncmp(p, "&amp;", 5) == 0 || strncmp(p, "&lt;", 4) == 0 ||
                        strncmp(p, "&gt;", 4) == 0 || strncmp(p, "&quot;", 6) == 0 ||
                        strncmp(p, "&#39;", 5) == 0);
        }
    }
}

static void test_no_byte_or_pair_of_bytes_leaves_its_place(void **state) {
    (void)state;
    for (size_t p = 0; p < PLACES; p++) {
        for (unsigned a = 0; a < 256; a++) {
            char one[1] = {(char)a};
            assert_harmless(escaped(all_places[p], one, 1));
            for (unsigned b = 0; b < 256; b++) {
                char two[2] = {(char)a, (char)b};
                assert_harmless(escaped(all_places[p], two, 2));
            }
        }
    }
}

static void test_no_byte_after_an_allowed_start_breaks_an_address(void **state) {
    (void)state;
    static const char *const starts[] = {"/a", "?a=", "#", "https://example.org/", "mailto:a", "tel:1"};
    for (size_t p = 0; p < PLACES; p++) {
        for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
            for (unsigned c = 0; c < 256; c++) {
                char text[64];
                size_t n = strlen(starts[i]);
                memcpy(text, starts[i], n);
                text[n] = (char)c;
                const char *out = escaped(all_places[p], text, n + 1);
                assert_harmless(out);
                if (all_places[p] != ESCAPE_TEXT) {
                    assert_null(strpbrk(out, " \n\r\t\\`{}|^"));
                }
            }
        }
    }
}

static void test_every_kind_of_text_comes_back_when_it_is_decoded(void **state) {
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        char one[1] = {(char)c};
        const char *out = escaped(ESCAPE_PART, one, 1);
        unsigned back;
        if (out[0] == '%') {
            assert_int_equal(sscanf(out, "%%%2x", &back), 1);
            assert_int_equal(strlen(out), 3);
        } else {
            back = (unsigned char)out[0];
            assert_int_equal(strlen(out), 1);
        }
        assert_int_equal(back, c);
    }
}

static void test_text_is_escaped_as_readers_of_html_expect(void **state) {
    (void)state;
    assert_string_equal(in(ESCAPE_TEXT, "O'Neil & <co> \"x\""), "O&#39;Neil &amp; &lt;co&gt; &quot;x&quot;");
    assert_string_equal(in(ESCAPE_TEXT, "\xC2\xA3 1\n2"), "\xC2\xA3 1\n2");
    assert_string_equal(in(ESCAPE_TEXT, "a\x01z"), "a\xEF\xBF\xBDz");
    assert_string_equal(in(ESCAPE_TEXT, ""), "");
}

static void test_an_address_that_runs_code_or_hides_its_host_becomes_a_hash(void **state) {
    (void)state;
    static const char *const bad[] = {"javascript:alert(1)",
                                      "JAVASCRIPT:alert(1)",
                                      " javascript:x",
                                      "java\tscript:x",
                                      "\x01javascript:x",
                                      "data:text/html,x",
                                      "vbscript:x",
                                      "//example.org",
                                      "/\\example.org",
                                      "/\t/example.org",
                                      "\\\\example.org",
                                      "example.org",
                                      "http:example.org",
                                      "http:///example.org",
                                      "https://",
                                      "ftp://example.org",
                                      "",
                                      "mailto:",
                                      "./x",
                                      "file:///etc"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_string_equal(in(ESCAPE_URL, bad[i]), "#");
        assert_string_equal(in(ESCAPE_SITE, bad[i]), "#");
    }
}

static void test_allowed_addresses_stay_as_they_are(void **state) {
    (void)state;
    static const char *const good[] = {"/",
                                       "/a/b?c=d#e",
                                       "?page=2",
                                       "#main",
                                       "http://example.org/x",
                                       "https://example.org",
                                       "mailto:a@example.org",
                                       "tel:+441942000000",
                                       "/a%20b",
                                       "HTTPS://example.org/"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_string_equal(in(ESCAPE_URL, good[i]), good[i]);
    }
    assert_string_equal(in(ESCAPE_URL, "/a?b=1&c=2"), "/a?b=1&amp;c=2");
    assert_string_equal(in(ESCAPE_URL, "/a b"), "/a%20b");
    assert_string_equal(in(ESCAPE_URL, "/50%"), "/50%25");
}

static void test_places_of_this_site_take_no_other_host(void **state) {
    (void)state;
    assert_string_equal(in(ESCAPE_SITE, "https://example.org/"), "#");
    assert_string_equal(in(ESCAPE_SITE, "mailto:a@example.org"), "#");
    assert_string_equal(in(ESCAPE_SITE, "/bids/1"), "/bids/1");
}

static void test_an_address_that_goes_on_cannot_become_another_host(void **state) {
    (void)state;
    assert_string_equal(in(ESCAPE_URL_MORE, "/"), "/.");
    assert_string_equal(in(ESCAPE_URL_MORE, "/a"), "/a");
    assert_string_equal(in(ESCAPE_SLASH, "/example.org"), "%2Fexample.org");
    assert_string_equal(in(ESCAPE_SLASH, "\\example.org"), "%5Cexample.org");
    assert_string_equal(in(ESCAPE_SLASH, ""), "");
    assert_string_equal(in(ESCAPE_SLASH_MORE, ""), ".");
    assert_string_equal(in(ESCAPE_NEXT, ".example.org"), "#");
    assert_string_equal(in(ESCAPE_NEXT, "?q=1"), "?q=1");
    assert_string_equal(in(ESCAPE_NEXT, ""), "");
}

static void test_parts_of_an_address_cannot_end_their_part(void **state) {
    (void)state;
    assert_string_equal(in(ESCAPE_PATH, "a?b#c d"), "a%3Fb%23c%20d");
    assert_string_equal(in(ESCAPE_PART, "a&b=c d+e/f"), "a%26b%3Dc%20d%2Be%2Ff");
    assert_string_equal(in(ESCAPE_PART, "caf\xC3\xA9"), "caf%C3%A9");
    assert_string_equal(in(ESCAPE_REST, "q=a&b=c"), "q=a&amp;b=c");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_byte_or_pair_of_bytes_leaves_its_place),
        cmocka_unit_test(test_no_byte_after_an_allowed_start_breaks_an_address),
        cmocka_unit_test(test_every_kind_of_text_comes_back_when_it_is_decoded),
        cmocka_unit_test(test_text_is_escaped_as_readers_of_html_expect),
        cmocka_unit_test(test_an_address_that_runs_code_or_hides_its_host_becomes_a_hash),
        cmocka_unit_test(test_allowed_addresses_stay_as_they_are),
        cmocka_unit_test(test_places_of_this_site_take_no_other_host),
        cmocka_unit_test(test_an_address_that_goes_on_cannot_become_another_host),
        cmocka_unit_test(test_parts_of_an_address_cannot_end_their_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
