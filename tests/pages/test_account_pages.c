// SPDX-License-Identifier: Apache-2.0
// Promises of the account, business, supplier, officer and admin pages, over the real router, executors and
// database.
#include "support/dbtest.h"

#include "base/clock.h"
#include "base/conf.h"
#include "cli/assemble.h"
#include "domain/account.h"
#include "http/httptest.h"
#include "plugin/host.h"

#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOOD "quiet lantern over marble stairs"
#define FORM "application/x-www-form-urlencoded"

#define PATIENCE_USEC INT64_C(10000000)

struct site {
    struct dbtest *db;
    struct httptest http;
    struct plugin_host *plugins; // none in it
    char cookie[256];            // "Cookie: anchorage=...\r\n"
    char body[1024];
};

static int start(void **state) {
    char why[512] = "";
    struct site *s = calloc(1, sizeof *s);
    s->plugins = plugin_host_read("", "");
    if (dbtest_setup((void **)&s->db) != 0) {
        return -1;
    }
    // Cheap hashes: what is promised here does not depend on their cost.
    assert_null(conf_set("password.memory_kib", "8192"));
    assert_null(conf_set("password.passes", "1"));
    assert_null(conf_set("http.listen", "127.0.0.1:0"));
    snprintf(s->http.data_dir, sizeof s->http.data_dir, "%s/anchorage-pages-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(s->http.data_dir));
    assert_null(conf_set("data.dir", s->http.data_dir));
    dbtest_run(s->db->c,
               "INSERT INTO core.place (name, short_name, lad_codes, operator, contact_email) "
               "VALUES ('Alderwick', 'Alderwick', '{E08000010}', 'Alder Council', 'a@example.org')");
    dbtest_run(s->db->c,
               "INSERT INTO core.postcode (pc, lad_code, ward_code) VALUES ('WN1 1AA', 'E08000010', '')");
    s->http.arena = arena_new((size_t)8 << 20);
    template_set_strict(true);
    const struct frame *f = frame_new(s->http.arena, why, sizeof why);
    const struct app *app = f ? assemble(f, s->plugins, NULL, why, sizeof why) : NULL;
    if (!app) {
        fail_msg("assemble: %s", why);
    }
    if (server_start(app, s->db->conninfo, &s->http.server, why, sizeof why) != ERR_OK) {
        fail_msg("server_start: %s", why);
    }
    s->http.port = (int)strtol(strrchr(server_address(s->http.server), ':') + 1, NULL, 10);
    *state = s;
    return 0;
}

static int stop(void **state) {
    struct site *s = *state;
    char spool[96];
    server_stop(s->http.server, 10000);
    snprintf(spool, sizeof spool, "%s/spool", s->http.data_dir);
    rmdir(spool);
    assert_int_equal(rmdir(s->http.data_dir), 0);
    arena_free(s->http.arena);
    plugin_host_close(s->plugins);
    int rc = dbtest_teardown((void **)&s->db);
    free(s);
    return rc;
}

static struct answer post(struct site *s, const char *target, const char *body) {
    return http_post(&s->http, target, s->cookie, FORM, body, strlen(body));
}

static struct answer get(struct site *s, const char *target) {
    return http_get(&s->http, target, s->cookie);
}

// Sends, checks status and a text of the answer ("" any), gives nothing back.
static void check(struct answer a, int status, const char *text, const char *location) {
    if (a.status != status || !strstr(a.bytes, text) ||
        strcmp(answer_header(&a, "Location"), location) != 0) {
        fail_msg("wanted %d, \"%s\", to \"%s\"; got %d:\n%.6000s", status, text, location, a.status, a.bytes);
    }
    answer_free(&a);
}

// A public page that is kept ready-made: it follows a change within moments, not at once.
static void check_soon(struct site *s, const char *target, const char *text) {
    int64_t last = clock_monotonic_usec() + PATIENCE_USEC;
    for (;;) {
        struct answer a = get(s, target);
        bool there = a.status == 200 && strstr(a.bytes, text);
        if (there || clock_monotonic_usec() > last) {
            check(a, 200, text, "");
            return;
        }
        answer_free(&a);
        poll(NULL, 0, 5);
    }
}

static void keep_cookie(struct site *s, const struct answer *a) {
    const char *set = answer_header(a, "Set-Cookie");
    snprintf(s->cookie, sizeof s->cookie, "Cookie: %.*s\r\n", (int)strcspn(set, ";"), set);
}

static const char *sign_in_body(struct site *s, const char *email, const char *password, const char *next) {
    snprintf(s->body, sizeof s->body, "email=%s&password=%s&next=%s", email, password, next);
    for (char *p = s->body; *p; p++) {
        *p = *p == ' ' ? '+' : *p;
    }
    return s->body;
}

// A confirmed person, signed in over the page; role "" for none.
static void signed_in(struct site *s, const char *role) {
    const char *password;
    struct ctx *c = s->db->c;
    dbtest_run(
        c, "INSERT INTO core.organisation (ref, kind, name) VALUES ('anchorref', 'anchor', 'Alder Council')");
    assert_err(c,
               account_add(c, "Robin Ashdown", "robin@example.org", *role ? role : NULL,
                           *role ? "anchorref" : NULL, &password),
               ERR_OK);
    struct answer a = post(s, "/sign-in", sign_in_body(s, "robin@example.org", password, ""));
    assert_int_equal(a.status, 303);
    keep_cookie(s, &a);
    answer_free(&a);
}

static void add_supplier(struct site *s, const char *ref, const char *name, bool public_one) {
    dbtest_run(s->db->c, "INSERT INTO core.organisation (ref, kind, name) VALUES ('%s', 'supplier', '%s')",
               ref, name);
    dbtest_run(s->db->c,
               "INSERT INTO core.supplier (id, match_name, postcode, public) "
               "SELECT id, name, 'WN1 1AA', %s FROM core.organisation WHERE ref = '%s'",
               public_one ? "true" : "false", ref);
}

static const char *token_of(struct site *s) {
    return dbtest_value(s->db->c, "SELECT csrf_token FROM core.session");
}

static const char *with_token(struct site *s, const char *body) {
    snprintf(s->body, sizeof s->body, "csrf=%s&%s", token_of(s), body);
    return s->body;
}

static void test_a_known_and_an_unknown_address_get_the_same_answer(void **state) {
    struct site *s = *state;
    static const char body[] =
        "name=Robin+Ashdown&email=robin%40example.org&password=quiet+lantern+over+marble+stairs";
    check(post(s, "/sign-up", body), 303, "", "/sign-up/done");
    dbtest_run(s->db->c, "UPDATE core.person SET confirmed_at = now()");
    check(post(s, "/sign-up", body), 303, "", "/sign-up/done");
    check(get(s, "/sign-up/done"), 200, "Check your email", "");
    assert_string_equal(
        dbtest_value(s->db->c, "SELECT string_agg(subject, '|' ORDER BY id) FROM core.mail_outbox"),
        "Confirm your email address|You already have an account");
}

static void test_an_error_keeps_what_was_typed_but_never_the_password(void **state) {
    struct site *s = *state;
    struct answer a =
        post(s, "/sign-up", "name=Robin+%3CAshdown%3E&email=nonsense&password=abcdefghijklmnopqrstuv");
    assert_int_equal(a.status, 422);
    assert_non_null(strstr(a.bytes, "Enter an email address in the form"));
    assert_non_null(strstr(a.bytes, "Robin &lt;Ashdown&gt;"));
    assert_non_null(strstr(a.bytes, "value=\"nonsense\""));
    assert_null(strstr(a.bytes, "abcdefghijklmnopqrstuv"));
    answer_free(&a);
}

static void test_a_mailed_link_is_confirmed_by_a_button_not_by_opening_it(void **state) {
    struct site *s = *state;
    check(
        post(s, "/sign-up", "name=Robin&email=robin%40example.org&password=quiet+lantern+over+marble+stairs"),
        303, "", "/sign-up/done");
    const char *letter = dbtest_value(s->db->c, "SELECT body_text FROM core.mail_outbox");
    const char *at = strstr(letter, "/confirm/");
    assert_non_null(at);
    char path[128];
    snprintf(path, sizeof path, "%.*s", 9 + 64, at);
    check(get(s, path), 200, "Confirm this address", "");
    assert_string_equal(dbtest_value(s->db->c, "SELECT (confirmed_at IS NULL)::text FROM core.person"),
                        "true");
    check(post(s, path, ""), 303, "", "/sign-in?confirmed=1");
    assert_string_equal(dbtest_value(s->db->c, "SELECT (confirmed_at IS NULL)::text FROM core.person"),
                        "false");
    check(post(s, path, ""), 410, "does not work any more", "");
    check(get(s, "/confirm/nonsense"), 410, "does not work any more", "");
    check(get(s, "/reset/nonsense"), 410, "does not work any more", "");
}

static void test_signing_in_sets_a_guarded_cookie_and_goes_only_to_our_own_pages(void **state) {
    struct site *s = *state;
    const char *password;
    assert_err(s->db->c, account_add(s->db->c, "Robin", "robin@example.org", NULL, NULL, &password), ERR_OK);
    struct answer a =
        post(s, "/sign-in", sign_in_body(s, "robin@example.org", password, "/account/name?x=1"));
    const char *cookie = answer_header(&a, "Set-Cookie");
    assert_non_null(strstr(cookie, "HttpOnly"));
    assert_non_null(strstr(cookie, "SameSite=Lax"));
    check(a, 303, "", "/account/name?x=1");
    static const char *const bad[] = {"//evil.example/", "https://evil.example/", "/%5Cevil.example",
                                      "javascript:x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check(post(s, "/sign-in", sign_in_body(s, "robin@example.org", password, bad[i])), 303, "",
              "/account");
    }
}

