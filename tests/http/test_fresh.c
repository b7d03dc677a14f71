// SPDX-License-Identifier: Apache-2.0
// Ready-made pages follow their data, are never made from older data than is known, and outlive an absent
// database.
#include "http/httptest.h"

#include "base/clock.h"
#include "http/snapshot.h"
#include "support/dbtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static struct httptest server;

static void make_place(struct dbtest *t, const char *name) {
    dbtest_run(t->c,
               "INSERT INTO place (name, short_name, lad_codes, operator, contact_email) "
               "VALUES ('%s', '%s', '{E08000010}', 'The council', 'help@market.example') "
               "ON CONFLICT (id) DO UPDATE SET name = excluded.name",
               name, name);
}

// Asks until the body holds the text or ten seconds are over.
static void wait_for_body(const char *target, const char *text) {
    int64_t end = clock_monotonic_usec() + 10000000;
    for (;;) {
        struct answer a = http_get(&server, target, "");
        bool found = a.body && strstr(a.body, text);
        if (!found && clock_monotonic_usec() > end) {
            fail_msg("%s never shows \"%s\": %d %.3000s", target, text, a.status, a.bytes);
        }
        answer_free(&a);
        if (found) {
            return;
        }
    }
}

static void wait_for_status(const char *target, int status) {
    int64_t end = clock_monotonic_usec() + 10000000;
    for (;;) {
        struct answer a = http_get(&server, target, "");
        int got = a.status;
        answer_free(&a);
        if (got == status) {
            return;
        }
        if (clock_monotonic_usec() > end) {
            fail_msg("%s answers %d, never %d", target, got, status);
        }
    }
}

static void test_a_page_is_made_once_and_made_anew_when_its_data_changed(void **state) {
    make_place(*state, "Ashford Mill");
    wait_for_body("/place", "Ashford Mill");
    struct answer a = http_get(&server, "/place", "");
    assert_string_equal(answer_header(&a, "Cache-Control"), "no-cache");
    char line[128];
    snprintf(line, sizeof line, "If-None-Match: %s\r\n", answer_header(&a, "ETag"));
    answer_free(&a);
    a = http_get(&server, "/place", line);
    assert_int_equal(a.status, 304);
    assert_int_equal(a.n, (size_t)(strstr(a.bytes, "\r\n\r\n") - a.bytes) + 4);
    answer_free(&a);
    make_place(*state, "Birch Vale");
    wait_for_body("/place", "<h1>Birch Vale</h1>");
    a = http_get(&server, "/place", line);
    assert_int_equal(a.status, 200);
    answer_free(&a);
}

static void test_the_name_of_the_place_in_the_frame_follows_too(void **state) {
    make_place(*state, "Cedar Bank");
    wait_for_body("/welcome", "Cedar Bank");
    make_place(*state, "Dunlin Moss");
    wait_for_body("/place", "anc-header__place\">Dunlin Moss<");
}

#define GZIP "Accept-Encoding: gzip\r\n"

static void assert_unpacks_to(const struct answer *packed, const struct answer *plain) {
    assert_string_equal(answer_header(packed, "Content-Encoding"), "gzip");
    assert_non_null(strstr(answer_header(packed, "Vary"), "Accept-Encoding"));
    assert_string_equal(answer_header(plain, "Content-Encoding"), "");
    char *out = calloc(1, plain->body_n + 1);
    z_stream z = {.next_in = (Bytef *)packed->body,
                  .avail_in = (uInt)packed->body_n,
                  .next_out = (Bytef *)out,
                  .avail_out = (uInt)plain->body_n};
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.total_out, plain->body_n);
    assert_memory_equal(out, plain->body, plain->body_n);
    inflateEnd(&z);
    free(out);
}

static void test_the_packed_page_unpacks_to_the_plain_one(void **state) {
    make_place(*state, "Elm Row");
    wait_for_body("/place", "Elm Row");
    struct answer plain = http_get(&server, "/place", ""), packed = http_get(&server, "/place", GZIP);
    assert_unpacks_to(&packed, &plain);
    answer_free(&plain);
    answer_free(&packed);
}

