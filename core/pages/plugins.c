// SPDX-License-Identifier: Apache-2.0
// Pages that plugins bring: the request handed in, the answer carried out; and panels on the core's pages.
#include "pages/plugins.h"

#include "db/queries.gen.h"
#include "domain/ward_map.h"
#include "http/app.h"
#include "plugin/calls.h"
#include "plugin/draw.h"
#include "plugin/page.h"

#include <string.h>

// ---- what was asked -----------------------------------------------------------------------------------

// The names of the {name} segments of a path, in order.
static void read_param_names(struct req *r, const char *path, const char **names, size_t *ret_n) {
    size_t n = 0;
    for (const char *p = strchr(path, '{'); p && n < REQ_MAX_PARAMS; p = strchr(p + 1, '{')) {
        names[n++] = arena_strndup(r->c.arena, p + 1, strcspn(p + 1, "}"));
    }
    *ret_n = n;
}

// Whom the person acts for, as plugins know them. Nobody is asked for when nobody is signed in.
static enum err read_refs(struct req *r, struct plugin_page *page) {
    const struct actor *a = &r->c.actor;
    struct rows *refs;
    page->supplier_ref = page->anchor_ref = "";
    if (a->supplier_id == 0 && a->anchor_id == 0) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(&r->c, actor_refs, &refs, arena_i64(r->c.arena, a->supplier_id),
                         arena_i64(r->c.arena, a->anchor_id));
    if (e == ERR_OK) {
        page->supplier_ref = row_text(refs, 0, "supplier_ref");
        page->anchor_ref = row_text(refs, 0, "anchor_ref");
    }
    return e;
}

// ---- the answer ---------------------------------------------------------------------------------------

// Titles are unique in the whole marketplace, so a plugin's pages also carry the name of the plugin.
static const char *title_of(struct req *r, const struct plugin_route *route, const char *title) {
    const char *name = plugin_route_title(route);
    if (!*title || strcmp(title, name) == 0) {
        return name;
    }
    return arena_printf(r->c.arena, "%s - %s", title, name);
}

static enum err answer(struct req *r, const struct plugin_route *route, const struct plugin_page *page) {
    if (page->message && *page->message) {
        page_flash(r, "success", page->message);
    }
    switch (page->answer) {
    case PLUGIN_ANSWER_RENDER:
        return page_render_with(r, route->templates, page->template_name,
                                page_model(r, title_of(r, route, page->title)), page->model);
    case PLUGIN_ANSWER_REDIRECT:
        return page_redirect(r, "%s", page->location);
    case PLUGIN_ANSWER_BYTES:
        return page_bytes(r, page->media_type, page->download && *page->download ? page->download : NULL,
                          page->bytes, page->byte_count);
    case PLUGIN_ANSWER_NONE:
        break;
    }
    return ctx_fail(&r->c, ERR_BUG, "the plugin's page gave no answer");
}

enum err page_of_plugin(struct req *r) {
    const struct plugin_route *route = r->route->extra;
    const char *names[REQ_MAX_PARAMS];
    struct plugin_page page = {.post = strcmp(r->method, "POST") == 0,
                               .param_names = names,
                               .params = r->params,
                               .query = r->query,
                               .query_count = r->query_count,
                               .form = r->form,
                               .model = model_new(r->c.arena)};
    read_param_names(r, route->path, names, &page.param_count);
    enum err e = read_refs(r, &page);
    e = e ? e : plugin_page_call(&r->c, route, &page);
    return e ? e : answer(r, route, &page);
}

// ---- panels on pages of the core ----------------------------------------------------------------------

void view_slot(struct req *r, struct model *m, int32_t slot, const char *ref, const char *heading) {
    struct slot_panel *panels = NULL;
    size_t n = r->c.plugins ? plugin_slot_panels(&r->c, slot, ref, &panels) : 0;
    model_list(m, "slot");
    for (size_t i = 0; i < n; i++) {
        struct model *item = model_add(m, "slot");
        model_i64(item, "slot_number", (int64_t)i + 1);
        model_text(item, "slot_heading", heading);
        model_text(item, "slot_title", panels[i].title);
        model_text(item, "slot_plugin", panels[i].plugin_title);
        const struct picture_map *map = NULL;
        if (draw_needs_map(&panels[i].panel) && ward_map_load(&r->c, &map) != ERR_OK) {
            map = NULL; // its figures are drawn as bars then
        }
        draw_panel(item, &panels[i].panel, map);
    }
}
