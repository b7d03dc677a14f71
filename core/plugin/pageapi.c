// SPDX-License-Identifier: Apache-2.0
// Pages of plugins: what was asked, the form, the model, the answer. Nothing a plugin puts can replace what
// the host's layout needs, and everything it puts is bounded.
#include "base/log.h"
#include "base/text.h"
#include "plugin/api.h"
#include "plugin/draw.h"
#include "plugin/plugin.h"

#include <string.h>

#define LEVELS_MAX  8
#define KEYS_MAX    256                       // texts, numbers, flags and lists of the page itself
#define PUTS_MAX    50000                     // on all levels
#define TEXTS_MAX   ((size_t)8 * 1024 * 1024) // bytes of all texts put
#define KEY_BYTES   65
#define BYTES_MAX   ((size_t)16 * 1024 * 1024) // of an answer
#define MEDIA_BYTES 100
#define NAME_BYTES  120

struct page_run {
    struct plugin_page *page;
    const struct plugin_route *route;
    struct level {
        struct model *model;
        const char *key; // of the list this is an item of
    } at[LEVELS_MAX];    // [0] is the page
    size_t depth;        // above 0; may be more than there is room for, then what is put is dropped
    const char *keys[KEYS_MAX];
    size_t key_count, puts, bytes;
    struct {
        const char *key;
        struct model *model;
        struct anc_panel *panel;
    } panels[PANEL_MAX];
    size_t panel_count;
    struct anc_panel *spare; // takes what belongs to panels too many
    struct model *nowhere;   // takes what belongs to items that cannot be
    bool warned;
};

static struct page_run *run_of(anc_ctx *ctx) {
    return ctx ? ctx->page : NULL;
}

// One line a call: a page that puts too much or under keys that cannot be is a mistake to be found.
static void warn(anc_ctx *ctx, const char *what, const char *key) {
    struct page_run *r = ctx->page;
    if (!r->warned) {
        char shown[KEY_BYTES];
        plugin_cut(shown, sizeof shown, key);
        r->warned = true;
        log_event(LOG_LEVEL_WARNING, "plugin_page", "plugin", ctx->member->plugin->id, "request", ctx->c->id,
                  "path", r->route->path, "what", what, "key", shown, NULL);
    }
}

// ---- what was asked

static const char *page_param(anc_ctx *ctx, const char *name) {
    const struct page_run *r = run_of(ctx);
    for (size_t i = 0; r && name && i < r->page->param_count; i++) {
        if (strcmp(r->page->param_names[i], name) == 0) {
            return r->page->params[i];
        }
    }
    return "";
}

static const char *page_query(anc_ctx *ctx, const char *name) {
    const struct page_run *r = run_of(ctx);
    for (size_t i = 0; r && name && i < r->page->query_count; i++) {
        if (strcmp(r->page->query[i].name, name) == 0) {
            return r->page->query[i].value;
        }
    }
    return "";
}

static int32_t page_is_post(anc_ctx *ctx) {
    const struct page_run *r = run_of(ctx);
    return r && r->page->post;
}

static const char *page_supplier(anc_ctx *ctx) {
    const struct page_run *r = run_of(ctx);
    return r && r->page->supplier_ref ? r->page->supplier_ref : "";
}

static const char *page_anchor(anc_ctx *ctx) {
    const struct page_run *r = run_of(ctx);
    return r && r->page->anchor_ref ? r->page->anchor_ref : "";
}

static const char *page_person(anc_ctx *ctx) {
    return run_of(ctx) && ctx->c->actor.name ? ctx->c->actor.name : "";
}

// ANC_PERM_* is enum perm counted from 1.
static int32_t page_may(anc_ctx *ctx, int32_t perm) {
    bool known = perm >= ANC_PERM_PUBLIC && perm <= ANC_PERM_ADMIN;
    return run_of(ctx) && known && ctx_may(ctx->c, (enum perm)(perm - ANC_PERM_PUBLIC));
}

// ---- the form

// The form when it has the field, else NULL: core/form takes an unknown name for a mistake of the host.
static struct form *with_field(anc_ctx *ctx, const char *field, const struct field_spec **ret_spec) {
    const struct page_run *r = run_of(ctx);
    struct form *f = r ? r->page->form : NULL;
    const struct field_spec *spec = f && field ? form_field(f, field) : NULL;
    if (!spec) {
        return NULL;
    }
    *ret_spec = spec;
    return f;
}

static int32_t page_form_ok(anc_ctx *ctx) {
    const struct page_run *r = run_of(ctx);
    return r && r->page->form && form_was_sent(r->page->form) && form_ok(r->page->form);
}

