// SPDX-License-Identifier: Apache-2.0
// What the spend panel promises: golden figures of the method, each supplier counted once, three sets of
// VCFSE, names that are not published beside the figures, and no single figure where too much has no place.
#include "spend_fake.h"

#include "pages.h"
#include "view.h"

#define Y2025      .fy = 2025
#define LOCAL      .place = ANC_PLACE_LOCAL
#define AWAY       .place = ANC_PLACE_ELSEWHERE
#define NOWHERE    .place = ANC_PLACE_UNKNOWN
#define NOT_VCFSE  .vcfse = ANC_VCFSE_NO
#define VCFSE      .vcfse = ANC_VCFSE_YES
#define POLICY(of) .vcfse = ANC_VCFSE_POLICY, .class = (of)

// The golden example of the method: £2.23 million in all, £1.76 million of it to be steered.
static const struct pay golden[] = {
    {"s1", Y2025, LOCAL, NOT_VCFSE, .pence = 58000000},
    {"s2", Y2025, LOCAL, VCFSE, .pence = 20000000},
    {"s3", Y2025, LOCAL, VCFSE, .flow = ANC_FLOW_GRANT, .pence = 3000000},
    {"s4", Y2025, AWAY, NOT_VCFSE, .pence = 92000000},
    {"s4", Y2025, AWAY, NOT_VCFSE, .flow = ANC_FLOW_CREDIT, .pence = -2000000},
    {"p5", Y2025, NOWHERE, .vcfse = ANC_VCFSE_UNKNOWN, .pence = 5000000},
    {"s6", Y2025, AWAY, NOT_VCFSE, .flow = ANC_FLOW_PUBLIC_TRANSFER, .pence = 30000000},
    {"p7", Y2025, NOWHERE, .vcfse = ANC_VCFSE_UNKNOWN, .flow = ANC_FLOW_HIDDEN, .pence = 10000000},
    {"p7", Y2025, NOWHERE, .vcfse = ANC_VCFSE_UNKNOWN, .flow = ANC_FLOW_HIDDEN, .pence = -3000000},
    {"s8", Y2025, AWAY, NOT_VCFSE, .flow = ANC_FLOW_TREASURY, .pence = 10000000},
};

static void test_the_golden_figures_come_out_of_payments(void **state) {
    (void)state;
    const char *all = DRAW(golden, "count_grants", "", NULL);
    has(all, "figure With Exampleton suppliers: 81000000 (46.0% of £1.8 million, to 3 suppliers, by the "
             "address on "
             "invoices. Between 46.0% and 48.9% when every name is placed)");
    has(all, "figure Of it with VCFSE suppliers: 23000000 (28.4% of local spend, to 2 suppliers");
    has(all, "figure Spend that can be steered: 176000000");
    has(all, "figure Not placed yet: 5000000 (2.8%");
    has(all, "row | Local, at the least | 4602 ");
    has(all, "row | Local, of what is placed | 4737 ");
    has(all, "row | Local, at the most | 4886 ");
    has(all, "row | Placed | 9716 ");
    has(all, "row | Leaves, at the most | 5398 ");
    has(DRAW(golden, "count_grants", "by_kind", NULL), "row | Goods, works and services | 175000000");
}

static void test_the_sentence_people_quote_names_pounds_suppliers_year_and_basis(void **state) {
    (void)state;
    struct anc_slice registered = {.size = sizeof registered, .rule = ANC_WHERE_REGISTERED};
    const char *all = DRAW(golden, "count_grants", "", NULL);
    has(all,
        "table headline: The headline, 2025/26, by the address on invoices\n"
        "row | With Exampleton-based suppliers | 81000000 | 3\n"
        "row | Of it with VCFSE suppliers | 23000000 | 2\n"
        "finding £810,000 with Exampleton-based suppliers, £230,000 of it with 2 voluntary, community, faith "
        "and social enterprise (VCFSE) suppliers, in 2025/26.");
    has(DRAW(golden, "count_grants", "", &registered), "The headline, 2025/26, by registered office");
}

