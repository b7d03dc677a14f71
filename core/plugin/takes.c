// SPDX-License-Identifier: Apache-2.0
// Which plugins of a generation take calls now.
#include "plugin/calls.h"
#include "plugin/plugin.h"

size_t plugin_set_ids(const struct plugin_set *s, anc_caps power, struct arena *a, const char ***ret) {
    size_t n = 0;
    const char **ids = arena_array(a, (s ? s->count : 0) + 1, sizeof *ids);
    for (size_t i = 0; s && i < s->count; i++) {
        if (!s->members[i].plugin->alarmed && (s->members[i].plugin->granted & power) == power) {
            ids[n++] = s->members[i].plugin->id;
        }
    }
    *ret = ids;
    return n;
}
