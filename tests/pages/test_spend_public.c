// SPDX-License-Identifier: Apache-2.0
// Promises to suppliers: no public page or file of spend tells what one of a few was paid, neither by itself
// nor by taking one page off another, and none names a person.
#include "support/market.h"
#include "support/pagetest.h"
#include "support/payments.h"
#include "support/plugtest.h"

#include <stdio.h>
#include <string.h>

static struct plugtest plugins;
static struct arena *app_arena;
static const struct app *app;

static int set_up(void **state) {
    int rc = dbtest_setup(state);
    struct ctx *c = ((struct dbtest *)*state)->c;
    plugins = plugtest_start(c, BINARY_DIR "/plugins", "local_spend");
    app_arena = arena_new((size_t)64 * 1024 * 1024);
    app = pagetest_app(app_arena, plugins.host);
    market_fill(c);
    dbtest_run(c,
               "UPDATE core.membership SET role = 'officer' WHERE org_id = (SELECT id FROM core.organisation "
               "WHERE ref = 'hospital')");
    dbtest_run(c,
               "INSERT INTO core.ward (code, name, lad_code) VALUES ('W1', 'Brookside', 'E08000010'), ('W2', "
               "'Hilltop', 'E08000010'), ('W3', 'Valley', 'E08000010'), ('W4', 'Canal', 'E08000010')");
    payments_add_load(c, "LOADA", "council");
    payments_add_load(c, "LOADB", "hospital");
    return rc;
}

static int tear_down(void **state) {
    arena_free(app_arena);
    return plugtest_teardown(state, &plugins);
}

// So many payees of a ward, each paid once on the day.
static void pay(struct dbtest *t, const char *load, const char *ward, int payees, const char *day,
                long long pence) {
    const char *more = arena_printf(
        t->arena, "is_local = true, ward_code = '%s', lad_code = 'E08000010', postcode = 'WN1 1AA'", ward);
    for (int i = 0; i < payees; i++) {
        const char *name = arena_printf(t->arena, "FIRM %s %s %s %d LTD", load, ward, day, i);
        const char *id = payments_add_payee(t->c, name, "open", more);
        payments_add(t->c, &(struct test_payment){.load = load, .payee = id, .day = day, .pence = pence + i});
    }
}

// Every way a choice is shown; none of them may hold any of the texts.
static void assert_untold(struct visitor *v, const char *query, const char *why, const char *const *texts) {
    static const char *const ways[] = {"/spend?%s",
                                       "/spend/tables/by_ward?%s",
                                       "/spend/tables/by_sector?%s",
                                       "/spend/tables/by_kind?%s",
                                       "/spend/tables/concentration?%s",
                                       "/spend/tables/suppliers?%s",
                                       "/spend/tables/by_year?%s",
                                       "/spend.csv?table=by_year&%s",
                                       "/spend.json?table=by_year&%s",
                                       "/spend.csv?table=by_ward&%s",
                                       "/spend.json?table=by_kind&%s"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char path[300];
        size_t n = strcspn(ways[i], "%");
        snprintf(path, sizeof path, "%.*s%s", (int)n, ways[i], query);
        struct page p = pagetest_get(v, path);
        if (p.status != 404) { // a table that has no rows here is none
            assert_page(p, 200, why);
        }
        for (size_t k = 0; texts[k]; k++) {
            if (strstr(p.body, texts[k])) {
                fail_msg("%s tells %s", path, texts[k]);
            }
        }
    }
}

#define FEW   "Fewer than 5 suppliers fit this"
#define TELLS "somebody could work out"

static void test_a_choice_of_fewer_than_five_suppliers_has_no_figures_anywhere(void **state) {
    struct dbtest *t = *state;
    struct visitor v = pagetest_visitor(app, t, NULL);
    pay(t, "LOADA", "W1", 3, "2025-06-01", 1234500); // £37,035.03 together
    pay(t, "LOADA", "W2", 9, "2025-06-01", 700000);
    pay(t, "LOADA", "W3", 8, "2025-06-01", 900000);
    pay(t, "LOADA", "W4", 20, "2025-06-01", 500000);
    static const char *const told[] = {"37,035", "3703503", "37035.03", "12,345", "12345.0", NULL};
    assert_untold(&v, "ward=W1", FEW, told);
    assert_untold(&v, "ward=W1&year=2025", FEW, told);
    assert_untold(&v, "ward=W1&place=local", FEW, told);
    assert_untold(&v, "ward=W1&anchor=council", FEW, told);
    struct page p = pagetest_get(&v, "/spend?ward=W4");
    assert_page(p, 200, "100,001.90");
    assert_null(strstr(p.body, FEW));
}

