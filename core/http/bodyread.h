// SPDX-License-Identifier: Apache-2.0
// Takes a request body off the wire: deadlines, our streaming parser, files into the spool folder.
#ifndef ANCHORAGE_HTTP_BODYREAD_H
#define ANCHORAGE_HTTP_BODYREAD_H

#include "http/gate.h"
#include "http/job.h"
#include "http/wire.h"

// Fills pairs, uploads or json of the job. 0, or the HTTP status to refuse with (the connection must then be
// closed). spool: folder for files, or NULL when none can be taken. Files are removed with the job's arena.
int bodyread(struct job *j, const struct wire *w, const struct gate_result *g, const struct body_type *type,
             int64_t body_max, const char *spool);

// Removes what a killed process left behind.
void bodyread_clean(const char *spool);

#endif
