// SPDX-License-Identifier: Apache-2.0
// Fails a check: it thinks longer than its budget.
#include "plugins/unfit.h"

static const struct anc_host *host;

// Works on until the host says that the time is over, and then a little more.
static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state) {
    volatile unsigned long more = 200000000;
    while (host->time->budget_ms(ctx) > 0) {
    }
    while (more > 0) {
        more = more - 1;
    }
    return unfit_judge(ctx, facts, ret_tag, state);
}

static anc_rc start(anc_ctx *ctx, const struct anc_host *h, void **ret_state) {
    (void)ctx;
    host = h;
    *ret_state = NULL;
    return ANC_OK;
}

UNFIT_TAGGER(judge, .start = start)
