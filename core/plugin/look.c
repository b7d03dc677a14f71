// SPDX-License-Identifier: Apache-2.0
// Templates, forms, pages and menu entries of a plugin, compiled once when it is checked.
#include "plugin/look.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define LOOK_BYTES     ((size_t)32 * 1024 * 1024)
#define TEMPLATE_BYTES (256u * 1024)
#define NAME_MAX_BYTES 60
#define LABEL_CHARS    40
#define MENUS_MAX      8 // of all plugins together, so that the navigation stays one

struct plugin_look {
    struct arena *arena;
    struct template_set *templates;
    struct form_specs *forms;
    struct plugin_route *routes; // without a member
    struct plugin_menu *menus;
};

// ---- templates ----------------------------------------------------------------------------------------

// "list", and for templates also "parts/row".
static bool is_name(const char *s, bool folders) {
    size_t n = s ? strlen(s) : 0;
    if (n == 0 || n > NAME_MAX_BYTES) {
        return false;
    }
    for (const char *p = s; p; p = strchr(p, '/') ? strchr(p, '/') + 1 : NULL) {
        size_t part = strcspn(p, "/");
        if (part == 0 || p[0] < 'a' || p[0] > 'z' ||
            strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789_-") != part) {
            return false;
        }
    }
    return folders || !strchr(s, '/');
}

