// SPDX-License-Identifier: Apache-2.0
// A person decides who a name in the payments is: one answer to one question, told apart from the answers of
// others who look at the same name at the same time.
#ifndef ANCHORAGE_SPEND_REVIEW_H
#define ANCHORAGE_SPEND_REVIEW_H

#include "base/ctx.h"

// An answer as it stands in forms and addresses: "s:REF" a supplier, "c:NUMBER" a company and "h:NUMBER" a
// charity of the registers, "p:ID" another spelling of that name, "none", "person".
enum review_what {
    REVIEW_SUPPLIER,
    REVIEW_COMPANY,
    REVIEW_CHARITY,
    REVIEW_SPELLING,
    REVIEW_NONE,
    REVIEW_PERSON,
};
struct review_answer {
    enum review_what what;
    const char *ref;  // of SUPPLIER, COMPANY, CHARITY; points into the text
    int64_t payee_id; // of SPELLING
};
bool review_read(const char *text, struct review_answer *ret);

// Stores the answer in one transaction. seen_id: number of the decision that held when the person began to
// look, 0 for none; ERR_CONFLICT when another one holds by now (nothing is stored). everywhere: the name is
// remembered for all anchors. *ret_decision: number of the decision this made. Actor: an officer.
enum err review_decide(struct ctx *c, int64_t payee_id, int64_t seen_id, const char *answer, bool everywhere,
                       int64_t *ret_decision) MUST;

// Takes a decision back that still holds. *ret_payee: the name it was about.
enum err review_undo(struct ctx *c, int64_t decision_id, int64_t *ret_payee) MUST;

// Adds up what each payee was paid (core.payee_paid) when a few payments were loaded since; of many the
// worker does it, and until then *ret_behind is true. Before anything that reads the queue.
enum err review_freshen(struct ctx *c, bool *ret_behind) MUST;
// The worker's part of it: some of what waits; and new names are made quick to find by a part of them.
// *ret_more: there is more.
enum err review_work(struct ctx *c, bool *ret_more) MUST;

// A learned name is not used any more from now on; ties that rest on it stay.
enum err review_end_alias(struct ctx *c, int64_t alias_id) MUST;

// Puts two listings of one business together, and parts them again.
enum err review_merge(struct ctx *c, const char *from_ref, const char *into_ref, const char *reason) MUST;
enum err review_unmerge(struct ctx *c, int64_t merge_id) MUST;

#endif
