// SPDX-License-Identifier: Apache-2.0
// Sums over payments in memory against the same sums in SQL from the lines, while everything changes.
#include "cubetest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void same_slice(struct world *w, const struct cube_view *v, const struct anc_slice *s,
                       const char *after) {
    const char *have = world_from_cube(w->by, v, s), *want = world_from_lines(w->by, s);
    if (strcmp(have, want) != 0) {
        print_error("after \"%s\": by %d then %d, rule %d, years %d to %d, months %d to %d, flows %x places "
                    "%x vcfse %x "
                    "sizes %x, \"%s%s%s%s%s%s\"\nfrom the cube:\n%sfrom the lines:\n%s",
                    after, s->by, s->then_by, s->rule, s->from_year, s->to_year, s->from_month, s->to_month,
                    s->flows, s->places, s->vcfse, s->sizes, s->anchor_ref, s->ward, s->area, s->sector,
                    s->payee, s->category, have, want);
        fail();
    }
}

static void same_everywhere(struct world *w, struct cube *k, int any, const char *after) {
    const struct cube_view *v;
    arena_reset(w->by->arena);
    assert_err(w->by, cube_pin(w->by, k, &v), ERR_OK);
    for (int32_t by = 0; by < ANC_BY_COUNT; by++) {
        struct anc_slice s = world_slice(by, ANC_BY_NOTHING);
        s.rule = (int32_t)world_random(w, 3);
        same_slice(w, v, &s, after);
    }
    for (int i = 0; i < any; i++) {
        struct anc_slice s = world_any_slice(w);
        same_slice(w, v, &s, after);
    }
    cube_unpin(v);
}

// ---- everything changes -------------------------------------------------------------------------------

static void run_changes(void **state, uint64_t seed, int steps, bool lines_from_the_start) {
    struct world w;
    struct cube *k = cube_new();
    world_make(&w, *state, seed, 9, 24);
    for (int i = 0; i < 3; i++) {
        world_change(&w, 0);
    }
    if (lines_from_the_start) {
        same_everywhere(&w, k, 0, "the beginning");
    }
    for (int i = 0; i < steps; i++) {
        const char *after = world_change(&w, world_random(&w, WORLD_CHANGES));
        const struct cube_view *v;
        if (lines_from_the_start || i % 5 == 4) {
            same_everywhere(&w, k, 12, after);
            continue;
        }
        // Slices that need no lines, from sums and the lines of those who moved.
        arena_reset(w.by->arena);
        assert_err(w.by, cube_pin(w.by, k, &v), ERR_OK);
        for (int n = 0; n < 12; n++) {
            struct anc_slice s = world_any_slice(&w);
            s.from_month = s.to_month = 0;
            s.category = "";
            s.by = s.by == ANC_BY_MONTH || s.by == ANC_BY_CATEGORY ? ANC_BY_PLACE : s.by;
            s.then_by = s.then_by == ANC_BY_MONTH || s.then_by == ANC_BY_CATEGORY ? ANC_BY_VCFSE : s.then_by;
            same_slice(&w, v, &s, after);
        }
        cube_unpin(v);
        if (i % 11 == 10) { // begins anew, so that sums without lines are met again
            cube_free(k);
            k = cube_new();
        }
    }
    cube_free(k);
    world_end(&w);
}

static void test_every_slice_is_that_of_the_lines_to_the_penny_whatever_changes(void **state) {
    run_changes(state, 20261122, 60, true);
}

static void test_so_are_sums_without_lines_in_memory(void **state) {
    run_changes(state, 4711, 60, false);
}

// ---- who and where ------------------------------------------------------------------------------------

static int64_t pence_of(struct ctx *c, struct cube *k, struct anc_slice s, const char *key) {
    const struct cube_view *v;
    uint32_t n;
    const struct anc_sum *rows;
    int64_t found = 0;
    assert_err(c, cube_pin(c, k, &v), ERR_OK);
    assert_err(c, cube_slice(c, v, &s, &n, &rows), ERR_OK);
    for (uint32_t i = 0; i < n; i++) {
        found = strcmp(rows[i].key, key) == 0 ? rows[i].pence : found;
    }
    cube_unpin(v);
    return found;
}