static void test_payments_without_a_name_stand_beside_the_figures_unless_the_place_counts_them(void **state) {
    (void)state;
    const char *all = DRAW(golden, "count_grants", "", NULL);
    has(all, "figure Name not published: 7000000 (2 payments whose payee the public body does not name. They "
             "stand "
             "beside the other figures, not in them)");
    all = DRAW(golden, "count_grants count_hidden", "", NULL);
    has(all, "figure Spend that can be steered: 183000000");
    has(all, "figure Not placed yet: 12000000");
    has(all,
        "Name not published: 7000000 (2 payments whose payee the public body does not name. They count as");
    has(DRAW(golden, "count_grants", "by_kind", NULL), "row | Name not published | 7000000 ");
    static const char *const views[] = {"suppliers", "concentration", "like_for_like"};
    for (size_t i = 0; i < 3; i++) { // nobody knows of how many suppliers
        has_not(DRAW(golden, "count_grants count_hidden", views[i], NULL), "p7");
    }
    has(DRAW(golden, "count_hidden", "concentration", NULL), "The 10 largest of 4 suppliers");
    has_not(DRAW(golden, "count_grants", "",
                 (&(struct anc_slice){.size = sizeof(struct anc_slice), .places = 1u << ANC_PLACE_LOCAL})),
            "Name not published"); // they are nowhere
}

// ---- VCFSE three ways -------------------------------------------------------------------------------------

static const struct pay sets[] = {
    {"s1", Y2025, LOCAL, VCFSE, .ward = "W1", .pence = 100},
    {"s1", Y2025, LOCAL, VCFSE, .ward = "W2", .anchor = "hospital", .pence = 300}, // two wards, two payers
    {"s1", Y2025, AWAY, VCFSE, .pence = 50},                                       // and it has moved
    {"s2", Y2025, LOCAL, POLICY("housing"), .pence = 2000},
    {"s3", Y2025, AWAY, POLICY("housing"), .pence = 700},
    {"s4", Y2025, LOCAL, POLICY("mutual"), .pence = 40},
    {"s5", Y2025, LOCAL, .vcfse = ANC_VCFSE_REVIEW, .pence = 9},
    {"s6", Y2025, LOCAL, NOT_VCFSE, .pence = 7551},
    {"s7", Y2025, LOCAL, VCFSE, .pence = 60},
    {"s7", Y2025, LOCAL, VCFSE, .flow = ANC_FLOW_CREDIT, .pence = -60}, // all of it came back
};

static void test_strict_headline_and_wide_count_each_supplier_once(void **state) {
    (void)state;
    const char *all = DRAW(sets, "", "", NULL);
    has(all, "row | Strict: by register or officer | 400 | 400 | 1 | 450 | 419 | 1\n");
    has(all, "row | Headline: the same as strict | 400 | 400 | 1 | 450 | 419 | 1\n");
    has(all, "row | Wide: and all classes, and those to check | 2449 | 2449 | 4 | 3199 | 2976 | 5\n");
    has(all, "row | Of the wide set, still to check | 9 | 9 | 1 | 9 | 8 | 1\n");
    has(all, "£4 of it with 1 voluntary");
    has(all, "on a register or decided by an officer. Up to £0 more when 1 supplier is checked");
}

