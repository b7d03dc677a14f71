// SPDX-License-Identifier: Apache-2.0
// Matching on labelled payments of two councils, when they are there (ANCHORAGE_SHARED_DATA): precision and
// recall by pounds against the method by which the labels were made, on a register with decoys. The labels
// are silver: they are audited by rules, and figures are printed with all of them and with those that stand
// the audit.
#include "db/goldtest.h"
#include "spend/match.h"
#include "support/dbtest.h"
#include "support/plugtest.h"

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
                "p.match_state "
                "= 'tied' AS is_tied FROM core.payee p LEFT JOIN core.payee_proposal q ON q.payee_id = p.id "
                "AND q.place = 1 WHERE p.match_state IN ('tied', 'review')",
                0, SQL_MANY),
            &r, 0, NULL),
        ERR_OK);
    for (size_t i = 0; i < rows_count(r); i++) {
        struct gold_answer *a = &ours[row_i64(r, i, "id") - 1];
        a->entry = (size_t)row_i64(r, i, "supplier_id");
        a->score = row_bool(r, i, "is_tied") ? 2000 : (int32_t)row_i64(r, i, "match_score");
    }
    assert_true(g->payees > 0);
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
    for (int audited = 0; audited < 2; audited++) {
        struct gold_figures published = gold_measure(g, theirs, 0, audited);
        int32_t at = gold_threshold(g, ours, published.precision_milli, audited);
        struct gold_figures best = gold_measure(g, ours, at, audited);
        print_message("\n%s\n", audited ? "Labels that stand the audit" : "All labels");
        gold_print("published method (exact, then less furniture)", 0, &published);
        static const int32_t scores[] = {2000, 950, 940, 900, 850, 800, 750, 700, 650, 600, 550};
        for (size_t i = 0; i < sizeof scores / sizeof *scores; i++) {
            struct gold_figures f = gold_measure(g, ours, scores[i], audited);
            gold_print(scores[i] == 2000 ? "ours, tied at once" : "ours, proposed", scores[i], &f);
        }
        gold_print("ours at the published precision", at, &best);
        assert_true(best.precision_milli >= published.precision_milli);
        assert_true(best.recall_milli >= published.recall_milli);
    }
    gold_print_audit(g);
    if (getenv("GOLD_WRONG")) {
        gold_print_wrong(g, ours);
    }
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
