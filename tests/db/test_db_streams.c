// SPDX-License-Identifier: Apache-2.0
// Promises of core/db: COPY in binary, LISTEN/NOTIFY, and connections that are lost and come back.
#include "support/dbtest.h"

#include "base/clock.h"
#include "db/queries.gen.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_USEC INT64_C(60000000)

static struct ctx *ctx_of(void **state) {
    return ((struct dbtest *)*state)->c;
}

static const struct sql copy_t = {.name = "t_copy",
                                  .text = "COPY t (a, b, c, d, e, f, g) FROM STDIN (FORMAT binary)",
                                  .rows = SQL_NONE,
                                  .file = "test"};

static struct ctx *with_wide_table(void **state) {
    struct ctx *c = ctx_of(state);
    dbtest_run(c,
               "CREATE TABLE t (a bigint, b integer, c smallint, d date, e boolean, f text CHECK (f <> 'no'),"
               " g timestamptz)");
    return c;
}

static void put_row(struct copy_in *w, int64_t a, const char *f) {
    copy_in_row(w);
    copy_in_i64(w, a);
    copy_in_i32(w, -7);
    copy_in_i16(w, 2025);
    copy_in_date(w, 20759); // 2 November 2026
    copy_in_bool(w, true);
    copy_in_text(w, f);
    copy_in_stamp(w, INT64_C(20759) * 86400000000 + 1);
}

static void test_copied_rows_hold_what_was_written(void **state) {
    struct ctx *c = with_wide_table(state);
    struct copy_in *w;
    assert_err(c, copy_in_begin(c, &copy_t, 7, &w), ERR_OK);
    put_row(w, INT64_MIN, "Caf\xc3\xa9 \xe2\x82\xac");
    copy_in_row(w);
    for (int i = 0; i < 7; i++) {
        copy_in_null(w);
    }
    int64_t rows = 0;
    assert_err(c, copy_in_end(w, &rows), ERR_OK);
    assert_int_equal(rows, 2);
    assert_string_equal(
        dbtest_value(c, "SELECT concat_ws('|', a, b, c, d, e, f, g) FROM t WHERE a IS NOT NULL"),
        "-9223372036854775808|-7|2025|2026-11-02|t|Caf\xc3\xa9 \xe2\x82\xac|"
        "2026-11-02 00:00:00.000001+00");
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM t WHERE num_nulls(a, b, c, d, e, f, g) = 7"),
                        "1");
}

static void test_a_copy_larger_than_its_buffer_arrives_whole(void **state) {
    struct ctx *c = with_wide_table(state);
    struct copy_in *w;
    char long_text[3001];
    memset(long_text, 'x', 3000);
    long_text[3000] = 0;
    assert_err(c, copy_in_begin(c, &copy_t, 7, &w), ERR_OK);
    for (int i = 0; i < 1000; i++) {
        put_row(w, i, long_text);
    }
    int64_t rows = 0;
    assert_err(c, copy_in_end(w, &rows), ERR_OK);
    assert_int_equal(rows, 1000);
    assert_string_equal(dbtest_value(c, "SELECT sum(a) || ' ' || sum(length(f)) FROM t"), "499500 3000000");
}

static void test_a_refused_row_refuses_the_whole_copy_and_the_connection_goes_on(void **state) {
    struct ctx *c = with_wide_table(state);
    struct copy_in *w;
    assert_err(c, copy_in_begin(c, &copy_t, 7, &w), ERR_OK);
    put_row(w, 1, "yes");
    put_row(w, 2, "no");
    int64_t rows = -1;
    assert_err(c, copy_in_end(w, &rows), ERR_INVALID);
    assert_int_equal(rows, -1);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM t"), "0");
}

