// SPDX-License-Identifier: Apache-2.0
// One invented supplier for every rule of the VCFSE decision.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../logic.h"

static const char limited[] = "Private Limited Company";
static const char guarantee[] = "PRI/LTD BY GUAR/NSC (Private, limited by guarantee, no share capital)";
static const char exempt[] =
    "PRI/LBG/NSC (Private, Limited by guarantee, no share capital, use of 'Limited' exemption)";

static struct vcfse_facts named(const char *name) {
    struct vcfse_facts f;
    vcfse_facts_init(&f);
    f.name = name;
    return f;
}

static struct vcfse_facts company(const char *name, const char *number, const char *category) {
    struct vcfse_facts f = named(name);
    f.company.number = number;
    f.company.check = category ? VCFSE_VERIFIED : VCFSE_NOT_CHECKED;
    f.company_category = category;
    return f;
}

static bool has_reason(const struct vcfse_result *r, const char *rule) {
    for (size_t i = 0; i < r->reason_count; i++)
        if (strcmp(r->reasons[i].rule, rule) == 0)
            return true;
    return false;
}

static struct vcfse_result expect(const struct vcfse_facts *f, enum vcfse_decision decision,
                                  const char *rule) {
    struct vcfse_result r;
    vcfse_decide(f, &r);
    if (r.decision != decision || !has_reason(&r, rule)) {
        print_error("%s: got %s with %d points, wanted %s by %s\n", f->name, vcfse_decision_text(r.decision),
                    r.score, vcfse_decision_text(decision), rule);
        for (size_t i = 0; i < r.reason_count; i++)
            print_error("  %s %+d %s [%s]\n", r.reasons[i].rule, r.reasons[i].points, r.reasons[i].text,
                        r.reasons[i].detail);
        fail();
    }
    return r;
}

static void test_T0_an_officers_decision_is_final_for_24_months_and_not_a_day_longer(void **state) {
    struct vcfse_facts f = company("Example Quarry plc", "01234567", "Public Limited Company");
    (void)state;
    f.officer.present = true;
    f.officer.decision = VCFSE_YES;
    f.officer.tags = VCFSE_TAG_COMMUNITY;
    f.officer.decided_day = 20148; // 1 March 2025
    f.as_of_day = 20877;           // 28 February 2027
    struct vcfse_result r = expect(&f, VCFSE_YES, "T0");
    assert_int_equal(r.primary_tag, VCFSE_TAG_COMMUNITY);
    f.as_of_day = 20878; // 1 March 2027
    expect(&f, VCFSE_NO, "T5x");
    assert_int_equal(vcfse_officer_end_day(20148), 20878);
    assert_int_equal(vcfse_officer_end_day(19782), 20512); // 29 February 2024 ends on 28 February 2026
    assert_int_equal(vcfse_officer_end_day(0), 730);
}

static void test_T1a_bodies_on_a_public_list_are_never_vcfse_even_with_a_charity_number(void **state) {
    static const unsigned lists[] = {VCFSE_LIST_ODS,           VCFSE_LIST_STATE_SCHOOL, VCFSE_LIST_FE_COLLEGE,
                                     VCFSE_LIST_ACADEMY_TRUST, VCFSE_LIST_POLICE,       VCFSE_LIST_COUNCIL,
                                     VCFSE_LIST_DEPARTMENT};
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        struct vcfse_facts f = named("Exampleton Care");
        f.lists = lists[i];
        f.charity.number = "1012345";
        f.charity.check = VCFSE_VERIFIED;
        struct vcfse_result r = expect(&f, VCFSE_NO, "T1a");
        assert_true(r.reasons[0].detail[0] != '\0');
    }
}

