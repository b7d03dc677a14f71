// SPDX-License-Identifier: Apache-2.0
// Promises of core/domain/supplier.h and register_import.h against a real database. Plugins: the built ones.
#include "domain/supplier.h"
#include "support/dbtest.h"

#include "domain/register_import.h"
#include "plugin/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct plugin_host *plugins;

static int set_up_group(void **state) {
    int rc = dbtest_group_setup(state);
    plugins = plugin_host_read(BINARY_DIR "/plugins", "vcfse,local_spend");
    plugin_host_check(plugins, BINARY_DIR "/test_supplier_plugins", NULL);
    plugin_host_visit(plugins); // tables of their own are not needed
    plugin_host_start(plugins, NULL);
    return rc;
}

static int tear_down_group(void **state) {
    plugin_host_close(plugins);
    return dbtest_group_teardown(state);
}

static struct ctx *ctx_of(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    c->plugins = plugin_host_now(plugins);
    dbtest_run(c, "INSERT INTO core.place (name, short_name, lad_codes, operator, contact_email) "
                  "VALUES ('Alderwick', 'Alderwick', '{E08000010}', 'Alder Council', 'a@example.org')");
    dbtest_run(
        c,
        "INSERT INTO core.postcode (pc, lad_code, ward_code) VALUES ('WN1 1AA', 'E08000010', 'E05015010'), "
        "('BL1 1AA', 'E08000001', 'E05000001')");
    dbtest_run(c,
               "INSERT INTO core.person (email, name, password_hash, confirmed_at) "
               "VALUES ('robin@example.org', 'Robin', 'x', now()), ('ola@example.org', 'Ola', 'x', now())");
    return c;
}

static void act_as(struct ctx *c, int64_t person, int64_t supplier, unsigned perms) {
    c->actor = (struct actor){.person_id = person, .supplier_id = supplier, .perms = perms, .name = ""};
}

#define SIGNED_IN (1u << PERM_PUBLIC | 1u << PERM_SIGNED_IN)
#define OFFICER   (SIGNED_IN | 1u << PERM_OFFICER)

static struct supplier_input sample(void) {
    return (struct supplier_input){.name = "Ashdown Walls Ltd",
                                   .summary = "Garden walls",
                                   .sector = "construction",
                                   .address1 = "",
                                   .town = "Wigan",
                                   .postcode = "WN1 1AA",
                                   .company_number = "",
                                   .charity_number = "",
                                   .size = "micro",
                                   .phone = "",
                                   .email = "",
                                   .web = "",
                                   .is_public = true};
}

static int64_t own_supplier(struct ctx *c, int64_t person) {
    return strtoll(dbtest_value(c,
                                "SELECT coalesce(min(org_id), 0) FROM core.membership WHERE person_id = %lld "
                                "AND role = 'supplier'",
                                (long long)person),
                   NULL, 10);
}

static void test_a_supplier_is_located_by_its_full_postcode(void **state) {
    struct ctx *c = ctx_of(state);
    struct supplier_place where;
    struct supplier_input in = sample();
    act_as(c, 1, 0, SIGNED_IN);
    assert_err(c, supplier_save(c, &in, &where), ERR_OK);
    assert_true(where.known && where.local);
    int64_t id = own_supplier(c, 1);
    assert_int_not_equal(id, 0);
    assert_string_equal(dbtest_value(c, "SELECT lad_code || ward_code || is_local FROM core.supplier"),
                        "E08000010E05015010true");
    act_as(c, 1, id, SIGNED_IN);
    in.postcode = "BL1 1AA";
    assert_err(c, supplier_save(c, &in, &where), ERR_OK);
    assert_true(where.known && !where.local);
    in.postcode = "WN1 9ZZ"; // same outward part as a local one, but not known
    assert_err(c, supplier_save(c, &in, &where), ERR_OK);
    assert_false(where.known);
    assert_string_equal(dbtest_value(c, "SELECT (is_local IS NULL)::text FROM core.supplier"), "true");
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.supplier"), "1");
}

