// SPDX-License-Identifier: Apache-2.0
// Promises of the demo place: its numbers, its sums, and that it never mixes with anything real.
#include "base/conf.h"
#include "db/queries.gen.h"
#include "demo/demo.h"
#include "plugin/host.h"
#include "support/dbtest.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct plugin_host *plugins;

static int group_setup(void **state) {
    // The cheapest hash that there is: its strength is tested elsewhere.
    assert_null(conf_set("password.memory_kib", "8192"));
    assert_null(conf_set("password.passes", "1"));
    plugins = plugin_host_read(BINARY_DIR "/plugins", "vcfse,local_spend,social_value,contracts_finder");
    plugin_host_check(plugins, BINARY_DIR "/tests/test_demo.plugins", NULL);
    plugin_host_visit(plugins); // tables of their own are not needed
    plugin_host_start(plugins, NULL);
    return dbtest_group_setup(state);
}

static int group_teardown(void **state) {
    plugin_host_close(plugins);
    return dbtest_group_teardown(state);
}

static const struct demo_person *people;
static size_t people_count;

static struct ctx *loaded(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    c->plugins = plugin_host_now(plugins);
    assert_err(c, demo_load(c, &people, &people_count, NULL, NULL), ERR_OK);
    return c;
}

static void test_the_numbers_of_the_demo_place_hold(void **state) {
    struct ctx *c = loaded(state);
    assert_number(c, "SELECT count(*) FROM core.place WHERE is_demo", 1);
    assert_number(c, "SELECT count(*) FROM core.anchor", 5);
    assert_number(c, "SELECT count(*) FROM core.supplier", 400);
    assert_number(c, "SELECT count(*) FROM core.ward", 25);
    assert_number(c, "SELECT count(DISTINCT ward_code) FROM core.supplier WHERE is_local", 25);
    assert_number(c, "SELECT count(*) FROM core.notice", 60);
    assert_number(c, "SELECT count(DISTINCT title) FROM core.notice", 60);
    assert_number(c, "SELECT count(DISTINCT description) FROM core.notice", 60);
    assert_number(c, "SELECT count(*) FROM core.event", 4);
    assert_number(c, "SELECT count(DISTINCT fy) FROM core.spend_line", 3);
    int64_t lines = dbtest_number(c, "SELECT count(*) FROM core.spend_line");
    assert_in_range(lines, 38000, 43000);
    assert_number(c, "SELECT count(DISTINCT anchor_id) FROM core.spend_load", 5);
}

static void test_notices_of_every_kind_and_state_exist(void **state) {
    struct ctx *c = loaded(state);
    assert_number(c, "SELECT count(DISTINCT state) FROM core.notice WHERE kind = 'tender'", 6);
    assert_number(c, "SELECT count(DISTINCT state) FROM core.notice WHERE kind = 'pipeline'", 3);
    assert_number(c, "SELECT count(DISTINCT state) FROM core.notice WHERE kind = 'engagement'", 3);
    assert_number(c, "SELECT count(*) FROM core.notice WHERE state = 'published' AND closes_at <= now()", 0);
    assert_number(c,
                  "SELECT count(*) FROM core.notice WHERE state IN ('closed', 'opened', 'awarded') AND "
                  "closes_at > now()",
                  0);
    // Advertising GBP 30,000 and more with VAT needs a Find a Tender number (see domain/notice.h).
    assert_number(
        c,
        "SELECT count(*) FROM core.notice WHERE state <> 'draft' AND value_high_pence * 6 / 5 >= 3000000 AND "
        "fts_id = ''",
        0);
}

static void test_the_demo_keeps_the_rules_it_shows(void **state) {
    struct ctx *c = loaded(state);
    // Only councils may keep contracts for the area (Order of 2026).
    assert_number(c,
                  "SELECT count(*) FROM core.notice n JOIN core.anchor a ON a.id = n.anchor_id "
                  "WHERE n.reserved <> 'none' AND a.sort <> 'council'",
                  0);
    assert_true(dbtest_number(c, "SELECT count(*) FROM core.notice WHERE reserved = 'local'") > 0);
}

