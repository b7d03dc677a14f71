// SPDX-License-Identifier: Apache-2.0
// Payments for tests, put into the tables as a load puts them, without a file.
#ifndef ANCHORAGE_TESTS_SUPPORT_PAYMENTS_H
#define ANCHORAGE_TESTS_SUPPORT_PAYMENTS_H

#include "support/dbtest.h"

// A load of an anchor, with no line yet; file name "<ref>.csv".
void payments_add_load(struct ctx *c, const char *ref, const char *anchor);

// A payee in a state; more: "" or columns and values ("supplier_no = '7', postcode = 'WN1 1AA'"). Its id.
const char *payments_add_payee(struct ctx *c, const char *name, const char *state, const char *more);

// A line with label 1, and the sums of its load made anew. day: "2025-06-01"; flow: ANC_FLOW_*.
struct test_payment {
    const char *load, *payee, *day;
    long long pence;
    int flow;
    bool not_counted;
};
void payments_add(struct ctx *c, const struct test_payment *p);

#endif
