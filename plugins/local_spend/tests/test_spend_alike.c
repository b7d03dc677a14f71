// SPDX-License-Identifier: Apache-2.0
// What comparing names promises whatever the names are: edits are counted as the plain definition counts
// them, it makes no difference which name comes first, and what is the same is found from either side.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "match_when.h"
#include "match_words.h"
#include "spend_parties.h"

enum { SHORT = 9 };

static int least(int a, int b) {
    return a < b ? a : b;
}

// The definition, with its whole table: insert, delete, replace, swap of neighbours.
static int edits_by_definition(const char *a, size_t na, const char *b, size_t nb) {
    int d[SHORT + 1][SHORT + 1];
    for (size_t i = 0; i <= na; i++) {
        for (size_t j = 0; j <= nb; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = (int)(i + j);
                continue;
            }
            d[i][j] = least(d[i - 1][j - 1] + (a[i - 1] != b[j - 1]), least(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[na][nb];
}

static uint32_t next_number(uint32_t *seed) {
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 12;
}

static void test_edits_are_those_of_the_definition_up_to_the_most_that_are_asked_for(void **state) {
    (void)state;
    uint32_t seed = 5;
    for (int round = 0; round < 100000; round++) {
        char text[2][SHORT + 1];
        size_t n[2];
        for (int side = 0; side < 2; side++) {
            n[side] = next_number(&seed) % (SHORT + 1);
            for (size_t i = 0; i < n[side]; i++) {
                text[side][i] = (char)('A' + next_number(&seed) % 3);
            }
            text[side][n[side]] = 0;
        }
        int all = edits_by_definition(text[0], n[0], text[1], n[1]);
        for (int most = 0; most <= 4; most++) {
            int found = name_edits(text[0], n[0], text[1], n[1], most);
            if (found != (all > most ? most + 1 : all)) {
                fail_msg("\"%s\", \"%s\": %d edits, %d found of %d", text[0], text[1], all, found, most);
            }
        }
    }
}

static void test_it_makes_no_difference_which_name_comes_first(void **state) {
    (void)state;
    static const char *const keys[] = {
        "HARROW FIELD BRICKWORKS", "HARROWFIELD BRICKWORK", "HARROW FIELD",   "BRICKWORKS OF HARROW FIELD",
        "NORTH EAST BOARDS",       "NORTHEAST BOARDS",      "4 TEASELS CARE", "FOUR TEASELS CARE HOMES",
        "TEASEL HOLDINGS",         "TEASEL SIGNS 24",       "RJ TEASEL",      "TEASEL R",
        "CARE SERVICES",           "DR Z OSTLER",           "DR A OSTLER"};
    enum { KEYS = sizeof keys / sizeof *keys };
    for (size_t i = 0; i < KEYS; i++) {
        for (size_t k = 0; k < KEYS; k++) {
            struct name_words a, b;
            unsigned one = 0, other = 0;
            name_words_read(keys[i], &a);
            name_words_read(keys[k], &b);
            assert_int_equal(name_words_alike(&a, &b, &one), name_words_alike(&b, &a, &other));
            assert_int_equal(one, other);
        }
    }
}

static void test_north_east_is_one_word_as_north_west_is(void **state) {
    (void)state;
    assert_true(score("North East Teasel Boards", "Northeast Teasel Boards") >= 850);
    assert_true(score("South East Teasel Boards", "Southeast Teasel Boards") >= 850);
    assert_true(score("North West Teasel Boards", "Northwest Teasel Boards") >= 850);
    assert_true(score("North East Teasel Boards", "North West Teasel Boards") <
                score("North East Teasel Boards", "Northeast Teasel Boards"));
}

static void test_another_initial_is_another_person_whatever_the_letter(void **state) {
    (void)state;
    for (char letter = 'B'; letter <= 'Z'; letter++) {
        char key[] = "DR ? OSTLER";
        struct name_words a, b;
        unsigned clash = 0;
        key[3] = letter;
        name_words_read("DR A OSTLER", &a);
        name_words_read(key, &b);
        name_words_alike(&a, &b, &clash);
        assert_int_equal(clash & CLASH_INITIALS, CLASH_INITIALS);
    }
    struct name_words a, b;
    unsigned clash = 0;
    name_words_read("TEASEL 4", &a); // digits are no initials
    name_words_read("TEASEL 5", &b);
    name_words_alike(&a, &b, &clash);
    assert_int_equal(clash & CLASH_INITIALS, 0);
    assert_int_equal(clash & CLASH_NUMBERS, CLASH_NUMBERS);
}

static void test_a_name_behind_trading_as_is_found_from_either_side(void **state) {
    (void)state;
    expect(named("Alder Signs T/A Birch Boards"), named("Birch Boards"), ANC_MATCH_REVIEW,
           "exact_other_name");
    expect(named("Birch Boards"), named("Alder Signs t/a Birch Boards"), ANC_MATCH_REVIEW,
           "exact_other_name");
    // Likeness to it is worth less than likeness to the name itself.
    assert_true(score("Alder Signs T/A Birch Tree Boards", "Birch Tree Board") <
                score("Birch Tree Boards", "Birch Tree Board"));
}

static void test_persons_have_a_middle_name_or_none(void **state) {
    (void)state;
    static const struct {
        const char *key;
        bool person;
    } names[] = {{"JOHN OSTLER", true},         {"JOHN A OSTLER", true}, {"JOHN DAVID OSTLER", true},
                 {"JOHN TEASEL OSTLER", false}, {"OSTLER J", true},      {"JOHN", false}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct name_words n;
        name_words_read(names[i].key, &n);
        if (name_words_person(&n) != names[i].person) {
            fail_msg("%s", names[i].key);
        }
    }
}

static void test_general_words_together_mean_one_body(void **state) {
    (void)state;
    static const struct {
        const char *key;
        bool specific;
    } names[] = {{"TRANSPORT FOR GREATER MANCHESTER", true},
                 {"CARE SERVICES", false},
                 {"THE SERVICES OF THE SOLUTIONS", false},
                 {"UNIVERSITY OF LONDON", true},
                 {"SERVICES 24 7", false}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct name_words n;
        name_words_read(names[i].key, &n);
        if (name_words_specific(&n) != names[i].specific) {
            fail_msg("%s", names[i].key);
        }
    }
}

static int32_t score_at(const char *payee, const char *candidate) {
    return judged(party("Harrow Field", "", "", "", payee), party("Harrow Field", "", "", "", candidate))
        .score_milli;
}

static void test_the_same_part_of_town_speaks_for_a_name_and_another_one_against_it(void **state) {
    (void)state;
    assert_true(score_at("WN1 1AA", "WN1 2BB") > score_at("", ""));
    assert_true(score_at("WN1 1AA", "WN2 2BB") < score_at("", ""));
    assert_true(score_at("WN1", "WN1 2BB") == score_at("WN1 1AA", "WN1 2BB")); // the outward part alone
    assert_true(score_at("WN1 1AA", "WN11 1AA") < score_at("", ""));
}

static void test_a_shared_vat_number_is_worth_less_when_the_names_are_not_alike(void **state) {
    (void)state;
    struct anc_match same = judged(party("Harrow Field", "", "", "123456782", ""),
                                   party("Harrow Fields", "", "", "123456782", ""));
    struct anc_match other = judged(party("Teasel Signs", "", "", "123456782", ""),
                                    party("Harrow Field", "", "", "123456782", ""));
    assert_int_equal(same.verdict, ANC_MATCH_YES);
    assert_int_equal(same.score_milli, 990);
    assert_int_equal(other.verdict, ANC_MATCH_REVIEW);
    assert_int_equal(other.score_milli, 820);
}

static void test_nothing_is_said_of_days_that_are_not_known(void **state) {
    (void)state;
    const struct anc_party no_days = {.from_day = 0}, days = {.from_day = 1000, .until_day = 2000};
    assert_int_equal(match_when(&no_days, &days), WHEN_UNKNOWN);
    assert_int_equal(match_when(&days, &no_days), WHEN_UNKNOWN);
    assert_int_equal(match_when(&days, &days), WHEN_FITS);
}

static void test_nobody_has_no_name(void **state) {
    (void)state;
    struct anc_party p = named("N/A");
    assert_int_equal(p.kind, ANC_PARTY_NOBODY);
    assert_string_equal(p.name, "");
    assert_string_equal(p.key, "");
}

static void test_letters_of_other_alphabets_and_all_apostrophes_are_read(void **state) {
    (void)state;
    static const struct {
        const char *name, *key;
    } names[] = {{"\xD0\x9F\xD0\xBB\xD1\x8E\xD1\x89 Ltd", "\xD0\x9F\xD0\xBB\xD1\x8E\xD1\x89"},
                 {"O\xC2\xB4Ostler", "OOSTLER"},
                 {"O\xCA\xBCOstler", "OOSTLER"},
                 {"O`Ostler", "OOSTLER"},
                 {"Harrow Law Old Partnershi", "HARROW LAW OLD PARTNERSHI"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_string_equal(named(names[i].name).key, names[i].key);
    }
}

// Names that may be alike are sought where they meet: the same words, another order, a letter wrong.
static void test_names_that_are_alike_meet_in_a_block(void **state) {
    (void)state;
    static const char *const pairs[][2] = {{"Harrow Field Brickworks", "Harrowfield Brickworks"},
                                           {"Harrow Field Brickworks", "Brickworks Harrow Field"},
                                           {"Teasel Signs", "Teesel Signs"},
                                           {"Teas Signmakers", "Teas Signs and Makers"},
                                           {"Linnet Court Day Nursery", "Linnet Court Nursery"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct anc_party a = named(pairs[i][0]), b = named(pairs[i][1]);
        uint64_t of_a[32], of_b[32];
        uint32_t n = blocks_of(&a, of_a, 32), m = blocks_of(&b, of_b, 32), met = 0;
        for (uint32_t x = 0; x < n; x++) {
            for (uint32_t y = 0; y < m; y++) {
                met += of_a[x] == of_b[y];
            }
        }
        if (met == 0) {
            fail_msg("%s and %s never meet", pairs[i][0], pairs[i][1]);
        }
    }
    uint64_t out[32];
    struct anc_party nothing = named("Services");
    assert_true(blocks_of(&nothing, out, 32) <= 2); // a word that many have brings nobody together
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edits_are_those_of_the_definition_up_to_the_most_that_are_asked_for),
        cmocka_unit_test(test_it_makes_no_difference_which_name_comes_first),
        cmocka_unit_test(test_north_east_is_one_word_as_north_west_is),
        cmocka_unit_test(test_another_initial_is_another_person_whatever_the_letter),
        cmocka_unit_test(test_a_name_behind_trading_as_is_found_from_either_side),
        cmocka_unit_test(test_persons_have_a_middle_name_or_none),
        cmocka_unit_test(test_general_words_together_mean_one_body),
        cmocka_unit_test(test_the_same_part_of_town_speaks_for_a_name_and_another_one_against_it),
        cmocka_unit_test(test_a_shared_vat_number_is_worth_less_when_the_names_are_not_alike),
        cmocka_unit_test(test_nothing_is_said_of_days_that_are_not_known),
        cmocka_unit_test(test_nobody_has_no_name),
        cmocka_unit_test(test_letters_of_other_alphabets_and_all_apostrophes_are_read),
        cmocka_unit_test(test_names_that_are_alike_meet_in_a_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
