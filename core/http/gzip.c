// SPDX-License-Identifier: Apache-2.0
// gzip through zlib.
#include "http/gzip.h"

#define ZLIB_CONST
#include <stdlib.h>
#include <zlib.h>

static bool pack(const void *bytes, size_t n, int level, unsigned char **ret, size_t *ret_n) {
    z_stream z = {0};
    if (n > 0x7fffffff || deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
        return false;
    }
    uLong bound = deflateBound(&z, (uLong)n);
    unsigned char *out = malloc(bound);
    bool ok = false;
    if (out) {
        z.next_in = bytes;
        z.avail_in = (uInt)n;
        z.next_out = out;
        z.avail_out = (uInt)bound;
        ok = deflate(&z, Z_FINISH) == Z_STREAM_END;
    }
    size_t made = z.total_out;
    deflateEnd(&z);
    if (!ok) {
        free(out);
        return false;
    }
    *ret = out;
    *ret_n = made;
    return true;
}

bool gzip_best(const void *bytes, size_t n, unsigned char **ret, size_t *ret_n) {
    return pack(bytes, n, Z_BEST_COMPRESSION, ret, ret_n);
}

bool gzip_quick(const void *bytes, size_t n, unsigned char **ret, size_t *ret_n) {
    return pack(bytes, n, Z_BEST_SPEED, ret, ret_n);
}
