// SPDX-License-Identifier: Apache-2.0
// Fails a check: its second step works on an empty table only. With OTHER_WORDS it is the release after one
// whose first step read otherwise.
#include "plugins/unfit.h"

#ifdef OTHER_WORDS
#define FIRST  "CREATE TABLE visit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, words text NOT NULL)"
#define SECOND "ALTER TABLE visit ADD COLUMN seen boolean NOT NULL DEFAULT false"
#else
#define FIRST  "CREATE TABLE visit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, words text)"
#define SECOND "ALTER TABLE visit ADD COLUMN seen boolean NOT NULL"
#endif

static const struct anc_migration migrations[] = {
    {.number = 1, .name = "0001_visits.sql", .text = FIRST},
    {.number = 2, .name = "0002_seen.sql", .text = SECOND},
};
static const struct anc_plugin plugin = {UNFIT_HEAD, .wants = ANC_CAP_OWN_TABLES,
                                         .migrations = ANC_TABLE(migrations)};
ANC_PLUGIN(plugin)
