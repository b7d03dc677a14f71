// SPDX-License-Identifier: Apache-2.0
// Templates, forms, pages, menu entries and panels of a plugin. What look.c compiles is only named here; the
// addresses are checked as the router will read them (core/http/router.c).
#include "plugin/describe.h"

#include "base/text.h"
#include "form/form.h"

#include <stdio.h>
#include <string.h>

#define FORM_BYTES      ((size_t)8 * 1024 * 1024) // of arena, for all form files of one plugin
#define SEGMENTS_MAX    12                        // of an address, as the router takes them
#define PARAMS_MAX      4
#define TEMPLATE_BYTES  (256u * 1024)
#define FORM_TEXT_BYTES ((size_t)256 * 1024)

static bool check_templates(struct plugin *p) {
    const struct anc_table *t = &p->about.templates;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_template row, other;
        plugin_row(t, i, &row, sizeof row);
        if (!describe_word(row.name, 60, "-/") || !row.text || row.bytes > TEMPLATE_BYTES) {
            return REFUSE(p, "Template %u (\"%.60s\") has no proper name or text, or is larger than 256 KiB.",
                          i + 1, describe_named(row.name));
        }
        for (uint32_t k = 0; k < i; k++) {
            plugin_row(t, k, &other, sizeof other);
            if (strcmp(other.name, row.name) == 0) {
                return REFUSE(p, "It has two templates called \"%s\".", row.name);
            }
        }
    }
    return true;
}

// ---- addresses

struct part {
    const char *text;
    size_t n;
    bool param;
};

static bool part_ok(const struct part *s) {
    const char *from = s->param ? s->text + 1 : s->text;
    size_t len = s->param ? s->n - 2 : s->n;
    for (size_t i = 0; i < len; i++) {
        char ch = from[i];
        if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
              strchr("-_.~", ch))) {
            return false;
        }
    }
    return len > 0 && !(s->n == 1 && s->text[0] == '.') && !(s->n == 2 && memcmp(s->text, "..", 2) == 0);
}

// The parts between the slashes; 0 when it is no address.
static size_t parts_of(const char *path, struct part *parts) {
    size_t count = 0, params = 0;
    while (*path == '/') {
        size_t n = strcspn(path + 1, "/");
        struct part s = {.text = path + 1, .n = n};
        s.param = n > 2 && s.text[0] == '{' && s.text[n - 1] == '}';
        for (size_t i = 0; s.param && i < count; i++) {
            if (parts[i].param && parts[i].n == n && memcmp(parts[i].text, s.text, n) == 0) {
                return 0; // the same name twice
            }
        }
        params += s.param;
        if (count == SEGMENTS_MAX || params > PARAMS_MAX || !part_ok(&s)) {
            return 0;
        }
        parts[count++] = s;
        path += n + 1;
    }
    return *path ? 0 : count;
}

static bool can_match_same(const struct anc_route *a, const struct anc_route *b) {
    struct part x[SEGMENTS_MAX], y[SEGMENTS_MAX];
    size_t n = parts_of(a->path, x);
    if (strcmp(a->method, b->method) != 0 || parts_of(b->path, y) != n) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (!x[i].param && !y[i].param && (x[i].n != y[i].n || memcmp(x[i].text, y[i].text, x[i].n) != 0)) {
            return false;
        }
    }
    return true;
}

static bool under_prefix(const char *id, const char *path) {
    size_t n = strlen(id);
    return strncmp(path, "/x/", 3) == 0 && strncmp(path + 3, id, n) == 0 &&
           (path[3 + n] == 0 || path[3 + n] == '/');
}

static bool known_perm(int32_t perm) {
    return perm >= ANC_PERM_PUBLIC && perm <= ANC_PERM_ADMIN;
}

// ---- routes

static bool check_route(struct plugin *p, const struct anc_route *r, uint32_t number,
                        const struct form_specs *forms) {
    bool get = r->method && strcmp(r->method, "GET") == 0;
    if (!r->method || (!get && strcmp(r->method, "POST") != 0)) {
        return REFUSE(p, "Page %u (%.100s) must have the method GET or POST.", number,
                      describe_named(r->path));
    }
    if (!r->path || !under_prefix(p->id, r->path)) {
        return REFUSE(p, "Its page %.100s lies outside of /x/%s.", describe_named(r->path), p->id);
    }
    struct part parts[SEGMENTS_MAX];
    if (strlen(r->path) > 200 || parts_of(r->path, parts) == 0) {
        return REFUSE(p, "The address %.100s of a page is not well-formed.", r->path);
    }
    if (!known_perm(r->perm)) {
        return REFUSE(p, "Its page %s %s does not say who may open it (a permission is missing).", r->method,
                      r->path);
    }
    if (!r->form || !*r->form) {
        return REFUSE(p, "Its page %s %s names no form. Say \"-\" for none.", r->method, r->path);
    }
    if (strcmp(r->form, "-") != 0 && !form_spec_find(forms, r->form)) {
        return REFUSE(p, "Its page %s %s names the form \"%.60s\", which none of its forms is.", r->method,
                      r->path, r->form);
    }
    if (r->flags & ~(uint32_t)ANC_ROUTE_KEEP) {
        return REFUSE(p, "Its page %s %s has a flag that this server does not know.", r->method, r->path);
    }
    if ((r->flags & ANC_ROUTE_KEEP) && (!get || r->perm != ANC_PERM_PUBLIC)) {
        return REFUSE(p, "Its page %s %s cannot be kept ready-made: only public GET pages can.", r->method,
                      r->path);
    }
    return r->page ? true : REFUSE(p, "Its page %s %s has no function.", r->method, r->path);
}

