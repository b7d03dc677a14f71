// SPDX-License-Identifier: Apache-2.0
// Promises of pages that plugins bring, through the real routes: the pledges of plugins/example from the
// empty list to the home page, and a plugin (plugin/looks.c) that tries to break the frame around it.
#include "base/day.h"
#include "cli/assemble.h"
#include "plugin/calls.h"
#include "plugin/host.h"
#include "support/market.h"
#include "support/pagetest.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLEDGE  "We will spend 30% of our food budget with local suppliers"
#define HOSTILE "<script>alert(\"1\")</script>&'"
#define LOOKS   BINARY_DIR "/tests/looks"

static struct arena *frame_arena, *app_arena; // what all tests use; what this one made
static const struct template_set *base;
static char copies[64];
static struct plugin_host *host;
static const struct app *app;

static int set_up(void **state) {
    char why[300] = "";
    snprintf(copies, sizeof copies, "%s/anchorage-test-XXXXXX", P_tmpdir);
    if (!mkdtemp(copies) || dbtest_group_setup(state) != 0) {
        return -1;
    }
    frame_arena = arena_new((size_t)64 * 1024 * 1024);
    const struct frame *frame = frame_new(frame_arena, why, sizeof why);
    base = frame ? frame_templates(frame) : NULL;
    return base ? 0 : -1;
}

static int tear_down(void **state) {
    DIR *d = opendir(copies);
    for (const struct dirent *e; d && (e = readdir(d));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", copies, e->d_name);
        unlink(path);
    }
    if (d) {
        closedir(d);
    }
    rmdir(copies);
    arena_free(frame_arena);
    return dbtest_group_teardown(state);
}

static void end_program(void) {
    arena_free(app_arena); // and the app in it
    plugin_host_close(host);
    app_arena = NULL;
    host = NULL;
}

// The program as it is with these plugins.
static void start_program(struct dbtest *t, const char *dir, const char *list) {
    end_program();
    host = plugin_host_read(dir, list);
    plugin_host_check(host, copies, base);
    plugin_host_start(host, t->c);
    app_arena = arena_new((size_t)64 * 1024 * 1024);
    app = pagetest_app(app_arena, host);
    t->c->plugins = plugin_host_now(host);
}

static const char *reason_of(struct dbtest *t, const char *id) {
    struct plugin_info info;
    return plugin_find(host, t->arena, id, &info) ? info.reason : "it is not there";
}

static int test_begin(void **state) {
    if (dbtest_setup(state) != 0) {
        return -1;
    }
    struct dbtest *t = *state;
    market_fill(t->c);
    dbtest_run(t->c, "UPDATE core.membership SET role = 'officer' WHERE role = 'buyer'");
    start_program(t, BINARY_DIR "/plugins", "example");
    if (*reason_of(t, "example")) {
        print_error("example: %s\n", reason_of(t, "example"));
        return -1;
    }
    return 0;
}

static int test_end(void **state) {
    end_program();
    return dbtest_teardown(state);
}

static const char *in_days(struct dbtest *t, int32_t days) {
    struct civil d;
    civil_from_day(london_day(t->c->now_usec) + days, &d);
    return arena_printf(t->arena, "due-day=%d&due-month=%d&due-year=%d", d.day, d.month, d.year);
}

static struct page publish(struct visitor *v, const char *words, int32_t days) {
    return pagetest_post(v, "/x/example/new",
                         arena_printf(v->t->arena, "words=%s&%s", words, in_days(v->t, days)));
}

static const char *stored(struct dbtest *t) {
    return dbtest_value(t->c, "SELECT count(*) FROM plg_example.pledge");
}

// Straight into the plugin's table; days from today. The new pledge's number.
static const char *add(struct dbtest *t, const char *anchor, const char *words, int days) {
    return dbtest_value(t->c,
                        "INSERT INTO plg_example.pledge (anchor_ref, words, due_on) VALUES ('%s', $w$%s$w$, "
                        "(now() AT TIME ZONE 'Europe/London')::date + %d) RETURNING id",
                        anchor, words, days);
}

static void assert_lacks(struct page p, const char *words) {
    if (strstr(p.body, words)) {
        print_error("\"%s\" stands in\n%s\n", words, p.body);
        fail();
    }
}

