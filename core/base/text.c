// SPDX-License-Identifier: Apache-2.0
// Small text helpers.
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

// Length of the well-formed sequence at s, 0 when there is none (RFC 3629, section 4).
static size_t sequence(const unsigned char *s, size_t n) {
    if (s[0] < 0x80) {
        return 1;
    }
    if (s[0] >= 0xC2 && s[0] <= 0xDF) {
        return n >= 2 && (s[1] & 0xC0) == 0x80 ? 2 : 0;
    }
    if (s[0] >= 0xE0 && s[0] <= 0xEF) {
        unsigned char low = s[0] == 0xE0 ? 0xA0 : 0x80;
        unsigned char high = s[0] == 0xED ? 0x9F : 0xBF;
        return n >= 3 && s[1] >= low && s[1] <= high && (s[2] & 0xC0) == 0x80 ? 3 : 0;
    }
    if (s[0] >= 0xF0 && s[0] <= 0xF4) {
        unsigned char low = s[0] == 0xF0 ? 0x90 : 0x80;
        unsigned char high = s[0] == 0xF4 ? 0x8F : 0xBF;
        return n >= 4 && s[1] >= low && s[1] <= high && (s[2] & 0xC0) == 0x80 && (s[3] & 0xC0) == 0x80 ? 4
                                                                                                       : 0;
    }
    return 0;
}

bool utf8_valid(const char *s, size_t n) {
    const unsigned char *p = (const unsigned char *)s;
    while (n > 0) {
        size_t len = *p ? sequence(p, n) : 0;
        if (len == 0) {
            return false;
        }
        p += len;
        n -= len;
    }
    return true;
}

size_t utf8_count(const char *s) {
    size_t n = 0;
    for (; *s; s++) {
        n += ((unsigned char)*s & 0xC0) != 0x80;
    }
    return n;
}

size_t utf8_fit(const char *s, size_t max) {
    size_t n = strnlen(s, max + 1);
    if (n <= max) {
        return n;
    }
    for (n = max; n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80; n--) {
    }
    return n;
}

bool text_has_control(const char *s) {
    for (; *s; s++) {
        unsigned char ch = (unsigned char)*s;
        if ((ch < 0x20 && ch != '\n' && ch != '\r' && ch != '\t') || ch == 0x7f) {
            return true;
        }
    }
    return false;
}

char *text_trim(char *s) {
    while (*s && (unsigned char)*s <= ' ') {
        s++;
    }
    size_t n = strlen(s);
    while (n > 0 && (unsigned char)s[n - 1] <= ' ') {
        s[--n] = 0;
    }
    return s;
}

void text_lower(char *s) {
    for (; *s; s++) {
        if (*s >= 'A' && *s <= 'Z') {
            *s = (char)(*s + 32);
        }
    }
}

void text_upper(char *s) {
    for (; *s; s++) {
        if (*s >= 'a' && *s <= 'z') {
            *s = (char)(*s - 32);
        }
    }
}

static int lower_of(char ch) {
    return ch >= 'A' && ch <= 'Z' ? ch + 32 : ch;
}

bool text_equal_nocase(const char *a, const char *b) {
    while (*a && lower_of(*a) == lower_of(*b)) {
        a++;
        b++;
    }
    return lower_of(*a) == lower_of(*b);
}

bool text_starts(const char *s, const char *prefix) {
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool text_i64(const char *s, int64_t *ret) {
    char *end;
    errno = 0;
    long long v = strtoll(s, &end, 10);
    if (errno || end == s || *end) {
        return false;
    }
    *ret = v;
    return true;
}

void hex_encode(const void *bytes, size_t n, char *out) {
    static const char digits[] = "0123456789abcdef";
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    out[2 * n] = 0;
}

static int hex_value(char ch) {
    if (ch >= '0' && ch <= '9') {
        return ch - '0';
    }
    return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

bool hex_decode(const char *hex, size_t n, void *out) {
    unsigned char *o = out;
    for (size_t i = 0; i < n; i++) {
        int high = hex_value(hex[2 * i]);
        int low = high < 0 ? -1 : hex_value(hex[2 * i + 1]);
        if (low < 0) {
            return false;
        }
        o[i] = (unsigned char)(high << 4 | low);
    }
    return hex[2 * n] == 0;
}

static void random_from(const char *alphabet, unsigned mask, char *out, size_t n) {
    unsigned char bytes[64];
    for (size_t i = 0; i < n; i++) {
        if (i % sizeof bytes == 0) {
            randombytes_buf(bytes, sizeof bytes);
        }
        out[i] = alphabet[bytes[i % sizeof bytes] & mask];
    }
    out[n] = 0;
}

void random_hex(char *out, size_t n) {
    random_from("0123456789abcdef", 15, out, n);
}

void random_ref(char *out, size_t n) {
    random_from("0123456789abcdefghjkmnpqrstvwxyz", 31, out, n);
}

void sha256_hex(const void *bytes, size_t n, char out[65]) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, bytes, n);
    hex_encode(digest, sizeof digest, out);
}

bool postcode_tidy(const char *s, char *out) {
    char raw[9];
    size_t n = 0;
    for (; *s; s++) {
        if (*s == ' ') {
            continue;
        }
        if (n == 7 || !isalnum((unsigned char)*s)) {
            return false;
        }
        raw[n++] = (char)toupper((unsigned char)*s);
    }
    raw[n] = 0;
    // Inward part: digit letter letter; outward: one or two letters, a digit, perhaps a digit or letter.
    if (n < 5 || !isdigit((unsigned char)raw[n - 3]) || !isalpha((unsigned char)raw[n - 2]) ||
        !isalpha((unsigned char)raw[n - 1])) {
        return false;
    }
    size_t letters = isalpha((unsigned char)raw[1]) ? 2 : 1;
    size_t outward = n - 3;
    if (!isalpha((unsigned char)raw[0]) || outward < letters + 1 || outward > letters + 2 ||
        !isdigit((unsigned char)raw[letters])) {
        return false;
    }
    memcpy(out, raw, outward);
    out[outward] = ' ';
    memcpy(out + outward + 1, raw + outward, 4);
    return true;
}
