// SPDX-License-Identifier: Apache-2.0
// What host.c and plan.c share: the list of plugins and the folder they come from.
#ifndef ANCHORAGE_PLUGIN_PLAN_H
#define ANCHORAGE_PLUGIN_PLAN_H

#include "plugin/wish.h"

struct plugin *plugin_at(const struct plugin_host *h, const char *id); // NULL none
// The same, made when missing; NULL when the list is full.
struct plugin *plugin_slot(struct plugin_host *h, const char *id);
// Takes the i-th off the list; others may still look at it, so it stays in memory.
void plugin_forget(struct plugin_host *h, size_t i);
// Enters what lies in the folder into the list (FOUND).
void plugin_look_round(struct plugin_host *h);
void plugin_path(const struct plugin_host *h, const char *id, char *ret,
                 size_t cap); // its file in the folder

// core/plugin/fresh.c: takes up what changed in the folder for a plugin that is wanted. A running one keeps
// its code; *ret_newer then says that there is another version. Gives the instance to use, which may be
// FAILED.
struct plugin *plugin_refresh(struct plugin_host *h, struct plugin *p, bool *ret_newer);
// The instance to start: p, or the one that ran last (`hash`) while a live tender is scored by it, when its
// copy is still there. *ret_tender: that tender, NULL none.
struct plugin *plugin_choose(struct plugin_host *h, struct plugin *p, const char *hash, struct ctx *c,
                             const char **ret_tender);
// Removes copies of versions that neither run nor wait. What core.plugin records is what runs.
void plugin_prune(struct plugin_host *h);

#endif
