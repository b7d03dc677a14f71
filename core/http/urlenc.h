// SPDX-License-Identifier: Apache-2.0
// Strict percent-decoding, incremental UTF-8 checking and query string parsing (RFC 3986, RFC 3629, WHATWG
// URL).
#ifndef ANCHORAGE_HTTP_URLENC_H
#define ANCHORAGE_HTTP_URLENC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define URLENC_QUERY_PAIRS 100 // most pairs taken from a query string

enum urlenc_fault {
    URLENC_OK,
    URLENC_BAD_PERCENT, // % not followed by two hexadecimal digits
    URLENC_BAD_UTF8,    // overlong form, surrogate, stray or missing continuation byte
    URLENC_NUL,         // a zero byte, plain or written %00
    URLENC_CONTROL,     // a control character where none is allowed
    URLENC_TOO_MANY,    // more pairs than the caller's table holds
    URLENC_TOO_LONG,    // more bytes than the caller's buffer holds
};

// Checks UTF-8 one byte at a time (RFC 3629 section 4). All zero is the start state.
struct urlenc_utf8 {
    uint8_t need; // continuation bytes still to come
    uint8_t low;  // allowed range of the next one
    uint8_t high;
};
bool urlenc_utf8_step(struct urlenc_utf8 *u,
                      unsigned char byte);           // false: not UTF-8, the state is then useless
bool urlenc_utf8_whole(const struct urlenc_utf8 *u); // true between characters
bool urlenc_utf8_valid(const char *s, size_t n);     // the whole of n bytes; NUL counts as valid

// How to decode.
#define URLENC_PLUS       1u // '+' is a blank (forms and query strings)
#define URLENC_NO_CONTROL 2u // %01-%1F and %7F are refused too (request targets)

// Decodes one byte at a time, exactly once: what comes out is never looked at again for '%'.
// All zero is the start state. Plain control characters are always refused, a plain NUL as URLENC_NUL.
struct urlenc_decoder {
    struct urlenc_utf8 utf8;
    uint8_t digits; // 0 outside an escape, 1 after '%', 2 after the first digit
    uint8_t high;   // value of the first digit
};
// ret_made tells whether c completed a byte; ret_byte is that byte.
enum urlenc_fault urlenc_step(struct urlenc_decoder *d, unsigned char c, unsigned flags, bool *ret_made,
                              unsigned char *ret_byte);
enum urlenc_fault urlenc_end(const struct urlenc_decoder *d); // OK when nothing is half read

// Decodes n bytes into out (out_size bytes, NUL added). out may not overlap s.
enum urlenc_fault urlenc_decode(const char *s, size_t n, unsigned flags, char *out, size_t out_size,
                                size_t *ret_len);

// A decoded pair; both texts are NUL-terminated UTF-8 inside the caller's buffer and hold no NUL themselves.
struct urlenc_pair {
    const char *name;
    size_t name_len;
    const char *value;
    size_t value_len;
};

// Splits and decodes a query string (text without '?'; NULL counts as empty). Pairs keep their order, doubles
// are kept, empty pieces (&&) are skipped, a piece without '=' has an empty value.
// buf: buf_size bytes, n + max_pairs + 2 is always enough. ret_pairs: max_pairs places, may be partly written
// on failure.
enum urlenc_fault urlenc_parse(const char *s, size_t n, unsigned flags, char *buf, size_t buf_size,
                               struct urlenc_pair *ret_pairs, size_t max_pairs, size_t *ret_count);

int urlenc_hex(unsigned char c); // value of a hexadecimal digit, -1 for anything else

const char *urlenc_fault_key(enum urlenc_fault fault); // "url.bad_percent"; "ok" for URLENC_OK

#endif
