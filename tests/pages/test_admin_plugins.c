// SPDX-License-Identifier: Apache-2.0
// Promises of the administrators' pages about plugins: through the real router, with a thread that switches
// as the server does, and plugins whose words try to break a page.
#include "domain/plugin_admin.h"
#include "support/market.h"
#include "support/pagetest.h"

#include "http/kept.h"
#include "plugin/points.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES   BINARY_DIR "/tests/desk"
#define SCRIPT  "<script>alert('desk')"
#define ESCAPED "&lt;script&gt;alert(&#39;desk&#39;)"
#define NEEDED  "powers=read-suppliers&powers=write-scores"

struct desk {
    struct dbtest *t;
    struct plugin_host *host;
    struct ctx *c; // of the switching thread
    struct db_listener *listener;
    pthread_t thread;
    _Atomic bool stop, idle; // idle: wishes are heard and not acted upon
    char copies[64];
    const struct app *app;
    struct visitor admin;
};

static void on_note(void *arg, const char *channel, const char *payload) {
    (void)arg, (void)channel, (void)payload;
}

static void on_alarm(void *arg) {
    db_listener_wake(((struct desk *)arg)->listener);
}

static void switch_once(struct desk *d) {
    for (int i = 0; i < 8; i++) {
        const struct plugin_set *next = NULL;
        if (plugin_host_plan(d->host, d->c, &next) != ERR_OK) {
            return;
        }
        if (next) {
            plugin_host_publish(d->host, next);
        }
        if (!plugin_host_settle(d->host, d->c, 500) || !next) {
            return;
        }
    }
}

static void *switching(void *arg) {
    struct desk *d = arg;
    while (!d->stop) {
        if (db_listener_wait(d->listener, 1000, on_note, d) == ERR_OK && !d->idle && !d->stop) {
            switch_once(d);
        }
    }
    return NULL;
}

static int start(void **state) {
    static const char *const channels[] = {"anchorage_changed", NULL};
    struct desk *d = calloc(1, sizeof *d);
    assert_int_equal(dbtest_setup((void **)&d->t), 0);
    market_fill(d->t->c);
    dbtest_run(d->t->c,
               "INSERT INTO core.membership (person_id, org_id, role) SELECT p.id, o.id, 'admin' FROM "
               "core.person p, core.organisation o WHERE p.email = 'council@people.example' AND o.ref = "
               "'council'");
    snprintf(d->copies, sizeof d->copies, "/tmp/anc-desk-XXXXXX");
    assert_non_null(mkdtemp(d->copies));
    d->host = plugin_host_read(FILES, "desk");
    d->app = pagetest_app(d->t->arena, d->host);
    plugin_host_check(d->host, d->copies, d->app->templates);
    plugin_host_start(d->host, d->t->c);
    d->c = dbtest_new_ctx(d->t);
    assert_int_equal(db_listener_open(d->t->conninfo, channels, &d->listener), ERR_OK);
    plugin_host_on_alarm(d->host, on_alarm, d);
    assert_int_equal(pthread_create(&d->thread, NULL, switching, d), 0);
    d->admin = pagetest_visitor(d->app, d->t, "council");
    *state = d;
    return 0;
}

static int end(void **state) {
    struct desk *d = *state;
    d->stop = true;
    db_listener_wake(d->listener);
    pthread_join(d->thread, NULL);
    db_listener_close(d->listener);
    dbtest_free_ctx(d->c);
    int rc = dbtest_teardown((void **)&d->t); // ends the app, which still looks at the host
    plugin_host_close(d->host);
    free(d);
    return rc;
}

static struct page get(struct desk *d, const char *target) {
    return pagetest_get(&d->admin, target);
}

static struct page post(struct desk *d, const char *target, const char *form) {
    return pagetest_post(&d->admin, target, form);
}

static void assert_lacks(struct page p, const char *words) {
    if (strstr(p.body, words)) {
        print_error("%s\n", p.body);
        fail_msg("the page holds: %s", words);
    }
}

// The page that a form leads to.
static struct page follow(struct desk *d, struct page p) {
    assert_int_equal(p.status, 303);
    return get(d, p.location);
}

