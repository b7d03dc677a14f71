// SPDX-License-Identifier: Apache-2.0
// Payees: is the name there, was it redacted, and the form of a name that is compared with registers.
#ifndef LOCAL_SPEND_PAYEE_H
#define LOCAL_SPEND_PAYEE_H

#include <stdbool.h>

enum spend_payee_kind {
    PAYEE_NAMED,
    PAYEE_REDACTED, // the publisher took the name out: never to be matched to anybody
    PAYEE_NONE,     // blank, N/A, "-"
};

// Whole words decide: "REDACTED", "ACME LTDPERSONAL DETAILS REDACTED" and "Name withheld" are redactions,
// "REDACTIVE PUBLISHING LTD", "REDACTA LIMITED" and "Personal Care Services Limited" are not.
enum spend_payee_kind spend_payee_kind(const char *text);

// Legal form read off the end of a name.
enum spend_form { FORM_NONE, FORM_LTD, FORM_PLC, FORM_LLP, FORM_LP, FORM_CIC, FORM_CIO };

// Why a name has two sides.
enum spend_split { SPLIT_NONE, SPLIT_TRADING_AS, SPLIT_CARE_OF, SPLIT_HASH, SPLIT_FORMERLY, SPLIT_FORM };

#define SPEND_KEY_BYTES 256

struct spend_name {
    char key[SPEND_KEY_BYTES]; // the whole name, or its side in front
    // The side behind T/A, C/O, # or FORMERLY; of a name with a legal form inside ("EXAMPLE LTD ROSE HOUSE"),
    // which stays whole, the side before that; "" when there is none.
    char other[SPEND_KEY_BYTES];
    enum spend_split split;
    enum spend_form form, other_form;
    bool uk; // "(UK)" was taken off
};

// Upper case, accents and full-width letters made plain, & to AND, punctuation dropped, runs of initials
// joined (R.J. and R J to RJ), THE and (UK) and the legal form taken off (the form is kept as a signal), T/A
// and the like split. Names that differ only in this get the same key; a key is evidence, not proof, of the
// same payee.
void spend_name_read(const char *text, struct spend_name *ret);

#endif
