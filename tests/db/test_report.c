// SPDX-License-Identifier: Apache-2.0
// Frozen reports of spend: they come out the same for ever, and why two of them differ adds up to the penny.
#include "cubetest.h"
#include "render/table.h"
#include "spend/report.h"
#include "spend/sums.h"
#include "support/plugtest.h"

#include <stdlib.h>
#include <string.h>

static struct plugtest plugins;

static int set_up(void **state) {
    int rc = dbtest_setup(state);
    plugins = plugtest_start(((struct dbtest *)*state)->c, BINARY_DIR "/plugins", "local_spend");
    return rc;
}

static int tear_down(void **state) {
    return plugtest_teardown(state, &plugins);
}

// A place with payments of some loads, and an officer at work in it.
static struct cube *with_payments(struct world *w, struct dbtest *t, uint64_t seed) {
    world_make(w, t, seed, 12, 24);
    for (int i = 0; i < 6; i++) {
        world_change(w, 0); // a load
    }
    w->c->actor.perms |= 1u << PERM_OFFICER;
    return cube_new();
}

static struct anc_slice year_slice(int32_t year) {
    struct anc_slice s = world_slice(ANC_BY_NOTHING, ANC_BY_NOTHING);
    s.from_year = s.to_year = year;
    return s;
}

static int32_t latest_year(struct world *w, struct cube *k) {
    struct sums_unit u;
    const int32_t *years;
    uint32_t n = 0;
    sums_begin(&u, k, w->c);
    assert_err(w->c, w->c->sums->years(w->c, w->c->sums, &n, &years), ERR_OK);
    assert_true(n > 0);
    int32_t year = years[0];
    sums_end(&u, w->c);
    return year;
}

static const char *make(struct world *w, struct cube *k, const char *name, const struct anc_slice *s) {
    struct sums_unit u;
    const char *ref = NULL;
    sums_begin(&u, k, w->c);
    assert_err(w->c, report_make(w->c, name, s, &ref), ERR_OK);
    sums_end(&u, w->c);
    return ref;
}

static void assert_same(struct world *w, const char *ref) {
    bool same = false;
    const char *why = "";
    assert_err(w->c, report_rerun(w->c, ref, &same, &why), ERR_OK);
    if (!same) {
        fail_msg("%s: %s", ref, why);
    }
}

static void test_a_report_comes_out_the_same_whatever_changes_afterwards(void **state) {
    struct world w;
    struct cube *k = with_payments(&w, *state, 20261122);
    struct anc_slice s = year_slice(latest_year(&w, k));
    const char *ref = make(&w, k, "Before", &s);
    assert_same(&w, ref);
    for (int i = 0; i < 40; i++) {
        world_change(&w, world_random(&w, WORLD_CHANGES));
    }
    assert_same(&w, ref);
    cube_free(k);
    world_end(&w);
}

static void test_a_report_that_somebody_changed_in_the_database_is_found_out(void **state) {
    struct world w;
    struct cube *k = with_payments(&w, *state, 7);
    struct anc_slice s = year_slice(latest_year(&w, k));
    const char *ref = make(&w, k, "Before", &s), *why;
    bool same = true;
    dbtest_run(w.c, "UPDATE core.spend_report_cell SET amount_pence = amount_pence + 1 WHERE ctid = "
                    "(SELECT min(ctid) FROM core.spend_report_cell)");
    assert_err(w.c, report_rerun(w.c, ref, &same, &why), ERR_OK);
    assert_false(same);
    cube_free(k);
    world_end(&w);
}

static void test_when_it_no_longer_comes_out_the_same_the_stored_figures_are_shown(void **state) {
    struct world w;
    struct cube *k = with_payments(&w, *state, 11);
    struct anc_slice s = year_slice(latest_year(&w, k));
    const char *ref = make(&w, k, "Stored", &s);
    struct report_shown now, stored;
    assert_err(w.c, report_show(w.c, ref, &now), ERR_OK);
    assert_true(now.same);
    assert_true(now.panel.figure_count > 0 && now.panel.part_count > 3 && now.file_count > 0);
    dbtest_run(w.c, "UPDATE core.spend_report SET figures_hash = 'of other rules'");
    assert_err(w.c, report_show(w.c, ref, &stored), ERR_OK);
    assert_false(stored.same);
    assert_int_equal(stored.panel.figure_count, now.panel.figure_count);
    for (size_t i = 0; i < now.panel.figure_count; i++) {
        assert_string_equal(stored.panel.figures[i].label, now.panel.figures[i].label);
        assert_int_equal(stored.panel.figures[i].value, now.panel.figures[i].value);
    }
    assert_int_equal(stored.panel.part_count, now.panel.part_count);
    for (size_t i = 0; i < now.panel.part_count; i++) {
        size_t n[2];
        const char *a = html_bytes(table_html(now.panel.parts[i].table), &n[0]);
        const char *b = html_bytes(table_html(stored.panel.parts[i].table), &n[1]);
        assert_int_equal(n[0], n[1]);
        assert_memory_equal(a, b, n[0]);
    }
    cube_free(k);
    world_end(&w);
}

