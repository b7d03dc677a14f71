// SPDX-License-Identifier: Apache-2.0
// Promises of the pages of frozen reports: officers freeze, the public sees what is shown to it, and why two
// differ is said to the penny.
#include "support/market.h"
#include "support/pagetest.h"
#include "support/payments.h"

#include <string.h>

static struct stage stage;

static int set_up(void **state) {
    int rc = pagetest_setup(state, &stage, BINARY_DIR "/plugins", "local_spend");
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    dbtest_run(c,
               "UPDATE core.membership SET role = 'officer' WHERE org_id = (SELECT id FROM core.organisation "
               "WHERE ref = 'hospital')");
    return rc;
}

static int tear_down(void **state) {
    return pagetest_teardown(state, &stage);
}

static void pay(struct ctx *c, const char *load, const char *payee, const char *day, long long pence) {
    const struct test_payment p = {.load = load, .payee = payee, .day = day, .pence = pence};
    payments_add(c, &p);
}

// A load with a local payee and one elsewhere, and four small ones beside each, because of fewer than five
// nothing is told.
static const char *with_payments(struct dbtest *t) {
    static const char *const where[] = {"is_local = true, lad_code = 'E08000010'",
                                        "is_local = false, lad_code = 'E08000003'"};
    struct ctx *c = t->c;
    payments_add_load(c, "LOADA", "council");
    const char *here = payments_add_payee(c, "BROOK LTD", "open", where[0]);
    const char *away = payments_add_payee(c, "FAR LTD", "open", where[1]);
    pay(c, "LOADA", here, "2025-06-01", 300000);
    pay(c, "LOADA", away, "2025-06-02", 700000);
    for (int i = 0; i < 8; i++) {
        pay(c, "LOADA", payments_add_payee(c, arena_printf(t->arena, "SMALL %d", i), "open", where[i % 2]),
            "2025-06-03", 1);
    }
    return here;
}

static const char *freeze(struct visitor *officer, const char *name) {
    struct page p = pagetest_post(officer, "/officer/spend/reports/new?year=2025",
                                  arena_printf(officer->t->arena, "name=%s", name));
    assert_page(p, 303, "");
    return strrchr(p.location, '/') + 1;
}

static void test_an_officer_freezes_figures_and_sees_what_they_rest_on(void **state) {
    struct dbtest *t = *state;
    struct visitor officer = pagetest_visitor(stage.app, t, "hospital");
    with_payments(t);
    assert_page(pagetest_get(&officer, "/officer/spend/reports/new?year=2025"), 200, "2025/26");
    const char *ref = freeze(&officer, "To the board");
    struct page p = pagetest_get(&officer, arena_printf(t->arena, "/spend/reports/%s", ref));
    assert_page(p, 200, "To the board");
    assert_page(p, 200, "£3,000.04");
    assert_page(p, 200, "the same to the last digit");
    assert_page(p, 200, "LOADA.csv");
    assert_page(pagetest_get(&officer, "/spend/reports"), 200, "Officers only");
}

