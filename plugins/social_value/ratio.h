// SPDX-License-Identifier: Apache-2.0
// Exact fractions of 128-bit whole numbers, so that no score ever passes through floating point.
#ifndef SOCIAL_VALUE_RATIO_H
#define SOCIAL_VALUE_RATIO_H

#include <stdint.h>

// num / den with den > 0 and num >= 0.
struct sv_ratio {
    __int128 num;
    __int128 den;
};

// Rounds half up to a whole number. The result must fit (callers bound their inputs).
int64_t sv_ratio_round(struct sv_ratio r);

// -1, 0 or 1 as a is less than, equal to or greater than b, exactly: compares the whole parts, then the rests
// by Euclid's steps, so nothing overflows.
int sv_ratio_compare(struct sv_ratio a, struct sv_ratio b);

#endif
