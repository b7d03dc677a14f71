// SPDX-License-Identifier: Apache-2.0
// Promise: whatever a file's bytes are, they are read without a step outside them, and what they say is told.
#include "plugin/elf.h"

#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// A small object with the functions anc_plugin_v1 and, run when it is opened, early.
#define SMALL SOURCE_DIR "/tests/fuzz/corpus/elf/small"

static unsigned char *small;
static size_t small_n;
static struct elf_facts facts;
static char why[160];

static int read_small(void **state) {
    (void)state;
    FILE *f = fopen(SMALL, "rb");
    small = f ? malloc(65536) : NULL;
    small_n = small ? fread(small, 1, 65536, f) : 0;
    if (f) {
        fclose(f);
    }
    return small_n > 0 ? 0 : -1;
}

static int free_small(void **state) {
    (void)state;
    free(small);
    return 0;
}

// A copy that ends where its memory ends, so that a sanitizer sees every byte too many.
static bool read_cut(size_t n, size_t at, unsigned char value) {
    unsigned char *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    memcpy(copy, small, n);
    if (at < n) {
        copy[at] = value;
    }
    why[0] = 0;
    bool good = elf_read(copy, n, &facts, why, sizeof why);
    free(copy);
    return good;
}

static void test_what_an_object_gives_and_runs_is_told(void **state) {
    (void)state;
#if !defined(__x86_64__)
    puts("skipped: the sample is for x86-64");
    return;
#endif
    assert_true(elf_read(small, small_n, &facts, why, sizeof why));
    assert_int_equal(facts.exported.count, 2);
    assert_int_equal(facts.constructors.count, 1);
    assert_string_equal(facts.constructors.name[0], "early");
    assert_false(facts.exec_stack);
    assert_false(facts.text_relocations);
    assert_false(facts.own_init);
    assert_false(facts.sanitized);
}

static void test_a_cut_object_is_refused_with_a_reason_or_read(void **state) {
    (void)state;
    for (size_t n = 0; n < small_n; n += n < 1024 ? 1 : 7) {
        if (!read_cut(n, SIZE_MAX, 0)) {
            assert_true(why[0] != 0);
        }
    }
    assert_false(read_cut(63, SIZE_MAX, 0));
    assert_string_equal(why, "it is not a shared object (no ELF head)");
}

static void test_changed_bytes_are_refused_or_read(void **state) {
    (void)state;
    static const unsigned char values[] = {0, 1, 0x7F, 0x80, 0xFF};
    size_t read = 0;
    for (size_t at = 0; at < small_n; at += at < 2048 ? 1 : 13) {
        for (size_t v = 0; v < sizeof values; v++) {
            read += read_cut(small_n, at, values[v]);
        }
    }
    assert_true(read > 0);
}

static void test_another_kind_of_file_is_named(void **state) {
    (void)state;
    assert_false(read_cut(small_n, 1, 'X'));
    assert_string_equal(why, "it is not a shared object (no ELF head)");
    assert_false(read_cut(small_n, offsetof(Elf64_Ehdr, e_machine), EM_S390));
    assert_string_equal(why, "it was built for another kind of machine");
    assert_false(read_cut(small_n, EI_CLASS, ELFCLASS32));
    assert_string_equal(why, "it was built for another kind of machine");
#if defined(__x86_64__)
    assert_false(read_cut(small_n, offsetof(Elf64_Ehdr, e_type), ET_REL));
    assert_string_equal(why, "it is an ELF file but not a shared object");
#endif
}

static void count(void *arg, const char *name) {
    (void)name;
    ++*(size_t *)arg;
}

static void test_symbols_that_must_come_from_elsewhere_are_told(void **state) {
    (void)state;
    size_t n = 0;
    elf_each_undefined(small, small_n, count, &n);
    assert_int_equal(n, 0); // it was linked without a library, and weak ones do not count
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_an_object_gives_and_runs_is_told),
        cmocka_unit_test(test_a_cut_object_is_refused_with_a_reason_or_read),
        cmocka_unit_test(test_changed_bytes_are_refused_or_read),
        cmocka_unit_test(test_another_kind_of_file_is_named),
        cmocka_unit_test(test_symbols_that_must_come_from_elsewhere_are_told),
    };
    return cmocka_run_group_tests(tests, read_small, free_small);
}
