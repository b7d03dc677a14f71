// SPDX-License-Identifier: Apache-2.0
// The HTTP side as a whole: listener, queue, executors, snapshot; started and drained by core/cli/serve.c.
#ifndef ANCHORAGE_HTTP_SERVER_H
#define ANCHORAGE_HTTP_SERVER_H

#include "base/err.h"
#include "http/app.h"

#include <stddef.h>

struct server;

// Starts executors (each opens its own database connection), the snapshot keeper and the listener, in this
// order. The listen address comes from the settings; anything but loopback must have been asked for. Port 0
// takes a free port. On failure `why` says what to change. An app with an `end` belongs to the server from
// here on, also after a failure.
enum err server_start(const struct app *app, const char *conninfo, struct server **ret, char *why,
                      size_t why_cap) MUST;

// "127.0.0.1:8080" as really bound.
const char *server_address(const struct server *s);

// Graceful: answers new requests 503 with Connection: close, waits until those in flight are answered (at
// most `grace_ms`), stops the listener, ends the threads, frees. NULL is allowed.
void server_stop(struct server *s, int grace_ms);

// Swaps in another app (plugins enabled or disabled): every request that begins from now on sees it, and no
// page kept ready-made by the old one is served any more. Requests in flight finish with the old one; its
// `end` is called after the last of them. An app without `end` is waited for, so that the caller may free it
// when this returns.
void server_swap_app(struct server *s, const struct app *app);

#endif
