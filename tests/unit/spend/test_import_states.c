// SPDX-License-Identifier: Apache-2.0
// Promises of the life of an uploaded payments file and of what is remembered about its columns.
#include "spend/import.h"
#include "spend/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bool leads(enum import_state from, enum import_step step, enum import_state to) {
    enum import_state next = IMPORT_STATES;
    return import_next(from, step, &next) && next == to;
}

static bool refuses(enum import_state from, enum import_step step) {
    enum import_state next = IMPORT_STATES;
    return !import_next(from, step, &next) && next == IMPORT_STATES; // untouched
}

static void test_a_file_is_read_looked_at_and_only_then_loaded(void **state) {
    (void)state;
    assert_true(leads(IMPORT_WAITING, STEP_TAKE, IMPORT_READING));
    assert_true(leads(IMPORT_READING, STEP_READ, IMPORT_READY));
    assert_true(leads(IMPORT_READY, STEP_LOAD, IMPORT_QUEUED));
    assert_true(leads(IMPORT_QUEUED, STEP_TAKE, IMPORT_LOADING));
    assert_true(leads(IMPORT_LOADING, STEP_DONE, IMPORT_LOADED));
    // No other state can be sent to be loaded.
    for (int s = 0; s < IMPORT_STATES; s++) {
        assert_true(s == IMPORT_READY || refuses((enum import_state)s, STEP_LOAD));
        assert_true(s == IMPORT_LOADING || refuses((enum import_state)s, STEP_DONE));
    }
}

static void test_a_refused_file_can_be_read_again_but_not_loaded(void **state) {
    (void)state;
    assert_true(leads(IMPORT_READING, STEP_REFUSE, IMPORT_REFUSED));
    assert_true(refuses(IMPORT_REFUSED, STEP_LOAD));
    assert_true(leads(IMPORT_REFUSED, STEP_AGAIN, IMPORT_WAITING));
    assert_true(leads(IMPORT_READY, STEP_AGAIN, IMPORT_WAITING));
    assert_true(leads(IMPORT_FAILED, STEP_AGAIN, IMPORT_WAITING));
    assert_true(refuses(IMPORT_LOADED, STEP_AGAIN));
}

static void test_a_worker_that_stops_gives_the_file_back_to_where_it_was(void **state) {
    (void)state;
    assert_true(leads(IMPORT_READING, STEP_GIVE_BACK, IMPORT_WAITING));
    assert_true(leads(IMPORT_LOADING, STEP_GIVE_BACK, IMPORT_QUEUED));
    assert_true(leads(IMPORT_READING, STEP_TAKE, IMPORT_READING)); // from one that is gone
    assert_true(leads(IMPORT_LOADING, STEP_TAKE, IMPORT_LOADING));
}

static void test_a_question_that_comes_up_while_loading_goes_back_to_the_person(void **state) {
    (void)state;
    assert_true(leads(IMPORT_LOADING, STEP_ASK, IMPORT_READY));
    assert_true(leads(IMPORT_LOADING, STEP_FAIL, IMPORT_FAILED));
}

static void test_a_file_can_be_thrown_away_until_it_is_being_loaded(void **state) {
    (void)state;
    for (int s = 0; s < IMPORT_STATES; s++) {
        enum import_state from = (enum import_state)s;
        if (from == IMPORT_LOADING || import_is_over(from)) {
            assert_true(refuses(from, STEP_DROP));
        } else {
            assert_true(leads(from, STEP_DROP, IMPORT_DROPPED));
        }
    }
}

static void test_nothing_leads_out_of_the_end(void **state) {
    (void)state;
    for (int step = 0; step < IMPORT_STEPS; step++) {
        assert_true(refuses(IMPORT_LOADED, (enum import_step)step));
        assert_true(refuses(IMPORT_DROPPED, (enum import_step)step));
    }
}

