// SPDX-License-Identifier: Apache-2.0
// Money as whole pence.
#include "base/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool money_parse(const char *s, int64_t *ret_pence) {
    while (*s == ' ' || *s == '\t') {
        s++;
    }
    if ((unsigned char)s[0] == 0xC2 && (unsigned char)s[1] == 0xA3) { // the pound sign in UTF-8
        s += 2;
    }
    int64_t pounds = 0, pence = 0;
    int digits = 0, decimals = 0;
    bool point = false;
    for (; *s; s++) {
        if (*s >= '0' && *s <= '9') {
            int d = *s - '0';
            if (point) {
                if (++decimals > 2) {
                    return false;
                }
                pence = pence * 10 + d;
            } else {
                digits++;
                pounds = pounds * 10 + d;
                if (pounds > MONEY_MAX_PENCE / 100) {
                    return false;
                }
            }
        } else if (*s == '.' && !point && digits > 0) {
            point = true;
        } else if ((*s == ',' || *s == ' ') && !point && digits > 0) {
            continue;
        } else if (*s == ' ' && s[strspn(s, " ")] == 0) {
            break;
        } else {
            return false;
        }
    }
    if (digits == 0) {
        return false;
    }
    if (decimals == 1) {
        pence *= 10;
    }
    int64_t total = pounds * 100 + pence;
    if (total > MONEY_MAX_PENCE) {
        return false;
    }
    *ret_pence = total;
    return true;
}

// Writes the digits of v with thousands separators; returns the length.
static size_t put_grouped(uint64_t v, char *out) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, v);
    size_t o = 0;
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0) {
            out[o++] = ',';
        }
        out[o++] = digits[i];
    }
    out[o] = 0;
    return o;
}

static uint64_t magnitude(int64_t v) {
    return v < 0 ? (uint64_t)(-(v + 1)) + 1 : (uint64_t)v;
}

static size_t put_sign(int64_t v, char *out) {
    size_t n = 0;
    if (v < 0) {
        out[n++] = '-';
    }
    memcpy(out + n, "\xC2\xA3", 2);
    return n + 2;
}

void money_format(int64_t pence, char *out) {
    uint64_t m = magnitude(pence);
    size_t n = put_sign(pence, out);
    n += put_grouped(m / 100, out + n);
    snprintf(out + n, MONEY_TEXT_BYTES - n, ".%02" PRIu64, m % 100);
}

void money_format_pounds(int64_t pence, char *out) {
    uint64_t pounds = (magnitude(pence) + 50) / 100;
    size_t n = put_sign(pounds == 0 ? 0 : pence, out);
    put_grouped(pounds, out + n);
}

void money_format_short(int64_t pence, char *out) {
    uint64_t m = magnitude(pence);
    const char *word = NULL;
    uint64_t unit = 0;
    if (m >= UINT64_C(99995000000)) { // rounds to 1.0 billion pounds and above
        word = "billion";
        unit = UINT64_C(100000000000);
    } else if (m >= UINT64_C(99950000)) { // rounds to 1.0 million pounds and above
        word = "million";
        unit = UINT64_C(100000000);
    }
    if (!word) {
        money_format_pounds(pence, out);
        return;
    }
    uint64_t tenths = (m + unit / 20) / (unit / 10);
    size_t n = put_sign(pence, out);
    n += put_grouped(tenths / 10, out + n);
    snprintf(out + n, MONEY_TEXT_BYTES - n, ".%" PRIu64 " %s", tenths % 10, word);
}

void money_format_plain(int64_t pence, char *out) {
    uint64_t m = magnitude(pence);
    snprintf(out, MONEY_TEXT_BYTES, "%s%" PRIu64 ".%02" PRIu64, pence < 0 ? "-" : "", m / 100, m % 100);
}

bool money_add(int64_t a, int64_t b, int64_t *ret) {
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *ret = sum;
    return true;
}

int64_t money_share_bp(int64_t part, int64_t whole) {
    if (whole == 0) {
        return 0;
    }
    __int128 num = (__int128)part * 10000 * 2;
    __int128 den = whole;
    if (den < 0) {
        den = -den;
        num = -num;
    }
    __int128 half = num >= 0 ? den : -den;
    return (int64_t)((num + half) / (den * 2));
}
