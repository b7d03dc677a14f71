// SPDX-License-Identifier: Apache-2.0
// Promises of the life of plugins: what operators wish in core.plugin comes true while the program runs, and
// calls of an older generation end in peace.
#include "base/clock.h"
#include "lifetest.h"
#include "support/market.h"

#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void assert_answer(struct life *l, const char *statement, const char *answer) {
    enum err e = life_ask(l, NULL, statement);
    assert_err(l->c, e, ERR_OK);
    assert_string_equal(l->answer, answer);
}

static const char *plugin_row_text(struct life *l, const char *what) {
    return dbtest_value(l->c, "SELECT (%s)::text FROM core.plugin WHERE id = 'life'", what);
}

static void test_a_new_name_of_the_list_is_entered_as_wanted_with_all_its_powers(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    life_open(l, "life");
    life_is(l, "life", PLUGIN_ACTIVE, "");
    struct plugin_info p = life_info(l, "life");
    assert_int_equal(p.granted, ANC_CAP_ALL);
    assert_string_equal(plugin_row_text(l, "enabled"), "true");
    assert_string_equal(plugin_row_text(l, "granted"), "8191");
    assert_string_equal(plugin_row_text(l, "version"), "1.0.0");
    assert_string_equal(plugin_row_text(l, "file_hash"), p.hash);
    assert_string_equal(plugin_row_text(l, "events = 1 << 10"), "true");
    assert_string_equal(plugin_row_text(l, "handled_no = wanted_no"), "true");
    assert_answer(l, "put", "1|1|0|hello|db|1");
    assert_answer(l, "count", "1|1|0|hello|db|1");
    assert_int_equal(life_switch(l), 0); // nothing changes by itself
}

static void test_what_was_switched_off_stays_off_at_the_next_start(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    dbtest_run(l->c, "INSERT INTO core.plugin (id, enabled) VALUES ('life', false)");
    life_open(l, "life");
    life_is(l, "life", PLUGIN_STOPPED, "");
    assert_int_equal(life_ask(l, NULL, ""), ERR_NOT_FOUND);
}

static void test_a_plugin_goes_off_and_on_while_the_program_runs(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    life_put(l, "good", "good");
    life_open(l, "life,good");
    uint64_t number = plugin_set_number(plugin_host_now(l->h));
    life_wish(l, "life", "enabled = false");
    assert_int_equal(life_switch(l), 1);
    life_is(l, "life", PLUGIN_STOPPED, "");
    life_is(l, "good", PLUGIN_ACTIVE, "");
    assert_int_equal(life_ask(l, NULL, ""), ERR_NOT_FOUND);
    assert_string_equal(plugin_row_text(l, "handled_no = wanted_no"), "true");
    life_wish(l, "life", "enabled = true");
    assert_int_equal(life_switch(l), 1);
    life_is(l, "life", PLUGIN_ACTIVE, "");
    assert_true(plugin_set_number(plugin_host_now(l->h)) >= number + 2);
    enum err e = life_ask(l, NULL, "");
    assert_err(l->c, e, ERR_OK);
    assert_string_equal(strchr(l->answer, '|') + 2, "|1|hello|db|0"); // stopped once, started again
}

static void test_a_pinned_generation_stays_usable_and_the_stop_waits_for_it(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    life_open(l, "life");
    const struct plugin_set *old = plugin_host_pin(l->h);
    life_wish(l, "life", "enabled = false");
    const struct plugin_set *next = NULL;
    assert_int_equal(plugin_host_plan(l->h, l->c, &next), ERR_OK);
    plugin_host_publish(l->h, next);
    assert_false(plugin_host_settle(l->h, l->c, 20));
    life_is(l, "life", PLUGIN_DRAINING, "");
    assert_non_null(strstr(life_info(l, "life").remark, "still works with it"));
    assert_int_equal(life_ask(l, old, "count"), ERR_OK); // not stopped under its feet
    assert_int_equal(life_ask(l, NULL, ""), ERR_NOT_FOUND);
    plugin_set_unpin(plugin_set_pin(old)); // one of two
    assert_false(plugin_host_settle(l->h, l->c, 0));
    plugin_set_unpin(old);
    assert_true(plugin_host_settle(l->h, l->c, 0));
    life_is(l, "life", PLUGIN_STOPPED, "");
    assert_string_equal(life_info(l, "life").remark, "");
}

static void *let_go(void *set) {
    plugin_set_unpin(set);
    return NULL;
}

