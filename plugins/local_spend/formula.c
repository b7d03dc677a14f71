// SPDX-License-Identifier: Apache-2.0
// The formulas of the spend report, on whole pence and exact fractions.
#include "formula.h"

// Sums are below 2^63 pence; products of two of them and a small factor fit 128 bits.
__extension__ typedef __int128 wide;

enum { BP = 10000, MOST_PAYEES = 1 << 20 };

// Floor of a / b for b > 0, then half up: floor(x + 1/2) with x = a / b.
static wide half_up(wide a, wide b) {
    wide n = 2 * a + b, d = 2 * b;
    wide q = n / d;
    return n % d < 0 ? q - 1 : q;
}

static bool share(int64_t part, int64_t whole, int32_t unit, int64_t *ret) {
    if (whole <= 0) {
        return false;
    }
    wide n = half_up((wide)part * unit, whole);
    if (n > INT64_MAX || n < INT64_MIN) {
        return false;
    }
    *ret = (int64_t)n;
    return true;
}

bool spend_share_bp(int64_t part_pence, int64_t whole_pence, int64_t *ret_bp) {
    return share(part_pence, whole_pence, BP, ret_bp);
}

bool spend_share_tenths(int64_t part_pence, int64_t whole_pence, int64_t *ret_tenths) {
    return share(part_pence, whole_pence, BP / 10, ret_tenths);
}

bool spend_change_bp(int64_t part_a, int64_t whole_a, int64_t part_b, int64_t whole_b, int64_t *ret_bp) {
    // Four factors of this size could pass 127 bits; ten million pounds times a million is far above any
    // place.
    const int64_t most = INT64_C(1000000000000000);
    if (whole_a <= 0 || whole_b <= 0 || whole_a > most || whole_b > most || part_a > most || part_a < -most ||
        part_b > most || part_b < -most) {
        return false;
    }
    wide top = ((wide)part_b * whole_a - (wide)part_a * whole_b) * BP;
    wide bp = half_up(top, (wide)whole_a * whole_b);
    if (bp > INT64_MAX || bp < INT64_MIN) {
        return false;
    }
    *ret_bp = (int64_t)bp;
    return true;
}

bool spend_average_share_bp(const int64_t *part_pence, const int64_t *whole_pence, size_t count,
                            bool weighted, int64_t *ret_bp) {
    const int64_t most = INT64_C(1000000000000000);
    const wide unit = (wide)1 << 40; // fractions of a basis point, so that the mean is rounded once
    wide parts = 0, wholes = 0, shares = 0;
    if (count == 0 || count > MOST_PAYEES) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (whole_pence[i] <= 0 || whole_pence[i] > most || part_pence[i] > most || part_pence[i] < -most) {
            return false;
        }
        parts += part_pence[i];
        wholes += whole_pence[i];
        shares += half_up((wide)part_pence[i] * BP * unit, whole_pence[i]);
    }
    *ret_bp = (int64_t)(weighted ? half_up(parts * BP, wholes) : half_up(shares, unit * (wide)count));
    return true;
}

bool spend_locality(const struct spend_sums *sums, struct spend_locality *ret) {
    struct spend_locality l = {.lower_bp = 0};
    int64_t s = sums->influenceable_pence, located, most;
    if (__builtin_sub_overflow(s, sums->unlocated_pence, &located) ||
        __builtin_add_overflow(sums->local_pence, sums->unlocated_pence, &most) ||
        !spend_share_bp(sums->local_pence, s, &l.lower_bp) || !spend_share_bp(most, s, &l.upper_bp) ||
        !spend_share_bp(located, s, &l.coverage_bp) ||
        !spend_share_bp(s - sums->local_pence, s, &l.leakage_bp)) {
        return false;
    }
    l.has_known = spend_share_bp(sums->local_pence, located, &l.known_bp);
    l.headline = (wide)sums->unlocated_pence * BP <= (wide)s * SPEND_UNLOCATED_MOST_BP;
    *ret = l;
    return true;
}

bool spend_top_share_bp(const int64_t *pence, size_t count, size_t n, int64_t whole_pence, int64_t *ret_bp) {
    int64_t sum = 0;
    for (size_t i = 0; i < count && i < n; i++) {
        if (__builtin_add_overflow(sum, pence[i], &sum)) {
            return false;
        }
    }
    return spend_share_bp(sum, whole_pence, ret_bp);
}

size_t spend_payees_counted(const int64_t *pence, size_t count) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        n += pence[i] > 0;
    }
    return n;
}

bool spend_hhi_bp(const int64_t *pence, size_t count, int64_t *ret_bp) {
    wide sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        sum += pence[i] > 0 ? pence[i] : 0;
    }
    // The square of S times 20000 must fit: S below 2^55 pence, 360 million million pounds.
    if (sum <= 0 || sum >= (wide)1 << 55 || count > MOST_PAYEES) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        squares += pence[i] > 0 ? (wide)pence[i] * pence[i] : 0;
    }
    *ret_bp = (int64_t)half_up(squares * BP, sum * sum);
    return true;
}

bool spend_lm3_centi(int64_t r1_pence, int64_t r2_pence, int64_t r3_pence, bool count_first,
                     int64_t *ret_centi) {
    if (r1_pence <= 0 || r2_pence < 0 || r3_pence < 0 || r2_pence > r1_pence || r3_pence > r2_pence) {
        return false;
    }
    wide top = (wide)(count_first ? r1_pence : 0) + r2_pence + r3_pence;
    *ret_centi = (int64_t)half_up(top * 100, r1_pence);
    return true;
}

bool spend_recirculated(const struct spend_respend_group *groups, size_t count, int64_t *ret_pence) {
    // The sum is kept as whole pence and a fraction of 2^40 of a penny per group: the error stays far below
    // half a penny, and the usual two groups are exact to the penny.
    const wide unit = (wide)1 << 40;
    const int64_t most = INT64_C(1000000000000);
    wide sum = 0;
    for (size_t i = 0; i < count; i++) {
        const struct spend_respend_group *g = &groups[i];
        if (g->spend_pence == 0) {
            continue;
        }
        if (g->answers < SPEND_RESPEND_LEAST || g->contract_pence <= 0 || g->respent_pence < 0 ||
            g->respent_pence > g->contract_pence || g->spend_pence < 0 || g->spend_pence > most ||
            g->contract_pence > most) {
            return false;
        }
        sum += half_up((wide)g->respent_pence * g->spend_pence * unit, g->contract_pence);
    }
    *ret_pence = (int64_t)half_up(sum, unit);
    return true;
}

bool spend_pass_through(int64_t paid_pence, const int64_t *tier2_pence, size_t count,
                        int64_t *ret_rest_pence) {
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (__builtin_add_overflow(sum, tier2_pence[i], &sum)) {
            return false;
        }
    }
    if (sum > paid_pence) {
        return false;
    }
    return !__builtin_sub_overflow(paid_pence, sum, ret_rest_pence);
}
