// SPDX-License-Identifier: Apache-2.0
// Promises of uploaded payments files against a real PostgreSQL, with a reader that does what a test says:
// one worker has a file, another takes it up after a crash, nothing is stored before a person said so.
#include "jobs/importer.h"
#include "spend/profile.h"
#include "support/market.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    char folder[64], spool[80];
    enum err look, load; // what the reader answers
    const char *field, *why;
    int64_t undated, same_lines;
    int looks, loads;
    struct load_orders seen;
    struct anc_columns columns;
    _Atomic bool *stop_in_load; // set while it loads
    struct ctx *thief;          // takes the file over while it loads
} the;

static _Atomic bool stopping;

// ---- a reader that does what the test says --------------------------------------------------------------

static enum err answer(struct ctx *c, enum err e) {
    if (e == ERR_OK) {
        return e;
    }
    ctx_fail(c, e, "%s", the.why ? the.why : "no");
    c->err_field = the.field;
    return e;
}

static void summary(struct load_summary *ret) {
    static const char *const headings[] = {"Beneficiary", "Amount"};
    static const struct load_problem problems[] = {{7, "There is no amount in this row"}};
    static const struct load_sample samples[] = {
        {2, "Marl Lane Plumbing", "Repairs", "procurement", 20179, 1000}};
    *ret = (struct load_summary){.bytes = 10,
                                 .sheet = "CSV, separated by commas",
                                 .layout = "payments",
                                 .rules = "test 1",
                                 .rows = 12,
                                 .accepted = 10,
                                 .rejected = 1,
                                 .sums = 1,
                                 .undated = the.undated,
                                 .total_pence = 123456,
                                 .payees = 3,
                                 .new_payees = 2,
                                 .first_day = 20179,
                                 .last_day = 20200,
                                 .same_lines = the.same_lines,
                                 .same_pence = the.same_lines * 100,
                                 .same_loads = "before.csv",
                                 .headings = headings,
                                 .heading_count = 2,
                                 .problems = problems,
                                 .problem_count = 1,
                                 .samples = samples,
                                 .sample_count = 1};
    ret->columns = profile_nothing();
    ret->columns.column[ANC_COL_PAYEE] = 0;
    ret->columns.column[ANC_COL_AMOUNT] = 1;
    ret->columns.head_rows = 1;
    ret->flow_lines[ANC_FLOW_PROCUREMENT] = 10;
    ret->flow_pence[ANC_FLOW_PROCUREMENT] = 123456;
    profile_hash(headings, 2, ret->head_hash);
    memset(ret->sha256, 'a', 64);
}

static void note_orders(const struct load_orders *orders) {
    the.seen = *orders;
    if (orders->columns) {
        the.columns = *orders->columns;
    }
}

static enum err fake_look(struct ctx *c, int fd, const struct load_orders *orders, struct load_summary *ret) {
    char byte;
    the.looks++;
    note_orders(orders);
    assert_int_equal(pread(fd, &byte, 1, 0), 1); // the file is there
    orders->progress(orders->progress_arg, 5, 10, 100);
    summary(ret);
    return answer(c, orders->stop(orders->progress_arg) ? ERR_BUSY : the.look);
}

static enum err fake_load(struct ctx *c, int fd, const struct load_orders *orders, struct load_summary *ret,
                          const char **ret_ref) {
    (void)fd;
    the.loads++;
    note_orders(orders);
    summary(ret);
    if (the.stop_in_load) {
        *the.stop_in_load = true;
    }
    if (the.thief) {
        dbtest_run(the.thief, "UPDATE core.spend_import SET held_until = now() - interval '1 second'");
        struct import_work w;
        bool found = false;
        assert_err(the.thief, import_take(the.thief, the.spool, &w, &found), ERR_OK);
        assert_true(found);
    }
    if (the.load != ERR_OK || orders->stop(orders->progress_arg)) {
        return answer(c, the.load ? the.load : ERR_BUSY);
    }
    dbtest_run(
        c,
        "INSERT INTO core.spend_load (ref, anchor_id, file_name, sha256, layout, accepted, rejected, "
        "undated, total_pence, loaded_by) SELECT 'theload', id, 'x.csv', repeat('a', 64), '', 10, 1, 0, "
        "123456, %lld FROM core.organisation WHERE ref = '%s'",
        (long long)c->actor.person_id, orders->anchor_ref);
    *ret_ref = "theload";
    return ERR_OK;
}