static void
test_a_class_that_is_switched_on_counts_in_the_headline_everywhere_and_nowhere_else(void **state) {
    (void)state;
    const char *all = DRAW(sets, "include_housing", "", NULL);
    has(all, "row | Strict: by register or officer | 400 ");
    has(all, "row | Headline: and the classes counted | 2400 | 2400 | 2 | 3150 | 2930 | 3\n");
    has(all, "figure Of it with VCFSE suppliers: 2400 (24.0% of local spend, to 2 suppliers");
    has(all, "on a register or decided by an officer, and housing associations");
    has(all, "row | Housing associations | Counted | 2000 | 1 | 2700 | 2");
    has(all, "row | Credit unions and other mutuals | Not counted | 40 | 1 | 40 | 1");
    has(all, "row | Exampleton, VCFSE | 2400 ");
    has(DRAW(sets, "include_housing", "by_ward", NULL), "row | W2 | 300 | 300 | 1 |");
    has(DRAW(sets, "include_housing", "by_anchor", NULL),
        "row | council | 10450 | 9721 | 9700 | 9282 | 2850 | 6");
    has(DRAW(sets, "", "by_anchor", NULL), "row | council | 10450 | 9721 | 9700 | 9282 | 150 | 6");
    fake.on = "include_mutual include_housing";
    assert_string_equal(panel_classes(NULL, &fake_state), "housing mutual");
}

static void test_each_switch_counts_its_own_class(void **state) {
    (void)state;
    static const char *const list[][2] = {{"include_housing", "housing"},
                                          {"include_university", "university"},
                                          {"include_school", "school"},
                                          {"include_public_controlled", "public-controlled"},
                                          {"include_trade_or_professional", "trade-or-professional"},
                                          {"include_trading_subsidiary", "trading-subsidiary"},
                                          {"include_mutual", "mutual"}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        fake.on = list[i][0];
        assert_string_equal(panel_classes(NULL, &fake_state), list[i][1]);
    }
    fake.on = "";
    assert_string_equal(panel_classes(NULL, &fake_state), "");
}

static void test_a_choice_of_vcfse_narrows_each_set_and_never_widens_it(void **state) {
    (void)state;
    const uint32_t yes = 1u << ANC_VCFSE_YES, policy = 1u << ANC_VCFSE_POLICY,
                   review = 1u << ANC_VCFSE_REVIEW;
    static const struct {
        uint32_t had;
        const char *had_classes;
        uint32_t with;
        const char *with_classes;
        bool any;
        uint32_t is;
        const char *is_classes;
    } list[] = {
        {0, "", 1u, "", true, 1u, ""}, // no choice: the set itself
        {0, "", 1u, "housing", true, 1u, "housing"},
        {0, "", 1u | 2u | 4u, "", true, 7u, ""},
        {1u, "", 1u | 2u | 4u, "", true, 1u, ""}, // VCFSE were chosen: no policy
        {2u, "", 1u, "", false, 0, ""},           // by policy were chosen: none of the strict set
        {2u, "", 1u, "housing", true, 0, "housing"},
        {0, "school", 1u, "housing", false, 0, ""},
        {1u, "school housing", 1u, "housing mutual", true, 1u, "housing"},
        {1u, "school", 7u, "", true, 1u, "school"},
        {8u, "", 1u, "housing", false, 0, ""},
    };
    assert_int_equal(yes | policy | review, 7);
    fake.on = "";
    const struct view v = {.host = &fake_host};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        struct anc_slice s = {.size = sizeof s, .vcfse = list[i].had, .vcfse_classes = list[i].had_classes};
        assert_int_equal(view_narrow(&v, &s, list[i].with, list[i].with_classes), list[i].any);
        if (list[i].any) {
            assert_int_equal(s.vcfse, list[i].is);
            assert_string_equal(s.vcfse_classes, list[i].is_classes);
        }
    }
}

// ---- credits, years, cover --------------------------------------------------------------------------------

