// SPDX-License-Identifier: Apache-2.0
// A slice as one line of text, for what is stored: "from_year=2025&to_year=2025&flows=197". The same slice
// gives the same text; what is left open is left out. Groupings are not part of it.
#ifndef ANCHORAGE_SPEND_SLICE_TEXT_H
#define ANCHORAGE_SPEND_SLICE_TEXT_H

#include "base/arena.h"

#include <anchorage/plugin.h>

#include <stdbool.h>

// Among the classes of a slice: those that are VCFSE by policy and have no class.
#define SLICE_NO_CLASS "-"

const char *slice_write(struct arena *a, const struct anc_slice *slice);

// False, *ret untouched: no such text. Texts of *ret live in the arena; those left open are "".
bool slice_read(struct arena *a, const char *text, struct anc_slice *ret);

#endif
