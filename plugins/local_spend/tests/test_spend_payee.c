// SPDX-License-Identifier: Apache-2.0
// What reading payees and numbers promises: redactions by whole words, names brought to one key, numbers to
// one form.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "ids.h"
#include "payee.h"

static void test_redactions_are_told_by_whole_words(void **state) {
    (void)state;
    static const char *const redacted[] = {
        "Redacted",
        "REDACTED",
        "REDACTED PERSONAL DATA",
        "Redacted Personal Information",
        "Personal details redacted",
        "REDACTED UNDER DP ACT",
        "RedactedPersonalData",
        "Not disclosed",
        "Name removed",
        "Exempt from publication",
        "Section 40",
        "Named individual",
        "Payment to an individual",
        "REDACTED DATA",
        "REDACT",
        "SOME TRADE NAME LTDPERSONAL DETAILS REDACTED",
        "EXAMPLE GUEST HOUSE#REDACTED - PERSONAL DATA",
        "[Redacted]",
        "Name withheld",
        "Personal Data",
        "Private individual",
        "Withheld under section 40 FOIA",
        "XXXXXX",
        "*****",
        "Confidential",
        "Data Protection",
        "INDIVIDUALS",
    };
    static const char *const named[] = {
        "REDACTIVE PUBLISHING LTD",
        "REDACTA LIMITED",
        "Personal Care Services Limited",
        "Confidential Waste Ltd",
        "Data Systems Ltd",
        "XXL Sports",
        "Protection Dogs Ltd",
        "The Name Company",
        "Individual Solutions SK Ltd",
        "Supplier Management Ltd",
        "Commercial Services Kent Ltd",
        "1st Example Scouts",
    };
    static const char *const none[] = {"",   "  ",   "-",       "N/A", "#N/A",
                                       "NA", "null", "Unknown", ".",   "\xC2\xA0"};
    for (size_t i = 0; i < sizeof redacted / sizeof *redacted; i++) {
        if (spend_payee_kind(redacted[i]) != PAYEE_REDACTED) {
            print_message("not seen as redacted: %s\n", redacted[i]);
        }
        assert_int_equal(spend_payee_kind(redacted[i]), PAYEE_REDACTED);
    }
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (spend_payee_kind(named[i]) != PAYEE_NAMED) {
            print_message("not seen as a name: %s\n", named[i]);
        }
        assert_int_equal(spend_payee_kind(named[i]), PAYEE_NAMED);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(spend_payee_kind(none[i]), PAYEE_NONE);
    }
}

static struct spend_name name(const char *text) {
    static struct spend_name n;
    spend_name_read(text, &n);
    return n;
}

