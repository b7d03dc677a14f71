// SPDX-License-Identifier: Apache-2.0
// How pages name what is stored about payments and who was paid.
#ifndef ANCHORAGE_PAGES_SPEND_WORDS_H
#define ANCHORAGE_PAGES_SPEND_WORDS_H

#include "base/arena.h"

#include <stdint.h>

const char *spend_words_method(const char *method);   // "exact_name" -> "Same name"; unknown: the word itself
const char *spend_words_score(int64_t milli);         // 0 to 1000: "Almost certain", "Likely", ...
const char *spend_words_state(const char *state);     // of a payee: "tied" -> "Matched"
const char *spend_words_colour(const char *state);    // of the tag beside it
const char *spend_words_flow(int64_t flow);           // ANC_FLOW_*: "Purchase", "Grant", ...
const char *spend_words_place_rule(const char *kind); // "invoice" -> "Address on the invoice"
// "is Brook Catering Ltd", "is nobody in our lists", ...: what a decision (columns what, supplier_name,
// same_name) says of a name.
const char *spend_words_decision(struct arena *a, const char *what, const char *supplier, const char *same);

// "1 payment", "2,508 payments".
const char *spend_words_count(struct arena *a, int64_t n, const char *one, const char *many);

#endif