static void test_a_row_of_the_wrong_width_is_a_bug_and_stores_nothing(void **state) {
    struct ctx *c = with_wide_table(state);
    struct copy_in *w;
    assert_err(c, copy_in_begin(c, &copy_t, 7, &w), ERR_OK);
    put_row(w, 1, "yes");
    copy_in_row(w);
    copy_in_i64(w, 2);
    assert_err(c, copy_in_end(w, NULL), ERR_BUG);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM t"), "0");
    assert_err(c, copy_in_begin(c, &copy_t, 7, &w), ERR_OK);
    put_row(w, 1, "yes");
    copy_in_bool(w, true);
    assert_err(c, copy_in_end(w, NULL), ERR_BUG);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM t"), "0");
}

static void test_no_other_statement_runs_in_the_middle_of_a_copy(void **state) {
    struct ctx *c = with_wide_table(state);
    struct copy_in *w;
    struct rows *r;
    assert_err(c, copy_in_begin(c, &copy_t, 7, &w), ERR_OK);
    put_row(w, 1, "yes");
    assert_err(c, DB_ROWS(c, db_ping, &r), ERR_BUG);
    assert_err(c, copy_in_end(w, NULL), ERR_OK);
    assert_err(c, DB_ROWS(c, db_ping, &r), ERR_OK);
}

static void test_a_copy_left_unfinished_is_ended_at_release_and_stores_nothing(void **state) {
    struct ctx *c = with_wide_table(state);
    struct copy_in *w;
    assert_err(c, copy_in_begin(c, &copy_t, 7, &w), ERR_OK);
    put_row(w, 1, "yes");
    db_release(c->db);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM t"), "0");
    assert_err(c, copy_in_begin(c, &copy_t, 7, &w), ERR_OK);
    put_row(w, 1, "yes");
    copy_in_abort(w);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM t"), "0");
}

static void test_a_copy_in_a_transaction_is_rolled_back_with_it(void **state) {
    struct ctx *c = with_wide_table(state);
    struct copy_in *w;
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, copy_in_begin(c, &copy_t, 7, &w), ERR_OK);
    put_row(w, 1, "yes");
    assert_err(c, copy_in_end(w, NULL), ERR_OK);
    db_rollback(c);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM t"), "0");
}

struct heard {
    int count;
    char last[128];
};

static void on_note(void *arg, const char *channel, const char *payload) {
    struct heard *h = arg;
    h->count++;
    snprintf(h->last, sizeof h->last, "%s=%s", channel, payload);
}

static const char *const channels[] = {"anchorage_changed", "Odd \"channel\"", NULL};

#define ADD_MAIL                                                                                             \
    "INSERT INTO mail_outbox (to_address, subject, body_text, message_id) VALUES ('a@b.example', 's', 'b', " \
    "'i')"

static void test_a_change_to_a_core_table_is_heard(void **state) {
    struct dbtest *t = *state;
    struct db_listener *l;
    struct heard h = {0};
    assert_int_equal(db_listener_open(t->conninfo, channels, &l), ERR_OK);
    dbtest_run(t->c, ADD_MAIL);
    assert_int_equal(db_listener_wait(l, 30000, on_note, &h), ERR_OK);
    assert_int_equal(h.count, 1);
    assert_string_equal(h.last, "anchorage_changed=mail");
    dbtest_run(t->c, "NOTIFY \"Odd \"\"channel\"\"\", 'x'");
    assert_int_equal(db_listener_wait(l, 30000, on_note, &h), ERR_OK);
    assert_string_equal(h.last, "Odd \"channel\"=x");
    db_listener_close(l);
}

static void test_many_changes_in_one_transaction_make_one_note(void **state) {
    struct dbtest *t = *state;
    struct db_listener *l;
    struct heard h = {0};
    assert_int_equal(db_listener_open(t->conninfo, channels, &l), ERR_OK);
    assert_err(t->c, db_begin(t->c), ERR_OK);
    dbtest_run(t->c, ADD_MAIL);
    dbtest_run(t->c, ADD_MAIL);
    assert_err(t->c, db_commit(t->c), ERR_OK);
    assert_int_equal(db_listener_wait(l, 30000, on_note, &h), ERR_OK);
    assert_int_equal(h.count, 1);
    db_listener_close(l);
}

