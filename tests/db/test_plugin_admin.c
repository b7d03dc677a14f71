// SPDX-License-Identifier: Apache-2.0
// Promises of core/domain/plugin_admin.h against a real database and the plugins of tests/pages/plugin.
#include "domain/plugin_admin.h"
#include "support/market.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES BINARY_DIR "/tests/desk"
#define NEEDS (ANC_CAP_WRITE_SCORES | ANC_CAP_READ_SUPPLIERS)
#define MAY   (ANC_CAP_PAGES | ANC_CAP_JOBS | ANC_CAP_EVENTS)

static char copies[] = "/tmp/anc-plugin-admin-XXXXXX";
static struct plugin_host *host;

static int group_setup(void **state) {
    if (!mkdtemp(copies)) {
        return -1;
    }
    host = plugin_host_read(FILES, "desk,leaf");
    plugin_host_check(host, copies, NULL);
    return dbtest_group_setup(state);
}

static int group_teardown(void **state) {
    plugin_host_close(host);
    return dbtest_group_teardown(state);
}

// An administrator at work.
static struct ctx *admin(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    c->actor.perms = (1u << PERM_PUBLIC) | (1u << PERM_ADMIN);
    return c;
}

static void assert_told(struct ctx *c, enum err e, enum err want, const char *words) {
    assert_err(c, e, want);
    if (!strstr(c->err_detail, words)) {
        fail_msg("\"%s\" does not say \"%s\"", c->err_detail, words);
    }
}

#define assert_value(c, want, ...) assert_string_equal(dbtest_value(c, __VA_ARGS__), want)

static void assert_audits(struct ctx *c, const char *action, const char *want) {
    assert_value(c, want, "SELECT count(*) FROM core.audit WHERE action = '%s'", action);
}

// As the server does when it has acted upon the wishes.
static void acted(struct ctx *c, const char *id, const char *state) {
    dbtest_run(c, "UPDATE core.plugin SET state = '%s', handled_no = wanted_no WHERE id = '%s'", state, id);
}

static void switch_on(struct ctx *c, const char *id) {
    assert_err(c, plugin_admin_enable(c, host, id, PLUGIN_POWERS_AS_BEFORE), ERR_OK);
    acted(c, id, "ACTIVE");
}

static const char *publish(struct ctx *c) {
    struct actor me = c->actor;
    market_fill(c);
    const char *ref = market_publish(c);
    c->actor = me;
    return ref;
}

// ---- on

static void test_switching_on_is_a_wish_with_powers_and_an_entry_in_the_log(void **state) {
    struct ctx *c = admin(state);
    assert_err(c, plugin_admin_enable(c, host, "desk", NEEDS | ANC_CAP_JOBS), ERR_OK);
    assert_value(c, "t|521|1|0",
                 "SELECT concat_ws('|', enabled, granted, wanted_no, handled_no) FROM core.plugin");
    assert_value(c, "desk: powers: read-suppliers, write-scores, jobs",
                 "SELECT object || ': ' || detail FROM core.audit WHERE action = 'plugin.enable'");
    assert_err(c, plugin_admin_enable(c, host, "desk", NEEDS), ERR_OK);
    assert_value(c, "9|2", "SELECT concat_ws('|', granted, wanted_no) FROM core.plugin");
}

static void test_the_first_time_it_gets_all_it_asks_for_and_later_what_it_had(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    assert_int_equal(strtoll(dbtest_value(c, "SELECT granted FROM core.plugin"), NULL, 10), NEEDS | MAY);
    assert_err(c, plugin_admin_grant(c, host, "desk", NEEDS), ERR_OK);
    assert_err(c, plugin_admin_disable(c, host, "desk"), ERR_OK);
    switch_on(c, "desk");
    assert_int_equal(strtoll(dbtest_value(c, "SELECT granted FROM core.plugin"), NULL, 10), NEEDS);
}

static void test_it_is_not_switched_on_without_a_power_it_needs(void **state) {
    struct ctx *c = admin(state);
    assert_told(c, plugin_admin_enable(c, host, "desk", ANC_CAP_READ_SUPPLIERS | MAY), ERR_CONFLICT,
                "cannot work unless it may write scores. Give it that, or leave the plugin off.");
    assert_value(c, "0", "SELECT count(*) FROM core.plugin");
    assert_audits(c, "plugin.enable", "0");
}