static const struct importer_means fake = {.look = fake_look, .load = fake_load};

// ---- set up ---------------------------------------------------------------------------------------------

static int set_up(void **state) {
    int rc = dbtest_setup(state);
    memset(&the, 0, sizeof the);
    stopping = false;
    snprintf(the.folder, sizeof the.folder, "%s/anchorage-imports-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(the.folder));
    snprintf(the.spool, sizeof the.spool, "%s/spool", the.folder);
    assert_int_equal(mkdir(the.spool, 0700), 0);
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_fill(c);
    market_act(c, "council");
    c->actor.perms |= 1u << PERM_OFFICER;
    return rc;
}

static int tear_down(void **state) {
    DIR *d = opendir(the.spool);
    for (struct dirent *f; d && (f = readdir(d));) {
        unlinkat(dirfd(d), f->d_name, 0);
    }
    closedir(d);
    rmdir(the.spool);
    rmdir(the.folder);
    return dbtest_teardown(state);
}

static int files(void) {
    int n = 0;
    DIR *d = opendir(the.spool);
    for (struct dirent *f; d && (f = readdir(d));) {
        n += f->d_name[0] != '.';
    }
    closedir(d);
    return n;
}

static struct import_upload upload(struct ctx *c, const char *anchor) {
    char *path = arena_printf(c->arena, "%s/0123456789abcdef0123456789abcdef", the.spool);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0 && write(fd, "0123456789", 10) == 10);
    close(fd);
    return (struct import_upload){
        .anchor_ref = anchor, .file_name = "x.csv", .path = path, .spool = the.spool, .bytes = 10};
}

static const char *bring(struct ctx *c) {
    const char *ref;
    struct import_upload u = upload(c, "council");
    assert_err(c, import_add(c, &u, &ref), ERR_OK);
    return ref;
}

static const char *state_of(struct ctx *c, const char *ref) {
    return dbtest_value(c, "SELECT state FROM core.spend_import WHERE ref = '%s'", ref);
}

// Works until nothing is left to do.
static void work(struct dbtest *t) {
    struct ctx *c = dbtest_new_ctx(t);
    struct importer *i = importer_new(t->conninfo, the.spool, &fake, &stopping);
    bool more = true;
    for (int n = 0; more && n < 10; n++) {
        assert_err(c, importer_next(i, c, &more), ERR_OK);
        more = more && !stopping;
    }
    importer_free(i);
    dbtest_free_ctx(c);
}

static enum err load(struct ctx *c, const char *ref, int32_t month, enum load_overlap overlap) {
    const struct import_answers a = {.month = month, .overlap = overlap, .replaces = ""};
    return import_load(c, ref, &a);
}

// ---- the life of a file ---------------------------------------------------------------------------------

static void test_a_file_is_read_shown_and_loaded_only_when_a_person_says_so(void **state) {
    struct dbtest *t = *state;
    const char *ref = bring(t->c);
    work(t);
    assert_string_equal(state_of(t->c, ref), "ready");
    assert_int_equal(the.loads, 0);
    assert_string_equal(dbtest_value(t->c, "SELECT preview->>'total_pence' FROM core.spend_import"),
                        "123456");
    assert_string_equal(dbtest_value(t->c, "SELECT preview->'problems'->0->>'why' FROM core.spend_import"),
                        "There is no amount in this row");
    assert_string_equal(dbtest_value(t->c, "SELECT done_rows FROM core.spend_import"), "100");
    assert_err(t->c, load(t->c, ref, INT32_MIN, OVERLAP_ASK), ERR_OK);
    work(t);
    assert_string_equal(state_of(t->c, ref), "loaded");
    assert_string_equal(dbtest_value(t->c, "SELECT l.ref FROM core.spend_import i JOIN core.spend_load l ON "
                                           "l.id = i.load_id"),
                        "theload");
    assert_int_equal(files(), 0); // what is loaded needs its file no longer
    assert_int_equal(the.looks, 1);
    assert_int_equal(the.loads, 1);
}

