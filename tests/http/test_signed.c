// SPDX-License-Identifier: Apache-2.0
// Who may do what over HTTP: sessions, permissions denied by default, forgeries refused, half-signed people.
#include "http/httptest.h"

#include "auth/password.h"
#include "support/dbtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORM "application/x-www-form-urlencoded"

static struct httptest server;

struct signed_in {
    char cookie[128]; // header line
    char csrf[80];
};

static void make_person(struct dbtest *t, int id, const char *more_columns, const char *more_values) {
    dbtest_run(t->c,
               "INSERT INTO person (id, email, name, password_hash, confirmed_at%s) OVERRIDING SYSTEM VALUE "
               "VALUES (%d, 'p%d@market.example', 'Person %d', '', now()%s)",
               more_columns, id, id, id, more_values);
}

static struct signed_in sign_in(int person, bool half) {
    char target[64];
    snprintf(target, sizeof target, "/start?person=%d&half=%d", person, half);
    struct answer a = http_post(&server, target, "", FORM, "", 0);
    assert_int_equal(a.status, 303);
    const char *cookie = answer_header(&a, "Set-Cookie");
    assert_non_null(strstr(cookie, "; Path=/; HttpOnly; SameSite=Lax"));
    struct signed_in s = {0};
    snprintf(s.cookie, sizeof s.cookie, "Cookie: %.*s\r\n", (int)strcspn(cookie, ";"), cookie);
    assert_int_equal(strlen(s.cookie), strlen("Cookie: anchorage=\r\n") + 64);
    answer_free(&a);
    a = http_get(&server, "/half", s.cookie);
    const char *csrf = strstr(a.body, "csrf=");
    if (a.status == 200 && csrf) {
        snprintf(s.csrf, sizeof s.csrf, "%s", csrf + 5);
    }
    answer_free(&a);
    return s;
}

static int status_of(const char *target, const char *headers) {
    struct answer a = http_get(&server, target, headers);
    int status = a.status;
    answer_free(&a);
    return status;
}

static int post_status(const char *target, const char *headers, const char *body) {
    struct answer a = http_post(&server, target, headers, FORM, body, strlen(body));
    int status = a.status;
    answer_free(&a);
    return status;
}

static void test_a_stranger_is_sent_to_sign_in_and_back(void **state) {
    (void)state;
    struct answer a = http_get(&server, "/private?x=1", "");
    assert_int_equal(a.status, 303);
    assert_string_equal(answer_header(&a, "Location"), "/sign-in?next=/private%3Fx%3D1");
    assert_string_equal(answer_header(&a, "Cache-Control"), "no-store");
    answer_free(&a);
    assert_int_equal(status_of("/admin", ""), 303);
    assert_int_equal(status_of("/half", ""), 303);
    assert_int_equal(status_of("/private", "Cookie: anchorage=0000\r\n"), 303);
    assert_int_equal(
        status_of("/private",
                  "Cookie: anchorage=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n"),
        303);
}

static void test_a_form_sent_without_a_session_is_explained_with_the_way_back(void **state) {
    (void)state;
    struct answer a =
        http_post(&server, "/private", "Referer: http://market.example/private?step=2\r\n", FORM, "a=1", 3);
    assert_int_equal(a.status, 401);
    assert_non_null(strstr(a.body, "href=\"/sign-in?next=/private%3Fstep%3D2\""));
    answer_free(&a);
    a = http_post(&server, "/private", "", FORM, "a=1", 3);
    assert_int_equal(a.status, 401);
    assert_non_null(strstr(a.body, "href=\"/sign-in?next=/private\""));
    answer_free(&a);
}