static void test_who_gave_back_more_than_it_got_is_not_counted(void **state) {
    (void)state;
    static const struct pay list[] = {
        {"s1", Y2025, LOCAL, NOT_VCFSE, .pence = 1000},
        {"s2", Y2025, LOCAL, VCFSE, .pence = 100},
        {"s2", Y2025, LOCAL, VCFSE, .flow = ANC_FLOW_CREDIT, .pence = -250},
        {"s3", .fy = 2024, LOCAL, VCFSE, .pence = 250},
    };
    const char *all = DRAW(list, "", "", NULL);
    has(all, "figure With Exampleton suppliers: 850 (100.0% of £9, to 1 supplier");
    has(all, "figure Of it with VCFSE suppliers: -150 (−17.6% of local spend, to 0 suppliers");
    has(all, "none of it with voluntary");
    has(DRAW(list, "", "concentration", NULL), "The 10 largest of 1 supplier got 100.0% of spend.");
    has_not(DRAW(list, "", "suppliers", NULL), "row | s2");
}

static void test_no_single_figure_when_more_than_a_tenth_has_no_place(void **state) {
    (void)state;
    static const struct pay list[] = {
        {"s1", Y2025, LOCAL, NOT_VCFSE, .pence = 50000},
        {"s2", Y2025, AWAY, NOT_VCFSE, .pence = 39000},
        {"p3", Y2025, NOWHERE, .vcfse = ANC_VCFSE_UNKNOWN, .pence = 11000},
    };
    const char *all = DRAW(list, "", "", NULL);
    has_not(all, "figure With Exampleton suppliers");
    has(all, "figure Stays in Exampleton, at the least: 5000 (Between 50.0% and 61.0% of £1,000: no single "
             "figure, "
             "because 11.0% of it went to names that are not placed yet");
    has(all,
        "finding Between £500 and £610 with Exampleton-based suppliers in 2025/26: no single figure, because "
        "11.0% of the spend went to names that are not placed yet.");
    has(all, "At least £500 of £1,000 went to Exampleton suppliers");
    has(all, "Of each pound, at least 50p stays with Exampleton suppliers and 39p is known to leave.");
}

static void test_years_are_kept_apart_and_compared_from_the_exact_fractions(void **state) {
    (void)state;
    static const struct pay list[] = {
        {"s1", .fy = 2024, LOCAL, NOT_VCFSE, .pence = 4000}, // paid on 31 March
        {"s1", Y2025, LOCAL, NOT_VCFSE, .pence = 5000},      // and on 1 April
        {"s2", .fy = 2024, AWAY, NOT_VCFSE, .pence = 6000},
        {"s2", Y2025, AWAY, NOT_VCFSE, .pence = 5000},
    };
    const char *all = DRAW(list, "", "", NULL);
    has(all, "row | 2024 | 10000 | 4000 | 4000 | 4000 | 0 | 2");
    has(all, "row | 2025 | 10000 | 5000 | 5000 | 5000 | 0 | 2");
    has(all, "£50 of £100 went to Exampleton suppliers in 2025/26: 50.0%, up from 40.0% the year before.");
    has(all, "figure With Exampleton suppliers: 5000 ");
}

static void test_like_for_like_is_of_suppliers_paid_in_both_years(void **state) {
    (void)state;
    static const struct pay list[] = {
        {"s1", .fy = 2024, LOCAL, NOT_VCFSE, .pence = 100},
        {"s1", Y2025, LOCAL, NOT_VCFSE, .pence = 300},
        {"s2", .fy = 2024, AWAY, NOT_VCFSE, .pence = 300},
        {"s2", Y2025, AWAY, NOT_VCFSE, .pence = 100},
        {"s3", .fy = 2024, LOCAL, NOT_VCFSE, .pence = 5000}, // not any more
        {"s4", Y2025, AWAY, NOT_VCFSE, .pence = 7000},       // new
        {"s5", .fy = 2024, LOCAL, NOT_VCFSE, .pence = 900},  // this year only gave back
        {"s5", Y2025, LOCAL, NOT_VCFSE, .flow = ANC_FLOW_CREDIT, .pence = -10},
        {"s6", .fy = 2024, LOCAL, NOT_VCFSE, .pence = 40}, // it moved away
        {"s6", Y2025, AWAY, NOT_VCFSE, .pence = 40},
    };
    const char *all = DRAW(list, "", "like_for_like", NULL);
    has(all, "row | The 3 suppliers paid in both years | 140 | 3182 | 300 | 6818");
    has(all, "With the same suppliers, the local share rose by 36.36 percentage points.");
    has_not(DRAW_PUBLIC(list, "", "like_for_like"), "paid in both years |");
}

