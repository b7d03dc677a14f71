// SPDX-License-Identifier: Apache-2.0
// Promises of the payments behind a figure: each total is that of the figures to the penny, each list is
// whole and in order, nobody but officers sees it.
#include "base/money.h"
#include "http/app.h"
#include "pages/spend_payments.h"
#include "spend/cube.h"
#include "support/market.h"
#include "support/pagetest.h"
#include "support/payments.h"

#include <stdlib.h>
#include <string.h>

static struct stage stage;

static int set_up(void **state) {
    return pagetest_setup(state, &stage, NULL, NULL);
}

static int tear_down(void **state) {
    return pagetest_teardown(state, &stage);
}

// ---- suppliers that move, spellings, merges, tags that begin -------------------------------------------

static void put_place(struct ctx *c, const char *supplier, const char *kind, const char *from,
                      const char *ward) {
    dbtest_run(c,
               "INSERT INTO core.supplier_place (supplier_id, kind, from_day, postcode, ward_code, lad_code, "
               "is_local) SELECT id, '%s', '%s', 'WN1 1AA', %s, 'E08000010', %s FROM core.organisation WHERE "
               "ref = '%s'",
               kind, from, *ward ? arena_printf(c->arena, "'%s'", ward) : "NULL", *ward ? "true" : "false",
               supplier);
}

static const char *tied(struct ctx *c, const char *name, const char *supplier, const char *more) {
    return payments_add_payee(
        c, name, "tied",
        arena_printf(c->arena, "supplier_id = (SELECT id FROM core.organisation WHERE ref = '%s')%s",
                     supplier, more));
}

struct cast {
    const char *brook, *hill, *spelling, *vale, *nobody, *hidden;
};

static struct cast fill(struct ctx *c) {
    struct cast k;
    market_fill(c);
    dbtest_run(c, "UPDATE core.membership SET role = 'officer' WHERE org_id = (SELECT id FROM "
                  "core.organisation WHERE ref = 'hospital')");
    dbtest_run(c, "INSERT INTO core.ward (code, name, lad_code) VALUES ('W1', 'Brookside', 'E08000010'), "
                  "('W2', 'Hilltop', 'E08000010')");
    dbtest_run(c, "DELETE FROM core.supplier_place"); // their own addresses
    put_place(c, "hill", "registered", "0001-01-01", "");
    put_place(c, "hill", "registered", "2025-07-01", "W2"); // moved in
    put_place(c, "hill", "operations", "2025-01-01", "W1");
    put_place(c, "brook", "invoice", "0001-01-01", "W1");
    dbtest_run(
        c, "INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, score, reasons, decided_at, "
           "holds_from) SELECT id, 'vcfse', 'vcfse', 'yes', 95, 'x', now(), '2025-06-15' FROM "
           "core.organisation WHERE ref = 'brook'");
    dbtest_run(c, "INSERT INTO core.supplier_merge (from_id, into_id, at) SELECT f.id, i.id, now() FROM "
                  "core.organisation f, core.organisation i WHERE f.ref = 'vale' AND i.ref = 'brook'");
    payments_add_load(c, "LOADC", "council");
    payments_add_load(c, "LOADH", "hospital");
    k.brook = tied(c, "BROOK LTD", "brook", "");
    k.hill = tied(c, "HILL", "hill", "");
    k.spelling = payments_add_payee(c, "H1LL", "tied", arena_printf(c->arena, "same_as = %s", k.hill));
    k.vale = tied(c, "VALE", "vale", ", is_local = false, lad_code = 'E08000009', postcode = 'OL1 1AA'");
    k.nobody =
        payments_add_payee(c, "ZED", "open", "is_local = true, ward_code = 'W2', lad_code = 'E08000010'");
    k.hidden = payments_add_payee(c, "HIDDEN", "open", "redacted = true, is_local = true");
    const char *const who[] = {k.brook, k.hill, k.spelling, k.vale, k.nobody, k.hidden};
    static const char *const days[] = {"2024-04-01", "2025-03-31", "2025-06-14", "2025-06-15",
                                       "2025-06-30", "2025-07-01", "2026-03-31"};
    for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
        for (size_t d = 0; d < sizeof days / sizeof *days; d++) {
            long long pence = (long long)(1 + i * 7 + d) * 1017 + (1ll << (i + d + 5));
            payments_add(c, &(struct test_payment){.load = (i + d) % 2 ? "LOADC" : "LOADH",
                                                   .payee = who[i],
                                                   .day = days[d],
                                                   .pence = (i + d) % 5 == 4 ? -pence : pence,
                                                   .flow = (i + d) % 5 == 4 ? ANC_FLOW_CREDIT
                                                           : d % 2          ? ANC_FLOW_GRANT
                                                                            : ANC_FLOW_PROCUREMENT,
                                                   .not_counted = i == 4 && d == 3});
        }
    }
    return k;
}