static void test_the_file_of_an_upload_is_moved_and_outlives_the_request_and_the_server(void **state) {
    struct dbtest *t = *state;
    struct import_upload u = upload(t->c, "council");
    const char *ref;
    assert_err(t->c, import_add(t->c, &u, &ref), ERR_OK);
    assert_int_not_equal(access(u.path, F_OK), 0); // the request's end finds nothing to remove
    const char *name = dbtest_value(t->c, "SELECT spool FROM core.spend_import");
    assert_int_equal(access(arena_printf(t->arena, "%s/%s", the.spool, name), R_OK), 0);
    // A start of the server removes unfinished uploads, which have 32 hexadecimal digits as names.
    assert_int_not_equal(strlen(name), 32);
    work(t); // another worker, that knows only the folder and the database
    assert_string_equal(state_of(t->c, ref), "ready");
}

static void test_a_file_that_cannot_be_read_says_why_and_is_read_again_when_told_how(void **state) {
    struct dbtest *t = *state;
    const char *ref = bring(t->c);
    the.look = ERR_INVALID;
    the.why = "There is no column with amounts.";
    work(t);
    assert_string_equal(state_of(t->c, ref), "refused");
    assert_string_equal(dbtest_value(t->c, "SELECT problem FROM core.spend_import"), the.why);
    assert_err(t->c, load(t->c, ref, INT32_MIN, OVERLAP_ONCE), ERR_CONFLICT);
    struct anc_columns columns = profile_nothing();
    columns.column[ANC_COL_PAYEE] = 1;
    columns.column[ANC_COL_AMOUNT] = 0;
    columns.head_rows = 1;
    the.look = ERR_OK;
    assert_err(t->c, import_again(t->c, ref, ANC_FILE_PAYMENTS, READ_AS_SETTLED, &columns), ERR_OK);
    work(t);
    assert_string_equal(state_of(t->c, ref), "ready");
    assert_int_equal(the.columns.column[ANC_COL_PAYEE], 1);
    assert_string_equal(dbtest_value(t->c, "SELECT problem FROM core.spend_import"), "");
}

static void test_a_fault_of_ours_is_told_as_ours_and_may_be_tried_again(void **state) {
    struct dbtest *t = *state;
    const char *ref = bring(t->c);
    the.look = ERR_BUG;
    work(t);
    assert_string_equal(state_of(t->c, ref), "failed");
    assert_non_null(strstr(dbtest_value(t->c, "SELECT problem FROM core.spend_import"), "on our side"));
    the.look = ERR_OK;
    assert_err(t->c, import_again(t->c, ref, ANC_FILE_PAYMENTS, READ_AS_BEFORE, NULL), ERR_OK);
    work(t);
    assert_string_equal(state_of(t->c, ref), "ready");
}

static void test_a_failed_load_leaves_nothing_behind(void **state) {
    struct dbtest *t = *state;
    const char *ref = bring(t->c);
    work(t);
    assert_err(t->c, load(t->c, ref, INT32_MIN, OVERLAP_ASK), ERR_OK);
    the.load = ERR_IO;
    work(t);
    assert_string_equal(state_of(t->c, ref), "failed");
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.spend_load"), "0");
    assert_true(files() > 0); // it can be tried again
}

// ---- decisions ------------------------------------------------------------------------------------------

