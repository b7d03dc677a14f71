// SPDX-License-Identifier: Apache-2.0
// What a notice needs before people may see it; publishing and cancelling.
#include "base/day.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "domain/happening.h"
#include "domain/mail.h"
#include "domain/notice.h"
#include "plugin/points.h"

#include <string.h>

#define HOUR_USEC     (INT64_C(3600) * USEC_PER_SEC)
#define OBSTACLES_MAX 100

int64_t notice_with_vat(int64_t net_pence) {
    return net_pence / 5 * 6 + net_pence % 5 * 6 / 5;
}

static bool is(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

// "012345-2026", as Find a Tender writes its numbers.
static bool fts_ok(const char *s) {
    return strlen(s) == 11 && strspn(s, "0123456789") == 6 && s[6] == '-' && strspn(s + 7, "0123456789") == 4;
}

static void check_law(const struct notice_facts *f, notice_say *say, void *arg) {
    int64_t gross = f->value_high_pence < 0 ? -1 : notice_with_vat(f->value_high_pence);
    bool nhs = is(f->anchor_sort, "nhs");
    if (*f->fts_id && !fts_ok(f->fts_id)) {
        say(arg, true, "fts_id",
            "Write the Find a Tender number as six digits, a dash and the year: 012345-2026.");
    }
    if (is(f->kind, "tender") && gross >= (nhs ? NOTICE_UK4_NHS_PENCE : NOTICE_UK4_PENCE) && !*f->fts_id) {
        say(arg, true, "fts_id",
            nhs ? "This is worth £12,000 or more with VAT, and you are an NHS body, so it must stand on Find "
                  "a "
                  "Tender first. Publish it there, then enter its number here."
                : "This is worth £30,000 or more with VAT, so it must stand on Find a Tender first. Publish "
                  "it "
                  "there, then enter its number here.");
    }
    if (is(f->reserved, "none")) {
        return;
    }
    if (!is(f->anchor_sort, "council")) {
        say(arg, true, "reserved",
            "Only councils may keep a contract for suppliers of an area. Choose \"Anybody may bid\".");
    }
    if (gross >= (is(f->contract_kind, "works") ? NOTICE_THRESHOLD_WORKS_PENCE : NOTICE_THRESHOLD_PENCE)) {
        say(arg, true, "reserved",
            "A contract of this value may not be kept for suppliers of an area. Choose \"Anybody may bid\".");
    }
}

static void check_scoring(const struct notice_facts *f, notice_say *say, void *arg) {
    if (f->quality_weight > 0 && !*f->quality_question) {
        say(arg, true, "quality_question",
            "Write the question that bidders answer for their quality points.");
    }
    if (f->social_weight > 0 && f->social_target_pence <= 0) {
        say(arg, true, "social_target", "Say what social value earns full points, for example £20,000.");
    }
    if (f->social_weight < 10) {
        say(arg, false, "social_weight",
            "Social value counts for less than 10 points. Most public bodies give it 10 or more.");
    }
}

void notice_check(const struct notice_facts *f, int64_t now_usec, notice_say *say, void *arg) {
    bool tender = is(f->kind, "tender");
    if (!*f->summary) {
        say(arg, true, "summary", "Say in one sentence what you want. It stands in the list.");
    }
    if (!*f->description) {
        say(arg, true, "description", "Describe what you want to buy.");
    }
    if (tender && f->cpv_count == 0) {
        say(arg, true, "cpv", "Give at least one CPV code, so that the right suppliers find this.");
    }
    if (tender && f->value_high_pence < 0) {
        say(arg, true, "value_high", "Give the highest value.");
    }
    if (tender && f->closes_at < now_usec + HOUR_USEC) {
        say(arg, true, "closes", "The closing time must be at least one hour from now.");
    }
    if (!tender && f->closes_at != 0 && f->closes_at <= now_usec) {
        say(arg, true, "closes", "The closing time is over. Choose a later one, or leave it empty.");
    }
    if (tender && !f->has_contract_days) {
        say(arg, true, "contract_start", "Say when the contract starts and when it ends.");
    }
    check_law(f, say, arg);
    if (tender) {
        check_scoring(f, say, arg);
    }
}

static void facts_of(const struct rows *r, struct notice_facts *f) {
    int64_t closes = 0;
    *f = (struct notice_facts){
        .kind = row_text(r, 0, "kind"),
        .summary = row_text(r, 0, "summary"),
        .description = row_text(r, 0, "description"),
        .procedure = row_text(r, 0, "procedure"),
        .contract_kind = row_text(r, 0, "contract_kind"),
        .reserved = row_text(r, 0, "reserved"),
        .fts_id = row_text(r, 0, "fts_id"),
        .anchor_sort = row_text(r, 0, "anchor_sort"),
        .quality_question = row_text(r, 0, "quality_question"),
        .cpv_count = row_i64(r, 0, "cpv_count"),
        .value_high_pence = row_is_null(r, 0, "value_high_pence") ? -1 : row_i64(r, 0, "value_high_pence"),
        .has_contract_days = !row_is_null(r, 0, "contract_start") && !row_is_null(r, 0, "contract_end"),
        .quality_weight = row_i64(r, 0, "quality_weight"),
        .social_weight = row_i64(r, 0, "social_weight"),
        .social_target_pence = row_i64(r, 0, "social_target_pence")};
    f->closes_at = stamp_parse(row_text(r, 0, "closes_at"), &closes) ? closes : 0;
}

// ---- everything that stands in the way -------------------------------------------------------------

struct gathered {
    struct notice_obstacle *list;
    size_t n;
};

static void gather(void *arg, bool stops, const char *field, const char *text) {
    struct gathered *g = arg;
    if (g->n < OBSTACLES_MAX) {
        g->list[g->n++] = (struct notice_obstacle){stops, field, text};
    }
}

static bool any_stops(const struct gathered *g) {
    for (size_t i = 0; i < g->n; i++) {
        if (g->list[i].stops) {
            return true;
        }
    }
    return false;
}

// What exporters find would only spoil the export, so it never stops the notice.
static enum err gather_exports(struct ctx *c, const char *ref, const char *base_url, struct gathered *g) {
    const struct anc_notice *n;
    enum err e = notice_draft_for_export(c, ref, base_url, &n);
    struct provider p;
    for (size_t i = 0; e == ERR_OK && provider_at(c->plugins, ANC_POINT_NOTICE_EXPORTER, i, &p); i++) {
        struct findings found;
        e = point_notice_check(c, &p, n, &found);
        const char *title = ((const struct anc_notice_exporter *)p.table)->title;
        for (size_t k = 0; e == ERR_OK && k < found.count; k++) {
            if (found.list[k].severity == ANC_FINDING_ERROR) {
                gather(g, false, "", arena_printf(c->arena, "%s: %s", title, found.list[k].text));
            }
        }
    }
    return e;
}

enum err notice_obstacles(struct ctx *c, const char *ref, const char *base_url,
                          const struct notice_obstacle **ret, size_t *ret_count) {
    struct rows *r;
    enum err e = notice_buyer_only(c);
    e = e ? e : DB_ROWS(c, notice_facts, &r, ref, arena_i64(c->arena, c->actor.anchor_id));
    if (e != ERR_OK) {
        return e;
    }
    struct notice_facts f;
    struct gathered g = {arena_array(c->arena, OBSTACLES_MAX, sizeof *g.list), 0};
    facts_of(r, &f);
    notice_check(&f, c->now_usec, gather, &g);
    // An unfinished draft would only hear the same twice.
    e = c->plugins && !any_stops(&g) ? gather_exports(c, ref, base_url, &g) : ERR_OK;
    *ret = g.list;
    *ret_count = g.n;
    return e;
}

// ---- acts -------------------------------------------------------------------------------------------

// Why `act` is not possible in a state that the table does not allow it in.
static const char *refusal(bool tender, const char *state, enum notice_act act) {
    if (is(state, "cancelled")) {
        return "This notice has been cancelled.";
    }
    if (act == NOTICE_PUBLISH) {
        return "This notice has been published already.";
    }
    if (act == NOTICE_CANCEL) {
        return is(state, "draft") ? "This is a draft. Nobody sees it. Delete it instead."
                                  : "This contract has been awarded, so it cannot be cancelled here.";
    }
    if (!tender) {
        return "Only a tender takes bids.";
    }
    if (is(state, "awarded")) {
        return "This contract has been awarded already.";
    }
    if (act == NOTICE_OPEN) {
        return is(state, "opened") ? "The bids have been opened already."
                                   : "Bids stay sealed until the closing time.";
    }
    return "Open and score the bids before you award.";
}

enum err notice_take(struct ctx *c, const char *ref, enum notice_act act, struct rows **ret) {
    struct rows *r;
    enum err e = notice_buyer_only(c);
    e = e ? e : DB_ROWS(c, notice_lock, &r, ref, arena_i64(c->arena, c->actor.anchor_id));
    if (e != ERR_OK) {
        return e;
    }
    const char *word = row_text(r, 0, "state");
    enum notice_state state, to;
    int64_t closes = 0;
    bool tender = strcmp(row_text(r, 0, "kind"), "tender") == 0;
    if (!notice_state_of(word, &state)) {
        return ctx_fail(c, ERR_BUG, "unknown state %s", word);
    }
    if (stamp_parse(row_text(r, 0, "closes_at"), &closes) && closes <= c->now_usec &&
        notice_next(tender, state, NOTICE_CLOSE, &to)) {
        state = to;
    }
    if (!notice_next(tender, state, act, &to)) {
        return ctx_fail(c, ERR_CONFLICT, "%s", refusal(tender, word, act));
    }
    *ret = r;
    return ERR_OK;
}

struct first_stop {
    struct ctx *c;
    enum err e;
};

static void stop_at_first(void *arg, bool stops, const char *field, const char *text) {
    struct first_stop *s = arg;
    if (stops && s->e == ERR_OK) {
        s->e = ctx_fail_field(s->c, field, "%s", text);
    }
}

static struct happening about(const char *ref, const struct rows *lock) {
    return (struct happening){.ref = ref,
                              .name = row_text(lock, 0, "title"),
                              .anchor_ref = row_text(lock, 0, "anchor_ref"),
                              .supplier_ref = ""};
}

static enum err publish(struct ctx *c, void *arg) {
    const char *ref = arg;
    struct rows *lock, *r;
    enum err e = notice_take(c, ref, NOTICE_PUBLISH, &lock);
    e = e ? e : DB_ROWS(c, notice_facts, &r, ref, arena_i64(c->arena, c->actor.anchor_id));
    if (e != ERR_OK) {
        return e;
    }
    struct notice_facts f;
    struct first_stop stop = {c, ERR_OK};
    facts_of(r, &f);
    notice_check(&f, c->now_usec, stop_at_first, &stop);
    e = stop.e ? stop.e : DB_EXEC(c, notice_set_published, NULL, ref);
    e = e ? e : audit_add(c, "notice.publish", ref, f.kind);
    const struct happening h = about(ref, lock);
    e = e ? e : happening_ask(c, ANC_EVENT_NOTICE_PUBLISHING, &h);
    return e ? e : happening_note(c, ANC_EVENT_NOTICE_PUBLISHED, &h);
}

enum err notice_publish(struct ctx *c, const char *ref) {
    return db_in_transaction(c, publish, (void *)(uintptr_t)ref);
}

struct cancelling {
    const char *ref, *reason;
};

static enum err cancel(struct ctx *c, void *arg) {
    const struct cancelling *k = arg;
    struct rows *r, *bidders;
    if (!*k->reason) {
        return ctx_fail_field(c, "reason", "Say why you cancel. Everybody who sent a bid will read it.");
    }
    enum err e = notice_take(c, k->ref, NOTICE_CANCEL, &r);
    e = e ? e : DB_EXEC(c, notice_set_cancelled, NULL, k->ref, k->reason);
    e = e ? e : DB_ROWS(c, notice_bidders, &bidders, k->ref);
    for (size_t i = 0; e == ERR_OK && i < rows_count(bidders); i++) {
        struct mail_word words[] = {{"title", row_text(r, 0, "title")},
                                    {"reason", k->reason},
                                    {"name", row_text(bidders, i, "name")}};
        e = mail_queue(c, row_text(bidders, i, "email"), "notice_cancelled", words, 3);
    }
    e = e ? e : audit_add(c, "notice.cancel", k->ref, "");
    if (e != ERR_OK) {
        return e;
    }
    const struct happening h = about(k->ref, r);
    return happening_note(c, ANC_EVENT_NOTICE_CANCELLED, &h);
}

enum err notice_cancel(struct ctx *c, const char *ref, const char *reason) {
    struct cancelling k = {ref, reason};
    return db_in_transaction(c, cancel, &k);
}
