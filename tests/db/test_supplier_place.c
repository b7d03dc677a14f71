// SPDX-License-Identifier: Apache-2.0
// Where suppliers were: what is written when they register, move, are found in a register, and declare.
#include "support/dbtest.h"

#include "base/day.h"
#include "domain/register_import.h"
#include "domain/supplier.h"
#include "domain/supplier_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIGNED_IN (1u << PERM_PUBLIC | 1u << PERM_SIGNED_IN)
#define OFFICER   (SIGNED_IN | 1u << PERM_OFFICER)

static struct ctx *ctx_of(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    dbtest_run(c, "INSERT INTO core.place (name, short_name, lad_codes, operator, contact_email) "
                  "VALUES ('Alderwick', 'Alderwick', '{E08000010}', 'Alder Council', 'a@example.org')");
    dbtest_run(
        c,
        "INSERT INTO core.postcode (pc, lad_code, ward_code) VALUES ('WN1 1AA', 'E08000010', 'E05015010'), "
        "('WN1 2AA', 'E08000010', 'E05015011'), ('BL1 1AA', 'E08000001', 'E05000001')");
    dbtest_run(
        c, "INSERT INTO core.person (email, name, password_hash, confirmed_at) VALUES ('robin@example.org', "
           "'Robin', 'x', now())");
    return c;
}

static struct supplier_input sample(void) {
    return (struct supplier_input){.name = "Ashdown Walls Ltd",
                                   .summary = "",
                                   .sector = "construction",
                                   .address1 = "",
                                   .town = "Wigan",
                                   .postcode = "WN1 1AA",
                                   .company_number = "",
                                   .charity_number = "",
                                   .size = "small",
                                   .phone = "",
                                   .email = "",
                                   .web = "",
                                   .is_public = true};
}

static void save(struct ctx *c, const char *postcode, const char *company) {
    struct supplier_input in = sample();
    struct supplier_place where;
    const char *id = dbtest_value(c, "SELECT coalesce(max(id), 0) FROM core.supplier");
    c->actor =
        (struct actor){.person_id = 1, .supplier_id = strtoll(id, NULL, 10), .perms = SIGNED_IN, .name = ""};
    in.postcode = postcode;
    in.company_number = company;
    assert_err(c, supplier_save(c, &in, &where), ERR_OK);
}

static const char *places(struct ctx *c, const char *kind) {
    return dbtest_value(
        c,
        "SELECT coalesce(string_agg(concat_ws(' ', from_day, postcode, coalesce(ward_code, '-')), ', ' "
        "ORDER BY from_day), '') FROM core.supplier_place WHERE kind = '%s'",
        kind);
}

static void set_day(struct ctx *c, const char *day) {
    int32_t d;
    assert_true(day_parse(day, &d));
    c->now_usec = d * USEC_PER_DAY + 12 * 3600 * USEC_PER_SEC;
}

static void test_the_first_address_holds_always_and_the_next_from_the_day_it_is_given(void **state) {
    struct ctx *c = ctx_of(state);
    set_day(c, "2025-02-01");
    save(c, "WN1 1AA", "");
    assert_string_equal(places(c, "invoice"), "0001-01-01 WN1 1AA E05015010");
    set_day(c, "2025-06-01");
    save(c, "WN1 1AA", ""); // another change of the entry
    assert_string_equal(places(c, "invoice"), "0001-01-01 WN1 1AA E05015010");
    save(c, "BL1 1AA", "");
    save(c, "WN1 2AA", ""); // put right on the same day
    assert_string_equal(places(c, "invoice"), "0001-01-01 WN1 1AA E05015010, 2025-06-01 WN1 2AA E05015011");
    assert_string_equal(dbtest_value(c, "SELECT postcode || ward_code FROM core.supplier"),
                        "WN1 2AAE05015011");
    assert_string_equal(places(c, "registered"), "");
}

static void test_a_first_address_put_right_on_its_day_is_no_move(void **state) {
    struct ctx *c = ctx_of(state);
    save(c, "BL1 1AA", "");
    save(c, "WN1 1AA", "");
    assert_string_equal(places(c, "invoice"), "0001-01-01 WN1 1AA E05015010");
}

static enum err import(struct ctx *c, const char *text) {
    struct register_report report;
    struct register_options options = {.kind = REGISTER_COMPANIES, .file_name = "f.csv"};
    FILE *f = tmpfile();
    assert_non_null(f);
    fputs(text, f);
    rewind(f);
    enum err e = register_import(c, f, &options, &report);
    fclose(f);
    return e;
}

#define COMPANIES                                                                                            \
    "CompanyName, CompanyNumber,RegAddress.PostCode,CompanyCategory,CompanyStatus,IncorporationDate\n"
#define COMPANY(pc)                                                                                          \
    COMPANIES "ASHDOWN WALLS LIMITED,01234567," pc ",Private Limited Company,Active,01/02/2003\n"

