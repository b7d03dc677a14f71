// SPDX-License-Identifier: Apache-2.0
// Promise: a plugin and a host built with different minor versions of the header work together, each with
// what both of them know. This file is built twice, as a host of 1.0 and as one of 1.1.
#include "base/ctx.h"
#include "plugin/payments.h"
#include "plugin/plugin.h"
#include "plugin/points.h"
#include "plugin/sums.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOST_GROWN (ANC_ABI_MINOR >= 1)

static struct plugin_host *host;
static struct arena *arena;
static struct ctx context;

void __real_plugin_make_host(struct plugin *p);
void __wrap_plugin_make_host(struct plugin *p);

#if HOST_GROWN
static const char *twice(anc_ctx *ctx, const char *text) {
    return context.arena && ctx ? arena_printf(context.arena, "%s%s", text, text) : "";
}
static int64_t square(anc_ctx *ctx, int64_t n) {
    return ctx ? n * n : 0;
}
static const struct anc_grown_api grown_api = {.size = sizeof grown_api, .square = square};
static const char *language(anc_ctx *ctx) {
    return ctx ? "English" : "";
}
static struct anc_mem_api grown_mem;
static struct anc_page_api grown_page;
#endif

// The host of 1.1 has functions that core/plugin does not know yet; they are put in behind its back.
void __wrap_plugin_make_host(struct plugin *p) {
    __real_plugin_make_host(p);
#if HOST_GROWN
    grown_mem = *p->host->mem;
    grown_mem.grown_twice = twice;
    p->host->mem = &grown_mem;
    grown_page = *p->host->page;
    grown_page.grown_language = language;
    p->host->page = &grown_page;
    p->host->grown = &grown_api;
#endif
}

static int open_host(void **state) {
    (void)state;
    arena = arena_new(16u << 20);
    host = plugin_host_read(GROWN_DIR, "grown_10,grown_11,grown_needs");
    plugin_host_check(host, COPIES, NULL);
    plugin_host_start(host, NULL);
    ctx_init(&context, arena, NULL);
    context.plugins = plugin_host_now(host);
    return 0;
}

static int close_host(void **state) {
    (void)state;
    plugin_host_close(host);
    arena_free(arena);
    return 0;
}

static struct plugin_info info_of(const char *id) {
    struct plugin_info p;
    assert_true(plugin_find(host, arena, id, &p));
    return p;
}

static const char *reasons_of(const char *id) {
    struct provider p;
    struct anc_tag tag;
    struct anc_supplier facts = {
        .size = sizeof facts,
        .name = "Invented Works",
        .postcode = "",
        .company_number = "",
        .charity_number = "",
        .company_category = "",
        .company_status = "",
        .company_name = "",
        .company_postcode = "",
        .charity_name = "",
        .charity_status = "",
        .charity_postcode = "",
#if HOST_GROWN
        .grown_staff = 30,
#endif
    };
    if (!provider_find(context.plugins, ANC_POINT_SUPPLIER_TAGGER, id, &p)) {
        fail_msg("%s has no tagger here: %s", id, info_of(id).reason);
    }
    memset(&tag, 0, sizeof tag);
    if (point_judge(&context, &p, &facts, &tag) != ERR_OK) {
        fail_msg("%s: %s", id, context.err_detail);
    }
    assert_string_equal(tag.detail, "hello");
#if HOST_GROWN
    assert_true(strcmp(id, "grown_10") == 0 ? !tag.grown_next : strcmp(tag.grown_next, "come again") == 0);
#endif
    return tag.reasons;
}

