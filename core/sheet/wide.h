// SPDX-License-Identifier: Apache-2.0
// Text of two bytes a letter (UTF-16), as spreadsheets save "Unicode text", to UTF-8 piece by piece.
#ifndef ANCHORAGE_SHEET_WIDE_H
#define ANCHORAGE_SHEET_WIDE_H

#include <stdbool.h>
#include <stddef.h>

enum wide_order { WIDE_NOT, WIDE_LITTLE, WIDE_BIG };

// What the first n bytes of a file are: by the mark, or without one by a NUL in every second byte. UTF-32 is
// not.
enum wide_order wide_sniff(const unsigned char *p, size_t n);

struct wide {
    enum wide_order order;
    unsigned high;     // first half of a pair; 0 none
    unsigned char odd; // a byte whose other half has not come yet
    bool has_odd;
};

// Most bytes that n bytes turn into.
#define WIDE_ROOM(n) ((n) / 2 * 3 + 6)

// Writes the UTF-8 of n bytes to `out` and returns how many bytes that are. Halves that belong to nothing,
// and with `last` those still waiting, become U+FFFD.
size_t wide_take(struct wide *w, const unsigned char *in, size_t n, bool last, char *out);

#endif
