// SPDX-License-Identifier: Apache-2.0
// Names that set traps, as open spending data has them (the names here are invented or of large companies),
// and hostile ones.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "match_words.h"
#include "spend_parties.h"

static void expect_below(const char *payee, const char *candidate, int32_t limit) {
    struct anc_match m = judged(named(payee), named(candidate));
    if (m.verdict == ANC_MATCH_YES || (m.verdict != ANC_MATCH_NO && m.score_milli >= limit)) {
        print_message("%s, %s: %d\n", payee, candidate, m.score_milli);
    }
    assert_int_not_equal(m.verdict, ANC_MATCH_YES);
    assert_true(m.verdict == ANC_MATCH_NO || m.score_milli < limit);
}

static void test_a_name_that_begins_like_a_redaction_is_found_like_any_other(void **state) {
    (void)state;
    assert_int_equal(named("REDACTIVE PUBLISHING LTD").kind, ANC_PARTY_NAMED);
    assert_true(score("REDACTIVE PUBLISHING LTD", "Redactive Publishing Limited") >= 900);
    assert_int_equal(score("REDACTIVE PUBLISHING LTD", "Redactive Media Group Ltd"), 0);
    assert_int_equal(score("REDACTED", "Redactive Publishing Limited"), 0);
    assert_int_equal(score("Redactive Publishing REDACTED", "Redactive Publishing Limited"), 0);
}

static void test_businesses_that_share_a_word_are_not_taken_for_each_other(void **state) {
    (void)state;
    static const char *const none[][2] = {
        {"Access UK Ltd T/A Adam", "The Access Group"},
        {"Access UK Ltd T/A Adam", "Access Group Holdings Ltd"},
        {"The Access Group", "Access UK Ltd"},
        {"SIEMENS FINANCIAL SERVICES LTD", "SIEMENS PLC"},
        {"SIEMENS PLC", "SIEMENS FINANCIAL SERVICES LTD"},
        {"Alder Borough Council", "Birch Borough Council"},
        {"Alder Council", "Alder Catering Services Ltd"},
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        expect_below(none[i][0], none[i][1], SPEND_REVIEW_MILLI);
    }
    // The one that is meant stands far above the one that only shares the word.
    assert_true(score("Access UK Ltd T/A Adam", "Access UK Limited") >= 900);
    assert_true(score("SIEMENS FINANCIAL", "Siemens Financial Services Ltd") >= 800);
    assert_true(score("Voyage Limited", "VOYAGE LTD") >= 900);
    expect_below("Voyage Limited", "Voyage Care Ltd", 700);
    expect_below("Voyage Limited", "Voyage 1 Limited", 700);
    expect_below("Voyage 1 Limited", "Voyage 2 Limited", SPEND_REVIEW_MILLI);
}

static void test_letters_alone_lead_to_nobody_but_who_has_just_those(void **state) {
    (void)state;
    expect_below("SCC", "Specialist Computer Centres PLC", SPEND_REVIEW_MILLI);
    expect_below("SCC", "Surrey County Council", SPEND_REVIEW_MILLI);
    expect_below("SCC", "Salford City College", SPEND_REVIEW_MILLI);
    expect_below("SCC", "SCC Ltd", 700); // others may have these letters
    expect_below("SCC", "SCD Ltd", SPEND_REVIEW_MILLI);
}

static void test_codes_in_front_are_no_part_of_the_name_and_clients_are_not_businesses(void **state) {
    (void)state;
    assert_true(score("43024700 Linnet Coffee", "Linnet Coffee Ltd") >= 900);
    assert_true(score("DHCH14 Deanfield Manor", "Deanfield Manor Ltd") >= 650);
    expect_below("2022:05D  Dementia", "Dementia UK", SPEND_REVIEW_MILLI);
    expect_below("2022:05D  Dementia", "Dementia Care Ltd", SPEND_REVIEW_MILLI);
    expect_below("43024700", "4302 Trading Ltd", SPEND_REVIEW_MILLI);
}

