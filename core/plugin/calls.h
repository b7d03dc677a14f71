// SPDX-License-Identifier: Apache-2.0
// Calling plugins beside the extension points: filters and notifications, jobs, verbs, panels on pages.
#ifndef ANCHORAGE_PLUGIN_CALLS_H
#define ANCHORAGE_PLUGIN_CALLS_H

#include "base/strb.h"
#include "plugin/points.h"

// ---- events

// True for kinds that are asked before they are stored (ANC_EVENT_..ING).
bool plugin_event_is_filter(int32_t kind);
const char *plugin_event_words(int32_t kind); // "a notice is published", NULL unknown

// Asks the filters of c->plugins for this kind, by order and plugin id, each in a savepoint of its own;
// inside the caller's transaction. ERR_CONFLICT with the plugin's reason in c: one said no. A filter that
// fails is a fault; NOTICE_PUBLISHING and AWARDING then stop with ERR_BUSY and words for people, others go
// on.
enum err plugin_ask(struct ctx *c, const struct anc_event *event) MUST;

// Kinds a plugin wants to be told of, bit 1 << kind.
uint64_t plugin_wanted_events(const struct anc_plugin *about);

// Tells one plugin; ERR_NOT_FOUND when the generation has it not.
enum err plugin_tell(struct ctx *c, const char *plugin_id, const struct anc_event *event) MUST;

// Ids of the plugins of a generation that hold a power and take calls now (not alarmed), in order; the array
// is in the arena. NULL: none.
size_t plugin_set_ids(const struct plugin_set *s, anc_caps power, struct arena *a, const char ***ret);

// ---- jobs
struct plugin_job {
    const char *plugin, *name, *title;
    uint32_t every_s, max_ms;
};
// Jobs of a generation; the array is in the arena, its texts belong to the plugins.
size_t plugin_set_jobs(const struct plugin_set *s, struct arena *a, struct plugin_job **ret);
enum err plugin_job_run(struct ctx *c, const char *plugin_id, const char *name) MUST;

// ---- verbs: what the plugin wrote is in `out` (its max is the bound)
enum err plugin_verb_run(struct ctx *c, const char *plugin_id, const char *name, uint32_t count,
                         const char *const *words, struct strb *out, struct findings *ret) MUST;

// ---- panels on the host's pages
struct slot_panel {
    const char *title, *plugin_title;
    struct panel panel;
};
// Those of c->plugins for a slot (ANC_SLOT_*), in order; the ones that fail or have nothing to show are left
// out. In c->arena.
size_t plugin_slot_panels(struct ctx *c, int32_t slot, const char *ref, struct slot_panel **ret);

#endif
