// SPDX-License-Identifier: Apache-2.0
// The switching thread: hears what the operator wants of the plugins and makes a running server be so.
#ifndef ANCHORAGE_CLI_LIVE_H
#define ANCHORAGE_CLI_LIVE_H

#include "base/ctx.h"
#include "cli/assemble.h"
#include "http/server.h"
#include "plugin/host.h"

struct live;

// Starts the thread, with a database connection of its own. It looks at core.plugin and core.plugin_setting
// when a note says that they changed, when a plugin raises the alarm (five faults), when notes may have been
// missed, and every 30 seconds. ERR_DB_AWAY when the database is away now.
enum err live_start(const char *conninfo, const struct frame *frame, struct plugin_host *host,
                    struct server *server, struct live **ret) MUST;

// Finishes the round at hand and ends the thread. Before server_stop. NULL is allowed.
void live_stop(struct live *l);

// Whether a server acts upon wishes in this database now, for commands that want to wait for it.
enum err live_is_there(struct ctx *c, bool *ret) MUST;

#endif
