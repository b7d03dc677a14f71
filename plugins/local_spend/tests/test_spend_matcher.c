// SPDX-License-Identifier: Apache-2.0
// What matching of payees promises: numbers before names, what speaks against a tie, and a small invented
// register with decoys on which it has to beat a plain join on names.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "ids.h"
#include "match_words.h"
#include "spend_parties.h"

static void test_reading_brings_numbers_to_one_form_or_drops_them(void **state) {
    (void)state;
    struct anc_party p =
        party("  Harrow Field  Ltd t/a Rose House ", "1234567", "1057671", "GB 123 4567 82", "wn11aa");
    assert_int_equal(p.kind, ANC_PARTY_NAMED);
    assert_string_equal(p.name, "Harrow Field Ltd t/a Rose House");
    assert_string_equal(p.key, "HARROW FIELD");
    assert_string_equal(p.other_key, "ROSE HOUSE");
    assert_string_equal(p.form, "ltd");
    assert_string_equal(p.company_number, "01234567");
    assert_string_equal(p.charity_number, "1057671");
    assert_string_equal(p.vat_number, "123456782");
    assert_string_equal(p.postcode, "WN1 1AA");
    p = party("Harrow Field", "QQ123456", "12", "123456789", "Various");
    assert_string_equal(p.company_number, "");
    assert_string_equal(p.charity_number, "");
    assert_string_equal(p.vat_number, "");
    assert_string_equal(p.postcode, "");
}

static void test_a_vat_number_must_have_its_check_digits(void **state) {
    (void)state;
    char out[SPEND_VAT_BYTES];
    assert_true(spend_vat_number("123456782", out));
    assert_true(spend_vat_number("GB123456782000", out)); // with a branch
    assert_string_equal(out, "123456782");
    assert_true(spend_vat_number("123 4567 27", out)); // the newer check, 55 added
    assert_string_equal(out, "123456727");
    assert_false(spend_vat_number("123456783", out));
    assert_false(spend_vat_number("000000000", out));
    assert_false(spend_vat_number("12345678", out));
    assert_false(spend_vat_number("n/a", out));
}

