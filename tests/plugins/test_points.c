// SPDX-License-Identifier: Apache-2.0
// The real plugins through the real host: each is loaded from its file, started, and called at its points.
#include "db/queries.gen.h"
#include "domain/evaluate.h"
#include "plugin/points.h"
#include "support/folder.h"
#include "support/market.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define URL     "https://market.example"
#define XML_MAX ((size_t)16 * 1024 * 1024)

static struct plugin_host *host;
static char copies[] = "/tmp/anchorage-points-XXXXXX";

static int set_up(void **state) {
    if (!mkdtemp(copies) || dbtest_group_setup(state) != 0) {
        return -1;
    }
    host = plugin_host_read(BINARY_DIR "/plugins", "vcfse,social_value,contracts_finder");
    plugin_host_check(host, copies, NULL);
    plugin_host_start(host, NULL);
    return 0;
}

// A test's database, and the plugins with it.
static int set_up_case(void **state) {
    int rc = dbtest_setup(state);
    if (rc == 0) {
        ((struct dbtest *)*state)->c->plugins = plugin_host_now(host);
    }
    return rc;
}

static int tear_down(void **state) {
    plugin_host_close(host);
    folder_remove(copies);
    return dbtest_group_teardown(state);
}

static void test_every_plugin_is_active_with_the_powers_it_asked_for(void **state) {
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct plugin_info *list;
    size_t n = plugin_list(host, a, &list), active = 0;
    for (size_t i = 0; i < n; i++) {
        if (list[i].state == PLUGIN_FAILED) {
            fail_msg("%s: %s", list[i].id, list[i].reason);
        }
        if (list[i].state == PLUGIN_ACTIVE) {
            active++;
            assert_true(list[i].granted == (list[i].wants | list[i].wants_optional));
        }
    }
    assert_int_equal(active, 3);
    arena_free(a);
}

// ---- contracts_finder ----

static struct provider exporter(const struct ctx *c) {
    struct provider p;
    assert_true(provider_find(c->plugins, ANC_POINT_NOTICE_EXPORTER, "contracts-finder", &p));
    return p;
}

// Writes what is published; the text in out, the findings in ret.
static enum err export(struct ctx *c, const char *ref, struct strb *out, struct findings *ret) {
    const struct anc_notice *list; uint32_t count; struct provider p = exporter(c);
    assert_err(c, notice_for_export(c, ref, URL, &list, &count), ERR_OK);
    return point_notice_write(c, &p, list, count, out, ret);
}

static void must_export(struct ctx *c, const char *ref, const char *status, const char *type) {
    struct strb out;
    struct findings found;
    strb_init(&out, XML_MAX);
    enum err e = export(c, ref, &out, &found);
    for (size_t i = 0; e != ERR_OK && i < found.count; i++) {
        print_error("%s: %s\n", found.list[i].field, found.list[i].text);
    }
    assert_err(c, e, ERR_OK); // the plugin checks its bytes against the schema before it hands them over
    if (!strstr(out.p, status) || !strstr(out.p, type)) {
        fail_msg("no %s or no %s in\n%s", status, type, out.p);
    }
    strb_free(&out);
}

static void test_a_tender_exports_in_every_state_it_goes_through(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    struct bid_input in = market_bid_with_job(1500000);
    const char *bid = market_submit(c, "brook", ref, &in);
    must_export(c, ref, "<Status>Open</Status>", "<Type>Contract</Type>");
    market_after_closing(c, ref);
    dbtest_run(c, "UPDATE core.notice SET state = 'closed' WHERE ref = '%s'", ref);
    must_export(c, ref, "<Status>Closed</Status>", "<Type>Contract</Type>");
    market_act(c, "council");
    assert_err(c, evaluate_open(c, ref), ERR_OK);
    must_export(c, ref, "<Status>Closed</Status>", "<Type>Contract</Type>");
    assert_err(c, evaluate_quality(c, ref, bid, "30", "Good"), ERR_OK);
    assert_err(c, evaluate_award(c, ref, bid, "It is the only one.", URL), ERR_OK);
    must_export(c, ref, "<Status>Awarded</Status>", "<SupplierName>Firm brook</SupplierName>");
}

