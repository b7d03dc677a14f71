// SPDX-License-Identifier: Apache-2.0
// Putting the program together.
#include "cli/assemble.h"

#include "base/conf.h"
#include "base/embed.h"
#include "pages/routes.h"

#include <stdio.h>
#include <string.h>

extern const struct embedded embedded_templates[];
extern const struct embedded embedded_forms[];

static const struct nav_item navigation[] = {
    {"Opportunities", "/opportunities", NEED(PERM_PUBLIC)},
    {"Events", "/events", NEED(PERM_PUBLIC)},
    {"Suppliers", "/suppliers", NEED(PERM_PUBLIC)},
    {"Spend", "/spend", NEED(PERM_PUBLIC)},
    {"My notices", "/buyer", NEED(PERM_BUYER)},
    {"Reporting", "/officer", NEED(PERM_OFFICER)},
    {"Admin", "/admin", NEED(PERM_ADMIN)},
    {"My account", "/account", NEED(PERM_SIGNED_IN)},
};

static struct template_set *templates(char *why, size_t why_cap) {
    struct template_set *s = template_set_new(NULL);
    for (const struct embedded *e = embedded_templates; e->path; e++) {
        const char *dot = strrchr(e->path, '.');
        if (dot && strcmp(dot, ".html") == 0) {
            char name[256];
            snprintf(name, sizeof name, "%.*s", (int)(dot - e->path), e->path);
            template_add(s, name, (const char *)e->bytes, e->n);
        }
    }
    if (template_compile(s, why, why_cap)) {
        return s;
    }
    template_set_free(s);
    return NULL;
}

static void free_templates(void *s) {
    template_set_free(s);
}

static void free_router(void *r) {
    router_free(r);
}

static struct form_specs *forms(struct arena *a, char *why, size_t why_cap) {
    struct form_specs *s = form_specs_new(a);
    for (const struct embedded *e = embedded_forms; e->path; e++) {
        if (!form_specs_add(s, e->path, (const char *)e->bytes, why, why_cap)) {
            return NULL;
        }
    }
    return s;
}

struct app *assemble(struct arena *a, struct plugin_host *plugins, char *why, size_t why_cap) {
    static const struct route *const tables[] = {
#define TABLE(area) routes_##area,
        PAGE_TABLES(TABLE)
#undef TABLE
    };
    const size_t counts[] = {
#define COUNT(area) routes_##area##_count,
        PAGE_TABLES(COUNT)
#undef COUNT
    };
    struct app *app = arena_alloc(a, sizeof *app);
    struct template_set *set = templates(why, why_cap);
    if (!set) {
        return NULL;
    }
    arena_on_end(a, free_templates, set);
    app->templates = set;
    app->forms = forms(a, why, why_cap);
    struct router *router =
        app->forms ? router_new(tables, counts, sizeof tables / sizeof *tables, why, why_cap) : NULL;
    if (!router) {
        return NULL;
    }
    arena_on_end(a, free_router, router);
    app->router = router;
    app->nav = navigation;
    app->nav_count = sizeof navigation / sizeof *navigation;
    app->plugins = plugins;
    app->public_url = *conf_text(CONF_PUBLIC_URL) ? conf_text(CONF_PUBLIC_URL)
                                                  : arena_printf(a, "http://%s", conf_text(CONF_LISTEN));
    app->data_dir = conf_text(CONF_DATA_DIR);
    return app;
}
