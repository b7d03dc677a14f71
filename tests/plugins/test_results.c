// SPDX-License-Identifier: Apache-2.0
// Promises of the extension points: what comes back is in range and complete, or it is a fault; whatever a
// plugin hands to the host, the host goes on.
#include "plugin/api.h"
#include "plugin/payments.h"
#include "plugins/probing.h"

#include <stdlib.h>
#include <string.h>

struct world {
    struct ctx c;
    struct plugtest plugins;
};

static int set_up(void **state) {
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    ctx_init(&w->c, arena_new((size_t)64 * 1024 * 1024), NULL); // as large as a request's
    w->plugins = plugtest_start(&w->c, BINARY_DIR "/tests/probes", "probe_points,probe");
    *state = w;
    return 0;
}

static int tear_down(void **state) {
    struct world *w = *state;
    plugtest_stop(&w->plugins, &w->c);
    arena_free(w->c.arena);
    free(w);
    return 0;
}

static struct provider provider(const struct world *w, uint32_t point, const char *key) {
    struct provider p = {0};
    assert_true(provider_find(w->c.plugins, point, key, &p));
    return p;
}

static uint64_t faults(struct world *w, const char *id) {
    struct plugin_info info = {0};
    assert_true(plugin_find(w->plugins.host, w->c.arena, id, &info));
    return info.faults;
}

// ---- results

static enum err judge(struct world *w, const char *answer, const char *reasons, struct anc_tag *ret) {
    struct provider p = provider(w, ANC_POINT_SUPPLIER_TAGGER, "probe");
    struct anc_supplier facts = {.size = sizeof facts, .name = answer, .postcode = reasons};
    return point_judge(&w->c, &p, &facts, ret);
}

static void test_a_tag_is_within_its_range_and_its_texts_are_never_missing(void **state) {
    struct world *w = *state;
    struct anc_tag tag = {.score = -1};
    assert_err(&w->c, judge(w, "101 1", "", &tag), ERR_BUG);
    assert_err(&w->c, judge(w, "-1 1", "", &tag), ERR_BUG);
    assert_err(&w->c, judge(w, "50 5", "", &tag), ERR_BUG);
    assert_err(&w->c, judge(w, "50 -1", "", &tag), ERR_BUG);
    assert_int_equal(tag.score, -1); // untouched by failures
    assert_int_equal(faults(w, "probe_points"), 4);
    assert_err(&w->c, judge(w, "100 4", "much", &tag), ERR_OK);
    assert_int_equal(tag.score, 100);
    assert_string_equal(tag.detail, "");
    assert_int_equal(strlen(tag.reasons), 20000);
    assert_err(&w->c, judge(w, "0 0", "latin", &tag), ERR_OK);
    assert_string_equal(tag.reasons, "caf?"); // every text is UTF-8
}

static void test_a_policy_class_is_a_short_word_and_only_of_what_is_up_to_policy(void **state) {
    struct world *w = *state;
    struct anc_tag tag = {.score = -1};
    static const char *const wrong[] = {"class:two words", "class:Housing", "class:a;b",
                                        "class:a-word-that-goes-on-for-more-than-forty-letters"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_err(&w->c, judge(w, "50 4", wrong[i], &tag), ERR_BUG);
    }
    assert_int_equal(tag.score, -1);
    assert_err(&w->c, judge(w, "50 4", "class:public-controlled", &tag), ERR_OK);
    assert_string_equal(tag.policy, "public-controlled");
    assert_err(&w->c, judge(w, "50 1", "class:housing", &tag), ERR_OK); // yes needs no policy
    assert_string_equal(tag.policy, "");
    assert_err(&w->c, judge(w, "50 4", "nothing said", &tag), ERR_OK);
    assert_string_equal(tag.policy, "");
}

static enum err score(struct world *w, const char *answer, struct anc_score *ret) {
    struct provider p = provider(w, ANC_POINT_BID_SCORER, "probe");
    struct anc_bid bid = {.size = sizeof bid, .ref = answer, .max_points_milli = 10000};
    return point_score(&w->c, &p, &bid, ret);
}