static void test_too_many_wrong_passwords_are_told_with_429(void **state) {
    struct site *s = *state;
    for (int i = 0; i < 10; i++) {
        check(post(s, "/sign-in", "email=robin%40example.org&password=wrong"), 422, "is not right", "");
    }
    check(post(s, "/sign-in", "email=robin%40example.org&password=wrong"), 429, "too many tries", "");
}

static void test_half_signed_in_opens_nothing_but_the_second_step(void **state) {
    struct site *s = *state;
    const char *password;
    assert_err(s->db->c, account_add(s->db->c, "Robin", "robin@example.org", NULL, NULL, &password), ERR_OK);
    dbtest_run(s->db->c,
               "UPDATE core.person SET totp_on = true, totp_secret = decode(repeat('ab', 20), 'hex')");
    struct answer a = post(s, "/sign-in", sign_in_body(s, "robin@example.org", password, "/account/name"));
    keep_cookie(s, &a);
    check(a, 303, "", "/sign-in/code?next=%2Faccount%2Fname");
    check(get(s, "/account"), 303, "", "/sign-in/code?next=/account");
    check(get(s, "/sign-in/code"), 200, "Enter your code", "");
    check(post(s, "/sign-in/code", with_token(s, "code=12")), 422, "This code does not fit", "");
    check(post(s, "/account/name", with_token(s, "name=Eve")), 401, "", "");
}