static void test_every_state_has_a_word_of_its_own(void **state) {
    (void)state;
    enum import_state back;
    for (int s = 0; s < IMPORT_STATES; s++) {
        assert_true(import_state_of(import_state_word((enum import_state)s), &back));
        assert_int_equal(back, s);
    }
    assert_false(import_state_of("elsewhere", &back));
}

// ---- columns ------------------------------------------------------------------------------------------

static void test_the_same_headings_are_known_again_whatever_their_blanks_and_case(void **state) {
    (void)state;
    const char *first[] = {"Beneficiary", " Date", "Amount  (Net of VAT)"};
    const char *again[] = {"BENEFICIARY ", "date", "Amount (net of\tVAT)", "", ""};
    const char *other[] = {"Beneficiary", "Date", "Amount (Gross)"};
    const char *split[] = {"Beneficiary Date", "Amount (Net of VAT)"};
    char a[PROFILE_HASH_BYTES], b[PROFILE_HASH_BYTES], c[PROFILE_HASH_BYTES], d[PROFILE_HASH_BYTES];
    profile_hash(first, 3, a);
    profile_hash(again, 5, b);
    profile_hash(other, 3, c);
    profile_hash(split, 2, d);
    assert_int_equal(strlen(a), 64);
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
    assert_string_not_equal(a, d);
}

static void test_a_row_without_words_is_no_row_of_headings(void **state) {
    (void)state;
    const char *blank[] = {"", "  ", "\t"};
    char hash[PROFILE_HASH_BYTES] = "x";
    profile_hash(blank, 3, hash);
    assert_string_equal(hash, "");
    profile_hash(NULL, 0, hash);
    assert_string_equal(hash, "");
}

static void test_columns_become_words_and_come_back_the_same(void **state) {
    (void)state;
    struct arena *a = arena_new((size_t)1024 * 1024);
    struct anc_columns in = profile_nothing(), out = profile_nothing();
    const char *names[PROFILE_PAIRS], *values[PROFILE_PAIRS];
    for (int i = 0; i < ANC_COL_COUNT; i += 2) {
        in.column[i] = i * 3;
    }
    in.head_rows = 4;
    in.kind = ANC_FILE_GRANTS;
    in.date_order = ANC_DATES_MONTH_FIRST;
    in.amount_basis = ANC_AMOUNT_GROSS;
    in.date_basis = ANC_DATE_INVOICED;
    profile_words(a, &in, names, values);
    for (size_t i = PROFILE_PAIRS; i-- > 0;) { // whatever their order
        profile_take(&out, names[i], values[i]);
    }
    assert_memory_equal(&in, &out, sizeof in);
    arena_free(a);
}

static void test_words_that_are_no_columns_change_nothing(void **state) {
    (void)state;
    struct anc_columns in = profile_nothing(), out = profile_nothing();
    profile_take(&out, "colour", "3");
    profile_take(&out, "payee", "three");
    profile_take(&out, "amount", "99999999999");
    profile_take(&out, "head_rows", "-1");
    assert_memory_equal(&in, &out, sizeof in);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_is_read_looked_at_and_only_then_loaded),
        cmocka_unit_test(test_a_refused_file_can_be_read_again_but_not_loaded),
        cmocka_unit_test(test_a_worker_that_stops_gives_the_file_back_to_where_it_was),
        cmocka_unit_test(test_a_question_that_comes_up_while_loading_goes_back_to_the_person),
        cmocka_unit_test(test_a_file_can_be_thrown_away_until_it_is_being_loaded),
        cmocka_unit_test(test_nothing_leads_out_of_the_end),
        cmocka_unit_test(test_every_state_has_a_word_of_its_own),
        cmocka_unit_test(test_the_same_headings_are_known_again_whatever_their_blanks_and_case),
        cmocka_unit_test(test_a_row_without_words_is_no_row_of_headings),
        cmocka_unit_test(test_columns_become_words_and_come_back_the_same),
        cmocka_unit_test(test_words_that_are_no_columns_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
