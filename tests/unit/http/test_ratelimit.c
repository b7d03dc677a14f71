// SPDX-License-Identifier: Apache-2.0
// Token buckets: the numbers of the rules, waiting, forgetting, floods.
#include "http/ratelimit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t seed[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

static struct ratelimit *fresh(size_t slots) {
    struct ratelimit *r = ratelimit_new(slots, seed);
    assert_non_null(r);
    return r;
}

static struct ratelimit_answer take(struct ratelimit *r, enum ratelimit_kind kind, const char *key,
                                    int64_t now) {
    return ratelimit_take(r, kind, key, strlen(key), now);
}

static void test_siphash_gives_the_published_value(void **state) {
    (void)state;
    uint8_t text[15];
    for (uint8_t i = 0; i < 15; i++)
        text[i] = i;
    assert_true(ratelimit_siphash(seed, text, 15) == UINT64_C(0xa129ca6149be45e5));
}

static void test_each_kind_allows_exactly_its_number(void **state) {
    (void)state;
    static const int burst[RATELIMIT_KINDS] = {10, 50, 30, 5, 3, 60, 60};
    static const int64_t period[RATELIMIT_KINDS] = {15 * MINUTE, 24 * HOUR, 10 * MINUTE, HOUR,
                                                    HOUR,        MINUTE,    HOUR};
    for (int k = 0; k < RATELIMIT_KINDS; k++) {
        struct ratelimit *r = fresh(64);
        int64_t now = 5000;
        for (int i = 0; i < burst[k]; i++)
            assert_true(take(r, (enum ratelimit_kind)k, "192.0.2.1", now).allowed);
        struct ratelimit_answer a = take(r, (enum ratelimit_kind)k, "192.0.2.1", now);
        assert_false(a.allowed);
        assert_true(a.retry_after_ms > 0 && a.retry_after_ms <= period[k]);
        assert_true(take(r, (enum ratelimit_kind)k, "192.0.2.2", now).allowed);
        ratelimit_free(r);
    }
}

static void test_a_kind_can_be_given_another_number(void **state) {
    (void)state;
    struct ratelimit *r = fresh(64);
    ratelimit_set_burst(r, RATELIMIT_SEARCH, 2);
    assert_true(take(r, RATELIMIT_SEARCH, "a", 0).allowed);
    assert_true(take(r, RATELIMIT_SEARCH, "a", 0).allowed);
    assert_int_equal(take(r, RATELIMIT_SEARCH, "a", 0).retry_after_ms, MINUTE / 2);
    assert_true(take(r, RATELIMIT_SEARCH, "a", MINUTE / 2).allowed);
    assert_false(take(r, RATELIMIT_SEARCH, "a", MINUTE / 2).allowed);
    ratelimit_free(r);
}

static void test_waiting_as_told_is_enough_and_a_moment_less_is_not(void **state) {
    (void)state;
    struct ratelimit *r = fresh(64);
    for (int i = 0; i < 5; i++)
        take(r, RATELIMIT_REGISTER, "a", 0);
    int64_t wait = take(r, RATELIMIT_REGISTER, "a", 0).retry_after_ms;
    assert_int_equal(wait, HOUR / 5);
    assert_false(take(r, RATELIMIT_REGISTER, "a", wait - 1).allowed);
    assert_true(take(r, RATELIMIT_REGISTER, "a", wait).allowed);
    assert_false(take(r, RATELIMIT_REGISTER, "a", wait).allowed);
    ratelimit_free(r);
}

static void test_after_the_period_the_bucket_is_full_and_never_fuller(void **state) {
    (void)state;
    struct ratelimit *r = fresh(64);
    for (int i = 0; i < 60; i++)
        take(r, RATELIMIT_SEARCH, "a", 0);
    for (int i = 0; i < 60; i++)
        assert_true(take(r, RATELIMIT_SEARCH, "a", 100 * HOUR).allowed);
    assert_false(take(r, RATELIMIT_SEARCH, "a", 100 * HOUR).allowed);
    ratelimit_free(r);
}