#define assert_value(d, want, ...) assert_string_equal(dbtest_value((d)->t->c, __VA_ARGS__), want)

// ---- looking

static void test_all_plugins_stand_in_a_list_with_state_and_powers(void **state) {
    struct desk *d = *state;
    struct page p = get(d, "/admin/plugins");
    assert_page(p, 200, "4 plugins, 1 working");
    assert_page(p, 200, ">Working</strong>");
    assert_page(p, 200, "desk, version 1.2.3");
    assert_page(p, 200, "read suppliers, write scores, show pages, run by itself, hear what happens");
    assert_page(p, 200, "href=\"/admin/plugins/leaf\"");
    assert_page(p, 200, ">Not switched on</strong>");
    assert_page(get(d, "/admin"), 200, "href=\"/admin/plugins/desk\"");
}

static void test_the_list_is_there_as_data(void **state) {
    struct desk *d = *state;
    assert_page(get(d, "/admin/plugins.csv"), 200, "desk,\"Desk <script>");
    assert_page(get(d, "/admin/plugins.json"), 200, "\"state\":\"Working\"");
}

static void test_those_to_look_at_stand_first(void **state) {
    struct desk *d = *state;
    assert_int_equal(post(d, "/admin/plugins/broken/on", "").status, 303);
    struct page p = get(d, "/admin/plugins");
    assert_page(p, 200, "4 plugins, 1 working, 1 to look at");
    assert_true(strstr(p.body, "/admin/plugins/broken") < strstr(p.body, "/admin/plugins/desk"));
    assert_page(get(d, "/admin"), 200, "Its start function gave up");
}

static void test_without_plugins_the_list_says_what_to_do(void **state) {
    struct desk *d = *state;
    d->idle = true; // or it would be entered again at once
    dbtest_run(d->t->c, "DELETE FROM core.plugin");
    struct visitor v = pagetest_visitor(pagetest_app(d->t->arena, NULL), d->t, "council");
    assert_page(pagetest_get(&v, "/admin/plugins"), 200, "There is no plugin yet");
    assert_page(pagetest_get(&v, "/admin"), 200, "There is no plugin yet");
}

static void test_one_plugin_shows_what_it_may_and_what_it_brings(void **state) {
    struct desk *d = *state;
    struct page p = get(d, "/admin/plugins/desk");
    static const char *const words[] = {"It is working.",
                                        "Read suppliers",
                                        "needed",
                                        "Scores bids <span class=\"anc-plugin-note\">as desk</span>",
                                        "<a class=\"govuk-link\" href=\"/x/desk\">/x/desk</a>",
                                        "/x/desk/{day} <span class=\"anc-plugin-note\">for officers</span>",
                                        "takes a form of buyers",
                                        "on the first page",
                                        "every 10 minutes",
                                        "anchorage run desk count [YEAR]",
                                        "1 statement</dd>",
                                        "It has been told of everything.",
                                        "None since the server started.",
                                        "2,500.00",
                                        "31.9%"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        assert_page(p, 200, words[i]);
    }
}

static void test_words_of_plugins_are_only_words(void **state) {
    struct desk *d = *state;
    static const char *const pages[] = {"/admin",
                                        "/admin/plugins",
                                        "/admin/plugins/desk",
                                        "/admin/plugins/desk/off",
                                        "/admin/plugins/desk/powers",
                                        "/admin/plugins/desk/settings"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct page p = get(d, pages[i]);
        assert_page(p, 200, "Desk &lt;script&gt;");
        assert_lacks(p, "<script>alert");
        assert_lacks(p, "<b>\n");
    }
    assert_lacks(get(d, "/admin/plugins/desk"), "Desk <b>");
    assert_lacks(get(d, "/admin/plugins/desk"), "<u>");
}

static void test_an_unknown_plugin_has_no_pages(void **state) {
    struct desk *d = *state;
    static const char *const pages[] = {"/admin/plugins/ghost", "/admin/plugins/ghost/on",
                                        "/admin/plugins/ghost/off", "/admin/plugins/ghost/powers",
                                        "/admin/plugins/ghost/settings"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        assert_int_equal(get(d, pages[i]).status, 404);
    }
    assert_int_equal(post(d, "/admin/plugins/ghost/on", "").status, 404);
    assert_int_equal(post(d, "/admin/plugins/ghost/off", "").status, 404);
    assert_int_equal(post(d, "/admin/plugins/ghost/again", "").status, 404);
}

