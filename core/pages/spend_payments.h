// SPDX-License-Identifier: Apache-2.0
// What the page of payments asks for: one reading of its address, and the payments it stands for.
#ifndef ANCHORAGE_PAGES_SPEND_PAYMENTS_H
#define ANCHORAGE_PAGES_SPEND_PAYMENTS_H

#include "db/db.h"
#include "http/req.h"
#include "spend/drill.h"

enum payments_filter {
    PAYMENTS_YEAR, // "2025": the year, or the first of a range
    PAYMENTS_TO,   // the last of a range
    PAYMENTS_MONTH,
    PAYMENTS_ANCHOR,
    PAYMENTS_LOAD,
    PAYMENTS_PAYEE, // "12" this name, "p12" with its spellings
    PAYMENTS_SUPPLIER,
    PAYMENTS_FLOW,
    PAYMENTS_PLACE,
    PAYMENTS_WARD,
    PAYMENTS_SECTOR,
    PAYMENTS_SIZE,
    PAYMENTS_VCFSE,
    PAYMENTS_CLASS,
    PAYMENTS_RULE,
    PAYMENTS_COUNTED,
    PAYMENTS_SORT,
    PAYMENTS_FILTERS
};
struct payments_option {
    const char *value, *words;
};
extern const char *const payments_names[PAYMENTS_FILTERS]; // as in the address
// Fixed options of a filter, the first stands for "any"; *ret_n 0: there are none.
const struct payments_option *payments_options(enum payments_filter f, size_t *ret_n);
const char *payments_tag(uint8_t vcfse); // "yes" of ANC_VCFSE_YES

struct payments_choice {
    const char *value[PAYMENTS_FILTERS];            // "" not chosen; values that do not exist are not chosen
    const char *who;                                // name of the payee or supplier, "" all
    const char *file;                               // name of the load's file, "" all
    struct rows *years, *anchors, *wards, *classes; // to choose from
    struct drill drill;
};
// ERR_NOT_FOUND when the address names a payee, supplier or load that does not exist, or no place in the
// list.
enum err payments_read(struct req *r, struct payments_choice *ch) MUST;

// The choice as the query of another address ("year=2025&place=local"), without one of its values
// (PAYMENTS_FILTERS: with all).
const char *payments_query(struct req *r, const struct payments_choice *ch, enum payments_filter without);

// Address of the page with the payments that a slice takes in; by, payee, area, months and category are not
// looked at.
const char *payments_address(struct req *r, const struct anc_slice *slice);

// At most `most` payments with their sums and words. wait: also when they are being read into memory.
struct payments_lines {
    struct drill_answer found;
    struct rows *words; // found.count rows in the same order
    const char *next;   // where to go on, "" at the end
    bool reading;       // single payments are being read into memory: there are sums only, or nothing yet
    bool no_sums;       // not even those
};
enum err payments_lines(struct req *r, struct payments_choice *ch, size_t most, bool wait,
                        struct payments_lines *ret) MUST;

#endif
