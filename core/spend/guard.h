// SPDX-License-Identifier: Apache-2.0
// What the public may be told beside all else that it is told.
//
// The rule. Any two answers that are told are of the same payments, or of payments to 5 suppliers or more
// that only one of them has. So whoever takes one answer off another, or adds two, learns of no fewer than 5.
// Answers have an order (one that can be asked for in several ways stands where the first of these does):
// fewer filters first, and the rule of place that holds where nobody chose one before the others. An answer
// is told when it is of at least 5 suppliers, and no earlier answer of at least 5 differs from it by 1 to 4.
// Of any two answers the later was compared with the earlier, which proves the rule.
//
// Only answers that are nearly the same can differ by so few, and these are made of filters that leave out
// fewer than 5 suppliers of the one that is asked about, so there are few to compare with.
//
// Always told: sums by public body and year, of all payments or of those that count; public bodies publish
// these. Payments whose payee is not named are no supplier: what is told of them alone names nobody, and they
// make no group large enough.
#ifndef ANCHORAGE_SPEND_GUARD_H
#define ANCHORAGE_SPEND_GUARD_H

#include "spend/cube.h"

#define GUARD_FILTERS 6 // beside the year; a choice with more is told to nobody

enum guard_says {
    GUARD_TELLS,
    GUARD_NAMELESS, // told: only payments whose payee is not named, or none at all
    GUARD_FEW,      // of fewer than 5 suppliers
    GUARD_ISOLATES  // differs from an earlier answer by fewer than 5
};

struct guard; // verdicts on one state; any thread
struct guard *guard_new(void);
void guard_free(struct guard *g); // NULL is fine

// What counts where nobody chose: kinds of payment, classes that are VCFSE by policy (as in anc_slice).
struct guard_usual {
    uint32_t flows;
    const char *classes;
};

// A row of an answer: by ANC_BY_*, and its key; ANC_BY_NOTHING of the whole.
struct guard_row {
    int32_t by;
    const char *key;
};

// About a slice in one year (its own years are not looked at), narrowed to a row by two groupings. Slices of
// one payee, and with months, categories or areas, are not looked at here: GUARD_ISOLATES. Rows by payee,
// month, category and area: as the slice. The guard must always be asked with the same view.
enum guard_says guard_ask(struct guard *g, const struct cube_view *v, const struct guard_usual *usual,
                          const struct anc_slice *s, int32_t year, const struct guard_row row[2]);

#endif