// ---- how few, how small, who could ------------------------------------------------------------------------

static void test_each_share_of_the_largest_stands_in_its_own_row(void **state) {
    (void)state;
    struct pay list[340];
    char names[340][8];
    for (size_t i = 0; i < 340; i++) { // one of £1,000, 339 of £10
        snprintf(names[i], sizeof names[i], "s%zu", i);
        list[i] = (struct pay){names[i],
                               Y2025,
                               LOCAL,
                               NOT_VCFSE,
                               .size = i == 0   ? "large"
                                       : i < 40 ? "small"
                                                : NULL,
                               .pence = i == 0 ? 100000 : 1000};
    }
    const char *all = DRAW(list, "", "concentration", NULL);
    has(all, "row | The largest supplier | 2278 ");             // 100000 / 439000
    has(all, "row | The 10 largest suppliers | 2483 ");         // 109000
    has(all, "row | The 30 largest suppliers | 2938 ");         // 129000
    has(all, "row | The 100 largest suppliers | 4533 ");        // 199000
    has(all, "row | The 300 largest suppliers | 9089 ");        // 399000
    has(all, "row | Small and medium suppliers (SME) | 2806 "); // 39000 / 139000
    has(all, "row | Concentration (HHI) | 536 ");               // (1 + 339/10000) / 4.39^2
    has(all, "Of the £1,390 that went to suppliers whose size is known");
    has(all, "finding The 10 largest of 340 suppliers got 24.8% of spend.");
}

static void test_the_largest_chance_is_where_money_leaves_and_somebody_here_could_do_it(void **state) {
    (void)state;
    static const struct pay list[] = {
        {"s1", Y2025, AWAY, NOT_VCFSE, .sector = "software", .pence = 90000},
        {"s2", Y2025, AWAY, NOT_VCFSE, .sector = "catering", .pence = 50000},
        {"s3", Y2025, LOCAL, NOT_VCFSE, .sector = "catering", .pence = 20000},
        {"p4", Y2025, NOWHERE, NOT_VCFSE, .sector = "catering", .pence = 3000},
    };
    const char *all = DRAW(list, "", "by_sector", NULL);
    has(all, "row | software | 90000 | 0 | 90000 | 0");
    has(all, "row | catering | 73000 | 20000 | 50000 | 2");
    has(all, "catering is the largest chance: £500 left, and 2 suppliers here could be asked.");
}

// ---- what comes round again
// ---------------------------------------------------------------------------------

static int64_t answers[2][4]; // local, answers, income, spent again
static uint32_t answer_rows(const anc_rows *r) {
    (void)r;
    return 2;
}
static int64_t answer_i64(const anc_rows *r, uint32_t row, uint32_t column) {
    (void)r;
    return answers[row][column];
}

// The golden re-spend of the method: 0.40625 of £2 million here, 0.08 of £3 million elsewhere.
static void test_the_golden_re_spend_with_how_much_the_answers_stand_for(void **state) {
    (void)state;
    static const struct pay list[] = {{"s1", Y2025, LOCAL, NOT_VCFSE, .pence = 200000000},
                                      {"s2", Y2025, AWAY, NOT_VCFSE, .pence = 300000000}};
    static const struct anc_db_api db = {
        .size = sizeof db, .run = fake_run, .count = answer_rows, .i64 = answer_i64};
    struct anc_host host = fake_host;
    static const struct survey_sql sql = {0};
    struct respend r;
    host.db = &db;
    fake_draw(list, 2, "", "", NULL, false);
    const int64_t golden_answers[2][4] = {{1, 5, 32000000, 13000000}, {0, 5, 50000000, 4000000}};
    memcpy(answers, golden_answers, sizeof answers);
    assert_int_equal(respend_read(&host, NULL, &sql, 2025, &r), ANC_OK);
    assert_true(r.known);
    assert_int_equal(r.again_pence, 105250000);
    assert_int_equal(r.local_bp, 4063);
    assert_int_equal(r.other_bp, 800);
    assert_string_equal(respend_coverage(&host, NULL, &r),
                        "Those who answered got 16.4% of what the 300 largest suppliers were paid.");
    answers[1][1] = 4; // fewer than five of a group say nothing
    assert_int_equal(respend_read(&host, NULL, &sql, 2025, &r), ANC_OK);
    assert_false(r.known);
    assert_int_equal(r.other_bp, 0);
}