static void test_nobody_gets_a_small_group_by_taking_one_page_off_another(void **state) {
    struct dbtest *t = *state;
    struct visitor v = pagetest_visitor(app, t, NULL);
    pay(t, "LOADA", "W1", 3, "2025-06-01", 1234500);
    pay(t, "LOADA", "W2", 8, "2025-06-01", 700000); // £56,000.28: with it and the total W1 could be told
    pay(t, "LOADA", "W4", 20, "2025-06-01", 500000);
    static const char *const told[] = {"56,000.28", "5600028", "56000.28", "37,035", NULL};
    assert_untold(&v, "ward=W2", TELLS, told);
    assert_page(pagetest_get(&v, "/spend?ward=W4"), 200, "100,001.90");
}

static void test_nobody_gets_a_small_group_by_taking_one_public_body_off_all(void **state) {
    struct dbtest *t = *state;
    struct visitor v = pagetest_visitor(app, t, NULL);
    pay(t, "LOADA", "W4", 20, "2025-06-01", 500000); // £100,001.90
    pay(t, "LOADB", "W4", 2, "2025-06-01", 1234500);
    pay(t, "LOADB", "W3", 20, "2025-06-01", 300000);
    static const char *const told[] = {"100,001", "10000190", "100001.90", NULL};
    assert_untold(&v, "ward=W4&anchor=council", TELLS, told);
    assert_untold(&v, "ward=W4&anchor=hospital", FEW, (const char *const[]){"24,690", "2469001", NULL});
    assert_page(pagetest_get(&v, "/spend?anchor=council"), 200, "100,001.90"); // a public body's own sum
}

static void test_nobody_gets_a_small_year_by_taking_one_range_off_another(void **state) {
    struct dbtest *t = *state;
    struct visitor v = pagetest_visitor(app, t, NULL);
    pay(t, "LOADA", "W4", 20, "2025-06-01", 500000); // £100,001.90
    pay(t, "LOADA", "W3", 20, "2025-06-01", 300000);
    pay(t, "LOADA", "W4", 3, "2024-06-01", 1234500); // £37,035.03
    pay(t, "LOADA", "W3", 20, "2024-06-01", 300000);
    static const char *const told[] = {"37,035",   "3703503",   "37035.03", "137,036",
                                       "13703693", "137036.93", NULL};
    assert_untold(&v, "ward=W4&year=2024&to=2025", FEW, told);
    assert_untold(&v, "ward=W4&year=2024", FEW, told);
    // The year that may be told is, and the other year does not stand beside it.
    struct page p = pagetest_get(&v, "/spend?ward=W4&year=2025");
    assert_page(p, 200, "100,001.90");
    static const char *const files[] = {
        "/spend.csv?table=by_year&ward=W4&year=2025", "/spend.json?table=by_year&ward=W4&year=2025",
        "/spend/tables/like_for_like?ward=W4&year=2025", "/spend?ward=W4&year=2025"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        p = pagetest_get(&v, files[i]);
        for (size_t k = 0; told[k]; k++) {
            if (strstr(p.body, told[k])) {
                fail_msg("%s tells %s", files[i], told[k]);
            }
        }
    }
}

// ---- names --------------------------------------------------------------------------------------------

// A payee tied to a listed supplier of the market.
static void pay_listed(struct dbtest *t, const char *supplier, long long pence) {
    const char *more =
        arena_printf(t->arena, "supplier_id = (SELECT id FROM core.organisation WHERE ref = '%s')", supplier);
    const char *id = payments_add_payee(t->c, arena_printf(t->arena, "PAID %s", supplier), "tied", more);
    payments_add(t->c,
                 &(struct test_payment){.load = "LOADA", .payee = id, .day = "2025-06-01", .pence = pence});
}

static void assert_unnamed(struct visitor *v, const char *name) {
    static const char *const paths[] = {"/spend", "/spend/tables/suppliers", "/spend/tables/concentration",
                                        "/spend.csv?table=suppliers", "/spend.json?table=suppliers"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct page p = pagetest_get(v, paths[i]);
        assert_page(p, 200, NULL);
        if (strstr(p.body, name)) {
            fail_msg("%s names %s", paths[i], name);
        }
    }
}

