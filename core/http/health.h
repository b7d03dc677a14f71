// SPDX-License-Identifier: Apache-2.0
// Answers for the machines that watch: /healthz, /readyz, /metrics.
#ifndef ANCHORAGE_HTTP_HEALTH_H
#define ANCHORAGE_HTTP_HEALTH_H

#include "http/response.h"
#include "http/serverint.h"

// False when the path is none of the three.
// /healthz: the process answers. /readyz: the database answers and changes are heard, else 503. /metrics:
// counters.
bool health_answer(struct server *s, const char *path, struct resp *r);

#endif
