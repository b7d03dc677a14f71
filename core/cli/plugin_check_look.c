// SPDX-License-Identifier: Apache-2.0
// Part of the check that shows every template with hostile texts: nothing of them may come out unescaped.
#include "cli/plugin_check.h"
#include "render/keys.h"

#include <stdio.h>
#include <string.h>

// The letters around it are found again in what is shown; what stands between must have been escaped.
#define HOSTILE_BEGIN "anc-hostile"
#define HOSTILE_END   "anc-end"
#define HOSTILE       "<" HOSTILE_BEGIN " x=\"'&>" HOSTILE_END

#define PAGE_MAX ((size_t)8 * 1024 * 1024)

struct look {
    struct check *k;
    struct template_set *set;
    struct form_specs *forms;
    struct arena *arena;
    struct model *model;
    const struct form_spec *spec; // that has the fields asked for so far
    const struct html *html;
    const char *template_name;
    bool lists;  // sections are lists of two; else flags and texts
    bool answer; // what {{?key}} finds
    size_t seen; // hostile texts that came out escaped
};

// ---- what the keys stand for ---------------------------------------------------------------------

// The items are empty: what their part shows is found in the page around them.
static void put_items(struct model *m, const char *key) {
    model_add(m, key);
    model_add(m, key);
}

