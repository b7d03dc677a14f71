// SPDX-License-Identifier: Apache-2.0
// Promises of what is remembered about the columns of an anchor's files, against a real PostgreSQL.
#include "spend/profile.h"
#include "support/market.h"

#include <stdlib.h>
#include <string.h>

static int set_up(void **state) {
    int rc = dbtest_setup(state);
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    market_act(c, "council");
    c->actor.perms |= 1u << PERM_OFFICER;
    return rc;
}

static void test_a_profile_is_found_by_any_of_the_first_rows_and_can_be_forgotten(void **state) {
    struct dbtest *t = *state;
    static const char *const cells[] = {"Payments of March", "Who", "How much", "Marl Lane", "10"};
    static const uint32_t first[] = {0, 1, 3, 5};
    static const uint64_t line[] = {1, 2, 3};
    const struct anc_cells head = {
        .size = sizeof head, .rows = 3, .text = cells, .first = first, .line = line};
    struct anc_columns columns = profile_nothing(), found = profile_nothing();
    char hash[PROFILE_HASH_BYTES];
    bool known = false;
    columns.head_rows = 2;
    profile_hash(cells + 1, 2, hash);
    assert_err(t->c, profile_save(t->c, "council", hash, "Who, How much", &columns), ERR_OK);
    assert_err(t->c, profile_find_row(t->c, "council", &head, &found, &known), ERR_OK);
    assert_true(known);
    assert_int_equal(found.head_rows, 2);
    assert_err(t->c, profile_save(t->c, "brook", hash, "", &columns), ERR_NOT_FOUND);
    int64_t id = strtoll(dbtest_value(t->c, "SELECT id FROM core.spend_profile"), NULL, 10);
    t->c->actor.perms &= ~(1u << PERM_OFFICER);
    assert_err(t->c, profile_forget(t->c, id), ERR_DENIED);
    t->c->actor.perms |= 1u << PERM_OFFICER;
    assert_err(t->c, profile_forget(t->c, id), ERR_OK);
    assert_err(t->c, profile_forget(t->c, id), ERR_NOT_FOUND);
}

static const char *hash_of(struct dbtest *t, int i) {
    char hash[PROFILE_HASH_BYTES];
    const char *cell = arena_printf(t->arena, "Heading %d", i);
    profile_hash(&cell, 1, hash);
    return arena_strdup(t->arena, hash);
}

static void test_only_so_many_are_kept_and_those_used_longest_ago_go(void **state) {
    struct dbtest *t = *state;
    struct anc_columns columns = profile_nothing(), found;
    bool known = false;
    for (int i = 0; i < PROFILES_MAX; i++) {
        assert_err(t->c, profile_save(t->c, "council", hash_of(t, i), "x", &columns), ERR_OK);
    }
    assert_err(t->c, profile_find(t->c, "council", hash_of(t, 0), &found, &known), ERR_OK);
    assert_true(known); // used, so it stays
    assert_err(t->c, profile_save(t->c, "council", hash_of(t, PROFILES_MAX), "x", &columns), ERR_OK);
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.spend_profile"),
                        arena_i64(t->arena, PROFILES_MAX));
    assert_err(t->c, profile_find(t->c, "council", hash_of(t, 0), &found, &known), ERR_OK);
    assert_true(known);
    assert_err(t->c, profile_find(t->c, "council", hash_of(t, 1), &found, &known), ERR_OK);
    assert_false(known);
}

static void test_a_table_without_headings_is_remembered_by_nothing(void **state) {
    struct dbtest *t = *state;
    struct anc_columns columns = profile_nothing(), found;
    bool known = true;
    assert_err(t->c, profile_save(t->c, "council", "", "", &columns), ERR_OK);
    assert_err(t->c, profile_find(t->c, "council", "", &found, &known), ERR_OK);
    assert_false(known);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_a_profile_is_found_by_any_of_the_first_rows_and_can_be_forgotten),
        T(test_only_so_many_are_kept_and_those_used_longest_ago_go),
        T(test_a_table_without_headings_is_remembered_by_nothing),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
