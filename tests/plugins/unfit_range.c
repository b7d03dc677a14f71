// SPDX-License-Identifier: Apache-2.0
// Fails a check: its score leaves the range.
#include "plugins/unfit.h"

static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state) {
    anc_rc rc = unfit_judge(ctx, facts, ret_tag, state);
    ret_tag->score = facts->name[0] ? 50 : 101;
    return rc;
}

UNFIT_TAGGER(judge, .stop = 0)
