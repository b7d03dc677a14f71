// SPDX-License-Identifier: Apache-2.0
// What suppliers do with bids.
#include "domain/bid.h"

#include "base/day.h"
#include "base/money.h"
#include "base/strb.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "domain/eligibility.h"
#include "domain/happening.h"
#include "domain/mail.h"
#include "plugin/points.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CANONICAL_MAX ((size_t)256 * 1024)

static bool is_used(const struct bid_line *l) {
    return *l->measure || l->units >= 0 || *l->evidence;
}

static void check_line(const struct bid_input *in, size_t i, bid_say *say, void *arg) {
    static const char *const measure[] = {"measure1", "measure2", "measure3",
                                          "measure4", "measure5", "measure6"};
    static const char *const units[] = {"units1", "units2", "units3", "units4", "units5", "units6"};
    static const char *const evidence[] = {"evidence1", "evidence2", "evidence3",
                                           "evidence4", "evidence5", "evidence6"};
    const struct bid_line *l = &in->lines[i];
    if (!*l->measure) {
        say(arg, measure[i], "Choose what you promise, or clear the number and the words beside it");
        return;
    }
    for (size_t k = 0; k < i; k++) {
        if (strcmp(in->lines[k].measure, l->measure) == 0) {
            say(arg, measure[i], "You chose this promise twice. Put both numbers together in one");
        }
    }
    if (l->units <= 0 || l->units > BID_UNITS_MAX) {
        say(arg, units[i], "Enter how many you promise, as a whole number from 1 to 1,000,000");
    }
    if (!*l->evidence) {
        say(arg, evidence[i], "Say how you will show that you did it. Without that it earns no points");
    }
}

void bid_check(const struct bid_input *in, bool asks_quality, bid_say *say, void *arg) {
    if (in->price_pence <= 0 || in->price_pence > MONEY_MAX_PENCE) {
        say(arg, "price", "Enter your price for the whole contract without VAT, for example £24,500");
    }
    if (asks_quality && !*in->answer) {
        say(arg, "answer", "Answer the question. Your quality points come from it");
    }
    for (size_t i = 0; i < BID_LINES; i++) {
        if (is_used(&in->lines[i])) {
            check_line(in, i, say, arg);
        }
    }
}

// ---- the words that the receipt vouches for --------------------------------------------------------

static int by_measure(const void *x, const void *y) {
    const struct bid_line *const *a = x, *const *b = y;
    return strcmp((*a)->measure, (*b)->measure);
}

const char *bid_canonical(struct arena *a, const char *notice_ref, const char *supplier_ref, int64_t version,
                          const struct bid_input *in) {
    const struct bid_line *used[BID_LINES];
    size_t n = 0;
    for (size_t i = 0; i < BID_LINES; i++) {
        if (is_used(&in->lines[i])) {
            used[n++] = &in->lines[i];
        }
    }
    qsort(used, n, sizeof *used, by_measure);
    struct strb b;
    strb_init(&b, CANONICAL_MAX);
    strb_printf(&b,
                "anchorage bid 1\nnotice %s\nsupplier %s\nversion %" PRId64 "\nprice %" PRId64
                "\nanswer %zu\n%s\n",
                notice_ref, supplier_ref, version, in->price_pence, strlen(in->answer), in->answer);
    for (size_t i = 0; i < n; i++) {
        strb_printf(&b, "commitment %s %" PRId64 " %zu\n%s\n", used[i]->measure, used[i]->units,
                    strlen(used[i]->evidence), used[i]->evidence);
    }
    const char *text = b.over ? NULL : arena_strdup(a, b.p);
    strb_free(&b);
    return text;
}

// ---- submitting ---------------------------------------------------------------------------------------

struct submission {
    const char *notice_ref, *base_url;
    const struct bid_input *in;
    struct bid_receipt receipt;
    const struct rule_finding *rules;
    size_t rule_count;
};

static enum err supplier_only(struct ctx *c) {
    if (!ctx_may(c, PERM_SUPPLIER) || c->actor.supplier_id == 0) {
        return ctx_fail(c, ERR_DENIED, "not a member of a supplier");
    }
    return ERR_OK;
}

struct first_fault {
    struct ctx *c;
    enum err e;
};

static void fail_at_first(void *arg, const char *field, const char *text) {
    struct first_fault *f = arg;
    if (f->e == ERR_OK) {
        f->e = ctx_fail_field(f->c, field, "%s", text);
    }
}

static enum err too_late(struct ctx *c, const char *closes_at) {
    char words[STAMP_TEXT_BYTES] = "the closing time";
    int64_t usec;
    if (stamp_parse(closes_at, &usec)) {
        stamp_words(usec, words);
    }
    return ctx_fail(c, ERR_GONE, "This closed on %s, so we cannot take your bid or change it.", words);
}

