// SPDX-License-Identifier: Apache-2.0
// Checks the exact distances between the pieces that CivetWeb cut out of its buffer.
#include "http/rawcheck.h"

#include <string.h>

// The piece at p must follow the text at before with exactly gap NUL bytes or known bytes between them.
// The pieces lie in one buffer, so the distance is meaningful; a piece from elsewhere gives a wrong distance.
static ptrdiff_t distance(const char *before, const char *p) {
    return p - (before + strlen(before));
}

static enum rawcheck_fault check_request_line(const struct rawcheck_request *req) {
    if (distance(req->method, req->target) != 1)
        return RAWCHECK_REQUEST_LINE;
    const char *last = req->target;
    if (req->query) {
        if (distance(req->target, req->query) != 1)
            return RAWCHECK_REQUEST_LINE;
        last = req->query;
    }
    const char *http = req->version - strlen("HTTP/");
    if (distance(last, http) != 1)
        return RAWCHECK_REQUEST_LINE;
    return RAWCHECK_OK;
}

static enum rawcheck_fault check_name(const struct rawcheck_header *h) {
    const char *p =
        h->name + strlen(h->name) + 1; // behind the NUL that replaced the ':' or the blank before it
    if (h->value < p)
        return RAWCHECK_MISSING;
    for (; p < h->value; p++)
        if (*p == '\0')
            return RAWCHECK_NAME_BLANK;
    return RAWCHECK_OK;
}

static enum rawcheck_fault check_end(const char *last_value) {
    const char *end = last_value + strlen(last_value);
    if (end[1] != '\0')
        return RAWCHECK_BARE_LF;
    // CR, and the LF that CivetWeb made NUL. Another NUL at end[2] is the LF LF or CR LF LF ending.
    if (end[2] == '\r' && end[3] == '\0')
        return RAWCHECK_OK;
    return end[2] == '\0' ? RAWCHECK_BARE_LF : RAWCHECK_CUT;
}

enum rawcheck_fault rawcheck_request(const struct rawcheck_request *req) {
    if (!req->method || !req->target || !req->version || !req->headers || req->header_count == 0)
        return RAWCHECK_MISSING;
    enum rawcheck_fault f = check_request_line(req);
    if (f != RAWCHECK_OK)
        return f;
    const char *before = req->version;
    for (size_t i = 0; i < req->header_count; i++) {
        const struct rawcheck_header *h = &req->headers[i];
        if (!h->name || !h->value)
            return RAWCHECK_MISSING;
        if (distance(before, h->name) != 2) // CR LF
            return RAWCHECK_BARE_LF;
        f = check_name(h);
        if (f != RAWCHECK_OK)
            return f;
        before = h->value;
    }
    if ((before + strlen(before)) - req->method > RAWCHECK_HEAD_MAX)
        return RAWCHECK_TOO_LONG;
    return check_end(before);
}

const char *rawcheck_fault_key(enum rawcheck_fault fault) {
    static const char *const keys[] = {
        [RAWCHECK_OK] = "ok",
        [RAWCHECK_MISSING] = "http.no_headers",
        [RAWCHECK_REQUEST_LINE] = "http.request_line",
        [RAWCHECK_BARE_LF] = "http.bare_lf",
        [RAWCHECK_NAME_BLANK] = "http.name_blank",
        [RAWCHECK_CUT] = "http.headers_cut",
        [RAWCHECK_TOO_LONG] = "http.headers_too_large",
    };
    return keys[fault];
}
