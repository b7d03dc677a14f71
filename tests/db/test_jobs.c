// SPDX-License-Identifier: Apache-2.0
// Promises of the work beside requests: tenders close in time and once, what has ended goes, a database that
// is away is not hammered.
#include "support/dbtest.h"
#include "support/folder.h"

#include "base/clock.h"
#include "base/conf.h"
#include "jobs/jobs.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE_USEC INT64_C(60000000)

// A notice of the anchor; `closes` is an SQL interval from now.
static void add_notice(struct ctx *c, const char *ref, const char *kind, const char *state,
                       const char *closes) {
    dbtest_run(c, "INSERT INTO core.organisation (ref, kind, name) VALUES ('anchor', 'anchor', 'Oak Council')"
                  " ON CONFLICT DO NOTHING");
    dbtest_run(
        c, "INSERT INTO core.anchor (id, sort, address1, town, postcode, email) SELECT id, 'council', '1',"
           " 'Oakham', 'ZZ1 1ZZ', 'a@oak.example' FROM core.organisation ON CONFLICT DO NOTHING");
    dbtest_run(c,
               "INSERT INTO core.notice (ref, anchor_id, kind, state, title, closes_at, published_at)"
               " SELECT '%s', id, '%s', '%s', 'Tree care', now() + interval '%s', now() - interval '9 days'"
               " FROM core.anchor",
               ref, kind, state, closes);
}

static const char *state_of(struct ctx *c, const char *ref) {
    return dbtest_value(c, "SELECT state FROM core.notice WHERE ref = '%s'", ref);
}

static const char *audited(struct ctx *c) {
    return dbtest_value(c, "SELECT coalesce(string_agg(action || ' ' || object, ', ' ORDER BY object), '')"
                           " FROM core.audit");
}

static void test_a_tender_closes_in_the_first_run_after_its_moment_and_is_written_down_once(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    add_notice(c, "due", "tender", "published", "-1 microsecond");
    add_notice(c, "old", "tender", "published", "-3 days");
    add_notice(c, "open", "tender", "published", "1 hour");
    assert_err(c, jobs_close_due(c), ERR_OK);
    assert_string_equal(state_of(c, "due"), "closed");
    assert_string_equal(state_of(c, "old"), "closed");
    assert_string_equal(state_of(c, "open"), "published");
    assert_string_equal(audited(c), "notice.close due, notice.close old");
    assert_err(c, jobs_close_due(c), ERR_OK);
    assert_string_equal(audited(c), "notice.close due, notice.close old");
    dbtest_run(c, "UPDATE core.notice SET closes_at = now() WHERE ref = 'open'"); // the moment itself
    assert_err(c, jobs_close_due(c), ERR_OK);
    assert_string_equal(state_of(c, "open"), "closed");
}

static void test_only_published_tenders_close(void **state) {
    static const char *const others[] = {"draft", "closed", "opened", "awarded", "cancelled"};
    struct ctx *c = ((struct dbtest *)*state)->c;
    for (size_t i = 0; i < 5; i++) {
        add_notice(c, others[i], "tender", others[i], "-1 day");
    }
    add_notice(c, "pipeline", "pipeline", "published", "-1 day");
    add_notice(c, "engagement", "engagement", "published", "-1 day");
    assert_err(c, jobs_close_due(c), ERR_OK);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(state_of(c, others[i]), others[i]);
    }
    assert_string_equal(state_of(c, "pipeline"), "published");
    assert_string_equal(state_of(c, "engagement"), "published");
    assert_string_equal(audited(c), "");
}

static void test_closing_without_its_audit_line_does_not_happen(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    add_notice(c, "due", "tender", "published", "-1 second");
    dbtest_run(c, "ALTER TABLE core.audit ADD CONSTRAINT never CHECK (action <> 'notice.close')");
    assert_true(jobs_close_due(c) != ERR_OK);
    assert_string_equal(state_of(c, "due"), "published");
    assert_int_equal(db_depth(c->db), 0);
    dbtest_run(c, "ALTER TABLE core.audit DROP CONSTRAINT never");
    assert_err(c, jobs_close_due(c), ERR_OK);
    assert_string_equal(state_of(c, "due"), "closed");
}

static void add_session(struct ctx *c, const char *name, const char *seen, const char *ends) {
    dbtest_run(c,
               "INSERT INTO core.session (token_hash, person_id, csrf_token, started_at, seen_at, ends_at)"
               " SELECT '%s', id, 'x', now() - interval '5 hours', now() - interval '%s',"
               " now() + interval '%s' FROM core.person",
               name, seen, ends);
}

