// SPDX-License-Identifier: Apache-2.0
// A load goes again, in two steps, so that what it is replaced by can come in between.
#ifndef ANCHORAGE_SPEND_LOAD_BACK_H
#define ANCHORAGE_SPEND_LOAD_BACK_H

#include "spend/load_same.h"

struct taken {
    struct load_span span;
    const char *ref, *sha256;
    const char *years, *payees, *labels; // array parameters
};

// Takes the load out of everything that is counted; its lines are still there. ERR_NOT_FOUND: no such load.
enum err load_back_begin(struct ctx *c, const char *ref, struct taken *ret) MUST;
// Its tables go, and with them payees and labels that nothing else has; what later loads left to it counts
// there again.
enum err load_back_end(struct ctx *c, const struct taken *t) MUST;

// ERR_CONFLICT with words when an intermediary of this anchor's tier-2 files would be left with less than
// nothing.
enum err load_tier2_check(struct ctx *c, int64_t anchor_id) MUST;

#endif