// A supplier "mover" with payee 1, and its payments in March and May 2025.
static struct cube *one_supplier(struct world *w, void **state) {
    world_make(w, *state, 1, 1, 1);
    dbtest_run(w->c,
               "UPDATE core.payee SET supplier_id = (SELECT id FROM core.organisation WHERE ref = 's1'), "
               "is_local = NULL, lad_code = NULL, ward_code = NULL WHERE id = 1");
    dbtest_run(w->c, "DELETE FROM core.supplier_place");
    int64_t load = world_load(w->c, "council");
    world_line(w->c, load, "1", "2025-05-31", "Care", ANC_FLOW_PROCUREMENT, 1000);
    world_line(w->c, load, "1", "2025-06-01", "Care", ANC_FLOW_PROCUREMENT, 30);
    world_sums(w->c, load);
    return cube_new();
}

static void add_place(struct ctx *c, const char *kind, const char *from, const char *where) {
    dbtest_run(c,
               "INSERT INTO core.supplier_place (supplier_id, kind, from_day, postcode, is_local, lad_code, "
               "ward_code) "
               "SELECT id, '%s', '%s', 'WN1 1AA', %s FROM core.organisation WHERE ref = 's1'",
               kind, from, where);
}

#define IN_NORTH  "true, 'E08000010', 'E05000001'"
#define ELSEWHERE "false, 'E08000002', 'E05000003'"

static void test_the_size_of_a_listing_that_nobody_claimed_is_not_known(void **state) {
    struct world w;
    struct cube *k = one_supplier(&w, state);
    const struct anc_slice by_size = world_slice(ANC_BY_SIZE, ANC_BY_NOTHING);
    const char *size = dbtest_value(w.c, "SELECT size FROM core.supplier");
    assert_int_equal(pence_of(w.c, k, by_size, size), 1030);
    dbtest_run(w.c, "UPDATE core.supplier SET listed_from = 'companies'");
    assert_int_equal(pence_of(w.c, k, by_size, size), 0);
    assert_int_equal(pence_of(w.c, k, by_size, ""), 1030);
    cube_free(k);
    world_end(&w);
}

static void test_a_supplier_that_moves_counts_where_it_was_on_the_day_of_the_payment(void **state) {
    struct world w;
    struct cube *k = one_supplier(&w, state);
    add_place(w.c, "invoice", "0001-01-01", ELSEWHERE);
    add_place(w.c, "invoice", "2025-06-01", IN_NORTH);
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_PLACE, 0), "elsewhere"), 1000);
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_PLACE, 0), "local"), 30);
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_WARD, 0), "E05000001"), 30);
    cube_free(k);
    world_end(&w);
}

static void test_each_rule_of_place_looks_at_its_own_address(void **state) {
    struct world w;
    struct cube *k = one_supplier(&w, state);
    struct anc_slice registered = world_slice(ANC_BY_PLACE, 0), operations = registered;
    registered.rule = ANC_WHERE_REGISTERED;
    operations.rule = ANC_WHERE_OPERATIONS;
    add_place(w.c, "registered", "0001-01-01", ELSEWHERE);
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_PLACE, 0), "elsewhere"),
                     1030); // no invoice address known
    assert_int_equal(pence_of(w.c, k, operations, "unknown"), 1030);
    add_place(w.c, "invoice", "0001-01-01", IN_NORTH);
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_PLACE, 0), "local"), 1030);
    assert_int_equal(pence_of(w.c, k, registered, "elsewhere"), 1030);
    add_place(w.c, "operations", "2025-06-01", IN_NORTH);
    assert_int_equal(pence_of(w.c, k, operations, "local"), 30);
    dbtest_run(w.c,
               "UPDATE core.payee SET is_local = false, lad_code = 'E08000002'"); // on the payment itself
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_PLACE, 0), "elsewhere"), 1030);
    assert_int_equal(pence_of(w.c, k, operations, "local"), 30);
    cube_free(k);
    world_end(&w);
}

