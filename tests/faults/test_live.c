// SPDX-License-Identifier: Apache-2.0
// Promises of a running server when plugins are switched: nobody who asks for a page notices.
#include "support/dbtest.h"

#include "base/clock.h"
#include "faults/load.h"
#include "faults/plugged.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SWITCHES    100
#define BY_VERB     5 // the first ones, through the program; the others are written into the table
#define OUR_PLUGINS "vcfse,local_spend,social_value,contracts_finder"

static struct plugged folder_of(const char *name, const char *list) {
    static const char *const all[] = {"vcfse", "local_spend", "social_value", "contracts_finder"};
    static char paths[2][160], plugins[64];
    snprintf(paths[0], sizeof paths[0], "%s", program_path(name));
    snprintf(plugins, sizeof plugins, "%.40s.plugins", name);
    snprintf(paths[1], sizeof paths[1], "%s", program_path(plugins));
    struct plugged g = {.data = paths[0], .folder = paths[1], .list = list};
    for (size_t i = 0; i < 4; i++) {
        plugged_copy(&g, all[i]);
    }
    return g;
}

static void need_words(const char *text, const char *words) {
    if (!strstr(text, words)) {
        fail_msg("\"%s\" is not in: %s", words, text);
    }
}

// ---- a hundred times -----------------------------------------------------------------------------

// Asks for the plugin's own page again and again.
struct caller {
    pthread_t thread;
    int port;
    _Atomic bool stop;
    size_t there, gone, strange;
    int strange_status;
};

static void *call(void *arg) {
    struct caller *v = arg;
    while (!v->stop) {
        struct reply r = visitor_get(v->port, "/x/livepage", "");
        v->there += r.status == 200;
        v->gone += r.status == 404;
        if (r.status != 200 && r.status != 404) {
            v->strange++;
            v->strange_status = r.status;
        }
    }
    return NULL;
}

static void switch_once(struct ctx *c, const struct plugged *g, int round, bool on) {
    if (round < BY_VERB) {
        PLUGGED_RUN(g, "plugin", on ? "enable" : "disable", "livepage");
    } else {
        plugged_wish(c, "livepage", on);
    }
}

// Who has waited for the server sees exactly what was wished, on a page kept ready-made too.
static void check_pages(int port, bool on) {
    struct reply own = visitor_get(port, "/x/livepage", ""), kept = visitor_get(port, "/x/livepage/kept", "");
    struct reply board = visitor_get(port, "/opportunities", "");
    assert_int_equal(own.status, on ? 200 : 404);
    assert_int_equal(kept.status, on ? 200 : 404);
    assert_int_equal(board.status, 200);
    assert_int_equal(strstr(board.body, "/x/livepage") != NULL, on); // the menu
}

static void switch_often(struct program *p, const struct plugged *g) {
    struct ctx *c = program_reach(g->data);
    for (int i = 0; i < SWITCHES; i++) {
        switch_once(c, g, i, true);
        check_pages(p->port, true);
        switch_once(c, g, i, false);
        check_pages(p->port, false);
    }
    assert_string_equal(dbtest_value(c, "SELECT state FROM core.plugin WHERE id = 'livepage'"), "STOPPED");
    dbtest_free_ctx(c);
}

static void test_no_request_fails_while_a_plugin_is_switched_on_and_off_a_hundred_times(void **state) {
    (void)state;
    struct plugged g = folder_of("often", OUR_PLUGINS);
    struct program p;
    struct wrk w;
    struct caller caller = {0};
    plugged_copy(&g, "livepage");
    plugged_server(&p, &g);
    struct ctx *c = program_reach(g.data);
    load_fixture(c);
    dbtest_free_ctx(c);
    if (!wrk_begin(&w, p.port)) {
        print_message("skipped: wrk (Debian package wrk) is not present\n");
        skip();
    }
    caller.port = p.port;
    assert_int_equal(pthread_create(&caller.thread, NULL, call, &caller), 0);
    int64_t began = clock_monotonic_usec();
    switch_often(&p, &g);
    double took_s = (double)(clock_monotonic_usec() - began) / 1e6;
    wrk_end(&w);
    caller.stop = true;
    pthread_join(caller.thread, NULL);
    print_message(
        "switched on and off %d times in %.0f s: %ld requests of wrk, %ld failed; of the plugin's page "
        "%zu there, %zu gone, %zu strange\n",
        SWITCHES, took_s, w.requests, w.failed, caller.there, caller.gone, caller.strange);
    if (w.failed > 0 || w.requests == 0) {
        fail_msg("%s", w.said);
    }
    if (caller.strange > 0) {
        fail_msg("the plugin's page answered %d", caller.strange_status);
    }
    assert_true(caller.there > 0 && caller.gone > 0);
    server_end(&p, SIGTERM);
    assert_int_equal(p.code, 0);
    program_free(&p);
}