static size_t how_often(const char *text, const char *words) {
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, words)); p++) {
        n++;
    }
    return n;
}

// ---- pledges ------------------------------------------------------------------------------------------

static void test_an_empty_list_says_why_and_shows_no_panel(void **state) {
    struct dbtest *t = *state;
    struct visitor anybody = pagetest_visitor(app, t, NULL);
    struct page p = pagetest_get(&anybody, "/x/example");
    assert_page(p, 200, "No pledge has been made yet");
    assert_page(p, 200, "<title>Pledges - Exampleton marketplace</title>");
    assert_page(p, 200, "href=\"/x/example\" aria-current=\"page\">Pledges</a>");
    assert_lacks(p, "Publish a pledge");
    assert_lacks(pagetest_get(&anybody, "/"), "From the plugin");
}

static void test_what_an_officer_publishes_everybody_reads(void **state) {
    struct dbtest *t = *state;
    struct visitor officer = pagetest_visitor(app, t, "council"), anybody = pagetest_visitor(app, t, NULL);
    assert_page(pagetest_get(&officer, "/x/example"), 200, "href=\"/x/example/new\"");
    assert_page(pagetest_get(&officer, "/x/example/new"), 200,
                "<title>Publish a pledge - Pledges - Exampleton marketplace</title>");
    assert_page(publish(&officer, PLEDGE, 400), 303, "/x/example");
    struct page p = pagetest_get(&officer, "/x/example");
    assert_page(p, 200, "The pledge is published.");
    assert_page(p, 200, "Take back<span");
    p = pagetest_get(&anybody, "/x/example");
    assert_page(p, 200, PLEDGE);
    assert_page(p, 200, "Body council");
    assert_page(p, 200, "1 pledge, 1 still running");
    assert_lacks(p, "Take back");
    assert_lacks(p, "The pledge is published.");
}

static void test_the_home_page_shows_how_many_run_and_which_is_next(void **state) {
    struct dbtest *t = *state;
    struct visitor anybody = pagetest_visitor(app, t, NULL);
    char words[DAY_TEXT_BYTES];
    add(t, "council", "Later: 2 more jobs", 300);
    add(t, "hospital", "Sooner: 1 more job", 200);
    day_words(london_day(t->c->now_usec) + 200, words);
    struct page p = pagetest_get(&anybody, "/");
    assert_page(p, 200, "id=\"slot-1\">Pledges</h2>");
    assert_page(p, 200, "<span class=\"anc-figure__value\">2</span>");
    assert_page(p, 200, arena_printf(t->arena, "anc-figure__value--exact\">%s</span>", words));
    assert_page(p, 200, "href=\"/x/example\">Sooner: 1 more job</a>");
    assert_page(p, 200, "From the plugin: Pledges");
    assert_true(strstr(p.body, "Sooner: 1") < strstr(p.body, "Later: 2"));
}

static void test_mistakes_stand_beside_their_field_and_what_was_typed_stays(void **state) {
    struct dbtest *t = *state;
    struct visitor officer = pagetest_visitor(app, t, "council");
    struct page p = publish(&officer, "We will spend more \"here\"", -1);
    assert_page(p, 422, "id=\"words-error\"");
    assert_page(p, 422, "Say how much or how many with a number");
    assert_page(p, 422, "The day must be after today");
    assert_page(p, 422, ">We will spend more &quot;here&quot;</textarea>");
    assert_page(p, 422, "<title>Error: Publish a pledge");
    assert_page(publish(&officer, PLEDGE, 3660), 422, "within the next 10 years");
    char *many = arena_alloc(t->arena, 202); // of characters the setting allows 200
    memset(many, '1', 201);
    assert_page(publish(&officer, many, 9), 422, "The most characters it may have: 200");
    assert_page(pagetest_post(&officer, "/x/example/new", "words= &due-day=30&due-month=2&due-year=2027"),
                422, "Write what your organisation pledges");
    assert_page(
        pagetest_post(&officer, "/x/example/new", "words=" PLEDGE "&due-day=30&due-month=2&due-year=2027"),
        422, "id=\"due-error\"");
    assert_string_equal(stored(t), "0");
}