static void test_it_is_not_switched_on_while_what_it_depends_on_is_off(void **state) {
    struct ctx *c = admin(state);
    assert_told(c, plugin_admin_enable(c, host, "leaf", 0), ERR_CONFLICT, "leaf works only with Desk");
    switch_on(c, "desk");
    assert_err(c, plugin_admin_enable(c, host, "leaf", 0), ERR_OK);
    dbtest_run(c, "UPDATE core.plugin SET suspended_at = now() WHERE id = 'desk'");
    assert_told(c, plugin_admin_enable(c, host, "leaf", 0), ERR_CONFLICT, "which is off. Switch on Desk");
}

static void test_only_powers_that_exist_and_are_asked_for_can_be_given(void **state) {
    struct ctx *c = admin(state);
    assert_told(c, plugin_admin_enable(c, host, "desk", NEEDS | 1ull << 40), ERR_INVALID, "no such power");
    assert_told(c, plugin_admin_enable(c, host, "desk", NEEDS | ANC_CAP_NOTIFY), ERR_INVALID,
                "does not ask to send messages");
    assert_told(c, plugin_admin_grant(c, host, "desk", NEEDS | ANC_CAP_READ_SPEND), ERR_INVALID,
                "does not ask to read payments");
}

static void test_an_unknown_plugin_is_named(void **state) {
    struct ctx *c = admin(state);
    assert_told(c, plugin_admin_enable(c, host, "ghost", 0), ERR_NOT_FOUND, "no plugin \"ghost\"");
    assert_told(c, plugin_admin_disable(c, host, "ghost"), ERR_NOT_FOUND, "ghost.so");
    assert_told(c, plugin_admin_grant(c, host, "ghost", 0), ERR_NOT_FOUND, "ghost");
    assert_told(c, plugin_admin_set(c, host, "ghost", "rows", "1"), ERR_NOT_FOUND, "ghost");
}

static void test_switching_on_ends_a_suspension(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    dbtest_run(c, "UPDATE core.plugin SET suspended_at = now(), suspended_reason = 'Five faults.'");
    assert_err(c, plugin_admin_enable(c, host, "desk", PLUGIN_POWERS_AS_BEFORE), ERR_OK);
    assert_value(c, "t||2",
                 "SELECT concat_ws('|', suspended_at IS NULL, suspended_reason, wanted_no) FROM core.plugin");
}

// ---- off

static void test_switching_off_is_a_wish_and_twice_is_once(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    assert_err(c, plugin_admin_disable(c, host, "desk"), ERR_OK);
    assert_err(c, plugin_admin_disable(c, host, "desk"), ERR_OK);
    assert_value(c, "f|2", "SELECT concat_ws('|', enabled, wanted_no) FROM core.plugin");
    assert_audits(c, "plugin.disable", "1");
    assert_err(c, plugin_admin_disable(c, host, "leaf"), ERR_OK); // never switched on
    assert_value(c, "1", "SELECT count(*) FROM core.plugin");
}

static void test_it_stays_on_while_another_plugin_works_with_it(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    switch_on(c, "leaf");
    assert_told(c, plugin_admin_disable(c, host, "desk"), ERR_CONFLICT,
                "cannot be switched off while leaf works with it. Switch off leaf first.");
    assert_err(c, plugin_admin_may_disable(c, host, "desk"), ERR_CONFLICT);
    assert_value(c, "t|1", "SELECT concat_ws('|', enabled, wanted_no) FROM core.plugin WHERE id = 'desk'");
    assert_audits(c, "plugin.disable", "0");
    acted(c, "leaf", "FAILED"); // it does not work anyway
    assert_err(c, plugin_admin_may_disable(c, host, "desk"), ERR_OK);
    acted(c, "leaf", "ACTIVE");
    assert_err(c, plugin_admin_disable(c, host, "leaf"), ERR_OK);
    assert_err(c, plugin_admin_disable(c, host, "desk"), ERR_OK);
}

