// SPDX-License-Identifier: Apache-2.0
// Promises of core/db: statements, rows, transactions, stale plans, arrays, roles, error codes.
#include "support/dbtest.h"

#include "base/log.h"
#include "db/dberr.h"
#include "db/queries.gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ctx *ctx_of(void **state) {
    return ((struct dbtest *)*state)->c;
}

// Table t(id, name, n) with a row for each letter of `names`.
static struct ctx *with_table(void **state, const char *names) {
    struct ctx *c = ctx_of(state);
    dbtest_run(c, "CREATE TABLE t (id integer PRIMARY KEY, name text CONSTRAINT t_name UNIQUE, n bigint)");
    for (int i = 0; names[i]; i++) {
        dbtest_run(c, "INSERT INTO t VALUES (%d, '%c', NULL)", i + 1, names[i]);
    }
    return c;
}

static const struct sql sql_t_insert = {.name = "t_insert",
                                        .text = "INSERT INTO t VALUES ($1, $2, $3)",
                                        .params = 3,
                                        .rows = SQL_NONE,
                                        .file = "test"};
static const struct sql sql_t_by_id = {.name = "t_by_id",
                                       .text = "SELECT id, name, n FROM t WHERE id = $1",
                                       .params = 1,
                                       .rows = SQL_ONE,
                                       .file = "test"};
static const struct sql sql_t_find = {.name = "t_find",
                                      .text = "SELECT id, name FROM t WHERE name = $1",
                                      .params = 1,
                                      .rows = SQL_OPT,
                                      .file = "test"};
static const struct sql sql_t_one_wrong = {
    .name = "t_one_wrong", .text = "SELECT id FROM t", .params = 0, .rows = SQL_ONE, .file = "test"};
static const struct sql sql_t_clear_n = {
    .name = "t_clear_n", .text = "UPDATE t SET n = 7", .params = 0, .rows = SQL_NONE, .file = "test"};

static void test_the_statements_of_the_core_are_there_when_a_connection_opens(void **state) {
    struct ctx *c = ctx_of(state);
    struct rows *r;
    assert_err(c, DB_ROWS(c, db_ping, &r), ERR_OK);
    assert_int_equal(row_i64(r, 0, "answer"), 1);
    const char *prepared =
        dbtest_value(c, "SELECT count(*) FROM pg_prepared_statements WHERE name NOT LIKE 'dbtest%%'");
    size_t n = 0;
    while (sql_all[n]) {
        n++;
    }
    assert_int_equal(strtol(prepared, NULL, 10), n);
}

static void test_a_row_is_read_by_column_name_and_a_null_reads_as_nothing(void **state) {
    struct ctx *c = with_table(state, "a");
    struct rows *r;
    assert_err(c, DB_ROWS(c, t_by_id, &r, "1"), ERR_OK);
    assert_int_equal(rows_count(r), 1);
    assert_int_equal(rows_columns(r), 3);
    assert_string_equal(rows_column(r, 1), "name");
    assert_int_equal(row_i64(r, 0, "id"), 1);
    assert_string_equal(row_text(r, 0, "name"), "a");
    assert_true(row_is_null(r, 0, "n"));
    assert_false(row_is_null(r, 0, "name"));
    assert_string_equal(row_text(r, 0, "n"), "");
    assert_int_equal(row_i64(r, 0, "n"), 0);
}

static void test_a_null_parameter_is_sql_null_and_an_empty_text_is_not(void **state) {
    struct ctx *c = with_table(state, "");
    assert_err(c, DB_EXEC(c, t_insert, NULL, "1", NULL, "-5"), ERR_OK);
    assert_err(c, DB_EXEC(c, t_insert, NULL, "2", "", NULL), ERR_OK);
    struct rows *r;
    assert_err(c, DB_ROWS(c, t_by_id, &r, "1"), ERR_OK);
    assert_true(row_is_null(r, 0, "name"));
    assert_int_equal(row_i64(r, 0, "n"), -5);
    assert_err(c, DB_ROWS(c, t_by_id, &r, "2"), ERR_OK);
    assert_false(row_is_null(r, 0, "name"));
}

