// SPDX-License-Identifier: Apache-2.0
// Storing a payments file: everything of it in the caller's transaction.
#ifndef ANCHORAGE_SPEND_LOAD_STORE_H
#define ANCHORAGE_SPEND_LOAD_STORE_H

#include "spend/load_read.h"

struct storing {
    int fd;
    const struct load_orders *orders;
    struct load_summary *sum; // empty
    const char *ref;          // of the new load
    bool trial;               // will be rolled back: nothing that is only of use when it stays
};

// One load at a time: waits for others.
enum err load_store(struct ctx *c, struct storing *s) MUST;

// Fills in the anchor, the load's id and the highest ids in use. For a look (s NULL) no id is taken.
enum err load_store_begin(struct reading *r, const struct storing *s) MUST;

const char *load_kind(const struct reading *r); // 'payments' or 'tier2'

#endif
