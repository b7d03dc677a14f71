// SPDX-License-Identifier: Apache-2.0
// Bids of a notice as its buyer sees them: sealed, opened, scored, awarded.
#include "pages/buyer_bids.h"

#include "base/day.h"
#include "db/queries.gen.h"
#include "domain/evaluate.h"
#include "http/app.h"
#include "http/response.h"
#include "pages/rule_words.h"
#include "pages/view.h"
#include "plugin/points.h"

#include <string.h>

static void put_points(struct model *m, const char *key, int64_t milli) {
    char text[POINTS_TEXT_BYTES] = "";
    if (milli >= 0) {
        points_format(milli, text);
    }
    model_text(m, key, text);
}

static void put_bid(struct model *m, const struct evaluation *ev, const struct evaluated *b) {
    model_text(m, "bid_ref", b->ref);
    model_text(m, "supplier_name", b->supplier_name);
    model_text(m, "supplier_ref", b->supplier_ref);
    model_i64(m, "price_pence", b->price_pence);
    model_text(m, "submitted_at", b->submitted_at);
    model_text(m, "content_hash", b->content_hash);
    model_text(m, "answer", b->answer);
    put_points(m, "price_points", b->price_milli);
    put_points(m, "quality_points", b->quality_milli);
    put_points(m, "social_points", b->social_milli);
    put_points(m, "total_points", b->complete ? b->total_milli : -1);
    model_text(m, "price_reason", b->price_reason);
    model_text(m, "quality_reason", b->quality_reason);
    model_text(m, "social_reason", b->social_reason);
    model_i64(m, "rank", (int64_t)b->rank);
    model_bool(m, "is_ranked", b->rank > 0);
    model_bool(m, "is_winner", strcmp(b->ref, ev->award_bid_ref) == 0);
    model_bool(m, "needs_quality", ev->quality_weight > 0 && b->quality_milli < 0);
}

static void put_head(struct req *r, struct model *m, const struct evaluation *ev) {
    char opens[STAMP_TEXT_BYTES] = "";
    if (ev->closes_usec > 0) {
        stamp_words(ev->closes_usec + EVALUATE_OPEN_WAIT_USEC, opens);
    }
    size_t missing = 0;
    bool social_missing = false;
    for (size_t i = 0; i < ev->count; i++) {
        missing += ev->quality_weight > 0 && ev->bids[i].quality_milli < 0;
        social_missing = social_missing || (ev->social_weight > 0 && ev->bids[i].social_milli < 0);
    }
    model_text(m, "ref", r->params[0]);
    model_text(m, "notice_title", ev->title);
    model_text(m, "closes_at", ev->closes_at);
    model_text(m, "opened_at", ev->opened_at);
    model_text(m, "opens_words", opens);
    model_text(m, "quality_question", ev->quality_question);
    model_text(m, "award_reason", ev->award_reason);
    model_i64(m, "price_weight", ev->price_weight);
    model_i64(m, "quality_weight", ev->quality_weight);
    model_i64(m, "social_weight", ev->social_weight);
    model_i64(m, "social_target_pence", ev->social_target_pence);
    model_bool(m, "is_tender", ev->is_tender);
    model_bool(m, "is_opened", ev->is_open);
    model_bool(m, "is_cancelled", strcmp(ev->state, "cancelled") == 0);
    model_bool(m, "is_awarded", strcmp(ev->state, "awarded") == 0);
    model_bool(m, "can_open", ev->can_open);
    model_bool(m, "can_award", ev->is_complete && ev->count > 0 && strcmp(ev->state, "opened") == 0);
    model_bool(m, "social_missing", social_missing);
    model_i64(m, "to_score", (int64_t)missing);
    model_text(m, "refusal", "");
}

static enum err show_bids(struct req *r, const char *refusal) {
    struct evaluation ev;
    enum err e = evaluate_read(&r->c, r->params[0], &ev);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, arena_printf(r->c.arena, "Bids: %s", ev.title));
    put_head(r, m, &ev);
    model_text(m, "refusal", refusal);
    model_textf(m, "list_count_text", "%zu %s", ev.count, ev.count == 1 ? "bid" : "bids");
    model_text(m, "list_sort_text",
               ev.is_complete ? "Most points first"
                              : "In the order in which they came, until all are scored");
    model_list(m, "bids");
    for (size_t i = 0; i < ev.count; i++) {
        put_bid(model_add(m, "bids"), &ev, &ev.bids[i]);
    }
    e = page_render(r, "buyer/bids", m);
    if (e == ERR_OK && *refusal) {
        r->resp->status = err_status(ERR_CONFLICT);
    }
    return e;
}

enum err page_buyer_bids(struct req *r) {
    return show_bids(r, "");
}

enum err page_buyer_open(struct req *r) {
    enum err e = evaluate_open(&r->c, r->params[0]);
    if (e == ERR_CONFLICT) {
        return show_bids(r, r->c.err_detail);
    }
    if (e != ERR_OK) {
        return e;
    }
    page_flash(r, "success", "The bids are open. Now score the answers.");
    return page_redirect(r, "/buyer/notices/%s/bids", r->params[0]);
}

enum err page_buyer_social(struct req *r) {
    enum err e = evaluate_social(&r->c, r->params[0]);
    if (e == ERR_CONFLICT) {
        return show_bids(r, r->c.err_detail);
    }
    return e ? e : page_redirect(r, "/buyer/notices/%s/bids", r->params[0]);
}

