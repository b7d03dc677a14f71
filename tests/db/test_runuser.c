// SPDX-License-Identifier: Apache-2.0
// Promises of core/cli/runuser.h: root is left for good, and only for a folder that is ours to take. Each
// case runs in a child process. What needs root is skipped, and says so, when the tests do not run as root.
#include "support/dbtest.h"
#include "support/folder.h"

#include "base/conf.h"
#include "cli/runuser.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];
static char why[1024];

static const char *at(const char *name) {
    static char paths[4][256];
    static int next;
    char *p = paths[next++ & 3];
    snprintf(p, sizeof paths[0], "%s/%s", folder, name);
    return p;
}

// Settles in a child; `why` and the answer come back. A success tells "uid gid groups" in `why`.
static enum err settle(const char *data, const char *user) {
    int pipe_fd[2];
    assert_int_equal(pipe(pipe_fd), 0);
    pid_t pid = fork();
    if (pid == 0) {
        char text[1024] = "";
        if (user) {
            const char *problem = conf_set("data.user", user);
            (void)problem;
        }
        enum err e = runuser_settle(data, text, sizeof text);
        if (e == ERR_OK) {
            snprintf(text, sizeof text, "%u %u %d %d", geteuid(), getegid(), getgroups(0, NULL),
                     setuid(0) == 0);
        }
        bool told = write(pipe_fd[1], text, strlen(text)) == (ssize_t)strlen(text);
        _exit(told ? (int)e : 255);
    }
    close(pipe_fd[1]);
    ssize_t n = read(pipe_fd[0], why, sizeof why - 1);
    why[n > 0 ? n : 0] = 0;
    close(pipe_fd[0]);
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return (enum err)WEXITSTATUS(status);
}

static bool skip_without_root(void) {
    if (geteuid() != 0 || !getpwnam("postgres")) {
        print_message("skipped: not running as root, or there is no user postgres\n");
        return true;
    }
    return false;
}

static void test_a_new_folder_is_private_and_belongs_to_the_user_we_become(void **state) {
    (void)state;
    assert_int_equal(settle(at("new/deep/data"), NULL), ERR_OK);
    unsigned uid, gid;
    int groups, back;
    assert_int_equal(sscanf(why, "%u %u %d %d", &uid, &gid, &groups, &back), 4);
    assert_int_not_equal(uid, 0);
    assert_int_not_equal(gid, 0);
    assert_int_equal(back, 0);
    struct stat st;
    assert_int_equal(stat(at("new/deep/data"), &st), 0);
    assert_int_equal(st.st_uid, uid);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(settle(at("new/deep/data"), NULL), ERR_OK); // and again
}

static void test_a_file_in_place_of_the_folder_is_told(void **state) {
    (void)state;
    FILE *f = fopen(at("file"), "we");
    assert_non_null(f);
    fclose(f);
    assert_int_equal(settle(at("file"), NULL), ERR_INVALID);
    assert_non_null(strstr(why, "is a file"));
}

static void test_the_owner_of_an_existing_folder_is_the_one_we_become(void **state) {
    (void)state;
    if (skip_without_root()) {
        return;
    }
    assert_int_equal(mkdir(at("theirs"), 0750), 0);
    assert_int_equal(chown(at("theirs"), 1, 1), 0); // daemon, on every Debian
    assert_int_equal(settle(at("theirs"), NULL), ERR_OK);
    assert_int_equal(strncmp(why, "1 1 ", 4), 0);
    assert_int_equal(settle(at("theirs"), "postgres"), ERR_DENIED);
    assert_non_null(strstr(why, "does not belong to postgres"));
}

static void test_a_full_folder_of_root_is_never_taken(void **state) {
    (void)state;
    if (skip_without_root()) {
        return;
    }
    assert_int_equal(mkdir(at("full"), 0755), 0);
    assert_int_equal(mkdir(at("full/precious"), 0755), 0);
    assert_int_equal(settle(at("full"), NULL), ERR_DENIED);
    assert_non_null(strstr(why, "not empty"));
    struct stat st;
    assert_int_equal(stat(at("full"), &st), 0);
    assert_int_equal(st.st_uid, 0);
    assert_int_equal(st.st_mode & 0777, 0755);
}

static void test_a_folder_the_user_cannot_reach_is_refused_naming_the_closed_door(void **state) {
    (void)state;
    if (skip_without_root()) {
        return;
    }
    assert_int_equal(mkdir(at("closed"), 0700), 0);
    assert_int_equal(settle(at("closed/data"), "postgres"), ERR_DENIED);
    assert_non_null(strstr(why, at("closed")));
    assert_non_null(strstr(why, "--data"));
    struct stat st;
    assert_int_equal(stat(at("closed/data"), &st), -1); // nothing is left of it
}

static void test_a_user_that_does_not_exist_or_is_root_is_refused(void **state) {
    (void)state;
    if (skip_without_root()) {
        return;
    }
    assert_int_equal(settle(at("x"), "nobody-of-that-name"), ERR_INVALID);
    assert_non_null(strstr(why, "data.user"));
    assert_int_equal(settle(at("x"), "root"), ERR_INVALID);
    struct stat st;
    assert_int_equal(stat(at("x"), &st), -1);
}

static int make_folder(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/anchorage-test-XXXXXX");
    return mkdtemp(folder) && chmod(folder, 0711) == 0 ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    return folder_remove(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define ONE(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
        ONE(test_a_new_folder_is_private_and_belongs_to_the_user_we_become),
        ONE(test_a_file_in_place_of_the_folder_is_told),
        ONE(test_the_owner_of_an_existing_folder_is_the_one_we_become),
        ONE(test_a_full_folder_of_root_is_never_taken),
        ONE(test_a_folder_the_user_cannot_reach_is_refused_naming_the_closed_door),
        ONE(test_a_user_that_does_not_exist_or_is_root_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