static void test_points_lie_within_what_there_is_and_have_a_reason(void **state) {
    struct world *w = *state;
    struct anc_score s = {.points_milli = -1};
    assert_err(&w->c, score(w, "10001 Too good", &s), ERR_BUG);
    assert_err(&w->c, score(w, "-1 Too bad", &s), ERR_BUG);
    assert_err(&w->c, score(w, "5000", &s), ERR_BUG);
    assert_int_equal(s.points_milli, -1);
    assert_int_equal(faults(w, "probe_points"), 3);
    assert_err(&w->c, score(w, "10000 All of it", &s), ERR_OK);
    assert_string_equal(s.rationale, "All of it");
}

static enum err rule(struct world *w, const char *answer, struct anc_rule_result *ret) {
    struct provider p = provider(w, ANC_POINT_ELIGIBILITY_RULE, "probe");
    struct anc_rule_facts facts = {.size = sizeof facts, .size_class = answer};
    return point_rule(&w->c, &p, &facts, ret);
}

static void test_a_rule_decides_and_says_why(void **state) {
    struct world *w = *state;
    struct anc_rule_result r = {.decision = 9};
    assert_err(&w->c, rule(w, "3 What", &r), ERR_BUG);
    assert_err(&w->c, rule(w, "-1 What", &r), ERR_BUG);
    assert_err(&w->c, rule(w, "1", &r), ERR_BUG);
    assert_int_equal(r.decision, 9);
    assert_err(&w->c, rule(w, "2 Show your policy.", &r), ERR_OK);
    assert_int_equal(r.decision, ANC_RULE_NEEDS_EVIDENCE);
    assert_string_equal(r.reason, "Show your policy.");
    struct provider p = provider(w, ANC_POINT_ELIGIBILITY_RULE, "probe");
    assert_string_equal(point_rule_title(&p), "Rule");
}

static void test_an_export_past_its_bound_is_refused_even_when_the_plugin_is_content(void **state) {
    struct world *w = *state;
    struct provider p = provider(w, ANC_POINT_NOTICE_EXPORTER, "probe");
    struct anc_notice n = {.size = sizeof n, .title = "0123456789"};
    struct findings found;
    struct strb out;
    strb_init(&out, 10);
    assert_err(&w->c, point_notice_write(&w->c, &p, &n, 1, &out, &found), ERR_OK);
    assert_string_equal(out.p, "0123456789");
    assert_err(&w->c, point_notice_write(&w->c, &p, &n, 1, &out, &found), ERR_TOO_LARGE);
    strb_free(&out);
    n.title = NULL;
    assert_err(&w->c, point_notice_check(&w->c, &p, &n, &found), ERR_OK);
    assert_int_equal(found.errors, 1);
    assert_int_equal(found.list[0].severity, ANC_FINDING_ERROR);
    assert_string_equal(found.list[0].text, "");
    assert_string_equal(found.list[0].field, "");
}

static anc_rc never(anc_ctx *ctx, const char *address, void *state) {
    (void)ctx, (void)address, (void)state;
    abort(); // lies behind the size of its table
}

static void test_a_table_of_an_older_plugin_is_not_read_past_its_end(void **state) {
    struct world *w = *state;
    const char *title, *label, *hint;
    const struct anc_notifier old = {.size = offsetof(struct anc_notifier, address_hint),
                                     .title = "Old",
                                     .address_label = "Number",
                                     .address_hint = "behind its end",
                                     .check_address = never};
    struct provider p = provider(w, ANC_POINT_PAYMENTS_READER, "probe");
    p.table = &old;
    point_notifier_words(&p, &title, &label, &hint);
    assert_string_equal(title, "Old");
    assert_string_equal(label, "Number");
    assert_string_equal(hint, "");
    assert_err(&w->c, point_check_address(&w->c, &p, "01942"), ERR_OK); // it has nothing against it
    struct anc_message m = {.size = sizeof m, .address = "01942", .subject = "", .body = ""};
    assert_err(&w->c, point_send(&w->c, &p, &m), ERR_BUG);
    assert_int_equal(faults(w, "probe_points"), 1);
}

