// SPDX-License-Identifier: Apache-2.0
// Sums in memory against the plainest way to add up, for every grouping: small rows and wide ones, payees
// that move, and states that take over from the one before.
#include "spend/cubeint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DAY(n)    (20000 + (n)) // days since 1970; 20000 is 4 October 2024
#define PAYEES    60
#define SUPPLIERS 6
#define LEAVES    8
#define RECORDS   3000
#define ODD       11 // payees from here on have one odd row each and no lines
#define ROWS_MOST 6000

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

// ---- an invented place --------------------------------------------------------------------------------

struct record { // one line, or many that are one row of the sums
    int64_t pence, credit, lines;
    uint32_t payee, flow, leaf;
    int32_t day;
};

static struct record record[RECORDS + ODD];
static size_t records;
static int32_t taken_back; // a year whose leaves are all gone; 0 none

// Rows at the edges of what a small one holds, and far outside.
static const struct record odd[ODD] = {
    {.pence = INT32_MAX, .lines = 1},
    {.pence = (int64_t)INT32_MAX + 1, .lines = 1},
    {.pence = INT32_MIN, .credit = INT32_MIN, .lines = 1},
    {.pence = (int64_t)INT32_MIN - 1, .credit = (int64_t)INT32_MIN - 1, .lines = 1},
    {.pence = 5, .credit = (int64_t)INT32_MIN - 1, .lines = 2},
    {.pence = 4095, .lines = 4095},
    {.pence = 4096, .lines = 4096},
    {.pence = -7, .credit = -9, .lines = 16777217},
    {.pence = 8, .lines = UINT32_MAX >> 4}, // as many as are read of a row
    {.pence = INT64_MAX / 4, .lines = 1},
    {.pence = -INT64_MAX / 8, .credit = -INT64_MAX / 8, .lines = 3},
};