static const char *page_form_text(anc_ctx *ctx, const char *field) {
    const struct field_spec *spec;
    const struct form *f = with_field(ctx, field, &spec);
    if (!f) {
        return "";
    }
    if (spec->type == FIELD_CHECKS) {
        const char *first = form_choice(f, field, 0);
        return first ? first : "";
    }
    const char *text = form_text(f, field);
    return text ? text : "";
}

static int64_t page_form_i64(anc_ctx *ctx, const char *field, int64_t dflt) {
    const struct field_spec *spec;
    const struct form *f = with_field(ctx, field, &spec);
    int32_t day;
    if (!f) {
        return dflt;
    }
    switch ((int)spec->type) {
    case FIELD_TICK:
        return form_ticked(f, field);
    case FIELD_DATE:
        return form_day(f, field, &day) ? day : dflt;
    default:
        return form_i64(f, field, dflt);
    }
}

static void page_form_set(anc_ctx *ctx, const char *field, const char *text) {
    const struct field_spec *spec;
    struct form *f = with_field(ctx, field, &spec);
    if (f) {
        form_set(f, field, plugin_text(ctx->c->arena, text, TEXT_LONG));
    }
}

static void page_form_error(anc_ctx *ctx, const char *field, const char *sentence) {
    const struct page_run *r = run_of(ctx);
    const struct field_spec *spec;
    if (!r || !r->page->form) {
        return;
    }
    const char *words = plugin_text(ctx->c->arena, sentence, TEXT_SHORT);
    form_error(r->page->form, with_field(ctx, field, &spec) ? field : "",
               *words ? words : "Check what you typed.");
}

// ---- the model

static bool key_ok(const char *key) {
    if (!key || !(key[0] >= 'a' && key[0] <= 'z')) {
        return false;
    }
    size_t n = 0;
    for (; key[n] && n < KEY_BYTES; n++) {
        if (!((key[n] >= 'a' && key[n] <= 'z') || (key[n] >= '0' && key[n] <= '9') || key[n] == '_')) {
            return false;
        }
    }
    return n < KEY_BYTES;
}

// A key of the page itself that the host has put, or that is one too many, is not the plugin's to set.
static const char *page_key(struct page_run *r, const char *key) {
    for (size_t i = 0; i < r->key_count; i++) {
        if (strcmp(r->keys[i], key) == 0) {
            return r->keys[i];
        }
    }
    if (r->key_count == KEYS_MAX || model_has(r->at[0].model, key)) {
        return NULL;
    }
    return r->keys[r->key_count++] = arena_strdup(model_arena(r->at[0].model), key);
}

// Where something is put now and under which key; NULL: it is dropped.
static struct model *place(anc_ctx *ctx, const char *key, const char **ret_key) {
    struct page_run *r = run_of(ctx);
    if (!r || r->depth >= LEVELS_MAX) {
        return NULL;
    }
    if (!key_ok(key)) {
        warn(ctx, "keys are small letters, digits and _", key);
        return NULL;
    }
    if (++r->puts > PUTS_MAX) {
        warn(ctx, "the page puts too much", key);
        return NULL;
    }
    struct model *m = r->at[r->depth].model;
    const char *own = r->depth == 0 ? page_key(r, key) : arena_strdup(model_arena(m), key);
    if (!own) {
        warn(ctx, "the key belongs to the host, or is one too many", key);
        return NULL;
    }
    *ret_key = own;
    return m;
}

static void page_put_text(anc_ctx *ctx, const char *key, const char *text) {
    const char *own;
    struct model *m = place(ctx, key, &own);
    if (!m) {
        return;
    }
    struct page_run *r = ctx->page;
    size_t room = r->bytes < TEXTS_MAX ? TEXTS_MAX - r->bytes : 0;
    const char *copy = plugin_text(model_arena(m), text, room);
    r->bytes += strlen(copy);
    model_text(m, own, copy);
}

static void page_put_i64(anc_ctx *ctx, const char *key, int64_t value) {
    const char *own;
    struct model *m = place(ctx, key, &own);
    if (m) {
        model_i64(m, own, value);
    }
}

static void page_put_flag(anc_ctx *ctx, const char *key, int32_t value) {
    const char *own;
    struct model *m = place(ctx, key, &own);
    if (m) {
        model_bool(m, own, value != 0);
    }
}

static void page_list(anc_ctx *ctx, const char *key) {
    const char *own;
    struct model *m = place(ctx, key, &own);
    if (m) {
        model_list(m, own);
    }
}