static void test_payments_made_before_are_looked_at_again_once_a_supplier_registers(void **state) {
    struct ctx *c = ctx_of(state);
    struct supplier_place where;
    struct supplier_input in = sample();
    act_as(c, 1, 0, SIGNED_IN);
    assert_err(c, supplier_save(c, &in, &where), ERR_OK);
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(s.match_name, ' ') FROM core.match_due d JOIN core.supplier s "
                        "ON s.id = d.supplier_id"),
        "ASHDOWN WALLS");
}

static void test_numbers_are_stored_in_one_spelling_and_wrong_ones_are_refused(void **state) {
    struct ctx *c = ctx_of(state);
    struct supplier_place where;
    struct supplier_input in = sample();
    act_as(c, 1, 0, SIGNED_IN);
    in.company_number = "twelve";
    assert_err(c, supplier_save(c, &in, &where), ERR_INVALID);
    assert_string_equal(c->err_field, "company_number");
    in.company_number = " 9503 ";
    in.charity_number = "12";
    assert_err(c, supplier_save(c, &in, &where), ERR_INVALID);
    assert_string_equal(c->err_field, "charity_number");
    in.charity_number = "1123456-1";
    in.web = "not a site";
    assert_err(c, supplier_save(c, &in, &where), ERR_INVALID);
    assert_string_equal(c->err_field, "web");
    in.web = "www.ashdown.example";
    in.sector = "nonsense";
    assert_err(c, supplier_save(c, &in, &where), ERR_INVALID);
    assert_string_equal(c->err_field, "sector");
    in.sector = "other";
    assert_err(c, supplier_save(c, &in, &where), ERR_OK);
    assert_string_equal(
        dbtest_value(c, "SELECT company_number || ' ' || charity_number || ' ' || web FROM core.supplier"),
        "00009503 1123456 https://www.ashdown.example");
}

static void test_a_company_number_has_one_owner(void **state) {
    struct ctx *c = ctx_of(state);
    struct supplier_place where;
    struct supplier_input in = sample();
    in.company_number = "12345678";
    act_as(c, 1, 0, SIGNED_IN);
    assert_err(c, supplier_save(c, &in, &where), ERR_OK);
    act_as(c, 2, 0, SIGNED_IN);
    assert_err(c, supplier_save(c, &in, &where), ERR_CONFLICT);
    assert_string_equal(c->err_field, "company_number");
    assert_non_null(strstr(c->err_detail, "registered already"));
    // Nothing of the refused entry is left.
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.organisation"), "1");
    assert_int_equal(own_supplier(c, 2), 0);
}

static void test_nobody_signed_in_registers_nothing(void **state) {
    struct ctx *c = ctx_of(state);
    struct supplier_place where;
    struct supplier_input in = sample();
    act_as(c, 0, 0, 1u << PERM_PUBLIC);
    assert_err(c, supplier_save(c, &in, &where), ERR_SIGN_IN);
}

