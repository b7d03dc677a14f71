// SPDX-License-Identifier: Apache-2.0
// VCFSE three ways, because definitions differ: strict (on a register, or decided by an officer), headline
// (strict and the classes that the place counts), wide (strict, all classes, and who waits to be checked).
#ifndef LOCAL_SPEND_SETS_H
#define LOCAL_SPEND_SETS_H

#include "view.h"

struct vcfse_sum {
    int64_t pence, payees;
    bool apart; // view_told
};

#define SETS_CLASSES 32
struct vcfse_class_sum {
    const char *key;
    bool counted; // in the headline
    struct vcfse_sum sum;
};

// A supplier has one tag and so stands in one of the sums that a set is made of: sums of suppliers are exact.
struct vcfse_sets {
    struct vcfse_sum strict, headline, wide, review;
    uint32_t count;
    struct vcfse_class_sum classes[SETS_CLASSES]; // those with payments, by key; more go into "" at the end
};

// Of a slice: places, years and the rest as it says.
anc_rc sets_read(struct view *v, const struct anc_slice *slice, struct vcfse_sets *ret);

// The tables "vcfse" and, where a class was paid, "vcfse_classes". local: of what went to suppliers here,
// local_pence in all; all: wherever they are, all_pence in all.
void sets_draw(const struct view *v, const struct vcfse_sets *local, int64_t local_pence,
               const struct vcfse_sets *all, int64_t all_pence);

// What the headline counts: "on a register or decided by an officer, and housing associations".
const char *sets_basis(const struct view *v);

#endif