// ---- the public, and nothing ------------------------------------------------------------------------------

static void test_the_public_is_told_no_small_numbers(void **state) {
    (void)state;
    const char *all = DRAW_PUBLIC(sets, "include_housing", ""); // two suppliers elsewhere
    has(all, "note What stays, what leaves or what is not placed yet would tell what fewer than 5 suppliers "
             "were paid");
    has(all, "figure Spend that can be steered: 10750 ");
    has(all, "row | 2025 | 10750 |  |  |  |  | 6\n");
    has_not(all, "figure With");
    has_not(all, "table headline");
    has_not(all, "table leakage");
    has_not(all, "table vcfse");
    has_not(DRAW_PUBLIC(sets, "", "by_ward"), "row | W1 | 4");
}

// Six VCFSE and six others here, three housing associations, six elsewhere; the college pays one of them
// here.
static struct pay *town(size_t *ret_count) {
    static struct pay list[22];
    static char names[22][8];
    size_t n = 0;
    const struct {
        int many;
        struct pay each;
    } kinds[] = {
        {6, {.place = ANC_PLACE_LOCAL, .vcfse = ANC_VCFSE_YES, .ward = "W1", .pence = 10000}},
        {6, {.place = ANC_PLACE_LOCAL, .vcfse = ANC_VCFSE_NO, .ward = "W2", .pence = 100000}},
        {3, {.place = ANC_PLACE_LOCAL, POLICY("housing"), .ward = "W3", .pence = 1100}},
        {6, {.place = ANC_PLACE_ELSEWHERE, .vcfse = ANC_VCFSE_NO, .anchor = "college", .pence = 500000}},
        {1,
         {.place = ANC_PLACE_LOCAL, .vcfse = ANC_VCFSE_NO, .ward = "W2", .anchor = "college", .pence = 7700}},
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (int i = 0; i < kinds[k].many; i++, n++) {
            snprintf(names[n], sizeof names[n], "s%zu", n + 1);
            list[n] = kinds[k].each;
            list[n].payee = names[n];
            list[n].fy = 2025;
        }
    }
    *ret_count = n;
    return list;
}

static const char *draw_town(const char *view, bool for_public) {
    size_t n;
    const struct pay *list = town(&n);
    return fake_draw(list, n, "", view, NULL, for_public);
}

static void test_the_public_is_told_what_five_suppliers_stand_behind(void **state) {
    (void)state;
    const char *all = draw_town("", true);
    has(all, "£6,710 with Exampleton-based suppliers, £600 of it with 6 voluntary");
    has(all, "row | Strict: by register or officer | 60000 | ");
    // Three more are VCFSE by some definitions: not told, though how many are VCFSE in the wide sense is.
    has(all, "row | Wide: and all classes, and those to check |  |  | 9 |  |  | 9\n");
    has_not(all, "table vcfse_classes");
    has(draw_town("", false), "row | Wide: and all classes, and those to check | 63300 | ");
    has(draw_town("", false), "table vcfse_classes");
}

