// SPDX-License-Identifier: Apache-2.0
// Signing up, signing in and out, a forgotten password. Their own account: account_home.c.
#include "domain/account.h"
#include "base/clock.h"
#include "base/text.h"
#include "domain/second_factor.h"
#include "http/app.h"
#include "http/ratelimit.h"
#include "http/response.h"
#include "pages/account.h"
#include "pages/routes.h"
#include "pages/view.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define NEXT_MAX 500

// ---- how often an address may ask ---------------------------------------------------------------------

static struct ratelimit *limits;
static pthread_once_t limits_once = PTHREAD_ONCE_INIT;

static void make_limits(void) {
    uint8_t seed[16];
    randombytes_buf(seed, sizeof seed);
    limits = ratelimit_new(8192, seed);
    if (!limits) {
        abort();
    }
}

// Requests of this machine itself have no address that tells anything: a proxy in front that was not named in
// the settings looks the same.
static bool is_loopback(const char *address) {
    return text_starts(address, "127.") || strcmp(address, "::1") == 0;
}

static enum err limit(struct req *r, enum ratelimit_kind kind, bool take) {
    if (!r->address || is_loopback(r->address)) {
        return ERR_OK;
    }
    char key[RATELIMIT_ADDRESS_KEY];
    size_t n = ratelimit_address_key(r->address, key);
    int64_t now_ms = clock_monotonic_usec() / 1000;
    pthread_once(&limits_once, make_limits);
    struct ratelimit_answer a =
        take ? ratelimit_take(limits, kind, key, n, now_ms) : ratelimit_peek(limits, kind, key, n, now_ms);
    return a.allowed ? ERR_OK : ctx_fail(&r->c, ERR_LIMIT, "too many from one address");
}

// ---- shared -------------------------------------------------------------------------------------------

const char *account_next(const char *wanted) {
    bool ours = wanted[0] == '/' && wanted[1] != '/' && wanted[1] != '\\' && strlen(wanted) <= NEXT_MAX &&
                !text_has_control(wanted) && !strpbrk(wanted, "\r\n\t");
    return ours ? wanted : "/account";
}

void account_new_session(struct req *r, const char *token) {
    char *hash = arena_alloc(r->c.arena, 65);
    page_session_cookie(r, token);
    sha256_hex(token, strlen(token), hash);
    r->session_hash = hash; // so that a message finds the new session
}

// A failure whose sentence stands above the form, for codes that otherwise have a page of their own.
static enum err form_failure(struct req *r, enum err e, int *ret_status) {
    if (e == ERR_LIMIT && r->form && *r->c.err_detail) {
        form_error(r->form, "", r->c.err_detail);
        *ret_status = 429;
        return ERR_OK;
    }
    return view_form_failure(r, e);
}

static enum err render_with(struct req *r, const char *name, struct model *m, int status) {
    enum err e = page_render(r, name, m);
    if (e == ERR_OK && status) {
        r->resp->status = status;
    }
    return e;
}

// ---- signing up ---------------------------------------------------------------------------------------

static enum err page_sign_up(struct req *r) {
    if (ctx_may(&r->c, PERM_SIGNED_IN)) {
        return page_redirect(r, "/account");
    }
    return page_render(r, "account/sign-up", page_model(r, "Create an account"));
}

