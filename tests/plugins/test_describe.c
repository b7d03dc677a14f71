// SPDX-License-Identifier: Apache-2.0
// Promises of the check of a description: whatever is not as it should be is named, and nothing else is
// refused.
#include "base/arena.h"
#include "plugin/describe.h"
#include "plugin/plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// ---- a plugin with a row in every table

static anc_rc judge(anc_ctx *x, const struct anc_supplier *f, struct anc_tag *t, void *s) {
    (void)x, (void)f, (void)t, (void)s;
    return ANC_OK;
}
static anc_rc score(anc_ctx *x, const struct anc_bid *b, struct anc_score *r, void *s) {
    (void)x, (void)b, (void)r, (void)s;
    return ANC_OK;
}
static anc_rc page(anc_ctx *x, void *s) {
    (void)x, (void)s;
    return ANC_OK;
}
static anc_rc fill(anc_ctx *x, const char *ref, anc_panel *p, void *s) {
    (void)x, (void)ref, (void)p, (void)s;
    return ANC_OK;
}
static anc_rc run(anc_ctx *x, uint32_t n, const char *const *w, anc_sink *o, anc_report *r, void *s) {
    (void)x, (void)n, (void)w, (void)o, (void)r, (void)s;
    return ANC_OK;
}
static anc_rc told(anc_ctx *x, const struct anc_event *e, void *s) {
    (void)x, (void)e, (void)s;
    return ANC_OK;
}

struct full {
    struct anc_plugin a;
    struct anc_dependency needs[2];
    struct anc_setting settings[3];
    struct anc_migration steps[2];
    struct anc_sql sql[2];
    struct anc_template templates[2];
    struct anc_form forms[1];
    struct anc_text texts[2];
    struct anc_route routes[3];
    struct anc_menu menu[1];
    struct anc_page_panel panels[1];
    struct anc_verb verbs[2];
    struct anc_job jobs[2];
    struct anc_filter filters[1];
    struct anc_notification notes[2];
    struct anc_provider providers[2];
    struct anc_supplier_tagger tagger;
    struct anc_bid_scorer scorer;
    struct anc_measure measures[2];
};

static const char note_form[] = "form note\nfield text\n  type text\n  label What do you want to say?\n";

static void fill_small(struct full *f) {
    f->needs[0] = (struct anc_dependency){"first", 1};
    f->needs[1] = (struct anc_dependency){"second", 1};
    f->settings[0] = (struct anc_setting){.key = "limit",
                                          .kind = ANC_SETTING_NUMBER,
                                          .dflt = "5",
                                          .min = 1,
                                          .max = 10,
                                          .title = "Limit",
                                          .help = ""};
    f->settings[1] = (struct anc_setting){
        .key = "name", .kind = ANC_SETTING_TEXT, .dflt = "", .title = "Name", .help = ""};
    f->settings[2] = (struct anc_setting){.key = "colour",
                                          .kind = ANC_SETTING_CHOICE,
                                          .dflt = "red",
                                          .title = "Colour",
                                          .help = "",
                                          .choices = "red|Red as a rose\nblue|Blue"};
    f->steps[0] = (struct anc_migration){1, "0001_one.sql", "CREATE TABLE a (x text);"};
    f->steps[1] = (struct anc_migration){2, "0002_two.sql", "CREATE TABLE b (x text)"};
    f->sql[0] = (struct anc_sql){"one", "SELECT $1::text, $2::text", 2};
    f->sql[1] = (struct anc_sql){"two", "INSERT INTO a VALUES ('x;')", 0};
    f->texts[0] = (struct anc_text){"hello", "Hello"};
    f->texts[1] = (struct anc_text){"bye", "Goodbye"};
}

