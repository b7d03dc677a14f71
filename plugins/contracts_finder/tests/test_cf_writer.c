// SPDX-License-Identifier: Apache-2.0
// Promises about the XML: golden bytes, order of elements, hostile text, and the schema.
#include <ctype.h>

#include "invented.h"

#define PLENTY (64u << 20)

struct fixture {
    struct cf_cpv cpv;
    struct cf_schema *schema, *draft;
};

static int set_up(void **state) {
    static struct fixture f;
    char path[1024];
    struct cf_report report;
    size_t size = 0;
    const char *root = getenv("ANCHORAGE_SHARED_DATA");
    f.cpv = invented_cpv();
    f.schema = invented_schema();
    (void)snprintf(path, sizeof path, "%s/notices/schema-draft/cf-full-notice-2021.xsd",
                   root && root[0] ? root : ANCHORAGE_SOURCE_DIR "/../shared/data");
    char *bytes = invented_read(path, &size);
    if (bytes) {
        f.draft = cf_schema_compile(bytes, size, &report);
        assert_non_null(f.draft);
        free(bytes);
    } else {
        print_message("skipped: notices/schema-draft not present, only our own schema is used\n");
    }
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    cf_cpv_free(&f->cpv);
    cf_schema_free(f->schema);
    cf_schema_free(f->draft);
    return 0;
}

static struct cf_bytes write_some(struct fixture *f, const struct cf_notice *notices, size_t count) {
    struct cf_bytes bytes = {0};
    struct cf_report report;
    size_t bad = 0;
    enum cf_write_result result = cf_write(notices, count, &f->cpv, PLENTY, &bytes, &report, &bad);
    for (size_t i = 0; result != CF_WRITTEN && i < report.count; i++)
        print_error("%zu %s: %s\n", bad, report.problems[i].field, report.problems[i].text);
    assert_int_equal(result, CF_WRITTEN);
    assert_int_equal(strlen(bytes.data), bytes.size);
    return bytes;
}

static void must_follow(const struct cf_schema *schema, const struct cf_bytes *bytes) {
    struct cf_report report;
    if (!schema)
        return;
    int result = cf_schema_check(schema, bytes->data, bytes->size, &report);
    for (size_t i = 0; i < report.count; i++)
        print_error("%s: %s\n", report.problems[i].field, report.problems[i].text);
    assert_int_equal(result, 0);
    assert_int_equal(report.errors, 0);
}

// Writes one notice and checks it against our schema and, when it is there, the shared draft.
static struct cf_bytes write_good(struct fixture *f, const struct cf_notice *n) {
    struct cf_bytes bytes = write_some(f, n, 1);
    must_follow(f->schema, &bytes);
    must_follow(f->draft, &bytes);
    return bytes;
}

static void is_golden(struct fixture *f, const struct cf_notice *n, const char *name) {
    char path[1024];
    size_t size = 0;
    struct cf_bytes bytes = write_good(f, n);
    (void)snprintf(path, sizeof path, "%s/plugins/contracts_finder/tests/golden/%s", ANCHORAGE_SOURCE_DIR,
                   name);
    char *golden = invented_read(path, &size);
    if (!golden || strcmp(golden, bytes.data) != 0)
        print_error("%s should be:\n%s", name, bytes.data);
    assert_non_null(golden);
    assert_string_equal(bytes.data, golden);
    free(golden);
    cf_bytes_free(&bytes);
}

static void test_an_open_notice_is_written_byte_for_byte_as_the_golden_file(void **state) {
    struct cf_notice n = invented_open();
    is_golden(*state, &n, "open.xml");
}

static void test_a_notice_awarded_to_three_is_written_byte_for_byte_as_the_golden_file(void **state) {
    struct cf_notice n = invented_awarded(3);
    is_golden(*state, &n, "awarded-3.xml");
}

