// SPDX-License-Identifier: Apache-2.0
// Promises of the spend pages through the real routes and the real plugin: figures, uploads, refusals,
// rights.
#include "base/conf.h"
#include "http/server.h"
#include "support/market.h"
#include "support/pagetest.h"
#include "support/plugtest.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DATA SOURCE_DIR "/tests/data/spend/"

static struct arena *app_arena;
static const struct app *app, *bare_app; // with the plugin, and without any
static struct plugtest plugins;

static int set_up(void **state) {
    int rc = dbtest_setup(state);
    plugins = plugtest_start(((struct dbtest *)*state)->c, BINARY_DIR "/plugins", "local_spend");
    app_arena = arena_new((size_t)64 * 1024 * 1024);
    app = pagetest_app(app_arena, plugins.host);
    bare_app = pagetest_app(app_arena, NULL);
    return rc;
}

static int tear_down(void **state) {
    arena_free(app_arena);
    plugtest_stop(&plugins, ((struct dbtest *)*state)->c);
    return dbtest_teardown(state);
}

static struct visitor officer(struct dbtest *t) {
    market_fill(t->c);
    dbtest_run(t->c, "UPDATE core.membership SET role = 'officer' WHERE org_id = (SELECT id FROM "
                     "core.organisation WHERE ref = 'hospital')");
    return pagetest_visitor(app, t, "hospital");
}

static const char *load(struct visitor *v, const char *form, const char *file) {
    struct page p = pagetest_upload(v, "/officer/spend", form, "file", file);
    assert_page(p, 303, "/officer/spend/loads/");
    return p.location;
}

// ---- officers ----------------------------------------------------------------------------------------

static void test_an_upload_says_what_came_in_to_the_penny(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    struct page p = pagetest_get(&v, load(&v, "anchor=council", DATA "four_columns.csv"));
    assert_page(p, 200, "£116,850.60");
    assert_page(p, 200, "is the sum of the file’s amounts");
    assert_page(p, 200, "Every payment has its own date.");
    assert_page(p, 200, "Far Away Software PLC"); // the largest without a supplier, for officers
    assert_page(p, 200, "#REF!");                 // the row that was not taken, and why
    assert_page(pagetest_get(&v, "/officer/spend"), 200, "four_columns.csv");
}

static void test_the_public_page_shows_the_same_pence_and_no_unmatched_name(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t), anybody = pagetest_visitor(app, t, NULL);
    load(&v, "anchor=council", DATA "four_columns.csv");
    struct page p = pagetest_get(&anybody, "/spend");
    assert_page(p, 200, "£116,370.05 exactly"); // 2025/26
    assert_page(p, 200, "£116,850.60");         // the file
    assert_null(strstr(p.body, "Far Away Software"));
    assert_page(pagetest_get(&anybody, "/spend?year=2024"), 200, "£480.55 exactly");
    assert_page(pagetest_get(&anybody, "/spend/files"), 200, "£116,850.60");
    assert_null(strstr(pagetest_get(&anybody, "/spend.json").body, "Far Away Software"));
}

static void test_every_table_is_a_page_and_data(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t), anybody = pagetest_visitor(app, t, NULL);
    load(&v, "anchor=council", DATA "four_columns.csv");
    assert_page(pagetest_get(&anybody, "/spend/tables/by_anchor"), 200, "Body council");
    assert_page(pagetest_get(&anybody, "/spend.csv?table=by_year"), 200, "2025/26,116370.05");
    assert_page(pagetest_get(&anybody, "/spend.json?table=by_year"), 200, "\"total_pence\":11637005");
    assert_page(pagetest_get(&anybody, "/spend/files.csv"), 200, "four_columns.csv,Body council,9,116850.60");
    assert_page(pagetest_get(&anybody, "/spend/files.json"), 200, "\"total_pence\":11685060");
    assert_page(pagetest_get(&anybody, "/spend.csv?table=by_magic"), 404, NULL);
    assert_page(pagetest_get(&anybody, "/spend/tables/by_magic"), 404, NULL);
}

