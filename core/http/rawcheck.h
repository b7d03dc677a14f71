// SPDX-License-Identifier: Apache-2.0
// Finds out, from the bytes CivetWeb 1.15 left in its buffer, what its loose request parser let through in
// silence.
//
// What CivetWeb 1.15 does (parse_http_request, parse_http_headers; seen in the source of the project and
// again, byte by byte, on Debian's libcivetweb1 1.15+dfsg-4 by tests/http/test_rawcheck.c):
//   1. White space before the request line is skipped. Nothing of it can be seen afterwards.
//   2. Method, target and version are cut out in place. After each word, the run of white space (blank, CR,
//   LF)
//      becomes NUL bytes. The version must start with "HTTP/"; the pointer given out points behind that.
//   3. A header name ends at the first ':'; blanks in front of the ':' become NUL as the ':' does. The value
//      starts behind the blanks after the ':', which stay as they are. A value ends at CR LF or a bare LF;
//      these become NUL. A bare CR makes CivetWeb answer 400 itself, as do NUL, tab and other control
//      characters.
//   4. Parsing stops when the next line starts with CR or LF (the proper end), but also, without a word, at a
//   line
//      that starts with a blank (obs-fold), with ':' or with a byte above 126, and after 64 headers.
//   5. The head ends at CR LF CR LF or at LF LF; its last byte is made NUL.
//   6. The first '?' of the target becomes NUL and the query string points behind it.
// So in a clean request the pieces lie at exact distances:
//   method NUL target [NUL query] NUL "HTTP/" version NUL NUL name NUL {blanks} value NUL NUL ... CR NUL
// With decode_url on, CivetWeb shortens the target in place; the distances then differ for each target with
// an escape, so every such request is refused: the setting must be "no".
//
// What stays invisible (CivetWeb and we read all of it alike; a danger only behind a proxy that reads it
// otherwise and passes it on, and HAProxy does not):
//   - white space before the request line;
//   - CR CR, CR blank, LF CR or LF blank in the place of the CR LF that ends the request line;
//   - LF LF as the end of the head when the body starts with CR NUL.
#ifndef ANCHORAGE_HTTP_RAWCHECK_H
#define ANCHORAGE_HTTP_RAWCHECK_H

#include <stddef.h>

// No head longer than this is looked at (it is far above the gate's limits); keep max_request_size above it.
#define RAWCHECK_HEAD_MAX 24576

struct rawcheck_header {
    const char *name;
    const char *value;
};

// Pointers as CivetWeb gives them, all into its one buffer.
struct rawcheck_request {
    const char *method;
    const char *target;  // request_uri, undecoded
    const char *query;   // query_string or NULL
    const char *version; // http_version, behind "HTTP/"
    const struct rawcheck_header *headers;
    size_t header_count;
};

enum rawcheck_fault {
    RAWCHECK_OK,
    RAWCHECK_MISSING,      // a piece is missing (NULL), or there is no header at all
    RAWCHECK_REQUEST_LINE, // more than one blank between the words, or a target that was changed in place
    RAWCHECK_BARE_LF,      // a line that does not end with CR LF
    RAWCHECK_NAME_BLANK,   // blanks between a header name and its ':'
    RAWCHECK_CUT,          // parsing stopped before the end: folded line, nameless header, too many headers
    RAWCHECK_TOO_LONG,     // longer than RAWCHECK_HEAD_MAX
};

// Reads the bytes between the pieces; at most two bytes behind the last value's two NULs, which belong to the
// head of every request that ends with CR LF CR LF.
enum rawcheck_fault rawcheck_request(const struct rawcheck_request *req);

const char *rawcheck_fault_key(enum rawcheck_fault fault); // "http.bare_lf"; "ok" for RAWCHECK_OK

#endif