static void fill_pages(struct full *f) {
    f->templates[0] = (struct anc_template){"list", "<p>", 3};
    f->templates[1] = (struct anc_template){"one", "<p>", 3};
    f->forms[0] = (struct anc_form){"note", note_form};
    f->routes[0] = (struct anc_route){"GET", "/x/full", ANC_PERM_PUBLIC, "-", ANC_ROUTE_KEEP, page};
    f->routes[1] = (struct anc_route){"GET", "/x/full/{ref}/edit", ANC_PERM_BUYER, "note", 0, page};
    f->routes[2] = (struct anc_route){"POST", "/x/full/{ref}/edit", ANC_PERM_BUYER, "note", 0, page};
    f->menu[0] = (struct anc_menu){"Full", "/x/full", ANC_PERM_PUBLIC};
    f->panels[0] = (struct anc_page_panel){ANC_SLOT_HOME, 1, "A panel", fill};
    f->verbs[0] = (struct anc_verb){"list-all", "", "Lists all.", run};
    f->verbs[1] = (struct anc_verb){"load", "FILE", "Loads.", run};
    f->jobs[0] = (struct anc_job){"sweep", "Sweeping", 10, 600000, page};
    f->jobs[1] = (struct anc_job){"count", "Counting", 60, 1, page};
    f->filters[0] = (struct anc_filter){ANC_EVENT_NOTICE_PUBLISHING, 1, told};
    f->notes[0] = (struct anc_notification){ANC_EVENT_NOTICE_PUBLISHED, told};
    f->notes[1] = (struct anc_notification){ANC_EVENT_AWARDED, told};
}

static struct full *full(void) {
    static struct full f;
    memset(&f, 0, sizeof f);
    f.tagger = (struct anc_supplier_tagger){sizeof f.tagger, "t", "T", judge};
    f.measures[0] = (struct anc_measure){"m1", "One", "each", ""};
    f.measures[1] = (struct anc_measure){"m2", "Two", "each", ""};
    f.scorer = (struct anc_bid_scorer){.size = sizeof f.scorer,
                                       .method = "m",
                                       .version = "1",
                                       .title = "T",
                                       .measures = ANC_TABLE(f.measures),
                                       .score = score};
    f.providers[0] = (struct anc_provider){ANC_POINT_SUPPLIER_TAGGER, "t", &f.tagger};
    f.providers[1] = (struct anc_provider){ANC_POINT_BID_SCORER, "s", &f.scorer};
    fill_small(&f);
    fill_pages(&f);
    f.a = (struct anc_plugin){ANC_PLUGIN_HEAD,
                              .id = "full",
                              .title = "Full",
                              .summary = "Has everything.",
                              .license = "Apache-2.0",
                              .version = ANC_VERSION(1, 2, 3),
                              .wants = ANC_CAP_WRITE_TAGS,
                              .wants_optional = ANC_CAP_ALL & ~ANC_CAP_WRITE_TAGS,
                              .dependencies = ANC_TABLE(f.needs),
                              .settings = ANC_TABLE(f.settings),
                              .migrations = ANC_TABLE(f.steps),
                              .sql = ANC_TABLE(f.sql),
                              .templates = ANC_TABLE(f.templates),
                              .forms = ANC_TABLE(f.forms),
                              .texts = ANC_TABLE(f.texts),
                              .routes = ANC_TABLE(f.routes),
                              .menu = ANC_TABLE(f.menu),
                              .panels = ANC_TABLE(f.panels),
                              .verbs = ANC_TABLE(f.verbs),
                              .jobs = ANC_TABLE(f.jobs),
                              .filters = ANC_TABLE(f.filters),
                              .notifications = ANC_TABLE(f.notes),
                              .providers = ANC_TABLE(f.providers)};
    return &f;
}

// ---- checking

static struct plugin *now;

static bool describes(const struct anc_plugin *a) {
    if (now) {
        plugin_free(now);
    }
    now = plugin_new(NULL, "full");
    return plugin_describe(now, a);
}

// A case: what is spoilt, and words of the reason. The functions below give the i-th case, NULL after the
// last.
#define BAD(words, ...)                                                                                      \
    if (i-- == 0) {                                                                                          \
        __VA_ARGS__;                                                                                         \
        return (words);                                                                                      \
    }

static void all_refused(const char *(*spoil)(struct full *f, int i)) {
    for (int i = 0;; i++) {
        struct full *f = full();
        const char *words = spoil(f, i);
        if (!words) {
            assert_true(i > 0);
            break;
        }
        if (describes(&f->a)) {
            fail_msg("case %d was taken: %s", i, words);
        }
        if (!strstr(now->reason, words)) {
            fail_msg("case %d says: %s (not: %s)", i, now->reason, words);
        }
    }
}

