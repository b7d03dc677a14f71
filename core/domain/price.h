// SPDX-License-Identifier: Apache-2.0
// Price points and totals in exact whole numbers: lowest price over price.
//
// points = weight x lowest price / price. Shown points are rounded half up to a thousandth; totals are
// compared as fractions, so that rounding never decides. Example of the Crown Commercial Service: prices
// 15,000, 10,000 and 30,000 earn 0.667, 1 and 0.333 of the points.
#ifndef ANCHORAGE_DOMAIN_PRICE_H
#define ANCHORAGE_DOMAIN_PRICE_H

#include <stdbool.h>
#include <stdint.h>

#define PRICE_METHOD "price/lowest_over_price@1"

// One bid's total: points given by people and plugins (thousandths) and what the price earns.
struct total {
    int64_t given_milli;
    int64_t weight;                    // price points of the lowest price, whole points 0 to 100
    int64_t lowest_pence, price_pence; // at most MONEY_MAX_PENCE; a price of 0 earns all points
};

// Thousandths of a point, rounded half up.
int64_t price_points_milli(int64_t weight, int64_t lowest_pence, int64_t price_pence);
int64_t total_milli(const struct total *t); // the exact total rounded once, half up

// -1, 0 or 1 as the exact total of a is lower than, equal to or higher than that of b.
int total_compare(const struct total *a, const struct total *b);

#define POINTS_TEXT_BYTES 24
// "36.67" from thousandths, two decimals, half up; "36.675" with three for the database.
void points_format(int64_t milli, char *out);
void points_format_exact(int64_t milli, char *out);
// Reads "42", "42.5" or "42.125"; false when it is no number of points from 0 to 100.
bool points_parse(const char *s, int64_t *ret_milli);

#endif