static bool add_template(struct plugin *p, const struct template_set *base, const struct anc_template *t) {
    if (!is_name(t->name, true) || !t->text) {
        plugin_fail(
            p, "templates/%s.html: a template needs a text and a name of small letters, digits, - and _.",
            t->name ? t->name : "");
    } else if (template_exists(base, t->name)) {
        plugin_fail(p, "templates/%s.html: the server has a template of this name. Call it something else.",
                    t->name);
    } else if (t->bytes > TEMPLATE_BYTES || !utf8_valid(t->text, t->bytes)) {
        plugin_fail(p, "templates/%s.html: this is not UTF-8 text of at most 256 KiB.", t->name);
    } else {
        template_add(p->look->templates, t->name, t->text, t->bytes);
        return true;
    }
    return false;
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

static bool add_form(struct plugin *p, const struct anc_form *row) {
    char file[NAME_MAX_BYTES + 16], why[400];
    if (!is_name(row->name, false) || !row->text) {
        plugin_fail(p, "forms/%s.form: a form needs a text and a name of small letters, digits, - and _.",
                    row->name ? row->name : "");
        return false;
    }
    snprintf(file, sizeof file, "forms/%s.form", row->name);
    if (!form_specs_add(p->look->forms, file, row->text, why, sizeof why)) {
        plugin_fail(p, "%s.", why);
        return false;
    }
    return true;
}

static bool make_forms(struct plugin *p) {
    p->look->forms = form_specs_new(p->look->arena);
    for (uint32_t i = 0; i < p->about.forms.count; i++) {
        struct anc_form row;
        plugin_row(&p->about.forms, i, &row, sizeof row);
        if (!add_form(p, &row)) {
            return false;
        }
    }
    return true;
}

// ---- pages --------------------------------------------------------------------------------------------

// ANC_PERM_* is enum perm, counted from 1, so that a forgotten column is seen.
static bool perm_of(int32_t given, int *ret) {
    bool known = given >= ANC_PERM_PUBLIC && given <= ANC_PERM_ADMIN;
    *ret = known ? given - ANC_PERM_PUBLIC + PERM_PUBLIC : PERM_ADMIN;
    return known;
}

static bool takes_file(const struct form_spec *spec) {
    for (size_t i = 0; i < spec->field_count; i++) {
        if (spec->fields[i].type == FIELD_FILE) {
            return true;
        }
    }
    return false;
}

static bool make_route(struct plugin *p, const struct anc_route *row, struct plugin_route *ret) {
    *ret = (struct plugin_route){.method = row->method,
                                 .path = row->path,
                                 .form = row->form,
                                 .flags = row->flags,
                                 .page = row->page,
                                 .templates = p->look->templates};
    if (!row->method || !row->path || !row->form || !row->page || !perm_of(row->perm, &ret->perm)) {
        plugin_fail(p, "Its page %s lacks a column: method, path, permission, form or function.",
                    row->path ? row->path : "without a path");
        return false;
    }
    if (strcmp(row->form, "-") == 0) {
        return true;
    }
    ret->form_spec = form_spec_find(p->look->forms, row->form);
    if (!ret->form_spec) {
        plugin_fail(p, "Its page %s %s names the form \"%s\", which none of its files in forms/ describes.",
                    row->method, row->path, row->form);
        return false;
    }
    if (takes_file(ret->form_spec)) {
        plugin_fail(p, "Its form \"%s\" asks for a file; pages of plugins take no files.", row->form);
        return false;
    }
    return true;
}

static bool make_routes(struct plugin *p) {
    uint32_t n = p->about.routes.count;
    p->look->routes = arena_array(p->look->arena, n + 1u, sizeof *p->look->routes);
    for (uint32_t i = 0; i < n; i++) {
        struct anc_route row;
        plugin_row(&p->about.routes, i, &row, sizeof row);
        if (!make_route(p, &row, &p->look->routes[i])) {
            return false;
        }
    }
    return true;
}

static bool is_own_page(const struct plugin *p, const char *path) {
    for (uint32_t i = 0; i < p->about.routes.count; i++) {
        const struct plugin_route *r = &p->look->routes[i];
        if (strcmp(r->method, "GET") == 0 && strcmp(r->path, path) == 0 && !strchr(path, '{')) {
            return true;
        }
    }
    return false;
}

static bool make_menus(struct plugin *p) {
    uint32_t n = p->about.menu.count;
    p->look->menus = arena_array(p->look->arena, n + 1u, sizeof *p->look->menus);
    for (uint32_t i = 0; i < n; i++) {
        struct anc_menu row;
        plugin_row(&p->about.menu, i, &row, sizeof row);
        struct plugin_menu *m = &p->look->menus[i];
        *m = (struct plugin_menu){.label = row.label, .path = row.path};
        if (!row.label || !*row.label || !row.path || !perm_of(row.perm, &m->perm)) {
            plugin_fail(p, "Its menu entry %u lacks a label, a path or a permission.", i + 1);
            return false;
        }
        if (!utf8_valid(row.label, strlen(row.label)) || text_has_control(row.label) ||
            utf8_count(row.label) > LABEL_CHARS) {
            plugin_fail(p, "The label of its menu entry %u is no plain text of at most %d characters.", i + 1,
                        LABEL_CHARS);
            return false;
        }
        if (!is_own_page(p, row.path)) {
            plugin_fail(p, "Its menu entry \"%s\" leads to %s, which is no GET page of its own without {..}.",
                        row.label, row.path);
            return false;
        }
    }
    return true;
}

bool plugin_look_make(struct plugin *p, const struct template_set *base) {
    if (!base) {
        return true;
    }
    struct arena *a = arena_new(LOOK_BYTES);
    p->look = arena_alloc(a, sizeof *p->look);
    p->look->arena = a;
    return make_templates(p, base) && make_forms(p) && make_routes(p) && make_menus(p);
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

// ---- what pages need to know --------------------------------------------------------------------------

const char *plugin_route_title(const struct plugin_route *route) {
    return route->member->plugin->about.title;
}

bool plugin_route_has(const struct plugin_route *route, const char *template_name) {
    const struct anc_table *t = &route->member->plugin->about.templates;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_template row;
        plugin_row(t, i, &row, sizeof row);
        if (strcmp(row.name, template_name) == 0) {
            return true;
        }
    }
    return false;
}

void plugin_route_texts(const struct plugin_route *route, struct model *m) {
    const struct anc_table *t = &route->member->plugin->about.texts;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_text row;
        plugin_row(t, i, &row, sizeof row);
        model_text(m, arena_printf(model_arena(m), "text_%s", row.key), row.text);
    }
}
