// SPDX-License-Identifier: Apache-2.0
// Promises of the program as its operator meets it: what each verb answers, alone, beside a server and beside
// another verb.
#include "support/dbtest.h"

#include "faults/program.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define RUN(p, ...)   program_run((p), (const char *const[]){__VA_ARGS__, NULL})
#define BEGIN(p, ...) program_begin((p), (const char *const[]){__VA_ARGS__, NULL})

static char place[160]; // a data folder with the demo place, which the tests only add to

static int set_up(void **state) {
    struct program p;
    if (program_group_setup(state) != 0) {
        return -1;
    }
    snprintf(place, sizeof place, "%s", program_path("place"));
    if (RUN(&p, "demo", "--data", place, "--json") != 0) {
        print_error("demo: %s%s\n", p.said, p.told);
        return -1;
    }
    program_free(&p);
    return 0;
}

static void need_code(struct program *p, int code) {
    if (p->code != code) {
        fail_msg("exit code %d instead of %d: %s%s", p->code, code, p->said, p->told);
    }
}

static void need_words(const char *text, const char *words) {
    if (!strstr(text, words)) {
        fail_msg("\"%s\" is not in: %s", words, text);
    }
}

static json_t *as_json(const struct program *p) {
    json_error_t why;
    json_t *v = json_loads(p->said, 0, &why);
    if (!v) {
        fail_msg("%s: %s", why.text, p->said);
    }
    return v;
}

// ---- how it is called ----------------------------------------------------------------------------

static void test_every_verb_explains_itself(void **state) {
    (void)state;
    static const char *const verbs[] = {"serve",  "demo",   "migrate", "user",   "import", "report",
                                        "export", "plugin", "run",     "doctor", "backup", "restore"};
    struct program p;
    RUN(&p, "--help");
    need_code(&p, 0);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        struct program one;
        need_words(p.said, verbs[i]);
        RUN(&one, verbs[i], "--help");
        need_code(&one, 0);
        need_words(one.said, verbs[i]);
        assert_string_equal(one.told, "");
        program_free(&one);
    }
    program_free(&p);
}

static void test_a_wrong_call_gives_2_and_a_sentence_and_makes_nothing(void **state) {
    (void)state;
    const char *none = program_path("never");
    const char *const calls[][6] = {{"fly"},
                                    {"serve", "--data", none, "--fly"},
                                    {"serve", "--data", none, "words"},
                                    {"serve", "--data", none, "--set", "http.queue=many"},
                                    {"serve", "--data", none, "--set", "no.such=1"},
                                    {"serve", "--data"},
                                    {"demo", "--data", none, "now"},
                                    {"demo", "--data", none, "--fly"},
                                    {"migrate", "--data", none, "--fly"},
                                    {"user", "--data", none, "add"},
                                    {"user", "--data", none, "drop"},
                                    {"import", "--data", none},
                                    {"import", "--data", none, "weather", "file"},
                                    {"report", "--data", none},
                                    {"export", "--data", none},
                                    {"plugin", "--data", none},
                                    {"doctor", "--data", none, "--fly"},
                                    {"doctor", "--data", none, "words"},
                                    {"backup", "--data", none},
                                    {"restore", "--data", none}};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct program p;
        struct stat st;
        const char *args[7] = {NULL};
        memcpy(args, calls[i], sizeof calls[i]);
        program_run(&p, args);
        if (p.code != 2 || strlen(p.told) < 20 || strncmp(p.told, "anchorage", 9) != 0) {
            fail_msg("%s %s: exit code %d, %s%s", args[0], args[3] ? args[3] : "", p.code, p.said, p.told);
        }
        assert_int_not_equal(stat(none, &st), 0);
        program_free(&p);
    }
}

// ---- side by side --------------------------------------------------------------------------------

static void test_a_verb_works_beside_a_running_server(void **state) {
    (void)state;
    struct program server, p;
    server_begin(&server, place, NULL);
    RUN(&p, "plugin", "list", "--json", "--data", place);
    need_code(&p, 0);
    json_t *v = as_json(&p), *one;
    size_t i;
    assert_int_equal(json_array_size(json_object_get(v, "plugins")), 5);
    json_array_foreach(json_object_get(v, "plugins"), i, one) {
        bool named =
            strcmp(json_string_value(json_object_get(one, "id")), "example") != 0; // nobody asked for it
        assert_string_equal(json_string_value(json_object_get(one, "state")), named ? "ACTIVE" : "FOUND");
    }
    json_decref(v);
    program_free(&p);
    assert_int_equal(visitor_get(server.port, "/readyz", "").status, 200); // the verb has stopped nothing
    server_end(&server, SIGTERM);
    need_code(&server, 0);
    program_free(&server);
}