static void test_small_wards_are_named_without_a_figure_and_cannot_be_worked_out(void **state) {
    (void)state;
    const char *wards = draw_town("by_ward", true);
    has(wards, "row | W2 | 607700 | ");
    has(wards, "row | Small groups, together | 63300 | ");
    has(wards, "row | W1 |  |  |  | W1\n"); // the smallest of the others goes with it
    has(wards, "row | W3 |  |  |  | W3\n");
    has(draw_town("by_ward", false), "row | W3 | 3300 | ");
}

static void test_the_local_part_of_a_group_is_not_told_where_few_stand_behind_it(void **state) {
    (void)state;
    const char *bodies = draw_town("by_anchor", true);
    // Neither what the college paid here, nor what the other body did, from which and the whole it would come
    // out.
    has(bodies, "row | college | 3007700 | 8193 |  |  | 0 | 7\n");
    has(bodies, "row | council | 663300 | 1807 |  |  | 60000 | 15\n");
    has(draw_town("by_anchor", false), "row | college | 3007700 | 8193 | 7700 | ");
    has(draw_town("by_anchor", false), "row | council | 663300 | 1807 | 663300 | ");
}

static void test_without_payments_there_is_a_sentence_and_no_figure(void **state) {
    (void)state;
    struct anc_slice local = {.size = sizeof local, .places = 1u << ANC_PLACE_ELSEWHERE};
    const char *nothing = fake_draw(NULL, 0, "", "", NULL, false);
    has(nothing, "note No payments file has been loaded yet.");
    has_not(nothing, "\nfigure");
    static const struct pay back[] = {{"s1", Y2025, LOCAL, NOT_VCFSE, .flow = ANC_FLOW_CREDIT, .pence = -5}};
    has(DRAW(back, "", "", NULL), "note Nothing was paid in this choice, or credits took all of it away.");
    has_not(DRAW(back, "", "", NULL), "\nfigure");
    const char *away = DRAW(sets, "", "", &local);
    has(away, "figure With Exampleton suppliers: 0 ");
    has(away, "figure Of it with VCFSE suppliers: 0 ");
    has_not(DRAW(sets, "", "by_ward", &local), "table by_ward");
}

static int tear_down(void **state) {
    (void)state;
    fake_free();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_golden_figures_come_out_of_payments),
        cmocka_unit_test(test_the_sentence_people_quote_names_pounds_suppliers_year_and_basis),
        cmocka_unit_test(test_payments_without_a_name_stand_beside_the_figures_unless_the_place_counts_them),
        cmocka_unit_test(test_strict_headline_and_wide_count_each_supplier_once),
        cmocka_unit_test(test_a_class_that_is_switched_on_counts_in_the_headline_everywhere_and_nowhere_else),
        cmocka_unit_test(test_each_switch_counts_its_own_class),
        cmocka_unit_test(test_a_choice_of_vcfse_narrows_each_set_and_never_widens_it),
        cmocka_unit_test(test_who_gave_back_more_than_it_got_is_not_counted),
        cmocka_unit_test(test_no_single_figure_when_more_than_a_tenth_has_no_place),
        cmocka_unit_test(test_years_are_kept_apart_and_compared_from_the_exact_fractions),
        cmocka_unit_test(test_like_for_like_is_of_suppliers_paid_in_both_years),
        cmocka_unit_test(test_each_share_of_the_largest_stands_in_its_own_row),
        cmocka_unit_test(test_the_largest_chance_is_where_money_leaves_and_somebody_here_could_do_it),
        cmocka_unit_test(test_the_golden_re_spend_with_how_much_the_answers_stand_for),
        cmocka_unit_test(test_the_public_is_told_no_small_numbers),
        cmocka_unit_test(test_the_public_is_told_what_five_suppliers_stand_behind),
        cmocka_unit_test(test_small_wards_are_named_without_a_figure_and_cannot_be_worked_out),
        cmocka_unit_test(test_the_local_part_of_a_group_is_not_told_where_few_stand_behind_it),
        cmocka_unit_test(test_without_payments_there_is_a_sentence_and_no_figure),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
