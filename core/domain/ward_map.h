// SPDX-License-Identifier: Apache-2.0
// The map of a place: a tile for each of its wards, and their outlines when boundaries were loaded.
#ifndef ANCHORAGE_DOMAIN_WARD_MAP_H
#define ANCHORAGE_DOMAIN_WARD_MAP_H

#include "base/ctx.h"
#include "render/picture.h"

#include <stdio.h>

// The map as pictures use it, in the context's arena; NULL for a place whose wards are not known. Tiles stand
// where the place set them (core.ward_tile), else where schemas/codes/ward_tiles.txt has them, else where
// ward_layout puts them by their postcodes.
enum err ward_map_load(struct ctx *c, const struct picture_map **ret) MUST;

struct ward_map_report {
    size_t stored, other, skipped; // wards of the place; of other places; areas that could not be read
    bool tiles;                    // a file of tiles was stored, not of outlines
};

// Outlines from a boundaries file (GeoJSON), or tiles from a file like schemas/codes/ward_tiles.txt that has
// all wards of the place. One transaction. ERR_INVALID with a sentence when the file is not of these kinds or
// has no ward of the place.
enum err ward_map_import(struct ctx *c, FILE *f, const char *file_name, struct ward_map_report *ret) MUST;

#endif