static const char *spoil_head(struct full *f, int i) {
    struct anc_plugin *a = &f->a;
    BAD("magic number is 0x00000007", a->magic = 7)
    BAD("built for ABI 2.0, this server has 1.0. Update the server.", a->abi_major = 2)
    BAD("built for ABI 0.9, this server has 1.0. Build it again", a->abi_major = 0; a->abi_minor = 9)
    BAD("Update the server", a->abi_minor++)
    BAD("Its description has 24 bytes", a->size = 24)
    BAD("at least", a->size = (uint32_t)offsetof(struct anc_plugin, providers))
    BAD("built for \"c17-ilp32\"", memcpy(a->abi_extra, "c17-ilp32", 10))
    BAD("Its id \"?\" must have", a->id = NULL)
    BAD("Its id \"Full\" must have", a->id = "Full")
    BAD("calls itself other", a->id = "other")
    BAD("lacks a title", a->title = NULL)
    BAD("lacks a title", a->title = "two\nlines")
    BAD("lacks a title", a->title = "not \xff UTF-8")
    BAD("lacks a summary", a->summary = "")
    BAD("lacks a licence", a->license = "")
    BAD("a power (number 40)", a->wants |= 1ull << 40)
    BAD("says 2 rows and has none", a->sql.rows = NULL)
    BAD("have 8 bytes, at least", a->routes.row_size = 8)
    BAD("at most 256 are taken", a->sql.count = 257)
    BAD("does not name a plugin", f->needs[0].id = "A b")
    BAD("needs itself", f->needs[0].id = "full")
    BAD("names the plugin first twice", f->needs[1].id = "first")
    BAD("has no proper key", f->texts[0].key = "Hello")
    BAD("two texts with the key \"hello\"", f->texts[1].key = "hello")
    return NULL;
}

static void the_first_thing_of_the_head_that_differs_is_named(void **state) {
    (void)state;
    all_refused(spoil_head);
}

static const char *spoil_settings(struct full *f, int i) {
    struct anc_setting *s = f->settings;
    BAD("has no proper key", s[0].key = "Limit")
    BAD("two settings called \"limit\"", s[1].key = "limit")
    BAD("kind (9)", s[0].kind = 9)
    BAD("has no title", s[0].title = "")
    BAD("has no help", s[0].help = NULL)
    BAD("limits of its setting", s[0].min = 11)
    BAD("default \"11\" of its setting \"limit\"", s[0].dflt = "11")
    BAD("default \"5x\"", s[0].dflt = "5x")
    BAD("default \"\"", s[0].dflt = NULL)
    BAD("default \"green\"", s[2].dflt = "green")
    BAD("default \"re\"", s[2].dflt = "re")
    BAD("has no choices", s[2].choices = NULL)
    BAD("value|Words", s[2].choices = "red")
    BAD("default \"2\"", (s[1].kind = ANC_SETTING_YES_NO, s[1].dflt = "2"))
    BAD("too long a text", s[1].max = 100000)
    return NULL;
}

static void a_setting_whose_default_does_not_fit_is_refused(void **state) {
    (void)state;
    all_refused(spoil_settings);
}

static const char *spoil_sql(struct full *f, int i) {
    struct anc_sql *s = f->sql;
    BAD("has no proper name", s[0].name = "One")
    BAD("two statements called \"one\"", s[1].name = "one")
    BAD("begins with DROP", s[1].text = "DROP TABLE a")
    BAD("begins with SET", s[1].text = "SET ROLE postgres")
    BAD("begins with RESET", s[1].text = "/* a /* nested */ one */ RESET ROLE")
    BAD("begins with no word", s[1].text = "-- nothing")
    BAD("holds a semicolon", s[1].text = "SELECT 1; DROP TABLE a")
    BAD("reaches past the api views (core.)", s[1].text = "SELECT email FROM core.person")
    BAD("reaches past the api views (core.)", s[1].text = "SELECT email FROM CORE . person")
    BAD("reaches past the api views (meta.)", s[1].text = "SELECT 'it''s' FROM meta.migration")
    BAD("SET_CONFIG", s[1].text = "SELECT set_config('role', 'postgres', false)")
    BAD("PG_ADVISORY_LOCK", s[1].text = "SELECT pg_advisory_lock(1)")
    BAD("without an end", s[1].text = "SELECT 'x")
    BAD("without an end", s[1].text = "SELECT E'x\\'")
    BAD("without an end", s[1].text = "SELECT $a$ x")
    BAD("without an end", s[1].text = "SELECT /* x")
    BAD("highest in its text is $2", s[0].params = 1)
    BAD("highest in its text is $2", s[0].params = 3)
    BAD("more than 32 parameters", s[0].params = 33)
    return NULL;
}

