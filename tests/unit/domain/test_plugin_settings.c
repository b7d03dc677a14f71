// SPDX-License-Identifier: Apache-2.0
// Promises of core/domain/plugin_settings.h: rows of a plugin become a form, and what people type its values.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/plugin_settings.h"

#include <string.h>

#define POUND "\xC2\xA3"

static const struct anc_setting rows[] = {
    {.key = "greeting", .kind = ANC_SETTING_TEXT, .dflt = "Good day", .max = 20, .title = "Greeting"},
    {.key = "name",
     .kind = ANC_SETTING_TEXT,
     .dflt = "",
     .min = 3,
     .max = 10,
     .title = "Name",
     .help = "Of the desk"},
    {.key = "rows",
     .kind = ANC_SETTING_NUMBER,
     .dflt = "12",
     .min = 1,
     .max = 1000,
     .title = "How many rows?",
     .help = "On a page."},
    {.key = "shift", .kind = ANC_SETTING_NUMBER, .dflt = "-3", .title = "Shift"},
    {.key = "least", .kind = ANC_SETTING_MONEY, .dflt = "250000", .max = 1000000, .title = "Least amount"},
    {.key = "target", .kind = ANC_SETTING_SHARE, .dflt = "3190", .max = 10000, .title = "Target"},
    {.key = "open", .kind = ANC_SETTING_YES_NO, .dflt = "1", .title = "Is it open?"},
    {.key = "order",
     .kind = ANC_SETTING_CHOICE,
     .dflt = "name",
     .title = "Order",
     .choices = "name|By name\nday|By day\n"},
    {.key = "csrf",
     .kind = ANC_SETTING_CHOICE,
     .dflt = "a",
     .title = "Letter",
     .choices = "a|A\nb|B\nc|C\nd|D\ne|E\nf|F"},
};
static const struct anc_plugin about = {.settings = ANC_TABLE(rows)};

static struct arena *arena;

