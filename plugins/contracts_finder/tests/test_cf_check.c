// SPDX-License-Identifier: Apache-2.0
// Promises about the check before export: each thing that is wrong is named by its field, in plain words.
#include "invented.h"

static struct cf_cpv cpv;

static int set_up(void **state) {
    (void)state;
    cpv = invented_cpv();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    cf_cpv_free(&cpv);
    return 0;
}

static bool names(const struct cf_report *r, enum cf_severity severity, const char *field) {
    for (size_t i = 0; i < r->count; i++)
        if (r->problems[i].severity == severity && strcmp(r->problems[i].field, field) == 0)
            return true;
    return false;
}

static void expect(const struct cf_notice *n, enum cf_severity severity, const char *field) {
    struct cf_report r;
    cf_check(n, &cpv, &r);
    if (!names(&r, severity, field)) {
        for (size_t i = 0; i < r.count; i++)
            print_error("%s: %s\n", r.problems[i].field, r.problems[i].text);
        fail_msg("%s was not named", field);
    }
    assert_int_equal(r.errors > 0, severity == CF_ERROR);
}

static void test_a_good_notice_has_only_the_warning_about_the_law(void **state) {
    struct cf_notice list[] = {invented_open(), invented_awarded(1), invented_awarded(3)};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct cf_report r;
        cf_check(&list[i], &cpv, &r);
        assert_int_equal(r.errors, 0);
        assert_int_equal(r.count, 1);
        assert_string_equal(r.problems[0].field, "notice");
        assert_int_equal(r.problems[0].severity, CF_WARNING);
        assert_non_null(strstr(r.problems[0].text, "Find a Tender"));
    }
}

#define BROKEN(change, severity, field)                                                                      \
    do {                                                                                                     \
        struct cf_notice n = invented_open();                                                                \
        change;                                                                                              \
        expect(&n, severity, field);                                                                         \
    } while (0)

static void test_each_missing_field_is_named(void **state) {
    (void)state;
    BROKEN(n.id = NULL, CF_ERROR, "id");
    BROKEN(n.identifier = "", CF_ERROR, "identifier");
    BROKEN(n.title = NULL, CF_ERROR, "title");
    BROKEN(n.description = NULL, CF_ERROR, "description");
    BROKEN(n.organisation = NULL, CF_ERROR, "organisation");
    BROKEN(n.contact.email = NULL, CF_ERROR, "contact.email");
    BROKEN(n.contact.email = "no at sign", CF_ERROR, "contact.email");
    BROKEN(n.contact.address1 = NULL, CF_ERROR, "contact.address1");
    BROKEN(n.contact.town = NULL, CF_ERROR, "contact.town");
    BROKEN(n.contact.postcode = NULL, CF_ERROR, "contact.postcode");
    BROKEN(n.contact.country = NULL, CF_ERROR, "contact.country");
    BROKEN(n.cpv_count = 0, CF_ERROR, "cpv");
    BROKEN(n.published_usec = CF_NO_TIME, CF_ERROR, "published");
    BROKEN(n.created_usec = CF_NO_TIME, CF_ERROR, "created");
    BROKEN(n.updated_usec = -5, CF_ERROR, "updated");
    BROKEN(n.deadline_usec = CF_NO_TIME, CF_ERROR, "deadline");
    BROKEN(n.start_usec = CF_NO_TIME, CF_ERROR, "start");
    BROKEN(n.end_usec = CF_NO_TIME, CF_ERROR, "end");
    BROKEN(n.procedure = CF_PROCEDURE_NONE, CF_ERROR, "procedure");
    BROKEN(n.procedure = CF_PROCEDURE_OTHER, CF_ERROR, "procedure");
    BROKEN(n.version_count = 0, CF_ERROR, "versions");
}

static void test_texts_that_are_too_long_or_hold_hidden_characters_are_named(void **state) {
    char text[3002];
    (void)state;
    memset(text, 'a', sizeof text);
    text[3001] = '\0';
    BROKEN(n.description = text, CF_ERROR, "description");
    text[301] = '\0';
    BROKEN(n.title = text, CF_ERROR, "title");
    text[101] = '\0';
    BROKEN(n.identifier = text, CF_ERROR, "identifier");
    BROKEN(n.parent_identifier = text, CF_ERROR, "parent_identifier");
    BROKEN(n.title = "a\x02", CF_ERROR, "title");
    BROKEN(n.description = "a\xff", CF_ERROR, "description");
    BROKEN(n.more = "a\x0c", CF_ERROR, "more");
    BROKEN(n.contact.name = "\x1b", CF_ERROR, "contact.name");
    BROKEN(n.contact.phone = "\x1b", CF_ERROR, "contact.phone");
    BROKEN(n.postcode = "\x1b", CF_ERROR, "postcode");
}

