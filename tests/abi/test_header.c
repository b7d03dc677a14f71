// SPDX-License-Identifier: Apache-2.0
// Promise: the plugin header compiles alone, without a warning, as C and as C++, with gcc and clang; and a
// plugin written in C++ has the one function under its plain name.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define INCLUDE "-I" SOURCE_DIR "/core/include"

static const char header_only[] = "#include <anchorage/plugin.h>\n";

// Rows at their plainest, all macros of the header, and a tail call through each kind of table.
static const char use_it[] =
    "#include <anchorage/plugin.h>\n"
    "static const struct anc_host *host;\n"
    "static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *f, struct anc_tag *t, void *) {\n"
    "    t->decision = ANC_TAG_YES; t->score = 1;\n"
    "    t->reasons = ANC_HAS(host->mem, format) ? host->mem->format(ctx, \"%s\", f->name) : \"\";\n"
    "    return ANC_FITS(t, reasons) ? ANC_OK : ANC_SKIP;\n"
    "}\n"
    "static const struct anc_supplier_tagger tagger = {sizeof tagger, \"a\", \"A\", judge};\n"
    "static const struct anc_provider rows[] = {{ANC_POINT_SUPPLIER_TAGGER, \"a\", &tagger}};\n"
    "static anc_rc start(anc_ctx *, const struct anc_host *h, void **s) { host = h; *s = nullptr; return "
    "ANC_OK; }\n"
    "static const struct anc_plugin plugin = {ANC_PLUGIN_HEAD, .id = \"plus\", .title = \"T\", .summary = "
    "\"S\",\n"
    "    .license = \"Apache-2.0\", .version = ANC_VERSION(1, 0, 0), .wants = ANC_CAP_WRITE_TAGS,\n"
    "    .start = start, .providers = ANC_TABLE(rows)};\n"
    "ANC_PLUGIN(plugin)\n"
    "int64_t sum(const struct anc_bid *b);\n"
    "int64_t sum(const struct anc_bid *b) { return ANC_AT(b->commitments, 1)->units; }\n";

// The program's exit status.
static int run(const char *const *argv, bool quiet) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (quiet && !freopen("/dev/null", "w", stdout)) {
            _exit(127);
        }
        union {
            const char *const *given;
            char *const *wanted;
        } u = {.given = argv}; // execvp changes nothing of it
        execvp(argv[0], u.wanted);
        _exit(127);
    }
    int status = 0;
    assert_true(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static bool there(const char *program) {
    const char *argv[] = {program, "--version", NULL};
    return run(argv, true) == 0;
}

static void put_source(const char *path, const char *text) {
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    fclose(f);
}

static void compile(const char *compiler, const char *standard, const char *language, const char *text,
                    const char *out) {
    if (!there(compiler)) {
        printf("skipped: %s not present\n", compiler);
        return;
    }
    put_source(BINARY_DIR "/tests/abi/header_test.in", text);
    const char *argv[] = {compiler, standard, "-x", language, "-Wall", "-Wextra", "-pedantic", "-Werror",
                          INCLUDE, "-fPIC", "-fvisibility=hidden",
                          // g++ asks for every field even of designated initialisers
                          "-Wno-missing-field-initializers", BINARY_DIR "/tests/abi/header_test.in",
                          *out ? "-shared" : "-fsyntax-only", *out ? "-o" : NULL, out, NULL};
    if (run(argv, false) != 0) {
        fail_msg("%s %s does not take the header", compiler, standard);
    }
}

static void test_it_compiles_alone_as_c(void **state) {
    (void)state;
    static const char *const standards[] = {"-std=c11", "-std=c17", "-std=gnu17"};
    for (size_t i = 0; i < sizeof standards / sizeof *standards; i++) {
        compile("gcc", standards[i], "c", header_only, "");
        compile("clang", standards[i], "c", header_only, "");
    }
}

static void test_it_compiles_alone_as_cplusplus(void **state) {
    (void)state;
    static const char *const standards[] = {"-std=c++11", "-std=c++14", "-std=c++17", "-std=c++20"};
    for (size_t i = 0; i < sizeof standards / sizeof *standards; i++) {
        compile("g++", standards[i], "c++", header_only, "");
        compile("clang++", standards[i], "c++", header_only, "");
    }
}

static void test_a_plugin_in_cplusplus_exports_the_plain_name(void **state) {
    (void)state;
    static const char *const compilers[] = {"g++", "clang++"};
    for (size_t i = 0; i < 2; i++) {
        const char *out = BINARY_DIR "/tests/abi/header_test.so";
        remove(out);
        compile(compilers[i], "-std=c++20", "c++", use_it, out);
        FILE *f = there(compilers[i]) ? fopen(out, "rb") : NULL;
        if (!f) {
            continue;
        }
        static char bytes[1 << 20];
        size_t n = fread(bytes, 1, sizeof bytes, f);
        fclose(f);
        // In the table of names it stands between two NULs; a mangled one has letters around it.
        assert_non_null(memmem(bytes, n, "\0anc_plugin_v1\0", 15));
        assert_null(memmem(bytes, n, "13anc_plugin_v1", 15));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_compiles_alone_as_c),
        cmocka_unit_test(test_it_compiles_alone_as_cplusplus),
        cmocka_unit_test(test_a_plugin_in_cplusplus_exports_the_plain_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