static void test_the_same_pledge_is_made_once(void **state) {
    struct dbtest *t = *state;
    struct visitor council = pagetest_visitor(app, t, "council"),
                   hospital = pagetest_visitor(app, t, "hospital");
    assert_page(publish(&council, PLEDGE, 400), 303, "/x/example");
    assert_page(publish(&council, PLEDGE, 300), 422, "has made this pledge already");
    assert_page(publish(&hospital, PLEDGE, 300), 303, "/x/example");
    assert_string_equal(stored(t), "2");
}

static void test_how_long_a_pledge_may_be_is_the_operators_choice(void **state) {
    struct dbtest *t = *state;
    dbtest_run(t->c,
               "INSERT INTO core.plugin_setting (plugin, key, value) VALUES ('example', 'longest', '50')");
    start_program(t, BINARY_DIR "/plugins", "example");
    struct visitor officer = pagetest_visitor(app, t, "council");
    assert_page(publish(&officer, PLEDGE, 400), 422, "The most characters it may have: 50");
}

static void test_only_officers_publish(void **state) {
    struct dbtest *t = *state;
    struct visitor anybody = pagetest_visitor(app, t, NULL), firm = pagetest_visitor(app, t, "brook");
    assert_page(pagetest_get(&anybody, "/x/example/new"), 303, "/sign-in?next=/x/example/new");
    assert_page(publish(&anybody, PLEDGE, 400), 401, "You need to sign in");
    assert_page(pagetest_get(&firm, "/x/example/new"), 403, NULL);
    assert_page(publish(&firm, PLEDGE, 400), 403, NULL);
    dbtest_run(t->c, "UPDATE core.membership SET role = 'buyer' WHERE role = 'officer'");
    struct visitor buyer = pagetest_visitor(app, t, "council");
    assert_lacks(pagetest_get(&buyer, "/x/example"), "Publish a pledge");
    assert_page(publish(&buyer, PLEDGE, 400), 403, NULL);
    assert_string_equal(stored(t), "0");
}

static void test_only_the_anchor_itself_takes_a_pledge_back(void **state) {
    struct dbtest *t = *state;
    struct visitor council = pagetest_visitor(app, t, "council"),
                   hospital = pagetest_visitor(app, t, "hospital");
    const char *path = arena_printf(t->arena, "/x/example/%s/take-back", add(t, "council", PLEDGE, 90));
    assert_page(pagetest_get(&hospital, path), 404, NULL);
    assert_page(pagetest_post(&hospital, path, ""), 404, NULL);
    assert_lacks(pagetest_get(&hospital, "/x/example"), "Take back<span");
    assert_string_equal(stored(t), "1");
    assert_page(pagetest_get(&council, path), 200, PLEDGE);
    assert_string_equal(stored(t), "1"); // looking takes nothing back
    assert_page(pagetest_post(&council, path, ""), 303, "/x/example");
    assert_page(pagetest_get(&council, "/x/example"), 200, "The pledge is taken back.");
    assert_page(pagetest_post(&council, path, ""), 404, NULL);
    assert_string_equal(stored(t), "0");
}

static void test_a_form_without_its_secret_changes_nothing(void **state) {
    struct dbtest *t = *state;
    struct visitor forger = pagetest_visitor(app, t, "council");
    const char *id = add(t, "council", "Kept: 1 job", 90);
    snprintf(forger.csrf, sizeof forger.csrf, "%064d", 0);
    assert_page(publish(&forger, PLEDGE, 400), 403, "We could not check that you sent this form");
    assert_page(pagetest_post(&forger, arena_printf(t->arena, "/x/example/%s/take-back", id), ""), 403, NULL);
    assert_string_equal(stored(t), "1");
}

static void test_words_typed_before_the_session_ended_are_there_after_signing_in(void **state) {
    struct dbtest *t = *state;
    struct visitor officer = pagetest_visitor(app, t, "council"), lost = {.app = app, .t = t};
    struct page p = publish(&lost, PLEDGE, 400);
    const char *at = strstr(p.body, "kept%3D");
    assert_page(p, 401, "next=/x/example/new%3Fkept%3D");
    const char *target = arena_printf(t->arena, "/x/example/new?kept=%.32s", at + strlen("kept%3D"));
    p = pagetest_get(&officer, target);
    assert_page(p, 200, ">" PLEDGE "</textarea>");
    assert_lacks(p, "govuk-error-summary");
    assert_lacks(pagetest_get(&officer, target), PLEDGE "</textarea>"); // once
}