static void test_jobs_and_deliveries_show_how_they_went(void **state) {
    struct desk *d = *state;
    dbtest_run(
        d->t->c,
        "INSERT INTO core.plugin_job (plugin, name, next_at, fails, last_at, last_ms, last_error) VALUES "
        "('desk', 'sweep', '2031-05-06 09:00:00+00', 2, '2030-05-06 09:00:00+00', 1250, 'The broom "
        "<em>broke</em>')");
    dbtest_run(d->t->c,
               "INSERT INTO core.happening (kind, ref, name, at) VALUES (10, 'r', 'Lunches <em>', now())");
    dbtest_run(d->t->c,
               "INSERT INTO core.happening_due (happening_id, plugin, tries, given_up, last_error) SELECT "
               "id, 'desk', 9, true, 'It hung up' FROM core.happening");
    struct page p = get(d, "/admin/plugins/desk");
    assert_page(p, 200, "6 May 2031 at 10:00am UK time");
    assert_page(p, 200, "6 May 2030 at 10:00am UK time, took 1.2 s");
    assert_page(p, 200, "The broom &lt;em&gt;broke");
    assert_page(p, 200, "Last error, 2 in a row");
    assert_page(p, 200, "1 given up after many tries");
    assert_page(p, 200, "It hung up");
    assert_lacks(p, "<em>");
}

// ---- who

static void test_only_administrators_see_or_change_plugins(void **state) {
    struct desk *d = *state;
    static const char *const pages[] = {"/admin/plugins",
                                        "/admin/plugins.csv",
                                        "/admin/plugins.json",
                                        "/admin/plugins/desk",
                                        "/admin/plugins/desk/on",
                                        "/admin/plugins/desk/off",
                                        "/admin/plugins/desk/powers",
                                        "/admin/plugins/desk/settings"};
    static const char *const deeds[] = {"on", "off", "again", "powers", "settings"};
    struct visitor nobody = pagetest_visitor(d->app, d->t, NULL);
    struct visitor supplier = pagetest_visitor(d->app, d->t, "brook"),
                   buyer = pagetest_visitor(d->app, d->t, "hospital");
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        assert_true(pagetest_get(&nobody, pages[i]).status != 200);
        assert_int_equal(pagetest_get(&supplier, pages[i]).status, 403);
        assert_int_equal(pagetest_get(&buyer, pages[i]).status, 403);
    }
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        const char *target = arena_printf(d->t->arena, "/admin/plugins/desk/%s", deeds[i]);
        assert_int_equal(pagetest_post(&supplier, target, "").status, 403);
        assert_int_equal(pagetest_post(&buyer, target, "").status, 403);
    }
    assert_value(d, "t|1", "SELECT concat_ws('|', enabled, wanted_no) FROM core.plugin");
}

static void test_forged_forms_change_nothing(void **state) {
    struct desk *d = *state;
    static const char *const deeds[] = {"on", "off", "again", "powers", "settings"};
    snprintf(d->admin.csrf, sizeof d->admin.csrf, "of-somebody-else");
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        const char *target = arena_printf(d->t->arena, "/admin/plugins/desk/%s", deeds[i]);
        assert_int_equal(post(d, target, NEEDED "&s_rows=20").status, 403);
    }
    assert_value(d, "t|1", "SELECT concat_ws('|', enabled, wanted_no) FROM core.plugin");
}

// ---- off and on

