// SPDX-License-Identifier: Apache-2.0
// Forms: what is read from what people type, and what they are told.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/day.h"
#include "form/form.h"

#include <stdio.h>
#include <string.h>

static const char description[] =
    "form all\n"
    "field name\n  label Your name\n  max 10\n  required\n"
    "field email\n  type email\n  label Email address\n"
    "field secret\n  type password\n  label Password\n  min 12\n"
    "field about\n  type area\n  label About you\n  max 20\n"
    "field home\n  type postcode\n  label Postcode\n"
    "field worth\n  type money\n  label Worth (optional)\n  max 1000000\n"
    "field staff\n  type number\n  label Staff\n  min 1\n  max 500\n"
    "field opens\n  type date\n  label Opening day\n  min 2020-01-01\n"
    "field at\n  type time\n  label Start\n"
    "field size\n  type radio\n  label Size\n  option s | Small\n  option l | Large\n"
    "field offers\n  type checks\n  label Offers\n  option g | Goods\n  option w | Works\n"
    "field agree\n  type tick\n  label I agree to the rules\n"
    "field ward\n  type select\n  label Ward\n"
    "field file\n  type file\n  label Payments file\n  max 1 KB\n  accept .csv, .txt\n"
    "field version\n  type hidden\n"
    "field share\n  type percent\n  label Share\n"
    "field change\n  type percent\n  label Change\n  min -12.5\n  max 250\n";

static struct arena *arena;
static const struct form_spec *spec;

