// SPDX-License-Identifier: Apache-2.0
// Promises of the state machine of notices and of the rules of publishing.
#include "base/day.h"
#include "domain/notice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW  INT64_C(1793610000000000) // 2 November 2026, 09:00:00 UTC
#define HOUR (INT64_C(3600) * USEC_PER_SEC)

// Rows: from; columns: publish, close, open, award, cancel. -1: not allowed.
static const int tender_table[NOTICE_STATES_][NOTICE_ACTS_] = {
    [NOTICE_DRAFT] = {NOTICE_PUBLISHED, -1, -1, -1, -1},
    [NOTICE_PUBLISHED] = {-1, NOTICE_CLOSED, -1, -1, NOTICE_CANCELLED},
    [NOTICE_CLOSED] = {-1, -1, NOTICE_OPENED, -1, NOTICE_CANCELLED},
    [NOTICE_OPENED] = {-1, -1, -1, NOTICE_AWARDED, NOTICE_CANCELLED},
    [NOTICE_AWARDED] = {-1, -1, -1, -1, -1},
    [NOTICE_CANCELLED] = {-1, -1, -1, -1, -1},
};

static void check_cell(bool tender, int from, int act, int want) {
    enum notice_state to = NOTICE_STATES_;
    bool allowed = notice_next(tender, (enum notice_state)from, (enum notice_act)act, &to);
    if (allowed != (want >= 0) || (allowed && (int)to != want) || (!allowed && to != NOTICE_STATES_)) {
        fail_msg("%s, act %d from %s: allowed %d, to %d, wanted %d", tender ? "tender" : "other", act,
                 notice_state_word((enum notice_state)from), allowed, (int)to, want);
    }
}

static void test_a_tender_moves_only_as_the_table_says(void **state) {
    (void)state;
    for (int from = 0; from < NOTICE_STATES_; from++) {
        for (int act = 0; act < NOTICE_ACTS_; act++) {
            check_cell(true, from, act, tender_table[from][act]);
        }
    }
}

static void test_what_takes_no_bids_is_never_closed_opened_or_awarded(void **state) {
    (void)state;
    for (int from = 0; from < NOTICE_STATES_; from++) {
        for (int act = 0; act < NOTICE_ACTS_; act++) {
            bool only_tender = act == NOTICE_CLOSE || act == NOTICE_OPEN || act == NOTICE_AWARD;
            check_cell(false, from, act, only_tender ? -1 : tender_table[from][act]);
        }
    }
}

static void test_states_and_acts_out_of_range_are_refused(void **state) {
    (void)state;
    check_cell(true, NOTICE_STATES_, NOTICE_PUBLISH, -1);
    check_cell(true, NOTICE_DRAFT, NOTICE_ACTS_, -1);
}

static void test_every_state_has_a_word_that_reads_back(void **state) {
    (void)state;
    for (int s = 0; s < NOTICE_STATES_; s++) {
        enum notice_state back;
        assert_true(notice_state_of(notice_state_word((enum notice_state)s), &back));
        assert_int_equal(back, s);
    }
    enum notice_state untouched = NOTICE_OPENED;
    assert_false(notice_state_of("gone", &untouched));
    assert_int_equal(untouched, NOTICE_OPENED);
}

// ---- publishing ----

static struct notice_facts good(void) {
    return (struct notice_facts){.kind = "tender",
                                 .summary = "Hot lunches",
                                 .description = "Cook and bring them.",
                                 .procedure = "quick_quote",
                                 .contract_kind = "services",
                                 .reserved = "none",
                                 .fts_id = "",
                                 .anchor_sort = "council",
                                 .quality_question = "How?",
                                 .cpv_count = 1,
                                 .value_high_pence = 2000000,
                                 .closes_at = NOW + HOUR,
                                 .has_contract_days = true,
                                 .quality_weight = 50,
                                 .social_weight = 10,
                                 .social_target_pence = 100000};
}

struct heard {
    int stops, warnings;
    char all[2000]; // "field: text" lines of what stops
};

static void hear(void *arg, bool stops, const char *field, const char *text) {
    struct heard *h = arg;
    size_t n = strlen(h->all);
    h->stops += stops;
    h->warnings += !stops;
    if (stops) {
        snprintf(h->all + n, sizeof h->all - n, "%s: %s\n", field, text);
    }
}

static struct heard listen(const struct notice_facts *f) {
    struct heard h = {0};
    notice_check(f, NOW, hear, &h);
    return h;
}

static void must_stop(const struct notice_facts *f, const char *words) {
    struct heard h = listen(f);
    if (h.stops != 1 || !strstr(h.all, words)) {
        fail_msg("wanted only \"%s\", got %d: %s", words, h.stops, h.all);
    }
}

static void test_a_complete_tender_may_be_published(void **state) {
    (void)state;
    struct notice_facts f = good();
    struct heard h = listen(&f);
    assert_int_equal(h.stops, 0);
    assert_int_equal(h.warnings, 0);
}