static void test_switched_off_and_on_again(void **state) {
    struct desk *d = *state;
    struct page p = get(d, "/admin/plugins/desk/off");
    assert_page(p, 200, "all of this is gone for everybody");
    assert_page(p, 200, "Scores bids");
    p = follow(d, post(d, "/admin/plugins/desk/off", ""));
    assert_page(p, 200, "is switched off.");
    assert_page(p, 200, "It is off. Nothing of it runs.");
    assert_page(p, 200, "href=\"/admin/plugins/desk/on\"");
    assert_page(get(d, "/admin/plugins/desk/off"), 200, "It is off already.");
    p = follow(d, post(d, "/admin/plugins/desk/on", NEEDED "&powers=pages"));
    assert_page(p, 200, "is switched on.");
    assert_page(p, 200, "It is working.");
    assert_value(d, "t|265|ACTIVE", "SELECT concat_ws('|', enabled, granted, state) FROM core.plugin");
}

static void test_the_first_look_says_that_a_plugin_is_trusted_code(void **state) {
    struct desk *d = *state;
    struct page p = get(d, "/admin/plugins/leaf/on");
    assert_page(p, 200, "A plugin is trusted code.");
    assert_page(p, 200, "Its file has not been opened yet");
    assert_page(p, 200, "Open the file");
    p = follow(d, post(d, "/admin/plugins/leaf/on", ""));
    assert_page(p, 200, "The file was opened.");
    assert_page(p, 200, "It is working."); // it asks for nothing
}

static void test_powers_are_offered_with_what_they_open(void **state) {
    struct desk *d = *state;
    assert_page(get(d, "/admin/plugins/desk/on"), 303, "/admin/plugins/desk/powers"); // it is on
    assert_int_equal(post(d, "/admin/plugins/desk/off", "").status, 303);
    dbtest_run(d->t->c, "UPDATE core.plugin SET granted = 9");
    struct page p = get(d, "/admin/plugins/desk/on");
    assert_page(p, 200, "value=\"read-suppliers\" checked");
    assert_page(p, 200, "value=\"write-scores\" checked");
    assert_page(p, 200, "Write scores (needed)");
    assert_page(p, 200, "It sees the register of suppliers");
    assert_page(p, 200, "value=\"jobs\" aria");
    assert_lacks(p, "value=\"notify\"");
}

static void test_a_missing_needed_power_is_refused_beside_the_boxes(void **state) {
    struct desk *d = *state;
    assert_int_equal(post(d, "/admin/plugins/desk/off", "").status, 303);
    struct page p = post(d, "/admin/plugins/desk/on", "powers=read-suppliers&powers=jobs");
    assert_page(p, 422, "id=\"powers-error\"");
    assert_page(p, 422, "cannot work unless it may write scores");
    assert_page(p, 422, "value=\"jobs\" checked");
    p = post(d, "/admin/plugins/desk/on", "powers=fly");
    assert_page(p, 422, "Select one of the answers shown");
    assert_value(d, "f", "SELECT enabled FROM core.plugin");
}

static void test_a_refusal_to_switch_off_is_said_before_and_after(void **state) {
    struct desk *d = *state;
    struct actor me = d->t->c->actor;
    market_publish(d->t->c);
    d->t->c->actor = me;
    struct page p = get(d, "/admin/plugins/desk/off");
    assert_page(p, 200, "scores the bids of the tender &quot;Lunches for three centres&quot;");
    assert_page(p, 200, "Look at this tender");
    assert_lacks(p, "govuk-button--warning");
    p = post(d, "/admin/plugins/desk/off", "");
    assert_page(p, 422, "There is a problem");
    assert_page(p, 422, "cannot be switched off while");
    p = post(d, "/admin/plugins/desk/powers", "powers=read-suppliers");
    assert_page(p, 422, "cannot lose the power to write scores");
    assert_value(d, "t|1", "SELECT concat_ws('|', enabled, wanted_no) FROM core.plugin");
}

static void test_powers_are_withdrawn_and_given_back(void **state) {
    struct desk *d = *state;
    struct page p = get(d, "/admin/plugins/desk/powers");
    assert_page(p, 200, "value=\"jobs\" checked");
    p = follow(d, post(d, "/admin/plugins/desk/powers", NEEDED));
    assert_page(p, 200, "has the powers you chose.");
    assert_page(p, 200, "May not");
    assert_page(p, 200, "It is working.");
    struct plugin_info now;
    assert_true(plugin_find(d->host, d->t->arena, "desk", &now));
    assert_int_equal(now.granted, ANC_CAP_READ_SUPPLIERS | ANC_CAP_WRITE_SCORES);
    p = follow(d, post(d, "/admin/plugins/desk/powers", "powers=read-suppliers")); // nobody needs it now
    assert_page(p, 200, "is not working: It needs the power");
    assert_page(p, 200, "Choose its powers and start it");
}

