// SPDX-License-Identifier: Apache-2.0
// The plugin host: finds, checks, starts and stops plugins, publishes them as immutable generations, and
// tells their state. A bad one never stops the server.
#ifndef ANCHORAGE_PLUGIN_HOST_H
#define ANCHORAGE_PLUGIN_HOST_H

#include "base/ctx.h"

#include <anchorage/plugin.h>

struct plugin_host;  // all plugins this program knows, for its whole life
struct plugin_set;   // one generation: the active plugins in order, with their settings; immutable
struct template_set; // core/render

// FOUND -> CHECKED -> RESOLVED -> MIGRATED -> STARTED -> ACTIVE -> DRAINING -> STOPPED, and from any of them
// but ACTIVE FAILED or SUSPENDED with a reason (an ACTIVE one is DRAINING first, with the reason already
// told). core/plugin/life.c holds the table of what may follow what.
enum plugin_state {
    PLUGIN_FOUND,     // its file is there
    PLUGIN_CHECKED,   // copied, opened, description well-formed; nothing of it has run
    PLUGIN_RESOLVED,  // everything it needs is there, and its place in the order is known
    PLUGIN_MIGRATED,  // its database role, schema and tables are there
    PLUGIN_STARTED,   // its start function said yes
    PLUGIN_ACTIVE,    // in the current generation: its providers, pages and jobs answer
    PLUGIN_DRAINING,  // in no new generation; calls of an older one may still be running
    PLUGIN_STOPPED,   // its stop function has run, or it was never wanted
    PLUGIN_FAILED,    // `reason` says why
    PLUGIN_SUSPENDED, // taken out after faults or crashes; `reason` says which
    PLUGIN_STATE_COUNT_
};
const char *plugin_state_name(enum plugin_state s); // "ACTIVE"
// Pure: whether a plugin may go from one state to another.
bool plugin_may_become(enum plugin_state from, enum plugin_state to);

// ---- setting up, in this order, on one thread

// Reads the files of the plugins named in `list` ("a,b") from `dir` into memory; nothing is opened or run. A
// server that was started as root calls this before it becomes another user, who may not be able to read the
// folder. Never fails as a whole: a plugin without a readable file is FAILED with a reason.
struct plugin_host *plugin_host_read(const char *dir, const char *list);

// Says where private copies go (made when missing; file names carry the content's hash) and which templates
// plugin templates may use as layout and partials (NULL: no pages are drawn by this program; templates are
// not compiled). Opens and checks every plugin read. Runs no plugin code but the one function that returns
// the description.
void plugin_host_check(struct plugin_host *h, const char *copies, const struct template_set *base);

// Starts what is wanted and publishes the first generation. With a database (c->db): new names of the list
// are entered in core.plugin as wanted with all powers they ask for; what core.plugin says is followed,
// roles, grants and migrations are made. Without (c NULL or c->db NULL: tests, verbs beside no database): all
// powers, default settings; a plugin with migrations is FAILED, unless this program only visits: then it is
// started, and what it asks of the database fails. Failures are in the states, never returned.
void plugin_host_start(struct plugin_host *h, struct ctx *c);

// Before plugin_host_start, in a program that only visits beside the server (verbs): core.plugin is followed,
// but no states are noted in it and nothing is entered.
void plugin_host_visit(struct plugin_host *h);

// Stops what is started, last first; frees. Plugins stay mapped until the program ends. NULL is allowed. No
// generation may be in use any more.
void plugin_host_close(struct plugin_host *h);

// ---- generations

// The current generation, held until plugin_set_unpin. Any thread.
const struct plugin_set *plugin_host_pin(struct plugin_host *h);
void plugin_set_unpin(const struct plugin_set *s);                   // NULL is allowed
const struct plugin_set *plugin_set_pin(const struct plugin_set *s); // once more; gives s back
// The current generation without holding it: for programs in which nothing switches (verbs, tests).
const struct plugin_set *plugin_host_now(struct plugin_host *h);
// Counts up with every generation.
uint64_t plugin_set_number(const struct plugin_set *s);

// ---- switching; one thread only (core/cli/live.c)