static bool has_field(const struct form_spec *spec, const char *name) {
    for (size_t i = 0; spec && i < spec->field_count; i++) {
        if (strcmp(spec->fields[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

// The form of the plugin that has the field: templates do not name their form.
static void find_form(struct look *l, const char *field) {
    const struct anc_table *t = &l->k->info.about->routes;
    for (uint32_t i = 0; i < t->count && !has_field(l->spec, field); i++) {
        struct anc_route row;
        plugin_row(t, i, &row, sizeof row);
        const struct form_spec *spec = strcmp(row.form, "-") == 0 ? NULL : form_spec_find(l->forms, row.form);
        if (has_field(spec, field)) {
            l->spec = spec;
        }
    }
    if (!has_field(l->spec, field)) {
        check_warn(l->k, "fields in templates are in a form",
                   "%s.html asks for the field \"%s\", which no form "
                   "of its pages has.",
                   l->template_name, field);
    }
}

// A text key that is also a section or a question keeps its text: it is something, so its part is shown.
static void put_key(void *arg, const char *key, enum template_use use) {
    struct look *l = arg;
    struct model *m = l->model;
    switch (use) {
    case TEMPLATE_USE_TEXT:
        model_text(m, key, HOSTILE);
        break;
    case TEMPLATE_USE_NUMBER:
        model_i64(m, key, INT64_MIN);
        break;
    case TEMPLATE_USE_DATE:
        model_text(m, key, "2026-11-02");
        break;
    case TEMPLATE_USE_HTML:
        model_html(m, key, l->html);
        break;
    case TEMPLATE_USE_SECTION:
        if (!model_has(m, key)) {
            if (l->lists) {
                put_items(m, key);
            } else {
                model_bool(m, key, l->answer);
            }
        }
        break;
    case TEMPLATE_USE_ASKED:
        if (!model_has(m, key)) {
            model_bool(m, key, l->answer);
        }
        break;
    case TEMPLATE_USE_FIELD:
        find_form(l, key);
        break;
    }
}

static struct form *hostile_form(struct look *l) {
    if (!l->spec) {
        return NULL;
    }
    struct form *f = form_new(l->arena, l->spec);
    for (size_t i = 0; i < l->spec->field_count; i++) {
        form_set(f, l->spec->fields[i].name, HOSTILE);
        form_error(f, l->spec->fields[i].name, HOSTILE);
    }
    form_error(f, "", HOSTILE);
    return f;
}

// ---- what came out -------------------------------------------------------------------------------

// A place where hostile text came out raw; NULL none. Counts those that came out well.
static const char *raw_place(const char *page, size_t *count) {
    for (const char *p = page; (p = strstr(p, HOSTILE_BEGIN)); p++, ++*count) {
        if (p > page && p[-1] == '<') {
            return p - 1;
        }
        const char *end = strstr(p, HOSTILE_END);
        for (const char *q = p; end && q < end; q++) {
            if (*q == '"' || *q == '\'' || *q == '<' || *q == '>') {
                return q;
            }
        }
    }
    return NULL;
}

static bool show(struct look *l, const char *name) {
    static const char what[] = "templates let no hostile text through";
    struct strb out;
    strb_init(&out, PAGE_MAX);
    const struct render_env env = {
        .set = l->set, .form = hostile_form(l), .csrf_token = "token", .inner = l->model};
    enum err e = template_render(&env, NULL, name, model_new(l->arena), &out);
    const char *raw = e == ERR_OK ? raw_place(out.p, &l->seen) : NULL;
    if (e != ERR_OK) {
        check_fail(l->k, what, "%s.html cannot be shown, or is longer than 8 MiB.", name);
    } else if (raw) {
        check_fail(l->k, what, "%s.html shows it raw: %.60s", name, raw);
    }
    strb_free(&out);
    return e == ERR_OK && !raw;
}

// In three ways: sections as lists, as truths, and as nothing.
static bool show_all_ways(struct look *l, const char *name) {
    bool good = true;
    for (int way = 0; good && way < 3; way++) {
        l->template_name = name;
        l->lists = way == 0;
        l->answer = way < 2;
        l->model = model_new(l->arena);
        l->spec = NULL;
        model_bool(l->model, "has_errors", true);
        check_now(l->k, "the template %s", name);
        template_each_key(l->set, name, put_key, l);
        good = show(l, name);
    }
    return good;
}

// ---- texts ---------------------------------------------------------------------------------------

struct texts {
    struct check *k;
    const char *template_name;
};

static void check_text_key(void *arg, const char *key, enum template_use use) {
    struct texts *x = arg;
    const struct anc_table *t = &x->k->info.about->texts;
    if (use == TEMPLATE_USE_FIELD || strncmp(key, "text_", 5) != 0) {
        return;
    }
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_text row;
        plugin_row(t, i, &row, sizeof row);
        if (strcmp(row.key, key + 5) == 0) {
            return;
        }
    }
    check_warn(x->k, "sentences in templates have a text",
               "%s.html shows {{%s}}, but text/en.txt has no \"%s\".", x->template_name, key, key + 5);
}

// ---- all -----------------------------------------------------------------------------------------

static bool prepare(struct look *l) {
    char why[400];
    struct template_set *piece = template_set_new(NULL);
    template_add(piece, "piece", "ready-made", 10);
    if (!template_compile(piece, why, sizeof why)) {
        return false;
    }
    const struct render_env env = {.set = piece};
    l->html = template_html(&env, "piece", model_new(l->arena), l->arena);
    template_set_free(piece);
    l->set = template_set_new(frame_templates(l->k->frame));
    template_set_folder(l->set, "templates/");
    for (uint32_t i = 0; i < l->k->info.about->templates.count; i++) {
        struct anc_template row;
        plugin_row(&l->k->info.about->templates, i, &row, sizeof row);
        template_add(l->set, row.name, row.text, row.bytes);
    }
    l->forms = form_specs_new(l->arena);
    for (uint32_t i = 0; i < l->k->info.about->forms.count; i++) {
        struct anc_form row;
        plugin_row(&l->k->info.about->forms, i, &row, sizeof row);
        if (!form_specs_add(l->forms, row.name, row.text, why, sizeof why)) {
            check_fail(l->k, "its forms are well-formed", "%s", why);
            return false;
        }
    }
    if (!template_compile(l->set, why, sizeof why)) {
        check_fail(l->k, "its templates are well-formed", "%s", why);
        return false;
    }
    return true;
}

void check_part_templates(struct check *k) {
    struct look l = {.k = k, .arena = k->arena};
    struct plugin_host *h = plugin_host_read(k->dir, k->id);
    plugin_host_check(h, k->copies, NULL);
    if (!plugin_find(h, k->arena, k->id, &k->info) || !k->info.about || !prepare(&l)) {
        return;
    }
    const struct anc_table *t = &k->info.about->templates;
    uint32_t good = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_template row;
        plugin_row(t, i, &row, sizeof row);
        struct texts x = {k, row.name};
        template_each_key(l.set, row.name, check_text_key, &x);
        good += show_all_ways(&l, row.name);
    }
    if (good == t->count) {
        check_ok(k, "templates let no hostile text through", "%u template%s, %zu hostile texts shown", good,
                 good == 1 ? "" : "s", l.seen);
    }
}