static void test_each_missing_part_of_a_tender_is_named(void **state) {
    (void)state;
    struct notice_facts f = good();
    f.summary = "";
    must_stop(&f, "summary: Say in one sentence what you want");
    f = good();
    f.description = "";
    must_stop(&f, "description: Describe what you want to buy.");
    f = good();
    f.cpv_count = 0;
    must_stop(&f, "cpv: Give at least one CPV code");
    f = good();
    f.value_high_pence = -1;
    must_stop(&f, "value_high: Give the highest value.");
    f = good();
    f.has_contract_days = false;
    must_stop(&f, "contract_start: Say when the contract starts");
    f = good();
    f.quality_question = "";
    must_stop(&f, "quality_question: Write the question");
    f = good();
    f.social_target_pence = 0;
    must_stop(&f, "social_target: Say what social value earns full points");
}

static void test_a_tender_closes_an_hour_from_now_at_the_earliest(void **state) {
    (void)state;
    struct notice_facts f = good();
    f.closes_at = NOW + HOUR - 1;
    must_stop(&f, "closes: The closing time must be at least one hour from now.");
    f.closes_at = 0;
    must_stop(&f, "closes: The closing time must be at least one hour from now.");
}

static void test_from_30000_pounds_with_vat_find_a_tender_comes_first(void **state) {
    (void)state;
    struct notice_facts f = good();
    f.value_high_pence = 2499999;
    assert_int_equal(listen(&f).stops, 0);
    f.value_high_pence = 2500000;
    must_stop(&f, "£30,000 or more with VAT");
    f.fts_id = "012345-2026";
    assert_int_equal(listen(&f).stops, 0);
    f.fts_id = "12345-2026";
    must_stop(&f, "six digits, a dash and the year");
}

static void test_nhs_bodies_go_to_find_a_tender_from_12000_pounds(void **state) {
    (void)state;
    struct notice_facts f = good();
    f.anchor_sort = "nhs";
    f.value_high_pence = 999999;
    assert_int_equal(listen(&f).stops, 0);
    f.value_high_pence = 1000000;
    must_stop(&f, "£12,000 or more with VAT");
}

static void test_only_councils_reserve_and_only_below_the_threshold(void **state) {
    (void)state;
    struct notice_facts f = good();
    f.reserved = "local";
    assert_int_equal(listen(&f).stops, 0);
    f.anchor_sort = "college";
    must_stop(&f, "Only councils may keep a contract");
    f = good();
    f.reserved = "uk";
    f.fts_id = "012345-2026";
    f.value_high_pence = 17309999; // £207,719.98 with VAT
    assert_int_equal(listen(&f).stops, 0);
    f.value_high_pence = 17310000;
    must_stop(&f, "A contract of this value may not be kept");
    f.contract_kind = "works";
    assert_int_equal(listen(&f).stops, 0);
}

static void test_a_plan_needs_no_value_and_no_closing_time(void **state) {
    (void)state;
    struct notice_facts f = good();
    f.kind = "pipeline";
    f.cpv_count = 0;
    f.value_high_pence = -1;
    f.closes_at = 0;
    f.has_contract_days = false;
    assert_int_equal(listen(&f).stops, 0);
    f.closes_at = NOW;
    must_stop(&f, "closes: The closing time is over.");
}

static void test_little_social_value_is_worth_a_word_but_stops_nobody(void **state) {
    (void)state;
    struct notice_facts f = good();
    f.social_weight = 9;
    assert_int_equal(listen(&f).stops, 0);
    assert_int_equal(listen(&f).warnings, 1);
}

static void test_vat_is_a_fifth_and_never_overflows(void **state) {
    (void)state;
    assert_int_equal(notice_with_vat(2500000), 3000000);
    assert_int_equal(notice_with_vat(2499999), 2999998);
    assert_int_equal(notice_with_vat(4), 4);
    assert_int_equal(notice_with_vat(INT64_C(10000000000000)), INT64_C(12000000000000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tender_moves_only_as_the_table_says),
        cmocka_unit_test(test_what_takes_no_bids_is_never_closed_opened_or_awarded),
        cmocka_unit_test(test_states_and_acts_out_of_range_are_refused),
        cmocka_unit_test(test_every_state_has_a_word_that_reads_back),
        cmocka_unit_test(test_a_complete_tender_may_be_published),
        cmocka_unit_test(test_each_missing_part_of_a_tender_is_named),
        cmocka_unit_test(test_a_tender_closes_an_hour_from_now_at_the_earliest),
        cmocka_unit_test(test_from_30000_pounds_with_vat_find_a_tender_comes_first),
        cmocka_unit_test(test_nhs_bodies_go_to_find_a_tender_from_12000_pounds),
        cmocka_unit_test(test_only_councils_reserve_and_only_below_the_threshold),
        cmocka_unit_test(test_a_plan_needs_no_value_and_no_closing_time),
        cmocka_unit_test(test_little_social_value_is_worth_a_word_but_stops_nobody),
        cmocka_unit_test(test_vat_is_a_fifth_and_never_overflows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