static void test_names_that_differ_only_in_dress_get_one_key(void **state) {
    (void)state;
    static const struct {
        const char *text, *key;
        enum spend_form form;
    } names[] = {
        {"Example Care Ltd", "EXAMPLE CARE", FORM_LTD},
        {"  example   care LIMITED.", "EXAMPLE CARE", FORM_LTD},
        {"EXAMPLE CARE (UK) LTD", "EXAMPLE CARE", FORM_LTD},
        {"Example Care Limited (THE)", "EXAMPLE CARE", FORM_LTD},
        {"The Example Care", "EXAMPLE CARE", FORM_NONE},
        {"Example Care P.L.C.", "EXAMPLE CARE", FORM_PLC},
        {"Example Care Public Limited Company", "EXAMPLE CARE", FORM_PLC},
        {"Example Care L.L.P", "EXAMPLE CARE", FORM_LLP},
        {"Example Care C.I.C.", "EXAMPLE CARE", FORM_CIC},
        {"Example Care Community Interest Company", "EXAMPLE CARE", FORM_CIC},
        {"Example Care CIC Ltd", "EXAMPLE CARE", FORM_CIC},
        {"Example Care CIO", "EXAMPLE CARE", FORM_CIO},
        {"Example Care Limi", "EXAMPLE CARE", FORM_LTD},
        {"Example Care Lt", "EXAMPLE CARE", FORM_LTD},
        {"Example Care And Support Services L", "EXAMPLE CARE AND SUPPORT SERVICES", FORM_LTD},
        {"Example Care L", "EXAMPLE CARE L", FORM_NONE}, // too short to have been cut
        {"Example Care And Support From H & L", "EXAMPLE CARE AND SUPPORT FROM H AND L", FORM_NONE},
        {"Example Care Community Interest Com", "EXAMPLE CARE", FORM_CIC},
        {"Example Care Limited Liability Partn", "EXAMPLE CARE", FORM_LLP},
        {"Example CareLtd", "EXAMPLE CARE", FORM_LTD},
        {"Example Unlimited", "EXAMPLE UNLIMITED", FORM_NONE},
        {"Example Care 0012345678", "EXAMPLE CARE", FORM_NONE},
        {"Example Care 24", "EXAMPLE CARE 24", FORM_NONE},
        {"43024700 Example Coffee", "EXAMPLE COFFEE", FORM_NONE},
        {"Smith & Sons", "SMITH AND SONS", FORM_NONE},
        {"Smith And Sons", "SMITH AND SONS", FORM_NONE},
        {"R.J. Example", "RJ EXAMPLE", FORM_NONE},
        {"R J Example", "RJ EXAMPLE", FORM_NONE},
        {"R.J.EXAMPLE", "RJ EXAMPLE", FORM_NONE},
        {"St. Example's School", "ST EXAMPLES SCHOOL", FORM_NONE},
        {"St Example\xE2\x80\x99s School", "ST EXAMPLES SCHOOL", FORM_NONE},
        {"Caf\xC3\xA9 Ex\xC3\xA4mple", "CAFE EXAMPLE", FORM_NONE},
        {"\xEF\xBC\xA5\xEF\xBD\x98\xEF\xBD\x81\xEF\xBD\x8D\xEF\xBD\x90\xEF\xBD\x8C\xEF\xBD\x85", "EXAMPLE",
         FORM_NONE},
        {"Example-Care, Wigan", "EXAMPLE CARE WIGAN", FORM_NONE},
        {"Example Co.Ltd", "EXAMPLE CO", FORM_LTD},
        {"Limited", "LIMITED", FORM_NONE},
        {"", "", FORM_NONE},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct spend_name n = name(names[i].text);
        assert_string_equal(n.key, names[i].key);
        assert_int_equal(n.form, names[i].form);
        assert_int_equal(n.split, SPLIT_NONE);
        assert_string_equal(n.other, "");
    }
    assert_true(name("Example Care (UK) Ltd").uk);
    assert_false(name("Example Care UK Ltd").uk);
    assert_string_equal(name("Example Care UK Ltd").key, "EXAMPLE CARE UK");
}

static void expect_split(const char *text, enum spend_split split, const char *key, const char *other) {
    struct spend_name n = name(text);
    assert_string_equal(n.key, key);
    assert_string_equal(n.other, other);
    assert_int_equal(n.split, split);
}

static void test_two_names_in_one_cell_are_parted(void **state) {
    (void)state;
    expect_split("Example Homes Ltd t/a Rose House", SPLIT_TRADING_AS, "EXAMPLE HOMES", "ROSE HOUSE");
    expect_split("Example Homes Ltd T/A: Rose House Ltd", SPLIT_TRADING_AS, "EXAMPLE HOMES", "ROSE HOUSE");
    expect_split("Example Homes Ltd trading as Rose House", SPLIT_TRADING_AS, "EXAMPLE HOMES", "ROSE HOUSE");
    expect_split("Example Homes TA Rose House", SPLIT_TRADING_AS, "EXAMPLE HOMES", "ROSE HOUSE");
    expect_split("Rose Lodge C/o Example Healthcare Ltd", SPLIT_CARE_OF, "ROSE LODGE", "EXAMPLE HEALTHCARE");
    expect_split("Example Ltd (formerly Sample Ltd)", SPLIT_FORMERLY, "EXAMPLE", "SAMPLE");
    expect_split("EXAMPLE GROUP Wigan#BRANCH OFFICE", SPLIT_HASH, "EXAMPLE GROUP WIGAN", "BRANCH OFFICE");
    expect_split("EXAMPLE CENTRE#WAS SAMPLE CENTRE", SPLIT_HASH, "EXAMPLE CENTRE", "SAMPLE CENTRE");
    expect_split("Example Ltd (previously Sample Ltd)", SPLIT_FORMERLY, "EXAMPLE", "SAMPLE");
    // A legal form inside: the whole tells payees apart, what stands before the form is the business.
    expect_split("Example Ltd Rose House", SPLIT_FORM, "EXAMPLE LTD ROSE HOUSE", "EXAMPLE");
    expect_split("Example Limited-Rose Avenue", SPLIT_FORM, "EXAMPLE LIMITED ROSE AVENUE", "EXAMPLE");
    expect_split("Example Limited Editions", SPLIT_NONE, "EXAMPLE LIMITED EDITIONS", "");
    expect_split("Example NHS Foundation Trust#1", SPLIT_NONE, "EXAMPLE NHS FOUNDATION TRUST", "");
    expect_split("TA Example", SPLIT_NONE, "TA EXAMPLE", "");
    expect_split("T/A Example", SPLIT_NONE, "TA EXAMPLE", "");
    assert_int_equal(name("Example Homes Ltd t/a Rose House CIC").other_form, FORM_CIC);
}

