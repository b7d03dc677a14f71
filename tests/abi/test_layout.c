// SPDX-License-Identifier: Apache-2.0
// Promise: what a built plugin reads stays where it was; whatever changes in the plugin header was meant.
//
// layout-1.0.txt is the layout that was frozen and is never written again. layout.txt is that of the header
// as it is; it follows each addition. core/include/anchorage/CHANGES.md says what may be added and how.
#include "abi/layoutcmp.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <anchorage/plugin.h>
#include <cmocka.h>

static char said[16384];

static char *read_all(FILE *f) {
    size_t cap = 1 << 20;
    char *text = malloc(cap);
    assert_non_null(f);
    assert_non_null(text);
    size_t n = fread(text, 1, cap - 1, f);
    text[n] = 0;
    return text;
}

static char *read_file(const char *path) {
    FILE *f = fopen(path, "rb");
    char *text = read_all(f);
    fclose(f);
    return text;
}

static const char advice_grew[] =
    "The header grew at its ends only: built plugins go on working. If that was meant, raise ANC_ABI_MINOR,\n"
    "write \"since 1.n\" at what is new, tell it in core/include/anchorage/CHANGES.md, and renew the list:\n";
static const char advice_broke[] =
    "Plugins that are built already would misread this. Put back what moved, went or changed, and add at\n"
    "ends instead. Only a new ANC_ABI_MAJOR (2.0: every plugin is built again) may do this; then also renew\n"
    "the list:\n";

// SHA-256 of layout-1.0.txt.
static const char frozen[] = "9a2fa8e1846fee8910da5e7b6c6c253fde71cfd355fc581a718c8d8f91996e97";

static void test_the_layout_of_the_header_is_the_one_that_was_noted(void **state) {
    (void)state;
    char *was = read_file(SOURCE_DIR "/tests/abi/layout.txt");
    char *is = read_file(LAYOUT_NOW ".txt");
    enum layout_verdict v = layout_compare(was, is, said, sizeof said);
    free(was);
    free(is);
    if (v != LAYOUT_SAME) {
        fail_msg("\n%s\n%s  cp %s tests/abi/layout.txt\n", said,
                 v == LAYOUT_GREW ? advice_grew : advice_broke, LAYOUT_NOW ".txt");
    }
}

static void test_the_frozen_layout_is_as_it_was_released(void **state) {
    (void)state;
    char hash[65], *text = read_file(SOURCE_DIR "/tests/abi/layout-1.0.txt");
    sha256_hex(text, strlen(text), hash);
    free(text);
    assert_string_equal(hash, frozen);
}

static void test_a_plugin_built_with_1_0_reads_everything_where_it_was(void **state) {
    (void)state;
    char *was = read_file(SOURCE_DIR "/tests/abi/layout-1.0.txt");
    char *is = read_file(LAYOUT_NOW ".txt");
    enum layout_verdict v = layout_compare(was, is, said, sizeof said);
    free(was);
    free(is);
    if (v == LAYOUT_BROKE && ANC_ABI_MAJOR == 1) {
        fail_msg("\n%s\nThis needs a new ANC_ABI_MAJOR. Put it back, and add at ends instead.\n", said);
    }
    if (v == LAYOUT_GREW && ANC_ABI_MINOR == 0) {
        fail_msg("\n%s\nRaise ANC_ABI_MINOR.\n", said);
    }
}

static void test_the_layout_holds_every_struct_and_power_of_the_header(void **state) {
    (void)state;
    char *header = read_file(SOURCE_DIR "/core/include/anchorage/plugin.h");
    char *is = read_file(LAYOUT_NOW ".txt");
    size_t structs = 0, powers = 0, listed_structs = 0, listed_powers = 0;
    for (const char *p = header; (p = strstr(p, "\nstruct anc_")); p++) {
        size_t line = strcspn(p + 1, "\n");
        structs += p[line] == '{';
    }
    for (const char *p = header; (p = strstr(p, "\n#define ANC_CAP_")); p++) {
        powers++;
    }
    for (const char *p = is; (p = strstr(p, "\nstruct anc_")); p++) {
        listed_structs++;
    }
    for (const char *p = is; (p = strstr(p, "\nnumber ANC_CAP_")); p++) {
        listed_powers++;
    }
    free(header);
    free(is);
    assert_true(structs > 40);
    assert_int_equal(listed_structs, structs);
    assert_int_equal(listed_powers, powers);
}

// ---- the comparison itself

static const char small[] = "number ANC_ABI_MINOR 0\n"
                            "number ANC_OK 0\n"
                            "number ANC_EVENT_COUNT 3\n"
                            "struct anc_x 16\n"
                            "  anc_x.size 0 4 uint32_t size\n"
                            "  anc_x.fn 8 8 void (*fn)(int32_t n)\n"
                            "struct anc_y 16\n"
                            "  anc_y.p 0 8 const char *p\n"
                            "  anc_y.n 8 4 int32_t n\n";

