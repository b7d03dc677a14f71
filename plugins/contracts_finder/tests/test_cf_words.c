// SPDX-License-Identifier: Apache-2.0
// Promises about times, money, texts, codes and the words of Contracts Finder.
#include "invented.h"

static void time_is(int64_t usec, const char *wanted) {
    char s[CF_TIME_SIZE];
    assert_true(cf_time_ok(usec));
    cf_time_text(usec, s);
    assert_string_equal(s, wanted);
}

static void test_times_are_written_in_utc_to_the_second(void **state) {
    (void)state;
    time_is(0, "1970-01-01T00:00:00Z");
    time_is(INVENTED_PUBLISHED, "2026-11-02T09:00:00Z");
    time_is(INVENTED_PUBLISHED + 999999, "2026-11-02T09:00:00Z");
    time_is(951782399000000ll, "2000-02-28T23:59:59Z");
    time_is(951782400000000ll, "2000-02-29T00:00:00Z");
    time_is(253402300799000000ll, "9999-12-31T23:59:59Z");
    assert_false(cf_time_ok(-1));
    assert_false(cf_time_ok(253402300800000000ll));
    assert_false(cf_time_ok(CF_NO_TIME));
    assert_int_equal(cf_usec_of_day(INT32_MIN), CF_NO_TIME);
    time_is(cf_usec_of_day(20454), "2026-01-01T00:00:00Z");
}

static void money_is(int64_t pence, const char *wanted) {
    char s[CF_MONEY_SIZE];
    cf_money_text(pence, s);
    assert_string_equal(s, wanted);
}

static void test_money_has_a_point_and_no_noughts_at_the_end(void **state) {
    (void)state;
    money_is(0, "0");
    money_is(1, "0.01");
    money_is(10, "0.1");
    money_is(4500000, "45000");
    money_is(488677686, "4886776.86");
    money_is(3531324380, "35313243.8");
    money_is(-5, "-0.05");
    money_is(-150, "-1.5");
    money_is(INT64_MAX, "92233720368547758.07");
    money_is(INT64_MIN, "-92233720368547758.08");
}

static void degree_is(int32_t micro, const char *wanted) {
    char s[CF_DEGREE_SIZE];
    cf_degree_text(micro, s);
    assert_string_equal(s, wanted);
}

static void test_degrees_keep_their_sign(void **state) {
    (void)state;
    degree_is(0, "0");
    degree_is(53545000, "53.545");
    degree_is(-2632100, "-2.6321");
    degree_is(-500000, "-0.5");
    degree_is(INT32_MIN, "-2147.483648");
}

static void test_ids_of_parts_are_guids_and_all_different(void **state) {
    char a[CF_GUID_SIZE], b[CF_GUID_SIZE];
    (void)state;
    assert_true(cf_is_guid(INVENTED_ID));
    assert_false(cf_is_guid("0B9F6C1E-4D21-4F6A-9A37-2C5DE8F01A44"));
    assert_false(cf_is_guid("0b9f6c1e-4d21-4f6a-9a37-2c5de8f01a4"));
    assert_false(cf_is_guid("0b9f6c1e-4d21-4f6a-9a37-2c5de8f01a444"));
    assert_false(cf_is_guid(""));
    assert_false(cf_is_guid(NULL));
    for (uint32_t i = 0; i < 300; i++) {
        cf_guid_of_part(INVENTED_ID, 1, i, a);
        assert_true(cf_is_guid(a));
        assert_string_not_equal(a, INVENTED_ID);
        for (uint32_t k = 0; k < i; k++) {
            cf_guid_of_part(INVENTED_ID, 1, k, b);
            assert_string_not_equal(a, b);
        }
        cf_guid_of_part(INVENTED_ID, 2, i, b);
        assert_string_not_equal(a, b);
    }
}

