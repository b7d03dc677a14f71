// SPDX-License-Identifier: Apache-2.0
// Sums over payments as plugins ask for them. The room above (core/spend) answers; this room only knows its
// shape.
#ifndef ANCHORAGE_PLUGIN_SUMS_H
#define ANCHORAGE_PLUGIN_SUMS_H

#include "base/ctx.h"

#include <anchorage/plugin.h>

struct spend_sums {
    enum err (*slice)(struct ctx *c, const struct spend_sums *s, const struct anc_slice *slice,
                      uint32_t *ret_count, const struct anc_sum **ret_rows);
    enum err (*years)(struct ctx *c, const struct spend_sums *s, uint32_t *ret_count,
                      const int32_t **ret_years);
    // Brings everything up to date that the slice needs, so that the slice itself only adds up; NULL: nothing
    // to do. What it takes is no time of the plugin's.
    enum err (*ready)(struct ctx *c, const struct spend_sums *s, const struct anc_slice *slice);
    void *arg; // of whoever answers
};

#endif
