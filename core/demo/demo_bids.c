// SPDX-License-Identifier: Apache-2.0
// Bids of the demo place: prices around the range, answers, promises; scores by the real scorer; awards.
#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "demo/demo_parts.h"
#include "domain/bid.h"
#include "domain/price.h"
#include "plugin/points.h"

#include <string.h>

#define BIDS_MAX 8

static const char *const answers[] = {
    "Four people who know this work will do it, led by the same foreman from first day to last. He rings you "
    "every "
    "Friday with what was done and what comes next. We check each job against a list, and a second person "
    "checks one "
    "in ten. If something is wrong we put it right within two days at our own cost.",
    "We have done work of this kind for nine years for schools and clubs near here. Our people live within "
    "five miles, "
    "so they can be with you in half an hour. You will have one number to ring and one person who knows your "
    "buildings. We ask the people who use them how we did, twice a year, and show you what they said.",
    "We start with a walk around each site with the people who run it, and write the plan together. The plan "
    "hangs on "
    "the wall where everybody can see it. New staff work beside an experienced colleague for two weeks. We "
    "measure "
    "what matters to you: done on time, done right first time, and no complaints left open.",
    "We are a small team and keep it that way. The owner does part of the work herself and checks the rest. "
    "We use "
    "materials that can be mended, and we take our waste back with us. When we cannot come, a neighbouring "
    "firm that "
    "we trust steps in, and you know them beforehand.",
    "Our method is written down and our staff helped to write it. We plan for illness and bad weather, and "
    "we tell you "
    "early when something will be late. Each month we meet for half an hour and go through a page of figures "
    "that you "
    "choose. In the last contract like this one we were on time in 97 of 100 jobs.",
};

static const struct {
    const char *measure, *evidence;
    int64_t from, span;
} promises[] = {
    {"local-jobs", "A list of posts with postcodes, each quarter", 1, 3},
    {"apprentices", "The training agreement and the college's record", 20, 60},
    {"school-hours", "A line from the school after each visit", 8, 50},
    {"living-wage", "Pay records without names, once a year", 1, 7},
    {"volunteering", "A signed sheet from the group we help", 10, 90},
    {"community-fund", "Receipts, once a year", 200, 1600},
    {"care-leaver-placements", "A diary signed by both sides", 2, 10},
    {"carbon-saved", "Fuel and power bills against the year before", 1, 8},
};
#define PROMISES (sizeof promises / sizeof *promises)

static struct bid_input invent(struct demo *d, const struct demo_tender *t) {
    int64_t range = t->high_pence - t->low_pence;
    int64_t price = t->low_pence + range * demo_below(&d->rng, 112) / 100 + demo_below(&d->rng, 90000);
    struct bid_input in = {
        .price_pence = price - price % 500,
        .answer = t->quality ? answers[demo_below(&d->rng, sizeof answers / sizeof *answers)] : ""};
    uint32_t order[PROMISES];
    demo_shuffle(&d->rng, order, PROMISES);
    size_t n = t->social ? 1 + demo_below(&d->rng, 4) : 0;
    for (size_t i = 0; i < BID_LINES; i++) {
        in.lines[i] = (struct bid_line){"", "", -1};
        if (i < n) {
            uint32_t k = order[i];
            in.lines[i] =
                (struct bid_line){promises[k].measure, promises[k].evidence,
                                  promises[k].from + demo_below(&d->rng, (uint32_t)promises[k].span)};
        }
    }
    return in;
}

static enum err add_bid(struct demo *d, const struct demo_tender *t, const struct demo_supplier *s) {
    struct ctx *c = d->c;
    struct arena *a = c->arena;
    struct bid_input in = invent(d, t);
    int64_t end = t->closes_at < c->now_usec ? t->closes_at : c->now_usec;
    int64_t minutes = (end - t->published_at) / (60 * USEC_PER_SEC);
    int64_t at = t->published_at + (int64_t)demo_below(&d->rng, (uint32_t)minutes) * 60 * USEC_PER_SEC;
    char ref[REF_CHARS + 1], hash[65];
    demo_ref(&d->rng, ref);
    const char *text = bid_canonical(a, t->ref, s->ref, 1, &in);
    sha256_hex(text, strlen(text), hash);
    enum err e =
        DB_EXEC(c, bid_add, NULL, ref, arena_i64(a, t->id), arena_i64(a, s->id), "1",
                arena_i64(a, in.price_pence), in.answer, hash, arena_i64(a, s->contact), demo_stamp(d, at));
    for (size_t i = 0; e == ERR_OK && i < BID_LINES && *in.lines[i].measure; i++) {
        e = DB_EXEC(c, bid_add_commitment, NULL, ref, in.lines[i].measure, arena_i64(a, in.lines[i].units),
                    in.lines[i].evidence);
    }
    return e;
}

// The people with a sign-in bid too, so that their pages show something; the rest by chance.
static const struct demo_supplier *bidder(struct demo *d, const struct demo_tender *t, int k) {
    if (k == 0 && t->number % 4 < 3) {
        return &d->suppliers[d->signed_in[t->number % 4]];
    }
    for (;;) {
        const struct demo_supplier *s = &d->suppliers[demo_below(&d->rng, DEMO_SUPPLIERS)];
        if (!t->local_only || s->local) {
            return s;
        }
    }
}

enum err demo_add_bids(struct demo *d, const struct demo_tender *t) {
    const struct demo_supplier *chosen[BIDS_MAX];
    enum err e = ERR_OK;
    for (int k = 0; e == ERR_OK && k < t->bids && k < BIDS_MAX;) {
        chosen[k] = bidder(d, t, k);
        bool twice = false;
        for (int i = 0; i < k; i++) {
            twice = twice || chosen[i] == chosen[k];
        }
        if (!twice) {
            e = add_bid(d, t, chosen[k++]);
        }
    }
    return e;
}

