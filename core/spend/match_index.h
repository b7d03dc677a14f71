// SPDX-License-Identifier: Apache-2.0
// Parties that payees may be, in memory, found by number, by name and by the hashes of the payee_matcher.
#ifndef ANCHORAGE_SPEND_MATCH_INDEX_H
#define ANCHORAGE_SPEND_MATCH_INDEX_H

#include "base/ctx.h"
#include "plugin/payments.h"

#define MATCH_BLOCKS 24 // hashes a party has at most

// What a party is found by.
enum match_by {
    MATCH_BY_KEY,
    MATCH_BY_COMPANY,
    MATCH_BY_CHARITY,
    MATCH_BY_VAT,
    MATCH_BY_BLOCK,
    MATCH_BY_ALIAS
};

// A candidate. Register entries have id 0; `entry` tells them apart.
struct match_party {
    struct anc_party p; // as read by the matcher; same_name not set
    int64_t id, root;   // supplier, and the one it counts as after merges
    uint32_t entry;     // from 1, of a register; 0 a supplier
    bool earlier;       // under a name it bore before, and found by that alone
};

struct match_index;

// All suppliers with their other postcodes, merges and learned names; by_blocks: those are also found whose
// names are only alike. Lives in memory of its own until match_index_free.
enum err match_index_suppliers(struct ctx *c, const struct provider *p, bool by_blocks,
                               struct match_index **ret) MUST;
// Entries of the registers with one of these names or numbers that no supplier has; and companies that had
// one of these names before, which may be suppliers.
enum err match_index_register(struct ctx *c, const struct provider *p, const struct match_index *suppliers,
                              size_t n, const char *const *keys, size_t companies, const char *const *company,
                              size_t charities, const char *const *charity, struct match_index **ret) MUST;
// Since when, and until when, the supplier with a company number has the name it has; 0 not known.
void match_index_days(struct match_index *ix, const char *company_number, int32_t from_day,
                      int32_t until_day);
void match_index_free(struct match_index *ix); // NULL is allowed

uint64_t match_hash(enum match_by by, const char *text);
uint64_t match_hash_block(uint64_t block);
// The anchor is part of what a learned name is found by; 0: everywhere.
uint64_t match_hash_alias(const char *key, int64_t anchor_id);

// Parties found by a hash, at most `most` of them; more than that gives most + 1 and the list is cut.
uint32_t match_index_find(const struct match_index *ix, uint64_t hash, uint32_t *ret, uint32_t most);
const struct match_party *match_index_party(const struct match_index *ix, uint32_t i);
uint32_t match_index_count(const struct match_index *ix);
// The supplier with an id, NULL when there is none.
const struct match_party *match_index_supplier(const struct match_index *ix, int64_t id);
// How many parties (after merges) have this key, counted up to 9. An index may be NULL.
int32_t match_index_namesakes(const struct match_index *ix, const char *key);

#endif
