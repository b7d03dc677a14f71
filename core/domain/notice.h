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
    const char *const *rules; // keys of eligibility rules, at most 16; kept for tenders only
    size_t rule_count;
};

// A day and a clock time in London (minutes after midnight, -1 none) to a closing time. A day without a time
// means noon. ERR_INVALID beside the field "closes_time" for a clock time that does not exist or exists
// twice.
enum err notice_closing(struct ctx *c, int32_t day, int64_t minutes, int64_t *ret_usec) MUST;

// Makes a draft for the actor's anchor; *ret_ref is its reference.
enum err notice_create(struct ctx *c, const struct notice_input *in, const char **ret_ref) MUST;
// Changes a draft of the actor's anchor.
enum err notice_update(struct ctx *c, const char *ref, const struct notice_input *in) MUST;

// What a draft must have before it can be published; pure.
struct notice_facts {
    const char *kind, *summary, *description, *procedure, *contract_kind, *reserved, *fts_id;
    const char *anchor_sort; // "council", "nhs", ...
    const char *quality_question;
    int64_t cpv_count;
    int64_t value_high_pence; // -1 none
    int64_t closes_at;        // 0 none
    bool has_contract_days;
    int64_t quality_weight, social_weight, social_target_pence;
};
// One thing that stands in the way (stops) or is worth knowing. field: of the form notice, "" for none.
struct notice_obstacle {
    bool stops;
    const char *field, *text;
};
typedef void notice_say(void *arg, bool stops, const char *field, const char *text);
void notice_check(const struct notice_facts *f, int64_t now_usec, notice_say *say, void *arg);

// From this value with VAT on a notice must stand on Find a Tender before it is advertised here (Procurement
// Act 2023 s.87, regulated below-threshold procurement): GBP 30,000, for NHS bodies GBP 12,000. Value is
// taken as net and VAT as 20 %.
#define NOTICE_UK4_PENCE     INT64_C(3000000)
#define NOTICE_UK4_NHS_PENCE INT64_C(1200000)
// Thresholds with VAT from 1 January 2026 (SI 2025/1200); a reservation for local suppliers is lawful only
// below (Local Government (Exclusion of Non-commercial Considerations) (England) Order 2026).
#define NOTICE_THRESHOLD_PENCE       INT64_C(20772000)
#define NOTICE_THRESHOLD_WORKS_PENCE INT64_C(519300000)
int64_t notice_with_vat(int64_t net_pence);

// Everything that stands in the way of publishing a draft of the actor's anchor, with what the exporter
// plugins have to say as warnings.
enum err notice_obstacles(struct ctx *c, const char *ref, const char *base_url,
                          const struct notice_obstacle **ret, size_t *ret_count) MUST;

// Publishes a draft when nothing of notice_check stops it.
enum err notice_publish(struct ctx *c, const char *ref) MUST;
// Cancels with a reason that bidders get by mail and the public page shows. Drafts cannot be cancelled, only
// deleted.
enum err notice_cancel(struct ctx *c, const char *ref, const char *reason) MUST;
enum err notice_delete_draft(struct ctx *c, const char *ref) MUST;

// A notice of the actor's anchor, locked in the running transaction, on which `act` is allowed now. A tender
// that is published and past its time counts as closed, whether or not the clock's job was there already.
struct rows;
enum err notice_take(struct ctx *c, const char *ref, enum notice_act act, struct rows **ret) MUST;
// Whether the actor buys for an anchor; fails with ERR_DENIED.
enum err notice_buyer_only(struct ctx *c) MUST;

// Notices as exporters take them: one by reference, or all that are not drafts (ref NULL), newest first, at
// most 5,000. base_url is put before the page's path. ERR_NOT_FOUND for an unknown reference or a draft.
enum err notice_for_export(struct ctx *c, const char *ref, const char *base_url,
                           const struct anc_notice **ret_list, uint32_t *ret_count) MUST;
// A draft of the actor's anchor as it would look to exporters if it were published now.
enum err notice_draft_for_export(struct ctx *c, const char *ref, const char *base_url,
                                 const struct anc_notice **ret) MUST;

#endif