static void test_a_scorer_stays_on_until_the_tender_is_decided(void **state) {
    struct ctx *c = admin(state);
    struct plugin_pin pin;
    switch_on(c, "desk");
    assert_err(c, plugin_admin_pin(c, host, "desk", &pin), ERR_OK);
    assert_string_equal(pin.ref, "");
    const char *ref = publish(c);
    assert_err(c, plugin_admin_pin(c, host, "desk", &pin), ERR_OK);
    assert_string_equal(pin.ref, ref);
    static const char *const live[] = {"published", "closed", "opened"};
    for (size_t i = 0; i < sizeof live / sizeof *live; i++) {
        dbtest_run(c, "UPDATE core.notice SET state = '%s'", live[i]);
        assert_told(
            c, plugin_admin_disable(c, host, "desk"), ERR_CONFLICT,
            "cannot be switched off while it scores the bids of the tender \"Lunches for three centres\"");
    }
    assert_value(c, "t|1", "SELECT concat_ws('|', enabled, wanted_no) FROM core.plugin");
    dbtest_run(c, "UPDATE core.notice SET state = 'cancelled'");
    assert_err(c, plugin_admin_disable(c, host, "desk"), ERR_OK);
}

static void test_a_rule_stays_on_until_the_tender_it_stands_in_is_closed(void **state) {
    struct ctx *c = admin(state);
    struct plugin_host *with = plugin_host_read(FILES "/rules", "ruler");
    plugin_host_check(with, copies, NULL);
    plugin_host_start(with, c);
    publish(c);
    dbtest_run(c, "UPDATE core.notice SET rules = '{everybody}'");
    assert_told(c, plugin_admin_disable(c, with, "ruler"), ERR_CONFLICT,
                "cannot be switched off while one of its rules stands in the tender \"Lunches for three "
                "centres\"");
    dbtest_run(c, "UPDATE core.notice SET state = 'closed'");
    assert_err(c, plugin_admin_disable(c, with, "ruler"), ERR_OK);
    plugin_host_close(with);
}

static void test_of_two_scorers_the_one_that_is_asked_stays_on(void **state) {
    struct ctx *c = admin(state);
    struct plugin_host *two = plugin_host_read(FILES, "desk,second");
    plugin_host_check(two, copies, NULL);
    plugin_host_start(two, c);
    publish(c);
    c->plugins = plugin_host_now(two);
    assert_told(c, plugin_admin_disable(c, two, "desk"), ERR_CONFLICT, "scores the bids of the tender");
    assert_err(c, plugin_admin_disable(c, two, "second"), ERR_OK);
    c->plugins = NULL;
    plugin_host_close(two);
}

static void test_a_refusal_says_when_the_tender_closes(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    publish(c);
    dbtest_run(c, "UPDATE core.notice SET closes_at = '2030-07-01 11:00:00+00'");
    assert_told(c, plugin_admin_disable(c, host, "desk"), ERR_CONFLICT,
                "which closes on 1 July 2030 at midday UK time. That ends when the tender is awarded");
}

static void test_a_tender_without_points_for_social_value_holds_no_scorer(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    publish(c);
    dbtest_run(c, "UPDATE core.notice SET price_weight = 50, social_weight = 0");
    assert_err(c, plugin_admin_disable(c, host, "desk"), ERR_OK);
}

static void test_who_was_taken_out_may_always_be_switched_off(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    publish(c);
    dbtest_run(c, "UPDATE core.plugin SET suspended_at = now()");
    assert_err(c, plugin_admin_disable(c, host, "desk"), ERR_OK);
}

// ---- powers

static void test_powers_are_changed_with_an_entry_that_says_what_was_before(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    assert_err(c, plugin_admin_grant(c, host, "desk", NEEDS | ANC_CAP_PAGES), ERR_OK);
    assert_value(c, "2", "SELECT wanted_no FROM core.plugin");
    assert_value(c,
                 "powers: read-suppliers, write-scores, pages; before: read-suppliers, write-scores, pages, "
                 "jobs, events",
                 "SELECT detail FROM core.audit WHERE action = 'plugin.grant'");
    assert_err(c, plugin_admin_grant(c, host, "desk", NEEDS | ANC_CAP_PAGES), ERR_OK); // the same again
    assert_value(c, "2", "SELECT wanted_no FROM core.plugin");
    assert_audits(c, "plugin.grant", "1");
}

