// SPDX-License-Identifier: Apache-2.0
// The labelled organisations and the Companies House sample, read from the shared data folder when it is
// there.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../logic.h"

#ifndef ANCHORAGE_SOURCE_DIR
#define ANCHORAGE_SOURCE_DIR "."
#endif

#define FIELD_MAX 64

static char *read_shared(const char *file) {
    char path[1024];
    const char *root = getenv("ANCHORAGE_SHARED_DATA");
    (void)snprintf(path, sizeof path, "%s/%s",
                   root && root[0] ? root : ANCHORAGE_SOURCE_DIR "/../shared/data", file);
    FILE *f = fopen(path, "rb");
    if (!f) {
        print_message("skipped: %s not present\n", file);
        return NULL;
    }
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
    (void)fclose(f);
    return text;
}

// Cuts the next CSV row in place. Answers the number of fields, 0 at the end.
static size_t next_row(char **cursor, char *fields[FIELD_MAX]) {
    char *p = *cursor;
    size_t n = 0;
    if (!*p)
        return 0;
    for (;;) {
        char *out = p;
        bool quoted = *p == '"';
        assert_true(n < FIELD_MAX);
        fields[n++] = out;
        if (quoted)
            p++;
        while (*p && (quoted || (*p != ',' && *p != '\n'))) {
            if (quoted && *p == '"') {
                p++;
                if (*p != '"') {
                    quoted = false;
                    continue;
                }
            }
            if (*p != '\r')
                *out++ = *p;
            p++;
        }
        char end = *p;
        if (end)
            p++;
        *out = '\0';
        if (end != ',')
            break;
    }
    *cursor = p;
    return n;
}

static void facts_of(char *const *row, struct vcfse_facts *ret_facts) {
    const char *scheme = row[1], *number = row[2];
    struct vcfse_facts *f = ret_facts;
    vcfse_facts_init(f);
    f->name = row[0];
    f->postcode = row[3];
    struct vcfse_register_entry found = f->company;
    found.number = number;
    found.check = VCFSE_VERIFIED; // the table's numbers were taken from the registers
    if (strcmp(scheme, "GB-CHC") == 0)
        f->charity = found;
    else if (strcmp(scheme, "GB-COH") == 0)
        f->company = found;
    else if (strcmp(scheme, "GB-CASC") == 0)
        f->casc = found;
    else if (strcmp(scheme, "NHS") == 0)
        f->lists = VCFSE_LIST_ODS;
    else if (strcmp(scheme, "URN") == 0)
        f->lists = VCFSE_LIST_STATE_SCHOOL;
    else if (strcmp(scheme, "UKPRN") == 0)
        f->lists = VCFSE_LIST_FE_COLLEGE;
    f->same_name_on_register = strstr(row[6], "name collides with charity") != NULL;
}

static bool keeps_the_promise(const char *label, const char *number, enum vcfse_decision d) {
    switch (label[0]) {
    case 'N':
        return d != VCFSE_YES;
    case 'Y':
        return !(d == VCFSE_NO && number[0]);
    case 'R':
        return d == VCFSE_REVIEW;
    case 'P':
        return d == VCFSE_POLICY || d == VCFSE_REVIEW;
    default:
        return false;
    }
}

static void test_labelled_organisations_are_never_decided_wrongly_without_a_person(void **state) {
    char *text = read_shared("vcfse/labelled_dev.csv");
    char *fields[FIELD_MAX];
    size_t rows = 0, broken = 0, yes = 0, yes_found = 0, primary = 0;
    (void)state;
    if (!text)
        return;
    char *cursor = text;
    assert_true(next_row(&cursor, fields) >= 7);
    while (next_row(&cursor, fields) >= 7) {
        struct vcfse_facts f;
        struct vcfse_result r;
        facts_of(fields, &f);
        vcfse_decide(&f, &r);
        rows++;
        if (fields[4][0] == 'Y') {
            yes++;
            yes_found += r.decision == VCFSE_YES;
            primary += strcmp(vcfse_tag_text(r.primary_tag), fields[5]) == 0;
        }
        if (!keeps_the_promise(fields[4], fields[2], r.decision)) {
            print_error("%s: label %s, got %s\n", fields[0], fields[4], vcfse_decision_text(r.decision));
            broken++;
        }
    }
    print_message("%zu labelled rows; %zu of %zu Y decided yes at once, %zu with the labelled first tag\n",
                  rows, yes_found, yes, primary);
    assert_true(rows > 0);
    assert_int_equal(broken, 0);
    free(text);
}

static void test_the_companies_house_sample_is_decided_by_its_category(void **state) {
    char *text = read_shared("companies/BasicCompanyData_sample_87rows.csv");
    char *fields[FIELD_MAX];
    size_t by_decision[VCFSE_POLICY + 1] = {0}, rows = 0;
    (void)state;
    if (!text)
        return;
    char *cursor = text;
    assert_true(next_row(&cursor, fields) > 30);
    while (next_row(&cursor, fields) > 30) {
        struct vcfse_facts f;
        struct vcfse_result r;
        vcfse_facts_init(&f);
        f.name = fields[0];
        f.company.number = fields[1];
        f.company.check = VCFSE_VERIFIED;
        f.company_category = fields[10];
        for (size_t i = 0; i < VCFSE_SIC_MAX; i++)
            f.sic_codes[i] = fields[26 + i];
        vcfse_decide(&f, &r);
        by_decision[r.decision]++;
        rows++;
        bool proof = strstr(fields[10], "Charitable Incorporated Organisation") ||
                     strcmp(fields[10], "Community Interest Company") == 0 ||
                     strncmp(fields[1], "RS007", 5) == 0 || strncmp(fields[1], "RS008", 5) == 0;
        if (proof)
            assert_true(r.decision == VCFSE_YES || r.decision == VCFSE_REVIEW);
        else
            assert_int_not_equal(r.decision, VCFSE_YES);
        if (strcmp(fields[10], "Private Limited Company") == 0)
            assert_int_equal(r.decision, VCFSE_NO);
    }
    print_message("%zu companies: %zu yes, %zu review, %zu no, %zu policy, %zu unknown\n", rows,
                  by_decision[VCFSE_YES], by_decision[VCFSE_REVIEW], by_decision[VCFSE_NO],
                  by_decision[VCFSE_POLICY], by_decision[VCFSE_UNKNOWN]);
    assert_true(by_decision[VCFSE_YES] >= 30);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labelled_organisations_are_never_decided_wrongly_without_a_person),
        cmocka_unit_test(test_the_companies_house_sample_is_decided_by_its_category),
    };
    return cmocka_run_group_tests_name("vcfse labelled", tests, NULL, NULL);
}
