// SPDX-License-Identifier: Apache-2.0
// The bytes of a file, wherever they lie: behind a descriptor or in memory.
#include "sheet/source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool read_fd(const struct source *s, char *to, size_t n, uint64_t at, size_t *ret_n) {
    size_t got = 0;
    while (got < n) {
        ssize_t k = pread(s->fd, to + got, n - got, (off_t)(at + got));
        if (k < 0 && errno == EINTR) {
            continue;
        }
        if (k < 0) {
            return false;
        }
        if (k == 0) {
            break;
        }
        got += (size_t)k;
    }
    *ret_n = got;
    return true;
}

bool source_read(const struct source *s, void *to, size_t n, uint64_t at, size_t *ret_n) {
    uint64_t left = at < s->size ? s->size - at : 0;
    n = n < left ? n : (size_t)left;
    if (s->fd >= 0) {
        return read_fd(s, to, n, at, ret_n);
    }
    if (n > 0) {
        memcpy(to, s->bytes + at, n);
    }
    *ret_n = n;
    return true;
}
