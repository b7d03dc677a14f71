// SPDX-License-Identifier: Apache-2.0
// What pages call to answer: the model every page starts from, rendering, tables, redirects, messages, the
// cookie.
#include "plugin/page.h"
#include "base/log.h"
#include "base/text.h"
#include "http/app.h"
#include "http/assets.h"
#include "http/flash.h"
#include "http/place.h"
#include "http/req.h"
#include "http/response.h"
#include "render/template.h"

#include <stdarg.h>
#include <string.h>

const struct form_spec *req_form_spec(const struct req *r) {
    if (r->route->flags & ROUTE_PLUGIN) {
        const struct plugin_route *theirs = r->route->extra;
        return theirs->form_spec;
    }
    if (r->route->flags & ROUTE_FORM_MADE) {
        const struct route_form *made = r->route->extra;
        return made->make(r);
    }
    return form_spec_find(r->app->forms, r->route->form);
}

const char *req_query(const struct req *r, const char *name) {
    for (size_t i = 0; i < r->query_count; i++) {
        if (strcmp(r->query[i].name, name) == 0) {
            return r->query[i].value;
        }
    }
    return "";
}

// The entry of the navigation a path belongs to: the longest address that is the path or a folder above it.
static const struct nav_item *current_item(const struct req *r) {
    const struct nav_item *best = NULL;
    for (size_t i = 0; i < r->app->nav_count; i++) {
        const struct nav_item *n = &r->app->nav[i];
        size_t len = strlen(n->href);
        bool root = strcmp(n->href, "/") == 0;
        bool inside = strncmp(r->path, n->href, len) == 0 && (r->path[len] == 0 || r->path[len] == '/');
        if ((root ? strcmp(r->path, "/") == 0 : inside) && (!best || len > strlen(best->href))) {
            best = n;
        }
    }
    return best;
}

static void put_navigation(struct req *r, struct model *m) {
    const struct nav_item *here = current_item(r);
    model_list(m, "nav");
    for (size_t i = 0; i < r->app->nav_count; i++) {
        const struct nav_item *n = &r->app->nav[i];
        if (!ctx_may(&r->c, (enum perm)(n->perm_plus_one - 1))) {
            continue;
        }
        struct model *item = model_add(m, "nav");
        model_text(item, "label", n->label);
        model_text(item, "href", n->href);
        model_bool(item, "current", n == here);
    }
}

static void put_messages(struct req *r, struct model *m) {
    model_list(m, "notices_banner");
    const char *kind, *text;
    while (r->session_hash && flash_take(r->session_hash, r->c.arena, &kind, &text)) {
        struct model *item = model_add(m, "notices_banner");
        model_text(item, "kind", kind);
        model_text(item, "title", strcmp(kind, "success") == 0 ? "Success" : "Important");
        model_text(item, "text", text);
    }
}

struct model *page_model(struct req *r, const char *title) {
    struct model *m = model_new(r->c.arena);
    struct place p = place_get(&r->c);
    model_text(m, "lang", "en");
    model_text(m, "title", title);
    model_text(m, "place_name", p.name);
    model_text(m, "place_short_name", p.short_name);
    model_bool(m, "place_is_demo", p.is_demo);
    model_text(m, "accent_class", "anc-accent--teal");
    model_text(m, "page_width_class", "");
    model_text(m, "css_url", assets_url("app.css"));
    model_text(m, "js_url", assets_url("app.js"));
    model_text(m, "icon_url", assets_url("favicon.svg"));
    model_text(m, "footer_org", p.operator_name);
    model_text(m, "footer_contact",
               p.contact_phone[0] ? arena_printf(r->c.arena, "%s, %s", p.contact_phone, p.contact_email)
                                  : p.contact_email);
    model_bool(m, "signed_in", ctx_may(&r->c, PERM_SIGNED_IN));
    model_text(m, "person_name", r->c.actor.name);
    put_navigation(r, m);
    put_messages(r, m);
    return m;
}

enum err page_render(struct req *r, const char *name, struct model *m) {
    return page_render_with(r, r->app->templates, name, m, NULL);
}

enum err page_render_with(struct req *r, const struct template_set *set, const char *name, struct model *m,
                          const struct model *inner) {
    struct render_env env = {.set = set, .form = r->form, .csrf_token = r->csrf_token, .inner = inner};
    strb_clear(&r->resp->body);
    enum err e = template_render(&env, "layout", name, m, &r->resp->body);
    if (e != ERR_OK) {
        return ctx_fail(&r->c, e, "template %s", name);
    }
    r->resp->status = r->form && form_was_sent(r->form) && !form_ok(r->form) ? 422 : 200;
    r->resp->content_type = "text/html; charset=utf-8";
    return ERR_OK;
}