static uint32_t roll(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void make_records(void) {
    uint32_t seed = 7;
    taken_back = 0;
    for (records = 0; records < RECORDS; records++) {
        int64_t pence = (int64_t)(roll(&seed) % 900000) - 100000;
        record[records] = (struct record){.pence = pence,
                                          .credit = pence < 0 ? pence : 0,
                                          .lines = 1,
                                          .payee = roll(&seed) % (PAYEES - ODD),
                                          .flow = roll(&seed) % 4,
                                          .leaf = roll(&seed) % LEAVES,
                                          .day = DAY((int32_t)(roll(&seed) % 360))};
    }
    for (uint32_t i = 0; i < ODD; i++) {
        record[records] = odd[i];
        record[records].payee = PAYEES - ODD + i;
        record[records].flow = i % 3;
        record[records].leaf = i % LEAVES;
        record[records++].day = DAY(0);
    }
}

struct choice { // what is known of payees
    bool tied_otherwise, third_moves;
};

static struct facts *make_facts(struct choice ch, struct dict *d) {
    struct facts *f = cube_alloc(1, sizeof *f);
    f->uses = 1;
    f->texts = arena_new((size_t)1 << 30);
    const char *const wards[] = {"", "W1", "W2"}, *const areas[] = {"", "E1", "E2"};
    for (size_t i = 0; i < 3; i++) {
        text_list_put(&f->wards, f->texts, wards[i], strlen(wards[i]));
        text_list_put(&f->areas, f->texts, areas[i], strlen(areas[i]));
    }
    text_list_put(&f->sectors, f->texts, "", 0);
    text_list_put(&f->classes, f->texts, "", 0);
    struct payee_row payee[PAYEES];
    struct supplier_row supplier[SUPPLIERS];
    struct place_row place[SUPPLIERS + 2];
    static const char *const refs[SUPPLIERS] = {"s1", "s2", "s3", "s4", "s5", "s6"};
    size_t places = 0;
    for (uint32_t i = 0; i < SUPPLIERS; i++) {
        struct where here = {.ward = (uint16_t)(1 + i % 2), .area = 1, .place = ANC_PLACE_LOCAL},
                     away = {.area = 2, .place = ANC_PLACE_ELSEWHERE};
        supplier[i] = (struct supplier_row){.id = i + 1, .ref = refs[i], .name = refs[i]};
        place[places++] = (struct place_row){
            .supplier_id = i + 1, .kind = ANC_WHERE_INVOICE, .from = -700000, .where = i % 3 ? here : away};
        if (i == 0 || (i == 2 && ch.third_moves)) {
            place[places++] = (struct place_row){.supplier_id = i + 1,
                                                 .kind = ANC_WHERE_INVOICE,
                                                 .from = DAY(100 + (int32_t)i),
                                                 .where = i ? away : here};
        }
    }
    for (uint32_t i = 0; i < PAYEES; i++) {
        payee[i] = (struct payee_row){.id = i + 1,
                                      .name = "P",
                                      .where = {.place = ANC_PLACE_UNKNOWN},
                                      .redacted = i == 5,
                                      .number = number_map_put(&d->payees, i + 1)};
        if (i < PAYEES - ODD && i % 2 == 0) {
            payee[i].supplier_id = i % SUPPLIERS + 1;
        }
    }
    if (ch.tied_otherwise) {
        payee[7].supplier_id = 4;
        payee[8].supplier_id = 0;
    }
    struct facts_raw raw = {.payee = payee,
                            .payees = PAYEES,
                            .supplier = supplier,
                            .suppliers = SUPPLIERS,
                            .place = place,
                            .places = places,
                            .numbers = PAYEES};
    facts_make(f, &raw, &d->payees);
    f->anchor_ref = arena_array(f->texts, 2, sizeof *f->anchor_ref);
    f->anchor_name = arena_array(f->texts, 2, sizeof *f->anchor_name);
    f->anchors = 2;
    f->anchor_ref[0] = f->anchor_name[0] = "a0";
    f->anchor_ref[1] = f->anchor_name[1] = "a1";
    return f;
}

static int32_t year_of(uint32_t leaf) {
    return 2023 + (int32_t)(leaf / 2 % 2);
}

static struct block *make_leaf(struct dict *d, uint32_t leaf) {
    struct block *b = cube_alloc(1, sizeof *b);
    *b = (struct block){
        .uses = 1, .load_id = leaf + 1, .fy = year_of(leaf), .slot = (uint16_t)d->slot_count++};
    assert_true(dict_cell(d, leaf / 4, b->fy, &b->cell));
    d->slot_cell[b->slot] = b->cell;
    b->row = cube_alloc(RECORDS, sizeof *b->row);
    b->room = RECORDS;
    for (size_t i = 0; i < records; i++) { // rows of the same payee and flow may well be several
        const struct record *r = &record[i];
        if (r->leaf == leaf) {
            b->row[b->count++] = (struct raw_sum){.pence = r->pence,
                                                  .credit = r->credit,
                                                  .payee = r->payee,
                                                  .lines = (uint32_t)r->lines & 0xFFFFFFFu,
                                                  .flow = r->flow & 15};
        }
    }
    return b;
}

static struct block *leaf_of(const struct cube_view *v, uint32_t leaf) { // NULL: taken back
    for (size_t b = 0; b < v->blocks; b++) {
        if (v->block[b]->load_id == leaf + 1) {
            return v->block[b];
        }
    }
    return NULL;
}

static struct lines *make_lines(const struct cube_view *v) {
    struct lines *l = cube_alloc(1, sizeof *l);
    l->uses = 1;
    l->payees = PAYEES;
    l->row = cube_alloc(RECORDS, sizeof *l->row);
    l->at = cube_alloc(PAYEES + 1, sizeof *l->at);
    for (uint32_t p = 0; p < PAYEES; p++) {
        for (size_t i = 0; i < RECORDS; i++) {
            const struct block *b = leaf_of(v, record[i].leaf);
            if (b && record[i].payee == p) {
                l->row[l->count++] = (struct line){.pence = record[i].pence,
                                                   .flow_category = record[i].flow,
                                                   .slot = b->slot,
                                                   .day = dict_day(record[i].day)};
            }
        }
        l->at[p + 1] = l->count;
    }
    l->leaf = cube_alloc(LEAVES, sizeof *l->leaf);
    for (size_t b = 0; b < v->blocks; b++) {
        l->leaf[l->leaves++] = v->block[b]->slot;
    }
    return l;
}

// Takes over leaves (but for one that is made anew) and sums of `before`, NULL none.
static struct cube_view *make_view(struct choice ch, struct cube_view *before, int64_t new_leaf) {
    struct cube_view *v = cube_alloc(1, sizeof *v);
    v->pins = 1;
    v->dict = before ? dict_use(before->dict) : dict_new();
    v->block = cube_alloc(LEAVES, sizeof(struct block *));
    v->facts = make_facts(ch, v->dict);
    for (uint32_t i = 0; i < LEAVES; i++) {
        struct block *old = before && i != new_leaf ? leaf_of(before, i) : NULL;
        if (year_of(i) != taken_back) {
            v->block[v->blocks++] = old ? block_use(old) : make_leaf(v->dict, i);
        }
    }
    v->cells = v->dict->cell_count;
    v->lines = make_lines(v);
    assert_int_equal(cube_sum_up(&c, v, before, NULL), ERR_OK);
    return v;
}

// ---- the plainest way ---------------------------------------------------------------------------------

struct row {
    const char *a, *b;
    uint32_t entity;
    int64_t pence, credit, lines, payees;
};
static struct row row[ROWS_MOST], net[ROWS_MOST];

static struct row *row_of(struct row *all, size_t *n, const char *a, const char *b, uint32_t entity) {
    for (size_t i = 0; i < *n; i++) {
        if (strcmp(all[i].a, a) == 0 && strcmp(all[i].b, b) == 0 && all[i].entity == entity) {
            return &all[i];
        }
    }
    assert_true(*n < ROWS_MOST);
    all[*n] = (struct row){.a = a, .b = b, .entity = entity};
    return &all[(*n)++];
}

static const struct fact *fact_of(const struct facts *f, const struct record *r) {
    return spell_fact(f, spell_on(f, r->payee, dict_day(r->day)));
}

static const char *key_of(const struct facts *f, const struct record *r, int32_t by) {
    static const char *const places[] = {"local", "elsewhere", "unknown"}, *const refs[] = {"a0", "a1"},
                             *const years[] = {"2023", "2024"};
    switch (by) {
    case ANC_BY_YEAR:
        return years[year_of(r->leaf) - 2023];
    case ANC_BY_ANCHOR:
        return refs[r->leaf / 4];
    case ANC_BY_FLOW:
        return cube_flow_key(r->flow);
    case ANC_BY_PLACE:
        return places[fact_of(f, r)->place[ANC_WHERE_INVOICE]];
    case ANC_BY_WARD:
        return f->wards.text[fact_of(f, r)->ward[ANC_WHERE_INVOICE]];
    case ANC_BY_PAYEE:
        return f->entity[f->entity_of[r->payee]].key;
    default:
        return "";
    }
}

static bool wanted(const struct facts *f, const struct record *r, const struct anc_slice *s) {
    const struct fact *x = fact_of(f, r);
    return year_of(r->leaf) != taken_back && (!s->from_year || year_of(r->leaf) >= s->from_year) &&
           (!s->to_year || year_of(r->leaf) <= s->to_year) && (!s->flows || s->flows >> r->flow & 1) &&
           (!s->places || s->places >> x->place[ANC_WHERE_INVOICE] & 1) &&
           (!s->anchor_ref || strcmp(s->anchor_ref, key_of(f, r, ANC_BY_ANCHOR)) == 0) &&
           (!s->ward || strcmp(s->ward, key_of(f, r, ANC_BY_WARD)) == 0) &&
           (!s->payee || strcmp(s->payee, key_of(f, r, ANC_BY_PAYEE)) == 0);
}

static size_t add_plainly(const struct facts *f, const struct anc_slice *s) {
    size_t nets = 0, n = 0;
    for (size_t i = 0; i < records; i++) {
        const struct record *r = &record[i];
        if (wanted(f, r, s)) {
            struct row *x =
                row_of(net, &nets, key_of(f, r, s->by), key_of(f, r, s->then_by), f->entity_of[r->payee]);
            x->pence += r->pence;
            x->credit += r->credit;
            x->lines += r->lines;
        }
    }
    for (size_t i = 0; i < nets; i++) {
        struct row *x = row_of(row, &n, net[i].a, net[i].b, 0);
        x->pence += net[i].pence;
        x->credit += net[i].credit;
        x->lines += net[i].lines;
        x->payees += net[i].pence > 0 && !f->entity[net[i].entity].nameless;
    }
    return n;
}

static void compare(const struct cube_view *v, const struct anc_slice *s) {
    const struct anc_sum *got;
    uint32_t count;
    size_t n = add_plainly(v->facts, s);
    assert_int_equal(cube_slice(&c, v, s, &count, &got), ERR_OK);
    assert_int_equal(count, n);
    for (uint32_t i = 0; i < count; i++) {
        const struct row *want = row_of(row, &n, got[i].key, got[i].then_key, 0);
        assert_int_equal(n, count); // no group that is not there
        assert_int_equal(got[i].pence, want->pence);
        assert_int_equal(got[i].credit_pence, want->credit);
        assert_int_equal(got[i].lines, want->lines);
        assert_int_equal(got[i].payees, want->payees);
    }
}

// Every grouping by itself and by another one, all of it and parts.
static void compare_all(const struct cube_view *v) {
    static const int32_t by[] = {ANC_BY_NOTHING, ANC_BY_YEAR, ANC_BY_ANCHOR, ANC_BY_FLOW,
                                 ANC_BY_PLACE,   ANC_BY_WARD, ANC_BY_PAYEE};
    const struct anc_slice parts[] = {{.flows = 0},
                                      {.from_year = 2024, .to_year = 2024},
                                      {.from_year = 2023, .to_year = 2023, .flows = 5},
                                      {.to_year = 2022},
                                      {.flows = 2},
                                      {.anchor_ref = "a1"},
                                      {.places = 1u << ANC_PLACE_LOCAL, .flows = 3},
                                      {.ward = "W1"},
                                      {.payee = "s1"}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        for (size_t k = 0; k < 49; k++) {
            struct anc_slice s = parts[i];
            s.size = sizeof s;
            s.by = by[k / 7];
            s.then_by = by[k % 7];
            compare(v, &s);
            arena_reset(arena);
        }
    }
}

// ---- tests --------------------------------------------------------------------------------------------

static void test_every_slice_is_what_adding_up_one_by_one_gives(void **state) {
    (void)state;
    make_records();
    struct cube_view *v = make_view((struct choice){.third_moves = false}, NULL, -1);
    assert_true(v->sums->count > 0 && v->sums->wide_count > 0);
    compare_all(v);
    cube_unpin(v);
}

static void test_a_tie_changes_no_sums_and_yet_the_figures(void **state) {
    (void)state;
    make_records();
    struct cube_view *v = make_view((struct choice){.third_moves = false}, NULL, -1);
    struct cube_view *next = make_view((struct choice){.tied_otherwise = true}, v, -1);
    assert_ptr_equal(next->sums, v->sums);
    compare_all(next);
    compare_all(v); // whoever still looks at it sees what was
    cube_unpin(v);
    compare_all(next);
    cube_unpin(next);
}

static void test_a_supplier_that_moves_or_never_moved_takes_its_payments_along(void **state) {
    (void)state;
    make_records();
    struct cube_view *v = make_view((struct choice){.third_moves = false}, NULL, -1);
    struct cube_view *moved = make_view((struct choice){.third_moves = true, .tied_otherwise = true}, v, -1);
    assert_ptr_not_equal(moved->sums, v->sums);
    compare_all(moved);
    struct cube_view *back = make_view((struct choice){.third_moves = false}, moved, -1);
    compare_all(back);
    assert_int_equal(back->sums->count, v->sums->count);
    assert_int_equal(back->sums->wide_count, v->sums->wide_count);
    cube_unpin(v);
    cube_unpin(moved);
    cube_unpin(back);
}

static void test_a_leaf_that_changes_makes_its_year_anew_and_no_other(void **state) {
    (void)state;
    make_records();
    struct cube_view *v = make_view((struct choice){.third_moves = true}, NULL, -1);
    for (size_t i = 0; i < RECORDS; i++) { // of this leaf, some are another amount now and some are gone
        record[i].pence += record[i].leaf == 2 && i % 3 == 0 ? 17 : 0;
        record[i].credit = record[i].pence < 0 ? record[i].pence : 0;
    }
    struct cube_view *next = make_view((struct choice){.third_moves = true}, v, 2);
    compare_all(next);
    struct cube_view *both = make_view((struct choice){.tied_otherwise = true}, next, 3);
    compare_all(both);
    cube_unpin(v);
    cube_unpin(next);
    cube_unpin(both);
}

static void test_a_year_that_is_taken_back_whole_leaves_nothing_and_may_come_again(void **state) {
    (void)state;
    make_records();
    const struct choice ch = {.third_moves = true};
    struct cube_view *v = make_view(ch, NULL, -1);
    for (taken_back = 2023; taken_back <= 2024; taken_back++) {
        struct cube_view *less = make_view(ch, v, -1);
        compare_all(less);
        int32_t gone = taken_back;
        taken_back = 0;
        struct cube_view *again = make_view(ch, less, -1);
        compare_all(again);
        cube_unpin(less);
        cube_unpin(again);
        taken_back = gone;
    }
    cube_unpin(v);
}

static void test_a_sum_beyond_all_numbers_is_refused_and_smaller_ones_are_given(void **state) {
    (void)state;
    make_records();
    record[records - 1].pence = record[records - 1].credit = 0;
    record[records - 3].pence = INT64_MAX;
    struct cube_view *v = make_view((struct choice){.third_moves = false}, NULL, -1);
    struct anc_slice s = {.size = sizeof s};
    const struct anc_sum *got;
    uint32_t n;
    assert_int_equal(cube_slice(&c, v, &s, &n, &got), ERR_TOO_LARGE);
    s.by = ANC_BY_PAYEE;
    compare(v, &s);
    cube_unpin(v);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_every_slice_is_what_adding_up_one_by_one_gives),
        TEST(test_a_tie_changes_no_sums_and_yet_the_figures),
        TEST(test_a_supplier_that_moves_or_never_moved_takes_its_payments_along),
        TEST(test_a_leaf_that_changes_makes_its_year_anew_and_no_other),
        TEST(test_a_year_that_is_taken_back_whole_leaves_nothing_and_may_come_again),
        TEST(test_a_sum_beyond_all_numbers_is_refused_and_smaller_ones_are_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
