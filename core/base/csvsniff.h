// SPDX-License-Identifier: Apache-2.0
// What the first bytes of a CSV file tell: is it text at all, its byte-order mark, its delimiter.
#ifndef ANCHORAGE_BASE_CSVSNIFF_H
#define ANCHORAGE_BASE_CSVSNIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/csv.h"

#define CSV_HEAD_BYTES 65536

struct csv_sniffed {
    enum csv_status status;
    char delimiter;
    bool had_mark;
    size_t bytes_used; // byte-order mark and "sep=" line, to be skipped
    unsigned lines_used;
};

// head: the first n bytes; whole: they are the entire file; delimiter: 0 to find it.
struct csv_sniffed csv_sniff(const unsigned char *head, size_t n, bool whole, char delimiter);

// The code point of a windows-1252 byte of 0x80 or more; U+FFFD for the five that mean nothing.
unsigned csv_cp1252(unsigned char byte);

#endif