static void test_surgeries_and_names_of_persons_are_told_apart(void **state) {
    (void)state;
    expect_below("Rose House Surgery", "Linnet House Surgery", SPEND_REVIEW_MILLI);
    expect_below("The Surgery", "Rose House Surgery", SPEND_REVIEW_MILLI);
    expect_below("Dr A Sample & Partners", "Dr B Sample & Partners", 650); // one letter, two doctors
    expect_below("R J Sample Ltd", "R H Sample Ltd", SPEND_REVIEW_MILLI + 50);
    expect_below("J Sample", "J Sample Ltd", 700);
    expect_below("Sample J", "J Sample Ltd", 750);
    expect_below("E Sample & Son", "RH Sample Engineering Ltd", SPEND_REVIEW_MILLI);
    // Two of one name may live at one address, so a person is never tied by name and postcode.
    expect(party("Mr J Sample", "", "", "", "WN1 1AA"), party("Mr J Sample", "", "", "", "WN1 1AA"),
           ANC_MATCH_REVIEW, "exact_name");
}

static void test_what_finance_systems_do_to_names_is_undone(void **state) {
    (void)state;
    static const struct {
        const char *payee, *entry;
        int32_t least;
    } names[] = {
        {"Pintail Homecare And Support Service L", "Pintail Homecare and Support Service Ltd", 940},
        {"Harrow Field Brickwork Company Li", "Harrow Field Brickwork Company Limited", 940},
        {"Teasel Signs Limit", "Teasel Signs Limited", 940},
        {"Pintail Homecare Community Interest Comp", "Pintail Homecare CIC", 940},
        {"Teasel SignsLtd", "Teasel Signs Ltd", 940},
        {"Teasel Signs 0012345678", "Teasel Signs Ltd", 900},
        {"Teasel Signs Ltd Wigan Depot", "Teasel Signs Limited", 750},
        {"Teasel Signs Ltd (Client Account)", "Teasel Signs Limited", 750},
        {"CRG Limited#Homecare", "CRG Homecare Limited", 650},
        {"Age Linnet Leigh#was Teasel Concern", "Teasel Concern", 750},
        {"Harrow Field Brickwork And Maso", "Harrow Field Brickwork & Masonry Ltd", 800},
        {"TEA SEL SIG NS", "Teasel Signs Ltd", 800},
        {"Signs Teasel", "Teasel Signs Ltd", 800},
        {"Saint Linnet's RC Primary School", "St Linnets Catholic Primary School", 800},
        {"4 Linnets Garden Centre", "Four Linnets Garden Centre Ltd", 800},
        {"Teasel Signs (North West) Ltd", "Teasel Signs NW Ltd", 800},
        {"Alder MBC", "Alder Metropolitan Borough Council", SPEND_REVIEW_MILLI},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int32_t s = score(names[i].payee, names[i].entry);
        if (s < names[i].least) {
            print_message("%s, %s: %d\n", names[i].payee, names[i].entry, s);
        }
        assert_true(s >= names[i].least);
    }
    // What only looks like it is left alone.
    assert_string_equal(named("Harrow Unlimited").key, "HARROW UNLIMITED");
    assert_string_equal(named("Harrow Field Brickwork Partners H & L").key,
                        "HARROW FIELD BRICKWORK PARTNERS H AND L");
    assert_string_equal(named("Linnet Limited Editions").other_key, "");
}

static void test_what_stands_behind_a_legal_form_is_never_enough_to_tie(void **state) {
    (void)state;
    struct anc_party fund = party("Teasel Signs Ltd Pension Fund", "", "", "", "WN1 1AA");
    struct anc_party firm = party("Teasel Signs Ltd", "", "", "", "WN1 1AA");
    assert_string_equal(fund.key, "TEASEL SIGNS LTD PENSION FUND"); // a payee of its own
    assert_int_equal(judged(fund, firm).verdict, ANC_MATCH_REVIEW);
}

