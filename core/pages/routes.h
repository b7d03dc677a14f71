// SPDX-License-Identifier: Apache-2.0
// The route tables of all pages: one array a file of core/pages, named here once.
#ifndef ANCHORAGE_PAGES_ROUTES_H
#define ANCHORAGE_PAGES_ROUTES_H

#include "http/route.h"

#define PAGE_TABLES(X)                                                                                       \
    X(home)                                                                                                  \
    X(account)                                                                                               \
    X(business)                                                                                              \
    X(suppliers)                                                                                             \
    X(opportunities)                                                                                         \
    X(channels)                                                                                              \
    X(bids)                                                                                                  \
    X(buyer)                                                                                                 \
    X(events)                                                                                                \
    X(spend)                                                                                                 \
    X(spend_import)                                                                                          \
    X(spend_match)                                                                                           \
    X(spend_payments)                                                                                        \
    X(spend_reports)                                                                                         \
    X(officer)                                                                                               \
    X(admin)                                                                                                 \
    X(admin_plugins)

#define DECLARE(area)                                                                                        \
    extern const struct route routes_##area[];                                                               \
    extern const size_t routes_##area##_count;
PAGE_TABLES(DECLARE)
#undef DECLARE

// At the end of a file of pages: ROUTES_END(home).
#define ROUTES_END(area) const size_t routes_##area##_count = sizeof routes_##area / sizeof *routes_##area

#endif
