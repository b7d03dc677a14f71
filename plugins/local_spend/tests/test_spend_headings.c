// SPDX-License-Identifier: Apache-2.0
// Headings that publishers use for what matters most, where the list of them is present: how many are
// understood.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heading.h"

// Kinds in the list, what they should be read as, and what is expected: some of the list are guesses that no
// payments file has on these columns ("Payscale Maximum", "Date of Trip").
static struct kind {
    const char *name;
    enum spend_role role, other;
    unsigned least, all, got;
} kinds[] = {
    {"supplier", ROLE_PAYEE, ROLE_SUPPLIER_ID, 84, 0, 0},
    {"amount", ROLE_AMOUNT, ROLE_AMOUNT, 78, 0, 0},
    {"date", ROLE_DATE, ROLE_DATE, 50, 0, 0},
    {"company_no", ROLE_COMPANY, ROLE_COMPANY, 83, 0, 0},
    {"charity_no", ROLE_CHARITY, ROLE_CHARITY, 100, 0, 0},
    {"vat_reg", ROLE_VAT_NUMBER, ROLE_VAT_NUMBER, 100, 0, 0},
    {"vcse", ROLE_VCSE, ROLE_VCSE, 100, 0, 0},
    {"postcode", ROLE_POSTCODE, ROLE_POSTCODE, 100, 0, 0},
    {"txn", ROLE_TRANSACTION, ROLE_TRANSACTION, 65, 0, 0},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

// role_guess,files,files,heading,where: the heading may stand in quotes.
static void take_line(char *line) {
    char *comma = strchr(line, ',');
    if (!comma) {
        return;
    }
    *comma = 0;
    char *p = strchr(comma + 1, ',');
    p = p ? strchr(p + 1, ',') : NULL;
    if (!p) {
        return;
    }
    bool quoted = *++p == '"';
    p += quoted;
    char *end = strstr(p, quoted ? "\"," : ",");
    if (!end) {
        return;
    }
    *end = 0;
    for (size_t i = 0; i < KINDS; i++) {
        if (strcmp(line, kinds[i].name) == 0) {
            enum spend_role role = spend_heading_read(p).role;
            kinds[i].all++;
            kinds[i].got += role == kinds[i].role || role == kinds[i].other;
        }
    }
}

static void test_most_published_headings_are_understood(void **state) {
    (void)state;
    const char *root = getenv("ANCHORAGE_SHARED_DATA");
    char path[1024], line[4096];
    snprintf(path, sizeof path, "%s/spend/HEADING_SYNONYMS.csv", root && *root ? root : "../shared/data");
    FILE *f = fopen(path, "re");
    if (!f) {
        print_message("skipped: shared data (spend/HEADING_SYNONYMS.csv) not present\n");
        skip();
    }
    while (fgets(line, sizeof line, f)) {
        take_line(line);
    }
    fclose(f);
    for (size_t i = 0; i < KINDS; i++) {
        struct kind *k = &kinds[i];
        print_message("  %-12s %3u of %3u headings understood\n", k->name, k->got, k->all);
        assert_true(k->all > 0);
        assert_true(k->got * 100 >= k->least * k->all);
    }
}

static void test_headings_of_the_newer_columns(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum spend_role role;
    } list[] = {
        {"VAT Registration Number", ROLE_VAT_NUMBER},
        {"VATRegistrationNumber", ROLE_VAT_NUMBER},
        {"Supplier VAT Reg. No.", ROLE_VAT_NUMBER},
        {"Irrecoverable VAT", ROLE_VAT_LOST},
        {"VAT", ROLE_NONE},
        {"VAT code", ROLE_NONE},
        {"Intermediary", ROLE_INTERMEDIARY},
        {"Name of intermediary", ROLE_INTERMEDIARY},
        {"Tier 1 supplier", ROLE_INTERMEDIARY},
        {"First tier provider name", ROLE_INTERMEDIARY},
        {"Tier 2 supplier", ROLE_PAYEE},
        {"End Supplier", ROLE_PAYEE},
        {"Sub-contractor", ROLE_PAYEE},
        {"Gross Pay", ROLE_PAYROLL},
        {"Employee Number", ROLE_PAYROLL},
        {"Basic salary", ROLE_PAYROLL},
        {"National Insurance No", ROLE_PAYROLL},
        {"Due Date", ROLE_UNPAID},
        {"Days overdue", ROLE_UNPAID},
        {"Amount Outstanding", ROLE_UNPAID},
        {"Reporting Month", ROLE_DATE},
        {"Current Quarter Month 1", ROLE_NONE},
        {"Council Transaction number", ROLE_TRANSACTION},
        {"Purchase order number", ROLE_NONE},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        enum spend_role got = spend_heading_read(list[i].text).role;
        if (got != list[i].role) {
            print_message("\"%s\": %d, not %d\n", list[i].text, (int)got, (int)list[i].role);
        }
        assert_int_equal(got, list[i].role);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_most_published_headings_are_understood),
        cmocka_unit_test(test_headings_of_the_newer_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
