// SPDX-License-Identifier: Apache-2.0
// Facts of payees and slices over a state made by hand, without any database.
#include "spend/cubeint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DAY(n) (20000 + (n)) // days since 1970; 20000 is 4 October 2024

static struct arena *arena;
static struct ctx c;

static int set_up(void **state) {
    (void)state;
    arena = arena_new((size_t)1 << 30);
    ctx_init(&c, arena, NULL);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct where nowhere = {.place = ANC_PLACE_UNKNOWN};
static const struct where north = {.ward = 1, .area = 1, .place = ANC_PLACE_LOCAL};
static const struct where away = {.ward = 2, .area = 2, .place = ANC_PLACE_ELSEWHERE};

// Payees numbered as they stand; the texts of facts live in f->texts.
static struct facts *facts_of(struct facts_raw *raw, struct number_map *payees) {
    struct facts *f = cube_alloc(1, sizeof *f);
    f->uses = 1;
    f->texts = arena_new((size_t)1 << 30);
    const char *const wards[] = {"", "W1", "W2"}, *const areas[] = {"", "E1", "E2"},
                      *const sectors[] = {"", "food"};
    for (size_t i = 0; i < 3; i++) {
        text_list_put(&f->wards, f->texts, wards[i], strlen(wards[i]));
        text_list_put(&f->areas, f->texts, areas[i], strlen(areas[i]));
    }
    text_list_put(&f->sectors, f->texts, sectors[0], 0);
    text_list_put(&f->sectors, f->texts, sectors[1], 4);
    text_list_put(&f->classes, f->texts, "", 0);
    for (size_t i = 0; i < raw->payees; i++) {
        raw->payee[i].number = number_map_put(payees, raw->payee[i].id);
    }
    raw->numbers = payees->count;
    facts_make(f, raw, payees);
    return f;
}

static const struct fact *fact_at(const struct facts *f, uint32_t payee, int32_t day) {
    return spell_fact(f, spell_on(f, payee, dict_day(day)));
}

// ---- facts --------------------------------------------------------------------------------------------

static void test_places_change_on_their_day_and_the_payments_own_postcode_comes_first(void **state) {
    (void)state;
    struct payee_row payees[] = {{.id = 1, .supplier_id = 7, .name = "A", .where = nowhere},
                                 {.id = 2, .supplier_id = 7, .name = "B", .where = away},
                                 {.id = 3, .supplier_id = 7, .name = "C", .redacted = true, .where = north},
                                 {.id = 4, .same_as = 2, .name = "D", .where = nowhere}};
    struct supplier_row suppliers[] = {{.id = 7, .ref = "s7", .name = "Seven", .sector = 1, .size = 2}};
    struct place_row places[] = {
        {.supplier_id = 7, .kind = ANC_WHERE_INVOICE, .from = -700000, .where = away},
        {.supplier_id = 7, .kind = ANC_WHERE_INVOICE, .from = DAY(10), .where = north},
        {.supplier_id = 7, .kind = ANC_WHERE_REGISTERED, .from = -700000, .where = away}};
    struct facts_raw raw = {
        .payee = payees, .payees = 4, .supplier = suppliers, .suppliers = 1, .place = places, .places = 3};
    struct number_map map = {0};
    struct facts *f = facts_of(&raw, &map);
    assert_int_equal(fact_at(f, 0, DAY(9))->place[ANC_WHERE_INVOICE], ANC_PLACE_ELSEWHERE);
    assert_int_equal(fact_at(f, 0, DAY(10))->place[ANC_WHERE_INVOICE], ANC_PLACE_LOCAL);
    assert_int_equal(fact_at(f, 0, DAY(10))->ward[ANC_WHERE_INVOICE], 1);
    assert_int_equal(fact_at(f, 0, DAY(10))->place[ANC_WHERE_REGISTERED], ANC_PLACE_ELSEWHERE);
    assert_int_equal(fact_at(f, 0, DAY(10))->place[ANC_WHERE_OPERATIONS], ANC_PLACE_UNKNOWN);
    assert_int_equal(fact_at(f, 1, DAY(10))->place[ANC_WHERE_INVOICE], ANC_PLACE_ELSEWHERE);
    assert_int_equal(fact_at(f, 1, DAY(10))->ward[ANC_WHERE_INVOICE], 0); // only wards of the area count
    assert_int_equal(fact_at(f, 2, DAY(10))->place[ANC_WHERE_INVOICE], ANC_PLACE_UNKNOWN); // hidden: nowhere
    assert_int_equal(fact_at(f, 3, DAY(10))->place[ANC_WHERE_INVOICE], ANC_PLACE_ELSEWHERE);
    assert_int_equal(f->entity_of[0], f->entity_of[3]);
    assert_int_not_equal(f->entity_of[0], f->entity_of[2]);
    assert_string_equal(f->entity[f->entity_of[0]].key, "s7");
    assert_string_equal(f->entity[f->entity_of[2]].key, "p3");
    assert_string_equal(f->entity[f->entity_of[2]].label, "Name not published");
    facts_done(f);
    number_map_free(&map);
}

static void test_circles_of_merges_and_spellings_come_to_an_end(void **state) {
    (void)state;
    struct payee_row payees[] = {{.id = 1, .same_as = 2, .name = "A", .where = nowhere},
                                 {.id = 2, .same_as = 1, .name = "B", .supplier_id = 7, .where = nowhere}};
    struct supplier_row suppliers[] = {{.id = 7, .ref = "s7", .name = "7"},
                                       {.id = 8, .ref = "s8", .name = "8"}};
    struct merge_row merges[] = {{7, 8}, {8, 7}};
    struct facts_raw raw = {
        .payee = payees, .payees = 2, .supplier = suppliers, .suppliers = 2, .merge = merges, .merges = 2};
    struct number_map map = {0};
    struct facts *f = facts_of(&raw, &map);
    assert_true(f->entities >= 1 && f->entities <= 2);
    facts_done(f);
    number_map_free(&map);
}

// ---- slices -------------------------------------------------------------------------------------------

// `n` lines of `payees` payees in one leaf, with sums and lines in memory.
static struct cube_view *view_of(size_t n, uint32_t payees, uint32_t categories) {
    struct cube_view *v = cube_alloc(1, sizeof *v);
    struct payee_row *rows = cube_alloc(payees, sizeof *rows);
    v->dict = dict_new();
    for (uint32_t i = 0; i < payees; i++) {
        rows[i] = (struct payee_row){.id = i + 1,
                                     .name = "P",
                                     .where = i % 3 == 0   ? north
                                              : i % 3 == 1 ? away
                                                           : nowhere};
    }
    struct facts_raw raw = {.payee = rows, .payees = payees};
    v->facts = facts_of(&raw, &v->dict->payees);
    free(rows);
    struct block *b = cube_alloc(1, sizeof *b);
    b->uses = 1;
    b->fy = 2024;
    assert_true(dict_cell(v->dict, 5, b->fy, &b->cell));
    v->cells = 1;
    struct lines *l = cube_alloc(1, sizeof *l);
    *l = (struct lines){.uses = 1, .payees = payees, .categories = categories, .count = n};
    l->row = cube_alloc(n, sizeof *l->row);
    l->at = cube_alloc((size_t)payees + 1, sizeof *l->at);
    l->category = cube_alloc(categories, sizeof *l->category);
    for (uint32_t i = 0; i < categories; i++) {
        l->category[i] = arena_printf(arena, "C%05u", i);
    }
    b->row = cube_alloc(payees, sizeof *b->row);
    b->count = b->room = payees;
    for (size_t i = 0; i < n; i++) {
        uint32_t p = (uint32_t)(i * payees / n);
        int64_t pence = (int64_t)(i * 7919 % 100003) - 5000;
        l->row[i] = (struct line){.pence = pence,
                                  .flow_category = (uint32_t)(i * 31 % categories) << 8 | (i % 5 == 0),
                                  .day = dict_day(DAY((int)(i * 13 % 360)))};
        l->at[p + 1] = i + 1;
        b->row[p] = (struct raw_sum){.payee = p,
                                     .pence = b->row[p].pence + pence,
                                     .lines = b->row[p].lines + 1,
                                     .credit = b->row[p].credit + (pence < 0 ? pence : 0)};
    }
    v->block = cube_alloc(1, sizeof(struct block *));
    v->block[0] = b;
    v->blocks = 1;
    v->pins = 1;
    assert_int_equal(cube_sum_up(&c, v, NULL, NULL), ERR_OK);
    v->lines = l;
    return v;
}

static int64_t sum_of(const struct cube_view *v, int32_t by, int32_t then_by, int64_t *ret_lines,
                      uint32_t *ret_n) {
    struct anc_slice s = {.size = sizeof s, .by = by, .then_by = then_by};
    const struct anc_sum *rows = NULL;
    int64_t pence = 0;
    assert_int_equal(cube_slice(&c, v, &s, ret_n, &rows), ERR_OK);
    *ret_lines = 0;
    for (uint32_t i = 0; i < *ret_n; i++) {
        pence += rows[i].pence;
        *ret_lines += rows[i].lines;
    }
    return pence;
}

static void test_every_grouping_adds_up_to_the_same_whole(void **state) {
    (void)state;
    struct cube_view *v = view_of(20000, 300, 40);
    int64_t lines, whole = sum_of(v, ANC_BY_NOTHING, ANC_BY_NOTHING, &lines, &(uint32_t){0});
    assert_int_equal(lines, 20000);
    for (int32_t by = 0; by < ANC_BY_COUNT; by++) {
        for (int32_t then_by = 0; then_by < ANC_BY_COUNT; then_by++) {
            uint32_t n;
            assert_int_equal(sum_of(v, by, then_by, &lines, &n), whole);
            assert_int_equal(lines, 20000);
            assert_true(n > 0);
        }
    }
    cube_unpin(v);
}

// Months by thousands of categories could be millions of groups: they are looked up, not laid out.
static void test_very_many_possible_groups_give_the_same_as_few(void **state) {
    (void)state;
    struct cube_view *v = view_of(20000, 50, 5000);
    uint32_t n;
    int64_t lines, whole = sum_of(v, ANC_BY_NOTHING, ANC_BY_NOTHING, &lines, &n);
    assert_int_equal(sum_of(v, ANC_BY_MONTH, ANC_BY_CATEGORY, &lines, &n), whole);
    assert_int_equal(lines, 20000);
    assert_int_equal(sum_of(v, ANC_BY_CATEGORY, ANC_BY_PAYEE, &lines, &n), whole);
    cube_unpin(v);
}

static void test_more_rows_than_anybody_can_read_are_refused(void **state) {
    (void)state;
    struct cube_view *v = view_of(210000, 105000, 3);
    struct anc_slice s = {.size = sizeof s, .by = ANC_BY_PAYEE};
    const struct anc_sum *rows;
    uint32_t n;
    assert_int_equal(cube_slice(&c, v, &s, &n, &rows), ERR_TOO_LARGE);
    s.most = 10;
    s.largest = 1;
    assert_int_equal(cube_slice(&c, v, &s, &n, &rows), ERR_OK);
    assert_int_equal(n, 10);
    cube_unpin(v);
}

static int in_order(const struct anc_sum *a, const struct anc_sum *b, bool largest) {
    if (largest && a->pence != b->pence) {
        return a->pence > b->pence ? -1 : 1;
    }
    int cmp = strcmp(a->key, b->key);
    return cmp ? cmp : strcmp(a->then_key, b->then_key);
}

static void test_many_rows_stand_in_the_order_of_their_keys_or_of_their_sums(void **state) {
    (void)state;
    struct cube_view *v = view_of(60000, 3000, 4001);
    v->kept = answers_new();
    for (int i = 0; i < 8; i++) {
        struct anc_slice s = {.size = sizeof s,
                              .by = i & 1 ? ANC_BY_CATEGORY : ANC_BY_PAYEE,
                              .then_by = i & 1 ? ANC_BY_MONTH : ANC_BY_CATEGORY,
                              .largest = (i & 2) != 0,
                              .most = i & 4 ? 900 : 0};
        const struct anc_sum *rows, *again;
        uint32_t n, m;
        assert_int_equal(cube_slice(&c, v, &s, &n, &rows), ERR_OK);
        assert_true(n >= 500);
        for (uint32_t k = 1; k < n; k++) {
            assert_true(in_order(&rows[k - 1], &rows[k], s.largest) < 0);
        }
        assert_int_equal(cube_slice(&c, v, &s, &m, &again), ERR_OK); // kept
        assert_int_equal(m, n);
        for (uint32_t k = 0; k < n; k++) {
            assert_string_equal(again[k].key, rows[k].key);
            assert_string_equal(again[k].then_label, rows[k].then_label);
            assert_int_equal(again[k].pence, rows[k].pence);
        }
    }
    cube_unpin(v);
}

static void test_a_category_or_ward_that_is_not_there_gives_no_rows(void **state) {
    (void)state;
    struct cube_view *v = view_of(1000, 10, 3);
    struct anc_slice s = {.size = sizeof s, .category = "none"};
    const struct anc_sum *rows;
    uint32_t n = 9;
    assert_int_equal(cube_slice(&c, v, &s, &n, &rows), ERR_OK);
    assert_int_equal(n, 0);
    s = (struct anc_slice){.size = sizeof s, .ward = "W9"};
    assert_int_equal(cube_slice(&c, v, &s, &n, &rows), ERR_OK);
    assert_int_equal(n, 0);
    cube_unpin(v);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_places_change_on_their_day_and_the_payments_own_postcode_comes_first),
        TEST(test_circles_of_merges_and_spellings_come_to_an_end),
        TEST(test_every_grouping_adds_up_to_the_same_whole),
        TEST(test_very_many_possible_groups_give_the_same_as_few),
        TEST(test_more_rows_than_anybody_can_read_are_refused),
        TEST(test_many_rows_stand_in_the_order_of_their_keys_or_of_their_sums),
        TEST(test_a_category_or_ward_that_is_not_there_gives_no_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