static void test_a_supplier_is_tagged_with_reasons_from_the_registers(void **state) {
    struct ctx *c = ctx_of(state);
    struct supplier_place where;
    struct supplier_input in = sample();
    dbtest_run(c, "INSERT INTO core.charity (number, name, match_name, status, registered, postcode) "
                  "VALUES ('1123456', 'ALDERWICK FRIENDS', 'ALDERWICK FRIENDS', 'Registered', '2001-01-01', "
                  "'WN1 1AA')");
    in.name = "Alderwick Friends";
    in.charity_number = "1123456";
    act_as(c, 1, 0, SIGNED_IN);
    assert_err(c, supplier_save(c, &in, &where), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT decision FROM core.supplier_tag WHERE tag = 'vcfse'"), "yes");
    assert_string_not_equal(dbtest_value(c, "SELECT reasons FROM core.supplier_tag"), "");
}

static const char *tag_days(struct ctx *c) {
    return dbtest_value(
        c, "SELECT concat_ws(' ', decision, coalesce(holds_from::text, 'always'), coalesce("
           "before_decision, 'none'), coalesce(before_from::text, 'always')) FROM core.supplier_tag "
           "WHERE tag = 'vcfse'");
}

// Payments before the day count by what the body was then.
static void test_a_tag_says_from_which_day_it_holds_and_what_was_so_before(void **state) {
    struct ctx *c = ctx_of(state);
    struct supplier_place where;
    struct supplier_input in = sample();
    int64_t seen;
    dbtest_run(c, "INSERT INTO core.charity (number, name, match_name, status, registered, postcode) "
                  "VALUES ('1123456', 'ALDERWICK FRIENDS', 'ALDERWICK FRIENDS', 'Registered', '2024-06-01', "
                  "'WN1 1AA')");
    in.name = "Alderwick Friends";
    in.charity_number = "1123456";
    in.company_number = "";
    act_as(c, 1, 0, SIGNED_IN);
    assert_err(c, supplier_save(c, &in, &where), ERR_OK);
    const char *registered = tag_days(c);
    assert_non_null(strstr(registered, "yes 2024-06-01 "));
    assert_null(strstr(registered, "2024-06-01 yes"));
    assert_null(strstr(registered, "2024-06-01 none"));
    dbtest_run(c,
               "UPDATE core.charity SET registered = '2001-01-01'"); // before any payment that is published
    assert_err(c, supplier_tag_all(c, NULL, NULL, &seen), ERR_OK);
    assert_string_equal(tag_days(c), "yes always none always");
    dbtest_run(c, "UPDATE core.charity SET status = 'Removed', removed = '2025-09-01'");
    assert_err(c, supplier_tag_all(c, NULL, NULL, &seen), ERR_OK);
    const char *removed = tag_days(c);
    assert_non_null(strstr(removed, " 2025-09-01 yes always"));
    assert_null(strstr(removed, "yes 2025"));
    dbtest_run(c, "UPDATE core.charity SET registered = '2023-02-03'");
    assert_err(c, supplier_tag_all(c, NULL, NULL, &seen), ERR_OK);
    assert_non_null(strstr(tag_days(c), " 2025-09-01 yes 2023-02-03"));
    act_as(c, 2, 0, OFFICER); // a person speaks for all days
    const char *ref = dbtest_value(c, "SELECT ref FROM core.organisation");
    assert_err(c, supplier_tag_decide(c, ref, "vcfse", "no", "Never was"), ERR_OK);
    assert_string_equal(tag_days(c), "no always none always");
}

// The company stays what it was for payments of the days before the charity was registered.
static void test_a_cic_that_became_a_charity_is_vcfse_on_both_sides_of_the_day(void **state) {
    struct ctx *c = ctx_of(state);
    struct supplier_place where;
    struct supplier_input in = sample();
    dbtest_run(c, "INSERT INTO core.charity (number, name, match_name, status, registered, postcode) "
                  "VALUES ('1123456', 'ALDERWICK FRIENDS', 'ALDERWICK FRIENDS', 'Registered', '2024-06-01', "
                  "'WN1 1AA')");
    dbtest_run(c, "INSERT INTO core.company (number, name, match_name, category, status, postcode) VALUES "
                  "('08123456', 'ALDERWICK FRIENDS CIC', 'ALDERWICK FRIENDS', 'Community Interest Company', "
                  "'Active', 'WN1 1AA')");
    in.name = "Alderwick Friends CIC";
    in.charity_number = "1123456";
    in.company_number = "08123456";
    act_as(c, 1, 0, SIGNED_IN);
    assert_err(c, supplier_save(c, &in, &where), ERR_OK);
    assert_string_equal(tag_days(c), "yes always none always");
}

static void test_an_officers_decision_stands_for_24_months_and_can_be_given_back(void **state) {
    struct ctx *c = ctx_of(state);
    struct supplier_place where;
    struct supplier_input in = sample();
    int64_t seen;
    act_as(c, 1, 0, SIGNED_IN);
    assert_err(c, supplier_save(c, &in, &where), ERR_OK);
    const char *ref = dbtest_value(c, "SELECT ref FROM core.organisation");
    const char *rules = dbtest_value(c, "SELECT decision FROM core.supplier_tag");
    assert_err(c, supplier_tag_decide(c, ref, "vcfse", "yes", "Seen"), ERR_DENIED);
    act_as(c, 2, 0, OFFICER);
    assert_err(c, supplier_tag_decide(c, "nowhere", "vcfse", "yes", "Seen"), ERR_NOT_FOUND);
    assert_err(c, supplier_tag_decide(c, ref, "vcfse", "yes", "Seen their rules"), ERR_OK);
    assert_err(c, supplier_tag_all(c, NULL, NULL, &seen), ERR_OK);
    assert_int_equal(seen, 1);
    assert_string_equal(dbtest_value(c, "SELECT decision FROM core.supplier_tag"), "yes");
    assert_non_null(strstr(dbtest_value(c, "SELECT reasons FROM core.supplier_tag"), "Seen their rules"));
    dbtest_run(c, "UPDATE core.supplier_tag SET decided_at = now() - interval '25 months'");
    assert_err(c, supplier_tag_all(c, NULL, NULL, &seen), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT decision FROM core.supplier_tag"), rules);
    assert_err(c, supplier_tag_decide(c, ref, "vcfse", "yes", "Again"), ERR_OK);
    assert_err(c, supplier_tag_decide(c, ref, "vcfse", "rules", "Register was wrong"), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT decision FROM core.supplier_tag"), rules);
}

// ---- files --------------------------------------------------------------------------------------------

static FILE *file_of(const char *text) {
    FILE *f = tmpfile();
    assert_non_null(f);
    fputs(text, f);
    rewind(f);
    return f;
}

static enum err import(struct ctx *c, enum register_kind kind, bool only_place, const char *text,
                       struct register_report *r) {
    FILE *f = file_of(text);
    struct register_options o = {.kind = kind, .only_place = only_place, .file_name = "sample.csv"};
    enum err e = register_import(c, f, &o, r);
    fclose(f);
    return e;
}

static void test_new_postcodes_locate_suppliers_that_wait(void **state) {
    struct ctx *c = ctx_of(state);
    struct supplier_place where;
    struct supplier_input in = sample();
    struct register_report r;
    struct supplier_sweep sweep;
    in.postcode = "WN1 9ZZ";
    act_as(c, 1, 0, SIGNED_IN);
    assert_err(c, supplier_save(c, &in, &where), ERR_OK);
    assert_err(c,
               import(c, REGISTER_POSTCODES, true,
                      "pcds,oslaua,osward,oseast1m,osnrth1m,doterm\n"
                      "WN1 9ZZ,E08000010,E05015010,358000,405000,\n"
                      "WN1 9ZZ,E08000010,E05015011,358000,405000,\n" // the later of equal rows counts
                      "M1 1AA,E08000003,E05011378,384000,398000,\n"
                      "nonsense,E08000010,E05015010,,,\n"
                      "IM1 1AA,M99999999,M99999999,,,\n",
                      &r),
               ERR_OK);
    assert_int_equal(r.accepted, 2);
    assert_int_equal(r.left_out, 1);
    assert_int_equal(r.rejected, 2);
    assert_int_equal(r.reason_count, 2);
    assert_int_equal(r.reasons[0].first_line, 5);
    assert_string_equal(dbtest_value(c, "SELECT ward_code FROM core.postcode WHERE pc = 'WN1 9ZZ'"),
                        "E05015011");
    assert_err(c, supplier_locate_all(c, NULL, NULL, &sweep), ERR_OK);
    assert_int_equal(sweep.seen, 1);
    assert_int_equal(sweep.changed, 1);
    assert_string_equal(dbtest_value(c, "SELECT is_local::text FROM core.supplier"), "true");
    assert_string_equal(dbtest_value(c, "SELECT kind || row_count FROM core.data_load"), "postcodes2");
}

static void test_charities_come_as_json_with_a_mark_in_front(void **state) {
    struct ctx *c = ctx_of(state);
    struct register_report r;
    assert_err(
        c,
        import(
            c, REGISTER_CHARITIES, false,
            "\xEF\xBB\xBF[{\"registered_charity_number\":1123456,\"linked_charity_number\":0,"
            "\"charity_name\":\"Alderwick, \\\"Friends\\\"\",\"charity_registration_status\":\"Registered\","
            "\"date_of_registration\":\"2001-01-01T00:00:00\",\"date_of_removal\":null,"
            "\"charity_contact_postcode\":\"wn11aa\",\"charity_company_registration_number\":\"209503\","
            "\"latest_income\":1234.00},\n"
            "{\"registered_charity_number\":1123456,\"linked_charity_number\":1,\"charity_name\":\"Part\"},\n"
            "{\"broken\":\n"
            "{\"registered_charity_number\":7,\"linked_charity_number\":0,\"charity_name\":\"Short\"}]\n",
            &r),
        ERR_OK);
    assert_int_equal(r.accepted, 1);
    assert_int_equal(r.left_out, 1);
    assert_int_equal(r.rejected, 2);
    assert_string_equal(
        dbtest_value(c,
                     "SELECT name || '|' || postcode || '|' || company_number || '|' || registered || '|' || "
                     "latest_income_pence FROM core.charity"),
        "Alderwick, \"Friends\"|WN1 1AA|00209503|2001-01-01|123400");
}

static void test_a_file_of_another_kind_changes_nothing(void **state) {
    struct ctx *c = ctx_of(state);
    struct register_report r;
    assert_err(c, import(c, REGISTER_COMPANIES, false, "Supplier,Amount\nAlder,12\n", &r), ERR_INVALID);
    assert_non_null(strstr(c->err_detail, "CompanyNumber"));
    assert_err(c, import(c, REGISTER_POSTCODES, false, "%PDF-1.7 something", &r), ERR_INVALID);
    assert_err(c, import(c, REGISTER_POSTCODES, false, "", &r), ERR_INVALID);
    assert_err(c, import(c, REGISTER_WARDS, false, "ward_code,ward_name\nx,y\n", &r), ERR_INVALID);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.data_load"), "0");
}

// The real sample of the Companies House file, when it is here.
static void test_the_published_company_sample_loads_whole(void **state) {
    struct ctx *c = ctx_of(state);
    struct register_report r;
    const char *folder = getenv("ANCHORAGE_SHARED_DATA");
    const char *path = arena_printf(c->arena, "%s/companies/BasicCompanyData_sample_87rows.csv",
                                    folder ? folder : SOURCE_DIR "/../shared/data");
    FILE *f = fopen(path, "re");
    if (!f) {
        printf("skipped: the sample of Companies House is not present\n");
        return;
    }
    struct register_options o = {.kind = REGISTER_COMPANIES, .file_name = "sample.csv"};
    assert_err(c, register_import(c, f, &o, &r), ERR_OK);
    fclose(f);
    assert_int_equal(r.accepted, 87);
    assert_int_equal(r.rejected, 0);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.company WHERE match_name <> ''"), "87");
    assert_string_equal(
        dbtest_value(c, "SELECT count(*) FROM core.company WHERE category = 'Community Interest Company'"),
        "10");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_a_supplier_is_located_by_its_full_postcode),
        T(test_payments_made_before_are_looked_at_again_once_a_supplier_registers),
        T(test_numbers_are_stored_in_one_spelling_and_wrong_ones_are_refused),
        T(test_a_company_number_has_one_owner),
        T(test_nobody_signed_in_registers_nothing),
        T(test_a_supplier_is_tagged_with_reasons_from_the_registers),
        T(test_a_tag_says_from_which_day_it_holds_and_what_was_so_before),
        T(test_a_cic_that_became_a_charity_is_vcfse_on_both_sides_of_the_day),
        T(test_an_officers_decision_stands_for_24_months_and_can_be_given_back),
        T(test_new_postcodes_locate_suppliers_that_wait),
        T(test_charities_come_as_json_with_a_mark_in_front),
        T(test_a_file_of_another_kind_changes_nothing),
        T(test_the_published_company_sample_loads_whole),
    };
    return cmocka_run_group_tests(tests, set_up_group, tear_down_group);
}
