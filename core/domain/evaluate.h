// SPDX-License-Identifier: Apache-2.0
// From sealed bids to an award: opening, points for price, quality and social value, ranking, deciding.
#ifndef ANCHORAGE_DOMAIN_EVALUATE_H
#define ANCHORAGE_DOMAIN_EVALUATE_H

#include "base/ctx.h"
#include "domain/price.h"

// A bid that was fully read before the closing time may wait this long for its turn, so opening waits too.
#define EVALUATE_OPEN_WAIT_USEC INT64_C(60000000)
// Letters of the reason that a buyer gives for not choosing the bid with most points.
#define EVALUATE_REASON_MIN 40

// Opens the bids of a tender of the actor's anchor after its closing time: state opened, price points for
// all, social value points when a plugin scores them. Before that nobody learns even how many there are.
enum err evaluate_open(struct ctx *c, const char *ref) MUST;

// Scores the social value of all bids (again): when the plugin was missing at opening.
enum err evaluate_social(struct ctx *c, const char *ref) MUST;

// A person's points for the answer of a bid, with the reason that the bidder will read.
enum err evaluate_quality(struct ctx *c, const char *ref, const char *bid_ref, const char *points,
                          const char *reason) MUST;

struct evaluated {
    int64_t id;
    const char *ref, *supplier_name, *supplier_ref, *answer, *content_hash, *submitted_at;
    const char *person_name, *person_email;
    int64_t price_pence;
    int64_t price_milli, quality_milli, social_milli; // -1: not scored yet
    const char *price_reason, *quality_reason, *social_reason;
    bool complete; // every criterion with a weight is scored
    struct total total;
    int64_t total_milli; // rounded, for showing
    size_t rank;         // 1 for the best; equal totals share a rank; 0 while any bid is incomplete
};

struct evaluation {
    const char *ref, *title, *state, *quality_question;
    const char *closes_at, *opened_at;
    const char *award_reason, *award_bid_ref; // "" before the award
    int64_t id, price_weight, quality_weight, social_weight, social_target_pence;
    int64_t closes_usec; // 0 none
    bool is_tender;
    bool is_open;     // bids were opened and can be read
    bool can_open;    // the waiting time is over and nothing was opened
    bool is_complete; // all bids are scored
    struct evaluated *bids;
    size_t count;
};

// What the actor's anchor may know now: before the opening, no bid and no number of bids.
enum err evaluate_read(struct ctx *c, const char *ref, struct evaluation *ret) MUST;

// Awards to one bid, once; tells everybody who sent a bid, with points and reasons. Choosing another bid than
// the one with most points needs a reason of EVALUATE_REASON_MIN letters or more.
enum err evaluate_award(struct ctx *c, const char *ref, const char *bid_ref, const char *reason,
                        const char *base_url) MUST;

#endif