static void test_a_boolean_column_is_known_as_one(void **state) {
    struct ctx *c = ctx_of(state);
    struct rows *r;
    assert_err(c, DB_ROWS(c, db_now, &r), ERR_OK);
    assert_true(rows_cell_is_bool(r, 1));
    assert_false(rows_cell_is_bool(r, 0));
    assert_false(row_bool(r, 0, "is_standby"));
    assert_true(row_i64(r, 0, "now_usec") > 0);
}

static void test_one_wants_a_row_and_opt_does_not(void **state) {
    struct ctx *c = with_table(state, "a");
    struct rows *r = NULL;
    assert_err(c, DB_ROWS(c, t_by_id, &r, "99"), ERR_NOT_FOUND);
    assert_null(r);
    assert_err(c, DB_ROWS(c, t_find, &r, "nobody"), ERR_OK);
    assert_int_equal(rows_count(r), 0);
}

static void test_two_rows_where_one_was_declared_is_a_bug_not_a_choice(void **state) {
    struct ctx *c = with_table(state, "ab");
    struct rows *r = NULL;
    assert_err(c, DB_ROWS(c, t_one_wrong, &r), ERR_BUG);
    assert_null(r);
}

static void test_a_wrong_number_of_parameters_never_reaches_the_database(void **state) {
    struct ctx *c = with_table(state, "a");
    struct rows *r;
    assert_err(c, DB_ROWS(c, t_by_id, &r, "1", "2"), ERR_BUG);
    assert_non_null(strstr(c->err_detail, "takes 1 parameters, got 2"));
    assert_err(c, DB_ROWS(c, t_by_id, &r), ERR_BUG);
}

static void test_a_change_says_how_many_rows_it_changed(void **state) {
    struct ctx *c = with_table(state, "abc");
    int64_t changed = -1;
    assert_err(c, DB_EXEC(c, t_clear_n, &changed), ERR_OK);
    assert_int_equal(changed, 3);
}

static void test_a_rolled_back_level_leaves_the_outer_work_standing(void **state) {
    struct ctx *c = with_table(state, "");
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, DB_EXEC(c, t_insert, NULL, "1", "kept", NULL), ERR_OK);
    assert_err(c, db_begin(c), ERR_OK);
    assert_int_equal(db_depth(c->db), 2);
    assert_err(c, DB_EXEC(c, t_insert, NULL, "2", "dropped", NULL), ERR_OK);
    assert_err(c, DB_EXEC(c, t_insert, NULL, "1", "clash", NULL), ERR_CONFLICT);
    db_rollback(c);
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, DB_EXEC(c, t_insert, NULL, "3", "kept too", NULL), ERR_OK);
    assert_err(c, db_commit(c), ERR_OK);
    assert_err(c, db_commit(c), ERR_OK);
    assert_int_equal(db_depth(c->db), 0);
    assert_string_equal(dbtest_value(c, "SELECT string_agg(name, ', ' ORDER BY id) FROM t"),
                        "kept, kept too");
}

static void test_a_rollback_of_the_outer_level_takes_committed_inner_work_along(void **state) {
    struct ctx *c = with_table(state, "");
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, DB_EXEC(c, t_insert, NULL, "1", "a", NULL), ERR_OK);
    assert_err(c, db_commit(c), ERR_OK);
    db_rollback(c);
    assert_int_equal(db_depth(c->db), 0);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM t"), "0");
}

static void test_a_commit_after_a_failure_is_not_called_a_success(void **state) {
    struct ctx *c = with_table(state, "a");
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, DB_EXEC(c, t_insert, NULL, "1", "b", NULL), ERR_CONFLICT);
    assert_err(c, db_commit(c), ERR_BUG);
    assert_int_equal(db_depth(c->db), 0);
    assert_err(c, DB_EXEC(c, t_insert, NULL, "2", "b", NULL), ERR_OK);
}

static char logged[8192];
static void keep_line(const char *line) {
    snprintf(logged, sizeof logged, "%s", line);
}

