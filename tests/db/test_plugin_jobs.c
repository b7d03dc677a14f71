// SPDX-License-Identifier: Apache-2.0
// Promises of the jobs of plugins: each runs in time, on one server at a time, and rests longer after
// failures; and of the threads that do all work for plugins.
#include "jobs/plugwork.h"

#include "base/clock.h"
#include "jobs/jobs.h"
#include "support/market.h"
#include "support/plugtest.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define PLUGS         BINARY_DIR "/tests/probes"
#define PATIENCE_USEC INT64_C(60000000)

static struct plugtest plugins;

static int set_up(void **state) {
    return plugtest_setup(state, &plugins, PLUGS, false);
}

static int tear_down(void **state) {
    return plugtest_teardown(state, &plugins);
}

static void wait_for(struct ctx *c, const char *query, const char *want) {
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;;) {
        const char *now = dbtest_value(c, "%s", query);
        if (strcmp(now, want) == 0) {
            return;
        }
        if (clock_monotonic_usec() > last) {
            fail_msg("%s stays %s", query, now);
        }
        poll(NULL, 0, 5);
    }
}

// Only this job is left to run.
static void only(struct ctx *c, const char *job) {
    assert_err(c, plugwork_jobs(c), ERR_OK);
    dbtest_run(c, "UPDATE core.plugin_job SET next_at = now() + interval '1 hour' WHERE name <> '%s'", job);
}

static bool run_one(struct ctx *c) {
    bool ran;
    assert_err(c, plugwork_run(c, &ran), ERR_OK);
    return ran;
}

static void test_every_job_of_a_plugin_gets_its_row_and_what_it_no_longer_has_goes(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    dbtest_run(c,
               "INSERT INTO core.plugin_job (plugin, name, next_at) VALUES ('probe_events', 'gone', now()), "
               "('other', 'gone', now())");
    assert_err(c, plugwork_jobs(c), ERR_OK);
    dbtest_run(c, "UPDATE core.plugin_job SET last_ms = 5");
    assert_err(c, plugwork_jobs(c), ERR_OK); // what is known of a job stays
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(plugin || '.' || name || last_ms, ' ' ORDER BY plugin, name) FROM "
                        "core.plugin_job"),
        "other.gone5 probe_events.fails5 probe_events.tick5");
}

static void test_a_job_runs_when_it_is_due_and_then_rests(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    only(c, "tick");
    assert_true(run_one(c));
    assert_number(c, "SELECT count(*) FROM plg_probe_events.ran", 1);
    assert_string_equal(
        dbtest_value(c, "SELECT (leased_till IS NULL) || ' ' || (last_ms >= 0) || ' ' || "
                        "(last_at IS NOT NULL) || ' ' || fails FROM core.plugin_job WHERE name = "
                        "'tick'"),
        "true true true 0");
    assert_number(
        c,
        "SELECT count(*) FROM core.plugin_job WHERE name = 'tick' AND next_at BETWEEN now() AND now() "
        "+ interval '30 seconds'",
        1);
    assert_false(run_one(c));
}

static void test_the_pause_after_failures_doubles_up_to_a_day_and_nothing_of_the_run_stays(void **state) {
    static const struct {
        int fails;
        int64_t seconds;
    } rows[] = {{2, 240}, {3, 480}, {4, 960}, {10, 61440}, {11, 86400}, {12, 86400}};
    struct ctx *c = ((struct dbtest *)*state)->c;
    only(c, "fails");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dbtest_run(
            c,
            "UPDATE core.plugin_job SET fails = %d, next_at = now() - interval '1 second' WHERE name = "
            "'fails'",
            rows[i].fails);
        assert_true(run_one(c));
        assert_string_equal(
            dbtest_value(c, "SELECT fails || last_error FROM core.plugin_job WHERE name = 'fails'"),
            arena_printf(c->arena, "%dNo luck today.", rows[i].fails + 1));
        int64_t wait =
            dbtest_number(c, "SELECT ceil(extract(epoch FROM next_at - clock_timestamp()))::bigint FROM "
                             "core.plugin_job WHERE name = 'fails'");
        assert_in_range(wait, rows[i].seconds - 60, rows[i].seconds);
        assert_false(run_one(c));
    }
    assert_number(c, "SELECT count(*) FROM plg_probe_events.ran", 0);
}

// ---- one server at a time -----------------------------------------------------------------------------

static void *run_beside(void *arg) {
    run_one(arg);
    return NULL;
}