static void test_settling_goes_on_as_soon_as_the_last_call_has_ended(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    life_open(l, "life");
    const struct plugin_set *old = plugin_host_pin(l->h), *next = NULL;
    life_wish(l, "life", "enabled = false");
    assert_int_equal(plugin_host_plan(l->h, l->c, &next), ERR_OK);
    plugin_host_publish(l->h, next);
    pthread_t t;
    assert_int_equal(pthread_create(&t, NULL, let_go, (void *)(uintptr_t)old), 0);
    assert_true(plugin_host_settle(l->h, l->c, 60000));
    pthread_join(t, NULL);
    life_is(l, "life", PLUGIN_STOPPED, "");
}

struct asker {
    struct plugin_host *h;
    _Atomic bool *stop;
    _Atomic int *asked;
    int failed;
};

static void *ask_on(void *arg) {
    struct asker *k = arg;
    struct arena *a = arena_new((size_t)1 << 20);
    while (!*k->stop) {
        arena_reset(a);
        struct ctx c;
        ctx_init(&c, a, NULL);
        c.plugins = plugin_host_pin(k->h);
        struct provider p;
        struct anc_supplier facts = {.size = sizeof facts, .name = ""};
        struct anc_tag tag;
        if (provider_find(c.plugins, ANC_POINT_SUPPLIER_TAGGER, "life", &p)) {
            k->failed += point_judge(&c, &p, &facts, &tag) != ERR_OK;
            ++*k->asked;
        }
        plugin_set_unpin(c.plugins);
    }
    arena_free(a);
    return NULL;
}

static void test_no_call_ever_meets_a_plugin_that_was_stopped(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    life_open(l, "life");
    _Atomic bool stop = false;
    _Atomic int asked = 0;
    struct asker k[4];
    pthread_t t[4];
    for (int i = 0; i < 4; i++) {
        k[i] = (struct asker){.h = l->h, .stop = &stop, .asked = &asked};
        assert_int_equal(pthread_create(&t[i], NULL, ask_on, &k[i]), 0);
    }
    for (int round = 0; round < 50; round++) { // off and on, each time with calls in between
        life_wish(l, "life", "enabled = false");
        life_switch(l);
        plugin_host_settle(l->h, l->c, 60000);
        life_is(l, "life", PLUGIN_STOPPED, "");
        life_wish(l, "life", "enabled = true");
        life_switch(l);
        int before = asked;
        while (asked < before + 20) {
            sched_yield();
        }
    }
    stop = true;
    for (int i = 0; i < 4; i++) {
        pthread_join(t[i], NULL);
        assert_int_equal(k[i].failed, 0);
    }
}

static void test_wanted_again_before_its_last_call_ended_it_goes_on_without_a_stop(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    life_open(l, "life");
    enum err e = life_ask(l, NULL, "");
    assert_err(l->c, e, ERR_OK);
    const char *before = l->answer;
    const struct plugin_set *old = plugin_host_pin(l->h);
    life_wish(l, "life", "enabled = false");
    life_switch(l);
    life_is(l, "life", PLUGIN_DRAINING, "");
    life_wish(l, "life", "enabled = true");
    life_switch(l);
    life_is(l, "life", PLUGIN_ACTIVE, "");
    assert_answer(l, "", before);
    plugin_set_unpin(old);
    assert_answer(l, "", before);
}

static void test_settings_reach_new_calls_and_old_ones_keep_theirs(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    life_open(l, "life");
    const struct plugin_set *old = plugin_host_pin(l->h);
    dbtest_run(l->c, "INSERT INTO core.plugin_setting VALUES ('life', 'greeting', 'ay up')");
    assert_int_equal(life_switch(l), 1);
    assert_int_equal(life_ask(l, NULL, ""), ERR_OK);
    assert_non_null(strstr(l->answer, "|ay up|"));
    assert_int_equal(life_ask(l, old, ""), ERR_OK);
    assert_non_null(strstr(l->answer, "|hello|"));
    plugin_set_unpin(old);
    assert_int_equal(life_switch(l), 0);
}

static void test_a_stored_value_that_no_longer_fits_is_the_default_and_said_so(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    dbtest_run(l->c,
               "INSERT INTO core.plugin_setting VALUES ('life', 'greeting', 'much too long a greeting')");
    life_open(l, "life");
    assert_int_equal(life_ask(l, NULL, ""), ERR_OK);
    assert_non_null(strstr(l->answer, "|hello|"));
    assert_string_equal(life_info(l, "life").remark,
                        "The value of \"Greeting\" no longer fits; the default is used.");
}

