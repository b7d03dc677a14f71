// SPDX-License-Identifier: Apache-2.0
// Fails a check: two threads at once write into the same place, so each reads the other's work.
#include "plugins/unfit.h"

#include <sched.h>
#include <stdio.h>

static char shared[64];

static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state) {
    static const struct anc_supplier *volatile last;
    anc_rc rc = unfit_judge(ctx, facts, ret_tag, state);
    last = facts;
    snprintf(shared, sizeof shared, "%.30s, day %d", facts->postcode, facts->as_of);
    for (int i = 0; i < 100; i++) { // long enough to meet the other one
        sched_yield();
    }
    ret_tag->score = last == facts ? 50 : 51;
    ret_tag->reasons = shared;
    return rc;
}

UNFIT_TAGGER(judge, .stop = 0)
