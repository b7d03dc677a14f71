// SPDX-License-Identifier: Apache-2.0
// Putting the program together.
#include "cli/assemble.h"

#include "base/conf.h"
#include "base/embed.h"
#include "base/log.h"
#include "pages/plugins.h"
#include "pages/routes.h"
#include "plugin/host.h"
#include "plugin/page.h"
#include "spend/cube.h"

#include <stdio.h>
#include <string.h>

#define APP_BYTES ((size_t)16 * 1024 * 1024)
// A plugin's page may show anything of the database, so any change makes a kept one stale.
#define KEPT_TOPICS "plugin_data,supplier,notice,event,spend"

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
#define NAVIGATION_COUNT (sizeof navigation / sizeof *navigation)

static const struct route *const tables[] = {
#define TABLE(area) routes_##area,
    PAGE_TABLES(TABLE)
#undef TABLE
};
#define TABLE_COUNT (sizeof tables / sizeof *tables)

struct frame {
    const struct template_set *templates;
    const struct form_specs *forms;
    struct cube *cube;
    const char *public_url, *data_dir;
};

// ---- what never changes --------------------------------------------------------------------------

static void free_templates(void *s) {
    template_set_free(s);
}

static struct template_set *core_templates(char *why, size_t why_cap) {
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

static struct form_specs *core_forms(struct arena *a, char *why, size_t why_cap) {
    struct form_specs *s = form_specs_new(a);
    for (const struct embedded *e = embedded_forms; e->path; e++) {
        if (!form_specs_add(s, e->path, (const char *)e->bytes, why, why_cap)) {
            return NULL;
        }
    }
    return s;
}

static void free_cube(void *k) {
    cube_free(k);
}

const struct frame *frame_new(struct arena *a, char *why, size_t why_cap) {
    struct frame *f = arena_alloc(a, sizeof *f);
    struct template_set *set = core_templates(why, why_cap);
    if (!set) {
        return NULL;
    }
    arena_on_end(a, free_templates, set);
    f->templates = set;
    f->cube = cube_new();
    arena_on_end(a, free_cube, f->cube);
    f->forms = core_forms(a, why, why_cap);
    f->public_url = *conf_text(CONF_PUBLIC_URL) ? conf_text(CONF_PUBLIC_URL)
                                                : arena_printf(a, "http://%s", conf_text(CONF_LISTEN));
    f->data_dir = conf_text(CONF_DATA_DIR);
    return f->forms ? f : NULL;
}

const struct template_set *frame_templates(const struct frame *f) {
    return f->templates;
}

struct cube *frame_cube(const struct frame *f) {
    return f->cube;
}

// ---- routes --------------------------------------------------------------------------------------

static struct route route_of(const struct plugin_route *p) {
    bool get = strcmp(p->method, "GET") == 0;
    bool keep = get && p->perm == PERM_PUBLIC && (p->flags & ANC_ROUTE_KEEP);
    return (struct route){.method = p->method,
                          .path = p->path,
                          .perm_plus_one = NEED(p->perm),
                          // Who is not signed in has no token; where he comes from is all there is to ask.
                          .csrf = get                      ? CSRF_NONE
                                  : p->perm == PERM_PUBLIC ? CSRF_ORIGIN
                                                           : CSRF_TOKEN,
                          .form = "-", // its form is the plugin's own (req_form_spec)
                          .flags = ROUTE_PLUGIN | (keep ? ROUTE_SNAPSHOT : 0u),
                          .topics = keep ? KEPT_TOPICS : "",
                          .page = page_of_plugin,
                          .extra = p};
}

static struct router *make_router(const struct route *more, size_t more_count, char *why, size_t why_cap) {
    const struct route *all[TABLE_COUNT + 1];
    size_t counts[TABLE_COUNT + 1] = {
#define COUNT(area) routes_##area##_count,
        PAGE_TABLES(COUNT)
#undef COUNT
    };
    memcpy(all, tables, sizeof tables);
    all[TABLE_COUNT] = more;
    counts[TABLE_COUNT] = more_count;
    return router_new(all, counts, TABLE_COUNT + (more_count > 0), why, why_cap);
}

// Keeps, of the rows of each plugin, those that do together with the core's. Only after a refusal.
static size_t leave_out_bad(struct route *rows, size_t n) {
    size_t kept = 0, next;
    for (size_t i = 0; i < n; i = next) {
        const struct plugin_route *first = rows[i].extra;
        for (next = i; next < n; next++) {
            const struct plugin_route *p = rows[next].extra;
            if (p->member != first->member) {
                break;
            }
        }
        char why[256];
        struct router *r = make_router(rows + i, next - i, why, sizeof why);
        if (r) {
            memmove(rows + kept, rows + i, (next - i) * sizeof *rows);
            kept += next - i;
        } else {
            log_event(LOG_LEVEL_ERROR, "plugin_routes_left_out", "why", why, NULL);
        }
        router_free(r);
    }
    return kept;
}

static void free_router(void *r) {
    router_free(r);
}

static const struct router *add_router(struct app *app, char *why, size_t why_cap) {
    const struct plugin_route *theirs = NULL;
    size_t n = app->plugins ? plugin_set_routes(app->plugins, &theirs) : 0;
    struct route *rows = arena_array(app->arena, n + 1, sizeof *rows);
    for (size_t i = 0; i < n; i++) {
        rows[i] = route_of(&theirs[i]);
    }
    struct router *r = make_router(rows, n, why, why_cap);
    if (!r && n > 0) {
        r = make_router(rows, leave_out_bad(rows, n), why, why_cap);
    }
    if (r) {
        arena_on_end(app->arena, free_router, r);
    }
    return r;
}

// ---- one generation ------------------------------------------------------------------------------

static void add_navigation(struct app *app) {
    const struct plugin_menu *menu = NULL;
    size_t n = app->plugins ? plugin_set_menus(app->plugins, &menu) : 0;
    struct nav_item *nav = arena_array(app->arena, NAVIGATION_COUNT + n, sizeof *nav);
    memcpy(nav, navigation, sizeof navigation);
    for (size_t i = 0; i < n; i++) {
        nav[NAVIGATION_COUNT + i] = (struct nav_item){
            .label = menu[i].label, .href = menu[i].path, .perm_plus_one = NEED(menu[i].perm)};
    }
    app->nav = nav;
    app->nav_count = NAVIGATION_COUNT + n;
}

static void end_app(const struct app *app) {
    const struct plugin_set *plugins = app->plugins;
    arena_free(app->arena); // the app itself lives in it
    plugin_set_unpin(plugins);
}

const struct app *assemble(const struct frame *f, struct plugin_host *host, const struct plugin_set *plugins,
                           char *why, size_t why_cap) {
    struct arena *a = arena_new(APP_BYTES);
    struct app *app = arena_alloc(a, sizeof *app);
    *app = (struct app){.templates = f->templates,
                        .forms = f->forms,
                        .plugins = plugins ? plugin_set_pin(plugins) : NULL,
                        .host = host,
                        .cube = f->cube,
                        .public_url = f->public_url,
                        .data_dir = f->data_dir,
                        .end = end_app,
                        .arena = a};
    app->router = add_router(app, why, why_cap);
    if (!app->router) {
        end_app(app);
        return NULL;
    }
    add_navigation(app);
    return app;
}