static void test_a_tag_that_holds_from_a_day_says_no_before_it(void **state) {
    struct world w;
    struct cube *k = one_supplier(&w, state);
    dbtest_run(
        w.c, "INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, score, reasons, decided_at, "
             "holds_from) SELECT id, 'vcfse', 'vcfse', 'yes', 90, '', now(), '2025-06-01' FROM "
             "core.supplier");
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_VCFSE, 0), "no"), 1000);
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_VCFSE, 0), "yes"), 30);
    dbtest_run(w.c, "UPDATE core.supplier_tag SET holds_from = NULL, holds_until = '2025-06-01'");
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_VCFSE, 0), "yes"), 1000);
    cube_free(k);
    world_end(&w);
}

static void test_a_charity_that_was_removed_counts_for_payments_before_that_day(void **state) {
    struct world w;
    struct cube *k = one_supplier(&w, state);
    dbtest_run(
        w.c, "INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, score, reasons, decided_at, "
             "holds_from, before_decision, before_from) SELECT id, 'vcfse', 'vcfse', 'review', 0, '', now(), "
             "'2025-06-01', 'yes', '2020-01-01' FROM core.supplier");
    struct anc_slice s = world_slice(ANC_BY_VCFSE, 0);
    assert_int_equal(pence_of(w.c, k, s, "yes"), 1000);
    assert_int_equal(pence_of(w.c, k, s, "review"), 30);
    dbtest_run(w.c, "UPDATE core.supplier_tag SET before_from = '2025-05-31'"); // registered that very day
    assert_int_equal(pence_of(w.c, k, s, "yes"), 1000);
    dbtest_run(w.c, "UPDATE core.supplier_tag SET holds_from = '2025-06-02', before_from = '2025-06-01'");
    assert_int_equal(pence_of(w.c, k, s, "no"), 1000);
    assert_int_equal(pence_of(w.c, k, s, "yes"), 30);
    dbtest_run(w.c, "UPDATE core.supplier_tag SET before_decision = 'policy', before_class = 'housing'");
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_VCFSE_CLASS, 0), "housing"), 30);
    cube_free(k);
    world_end(&w);
}

static void test_payments_without_a_name_are_nowhere_and_of_no_number_of_suppliers(void **state) {
    struct world w;
    struct cube *k = one_supplier(&w, state);
    struct anc_slice s = world_slice(ANC_BY_NOTHING, ANC_BY_NOTHING);
    const struct cube_view *v;
    uint32_t n;
    const struct anc_sum *rows;
    dbtest_run(w.c,
               "UPDATE core.payee SET redacted = true, is_local = true, lad_code = 'E08000010', ward_code = "
               "'E05000001'"); // whatever the file says beside the name
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_PLACE, 0), "unknown"), 1030);
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_WARD, 0), ""), 1030);
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_PAYEE, 0), "p1"),
                     1030); // and the supplier's no more
    assert_err(w.c, cube_pin(w.c, k, &v), ERR_OK);
    for (int32_t by = 0; by < ANC_BY_COUNT; by++) {
        s.by = by;
        assert_err(w.c, cube_slice(w.c, v, &s, &n, &rows), ERR_OK);
        for (uint32_t i = 0; i < n; i++) {
            assert_int_equal(rows[i].payees, 0);
        }
    }
    cube_unpin(v);
    cube_free(k);
    world_end(&w);
}

