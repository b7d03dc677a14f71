// SPDX-License-Identifier: Apache-2.0
// An answer as it is built: status, headers that cannot be split, body; and its bytes for the wire.
#ifndef ANCHORAGE_HTTP_RESPONSE_H
#define ANCHORAGE_HTTP_RESPONSE_H

#include "base/err.h"
#include "base/strb.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESP_BODY_MAX ((size_t)64 * 1024 * 1024)
#define RESP_HEAD_MAX 8192 // extra header lines of one answer
#define RESP_ETAG_MAX 40

enum resp_cache {
    RESP_NO_STORE, // private or changing: the default
    RESP_CHECK,    // may be kept, must be asked for again with its ETag
    RESP_FOREVER,  // its address changes with its content
};

struct resp {
    int status; // 0: nothing answered yet
    enum resp_cache cache;
    const char *content_type; // static or in the arena of the request; NULL with an empty body
    char etag[RESP_ETAG_MAX]; // with its quotes, "" for none
    struct strb head;         // further header lines
    struct strb body;
    int64_t fresh_until_usec; // 0: until its topics change
    bool sets_cookie;
    bool keep_not; // made for one question: not worth a place among the ready-made pages
};

void resp_init(struct resp *r);
void resp_free(struct resp *r);
void resp_clear(struct resp *r); // back to nothing answered

// Adds a header line. False, and nothing added, when name or value hold a byte that could split the head.
bool resp_header(struct resp *r, const char *name, const char *value);

// Status, type and a copy of the body.
void resp_set(struct resp *r, int status, const char *content_type, const void *body, size_t n);

// A page of its own that needs no template and no database: title, what happened, what to do from web/text.
// status 0 takes the one of the error. json: the same as {"error":{...}}.
void resp_error(struct resp *r, int status, enum err e, bool json);
// The same with the sentences of a key of web/text: error.KEY.title, .what and .do.
void resp_error_why(struct resp *r, int status, const char *key, bool json);

// How an answer goes over the wire.
struct resp_send {
    bool head_only, close, https;
    const char *encoding; // "gzip" or NULL
    int64_t now_usec;
};
// Appends status line and all headers with the empty line. Every answer gets the security headers.
void resp_head(const struct resp *r, const struct resp_send *how, size_t content_length, struct strb *out);

const char *resp_reason(int status); // "Not Found"

#define HTTP_DATE_BYTES 32
void http_date(int64_t usec, char out[HTTP_DATE_BYTES]); // "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7)

// Whether an If-None-Match value holds the tag or "*" (weak comparison, RFC 9110, 13.1.2). value may be NULL.
bool etag_listed(const char *value, const char *etag);

// Whether an Accept-Encoding value takes gzip (RFC 9110, 12.5.3; weight 0 refuses). value may be NULL.
bool gzip_accepted(const char *value);

#endif
