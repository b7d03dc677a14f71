// SPDX-License-Identifier: Apache-2.0
// The same payment in two files counts once: which lines of a load stand in earlier loads of its anchor.
#ifndef ANCHORAGE_SPEND_LOAD_SAME_H
#define ANCHORAGE_SPEND_LOAD_SAME_H

#include "base/ctx.h"

// Days of a load, its anchor and its kind ('payments', 'tier2').
struct load_span {
    int64_t id, anchor_id;
    const char *kind;
    int32_t first_day, last_day;
};

// Earlier loads whose days meet those of this one: their ids as an array parameter, NULL when there are none,
// and their file names, comma-separated. In c->arena.
enum err load_same_earlier(struct ctx *c, const struct load_span *s, const char **ret_ids,
                           const char **ret_names) MUST;

// Marks the lines that stand in the earlier loads as not counted, makes the load's sums anew and notes how
// much it is.
enum err load_same_mark(struct ctx *c, int64_t load_id, const char *earlier_ids, int64_t *ret_lines,
                        int64_t *ret_pence) MUST;

// A load has gone: what later ones left to it counts again there.
enum err load_same_after(struct ctx *c, const struct load_span *gone) MUST;

#endif
