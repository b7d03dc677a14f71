// SPDX-License-Identifier: Apache-2.0
// The SHA-256 (FIPS 180-4) of a whole file, computed on a thread of its own while others read it.
#ifndef ANCHORAGE_SHEET_DIGEST_H
#define ANCHORAGE_SHEET_DIGEST_H

#include "sheet/source.h"

struct digest;

// Begins; small files are left for digest_wait. The source must outlive it. NULL: no memory.
struct digest *digest_start(const struct source *s);

// Waits for the end. 64 lower-case hexadecimal digits, "" when the file could not be read.
const char *digest_wait(struct digest *d);

// Gives up, at once. NULL is fine.
void digest_free(struct digest *d);

#endif