static enum layout_verdict compare(const char *from, const char *to) {
    char changed[2048];
    const char *at = strstr(small, from);
    assert_non_null(at);
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - small), small, to, at + strlen(from));
    return layout_compare(small, changed, said, sizeof said);
}

static void test_the_same_layout_is_the_same(void **state) {
    (void)state;
    assert_int_equal(layout_compare(small, small, said, sizeof said), LAYOUT_SAME);
    assert_string_equal(said, "");
}

static void test_a_field_behind_the_old_end_is_growth(void **state) {
    (void)state;
    assert_int_equal(compare("anc_x 16\n", "anc_x 24\n  anc_x.more 16 8 void (*more)(void)\n"), LAYOUT_GREW);
    assert_non_null(strstr(said, "anc_x.more is new at the end"));
}

static void test_a_field_in_the_gap_at_the_end_is_refused(void **state) {
    (void)state;
    assert_int_equal(
        compare("  anc_y.n 8 4 int32_t n\n", "  anc_y.n 8 4 int32_t n\n  anc_y.m 12 4 int32_t m\n"),
        LAYOUT_BROKE);
    assert_non_null(strstr(said, "its size cannot tell"));
}

static void test_a_moved_field_is_refused(void **state) {
    (void)state;
    assert_int_equal(compare("anc_x.fn 8 8", "anc_x.fn 16 8"), LAYOUT_BROKE);
    assert_string_equal(said, "anc_x.fn moved from byte 8 to byte 16\n");
}

static void test_a_field_of_another_type_is_refused(void **state) {
    (void)state;
    assert_int_equal(compare("(int32_t n)", "(int64_t n)"), LAYOUT_BROKE);
    assert_non_null(strstr(said, "anc_x.fn reads otherwise"));
}

static void test_a_field_that_is_gone_is_refused(void **state) {
    (void)state;
    assert_int_equal(compare("  anc_y.p 0 8 const char *p\n", ""), LAYOUT_BROKE);
    assert_non_null(strstr(said, "anc_y.p is gone"));
}

static void test_a_number_with_another_value_is_refused_and_a_new_one_is_growth(void **state) {
    (void)state;
    assert_int_equal(compare("ANC_OK 0", "ANC_OK 1"), LAYOUT_BROKE);
    assert_int_equal(compare("number ANC_OK 0\n", "number ANC_OK 0\nnumber ANC_NEW 1\n"), LAYOUT_GREW);
    assert_int_equal(compare("ANC_EVENT_COUNT 3", "ANC_EVENT_COUNT 4"), LAYOUT_GREW);
}

static void test_a_struct_that_shrinks_or_goes_is_refused(void **state) {
    (void)state;
    assert_int_equal(compare("struct anc_y 16", "struct anc_y 8"), LAYOUT_BROKE);
    assert_int_equal(compare("struct anc_y", "struct anc_z"), LAYOUT_BROKE);
}

// The grown header of the growth tests is what a next minor version looks like.
static void test_the_grown_header_counts_as_growth_only(void **state) {
    (void)state;
    char *was = read_file(LAYOUT_NOW "_1.0.txt");
    char *is = read_file(LAYOUT_NOW "_1.1.txt");
    assert_int_equal(layout_compare(was, is, said, sizeof said), LAYOUT_GREW);
    assert_non_null(strstr(said, "anc_plugin.grown is new at the end"));
    assert_int_equal(layout_compare(is, was, said, sizeof said), LAYOUT_BROKE);
    free(was);
    free(is);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_layout_of_the_header_is_the_one_that_was_noted),
        cmocka_unit_test(test_the_frozen_layout_is_as_it_was_released),
        cmocka_unit_test(test_a_plugin_built_with_1_0_reads_everything_where_it_was),
        cmocka_unit_test(test_the_layout_holds_every_struct_and_power_of_the_header),
        cmocka_unit_test(test_the_same_layout_is_the_same),
        cmocka_unit_test(test_a_field_behind_the_old_end_is_growth),
        cmocka_unit_test(test_a_field_in_the_gap_at_the_end_is_refused),
        cmocka_unit_test(test_a_moved_field_is_refused),
        cmocka_unit_test(test_a_field_of_another_type_is_refused),
        cmocka_unit_test(test_a_field_that_is_gone_is_refused),
        cmocka_unit_test(test_a_number_with_another_value_is_refused_and_a_new_one_is_growth),
        cmocka_unit_test(test_a_struct_that_shrinks_or_goes_is_refused),
        cmocka_unit_test(test_the_grown_header_counts_as_growth_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
