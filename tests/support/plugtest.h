// SPDX-License-Identifier: Apache-2.0
// Real plugins in a test: started against the test's database, their copies in a folder of its own.
#ifndef ANCHORAGE_TESTS_SUPPORT_PLUGTEST_H
#define ANCHORAGE_TESTS_SUPPORT_PLUGTEST_H

#include "plugin/host.h"
#include "support/dbtest.h"

struct template_set;

struct plugtest {
    struct plugin_host *host;
    char copies[64];
};

// Starts the plugins of `list` from `dir` with the database of c and gives c their generation. The test fails
// with the plugin's reason when one is not active.
struct plugtest plugtest_start(struct ctx *c, const char *dir, const char *list);
// With their pages: base is the program's templates (frame_templates).
struct plugtest plugtest_start_pages(struct ctx *c, const char *dir, const char *list,
                                     const struct template_set *base);
void plugtest_stop(struct plugtest *p, struct ctx *c);

// Setup and teardown of a test with the plugin of events ("probe_events" from `dir`) on a database of its
// own; market: filled with people, anchors and businesses (market_fill).
int plugtest_setup(void **state, struct plugtest *ret, const char *dir, bool market);
int plugtest_teardown(void **state, struct plugtest *p);

#endif