static void test_a_needed_power_stays_while_another_plugin_works_with_it(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    switch_on(c, "leaf");
    assert_told(c, plugin_admin_grant(c, host, "desk", ANC_CAP_WRITE_SCORES), ERR_CONFLICT,
                "cannot lose the power to read suppliers while leaf works with it");
    assert_err(c, plugin_admin_grant(c, host, "desk", NEEDS), ERR_OK); // what it can do without
    assert_err(c, plugin_admin_disable(c, host, "leaf"), ERR_OK);
    assert_err(c, plugin_admin_grant(c, host, "desk", 0), ERR_OK);
}

static void test_a_pinned_scorer_keeps_its_needed_powers(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    publish(c);
    assert_told(c, plugin_admin_grant(c, host, "desk", ANC_CAP_READ_SUPPLIERS | MAY), ERR_CONFLICT,
                "cannot lose the power to write scores while it scores the bids of the tender");
    assert_err(c, plugin_admin_grant(c, host, "desk", NEEDS), ERR_OK);
}

static void test_powers_have_names_for_commands(void **state) {
    struct ctx *c = admin(state);
    anc_caps powers = 1;
    assert_err(c, plugin_powers_parse(c, "read-suppliers, pages  jobs", &powers), ERR_OK);
    assert_int_equal(powers, ANC_CAP_READ_SUPPLIERS | ANC_CAP_PAGES | ANC_CAP_JOBS);
    assert_err(c, plugin_powers_parse(c, "none", &powers), ERR_OK);
    assert_int_equal(powers, 0);
    assert_told(c, plugin_powers_parse(c, "pages,fly", &powers), ERR_INVALID,
                "There is no power \"fly\". The powers are: read-suppliers, read-spend,");
    assert_int_equal(powers, 0);
    anc_caps all = 0, one;
    for (size_t i = 0; plugin_power_name(i, &one); i++) {
        assert_int_equal(plugin_power_by_name(plugin_power_name(i, &one)), one);
        all |= one;
    }
    assert_int_equal(all, ANC_CAP_ALL);
}

// ---- settings

static const char *stored(struct ctx *c, const char *key) {
    return dbtest_value(
        c, "SELECT coalesce((SELECT value FROM core.plugin_setting WHERE key = '%s'), '(default)')", key);
}

static void test_a_setting_of_each_kind_is_checked_and_stored(void **state) {
    struct ctx *c = admin(state);
    static const struct {
        const char *key, *typed, *kept, *wrong, *sentence;
    } cases[] = {
        {"greeting", " Hello ", "Hello", "Hi", "must be 3 characters or more"},
        {"rows", "40", "40", "101", "must be from 1 to 100"},
        {"least", "1,250.50", "125050", "10000.01",
         "must be \xC2\xA3"
         "10,000.00 or less"},
        {"target", "40.5", "4050", "forty", "must be a percentage, like 12 or 31.9"},
        {"open", "no", "0", "perhaps", "Select one of the answers shown"},
        {"order", "day", "day", "size", "Select one of the answers shown"},
    };
    switch_on(c, "desk");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_told(c, plugin_admin_set(c, host, "desk", cases[i].key, cases[i].wrong), ERR_INVALID,
                    cases[i].sentence);
        assert_string_equal(c->err_field, cases[i].key);
        assert_string_equal(stored(c, cases[i].key), "(default)");
        assert_err(c, plugin_admin_set(c, host, "desk", cases[i].key, cases[i].typed), ERR_OK);
        assert_string_equal(stored(c, cases[i].key), cases[i].kept);
    }
    assert_value(c, "7", "SELECT wanted_no FROM core.plugin");
    assert_audits(c, "plugin.set", "6");
}

