// SPDX-License-Identifier: Apache-2.0
// Promises of the pages about money that comes round again: officers keep what suppliers answered, nothing is
// said from fewer than five answers, and the multiplier is the one of the method.
#include "cli/assemble.h"
#include "support/market.h"
#include "support/pagetest.h"
#include "support/payments.h"
#include "support/plugtest.h"

#include <string.h>

static struct plugtest plugins;
static struct arena *app_arena;
static const struct app *app;

// Six suppliers here and six elsewhere, each side paid £10,000 in 2025/26.
static void fill(struct dbtest *t) {
    market_fill(t->c);
    dbtest_run(t->c,
               "UPDATE core.membership SET role = 'officer' WHERE org_id = (SELECT id FROM core.organisation "
               "WHERE ref = 'hospital')");
    dbtest_run(
        t->c,
        "INSERT INTO core.organisation (ref, kind, name) SELECT 'firm' || i, 'supplier', CASE WHEN i < 7 "
        "THEN 'Near ' ELSE 'Far ' END || i FROM generate_series(1, 12) i");
    dbtest_run(
        t->c,
        "INSERT INTO core.supplier (id, match_name, postcode, town, address1, is_local) SELECT id, name, "
        "'WN1 1AA', 'Town', '1 Street', name LIKE 'Near%%' FROM core.organisation WHERE ref LIKE 'firm%%'");
    payments_add_load(t->c, "LOADA", "council");
    static const char *const where[] = {"is_local = true, lad_code = 'E08000010'",
                                        "is_local = false, lad_code = 'E08000003'"};
    for (int i = 0; i < 2; i++) {
        const char *id = payments_add_payee(t->c, i ? "FAR LTD" : "NEAR LTD", "open", where[i]);
        payments_add(t->c, &(struct test_payment){
                               .load = "LOADA", .payee = id, .day = "2025-06-01", .pence = 1000000});
    }
}

static int set_up(void **state) {
    char why[300] = "";
    int rc = dbtest_setup(state);
    app_arena = arena_new((size_t)64 * 1024 * 1024);
    const struct frame *frame = frame_new(app_arena, why, sizeof why);
    assert_non_null(frame);
    plugins = plugtest_start_pages(((struct dbtest *)*state)->c, BINARY_DIR "/plugins", "local_spend",
                                   frame_templates(frame));
    app = pagetest_app(app_arena, plugins.host);
    fill(*state);
    return rc;
}

static int tear_down(void **state) {
    arena_free(app_arena);
    return plugtest_teardown(state, &plugins);
}

#define SURVEY "/x/local_spend/survey"

static struct page answer(struct visitor *v, const char *who, int i, int staff, int suppliers) {
    return pagetest_post(v, SURVEY "/new?year=2025",
                         arena_printf(v->t->arena, "supplier=%s %d&contract=100&staff=%d&suppliers=%d", who,
                                      i, staff, suppliers));
}

static void test_from_fewer_than_five_answers_nothing_is_said(void **state) {
    struct visitor officer = pagetest_visitor(app, *state, "hospital");
    for (int i = 1; i <= 4; i++) {
        assert_page(answer(&officer, "Near", i, 30, 20), 303, NULL);
    }
    for (int i = 7; i <= 11; i++) {
        assert_page(answer(&officer, "Far", i, 10, 0), 303, NULL);
    }
    struct page p = pagetest_get(&officer, SURVEY "?year=2025");
    assert_page(p, 200, "4 answers, too few to say anything.");
    assert_page(p, 200, "5 answers. They spend 10.0% of what they were paid here again.");
    assert_page(p, 200, "Too few answers to say anything");
    assert_page(pagetest_get(&officer, "/x/local_spend"), 200, "Too few answers to say anything");
}

static void test_the_multiplier_of_five_answers_is_that_of_the_method(void **state) {
    struct visitor officer = pagetest_visitor(app, *state, "hospital"),
                   anybody = pagetest_visitor(app, *state, NULL);
    for (int i = 1; i <= 5; i++) {
        assert_page(answer(&officer, "Near", i, 30, 20), 303, NULL);
    }
    for (int i = 7; i <= 11; i++) {
        assert_page(answer(&officer, "Far", i, 10, 0), 303, NULL);
    }
    // Half of £10,000 and a tenth of £10,000 come round; (20,000 + 10,000 + 5,000) / 20,000.
    struct page p = pagetest_get(&officer, SURVEY "?year=2025");
    assert_page(p, 200, "£6,000 of what the public bodies spent comes round here again.");
    assert_page(p, 200, "The multiplier (LM3) is 1.75");
    p = pagetest_get(&anybody, "/x/local_spend");
    assert_page(p, 200, "£6,000 of what the public bodies spent in 2025/26 comes round here again.");
    assert_page(p, 200, "The multiplier is 1.75.");
    assert_null(strstr(p.body, "Near 1")); // who answered what is for officers
    assert_null(strstr(p.body, SURVEY));
}