static void test_a_supplier_in_two_wards_is_one_supplier_in_the_total(void **state) {
    struct world w;
    struct cube *k = one_supplier(&w, state);
    const struct cube_view *v;
    uint32_t n;
    const struct anc_sum *rows;
    add_place(w.c, "invoice", "0001-01-01", IN_NORTH);
    add_place(w.c, "invoice", "2025-06-01", "true, 'E08000010', 'E05000002'");
    struct anc_slice s = world_slice(ANC_BY_WARD, ANC_BY_NOTHING);
    s.places = 1u << ANC_PLACE_LOCAL;
    assert_err(w.c, cube_pin(w.c, k, &v), ERR_OK);
    assert_err(w.c, cube_slice(w.c, v, &s, &n, &rows), ERR_OK);
    assert_int_equal(n, 2);
    assert_int_equal(rows[0].payees + rows[1].payees, 2);
    s.by = ANC_BY_NOTHING;
    assert_err(w.c, cube_slice(w.c, v, &s, &n, &rows), ERR_OK);
    assert_int_equal(rows[0].payees, 1);
    cube_unpin(v);
    cube_free(k);
    world_end(&w);
}

static void test_who_got_no_more_than_was_taken_off_is_not_counted(void **state) {
    struct world w;
    struct cube *k = one_supplier(&w, state);
    struct anc_slice s = world_slice(ANC_BY_NOTHING, ANC_BY_NOTHING);
    const struct cube_view *v;
    uint32_t n;
    const struct anc_sum *rows;
    int64_t load = world_load(w.c, "hospital");
    world_line(w.c, load, "1", "2025-06-09", "Care", ANC_FLOW_CREDIT, -1030);
    world_sums(w.c, load);
    assert_err(w.c, cube_pin(w.c, k, &v), ERR_OK);
    assert_err(w.c, cube_slice(w.c, v, &s, &n, &rows), ERR_OK);
    assert_int_equal(rows[0].pence, 0);
    assert_int_equal(rows[0].payees, 0);
    assert_int_equal(rows[0].credit_pence, -1030);
    s.by = ANC_BY_ANCHOR; // it got something from the council alone
    assert_err(w.c, cube_slice(w.c, v, &s, &n, &rows), ERR_OK);
    assert_string_equal(rows[0].key, "council");
    assert_int_equal(rows[0].payees, 1);
    assert_int_equal(rows[1].payees, 0);
    cube_unpin(v);
    cube_free(k);
    world_end(&w);
}

static void test_merged_suppliers_are_one_until_the_merge_is_undone(void **state) {
    struct world w;
    struct cube *k = cube_new();
    world_make(&w, *state, 3, 2, 2);
    dbtest_run(
        w.c,
        "UPDATE core.payee SET supplier_id = (SELECT id FROM core.organisation WHERE ref = 's' || payee.id)");
    int64_t load = world_load(w.c, "council");
    world_line(w.c, load, "1", "2025-05-01", "Care", ANC_FLOW_PROCUREMENT, 500);
    world_line(w.c, load, "2", "2025-05-01", "Care", ANC_FLOW_PROCUREMENT, 7);
    world_sums(w.c, load);
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_PAYEE, 0), "s1"), 500);
    dbtest_run(w.c, "INSERT INTO core.supplier_merge (from_id, into_id, at) SELECT a.id, b.id, now() FROM "
                    "core.organisation a, core.organisation b WHERE a.ref = 's1' AND b.ref = 's2'");
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_PAYEE, 0), "s2"), 507);
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_PAYEE, 0), "s1"), 0);
    dbtest_run(w.c, "UPDATE core.supplier_merge SET undone_at = now()");
    assert_int_equal(pence_of(w.c, k, world_slice(ANC_BY_PAYEE, 0), "s1"), 500);
    cube_free(k);
    world_end(&w);
}

// ---- order and bounds ---------------------------------------------------------------------------------