// ---- files of payments

// What the probe holds (probe_points.c).
struct probe_reading {
    int layouts;
    int32_t finish_code, column;
};

// A row of five cells: what, pence, day, flags, why.
struct one_row {
    const char *text[5];
    uint32_t length[5], first[2];
    uint64_t line[1];
    int32_t what[1], day[1];
    int64_t pence[1], vat[1];
    uint32_t flags[1], why[1];
};

static enum err map_one(struct payments_reader *r, struct one_row *k, const char *what, const char *pence,
                        const char *day, const char *flags, const char *why) {
    *k = (struct one_row){.text = {what, pence, day, flags, why}, .first = {0, 5}, .line = {1}};
    for (size_t i = 0; i < 5; i++) {
        k->length[i] = (uint32_t)strlen(k->text[i]);
    }
    struct anc_cells cells = {sizeof cells, 1, k->text, k->length, k->first, k->line};
    struct anc_lines lines = {sizeof lines, k->what, k->pence, k->vat, k->day, k->flags, k->why};
    return payments_reader_map(r, &cells, &lines);
}

static struct payments_reader *open_reader(struct world *w, struct findings *found) {
    static const char *const text[] = {"x"};
    static const uint32_t length[] = {1}, first[] = {0, 1};
    static const uint64_t line[] = {1};
    struct anc_cells head = {sizeof head, 1, text, length, first, line};
    struct payments_reader *r = NULL;
    assert_err(&w->c, payments_reader_open(&w->c, &head, "x.csv", NULL, &r, found), ERR_OK);
    return r;
}

static void test_a_file_nobody_takes_is_refused_with_the_reason_of_who_looked_closest(void **state) {
    struct world *w = *state;
    struct findings found;
    struct payments_reader *r = NULL;
    struct anc_cells head = {.size = sizeof head, .rows = 0};
    assert_err(&w->c, payments_reader_open(&w->c, &head, "x.csv", NULL, &r, &found), ERR_INVALID);
    assert_int_equal(found.count, 0);
    head.rows = 1;
    assert_err(&w->c, payments_reader_open(&w->c, &head, "wrong", NULL, &r, &found), ERR_INVALID);
    assert_string_equal(found.list[0].text, "a reason");
    assert_null(r);
    const struct plugin_set *with = w->c.plugins;
    w->c.plugins = NULL;
    assert_err(&w->c, payments_reader_open(&w->c, &head, "x.csv", NULL, &r, &found), ERR_UNSUPPORTED);
    w->c.plugins = with;
    assert_int_equal(faults(w, "probe_points"), 0);
}

static void test_rows_of_a_file_are_of_a_known_kind_and_within_reason(void **state) {
    struct world *w = *state;
    struct findings found;
    struct one_row k;
    struct payments_reader *r = open_reader(w, &found);
    for (int i = 0; i < 1000; i++) { // what a block allocates is given back with it
        assert_err(&w->c, map_one(r, &k, "0", "-100", "19000", "15", "0"), ERR_OK);
    }
    assert_int_equal(k.what[0], ANC_ROW_PAYMENT);
    assert_int_equal(k.pence[0], -100);
    assert_int_equal(k.day[0], 19000);
    assert_int_equal(k.flags[0], 15);
    assert_err(&w->c, map_one(r, &k, "3", "0", "-2147483648", "0", "255"), ERR_OK);
    assert_string_equal(payments_reader_reason(r, 255), "The row cannot be read.");
    assert_string_equal(payments_reader_reason(r, 1), "The first reason.");
    assert_err(&w->c, map_one(r, &k, "silent", "0", "0", "0", "0"), ERR_BUG);
    assert_int_equal(faults(w, "probe_points"), 1);
    assert_non_null(strstr(w->c.err_detail, "probe_points"));
    assert_err(&w->c, map_one(r, &k, "4", "0", "0", "0", "0"), ERR_BUG);
    assert_err(&w->c, map_one(r, &k, "0", "9223372036854775807", "0", "0", "0"), ERR_BUG);
    assert_err(&w->c, map_one(r, &k, "0", "0", "2147483647", "0", "0"), ERR_BUG);
    assert_err(&w->c, map_one(r, &k, "0", "0", "0", "16", "0"), ERR_BUG);
    assert_err(&w->c, map_one(r, &k, "0", "1", "0", "0", "0"), ERR_BUSY); // five faults: not let in
    payments_reader_close(r);
    const struct probe_reading *p =
        provider(w, ANC_POINT_PAYMENTS_READER, "probe").owner->plugin->state_of_plugin;
    assert_int_equal(p->layouts, 0); // but what it holds is given back
    payments_reader_close(r);
    payments_reader_close(NULL);
}