static void test_a_database_of_the_operators_own_serves_as_well(void **state) {
    (void)state;
    struct program server, other, p;
    server_begin(&server, place, NULL);
    char uri[400];
    snprintf(uri, sizeof uri, "host=%s/run dbname=anchorage user=anchorage", place);
    RUN(&p, "report", "spend", "--json", "--db", uri, "--data", program_path("not-made"));
    need_code(&p, 0);
    assert_true(access(program_path("not-made"), F_OK) != 0); // a verb needs no folder then
    program_free(&p);
    const char *const more[] = {"--db", uri, NULL};
    server_begin(&other, program_path("beside"), more);
    assert_int_equal(visitor_get(other.port, "/spend", "").status, 200);
    assert_true(access(program_path("beside/pg"), F_OK) != 0); // no cluster of its own
    server_end(&other, SIGTERM);
    assert_int_equal(other.code, 0);
    program_free(&other);
    assert_int_equal(visitor_get(server.port, "/readyz", "").status, 200);
    server_end(&server, SIGTERM);
    program_free(&server);
}

static void test_two_verbs_at_once_on_a_new_folder_wait_for_each_other(void **state) {
    (void)state;
    struct program a, b;
    const char *data = program_path("two");
    BEGIN(&a, "migrate", "--data", data);
    BEGIN(&b, "plugin", "list", "--data", data);
    program_finish(&a);
    program_finish(&b);
    need_code(&a, 0);
    need_code(&b, 0);
    assert_int_equal(program_postgres_count(data), 0);
    program_free(&a);
    program_free(&b);
}

static void test_a_second_server_on_the_same_data_is_refused_and_the_first_goes_on(void **state) {
    (void)state;
    struct program first, second;
    server_begin(&first, place, NULL);
    RUN(&second, "serve", "--data", place, "--listen", "127.0.0.1:0");
    need_code(&second, 1);
    need_words(second.told, "A server is already running on the data folder");
    program_free(&second);
    assert_int_equal(visitor_get(first.port, "/readyz", "").status, 200);
    server_end(&first, SIGTERM);
    program_free(&first);
}

// ---- where it listens ----------------------------------------------------------------------------

static int take_port(int *ret_port) {
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    *ret_port = ntohs(at.sin_port);
    return fd;
}

static bool answers_at(const char *address, int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    assert_int_equal(inet_pton(AF_INET, address, &to.sin_addr), 1);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool there = connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
    close(fd);
    return there;
}

static void test_a_taken_port_is_refused_with_what_to_do_and_nothing_is_left_running(void **state) {
    (void)state;
    struct program p;
    char address[32];
    int port, fd = take_port(&port);
    snprintf(address, sizeof address, "127.0.0.1:%d", port);
    RUN(&p, "serve", "--data", place, "--listen", address);
    close(fd);
    need_code(&p, 1);
    need_words(p.told, "another program may be using the port");
    need_words(p.told, "--listen");
    assert_null(strstr(p.said, "listens on"));
    assert_int_equal(program_postgres_count(place), 0);
    program_free(&p);
}

static void test_it_listens_beyond_loopback_only_when_asked_to(void **state) {
    (void)state;
    struct program p;
    server_begin(&p, place, NULL);
    assert_true(answers_at("127.0.0.1", p.port));
    assert_false(answers_at("127.0.0.2", p.port));
    server_end(&p, SIGTERM);
    program_free(&p);
    int port;
    char address[32];
    close(take_port(&port)); // free again
    snprintf(address, sizeof address, "0.0.0.0:%d", port);
    server_begin(&p, place, (const char *const[]){"--listen", address, NULL});
    assert_true(answers_at("127.0.0.2", port));
    need_words(p.said, address);
    server_end(&p, SIGTERM);
    need_words(p.told, "listening_beyond_loopback");
    program_free(&p);
}

// ---- what is kept --------------------------------------------------------------------------------

// Every table with its number of rows and a sum over all of them.
static char *picture(const char *data) {
    struct program p;
    server_begin(&p, data, NULL);
    struct ctx *c = program_reach(data);
    const char *text = dbtest_value(
        c, "SELECT string_agg(t.relname || ' ' || (xpath('/row/s/text()', query_to_xml(format("
           "'SELECT count(*) || '' '' || coalesce(md5(string_agg(md5(r::text), '''' ORDER BY md5(r::text))), "
           "''-'')"
           " AS s FROM core.%%I AS r', t.relname), false, true, '')))[1]::text, E'\\n' ORDER BY t.relname)"
           " FROM pg_class t WHERE t.relnamespace = 'core'::regnamespace AND t.relkind IN ('r', 'p')");
    char *copy = strdup(text);
    dbtest_free_ctx(c);
    server_end(&p, SIGTERM);
    program_free(&p);
    return copy;
}

