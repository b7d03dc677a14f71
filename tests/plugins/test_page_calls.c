// SPDX-License-Identifier: Apache-2.0
// Promises of plugins' pages: one answer each, of this site, within bounds, and nothing of the host replaced.
#include "plugin/page.h"
#include "plugins/probing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct page_world {
    struct probing *probing;
    struct template_set *templates;
    struct form_specs *forms;
    struct anc_route row;
    struct plugin_route route;
    struct plugin_page page;
};

static void add_file(struct template_set *s, const char *name) {
    char path[512], text[8192];
    snprintf(path, sizeof path, SOURCE_DIR "/web/templates/%s.html", name);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof text, f);
    fclose(f);
    template_add(s, name, text, n);
}

static int set_up(void **state) {
    struct page_world *w = calloc(1, sizeof *w);
    if (!w || probing_setup_bare(state) != 0) {
        free(w);
        return -1;
    }
    w->probing = *state;
    struct arena *a = w->probing->c->arena;
    const struct plugin_member *m = probing_member(w->probing, "probe");
    struct anc_template list;
    struct anc_form form;
    char why[200];
    w->templates = template_set_new(NULL);
    add_file(w->templates, "partials/panel");
    add_file(w->templates, "partials/part");
    plugin_row(&m->plugin->about.templates, 0, &list, sizeof list);
    template_add(w->templates, list.name, list.text, list.bytes);
    if (!template_compile(w->templates, why, sizeof why)) {
        fail_msg("%s", why);
    }
    w->forms = form_specs_new(a);
    plugin_row(&m->plugin->about.forms, 0, &form, sizeof form);
    assert_true(form_specs_add(w->forms, "thing", form.text, why, sizeof why));
    plugin_row(&m->plugin->about.routes, 0, &w->row, sizeof w->row);
    w->route = (struct plugin_route){.member = m,
                                     .method = w->row.method,
                                     .path = w->row.path,
                                     .form = "thing",
                                     .page = w->row.page,
                                     .templates = w->templates,
                                     .form_spec = form_spec_find(w->forms, "thing")};
    *state = w;
    return 0;
}

static int tear_down(void **state) {
    struct page_world *w = *state;
    template_set_free(w->templates);
    *state = w->probing;
    free(w);
    return probing_teardown_bare(state);
}

// Asks for the page that plays a script.
static enum err ask(struct page_world *w, const char *script) {
    struct ctx *c = w->probing->c;
    struct form_pair *query = arena_alloc(c->arena, sizeof *query);
    *query = (struct form_pair){.name = "do", .value = script};
    w->page = (struct plugin_page){.query = query,
                                   .query_count = 1,
                                   .supplier_ref = "",
                                   .anchor_ref = "",
                                   .form = form_new(c->arena, w->route.form_spec),
                                   .model = model_new(c->arena)};
    model_text(w->page.model, "site", "Anchorage");
    return plugin_page_call(c, &w->route, &w->page);
}

// The page's template with what it put, as people would see it.
static const char *shown(struct page_world *w, struct strb *out) {
    struct render_env env = {.set = w->templates, .form = w->page.form};
    strb_init(out, 4 * 1024 * 1024);
    assert_int_equal(template_render(&env, NULL, w->page.template_name, w->page.model, out), ERR_OK);
    return out->p;
}

static uint64_t faults(struct page_world *w) {
    return probing_info(w->probing, "probe").faults;
}

static void test_a_page_shows_its_template_with_what_it_put(void **state) {
    struct page_world *w = *state;
    struct strb out;
    assert_err(w->probing->c,
               ask(w, "put:title_word:Things & more|item:rows|put:name:one|item:rows|put:name:two|end|"
                      "put:after:x|message:Saved.|render:list:Our things"),
               ERR_OK);
    assert_int_equal(w->page.answer, PLUGIN_ANSWER_RENDER);
    assert_string_equal(w->page.template_name, "list");
    assert_string_equal(w->page.title, "Our things");
    assert_string_equal(w->page.message, "Saved.");
    assert_string_equal(shown(w, &out), "<h1>Things &amp; more</h1>Good day<p>one</p><p>two</p>");
    assert_true(model_has(w->page.model, "after")); // list_end leads back to the page
    strb_free(&out);
}

