// SPDX-License-Identifier: Apache-2.0
// Promises of filters, notifications, verbs, and panels in slots.
#include "plugins/probing.h"

#include <stdlib.h>
#include <string.h>

static struct anc_event event_of(int32_t kind, const char *plugin, const char *script) {
    return (struct anc_event){.size = sizeof(struct anc_event),
                              .kind = kind,
                              .ref = plugin,
                              .name = script,
                              .anchor_ref = "",
                              .supplier_ref = ""};
}

static enum err ask(const struct probing *p, int32_t kind, const char *plugin, const char *script) {
    struct anc_event e = event_of(kind, plugin, script);
    return plugin_ask(p->c, &e);
}

// ---- filters

static void test_filters_are_asked_by_order_then_by_plugin(void **state) {
    struct probing *p = *state;
    assert_err(p->c, ask(p, ANC_EVENT_SUPPLIER_SAVING, "", "ok"), ERR_OK);
    const char *log = probing_log();
    const char *b = strstr(log, "asked probe_b"), *a = strstr(log, "asked probe\"");
    assert_true(b && a && b < a);                                    // probe_b has the smaller number
    assert_err(p->c, ask(p, ANC_EVENT_BOOKING, "", "veto"), ERR_OK); // nobody listens
    p->c->plugins = NULL;
    assert_err(p->c, ask(p, ANC_EVENT_SUPPLIER_SAVING, "", "veto"), ERR_OK);
    p->c->plugins = plugin_host_now(p->plugins.host);
}

static void test_a_veto_reaches_the_caller_in_the_plugins_words_and_stops_there(void **state) {
    struct probing *p = *state;
    assert_err(p->c, ask(p, ANC_EVENT_SUPPLIER_SAVING, "probe_b", "why:name:Give the full name.|veto"),
               ERR_CONFLICT);
    assert_string_equal(p->c->err_detail, "Give the full name.");
    assert_null(strstr(probing_log(), "asked probe\""));
    assert_err(p->c, ask(p, ANC_EVENT_SUPPLIER_SAVING, "probe", "veto"), ERR_CONFLICT);
    assert_string_equal(p->c->err_detail, "\"Probe probe\" does not allow this.");
    assert_string_equal(probing_fault(p), ""); // a no is no fault
}

static void test_a_veto_undoes_only_what_its_own_filter_stored(void **state) {
    struct probing *p = *state;
    dbtest_run(p->c, "CREATE TABLE core.mine (n int)");
    assert_err(p->c, db_begin(p->c), ERR_OK);
    dbtest_run(p->c, "INSERT INTO core.mine VALUES (1)");
    assert_err(p->c, ask(p, ANC_EVENT_SUPPLIER_SAVING, "", "add:1:kept"), ERR_OK);
    assert_err(p->c, ask(p, ANC_EVENT_SUPPLIER_SAVING, "probe", "add:2:undone|veto"), ERR_CONFLICT);
    assert_err(p->c, db_commit(p->c), ERR_OK);
    assert_string_equal(dbtest_value(p->c, "SELECT count(*) FROM core.mine"), "1");
    assert_string_equal(dbtest_value(p->c, "SELECT string_agg(word, ',') FROM plg_probe.thing"), "kept");
    assert_string_equal(dbtest_value(p->c, "SELECT string_agg(word, ',') FROM plg_probe_b.thing"), "kept");
}

static void test_a_filter_that_fails_stops_a_publication_and_lets_others_go_on(void **state) {
    struct probing *p = *state;
    static const char *const failures[] = {"bug", "invalid", "conflict", "nonsense"};
    for (size_t i = 0; i < 4; i++) {
        assert_err(p->c, ask(p, ANC_EVENT_SUPPLIER_SAVING, "probe_b", failures[i]), ERR_OK);
        assert_int_equal(p->c->err, ERR_OK); // forgotten
        assert_non_null(strstr(probing_log(), "asked probe\""));
        assert_int_equal(probing_info(p, "probe_b").faults, i + 1);
    }
    assert_err(p->c, ask(p, ANC_EVENT_NOTICE_PUBLISHING, "probe_b", "bug"), ERR_BUSY);
    assert_non_null(strstr(p->c->err_detail, "Probe probe_b"));
    assert_null(strstr(probing_log(), "asked probe\""));
    // Now it is alarmed and takes no calls: that counts as no answer too.
    assert_err(p->c, ask(p, ANC_EVENT_NOTICE_PUBLISHING, "probe", "ok"), ERR_BUSY);
    assert_err(p->c, ask(p, ANC_EVENT_SUPPLIER_SAVING, "probe", "veto"), ERR_CONFLICT);
}