static void test_a_report_that_is_not_public_is_for_officers_only(void **state) {
    struct world w;
    struct cube *k = with_payments(&w, *state, 13);
    struct anc_slice s = year_slice(latest_year(&w, k));
    const char *ref = make(&w, k, "Ours", &s);
    struct report_shown shown;
    w.c->actor.perms &= ~(1u << PERM_OFFICER);
    assert_err(w.c, report_show(w.c, ref, &shown), ERR_NOT_FOUND);
    w.c->actor.perms |= 1u << PERM_OFFICER;
    assert_err(w.c, report_publish(w.c, ref, true), ERR_OK);
    w.c->actor.perms &= ~(1u << PERM_OFFICER);
    assert_err(w.c, report_show(w.c, ref, &shown), ERR_OK);
    assert_string_equal(shown.name, "Ours");
    cube_free(k);
    world_end(&w);
}

// The figure as the cube gives it now.
static int64_t figure_now(struct world *w, struct cube *k, struct anc_slice s, const char *figure) {
    struct sums_unit u;
    const struct anc_sum *rows;
    uint32_t n = 0;
    int64_t pence = 0;
    s.flows = 1u << ANC_FLOW_PROCUREMENT | 1u << ANC_FLOW_CREDIT | 1u << ANC_FLOW_PASS_THROUGH |
              1u << ANC_FLOW_CARD | 1u << ANC_FLOW_GRANT;
    s.places = strcmp(figure, "all") == 0 ? 0 : 1u << ANC_PLACE_LOCAL;
    s.vcfse = strcmp(figure, "vcfse") == 0 ? 1u << ANC_VCFSE_YES : 0;
    sums_begin(&u, k, w->c);
    assert_err(w->c, w->c->sums->slice(w->c, w->c->sums, &s, &n, &rows), ERR_OK);
    for (uint32_t i = 0; i < n; i++) {
        pence += ANC_AT(rows, i)->pence;
    }
    sums_end(&u, w->c);
    return pence;
}

static void test_why_two_reports_differ_adds_up_to_the_penny(void **state) {
    static const char *const figures[] = {"all", "local", "vcfse"};
    struct world w;
    struct cube *k = with_payments(&w, *state, 4711);
    struct anc_slice s = year_slice(latest_year(&w, k));
    int64_t before[3], after[3];
    int found = 0;
    for (int i = 0; i < 3; i++) {
        before[i] = figure_now(&w, k, s, figures[i]);
    }
    const char *first = make(&w, k, "Before", &s);
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 12; i++) {
            world_change(&w, world_random(&w, WORLD_CHANGES));
        }
        const char *second = make(&w, k, "After", &s);
        for (int i = 0; i < 3; i++) {
            const struct report_difference *list;
            int64_t pence[REPORT_REASONS], sum = 0, rows = 0;
            size_t n;
            after[i] = figure_now(&w, k, s, figures[i]);
            assert_err(w.c, report_compare(w.c, first, second, figures[i], &list, &n, pence), ERR_OK);
            for (int r = 0; r < REPORT_REASONS; r++) {
                sum += pence[r];
            }
            for (size_t r = 0; r < n; r++) {
                rows += list[r].after_pence - list[r].before_pence;
            }
            assert_int_equal(sum, after[i] - before[i]);
            assert_int_equal(rows, after[i] - before[i]);
            found += n > 0;
        }
    }
    assert_true(found > 3); // the changes did make differences
    cube_free(k);
    world_end(&w);
}

static void set_switch(struct ctx *c, const char *key, const char *value) {
    dbtest_run(c,
               "INSERT INTO core.plugin_setting (plugin, key, value) VALUES ('local_spend', '%s', '%s') "
               "ON CONFLICT (plugin, key) DO UPDATE SET value = excluded.value",
               key, value);
}

