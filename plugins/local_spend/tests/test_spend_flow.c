// SPDX-License-Identifier: Apache-2.0
// What telling flows apart promises: public bodies, taxes and money for persons are not taken for purchases,
// and businesses with names that sound like them are.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "flow.h"
#include "flow_words.h"
#include "phrase.h"

struct want {
    const char *payee, *category;
    int32_t flow;
};

static int32_t flow_of(const char *payee, const char *category, const char *purpose, const char *form,
                       int32_t kind, const char **why) {
    struct anc_party p = {.size = sizeof p,
                          .kind = kind,
                          .name = payee,
                          .key = "",
                          .other_key = "",
                          .form = form,
                          .supplier_no = "",
                          .company_number = "",
                          .charity_number = "",
                          .vat_number = "",
                          .postcode = ""};
    struct anc_label l = {.size = sizeof l, .category = category, .purpose = purpose, .department = ""};
    return spend_flow(&p, &l, why);
}

static void expect_all(const struct want *list, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const char *why = "";
        int32_t got = flow_of(list[i].payee, list[i].category, "", "", ANC_PARTY_NAMED, &why);
        if (got != list[i].flow) {
            print_message("\"%s\", \"%s\": %d (%s), not %d\n", list[i].payee, list[i].category, (int)got, why,
                          (int)list[i].flow);
        }
        assert_int_equal(got, list[i].flow);
        assert_true(strlen(why) > 4);
    }
}
#define EXPECT(list) expect_all(list, sizeof list / sizeof *list)

