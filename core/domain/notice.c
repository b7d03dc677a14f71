// SPDX-License-Identifier: Apache-2.0
// Notices: the state machine and what buyers do with them.
#include "domain/notice.h"

#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "plugin/points.h"

#include <ctype.h>
#include <string.h>

#define CPV_MAX   20
#define RULES_MAX 16

static const char *const state_words[NOTICE_STATES_] = {"draft",  "published", "closed",
                                                        "opened", "awarded",   "cancelled"};

const char *notice_state_word(enum notice_state s) {
    return state_words[s];
}

bool notice_state_of(const char *word, enum notice_state *ret) {
    for (int i = 0; i < NOTICE_STATES_; i++) {
        if (strcmp(state_words[i], word) == 0) {
            *ret = (enum notice_state)i;
            return true;
        }
    }
    return false;
}

bool notice_next(bool is_tender, enum notice_state from, enum notice_act act, enum notice_state *ret_to) {
    // 0 means not allowed; nothing ever leads back to a draft.
    static const unsigned char tender[NOTICE_STATES_][NOTICE_ACTS_] = {
        [NOTICE_DRAFT] = {[NOTICE_PUBLISH] = NOTICE_PUBLISHED},
        [NOTICE_PUBLISHED] = {[NOTICE_CLOSE] = NOTICE_CLOSED, [NOTICE_CANCEL] = NOTICE_CANCELLED},
        [NOTICE_CLOSED] = {[NOTICE_OPEN] = NOTICE_OPENED, [NOTICE_CANCEL] = NOTICE_CANCELLED},
        [NOTICE_OPENED] = {[NOTICE_AWARD] = NOTICE_AWARDED, [NOTICE_CANCEL] = NOTICE_CANCELLED},
    };
    if ((unsigned)from >= NOTICE_STATES_ || (unsigned)act >= NOTICE_ACTS_) {
        return false;
    }
    if (!is_tender && (act == NOTICE_CLOSE || act == NOTICE_OPEN || act == NOTICE_AWARD)) {
        return false;
    }
    if (!tender[from][act]) {
        return false;
    }
    *ret_to = (enum notice_state)tender[from][act];
    return true;
}

// ---- what is entered -------------------------------------------------------------------------------

static const char *pence_or_null(struct ctx *c, int64_t v) {
    return v < 0 ? NULL : arena_i64(c->arena, v);
}

static const char *day_or_null(struct ctx *c, int32_t day) {
    if (day == INT32_MIN) {
        return NULL;
    }
    char *s = arena_alloc(c->arena, DAY_TEXT_BYTES);
    day_iso(day, s);
    return s;
}

static const char *stamp_or_null(struct ctx *c, int64_t usec) {
    if (usec == 0) {
        return NULL;
    }
    char *s = arena_alloc(c->arena, STAMP_TEXT_BYTES);
    stamp_iso(usec, s);
    return s;
}

enum err notice_closing(struct ctx *c, int32_t day, int64_t minutes, int64_t *ret_usec) {
    struct civil t;
    civil_from_day(day, &t);
    t.hour = minutes < 0 ? 12 : (int)(minutes / 60);
    t.minute = minutes < 0 ? 0 : (int)(minutes % 60);
    t.second = 0;
    if (!london_to_usec(&t, ret_usec)) {
        return ctx_fail_field(c, "closes_time",
                              "The clocks change at that time. Choose a time outside the hour after 1am");
    }
    return ERR_OK;
}

// Codes in any separation, "80500000-9" with its check digit too, to an array text.
static enum err cpv_array(struct ctx *c, const char *text, const char **ret) {
    const char *codes[CPV_MAX];
    size_t n = 0;
    while (*text) {
        if (!isdigit((unsigned char)*text)) {
            if (!strchr(" ,;\n\r\t", *text)) {
                return ctx_fail_field(c, "cpv",
                                      "Write CPV codes as eight digits, one a line, for example 80500000");
            }
            text++;
            continue;
        }
        size_t len = strspn(text, "0123456789");
        if (len != 8 || n == CPV_MAX) {
            return ctx_fail_field(c, "cpv",
                                  n == CPV_MAX ? "Give 20 CPV codes at most"
                                               : "Each CPV code has eight digits, for example 80500000");
        }
        codes[n++] = arena_strndup(c->arena, text, len);
        text += len;
        if (text[0] == '-' && isdigit((unsigned char)text[1]) && !isdigit((unsigned char)text[2])) {
            text += 2;
        }
    }
    *ret = db_array(c->arena, n, codes);
    return ERR_OK;
}

static enum err check_input(struct ctx *c, const struct notice_input *in) {
    if (in->value_low_pence >= 0 && in->value_high_pence >= 0 && in->value_high_pence < in->value_low_pence) {
        return ctx_fail_field(c, "value_high", "The highest value must be the same as the lowest or more");
    }
    if (in->price_weight + in->quality_weight + in->social_weight != 100) {
        return ctx_fail_field(c, "price_weight", "The three weights must add up to 100; now they make %d",
                              in->price_weight + in->quality_weight + in->social_weight);
    }
    if (in->contract_start != INT32_MIN && in->contract_end != INT32_MIN &&
        in->contract_end < in->contract_start) {
        return ctx_fail_field(c, "contract_end", "The contract must end after it starts");
    }
    return ERR_OK;
}