static void test_a_reason_out_of_range_and_columns_out_of_range_are_faults(void **state) {
    struct world *w = *state;
    struct findings found;
    struct one_row k;
    struct anc_columns columns;
    struct probe_reading *p = provider(w, ANC_POINT_PAYMENTS_READER, "probe").owner->plugin->state_of_plugin;
    struct payments_reader *r = open_reader(w, &found);
    payments_reader_columns(r, &columns);
    assert_int_equal(columns.head_rows, 1);
    assert_int_equal(columns.column[ANC_COL_PAYEE], 0);
    assert_int_equal(columns.column[ANC_COL_INTERMEDIARY], -1);
    assert_err(&w->c, map_one(r, &k, "3", "0", "0", "0", "256"), ERR_BUG);
    p->column = 100000;
    payments_reader_columns(r, &columns);
    assert_int_equal(columns.column[ANC_COL_PAYEE], -1);
    assert_int_equal(faults(w, "probe_points"), 2);
    assert_string_equal(payments_reader_words(r), "");
    assert_non_null(strstr(payments_reader_rules(r), "probe_points "));
    payments_reader_close(r);
    p->column = 0;
}

static void test_rows_are_asked_for_again_twice_at_most(void **state) {
    struct world *w = *state;
    struct findings found;
    bool again = false;
    struct probe_reading *p = provider(w, ANC_POINT_PAYMENTS_READER, "probe").owner->plugin->state_of_plugin;
    struct payments_reader *r = open_reader(w, &found);
    p->finish_code = ANC_AGAIN;
    for (int i = 0; i < 2; i++) {
        assert_err(&w->c, payments_reader_finish(r, &again, &found), ERR_OK);
        assert_true(again);
        assert_string_equal(found.list[0].text, "seen");
    }
    assert_err(&w->c, payments_reader_finish(r, &again, &found), ERR_BUG);
    p->finish_code = ANC_E_INVALID;
    assert_err(&w->c, payments_reader_finish(r, &again, &found), ERR_INVALID);
    p->finish_code = ANC_OK;
    assert_err(&w->c, payments_reader_finish(r, &again, &found), ERR_OK);
    assert_false(again);
    payments_reader_close(r);
}

static void test_a_flow_is_one_of_the_kinds_and_never_credit(void **state) {
    struct world *w = *state;
    struct findings found;
    struct anc_party payee = {.size = sizeof payee, .name = "3"};
    struct anc_label label = {.size = sizeof label, .category = "", .purpose = "", .department = ""};
    int32_t flow = -1;
    struct payments_reader *r = open_reader(w, &found);
    assert_err(&w->c, payments_reader_flow(r, &payee, &label, &flow), ERR_OK);
    assert_int_equal(flow, ANC_FLOW_PUBLIC_TRANSFER);
    static const char *const wrong[] = {"2", "9", "-1"};
    for (size_t i = 0; i < 3; i++) {
        payee.name = wrong[i];
        assert_err(&w->c, payments_reader_flow(r, &payee, &label, &flow), ERR_BUG);
    }
    assert_int_equal(flow, ANC_FLOW_PUBLIC_TRANSFER); // untouched by failures
    payments_reader_close(r);
}

// ---- who is it

static struct anc_party named(const char *name) {
    return (struct anc_party){.size = sizeof(struct anc_party), .name = name, .key = ""};
}