static void test_cancelled_and_planned_notices_export_too(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *plan = NULL;
    market_fill(c);
    const char *ref = market_publish(c);
    assert_err(c, notice_cancel(c, ref, "No money."), ERR_OK);
    must_export(c, ref, "<Status>Withdrawn</Status>", "<Type>Contract</Type>");
    static const char *const kinds[][2] = {{"pipeline", "<Type>Pipeline</Type>"},
                                           {"engagement", "<Type>PreProcurement</Type>"}};
    for (size_t i = 0; i < 2; i++) {
        struct notice_input in = market_tender(c);
        in.kind = kinds[i][0];
        assert_err(c, notice_create(c, &in, &plan), ERR_OK);
        assert_err(c, notice_publish(c, plan), ERR_OK);
        must_export(c, plan, "<Status>Open</Status>", kinds[i][1]);
    }
}

static void test_one_notice_that_does_not_fit_is_refused_with_its_reason(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    dbtest_run(c, "UPDATE core.notice SET contract_end = NULL WHERE ref = '%s'", ref);
    struct strb out;
    struct findings found;
    strb_init(&out, XML_MAX);
    assert_err(c, export(c, ref, &out, &found), ERR_INVALID);
    assert_int_equal(out.n, 0);
    assert_int_equal(found.errors, 1);
    bool said = false;
    for (size_t i = 0; i < found.count; i++) {
        said = said || strcmp(found.list[i].text, "Say when the contract ends.") == 0;
    }
    assert_true(said);
    strb_free(&out);
}

static void test_among_many_one_that_does_not_fit_is_left_out_and_named(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *bad = market_publish(c), *fine = market_publish(c);
    dbtest_run(c, "UPDATE core.notice SET contract_end = NULL WHERE ref = '%s'", bad);
    struct strb out;
    struct findings found;
    strb_init(&out, XML_MAX);
    assert_err(c, export(c, NULL, &out, &found), ERR_OK);
    assert_non_null(strstr(out.p, fine));
    assert_null(strstr(out.p, bad));
    assert_int_equal(found.count, 1);
    assert_true(strncmp(found.list[0].field, bad, strlen(bad)) == 0);
    strb_free(&out);
}

static void test_the_same_notices_give_the_same_bytes(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    market_publish(c);
    market_publish(c);
    struct strb a, b;
    struct findings found;
    strb_init(&a, XML_MAX);
    strb_init(&b, XML_MAX);
    assert_err(c, export(c, NULL, &a, &found), ERR_OK);
    assert_err(c, export(c, NULL, &b, &found), ERR_OK);
    assert_string_equal(a.p, b.p);
    strb_free(&a);
    strb_free(&b);
}

static void test_an_export_larger_than_its_bound_is_refused_whole(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    struct strb out;
    struct findings found;
    strb_init(&out, 500);
    assert_err(c, export(c, ref, &out, &found), ERR_TOO_LARGE);
    strb_free(&out);
}

static void test_a_draft_hears_before_publishing_what_an_export_would_lack(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const struct notice_obstacle *list;
    const char *ref = NULL;
    size_t n, about_cpv = 0;
    market_fill(c);
    market_act(c, "council");
    struct notice_input in = market_tender(c);
    in.cpv = "99999999";
    assert_err(c, notice_create(c, &in, &ref), ERR_OK);
    assert_err(c, notice_obstacles(c, ref, URL, &list, &n), ERR_OK);
    for (size_t i = 0; i < n; i++) {
        assert_false(list[i].stops);
        about_cpv += strstr(list[i].text, "99999999") != NULL;
    }
    assert_int_equal(about_cpv, 1);
    assert_err(c, notice_publish(c, ref), ERR_OK);
}

// ---- social_value ----

