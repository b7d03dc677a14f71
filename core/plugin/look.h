// SPDX-License-Identifier: Apache-2.0
// How a plugin looks: its templates and forms compiled, its pages resolved against them, before it starts.
#ifndef ANCHORAGE_PLUGIN_LOOK_H
#define ANCHORAGE_PLUGIN_LOOK_H

#include "plugin/plugin.h"

// Fills p->look from p->about (well-formed already). Templates stand on `base` (layout and partials of the
// core), which must outlive the plugin; NULL: nothing is compiled, p->look stays NULL. False with the
// plugin's reason, which names its own file and line ("templates/list.html:12: ..").
bool plugin_look_make(struct plugin *p, const struct template_set *base);
void plugin_look_free(struct plugin *p);

// The pages and menu entries of the plugins of a new generation that may show pages, into its arena. Called
// once, before anybody else has the set.
void plugin_look_gather(struct plugin_set *s);

#endif
