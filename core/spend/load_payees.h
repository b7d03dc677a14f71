// SPDX-License-Identifier: Apache-2.0
// Payees of a file under way: cells as they stand, read once for each different ones by the payee_matcher,
// told apart by name and numbers, with the ids of those that are known already.
#ifndef ANCHORAGE_SPEND_LOAD_PAYEES_H
#define ANCHORAGE_SPEND_LOAD_PAYEES_H

#include "base/ctx.h"
#include "plugin/payments.h"

#define LOAD_PAYEES  500000u // most payees of one file
#define PAYEE_HIDDEN "Name hidden"
#define PAYEE_NO_NAME                                                                                        \
    "(name hidden)" // matching name of the one payee of all hidden names; no other has brackets

// Cells that say who was paid, in this order.
enum { PAYEE_NAME, PAYEE_NO, PAYEE_COMPANY, PAYEE_CHARITY, PAYEE_VAT, PAYEE_POSTCODE, PAYEE_CELLS };

struct payees;

// anchor_id: owner of the publisher's own numbers. has: which of the cells the file has at all.
// ERR_UNSUPPORTED when no plugin matches payees.
enum err payees_new(struct ctx *c, int64_t anchor_id, const bool has[PAYEE_CELLS], struct payees **ret) MUST;
void payees_free(struct payees *p); // NULL is fine

// Learns the ids of all payees there are; new ones get ids above `top`.
enum err payees_learn(struct ctx *c, struct payees *p, int64_t top) MUST;
// Names alone, without numbers or a postcode, mean the payee of that name whom the anchor paid most.
enum err payees_learn_paid(struct ctx *c, struct payees *p) MUST;
bool payees_is_paid(const struct payees *p, uint32_t payee); // it is one of those

// Cells of a row to a number of theirs, in three steps (spend/intern.h): their hash, for which they are cut
// to what may be kept; a look; the number, INTERN_FULL when the file has too many.
struct payee_cells {
    const char *text[PAYEE_CELLS];
    uint32_t length[PAYEE_CELLS];
    uint64_t hash;
};
void payees_hash(const struct payees *p, struct payee_cells *k);
void payees_peek(const struct payees *p, const struct payee_cells *k);
uint32_t payees_put(struct payees *p, const struct payee_cells *k);
// Reads the cells that came since; before that payees_of knows nothing of them.
enum err payees_read(struct ctx *c, struct payees *p) MUST;

// A payee is a number from 0.
void payees_near(const struct payees *p, uint32_t payee); // it will be asked for
uint32_t payees_of(const struct payees *p, uint32_t cells);
int64_t payees_id(const struct payees *p, uint32_t payee);
bool payees_hidden(const struct payees *p, uint32_t payee);
const char *payees_name(const struct payees *p, uint32_t payee);
void payees_party(const struct payees *p, uint32_t payee, struct anc_party *ret);
uint32_t payees_count(const struct payees *p);
bool payees_is_new(const struct payees *p, uint32_t payee);
int64_t payees_new_count(const struct payees *p);

enum err payees_store(struct ctx *c, const struct payees *p) MUST; // writes the new ones

#endif