static void test_hostile_words_are_shown_as_words_in_every_place(void **state) {
    struct dbtest *t = *state;
    const char *escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;";
    dbtest_run(t->c, "UPDATE core.organisation SET name = $w$Body %s$w$ WHERE ref = 'council'", HOSTILE);
    const char *path =
        arena_printf(t->arena, "/x/example/%s/take-back", add(t, "council", "{{csrf}} 1 " HOSTILE, 90));
    struct visitor officer = pagetest_visitor(app, t, "council");
    const char *const pages[] = {"/", "/x/example", path};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct page p = pagetest_get(&officer, pages[i]);
        assert_page(p, 200, escaped);
        assert_page(p, 200, "{{csrf}}");
        assert_lacks(p, "<script>alert");
    }
    struct page p = publish(&officer, "<script>alert(\"no number\")</script>", 90);
    assert_page(p, 422, ">&lt;script&gt;alert(&quot;no number&quot;)&lt;/script&gt;</textarea>");
    assert_lacks(p, "<script>alert");
}

static void test_what_is_not_there_is_not_found(void **state) {
    struct dbtest *t = *state;
    struct visitor officer = pagetest_visitor(app, t, "council");
    const char *const none[] = {"/x/example/999/take-back", "/x/example/abc/take-back",
                                "/x/example/'; DROP TABLE pledge --/take-back",
                                "/x/example/99999999999999999999/take-back"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_page(pagetest_get(&officer, none[i]), 404, "Page not found");
    }
    const struct route *found;
    const char *params[4], *allow = "";
    char scratch[64];
    assert_int_equal(router_find(app->router, "GET", "/x/example/nothing", scratch, &found, params, &allow),
                     ERR_NOT_FOUND);
}

static void test_long_words_and_many_pledges_are_all_there(void **state) {
    struct dbtest *t = *state;
    struct visitor anybody = pagetest_visitor(app, t, NULL);
    char *many = arena_alloc(t->arena, 201);
    memset(many, 'm', 199);
    many[199] = '1';
    add(t, "hospital", many, 1);
    dbtest_run(t->c, "UPDATE core.organisation SET name = repeat('Long', 40) WHERE ref = 'hospital'");
    dbtest_run(t->c,
               "INSERT INTO plg_example.pledge (anchor_ref, words, due_on) SELECT 'council', 'Pledge ' || n, "
               "current_date + n FROM generate_series(2, 600) n");
    struct page p = pagetest_get(&anybody, "/x/example");
    assert_page(p, 200, many);
    assert_page(p, 200, "LongLongLong");
    assert_page(p, 200, "600 pledges, 600 still running");
    assert_int_equal(how_often(p.body, "class=\"anc-card\""), 500);
}

static void test_a_day_that_passes_is_marked_by_the_job(void **state) {
    struct dbtest *t = *state;
    struct visitor anybody = pagetest_visitor(app, t, NULL);
    add(t, "council", "Past: 1 job", -1);
    add(t, "council", "Today: 1 job", 0);
    assert_err(t->c, plugin_job_run(t->c, "example", "mark_past"), ERR_OK);
    struct page p = pagetest_get(&anybody, "/x/example");
    assert_page(p, 200, "2 pledges, 1 still running");
    assert_int_equal(how_often(p.body, "Day has passed"), 1);
    assert_true(strstr(p.body, "Today: 1") < strstr(p.body, "Past: 1"));
    assert_lacks(pagetest_get(&anybody, "/"), "Past: 1 job");
    dbtest_run(t->c, "UPDATE plg_example.pledge SET is_over = true");
    assert_lacks(pagetest_get(&anybody, "/"), "From the plugin");
}

