// SPDX-License-Identifier: Apache-2.0
// Eligibility rules: plugins say whether a business may bid for a tender that holds bidders to their rules.
#ifndef ANCHORAGE_DOMAIN_ELIGIBILITY_H
#define ANCHORAGE_DOMAIN_ELIGIBILITY_H

#include "base/ctx.h"

#include <stddef.h>

enum rule_answer {
    RULE_PASS,
    RULE_FAIL,     // stops the bid
    RULE_EVIDENCE, // the bid may be sent; the buyer asks for proof
    RULE_UNKNOWN,  // its plugin is gone or at fault: the bid may be sent, the buyer sees it
    RULE_ANSWERS_
};
// "pass", "fail", "evidence", "unknown"
const char *rule_answer_word(enum rule_answer a);

// One rule of a tender; texts are never NULL. title is the key when the plugin is gone.
struct rule {
    const char *key, *title, *help;
    bool can_ask;       // its plugin is there
    const char *plugin; // "" when it is not
};
// The words of a rule by its key.
void rule_find(struct ctx *c, const char *key, struct rule *ret);
// The i-th of all rules that can be chosen now; false after the last.
bool rule_at(struct ctx *c, size_t i, struct rule *ret);

struct rule_finding {
    struct rule rule;
    enum rule_answer answer;
    const char *reason; // a plain sentence for bidder and buyer
};

// Asks every rule of a published tender about a supplier, in the order of the tender. A plugin that fails
// gives RULE_UNKNOWN; an error code means the database. base_url is put before the notice's path. In
// c->arena.
enum err eligibility_ask(struct ctx *c, const char *notice_ref, int64_t supplier_id, const char *base_url,
                         const struct rule_finding **ret, size_t *ret_n) MUST;

#endif
