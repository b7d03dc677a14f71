// SPDX-License-Identifier: Apache-2.0
// Outlines of wards from a boundaries file (GeoJSON, RFC 7946): read, brought to metres of the National Grid,
// made simpler. Pure, and safe with a file that means harm.
#ifndef ANCHORAGE_DOMAIN_WARD_OUTLINE_H
#define ANCHORAGE_DOMAIN_WARD_OUTLINE_H

#include "base/arena.h"

#include <stdbool.h>

#define OUTLINE_FILE_MAX   ((size_t)24 * 1024 * 1024)
#define OUTLINE_POINTS_MAX 400   // of one ward, after it was made simpler
#define OUTLINE_READ_MAX   60000 // of one ward, as the file has it
#define OUTLINE_RINGS_MAX  40    // of one ward; smaller ones are left out
#define OUTLINE_WARDS_MAX  20000 // of a file

struct outline {
    const char *code, *name;  // "E05015002"; name "" when the file has none
    const int32_t *xy;        // pairs, metres east and north
    const uint32_t *ring_end; // pairs up to the end of each ring
    size_t ring_count;
};

// Reads all wards of a file. Coordinates are longitude and latitude (WGS 84) or National Grid metres
// (EPSG 27700), told by their size. False with a sentence in *ret_why when the file is not of this kind, or
// holds too much; *ret_skipped: features without a ward's code or a usable outline.
bool outline_read(struct arena *a, const char *bytes, size_t n, const struct outline **ret, size_t *ret_count,
                  size_t *ret_skipped, const char **ret_why);

// Longitude and latitude in degrees (WGS 84) to metres of the National Grid: Helmert transformation and
// transverse Mercator on Airy 1830 as the Ordnance Survey's guide to coordinate systems gives them; within
// about 5 metres.
void outline_to_grid(double lon, double lat, double *ret_east, double *ret_north);

// Ramer 1972, Douglas and Peucker 1973: leaves out points of a closed ring that lie within `tolerance` metres
// of the line that is left. Gives the number of points kept, in place; below 3 the ring vanished.
size_t outline_simplify(int32_t *xy, size_t n, double tolerance);

#endif