static void test_closed_notices_hold_sealed_bids_and_awards_go_to_the_most_points(void **state) {
    struct ctx *c = loaded(state);
    assert_number(c,
                  "SELECT count(*) FROM core.notice n WHERE state IN ('closed', 'opened', 'awarded') AND "
                  "(SELECT count(*) "
                  "FROM core.bid b WHERE b.notice_id = n.id) NOT BETWEEN 2 AND 5",
                  0);
    assert_number(c,
                  "SELECT count(*) FROM core.bid_score s JOIN core.bid b ON b.id = s.bid_id JOIN core.notice "
                  "n ON n.id = "
                  "b.notice_id WHERE n.state NOT IN ('opened', 'awarded')",
                  0);
    assert_number(c, "SELECT count(*) FROM core.award",
                  dbtest_number(c, "SELECT count(*) FROM core.notice WHERE state = 'awarded'"));
    assert_number(
        c,
        "SELECT count(*) FROM core.award w WHERE EXISTS (SELECT 1 FROM (SELECT b.id, sum(s.points) AS points "
        "FROM core.bid b JOIN core.bid_score s ON s.bid_id = b.id WHERE b.notice_id = w.notice_id GROUP BY "
        "b.id) "
        "x, (SELECT sum(points) AS points FROM core.bid_score WHERE bid_id = w.bid_id) won WHERE x.points > "
        "won.points + 0.001)",
        0);
    assert_number(
        c,
        "SELECT count(*) FROM core.bid b JOIN core.notice n ON n.id = b.notice_id WHERE b.submitted_at >= "
        "n.closes_at OR b.submitted_at < n.published_at",
        0);
    assert_number(c, "SELECT count(*) FROM core.award WHERE length(reason) < 40", 0);
}

static void test_payments_loads_and_sums_tie_to_the_penny(void **state) {
    struct ctx *c = loaded(state);
    int64_t lines = dbtest_number(c, "SELECT sum(amount_pence) FROM core.spend_line");
    assert_true(lines > 0);
    assert_number(c, "SELECT sum(total_pence) FROM core.spend_load", lines);
    assert_number(c, "SELECT sum(amount_pence) FROM core.spend_sum", lines);
    assert_number(c,
                  "SELECT count(*) FROM core.spend_load l WHERE NOT EXISTS (SELECT 1 FROM core.spend_line p "
                  "WHERE p.load_id = "
                  "l.id HAVING sum(p.amount_pence) = l.total_pence AND count(*) = l.accepted)",
                  0);
    assert_in_range(dbtest_number(c, "SELECT count(*) FROM core.spend_line WHERE amount_pence < 0"), 100,
                    1000);
    assert_number(c, "SELECT count(*) FROM core.payee WHERE redacted AND supplier_id IS NULL", 1);
    // A financial year runs from 1 April to 31 March.
    assert_number(c,
                  "SELECT count(*) FROM core.spend_line WHERE fy <> extract(year FROM paid_on - interval '3 "
                  "months')::int",
                  0);
    assert_number(c, "SELECT count(*) FROM core.spend_line WHERE paid_on > now()", 0);
}

static void test_the_headline_has_the_shape_of_a_real_place(void **state) {
    struct ctx *c = loaded(state);
    const char *latest = "FROM api.spend WHERE fy = (SELECT max(fy) FROM core.spend_sum)";
    int64_t all = strtoll(dbtest_value(c, "SELECT sum(amount_pence) %s", latest), NULL, 10);
    int64_t local = strtoll(dbtest_value(c, "SELECT sum(amount_pence) %s AND is_local", latest), NULL, 10);
    int64_t vcfse = strtoll(
        dbtest_value(c, "SELECT sum(amount_pence) %s AND is_local AND vcfse = 'yes'", latest), NULL, 10);
    assert_in_range(local * 100 / all, 24, 38);   // Wigan: about a third stays
    assert_in_range(vcfse * 100 / local, 24, 38); // GBP 29m of GBP 91m
}

static void test_the_tagger_verifies_community_organisations_by_the_invented_registers(void **state) {
    struct ctx *c = loaded(state);
    assert_in_range(dbtest_number(c, "SELECT count(*) FROM core.supplier_tag WHERE decision = 'yes'"), 45,
                    60);
    assert_number(c,
                  "SELECT count(*) FROM core.supplier_tag t JOIN core.supplier s ON s.id = t.supplier_id "
                  "WHERE t.decision "
                  "= 'yes' AND NOT s.says_vcfse",
                  0);
    assert_true(dbtest_number(c, "SELECT count(*) FROM core.supplier_tag WHERE decision = 'review'") > 0);
    assert_number(c, "SELECT count(*) FROM core.supplier_tag", 400);
}

static void test_one_event_is_full_with_a_waiting_list_and_one_is_past(void **state) {
    struct ctx *c = loaded(state);
    assert_number(c, "SELECT count(*) FROM core.event WHERE ends_at < now()", 1);
    assert_number(
        c,
        "SELECT count(*) FROM core.event e WHERE places = (SELECT count(*) FROM core.event_booking b WHERE "
        "b.event_id = e.id AND b.state = 'booked') AND EXISTS (SELECT 1 FROM core.event_booking b WHERE "
        "b.event_id "
        "= e.id AND b.state = 'waiting')",
        1);
}

