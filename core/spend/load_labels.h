// SPDX-License-Identifier: Apache-2.0
// What the payments of a file under way were for: category, purpose and department in the publisher's words,
// each different set once. Past a bound purposes are left out, then everything is "Other".
#ifndef ANCHORAGE_SPEND_LOAD_LABELS_H
#define ANCHORAGE_SPEND_LOAD_LABELS_H

#include "base/ctx.h"

#include <anchorage/plugin.h>

#define LOAD_LABELS 200000u  // labels with a purpose in one file
#define ALL_LABELS  1000000u // of all files; then only labels without a purpose are added

enum { LABEL_CATEGORY, LABEL_PURPOSE, LABEL_DEPARTMENT, LABEL_CELLS };

struct labels;

struct labels *labels_new(void);
void labels_free(struct labels *l); // NULL is fine

// Learns the ids of all labels there are; new ones get ids above `top`.
enum err labels_learn(struct ctx *c, struct labels *l, int64_t top) MUST;

// Cells of a row to a label, a number from 0, in three steps (spend/intern.h). Never full.
struct label_cells {
    const char *text[LABEL_CELLS];
    uint32_t length[LABEL_CELLS];
    uint64_t hash;
};
void labels_hash(const struct labels *l, struct label_cells *k); // without blanks around, and cut
void labels_peek(const struct labels *l, const struct label_cells *k);
uint32_t labels_put(struct labels *l, const struct label_cells *k);
int32_t labels_id(const struct labels *l, uint32_t label);
const char *labels_text(const struct labels *l, uint32_t label, unsigned cell);

enum err labels_store(struct ctx *c, const struct labels *l) MUST; // the new ones

#endif
