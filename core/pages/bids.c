// SPDX-License-Identifier: Apache-2.0
// Bids of a supplier: the form, checking it, the receipt, the list, taking a bid back.
#include "base/day.h"
#include "db/queries.gen.h"
#include "domain/bid.h"
#include "domain/eligibility.h"
#include "domain/price.h"
#include "http/app.h"
#include "http/response.h"
#include "pages/routes.h"
#include "pages/rule_words.h"
#include "pages/view.h"
#include "plugin/points.h"

#include <stdlib.h>
#include <string.h>

static const char *const measure_fields[BID_LINES] = {"measure1", "measure2", "measure3",
                                                      "measure4", "measure5", "measure6"};
static const char *const units_fields[BID_LINES] = {"units1", "units2", "units3",
                                                    "units4", "units5", "units6"};
static const char *const evidence_fields[BID_LINES] = {"evidence1", "evidence2", "evidence3",
                                                       "evidence4", "evidence5", "evidence6"};

// ---- promises a bidder can choose from ----

static bool scorer(struct req *r, struct provider *ret) {
    return provider_at(r->c.plugins, ANC_POINT_BID_SCORER, 0, ret);
}

static void measure_words(struct req *r, const char *code, struct anc_measure *ret) {
    struct provider p;
    *ret = (struct anc_measure){code, code, "", ""};
    for (size_t i = 0; scorer(r, &p) && i < point_measures(&p); i++) {
        struct anc_measure m;
        point_measure(&p, i, &m);
        if (strcmp(m.code, code) == 0) {
            *ret = m;
        }
    }
}

static void offer_measures(struct req *r) {
    struct provider p;
    size_t n = scorer(r, &p) ? point_measures(&p) : 0;
    struct field_option *options = arena_array(r->c.arena, n + 1, sizeof *options);
    for (size_t i = 0; i < n; i++) {
        struct anc_measure m;
        point_measure(&p, i, &m);
        options[i] =
            (struct field_option){m.code, arena_printf(r->c.arena, "%s (%s)", m.title, m.unit), NULL};
    }
    for (size_t i = 0; i < BID_LINES; i++) {
        form_options(r->form, measure_fields[i], options, n);
    }
}

static void list_measures(struct req *r, struct model *m) {
    struct provider p;
    model_list(m, "measures");
    for (size_t i = 0; scorer(r, &p) && i < point_measures(&p); i++) {
        struct anc_measure one;
        point_measure(&p, i, &one);
        struct model *item = model_add(m, "measures");
        model_text(item, "measure_title", one.title);
        model_text(item, "unit", one.unit);
        model_text(item, "help", one.help);
    }
}

// ---- the form ----

static void read_input(const struct form *f, struct bid_input *in) {
    in->price_pence = form_i64(f, "price", -1);
    in->answer = form_text(f, "answer");
    for (size_t i = 0; i < BID_LINES; i++) {
        in->lines[i] = (struct bid_line){.measure = form_text(f, measure_fields[i]),
                                         .units = form_i64(f, units_fields[i], -1),
                                         .evidence = form_text(f, evidence_fields[i])};
    }
}

static void say_in_form(void *arg, const char *field, const char *text) {
    form_error(arg, field, text);
}

// What this supplier sent before, to be changed.
static enum err fill_from_earlier(struct req *r, struct model *m, const char *supplier) {
    struct rows *mine, *promises;
    enum err e = DB_ROWS(&r->c, bid_mine, &mine, r->params[0], supplier);
    bool has = e == ERR_OK && rows_count(mine) > 0;
    model_bool(m, "has_bid", has);
    model_text(m, "my_ref", has ? row_text(mine, 0, "ref") : "");
    model_text(m, "my_time", has ? row_text(mine, 0, "submitted_at") : "");
    if (!has || form_was_sent(r->form)) {
        return e;
    }
    form_set_i64(r->form, "price", row_i64(mine, 0, "price_pence"));
    form_set(r->form, "answer", row_text(mine, 0, "answer"));
    e = DB_ROWS(&r->c, bid_commitments, &promises, row_text(mine, 0, "ref"));
    for (size_t i = 0; e == ERR_OK && i < rows_count(promises) && i < BID_LINES; i++) {
        form_set(r->form, measure_fields[i], row_text(promises, i, "measure"));
        form_set(r->form, units_fields[i], row_text(promises, i, "units"));
        form_set(r->form, evidence_fields[i], row_text(promises, i, "evidence"));
    }
    return e;
}

static void add_sent(struct model *m, const struct form *f, const char *field) {
    struct model *item = model_add(m, "sent");
    model_text(item, "field_name", field);
    model_text(item, "field_value", form_text(f, field));
}

