// SPDX-License-Identifier: Apache-2.0
// Fails a check: its start never ends.
#include "plugins/unfit.h"

#include <unistd.h>

static anc_rc start(anc_ctx *ctx, const struct anc_host *host, void **ret_state) {
    (void)ctx;
    *ret_state = NULL;
    while (host) {
        pause();
    }
    return ANC_OK;
}

UNFIT_TAGGER(unfit_judge, .start = start)