// Starts the job "tick" on a thread of its own and returns when it is in the middle of its run: it waits for
// a lock that `c` holds.
static pthread_t held_run(struct ctx *c, struct ctx *beside) {
    pthread_t thread;
    only(c, "tick");
    beside->plugins = c->plugins;
    assert_err(c, db_begin(c), ERR_OK);
    dbtest_value(c, "SELECT pg_advisory_xact_lock(77)::text");
    assert_int_equal(pthread_create(&thread, NULL, run_beside, beside), 0);
    wait_for(c, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", "1");
    return thread;
}

static void test_two_servers_never_run_the_same_job_at_once(void **state) {
    struct dbtest *t = *state;
    struct ctx *one = dbtest_new_ctx(t), *two = dbtest_new_ctx(t);
    two->plugins = t->c->plugins;
    pthread_t thread = held_run(t->c, one);
    assert_false(run_one(two));
    assert_number(two, "SELECT count(*) FROM core.plugin_job WHERE leased_till > now()", 1);
    assert_err(t->c, db_commit(t->c), ERR_OK);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_number(t->c, "SELECT count(*) FROM plg_probe_events.ran", 1);
    assert_number(t->c, "SELECT count(*) FROM core.plugin_job WHERE leased_till IS NOT NULL", 0);
    assert_false(run_one(two));
    dbtest_free_ctx(one);
    dbtest_free_ctx(two);
}

static void test_the_job_of_a_server_that_died_runs_again_when_its_lease_is_over(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    only(c, "tick");
    dbtest_run(c, "UPDATE core.plugin_job SET leased_till = now() + interval '1 minute'");
    assert_false(run_one(c));
    dbtest_run(c, "UPDATE core.plugin_job SET leased_till = now() - interval '1 second'");
    assert_true(run_one(c));
}

static void test_who_lost_the_lease_does_not_speak_for_the_job_any_more(void **state) {
    struct dbtest *t = *state;
    struct ctx *one = dbtest_new_ctx(t), *two = dbtest_new_ctx(t);
    pthread_t thread = held_run(t->c, one);
    dbtest_run(two,
               "UPDATE core.plugin_job SET leased_till = '2126-01-01' WHERE name = 'tick'"); // somebody else
    assert_err(t->c, db_commit(t->c), ERR_OK);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_number(t->c,
                  "SELECT count(*) FROM core.plugin_job WHERE name = 'tick' AND last_ms IS NULL AND "
                  "leased_till = '2126-01-01'",
                  1);
    dbtest_free_ctx(one);
    dbtest_free_ctx(two);
}

static void test_a_lease_outlasts_the_budget_of_its_job_and_the_patience_of_the_watchdog(void **state) {
    struct dbtest *t = *state;
    struct ctx *one = dbtest_new_ctx(t);
    pthread_t thread = held_run(t->c, one);
    // 60 seconds of budget and 60 of plugin.stuck_s
    assert_number(
        t->c,
        "SELECT count(*) FROM core.plugin_job WHERE name = 'tick' AND leased_till > last_at + interval "
        "'130 seconds'",
        1);
    assert_err(t->c, db_commit(t->c), ERR_OK);
    assert_int_equal(pthread_join(thread, NULL), 0);
    dbtest_free_ctx(one);
}

// ---- the threads --------------------------------------------------------------------------------------

static void test_the_threads_tell_send_and_run_by_themselves(void **state) {
    struct dbtest *t = *state;
    struct jobs *j;
    market_fill(t->c);
    assert_err(t->c, jobs_start(t->conninfo, plugins.host, NULL, &j), ERR_OK);
    market_publish(t->c);
    dbtest_run(t->c,
               "INSERT INTO core.person_channel (person_id, channel, address) SELECT min(id), 'pigeon', '+7' "
               "FROM core.person");
    dbtest_run(
        t->c, "INSERT INTO core.message_outbox (channel, person_id, address, subject, body) SELECT 'pigeon', "
              "min(id), '+7', 'Hello', 'You' FROM core.person");
    wait_for(t->c, "SELECT count(*) FROM plg_probe_events.told", "1");
    wait_for(t->c, "SELECT count(*) FROM plg_probe_events.sent", "1");
    wait_for(t->c, "SELECT count(*) FROM plg_probe_events.ran", "1");
    wait_for(t->c, "SELECT count(*) FROM core.plugin_job WHERE fails = 1", "1");
    jobs_stop(j);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_every_job_of_a_plugin_gets_its_row_and_what_it_no_longer_has_goes),
        T(test_a_job_runs_when_it_is_due_and_then_rests),
        T(test_the_pause_after_failures_doubles_up_to_a_day_and_nothing_of_the_run_stays),
        T(test_two_servers_never_run_the_same_job_at_once),
        T(test_the_job_of_a_server_that_died_runs_again_when_its_lease_is_over),
        T(test_who_lost_the_lease_does_not_speak_for_the_job_any_more),
        T(test_a_lease_outlasts_the_budget_of_its_job_and_the_patience_of_the_watchdog),
        T(test_the_threads_tell_send_and_run_by_themselves),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
