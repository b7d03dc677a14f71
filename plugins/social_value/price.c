// SPDX-License-Identifier: Apache-2.0
// Points for a price, by one of four published formulas.
#include "price.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const char *const mode_texts[] = {
    [SV_PRICE_NONE] = "none",
    [SV_PRICE_LOWEST_OVER_PRICE] = "lowest_over_price",
    [SV_PRICE_LINEAR_FROM_LOWEST] = "linear_from_lowest",
    [SV_PRICE_ABSOLUTE_RANGE] = "absolute_range",
};
#define MODE_COUNT (sizeof mode_texts / sizeof mode_texts[0])

const char *sv_price_rule_problem(const struct sv_price_rule *rule) {
    if ((size_t)rule->mode >= MODE_COUNT)
        return "Choose one of the price formulas.";
    if (rule->weight_milli < 0 || rule->weight_milli > SV_WEIGHT_MAX_MILLI)
        return "The weight for price must be from 0 to 100 points.";
    if (rule->mode != SV_PRICE_ABSOLUTE_RANGE)
        return NULL;
    if (rule->low_pence < 0 || rule->high_pence > SV_PRICE_MAX_PENCE)
        return "The price range must be from £0 to £100 billion.";
    if (rule->low_pence >= rule->high_pence)
        return "The highest price of the range must be above the lowest.";
    return NULL;
}

static struct sv_ratio points_of(const struct sv_price_rule *rule, __int128 p, __int128 p0) {
    __int128 w = rule->weight_milli;
    struct sv_ratio none = {0, 1}, all = {w, 1}, r = {0, 1};
    switch (rule->mode) {
    case SV_PRICE_NONE:
        return none;
    case SV_PRICE_LOWEST_OVER_PRICE:
        if (p == 0 || p0 == 0)
            return p == 0 ? all : none;
        r.num = w * p0;
        r.den = p;
        return r;
    case SV_PRICE_LINEAR_FROM_LOWEST:
        if (p0 == 0)
            return p == 0 ? all : none;
        if (p >= 2 * p0)
            return none;
        r.num = w * (2 * p0 - p);
        r.den = p0;
        return r;
    case SV_PRICE_ABSOLUTE_RANGE:
        if (p >= rule->high_pence)
            return none;
        if (p <= rule->low_pence)
            return all;
        r.num = w * (rule->high_pence - p);
        r.den = rule->high_pence - rule->low_pence;
        return r;
    }
    return none;
}

int sv_price_points(const struct sv_price_rule *rule, int64_t price_pence, int64_t lowest_pence,
                    struct sv_ratio *ret_points) {
    bool relative = rule->mode == SV_PRICE_LOWEST_OVER_PRICE || rule->mode == SV_PRICE_LINEAR_FROM_LOWEST;
    if (sv_price_rule_problem(rule) || price_pence < 0 || price_pence > SV_PRICE_MAX_PENCE)
        return -1;
    if (relative && (lowest_pence < 0 || lowest_pence > price_pence))
        return -1;
    *ret_points = points_of(rule, price_pence, lowest_pence);
    return 0;
}

int sv_price_points_milli(const struct sv_price_rule *rule, int64_t price_pence, int64_t lowest_pence,
                          int32_t *ret_milli) {
    struct sv_ratio exact;
    if (sv_price_points(rule, price_pence, lowest_pence, &exact) != 0)
        return -1;
    *ret_milli = (int32_t)sv_ratio_round(exact);
    return 0;
}

const char *sv_price_mode_text(enum sv_price_mode mode) {
    return (size_t)mode < MODE_COUNT ? mode_texts[mode] : "none";
}

int sv_price_mode_of(const char *text, enum sv_price_mode *ret_mode) {
    for (size_t i = 0; text && i < MODE_COUNT; i++) {
        if (strcmp(text, mode_texts[i]) == 0) {
            *ret_mode = (enum sv_price_mode)i;
            return 0;
        }
    }
    return -1;
}
