// SPDX-License-Identifier: Apache-2.0
// Strict percent-decoding, incremental UTF-8 checking and query string parsing.
#include "http/urlenc.h"

#include <string.h>

bool urlenc_utf8_step(struct urlenc_utf8 *u, unsigned char byte) {
    if (u->need > 0) {
        if (byte < u->low || byte > u->high)
            return false;
        u->need--;
        u->low = 0x80;
        u->high = 0xBF;
        return true;
    }
    if (byte < 0x80)
        return true;
    u->low = 0x80;
    u->high = 0xBF;
    if (byte >= 0xC2 && byte <= 0xDF) {
        u->need = 1;
    } else if (byte >= 0xE0 && byte <= 0xEF) {
        u->need = 2;
        if (byte == 0xE0)
            u->low = 0xA0; // shorter forms exist below
        if (byte == 0xED)
            u->high = 0x9F; // surrogates start above
    } else if (byte >= 0xF0 && byte <= 0xF4) {
        u->need = 3;
        if (byte == 0xF0)
            u->low = 0x90;
        if (byte == 0xF4)
            u->high = 0x8F; // U+10FFFF is the last
    } else {
        return false;
    }
    return true;
}

bool urlenc_utf8_whole(const struct urlenc_utf8 *u) {
    return u->need == 0;
}

bool urlenc_utf8_valid(const char *s, size_t n) {
    struct urlenc_utf8 u = {0};
    for (size_t i = 0; i < n; i++)
        if (!urlenc_utf8_step(&u, (unsigned char)s[i]))
            return false;
    return urlenc_utf8_whole(&u);
}

int urlenc_hex(unsigned char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool is_control(unsigned char c) {
    return c < 0x20 || c == 0x7F;
}

enum urlenc_fault urlenc_step(struct urlenc_decoder *d, unsigned char c, unsigned flags, bool *ret_made,
                              unsigned char *ret_byte) {
    *ret_made = false;
    if (d->digits > 0) {
        int v = urlenc_hex(c);
        if (v < 0)
            return URLENC_BAD_PERCENT;
        if (d->digits == 1) {
            d->digits = 2;
            d->high = (uint8_t)v;
            return URLENC_OK;
        }
        d->digits = 0;
        c = (unsigned char)(d->high * 16 + v);
        if (c == 0)
            return URLENC_NUL;
        if ((flags & URLENC_NO_CONTROL) && is_control(c))
            return URLENC_CONTROL;
    } else if (c == '%') {
        d->digits = 1;
        return URLENC_OK;
    } else if (c == 0) {
        return URLENC_NUL;
    } else if (is_control(c)) {
        return URLENC_CONTROL;
    } else if (c == '+' && (flags & URLENC_PLUS)) {
        c = ' ';
    }
    if (!urlenc_utf8_step(&d->utf8, c))
        return URLENC_BAD_UTF8;
    *ret_made = true;
    *ret_byte = c;
    return URLENC_OK;
}

enum urlenc_fault urlenc_end(const struct urlenc_decoder *d) {
    if (d->digits > 0)
        return URLENC_BAD_PERCENT;
    return urlenc_utf8_whole(&d->utf8) ? URLENC_OK : URLENC_BAD_UTF8;
}

enum urlenc_fault urlenc_decode(const char *s, size_t n, unsigned flags, char *out, size_t out_size,
                                size_t *ret_len) {
    struct urlenc_decoder d = {0};
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        bool made;
        unsigned char byte = 0;
        enum urlenc_fault f = urlenc_step(&d, (unsigned char)s[i], flags, &made, &byte);
        if (f != URLENC_OK)
            return f;
        if (!made)
            continue;
        if (len + 1 >= out_size)
            return URLENC_TOO_LONG;
        out[len++] = (char)byte;
    }
    enum urlenc_fault f = urlenc_end(&d);
    if (f != URLENC_OK)
        return f;
    if (len >= out_size)
        return URLENC_TOO_LONG;
    out[len] = '\0';
    *ret_len = len;
    return URLENC_OK;
}

// Decodes one side of a pair to the front of the free space.
static enum urlenc_fault take(const char *s, size_t n, unsigned flags, char **buf, size_t *room,
                              const char **ret_text, size_t *ret_len) {
    size_t len;
    enum urlenc_fault f = urlenc_decode(s, n, flags, *buf, *room, &len);
    if (f != URLENC_OK)
        return f;
    *ret_text = *buf;
    *ret_len = len;
    *buf += len + 1;
    *room -= len + 1;
    return URLENC_OK;
}

enum urlenc_fault urlenc_parse(const char *s, size_t n, unsigned flags, char *buf, size_t buf_size,
                               struct urlenc_pair *ret_pairs, size_t max_pairs, size_t *ret_count) {
    size_t count = 0;
    size_t at = 0;
    while (at < n) {
        const char *piece = s + at;
        const char *amp = memchr(piece, '&', n - at);
        size_t len = amp ? (size_t)(amp - piece) : n - at;
        at += len + 1;
        if (len == 0)
            continue;
        if (count == max_pairs)
            return URLENC_TOO_MANY;
        const char *eq = memchr(piece, '=', len);
        size_t name_len = eq ? (size_t)(eq - piece) : len;
        const char *value = eq ? eq + 1 : piece + len;
        size_t value_len = eq ? len - name_len - 1 : 0;
        struct urlenc_pair p;
        enum urlenc_fault f = take(piece, name_len, flags, &buf, &buf_size, &p.name, &p.name_len);
        if (f == URLENC_OK)
            f = take(value, value_len, flags, &buf, &buf_size, &p.value, &p.value_len);
        if (f != URLENC_OK)
            return f;
        ret_pairs[count++] = p;
    }
    *ret_count = count;
    return URLENC_OK;
}

const char *urlenc_fault_key(enum urlenc_fault fault) {
    static const char *const keys[] = {
        [URLENC_OK] = "ok",
        [URLENC_BAD_PERCENT] = "url.bad_percent",
        [URLENC_BAD_UTF8] = "url.bad_utf8",
        [URLENC_NUL] = "url.nul",
        [URLENC_CONTROL] = "url.control",
        [URLENC_TOO_MANY] = "url.too_many_pairs",
        [URLENC_TOO_LONG] = "url.too_long",
    };
    return keys[fault];
}
