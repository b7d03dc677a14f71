// SPDX-License-Identifier: Apache-2.0
// Promises of the private cluster: one owner at a time, no orphan, no lost commit, whoever is killed.
// Servers and verbs are child processes, which become an ordinary user when the tests run as root.
#include "support/dbtest.h"
#include "support/folder.h"

#include "base/clock.h"
#include "base/log.h"
#include "cli/runuser.h"
#include "db/cluster.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_USEC INT64_C(60000000)
#define DEEP                                                                                                 \
    "a-folder-with-a-long-name/another-folder-with-a-long-name/and-one-more-to-pass-the-limit-of-a-socket"

static char folder[64], shared[80]; // a temporary folder, and a data folder in it that most tests share

struct child {
    pid_t pid;
    int answer, hold;
    char text[1200]; // "+conninfo" or "-ERROR_NAME reason"
};

static _Noreturn void child_main(const char *data, enum cluster_use use, int answer, int hold) {
    char why[1024] = "", text[1200];
    struct cluster *cl = NULL;
    enum err e = runuser_settle(data, why, sizeof why);
    prctl(PR_SET_PDEATHSIG, SIGTERM); // nothing is left when the test program crashes
    if (e == ERR_OK) {
        e = cluster_open(data, use, &cl, why, sizeof why);
    }
    int n = e ? snprintf(text, sizeof text, "-%s %s\n", err_name(e), why)
              : snprintf(text, sizeof text, "+%s\n", cluster_conninfo(cl));
    struct pollfd p = {.fd = hold, .events = POLLIN};
    if (write(answer, text, (size_t)n) == n && e == ERR_OK) {
        while (poll(&p, 1, 20) == 0) {
            cluster_supervise(cl);
        }
    }
    cluster_close(cl);
    _exit(0);
}

static void begin(struct child *ch, const char *data, enum cluster_use use) {
    int answer[2], hold[2];
    assert_int_equal(pipe2(answer, O_CLOEXEC), 0);
    assert_int_equal(pipe2(hold, O_CLOEXEC), 0);
    *ch = (struct child){.pid = fork(), .answer = answer[0], .hold = hold[1]};
    if (ch->pid == 0) {
        close(answer[0]);
        close(hold[1]);
        child_main(data, use, answer[1], hold[0]);
    }
    close(answer[1]);
    close(hold[0]);
    assert_true(ch->pid > 0);
}

static void hear(struct child *ch) {
    size_t n = 0;
    while (n + 1 < sizeof ch->text && read(ch->answer, ch->text + n, 1) == 1 && ch->text[n] != '\n') {
        n++;
    }
    ch->text[n] = 0;
}

// A word, not only the end of the pipe: later children have inherited copies of it.
static void end(struct child *ch) {
    ssize_t told = write(ch->hold, "x", 1);
    (void)told; // it may be dead already
    close(ch->hold);
    close(ch->answer);
    assert_int_equal(waitpid(ch->pid, NULL, 0), ch->pid);
}

static void murder(struct child *ch) {
    kill(ch->pid, SIGKILL);
    end(ch);
}

static void begin_well(struct child *ch, const char *data, enum cluster_use use) {
    begin(ch, data, use);
    hear(ch);
    if (ch->text[0] != '+') {
        end(ch);
        fail_msg("%s", ch->text);
    }
}

static struct ctx *reach(const struct child *ch) {
    struct dbtest t = {.conninfo = ""};
    snprintf(t.conninfo, sizeof t.conninfo, "%.500s", ch->text + 1);
    return dbtest_new_ctx(&t);
}

static const char *in_data(const char *data, const char *name) {
    static char path[512];
    snprintf(path, sizeof path, "%.300s/%s", data, name);
    return path;
}

static bool exists(const char *data, const char *name) {
    struct stat st;
    return lstat(in_data(data, name), &st) == 0;
}

static pid_t postmaster(const char *data) {
    char text[32] = "";
    FILE *f = fopen(in_data(data, "pg/postmaster.pid"), "re");
    if (f) {
        const char *got = fgets(text, sizeof text, f);
        fclose(f);
        return got ? (pid_t)strtol(text, NULL, 10) : 0;
    }
    return 0;
}

static void wait_stopped(const char *data) {
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC; exists(data, "pg/postmaster.pid");) {
        assert_true(clock_monotonic_usec() < last);
        poll(NULL, 0, 5);
    }
}

static void give(const char *path, const char *data) {
    struct stat st;
    assert_int_equal(stat(data, &st), 0);
    assert_int_equal(lchown(path, st.st_uid, st.st_gid), 0);
}