static void only_one_plain_statement_of_the_api_views_is_taken(void **state) {
    (void)state;
    all_refused(spoil_sql);
}

static void what_stands_in_strings_and_comments_is_not_taken_for_sql(void **state) {
    (void)state;
    static const char *const good[] = {"SELECT 'core.person; SET ROLE x'",
                                       "WITH x AS (SELECT 1 AS a) SELECT a FROM x -- core.person;",
                                       "SELECT $q$ core.person ; $q$, U&'d\\0061t', \"a;b\"",
                                       "UPDATE a SET x = E'it\\'s; core.'",
                                       "VALUES (1) /* ; /* core. */ ; */",
                                       "DELETE FROM score.a",
                                       "SELECT 'a' || $q$b$q$"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct full *f = full();
        f->sql[1].text = good[i];
        if (!describes(&f->a)) {
            fail_msg("%s: %s", good[i], now->reason);
        }
    }
}

static const char *spoil_steps(struct full *f, int i) {
    struct anc_migration *s = f->steps;
    BAD("should have 2", s[1].number = 3)
    BAD("has no name or no text", s[0].name = NULL)
    BAD("has no name or no text", s[0].text = "")
    BAD("uses COMMIT", s[0].text = "CREATE TABLE a (x text); COMMIT; DROP TABLE b")
    BAD("uses ROLLBACK", s[0].text = "ROLLBACK")
    BAD("uses RESET", s[0].text = "RESET ROLE; CREATE TABLE a (x text)")
    BAD("uses SET", s[0].text = "/* */ set role postgres")
    BAD("uses SET", s[0].text = "SELECT 1; SET SESSION AUTHORIZATION postgres")
    BAD("uses RESET ROLE", s[0].text = "DO $$ BEGIN RESET ROLE; END $$")
    BAD("uses SET ROLE", s[0].text = "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $f$ "
                                     "BEGIN SET ROLE x; END $f$")
    BAD("uses SET_CONFIG", s[0].text = "SELECT set_config('role', 'x', false)")
    BAD("uses GRANT", s[0].text = "GRANT ALL ON a TO PUBLIC")
    BAD("without an end", s[0].text = "CREATE TABLE \"a (x text)")
    return NULL;
}

static void a_migration_cannot_end_its_transaction_or_leave_its_role(void **state) {
    (void)state;
    all_refused(spoil_steps);
    static const char *const good[] = {
        "CREATE TABLE a (role text); UPDATE a SET role = 'reset'; -- COMMIT",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; SELECT 1",
        "INSERT INTO a VALUES ('COMMIT; SET ROLE x')"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct full *f = full();
        f->steps[0].text = good[i];
        if (!describes(&f->a)) {
            fail_msg("%s: %s", good[i], now->reason);
        }
    }
}

