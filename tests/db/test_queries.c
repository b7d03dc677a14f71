// SPDX-License-Identifier: Apache-2.0
// Every named statement of the core is prepared against the real tables, and what it takes and gives is
// compared with schemas/queries/*.types. "test_queries --write" writes those files anew.
#include "support/dbtest.h"

#include "base/strb.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES ((size_t)1024 * 1024)
#define FILES_MAX      256

static const char *program;
static bool writing;

// "schemas/queries/x.sql" to SOURCE_DIR/schemas/queries/x.types
static void types_path(const char *sql_file, char *out, size_t cap) {
    snprintf(out, cap, SOURCE_DIR "/%.*s.types", (int)(strlen(sql_file) - strlen(".sql")), sql_file);
}

static char *read_text(const char *path) {
    FILE *f = fopen(path, "re");
    char *text = calloc(1, FILE_MAX_BYTES + 1);
    assert_non_null(text);
    if (f) {
        size_t n = fread(text, 1, FILE_MAX_BYTES, f);
        text[n] = 0;
        fclose(f);
    }
    return text;
}

static bool write_text(const char *path, const char *text) {
    FILE *f = fopen(path, "we");
    if (!f) {
        return false;
    }
    fputs(text, f);
    return fclose(f) == 0;
}

// Names each line that differs; the files are short and sorted, so a plain walk serves.
static void tell_difference(const char *path, const char *have, const char *want) {
    print_error("%s does not say what the statements are now.\n", path);
    for (int line = 1; *have || *want; line++) {
        size_t h = strcspn(have, "\n"), w = strcspn(want, "\n");
        if (h != w || memcmp(have, want, h) != 0) {
            print_error("  line %d, committed: %.*s\n  line %d, now:       %.*s\n", line, (int)h, have, line,
                        (int)w, want);
            break;
        }
        have += h + (have[h] == '\n');
        want += w + (want[w] == '\n');
    }
    print_error("  If that is what you meant, run: %s --write\n", program);
}

// The distinct files of sql_all, in order of first appearance.
static size_t list_files(const char **files) {
    size_t n = 0;
    for (size_t i = 0; sql_all[i]; i++) {
        bool seen = false;
        for (size_t k = 0; k < n; k++) {
            seen = seen || strcmp(files[k], sql_all[i]->file) == 0;
        }
        if (!seen) {
            assert_true(n < FILES_MAX);
            files[n++] = sql_all[i]->file;
        }
    }
    return n;
}

// All shapes of one file; counts the statements that PostgreSQL does not take.
static int describe_file(struct ctx *c, const char *file, struct strb *b) {
    int bad = 0;
    strb_puts(b, "# What each statement takes, how many rows it gives, and their columns. Written by "
                 "test_queries --write.\n");
    for (size_t i = 0; sql_all[i]; i++) {
        const char *shape;
        if (strcmp(sql_all[i]->file, file) != 0) {
            continue;
        }
        if (db_describe(c, sql_all[i], &shape) != ERR_OK) {
            print_error("%s: %s: %s\n", file, sql_all[i]->name, c->err_detail);
            bad++;
        } else {
            strb_puts(b, shape);
        }
    }
    assert_false(b->over);
    return bad;
}

static void test_every_statement_fits_the_tables_and_its_types_are_the_committed_ones(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const char *files[FILES_MAX];
    size_t n = list_files(files);
    int bad = 0;
    for (size_t i = 0; i < n; i++) {
        char path[1024];
        struct strb now;
        strb_init(&now, FILE_MAX_BYTES);
        types_path(files[i], path, sizeof path);
        int failed = describe_file(c, files[i], &now);
        char *have = read_text(path);
        if (failed == 0 && strcmp(have, now.p) != 0) {
            if (writing) {
                print_message("writing %s\n", path);
                failed = write_text(path, now.p) ? 0 : 1;
            } else {
                tell_difference(path, have, now.p);
                failed = 1;
            }
        }
        bad += failed;
        free(have);
        strb_free(&now);
    }
    assert_int_equal(bad, 0);
}

static void test_a_statement_for_one_row_cannot_be_declared_for_none_and_the_other_way_round(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    for (size_t i = 0; sql_all[i]; i++) {
        const char *shape;
        if (db_describe(c, sql_all[i], &shape) != ERR_OK) {
            continue; // told by the test before
        }
        bool gives_columns = strstr(shape, "\n  ") != NULL;
        if (gives_columns != (sql_all[i]->rows != SQL_NONE)) {
            fail_msg("%s: %s %s columns, so its \"rows\" line is wrong", sql_all[i]->file, sql_all[i]->name,
                     gives_columns ? "gives" : "gives no");
        }
    }
}

int main(int argc, char **argv) {
    program = argv[0];
    writing = argc > 1 && strcmp(argv[1], "--write") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_every_statement_fits_the_tables_and_its_types_are_the_committed_ones,
            dbtest_setup_unprepared, dbtest_teardown),
        cmocka_unit_test_setup_teardown(
            test_a_statement_for_one_row_cannot_be_declared_for_none_and_the_other_way_round,
            dbtest_setup_unprepared, dbtest_teardown),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
