// SPDX-License-Identifier: Apache-2.0
// Promises of the migrations: once, in order, whole or not at all, never against a changed or newer past.
#include "support/dbtest.h"

#include "db/migrate.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct migration first_two[] = {
    {1, "0001_boats.sql", "CREATE TABLE boat (id integer); SET search_path = elsewhere;"},
    {2, "0002_oars.sql", "CREATE TABLE core.oar (id integer);\nINSERT INTO core.oar VALUES (1);"},
};

static char why[1024];

static enum err run(struct ctx *c, const char *owner, const struct migration *list, size_t n,
                    int *ret_applied) {
    why[0] = 0;
    *ret_applied = -1;
    return migrate_run(c, owner, list, n, ret_applied, why, sizeof why);
}

static struct ctx *empty(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    dbtest_run(c, "CREATE SCHEMA core");
    return c;
}

static void test_the_core_files_make_their_tables_and_a_second_run_does_nothing(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    size_t n;
    const struct migration *list = migrate_core(&n);
    int applied;
    assert_true(n >= 1);
    assert_int_equal(list[0].number, 1);
    assert_err(c, run(c, "core", list, n, &applied), ERR_OK);
    assert_int_equal(applied, (int)n);
    assert_err(c, run(c, "core", list, n, &applied), ERR_OK);
    assert_int_equal(applied, 0);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.supplier"), "0");
    assert_int_equal(
        strtol(dbtest_value(c, "SELECT count(*) FROM meta.migration WHERE owner = 'core'"), NULL, 10), n);
}

static void test_each_file_runs_once_and_later_ones_are_added(void **state) {
    struct ctx *c = empty(state);
    int applied;
    assert_err(c, run(c, "core", first_two, 1, &applied), ERR_OK);
    assert_int_equal(applied, 1);
    assert_err(c, run(c, "core", first_two, 2, &applied), ERR_OK);
    assert_int_equal(applied, 1);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.oar"), "1");
}

static void test_what_a_file_sets_for_its_session_does_not_reach_the_next(void **state) {
    struct ctx *c = empty(state);
    int applied;
    assert_err(c, run(c, "core", first_two, 2, &applied), ERR_OK);
    assert_string_equal(dbtest_value(c, "SHOW search_path"), "core");
}

static void test_a_file_that_changed_after_it_was_applied_is_refused_by_name(void **state) {
    struct ctx *c = empty(state);
    int applied;
    assert_err(c, run(c, "core", first_two, 2, &applied), ERR_OK);
    struct migration changed[] = {
        first_two[0], first_two[1], {3, "0003_more.sql", "CREATE TABLE core.more (id integer)"}};
    changed[1].sql = "CREATE TABLE core.oar (id bigint)";
    assert_err(c, run(c, "core", changed, 3, &applied), ERR_CONFLICT);
    assert_non_null(strstr(why, "0002_oars.sql"));
    assert_non_null(strstr(why, "another wording"));
    assert_string_equal(dbtest_value(c, "SELECT to_regclass('core.more') IS NULL"), "t");
}

static void test_a_database_newer_than_the_program_is_refused(void **state) {
    struct ctx *c = empty(state);
    int applied;
    assert_err(c, run(c, "core", first_two, 2, &applied), ERR_OK);
    assert_err(c, run(c, "core", first_two, 1, &applied), ERR_CONFLICT);
    assert_int_equal(applied, -1);
    assert_non_null(strstr(why, "newer than this program"));
    assert_non_null(strstr(why, "0002_oars.sql"));
}

static void test_a_file_that_fails_leaves_nothing_and_says_its_line(void **state) {
    struct ctx *c = empty(state);
    int applied;
    const struct migration list[] = {
        first_two[1],
        {2, "0002_bad.sql",
         "CREATE TABLE core.half (id integer);\n-- caf\xc3\xa9\nINSERT INTO core.oar\n  VALUES (nowhere);"}};
    struct migration both[] = {list[0], list[1]};
    both[0].number = 1;
    assert_err(c, run(c, "core", both, 2, &applied), ERR_BUG);
    assert_non_null(strstr(why, "0002_bad.sql line 4"));
    assert_string_equal(dbtest_value(c, "SELECT to_regclass('core.half') IS NULL"), "t");
    assert_string_equal(dbtest_value(c, "SELECT string_agg(number::text, ' ') FROM meta.migration"), "1");
    assert_int_equal(db_depth(c->db), 0);
}

static void test_a_file_that_ends_its_own_transaction_is_refused(void **state) {
    struct ctx *c = empty(state);
    int applied;
    const struct migration list[] = {{1, "0001_commit.sql", "CREATE TABLE core.x (id integer); COMMIT;"}};
    assert_err(c, run(c, "core", list, 1, &applied), ERR_BUG);
    assert_non_null(strstr(why, "0001_commit.sql"));
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM meta.migration"), "0");
}

