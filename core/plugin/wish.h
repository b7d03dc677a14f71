// SPDX-License-Identifier: Apache-2.0
// What operators wish of plugins (core.plugin, core.plugin_setting), and the answer to them.
#ifndef ANCHORAGE_PLUGIN_WISH_H
#define ANCHORAGE_PLUGIN_WISH_H

#include "plugin/plugin.h"

// Read once a round. Without a database everything named is wished, with all powers and default settings.
struct wishes {
    bool db;
    const struct rows *rows, *settings;
};

struct wish {
    bool there; // somebody wished something, or the plugin is named in the settings
    bool enabled, suspended;
    const char *suspended_reason;
    const char *hash; // of the copy that ran last, "" none
    anc_caps granted; // of those it asks for
    int64_t number;   // of the wish
};

enum err wishes_read(struct ctx *c, struct wishes *ret) MUST;
// Ids of core.plugin.
size_t wishes_count(const struct wishes *w);
const char *wishes_id(const struct wishes *w, size_t i);
bool wishes_has(const struct wishes *w, const char *id);
void wish_of(const struct wishes *w, const struct plugin *p, struct wish *ret);

// Values of the plugin's settings, in the arena; one that does not fit is the default. *ret_misfit: the title
// of the first such setting, NULL none.
const char **wish_settings(const struct wishes *w, const struct plugin *p, struct arena *a,
                           const char **ret_misfit);

// Enters the named plugins that core.plugin does not know yet, once their file is open: wanted, with all
// powers they ask for. *ret_entered: somebody was.
enum err wishes_enter(struct plugin_host *h, const struct wishes *w, struct ctx *c, bool *ret_entered) MUST;

// Writes down what became of each plugin.
enum err wishes_note(struct plugin_host *h, struct ctx *c) MUST;

// A plugin that failed too often is entered as suspended.
enum err wishes_suspend(struct ctx *c, const char *id, const char *reason) MUST;

#endif
