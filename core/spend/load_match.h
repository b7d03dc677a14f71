// SPDX-License-Identifier: Apache-2.0
// New payees of a load to suppliers.
#ifndef ANCHORAGE_SPEND_LOAD_MATCH_H
#define ANCHORAGE_SPEND_LOAD_MATCH_H

#include "spend/load_payees.h"

// With the load, so that figures have them from the first moment: what rules tie. Those payees whom rules
// could only propose somebody for, which takes longer than the load itself, are left to match_due.
enum err load_match(struct ctx *c, const struct payees *p) MUST;

#endif