static void test_nobody_can_take_an_invented_address_or_number_for_a_real_one(void **state) {
    struct ctx *c = loaded(state);
    // Second halves of real postcodes never hold C, I, K, M, O or V.
    assert_number(c, "SELECT count(*) FROM core.postcode WHERE right(pc, 2) !~ '^[CIKMOV]{2}$'", 0);
    assert_number(c, "SELECT count(*) FROM core.company WHERE number !~ '^(99|CE9|RS0079)'", 0);
    assert_number(c, "SELECT count(*) FROM core.charity WHERE number !~ '^9[0-9]{6}$'", 0);
    assert_number(c, "SELECT count(*) FROM core.supplier WHERE phone !~ '^01632 960[0-9]{3}$'", 0);
    assert_number(c, "SELECT count(*) FROM core.person WHERE email !~ '[.]example[.]org$'", 0);
    assert_number(c, "SELECT count(*) FROM core.mail_outbox", 0);
}

static void test_only_the_people_of_the_list_can_sign_in(void **state) {
    struct ctx *c = loaded(state);
    assert_int_equal(people_count, 7);
    assert_number(c, "SELECT count(*) FROM core.person WHERE password_hash <> ''", 7);
    for (size_t i = 0; i < people_count; i++) {
        assert_string_equal(
            dbtest_value(c,
                         "SELECT count(*) FROM core.person p JOIN core.membership m ON m.person_id = "
                         "p.id WHERE p.email = '%s' AND p.confirmed_at IS NOT NULL",
                         people[i].email),
            "1");
        assert_true(strlen(people[i].password) >= 15);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(people[i].password, people[k].password);
        }
    }
    assert_number(c, "SELECT count(DISTINCT role) FROM core.membership", 4);
}

static void test_two_loads_make_the_same_place(void **state) {
    struct ctx *c = loaded(state);
    char first[64];
    const char *sum =
        "SELECT md5((SELECT string_agg(ref || name, ',' ORDER BY id) FROM core.organisation) || (SELECT "
        "sum(amount_pence * line_no) FROM core.spend_line)::text || (SELECT string_agg(content_hash, ',' "
        "ORDER "
        "BY id) FROM core.bid))";
    snprintf(first, sizeof first, "%s", dbtest_value(c, "%s", sum));
    assert_int_equal(dbtest_teardown(state), 0);
    assert_int_equal(dbtest_setup(state), 0);
    c = loaded(state);
    assert_string_equal(dbtest_value(c, "%s", sum), first);
}

// ---- what was done with payments since ----

