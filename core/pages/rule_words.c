// SPDX-License-Identifier: Apache-2.0
// Eligibility rules in forms and on pages.
#include "pages/rule_words.h"

#include <string.h>

void rule_words_offer(struct req *r, const struct rows *own) {
    struct arena *a = r->c.arena;
    struct rule rule;
    size_t active = 0, n = 0, kept = own ? rows_count(own) : 0;
    while (rule_at(&r->c, active, &rule)) {
        active++;
    }
    struct field_option *options = arena_array(a, active + kept + 1, sizeof *options);
    while (n < active && rule_at(&r->c, n, &rule)) {
        options[n++] = (struct field_option){rule.key, rule.title, rule.help};
    }
    for (size_t i = 0; i < kept; i++) {
        const char *key = row_text(own, i, "rule");
        rule_find(&r->c, key, &rule);
        if (!rule.can_ask) {
            options[n++] = (struct field_option){
                key, key, "The plugin of this rule is not running, so it cannot be checked now"};
        }
    }
    form_options(r->form, "rules", options, n);
}

void rule_words_list(struct req *r, struct model *m, const struct rows *rules) {
    model_list(m, "rules");
    for (size_t i = 0; i < rows_count(rules); i++) {
        struct rule rule;
        rule_find(&r->c, row_text(rules, i, "rule"), &rule);
        struct model *item = model_add(m, "rules");
        model_text(item, "rule_title", rule.title);
        model_text(item, "rule_help", rule.help);
        model_bool(item, "rule_gone", !rule.can_ask);
    }
}

void rule_words_finding(struct model *m, const char *title, const char *help, const char *answer,
                        const char *reason) {
    static const char *const keys[] = {
        [RULE_PASS] = "rule_passed",
        [RULE_FAIL] = "rule_failed",
        [RULE_EVIDENCE] = "rule_evidence",
        [RULE_UNKNOWN] = "rule_unknown",
    };
    struct model *item = model_add(m, "rule_findings");
    model_text(item, "rule_title", title);
    model_text(item, "rule_help", help);
    model_text(item, "rule_reason", reason);
    for (int i = 0; i < RULE_ANSWERS_; i++) {
        model_bool(item, keys[i], strcmp(rule_answer_word((enum rule_answer)i), answer) == 0);
    }
}

void rule_words_findings(struct model *m, const struct rule_finding *list, size_t n) {
    bool stop = false, ask = false;
    model_list(m, "rule_findings");
    for (size_t i = 0; i < n; i++) {
        const struct rule_finding *f = &list[i];
        rule_words_finding(m, f->rule.title, f->rule.help, rule_answer_word(f->answer), f->reason);
        stop = stop || f->answer == RULE_FAIL;
        ask = ask || f->answer == RULE_EVIDENCE;
    }
    model_bool(m, "rules_stop", stop);
    model_bool(m, "rules_ask", ask);
}
