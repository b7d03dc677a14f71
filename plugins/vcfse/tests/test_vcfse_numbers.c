// SPDX-License-Identifier: Apache-2.0
// Promises about register numbers and about names as whole words.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../name.h"
#include "../numbers.h"

static void company(const char *raw, enum vcfse_number_kind kind, const char *wanted) {
    char out[VCFSE_COMPANY_NUMBER_SIZE] = "untouch";
    assert_int_equal(vcfse_company_number(raw, out), kind);
    assert_string_equal(out, kind == VCFSE_NUMBER_BAD ? "untouch" : wanted);
}

static void test_company_numbers_are_filled_up_with_noughts(void **state) {
    (void)state;
    company("5375", VCFSE_NUMBER_COMPANY, "00005375");
    company("12345678", VCFSE_NUMBER_COMPANY, "12345678");
    company(" sc 12 ", VCFSE_NUMBER_COMPANY, "SC000012");
    company("NI607123", VCFSE_NUMBER_COMPANY, "NI607123");
    company("R0000123", VCFSE_NUMBER_COMPANY, "R0000123");
}

static void test_a_prefix_tells_the_kind_of_body(void **state) {
    (void)state;
    company("CE001234", VCFSE_NUMBER_CIO, "CE001234");
    company("cs3497", VCFSE_NUMBER_SCIO, "CS003497");
    company("IP12345R", VCFSE_NUMBER_SOCIETY, "IP12345R");
    company("IP149C", VCFSE_NUMBER_CREDIT_UNION, "IP00149C");
    company("IP00077B", VCFSE_NUMBER_BUILDING, "IP00077B");
    company("RS007269", VCFSE_NUMBER_BENEFIT, "RS007269");
    company("RS4100", VCFSE_NUMBER_COOPERATIVE, "RS004100");
    company("NO000171", VCFSE_NUMBER_CREDIT_UNION, "NO000171");
    company("OC312345", VCFSE_NUMBER_PARTNERSHIP, "OC312345");
    company("RC000634", VCFSE_NUMBER_CHARTER, "RC000634");
    company("FC031234", VCFSE_NUMBER_OTHER, "FC031234");
}

static void test_what_is_no_company_number_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"",         "0",         "00000000",  "123456789", "XX123456",
                                      "CE",       "CE1234567", "12A456",    "IP123456R", "IP12345Z",
                                      "SC12345R", "1234-678",  "N\xc3\xa9", "CE000000"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        company(bad[i], VCFSE_NUMBER_BAD, "");
    company(NULL, VCFSE_NUMBER_BAD, "");
}

static void charity(const char *raw, enum vcfse_charity_kind kind, const char *wanted) {
    char out[VCFSE_CHARITY_NUMBER_SIZE] = "untouch";
    assert_int_equal(vcfse_charity_number(raw, out), kind);
    assert_string_equal(out, kind == VCFSE_CHARITY_BAD ? "untouch" : wanted);
}

