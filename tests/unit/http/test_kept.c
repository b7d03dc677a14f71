// SPDX-License-Identifier: Apache-2.0
// Promises about words typed when a session had ended: they come back once, to their own form, without
// passwords.
#include "http/kept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1000000000)

static const struct field_spec fields[] = {
    {.name = "title", .label = "Title", .type = FIELD_TEXT, .max_chars = 200},
    {.name = "start", .label = "Start", .type = FIELD_DATE},
    {.name = "secret", .label = "Password", .type = FIELD_PASSWORD, .max_chars = 200},
};
static const struct form_spec spec = {.name = "notice", .fields = fields, .field_count = 3};

static const struct form_pair typed[] = {
    {"title", "Caf\xC3\xA9 & Sons"}, {"start-day", "31"}, {"start-month", "2"},
    {"secret", "hunter2"},           {"csrf", "x"},       {"other", "y"}};

static void words_come_back_once_without_passwords_or_strange_fields(void **state) {
    (void)state;
    struct arena *a = arena_new(1 << 20);
    char id[KEPT_ID_CHARS + 1];
    struct form_pair *pairs;
    size_t n;
    assert_true(kept_put(&spec, typed, 6, NOW, id));
    assert_false(kept_take(id, "another", NOW, a, &pairs, &n));
    assert_true(kept_take(id, "notice", NOW + KEPT_USEC, a, &pairs, &n));
    assert_int_equal(n, 3);
    assert_string_equal(pairs[0].value, "Caf\xC3\xA9 & Sons");
    assert_string_equal(pairs[2].name, "start-month");
    assert_false(kept_take(id, "notice", NOW, a, &pairs, &n));
    arena_free(a);
}

static void words_are_forgotten_after_half_an_hour(void **state) {
    (void)state;
    struct arena *a = arena_new(1 << 20);
    char id[KEPT_ID_CHARS + 1];
    struct form_pair *pairs;
    size_t n;
    assert_true(kept_put(&spec, typed, 1, NOW, id));
    assert_false(kept_take(id, "notice", NOW + KEPT_USEC + 1, a, &pairs, &n));
    assert_false(kept_take("", "notice", NOW, a, &pairs, &n));
    arena_free(a);
}

static void the_table_is_bounded_and_the_oldest_gives_way(void **state) {
    (void)state;
    struct arena *a = arena_new(1 << 20);
    char first[KEPT_ID_CHARS + 1], id[KEPT_ID_CHARS + 1];
    struct form_pair *pairs;
    size_t n;
    assert_true(kept_put(&spec, typed, 1, NOW, first));
    for (int i = 0; i < 64; i++) {
        assert_true(kept_put(&spec, typed, 1, NOW, id));
    }
    assert_false(kept_take(first, "notice", NOW, a, &pairs, &n));
    assert_true(kept_take(id, "notice", NOW, a, &pairs, &n));
    char *huge = malloc(KEPT_BYTES + 2);
    memset(huge, 'x', KEPT_BYTES + 1);
    huge[KEPT_BYTES + 1] = 0;
    const struct form_pair big = {"title", huge};
    assert_false(kept_put(&spec, &big, 1, NOW, id));
    free(huge);
    arena_free(a);
}

static void a_kept_form_shows_what_was_typed_and_no_errors_yet(void **state) {
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct form *f = form_show_kept(a, &spec, typed, 3);
    form_set(f, "title", "what the page would fill in");
    assert_string_equal(form_shown(f, "title", 0), "Caf\xC3\xA9 & Sons");
    assert_string_equal(form_shown(f, "start", 0), "31");
    assert_null(form_error_of(f, "start"));
    assert_true(form_ok(f));
    assert_false(form_was_sent(f));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_come_back_once_without_passwords_or_strange_fields),
        cmocka_unit_test(words_are_forgotten_after_half_an_hour),
        cmocka_unit_test(the_table_is_bounded_and_the_oldest_gives_way),
        cmocka_unit_test(a_kept_form_shows_what_was_typed_and_no_errors_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
