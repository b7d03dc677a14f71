// SPDX-License-Identifier: Apache-2.0
// Promises of sqlgen: good blocks become C, bad ones are told with file and line and write nothing.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/folder.h"

#define TEXT_BYTES ((size_t)64 * 1024)

static char folder[64], said[TEXT_BYTES];

static const char *at(const char *name) {
    static char paths[4][256];
    static int next;
    char *p = paths[next++ & 3];
    snprintf(p, sizeof paths[0], "%s/%s", folder, name);
    return p;
}

static void save(const char *name, const char *text) {
    FILE *f = fopen(at(name), "we");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static const char *load(const char *name) {
    static char text[TEXT_BYTES];
    FILE *f = fopen(at(name), "re");
    text[0] = 0;
    if (f) {
        size_t n = fread(text, 1, sizeof text - 1, f);
        text[n] = 0;
        fclose(f);
    }
    return text;
}

// Runs the tool; its standard error is in `said`. Returns the exit code.
static int run(const char *first, const char *second) {
    const char *log = at("said");
    const char *args[] = {BINARY_DIR "/sqlgen", at("out.gen"), at(first), second ? at(second) : NULL, NULL};
    pid_t pid = fork();
    if (pid == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(fd, STDERR_FILENO);
        execv(args[0], (char *const *)(uintptr_t)args);
        _exit(127);
    }
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    snprintf(said, sizeof said, "%s", load("said"));
    return WEXITSTATUS(status);
}

static void expect_told(const char *text, const char *want) {
    save("bad.sql", text);
    int rc = run("bad.sql", NULL);
    if (rc != 1 || !strstr(said, want)) {
        print_error("expected \"%s\", exit code 1; got exit code %d:\n%s", want, rc, said);
        fail();
    }
    assert_string_equal(load("out.gen.c"), "");
    assert_string_equal(load("out.gen.h"), "");
}

static const char good[] = "-- SPDX-License-Identifier: Apache-2.0\n\n"
                           "-- name: boat_by_ref\n-- rows: opt\n-- doc: One boat\n-- doc: by its reference.\n"
                           "SELECT id, \"Length\"\n  FROM boat\n WHERE ref = $1;\n\n"
                           "-- name: boat_add\n-- rows: none\n-- doc: A new boat.\n"
                           "INSERT INTO boat VALUES ($2, $1, 'a?\\b')\n";

static void test_a_block_becomes_a_constant_with_its_kind_and_its_number_of_parameters(void **state) {
    (void)state;
    save("good.sql", good);
    assert_int_equal(run("good.sql", NULL), 0);
    const char *c = load("out.gen.c");
    assert_non_null(strstr(c, "const struct sql sql_boat_by_ref"));
    assert_non_null(strstr(c, ".rows = SQL_OPT"));
    assert_non_null(strstr(c, ".rows = SQL_NONE"));
    assert_non_null(strstr(c, ".params = 2"));
    assert_null(strstr(c, "$1;"));
    assert_non_null(strstr(c, "\\\"Length\\\""));
    assert_non_null(strstr(c, "'a\\077\\\\b'"));
    const char *h = load("out.gen.h");
    assert_non_null(strstr(h, "// One boat by its reference.\n"));
    assert_non_null(strstr(h, "extern const struct sql sql_boat_add;"));
}

static void test_the_list_of_all_statements_is_sorted_by_name_over_all_files(void **state) {
    (void)state;
    save("good.sql", good);
    save("more.sql", "-- name: anchor_any\n-- rows: one\n-- doc: x\nSELECT 1 AS a\n");
    assert_int_equal(run("good.sql", "more.sql"), 0);
    const char *all = strstr(load("out.gen.c"), "sql_all[]");
    assert_non_null(all);
    const char *a = strstr(all, "&sql_anchor_any"), *b = strstr(all, "&sql_boat_add"),
               *c = strstr(all, "&sql_boat_by_ref");
    assert_true(a && b && c && a < b && b < c);
}

static void test_a_file_without_statements_makes_an_empty_list(void **state) {
    (void)state;
    save("none.sql", "-- SPDX-License-Identifier: Apache-2.0\n");
    assert_int_equal(run("none.sql", NULL), 0);
    assert_non_null(strstr(load("out.gen.c"), "sql_all[] = {\n    0,"));
}

static void test_a_name_used_twice_is_told_with_both_places(void **state) {
    (void)state;
    save("good.sql", good);
    save("bad.sql", "-- name: boat_add\n-- rows: one\n-- doc: x\nSELECT 1 AS a\n");
    assert_int_equal(run("good.sql", "bad.sql"), 1);
    assert_non_null(strstr(said, "bad.sql:1: boat_add: this name is taken by"));
    assert_non_null(strstr(said, "good.sql:11"));
}

static void test_a_missing_doc_or_rows_line_is_told(void **state) {
    (void)state;
    expect_told("-- name: a\n-- rows: one\nSELECT 1 AS a\n", "bad.sql:1: a: a line \"-- doc:\"");
    expect_told("\n-- name: a\n-- doc: x\nSELECT 1 AS a\n", "bad.sql:2: a: a line \"-- rows:\"");
    expect_told("-- name: a\n-- doc:\n-- rows: one\nSELECT 1 AS a\n", "a line \"-- doc:\"");
}

static void test_an_unknown_word_for_rows_is_told(void **state) {
    (void)state;
    expect_told("-- name: a\n-- doc: x\n-- rows: some\nSELECT 1 AS a\n",
                "rows is \"some\"; write one, opt, many or none");
    expect_told("-- name: a\n-- doc: x\n-- rows: one\n-- rows: opt\nSELECT 1 AS a\n", "rows is given twice");
}

static void test_asking_for_all_columns_is_told_in_every_form(void **state) {
    (void)state;
    const char *const forms[] = {
        "select * from t",
        "SELECT DISTINCT * FROM t",
        "SELECT t.* FROM t",
        "SELECT a, * FROM t",
        "SELECT\n *\nFROM t",
        "SELECT /* x */ * FROM t",
        "UPDATE t SET a = 1 RETURNING *",
        "SELECT a FROM (SELECT * FROM t) u",
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char text[256];
        snprintf(text, sizeof text, "-- name: a\n-- doc: x\n-- rows: many\n%s\n", forms[i]);
        expect_told(text, "name the columns");
    }
}

static void test_a_star_that_counts_or_multiplies_is_fine(void **state) {
    (void)state;
    save(
        "good.sql",
        "-- name: a\n-- doc: x\n-- rows: one\nSELECT count(*) AS n, 2 * 3 AS m, '*' AS s, 'SELECT *' AS t\n");
    assert_int_equal(run("good.sql", NULL), 0);
}

static void test_a_gap_in_the_parameters_is_told(void **state) {
    (void)state;
    expect_told("-- name: a\n-- doc: x\n-- rows: one\nSELECT $1::int + $3::int AS a\n",
                "a: uses $3 but not $2");
    expect_told("-- name: a\n-- doc: x\n-- rows: one\nSELECT $0 AS a\n", "$0 is out of range");
    expect_told("-- name: a\n-- doc: x\n-- rows: one\nSELECT $1000 AS a\n", "$1000 is out of range");
}

static void test_what_looks_like_a_parameter_in_quotes_or_a_comment_is_none(void **state) {
    (void)state;
    save("good.sql", "-- name: a\n-- doc: x\n-- rows: one\n"
                     "SELECT '$5' AS a, $$ $6 $$ AS b, $x$ $7; $x$ AS c, E'\\'$8' AS d, \"$9\" -- $10\n"
                     "  FROM t /* $11 */ WHERE e = $1\n");
    assert_int_equal(run("good.sql", NULL), 0);
    assert_non_null(strstr(load("out.gen.c"), ".params = 1"));
}

static void test_two_statements_in_one_block_are_told_with_the_line(void **state) {
    (void)state;
    expect_told("-- name: a\n-- doc: x\n-- rows: one\nSELECT 1 AS a;\nSELECT 2 AS b\n",
                "bad.sql:4: a: one statement a block");
}

static void test_text_that_is_never_closed_is_told(void **state) {
    (void)state;
    expect_told("-- name: a\n-- doc: x\n-- rows: one\nSELECT 'abc\n", "bad.sql:4: a: text is opened here");
    expect_told("-- name: a\n-- doc: x\n-- rows: one\nSELECT 1\n /* abc\n",
                "bad.sql:5: a: text is opened here");
}

static void test_a_name_that_is_no_name_is_told(void **state) {
    (void)state;
    expect_told("-- name: Boat\n-- doc: x\n-- rows: one\nSELECT 1 AS a\n", "the name \"Boat\"");
    expect_told("-- name:\n-- doc: x\n-- rows: one\nSELECT 1 AS a\n", "the name \"\"");
    expect_told("-- name: b;drop\n-- doc: x\n-- rows: one\nSELECT 1 AS a\n", "the name \"b;drop\"");
    expect_told("-- name: a123456789012345678901234567890123456789012345678901234567890\n-- doc: x\n-- rows: "
                "one\nSELECT 1\n",
                "at most 56");
}

static void test_a_block_without_a_statement_and_a_statement_without_a_block_are_told(void **state) {
    (void)state;
    expect_told("-- name: a\n-- doc: x\n-- rows: one\n\n-- name: b\n-- doc: x\n-- rows: one\nSELECT 1 AS a\n",
                "bad.sql:1: a: the statement is missing");
    expect_told("-- hello\nSELECT 1 AS a\n", "bad.sql:2: a statement starts with a line");
}

static void test_all_problems_are_told_in_one_run(void **state) {
    (void)state;
    save("bad.sql", "-- name: A\nSELECT * FROM t WHERE a = $2\n");
    assert_int_equal(run("bad.sql", NULL), 1);
    assert_non_null(strstr(said, "5 problems"));
}

static int make_folder(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/anchorage-sqlgen-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    return folder_remove(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define ONE(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
        ONE(test_a_block_becomes_a_constant_with_its_kind_and_its_number_of_parameters),
        ONE(test_the_list_of_all_statements_is_sorted_by_name_over_all_files),
        ONE(test_a_file_without_statements_makes_an_empty_list),
        ONE(test_a_name_used_twice_is_told_with_both_places),
        ONE(test_a_missing_doc_or_rows_line_is_told),
        ONE(test_an_unknown_word_for_rows_is_told),
        ONE(test_asking_for_all_columns_is_told_in_every_form),
        ONE(test_a_star_that_counts_or_multiplies_is_fine),
        ONE(test_a_gap_in_the_parameters_is_told),
        ONE(test_what_looks_like_a_parameter_in_quotes_or_a_comment_is_none),
        ONE(test_two_statements_in_one_block_are_told_with_the_line),
        ONE(test_text_that_is_never_closed_is_told),
        ONE(test_a_name_that_is_no_name_is_told),
        ONE(test_a_block_without_a_statement_and_a_statement_without_a_block_are_told),
        ONE(test_all_problems_are_told_in_one_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
