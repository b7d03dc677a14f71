// SPDX-License-Identifier: Apache-2.0
// Promises of calls into plugins: what they store is kept or undone as a whole, as their own role; what goes
// wrong is a fault of the plugin and never one of the server.
#include "base/clock.h"
#include "plugins/probing.h"

#include <stdio.h>
#include <string.h>

// ---- the transaction of a call

static void test_what_a_call_stored_is_kept_when_it_ends_well(void **state) {
    struct probing *p = *state;
    const char *said;
    assert_err(p->c, probing_play(p, "add:1:one|back:2:two|ok", &said), ERR_OK);
    assert_string_equal(said, "0 0 (2) ");
    assert_int_equal(probing_things(p), 2);
    assert_err(p->c, probing_play(p, "add:3:three|skip", &said), ERR_OK);
    assert_int_equal(probing_things(p), 3);
    assert_int_equal(db_depth(p->c->db), 0);
}

static void test_what_a_call_stored_is_undone_when_it_ends_with_an_error(void **state) {
    struct probing *p = *state;
    const char *said;
    assert_err(p->c, probing_play(p, "add:1:one|why::Not today.|invalid", &said), ERR_INVALID);
    assert_string_equal(p->c->err_detail, "Not today.");
    assert_err(p->c, probing_play(p, "add:1:one|bug", &said), ERR_BUG);
    assert_int_equal(probing_things(p), 0);
    assert_int_equal(db_depth(p->c->db), 0);
}

static void test_a_failed_statement_cannot_be_hidden(void **state) {
    struct probing *p = *state;
    const char *said;
    assert_int_not_equal(probing_play(p, "add:1:one|add:1:again|count|ok", &said), ERR_OK);
    assert_string_equal(said, "0 -8 -5 "); // after the conflict nothing runs any more
    assert_int_equal(probing_things(p), 0);
    assert_int_not_equal(probing_play(p, "add:1:one|child:7|ok", &said), ERR_OK); // fails at the end only
    assert_string_equal(said, "0 0 ");
    assert_int_equal(probing_things(p), 0);
}

static void test_refusals_of_the_database_are_told_by_kind(void **state) {
    struct probing *p = *state;
    const char *said;
    assert_err(p->c, probing_play(p, "add:1:one", &said), ERR_OK);
    assert_err(p->c, probing_play(p, "add:1:one|conflict", &said), ERR_CONFLICT);
    assert_string_equal(said, "-8 ");
    assert_err(p->c, probing_play(p, "add:2:bad|invalid", &said), ERR_INVALID); // a check
    assert_string_equal(said, "-1 ");
    assert_err(p->c, probing_play(p, "add:x:one|invalid", &said), ERR_INVALID); // no number
    assert_string_equal(said, "-1 ");
    assert_string_equal(probing_fault(p), ""); // none of these is a fault
}

static void test_a_call_runs_as_the_plugins_own_role(void **state) {
    struct probing *p = *state;
    const char *said;
    assert_err(p->c, probing_play(p, "who", &said), ERR_OK);
    assert_string_equal(said, "0 (plg_probe plg_probe, api) ");
    assert_string_equal(dbtest_value(p->c, "SELECT current_user = session_user"), "t");
    assert_string_equal(dbtest_value(p->c, "SELECT current_setting('search_path')"), "core");
}

static void test_a_table_without_a_grant_is_denied_and_a_fault(void **state) {
    struct probing *p = *state;
    const char *said;
    assert_err(p->c, probing_play(p, "foreign|denied", &said), ERR_DENIED);
    assert_string_equal(said, "-3 ");
    assert_non_null(strstr(probing_fault(p), "42501"));
    assert_int_not_equal(probing_play(p, "add:1:one|secret|ok", &said), ERR_OK);
    assert_string_equal(said, "0 -3 ");
    assert_int_equal(probing_things(p), 0);
    assert_int_equal(probing_info(p, "probe").faults, 2);
}

