// SPDX-License-Identifier: Apache-2.0
// Spend by groups (year, body, ward, sector, kind, size) with what of each is local and VCFSE, and what of it
// the public may be told.
#ifndef LOCAL_SPEND_GROUPS_H
#define LOCAL_SPEND_GROUPS_H

#include "view.h"

struct group {
    const char *key, *label;
    int64_t pence, local, unknown, vcfse; // of pence: local, not placed, VCFSE as the headline counts it
    int64_t payees, local_payees, unknown_payees, other_payees, vcfse_payees; // other: placed elsewhere
    bool apart, local_apart, unknown_apart, other_apart, vcfse_apart; // view_told of it, and of its parts
    bool places_told, vcfse_told;                                     // set by groups_tell
};

struct groups {
    struct group *list; // count groups, behind them those that went into `rest`
    uint32_t count, folded;
    struct group rest; // groups of few suppliers together; of no payees: there is none
};

// Groups of a slice by one dimension. Numbers of suppliers come from the slice without places: who was in two
// places counts once.
anc_rc groups_read(struct view *v, const struct anc_slice *slice, int32_t by, struct groups *ret);

// To the public, groups of fewer than five suppliers or that may not be told alone go into one row, and with
// them the smallest other groups until that row stands for two groups and five suppliers: the order is that
// of the host's open data, so that the two together tell no more than each.
void groups_fold(const struct view *v, struct groups *g);
// The same of kinds of payment: those that are of no number of suppliers (credits, names not published) stay.
void groups_fold_kinds(const struct view *v, struct groups *g);

// Says which cells the public may be told. Not the local part of a group when fewer than five suppliers are
// behind it or behind what it leaves over (apart: also when what is not placed stands beside it), nor such a
// VCFSE part; nor as many other cells of the column as it takes that none comes out of the column's total.
void groups_tell(const struct view *v, struct groups *g, bool apart);

// The rows of a table: groups, then the rest when there is one.
uint32_t groups_rows(const struct groups *g);
struct group *groups_row(struct groups *g, uint32_t i);

void groups_by_amount(struct groups *g); // largest first

#endif