static void test_T1a_public_names_and_college_corporations_are_a_no(void **state) {
    static const char *const names[] = {"Exampleton Teaching Hospitals NHS Foundation Trust",
                                        "Exampleton City Council",
                                        "Metropolitan Borough of Exampleton",
                                        "Borough of Exampleton",
                                        "Exampleton MBC",
                                        "The Bright Multi Academy Trust",
                                        "Exampleshire Fire and Rescue Service"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct vcfse_facts f = named(names[i]);
        expect(&f, VCFSE_NO, "T1a");
    }
    struct vcfse_facts f =
        company("Exampleton College", "FC000001", "Further Education or Sixth Form College Corporation");
    expect(&f, VCFSE_NO, "T1a");
}

static void test_T1a_a_public_looking_name_next_to_a_charity_number_goes_to_a_person(void **state) {
    struct vcfse_facts f = named("Exampleton NHS Charitable Fund");
    (void)state;
    f.charity.number = "1012345";
    f.charity.check = VCFSE_VERIFIED;
    expect(&f, VCFSE_REVIEW, "T1a");
    f = company("Gull Learning Trust", "09999999", NULL);
    expect(&f, VCFSE_REVIEW, "T1a");
}

static void test_T1a_youth_councils_that_are_charities_are_a_yes(void **state) {
    struct vcfse_facts f = named("Exampleton Youth Council");
    (void)state;
    f.charity.number = "1012345";
    f.charity.check = VCFSE_VERIFIED;
    expect(&f, VCFSE_YES, "T3a");
}

static void test_T1b_blanked_names_and_sole_traders_are_no_suppliers(void **state) {
    struct vcfse_facts f = named("REDACTED PERSONAL DATA");
    (void)state;
    expect(&f, VCFSE_NO, "T1b");
    f = named("The Redacted Poets");
    f.charity.number = "1012345";
    f.charity.check = VCFSE_VERIFIED;
    expect(&f, VCFSE_YES, "T3a");
    f = named("Pat Sample T/A Sample Cleans");
    expect(&f, VCFSE_NO, "T1b");
    f = named("Mrs P Sample");
    expect(&f, VCFSE_NO, "T1b");
    f = named("Sample Cleans");
    f.sole_trader = true;
    expect(&f, VCFSE_NO, "T1b");
    f = company("Sample Homes Ltd T/A Sample Care", "01234567", limited);
    struct vcfse_result r;
    vcfse_decide(&f, &r);
    assert_false(has_reason(&r, "T1b"));
}

