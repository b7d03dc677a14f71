// SPDX-License-Identifier: Apache-2.0
// Promises of the public pages of spend through the real routes: filters in the address, pictures, files,
// open data.
#include "base/conf.h"
#include "http/server.h"
#include "support/market.h"
#include "support/pagetest.h"
#include "support/payments.h"
#include "support/plugtest.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct arena *app_arena;
static const struct app *app, *bare_app; // with the probe, and without any plugin
static struct plugtest plugins;

static int set_up(void **state) {
    int rc = dbtest_setup(state);
    plugins = plugtest_start(((struct dbtest *)*state)->c, BINARY_DIR "/tests/pictures", "probe_pictures");
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

// Two wards, payments of two years, an officer; anybody looks on.
static struct visitor world(struct dbtest *t) {
    market_fill(t->c);
    dbtest_run(t->c, "UPDATE core.membership SET role = 'officer' WHERE org_id = (SELECT id FROM "
                     "core.organisation WHERE ref = 'hospital')");
    dbtest_run(t->c, "INSERT INTO core.ward (code, name, lad_code) VALUES ('W1', 'Brookside & Vale', "
                     "'E08000010'), ('W2', 'Hilltop', 'E08000010')");
    payments_add_load(t->c, "LOADC", "council");
    const char *payee = payments_add_payee(t->c, "FAR AWAY SOFTWARE", "open", "");
    payments_add(
        t->c, &(struct test_payment){.load = "LOADC", .payee = payee, .day = "2024-06-01", .pence = 48055});
    payments_add(t->c, &(struct test_payment){
                           .load = "LOADC", .payee = payee, .day = "2025-06-01", .pence = 11637005});
    return pagetest_visitor(app, t, NULL);
}

// A row of the table in which the probe repeats what it was asked.
static void assert_asked(struct page p, const char *what, const char *text, const char *number) {
    char row[300];
    snprintf(
        row, sizeof row,
        "<th scope=\"row\" class=\"govuk-table__header\">%s</th><td class=\"govuk-table__cell\">%s</td><td "
        "class=\"govuk-table__cell govuk-table__cell--numeric\">%s</td>",
        what, text, number);
    assert_page(p, 200, row);
}

// ---- filters -----------------------------------------------------------------------------------------

static void test_every_filter_of_the_address_reaches_the_panel(void **state) {
    struct visitor v = world(*state);
    struct page p = pagetest_get(
        &v, "/spend?year=2024&to=2025&anchor=council&flow=grant&place=elsewhere&rule=registered");
    assert_asked(p, "anchor", "council", "2,024");
    assert_asked(p, "sector", "", "2"); // beside it: kinds of payment
    assert_asked(p, "places", "", "2");
    assert_asked(p, "rule", "", "1");
    p = pagetest_get(&v, "/spend?year=2024&to=2025&ward=W1&sector=construction&size=sme&rule=registered");
    assert_asked(p, "ward", "W1", "2,025");
    assert_asked(p, "sector", "construction", "0");
    assert_asked(p, "sizes", "", "7");
    p = pagetest_get(&v, "/spend?year=2025&vcfse=yes");
    assert_asked(p, "vcfse", "", "1");
    assert_asked(p, "public", "", "1");
}

static void test_more_than_three_filters_at_once_are_told_to_be_too_many(void **state) {
    struct visitor v = world(*state);
    struct page p =
        pagetest_get(&v, "/spend?year=2025&anchor=council&place=local&sector=construction&size=sme");
    assert_page(p, 200, "at most 3 filters at once");
    assert_null(strstr(p.body, ">rule</th>"));
    p = pagetest_get(&v, "/spend?year=2025&place=local&sector=construction&size=sme");
    assert_null(strstr(p.body, "at most 3 filters at once"));
}

static void test_without_a_choice_the_panel_is_asked_for_everything_in_public(void **state) {
    struct visitor v = world(*state);
    struct page p = pagetest_get(&v, "/spend");
    assert_asked(p, "anchor", "", "0");
    assert_asked(p, "rule", "", "0");
    assert_asked(p, "public", "", "1");
    assert_null(strstr(p.body, "Clear all filters"));
    assert_null(strstr(p.body, "FAR AWAY SOFTWARE"));
}

static void test_what_was_chosen_is_said_in_words_and_each_can_be_taken_off(void **state) {
    struct visitor v = world(*state);
    struct page p = pagetest_get(&v, "/spend?year=2025&anchor=council&ward=W1&vcfse=yes");
    assert_page(
        p, 200,
        "Payments of Body council in 2025/26 to charities, community groups and social enterprises in "
        "Brookside &amp; Vale.");
    assert_page(p, 200,
                "href=\"/spend?year=2025&amp;ward=W1&amp;vcfse=yes\"><span class=\"govuk-visually-hidden\">"
                "Remove filter: </span>Body council");
    assert_page(p, 200, "href=\"/spend?year=2025&amp;anchor=council&amp;vcfse=yes\"");
    assert_page(p, 200, "<option value=\"W1\" selected>Brookside &amp; Vale</option>");
    p = pagetest_get(&v, "/spend?year=2024&to=2025");
    assert_page(p, 200, "Payments of all public bodies in 2024/25 to 2025/26.");
    assert_page(p, 200,
                "href=\"/spend\"><span class=\"govuk-visually-hidden\">Remove filter: </span>from 2024/25");
}

static void test_a_form_that_sends_empty_fields_leads_to_the_short_address(void **state) {
    struct visitor v = world(*state);
    assert_page(pagetest_get(&v, "/spend?year=2025&to=&anchor=&ward=W1&flow="), 303, NULL);
    assert_string_equal(pagetest_get(&v, "/spend?year=2025&to=&anchor=&ward=W1&flow=").location,
                        "/spend?year=2025&ward=W1");
    assert_string_equal(pagetest_get(&v, "/spend?year=&ward=").location, "/spend");
    assert_string_equal(
        pagetest_get(&v, "/spend/tables/pictures?panel=probe_pictures&ward=W2&year=").location,
        "/spend/tables/pictures?panel=probe_pictures&ward=W2");
}

static void test_what_does_not_exist_is_left_out_with_a_note(void **state) {
    struct visitor v = world(*state);
    struct page p = pagetest_get(&v, "/spend?year=1066&anchor=' OR 1=1&ward=W9&flow=magic&size=<b>&rule=x");
    assert_page(p, 200, "is not known here, and was left out");
    assert_asked(p, "anchor", "", "0");
    assert_null(strstr(p.body, "<b>"));
    assert_null(strstr(p.body, "OR 1=1"));
    assert_page(pagetest_get(&v, "/spend?rule=invoice"), 200, NULL);
    assert_null(strstr(pagetest_get(&v, "/spend?rule=invoice").body, "is not known here"));
}

static void test_a_range_the_wrong_way_round_is_turned(void **state) {
    struct visitor v = world(*state);
    struct page p = pagetest_get(&v, "/spend?year=2025&to=2024");
    assert_asked(p, "anchor", "", "2,024");
    assert_asked(p, "ward", "", "2,025");
    assert_asked(pagetest_get(&v, "/spend?to=2024"), "ward", "", "2,024"); // a last year alone is that year
    assert_asked(pagetest_get(&v, "/spend?year=2025&to=2025"), "ward", "", "2,025");
}

// ---- views, pictures, files ----------------------------------------------------------------------------

static void test_views_of_a_panel_are_pages_of_their_own(void **state) {
    struct visitor v = world(*state);
    assert_page(
        pagetest_get(&v, "/spend?ward=W1"), 200,
        "href=\"/spend/tables/pictures?panel=probe_pictures&amp;ward=W1\">More about this: All pictures</a>");
    struct page p = pagetest_get(&v, "/spend/tables/pictures?panel=probe_pictures&ward=W1");
    assert_page(p, 200, "<h1 class=\"govuk-heading-xl\">All pictures</h1>");
    static const char *const said[] = {"Bars say this.", "Columns say this.", "The band says this.",
                                       "Tiles say this.", "Areas say this."};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        assert_page(p, 200, said[i]);
    }
    assert_page(p, 200,
                "Brookside: \xC2\xA3"
                "1.2 million</title>");
    assert_page(p, 200, "Method: probe 7.");
    assert_page(p, 200, "/spend.csv?panel=probe_pictures&amp;view=pictures&amp;table=tiles&amp;ward=W1");
    assert_page(pagetest_get(&v, "/spend/tables/by_magic"), 404, NULL);
    assert_page(pagetest_get(&v, "/spend/tables/pictures?panel=other"), 404, NULL);
}

