// SPDX-License-Identifier: Apache-2.0
// Figures are read from a standby when the settings name one: a real one, made from the test's cluster.
#include "cubetest.h"

#include "base/conf.h"
#include "spend/sums.h"
#include "support/folder.h"

#include <errno.h>
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

#define TRIES 600 // of 50 ms each

struct standby {
    char folder[64], data[96], bin[256], conninfo[256];
    struct stat owner; // of the cluster's folder: who its programs run as
    pid_t pid;
};

static void wait_a_little(void) {
    poll(NULL, 0, 50);
}

static pid_t run(const struct standby *s, char *const *argv) {
    pid_t pid = fork();
    if (pid == 0) {
        int out = open("/dev/null", O_WRONLY);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        bool settled = getuid() != 0 || (setgid(s->owner.st_gid) == 0 && setuid(s->owner.st_uid) == 0);
        if (settled) {
            execv(argv[0], argv);
        }
        _exit(127);
    }
    return pid;
}

// The folder of the programs of the server that runs.
static bool find_programs(struct standby *s) {
    char link[64], program[200];
    snprintf(link, sizeof link, "/proc/%d/exe", (int)dbtest_postmaster());
    ssize_t n = readlink(link, program, sizeof program - 1);
    program[n > 0 ? n : 0] = 0;
    char *slash = strrchr(program, '/');
    if (!slash) {
        return false;
    }
    *slash = 0;
    snprintf(s->bin, sizeof s->bin, "%s", program);
    return true;
}

static bool copy_cluster(struct standby *s, const char *conninfo) {
    char program[300], primary[512], pg[200];
    snprintf(program, sizeof program, "%s/pg_basebackup", s->bin);
    snprintf(pg, sizeof pg, "%s/pg", dbtest_data_dir());
    snprintf(primary, sizeof primary, "%.*s", (int)(strstr(conninfo, " dbname=") - conninfo), conninfo);
    snprintf(s->folder, sizeof s->folder, "/tmp/anchorage-test-XXXXXX");
    if (access(program, X_OK) != 0 || stat(pg, &s->owner) != 0 || !mkdtemp(s->folder)) {
        return false;
    }
    snprintf(s->data, sizeof s->data, "%s/pg", s->folder);
    if (getuid() == 0 && chown(s->folder, s->owner.st_uid, s->owner.st_gid) != 0) {
        return false;
    }
    char *const argv[] = {program, "-d", primary, "-D", s->data, "-R", "-X", "stream", "-c", "fast", NULL};
    int status = 1;
    pid_t pid = run(s, argv);
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool start(struct standby *s, const char *database) {
    char program[300], sockets[128], why[256];
    snprintf(program, sizeof program, "%s/postgres", s->bin);
    snprintf(sockets, sizeof sockets, "unix_socket_directories=%s", s->folder);
    char *const argv[] = {
        program, "-D", s->data, "-c", sockets, "-c", "listen_addresses=", "-c", "port=5432", NULL};
    snprintf(s->conninfo, sizeof s->conninfo, "host=%s port=5432 user=anchorage dbname=%s", s->folder,
             database);
    s->pid = run(s, argv);
    for (int i = 0; s->pid > 0 && i < TRIES; i++) {
        struct db *d;
        if (db_open(s->conninfo, false, &d, why, sizeof why) == ERR_OK) {
            db_close(d);
            return true;
        }
        wait_a_little();
    }
    return false;
}

static void stop(struct standby *s) {
    if (s->pid > 0) {
        kill(s->pid, SIGQUIT);
        waitpid(s->pid, NULL, 0);
        s->pid = 0;
    }
}

static int64_t total(struct ctx *c, struct cube *k) {
    const struct cube_view *v;
    struct anc_slice s = world_slice(ANC_BY_NOTHING, ANC_BY_NOTHING);
    uint32_t n = 0;
    const struct anc_sum *rows = NULL;
    assert_err(c, cube_pin(c, k, &v), ERR_OK);
    assert_err(c, cube_slice(c, v, &s, &n, &rows), ERR_OK);
    int64_t pence = n ? rows[0].pence : 0;
    cube_unpin(v);
    return pence;
}

static void wait_until_replayed(struct ctx *primary, struct ctx *standby) {
    const char *at = dbtest_value(primary, "SELECT pg_current_wal_lsn()");
    for (int i = 0; i < TRIES; i++) {
        if (*dbtest_value(standby, "SELECT pg_last_wal_replay_lsn() >= '%s'", at) == 't') {
            return;
        }
        wait_a_little();
    }
    fail_msg("the standby does not follow");
}

static struct ctx *connect_to(const struct standby *s) {
    struct dbtest there = {0};
    snprintf(there.conninfo, sizeof there.conninfo, "%s", s->conninfo);
    return dbtest_new_ctx(&there);
}

static void add_load(struct ctx *c, int64_t pence) {
    int64_t load = world_load(c, "council");
    world_line(c, load, "1", "2025-05-01", "Care", ANC_FLOW_PROCUREMENT, pence);
    world_sums(c, load);
}

static void look_from_the_standby(struct world *w, struct standby *s, struct cube *k) {
    struct ctx *there = connect_to(s);
    const struct cube_view *v;
    assert_null(conf_set("db.reports", s->conninfo));
    wait_until_replayed(w->c, there);
    assert_err(w->by, cube_pin(w->by, k, &v), ERR_OK);
    for (int i = 0; i < 30; i++) {
        struct anc_slice slice = world_any_slice(w);
        assert_string_equal(world_from_cube(w->by, v, &slice), world_from_lines(w->by, &slice));
    }
    cube_unpin(v);
    // It is the standby that is read: what it has not heard of yet is in no figure.
    int64_t before = total(w->by, k);
    dbtest_run(there, "SELECT pg_wal_replay_pause()");
    add_load(w->c, 1234567);
    assert_int_equal(total(w->by, k), before);
    dbtest_run(there, "SELECT pg_wal_replay_resume()");
    wait_until_replayed(w->c, there);
    assert_int_equal(total(w->by, k), before + 1234567);
    dbtest_free_ctx(there);
    // Without it figures come from the database itself.
    stop(s);
    add_load(w->c, 3);
    assert_int_equal(total(w->by, k), before + 1234570);
}

static void test_a_standby_gives_the_same_figures_and_when_it_is_away_the_database_does(void **state) {
    struct dbtest *t = *state;
    struct world w;
    struct standby s = {.pid = 0};
    struct cube *k = cube_new();
    world_make(&w, t, 77, 9, 24);
    for (int i = 0; i < 25; i++) {
        world_change(&w, i < 4 ? 0 : world_random(&w, WORLD_CHANGES));
    }
    if (!find_programs(&s) || !copy_cluster(&s, t->conninfo) || !start(&s, t->name)) {
        print_message("skipped: no standby of the test's cluster can be made here (pg_basebackup)\n");
    } else {
        look_from_the_standby(&w, &s, k);
    }
    stop(&s);
    conf_reset();
    folder_remove(s.folder);
    cube_free(k);
    world_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_a_standby_gives_the_same_figures_and_when_it_is_away_the_database_does, dbtest_setup,
            dbtest_teardown),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
