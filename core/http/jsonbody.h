// SPDX-License-Identifier: Apache-2.0
// A JSON body: nesting and number of items are counted while it arrives, jansson parses it once at the end.
#ifndef ANCHORAGE_HTTP_JSONBODY_H
#define ANCHORAGE_HTTP_JSONBODY_H

#include "http/body.h"

struct jsonbody {
    struct body_buf text;
    size_t items;
    unsigned depth;
    bool in_string;
    bool escaped; // the next byte inside the string belongs to a backslash
};

// All zero is the start state. jansson recurses for each level and must never see a depth over the limit.
struct body_fault jsonbody_feed(struct jsonbody *j, const char *bytes, size_t n,
                                const struct body_limits *limits);
// Parses and hands the value to sink->json.
struct body_fault jsonbody_finish(struct jsonbody *j, const struct body_sink *sink);
void jsonbody_free(struct jsonbody *j);

#endif