static bool among(const char *key, const struct rows *list) {
    for (size_t i = 0; i < rows_count(list); i++) {
        if (strcmp(row_text(list, i, "rule"), key) == 0) {
            return true;
        }
    }
    return false;
}

// Rules that can be asked now, and those that the draft has already: their plugin may come back.
static enum err rules_array(struct ctx *c, const char *ref, const struct notice_input *in, const char **ret) {
    const char *keys[RULES_MAX];
    size_t n = 0;
    struct rows *old;
    enum err e = DB_ROWS(c, notice_rules_own, &old, ref, arena_i64(c->arena, c->actor.anchor_id));
    bool tender = strcmp(in->kind, "tender") == 0;
    for (size_t i = 0; e == ERR_OK && tender && i < in->rule_count; i++) {
        struct provider p;
        if (n == RULES_MAX) {
            return ctx_fail_field(c, "rules", "Choose %d rules at most", RULES_MAX);
        }
        if (!provider_find(c->plugins, ANC_POINT_ELIGIBILITY_RULE, in->rules[i], &p) &&
            !among(in->rules[i], old)) {
            return ctx_fail_field(c, "rules", "Choose the rules from the list");
        }
        keys[n++] = in->rules[i];
    }
    *ret = db_array(c->arena, n, keys);
    return e;
}

static enum err store(struct ctx *c, const char *ref, bool is_new, const struct notice_input *in) {
    const char *cpv = "{}", *rules = "{}";
    enum err e = check_input(c, in);
    e = e ? e : cpv_array(c, in->cpv, &cpv);
    e = e ? e : rules_array(c, ref, in, &rules);
    if (e != ERR_OK) {
        return e;
    }
    struct arena *a = c->arena;
    const char *low = pence_or_null(c, in->value_low_pence);
    const char *p[] = {ref,
                       arena_i64(a, c->actor.anchor_id),
                       in->kind,
                       in->title,
                       in->summary,
                       in->description,
                       cpv,
                       in->contract_kind,
                       in->procedure,
                       low,
                       pence_or_null(c, in->value_high_pence),
                       in->suits_sme ? "true" : "false",
                       in->suits_vcfse ? "true" : "false",
                       in->reserved,
                       in->fts_id,
                       in->postcode,
                       day_or_null(c, in->contract_start),
                       day_or_null(c, in->contract_end),
                       stamp_or_null(c, in->closes_at),
                       arena_i64(a, in->price_weight),
                       arena_i64(a, in->quality_weight),
                       arena_i64(a, in->social_weight),
                       arena_i64(a, in->social_target_pence < 0 ? 0 : in->social_target_pence),
                       in->quality_question,
                       rules,
                       arena_i64(a, c->actor.person_id)};
    int64_t changed = 0;
    e = db_exec_n(c, is_new ? &sql_notice_add : &sql_notice_change, &changed,
                  sizeof p / sizeof *p - (is_new ? 0 : 1), p);
    if (e == ERR_OK && changed == 0) {
        return ctx_fail(c, ERR_NOT_FOUND, "no draft %s of this anchor", ref);
    }
    return e;
}

enum err notice_buyer_only(struct ctx *c) {
    if (!ctx_may(c, PERM_BUYER) || c->actor.anchor_id == 0) {
        return ctx_fail(c, ERR_DENIED, "not a buyer of an anchor");
    }
    return ERR_OK;
}

enum err notice_create(struct ctx *c, const struct notice_input *in, const char **ret_ref) {
    enum err e = notice_buyer_only(c);
    if (e != ERR_OK) {
        return e;
    }
    char *ref = arena_alloc(c->arena, REF_CHARS + 1);
    random_ref(ref, REF_CHARS);
    e = db_begin(c);
    e = e ? e : store(c, ref, true, in);
    e = e ? e : audit_add(c, "notice.create", ref, in->kind);
    e = e ? e : db_commit(c);
    if (e != ERR_OK) {
        db_rollback(c);
        return e;
    }
    *ret_ref = ref;
    return ERR_OK;
}

enum err notice_update(struct ctx *c, const char *ref, const struct notice_input *in) {
    enum err e = notice_buyer_only(c);
    e = e ? e : db_begin(c);
    if (e != ERR_OK) {
        return e;
    }
    e = store(c, ref, false, in);
    e = e ? e : audit_add(c, "notice.change", ref, "");
    e = e ? e : db_commit(c);
    if (e != ERR_OK) {
        db_rollback(c);
    }
    return e;
}

static enum err delete_draft(struct ctx *c, void *arg) {
    const char *ref = arg;
    int64_t gone = 0;
    enum err e = DB_EXEC(c, notice_delete_draft, &gone, ref, arena_i64(c->arena, c->actor.anchor_id));
    if (e == ERR_OK && gone == 0) {
        return ctx_fail(c, ERR_NOT_FOUND, "no draft %s of this anchor", ref);
    }
    return e ? e : audit_add(c, "notice.delete", ref, "draft");
}

enum err notice_delete_draft(struct ctx *c, const char *ref) {
    enum err e = notice_buyer_only(c);
    return e ? e : db_in_transaction(c, delete_draft, (void *)(uintptr_t)ref);
}
