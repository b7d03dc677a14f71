// SPDX-License-Identifier: Apache-2.0
// Points for a price, by one of four published formulas. Exact whole-number arithmetic.
#ifndef SOCIAL_VALUE_PRICE_H
#define SOCIAL_VALUE_PRICE_H

#include <stdint.h>

#include "ratio.h"

#define SV_PRICE_MAX_PENCE  10000000000000ll // £100 billion
#define SV_WEIGHT_MAX_MILLI 100000           // 100 points

// W: weight, p: price, p0: lowest price among the bids that count.
enum sv_price_mode {
    SV_PRICE_NONE = 0,           // fixed unit cost: price is not scored, every bid gets 0
    SV_PRICE_LOWEST_OVER_PRICE,  // W * p0 / p
    SV_PRICE_LINEAR_FROM_LOWEST, // W * max(0, 1 - (p - p0) / p0)
    SV_PRICE_ABSOLUTE_RANGE, // W * clip((high - p) / (high - low), 0, 1); the range is published before bids
                             // open
};

struct sv_price_rule {
    enum sv_price_mode mode;
    int32_t weight_milli;          // W in thousandths of a point, 0 to SV_WEIGHT_MAX_MILLI
    int64_t low_pence, high_pence; // only for SV_PRICE_ABSOLUTE_RANGE: 0 <= low < high
};

// What is wrong with the rule, in plain words, or NULL when it can be used.
const char *sv_price_rule_problem(const struct sv_price_rule *rule);

// The exact points, in thousandths, of one price.
// price_pence, lowest_pence: 0 to SV_PRICE_MAX_PENCE, lowest <= price; lowest is not used by NONE and
// ABSOLUTE_RANGE. Answers 0, or -1 when the rule or a price cannot be used; ret_points is then untouched. A
// lowest price of nought gives all points to bids of nought and none to the others. Rank on the exact value
// (sv_ratio_compare); show sv_ratio_round of it.
int sv_price_points(const struct sv_price_rule *rule, int64_t price_pence, int64_t lowest_pence,
                    struct sv_ratio *ret_points);

// The same, rounded half up to thousandths of a point.
int sv_price_points_milli(const struct sv_price_rule *rule, int64_t price_pence, int64_t lowest_pence,
                          int32_t *ret_milli);

// "none", "lowest_over_price", "linear_from_lowest", "absolute_range", and back. -1 for another word.
const char *sv_price_mode_text(enum sv_price_mode mode);
int sv_price_mode_of(const char *text, enum sv_price_mode *ret_mode);

#endif