static void test_one_name_at_several_numbers_is_at_most_half_sure(void **state) {
    (void)state;
    struct anc_party q = named("Teasel Signs Ltd");
    int32_t alone = judged(named("Teasel Signs Ltd"), q).score_milli;
    q.same_name = 2;
    int32_t two = judged(named("Teasel Signs Ltd"), q).score_milli,
            plain = judged(named("Teasel Signs"), q).score_milli;
    q.same_name = 3;
    int32_t three = judged(named("Teasel Signs Ltd"), q).score_milli;
    assert_true(alone >= 940 && two < 650 && three < two && three >= SPEND_REVIEW_MILLI);
    assert_true(plain < two); // what speaks for one of them still decides which is shown first
    assert_true(judged(named("Teasle Signs"), q).score_milli < 650);
}

static void test_hostile_names_cost_no_more_than_long_ones(void **state) {
    (void)state;
    enum { BIG = 65536 };
    static char same[BIG], hashes[BIG], letters[BIG];
    for (size_t i = 0; i + 7 < BIG; i += 6) {
        memcpy(same + i, "LINNET", 5);
        same[i + 5] = ' ';
        memcpy(hashes + i, "#T/A #", 6);
    }
    memset(letters, 'Q', BIG - 1);
    const char *const names[] = {same, hashes, letters};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct anc_party p = named(names[i]);
        struct name_words w;
        uint64_t blocks[24];
        uint32_t count = 99;
        assert_true(strlen(p.name) < 256 && strlen(p.key) < 256 && strlen(p.other_key) < 256);
        name_words_read(p.key, &w);
        assert_true(w.n <= NAME_WORDS && w.squeezed_len < NAME_BYTES);
        assert_int_equal(spend_matcher.blocks(NULL, &p, 24, blocks, &count, NULL), ANC_OK);
        assert_true(count <= 24);
        assert_int_not_equal(judged(p, p).verdict, ANC_MATCH_YES);
    }
}

// A million suppliers of one pattern: the host leaves out blocks that many share, so each needs one of its
// own.
static void test_suppliers_of_one_pattern_each_have_a_block_that_others_do_not(void **state) {
    (void)state;
    enum { MANY = 4096 };
    static const size_t slots = 1 << 18;
    static uint64_t seen[1 << 18];
    static uint16_t times[1 << 18];
    size_t found_alone = 0, all = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < MANY; i++) {
            char text[40];
            uint64_t blocks[24];
            uint32_t count = 0;
            bool alone = false;
            snprintf(text, sizeof text, "THE COMPANY %d", 100000 + i);
            struct anc_party in = {.size = sizeof in, .name = text}, p = {.size = sizeof p};
            assert_int_equal(spend_matcher.read(NULL, &in, &p, NULL), ANC_OK);
            assert_int_equal(spend_matcher.blocks(NULL, &p, 24, blocks, &count, NULL), ANC_OK);
            for (uint32_t b = 0; b < count; b++) {
                size_t slot = (size_t)(blocks[b] % slots);
                while (seen[slot] && seen[slot] != blocks[b]) {
                    slot = (slot + 1) % slots;
                }
                seen[slot] = blocks[b];
                times[slot] = (uint16_t)(times[slot] + (pass == 0));
                alone |= times[slot] == 1;
            }
            all += pass == 1;
            found_alone += pass == 1 && alone;
        }
    }
    assert_int_equal(found_alone, all);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_name_that_begins_like_a_redaction_is_found_like_any_other),
        cmocka_unit_test(test_businesses_that_share_a_word_are_not_taken_for_each_other),
        cmocka_unit_test(test_letters_alone_lead_to_nobody_but_who_has_just_those),
        cmocka_unit_test(test_codes_in_front_are_no_part_of_the_name_and_clients_are_not_businesses),
        cmocka_unit_test(test_surgeries_and_names_of_persons_are_told_apart),
        cmocka_unit_test(test_what_finance_systems_do_to_names_is_undone),
        cmocka_unit_test(test_what_stands_behind_a_legal_form_is_never_enough_to_tie),
        cmocka_unit_test(test_one_name_at_several_numbers_is_at_most_half_sure),
        cmocka_unit_test(test_hostile_names_cost_no_more_than_long_ones),
        cmocka_unit_test(test_suppliers_of_one_pattern_each_have_a_block_that_others_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
