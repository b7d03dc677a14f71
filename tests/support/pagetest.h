// SPDX-License-Identifier: Apache-2.0
// The real pages without sockets: the program's own routes, templates and forms, run through the pipeline.
#ifndef ANCHORAGE_TESTS_SUPPORT_PAGETEST_H
#define ANCHORAGE_TESTS_SUPPORT_PAGETEST_H

#include "http/app.h"
#include "support/dbtest.h"
#include "support/plugtest.h"

// Everything that the program serves, with templates that fail at an unknown key, for the current generation
// of the plugins (NULL: none). Lives as long as its arena, which is freed before the host is closed.
const struct app *pagetest_app(struct arena *a, struct plugin_host *plugins);

// Begin and end of a test: a database with the tables, and the pages over it, with the plugins of `list` from
// `dir` (list NULL: none). *state is the struct dbtest, as with dbtest_setup.
struct stage {
    const struct app *app;
    struct plugtest plugins;
    struct arena *arena;
};
int pagetest_setup(void **state, struct stage *ret, const char *dir, const char *list);
int pagetest_teardown(void **state, struct stage *stage);

struct visitor {
    const struct app *app;
    struct dbtest *t;
    char token[65]; // session cookie, "" for nobody
    char csrf[80];
};

// Starts a session for a person of market.h ("council", "brook"); org NULL: nobody.
struct visitor pagetest_visitor(const struct app *app, struct dbtest *t, const char *org);

struct page {
    int status;
    const char *body, *location; // "" when none; live in the arena of the test
};
// target: path and query. The path must be one that a route has.
struct page pagetest_get(struct visitor *v, const char *target);
// form: "name=value&..." with values as they are to arrive, & and = not among them. Sends the right token.
struct page pagetest_post(struct visitor *v, const char *target, const char *form);
// The same with one file: the field it came in and where it lies; its display name is the last part of path.
struct page pagetest_upload(struct visitor *v, const char *target, const char *form, const char *field,
                            const char *path);

// Fails with the page's text when it has another status, or does not hold the words.
#define assert_page(p, want, words) pagetest_assert((p), (want), (words), __FILE__, __LINE__)
void pagetest_assert(struct page p, int status, const char *words, const char *file, int line);

#endif
