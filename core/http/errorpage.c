// SPDX-License-Identifier: Apache-2.0
// Error pages from web/templates/errors, with the plain page of response.c when even these cannot be made.
#include "http/errorpage.h"

#include "base/log.h"
#include "db/db.h"
#include "http/assets.h"
#include "http/kept.h"
#include "http/text_en.h"

#include <stdio.h>
#include <string.h>

static bool ends_with(const char *s, const char *end) {
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

static bool wants_data(const char *path) {
    return ends_with(path, ".json") || ends_with(path, ".csv");
}

// The path where the code of the second step is asked for: the first GET route open to half-signed people.
static const char *second_step(const struct req *r) {
    for (size_t i = 0; i < router_count(r->app->router); i++) {
        const struct route *t = router_at(r->app->router, i);
        if ((t->flags & ROUTE_HALF_SIGNED) && strcmp(t->method, "GET") == 0 && !strchr(t->path, '{')) {
            return t->path;
        }
    }
    return "/sign-in";
}

static const char *escaped(struct arena *a, const char *s) {
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, strlen(s) * 3 + 1), *p = out;
    for (; *s; s++) {
        unsigned char ch = (unsigned char)*s;
        bool plain = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
                     strchr("-_.~/", ch);
        if (plain) {
            *p++ = (char)ch;
        } else {
            *p++ = '%';
            *p++ = hex[ch >> 4];
            *p++ = hex[ch & 15];
        }
    }
    return out;
}

// Where to come back to: for a GET the page itself, for a POST the page its form stood on (from the Referer,
// which our own Referrer-Policy gives us for our own pages), else the same path if it can be read.
static const char *way_back(struct req *r, const struct job *job) {
    if (strcmp(r->method, "POST") != 0) {
        return job->target;
    }
    const char *host = job->referer ? strstr(job->referer, "://") : NULL;
    const char *path = host ? strchr(host + 3, '/') : NULL;
    size_t host_n = path ? (size_t)(path - host) - 3 : 0;
    if (path && job->host && strlen(job->host) == host_n && strncmp(host + 3, job->host, host_n) == 0) {
        return path;
    }
    const struct route *found;
    const char *params[REQ_MAX_PARAMS], *allow = "";
    char *scratch = arena_strdup(r->c.arena, r->path);
    return router_find(r->app->router, "GET", r->path, scratch, &found, params, &allow) == ERR_OK ? r->path
                                                                                                  : "/";
}

// The way back, and with it what was typed into the form that could not be taken.
static const char *back_with_words(struct req *r, const struct job *job) {
    const char *back = way_back(r, job);
    const struct form_spec *spec = req_form_spec(r);
    char id[KEPT_ID_CHARS + 1];
    if (strcmp(r->method, "POST") != 0 || !spec ||
        !kept_put(spec, r->pairs, r->pair_count, r->c.now_usec, id)) {
        return back;
    }
    return arena_printf(r->c.arena, "%s%ckept=%s", back, strchr(back, '?') ? '&' : '?', id);
}

static const char *sign_in_url(struct req *r, const struct job *job) {
    const char *to = r->second_factor_due ? second_step(r) : "/sign-in";
    return arena_printf(r->c.arena, "%s?next=%s", to, escaped(r->c.arena, back_with_words(r, job)));
}

static bool render(struct req *r, const char *layout, const char *name, struct model *m, int status) {
    if (!r->app->templates || !template_exists(r->app->templates, name)) {
        return false;
    }
    struct render_env env = {.set = r->app->templates, .csrf_token = r->csrf_token};
    strb_clear(&r->resp->body);
    if (template_render(&env, layout, name, m, &r->resp->body) != ERR_OK || r->resp->body.over) {
        return false;
    }
    r->resp->status = status;
    r->resp->content_type = "text/html; charset=utf-8";
    return true;
}

static bool unavailable(struct req *r) {
    struct model *m = model_new(r->c.arena);
    model_text(m, "lang", "en");
    model_text(m, "css_url", assets_url("app.css"));
    model_text(m, "icon_url", assets_url("favicon.svg"));
    if (!render(r, NULL, "errors/unavailable", m, 503)) {
        return false;
    }
    resp_header(r->resp, "Retry-After", "5");
    return true;
}

static bool explained(struct req *r, const struct job *job, enum err e) {
    const char *key = err_key(e);
    struct model *m = page_model(r, text_error(key, "title"));
    model_text(m, "error_title", text_error(key, "title"));
    model_text(m, "error_text", text_error(key, "what"));
    model_list(m, "error_steps");
    model_text(model_add(m, "error_steps"), "text", text_error(key, "do"));
    model_text(m, "error_reference", err_status(e) >= 500 ? r->c.id : "");
    bool sign_in = e == ERR_SIGN_IN && template_exists(r->app->templates, "errors/sign-in");
    if (sign_in) {
        model_text(m, "sign_in_url", sign_in_url(r, job));
    }
    return render(r, "layout", sign_in ? "errors/sign-in" : "errors/error", m, err_status(e));
}

void errorpage_answer(struct req *r, const struct job *job, enum err e) {
    struct resp *p = r->resp;
    resp_clear(p);
    if (wants_data(r->path)) {
        resp_error(p, 0, e, true);
        return;
    }
    if (e == ERR_SIGN_IN && strcmp(r->method, "POST") != 0) {
        p->status = 303;
        resp_header(p, "Location", sign_in_url(r, job));
        return;
    }
    bool away = e == ERR_DB_AWAY;
    bool made = r->app->templates && (away ? unavailable(r) : explained(r, job, e));
    if (!made) {
        resp_error(p, 0, e, false);
        return;
    }
    if (!away && err_status(e) == 503) {
        resp_header(p, "Retry-After", "5");
    }
}