static int32_t points_of(const char *id) {
    struct provider p;
    struct anc_score score = {.size = sizeof score};
    struct anc_commitment list[3];
    for (size_t i = 0; i < 3; i++) {
        list[i] = (struct anc_commitment) {
            .size = sizeof list[i], .measure = "A1", .units = (int64_t)i + 1, .evidence = "",
#if HOST_GROWN
            .grown_years = 100,
#endif
        };
    }
    struct anc_bid bid = {.size = sizeof bid,
                          .ref = "bid",
                          .commitments = list,
                          .commitment_count = 3,
                          .max_points_milli = 100000};
    assert_true(provider_find(context.plugins, ANC_POINT_BID_SCORER, id, &p));
    if (point_score(&context, &p, &bid, &score) != ERR_OK) {
        fail_msg("%s: %s", id, context.err_detail);
    }
    return score.points_milli;
}

#if HOST_GROWN
#define ALL_OF_IT "Invented Works: limit 12, twice abab, square 49, staff 30"
#define SUM       306
#else
#define ALL_OF_IT "Invented Works: limit 12, twice none, square -1, staff -1"
#define SUM       6
#endif

static void test_a_plugin_of_1_0_works_with_this_host(void **state) {
    (void)state;
    assert_string_equal(reasons_of("grown_10"), "Invented Works: limit 12, twice none, square -1, staff -1");
}

static void test_a_plugin_of_1_1_uses_what_this_host_has(void **state) {
    (void)state;
    assert_string_equal(reasons_of("grown_11"), ALL_OF_IT);
}

static void test_arrays_are_stepped_by_the_size_of_their_elements(void **state) {
    (void)state;
    assert_int_equal(points_of("grown_10"), 6);
    assert_int_equal(points_of("grown_11"), SUM);
}

static void test_a_plugin_that_needs_1_1_is_refused_by_1_0_in_words(void **state) {
    (void)state;
    struct plugin_info p = info_of("grown_needs");
#if HOST_GROWN
    assert_int_equal(p.state, PLUGIN_ACTIVE);
    assert_string_equal(reasons_of("grown_needs"), ALL_OF_IT);
#else
    assert_int_equal(p.state, PLUGIN_FAILED);
    assert_string_equal(p.reason, "It needs ABI 1.1, this server has 1.0. Update the server.");
#endif
}

// ---- sums and pages

static struct anc_slice asked; // the slice as the host got it

static enum err fake_slice(struct ctx *c, const struct spend_sums *s, const struct anc_slice *slice,
                           uint32_t *ret_count, const struct anc_sum **ret_rows) {
    (void)c, (void)s;
    static const struct anc_sum rows[] = {
        {.size = sizeof rows[0], .key = "a", .label = "A", .then_key = "", .then_label = "", .pence = 10},
        {.size = sizeof rows[0],
         .key = "b",
         .label = "B",
         .then_key = "",
         .then_label = "",
         .pence = 20,
#if HOST_GROWN
         .grown_median = 3
#endif
        }};
    asked = *slice;
    *ret_count = 2;
    *ret_rows = rows;
    return ERR_OK;
}

static enum err open_page(const char *id, const char *query, struct plugin_page *page) {
    static const struct spend_sums sums = {.slice = fake_slice};
    struct form_pair pair = {.name = query, .value = "1"};
    struct plugin_route route = {.method = "GET", .path = "/x", .form = "-"};
    for (size_t i = 0; i < context.plugins->count; i++) {
        const struct plugin_member *m = &context.plugins->members[i];
        struct anc_route row;
        if (strcmp(m->plugin->id, id) == 0) {
            plugin_row(&m->plugin->about.routes, 0, &row, sizeof row);
            route.member = m;
            route.page = row.page;
        }
    }
    assert_non_null(route.member);
    *page = (struct plugin_page){.query = &pair, .query_count = 1, .model = model_new(arena)};
    context.sums = &sums;
    return plugin_page_call(&context, &route, page);
}

static void expect_page(const char *id, const char *text) {
    struct plugin_page page;
    assert_int_equal(open_page(id, "", &page), ERR_OK);
    assert_int_equal(page.byte_count, strlen(text));
    assert_memory_equal(page.bytes, text, page.byte_count);
    assert_int_equal(asked.size, sizeof asked);
    assert_int_equal(asked.by, ANC_BY_FLOW);
    assert_string_equal(asked.vcfse_classes, "");
}

