// SPDX-License-Identifier: Apache-2.0
// The table of words by which flows are told apart (data only; flow.c reads it).
#ifndef LOCAL_SPEND_FLOW_WORDS_H
#define LOCAL_SPEND_FLOW_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum flow_in {
    IN_NAME, // of the payee
    IN_LABEL // category or purpose
};

// What the payee must or must not be.
enum {
    WHEN_NO_FORM = 1, // the name ends in no legal form (Ltd, plc, LLP, CIC, CIO)
    WHEN_NO_BODY = 2, // nothing says that it is an organisation: no form, number or word of one
    WHEN_PUBLIC = 4,  // the name has the shape of a public body
    WHEN_PERSON = 8   // the matcher says it is a person
};

// Words in upper case, without AND and punctuation, as a phrase; "^" in front: the text begins so; "$"
// behind: it ends so. `any`: one of these; `with`: and one of these, when there are some; `without`: and none
// of these. The first rule that fits decides.
struct flow_rule {
    int32_t flow;
    enum flow_in in;
    unsigned when;
    const char *const *any, *const *with, *const *without;
    const char *why;
};

extern const struct flow_rule spend_flow_rules[];
extern const size_t spend_flow_rule_count;

// Shapes of public bodies that need more than a phrase (flow.c: is_council).
extern const char *const spend_no_council[]; // words of councils that are no authorities; NULL at the end
extern const char *const spend_body_words[]; // words that organisations have in their names

#endif
