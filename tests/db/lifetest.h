// SPDX-License-Identifier: Apache-2.0
// A plugin folder, a plugin host and a database of their own for each test about the life of plugins.
#ifndef ANCHORAGE_TESTS_DB_LIFETEST_H
#define ANCHORAGE_TESTS_DB_LIFETEST_H

#include "plugin/points.h"
#include "support/dbtest.h"

struct life {
    struct dbtest *t;
    struct ctx *c;
    char folder[64], copies[80], crashes[80];
    struct plugin_host *h;
    const char *answer; // of the last life_ask
};

// cmocka_unit_test_setup_teardown(test_x, life_setup, life_teardown): *state is a struct life *.
int life_setup(void **state);
int life_teardown(void **state);

// Puts a built plugin into the folder as ID.so: a file of tests/life ("life_1") or tests/bad ("good").
void life_put(struct life *l, const char *built, const char *id);
// Starts a host with this list, ends the one before.
void life_open(struct life *l, const char *list);
void life_close(struct life *l);
// What the switching thread does: plan, publish and settle until nothing changes. How many generations it
// made.
int life_switch(struct life *l);
// Changes a wish: UPDATE core.plugin SET <what>, wanted_no = wanted_no + 1 WHERE id = <id>.
void life_wish(struct life *l, const char *id, const char *what);

struct plugin_info life_info(struct life *l, const char *id);
// The plugin's state, words of its reason, and that core.plugin says the same.
#define life_is(l, id, state, words) life_is_at((l), (id), (state), (words), __FILE__, __LINE__)
void life_is_at(struct life *l, const char *id, enum plugin_state state, const char *words, const char *file,
                int line);

// Lets the plugin "life" of a generation (NULL: the current) run the statement of this name ("": none); what
// it answers about itself is in l->answer.
enum err life_ask(struct life *l, const struct plugin_set *s, const char *statement);

#endif