static void test_a_party_comes_back_whole_and_a_hidden_one_without_a_name(void **state) {
    struct world *w = *state;
    struct provider p;
    struct anc_party in = named("much"), out = {.size = 0};
    assert_err(&w->c, matcher_find(&w->c, &p), ERR_OK);
    assert_string_equal(matcher_version(&p), "1");
    assert_err(&w->c, matcher_read(&w->c, &p, &in, &out), ERR_OK);
    assert_true(strlen(out.name) <= 500);
    assert_string_equal(out.key, "b?");
    assert_string_equal(out.form, "");
    assert_string_equal(out.postcode, "");
    in.kind = 4;
    assert_err(&w->c, matcher_read(&w->c, &p, &in, &out), ERR_BUG);
    in.kind = ANC_PARTY_HIDDEN;
    assert_err(&w->c, matcher_read(&w->c, &p, &in, &out), ERR_BUG);
    in.name = "";
    assert_err(&w->c, matcher_read(&w->c, &p, &in, &out), ERR_OK);
    assert_int_equal(out.kind, ANC_PARTY_HIDDEN);
}

static void test_thousands_of_parties_are_read_in_order(void **state) {
    struct world *w = *state;
    enum { PARTIES = 2500 };
    struct provider p;
    struct anc_party *in = arena_array(w->c.arena, PARTIES, sizeof *in);
    struct anc_party *out = arena_array(w->c.arena, PARTIES, sizeof *out);
    assert_err(&w->c, matcher_find(&w->c, &p), ERR_OK);
    for (size_t i = 0; i < PARTIES; i++) {
        in[i] = named(arena_printf(w->c.arena, "party %zu", i));
    }
    assert_err(&w->c, matcher_read_many(&w->c, &p, in, PARTIES, out), ERR_OK);
    for (size_t i = 0; i < PARTIES; i++) {
        assert_string_equal(out[i].name, in[i].name);
    }
    in[1700].kind = -1;
    assert_err(&w->c, matcher_read_many(&w->c, &p, in, PARTIES, out), ERR_BUG);
}

static void test_a_judgement_is_in_range_and_says_how_and_why(void **state) {
    struct world *w = *state;
    struct provider p;
    uint64_t found[2] = {0, 0};
    uint32_t n = 0;
    struct anc_party payee = named("2 900"), candidate = named("exact_name");
    struct anc_match m = {.verdict = -1};
    candidate.key = "The names are the same.";
    assert_err(&w->c, matcher_find(&w->c, &p), ERR_OK);
    assert_err(&w->c, matcher_judge(&w->c, &p, &payee, &candidate, &m), ERR_OK);
    assert_int_equal(m.verdict, ANC_MATCH_YES);
    assert_int_equal(m.score_milli, 900);
    assert_string_equal(m.method, "exact_name");
    static const char *const wrong[] = {"3 900", "2 1001", "2 -1"};
    for (size_t i = 0; i < 3; i++) {
        payee.name = wrong[i];
        assert_err(&w->c, matcher_judge(&w->c, &p, &payee, &candidate, &m), ERR_BUG);
    }
    payee.name = "0 0";
    candidate.key = "";
    assert_err(&w->c, matcher_judge(&w->c, &p, &payee, &candidate, &m), ERR_OK); // no needs no reason
    payee.name = "one";
    assert_err(&w->c, matcher_blocks(&w->c, &p, &payee, found, 1, &n), ERR_OK);
    assert_int_equal(n, 1);
    assert_int_equal(found[0], 7);
    payee.name = "many";
    assert_err(&w->c, matcher_blocks(&w->c, &p, &payee, found, 1, &n), ERR_BUG);
    assert_int_equal(n, 1);
}

// ---- panels

static enum err fill(struct world *w, const char *view, struct panel *ret) {
    struct provider p = provider(w, ANC_POINT_SPEND_PANEL, "probe");
    struct anc_spend_filter filter = {.size = sizeof filter, .anchor_ref = "", .view = view};
    return point_panel(&w->c, &p, &filter, ret);
}