static void test_company_numbers_begin_with_letters_that_are_in_use(void **state) {
    (void)state;
    char out[SPEND_COMPANY_BYTES];
    static const char *const good[] = {"CE012345", "RS001234", "OC300001", "SC123456",
                                       "NI012345", "R0000123", "IP12345R"};
    static const char *const bad[] = {"ZZ123456", "GB123456", "R1000123", "AB12"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(spend_company_number(good[i], out));
        assert_string_equal(out, good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(spend_company_number(bad[i], out));
    }
}

static void test_hidden_names_leave_nothing_to_match(void **state) {
    (void)state;
    struct anc_party hidden =
        party("ROSE HOUSE#REDACTED - PERSONAL DATA", "01234567", "1057671", "123456782", "WN1 1AA");
    uint64_t blocks[24];
    assert_int_equal(hidden.kind, ANC_PARTY_HIDDEN);
    assert_string_equal(hidden.name, "");
    assert_string_equal(hidden.key, "");
    assert_string_equal(hidden.company_number, "");
    assert_string_equal(hidden.postcode, "");
    assert_int_equal(blocks_of(&hidden, blocks, 24), 0);
    expect(hidden, party("Rose House", "01234567", "", "", ""), ANC_MATCH_NO, "");
    assert_int_equal(named("REDACTIVE PUBLISHING LTD").kind, ANC_PARTY_NAMED);
    assert_int_equal(named("n/a").kind, ANC_PARTY_NOBODY);
}

static void test_persons_are_told_by_their_titles(void **state) {
    (void)state;
    static const char *const persons[] = {"Mr J Smith",  "MRS A B EXAMPLE", "Example Ms J",
                                          "Dr A Sample", "Miss Invented",   "MR & MRS SAMPLE"};
    static const char *const others[] = {
        "Mr Plumber Ltd", "Dr Sample and Partners", "Masterfield Roofing", "Example Ms Services Ltd",
        "Msd Example",    "Mr Care Home",           "DR Martenfield"};
    for (size_t i = 0; i < sizeof persons / sizeof *persons; i++) {
        assert_int_equal(named(persons[i]).kind, ANC_PARTY_PERSON);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (named(others[i]).kind != ANC_PARTY_NAMED) {
            print_message("%s\n", others[i]);
        }
        assert_int_equal(named(others[i]).kind, ANC_PARTY_NAMED);
    }
}

static void test_numbers_speak_before_names(void **state) {
    (void)state;
    struct anc_party c = party("Harrow Field Brickworks Ltd", "01234567", "1057671", "123456782", "WN1 1AA");
    expect(party("Quite Another", "01234567", "", "", ""), c, ANC_MATCH_YES, "company_number");
    expect(party("Quite Another", "", "1057671", "", ""), c, ANC_MATCH_YES, "charity_number");
    expect(party("Harrow Field Bricks", "", "", "123456782", ""), c, ANC_MATCH_YES, "vat_number");
    // Companies of one owner may share a VAT number.
    expect(party("Quite Another", "", "", "123456782", ""), c, ANC_MATCH_REVIEW, "vat_number");
    expect(party("Harrow Field Brickworks", "", "", "", "wn1 1aa"), c, ANC_MATCH_YES, "exact_name_postcode");
    expect(named("Harrow Field Brickworks"), c, ANC_MATCH_REVIEW, "exact_name");
    // Two entries of one register are two parties.
    expect(party("Harrow Field Brickworks Ltd", "07654321", "", "", "WN1 1AA"), c, ANC_MATCH_NO, "");
    expect(party("Harrow Field Brickworks Ltd", "", "1103022", "", "WN1 1AA"), c, ANC_MATCH_NO, "");
    expect(party("Harrow Field Brickworks Ltd", "01234567", "1103022", "", ""), c, ANC_MATCH_REVIEW,
           "company_number");
}

static void test_what_a_person_said_before_stands_unless_numbers_speak_against_it(void **state) {
    (void)state;
    struct anc_party c = party("Harrow Field Brickworks Ltd", "01234567", "", "", "");
    c.alias = 1;
    expect(named("HFB"), c, ANC_MATCH_YES, "alias");
    expect(party("HFB", "07654321", "", "", ""), c, ANC_MATCH_REVIEW, "alias");
}

static void test_names_alone_are_never_accepted(void **state) {
    (void)state;
    static const char *const names[] = {"Harrow Field Brickworks Ltd", "J Sample", "SCC", "Care Services Ltd",
                                        "Rose Lodge c/o Harrow Field Ltd"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_not_equal(judged(named(names[i]), named(names[i])).verdict, ANC_MATCH_YES);
    }
}

static void test_what_makes_a_name_less_sure_lowers_its_score(void **state) {
    (void)state;
    int32_t sure = score("Harrow Field Brickworks Ltd", "HARROW FIELD BRICKWORKS LIMITED");
    int32_t plain = score("Harrow Field Brickworks", "Harrow Field Brickworks Ltd");
    assert_true(sure > plain);
    assert_true(plain > score("Harrow Field Brickworks (UK) Ltd", "Harrow Field Brickworks Ltd"));
    assert_true(plain > score("Harrow Field Brickworks PLC", "Harrow Field Brickworks LLP") + 100);
    assert_true(plain > score("Harrow Field Brickworks#1", "Harrow Field Brickworks#2") + 200);
    assert_true(plain > score("J Sample", "J Sample") + 200); // many people may have that name
    assert_true(plain > score("SCC", "SCC") + 200);           // as many bodies have these letters
    assert_true(plain > score("Rose Lodge c/o Harrow Field Brickworks", "Harrow Field Brickworks"));
    struct anc_party two = named("Harrow Field Brickworks Ltd");
    two.same_name = 2;
    assert_true(judged(named("Harrow Field Brickworks"), two).score_milli + 100 <= plain);
}

static void test_names_that_are_alike_are_proposed_and_namesakes_elsewhere_are_not(void **state) {
    (void)state;
    static const char *const alike[][2] = {
        {"Harrowfield Brickworks", "Harrow Field Brickworks Ltd"},
        {"Harrow Feild Brickworks", "Harrow Field Brickworks Ltd"},
        {"Leagu e of Linnet Friends", "League of Linnet Friends"},
        {"Ostler & Daughters Joinery Ltd", "Ostler and Daughter Joinery Limited"},
        {"Teasel Mgmt Servs", "Teasel Management Services Ltd"},
        {"CURLEW LIFT MAINTENANCE AND REPA", "Curlew Lift Maintenance and Repairs Ltd"},
        {"Turnstone Fire Alarms", "Turnstone Alarms Fire Ltd"},
    };
    static const char *const other[][2] = {
        {"Linnet Homecare (Bolton) Ltd", "Linnet Homecare (Salford) Ltd"},
        {"Access UK Ltd t/a Adam", "The Access Group"},
        {"SCC", "Sample Computer Centres"},
        {"Mallard Court 24 Ltd", "Mallard Court 42 Ltd"},
        {"NHS CCG", "NHS Example CCG"},
        {"Care Services", "Home Care Services Ltd"},
        {"Bramble Roofing", "Bramble Catering"},
        {"Dunlin Primary School", "Curlew Primary School"},
    };
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
        if (score(alike[i][0], alike[i][1]) < SPEND_REVIEW_MILLI) {
            print_message("not alike: %s, %s\n", alike[i][0], alike[i][1]);
        }
        assert_true(score(alike[i][0], alike[i][1]) >= SPEND_REVIEW_MILLI);
        assert_true(score(alike[i][0], alike[i][1]) < 900); // below the very name
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        if (score(other[i][0], other[i][1]) != 0) {
            print_message("alike: %s, %s %d\n", other[i][0], other[i][1], score(other[i][0], other[i][1]));
        }
        assert_int_equal(score(other[i][0], other[i][1]), 0);
    }
    // Another company of the same owners is no better than a guess.
    assert_true(score("Pintail", "Pintail Financial Services Ltd") < 700);
    assert_true(score("Pintail Holdings Ltd", "Pintail Ltd") < 750);
}

