// SPDX-License-Identifier: Apache-2.0
// Two probe plugins (tests/plugins/probe_plugin.c) on a test's database, with roles and tables made by hand,
// so that these tests stand on nothing but the calls.
#ifndef ANCHORAGE_TESTS_PLUGINS_PROBING_H
#define ANCHORAGE_TESTS_PLUGINS_PROBING_H

#include "plugin/calls.h"
#include "plugin/plugin.h"
#include "support/plugtest.h"

struct probing {
    struct dbtest *t;
    struct ctx *c; // of t, with the generation
    struct plugtest plugins;
};

// cmocka_unit_test_setup_teardown(test, probing_setup, probing_teardown): *state is a struct probing *.
int probing_setup(void **state);
int probing_teardown(void **state);
// The same without a database: c->db is NULL.
int probing_setup_bare(void **state);
int probing_teardown_bare(void **state);

// A member of the current generation.
const struct plugin_member *probing_member(const struct probing *p, const char *id);
struct plugin_info probing_info(const struct probing *p, const char *id);
// Plays a script through the probe's verb; what it said is in c->arena.
enum err probing_play(const struct probing *p, const char *script, const char **ret_said);
// The newest fault of "probe", its detail; "" none.
const char *probing_fault(const struct probing *p);
// What plugins wrote to the log since the last call, one line each.
const char *probing_log(void);
// Number of things that the probe's table holds.
int probing_things(const struct probing *p);

#endif