static void test_notices_of_every_kind_and_state_follow_the_schema(void **state) {
    struct cf_notice n = invented_open();
    struct cf_bytes bytes;
    n.status = CF_STATUS_CLOSED;
    bytes = write_good(*state, &n);
    assert_non_null(strstr(bytes.data, "<Status>Closed</Status>"));
    cf_bytes_free(&bytes);

    n = invented_awarded(1);
    bytes = write_good(*state, &n);
    assert_non_null(strstr(bytes.data, "<AwardedToVCSO>true</AwardedToVCSO>"));
    cf_bytes_free(&bytes);

    n = invented_pipeline();
    bytes = write_good(*state, &n);
    assert_non_null(strstr(bytes.data, "<ApproachMarketDate>2027-01-31T09:00:00Z</ApproachMarketDate>"));
    assert_non_null(strstr(bytes.data, "<DeadlineDate>2027-01-31T09:00:00Z</DeadlineDate>"));
    assert_non_null(strstr(bytes.data, "<ProcedureType xsi:nil=\"true\"/>"));
    cf_bytes_free(&bytes);

    n = invented_open();
    n.type = CF_TYPE_PRE_PROCUREMENT;
    n.procedure = CF_PROCEDURE_NONE;
    n.value_low_pence = n.value_high_pence = CF_NO_VALUE;
    n.postcode = n.more = NULL;
    n.lat_micro = n.lon_micro = 0;
    n.detail_count = 0;
    bytes = write_good(*state, &n);
    assert_non_null(strstr(bytes.data, "<Type>PreProcurement</Type>"));
    assert_non_null(strstr(bytes.data, "<ValueLow xsi:nil=\"true\"/>"));
    cf_bytes_free(&bytes);

    n = invented_open();
    n.status = CF_STATUS_WITHDRAWN;
    n.withdrawn_usec = INVENTED_PUBLISHED + INVENTED_DAY;
    n.parent_identifier = INVENTED_ID;
    n.procedure = CF_PROCEDURE_OTHER;
    n.procedure_other = "Competitive flexible procedure";
    bytes = write_good(*state, &n);
    assert_non_null(strstr(bytes.data, "<WithdrawnDate>2026-11-03T09:00:00Z</WithdrawnDate>"));
    cf_bytes_free(&bytes);
}

static void test_every_procedure_and_reference_and_kind_is_a_word_of_the_schema(void **state) {
    for (int p = CF_PROCEDURE_NONE + 1; p < CF_PROCEDURE_COUNT; p++) {
        struct cf_award award = invented_awards[0];
        struct cf_notice n = invented_awarded(1);
        n.awards = &award;
        n.procedure = award.procedure = (enum cf_procedure)p;
        n.procedure_other = award.procedure_other = "By agreement";
        n.kind = (enum cf_contract_kind)(p % 5);
        award.reference_kind = (enum cf_reference)(p % 6);
        award.reference = award.reference_kind == CF_REF_CHARITY ? "1012345" : "01234567";
        struct cf_bytes bytes = write_good(*state, &n);
        cf_bytes_free(&bytes);
    }
}

// Names of the children of an element of Notice, in the order the format fixes.
static void test_elements_of_a_notice_stand_in_the_fixed_order(void **state) {
    static const char *const order[] = {"Notice",
                                        "Id",
                                        "ParentIdentifier",
                                        "ContactDetails",
                                        "Identifier",
                                        "Title",
                                        "Description",
                                        "CpvDescription",
                                        "PublishedDate",
                                        "DeadlineDate",
                                        "ValueLow",
                                        "ValueHigh",
                                        "Postcode",
                                        "Region",
                                        "Nationwide",
                                        "Location",
                                        "Start",
                                        "End",
                                        "Type",
                                        "CpvCodes",
                                        "Status",
                                        "IsSuitableForSme",
                                        "IsSuitableForVco",
                                        "SupplyChain",
                                        "LastNotifiableUpdate",
                                        "OrganisationName",
                                        "Sector",
                                        "ProcedureType",
                                        "ProcedureTypeOther",
                                        "ProcedureAcceleratedJustification",
                                        "OjeuContractType",
                                        "IsFrameworkAgreement",
                                        "IsExtensionPossible",
                                        "CreatedDate",
                                        "LastUpdatedDate",
                                        "Awards",
                                        "IsPublished",
                                        "IsPreAwarded",
                                        "Organisation",
                                        "AdditionalDetails",
                                        "CpvCodes",
                                        "PublishedVersion",
                                        "NumberOfViews"};
    struct cf_notice n = invented_awarded(1);
    struct cf_bytes bytes = write_good(*state, &n);
    const char *p = bytes.data;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        char tag[60];
        (void)snprintf(tag, sizeof tag, "<%s", order[i]);
        do {
            p = strstr(p, tag);
            if (!p)
                fail_msg("%s is missing or in the wrong place", order[i]);
            p += strlen(tag);
        } while (isalpha((unsigned char)*p));
    }
    cf_bytes_free(&bytes);
}

