// SPDX-License-Identifier: Apache-2.0
// Template sets, and running compiled templates: no allocation but the output.
#include "render/template.h"

#include "base/log.h"
#include "render/compile.h"
#include "render/field.h"
#include "render/helpers.h"
#include "render/value.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Layout, page and the includes of both stay within this.
#define FRAMES_MAX    (2 * TEMPLATE_DEPTH_MAX + 4)
#define PART_HTML_MAX (4u * 1024 * 1024)

struct template_set {
    const struct template_set *base;
    char *folder;                // "web/templates/", for messages
    struct template **templates; // sorted by name once compiled
    size_t count, cap;
    bool compiled;
};

struct frame {
    const struct value_list *list; // NULL: runs once
    size_t next;
};

struct run {
    const struct render_env *env;
    const struct template *page; // NULL once its block is being written
    struct strb *out;
    const struct model *scopes[FRAMES_MAX];
    size_t scope_count;
    struct frame frames[FRAMES_MAX];
    size_t frame_count;
    bool unknown;
};

static atomic_bool strict_mode;
static atomic_uint_fast64_t unknown_keys;

void template_set_strict(bool on) {
    atomic_store(&strict_mode, on);
}

uint64_t template_unknown_keys(void) {
    return atomic_load(&unknown_keys);
}

static void *must(void *p) {
    if (!p) {
        fputs("template: out of memory\n", stderr);
        abort();
    }
    return p;
}

static char *copy(const char *s, size_t n) {
    char *p = must(malloc(n + 1));
    memcpy(p, s, n);
    p[n] = 0;
    return p;
}

struct template_set *template_set_new(const struct template_set *base) {
    struct template_set *s = must(calloc(1, sizeof *s));
    s->base = base;
    s->folder = copy("web/templates/", 14);
    return s;
}

void template_set_folder(struct template_set *s, const char *folder) {
    free(s->folder);
    s->folder = copy(folder, strlen(folder));
}

void template_add(struct template_set *s, const char *name, const char *text, size_t n) {
    if (s->count == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 32;
        s->templates = must(realloc(s->templates, s->cap * sizeof(struct template *)));
    }
    struct template *t = must(calloc(1, sizeof *t));
    t->name = copy(name, strlen(name));
    t->source = copy(text, n);
    t->source_n = n;
    s->templates[s->count++] = t;
}

void template_set_free(struct template_set *s) {
    if (!s) {
        return;
    }
    for (size_t i = 0; i < s->count; i++) {
        free(s->templates[i]->name);
        free(s->templates[i]->source);
        free(s->templates[i]->text);
        free(s->templates[i]->ops);
        free(s->templates[i]);
    }
    free(s->templates);
    free(s->folder);
    free(s);
}

