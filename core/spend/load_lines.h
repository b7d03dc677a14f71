// SPDX-License-Identifier: Apache-2.0
// Lines of a load on their way into tables of their own, one for each financial year. Lines of the year that
// comes most go to the server at once; those of others wait in memory until there are enough of them.
#ifndef ANCHORAGE_SPEND_LOAD_LINES_H
#define ANCHORAGE_SPEND_LOAD_LINES_H

#include "base/ctx.h"

struct lines;

struct load_line {
    int32_t no, day;
    int32_t payee_id, label_id;
    int16_t flow, flags;
    int64_t pence;          // what counts
    int64_t vat_lost_pence; // of which VAT that cannot be reclaimed
    const char *txn;        // of txn_length bytes; both only where the load has them
    uint32_t txn_length;
};

// full: lines have VAT that is lost or numbers of transactions. beside: they go over a connection of their
// own, so that the caller's is free for the rest of the load meanwhile, into tables that nothing knows of
// before lines_attach; otherwise, and when there is no other connection to be had, all is done in the
// caller's transaction. The caller holds the lock of loads (load_lock).
struct lines *lines_new(struct ctx *c, int64_t load_id, bool full, bool beside);
void lines_free(struct lines *l); // gives up what was not ended; NULL is fine

// ERR_TOO_LARGE for more financial years than one file has.
enum err lines_add(struct lines *l, int fy, const struct load_line *line) MUST;

// There are no more lines. Those on another connection are still on their way.
enum err lines_end(struct lines *l) MUST;
// Waits for them and makes the tables part of core.spend_line; the load itself must be stored. Lines that
// came over another connection are committed first, so this is best the last thing before the caller's own
// commit: what dies in between leaves tables that nothing refers to (core.spend_sweep). Done once however
// often it is asked for.
enum err lines_attach(struct lines *l) MUST;

#endif
