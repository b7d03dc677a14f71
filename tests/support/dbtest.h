// SPDX-License-Identifier: Apache-2.0
// A private PostgreSQL for one test program, and a fresh database with the core's tables for each test.
#ifndef ANCHORAGE_TESTS_SUPPORT_DBTEST_H
#define ANCHORAGE_TESTS_SUPPORT_DBTEST_H

#include "base/ctx.h"
#include "db/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/types.h>

// cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown)
// cmocka_unit_test_setup_teardown(test_x, dbtest_setup, dbtest_teardown): *state is a struct dbtest *.
// The cluster lives in a process of its own, which runs as an ordinary user even when the tests run as root,
// stops the cluster and removes its folder when the test program ends in any way.
struct dbtest {
    struct ctx *c; // on a connection with all core statements
    struct arena *arena;
    struct db *db;
    char name[32];      // of the database
    char conninfo[512]; // for more connections
};

int dbtest_group_setup(void **state);
int dbtest_group_teardown(void **state);
int dbtest_setup(void **state);            // core tables, nothing in them
int dbtest_setup_unprepared(void **state); // the same, but the connection has no statements prepared
int dbtest_setup_empty(void **state);      // no tables; the connection has no statements prepared
int dbtest_teardown(void **state);

// Folder of the cluster (DATA of core/db/cluster.h), and its postmaster's number now.
const char *dbtest_data_dir(void);
pid_t dbtest_postmaster(void);

// Another unit of work on a connection of its own; both end with dbtest_free_ctx.
struct ctx *dbtest_new_ctx(struct dbtest *t);
void dbtest_free_ctx(struct ctx *c);

// Runs one statement of the test's own; the test fails when it does.
void dbtest_run(struct ctx *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
// The first cell of the first row as text, in the arena of c.
const char *dbtest_value(struct ctx *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
// The same as a number.
int64_t dbtest_number(struct ctx *c, const char *sql);
#define assert_number(c, sql, want) assert_int_equal(dbtest_number((c), (sql)), (want))
// The same without a judgement.
enum err dbtest_try(struct ctx *c, const char *text);

// A named statement of the test's own, made on the spot: DBTEST_SQL("t_insert", "INSERT ...", 2, SQL_NONE)
#define DBTEST_SQL(nm, tx, np, rw)                                                                           \
    (&(const struct sql){.name = (nm), .text = (tx), .params = (np), .rows = (rw), .file = "the test"})

// Fails the test with the context's own words when e is not `want`.
#define assert_err(c, e, want) dbtest_assert_err((c), (e), (want), __FILE__, __LINE__)
void dbtest_assert_err(const struct ctx *c, enum err got, enum err want, const char *file, int line);

#endif