static void test_pages_and_sums_give_each_what_it_knows(void **state) {
    (void)state;
    expect_page("grown_10", "none a10 b20");
#if HOST_GROWN
    assert_null(asked.grown_region);
    expect_page("grown_11", "English a10 b20(3)");
    assert_string_equal(asked.grown_region, "north");
#else
    expect_page("grown_11", "none a10 b20");
#endif
}

// Other payments would be added up than the plugin means.
static void test_a_choice_that_the_host_does_not_know_is_refused_and_not_dropped(void **state) {
    (void)state;
    struct plugin_page page;
    assert_int_equal(open_page("grown_11", "boldly", &page), HOST_GROWN ? ERR_OK : ERR_INVALID);
}

// ---- payments and payees

struct payments_world {
    struct payments_reader *reader;
    struct anc_columns columns;
    int64_t pence[2], discount[2];
    int32_t flow;
};

// A file of two rows, lines 3 and 4, on sheets 1 and 2.
static struct payments_world read_file(const char *id) {
    static const char *const text[] = {"A", "1", "B", "2"};
    static const uint32_t length[] = {1, 1, 1, 1}, first[] = {0, 2, 4};
    static const uint64_t line[] = {3, 4};
    struct payments_world w = {.flow = -1};
    int32_t what[2], day[2];
    int64_t vat[2];
    uint32_t flags[2], why[2];
    struct anc_cells cells = {
        .size = sizeof cells, .rows = 2, .text = text, .length = length, .first = first, .line = line};
    struct anc_lines lines = {.size = sizeof lines,
                              .what = what,
                              .pence = w.pence,
                              .vat_lost_pence = vat,
                              .day = day,
                              .flags = flags,
                              .why = why};
    struct anc_columns chosen = {.size = sizeof chosen};
    struct anc_party payee = {.size = sizeof payee, .name = "A"};
    struct anc_label label = {.size = sizeof label, .category = "", .purpose = "", .department = ""};
#if HOST_GROWN
    static const uint32_t sheet[] = {1, 2};
    cells.grown_sheet = sheet;
    lines.grown_discount = w.discount;
    label.grown_account = "4711";
#endif
    for (int i = 0; i < ANC_COL_MOST; i++) {
        chosen.column[i] = i == ANC_COL_DATE ? 3 : -1;
    }
    struct findings found;
    struct provider p;
    assert_true(provider_find(context.plugins, ANC_POINT_PAYMENTS_READER, id, &p));
    if (payments_reader_open_with(&context, &p, &cells, "x.csv", &chosen, &w.reader, &found) != ERR_OK) {
        fail_msg("%s: %s", id, context.err_detail);
    }
    payments_reader_columns(w.reader, &w.columns);
    assert_int_equal(payments_reader_map(w.reader, &cells, &lines), ERR_OK);
    assert_int_equal(payments_reader_flow(w.reader, &payee, &label, &w.flow), ERR_OK);
    payments_reader_close(w.reader);
    return w;
}

static void test_files_of_payments_are_read_by_old_and_new_readers(void **state) {
    (void)state;
    struct payments_world w = read_file("grown_10");
    assert_int_equal(w.columns.size, sizeof w.columns);
    assert_int_equal(w.columns.head_rows, 2);
    assert_int_equal(w.columns.column[ANC_COL_AMOUNT], 1);
    assert_int_equal(w.columns.column[ANC_COL_DATE], -1);
    assert_int_equal(w.pence[0], 300);
    assert_int_equal(w.pence[1], 400);
    assert_int_equal(w.flow, ANC_FLOW_PROCUREMENT);
#if HOST_GROWN
    assert_int_equal(w.columns.column[ANC_COL_GROWN], -1);
    assert_int_equal(w.columns.grown_currency, 0);
    assert_int_equal(w.discount[1], 0);
#endif
    w = read_file("grown_11");
    assert_int_equal(w.columns.column[ANC_COL_AMOUNT], 1);
    assert_int_equal(w.pence[1], HOST_GROWN ? 402 : 400);
    assert_int_equal(w.flow, HOST_GROWN ? ANC_FLOW_GRANT : ANC_FLOW_PROCUREMENT);
#if HOST_GROWN
    assert_int_equal(w.columns.column[ANC_COL_GROWN], 5);
    assert_int_equal(w.columns.grown_currency, 826);
    assert_int_equal(w.discount[1], 9);
#endif
}

