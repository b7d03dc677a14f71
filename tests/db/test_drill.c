// SPDX-License-Identifier: Apache-2.0
// Promises of the payments behind a sum, and of what payees were paid in all, while everything changes: the
// list is whole, in order and to the penny what SQL says from the lines.
#include "base/text.h"
#include "cubetest.h"
#include "spend/drill.h"
#include "spend/review.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 9

static struct anc_slice a_choice(struct world *w) {
    struct anc_slice s = world_any_slice(w);
    s.by = s.then_by = ANC_BY_NOTHING;
    s.category = "";
    return s;
}

static const char *sums_of(struct ctx *c, const struct drill_answer *a) {
    return a->lines ? arena_printf(c->arena, "%" PRId64 "|%" PRId64, a->pence, a->lines) : "";
}

// "||pence|lines|payees|credit" of the one row.
static const char *sums_of_row(struct ctx *c, const char *row) {
    const char *pence = *row ? row + 2 : row, *lines = strchr(pence, '|');
    return lines ? arena_strndup(c->arena, pence, (size_t)(lines - pence) + 1 + strcspn(lines + 1, "|")) : "";
}

// All pages one after the other; each payment is as the database has it, none comes twice, all add up.
static void walk(struct world *w, const struct cube_view *v, struct drill *d,
                 const struct drill_answer *all) {
    int64_t pence = 0, lines = 0, key = INT64_MAX, load = 0, line = 0;
    struct drill_answer a = {.more = true};
    d->most = PAGE;
    for (d->after = false; a.more; d->after = true) {
        assert_err(w->by, cube_drill(w->by, v, d, &a), ERR_OK);
        assert_int_equal(a.lines, all->lines); // of all pages, on each
        for (size_t i = 0; i < a.count; i++) {
            const struct drill_line *x = &a.line[i];
            assert_true(x->key < key ||
                        (x->key == key && (x->load_id < load || (x->load_id == load && x->line_no < line))));
            key = d->after_key = x->key;
            load = d->after_load = x->load_id;
            line = d->after_line = x->line_no;
            pence += x->pence;
            lines++;
            const char *there = dbtest_value(
                w->by,
                "SELECT count(*) FROM core.spend_line WHERE fy = %d AND load_id = %" PRId64
                " AND line_no = %d AND "
                "payee_id = %" PRId64 " AND amount_pence = %" PRId64 " AND counted = %s AND %s = %" PRId64,
                (int)x->fy, x->load_id, (int)x->line_no, x->payee_id, x->pence, d->same ? "false" : "true",
                d->largest ? "amount_pence" : "paid_on - date '1970-01-01'", x->key);
            assert_string_equal(there, "1");
        }
    }
    assert_int_equal(pence, all->pence);
    assert_int_equal(lines, all->lines);
}

static void look(struct world *w, struct cube *k, const char *after) {
    const struct cube_view *v;
    arena_reset(w->by->arena);
    if (world_random(w, 3) == 0) { // as the thread in the background does
        assert_err(w->by, cube_tend(w->by, k), ERR_OK);
    }
    assert_err(w->by, cube_pin(w->by, k, &v), ERR_OK);
    for (int i = 0; i < 6; i++) {
        struct drill d = {.slice = a_choice(w), .largest = world_random(w, 2)};
        struct drill_answer a;
        const char *want = sums_of_row(w->by, world_from_lines(w->by, &d.slice));
        assert_err(w->by, cube_drill(w->by, v, &d, &a), ERR_OK);
        if (strcmp(sums_of(w->by, &a), want) != 0) {
            fail_msg("after \"%s\": %s instead of %s", after, sums_of(w->by, &a), want);
        }
        if (!drill_needs_lines(&d)) {
            struct drill_answer quick;
            assert_err(w->by, cube_drill_sum(w->by, v, &d, &quick), ERR_OK);
            assert_string_equal(sums_of(w->by, &quick), want);
            assert_int_equal(quick.credit_pence, a.credit_pence);
        }
        walk(w, v, &d, &a);
    }
    cube_unpin(v);
}

static void test_payments_of_any_choice_are_those_of_the_lines_whatever_changes(void **state) {
    struct world w;
    struct cube *k = cube_new();
    world_make(&w, *state, 20261123, 9, 24);
    for (int i = 0; i < 4; i++) {
        world_change(&w, 0);
    }
    for (int i = 0; i < 30; i++) {
        look(&w, k, world_change(&w, world_random(&w, WORLD_CHANGES)));
    }
    cube_free(k);
    world_end(&w);
}