static void test_hostile_text_stays_text(void **state) {
    struct cf_notice n = invented_open();
    n.title = "]]> <script>alert(1)</script> &amp; \"quoted\" <!-- no comment -->";
    n.description = "<![CDATA[x]]>\r\nTwo\rThree \xf0\x9f\x8c\xb3 xsi:schemaLocation=\"http://evil.example\"";
    n.organisation = "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>&b;";
    struct cf_bytes bytes = write_good(*state, &n);
    assert_null(strstr(bytes.data, "<script"));
    assert_null(strstr(bytes.data, "]]>"));
    assert_null(strstr(bytes.data, "<!"));
    assert_null(strchr(bytes.data, '\r'));
    assert_non_null(strstr(bytes.data, "]]&gt; &lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; "));
    assert_non_null(strstr(bytes.data, "[x]]&gt;\nTwo\nThree \xf0\x9f\x8c\xb3"));
    cf_bytes_free(&bytes);
}

static void test_a_description_of_3000_characters_fits_and_one_more_does_not(void **state) {
    struct fixture *f = *state;
    struct cf_notice n = invented_open();
    struct cf_bytes bytes = {0};
    struct cf_report report;
    size_t bad = 9;
    char *text = calloc(1, 3001 * 4 + 1);
    assert_non_null(text);
    for (size_t i = 0; i < 3000; i++)
        memcpy(text + i * 4, "\xf0\x9f\x8c\xb3", 4);
    n.description = text;
    bytes = write_good(f, &n);
    cf_bytes_free(&bytes);
    memcpy(text + 3000L * 4, "x", 2);
    assert_int_equal(cf_write(&n, 1, &f->cpv, PLENTY, &bytes, &report, &bad), CF_NOT_FIT);
    assert_int_equal(bad, 0);
    assert_int_equal(report.errors, 1);
    assert_null(bytes.data);
    free(text);
}

static void test_a_notice_with_a_hidden_character_is_never_written(void **state) {
    struct fixture *f = *state;
    struct cf_notice list[2] = {invented_open(), invented_open()};
    struct cf_bytes bytes = {0};
    size_t bad = 9;
    list[1].title = "Bell \x07";
    assert_int_equal(cf_write(list, 2, &f->cpv, PLENTY, &bytes, NULL, &bad), CF_NOT_FIT);
    assert_int_equal(bad, 1);
    assert_null(bytes.data);
}

static void test_the_same_notices_in_any_order_give_the_same_bytes(void **state) {
    struct cf_notice a = invented_open(), b = invented_open(), c = invented_open();
    b.id = "ffffffff-4d21-4f6a-9a37-2c5de8f01a44";
    c.id = "00000000-4d21-4f6a-9a37-2c5de8f01a44";
    c.published_usec -= INVENTED_DAY;
    struct cf_notice one[3] = {a, b, c}, two[3] = {c, b, a};
    struct cf_bytes x = write_some(*state, one, 3), y = write_some(*state, two, 3);
    assert_string_equal(x.data, y.data);
    const char *first = strstr(x.data, a.id), *second = strstr(x.data, b.id), *third = strstr(x.data, c.id);
    assert_true(first && second && third && first < second && second < third);
    must_follow(((struct fixture *)*state)->schema, &x);
    cf_bytes_free(&x);
    cf_bytes_free(&y);
}

static void test_no_notices_make_an_empty_list_that_follows_the_schema(void **state) {
    struct cf_bytes bytes = write_some(*state, NULL, 0);
    must_follow(((struct fixture *)*state)->schema, &bytes);
    cf_bytes_free(&bytes);
}