static void test_a_business_is_registered_located_and_shown(void **state) {
    struct site *s = *state;
    signed_in(s, "");
    static const char entry[] =
        "name=Ashdown+Walls&summary=Garden+walls&sector=construction&size=micro&town=Wigan&"
        "postcode=wn11aa&is_public=yes";
    check(get(s, "/account"), 200, "Describe your business", "");
    check(get(s, "/account/business/tag"), 403, "", "");
    check(post(s, "/account/business", entry), 403, "", ""); // without the session's token
    check(post(s, "/account/business", with_token(s, "name=Ashdown+Walls&postcode=WN1")), 422,
          "full UK postcode", "");
    check(post(s, "/account/business", with_token(s, entry)), 303, "", "/account");
    check(get(s, "/account"), 200, "so you count as local", "");
    check(get(s, "/account/business"), 200, "value=\"WN1 1AA\"", "");
    check(get(s, "/account/business/tag"), 200, "Not checked yet", "");
    const char *ref = dbtest_value(s->db->c, "SELECT ref FROM core.organisation WHERE kind = 'supplier'");
    char path[64];
    snprintf(path, sizeof path, "/suppliers/%s", ref);
    s->cookie[0] = 0;
    check_soon(s, path, "Ashdown Walls");
    check_soon(s, "/suppliers?q=walls&local=yes", "1 supplier");
    check(get(s, "/suppliers?q=%25&local=yes"), 200, "No supplier fits",
          ""); // a per cent sign is a per cent sign
    check_soon(s, "/suppliers.csv", "Ashdown Walls");
    check_soon(s, "/suppliers.json?sector=construction", "\"Ashdown Walls\"");
}