// One round of making the plugins be what core.plugin and core.plugin_setting say: reads and checks new
// files, migrates and starts what is wanted, leaves out what is not wanted or suspended, takes up new
// settings and powers, notes the states in core.plugin. *ret_next: the generation to publish, pinned for the
// caller; NULL when nothing changes. Failures of plugins are in their states; an error code means the
// database (then nothing has changed, and the caller tries again later). A plugin whose powers changed is
// first left out, and started again by the next plan after settle: so plan, publish and settle until plan
// gives NULL or settle false (then again after a second or so).
enum err plugin_host_plan(struct plugin_host *h, struct ctx *c, const struct plugin_set **ret_next) MUST;
// Makes it the current one (takes over the caller's pin). What is not in it becomes DRAINING.
void plugin_host_publish(struct plugin_host *h, const struct plugin_set *next);
// Stops the DRAINING whose last call has ended, waiting up to wait_ms for them; notes the states and, in
// handled_no, that the wishes were followed (c NULL or without a database: notes nothing). True when nothing
// is DRAINING any more.
bool plugin_host_settle(struct plugin_host *h, struct ctx *c, int wait_ms);
// Called on any thread when a plugin has to be taken out (five faults): wakes the switching thread.
void plugin_host_on_alarm(struct plugin_host *h, void (*fn)(void *arg), void *arg);
// Crashes noted by an earlier life of the server ("usec id call" a line): a plugin with two within ten
// minutes is entered as suspended in core.plugin. `file` then keeps only what may still count: crashes of the
// last ten minutes of plugins not suspended now. Before plugin_host_start; without a file or database nothing
// happens.
void plugin_host_read_crashes(struct plugin_host *h, struct ctx *c, const char *file);

// ---- telling

struct plugin_info {
    const char *id;
    const char *title, *summary, *license, *version_text; // "" until checked
    enum plugin_state state;
    const char *reason;             // plain words, "" when all is well
    const char *remark;             // "A new version waits until tender X is decided.", "" none
    const char *hash;               // SHA-256 of the file, first 16 digits; "" unread
    const struct anc_plugin *about; // host's own copy, zero where the plugin is older; NULL until checked
    anc_caps wants, wants_optional, granted;
    uint64_t calls, faults; // since the program started
    uint64_t running;       // calls inside it now
};

// All plugins by id, as they are now; texts in the arena. Also those whose file is in the folder but that
// nobody named (FOUND).
size_t plugin_list(struct plugin_host *h, struct arena *a, struct plugin_info **ret);
bool plugin_find(struct plugin_host *h, struct arena *a, const char *id, struct plugin_info *ret);

// The last faults of a plugin, newest first, at most 20.
struct plugin_fault {
    int64_t at; // microseconds UTC
    const char *call, *detail, *request;
};
size_t plugin_faults(struct plugin_host *h, struct arena *a, const char *id, struct plugin_fault **ret);

// Whether a value (as stored, ANC_SETTING_*) fits the row: limits, choices, length.
bool plugin_setting_fits(const struct anc_setting *row, const char *value);

// The live tender (its ref, in the arena) that holds this plugin as it is: a published, closed or opened one
// with points for social value, when the plugin's scorer is the one that is asked next, or has marked bids of
// it; or one that takes bids and holds bidders to a rule of the plugin. NULL none. Such a plugin is not
// disabled, and no other version of it is opened.
enum err plugin_pinned_by(struct plugin_host *h, struct ctx *c, const char *id, const char **ret_ref) MUST;
// Of these only the one that holds bidders to a rule.
enum err plugin_ruled_by(struct plugin_host *h, struct ctx *c, const char *id, const char **ret_ref) MUST;

// The words of a power ("read payments"), NULL for a bit that is none.
const char *plugin_cap_words(anc_caps one);

// The power that lets a plugin provide for a point (ANC_POINT_*), 0 for an unknown point.
anc_caps plugin_point_power(uint32_t point);

// Row i of a plugin's table, copied into a zeroed host row of `size` bytes (tables of older plugins have
// shorter rows).
void plugin_row(const struct anc_table *t, uint32_t i, void *ret, size_t size);

// Checks one file's description as loading does. NULL when it may be loaded, else the reason (static buffer,
// one thread).
const char *plugin_check_file(const char *path, const char *copies, struct plugin_info *ret);

#endif
