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

struct plugin_host; // core/plugin/host.h

struct app {
    const struct template_set *templates;
    const struct form_specs *forms;
    const struct router *router;
    const struct nav_item *nav;
    size_t nav_count;
    struct plugin_host *plugins;
    const char *public_url; // "https://market.example" without a slash at the end
    const char *data_dir;
};

#endif