static void test_who_does_not_want_to_be_seen_is_not_found(void **state) {
    struct site *s = *state;
    add_supplier(s, "quietref", "Quiet Ltd", false);
    check(get(s, "/suppliers/quietref"), 404, "", "");
    check(get(s, "/suppliers/nowhere"), 404, "", "");
    check(get(s, "/suppliers?q=quiet"), 200, "No supplier fits", "");
}

static void test_officers_and_admins_have_their_own_pages(void **state) {
    struct site *s = *state;
    check(get(s, "/officer"), 303, "", "/sign-in?next=/officer");
    signed_in(s, "officer");
    check(get(s, "/account"), 200, "Protect your account", "");
    check(get(s, "/officer"), 200, "Reporting", "");
    check(get(s, "/officer/tags"), 200, "Nothing waits for a decision", "");
    check(get(s, "/officer/tags/nowhere/vcfse"), 404, "", "");
    check(get(s, "/admin"), 403, "", "");
    dbtest_run(s->db->c, "UPDATE core.membership SET role = 'admin'");
    check(get(s, "/admin"), 200, "Administration", "");
    check(get(s, "/admin/mail"), 200, "No message is in trouble", "");
    check(get(s, "/admin/people?q=robin"), 200, "robin@example.org", "");
    check(get(s, "/officer"), 403, "", "");
}

static void test_an_officer_decides_with_a_reason(void **state) {
    struct site *s = *state;
    add_supplier(s, "doubtref", "Doubt Ltd", true);
    dbtest_run(
        s->db->c,
        "INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, score, reasons, decided_at) "
        "SELECT id, 'vcfse', 'vcfse', 'review', 50, 'The name says so', now() FROM core.supplier");
    signed_in(s, "officer");
    check(get(s, "/officer/tags"), 200, "Doubt Ltd", "");
    check(get(s, "/officer/tags/doubtref/vcfse"), 200, "The name says so", "");
    check(post(s, "/officer/tags/doubtref/vcfse", with_token(s, "decision=yes&reason=")), 422, "Say why", "");
    check(post(s, "/officer/tags/doubtref/vcfse", with_token(s, "decision=yes&reason=Seen+their+rules")), 303,
          "", "/officer/tags");
    check(get(s, "/suppliers/doubtref"), 200, "Seen their rules", "");
}

static void test_signing_out_ends_the_session(void **state) {
    struct site *s = *state;
    signed_in(s, "");
    check(post(s, "/sign-out", "csrf=wrong"), 403, "", "");
    check(post(s, "/sign-out", with_token(s, "")), 303, "", "/");
    check(get(s, "/account"), 303, "", "/sign-in?next=/account");
    assert_string_equal(dbtest_value(s->db->c, "SELECT count(*) FROM core.session"), "0");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, start, stop)

int main(void) {
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        T(test_a_known_and_an_unknown_address_get_the_same_answer),
        T(test_an_error_keeps_what_was_typed_but_never_the_password),
        T(test_a_mailed_link_is_confirmed_by_a_button_not_by_opening_it),
        T(test_signing_in_sets_a_guarded_cookie_and_goes_only_to_our_own_pages),
        T(test_too_many_wrong_passwords_are_told_with_429),
        T(test_half_signed_in_opens_nothing_but_the_second_step),
        T(test_a_business_is_registered_located_and_shown),
        T(test_who_does_not_want_to_be_seen_is_not_found),
        T(test_officers_and_admins_have_their_own_pages),
        T(test_an_officer_decides_with_a_reason),
        T(test_signing_out_ends_the_session),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
