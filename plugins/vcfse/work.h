// SPDX-License-Identifier: Apache-2.0
// Scratch of one VCFSE decision, shared by the tiers. Only logic.c and registers.c include this.
#ifndef VCFSE_WORK_H
#define VCFSE_WORK_H

#include "logic.h"
#include "name.h"
#include "numbers.h"
#include "rules.h"

// Scratch of one decision.
struct vcfse_work {
    const struct vcfse_facts *f;
    struct vcfse_result *r;
    struct vcfse_name name;
    enum vcfse_number_kind company_kind;
    bool has_company_number;
    bool has_number;   // any register number of a VCFSE kind was given
    bool proof;        // a T3 rule found the body on a register
    bool doubt;        // a person must look whatever the score
    bool not_yet;      // a charity, but registered only after the day: doubt where nothing else proves it
    bool against;      // some evidence speaks against
    bool public_name;  // T1 by name only
    bool reserved_end; // T5a or T5b matched
    enum vcfse_policy policy_name; // T2 by name only
    int fact_points;
    int name_points;
    int name_against;
};

// Writes a reason down. detail: the number or words it rests on, may be NULL.
void vcfse_add(struct vcfse_work *w, enum vcfse_rule rule, const char *detail);

// The same, and counts the rule's points as evidence from facts.
void vcfse_add_fact(struct vcfse_work *w, enum vcfse_rule rule, const char *detail);

// The same, and counts the rule's points as evidence from the name.
void vcfse_add_name(struct vcfse_work *w, enum vcfse_rule rule, const char *detail);

// True for text that is there and not empty.
bool vcfse_is_text(const char *s);

// True when the Companies House category begins with head; capitals or not is the same.
bool vcfse_category_starts(const struct vcfse_work *w, const char *head);

// Tier T3, with T4d for societies. number: canonical company number, "" when there is none.
void vcfse_tier_registers(struct vcfse_work *w, const char *number);

#endif
