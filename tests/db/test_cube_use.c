// SPDX-License-Identifier: Apache-2.0
// Sums over payments as they are used: by many at once, inside transactions, frozen in reports.
#include "cubetest.h"

#include "db/queries.gen.h"
#include "spend/sums.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t total(struct ctx *c, const struct cube_view *v) {
    struct anc_slice s = world_slice(ANC_BY_NOTHING, ANC_BY_NOTHING);
    uint32_t n;
    const struct anc_sum *rows;
    assert_err(c, cube_slice(c, v, &s, &n, &rows), ERR_OK);
    return n ? rows[0].pence : 0;
}

static int64_t pinned_total(struct ctx *c, struct cube *k) {
    const struct cube_view *v;
    assert_err(c, cube_pin(c, k, &v), ERR_OK);
    int64_t pence = total(c, v);
    cube_unpin(v);
    return pence;
}

static void add_load(struct ctx *c, int64_t pence) {
    int64_t load = world_load(c, "council");
    world_line(c, load, "1", "2025-05-01", "Care", ANC_FLOW_PROCUREMENT, pence);
    world_sums(c, load);
}

// ---- states -------------------------------------------------------------------------------------------

static void test_a_pinned_state_stays_while_others_load_and_take_back(void **state) {
    struct world w;
    struct cube *k = cube_new();
    const struct cube_view *v;
    world_make(&w, *state, 11, 3, 5);
    add_load(w.c, 100);
    assert_err(w.c, cube_pin(w.c, k, &v), ERR_OK);
    add_load(w.c, 7);
    assert_int_equal(pinned_total(w.by, k), 107);
    assert_int_equal(total(w.c, v), 100);
    dbtest_run(w.c, "DELETE FROM core.spend_load WHERE ref <> (SELECT max(ref) FROM core.spend_load)");
    assert_int_equal(pinned_total(w.by, k), 7);
    assert_int_equal(total(w.c, v), 100);
    struct anc_slice s = world_slice(ANC_BY_MONTH, ANC_BY_NOTHING); // its lines are gone
    assert_err(w.c, cube_ready(w.c, v, &s), ERR_BUSY);
    cube_unpin(v);
    cube_free(k);
    world_end(&w);
}

static void test_what_a_transaction_changed_itself_is_seen_by_it_alone(void **state) {
    struct world w;
    struct cube *k = cube_new();
    world_make(&w, *state, 11, 3, 5);
    add_load(w.c, 100);
    assert_int_equal(pinned_total(w.by, k), 100);
    assert_err(w.c, db_begin(w.c), ERR_OK);
    add_load(w.c, 7);
    assert_int_equal(pinned_total(w.c, k), 107);
    assert_int_equal(pinned_total(w.by, k), 100);
    db_rollback(w.c);
    assert_int_equal(pinned_total(w.c, k), 100);
    add_load(w.c, 5); // as many changes as were undone: must not pass for those
    assert_int_equal(pinned_total(w.c, k), 105);
    assert_int_equal(pinned_total(w.by, k), 105);
    cube_free(k);
    world_end(&w);
}

