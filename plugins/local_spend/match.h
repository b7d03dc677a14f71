// SPDX-License-Identifier: Apache-2.0
// Who is a payee? The rules of matching payees to suppliers and registers (extension point payee_matcher).
//
// Order: a person's alias, company number, charity number, VAT number (when the names agree as well), same
// name at the same full postcode; these are accepted. The same name alone, a name behind "t/a" or "c/o", and
// names that are alike are proposals for a person, never accepted. Different numbers of one register are two
// parties, whatever their names. Scores are thousandths, whole numbers throughout. The same name: 900, with
// the same legal form 940, the other name of the two 800; less for a name of a person or one that is short or
// general (120 or 250), another legal form (200), another branch number (300), "(UK)" on one side (80),
// namesakes (200), another postcode (60). Names that are alike: words are paired (same, a letter or two off,
// cut short, an initial), weighed by what they tell (own words 4 to 10, what many do 4, places and numbers 3,
// dress 1), twice what is paired in 900ths of all; or the letters without blanks, up to three edits. Less for
// places, words like HOLDINGS, numbers, trades or own words that only one has or that differ. At most 890, so
// that the very name stands first.
#ifndef LOCAL_SPEND_MATCH_H
#define LOCAL_SPEND_MATCH_H

#include <anchorage/plugin.h>

extern const struct anc_payee_matcher spend_matcher;

#define SPEND_REVIEW_MILLI 550 // below this a likeness is not worth a person's time

#endif