static void test_of_a_plugin_that_is_switched_off_nothing_is_left(void **state) {
    struct dbtest *t = *state;
    struct visitor with = pagetest_visitor(app, t, NULL);
    const char *home = pagetest_get(&with, "/").body; // nothing pledged: no panel, but a menu entry
    add(t, "council", PLEDGE, 90);
    assert_page(pagetest_get(&with, "/"), 200, PLEDGE);
    dbtest_run(t->c, "UPDATE core.plugin SET enabled = false WHERE id = 'example'");
    start_program(t, BINARY_DIR "/plugins", "example");
    struct visitor anybody = pagetest_visitor(app, t, NULL);
    struct page p = pagetest_get(&anybody, "/");
    assert_lacks(p, "Pledges");
    assert_lacks(p, PLEDGE);
    const char *entry = "<li><a class=\"anc-nav__link\" href=\"/x/example\">Pledges</a></li>\n";
    const char *at = strstr(home, entry);
    assert_non_null(at);
    assert_string_equal(p.body, arena_printf(t->arena, "%.*s%s", (int)(at - home), home, at + strlen(entry)));
    const struct route *found;
    const char *params[4], *allow = "";
    char scratch[64];
    assert_int_equal(router_find(app->router, "GET", "/x/example", scratch, &found, params, &allow),
                     ERR_NOT_FOUND);
}

// ---- a plugin that does what it can ------------------------------------------------------------------

static void looks(struct dbtest *t) {
    start_program(t, LOOKS, "looks");
    assert_string_equal(reason_of(t, "looks"), "");
}

static void test_nothing_that_a_page_puts_reaches_the_frame(void **state) {
    struct dbtest *t = *state;
    looks(t);
    struct visitor anybody = pagetest_visitor(app, t, NULL);
    struct page p = pagetest_get(&anybody, "/x/looks");
    assert_page(p, 200, "<html lang=\"en\" ");
    assert_page(p, 200, ">Opportunities</a>");
    assert_page(p, 200, "<span class=\"anc-header__place\">Exampleton</span>");
    assert_page(p, 200, "<p class=\"anc-footer__org\">The operator</p>");
    assert_page(p, 200, "<h1>&lt;script&gt;");
    assert_page(p, 200, "Hello from &lt;script&gt;");
    assert_page(p, 200, "<p>Row of &lt;script&gt;");
    assert_page(p, 200, "<a href=\"#\">x</a>");
    assert_page(p, 200,
                "<title>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39; - Looks &amp; more - ");
    assert_lacks(p, "<script>alert");
    assert_lacks(p, "javascript:alert");
}

static void test_panels_stand_in_every_place_and_know_what_they_are_about(void **state) {
    struct dbtest *t = *state;
    dbtest_run(
        t->c, "UPDATE core.membership SET role = 'buyer' WHERE role = 'officer' AND org_id = (SELECT id FROM "
              "core.organisation WHERE ref = 'council')");
    const char *ref = market_publish(t->c);
    looks(t);
    struct visitor anybody = pagetest_visitor(app, t, NULL), buyer = pagetest_visitor(app, t, "council"),
                   officer = pagetest_visitor(app, t, "hospital");
    struct page p = pagetest_get(&anybody, "/");
    assert_page(p, 200, "From the plugin: Looks &amp; more");
    assert_page(p, 200, "<span class=\"anc-figure__value\">1,234</span>");
    assert_true(strstr(p.body, ">First</h2>") < strstr(p.body, ">Second &lt;script&gt;"));
    assert_lacks(p, "<script>alert");
    assert_lacks(p, "Nothing to say");
    assert_lacks(p, "It failed");
    assert_lacks(p, "never shown");
    assert_page(pagetest_get(&anybody, "/suppliers/brook"), 200, "about [brook]");
    const char *about = arena_printf(t->arena, "about [%s]", ref);
    assert_page(pagetest_get(&anybody, arena_printf(t->arena, "/opportunities/%s", ref)), 200, about);
    assert_page(pagetest_get(&buyer, arena_printf(t->arena, "/buyer/notices/%s", ref)), 200, about);
    assert_page(pagetest_get(&officer, "/officer"), 200, "about []");
    assert_page(pagetest_get(&officer, "/account"), 200, "about []");
}

static void test_a_panel_can_stand_on_a_page_of_its_own(void **state) {
    struct dbtest *t = *state;
    looks(t);
    struct visitor anybody = pagetest_visitor(app, t, NULL);
    struct page p = pagetest_get(&anybody, "/x/looks/panel");
    assert_page(p, 200, "£1,234.56 exactly.");
    assert_page(p, 200, "31.9%");
    assert_page(p, 200, "Not known");
    assert_page(p, 200, "<td class=\"govuk-table__cell govuk-table__cell--numeric\">7</td>");
    assert_lacks(p, "<script>alert");
    assert_lacks(p, "<svg class=\"anc-chart"); // bars of a column that is not there
}