static void test_statements_that_cannot_be_are_faults(void **state) {
    struct probing *p = *state;
    const char *said;
    assert_int_not_equal(probing_play(p, "wrong", &said), ERR_OK); // no such table
    assert_string_equal(said, "-5 ");
    assert_non_null(strstr(probing_fault(p), "42P01"));
    assert_int_not_equal(probing_play(p, "select_as_exec|ok", &said), ERR_OK); // gives rows nobody asked for
    assert_int_equal(probing_info(p, "probe").faults, 2);
}

static void test_inside_a_transaction_a_call_is_a_savepoint(void **state) {
    struct probing *p = *state;
    const char *said;
    assert_err(p->c, db_begin(p->c), ERR_OK);
    assert_err(p->c, probing_play(p, "add:1:one|ok", &said), ERR_OK);
    assert_err(p->c, probing_play(p, "add:2:two|bug", &said), ERR_BUG);
    assert_int_not_equal(probing_play(p, "add:1:again|ok", &said), ERR_OK);
    assert_int_equal(db_depth(p->c->db), 1);
    // The caller goes on as itself, and in its own schema.
    assert_string_equal(dbtest_value(p->c, "SELECT current_user = session_user"), "t");
    assert_string_equal(dbtest_value(p->c, "SELECT current_setting('search_path')"), "core");
    assert_string_equal(dbtest_value(p->c, "SELECT current_setting('statement_timeout')"), "5s");
    assert_int_equal(probing_things(p), 1);
    // What is deferred is looked at before the plugin's role is left.
    assert_int_not_equal(probing_play(p, "child:99|ok", &said), ERR_OK);
    assert_err(p->c, db_commit(p->c), ERR_OK);
    assert_int_equal(probing_things(p), 1);
}

static void keep_note(void *arg, const char *channel, const char *payload) {
    char *heard = arg;
    (void)channel;
    size_t n = strlen(heard);
    snprintf(heard + n, 64 - n, "%s;", payload);
}

static void test_pages_hear_that_a_plugins_data_changed(void **state) {
    struct probing *p = *state;
    const char *said, *const channels[] = {"anchorage_changed", NULL};
    struct db_listener *l;
    char heard[64] = "";
    assert_err(p->c, db_listener_open(p->t->conninfo, channels, &l), ERR_OK);
    assert_err(p->c, probing_play(p, "count", &said), ERR_OK);
    assert_int_not_equal(probing_play(p, "add:1:one|bug", &said), ERR_OK);
    assert_err(p->c, probing_play(p, "add:1:one|back:2:two", &said), ERR_OK);
    dbtest_run(p->c, "NOTIFY anchorage_changed, 'end'");
    while (!strstr(heard, "end;")) {
        assert_err(p->c, db_listener_wait(l, 5000, keep_note, heard), ERR_OK);
    }
    assert_string_equal(heard, "plugin_data;end;"); // once, and only for what was kept
    db_listener_close(l);
}

static void test_a_statement_whose_plan_is_out_of_date_runs_again(void **state) {
    struct probing *p = *state;
    const char *said;
    assert_err(p->c, probing_play(p, "add:1:one|old", &said), ERR_OK);
    dbtest_run(p->c, "ALTER TABLE plg_probe.thing ALTER COLUMN word TYPE varchar(40)");
    ctx_fail_field(p->c, "title", "Give it a title.");
    assert_err(p->c, probing_play(p, "old", &said), ERR_OK);
    assert_string_equal(said, "0 (1) ");
    // What was on record before the call is so again after it.
    assert_int_equal(p->c->err, ERR_INVALID);
    assert_string_equal(p->c->err_field, "title");
    assert_string_equal(p->c->err_detail, "Give it a title.");
}

static void test_without_a_database_statements_fail_and_the_rest_works(void **state) {
    struct probing *p = *state;
    const char *said;
    assert_err(p->c, probing_play(p, "setting:size|text:hello|text:nothing|setting:none", &said), ERR_OK);
    assert_string_equal(said, "12 12 Good daynothing 0 ");
    assert_err(p->c, probing_play(p, "count|db", &said), ERR_DB_AWAY);
    assert_string_equal(said, "-5 ");
    assert_string_equal(probing_fault(p), "");
}