static const char *spoil_pages(struct full *f, int i) {
    struct anc_route *r = f->routes;
    BAD("must have the method", r[0].method = "PUT")
    BAD("must have the method", r[0].method = NULL)
    BAD("lies outside of /x/full", r[0].path = "/suppliers")
    BAD("lies outside of /x/full", r[0].path = "/x/fuller")
    BAD("lies outside of /x/full", r[0].path = NULL)
    BAD("not well-formed", r[1].path = "/x/full/")
    BAD("not well-formed", r[1].path = "/x/full/../admin")
    BAD("not well-formed", r[1].path = "/x/full/a b")
    BAD("not well-formed", r[1].path = "/x/full/{a}/{a}")
    BAD("not well-formed", r[1].path = "/x/full/a{b}")
    BAD("a permission is missing", r[1].perm = 0)
    BAD("a permission is missing", r[1].perm = 7)
    BAD("names no form", r[1].form = NULL)
    BAD("which none of its forms is", r[1].form = "notes")
    BAD("flag", r[1].flags = 2)
    BAD("only public GET pages", r[1].flags = ANC_ROUTE_KEEP)
    BAD("only public GET pages", (r[2].flags = ANC_ROUTE_KEEP, r[2].perm = ANC_PERM_PUBLIC))
    BAD("has no function", r[1].page = NULL)
    BAD("can match the same address", (r[2].method = "GET", r[2].path = "/x/full/{other}/edit"))
    BAD("can match the same address", (r[2].method = "GET", r[2].path = "/x/full/new/edit"))
    BAD("need the power \"show pages\"", f->a.wants_optional &= ~ANC_CAP_PAGES)
    BAD("two templates called \"list\"", f->templates[1].name = "list")
    BAD("has no proper name or text", f->templates[0].name = "Partials")
    BAD("has no proper name or text", f->forms[0].text = NULL)
    BAD("forms/note.form:", f->forms[0].text = "nonsense\n")
    BAD("has no label", f->menu[0].label = "")
    BAD("no GET page of its own", f->menu[0].path = "/x/full/none")
    BAD("no GET page of its own", f->menu[0].path = "/x/full/{ref}/edit")
    BAD("who sees it", f->menu[0].perm = 0)
    BAD("has no title", f->panels[0].title = NULL)
    BAD("place (99)", f->panels[0].slot = 99)
    BAD("has no function", f->panels[0].fill = NULL)
    return NULL;
}

static void a_page_without_prefix_permission_form_or_function_is_refused(void **state) {
    (void)state;
    all_refused(spoil_pages);
}

static const char *spoil_work(struct full *f, int i) {
    BAD("must have a name", f->verbs[0].name = "list_all")
    BAD("two verbs called \"load\"", f->verbs[0].name = "load")
    BAD("does not say", f->verbs[0].help = NULL)
    BAD("does not say", f->verbs[0].words = NULL)
    BAD("has no function", f->verbs[0].run = NULL)
    BAD("no proper name or no title", f->jobs[0].title = "")
    BAD("every 9 seconds", f->jobs[0].every_s = 9)
    BAD("600001 milliseconds", f->jobs[0].max_ms = 600001)
    BAD("0 milliseconds", f->jobs[0].max_ms = 0)
    BAD("has no function", f->jobs[0].run = NULL)
    BAD("two jobs called \"count\"", f->jobs[0].name = "count")
    BAD("need the power \"run by itself\"", f->a.wants_optional &= ~ANC_CAP_JOBS)
    BAD("make it a notification", f->filters[0].event = ANC_EVENT_AWARDED)
    BAD("an event (99)", f->filters[0].event = 99)
    BAD("has no function", f->filters[0].ask = NULL)
    BAD("make it a filter", f->notes[0].event = ANC_EVENT_AWARDING)
    BAD("an event (0)", f->notes[0].event = 0)
    BAD("two notifications", f->notes[0].event = ANC_EVENT_AWARDED)
    BAD("has no function", f->notes[0].told = NULL)
    BAD("need the power \"hear what happens\"", f->a.wants_optional &= ~ANC_CAP_EVENTS)
    BAD("need the power \"keep tables of its own\"", f->a.wants_optional &= ~ANC_CAP_OWN_TABLES)
    return NULL;
}

static void verbs_jobs_and_events_that_cannot_be_are_refused(void **state) {
    (void)state;
    all_refused(spoil_work);
}

static const char *spoil_points(struct full *f, int i) {
    struct anc_provider *p = f->providers;
    BAD("extension point (99)", p[0].point = 99)
    BAD("no proper key", p[0].key = NULL)
    BAD("has no struct", p[0].table = NULL)
    BAD("two providers called \"t\"", p[1] = p[0])
    BAD("has 8 bytes, at least", f->tagger.size = 8)
    BAD("nothing in the field \"judge\"", f->tagger.judge = NULL)
    BAD("nothing in the field \"method\"", f->scorer.method = NULL)
    BAD("two measures with the code m1", f->measures[1].code = "m1")
    BAD("lacks a code", f->measures[1].unit = NULL)
    BAD("needs the power \"write tags\"", f->a.wants = 0)
    return NULL;
}

