// SPDX-License-Identifier: Apache-2.0
// Promises of the tables that give numbers to texts: whatever their length and number, equal keys have one
// number and different keys have different ones, and no table takes more than it was told.
#include "spend/intern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MANY 20000 // more than any table begins with, so that all of them grow

static uint32_t put(struct intern *x, const char *a, const char *b) {
    const char *const text[] = {a, b};
    const uint32_t length[] = {(uint32_t)strlen(a), (uint32_t)strlen(b)};
    return intern_put(x, text, length);
}

static void test_keys_are_numbered_as_they_come_and_known_again(void **state) {
    (void)state;
    struct intern *x = intern_new(2, MANY, 1 << 24);
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < MANY; i++) {
            char a[32], b[32];
            snprintf(a, sizeof a, "Payee %u", i / 2);
            snprintf(b, sizeof b, "%s", i % 2 ? "WN1 1AA" : "");
            assert_int_equal(put(x, a, b), i);
        }
    }
    assert_int_equal(intern_count(x), MANY);
    assert_string_equal(intern_text(x, 2 * 7 + 1, 0), "Payee 7");
    assert_string_equal(intern_text(x, 2 * 7 + 1, 1), "WN1 1AA");
    assert_string_equal(intern_text(x, 2 * 7, 1), "");
    intern_free(x);
}

// Texts are hashed eight bytes at a time: of each length, each byte counts.
static void test_one_byte_makes_another_key_at_any_place_of_texts_of_any_length(void **state) {
    (void)state;
    enum { LONGEST = 40 };
    struct intern *x = intern_new(2, MANY, 1 << 24);
    char text[LONGEST + 1];
    uint32_t next = 0;
    for (size_t n = 0; n <= LONGEST; n++) {
        memset(text, 'a', n);
        text[n] = 0;
        assert_int_equal(put(x, text, ""), next++);
        for (size_t i = 0; i < n; i++) {
            text[i] = 'b';
            assert_int_equal(put(x, text, ""), next++);
            text[i] = 'a';
        }
    }
    intern_free(x);
}

static void test_where_one_field_ends_and_the_next_begins_tells_keys_apart(void **state) {
    (void)state;
    struct intern *x = intern_new(2, 10, 1000);
    assert_int_equal(put(x, "ab", "c"), 0);
    assert_int_equal(put(x, "a", "bc"), 1);
    assert_int_equal(put(x, "abc", ""), 2);
    assert_int_equal(put(x, "", "abc"), 3);
    assert_int_equal(put(x, "a", "bc"), 1);
    intern_free(x);
}

// A hash is 64 bits of which a table keeps 32: what decides is the text.
static void test_keys_of_one_hash_are_told_apart_by_their_texts(void **state) {
    (void)state;
    struct intern *x = intern_new(1, 10, 1000);
    static const char *const texts[] = {"Oats", "Oat", "Rye"};
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 3; i++) {
            const uint32_t length = (uint32_t)strlen(texts[i]);
            assert_int_equal(intern_put_hashed(x, 7, &texts[i], &length), i);
        }
    }
    intern_free(x);
}

static void test_a_full_table_still_knows_its_keys_and_takes_no_other(void **state) {
    (void)state;
    struct intern *few = intern_new(2, 2, 1000), *short_of_text = intern_new(2, 100, 40);
    assert_int_equal(put(few, "a", ""), 0);
    assert_int_equal(put(few, "b", ""), 1);
    assert_int_equal(put(few, "c", ""), INTERN_FULL);
    assert_int_equal(put(few, "b", ""), 1);
    assert_int_equal(intern_count(few), 2);
    assert_int_equal(put(short_of_text, "twelve bytes", ""), 0);
    assert_int_equal(put(short_of_text, "twelve more.", ""), INTERN_FULL);
    assert_int_equal(put(short_of_text, "twelve bytes", ""), 0);
    intern_free(few);
    intern_free(short_of_text);
}