static void test_only_companies_and_charities_on_the_public_list_are_named(void **state) {
    struct dbtest *t = *state;
    struct visitor v = pagetest_visitor(app, t, NULL);
    pay(t, "LOADA", "W4", 20, "2025-06-01", 500000);
    pay_listed(t, "brook", 9000000); // with a company number
    pay_listed(t, "hill", 8000000);
    pay_listed(t, "vale", 9900000); // without any number: maybe a person
    assert_page(pagetest_get(&v, "/spend/tables/suppliers"), 200, "Firm brook");
    assert_page(pagetest_get(&v, "/spend.csv?table=suppliers"), 200, "Firm hill");
    assert_unnamed(&v, "Firm vale");
    assert_unnamed(&v, "PAID vale");
    assert_unnamed(&v, "FIRM LOADA"); // a name that only stands in a payments file
    dbtest_run(t->c, "UPDATE core.supplier SET public = false WHERE company_number = '07654321'");
    assert_unnamed(&v, "Firm hill");
    // Of a register, and nobody claimed it: a company all the same.
    dbtest_run(t->c, "UPDATE core.supplier SET listed_from = 'companies' WHERE company_number = '07654321'");
    assert_page(pagetest_get(&v, "/spend/tables/suppliers"), 200, "Firm hill");
}

static void test_a_report_names_nobody_who_may_be_a_person_even_when_that_changes(void **state) {
    struct dbtest *t = *state;
    struct visitor officer = pagetest_visitor(app, t, "hospital"), v = pagetest_visitor(app, t, NULL);
    pay(t, "LOADA", "W4", 20, "2025-06-01", 500000);
    pay_listed(t, "brook", 9000000);
    pay_listed(t, "vale", 9900000);
    struct page p = pagetest_post(&officer, "/officer/spend/reports/new?year=2025", "name=Names");
    assert_page(p, 303, NULL);
    const char *ref = strrchr(p.location, '/') + 1;
    assert_page(
        pagetest_post(&officer, arena_printf(t->arena, "/officer/spend/reports/%s/show", ref), "public=1"),
        303, NULL);
    dbtest_run(t->c, "UPDATE core.supplier SET company_number = '09999999' WHERE company_number = ''");
    static const char *const paths[] = {"/spend/reports/%s", "/spend/reports/%s/suppliers.csv"};
    for (size_t i = 0; i < 2; i++) {
        char path[100];
        size_t n = strcspn(paths[i], "%");
        snprintf(path, sizeof path, "%.*s%s%s", (int)n, paths[i], ref, paths[i] + n + 2);
        p = pagetest_get(&v, path);
        assert_page(p, 200, "Firm brook");
        assert_null(strstr(p.body, "Firm vale"));
    }
    assert_page(pagetest_get(&v, arena_printf(t->arena, "/spend/reports/%s", ref)), 200,
                "the same to the last digit");
}

// ---- reports ------------------------------------------------------------------------------------------

static void test_a_report_that_would_tell_a_few_stays_with_officers(void **state) {
    struct dbtest *t = *state;
    struct visitor officer = pagetest_visitor(app, t, "hospital"), v = pagetest_visitor(app, t, NULL);
    pay(t, "LOADA", "W1", 3, "2025-06-01", 1234500);
    pay(t, "LOADA", "W3", 9, "2025-06-01", 700000);
    pay(t, "LOADA", "W4", 20, "2025-06-01", 500000);
    static const char *const wards[] = {"W1", "W4"};
    for (int told = 0; told < 2; told++) {
        struct page p = pagetest_post(
            &officer, arena_printf(t->arena, "/officer/spend/reports/new?year=2025&ward=%s", wards[told]),
            "name=Of a ward");
        assert_page(p, 303, NULL);
        const char *ref = strrchr(p.location, '/') + 1,
                   *path = arena_printf(t->arena, "/spend/reports/%s", ref);
        assert_page(pagetest_get(&officer, path), 200, wards[told][1] == '1' ? "Brookside" : "Canal");
        p = pagetest_post(&officer, arena_printf(t->arena, "/officer/spend/reports/%s/show", ref),
                          "public=1");
        assert_page(p, 303, NULL);
        assert_page(pagetest_get(&v, path), told ? 200 : 404, NULL);
        assert_page(pagetest_get(&v, arena_printf(t->arena, "/spend/reports/%s/figures.csv", ref)),
                    told ? 200 : 404, NULL);
    }
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_a_choice_of_fewer_than_five_suppliers_has_no_figures_anywhere),
        T(test_nobody_gets_a_small_group_by_taking_one_page_off_another),
        T(test_nobody_gets_a_small_group_by_taking_one_public_body_off_all),
        T(test_nobody_gets_a_small_year_by_taking_one_range_off_another),
        T(test_only_companies_and_charities_on_the_public_list_are_named),
        T(test_a_report_names_nobody_who_may_be_a_person_even_when_that_changes),
        T(test_a_report_that_would_tell_a_few_stays_with_officers),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