static void test_a_long_public_page_made_for_one_question_is_packed_too(void **state) {
    (void)state;
    struct answer plain = http_get(&server, "/filtered?ward=Elm", ""),
                  packed = http_get(&server, "/filtered?ward=Elm", GZIP),
                  refused = http_get(&server, "/filtered?ward=Elm", "Accept-Encoding: gzip;q=0\r\n");
    assert_unpacks_to(&packed, &plain);
    assert_true(packed.body_n < plain.body_n / 3);
    assert_string_equal(answer_header(&refused, "Content-Encoding"), "");
    answer_free(&plain);
    answer_free(&packed);
    answer_free(&refused);
}

// Its length would give the token of the session away, a letter at a time.
static void test_what_is_made_for_a_session_is_never_packed(void **state) {
    (void)state;
    static const char cookie[] = GZIP "Cookie: anchorage=" //
                                      "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\r\n";
    struct answer theirs = http_get(&server, "/filtered?ward=Elm", cookie),
                  alone = http_get(&server, "/filtered-alone?ward=Elm", GZIP);
    assert_int_equal(theirs.status, 200);
    assert_string_equal(answer_header(&theirs, "Content-Encoding"), "");
    assert_int_equal(alone.status, 200);
    assert_string_equal(answer_header(&alone, "Content-Encoding"), "");
    answer_free(&theirs);
    answer_free(&alone);
}

static void test_head_of_a_ready_made_page_has_no_body(void **state) {
    make_place(*state, "Fern Lea");
    wait_for_body("/place", "Fern Lea");
    int fd = client_open(&server);
    client_sendf(fd, "HEAD /place HTTP/1.1\r\nHost: market.example\r\nConnection: close\r\n\r\n");
    struct answer a = client_read(fd, true, true);
    client_close(fd);
    assert_int_equal(a.status, 200);
    assert_int_equal(a.body_n, 0);
    assert_string_equal(answer_header(&a, "Connection"), "close");
    answer_free(&a);
}

static void test_a_page_past_its_own_time_is_made_anew(void **state) {
    (void)state;
    struct answer a = http_get(&server, "/until", ""), b = http_get(&server, "/until", "");
    assert_int_equal(a.status, 200);
    assert_true(strcmp(a.body, b.body) != 0);
    answer_free(&a);
    answer_free(&b);
}

// ---- the database goes and comes back ----