// A file name for Content-Disposition: what is not a plain character becomes "-".
static const char *plain_name(struct arena *a, const char *name) {
    char *s = arena_strdup(a, name);
    for (char *p = s; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
                     strchr("-_.", *p);
        *p = plain ? *p : '-';
    }
    return s;
}

static void put_download(struct req *r, const char *name) {
    resp_header(r->resp, "Content-Disposition",
                arena_printf(r->c.arena, "attachment; filename=\"%s\"", plain_name(r->c.arena, name)));
}

static bool path_ends(const struct req *r, const char *end) {
    size_t n = strlen(r->path), m = strlen(end);
    return n >= m && strcmp(r->path + n - m, end) == 0;
}

enum err page_table(struct req *r, const struct table *t, const char *file_stem) {
    strb_clear(&r->resp->body);
    if (path_ends(r, ".csv")) {
        table_csv(t, &r->resp->body);
        r->resp->content_type = "text/csv; charset=utf-8";
        put_download(r, arena_printf(r->c.arena, "%s.csv", file_stem));
    } else if (path_ends(r, ".json")) {
        table_json(t, &r->resp->body);
        r->resp->content_type = "application/json";
    } else if (path_ends(r, ".xlsx")) {
        const char *folder = arena_printf(r->c.arena, "%s/spool", r->app->data_dir);
        if (!table_xlsx(t, folder, &r->resp->body)) {
            return ctx_fail(&r->c, ERR_IO, "the workbook cannot be made");
        }
        r->resp->content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        put_download(r, arena_printf(r->c.arena, "%s.xlsx", file_stem));
    } else {
        return ctx_fail(&r->c, ERR_BUG, "page_table needs a path that ends with .csv, .json or .xlsx");
    }
    r->resp->status = 200;
    return ERR_OK;
}

// Only characters that may stand in an address as they are; the rest is written %XX.
static const char *location_of(struct arena *a, const char *s) {
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, strlen(s) * 3 + 1), *p = out;
    for (; *s; s++) {
        unsigned char ch = (unsigned char)*s;
        if (ch <= 0x20 || ch >= 0x7f || strchr("\"<>\\^`{|}", ch)) {
            *p++ = '%';
            *p++ = hex[ch >> 4];
            *p++ = hex[ch & 15];
        } else {
            *p++ = (char)ch;
        }
    }
    return out;
}

enum err page_redirect(struct req *r, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *to = arena_vprintf(r->c.arena, fmt, ap);
    va_end(ap);
    if (to[0] != '/' || to[1] == '/' || to[1] == '\\') {
        return ctx_fail(&r->c, ERR_BUG, "a redirect must stay on this site");
    }
    strb_clear(&r->resp->body);
    r->resp->content_type = NULL;
    r->resp->status = 303;
    if (!resp_header(r->resp, "Location", location_of(r->c.arena, to))) {
        return ctx_fail(&r->c, ERR_BUG, "a redirect that does not fit");
    }
    return ERR_OK;
}

enum err page_bytes(struct req *r, const char *content_type, const char *download_name, const void *bytes,
                    size_t n) {
    resp_set(r->resp, 200, arena_strdup(r->c.arena, content_type), bytes, n);
    if (text_has_control(content_type) || strpbrk(content_type, "\r\n\t")) {
        return ctx_fail(&r->c, ERR_BUG, "content type with control characters");
    }
    if (download_name) {
        put_download(r, download_name);
    }
    return ERR_OK;
}

void page_flash(struct req *r, const char *kind, const char *text) {
    if (r->session_hash) {
        flash_put(r->session_hash, kind, text);
    }
}

void page_session_cookie(struct req *r, const char *token) {
    const char *secure =
        text_starts(r->app->public_url ? r->app->public_url : "", "https://") ? "; Secure" : "";
    r->resp->sets_cookie = true;
    resp_header(r->resp, "Set-Cookie",
                arena_printf(r->c.arena, "anchorage=%s; Path=/; HttpOnly; SameSite=Lax%s%s",
                             token ? token : "", token ? "" : "; Max-Age=0", secure));
}

void page_fresh_until(struct req *r, int64_t usec) {
    if (r->resp->fresh_until_usec == 0 || usec < r->resp->fresh_until_usec) {
        r->resp->fresh_until_usec = usec;
    }
}

void page_keep_not(struct req *r) {
    r->resp->keep_not = true;
}
