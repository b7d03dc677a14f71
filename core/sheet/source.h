// SPDX-License-Identifier: Apache-2.0
// The bytes of a file, wherever they lie: behind a descriptor or in memory.
#ifndef ANCHORAGE_SHEET_SOURCE_H
#define ANCHORAGE_SHEET_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source {
    int fd; // -1: memory
    const unsigned char *bytes;
    uint64_t size;
};

// Reads n bytes from a place in the file without moving the descriptor's own position; fewer only at the end.
// False when the machine would not read.
bool source_read(const struct source *s, void *to, size_t n, uint64_t at, size_t *ret_n);

#endif