// ---- time and faults

static void one_more(void *arg) {
    ++*(int *)arg;
}

static void test_a_call_over_its_budget_is_a_fault_and_five_raise_the_alarm(void **state) {
    struct probing *p = *state;
    int alarms = 0;
    uint64_t calls = probing_info(p, "probe").calls;
    plugin_host_on_alarm(p->plugins.host, one_more, &alarms);
    for (int i = 0; i < 4; i++) {
        assert_err(p->c, plugin_job_run(p->c, "probe", "slow"), ERR_OK); // late, but right
    }
    assert_int_equal(alarms, 0);
    assert_non_null(strstr(probing_fault(p), "over its budget"));
    assert_err(p->c, plugin_job_run(p->c, "probe", "slow"), ERR_OK);
    assert_int_equal(alarms, 1);
    assert_err(p->c, plugin_job_run(p->c, "probe", "slow"), ERR_BUSY); // not let in
    struct plugin_info info = probing_info(p, "probe");
    assert_int_equal(info.faults, 5);
    assert_int_equal(info.calls - calls, 5);
    assert_int_equal(info.running, 0);
    const char *said;
    assert_err(p->c, probing_play(p, "ok", &said), ERR_BUSY);
    assert_int_equal(alarms, 1);
}

static void test_only_faults_within_ten_minutes_count_together(void **state) {
    struct probing *p = *state;
    const char *said;
    int alarms = 0;
    plugin_host_on_alarm(p->plugins.host, one_more, &alarms);
    int64_t begin = clock_now_usec() + 1000000;
    for (int i = 0; i < 10; i++) { // four in any ten minutes
        clock_fix(begin + i * INT64_C(151000000));
        assert_err(p->c, probing_play(p, "bug", &said), ERR_BUG);
    }
    assert_int_equal(alarms, 0);
    clock_fix(clock_now_usec() + 1000000);
    assert_err(p->c, probing_play(p, "bug", &said), ERR_BUG);
    assert_int_equal(alarms, 1);
}

static void test_the_last_twenty_faults_can_be_read_newest_first(void **state) {
    struct probing *p = *state;
    const char *said;
    struct plugin_fault *list;
    int64_t begin = clock_now_usec() + 1000000;
    for (int i = 0; i < 23; i++) {
        clock_fix(begin + i * INT64_C(600000000));
        assert_int_equal(probing_play(p, "bug", &said), ERR_BUG);
    }
    assert_int_equal(plugin_faults(p->plugins.host, p->c->arena, "probe", &list), 20);
    assert_true(list[0].at == begin + 22 * INT64_C(600000000));
    assert_true(list[19].at == begin + 3 * INT64_C(600000000));
    assert_string_equal(list[0].call, "verb:do");
    assert_string_equal(list[0].detail, "it failed with code -7");
    assert_string_equal(list[0].request, p->c->id);
    assert_int_equal(plugin_faults(p->plugins.host, p->c->arena, "nobody", &list), 0);
}

static void test_codes_that_are_none_are_faults_and_others_are_not(void **state) {
    struct probing *p = *state;
    static const struct {
        const char *script;
        enum err err;
        uint64_t faults;
    } cases[] = {{"ok", ERR_OK, 0},
                 {"skip", ERR_OK, 0},
                 {"invalid", ERR_INVALID, 0},
                 {"away", ERR_NOT_FOUND, 0},
                 {"denied", ERR_DENIED, 0},
                 {"limit", ERR_TOO_LARGE, 0},
                 {"unsupported", ERR_UNSUPPORTED, 0},
                 {"conflict", ERR_CONFLICT, 0},
                 {"db", ERR_BUSY, 0},
                 {"bug", ERR_BUG, 1},
                 {"nonsense", ERR_BUG, 2}};
    const char *said;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_err(p->c, probing_play(p, cases[i].script, &said), cases[i].err);
        assert_int_equal(probing_info(p, "probe").faults, cases[i].faults);
    }
}