// ---- one bid ----

static enum err put_promises(struct req *r, struct model *m, const char *bid_ref) {
    struct rows *k;
    struct provider p;
    enum err e = DB_ROWS(&r->c, bid_commitments, &k, bid_ref);
    bool known = provider_at(r->c.plugins, ANC_POINT_BID_SCORER, 0, &p);
    model_list(m, "promises");
    for (size_t i = 0; e == ERR_OK && i < rows_count(k); i++) {
        struct anc_measure words = {row_text(k, i, "measure"), row_text(k, i, "measure"), "", ""};
        for (size_t n = 0; known && n < point_measures(&p); n++) {
            struct anc_measure one;
            point_measure(&p, n, &one);
            words = strcmp(one.code, words.code) == 0 ? one : words;
        }
        struct model *item = model_add(m, "promises");
        model_text(item, "measure_title", words.title);
        model_text(item, "unit", words.unit);
        model_text(item, "units", row_text(k, i, "units"));
        model_text(item, "evidence", row_text(k, i, "evidence"));
    }
    return e;
}

// What the rules said when the bid was sent.
static enum err put_rules(struct req *r, struct model *m, const char *bid_ref) {
    struct rows *k;
    enum err e = DB_ROWS(&r->c, opened_bid_rules, &k, bid_ref, arena_i64(r->c.arena, r->c.actor.anchor_id));
    model_list(m, "rule_findings");
    for (size_t i = 0; e == ERR_OK && i < rows_count(k); i++) {
        rule_words_finding(m, row_text(k, i, "title"), "", row_text(k, i, "decision"),
                           row_text(k, i, "reason"));
    }
    return e;
}

static enum err show_bid(struct req *r) {
    struct evaluation ev;
    const struct evaluated *b = NULL;
    enum err e = evaluate_read(&r->c, r->params[0], &ev);
    for (size_t i = 0; e == ERR_OK && i < ev.count; i++) {
        b = strcmp(ev.bids[i].ref, r->params[1]) == 0 ? &ev.bids[i] : b;
    }
    if (e != ERR_OK || !b) {
        return e ? e : ctx_fail(&r->c, ERR_NOT_FOUND, "no opened bid %s", r->params[1]);
    }
    struct model *m = page_model(r, arena_printf(r->c.arena, "Bid of %s", b->supplier_name));
    put_head(r, m, &ev);
    put_bid(m, &ev, b);
    model_bool(m, "may_score", ev.quality_weight > 0 && strcmp(ev.state, "opened") == 0);
    if (!form_was_sent(r->form) && b->quality_milli >= 0) {
        char points[POINTS_TEXT_BYTES];
        points_format(b->quality_milli, points);
        form_set(r->form, "points", points);
        form_set(r->form, "reason", b->quality_reason);
    }
    e = put_promises(r, m, b->ref);
    e = e ? e : put_rules(r, m, b->ref);
    return e ? e : page_render(r, "buyer/bid", m);
}

enum err page_buyer_bid(struct req *r) {
    if (!form_was_sent(r->form) || !form_ok(r->form)) {
        return show_bid(r);
    }
    enum err e = evaluate_quality(&r->c, r->params[0], r->params[1], form_text(r->form, "points"),
                                  form_text(r->form, "reason"));
    if (e != ERR_OK) {
        e = view_form_failure(r, e);
        return e ? e : show_bid(r);
    }
    page_flash(r, "success", "The points are saved.");
    return page_redirect(r, "/buyer/notices/%s/bids", r->params[0]);
}

// ---- award ----

static void offer_bids(struct req *r, const struct evaluation *ev) {
    struct field_option *options = arena_array(r->c.arena, ev->count + 1, sizeof *options);
    for (size_t i = 0; i < ev->count; i++) {
        char points[POINTS_TEXT_BYTES];
        points_format(ev->bids[i].total_milli, points);
        options[i] =
            (struct field_option){ev->bids[i].ref, ev->bids[i].supplier_name,
                                  arena_printf(r->c.arena, "%s points, rank %zu", points, ev->bids[i].rank)};
    }
    form_options(r->form, "bid", options, ev->count);
}

enum err page_buyer_award(struct req *r) {
    struct evaluation ev;
    enum err e = evaluate_read(&r->c, r->params[0], &ev);
    if (e != ERR_OK) {
        return e;
    }
    if (!ev.is_complete || ev.count == 0 || strcmp(ev.state, "opened") != 0) {
        page_flash(r, "info", "An award needs opened bids, every one scored.");
        return page_redirect(r, "/buyer/notices/%s/bids", r->params[0]);
    }
    offer_bids(r, &ev);
    if (form_was_sent(r->form) && form_ok(r->form)) {
        e = evaluate_award(&r->c, r->params[0], form_text(r->form, "bid"), form_text(r->form, "reason"),
                           r->app->public_url);
        if (e == ERR_OK) {
            page_flash(r, "success", "Awarded. Everybody who sent a bid gets their points and the reasons.");
            return page_redirect(r, "/buyer/notices/%s/bids", r->params[0]);
        }
        e = view_form_failure(r, e);
    }
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Award the contract");
    put_head(r, m, &ev);
    return page_render(r, "buyer/award", m);
}