static void test_public_bodies_are_told_by_the_shape_of_their_names(void **state) {
    (void)state;
    static const struct want list[] = {
        {"Wigan Council", "Fees", ANC_FLOW_PUBLIC_TRANSFER},
        {"OLDHAM MBC", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Trafford M.B.C.", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Salford City Council", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Bolton Council#2", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"City of York Council", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Telford & Wrekin Council", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"London Borough of Merton", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Metropolitan Borough Of Wigan", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Shevington Parish Council", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Wrightington, Wigan and Leigh NHS Foundation Trust", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Mental Health Nhs FT", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"NHS Salford CCG", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"NHS Greater Manchester Integrated Care Board", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Royal Bolton Hospital NHS", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Greater Manchester Police", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Cheshire Constabulary", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Police and Crime Commissioner for Lancashire", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Greater Manchester Fire & Rescue Service", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"The Greater Manchester Combined Authority", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Department For Education", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Dept For Communities & Local Govt", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"HMCTS", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Environment Agency", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Disclosure and Barring Service", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"New Street Multi Academy Trust", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Ravenbank Community Primary School", "", ANC_FLOW_PUBLIC_TRANSFER},
        {"Bolton Council Petty Cash", "", ANC_FLOW_PUBLIC_TRANSFER},
    };
    EXPECT(list);
}

static void test_names_that_only_sound_public_are_suppliers(void **state) {
    (void)state;
    static const struct want list[] = {
        {"Wigan Council for Voluntary Service", "", ANC_FLOW_PROCUREMENT},
        {"Council of Mosques", "", ANC_FLOW_PROCUREMENT},
        {"Interfaith Council", "", ANC_FLOW_PROCUREMENT},
        {"British Youth Council", "", ANC_FLOW_PROCUREMENT},
        {"Restorative Justice Council Ltd", "", ANC_FLOW_PROCUREMENT},
        {"St Mary Parochial Church Council", "", ANC_FLOW_PROCUREMENT},
        {"Council House Repairs Ltd", "", ANC_FLOW_PROCUREMENT},
        {"Police Mutual", "", ANC_FLOW_PROCUREMENT},
        {"Police Supplies Limited", "", ANC_FLOW_PROCUREMENT},
        {"Chubb Fire & Security Ltd", "", ANC_FLOW_PROCUREMENT},
        {"Total Fire Services Ltd", "", ANC_FLOW_PROCUREMENT},
        {"Friends of Wigan NHS Foundation Trust", "", ANC_FLOW_PROCUREMENT},
        {"Together Trust", "", ANC_FLOW_PROCUREMENT},
        {"Canal And River Trust", "", ANC_FLOW_PROCUREMENT},
        {"The Reading Agency Limited", "", ANC_FLOW_PROCUREMENT},
        {"The National Fostering Agency", "", ANC_FLOW_PROCUREMENT},
        {"Shannon Court Care Home Limited", "", ANC_FLOW_PROCUREMENT},
        {"Forest School Limited", "", ANC_FLOW_PROCUREMENT},
        {"Bright Stars Dance Academy", "", ANC_FLOW_PROCUREMENT},
        {"University of Salford", "", ANC_FLOW_PROCUREMENT},
        {"Home Office Furniture Ltd", "", ANC_FLOW_PROCUREMENT},
        {"Authority Signs Ltd", "", ANC_FLOW_PROCUREMENT},
        {"MBC Plumbing", "", ANC_FLOW_PROCUREMENT},
        {"Radio Cc Ltd", "", ANC_FLOW_PROCUREMENT},
        {"Orchard Country Court Hotel", "", ANC_FLOW_PROCUREMENT},
    };
    EXPECT(list);
}

static void test_taxes_loans_and_pensions_are_treasury(void **state) {
    (void)state;
    static const struct want list[] = {
        {"HM Revenue & Customs Only", "", ANC_FLOW_TREASURY},
        {"HMRC#CIS", "", ANC_FLOW_TREASURY},
        {"H.M. Revenue and Customs", "", ANC_FLOW_TREASURY},
        {"Public Works Loan Board", "", ANC_FLOW_TREASURY},
        {"Greater M/Cr Pension Fund", "", ANC_FLOW_TREASURY},
        {"Teachers Pensions", "", ANC_FLOW_TREASURY},
        {"Some Bank plc", "Loan repayments", ANC_FLOW_TREASURY},
        {"Greater Manchester Combined Authority", "Transport Levy", ANC_FLOW_TREASURY},
        {"Somewhere Parish Council", "Precepts", ANC_FLOW_TREASURY},
        {"Quorum Estates Pension Fund Ltd", "Rents", ANC_FLOW_PROCUREMENT},
        {"Power Supply Ltd", "Climate change levy", ANC_FLOW_PROCUREMENT},
        {"Link Treasury Services Ltd", "Consultancy", ANC_FLOW_PROCUREMENT},
        {"Pension Advice Ltd", "Pension contributions advice", ANC_FLOW_PROCUREMENT},
        {"Levy Catering Ltd", "Catering", ANC_FLOW_PROCUREMENT},
        {"Revenue Software Ltd", "Software", ANC_FLOW_PROCUREMENT},
    };
    EXPECT(list);
}

static void test_intermediaries_pass_money_on_and_agencies_do_not(void **state) {
    (void)state;
    static const struct want list[] = {
        {"Yorkshire Purchasing Organisation", "", ANC_FLOW_PASS_THROUGH},
        {"YPO", "", ANC_FLOW_PASS_THROUGH},
        {"Northern Buying Consortium Ltd", "", ANC_FLOW_PASS_THROUGH},
        {"Somebody Ltd", "Neutral vendor", ANC_FLOW_PASS_THROUGH},
        {"Somebody Ltd", "Managed service - agency staff", ANC_FLOW_PASS_THROUGH},
        {"Somebody Recruitment Ltd", "Agency staff", ANC_FLOW_PROCUREMENT},
        {"Assist Managed Services Limited", "IT managed service", ANC_FLOW_PROCUREMENT},
        {"Ypoint Ltd", "", ANC_FLOW_PROCUREMENT},
    };
    EXPECT(list);
}

static void test_money_for_persons_is_no_purchase_and_a_bakers_name_no_carer(void **state) {
    (void)state;
    static const struct want list[] = {
        {"A N Other", "Direct Payments", ANC_FLOW_INDIVIDUAL},
        {"Some Account Services Ltd", "Direct Payments", ANC_FLOW_INDIVIDUAL},
        {"Some Account Services Ltd", "Direct payments support service", ANC_FLOW_PROCUREMENT},
        {"Foster Carers", "", ANC_FLOW_INDIVIDUAL},
        {"Various adopters", "", ANC_FLOW_INDIVIDUAL},
        {"2022:05D  Dementia", "Personal budgets", ANC_FLOW_INDIVIDUAL},
        {"Mrs A Example", "Fostering allowances", ANC_FLOW_INDIVIDUAL},
        {"Mrs A Example", "In-house fostering", ANC_FLOW_INDIVIDUAL},
        {"Example Fostering Ltd", "Fostering", ANC_FLOW_PROCUREMENT},
        {"Foster's Bakery Ltd", "Provisions", ANC_FLOW_PROCUREMENT},
        {"Fosters Bakery", "Fostering", ANC_FLOW_PROCUREMENT},
        {"Foster Careline Ltd", "Care", ANC_FLOW_PROCUREMENT},
        {"Foster Carers Association", "", ANC_FLOW_PROCUREMENT},
        {"Adoption Matters Northwest", "Adoption allowances", ANC_FLOW_PROCUREMENT},
    };
    EXPECT(list);
}

static void test_persons_are_individuals_unless_they_trade(void **state) {
    (void)state;
    assert_int_equal(flow_of("Mr J Example", "Payments", "", "", ANC_PARTY_PERSON, NULL),
                     ANC_FLOW_INDIVIDUAL);
    assert_int_equal(flow_of("Mr J Example", "Taxi contracts", "", "", ANC_PARTY_PERSON, NULL),
                     ANC_FLOW_PROCUREMENT);
}

static void
test_names_that_are_not_published_are_a_bucket_of_their_own_whatever_the_label_says(void **state) {
    (void)state;
    static const char *const labels[] = {
        "", "Care", "Direct Payments", "Grants", "Pension contributions", "Procurement card"};
    static const int32_t kinds[] = {ANC_FILE_PAYMENTS, ANC_FILE_CARD, ANC_FILE_GRANTS};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        assert_int_equal(flow_of("", labels[i], "", "", ANC_PARTY_HIDDEN, NULL), ANC_FLOW_HIDDEN);
        assert_int_equal(flow_of("", labels[i], "", "", ANC_PARTY_NOBODY, NULL), ANC_FLOW_HIDDEN);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct anc_party p = {.size = sizeof p, .kind = ANC_PARTY_HIDDEN, .name = ""};
        struct anc_label l = {.size = sizeof l, .kind = kinds[i]};
        assert_int_equal(spend_flow(&p, &l, NULL), ANC_FLOW_HIDDEN);
    }
}

