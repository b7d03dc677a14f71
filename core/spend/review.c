// SPDX-License-Identifier: Apache-2.0
// Decisions about names in the payments, as officers make them.
#include "spend/review.h"

#include "base/conf.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "spend/match.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE INT64_C(50000)  // lines of payments: as many are added up while a person waits
#define BATCH   INT64_C(500000) // by the worker, between two looks at other work
#define WORDS   INT64_C(5000)   // payees that are made quick to find, at a time

static const char not_an_answer[] = "Choose who this is";
static const char seen_by_another[] =
    "Somebody else decided about this name while you looked at it. Nothing of yours is stored. Look at "
    "what they decided, and save again if you still see it differently";
static const char hidden_name[] = "The name of this payee is hidden in the file, so nobody can be tied to it";
static const char undone_before[] = "This was taken back before, or another decision stands above it";
static const char no_alias[] = "This learned name has been ended before";

static bool after(const char *text, const char *prefix, const char **ret) {
    size_t n = strlen(prefix);
    *ret = text + n;
    return strncmp(text, prefix, n) == 0 && text[n] != 0;
}

bool review_read(const char *text, struct review_answer *ret) {
    struct review_answer a = {.ref = ""};
    const char *rest;
    if (after(text, "s:", &rest)) {
        a.what = REVIEW_SUPPLIER;
        a.ref = rest;
    } else if (after(text, "c:", &rest)) {
        a.what = REVIEW_COMPANY;
        a.ref = rest;
    } else if (after(text, "h:", &rest)) {
        a.what = REVIEW_CHARITY;
        a.ref = rest;
    } else if (after(text, "p:", &rest)) {
        char *end;
        a.what = REVIEW_SPELLING;
        a.payee_id = strtoll(rest, &end, 10);
        if (*end || a.payee_id <= 0) {
            return false;
        }
    } else if (strcmp(text, "none") == 0) {
        a.what = REVIEW_NONE;
    } else if (strcmp(text, "person") == 0) {
        a.what = REVIEW_PERSON;
    } else {
        return false;
    }
    *ret = a;
    return true;
}

static enum err need_officer(struct ctx *c) {
    return ctx_may(c, PERM_OFFICER) ? ERR_OK : ctx_fail(c, ERR_DENIED, "only officers decide who was paid");
}

static enum err apply(struct ctx *c, int64_t payee_id, const struct review_answer *a, bool everywhere) {
    switch (a->what) {
    case REVIEW_SUPPLIER:
        return match_tie(c, payee_id, a->ref, everywhere);
    case REVIEW_COMPANY:
        return match_tie_register(c, payee_id, a->ref, "", everywhere);
    case REVIEW_CHARITY:
        return match_tie_register(c, payee_id, "", a->ref, everywhere);
    case REVIEW_SPELLING:
        return match_same(c, payee_id, a->payee_id);
    case REVIEW_PERSON:
        return match_individual(c, payee_id);
    case REVIEW_NONE:
        break;
    }
    return match_none(c, payee_id);
}

// The decision that holds, with the name kept to this transaction.
static enum err hold(struct ctx *c, int64_t payee_id, int64_t *ret_decision, bool *ret_hidden) {
    struct rows *k;
    enum err e = DB_ROWS(c, review_payee_hold, &k, arena_i64(c->arena, payee_id));
    if (e != ERR_OK || rows_count(k) == 0) {
        return e ? e : ctx_fail(c, ERR_NOT_FOUND, "no payee %lld", (long long)payee_id);
    }
    *ret_decision = row_i64(k, 0, "decision_id");
    *ret_hidden = row_bool(k, 0, "redacted");
    return ERR_OK;
}

static enum err decide(struct ctx *c, int64_t payee_id, int64_t seen_id, const struct review_answer *a,
                       bool everywhere, int64_t *ret_decision) {
    int64_t now_id = 0;
    bool hidden = false;
    enum err e = hold(c, payee_id, &now_id, &hidden);
    if (e == ERR_OK && hidden) {
        return ctx_fail(c, ERR_CONFLICT, "%s", hidden_name);
    }
    if (e == ERR_OK && now_id != seen_id) {
        return ctx_fail(c, ERR_CONFLICT, "%s", seen_by_another);
    }
    e = e ? e : apply(c, payee_id, a, everywhere);
    return e ? e : hold(c, payee_id, ret_decision, &hidden);
}

