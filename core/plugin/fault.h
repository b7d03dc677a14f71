// SPDX-License-Identifier: Apache-2.0
// Faults of plugins: the last twenty of each are kept, five within ten minutes take it out.
#ifndef ANCHORAGE_PLUGIN_FAULT_H
#define ANCHORAGE_PLUGIN_FAULT_H

#include "base/ctx.h"

#include <stdint.h>

struct plugin;

// Notes a fault: counted, logged and kept with its time, the call and the request it happened
// in. The fifth within ten minutes since the plugin started calls plugin_alarm. Any thread.
void fault_add(struct plugin *p, const struct ctx *c, const char *call, const char *detail);

#endif
