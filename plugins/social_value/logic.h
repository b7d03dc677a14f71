// SPDX-License-Identifier: Apache-2.0
// Social value of a bid: what its commitments are worth, and its points. Exact whole numbers, no clock, no
// database.
//
//   gross = units * proxy
//   net   = gross * (1 - deadweight) * attribution * (1 - displacement)   (skipped when the proxy already
//   holds them) value of a bid = sum of net over the commitments that say how they will be shown absolute
//   points = weight * min(1, value / published target)            (the default: no bid changes another's
//   points) relative points = weight * value / highest value of all bids level points    = weight * level /
//   highest level
#ifndef SOCIAL_VALUE_LOGIC_H
#define SOCIAL_VALUE_LOGIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measures.h"
#include "ratio.h"

#define SV_COMMITMENT_MAX   64
#define SV_UNITS_MAX_MILLI  10000000000ll // ten million units
#define SV_TARGET_MAX_PENCE 10000000000000ll
#define SV_POINTS_MAX_MILLI 100000 // 100 points
#define SV_RATIONALE_SIZE   1200

// Full-time hours a year are 37.5 a week for 52 weeks.
#define SV_FULL_TIME_HOURS 1950

struct sv_commitment {
    const char *code;          // of a measure
    int64_t units_milli;       // thousandths of a unit, 0 to SV_UNITS_MAX_MILLI
    int64_t local_units_milli; // those of them in the area, at most units_milli
    bool evidenced;            // the bid says how it will be shown
};

enum sv_line_state {
    SV_LINE_COUNTED = 0,
    SV_LINE_NO_EVIDENCE,  // counts 0 until the bid says how it will be shown
    SV_LINE_NO_PROXY,     // counted in units, worth no pounds
    SV_LINE_OUTSIDE,      // a local measure with no unit in the area
    SV_LINE_UNKNOWN,      // no measure with this code in the set
    SV_LINE_TWICE,        // the same measure again: only the first line counts
    SV_LINE_OUT_OF_RANGE, // units below nought, above the limit, or more local units than units
};

struct sv_line {
    enum sv_line_state state;
    int64_t counted_units_milli;
    int64_t gross_pence; // rounded half up, for display
    int64_t net_pence;   // rounded half up, for display; 0 unless COUNTED
};

// Worth of all counted commitments of one bid, exactly.
struct sv_value {
    struct sv_ratio exact_pence;
    int64_t pence; // exact_pence rounded half up
    size_t counted, not_counted;
};

// Adds up a bid.
// set, set_count: the measures in force (sv_measures, or a place's own; each must pass sv_measure_problem).
// ret_lines: one per commitment. ret_value: the sum. Answers 0, or -1 when count is above SV_COMMITMENT_MAX.
int sv_value_of(const struct sv_measure *set, size_t set_count, const struct sv_commitment *commitments,
                size_t count, struct sv_line *ret_lines, struct sv_value *ret_value);

// Net worth of units of one measure, exact, in pence. units_milli must be in range and the measure must have
// a proxy.
struct sv_ratio sv_net_pence(const struct sv_measure *measure, int64_t units_milli);

// Points by the published target. Answers 0, or -1 when weight (0 to SV_POINTS_MAX_MILLI) or target (above 0)
// do not do.
int sv_points_absolute(int32_t weight_milli, const struct sv_value *value, int64_t target_pence,
                       int32_t *ret_milli);

// Points against the best bid. With a best value of nought every bid gets 0.
int sv_points_relative(int32_t weight_milli, const struct sv_value *value, const struct sv_value *best,
                       int32_t *ret_milli);

// Points for the quality of the promise: level out of levels_max (at least 1), as a panel agreed.
int sv_points_level(int32_t weight_milli, int32_t level, int32_t levels_max, int32_t *ret_milli);

// Full-time jobs in thousandths from hours of work in a year, rounded half up. hours: 0 or more.
int64_t sv_full_time_milli(int64_t hours);

// One paragraph that says how the points came about, for the letter to the bidder. Cut to SV_RATIONALE_SIZE.
// points_milli: what was given by weight_milli; target_pence 0 means the relative formula was used.
void sv_rationale(const struct sv_commitment *commitments, const struct sv_line *lines, size_t count,
                  const struct sv_value *value, int32_t weight_milli, int64_t target_pence,
                  int32_t points_milli, char ret_text[SV_RATIONALE_SIZE]);

// Why a line counted or not, in plain words.
const char *sv_line_text(enum sv_line_state state);

#endif