// ---- scores ---------------------------------------------------------------------------------------------

struct judged {
    const char *id, *ref;
    struct total total;
};

static enum err put_score(struct demo *d, const struct demo_tender *t, const struct judged *j,
                          const char *criterion, int64_t milli, int weight, const char *method,
                          const char *reason, const char *hash, bool by_person) {
    char points[POINTS_TEXT_BYTES], most[POINTS_TEXT_BYTES];
    points_format_exact(milli, points);
    points_format_exact((int64_t)weight * 1000, most);
    return DB_EXEC(d->c, bid_score_put, NULL, j->id, criterion, points, most, method, reason, hash,
                   by_person ? arena_i64(d->c->arena, t->buyer) : NULL, demo_stamp(d, t->opened_at));
}

static enum err score_social(struct demo *d, const struct demo_tender *t, struct judged *j) {
    struct provider p;
    struct rows *r;
    enum err e = DB_ROWS(d->c, bid_commitments, &r, j->ref);
    if (e != ERR_OK || !t->social || !provider_at(d->c->plugins, ANC_POINT_BID_SCORER, 0, &p)) {
        return e;
    }
    const struct anc_bid_scorer *scorer = p.table;
    size_t n = rows_count(r);
    struct anc_commitment *list = arena_array(d->c->arena, n + 1, sizeof *list);
    const char *inputs = "";
    for (size_t i = 0; i < n; i++) {
        list[i] = (struct anc_commitment){.size = sizeof *list,
                                          .measure = row_text(r, i, "measure"),
                                          .units = row_i64(r, i, "units"),
                                          .evidence = row_text(r, i, "evidence")};
        inputs = arena_printf(d->c->arena, "%s%s %s\n", inputs, list[i].measure, row_text(r, i, "units"));
    }
    struct anc_bid bid = {.size = sizeof bid,
                          .ref = j->ref,
                          .commitments = list,
                          .commitment_count = (uint32_t)n,
                          .max_points_milli = t->social * 1000,
                          .target_pence = t->target_pence};
    struct anc_score score = {0};
    char hash[65];
    sha256_hex(inputs, strlen(inputs), hash);
    e = point_score(d->c, &p, &bid, &score);
    if (e != ERR_OK) {
        return e;
    }
    j->total.given_milli += score.points_milli;
    return put_score(
        d, t, j, "social", score.points_milli, t->social,
        arena_printf(d->c->arena, "%s/%s@%s", provider_plugin_id(&p), scorer->method, scorer->version),
        score.rationale, hash, false);
}

static enum err score_quality(struct demo *d, const struct demo_tender *t, struct judged *j) {
    static const char *const reasons[] = {
        "Clear about who does what. We would have liked to read more on what happens when people are ill.",
        "A good plan with proof from work of the same kind. The checks are stronger than we asked for.",
        "It answers the question, but much of it could be about any contract. Few figures.",
        "Very convincing on people and training. The plan for the first month is a little thin.",
    };
    uint32_t k = demo_below(&d->rng, 4);
    static const int share[] = {70, 90, 55, 80};
    int64_t milli = (int64_t)t->quality * 10 * share[k];
    j->total.given_milli += milli;
    return put_score(d, t, j, "quality", milli, t->quality, "quality/panel@1", reasons[k], "", true);
}

static enum err award(struct demo *d, const struct demo_tender *t, const struct judged *list, size_t n) {
    size_t best = 0;
    for (size_t i = 1; i < n; i++) {
        best = total_compare(&list[i].total, &list[best].total) > 0 ? i : best;
    }
    char points[POINTS_TEXT_BYTES];
    points_format(total_milli(&list[best].total), points);
    const char *reason = arena_printf(
        d->c->arena,
        "This bid has the most points of %zu: %s of 100. It was strong on how the work will be done, its "
        "price is fair, and what it promises for the area can be checked.",
        n, points);
    return DB_EXEC(d->c, award_add, NULL, arena_i64(d->c->arena, t->id), list[best].id,
                   arena_i64(d->c->arena, list[best].total.price_pence), reason,
                   arena_i64(d->c->arena, t->buyer), demo_stamp(d, t->awarded_at));
}

enum err demo_judge_bids(struct demo *d, const struct demo_tender *t) {
    struct rows *r;
    struct judged list[BIDS_MAX];
    bool awarded = strcmp(t->state, "awarded") == 0;
    enum err e = DB_ROWS(d->c, demo_bids_of, &r, arena_i64(d->c->arena, t->id));
    size_t n = e || rows_count(r) > BIDS_MAX ? 0 : rows_count(r);
    int64_t lowest = INT64_MAX;
    for (size_t i = 0; i < n; i++) {
        int64_t price = row_i64(r, i, "price_pence");
        lowest = price < lowest ? price : lowest;
    }
    for (size_t i = 0; e == ERR_OK && i < n; i++) {
        struct judged *j = &list[i];
        *j = (struct judged){
            row_text(r, i, "id"),
            row_text(r, i, "ref"),
            {.weight = t->price, .lowest_pence = lowest, .price_pence = row_i64(r, i, "price_pence")}};
        e = t->price ? put_score(d, t, j, "price", price_points_milli(t->price, lowest, j->total.price_pence),
                                 t->price, PRICE_METHOD, "Points by the lowest price divided by this price.",
                                 "", false)
                     : ERR_OK;
        e = e ? e : score_social(d, t, j);
        // In every other opened tender the last bid still waits for a reader.
        if (e == ERR_OK && t->quality && (awarded || i + 1 < n || t->number % 2 == 0)) {
            e = score_quality(d, t, j);
        }
    }
    return e || !awarded || n == 0 ? e : award(d, t, list, n);
}