static struct visitor officer(struct dbtest *t) {
    return pagetest_visitor(stage.app, t, "hospital");
}

// ---- ties -----------------------------------------------------------------------------------------------

// The figure of a slice, from memory.
static struct anc_sum figure(struct dbtest *t, const struct anc_slice *slice) {
    struct cube *k = cube_new();
    const struct cube_view *v;
    uint32_t n = 0;
    const struct anc_sum *rows;
    assert_err(t->c, cube_pin(t->c, k, &v), ERR_OK);
    assert_err(t->c, cube_slice(t->c, v, slice, &n, &rows), ERR_OK);
    struct anc_sum sum = n ? rows[0] : (struct anc_sum){.pence = 0};
    cube_unpin(v);
    cube_free(k);
    return sum;
}

static void assert_tie(struct dbtest *t, struct visitor *v, const char *query,
                       const struct anc_slice *slice) {
    struct anc_sum want = figure(t, slice);
    char money[MONEY_TEXT_BYTES];
    money_format(want.pence, money);
    struct page p = pagetest_get(v, arena_printf(t->arena, "/officer/spend/payments?%s", query));
    assert_page(p, 200, arena_printf(t->arena, "anc-figure__value--exact\">%s<", money));
    assert_page(p, 200, arena_printf(t->arena, "anc-figure__value--exact\">%lld<", (long long)want.lines));
    struct page csv = pagetest_get(v, arena_printf(t->arena, "/officer/spend/payments.json?%s", query));
    assert_page(csv, 200, NULL);
    long long sum = 0;
    for (const char *at = csv.body; (at = strstr(at, "\"paid_pence\":")); at++) {
        sum += strtoll(at + strlen("\"paid_pence\":"), NULL, 10);
    }
    assert_int_equal(sum, want.pence); // the lines themselves add up to it
}

static void test_every_place_tag_and_rule_ties_to_the_penny_with_the_figures(void **state) {
    struct dbtest *t = *state;
    fill(t->c);
    struct visitor v = officer(t);
    static const char *const places[] = {"local", "elsewhere", "unknown", ""};
    static const char *const tags[] = {"yes", "policy", "review", "no", "unknown", ""};
    static const char *const rules[] = {"", "registered", "operations"};
    for (int rule = 0; rule < 3; rule++) {
        for (unsigned place = 0; place < 4; place++) {
            for (unsigned tag = 0; tag < 6; tag += place == 3 ? 1 : 5) {
                struct anc_slice s = {.size = sizeof s,
                                      .rule = rule,
                                      .places = place < 3 ? 1u << place : 0,
                                      .vcfse = tag < 5 ? 1u << tag : 0,
                                      .anchor_ref = "",
                                      .ward = "",
                                      .area = "",
                                      .sector = "",
                                      .payee = "",
                                      .category = ""};
                assert_tie(t, &v,
                           arena_printf(t->arena, "rule=%s&place=%s&vcfse=%s", rules[rule], places[place],
                                        tags[tag]),
                           &s);
            }
        }
    }
}

