// SPDX-License-Identifier: Apache-2.0
// Days that may decide between parties of one name: of payments, and since when companies have their names.
#ifndef ANCHORAGE_SPEND_MATCH_DAYS_H
#define ANCHORAGE_SPEND_MATCH_DAYS_H

#include "spend/match_run.h"

// Looks up the days of those payees whose name a company had before, or more than one has, or one that has
// ended, and of the suppliers with such a name; sets from_day and until_day of both. The others need none.
enum err match_days(struct ctx *c, struct match_index *suppliers, const struct match_index *reg,
                    struct match_payee *payees, size_t n) MUST;

#endif