// Check your answers: everything once more as words, and as hidden fields for the next step.
static enum err show_check(struct req *r, struct model *m) {
    struct bid_input in;
    read_input(r->form, &in);
    model_i64(m, "price_pence", in.price_pence);
    model_text(m, "answer", in.answer);
    model_list(m, "promises");
    model_list(m, "sent");
    add_sent(m, r->form, "price");
    add_sent(m, r->form, "answer");
    for (size_t i = 0; i < BID_LINES; i++) {
        add_sent(m, r->form, measure_fields[i]);
        add_sent(m, r->form, units_fields[i]);
        add_sent(m, r->form, evidence_fields[i]);
        if (*in.lines[i].measure) {
            struct anc_measure words;
            measure_words(r, in.lines[i].measure, &words);
            struct model *item = model_add(m, "promises");
            model_text(item, "measure_title", words.title);
            model_text(item, "unit", words.unit);
            model_i64(item, "units", in.lines[i].units);
            model_text(item, "evidence", in.lines[i].evidence);
        }
    }
    return page_render(r, "bids/check", m);
}

static enum err send_bid(struct req *r, struct model *m) {
    struct bid_input in;
    struct bid_receipt receipt;
    read_input(r->form, &in);
    enum err e = bid_submit(&r->c, r->params[0], &in, r->app->public_url, &receipt);
    if (e == ERR_OK) {
        return page_redirect(r, "/account/bids/%s", receipt.ref);
    }
    e = view_form_failure(r, e);
    return e ? e : page_render(r, "bids/edit", m);
}

// The model that the form and the check page share. ERR_GONE when bids are not taken any more.
static enum err bid_model(struct req *r, struct model **ret, bool *ret_asks_quality) {
    struct rows *n;
    int64_t closes = 0;
    const char *supplier = arena_i64(r->c.arena, r->c.actor.supplier_id);
    enum err e =
        DB_ROWS(&r->c, bid_notice, &n, r->params[0], supplier, arena_i64(r->c.arena, r->c.actor.person_id));
    struct rows *about;
    char now[STAMP_TEXT_BYTES];
    stamp_iso(r->c.now_usec, now);
    e = e ? e : DB_ROWS(&r->c, opportunity, &about, r->params[0], now);
    if (e != ERR_OK) {
        return e;
    }
    bool open = row_bool(about, 0, "is_open") && stamp_parse(row_text(n, 0, "closes_at"), &closes);
    const char *title = arena_printf(r->c.arena, "Bid: %s", row_text(n, 0, "title"));
    struct model *m = page_model(r, title);
    view_row(m, about, 0);
    model_text(m, "title", title);
    model_text(m, "notice_title", row_text(n, 0, "title"));
    model_text(m, "supplier_name", row_text(n, 0, "supplier_name"));
    model_bool(m, "still_open", open);
    model_bool(m, "has_quality", row_i64(n, 0, "quality_weight") > 0);
    model_bool(m, "has_social", row_i64(n, 0, "social_weight") > 0);
    model_bool(m, "not_local",
               strcmp(row_text(n, 0, "reserved"), "local") == 0 && !row_bool(n, 0, "is_local"));
    const struct rule_finding *rules;
    size_t rule_count;
    e = eligibility_ask(&r->c, r->params[0], r->c.actor.supplier_id, r->app->public_url, &rules, &rule_count);
    if (e != ERR_OK) {
        return e;
    }
    rule_words_findings(m, rules, rule_count);
    list_measures(r, m);
    offer_measures(r);
    *ret = m;
    *ret_asks_quality = row_i64(n, 0, "quality_weight") > 0;
    return fill_from_earlier(r, m, supplier);
}

static enum err page_bid(struct req *r) {
    struct model *m;
    bool asks_quality;
    if (r->c.actor.supplier_id == 0) {
        m = page_model(r, "Register your business first");
        return page_render(r, "bids/no-business", m);
    }
    enum err e = bid_model(r, &m, &asks_quality);
    if (e != ERR_OK || !form_was_sent(r->form)) {
        return e ? e : page_render(r, "bids/edit", m);
    }
    struct bid_input in;
    read_input(r->form, &in);
    bid_check(&in, asks_quality, say_in_form, r->form);
    const char *step = form_text(r->form, "step");
    if (!form_ok(r->form) || strcmp(step, "change") == 0) {
        return page_render(r, "bids/edit", m);
    }
    return strcmp(step, "send") == 0 ? send_bid(r, m) : show_check(r, m);
}

// ---- receipt and list ----

static enum err put_promises(struct req *r, struct model *m, const char *bid_ref) {
    struct rows *k;
    enum err e = DB_ROWS(&r->c, bid_commitments, &k, bid_ref);
    model_list(m, "promises");
    for (size_t i = 0; e == ERR_OK && i < rows_count(k); i++) {
        struct anc_measure words;
        measure_words(r, row_text(k, i, "measure"), &words);
        struct model *item = model_add(m, "promises");
        model_text(item, "measure_title", words.title);
        model_text(item, "unit", words.unit);
        model_text(item, "units", row_text(k, i, "units"));
        model_text(item, "evidence", row_text(k, i, "evidence"));
    }
    return e;
}