static void test_years_months_anchors_wards_flows_and_suppliers_tie_too(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    struct visitor v = officer(t);
    struct anc_slice all = {.size = sizeof all,
                            .anchor_ref = "",
                            .ward = "",
                            .area = "",
                            .sector = "",
                            .payee = "",
                            .category = ""},
                     s = all;
    assert_tie(t, &v, "", &s);
    s.from_year = s.to_year = 2025;
    assert_tie(t, &v, "year=2025", &s);
    s.anchor_ref = "council";
    assert_tie(t, &v, "year=2025&anchor=council", &s);
    s = all;
    s.from_month = s.to_month = 2025 * 12 + 5;
    assert_tie(t, &v, "month=2025-06", &s);
    s.places = 1u << ANC_PLACE_LOCAL;
    assert_tie(t, &v, "month=2025-06&place=local", &s);
    s = all;
    s.ward = "W2";
    assert_tie(t, &v, "ward=W2", &s);
    s = all;
    s.flows = 1u << ANC_FLOW_CREDIT;
    assert_tie(t, &v, "flow=credit", &s);
    s.flows = 1u << ANC_FLOW_GRANT;
    s.vcfse = 1u << ANC_VCFSE_YES;
    assert_tie(t, &v, "flow=grant&vcfse=yes", &s);
    s = all;
    s.payee = "brook"; // with vale, which was merged into it
    assert_tie(t, &v, "supplier=brook", &s);
    s.payee = "hill"; // with its spelling
    assert_tie(t, &v, "supplier=hill&place=", &s);
    s.places = 1u << ANC_PLACE_LOCAL;
    assert_tie(t, &v, "supplier=hill&place=local", &s);
    s = all;
    s.payee = arena_printf(t->arena, "p%s", k.nobody);
    assert_tie(t, &v, arena_printf(t->arena, "payee=p%s", k.nobody), &s);
}

// A choice at random, as the public page and its address can have it.
static struct anc_slice any_choice(uint32_t *seed) {
    static const char *const anchors[] = {"", "", "council", "hospital"},
                             *const wards[] = {"", "", "W1", "W2"},
                             *const sectors[] = {"", "", "food", "care"},
                             *const classes[] = {"", "", "", "housing"};
    uint32_t n[9];
    for (size_t i = 0; i < sizeof n / sizeof *n; i++) {
        *seed = *seed * 1103515245u + 12345u;
        n[i] = *seed >> 16;
    }
    return (struct anc_slice){.size = sizeof(struct anc_slice),
                              .from_year = n[0] % 3 ? 2024 + (int32_t)(n[0] % 2) : 0,
                              .to_year = n[0] % 3 ? 2025 : 0,
                              .flows = n[1] % 2 ? n[1] / 2 % 512 : 0,
                              .places = n[2] % 2 ? n[2] / 2 % 8 : 0,
                              .vcfse = n[3] % 2 ? n[3] / 2 % 32 : 0,
                              .sizes = n[4] % 3 ? 0 : n[4] / 3 % 16,
                              .rule = (int32_t)(n[5] % 3),
                              .anchor_ref = anchors[n[6] % 4],
                              .ward = wards[n[6] / 4 % 4],
                              .sector = sectors[n[7] % 4],
                              .vcfse_classes = classes[n[8] % 4],
                              .area = "",
                              .payee = "",
                              .category = ""};
}

static void test_the_address_of_any_choice_opens_its_payments_to_the_penny(void **state) {
    struct dbtest *t = *state;
    fill(t->c);
    dbtest_run(t->c, "UPDATE core.supplier SET sector = 'food', size = 'small' WHERE id = (SELECT id FROM "
                     "core.organisation WHERE ref = 'brook')");
    dbtest_run(t->c, "UPDATE core.supplier SET sector = 'care', size = 'large' WHERE id = (SELECT id FROM "
                     "core.organisation WHERE ref = 'hill')");
    dbtest_run(
        t->c,
        "INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, policy_class, score, reasons, "
        "decided_at) SELECT id, 'vcfse', 'vcfse', 'policy', 'housing', 60, 'x', now() FROM "
        "core.organisation WHERE ref = 'hill'");
    struct visitor v = officer(t);
    struct req r = {.c = {.arena = t->arena}};
    uint32_t seed = 20261122;
    for (int i = 0; i < 60; i++) {
        struct anc_slice s = any_choice(&seed);
        const char *address = payments_address(&r, &s), *query = strchr(address, '?');
        assert_tie(t, &v, query ? query + 1 : "", &s);
        if (i == 30) { // a tie is undone, a merge too
            dbtest_run(t->c, "UPDATE core.supplier_merge SET undone_at = now()");
            dbtest_run(t->c,
                       "UPDATE core.payee SET supplier_id = NULL, match_state = 'open' WHERE name = 'HILL'");
        }
    }
}