static void test_what_does_not_exist_in_the_address_means_not_chosen(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t), anybody = pagetest_visitor(app, t, NULL);
    load(&v, "anchor=council", DATA "four_columns.csv");
    assert_page(pagetest_get(&anybody, "/spend?year=1066&anchor=' OR 1=1"), 200, "£116,370.05 exactly");
    assert_page(pagetest_get(&anybody, "/spend?anchor=hospital"), 200, "No payments file of Body hospital");
}

static void test_a_wrong_file_keeps_the_choice_and_says_what_to_do(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    struct page p =
        pagetest_upload(&v, "/officer/spend", "anchor=council", "file", DATA "register_of_contracts.csv");
    assert_page(p, 422, "register of contracts");
    assert_page(p, 422, "<option value=\"council\" selected>");
    assert_page(p, 422, "please choose it again");
    p = pagetest_upload(&v, "/officer/spend", "anchor=council", "file", DATA "no_table.csv");
    assert_page(p, 422, "headings");
    p = pagetest_upload(&v, "/officer/spend", "anchor=council", "file", SOURCE_DIR "/web/img/mark.svg");
    assert_page(p, 422, "id=\"file-error\"");
    assert_page(pagetest_post(&v, "/officer/spend", "anchor=council"), 422,
                "Choose the file with the payments");
    p = pagetest_upload(&v, "/officer/spend", "anchor=brook", "file", DATA "four_columns.csv");
    assert_page(p, 422, "id=\"anchor-error\"");
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.spend_load"), "0");
}

static void test_a_file_without_dates_asks_for_the_month_and_then_takes_it(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    struct page p = pagetest_upload(&v, "/officer/spend", "anchor=council", "file", DATA "no_dates.csv");
    assert_page(p, 422, "Say for which month the file is");
    const char *month = dbtest_value(t->c, "SELECT to_char(now() - interval '2 months', 'YYYY-MM')");
    p = pagetest_get(&v,
                     load(&v, arena_printf(t->arena, "anchor=council&month=%s", month), DATA "no_dates.csv"));
    assert_page(p, 200, "£300.30");
    assert_page(p, 200, "They count in the month you chose.");
}

static void test_the_same_file_again_is_explained_beside_the_file(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    load(&v, "anchor=council", DATA "four_columns.csv");
    assert_page(pagetest_upload(&v, "/officer/spend", "anchor=council", "file", DATA "four_columns.csv"), 422,
                "has been loaded for this public body before");
}

static void test_taking_a_file_back_asks_first_and_then_leaves_nothing(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t), anybody = pagetest_visitor(app, t, NULL);
    const char *at = load(&v, "anchor=council", DATA "four_columns.csv");
    const char *back = arena_printf(t->arena, "%s/take-back", at);
    assert_page(pagetest_get(&v, back), 200, "Take four_columns.csv back?");
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.spend_load"),
                        "1"); // asking is not doing
    assert_page(pagetest_post(&v, back, ""), 303, "/officer/spend");
    assert_page(pagetest_get(&v, at), 404, NULL);
    assert_page(pagetest_post(&v, back, ""), 404, NULL);
    assert_page(pagetest_get(&anybody, "/spend"), 200, "No payments file has been loaded yet.");
}

static void test_nobody_but_officers_sees_or_changes_loads(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t), buyer = pagetest_visitor(app, t, "council"),
                   supplier = pagetest_visitor(app, t, "brook"), nobody = pagetest_visitor(app, t, NULL);
    const char *at = load(&v, "anchor=council", DATA "four_columns.csv");
    const char *back = arena_printf(t->arena, "%s/take-back", at);
    struct visitor *others[] = {&buyer, &supplier};
    for (size_t i = 0; i < 2; i++) {
        assert_page(pagetest_get(others[i], "/officer/spend"), 403, NULL);
        assert_page(pagetest_get(others[i], at), 403, NULL);
        assert_page(pagetest_get(others[i], back), 403, NULL);
        assert_page(pagetest_post(others[i], back, ""), 403, NULL);
        assert_page(
            pagetest_upload(others[i], "/officer/spend", "anchor=hospital", "file", DATA "numbers.csv"), 403,
            NULL);
    }
    assert_page(pagetest_get(&nobody, at), 303, "/sign-in");
    snprintf(v.csrf, sizeof v.csrf, "somebody else");
    assert_page(pagetest_post(&v, back, ""), 403, NULL); // without the right token of the form
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.spend_load"), "1");
}

