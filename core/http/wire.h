// SPDX-License-Identifier: Apache-2.0
// A connection as the rest of the house sees it: read, write, a deadline. listener.c makes it from
// CivetWeb's.
#ifndef ANCHORAGE_HTTP_WIRE_H
#define ANCHORAGE_HTTP_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire {
    void *conn;
    int (*read)(void *conn, void *buf, size_t n);        // bytes, 0 at the end, below 0 when cut
    int (*write)(void *conn, const void *buf, size_t n); // bytes, below 0 when the peer is gone
    // Reads still going on at this moment (monotonic) are broken off; 0 ends the watch.
    void (*deadline)(void *conn, int64_t usec);
    bool (*overdue)(void *conn);     // a read was broken off since the watch began
    void (*close_after)(void *conn); // no further request on this connection
};

#endif
