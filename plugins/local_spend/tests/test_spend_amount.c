// SPDX-License-Identifier: Apache-2.0
// What reading an amount promises: exact pence, and an error rather than a guess.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "amount.h"

enum { MENDING = AMOUNT_WAS_ROUNDED | AMOUNT_WAS_MENDED };

static void expect(const char *text, int64_t want, unsigned want_how) {
    int64_t pence = 123456789;
    unsigned how = 99;
    if (spend_amount_read(text, &pence, &how) != AMOUNT_OK || pence != want || (how & MENDING) != want_how) {
        print_message("\"%s\" gave %lld, how %u\n", text, (long long)pence, how);
    }
    assert_int_equal(spend_amount_read(text, &pence, &how), AMOUNT_OK);
    assert_int_equal(pence, want);
    assert_int_equal(how & MENDING, want_how);
}

static void refuse(const char *text, enum spend_amount want) {
    int64_t pence = 42;
    unsigned how = 42;
    enum spend_amount got = spend_amount_read(text, &pence, &how);
    if (got != want) {
        print_message("\"%s\" gave %d\n", text, (int)got);
    }
    assert_int_equal(got, want);
    assert_int_equal(pence, 42);
    assert_int_equal(how, 42);
}

static void test_amounts_as_councils_write_them(void **state) {
    (void)state;
    expect("1234.5", 123450, 0);
    expect("\xC2\xA3"
           "1,234.50",
           123450, 0);
    expect(" \xC2\xA3"
           "377,444.02 ",
           37744402, 0);
    expect(" 504.00 ", 50400, 0);
    expect("1616.23 ", 161623, 0);
    expect("1,000,000", 100000000, 0);
    expect("1 234 567.89", 123456789, 0);
    expect("1\xC2\xA0"
           "234.50",
           123450, 0);
    expect(".5", 50, 0);
    expect("7.", 700, 0);
    expect("0", 0, 0);
    expect("GBP 12.00", 1200, 0);
    expect("12.00 GBP", 1200, 0);
    expect("'12.00", 1200, 0);
    expect("+12", 1200, 0);
}

static void test_minus_brackets_and_credits_are_negative(void **state) {
    (void)state;
    expect("-438.80", -43880, 0);
    expect("(1,234.00)", -123400, 0);
    expect("( 1,234.00 )", -123400, 0);
    expect("\xC2\xA3(5)", -500, 0);
    expect("(\xC2\xA3"
           "5.10)",
           -510, 0);
    expect("-\xC2\xA3"
           "5",
           -500, 0);
    expect("\xC2\xA3-5", -500, 0);
    expect("1,234.00-", -123400, 0);
    expect("12.00CR", -1200, 0);
    expect("12.00 C", -1200, 0);
    expect("12.00 Dr", 1200, 0);
    expect("1'234'567.50", 123456750, 0);
    expect("***12.00", 1200, 0);
    expect("12.00*", 1200, 0);
    expect("=\"12.00\"", 1200, 0);
    expect("&pound;12.00", 1200, 0);
    expect("\xC3\x83\xE2\x80\x9A\xC3\x82\xC2\xA3\x31.00", 100, 0); // a pound sign encoded three times
    refuse("\"1", AMOUNT_TEXT);                                    // the first half of "1,234.00"
    refuse("=SUM(C2:C9)", AMOUNT_TEXT);
    expect("12.00 dr", 1200, 0);
    expect("\xE2\x88\x92"
           "5",
           -500, 0);
    expect("\xE2\x80\x93"
           "5",
           -500, 0);
    refuse("--5", AMOUNT_TEXT);
    refuse("-(5)", AMOUNT_TEXT);
    refuse("(5", AMOUNT_TEXT);
}

static void test_a_dash_alone_is_nothing_and_an_empty_cell_is_no_amount(void **state) {
    (void)state;
    expect(" -   ", 0, 0);
    expect("-", 0, 0);
    expect("\xC2\xA3 -", 0, 0);
    refuse("", AMOUNT_BLANK);
    refuse("   ", AMOUNT_BLANK);
    refuse("\xC2\xA0", AMOUNT_BLANK);
    refuse("\xC2\xA3", AMOUNT_TEXT);
}

static void test_a_pound_sign_in_any_encoding_is_a_pound_sign(void **state) {
    (void)state;
    expect("\xC5\x93"
           "61,687.50",
           6168750, 0); // CP850 0x9C read as windows-1252
    expect("\xC3\xBA"
           "5",
           500, 0); // the other way round
    expect("\xC3\x82\xC2\xA3"
           "5",
           500, 0); // encoded twice
    expect("\xEF\xBF\xBD"
           "5",
           500, 0); // lost
    expect("?5", 500, 0);
}

static void test_more_than_two_decimals_round_half_away_from_zero(void **state) {
    (void)state;
    expect("631.1899999999999", 63119, AMOUNT_WAS_ROUNDED);
    expect("2.675", 268, AMOUNT_WAS_ROUNDED);
    expect("-2.675", -268, AMOUNT_WAS_ROUNDED);
    expect("1.005", 101, AMOUNT_WAS_ROUNDED);
    expect("1.0049999999999999", 100, AMOUNT_WAS_ROUNDED);
    expect("0.999", 100, AMOUNT_WAS_ROUNDED);
    expect("1.5000", 150, 0);
    expect("99999999.99500000000001", 10000000000, AMOUNT_WAS_ROUNDED);
}