static enum err post_sign_up(struct req *r) {
    if (form_ok(r->form)) {
        enum err e = limit(r, RATELIMIT_REGISTER, true);
        e = e ? e
              : account_sign_up(&r->c, form_text(r->form, "name"), form_text(r->form, "email"),
                                form_text(r->form, "password"), r->app->public_url);
        if (e == ERR_OK) {
            return page_redirect(r, "/sign-up/done");
        }
        e = view_form_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return page_render(r, "account/sign-up", page_model(r, "Create an account"));
}

static enum err page_sign_up_done(struct req *r) {
    return page_render(r, "account/sign-up-done", page_model(r, "Check your email"));
}

static enum err link_over(struct req *r, const char *title, const char *again_href, const char *again_text) {
    struct model *m = page_model(r, title);
    model_text(m, "again_href", again_href);
    model_text(m, "again_text", again_text);
    return render_with(r, "account/link-over", m, 410);
}

static enum err confirm_over(struct req *r) {
    return link_over(r, "This link does not work any more", "/sign-in", "Sign in to get a new link");
}

static enum err page_confirm(struct req *r) {
    const char *email;
    enum err e = account_link_look(&r->c, r->params[0], "confirm", &email);
    if (e == ERR_GONE) {
        return confirm_over(r);
    }
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Confirm your email address");
    model_text(m, "email", email);
    model_text(m, "token", r->params[0]);
    return page_render(r, "account/confirm", m);
}

static enum err post_confirm(struct req *r) {
    enum err e = account_confirm(&r->c, r->params[0]);
    if (e == ERR_GONE) {
        return confirm_over(r);
    }
    return e ? e : page_redirect(r, "/sign-in?confirmed=1");
}

// ---- signing in and out -------------------------------------------------------------------------------

static enum err show_sign_in(struct req *r, int status) {
    struct model *m = page_model(r, "Sign in");
    model_bool(m, "confirmed", *req_query(r, "confirmed") != 0);
    model_bool(m, "new_password", *req_query(r, "password") != 0);
    model_bool(m, "comes_back", *form_text(r->form, "next") != 0);
    return render_with(r, "account/sign-in", m, status);
}

static enum err page_sign_in(struct req *r) {
    const char *next = req_query(r, "next");
    if (ctx_may(&r->c, PERM_SIGNED_IN)) {
        return page_redirect(r, "%s", account_next(next));
    }
    form_set(r->form, "next", strcmp(account_next(next), next) == 0 ? next : "");
    return show_sign_in(r, 0);
}

static enum err post_sign_in(struct req *r) {
    int status = 0;
    if (form_ok(r->form)) {
        struct sign_in s;
        enum err e = limit(r, RATELIMIT_LOGIN_ADDRESS, false);
        e = e ? e
              : account_sign_in(&r->c, form_text(r->form, "email"), form_text(r->form, "password"),
                                r->app->public_url, &s);
        if (e == ERR_OK) {
            const char *next = form_text(r->form, "next");
            account_new_session(r, s.token);
            if (s.code_due) {
                return *next ? page_redirect(r, "/sign-in/code?next=%s",
                                             view_encoded(r->c.arena, account_next(next)))
                             : page_redirect(r, "/sign-in/code");
            }
            if (s.wants_factor && *next) { // the start page says so itself
                page_flash(r, "info", "Protect your account: set up two-step sign-in under My account.");
            }
            return page_redirect(r, "%s", account_next(next));
        }
        if (e == ERR_INVALID && limit(r, RATELIMIT_LOGIN_ADDRESS, true) != ERR_OK) {
            return ERR_LIMIT;
        }
        e = form_failure(r, e, &status);
        if (e != ERR_OK) {
            return e;
        }
    }
    return show_sign_in(r, status);
}

static enum err page_code(struct req *r) {
    if (!r->second_factor_due) {
        return page_redirect(r, "%s", account_next(req_query(r, "next")));
    }
    form_set(r->form, "next", account_next(req_query(r, "next")));
    return page_render(r, "account/code", page_model(r, "Enter your code"));
}

static enum err post_code(struct req *r) {
    int status = 0;
    if (!r->second_factor_due) {
        return page_redirect(r, "/account");
    }
    if (form_ok(r->form)) {
        char token[SESSION_TOKEN_CHARS + 1];
        enum err e = second_factor_code(&r->c, r->session_hash, form_text(r->form, "code"), token);
        if (e == ERR_OK) {
            account_new_session(r, token);
            return page_redirect(r, "%s", account_next(form_text(r->form, "next")));
        }
        e = form_failure(r, e, &status);
        if (e != ERR_OK) {
            return e;
        }
    }
    return render_with(r, "account/code", page_model(r, "Enter your code"), status);
}

static enum err post_sign_out(struct req *r) {
    enum err e = account_sign_out(&r->c, r->session_hash);
    if (e != ERR_OK) {
        return e;
    }
    page_session_cookie(r, NULL);
    return page_redirect(r, "/");
}

// ---- a forgotten password -----------------------------------------------------------------------------

static enum err page_reset(struct req *r) {
    return page_render(r, "account/reset", page_model(r, "Choose a new password"));
}

static enum err post_reset(struct req *r) {
    if (!form_ok(r->form)) {
        return page_reset(r);
    }
    enum err e = account_reset_ask(&r->c, form_text(r->form, "email"), r->app->public_url);
    return e ? e : page_render(r, "account/reset-sent", page_model(r, "Check your email"));
}

static enum err show_reset_link(struct req *r) {
    const char *email;
    enum err e = account_link_look(&r->c, r->params[0], "reset", &email);
    if (e == ERR_GONE) {
        return link_over(r, "This link does not work any more", "/reset", "Ask for a new link");
    }
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Choose a new password");
    model_text(m, "email", email);
    model_text(m, "token", r->params[0]);
    return page_render(r, "account/reset-link", m);
}

static enum err post_reset_link(struct req *r) {
    if (form_ok(r->form)) {
        enum err e = account_reset(&r->c, r->params[0], form_text(r->form, "password"));
        if (e == ERR_OK) {
            return page_redirect(r, "/sign-in?password=1");
        }
        e = e == ERR_GONE ? ERR_OK : view_form_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return show_reset_link(r);
}

const struct route routes_account[] = {
    {"GET", "/sign-up", NEED(PERM_PUBLIC), CSRF_NONE, "sign_up", 0, "", page_sign_up, NULL},
    {"POST", "/sign-up", NEED(PERM_PUBLIC), CSRF_ORIGIN, "sign_up", ROUTE_PASSWORD, "", post_sign_up, NULL},
    {"GET", "/sign-up/done", NEED(PERM_PUBLIC), CSRF_NONE, "-", 0, "", page_sign_up_done, NULL},
    {"GET", "/confirm/{token}", NEED(PERM_PUBLIC), CSRF_NONE, "-", 0, "", page_confirm, NULL},
    {"POST", "/confirm/{token}", NEED(PERM_PUBLIC), CSRF_ORIGIN, "-", 0, "", post_confirm, NULL},
    {"GET", "/sign-in", NEED(PERM_PUBLIC), CSRF_NONE, "sign_in", 0, "", page_sign_in, NULL},
    {"POST", "/sign-in", NEED(PERM_PUBLIC), CSRF_ORIGIN, "sign_in", ROUTE_PASSWORD, "", post_sign_in, NULL},
    {"GET", "/sign-in/code", NEED(PERM_SIGNED_IN), CSRF_NONE, "sign_in_code", ROUTE_HALF_SIGNED, "",
     page_code, NULL},
    {"POST", "/sign-in/code", NEED(PERM_SIGNED_IN), CSRF_TOKEN, "sign_in_code", ROUTE_HALF_SIGNED, "",
     post_code, NULL},
    {"POST", "/sign-out", NEED(PERM_SIGNED_IN), CSRF_TOKEN, "-", ROUTE_HALF_SIGNED, "", post_sign_out, NULL},
    {"GET", "/reset", NEED(PERM_PUBLIC), CSRF_NONE, "reset_ask", 0, "", page_reset, NULL},
    {"POST", "/reset", NEED(PERM_PUBLIC), CSRF_ORIGIN, "reset_ask", 0, "", post_reset, NULL},
    {"GET", "/reset/{token}", NEED(PERM_PUBLIC), CSRF_NONE, "reset_new", 0, "", show_reset_link, NULL},
    {"POST", "/reset/{token}", NEED(PERM_PUBLIC), CSRF_ORIGIN, "reset_new", ROUTE_PASSWORD, "",
     post_reset_link, NULL},
    ACCOUNT_HOME_ROUTES,
};
ROUTES_END(account);