static struct anc_match match_of(const char *id) {
    struct provider p;
    struct anc_party given = {.size = sizeof given, .name = "Ann", .from_day = 5}, read;
    struct anc_match m = {.reason = ""};
    uint64_t blocks[4] = {0};
    uint32_t count = 0;
#if HOST_GROWN
    given.grown_country = "Wales";
#endif
    assert_true(provider_find(context.plugins, ANC_POINT_PAYEE_MATCHER, id, &p));
    if (matcher_read(&context, &p, &given, &read) != ERR_OK ||
        matcher_blocks(&context, &p, &read, blocks, 4, &count) != ERR_OK ||
        matcher_judge(&context, &p, &read, &read, &m) != ERR_OK) {
        fail_msg("%s: %s", id, context.err_detail);
    }
    assert_int_equal(read.size, sizeof read);
    assert_int_equal(count, 1);
    assert_int_equal(blocks[0], 1);
    assert_int_equal(m.size, sizeof m);
    return m;
}

static void test_payees_are_matched_by_old_and_new_matchers(void **state) {
    (void)state;
    assert_string_equal(match_of("grown_10").reason, "Ann of nowhere");
    assert_string_equal(match_of("grown_11").reason, HOST_GROWN ? "Ann of Wales" : "Ann of nowhere");
#if HOST_GROWN
    assert_null(match_of("grown_10").grown_rule);
    assert_string_equal(match_of("grown_11").grown_rule, "country");
#endif
}

static void test_rows_of_both_lengths_are_read(void **state) {
    (void)state;
    static const char *const ids[] = {"grown_10", "grown_11"};
    for (size_t i = 0; i < 2; i++) {
        struct plugin_info p = info_of(ids[i]);
        assert_int_equal(p.state, PLUGIN_ACTIVE);
        struct anc_setting setting;
        struct anc_route route;
        struct anc_sql sql;
        plugin_row(&p.about->settings, 1, &setting, sizeof setting);
        plugin_row(&p.about->routes, 1, &route, sizeof route);
        plugin_row(&p.about->sql, 1, &sql, sizeof sql);
        assert_string_equal(setting.key, "word");
        assert_int_equal(route.perm, ANC_PERM_ADMIN);
        assert_int_equal(sql.params, 1);
#if HOST_GROWN
        assert_null(setting.grown_unit);
        assert_int_equal(sql.grown_limit, 0);
        assert_int_equal(p.about->grown.count, i == 0 ? 0 : 2);
#endif
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_plugin_of_1_0_works_with_this_host),
        cmocka_unit_test(test_a_plugin_of_1_1_uses_what_this_host_has),
        cmocka_unit_test(test_arrays_are_stepped_by_the_size_of_their_elements),
        cmocka_unit_test(test_a_plugin_that_needs_1_1_is_refused_by_1_0_in_words),
        cmocka_unit_test(test_pages_and_sums_give_each_what_it_knows),
        cmocka_unit_test(test_a_choice_that_the_host_does_not_know_is_refused_and_not_dropped),
        cmocka_unit_test(test_files_of_payments_are_read_by_old_and_new_readers),
        cmocka_unit_test(test_payees_are_matched_by_old_and_new_matchers),
        cmocka_unit_test(test_rows_of_both_lengths_are_read),
    };
    return cmocka_run_group_tests(tests, open_host, close_host);
}
