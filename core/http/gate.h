// SPDX-License-Identifier: Apache-2.0
// The strict gate: decides over one parsed HTTP/1.x request before anything else of the house sees it.
// Pure code: no socket, no clock, no allocation. Sources: RFC 9110, RFC 9112, RFC 3986, OWASP ASVS 5.0 V4.2.
#ifndef ANCHORAGE_HTTP_GATE_H
#define ANCHORAGE_HTTP_GATE_H

#include "http/body.h"
#include "http/rawcheck.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GATE_TARGET_MAX       4096        // bytes of path and query as sent
#define GATE_HEADER_COUNT_MAX 48          // header lines
#define GATE_HEADER_BYTES_MAX (16 * 1024) // names and values and four bytes for each line
#define GATE_COOKIE_BYTES_MAX (8 * 1024)  // the Cookie value
#define GATE_ADDRESS_BYTES    46          // INET6_ADDRSTRLEN

#define GATE_ALLOW "GET, HEAD, POST" // the Allow header of a 405

// What the installation says about requests. Lists may be empty (NULL, 0).
struct gate_limits {
    const char *const *hosts; // host names, "name" (any port) or "name:port"; empty: any well-formed Host
    size_t host_count;
    const char *const *proxies; // addresses whose X-Forwarded-For and X-Forwarded-Proto are believed
    size_t proxy_count;
    int64_t body_max; // largest Content-Length any route may take, bytes
};

// One request as the HTTP library parsed it. All texts NUL-terminated, owned by the caller, alive while the
// result is used.
struct gate_request {
    const char *method;
    const char *target;  // undecoded, with or without "?query"
    const char *query;   // when the library split it off at '?', else NULL
    const char *version; // "1.1"
    const struct rawcheck_header *headers;
    size_t header_count;
    const char *remote_addr;       // address of the peer
    enum rawcheck_fault raw_fault; // what rawcheck_request said; RAWCHECK_OK when the raw bytes are not known
};

// status 0: go on. Else answer with it; close tells to end the connection (always after a refusal, because
// bytes that were not read may follow).
struct gate_verdict {
    int status;
    const char *error_key; // stable, for logs and tests: "http.host_missing"
    const char *allow;     // value of the Allow header of a 405, else NULL
    bool close;
};

enum gate_method { GATE_GET, GATE_HEAD, GATE_POST };
enum gate_framing { GATE_BODY_NONE, GATE_BODY_LENGTH, GATE_BODY_CHUNKED };

// What a request that passed holds.
struct gate_result {
    enum gate_method method;
    char path[GATE_TARGET_MAX +
              1]; // decoded once: UTF-8, starts with '/', no "//", no dot segments, no control characters
    size_t path_len;
    const char *query; // undecoded slice, well-formed; "" when there is none
    size_t query_len;
    enum gate_framing framing;
    int64_t content_length;   // with GATE_BODY_LENGTH, else -1
    const char *content_type; // raw value or NULL
    const char *host;         // checked Host value with the port as sent; not NUL-terminated at host_len
    size_t host_len;
    const char *cookie;   // raw value or NULL
    bool expect_continue; // the client waits for 100
    bool wants_close;     // HTTP/1.0 without keep-alive, or "Connection: close"
    bool forwarded_https; // a believed proxy says the visitor came over TLS
    char client_addr[GATE_ADDRESS_BYTES];
};

// First look, before the route is known. Returns the verdict; ret_result is complete when its status is 0.
struct gate_verdict gate_check(const struct gate_request *req, const struct gate_limits *limits,
                               struct gate_result *ret_result);

// What one route takes.
struct gate_route {
    unsigned body_kinds; // bits BODY_KIND_BIT(kind) of the body types it takes; 0: POST not allowed
    int64_t body_max;    // bytes
};

// Second look, with the route: POST needs a body type and a length the route takes.
// ret_type: the parsed Content-Type, complete when the status is 0 and the method is POST.
struct gate_verdict gate_check_route(const struct gate_result *result, const struct gate_route *route,
                                     struct body_type *ret_type);

// Value of the first header of that name (ASCII case ignored) or NULL.
const char *gate_header(const struct gate_request *req, const char *name);

#endif
