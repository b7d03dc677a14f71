// SPDX-License-Identifier: Apache-2.0
// What tests of sums over payments share: an invented place with anchors, suppliers, payees and payments that
// change at random (by a seed), and the same sums in plain SQL from the lines.
#ifndef ANCHORAGE_TESTS_DB_CUBETEST_H
#define ANCHORAGE_TESTS_DB_CUBETEST_H

#include "spend/cube.h"
#include "support/dbtest.h"

struct world {
    struct ctx *c;  // changes
    struct ctx *by; // looks, on a connection of its own; its arena is emptied between looks
    uint64_t random;
    int loads, payees, suppliers;
};

// Place, three wards, two anchors ("council", "hospital"), suppliers "s1" .. , payees tied to some of them.
void world_make(struct world *w, struct dbtest *t, uint64_t seed, int suppliers, int payees);
void world_end(struct world *w);
uint32_t world_random(struct world *w, uint32_t below);

// One change by its number (any), in a transaction of its own; what it was, for messages.
const char *world_change(struct world *w, uint32_t number);
#define WORLD_CHANGES 14

// A load of this anchor; lines are added with world_line and become sums with world_sums. Its id.
int64_t world_load(struct ctx *c, const char *anchor);
void world_line(struct ctx *c, int64_t load, const char *payee, const char *day, const char *category,
                int flow, int64_t pence);
void world_sums(struct ctx *c, int64_t load);

// A slice with every choice open.
struct anc_slice world_slice(int32_t by, int32_t then_by);
// A slice with random choices.
struct anc_slice world_any_slice(struct world *w);

// The answer as text, a row a line, "key|then_key|pence|lines|payees|credit", ordered by key: from the cube
// (the failure as text when there is one), and from the lines in SQL.
const char *world_from_cube(struct ctx *c, const struct cube_view *v, const struct anc_slice *s);
const char *world_from_lines(struct ctx *c, const struct anc_slice *s);

#endif
