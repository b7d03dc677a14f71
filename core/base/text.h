// SPDX-License-Identifier: Apache-2.0
// Small text helpers: UTF-8 checks, trimming, hexadecimal, random references, postcodes.
#ifndef ANCHORAGE_BASE_TEXT_H
#define ANCHORAGE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// True when the bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates) without NUL.
bool utf8_valid(const char *s, size_t n);

// Number of code points of valid UTF-8.
size_t utf8_count(const char *s);

// How many bytes of valid UTF-8, at most max, hold whole characters only: where a text may be cut.
size_t utf8_fit(const char *s, size_t max);

// True when the text holds a control character other than line feed, carriage return or tab.
bool text_has_control(const char *s);

// Removes blanks and control characters at both ends, in place; returns the new start.
char *text_trim(char *s);

// ASCII letters to lower or upper case, in place.
void text_lower(char *s);
void text_upper(char *s);
bool text_equal_nocase(const char *a, const char *b); // ASCII only
bool text_starts(const char *s, const char *prefix);
// A whole number in decimal digits with an optional sign, and nothing after it. False, *ret untouched: none,
// or one that does not fit.
bool text_i64(const char *s, int64_t *ret);

void hex_encode(const void *bytes, size_t n, char *out); // out: 2n + 1 bytes
bool hex_decode(const char *hex, size_t n, void *out);   // n bytes from 2n digits and an end

// Random text from the kernel's generator (libsodium). n characters and a NUL.
void random_hex(char *out, size_t n);
// A reference people can read aloud: n characters of 0-9 a-z without i, l, o, u (5 bits each).
void random_ref(char *out, size_t n);
#define REF_CHARS 12 // 60 bits: cannot be guessed, short enough to read out

// SHA-256 as 64 hexadecimal digits.
void sha256_hex(const void *bytes, size_t n, char out[65]);

// A UK postcode in any spacing and case to "WN1 1AA". False when it has not the form of one.
// out: POSTCODE_BYTES. Form: BS 7666 outward and inward parts.
#define POSTCODE_BYTES 10
bool postcode_tidy(const char *s, char *out);

#endif
