// SPDX-License-Identifier: Apache-2.0
// Text of two bytes a letter (UTF-16) to UTF-8, piece by piece.
#include "sheet/wide.h"

#define LOST 0xFFFDu

enum wide_order wide_sniff(const unsigned char *p, size_t n) {
    size_t look = n < 64 ? n : 64, even = 0, odd = 0;
    bool marked = n >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF));
    if (n >= 4 && ((p[0] == 0xFF && p[1] == 0xFE && p[2] == 0 && p[3] == 0) || (p[0] == 0 && p[1] == 0))) {
        return WIDE_NOT; // UTF-32
    }
    if (marked) {
        return p[0] == 0xFF ? WIDE_LITTLE : WIDE_BIG;
    }
    for (size_t i = 0; i < look; i++) {
        *(i % 2 ? &odd : &even) += p[i] == 0;
    }
    bool some = look >= 4;
    return some && even == 0 && odd * 3 >= look   ? WIDE_LITTLE
           : some && odd == 0 && even * 3 >= look ? WIDE_BIG
                                                  : WIDE_NOT;
}

static char *put(char *to, unsigned u) {
    if (u < 0x80) {
        *to++ = (char)u;
        return to;
    }
    if (u < 0x800) {
        *to++ = (char)(0xC0 | (u >> 6));
    } else {
        if (u < 0x10000) {
            *to++ = (char)(0xE0 | (u >> 12));
        } else {
            *to++ = (char)(0xF0 | (u >> 18));
            *to++ = (char)(0x80 | ((u >> 12) & 0x3F));
        }
        *to++ = (char)(0x80 | ((u >> 6) & 0x3F));
    }
    *to++ = (char)(0x80 | (u & 0x3F));
    return to;
}

static char *take_unit(struct wide *w, unsigned u, char *to) {
    bool low = u >= 0xDC00 && u < 0xE000;
    if (w->high) {
        unsigned pair = 0x10000 + ((w->high - 0xD800) << 10) + (u - 0xDC00);
        w->high = 0;
        if (low) {
            return put(to, pair);
        }
        to = put(to, LOST);
    }
    if (u >= 0xD800 && u < 0xDC00) {
        w->high = u;
        return to;
    }
    return put(to, low ? LOST : u);
}

size_t wide_take(struct wide *w, const unsigned char *in, size_t n, bool last, char *out) {
    char *to = out;
    for (size_t i = 0; i < n; i++) {
        if (!w->has_odd) {
            w->odd = in[i];
            w->has_odd = true;
            continue;
        }
        unsigned first = w->odd, second = in[i];
        w->has_odd = false;
        to = take_unit(w, w->order == WIDE_LITTLE ? second << 8 | first : first << 8 | second, to);
    }
    if (last && (w->high || w->has_odd)) {
        to = put(to, LOST);
        w->high = 0;
        w->has_odd = false;
    }
    return (size_t)(to - out);
}
