// SPDX-License-Identifier: Apache-2.0
// Templates: what each tag writes, and what is refused with file and line.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "form/form.h"
#include "render/table.h"
#include "render/template.h"

#include <stdio.h>
#include <string.h>

static struct arena *arena;
static struct model *model;
static char why[512];
static char page[8192];
static enum err last;

static void quiet(const char *line) {
    (void)line;
}

static int setup(void **state) {
    (void)state;
    log_set_sink(quiet);
    arena = arena_new(8u << 20);
    model = model_new(arena);
    template_set_strict(false);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static bool compiles(const char *text) {
    struct template_set *s = template_set_new(NULL);
    template_add(s, "x", text, strlen(text));
    why[0] = 0;
    bool ok = template_compile(s, why, sizeof why);
    template_set_free(s);
    return ok;
}

static const char *with(const struct form *f, const char *token, const char *text) {
    struct template_set *s = template_set_new(NULL);
    template_add(s, "x", text, strlen(text));
    if (!template_compile(s, why, sizeof why)) {
        print_error("%s\n", why);
        fail();
    }
    struct render_env env = {.set = s, .form = f, .csrf_token = token};
    struct strb out;
    strb_init(&out, sizeof page - 1);
    last = template_render(&env, NULL, "x", model, &out);
    memcpy(page, out.p, out.n + 1);
    strb_free(&out);
    template_set_free(s);
    return page;
}

static const char *shown(const char *text) {
    return with(NULL, NULL, text);
}

static void test_values_are_escaped_by_place(void **state) {
    (void)state;
    model_text(model, "v", "a\"<b>&'c");
    model_text(model, "u", "javascript:x");
    assert_string_equal(shown("<p>{{v}}</p>"), "<p>a&quot;&lt;b&gt;&amp;&#39;c</p>");
    assert_string_equal(shown("<p class='{{ v }}'></p>"), "<p class='a&quot;&lt;b&gt;&amp;&#39;c'></p>");
    assert_string_equal(shown("<title>{{v}}</title>"), "<title>a&quot;&lt;b&gt;&amp;&#39;c</title>");
    assert_string_equal(shown("<textarea>{{v}}</textarea>"),
                        "<textarea>a&quot;&lt;b&gt;&amp;&#39;c</textarea>");
    assert_string_equal(shown("<a href=\"{{u}}\">x</a>"), "<a href=\"#\">x</a>");
    assert_string_equal(shown("<a HREF = '{{u}}'>x</a>"), "<a HREF = '#'>x</a>");
    assert_string_equal(shown("<a href=\"/x?q={{v}}&amp;b=1\">x</a>"),
                        "<a href=\"/x?q=a%22%3Cb%3E%26%27c&amp;b=1\">x</a>");
    assert_string_equal(shown("<a title=\"{{u}}\">x</a>"), "<a title=\"javascript:x\">x</a>");
}

static void test_a_form_is_never_sent_to_another_site(void **state) {
    (void)state;
    model_text(model, "u", "https://example.org/");
    assert_string_equal(shown("<form action=\"{{u}}\"></form>"), "<form action=\"#\"></form>");
    assert_string_equal(shown("<button formaction=\"{{u}}\"></button>"),
                        "<button formaction=\"#\"></button>");
    assert_string_equal(shown("<script src=\"{{u}}\"></script>"), "<script src=\"#\"></script>");
    assert_string_equal(shown("<a href=\"{{u}}\">x</a>"), "<a href=\"https://example.org/\">x</a>");
}

static void test_two_values_cannot_add_up_to_another_host(void **state) {
    (void)state;
    model_text(model, "root", "/");
    model_text(model, "none", "");
    model_text(model, "host", "/example.org");
    assert_string_equal(shown("<a href=\"{{root}}{{host}}\">x</a>"), "<a href=\"/./example.org\">x</a>");
    assert_string_equal(shown("<a href=\"{{root}}/{{host}}\">x</a>"), "<a href=\"/.//example.org\">x</a>");
    assert_string_equal(shown("<a href=\"/{{none}}{{host}}\">x</a>"), "<a href=\"/./example.org\">x</a>");
    assert_string_equal(shown("<a href=\"/{{none}}/{{host}}\">x</a>"), "<a href=\"/.//example.org\">x</a>");
    assert_string_equal(shown("<a href=\"/{{host}}\">x</a>"), "<a href=\"/%2Fexample.org\">x</a>");
    assert_string_equal(shown("<a href=\"{{missing}}{{host}}\">x</a>"), "<a href=\"#/example.org\">x</a>");
    assert_string_equal(shown("<a href=\"{{root}}\">x</a>"), "<a href=\"/\">x</a>");
}

static void test_sections_show_lists_flags_texts_and_their_absence(void **state) {
    (void)state;
    for (int i = 1; i <= 3; i++) {
        struct model *item = model_add(model, "items");
        model_i64(item, "n", i);
    }
    model_list(model, "none");
    model_bool(model, "yes", true);
    model_bool(model, "no", false);
    model_text(model, "words", "hello");
    model_text(model, "silence", "");
    model_text(model, "outer", "o");
    assert_string_equal(shown("{{#items}}{{n}}{{outer}},{{/items}}"), "1o,2o,3o,");
    assert_string_equal(shown("{{?items}}<ul>{{#items}}<li>{{n}}</li>{{/items}}</ul>{{/items}}"),
                        "<ul><li>1</li><li>2</li><li>3</li></ul>");
    assert_string_equal(shown("{{#none}}x{{/none}}{{^none}}empty{{/none}}{{?none}}y{{/none}}"), "empty");
    assert_string_equal(shown("{{#yes}}a{{/yes}}{{#no}}b{{/no}}{{^no}}c{{/no}}{{^yes}}d{{/yes}}"), "ac");
    assert_string_equal(shown("{{#words}}[{{words}}]{{/words}}{{#silence}}x{{/silence}}"), "[hello]");
    assert_string_equal(shown("<option{{#yes}} selected{{/yes}}>a</option>"), "<option selected>a</option>");
}

static void test_inner_keys_hide_outer_ones_and_end_with_their_item(void **state) {
    (void)state;
    model_text(model, "name", "outer");
    struct model *a = model_add(model, "items");
    model_text(a, "name", "inner");
    struct model *deep = model_add(a, "items");
    model_text(deep, "name", "deep");
    model_add(model, "items");
    assert_string_equal(shown("{{#items}}{{name}} {{/items}}{{name}}"), "inner outer outer");
    model_list(model, "empty");
    assert_string_equal(shown("{{#items}}{{#empty}}x{{/empty}}{{name}};{{/items}}"), "inner;outer;");
}

static void test_helpers_write_what_people_read(void **state) {
    (void)state;
    model_i64(model, "p", 123456);
    model_text(model, "text_p", "9120000000");
    model_i64(model, "bp", 3190);
    model_i64(model, "n", -1234567);
    model_text(model, "d", "2026-11-02");
    model_text(model, "w", "2026-11-02 09:00:00+00");
    model_text(model, "late", "2026-07-01 23:30:00+00");
    model_text(model, "none", "");
    assert_string_equal(shown("{{money p}}|{{pounds p}}|{{plain p}}|{{short text_p}}"),
                        "\xC2\xA3"
                        "1,234.56|\xC2\xA3"
                        "1,235|1234.56|\xC2\xA3"
                        "91.2 million");
    assert_string_equal(shown("{{percent bp}} {{count n}} {{day d}}"), "31.9% -1,234,567 2 November 2026");
    assert_string_equal(shown("{{when w}}"), "2 November 2026 at 9:00am UK time");
    assert_string_equal(shown("{{day late}}"), "2 July 2026");
    assert_string_equal(shown("[{{money none}}{{day none}}{{when none}}{{count none}}]"), "[]");
    assert_int_equal(last, ERR_OK);
}

static void test_a_helper_on_the_wrong_kind_of_value_shows_the_text_and_is_counted(void **state) {
    (void)state;
    model_text(model, "t", "<about a lot>");
    uint64_t before = template_unknown_keys();
    assert_string_equal(shown("{{money t}}"), "&lt;about a lot&gt;");
    assert_true(template_unknown_keys() == before + 1);
    assert_string_equal(shown("{{html t}}"), "");
    assert_true(template_unknown_keys() == before + 2);
}

static void test_text_of_people_becomes_paragraphs_and_nothing_else(void **state) {
    (void)state;
    model_text(model, "t", "\n one <b>\r\ntwo\n\n \nthree\n");
    assert_string_equal(
        shown("{{lines t}}"),
        "<p class=\"govuk-body\"> one &lt;b&gt;<br>\ntwo</p>\n<p class=\"govuk-body\">three</p>\n");
    model_html(model, "h", paragraphs(arena, "a & b"));
    assert_string_equal(shown("{{html h}}"), "<p class=\"govuk-body\">a &amp; b</p>\n");
}

static void test_ready_made_html_is_never_written_by_a_plain_tag(void **state) {
    (void)state;
    model_html(model, "h", paragraphs(arena, "a"));
    template_set_strict(true);
    shown("<p title=\"x\">{{h}}</p>");
    assert_int_equal(last, ERR_BUG);
    assert_string_equal(page, "<p title=\"x\"></p>");
}

static void test_a_key_that_nobody_set_is_counted_and_fails_in_strict_mode(void **state) {
    (void)state;
    uint64_t before = template_unknown_keys();
    assert_string_equal(shown("a{{nobody}}{{#nobody}}x{{/nobody}}b"), "ab");
    assert_int_equal(last, ERR_OK);
    assert_true(template_unknown_keys() == before + 2);
    template_set_strict(true);
    shown("a{{nobody}}b");
    assert_int_equal(last, ERR_BUG);
}

static void test_a_page_stands_in_its_layout_with_partials_of_the_core_set(void **state) {
    (void)state;
    static const char layout[] =
        "<title>{{#has_errors}}Error: {{/has_errors}}{{title}}</title><main>\n{{block content}}</main>";
    static const char part[] = "<b>{{title}}</b>", inside[] = "{{>part}}{{block content}}!\n";
    struct template_set *core = template_set_new(NULL);
    template_add(core, "layout", layout, strlen(layout));
    template_add(core, "part", part, strlen(part));
    assert_true(template_compile(core, why, sizeof why));
    struct template_set *plugin = template_set_new(core);
    template_add(plugin, "inside", inside, strlen(inside));
    assert_true(template_compile(plugin, why, sizeof why));
    assert_true(template_exists(plugin, "part"));
    assert_false(template_exists(core, "inside"));
    model_text(model, "title", "T");
    struct render_env env = {.set = plugin};
    struct strb out;
    strb_init(&out, 1000);
    assert_int_equal(template_render(&env, "layout", "inside", model, &out), ERR_OK);
    assert_string_equal(out.p, "<title>T</title><main>\n<b>T</b>!\n</main>");
    strb_clear(&out);
    assert_int_equal(template_render(&env, "layout", "nowhere", model, &out), ERR_BUG);
    strb_free(&out);
    template_set_free(plugin);
    template_set_free(core);
}

static void test_a_page_that_does_not_fit_is_an_error_and_not_half_a_page(void **state) {
    (void)state;
    struct template_set *s = template_set_new(NULL);
    template_add(s, "x", "0123456789", 10);
    assert_true(template_compile(s, why, sizeof why));
    struct render_env env = {.set = s};
    struct strb out;
    strb_init(&out, 5);
    assert_int_equal(template_render(&env, NULL, "x", model, &out), ERR_BUG);
    strb_free(&out);
    template_set_free(s);
}

static void test_lines_that_hold_only_a_section_tag_leave_no_empty_line(void **state) {
    (void)state;
    model_bool(model, "a", true);
    assert_string_equal(shown("<p>\n  {{#a}}\n  x\n  {{/a}}\n{{! words\n more }}\n</p>\n"),
                        "<p>\n  x\n</p>\n");
}

static void test_fields_errors_and_the_token_come_from_the_form(void **state) {
    (void)state;
    struct form_specs *specs = form_specs_new(arena);
    assert_true(
        form_specs_add(specs, "f", "form a\nfield name\nlabel Your name\nrequired\n", why, sizeof why));
    struct form *f = form_read(arena, form_spec_find(specs, "a"), NULL, 0, NULL, 0);
    with(f, "t\"k", "{{#has_errors}}Error{{/has_errors}}{{csrf}}{{errors}}{{field name}}");
    assert_int_equal(last, ERR_OK);
    assert_non_null(strstr(page, "Error<input type=\"hidden\" name=\"csrf\" value=\"t&quot;k\">"));
    assert_non_null(strstr(page, "<a href=\"#name\">Enter your name</a>"));
    template_set_strict(true);
    with(f, "t", "{{field nobody}}");
    assert_int_equal(last, ERR_BUG);
    assert_string_equal(with(NULL, NULL, "{{^has_errors}}fine{{/has_errors}}{{csrf}}{{errors}}"), "fine");
}

static void test_places_where_no_value_can_be_safe_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "<a href={{v}}>",
        "<a class=x{{v}}>",
        "<{{v}}>",
        "<a{{v}}>",
        "<a {{v}}>",
        "<a {{v}}=\"x\">",
        "</{{v}}>",
        "<a b{{v}}>",
        "<script>{{v}}</script>",
        "<style>{{v}}</style>",
        "<!-- {{v}} -->",
        "<!{{v}}>",
        "<a onclick=\"{{v}}\">",
        "<a ONCLICK=\"{{v}}\">",
        "<a style=\"{{v}}\">",
        "<iframe srcdoc=\"{{v}}\">",
        "<img srcset=\"{{v}}\">",
        "<title>x</{{v}}",
        "<svg><set to=\"{{v}}\"/></svg>",
        "<svg><animate values=\"{{v}}\"/></svg>",
        "<a href=\"java{{v}}\">",
        "<a href=\"//{{v}}\">",
        "<a href=\"/{{#a}}/{{/a}}{{v}}\">",
        "<a\x0chref=\"{{v}}\">",
        "<p class=\"{{lines v}}\">",
        "<title>{{html v}}</title>",
        "<p title=\"{{field v}}\">",
        "<title>{{>p}}</title>",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (compiles(bad[i])) {
            print_error("not refused: %s\n", bad[i]);
            fail();
        }
        assert_int_equal(strncmp(why, "web/templates/x.html:1: ", 24), 0);
    }
}