static void test_registered_offices_come_from_the_register_and_move_with_it(void **state) {
    struct ctx *c = ctx_of(state);
    set_day(c, "2025-02-01");
    save(c, "WN1 1AA", "01234567");
    assert_string_equal(places(c, "registered"), "");
    assert_err(c, import(c, COMPANY("BL1 1AA")), ERR_OK);
    assert_string_equal(places(c, "registered"), "0001-01-01 BL1 1AA E05000001");
    set_day(c, "2025-08-01");
    assert_err(c, import(c, COMPANY("BL1 1AA")), ERR_OK);
    assert_string_equal(places(c, "registered"), "0001-01-01 BL1 1AA E05000001");
    assert_err(c, import(c, COMPANY("WN1 2AA")), ERR_OK);
    assert_string_equal(places(c, "registered"),
                        "0001-01-01 BL1 1AA E05000001, 2025-08-01 WN1 2AA E05015011");
    assert_string_equal(places(c, "invoice"), "0001-01-01 WN1 1AA E05015010");
}

static void test_who_registers_with_a_known_number_has_its_registered_office_at_once(void **state) {
    struct ctx *c = ctx_of(state);
    assert_err(c, import(c, COMPANY("BL1 1AA")), ERR_OK);
    save(c, "WN1 1AA", "01234567");
    assert_string_equal(places(c, "registered"), "0001-01-01 BL1 1AA E05000001");
}

static void test_postcodes_that_come_later_locate_all_places_and_payees(void **state) {
    struct ctx *c = ctx_of(state);
    struct supplier_sweep sweep;
    set_day(c, "2025-02-01");
    save(c, "WN1 9ZZ", "");
    set_day(c, "2025-06-01");
    save(c, "WN1 1AA", "");
    dbtest_run(c, "INSERT INTO core.payee (match_name, name, postcode) VALUES ('X', 'X', 'WN1 9ZZ')");
    assert_string_equal(places(c, "invoice"), "0001-01-01 WN1 9ZZ -, 2025-06-01 WN1 1AA E05015010");
    dbtest_run(
        c,
        "INSERT INTO core.postcode (pc, lad_code, ward_code) VALUES ('WN1 9ZZ', 'E08000010', 'E05015012')");
    assert_err(c, supplier_locate_all(c, NULL, NULL, &sweep), ERR_OK);
    assert_string_equal(places(c, "invoice"), "0001-01-01 WN1 9ZZ E05015012, 2025-06-01 WN1 1AA E05015010");
    assert_string_equal(dbtest_value(c, "SELECT ward_code || is_local FROM core.payee"), "E05015012true");
}

static void test_an_officer_declares_operations_and_says_how_they_are_known(void **state) {
    struct ctx *c = ctx_of(state);
    int32_t day;
    set_day(c, "2025-06-01");
    save(c, "BL1 1AA", "");
    const char *ref = dbtest_value(c, "SELECT ref FROM core.organisation");
    assert_true(day_parse("2025-04-01", &day));
    assert_err(c, supplier_place_declare(c, ref, "wn11aa", day, "Visited"), ERR_DENIED);
    c->actor.perms = OFFICER;
    assert_err(c, supplier_place_declare(c, ref, "WN1", day, "Visited"), ERR_INVALID);
    assert_string_equal(c->err_field, "postcode");
    assert_err(c, supplier_place_declare(c, ref, "WN1 1AA", day, "  "), ERR_INVALID);
    assert_string_equal(c->err_field, "evidence");
    assert_err(c, supplier_place_declare(c, ref, "WN1 1AA", day + 100, "Visited"), ERR_INVALID);
    assert_string_equal(c->err_field, "from_day");
    assert_err(c, supplier_place_declare(c, "nobody", "WN1 1AA", day, "Visited"), ERR_NOT_FOUND);
    assert_string_equal(places(c, "operations"), "");
    assert_err(c, supplier_place_declare(c, ref, "wn11aa", day, "Visited the yard"), ERR_OK);
    assert_string_equal(places(c, "operations"), "2025-04-01 WN1 1AA E05015010");
    assert_string_equal(
        dbtest_value(c, "SELECT action || ' ' || detail FROM core.audit ORDER BY id DESC LIMIT 1"),
        "supplier.operations WN1 1AA from 2025-04-01: Visited the yard");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_the_first_address_holds_always_and_the_next_from_the_day_it_is_given),
        TEST(test_a_first_address_put_right_on_its_day_is_no_move),
        TEST(test_registered_offices_come_from_the_register_and_move_with_it),
        TEST(test_who_registers_with_a_known_number_has_its_registered_office_at_once),
        TEST(test_postcodes_that_come_later_locate_all_places_and_payees),
        TEST(test_an_officer_declares_operations_and_says_how_they_are_known),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