static enum err put_scores(struct req *r, struct model *m, const char *bid_ref, const char *supplier) {
    struct rows *s;
    enum err e = DB_ROWS(&r->c, bid_scores_own, &s, bid_ref, supplier);
    model_list(m, "scores");
    for (size_t i = 0; e == ERR_OK && i < rows_count(s); i++) {
        char points[POINTS_TEXT_BYTES], most[POINTS_TEXT_BYTES];
        const char *criterion = row_text(s, i, "criterion");
        points_format(row_i64(s, i, "points_milli"), points);
        points_format(row_i64(s, i, "max_milli"), most);
        struct model *item = model_add(m, "scores");
        model_bool(item, "is_price", strcmp(criterion, "price") == 0);
        model_bool(item, "is_quality", strcmp(criterion, "quality") == 0);
        model_bool(item, "is_social", strcmp(criterion, "social") == 0);
        model_text(item, "points", points);
        model_text(item, "most", most);
        model_text(item, "rationale", row_text(s, i, "rationale"));
    }
    return e;
}

static void state_flags(struct req *r, struct model *m, const struct rows *b, size_t i) {
    const char *state = row_text(b, i, "state"), *notice = row_text(b, i, "notice_state");
    bool counts = strcmp(state, "submitted") == 0;
    int64_t closes = 0;
    bool past = !stamp_parse(row_text(b, i, "closes_at"), &closes) || closes <= r->c.now_usec;
    bool before = strcmp(notice, "published") == 0 && !past;
    bool awarded = strcmp(notice, "awarded") == 0;
    bool won = row_bool(b, i, "won");
    bool cancelled = strcmp(notice, "cancelled") == 0;
    model_bool(m, "is_sealed", counts && before);
    model_bool(m, "is_waiting", counts && !before && !awarded && !cancelled);
    model_bool(m, "is_won", counts && awarded && won);
    model_bool(m, "is_lost", counts && awarded && !won);
    model_bool(m, "is_cancelled", counts && cancelled);
    model_bool(m, "is_replaced", strcmp(state, "replaced") == 0);
    model_bool(m, "is_withdrawn", strcmp(state, "withdrawn") == 0);
}

static enum err page_receipt(struct req *r) {
    struct rows *b;
    const char *supplier = arena_i64(r->c.arena, r->c.actor.supplier_id);
    enum err e = DB_ROWS(&r->c, bid_receipt, &b, r->params[0], supplier);
    if (e != ERR_OK) {
        return e;
    }
    const char *title = arena_printf(r->c.arena, "Receipt %s", row_text(b, 0, "ref"));
    struct model *m = page_model(r, title);
    view_row(m, b, 0);
    model_text(m, "title", title);
    model_text(m, "notice_title", row_text(b, 0, "title"));
    state_flags(r, m, b, 0);
    e = put_promises(r, m, r->params[0]);
    e = e ? e : put_scores(r, m, r->params[0], supplier);
    return e ? e : page_render(r, "bids/receipt", m);
}

static enum err page_list(struct req *r) {
    struct rows *b;
    enum err e = DB_ROWS(&r->c, bids_of_supplier, &b, arena_i64(r->c.arena, r->c.actor.supplier_id));
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "My bids");
    size_t n = rows_count(b);
    model_textf(m, "list_count_text", "%zu %s", n, n == 1 ? "bid" : "bids");
    model_text(m, "list_sort_text", "Newest first");
    model_list(m, "bids");
    for (size_t i = 0; i < n; i++) {
        static const char *const texts[] = {"ref",         "notice_ref",   "title",     "anchor_name",
                                            "price_pence", "submitted_at", "closes_at", "version"};
        struct model *item = model_add(m, "bids");
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            model_text(item, texts[k], row_text(b, i, texts[k]));
        }
        state_flags(r, item, b, i);
    }
    return page_render(r, "bids/list", m);
}

static enum err page_withdraw(struct req *r) {
    enum err e = bid_withdraw(&r->c, r->params[0]);
    if (e == ERR_CONFLICT || e == ERR_GONE) {
        page_flash(r, "info", r->c.err_detail);
        return page_redirect(r, "/account/bids/%s", r->params[0]);
    }
    if (e != ERR_OK) {
        return e;
    }
    page_flash(r, "success", "Your bid is taken back. It will not be opened.");
    return page_redirect(r, "/account/bids/%s", r->params[0]);
}

const struct route routes_bids[] = {
    {"GET", "/opportunities/{ref}/bid", NEED(PERM_SIGNED_IN), CSRF_NONE, "bid", 0, "", page_bid, NULL},
    {"POST", "/opportunities/{ref}/bid", NEED(PERM_SIGNED_IN), CSRF_TOKEN, "bid", 0, "", page_bid, NULL},
    {"GET", "/account/bids", NEED(PERM_SUPPLIER), CSRF_NONE, "-", 0, "", page_list, NULL},
    {"GET", "/account/bids/{ref}", NEED(PERM_SUPPLIER), CSRF_NONE, "-", 0, "", page_receipt, NULL},
    {"POST", "/account/bids/{ref}/withdraw", NEED(PERM_SUPPLIER), CSRF_TOKEN, "-", 0, "", page_withdraw,
     NULL},
};
ROUTES_END(bids);
