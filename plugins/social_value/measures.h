// SPDX-License-Identifier: Apache-2.0
// The example set of social value measures, in plain words. Its figures are examples: a place must set its
// own.
#ifndef SOCIAL_VALUE_MEASURES_H
#define SOCIAL_VALUE_MEASURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SV_NO_PROXY        (-1) // the measure is counted in units but has no value in pounds
#define SV_PROXY_MAX_PENCE 1000000000ll
#define SV_BASIS_POINTS    10000

struct sv_measure {
    const char *code;        // stable, stored with every commitment
    const char *title;       // what is promised
    const char *unit;        // what is counted
    const char *help;        // what counts and what shows it
    int64_t proxy_pence;     // example worth of one unit in pence, or SV_NO_PROXY
    int32_t deadweight_bp;   // share that would have happened anyway
    int32_t attribution_bp;  // share that is due to this contract
    int32_t displacement_bp; // share that only moved from somewhere else
    bool factors_in_proxy;   // the three shares are already inside the proxy: take them out of the sum
    bool local_only;         // only units in the area of the place count
    uint32_t version;        // goes up whenever anything of the row changes
};

// The set's name and version, stored with every score; figures of different sets must not be compared.
#define SV_SET_NAME    "anchorage-example"
#define SV_SET_VERSION "1"

extern const struct sv_measure sv_measures[];
extern const size_t sv_measure_count;

// The measure with this code, or NULL.
const struct sv_measure *sv_measure_find(const struct sv_measure *set, size_t count, const char *code);

// What is wrong with a measure (a place may bring its own set), in plain words, or NULL.
const char *sv_measure_problem(const struct sv_measure *measure);

#endif