static void test_dates_and_values_that_cannot_be_are_named(void **state) {
    (void)state;
    BROKEN(n.deadline_usec = n.published_usec, CF_ERROR, "deadline");
    BROKEN(n.end_usec = n.start_usec - 1, CF_ERROR, "end");
    BROKEN(n.start_usec = n.deadline_usec - 1, CF_WARNING, "start");
    BROKEN(n.approach_usec = n.published_usec, CF_ERROR, "approach");
    BROKEN(n.withdrawn_usec = n.published_usec, CF_ERROR, "withdrawn");
    BROKEN(n.status = CF_STATUS_WITHDRAWN, CF_ERROR, "withdrawn");
    BROKEN(n.value_high_pence = n.value_low_pence - 1, CF_ERROR, "value");
    BROKEN(n.value_low_pence = -2, CF_ERROR, "value");
    BROKEN(n.value_high_pence = CF_VALUE_MAX + 1, CF_ERROR, "value");
    BROKEN(n.value_low_pence = n.value_high_pence = CF_NO_VALUE, CF_WARNING, "value");
    BROKEN(n.region = "Atlantis", CF_ERROR, "region");
    BROKEN(n.region = n.postcode = NULL, CF_WARNING, "region");
    BROKEN(n.lat_micro = 90000001, CF_ERROR, "location");
}

static void test_codes_that_are_unknown_or_there_twice_are_named(void **state) {
    static const char *const unknown[] = {"12345678"}, *const twice[] = {"77310000", "77310000"},
                             *const check_digit[] = {"77310000-6"}, *const none[] = {NULL};
    (void)state;
    BROKEN((n.cpv = unknown, n.cpv_count = 1), CF_ERROR, "cpv");
    BROKEN((n.cpv = twice, n.cpv_count = 2), CF_ERROR, "cpv");
    BROKEN((n.cpv = check_digit, n.cpv_count = 1), CF_ERROR, "cpv");
    BROKEN((n.cpv = none, n.cpv_count = 1), CF_ERROR, "cpv");
}

static void test_a_pipeline_notice_needs_the_day_the_market_is_asked(void **state) {
    struct cf_notice n = invented_pipeline();
    (void)state;
    expect(&n, CF_WARNING, "deadline");
    n.approach_usec = CF_NO_TIME;
    expect(&n, CF_ERROR, "approach");
}

static void test_an_award_needs_a_supplier_and_a_real_number(void **state) {
    struct cf_notice n = invented_awarded(0);
    struct cf_award a = invented_awards[0];
    (void)state;
    expect(&n, CF_ERROR, "awards");
    n = invented_open();
    n.awards = &a;
    n.award_count = 1;
    expect(&n, CF_ERROR, "awards");
    n.status = CF_STATUS_AWARDED;
#define AWARD_BROKEN(change, severity, field)                                                                \
    do {                                                                                                     \
        a = invented_awards[0];                                                                              \
        change;                                                                                              \
        expect(&n, severity, field);                                                                         \
    } while (0)
    AWARD_BROKEN(a.supplier_name = NULL, CF_ERROR, "awards[1].supplier_name");
    AWARD_BROKEN(a.supplier_address = "", CF_ERROR, "awards[1].supplier_address");
    AWARD_BROKEN(a.value_pence = -1, CF_ERROR, "awards[1].value");
    AWARD_BROKEN(a.reference = "123", CF_ERROR, "awards[1].reference");
    AWARD_BROKEN(a.reference = NULL, CF_ERROR, "awards[1].reference");
    AWARD_BROKEN((a.reference_kind = CF_REF_CHARITY, a.reference = "SC012345"), CF_ERROR,
                 "awards[1].reference");
    AWARD_BROKEN(a.guid = "null", CF_ERROR, "awards[1].guid");
    AWARD_BROKEN(a.number = 0, CF_ERROR, "awards[1].number");
    AWARD_BROKEN(a.awarded_usec = CF_NO_TIME, CF_ERROR, "awards[1].awarded");
    AWARD_BROKEN(a.end_usec = a.start_usec - 1, CF_ERROR, "awards[1].end");
    AWARD_BROKEN(a.procedure = CF_PROCEDURE_NONE, CF_ERROR, "awards[1].procedure");
    AWARD_BROKEN(a.reference_kind = CF_REF_SOLE_TRADER, CF_WARNING, "awards[1].supplier_address");
    AWARD_BROKEN(a.detail = "\x01", CF_ERROR, "awards[1].detail");
    struct cf_award twice[2] = {invented_awards[0], invented_awards[0]};
    n.awards = twice;
    n.award_count = 2;
    expect(&n, CF_ERROR, "awards[2].number");
    n.type = CF_TYPE_PIPELINE;
    expect(&n, CF_ERROR, "awards");
}