static void test_every_choice_of_the_public_page_leads_officers_to_its_payments(void **state) {
    struct dbtest *t = *state;
    fill(t->c);
    struct visitor v = officer(t);
    static const char *const asked[] = {"?year=2024", "?year=2024&to=2025&vcfse=yes",
                                        ("?year=2024&to=2025&anchor=council&flow=grant&place=local&ward=W1"
                                         "&rule=operations&size=sme&vcfse=no&sector=food")},
                             *const led[] = {"?year=2024", "?year=2024&amp;to=2025&amp;vcfse=yes"};
    for (size_t i = 0; i < 2; i++) {
        struct page p = pagetest_get(&v, arena_printf(t->arena, "/spend%s", asked[i]));
        assert_page(p, 200, arena_printf(t->arena, "href=\"/officer/spend/payments%s\"", led[i]));
    }
    struct page p = pagetest_get(&v, arena_printf(t->arena, "/spend%s", asked[2]));
    assert_page(p, 200,
                "href=\"/officer/spend/payments?year=2024&amp;to=2025&amp;anchor=council&amp;flow=grant");
    assert_page(p, 200, "vcfse=rest");
    assert_page(p, 200, "size=sme");
}

// ---- lines ----------------------------------------------------------------------------------------------

static void test_pages_follow_each_other_without_a_gap_or_a_line_twice(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    for (int i = 0; i < 120; i++) {
        payments_add(t->c, &(struct test_payment){.load = i % 3 ? "LOADC" : "LOADH",
                                                  .payee = k.brook,
                                                  .day = "2025-09-09",
                                                  .pence = 100000000 + i % 4});
    }
    struct visitor v = officer(t);
    static const char *const sorts[] = {"", "&sort=largest"};
    for (size_t s = 0; s < 2; s++) {
        const char *next = arena_printf(t->arena, "/officer/spend/payments?supplier=brook%s", sorts[s]);
        int pages = 0, lines = 0;
        for (; next; pages++) {
            struct page p = pagetest_get(&v, next);
            assert_page(p, 200, "Payments to Firm brook");
            for (const char *at = p.body;
                 (at = strstr(at, "<tr class=\"govuk-table__row\"><th scope=\"row\"")); at++) {
                lines++;
            }
            const char *link = strstr(p.body, "rel=\"next\"");
            const char *href = link;
            while (link && strncmp(href, "href=\"", 6) != 0) {
                href--;
            }
            next = link ? arena_strndup(t->arena, href + 6, strcspn(href + 6, "\"")) : NULL;
            for (char *amp; next && (amp = strstr(next, "&amp;"));) {
                next = arena_printf(t->arena, "%.*s&%s", (int)(amp - next), next, amp + 5);
            }
        }
        assert_int_equal(lines, 120 + 14);
        assert_int_equal(pages, 3);
    }
    assert_page(pagetest_get(&v, "/officer/spend/payments?after=1.2"), 404, NULL);
    assert_page(pagetest_get(&v, "/officer/spend/payments?after=1.2.99999999999"), 404, NULL);
}

// The sums say that there are very many payments, more than are read while somebody waits.
static void test_while_many_payments_are_read_in_sums_are_there_and_nobody_waits(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    dbtest_run(t->c,
               "UPDATE core.spend_sum SET line_count = line_count + 500000 WHERE ctid = (SELECT ctid FROM "
               "core.spend_sum WHERE payee_id = %s LIMIT 1)",
               k.nobody);
    struct visitor v = officer(t);
    assert_err(t->c, cube_tend(t->c, stage.app->cube), ERR_OK); // somebody reads in the background
    struct page p = pagetest_get(&v, "/officer/spend/payments?place=local");
    assert_page(p, 200, "Single payments are being read in");
    assert_page(p, 200, "paid, credits taken off");
    assert_page(p, 200, "href=\"/officer/spend/payments?place=local\">Look again");
    p = pagetest_get(&v, "/officer/spend/payments?month=2025-06");
    assert_page(p, 200, "Figures for this choice, and the list, will be here in a few seconds");
    assert_null(strstr(p.body, "paid, credits taken off"));
}