static int64_t figure_in(struct ctx *c, const char *ref, const char *label) {
    struct report_shown s;
    assert_err(c, report_show(c, ref, &s), ERR_OK);
    for (size_t i = 0; i < s.panel.figure_count; i++) {
        if (strcmp(s.panel.figures[i].label, label) == 0) {
            return s.panel.figures[i].value;
        }
    }
    fail_msg("the report has no figure: %s", label);
    return 0;
}

static int64_t vcfse_in(struct ctx *c, const char *ref) {
    return figure_in(c, ref, "Of it with VCFSE suppliers");
}

// Five housing associations and five mutuals here, each paid once, in a year of their own: the public is told
// of fewer together nothing.
#define OF_EACH_CLASS 5
static void with_classes(struct world *w) {
    static const char *const classes[] = {"housing", "mutual"};
    static const int64_t first[] = {69996, 3996};
    dbtest_run(w->c, "DELETE FROM core.supplier_merge");
    dbtest_run(w->c, "DELETE FROM core.supplier_place");
    dbtest_run(w->c, "UPDATE core.supplier SET sector = 'catering', size = 'small'");
    int64_t load = world_load(w->c, "council");
    for (int i = 0; i < 2 * OF_EACH_CLASS; i++) {
        int class = i / OF_EACH_CLASS, n = i < OF_EACH_CLASS ? i + 1 : i + 2; // the sixth has no name
        dbtest_run(
            w->c,
            "UPDATE core.payee SET redacted = false, same_as = NULL, supplier_id = (SELECT id FROM "
            "core.organisation WHERE ref = 's%d'), is_local = true, lad_code = 'E08000010', ward_code = "
            "NULL WHERE id = %d",
            n, n);
        dbtest_run(
            w->c,
            "INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, policy_class, score, "
            "reasons, decided_at) SELECT id, 'vcfse', 'vcfse', 'policy', '%s', 50, '', now() FROM "
            "core.organisation WHERE ref = 's%d' ON CONFLICT (supplier_id, tag) DO UPDATE SET decision "
            "= excluded.decision, policy_class = excluded.policy_class, holds_from = NULL, "
            "holds_until = NULL",
            classes[class], n);
        world_line(w->c, load, arena_printf(w->c->arena, "%d", n), "2029-05-01", "Care", ANC_FLOW_PROCUREMENT,
                   i % OF_EACH_CLASS ? 1 : first[class]);
    }
    dbtest_run(w->c,
               "UPDATE core.payee SET redacted = true, supplier_id = NULL, same_as = NULL WHERE id = 6");
    world_line(w->c, load, "6", "2029-05-03", "Care", ANC_FLOW_HIDDEN, 900);
    world_sums(w->c, load);
}

static void test_switches_of_the_method_are_kept_with_a_report_and_explain_what_another_counts(void **state) {
    struct world w;
    struct cube *k = with_payments(&w, *state, 17);
    with_classes(&w);
    struct anc_slice s = year_slice(2029);
    const char *strict = make(&w, k, "Strict", &s);
    set_switch(w.c, "include_housing", "1");
    set_switch(w.c, "count_hidden", "1");
    const char *housing = make(&w, k, "With housing", &s);
    set_switch(w.c, "include_housing", "0");
    set_switch(w.c, "include_mutual", "1");
    const char *mutual = make(&w, k, "With mutuals", &s), *why;
    bool same = false;
    assert_int_equal(vcfse_in(w.c, strict), 0);
    assert_int_equal(vcfse_in(w.c, housing), 70000);
    assert_int_equal(vcfse_in(w.c, mutual), 4000);
    for (int i = 0; i < 3; i++) { // whatever is switched on by now
        assert_err(w.c, report_rerun(w.c, i == 0 ? strict : i == 1 ? housing : mutual, &same, &why), ERR_OK);
        assert_true(same);
    }
    const struct report_difference *list;
    int64_t pence[REPORT_REASONS];
    size_t n;
    assert_err(w.c, report_compare(w.c, housing, mutual, "vcfse", &list, &n, pence), ERR_OK);
    assert_int_equal(n, 2 * OF_EACH_CLASS);
    assert_int_equal(pence[REPORT_CHOICE], 4000 - 70000);
    assert_string_equal(list[0].after, "Supplier 1, local, policy: housing");
    assert_err(w.c, report_compare(w.c, strict, housing, "all", &list, &n, pence), ERR_OK);
    assert_int_equal(n, 1);
    assert_int_equal(pence[REPORT_CHOICE], 900); // names not published count in the second
    dbtest_run(w.c, "UPDATE core.supplier_tag SET policy_class = 'mutual' WHERE policy_class = 'housing'");
    const char *other = make(&w, k, "Another class", &s);
    assert_err(w.c, report_compare(w.c, mutual, other, "vcfse", &list, &n, pence), ERR_OK);
    assert_int_equal(pence[REPORT_TAGGED], 70000);
    cube_free(k);
    world_end(&w);
}

