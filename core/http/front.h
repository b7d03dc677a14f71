// SPDX-License-Identifier: Apache-2.0
// What happens to a request on the thread that holds its connection: gate, ready-made answers, route, body,
// queue.
#ifndef ANCHORAGE_HTTP_FRONT_H
#define ANCHORAGE_HTTP_FRONT_H

#include "http/serverint.h"
#include "http/wire.h"

// Answers one request in one write; gives the status that went out.
int front_serve(struct server *s, const struct gate_request *req, const struct wire *w);

// A plain refusal by the HTTP library itself, which closes the connection.
void front_refuse(struct server *s, int status, const struct wire *w);

#endif