static void test_items_deeper_than_the_host_goes_are_dropped(void **state) {
    struct page_world *w = *state;
    struct strb out;
    assert_err(w->probing->c,
               ask(w, "item:rows|put:name:top|item:a|item:b|item:c|item:d|item:e|item:f|item:g|item:h|item:i|"
                      "put:deep:x|end|end|end|end|end|end|end|end|end|end|end|put:title_word:T|"
                      "render:list:T"),
               ERR_OK);
    assert_string_equal(shown(w, &out), "<h1>T</h1>Good day<p>top</p>");
    strb_free(&out);
}

static void test_what_the_host_put_stays(void **state) {
    struct page_world *w = *state;
    struct strb out;
    assert_err(w->probing->c,
               ask(w, "put:site:Elsewhere|list:site|item:site|end|panel:site|put:Bad key:x|put::x|"
                      "put:title_word:a|put:title_word:b|list:rows|render:list:T"),
               ERR_OK);
    assert_string_equal(shown(w, &out), "<h1>b</h1>Good day"); // its own it may replace
    assert_non_null(strstr(probing_log(), "belongs to the host"));
    strb_free(&out);
    struct template_set *s = template_set_new(NULL);
    struct render_env env = {.set = s};
    char why[100];
    template_add(s, "site", "{{site}}", 8);
    assert_true(template_compile(s, why, sizeof why));
    strb_init(&out, 100);
    assert_int_equal(template_render(&env, NULL, "site", w->page.model, &out), ERR_OK);
    assert_string_equal(out.p, "Anchorage");
    strb_free(&out);
    template_set_free(s);
}

static void test_a_page_that_puts_without_end_is_cut_off(void **state) {
    struct page_world *w = *state;
    struct strb script, out;
    strb_init(&script, 4 * 1024 * 1024);
    strb_puts(&script, "put:title_word:T|");
    for (int i = 0; i < 60000; i++) {
        strb_puts(&script, "item:rows|put:name:x|");
    }
    for (int i = 0; i < 40; i++) {
        strb_puts(&script, "panel:p|");
    }
    strb_puts(&script, "render:list:T");
    assert_err(w->probing->c, ask(w, script.p), ERR_OK);
    const char *page = shown(w, &out);
    size_t rows = 0;
    for (const char *p = page; (p = strstr(p, "<p>")); p++) {
        rows++;
    }
    assert_in_range(rows, 24000, 25000); // half of 50,000: an item and its text
    strb_free(&out);
    strb_free(&script);
}

static void test_panels_become_html(void **state) {
    struct page_world *w = *state;
    struct strb out;
    struct template_set *s = template_set_new(NULL);
    struct render_env env = {.set = s};
    char why[100];
    template_add(s, "p", "{{html things}}", 15);
    assert_true(template_compile(s, why, sizeof why));
    assert_err(w->probing->c, ask(w, "panel:things|put:title_word:T|list:rows|render:list:T"), ERR_OK);
    strb_init(&out, 10000);
    assert_int_equal(template_render(&env, NULL, "p", w->page.model, &out), ERR_OK);
    assert_non_null(strstr(out.p, "1,234"));
    strb_free(&out);
    template_set_free(s);
}

static void test_a_page_gives_exactly_one_answer(void **state) {
    struct page_world *w = *state;
    static const char *const wrong[] = {"put:title_word:T",                        // none
                                        "ok",                                      // none
                                        "redirect:/|render:list:T",                // two
                                        "render:list:T|bytes:text/plain:a.txt:x"}; // two
    for (size_t i = 0; i < 4; i++) {
        assert_err(w->probing->c, ask(w, wrong[i]), ERR_BUG);
        assert_int_equal(w->page.answer, PLUGIN_ANSWER_NONE);
        assert_int_equal(faults(w), i + 1);
    }
}

static void test_a_template_must_be_the_plugins_own(void **state) {
    struct page_world *w = *state;
    assert_err(w->probing->c, ask(w, "render:partials/panel:T"), ERR_BUG); // there, but the host's
    assert_err(w->probing->c, ask(w, "render:none:T"), ERR_BUG);
    assert_err(w->probing->c, ask(w, "render:list:"), ERR_BUG); // a page needs a title
    assert_int_equal(faults(w), 3);
}

