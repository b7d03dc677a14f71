// SPDX-License-Identifier: Apache-2.0
// The rule table of the VCFSE plugin: each rule's id, points and sentence, and the word lists used on names.
#ifndef VCFSE_RULES_H
#define VCFSE_RULES_H

#include <stddef.h>

#include "name.h"

// Changes whenever a rule, a word or a number of points changes, and is stored with every decision.
#define VCFSE_RULES_VERSION "1.1"

enum vcfse_rule {
    RULE_OFFICER,
    RULE_PUBLIC_ID,
    RULE_PUBLIC_CATEGORY,
    RULE_PUBLIC_NAME,
    RULE_PUBLIC_CHECK,
    RULE_REDACTED,
    RULE_PERSON,
    RULE_PERSON_NAME,
    RULE_HOUSING_ID,
    RULE_HOUSING_NAME,
    RULE_UNIVERSITY_ID,
    RULE_UNIVERSITY_NAME,
    RULE_SCHOOL_ID,
    RULE_SCHOOL_NAME,
    RULE_CONTROLLED,
    RULE_CONTROLLED_NAME,
    RULE_TRADE_SIC,
    RULE_TRADE_NAME,
    RULE_SUBSIDIARY,
    RULE_SUBSIDIARY_NAME,
    RULE_MUTUAL,
    RULE_MUTUAL_NAME,
    RULE_BUILDING_SOCIETY,
    RULE_CHARITY,
    RULE_CHARITY_UNCHECKED,
    RULE_CHARITY_MISMATCH,
    RULE_CHARITY_INACTIVE,
    RULE_CHARITY_SHAPE,
    RULE_CIO,
    RULE_CIO_UNCHECKED,
    RULE_CIC,
    RULE_BENEFIT,
    RULE_CASC,
    RULE_CASC_UNCHECKED,
    RULE_REGISTER_INACTIVE,
    RULE_COMPANY_MISMATCH,
    RULE_COMPANY_SHAPE,
    RULE_SE_CERTIFICATE,
    RULE_GUARANTEE_EXEMPT,
    RULE_GUARANTEE,
    RULE_GUARANTEE_PROPERTY,
    RULE_SOCIETY,
    RULE_CHARTER,
    RULE_DECLARED_EVIDENCE,
    RULE_DECLARED,
    RULE_CONSTITUTION,
    RULE_NAME_CIC,
    RULE_NAME_CIO,
    RULE_NAME_PCC,
    RULE_NAME_STRONG,
    RULE_NAME_WEAK,
    RULE_NAME_NO_ENDING,
    RULE_NAME_COLLISION,
    RULE_NAME_PLC,
    RULE_NAME_LLP,
    RULE_BY_SHARES,
    RULE_NAME_TRADE_WORD,
    RULE_FAITH_CHECK,
    RULE_NAME_CAP,
    RULE_NAME_NEVER_YES,
    RULE_PROOF_CONTRADICTED,
    RULE_NOTHING,
    RULE_COUNT
};

struct vcfse_rule_row {
    const char *id;   // T0 to T5x, as in the published method
    int points;       // added to the score
    const char *text; // one plain sentence
};

extern const struct vcfse_rule_row vcfse_rule_table[RULE_COUNT];

enum vcfse_word_place { WORD_ANYWHERE, WORD_AT_END, WORD_AT_START };

struct vcfse_word {
    const char *phrase; // whole words in capitals
    enum vcfse_word_place place;
    unsigned tags; // VCFSE_TAG_* bits the word points to, 0 none
};

// One list of words; the first word found in the name is the reason shown.
struct vcfse_words {
    const struct vcfse_word *rows;
    size_t count;
};

extern const struct vcfse_words vcfse_words_redacted, vcfse_words_public, vcfse_words_public_check,
    vcfse_words_housing, vcfse_words_university, vcfse_words_school, vcfse_words_school_not,
    vcfse_words_controlled, vcfse_words_trade_body, vcfse_words_trade_body_not, vcfse_words_mutual,
    vcfse_words_building, vcfse_words_strong, vcfse_words_weak, vcfse_words_faith, vcfse_words_commerce,
    vcfse_words_property, vcfse_words_title;

// The first row of words that stands in the name, or NULL.
const struct vcfse_word *vcfse_words_find(const struct vcfse_words *words, const struct vcfse_name *name);

#endif
