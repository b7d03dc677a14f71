// SPDX-License-Identifier: Apache-2.0
// Putting the program together: what never changes is made once, the rest for each generation of plugins.
#ifndef ANCHORAGE_CLI_ASSEMBLE_H
#define ANCHORAGE_CLI_ASSEMBLE_H

#include "http/app.h"

// What no plugin changes: the core's templates and forms, its routes, the addresses of the settings.
struct frame;

// Lives in the arena, which must outlive every app and the plugin host. NULL with the reason in `why`.
const struct frame *frame_new(struct arena *a, char *why, size_t why_cap);
// What plugin templates may use (plugin_host_check).
const struct template_set *frame_templates(const struct frame *f);
// Sums over payments for the whole program; nothing is read before somebody asks.
struct cube *frame_cube(const struct frame *f);

// The app of one generation: the core's routes and navigation with those of its plugins behind them. Takes a
// pin of its own on `plugins` (NULL: none). `host` is for pages that show plugins, NULL: none. Routes of a
// plugin that the router refuses are left out, with a line in the log. It is ended by app->end (the server
// does that), which gives the pin back. NULL with the reason in `why` when the core's own routes do not do.
const struct app *assemble(const struct frame *f, struct plugin_host *host, const struct plugin_set *plugins,
                           char *why, size_t why_cap);

#endif