static void test_after_ten_wrong_passwords_each_further_one_doubles_the_wait(void **state) {
    (void)state;
    struct ratelimit *r = fresh(64);
    int64_t now = 1000;
    for (int i = 0; i < 10; i++)
        assert_true(take(r, RATELIMIT_LOGIN_ACCOUNT, "ann", now).allowed);
    static const int64_t waits[] = {30, 60, 120, 240, 480, 900, 900};
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        struct ratelimit_answer a = ratelimit_peek(r, RATELIMIT_LOGIN_ACCOUNT, "ann", 3, now);
        assert_false(a.allowed);
        assert_int_equal(a.retry_after_ms, waits[i] * SECOND);
        assert_false(take(r, RATELIMIT_LOGIN_ACCOUNT, "ann", now + waits[i] * SECOND - 1).allowed);
        now += waits[i] * SECOND;
        assert_true(take(r, RATELIMIT_LOGIN_ACCOUNT, "ann", now).allowed);
    }
    now += 15 * MINUTE + 15 * MINUTE; // the wait, and then a quiet quarter of an hour
    for (int i = 0; i < 10; i++)
        assert_true(take(r, RATELIMIT_LOGIN_ACCOUNT, "ann", now).allowed);
    assert_int_equal(ratelimit_peek(r, RATELIMIT_LOGIN_ACCOUNT, "ann", 3, now).retry_after_ms, 30 * SECOND);
    ratelimit_free(r);
}

static void test_a_guesser_gets_at_most_100_tries_in_any_day(void **state) {
    (void)state;
    struct ratelimit *r = fresh(64);
    static int64_t at[1000];
    size_t tries = 0;
    for (int64_t now = 0; now < 72 * HOUR; now += SECOND) {
        if (!ratelimit_peek(r, RATELIMIT_LOGIN_ACCOUNT, "ann", 3, now).allowed)
            continue;
        if (take(r, RATELIMIT_LOGIN_ACCOUNT_DAY, "ann", now).allowed) {
            assert_true(tries < 1000);
            at[tries++] = now;
            take(r, RATELIMIT_LOGIN_ACCOUNT, "ann", now);
        }
    }
    assert_true(tries > 100);
    for (size_t i = 100; i < tries; i++)
        assert_true(at[i] - at[i - 100] >= 24 * HOUR);
    ratelimit_free(r);
}

static void test_a_good_sign_in_forgets_the_wrong_ones(void **state) {
    (void)state;
    struct ratelimit *r = fresh(64);
    for (int i = 0; i < 10; i++)
        take(r, RATELIMIT_LOGIN_ACCOUNT, "ann", 0);
    assert_false(take(r, RATELIMIT_LOGIN_ACCOUNT, "ann", 0).allowed);
    ratelimit_forget(r, RATELIMIT_LOGIN_ACCOUNT, "ann", 3);
    assert_true(take(r, RATELIMIT_LOGIN_ACCOUNT, "ann", 0).allowed);
    ratelimit_forget(r, RATELIMIT_LOGIN_ACCOUNT, "nobody", 6);
    ratelimit_free(r);
}

static void test_looking_takes_nothing(void **state) {
    (void)state;
    struct ratelimit *r = fresh(64);
    for (int i = 0; i < 100; i++)
        assert_true(ratelimit_peek(r, RATELIMIT_RESET, "a", 1, 0).allowed);
    for (int i = 0; i < 3; i++)
        assert_true(take(r, RATELIMIT_RESET, "a", 0).allowed);
    assert_false(ratelimit_peek(r, RATELIMIT_RESET, "a", 1, 0).allowed);
    ratelimit_free(r);
}

static void test_kinds_do_not_share_a_bucket(void **state) {
    (void)state;
    struct ratelimit *r = fresh(64);
    for (int i = 0; i < 3; i++)
        take(r, RATELIMIT_RESET, "a", 0);
    assert_false(take(r, RATELIMIT_RESET, "a", 0).allowed);
    assert_true(take(r, RATELIMIT_REGISTER, "a", 0).allowed);
    ratelimit_free(r);
}

