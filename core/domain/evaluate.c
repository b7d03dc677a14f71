// SPDX-License-Identifier: Apache-2.0
// Opening, points and ranking of bids.
#include "domain/evaluate.h"

#include "base/day.h"
#include "base/money.h"
#include "base/strb.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "domain/happening.h"
#include "domain/notice.h"
#include "plugin/points.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

// ---- reading and ranking ------------------------------------------------------------------------------

static int64_t milli_cell(const struct rows *r, size_t i, const char *col) {
    return row_is_null(r, i, col) ? -1 : row_i64(r, i, col);
}

static void fill_bid(const struct rows *r, size_t i, const struct evaluation *ev, int64_t lowest,
                     struct evaluated *b) {
    *b = (struct evaluated){.id = row_i64(r, i, "id"),
                            .ref = row_text(r, i, "ref"),
                            .supplier_name = row_text(r, i, "supplier_name"),
                            .supplier_ref = row_text(r, i, "supplier_ref"),
                            .answer = row_text(r, i, "answer"),
                            .content_hash = row_text(r, i, "content_hash"),
                            .submitted_at = row_text(r, i, "submitted_at"),
                            .person_name = row_text(r, i, "person_name"),
                            .person_email = row_text(r, i, "person_email"),
                            .price_pence = row_i64(r, i, "price_pence"),
                            .price_milli = milli_cell(r, i, "price_milli"),
                            .quality_milli = milli_cell(r, i, "quality_milli"),
                            .social_milli = milli_cell(r, i, "social_milli"),
                            .price_reason = row_text(r, i, "price_reason"),
                            .quality_reason = row_text(r, i, "quality_reason"),
                            .social_reason = row_text(r, i, "social_reason")};
    b->complete = (ev->quality_weight == 0 || b->quality_milli >= 0) &&
                  (ev->social_weight == 0 || b->social_milli >= 0);
    int64_t given =
        (b->quality_milli > 0 ? b->quality_milli : 0) + (b->social_milli > 0 ? b->social_milli : 0);
    b->total = (struct total){given, ev->price_weight, lowest, b->price_pence};
    b->total_milli = total_milli(&b->total);
}

static int by_total(const void *x, const void *y) {
    const struct evaluated *a = x, *b = y;
    int order = total_compare(&b->total, &a->total);
    return order ? order : strcmp(a->ref, b->ref);
}

// Best first; equal totals share a rank.
static void rank(struct evaluation *ev) {
    ev->is_complete = true;
    for (size_t i = 0; i < ev->count; i++) {
        ev->is_complete = ev->is_complete && ev->bids[i].complete;
    }
    if (!ev->is_complete) {
        return;
    }
    qsort(ev->bids, ev->count, sizeof *ev->bids, by_total);
    for (size_t i = 0; i < ev->count; i++) {
        bool equal = i > 0 && total_compare(&ev->bids[i].total, &ev->bids[i - 1].total) == 0;
        ev->bids[i].rank = equal ? ev->bids[i - 1].rank : i + 1;
    }
}

static void fill_head(struct ctx *c, const struct rows *n, struct evaluation *ev) {
    int64_t closes = 0;
    *ev = (struct evaluation){.id = row_i64(n, 0, "id"),
                              .ref = row_text(n, 0, "ref"),
                              .title = row_text(n, 0, "title"),
                              .state = row_text(n, 0, "state"),
                              .quality_question = row_text(n, 0, "quality_question"),
                              .closes_at = row_text(n, 0, "closes_at"),
                              .opened_at = row_text(n, 0, "opened_at"),
                              .award_reason = row_text(n, 0, "award_reason"),
                              .award_bid_ref = row_text(n, 0, "award_bid_ref"),
                              .price_weight = row_i64(n, 0, "price_weight"),
                              .quality_weight = row_i64(n, 0, "quality_weight"),
                              .social_weight = row_i64(n, 0, "social_weight"),
                              .social_target_pence = row_i64(n, 0, "social_target_pence"),
                              .is_tender = strcmp(row_text(n, 0, "kind"), "tender") == 0};
    ev->closes_usec = stamp_parse(row_text(n, 0, "closes_at"), &closes) ? closes : 0;
    ev->is_open = strcmp(ev->state, "opened") == 0 || strcmp(ev->state, "awarded") == 0;
    bool sealed = strcmp(ev->state, "published") == 0 || strcmp(ev->state, "closed") == 0;
    ev->can_open = ev->is_tender && sealed && c->now_usec >= ev->closes_usec + EVALUATE_OPEN_WAIT_USEC;
}

