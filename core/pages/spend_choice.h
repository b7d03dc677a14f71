// SPDX-License-Identifier: Apache-2.0
// What the address of a public page of spend asks for: read, checked, said in words, and written again.
#ifndef ANCHORAGE_PAGES_SPEND_CHOICE_H
#define ANCHORAGE_PAGES_SPEND_CHOICE_H

#include "db/db.h"
#include "http/req.h"

#include <anchorage/plugin.h>

// Parameters of the address. A value that does not exist counts as not chosen.
enum spend_filter {
    SPEND_YEAR,   // "2025": the year, or the first of a range
    SPEND_TO,     // "2026": the last of a range
    SPEND_ANCHOR, // reference of the public body
    SPEND_FLOW,   // "procurement", ...
    SPEND_PLACE,  // "local", "elsewhere", "unknown"
    SPEND_WARD,   // code
    SPEND_SECTOR, // code
    SPEND_VCFSE,  // "yes", "no"
    SPEND_SIZE,   // "micro", "small", "medium", "large", "sme"
    SPEND_RULE,   // "registered", "operations": by which address; none: by the invoice's
    SPEND_FILTERS
};

struct spend_choice {
    const char *value[SPEND_FILTERS]; // "" not chosen
    const char *words[SPEND_FILTERS]; // "Leigh South"
    size_t ignored;                   // values that were given and do not exist
    struct rows *years, *bodies, *wards, *basis;
    struct anc_slice slice; // all of it
    const char *classes;    // that the headline counts as VCFSE, as in anc_slice; so does the filter
    const char *others;     // classes that it does not count; "" when it counts none at all
    int year;               // for panels that know one year only; 0: the latest
    bool any, plain;        // something is chosen; nothing but one year and a public body
};

enum err spend_choice_read(struct req *r, struct spend_choice *ret) MUST;

// The choice as the query of another address, beginning with `first` ('?' or '&'), "" when nothing is chosen;
// without: one to leave out, SPEND_FILTERS none.
const char *spend_choice_query(struct req *r, const struct spend_choice *ch, enum spend_filter without,
                               char first);

// "Payments of Wigan Council in 2025/26 to suppliers in Leigh South"; for headings and files.
const char *spend_choice_words(struct arena *a, const struct spend_choice *ch);

// A slice as a choice, as far as its parts have words: for spend_choice_words of what was frozen.
enum err spend_choice_of_slice(struct req *r, const struct anc_slice *slice, struct spend_choice *ret) MUST;

// What spend/chooser shows: lists plain_fields and more_fields (name, label, options), filter_chosen (label,
// remove_href), more_open, may_choose, ignored_any, chosen_words, clear_href. path: of the page.
void spend_choice_put(struct req *r, struct model *m, const struct spend_choice *ch, const char *path);

// What spend/basis shows.
void spend_choice_put_basis(struct model *m, const struct spend_choice *ch);

#endif
