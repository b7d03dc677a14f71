// SPDX-License-Identifier: Apache-2.0
// The private PostgreSQL cluster: made, started, supervised and stopped by this program.
// Unix socket only, in a folder that only its user may enter; never run as root.
#ifndef ANCHORAGE_DB_CLUSTER_H
#define ANCHORAGE_DB_CLUSTER_H

#include "base/err.h"

#include <stddef.h>
#include <sys/types.h>

struct cluster;

enum cluster_use {
    CLUSTER_SERVE, // the server: owns the cluster until it stops
    CLUSTER_VERB,  // a verb: uses a running one, else starts it for as long as the verb runs
};

// Opens DATA/pg (initdb on first use, with data checksums), starts postgres when nobody else has, waits until
// it answers, and creates the database "anchorage". Must be called from the main thread (the kernel's
// parent-death signal follows the thread that forked). A second server on the same folder is refused with a
// sentence in `why`. The caller is already the user that shall own the cluster (see core/cli/runuser.h).
enum err cluster_open(const char *data_dir, enum cluster_use use, struct cluster **ret, char *why,
                      size_t why_cap) MUST;

// libpq connection text; valid until cluster_close.
const char *cluster_conninfo(const struct cluster *c);

// Called from the main loop about once a second and after SIGCHLD: starts postgres again when it died.
void cluster_supervise(struct cluster *c);

// Process of the postmaster we started, 0 while it is down or when the cluster is another program's.
pid_t cluster_postmaster(const struct cluster *c);

// Path of a PostgreSQL program ("pg_dump") of the version that this cluster has.
enum err cluster_tool(const struct cluster *c, const char *tool, char *ret_path, size_t path_cap) MUST;

// In a process forked by the owner: forgets the cluster without touching it. The owner keeps the lock; NULL
// is allowed.
void cluster_leave(struct cluster *c);

// Fast stop (SIGINT) of a cluster we started, then frees. NULL is allowed.
void cluster_close(struct cluster *c);

#endif
