// SPDX-License-Identifier: Apache-2.0
// Streaming request body parser: urlencoded, multipart/form-data (RFC 7578) and JSON (RFC 8259), fed in
// chunks. Each byte is handled in constant time; memory is bounded by the limits; nothing recurses.
//
// Rule for callers: what the sink got counts only after body_finish returned true. A body that was cut short
// has given fields and perhaps part of a file before that is known.
#ifndef ANCHORAGE_HTTP_BODY_H
#define ANCHORAGE_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_t; // jansson's value

enum body_kind { BODY_URLENCODED, BODY_MULTIPART, BODY_JSON };
#define BODY_KIND_BIT(kind) (1u << (unsigned)(kind))

#define BODY_BOUNDARY_MAX     70  // RFC 2046 section 5.1.1
#define BODY_NAME_MAX         256 // bytes of a field name
#define BODY_TYPE_MAX         127 // bytes of a part's media type
#define BODY_DISPLAY_NAME_MAX 200 // bytes of a file's display name

// What went wrong: an HTTP status (400, 413, 415, 422, 503 when out of memory) and a stable key. status 0:
// nothing.
struct body_fault {
    int status;
    const char *key; // static text
};

struct body_type {
    enum body_kind kind;
    char boundary[BODY_BOUNDARY_MAX + 1]; // multipart only, else ""
};

// Reads a Content-Type value. 415 for any other type or a charset that is not UTF-8, 400 for a boundary that
// is missing or breaks RFC 2046.
struct body_fault body_type_parse(const char *content_type, struct body_type *ret_type);

struct body_limits {
    int64_t total_bytes;    // whole body
    size_t fields_max;      // fields that are no files
    size_t files_max;       // files with a name or with content
    size_t parts_max;       // multipart: all parts together
    size_t field_bytes;     // decoded value of one field
    int64_t file_bytes;     // one file
    size_t part_head_bytes; // header lines of one part, at most MULTIPART_HEAD_MAX
    unsigned json_depth;    // nesting of arrays and objects
    size_t json_items;      // values and keys together: bounds the memory a small text can unfold into
};
// 256 KiB in all, 200 fields of 64 KiB, no files, 250 parts, JSON 64 deep with 20,000 items.
struct body_limits body_limits_default(void);

// Where the content goes. Each function returns 0 to go on or the HTTP status to refuse the body with (the
// fault's key is then "body.refused"). A NULL function drops what it would get. Texts and bytes belong to the
// parser and are good only during the call.
struct body_sink {
    void *ctx;
    // value: UTF-8, NUL-terminated, without NUL inside. The field _charset_ is never given out.
    int (*field)(void *ctx, const char *name, const char *value, size_t value_len);
    // display_name: for people only, no path, no control characters, never empty.
    // media_type: "type/subtype" in lower case as the client claims it; not checked against the content.
    int (*file_begin)(void *ctx, const char *field, const char *display_name, const char *media_type);
    int (*file_data)(void *ctx, const void *bytes, size_t len);
    int (*file_end)(void *ctx, int64_t bytes); // the whole file arrived
    // root: an object or array; the sink takes the reference over.
    int (*json)(void *ctx, struct json_t *root);
};

struct body;

// declared: Content-Length, or -1 when chunked. The sink is copied. NULL with ret_fault on 413 (declared is
// over the limit) and 503. Free with body_free.
struct body *body_open(const struct body_type *type, int64_t declared, const struct body_limits *limits,
                       const struct body_sink *sink, struct body_fault *ret_fault);
void body_free(struct body *b); // NULL is fine

// Takes the next bytes, in any split. False: stop reading, see body_get_fault. Once false, always false.
bool body_feed(struct body *b, const void *bytes, size_t n);

// The end of the input. whole: the transport ended well (last chunk seen, no read error). False: see
// body_get_fault.
bool body_finish(struct body *b, bool whole);

struct body_fault body_get_fault(const struct body *b);
int64_t body_bytes(const struct body *b); // bytes fed so far

// A byte buffer that grows by doubling up to a maximum; used by the parsers.
struct body_buf {
    char *data; // NUL-terminated once anything was added or body_buf_text was called
    size_t len;
    size_t cap;
};
// 0, or 413 when len would pass max, or 503 when out of memory.
int body_buf_add(struct body_buf *b, const void *bytes, size_t n, size_t max);
const char *body_buf_text(const struct body_buf *b); // never NULL
void body_buf_free(struct body_buf *b);

#endif