static void test_a_page_leads_only_within_the_site(void **state) {
    struct page_world *w = *state;
    assert_err(w->probing->c, ask(w, "message:Done.|redirect:/x/probe/1?a=b"), ERR_OK);
    assert_int_equal(w->page.answer, PLUGIN_ANSWER_REDIRECT);
    assert_string_equal(w->page.location, "/x/probe/1?a=b");
    assert_err(w->probing->c, ask(w, "message:Done.|redirect://evil.example"), ERR_BUG);
    assert_int_equal(w->page.answer, PLUGIN_ANSWER_NONE);
    assert_null(w->page.message);
    assert_err(w->probing->c, ask(w, "redirect:https://evil.example"), ERR_BUG);
    assert_err(w->probing->c, ask(w, "redirect:/a\r\nSet-Cookie: x"), ERR_BUG);
    assert_int_equal(faults(w), 3);
}

static void test_bytes_have_a_media_type_and_a_proper_name(void **state) {
    struct page_world *w = *state;
    struct ctx *c = w->probing->c;
    assert_err(c, ask(w, "bytes:text/csv; charset=utf-8:things 2026.csv:a,b"), ERR_OK);
    assert_int_equal(w->page.answer, PLUGIN_ANSWER_BYTES);
    assert_int_equal(w->page.byte_count, 3);
    assert_memory_equal(w->page.bytes, "a,b", 3);
    assert_string_equal(w->page.download, "things 2026.csv");
    assert_err(c, ask(w, "bytes:image/svg+xml::"), ERR_OK);
    assert_int_equal(w->page.byte_count, 0);
    assert_err(c, ask(w, "large"), ERR_TOO_LARGE);
    assert_int_equal(faults(w), 0);
    static const char *const wrong[] = {"bytes:text:a.txt:x", "bytes:text/html\r\nX-Evil;a.txt:x",
                                        "bytes:text/plain:../a.txt:x", "bytes:text/plain:a\"b.txt:x"};
    for (size_t i = 0; i < 4; i++) {
        assert_err(c, ask(w, wrong[i]), ERR_BUG);
        assert_int_equal(faults(w), i + 1);
    }
}

static void test_fields_that_a_form_lacks_read_as_nothing(void **state) {
    struct page_world *w = *state;
    assert_err(w->probing->c,
               ask(w, "form:amount|form:no_such|form_error:amount:Too much|form_error:no_such:All wrong|"
                      "put:title_word:T|list:rows|render:list:T"),
               ERR_OK);
    assert_string_equal(form_error_of(w->page.form, "amount"), "Too much");
    assert_string_equal(form_error_of(w->page.form, ""), "All wrong"); // of the whole form then
    assert_int_equal(faults(w), 0);
}

static void test_a_page_that_has_nothing_or_fails_shows_nothing_of_it(void **state) {
    struct page_world *w = *state;
    struct ctx *c = w->probing->c;
    assert_err(c, ask(w, "message:Hello|skip"), ERR_NOT_FOUND);
    assert_err(c, ask(w, "away"), ERR_NOT_FOUND);
    assert_err(c, ask(w, "denied"), ERR_DENIED);
    assert_err(c, ask(w, "put:title_word:T|render:list:T|why::Not now.|conflict"), ERR_CONFLICT);
    assert_int_equal(w->page.answer, PLUGIN_ANSWER_NONE);
    assert_string_equal(c->err_detail, "Not now.");
    assert_int_equal(faults(w), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_a_page_shows_its_template_with_what_it_put),
        CASE(test_items_deeper_than_the_host_goes_are_dropped),
        CASE(test_what_the_host_put_stays),
        CASE(test_a_page_that_puts_without_end_is_cut_off),
        CASE(test_panels_become_html),
        CASE(test_a_page_gives_exactly_one_answer),
        CASE(test_a_template_must_be_the_plugins_own),
        CASE(test_a_page_leads_only_within_the_site),
        CASE(test_bytes_have_a_media_type_and_a_proper_name),
        CASE(test_fields_that_a_form_lacks_read_as_nothing),
        CASE(test_a_page_that_has_nothing_or_fails_shows_nothing_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
