// SPDX-License-Identifier: Apache-2.0
// Pages that plugins bring, and panels of plugins on the core's own pages.
#ifndef ANCHORAGE_PAGES_PLUGINS_H
#define ANCHORAGE_PAGES_PLUGINS_H

#include "http/req.h"

#include <anchorage/plugin.h>

// The page of every route with ROUTE_PLUGIN; its `extra` is the struct plugin_route.
enum err page_of_plugin(struct req *r) MUST;

// What partials/slot shows of the plugins for a place on a page of the core (ANC_SLOT_*): the list `slot`,
// empty when none has something to show. ref: the supplier or notice, "" none. heading: size of the headings,
// "l" or "m".
void view_slot(struct req *r, struct model *m, int32_t slot, const char *ref, const char *heading);

#endif