static void test_a_backup_restored_into_a_new_folder_holds_the_same_rows(void **state) {
    (void)state;
    struct program p;
    struct stat st;
    const char *file = program_path("kept"), *fresh = program_path("fresh");
    char *before = picture(place);
    RUN(&p, "backup", file, "--data", place);
    need_code(&p, 0);
    program_free(&p);
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    RUN(&p, "restore", file, "--data", fresh);
    need_code(&p, 0);
    program_free(&p);
    char *after = picture(fresh);
    need_words(before, "\nspend_sum ");
    assert_string_equal(after, before);
    free(after);

    RUN(&p, "restore", file, "--data", place);
    need_code(&p, 1);
    need_words(p.told, "holds data already");
    program_free(&p);
    after = picture(place);
    assert_string_equal(after, before);
    free(after);
    free(before);
}

static void test_a_backup_never_replaces_a_file(void **state) {
    (void)state;
    struct program p;
    const char *file = program_path("precious");
    FILE *f = fopen(file, "we");
    assert_non_null(f);
    fputs("mine", f);
    fclose(f);
    RUN(&p, "backup", file, "--data", place);
    need_code(&p, 1);
    need_words(p.told, "is there already");
    program_free(&p);
    struct stat st;
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_size, 4);
}

static void test_after_the_demo_the_doctor_is_content_and_a_second_demo_is_refused(void **state) {
    (void)state;
    struct program p;
    RUN(&p, "doctor", "--json", "--data", place);
    need_code(&p, 0);
    json_t *v = as_json(&p);
    assert_true(json_is_true(json_object_get(v, "good")));
    assert_true(json_array_size(json_object_get(v, "checks")) > 3);
    json_decref(v);
    program_free(&p);
    RUN(&p, "demo", "--data", place);
    need_code(&p, 1);
    assert_true(strlen(p.told) > 20);
    program_free(&p);
}

// ---- people --------------------------------------------------------------------------------------

static int sign_in(int port, const char *email, const char *password, bool *ret_cookie) {
    char body[512];
    size_t n = (size_t)snprintf(body, sizeof body, "email=%s&password=", email);
    for (const char *s = password; *s && n + 4 < sizeof body; s++) {
        n += (size_t)snprintf(body + n, sizeof body - n, "%%%02X", (unsigned)(unsigned char)*s);
    }
    struct visitor v = {.fd = -1, .port = port};
    assert_true(visitor_send(&v, "POST", "/sign-in", "", body));
    struct reply r = visitor_read(&v);
    visitor_leave(&v);
    const char *cookie = strcasestr(r.head, "\r\nSet-Cookie: ");
    *ret_cookie = cookie && strcasestr(r.head, "anchorage=");
    return r.status;
}

static void test_a_person_added_beside_the_server_signs_in_with_the_printed_password(void **state) {
    (void)state;
    struct program server, p;
    bool cookie;
    server_begin(&server, place, NULL);
    RUN(&p, "user", "add", "--email", "new@oak.example", "--name", "New Person", "--json", "--data", place);
    need_code(&p, 0);
    json_t *v = as_json(&p);
    const char *password = json_string_value(json_object_get(v, "password"));
    assert_non_null(password);
    assert_true(strlen(password) >= 12);
    assert_int_equal(sign_in(server.port, "new@oak.example", password, &cookie), 303);
    assert_true(cookie);
    assert_int_equal(sign_in(server.port, "new@oak.example", "not the password", &cookie), 422);
    assert_false(cookie);
    json_decref(v);
    program_free(&p);
    RUN(&p, "user", "add", "--email", "new@oak.example", "--name", "Again", "--data", place);
    need_code(&p, 1);
    program_free(&p);
    server_end(&server, SIGTERM);
    program_free(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_every_verb_explains_itself, program_teardown),
        cmocka_unit_test_teardown(test_a_wrong_call_gives_2_and_a_sentence_and_makes_nothing,
                                  program_teardown),
        cmocka_unit_test_teardown(test_a_verb_works_beside_a_running_server, program_teardown),
        cmocka_unit_test_teardown(test_a_database_of_the_operators_own_serves_as_well, program_teardown),
        cmocka_unit_test_teardown(test_two_verbs_at_once_on_a_new_folder_wait_for_each_other,
                                  program_teardown),
        cmocka_unit_test_teardown(test_a_second_server_on_the_same_data_is_refused_and_the_first_goes_on,
                                  program_teardown),
        cmocka_unit_test_teardown(test_a_taken_port_is_refused_with_what_to_do_and_nothing_is_left_running,
                                  program_teardown),
        cmocka_unit_test_teardown(test_it_listens_beyond_loopback_only_when_asked_to, program_teardown),
        cmocka_unit_test_teardown(test_a_backup_restored_into_a_new_folder_holds_the_same_rows,
                                  program_teardown),
        cmocka_unit_test_teardown(test_a_backup_never_replaces_a_file, program_teardown),
        cmocka_unit_test_teardown(test_after_the_demo_the_doctor_is_content_and_a_second_demo_is_refused,
                                  program_teardown),
        cmocka_unit_test_teardown(test_a_person_added_beside_the_server_signs_in_with_the_printed_password,
                                  program_teardown),
    };
    return cmocka_run_group_tests(tests, set_up, program_group_teardown);
}