static void test_a_panel_filled_out_of_order_is_still_a_panel(void **state) {
    struct world *w = *state;
    struct panel p;
    assert_err(&w->c, fill(w, "order", &p), ERR_OK);
    assert_int_equal(p.part_count, 1);
    assert_string_equal(p.parts[0].key, "");
    assert_int_equal(p.parts[0].picture.kind, PICTURE_NONE);
    assert_string_equal(p.figures[0].label, "");
    assert_int_equal(p.figures[0].kind, ANC_COLUMN_NUMBER);
    assert_string_equal(p.notes[0], "");
    struct strb json;
    strb_init(&json, 10000);
    table_json(p.parts[0].table, &json);
    assert_non_null(strstr(json.p, "\"name____\":\"outside\""));
    assert_null(strstr(json.p, "elsewhere.example"));
    assert_non_null(strstr(json.p, "\"day\":\"2024-10-04\""));
    assert_non_null(strstr(json.p, "\"name____\":\"b?\""));
    assert_null(strstr(json.p, "late"));
    assert_null(strstr(json.p, "one too many"));
    strb_free(&json);
}

static void test_a_panel_keeps_only_so_much(void **state) {
    struct world *w = *state;
    struct panel p;
    assert_err(&w->c, fill(w, "much", &p), ERR_OK);
    assert_int_equal(p.figure_count, PANEL_MAX);
    assert_int_equal(p.part_count, PANEL_MAX);
    assert_int_equal(p.note_count, PANEL_MAX);
    size_t rows = 0;
    for (size_t i = 0; i < p.part_count; i++) {
        rows += table_rows(p.parts[i].table);
    }
    assert_int_equal(rows, PANEL_CELLS / PANEL_COLUMNS);
    assert_true(arena_used(w->c.arena) < (size_t)48 * 1024 * 1024);
}

// ---- nonsense

// Every function of the host with arguments that nobody should give.
static void test_host_functions_take_nonsense_without_falling_over(void **state) {
    struct world *w = *state;
    const struct plugin_member *m = NULL;
    for (size_t i = 0; i < w->c.plugins->count; i++) {
        const struct plugin_member *one = &w->c.plugins->members[i];
        m = strcmp(one->plugin->id, "probe") == 0 ? one : m;
    }
    assert_non_null(m);
    const struct anc_host *h = m->plugin->host;
    const char *const one[] = {"1"};
    const anc_rows *rows = NULL;
    int64_t changed = 0;
    anc_ctx x;
    assert_true(call_enter(&x, &w->c, m, "nonsense", 1000));
    h->log->write(NULL, 99, NULL);
    h->log->write(&x, -5, NULL);
    assert_string_equal(h->mem->format(&x, "%s", ""), "");
    assert_int_equal(h->time->budget_ms(NULL), 0);
    assert_int_equal(h->time->today(NULL), INT32_MIN);
    assert_string_equal(h->setting->text(&x, NULL), "");
    assert_string_equal(h->setting->text(NULL, "size"), "");
    assert_int_equal(h->setting->number(&x, "no such"), 0);
    assert_string_equal(h->text->get(&x, NULL), "");
    assert_int_equal(h->fail->why(NULL, ANC_VETO, NULL, NULL), ANC_VETO);
    assert_int_equal(h->fail->why(&x, 12345, NULL, NULL), 12345);
    assert_int_equal(h->sink->write(NULL, NULL, SIZE_MAX), ANC_E_BUG);
    h->report->add(NULL, 0, NULL, NULL);
    assert_int_equal(h->db->run(NULL, 0, 0, NULL, &rows), ANC_E_BUG);
    assert_int_equal(h->db->run(&x, 0, 0, NULL, NULL), ANC_E_BUG);
    assert_int_equal(h->db->run(&x, UINT32_MAX, 0, NULL, &rows), ANC_E_BUG);
    assert_int_equal(h->db->run(&x, 0, UINT32_MAX, NULL, &rows), ANC_E_BUG);
    assert_int_equal(h->db->run(&x, 0, 1, one, &rows), ANC_E_BUG); // it takes two
    assert_int_equal(h->db->exec(&x, 0, 2, NULL, &changed), ANC_E_BUG);
    assert_null(rows);
    assert_int_equal(h->db->count(NULL), 0);
    assert_string_equal(h->db->text(NULL, 0, 0), "");
    assert_int_equal(h->db->i64(NULL, UINT32_MAX, UINT32_MAX), 0);
    assert_true(h->db->is_null(NULL, 0, 0));
    // Outside of a page the page's functions have nothing to say.
    assert_string_equal(h->page->param(&x, "id"), "");
    assert_string_equal(h->page->query(NULL, NULL), "");
    assert_int_equal(h->page->is_post(&x), 0);
    assert_int_equal(h->page->form_ok(&x), 0);
    assert_int_equal(h->page->form_i64(&x, "f", 7), 7);
    h->page->form_set(&x, NULL, NULL);
    h->page->form_error(&x, NULL, NULL);
    h->page->put_text(&x, NULL, NULL);
    h->page->item(&x, NULL);
    h->page->list_end(&x);
    assert_null(h->page->panel(&x, "p"));
    assert_int_equal(h->page->render(&x, "list", "T"), ANC_E_BUG);
    assert_int_equal(h->page->redirect(NULL, "/"), ANC_E_BUG);
    assert_int_equal(h->page->bytes(&x, NULL, NULL, NULL, SIZE_MAX), ANC_E_BUG);
    assert_err(&w->c, call_leave(&x, ANC_OK), ERR_OK);
    assert_int_equal(faults(w, "probe"), 1); // one call is one fault at most
}

