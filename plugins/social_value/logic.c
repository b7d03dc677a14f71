// SPDX-License-Identifier: Apache-2.0
// Worth of commitments and points for them, in exact whole numbers.
#include "logic.h"

#include <string.h>

// Denominator that all worths share: thousandths of a unit times three shares in basis points.
// Largest sum: 64 * 10^10 * 10^9 * 10^12 = 6.4 * 10^32, times 10^5 points stays below 2^127 = 1.7 * 10^38.
static const __int128 common_den = (__int128)1000 * SV_BASIS_POINTS * SV_BASIS_POINTS * SV_BASIS_POINTS;

struct sv_ratio sv_net_pence(const struct sv_measure *m, int64_t units_milli) {
    __int128 share = (__int128)SV_BASIS_POINTS * SV_BASIS_POINTS * SV_BASIS_POINTS;
    if (!m->factors_in_proxy)
        share = (__int128)(SV_BASIS_POINTS - m->deadweight_bp) * m->attribution_bp *
                (SV_BASIS_POINTS - m->displacement_bp);
    struct sv_ratio r = {(__int128)units_milli * m->proxy_pence * share, common_den};
    return r;
}

static bool in_range(const struct sv_commitment *c) {
    return c->units_milli >= 0 && c->units_milli <= SV_UNITS_MAX_MILLI && c->local_units_milli >= 0 &&
           c->local_units_milli <= c->units_milli;
}

static bool came_before(const struct sv_commitment *commitments, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (commitments[i].code && strcmp(commitments[i].code, commitments[at].code) == 0)
            return true;
    return false;
}

// Fills one line. Answers the measure when the line counts, else NULL.
static const struct sv_measure *line_of(const struct sv_measure *set, size_t set_count,
                                        const struct sv_commitment *commitments, size_t at,
                                        struct sv_line *ret_line) {
    const struct sv_commitment *c = &commitments[at];
    const struct sv_measure *m = sv_measure_find(set, set_count, c->code);
    memset(ret_line, 0, sizeof *ret_line);
    if (!m || sv_measure_problem(m)) {
        ret_line->state = SV_LINE_UNKNOWN;
        return NULL;
    }
    if (came_before(commitments, at)) {
        ret_line->state = SV_LINE_TWICE;
        return NULL;
    }
    if (!in_range(c)) {
        ret_line->state = SV_LINE_OUT_OF_RANGE;
        return NULL;
    }
    ret_line->counted_units_milli = m->local_only ? c->local_units_milli : c->units_milli;
    if (m->proxy_pence == SV_NO_PROXY) {
        ret_line->state = SV_LINE_NO_PROXY;
        return NULL;
    }
    struct sv_ratio gross = {(__int128)ret_line->counted_units_milli * m->proxy_pence, 1000};
    ret_line->gross_pence = sv_ratio_round(gross);
    if (!c->evidenced)
        ret_line->state = SV_LINE_NO_EVIDENCE;
    else if (ret_line->counted_units_milli == 0 && c->units_milli > 0)
        ret_line->state = SV_LINE_OUTSIDE;
    else
        ret_line->state = SV_LINE_COUNTED;
    return ret_line->state == SV_LINE_COUNTED ? m : NULL;
}

int sv_value_of(const struct sv_measure *set, size_t set_count, const struct sv_commitment *commitments,
                size_t count, struct sv_line *ret_lines, struct sv_value *ret_value) {
    if (count > SV_COMMITMENT_MAX)
        return -1;
    struct sv_value sum = {.exact_pence = {0, common_den}};
    for (size_t i = 0; i < count; i++) {
        const struct sv_measure *m = line_of(set, set_count, commitments, i, &ret_lines[i]);
        if (!m) {
            sum.not_counted++;
            continue;
        }
        struct sv_ratio net = sv_net_pence(m, ret_lines[i].counted_units_milli);
        ret_lines[i].net_pence = sv_ratio_round(net);
        sum.exact_pence.num += net.num;
        sum.counted++;
    }
    sum.pence = sv_ratio_round(sum.exact_pence);
    *ret_value = sum;
    return 0;
}

static bool is_weight(int32_t weight_milli) {
    return weight_milli >= 0 && weight_milli <= SV_POINTS_MAX_MILLI;
}

int sv_points_absolute(int32_t weight_milli, const struct sv_value *value, int64_t target_pence,
                       int32_t *ret_milli) {
    if (!is_weight(weight_milli) || target_pence <= 0 || target_pence > SV_TARGET_MAX_PENCE)
        return -1;
    struct sv_ratio target = {target_pence, 1};
    if (sv_ratio_compare(value->exact_pence, target) >= 0) {
        *ret_milli = weight_milli;
        return 0;
    }
    struct sv_ratio points = {value->exact_pence.num * weight_milli, value->exact_pence.den * target_pence};
    *ret_milli = (int32_t)sv_ratio_round(points);
    return 0;
}

int sv_points_relative(int32_t weight_milli, const struct sv_value *value, const struct sv_value *best,
                       int32_t *ret_milli) {
    if (!is_weight(weight_milli) || sv_ratio_compare(value->exact_pence, best->exact_pence) > 0)
        return -1;
    if (best->exact_pence.num == 0) {
        *ret_milli = 0;
        return 0;
    }
    struct sv_ratio points = {value->exact_pence.num * weight_milli, best->exact_pence.num};
    *ret_milli = (int32_t)sv_ratio_round(points);
    return 0;
}

int sv_points_level(int32_t weight_milli, int32_t level, int32_t levels_max, int32_t *ret_milli) {
    if (!is_weight(weight_milli) || levels_max < 1 || level < 0 || level > levels_max)
        return -1;
    struct sv_ratio points = {(__int128)weight_milli * level, levels_max};
    *ret_milli = (int32_t)sv_ratio_round(points);
    return 0;
}

int64_t sv_full_time_milli(int64_t hours) {
    struct sv_ratio r = {(__int128)(hours < 0 ? 0 : hours) * 1000, SV_FULL_TIME_HOURS};
    return sv_ratio_round(r);
}
