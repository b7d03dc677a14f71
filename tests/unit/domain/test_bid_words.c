// SPDX-License-Identifier: Apache-2.0
// Promises of the words of a bid and of the text that its receipt vouches for.
#include "domain/bid.h"

#include "base/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct bid_input empty_lines(void) {
    struct bid_input in = {.price_pence = 1500050, .answer = "In insulated boxes."};
    for (size_t i = 0; i < BID_LINES; i++) {
        in.lines[i] = (struct bid_line){"", "", -1};
    }
    return in;
}

struct heard {
    int n;
    char fields[200];
};

static void hear(void *arg, const char *field, const char *text) {
    struct heard *h = arg;
    size_t n = strlen(h->fields);
    h->n++;
    snprintf(h->fields + n, sizeof h->fields - n, "%s ", field);
    assert_true(strlen(text) > 20);
}

static const char *faults(const struct bid_input *in, bool asks_quality) {
    static struct heard h;
    h = (struct heard){0};
    bid_check(in, asks_quality, hear, &h);
    return h.fields;
}

static void test_a_bid_without_promises_is_a_bid(void **state) {
    (void)state;
    struct bid_input in = empty_lines();
    assert_string_equal(faults(&in, true), "");
}

static void test_everything_that_is_missing_is_said_at_once(void **state) {
    (void)state;
    struct bid_input in = empty_lines();
    in.price_pence = -1;
    in.answer = "";
    in.lines[0] = (struct bid_line){"local-jobs", "", -1};
    in.lines[1] = (struct bid_line){"local-jobs", "List", 2};
    in.lines[2] = (struct bid_line){"", "", 3};
    assert_string_equal(faults(&in, true), "price answer units1 evidence1 measure2 measure3 ");
}

static void test_an_answer_is_needed_only_when_something_is_asked(void **state) {
    (void)state;
    struct bid_input in = empty_lines();
    in.answer = "";
    assert_string_equal(faults(&in, false), "");
    assert_string_equal(faults(&in, true), "answer ");
}

static void test_prices_and_numbers_keep_their_bounds(void **state) {
    (void)state;
    struct bid_input in = empty_lines();
    in.price_pence = 0;
    assert_string_equal(faults(&in, true), "price ");
    in.price_pence = MONEY_MAX_PENCE + 1;
    assert_string_equal(faults(&in, true), "price ");
    in.price_pence = MONEY_MAX_PENCE;
    in.lines[5] = (struct bid_line){"local-jobs", "List", BID_UNITS_MAX + 1};
    assert_string_equal(faults(&in, true), "units6 ");
    in.lines[5].units = BID_UNITS_MAX;
    assert_string_equal(faults(&in, true), "");
    in.lines[5].units = 0;
    assert_string_equal(faults(&in, true), "units6 ");
}

static void test_the_text_of_a_receipt_is_fixed_to_the_letter(void **state) {
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct bid_input in = empty_lines();
    in.lines[1] = (struct bid_line){"local-jobs", "A list", 2};
    in.lines[4] = (struct bid_line){"apprentices", "Papers", 52};
    assert_string_equal(bid_canonical(a, "abc", "sup", 3, &in),
                        "anchorage bid 1\nnotice abc\nsupplier sup\nversion 3\nprice 1500050\n"
                        "answer 19\nIn insulated boxes.\n"
                        "commitment apprentices 52 6\nPapers\ncommitment local-jobs 2 6\nA list\n");
    arena_free(a);
}

static void test_the_slot_of_a_promise_does_not_change_the_text_but_its_words_do(void **state) {
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct bid_input in = empty_lines(), other = empty_lines();
    in.lines[0] = (struct bid_line){"local-jobs", "A list", 2};
    other.lines[5] = in.lines[0];
    const char *text = bid_canonical(a, "abc", "sup", 1, &in);
    assert_string_equal(text, bid_canonical(a, "abc", "sup", 1, &other));
    other.lines[5].units = 3;
    assert_string_not_equal(text, bid_canonical(a, "abc", "sup", 1, &other));
    // An answer that looks like a promise is still an answer.
    struct bid_input sly = empty_lines();
    sly.answer = "In insulated boxes.\ncommitment local-jobs 2 6\nA list";
    assert_string_not_equal(text, bid_canonical(a, "abc", "sup", 1, &sly));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_bid_without_promises_is_a_bid),
        cmocka_unit_test(test_everything_that_is_missing_is_said_at_once),
        cmocka_unit_test(test_an_answer_is_needed_only_when_something_is_asked),
        cmocka_unit_test(test_prices_and_numbers_keep_their_bounds),
        cmocka_unit_test(test_the_text_of_a_receipt_is_fixed_to_the_letter),
        cmocka_unit_test(test_the_slot_of_a_promise_does_not_change_the_text_but_its_words_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
