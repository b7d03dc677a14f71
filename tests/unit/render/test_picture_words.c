// SPDX-License-Identifier: Apache-2.0
// Words of pictures: labels stand clear of their values, and who does not see a picture is told of it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "render/pictureint.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "picturetest.h"

static const char *draw(const struct table *t, enum picture_kind kind) {
    const struct picture p = {
        .kind = kind, .keys = {"what", "paid"}, .key_count = 2, .finding = "It \"fell\" & rose"};
    size_t n;
    return html_bytes(picture_html(t, &p, NULL), &n);
}

static size_t count_of(const char *s, const char *what) {
    size_t n = 0;
    for (; (s = strstr(s, what)); s++) {
        n++;
    }
    return n;
}

// What stands beside each other in one line, at the width of a usual phone.
static void test_a_label_does_not_run_into_its_value(void **state) {
    (void)state;
    static const char *const names[] = {"And those that are voluntary by some definitions",
                                        "WWWWWWWWWW MMMMMMMMMM WWWWWWWWWW", "Short",
                                        "iiiiiiiiiiiiiiiiiiiiiiiiii"};
    static const int64_t paid[] = {1430000000, 99999900000, 100, -2147000000};
    const char *html = draw(amounts("Paid", 4, names, paid), PICTURE_BARS);
    size_t labels = 0;
    for (const char *at = html; (at = strstr(at, "anc-chart__label")); at++) {
        const char *text = strchr(at, '>') + 1;
        int room = strncmp(at, "anc-chart__label anc-chart__wide", 32) == 0 ? 580 : 330;
        const char *value = strchr(strstr(at, "anc-chart__value--end"), '>') + 1;
        int taken = pic_width(text, strcspn(text, "<")) * 16 / 1000 +
                    pic_width(value, strcspn(value, "<")) * 17 / 1000;
        assert_true(taken <= room);
        labels++;
    }
    assert_int_equal(labels, 6); // the two long ones for a phone and for a wide page
    assert_non_null(strstr(html, ">And those that are voluntary by some definitions</text>"));
    assert_non_null(strstr(html, ">iiiiiiiiiiiiiiiiiiiiiiiiii</text>")); // narrow letters, all of them
}

static void test_every_picture_has_a_title_and_says_what_it_is_made_of(void **state) {
    (void)state;
    static const int64_t paid[] = {100000, 300000, 200000};
    static const enum picture_kind kinds[] = {PICTURE_BARS, PICTURE_TREND, PICTURE_SPLIT, PICTURE_TREEMAP};
    for (size_t i = 0; i < 4; i++) {
        const char *html = draw(amounts("Paid by year", 3, NULL, paid), kinds[i]);
        size_t pictures = count_of(html, "role=\"img\"");
        assert_true(pictures > 0);
        assert_int_equal(count_of(html,
                                  "\">\n<title>It &quot;fell&quot; &amp; rose</title>\n<desc>3 values. The "
                                  "largest: Row 1, \xC2\xA3"
                                  "3,000. All of them are in the table \"Paid by year\".</desc>"),
                         pictures);
    }
}

#define PROMISE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROMISE(test_a_label_does_not_run_into_its_value),
        PROMISE(test_every_picture_has_a_title_and_says_what_it_is_made_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
