// SPDX-License-Identifier: Apache-2.0
// One-shot gzip (RFC 1952).
#ifndef ANCHORAGE_HTTP_GZIP_H
#define ANCHORAGE_HTTP_GZIP_H

#include <stdbool.h>
#include <stddef.h>

// At the best level, for what is compressed once and sent many times; at the quickest, for what is sent once.
// *ret is malloc'ed, the caller frees it. False (nothing set) when it cannot be done.
bool gzip_best(const void *bytes, size_t n, unsigned char **ret, size_t *ret_n);
bool gzip_quick(const void *bytes, size_t n, unsigned char **ret, size_t *ret_n);

#endif