static void test_links_files_and_versions_are_checked(void **state) {
    struct cf_detail d = invented_details[0];
    struct cf_version v[2] = {invented_versions[0], invented_versions[0]};
    (void)state;
    d.value = "javascript:alert(1)";
    BROKEN((n.details = &d, n.detail_count = 1), CF_ERROR, "details[1].value");
    d = invented_details[0];
    d.guid = INVENTED_ID;
    BROKEN((n.details = &d, n.detail_count = 1), CF_ERROR, "details[1].guid");
    d = invented_details[1];
    d.kind = CF_DETAIL_SUPPLIER_ATTACHMENT;
    BROKEN((n.details = &d, n.detail_count = 1), CF_ERROR, "details[1].award_guid");
    BROKEN((n.versions = v, n.version_count = 2), CF_ERROR, "versions[2].number");
    v[1].number = 2;
    v[1].changed_by = NULL;
    BROKEN((n.versions = v, n.version_count = 2), CF_ERROR, "versions[2].changed_by");
}

static void test_a_tender_without_a_find_a_tender_number_is_warned_about(void **state) {
    (void)state;
    BROKEN(n.find_a_tender_id = NULL, CF_WARNING, "find_a_tender_id");
    BROKEN(n.find_a_tender_id = "12345-2026", CF_ERROR, "find_a_tender_id");
    BROKEN(n.find_a_tender_id = "012345/2026", CF_ERROR, "find_a_tender_id");
}

static void test_a_report_is_bounded_and_still_counts_all_errors(void **state) {
    static const char *many[CF_CODES_MAX];
    struct cf_notice n = invented_open();
    struct cf_report r;
    (void)state;
    for (size_t i = 0; i < CF_CODES_MAX; i++)
        many[i] = "00000001";
    n.cpv = many;
    n.cpv_count = CF_CODES_MAX;
    cf_check(&n, &cpv, &r);
    assert_true(r.cut);
    assert_int_equal(r.count, CF_PROBLEMS_MAX);
    assert_int_equal(r.errors, CF_CODES_MAX + CF_CODES_MAX * (CF_CODES_MAX - 1) / 2);
}

static void test_words_out_of_range_are_refused_not_followed(void **state) {
    struct cf_award a = invented_awards[0];
    (void)state;
    BROKEN(n.type = (enum cf_type)9, CF_ERROR, "type");
    BROKEN(n.status = (enum cf_status)9, CF_ERROR, "type");
    BROKEN(n.kind = (enum cf_contract_kind)9, CF_ERROR, "type");
    BROKEN(n.procedure = (enum cf_procedure)99, CF_ERROR, "procedure");
    a.reference_kind = (enum cf_reference)9;
    BROKEN((n.awards = &a, n.award_count = 1, n.status = CF_STATUS_AWARDED), CF_ERROR, "awards[1].reference");
}

static void test_a_long_message_is_cut_between_letters(void **state) {
    struct cf_report r = {0};
    char text[400];
    (void)state;
    memset(text, 'x', 198);
    memcpy(text + 198, "\xc2\xa3\xc2\xa3", 5);
    cf_report_add(&r, CF_WARNING, "field", text);
    assert_int_equal(strlen(r.problems[0].text), 198);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_notice_has_only_the_warning_about_the_law),
        cmocka_unit_test(test_each_missing_field_is_named),
        cmocka_unit_test(test_texts_that_are_too_long_or_hold_hidden_characters_are_named),
        cmocka_unit_test(test_dates_and_values_that_cannot_be_are_named),
        cmocka_unit_test(test_codes_that_are_unknown_or_there_twice_are_named),
        cmocka_unit_test(test_a_pipeline_notice_needs_the_day_the_market_is_asked),
        cmocka_unit_test(test_an_award_needs_a_supplier_and_a_real_number),
        cmocka_unit_test(test_links_files_and_versions_are_checked),
        cmocka_unit_test(test_a_tender_without_a_find_a_tender_number_is_warned_about),
        cmocka_unit_test(test_a_report_is_bounded_and_still_counts_all_errors),
        cmocka_unit_test(test_words_out_of_range_are_refused_not_followed),
        cmocka_unit_test(test_a_long_message_is_cut_between_letters),
    };
    return cmocka_run_group_tests_name("contracts finder check", tests, set_up, tear_down);
}