static void test_a_file_is_not_loaded_before_its_questions_are_answered(void **state) {
    struct dbtest *t = *state;
    const char *ref = bring(t->c);
    the.undated = 2;
    the.same_lines = 3;
    work(t);
    assert_err(t->c, load(t->c, ref, INT32_MIN, OVERLAP_ONCE), ERR_INVALID);
    assert_string_equal(t->c->err_field, "month");
    assert_err(t->c, load(t->c, ref, 20179, OVERLAP_ASK), ERR_INVALID);
    assert_string_equal(t->c->err_field, "overlap");
    const struct import_answers a = {.month = 20179, .overlap = OVERLAP_ALL, .replaces = "nosuchload"};
    assert_err(t->c, import_load(t->c, ref, &a), ERR_INVALID);
    assert_string_equal(t->c->err_field, "replaces");
    assert_string_equal(state_of(t->c, ref), "ready");
    assert_err(t->c, load(t->c, ref, 20179, OVERLAP_ALL), ERR_OK);
    work(t);
    assert_int_equal(the.seen.month, 20179);
    assert_int_equal(the.seen.overlap, OVERLAP_ALL);
}

static void test_an_overlap_that_came_up_since_goes_back_to_the_person(void **state) {
    struct dbtest *t = *state;
    const char *ref = bring(t->c);
    work(t);
    assert_err(t->c, load(t->c, ref, INT32_MIN, OVERLAP_ASK), ERR_OK);
    the.load = ERR_CONFLICT;
    the.same_lines = 4;
    the.why = "4 payments are also in before.csv.";
    work(t);
    assert_string_equal(state_of(t->c, ref), "ready");
    assert_string_equal(dbtest_value(t->c, "SELECT preview->>'same_lines' FROM core.spend_import"), "4");
    assert_string_equal(dbtest_value(t->c, "SELECT problem FROM core.spend_import"), the.why);
    assert_err(t->c, load(t->c, ref, INT32_MIN, OVERLAP_ASK), ERR_INVALID); // now it has to be answered
    the.load = ERR_OK;
    assert_err(t->c, load(t->c, ref, INT32_MIN, OVERLAP_ONCE), ERR_OK);
    work(t);
    assert_string_equal(state_of(t->c, ref), "loaded");
}

static void test_the_same_file_can_only_take_the_place_of_itself(void **state) {
    struct dbtest *t = *state;
    const char *ref = bring(t->c);
    work(t);
    assert_err(t->c, load(t->c, ref, INT32_MIN, OVERLAP_ASK), ERR_OK);
    work(t);
    ref = bring(t->c);
    work(t);
    assert_err(t->c, load(t->c, ref, INT32_MIN, OVERLAP_ONCE), ERR_INVALID);
    assert_string_equal(t->c->err_field, "replaces");
    const struct import_answers a = {.month = INT32_MIN, .overlap = OVERLAP_ONCE, .replaces = "theload"};
    assert_err(t->c, import_load(t->c, ref, &a), ERR_OK);
}

static void test_a_file_without_dates_asks_for_its_month_instead_of_being_refused(void **state) {
    struct dbtest *t = *state;
    const char *ref = bring(t->c);
    the.look = ERR_INVALID;
    the.field = "month";
    the.undated = 10;
    work(t);
    assert_string_equal(state_of(t->c, ref), "ready");
    assert_string_equal(dbtest_value(t->c, "SELECT problem FROM core.spend_import"), "");
}

static void test_a_file_thrown_away_is_gone_and_cannot_be_loaded(void **state) {
    struct dbtest *t = *state;
    const char *ref = bring(t->c);
    work(t);
    assert_err(t->c, import_drop(t->c, the.spool, ref), ERR_OK);
    assert_int_equal(files(), 0);
    assert_err(t->c, load(t->c, ref, INT32_MIN, OVERLAP_ONCE), ERR_CONFLICT);
    assert_err(t->c, import_drop(t->c, the.spool, ref), ERR_CONFLICT);
    assert_err(t->c, import_drop(t->c, the.spool, "nosuchref"), ERR_NOT_FOUND);
}