static void test_html_that_browsers_read_in_several_ways_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "<a onclick=\"x()\">",
        "<p style=\"a:b\">",
        "<a href=\"javascript:x\">",
        "<a href=\"&#106;avascript:x\">",
        "a < b",
        "<!-->",
        "<!-- a -- b -->",
        "<![CDATA[x]]>",
        "<?php ?>",
        "<p a=\"b\"c=\"d\">",
        "<p =a>",
        "<p a=`b`>",
        "<base href=\"/\">",
        "<iframe src=\"/x\"></iframe>",
        "<object data=\"/x\"></object>",
        "<meta http-equiv=\"refresh\" content=\"0\">",
        "<title><b title=\"x\"></title>",
        "<textarea/>",
        "<p",
        "<p class=\"x",
        "<!-- x",
        "<script>a",
        "<script>if (a<b) c</script>",
        "</p class=\"x\">",
        "<plaintext>",
        "<p a='b\" c=\"d'>{{v}}</p><p e='>",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (compiles(bad[i])) {
            print_error("not refused: %s\n", bad[i]);
            fail();
        }
    }
}

static void test_a_section_must_end_in_the_kind_of_place_where_it_began(void **state) {
    (void)state;
    static const char *const bad[] = {
        "<a {{#x}}title=\"{{/x}}b\">",
        "<a title=\"{{#x}}\" b=\"{{/x}}\">",
        "{{#x}}<p{{/x}}>",
        "<option {{#x}}selected{{/x}}>",
        "{{#x}}<!-- {{/x}} -->",
        "{{#x}}<title>{{/x}}</title>",
        "<a {{#x}}click=\"{{v}}\" on{{/x}}>",
        "<a {{#x}}>{{/x}}",
        "{{#x}}a",
        "a{{/x}}",
        "{{#x}}{{#y}}{{/x}}{{/y}}",
        "<a href=\"{{#x}}/a{{/x}}\">",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (compiles(bad[i])) {
            print_error("not refused: %s\n", bad[i]);
            fail();
        }
    }
    assert_true(compiles(
        "<a class=\"a{{#x}} b{{/x}}\"{{#x}} title=\"{{v}}\"{{/x}} href=\"/y{{#x}}?v={{v}}{{/x}}\">x</a>"));
}

