// SPDX-License-Identifier: Apache-2.0
// Promises of the generators of the demo place: the same each time, all different, never a known password.
#include "auth/password.h"
#include "demo/demo_rng.h"
#include "demo/demo_words.h"
#include "domain/supplier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state) {
    (void)state;
    arena = arena_new((size_t)16 * 1024 * 1024);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static void test_the_same_seed_gives_the_same_numbers(void **state) {
    (void)state;
    struct demo_rng a = {7}, b = {7}, other = {8};
    int same = 0;
    for (int i = 0; i < 100; i++) {
        uint64_t x = demo_next(&a);
        assert_int_equal(x, demo_next(&b));
        same += x == demo_next(&other);
    }
    assert_int_equal(same, 0);
    struct demo_rng zero = {0}; // first output for seed 0 as published with the algorithm
    assert_int_equal(demo_next(&zero), UINT64_C(0xE220A8397B1DCDAF));
}

static void test_numbers_below_a_bound_reach_every_value_and_no_other(void **state) {
    (void)state;
    struct demo_rng r = {1};
    int seen[6] = {0};
    for (int i = 0; i < 6000; i++) {
        uint32_t v = demo_below(&r, 6);
        assert_in_range(v, 0, 5);
        seen[v]++;
    }
    for (int i = 0; i < 6; i++) {
        assert_in_range(seen[i], 850, 1150);
    }
    assert_int_equal(demo_below(&r, 1), 0);
}

static void test_a_shuffle_holds_every_number_once(void **state) {
    (void)state;
    struct demo_rng r = {3};
    uint32_t list[200];
    int seen[200] = {0}, moved = 0;
    demo_shuffle(&r, list, 200);
    for (uint32_t i = 0; i < 200; i++) {
        seen[list[i]]++;
        moved += list[i] != i;
    }
    for (int i = 0; i < 200; i++) {
        assert_int_equal(seen[i], 1);
    }
    assert_true(moved > 150);
}

static void test_invoice_factors_are_spread_around_their_mean(void **state) {
    (void)state;
    struct demo_rng r = {5};
    int64_t sum = 0, low = INT64_MAX, high = 0;
    for (int i = 0; i < 64000; i++) {
        int64_t v = demo_spread(&r);
        sum += v;
        low = v < low ? v : low;
        high = v > high ? v : high;
    }
    assert_in_range(sum / 64000, DEMO_SPREAD_MEAN - 40, DEMO_SPREAD_MEAN + 40);
    assert_int_equal(low, 114);
    assert_int_equal(high, 8809);
}

static void test_ranks_weigh_less_and_less(void **state) {
    (void)state;
    for (size_t i = 0; i < 500; i++) {
        assert_true(demo_rank_weight(i) > demo_rank_weight(i + 1));
    }
    assert_in_range(demo_rank_weight(10), 15620000, 15630000); // 1 / 16^1.5 = 0.015625
}

static void test_all_place_words_and_pairs_differ(void **state) {
    (void)state;
    for (size_t i = 0; i < DEMO_COMPOUNDS; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(demo_compound(arena, i), demo_compound(arena, k));
        }
        arena_reset(arena);
    }
    for (size_t i = 0; i < DEMO_PAIRS; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(demo_pair(arena, i), demo_pair(arena, k));
        }
        arena_reset(arena);
    }
}

static void test_every_sector_of_the_demo_is_one_of_the_house(void **state) {
    (void)state;
    for (size_t i = 0; i < demo_sector_count; i++) {
        assert_string_not_equal(supplier_sector_words(demo_sectors[i].code), "");
    }
    for (int body = 0; body < DEMO_BODY_COUNT_; body++) {
        for (size_t k = 0; body != DEMO_FIRM && body != DEMO_TRADER && k < 12; k++) {
            const struct demo_purpose *p = demo_purpose_of((enum demo_body)body, k);
            assert_int_equal(p->body, body);
            assert_string_not_equal(supplier_sector_words(p->sector), "");
        }
    }
}

static void test_names_end_as_their_legal_form_says(void **state) {
    (void)state;
    struct demo_rng r = {9};
    const char *firm = demo_firm_name(&r, arena, "Otterbridge", DEMO_FIRM, &demo_sectors[0]);
    assert_true(strstr(firm, " Ltd") || strstr(firm, " Limited"));
    const char *trader = demo_firm_name(&r, arena, "Otterbridge", DEMO_TRADER, &demo_sectors[0]);
    assert_null(strstr(trader, " Ltd"));
    const char *cic = demo_community_name(arena, "Otterbridge", demo_purpose_of(DEMO_CIC, 0));
    assert_string_equal(cic + strlen(cic) - 4, " CIC");
}

static void test_addresses_are_made_of_letters_digits_and_hyphens_without_the_legal_ending(void **state) {
    (void)state;
    assert_string_equal(demo_slug(arena, "Otterbridge Deep Clean Ltd"), "otterbridge-deep-clean");
    assert_string_equal(demo_slug(arena, "Otterbridge Makers CIC"), "otterbridge-makers");
    assert_string_equal(demo_slug(arena, "Ltd"), "ltd");
    assert_string_equal(demo_mailbox(arena, "Ada Fernley-Moss"), "ada.fernley.moss");
}

static void test_passwords_keep_the_house_rule_and_differ(void **state) {
    (void)state;
    const char *made[200];
    int refused = 0;
    for (int i = 0; i < 200; i++) {
        made[i] = demo_password(arena);
        refused += password_problem(made[i], "buyer@douglasvalley.example.org", "Maeve Coldstone") != NULL;
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(made[i], made[k]);
        }
    }
    assert_in_range(refused, 0, 10); // the loader draws again when one is refused
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_the_same_seed_gives_the_same_numbers),
        T(test_numbers_below_a_bound_reach_every_value_and_no_other),
        T(test_a_shuffle_holds_every_number_once),
        T(test_invoice_factors_are_spread_around_their_mean),
        T(test_ranks_weigh_less_and_less),
        T(test_all_place_words_and_pairs_differ),
        T(test_every_sector_of_the_demo_is_one_of_the_house),
        T(test_names_end_as_their_legal_form_says),
        T(test_addresses_are_made_of_letters_digits_and_hyphens_without_the_legal_ending),
        T(test_passwords_keep_the_house_rule_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
