// SPDX-License-Identifier: Apache-2.0
// Payment lines in memory: payees and categories are told apart, cells add up, bounds hold.
#include "domain/gather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct bench {
    struct arena *arena;
    struct ctx c;
    struct gather *g;
};

static int set_up(void **state) {
    static struct bench b;
    b.arena = arena_new((size_t)1024 * 1024);
    ctx_init(&b.c, b.arena, NULL);
    b.g = gather_new(&b.c);
    *state = &b;
    return 0;
}

static int tear_down(void **state) {
    struct bench *b = *state;
    gather_free(b->g);
    arena_free(b->arena);
    return 0;
}

static void add(struct gather *g, const char *key, const char *category, int32_t day, int64_t pence) {
    assert_int_equal(gather_add(g, gather_lines(g) + 2, key, key, "", "", category, day, pence), ERR_OK);
}

static void test_equal_keys_are_one_payee_under_its_first_name(void **state) {
    struct gather *g = ((struct bench *)*state)->g;
    assert_int_equal(gather_add(g, 2, "MARL LANE", "Marl Lane Ltd", "", "", "", 0, 1), ERR_OK);
    assert_int_equal(gather_add(g, 3, "MARL LANE", "MARL LANE LIMITED", "", "", "", 0, 2), ERR_OK);
    assert_int_equal(gather_payees(g), 1);
    assert_string_equal(gather_payee(g, 0)->name, "Marl Lane Ltd");
    assert_int_equal(gather_lines(g), 2);
}

static void test_the_first_register_numbers_of_a_payee_stand(void **state) {
    struct gather *g = ((struct bench *)*state)->g;
    assert_int_equal(gather_add(g, 2, "A", "A", "", "", "", 0, 1), ERR_OK);
    assert_int_equal(gather_add(g, 3, "A", "A", "01234567", "", "", 0, 1), ERR_OK);
    assert_int_equal(gather_add(g, 4, "A", "A", "07654321", "1098765", "", 0, 1), ERR_OK);
    assert_string_equal(gather_payee(g, 0)->company, "01234567");
    assert_string_equal(gather_payee(g, 0)->charity, "1098765");
}

static void test_texts_are_copies(void **state) {
    struct gather *g = ((struct bench *)*state)->g;
    char key[] = "KEY", category[] = "Care";
    assert_int_equal(gather_add(g, 2, key, key, "", "", category, 0, 1), ERR_OK);
    memset(key, 'x', 3);
    memset(category, 'x', 4);
    assert_string_equal(gather_payee(g, 0)->key, "KEY");
    assert_string_equal(gather_category(g, gather_line_at(g, 0)->category), "Care");
}

static void test_lines_keep_their_order_line_day_and_pence(void **state) {
    struct gather *g = ((struct bench *)*state)->g;
    add(g, "A", "x", 100, 5);
    add(g, "B", "y", INT32_MIN, -7);
    const struct gather_line *l = gather_line_at(g, 1);
    assert_int_equal(l->line, 3);
    assert_int_equal(l->day, INT32_MIN);
    assert_int_equal(l->pence, -7);
    assert_int_equal(l->payee, 1);
}

static void test_cells_are_one_for_a_year_and_payee_and_add_up(void **state) {
    struct gather *g = ((struct bench *)*state)->g;
    gather_cell(g, 2025, 0, 100);
    gather_cell(g, 2024, 0, 7);
    gather_cell(g, 2025, 1, 50);
    gather_cell(g, 2025, 0, -30);
    assert_int_equal(gather_cells(g), 3);
    assert_int_equal(gather_cell_at(g, 0)->pence, 70);
    assert_int_equal(gather_cell_at(g, 0)->lines, 2);
    assert_int_equal(gather_cell_at(g, 1)->pence, 7);
}

static void test_many_payees_are_found_again_after_the_index_has_grown(void **state) {
    struct gather *g = ((struct bench *)*state)->g;
    enum { MANY = 40000 };
    char key[32];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < MANY; i++) {
            snprintf(key, sizeof key, "PAYEE %d", i);
            add(g, key, "", 0, i);
            gather_cell(g, 2020 + i % 5, (uint32_t)i, i);
        }
    }
    assert_int_equal(gather_payees(g), MANY);
    assert_int_equal(gather_cells(g), MANY);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(gather_line_at(g, MANY + i)->payee, i);
        assert_int_equal(gather_cell_at(g, i)->pence, 2 * (int64_t)i);
    }
}

static void test_categories_past_the_bound_count_as_other(void **state) {
    struct gather *g = ((struct bench *)*state)->g;
    char category[32];
    for (size_t i = 0; i < GATHER_CATEGORIES + 3; i++) {
        snprintf(category, sizeof category, "Category %zu", i);
        add(g, "A", category, 0, 1);
    }
    const struct gather_line *last = gather_line_at(g, gather_lines(g) - 1);
    assert_string_equal(gather_category(g, last->category), "Other");
    assert_string_equal(gather_category(g, gather_line_at(g, 0)->category), "Category 0");
}

static void test_more_payees_than_the_bound_are_refused_with_a_sentence(void **state) {
    struct bench *b = *state;
    char key[32];
    enum err e = ERR_OK;
    size_t n = 0;
    for (; e == ERR_OK && n <= GATHER_PAYEES; n++) {
        snprintf(key, sizeof key, "P%zu", n);
        e = gather_add(b->g, n + 2, key, key, "", "", "", 0, 1);
    }
    assert_int_equal(e, ERR_TOO_LARGE);
    assert_int_equal(gather_payees(b->g), GATHER_PAYEES);
    assert_non_null(strstr(b->c.err_detail, "Split it"));
}

static void test_long_names_are_refused_before_memory_is_short(void **state) {
    struct bench *b = *state;
    static char name[60000];
    char key[32];
    memset(name, 'n', sizeof name - 1);
    enum err e = ERR_OK;
    for (int i = 0; e == ERR_OK && i < 10000; i++) {
        snprintf(key, sizeof key, "P%d", i);
        e = gather_add(b->g, 2, key, name, "", "", "", 0, 1);
    }
    assert_int_equal(e, ERR_TOO_LARGE);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_equal_keys_are_one_payee_under_its_first_name),
        T(test_the_first_register_numbers_of_a_payee_stand),
        T(test_texts_are_copies),
        T(test_lines_keep_their_order_line_day_and_pence),
        T(test_cells_are_one_for_a_year_and_payee_and_add_up),
        T(test_many_payees_are_found_again_after_the_index_has_grown),
        T(test_categories_past_the_bound_count_as_other),
        T(test_more_payees_than_the_bound_are_refused_with_a_sentence),
        T(test_long_names_are_refused_before_memory_is_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
