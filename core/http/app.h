// SPDX-License-Identifier: Apache-2.0
// What the running program is made of; immutable once published, swapped as a whole.
#ifndef ANCHORAGE_HTTP_APP_H
#define ANCHORAGE_HTTP_APP_H

#include "form/form.h"
#include "http/route.h"
#include "render/template.h"

struct nav_item {
    const char *label, *href;
    int perm_plus_one; // who sees it
};

struct arena;
struct cube;        // core/spend/cube.h
struct plugin_host; // core/plugin/host.h
struct plugin_set;

struct app {
    const struct template_set *templates;
    const struct form_specs *forms;
    const struct router *router;
    const struct nav_item *nav;
    size_t nav_count;
    const struct plugin_set *plugins; // its generation, with a pin of its own; NULL: none
    struct cube *cube;                // sums over payments, one for the whole program; NULL: none
    struct plugin_host *host;         // all plugins of the program, for pages that show them; NULL: none
    const char *public_url;           // "https://market.example" without a slash at the end
    const char *data_dir;
    // Called once, on any thread, when the server has let go of it: it was swapped out and its last request
    // has ended. NULL: it belongs to whoever made it.
    void (*end)(const struct app *app);
    struct arena *arena; // for `end`
};

#endif
