// SPDX-License-Identifier: Apache-2.0
// Shares as people write them.
#include "form/percent.h"

#include <inttypes.h>
#include <stdio.h>

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Digits with separators between them only; *ret_n counts the digits.
static const char *read_whole(const char *s, int64_t *ret, int *ret_n) {
    int64_t v = 0;
    int n = 0;
    while (is_digit(*s) || (n > 0 && (*s == ',' || *s == ' ') && is_digit(s[1]))) {
        if (is_digit(*s)) {
            v = v < PERCENT_MAX_BP ? v * 10 + (*s - '0') : v;
            n++;
        }
        s++;
    }
    *ret = v;
    *ret_n = n;
    return s;
}

bool percent_parse(const char *s, int64_t *ret_bp) {
    bool minus = *s == '-';
    int64_t v;
    int digits, decimals = 0;
    s = read_whole(s + minus, &v, &digits);
    v = v > PERCENT_MAX_BP / 100 ? PERCENT_MAX_BP + 1 : v * 100;
    if (*s == '.') {
        int place = 10;
        for (s++; is_digit(*s) && decimals < 2; s++, decimals++, place /= 10) {
            v += (*s - '0') * place;
        }
        if (decimals == 0) {
            return false;
        }
    }
    while (*s == ' ') {
        s++;
    }
    s += *s == '%';
    if (*s || digits + decimals == 0 || v > PERCENT_MAX_BP) {
        return false;
    }
    *ret_bp = minus ? -v : v;
    return true;
}

void percent_format_plain(int64_t bp, char *out) {
    uint64_t v = bp < 0 ? (uint64_t)0 - (uint64_t)bp : (uint64_t)bp;
    const char *minus = bp < 0 ? "-" : "";
    if (v % 100 == 0) {
        snprintf(out, PERCENT_TEXT_BYTES, "%s%" PRIu64, minus, v / 100);
    } else if (v % 10 == 0) {
        snprintf(out, PERCENT_TEXT_BYTES, "%s%" PRIu64 ".%u", minus, v / 100, (unsigned)(v % 100 / 10));
    } else {
        snprintf(out, PERCENT_TEXT_BYTES, "%s%" PRIu64 ".%02u", minus, v / 100, (unsigned)(v % 100));
    }
}
