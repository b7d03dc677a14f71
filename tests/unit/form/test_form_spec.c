// SPDX-License-Identifier: Apache-2.0
// Form descriptions: what they say is what the form has, and mistakes are named with their line.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "form/form.h"

#include <string.h>

static struct arena *arena;
static struct form_specs *specs;
static char why[300];

static int setup(void **state) {
    (void)state;
    arena = arena_new(16u << 20);
    specs = form_specs_new(arena);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static void test_a_description_is_read_whole(void **state) {
    (void)state;
    assert_true(form_specs_add(
        specs, "a.form",
        "# comment\nform sign_up\nfield email\n  type email\n  label Email address\r\n  hint A hint\n"
        "  max 100\n  required Say your address\n  wrong Wrong one\n  width 20\n\n"
        "field size\n type radio\n label Size\n option a | First | With a hint\n option b|Second\n"
        "form two\nfield cost\n type money\n label Cost\n min 0.01\n max 5\n"
        "field doc\n type file\n label File\n max 2 MB\nfield h\n type hidden\n",
        why, sizeof why));
    const struct form_spec *f = form_spec_find(specs, "sign_up");
    assert_int_equal(f->field_count, 2);
    assert_string_equal(f->fields[0].label, "Email address");
    assert_string_equal(f->fields[0].hint, "A hint");
    assert_string_equal(f->fields[0].when_empty, "Say your address");
    assert_string_equal(f->fields[0].when_wrong, "Wrong one");
    assert_string_equal(f->fields[0].autocomplete, "email");
    assert_string_equal(f->fields[0].shown_as, "20");
    assert_int_equal(f->fields[0].max_chars, 100);
    assert_true(f->fields[0].required);
    assert_int_equal(f->fields[1].option_count, 2);
    assert_string_equal(f->fields[1].options[0].hint, "With a hint");
    assert_string_equal(f->fields[1].options[1].label, "Second");
    assert_null(f->fields[1].options[1].hint);
    const struct form_spec *two = form_spec_find(specs, "two");
    assert_true(two->fields[0].min == 1 && two->fields[0].max == 500);
    assert_true(two->fields[1].max == 2 * 1024 * 1024);
    assert_null(form_spec_find(specs, "three"));
}

static void test_mistakes_are_named_with_file_and_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *at;
    } bad[] = {
        {"form a\nfield b\n type nonsense\n label x", "a.form:3: "},
        {"form a\nfield b\n label x\n type email", "a.form:4: "},
        {"form a\nfield b\n", "a.form:2: this field has no label"},
        {"field b\n", "a.form:1: "},
        {"form a\n label x", "a.form:2: "},
        {"form a\nfield b\n label x\n shout y", "a.form:4: "},
        {"form a\nfield b\n label x\n option a | b", "a.form:4: "},
        {"form a\nfield b\n type radio\n label x\n option a", "a.form:5: "},
        {"form a\nfield b\n type radio\n label x\n option a | b\n option a | c", "a.form:6: "},
        {"form a\nfield b\n label x\n max many", "a.form:4: "},
        {"form a\nfield b\n type date\n label x\n min 2026-02-30", "a.form:5: "},
        {"form a\nfield b\n type money\n label x\n max ten", "a.form:5: "},
        {"form a\nfield b\n type percent\n label x\n max 1.234", "a.form:5: "},
        {"form a\nfield b\n type file\n label x\n max 10", "a.form:5: "},
        {"form a\nfield b\n type number\n label x\n min 5\n max 4", "a.form:2: "},
        {"form a\nfield b\n label x\nfield b\n", "a.form:4: "},
        {"form a\nfield csrf\n label x", "a.form:2: "},
        {"form a\nfield Big\n label x", "a.form:2: "},
        {"form a\nform a\n", "a.form:2: "},
        {"form a\nfield b\n label x\n width 7", "a.form:4: "},
        {"form a\nfield b\n label\n", "a.form:3: "},
        {"form a\nfield b\n label \xff\n", "a.form:3: "},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(form_specs_add(specs, "a.form", bad[i].text, why, sizeof why));
        if (strncmp(why, bad[i].at, strlen(bad[i].at)) != 0) {
            print_error("%s -> %s\n", bad[i].text, why);
            fail();
        }
        assert_null(form_spec_find(specs, "a"));
    }
}

static const char *empty_sentence(const char *type, const char *label) {
    struct form_specs *s = form_specs_new(arena);
    char *text = arena_printf(arena, "form a\nfield b\n type %s\n label %s\n required\n", type, label);
    assert_true(form_specs_add(s, "x", text, why, sizeof why));
    return form_error_of(form_read(arena, form_spec_find(s, "a"), NULL, 0, NULL, 0), "b");
}

static void test_sentences_are_made_from_labels_in_plain_english(void **state) {
    (void)state;
    assert_string_equal(empty_sentence("text", "Business name"), "Enter business name");
    assert_string_equal(empty_sentence("text", "VAT number"), "Enter VAT number");
    assert_string_equal(empty_sentence("radio", "Size of the business"), "Select size of the business");
    assert_string_equal(empty_sentence("text", "What do you make?"),
                        "Answer the question: What do you make?");
    assert_string_equal(empty_sentence("tick", "I agree."), "Tick the box: I agree");
    assert_string_equal(empty_sentence("file", "Payments"), "Choose a file: payments");
    assert_string_equal(empty_sentence("date", "Start date"), "Enter start date");
}

#define PROMISE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROMISE(test_a_description_is_read_whole),
        PROMISE(test_mistakes_are_named_with_file_and_line),
        PROMISE(test_sentences_are_made_from_labels_in_plain_english),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
