// SPDX-License-Identifier: Apache-2.0
// Sixty notices in every kind and state, from schemas/demo/notices.csv, with times relative to today.
#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "demo/demo_parts.h"

#include <stdlib.h>
#include <string.h>

#define NOON 720

enum column {
    ANCHOR,
    KIND,
    STATE,
    DAY,
    BIDS,
    PROCEDURE,
    CONTRACT,
    LOW,
    HIGH,
    RESERVED,
    CPV,
    WEIGHTS,
    MONTHS,
    TITLE,
    SUMMARY,
    DESCRIPTION,
    COLUMNS
};

struct plan {
    struct demo_tender t;
    const struct demo_anchor *anchor;
    int64_t created_at;
    const char *cpv, *fts_id, *start, *end, *question;
    bool is_tender;
};

static bool is(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

static const struct demo_anchor *anchor_of(const struct demo *d, const char *key) {
    for (size_t i = 0; i < DEMO_ANCHORS; i++) {
        if (is(d->anchors[i].key, key)) {
            return &d->anchors[i];
        }
    }
    return NULL;
}

static const char *cpv_array(struct arena *a, const char *text) {
    const char *codes[8];
    size_t n = 0;
    for (; *text && n < 8; text += strspn(text, " ")) {
        size_t len = strcspn(text, " ");
        codes[n++] = arena_strndup(a, text, len);
        text += len;
    }
    return db_array(a, n, codes);
}

static const char *day_text(struct arena *a, int32_t day) {
    char *out = arena_alloc(a, DAY_TEXT_BYTES);
    day_iso(day, out);
    return out;
}

static const char *question_of(const char *contract) {
    return is(contract, "works")
               ? "How will you do this work safely, and how will you keep people informed while "
                 "you are on site?"
           : is(contract, "goods")
               ? "How will you deliver on time, and what happens when something is faulty?"
               : "Who will do this work, how will they do it, and how will you know that it is "
                 "done well?";
}

// When things happened: a notice closes at noon on a weekday and is out for at least two weeks before.
static void plan_times(struct demo *d, struct plan *p, int32_t day) {
    bool draft = is(p->t.state, "draft");
    bool ahead = day > 0;
    int32_t close = demo_weekday(d->today + day, ahead) - d->today;
    int32_t out = p->is_tender ? close - (ahead ? day + 2 + (int32_t)demo_below(&d->rng, 12)
                                                : 21 + (int32_t)demo_below(&d->rng, 14))
                               : day;
    out = out > -1 ? -1 : out;
    int32_t published = demo_weekday(d->today + out, false) - d->today;
    p->t.published_at = draft ? 0 : demo_usec(d, published, 540 + (int)demo_below(&d->rng, 400));
    p->created_at = demo_usec(d, (draft ? -3 : published) - 4, 600 + (int)demo_below(&d->rng, 300));
    p->t.closes_at = p->is_tender && !draft ? demo_usec(d, close, NOON) : 0;
    int32_t opened = demo_weekday(d->today + close + 1, true) - d->today;
    int32_t awarded = demo_weekday(d->today + close + 16, true) - d->today;
    p->t.opened_at = demo_usec(d, opened > 0 ? 0 : opened, 600);
    p->t.awarded_at = demo_usec(d, awarded > 0 ? 0 : awarded, 900);
}

// "40/50/10"
static bool read_weights(const char *s, int *ret_price, int *ret_quality, int *ret_social) {
    int *const parts[] = {ret_price, ret_quality, ret_social};
    for (int i = 0; i < 3; i++) {
        char *end;
        long n = strtol(s, &end, 10);
        if (end == s || n < 0 || n > 100 || *end != (i < 2 ? '/' : 0)) {
            return false;
        }
        *parts[i] = (int)n;
        s = end + 1;
    }
    return true;
}

static enum err make_plan(struct demo *d, const char *const *cells, struct plan *p) {
    struct arena *a = d->c->arena;
    *p = (struct plan){.anchor = anchor_of(d, cells[ANCHOR]), .is_tender = is(cells[KIND], "tender")};
    if (!p->anchor || !read_weights(cells[WEIGHTS], &p->t.price, &p->t.quality, &p->t.social)) {
        return ctx_fail(d->c, ERR_BUG, "demo notice \"%s\" is not well-formed", cells[TITLE]);
    }
    char *ref = arena_alloc(a, REF_CHARS + 1);
    demo_ref(&d->rng, ref);
    p->t.ref = ref;
    p->t.state = cells[STATE];
    p->t.anchor = p->anchor->id;
    p->t.buyer = p->anchor->buyer;
    p->t.low_pence = strtoll(cells[LOW], NULL, 10) * 100;
    p->t.high_pence = strtoll(cells[HIGH], NULL, 10) * 100;
    p->t.target_pence = p->t.social ? p->t.high_pence / 1000000 * 100000 + 500000 : 0;
    p->t.bids = (int)strtol(cells[BIDS], NULL, 10);
    p->t.local_only = is(cells[RESERVED], "local");
    int32_t day = (int32_t)strtol(cells[DAY], NULL, 10), months = (int32_t)strtol(cells[MONTHS], NULL, 10);
    plan_times(d, p, day);
    p->cpv = cpv_array(a, cells[CPV]);
    // 30,000 pounds with VAT and more must stand on Find a Tender; numbers above 990000 are not issued.
    bool advertised = p->t.published_at && p->t.high_pence / 5 * 6 >= 3000000;
    p->fts_id = advertised ? arena_printf(a, "99%04u-%.4s", demo_below(&d->rng, 10000),
                                          day_text(a, london_day(p->t.published_at)))
                           : "";
    int32_t start = d->today + (day > 0 ? day : 0) + 60;
    start = p->t.closes_at ? london_day(p->t.closes_at) + 45 : start;
    p->start = day_text(a, start);
    p->end = day_text(a, start + months * 30);
    p->question = p->is_tender && p->t.quality ? question_of(cells[CONTRACT]) : "";
    return ERR_OK;
}

// The state a notice is first written in: bids are only taken while it is published and not yet closed.
static const char *first_state(const struct plan *p, const char *state) {
    return p->t.bids > 0 ? "published" : state;
}

static enum err store(struct demo *d, struct plan *p, const char *const *cells) {
    struct arena *a = d->c->arena;
    // Written with a closing time to come, so that the bids of the past are let in; set right afterwards.
    int64_t closes = p->t.bids > 0 ? d->c->now_usec + USEC_PER_DAY : p->t.closes_at;
    const char *v[] = {p->t.ref,
                       arena_i64(a, p->t.anchor),
                       cells[KIND],
                       first_state(p, cells[STATE]),
                       cells[TITLE],
                       cells[SUMMARY],
                       cells[DESCRIPTION],
                       p->cpv,
                       cells[CONTRACT],
                       cells[PROCEDURE],
                       arena_i64(a, p->t.low_pence),
                       arena_i64(a, p->t.high_pence),
                       cells[RESERVED],
                       p->fts_id,
                       p->anchor->postcode,
                       p->start,
                       p->end,
                       closes ? demo_stamp(d, closes) : NULL,
                       p->t.published_at ? demo_stamp(d, p->t.published_at) : NULL,
                       arena_i64(a, p->t.price),
                       arena_i64(a, p->t.quality),
                       arena_i64(a, p->t.social),
                       arena_i64(a, p->t.target_pence),
                       p->question,
                       arena_i64(a, p->t.buyer),
                       demo_stamp(d, p->created_at)};
    struct rows *r;
    enum err e = db_rows_n(d->c, &sql_demo_notice_add, &r, sizeof v / sizeof *v, v);
    if (e == ERR_OK) {
        p->t.id = row_i64(r, 0, "id");
    }
    return e;
}

// After the bids: the notice becomes what it is today.
static enum err settle(struct demo *d, const struct plan *p) {
    bool awarded = is(p->t.state, "awarded"), opened = awarded || is(p->t.state, "opened");
    const char *id = arena_i64(d->c->arena, p->t.id);
    enum err e = DB_EXEC(d->c, demo_notice_becomes, NULL, id, p->t.state, demo_stamp(d, p->t.closes_at),
                         opened ? demo_stamp(d, p->t.opened_at) : NULL,
                         awarded ? demo_stamp(d, p->t.awarded_at) : NULL,
                         demo_stamp(d, awarded                           ? p->t.awarded_at
                                       : p->t.closes_at < d->c->now_usec ? p->t.closes_at
                                                                         : p->t.published_at));
    return e || !opened ? e : demo_judge_bids(d, &p->t);
}

static enum err add_notice(struct demo *d, void *arg, const char *const *cells) {
    int64_t *done = arg;
    struct plan p;
    enum err e = make_plan(d, cells, &p);
    p.t.number = (int)*done;
    e = e ? e : store(d, &p, cells);
    if (p.t.bids > 0) {
        e = e ? e : demo_add_bids(d, &p.t);
        e = e ? e : settle(d, &p);
    }
    demo_say(d, "Notices", ++*done, DEMO_NOTICES);
    return e;
}

enum err demo_load_notices(struct demo *d) {
    int64_t done = 0;
    enum err e = demo_rows(d, "notices.csv", '|', COLUMNS, add_notice, &done);
    if (e == ERR_OK && done != DEMO_NOTICES) {
        return ctx_fail(d->c, ERR_BUG, "%lld notices instead of %d", (long long)done, DEMO_NOTICES);
    }
    return e;
}
