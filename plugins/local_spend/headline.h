// SPDX-License-Identifier: Apache-2.0
// The headline of a choice of payments: what stays, how sure that is, VCFSE, and what has no name.
#ifndef LOCAL_SPEND_HEADLINE_H
#define LOCAL_SPEND_HEADLINE_H

#include "formula.h"
#include "sets.h"
#include "view.h"

struct headline {
    struct spend_sums sums;
    struct spend_locality where;
    bool any; // there is something to take a share of
    int64_t local_payees;
    // What the public may be told: fewer than five suppliers stand neither behind it nor behind what it
    // leaves over.
    bool places_told, vcfse_told;
    struct vcfse_sets local, all; // of what went to suppliers here; wherever they are
    struct anc_sum hidden;        // payments whose payee is not named
};

anc_rc headline_read(struct view *v, struct headline *ret);

// The figures, and the table "headline" whose finding is the sentence that people quote.
void headline_draw(const struct view *v, const struct headline *h);
// Where each pound goes ("leakage"), and the shares that one can give for what stays ("shares").
void headline_draw_shares(const struct view *v, const struct headline *h);

#endif