static void test_a_document_never_grows_past_its_bound(void **state) {
    struct fixture *f = *state;
    struct cf_notice list[3] = {invented_open(), invented_open(), invented_open()};
    struct cf_bytes bytes = {0};
    assert_int_equal(cf_write(list, 3, &f->cpv, 5000, &bytes, NULL, NULL), CF_TOO_MANY);
    assert_int_equal(cf_write(list, CF_NOTICES_MAX + 1, &f->cpv, PLENTY, &bytes, NULL, NULL), CF_TOO_MANY);
    assert_null(bytes.data);
}

static void refused(const struct cf_schema *schema, const char *text) {
    struct cf_report report;
    assert_int_equal(cf_schema_check(schema, text, strlen(text), &report), -1);
    assert_true(report.errors > 0);
    assert_true(report.problems[0].text[0] != '\0');
}

static void test_the_schema_refuses_what_is_not_a_notice(void **state) {
    struct fixture *f = *state;
    struct cf_notice n = invented_open();
    struct cf_bytes bytes = write_good(f, &n);
    refused(f->schema, "");
    refused(f->schema, "not xml");
    refused(f->schema, "<Feed/>");
    refused(f->schema, "<!DOCTYPE ArrayOfFullNotice><ArrayOfFullNotice/>");
    refused(
        f->schema,
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><ArrayOfFullNotice>&b;</ArrayOfFullNotice>");
    refused(f->schema, "<ArrayOfFullNotice xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                       "xsi:noNamespaceSchemaLocation=\"file:///etc/passwd\"/>");
    // The same bytes with one element renamed, one value spoilt, one element taken out.
    static const char *const spoil[][2] = {{"<Status>Open<", "<Status>Opun<"},
                                           {"T09:00:00Z</Pub", "T09:00:00+</Pub"},
                                           {"<Nationwide>", "<Nationwidx>"}};
    for (size_t i = 0; i < 3; i++) {
        char *at = strstr(bytes.data, spoil[i][0]);
        assert_non_null(at);
        memcpy(at, spoil[i][1], strlen(spoil[i][1]));
        refused(f->schema, bytes.data);
        memcpy(at, spoil[i][0], strlen(spoil[i][0]));
    }
    must_follow(f->schema, &bytes);
    cf_bytes_free(&bytes);
}

static void test_a_schema_that_wants_to_load_another_is_refused(void **state) {
    static const char *const bad[] = {
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><xs:include "
        "schemaLocation=\"/etc/passwd\"/></xs:schema>",
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><xs:import namespace=\"a\"/></xs:schema>",
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><xs:element name=\"a\" "
        "type=\"none\"/></xs:schema>",
        "<xs:schema", "<a/>"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct cf_report report;
        assert_null(cf_schema_compile(bad[i], strlen(bad[i]), &report));
        assert_true(report.errors > 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_open_notice_is_written_byte_for_byte_as_the_golden_file),
        cmocka_unit_test(test_a_notice_awarded_to_three_is_written_byte_for_byte_as_the_golden_file),
        cmocka_unit_test(test_notices_of_every_kind_and_state_follow_the_schema),
        cmocka_unit_test(test_every_procedure_and_reference_and_kind_is_a_word_of_the_schema),
        cmocka_unit_test(test_elements_of_a_notice_stand_in_the_fixed_order),
        cmocka_unit_test(test_hostile_text_stays_text),
        cmocka_unit_test(test_a_description_of_3000_characters_fits_and_one_more_does_not),
        cmocka_unit_test(test_a_notice_with_a_hidden_character_is_never_written),
        cmocka_unit_test(test_the_same_notices_in_any_order_give_the_same_bytes),
        cmocka_unit_test(test_no_notices_make_an_empty_list_that_follows_the_schema),
        cmocka_unit_test(test_a_document_never_grows_past_its_bound),
        cmocka_unit_test(test_the_schema_refuses_what_is_not_a_notice),
        cmocka_unit_test(test_a_schema_that_wants_to_load_another_is_refused),
    };
    return cmocka_run_group_tests_name("contracts finder writer", tests, set_up, tear_down);
}