enum err review_decide(struct ctx *c, int64_t payee_id, int64_t seen_id, const char *answer, bool everywhere,
                       int64_t *ret_decision) {
    struct review_answer a;
    enum err e = need_officer(c);
    if (e == ERR_OK && !review_read(answer, &a)) {
        return ctx_fail_field(c, "answer", "%s", not_an_answer);
    }
    e = e ? e : db_begin(c);
    if (e != ERR_OK) {
        return e;
    }
    e = decide(c, payee_id, seen_id, &a, everywhere, ret_decision);
    e = e ? e : db_commit(c);
    if (e != ERR_OK) {
        db_rollback(c);
    }
    return e;
}

enum err review_undo(struct ctx *c, int64_t decision_id, int64_t *ret_payee) {
    struct rows *d;
    enum err e = need_officer(c);
    e = e ? e : DB_ROWS(c, review_decision, &d, arena_i64(c->arena, decision_id));
    if (e != ERR_OK || rows_count(d) == 0) {
        return e ? e : ctx_fail(c, ERR_NOT_FOUND, "no decision %lld", (long long)decision_id);
    }
    *ret_payee = row_i64(d, 0, "payee_id");
    if (row_bool(d, 0, "is_undone")) {
        return ctx_fail(c, ERR_CONFLICT, "%s", undone_before);
    }
    return match_undo(c, decision_id);
}

static enum err add_up(struct ctx *c, int64_t most, bool *ret_more) {
    struct rows *k;
    enum err e = DB_ROWS(c, review_add_up, &k, arena_i64(c->arena, most));
    if (e == ERR_OK) {
        *ret_more = row_bool(k, 0, "more");
    }
    return e;
}

enum err review_freshen(struct ctx *c, bool *ret_behind) {
    struct rows *k;
    bool more = false;
    enum err e = DB_ROWS(c, review_waiting, &k);
    if (e == ERR_OK && row_i64(k, 0, "leaves") > 0) {
        more = row_i64(k, 0, "lines") > AT_ONCE;
        e = more ? ERR_OK : add_up(c, AT_ONCE, &more);
    }
    *ret_behind = more;
    return e;
}

// Names that came with loads are made quick to find, when nothing else waits.
static enum err add_words(struct ctx *c, bool *ret_more) {
    struct rows *k;
    enum err e = DB_ROWS(c, review_words_add, &k, arena_i64(c->arena, WORDS));
    if (e == ERR_OK) {
        *ret_more = row_bool(k, 0, "more");
    }
    return e;
}

enum err review_work(struct ctx *c, bool *ret_more) {
    struct rows *k;
    *ret_more = false;
    enum err e = DB_ROWS(c, review_waiting, &k);
    if (e != ERR_OK || row_i64(k, 0, "leaves") == 0) {
        return e ? e : add_words(c, ret_more);
    }
    e = db_limit_ms(c->db, 0); // the first time takes seconds for millions of sums
    e = e ? e : add_up(c, BATCH, ret_more);
    enum err back = db_limit_ms(c->db, conf_number(CONF_STATEMENT_TIMEOUT_MS));
    *ret_more = *ret_more || e == ERR_OK; // then the names
    return e ? e : back;
}

enum err review_end_alias(struct ctx *c, int64_t alias_id) {
    struct rows *k;
    enum err e = need_officer(c);
    e = e ? e : db_begin(c);
    if (e != ERR_OK) {
        return e;
    }
    e = DB_ROWS(c, review_alias_end, &k, arena_i64(c->arena, alias_id));
    if (e == ERR_OK && rows_count(k) == 0) {
        e = ctx_fail(c, ERR_CONFLICT, "%s", no_alias);
    }
    e = e ? e : audit_add(c, "spend.alias_end", row_text(k, 0, "supplier_ref"), row_text(k, 0, "match_name"));
    e = e ? e : db_commit(c);
    if (e != ERR_OK) {
        db_rollback(c);
    }
    return e;
}

enum err review_merge(struct ctx *c, const char *from_ref, const char *into_ref, const char *reason) {
    enum err e = need_officer(c);
    return e ? e : match_merge(c, from_ref, into_ref, reason);
}

enum err review_unmerge(struct ctx *c, int64_t merge_id) {
    enum err e = need_officer(c);
    return e ? e : match_unmerge(c, merge_id);
}
