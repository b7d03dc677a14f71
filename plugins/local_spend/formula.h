// SPDX-License-Identifier: Apache-2.0
// The formulas of the spend report, on whole pence and exact fractions: no floating point, so that a rerun
// gives the same digits. Method: the published "Preston model" spend analyses (CLES) and LM3 (nef); README.md
// says which parts.
//
// Shares come as basis points (hundredths of a per cent), rounded half up from the exact fraction, for
// showing; order and differences are taken on the exact fraction.
#ifndef LOCAL_SPEND_FORMULA_H
#define LOCAL_SPEND_FORMULA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// part / whole in basis points, half up. False when whole is 0 or negative: then there is no share to show.
bool spend_share_bp(int64_t part_pence, int64_t whole_pence, int64_t *ret_bp);

// The same in tenths of a per cent, as sentences give it: rounded once, from the exact fraction.
bool spend_share_tenths(int64_t part_pence, int64_t whole_pence, int64_t *ret_tenths);

// part_b / whole_b less part_a / whole_a in basis points, rounded half up once from the exact difference.
bool spend_change_bp(int64_t part_a, int64_t whole_a, int64_t part_b, int64_t whole_b, int64_t *ret_bp);

// The average share of several bodies, in basis points. weighted: their money together, sum(part) /
// sum(whole); else each body counts the same, the mean of part / whole. The two can be far apart, so say
// which was taken. False when a whole is 0 or negative, or a figure is above 10^15. At most 2^20 bodies.
bool spend_average_share_bp(const int64_t *part_pence, const int64_t *whole_pence, size_t count,
                            bool weighted, int64_t *ret_bp);

// Sums of one year and one rule of place. influenceable is S: procurement, grants when switched on, and
// credits.
struct spend_sums {
    int64_t influenceable_pence;
    int64_t local_pence;     // payees known to be in the place
    int64_t unlocated_pence; // payees whose place is not known
};

struct spend_locality {
    int64_t lower_bp;    // local / S: nothing unlocated is local
    int64_t known_bp;    // local / (S - unlocated)
    int64_t upper_bp;    // (local + unlocated) / S: all of it is
    int64_t coverage_bp; // (S - unlocated) / S
    int64_t leakage_bp;  // 1 - lower
    bool has_known;      // known_bp is set: something is located
    bool headline;       // coverage is good enough to print one figure
};

// Above this share of S without a place, no single headline figure is to be printed.
#define SPEND_UNLOCATED_MOST_BP 1000

// False when S is 0 or negative.
bool spend_locality(const struct spend_sums *sums, struct spend_locality *ret);

// Share of S that goes to the n largest payees. pence: each payee's net, largest first.
bool spend_top_share_bp(const int64_t *pence, size_t count, size_t n, int64_t whole_pence, int64_t *ret_bp);

// Herfindahl-Hirschman index of concentration, sum of (s_i / S)^2, in basis points of 1: 10000 is one payee.
// Payees with a net of 0 or less are left out, of the sum S too. At most 2^20 payees.
bool spend_hhi_bp(const int64_t *pence, size_t count, int64_t *ret_bp);

// Payees that count: net above 0 (credits taken off within the year).
size_t spend_payees_counted(const int64_t *pence, size_t count);

// LM3, the local multiplier of the New Economics Foundation, in hundredths: (R1 + R2 + R3) / R1, 100 to 300.
// With count_first false and a payee outside the place, R1 is left out of the sum (the second published
// convention). Say which one was used beside the figure.
bool spend_lm3_centi(int64_t r1_pence, int64_t r2_pence, int64_t r3_pence, bool count_first,
                     int64_t *ret_centi);

// One group of payees (local, or not) in a survey of what suppliers spend again in the place.
struct spend_respend_group {
    int64_t contract_pence; // income from the anchors of those who answered
    int64_t respent_pence;  // of it spent again in the place
    int64_t spend_pence;    // all spend with the group
    uint32_t answers;
};

// Fewest answers a group needs before its rate may be shown or used.
#define SPEND_RESPEND_LEAST 5

// Spend that comes round again: sum over groups of respent / contract * spend, rounded half up once. False
// when a group with spend has fewer than SPEND_RESPEND_LEAST answers or no income.
bool spend_recirculated(const struct spend_respend_group *groups, size_t count, int64_t *ret_pence);

// What stays with an intermediary (an agency, a buying club) after the end suppliers it paid are shown in its
// place. False when they add up to more than it was paid: then the second file must be looked at, not used.
bool spend_pass_through(int64_t paid_pence, const int64_t *tier2_pence, size_t count,
                        int64_t *ret_rest_pence);

#endif
