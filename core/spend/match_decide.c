// SPDX-License-Identifier: Apache-2.0
// What a person decides about a payee, and how it is taken back. A decision is a row that stays; the newest
// one that is not undone is what the payee shows, so taking it back restores what was there before.
#include "spend/match.h"

#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "spend/match_list.h"

#include <string.h>

#define SPELLING_STEPS 7 // chains of spellings longer than this are not followed by what adds up payments

struct deciding {
    int64_t payee_id;
    const char *what;
    const char *supplier_ref;      // of "tie"
    const char *company, *charity; // of "tie": an entry of a register, when there is no reference
    int64_t main_id;               // of "same"
    bool everywhere;
};

static const char *by(struct ctx *c) {
    return c->actor.person_id ? arena_i64(c->arena, c->actor.person_id) : NULL;
}

static const char *now(struct ctx *c) {
    return arena_i64(c->arena, c->now_usec);
}

// Others that have to do with the supplier are looked at again, by whoever does the work beside requests.
static enum err look_again(struct ctx *c, const char *supplier_id) {
    return *supplier_id && strcmp(supplier_id, "0") != 0 ? DB_EXEC(c, match_due_add, NULL, supplier_id)
                                                         : ERR_OK;
}

static enum err may_decide(struct ctx *c) {
    return ctx_may(c, PERM_OFFICER) ? ERR_OK : ctx_fail(c, ERR_DENIED, "not an officer");
}

// The payee, locked until the transaction ends. Whoever began before another person's decision and comes
// after it has not seen it.
static enum err lock_payee(struct ctx *c, int64_t id, struct rows **ret) {
    enum err e = DB_ROWS(c, match_payee_lock, ret, arena_i64(c->arena, id));
    if (e != ERR_OK) {
        return e;
    }
    if (rows_count(*ret) == 0) {
        return ctx_fail(c, ERR_NOT_FOUND, "no payee %lld", (long long)id);
    }
    if (row_bool(*ret, 0, "redacted")) {
        return ctx_fail(c, ERR_INVALID,
                        "The name was hidden by its publisher, so nothing can be said about who it is");
    }
    struct rows *holds;
    e = DB_ROWS(c, match_payee_holding, &holds, arena_i64(c->arena, id));
    int64_t other = e || rows_count(holds) == 0 ? 0 : row_i64(holds, 0, "by_id");
    if (other && other != c->actor.person_id && row_i64(holds, 0, "at_usec") >= c->now_usec) {
        return ctx_fail(c, ERR_CONFLICT,
                        "Somebody else decided about this payee a moment ago. Look at it again");
    }
    return e;
}

static enum err settle(struct ctx *c, const struct rows *payees, int64_t also) {
    size_t n = payees ? rows_count(payees) : 0;
    const char **ids = arena_array(c->arena, n + 1, sizeof *ids);
    for (size_t i = 0; i < n; i++) {
        ids[i] = row_text(payees, i, "payee_id");
    }
    ids[n] = arena_i64(c->arena, also);
    return DB_EXEC(c, match_settle, NULL, db_array(c->arena, n + 1, ids));
}

// The name means this supplier from now on, in what is loaded already as well.
static enum err learn(struct ctx *c, const struct rows *payee, const char *supplier_id, const char *name,
                      bool everywhere) {
    const char *key = row_text(payee, 0, "match_name"), *id = row_text(payee, 0, "id");
    const char *anchor =
        everywhere || row_i64(payee, 0, "anchor_id") == 0 ? NULL : row_text(payee, 0, "anchor_id");
    struct rows *undone, *spread;
    if (!*key) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(c, match_alias_learn, &undone, key, anchor, supplier_id, by(c), now(c));
    e = e ? e : DB_EXEC(c, match_alias_add, NULL, key, anchor, supplier_id, by(c), now(c));
    e = e ? e : settle(c, undone, row_i64(payee, 0, "id"));
    const char *words = arena_printf(c->arena, "A person said before that this name is %s.", name);
    e = e ? e : DB_ROWS(c, match_alias_spread, &spread, key, anchor, supplier_id, words, now(c), id);
    return e ? e : settle(c, spread, row_i64(payee, 0, "id"));
}

static enum err find_supplier(struct ctx *c, const struct deciding *d, struct rows **ret) {
    int64_t made = 0;
    if (!*d->supplier_ref) {
        return match_list_one(c, d->company, d->charity, ret, &made);
    }
    enum err e = DB_ROWS(c, match_supplier, ret, d->supplier_ref);
    return e == ERR_OK && rows_count(*ret) == 0
               ? ctx_fail(c, ERR_NOT_FOUND, "no supplier %s", d->supplier_ref)
               : e;
}