static void test_a_payment_that_stands_in_two_files_says_where_it_counts(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    payments_add_load(t->c, "LATER", "council");
    payments_add(t->c, &(struct test_payment){
                           .load = "LOADC", .payee = k.brook, .day = "2025-05-05", .pence = 777700});
    payments_add(
        t->c,
        &(struct test_payment){
            .load = "LATER", .payee = k.brook, .day = "2025-05-05", .pence = 777700, .not_counted = true});
    struct visitor v = officer(t);
    struct page p = pagetest_get(&v, "/officer/spend/payments?load=LATER&counted=same");
    assert_page(p, 200, "£7,777.00");
    assert_page(p, 200, "LATER.csv</a>, line 1. Same as in LOADC.csv");
    assert_page(pagetest_get(&v, "/officer/spend/payments?load=LATER"), 200, "No payment fits all of this");
}

static void test_csv_says_date_name_amount_file_line_and_guards_formulas(void **state) {
    struct dbtest *t = *state;
    struct cast k = fill(t->c);
    dbtest_run(t->c, "UPDATE core.payee SET name = '=HYPERLINK(1)' WHERE id = %s", k.nobody);
    struct visitor v = officer(t);
    struct page p = pagetest_get(
        &v, arena_printf(t->arena, "/officer/spend/payments.csv?payee=%s&month=2025-07", k.nobody));
    assert_page(p, 200, "2025-07-01,'=HYPERLINK(1),");
    assert_page(p, 200, "Catering,Lunches,Adults,Body ");
    assert_page(p, 200, "In the area, Hilltop");
}

// ---- refusals -------------------------------------------------------------------------------------------

static void test_what_does_not_exist_is_not_found_or_not_chosen(void **state) {
    struct dbtest *t = *state;
    fill(t->c);
    struct visitor v = officer(t);
    assert_page(pagetest_get(&v, "/officer/spend/payments?payee=999"), 404, NULL);
    assert_page(pagetest_get(&v, "/officer/spend/payments?payee=x"), 404, NULL);
    assert_page(pagetest_get(&v, "/officer/spend/payments?payee=p"), 404, NULL);
    assert_page(pagetest_get(&v, "/officer/spend/payments?supplier=ghost"), 404, NULL);
    assert_page(pagetest_get(&v, "/officer/spend/payments?load=ghost"), 404, NULL);
    assert_page(
        pagetest_get(
            &v, "/officer/spend/payments?year=1066&month=2025-13&place=moon&flow=-1&ward=X&rule=law&vcfse=2"),
        200, "41 payments");
}

static void test_without_payments_the_page_says_so(void **state) {
    struct dbtest *t = *state;
    market_fill(t->c);
    dbtest_run(t->c, "UPDATE core.membership SET role = 'officer'");
    struct visitor v = officer(t);
    assert_page(pagetest_get(&v, "/officer/spend/payments"), 200, "No payment has been loaded yet");
    assert_page(pagetest_get(&v, "/officer/spend/payments.csv"), 200, "Date,");
}

static void test_nobody_but_officers_sees_payments(void **state) {
    struct dbtest *t = *state;
    fill(t->c);
    struct visitor buyer = pagetest_visitor(stage.app, t, "council"),
                   supplier = pagetest_visitor(stage.app, t, "brook"),
                   nobody = pagetest_visitor(stage.app, t, NULL);
    assert_page(pagetest_get(&buyer, "/officer/spend/payments"), 403, NULL);
    assert_page(pagetest_get(&supplier, "/officer/spend/payments.csv"), 403, NULL);
    assert_page(pagetest_get(&supplier, "/officer/spend/payments?supplier=brook"), 403, NULL);
    assert_page(pagetest_get(&nobody, "/officer/spend/payments"), 303, NULL);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_every_place_tag_and_rule_ties_to_the_penny_with_the_figures),
        T(test_years_months_anchors_wards_flows_and_suppliers_tie_too),
        T(test_the_address_of_any_choice_opens_its_payments_to_the_penny),
        T(test_every_choice_of_the_public_page_leads_officers_to_its_payments),
        T(test_pages_follow_each_other_without_a_gap_or_a_line_twice),
        T(test_while_many_payments_are_read_in_sums_are_there_and_nobody_waits),
        T(test_a_payment_that_stands_in_two_files_says_where_it_counts),
        T(test_csv_says_date_name_amount_file_line_and_guards_formulas),
        T(test_what_does_not_exist_is_not_found_or_not_chosen),
        T(test_without_payments_the_page_says_so),
        T(test_nobody_but_officers_sees_payments),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