static void test_tags_that_mean_nothing_are_refused_with_their_line(void **state) {
    (void)state;
    static const char *const bad[] = {"a\n\n{{ }}",
                                      "a\n\n{{a b c}}",
                                      "a\n\n{{a + b}}",
                                      "a\n\n{{shout a}}",
                                      "a\n\n{{a",
                                      "a\n\n{{{a}}}",
                                      "a\n\n{{#a b}}{{/a}}",
                                      "a\n\n{{block other}}",
                                      "a\n\n{{>nowhere}}",
                                      "a\n{{! x }}\n<p\nclass={{a}}>"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(compiles(bad[i]));
        if (!strstr(why, "x.html:3: ") && !strstr(why, "x.html:4: ")) {
            print_error("%s -> %s\n", bad[i], why);
            fail();
        }
    }
}

static bool pair_compiles(const char *a, const char *b) {
    struct template_set *s = template_set_new(NULL);
    template_add(s, "a", a, strlen(a));
    template_add(s, "b", b, strlen(b));
    bool ok = template_compile(s, why, sizeof why);
    template_set_free(s);
    return ok;
}

static void test_includes_that_go_round_or_explode_are_refused(void **state) {
    (void)state;
    assert_false(pair_compiles("{{>b}}", "x\n{{>a}}"));
    assert_non_null(strstr(why, "b.html:2: "));
    assert_false(pair_compiles("{{>a}}", ""));
    assert_false(pair_compiles("x", "<p>{{>missing}}</p>"));
    assert_non_null(strstr(why, "b.html:1: there is no template \"missing\""));
    struct template_set *s = template_set_new(NULL);
    for (int i = 0; i < 20; i++) {
        char name[16], text[200] = "";
        snprintf(name, sizeof name, "t%02d", i);
        snprintf(text, sizeof text, "x{{>t%02d}}{{>t%02d}}{{>t%02d}}", i + 1, i + 1, i + 1);
        template_add(s, name, text, strlen(text));
    }
    template_add(s, "t20", "x", 1);
    assert_false(template_compile(s, why, sizeof why));
    template_set_free(s);
}

