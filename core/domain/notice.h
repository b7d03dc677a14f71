// SPDX-License-Identifier: Apache-2.0
// Notices: pipeline items, market engagement and tenders; their states, and who may do what when.
#ifndef ANCHORAGE_DOMAIN_NOTICE_H
#define ANCHORAGE_DOMAIN_NOTICE_H

#include "base/ctx.h"

#include <anchorage/plugin.h>

enum notice_state {
    NOTICE_DRAFT,
    NOTICE_PUBLISHED,
    NOTICE_CLOSED, // time for bids is over, nothing opened yet
    NOTICE_OPENED, // bids can be read and scored
    NOTICE_AWARDED,
    NOTICE_CANCELLED,
    NOTICE_STATES_
};

enum notice_act {
    NOTICE_PUBLISH,
    NOTICE_CLOSE, // by the clock only
    NOTICE_OPEN,
    NOTICE_AWARD,
    NOTICE_CANCEL,
    NOTICE_ACTS_
};

// The state machine, pure: whether `act` is allowed in `from`, and where it leads. Only tenders close, open
// and award.
bool notice_next(bool is_tender, enum notice_state from, enum notice_act act, enum notice_state *ret_to);
bool notice_state_of(const char *word, enum notice_state *ret); // "draft" ... "cancelled"
const char *notice_state_word(enum notice_state s);

// What a buyer enters. Texts are never NULL; amounts in pence, -1 for none; days INT32_MIN for none.
struct notice_input {
    const char *kind, *title, *summary, *description;
    const char *cpv; // eight-digit codes, parted by blanks, commas or lines
    const char *contract_kind, *procedure, *reserved, *fts_id, *postcode;
    const char *quality_question;
    int64_t value_low_pence, value_high_pence, social_target_pence;
    int64_t closes_at; // microseconds UTC, 0 none
    int32_t contract_start, contract_end;
    int price_weight, quality_weight, social_weight;
    bool suits_sme, suits_vcfse;
};

// Makes a draft for the actor's anchor; *ret_ref is its reference.
enum err notice_create(struct ctx *c, const struct notice_input *in, const char **ret_ref) MUST;
// Changes a draft of the actor's anchor.
enum err notice_update(struct ctx *c, const char *ref, const struct notice_input *in) MUST;

// Publishes a draft after every check of a publishable notice (closing time at least an hour ahead, value,
// CPV, weights, legal advertising rule). A tender of GBP 30,000 or more including VAT needs its Find a Tender
// number first: posting here is advertising (Procurement Act 2023 s.87; PPN on below-threshold notices).
// Value is taken as net, VAT as 20 %.
enum err notice_publish(struct ctx *c, const char *ref) MUST;
// Cancels with a reason that bidders get by mail.
enum err notice_cancel(struct ctx *c, const char *ref, const char *reason) MUST;

#define NOTICE_UK4_PENCE INT64_C(3000000) // GBP 30,000 including VAT

// Notices as exporters take them: one by reference, or all that are not drafts (ref NULL), newest first, at
// most 5,000. base_url is put before the page's path. ERR_NOT_FOUND for an unknown reference or a draft.
enum err notice_for_export(struct ctx *c, const char *ref, const char *base_url,
                           const struct anc_notice **ret_list, uint32_t *ret_count) MUST;

#endif
