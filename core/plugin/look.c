// SPDX-License-Identifier: Apache-2.0
// Templates, forms, pages and menu entries of a plugin, compiled once when it is checked. What the
// description alone tells was checked by describe_pages.c.
#include "plugin/look.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define LOOK_BYTES ((size_t)32 * 1024 * 1024)
#define MENUS_MAX  8 // of all plugins together, so that the navigation stays one

struct plugin_look {
    struct arena *arena;
    struct template_set *templates;
    struct form_specs *forms;
    struct plugin_route *routes; // without a member
    struct plugin_menu *menus;
};

// ---- templates ----------------------------------------------------------------------------------------

static bool add_template(struct plugin *p, const struct template_set *base, const struct anc_template *t) {
    if (template_exists(base, t->name)) { // the layout among others: whoever has it has the whole page
        plugin_fail(p, "templates/%s.html: the server has a template of this name. Call it something else.",
                    t->name);
        return false;
    }
    if (!utf8_valid(t->text, t->bytes)) {
        plugin_fail(p, "templates/%s.html: this is not UTF-8 text.", t->name);
        return false;
    }
    template_add(p->look->templates, t->name, t->text, t->bytes);
    return true;
}

static bool make_templates(struct plugin *p, const struct template_set *base) {
    char why[400];
    p->look->templates = template_set_new(base);
    template_set_folder(p->look->templates, "templates/");
    for (uint32_t i = 0; i < p->about.templates.count; i++) {
        struct anc_template row;
        plugin_row(&p->about.templates, i, &row, sizeof row);
        if (!add_template(p, base, &row)) {
            return false;
        }
    }
    if (!template_compile(p->look->templates, why, sizeof why)) {
        plugin_fail(p, "%s.", why);
        return false;
    }
    return true;
}

// ---- forms --------------------------------------------------------------------------------------------

static bool make_forms(struct plugin *p) {
    p->look->forms = form_specs_new(p->look->arena);
    for (uint32_t i = 0; i < p->about.forms.count; i++) {
        struct anc_form row;
        char file[100], why[400];
        plugin_row(&p->about.forms, i, &row, sizeof row);
        snprintf(file, sizeof file, "forms/%s.form", row.name);
        if (!form_specs_add(p->look->forms, file, row.text, why, sizeof why)) {
            plugin_fail(p, "%s.", why);
            return false;
        }
    }
    return true;
}

// ---- pages --------------------------------------------------------------------------------------------

// ANC_PERM_* is enum perm counted from 1, so that a forgotten column is seen.
static int perm_of(int32_t given) {
    return given - ANC_PERM_PUBLIC + PERM_PUBLIC;
}

static bool takes_file(const struct form_spec *spec) {
    for (size_t i = 0; i < spec->field_count; i++) {
        if (spec->fields[i].type == FIELD_FILE) {
            return true;
        }
    }
    return false;
}

static bool make_routes(struct plugin *p) {
    uint32_t n = p->about.routes.count;
    p->look->routes = arena_array(p->look->arena, n + 1u, sizeof *p->look->routes);
    for (uint32_t i = 0; i < n; i++) {
        struct anc_route row;
        plugin_row(&p->about.routes, i, &row, sizeof row);
        const struct form_spec *spec =
            strcmp(row.form, "-") == 0 ? NULL : form_spec_find(p->look->forms, row.form);
        if (spec && takes_file(spec)) {
            plugin_fail(p, "Its form \"%s\" asks for a file; pages of plugins take no files.", row.form);
            return false;
        }
        p->look->routes[i] = (struct plugin_route){.method = row.method,
                                                   .path = row.path,
                                                   .perm = perm_of(row.perm),
                                                   .form = row.form,
                                                   .flags = row.flags,
                                                   .page = row.page,
                                                   .templates = p->look->templates,
                                                   .form_spec = spec};
    }
    return true;
}

static void make_menus(struct plugin *p) {
    uint32_t n = p->about.menu.count;
    p->look->menus = arena_array(p->look->arena, n + 1u, sizeof *p->look->menus);
    for (uint32_t i = 0; i < n; i++) {
        struct anc_menu row;
        plugin_row(&p->about.menu, i, &row, sizeof row);
        p->look->menus[i] =
            (struct plugin_menu){.label = row.label, .path = row.path, .perm = perm_of(row.perm)};
    }
}

bool plugin_look_make(struct plugin *p, const struct template_set *base) {
    if (!base) {
        return true;
    }
    struct arena *a = arena_new(LOOK_BYTES);
    p->look = arena_alloc(a, sizeof *p->look);
    p->look->arena = a;
    if (!make_templates(p, base) || !make_forms(p) || !make_routes(p)) {
        return false;
    }
    make_menus(p);
    return true;
}

void plugin_look_free(struct plugin *p) {
    if (p->look) {
        template_set_free(p->look->templates);
        arena_free(p->look->arena); // the look itself lies in it
        p->look = NULL;
    }
}

// ---- generations --------------------------------------------------------------------------------------

static bool shows_pages(const struct plugin *p) {
    return p->look && (p->granted & ANC_CAP_PAGES);
}

void plugin_look_gather(struct plugin_set *s) {
    size_t routes = 0, menus = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct plugin *p = s->members[i].plugin;
        routes += shows_pages(p) ? p->about.routes.count : 0;
        menus += shows_pages(p) ? p->about.menu.count : 0;
    }
    struct plugin_route *r = arena_array(s->arena, routes + 1, sizeof *r);
    struct plugin_menu *m = arena_array(s->arena, menus + 1, sizeof *m);
    s->routes = r;
    s->menus = m;
    for (size_t i = 0; i < s->count; i++) {
        const struct plugin *p = s->members[i].plugin;
        for (uint32_t k = 0; shows_pages(p) && k < p->about.routes.count; k++) {
            *r = p->look->routes[k];
            r++->member = &s->members[i];
        }
        for (uint32_t k = 0; shows_pages(p) && k < p->about.menu.count; k++) {
            *m++ = p->look->menus[k];
        }
    }
    s->route_count = routes;
    s->menu_count = menus < MENUS_MAX ? menus : MENUS_MAX;
}

size_t plugin_set_routes(const struct plugin_set *s, const struct plugin_route **ret) {
    *ret = s ? s->routes : NULL;
    return s ? s->route_count : 0;
}

size_t plugin_set_menus(const struct plugin_set *s, const struct plugin_menu **ret) {
    *ret = s ? s->menus : NULL;
    return s ? s->menu_count : 0;
}

const char *plugin_route_title(const struct plugin_route *route) {
    return route->member->plugin->about.title;
}