static void test_a_session_begins_is_used_and_ends(void **state) {
    make_person(*state, 7, "", "");
    struct signed_in s = sign_in(7, false);
    struct answer a = http_get(&server, "/private", s.cookie);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, "person=7 half=0"));
    assert_string_equal(answer_header(&a, "Cache-Control"), "no-store");
    answer_free(&a);
    char body[128];
    snprintf(body, sizeof body, "csrf=%s", s.csrf);
    a = http_post(&server, "/finish", s.cookie, FORM, body, strlen(body));
    assert_int_equal(a.status, 303);
    assert_non_null(strstr(answer_header(&a, "Set-Cookie"), "Max-Age=0"));
    answer_free(&a);
    assert_int_equal(status_of("/private", s.cookie), 303);
}

static void test_the_database_never_holds_the_token_itself(void **state) {
    struct dbtest *t = *state;
    make_person(t, 7, "", "");
    struct signed_in s = sign_in(7, false);
    s.cookie[strlen("Cookie: anchorage=") + 64] = 0;
    const char *n = dbtest_value(t->c, "SELECT count(*) FROM session s WHERE s::text LIKE '%%%s%%'",
                                 s.cookie + strlen("Cookie: anchorage="));
    assert_string_equal(n, "0");
}

static void test_a_session_ends_when_idle_when_old_and_when_the_person_is_barred(void **state) {
    struct dbtest *t = *state;
    make_person(t, 7, "", "");
    struct signed_in s = sign_in(7, false);
    dbtest_run(t->c, "UPDATE session SET seen_at = now() - interval '29 minutes'");
    assert_int_equal(status_of("/private", s.cookie), 200); // and counts as seen now
    assert_string_equal(dbtest_value(t->c, "SELECT seen_at > now() - interval '1 minute' FROM session"), "t");
    dbtest_run(t->c, "UPDATE session SET seen_at = now() - interval '31 minutes'");
    assert_int_equal(status_of("/private", s.cookie), 303);
    s = sign_in(7, false);
    dbtest_run(t->c, "UPDATE session SET ends_at = now() - interval '1 second'");
    assert_int_equal(status_of("/private", s.cookie), 303);
    s = sign_in(7, false);
    assert_int_equal(status_of("/private", s.cookie), 200);
    dbtest_run(t->c, "UPDATE person SET disabled_at = now()");
    assert_int_equal(status_of("/private", s.cookie), 303);
}

static void test_a_person_keeps_the_five_newest_sessions(void **state) {
    struct dbtest *t = *state;
    make_person(t, 7, "", "");
    struct signed_in first = sign_in(7, false), last = first;
    for (int i = 0; i < 5; i++) {
        last = sign_in(7, false);
    }
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM session"), "5");
    assert_int_equal(status_of("/private", first.cookie), 303);
    assert_int_equal(status_of("/private", last.cookie), 200);
}

static void test_powers_come_from_memberships_and_nothing_else(void **state) {
    struct dbtest *t = *state;
    make_person(t, 7, "", "");
    struct signed_in s = sign_in(7, false);
    assert_int_equal(status_of("/admin", s.cookie), 403);
    dbtest_run(t->c, "INSERT INTO organisation (id, ref, kind, name) OVERRIDING SYSTEM VALUE VALUES (1, "
                     "'o1', 'anchor', 'Council')");
    dbtest_run(t->c, "INSERT INTO membership (person_id, org_id, role) VALUES (7, 1, 'buyer')");
    assert_int_equal(status_of("/admin", s.cookie), 403);
    dbtest_run(t->c, "INSERT INTO membership (person_id, org_id, role) VALUES (7, 1, 'admin')");
    assert_int_equal(status_of("/admin", s.cookie), 200);
    struct answer a = http_get(&server, "/welcome", s.cookie);
    assert_non_null(strstr(a.body, "Secret")); // the entry of the navigation
    assert_non_null(strstr(a.body, "Person 7"));
    answer_free(&a);
    a = http_get(&server, "/welcome", "");
    assert_null(strstr(a.body, "Secret"));
    answer_free(&a);
}

static void test_an_address_not_confirmed_yet_opens_nothing(void **state) {
    struct dbtest *t = *state;
    make_person(t, 7, "", "");
    struct signed_in s = sign_in(7, false);
    dbtest_run(t->c, "UPDATE person SET confirmed_at = NULL");
    assert_int_equal(status_of("/private", s.cookie), 403);
}

