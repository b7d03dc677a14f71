// SPDX-License-Identifier: Apache-2.0
// Promise: a plugin and a host built with different minor versions of the header work together, each with
// what both of them know. This file is built twice, as a host of 1.0 and as one of 1.1.
#include "base/ctx.h"
#include "plugin/plugin.h"
#include "plugin/points.h"

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
static struct anc_mem_api grown_mem;
#endif

// The host of 1.1 has functions that core/plugin does not know yet; they are put in behind its back.
void __wrap_plugin_make_host(struct plugin *p) {
    __real_plugin_make_host(p);
#if HOST_GROWN
    grown_mem = *p->host->mem;
    grown_mem.grown_twice = twice;
    p->host->mem = &grown_mem;
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
        cmocka_unit_test(test_rows_of_both_lengths_are_read),
    };
    return cmocka_run_group_tests(tests, open_host, close_host);
}
