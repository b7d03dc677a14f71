// SPDX-License-Identifier: Apache-2.0
// What somebody typed into a form when their session had ended: kept for half an hour, to be there again
// after they signed in. A small bounded table in memory; never passwords, never files.
#ifndef ANCHORAGE_HTTP_KEPT_H
#define ANCHORAGE_HTTP_KEPT_H

#include "base/arena.h"
#include "form/form.h"

#include <stdbool.h>

#define KEPT_ID_CHARS 32
#define KEPT_USEC     (INT64_C(1800) * 1000000)
#define KEPT_BYTES    ((size_t)64 * 1024) // of one form; more is not kept

// Keeps the pairs of a form under a new random id. Fields of type password and what the form does not declare
// are left out. False when there is nothing to keep or it is too much. id: KEPT_ID_CHARS + 1 bytes.
bool kept_put(const struct form_spec *spec, const struct form_pair *pairs, size_t n, int64_t now_usec,
              char *id);

// Takes them out again, once: only for the form of that name, within KEPT_USEC. Texts go to the arena.
bool kept_take(const char *id, const char *form_name, int64_t now_usec, struct arena *a,
               struct form_pair **ret_pairs, size_t *ret_n);

#endif