static void test_texts_are_counted_in_characters_and_hidden_ones_are_found(void **state) {
    size_t chars = 0;
    (void)state;
    assert_int_equal(cf_text_check("caf\xc3\xa9 \xf0\x9f\x8c\xb3\n\t", &chars), CF_TEXT_FINE);
    assert_int_equal(chars, 8);
    static const char *const hidden[] = {"\x01", "a\x0b", "\x1f", "\xef\xbf\xbe", "\xef\xbf\xbf"};
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        assert_int_equal(cf_text_check(hidden[i], NULL), CF_TEXT_CONTROL);
    static const char *const broken[] = {"\xff",
                                         "\xc3",
                                         "\xc0\x80",
                                         "\xe0\x80\x80",
                                         "\xed\xa0\x80",
                                         "\xf5\x80\x80\x80",
                                         "\xf4\x90\x80\x80",
                                         "\xf0\x9f\x8c"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_int_equal(cf_text_check(broken[i], NULL), CF_TEXT_BROKEN);
}

static void test_our_words_map_to_theirs(void **state) {
    enum cf_type type = CF_TYPE_CONTRACT;
    enum cf_status status = CF_STATUS_OPEN;
    enum cf_contract_kind kind = CF_WORKS;
    (void)state;
    assert_int_equal(cf_type_of("engagement", &type), 0);
    assert_string_equal(cf_type_text(type), "PreProcurement");
    assert_int_equal(cf_type_of("pipeline", &type), 0);
    assert_string_equal(cf_type_text(type), "Pipeline");
    assert_int_equal(cf_type_of("tender", &type), 0);
    assert_string_equal(cf_type_text(type), "Contract");
    assert_int_equal(cf_type_of("party", &type), -1);
    assert_int_equal(cf_type_of(NULL, &type), -1);
    static const char *const states[][2] = {{"published", "Open"},
                                            {"closed", "Closed"},
                                            {"opened", "Closed"},
                                            {"awarded", "Awarded"},
                                            {"cancelled", "Withdrawn"}};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(cf_status_of(states[i][0], &status), 0);
        assert_string_equal(cf_status_text(status), states[i][1]);
    }
    assert_int_equal(cf_status_of("draft", &status), -1);
    assert_int_equal(cf_kind_of("goods", &kind), 0);
    assert_string_equal(cf_kind_text(kind), "Products");
    assert_int_equal(cf_kind_of("mixed", &kind), -1);
}

