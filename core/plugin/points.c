// SPDX-License-Identifier: Apache-2.0
// The extension points: one function each, what comes back is checked before anybody sees it.
#include "plugin/points.h"

#include "plugin/api.h"
#include "plugin/plugin.h"

#include <string.h>

#define CLASS_MAX 40 // letters of a policy class

bool provider_at(const struct plugin_set *s, uint32_t point, size_t i, struct provider *ret) {
    anc_caps power = plugin_point_power(point);
    for (size_t k = 0; s && power && k < s->count; k++) {
        const struct plugin_member *m = &s->members[k];
        const struct anc_table *t = &m->plugin->about.providers;
        for (uint32_t n = 0; plugin_may(m->plugin, power) && n < t->count; n++) {
            struct anc_provider row;
            plugin_row(t, n, &row, sizeof row);
            if (row.point == point && row.table && row.key && i-- == 0) {
                *ret = (struct provider){.table = row.table, .key = row.key, .owner = m};
                return true;
            }
        }
    }
    return false;
}

bool provider_find(const struct plugin_set *s, uint32_t point, const char *key, struct provider *ret) {
    struct provider p;
    for (size_t i = 0; provider_at(s, point, i, &p); i++) {
        if (strcmp(p.key, key) == 0) {
            *ret = p;
            return true;
        }
    }
    return false;
}

const char *provider_plugin_id(const struct provider *p) {
    return p->owner->plugin->id;
}

void point_table(const struct provider *p, void *ret, size_t size) {
    uint32_t has = *(const uint32_t *)p->table;
    memset(ret, 0, size);
    memcpy(ret, p->table, has < size ? has : size);
}

void *point_state(const struct provider *p) {
    return p->owner->plugin->state_of_plugin;
}

anc_rc point_missing(struct anc_ctx *x) {
    return call_wrong(x, "its table lacks the function");
}

// ---- supplier_tagger

// A class is a word that can stand in a list of words.
static bool class_word(const char *s) {
    size_t n = s ? strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") : 0;
    return !s || (s[n] == 0 && n <= CLASS_MAX);
}

enum err point_judge(struct ctx *c, const struct provider *p, const struct anc_supplier *facts,
                     struct anc_tag *ret) {
    struct anc_supplier_tagger t;
    CALL_RESULT(anc_tag)
    room = {.it = {.size = CALL_RESULT_BYTES(anc_tag),
                   .decision = ANC_TAG_UNKNOWN,
                   .detail = "",
                   .reasons = "",
                   .policy = ""}};
    point_table(p, &t, sizeof t);
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "judge", BUDGET_PURE_MS)) {
        return c->err;
    }
    anc_rc rc = t.judge ? t.judge(&x, facts, &room.it, point_state(p)) : point_missing(&x);
    struct anc_tag tag = room.it;
    rc = call_filled(&x, rc, CALL_RESULT_BYTES(anc_tag), tag.size);
    if (rc == ANC_OK &&
        (tag.score < 0 || tag.score > 100 || tag.decision < ANC_TAG_NO || tag.decision > ANC_TAG_POLICY)) {
        rc = call_wrong(&x, "a score outside 0 to 100 or an unknown decision");
    }
    if (rc == ANC_OK && !class_word(tag.policy)) {
        rc = call_wrong(&x, "a policy class that is no short word");
    }
    tag.size = sizeof tag;
    tag.policy = rc == ANC_OK && tag.policy && tag.decision == ANC_TAG_POLICY
                     ? arena_strdup(c->arena, tag.policy)
                     : "";
    tag.detail = plugin_text(c->arena, tag.detail, TEXT_SHORT);
    tag.reasons = plugin_text(c->arena, tag.reasons, TEXT_LONG);
    enum err e = call_leave(&x, rc);
    if (e == ERR_OK) {
        *ret = tag;
    }
    return e;
}

// ---- notice_exporter

enum err point_notice_check(struct ctx *c, const struct provider *p, const struct anc_notice *n,
                            struct findings *ret) {
    struct anc_notice_exporter t;
    point_table(p, &t, sizeof t);
    struct anc_report *report = report_new(c->arena);
    report_take(report, ret);
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "check", BUDGET_PURE_MS)) {
        return c->err;
    }
    enum err e = call_leave(&x, t.check ? t.check(&x, n, report, point_state(p)) : point_missing(&x));
    report_take(report, ret);
    return e;
}