static void test_only_officers_bring_load_and_remove_files(void **state) {
    struct dbtest *t = *state;
    const char *ref = bring(t->c), *other;
    work(t);
    struct import_upload u = upload(t->c, "council");
    t->c->actor.perms &= ~(1u << PERM_OFFICER);
    assert_err(t->c, import_add(t->c, &u, &other), ERR_DENIED);
    assert_err(t->c, load(t->c, ref, INT32_MIN, OVERLAP_ONCE), ERR_DENIED);
    assert_err(t->c, import_again(t->c, ref, ANC_FILE_PAYMENTS, READ_AS_BEFORE, NULL), ERR_DENIED);
    assert_err(t->c, import_drop(t->c, the.spool, ref), ERR_DENIED);
    assert_string_equal(state_of(t->c, ref), "ready");
}

// ---- workers --------------------------------------------------------------------------------------------

static void test_one_worker_has_a_file_and_another_takes_it_up_when_the_lease_is_over(void **state) {
    struct dbtest *t = *state;
    struct ctx *a = dbtest_new_ctx(t), *b = dbtest_new_ctx(t);
    struct import_work first, second;
    bool found_a = false, found_b = false, mine = true;
    const char *ref = bring(t->c);
    assert_err(a, import_take(a, the.spool, &first, &found_a), ERR_OK);
    assert_err(b, import_take(b, the.spool, &second, &found_b), ERR_OK);
    assert_true(found_a);
    assert_false(found_b);
    dbtest_run(t->c, "UPDATE core.spend_import SET held_until = now() - interval '1 second'"); // it crashed
    assert_err(b, import_take(b, the.spool, &second, &found_b), ERR_OK);
    assert_true(found_b);
    assert_string_equal(second.ref, ref);
    // The first, should it only have been slow, can say no more.
    const struct import_progress p = {1, 2, 3, 4};
    assert_err(a, import_beat(a, &first, &p, &mine), ERR_OK);
    assert_false(mine);
    assert_err(a, import_end(a, &first, STEP_READ, "", NULL), ERR_CONFLICT);
    assert_err(b, import_beat(b, &second, &p, &mine), ERR_OK);
    assert_true(mine);
    assert_err(b, import_end(b, &second, STEP_READ, "", NULL), ERR_OK);
    assert_string_equal(state_of(t->c, ref), "ready");
    dbtest_free_ctx(a);
    dbtest_free_ctx(b);
}

static void test_a_load_that_was_taken_over_leaves_nothing_of_the_slow_worker(void **state) {
    struct dbtest *t = *state;
    const char *ref = bring(t->c);
    work(t);
    assert_err(t->c, load(t->c, ref, INT32_MIN, OVERLAP_ASK), ERR_OK);
    struct ctx *c = dbtest_new_ctx(t);
    struct importer *i = importer_new(t->conninfo, the.spool, &fake, &stopping);
    bool more;
    the.thief = dbtest_new_ctx(t);
    assert_err(c, importer_next(i, c, &more), ERR_OK);
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.spend_load"), "0");
    assert_string_equal(state_of(t->c, ref), "loading"); // the other's
    dbtest_free_ctx(the.thief);
    importer_free(i);
    dbtest_free_ctx(c);
}

static void test_a_server_that_stops_gives_the_file_back(void **state) {
    struct dbtest *t = *state;
    const char *ref = bring(t->c);
    work(t);
    assert_err(t->c, load(t->c, ref, INT32_MIN, OVERLAP_ASK), ERR_OK);
    the.stop_in_load = &stopping;
    work(t);
    assert_string_equal(state_of(t->c, ref), "queued");
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.spend_load"), "0");
    stopping = false;
    the.stop_in_load = NULL;
    work(t);
    assert_string_equal(state_of(t->c, ref), "loaded");
}

static void test_a_file_that_takes_the_server_down_is_left_alone_after_three_times(void **state) {
    struct dbtest *t = *state;
    struct import_work w;
    const char *ref = bring(t->c);
    bool found;
    for (int i = 0; i < IMPORT_TRIES; i++) { // taken, and never heard of again
        assert_err(t->c, import_take(t->c, the.spool, &w, &found), ERR_OK);
        assert_true(found);
        dbtest_run(t->c, "UPDATE core.spend_import SET held_until = now() - interval '1 second'");
    }
    work(t);
    assert_string_equal(state_of(t->c, ref), "failed");
    assert_int_equal(the.looks, 0);
}