static void test_the_default_is_stored_nowhere(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    assert_err(c, plugin_admin_set(c, host, "desk", "rows", "12"), ERR_OK); // is the default
    assert_value(c, "1", "SELECT wanted_no FROM core.plugin");
    assert_err(c, plugin_admin_set(c, host, "desk", "rows", "13"), ERR_OK);
    assert_err(c, plugin_admin_set(c, host, "desk", "rows", "13"), ERR_OK);
    assert_value(c, "2", "SELECT wanted_no FROM core.plugin");
    assert_err(c, plugin_admin_set(c, host, "desk", "rows", NULL), ERR_OK);
    assert_string_equal(stored(c, "rows"), "(default)");
    assert_err(c, plugin_admin_set(c, host, "desk", "rows", "14"), ERR_OK);
    assert_err(c, plugin_admin_set(c, host, "desk", "rows", ""), ERR_OK);
    assert_string_equal(stored(c, "rows"), "(default)");
    assert_value(c, "5", "SELECT wanted_no FROM core.plugin");
}

static void test_the_log_says_what_was_set_but_never_a_text(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    assert_err(c, plugin_admin_set(c, host, "desk", "target", "40"), ERR_OK);
    assert_err(c, plugin_admin_set(c, host, "desk", "greeting", "hush-hush"), ERR_OK);
    assert_value(
        c, "greeting, target: 40%, before: 31.9%",
        "SELECT string_agg(detail, ', ' ORDER BY detail) FROM core.audit WHERE action = 'plugin.set'");
}

static void test_an_unknown_setting_is_answered_with_those_there_are(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    assert_told(c, plugin_admin_set(c, host, "desk", "colour", "red"), ERR_NOT_FOUND,
                "has no setting \"colour\". Its settings are: greeting, rows, least, target, open, order.");
    assert_told(c, plugin_admin_set(c, host, "leaf", "rows", "1"), ERR_NOT_FOUND, "leaf has no settings");
}

static void test_settings_are_saved_all_or_none(void **state) {
    struct ctx *c = admin(state);
    const struct plugin_setting_value good[] = {{"rows", "20"}, {"open", "0"}, {"target", "3190"}};
    const struct plugin_setting_value bad[] = {{"rows", "30"}, {"least", "1000001"}};
    size_t changed = 99;
    switch_on(c, "desk");
    assert_err(c, plugin_admin_set_all(c, host, "desk", good, 3, &changed), ERR_OK);
    assert_int_equal(changed, 2);
    assert_value(c, "2", "SELECT wanted_no FROM core.plugin");
    assert_err(c, plugin_admin_set_all(c, host, "desk", bad, 2, &changed), ERR_INVALID);
    assert_string_equal(c->err_field, "least");
    assert_string_equal(stored(c, "rows"), "20");
    assert_value(c, "2", "SELECT wanted_no FROM core.plugin");
    assert_audits(c, "plugin.set", "2");
}

// ---- who, and what became of it

static void test_only_administrators_wish(void **state) {
    struct ctx *c = admin(state);
    switch_on(c, "desk");
    c->actor.perms = (1u << PERM_PUBLIC) | (1u << PERM_SIGNED_IN) | (1u << PERM_OFFICER) | (1u << PERM_BUYER);
    assert_err(c, plugin_admin_enable(c, host, "desk", NEEDS), ERR_DENIED);
    assert_err(c, plugin_admin_disable(c, host, "desk"), ERR_DENIED);
    assert_err(c, plugin_admin_grant(c, host, "desk", NEEDS), ERR_DENIED);
    assert_err(c, plugin_admin_set(c, host, "desk", "rows", "20"), ERR_DENIED);
    assert_err(c, plugin_admin_may_disable(c, host, "desk"), ERR_DENIED);
    assert_value(c, "1", "SELECT wanted_no FROM core.plugin");
    assert_value(c, "0", "SELECT count(*) FROM core.plugin_setting");
}