static bool meet(const char *a, const char *b) {
    uint64_t x[24], y[24];
    struct anc_party p = named(a), q = named(b);
    uint32_t n = blocks_of(&p, x, 24), m = blocks_of(&q, y, 24);
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < m; k++) {
            if (x[i] == y[k]) {
                return true;
            }
        }
    }
    return false;
}

static void test_names_that_are_alike_meet_in_a_block_and_few_others_do(void **state) {
    (void)state;
    assert_true(meet("Harrowfield Brickworks", "Harrow Field Brickworks Ltd"));
    assert_true(meet("Brickworks of Harrow Field", "Harrow Field Brickworks"));
    assert_true(meet("Ostler & Daughters", "Ostlers and Daughter Joinery"));
    assert_true(meet("Rose Lodge t/a Teasel Signs", "Teasel Signs"));
    assert_false(meet("Bramble Roofing Services Ltd", "Curlew Roofing Services Ltd"));
    uint64_t some[3];
    struct anc_party p = named("Harrow Field Brickworks t/a Teasel Signs of Linnet Court");
    assert_true(blocks_of(&p, some, 3) <= 3);
}

static void test_edits_are_counted_with_swaps_and_given_up_early(void **state) {
    (void)state;
    assert_int_equal(name_edits("HARROW", 6, "HARROW", 6, 2), 0);
    assert_int_equal(name_edits("HARROW", 6, "HAROW", 5, 1), 1);
    assert_int_equal(name_edits("HARROW", 6, "HARORW", 6, 1), 1);
    assert_int_equal(name_edits("HARROW", 6, "HARROX", 6, 1), 1);
    assert_int_equal(name_edits("HARROW", 6, "AHRROX", 6, 1), 2); // more than one: given up
    assert_int_equal(name_edits("HARROW", 6, "AHRROX", 6, 3), 2);
    assert_int_equal(name_edits("", 0, "AB", 2, 3), 2);
    assert_int_equal(name_edits("ABCDEFGH", 8, "HGFEDCBA", 8, 3), 4);
}

