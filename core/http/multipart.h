// SPDX-License-Identifier: Apache-2.0
// multipart/form-data as an explicit state machine (RFC 7578, RFC 2046 section 5.1, RFC 8187 for filename*).
#ifndef ANCHORAGE_HTTP_MULTIPART_H
#define ANCHORAGE_HTTP_MULTIPART_H

#include "http/body.h"

#define MULTIPART_HEAD_MAX 4096 // bytes of one part's header lines

struct multipart;

// boundary: checked by body_type_parse. limits and sink must outlive the parser. NULL: out of memory.
struct multipart *multipart_new(const char *boundary, const struct body_limits *limits,
                                const struct body_sink *sink);
void multipart_free(struct multipart *m);

// Status 0, or what is wrong. After a fault the parser must not be fed again.
struct body_fault multipart_feed(struct multipart *m, const char *bytes, size_t n);
struct body_fault multipart_finish(struct multipart *m); // fault when the closing boundary was not seen

#endif
