// SPDX-License-Identifier: Apache-2.0
// Fails a check: it gives away a second function.
#include "plugins/unfit.h"

ANC_EXPORT int unfit_helper(void);
int unfit_helper(void) {
    return 1;
}

UNFIT_TAGGER(unfit_judge, .stop = 0)
