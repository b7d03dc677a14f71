// SPDX-License-Identifier: Apache-2.0
// Rules over payees: who each of them is among the parties of an index. Decides; stores nothing.
#ifndef ANCHORAGE_SPEND_MATCH_RUN_H
#define ANCHORAGE_SPEND_MATCH_RUN_H

#include "spend/match_index.h"

#define MATCH_PROPOSALS 3

struct match_hit {
    const struct match_party *party;
    struct anc_match m;
    bool own; // the anchor's own number was seen with this supplier before
};

// A payee on its way through the rules. What is set before: all up to `refused`.
struct match_payee {
    struct anc_party p; // as read by the matcher
    int64_t id, anchor_id;
    int64_t decision_id, tied_to; // the tie a rule made before; 0 none
    const char *tied_by;          // its method
    const int64_t *own;           // suppliers to whom names with the same own number are tied
    size_t own_count;
    bool own_same_name;     // one of those names is the same as this
    const int64_t *refused; // suppliers a person did not want here
    size_t refused_count;
    // The answer: a tie, or proposals, the best first.
    bool is_tied;
    struct match_hit hit[MATCH_PROPOSALS];
    size_t hits;
};

// Where payees are judged, one after the other: suppliers, and an index of register entries or NULL. In
// c->arena, as the texts of the answers are.
struct match_desk;
struct match_desk *match_desk(struct ctx *c, const struct provider *p, const struct match_index *suppliers,
                              const struct match_index *reg);
enum err match_run(struct match_desk *desk, const uint64_t *blocks, uint32_t block_count,
                   struct match_payee *payee) MUST;

#endif
