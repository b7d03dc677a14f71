// SPDX-License-Identifier: Apache-2.0
// What all tables of the spend panel share: the choice in force, sums for it, and words for people.
#ifndef LOCAL_SPEND_VIEW_H
#define LOCAL_SPEND_VIEW_H

#include "state.h"

#include <anchorage/plugin.h>

#include <stdbool.h>

// Groups of fewer suppliers than this are never shown one by one to the public.
#define VIEW_FEWEST 5

// One filling of the panel. Texts live until the call's end.
struct view {
    const struct anc_host *host;
    const struct spend_state *state;
    anc_ctx *ctx;
    anc_panel *panel;
    struct anc_slice base; // the choice, with years and kinds of payment filled in
    bool one_year;
    bool for_public, frozen;
    const char *classes; // of VCFSE by policy that the headline counts, as in anc_slice
    const char *label;   // "2025/26", "2023/24 to 2025/26"
    const char *place;   // "Wigan"
};

struct view_rows {
    const struct anc_sum *rows; // step with view_row
    uint32_t count;
};

static inline const struct anc_sum *view_row(const struct view_rows *r, uint32_t i) {
    return ANC_AT(r->rows, i);
}

// The choice in force. ANC_SKIP: no payments have been loaded, the panel has a note that says so.
anc_rc view_open(struct view *v, const struct spend_state *state, anc_ctx *ctx,
                 const struct anc_spend_filter *filter, anc_panel *panel);

// Sums of the choice. by, then_by: ANC_BY_*; largest: the largest first; most: 0 all.
anc_rc view_sums(struct view *v, int32_t by, int32_t then_by, bool largest, uint32_t most,
                 struct view_rows *ret);
// The same for a slice of one's own (start from v->base).
anc_rc view_slice(struct view *v, const struct anc_slice *slice, struct view_rows *ret);

// Narrows a slice to VCFSE of these decisions (1u << ANC_VCFSE_*) and by policy of these classes, both as in
// anc_slice. False: nobody whom the slice takes in is one of them, so there is nothing to ask for.
bool view_narrow(const struct view *v, struct anc_slice *s, uint32_t vcfse, const char *classes);
// To those that the headline counts.
bool view_headline_vcfse(const struct view *v, struct anc_slice *s);
// The sums of a slice in one row; nothing when `any` is false.
anc_rc view_one(struct view *v, const struct anc_slice *s, bool any, struct anc_sum *ret);

// Whether the public may be told a row by itself: the host takes the number of payments out of rows that,
// beside all else that is told, would tell of fewer than five suppliers.
static inline bool view_told(const struct view *v, const struct anc_sum *row) {
    return !v->for_public || row->lines > 0 || (row->pence == 0 && row->payees == 0);
}

// "3 suppliers"; to the public "fewer than 5 suppliers" where there are that few.
const char *view_suppliers(const struct view *v, int64_t n);
// "43"; to the public "fewer than 5" where there are that few.
const char *view_how_many(const struct view *v, int64_t n);
// A cell of the row under way; what may not be told stays empty.
void view_cell_if(const struct view *v, bool told, int64_t value);
bool view_few(const struct view *v, int64_t n); // a number of suppliers that the public is not told

const char *view_year(const struct view *v, int64_t year);  // "2025/26"
const char *view_percent(const struct view *v, int64_t bp); // "31.9%"
// Of a share: from the fraction itself, for rounding twice can be a tenth off. 0.0% without a whole.
const char *view_percent_of(const struct view *v, int64_t part_pence, int64_t whole_pence);
const char *view_about(const struct view *v, int64_t pence);              // "£8.5 million": for sentences
const char *view_many(const struct view *v, int64_t n, const char *what); // "1 supplier", "13,532 payments"
int64_t view_share(int64_t part_pence, int64_t whole_pence);              // basis points, 0 without a whole

const char *view_flow_words(const char *key); // "procurement": "Goods, works and services"
const char *view_place_words(const struct view *v, const char *key); // "local": "Wigan"
const char *view_vcfse_words(const char *key);
const char *view_size_words(const char *key);

#endif
