// SPDX-License-Identifier: Apache-2.0
// The award: one a notice, and the words that everybody who bid gets.
#include "base/day.h"
#include "base/money.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "domain/evaluate.h"
#include "domain/happening.h"
#include "domain/mail.h"
#include "domain/notice.h"

#include <anchorage/plugin.h>

#include <inttypes.h>
#include <string.h>

struct awarding {
    const char *ref, *bid_ref, *reason, *base_url;
};

static const char *points_line(struct ctx *c, const char *what, int64_t milli, int64_t weight,
                               const char *why) {
    char points[POINTS_TEXT_BYTES];
    points_format(milli > 0 ? milli : 0, points);
    return weight == 0 ? ""
                       : arena_printf(c->arena, "%s: %s of %" PRId64 "%s%s\n", what, points, weight,
                                      why ? ". " : "", why ? why : "");
}

// A line for each criterion and one for the total; with the reasons for the bidder's own.
static const char *score_words(struct ctx *c, const struct evaluation *ev, const struct evaluated *b,
                               bool reasons) {
    char total[POINTS_TEXT_BYTES];
    points_format(b->total_milli, total);
    return arena_printf(
        c->arena, "%s%s%sAll together: %s of 100",
        points_line(c, "Price", b->price_milli, ev->price_weight, reasons ? b->price_reason : NULL),
        points_line(c, "Quality", b->quality_milli, ev->quality_weight, reasons ? b->quality_reason : NULL),
        points_line(c, "Social value", b->social_milli, ev->social_weight, reasons ? b->social_reason : NULL),
        total);
}

static enum err tell(struct ctx *c, const struct awarding *w, const struct evaluation *ev,
                     const struct rows *anchor, const struct evaluated *b, const struct evaluated *winner) {
    struct mail_word words[] = {{"name", b->person_name},
                                {"title", ev->title},
                                {"supplier", b->supplier_name},
                                {"anchor", row_text(anchor, 0, "anchor_name")},
                                {"reason", w->reason},
                                {"scores", score_words(c, ev, b, true)},
                                {"link", arena_printf(c->arena, "%s/account/bids/%s", w->base_url, b->ref)},
                                {"winner", winner->supplier_name},
                                {"winner_scores", score_words(c, ev, winner, false)},
                                {"contact", row_text(anchor, 0, "anchor_email")}};
    return mail_queue(c, b->person_email, b == winner ? "award" : "not_chosen", words,
                      sizeof words / sizeof *words);
}

static enum err check_choice(struct ctx *c, const struct awarding *w, const struct evaluation *ev,
                             const struct evaluated **ret) {
    const struct evaluated *chosen = NULL;
    for (size_t i = 0; i < ev->count; i++) {
        chosen = strcmp(ev->bids[i].ref, w->bid_ref) == 0 ? &ev->bids[i] : chosen;
    }
    if (ev->count == 0) {
        return ctx_fail(c, ERR_CONFLICT, "Nobody sent a bid, so nothing can be awarded. Cancel the notice.");
    }
    if (!ev->is_complete) {
        return ctx_fail(c, ERR_CONFLICT, "Score every bid for every part before you award.");
    }
    if (!chosen) {
        return ctx_fail_field(c, "bid", "Select the bid that wins");
    }
    if (!*w->reason) {
        return ctx_fail_field(c, "reason", "Say why this bid wins. Everybody who sent a bid will read it");
    }
    if (chosen->rank > 1 && utf8_count(w->reason) < EVALUATE_REASON_MIN) {
        return ctx_fail_field(
            c, "reason",
            "This bid has not the most points. Say in at least %d letters why the better one "
            "cannot be chosen",
            EVALUATE_REASON_MIN);
    }
    *ret = chosen;
    return ERR_OK;
}

static enum err award(struct ctx *c, void *arg) {
    const struct awarding *w = arg;
    struct rows *r, *anchor;
    struct evaluation ev;
    const struct evaluated *chosen = NULL;
    char now[STAMP_TEXT_BYTES];
    stamp_iso(c->now_usec, now);
    enum err e = notice_take(c, w->ref, NOTICE_AWARD, &r);
    e = e ? e : evaluate_read(c, w->ref, &ev);
    e = e ? e : check_choice(c, w, &ev, &chosen);
    e = e ? e : DB_ROWS(c, opportunity, &anchor, w->ref, now);
    if (e != ERR_OK || !chosen) {
        return e;
    }
    const char *id = row_text(r, 0, "id");
    e = DB_EXEC(c, award_add, NULL, id, arena_i64(c->arena, chosen->id),
                arena_i64(c->arena, chosen->price_pence), w->reason, arena_i64(c->arena, c->actor.person_id),
                now);
    if (e == ERR_CONFLICT) {
        return ctx_fail(c, e, "This contract has been awarded already.");
    }
    e = e ? e : DB_EXEC(c, notice_set_awarded, NULL, id, now);
    for (size_t i = 0; e == ERR_OK && i < ev.count; i++) {
        e = tell(c, w, &ev, anchor, &ev.bids[i], chosen);
    }
    e = e ? e : audit_add(c, "notice.award", w->ref, w->bid_ref);
    const struct happening h = {.ref = w->ref,
                                .name = ev.title,
                                .anchor_ref = row_text(r, 0, "anchor_ref"),
                                .supplier_ref = chosen->supplier_ref,
                                .amount_pence = chosen->price_pence};
    e = e ? e : happening_ask(c, ANC_EVENT_AWARDING, &h);
    return e ? e : happening_note(c, ANC_EVENT_AWARDED, &h);
}

enum err evaluate_award(struct ctx *c, const char *ref, const char *bid_ref, const char *reason,
                        const char *base_url) {
    struct awarding w = {ref, bid_ref, reason, base_url};
    return db_in_transaction(c, award, &w);
}
