// SPDX-License-Identifier: Apache-2.0
// Promises of other ways to get messages: the plugin checks the address, everything but secrets goes there
// too, one click stops it at once, and what cannot be sent is given up in the end.
#include "domain/channel.h"

#include "base/embed.h"
#include "domain/mail.h"
#include "jobs/plugwork.h"
#include "support/market.h"
#include "support/plugtest.h"

#include <stdlib.h>
#include <string.h>

#define PLUGS BINARY_DIR "/tests/probes"

extern const struct embedded embedded_text[];

static struct plugtest plugins;

static int set_up(void **state) {
    return plugtest_setup(state, &plugins, PLUGS, true);
}

static int tear_down(void **state) {
    return plugtest_teardown(state, &plugins);
}

// brook wants messages at this address, and one is on its way.
static void with_message(struct ctx *c, const char *address) {
    market_act(c, "brook");
    assert_err(c, channel_set(c, "pigeon", address), ERR_OK);
    const char *ref = market_publish(c);
    struct bid_input in = market_bid(1500000);
    market_submit(c, "brook", ref, &in);
    assert_number(c, "SELECT count(*) FROM core.message_outbox WHERE state = 'waiting'", 1);
}

static bool send_one(struct ctx *c) {
    bool tried;
    assert_err(c, plugwork_send(c, &tried), ERR_OK);
    return tried;
}

// ---- addresses ----------------------------------------------------------------------------------------

static void test_the_plugin_checks_the_address_and_its_words_are_said(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    market_act(c, "brook");
    assert_err(c, channel_set(c, "pigeon", "12345"), ERR_INVALID);
    assert_string_equal(c->err_detail, "Begin the number with a +.");
    assert_string_equal(c->err_field, "address");
    assert_err(c, channel_set(c, "pigeon", ""), ERR_INVALID);
    assert_err(c, channel_set(c, "owl", "+12345"), ERR_NOT_FOUND);
    assert_number(c, "SELECT count(*) FROM core.person_channel", 0);
    assert_err(c, channel_set(c, "pigeon", "+12345"), ERR_OK);
    assert_err(c, channel_set(c, "pigeon", "+67890"), ERR_OK); // changed, not a second one
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(channel || address, ',') FROM core.person_channel"),
        "pigeon+67890");
    market_act_nobody(c);
    assert_err(c, channel_set(c, "pigeon", "+12345"), ERR_SIGN_IN);
    assert_err(c, channel_stop(c, "pigeon"), ERR_SIGN_IN);
}

static void test_people_see_the_ways_that_are_there_and_those_they_use(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const struct channel *list;
    size_t n;
    market_act(c, "brook");
    assert_err(c, channel_list(c, &list, &n), ERR_OK);
    assert_int_equal(n, 1);
    assert_string_equal(list[0].title, "Carrier pigeon");
    assert_string_equal(list[0].label, "Number of the loft");
    assert_string_equal(list[0].address, "");
    c->plugins = NULL;
    assert_err(c, channel_list(c, &list, &n), ERR_OK);
    assert_int_equal(n, 0);
    dbtest_run(c,
               "INSERT INTO core.person_channel (person_id, channel, address) VALUES (%lld, 'pigeon', '+1')",
               (long long)c->actor.person_id);
    assert_err(c, channel_list(c, &list, &n), ERR_OK);
    assert_int_equal(n, 1);
    assert_false(list[0].active);
    assert_err(c, channel_stop(c, "pigeon"), ERR_OK); // also without the plugin
    assert_number(c, "SELECT count(*) FROM core.person_channel", 0);
}

// ---- queueing -----------------------------------------------------------------------------------------

static void
test_a_letter_is_queued_for_the_channel_with_the_same_words_and_for_its_reader_only(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    with_message(c, "+7");
    assert_number(
        c,
        "SELECT count(*) FROM core.message_outbox m JOIN core.mail_outbox l ON l.subject = m.subject AND "
        "l.body_text = m.body JOIN core.person p ON p.id = m.person_id AND p.email = l.to_address WHERE "
        "m.address = '+7' AND m.channel = 'pigeon'",
        1);
    const char *ref = market_publish(c);
    struct bid_input in = market_bid(1500000);
    market_submit(c, "hill", ref, &in); // has no channel
    assert_number(c, "SELECT count(*) FROM core.message_outbox", 1);
    assert_number(c, "SELECT count(*) FROM core.mail_outbox", 2);
}

