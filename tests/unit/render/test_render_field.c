// SPDX-License-Identifier: Apache-2.0
// Field HTML: labels, hints and errors are tied to their inputs, what was typed stays, and nothing escapes
// its place.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "render/field.h"

#include <stdio.h>
#include <string.h>

static const char description[] =
    "form all\n"
    "field email\n type email\n label Email address\n hint A hint\n required Say your address\n"
    "field secret\n type password\n label Password\n autocomplete new-password\n"
    "field about\n type area\n label About you\n max 50\n counted\n rows 8\n"
    "field home\n type postcode\n label Postcode\n"
    "field worth\n type money\n label Worth\n"
    "field share\n type percent\n label Share\n"
    "field opens\n type date\n label Opening day\n hint For example, 2 11 2026\n"
    "field size\n type radio\n label Size\n option s | Small | Under 10\n option l | Large\n required\n"
    "field offers\n type checks\n label Offers\n option g | Goods\n option w | Works\n"
    "field agree\n type tick\n label I agree\n required\n"
    "field ward\n type select\n label Ward\n option n | North\n option s | South\n"
    "field file\n type file\n label File\n accept .csv\n"
    "field version\n type hidden\n";

static struct arena *arena;
static const struct form_spec *spec;
static char html[16384];

static int setup(void **state) {
    (void)state;
    arena = arena_new(16u << 20);
    struct form_specs *s = form_specs_new(arena);
    char why[300];
    if (!form_specs_add(s, "all.form", description, why, sizeof why)) {
        return -1;
    }
    spec = form_spec_find(s, "all");
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static const char *written(const struct form *f, const char *name, bool question) {
    struct strb out;
    strb_init(&out, sizeof html - 1);
    assert_true(field_write(&out, f, name, question));
    memcpy(html, out.p, out.n + 1);
    strb_free(&out);
    return html;
}

static struct form *with(const char *field, const char *value) {
    struct form_pair pair = {field, value};
    return form_read(arena, spec, &pair, 1, NULL, 0);
}

static void assert_holds(const char *page, const char *part) {
    if (!strstr(page, part)) {
        print_error("missing: %s\nin: %s\n", part, page);
        fail();
    }
}

static void test_hint_and_error_are_tied_to_the_input(void **state) {
    (void)state;
    const char *h = written(with("email", "a<b"), "email", false);
    assert_holds(h, "<div class=\"govuk-form-group govuk-form-group--error\">");
    assert_holds(h, "<label class=\"govuk-label\" for=\"email\">Email address</label>");
    assert_holds(h, "<div id=\"email-hint\" class=\"govuk-hint\">A hint</div>");
    assert_holds(h, "<p id=\"email-error\" class=\"govuk-error-message\"><span "
                    "class=\"govuk-visually-hidden\">Error:</span> ");
    assert_holds(
        h, "type=\"email\" spellcheck=\"false\" value=\"a&lt;b\" aria-describedby=\"email-hint email-error\" "
           "autocomplete=\"email\"");
}

static void test_a_field_without_hint_and_error_describes_nothing(void **state) {
    (void)state;
    const char *h = written(form_new(arena, spec), "home", false);
    assert_null(strstr(h, "aria-describedby"));
    assert_null(strstr(h, "error"));
    assert_null(strstr(h, "value="));
    assert_holds(h, "govuk-input--width-10");
    assert_holds(h, "autocomplete=\"postal-code\"");
}

static void test_a_question_is_the_heading_of_its_page(void **state) {
    (void)state;
    struct form *f = form_new(arena, spec);
    assert_holds(written(f, "email", true),
                 "<h1 class=\"govuk-label-wrapper\"><label class=\"govuk-label govuk-label--l\" "
                 "for=\"email\">Email address</label></h1>");
    assert_holds(written(f, "size", true),
                 "<legend class=\"govuk-fieldset__legend govuk-fieldset__legend--l\"><h1 "
                 "class=\"govuk-fieldset__heading\">Size</h1></legend>");
}

static void test_passwords_are_never_filled_in_again(void **state) {
    (void)state;
    const char *h = written(with("secret", "hunter-hunter"), "secret", false);
    assert_null(strstr(h, "hunter"));
    assert_holds(h, "type=\"password\"");
    assert_holds(h, "autocomplete=\"new-password\"");
}

static void test_a_choice_of_several_is_a_fieldset_with_what_was_chosen(void **state) {
    (void)state;
    const char *h = written(with("size", "l"), "size", false);
    assert_holds(h, "<fieldset class=\"govuk-fieldset\">");
    assert_holds(h,
                 "<input class=\"govuk-radios__input\" id=\"size\" name=\"size\" type=\"radio\" value=\"s\" "
                 "aria-describedby=\"size-item-hint\">");
    assert_holds(h, "id=\"size-2\" name=\"size\" type=\"radio\" value=\"l\" checked>");
    h = written(with("offers", "w"), "offers", false);
    assert_holds(h, "id=\"offers-2\" name=\"offers\" type=\"checkbox\" value=\"w\" checked>");
    h = written(with("ward", "s"), "ward", false);
    assert_holds(h, "<option value=\"s\" selected>South</option>");
    assert_holds(h, "<option value=\"n\">North</option>");
}

static void test_a_wrong_date_keeps_its_parts_and_marks_the_wrong_one(void **state) {
    (void)state;
    struct form_pair pairs[] = {{"opens-day", "1"}, {"opens-month", "13"}, {"opens-year", "2026"}};
    struct form *f = form_read(arena, spec, pairs, 3, NULL, 0);
    const char *h = written(f, "opens", false);
    assert_holds(
        h, "<fieldset class=\"govuk-fieldset\" role=\"group\" aria-describedby=\"opens-hint opens-error\">");
    assert_holds(
        h, "govuk-input--width-2 govuk-input--error\" id=\"opens-month\" name=\"opens-month\" type=\"text\" "
           "inputmode=\"numeric\" value=\"13\">");
    assert_holds(h, "govuk-input--width-2\" id=\"opens-day\"");
    struct strb out;
    strb_init(&out, 8000);
    field_errors_write(&out, f);
    assert_holds(out.p, "<a href=\"#opens-month\">Opening day must be a real date, like 2 11 2026</a>");
    strb_free(&out);
}

static void test_areas_count_characters_and_keep_a_first_empty_line(void **state) {
    (void)state;
    const char *h = written(with("about", "\nx</textarea>"), "about", false);
    assert_holds(h, "data-module=\"govuk-character-count\" data-maxlength=\"50\"");
    assert_holds(h, "rows=\"8\" aria-describedby=\"about-info\">\n\nx&lt;/textarea&gt;</textarea>");
    assert_holds(
        h,
        "<div id=\"about-info\" class=\"govuk-hint govuk-character-count__message\">You can enter up to 50 "
        "characters</div>");
}

static void test_money_has_its_sign_and_files_their_endings(void **state) {
    (void)state;
    struct form *f = form_new(arena, spec);
    assert_holds(written(f, "worth", false),
                 "<div class=\"govuk-input__prefix\" aria-hidden=\"true\">\xC2\xA3</div>");
    assert_holds(written(f, "worth", false), "inputmode=\"decimal\"");
    assert_holds(written(f, "share", false),
                 "<div class=\"govuk-input__suffix\" aria-hidden=\"true\">%</div>\n</div>\n</div>");
    assert_holds(written(f, "file", false), "type=\"file\" accept=\".csv\"");
    assert_holds(written(with("version", "7\""), "version", false),
                 "<input type=\"hidden\" name=\"version\" value=\"7&quot;\">");
    assert_holds(written(with("agree", ""), "agree", false), "aria-describedby=\"agree-error\"");
}

static void test_the_summary_links_to_the_first_input_of_each_field(void **state) {
    (void)state;
    struct form *f = form_read(arena, spec, NULL, 0, NULL, 0);
    form_error(f, "", "The event is full");
    form_error(f, "version", "Somebody changed this since. Look again");
    struct strb out;
    strb_init(&out, 8000);
    field_errors_write(&out, f);
    assert_holds(out.p, "<li>The event is full</li>\n<li><a href=\"#email\">Say your address</a></li>");
    assert_holds(out.p, "<li><a href=\"#size\">Select size</a></li>");
    assert_holds(out.p, "<li><a href=\"#agree\">Tick the box: I agree</a></li>");
    assert_holds(out.p, "<li>Somebody changed this since. Look again</li>");
    strb_clear(&out);
    field_errors_write(&out, form_new(arena, spec));
    assert_string_equal(out.p, "");
    strb_free(&out);
}

static void test_no_byte_typed_into_any_field_leaves_its_place(void **state) {
    (void)state;
    static const char *const fields[] = {"email", "about",  "home", "worth",  "opens-day",
                                         "size",  "offers", "ward", "version"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        for (unsigned c = 1; c < 256; c++) {
            char text[] = {'q', 'z', (char)c, 'z', 'q', 0};
            struct form *f = with(fields[i], text);
            char raw[8];
            snprintf(raw, sizeof raw, "z%cz", (char)c);
            const char *h = written(f, strcmp(fields[i], "opens-day") == 0 ? "opens" : fields[i], false);
            if (strchr("<>\"'&", (int)c)) {
                assert_null(strstr(h, raw));
            } else if (c >= 0x20 && c != 0x7f && i < 5) {
                assert_non_null(strstr(h, raw)); // shown again as it was typed
            }
        }
    }
}

#define PROMISE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROMISE(test_hint_and_error_are_tied_to_the_input),
        PROMISE(test_a_field_without_hint_and_error_describes_nothing),
        PROMISE(test_a_question_is_the_heading_of_its_page),
        PROMISE(test_passwords_are_never_filled_in_again),
        PROMISE(test_a_choice_of_several_is_a_fieldset_with_what_was_chosen),
        PROMISE(test_a_wrong_date_keeps_its_parts_and_marks_the_wrong_one),
        PROMISE(test_areas_count_characters_and_keep_a_first_empty_line),
        PROMISE(test_money_has_its_sign_and_files_their_endings),
        PROMISE(test_the_summary_links_to_the_first_input_of_each_field),
        PROMISE(test_no_byte_typed_into_any_field_leaves_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
