// SPDX-License-Identifier: Apache-2.0
// The keeper: hears from PostgreSQL what changed and has the ready-made pages made anew at once.
#ifndef ANCHORAGE_HTTP_KEEPER_H
#define ANCHORAGE_HTTP_KEEPER_H

#include "http/serverint.h"

struct keeper;

// Starts the thread; it listens on the channel anchorage_changed of the server's database. NULL without a
// database.
struct keeper *keeper_start(struct server *s);
void keeper_stop(struct keeper *k);

// Has the public pages without parameters made before anybody asks.
void keeper_warm(struct server *s);
// The same on the keeper's own thread; without a database nothing is made before it is asked for.
void keeper_warm_soon(struct server *s);

#endif