// The words a letter asks for, each once.
static size_t words_of(struct ctx *c, const char *text, struct mail_word *words, size_t room) {
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, "{{")); at += 2) {
        const char *key = arena_strndup(c->arena, at + 2, (size_t)(strstr(at, "}}") - at - 2));
        bool known = strcmp(key, "place") == 0 || strcmp(key, "operator") == 0;
        for (size_t i = 0; i < n; i++) {
            known = known || strcmp(words[i].key, key) == 0;
        }
        if (!known) {
            assert_true(n < room);
            words[n++] = (struct mail_word){key, "word"};
        }
    }
    return n;
}

static void test_no_letter_with_a_sign_in_link_leaves_by_a_channel_and_every_other_does(void **state) {
    static const char *const by_mail_only[] = {"confirm", "reset", "known"};
    struct ctx *c = ((struct dbtest *)*state)->c;
    int letters = 0, secret = 0;
    market_act(c, "brook");
    assert_err(c, channel_set(c, "pigeon", "+7"), ERR_OK);
    for (const struct embedded *e = embedded_text; e->path; e++) {
        if (strncmp(e->path, "mail_", 5) != 0) {
            continue;
        }
        const char *name = arena_strndup(c->arena, e->path + 5, strlen(e->path) - 9);
        bool by_mail = false;
        for (size_t i = 0; i < 3; i++) {
            by_mail = by_mail || strcmp(name, by_mail_only[i]) == 0;
        }
        struct mail_word words[14];
        size_t n = words_of(c, (const char *)e->bytes, words, 14);
        assert_err(c, mail_queue(c, "brook@people.example", name, words, n), ERR_OK);
        if (dbtest_number(c, "SELECT count(*) FROM core.message_outbox") != !by_mail) {
            fail_msg("%s goes the wrong way", name);
        }
        dbtest_run(c, "DELETE FROM core.message_outbox");
        letters++;
        secret += by_mail;
    }
    assert_int_equal(secret, 3);
    assert_true(letters > 8);
}

// ---- stopping -----------------------------------------------------------------------------------------

static void test_stopping_holds_at_once_also_for_what_waits(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    with_message(c, "+7");
    market_act(c, "brook");
    assert_err(c, channel_stop(c, "pigeon"), ERR_OK);
    assert_number(c, "SELECT count(*) FROM core.message_outbox", 0);
    assert_false(send_one(c));
    const char *ref = market_publish(c);
    struct bid_input in = market_bid(1500000);
    market_submit(c, "brook", ref, &in);
    assert_number(c, "SELECT count(*) FROM core.message_outbox", 0);
    assert_err(c, channel_stop(c, "pigeon"), ERR_OK);
}

static void test_a_message_in_the_middle_of_sending_goes_nowhere_again_after_stopping(void **state) {
    struct dbtest *t = *state;
    struct ctx *c = t->c, *sender = dbtest_new_ctx(t);
    with_message(c, "+1 busy");
    sender->plugins = c->plugins;
    assert_err(sender, db_begin(sender), ERR_OK);
    assert_true(send_one(sender)); // fails and would be tried again
    market_act(c, "brook");
    assert_err(c, channel_stop(c, "pigeon"), ERR_OK); // does not wait for the sender
    assert_err(sender, db_commit(sender), ERR_OK);
    dbtest_run(c, "UPDATE core.message_outbox SET next_try = now() - interval '1 second'");
    assert_false(send_one(c));
    dbtest_free_ctx(sender);
}

static void test_nobody_stops_the_messages_of_somebody_else(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    with_message(c, "+7");
    market_act(c, "hill");
    assert_err(c, channel_stop(c, "pigeon"), ERR_OK);
    assert_number(c, "SELECT count(*) FROM core.person_channel", 1);
    assert_number(c, "SELECT count(*) FROM core.message_outbox", 1);
}