static void test_files_say_what_was_chosen_and_what_they_rest_on(void **state) {
    struct visitor v = world(*state);
    struct page p =
        pagetest_get(&v, "/spend.csv?panel=probe_pictures&view=pictures&table=tiles&year=2025&ward=W2");
    assert_page(p, 200, "W1,Brookside,1200000.00,300000.00\r\n");
    assert_page(p, 200, "\r\n\r\nTable,As tiles\r\n");
    assert_page(p, 200, "What is shown,Payments of all public bodies in 2025/26 to suppliers in Hilltop\r\n");
    assert_page(p, 200, "Method,probe 7\r\n");
    assert_page(p, 200, "/spend?year=2025&ward=W2\r\n");
    p = pagetest_get(&v, "/spend.json?panel=probe_pictures&view=pictures&table=bars");
    assert_page(p, 200, "\"paid_pence\":120000000");
    assert_page(p, 200, "\"about\":{\"table\":\"As bars\"");
    assert_page(pagetest_get(&v, "/spend.csv?table=asked"), 200, "What,Text,Number");
    assert_page(pagetest_get(&v, "/spend.csv?table=by_magic"), 404, NULL);
}

static void test_what_is_withheld_is_a_reason_and_nothing_else(void **state) {
    struct visitor v = world(*state);
    struct page p = pagetest_get(&v, "/spend/tables/held?panel=probe_pictures");
    assert_page(p, 200, "Too little of it is placed.");
    assert_null(strstr(p.body, "1.2 million"));
    assert_null(strstr(p.body, "1,200,000"));
    assert_null(strstr(p.body, "/spend.csv?panel=probe_pictures&amp;view=held"));
    static const char *const files[] = {"csv", "json"};
    for (size_t i = 0; i < 2; i++) {
        char address[100];
        snprintf(address, sizeof address, "/spend.%s?panel=probe_pictures&view=held&table=held", files[i]);
        p = pagetest_get(&v, address);
        assert_page(p, 200, "Too little of it is placed.");
        assert_null(strstr(p.body, "Brookside"));
        assert_null(strstr(p.body, "came too late"));
    }
}

