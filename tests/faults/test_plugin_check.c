// SPDX-License-Identifier: Apache-2.0
// Promises of `anchorage plugin check`: each thing that makes a plugin unfit is found and said in words, and
// whatever the plugin does, the check itself comes to its end and leaves nothing behind. What the good
// plugins are told is tested plugin by plugin (CTest: check_*).
#include "support/dbtest.h"

#include "faults/program.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define RUN(p, ...) program_run((p), (const char *const[]){__VA_ARGS__, NULL})
#define UNFIT       BINARY_DIR "/tests/unfit/"

static void need_words(const char *text, const char *words) {
    if (!strstr(text, words)) {
        fail_msg("\"%s\" is not in: %s", words, text);
    }
}

// Folders of the check carry the number of the program that made them.
static void need_nothing_left(const struct program *p) {
    char begin[64];
    snprintf(begin, sizeof begin, "anchorage-check-%ld-", (long)p->pid);
    DIR *d = opendir("/tmp");
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d));) {
        if (strncmp(e->d_name, begin, strlen(begin)) == 0) {
            fail_msg("/tmp/%s was left behind", e->d_name);
        }
    }
    closedir(d);
}

// The check of a plugin ends with 1, and says exactly these words in a line that begins with FAIL.
static void need_unfit(const char *id, const char *check, const char *words) {
    struct program p;
    char file[512], line[300];
    snprintf(file, sizeof file, UNFIT "%s.so", id);
    snprintf(line, sizeof line, "FAIL  %s: ", check);
    int code = RUN(&p, "plugin", "check", file, "--set", "plugin.stuck_s=20");
    if (code != 1) {
        fail_msg("exit code %d: %s%s", code, p.said, p.told);
    }
    const char *at = strstr(p.said, line);
    if (!at) {
        fail_msg("\"%s\" is not in: %s%s", line, p.said, p.told);
        return;
    }
    char said[1200];
    snprintf(said, sizeof said, "%.*s", (int)strcspn(at, "\n"), at);
    need_words(said, words);
    need_words(p.said, "is not fit to be used: 1 of ");
    need_nothing_left(&p);
    program_free(&p);
}

// ---- the file

static void test_a_second_name_given_away_is_found(void **state) {
    (void)state;
    need_unfit("unfit_names", "it gives away one function, anc_plugin_v1", "unfit_helper");
}

static void test_a_function_that_nobody_gives_is_found(void **state) {
    (void)state;
    need_unfit("unfit_missing", "its own libraries give all it needs", "sqlite3_nobody_gives_this");
}

static void test_code_that_runs_when_it_is_opened_is_found(void **state) {
    (void)state;
    need_unfit("unfit_early", "nothing of it runs before it is started", "count_openings");
}

static void test_a_database_library_of_its_own_is_found(void **state) {
    (void)state;
    need_unfit("unfit_library", "it brings no database and no web server of its own", "libpq.so");
}

static void test_a_stack_that_can_be_run_is_found(void **state) {
    (void)state;
    need_unfit("unfit_stack", "its stack cannot be run and its code does not change", "-z,noexecstack");
}

static void test_something_else_than_a_shared_object_is_refused(void **state) {
    (void)state;
    struct program p;
    assert_int_equal(RUN(&p, "plugin", "check", BINARY_DIR "/anchorage"), 1);
    need_words(p.told, "its name must be its id and end in .so");
    program_free(&p);
    const char *path = program_path("words.so");
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("no code at all\n", f);
    fclose(f);
    assert_int_equal(RUN(&p, "plugin", "check", path), 1);
    need_words(p.said,
               "FAIL  it is a shared object of this machine: it is not a shared object (no ELF head)");
    program_free(&p);
    assert_int_equal(RUN(&p, "plugin", "check", program_path("nothing.so")), 1);
    need_words(p.told, "nothing.so cannot be read: No such file or directory.");
    program_free(&p);
}

// ---- what it says of itself

static void test_a_template_with_a_text_in_a_script_is_found(void **state) {
    (void)state;
    need_unfit("unfit_template", "its description is well-formed", "templates/show.html:1: ");
}

// ---- the database

static void test_statements_without_right_or_column_are_found(void **state) {
    (void)state;
    struct program p;
    assert_int_equal(RUN(&p, "plugin", "check", UNFIT "unfit_sql.so"), 1);
    need_words(p.said,
               "FAIL  every statement can run under its own role with just the powers it asks for: payments");
    need_words(p.said, "just the powers it asks for: column");
    need_words(p.said, "2 of ");
    program_free(&p);
}

static void test_a_step_that_needs_empty_tables_is_found(void **state) {
    (void)state;
    need_unfit("unfit_step", "its tables come up to date from every earlier step",
               "from step 1, with a row in its tables: 0002_seen.sql");
}

