// SPDX-License-Identifier: Apache-2.0
// The extension points payments_reader and payee_matcher: thin entries; core/spend drives them.
#ifndef ANCHORAGE_PLUGIN_PAYMENTS_H
#define ANCHORAGE_PLUGIN_PAYMENTS_H

#include "plugin/points.h"

// ---- payments_reader: one file on its way through a plugin. A call counts against the plugin's budget block
// by block; what a plugin gives back out of range is a fault (ERR_BUG).
struct payments_reader;

// The first provider that takes the file (all are asked in order). ERR_INVALID with findings (the reasons of
// the last that looked closer) when none does; ERR_UNSUPPORTED when no plugin reads payments.
enum err payments_reader_open(struct ctx *c, const struct anc_cells *head, const char *file_name,
                              const struct anc_columns *chosen, struct payments_reader **ret,
                              struct findings *findings) MUST;
// One provider only. ERR_UNSUPPORTED: not its kind of file.
enum err payments_reader_open_with(struct ctx *c, const struct provider *p, const struct anc_cells *head,
                                   const char *file_name, const struct anc_columns *chosen,
                                   struct payments_reader **ret, struct findings *findings) MUST;
void payments_reader_columns(struct payments_reader *r, struct anc_columns *ret);
enum err payments_reader_map(struct payments_reader *r, const struct anc_cells *rows,
                             struct anc_lines *ret) MUST;
// *ret_again: all rows must come once more.
enum err payments_reader_finish(struct payments_reader *r, bool *ret_again, struct findings *findings) MUST;
const char *payments_reader_reason(struct payments_reader *r, uint32_t why);
enum err payments_reader_flow(struct payments_reader *r, const struct anc_party *payee,
                              const struct anc_label *label, int32_t *ret_flow) MUST;
const char *payments_reader_words(struct payments_reader *r); // describe
const char *payments_reader_rules(struct payments_reader *r); // "local_spend 1.0.0"
void payments_reader_close(struct payments_reader *r);        // NULL is allowed

// ---- payee_matcher: the first provider.
enum err matcher_find(struct ctx *c, struct provider *ret) MUST; // ERR_UNSUPPORTED: no plugin matches payees
const char *matcher_version(const struct provider *p);
enum err matcher_read(struct ctx *c, const struct provider *p, const struct anc_party *in,
                      struct anc_party *ret) MUST;
enum err matcher_blocks(struct ctx *c, const struct provider *p, const struct anc_party *party, uint64_t *ret,
                        uint32_t most, uint32_t *ret_count) MUST;
enum err matcher_judge(struct ctx *c, const struct provider *p, const struct anc_party *payee,
                       const struct anc_party *candidate, struct anc_match *ret) MUST;
// Many parties in one call of the host's books (each still its own callback): used by loads and by matching.
enum err matcher_read_many(struct ctx *c, const struct provider *p, const struct anc_party *in, size_t n,
                           struct anc_party *ret) MUST;
// ret: n times `most` hashes; those of party i begin at i * most, ret_counts[i] of them.
enum err matcher_blocks_many(struct ctx *c, const struct provider *p, const struct anc_party *parties,
                             size_t n, uint32_t most, uint64_t *ret, uint32_t *ret_counts) MUST;
// One payee against n candidates.
enum err matcher_judge_many(struct ctx *c, const struct provider *p, const struct anc_party *payee,
                            const struct anc_party *const *candidates, size_t n, struct anc_match *ret) MUST;

#endif