static enum err check_notice(struct ctx *c, const struct rows *n) {
    int64_t closes = 0;
    const char *state = row_text(n, 0, "state");
    if (strcmp(state, "cancelled") == 0) {
        return ctx_fail(c, ERR_GONE, "The buyer has cancelled this. Bids are not taken any more.");
    }
    bool open = strcmp(state, "published") == 0 || strcmp(state, "closed") == 0;
    if (!open || !stamp_parse(row_text(n, 0, "closes_at"), &closes) || c->now_usec >= closes) {
        return too_late(c, row_text(n, 0, "closes_at"));
    }
    if (strcmp(row_text(n, 0, "reserved"), "local") == 0 && !row_bool(n, 0, "is_local")) {
        return ctx_fail(c, ERR_CONFLICT,
                        "This contract is kept for suppliers based in the area, and the postcode of your "
                        "business is not in it. If that is wrong, change your business details.");
    }
    return ERR_OK;
}

// Every promise must be for a measure that the scoring knows, or scoring would stop at it.
static enum err check_measures(struct ctx *c, const struct submission *s) {
    struct provider p;
    if (!provider_at(c->plugins, ANC_POINT_BID_SCORER, 0, &p)) {
        return ERR_OK;
    }
    for (size_t i = 0; i < BID_LINES; i++) {
        bool known = *s->in->lines[i].measure == 0;
        for (size_t k = 0; !known && k < point_measures(&p); k++) {
            struct anc_measure m;
            point_measure(&p, k, &m);
            known = strcmp(m.code, s->in->lines[i].measure) == 0;
        }
        if (!known) {
            return ctx_fail_field(c, arena_printf(c->arena, "measure%zu", i + 1),
                                  "Choose a promise from the list");
        }
    }
    return ERR_OK;
}

// Every rule of the tender is asked once more at the moment that counts.
static enum err check_rules(struct ctx *c, struct submission *s) {
    enum err e =
        eligibility_ask(c, s->notice_ref, c->actor.supplier_id, s->base_url, &s->rules, &s->rule_count);
    for (size_t i = 0; e == ERR_OK && i < s->rule_count; i++) {
        if (s->rules[i].answer == RULE_FAIL) {
            return ctx_fail(c, ERR_CONFLICT,
                            "The buyer holds bidders to the rule \"%s\", and your business does not meet it. "
                            "%s If something is wrong, change your business details or ask the buyer.",
                            s->rules[i].rule.title, s->rules[i].reason);
        }
    }
    return e;
}

static enum err store_rules(struct ctx *c, const struct submission *s) {
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < s->rule_count; i++) {
        const struct rule_finding *f = &s->rules[i];
        e = DB_EXEC(c, bid_add_rule, NULL, s->receipt.ref, f->rule.key, arena_i64(c->arena, (int64_t)i + 1),
                    f->rule.title, rule_answer_word(f->answer), f->reason, f->rule.plugin);
    }
    return e;
}

static enum err store(struct ctx *c, const struct rows *n, struct submission *s) {
    struct arena *a = c->arena;
    char *ref = arena_alloc(a, REF_CHARS + 1), *hash = arena_alloc(a, 65);
    random_ref(ref, REF_CHARS);
    int64_t version = row_i64(n, 0, "next_version");
    const char *text = bid_canonical(a, s->notice_ref, row_text(n, 0, "supplier_ref"), version, s->in);
    if (!text) {
        return ctx_fail(c, ERR_TOO_LARGE, "a bid longer than its bound");
    }
    sha256_hex(text, strlen(text), hash);
    char now[STAMP_TEXT_BYTES];
    stamp_iso(c->now_usec, now);
    enum err e = DB_EXEC(c, bid_replace, NULL, row_text(n, 0, "id"), arena_i64(a, c->actor.supplier_id));
    e = e ? e
          : DB_EXEC(c, bid_add, NULL, ref, row_text(n, 0, "id"), arena_i64(a, c->actor.supplier_id),
                    arena_i64(a, version), arena_i64(a, s->in->price_pence), s->in->answer, hash,
                    arena_i64(a, c->actor.person_id), now);
    for (size_t i = 0; e == ERR_OK && i < BID_LINES; i++) {
        const struct bid_line *l = &s->in->lines[i];
        if (*l->measure) {
            e = DB_EXEC(c, bid_add_commitment, NULL, ref, l->measure, arena_i64(a, l->units), l->evidence);
        }
    }
    s->receipt = (struct bid_receipt){ref, hash, version};
    return e;
}