static void test_the_first_start_makes_a_closed_cluster_with_checksums(void **state) {
    (void)state;
    struct child s;
    struct stat st;
    begin_well(&s, shared, CLUSTER_SERVE);
    assert_int_equal(stat(in_data(shared, "pg"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_not_equal(st.st_uid, 0);
    assert_int_equal(stat(in_data(shared, "run"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    struct ctx *c = reach(&s);
    assert_string_equal(dbtest_value(c, "SHOW listen_addresses"), "");
    assert_string_equal(dbtest_value(c, "SHOW data_checksums"), "on");
    assert_string_equal(dbtest_value(c, "SHOW fsync"), "on");
    assert_string_equal(dbtest_value(c, "SHOW synchronous_commit"), "on");
    assert_string_equal(dbtest_value(c, "SHOW server_encoding"), "UTF8");
    assert_string_equal(dbtest_value(c, "SELECT current_database()"), "anchorage");
    dbtest_run(c, "CREATE TABLE IF NOT EXISTS public.kept (a integer)");
    dbtest_run(c, "INSERT INTO public.kept VALUES (1)");
    dbtest_free_ctx(c);
    end(&s);
    assert_false(exists(shared, "pg/postmaster.pid"));
}

static void test_a_second_start_finds_what_the_first_one_kept(void **state) {
    (void)state;
    struct child s;
    begin_well(&s, shared, CLUSTER_SERVE);
    struct ctx *c = reach(&s);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM public.kept"), "1");
    dbtest_free_ctx(c);
    end(&s);
}

static void test_a_second_server_is_refused_in_words_and_the_first_goes_on(void **state) {
    (void)state;
    struct child a, b;
    begin_well(&a, shared, CLUSTER_SERVE);
    begin(&b, shared, CLUSTER_SERVE);
    hear(&b);
    assert_non_null(strstr(b.text, "-CONFLICT A server is already running"));
    end(&b);
    struct ctx *c = reach(&a);
    assert_string_equal(dbtest_value(c, "SELECT 1"), "1");
    dbtest_free_ctx(c);
    end(&a);
}

static void test_a_verb_beside_a_server_uses_its_cluster_and_leaves_it_running(void **state) {
    (void)state;
    struct child server, verb;
    begin_well(&server, shared, CLUSTER_SERVE);
    pid_t before = postmaster(shared);
    begin_well(&verb, shared, CLUSTER_VERB);
    struct ctx *c = reach(&verb);
    assert_string_equal(dbtest_value(c, "SELECT 1"), "1");
    dbtest_free_ctx(c);
    end(&verb);
    assert_int_equal(postmaster(shared), before);
    c = reach(&server);
    assert_string_equal(dbtest_value(c, "SELECT 1"), "1");
    dbtest_free_ctx(c);
    end(&server);
}

static void test_a_verb_alone_starts_the_cluster_and_stops_it(void **state) {
    (void)state;
    struct child verb;
    begin_well(&verb, shared, CLUSTER_VERB);
    assert_true(postmaster(shared) > 1);
    end(&verb);
    assert_false(exists(shared, "pg/postmaster.pid"));
}

static void test_a_second_verb_waits_for_the_first_and_then_does_its_work(void **state) {
    (void)state;
    struct child a, b;
    begin_well(&a, shared, CLUSTER_VERB);
    pid_t first = postmaster(shared);
    begin(&b, shared, CLUSTER_VERB);
    struct pollfd p = {.fd = b.answer, .events = POLLIN};
    assert_int_equal(poll(&p, 1, 200), 0);
    end(&a);
    hear(&b);
    assert_int_equal(b.text[0], '+');
    assert_int_not_equal(postmaster(shared), first);
    end(&b);
}

static void test_when_the_server_is_killed_the_cluster_stops_by_itself(void **state) {
    (void)state;
    struct child s;
    begin_well(&s, shared, CLUSTER_SERVE);
    assert_true(exists(shared, "pg/postmaster.pid"));
    murder(&s);
    wait_stopped(shared);
}

static void
test_a_start_right_after_a_killed_server_waits_for_its_cluster_and_keeps_all_commits(void **state) {
    (void)state;
    struct child s;
    begin_well(&s, shared, CLUSTER_SERVE);
    struct ctx *c = reach(&s);
    dbtest_run(c, "CREATE TABLE public.acknowledged AS SELECT generate_series(1, 5000) AS a");
    kill(s.pid, SIGKILL); // with our connection still open
    end(&s);
    begin_well(&s, shared, CLUSTER_SERVE);
    dbtest_free_ctx(c);
    c = reach(&s);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM public.acknowledged"), "5000");
    dbtest_run(c, "DROP TABLE public.acknowledged");
    dbtest_free_ctx(c);
    end(&s);
}

static void wait_other_postmaster(const char *data, pid_t old) {
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;;) {
        pid_t now = postmaster(data);
        if (now > 1 && now != old) {
            return;
        }
        assert_true(clock_monotonic_usec() < last);
        poll(NULL, 0, 5);
    }
}

static void test_a_killed_postmaster_is_started_again_with_all_committed_rows(void **state) {
    (void)state;
    struct child s;
    begin_well(&s, shared, CLUSTER_SERVE);
    struct ctx *c = reach(&s);
    dbtest_run(c, "CREATE TABLE public.committed (a integer)");
    for (int round = 1; round <= 2; round++) {
        dbtest_run(c, "INSERT INTO public.committed SELECT generate_series(1, 1000)");
        pid_t old = postmaster(shared);
        assert_int_equal(kill(old, SIGKILL), 0);
        wait_other_postmaster(shared, old);
        for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC; db_ensure(c->db) != ERR_OK;) {
            assert_true(clock_monotonic_usec() < last);
            poll(NULL, 0, 5);
        }
        assert_int_equal(strtol(dbtest_value(c, "SELECT count(*) FROM public.committed"), NULL, 10),
                         round * 1000);
    }
    dbtest_run(c, "DROP TABLE public.committed");
    dbtest_free_ctx(c);
    end(&s);
}

static void test_server_and_postmaster_killed_together_leave_a_folder_that_starts_again(void **state) {
    (void)state;
    struct child s;
    begin_well(&s, shared, CLUSTER_SERVE);
    kill(s.pid, SIGSTOP); // so that it cannot start another one in between
    assert_int_equal(kill(postmaster(shared), SIGKILL), 0);
    murder(&s);
    assert_true(exists(shared, "pg/postmaster.pid"));
    begin_well(&s, shared, CLUSTER_SERVE);
    struct ctx *c = reach(&s);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM public.kept"), "1");
    dbtest_free_ctx(c);
    end(&s);
}

// A living process of the cluster's user that has nothing to do with it.
static pid_t bystander(const char *data, int *ret_hold) {
    int ready[2], hold[2];
    char word;
    assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
    assert_int_equal(pipe2(hold, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        char why[256];
        close(hold[1]);
        if (runuser_settle(data, why, sizeof why) != ERR_OK || write(ready[1], "x", 1) != 1) {
            _exit(1);
        }
        ssize_t ended = read(hold[0], &word, 1);
        _exit(ended == 0 ? 0 : 1);
    }
    close(ready[1]);
    close(hold[0]);
    assert_int_equal(read(ready[0], &word, 1), 1);
    close(ready[0]);
    *ret_hold = hold[1];
    return pid;
}

static void test_a_stale_number_that_now_belongs_to_another_program_does_not_stop_the_start(void **state) {
    (void)state;
    int hold;
    pid_t other = bystander(shared, &hold);
    const char *path = in_data(shared, "pg/postmaster.pid");
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fprintf(f, "%ld\n%s/pg\n1\n5432\n\n\n\nready\n", (long)other, shared);
    fclose(f);
    give(path, shared);
    struct child s;
    begin_well(&s, shared, CLUSTER_SERVE);
    assert_int_not_equal(postmaster(shared), other);
    end(&s);
    close(hold);
    int status = -1;
    assert_int_equal(waitpid(other, &status, 0), other);
    assert_int_equal(status, 0); // nobody touched it
}

static void test_a_first_start_that_was_cut_short_is_done_again(void **state) {
    (void)state;
    char data[128];
    struct child s;
    snprintf(data, sizeof data, "%s/cut", folder);
    begin_well(&s, data, CLUSTER_VERB);
    end(&s);
    char from[512];
    snprintf(from, sizeof from, "%s", in_data(data, "pg"));
    assert_int_equal(rename(from, in_data(data, "pg.new")), 0);
    assert_int_equal(unlink(in_data(data, "pg.new/PG_VERSION")), 0);
    begin_well(&s, data, CLUSTER_VERB);
    end(&s);
    assert_false(exists(data, "pg.new"));
    assert_true(exists(data, "pg/PG_VERSION"));
}

static void test_a_folder_in_the_way_is_not_overwritten(void **state) {
    (void)state;
    char data[128];
    struct child s;
    snprintf(data, sizeof data, "%s/way", folder);
    assert_int_equal(mkdir(data, 0700), 0);
    give(data, shared);
    assert_int_equal(mkdir(in_data(data, "pg"), 0700), 0);
    assert_int_equal(mkdir(in_data(data, "pg/letters"), 0700), 0);
    give(in_data(data, "pg"), shared);
    begin(&s, data, CLUSTER_SERVE);
    hear(&s);
    assert_non_null(strstr(s.text, "is in the way"));
    end(&s);
    assert_true(exists(data, "pg/letters"));
}

static void test_a_folder_too_deep_for_a_socket_gets_a_short_one_elsewhere(void **state) {
    (void)state;
    char data[256];
    struct child s;
    snprintf(data, sizeof data, "%s/%s", folder, DEEP);
    begin_well(&s, data, CLUSTER_VERB);
    const char *host = strstr(s.text, "host='/tmp/anchorage-");
    assert_non_null(host);
    char sockets[128];
    snprintf(sockets, sizeof sockets, "%.*s", (int)strcspn(host + 6, "'"), host + 6);
    struct stat st;
    assert_int_equal(stat(sockets, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    end(&s);
    assert_int_equal(rmdir(sockets), 0);
}

static void test_a_long_log_is_put_aside_at_the_next_start(void **state) {
    (void)state;
    struct child s;
    assert_int_equal(truncate(in_data(shared, "pg.log"), 9 * 1024 * 1024), 0);
    begin_well(&s, shared, CLUSTER_VERB);
    end(&s);
    struct stat st;
    assert_int_equal(stat(in_data(shared, "pg.log"), &st), 0);
    assert_true(st.st_size < 1024 * 1024);
    assert_true(exists(shared, "pg.log.1"));
}

static void test_the_log_of_the_cluster_repeats_no_data(void **state) {
    (void)state;
    struct child s;
    begin_well(&s, shared, CLUSTER_VERB);
    struct ctx *c = reach(&s);
    dbtest_run(c, "CREATE TEMPORARY TABLE x (a text UNIQUE)");
    dbtest_run(c, "INSERT INTO x VALUES ('rosa@example.org')");
    assert_int_equal(dbtest_try(c, "INSERT INTO x VALUES ('rosa@example.org')"), ERR_CONFLICT);
    dbtest_free_ctx(c);
    end(&s);
    char *text = calloc(1, 1 << 20);
    FILE *f = fopen(in_data(shared, "pg.log"), "re");
    assert_non_null(f);
    assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
    fclose(f);
    assert_null(strstr(text, "rosa"));
    free(text);
}

static void test_postgres_is_out_of_reach_of_a_ctrl_c_at_the_terminal(void **state) {
    (void)state;
    struct child s;
    begin_well(&s, shared, CLUSTER_SERVE);
    pid_t pm = postmaster(shared);
    assert_int_equal(getpgid(pm), pm);
    end(&s);
}

static void test_root_never_starts_a_cluster(void **state) {
    (void)state;
    if (geteuid() != 0) {
        print_message("skipped: not running as root\n");
        return;
    }
    struct cluster *cl = NULL;
    char why[256];
    assert_int_equal(cluster_open(shared, CLUSTER_SERVE, &cl, why, sizeof why), ERR_DENIED);
    assert_null(cl);
}

static int make_folder(void **state) {
    (void)state;
    log_set_level(LOG_LEVEL_ERROR);
    signal(SIGPIPE, SIG_IGN);
    snprintf(folder, sizeof folder, "/tmp/anchorage-test-XXXXXX");
    if (!mkdtemp(folder) || chmod(folder, 0711) != 0) {
        return -1;
    }
    snprintf(shared, sizeof shared, "%.60s/data", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    return folder_remove(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_start_makes_a_closed_cluster_with_checksums),
        cmocka_unit_test(test_a_second_start_finds_what_the_first_one_kept),
        cmocka_unit_test(test_a_second_server_is_refused_in_words_and_the_first_goes_on),
        cmocka_unit_test(test_a_verb_beside_a_server_uses_its_cluster_and_leaves_it_running),
        cmocka_unit_test(test_a_verb_alone_starts_the_cluster_and_stops_it),
        cmocka_unit_test(test_a_second_verb_waits_for_the_first_and_then_does_its_work),
        cmocka_unit_test(test_when_the_server_is_killed_the_cluster_stops_by_itself),
        cmocka_unit_test(
            test_a_start_right_after_a_killed_server_waits_for_its_cluster_and_keeps_all_commits),
        cmocka_unit_test(test_a_killed_postmaster_is_started_again_with_all_committed_rows),
        cmocka_unit_test(test_server_and_postmaster_killed_together_leave_a_folder_that_starts_again),
        cmocka_unit_test(test_a_stale_number_that_now_belongs_to_another_program_does_not_stop_the_start),
        cmocka_unit_test(test_a_first_start_that_was_cut_short_is_done_again),
        cmocka_unit_test(test_a_folder_in_the_way_is_not_overwritten),
        cmocka_unit_test(test_a_folder_too_deep_for_a_socket_gets_a_short_one_elsewhere),
        cmocka_unit_test(test_a_long_log_is_put_aside_at_the_next_start),
        cmocka_unit_test(test_the_log_of_the_cluster_repeats_no_data),
        cmocka_unit_test(test_postgres_is_out_of_reach_of_a_ctrl_c_at_the_terminal),
        cmocka_unit_test(test_root_never_starts_a_cluster),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