// Such a text has room of its own; those before and after it stay what they are.
static void test_a_very_long_text_is_kept_whole_among_short_ones(void **state) {
    (void)state;
    enum { LONG = 3000000 };
    struct intern *x = intern_new(2, 100, (size_t)4 * LONG);
    char *text = malloc(LONG + 1);
    assert_non_null(text);
    memset(text, 'x', LONG);
    text[LONG] = 0;
    assert_int_equal(put(x, "before", ""), 0);
    assert_int_equal(put(x, text, "beside"), 1);
    assert_int_equal(put(x, "after", ""), 2);
    assert_string_equal(intern_text(x, 0, 0), "before");
    assert_string_equal(intern_text(x, 1, 0), text);
    assert_string_equal(intern_text(x, 1, 1), "beside");
    assert_string_equal(intern_text(x, 2, 0), "after");
    free(text);
    intern_free(x);
}

static void test_pairs_keep_a_value_for_each_number_until_they_are_emptied(void **state) {
    (void)state;
    struct pairs *p = pairs_new();
    bool is_new = false;
    for (uint32_t i = 0; i < MANY; i++) {
        assert_null(pairs_find(p, (uint64_t)i << 20)); // and a look makes none
        uint32_t *at = pairs_at(p, (uint64_t)i << 20, &is_new);
        assert_true(is_new);
        assert_int_equal(*at, 0);
        *at = i;
    }
    for (uint32_t i = 0; i < MANY; i++) {
        assert_int_equal(*pairs_at(p, (uint64_t)i << 20, &is_new), i);
        assert_false(is_new);
        assert_int_equal(*pairs_find(p, (uint64_t)i << 20), i);
    }
    assert_int_equal(pairs_count(p), MANY);
    pairs_clear(p);
    assert_int_equal(pairs_count(p), 0);
    assert_null(pairs_find(p, 5 << 20));
    assert_int_equal(*pairs_at(p, 5 << 20, &is_new), 0);
    assert_true(is_new);
    pairs_free(p);
}

static void test_what_is_known_is_found_by_all_its_texts_and_the_last_id_counts(void **state) {
    (void)state;
    struct known *k = known_new(0);
    for (int64_t i = 1; i <= MANY; i++) {
        char a[32];
        snprintf(a, sizeof a, "PAYEE %lld", (long long)i);
        const char *const key[] = {a, "P WN1 1AA"};
        assert_int_equal(known_find(k, key, 2), 0);
        known_put(k, key, 2, i);
        known_put(k, key, 2, i + MANY); // it is one
        assert_int_equal(known_count(k), i);
    }
    const char *const seventh[] = {"PAYEE 7", "P WN1 1AA"}, *const other[] = {"PAYEE 7", ""};
    assert_int_equal(known_find(k, seventh, 2), 7 + MANY);
    assert_int_equal(known_find(k, other, 2), 0);
    const char *const parted[] = {"ab", "c"}, *const otherwise[] = {"a", "bc"};
    known_put(k, parted, 2, 1);
    assert_int_equal(known_find(k, otherwise, 2), 0);
    known_free(k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_are_numbered_as_they_come_and_known_again),
        cmocka_unit_test(test_one_byte_makes_another_key_at_any_place_of_texts_of_any_length),
        cmocka_unit_test(test_where_one_field_ends_and_the_next_begins_tells_keys_apart),
        cmocka_unit_test(test_keys_of_one_hash_are_told_apart_by_their_texts),
        cmocka_unit_test(test_a_full_table_still_knows_its_keys_and_takes_no_other),
        cmocka_unit_test(test_a_very_long_text_is_kept_whole_among_short_ones),
        cmocka_unit_test(test_pairs_keep_a_value_for_each_number_until_they_are_emptied),
        cmocka_unit_test(test_what_is_known_is_found_by_all_its_texts_and_the_last_id_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