static int setup(void **state) {
    (void)state;
    arena = arena_new(16u << 20);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct field_spec *field(const char *key) {
    struct anc_setting row;
    const struct form_spec *spec = plugin_setting_spec(arena, &about, key, &row);
    assert_non_null(spec);
    assert_string_equal(row.key, key);
    return &spec->fields[0];
}

// What is stored when this is typed; the sentence when it does not do; "(default)" for the default again.
static const char *typed(const char *key, const char *value) {
    struct anc_setting row;
    const struct form_spec *spec = plugin_setting_spec(arena, &about, key, &row);
    struct form_pair pair = {plugin_setting_field(arena, key), plugin_setting_typed(&row, value)};
    const struct form *f = form_read(arena, spec, &pair, 1, NULL, 0);
    const char *stored = form_ok(f) ? plugin_setting_read(arena, f, &row) : form_error_of(f, pair.name);
    return stored ? stored : "(default)";
}

static void test_each_kind_becomes_a_field_of_its_own_kind(void **state) {
    (void)state;
    static const enum field_type wanted[] = {FIELD_TEXT,   FIELD_TEXT,  FIELD_NUMBER,
                                             FIELD_NUMBER, FIELD_MONEY, FIELD_PERCENT,
                                             FIELD_RADIO,  FIELD_RADIO, FIELD_SELECT};
    const struct form_spec *spec = plugin_settings_spec(arena, &about);
    assert_int_equal(spec->field_count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < spec->field_count; i++) {
        assert_int_equal(spec->fields[i].type, wanted[i]);
    }
    assert_string_equal(spec->fields[7].options[1].value, "day");
    assert_string_equal(spec->fields[7].options[1].label, "By day");
    assert_int_equal(spec->fields[8].option_count, 6);
}

static void test_no_key_can_be_mistaken_for_a_field_of_the_house(void **state) {
    (void)state;
    assert_string_equal(field("csrf")->name, "s_csrf");
}

static void test_a_plugin_without_settings_has_no_form(void **state) {
    (void)state;
    static const struct anc_plugin none;
    struct anc_setting row;
    assert_null(plugin_settings_spec(arena, &none));
    assert_null(plugin_settings_spec(arena, NULL));
    assert_null(plugin_setting_spec(arena, &about, "nothing", &row));
}

static void test_hints_say_limits_and_what_empty_means(void **state) {
    (void)state;
    assert_string_equal(field("greeting")->hint, "At most 20 characters. The default is \"Good day\".");
    assert_string_equal(field("name")->hint, "Of the desk. At most 10 characters.");
    assert_string_equal(field("rows")->hint, "On a page. From 1 to 1,000. Leave it empty for 12.");
    assert_string_equal(field("shift")->hint, "Leave it empty for -3.");
    assert_string_equal(field("least")->hint,
                        "From " POUND "0.00 to " POUND "10,000.00. Leave it empty for " POUND "2,500.00.");
    assert_string_equal(field("target")->hint, "From 0% to 100%. Leave it empty for 31.9%.");
    assert_string_equal(field("open")->hint, "The default is Yes.");
    assert_string_equal(field("order")->hint, "The default is By name.");
}

static void test_what_people_type_is_stored_in_one_spelling(void **state) {
    (void)state;
    assert_string_equal(typed("greeting", "  Hello  "), "Hello");
    assert_string_equal(typed("rows", "1,000"), "1000");
    assert_string_equal(typed("shift", "-12"), "-12");
    assert_string_equal(typed("least", POUND "1,250.5"), "125050");
    assert_string_equal(typed("target", "40 %"), "4000");
    assert_string_equal(typed("open", "yes"), "1");
    assert_string_equal(typed("open", "No"), "0");
    assert_string_equal(typed("open", "0"), "0");
    assert_string_equal(typed("order", "day"), "day");
    assert_string_equal(typed("csrf", "f"), "f");
}

static void test_left_empty_is_the_default_but_a_text_may_be_empty(void **state) {
    (void)state;
    assert_string_equal(typed("rows", ""), "(default)");
    assert_string_equal(typed("least", " "), "(default)");
    assert_string_equal(typed("target", ""), "(default)");
    assert_string_equal(typed("name", ""), "(default)");
    assert_string_equal(typed("greeting", ""), "");
}

static void test_what_does_not_do_is_answered_with_a_sentence(void **state) {
    (void)state;
    assert_string_equal(typed("greeting", "123456789012345678901"),
                        "Greeting must be 20 characters or fewer. It is 21 characters now");
    assert_string_equal(typed("name", "ab"), "Name must be 3 characters or more");
    assert_string_equal(typed("rows", "many"), "Enter a whole number, like 12");
    assert_string_equal(typed("rows", "0"), "Enter a value from 1 to 1,000");
    assert_string_equal(typed("shift", "1.5"), "Shift must be a whole number, like 12");
    assert_string_equal(typed("least", "10000.01"), "Least amount must be " POUND "10,000.00 or less");
    assert_string_equal(typed("target", "100.01"), "Target must be 100% or less");
    assert_string_equal(typed("target", "a third"), "Target must be a percentage, like 12 or 31.9");
    assert_string_equal(typed("open", "perhaps"), "Select one of the answers shown: is it open?");
    assert_string_equal(typed("order", "By day"), "Select one of the answers shown: order");
}

static void test_stored_values_are_shown_as_people_type_them(void **state) {
    (void)state;
    static const struct {
        size_t row;
        const char *stored, *shown;
    } cases[] = {
        {0, "Hello", "Hello"}, {2, "40", "40"},     {4, "125050", "1250.50"},
        {5, "4005", "40.05"},  {6, "0", "0"},       {7, "day", "day"},
        {2, NULL, "12"},       {2, "5000", "12"},   {4, "-1", "2500.00"},
        {5, "a lot", "31.9"},  {7, "gone", "name"}, {0, "far more than twenty characters", "Good day"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct form *f = form_new(arena, plugin_settings_spec(arena, &about));
        plugin_setting_show(f, &rows[cases[i].row], cases[i].stored);
        assert_string_equal(form_shown(f, plugin_setting_field(arena, rows[cases[i].row].key), 0),
                            cases[i].shown);
    }
}

static void test_stored_values_have_words(void **state) {
    (void)state;
    assert_string_equal(plugin_setting_words(arena, &rows[2], "1000"), "1,000");
    assert_string_equal(plugin_setting_words(arena, &rows[4], "250000"), POUND "2,500.00");
    assert_string_equal(plugin_setting_words(arena, &rows[5], "3190"), "31.9%");
    assert_string_equal(plugin_setting_words(arena, &rows[6], "0"), "No");
    assert_string_equal(plugin_setting_words(arena, &rows[7], "day"), "By day");
    assert_string_equal(plugin_setting_words(arena, &rows[7], "gone"), "gone");
}

#define PROMISE(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROMISE(test_each_kind_becomes_a_field_of_its_own_kind),
        PROMISE(test_no_key_can_be_mistaken_for_a_field_of_the_house),
        PROMISE(test_a_plugin_without_settings_has_no_form),
        PROMISE(test_hints_say_limits_and_what_empty_means),
        PROMISE(test_what_people_type_is_stored_in_one_spelling),
        PROMISE(test_left_empty_is_the_default_but_a_text_may_be_empty),
        PROMISE(test_what_does_not_do_is_answered_with_a_sentence),
        PROMISE(test_stored_values_are_shown_as_people_type_them),
        PROMISE(test_stored_values_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