static void test_a_power_it_cannot_do_without_is_named_and_granting_it_starts_the_plugin(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    dbtest_run(l->c, "INSERT INTO core.plugin (id, granted) VALUES ('life', %d)", (int)ANC_CAP_WRITE_TAGS);
    life_open(l, "life");
    life_is(l, "life", PLUGIN_FAILED,
            "It needs the power \"keep tables of its own\", which has not been granted.");
    life_wish(l, "life", "granted = granted | 128");
    life_switch(l);
    life_is(l, "life", PLUGIN_ACTIVE, "");
}

static void test_other_powers_start_it_again_with_a_new_host(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    life_put(l, "good", "good");
    life_open(l, "good,life");
    assert_int_equal(life_ask(l, NULL, "suppliers"), ERR_OK);
    life_wish(l, "life", "granted = 132"); // write tags, own tables
    assert_int_equal(life_switch(l), 2);   // out, and in again
    life_is(l, "life", PLUGIN_ACTIVE, "");
    assert_int_equal(life_info(l, "life").granted, 132);
    assert_string_equal(plugin_row_text(l, "handled_no = wanted_no"), "true");
    assert_string_equal(plugin_row_text(l, "events"), "0"); // it may not hear what happens any more
    assert_int_equal(life_ask(l, NULL, "count"), ERR_OK);
    assert_int_not_equal(life_ask(l, NULL, "suppliers"), ERR_OK);
}

static void test_the_answer_to_changed_powers_is_not_given_half_way(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    life_open(l, "life");
    life_wish(l, "life", "granted = 132");
    const struct plugin_set *next = NULL;
    assert_int_equal(plugin_host_plan(l->h, l->c, &next), ERR_OK);
    plugin_host_publish(l->h, next);
    plugin_host_settle(l->h, l->c, 0);
    assert_string_equal(plugin_row_text(l, "handled_no < wanted_no"), "true");
    life_switch(l);
    assert_string_equal(plugin_row_text(l, "handled_no = wanted_no"), "true");
}

static void test_a_plugin_that_needs_another_goes_out_with_it_and_comes_back(void **state) {
    struct life *l = *state;
    life_put(l, "good", "good");
    life_put(l, "after_good", "after_good");
    life_open(l, "after_good,good");
    life_is(l, "after_good", PLUGIN_ACTIVE, "");
    life_wish(l, "good", "enabled = false");
    life_switch(l);
    life_is(l, "after_good", PLUGIN_FAILED, "It needs the plugin good, which is switched off.");
    life_wish(l, "good", "enabled = true");
    life_switch(l);
    life_is(l, "after_good", PLUGIN_ACTIVE, "");
}

static void test_a_new_file_in_the_folder_is_loaded_when_it_is_wanted(void **state) {
    struct life *l = *state;
    life_put(l, "good", "good");
    life_open(l, "good");
    life_put(l, "life_1", "life");
    assert_int_equal(life_switch(l), 0);
    life_is(l, "life", PLUGIN_FOUND, "");
    dbtest_run(l->c, "INSERT INTO core.plugin (id, granted) VALUES ('life', 0)");
    life_switch(l);
    life_is(l, "life", PLUGIN_FAILED, "has not been granted"); // what it asks for is known now
    assert_string_equal(life_info(l, "life").title, "Life");
    life_wish(l, "life", "granted = 8191");
    life_switch(l);
    life_is(l, "life", PLUGIN_ACTIVE, "");
    assert_answer(l, "put", "1|1|0|hello|db|1");
}

static void test_a_file_that_nobody_wants_is_forgotten_when_it_is_away(void **state) {
    struct life *l = *state;
    life_put(l, "good", "good");
    life_open(l, "");
    struct plugin_info p;
    life_is(l, "good", PLUGIN_FOUND, "");
    assert_int_equal(unlink(arena_printf(l->c->arena, "%s/good.so", l->folder)), 0);
    assert_int_equal(life_switch(l), 0);
    assert_false(plugin_find(l->h, l->c->arena, "good", &p));
}

static void test_switching_off_what_has_no_file_is_answered(void **state) {
    struct life *l = *state;
    life_open(l, "");
    dbtest_run(l->c, "INSERT INTO core.plugin (id, enabled) VALUES ('life', false)");
    life_switch(l);
    assert_string_equal(plugin_row_text(l, "handled_no = wanted_no"), "true");
    life_is(l, "life", PLUGIN_STOPPED, "");
}

