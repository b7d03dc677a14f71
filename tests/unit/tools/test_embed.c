// SPDX-License-Identifier: Apache-2.0
// Promises of embed: what goes in comes out byte for byte, sorted, and fast enough for a megabyte.
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

#define SIZE ((size_t)1024 * 1024)

static char folder[64];

static char *at(const char *name) {
    static char paths[8][256];
    static int next;
    char *p = paths[next++ & 7];
    snprintf(p, sizeof paths[0], "%s/%s", folder, name);
    return p;
}

static void save(const char *name, const void *bytes, size_t n) {
    FILE *f = fopen(at(name), "we");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static int run(const char *const *args) {
    pid_t pid = fork();
    if (pid == 0) {
        int fd = open("/dev/null", O_WRONLY);
        dup2(fd, STDERR_FILENO);
        execvp(args[0], (char *const *)(uintptr_t)args);
        _exit(127);
    }
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int embed(const char *symbol, const char *a, const char *b) {
    const char *args[] = {BINARY_DIR "/embed", at("out.c"), symbol, folder, a, b, NULL};
    return run(args);
}

// Compiles the table with a program that writes it back to standard form, and compares.
static void test_a_megabyte_of_all_bytes_comes_back_as_it_was(void **state) {
    (void)state;
    unsigned char *bytes = malloc(SIZE), *back = malloc(SIZE);
    assert_true(bytes && back);
    for (size_t i = 0; i < SIZE; i++) {
        bytes[i] = (unsigned char)((i * 2654435761u) >> 13);
    }
    memcpy(bytes,
           "\?\?=\"\\\0"
           "123",
           9); // a trigraph, quotes, a NUL before digits
    save("b.bin", bytes, SIZE);
    save("a.txt", "", 0);
    assert_int_equal(embed("table", at("b.bin"), at("a.txt")), 0);
    static const char reader[] =
        "#include \"base/embed.h\"\n#include <stdio.h>\n#include <string.h>\n"
        "extern const struct embedded table[];\n"
        "int main(int argc, char **argv) {\n"
        "    FILE *f = fopen(argv[argc - 1], \"w\");\n"
        "    if (!f || strcmp(table[0].path, \"a.txt\") || table[0].n || table[0].bytes[0]) return 1;\n"
        "    if (strcmp(table[1].path, \"b.bin\") || table[2].path || table[1].bytes[table[1].n]) return 2;\n"
        "    return fwrite(table[1].bytes, 1, table[1].n, f) != table[1].n || fclose(f) ? 3 : 0;\n}\n";
    save("reader.c", reader, strlen(reader));
    const char *cc[] = {"cc", "-std=gnu17", "-Wall",        "-Wextra",   "-Werror", "-I", SOURCE_DIR "/core",
                        "-o", at("reader"), at("reader.c"), at("out.c"), NULL};
    assert_int_equal(run(cc), 0);
    const char *reading[] = {at("reader"), at("copy.bin"), NULL};
    assert_int_equal(run(reading), 0);
    FILE *f = fopen(at("copy.bin"), "re");
    assert_non_null(f);
    assert_int_equal(fread(back, 1, SIZE, f), SIZE);
    fclose(f);
    assert_memory_equal(bytes, back, SIZE);
    free(bytes);
    free(back);
}

static void
test_a_file_outside_the_root_or_named_twice_or_missing_is_refused_and_nothing_is_left(void **state) {
    (void)state;
    save("a.txt", "x", 1);
    assert_int_equal(embed("table", "/etc/hostname", NULL), 1);
    assert_int_equal(embed("table", at("a.txt"), at("a.txt")), 1);
    assert_int_equal(embed("table", at("missing"), NULL), 1);
    assert_int_equal(embed("no symbol", at("a.txt"), NULL), 1);
    assert_int_equal(access(at("out.c"), F_OK), -1);
}

static void test_a_table_of_no_files_is_only_its_end(void **state) {
    (void)state;
    assert_int_equal(embed("table", NULL, NULL), 0);
    assert_int_equal(access(at("out.c"), F_OK), 0);
}

static int make_folder(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/anchorage-embed-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    return folder_remove(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define ONE(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
        ONE(test_a_megabyte_of_all_bytes_comes_back_as_it_was),
        ONE(test_a_file_outside_the_root_or_named_twice_or_missing_is_refused_and_nothing_is_left),
        ONE(test_a_table_of_no_files_is_only_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
