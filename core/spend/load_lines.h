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

// In the caller's transaction. full: lines have VAT that is lost or numbers of transactions.
struct lines *lines_new(struct ctx *c, int64_t load_id, bool full);
void lines_free(struct lines *l); // gives up what was not ended; NULL is fine

// ERR_TOO_LARGE for more financial years than one file has.
enum err lines_add(struct lines *l, int fy, const struct load_line *line) MUST;

// All lines are with the server.
enum err lines_end(struct lines *l) MUST;
// Makes the tables part of core.spend_line; the load itself must be stored.
enum err lines_attach(struct lines *l) MUST;

#endif