static void test_a_transaction_that_sees_an_older_state_gets_its_figures(void **state) {
    struct world w;
    struct cube *k = cube_new();
    world_make(&w, *state, 11, 3, 5);
    add_load(w.c, 100);
    assert_err(w.by, db_begin(w.by), ERR_OK);
    dbtest_run(w.by, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    assert_int_equal(pinned_total(w.by, k), 100);
    add_load(w.c, 7);
    assert_int_equal(pinned_total(w.c, k), 107);
    assert_int_equal(pinned_total(w.by, k), 100);
    assert_int_equal(pinned_total(w.c, k), 107); // the older one was not kept
    assert_err(w.by, db_commit(w.by), ERR_OK);
    assert_int_equal(pinned_total(w.by, k), 107);
    cube_free(k);
    world_end(&w);
}

static void test_changes_count_one_row_a_transaction_and_can_be_folded(void **state) {
    struct world w;
    struct cube *k = cube_new();
    struct rows *r;
    world_make(&w, *state, 11, 3, 5);
    add_load(w.c, 100);
    assert_int_equal(pinned_total(w.c, k), 100);
    const char *before = dbtest_value(w.c, "SELECT lines_no || ' ' || match_no FROM core.spend_state");
    assert_string_not_equal(dbtest_value(w.c, "SELECT count(*) FROM core.spend_change"), "0");
    assert_err(w.c, DB_ROWS(w.c, spend_fold, &r), ERR_OK);
    assert_string_equal(dbtest_value(w.c, "SELECT count(*) FROM core.spend_change"), "0");
    assert_string_equal(dbtest_value(w.c, "SELECT lines_no || ' ' || match_no FROM core.spend_state"),
                        before);
    assert_err(w.c, db_begin(w.c), ERR_OK);
    dbtest_run(w.c, "UPDATE core.payee SET name = name || '!'");
    dbtest_run(w.c, "UPDATE core.payee SET name = name || '!'");
    assert_err(w.c, db_commit(w.c), ERR_OK);
    assert_string_equal(dbtest_value(w.c, "SELECT string_agg(what, ' ') FROM core.spend_change"), "match");
    dbtest_run(w.c, "UPDATE core.payee SET matched_at = now()"); // figures do not rest on it
    dbtest_run(w.c, "UPDATE core.supplier SET summary = 'x', phone = 'y'");
    assert_string_equal(dbtest_value(w.c, "SELECT string_agg(what, ' ') FROM core.spend_change"), "match");
    cube_free(k);
    world_end(&w);
}

// Two transactions that change what figures rest on do not wait for each other.
static void test_changes_do_not_wait_for_each_other(void **state) {
    struct world w;
    world_make(&w, *state, 11, 3, 5);
    dbtest_run(w.by, "SET lock_timeout = 100");
    assert_err(w.c, db_begin(w.c), ERR_OK);
    dbtest_run(w.c, "UPDATE core.payee SET redacted = true WHERE id = 1");
    dbtest_run(w.by, "UPDATE core.payee SET redacted = true WHERE id = 2");
    assert_err(w.c, db_commit(w.c), ERR_OK);
    world_end(&w);
}

// ---- many at once -------------------------------------------------------------------------------------

struct reader {
    struct ctx *c;
    struct cube *k;
    _Atomic bool *stop;
    int64_t wrong, looks;
};

// Each load adds 100 pence to each of two payees: a state in between would be odd.
static void *read_on(void *arg) {
    struct reader *r = arg;
    while (!*r->stop) {
        const struct cube_view *v;
        struct anc_slice s = world_slice(r->looks % 2 ? ANC_BY_MONTH : ANC_BY_YEAR, ANC_BY_NOTHING);
        uint32_t n = 0;
        const struct anc_sum *rows = NULL;
        if (cube_pin(r->c, r->k, &v) != ERR_OK) {
            r->wrong++;
            break;
        }
        enum err e = cube_slice(r->c, v, &s, &n, &rows);
        int64_t sum = 0, lines = 0;
        for (uint32_t i = 0; i < n; i++) {
            sum += rows[i].pence;
            lines += rows[i].lines;
        }
        r->wrong += (e != ERR_OK && e != ERR_BUSY) || sum % 200 != 0 || (e == ERR_OK && lines * 100 != sum);
        r->looks++;
        cube_unpin(v);
        db_release(r->c->db);
        arena_reset(r->c->arena);
    }
    return NULL;
}

static void test_readers_see_whole_states_only_while_loads_come_and_go(void **state) {
    struct world w;
    struct cube *k = cube_new();
    _Atomic bool stop = false;
    struct reader readers[3];
    pthread_t threads[3];
    world_make(&w, *state, 11, 3, 5);
    for (int i = 0; i < 3; i++) {
        readers[i] = (struct reader){.c = dbtest_new_ctx(*state), .k = k, .stop = &stop};
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readers[i]), 0);
    }
    for (int i = 0; i < 25; i++) {
        assert_err(w.c, db_begin(w.c), ERR_OK);
        int64_t load = world_load(w.c, "council");
        world_line(w.c, load, "1", "2025-05-01", "Care", 0, 100);
        world_line(w.c, load, "2", "2025-06-01", "Care", 0, 100);
        world_sums(w.c, load);
        dbtest_run(
            w.c, "UPDATE core.payee SET supplier_id = (SELECT min(id) + %d FROM core.supplier) WHERE id = 1",
            i % 3);
        assert_err(w.c, db_commit(w.c), ERR_OK);
        if (i % 4 == 3) {
            assert_err(w.c, db_begin(w.c), ERR_OK);
            dbtest_run(w.c, "DROP TABLE core.spend_line_2025_%" PRId64, load);
            dbtest_run(w.c, "DELETE FROM core.spend_load WHERE id = %" PRId64, load);
            assert_err(w.c, db_commit(w.c), ERR_OK);
        }
    }
    stop = true;
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(readers[i].wrong, 0);
        assert_true(readers[i].looks > 0);
        dbtest_free_ctx(readers[i].c);
    }
    cube_free(k);
    world_end(&w);
}

// ---- reports ------------------------------------------------------------------------------------------

static int64_t new_report(struct ctx *c) {
    return strtoll(
        dbtest_value(c, "INSERT INTO core.spend_report (ref, name, filter, rules, inputs, figures, "
                        "inputs_hash, figures_hash, made_at) VALUES ('r1', 'R', '{}', '{}', '{}', '{}', "
                        "'', '', now()) RETURNING id"),
        NULL, 10);
}