static void test_a_wait_without_news_ends_by_its_timeout_or_by_the_wake_up_call(void **state) {
    struct dbtest *t = *state;
    struct db_listener *l;
    struct heard h = {0};
    assert_int_equal(db_listener_open(t->conninfo, channels, &l), ERR_OK);
    assert_int_equal(db_listener_wait(l, 0, on_note, &h), ERR_OK);
    db_listener_wake(l);
    assert_int_equal(db_listener_wait(l, 3600 * 1000, on_note, &h), ERR_OK);
    assert_int_equal(h.count, 0);
    db_listener_close(l);
}

// Ends all other connections of the test's database, as a failover or an operator would.
static void cut(struct ctx *c) {
    dbtest_run(c, "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity"
                  " WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

static void test_a_cut_listener_says_twice_that_notes_were_missed_and_then_hears_again(void **state) {
    struct dbtest *t = *state;
    struct db_listener *l;
    struct heard h = {0};
    assert_int_equal(db_listener_open(t->conninfo, channels, &l), ERR_OK);
    cut(t->c);
    assert_int_equal(db_listener_wait(l, 30000, on_note, &h), ERR_DB_AWAY);
    assert_int_equal(db_listener_wait(l, 30000, on_note, &h), ERR_DB_AWAY);
    dbtest_run(t->c, "NOTIFY anchorage_changed, 'supplier'");
    assert_int_equal(db_listener_wait(l, 30000, on_note, &h), ERR_OK);
    assert_string_equal(h.last, "anchorage_changed=supplier");
    db_listener_close(l);
}

static void test_an_idle_connection_that_was_cut_is_replaced_before_its_next_use(void **state) {
    struct dbtest *t = *state;
    struct ctx *other = dbtest_new_ctx(t);
    dbtest_run(t->c, "SELECT 1");
    cut(other);
    struct rows *r;
    assert_int_equal(db_ensure(t->db), ERR_OK);
    assert_err(t->c, DB_ROWS(t->c, db_ping, &r), ERR_OK);
    assert_string_equal(dbtest_value(t->c, "SHOW search_path"), "core");
    dbtest_free_ctx(other);
}

static void test_a_connection_cut_inside_a_transaction_is_not_replaced_until_release(void **state) {
    struct dbtest *t = *state;
    struct ctx *other = dbtest_new_ctx(t);
    struct rows *r;
    assert_err(t->c, db_begin(t->c), ERR_OK);
    cut(other);
    assert_err(t->c, DB_ROWS(t->c, db_ping, &r), ERR_DB_AWAY);
    assert_int_equal(db_ensure(t->db), ERR_DB_AWAY);
    assert_err(t->c, DB_ROWS(t->c, db_ping, &r), ERR_DB_AWAY);
    assert_err(t->c, db_commit(t->c), ERR_DB_AWAY);
    db_release(t->db);
    assert_int_equal(db_ensure(t->db), ERR_OK);
    assert_err(t->c, DB_ROWS(t->c, db_ping, &r), ERR_OK);
    dbtest_free_ctx(other);
}

static void ensure_in_the_end(struct db *d) {
    int64_t end = clock_monotonic_usec() + PATIENCE_USEC;
    while (db_ensure(d) != ERR_OK) {
        assert_true(clock_monotonic_usec() < end);
        poll(NULL, 0, 5);
    }
}

static void test_committed_rows_are_there_after_the_postmaster_was_killed(void **state) {
    struct dbtest *t = *state;
    struct ctx *c = t->c;
    struct rows *r;
    dbtest_run(c, "CREATE TABLE t (a integer)");
    dbtest_run(c, "INSERT INTO t SELECT generate_series(1, 1000)");
    assert_err(c, db_begin(c), ERR_OK);
    dbtest_run(c, "INSERT INTO t VALUES (-1)"); // never committed
    pid_t old = dbtest_postmaster();
    assert_true(old > 1);
    assert_int_equal(kill(old, SIGKILL), 0);
    enum err e = ERR_OK;
    for (int64_t end = clock_monotonic_usec() + PATIENCE_USEC; e == ERR_OK && clock_monotonic_usec() < end;) {
        e = DB_ROWS(c, db_ping, &r);
    }
    assert_int_equal(e, ERR_DB_AWAY);
    db_release(c->db);
    ensure_in_the_end(c->db);
    assert_string_equal(dbtest_value(c, "SELECT count(*) || ' ' || min(a) FROM t"), "1000 1");
    assert_int_not_equal(dbtest_postmaster(), old);
}

static void test_the_time_limit_of_a_connection_survives_its_replacement(void **state) {
    struct dbtest *t = *state;
    struct ctx *other = dbtest_new_ctx(t);
    assert_int_equal(db_limit_ms(t->db, 12345), ERR_OK);
    cut(other);
    assert_int_equal(db_ensure(t->db), ERR_OK);
    assert_string_equal(dbtest_value(t->c, "SHOW statement_timeout"), "12345ms");
    dbtest_free_ctx(other);
}

// ---- rows sent beside the caller ------------------------------------------------------------------------

static const struct sql copy_u = {
    .name = "u_copy", .text = "COPY u (a) FROM STDIN (FORMAT binary)", .rows = SQL_NONE, .file = "test"};

#define NARROW_BYTES 10 // one integer: count of fields, its length, itself

static void narrow_row(char *at, int i) {
    const unsigned char row[NARROW_BYTES] = {0,
                                             1,
                                             0,
                                             0,
                                             0,
                                             4,
                                             (unsigned char)(i >> 24),
                                             (unsigned char)(i >> 16),
                                             (unsigned char)(i >> 8),
                                             (unsigned char)i};
    memcpy(at, row, sizeof row);
}

static void stream_rows(struct copy_stream *s, int from, int to) {
    for (int i = from; i < to; i++) {
        narrow_row(copy_stream_room(s, NARROW_BYTES), i);
        copy_stream_took(s, NARROW_BYTES);
    }
}

// The table filled so far steps aside, and another takes its name.
static enum err step_aside(struct ctx *c, void *arg) {
    static const struct sql
        aside = {.name = "u_aside",
                 .text = "ALTER TABLE u RENAME TO u_before",
                 .rows = SQL_NONE,
                 .file = "test"},
        fresh = {.name = "u_fresh", .text = "CREATE TABLE u (a integer)", .rows = SQL_NONE, .file = "test"},
        wrong = {.name = "u_wrong", .text = "DROP TABLE nowhere", .rows = SQL_NONE, .file = "test"};
    if (arg) {
        return db_exec_n(c, &wrong, NULL, 0, NULL);
    }
    enum err e = db_exec_n(c, &aside, NULL, 0, NULL);
    return e ? e : db_exec_n(c, &fresh, NULL, 0, NULL);
}

static enum err make_first(struct ctx *c, void *arg) {
    static const struct sql make = {.name = "u_make",
                                    .text = "CREATE TABLE u (a integer CHECK (a <> 7))",
                                    .rows = SQL_NONE,
                                    .file = "test"};
    (void)arg;
    return db_exec_n(c, &make, NULL, 0, NULL);
}

static struct copy_stream *with_stream(struct ctx *c) {
    struct copy_stream *s;
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, copy_stream_begin(c, &copy_u, make_first, NULL, &s), ERR_OK);
    return s;
}

#define NO_TABLE(c)                                                                                          \
    assert_string_equal(dbtest_value(c, "SELECT coalesce(to_regclass('u')::text, 'none')"), "none")

static void test_streamed_rows_arrive_and_a_turn_lies_between_those_before_and_after(void **state) {
    struct ctx *c = ctx_of(state);
    struct copy_stream *s = with_stream(c);
    stream_rows(s, 1000, 31000); // several chunks
    copy_stream_turn(s, step_aside, NULL);
    char *many = malloc((size_t)20000 * NARROW_BYTES), *few = malloc(NARROW_BYTES);
    assert_non_null(many);
    assert_non_null(few);
    for (int i = 0; i < 20000; i++) {
        narrow_row(many + (size_t)i * NARROW_BYTES, i);
    }
    narrow_row(few, 1000000);
    copy_stream_give(s, many, (size_t)20000 * NARROW_BYTES, true);
    copy_stream_give(s, few, NARROW_BYTES, true);
    stream_rows(s, 20000, 20010);
    assert_err(c, copy_stream_end(s), ERR_OK);
    assert_err(c, db_commit(c), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) || ' ' || sum(a) FROM u_before"), "30000 479985000");
    assert_string_equal(dbtest_value(c, "SELECT count(*) || ' ' || sum(a) FROM u"), "20011 201190045");
}

static void test_beside_a_stream_the_connection_is_refused(void **state) {
    struct ctx *c = ctx_of(state);
    struct copy_stream *s = with_stream(c);
    static const struct sql one = {.name = "u_one", .text = "SELECT 1 AS n", .rows = SQL_ONE, .file = "test"};
    struct rows *r;
    assert_err(c, db_rows_n(c, &one, &r, 0, NULL), ERR_BUG);
    assert_err(c, db_begin(c), ERR_BUG);
    assert_err(c, db_commit(c), ERR_BUG);
    assert_err(c, copy_stream_end(s), ERR_OK);
    assert_err(c, db_rows_n(c, &one, &r, 0, NULL), ERR_OK);
    db_rollback(c);
}

static void test_a_turn_that_fails_is_what_the_end_of_the_stream_says(void **state) {
    struct ctx *c = ctx_of(state);
    struct copy_stream *s = with_stream(c);
    bool wrong = true;
    stream_rows(s, 100, 200);
    copy_stream_turn(s, step_aside, &wrong);
    stream_rows(s, 0, 100000); // taken, and sent nowhere
    enum err e = copy_stream_end(s);
    assert_int_not_equal(e, ERR_OK);
    assert_non_null(strstr(c->err_detail, "nowhere"));
    db_rollback(c);
    NO_TABLE(c);
}

static void test_a_row_the_server_refuses_before_a_turn_ends_the_stream_with_its_words(void **state) {
    struct ctx *c = ctx_of(state);
    struct copy_stream *s = with_stream(c);
    stream_rows(s, 0, 10);
    copy_stream_turn(s, step_aside, NULL);
    stream_rows(s, 0, 100000);
    assert_err(c, copy_stream_end(s), ERR_INVALID);
    db_rollback(c);
    assert_string_equal(dbtest_value(c, "SELECT coalesce(to_regclass('u_before')::text, 'none')"), "none");
}

static void test_a_row_the_server_refuses_behind_all_turns_fails_the_end_of_the_stream(void **state) {
    struct ctx *c = ctx_of(state);
    struct copy_stream *s = with_stream(c);
    stream_rows(s, 0, 10);
    assert_err(c, copy_stream_end(s), ERR_INVALID);
    db_rollback(c);
}

static void test_after_a_turn_that_failed_none_is_made_and_its_words_stay(void **state) {
    struct ctx *c = ctx_of(state);
    struct copy_stream *s = with_stream(c);
    bool wrong = true;
    copy_stream_turn(s, step_aside, &wrong);
    stream_rows(s, 100, 200);
    copy_stream_turn(s, step_aside, NULL);
    stream_rows(s, 100, 200);
    assert_int_not_equal(copy_stream_end(s), ERR_OK);
    assert_non_null(strstr(c->err_detail, "nowhere"));
    db_rollback(c);
}

static void test_rows_given_whole_stand_behind_those_before_them(void **state) {
    struct ctx *c = ctx_of(state);
    struct copy_stream *s = with_stream(c);
    char *many = malloc((size_t)20000 * NARROW_BYTES), *few = malloc(NARROW_BYTES);
    assert_non_null(many);
    assert_non_null(few);
    for (int i = 0; i < 20000; i++) {
        narrow_row(many + (size_t)i * NARROW_BYTES, 1000 + i);
    }
    narrow_row(few, 30000);
    copy_stream_give(s, many, (size_t)20000 * NARROW_BYTES, false); // before anything else
    stream_rows(s, 21000, 21010);
    copy_stream_give(s, few, NARROW_BYTES, false);
    assert_err(c, copy_stream_end(s), ERR_OK);
    assert_err(c, db_commit(c), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) || ' ' || max(a) FROM u"), "20011 30000");
}

// More than may wait to be sent: the caller waits for the server, not for ever.
static void test_more_rows_than_may_wait_at_once_arrive(void **state) {
    struct ctx *c = ctx_of(state);
    struct copy_stream *s = with_stream(c);
    stream_rows(s, 1000, 2001000); // 20 MB
    assert_err(c, copy_stream_end(s), ERR_OK);
    assert_err(c, db_commit(c), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM u"), "2000000");
}

static enum err count_turn(struct ctx *c, void *arg) {
    int *turns = arg;
    (void)c;
    turns[1 + turns[0]] = turns[0];
    turns[0]++;
    return ERR_OK;
}

static void test_more_turns_than_may_wait_at_once_are_all_made(void **state) {
    enum { TURNS = 600 };
    struct ctx *c = ctx_of(state);
    struct copy_stream *s = with_stream(c);
    static int turns[TURNS + 2];
    memset(turns, 0, sizeof turns);
    for (int i = 0; i < TURNS; i++) {
        stream_rows(s, 1000 + i, 1001 + i);
        copy_stream_turn(s, count_turn, turns);
    }
    assert_err(c, copy_stream_end(s), ERR_OK);
    assert_err(c, db_commit(c), ERR_OK);
    assert_int_equal(turns[0], TURNS);
    assert_string_equal(dbtest_value(c, "SELECT count(DISTINCT a) || ' ' || count(*) FROM u"), "600 600");
}

struct meeting {
    pthread_barrier_t in, out;
};

static enum err wait_in_turn(struct ctx *c, void *arg) {
    struct meeting *m = arg;
    (void)c;
    pthread_barrier_wait(&m->in);
    pthread_barrier_wait(&m->out);
    return ERR_OK;
}

static void test_between_two_copies_of_a_stream_the_connection_is_refused_too(void **state) {
    struct ctx *c = ctx_of(state);
    struct copy_stream *s = with_stream(c);
    struct meeting m;
    struct rows *r;
    pthread_barrier_init(&m.in, NULL, 2);
    pthread_barrier_init(&m.out, NULL, 2);
    copy_stream_turn(s, wait_in_turn, &m);
    pthread_barrier_wait(&m.in);
    enum err e = DB_ROWS(c, db_ping, &r);
    pthread_barrier_wait(&m.out);
    assert_err(c, e, ERR_BUG);
    assert_err(c, copy_stream_end(s), ERR_OK);
    pthread_barrier_destroy(&m.in);
    pthread_barrier_destroy(&m.out);
    db_rollback(c);
}

static void test_a_stream_given_up_leaves_nothing_and_the_connection_goes_on(void **state) {
    struct ctx *c = ctx_of(state);
    struct copy_stream *s = with_stream(c);
    stream_rows(s, 1000, 51000);
    copy_stream_turn(s, step_aside, NULL);
    stream_rows(s, 1000, 51000);
    copy_stream_abort(s);
    db_rollback(c);
    NO_TABLE(c);
}

static void test_a_stream_whose_first_work_fails_says_so_at_its_end(void **state) {
    struct ctx *c = ctx_of(state);
    struct copy_stream *s;
    dbtest_run(c, "CREATE TABLE u (a integer)");
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, copy_stream_begin(c, &copy_u, make_first, NULL, &s), ERR_OK);
    stream_rows(s, 0, 100000); // taken, and sent nowhere
    assert_int_not_equal(copy_stream_end(s), ERR_OK);
    assert_non_null(strstr(c->err_detail, "already exists"));
    db_rollback(c);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM u"), "0");
}

static void
test_the_caller_goes_on_while_the_last_work_of_a_stream_on_another_connection_waits(void **state) {
    struct ctx *c = ctx_of(state), beside = *c;
    struct copy_stream *s;
    assert_err(c, db_open_beside(c, &beside.db), ERR_OK);
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, db_begin(&beside), ERR_OK);
    assert_err(c, copy_stream_begin(&beside, &copy_u, make_first, NULL, &s), ERR_OK);
    stream_rows(s, 1000, 31000);
    copy_stream_last(s, step_aside, NULL);
    assert_string_equal(dbtest_value(c, "SELECT 'free'"), "free");
    assert_err(c, copy_stream_end(s), ERR_OK);
    NO_TABLE(c);
    assert_err(c, db_commit(&beside), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM u_before"), "30000");
    db_rollback(c);
    db_close(beside.db);
}

#define WITH_DB(f) cmocka_unit_test_setup_teardown(f, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_DB(test_streamed_rows_arrive_and_a_turn_lies_between_those_before_and_after),
        WITH_DB(test_beside_a_stream_the_connection_is_refused),
        WITH_DB(test_a_turn_that_fails_is_what_the_end_of_the_stream_says),
        WITH_DB(test_a_stream_whose_first_work_fails_says_so_at_its_end),
        WITH_DB(test_the_caller_goes_on_while_the_last_work_of_a_stream_on_another_connection_waits),
        WITH_DB(test_a_row_the_server_refuses_before_a_turn_ends_the_stream_with_its_words),
        WITH_DB(test_a_row_the_server_refuses_behind_all_turns_fails_the_end_of_the_stream),
        WITH_DB(test_after_a_turn_that_failed_none_is_made_and_its_words_stay),
        WITH_DB(test_rows_given_whole_stand_behind_those_before_them),
        WITH_DB(test_more_rows_than_may_wait_at_once_arrive),
        WITH_DB(test_more_turns_than_may_wait_at_once_are_all_made),
        WITH_DB(test_between_two_copies_of_a_stream_the_connection_is_refused_too),
        WITH_DB(test_a_stream_given_up_leaves_nothing_and_the_connection_goes_on),
        WITH_DB(test_copied_rows_hold_what_was_written),
        WITH_DB(test_a_copy_larger_than_its_buffer_arrives_whole),
        WITH_DB(test_a_refused_row_refuses_the_whole_copy_and_the_connection_goes_on),
        WITH_DB(test_a_row_of_the_wrong_width_is_a_bug_and_stores_nothing),
        WITH_DB(test_no_other_statement_runs_in_the_middle_of_a_copy),
        WITH_DB(test_a_copy_left_unfinished_is_ended_at_release_and_stores_nothing),
        WITH_DB(test_a_copy_in_a_transaction_is_rolled_back_with_it),
        WITH_DB(test_a_change_to_a_core_table_is_heard),
        WITH_DB(test_many_changes_in_one_transaction_make_one_note),
        WITH_DB(test_a_wait_without_news_ends_by_its_timeout_or_by_the_wake_up_call),
        WITH_DB(test_a_cut_listener_says_twice_that_notes_were_missed_and_then_hears_again),
        WITH_DB(test_an_idle_connection_that_was_cut_is_replaced_before_its_next_use),
        WITH_DB(test_a_connection_cut_inside_a_transaction_is_not_replaced_until_release),
        WITH_DB(test_committed_rows_are_there_after_the_postmaster_was_killed),
        WITH_DB(test_the_time_limit_of_a_connection_survives_its_replacement),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