// ---- without plugins, and past the limits ------------------------------------------------------------

static void test_without_a_plugin_the_pages_say_so_plainly(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    v.app = bare_app;
    assert_page(pagetest_get(&v, "/spend"), 200, "No report of spend is switched on");
    assert_page(pagetest_upload(&v, "/officer/spend", "anchor=council", "file", DATA "four_columns.csv"), 422,
                "No plugin that is switched on reads this kind of file");
}

static void test_a_place_without_payments_says_so(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    assert_page(pagetest_get(&v, "/spend"), 200, "No payments file has been loaded yet.");
    assert_page(pagetest_get(&v, "/spend/files"), 200, "No file has been loaded yet");
    assert_page(pagetest_get(&v, "/officer/spend"), 200, "No file has been loaded yet");
}

// The first line of what a real server answers to the head of an upload of so many bytes.
static int status_of_head(struct visitor *v, int port, long long bytes) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    char head[1024], answer[64] = "";
    int n = snprintf(head, sizeof head,
                     "POST /officer/spend HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: anchorage=%s\r\n"
                     "Origin: http://127.0.0.1:%d\r\nContent-Type: multipart/form-data; boundary=XXXX\r\n"
                     "Content-Length: %lld\r\n\r\n",
                     port, v->token, port, bytes);
    assert_int_equal(send(fd, head, (size_t)n, MSG_NOSIGNAL), n);
    struct timeval wait = {.tv_sec = 10};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    ssize_t got = recv(fd, answer, sizeof answer - 1, MSG_WAITALL);
    close(fd);
    return got > 12 ? (int)strtol(answer + strlen("HTTP/1.1 "), NULL, 10) : 0;
}

static void test_an_upload_over_the_limit_is_refused_before_it_is_read(void **state) {
    struct dbtest *t = *state;
    struct visitor v = officer(t);
    char folder[64], why[512] = "", spool[96];
    snprintf(folder, sizeof folder, "%s/anchorage-test-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(folder));
    struct app with_folder = *app;
    with_folder.data_dir = folder;
    with_folder.public_url = "http://127.0.0.1";
    with_folder.end = NULL; // it stays ours
    struct server *server;
    assert_null(conf_set("http.listen", "127.0.0.1:0"));
    if (server_start(&with_folder, t->conninfo, &server, why, sizeof why) != ERR_OK) {
        fail_msg("server_start: %s", why);
    }
    int port = (int)strtol(strrchr(server_address(server), ':') + 1, NULL, 10);
    int status = status_of_head(&v, port, conf_number(CONF_UPLOAD_MAX) + 1000000);
    server_stop(server, 10000);
    snprintf(spool, sizeof spool, "%s/spool", folder);
    rmdir(spool);
    rmdir(folder);
    assert_int_equal(status, 413);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_an_upload_says_what_came_in_to_the_penny),
        T(test_the_public_page_shows_the_same_pence_and_no_unmatched_name),
        T(test_every_table_is_a_page_and_data),
        T(test_what_does_not_exist_in_the_address_means_not_chosen),
        T(test_a_wrong_file_keeps_the_choice_and_says_what_to_do),
        T(test_a_file_without_dates_asks_for_the_month_and_then_takes_it),
        T(test_the_same_file_again_is_explained_beside_the_file),
        T(test_taking_a_file_back_asks_first_and_then_leaves_nothing),
        T(test_nobody_but_officers_sees_or_changes_loads),
        T(test_without_a_plugin_the_pages_say_so_plainly),
        T(test_a_place_without_payments_says_so),
        T(test_an_upload_over_the_limit_is_refused_before_it_is_read),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