static enum err mail_receipt(struct ctx *c, const struct rows *n, const struct submission *s) {
    char when[STAMP_TEXT_BYTES], closes[STAMP_TEXT_BYTES] = "";
    int64_t closes_usec = 0;
    stamp_words(c->now_usec, when);
    if (stamp_parse(row_text(n, 0, "closes_at"), &closes_usec)) {
        stamp_words(closes_usec, closes);
    }
    struct mail_word words[] = {
        {"name", row_text(n, 0, "person_name")},
        {"title", row_text(n, 0, "title")},
        {"supplier", row_text(n, 0, "supplier_name")},
        {"ref", s->receipt.ref},
        {"time", when},
        {"closes", closes},
        {"hash", s->receipt.hash},
        {"link", arena_printf(c->arena, "%s/account/bids/%s", s->base_url, s->receipt.ref)}};
    return mail_queue(c, row_text(n, 0, "person_email"), "receipt", words, sizeof words / sizeof *words);
}

// Filters learn who bids, as they may refuse somebody; those that are told afterwards do not: bids are
// sealed.
static enum err tell_plugins(struct ctx *c, const struct rows *n, const struct submission *s) {
    struct happening h = {.ref = s->notice_ref,
                          .name = row_text(n, 0, "title"),
                          .anchor_ref = row_text(n, 0, "anchor_ref"),
                          .supplier_ref = row_text(n, 0, "supplier_ref")};
    enum err e = happening_ask(c, ANC_EVENT_BID_SUBMITTING, &h);
    h.supplier_ref = "";
    return e ? e : happening_note(c, ANC_EVENT_BID_SUBMITTED, &h);
}

static enum err submit(struct ctx *c, void *arg) {
    struct submission *s = arg;
    struct rows *lock, *n;
    const char *supplier = arena_i64(c->arena, c->actor.supplier_id);
    // Two bids of one supplier at once take turns here; the unique index is the last word.
    enum err e = DB_ROWS(c, bid_lock_supplier, &lock, supplier);
    e = e ? e : DB_ROWS(c, bid_notice, &n, s->notice_ref, supplier, arena_i64(c->arena, c->actor.person_id));
    e = e ? e : check_notice(c, n);
    if (e != ERR_OK) {
        return e;
    }
    struct first_fault fault = {c, ERR_OK};
    bid_check(s->in, row_i64(n, 0, "quality_weight") > 0, fail_at_first, &fault);
    e = fault.e ? fault.e : check_measures(c, s);
    e = e ? e : check_rules(c, s);
    if (e != ERR_OK) {
        return e;
    }
    e = store(c, n, s);
    if (e == ERR_GONE) {
        return too_late(c, row_text(n, 0, "closes_at"));
    }
    if (e == ERR_CONFLICT) {
        return ctx_fail(c, e,
                        "Another bid of your business arrived at the same moment. Look at your bids, then "
                        "send this one again if it should count.");
    }
    e = e ? e : store_rules(c, s);
    e = e ? e : audit_add(c, "bid.submit", s->notice_ref, s->receipt.ref);
    e = e ? e : mail_receipt(c, n, s);
    return e ? e : tell_plugins(c, n, s);
}

enum err bid_submit(struct ctx *c, const char *notice_ref, const struct bid_input *in, const char *base_url,
                    struct bid_receipt *ret) {
    struct submission s = {.notice_ref = notice_ref, .base_url = base_url, .in = in};
    enum err e = supplier_only(c);
    e = e ? e : db_in_transaction(c, submit, &s);
    if (e == ERR_OK) {
        *ret = s.receipt;
    }
    return e;
}

// ---- withdrawing ---------------------------------------------------------------------------------------

static enum err withdraw(struct ctx *c, void *arg) {
    const char *ref = arg;
    struct rows *lock, *r;
    const char *supplier = arena_i64(c->arena, c->actor.supplier_id);
    enum err e = DB_ROWS(c, bid_lock_supplier, &lock, supplier);
    e = e ? e : DB_ROWS(c, bid_receipt, &r, ref, supplier);
    if (e != ERR_OK) {
        return e;
    }
    if (strcmp(row_text(r, 0, "state"), "submitted") != 0) {
        return ctx_fail(c, ERR_CONFLICT,
                        "This bid does not count any more, so there is nothing to take back.");
    }
    char now[STAMP_TEXT_BYTES];
    int64_t changed = 0;
    stamp_iso(c->now_usec, now);
    e = DB_EXEC(c, bid_withdraw, &changed, ref, supplier, now);
    if (e == ERR_OK && changed == 0) {
        return too_late(c, row_text(r, 0, "closes_at"));
    }
    return e ? e : audit_add(c, "bid.withdraw", row_text(r, 0, "notice_ref"), ref);
}

enum err bid_withdraw(struct ctx *c, const char *bid_ref) {
    enum err e = supplier_only(c);
    return e ? e : db_in_transaction(c, withdraw, (void *)(uintptr_t)bid_ref);
}