static void test_a_forgotten_transaction_is_rolled_back_at_release_and_its_opener_named(void **state) {
    struct ctx *c = with_table(state, "");
    assert_err(c, db_begin_at(c, "forgetful.c", 42), ERR_OK);
    assert_err(c, DB_EXEC(c, t_insert, NULL, "1", "a", NULL), ERR_OK);
    log_set_sink(keep_line);
    log_set_level(LOG_LEVEL_WARNING);
    db_release(c->db);
    log_set_level(LOG_LEVEL_ERROR);
    log_set_sink(NULL);
    assert_non_null(strstr(logged, "forgetful.c"));
    assert_non_null(strstr(logged, "\"42\""));
    assert_int_equal(db_depth(c->db), 0);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM t"), "0");
}

struct tries {
    int calls, fail_first;
    const char *state;
};

static enum err insert_then_fail(struct ctx *c, void *arg) {
    struct tries *t = arg;
    t->calls++;
    enum err e = DB_EXEC(c, t_insert, NULL, "1", "a", NULL);
    if (e == ERR_OK && t->calls <= t->fail_first) {
        e = dbtest_try(c, arena_printf(c->arena,
                                       "DO $do$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '%s'; END $do$",
                                       t->state));
    }
    return e;
}

static void test_a_serialisation_failure_is_tried_again_and_stored_once(void **state) {
    struct ctx *c = with_table(state, "");
    struct tries t = {.fail_first = 2, .state = "40001"};
    assert_err(c, db_in_transaction(c, insert_then_fail, &t), ERR_OK);
    assert_int_equal(t.calls, 3);
    assert_int_equal(c->err, ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM t"), "1");
}

static void test_the_third_deadlock_is_told_and_nothing_is_stored(void **state) {
    struct ctx *c = with_table(state, "");
    struct tries t = {.fail_first = 99, .state = "40P01"};
    assert_err(c, db_in_transaction(c, insert_then_fail, &t), ERR_BUSY);
    assert_int_equal(t.calls, 3);
    assert_int_equal(db_depth(c->db), 0);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM t"), "0");
}

static void test_other_failures_are_not_tried_again(void **state) {
    struct ctx *c = with_table(state, "");
    struct tries t = {.fail_first = 99, .state = "23505"};
    assert_err(c, db_in_transaction(c, insert_then_fail, &t), ERR_CONFLICT);
    assert_int_equal(t.calls, 1);
}

static enum err nested_fail(struct ctx *c, void *arg) {
    return db_in_transaction(c, insert_then_fail, arg);
}

static void test_only_the_outermost_transaction_is_run_again(void **state) {
    struct ctx *c = with_table(state, "");
    struct tries t = {.fail_first = 1, .state = "40001"};
    assert_err(c, db_in_transaction(c, nested_fail, &t), ERR_OK);
    assert_int_equal(t.calls, 2);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM t"), "1");
}

static void test_a_statement_is_prepared_anew_after_its_table_changed(void **state) {
    struct ctx *c = with_table(state, "a");
    struct rows *r;
    assert_err(c, DB_ROWS(c, t_by_id, &r, "1"), ERR_OK);
    dbtest_run(c, "ALTER TABLE t ALTER COLUMN n TYPE text");
    assert_err(c, DB_ROWS(c, t_by_id, &r, "1"), ERR_OK);
    assert_string_equal(row_text(r, 0, "name"), "a");
    dbtest_run(c, "ALTER TABLE t ALTER COLUMN n TYPE bigint USING n::bigint");
    assert_err(c, DB_ROWS(c, t_by_id, &r, "1"), ERR_OK);
}

static enum err read_first(struct ctx *c, void *arg) {
    struct rows *r;
    ++*(int *)arg;
    return DB_ROWS(c, t_by_id, &r, "1");
}

static void test_a_stale_statement_inside_a_transaction_fails_it_once_and_the_next_run_works(void **state) {
    struct ctx *c = with_table(state, "a");
    struct rows *r;
    assert_err(c, DB_ROWS(c, t_by_id, &r, "1"), ERR_OK);
    dbtest_run(c, "ALTER TABLE t ALTER COLUMN n TYPE text");
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, DB_ROWS(c, t_by_id, &r, "1"), ERR_BUSY);
    assert_string_equal(db_sqlstate(c), "0A000");
    db_rollback(c);
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, DB_ROWS(c, t_by_id, &r, "1"), ERR_OK);
    assert_err(c, db_commit(c), ERR_OK);
    dbtest_run(c, "ALTER TABLE t ALTER COLUMN n TYPE bigint USING n::bigint");
    int calls = 0;
    assert_err(c, db_in_transaction(c, read_first, &calls), ERR_OK);
    assert_int_equal(calls, 2);
}