// ---- states

static void test_one_that_failed_shows_why_and_can_be_started_again(void **state) {
    struct desk *d = *state;
    struct page p = follow(d, post(d, "/admin/plugins/broken/on", ""));
    assert_page(p, 200, "It is noted, but broken is not working");
    assert_page(p, 200, "<h2 class=\"govuk-heading-s\">Reason</h2>");
    assert_page(p, 200, "Its start function gave up");
    assert_page(p, 200, "action=\"/admin/plugins/broken/again\"");
    p = follow(d, post(d, "/admin/plugins/broken/again", ""));
    assert_page(p, 200, "not working");
    assert_value(d, "2|2",
                 "SELECT concat_ws('|', wanted_no, handled_no) FROM core.plugin WHERE id = 'broken'");
}

static void test_one_that_was_taken_out_shows_why_and_is_started_again(void **state) {
    struct desk *d = *state;
    assert_err(d->t->c, plugin_admin_wait(d->t->c, "desk", 0, &(struct plugin_answer_now){0}), ERR_OK);
    d->idle = true;
    dbtest_run(d->t->c,
               "UPDATE core.plugin SET suspended_at = now(), suspended_reason = 'It failed five times "
               "<em>within</em> ten minutes.', handled_no = wanted_no");
    struct page p = get(d, "/admin/plugins/desk");
    assert_page(p, 200, ">Taken out</strong>");
    assert_page(p, 200, "It failed five times &lt;em&gt;within");
    assert_page(p, 200, "Start it again when it has been put right.");
    assert_page(get(d, "/admin/plugins"), 200, "1 to look at");
    d->idle = false;
    p = follow(d, post(d, "/admin/plugins/desk/again", ""));
    assert_page(p, 200, "was started again.");
    assert_page(p, 200, "It is working.");
}

// A result out of range, as often as it is asked for.
static void make_faults(struct desk *d, int n) {
    struct ctx *c = d->t->c;
    struct provider p;
    for (int i = 0; i < n; i++) {
        struct anc_bid bid = {.size = sizeof bid, .ref = "b", .max_points_milli = 1};
        struct anc_score score = {.size = sizeof score};
        c->plugins = plugin_host_pin(d->host);
        assert_true(provider_find(c->plugins, ANC_POINT_BID_SCORER, "desk", &p));
        enum err e = point_score(c, &p, &bid, &score);
        plugin_set_unpin(c->plugins);
        c->plugins = NULL;
        assert_int_not_equal(e, ERR_OK);
    }
}

static void test_faults_show_call_and_request(void **state) {
    struct desk *d = *state;
    make_faults(d, 2);
    struct page p = get(d, "/admin/plugins/desk");
    assert_page(p, 200, "Five within ten minutes take a plugin out.");
    assert_page(p, 200, "in the call <code>score</code>");
    assert_page(p, 200, arena_printf(d->t->arena, "<code>%s</code>", d->t->c->id));
    assert_page(get(d, "/admin/plugins"), 200,
                "Faults since the start</dt><dd class=\"anc-facts__value\">2</dd>");
}

static void test_five_faults_take_it_out_and_the_page_says_so(void **state) {
    struct desk *d = *state;
    make_faults(d, 5);
    while (strcmp(dbtest_value(d->t->c, "SELECT state FROM core.plugin"), "SUSPENDED") != 0) {
        sched_yield();
    }
    struct page p = get(d, "/admin/plugins/desk");
    assert_page(p, 200, ">Taken out</strong>");
    assert_page(p, 200, "It failed five times within ten minutes.");
    p = follow(d, post(d, "/admin/plugins/desk/again", ""));
    assert_page(p, 200, "It is working.");
}