enum err point_notice_write(struct ctx *c, const struct provider *p, const struct anc_notice *list,
                            uint32_t count, struct strb *out, struct findings *ret) {
    struct anc_notice_exporter t;
    point_table(p, &t, sizeof t);
    struct anc_report *report = report_new(c->arena);
    struct anc_sink sink = {out};
    report_take(report, ret);
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "write", BUDGET_WRITE_MS)) {
        return c->err;
    }
    anc_rc rc = t.write ? t.write(&x, list, count, &sink, report, point_state(p)) : point_missing(&x);
    rc = rc == ANC_OK && out->over ? ANC_E_LIMIT : rc; // half a document is none
    enum err e = call_leave(&x, rc);
    report_take(report, ret);
    return e;
}

// ---- bid_scorer

enum err point_score(struct ctx *c, const struct provider *p, const struct anc_bid *bid,
                     struct anc_score *ret) {
    struct anc_bid_scorer t;
    CALL_RESULT(anc_score) room = {.it = {.size = CALL_RESULT_BYTES(anc_score), .rationale = ""}};
    point_table(p, &t, sizeof t);
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "score", BUDGET_PURE_MS)) {
        return c->err;
    }
    anc_rc rc = t.score ? t.score(&x, bid, &room.it, point_state(p)) : point_missing(&x);
    struct anc_score s = room.it;
    rc = call_filled(&x, rc, CALL_RESULT_BYTES(anc_score), s.size);
    s.size = sizeof s;
    s.rationale = plugin_text(c->arena, s.rationale, TEXT_LONG);
    if (rc == ANC_OK && (s.points_milli < 0 || s.points_milli > bid->max_points_milli || !*s.rationale)) {
        rc = call_wrong(&x, "points outside 0 to the most there are, or no rationale");
    }
    enum err e = call_leave(&x, rc);
    if (e == ERR_OK) {
        *ret = s;
    }
    return e;
}

size_t point_measures(const struct provider *p) {
    struct anc_bid_scorer t;
    point_table(p, &t, sizeof t);
    return t.measures.count;
}

void point_measure(const struct provider *p, size_t i, struct anc_measure *ret) {
    struct anc_bid_scorer t;
    point_table(p, &t, sizeof t);
    plugin_row(&t.measures, (uint32_t)i, ret, sizeof *ret);
    ret->code = ret->code ? ret->code : "";
    ret->title = ret->title ? ret->title : "";
    ret->unit = ret->unit ? ret->unit : "";
    ret->help = ret->help ? ret->help : "";
}

// ---- spend_panel

enum err point_panel(struct ctx *c, const struct provider *p, const struct anc_spend_filter *filter,
                     struct panel *ret) {
    struct anc_spend_panel t;
    point_table(p, &t, sizeof t);
    struct anc_panel *panel = panel_new(c->arena);
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "fill", BUDGET_PAGE_MS)) {
        return c->err;
    }
    anc_rc rc = t.fill ? t.fill(&x, filter, panel, point_state(p)) : point_missing(&x);
    if (rc == ANC_OK && panel->wrong) {
        rc = call_wrong(&x, panel->wrong);
    }
    enum err e = call_leave(&x, rc);
    if (e == ERR_OK) {
        panel_take(panel, t.title ? t.title : "", ret);
    }
    return e;
}

size_t point_panel_views(const struct provider *p) {
    struct anc_spend_panel t;
    point_table(p, &t, sizeof t);
    return t.views.rows ? t.views.count : 0;
}

void point_panel_view(const struct provider *p, size_t i, struct anc_spend_view *ret) {
    struct anc_spend_panel t;
    point_table(p, &t, sizeof t);
    plugin_row(&t.views, (uint32_t)i, ret, sizeof *ret);
    ret->key = ret->key ? ret->key : "";
    ret->title = ret->title ? ret->title : "";
    ret->summary = ret->summary ? ret->summary : "";
}

const char *point_panel_rules(const struct provider *p) {
    struct anc_spend_panel t;
    point_table(p, &t, sizeof t);
    return t.rules ? t.rules : "";
}