// ---- a small register with decoys, labelled payees, and a plain join on names to beat

static const char *const reg[] = {
    "HARROW FIELD BRICKWORKS LIMITED", // 0
    "LINNET COURT TRUST",              // 1
    "OSTLER & DAUGHTERS JOINERY LIMITED",
    "TEASEL SIGNS LTD.",
    "CURLEW LIFT MAINTENANCE LIMITED",
    "TURNSTONE FIRE ALARMS LIMITED", // 5
    "MALLARD ROOFING (NORTH WEST) LIMITED",
    "PINTAIL HOMECARE COMMUNITY INTEREST COMPANY",
    "GADWALL TRANSPORT PLC",
    "WIGEON & SONS LIMITED",
    // decoys
    "HARROW FIELD HOLDINGS LIMITED", // 10
    "LINNET COURT MANAGEMENT LIMITED",
    "TEASEL SIGNS (LEEDS) LIMITED",
    "MALLARD ROOFING (SOUTH) LIMITED",
    "TURNSTONE FIRE ALARMS LIMITED", // the name of 5, another company
    "PINTAIL HOMECARE GROUP LIMITED",
    "GADWALL PROPERTIES LIMITED",
    "WIGEON LIMITED",
};
static const struct {
    const char *payee;
    int is; // -1 nobody of the register
    int64_t pounds;
} labelled[] = {
    {"Harrow Field Brickworks Ltd", 0, 90000},
    {"HARROWFIELD BRICKWORKS", 0, 30000},
    {"Linnet Court Trust (The)", 1, 40000},
    {"Ostler and Daughters Joinery", 2, 25000},
    {"Ostler & Dauhgters Joinery Ltd", 2, 9000},
    {"Teasel Signs Limited", 3, 12000},
    {"CURLEW LIFT MAINTENANCE LIMI", 4, 15000},
    {"Mallard Roofing NW Ltd", 6, 22000},
    {"Pintail Homecare C.I.C.", 7, 18000},
    {"Gadwall Transport", 8, 31000},
    {"Wigeon & Sons", 9, 8000},
    {"Turnstone Fire Alarms Ltd", 14, 60000},
    {"Mr A Wigeon", -1, 2000},
    {"Gadwall Catering", -1, 7000},
    {"Homecare", -1, 5000},
    {"Teasel Taxis", -1, 3000},
};

static int namesakes(const struct anc_party *q) {
    int n = 0;
    for (size_t i = 0; i < sizeof reg / sizeof *reg; i++) {
        n += strcmp(named(reg[i]).key, q->key) == 0;
    }
    return n;
}

// The best of the register for a payee, -1 nobody.
static int best_of(const char *payee, int32_t *ret_score) {
    int best = -1;
    *ret_score = 0;
    for (size_t i = 0; i < sizeof reg / sizeof *reg; i++) {
        struct anc_party q = named(reg[i]);
        q.same_name = namesakes(&q);
        struct anc_match m = judged(named(payee), q);
        if (m.verdict != ANC_MATCH_NO && m.score_milli > *ret_score) {
            *ret_score = m.score_milli;
            best = (int)i;
        }
    }
    return best;
}

