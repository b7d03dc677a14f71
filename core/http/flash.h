// SPDX-License-Identifier: Apache-2.0
// Messages shown once on the next page of a session ("Your place is booked."): a small bounded table in
// memory. Lost with a restart, which harms nothing: the page itself shows the state.
#ifndef ANCHORAGE_HTTP_FLASH_H
#define ANCHORAGE_HTTP_FLASH_H

#include "base/arena.h"

#include <stdbool.h>

#define FLASH_TEXT_BYTES 400

void flash_put(const char *session_hash, const char *kind, const char *text);

// Takes the oldest message of the session; false when there is none. Texts go to the arena.
bool flash_take(const char *session_hash, struct arena *a, const char **ret_kind, const char **ret_text);

#endif