// Within an item of the same list it is the item after that.
static void page_item(anc_ctx *ctx, const char *key) {
    struct page_run *r = run_of(ctx);
    const char *own;
    if (!r) {
        return;
    }
    if (r->depth > 0 && r->depth < LEVELS_MAX && key && strcmp(r->at[r->depth].key, key) == 0) {
        r->depth--;
    }
    struct model *m = place(ctx, key, &own);
    struct model *item = m ? model_add(m, own) : NULL;
    r->depth++;
    if (r->depth < LEVELS_MAX) {
        if (!item && !r->nowhere) {
            r->nowhere = model_new(ctx->c->arena);
        }
        r->at[r->depth] = (struct level){.model = item ? item : r->nowhere, .key = m ? own : ""};
    }
}

static void page_list_end(anc_ctx *ctx) {
    struct page_run *r = run_of(ctx);
    if (r && r->depth > 0) {
        r->depth--;
    }
}

// Never NULL within a page: one panel too many is filled and not shown.
static anc_panel *page_panel(anc_ctx *ctx, const char *key) {
    struct page_run *r = run_of(ctx);
    if (!r) {
        return NULL;
    }
    const char *own;
    struct model *m = r->panel_count < PANEL_MAX ? place(ctx, key, &own) : NULL;
    if (!m) {
        r->spare = r->spare ? r->spare : panel_new(ctx->c->arena);
        return r->spare;
    }
    struct anc_panel *panel = panel_new(ctx->c->arena);
    model_html(m, own, NULL); // the key is there even when the panel stays empty
    r->panels[r->panel_count].key = own;
    r->panels[r->panel_count].model = m;
    r->panels[r->panel_count++].panel = panel;
    return panel;
}

// ---- the answer

static bool may_answer(anc_ctx *ctx, anc_rc *ret) {
    const struct page_run *r = run_of(ctx);
    *ret = ANC_E_BUG;
    if (r && r->page->answer != PLUGIN_ANSWER_NONE) {
        *ret = call_wrong(ctx, "a second answer for one page");
        return false;
    }
    return r != NULL;
}

// One of the plugin's own: the core's pages need what only the core puts.
static bool has_template(const struct plugin *p, const char *name) {
    for (uint32_t i = 0; name && i < p->about.templates.count; i++) {
        struct anc_template row;
        plugin_row(&p->about.templates, i, &row, sizeof row);
        if (row.name && strcmp(row.name, name) == 0) {
            return true;
        }
    }
    return false;
}

static anc_rc page_render(anc_ctx *ctx, const char *template_name, const char *title) {
    anc_rc rc;
    if (!may_answer(ctx, &rc)) {
        return rc;
    }
    struct plugin_page *p = ctx->page->page;
    if (!has_template(ctx->member->plugin, template_name)) {
        return call_wrong(ctx, "it asks for a template that it does not have");
    }
    if (!title || !*title) {
        return call_wrong(ctx, "a page needs a title");
    }
    p->template_name = plugin_text(ctx->c->arena, template_name, TEXT_SHORT);
    p->title = plugin_text(ctx->c->arena, title, TEXT_SHORT);
    p->answer = PLUGIN_ANSWER_RENDER;
    return ANC_OK;
}

static anc_rc page_redirect(anc_ctx *ctx, const char *path) {
    anc_rc rc;
    if (!may_answer(ctx, &rc)) {
        return rc;
    }
    if (!plugin_path_ok(path)) {
        return call_wrong(ctx, "it leads to an address that is not of this site");
    }
    ctx->page->page->location = arena_strdup(ctx->c->arena, path);
    ctx->page->page->answer = PLUGIN_ANSWER_REDIRECT;
    return ANC_OK;
}

static void page_message(anc_ctx *ctx, const char *text) {
    struct page_run *r = run_of(ctx);
    if (r && text && *text) {
        r->page->message = plugin_text(ctx->c->arena, text, TEXT_SHORT);
    }
}

