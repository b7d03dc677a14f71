// SPDX-License-Identifier: Apache-2.0
// Reads the one CSV file inside a zip archive, as some councils publish it, without trusting the archive.
//
// Refused: more or less than one CSV, encryption, more than `max_bytes` unpacked, a packing ratio above
// `max_ratio` (a "zip bomb"; checked against the bytes that really come out, not against what the archive
// says), a checksum that does not match, too many entries. Nothing is written to disk and entry names are
// never used as paths.
#ifndef ANCHORAGE_BASE_ZIPREAD_H
#define ANCHORAGE_BASE_ZIPREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum zipread_status {
    ZIPREAD_OK,
    ZIPREAD_STOPPED,  // the sink asked to stop
    ZIPREAD_NOT_ZIP,  // not a zip archive, or cut short
    ZIPREAD_NO_CSV,   // no CSV inside
    ZIPREAD_MANY_CSV, // more than one
    ZIPREAD_MANY_ENTRIES,
    ZIPREAD_ENCRYPTED,
    ZIPREAD_TOO_LARGE, // above max_bytes
    ZIPREAD_BOMB,      // above max_ratio
    ZIPREAD_BROKEN,    // data or checksum wrong
};

#define ZIPREAD_MAX_BYTES   (UINT64_C(512) * 1024 * 1024)
#define ZIPREAD_MAX_RATIO   200 // repeated rows of text reach about 100
#define ZIPREAD_MAX_ENTRIES 256
#define ZIPREAD_NAME_BYTES  256

struct zipread_limits {
    uint64_t max_bytes; // 0: ZIPREAD_MAX_BYTES
    uint64_t max_ratio; // 0: ZIPREAD_MAX_RATIO
};

// Takes n bytes of the unpacked file; false stops.
typedef bool zipread_sink_fn(void *user, const void *bytes, size_t n);

struct zipread_info {
    char name[ZIPREAD_NAME_BYTES]; // of the CSV, without folders, cut to fit; bytes as in the archive
    uint64_t bytes;                // unpacked
};

// True when the bytes start as a zip archive does.
bool zipread_is_zip(const void *bytes, size_t n);

// Unpacks the one CSV of the archive in memory (n bytes) into the sink. limits may be NULL. The sink can have
// had a part of the file when the status is not ZIPREAD_OK. *ret_info is set only on ZIPREAD_OK.
enum zipread_status zipread_csv(const void *bytes, size_t n, const struct zipread_limits *limits,
                                zipread_sink_fn *sink, void *user, struct zipread_info *ret_info);

// A sentence for people; "" for ZIPREAD_OK.
const char *zipread_status_text(enum zipread_status s);

#endif
