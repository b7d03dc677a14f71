// SPDX-License-Identifier: Apache-2.0
// Default deny: a page runs only when its route's permission, forgery check and form said yes.
#include "http/pipeline.h"

#include "auth/session.h"
#include "base/log.h"
#include "db/db.h"
#include "http/errorpage.h"
#include "http/kept.h"
#include "http/metrics.h"
#include "http/serverint.h"
#include "spend/sums.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

static enum perm needed(const struct route *route) {
    return (enum perm)(route->perm_plus_one - 1);
}

// ---- forgery check ----

// "https://host:port" of a URL; its length, 0 when it is none.
static size_t origin_length(const char *url) {
    const char *after = strstr(url, "://");
    return after ? (size_t)(after - url) + 3 + strcspn(after + 3, "/?#") : 0;
}

static bool origin_is_ours(const struct job *job, const char *url, const char *public_url) {
    size_t n = origin_length(url);
    if (n == 0) {
        return false; // "null" among others
    }
    if (public_url && strlen(public_url) == n && strncasecmp(url, public_url, n) == 0) {
        return true;
    }
    const char *host = strstr(url, "://") + 3;
    size_t host_n = n - (size_t)(host - url);
    bool scheme_ok = strncasecmp(url, "http", 4) == 0;
    return scheme_ok && job->host && strlen(job->host) == host_n && strncasecmp(host, job->host, host_n) == 0;
}

bool pipeline_same_origin(const struct job *job, const char *public_url) {
    if (job->fetch_site && strcmp(job->fetch_site, "same-origin") != 0) {
        return false;
    }
    if (job->origin) {
        return origin_is_ours(job, job->origin, public_url);
    }
    if (job->fetch_site) {
        return true;
    }
    return job->referer ? origin_is_ours(job, job->referer, public_url) : true;
}

static bool token_fits(const struct job *job, const char *wanted) {
    const char *given = job->csrf_header;
    for (size_t i = 0; i < job->pair_count && !given; i++) {
        if (strcmp(job->pairs[i].name, "csrf") == 0) {
            given = job->pairs[i].value;
        }
    }
    size_t n = strlen(wanted);
    return given && n > 0 && strlen(given) == n && sodium_memcmp(given, wanted, n) == 0;
}

static enum err check_forgery(struct req *r, const struct job *job) {
    if (r->route->csrf == CSRF_NONE) {
        return ERR_OK;
    }
    if (!pipeline_same_origin(job, r->app->public_url)) {
        return ctx_fail(&r->c, ERR_FORGED, "from another origin");
    }
    if (r->route->csrf == CSRF_ORIGIN) {
        return ERR_OK;
    }
    if (!r->csrf_token) {
        return ctx_fail(&r->c, ERR_SIGN_IN, "no session for a form that needs one");
    }
    if (!token_fits(job, r->csrf_token)) {
        return ctx_fail(&r->c, ERR_FORGED, "token missing or of another session");
    }
    return ERR_OK;
}

// ---- who ----

static enum err find_session(struct req *r, const struct job *job) {
    if (!job->token || (r->route->flags & ROUTE_NO_DB)) {
        return ERR_OK;
    }
    struct session s;
    enum err e = session_find(&r->c, job->token, &s);
    if (e == ERR_OK) {
        r->session_hash = s.hash;
        r->csrf_token = s.csrf_token;
        r->second_factor_due = s.second_factor_due;
    }
    return e;
}

static enum err check_permission(struct req *r) {
    enum perm need = needed(r->route);
    if (need == PERM_PUBLIC || ctx_may(&r->c, need)) {
        return ERR_OK;
    }
    if ((r->route->flags & ROUTE_HALF_SIGNED) && r->second_factor_due) {
        return ERR_OK;
    }
    if (!r->session_hash || r->second_factor_due) {
        return ctx_fail(&r->c, ERR_SIGN_IN, "not signed in");
    }
    return ctx_fail(&r->c, ERR_DENIED, "lacks permission %d", (int)need);
}

static enum err read_form(struct req *r) {
    const struct form_spec *spec = req_form_spec(r);
    if (!spec) {
        bool none = strcmp(r->route->form, "-") == 0;
        return none ? ERR_OK : ctx_fail(&r->c, ERR_BUG, "no form called %s", r->route->form);
    }
    struct form_pair *kept;
    size_t n;
    if (strcmp(r->method, "POST") == 0) {
        r->form = form_read(r->c.arena, spec, r->pairs, r->pair_count, r->uploads, r->upload_count);
    } else if (kept_take(req_query(r, "kept"), spec->name, r->c.now_usec, r->c.arena, &kept, &n)) {
        r->form = form_show_kept(r->c.arena, spec, kept, n);
    } else {
        r->form = form_new(r->c.arena, spec);
    }
    return ERR_OK;
}

// ---- the steps in order ----

static void set_up(struct req *r, struct job *job, struct arena *arena, struct db *db) {
    *r = (struct req){.app = job->pin->app,
                      .route = job->route,
                      .method = job->method,
                      .path = job->path,
                      .address = job->address,
                      .query = job->query,
                      .query_count = job->query_count,
                      .pairs = job->pairs,
                      .pair_count = job->pair_count,
                      .uploads = job->uploads,
                      .upload_count = job->upload_count,
                      .json = job->json,
                      .json_n = job->json_n,
                      .resp = &job->resp};
    memcpy(r->params, job->params, sizeof r->params);
    ctx_init(&r->c, arena, db);
    r->c.plugins = r->app->plugins; // one generation from the first to the last line of the page
}

static enum err steps(struct req *r, struct job *job, bool db_away) {
    if (db_away) {
        return ctx_fail(&r->c, ERR_DB_AWAY, "no connection");
    }
    enum err e = find_session(r, job);
    if (e == ERR_OK) {
        e = check_permission(r);
    }
    if (e != ERR_OK || job->kind == JOB_MAY_UPLOAD) {
        return e;
    }
    e = check_forgery(r, job);
    if (e == ERR_OK) {
        e = read_form(r);
    }
    if (e == ERR_OK) {
        e = job->route->page(r);
    }
    if (e == ERR_OK && job->resp.status == 0) {
        return ctx_fail(&r->c, ERR_BUG, "the page gave no answer");
    }
    if (e == ERR_OK && (job->resp.body.over || job->resp.head.over)) {
        return ctx_fail(&r->c, ERR_BUG, "the answer is larger than %zu bytes", RESP_BODY_MAX);
    }
    return e;
}

static void log_outcome(const struct req *r, enum err e) {
    if (e == ERR_OK) {
        return;
    }
    log_event((enum log_level)err_log_level(e), "request_failed", "request", r->c.id, "method", r->method,
              "route", r->route->path, "error", err_name(e), "detail", r->c.err_detail, NULL);
}

void pipeline_run(struct job *job, struct arena *arena, struct db *db, bool db_away) {
    struct req r;
    struct sums_unit sums;
    set_up(&r, job, arena, db);
    sums_begin(&sums, db ? r.app->cube : NULL, &r.c);
    enum err e = steps(&r, job, db_away);
    if (db) {
        db_release(db); // a transaction left open is undone before anything else is read
    }
    log_outcome(&r, e);
    if (e == ERR_FORGED) {
        metrics_add(METRIC_FORGED);
    }
    if (e == ERR_DB_AWAY) {
        metrics_add(METRIC_DB_AWAY);
    }
    if (e != ERR_OK) {
        errorpage_answer(&r, job, e);
        if (db) {
            db_release(db);
        }
    }
    sums_end(&sums, &r.c);
    job->err = e;
}