static void test_what_a_person_wants_loaded_comes_before_what_is_only_to_be_read(void **state) {
    struct dbtest *t = *state;
    struct import_work w;
    bool found;
    const char *waiting = bring(t->c), *wanted = bring(t->c);
    work(t);
    assert_err(t->c, import_again(t->c, waiting, ANC_FILE_PAYMENTS, READ_AS_BEFORE, NULL), ERR_OK);
    assert_err(t->c, load(t->c, wanted, INT32_MIN, OVERLAP_ONCE), ERR_OK); // the younger one
    assert_err(t->c, import_take(t->c, the.spool, &w, &found), ERR_OK);
    assert_string_equal(w.ref, wanted);
    assert_err(t->c, import_take(t->c, the.spool, &w, &found), ERR_OK);
    assert_string_equal(w.ref, waiting);
}

static void test_a_file_that_vanished_is_told_plainly(void **state) {
    struct dbtest *t = *state;
    const char *ref = bring(t->c);
    const char *name = dbtest_value(t->c, "SELECT spool FROM core.spend_import");
    assert_int_equal(unlink(arena_printf(t->arena, "%s/%s", the.spool, name)), 0);
    work(t);
    assert_string_equal(state_of(t->c, ref), "failed");
    assert_non_null(strstr(dbtest_value(t->c, "SELECT problem FROM core.spend_import"), "no longer here"));
}

// ---- bounds ---------------------------------------------------------------------------------------------

static void test_only_so_many_files_of_a_person_wait(void **state) {
    struct dbtest *t = *state;
    const char *ref;
    for (int i = 0; i < IMPORT_OF_PERSON; i++) {
        ref = bring(t->c);
    }
    struct import_upload u = upload(t->c, "council");
    assert_err(t->c, import_add(t->c, &u, &ref), ERR_INVALID);
    assert_string_equal(t->c->err_field, "file");
    assert_int_equal(access(u.path, R_OK), 0); // still the request's own
    assert_err(t->c, import_drop(t->c, the.spool, ref), ERR_OK);
    assert_err(t->c, import_add(t->c, &u, &ref), ERR_OK);
}

static void test_the_bytes_of_all_files_together_are_bounded(void **state) {
    struct dbtest *t = *state;
    const char *ref;
    struct import_upload u = upload(t->c, "council");
    u.bytes = IMPORT_BYTES - 5;
    assert_err(t->c, import_add(t->c, &u, &ref), ERR_OK);
    u = upload(t->c, "council");
    assert_err(t->c, import_add(t->c, &u, &ref), ERR_INVALID);
    u.bytes = 0;
    assert_err(t->c, import_add(t->c, &u, &ref), ERR_INVALID); // an empty file is told apart
    assert_non_null(strstr(t->c->err_detail, "empty"));
}

static void test_an_upload_for_nobody_is_refused_beside_the_choice(void **state) {
    struct dbtest *t = *state;
    const char *ref;
    struct import_upload u = upload(t->c, "brook"); // a supplier
    assert_err(t->c, import_add(t->c, &u, &ref), ERR_INVALID);
    assert_string_equal(t->c->err_field, "anchor");
    assert_int_equal(files(), 1);
}

