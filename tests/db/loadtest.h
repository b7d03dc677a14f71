// SPDX-License-Identifier: Apache-2.0
// What tests of loading payments share: the real plugin, two anchors, files made on the spot.
#ifndef ANCHORAGE_TESTS_DB_LOADTEST_H
#define ANCHORAGE_TESTS_DB_LOADTEST_H

#include "support/dbtest.h"

#include "spend/load.h"

#define DATA SOURCE_DIR "/tests/data/spend/"

int loadtest_group_up(void **state);
int loadtest_group_down(void **state);

// A context with the anchors "council" and "hospital", as an officer.
struct ctx *loadtest_ready(void **state);
// Another context of an officer on a connection of its own.
struct ctx *loadtest_beside(void **state);

void loadtest_supplier(struct ctx *c, const char *ref, const char *match_name, const char *company,
                       const char *charity);

// Orders of a load by "council" without a month; payments of earlier loads count once.
struct load_orders loadtest_orders(void);

enum err loadtest_try(struct ctx *c, const char *path, const struct load_orders *o, struct load_summary *ret,
                      const char **ret_ref);
enum err loadtest_look(struct ctx *c, const char *path, const struct load_orders *o,
                       struct load_summary *ret);
// Must work; gives the load's reference.
const char *loadtest_load(struct ctx *c, const char *anchor, const char *path);

// A file with these bytes in a folder that goes with the test program.
const char *loadtest_file(struct ctx *c, const char *name, const char *text);
const char *loadtest_folder(void);

// Everything that loads leave behind as one text, ids left out.
const char *loadtest_everything(struct ctx *c);

#define SUM_OF_LINES "SELECT coalesce(sum(amount_pence), 0)::bigint FROM core.spend_line WHERE counted"
#define SUM_OF_SUMS  "SELECT coalesce(sum(amount_pence), 0)::bigint FROM core.spend_sum"
// Sums that are not those of the lines that count; 0 when all tie.
#define UNTIED                                                                                               \
    "SELECT count(*) FROM (SELECT load_id, fy, payee_id, flow, sum(amount_pence) AS p, count(*) AS n, "      \
    "coalesce(sum(amount_pence) FILTER (WHERE amount_pence < 0), 0) AS c "                                   \
    "FROM core.spend_line WHERE counted GROUP BY 1, 2, 3, 4) l "                                             \
    "FULL JOIN core.spend_sum s USING (load_id, fy, payee_id, flow) "                                        \
    "WHERE (l.p, l.n, l.c) IS DISTINCT FROM (s.amount_pence::numeric, s.line_count, "                        \
    "s.credit_pence::numeric)"

#endif
