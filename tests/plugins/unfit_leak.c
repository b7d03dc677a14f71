// SPDX-License-Identifier: Apache-2.0
// Fails a check: each start keeps memory that no stop frees.
#include "plugins/unfit.h"

#include <stdlib.h>

static void *volatile kept;

static anc_rc start(anc_ctx *ctx, const struct anc_host *host, void **ret_state) {
    (void)ctx, (void)host;
    kept = malloc(20); // the one before is forgotten
    *ret_state = NULL;
    return kept ? ANC_OK : ANC_E_LIMIT;
}

UNFIT_TAGGER(unfit_judge, .start = start)
