// SPDX-License-Identifier: Apache-2.0
// Bench: pages of spend as people get them.
#ifndef ANCHORAGE_TESTS_BENCH_PAGES_H
#define ANCHORAGE_TESTS_BENCH_PAGES_H

#include "support/dbtest.h"

// Over the payments that are stored: prints how long each page takes right after a payee was tied (the state
// and all its figures made anew), when its figures were asked in the background first, and when they are
// kept; beside it the same sums in SQL (sql false: not).
void bench_pages(struct dbtest *t, int rounds, bool sql);

#endif
