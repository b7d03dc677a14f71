// SPDX-License-Identifier: Apache-2.0
// Work beside requests, each kind on a thread and connection of its own: closing tenders in time and
// sweeping; sending mail, which may have to wait for a slow mail server; telling plugins what happened and
// handing messages to notifiers; running the jobs of plugins, which may take minutes; reading payments files,
// and adding up what came of them; keeping payments in memory up to date.
#ifndef ANCHORAGE_JOBS_JOBS_H
#define ANCHORAGE_JOBS_JOBS_H

#include "base/ctx.h"

struct jobs;
struct cube;        // core/spend
struct plugin_host; // core/plugin

// Starts the threads. They wake when something changes (NOTIFY), and at the latest every two seconds; while
// the database is away each asks for it a few times a second. ERR_DB_AWAY when it is away now. Each piece of
// work holds the generation of plugins that is current when it begins; plugins NULL: no work for plugins.
// cube: where plugins get sums over payments from, shared with whoever else reads them; NULL: nowhere.
enum err jobs_start(const char *conninfo, struct plugin_host *plugins, struct cube *cube,
                    struct jobs **ret) MUST;

// Finishes the work at hand (at most one message, one delivery and one plugin's job) and ends the threads.
// NULL is allowed.
void jobs_stop(struct jobs *j);

// What the threads do, in one run: closes tenders whose time is over, each with a line in the audit log, in
// one transaction; takes away ended sessions, old mail links and old sign-in failures.
enum err jobs_close_due(struct ctx *c) MUST;
enum err jobs_sweep(struct ctx *c) MUST;

#endif