static void test_procedures_without_a_code_become_other_with_words(void **state) {
    static const struct {
        const char *ours;
        bool above;
        const char *theirs, *other;
    } rows[] = {{"quick_quote", false, "CompetitiveQuotationNonOJEU", NULL},
                {"open", false, "OpenNonOJEU", NULL},
                {"open", true, "OpenOJEU", NULL},
                {"competitive_flexible", true, "Other", "Competitive flexible procedure"},
                {"competitive_flexible", false, "Other", "Competitive flexible procedure"},
                {"framework_call_off", true, "CallOffFromFrameworkAgreement", NULL},
                {"dynamic_market_call_off", true, "CallOffFromDynamicPurchasingSystem", NULL},
                {"direct_award", false, "SingleTenderActionNonOJEU", NULL},
                {"direct_award", true, "Other", "Direct award"},
                {"quick_quote", true, "Other", "Request for quotes"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum cf_procedure procedure = CF_PROCEDURE_NONE;
        const char *other = NULL;
        assert_int_equal(cf_procedure_of(rows[i].ours, rows[i].above, &procedure, &other), 0);
        assert_string_equal(cf_procedure_text(procedure), rows[i].theirs);
        if (rows[i].other)
            assert_string_equal(other, rows[i].other);
        else
            assert_null(other);
    }
    enum cf_procedure procedure = CF_CATALOGUE;
    const char *other = NULL;
    assert_int_equal(cf_procedure_of("lottery", false, &procedure, &other), -1);
    assert_int_equal(procedure, CF_CATALOGUE);
    assert_null(cf_procedure_text(CF_PROCEDURE_NONE));
}

static void test_regions_come_from_the_list(void **state) {
    (void)state;
    assert_true(cf_region_ok("North West"));
    assert_true(cf_region_ok("North West,London"));
    assert_false(cf_region_ok("North West, London"));
    assert_false(cf_region_ok("North"));
    assert_false(cf_region_ok("North West,"));
    assert_false(cf_region_ok(""));
}

static void test_the_code_above_is_the_nearest_that_the_table_holds(void **state) {
    struct cf_cpv cpv = invented_cpv();
    (void)state;
    assert_true(cpv.count >= 200);
    assert_string_equal(cf_cpv_parent(&cpv, "77000000")->code, "77000000");
    assert_string_equal(cf_cpv_parent(&cpv, "77300000")->code, "77000000");
    assert_string_equal(cf_cpv_parent(&cpv, "77310000")->code, "77300000");
    // Codes of six to eight digits hang from the code of five digits.
    assert_string_equal(cf_cpv_parent(&cpv, "90911200")->code, "90911000");
    assert_string_equal(cf_cpv_parent(&cpv, "45233141")->code, "45233000");
    assert_true(cf_cpv_has_children(&cpv, "77310000"));
    assert_true(cf_cpv_has_children(&cpv, "77000000"));
    assert_false(cf_cpv_has_children(&cpv, "90911200"));
    assert_false(cf_cpv_has_children(&cpv, "99999999"));
    assert_null(cf_cpv_find(&cpv, "7731"));
    assert_null(cf_cpv_find(&cpv, NULL));
    assert_null(cf_cpv_parent(&cpv, "123"));
    assert_null(cf_cpv_parent(&cpv, "99910000"));
    cf_cpv_free(&cpv);
}

static void test_every_code_of_the_table_has_all_codes_above_it(void **state) {
    struct cf_cpv cpv = invented_cpv();
    (void)state;
    for (size_t i = 0; i < cpv.count; i++) {
        const char *code = cpv.rows[i].code;
        for (int steps = 0; steps < 8 && memcmp(code + 2, "000000", 6) != 0; steps++) {
            const struct cf_cpv_row *parent = cf_cpv_parent(&cpv, code);
            assert_non_null(parent);
            code = parent->code;
        }
        assert_memory_equal(code + 2, "000000", 6);
        assert_true(cpv.rows[i].label[0] != '\0');
        assert_int_equal(cf_text_check(cpv.rows[i].label, NULL), CF_TEXT_FINE);
    }
    cf_cpv_free(&cpv);
}

// The official list has the parent and has-children of Contracts Finder in columns 3 and 4.
static void test_the_table_agrees_with_the_official_list(void **state) {
    char path[1024];
    size_t size = 0, line_count = 0, checked = 0;
    const char *root = getenv("ANCHORAGE_SHARED_DATA");
    (void)state;
    (void)snprintf(path, sizeof path, "%s/codes/cpv2008_en.csv",
                   root && root[0] ? root : ANCHORAGE_SOURCE_DIR "/../shared/data");
    char *bytes = invented_read(path, &size);
    if (!bytes) {
        print_message("skipped: codes/cpv2008_en.csv not present\n");
        return;
    }
    struct cf_cpv cpv = invented_cpv();
    for (char *line = bytes, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        line_count++;
        line[strcspn(line, "\r")] = '\0';
        char code[CF_CPV_CODE_SIZE] = "";
        memcpy(code, line, strnlen(line, 8));
        const struct cf_cpv_row *row = cf_cpv_find(&cpv, code);
        if (!row)
            continue;
        char *flag = strrchr(line, ',');
        assert_non_null(flag);
        *flag++ = '\0';
        char *parent = strrchr(line, ',');
        assert_non_null(parent);
        *parent++ = '\0';
        assert_string_equal(cf_cpv_parent(&cpv, code)->code, parent);
        assert_int_equal(cf_cpv_has_children(&cpv, code), strcmp(flag, "true") == 0);
        const char *label = line + 9;
        assert_memory_equal(label + (*label == '"'), row->label, strlen(row->label));
        checked++;
    }
    print_message("%zu of %zu official codes compared\n", checked, line_count);
    assert_int_equal(checked, cpv.count);
    cf_cpv_free(&cpv);
    free(bytes);
}

static void test_a_table_that_is_damaged_is_refused_with_its_line(void **state) {
    static const char *const bad[] = {
        "code,label\n",
        "code,label\n7731000,Short\n",
        "code,label\n77310000,Fine\n7731000x,Letter\n",
        "code,label\n77310000,\n",
        "code,label\n77310000,\"open\n",
        "code,label\n77310000,\"a\"b\n",
        "code,label\n77310000,One\n77310000,Two\n",
    };
    static const size_t lines[] = {2, 2, 3, 2, 2, 2, 4};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct cf_cpv cpv = {0};
        size_t line = 0;
        assert_non_null(cf_cpv_read(bad[i], strlen(bad[i]), &cpv, &line));
        assert_int_equal(line, lines[i]);
        assert_null(cpv.rows);
    }
    struct cf_cpv cpv = {0};
    size_t line = 0;
    static const char good[] = "code,label\r\n77310000,\"Planting, \"\"green\"\" areas\"\r\n77000000,Plants";
    assert_null(cf_cpv_read(good, sizeof good - 1, &cpv, &line));
    assert_int_equal(cpv.count, 2);
    assert_string_equal(cf_cpv_find(&cpv, "77310000")->label, "Planting, \"green\" areas");
    assert_string_equal(cf_cpv_find(&cpv, "77000000")->label, "Plants");
    cf_cpv_free(&cpv);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times_are_written_in_utc_to_the_second),
        cmocka_unit_test(test_money_has_a_point_and_no_noughts_at_the_end),
        cmocka_unit_test(test_degrees_keep_their_sign),
        cmocka_unit_test(test_ids_of_parts_are_guids_and_all_different),
        cmocka_unit_test(test_texts_are_counted_in_characters_and_hidden_ones_are_found),
        cmocka_unit_test(test_our_words_map_to_theirs),
        cmocka_unit_test(test_procedures_without_a_code_become_other_with_words),
        cmocka_unit_test(test_regions_come_from_the_list),
        cmocka_unit_test(test_the_code_above_is_the_nearest_that_the_table_holds),
        cmocka_unit_test(test_every_code_of_the_table_has_all_codes_above_it),
        cmocka_unit_test(test_the_table_agrees_with_the_official_list),
        cmocka_unit_test(test_a_table_that_is_damaged_is_refused_with_its_line),
    };
    return cmocka_run_group_tests_name("contracts finder words", tests, NULL, NULL);
}