static void test_a_picture_that_cannot_be_drawn_is_a_fault_of_the_plugin(void **state) {
    struct visitor v = world(*state);
    assert_page(pagetest_get(&v, "/spend/tables/wrong_key"), 500, NULL);
    assert_page(pagetest_get(&v, "/spend/tables/wrong_kind"), 500, NULL);
    assert_page(pagetest_get(&v, "/spend/tables/wrong_column"), 500, NULL);
    assert_page(pagetest_get(&v, "/spend"), 200, "What was asked");
}

// ---- officers ----------------------------------------------------------------------------------------

static void test_officers_are_led_to_the_payments_and_nobody_else(void **state) {
    struct dbtest *t = *state;
    struct visitor anybody = world(t), officer = pagetest_visitor(app, t, "hospital"),
                   buyer = pagetest_visitor(app, t, "council");
    assert_page(pagetest_get(&officer, "/spend"), 200, "href=\"/officer/spend/payments?year=2025\"");
    assert_page(pagetest_get(&officer, "/spend?year=2024&ward=W1&flow=grant"), 200,
                "href=\"/officer/spend/payments?year=2024&amp;flow=grant&amp;ward=W1\"");
    assert_null(strstr(pagetest_get(&anybody, "/spend").body, "/officer/"));
    assert_null(strstr(pagetest_get(&buyer, "/spend").body, "/officer/spend/payments"));
    struct page p = pagetest_get(&officer, "/spend?sector=care");
    assert_page(p, 200, "sector=care\">all of them</a>");
    assert_page(p, 200, "place=local&amp;sector=care\">with local suppliers</a>");
    assert_page(p, 200, "vcfse=yes\">of these, with VCFSE suppliers</a>");
    assert_page(p, 200, "place=unknown&amp;sector=care\">not placed yet</a>");
    // Of a part there are no parts.
    p = pagetest_get(&officer, "/spend?place=local");
    assert_page(p, 200, "place=local\">all of them</a>");
    assert_null(strstr(p.body, "not placed yet</a>"));
}

// ---- open data -----------------------------------------------------------------------------------------

static void test_open_data_leaves_small_groups_out_and_one_more_that_would_tell_them(void **state) {
    struct dbtest *t = *state;
    struct visitor v = world(t);
    for (int i = 0; i < 20; i++) { // six payees in W1, twelve in W2, two elsewhere
        const char *more =
            arena_printf(t->arena, "is_local = %s, ward_code = %s, lad_code = '%s', postcode = 'WN1 1AA'",
                         i < 18 ? "true" : "false",
                         i < 6    ? "'W1'"
                         : i < 18 ? "'W2'"
                                  : "NULL",
                         i < 18 ? "E08000010" : "E08000009");
        const char *id = payments_add_payee(t->c, arena_printf(t->arena, "FIRM %d", i), "open", more);
        payments_add(t->c, &(struct test_payment){
                               .load = "LOADC", .payee = id, .day = "2025-07-01", .pence = 10000 + i});
    }
    struct page p = pagetest_get(&v, "/spend/data/by-ward-2025.csv");
    assert_page(p, 200, "W2,Hilltop,1201.38,12,12,\r\n");
    assert_page(p, 200, "Fewer than 5 suppliers");
    assert_page(p, 200, "W1,Brookside & Vale,,,,Left out so that another cannot be worked out");
    assert_null(strstr(p.body, "FIRM"));
    assert_page(p, 200, "As of,");
    p = pagetest_get(&v, "/spend/data");
    assert_page(p, 200, "/spend/data/by-ward-2025.csv");
    assert_page(p, 200, "/spend/data/by-payment-2024.json");
    assert_page(p, 200, "Open Government Licence");
}

