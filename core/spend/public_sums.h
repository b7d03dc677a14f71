// SPDX-License-Identifier: Apache-2.0
// Sums as the public may see them: what a choice must not tell is taken out before any plugin sees it, and
// what a row must not tell is marked.
#ifndef ANCHORAGE_SPEND_PUBLIC_SUMS_H
#define ANCHORAGE_SPEND_PUBLIC_SUMS_H

#include "base/ctx.h"
#include "plugin/sums.h"
#include "spend/guard.h"

#define PUBLIC_FILTERS 3 // at most, beside years

// Whether the figures of a choice may be told at all. A choice by public body and years alone is always told.
enum public_verdict {
    PUBLIC_TOLD,
    PUBLIC_FEW,   // fewer than SUPPRESS_BELOW suppliers stand behind it, in one of its years at least
    PUBLIC_TELLS, // enough do, but beside another page, a small group could be told (guard.h)
    PUBLIC_MANY   // more than PUBLIC_FILTERS
};

struct public_sums {
    struct spend_sums api;
    const struct spend_sums *inner;
    const struct anc_slice *chosen;
    struct public_year *years; // latest first
    size_t year_count;
    const struct cube_view *view; // NULL: the sums are no cube's, so only numbers of suppliers are looked at
    struct guard_usual usual;
};

// Puts itself before c->sums until public_sums_end: years of this choice that may not be told have no rows,
// and a supplier that may be a person has no name among the largest (its key says that it is listed nowhere).
// Rows that must not be told one by one have no number of payments (`lines` 0; else it is never 0): whoever
// shows them folds them into others. chosen must live as long. Without sums in the context: PUBLIC_TOLD, and
// nothing changes.
enum err public_sums_begin(struct public_sums *p, struct ctx *c, const struct anc_slice *chosen,
                           enum public_verdict *ret) MUST;
// The same without a verdict: no year is taken out, rows are marked. For reports.
enum err public_sums_mark(struct public_sums *p, struct ctx *c) MUST;
void public_sums_end(struct public_sums *p, struct ctx *c);

#endif
