// SPDX-License-Identifier: Apache-2.0
// An invented market for database tests: a place, two anchors, suppliers, people, notices.
#ifndef ANCHORAGE_TESTS_SUPPORT_MARKET_H
#define ANCHORAGE_TESTS_SUPPORT_MARKET_H

#include "domain/bid.h"
#include "domain/notice.h"
#include "support/dbtest.h"

// Place, anchors "council" and "hospital" with a buyer each, suppliers "brook", "hill" and "vale" with a
// person each; "vale" is not based in the area.
void market_fill(struct ctx *c);

// From now on the context acts for this person; org is the reference of an anchor or a supplier.
void market_act(struct ctx *c, const char *org);
void market_act_nobody(struct ctx *c);

// A complete input of a tender that may be published, closing two hours from c->now_usec.
struct notice_input market_tender(struct ctx *c);
// Such a tender, made and published by the council; its reference in c->arena.
const char *market_publish(struct ctx *c);
// A bid without promises, or with one.
struct bid_input market_bid(int64_t price_pence);
struct bid_input market_bid_with_job(int64_t price_pence);

// Submits as a supplier; the bid's reference.
const char *market_submit(struct ctx *c, const char *supplier, const char *notice_ref,
                          const struct bid_input *in);
// Puts the clock of this context after the closing time and the minute of waiting, and the notice into the
// past.
void market_after_closing(struct ctx *c, const char *notice_ref);

#endif
