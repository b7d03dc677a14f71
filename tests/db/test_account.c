// SPDX-License-Identifier: Apache-2.0
// Promises of core/domain/account.h and second_factor.h against a real database.
#include "domain/account.h"
#include "support/dbtest.h"

#include "auth/password.h"
#include "base/conf.h"
#include "base/day.h"
#include "base/text.h"
#include "domain/second_factor.h"

#include <liboath/oath.h>
#include <pthread.h>
#include <sched.h>
#include <sodium.h>
#include <string.h>

#define BASE "http://market.example"
#define GOOD "quiet lantern over marble stairs"

static struct ctx *ctx_of(void **state) {
    // Cheap hashes: what is promised here does not depend on their cost.
    assert_null(conf_set("password.memory_kib", "8192"));
    assert_null(conf_set("password.passes", "1"));
    return ((struct dbtest *)*state)->c;
}

// The token of the newest letter to an address, cut out of its link.
static const char *link_token(struct ctx *c, const char *to, const char *path) {
    const char *body = dbtest_value(
        c, "SELECT body_text FROM core.mail_outbox WHERE to_address = '%s' ORDER BY id DESC LIMIT 1", to);
    const char *at = strstr(body, path);
    assert_non_null(at);
    return arena_strndup(c->arena, at + strlen(path), 64);
}

static void sign_up(struct ctx *c, const char *email) {
    assert_err(c, account_sign_up(c, "Robin Ashdown", email, GOOD, BASE), ERR_OK);
}

static void confirmed(struct ctx *c, const char *email) {
    sign_up(c, email);
    assert_err(c, account_confirm(c, link_token(c, email, "/confirm/")), ERR_OK);
    c->actor.person_id = 0;
}

static enum err sign_in(struct ctx *c, const char *email, const char *password, struct sign_in *ret) {
    c->actor.person_id = 0;
    return account_sign_in(c, email, password, BASE, ret);
}

static void test_a_mailed_link_confirms_once_and_only_its_hash_is_kept(void **state) {
    struct ctx *c = ctx_of(state);
    struct sign_in s;
    sign_up(c, "robin@example.org");
    const char *token = link_token(c, "robin@example.org", "/confirm/"), *email;
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.mail_token WHERE hash = '%s'", token),
                        "0");
    assert_err(c, sign_in(c, "robin@example.org", GOOD, &s), ERR_INVALID); // a newer link was sent
    assert_err(c, account_confirm(c, token), ERR_GONE);
    token = link_token(c, "robin@example.org", "/confirm/");
    assert_err(c, account_link_look(c, token, "confirm", &email), ERR_OK);
    assert_err(c, account_link_look(c, token, "reset", &email), ERR_GONE);
    assert_err(c, account_confirm(c, token), ERR_OK);
    assert_err(c, account_confirm(c, token), ERR_GONE);
    assert_err(c, sign_in(c, "ROBIN@example.org", GOOD, &s), ERR_OK);
    assert_false(s.code_due);
}

struct rival {
    struct ctx *c;
    const char *token;
    enum err e;
};

static void *use_too(void *arg) {
    struct rival *r = arg;
    r->e = account_confirm(r->c, r->token);
    return NULL;
}

static void test_of_two_who_use_a_link_at_once_one_wins(void **state) {
    struct ctx *c = ctx_of(state);
    pthread_t thread;
    sign_up(c, "robin@example.org");
    struct rival r = {.c = dbtest_new_ctx(*state), .token = link_token(c, "robin@example.org", "/confirm/")};
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, account_confirm(c, r.token),
               ERR_OK); // not committed yet: the rival still sees an open link
    assert_int_equal(pthread_create(&thread, NULL, use_too, &r), 0);
    while (strcmp(dbtest_value(c, "SELECT count(*) FROM pg_locks WHERE NOT granted"), "0") == 0) {
        sched_yield();
    }
    assert_err(c, db_commit(c), ERR_OK);
    pthread_join(thread, NULL);
    assert_int_equal(r.e, ERR_GONE);
    dbtest_free_ctx(r.c);
}

static void test_a_link_runs_out_after_a_day(void **state) {
    struct ctx *c = ctx_of(state);
    sign_up(c, "robin@example.org");
    const char *token = link_token(c, "robin@example.org", "/confirm/");
    c->now_usec += USEC_PER_DAY;
    assert_err(c, account_confirm(c, token), ERR_GONE);
    c->now_usec -= USEC_PER_SEC;
    assert_err(c, account_confirm(c, token), ERR_OK);
}