static void test_wanted_without_a_file_it_fails_until_the_file_comes(void **state) {
    struct life *l = *state;
    life_open(l, "");
    dbtest_run(l->c, "INSERT INTO core.plugin (id, granted) VALUES ('good', 8191)");
    life_switch(l);
    life_is(l, "good", PLUGIN_FAILED, "There is no file");
    life_put(l, "bad_magic", "good");
    life_switch(l);
    life_is(l, "good", PLUGIN_FAILED, "magic number");
    life_put(l, "good", "good");
    life_switch(l);
    life_is(l, "good", PLUGIN_ACTIVE, "");
}

static void test_a_running_plugin_keeps_its_code_until_it_goes_off_and_on(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    life_open(l, "life");
    life_put(l, "life_2", "life");
    assert_int_equal(life_switch(l), 0);
    assert_non_null(strstr(life_info(l, "life").remark, "A new version is in the folder"));
    assert_int_equal(life_ask(l, NULL, ""), ERR_OK);
    assert_int_equal(l->answer[0], '1');
    life_wish(l, "life", "enabled = false");
    life_switch(l);
    life_wish(l, "life", "enabled = true");
    life_switch(l);
    life_is(l, "life", PLUGIN_ACTIVE, "");
    assert_answer(l, "", "2|1|0|hello|db|0"); // another library, started for the first time
    assert_string_equal(life_info(l, "life").remark, "");
    assert_string_equal(plugin_row_text(l, "version"), "2.0.0");
    assert_string_equal(dbtest_value(l->c, "SELECT count(*)::text FROM meta.migration WHERE owner = 'life'"),
                        "2");
}

static void test_a_suspended_plugin_stays_out_until_somebody_starts_it_again(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    life_open(l, "life");
    life_wish(l, "life", "suspended_at = now(), suspended_reason = 'It was too loud.'");
    life_switch(l);
    life_is(l, "life", PLUGIN_SUSPENDED, "It was too loud.");
    life_open(l, "life");
    life_is(l, "life", PLUGIN_SUSPENDED, "It was too loud.");
    life_wish(l, "life", "suspended_at = NULL, suspended_reason = ''");
    life_switch(l);
    life_is(l, "life", PLUGIN_ACTIVE, "");
}

static void test_five_faults_are_entered_as_a_suspension(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    life_open(l, "life");
    for (int i = 0; i < 5; i++) {
        assert_int_not_equal(life_ask(l, NULL, "sly"), ERR_OK);
    }
    life_switch(l);
    life_is(l, "life", PLUGIN_SUSPENDED, "five times within ten minutes");
    assert_string_equal(plugin_row_text(l, "suspended_at IS NOT NULL"), "true");
    life_wish(l, "life", "suspended_at = NULL, suspended_reason = ''");
    life_switch(l);
    life_is(l, "life", PLUGIN_ACTIVE, "");
    l->c->now_usec = clock_now_usec();
    assert_int_not_equal(life_ask(l, NULL, "sly"), ERR_OK);
    assert_int_equal(life_ask(l, NULL, ""), ERR_OK); // old faults are forgiven
}

static void test_a_visiting_program_follows_the_wishes_and_notes_nothing(void **state) {
    struct life *l = *state;
    life_put(l, "life_1", "life");
    life_put(l, "good", "good");
    dbtest_run(l->c, "INSERT INTO core.plugin (id, enabled) VALUES ('good', false)");
    l->h = plugin_host_read(l->folder, "life,good");
    plugin_host_check(l->h, l->copies, NULL);
    plugin_host_visit(l->h);
    plugin_host_start(l->h, l->c);
    assert_int_equal(life_info(l, "life").state, PLUGIN_ACTIVE);
    assert_int_equal(life_info(l, "good").state, PLUGIN_STOPPED);
    assert_string_equal(dbtest_value(l->c, "SELECT string_agg(id || ' ' || state, ',') FROM core.plugin"),
                        "good FOUND");
}

// ---- versions that a live tender holds

static int copies(struct life *l) {
    int n = 0;
    DIR *d = opendir(l->copies);
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d));) {
        n += e->d_name[0] != '.';
    }
    closedir(d);
    return n;
}

// A tender with points for social value, in this state.
static void tender(struct life *l, const char *ref, const char *at) {
    market_fill(l->c);
    dbtest_run(
        l->c,
        "INSERT INTO core.notice (ref, anchor_id, kind, state, title, price_weight, quality_weight,"
        " social_weight, published_at, closes_at) SELECT '%s', id, 'tender', '%s', 'T', 60, 30, 10, now(),"
        " now() + interval '1 day' FROM core.anchor ORDER BY id LIMIT 1",
        ref, at);
}