static void test_a_gap_in_the_numbers_is_refused_before_anything_runs(void **state) {
    struct ctx *c = empty(state);
    int applied;
    struct migration list[] = {first_two[0], first_two[1]};
    list[1].number = 3;
    assert_err(c, run(c, "core", list, 2, &applied), ERR_BUG);
    assert_string_equal(dbtest_value(c, "SELECT to_regclass('meta.migration') IS NULL"), "t");
}

static void test_the_lock_is_given_back_after_success_and_after_failure(void **state) {
    struct ctx *c = empty(state);
    int applied;
    const struct migration bad[] = {{1, "0001_bad.sql", "SELECT nothing"}};
    assert_err(c, run(c, "core", bad, 1, &applied), ERR_BUG);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
    assert_err(c, run(c, "core", first_two, 2, &applied), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
}

// Both start at the same word; the exit code is the number applied.
static pid_t migrate_in_a_process(struct dbtest *t, int go) {
    pid_t pid = fork();
    if (pid == 0) {
        struct ctx *c = dbtest_new_ctx(t);
        char word;
        int applied = 99;
        if (read(go, &word, 1) != 1 || run(c, "core", first_two, 2, &applied) != ERR_OK) {
            applied = 99;
        }
        _exit(applied);
    }
    return pid;
}

static void test_two_programs_starting_together_apply_each_file_once(void **state) {
    struct dbtest *t = *state;
    empty(state);
    int go[2];
    assert_int_equal(pipe(go), 0);
    pid_t pids[4];
    int sum = 0;
    for (int i = 0; i < 4; i++) {
        pids[i] = migrate_in_a_process(t, go[0]);
    }
    assert_int_equal(write(go[1], "xxxx", 4), 4);
    for (int i = 0; i < 4; i++) {
        int status;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status));
        sum += WEXITSTATUS(status);
    }
    close(go[0]);
    close(go[1]);
    assert_int_equal(sum, 2);
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.oar"), "1");
}

static void test_a_plugin_has_its_own_numbers_and_works_in_its_own_schema_as_its_own_role(void **state) {
    struct ctx *c = empty(state);
    int applied;
    assert_err(c, run(c, "core", first_two, 2, &applied), ERR_OK);
    dbtest_run(c, "CREATE ROLE plg_tide");
    dbtest_run(c, "CREATE SCHEMA plg_tide AUTHORIZATION plg_tide");
    const struct migration good[] = {{1, "0001_tide.sql", "CREATE TABLE tide (id integer)"}};
    assert_err(c, run(c, "tide", good, 1, &applied), ERR_OK);
    assert_int_equal(applied, 1);
    assert_string_equal(
        dbtest_value(c, "SELECT tableowner::text FROM pg_tables WHERE schemaname = 'plg_tide'"), "plg_tide");
    const struct migration nosy[] = {good[0], {2, "0002_nosy.sql", "DELETE FROM core.oar"}};
    assert_err(c, run(c, "tide", nosy, 2, &applied), ERR_DENIED);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.oar"), "1");
    assert_string_equal(dbtest_value(c, "SELECT current_user::text"), "anchorage");
    dbtest_run(c, "DROP SCHEMA plg_tide CASCADE");
    dbtest_run(c, "DROP ROLE plg_tide");
}

static void test_the_time_limit_of_the_connection_is_back_afterwards(void **state) {
    struct ctx *c = empty(state);
    int applied;
    assert_err(c, db_limit_ms(c->db, 7000), ERR_OK);
    assert_err(c, run(c, "core", first_two, 2, &applied), ERR_OK);
    assert_string_equal(dbtest_value(c, "SHOW statement_timeout"), "7s");
}

#define EMPTY(f) cmocka_unit_test_setup_teardown(f, dbtest_setup_empty, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        EMPTY(test_the_core_files_make_their_tables_and_a_second_run_does_nothing),
        EMPTY(test_each_file_runs_once_and_later_ones_are_added),
        EMPTY(test_what_a_file_sets_for_its_session_does_not_reach_the_next),
        EMPTY(test_a_file_that_changed_after_it_was_applied_is_refused_by_name),
        EMPTY(test_a_database_newer_than_the_program_is_refused),
        EMPTY(test_a_file_that_fails_leaves_nothing_and_says_its_line),
        EMPTY(test_a_file_that_ends_its_own_transaction_is_refused),
        EMPTY(test_a_gap_in_the_numbers_is_refused_before_anything_runs),
        EMPTY(test_the_lock_is_given_back_after_success_and_after_failure),
        EMPTY(test_two_programs_starting_together_apply_each_file_once),
        EMPTY(test_a_plugin_has_its_own_numbers_and_works_in_its_own_schema_as_its_own_role),
        EMPTY(test_the_time_limit_of_the_connection_is_back_afterwards),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