static void test_float_residue_in_scientific_form_is_exact_and_lost_digits_are_an_error(void **state) {
    (void)state;
    expect("-1.13686837721616E-13", 0, AMOUNT_WAS_ROUNDED);
    expect("1.5E-1", 15, 0);
    expect("1.23456789E+08", 12345678900, 0);
    expect("1.2E1", 1200, 0);
    refuse("1.23E+08", AMOUNT_SHORTENED);
    refuse("E5", AMOUNT_TEXT);
    refuse("1E", AMOUNT_TEXT);
}

static void test_a_decimal_point_lost_in_an_export_does_not_make_the_amount_hundredfold(void **state) {
    (void)state;
    expect("888361 71", 88836171, AMOUNT_WAS_MENDED);
    expect("1 234 56", 123456, AMOUNT_WAS_MENDED);
    refuse("888361 7", AMOUNT_TEXT);
}

static void test_broken_foreign_and_wild_cells_are_errors_never_zero(void **state) {
    (void)state;
    refuse("#REF!", AMOUNT_BROKEN);
    refuse("#N/A", AMOUNT_BROKEN);
    refuse("#VALUE!", AMOUNT_BROKEN);
    refuse("########", AMOUNT_BROKEN);
    refuse("$11.17", AMOUNT_FOREIGN);
    refuse("\xE2\x82\xAC"
           "20",
           AMOUNT_FOREIGN);
    refuse("EUR 20", AMOUNT_FOREIGN);
    refuse("ITEM", AMOUNT_TEXT);
    refuse("VAT", AMOUNT_TEXT);
    refuse("1,23", AMOUNT_TEXT);
    refuse("1,2345", AMOUNT_TEXT);
    refuse("1,234,56", AMOUNT_TEXT);
    refuse("1.234,56", AMOUNT_TEXT);
    refuse("1.2.3", AMOUNT_TEXT);
    refuse("12/03/2024", AMOUNT_TEXT);
    refuse("12 Ltd", AMOUNT_TEXT);
    refuse("1234567890123456789012345678901234567890123456789012345678901234567890", AMOUNT_TEXT);
}

static void test_amounts_above_the_limit_are_refused_and_the_limit_itself_is_read(void **state) {
    (void)state;
    expect("100,000,000,000.00", AMOUNT_MAX_PENCE, 0);
    expect("-100000000000", -AMOUNT_MAX_PENCE, 0);
    refuse("100000000000.01", AMOUNT_TOO_LARGE);
    refuse("100000000000.005", AMOUNT_TOO_LARGE);
    refuse("99999999999999999999999999", AMOUNT_TOO_LARGE);
    refuse("1.00000000000000000000E+20", AMOUNT_TOO_LARGE);
}

// The plain way must say what the careful way says, or nothing.
static void test_the_plain_way_agrees_with_the_careful_one(void **state) {
    (void)state;
    static const char letters[] = "0123456789999,,..- \xC2\xA3()EGBP#";
    static const char *const plain[] = {"1234.5",    "-20",   "1,234.50",          " 504.00 ",      "£12.00",
                                        "1,234,567", "0.005", "631.1899999999999", "99999999999.99"};
    uint32_t seed = 7;
    uint64_t both = 0;
    for (int i = 0; i < 300000; i++) {
        char text[16];
        size_t n = 0;
        seed = seed * 1664525 + 1013904223;
        for (size_t len = 1 + (seed >> 16) % 12; n < len; n++) {
            seed = seed * 1664525 + 1013904223;
            text[n] = letters[(seed >> 12) % (i % 2 ? 16 : sizeof letters - 1)];
        }
        text[n] = 0;
        int64_t quick = 0, careful = 0;
        unsigned how_quick = 0, how = 0;
        if (spend_amount_quick(text, n, &quick, &how_quick)) {
            both++;
            if (spend_amount_read(text, &careful, &how) != AMOUNT_OK || careful != quick ||
                how != how_quick) {
                print_message("\"%s\": %lld and %lld\n", text, (long long)quick, (long long)careful);
                fail();
            }
        }
    }
    assert_true(both > 10000);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        int64_t quick;
        unsigned how;
        assert_true(spend_amount_quick(plain[i], strlen(plain[i]), &quick, &how));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amounts_as_councils_write_them),
        cmocka_unit_test(test_minus_brackets_and_credits_are_negative),
        cmocka_unit_test(test_a_dash_alone_is_nothing_and_an_empty_cell_is_no_amount),
        cmocka_unit_test(test_a_pound_sign_in_any_encoding_is_a_pound_sign),
        cmocka_unit_test(test_more_than_two_decimals_round_half_away_from_zero),
        cmocka_unit_test(test_float_residue_in_scientific_form_is_exact_and_lost_digits_are_an_error),
        cmocka_unit_test(test_a_decimal_point_lost_in_an_export_does_not_make_the_amount_hundredfold),
        cmocka_unit_test(test_broken_foreign_and_wild_cells_are_errors_never_zero),
        cmocka_unit_test(test_amounts_above_the_limit_are_refused_and_the_limit_itself_is_read),
        cmocka_unit_test(test_the_plain_way_agrees_with_the_careful_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
