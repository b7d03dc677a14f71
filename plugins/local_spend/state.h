// SPDX-License-Identifier: Apache-2.0
// What every callback of the plugin is handed as its state.
#ifndef LOCAL_SPEND_STATE_H
#define LOCAL_SPEND_STATE_H

#include <anchorage/plugin.h>

struct spend_state {
    const struct anc_host *host; // good from start to stop
};

#endif