static void test_a_known_address_is_told_by_mail_and_nothing_changes(void **state) {
    struct ctx *c = ctx_of(state);
    struct sign_in s;
    confirmed(c, "robin@example.org");
    assert_err(
        c, account_sign_up(c, "Somebody Else", "Robin@Example.org", "another marble under the lantern", BASE),
        ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT subject FROM core.mail_outbox ORDER BY id DESC LIMIT 1"),
                        "You already have an account");
    assert_string_equal(dbtest_value(c, "SELECT name FROM core.person"), "Robin Ashdown");
    assert_err(c, sign_in(c, "robin@example.org", GOOD, &s), ERR_OK);
}

static void test_the_latest_sign_up_of_an_unconfirmed_address_counts(void **state) {
    struct ctx *c = ctx_of(state);
    struct sign_in s;
    sign_up(c, "robin@example.org");
    const char *first = link_token(c, "robin@example.org", "/confirm/");
    assert_err(c,
               account_sign_up(c, "Robin A", "robin@example.org", "another marble under the lantern", BASE),
               ERR_OK);
    assert_err(c, account_confirm(c, first), ERR_GONE);
    assert_err(c, account_confirm(c, link_token(c, "robin@example.org", "/confirm/")), ERR_OK);
    assert_err(c, sign_in(c, "robin@example.org", GOOD, &s), ERR_INVALID);
    assert_err(c, sign_in(c, "robin@example.org", "another marble under the lantern", &s), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.person"), "1");
}

static void test_a_mailbox_is_not_filled_through_our_forms(void **state) {
    struct ctx *c = ctx_of(state);
    confirmed(c, "robin@example.org");
    for (int i = 0; i < 12; i++) {
        assert_err(c, account_reset_ask(c, "robin@example.org", BASE), ERR_OK);
    }
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.mail_outbox"), "5");
}

static void test_an_easy_password_is_refused_beside_its_field(void **state) {
    struct ctx *c = ctx_of(state);
    assert_err(c, account_sign_up(c, "Robin", "robin@example.org", "passwordpassword", BASE), ERR_INVALID);
    assert_string_equal(c->err_field, "password");
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.person"), "0");
}

static void test_an_unknown_address_and_a_wrong_password_get_the_same_words(void **state) {
    struct ctx *c = ctx_of(state);
    struct sign_in s;
    confirmed(c, "robin@example.org");
    assert_err(c, sign_in(c, "robin@example.org", "wrong", &s), ERR_INVALID);
    const char *known = c->err_detail;
    assert_err(c, sign_in(c, "nobody@example.org", "wrong", &s), ERR_INVALID);
    assert_string_equal(known, c->err_detail);
}

static void test_after_ten_wrong_passwords_even_the_right_one_waits(void **state) {
    struct ctx *c = ctx_of(state);
    struct sign_in s;
    confirmed(c, "robin@example.org");
    for (int i = 0; i < 10; i++) {
        assert_err(c, sign_in(c, "robin@example.org", "wrong", &s), ERR_INVALID);
    }
    assert_err(c, sign_in(c, "Robin@example.org", GOOD, &s), ERR_LIMIT);
    c->now_usec += 16 * 60 * USEC_PER_SEC;
    assert_err(c, sign_in(c, "robin@example.org", GOOD, &s), ERR_OK);
}

static void test_a_closed_account_cannot_sign_in_nor_get_a_link(void **state) {
    struct ctx *c = ctx_of(state);
    struct sign_in s;
    confirmed(c, "robin@example.org");
    dbtest_run(c, "UPDATE core.person SET disabled_at = now()");
    assert_err(c, sign_in(c, "robin@example.org", GOOD, &s), ERR_INVALID);
    assert_err(c, account_reset_ask(c, "robin@example.org", BASE), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.mail_outbox"), "1");
}

static void test_asking_for_a_reset_leaves_no_mail_for_an_unknown_address(void **state) {
    struct ctx *c = ctx_of(state);
    assert_err(c, account_reset_ask(c, "nobody@example.org", BASE), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.mail_outbox"), "0");
}

static void test_a_new_password_by_mail_ends_all_sessions_and_its_link(void **state) {
    struct ctx *c = ctx_of(state);
    struct sign_in s;
    confirmed(c, "robin@example.org");
    assert_err(c, sign_in(c, "robin@example.org", GOOD, &s), ERR_OK);
    assert_err(c, account_reset_ask(c, "robin@example.org", BASE), ERR_OK);
    const char *token = link_token(c, "robin@example.org", "/reset/");
    assert_err(c, account_reset(c, token, "short"), ERR_INVALID);
    assert_err(c, account_reset(c, token, "another marble under the lantern"), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.session"), "0");
    assert_err(c, account_reset(c, token, "yet another marble lantern here"), ERR_GONE);
    assert_err(c, sign_in(c, "robin@example.org", GOOD, &s), ERR_INVALID);
    assert_err(c, sign_in(c, "robin@example.org", "another marble under the lantern", &s), ERR_OK);
}

static void test_a_changed_password_needs_the_old_one_and_ends_other_sessions(void **state) {
    struct ctx *c = ctx_of(state);
    struct sign_in s;
    char token[SESSION_TOKEN_CHARS + 1];
    confirmed(c, "robin@example.org");
    assert_err(c, sign_in(c, "robin@example.org", GOOD, &s), ERR_OK);
    assert_err(c, account_change_password(c, "wrong", "another marble under the lantern", token),
               ERR_INVALID);
    assert_string_equal(c->err_field, "old");
    assert_err(c, account_change_password(c, GOOD, "another marble under the lantern", token), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.session"), "1");
    struct session found;
    assert_err(c, session_find(c, s.token, &found), ERR_OK);
    assert_null(found.hash);
    assert_err(c, session_find(c, token, &found), ERR_OK);
    assert_non_null(found.hash);
}

// ---- the second factor --------------------------------------------------------------------------------

static const char *code_now(struct ctx *c, int64_t now_usec) {
    unsigned char secret[TOTP_SECRET_BYTES];
    char copy[TOTP_SECRET_BYTES];
    const char *hex = dbtest_value(c, "SELECT encode(totp_secret, 'hex') FROM core.person");
    assert_true(hex_decode(hex, sizeof secret, secret));
    memcpy(copy, secret, sizeof copy);
    char *code = arena_alloc(c->arena, 7);
    assert_int_equal(oath_totp_generate(copy, sizeof copy, (time_t)(now_usec / USEC_PER_SEC), 30, 0, 6, code),
                     OATH_OK);
    return code;
}

static void with_factor(struct ctx *c, const char *codes[RECOVERY_CODES]) {
    struct sign_in s;
    confirmed(c, "robin@example.org");
    assert_err(c, sign_in(c, "robin@example.org", GOOD, &s), ERR_OK);
    assert_err(c, second_factor_begin(c), ERR_OK);
    assert_err(c, second_factor_confirm(c, "000000", codes), ERR_INVALID);
    assert_err(c, second_factor_confirm(c, code_now(c, c->now_usec), codes), ERR_OK);
}

static const char *half_session(struct ctx *c) {
    struct sign_in s;
    struct session found;
    assert_err(c, sign_in(c, "robin@example.org", GOOD, &s), ERR_OK);
    assert_true(s.code_due);
    assert_err(c, session_find(c, s.token, &found), ERR_OK);
    assert_true(found.second_factor_due);
    assert_false(ctx_may(c, PERM_SIGNED_IN));
    return found.hash;
}

static void test_a_code_signs_in_once_and_gives_a_fresh_session(void **state) {
    struct ctx *c = ctx_of(state);
    const char *codes[RECOVERY_CODES];
    char token[SESSION_TOKEN_CHARS + 1];
    with_factor(c, codes);
    const char *hash = half_session(c);
    assert_err(c, second_factor_code(c, hash, code_now(c, c->now_usec), token),
               ERR_INVALID); // used at set-up
    c->now_usec += 30 * USEC_PER_SEC;
    assert_err(c, second_factor_code(c, hash, code_now(c, c->now_usec), token), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.session WHERE token_hash = '%s'", hash),
                        "0");
    struct session found;
    assert_err(c, session_find(c, token, &found), ERR_OK);
    assert_true(ctx_may(c, PERM_SIGNED_IN));
}

static void test_each_recovery_code_works_once_in_any_spelling(void **state) {
    struct ctx *c = ctx_of(state);
    const char *codes[RECOVERY_CODES];
    char token[SESSION_TOKEN_CHARS + 1];
    with_factor(c, codes);
    char *upper = arena_strdup(c->arena, codes[3]);
    text_upper(upper);
    assert_err(c, second_factor_code(c, half_session(c), upper, token), ERR_OK);
    assert_err(c, second_factor_code(c, half_session(c), codes[3], token), ERR_INVALID);
    assert_err(c, second_factor_code(c, half_session(c), codes[4], token), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.recovery_code WHERE used_at IS NULL"),
                        "8");
}

static void test_wrong_codes_are_limited(void **state) {
    struct ctx *c = ctx_of(state);
    const char *codes[RECOVERY_CODES];
    char token[SESSION_TOKEN_CHARS + 1];
    with_factor(c, codes);
    const char *hash = half_session(c);
    for (int i = 0; i < 10; i++) {
        assert_err(c, second_factor_code(c, hash, "abcdef", token), ERR_INVALID);
    }
    assert_err(c, second_factor_code(c, hash, codes[0], token), ERR_LIMIT);
}

static void test_turning_it_off_needs_the_password_and_takes_the_codes_away(void **state) {
    struct ctx *c = ctx_of(state);
    const char *codes[RECOVERY_CODES];
    struct sign_in s;
    with_factor(c, codes);
    assert_err(c, second_factor_begin(c), ERR_CONFLICT);
    assert_err(c, second_factor_off(c, "wrong"), ERR_INVALID);
    assert_err(c, second_factor_off(c, GOOD), ERR_OK);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.recovery_code"), "0");
    assert_err(c, sign_in(c, "robin@example.org", GOOD, &s), ERR_OK);
    assert_false(s.code_due);
}

// ---- from the command line ----------------------------------------------------------------------------

static void test_a_person_added_by_hand_can_sign_in_with_the_role(void **state) {
    struct ctx *c = ctx_of(state);
    const char *password;
    struct sign_in s;
    struct session found;
    dbtest_run(
        c, "INSERT INTO core.organisation (ref, kind, name) VALUES ('anchorref', 'anchor', 'Alder Council')");
    assert_err(c, account_add(c, "Ola Quill", "ola@example.org", "officer", "nowhere", &password),
               ERR_INVALID);
    assert_err(c, account_add(c, "Ola Quill", "ola@example.org", "king", "anchorref", &password),
               ERR_INVALID);
    assert_err(c, account_add(c, "Ola Quill", "ola@example.org", "supplier", "anchorref", &password),
               ERR_INVALID);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.person"), "0");
    assert_err(c, account_add(c, "Ola Quill", "ola@example.org", "officer", "anchorref", &password), ERR_OK);
    assert_null(password_problem(password, "ola@example.org", "Ola Quill"));
    assert_err(c, account_add(c, "Ola Quill", "Ola@example.org", NULL, NULL, &password), ERR_CONFLICT);
    assert_err(c, sign_in(c, "ola@example.org", "wrong", &s), ERR_INVALID);
    assert_err(c, account_add(c, "Una Quill", "una@example.org", "admin", "anchorref", &password), ERR_OK);
    assert_err(c, sign_in(c, "una@example.org", password, &s), ERR_OK);
    assert_err(c, session_find(c, s.token, &found), ERR_OK);
    assert_true(ctx_may(c, PERM_ADMIN));
    assert_false(ctx_may(c, PERM_OFFICER));
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, dbtest_setup, dbtest_teardown)

int main(void) {
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        T(test_a_mailed_link_confirms_once_and_only_its_hash_is_kept),
        T(test_of_two_who_use_a_link_at_once_one_wins),
        T(test_a_link_runs_out_after_a_day),
        T(test_a_known_address_is_told_by_mail_and_nothing_changes),
        T(test_the_latest_sign_up_of_an_unconfirmed_address_counts),
        T(test_a_mailbox_is_not_filled_through_our_forms),
        T(test_an_easy_password_is_refused_beside_its_field),
        T(test_an_unknown_address_and_a_wrong_password_get_the_same_words),
        T(test_after_ten_wrong_passwords_even_the_right_one_waits),
        T(test_a_closed_account_cannot_sign_in_nor_get_a_link),
        T(test_asking_for_a_reset_leaves_no_mail_for_an_unknown_address),
        T(test_a_new_password_by_mail_ends_all_sessions_and_its_link),
        T(test_a_changed_password_needs_the_old_one_and_ends_other_sessions),
        T(test_a_code_signs_in_once_and_gives_a_fresh_session),
        T(test_each_recovery_code_works_once_in_any_spelling),
        T(test_wrong_codes_are_limited),
        T(test_turning_it_off_needs_the_password_and_takes_the_codes_away),
        T(test_a_person_added_by_hand_can_sign_in_with_the_role),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