static void test_a_changed_address_holds_for_what_waits(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    with_message(c, "+7");
    market_act(c, "brook");
    assert_err(c, channel_set(c, "pigeon", "+8"), ERR_OK);
    assert_true(send_one(c));
    assert_string_equal(dbtest_value(c, "SELECT address FROM plg_probe_events.sent"), "+8");
}

// ---- sending ------------------------------------------------------------------------------------------

static void test_a_sent_message_is_sent_once_and_its_words_go(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    with_message(c, "+7");
    assert_true(send_one(c));
    assert_string_equal(dbtest_value(c, "SELECT state || tries || subject || body FROM core.message_outbox"),
                        "sent1");
    assert_string_equal(
        dbtest_value(c, "SELECT string_agg(address || ' ' || subject, ',') FROM plg_probe_events.sent"),
        "+7 We have your bid: Lunches for three centres");
    assert_false(send_one(c));
}

static void test_what_can_never_be_sent_is_given_up_at_once(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    with_message(c, "+0");
    assert_true(send_one(c));
    assert_string_equal(dbtest_value(c, "SELECT state || tries || last_error FROM core.message_outbox"),
                        "failed1Nobody has this number.");
    assert_number(c, "SELECT count(*) FROM plg_probe_events.sent", 0);
    dbtest_run(c, "UPDATE core.message_outbox SET next_try = now() - interval '1 second'");
    assert_false(send_one(c));
}

static void test_a_busy_line_is_tried_again_with_the_same_id_and_longer_pauses(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    with_message(c, "+1");
    const char *id = dbtest_value(c, "SELECT id FROM core.message_outbox");
    for (int i = 1; i <= 2; i++) {
        assert_true(send_one(c));
        assert_string_equal(dbtest_value(c, "SELECT state || tries || last_error FROM core.message_outbox"),
                            arena_printf(c->arena, "waiting%dThe line is busy.", i));
        int64_t wait =
            dbtest_number(c, "SELECT ceil(extract(epoch FROM next_try - clock_timestamp()))::bigint FROM "
                             "core.message_outbox");
        assert_in_range(wait, i * 60 - 30, i * 60);
        assert_false(send_one(c));
        dbtest_run(c, "UPDATE core.message_outbox SET next_try = now() - interval '1 second'");
    }
    assert_number(c, "SELECT count(*) FROM plg_probe_events.sent", 0);
    assert_true(send_one(c));
    assert_string_equal(dbtest_value(c, "SELECT string_agg(id::text, ',') FROM plg_probe_events.sent"), id);
}

static void test_after_eight_tries_a_message_is_given_up(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    with_message(c, "+1");
    dbtest_run(c, "UPDATE core.message_outbox SET tries = 7");
    assert_true(send_one(c));
    assert_string_equal(dbtest_value(c, "SELECT state || tries FROM core.message_outbox"), "failed8");
}

static void test_messages_of_a_notifier_that_is_gone_wait_untouched(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    with_message(c, "+7");
    const struct plugin_set *there = c->plugins;
    c->plugins = NULL;
    assert_false(send_one(c));
    assert_string_equal(dbtest_value(c, "SELECT state || tries FROM core.message_outbox"), "waiting0");
    c->plugins = there;
    assert_true(send_one(c));
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_the_plugin_checks_the_address_and_its_words_are_said),
        T(test_people_see_the_ways_that_are_there_and_those_they_use),
        T(test_a_letter_is_queued_for_the_channel_with_the_same_words_and_for_its_reader_only),
        T(test_no_letter_with_a_sign_in_link_leaves_by_a_channel_and_every_other_does),
        T(test_stopping_holds_at_once_also_for_what_waits),
        T(test_a_message_in_the_middle_of_sending_goes_nowhere_again_after_stopping),
        T(test_nobody_stops_the_messages_of_somebody_else),
        T(test_a_changed_address_holds_for_what_waits),
        T(test_a_sent_message_is_sent_once_and_its_words_go),
        T(test_what_can_never_be_sent_is_given_up_at_once),
        T(test_a_busy_line_is_tried_again_with_the_same_id_and_longer_pauses),
        T(test_after_eight_tries_a_message_is_given_up),
        T(test_messages_of_a_notifier_that_is_gone_wait_untouched),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