static void test_a_supplier_answers_once_a_year_and_the_answer_can_be_removed(void **state) {
    struct visitor officer = pagetest_visitor(app, *state, "hospital");
    assert_page(answer(&officer, "Near", 1, 30, 20), 303, NULL);
    assert_page(answer(&officer, "near", 1, 60, 0), 303, NULL);
    struct page p = pagetest_get(&officer, SURVEY "?year=2025");
    assert_page(p, 200, "1 answer for 2025/26");
    assert_page(p, 200, "£60.00");
    assert_null(strstr(p.body, "£30.00"));
    const char *at = strstr(p.body, SURVEY "/");
    while (at && strncmp(at + strlen(SURVEY "/"), "new", 3) == 0) {
        at = strstr(at + 1, SURVEY "/");
    }
    assert_non_null(at);
    const char *path = arena_strndup(officer.t->arena, at, strcspn(at, "\""));
    assert_page(pagetest_get(&officer, path), 200, "Remove the answer of Near 1");
    assert_page(pagetest_get(&officer, SURVEY "?year=2025"), 200,
                "1 answer for 2025/26"); // asking is all it did
    assert_page(pagetest_post(&officer, path, ""), 303, NULL);
    assert_page(pagetest_get(&officer, SURVEY "?year=2025"), 200, "No answer for 2025/26 yet");
    assert_page(pagetest_post(&officer, path, ""), 404, NULL);
}

static void test_an_answer_that_cannot_be_is_told_beside_its_field(void **state) {
    struct dbtest *t = *state;
    struct visitor officer = pagetest_visitor(app, t, "hospital");
    struct page p = answer(&officer, "Nobody", 1, 60, 50);
    assert_page(p, 422, "No supplier on the register has this name");
    assert_page(answer(&officer, "Near", 1, 60, 50), 422, "cannot be more than the supplier was paid");
    assert_page(answer(&officer, "Near", 1, 60, 40), 303, NULL); // exactly all of it can be
    dbtest_run(t->c, "UPDATE core.organisation SET name = 'Near 2' WHERE name = 'Near 3'");
    assert_page(answer(&officer, "Near", 2, 10, 10), 422,
                "More than one supplier on the register has this name");
    assert_page(pagetest_get(&officer, SURVEY "?year=2025"), 200, "1 answer for 2025/26");
}

static void test_only_officers_see_and_change_answers(void **state) {
    struct visitor supplier = pagetest_visitor(app, *state, "brook"),
                   anybody = pagetest_visitor(app, *state, NULL);
    assert_page(pagetest_get(&supplier, SURVEY), 403, NULL);
    assert_page(pagetest_get(&supplier, SURVEY "/new"), 403, NULL);
    assert_page(answer(&supplier, "Near", 1, 10, 10), 403, NULL);
    assert_page(pagetest_post(&supplier, SURVEY "/1/remove", ""), 403, NULL);
    assert_page(pagetest_get(&anybody, SURVEY), 303, NULL);
}

static void test_a_multiplier_by_hand_counts_the_first_round_only_where_it_stays(void **state) {
    struct visitor v = pagetest_visitor(app, *state, NULL);
#define FORM "income=1,000,000&staff=40&suppliers=20&staff_again=30&suppliers_again=35&first=%s"
    assert_page(pagetest_post(&v, "/x/local_spend/multiplier", arena_printf(v.t->arena, FORM, "here")), 200,
                "The multiplier is 1.79");
    assert_page(pagetest_post(&v, "/x/local_spend/multiplier", arena_printf(v.t->arena, FORM, "elsewhere")),
                200, "The multiplier is 0.79");
    struct page p =
        pagetest_post(&v, "/x/local_spend/multiplier",
                      "income=100&staff=60&suppliers=50&staff_again=0&suppliers_again=0&first=here");
    assert_page(p, 422, "cannot be over 100%");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_from_fewer_than_five_answers_nothing_is_said),
        T(test_the_multiplier_of_five_answers_is_that_of_the_method),
        T(test_a_supplier_answers_once_a_year_and_the_answer_can_be_removed),
        T(test_an_answer_that_cannot_be_is_told_beside_its_field),
        T(test_only_officers_see_and_change_answers),
        T(test_a_multiplier_by_hand_counts_the_first_round_only_where_it_stays),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