static int setup(void **state) {
    (void)state;
    arena = arena_new(16u << 20);
    struct form_specs *s = form_specs_new(arena);
    char why[300];
    if (!form_specs_add(s, "all.form", description, why, sizeof why)) {
        print_error("%s\n", why);
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

static struct form *sent(const char *field, const char *value) {
    struct form_pair pairs[] = {{"name", "Ada"}, {field, value}};
    if (strcmp(field, "name") == 0) {
        return form_read(arena, spec, pairs + 1, 1, NULL, 0);
    }
    return form_read(arena, spec, pairs, 2, NULL, 0);
}

static void assert_wrong(const char *field, const char *value, const char *sentence) {
    struct form *f = sent(field, value);
    assert_false(form_ok(f));
    assert_non_null(form_error_of(f, field));
    assert_string_equal(form_error_of(f, field), sentence);
}

static void assert_text(const char *field, const char *value, const char *expected) {
    struct form *f = sent(field, value);
    if (form_error_of(f, field)) {
        print_error("%s: %s\n", value, form_error_of(f, field));
    }
    assert_true(form_ok(f));
    assert_string_equal(form_text(f, field), expected);
}

static void assert_number(const char *field, const char *value, int64_t expected) {
    struct form *f = sent(field, value);
    assert_null(form_error_of(f, field));
    assert_true(form_i64(f, field, -1) == expected);
}

static void test_single_lines_lose_blanks_at_their_ends_only(void **state) {
    (void)state;
    assert_text("name", "  Ada  B ", "Ada  B");
    assert_text("name",
                "\xC2\xA0"
                "Ada\xE2\x80\x8B",
                "Ada");
    assert_text("name", "Ada\tB", "Ada B");
    assert_wrong("name", " \xC2\xA0 ", "Enter your name");
    assert_string_equal(form_shown(sent("name", "  Ada "), "name", 0), "  Ada ");
}

static void test_lengths_count_characters_and_say_how_many(void **state) {
    (void)state;
    assert_text("name", "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9",
                "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9");
    assert_wrong("name", "12345678901", "Your name must be 10 characters or fewer. It is 11 characters now");
    assert_wrong("secret", "short", "Password must be 12 characters or more");
}

static void test_control_and_direction_characters_are_refused_and_everything_else_is_kept(void **state) {
    (void)state;
    for (unsigned c = 1; c < 0x80; c++) {
        char text[4] = {'a', (char)c, 'b', 0};
        struct form *f = sent("name", text);
        bool control = (c < 0x20 && c != '\t') || c == 0x7f;
        assert_int_equal(form_ok(f), !control);
        assert_string_equal(form_shown(f, "name", 0), text);
    }
    assert_false(form_ok(sent("name", "a\xE2\x80\xAE"
                                      "b"))); // right-to-left override
    assert_false(form_ok(sent("name", "a\xC2\x85"
                                      "b"))); // a C1 control
    assert_true(form_ok(sent("name", "\xE2\x82\xAC\xF0\x9F\x91\x8D")));
}

static void test_areas_keep_their_lines_as_line_feeds(void **state) {
    (void)state;
    assert_text("about", "one\r\ntwo\rthree\n", "one\ntwo\nthree");
    assert_text("about", "12345678\r\n12345678\r\n90", "12345678\n12345678\n90"); // 20 characters, not 22
    assert_wrong("about", "123456789012345678901",
                 "About you must be 20 characters or fewer. It is 21 characters now");
}

static void test_email_addresses(void **state) {
    (void)state;
    static const char *const good[] = {"a@b.co", " name@example.org ", "a.b+c@sub.example.org",
                                       "o'neil@example.org"};
    static const char *const bad[] = {"a",
                                      "a@b",
                                      "@b.co",
                                      "a@",
                                      "a b@c.de",
                                      "a@b..co",
                                      "a@-b.co",
                                      "a@b-.co",
                                      "a@b.co@c.de",
                                      ".a@b.co",
                                      "a.@b.co",
                                      "a..b@c.de",
                                      "a@b.co\nBcc: x",
                                      "<a@b.co>",
                                      "a@[127.0.0.1]",
                                      "caf\xC3\xA9@b.co",
                                      "a@b.c,o"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(form_ok(sent("email", good[i])));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct form *f = sent("email", bad[i]);
        assert_false(form_ok(f));
        assert_string_equal(form_shown(f, "email", 0), bad[i]);
    }
    assert_wrong("email", "a", "Enter an email address in the form name@example.org");
}

static void test_a_password_is_kept_exactly_and_never_shown_again(void **state) {
    (void)state;
    struct form *f = sent("secret", " three plain words ");
    assert_true(form_ok(f));
    assert_string_equal(form_text(f, "secret"), " three plain words ");
    assert_string_equal(form_shown(f, "secret", 0), "");
    assert_string_equal(form_shown(sent("secret", "bad"), "secret", 0), "");
}

static void test_postcodes_are_tidied(void **state) {
    (void)state;
    assert_text("home", "wn11aa", "WN1 1AA");
    assert_wrong("home", "WN1", "Enter a full UK postcode, like WN1 1AA");
}

static void test_money_is_read_as_people_write_it(void **state) {
    (void)state;
    assert_number("worth",
                  "\xC2\xA3"
                  "1,250.50",
                  125050);
    assert_number("worth", "0", 0);
    assert_text("worth", "1 250", "1250.00");
    assert_wrong("worth", "about 5", "Worth must be an amount in pounds, like 1,250 or 1,250.50");
    assert_wrong("worth", "-5", "Worth must be an amount in pounds, like 1,250 or 1,250.50");
    assert_wrong("worth", "1,000,000.01",
                 "Worth must be \xC2\xA3"
                 "1,000,000.00 or less");
}

static void test_percentages_become_whole_hundredths(void **state) {
    (void)state;
    assert_number("share", "31.9", 3190);
    assert_number("share", " 31.90 % ", 3190);
    assert_number("share", "0", 0);
    assert_number("share", "100%", 10000);
    assert_number("share", ".5", 50);
    assert_number("share", "0.05", 5);
    assert_number("change", "-12.5", -1250);
    assert_text("share", "031.90", "31.9");
    assert_text("share", "7.05", "7.05");
    assert_text("share", "12.00", "12");
    assert_text("change", "-0.25", "-0.25");
}

static void test_percentages_have_two_decimals_at_most_and_stay_in_range(void **state) {
    (void)state;
    static const char wrong[] = "Share must be a percentage, like 12 or 31.9";
    static const char *const typed[] = {
        "31.999", "a third", "31,", "3.", "-", "%", "5 %%", "1e2", "0x1", ".", "99999999999999999999"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        assert_wrong("share", typed[i], wrong);
    }
    assert_wrong("share", "100.01", "Share must be 100% or less");
    assert_wrong("share", "-0.01", "Share must be from 0% to 100%");
    assert_wrong("change", "251", "Change must be 250% or less");
    assert_wrong("change", "-12.51", "Change must be from -12.5% to 250%");
    struct form *f = sent("share", "100.01");
    assert_int_equal(form_i64(f, "share", -1), -1);
    assert_string_equal(form_shown(f, "share", 0), "100.01");
}

static void test_a_stored_share_is_shown_as_a_percentage(void **state) {
    (void)state;
    struct form *f = form_new(arena, spec);
    form_set_i64(f, "share", 3190);
    assert_string_equal(form_shown(f, "share", 0), "31.9");
    form_set_i64(f, "share", 10000);
    assert_string_equal(form_shown(f, "share", 0), "100");
    assert_int_equal(form_i64(f, "share", 0), 10000);
}

static void test_whole_numbers_take_separators_and_stay_in_range(void **state) {
    (void)state;
    assert_number("staff", " 1,2 3", 123);
    assert_wrong("staff", "12.5", "Staff must be a whole number, like 12");
    assert_wrong("staff", "1,", "Staff must be a whole number, like 12");
    assert_wrong("staff", "0", "Staff must be from 1 to 500");
    assert_wrong("staff", "99999999999999999999", "Staff must be a whole number, like 12");
    assert_wrong("staff", "-1", "Staff must be from 1 to 500");
    struct form *f = sent("staff", "501");
    assert_true(form_i64(f, "staff", -7) == -7);
    assert_string_equal(form_shown(f, "staff", 0), "501");
}

static struct form *sent_date(const char *d, const char *m, const char *y) {
    struct form_pair pairs[] = {{"name", "Ada"}, {"opens-day", d}, {"opens-month", m}, {"opens-year", y}};
    return form_read(arena, spec, pairs, 4, NULL, 0);
}

static void test_dates_must_be_real_days(void **state) {
    (void)state;
    int32_t day, expected;
    assert_true(day_parse("2028-02-29", &expected));
    struct form *f = sent_date(" 29", "2", "2028 ");
    assert_true(form_ok(f));
    assert_true(form_day(f, "opens", &day));
    assert_int_equal(day, expected);
    assert_string_equal(form_text(f, "opens"), "2028-02-29");
    assert_true(form_ok(sent_date("1", "Feb", "2027")));
    assert_true(form_ok(sent_date("1", "september", "2027")));
    static const char *const bad[][3] = {{"29", "2", "2027"}, {"31", "4", "2027"}, {"0", "1", "2027"},
                                         {"1", "13", "2027"}, {"1", "1", "27"},    {"x", "1", "2027"},
                                         {"1", "ju", "2027"}, {"1", "1", "20277"}, {"-1", "1", "2027"},
                                         {"1", "1", "1700"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        f = sent_date(bad[i][0], bad[i][1], bad[i][2]);
        assert_string_equal(form_error_of(f, "opens"), "Opening day must be a real date, like 2 11 2026");
        assert_false(form_day(f, "opens", &day));
        for (int part = 0; part < 3; part++) {
            assert_string_equal(form_shown(f, "opens", part), bad[i][part]);
        }
    }
}

static void test_dates_with_missing_parts_say_which(void **state) {
    (void)state;
    struct form *f = sent_date("", "2", "2027");
    assert_string_equal(form_error_of(f, "opens"), "Opening day must include a day");
    assert_int_equal(form_wrong_parts(f, "opens"), 1);
    f = sent_date("1", " ", "");
    assert_string_equal(form_error_of(f, "opens"), "Opening day must include a month and a year");
    assert_int_equal(form_wrong_parts(f, "opens"), 6);
    f = sent_date("31", "12", "2019");
    assert_string_equal(form_error_of(f, "opens"), "Opening day must be 1 January 2020 or later");
    assert_true(form_ok(sent_date("", "", "")));
    int32_t day;
    assert_false(form_day(sent_date("", "", ""), "opens", &day));
}

static void test_times_are_read_as_people_write_them(void **state) {
    (void)state;
    static const struct {
        const char *typed;
        int64_t minutes;
    } good[] = {{"9:30", 570},   {"09:30", 570},       {"9.30am", 570}, {"9am", 540},  {"12am", 0},
                {"12pm", 720},   {"2 pm", 840},        {"14:00", 840},  {"1430", 870}, {"midday", 720},
                {"midnight", 0}, {"11:59 p.m.", 1439}, {"0:00", 0}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_number("at", good[i].typed, good[i].minutes);
    }
    static const char *const bad[] = {"9",   "24:00", "9:60",   "13pm",  "0am",
                                      "9:3", "930am", "9:30xm", "9::30", "half past"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_wrong("at", bad[i], "Start must be a time, like 9:30am or 14:00");
    }
    assert_text("at", "2pm", "14:00");
}

static void test_only_offered_answers_are_taken(void **state) {
    (void)state;
    assert_text("size", "s", "s");
    struct form *f = sent("size", "huge");
    assert_string_equal(form_error_of(f, "size"), "Select one of the answers shown: size");
    assert_string_equal(form_text(f, "size"), "");
    struct form_pair both[] = {{"name", "A"}, {"offers", "g"}, {"offers", "w"}};
    f = form_read(arena, spec, both, 3, NULL, 0);
    assert_true(form_ok(f));
    assert_true(form_chosen(f, "offers", "g") && form_chosen(f, "offers", "w"));
    assert_string_equal(form_choice(f, "offers", 1), "w");
    assert_null(form_choice(f, "offers", 2));
    both[2].value = "x";
    f = form_read(arena, spec, both, 3, NULL, 0);
    assert_false(form_ok(f));
    assert_false(form_chosen(f, "offers", "x"));
}

static void test_an_answer_whose_options_nobody_gave_never_passes(void **state) {
    (void)state;
    static const struct field_option wards[] = {{"n", "North", NULL}, {"s", "South", NULL}};
    struct form *f = sent("ward", "n");
    assert_false(form_ok(f));
    form_options(f, "ward", wards, 2);
    assert_true(form_ok(f));
    assert_string_equal(form_text(f, "ward"), "n");
    f = sent("ward", "elsewhere");
    form_options(f, "ward", wards, 2);
    assert_false(form_ok(f));
    assert_string_equal(form_text(f, "ward"), "");
    assert_true(form_ok(sent("ward", "")));
}

static void test_ticks_and_undeclared_names(void **state) {
    (void)state;
    assert_true(form_ticked(sent("agree", "yes"), "agree"));
    assert_false(form_ticked(sent("agree", ""), "agree"));
    struct form *f = sent("is_admin", "yes");
    assert_true(form_ok(f));
    assert_null(form_field(f, "is_admin"));
}

static void test_files_have_a_kind_and_a_size(void **state) {
    (void)state;
    struct form_pair name = {"name", "Ada"};
    struct form_upload u = {
        .field = "file", .file_name = "Payments.CSV", .content_type = "text/csv", .path = "x", .size = 10};
    struct form *f = form_read(arena, spec, &name, 1, &u, 1);
    assert_true(form_ok(f));
    assert_ptr_equal(form_file(f, "file"), &u);
    u.size = 1025;
    f = form_read(arena, spec, &name, 1, &u, 1);
    assert_string_equal(form_error_of(f, "file"),
                        "The file you chose is too big. Choose one of 1 KB or less");
    assert_null(form_file(f, "file"));
    u.size = 0;
    f = form_read(arena, spec, &name, 1, &u, 1);
    assert_string_equal(form_error_of(f, "file"), "The file you chose is empty. Choose another one");
    u.size = 10;
    u.file_name = "x.exe";
    f = form_read(arena, spec, &name, 1, &u, 1);
    assert_string_equal(form_error_of(f, "file"), "Choose a file of one of these kinds: .csv, .txt");
}

static void test_the_first_error_of_a_field_stands_and_all_are_listed_in_order(void **state) {
    (void)state;
    struct form *f = sent("email", "a");
    form_error(f, "email", "Another sentence");
    form_error(f, "staff", "Say how many");
    form_error(f, "", "The place is full");
    const char *field, *sentence;
    assert_true(form_error_at(f, 0, &field, &sentence));
    assert_string_equal(field, "");
    assert_string_equal(sentence, "The place is full");
    assert_true(form_error_at(f, 1, &field, &sentence));
    assert_string_equal(field, "email");
    assert_string_equal(sentence, "Enter an email address in the form name@example.org");
    assert_true(form_error_at(f, 2, &field, &sentence));
    assert_string_equal(field, "staff");
    assert_false(form_error_at(f, 3, &field, &sentence));
}

static void test_a_form_can_be_filled_to_be_shown(void **state) {
    (void)state;
    struct form *f = form_new(arena, spec);
    assert_false(form_was_sent(f));
    form_set(f, "name", "Ada");
    form_set_i64(f, "worth", 123450);
    form_set_day(f, "opens", 0);
    form_set(f, "offers", "g");
    form_set(f, "agree", "t");
    form_set(f, "secret", "never");
    form_set_i64(f, "at", 570);
    assert_string_equal(form_shown(f, "name", 0), "Ada");
    assert_string_equal(form_shown(f, "worth", 0), "1234.50");
    assert_string_equal(form_shown(f, "opens", 2), "1970");
    assert_string_equal(form_shown(f, "at", 0), "9:30");
    assert_true(form_chosen(f, "offers", "g"));
    assert_true(form_ticked(f, "agree"));
    assert_string_equal(form_shown(f, "secret", 0), "");
    form_set(f, "agree", "f");
    assert_false(form_ticked(f, "agree"));
}

#define PROMISE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROMISE(test_single_lines_lose_blanks_at_their_ends_only),
        PROMISE(test_lengths_count_characters_and_say_how_many),
        PROMISE(test_control_and_direction_characters_are_refused_and_everything_else_is_kept),
        PROMISE(test_areas_keep_their_lines_as_line_feeds),
        PROMISE(test_email_addresses),
        PROMISE(test_a_password_is_kept_exactly_and_never_shown_again),
        PROMISE(test_postcodes_are_tidied),
        PROMISE(test_money_is_read_as_people_write_it),
        PROMISE(test_percentages_become_whole_hundredths),
        PROMISE(test_percentages_have_two_decimals_at_most_and_stay_in_range),
        PROMISE(test_a_stored_share_is_shown_as_a_percentage),
        PROMISE(test_whole_numbers_take_separators_and_stay_in_range),
        PROMISE(test_dates_must_be_real_days),
        PROMISE(test_dates_with_missing_parts_say_which),
        PROMISE(test_times_are_read_as_people_write_them),
        PROMISE(test_only_offered_answers_are_taken),
        PROMISE(test_an_answer_whose_options_nobody_gave_never_passes),
        PROMISE(test_ticks_and_undeclared_names),
        PROMISE(test_files_have_a_kind_and_a_size),
        PROMISE(test_the_first_error_of_a_field_stands_and_all_are_listed_in_order),
        PROMISE(test_a_form_can_be_filled_to_be_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