static void test_files_nobody_touches_are_swept_and_so_are_those_without_an_import(void **state) {
    struct dbtest *t = *state;
    const char *old = bring(t->c);
    work(t);
    dbtest_run(t->c, "UPDATE core.spend_import SET changed_at = now() - interval '31 days'");
    const char *fresh = bring(t->c);
    char *orphan = arena_printf(t->arena, "%s/import-000000", the.spool);
    close(open(orphan, O_WRONLY | O_CREAT, 0600));
    assert_err(t->c, import_sweep(t->c, the.spool), ERR_OK);
    assert_string_equal(state_of(t->c, old), "dropped");
    assert_string_equal(state_of(t->c, fresh), "waiting");
    assert_int_equal(access(orphan, F_OK), 0); // it may be one that is just coming in
    const struct timespec long_ago[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    assert_int_equal(utimensat(AT_FDCWD, orphan, long_ago, 0), 0);
    assert_err(t->c, import_sweep(t->c, the.spool), ERR_OK);
    assert_int_not_equal(access(orphan, F_OK), 0);
    assert_int_equal(files(), 1);
    dbtest_run(
        t->c, "UPDATE core.spend_import SET changed_at = now() - interval '61 days' WHERE state = 'dropped'");
    assert_err(t->c, import_sweep(t->c, the.spool), ERR_OK);
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.spend_import"), "1");
}

// ---- what is remembered about columns -------------------------------------------------------------------

static void test_columns_a_person_settled_are_remembered_for_the_anchor_and_its_headings(void **state) {
    struct dbtest *t = *state;
    static const char *const headings[] = {"Beneficiary", "Amount"};
    struct anc_columns columns = profile_nothing(), found = profile_nothing();
    char hash[PROFILE_HASH_BYTES];
    bool known = true;
    columns.column[ANC_COL_PAYEE] = 1;
    columns.head_rows = 1;
    profile_hash(headings, 2, hash);
    const char *ref = bring(t->c);
    work(t);
    assert_err(t->c, profile_find(t->c, "council", hash, &found, &known), ERR_OK);
    assert_false(known); // nothing was settled
    assert_err(t->c, import_again(t->c, ref, ANC_FILE_PAYMENTS, READ_AS_SETTLED, &columns), ERR_OK);
    work(t);
    assert_err(t->c, profile_find(t->c, "council", hash, &found, &known), ERR_OK);
    assert_true(known);
    assert_memory_equal(&found, &columns, sizeof columns);
    assert_err(t->c, profile_find(t->c, "hospital", hash, &found, &known), ERR_OK);
    assert_false(known);
    assert_err(t->c, import_again(t->c, ref, ANC_FILE_PAYMENTS, READ_AS_FOUND, NULL), ERR_OK);
    assert_err(t->c, profile_find(t->c, "council", hash, &found, &known), ERR_OK);
    assert_false(known); // read as found means: forget it
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_a_file_is_read_shown_and_loaded_only_when_a_person_says_so),
        T(test_the_file_of_an_upload_is_moved_and_outlives_the_request_and_the_server),
        T(test_a_file_that_cannot_be_read_says_why_and_is_read_again_when_told_how),
        T(test_a_fault_of_ours_is_told_as_ours_and_may_be_tried_again),
        T(test_a_failed_load_leaves_nothing_behind),
        T(test_a_file_is_not_loaded_before_its_questions_are_answered),
        T(test_an_overlap_that_came_up_since_goes_back_to_the_person),
        T(test_the_same_file_can_only_take_the_place_of_itself),
        T(test_a_file_without_dates_asks_for_its_month_instead_of_being_refused),
        T(test_a_file_thrown_away_is_gone_and_cannot_be_loaded),
        T(test_only_officers_bring_load_and_remove_files),
        T(test_one_worker_has_a_file_and_another_takes_it_up_when_the_lease_is_over),
        T(test_a_load_that_was_taken_over_leaves_nothing_of_the_slow_worker),
        T(test_a_server_that_stops_gives_the_file_back),
        T(test_a_file_that_takes_the_server_down_is_left_alone_after_three_times),
        T(test_what_a_person_wants_loaded_comes_before_what_is_only_to_be_read),
        T(test_a_file_that_vanished_is_told_plainly),
        T(test_only_so_many_files_of_a_person_wait),
        T(test_the_bytes_of_all_files_together_are_bounded),
        T(test_an_upload_for_nobody_is_refused_beside_the_choice),
        T(test_files_nobody_touches_are_swept_and_so_are_those_without_an_import),
        T(test_columns_a_person_settled_are_remembered_for_the_anchor_and_its_headings),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