static void test_promises_earn_points_with_reasons_when_bids_are_opened(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    struct evaluation ev;
    market_fill(c);
    const char *ref = market_publish(c);
    struct bid_input with = market_bid_with_job(1500000), without = market_bid(1500000);
    const char *brook = market_submit(c, "brook", ref, &with);
    market_submit(c, "hill", ref, &without);
    market_after_closing(c, ref);
    market_act(c, "council");
    assert_err(c, evaluate_open(c, ref), ERR_OK);
    assert_err(c, evaluate_read(c, ref, &ev), ERR_OK);
    assert_int_equal(ev.count, 2);
    for (size_t i = 0; i < ev.count; i++) {
        bool promised = strcmp(ev.bids[i].ref, brook) == 0;
        assert_true(promised ? ev.bids[i].social_milli > 0 : ev.bids[i].social_milli == 0);
        assert_true(strlen(ev.bids[i].social_reason) > 20);
    }
    assert_string_equal(
        dbtest_value(c, "SELECT count(*) FROM core.bid_score WHERE criterion = 'social' AND method "
                        "LIKE 'social_value/absolute@%%' AND length(inputs_hash) = 64"),
        "2");
}

static void test_points_that_a_missing_plugin_left_out_can_be_given_later(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    struct evaluation ev;
    market_fill(c);
    const char *ref = market_publish(c);
    struct bid_input in = market_bid_with_job(1500000);
    market_submit(c, "brook", ref, &in);
    market_after_closing(c, ref);
    market_act(c, "council");
    const struct plugin_set *plugins = c->plugins;
    c->plugins = NULL;
    assert_err(c, evaluate_open(c, ref), ERR_OK);
    assert_err(c, evaluate_social(c, ref), ERR_CONFLICT);
    c->plugins = plugins;
    assert_err(c, evaluate_social(c, ref), ERR_OK);
    assert_err(c, evaluate_read(c, ref, &ev), ERR_OK);
    assert_true(ev.bids[0].social_milli > 0);
}

static void test_a_promise_outside_the_list_is_refused_when_the_bid_is_sent(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    const char *ref = market_publish(c);
    struct bid_input in = market_bid_with_job(1500000);
    struct bid_receipt receipt;
    in.lines[2].measure = "moon-landings";
    market_act(c, "brook");
    assert_err(c, bid_submit(c, ref, &in, URL, &receipt), ERR_INVALID);
    assert_string_equal(c->err_field, "measure3");
}

// ---- vcfse ----

static void test_a_registered_charity_is_tagged_with_reasons(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    struct provider p;
    struct anc_tag tag;
    struct anc_supplier facts = {.size = sizeof facts,
                                 .name = "Exampleton Community Kitchen",
                                 .postcode = "WN1 1AA",
                                 .company_number = "",
                                 .charity_number = "1057000",
                                 .company_category = "",
                                 .company_status = "",
                                 .company_name = "",
                                 .company_postcode = "",
                                 .charity_known = 1,
                                 .charity_name = "Exampleton Community Kitchen",
                                 .charity_status = "Registered",
                                 .charity_postcode = "WN1 1AA",
                                 .charity_registered = 10000,
                                 .charity_removed = INT32_MIN,
                                 .as_of = 20000};
    assert_true(provider_find(c->plugins, ANC_POINT_SUPPLIER_TAGGER, "vcfse", &p));
    assert_err(c, point_judge(c, &p, &facts, &tag), ERR_OK);
    assert_int_equal(tag.decision, ANC_TAG_YES);
    assert_true(strlen(tag.reasons) > 20);
    facts.charity_number = "";
    facts.charity_known = 0;
    facts.name = "Quick Plumbing Ltd";
    assert_err(c, point_judge(c, &p, &facts, &tag), ERR_OK);
    assert_int_not_equal(tag.decision, ANC_TAG_YES);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up_case, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_plugin_is_active_with_the_powers_it_asked_for),
        CASE(test_a_tender_exports_in_every_state_it_goes_through),
        CASE(test_cancelled_and_planned_notices_export_too),
        CASE(test_one_notice_that_does_not_fit_is_refused_with_its_reason),
        CASE(test_among_many_one_that_does_not_fit_is_left_out_and_named),
        CASE(test_the_same_notices_give_the_same_bytes),
        CASE(test_an_export_larger_than_its_bound_is_refused_whole),
        CASE(test_a_draft_hears_before_publishing_what_an_export_would_lack),
        CASE(test_promises_earn_points_with_reasons_when_bids_are_opened),
        CASE(test_points_that_a_missing_plugin_left_out_can_be_given_later),
        CASE(test_a_promise_outside_the_list_is_refused_when_the_bid_is_sent),
        CASE(test_a_registered_charity_is_tagged_with_reasons),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