static void test_charity_numbers_of_the_three_regulators_are_told_apart(void **state) {
    (void)state;
    charity("1012345", VCFSE_CHARITY_ENGLAND, "1012345");
    charity(" 512 907", VCFSE_CHARITY_ENGLAND, "512907");
    charity("1012345-3", VCFSE_CHARITY_ENGLAND, "1012345");
    charity("sc012345", VCFSE_CHARITY_SCOTLAND, "SC012345");
    charity("NIC100123", VCFSE_CHARITY_NORTHERN_IRELAND, "NIC100123");
    static const char *const bad[] = {"",     "1234",          "12345678", "SC12345", "SC112345",
                                      "NIC1", "charity 12345", "1012345-", "00000"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        charity(bad[i], VCFSE_CHARITY_BAD, "");
}

static void test_the_mutuals_register_tells_benefit_societies_from_cooperatives(void **state) {
    char out[VCFSE_MUTUAL_NUMBER_SIZE];
    (void)state;
    assert_int_equal(vcfse_mutual_number("7123", out), VCFSE_NUMBER_BENEFIT);
    assert_int_equal(vcfse_mutual_number("4123", out), VCFSE_NUMBER_COOPERATIVE);
    assert_int_equal(vcfse_mutual_number("28116r", out), VCFSE_NUMBER_SOCIETY);
    assert_string_equal(out, "28116R");
    assert_int_equal(vcfse_mutual_number("149C", out), VCFSE_NUMBER_CREDIT_UNION);
    assert_int_equal(vcfse_mutual_number("77B", out), VCFSE_NUMBER_BUILDING);
    assert_int_equal(vcfse_mutual_number("12F", out), VCFSE_NUMBER_FRIENDLY);
    assert_int_equal(vcfse_mutual_number("12X", out), VCFSE_NUMBER_BAD);
    assert_int_equal(vcfse_mutual_number("RS007", out), VCFSE_NUMBER_BAD);
}

static void normal(const char *raw, const char *wanted) {
    struct vcfse_name n;
    vcfse_name_normalise(raw, &n);
    assert_string_equal(n.text, wanted);
    assert_int_equal(n.text[n.len], 0);
}

static void test_names_become_rows_of_whole_words(void **state) {
    (void)state;
    normal("Voice C.I.C.", " VOICE CIC ");
    normal("St. Anne's  &  Co (Leigh) Ltd.", " ST ANNES AND CO LEIGH LTD ");
    normal("J. Example T/A Example Cleans", " J EXAMPLE T/A EXAMPLE CLEANS ");
    normal("Caf\xc3\xa9 R\xc3\x96M\xc3\x84", " CAFE ROMA ");
    normal("Men\xe2\x80\x99s Shed", " MENS SHED ");
    normal("", " ");
    normal(NULL, " ");
}

static void test_a_very_long_name_is_cut_and_stays_well_formed(void **state) {
    char raw[2000];
    struct vcfse_name n;
    (void)state;
    memset(raw, 'a', sizeof raw - 1);
    raw[sizeof raw - 1] = '\0';
    vcfse_name_normalise(raw, &n);
    assert_int_equal(n.len, VCFSE_NAME_MAX + 2);
    assert_int_equal(n.text[n.len - 1], ' ');
    assert_int_equal(n.text[n.len], 0);
}

static void test_words_count_only_when_whole(void **state) {
    struct vcfse_name n;
    (void)state;
    vcfse_name_normalise("Christmas Trees of Churchlake Ltd", &n);
    assert_false(vcfse_name_has(&n, "CHRIST"));
    assert_false(vcfse_name_has(&n, "CHURCH"));
    assert_false(vcfse_name_has(&n, "LAKE"));
    assert_false(vcfse_name_has(&n, "MAS TREES"));
    assert_true(vcfse_name_has(&n, "TREES OF"));
    assert_true(vcfse_name_ends(&n, "LTD"));
    vcfse_name_normalise("Example Trust CIC (The)", &n);
    assert_true(vcfse_name_ends(&n, "CIC"));
    assert_false(vcfse_name_ends(&n, "C"));
    vcfse_name_normalise("The Borough of Exampleton", &n);
    assert_true(vcfse_name_starts(&n, "BOROUGH OF"));
}

static void test_register_and_supplier_agree_by_name_or_by_postcode_with_a_like_name(void **state) {
    (void)state;
    assert_int_equal(vcfse_name_similarity_milli("The Example Trust Ltd", "EXAMPLE TRUST LIMITED"), 1000);
    assert_int_equal(vcfse_name_similarity_milli("", "EXAMPLE"), 0);
    assert_true(vcfse_register_agrees("Example Wood Trust", NULL, "Exampel Wood Trust", NULL));
    // Three letters of sixteen differ, which is not enough without the postcode.
    assert_int_equal(vcfse_name_similarity_milli("Example Woodland", "Example Woodshed"), 813);
    assert_false(vcfse_register_agrees("Example Woodland", NULL, "Example Woodshed", NULL));
    assert_false(vcfse_register_agrees("Voyager Limited", "ZZ1 1ZZ", "Leigh Quilters", "ZZ1 1ZZ"));
    assert_true(vcfse_register_agrees("Example Woods", "ZZ1 1zz", "Example Woodland Project", "zz11ZZ"));
    assert_false(vcfse_register_agrees("Example Woods", "ZZ1 1ZZ", "Example Woodland Project", "ZZ1 1ZX"));
    assert_false(vcfse_register_agrees("Example Woods", "", "Example Woodland Project", ""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_company_numbers_are_filled_up_with_noughts),
        cmocka_unit_test(test_a_prefix_tells_the_kind_of_body),
        cmocka_unit_test(test_what_is_no_company_number_is_refused),
        cmocka_unit_test(test_charity_numbers_of_the_three_regulators_are_told_apart),
        cmocka_unit_test(test_the_mutuals_register_tells_benefit_societies_from_cooperatives),
        cmocka_unit_test(test_names_become_rows_of_whole_words),
        cmocka_unit_test(test_a_very_long_name_is_cut_and_stays_well_formed),
        cmocka_unit_test(test_words_count_only_when_whole),
        cmocka_unit_test(test_register_and_supplier_agree_by_name_or_by_postcode_with_a_like_name),
    };
    return cmocka_run_group_tests_name("vcfse numbers and names", tests, NULL, NULL);
}
