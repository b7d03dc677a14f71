// SPDX-License-Identifier: Apache-2.0
// Numbers of the demo place, from a fixed seed and whole numbers only.
#include "demo/demo_rng.h"

uint64_t demo_next(struct demo_rng *r) {
    uint64_t z = r->s += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

uint32_t demo_below(struct demo_rng *r, uint32_t n) {
    return (uint32_t)(((demo_next(r) >> 32) * n) >> 32);
}

bool demo_chance(struct demo_rng *r, uint32_t percent) {
    return demo_below(r, 100) < percent;
}

int64_t demo_spread(struct demo_rng *r) {
    static const int16_t table[64] = {
        114,  167,  205,  237,  266,  292,  318,  343,  367,  391,  415,  438,  462,  485,  509,  533,
        557,  581,  606,  631,  657,  683,  710,  737,  765,  793,  823,  853,  884,  916,  948,  983,
        1018, 1054, 1092, 1132, 1173, 1216, 1261, 1308, 1357, 1409, 1464, 1522, 1584, 1650, 1720, 1795,
        1876, 1964, 2060, 2165, 2282, 2411, 2557, 2723, 2916, 3144, 3420, 3766, 4225, 4882, 5982, 8809};
    return table[demo_below(r, 64)];
}

// Largest whole number whose square is not above v, by halving.
static int64_t root(int64_t v) {
    int64_t low = 0, high = INT64_C(1) << 30;
    while (low < high) {
        int64_t mid = (low + high + 1) / 2;
        if (mid * mid <= v) {
            low = mid;
        } else {
            high = mid - 1;
        }
    }
    return low;
}

int64_t demo_rank_weight(size_t i) {
    int64_t n = (int64_t)i + 6;
    return INT64_C(1000000000000) / (n * root(n * 1000000));
}

void demo_shuffle(struct demo_rng *r, uint32_t *list, size_t n) {
    for (size_t i = 0; i < n; i++) {
        list[i] = (uint32_t)i;
    }
    for (size_t i = n; i > 1; i--) {
        uint32_t k = demo_below(r, (uint32_t)i);
        uint32_t held = list[i - 1];
        list[i - 1] = list[k];
        list[k] = held;
    }
}

void demo_ref(struct demo_rng *r, char *out) {
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint64_t v = demo_next(r);
    for (int i = 0; i < 12; i++, v >>= 5) {
        out[i] = alphabet[v & 31];
    }
    out[12] = 0;
}