// A payee is another spelling of the one at the end of the chain, never of itself.
static enum err find_main(struct ctx *c, const struct deciding *d, const char **ret_id) {
    struct rows *up, *down;
    enum err e = DB_ROWS(c, match_same_root, &up, arena_i64(c->arena, d->main_id));
    e = e ? e : DB_ROWS(c, match_same_depth, &down, arena_i64(c->arena, d->payee_id));
    if (e != ERR_OK) {
        return e;
    }
    size_t n = rows_count(up);
    if (n == 0) {
        return ctx_fail(c, ERR_NOT_FOUND, "no payee %lld", (long long)d->main_id);
    }
    for (size_t i = 0; i < n; i++) {
        if (row_i64(up, i, "id") == d->payee_id) {
            return ctx_fail(c, ERR_CONFLICT,
                            "The other name is held to be another spelling of this one already");
        }
    }
    if (row_bool(up, n - 1, "redacted") || !row_bool(up, n - 1, "is_root") ||
        row_i64(down, 0, "depth") + 1 > SPELLING_STEPS) {
        return ctx_fail(c, ERR_CONFLICT, "These two names cannot be tied to each other");
    }
    *ret_id = row_text(up, n - 1, "id");
    return ERR_OK;
}

static enum err decide(struct ctx *c, void *arg) {
    const struct deciding *d = arg;
    struct rows *payee, *supplier = NULL, *made;
    const char *main_id = NULL, *reason = "A person decided it.";
    bool tie = strcmp(d->what, "tie") == 0;
    enum err e = lock_payee(c, d->payee_id, &payee);
    e = e || !tie ? e : find_supplier(c, d, &supplier);
    e = e || strcmp(d->what, "same") != 0 ? e : find_main(c, d, &main_id);
    if (e != ERR_OK) {
        return e;
    }
    const char *supplier_id = supplier ? row_text(supplier, 0, "id") : NULL;
    e = DB_ROWS(c, match_decide_add, &made, row_text(payee, 0, "id"), d->what, supplier_id, main_id, reason,
                by(c), now(c));
    e = e ? e : settle(c, NULL, d->payee_id);
    e = e || !tie ? e : learn(c, payee, supplier_id, row_text(supplier, 0, "name"), d->everywhere);
    e = e || !supplier_id ? e : look_again(c, supplier_id);
    return e ? e
             : audit_add(c, "match.decide", arena_printf(c->arena, "payee %lld", (long long)d->payee_id),
                         arena_printf(c->arena, "%s%s%s", d->what, supplier_id ? " to supplier " : "",
                                      supplier_id ? supplier_id : ""));
}

static enum err decide_checked(struct ctx *c, struct deciding *d) {
    enum err e = may_decide(c);
    return e ? e : db_in_transaction(c, decide, d);
}

enum err match_tie(struct ctx *c, int64_t payee_id, const char *supplier_ref, bool everywhere) {
    struct deciding d = {.payee_id = payee_id,
                         .what = "tie",
                         .supplier_ref = supplier_ref,
                         .company = "",
                         .charity = "",
                         .everywhere = everywhere};
    if (!*supplier_ref) {
        return ctx_fail(c, ERR_NOT_FOUND, "no supplier was named");
    }
    return decide_checked(c, &d);
}

enum err match_tie_register(struct ctx *c, int64_t payee_id, const char *company_number,
                            const char *charity_number, bool everywhere) {
    struct deciding d = {.payee_id = payee_id,
                         .what = "tie",
                         .supplier_ref = "",
                         .company = company_number,
                         .charity = charity_number,
                         .everywhere = everywhere};
    return decide_checked(c, &d);
}

static enum err decide_plain(struct ctx *c, int64_t payee_id, const char *what, int64_t main_id) {
    struct deciding d = {.payee_id = payee_id,
                         .what = what,
                         .supplier_ref = "",
                         .company = "",
                         .charity = "",
                         .main_id = main_id};
    return decide_checked(c, &d);
}

enum err match_none(struct ctx *c, int64_t payee_id) {
    return decide_plain(c, payee_id, "none", 0);
}

enum err match_individual(struct ctx *c, int64_t payee_id) {
    return decide_plain(c, payee_id, "individual", 0);
}

enum err match_same(struct ctx *c, int64_t payee_id, int64_t main_id) {
    return decide_plain(c, payee_id, "same", main_id);
}

// ---- taking back