static void test_one_with_a_call_still_running_is_finishing(void **state) {
    struct desk *d = *state;
    const struct plugin_set *held = plugin_host_pin(d->host); // as a long request does
    struct page p = follow(d, post(d, "/admin/plugins/desk/off", ""));
    assert_page(p, 200, "is switched off.");
    assert_page(p, 200, ">Finishing</strong>");
    assert_page(p, 200, "Calls that were running when it was switched off may still end.");
    plugin_set_unpin(held);
}

static void test_a_change_that_is_still_going_on_says_so_and_looks_again(void **state) {
    struct desk *d = *state;
    d->idle = true;
    struct page p =
        follow(d, post(d, "/admin/plugins/desk/settings", "s_greeting=Hello&s_open=1&s_order=name"));
    assert_page(p, 200, "The settings are saved. The server is still acting upon it.");
    assert_page(p, 200, ">Changing</strong>");
    assert_page(p, 200, "This page looks again by itself every two seconds");
    dbtest_run(d->t->c, "UPDATE core.plugin SET updated_at = now() - interval '2 minutes'");
    assert_page(get(d, "/admin/plugins/desk"), 200, "This takes longer than it should");
}

// ---- settings

#define REST "&s_open=1&s_order=name"

static void test_settings_are_asked_with_value_limits_and_default(void **state) {
    struct desk *d = *state;
    dbtest_run(d->t->c, "INSERT INTO core.plugin_setting VALUES ('desk', 'target', '4050')");
    struct page p = get(d, "/admin/plugins/desk/settings");
    assert_page(p, 200, "name=\"s_greeting\" type=\"text\" value=\"Good day\"");
    assert_page(p, 200, "Stands over the list &lt;script");
    assert_page(p, 200, "name=\"s_rows\" type=\"text\" value=\"12\"");
    assert_page(p, 200, "From 1 to 100. Leave it empty for 12.");
    assert_page(p, 200, "name=\"s_least\" type=\"text\" value=\"2500.00\"");
    assert_page(p, 200, "name=\"s_target\" type=\"text\" value=\"40.5\"");
    assert_page(p, 200, "govuk-input__suffix");
    assert_page(p, 200, "name=\"s_open\" type=\"radio\" value=\"1\" checked");
    assert_page(p, 200, "name=\"s_order\" type=\"radio\" value=\"name\" checked");
    assert_page(get(d, "/admin/plugins/desk"), 200, "the default is 31.9%");
}

