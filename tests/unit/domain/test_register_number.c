// SPDX-License-Identifier: Apache-2.0
// Promises of core/domain/register_number.h and register_rows.h: one spelling of numbers, columns by their
// headings.
#include "domain/register_number.h"
#include "domain/register_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void company_is(const char *raw, const char *want) {
    char out[COMPANY_NUMBER_BYTES] = "untouch";
    bool ok = company_number_tidy(raw, out);
    if (ok != (want != NULL) || strcmp(out, want ? want : "untouch") != 0) {
        fail_msg("\"%s\" gave %s \"%s\"", raw, ok ? "true" : "false", out);
    }
}

static void charity_is(const char *raw, const char *want) {
    char out[CHARITY_NUMBER_BYTES] = "untouch";
    bool ok = charity_number_tidy(raw, out);
    if (ok != (want != NULL) || strcmp(out, want ? want : "untouch") != 0) {
        fail_msg("\"%s\" gave %s \"%s\"", raw, ok ? "true" : "false", out);
    }
}

static void test_a_company_number_is_filled_up_to_eight_characters(void **state) {
    (void)state;
    company_is("12345678", "12345678");
    company_is("209503", "00209503");
    company_is(" 123 456 ", "00123456");
    company_is("sc12", "SC000012");
    company_is("CE 012345", "CE012345");
    company_is("IP12345R", "IP12345R");
    company_is("ip345r", "IP00345R");
}

static void test_what_is_no_company_number_is_refused(void **state) {
    (void)state;
    company_is("", NULL);
    company_is("123456789", NULL);
    company_is("00000000", NULL);
    company_is("ZZ123456", NULL);
    company_is("SC", NULL);
    company_is("SC12X456", NULL);
    company_is("12-345", NULL);
    company_is("N/A", NULL);
    company_is("SC00000000000000000000000012", NULL);
}

static void test_a_charity_number_of_each_register_is_known(void **state) {
    (void)state;
    charity_is("1123456", "1123456");
    charity_is(" 209 603 ", "209603");
    charity_is("1123456-3", "1123456");
    charity_is("sc 012345", "SC012345");
    charity_is("nic100123", "NIC100123");
}

static void test_what_is_no_charity_number_is_refused(void **state) {
    (void)state;
    charity_is("", NULL);
    charity_is("1234", NULL);
    charity_is("12345678", NULL);
    charity_is("SC12345", NULL);
    charity_is("1123456-", NULL);
    charity_is("1123456-x", NULL);
    charity_is("SC012345-1", NULL);
}

// ---- rows ---------------------------------------------------------------------------------------------

static enum register_row read_row(enum register_kind kind, const char *const *head, const char *const *cells,
                                  size_t n, struct arena *a, const char **out) {
    struct register_columns k;
    const char *reason = "";
    const char *why = register_columns_find(kind, head, n, &k);
    if (why) {
        fail_msg("%s", why);
    }
    return register_row_read(kind, &k, a, cells, n, out, &reason);
}

static void test_code_point_open_without_a_heading_is_known_by_its_shape(void **state) {
    (void)state;
    struct arena *a = arena_new(100000);
    static const char *const cells[] = {"WN11AA",    "10",        "358016", "405780",    "E92000001",
                                        "E19000001", "E18000002", "",       "E08000010", "E05015010"};
    struct register_columns k;
    assert_null(register_columns_find(REGISTER_POSTCODES, cells, 10, &k));
    assert_true(k.first_row_is_data);
    const char *out[REGISTER_CELLS], *reason;
    assert_int_equal(register_row_read(REGISTER_POSTCODES, &k, a, cells, 10, out, &reason),
                     REGISTER_ROW_GOOD);
    assert_string_equal(out[0], "WN1 1AA");
    assert_string_equal(out[1], "E08000010");
    assert_string_equal(out[2], "E05015010");
    assert_string_equal(out[3], "358016");
    arena_free(a);
}

static void test_columns_of_ons_are_found_whatever_year_they_name(void **state) {
    (void)state;
    struct arena *a = arena_new(100000);
    static const char *const old_head[] = {"pcd",    "pcds",     "doterm",  "oslaua",
                                           "osward", "oseast1m", "osnrth1m"};
    static const char *const new_head[] = {"pcd7",   "pcds",   "doterm", "lad26cd",
                                           "wd26cd", "east1m", "north1m"};
    static const char *const cells[] = {"M1  1AA",   "m1 1aa", "202001", "E08000003",
                                        "E05011378", "384000", "398000"};
    const char *out[REGISTER_CELLS];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(read_row(REGISTER_POSTCODES, i ? new_head : old_head, cells, 7, a, out),
                         REGISTER_ROW_GOOD);
        assert_string_equal(out[0], "M1 1AA");
        assert_string_equal(out[1], "E08000003");
        assert_string_equal(out[4], "398000");
        assert_string_equal(out[5], "t"); // ended
    }
    arena_free(a);
}