static void test_a_filters_failed_statement_leaves_the_callers_transaction_whole(void **state) {
    struct probing *p = *state;
    dbtest_run(p->c, "CREATE TABLE core.mine (n int)");
    assert_err(p->c, db_begin(p->c), ERR_OK);
    dbtest_run(p->c, "INSERT INTO core.mine VALUES (1)");
    assert_err(p->c, ask(p, ANC_EVENT_SUPPLIER_SAVING, "probe", "add:1:one|foreign|ok"), ERR_OK);
    dbtest_run(p->c, "INSERT INTO core.mine VALUES (2)");
    assert_err(p->c, db_commit(p->c), ERR_OK);
    assert_string_equal(dbtest_value(p->c, "SELECT count(*) FROM core.mine"), "2");
    assert_int_equal(probing_things(p), 0);
}

static void test_every_event_has_words_and_is_asked_or_told(void **state) {
    (void)state;
    int filters = 0;
    for (int32_t kind = 1; kind < ANC_EVENT_COUNT; kind++) {
        assert_non_null(plugin_event_words(kind));
        filters += plugin_event_is_filter(kind);
    }
    assert_int_equal(filters, 5);
    assert_null(plugin_event_words(0));
    assert_null(plugin_event_words(ANC_EVENT_COUNT));
    assert_false(plugin_event_is_filter(ANC_EVENT_AWARDED));
    assert_true(plugin_event_is_filter(ANC_EVENT_AWARDING));
}

// ---- notifications

static void test_a_plugin_is_told_and_says_whether_it_took_it(void **state) {
    struct probing *p = *state;
    const struct anc_plugin *about = &probing_member(p, "probe")->plugin->about;
    assert_true(plugin_wanted_events(about) == UINT64_C(1) << ANC_EVENT_AWARDED);
    struct anc_event e = event_of(ANC_EVENT_AWARDED, "", "add:1:told");
    assert_err(p->c, plugin_tell(p->c, "probe", &e), ERR_OK);
    assert_string_equal(dbtest_value(p->c, "SELECT word FROM plg_probe.thing"), "told");
    assert_string_equal(dbtest_value(p->c, "SELECT count(*) FROM plg_probe_b.thing"), "0");
    e.name = "add:2:again|why::Ask me later.|limit";
    assert_err(p->c, plugin_tell(p->c, "probe", &e), ERR_TOO_LARGE);
    assert_string_equal(p->c->err_detail, "Ask me later.");
    e.name = "skip";
    assert_err(p->c, plugin_tell(p->c, "probe", &e), ERR_OK);
    assert_int_equal(probing_things(p), 1);
    assert_err(p->c, plugin_tell(p->c, "gone", &e), ERR_NOT_FOUND);
}

// ---- verbs and jobs

static void test_a_verb_writes_at_most_what_it_may(void **state) {
    struct probing *p = *state;
    const char *said;
    assert_err(p->c, probing_play(p, "say:900", &said), ERR_OK);
    assert_int_equal(strlen(said), 900);
    assert_err(p->c, probing_play(p, "add:1:one|say:1001|ok", &said),
               ERR_TOO_LARGE); // the probe ignores the refusal
    assert_int_equal(probing_things(p), 0);
    assert_err(p->c, probing_play(p, "add:1:one|say:1001|limit", &said), ERR_TOO_LARGE);
}

static void test_findings_of_a_verb_come_in_order_and_are_bounded(void **state) {
    struct probing *p = *state;
    struct strb out, script;
    struct findings found;
    strb_init(&out, 1000);
    strb_init(&script, 100000);
    for (int i = 0; i < 250; i++) {
        strb_printf(&script, "error:line %d|", i);
    }
    const char *words[] = {script.p};
    assert_err(p->c, plugin_verb_run(p->c, "probe", "do", 1, words, &out, &found), ERR_OK);
    assert_int_equal(found.errors, 250);
    assert_int_equal(found.count, 200);
    assert_string_equal(found.list[0].text, "line 0");
    assert_err(p->c, plugin_verb_run(p->c, "probe", "undo", 0, NULL, &out, &found), ERR_NOT_FOUND);
    assert_err(p->c, plugin_verb_run(p->c, "gone", "do", 0, NULL, &out, &found), ERR_NOT_FOUND);
    strb_free(&script);
    strb_free(&out);
}

