// SPDX-License-Identifier: Apache-2.0
// Price points and totals in exact whole numbers.
#include "domain/price.h"

#include <inttypes.h>
#include <stdio.h>

// Products of two amounts and a weight need more than 64 bits: 10^13 x 10^13 x 10^5.
__extension__ typedef __int128 wide;

static bool is_free(const struct total *t) {
    return t->price_pence <= 0;
}

// The exact total is over_of / under_of thousandths.
static wide over_of(const struct total *t) {
    return is_free(t) ? (wide)t->given_milli + (wide)t->weight * 1000
                      : (wide)t->given_milli * t->price_pence + (wide)t->weight * 1000 * t->lowest_pence;
}

static wide under_of(const struct total *t) {
    return is_free(t) ? 1 : (wide)t->price_pence;
}

int64_t total_milli(const struct total *t) {
    wide under = under_of(t);
    return (int64_t)((over_of(t) * 2 + under) / (under * 2));
}

int64_t price_points_milli(int64_t weight, int64_t lowest_pence, int64_t price_pence) {
    return total_milli(&(struct total){0, weight, lowest_pence, price_pence});
}

int total_compare(const struct total *a, const struct total *b) {
    wide left = over_of(a) * under_of(b), right = over_of(b) * under_of(a);
    return left < right ? -1 : left > right;
}

void points_format(int64_t milli, char *out) {
    int64_t hundredths = (milli + 5) / 10;
    snprintf(out, POINTS_TEXT_BYTES, "%" PRId64 ".%02d", hundredths / 100, (int)(hundredths % 100));
}

void points_format_exact(int64_t milli, char *out) {
    snprintf(out, POINTS_TEXT_BYTES, "%" PRId64 ".%03d", milli / 1000, (int)(milli % 1000));
}

bool points_parse(const char *s, int64_t *ret_milli) {
    int64_t milli = 0;
    int before = 0, after = -1;
    for (; *s; s++) {
        if (*s == '.' && after < 0 && before > 0) {
            after = 0;
        } else if (*s >= '0' && *s <= '9' && before < 4 && after < 3) {
            milli = milli * 10 + (*s - '0');
            after += after >= 0;
            before += after < 0;
        } else {
            return false;
        }
    }
    if (before == 0 || after == 0) {
        return false;
    }
    for (int i = after < 0 ? 0 : after; i < 3; i++) {
        milli *= 10;
    }
    if (milli > 100000) {
        return false;
    }
    *ret_milli = milli;
    return true;
}