static void test_grants_and_cards_by_label(void **state) {
    (void)state;
    static const struct want list[] = {
        {"Example Friends", "Grants to voluntary bodies", ANC_FLOW_GRANT},
        {"Example Friends", "Small grant", ANC_FLOW_GRANT},
        {"Example Friends CIO", "Grant payment", ANC_FLOW_GRANT},
        {"Grant Example LLP", "Audit fees", ANC_FLOW_PROCUREMENT},
        {"Roofers Ltd", "Grant Road repairs", ANC_FLOW_PROCUREMENT},
        {"Builders Ltd", "Disabled facilities grants", ANC_FLOW_PROCUREMENT},
        {"Example Friends", "Payments to Voluntary Organisations", ANC_FLOW_PROCUREMENT},
        {"Somewhere Council", "Grants", ANC_FLOW_PUBLIC_TRANSFER},
        {"Barclaycard Commercial", "", ANC_FLOW_CARD},
        {"Example Shop", "Procurement card", ANC_FLOW_CARD},
        {"Example Shop", "Gift cards", ANC_FLOW_PROCUREMENT},
    };
    EXPECT(list);
    assert_int_equal(flow_of("Example Friends", "", "Grant to run a lunch club", "", ANC_PARTY_NAMED, NULL),
                     ANC_FLOW_GRANT);
}