static enum err undo(struct ctx *c, void *arg) {
    const char *id = arena_i64(c->arena, *(const int64_t *)arg);
    struct rows *d, *others;
    enum err e = DB_ROWS(c, match_decision, &d, id);
    if (e == ERR_OK && rows_count(d) == 0) {
        return ctx_fail(c, ERR_NOT_FOUND, "no decision %s", id);
    }
    if (e == ERR_OK && row_bool(d, 0, "is_undone")) {
        return ctx_fail(c, ERR_CONFLICT, "This decision has been taken back already");
    }
    e = e ? e : DB_ROWS(c, match_alias_unlearn, &others, id, now(c));
    e = e ? e : DB_EXEC(c, match_alias_back, NULL, id);
    e = e ? e : DB_EXEC(c, match_decision_undo, NULL, id, by(c), now(c));
    e = e ? e : settle(c, others, row_i64(d, 0, "payee_id"));
    e = e ? e : look_again(c, row_text(d, 0, "supplier_id"));
    return e ? e
             : audit_add(
                   c, "match.undo", arena_printf(c->arena, "payee %s", row_text(d, 0, "payee_id")),
                   arena_printf(c->arena, "%s %s", row_text(d, 0, "what"), row_text(d, 0, "supplier_ref")));
}

enum err match_undo(struct ctx *c, int64_t decision_id) {
    enum err e = may_decide(c);
    return e ? e : db_in_transaction(c, undo, &decision_id);
}

// ---- two listings of one business

struct merging {
    const char *from_ref, *into_ref, *reason;
    int64_t merge_id;
};

static enum err merge(struct ctx *c, void *arg) {
    const struct merging *m = arg;
    struct rows *locked, *from, *into, *steps, *made;
    enum err e = DB_ROWS(c, merge_lock, &locked);
    e = e ? e : DB_ROWS(c, match_supplier, &from, m->from_ref);
    e = e ? e : DB_ROWS(c, match_supplier, &into, m->into_ref);
    if (e != ERR_OK) {
        return e;
    }
    if (rows_count(from) == 0 || rows_count(into) == 0) {
        return ctx_fail(c, ERR_NOT_FOUND, "no supplier %s", rows_count(from) ? m->into_ref : m->from_ref);
    }
    const char *from_id = row_text(from, 0, "id"), *into_id = row_text(into, 0, "id");
    e = DB_ROWS(c, merge_steps, &steps, from_id, into_id);
    if (e != ERR_OK) {
        return e;
    }
    if (row_bool(steps, 0, "is_circle")) {
        return ctx_fail(c, ERR_CONFLICT,
                        "The second of the two counts as the first already, so the first cannot count "
                        "as the second. Take the other merge back first");
    }
    if (row_bool(steps, 0, "is_merged")) {
        return ctx_fail(c, ERR_CONFLICT,
                        "The first of the two counts as another supplier already. Take that merge back "
                        "first");
    }
    if (row_i64(steps, 0, "length") > SPELLING_STEPS) {
        return ctx_fail(c, ERR_CONFLICT,
                        "Too many suppliers were merged one into the next. Merge into the last of them");
    }
    e = DB_ROWS(c, merge_add, &made, from_id, into_id, m->reason, by(c), now(c));
    e = e ? e : look_again(c, from_id);
    e = e ? e : look_again(c, into_id);
    return e ? e : audit_add(c, "match.merge", m->from_ref, m->into_ref);
}

enum err match_merge(struct ctx *c, const char *from_ref, const char *into_ref, const char *reason) {
    struct merging m = {.from_ref = from_ref, .into_ref = into_ref, .reason = reason ? reason : ""};
    enum err e = may_decide(c);
    return e ? e : db_in_transaction(c, merge, &m);
}

static enum err unmerge(struct ctx *c, void *arg) {
    const struct merging *m = arg;
    struct rows *r;
    enum err e = DB_ROWS(c, merge_undo, &r, arena_i64(c->arena, m->merge_id), by(c), now(c));
    if (e == ERR_OK && rows_count(r) == 0) {
        return ctx_fail(c, ERR_CONFLICT, "This merge has been taken back already");
    }
    e = e ? e : look_again(c, row_text(r, 0, "from_id"));
    e = e ? e : look_again(c, row_text(r, 0, "into_id"));
    return e ? e : audit_add(c, "match.unmerge", row_text(r, 0, "from_ref"), row_text(r, 0, "into_ref"));
}

enum err match_unmerge(struct ctx *c, int64_t merge_id) {
    struct merging m = {.merge_id = merge_id};
    enum err e = may_decide(c);
    return e ? e : db_in_transaction(c, unmerge, &m);
}