static void test_a_statement_that_takes_too_long_is_ended_and_a_fault(void **state) {
    struct probing *p = *state;
    assert_err(p->c, db_limit_ms(p->c->db, 0), ERR_OK); // the connection itself would wait for ever
    assert_err(p->c, plugin_job_run(p->c, "probe", "sleeper"), ERR_TIMEOUT);
    assert_non_null(strstr(probing_fault(p), "over its budget"));
    assert_int_equal(probing_info(p, "probe").faults, 1); // one call is one fault
    assert_int_equal(probing_things(p), 0);
    assert_err(p->c, plugin_job_run(p->c, "probe", "late"), ERR_TIMEOUT); // no statement after the budget
    assert_int_equal(probing_things(p), 0);
    assert_int_equal(probing_info(p, "probe").faults, 2);
}

// ---- calls within calls

static void test_a_call_within_a_call_gives_the_thread_back_to_the_outer_one(void **state) {
    struct probing *p = *state;
    const struct plugin_member *m = probing_member(p, "probe");
    const struct anc_db_api *db = m->plugin->host->db;
    const anc_rows *rows;
    const char *said;
    anc_ctx outer;
    assert_true(call_enter(&outer, p->c, m, "outer", 1000));
    assert_ptr_equal(call_now(), &outer);
    assert_int_equal(db->run(&outer, 6, 0, NULL, &rows), ANC_OK);
    assert_string_equal(db->text(rows, 0, 0), "plg_probe plg_probe, api");
    int64_t deadline = outer.deadline_usec;
    const struct anc_event event = {.size = sizeof event,
                                    .kind = ANC_EVENT_SUPPLIER_SAVING,
                                    .ref = "probe_b",
                                    .name = "add:1:inner",
                                    .anchor_ref = "",
                                    .supplier_ref = ""};
    assert_err(p->c, plugin_ask(p->c, &event), ERR_OK);
    assert_ptr_equal(call_now(), &outer);
    assert_true(outer.deadline_usec > deadline); // the time of the inner ones is not charged to it
    assert_int_equal(db->run(&outer, 6, 0, NULL, &rows), ANC_OK); // and its role is back
    assert_string_equal(db->text(rows, 0, 0), "plg_probe plg_probe, api");
    assert_int_equal(probing_info(p, "probe").running, 1);
    assert_err(p->c, call_leave(&outer, ANC_OK), ERR_OK);
    assert_null(call_now());
    assert_string_equal(dbtest_value(p->c, "SELECT word FROM plg_probe_b.thing"), "inner");
    assert_err(p->c, probing_play(p, "who", &said), ERR_OK);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, probing_setup, probing_teardown)
#define BARE(test) cmocka_unit_test_setup_teardown(test, probing_setup_bare, probing_teardown_bare)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_what_a_call_stored_is_kept_when_it_ends_well),
        CASE(test_what_a_call_stored_is_undone_when_it_ends_with_an_error),
        CASE(test_a_failed_statement_cannot_be_hidden),
        CASE(test_refusals_of_the_database_are_told_by_kind),
        CASE(test_a_call_runs_as_the_plugins_own_role),
        CASE(test_a_table_without_a_grant_is_denied_and_a_fault),
        CASE(test_statements_that_cannot_be_are_faults),
        CASE(test_inside_a_transaction_a_call_is_a_savepoint),
        CASE(test_pages_hear_that_a_plugins_data_changed),
        CASE(test_a_statement_whose_plan_is_out_of_date_runs_again),
        BARE(test_without_a_database_statements_fail_and_the_rest_works),
        BARE(test_a_call_over_its_budget_is_a_fault_and_five_raise_the_alarm),
        BARE(test_only_faults_within_ten_minutes_count_together),
        BARE(test_the_last_twenty_faults_can_be_read_newest_first),
        BARE(test_codes_that_are_none_are_faults_and_others_are_not),
        CASE(test_a_statement_that_takes_too_long_is_ended_and_a_fault),
        CASE(test_a_call_within_a_call_gives_the_thread_back_to_the_outer_one),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
