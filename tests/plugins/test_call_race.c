// SPDX-License-Identifier: Apache-2.0
// Promises of calls from many threads at once (run under the thread sanitizer too).
#include "base/log.h"
#include "plugin/watch.h"
#include "plugins/probing.h"

#include <string.h>

#define THREADS 8
#define ROUNDS  200

struct caller {
    const struct plugin_set *plugins;
    const char *script;
    pthread_t thread;
    uint64_t let_in, failed, refused;
};

static void drop_line(const char *line) {
    (void)line;
}

static void *call_often(void *arg) {
    struct caller *me = arg;
    struct arena *a = arena_new((size_t)16 * 1024 * 1024);
    struct ctx c;
    struct strb out;
    strb_init(&out, 100);
    for (int i = 0; i < ROUNDS; i++) {
        struct findings found;
        const char *words[] = {me->script};
        ctx_init(&c, a, NULL);
        c.plugins = me->plugins;
        enum err e = plugin_verb_run(&c, "probe", "do", 1, words, &out, &found);
        me->let_in += e == ERR_OK || e == ERR_BUG;
        me->failed += e == ERR_BUG;
        me->refused += e == ERR_BUSY;
        arena_reset(a);
    }
    strb_free(&out);
    arena_free(a);
    return NULL;
}

static void run_all(struct caller *callers, size_t n) {
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(pthread_create(&callers[i].thread, NULL, call_often, &callers[i]), 0);
    }
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
    }
}

static void test_calls_of_many_threads_are_all_counted(void **state) {
    struct probing *p = *state;
    struct caller callers[THREADS];
    uint64_t before = probing_info(p, "probe").calls;
    log_set_sink(drop_line);
    assert_true(watchdog_start(60000));
    for (size_t i = 0; i < THREADS; i++) {
        callers[i] = (struct caller){.plugins = p->c->plugins, .script = "setting:size|text:hello|ok"};
    }
    run_all(callers, THREADS);
    watchdog_stop();
    struct plugin_info info = probing_info(p, "probe");
    assert_int_equal(info.calls - before, THREADS * ROUNDS);
    assert_int_equal(info.running, 0);
    assert_int_equal(info.faults, 0);
}

static void count_alarm(void *arg) {
    __atomic_add_fetch((int *)arg, 1, __ATOMIC_SEQ_CST);
}

static void test_faults_of_many_threads_raise_one_alarm(void **state) {
    struct probing *p = *state;
    struct caller callers[THREADS];
    uint64_t before = probing_info(p, "probe").calls, let_in = 0, failed = 0, refused = 0;
    int alarms = 0;
    log_set_sink(drop_line);
    plugin_host_on_alarm(p->plugins.host, count_alarm, &alarms);
    assert_true(watchdog_start(60000));
    for (size_t i = 0; i < THREADS; i++) {
        callers[i] = (struct caller){.plugins = p->c->plugins, .script = i % 2 ? "bug" : "ok"};
    }
    run_all(callers, THREADS);
    watchdog_stop();
    for (size_t i = 0; i < THREADS; i++) {
        let_in += callers[i].let_in;
        failed += callers[i].failed;
        refused += callers[i].refused;
    }
    struct plugin_info info = probing_info(p, "probe");
    assert_int_equal(info.calls - before, let_in);
    assert_int_equal(info.faults, failed);
    assert_int_equal(let_in + refused, THREADS * ROUNDS);
    assert_int_equal(info.running, 0);
    assert_true(failed >= 5 && failed <= 5 + THREADS); // those under way when it was raised end as they began
    assert_int_equal(alarms, 1);
}

#define BARE(test) cmocka_unit_test_setup_teardown(test, probing_setup_bare, probing_teardown_bare)

int main(void) {
    const struct CMUnitTest tests[] = {
        BARE(test_calls_of_many_threads_are_all_counted),
        BARE(test_faults_of_many_threads_raise_one_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