static void test_paths_lead_within_the_site_only(void **state) {
    (void)state;
    static const char *const good[] = {"/", "/x/pledges", "/x/pledges/12?page=2#end", "/x/%C3%A9"};
    static const char *const bad[] = {"",      "x/pledges",    "//evil.example",   "https://evil.example",
                                      "/a//b", "/\\evil",      "/a\nSet-Cookie:x", "/a b",
                                      "/\x7f", "/caf\xC3\xA9", "/\"onclick"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(plugin_path_ok(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(plugin_path_ok(bad[i]));
    }
    assert_false(plugin_path_ok(NULL));
}

static void test_texts_are_cut_between_letters(void **state) {
    struct world *w = *state;
    char small[4];
    assert_string_equal(plugin_text(w->c.arena, "a\xC3\xA9x", 2), "a");
    assert_string_equal(plugin_text(w->c.arena, "a\xC3\xA9x", 3), "a\xC3\xA9");
    assert_string_equal(plugin_text(w->c.arena, NULL, 3), "");
    assert_string_equal(plugin_text(w->c.arena, "abc", 0), "");
    plugin_cut(small, sizeof small, "ab\xE2\x82\xAC");
    assert_string_equal(small, "ab");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_a_tag_is_within_its_range_and_its_texts_are_never_missing),
        CASE(test_a_policy_class_is_a_short_word_and_only_of_what_is_up_to_policy),
        CASE(test_points_lie_within_what_there_is_and_have_a_reason),
        CASE(test_a_rule_decides_and_says_why),
        CASE(test_an_export_past_its_bound_is_refused_even_when_the_plugin_is_content),
        CASE(test_a_table_of_an_older_plugin_is_not_read_past_its_end),
        CASE(test_a_file_nobody_takes_is_refused_with_the_reason_of_who_looked_closest),
        CASE(test_rows_of_a_file_are_of_a_known_kind_and_within_reason),
        CASE(test_a_reason_out_of_range_and_columns_out_of_range_are_faults),
        CASE(test_rows_are_asked_for_again_twice_at_most),
        CASE(test_a_flow_is_one_of_the_kinds_and_never_credit),
        CASE(test_a_party_comes_back_whole_and_a_hidden_one_without_a_name),
        CASE(test_thousands_of_parties_are_read_in_order),
        CASE(test_a_judgement_is_in_range_and_says_how_and_why),
        CASE(test_a_panel_filled_out_of_order_is_still_a_panel),
        CASE(test_a_panel_keeps_only_so_much),
        CASE(test_host_functions_take_nonsense_without_falling_over),
        CASE(test_paths_lead_within_the_site_only),
        CASE(test_texts_are_cut_between_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
