// SPDX-License-Identifier: Apache-2.0
// What every callback of the plugin is handed as its state.
#ifndef LOCAL_SPEND_STATE_H
#define LOCAL_SPEND_STATE_H

#include <anchorage/plugin.h>

// Statements of sql/survey.sql by their place in the plugin's table.
struct survey_sql {
    uint32_t answers, groups, one, named, add, remove;
};

struct spend_state {
    const struct anc_host *host;     // good from start to stop
    uint32_t place, local_suppliers; // statements of sql/panel.sql
    struct survey_sql survey;
};

#endif
