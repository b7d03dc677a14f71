// SPDX-License-Identifier: Apache-2.0
// Pitfalls of counting local spend that people fell into before, each as a promise about the sums. Others
// stand where their part is tested: moves, tags from a day on and removed charities in test_cube, agencies in
// test_load_same, refunds and shares without a place in the panel's tests.
#include "cubetest.h"

#include <string.h>

static const char *look(struct world *w, struct cube *k, int32_t by, int32_t rule) {
    const struct cube_view *v = NULL;
    struct anc_slice s = world_slice(by, ANC_BY_NOTHING);
    s.rule = rule;
    assert_err(w->by, cube_pin(w->by, k, &v), ERR_OK);
    const char *out = arena_strdup(w->c->arena, world_from_cube(w->by, v, &s));
    cube_unpin(v);
    return out;
}

// A supplier without any address yet, with payees 1 and 2 tied to it.
static struct cube *begin(struct world *w, void **state) {
    world_make(w, *state, 7, 2, 2);
    dbtest_run(w->c, "DELETE FROM core.supplier_place");
    dbtest_run(
        w->c,
        "UPDATE core.payee SET is_local = NULL, lad_code = NULL, ward_code = NULL, supplier_id = (SELECT id "
        "FROM core.organisation WHERE ref = 's1')");
    return cube_new();
}

static void pay(struct world *w, const char *payee, const char *day, int64_t pence) {
    int64_t load = world_load(w->c, "council");
    world_line(w->c, load, payee, day, "Care", ANC_FLOW_PROCUREMENT, pence);
    world_sums(w->c, load);
}

#define assert_has(text, row)                                                                                \
    if (!strstr((text), (row))) {                                                                            \
        fail_msg("no \"%s\" in \"%s\"", (row), (text));                                                      \
    }

static void test_a_payment_of_31_march_and_one_of_1_april_are_of_two_years(void **state) {
    struct world w;
    struct cube *k = begin(&w, state);
    pay(&w, "1", "2026-03-31", 500);
    pay(&w, "1", "2026-04-01", 70);
    const char *years = look(&w, k, ANC_BY_YEAR, ANC_WHERE_INVOICE);
    assert_has(years, "2025||500|1|1|");
    assert_has(years, "2026||70|1|1|");
    cube_free(k);
    world_end(&w);
}

// The parent is registered here; the branch that was paid is elsewhere, and the other way round.
static void test_a_branch_counts_where_it_is_and_not_where_its_group_is_registered(void **state) {
    struct world w;
    struct cube *k = begin(&w, state);
    dbtest_run(
        w.c,
        "INSERT INTO core.supplier_place (supplier_id, kind, postcode, is_local, lad_code, ward_code) SELECT "
        "id, 'registered', 'WN1 9ZZ', true, 'E08000010', 'E05000001' FROM core.organisation WHERE ref = "
        "'s1'");
    dbtest_run(w.c, "UPDATE core.payee SET is_local = false, lad_code = 'E08000002' WHERE id = 1");
    pay(&w, "1", "2025-06-01", 500); // to the branch elsewhere
    pay(&w, "2", "2025-06-01", 70);  // to no address that is known: the registered office
    const char *invoice = look(&w, k, ANC_BY_PLACE, ANC_WHERE_INVOICE);
    assert_has(invoice, "elsewhere||500|1|1|");
    assert_has(invoice, "local||70|1|1|");
    assert_has(look(&w, k, ANC_BY_PLACE, ANC_WHERE_REGISTERED), "local||570|2|1|");
    cube_free(k);
    world_end(&w);
}

// Some charities stand in the register twice, with an old number and a new one.
static void test_one_charity_with_two_numbers_is_one_supplier_once_a_person_says_so(void **state) {
    struct world w;
    struct cube *k = begin(&w, state);
    dbtest_run(
        w.c,
        "UPDATE core.payee SET supplier_id = (SELECT id FROM core.organisation WHERE ref = 's' || payee.id)");
    dbtest_run(
        w.c,
        "UPDATE core.supplier SET charity_number = CASE WHEN o.ref = 's1' THEN '9990001' ELSE '9990002' END "
        "FROM core.organisation o WHERE o.id = supplier.id");
    dbtest_run(w.c, "INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, score, reasons, "
                    "decided_at) SELECT "
                    "id, 'vcfse', 'vcfse', 'yes', 95, '', now() FROM core.supplier");
    pay(&w, "1", "2025-06-01", 500);
    pay(&w, "2", "2025-06-01", 70);
    assert_has(look(&w, k, ANC_BY_VCFSE, ANC_WHERE_INVOICE), "yes||570|2|2|");
    dbtest_run(w.c, "INSERT INTO core.supplier_merge (from_id, into_id, at) SELECT a.id, b.id, now() FROM "
                    "core.organisation a, core.organisation b WHERE a.ref = 's1' AND b.ref = 's2'");
    assert_has(look(&w, k, ANC_BY_VCFSE, ANC_WHERE_INVOICE), "yes||570|2|1|");
    cube_free(k);
    world_end(&w);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(test_a_payment_of_31_march_and_one_of_1_april_are_of_two_years),
        T(test_a_branch_counts_where_it_is_and_not_where_its_group_is_registered),
        T(test_one_charity_with_two_numbers_is_one_supplier_once_a_person_says_so),
    };
    return cmocka_run_group_tests(tests, dbtest_group_setup, dbtest_group_teardown);
}