static void test_the_kind_of_file_decides_first(void **state) {
    (void)state;
    struct anc_party p = {.size = sizeof p, .name = "Wigan Council"};
    static const struct {
        int32_t kind, flow;
    } list[] = {{ANC_FILE_CARD, ANC_FLOW_CARD},
                {ANC_FILE_GRANTS, ANC_FLOW_GRANT},
                {ANC_FILE_TIER2, ANC_FLOW_PASS_THROUGH},
                {ANC_FILE_PAYMENTS, ANC_FLOW_PUBLIC_TRANSFER}};
    for (size_t i = 0; i < 4; i++) {
        struct anc_label l = {.size = sizeof l, .kind = list[i].kind};
        assert_int_equal(spend_flow(&p, &l, NULL), list[i].flow);
    }
}

static void test_a_legal_form_read_by_the_matcher_counts(void **state) {
    (void)state;
    assert_int_equal(flow_of("Example Police", "", "", "", ANC_PARTY_NAMED, NULL), ANC_FLOW_PUBLIC_TRANSFER);
    assert_int_equal(flow_of("Example Town Council", "", "", "ltd", ANC_PARTY_NAMED, NULL),
                     ANC_FLOW_PROCUREMENT);
    assert_int_equal(flow_of("Example Police", "", "", "ltd", ANC_PARTY_NAMED, NULL), ANC_FLOW_PROCUREMENT);
}

static void test_any_text_gives_a_flow(void **state) {
    (void)state;
    char text[4096];
    memset(text, 'A', sizeof text - 1);
    text[sizeof text - 1] = 0;
    assert_int_equal(flow_of(text, text, text, "", ANC_PARTY_NAMED, NULL), ANC_FLOW_PROCUREMENT);
    for (size_t i = 0; i + 1 < sizeof text; i += 2) {
        text[i] = ' ';
    }
    assert_int_equal(flow_of(text, "\xFF\xFE # & ' \t", "", "", ANC_PARTY_NAMED, NULL), ANC_FLOW_PROCUREMENT);
    assert_int_equal(flow_of("&", "-", "", "", ANC_PARTY_NAMED, NULL), ANC_FLOW_PROCUREMENT);
}

static void test_all_rules_and_phrases_fit_in_the_book(void **state) {
    (void)state;
    assert_true(spend_flow_phrases() < PHRASE_MOST);
    assert_true(spend_flow_rule_count <= 64);
    static struct phrase_book b;
    static const char *const list[] = {"ONE TWO", "^ONE", "TWO$", "THREE", NULL};
    static const struct {
        const char *text;
        uint64_t bits;
    } found[] = {{"ONE TWO", 15}, {"ONE TWO THREE", 23}, {"A ONE", 1}, {"ONES TWOS", 1}, {"", 1}};
    phrase_begin(&b);
    struct phrase_set all = phrase_list(&b, list);
    assert_int_equal(all.bits[0], 30);
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        struct phrase_set in = phrase_find(&b, found[i].text);
        assert_int_equal(in.bits[0], found[i].bits);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_public_bodies_are_told_by_the_shape_of_their_names),
        cmocka_unit_test(test_names_that_only_sound_public_are_suppliers),
        cmocka_unit_test(test_taxes_loans_and_pensions_are_treasury),
        cmocka_unit_test(test_intermediaries_pass_money_on_and_agencies_do_not),
        cmocka_unit_test(test_money_for_persons_is_no_purchase_and_a_bakers_name_no_carer),
        cmocka_unit_test(test_persons_are_individuals_unless_they_trade),
        cmocka_unit_test(test_names_that_are_not_published_are_a_bucket_of_their_own_whatever_the_label_says),
        cmocka_unit_test(test_grants_and_cards_by_label),
        cmocka_unit_test(test_the_kind_of_file_decides_first),
        cmocka_unit_test(test_a_legal_form_read_by_the_matcher_counts),
        cmocka_unit_test(test_any_text_gives_a_flow),
        cmocka_unit_test(test_all_rules_and_phrases_fit_in_the_book),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
