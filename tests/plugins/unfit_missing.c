// SPDX-License-Identifier: Apache-2.0
// Fails a check: it uses a function that none of its libraries has.
#include "plugins/unfit.h"

double sqlite3_nobody_gives_this(double x);

static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state) {
    anc_rc rc = unfit_judge(ctx, facts, ret_tag, state);
    ret_tag->score = (int32_t)sqlite3_nobody_gives_this(2.0);
    return rc;
}

UNFIT_TAGGER(judge, .stop = 0)
