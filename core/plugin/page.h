// SPDX-License-Identifier: Apache-2.0
// A page of a plugin on its way through the host: what is given in, what comes out. core/pages/plugins.c
// fills it from the request and carries the answer out, so that this room knows nothing of HTTP.
#ifndef ANCHORAGE_PLUGIN_PAGE_H
#define ANCHORAGE_PLUGIN_PAGE_H

#include "form/form.h"
#include "plugin/host.h"
#include "render/model.h"
#include "render/template.h"

#include <stddef.h>

// A route of an active plugin, ready for the router; lives as long as the generation.
struct plugin_route {
    const struct plugin_member *member;
    const char *method, *path;
    int perm;         // enum perm
    const char *form; // name in the plugin's form specs, "-" for none
    unsigned flags;   // ANC_ROUTE_*
    anc_rc (*page)(anc_ctx *ctx, void *state);
    const struct template_set *templates; // the plugin's own, based on the core's
    const struct form_spec *form_spec;    // NULL without a form
};

// All routes of a generation. The array lives as long as the set.
size_t plugin_set_routes(const struct plugin_set *s, const struct plugin_route **ret);

const char *plugin_route_title(const struct plugin_route *route); // of the plugin

// Entries of the navigation, after the core's; at most eight of all plugins together.
struct plugin_menu {
    const char *label, *path;
    int perm; // enum perm
};
size_t plugin_set_menus(const struct plugin_set *s, const struct plugin_menu **ret);

enum plugin_answer { PLUGIN_ANSWER_NONE, PLUGIN_ANSWER_RENDER, PLUGIN_ANSWER_REDIRECT, PLUGIN_ANSWER_BYTES };

struct plugin_page {
    // ---- given in
    bool post;
    const char *const *param_names; // in the order of the path
    const char *const *params;
    size_t param_count;
    const struct form_pair *query;
    size_t query_count;
    const char *supplier_ref, *anchor_ref; // "" none
    struct form *form;                     // NULL without one
    struct model *model;                   // of the page alone: what is put into it cannot reach the layout
    // ---- comes out
    enum plugin_answer answer;
    const char *template_name, *title;
    const char *location;
    const char *message; // NULL none
    const char *media_type, *download;
    const void *bytes;
    size_t byte_count;
};

// Runs the page. ERR_OK: `answer` is set. Errors as of any call.
enum err plugin_page_call(struct ctx *c, const struct plugin_route *route, struct plugin_page *page) MUST;

#endif
