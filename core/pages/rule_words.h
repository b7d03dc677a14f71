// SPDX-License-Identifier: Apache-2.0
// Eligibility rules of tenders in forms and on pages.
#ifndef ANCHORAGE_PAGES_RULE_WORDS_H
#define ANCHORAGE_PAGES_RULE_WORDS_H

#include "db/db.h"
#include "domain/eligibility.h"
#include "http/req.h"

// Gives the field `rules` of the form its options: every rule that is there, and those of `own` (rows of
// notice_rules_own, or NULL) whose plugin is gone, so that saving does not lose them.
void rule_words_offer(struct req *r, const struct rows *own);

// The list `rules` of a notice (rows with a column `rule`): rule_title, rule_help, rule_gone.
void rule_words_list(struct req *r, struct model *m, const struct rows *rules);

// The list `rule_findings`: rule_title, rule_help, rule_reason, and one flag of rule_passed, rule_failed,
// rule_evidence, rule_unknown.
void rule_words_finding(struct model *m, const char *title, const char *help, const char *answer,
                        const char *reason);
// All of them; the flags rules_stop (one failed) and rules_ask (one needs evidence) for the whole.
void rule_words_findings(struct model *m, const struct rule_finding *list, size_t n);

#endif
