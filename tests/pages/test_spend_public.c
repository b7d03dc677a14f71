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

static int begin(void **state, int rc) {
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

static int set_up(void **state) {
    return begin(state, dbtest_setup(state));
}

// Plugins take settings up when they start, and later a moment after they were changed.
static int set_up_housing(void **state) {
    int rc = dbtest_setup(state);
    dbtest_run(((struct dbtest *)*state)->c, "INSERT INTO core.plugin_setting (plugin, key, value) VALUES "
                                             "('local_spend', 'include_housing', '1')");
    return begin(state, rc);
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

static void test_open_data_tells_the_sums_that_the_pages_tell(void **state) {
    struct dbtest *t = *state;
    struct visitor v = pagetest_visitor(app, t, NULL);
    pay(t, "LOADA", "W4", 20, "2025-06-01", 500000); // £100,001.90
    pay(t, "LOADA", "W3", 20, "2025-06-01", 300000);
    for (int i = 0; i < 3; i++) { // to people there: with another sum of the ward they could be told
        const char *more = "is_local = true, ward_code = 'W4', lad_code = 'E08000010', postcode = 'WN1 1AA'";
        const char *id = payments_add_payee(t->c, arena_printf(t->arena, "CARER %d", i), "open", more);
        payments_add(t->c, &(struct test_payment){.load = "LOADA",
                                                  .payee = id,
                                                  .day = "2025-06-02",
                                                  .flow = ANC_FLOW_INDIVIDUAL,
                                                  .pence = 7777});
    }
    assert_page(pagetest_get(&v, "/spend/tables/by_ward?year=2025"), 200, "100,001.90");
    struct page p = pagetest_get(&v, "/spend/data/by-ward-2025.csv");
    assert_page(p, 200, "100001.90");
    assert_null(strstr(p.body, "100235.21")); // with those three
    p = pagetest_get(&v, "/spend/data/by-payment-2025.csv");
    assert_page(p, 200, "Fewer than 5 suppliers");
    assert_null(strstr(p.body, "233.31"));
}

static void test_before_the_first_file_each_page_says_that_there_is_none_and_no_figure(void **state) {
    struct dbtest *t = *state;
    struct visitor v = pagetest_visitor(app, t, NULL);
    dbtest_run(t->c, "DELETE FROM core.spend_load");
    static const char *const paths[] = {"/spend", "/spend/tables/by_ward", "/spend/tables/concentration"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct page p = pagetest_get(&v, paths[i]);
        assert_page(p, 200, "No payments to show yet");
        assert_null(strstr(p.body, "As of ."));
        assert_null(strstr(p.body, "0 payments"));
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

static const char *freeze(struct dbtest *t, struct visitor *officer, const char *name) {
    struct page p = pagetest_post(officer, "/officer/spend/reports/new?year=2025",
                                  arena_printf(t->arena, "name=%s", name));
    assert_page(p, 303, NULL);
    return strrchr(p.location, '/') + 1;
}

static void show(struct dbtest *t, struct visitor *officer, const char *ref, const char *public) {
    assert_page(pagetest_post(officer, arena_printf(t->arena, "/officer/spend/reports/%s/show", ref),
                              arena_printf(t->arena, "public=%s", public)),
                303, NULL);
}

static void test_two_reports_side_by_side_tell_nothing_of_fewer_than_five_suppliers(void **state) {
    struct dbtest *t = *state;
    struct visitor officer = pagetest_visitor(app, t, "hospital"), v = pagetest_visitor(app, t, NULL);
    pay(t, "LOADA", "W4", 20, "2025-06-01", 500000);
    pay(t, "LOADA", "W3", 20, "2025-06-01", 300000);
    const char *first = freeze(t, &officer, "First"),
               *path = arena_printf(t->arena, "/spend/reports/%s", first);
    show(t, &officer, first, "1");
    assert_page(pagetest_get(&v, path), 200, NULL);
    pay(t, "LOADA", "W4", 1, "2025-07-01", 1234567); // one more supplier is the whole difference
    const char *second = freeze(t, &officer, "Second"),
               *other = arena_printf(t->arena, "/spend/reports/%s", second);
    show(t, &officer, second, "1");
    assert_page(pagetest_get(&v, other), 404, NULL);
    assert_page(pagetest_get(&officer, other), 200, "Hide that one first");
    show(t, &officer, first, "0");
    show(t, &officer, second, "1");
    assert_page(pagetest_get(&v, other), 200, NULL);
    show(t, &officer, first, "1"); // nor the other way round
    assert_page(pagetest_get(&v, path), 404, NULL);
    pay(t, "LOADA", "W4", 5, "2025-08-01", 7654321);
    const char *third = freeze(t, &officer, "Third");
    show(t, &officer, third, "1");
    assert_page(pagetest_get(&v, arena_printf(t->arena, "/spend/reports/%s", third)), 200, NULL);
}

// ---- the charities that the headline counts --------------------------------------------------------------

// So many suppliers here with this tag, each paid once in June 2025, beginning with this amount and a penny
// more each.
static void pay_tagged(struct dbtest *t, const char *decision, const char *class, int n, long long pence) {
    for (int i = 0; i < n; i++) {
        const char *ref = arena_printf(t->arena, "t%s%s%d", decision, class, i);
        dbtest_run(
            t->c,
            "WITH o AS (INSERT INTO core.organisation (ref, kind, name) VALUES ('%s', 'supplier', 'Firm %s') "
            "RETURNING id) INSERT INTO core.supplier (id, match_name, postcode, size, is_local, lad_code, "
            "ward_code) SELECT id, 'F', 'WN1 1AA', 'small', true, 'E08000010', 'W4' FROM o RETURNING id",
            ref, ref);
        dbtest_run(
            t->c,
            "INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, policy_class, score, "
            "reasons, "
            "decided_at) SELECT id, 'vcfse', 'vcfse', '%s', '%s', 50, '', now() FROM core.organisation WHERE "
            "ref = '%s'",
            decision, class, ref);
        pay_listed(t, ref, pence + i);
    }
}

static void
test_the_filter_of_charities_is_what_the_headline_counts_and_opens_to_the_same_payments(void **state) {
    struct dbtest *t = *state;
    struct visitor v = pagetest_visitor(app, t, NULL), officer = pagetest_visitor(app, t, "hospital");
    pay_tagged(t, "yes", "", 6, 1000000);                                  // £60,000.15
    pay_tagged(t, "policy", "housing", 7, 2000000);                        // £140,000.21
    pay_tagged(t, "policy", "mutual", 8, 3000000);                         // £240,000.28
    pay_tagged(t, "no", "", 9, 500000);                                    // £45,000.36
    assert_page(pagetest_get(&v, "/spend?year=2025"), 200, "£200,000.36"); // the headline
    assert_page(pagetest_get(&v, "/spend?year=2025&vcfse=yes"), 200, "£200,000.36");
    struct page p = pagetest_get(&v, "/spend?year=2025&vcfse=no");
    assert_page(p, 200, "£285,000.64");
    assert_null(strstr(p.body, "200,000.36"));
    p = pagetest_get(&officer, "/spend?year=2025");
    assert_page(p, 200, "vcfse=yes&amp;class=housing");
    const char *counted = "flow=procurement.grant.credit.pass_through.card";
    p = pagetest_get(&officer,
                     arena_printf(t->arena,
                                  "/officer/spend/payments?year=2025&%s&place=local&vcfse=yes&class="
                                  "housing",
                                  counted));
    assert_page(p, 200, "£200,000.36");
    // And of those that it does not count, "other suppliers" opens to its payments too.
    p = pagetest_get(&officer, "/spend?year=2025&vcfse=no");
    assert_page(p, 200, "class=-.mutual");
    p = pagetest_get(&officer, arena_printf(t->arena,
                                            "/officer/spend/payments?year=2025&%s&vcfse=review.no.unknown&"
                                            "class=-.mutual",
                                            counted));
    assert_page(p, 200, "£285,000.64");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_a_choice_of_fewer_than_five_suppliers_has_no_figures_anywhere),
        T(test_nobody_gets_a_small_group_by_taking_one_page_off_another),
        T(test_nobody_gets_a_small_group_by_taking_one_public_body_off_all),
        T(test_nobody_gets_a_small_year_by_taking_one_range_off_another),
        T(test_open_data_tells_the_sums_that_the_pages_tell),
        T(test_before_the_first_file_each_page_says_that_there_is_none_and_no_figure),
        T(test_only_companies_and_charities_on_the_public_list_are_named),
        T(test_a_report_names_nobody_who_may_be_a_person_even_when_that_changes),
        T(test_a_report_that_would_tell_a_few_stays_with_officers),
        T(test_two_reports_side_by_side_tell_nothing_of_fewer_than_five_suppliers),
        cmocka_unit_test_setup_teardown(
            test_the_filter_of_charities_is_what_the_headline_counts_and_opens_to_the_same_payments,
            set_up_housing, tear_down),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