static void test_what_was_typed_wrong_stays_with_its_sentence_beside_it(void **state) {
    struct desk *d = *state;
    static const struct {
        const char *form, *sentence, *kept;
    } cases[] = {
        {"s_greeting=Hi" REST, "must be 3 characters or more", "value=\"Hi\""},
        {"s_greeting=Hello&s_rows=101" REST, "Rows on a page must be from 1 to 100", "value=\"101\""},
        {"s_greeting=Hello&s_least=10,000.01" REST,
         "Least amount must be \xC2\xA3"
         "10,000.00 or less",
         "value=\"10,000.01\""},
        {"s_greeting=Hello&s_target=a third" REST, "Target must be a percentage, like 12 or 31.9",
         "value=\"a third\""},
        {"s_greeting=Hello&s_order=name", "Answer the question: Is the desk open?", "value=\"Hello\""},
        {"s_greeting=Hello&s_open=1&s_order=size", "Select one of the answers shown: order of the list",
         "value=\"Hello\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct page p = post(d, "/admin/plugins/desk/settings", cases[i].form);
        assert_page(p, 422, "There is a problem");
        assert_page(p, 422, cases[i].sentence);
        assert_page(p, 422, cases[i].kept);
    }
    assert_value(d, "0", "SELECT count(*) FROM core.plugin_setting");
    assert_value(d, "1", "SELECT wanted_no FROM core.plugin");
}

static void test_settings_are_saved_and_taken_up(void **state) {
    struct desk *d = *state;
    struct page p = follow(d, post(d, "/admin/plugins/desk/settings",
                                   "s_greeting=Hello&s_rows=1,0&s_least=\xC2\xA3"
                                   "99.90&s_target=40.5&s_open=0&s_order=day"));
    assert_page(p, 200, "The settings are saved.");
    assert_page(p, 200,
                "\xC2\xA3"
                "99.90");
    assert_page(p, 200, "By day");
    assert_page(p, 200, "It is working.");
    assert_value(d, "greeting=Hello least=9990 open=0 order=day rows=10 target=4050",
                 "SELECT string_agg(key || '=' || value, ' ' ORDER BY key) FROM core.plugin_setting");
    p = follow(d, post(d, "/admin/plugins/desk/settings",
                       "s_greeting=Hello&s_rows=&s_least=&s_target=&s_open=1&s_order=name"));
    assert_value(d, "greeting=Hello",
                 "SELECT string_agg(key || '=' || value, ' ' ORDER BY key) FROM core.plugin_setting");
    p = follow(d, post(d, "/admin/plugins/desk/settings", "s_greeting=Hello" REST));
    assert_page(p, 200, "Nothing was changed.");
}

static void test_words_typed_after_the_session_ended_are_there_after_signing_in(void **state) {
    struct desk *d = *state;
    struct visitor gone = d->admin;
    snprintf(gone.token, sizeof gone.token, "%064d", 7);
    struct page p =
        pagetest_post(&gone, "/admin/plugins/desk/settings", "s_greeting=Long typed&s_rows=77" REST);
    assert_int_equal(p.status, 401);
    const char *kept = strstr(p.body, "kept%3D");
    assert_non_null(kept);
    p = get(d, arena_printf(d->t->arena, "/admin/plugins/desk/settings?kept=%.*s", KEPT_ID_CHARS, kept + 7));
    assert_page(p, 200, "value=\"Long typed\"");
    assert_page(p, 200, "value=\"77\"");
}

static void test_a_plugin_without_settings_says_so(void **state) {
    struct desk *d = *state;
    assert_page(get(d, "/admin/plugins/leaf/settings"), 200, "Its file has not been opened yet");
    assert_int_equal(post(d, "/admin/plugins/leaf/on", "").status, 303);
    assert_page(get(d, "/admin/plugins/leaf/settings"), 200, "It has no settings.");
    assert_page(post(d, "/admin/plugins/leaf/settings", "s_rows=1"), 200, "It has no settings.");
}

#define PROMISE(t) cmocka_unit_test_setup_teardown(t, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROMISE(test_all_plugins_stand_in_a_list_with_state_and_powers),
        PROMISE(test_the_list_is_there_as_data),
        PROMISE(test_those_to_look_at_stand_first),
        PROMISE(test_without_plugins_the_list_says_what_to_do),
        PROMISE(test_one_plugin_shows_what_it_may_and_what_it_brings),
        PROMISE(test_words_of_plugins_are_only_words),
        PROMISE(test_an_unknown_plugin_has_no_pages),
        PROMISE(test_jobs_and_deliveries_show_how_they_went),
        PROMISE(test_only_administrators_see_or_change_plugins),
        PROMISE(test_forged_forms_change_nothing),
        PROMISE(test_switched_off_and_on_again),
        PROMISE(test_the_first_look_says_that_a_plugin_is_trusted_code),
        PROMISE(test_powers_are_offered_with_what_they_open),
        PROMISE(test_a_missing_needed_power_is_refused_beside_the_boxes),
        PROMISE(test_a_refusal_to_switch_off_is_said_before_and_after),
        PROMISE(test_powers_are_withdrawn_and_given_back),
        PROMISE(test_one_that_failed_shows_why_and_can_be_started_again),
        PROMISE(test_one_that_was_taken_out_shows_why_and_is_started_again),
        PROMISE(test_faults_show_call_and_request),
        PROMISE(test_five_faults_take_it_out_and_the_page_says_so),
        PROMISE(test_one_with_a_call_still_running_is_finishing),
        PROMISE(test_a_change_that_is_still_going_on_says_so_and_looks_again),
        PROMISE(test_settings_are_asked_with_value_limits_and_default),
        PROMISE(test_what_was_typed_wrong_stays_with_its_sentence_beside_it),
        PROMISE(test_settings_are_saved_and_taken_up),
        PROMISE(test_words_typed_after_the_session_ended_are_there_after_signing_in),
        PROMISE(test_a_plugin_without_settings_says_so),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