enum err evaluate_read(struct ctx *c, const char *ref, struct evaluation *ret) {
    struct rows *n, *r;
    struct evaluation ev;
    const char *anchor = arena_i64(c->arena, c->actor.anchor_id);
    enum err e = notice_buyer_only(c);
    e = e ? e : DB_ROWS(c, opened_notice, &n, ref, anchor);
    e = e ? e : DB_ROWS(c, opened_bids, &r, row_text(n, 0, "id"), anchor);
    if (e != ERR_OK) {
        return e;
    }
    fill_head(c, n, &ev);
    ev.count = rows_count(r);
    ev.bids = arena_array(c->arena, ev.count + 1, sizeof *ev.bids);
    int64_t lowest = INT64_MAX;
    for (size_t i = 0; i < ev.count; i++) {
        int64_t price = row_i64(r, i, "price_pence");
        lowest = price < lowest ? price : lowest;
    }
    for (size_t i = 0; i < ev.count; i++) {
        fill_bid(r, i, &ev, lowest, &ev.bids[i]);
    }
    rank(&ev);
    *ret = ev;
    return ERR_OK;
}

// ---- points -------------------------------------------------------------------------------------------

struct points {
    const char *criterion, *method, *rationale, *inputs;
    int64_t milli, weight;
    bool by_person;
};

static enum err put_points(struct ctx *c, int64_t bid_id, const struct points *p) {
    char points[POINTS_TEXT_BYTES], most[POINTS_TEXT_BYTES], now[STAMP_TEXT_BYTES], hash[65];
    points_format_exact(p->milli, points);
    points_format_exact(p->weight * 1000, most);
    stamp_iso(c->now_usec, now);
    sha256_hex(p->inputs, strlen(p->inputs), hash);
    return DB_EXEC(c, bid_score_put, NULL, arena_i64(c->arena, bid_id), p->criterion, points, most, p->method,
                   p->rationale, hash, p->by_person ? arena_i64(c->arena, c->actor.person_id) : NULL, now);
}

static enum err score_price(struct ctx *c, const struct evaluation *ev, const struct evaluated *b) {
    char lowest[MONEY_TEXT_BYTES], price[MONEY_TEXT_BYTES], points[POINTS_TEXT_BYTES];
    int64_t milli = price_points_milli(ev->price_weight, b->total.lowest_pence, b->price_pence);
    money_format(b->total.lowest_pence, lowest);
    money_format(b->price_pence, price);
    points_format(milli, points);
    struct points p = {.criterion = "price",
                       .method = PRICE_METHOD,
                       .milli = milli,
                       .weight = ev->price_weight,
                       .rationale =
                           arena_printf(c->arena, "%" PRId64 " × %s (lowest price) ÷ %s (this price) = %s",
                                        ev->price_weight, lowest, price, points),
                       .inputs = arena_printf(c->arena, "%" PRId64 " %" PRId64 " %" PRId64, ev->price_weight,
                                              b->total.lowest_pence, b->price_pence)};
    return put_points(c, b->id, &p);
}

// What the scorer plugin sees of a bid, and the same as text for the hash.
static enum err promises_of(struct ctx *c, const struct evaluation *ev, const struct evaluated *b,
                            struct anc_bid *ret, const char **ret_inputs) {
    struct rows *k;
    enum err e = DB_ROWS(c, bid_commitments, &k, b->ref);
    if (e != ERR_OK) {
        return e;
    }
    struct anc_commitment *list = arena_array(c->arena, rows_count(k) + 1, sizeof *list);
    const char *inputs =
        arena_printf(c->arena, "%" PRId64 " %" PRId64 "\n", ev->social_weight, ev->social_target_pence);
    for (size_t i = 0; i < rows_count(k); i++) {
        list[i] = (struct anc_commitment){.size = sizeof *list,
                                          .measure = row_text(k, i, "measure"),
                                          .units = row_i64(k, i, "units"),
                                          .evidence = row_text(k, i, "evidence")};
        inputs = arena_printf(c->arena, "%s%s %" PRId64 " %zu %s\n", inputs, list[i].measure, list[i].units,
                              strlen(list[i].evidence), list[i].evidence);
    }
    *ret = (struct anc_bid){.size = sizeof *ret,
                            .ref = b->ref,
                            .commitments = list,
                            .commitment_count = (uint32_t)rows_count(k),
                            .max_points_milli = (int32_t)(ev->social_weight * 1000),
                            .target_pence = ev->social_target_pence};
    *ret_inputs = inputs;
    return ERR_OK;
}

static enum err score_social(struct ctx *c, const struct provider *p, const struct evaluation *ev,
                             const struct evaluated *b) {
    const struct anc_bid_scorer *table = p->table;
    struct anc_bid bid;
    struct anc_score score;
    const char *inputs;
    enum err e = promises_of(c, ev, b, &bid, &inputs);
    e = e ? e : point_score(c, p, &bid, &score);
    if (e != ERR_OK) {
        return e == ERR_INVALID
                   ? ctx_fail(c, ERR_CONFLICT, "The promises of bid %s cannot be scored.", b->ref)
                   : e;
    }
    struct points points = {.criterion = "social",
                            .method = arena_printf(c->arena, "%s@%s", table->method, table->version),
                            .milli = score.points_milli,
                            .weight = ev->social_weight,
                            .rationale = score.rationale,
                            .inputs = inputs};
    return put_points(c, b->id, &points);
}

