// SPDX-License-Identifier: Apache-2.0
// Lines of a load go over a connection of their own and are kept a moment before the load is: what others see
// in between, and what is left when something dies there.
#include "db/loadtest.h"

#include "base/clock.h"
#include "db/db.h"

#include <poll.h>
#include <pthread.h>

#define TABLES "SELECT count(*) FROM pg_class WHERE relname LIKE 'spend\\_incoming%%'"
#define WAITS  "SELECT count(*) FROM pg_locks WHERE relation = '%s'::regclass AND NOT granted"
// Who writes lines has the second lock of loads.
#define WRITES_LINES                                                                                         \
    " FROM pg_locks WHERE locktype = 'advisory' AND objid = 7370657 AND granted AND database ="              \
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
#define PATIENCE INT64_C(20000000) // microseconds
#define FILE_OF  DATA "four_columns.csv"
#define SUM      11685060

struct loader {
    struct ctx *c;
    pthread_t thread;
    enum err e;
};

static void *load_it(void *arg) {
    struct loader *l = arg;
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    const char *ref;
    l->e = loadtest_try(l->c, FILE_OF, &o, &s, &ref);
    return NULL;
}

static void wait_for(struct ctx *c, const char *question) {
    for (int64_t last = clock_monotonic_usec() + PATIENCE; dbtest_number(c, question) == 0;) {
        assert_true(clock_monotonic_usec() < last);
        poll(NULL, 0, 5);
    }
}

// A load under way that stands at a table which `c` holds until let_go.
static struct loader *stuck(void **state, struct ctx *c, const char *table) {
    struct loader *l = arena_alloc(c->arena, sizeof *l);
    *l = (struct loader){.c = loadtest_beside(state), .e = ERR_BUG};
    assert_err(c, db_begin(c), ERR_OK);
    dbtest_run(c, "LOCK TABLE %s IN SHARE MODE", table);
    assert_int_equal(pthread_create(&l->thread, NULL, load_it, l), 0);
    wait_for(c, arena_printf(c->arena, WAITS, table));
    return l;
}

static void let_go(struct ctx *c, struct loader *l) {
    db_rollback(c);
    pthread_join(l->thread, NULL);
}

static void loads_after_all(struct ctx *c) {
    loadtest_load(c, "council", FILE_OF);
    assert_number(c, SUM_OF_LINES, SUM);
    assert_number(c, UNTIED, 0);
    assert_number(c, TABLES, 0);
}

static void test_lines_that_are_kept_before_their_load_are_seen_by_nobody(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct loader *l = stuck(state, c, "core.spend_line");
    assert_number(c, TABLES, 2); // it is just between the two
    assert_number(c,
                  "SELECT (SELECT count(*) FROM core.spend_line) + (SELECT count(*) FROM core.spend_leaf) +"
                  " (SELECT count(*) FROM core.spend_sum) + (SELECT count(*) FROM core.spend_load) +"
                  " (SELECT count(*) FROM core.payee) + (SELECT lines_no FROM core.spend_state)",
                  0);
    let_go(c, l);
    assert_err(l->c, l->e, ERR_OK);
    dbtest_free_ctx(l->c);
    assert_number(c, SUM_OF_LINES, SUM);
    assert_number(c, TABLES, 0);
}

static void test_lines_of_a_load_that_fails_before_its_end_are_never_kept(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct loader *l = stuck(state, c, "core.payee");
    assert_number(c,
                  "SELECT count(pg_terminate_backend(pid)) FROM pg_locks"
                  " WHERE relation = 'core.payee'::regclass AND NOT granted",
                  1);
    let_go(c, l);
    assert_err(l->c, l->e, ERR_DB_AWAY);
    dbtest_free_ctx(l->c);
    assert_number(c, TABLES, 0);
    assert_number(c, "SELECT count(*) FROM core.payee", 0);
    loads_after_all(c);
}

static void test_a_load_whose_other_connection_is_lost_stores_nothing(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct loader *l = stuck(state, c, "core.payee");
    wait_for(c, "SELECT count(*)" WRITES_LINES);
    assert_number(c, "SELECT count(pg_terminate_backend(pid))" WRITES_LINES, 1);
    let_go(c, l);
    assert_err(l->c, l->e, ERR_DB_AWAY);
    dbtest_free_ctx(l->c);
    assert_number(c, TABLES, 0);
    assert_number(c, "SELECT count(*) FROM core.payee", 0);
    assert_number(c, "SELECT count(*) FROM core.spend_load", 0);
    loads_after_all(c);
}

// As they are left by what dies between the two.
static void leave_tables(struct ctx *c) {
    dbtest_run(c, "CREATE TABLE core.spend_incoming_2025 (a integer)");
    dbtest_run(c, "CREATE TABLE core.spend_incoming_2031 (a integer)");
}

static void test_a_load_clears_away_what_one_that_died_has_left(void **state) {
    struct ctx *c = loadtest_ready(state);
    leave_tables(c);
    loads_after_all(c);
}

static void test_tables_that_are_left_go_without_another_load_but_not_while_one_is_under_way(void **state) {
    struct ctx *c = loadtest_ready(state), *other = loadtest_beside(state);
    bool left;
    leave_tables(c);
    assert_err(other, db_begin(other), ERR_OK);
    dbtest_value(other, "SELECT pg_advisory_xact_lock(7370656)::text");
    assert_err(c, load_settle(c, &left), ERR_OK);
    assert_number(c, TABLES, 2);
    db_rollback(other);
    assert_err(c, load_settle(c, &left), ERR_OK);
    assert_number(c, TABLES, 0);
    dbtest_free_ctx(other);
}

static void test_a_load_that_puts_a_question_leaves_no_table(void **state) {
    struct ctx *c = loadtest_ready(state);
    struct load_summary s;
    struct load_orders o = loadtest_orders();
    const char *ref, *file = loadtest_file(c, "again.csv",
                                           "Supplier,Date,Amount\n"
                                           "Oat Ltd,1/5/2025,700.00\n"
                                           "Rye Ltd,2/5/2025,800.00\n");
    loadtest_load(c, "council", file);
    o.overlap = OVERLAP_ASK;
    file = loadtest_file(c, "more.csv",
                         "Supplier,Date,Amount\n"
                         "Oat Ltd,1/5/2025,700.00\n"
                         "Rye Ltd,2/6/2024,900.00\n");
    assert_err(c, loadtest_try(c, file, &o, &s, &ref), ERR_CONFLICT);
    assert_string_equal(c->err_field, "overlap"); // not lost in the clearing up
    assert_number(c, TABLES, 0);
}

#define WITH_DB(f) cmocka_unit_test_setup_teardown(f, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_DB(test_lines_that_are_kept_before_their_load_are_seen_by_nobody),
        WITH_DB(test_lines_of_a_load_that_fails_before_its_end_are_never_kept),
        WITH_DB(test_a_load_whose_other_connection_is_lost_stores_nothing),
        WITH_DB(test_a_load_clears_away_what_one_that_died_has_left),
        WITH_DB(test_tables_that_are_left_go_without_another_load_but_not_while_one_is_under_way),
        WITH_DB(test_a_load_that_puts_a_question_leaves_no_table),
    };
    return cmocka_run_group_tests(tests, loadtest_group_up, loadtest_group_down);
}