static void test_the_same_model_gives_the_same_bytes(void **state) {
    (void)state;
    model_text(model, "v", "a&b");
    char first[64];
    snprintf(first, sizeof first, "%s", shown("<p>{{v}}</p>"));
    for (int i = 0; i < 100; i++) {
        assert_string_equal(shown("<p>{{v}}</p>"), first);
    }
}

static void test_keys_of_the_page_alone_never_reach_its_layout(void **state) {
    (void)state;
    static const char layout[] = "<b>{{title}}</b>{{block content}}<i>{{title}}</i>",
                      text[] = "<p>{{title}} {{place}} {{#list}}{{title}}{{/list}}</p>";
    struct template_set *s = template_set_new(NULL);
    struct model *inner = model_new(arena);
    struct strb out;
    template_add(s, "layout", layout, sizeof layout - 1);
    template_add(s, "x", text, sizeof text - 1);
    assert_true(template_compile(s, why, sizeof why));
    model_text(model, "title", "outer");
    model_text(model, "place", "here");
    model_text(inner, "title", "inner");
    model_text(model_add(inner, "list"), "title", "item");
    struct render_env env = {.set = s, .inner = inner};
    strb_init(&out, sizeof page);
    assert_int_equal(template_render(&env, "layout", "x", model, &out), ERR_OK);
    assert_string_equal(out.p, "<b>outer</b><p>inner here item</p><i>outer</i>");
    strb_clear(&out);
    assert_int_equal(template_render(&env, NULL, "x", model, &out), ERR_OK); // without a layout too
    assert_string_equal(out.p, "<p>inner here item</p>");
    strb_free(&out);
    template_set_free(s);
}

