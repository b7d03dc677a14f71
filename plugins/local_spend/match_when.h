// SPDX-License-Identifier: Apache-2.0
// When a name was whose: days of payments against the days during which a candidate bore its name.
#ifndef LOCAL_SPEND_MATCH_WHEN_H
#define LOCAL_SPEND_MATCH_WHEN_H

#include <anchorage/plugin.h>

#include <stdbool.h>

enum match_when {
    WHEN_UNKNOWN,
    WHEN_FITS,
    WHEN_PARTLY,     // some payments are from before or after
    WHEN_AFTER,      // it gave the name up in the two years before the first payment: ledgers keep old names
    WHEN_LONG_AFTER, // or longer ago
    WHEN_BEFORE      // it took the name after the last payment: then it was nobody's, or another's
};

// Days are those of struct anc_party (from_day, until_day).
enum match_when match_when(const struct anc_party *payee, const struct anc_party *candidate);

enum { WHEN_DAY_BYTES = 24, WHEN_NAME_BYTES = 100 };
// "5 March 2019".
void match_when_day(int32_t day, char out[WHEN_DAY_BYTES]);
// The earlier name under which a register gives a company, "New Name (formerly Old Name)"; false: none.
bool match_when_earlier(const char *name, char out[WHEN_NAME_BYTES]);

#endif
