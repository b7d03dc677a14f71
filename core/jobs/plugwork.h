// SPDX-License-Identifier: Apache-2.0
// Work for plugins beside requests: telling them what happened, running their jobs, handing messages to
// notifiers. Plugins are those of c->plugins; what waits for others stays untouched until they are back.
//
// Telling and sending run inside the transaction that takes the row away, so that a plugin's own writes and
// our note of it are kept together or not at all: at least once, with the same id again.
#ifndef ANCHORAGE_JOBS_PLUGWORK_H
#define ANCHORAGE_JOBS_PLUGWORK_H

#include "base/ctx.h"

// Tells one plugin one thing that is due; *ret_tried says whether there was one. After a failure the next try
// comes 1, 2, 4 ... seconds later, at most a day; after 20 it is given up. The order among events is not
// kept.
enum err plugwork_tell(struct ctx *c, bool *ret_tried) MUST;

// Hands one message that is due to its notifier. One that can never be sent is given up at once, others after
// 8 tries, 1, 2, 4 ... minutes apart.
enum err plugwork_send(struct ctx *c, bool *ret_tried) MUST;

// Makes the rows of core.plugin_job for the jobs of the generation; jobs that its plugins no longer have go.
enum err plugwork_jobs(struct ctx *c) MUST;
// Runs one job that is due and that no other server runs; *ret_ran says whether there was one. A failure is
// noted with the job and is no failure of this function.
enum err plugwork_run(struct ctx *c, bool *ret_ran) MUST;

// Takes away what is over.
enum err plugwork_sweep(struct ctx *c) MUST;

#endif
