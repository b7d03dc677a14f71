// SPDX-License-Identifier: Apache-2.0
// The steps of one request on an executor: session, permission, forgery check, form, page, error page.
#ifndef ANCHORAGE_HTTP_PIPELINE_H
#define ANCHORAGE_HTTP_PIPELINE_H

#include "http/job.h"

// Runs the job on a fresh arena and a usable connection (NULL when the route needs none); always leaves an
// answer in job->resp and what it came to in job->err. db_away: the connection is needed and not there.
void pipeline_run(struct job *job, struct arena *arena, struct db *db, bool db_away);

// Whether a state-changing request comes from our own pages, by Sec-Fetch-Site, Origin or Referer. A request
// with none of the three was not sent by a browser that could have been tricked (all current ones send Origin
// with a POST), so it passes; where a token is asked for as well it must still have that.
bool pipeline_same_origin(const struct job *job, const char *public_url);

#endif