static void test_statements_thrown_away_by_somebody_else_come_back(void **state) {
    struct ctx *c = with_table(state, "a");
    struct rows *r;
    assert_err(c, DB_ROWS(c, t_by_id, &r, "1"), ERR_OK);
    dbtest_run(c, "DEALLOCATE ALL");
    assert_err(c, DB_ROWS(c, t_by_id, &r, "1"), ERR_OK);
    assert_err(c, DB_ROWS(c, db_ping, &r), ERR_OK);
}

static void
test_a_statement_that_comes_back_with_another_text_is_not_confused_with_the_old_one(void **state) {
    struct ctx *c = ctx_of(state);
    const char *const none[] = {NULL};
    for (int i = 1; i <= 3; i++) {
        char text[32];
        struct rows *r;
        snprintf(text, sizeof text, "SELECT %d AS v", i);
        assert_err(c, db_rows_n(c, DBTEST_SQL("p_example_v", text, 0, SQL_ONE), &r, 0, none), ERR_OK);
        assert_int_equal(row_i64(r, 0, "v"), i);
    }
}

static void test_hundreds_of_plugin_statements_find_their_places(void **state) {
    struct ctx *c = ctx_of(state);
    const char *const none[] = {NULL};
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 300; i++) {
            char name[32], text[32];
            struct rows *r;
            snprintf(name, sizeof name, "p_example_%d", i);
            snprintf(text, sizeof text, "SELECT %d AS v", i);
            assert_err(c, db_rows_n(c, DBTEST_SQL(name, text, 0, SQL_ONE), &r, 0, none), ERR_OK);
            assert_int_equal(row_i64(r, 0, "v"), i);
        }
    }
}

static void test_a_bad_statement_of_a_plugin_fails_alone(void **state) {
    struct ctx *c = ctx_of(state);
    struct rows *r;
    const char *const none[] = {NULL};
    const struct sql *bad = DBTEST_SQL("p_example_bad", "SELECT nothing FROM nowhere", 0, SQL_MANY);
    assert_err(c, db_rows_n(c, bad, &r, 0, none), ERR_BUG);
    assert_string_equal(db_sqlstate(c), "42P01");
    assert_err(c, DB_ROWS(c, db_ping, &r), ERR_OK);
}

static void test_array_elements_keep_quotes_commas_braces_and_nothing(void **state) {
    struct ctx *c = ctx_of(state);
    const char *const texts[] = {"plain", "a,b", "say \"hi\"", "back\\slash", "{}", "", NULL, "null"};
    const char *array = db_array(c->arena, 8, texts);
    struct rows *r;
    const struct sql *q = DBTEST_SQL(
        "t_array", "SELECT e FROM unnest($1::text[]) WITH ORDINALITY u(e, i) ORDER BY i", 1, SQL_MANY);
    assert_err(c, db_rows_n(c, q, &r, 1, &array), ERR_OK);
    assert_int_equal(rows_count(r), 8);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(rows_cell_is_null(r, i, 0), texts[i] == NULL);
        assert_string_equal(rows_cell(r, i, 0), texts[i] ? texts[i] : "");
    }
    array = db_array(c->arena, 0, NULL);
    assert_err(c, db_rows_n(c, q, &r, 1, &array), ERR_OK);
    assert_int_equal(rows_count(r), 0);
}

static void test_domain_code_can_tell_which_unique_key_was_hit(void **state) {
    struct ctx *c = with_table(state, "a");
    assert_err(c, DB_EXEC(c, t_insert, NULL, "2", "a", NULL), ERR_CONFLICT);
    assert_true(db_hit(c, "t_name"));
    assert_false(db_hit(c, "t_pkey"));
    assert_string_equal(db_sqlstate(c), "23505");
    assert_string_equal(db_constraint(c), "t_name");
    assert_err(c, DB_EXEC(c, t_insert, NULL, "1", "b", NULL), ERR_CONFLICT);
    assert_true(db_hit(c, "t_pkey"));
}

