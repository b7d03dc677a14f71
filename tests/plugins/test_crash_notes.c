// SPDX-License-Identifier: Apache-2.0
// Promises of crash notes and of the watchdog: whoever crashes or hangs is named, once, and only when it was
// in a plugin.
#include "plugin/crash.h"
#include "plugin/watch.h"
#include "plugins/probing.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char file[] = "/tmp/anchorage-crash-XXXXXX";
static char notes[4096];

static int set_up(void **state) {
    int fd = mkstemp(file);
    if (fd < 0) {
        return -1;
    }
    close(fd);
    return probing_setup_bare(state);
}

static int tear_down(void **state) {
    unlink(file);
    memcpy(file + strlen(file) - 6, "XXXXXX", 6);
    return probing_teardown_bare(state);
}

static void read_notes(void) {
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t n = read(fd, notes, sizeof notes - 1);
    notes[n > 0 ? n : 0] = 0;
    close(fd);
}

// Runs fn in a child that watches for crashes; its end. What it says goes nowhere.
static int in_child(struct probing *p, void (*fn)(struct probing *p)) {
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit none = {0};
        int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
        setrlimit(RLIMIT_CORE, &none);
        dup2(quiet, STDERR_FILENO);
        // cmocka catches these in the parent; here they are as in the server.
        for (int sig = 1; sig < 32; sig++) {
            if (sig == SIGABRT || sig == SIGSEGV || sig == SIGFPE || sig == SIGILL || sig == SIGBUS) {
                signal(sig, SIG_DFL);
            }
        }
        if (!crash_watch(file)) {
            _exit(99);
        }
        fn(p);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    read_notes();
    return status;
}

static void assert_one_note(const char *id_and_call) {
    char id[40], call[100], more;
    long long at;
    assert_int_equal(sscanf(notes, "%lld %39s %99s %c", &at, id, call, &more), 3);
    assert_true(at > INT64_C(1700000000000000));
    char both[160];
    snprintf(both, sizeof both, "%s %s", id, call);
    assert_string_equal(both, id_and_call);
    assert_string_equal(notes + strlen(notes) - 1, "\n");
}

static void play_crash(struct probing *p) {
    const char *said;
    if (probing_play(p, "crash:now", &said)) {
        _exit(3);
    }
}

static void test_a_crash_inside_a_plugin_is_noted_once_with_its_name(void **state) {
    int status = in_child(*state, play_crash);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0); // a sanitizer ends it in its own way
    assert_one_note("probe verb:do");
}

static void play_abort(struct probing *p) {
    const char *said;
    if (probing_play(p, "crash:abort", &said)) {
        _exit(3);
    }
}

static void test_an_abort_inside_a_plugin_is_noted_and_ends_the_program(void **state) {
    int status = in_child(*state, play_abort);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_one_note("probe verb:do");
}

static void *on_thread(void *arg) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL); // as threads of a server do
    play_crash(arg);
    return NULL;
}

static void crash_on_thread(struct probing *p) {
    pthread_t t;
    if (pthread_create(&t, NULL, on_thread, p) == 0) {
        pthread_join(t, NULL);
    }
}

static void test_a_crash_on_a_thread_that_blocks_signals_is_noted_too(void **state) {
    int status = in_child(*state, crash_on_thread);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
    assert_one_note("probe verb:do");
}

static void use_up_stack(struct probing *p);
static volatile int depth;
static int deeper(struct probing *p) {
    volatile char block[4096];
    block[0] = (char)depth++;
    int n = depth > 1000000 ? 0 : deeper(p);
    return n + block[0];
}

static void use_up_stack(struct probing *p) {
    anc_ctx x;
    if (call_enter(&x, p->c, probing_member(p, "probe"), "deep", 1000)) {
        depth = deeper(p);
        _exit(call_leave(&x, ANC_OK) == ERR_OK);
    }
}

static void test_a_stack_used_up_inside_a_plugin_is_noted(void **state) {
    int status = in_child(*state, use_up_stack);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
    assert_one_note("probe deep");
}

static void crash_outside(struct probing *p) {
    const char *said;
    if (probing_play(p, "ok", &said) == ERR_OK) {
        abort();
    }
}

static void test_a_crash_outside_of_plugins_notes_nobody(void **state) {
    int status = in_child(*state, crash_outside);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_string_equal(notes, "");
}

static volatile sig_atomic_t handed_on;

static void earlier_handler(int sig) {
    (void)sig;
    handed_on = 1;
    _exit(42);
}

static void crash_with_earlier_handler(struct probing *p) {
    (void)p;
    _exit(7);
}

static void test_a_handler_that_was_there_before_gets_its_turn(void **state) {
    struct probing *p = *state;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct sigaction own = {.sa_handler = earlier_handler};
        sigaction(SIGABRT, &own, NULL);
        if (crash_watch(file)) {
            play_abort(p);
        }
        crash_with_earlier_handler(p);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    read_notes();
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 42);
    assert_one_note("probe verb:do");
}

// ---- stuck calls

static void get_stuck(struct probing *p) {
    if (!watchdog_start(1)) {
        _exit(98);
    }
    enum err e = plugin_job_run(p->c, "probe", "stuck");
    _exit(e == ERR_OK ? 97 : 96);
}

static void test_a_stuck_call_is_ended_and_named(void **state) {
    int status = in_child(*state, get_stuck);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_one_note("probe job:stuck");
}

static void be_late_but_end(struct probing *p) {
    if (!watchdog_start(600000)) {
        _exit(98);
    }
    enum err e = plugin_job_run(p->c, "probe", "slow");
    watchdog_stop();
    watchdog_stop();
    _exit(e == ERR_OK && call_now() == NULL ? 0 : 96);
}

static void test_a_call_that_is_only_late_is_let_end(void **state) {
    int status = in_child(*state, be_late_but_end);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_string_equal(notes, "");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_a_crash_inside_a_plugin_is_noted_once_with_its_name),
        CASE(test_an_abort_inside_a_plugin_is_noted_and_ends_the_program),
        CASE(test_a_crash_on_a_thread_that_blocks_signals_is_noted_too),
        CASE(test_a_stack_used_up_inside_a_plugin_is_noted),
        CASE(test_a_crash_outside_of_plugins_notes_nobody),
        CASE(test_a_handler_that_was_there_before_gets_its_turn),
        CASE(test_a_stuck_call_is_ended_and_named),
        CASE(test_a_call_that_is_only_late_is_let_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