static void test_one_load_some_names_and_what_does_not_count_are_told_apart(void **state) {
    struct world w;
    struct cube *k = cube_new();
    const struct cube_view *v;
    world_make(&w, *state, 5, 4, 12);
    for (int i = 0; i < 3; i++) {
        world_change(&w, 0);
    }
    static const char *const wheres[] = {"counted",
                                         "NOT counted",
                                         "counted AND load_id = %s",
                                         "NOT counted AND load_id = %s",
                                         "counted AND payee_id IN (3, 7)",
                                         "NOT counted AND payee_id IN (3, 7)"};
    const char *load = dbtest_value(w.by, "SELECT min(id) FROM core.spend_load");
    const int64_t some[] = {7, 3};
    assert_err(w.by, cube_pin(w.by, k, &v), ERR_OK);
    for (size_t i = 0; i < sizeof wheres / sizeof *wheres; i++) {
        struct drill d = {.slice = world_slice(0, 0), .same = i % 2, .payees = 2};
        struct drill_answer a;
        d.load_id = i / 2 == 1 ? strtoll(load, NULL, 10) : 0;
        d.payee_id = i / 2 == 2 ? some : NULL;
        assert_err(w.by, cube_drill(w.by, v, &d, &a), ERR_OK);
        const char *where = i / 2 == 1 ? arena_printf(w.by->arena, "%s AND load_id = %s",
                                                      i % 2 ? "NOT counted" : "counted", load)
                                       : wheres[i];
        assert_string_equal(sums_of(w.by, &a),
                            dbtest_value(w.by,
                                         "SELECT coalesce(sum(amount_pence) || '|' || count(*), '') FROM "
                                         "core.spend_line WHERE %s",
                                         where));
        assert_true(a.lines > 0 || i > 1);
        walk(&w, v, &d, &a);
    }
    cube_unpin(v);
    cube_free(k);
    world_end(&w);
}

// ---- what payees were paid in all ---------------------------------------------------------------------

static void add_up(struct ctx *c) {
    bool more = true;
    for (int i = 0; more; i++) {
        assert_true(i < 100);
        assert_err(c, review_work(c, &more), ERR_OK);
    }
}

static void assert_paid(struct ctx *c, const char *after) {
    static const char want[] =
        "SELECT x.payee_id, coalesce(l.anchor_id, 0), sum(x.amount_pence)::bigint, sum(x.line_count)::bigint "
        "FROM "
        "core.spend_sum x JOIN core.spend_load l ON l.id = x.load_id GROUP BY GROUPING SETS ((x.payee_id, "
        "l.anchor_id), (x.payee_id))";
    static const char have[] = "SELECT payee_id, anchor_id, amount_pence, line_count FROM core.payee_paid";
    const char *wrong = dbtest_value(c, "SELECT count(*) FROM ((%s EXCEPT %s) UNION ALL (%s EXCEPT %s)) d",
                                     want, have, have, want);
    if (strcmp(wrong, "0") != 0) {
        fail_msg("after \"%s\": %s rows differ", after, wrong);
    }
}

static void take_back(struct ctx *c, const char *load) {
    dbtest_run(c, "DELETE FROM core.spend_sum WHERE load_id = %s", load);
    for (int fy = 2023; fy <= 2026; fy++) {
        dbtest_run(c, "DROP TABLE IF EXISTS core.spend_line_%d_%s", fy, load);
    }
    dbtest_run(c, "DELETE FROM core.spend_load WHERE id = %s", load);
}

static void test_what_payees_were_paid_follows_loads_recounts_and_taking_back(void **state) {
    struct world w;
    world_make(&w, *state, 77, 5, 30);
    static const uint32_t kinds[] = {0, 12, 12, 0, 2, 12, 0, 2};
    for (int i = 0; i < 40; i++) {
        uint32_t kind = kinds[i % 8];
        const char *after = "a load is taken back";
        if (kind == 2) {
            take_back(w.c, dbtest_value(w.c, "SELECT max(id) FROM core.spend_load"));
        } else {
            after = world_change(&w, kind);
        }
        if (i % 3) { // sometimes much has come together
            add_up(w.by);
            assert_paid(w.by, after);
        }
        arena_reset(w.by->arena);
    }
    add_up(w.by);
    assert_paid(w.by, "all");
    dbtest_run(w.c, "UPDATE core.spend_load SET anchor_id = (SELECT id FROM core.organisation WHERE ref = "
                    "'council')");
    dbtest_run(w.c, "UPDATE core.spend_sum SET amount_pence = amount_pence + 1");
    add_up(w.by);
    assert_paid(w.by, "another public body, other sums");
    world_end(&w);
}

static void test_a_person_never_waits_for_many_payments_to_be_added_up(void **state) {
    struct world w;
    bool behind = true;
    world_make(&w, *state, 78, 5, 30);
    world_change(&w, 0);
    assert_err(w.by, review_freshen(w.by, &behind), ERR_OK);
    assert_false(behind); // a few are added up at once
    assert_paid(w.by, "a page was shown");
    world_change(&w, 0);
    dbtest_run(
        w.c,
        "UPDATE core.spend_leaf SET lines = 3000000 WHERE load_id = (SELECT max(id) FROM core.spend_load)");
    assert_err(w.by, review_freshen(w.by, &behind), ERR_OK);
    assert_true(behind);
    add_up(w.by);
    assert_err(w.by, review_freshen(w.by, &behind), ERR_OK);
    assert_false(behind);
    assert_paid(w.by, "the worker's turn");
    world_end(&w);
}

#define T(name) cmocka_unit_test_setup_teardown(name, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_payments_of_any_choice_are_those_of_the_lines_whatever_changes),
        T(test_one_load_some_names_and_what_does_not_count_are_told_apart),
        T(test_what_payees_were_paid_follows_loads_recounts_and_taking_back),
        T(test_a_person_never_waits_for_many_payments_to_be_added_up),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