static void test_a_failure_about_data_does_not_repeat_the_data(void **state) {
    struct ctx *c = with_table(state, "");
    assert_err(c, DB_EXEC(c, t_insert, NULL, "1", "rosa@example.org", NULL), ERR_OK);
    assert_err(c, DB_EXEC(c, t_insert, NULL, "2", "rosa@example.org", NULL), ERR_CONFLICT);
    assert_null(strstr(c->err_detail, "rosa"));
    assert_err(c, DB_EXEC(c, t_insert, NULL, "secret-number", "x", NULL), ERR_INVALID);
    assert_null(strstr(c->err_detail, "secret"));
    assert_non_null(strstr(c->err_detail, "22P02"));
}

static void test_each_sqlstate_has_its_code(void **state) {
    (void)state;
    static const struct {
        const char *state;
        enum err err;
        bool again;
    } want[] = {
        {"23505", ERR_CONFLICT, false}, {"23P01", ERR_CONFLICT, false}, {"23503", ERR_INVALID, false},
        {"23514", ERR_INVALID, false},  {"23502", ERR_INVALID, false},  {"22P02", ERR_INVALID, false},
        {"22001", ERR_INVALID, false},  {"40001", ERR_BUSY, true},      {"40P01", ERR_BUSY, true},
        {"0A000", ERR_BUSY, true},      {"26000", ERR_BUSY, true},      {"57014", ERR_TIMEOUT, false},
        {"42501", ERR_DENIED, false},   {"08006", ERR_DB_AWAY, false},  {"57P01", ERR_DB_AWAY, false},
        {"57P03", ERR_DB_AWAY, false},  {"53300", ERR_BUSY, false},     {"53100", ERR_BUSY, false},
        {"25006", ERR_DB_AWAY, false},  {"AN001", ERR_GONE, false},     {"AN002", ERR_CONFLICT, false},
        {"AN003", ERR_BUG, false},      {"42P01", ERR_BUG, false},      {"25P02", ERR_BUG, false},
        {"P0001", ERR_BUG, false},      {"ZZ999", ERR_BUG, false},      {"", ERR_BUG, false},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        bool again = !want[i].again;
        assert_int_equal(dberr_map(want[i].state, &again), want[i].err);
        assert_int_equal(again, want[i].again);
    }
}

static void test_the_core_tables_speak_through_these_codes(void **state) {
    struct ctx *c = ctx_of(state);
    dbtest_run(c, "INSERT INTO audit (request, action) VALUES ('r', 'tried')");
    assert_err(c, dbtest_try(c, "DELETE FROM audit"), ERR_BUG);
    assert_string_equal(db_sqlstate(c), "AN003");
    assert_err(c, dbtest_try(c, "INSERT INTO anchor VALUES (1, 'council', '', '', '', '')"), ERR_INVALID);
    assert_true(db_hit(c, "anchor_id_fkey"));
}

static void test_a_statement_that_takes_too_long_is_stopped(void **state) {
    struct ctx *c = ctx_of(state);
    assert_err(c, db_limit_ms(c->db, 20), ERR_OK);
    assert_err(c, dbtest_try(c, "SELECT pg_sleep(60)"), ERR_TIMEOUT);
    assert_err(c, db_limit_ms(c->db, 0), ERR_OK);
    assert_string_equal(dbtest_value(c, "SHOW statement_timeout"), "0");
}