enum err point_panel_flows(struct ctx *c, const struct provider *p, uint32_t *ret) {
    struct anc_spend_panel t;
    anc_ctx x;
    point_table(p, &t, sizeof t);
    if (!t.flows) {
        *ret = 0;
        return ERR_OK;
    }
    if (!call_enter(&x, c, p->owner, "flows", BUDGET_PURE_MS)) {
        return c->err;
    }
    uint32_t flows = t.flows(&x, p->owner->plugin->state_of_plugin);
    enum err e = call_leave(
        &x, flows >> ANC_FLOW_COUNT ? call_wrong(&x, "a kind of payment that does not exist") : ANC_OK);
    if (e == ERR_OK) {
        *ret = flows;
    }
    return e;
}

static bool class_list(const char *s) {
    return strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789- ") == strlen(s) && strlen(s) <= TEXT_SHORT;
}

enum err point_panel_classes(struct ctx *c, const struct provider *p, const char **ret) {
    struct anc_spend_panel t;
    anc_ctx x;
    point_table(p, &t, sizeof t);
    if (!t.vcfse_classes) {
        *ret = "";
        return ERR_OK;
    }
    if (!call_enter(&x, c, p->owner, "vcfse_classes", BUDGET_PURE_MS)) {
        return c->err;
    }
    const char *list = t.vcfse_classes(&x, point_state(p));
    bool good = list && class_list(list);
    const char *kept = good ? arena_strdup(c->arena, list) : "";
    enum err e = call_leave(&x, good ? ANC_OK : call_wrong(&x, "classes that are no list of short words"));
    if (e == ERR_OK) {
        *ret = kept;
    }
    return e;
}

// ---- eligibility_rule

enum err point_rule(struct ctx *c, const struct provider *p, const struct anc_rule_facts *facts,
                    struct anc_rule_result *ret) {
    struct anc_eligibility_rule t;
    CALL_RESULT(anc_rule_result)
    room = {.it = {.size = CALL_RESULT_BYTES(anc_rule_result), .decision = -1, .reason = ""}};
    point_table(p, &t, sizeof t);
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "rule", BUDGET_PURE_MS)) {
        return c->err;
    }
    anc_rc rc = t.judge ? t.judge(&x, facts, &room.it, point_state(p)) : point_missing(&x);
    struct anc_rule_result r = room.it;
    rc = call_filled(&x, rc, CALL_RESULT_BYTES(anc_rule_result), r.size);
    r.size = sizeof r;
    r.reason = plugin_text(c->arena, r.reason, TEXT_LONG);
    if (rc == ANC_OK && (r.decision < ANC_RULE_PASS || r.decision > ANC_RULE_NEEDS_EVIDENCE || !*r.reason)) {
        rc = call_wrong(&x, "an unknown decision or no reason");
    }
    enum err e = call_leave(&x, rc);
    if (e == ERR_OK) {
        *ret = r;
    }
    return e;
}

const char *point_rule_title(const struct provider *p) {
    struct anc_eligibility_rule t;
    point_table(p, &t, sizeof t);
    return t.title ? t.title : p->key;
}

const char *point_rule_help(const struct provider *p) {
    struct anc_eligibility_rule t;
    point_table(p, &t, sizeof t);
    return t.help ? t.help : "";
}

// ---- notifier

enum err point_check_address(struct ctx *c, const struct provider *p, const char *address) {
    struct anc_notifier t;
    point_table(p, &t, sizeof t);
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "check_address", BUDGET_PURE_MS)) {
        return c->err;
    }
    return call_leave(&x, t.check_address ? t.check_address(&x, address, point_state(p)) : ANC_OK);
}

enum err point_send(struct ctx *c, const struct provider *p, const struct anc_message *message) {
    struct anc_notifier t;
    point_table(p, &t, sizeof t);
    anc_ctx x;
    if (!call_enter(&x, c, p->owner, "send", BUDGET_WRITE_MS)) {
        return c->err;
    }
    return call_leave(&x, t.send ? t.send(&x, message, point_state(p)) : point_missing(&x));
}

void point_notifier_words(const struct provider *p, const char **ret_title, const char **ret_label,
                          const char **ret_hint) {
    struct anc_notifier t;
    point_table(p, &t, sizeof t);
    *ret_title = t.title ? t.title : p->key;
    *ret_label = t.address_label ? t.address_label : "Address";
    *ret_hint = t.address_hint ? t.address_hint : "";
}
