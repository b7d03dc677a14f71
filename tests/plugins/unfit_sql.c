// SPDX-License-Identifier: Apache-2.0
// Fails a check: one statement reads payments without the power to, one names a column that no view has.
#include "plugins/unfit.h"

static const struct anc_sql statements[] = {
    {.name = "good", .text = "SELECT name FROM place"},
    {.name = "payments", .text = "SELECT count(*) FROM spend"},
    {.name = "column", .text = "SELECT colour FROM notice WHERE ref = $1", .params = 1},
};

UNFIT_TAGGER(unfit_judge, .wants_optional = ANC_CAP_READ_NOTICES, .sql = ANC_TABLE(statements))