static void test_between_password_and_code_only_the_code_can_be_given(void **state) {
    make_person(*state, 7, "", "");
    struct signed_in s = sign_in(7, true);
    assert_int_equal(status_of("/half", s.cookie), 200);
    struct answer a = http_get(&server, "/private", s.cookie);
    assert_int_equal(a.status, 303);
    assert_string_equal(answer_header(&a, "Location"), "/half?next=/private");
    answer_free(&a);
    assert_int_equal(status_of("/admin", s.cookie), 303);
    char body[128];
    snprintf(body, sizeof body, "csrf=%s", s.csrf);
    assert_int_equal(post_status("/private", s.cookie, body), 401);
}

static void test_forged_forms_are_refused_and_honest_ones_pass(void **state) {
    struct dbtest *t = *state;
    make_person(t, 7, "", "");
    make_person(t, 8, "", "");
    struct signed_in victim = sign_in(7, false), other = sign_in(8, false);
    char right[128], foreign[128], cut[128], headers[512];
    snprintf(right, sizeof right, "csrf=%s", victim.csrf);
    snprintf(foreign, sizeof foreign, "csrf=%s", other.csrf);
    snprintf(cut, sizeof cut, "csrf=%.63s", victim.csrf);
    assert_int_equal(post_status("/private", victim.cookie, right), 200);
    assert_int_equal(post_status("/private", victim.cookie, ""), 403);
    assert_int_equal(post_status("/private", victim.cookie, "csrf="), 403);
    assert_int_equal(post_status("/private", victim.cookie, foreign), 403);
    assert_int_equal(post_status("/private", victim.cookie, cut), 403);
    static const char *const lines[] = {"Origin: http://evil.example\r\n", "Origin: null\r\n",
                                        "Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n",
                                        "Referer: http://evil.example/\r\n"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        snprintf(headers, sizeof headers, "%s%s", victim.cookie, lines[i]);
        if (post_status("/private", headers, right) != 403) {
            fail_msg("taken although %s", lines[i]);
        }
    }
    snprintf(headers, sizeof headers, "%sX-CSRF-Token: %s\r\n", victim.cookie, victim.csrf);
    assert_int_equal(post_status("/private", headers, ""), 200);
}

static void test_a_large_file_is_not_taken_from_a_stranger(void **state) {
    make_person(*state, 7, "", "");
    int fd = client_open(&server);
    client_sendf(fd, "POST /private/file HTTP/1.1\r\nHost: market.example\r\nContent-Type: "
                     "multipart/form-data; boundary=XX\r\n"
                     "Content-Length: 60000000\r\n\r\n"); // and not one byte of it
    struct answer a = client_read(fd, false, true);
    assert_int_equal(a.status, 401);
    assert_true(a.closed);
    answer_free(&a);
    client_close(fd);
    struct signed_in s = sign_in(7, false);
    char body[512];
    snprintf(
        body, sizeof body,
        "--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n%s\r\n"
        "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\r\n\r\nhello\r\n--XX--\r\n",
        s.csrf);
    a = http_post(&server, "/private/file", s.cookie, "multipart/form-data; boundary=XX", body, strlen(body));
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.body, "file f a.csv application/octet-stream 5 on disk 5"));
    answer_free(&a);
}

static void test_a_message_is_shown_once_on_the_next_page(void **state) {
    make_person(*state, 7, "", "");
    struct signed_in s = sign_in(7, false);
    char body[128];
    snprintf(body, sizeof body, "csrf=%s", s.csrf);
    assert_int_equal(post_status("/private/flash", s.cookie, body), 303);
    struct answer a = http_get(&server, "/welcome", s.cookie);
    assert_non_null(strstr(a.body, "Saved &amp; done"));
    answer_free(&a);
    a = http_get(&server, "/welcome", s.cookie);
    assert_null(strstr(a.body, "Saved &amp; done"));
    answer_free(&a);
}