static int by_name(const void *a, const void *b) {
    const struct template *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static struct template *find_own(const struct template_set *s, const char *name) {
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(s->templates[mid]->name, name);
        if (order == 0) {
            return s->templates[mid];
        }
        if (order < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return NULL;
}

struct template *template_own(struct template_set *s, const char *name) {
    return find_own(s, name);
}

const struct template *template_find(const struct template_set *s, const char *name) {
    for (; s; s = s->base) {
        const struct template *t = s->compiled || s->count ? find_own(s, name) : NULL;
        if (t) {
            return t;
        }
    }
    return NULL;
}

bool template_exists(const struct template_set *s, const char *name) {
    return template_find(s, name) != NULL;
}

static bool fail(const struct template_set *s, const struct template *t, uint32_t line, const char *reason,
                 char *why, size_t why_cap) {
    snprintf(why, why_cap, "%s%s.html:%u: %s", s->folder, t->name, line, reason);
    return false;
}

bool template_compile(struct template_set *s, char *why, size_t why_cap) {
    char reason[256];
    uint32_t line = 1;
    if (s->compiled) {
        snprintf(why, why_cap, "%s: this set is compiled already", s->folder);
        return false;
    }
    if (s->count) {
        qsort(s->templates, s->count, sizeof(struct template *), by_name);
    }
    for (size_t i = 0; i < s->count; i++) {
        struct template *t = s->templates[i];
        if (i > 0 && strcmp(s->templates[i - 1]->name, t->name) == 0) {
            return fail(s, t, 1, "there are two templates of this name", why, why_cap);
        }
        if (!template_compile_one(t, &line, reason, sizeof reason)) {
            return fail(s, t, line, reason, why, why_cap);
        }
    }
    for (size_t i = 0; i < s->count; i++) {
        struct template_place where = {s->templates[i], 1};
        if (!template_join(s, s->templates[i], reason, sizeof reason, &where)) {
            return fail(s, where.template, where.line, reason, why, why_cap);
        }
    }
    s->compiled = true;
    return true;
}

static void misuse(struct run *r, const struct template *t, const struct op *o, const char *event) {
    char line[16];
    snprintf(line, sizeof line, "%u", o->line);
    atomic_fetch_add(&unknown_keys, 1);
    r->unknown = true;
    log_event(LOG_LEVEL_WARNING, event, "template", t->name, "line", line, "key", o->key, NULL);
}

// Keys that the environment answers when no scope does.
static const struct value *from_env(const struct run *r, const char *key) {
    static const struct value no = {.kind = VALUE_BOOL, .number = 0}, yes = {.kind = VALUE_BOOL, .number = 1};
    if (strcmp(key, "has_errors") == 0) {
        return r->env->form && !form_ok(r->env->form) ? &yes : &no;
    }
    return NULL;
}

static const struct value *look_up(struct run *r, const struct template *t, const struct op *o) {
    for (size_t i = r->scope_count; i > 0; i--) {
        const struct value *v = model_find(r->scopes[i - 1], o->key, o->hash);
        if (v) {
            return v;
        }
    }
    const struct value *v = from_env(r, o->key);
    if (!v) {
        misuse(r, t, o, "template_unknown_key");
    }
    return v;
}

// Begins a section; returns the operation to go on with.
static size_t begin(struct run *r, const struct op *o, const struct value *v, size_t next) {
    if (!v || !value_truthy(v)) {
        return o->target;
    }
    bool list = v->kind == VALUE_LIST;
    r->frames[r->frame_count++] = (struct frame){.list = list ? v->list : NULL, .next = 1};
    if (list) {
        r->scopes[r->scope_count++] = v->list->items[0];
    }
    return next;
}

static size_t end(struct run *r, const struct op *o, size_t next) {
    struct frame *f = &r->frames[r->frame_count - 1];
    if (f->list && f->next < f->list->count) {
        r->scopes[r->scope_count - 1] = f->list->items[f->next++];
        return o->target;
    }
    r->scope_count -= f->list != NULL;
    r->frame_count--;
    return next;
}

static void run(struct run *r, const struct template *t);

static void put_value(struct run *r, const struct template *t, const struct op *o) {
    const struct value *v = look_up(r, t, o);
    size_t before = r->out->n;
    if (v && !helper_write(r->out, o->helper, o->place, v)) {
        misuse(r, t, o, "template_wrong_kind");
    }
    // The start of an address is never left empty: what follows it would become the start.
    if (r->out->n == before && o->place != ESCAPE_TEXT) {
        escape_put(r->out, o->place, "", 0);
    }
}

// Runs the page itself, with the keys that only it sees.
static void put_page(struct run *r, const struct template *page) {
    if (r->env->inner) {
        r->scopes[r->scope_count++] = r->env->inner;
    }
    run(r, page);
    r->scope_count -= r->env->inner != NULL;
}

static void put_block(struct run *r) {
    const struct template *page = r->page;
    r->page = NULL; // a block inside the page itself stays empty
    if (page) {
        put_page(r, page);
    }
}

static void put_field(struct run *r, const struct template *t, const struct op *o) {
    if (!r->env->form || !field_write(r->out, r->env->form, o->key, o->code == OP_QUESTION)) {
        misuse(r, t, o, "template_unknown_field");
    }
}

static void put_errors(struct run *r) {
    if (r->env->form) {
        field_errors_write(r->out, r->env->form);
    }
}

static void run(struct run *r, const struct template *t) {
    for (size_t i = 0; i < t->op_count && !r->out->over;) {
        const struct op *o = &t->ops[i++];
        const struct value *v;
        switch (o->code) {
        case OP_TEXT:
            strb_put(r->out, o->text, o->text_n);
            break;
        case OP_VALUE:
            put_value(r, t, o);
            break;
        case OP_SECTION:
            i = begin(r, o, look_up(r, t, o), i);
            break;
        case OP_END:
            i = end(r, o, i);
            break;
        case OP_IF:
            v = look_up(r, t, o);
            i = v && value_truthy(v) ? i : o->target;
            break;
        case OP_UNLESS:
            v = look_up(r, t, o);
            i = v && value_truthy(v) ? o->target : i;
            break;
        case OP_INCLUDE:
            run(r, o->include);
            break;
        case OP_BLOCK:
            put_block(r);
            break;
        case OP_FIELD:
        case OP_QUESTION:
            put_field(r, t, o);
            break;
        case OP_ERRORS:
            put_errors(r);
            break;
        case OP_CSRF:
            field_csrf_write(r->out, r->env->csrf_token);
            break;
        }
    }
}

static const struct template *must_find(const struct template_set *s, const char *name) {
    const struct template *t = s && s->compiled ? template_find(s, name) : NULL;
    if (!t) {
        log_event(LOG_LEVEL_ERROR, "template_missing", "template", name, NULL);
    }
    return t;
}

enum err template_render(const struct render_env *env, const char *layout, const char *name,
                         const struct model *m, struct strb *out) {
    const struct template *page = must_find(env->set, name);
    const struct template *outer = layout ? must_find(env->set, layout) : page;
    if (!page || !outer) {
        return ERR_BUG;
    }
    struct run r = {.env = env, .page = layout ? page : NULL, .out = out, .scopes = {m}, .scope_count = 1};
    if (layout) {
        run(&r, outer);
    } else {
        put_page(&r, page);
    }
    if (out->over) {
        log_event(LOG_LEVEL_ERROR, "page_too_long", "template", name, NULL);
        return ERR_BUG;
    }
    return r.unknown && atomic_load(&strict_mode) ? ERR_BUG : ERR_OK;
}

const struct html *template_html(const struct render_env *env, const char *name, const struct model *m,
                                 struct arena *a) {
    struct strb out;
    strb_init(&out, PART_HTML_MAX);
    if (template_render(env, NULL, name, m, &out) != ERR_OK) {
        strb_free(&out);
        return NULL;
    }
    return html_take(a, &out);
}
