// SPDX-License-Identifier: Apache-2.0
// Fails a check: a function of it runs as soon as the file is opened.
#include "plugins/unfit.h"

static volatile int opened;

__attribute__((constructor)) static void count_openings(void) {
    opened++;
}

static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state) {
    anc_rc rc = unfit_judge(ctx, facts, ret_tag, state);
    ret_tag->score = opened ? 50 : 0;
    return rc;
}

UNFIT_TAGGER(judge, .stop = 0)
