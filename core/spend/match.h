// SPDX-License-Identifier: Apache-2.0
// Payees to suppliers: what the rules of the payee_matcher accept is tied at once, what they only propose
// waits for a person; every tie is a decision that can be undone, with its method, score and who.
#ifndef ANCHORAGE_SPEND_MATCH_H
#define ANCHORAGE_SPEND_MATCH_H

#include "base/ctx.h"

// All parties payees can be tied to: suppliers with their aliases and merges, and the registers of companies
// and charities where they are loaded. In memory; made when needed, and made anew after
// core.spend_state.match_no grew.
struct match_index;

// Matches payees that are open or under review (all, or those given) and stores ties and proposals. In the
// caller's transaction when there is one. *ret_tied, *ret_review may be NULL.
enum err match_payees(struct ctx *c, size_t n, const int64_t *payee_ids, int64_t *ret_tied,
                      int64_t *ret_review) MUST;
enum err match_all(struct ctx *c, int64_t *ret_tied, int64_t *ret_review) MUST;
// Only what rules tie, by a number, a learned name or a name at its postcode. All others stay as they are.
enum err match_sure(struct ctx *c, size_t n, const int64_t *payee_ids) MUST;

// What core.match_due asks for: suppliers that changed, registers loaded, payees that came with a load.
// *ret_left: more remains.
enum err match_due(struct ctx *c, bool *ret_left) MUST;

// A person's decisions. Each is one transaction with a line in the audit log; all learn an alias unless told
// not to.
enum err match_tie(struct ctx *c, int64_t payee_id, const char *supplier_ref, bool everywhere) MUST;
// Ties to an entry of a register: makes a listing of it first when there is none (supplier.listed_from).
enum err match_tie_register(struct ctx *c, int64_t payee_id, const char *company_number,
                            const char *charity_number, bool everywhere) MUST;
enum err match_none(struct ctx *c, int64_t payee_id) MUST;       // none of those proposed, nor anybody here
enum err match_individual(struct ctx *c, int64_t payee_id) MUST; // a person: never shown by name
enum err match_same(struct ctx *c, int64_t payee_id, int64_t main_id) MUST; // another spelling of that payee
enum err match_undo(struct ctx *c,
                    int64_t decision_id) MUST; // takes a decision back, with the alias it taught

enum err match_merge(struct ctx *c, const char *from_ref, const char *into_ref, const char *reason) MUST;
enum err match_unmerge(struct ctx *c, int64_t merge_id) MUST;

#endif