static void test_very_long_and_broken_names_are_cut_not_overrun(void **state) {
    (void)state;
    char text[5000];
    memset(text, 'A', sizeof text);
    for (size_t i = 0; i < sizeof text; i += 9) {
        text[i] = ' ';
    }
    text[sizeof text - 1] = 0;
    assert_true(strlen(name(text).key) < SPEND_KEY_BYTES);
    memset(text, '&', sizeof text - 1);
    assert_true(strlen(name(text).key) < SPEND_KEY_BYTES);
    assert_string_equal(name("\xEF\xBF\xBD\xEF\xBF\xBD"
                             "abc")
                            .key,
                        "ABC");
}

static void test_postcodes(void **state) {
    (void)state;
    char out[SPEND_POSTCODE_BYTES];
    static const char *const good[][2] = {
        {"wn11aa", "WN1 1AA"},  {"WN1 1AA", "WN1 1AA"}, {" M1  1AE ", "M1 1AE"}, {"EC1A 1BB", "EC1A 1BB"},
        {"W1A 0AX", "W1A 0AX"}, {"WN1", "WN1"},         {"m29 8ab", "M29 8AB"},  {"B33 8TH", "B33 8TH"}};
    static const char *const bad[] = {"",       "Various", "T12 VP94", "N/A",     "12345",
                                      "WN1 1A", "WN1 11A", "WNN1 1AA", "Redacted"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(spend_postcode(good[i][0], out));
        assert_string_equal(out, good[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        memcpy(out, "kept", 5);
        assert_false(spend_postcode(bad[i], out));
        assert_string_equal(out, "kept");
    }
}

static void test_company_and_charity_numbers(void **state) {
    (void)state;
    char out[16];
    static const char *const company[][2] = {{"00587618", "00587618"}, {"587618", "00587618"},
                                             {"SC123456", "SC123456"}, {"sc 12345", "SC012345"},
                                             {"IP12345R", "IP12345R"}, {"OC300001", "OC300001"}};
    static const char *const charity[][2] = {{"1057671", "1057671"},
                                             {"209503", "209503"},
                                             {"SC012345", "SC012345"},
                                             {"NIC100123", "NIC100123"},
                                             {"1057671-1", "1057671-1"}};
    static const char *const bad[] = {"",       "N/A",      "EXEMPT",   "Not yet available",
                                      "0",      "00000000", "Redacted", "123456789",
                                      "A12345", "none",     "12A45",    "UNKNOWN"};
    for (size_t i = 0; i < sizeof company / sizeof *company; i++) {
        assert_true(spend_company_number(company[i][0], out));
        assert_string_equal(out, company[i][1]);
    }
    for (size_t i = 0; i < sizeof charity / sizeof *charity; i++) {
        assert_true(spend_charity_number(charity[i][0], out));
        assert_string_equal(out, charity[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(spend_company_number(bad[i], out));
        assert_false(spend_charity_number(bad[i], out));
    }
    assert_int_equal(spend_vcse_flag("Y"), FLAG_YES);
    assert_int_equal(spend_vcse_flag(" yes "), FLAG_YES);
    assert_int_equal(spend_vcse_flag("No"), FLAG_NO);
    assert_int_equal(spend_vcse_flag("Not yet available"), FLAG_UNKNOWN);
    assert_int_equal(spend_vcse_flag(""), FLAG_UNKNOWN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_redactions_are_told_by_whole_words),
        cmocka_unit_test(test_names_that_differ_only_in_dress_get_one_key),
        cmocka_unit_test(test_two_names_in_one_cell_are_parted),
        cmocka_unit_test(test_very_long_and_broken_names_are_cut_not_overrun),
        cmocka_unit_test(test_postcodes),
        cmocka_unit_test(test_company_and_charity_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