static void test_a_postcode_of_no_local_authority_is_rejected(void **state) {
    (void)state;
    struct arena *a = arena_new(100000);
    static const char *const head[] = {"postcode", "lad_code", "ward_code"};
    static const char *const man[] = {"IM1 1AA", "M99999999", "M99999999"};
    static const char *const none[] = {"WN1 1AA", "", ""};
    static const char *const short_one[] = {"WN1", "E08000010", "E05015010"};
    static const char *const blank[] = {" ", "", ""};
    const char *out[REGISTER_CELLS];
    assert_int_equal(read_row(REGISTER_POSTCODES, head, man, 3, a, out), REGISTER_ROW_BAD);
    assert_int_equal(read_row(REGISTER_POSTCODES, head, none, 3, a, out), REGISTER_ROW_BAD);
    assert_int_equal(read_row(REGISTER_POSTCODES, head, short_one, 3, a, out), REGISTER_ROW_BAD);
    assert_int_equal(read_row(REGISTER_POSTCODES, head, blank, 3, a, out), REGISTER_ROW_BLANK);
    arena_free(a);
}

static void test_a_company_row_with_blanks_in_its_headings_is_read(void **state) {
    (void)state;
    struct arena *a = arena_new(100000);
    static const char *const head[] = {"CompanyName",       " CompanyNumber",   "RegAddress.PostCode",
                                       "CompanyCategory",   "CompanyStatus",    "DissolutionDate",
                                       "IncorporationDate", "SICCode.SicText_1"};
    static const char *const cells[] = {
        "ALDERWICK LTD", "99", "WN1 1AA",    "Private Limited Company",
        "Active",        "",   "10/05/2019", "64205 - Activities of holding companies"};
    const char *out[REGISTER_CELLS];
    assert_int_equal(read_row(REGISTER_COMPANIES, head, cells, 8, a, out), REGISTER_ROW_GOOD);
    assert_string_equal(out[0], "00000099");
    assert_string_equal(out[6], "64205");
    assert_string_equal(out[7], "2019-05-10");
    assert_string_equal(out[8], "");
    arena_free(a);
}

static void test_a_part_of_a_charity_is_left_out(void **state) {
    (void)state;
    struct arena *a = arena_new(100000);
    static const char *const head[] = {"registered_charity_number", "linked_charity_number", "charity_name",
                                       "charity_registration_status", "latest_income"};
    static const char *const main_one[] = {"1123456", "0", "Alderwick Trust", "Registered", "1234.00"};
    static const char *const part[] = {"1123456", "1", "Alderwick Trust North", "Registered", ""};
    const char *out[REGISTER_CELLS];
    assert_int_equal(read_row(REGISTER_CHARITIES, head, part, 5, a, out), REGISTER_ROW_OTHER);
    assert_int_equal(read_row(REGISTER_CHARITIES, head, main_one, 5, a, out), REGISTER_ROW_GOOD);
    assert_string_equal(out[8], "123400");
    arena_free(a);
}

static void test_a_file_of_another_kind_is_told_what_is_missing(void **state) {
    (void)state;
    static const char *const head[] = {"sector", "live_in_wigan", "live_total"};
    struct register_columns k;
    assert_non_null(strstr(register_columns_find(REGISTER_POSTCODES, head, 3, &k), "the postcode"));
    assert_non_null(strstr(register_columns_find(REGISTER_COMPANIES, head, 3, &k), "CompanyNumber"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_company_number_is_filled_up_to_eight_characters),
        cmocka_unit_test(test_what_is_no_company_number_is_refused),
        cmocka_unit_test(test_a_charity_number_of_each_register_is_known),
        cmocka_unit_test(test_what_is_no_charity_number_is_refused),
        cmocka_unit_test(test_code_point_open_without_a_heading_is_known_by_its_shape),
        cmocka_unit_test(test_columns_of_ons_are_found_whatever_year_they_name),
        cmocka_unit_test(test_a_postcode_of_no_local_authority_is_rejected),
        cmocka_unit_test(test_a_company_row_with_blanks_in_its_headings_is_read),
        cmocka_unit_test(test_a_part_of_a_charity_is_left_out),
        cmocka_unit_test(test_a_file_of_another_kind_is_told_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