static void test_a_report_says_what_it_leaves_out_as_the_page_does(void **state) {
    struct world w;
    struct cube *k = with_payments(&w, *state, 18);
    with_classes(&w);
    struct anc_slice s = year_slice(2029);
    struct report_shown shown;
    assert_err(w.c, report_show(w.c, make(&w, k, "All kinds", &s), &shown), ERR_OK);
    bool kind = false;
    assert_int_equal(figure_in(w.c, shown.ref, "Name not published"), 900);
    for (size_t i = 0; i < shown.panel.part_count; i++) {
        size_t n;
        const char *html = html_bytes(table_html(shown.panel.parts[i].table), &n);
        kind =
            kind || (strcmp(shown.panel.parts[i].key, "by_kind") == 0 && strstr(html, "Name not published"));
    }
    assert_true(kind);
    assert_int_equal(shown.payments, 2 * OF_EACH_CLASS); // that count
    cube_free(k);
    world_end(&w);
}

static void test_a_report_beside_itself_differs_in_nothing(void **state) {
    struct world w;
    struct cube *k = with_payments(&w, *state, 3);
    struct anc_slice s = year_slice(latest_year(&w, k));
    const char *ref = make(&w, k, "One", &s);
    const struct report_difference *list;
    int64_t pence[REPORT_REASONS];
    size_t n = 1;
    assert_err(w.c, report_compare(w.c, ref, ref, "local", &list, &n, pence), ERR_OK);
    assert_int_equal(n, 0);
    assert_err(w.c, report_compare(w.c, ref, "none", "local", &list, &n, pence), ERR_NOT_FOUND);
    assert_err(w.c, report_compare(w.c, ref, ref, "other", &list, &n, pence), ERR_INVALID);
    cube_free(k);
    world_end(&w);
}

static void test_only_officers_make_and_show_reports_and_each_has_a_name(void **state) {
    struct world w;
    struct cube *k = with_payments(&w, *state, 5);
    struct anc_slice s = year_slice(latest_year(&w, k));
    struct sums_unit u;
    const char *ref = NULL;
    sums_begin(&u, k, w.c);
    assert_err(w.c, report_make(w.c, "", &s, &ref), ERR_INVALID);
    assert_string_equal(w.c->err_field, "name");
    w.c->actor.perms &= ~(1u << PERM_OFFICER);
    assert_err(w.c, report_make(w.c, "Mine", &s, &ref), ERR_DENIED);
    assert_err(w.c, report_publish(w.c, "any", true), ERR_DENIED);
    sums_end(&u, w.c);
    w.c->actor.perms |= 1u << PERM_OFFICER;
    assert_err(w.c, report_publish(w.c, "any", true), ERR_NOT_FOUND);
    ref = make(&w, k, "Mine", &s);
    assert_err(w.c, report_publish(w.c, ref, true), ERR_OK);
    assert_number(w.c, "SELECT count(*) FROM core.spend_report WHERE public AND published_at IS NOT NULL", 1);
    cube_free(k);
    world_end(&w);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_a_report_comes_out_the_same_whatever_changes_afterwards),
        T(test_a_report_that_somebody_changed_in_the_database_is_found_out),
        T(test_when_it_no_longer_comes_out_the_same_the_stored_figures_are_shown),
        T(test_a_report_that_is_not_public_is_for_officers_only),
        T(test_why_two_reports_differ_adds_up_to_the_penny),
        T(test_switches_of_the_method_are_kept_with_a_report_and_explain_what_another_counts),
        T(test_a_report_says_what_it_leaves_out_as_the_page_does),
        T(test_a_report_beside_itself_differs_in_nothing),
        T(test_only_officers_make_and_show_reports_and_each_has_a_name),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
