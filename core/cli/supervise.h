// SPDX-License-Identifier: Apache-2.0
// The supervisor of `anchorage serve`: the process that owns PostgreSQL and has hardly any code to go wrong.
// It forks a worker, which does everything else and may die of a plugin's mistake; then it forks another one.
#ifndef ANCHORAGE_CLI_SUPERVISE_H
#define ANCHORAGE_CLI_SUPERVISE_H

#include "db/cluster.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct supervisor {
    struct cluster *cluster; // looked after meanwhile, also while a worker drains; NULL: none
    const sigset_t *signals; // SIGTERM, SIGINT, SIGCHLD, and blocked
    // ---- told to a worker
    char address[64]; // where an earlier one listened, so that this one is found there again; "" none
    // ---- used while it runs
    pid_t worker; // 0: none
    int hear;     // end of a pipe on which the worker says where it listens; -1: none
    int tell;
    int deaths;                                  // of workers, one soon after the other
    int held_up;                                 // starts in a row that the database held up
    int64_t held_up_usec;                        // since when, monotonic
    bool stopping, started;                      // started: there has been a worker
    int64_t started_usec, again_usec, kill_usec; // monotonic
};

// Exit code of a worker that could not start because the database was away or held up (EX_TEMPFAIL).
#define SUPERVISE_AGAIN 75

// Returns in each worker (true), which goes on and ends its process with an exit code; and once in the
// supervisor (false, *ret_code), when no worker is wanted any more.
//
// A worker that dies of a signal is followed by another one: at once, and when it had lived for less than a
// minute after 1, 2, 4 .. 30 seconds from the second time on. One whose start the database holds up
// (SUPERVISE_AGAIN) is followed by another one too, for a quarter of an hour; until then nobody listens, and
// every try is a line of the log. One that ends by itself ends the supervisor with its code. SIGTERM and
// SIGINT are passed on, and the worker is waited for; after a minute it is killed. A worker gets SIGKILL when
// the supervisor dies in whatever way, so that nobody works on a database that another supervisor may be
// starting. Call before any thread is started: a worker has only this one, and everything in memory, such as
// plugin files that were read with more rights.
bool supervise(struct supervisor *s, int *ret_code);

// In a worker: it listens there. Also later workers will.
void supervise_tell(struct supervisor *s, const char *address);

// Pure: seconds to wait before the next worker is started, after so many deaths in a row.
int supervise_pause_s(int deaths);

#endif