// Others build on these names: the page that documents them and the files say the same.
static void test_keys_of_open_data_are_those_that_its_page_documents(void **state) {
    struct visitor v = world(*state);
    static const char *const keys[] = {"code", "name",    "paid_pence", "payments", "suppliers", "left_out",
                                       "rows", "columns", "caption",    "complete", "about"};
    struct page page = pagetest_get(&v, "/spend/data"),
                file = pagetest_get(&v, "/spend/data/by-ward-2025.json");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char documented[60], used[60];
        snprintf(documented, sizeof documented, "<code>%s</code>", keys[i]);
        snprintf(used, sizeof used, "\"%s\":", keys[i]);
        assert_page(page, 200, documented);
        assert_page(file, 200, used);
    }
    assert_page(page, 200, "/spend.json?table=by_ward&amp;year=2025");
    assert_page(pagetest_get(&v, "/spend/data/by-ward-2025.csv"), 200,
                "Ward code,Ward,Paid,Payments,Suppliers,Left out because\r\n");
}

static void test_only_files_of_years_with_payments_exist(void **state) {
    struct visitor v = world(*state);
    static const char *const none[] = {"by-ward-1999.csv", "by-ward-2025.exe", "by-magic-2025.csv",
                                       "by-ward-.csv",     "by-ward-2025",     "by-ward-02025.csv"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        char address[80];
        snprintf(address, sizeof address, "/spend/data/%s", none[i]);
        assert_page(pagetest_get(&v, address), 404, NULL);
    }
    assert_page(pagetest_get(&v, "/spend/data/by-body-2025.json"), 200, "\"left_out\"");
}

static void test_every_files_page_adds_up_to_the_penny(void **state) {
    struct visitor v = world(*state);
    assert_page(pagetest_get(&v, "/spend/files"), 200, "LOADC.csv");
    assert_page(pagetest_get(&v, "/spend/files?anchor=hospital"), 200, "No file has been loaded yet");
    assert_page(pagetest_get(&v, "/spend/files.csv"), 200, "LOADC.csv,Body council");
    assert_page(pagetest_get(&v, "/spend/files.json"), 200, "\"total_pence\"");
}

// ---- without plugins, and past the limits ------------------------------------------------------------

static void test_without_a_plugin_the_pages_say_so_plainly(void **state) {
    struct visitor v = world(*state);
    v.app = bare_app;
    assert_page(pagetest_get(&v, "/spend"), 200, "No report of spend is switched on");
}

static void test_a_place_without_payments_says_so(void **state) {
    struct dbtest *t = *state;
    market_fill(t->c);
    struct visitor v = pagetest_visitor(app, t, NULL);
    assert_page(pagetest_get(&v, "/spend"), 200, "What was asked");
    assert_page(pagetest_get(&v, "/spend/files"), 200, "No file has been loaded yet");
    assert_page(pagetest_get(&v, "/spend/data"), 200, "No file yet");
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
    world(t);
    struct visitor v = pagetest_visitor(app, t, "hospital");
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
        T(test_every_filter_of_the_address_reaches_the_panel),
        T(test_more_than_three_filters_at_once_are_told_to_be_too_many),
        T(test_without_a_choice_the_panel_is_asked_for_everything_in_public),
        T(test_what_was_chosen_is_said_in_words_and_each_can_be_taken_off),
        T(test_a_form_that_sends_empty_fields_leads_to_the_short_address),
        T(test_what_does_not_exist_is_left_out_with_a_note),
        T(test_a_range_the_wrong_way_round_is_turned),
        T(test_views_of_a_panel_are_pages_of_their_own),
        T(test_files_say_what_was_chosen_and_what_they_rest_on),
        T(test_what_is_withheld_is_a_reason_and_nothing_else),
        T(test_a_picture_that_cannot_be_drawn_is_a_fault_of_the_plugin),
        T(test_officers_are_led_to_the_payments_and_nobody_else),
        T(test_open_data_leaves_small_groups_out_and_one_more_that_would_tell_them),
        T(test_keys_of_open_data_are_those_that_its_page_documents),
        T(test_only_files_of_years_with_payments_exist),
        T(test_every_files_page_adds_up_to_the_penny),
        T(test_without_a_plugin_the_pages_say_so_plainly),
        T(test_a_place_without_payments_says_so),
        T(test_an_upload_over_the_limit_is_refused_before_it_is_read),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