static void test_a_scorer_of_a_live_tender_is_started_in_the_version_that_was_in_use(void **state) {
    struct life *l = *state;
    life_put(l, "life_scores_1", "life");
    life_open(l, "life");
    tender(l, "LIVE", "published");
    life_put(l, "life_scores_2", "life");
    life_open(l, "life");
    life_is(l, "life", PLUGIN_ACTIVE, "");
    assert_string_equal(life_info(l, "life").remark, "A new version waits until tender LIVE is decided.");
    assert_string_equal(life_info(l, "life").version_text, "1.0.0");
    assert_int_equal(life_ask(l, NULL, "count"), ERR_OK);
    assert_int_equal(copies(l), 2);
    assert_int_equal(life_switch(l), 0);
    assert_string_equal(life_info(l, "life").remark, "A new version waits until tender LIVE is decided.");
    dbtest_run(l->c, "UPDATE core.notice SET state = 'cancelled' WHERE ref = 'LIVE'");
    assert_int_equal(life_switch(l), 0);
    assert_non_null(strstr(life_info(l, "life").remark, "switch it off and on"));
    life_open(l, "life");
    assert_string_equal(life_info(l, "life").version_text, "2.0.0");
    assert_string_equal(life_info(l, "life").remark, "");
}

static void test_without_a_live_tender_or_without_the_old_copy_the_new_version_starts(void **state) {
    struct life *l = *state;
    life_put(l, "life_scores_1", "life");
    life_open(l, "life");
    tender(l, "DONE", "awarded");
    char copy[200];
    snprintf(copy, sizeof copy, "%s/life-%s.so", l->copies, life_info(l, "life").hash);
    life_put(l, "life_scores_2", "life");
    life_close(l);
    dbtest_run(l->c, "UPDATE core.notice SET state = 'opened' WHERE ref = 'DONE'");
    assert_int_equal(rename(copy, arena_printf(l->c->arena, "%s.away", copy)), 0);
    life_open(l, "life");
    life_is(l, "life", PLUGIN_ACTIVE, "");
    assert_string_equal(life_info(l, "life").version_text, "2.0.0");
}

static void test_an_upgrade_without_a_live_tender_is_nothing_special(void **state) {
    struct life *l = *state;
    life_put(l, "life_scores_1", "life");
    life_open(l, "life");
    tender(l, "DONE", "awarded");
    life_put(l, "life_scores_2", "life");
    assert_int_equal(copies(l), 1);
    life_open(l, "life");
    life_is(l, "life", PLUGIN_ACTIVE, "");
    assert_string_equal(life_info(l, "life").version_text, "2.0.0");
    assert_int_equal(copies(l), 1); // the copy of the version before is gone
}

static void test_who_holds_a_plugin_is_told_by_the_tender(void **state) {
    struct life *l = *state;
    life_put(l, "life_scores_1", "life");
    life_put(l, "good", "good");
    life_open(l, "life,good");
    const char *ref;
    assert_int_equal(plugin_pinned_by(l->h, l->c, "life", &ref), ERR_OK);
    assert_null(ref);
    tender(l, "LIVE", "opened");
    assert_int_equal(plugin_pinned_by(l->h, l->c, "life", &ref), ERR_OK);
    assert_string_equal(ref, "LIVE");
    assert_int_equal(plugin_pinned_by(l->h, l->c, "good", &ref), ERR_OK);
    assert_null(ref);
}

static void test_a_rule_of_a_tender_is_held_as_long_as_bids_are_taken(void **state) {
    struct life *l = *state;
    const char *ref;
    life_put(l, "life_rules_1", "life");
    life_open(l, "life");
    tender(l, "LIVE", "published");
    assert_int_equal(plugin_pinned_by(l->h, l->c, "life", &ref), ERR_OK);
    assert_null(ref); // the tender names no rule
    dbtest_run(l->c, "UPDATE core.notice SET rules = '{nearby,everybody}'");
    assert_int_equal(plugin_pinned_by(l->h, l->c, "life", &ref), ERR_OK);
    assert_string_equal(ref, "LIVE");
    assert_int_equal(plugin_ruled_by(l->h, l->c, "life", &ref), ERR_OK);
    assert_string_equal(ref, "LIVE");
    life_put(l, "life_rules_2", "life");
    life_open(l, "life");
    assert_string_equal(life_info(l, "life").version_text, "1.0.0");
    assert_string_equal(life_info(l, "life").remark, "A new version waits until tender LIVE is decided.");
    dbtest_run(l->c, "UPDATE core.notice SET state = 'closed'");
    assert_int_equal(plugin_pinned_by(l->h, l->c, "life", &ref), ERR_OK);
    assert_null(ref); // what the rule said is kept with each bid
    life_open(l, "life");
    assert_string_equal(life_info(l, "life").version_text, "2.0.0");
}