// The name without LTD, LIMITED, PLC at its end, as a plain join would do it.
static bool joins(const char *payee, const char *entry) {
    char a[100] = "", b[100] = "";
    const char *const from[] = {payee, entry};
    char *const to[] = {a, b};
    for (int i = 0; i < 2; i++) {
        size_t n = 0;
        for (const char *p = from[i]; *p && n < 99; p++) {
            to[i][n++] = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
        }
        to[i][n] = 0;
        static const char *const ends[] = {" LTD.", " LTD", " LIMITED", " PLC"};
        for (int e = 0; e < 4; e++) {
            size_t len = strlen(ends[e]);
            if (n > len && strcmp(to[i] + n - len, ends[e]) == 0) {
                to[i][n - len] = 0;
                break;
            }
        }
    }
    return strcmp(a, b) == 0;
}

static void test_on_a_register_with_decoys_it_finds_more_pounds_than_a_join_and_no_less_surely(void **state) {
    (void)state;
    int64_t all = 0, right = 0, wrong = 0, join_right = 0, join_wrong = 0;
    for (size_t i = 0; i < sizeof labelled / sizeof *labelled; i++) {
        int32_t s;
        int best = best_of(labelled[i].payee, &s), joined = -1;
        for (size_t k = 0; k < sizeof reg / sizeof *reg && joined < 0; k++) {
            joined = joins(labelled[i].payee, reg[k]) ? (int)k : -1;
        }
        all += labelled[i].is >= 0 ? labelled[i].pounds : 0;
        if (best >= 0 && s >= 750) { // a name that two companies have is not sure enough
            *(best == labelled[i].is ? &right : &wrong) += labelled[i].pounds;
        }
        if (joined >= 0) {
            *(joined == labelled[i].is ? &join_right : &join_wrong) += labelled[i].pounds;
        }
    }
    print_message("join on names: %lld right, %lld wrong of %lld; ours: %lld right, %lld wrong\n",
                  (long long)join_right, (long long)join_wrong, (long long)all, (long long)right,
                  (long long)wrong);
    assert_true(right > join_right);
    assert_true(right * (join_right + join_wrong) >= join_right * (right + wrong));
}

static void test_the_same_parties_give_the_same_answer_and_long_names_are_cut(void **state) {
    (void)state;
    static char text[4000];
    memset(text, 'A', sizeof text - 1);
    for (size_t i = 7; i < sizeof text; i += 8) {
        text[i] = ' ';
    }
    text[sizeof text - 1] = 0;
    struct anc_party p = named(text), q = named("Harrow Field");
    struct anc_match a = judged(p, q), b = judged(q, p), again = judged(p, q);
    assert_int_equal(a.verdict, b.verdict);
    assert_int_equal(a.score_milli, again.score_milli);
    assert_int_equal(judged(p, p).verdict, ANC_MATCH_REVIEW);
    assert_int_equal(judged(named("&&& ((("), named("&&& (((")).verdict == ANC_MATCH_YES, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading_brings_numbers_to_one_form_or_drops_them),
        cmocka_unit_test(test_a_vat_number_must_have_its_check_digits),
        cmocka_unit_test(test_company_numbers_begin_with_letters_that_are_in_use),
        cmocka_unit_test(test_hidden_names_leave_nothing_to_match),
        cmocka_unit_test(test_persons_are_told_by_their_titles),
        cmocka_unit_test(test_numbers_speak_before_names),
        cmocka_unit_test(test_what_a_person_said_before_stands_unless_numbers_speak_against_it),
        cmocka_unit_test(test_names_alone_are_never_accepted),
        cmocka_unit_test(test_what_makes_a_name_less_sure_lowers_its_score),
        cmocka_unit_test(test_names_that_are_alike_are_proposed_and_namesakes_elsewhere_are_not),
        cmocka_unit_test(test_names_that_are_alike_meet_in_a_block_and_few_others_do),
        cmocka_unit_test(test_edits_are_counted_with_swaps_and_given_up_early),
        cmocka_unit_test(test_on_a_register_with_decoys_it_finds_more_pounds_than_a_join_and_no_less_surely),
        cmocka_unit_test(test_the_same_parties_give_the_same_answer_and_long_names_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
