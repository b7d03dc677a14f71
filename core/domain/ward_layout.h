// SPDX-License-Identifier: Apache-2.0
// Where each ward's tile stands when nobody has laid them out by hand. Pure: the same wards give the same
// map.
#ifndef ANCHORAGE_DOMAIN_WARD_LAYOUT_H
#define ANCHORAGE_DOMAIN_WARD_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WARD_LAYOUT_MAX 300

struct ward_centre {
    int64_t east, north; // metres
};
struct ward_tile {
    int col, line; // from 0, the north at the top
};

// Gives each of n wards a cell of its own on a grid about as wide as the place, so that the squared distances
// between where wards lie and where their tiles stand are least in all (assignment by Kuhn 1955 and Munkres
// 1957). False, nothing written, for no wards or more than WARD_LAYOUT_MAX.
bool ward_layout(const struct ward_centre *wards, size_t n, struct ward_tile *ret);

// A short name for a tile of a ward without one by hand: what stands before the first ",", "&" or " with ".
// out: cap bytes.
void ward_short_name(const char *name, char *out, size_t cap);

#endif
