// SPDX-License-Identifier: Apache-2.0
// Exact fractions: rounding half up and comparing without overflow.
#include "ratio.h"

int64_t sv_ratio_round(struct sv_ratio r) {
    __int128 whole = r.num / r.den;
    __int128 rest = r.num % r.den;
    if (rest >= r.den - rest)
        whole++;
    return (int64_t)whole;
}

int sv_ratio_compare(struct sv_ratio a, struct sv_ratio b) {
    int sign = 1;
    for (;;) {
        __int128 whole_a = a.num / a.den, whole_b = b.num / b.den;
        if (whole_a != whole_b)
            return whole_a < whole_b ? -sign : sign;
        a.num %= a.den;
        b.num %= b.den;
        if (a.num == 0 || b.num == 0)
            return a.num == b.num ? 0 : a.num == 0 ? -sign : sign;
        // Both rests are proper fractions: compare them upside down.
        struct sv_ratio flip = {a.den, a.num};
        a = flip;
        flip.num = b.den;
        flip.den = b.num;
        b = flip;
        sign = -sign;
    }
}
