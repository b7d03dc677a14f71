// SPDX-License-Identifier: Apache-2.0
// Asking eligibility rules.
#include "domain/eligibility.h"

#include "base/log.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/notice.h"
#include "domain/supplier.h"
#include "plugin/points.h"

#include <string.h>

static const char cannot_ask[] =
    "This rule cannot be checked now. That stops nobody; the buyer sees that it was not "
    "checked.";

const char *rule_answer_word(enum rule_answer a) {
    static const char *const words[RULE_ANSWERS_] = {"pass", "fail", "evidence", "unknown"};
    return words[a];
}

static void words_of(const struct provider *p, struct rule *ret) {
    *ret = (struct rule){.key = p->key,
                         .title = point_rule_title(p),
                         .help = point_rule_help(p),
                         .can_ask = true,
                         .plugin = provider_plugin_id(p)};
}

void rule_find(struct ctx *c, const char *key, struct rule *ret) {
    struct provider p;
    *ret = (struct rule){.key = key, .title = key, .help = "", .plugin = ""};
    if (provider_find(c->plugins, ANC_POINT_ELIGIBILITY_RULE, key, &p)) {
        words_of(&p, ret);
    }
}

bool rule_at(struct ctx *c, size_t i, struct rule *ret) {
    struct provider p;
    if (!provider_at(c->plugins, ANC_POINT_ELIGIBILITY_RULE, i, &p)) {
        return false;
    }
    words_of(&p, ret);
    return true;
}

static int32_t tag_of(const char *decision) {
    static const char *const words[] = {[ANC_TAG_NO] = "no",
                                        [ANC_TAG_YES] = "yes",
                                        [ANC_TAG_REVIEW] = "review",
                                        [ANC_TAG_UNKNOWN] = "unknown",
                                        [ANC_TAG_POLICY] = "policy"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i], decision) == 0) {
            return (int32_t)i;
        }
    }
    return ANC_TAG_UNKNOWN;
}

// What the rules may know; `supplier` is filled and pointed to.
static enum err facts_of(struct ctx *c, const char *notice_ref, int64_t supplier_id, const char *base_url,
                         struct anc_supplier *supplier, struct anc_rule_facts *ret) {
    const struct anc_notice *notice;
    uint32_t count;
    struct rows *r;
    enum err e = notice_for_export(c, notice_ref, base_url, &notice, &count);
    e = e ? e : supplier_facts_read(c, supplier_id, supplier, &r);
    if (e != ERR_OK) {
        return e;
    }
    *ret = (struct anc_rule_facts){.size = sizeof *ret,
                                   .supplier = supplier,
                                   .notice = notice,
                                   .supplier_local =
                                       row_is_null(r, 0, "is_local") ? -1 : row_bool(r, 0, "is_local"),
                                   .supplier_vcfse = tag_of(row_text(r, 0, "vcfse")),
                                   .size_class = row_text(r, 0, "size")};
    return ERR_OK;
}

static void ask(struct ctx *c, const struct anc_rule_facts *facts, struct rule_finding *f) {
    static const enum rule_answer answers[] = {
        [ANC_RULE_PASS] = RULE_PASS, [ANC_RULE_FAIL] = RULE_FAIL, [ANC_RULE_NEEDS_EVIDENCE] = RULE_EVIDENCE};
    struct anc_rule_result result = {.size = sizeof result};
    struct provider p;
    if (!provider_find(c->plugins, ANC_POINT_ELIGIBILITY_RULE, f->rule.key, &p)) {
        return;
    }
    enum err e = point_rule(c, &p, facts, &result);
    if (e != ERR_OK) {
        // A bidder must not be shut out because a plugin is at fault.
        log_event(LOG_LEVEL_WARNING, "rule_gave_nothing", "plugin", f->rule.plugin, "rule", f->rule.key,
                  "error", err_name(e), NULL);
        c->err = ERR_OK;
        return;
    }
    f->answer = answers[result.decision];
    f->reason = arena_strdup(c->arena, result.reason);
}

enum err eligibility_ask(struct ctx *c, const char *notice_ref, int64_t supplier_id, const char *base_url,
                         const struct rule_finding **ret, size_t *ret_n) {
    struct rows *rules;
    struct anc_supplier supplier;
    struct anc_rule_facts facts;
    enum err e = DB_ROWS(c, notice_rules, &rules, notice_ref);
    size_t n = e ? 0 : rows_count(rules);
    struct rule_finding *list = arena_array(c->arena, n + 1, sizeof *list);
    e = e || n == 0 ? e : facts_of(c, notice_ref, supplier_id, base_url, &supplier, &facts);
    if (e != ERR_OK) {
        return e;
    }
    for (size_t i = 0; i < n; i++) {
        rule_find(c, row_text(rules, i, "rule"), &list[i].rule);
        list[i].answer = RULE_UNKNOWN;
        list[i].reason = cannot_ask;
        ask(c, &facts, &list[i]);
    }
    *ret = list;
    *ret_n = n;
    return ERR_OK;
}