static void test_a_clock_going_back_gives_nothing_away(void **state) {
    (void)state;
    struct ratelimit *r = fresh(64);
    for (int i = 0; i < 3; i++)
        take(r, RATELIMIT_RESET, "a", 10 * HOUR);
    assert_false(take(r, RATELIMIT_RESET, "a", 0).allowed);
    assert_false(take(r, RATELIMIT_RESET, "a", 10 * HOUR).allowed);
    ratelimit_free(r);
}

static void test_a_flood_of_addresses_does_not_free_a_guessed_account(void **state) {
    (void)state;
    struct ratelimit *r = fresh(64);
    size_t slots = ratelimit_slots(r);
    assert_int_equal(slots, 64);
    for (int i = 0; i < 10; i++)
        take(r, RATELIMIT_LOGIN_ACCOUNT, "ann", 0);
    for (int i = 0; i < 100000; i++) {
        char key[32];
        snprintf(key, sizeof key, "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
        assert_true(take(r, RATELIMIT_LOGIN_ADDRESS, key, i / 100).allowed);
    }
    assert_int_equal(ratelimit_slots(r), slots);
    assert_false(take(r, RATELIMIT_LOGIN_ACCOUNT, "ann", 1000).allowed);
    ratelimit_free(r);
}

static void test_long_keys_and_empty_keys_are_taken(void **state) {
    (void)state;
    struct ratelimit *r = fresh(1);
    assert_int_equal(ratelimit_slots(r), 8);
    char key[1000];
    memset(key, 'k', sizeof key);
    assert_true(ratelimit_take(r, RATELIMIT_RESET, key, sizeof key, 0).allowed);
    assert_true(ratelimit_take(r, RATELIMIT_RESET, NULL, 0, 0).allowed);
    ratelimit_free(r);
    ratelimit_free(NULL);
}

// The sanitizer must give NULL for a table that cannot be, as malloc does.
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
    return "allocator_may_return_null=1";
}

static void test_a_table_without_memory_is_refused(void **state) {
    (void)state;
    volatile size_t huge = SIZE_MAX;
    assert_null(ratelimit_new(huge, seed));
}

static void test_an_ipv6_household_counts_as_one(void **state) {
    (void)state;
    static const struct {
        const char *address, *key;
    } tries[] = {{"192.0.2.7", "192.0.2.7"},
                 {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
                 {"2001:db8:1:2:ffff::1", "2001:db8:1:2::"},
                 {"::ffff:192.0.2.7", "192.0.2.7"},
                 {"unix", "unix"}};
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        char key[RATELIMIT_ADDRESS_KEY];
        assert_int_equal(ratelimit_address_key(tries[i].address, key), strlen(tries[i].key));
        assert_string_equal(key, tries[i].key);
    }
    char longer[200], key[RATELIMIT_ADDRESS_KEY];
    memset(longer, 'x', sizeof longer);
    longer[199] = '\0';
    assert_int_equal(ratelimit_address_key(longer, key), RATELIMIT_ADDRESS_KEY - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_siphash_gives_the_published_value),
        cmocka_unit_test(test_each_kind_allows_exactly_its_number),
        cmocka_unit_test(test_a_kind_can_be_given_another_number),
        cmocka_unit_test(test_waiting_as_told_is_enough_and_a_moment_less_is_not),
        cmocka_unit_test(test_after_the_period_the_bucket_is_full_and_never_fuller),
        cmocka_unit_test(test_after_ten_wrong_passwords_each_further_one_doubles_the_wait),
        cmocka_unit_test(test_a_guesser_gets_at_most_100_tries_in_any_day),
        cmocka_unit_test(test_a_good_sign_in_forgets_the_wrong_ones),
        cmocka_unit_test(test_looking_takes_nothing),
        cmocka_unit_test(test_kinds_do_not_share_a_bucket),
        cmocka_unit_test(test_a_clock_going_back_gives_nothing_away),
        cmocka_unit_test(test_a_flood_of_addresses_does_not_free_a_guessed_account),
        cmocka_unit_test(test_long_keys_and_empty_keys_are_taken),
        cmocka_unit_test(test_an_ipv6_household_counts_as_one),
        cmocka_unit_test(test_a_table_without_memory_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
