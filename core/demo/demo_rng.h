// SPDX-License-Identifier: Apache-2.0
// Numbers of the demo place: the same seed gives the same place. Never used for anything secret.
#ifndef ANCHORAGE_DOMAIN_DEMO_RNG_H
#define ANCHORAGE_DOMAIN_DEMO_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct demo_rng {
    uint64_t s;
};

// SplitMix64 (Steele, Lea and Flood, 2014): small, and equal on every machine.
uint64_t demo_next(struct demo_rng *r);
// 0 to n - 1; n is at least 1.
uint32_t demo_below(struct demo_rng *r, uint32_t n);
bool demo_chance(struct demo_rng *r, uint32_t percent);

// A factor in thousandths, spread as sums of invoices are: a log-normal curve (sigma 0.9) cut into 64 equal
// parts. Its mean is DEMO_SPREAD_MEAN.
int64_t demo_spread(struct demo_rng *r);
#define DEMO_SPREAD_MEAN 1478

// What the i-th largest of many gets, as a weight: 1 / (i + 6)^1.5, in units of 10^-9.
int64_t demo_rank_weight(size_t i);

// Shuffles 0 .. n-1 (Fisher and Yates).
void demo_shuffle(struct demo_rng *r, uint32_t *list, size_t n);

// A reference of 12 characters in the alphabet of random_ref; out has 13 bytes.
void demo_ref(struct demo_rng *r, char *out);

#endif