// "type/subtype", then perhaps "; charset=utf-8" (RFC 9110, 8.3.1, without quoted values).
static bool media_ok(const char *s) {
    static const char token[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&^_.+-";
    if (!s || strnlen(s, MEDIA_BYTES + 1) > MEDIA_BYTES) {
        return false;
    }
    size_t type = strspn(s, token);
    if (type == 0 || s[type] != '/') {
        return false;
    }
    s += type + 1;
    size_t sub = strspn(s, token);
    s += sub;
    return sub > 0 && (!*s || strcmp(s, "; charset=utf-8") == 0 || strcmp(s, ";charset=utf-8") == 0);
}

static bool download_ok(const char *s) {
    if (strnlen(s, NAME_BYTES + 1) > NAME_BYTES || s[0] == '.' || !utf8_valid(s, strlen(s))) {
        return false;
    }
    for (; *s; s++) {
        if ((unsigned char)*s < ' ' || *s == 127 || strchr("/\\\"<>|:*?", *s)) {
            return false;
        }
    }
    return true;
}

static anc_rc page_bytes(anc_ctx *ctx, const char *media_type, const char *download, const void *data,
                         size_t n) {
    anc_rc rc;
    if (!may_answer(ctx, &rc)) {
        return rc;
    }
    if (n > BYTES_MAX) {
        return ANC_E_LIMIT;
    }
    if (!media_ok(media_type) || (download && !download_ok(download)) || (!data && n > 0)) {
        return call_wrong(ctx, "bytes without a media type or with a file name that cannot be");
    }
    struct plugin_page *p = ctx->page->page;
    p->media_type = arena_strdup(ctx->c->arena, media_type);
    p->download = arena_strdup(ctx->c->arena, download);
    p->bytes = arena_strndup(ctx->c->arena, n > 0 ? data : "", n);
    p->byte_count = n;
    p->answer = PLUGIN_ANSWER_BYTES;
    return ANC_OK;
}

const struct anc_page_api *api_page(void) {
    static const struct anc_page_api api = {.size = sizeof api,
                                            .param = page_param,
                                            .query = page_query,
                                            .is_post = page_is_post,
                                            .supplier_ref = page_supplier,
                                            .anchor_ref = page_anchor,
                                            .person_name = page_person,
                                            .form_ok = page_form_ok,
                                            .form_text = page_form_text,
                                            .form_i64 = page_form_i64,
                                            .form_set = page_form_set,
                                            .form_error = page_form_error,
                                            .put_text = page_put_text,
                                            .put_i64 = page_put_i64,
                                            .put_flag = page_put_flag,
                                            .list = page_list,
                                            .item = page_item,
                                            .list_end = page_list_end,
                                            .panel = page_panel,
                                            .render = page_render,
                                            .redirect = page_redirect,
                                            .message = page_message,
                                            .bytes = page_bytes,
                                            .may = page_may};
    return &api;
}

// ---- the call

// The plugin's sentences, for its template; what it put itself under such a key stands.
static void put_texts(struct page_run *r, const struct plugin *p) {
    struct model *m = r->page->model;
    for (uint32_t i = 0; i < p->about.texts.count; i++) {
        struct anc_text row;
        plugin_row(&p->about.texts, i, &row, sizeof row);
        const char *key = row.key ? arena_printf(model_arena(m), "text_%.60s", row.key) : "";
        if (*key && !model_has(m, key)) {
            model_text(m, key, row.text);
        }
    }
}

static void put_panels(struct ctx *c, struct page_run *r) {
    for (size_t i = 0; i < r->panel_count; i++) {
        struct panel p;
        panel_take(r->panels[i].panel, "", &p);
        model_html(r->panels[i].model, r->panels[i].key, draw_panel_html(c->arena, r->route->templates, &p));
    }
}

enum err plugin_page_call(struct ctx *c, const struct plugin_route *route, struct plugin_page *page) {
    struct plugin *p = route->member->plugin;
    struct page_run *r = arena_alloc(c->arena, sizeof *r);
    r->page = page;
    r->route = route;
    r->at[0].model = page->model;
    page->answer = PLUGIN_ANSWER_NONE;
    page->message = NULL;
    anc_ctx x;
    const char *what = arena_printf(c->arena, "page:%s:%s", route->method, route->path);
    if (!call_enter(&x, c, route->member, what, BUDGET_PAGE_MS)) {
        return c->err;
    }
    x.page = r;
    anc_rc rc = route->page(&x, p->state_of_plugin);
    if (rc == ANC_OK && page->answer == PLUGIN_ANSWER_NONE) {
        rc = call_wrong(&x, "the page ended without an answer");
    }
    for (size_t i = 0; i < r->panel_count && rc == ANC_OK; i++) {
        rc = r->panels[i].panel->wrong ? call_wrong(&x, r->panels[i].panel->wrong) : rc;
    }
    rc = rc == ANC_SKIP ? ANC_E_NOT_FOUND : rc;
    enum err e = call_leave(&x, rc);
    if (e) {
        page->answer = PLUGIN_ANSWER_NONE;
        page->message = NULL;
    } else if (page->answer == PLUGIN_ANSWER_RENDER) {
        put_texts(r, p);
        put_panels(c, r);
    }
    return e;
}
