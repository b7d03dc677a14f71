// SPDX-License-Identifier: Apache-2.0
// Promises of plugpack: resources come back as they were in tables that compile without a warning, and a
// mistake is told with file and line.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/folder.h"

static char root[64];   // of this test program
static char folder[96]; // the plugin's, fresh for each test
static char said[8192];

static const char *at(const char *name) {
    static char paths[8][256];
    static int next;
    char *p = paths[next++ & 7];
    snprintf(p, sizeof paths[0], "%s/%s", folder, name);
    return p;
}

static void save_bytes(const char *name, const void *bytes, size_t n) {
    char path[256];
    snprintf(path, sizeof path, "%s", at(name));
    for (char *p = path + strlen(folder) + 1; (p = strchr(p, '/')); p++) {
        *p = 0;
        mkdir(path, 0700);
        *p = '/';
    }
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static void save(const char *name, const char *text) {
    save_bytes(name, text, strlen(text));
}

// Runs a program; what it writes is in `said`. Gives its exit code.
static int run(const char *const *args) {
    char log[128];
    snprintf(log, sizeof log, "%s/said", root);
    pid_t pid = fork();
    if (pid == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        dup2(fd, STDOUT_FILENO);
        dup2(fd, STDERR_FILENO);
        execvp(args[0], (char *const *)(uintptr_t)args);
        _exit(127);
    }
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    FILE *f = fopen(log, "re");
    assert_non_null(f);
    said[fread(said, 1, sizeof said - 1, f)] = 0;
    fclose(f);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int pack(const char *file, const char *second) {
    char out[128];
    snprintf(out, sizeof out, "%s/resources.gen.h", root);
    const char *args[] = {BINARY_DIR "/plugpack", out, folder, file, second, NULL};
    return run(args);
}

// The plugin's folder has one mistake: nothing is written, and the place and the words are these.
static void expect_told(const char *file, const char *want) {
    char out[128], place[512];
    snprintf(out, sizeof out, "%s/resources.gen.h", root);
    unlink(out);
    snprintf(place, sizeof place, "%s/%s%s", folder, file, want);
    int rc = pack(NULL, NULL);
    if (rc != 1 || strncmp(said, place, strlen(place)) != 0) {
        print_error("expected \"%s\", exit code 1; got exit code %d: %s\n", place, rc, said);
        fail();
    }
    assert_int_equal(access(out, F_OK), -1);
}

// Compiles a program that includes the tables, with the warnings of this tree and more, and runs it.
static void expect_works(const char *compiler, const char *standard, const char *body) {
    char source[128], program[128], include[128];
    snprintf(source, sizeof source, "%s/use.%s", root, strstr(compiler, "++") ? "cpp" : "c");
    snprintf(program, sizeof program, "%s/use", root);
    snprintf(include, sizeof include, "-I%s", root);
    FILE *f = fopen(source, "we");
    assert_non_null(f);
    fprintf(f, "#include \"resources.gen.h\"\n#include <stdio.h>\n#include <string.h>\n%s", body);
    assert_int_equal(fclose(f), 0);
    const char *args[] = {compiler, standard, "-Wall", "-Wextra", "-Wconversion", "-Wunused-const-variable=2",
                          // g++ warns of every field that is left out, and fields are made to be left out
                          "-Wno-missing-field-initializers", "-Werror", include,
                          "-I" SOURCE_DIR "/core/include", "-o", program, source, NULL};
    int rc = run(args);
    if (rc != 0) {
        print_error("%s\n", said);
    }
    assert_int_equal(rc, 0);
    const char *use[] = {program, NULL};
    rc = run(use);
    if (rc != 0) {
        print_error("line %d of the program is not true\n", rc);
    }
    assert_int_equal(rc, 0);
}

static void save_all_kinds(void) {
    save("sql/pledge.sql",
         "-- SPDX-License-Identifier: Apache-2.0\n\n-- name: all_pledges\n-- columns: id\n"
         "SELECT id FROM pledge;\n\n-- name: add\nINSERT INTO pledge (a, b) VALUES ($2, $1)\n");
    save("sql/count.sql", "-- name: how_many\nSELECT count(*) FROM \"pledge\" -- all\n");
    save("schema/0001_pledge.sql", "CREATE TABLE pledge (id bigint);\n");
    save("schema/0002_more.sql", "ALTER TABLE pledge ADD a text;\n");
    save("templates/list.html", "<p>Two lines,\n\"quoted\", a \\, a trigraph \?\?=, \xc2\xa3\x31</p>\n");
    save("templates/parts/row.html", "<p>{{a}}</p>");
    save("forms/pledge.form", "form pledge\n");
    save("text/en.txt", "# words\n\nthanks =  Thank you = we mean it. \r\nsorry=Sorry.");
}

static const char all_there[] =
    "#define IS(x) if (!(x)) return __LINE__\n"
    "static const struct anc_plugin plugin = {ANC_PLUGIN_HEAD, PLUGIN_RESOURCES, .routes = {NULL, 0, 0}};\n"
    "int main(void) {\n"
    "    IS(plugin.sql.count == 3 && SQL_how_many == 0 && SQL_all_pledges == 1 && SQL_add == 2);\n"
    "    IS(!strcmp(plugin_sql[SQL_all_pledges].text, \"SELECT id FROM pledge\"));\n"
    "    IS(plugin_sql[SQL_add].params == 2 && plugin_sql[SQL_all_pledges].params == 0);\n"
    "    IS(!strcmp(plugin_sql[SQL_how_many].name, \"how_many\"));\n"
    "    IS(plugin.migrations.count == 2 && plugin_migrations[1].number == 2);\n"
    "    IS(!strcmp(plugin_migrations[0].name, \"0001_pledge.sql\"));\n"
    "    IS(!strcmp(plugin_migrations[0].text, \"CREATE TABLE pledge (id bigint);\\n\"));\n"
    "    IS(plugin.templates.count == 2 && !strcmp(plugin_templates[0].name, \"list\"));\n"
    "    IS(!strcmp(plugin_templates[0].text,\n"
    "               \"<p>Two lines,\\n\\\"quoted\\\", a \\\\, a trigraph \\?\\?=, \\xc2\\xa3\" "
    "\"1</p>\\n\"));\n"
    "    IS(plugin_templates[0].bytes == strlen(plugin_templates[0].text));\n"
    "    IS(!strcmp(plugin_templates[1].name, \"parts/row\"));\n"
    "    IS(plugin.forms.count == 1 && !strcmp(plugin_forms[0].name, \"pledge\"));\n"
    "    IS(plugin.texts.count == 2 && !strcmp(plugin_texts[0].key, \"thanks\"));\n"
    "    IS(!strcmp(plugin_texts[0].text, \"Thank you = we mean it.\"));\n"
    "    IS(!strcmp(plugin_texts[1].text, \"Sorry.\"));\n"
    "    IS(PLUGIN_HAS_SQL + PLUGIN_HAS_MIGRATIONS + PLUGIN_HAS_TEMPLATES + PLUGIN_HAS_FORMS + "
    "PLUGIN_HAS_TEXTS == 5);\n"
    "    return 0;\n}\n";

static void test_all_resources_come_back_as_they_were(void **state) {
    (void)state;
    save_all_kinds();
    assert_int_equal(pack(NULL, NULL), 0);
    expect_works("cc", "-std=gnu17", all_there);
}

static void test_the_same_tables_serve_a_plugin_in_cpp(void **state) {
    (void)state;
    const char *there[] = {"c++", "--version", NULL};
    if (run(there) != 0) {
        print_message("skipped: a C++ compiler is not present\n");
        return;
    }
    save_all_kinds();
    assert_int_equal(pack(NULL, NULL), 0);
    expect_works("c++", "-std=c++20", all_there);
}

static void test_a_table_without_rows_is_not_there_and_one_nobody_uses_is_no_warning(void **state) {
    (void)state;
    save("text/en.txt", "a_key = A sentence.\n");
    assert_int_equal(pack(NULL, NULL), 0);
    expect_works("cc", "-std=gnu17", "#ifdef PLUGIN_HAS_SQL\n#error\n#endif\nint main(void) { return 0; }\n");
    save("text/en.txt", "# nothing yet\n");
    assert_int_equal(pack(NULL, NULL), 0);
    expect_works("cc", "-std=gnu17",
                 "static const struct anc_plugin plugin = {ANC_PLUGIN_HEAD, PLUGIN_RESOURCES, .id = \"x\"};\n"
                 "int main(void) { return plugin.sql.count || plugin.texts.count; }\n");
}

static void test_other_files_become_arrays_byte_for_byte(void **state) {
    (void)state;
    save_bytes("list-1.csv",
               "a,b\n\0"
               "7\xff",
               7);
    assert_int_equal(pack(at("list-1.csv"), NULL), 0);
    expect_works("cc", "-std=gnu17",
                 "int main(void) {\n    return sizeof file_list_1_csv != 8 || memcmp(file_list_1_csv, "
                 "\"a,b\\n\\0\" \"7\\377\", 8);\n}\n");
    save("other/list_1.csv", "x");
    assert_int_equal(pack(at("list-1.csv"), at("other/list_1.csv")), 1);
    assert_non_null(strstr(said, "\"list_1_csv\" is already there"));
}

static void test_migrations_are_numbered_without_gaps(void **state) {
    (void)state;
    save("schema/0001_a.sql", "CREATE TABLE a (id int);");
    save("schema/0003_c.sql", "CREATE TABLE c (id int);");
    expect_told("schema/0003_c.sql", ":1: is number 0003, but 0002 is missing");
    save("schema/0002_b.sql", "CREATE TABLE b (id int);");
    save("schema/0002_c.sql", "CREATE TABLE c (id int);");
    expect_told("schema/0002_c.sql", ":1: has the same number as ");
}

static void test_a_migration_without_a_number_or_without_text_is_told(void **state) {
    (void)state;
    save("schema/first.sql", "CREATE TABLE a (id int);");
    expect_told("schema/first.sql", ":1: is no name for a migration; call it like 0001_first_tables.sql");
    unlink(at("schema/first.sql"));
    save("schema/0001_first.sql", "\n \n");
    expect_told("schema/0001_first.sql", ":1: is empty");
}

static void test_a_key_that_stands_twice_is_told_with_both_lines(void **state) {
    (void)state;
    save("text/en.txt", "# words\nthanks = Thank you.\n\nthanks = Thanks.\n");
    expect_told("text/en.txt", ":4: \"thanks\" is already there: ");
    assert_non_null(strstr(said, "text/en.txt:2\n"));
}

static void test_a_line_that_is_no_sentence_is_told(void **state) {
    (void)state;
    save("text/en.txt", "thanks = Thank you.\nThank you very much.\n");
    expect_told("text/en.txt", ":2: is not \"key = sentence\"");
    save("text/en.txt", "Thanks = Thank you.\n");
    expect_told("text/en.txt", ":1: \"Thanks\" is no key");
    save("text/en.txt", "\n\nthanks =   \n");
    expect_told("text/en.txt", ":3: the sentence of \"thanks\" is empty");
}

static void test_two_statements_of_one_name_are_told_even_in_two_files(void **state) {
    (void)state;
    save("sql/a.sql", "-- name: all\nSELECT 1\n");
    save("sql/b.sql", "-- name: some\nSELECT 1\n\n-- name: all\nSELECT 2\n");
    expect_told("sql/b.sql", ":4: \"all\" is already there: ");
    assert_non_null(strstr(said, "sql/a.sql:1\n"));
}

static void test_a_statement_that_cannot_be_one_is_told(void **state) {
    (void)state;
    save("sql/a.sql", "-- a remark\nSELECT 1\n");
    expect_told("sql/a.sql", ":2: stands before the first line \"-- name: ...\"");
    save("sql/a.sql", "-- name: All\nSELECT 1\n");
    expect_told("sql/a.sql", ":1: \"All\" is no name for a statement");
    save("sql/a.sql", "\n-- name: a\n-- nothing below\n\n-- name: b\nSELECT 1\n");
    expect_told("sql/a.sql", ":2: statement a is empty");
    save("sql/a.sql", "-- name: a\nSELECT $1, $3\n");
    expect_told("sql/a.sql", ":1: statement a uses $3 but not $2");
    save("sql/a.sql", "-- name: a\nSELECT '$3', \"$4\", $1 /* $5 */ -- $6\n");
    assert_int_equal(pack(NULL, NULL), 0);
    save("sql/a.sql", "-- name: a\nSELECT $33\n");
    expect_told("sql/a.sql", ":1: statement a uses $33; parameters are $1 to $32");
}

static void test_text_that_is_not_utf8_is_told_with_its_line(void **state) {
    (void)state;
    save_bytes("templates/a.html", "<p>a\n\xa3</p>", 10);
    expect_told("templates/a.html", ":2: holds bytes that are not UTF-8 text");
    save_bytes("templates/a.html", "a\0b", 3);
    expect_told("templates/a.html", ":1: holds bytes that are not UTF-8 text");
    save("templates/a.html", "\xed\xa0\x80");
    expect_told("templates/a.html", ":1: holds bytes that are not UTF-8 text");
    save("templates/a.html", "\xef\xbb\xbf<p>a</p>");
    expect_told("templates/a.html", ":1: begins with a byte-order mark");
}

static void test_a_file_in_the_wrong_folder_is_told_and_what_editors_leave_is_not_read(void **state) {
    (void)state;
    save("forms/.pledge.form.swp", "x");
    save("forms/pledge.form~", "x");
    assert_int_equal(pack(NULL, NULL), 0);
    save("forms/pledge.html", "x");
    expect_told("forms/pledge.html", ":1: does not belong here: forms/ holds files that end in .form");
    unlink(at("forms/pledge.html"));
    save("text/cy.txt", "a = b\n");
    expect_told("text/cy.txt", ":1: is not read; sentences stand in text/en.txt");
    unlink(at("text/cy.txt"));
    save("templates/Big.html", "x");
    expect_told("templates/Big.html", ":1: is no name for a template");
}

static void test_a_folder_that_is_not_there_is_told(void **state) {
    (void)state;
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(pack(NULL, NULL), 1);
    assert_non_null(strstr(said, "/plugin:1: is no folder\n"));
}

static int fresh_folder(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "%s/plugin", root);
    folder_remove(folder);
    return mkdir(folder, 0700);
}

static int make_root(void **state) {
    (void)state;
    snprintf(root, sizeof root, "/tmp/anchorage-plugpack-XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state) {
    (void)state;
    return folder_remove(root);
}

#define PROMISE(f) cmocka_unit_test_setup(f, fresh_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROMISE(test_all_resources_come_back_as_they_were),
        PROMISE(test_the_same_tables_serve_a_plugin_in_cpp),
        PROMISE(test_a_table_without_rows_is_not_there_and_one_nobody_uses_is_no_warning),
        PROMISE(test_other_files_become_arrays_byte_for_byte),
        PROMISE(test_migrations_are_numbered_without_gaps),
        PROMISE(test_a_migration_without_a_number_or_without_text_is_told),
        PROMISE(test_a_key_that_stands_twice_is_told_with_both_lines),
        PROMISE(test_a_line_that_is_no_sentence_is_told),
        PROMISE(test_two_statements_of_one_name_are_told_even_in_two_files),
        PROMISE(test_a_statement_that_cannot_be_one_is_told),
        PROMISE(test_text_that_is_not_utf8_is_told_with_its_line),
        PROMISE(test_a_file_in_the_wrong_folder_is_told_and_what_editors_leave_is_not_read),
        PROMISE(test_a_folder_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