static void test_of_two_scorers_the_one_that_is_asked_is_held_and_the_one_that_marked(void **state) {
    struct life *l = *state;
    life_put(l, "life_scores_1", "life");
    life_put(l, "life_marks", "marks");
    life_open(l, "marks,life");
    tender(l, "LIVE", "published");
    const char *ref;
    assert_int_equal(plugin_pinned_by(l->h, l->c, "marks", &ref), ERR_OK);
    assert_null(ref); // life comes first
    assert_int_equal(plugin_pinned_by(l->h, l->c, "life", &ref), ERR_OK);
    assert_string_equal(ref, "LIVE");
    dbtest_run(l->c,
               "INSERT INTO core.bid (ref, notice_id, supplier_id, version, state, price_pence, answer,"
               " content_hash, submitted_by, submitted_at) SELECT 'B', n.id, s.id, 1, 'submitted', 1, '', '',"
               " (SELECT min(id) FROM core.person), now() FROM core.notice n, core.supplier s LIMIT 1");
    dbtest_run(l->c, "INSERT INTO core.bid_score (bid_id, criterion, points, max_points, method, rationale,"
                     " scored_at) SELECT id, 'social', 1, 2, 'life/test@1', 'r', now() FROM core.bid");
    assert_int_equal(plugin_pinned_by(l->h, l->c, "marks", &ref), ERR_OK);
    assert_string_equal(ref, "LIVE");
}

#define LIFE(test) cmocka_unit_test_setup_teardown(test, life_setup, life_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        LIFE(test_a_new_name_of_the_list_is_entered_as_wanted_with_all_its_powers),
        LIFE(test_what_was_switched_off_stays_off_at_the_next_start),
        LIFE(test_a_plugin_goes_off_and_on_while_the_program_runs),
        LIFE(test_a_pinned_generation_stays_usable_and_the_stop_waits_for_it),
        LIFE(test_settling_goes_on_as_soon_as_the_last_call_has_ended),
        LIFE(test_no_call_ever_meets_a_plugin_that_was_stopped),
        LIFE(test_wanted_again_before_its_last_call_ended_it_goes_on_without_a_stop),
        LIFE(test_settings_reach_new_calls_and_old_ones_keep_theirs),
        LIFE(test_a_stored_value_that_no_longer_fits_is_the_default_and_said_so),
        LIFE(test_a_power_it_cannot_do_without_is_named_and_granting_it_starts_the_plugin),
        LIFE(test_other_powers_start_it_again_with_a_new_host),
        LIFE(test_the_answer_to_changed_powers_is_not_given_half_way),
        LIFE(test_a_plugin_that_needs_another_goes_out_with_it_and_comes_back),
        LIFE(test_a_new_file_in_the_folder_is_loaded_when_it_is_wanted),
        LIFE(test_a_file_that_nobody_wants_is_forgotten_when_it_is_away),
        LIFE(test_switching_off_what_has_no_file_is_answered),
        LIFE(test_wanted_without_a_file_it_fails_until_the_file_comes),
        LIFE(test_a_running_plugin_keeps_its_code_until_it_goes_off_and_on),
        LIFE(test_a_suspended_plugin_stays_out_until_somebody_starts_it_again),
        LIFE(test_five_faults_are_entered_as_a_suspension),
        LIFE(test_a_visiting_program_follows_the_wishes_and_notes_nothing),
        LIFE(test_a_scorer_of_a_live_tender_is_started_in_the_version_that_was_in_use),
        LIFE(test_without_a_live_tender_or_without_the_old_copy_the_new_version_starts),
        LIFE(test_an_upgrade_without_a_live_tender_is_nothing_special),
        LIFE(test_of_two_scorers_the_one_that_is_asked_is_held_and_the_one_that_marked),
        LIFE(test_who_holds_a_plugin_is_told_by_the_tender),
        LIFE(test_a_rule_of_a_tender_is_held_as_long_as_bids_are_taken),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
