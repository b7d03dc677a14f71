// SPDX-License-Identifier: Apache-2.0
// Fails a check: it is linked with a database library of its own (see the build). Also used with a stack that
// can be run.
#include "plugins/unfit.h"

UNFIT_TAGGER(unfit_judge, .stop = 0)