// Its sentence, its files with their fingerprints, its rules and settings, on the page and as files.
static void test_a_report_says_what_it_found_and_by_what_files_and_rules(void **state) {
    struct dbtest *t = *state;
    struct visitor officer = pagetest_visitor(stage.app, t, "hospital");
    with_payments(t);
    dbtest_run(t->c, "UPDATE core.spend_load SET sha256 = repeat('0123456789abcdef', 3) || repeat('f', 16)");
    const char *ref = freeze(&officer, "To the board");
    struct page p = pagetest_get(&officer, arena_printf(t->arena, "/spend/reports/%s", ref));
    assert_page(p, 200, "<p class=\"anc-headline\">£3,000 with ");
    assert_page(p, 200, "Payments of all public bodies in 2025/26.");
    assert_page(p, 200, ">0123456789abcdef</td>");
    assert_page(p, 200, "Figures by local_spend ");
    assert_page(p, 200, "As delivered, none was changed");
    assert_page(p, 200, arena_printf(t->arena, "/spend/reports/%s/by_year.csv", ref));
    static const char *const files[][2] = {
        {"files.csv", "0123456789abcdef0123456789abcdef0123456789abcdefffffffffffffffff"},
        {"files.json", "\"sum_pence\":1000008"},
        {"figures.csv", "With "},
        {"figures.json", "\"pounds_pence\":300004"},
        {"by_year.csv", "2025/26,10000.08,3000.04"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        p = pagetest_get(&officer, arena_printf(t->arena, "/spend/reports/%s/%s", ref, files[i][0]));
        assert_page(p, 200, files[i][1]);
        assert_page(p, 200, "To the board");
        assert_page(p, 200, arena_printf(t->arena, "/spend/reports/%s", ref));
    }
    static const char *const none[] = {"by_magic.csv", "figures.exe", "figures", "by_year"};
    for (size_t i = 0; i < 4; i++) {
        assert_page(pagetest_get(&officer, arena_printf(t->arena, "/spend/reports/%s/%s", ref, none[i])), 404,
                    "");
    }
    struct visitor anybody = pagetest_visitor(stage.app, t, NULL);
    assert_page(pagetest_get(&anybody, arena_printf(t->arena, "/spend/reports/%s/figures.csv", ref)), 404,
                "");
}

static void test_a_report_without_a_name_is_asked_for_one_and_nothing_is_frozen(void **state) {
    struct dbtest *t = *state;
    struct visitor officer = pagetest_visitor(stage.app, t, "hospital");
    with_payments(t);
    assert_page(pagetest_post(&officer, "/officer/spend/reports/new?year=2025", "name="), 422,
                "Enter a name for the report");
    assert_number(t->c, "SELECT count(*) FROM core.spend_report", 0);
}

static void test_the_public_sees_a_report_only_while_it_is_shown(void **state) {
    struct dbtest *t = *state;
    struct visitor officer = pagetest_visitor(stage.app, t, "hospital"),
                   anybody = pagetest_visitor(stage.app, t, NULL);
    with_payments(t);
    const char *ref = freeze(&officer, "For all");
    const char *path = arena_printf(t->arena, "/spend/reports/%s", ref);
    const char *show = arena_printf(t->arena, "/officer/spend/reports/%s/show", ref);
    assert_page(pagetest_get(&anybody, path), 404, "");
    assert_page(pagetest_get(&anybody, "/spend/reports"), 200, "No report yet");
    assert_page(pagetest_post(&officer, show, "public=1"), 303, "");
    assert_page(pagetest_get(&anybody, path), 200, "For all");
    assert_page(pagetest_get(&anybody, "/spend/reports"), 200, "For all");
    assert_page(pagetest_post(&officer, show, "public=0"), 303, "");
    assert_page(pagetest_get(&anybody, path), 404, "");
}

static void test_why_two_reports_differ_names_the_payee_and_the_pounds(void **state) {
    struct dbtest *t = *state;
    struct visitor officer = pagetest_visitor(stage.app, t, "hospital");
    const char *here = with_payments(t);
    const char *first = freeze(&officer, "First");
    pay(t->c, "LOADA", here, "2025-07-01", 12345);
    dbtest_run(t->c, "UPDATE core.payee SET is_local = true, lad_code = 'E08000010' WHERE name = 'FAR LTD'");
    const char *second = freeze(&officer, "Second");
    const char *query = arena_printf(t->arena, "before=%s&after=%s", first, second);
    struct page p =
        pagetest_get(&officer, arena_printf(t->arena, "/officer/spend/reports/compare?%s", query));
    assert_page(p, 200, "£7,123.45");
    assert_page(p, 200, "The payee counts in another place");
    assert_page(p, 200, "FAR LTD");
    assert_page(p, 200, "Payments that were not there before");
    assert_page(p, 200, "The figure went up by £7,123.45.");
    assert_page(p, 200, "FAR LTD: local, ");
    // Each difference opens to its payments.
    assert_page(p, 200, "&amp;year=2025\">FAR LTD</a>");
    p = pagetest_get(&officer, arena_printf(t->arena, "/officer/spend/reports/compare.csv?%s", query));
    assert_page(p, 200,
                ",2025/26,The payee counts in another place,0.00,7000.00,\"FAR LTD: elsewhere, VCFSE not "
                "known\",\"FAR LTD: local, VCFSE not known\"");
    assert_page(p, 200, ",2025/26,Payments that were not there before,3000.00,3123.45,");
    // What counts at all grew by the new payment alone; the way back is down.
    p = pagetest_get(&officer, arena_printf(t->arena, "/officer/spend/reports/compare?%s&figure=all", query));
    assert_page(p, 200, "The figure went up by £123.45.");
    assert_null(strstr(p.body, "FAR LTD"));
    p = pagetest_get(
        &officer, arena_printf(t->arena, "/officer/spend/reports/compare?before=%s&after=%s", second, first));
    assert_page(p, 200, "The figure went down by £7,123.45.");
    assert_page(
        pagetest_get(&officer,
                     arena_printf(t->arena, "/officer/spend/reports/compare?before=%s&after=none", first)),
        404, "");
}

static void test_only_officers_freeze_show_and_compare(void **state) {
    struct dbtest *t = *state;
    struct visitor supplier = pagetest_visitor(stage.app, t, "brook"),
                   anybody = pagetest_visitor(stage.app, t, NULL);
    with_payments(t);
    assert_page(pagetest_get(&supplier, "/officer/spend/reports/new"), 403, "");
    assert_page(pagetest_post(&supplier, "/officer/spend/reports/new", "name=Mine"), 403, "");
    assert_page(pagetest_get(&supplier, "/officer/spend/reports/compare?before=a&after=b"), 403, "");
    assert_page(pagetest_get(&anybody, "/officer/spend/reports/new"), 303, "");
    assert_number(t->c, "SELECT count(*) FROM core.spend_report", 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_an_officer_freezes_figures_and_sees_what_they_rest_on),
        T(test_a_report_says_what_it_found_and_by_what_files_and_rules),
        T(test_a_report_without_a_name_is_asked_for_one_and_nothing_is_frozen),
        T(test_the_public_sees_a_report_only_while_it_is_shown),
        T(test_why_two_reports_differ_names_the_payee_and_the_pounds),
        T(test_only_officers_freeze_show_and_compare),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
