// SPDX-License-Identifier: Apache-2.0
// Matching on labelled payments of three councils, when they are there (ANCHORAGE_SHARED_DATA): precision and
// recall by pounds against the method by which most labels were made, on a register with decoys; on the names
// that were in view when the rules were tuned, and on those that were held out. Labels of two councils are
// silver: they are audited by rules, and the effect of that is printed beside the figures with all labels.
#include "db/goldtest.h"
#include "spend/match.h"
#include "support/dbtest.h"
#include "support/plugtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void store_register(struct ctx *c, const struct gold *g) {
    const struct sql *orgs =
        DBTEST_SQL("gold_orgs",
                   "INSERT INTO core.organisation (id, ref, kind, name) OVERRIDING SYSTEM VALUE SELECT "
                   "i, 'r' || i, 'supplier', n FROM unnest($1::bigint[], $2::text[]) AS t (i, n)",
                   2, SQL_NONE);
    const struct sql *entries =
        DBTEST_SQL("gold_suppliers",
                   "INSERT INTO core.supplier (id, match_name, postcode, company_number) SELECT i, '', "
                   "'', n FROM unnest($1::bigint[], $2::text[]) AS t (i, n)",
                   2, SQL_NONE);
    const char **ids = arena_array(c->arena, g->entries, sizeof *ids),
               **names = arena_array(c->arena, g->entries, sizeof *ids);
    const char **numbers = arena_array(c->arena, g->entries, sizeof *ids);
    for (size_t i = 0; i < g->entries; i++) {
        ids[i] = arena_i64(c->arena, (int64_t)i + 1);
        names[i] = g->entry[i].name;
        numbers[i] = g->entry[i].number;
    }
    const char *id_array = db_array(c->arena, g->entries, ids);
    assert_err(c,
               db_exec_n(c, orgs, NULL, 2, (const char *[]){id_array, db_array(c->arena, g->entries, names)}),
               ERR_OK);
    assert_err(
        c,
        db_exec_n(c, entries, NULL, 2, (const char *[]){id_array, db_array(c->arena, g->entries, numbers)}),
        ERR_OK);
}

static void store_payees(struct ctx *c, const struct gold *g) {
    const struct sql *put =
        DBTEST_SQL("gold_payees",
                   "INSERT INTO core.payee (id, match_name, ident, name) SELECT i, i::text, '', n FROM "
                   "unnest($1::bigint[], $2::text[]) AS t (i, n)",
                   2, SQL_NONE);
    const char **ids = arena_array(c->arena, g->payees, sizeof *ids),
               **names = arena_array(c->arena, g->payees, sizeof *ids);
    for (size_t i = 0; i < g->payees; i++) {
        ids[i] = arena_i64(c->arena, (int64_t)i + 1);
        names[i] = g->payee[i].name;
    }
    assert_err(
        c,
        db_exec_n(c, put, NULL, 2,
                  (const char *[]){db_array(c->arena, g->payees, ids), db_array(c->arena, g->payees, names)}),
        ERR_OK);
}

// What the rules tie, or propose first, of each payee.
static void read_answers(struct ctx *c, const struct gold *g, struct gold_answer *ours) {
    struct rows *r;
    assert_err(
        c,
        db_rows_n(
            c,
            DBTEST_SQL(
                "gold_answers",
                "SELECT p.id, coalesce(p.supplier_id, q.supplier_id) AS supplier_id, p.match_score, "
                "p.match_rule, p.match_state = 'tied' AS is_tied "
                "FROM core.payee p LEFT JOIN core.payee_proposal q ON q.payee_id = p.id AND q.place = 1 "
                "WHERE p.match_state IN ('tied', 'review')",
                0, SQL_MANY),
            &r, 0, NULL),
        ERR_OK);
    for (size_t i = 0; i < rows_count(r); i++) {
        struct gold_answer *a = &ours[row_i64(r, i, "id") - 1];
        a->entry = (size_t)row_i64(r, i, "supplier_id");
        a->score = row_bool(r, i, "is_tied") ? 2000 : (int32_t)row_i64(r, i, "match_score");
        snprintf(a->method, sizeof a->method, "%s", row_text(r, i, "match_rule"));
    }
    assert_true(g->payees > 0);
}