static void test_a_template_alone_gives_html_for_another(void **state) {
    (void)state;
    static const char part[] = "<p>{{words}}</p>", text[] = "<div>{{html part}}</div>";
    struct template_set *s = template_set_new(NULL);
    struct strb out;
    template_add(s, "part", part, sizeof part - 1);
    template_add(s, "x", text, sizeof text - 1);
    assert_true(template_compile(s, why, sizeof why));
    struct render_env env = {.set = s};
    model_text(model, "words", "a < b");
    assert_null(template_html(&env, "no such template", model, arena));
    model_html(model, "part", template_html(&env, "part", model, arena));
    strb_init(&out, sizeof page);
    assert_int_equal(template_render(&env, NULL, "x", model, &out), ERR_OK);
    assert_string_equal(out.p, "<div><p>a &lt; b</p></div>");
    strb_free(&out);
    template_set_free(s);
}

#define PROMISE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROMISE(test_values_are_escaped_by_place),
        PROMISE(test_a_form_is_never_sent_to_another_site),
        PROMISE(test_two_values_cannot_add_up_to_another_host),
        PROMISE(test_sections_show_lists_flags_texts_and_their_absence),
        PROMISE(test_inner_keys_hide_outer_ones_and_end_with_their_item),
        PROMISE(test_helpers_write_what_people_read),
        PROMISE(test_a_helper_on_the_wrong_kind_of_value_shows_the_text_and_is_counted),
        PROMISE(test_text_of_people_becomes_paragraphs_and_nothing_else),
        PROMISE(test_ready_made_html_is_never_written_by_a_plain_tag),
        PROMISE(test_a_key_that_nobody_set_is_counted_and_fails_in_strict_mode),
        PROMISE(test_a_page_stands_in_its_layout_with_partials_of_the_core_set),
        PROMISE(test_a_page_that_does_not_fit_is_an_error_and_not_half_a_page),
        PROMISE(test_lines_that_hold_only_a_section_tag_leave_no_empty_line),
        PROMISE(test_fields_errors_and_the_token_come_from_the_form),
        PROMISE(test_places_where_no_value_can_be_safe_are_refused),
        PROMISE(test_html_that_browsers_read_in_several_ways_is_refused),
        PROMISE(test_a_section_must_end_in_the_kind_of_place_where_it_began),
        PROMISE(test_tags_that_mean_nothing_are_refused_with_their_line),
        PROMISE(test_includes_that_go_round_or_explode_are_refused),
        PROMISE(test_the_same_model_gives_the_same_bytes),
        PROMISE(test_keys_of_the_page_alone_never_reach_its_layout),
        PROMISE(test_a_template_alone_gives_html_for_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
