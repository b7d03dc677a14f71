// SPDX-License-Identifier: Apache-2.0
// The invented demo place: shows every page with life in it. It never touches a database that holds anything
// else.
#ifndef ANCHORAGE_DOMAIN_DEMO_H
#define ANCHORAGE_DOMAIN_DEMO_H

#include "base/ctx.h"

struct demo_person {
    const char *what; // "Supplier: Brightmoor Joinery Ltd"
    const char *email;
    const char *password; // random, told once
};

// Whether nothing was ever entered: no place, organisation, person or payment.
enum err demo_is_empty(struct ctx *c, bool *ret_empty) MUST;

// Loads 5 anchors, 400 suppliers over the 25 wards, 60 notices in every state, 4 events and 3 financial years
// of payments (about 40,000 lines). ERR_CONFLICT when the database is not empty. Progress may be NULL. People
// live in c->arena.
enum err demo_load(struct ctx *c, const struct demo_person **ret_people, size_t *ret_count,
                   void (*progress)(void *arg, const char *what, int64_t done, int64_t total),
                   void *arg) MUST;

// After demo_load: what the officer did with payments since, through the same functions as the pages: files
// with rows that could not be taken and with payments that stand elsewhere, a tier-2 file, names decided and
// names left to decide, two listings put together, two frozen reports. Leaves files to be looked at in
// `spool` (NULL: none). Without plugins that read payments and match payees it does nothing.
enum err demo_tell(struct ctx *c, const char *spool) MUST;

#endif