static void test_the_largest_come_first_and_no_more_than_were_asked_for(void **state) {
    struct world w;
    struct cube *k = cube_new();
    const struct cube_view *v;
    world_make(&w, *state, 5, 9, 24);
    for (int i = 0; i < 5; i++) {
        world_change(&w, 0);
    }
    assert_err(w.c, cube_pin(w.c, k, &v), ERR_OK);
    struct anc_slice s = world_slice(ANC_BY_PAYEE, ANC_BY_NOTHING);
    uint32_t all = 0, n = 0;
    const struct anc_sum *rows, *top;
    s.largest = 1;
    assert_err(w.c, cube_slice(w.c, v, &s, &all, &rows), ERR_OK);
    assert_true(all > 10);
    for (uint32_t i = 1; i < all; i++) {
        assert_true(rows[i - 1].pence > rows[i].pence ||
                    (rows[i - 1].pence == rows[i].pence && strcmp(rows[i - 1].key, rows[i].key) < 0));
    }
    for (s.most = 1; s.most < all; s.most++) {
        assert_err(w.c, cube_slice(w.c, v, &s, &n, &top), ERR_OK);
        assert_int_equal(n, s.most);
        for (uint32_t i = 0; i < n; i++) {
            assert_string_equal(top[i].key, rows[i].key);
        }
    }
    cube_unpin(v);
    cube_free(k);
    world_end(&w);
}

static void test_a_choice_that_is_none_is_refused(void **state) {
    struct world w;
    struct cube *k = one_supplier(&w, state);
    const struct cube_view *v;
    uint32_t n;
    const struct anc_sum *rows;
    struct anc_slice s = world_slice(ANC_BY_COUNT, 0);
    assert_err(w.c, cube_pin(w.c, k, &v), ERR_OK);
    assert_err(w.c, cube_slice(w.c, v, &s, &n, &rows), ERR_INVALID);
    s = world_slice(0, -1);
    assert_err(w.c, cube_slice(w.c, v, &s, &n, &rows), ERR_INVALID);
    s = world_slice(0, 0);
    s.rule = 3;
    assert_err(w.c, cube_slice(w.c, v, &s, &n, &rows), ERR_INVALID);
    cube_unpin(v);
    cube_free(k);
    world_end(&w);
}

static void test_a_sum_that_does_not_fit_is_an_error_and_no_wrong_figure(void **state) {
    struct world w;
    struct cube *k = one_supplier(&w, state);
    const struct cube_view *v;
    uint32_t n;
    const struct anc_sum *rows;
    for (int i = 0; i < 2; i++) {
        int64_t load = world_load(w.c, i ? "council" : "hospital");
        world_line(w.c, load, "1", "2025-06-09", "Care", ANC_FLOW_PROCUREMENT, INT64_MAX - 5000);
        world_sums(w.c, load);
    }
    assert_err(w.c, cube_pin(w.c, k, &v), ERR_OK);
    struct anc_slice s = world_slice(ANC_BY_NOTHING, 0);
    assert_err(w.c, cube_slice(w.c, v, &s, &n, &rows), ERR_TOO_LARGE);
    s.by = ANC_BY_MONTH;
    assert_err(w.c, cube_slice(w.c, v, &s, &n, &rows), ERR_TOO_LARGE);
    cube_unpin(v);
    cube_free(k);
    world_end(&w);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_every_slice_is_that_of_the_lines_to_the_penny_whatever_changes),
        TEST(test_so_are_sums_without_lines_in_memory),
        TEST(test_the_size_of_a_listing_that_nobody_claimed_is_not_known),
        TEST(test_a_supplier_that_moves_counts_where_it_was_on_the_day_of_the_payment),
        TEST(test_each_rule_of_place_looks_at_its_own_address),
        TEST(test_a_tag_that_holds_from_a_day_says_no_before_it),
        TEST(test_a_charity_that_was_removed_counts_for_payments_before_that_day),
        TEST(test_payments_without_a_name_are_nowhere_and_of_no_number_of_suppliers),
        TEST(test_a_supplier_in_two_wards_is_one_supplier_in_the_total),
        TEST(test_who_got_no_more_than_was_taken_off_is_not_counted),
        TEST(test_merged_suppliers_are_one_until_the_merge_is_undone),
        TEST(test_the_largest_come_first_and_no_more_than_were_asked_for),
        TEST(test_a_choice_that_is_none_is_refused),
        TEST(test_a_sum_that_does_not_fit_is_an_error_and_no_wrong_figure),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