static void
test_T2_classes_found_by_a_register_are_left_to_the_place_and_keep_their_own_answer(void **state) {
    static const struct {
        unsigned list;
        enum vcfse_policy policy;
        const char *rule;
    } rows[] = {{VCFSE_LIST_HOUSING, VCFSE_POLICY_HOUSING, "T2a"},
                {VCFSE_LIST_UNIVERSITY, VCFSE_POLICY_UNIVERSITY, "T2b"},
                {VCFSE_LIST_PRIVATE_SCHOOL, VCFSE_POLICY_SCHOOL, "T2c"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct vcfse_facts f = named("Exampleton Together");
        f.charity.number = "1012345";
        f.charity.check = VCFSE_VERIFIED;
        f.lists = rows[i].list;
        struct vcfse_result r = expect(&f, VCFSE_POLICY, rows[i].rule);
        assert_int_equal(r.policy, rows[i].policy);
        assert_int_equal(r.if_included, VCFSE_YES);
        assert_int_equal(r.score, 95);
    }
}

static void test_T2d_T2e_T2f_T2g_classes_found_by_control_code_parent_and_form(void **state) {
    struct vcfse_facts f = company("Forward Steps CIC", "08000001", "Community Interest Company");
    (void)state;
    f.public_controlled = true;
    struct vcfse_result r = expect(&f, VCFSE_POLICY, "T2d");
    assert_int_equal(r.policy, VCFSE_POLICY_CONTROLLED);
    assert_int_equal(r.tags, VCFSE_TAG_SOCIAL_ENTERPRISE);

    f = company("Sample Makers", "08000002", exempt);
    f.sic_codes[1] = "94120 - Activities of professional membership organisations";
    r = expect(&f, VCFSE_POLICY, "T2e");
    assert_int_equal(r.policy, VCFSE_POLICY_TRADE);

    f = company("Sample Cards Ltd", "08000003", limited);
    f.parent_is_vcfse = true;
    r = expect(&f, VCFSE_POLICY, "T2f");
    assert_int_equal(r.policy, VCFSE_POLICY_SUBSIDIARY);

    f = company("Sample Savers", "IP00999C", "Registered Society");
    r = expect(&f, VCFSE_POLICY, "T2g");
    assert_int_equal(r.policy, VCFSE_POLICY_MUTUAL);
}

static void test_T2_names_alone_give_the_class_and_with_a_number_a_person_looks(void **state) {
    static const struct {
        const char *name;
        enum vcfse_policy policy;
        const char *rule;
    } rows[] = {{"Example Valley Housing Association", VCFSE_POLICY_HOUSING, "T2a"},
                {"University of Exampleton", VCFSE_POLICY_UNIVERSITY, "T2b"},
                {"Exampleton Grammar School", VCFSE_POLICY_SCHOOL, "T2c"},
                {"Northern Local Government Association", VCFSE_POLICY_CONTROLLED, "T2d"},
                {"Chartered Institute of Samples", VCFSE_POLICY_TRADE, "T2e"},
                {"Sample Hospice Trading", VCFSE_POLICY_SUBSIDIARY, "T2f"},
                {"Exampleton Credit Union", VCFSE_POLICY_MUTUAL, "T2g"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct vcfse_facts f = named(rows[i].name);
        struct vcfse_result r = expect(&f, VCFSE_POLICY, rows[i].rule);
        assert_int_equal(r.policy, rows[i].policy);
        f.charity.number = "1012345";
        f.charity.check = VCFSE_VERIFIED;
        expect(&f, VCFSE_REVIEW, rows[i].rule);
    }
}

static void test_T2_words_that_only_look_like_a_class_do_not_stop_a_charity(void **state) {
    static const char *const names[] = {"Exampleton University of the Third Age", "Exampleton Pre-School",
                                        "Friends of Exampleton School", "Exampleton Women's Institute"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct vcfse_facts f = named(names[i]);
        f.charity.number = "1012345";
        f.charity.check = VCFSE_VERIFIED;
        expect(&f, VCFSE_YES, "T3a");
    }
}

static void test_T2g_building_societies_are_a_no(void **state) {
    struct vcfse_facts f = named("Exampleton Building Society");
    (void)state;
    expect(&f, VCFSE_NO, "T2g");
    f = company("Exampleton Savings", "IP00077B", "Registered Society");
    expect(&f, VCFSE_NO, "T2g");
}

static void test_T3a_a_verified_charity_is_a_yes_and_an_unchecked_one_is_not(void **state) {
    struct vcfse_facts f = named("Talk Example Limited");
    (void)state;
    f.charity.number = "1012345";
    expect(&f, VCFSE_REVIEW, "T3a");
    f.charity.check = VCFSE_VERIFIED;
    struct vcfse_result r = expect(&f, VCFSE_YES, "T3a");
    assert_int_equal(r.score, 95);
    assert_int_equal(r.primary_tag, VCFSE_TAG_VOLUNTARY);
    assert_string_equal(r.reasons[0].detail, "1012345");
    f.charity.check = VCFSE_MISMATCH;
    r = expect(&f, VCFSE_REVIEW, "T3a");
    assert_int_equal(r.score, 0);
    f.charity.check = VCFSE_VERIFIED;
    f.charity.number = "12";
    expect(&f, VCFSE_REVIEW, "T3a");
}

static void test_T3a_the_register_counts_as_it_stood_on_the_day_of_payment(void **state) {
    struct vcfse_facts f = named("Talk Example");
    (void)state;
    f.charity.number = "1012345";
    f.charity.check = VCFSE_VERIFIED;
    f.charity.status = VCFSE_STATUS_REMOVED;
    f.charity.from_day = 18000;
    f.charity.to_day = 19000;
    f.as_of_day = 17999;
    expect(&f, VCFSE_REVIEW, "T3a");
    f.as_of_day = 18000;
    expect(&f, VCFSE_YES, "T3a");
    f.as_of_day = 18999;
    expect(&f, VCFSE_YES, "T3a");
    f.as_of_day = 19000;
    struct vcfse_result r = expect(&f, VCFSE_REVIEW, "T3a");
    assert_int_equal(r.score, 0);
}

static void test_T3c_a_cic_that_became_a_charity_later_is_vcfse_before_that_day_too(void **state) {
    struct vcfse_facts f = named("Talk Example CIC");
    (void)state;
    f.company.number = "08123456";
    f.company.check = VCFSE_VERIFIED;
    f.company.status = VCFSE_STATUS_ACTIVE;
    f.company_category = "Community Interest Company";
    f.charity.number = "1012345";
    f.charity.check = VCFSE_VERIFIED;
    f.charity.status = VCFSE_STATUS_ACTIVE;
    f.charity.from_day = 18000;
    f.as_of_day = 17999;
    expect(&f, VCFSE_YES, "T3c");
    f.as_of_day = 18000;
    expect(&f, VCFSE_YES, "T3a");
    f.charity.status = VCFSE_STATUS_REMOVED; // but who was struck off needs a person
    f.charity.to_day = 18500;
    f.as_of_day = 18500;
    expect(&f, VCFSE_REVIEW, "T3a");
}

static void test_T3b_charitable_incorporated_organisations(void **state) {
    struct vcfse_facts f =
        company("Turning Example Academy", "CE007370", "Charitable Incorporated Organisation");
    (void)state;
    expect(&f, VCFSE_YES, "T3b");
    f = company("Example Jump", "CS002010", "Scottish Charitable Incorporated Organisation");
    expect(&f, VCFSE_YES, "T3b");
    f = company("Example Mission", "CE9081", NULL);
    expect(&f, VCFSE_REVIEW, "T3b");
}

static void test_T3c_community_interest_companies_by_the_register(void **state) {
    struct vcfse_facts f = company("Your Own Example CIC", "08751344", "Community Interest Company");
    (void)state;
    struct vcfse_result r = expect(&f, VCFSE_YES, "T3c");
    assert_int_equal(r.primary_tag, VCFSE_TAG_SOCIAL_ENTERPRISE);
    f.company.to_day = 19000;
    f.as_of_day = 19001;
    expect(&f, VCFSE_REVIEW, "T3");
    f.company.check = VCFSE_MISMATCH;
    expect(&f, VCFSE_REVIEW, "T3");
}

static void test_T3d_community_benefit_societies(void **state) {
    struct vcfse_facts f = company("Example Energy Society Limited", "RS007269", "Registered Society");
    (void)state;
    struct vcfse_result r = expect(&f, VCFSE_YES, "T3d");
    assert_int_equal(r.score, 90);
    f = named("Example Energy Society Limited");
    f.mutual.number = "7269";
    f.mutual.check = VCFSE_VERIFIED;
    expect(&f, VCFSE_YES, "T3d");
    f.mutual.check = VCFSE_NOT_CHECKED;
    expect(&f, VCFSE_REVIEW, "T4d");
}

static void test_T3e_community_amateur_sports_clubs(void **state) {
    struct vcfse_facts f = named("Exampleton St Judes ARLFC");
    (void)state;
    f.casc.number = "6a8c29f2";
    expect(&f, VCFSE_REVIEW, "T3e");
    f.casc.check = VCFSE_VERIFIED;
    struct vcfse_result r = expect(&f, VCFSE_YES, "T3e");
    assert_int_equal(r.primary_tag, VCFSE_TAG_COMMUNITY);
    f.casc.status = VCFSE_STATUS_REMOVED;
    expect(&f, VCFSE_REVIEW, "T3");
}

static void test_T4_form_certificate_and_papers_lead_to_a_person(void **state) {
    struct vcfse_facts f = company("Vanguard Example", "10581277", exempt);
    (void)state;
    struct vcfse_result r = expect(&f, VCFSE_REVIEW, "T4b");
    assert_int_equal(r.score, 45);
    f = company("Example Sports Development Limited", "08330701", guarantee);
    expect(&f, VCFSE_UNKNOWN, "T4c");
    f = company("Example House Management Company Limited", "12404596", guarantee);
    expect(&f, VCFSE_NO, "T4c");
    f = company("Example Phase Four Limited", "12404597", guarantee);
    f.sic_codes[0] = "98000";
    expect(&f, VCFSE_NO, "T4c");
    f = company("Example Tenants Co-operative Limited", "IP21926R", "Registered Society");
    expect(&f, VCFSE_REVIEW, "T4d");
    f = company("Sampleton Committee", "RC000696", "Royal Charter Company");
    expect(&f, VCFSE_REVIEW, "T4d");
    f = company("Good Example Ltd", "08330702", limited);
    f.se_certificate_until_day = 20000;
    f.as_of_day = 20000;
    expect(&f, VCFSE_REVIEW, "T4a");
    f.as_of_day = 20001;
    expect(&f, VCFSE_NO, "T5x");
    f = named("Example Makers");
    f.evidence = VCFSE_EVIDENCE_CONSTITUTION;
    r = expect(&f, VCFSE_REVIEW, "T4f");
    assert_int_equal(r.primary_tag, VCFSE_TAG_COMMUNITY);
}

static void test_T4e_a_declaration_needs_papers(void **state) {
    struct vcfse_facts f = named("Example Makers");
    (void)state;
    f.self_declared = true;
    expect(&f, VCFSE_UNKNOWN, "T4e");
    f.evidence = VCFSE_EVIDENCE_GOVERNING_PAPERS;
    expect(&f, VCFSE_REVIEW, "T4e");
    f.company.number = "10581277";
    f.company.check = VCFSE_VERIFIED;
    f.company_category = exempt;
    struct vcfse_result r = expect(&f, VCFSE_YES, "T4b");
    assert_int_equal(r.score, 95);
}

static void test_T5a_T5b_reserved_endings_lead_to_a_person_never_to_a_yes(void **state) {
    static const char *const names[] = {"The Sample After Dark CIC", "Voice Example C.I.C.",
                                        "Anew Example Community Interest Company (The)"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct vcfse_facts f = named(names[i]);
        struct vcfse_result r = expect(&f, VCFSE_REVIEW, "T5a");
        assert_int_equal(r.primary_tag, VCFSE_TAG_SOCIAL_ENTERPRISE);
    }
    struct vcfse_facts f = named("Action Example CIO");
    expect(&f, VCFSE_REVIEW, "T5b");
    f = named("Exampleton Parish Church PCC");
    struct vcfse_result r = expect(&f, VCFSE_REVIEW, "T5b");
    assert_int_equal(r.primary_tag, VCFSE_TAG_FAITH);
    assert_true(r.score <= 75);
}

static void test_T5c_T5d_groups_on_no_register_go_to_a_person(void **state) {
    static const char *const names[] = {
        "Friends of Example Park", "ABC Pre School",     "Sampleton Mosque",        "Disability Example",
        "Exampleton Walking Club", "St Sample's Church", "Sampleton Islamic Centre"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct vcfse_facts f = named(names[i]);
        struct vcfse_result r = expect(&f, VCFSE_REVIEW, i == 4 || i > 4 ? "T5d" : "T5c");
        assert_true(r.score <= 60);
    }
    struct vcfse_facts f = named("Voyaging Limited");
    expect(&f, VCFSE_UNKNOWN, "T5");
    f.same_name_on_register = true;
    expect(&f, VCFSE_REVIEW, "T5d");
}

static void test_T5_a_name_never_tips_a_form_over_to_yes(void **state) {
    struct vcfse_facts f = company("Friends of Example Park", "10581277", exempt);
    (void)state;
    struct vcfse_result r = expect(&f, VCFSE_REVIEW, "T5");
    assert_int_equal(r.score, 79);
}

static void test_T5x_words_that_look_like_charities_do_not_make_firms_vcfse(void **state) {
    static const char *const names[] = {
        "Churches Fire Example Ltd", "Marvellous Kids Club Limited", "Care in Mind Sample Services Limited",
        "HH Construction (Groundwork Contractors) Limited", "Academy Sample Limited"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct vcfse_facts f = company(names[i], "08303586", limited);
        struct vcfse_result r = expect(&f, VCFSE_NO, "T5x");
        assert_int_equal(r.primary_tag, 0);
    }
    struct vcfse_facts f = named("Sample Stores plc");
    expect(&f, VCFSE_NO, "T5x");
    f = company("Sample Trust LLP", "OC312345", "Limited Liability Partnership");
    expect(&f, VCFSE_NO, "T5x");
}

static void test_T5x_a_charity_number_on_a_plc_goes_to_a_person(void **state) {
    struct vcfse_facts f = named("Sample Stores plc");
    (void)state;
    f.charity.number = "1012345";
    f.charity.check = VCFSE_VERIFIED;
    expect(&f, VCFSE_REVIEW, "T5x");
}

static void test_trade_words_do_not_undo_a_verified_registration(void **state) {
    struct vcfse_facts f = named("Exampleton Construction Youth Trust");
    (void)state;
    f.charity.number = "1012345";
    f.charity.check = VCFSE_VERIFIED;
    expect(&f, VCFSE_YES, "T3a");
}

static void test_the_faith_tag_comes_first_and_a_person_may_add_it(void **state) {
    struct vcfse_facts f = named("Sampleton City Mission");
    (void)state;
    f.charity.number = "1012345";
    f.charity.check = VCFSE_VERIFIED;
    struct vcfse_result r = expect(&f, VCFSE_YES, "T3a");
    assert_int_equal(r.primary_tag, VCFSE_TAG_FAITH);
    assert_int_equal(r.tags, VCFSE_TAG_FAITH | VCFSE_TAG_VOLUNTARY);
    f.religious_class = VCFSE_IS_NOT;
    r = expect(&f, VCFSE_YES, "T3a");
    assert_int_equal(r.primary_tag, VCFSE_TAG_VOLUNTARY);
    f.name = "The Sample Trust";
    f.religious_class = VCFSE_IS_SO;
    r = expect(&f, VCFSE_YES, "T3a");
    assert_int_equal(r.primary_tag, VCFSE_TAG_VOLUNTARY);
    assert_int_equal(r.reasons[r.reason_count - 1].points, 0);
    f.name = "Christmas Trees Charity";
    f.religious_class = VCFSE_UNSAID;
    r = expect(&f, VCFSE_YES, "T3a");
    assert_int_equal(r.primary_tag, VCFSE_TAG_VOLUNTARY);
}

static void test_nothing_known_is_unknown_and_says_what_to_ask_for(void **state) {
    struct vcfse_facts f = named("Sample Supplies");
    (void)state;
    struct vcfse_result r = expect(&f, VCFSE_UNKNOWN, "T5");
    assert_int_equal(r.score, 0);
    f.name = NULL;
    vcfse_decide(&f, &r);
    assert_int_equal(r.decision, VCFSE_UNKNOWN);
}

static void test_the_same_facts_give_the_same_bytes(void **state) {
    struct vcfse_facts f = company("Friends of Example Church CIC", "08751344", "Community Interest Company");
    struct vcfse_result a, b;
    (void)state;
    memset(&a, 0x55, sizeof a);
    memset(&b, 0xAA, sizeof b);
    vcfse_decide(&f, &a);
    vcfse_decide(&f, &b);
    assert_memory_equal(&a, &b, sizeof a);
}

static void test_a_long_detail_is_cut_between_letters(void **state) {
    char number[200];
    (void)state;
    memset(number, 'x', 62);
    memcpy(number + 62, "\xc3\xa9\xc3\xa9", 5);
    struct vcfse_facts f = company("Sample", number, NULL);
    struct vcfse_result r = expect(&f, VCFSE_REVIEW, "T3");
    assert_int_equal(strlen(r.reasons[0].detail), 62);
}

static void test_words_for_people(void **state) {
    (void)state;
    assert_string_equal(vcfse_decision_text(VCFSE_YES), "yes");
    assert_string_equal(vcfse_decision_text(VCFSE_POLICY), "policy");
    assert_string_equal(vcfse_decision_text(VCFSE_UNKNOWN), "unknown");
    assert_string_equal(vcfse_policy_text(VCFSE_POLICY_HOUSING), "housing");
    assert_string_equal(vcfse_tag_text(VCFSE_TAG_SOCIAL_ENTERPRISE), "SE");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_T0_an_officers_decision_is_final_for_24_months_and_not_a_day_longer),
        cmocka_unit_test(test_T1a_bodies_on_a_public_list_are_never_vcfse_even_with_a_charity_number),
        cmocka_unit_test(test_T1a_public_names_and_college_corporations_are_a_no),
        cmocka_unit_test(test_T1a_a_public_looking_name_next_to_a_charity_number_goes_to_a_person),
        cmocka_unit_test(test_T1a_youth_councils_that_are_charities_are_a_yes),
        cmocka_unit_test(test_T1b_blanked_names_and_sole_traders_are_no_suppliers),
        cmocka_unit_test(test_T2_classes_found_by_a_register_are_left_to_the_place_and_keep_their_own_answer),
        cmocka_unit_test(test_T2d_T2e_T2f_T2g_classes_found_by_control_code_parent_and_form),
        cmocka_unit_test(test_T2_names_alone_give_the_class_and_with_a_number_a_person_looks),
        cmocka_unit_test(test_T2_words_that_only_look_like_a_class_do_not_stop_a_charity),
        cmocka_unit_test(test_T2g_building_societies_are_a_no),
        cmocka_unit_test(test_T3a_a_verified_charity_is_a_yes_and_an_unchecked_one_is_not),
        cmocka_unit_test(test_T3a_the_register_counts_as_it_stood_on_the_day_of_payment),
        cmocka_unit_test(test_T3c_a_cic_that_became_a_charity_later_is_vcfse_before_that_day_too),
        cmocka_unit_test(test_T3b_charitable_incorporated_organisations),
        cmocka_unit_test(test_T3c_community_interest_companies_by_the_register),
        cmocka_unit_test(test_T3d_community_benefit_societies),
        cmocka_unit_test(test_T3e_community_amateur_sports_clubs),
        cmocka_unit_test(test_T4_form_certificate_and_papers_lead_to_a_person),
        cmocka_unit_test(test_T4e_a_declaration_needs_papers),
        cmocka_unit_test(test_T5a_T5b_reserved_endings_lead_to_a_person_never_to_a_yes),
        cmocka_unit_test(test_T5c_T5d_groups_on_no_register_go_to_a_person),
        cmocka_unit_test(test_T5_a_name_never_tips_a_form_over_to_yes),
        cmocka_unit_test(test_T5x_words_that_look_like_charities_do_not_make_firms_vcfse),
        cmocka_unit_test(test_T5x_a_charity_number_on_a_plc_goes_to_a_person),
        cmocka_unit_test(test_trade_words_do_not_undo_a_verified_registration),
        cmocka_unit_test(test_the_faith_tag_comes_first_and_a_person_may_add_it),
        cmocka_unit_test(test_nothing_known_is_unknown_and_says_what_to_ask_for),
        cmocka_unit_test(test_the_same_facts_give_the_same_bytes),
        cmocka_unit_test(test_a_long_detail_is_cut_between_letters),
        cmocka_unit_test(test_words_for_people),
    };
    return cmocka_run_group_tests_name("vcfse rules", tests, NULL, NULL);
}