static enum err social_of_all(struct ctx *c, const struct evaluation *ev) {
    struct provider p;
    enum err e = ERR_OK;
    if (ev->social_weight == 0 || !provider_at(c->plugins, ANC_POINT_BID_SCORER, 0, &p)) {
        return ERR_OK;
    }
    for (size_t i = 0; e == ERR_OK && i < ev->count; i++) {
        e = score_social(c, &p, ev, &ev->bids[i]);
    }
    return e;
}

// ---- acts ----------------------------------------------------------------------------------------------

struct opening {
    const char *ref;
};

static enum err open_bids(struct ctx *c, void *arg) {
    const struct opening *o = arg;
    struct rows *r;
    struct evaluation ev;
    char now[STAMP_TEXT_BYTES];
    stamp_iso(c->now_usec, now);
    enum err e = notice_take(c, o->ref, NOTICE_OPEN, &r);
    e = e ? e : evaluate_read(c, o->ref, &ev);
    if (e == ERR_OK && !ev.can_open) {
        return ctx_fail(
            c, ERR_CONFLICT,
            "The last bids may still be on their way. Open them one minute after the closing time.");
    }
    e = e ? e : DB_EXEC(c, notice_set_opened, NULL, row_text(r, 0, "id"), now);
    e = e ? e : evaluate_read(c, o->ref, &ev);
    for (size_t i = 0; e == ERR_OK && i < ev.count && ev.price_weight > 0; i++) {
        e = score_price(c, &ev, &ev.bids[i]);
    }
    e = e ? e : social_of_all(c, &ev);
    e = e ? e : audit_add(c, "notice.open", o->ref, "");
    if (e != ERR_OK) {
        return e;
    }
    const struct happening h = {.ref = o->ref,
                                .name = row_text(r, 0, "title"),
                                .anchor_ref = row_text(r, 0, "anchor_ref"),
                                .supplier_ref = ""};
    return happening_note(c, ANC_EVENT_BIDS_OPENED, &h);
}

enum err evaluate_open(struct ctx *c, const char *ref) {
    struct opening o = {ref};
    return db_in_transaction(c, open_bids, &o);
}

static enum err opened_only(struct ctx *c, const char *ref, struct evaluation *ev) {
    struct rows *r;
    enum err e = notice_take(c, ref, NOTICE_AWARD, &r);
    return e ? e : evaluate_read(c, ref, ev);
}

static enum err social_again(struct ctx *c, void *arg) {
    const struct opening *o = arg;
    struct evaluation ev;
    struct provider p;
    enum err e = opened_only(c, o->ref, &ev);
    if (e == ERR_OK && !provider_at(c->plugins, ANC_POINT_BID_SCORER, 0, &p)) {
        return ctx_fail(c, ERR_CONFLICT,
                        "No plugin that scores social value is running. Ask the people who run this place.");
    }
    e = e ? e : social_of_all(c, &ev);
    return e ? e : audit_add(c, "notice.score_social", o->ref, "");
}

enum err evaluate_social(struct ctx *c, const char *ref) {
    struct opening o = {ref};
    return db_in_transaction(c, social_again, &o);
}

struct judging {
    const char *ref, *bid_ref, *points, *reason;
};

static enum err judge(struct ctx *c, void *arg) {
    const struct judging *j = arg;
    struct evaluation ev;
    int64_t milli = 0;
    enum err e = opened_only(c, j->ref, &ev);
    const struct evaluated *b = NULL;
    for (size_t i = 0; e == ERR_OK && i < ev.count; i++) {
        b = strcmp(ev.bids[i].ref, j->bid_ref) == 0 ? &ev.bids[i] : b;
    }
    if (e != ERR_OK || !b) {
        return e ? e : ctx_fail(c, ERR_NOT_FOUND, "no bid %s of this notice", j->bid_ref);
    }
    if (ev.quality_weight == 0) {
        return ctx_fail(c, ERR_CONFLICT, "Quality earns no points in this tender.");
    }
    if (!points_parse(j->points, &milli) || milli > ev.quality_weight * 1000) {
        return ctx_fail_field(c, "points", "Enter points from 0 to %" PRId64 ", for example 12 or 12.5",
                              ev.quality_weight);
    }
    if (!*j->reason) {
        return ctx_fail_field(c, "reason", "Say why. The bidder will read it");
    }
    struct points p = {.criterion = "quality",
                       .method = "panel/points@1",
                       .milli = milli,
                       .weight = ev.quality_weight,
                       .rationale = j->reason,
                       .inputs = b->content_hash,
                       .by_person = true};
    e = put_points(c, b->id, &p);
    return e ? e : audit_add(c, "bid.score", j->ref, j->bid_ref);
}

enum err evaluate_quality(struct ctx *c, const char *ref, const char *bid_ref, const char *points,
                          const char *reason) {
    struct judging j = {ref, bid_ref, points, reason};
    return db_in_transaction(c, judge, &j);
}
