// SPDX-License-Identifier: Apache-2.0
// Plugins get sums over payments: through the host, in their own role before and after, as of one state.
#include "cubetest.h"

#include "plugin/points.h"
#include "spend/sums.h"
#include "support/plugtest.h"

#include <string.h>

#define PROBES BINARY_DIR "/tests/sums"

static const struct panel_figure *figure(const struct panel *p, const char *label, int nth) {
    for (size_t i = 0; i < p->figure_count; i++) {
        if (strcmp(p->figures[i].label, label) == 0 && nth-- == 0) {
            return &p->figures[i];
        }
    }
    fail_msg("no figure \"%s\"", label);
    return NULL;
}

static enum err fill(struct ctx *c, const char *view, struct panel *ret) {
    static const struct anc_slice all = {.size = sizeof all};
    struct anc_spend_filter f = {.size = sizeof f, .anchor_ref = "", .view = view, .chosen = &all};
    struct provider from;
    assert_true(provider_at(c->plugins, ANC_POINT_SPEND_PANEL, 0, &from));
    return point_panel(c, &from, &f, ret);
}

struct scene {
    struct world w;
    struct cube *k;
    struct plugtest plugins;
    struct sums_unit u;
};

static void begin(struct scene *s, void **state) {
    world_make(&s->w, *state, 1, 2, 2);
    dbtest_run(s->w.c, "UPDATE core.payee SET supplier_id = NULL, lad_code = 'E08000010', is_local = id = 1");
    int64_t load = world_load(s->w.c, "council");
    world_line(s->w.c, load, "1", "2025-03-31", "Care", ANC_FLOW_PROCUREMENT, 300);
    world_line(s->w.c, load, "2", "2025-04-01", "Care", ANC_FLOW_PROCUREMENT, 20);
    world_sums(s->w.c, load);
    s->k = cube_new();
    s->plugins = plugtest_start(s->w.c, PROBES, "probe_sums");
}

static void end(struct scene *s) {
    plugtest_stop(&s->plugins, s->w.c);
    cube_free(s->k);
    world_end(&s->w);
}

static void test_a_plugin_gets_sums_between_its_statements_and_stays_in_its_role(void **state) {
    struct scene s;
    struct panel p;
    begin(&s, state);
    for (int i = 0; i < 2; i++) {
        sums_begin(&s.u, s.k, s.w.c);
        assert_err(s.w.c, fill(s.w.c, "statements", &p), ERR_OK);
        sums_end(&s.u, s.w.c);
        assert_int_equal(figure(&p, "local", 0)->value, 300);
        assert_int_equal(figure(&p, "elsewhere", 0)->value, 20);
        assert_int_equal(figure(&p, "years", 0)->value, 2);
        assert_int_equal(figure(&p, "short", 0)->value, 300);
        assert_int_equal(figure(&p, "unknown choice", 0)->value, ANC_E_INVALID);
        assert_int_equal(figure(&p, "no slice", 0)->value, ANC_E_INVALID);
        assert_string_equal(figure(&p, "who", 0)->note, "plg_probe_sums");
        assert_string_equal(figure(&p, "who", 1)->note, "plg_probe_sums");
    }
    assert_string_equal(dbtest_value(s.w.c, "SELECT string_agg(text, ' ') FROM plg_probe_sums.note"),
                        "plg_probe_sums plg_probe_sums");
    assert_string_not_equal(dbtest_value(s.w.c, "SELECT current_user"), "plg_probe_sums");
    end(&s);
}

static void test_without_sums_a_plugin_is_told_that_there_are_none_now(void **state) {
    struct scene s;
    struct panel p;
    begin(&s, state);
    assert_null(s.w.c->sums);
    assert_int_not_equal(fill(s.w.c, "", &p), ERR_OK);
    end(&s);
}

static void test_where_there_are_no_payments_every_answer_is_empty(void **state) {
    struct scene s;
    struct panel p;
    begin(&s, state);
    s.w.c->sums = &sums_none;
    assert_err(s.w.c, fill(s.w.c, "", &p), ERR_OK);
    assert_int_equal(figure(&p, "years", 0)->value, 0);
    assert_int_equal(figure(&p, "short", 0)->value, -1);
    s.w.c->sums = NULL;
    end(&s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_plugin_gets_sums_between_its_statements_and_stays_in_its_role),
        TEST(test_without_sums_a_plugin_is_told_that_there_are_none_now),
        TEST(test_where_there_are_no_payments_every_answer_is_empty),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