static void test_a_frozen_report_gives_every_slice_as_it_was_when_all_has_changed(void **state) {
    enum { SLICES = 60 };
    struct world w;
    struct cube *k = cube_new();
    const struct cube_view *v, *frozen;
    struct anc_slice slices[SLICES], all = world_slice(ANC_BY_NOTHING, ANC_BY_NOTHING);
    const char *was[SLICES];
    world_make(&w, *state, 99, 9, 24);
    for (int i = 0; i < 30; i++) {
        world_change(&w, world_random(&w, WORLD_CHANGES));
    }
    world_change(&w, 0);
    assert_err(w.by, cube_pin(w.by, k, &v), ERR_OK);
    for (int i = 0; i < SLICES; i++) {
        slices[i] = i < ANC_BY_COUNT ? world_slice(i, i * 5 % ANC_BY_COUNT) : world_any_slice(&w);
        was[i] = arena_strdup(w.c->arena, world_from_cube(w.by, v, &slices[i]));
    }
    assert_err(w.by, cube_freeze(w.by, v, &all, new_report(w.by)), ERR_OK);
    cube_unpin(v);
    for (int i = 0; i < 30; i++) {
        world_change(&w, world_random(&w, WORLD_CHANGES));
    }
    dbtest_run(w.c, "UPDATE core.organisation SET name = name || ' (was)'");
    assert_err(w.by, cube_of_report(w.by, "r1", &frozen), ERR_OK);
    for (int i = 0; i < SLICES; i++) {
        assert_string_equal(world_from_cube(w.by, frozen, &slices[i]), was[i]);
    }
    uint32_t n;
    const struct anc_sum *rows;
    all.by = ANC_BY_ANCHOR;
    assert_err(w.by, cube_slice(w.by, frozen, &all, &n, &rows), ERR_OK);
    assert_true(n > 0 && !strstr(rows[0].label, "(was)")); // names too are as they were
    cube_unpin(frozen);
    assert_err(w.by, cube_of_report(w.by, "r2", &frozen), ERR_NOT_FOUND);
    cube_free(k);
    world_end(&w);
}

static void test_a_report_keeps_what_its_slice_takes_in_and_no_more(void **state) {
    struct world w;
    struct cube *k = cube_new();
    const struct cube_view *v, *frozen;
    struct anc_slice some = world_slice(ANC_BY_PLACE, ANC_BY_VCFSE), all = world_slice(ANC_BY_NOTHING, 0);
    world_make(&w, *state, 123, 9, 24);
    for (int i = 0; i < 40; i++) {
        world_change(&w, i < 8 ? 0 : world_random(&w, WORLD_CHANGES));
    }
    some.from_year = some.to_year = 2024;
    some.flows = 1u << ANC_FLOW_PROCUREMENT | 1u << ANC_FLOW_CREDIT;
    some.anchor_ref = "council";
    assert_err(w.by, cube_pin(w.by, k, &v), ERR_OK);
    assert_err(w.by, cube_freeze(w.by, v, &some, new_report(w.by)), ERR_OK);
    assert_err(w.by, cube_of_report(w.by, "r1", &frozen), ERR_OK);
    some.by = some.then_by = ANC_BY_NOTHING;
    assert_string_not_equal(world_from_cube(w.by, v, &some), "");
    assert_string_equal(world_from_cube(w.by, frozen, &all), world_from_cube(w.by, v, &some));
    cube_unpin(frozen);
    cube_unpin(v);
    cube_free(k);
    world_end(&w);
}

// ---- a unit of work -----------------------------------------------------------------------------------

static void test_a_unit_of_work_keeps_the_state_it_began_with(void **state) {
    struct world w;
    struct cube *k = cube_new();
    struct sums_unit u;
    struct anc_slice s = world_slice(ANC_BY_NOTHING, ANC_BY_NOTHING);
    uint32_t n;
    const struct anc_sum *rows;
    const int32_t *years;
    world_make(&w, *state, 11, 3, 5);
    add_load(w.c, 100);
    sums_begin(&u, k, w.by);
    assert_err(w.by, w.by->sums->slice(w.by, w.by->sums, &s, &n, &rows), ERR_OK);
    add_load(w.c, 7);
    assert_err(w.by, w.by->sums->slice(w.by, w.by->sums, &s, &n, &rows), ERR_OK);
    assert_int_equal(rows[0].pence, 100);
    assert_err(w.by, w.by->sums->years(w.by, w.by->sums, &n, &years), ERR_OK);
    assert_int_equal(n, 1);
    assert_int_equal(years[0], 2025);
    sums_end(&u, w.by);
    assert_null(w.by->sums);
    sums_begin(&u, k, w.by);
    assert_err(w.by, w.by->sums->slice(w.by, w.by->sums, &s, &n, &rows), ERR_OK);
    assert_int_equal(rows[0].pence, 107);
    sums_end(&u, w.by);
    cube_free(k);
    world_end(&w);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_pinned_state_stays_while_others_load_and_take_back),
        TEST(test_what_a_transaction_changed_itself_is_seen_by_it_alone),
        TEST(test_a_transaction_that_sees_an_older_state_gets_its_figures),
        TEST(test_changes_count_one_row_a_transaction_and_can_be_folded),
        TEST(test_changes_do_not_wait_for_each_other),
        TEST(test_readers_see_whole_states_only_while_loads_come_and_go),
        TEST(test_a_frozen_report_gives_every_slice_as_it_was_when_all_has_changed),
        TEST(test_a_report_keeps_what_its_slice_takes_in_and_no_more),
        TEST(test_a_unit_of_work_keeps_the_state_it_began_with),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
