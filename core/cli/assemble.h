// SPDX-License-Identifier: Apache-2.0
// Putting the program together: templates, forms and routes into one immutable app.
#ifndef ANCHORAGE_CLI_ASSEMBLE_H
#define ANCHORAGE_CLI_ASSEMBLE_H

#include "http/app.h"

// Everything lives in the arena. NULL with the reason in `why`.
struct app *assemble(struct arena *a, struct plugin_host *plugins, char *why, size_t why_cap);

#endif
