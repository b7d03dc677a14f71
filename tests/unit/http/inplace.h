// SPDX-License-Identifier: Apache-2.0
// Test double: cuts a raw request in place the way CivetWeb 1.15 does (see core/http/rawcheck.h), so that the
// gate can be tested from raw bytes without a socket. tests/http/test_rawcheck.c compares it with the real
// library.
#ifndef ANCHORAGE_TEST_INPLACE_H
#define ANCHORAGE_TEST_INPLACE_H

#include "http/gate.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define INPLACE_HEADERS 64

enum inplace_outcome {
    INPLACE_PARSED,     // our code is called
    INPLACE_REFUSED,    // the library answers 4xx or 505 itself
    INPLACE_INCOMPLETE, // the library waits for more
    INPLACE_SILENT,     // the library closes without an answer ("*" and absolute targets)
};

struct inplace {
    struct rawcheck_request raw;
    struct rawcheck_header headers[INPLACE_HEADERS];
    size_t head_len; // bytes of the head with what was skipped in front
};

static inline bool inplace_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool inplace_graph(char c) {
    return c > ' ' && c < 0x7F;
}

// Bytes of the head up to its end, 0 when the end is not there, -1 for a byte that must not be in a head.
static inline long inplace_head_length(const char *s, size_t n) {
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c < 0x80 && c != '\r' && c != '\n' && (c < 0x20 || c == 0x7F))
            return -1;
        if (i + 1 < n && s[i] == '\n' && s[i + 1] == '\n')
            return (long)i + 2;
        if (i + 3 < n && memcmp(s + i, "\r\n\r\n", 4) == 0)
            return (long)i + 4;
    }
    return 0;
}

// Ends the word at *at and moves to the next one.
static inline bool inplace_word(char **at, bool last) {
    char *p = *at;
    while (inplace_graph(*p))
        p++;
    if (last ? (*p != '\r' && *p != '\n') : *p != ' ')
        return false;
    do
        *p++ = '\0';
    while (inplace_space(*p));
    *at = p;
    return last || inplace_graph(*p);
}

// One header line. 1: taken, 0: parsing stops here, -1: refused. *ret_end: no further line follows.
static inline int inplace_header(char **at, struct rawcheck_header *h, bool *ret_end) {
    char *p = *at;
    while (*p != ':' && *p >= 33 && *p <= 126)
        p++;
    if (p == *at)
        return 0;
    while (*p == ' ')
        *p++ = '\0';
    if (*p != ':')
        return -1;
    *p++ = '\0';
    h->name = *at;
    while (*p == ' ' || *p == '\t')
        p++;
    h->value = p;
    while (*p != '\0' && *p != '\r' && *p != '\n')
        p++;
    if (*p == '\r') {
        *p++ = '\0';
        if (*p != '\n')
            return -1;
    }
    *ret_end = *p == '\0';
    if (*p != '\0')
        *p++ = '\0';
    *at = p;
    *ret_end = *ret_end || *p == '\r' || *p == '\n';
    return 1;
}

static inline bool inplace_known_method(const char *s) {
    static const char *const known[] = {"GET",     "POST",  "PUT",      "DELETE", "HEAD",  "OPTIONS",
                                        "CONNECT", "PATCH", "PROPFIND", "MKCOL",  "REPORT"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(s, known[i]) == 0)
            return true;
    return false;
}

// buf: n bytes and at least two more that may be read.
static inline enum inplace_outcome inplace_parse(char *buf, size_t n, struct inplace *ret) {
    memset(ret, 0, sizeof *ret);
    char *at = buf;
    size_t left = n;
    for (; left > 0 && inplace_space(*at); left--)
        at++;
    if (left == 0)
        return INPLACE_INCOMPLETE;
    long len = inplace_head_length(at, left);
    if (len <= 0)
        return len < 0 ? INPLACE_REFUSED : INPLACE_INCOMPLETE;
    ret->head_len = n - left + (size_t)len;
    at[len - 1] = '\0';
    char *method = at;
    if (!inplace_word(&at, false))
        return INPLACE_REFUSED;
    char *target = at;
    if (!inplace_word(&at, false))
        return INPLACE_REFUSED;
    char *version = at;
    if (!inplace_word(&at, true) || strncmp(version, "HTTP/", 5) != 0 || !inplace_known_method(method))
        return INPLACE_REFUSED;
    size_t count = 0;
    for (bool end = false; count < INPLACE_HEADERS && !end;) {
        int took = inplace_header(&at, &ret->headers[count], &end);
        if (took < 0)
            return INPLACE_REFUSED;
        if (took == 0)
            break;
        count++;
    }
    version += 5;
    if (strcmp(version, "1.0") != 0 && strcmp(version, "1.1") != 0)
        return INPLACE_REFUSED;
    char *mark = strchr(target, '?');
    if (mark)
        *mark = '\0';
    ret->raw =
        (struct rawcheck_request){method, target, mark ? mark + 1 : NULL, version, ret->headers, count};
    if (target[0] == '/')
        return INPLACE_PARSED;
    return strcmp(target, "*") == 0 || strstr(target, "://") ? INPLACE_SILENT : INPLACE_REFUSED;
}

static inline struct gate_request inplace_request(const struct inplace *in, const char *peer) {
    return (struct gate_request){.method = in->raw.method,
                                 .target = in->raw.target,
                                 .query = in->raw.query,
                                 .version = in->raw.version,
                                 .headers = in->raw.headers,
                                 .header_count = in->raw.header_count,
                                 .remote_addr = peer,
                                 .raw_fault = rawcheck_request(&in->raw)};
}

#endif
