// SPDX-License-Identifier: Apache-2.0
// What the rules said of many payees, stored in a few statements.
#ifndef ANCHORAGE_SPEND_MATCH_STORE_H
#define ANCHORAGE_SPEND_MATCH_STORE_H

#include "spend/match_run.h"

// Ties, proposals and states of n payees. Ties of rules that no longer hold end; those that still hold stay
// as they are. Adds to *tied (new ties) and *review (payees that wait for a person).
enum err match_store(struct ctx *c, const struct match_payee *payees, size_t n, int64_t *tied,
                     int64_t *review) MUST;

#endif