// ---- a new file ----------------------------------------------------------------------------------

static void list_says(const struct plugged *g, const char *words) {
    struct program p;
    plugged_verb(&p, g, (const char *const[]){"plugin", "list", NULL});
    need_words(p.said, words);
    program_free(&p);
}

static void test_a_plugin_copied_into_the_folder_is_switched_on_without_a_restart(void **state) {
    (void)state;
    struct plugged g = folder_of("fresh", OUR_PLUGINS);
    struct program p;
    plugged_server(&p, &g);
    pid_t worker = plugged_worker(&p);
    assert_int_equal(visitor_get(p.port, "/x/livepage", "").status, 404);
    plugged_copy(&g, "livepage");
    list_says(&g, "FOUND");
    PLUGGED_RUN(&g, "plugin", "enable", "livepage");
    struct reply r = visitor_get(p.port, "/x/livepage", "");
    assert_int_equal(r.status, 200);
    list_says(&g, "ACTIVE    Live page");
    assert_int_equal(visitor_get(p.port, "/x/livepage/nothing", "").status, 404);
    PLUGGED_RUN(&g, "plugin", "disable", "livepage");
    assert_int_equal(visitor_get(p.port, "/x/livepage", "").status, 404);
    assert_int_equal(plugged_worker(&p), worker);
    server_end(&p, SIGTERM);
    program_free(&p);
    // The wish outlives the server.
    plugged_server(&p, &g);
    assert_int_equal(visitor_get(p.port, "/x/livepage", "").status, 404);
    PLUGGED_RUN(&g, "plugin", "enable", "livepage");
    server_end(&p, SIGTERM);
    program_free(&p);
    plugged_server(&p, &g);
    assert_int_equal(visitor_get(p.port, "/x/livepage", "").status, 200);
    server_end(&p, SIGTERM);
    assert_int_equal(p.code, 0);
    program_free(&p);
}

// ---- settings, powers, verbs ---------------------------------------------------------------------

static void test_a_setting_is_taken_up_at_once(void **state) {
    (void)state;
    struct plugged g = folder_of("setting", OUR_PLUGINS ",livepage");
    struct program p;
    plugged_copy(&g, "livepage");
    plugged_server(&p, &g);
    assert_string_equal(visitor_get(p.port, "/x/livepage/word", "").body, "fjord");
    assert_string_equal(visitor_get(p.port, "/x/livepage/kept", "").body, "fjord");
    PLUGGED_RUN(&g, "plugin", "set", "livepage", "word=meadow");
    assert_string_equal(visitor_get(p.port, "/x/livepage/word", "").body, "meadow");
    assert_string_equal(visitor_get(p.port, "/x/livepage/kept", "").body, "meadow");
    PLUGGED_RUN(&g, "plugin", "set", "livepage", "word=");
    assert_string_equal(visitor_get(p.port, "/x/livepage/word", "").body, "fjord");
    server_end(&p, SIGTERM);
    program_free(&p);
}

static void refused(const struct plugged *g, const char *const *words, int code, const char *reason) {
    struct program p;
    plugged_verb(&p, g, words);
    if (p.code != code) {
        fail_msg("%s %s: exit code %d, %s%s", words[0], words[1], p.code, p.said, p.told);
    }
    need_words(p.told, reason);
    program_free(&p);
}
#define REFUSED(g, code, reason, ...) refused((g), (const char *const[]){__VA_ARGS__, NULL}, (code), (reason))