static void test_answers_that_cannot_be_are_told_as_a_fault(void **state) {
    struct dbtest *t = *state;
    looks(t);
    struct visitor anybody = pagetest_visitor(app, t, NULL);
    assert_page(pagetest_get(&anybody, "/x/looks/one/shown"), 200, "x");
    assert_page(pagetest_get(&anybody, "/x/looks/one/missing"), 404, "Page not found");
    assert_page(pagetest_get(&anybody, "/x/looks/one/denied"), 403, "You cannot open this page");
    struct page away = pagetest_get(&anybody, "/x/looks/one/away");
    assert_page(away, 500, NULL);
    assert_string_equal(away.location, "");
    assert_page(pagetest_get(&anybody, "/x/looks/one/core"), 500, NULL);
    assert_page(pagetest_get(&anybody, "/x/looks/one/anything"), 500, NULL);
}

static void test_at_most_eight_menu_entries_come_from_plugins(void **state) {
    struct dbtest *t = *state;
    looks(t);
    struct visitor anybody = pagetest_visitor(app, t, NULL);
    struct page p = pagetest_get(&anybody, "/suppliers");
    assert_int_equal(how_often(p.body, "<a class=\"anc-nav__link\" href=\"/x/looks\""), 8);
    assert_page(p, 200, "wraps on every phone");
    assert_page(p, 200, "&lt;b&gt;Two&lt;/b&gt;");
    assert_true(strstr(p.body, ">Spend</a>") < strstr(p.body, ">Three</a>"));
    assert_lacks(p, ">Nine</a>");
}

static void test_a_template_or_form_that_does_not_do_is_named_with_its_line(void **state) {
    struct dbtest *t = *state;
    static const char *const rows[][2] = {
        {"looks_layout", "templates/layout.html: the server has a template of this name."},
        {"looks_template", "templates/broken.html:2: "},
        {"looks_form", "forms/ask.form:3: "},
        {"looks_file", "Its form \"ask\" asks for a file"},
    };
    start_program(t, LOOKS, "looks,looks_layout,looks_template,looks_form,looks_file");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *reason = reason_of(t, rows[i][0]);
        if (!strstr(reason, rows[i][1])) {
            fail_msg("%s: \"%s\" lacks \"%s\"", rows[i][0], reason, rows[i][1]);
        }
    }
    struct visitor anybody = pagetest_visitor(app, t, NULL);
    assert_page(pagetest_get(&anybody, "/x/looks"), 200, "Hello from"); // the good one stands
}

#define T(f) cmocka_unit_test_setup_teardown(f, test_begin, test_end)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_an_empty_list_says_why_and_shows_no_panel),
        T(test_what_an_officer_publishes_everybody_reads),
        T(test_the_home_page_shows_how_many_run_and_which_is_next),
        T(test_mistakes_stand_beside_their_field_and_what_was_typed_stays),
        T(test_the_same_pledge_is_made_once),
        T(test_how_long_a_pledge_may_be_is_the_operators_choice),
        T(test_only_officers_publish),
        T(test_only_the_anchor_itself_takes_a_pledge_back),
        T(test_a_form_without_its_secret_changes_nothing),
        T(test_words_typed_before_the_session_ended_are_there_after_signing_in),
        T(test_hostile_words_are_shown_as_words_in_every_place),
        T(test_what_is_not_there_is_not_found),
        T(test_long_words_and_many_pledges_are_all_there),
        T(test_a_day_that_passes_is_marked_by_the_job),
        T(test_of_a_plugin_that_is_switched_off_nothing_is_left),
        T(test_nothing_that_a_page_puts_reaches_the_frame),
        T(test_panels_stand_in_every_place_and_know_what_they_are_about),
        T(test_a_panel_can_stand_on_a_page_of_its_own),
        T(test_answers_that_cannot_be_are_told_as_a_fault),
        T(test_at_most_eight_menu_entries_come_from_plugins),
        T(test_a_template_or_form_that_does_not_do_is_named_with_its_line),
    };
    return cmocka_run_group_tests_name("plugin_pages", tests, set_up, tear_down);
}