static void test_jobs_of_a_generation_are_listed_and_found(void **state) {
    struct probing *p = *state;
    struct plugin_job *jobs;
    assert_int_equal(plugin_set_jobs(p->c->plugins, p->c->arena, &jobs), 8);
    assert_string_equal(jobs[0].plugin, "probe");
    assert_string_equal(jobs[0].name, "slow");
    assert_int_equal(jobs[0].max_ms, 5);
    assert_int_equal(plugin_set_jobs(NULL, p->c->arena, &jobs), 0);
    assert_err(p->c, plugin_job_run(p->c, "probe", "none"), ERR_NOT_FOUND);
}

static void test_what_was_not_granted_is_neither_asked_nor_run(void **state) {
    struct probing *p = *state;
    struct plugin *probe = probing_member(p, "probe")->plugin;
    struct plugin_job *jobs;
    struct slot_panel *panels;
    struct anc_event told = event_of(ANC_EVENT_AWARDED, "", "ok");
    uint64_t calls = probing_info(p, "probe").calls;
    probe->granted = ANC_CAP_OWN_TABLES;
    assert_err(p->c, ask(p, ANC_EVENT_SUPPLIER_SAVING, "probe", "veto"), ERR_OK);
    assert_err(p->c, plugin_tell(p->c, "probe", &told), ERR_NOT_FOUND);
    assert_err(p->c, plugin_job_run(p->c, "probe", "slow"), ERR_NOT_FOUND);
    assert_int_equal(plugin_set_jobs(p->c->plugins, p->c->arena, &jobs), 4); // of the other one
    assert_int_equal(plugin_slot_panels(p->c, ANC_SLOT_HOME, "", &panels), 1);
    assert_int_equal(probing_info(p, "probe").calls, calls);
}

// ---- panels

static void test_panels_that_fail_or_have_nothing_are_left_out(void **state) {
    struct probing *p = *state;
    struct slot_panel *list;
    assert_int_equal(plugin_slot_panels(p->c, ANC_SLOT_HOME, "", &list), 2);
    assert_string_equal(list[0].title, "Shows probe_b");
    assert_string_equal(list[1].title, "Shows probe");
    const struct panel *shown = &list[1].panel;
    assert_int_equal(shown->figure_count, 1);
    assert_int_equal(shown->part_count, 1);
    assert_string_equal(shown->parts[0].key, "by_kind");
    assert_string_equal(shown->parts[0].picture.keys[1], "count");
    struct strb json;
    strb_init(&json, 10000);
    table_json(shown->parts[0].table, &json);
    assert_non_null(strstr(json.p, "\"kind_url\":\"/x/probe/round\""));
    strb_free(&json);
    assert_int_equal(p->c->err, ERR_OK);
    assert_int_equal(probing_info(p, "probe").faults, 1);
    assert_int_equal(plugin_slot_panels(p->c, ANC_SLOT_SUPPLIER, "x", &list), 0);
}

static void test_a_panel_that_failed_too_often_is_not_asked_again(void **state) {
    struct probing *p = *state;
    struct slot_panel *list;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(plugin_slot_panels(p->c, ANC_SLOT_HOME, "", &list), 2);
    }
    uint64_t calls = probing_info(p, "probe").calls;
    assert_int_equal(plugin_slot_panels(p->c, ANC_SLOT_HOME, "", &list), 0);
    assert_int_equal(probing_info(p, "probe").calls, calls);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, probing_setup, probing_teardown)
#define BARE(test) cmocka_unit_test_setup_teardown(test, probing_setup_bare, probing_teardown_bare)

int main(void) {
    const struct CMUnitTest tests[] = {
        BARE(test_filters_are_asked_by_order_then_by_plugin),
        BARE(test_a_veto_reaches_the_caller_in_the_plugins_words_and_stops_there),
        CASE(test_a_veto_undoes_only_what_its_own_filter_stored),
        BARE(test_a_filter_that_fails_stops_a_publication_and_lets_others_go_on),
        CASE(test_a_filters_failed_statement_leaves_the_callers_transaction_whole),
        BARE(test_every_event_has_words_and_is_asked_or_told),
        CASE(test_a_plugin_is_told_and_says_whether_it_took_it),
        CASE(test_a_verb_writes_at_most_what_it_may),
        BARE(test_findings_of_a_verb_come_in_order_and_are_bounded),
        BARE(test_jobs_of_a_generation_are_listed_and_found),
        BARE(test_what_was_not_granted_is_neither_asked_nor_run),
        BARE(test_panels_that_fail_or_have_nothing_are_left_out),
        BARE(test_a_panel_that_failed_too_often_is_not_asked_again),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