static void test_waiting_tells_state_and_reason_or_that_it_is_going_on(void **state) {
    struct ctx *c = admin(state);
    struct plugin_answer_now now;
    assert_err(c, plugin_admin_wait(c, "desk", 0, &now), ERR_NOT_FOUND);
    assert_err(c, plugin_admin_enable(c, host, "desk", NEEDS), ERR_OK);
    assert_err(c, plugin_admin_wait(c, "desk", 60, &now), ERR_OK);
    assert_false(now.handled);
    assert_true(now.enabled);
    dbtest_run(c, "UPDATE core.plugin SET handled_no = 1, state = 'FAILED', reason = 'No file.'");
    assert_err(c, plugin_admin_wait(c, "desk", 60000, &now), ERR_OK);
    assert_true(now.handled);
    assert_string_equal(now.state, "FAILED");
    assert_string_equal(now.reason, "No file.");
    dbtest_run(c,
               "UPDATE core.plugin SET suspended_at = now(), suspended_reason = 'Five faults.', reason = ''");
    assert_err(c, plugin_admin_wait(c, "desk", 0, &now), ERR_OK);
    assert_true(now.suspended);
    assert_string_equal(now.reason, "Five faults.");
}

struct other {
    struct ctx *c;
    enum err e;
};

static void *enable_leaf(void *arg) {
    struct other *o = arg;
    o->e = plugin_admin_enable(o->c, host, "leaf", 0);
    return NULL;
}

static void test_wishes_that_depend_on_each_other_come_one_after_the_other(void **state) {
    struct ctx *c = admin(state);
    struct other o = {.c = dbtest_new_ctx(*state)};
    pthread_t thread;
    o.c->actor.perms = c->actor.perms;
    switch_on(c, "desk");
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, plugin_admin_disable(c, host, "desk"), ERR_OK);
    assert_int_equal(pthread_create(&thread, NULL, enable_leaf, &o), 0);
    while (strcmp(dbtest_value(c, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                                  "datname = current_database()"),
                  "1") != 0) {
        sched_yield();
    }
    assert_err(c, db_commit(c), ERR_OK);
    pthread_join(thread, NULL);
    assert_err(o.c, o.e, ERR_CONFLICT); // it saw that its base is off now
    assert_value(c, "0", "SELECT count(*) FROM core.plugin WHERE id = 'leaf'");
    dbtest_free_ctx(o.c);
}

#define PROMISE(t) cmocka_unit_test_setup_teardown(t, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROMISE(test_switching_on_is_a_wish_with_powers_and_an_entry_in_the_log),
        PROMISE(test_the_first_time_it_gets_all_it_asks_for_and_later_what_it_had),
        PROMISE(test_it_is_not_switched_on_without_a_power_it_needs),
        PROMISE(test_it_is_not_switched_on_while_what_it_depends_on_is_off),
        PROMISE(test_only_powers_that_exist_and_are_asked_for_can_be_given),
        PROMISE(test_an_unknown_plugin_is_named),
        PROMISE(test_switching_on_ends_a_suspension),
        PROMISE(test_switching_off_is_a_wish_and_twice_is_once),
        PROMISE(test_it_stays_on_while_another_plugin_works_with_it),
        PROMISE(test_a_scorer_stays_on_until_the_tender_is_decided),
        PROMISE(test_of_two_scorers_the_one_that_is_asked_stays_on),
        PROMISE(test_a_rule_stays_on_until_the_tender_it_stands_in_is_closed),
        PROMISE(test_a_refusal_says_when_the_tender_closes),
        PROMISE(test_a_tender_without_points_for_social_value_holds_no_scorer),
        PROMISE(test_who_was_taken_out_may_always_be_switched_off),
        PROMISE(test_powers_are_changed_with_an_entry_that_says_what_was_before),
        PROMISE(test_a_needed_power_stays_while_another_plugin_works_with_it),
        PROMISE(test_a_pinned_scorer_keeps_its_needed_powers),
        PROMISE(test_powers_have_names_for_commands),
        PROMISE(test_a_setting_of_each_kind_is_checked_and_stored),
        PROMISE(test_the_default_is_stored_nowhere),
        PROMISE(test_the_log_says_what_was_set_but_never_a_text),
        PROMISE(test_an_unknown_setting_is_answered_with_those_there_are),
        PROMISE(test_settings_are_saved_all_or_none),
        PROMISE(test_only_administrators_wish),
        PROMISE(test_waiting_tells_state_and_reason_or_that_it_is_going_on),
        PROMISE(test_wishes_that_depend_on_each_other_come_one_after_the_other),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
