// SPDX-License-Identifier: Apache-2.0
// The door to the network: CivetWeb 1.15, kept to what it does well (accepting, parsing heads, reading,
// writing).
#ifndef ANCHORAGE_HTTP_LISTENER_H
#define ANCHORAGE_HTTP_LISTENER_H

#include "http/serverint.h"

struct listener;

// Listens on "ADDRESS:PORT" (IPv4; port 0 takes a free one) with s->io_threads threads. On failure NULL, and
// why says what to change. Writes the real address to s->address.
struct listener *listener_start(struct server *s, const char *address, char *why, size_t why_cap);

// Ends all connections and threads. NULL is allowed.
void listener_stop(struct listener *l);

#endif