static void test_the_sweep_takes_what_has_ended_and_nothing_else(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    dbtest_run(c,
               "INSERT INTO core.person (email, name, password_hash) VALUES ('a@oak.example', 'Ann', 'x')");
    add_session(c, "alive", "1 minute", "1 hour");
    add_session(c, "resting", "3 hours 59 minutes", "1 minute");
    add_session(c, "ended", "1 minute", "-1 second");
    add_session(c, "forgotten", "4 hours 1 second", "1 hour");
    dbtest_run(
        c,
        "INSERT INTO core.mail_token (hash, person_id, purpose, expires_at, used_at)"
        " SELECT v.h, id, 'reset', now() + v.e::interval, v.u::timestamptz FROM core.person,"
        " (VALUES ('good', '1 hour', NULL), ('used', '1 hour', '2026-01-01'), ('just over', '-1 hour', NULL),"
        " ('long over', '-25 hours', NULL)) AS v (h, e, u)");
    dbtest_run(c, "INSERT INTO core.sign_in_failure (account, at) VALUES ('new', now()),"
                  " ('day', now() - interval '1 day'), ('old', now() - interval '49 hours')");
    add_notice(c, "due", "tender", "published", "-1 second");
    dbtest_run(c, "INSERT INTO core.mail_outbox (to_address, subject, body_text, message_id)"
                  " VALUES ('a@oak.example', 'x', 'x', 'x')");
    assert_err(c, jobs_sweep(c), ERR_OK);
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(token_hash, ',' ORDER BY token_hash) FROM core.session"),
        "alive,resting");
    assert_string_equal(dbtest_value(c, "SELECT string_agg(hash, ',' ORDER BY hash) FROM core.mail_token"),
                        "good,just over,used");
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(account, ',' ORDER BY account) FROM core.sign_in_failure"),
        "day,new");
    assert_string_equal(dbtest_value(c, "SELECT (SELECT count(*) FROM core.person) || ' ' ||"
                                        " (SELECT count(*) FROM core.mail_outbox) || ' ' ||"
                                        " (SELECT count(*) FROM core.notice WHERE state = 'published')"),
                        "1 1 1");
}

// ---- the threads ---------------------------------------------------------------------------------

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

static void test_the_threads_close_sweep_and_send_by_themselves(void **state) {
    struct dbtest *t = *state;
    struct jobs *j;
    char folder[64] = "/tmp/anchorage-jobs-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_null(conf_set("data.dir", folder));
    add_notice(t->c, "due", "tender", "published", "-1 second");
    assert_err(t->c, jobs_start(t->conninfo, NULL, NULL, &j), ERR_OK);
    wait_for(t->c, "SELECT state FROM core.notice", "closed");
    dbtest_run(t->c, "INSERT INTO core.mail_outbox (to_address, subject, body_text, message_id)"
                     " SELECT 'a@oak.example', 'x', 'x', 'm' || n FROM generate_series(1, 30) AS n");
    wait_for(t->c, "SELECT count(*) FROM core.mail_outbox WHERE state = 'sent' AND tries = 1", "30");
    dbtest_run(t->c, "UPDATE core.notice SET state = 'published'");
    wait_for(t->c, "SELECT state FROM core.notice", "closed");
    jobs_stop(j);
    conf_reset();
    folder_remove(folder);
}

// How often a connection to this database was refused, told by PostgreSQL's own log.
static long refusals(const char *database) {
    char path[256], line[1024], words[96];
    long n = 0;
    snprintf(path, sizeof path, "%s/pg.log", dbtest_data_dir());
    snprintf(words, sizeof words, "database \"%s\" is not currently accepting connections", database);
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        n += strstr(line, words) != NULL;
    }
    fclose(f);
    return n;
}

static void test_a_database_that_is_away_is_asked_for_a_few_times_a_second_and_found_again(void **state) {
    struct dbtest *t = *state, away = {.conninfo = ""};
    struct jobs *j;
    long asked;
    char *at = strstr(t->conninfo, " dbname=");
    snprintf(away.conninfo, sizeof away.conninfo, "%.*s dbname=postgres", (int)(at - t->conninfo),
             t->conninfo);
    struct ctx *admin = dbtest_new_ctx(&away);
    assert_err(t->c, jobs_start(t->conninfo, NULL, NULL, &j), ERR_OK);
    int64_t began = clock_monotonic_usec();
    dbtest_run(admin, "ALTER DATABASE %s ALLOW_CONNECTIONS false", t->name);
    dbtest_run(admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'", t->name);
    while ((asked = refusals(t->name)) < 20 && clock_monotonic_usec() - began < PATIENCE_USEC) {
        poll(NULL, 0, 5);
    }
    int64_t lasted_ms = (clock_monotonic_usec() - began) / 1000;
    dbtest_run(admin, "ALTER DATABASE %s ALLOW_CONNECTIONS true", t->name);
    assert_err(t->c, db_ensure(t->db), ERR_OK);
    add_notice(t->c, "due", "tender", "published", "-1 second");
    wait_for(t->c, "SELECT state FROM core.notice", "closed");
    jobs_stop(j);
    dbtest_free_ctx(admin);
    // Two threads, each with a listener that asks 4 times a second and a connection that asks once: 10 a
    // second, and the first of each at once. A thread that spins would have asked thousands of times in this
    // time.
    assert_true(asked >= 20);
    if (asked > 4 + 10 * (lasted_ms + 1000) / 1000) {
        fail_msg("asked %ld times in %lld ms", asked, (long long)lasted_ms);
    }
}

static void test_jobs_do_not_start_without_a_database(void **state) {
    (void)state;
    struct jobs *j = NULL;
    assert_int_equal(jobs_start("host=/nowhere dbname=none user=none", NULL, NULL, &j), ERR_DB_AWAY);
    assert_null(j);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, dbtest_setup, dbtest_teardown)
    const struct CMUnitTest tests[] = {
        T(test_a_tender_closes_in_the_first_run_after_its_moment_and_is_written_down_once),
        T(test_only_published_tenders_close),
        T(test_closing_without_its_audit_line_does_not_happen),
        T(test_the_sweep_takes_what_has_ended_and_nothing_else),
        T(test_the_threads_close_sweep_and_send_by_themselves),
        T(test_a_database_that_is_away_is_asked_for_a_few_times_a_second_and_found_again),
        cmocka_unit_test(test_jobs_do_not_start_without_a_database),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
