// SPDX-License-Identifier: Apache-2.0
// The plugin host: finds, checks, starts and stops plugins, and tells their state. A bad one never stops the
// server.
#ifndef ANCHORAGE_PLUGIN_HOST_H
#define ANCHORAGE_PLUGIN_HOST_H

#include "base/ctx.h"

#include <anchorage/plugin.h>

struct plugin_host;

enum plugin_state {
    PLUGIN_FOUND,    // the file was named and is there
    PLUGIN_CHECKED,  // copied, opened, description well-formed; nothing of it has run
    PLUGIN_RESOLVED, // everything it needs is there, and its place in the order is known
    PLUGIN_ACTIVE,   // started; its providers answer
    PLUGIN_STOPPED,
    PLUGIN_FAILED, // never started; `reason` says why
};

struct plugin_info {
    const char *id;                             // as named in the settings
    const char *title, *summary, *version_text; // "" until checked
    enum plugin_state state;
    const char *reason; // plain words, "" when all is well
    anc_caps wants, granted;
    uint64_t calls, faults;
};

// Reads the files of the plugins named in `list` ("a,b") from `dir` into memory; nothing is opened or run. A
// server that was started as root calls this before it becomes another user, who may not be able to read the
// folder. Never fails as a whole: a plugin without a readable file is FAILED with a reason.
struct plugin_host *plugin_host_read(const char *dir, const char *list);

// Writes each to a private copy under `copies` (made when missing; file names carry the content's hash),
// opens and checks it. Runs no plugin code but the one function that returns the description.
void plugin_host_check(struct plugin_host *h, const char *copies);

// Starts everything that is RESOLVED, in order of dependency, ties by id.
void plugin_host_start(struct plugin_host *h);

// Stops what was started, last first. Plugins stay mapped until the program ends.
void plugin_host_close(struct plugin_host *h);

size_t plugin_count(const struct plugin_host *h);
void plugin_info(const struct plugin_host *h, size_t i, struct plugin_info *ret);
const char *plugin_state_name(enum plugin_state s); // "ACTIVE"

// Checks one file as `anchorage plugin check` does. NULL when it may be loaded, else the reason (static
// buffer, one thread).
const char *plugin_check_file(const char *path, const char *copies, struct plugin_info *ret);

#endif