static void test_a_ready_made_page_is_never_mixed_up_with_a_persons_own(void **state) {
    struct dbtest *t = *state;
    make_person(t, 7, "", "");
    struct signed_in s = sign_in(7, false);
    struct answer a = http_get(&server, "/place", s.cookie);
    assert_non_null(strstr(a.body, "Person 7"));
    assert_string_equal(answer_header(&a, "Cache-Control"), "no-store");
    answer_free(&a);
    a = http_get(&server, "/place", "");
    assert_null(strstr(a.body, "Person 7"));
    assert_string_equal(answer_header(&a, "Cache-Control"), "no-cache");
    answer_free(&a);
}

static int wait_for(struct ctx *c, const char *account) {
    int wait = -1;
    assert_err(c, guess_allowed(c, account, &wait), ERR_OK);
    return wait;
}

static void test_ten_wrong_passwords_make_an_account_wait_and_then_it_is_open_again(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const int64_t begin = c->now_usec;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(wait_for(c, "mary@market.example"), 0);
        assert_err(c, guess_failed(c, "Mary@market.example"), ERR_OK);
    }
    assert_int_equal(wait_for(c, "MARY@market.example"), 15 * 60);
    assert_int_equal(wait_for(c, "john@market.example"), 0); // nobody else waits
    c->now_usec = begin + INT64_C(899) * 1000000;
    assert_int_equal(wait_for(c, "mary@market.example"), 1);
    c->now_usec = begin + INT64_C(900) * 1000000;
    assert_int_equal(wait_for(c, "mary@market.example"), 0);
}

static void test_a_hundred_wrong_passwords_are_all_a_day_allows(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    const int64_t begin = c->now_usec;
    for (int i = 0; i < 100; i++) {
        assert_err(c, guess_failed(c, "mary@market.example"), ERR_OK);
        c->now_usec += INT64_C(120) * 1000000;
    }
    assert_int_equal(wait_for(c, "mary@market.example"), 86400 - 12000);
    c->now_usec = begin + INT64_C(86400) * 1000000;
    assert_int_equal(wait_for(c, "mary@market.example"), 0);
}

static int start(void **state) {
    return dbtest_setup(state) || httptest_begin(&server, ((struct dbtest *)*state)->conninfo,
                                                 (const char *const[]){HTTPTEST_FEW_WORKERS, NULL});
}

static int stop(void **state) {
    return httptest_end(&server) || dbtest_teardown(state);
}

#define WITH_SERVER(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_SERVER(test_a_stranger_is_sent_to_sign_in_and_back),
        WITH_SERVER(test_a_form_sent_without_a_session_is_explained_with_the_way_back),
        WITH_SERVER(test_a_session_begins_is_used_and_ends),
        WITH_SERVER(test_the_database_never_holds_the_token_itself),
        WITH_SERVER(test_a_session_ends_when_idle_when_old_and_when_the_person_is_barred),
        WITH_SERVER(test_a_person_keeps_the_five_newest_sessions),
        WITH_SERVER(test_powers_come_from_memberships_and_nothing_else),
        WITH_SERVER(test_an_address_not_confirmed_yet_opens_nothing),
        WITH_SERVER(test_between_password_and_code_only_the_code_can_be_given),
        WITH_SERVER(test_forged_forms_are_refused_and_honest_ones_pass),
        WITH_SERVER(test_a_large_file_is_not_taken_from_a_stranger),
        WITH_SERVER(test_a_message_is_shown_once_on_the_next_page),
        cmocka_unit_test_setup_teardown(
            test_ten_wrong_passwords_make_an_account_wait_and_then_it_is_open_again, dbtest_setup,
            dbtest_teardown),
        cmocka_unit_test_setup_teardown(test_a_hundred_wrong_passwords_are_all_a_day_allows, dbtest_setup,
                                        dbtest_teardown),
        WITH_SERVER(test_a_ready_made_page_is_never_mixed_up_with_a_persons_own),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
