// SPDX-License-Identifier: Apache-2.0
// Promises of the officers' pages of payments files, through the real routes, the real plugin and the real
// worker: nothing counts before a person has looked, every question is asked, nothing chosen is lost.
#include "base/conf.h"
#include "base/strb.h"
#include "jobs/importer.h"
#include "plugin/host.h"
#include "support/folder.h"
#include "support/market.h"
#include "support/pagetest.h"
#include "support/plugtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATA SOURCE_DIR "/tests/data/spend/"

static struct arena *app_arena;
static const struct app *app;
static struct plugtest plugins;
static char folder[64], spool[80];
static _Atomic bool stopping;

// ---- set up ---------------------------------------------------------------------------------------------

static int set_up(void **state) {
    int rc = dbtest_setup(state);
    struct ctx *c = ((struct dbtest *)*state)->c;
    snprintf(folder, sizeof folder, "%s/anchorage-pages-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(folder));
    snprintf(spool, sizeof spool, "%s/spool", folder);
    assert_int_equal(mkdir(spool, 0700), 0);
    assert_null(conf_set("data.dir", folder));
    plugins = plugtest_start(c, BINARY_DIR "/plugins", "local_spend");
    app_arena = arena_new((size_t)64 * 1024 * 1024);
    app = pagetest_app(app_arena, plugins.host);
    return rc;
}

static int tear_down(void **state) {
    arena_free(app_arena);
    plugtest_stop(&plugins, ((struct dbtest *)*state)->c);
    folder_remove(folder);
    conf_reset();
    return dbtest_teardown(state);
}

static struct visitor officer(struct dbtest *t) {
    market_fill(t->c);
    dbtest_run(t->c, "UPDATE core.membership SET role = 'officer' WHERE org_id = (SELECT id FROM "
                     "core.organisation WHERE ref = 'hospital')");
    return pagetest_visitor(app, t, "hospital");
}

// An upload stands in the data folder, as the server puts it there; pages move it.
static const char *place(struct dbtest *t, const char *name, const char *text) {
    char *path = arena_printf(t->arena, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_true(f && fwrite(text, 1, strlen(text), f) == strlen(text));
    fclose(f);
    return path;
}

static const char *content(struct dbtest *t, const char *path) {
    char *text = arena_alloc(t->arena, 65536);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    text[fread(text, 1, 65535, f)] = 0;
    fclose(f);
    return text;
}

static const char *bring_text(struct visitor *v, const char *form, const char *name, const char *text) {
    struct page p = pagetest_upload(v, "/officer/spend", form, "file", place(v->t, name, text));
    assert_page(p, 303, "/officer/spend/imports/");
    return p.location;
}

static const char *bring(struct visitor *v, const char *name) {
    const char *text = content(v->t, arena_printf(v->t->arena, "%s%s", DATA, name));
    return bring_text(v, "anchor=council&kind=payments", name, text);
}

// What the worker of the server does.
static void work(struct dbtest *t) {
    struct ctx *c = dbtest_new_ctx(t);
    struct importer *i = importer_new(t->conninfo, spool, &importer_real, &stopping);
    bool more = true;
    c->plugins = t->c->plugins;
    for (int n = 0; more && n < 20; n++) {
        assert_err(c, importer_next(i, c, &more), ERR_OK);
    }
    importer_free(i);
    dbtest_free_ctx(c);
}

static const char *ready(struct visitor *v, const char *name) {
    const char *at = bring(v, name);
    work(v->t);
    return at;
}

static const char *at_load(struct visitor *v, const char *at) {
    return arena_printf(v->t->arena, "%s/load", at);
}

// Loads what is ready and gives the address of the load.
static const char *load(struct visitor *v, const char *at, const char *form) {
    assert_page(pagetest_post(v, at_load(v, at), form), 303, at);
    work(v->t);
    struct page p = pagetest_get(v, at);
    assert_page(p, 303, "/officer/spend/loads/");
    return p.location;
}

static const char *loads(struct dbtest *t) {
    return dbtest_value(t->c, "SELECT count(*) FROM core.spend_load");
}

// ---- from upload to result --------------------------------------------------------------------------------

static void test_an_upload_is_shown_before_anything_is_stored(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *at = bring(&v, "four_columns.csv");
    struct page p = pagetest_get(&v, at);
    assert_page(p, 200, "Reading the file");
    assert_page(p, 200, "<progress");
    work(t);
    p = pagetest_get(&v, at);
    assert_page(p, 200, "£116,850.60");
    assert_page(p, 200, "Nothing is stored yet");
    assert_page(p, 200, "Marl Lane Plumbing Ltd");
    assert_page(p, 200, "#REF!"); // the row that is not taken, and why
    assert_page(p, 200, "Amount (Net of VAT)");
    assert_page(pagetest_get(&v, at), 200, "Download these rows as CSV");
    assert_page(pagetest_get(&v, arena_printf(t->arena, "%s/rows.csv", at)), 200, "10,");
    assert_string_equal(loads(t), "0");
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.payee"), "0");
    assert_page(pagetest_get(&v, "/officer/spend"), 200, "Ready for you to check");
}

static void test_the_button_loads_it_and_the_result_ties_to_the_penny(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *at = ready(&v, "four_columns.csv");
    assert_page(pagetest_post(&v, at_load(&v, at), "replaces=none"), 303, at);
    assert_page(pagetest_get(&v, at), 200, "Loading the payments");
    assert_page(pagetest_post(&v, at_load(&v, at), "replaces=none"), 303, at); // twice is once
    work(t);
    struct page p = pagetest_get(&v, at);
    assert_page(p, 303, "/officer/spend/loads/");
    const char *result = p.location;
    p = pagetest_get(&v, result);
    assert_page(p, 200, "£116,850.60");
    assert_page(p, 200, "every payment has its own date");
    assert_page(p, 200, "Far Away Software PLC"); // the largest without a supplier, for officers
    assert_page(pagetest_get(&v, arena_printf(t->arena, "%s/rows.csv", result)), 200, "10,");
    assert_string_equal(loads(t), "1");
    assert_page(pagetest_get(&v, "/officer/spend"), 200, "four_columns.csv");
    assert_page(pagetest_get(&v, "/officer/spend/loads.csv"), 200, "four_columns.csv,Body council,payments,");
    assert_page(pagetest_get(&v, "/officer/spend/loads.json"), 200, "\"total_pence\":11685060");
}

static void test_taking_a_file_back_asks_first_and_then_leaves_nothing(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *at = ready(&v, "four_columns.csv"), *result = load(&v, at, "replaces=none");
    const char *back = arena_printf(t->arena, "%s/take-back", result);
    assert_page(pagetest_get(&v, back), 200, "Take four_columns.csv back?");
    assert_string_equal(loads(t), "1"); // asking is not doing
    assert_page(pagetest_post(&v, back, ""), 303, "/officer/spend");
    assert_string_equal(loads(t), "0");
    assert_page(pagetest_get(&v, result), 404, NULL);
    assert_page(pagetest_post(&v, back, ""), 404, NULL);
    assert_page(pagetest_get(&v, at), 200, "taken back");
}

static void test_the_list_of_loads_has_filters_that_may_be_nonsense(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    load(&v, ready(&v, "four_columns.csv"), "replaces=none");
    assert_page(pagetest_get(&v, "/officer/spend?anchor=council&year=2025&sort=largest&q=four"), 200,
                "four_columns.csv");
    assert_page(pagetest_get(&v, "/officer/spend?anchor=hospital"), 200, "No file fits these filters");
    assert_page(pagetest_get(&v, "/officer/spend?year=1999"), 200, "No file fits these filters");
    assert_page(pagetest_get(&v, "/officer/spend?q=%25"), 200, "No file fits these filters");
    assert_page(pagetest_get(&v, "/officer/spend?year=' OR 1=1&anchor=x&sort=y&page=99"), 200,
                "four_columns.csv");
}

static void assert_all_rows(struct page p) {
    int lines = 0;
    for (const char *s = p.body; (s = strchr(s, '\n')); s++) {
        lines++;
    }
    assert_int_equal(lines, 301); // with the headings
    assert_page(p, 200, "\n2995,");
}

static void test_every_row_that_is_not_taken_comes_as_csv(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    struct strb b;
    strb_init(&b, (size_t)1024 * 1024);
    strb_puts(&b, "Beneficiary,Date,Amount\n");
    for (int i = 0; i < 3000; i++) {
        strb_printf(&b, "Marl Lane Plumbing Ltd,17/06/2025,%s\n", i % 10 == 3 ? "#REF!" : "12.50");
    }
    const char *at = bring_text(&v, "anchor=council&kind=payments", "long.csv", b.p);
    strb_free(&b);
    work(t);
    assert_page(pagetest_get(&v, at), 200, "The first 10 of 300 are shown");
    assert_all_rows(pagetest_get(&v, arena_printf(t->arena, "%s/rows.csv", at)));
    const char *result = load(&v, at, "replaces=none");
    assert_page(pagetest_get(&v, result), 200, "Download these rows as CSV");
    assert_all_rows(pagetest_get(&v, arena_printf(t->arena, "%s/rows.csv", result)));
}

static void test_vat_that_cannot_be_reclaimed_is_told_from_the_files_own_total(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *at = bring_text(&v, "anchor=council&kind=payments", "vat.csv",
                                "Supplier,Payment Date,Net Amount,Irrecoverable VAT\n"
                                "Marl Lane Plumbing Ltd,17/06/2025,1000.00,200.00\n"
                                "Fold Street Club,18/06/2025,50.00,0.00\n");
    work(t);
    struct page p = pagetest_get(&v, at);
    assert_page(p, 200,
                "£1,050.00</span> <span class=\"anc-figure__label\">is the sum of the file’s amounts");
    assert_page(p, 200, "With £200.00 of VAT that cannot be reclaimed, £1,250.00 counts");
    p = pagetest_get(&v, load(&v, at, "replaces=none"));
    assert_page(p, 200, "£200.00 on top of the file’s amounts: £1,250.00 is what counts in every figure");
    assert_int_equal(dbtest_number(t->c, "SELECT sum(amount_pence) FROM core.spend_sum"), 125000);
}

// ---- decisions ------------------------------------------------------------------------------------------

static void test_payments_without_a_date_need_a_month_before_they_are_loaded(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *at = ready(&v, "no_dates.csv");
    assert_page(pagetest_get(&v, at), 200, "no date that can be used");
    struct page p = pagetest_post(&v, at_load(&v, at), "replaces=none&col_payee=0");
    assert_page(p, 422, "Choose the month these payments are from");
    assert_page(p, 422, "id=\"month-error\"");
    assert_page(p, 422, "£300.30"); // the preview is still there
    const char *month = dbtest_value(t->c, "SELECT to_char(now() - interval '2 months', 'YYYY-MM')");
    p = pagetest_get(&v, load(&v, at, arena_printf(t->arena, "replaces=none&month=%s", month)));
    assert_page(p, 200, "They count in the month you chose.");
    assert_string_equal(dbtest_value(t->c, "SELECT to_char(first_day, 'YYYY-MM') FROM core.spend_load"),
                        month);
}

static void test_cautions_stand_first_and_a_month_in_the_name_is_only_chosen_already(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *at = bring_text(&v, "anchor=council&kind=payments", "payments-march-2024.csv",
                                "Supplier,Gross Amount,Document Type\nAsh Ltd,100.00,Invoice\n"
                                "Elm Ltd,20.30,Credit Note\n");
    work(t);
    struct page p = pagetest_get(&v, at);
    const char *first = strstr(p.body, "calls one line a credit note"), *then = strstr(p.body, "include VAT");
    assert_true(first && then && first < then);
    assert_page(p, 200, "Gross Amount: with VAT");
    assert_page(p, 200, "<option value=\"2024-03\" selected>March 2024</option>");
    assert_page(pagetest_post(&v, at_load(&v, at), "replaces=none&col_payee=0"), 422, "Choose the month");
}

static void test_the_same_payments_in_two_files_count_once_unless_told_otherwise(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    load(&v, ready(&v, "four_columns.csv"), "replaces=none");
    const char *more = arena_printf(t->arena, "%s", content(t, DATA "four_columns.csv"));
    more = arena_printf(t->arena, "%.*sNew Payee Ltd,02/03/2026,Catering,10.00\n",
                        (int)(strstr(more, "Total,") - more), more);
    const char *at = bring_text(&v, "anchor=council&kind=payments", "year.csv", more);
    work(t);
    assert_page(pagetest_get(&v, at), 200, "£116,850.60 in all, are also in ");
    assert_page(pagetest_post(&v, at_load(&v, at), "replaces=none"), 422,
                "Say whether these are the same payments or others");
    assert_page(pagetest_post(&v, at_load(&v, at), "replaces=none&overlap=twice"), 422,
                "id=\"overlap-error\"");
    struct page p = pagetest_get(&v, load(&v, at, "replaces=none&overlap=once"));
    assert_page(p, 200, "They count there, and not a second time here.");
    assert_string_equal(dbtest_value(t->c, "SELECT sum(amount_pence) FROM core.spend_sum"), "11686060");
}

static void test_hidden_names_are_told_with_the_payments_that_count_and_not_all_of_the_file(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
#define HIDDEN_TWO "Supplier,Payment Date,Net Amount\nREDACTED,03/02/2025,100.00\nREDACTED,04/02/2025,20.00\n"
    const char *at = bring_text(&v, "anchor=council&kind=payments", "february.csv",
                                HIDDEN_TWO "Marl Lane Plumbing Ltd,05/02/2025,7.00\n");
    work(t);
    load(&v, at, "replaces=none");
    at = bring_text(&v, "anchor=council&kind=payments", "year.csv",
                    HIDDEN_TWO "REDACTED,06/02/2025,3.00\nFold Street Club,07/02/2025,9.00\n");
    work(t);
    struct page p = pagetest_get(&v, load(&v, at, "replaces=none&overlap=once"));
    assert_page(p, 200, "£3.00 (25.0%), payments that count: 1;");
}

static void test_a_mended_file_takes_the_place_of_the_one_before(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *first = load(&v, ready(&v, "four_columns.csv"), "replaces=none");
    const char *ref = strrchr(first, '/') + 1;
    const char *at = ready(&v, "four_columns.csv"); // the very same
    assert_page(pagetest_get(&v, at), 200, "This same file was loaded on");
    assert_page(pagetest_post(&v, at_load(&v, at), "replaces=none"), 422, "id=\"replaces-error\"");
    const char *second = load(&v, at, arena_printf(t->arena, "replaces=%s", ref));
    assert_string_not_equal(second, first);
    assert_page(pagetest_get(&v, first), 404, NULL);
    assert_string_equal(loads(t), "1");
    assert_string_equal(dbtest_value(t->c, "SELECT sum(amount_pence) FROM core.spend_sum"), "11685060");
}

// ---- refused, settled, removed --------------------------------------------------------------------------

static void test_a_register_of_contracts_is_refused_with_what_stands_in_it(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *at = ready(&v, "register_of_contracts.csv");
    struct page p = pagetest_get(&v, at);
    assert_page(p, 200, "register of contracts");
    assert_page(p, 200, "Contract Value"); // its first rows, so that a person can see why
    assert_null(strstr(p.body, "Load these payments"));
    assert_page(pagetest_post(&v, at_load(&v, at), "replaces=none"), 303, at);
    assert_string_equal(loads(t), "0");
    assert_page(pagetest_get(&v, ready(&v, "no_table.csv")), 200, "cannot be loaded as it is");
}

static void test_columns_a_person_settles_are_used_and_remembered(void **state) {
    static const char odd[] = "Thing one,Thing two,Thing three\nMarl Lane Plumbing Ltd,17/06/2025,12.50\n"
                              "Quarry Bank Coaches Ltd,18/06/2025,7.50\n";
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *at = bring_text(&v, "anchor=council&kind=payments", "odd.csv", odd);
    const char *columns = arena_printf(t->arena, "%s/columns", at);
    work(t);
    assert_page(pagetest_post(&v, columns, "col_amount=2&head_rows=1"), 422,
                "Choose the column that says who was paid");
    assert_page(pagetest_post(&v, columns, "col_payee=0&col_amount=77&head_rows=1"), 422,
                "id=\"col_amount-error\"");
    assert_page(pagetest_post(&v, columns, "col_payee=0&col_amount=2&col_date=1&head_rows=99"), 422,
                "one of the first 40");
    assert_page(pagetest_post(&v, columns, "col_payee=0&col_amount=2&col_date=1&head_rows=1&kind=payments"),
                303, at);
    work(t);
    assert_page(pagetest_get(&v, at), 200, "£20.00");
    assert_page(pagetest_get(&v, "/officer/spend/columns"), 200, "Thing one, Thing two, Thing three");
    const char *id = dbtest_value(t->c, "SELECT id FROM core.spend_profile");
    const char *forget = arena_printf(t->arena, "/officer/spend/columns/%s/forget", id);
    assert_page(pagetest_post(&v, forget, ""), 303, "/officer/spend/columns");
    assert_page(pagetest_post(&v, forget, ""), 404, NULL);
    assert_page(pagetest_post(&v, "/officer/spend/columns/abc/forget", ""), 404, NULL);
    assert_page(pagetest_get(&v, "/officer/spend/columns"), 200, "Nothing is remembered yet");
    // The same from the page of the file: what was settled for it goes too.
    static const char settled[] = "col_payee=0&col_amount=2&col_date=1&head_rows=1&kind=payments";
    assert_page(pagetest_post(&v, columns, settled), 303, at);
    work(t);
    assert_page(pagetest_get(&v, at), 200, "Forget them and read the file as it is found");
    assert_page(pagetest_post(&v, arena_printf(t->arena, "%s/found", at), ""), 303, at);
    work(t);
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.spend_profile"), "0");
    assert_null(strstr(pagetest_get(&v, at).body, "Forget them and read"));
}

static void test_a_file_can_be_removed_and_then_says_so(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *at = ready(&v, "four_columns.csv"), *drop = arena_printf(t->arena, "%s/drop", at);
    assert_page(pagetest_post(&v, drop, ""), 303, "/officer/spend");
    assert_page(pagetest_get(&v, at), 200, "None of its payments were stored");
    assert_page(pagetest_post(&v, drop, ""), 303, at); // once is enough
    assert_page(pagetest_post(&v, at_load(&v, at), "replaces=none"), 303, at);
    work(t);
    assert_string_equal(loads(t), "0");
}

// ---- what an agency paid on ------------------------------------------------------------------------------

#define PAID_ON                                                                                              \
    "Bench Staffing Ltd: agencies paid on behalf of the council\n\n"                                         \
    "Week Ending,Payment Date,Neutral Vendor,End Supplier,End Supplier Postcode,Job Category,Net Amount "    \
    "(£)\n"

static void test_a_tier_2_file_goes_through_the_pages_and_counts_nothing_twice(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *at =
        bring_text(&v, "anchor=council&kind=payments", "payments.csv",
                   "Supplier,Payment Date,Net Amount\n"
                   "Bench Staffing Ltd,30/04/2025,\"1,000.00\"\nFold Street Club,30/04/2025,50.00\n");
    work(t);
    load(&v, at, "replaces=none");
    static const char paid_on[] =
        PAID_ON "06/04/2025,25/04/2025,Bench Staffing Ltd,Thimble Row CIC,WN1 1AA,Care,600.00\n"
                "13/04/2025,25/04/2025,Bench Staffing Ltd,Marl Lane Plumbing Ltd,,Works,150.50\n"
                "\nTotal,,,,,,750.50\n";
    at = bring_text(&v, "anchor=council&kind=payments", "paid-on.csv", paid_on);
    work(t);
    assert_page(pagetest_get(&v, at), 200, "Load it as a tier-2 file");
    assert_page(pagetest_post(&v, arena_printf(t->arena, "%s/drop", at), ""), 303, "/officer/spend");
    at = bring_text(&v, "anchor=council&kind=tier2", "paid-on.csv", paid_on);
    work(t);
    struct page p = pagetest_get(&v, at);
    assert_page(p, 200, "Check before loading: tier 2 payments");
    assert_page(p, 200, "£750.50");
    p = pagetest_get(&v, load(&v, at, "replaces=none"));
    assert_page(p, 200, "Tier 2 payments of");
    // What the council paid in all stays; of the agency's £1,000 the rest is its own.
    assert_string_equal(dbtest_value(t->c, "SELECT sum(amount_pence) FROM core.spend_sum"), "105000");
    assert_string_equal(
        dbtest_value(t->c, "SELECT string_agg(p.name || ' ' || x.pence, ', ' ORDER BY p.name) FROM "
                           "(SELECT payee_id, sum(amount_pence) AS pence FROM core.spend_sum GROUP BY "
                           "payee_id) x JOIN core.payee p ON p.id = x.payee_id"),
        "Bench Staffing Ltd 24950, Fold Street Club 5000, Marl Lane Plumbing Ltd 15050, "
        "Thimble Row CIC 60000");
    // More than the agency got is refused with a sentence.
    at = bring_text(&v, "anchor=council&kind=tier2", "too-much.csv",
                    PAID_ON "20/04/2025,28/04/2025,Bench Staffing Ltd,Thimble Row CIC,WN1 1AA,Care,249.51\n");
    work(t);
    assert_page(pagetest_post(&v, at_load(&v, at), "replaces=none"), 303, at);
    work(t);
    assert_page(pagetest_get(&v, at), 200, "Bench Staffing Ltd");
    assert_string_equal(loads(t), "2");
}

static void test_payments_put_into_a_month_meet_the_same_ones_in_a_file_with_dates(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *month = dbtest_value(t->c, "SELECT to_char(now() - interval '2 months', 'YYYY-MM')");
    const char *at =
        bring_text(&v, "anchor=council&kind=payments", "undated.csv",
                   "Supplier,Net Amount\nMarl Lane Plumbing Ltd,100.00\nFold Street Club,50.00\n");
    work(t);
    load(&v, at, arena_printf(t->arena, "replaces=none&month=%s", month));
    // The same payments, now with their days, and one more.
    at = bring_text(&v, "anchor=council&kind=payments", "dated.csv",
                    arena_printf(t->arena,
                                 "Supplier,Payment Date,Net Amount\nMarl Lane Plumbing Ltd,%s-17,100.00\n"
                                 "Fold Street Club,%s-09,50.00\nFold Street Club,%s-09,7.00\n",
                                 month, month, month));
    work(t);
    struct page p = pagetest_get(&v, at);
    assert_page(p, 200, "2 of the 3 payments in this file, £150.00 in all, are also in undated.csv");
    assert_page(p, 200, "undated.csv");
    load(&v, at, "replaces=none&overlap=once");
    assert_string_equal(dbtest_value(t->c, "SELECT sum(amount_pence) FROM core.spend_sum"), "15700");
}

static void test_cells_a_spreadsheet_broke_are_seen_with_reasons(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *at =
        bring_text(&v, "anchor=council&kind=payments", "broken.csv",
                   "Supplier,Payment Date,Net Amount\nMarl Lane Plumbing Ltd,17/06/2025,631.1899999999999\n"
                   "Fold Street Club,17/06/2025,#REF!\nFold Street Club,18/06/2025,########\n"
                   "Fold Street Club,########,5.00\nThimble Row CIC,18/06/2025,1.23E+08\n"
                   "Thimble Row CIC,18/06/2025,$11.17\n");
    work(t);
    struct page p = pagetest_get(&v, at);
    assert_page(p, 200, "£636.19");
    assert_page(p, 200, "Amounts rounded to the penny: 1");
    assert_page(p, 200, "The spreadsheet lost this amount and shows signs such as #REF! or ####");
    assert_page(p, 200, "The spreadsheet shortened this amount and its last digits are lost");
    assert_page(p, 200, "The amount is not in pounds");
    assert_page(p, 200, "Say below which month they are from");
}

// ---- forms, rights --------------------------------------------------------------------------------------

static void test_a_wrong_upload_keeps_the_choices_and_says_what_to_do(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    struct page p = pagetest_post(&v, "/officer/spend", "anchor=council&kind=tier2");
    assert_page(p, 422, "Choose the file with the payments");
    assert_page(p, 422, "<option value=\"council\" selected>");
    assert_page(p, 422, "please choose it again");
    p = pagetest_upload(&v, "/officer/spend", "anchor=council&kind=payments", "file",
                        place(t, "old.xls", "something"));
    assert_page(p, 422, "An old Excel file (.xls) has to be saved as .xlsx first");
    p = pagetest_upload(&v, "/officer/spend", "anchor=brook&kind=payments", "file",
                        place(t, "a.csv", "a,b\n"));
    assert_page(p, 422, "id=\"anchor-error\"");
    p = pagetest_upload(&v, "/officer/spend", "anchor=council&kind=payments", "file", place(t, "a.csv", ""));
    assert_page(p, 422, "The file you chose is empty");
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.spend_import"), "0");
}

static void test_nobody_but_officers_sees_or_changes_files(void **state) {
    static const char *const steps[] = {"load", "columns", "again", "found", "drop"};
    struct dbtest *t = *state;
    struct visitor v = officer(t), buyer = pagetest_visitor(app, t, "council"),
                   supplier = pagetest_visitor(app, t, "brook"), nobody = pagetest_visitor(app, t, NULL);
    const char *at = ready(&v, "four_columns.csv");
    struct visitor *others[] = {&buyer, &supplier};
    for (size_t i = 0; i < 2; i++) {
        assert_page(pagetest_get(others[i], at), 403, NULL);
        assert_page(pagetest_get(others[i], arena_printf(t->arena, "%s/rows.csv", at)), 403, NULL);
        assert_page(pagetest_get(others[i], "/officer/spend/columns"), 403, NULL);
        for (size_t k = 0; k < 5; k++) {
            assert_page(pagetest_post(others[i], arena_printf(t->arena, "%s/%s", at, steps[k]), ""), 403,
                        NULL);
        }
    }
    assert_page(pagetest_get(&nobody, at), 303, "/sign-in");
    snprintf(v.csrf, sizeof v.csrf, "somebody else");
    for (size_t k = 0; k < 5; k++) { // without the right token of the form
        assert_page(pagetest_post(&v, arena_printf(t->arena, "%s/%s", at, steps[k]), ""), 403, NULL);
    }
    assert_string_equal(dbtest_value(t->c, "SELECT state FROM core.spend_import"), "ready");
}

static void test_another_officer_of_the_place_sees_the_file_and_goes_on_with_it(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *at = ready(&v, "four_columns.csv");
    dbtest_run(t->c, "UPDATE core.membership SET role = 'officer'");
    struct visitor other = pagetest_visitor(app, t, "council");
    load(&other, at, "replaces=none");
    assert_string_equal(
        dbtest_value(t->c, "SELECT p.email FROM core.spend_load l JOIN core.person p ON p.id = l.loaded_by"),
        "council@people.example");
}

static void test_an_import_or_load_that_does_not_exist_is_not_found(void **state) {
    static const char *const paths[] = {"/officer/spend/imports/nosuch",
                                        "/officer/spend/imports/nosuch/rows.csv",
                                        "/officer/spend/loads/nosuch", "/officer/spend/loads/nosuch/rows.csv",
                                        "/officer/spend/loads/nosuch/take-back"};
    static const char *const steps[] = {"load", "columns", "again", "found", "drop"};
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_page(pagetest_get(&v, paths[i]), 404, NULL);
    }
    for (size_t k = 0; k < 5; k++) {
        assert_page(
            pagetest_post(&v, arena_printf(t->arena, "/officer/spend/imports/nosuch/%s", steps[k]), ""), 404,
            NULL);
    }
}

static void test_an_empty_place_says_what_to_do_first(void **state) {
    struct visitor v = officer(*state);
    struct page p = pagetest_get(&v, "/officer/spend");
    assert_page(p, 200, "No file has been loaded yet");
    assert_page(p, 200, "Bring the first payments file");
    assert_page(pagetest_get(&v, "/officer/spend/loads.csv"), 200, "File,");
}

static void test_what_a_file_says_is_shown_as_text_and_never_as_a_page(void **state) {
    static const char evil[] = "Supplier,Date,Amount\n<script>alert(1)</script>,17/06/2025,12.50\n"
                               "\"=HYPERLINK(\"\"x\"\")\",17/06/2025,7.50\n<b>x,bad date here,y\n";
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    const char *at = bring_text(&v, "anchor=council&kind=payments", "<i>name.csv", evil);
    work(t);
    struct page p = pagetest_get(&v, at);
    assert_page(p, 200, "&lt;script&gt;");
    assert_null(strstr(p.body, "<script>alert"));
    assert_null(strstr(p.body, "<i>name"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_an_upload_is_shown_before_anything_is_stored),
        T(test_the_button_loads_it_and_the_result_ties_to_the_penny),
        T(test_taking_a_file_back_asks_first_and_then_leaves_nothing),
        T(test_the_list_of_loads_has_filters_that_may_be_nonsense),
        T(test_every_row_that_is_not_taken_comes_as_csv),
        T(test_a_tier_2_file_goes_through_the_pages_and_counts_nothing_twice),
        T(test_payments_put_into_a_month_meet_the_same_ones_in_a_file_with_dates),
        T(test_cells_a_spreadsheet_broke_are_seen_with_reasons),
        T(test_vat_that_cannot_be_reclaimed_is_told_from_the_files_own_total),
        T(test_payments_without_a_date_need_a_month_before_they_are_loaded),
        T(test_cautions_stand_first_and_a_month_in_the_name_is_only_chosen_already),
        T(test_the_same_payments_in_two_files_count_once_unless_told_otherwise),
        T(test_hidden_names_are_told_with_the_payments_that_count_and_not_all_of_the_file),
        T(test_a_mended_file_takes_the_place_of_the_one_before),
        T(test_a_register_of_contracts_is_refused_with_what_stands_in_it),
        T(test_columns_a_person_settles_are_used_and_remembered),
        T(test_a_file_can_be_removed_and_then_says_so),
        T(test_a_wrong_upload_keeps_the_choices_and_says_what_to_do),
        T(test_nobody_but_officers_sees_or_changes_files),
        T(test_another_officer_of_the_place_sees_the_file_and_goes_on_with_it),
        T(test_an_import_or_load_that_does_not_exist_is_not_found),
        T(test_an_empty_place_says_what_to_do_first),
        T(test_what_a_file_says_is_shown_as_text_and_never_as_a_page),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
