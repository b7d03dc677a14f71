// SPDX-License-Identifier: Apache-2.0
// Files carried inside the program; core/tools/embed.c writes the tables at build time.
#ifndef ANCHORAGE_BASE_EMBED_H
#define ANCHORAGE_BASE_EMBED_H

#include <stddef.h>

// A table is sorted by path and ended by a row whose path is NULL. Memory is static.
struct embedded {
    const char *path;           // relative to the folder named at build time, "0001_core.sql"
    const unsigned char *bytes; // n bytes and a NUL behind them
    size_t n;
};

#endif