static void database_goes(struct dbtest *t) {
    dbtest_run(t->c, "UPDATE pg_database SET datallowconn = false WHERE datname = current_database()");
    dbtest_run(t->c, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                     "WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

static void database_comes_back(struct dbtest *t) {
    dbtest_run(t->c, "UPDATE pg_database SET datallowconn = true WHERE datname = current_database()");
}

static void test_without_the_database_public_pages_stay_others_say_503_and_all_recovers(void **state) {
    make_place(*state, "Gorse Hill");
    wait_for_body("/place", "Gorse Hill");
    wait_for_status("/readyz", 200);
    database_goes(*state);
    wait_for_status("/ask", 503);
    struct answer a = http_get(&server, "/ask", "");
    assert_int_equal(a.status, 503);
    assert_true(*answer_header(&a, "Retry-After") != 0);
    assert_non_null(strstr(a.body, "This service is not available just now"));
    answer_free(&a);
    a = http_post(&server, "/start?person=1", "", "application/x-www-form-urlencoded", "", 0);
    assert_int_equal(a.status, 503);
    answer_free(&a);
    for (int i = 0; i < 20; i++) {
        a = http_get(&server, "/place", "");
        assert_int_equal(a.status, 200);
        assert_non_null(strstr(a.body, "Gorse Hill"));
        assert_string_equal(answer_header(&a, "Warning"), "");
        answer_free(&a);
    }
    a = http_get(&server, "/healthz", "");
    assert_int_equal(a.status, 200);
    answer_free(&a);
    wait_for_status("/readyz", 503);
    database_comes_back(*state);
    make_place(*state, "Heron Quay"); // nobody may be listening yet
    wait_for_status("/ask", 200);
    wait_for_status("/readyz", 200);
    wait_for_body("/place", "<h1>Heron Quay</h1>");
}

static void test_a_restart_of_postgresql_between_two_pages_is_not_noticed_by_a_reader(void **state) {
    struct dbtest *t = *state;
    make_place(t, "Ivy Bank");
    wait_for_status("/ask", 200);
    dbtest_run(t->c, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                     "WHERE datname = current_database() AND pid <> pg_backend_pid()");
    struct answer a = http_get(&server, "/ask", "");
    assert_int_equal(a.status, 200);
    answer_free(&a);
}

static void test_a_swapped_program_serves_its_own_pages_at_once(void **state) {
    make_place(*state, "Juniper End");
    wait_for_body("/place", "Juniper End");
    struct app other = server.app;
    static const struct nav_item nav[] = {{"Brand new entry", "/new", NEED(PERM_PUBLIC)}};
    other.nav = nav;
    other.nav_count = 1;
    server_swap_app(server.server, &other);
    struct answer a = http_get(&server, "/place", "");
    assert_non_null(strstr(a.body, "Brand new entry"));
    answer_free(&a);
    server_swap_app(server.server, &server.app);
    a = http_get(&server, "/place", "");
    assert_null(strstr(a.body, "Brand new entry"));
    answer_free(&a);
}

// ---- the table itself ----

static struct resp page_of(const char *body) {
    struct resp r;
    resp_init(&r);
    resp_set(&r, 200, "text/html", body, strlen(body));
    return r;
}

static void keep(struct snapshot *s, const char *key, const struct snapshot_ticket *t, const char *body) {
    struct resp r = page_of(body);
    snapshot_store(s, key, t, &r);
    resp_free(&r);
}

static enum snapshot_state look(struct snapshot *s, const char *key, bool even_old, const char *wanted) {
    struct snapshot_ask ask = {.key = key, .even_old = even_old, .now_usec = clock_now_usec()};
    struct ready *r = NULL;
    enum snapshot_state st = snapshot_find(s, &ask, &r);
    if (st == SNAPSHOT_SERVE) {
        size_t n;
        const char *bytes = ready_bytes(r, false, &n);
        assert_true(n > strlen(wanted));
        assert_memory_equal(bytes + n - strlen(wanted), wanted, strlen(wanted));
        ready_done(r);
    }
    return st;
}

static void test_a_page_made_from_older_data_never_passes_for_a_newer_one(void **state) {
    (void)state;
    struct snapshot *s = snapshot_new(1 << 20, 100);
    snapshot_listening(s, true);
    struct snapshot_ticket before = snapshot_ticket(s, "notice,place");
    snapshot_note(s, "notice"); // while the page is being made
    keep(s, "/a", &before, "old");
    assert_int_equal(look(s, "/a", false, "old"), SNAPSHOT_MAKE);
    struct snapshot_ticket after = snapshot_ticket(s, "notice,place");
    keep(s, "/a", &after, "new");
    keep(s, "/a", &before, "old"); // the slower of two
    assert_int_equal(look(s, "/a", false, "new"), SNAPSHOT_SERVE);
    snapshot_note(s, "event"); // none of its topics
    assert_int_equal(look(s, "/a", false, "new"), SNAPSHOT_SERVE);
    snapshot_note_all(s);
    assert_int_equal(look(s, "/a", false, "new"), SNAPSHOT_MAKE);
    keep(s, "/a", &after, "from before the loss");
    assert_int_equal(look(s, "/a", true, "new"), SNAPSHOT_SERVE);
    snapshot_free(s);
}

static void test_one_makes_a_page_anew_while_the_others_get_the_old_one(void **state) {
    (void)state;
    struct snapshot *s = snapshot_new(1 << 20, 100);
    snapshot_listening(s, true);
    struct snapshot_ticket t = snapshot_ticket(s, "notice");
    keep(s, "/a", &t, "old");
    snapshot_note(s, "notice");
    assert_int_equal(look(s, "/a", false, "old"), SNAPSHOT_MAKE);
    assert_int_equal(look(s, "/a", false, "old"), SNAPSHOT_SERVE);
    snapshot_gave_up(s, "/a");
    assert_int_equal(look(s, "/a", false, "old"), SNAPSHOT_MAKE);
    snapshot_free(s);
}

static void test_nothing_counts_as_current_while_changes_are_not_heard(void **state) {
    (void)state;
    struct snapshot *s = snapshot_new(1 << 20, 100);
    struct snapshot_ticket t = snapshot_ticket(s, "notice");
    keep(s, "/a", &t, "page");
    assert_int_equal(look(s, "/a", false, "page"), SNAPSHOT_MAKE);
    assert_int_equal(look(s, "/a", true, "page"), SNAPSHOT_SERVE);
    snapshot_free(s);
}

static void test_the_table_stays_within_its_bounds_and_forgets_the_least_used(void **state) {
    (void)state;
    struct snapshot *s = snapshot_new(1 << 20, 10);
    snapshot_listening(s, true);
    struct snapshot_ticket t = snapshot_ticket(s, "notice");
    char key[32];
    for (int i = 0; i < 50; i++) {
        snprintf(key, sizeof key, "/p%d", i);
        keep(s, key, &t, "page");
        assert_int_equal(look(s, "/p0", false, "page"), SNAPSHOT_SERVE); // always the most used
    }
    size_t entries, bytes;
    snapshot_size(s, &entries, &bytes);
    assert_int_equal(entries, 10);
    assert_true(bytes <= 1 << 20);
    assert_int_equal(look(s, "/p1", false, "page"), SNAPSHOT_NONE);
    char *big = malloc(600000);
    assert_non_null(big);
    for (size_t i = 0; i < 599999; i++) {
        big[i] = (char)('a' + i * i % 23);
    }
    big[599999] = 0;
    keep(s, "/big", &t, big);
    assert_int_equal(look(s, "/big", false, ""), SNAPSHOT_NONE); // one page must not push out all others
    free(big);
    snapshot_free(s);
}

static void test_only_good_answers_without_a_cookie_are_kept(void **state) {
    (void)state;
    struct snapshot *s = snapshot_new(1 << 20, 10);
    snapshot_listening(s, true);
    struct snapshot_ticket t = snapshot_ticket(s, "");
    struct resp r = page_of("page");
    r.sets_cookie = true;
    snapshot_store(s, "/a", &t, &r);
    r.sets_cookie = false;
    r.status = 404;
    snapshot_store(s, "/a", &t, &r);
    r.status = 200;
    r.keep_not = true; // its address is one of very many
    snapshot_store(s, "/a", &t, &r);
    resp_free(&r);
    assert_int_equal(look(s, "/a", true, ""), SNAPSHOT_NONE);
    snapshot_free(s);
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
        cmocka_unit_test(test_a_page_made_from_older_data_never_passes_for_a_newer_one),
        cmocka_unit_test(test_one_makes_a_page_anew_while_the_others_get_the_old_one),
        cmocka_unit_test(test_nothing_counts_as_current_while_changes_are_not_heard),
        cmocka_unit_test(test_the_table_stays_within_its_bounds_and_forgets_the_least_used),
        cmocka_unit_test(test_only_good_answers_without_a_cookie_are_kept),
        WITH_SERVER(test_a_page_is_made_once_and_made_anew_when_its_data_changed),
        WITH_SERVER(test_the_name_of_the_place_in_the_frame_follows_too),
        WITH_SERVER(test_the_packed_page_unpacks_to_the_plain_one),
        WITH_SERVER(test_a_long_public_page_made_for_one_question_is_packed_too),
        WITH_SERVER(test_what_is_made_for_a_session_is_never_packed),
        WITH_SERVER(test_head_of_a_ready_made_page_has_no_body),
        WITH_SERVER(test_a_page_past_its_own_time_is_made_anew),
        WITH_SERVER(test_without_the_database_public_pages_stay_others_say_503_and_all_recovers),
        WITH_SERVER(test_a_restart_of_postgresql_between_two_pages_is_not_noticed_by_a_reader),
        WITH_SERVER(test_a_swapped_program_serves_its_own_pages_at_once),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