// At the precision of the published method it finds more pounds, and at its recall it errs less.
static void expect_better(const struct gold *g, enum gold_part part, enum gold_trust trust,
                          const struct gold_answer *ours, const struct gold_answer *theirs) {
    struct gold_view v = {.part = part, .trust = trust};
    struct gold_figures published = gold_measure(g, theirs, &v), f;
    v.least = gold_score_of_precision(g, ours, v, published.precision_milli);
    f = gold_measure(g, ours, &v);
    assert_true(f.precision_milli >= published.precision_milli && f.recall_milli > published.recall_milli);
    v.least = gold_score_of_recall(g, ours, v, published.recall_milli);
    assert_true(v.least > 0);
    f = gold_measure(g, ours, &v);
    assert_true(f.recall_milli >= published.recall_milli && f.precision_milli > published.precision_milli);
}

// Of payees with a label, in the bands that people see: the higher the score, the more of them are right.
static void expect_scores_to_mean_something(const struct gold *g, enum gold_part part,
                                            const struct gold_answer *ours) {
    static const int32_t from[] = {550, 650, 900};
    int64_t before = 0;
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        struct gold_view v = {.part = part,
                              .trust = GOLD_LABELLED,
                              .least = from[i],
                              .most = i + 1 < sizeof from / sizeof *from ? from[i + 1] - 1 : 1000};
        struct gold_figures f = gold_measure(g, ours, &v);
        size_t all = f.right + f.other + f.decoy;
        assert_true(all > 0);
        int64_t share = all ? (int64_t)(f.right * 1000 / all) : 0;
        assert_true(share >= before);
        before = share;
    }
}

static void test_payees_are_found_with_more_pounds_at_the_precision_of_the_published_method(void **state) {
    struct dbtest *t = *state;
    struct gold *g = gold_read();
    if (!g) {
        print_message("skipped: %s not present\n", gold_folder());
        return;
    }
    struct plugtest plugins = plugtest_start(t->c, BINARY_DIR "/plugins", "local_spend");
    store_register(t->c, g);
    store_payees(t->c, g);
    assert_err(t->c, match_all(t->c, NULL, NULL), ERR_OK);
    struct gold_answer *ours = calloc(g->payees, sizeof *ours), *theirs = calloc(g->payees, sizeof *theirs);
    assert_true(ours && theirs);
    read_answers(t->c, g, ours);
    gold_published(g, theirs);
    gold_audit(g, ours);
    print_message("%zu payees, %zu entries of the register, of which %zu are decoys\n", g->payees, g->entries,
                  g->decoys);
    for (int part = GOLD_BOTH; part < GOLD_PARTS; part++) {
        gold_print_part(g, (enum gold_part)part, ours, theirs);
        gold_print_bands(g, (enum gold_part)part, ours);
        gold_print_methods(g, (enum gold_part)part, ours, theirs);
    }
    gold_print_audit(g);
    const char *wrong = getenv("GOLD_WRONG"); // number of a part: its mistakes, for a person to look at
    if (wrong) {
        gold_print_wrong(g, (enum gold_part)strtol(wrong, NULL, 10), ours);
    }
    for (size_t i = 0; i < g->payees; i++) {
        assert_true(ours[i].score <= 1000); // nothing but names is known here, so nothing may be tied
    }
    for (int part = GOLD_BOTH; part <= GOLD_HELD_COUNCIL; part++) {
        for (int trust = GOLD_ALL; trust <= GOLD_LABELLED; trust++) {
            expect_better(g, (enum gold_part)part, (enum gold_trust)trust, ours, theirs);
        }
        expect_scores_to_mean_something(g, (enum gold_part)part, ours);
    }
    expect_better(g, GOLD_NEVER_SEEN, GOLD_LABELLED, ours, theirs);
    expect_scores_to_mean_something(g, GOLD_NEVER_SEEN, ours);
    free(ours);
    free(theirs);
    gold_free(g);
    plugtest_stop(&plugins, t->c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_payees_are_found_with_more_pounds_at_the_precision_of_the_published_method, dbtest_setup,
            dbtest_teardown),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