static void test_what_cannot_be_is_refused_with_the_reason_in_words(void **state) {
    (void)state;
    struct plugged g = folder_of("refused", OUR_PLUGINS ",livepage");
    struct program p;
    plugged_copy(&g, "livepage");
    plugged_server(&p, &g);
    REFUSED(&g, 1, "no plugin \"nobody\"", "plugin", "enable", "nobody");
    REFUSED(&g, 2, "small letters", "plugin", "enable", "../livepage");
    REFUSED(&g, 1, "no power \"fly\"", "plugin", "enable", "livepage", "--grant", "fly");
    REFUSED(&g, 1, "cannot work unless", "plugin", "enable", "livepage", "--grant", "none");
    REFUSED(&g, 1, "gets no such power", "plugin", "grant", "livepage", "pages,read-spend");
    REFUSED(&g, 2, "KEY=VALUE", "plugin", "set", "livepage", "word");
    REFUSED(&g, 1, "anchorage plugin: ", "plugin", "set", "livepage", "colour=red");
    REFUSED(&g, 2, "Say: plugin list", "plugin", "dance");
    REFUSED(&g, 1, "no plugin \"nobody\"", "run", "nobody");
    REFUSED(&g, 2, "no verb \"dance\"", "run", "livepage", "dance");
    REFUSED(&g, 1, "error: word: Say a word.", "run", "livepage", "echo");
    assert_int_equal(visitor_get(p.port, "/x/livepage", "").status, 200); // all of this has changed nothing
    server_end(&p, SIGTERM);
    program_free(&p);
}

static void test_a_verb_of_a_plugin_writes_to_the_outputs_of_the_program(void **state) {
    (void)state;
    struct plugged g = folder_of("verbs", "livepage");
    struct program p;
    plugged_copy(&g, "livepage");
    plugged_verb(&p, &g, (const char *const[]){"run", "livepage", NULL});
    assert_int_equal(p.code, 0);
    need_words(p.said, "anchorage run livepage echo WORD");
    program_free(&p);
    plugged_verb(&p, &g, (const char *const[]){"run", "livepage", "echo", "harbour", NULL});
    assert_int_equal(p.code, 0);
    assert_string_equal(p.said, "harbour");
    need_words(p.told, "note: One word was said.");
    program_free(&p);
}

// ---- asked to stop -------------------------------------------------------------------------------

struct switcher {
    pthread_t thread;
    const struct plugged *g;
    struct ctx *c;
    _Atomic bool stop;
    _Atomic size_t wishes;
};

// Wishes without waiting for anybody, until told to stop or the database is gone.
static void *wish_on(void *arg) {
    struct switcher *s = arg;
    while (!s->stop &&
           dbtest_try(s->c, "UPDATE core.plugin SET enabled = NOT enabled, wanted_no = wanted_no + 1"
                            " WHERE id = 'livepage'") == ERR_OK) {
        s->wishes++;
        poll(NULL, 0, 5);
    }
    return NULL;
}

static void test_stopping_while_plugins_are_switched_answers_everybody(void **state) {
    (void)state;
    struct plugged g = folder_of("drain", OUR_PLUGINS ",livepage");
    struct program p;
    struct load *l = load_start();
    plugged_copy(&g, "livepage");
    for (size_t round = 1; round <= 3; round++) {
        struct switcher s = {.g = &g};
        plugged_server(&p, &g);
        s.c = program_reach(g.data);
        if (round == 1) {
            load_fixture(s.c);
        }
        load_begin(l, p.port);
        assert_int_equal(pthread_create(&s.thread, NULL, wish_on, &s), 0);
        load_wait(l, round * 30);
        load_hurry(l);
        server_end(&p, SIGTERM);
        assert_int_equal(p.code, 0);
        assert_int_equal(program_postgres_count(g.data), 0);
        load_stop(l);
        s.stop = true;
        pthread_join(s.thread, NULL);
        assert_true(s.wishes > 0);
        dbtest_free_ctx(s.c);
        program_free(&p);
    }
    struct load_figures f = load_figures(l);
    assert_int_equal(f.unanswered, 0);
    assert_int_equal(f.strange, 0);
    plugged_server(&p, &g);
    struct ctx *c = program_reach(g.data);
    assert_int_equal(load_lost(l, c), 0);
    dbtest_free_ctx(c);
    server_end(&p, SIGTERM);
    program_free(&p);
    load_free(l);
}

#define T(fn) cmocka_unit_test_teardown(fn, program_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_a_plugin_copied_into_the_folder_is_switched_on_without_a_restart),
        T(test_a_setting_is_taken_up_at_once),
        T(test_what_cannot_be_is_refused_with_the_reason_in_words),
        T(test_a_verb_of_a_plugin_writes_to_the_outputs_of_the_program),
        T(test_stopping_while_plugins_are_switched_answers_everybody),
        T(test_no_request_fails_while_a_plugin_is_switched_on_and_off_a_hundred_times),
    };
    return cmocka_run_group_tests(tests, program_group_setup, program_group_teardown);
}
