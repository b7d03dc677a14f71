// SPDX-License-Identifier: Apache-2.0
// Lets minizip read from a source; and what is the same wherever an entry of an archive is unpacked.
#ifndef ANCHORAGE_SHEET_ZIPIO_H
#define ANCHORAGE_SHEET_ZIPIO_H

#include <minizip/unzip.h>

#include "sheet/source.h"

#define ZIPIO_ENTRIES_MAX 4096
#define ZIPIO_RATIO_MAX   200                 // repeated rows of text reach about 100
#define ZIPIO_HARMLESS    (UINT64_C(4) << 20) // up to here any ratio will do

struct zipio {
    const struct source *source;
    uint64_t at;
    bool short_read; // minizip takes missing bytes for zeros unless it is told of an error
    // It reads the directory byte by byte, again for each entry: these are answered from here.
    uint64_t ahead_at;
    size_t ahead;
    unsigned char bytes[4096];
};

// Opens the archive; io must outlive it. NULL: no archive, or cut short.
unzFile zipio_open(struct zipio *io, const struct source *source);

enum zipio_status { ZIPIO_OK, ZIPIO_END, ZIPIO_BROKEN, ZIPIO_TOO_LARGE, ZIPIO_BOMB };

// An entry that is being unpacked. What comes out is counted, not what the archive says of itself.
struct zipio_entry {
    uint64_t packed; // bytes in the archive
    uint64_t total;  // bytes unpacked so far
    uint64_t max;    // ZIPIO_TOO_LARGE above
};

// The archive's current entry from its start; false: broken, or encrypted.
bool zipio_entry_begin(unzFile zip, const struct source *source, uint64_t max, struct zipio_entry *ret);

// The next bytes, up to n. With ZIPIO_END *ret_n is 0 and the checksum was right.
enum zipio_status zipio_entry_read(unzFile zip, struct zipio_entry *e, void *to, unsigned n, size_t *ret_n);

#endif