static bool check_routes(struct plugin *p, const struct form_specs *forms) {
    const struct anc_table *t = &p->about.routes;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_route row, other;
        plugin_row(t, i, &row, sizeof row);
        if (!check_route(p, &row, i + 1, forms)) {
            return false;
        }
        for (uint32_t k = 0; k < i; k++) {
            plugin_row(t, k, &other, sizeof other);
            if (can_match_same(&row, &other)) {
                return REFUSE(p, "Its pages %s %.80s and %.80s can match the same address.", row.method,
                              other.path, row.path);
            }
        }
    }
    return true;
}

// ---- forms: read here too, so that a page's form is known without compiled templates

static bool read_forms(struct plugin *p, struct form_specs *forms) {
    const struct anc_table *t = &p->about.forms;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_form row, other;
        char file[100], why[300];
        plugin_row(t, i, &row, sizeof row);
        if (!describe_word(row.name, 60, "-") || !row.text ||
            strnlen(row.text, FORM_TEXT_BYTES + 1) > FORM_TEXT_BYTES) {
            return REFUSE(p, "Form file %u (\"%.60s\") has no proper name or text.", i + 1,
                          describe_named(row.name));
        }
        for (uint32_t k = 0; k < i; k++) {
            plugin_row(t, k, &other, sizeof other);
            if (strcmp(other.name, row.name) == 0) {
                return REFUSE(p, "It has two form files called \"%s\".", row.name);
            }
        }
        snprintf(file, sizeof file, "forms/%s.form", row.name);
        if (!form_specs_add(forms, file, row.text, why, sizeof why)) {
            return REFUSE(p, "%s.", why);
        }
    }
    return true;
}

static bool own_get_page(const struct plugin *p, const char *path) {
    for (uint32_t i = 0; i < p->about.routes.count; i++) {
        struct anc_route row;
        plugin_row(&p->about.routes, i, &row, sizeof row);
        if (strcmp(row.method, "GET") == 0 && strcmp(row.path, path) == 0) {
            return !strchr(path, '{');
        }
    }
    return false;
}

static bool check_menu(struct plugin *p) {
    for (uint32_t i = 0; i < p->about.menu.count; i++) {
        struct anc_menu row;
        plugin_row(&p->about.menu, i, &row, sizeof row);
        if (!describe_line(row.label, 100)) {
            return REFUSE(p, "Menu entry %u has no label.", i + 1);
        }
        if (!row.path || !own_get_page(p, row.path)) {
            return REFUSE(
                p, "Its menu entry \"%s\" leads to %.100s, which is no GET page of its own without {..}.",
                row.label, describe_named(row.path));
        }
        if (!known_perm(row.perm)) {
            return REFUSE(p, "Its menu entry \"%s\" does not say who sees it (a permission is missing).",
                          row.label);
        }
    }
    return true;
}

static bool check_panels(struct plugin *p) {
    for (uint32_t i = 0; i < p->about.panels.count; i++) {
        struct anc_page_panel row;
        plugin_row(&p->about.panels, i, &row, sizeof row);
        if (!describe_line(row.title, 200)) {
            return REFUSE(p, "Panel %u has no title.", i + 1);
        }
        if (row.slot < ANC_SLOT_HOME || row.slot > ANC_SLOT_ACCOUNT) {
            return REFUSE(p, "Its panel \"%.100s\" stands in a place (%d) that this server does not have.",
                          row.title, (int)row.slot);
        }
        if (!row.fill) {
            return REFUSE(p, "Its panel \"%.100s\" has no function.", row.title);
        }
    }
    return true;
}

bool describe_pages(struct plugin *p) {
    struct arena *a = arena_new(FORM_BYTES);
    struct form_specs *forms = form_specs_new(a);
    bool good = check_templates(p) && read_forms(p, forms) && check_routes(p, forms) && check_menu(p) &&
                check_panels(p);
    arena_free(a);
    return good;
}