static const char *told(struct ctx *c, char folder[64]) {
    snprintf(folder, 64, "%s/anchorage-demo-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(folder));
    const char *spool = arena_printf(c->arena, "%s/spool", folder);
    assert_err(c, demo_tell(c, spool), ERR_OK);
    return spool;
}

static void clear(const char *folder, const char *spool) {
    DIR *d = opendir(spool);
    assert_non_null(d);
    for (const struct dirent *f; (f = readdir(d));) {
        unlinkat(dirfd(d), f->d_name, 0);
    }
    closedir(d);
    assert_int_equal(rmdir(spool), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void test_a_newcomer_sees_each_thing_that_officers_do_with_payments(void **state) {
    struct ctx *c = loaded(state);
    char folder[64];
    const char *spool = told(c, folder);
    assert_number(c, "SELECT count(*) FROM core.spend_load WHERE kind = 'tier2'", 1);
    assert_number(c, "SELECT count(*) FROM core.spend_load WHERE same_lines > 0 AND overlap = 'once'", 1);
    assert_number(c, "SELECT count(*) FROM core.spend_load WHERE rejected >= 4", 1);
    assert_in_range(dbtest_number(c, "SELECT count(*) FROM core.payee WHERE match_state = 'review'"), 20,
                    150);
    assert_in_range(
        dbtest_number(c, "SELECT count(DISTINCT match_rule) FROM core.payee WHERE match_state = 'review'"), 3,
        10);
    assert_number(c, "SELECT count(*) FROM core.payee WHERE match_state = 'individual'", 1);
    assert_number(c, "SELECT count(*) FROM core.supplier_merge WHERE undone_at IS NULL", 1);
    assert_number(c, "SELECT count(*) FROM core.payee_decision WHERE what = 'same'", 1);
    assert_number(c, "SELECT count(*) FROM core.supplier_alias", 1);
    assert_number(c, "SELECT count(*) FROM core.spend_report WHERE public", 1);
    assert_number(c, "SELECT count(*) FROM core.spend_report WHERE NOT public", 1);
    assert_number(c, "SELECT count(DISTINCT figures_hash) FROM core.spend_report", 2);
    assert_number(c, "SELECT count(*) FROM core.spend_import WHERE state = 'waiting'", 3);
    assert_number(c, "SELECT sum(amount_pence) FROM core.spend_sum",
                  dbtest_number(c, "SELECT sum(amount_pence) FROM core.spend_line WHERE counted"));
    clear(folder, spool);
}

static void test_the_headline_of_the_demo_place_stands(void **state) {
    struct ctx *c = loaded(state);
    char folder[64];
    const char *spool = told(c, folder);
    const char *latest = "FROM core.spend_sum x JOIN core.payee p ON p.id = x.payee_id"
                         " LEFT JOIN core.supplier s ON s.id = p.supplier_id"
                         " WHERE x.fy = (SELECT max(fy) FROM core.spend_sum)";
    int64_t all = strtoll(dbtest_value(c, "SELECT sum(x.amount_pence) %s", latest), NULL, 10);
    int64_t placed = strtoll(
        dbtest_value(c, "SELECT sum(x.amount_pence) %s AND coalesce(p.is_local, s.is_local) IS NOT NULL",
                     latest),
        NULL, 10);
    assert_in_range(placed * 100 / all, 91, 100); // below 90 the headline is withheld
    clear(folder, spool);
}

// ---- never beside anything else ----

static void test_a_second_load_is_refused_and_changes_nothing(void **state) {
    struct ctx *c = loaded(state);
    const struct demo_person *others;
    size_t n;
    assert_err(c, demo_load(c, &others, &n, NULL, NULL), ERR_CONFLICT);
    assert_number(c, "SELECT count(*) FROM core.supplier", 400);
    assert_number(c, "SELECT count(*) FROM core.audit WHERE action = 'demo.load'", 1);
}

static void test_a_database_that_holds_anything_is_refused(void **state) {
    static const char *const entries[] = {
        "INSERT INTO core.person (email, name, password_hash) VALUES ('a@b.example', 'A', '-')",
        "INSERT INTO core.organisation (ref, kind, name) VALUES ('x', 'supplier', 'X')",
        "INSERT INTO core.place (name, short_name, lad_codes, operator, contact_email) VALUES ('P', 'P', "
        "'{}', 'O', 'c')",
        "INSERT INTO core.postcode (pc, lad_code, ward_code) VALUES ('WN1 1AA', 'E08000010', '')",
        "INSERT INTO core.company (number, name, match_name, category, status) VALUES ('1', 'X', 'X', 'Y', "
        "'Active')",
        "INSERT INTO core.charity (number, name, match_name, status) VALUES ('1', 'X', 'X', 'Registered')",
    };
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        struct ctx *c = ((struct dbtest *)*state)->c;
        const struct demo_person *others;
        size_t n;
        bool empty = false;
        assert_err(c, demo_is_empty(c, &empty), ERR_OK);
        assert_true(empty);
        dbtest_run(c, "%s", entries[i]);
        assert_err(c, demo_is_empty(c, &empty), ERR_OK);
        assert_false(empty);
        assert_err(c, demo_load(c, &others, &n, NULL, NULL), ERR_CONFLICT);
        assert_number(c, "SELECT count(*) FROM core.ward", 0);
        assert_int_equal(dbtest_teardown(state), 0);
        assert_int_equal(dbtest_setup(state), 0);
    }
}

static void test_without_plugins_the_demo_place_loads_without_tags_and_social_points(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    assert_err(c, demo_load(c, &people, &people_count, NULL, NULL), ERR_OK);
    assert_number(c, "SELECT count(*) FROM core.supplier", 400);
    assert_number(c, "SELECT count(*) FROM core.supplier_tag", 0);
    assert_err(c, demo_tell(c, NULL), ERR_OK); // nobody reads payments: nothing to tell
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_the_numbers_of_the_demo_place_hold),
        T(test_notices_of_every_kind_and_state_exist),
        T(test_the_demo_keeps_the_rules_it_shows),
        T(test_closed_notices_hold_sealed_bids_and_awards_go_to_the_most_points),
        T(test_payments_loads_and_sums_tie_to_the_penny),
        T(test_the_headline_has_the_shape_of_a_real_place),
        T(test_the_tagger_verifies_community_organisations_by_the_invented_registers),
        T(test_one_event_is_full_with_a_waiting_list_and_one_is_past),
        T(test_nobody_can_take_an_invented_address_or_number_for_a_real_one),
        T(test_only_the_people_of_the_list_can_sign_in),
        T(test_a_newcomer_sees_each_thing_that_officers_do_with_payments),
        T(test_the_headline_of_the_demo_place_stands),
        T(test_two_loads_make_the_same_place),
        T(test_a_second_load_is_refused_and_changes_nothing),
        T(test_a_database_that_holds_anything_is_refused),
        T(test_without_plugins_the_demo_place_loads_without_tags_and_social_points),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