static void a_provider_that_lacks_something_is_refused(void **state) {
    (void)state;
    all_refused(spoil_points);
}

static void a_plugin_with_a_row_in_every_table_is_taken(void **state) {
    (void)state;
    if (!describes(&full()->a)) {
        fail_msg("%s", now->reason);
    }
    assert_string_equal(now->about.title, "Full");
    assert_int_equal(now->about.providers.count, 2);
}

static void a_description_that_grew_is_taken_as_far_as_we_know_it(void **state) {
    (void)state;
    struct {
        struct anc_plugin a;
        char more[64];
    } grown = {.a = full()->a};
    memset(grown.more, 0xff, sizeof grown.more);
    grown.a.size = sizeof grown;
    assert_true(describes(&grown.a));
    struct {
        struct anc_sql row;
        const char *note;
    } rows[2] = {{{"one", "SELECT 1", 0}, "x"}, {{"two", "SELECT $1::text", 1}, "y"}};
    grown.a.sql = (struct anc_table)ANC_TABLE(rows);
    assert_true(describes(&grown.a));
    struct anc_sql second;
    plugin_row(&now->about.sql, 1, &second, sizeof second);
    assert_string_equal(second.name, "two");
    grown.a.wants_optional |= 1ull << 40; // a power of a later server: it lives without
    assert_true(describes(&grown.a));
    assert_false(now->about.wants_optional & 1ull << 40);
}

static void a_value_fits_its_setting_by_kind_and_limits(void **state) {
    (void)state;
    const struct anc_setting *s = full()->settings;
    assert_true(plugin_setting_fits(&s[0], "10"));
    assert_false(plugin_setting_fits(&s[0], "0"));
    assert_false(plugin_setting_fits(&s[0], ""));
    assert_false(plugin_setting_fits(&s[0], " 5"));
    assert_false(plugin_setting_fits(&s[0], "99999999999999999999"));
    assert_true(plugin_setting_fits(&s[1], "caf\xc3\xa9"));
    assert_false(plugin_setting_fits(&s[1], "two\nlines"));
    assert_true(plugin_setting_fits(&s[2], "blue"));
    assert_false(plugin_setting_fits(&s[2], "Blue"));
    struct anc_setting free_number = {.key = "n", .kind = ANC_SETTING_MONEY, .dflt = "0"};
    assert_true(plugin_setting_fits(&free_number, "-250000"));
    assert_false(plugin_setting_fits(&free_number, "-"));
    struct anc_setting tick = {.key = "t", .kind = ANC_SETTING_YES_NO};
    assert_true(plugin_setting_fits(&tick, "1"));
    assert_false(plugin_setting_fits(&tick, "yes"));
}

static void reasons_are_one_line_of_whole_letters(void **state) {
    (void)state;
    struct full *f = full();
    f->sql[0].name = "a\nb\xff";
    assert_false(describes(&f->a));
    assert_null(strchr(now->reason, '\n'));
    assert_null(strchr(now->reason, '\xff'));
    assert_true(strncmp(now->reason, "Statement 1 (\"a b", 17) == 0);
}

static int free_last(void **state) {
    (void)state;
    if (now) {
        plugin_free(now);
    }
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plugin_with_a_row_in_every_table_is_taken),
        cmocka_unit_test(the_first_thing_of_the_head_that_differs_is_named),
        cmocka_unit_test(a_setting_whose_default_does_not_fit_is_refused),
        cmocka_unit_test(only_one_plain_statement_of_the_api_views_is_taken),
        cmocka_unit_test(what_stands_in_strings_and_comments_is_not_taken_for_sql),
        cmocka_unit_test(a_migration_cannot_end_its_transaction_or_leave_its_role),
        cmocka_unit_test(a_page_without_prefix_permission_form_or_function_is_refused),
        cmocka_unit_test(verbs_jobs_and_events_that_cannot_be_are_refused),
        cmocka_unit_test(a_provider_that_lacks_something_is_refused),
        cmocka_unit_test(a_description_that_grew_is_taken_as_far_as_we_know_it),
        cmocka_unit_test(a_value_fits_its_setting_by_kind_and_limits),
        cmocka_unit_test(reasons_are_one_line_of_whole_letters),
    };
    return cmocka_run_group_tests(tests, NULL, free_last);
}
