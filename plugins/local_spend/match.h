// SPDX-License-Identifier: Apache-2.0
// Who is a payee? The rules of matching payees to suppliers and registers (extension point payee_matcher).
//
// Order: a person's alias, company number, charity number, VAT number (when the names agree as well), same
// name at the same full postcode; these are accepted. The same name alone, a name behind "t/a" or "c/o", a
// name it had before and names that are alike are proposals for a person, never accepted. Different numbers
// of one register are two parties, whatever their names. Scores are thousandths, whole numbers throughout;
// README.md has them with what takes how much off, and how they were tested.
#ifndef LOCAL_SPEND_MATCH_H
#define LOCAL_SPEND_MATCH_H

#include <anchorage/plugin.h>

extern const struct anc_payee_matcher spend_matcher;

#define SPEND_REVIEW_MILLI 550 // below this a likeness is not worth a person's time

#endif