static void test_a_plugin_role_sees_its_own_schema_only_and_ends_with_the_transaction(void **state) {
    struct ctx *c = ctx_of(state);
    const char *role = "plg_example";
    dbtest_run(c, "CREATE ROLE plg_example");
    dbtest_run(c, "CREATE SCHEMA plg_example AUTHORIZATION plg_example");
    assert_err(c, db_enter_role(c, role, "plg_example"), ERR_BUG); // outside a transaction
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, db_enter_role(c, role, "plg_example"), ERR_OK);
    dbtest_run(c, "CREATE TABLE mine (a integer)");
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, dbtest_try(c, "SELECT email FROM core.person"), ERR_DENIED);
    db_rollback(c);
    assert_err(c, db_leave_role(c), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM person"), "0");
    assert_err(c, db_enter_role(c, role, "plg_example"), ERR_OK);
    assert_err(c, db_commit(c), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT current_user || ' ' || current_schema()"), "anchorage core");
    dbtest_run(c, "DROP TABLE plg_example.mine");
    dbtest_run(c, "DROP SCHEMA plg_example");
    dbtest_run(c, "DROP ROLE plg_example");
}

static void test_a_server_that_is_not_there_is_told_in_words(void **state) {
    (void)state;
    struct db *d = NULL;
    char why[256] = "";
    assert_int_equal(db_open("host='/nonexistent' dbname=x", true, &d, why, sizeof why), ERR_DB_AWAY);
    assert_null(d);
    assert_non_null(strstr(why, "does not answer"));
}

static void test_a_database_without_our_tables_names_the_statement_that_does_not_fit(void **state) {
    struct dbtest *t = *state;
    struct db *d = NULL;
    char why[512] = "";
    assert_int_equal(db_open(t->conninfo, true, &d, why, sizeof why), ERR_BUG);
    assert_null(d);
    assert_non_null(strstr(why, "schemas/queries/"));
    assert_non_null(strstr(why, "anchorage migrate"));
}

#define WITH_DB(f) cmocka_unit_test_setup_teardown(f, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_DB(test_the_statements_of_the_core_are_there_when_a_connection_opens),
        WITH_DB(test_a_row_is_read_by_column_name_and_a_null_reads_as_nothing),
        WITH_DB(test_a_null_parameter_is_sql_null_and_an_empty_text_is_not),
        WITH_DB(test_a_boolean_column_is_known_as_one),
        WITH_DB(test_one_wants_a_row_and_opt_does_not),
        WITH_DB(test_two_rows_where_one_was_declared_is_a_bug_not_a_choice),
        WITH_DB(test_a_wrong_number_of_parameters_never_reaches_the_database),
        WITH_DB(test_a_change_says_how_many_rows_it_changed),
        WITH_DB(test_a_rolled_back_level_leaves_the_outer_work_standing),
        WITH_DB(test_a_rollback_of_the_outer_level_takes_committed_inner_work_along),
        WITH_DB(test_a_commit_after_a_failure_is_not_called_a_success),
        WITH_DB(test_a_forgotten_transaction_is_rolled_back_at_release_and_its_opener_named),
        WITH_DB(test_a_serialisation_failure_is_tried_again_and_stored_once),
        WITH_DB(test_the_third_deadlock_is_told_and_nothing_is_stored),
        WITH_DB(test_other_failures_are_not_tried_again),
        WITH_DB(test_only_the_outermost_transaction_is_run_again),
        WITH_DB(test_a_statement_is_prepared_anew_after_its_table_changed),
        WITH_DB(test_a_stale_statement_inside_a_transaction_fails_it_once_and_the_next_run_works),
        WITH_DB(test_statements_thrown_away_by_somebody_else_come_back),
        WITH_DB(test_a_statement_that_comes_back_with_another_text_is_not_confused_with_the_old_one),
        WITH_DB(test_hundreds_of_plugin_statements_find_their_places),
        WITH_DB(test_a_bad_statement_of_a_plugin_fails_alone),
        WITH_DB(test_array_elements_keep_quotes_commas_braces_and_nothing),
        WITH_DB(test_domain_code_can_tell_which_unique_key_was_hit),
        WITH_DB(test_a_failure_about_data_does_not_repeat_the_data),
        cmocka_unit_test(test_each_sqlstate_has_its_code),
        WITH_DB(test_the_core_tables_speak_through_these_codes),
        WITH_DB(test_a_statement_that_takes_too_long_is_stopped),
        WITH_DB(test_a_plugin_role_sees_its_own_schema_only_and_ends_with_the_transaction),
        cmocka_unit_test(test_a_server_that_is_not_there_is_told_in_words),
        cmocka_unit_test_setup_teardown(
            test_a_database_without_our_tables_names_the_statement_that_does_not_fit, dbtest_setup_empty,
            dbtest_teardown),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