static void test_a_step_that_reads_otherwise_than_in_the_release_before_is_found(void **state) {
    (void)state;
    struct program p;
    assert_int_equal(
        RUN(&p, "plugin", "check", UNFIT "after/unfit_step.so", "--previous", UNFIT "unfit_step.so"), 1);
    need_words(p.said, "ok    the earlier file starts: version 1.0.0, 2 steps");
    need_words(p.said, "FAIL  this file takes over the tables of the earlier one: ");
    need_words(p.said, "0001_visits.sql of unfit_step was applied to this database in another wording");
    program_free(&p);
    assert_int_equal(RUN(&p, "plugin", "check", UNFIT "after/unfit_step.so"), 0);
    need_words(p.said, "ok    its tables come up to date from every earlier step: 1 tried");
    program_free(&p);
}

// ---- starting

static void test_a_start_that_leaks_is_found(void **state) {
    (void)state;
    need_unfit("unfit_leak", "it starts and stops many times without growing", "in stop");
}

static void test_a_start_that_never_ends_is_found(void **state) {
    (void)state;
    struct program p;
    assert_int_equal(RUN(&p, "plugin", "check", UNFIT "unfit_hang.so", "--set", "plugin.stuck_s=5"), 1);
    need_words(p.said, "FAIL  it starts in an empty place: it did not come to an end within 5 seconds. "
                       "It was at: the first start.");
    need_nothing_left(&p);
    program_free(&p);
}

static void test_a_crash_without_a_power_is_found(void **state) {
    (void)state;
    need_unfit("unfit_power", "without the power \"show pages\" nothing breaks",
               "It was at: a tagger is pure, \"unfit_power\", facts number 0.");
}

static void test_a_setting_at_its_limit_that_breaks_it_is_found(void **state) {
    (void)state;
    need_unfit("unfit_setting", "with settings at their lower limits nothing breaks",
               "It was at: a tagger is pure, \"unfit_setting\", facts number 0.");
}

// ---- calls

static void test_a_result_out_of_range_is_found(void **state) {
    (void)state;
    need_unfit("unfit_range", "a tagger is pure", "judge: ");
}

static void test_a_call_over_its_budget_is_found(void **state) {
    (void)state;
    need_unfit("unfit_slow", "a tagger is pure", "judge: ");
}

static void test_a_scorer_that_remembers_is_found(void **state) {
    (void)state;
    need_unfit("unfit_scorer", "a scorer is pure", "in another way the second time");
}

static void test_a_tagger_that_mixes_up_threads_is_found(void **state) {
    (void)state;
    need_unfit("unfit_threads", "a tagger is pure", "in another way on two threads at once");
}

static void test_an_exporter_with_other_bytes_each_time_is_found(void **state) {
    (void)state;
    need_unfit("unfit_bytes", "the same notices give the same bytes", "the second time: \"OK OK document 1 ");
}

static void test_a_page_that_crashes_is_found(void **state) {
    (void)state;
    need_unfit("unfit_page", "everything else can be called",
               "It was at: the page GET /x/unfit_page/{which}.");
}

// ---- the check itself

static void test_the_result_is_told_as_json_and_nothing_is_left_behind(void **state) {
    (void)state;
    struct program p;
    json_error_t why;
    assert_int_equal(RUN(&p, "plugin", "check", BINARY_DIR "/plugins/vcfse.so", "--json"), 0);
    json_t *v = json_loads(p.said, 0, &why);
    if (!v) {
        fail_msg("%s: %s", why.text, p.said);
    }
    assert_string_equal(json_string_value(json_object_get(v, "id")), "vcfse");
    assert_true(json_is_true(json_object_get(v, "fit")));
    assert_true(json_array_size(json_object_get(v, "checks")) > 10);
    json_decref(v);
    need_nothing_left(&p);
    program_free(&p);
}

static void test_it_says_how_it_is_called(void **state) {
    (void)state;
    struct program p;
    assert_int_equal(RUN(&p, "plugin", "check"), 2);
    need_words(p.told, "Say: plugin check FILE [--previous FILE].");
    program_free(&p);
}

#define T(name) cmocka_unit_test_teardown(name, program_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_a_second_name_given_away_is_found),
        T(test_a_function_that_nobody_gives_is_found),
        T(test_code_that_runs_when_it_is_opened_is_found),
        T(test_a_database_library_of_its_own_is_found),
        T(test_a_stack_that_can_be_run_is_found),
        T(test_something_else_than_a_shared_object_is_refused),
        T(test_a_template_with_a_text_in_a_script_is_found),
        T(test_statements_without_right_or_column_are_found),
        T(test_a_step_that_needs_empty_tables_is_found),
        T(test_a_step_that_reads_otherwise_than_in_the_release_before_is_found),
        T(test_a_start_that_leaks_is_found),
        T(test_a_start_that_never_ends_is_found),
        T(test_a_crash_without_a_power_is_found),
        T(test_a_setting_at_its_limit_that_breaks_it_is_found),
        T(test_a_result_out_of_range_is_found),
        T(test_a_call_over_its_budget_is_found),
        T(test_a_scorer_that_remembers_is_found),
        T(test_a_tagger_that_mixes_up_threads_is_found),
        T(test_an_exporter_with_other_bytes_each_time_is_found),
        T(test_a_page_that_crashes_is_found),
        T(test_the_result_is_told_as_json_and_nothing_is_left_behind),
        T(test_it_says_how_it_is_called),
    };
    return cmocka_run_group_tests(tests, program_group_setup, program_group_teardown);
}
