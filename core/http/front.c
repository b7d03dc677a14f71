// SPDX-License-Identifier: Apache-2.0
// The front: small stack, no database, nothing that waits but the body and the queue.
#include "http/front.h"

#include "auth/session.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/text.h"
#include "http/assets.h"
#include "http/bodyread.h"
#include "http/gzip.h"
#include "http/health.h"
#include "http/job.h"
#include "http/metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define JOB_ARENA_BYTES ((size_t)64 * 1024 * 1024)
#define SESSION_COOKIE  "anchorage="
#define UPLOADS_AT_ONCE 16
#define PACK_FROM_BYTES 4096 // below, two packets of the network carry it anyway

static _Atomic int uploads_now;

// One request while it is here.
struct visit {
    struct server *s;
    const struct gate_request *req;
    const struct wire *w;
    struct gate_result g;
    int64_t now_usec;
    bool close, https, gzip;
    const char *if_none_match;
    char token[SESSION_TOKEN_CHARS + 1]; // "" when there is none
    char key[SNAPSHOT_KEY_MAX + 1];      // "" when too long to be kept
};

// ---- sending ----

// More than half of the threads hold a connection: none may be kept just in case.
static bool crowded(const struct server *s) {
    return s->connections * 2 > s->io_threads;
}

static void put_on_wire(struct visit *v, const char *bytes, size_t n) {
    if (v->close) {
        v->w->close_after(v->w->conn);
    }
    if (v->w->write(v->w->conn, bytes, n) < (int)n) {
        v->w->close_after(v->w->conn); // the peer is gone or did not read
    }
}

// gz: its body packed, or NULL.
static int send_as(struct visit *v, const struct resp *r, const unsigned char *gz, size_t gz_n) {
    struct strb out;
    strb_init(&out, RESP_BODY_MAX + 4 * RESP_HEAD_MAX);
    v->close = v->close || v->s->draining; // it may have begun while the page was made
    struct resp_send how = {
        .close = v->close, .https = v->https, .encoding = gz ? "gzip" : NULL, .now_usec = v->now_usec};
    size_t n = gz ? gz_n : r->body.n;
    resp_head(r, &how, n, &out);
    if (v->g.method != GATE_HEAD) {
        strb_put(&out, gz ? (const char *)gz : r->body.p, n);
    }
    put_on_wire(v, out.p, out.n);
    strb_free(&out);
    return r->status;
}

static int send_resp(struct visit *v, const struct resp *r) {
    return send_as(v, r, NULL, 0);
}

static bool wants_json(const char *path) {
    size_t n = strlen(path);
    return n > 5 && strcmp(path + n - 5, ".json") == 0;
}

static int send_error(struct visit *v, int status, enum err e, const char *allow) {
    struct resp r;
    resp_init(&r);
    resp_error(&r, status, e, wants_json(v->g.path));
    if (allow) {
        resp_header(&r, "Allow", allow);
    }
    int sent = send_resp(v, &r);
    resp_free(&r);
    return sent;
}

static int refuse(struct visit *v, const struct gate_verdict *verdict) {
    metrics_add(METRIC_GATE_REFUSED);
    log_event(LOG_LEVEL_INFO, "request_refused", "why", verdict->error_key, NULL);
    v->close = v->close || verdict->close;
    return send_error(v, verdict->status, err_from_status(verdict->status), verdict->allow);
}

// ---- what can be answered here ----

// The session token of the Cookie header: exactly one, of the right form.
static void read_token(struct visit *v) {
    const size_t n = strlen(SESSION_COOKIE);
    v->token[0] = 0;
    int seen = 0;
    for (const char *p = v->g.cookie; p && *p;) {
        p += strspn(p, " ;");
        size_t len = strcspn(p, ";");
        if (len == n + SESSION_TOKEN_CHARS && strncmp(p, SESSION_COOKIE, n) == 0) {
            memcpy(v->token, p + n, SESSION_TOKEN_CHARS);
            v->token[SESSION_TOKEN_CHARS] = 0;
            seen++;
        }
        p += len;
    }
    if (seen != 1 || strspn(v->token, "0123456789abcdef") != SESSION_TOKEN_CHARS) {
        v->token[0] = 0;
    }
}

static void make_key(struct visit *v) {
    size_t need = v->g.path_len + 1 + v->g.query_len;
    if (need > SNAPSHOT_KEY_MAX) {
        v->key[0] = 0;
        return;
    }
    memcpy(v->key, v->g.path, v->g.path_len);
    size_t n = v->g.path_len;
    if (v->g.query_len) {
        v->key[n++] = '?';
        memcpy(v->key + n, v->g.query, v->g.query_len);
        n += v->g.query_len;
    }
    v->key[n] = 0;
}

static int try_asset(struct visit *v) {
    const char *p = v->g.path;
    if (p[1] != 'a' && p[1] != 'f' && p[1] != 'r' && p[1] != '.') {
        return 0;
    }
    struct app_pin *pin = server_pin(v->s);
    char contact[300];
    snprintf(contact, sizeof contact, "%s/contact", pin->app->public_url ? pin->app->public_url : "");
    server_unpin(v->s, pin);
    struct asset_ask ask = {.path = p,
                            .if_none_match = v->if_none_match,
                            .gzip = v->gzip,
                            .head_only = v->g.method == GATE_HEAD,
                            .close = v->close,
                            .https = v->https,
                            .contact = contact,
                            .now_usec = v->now_usec};
    struct strb out;
    strb_init(&out, RESP_BODY_MAX);
    int status = assets_answer(&ask, &out);
    if (status) {
        put_on_wire(v, out.p, out.n);
    }
    strb_free(&out);
    return status;
}

static int try_health(struct visit *v) {
    struct resp r;
    resp_init(&r);
    int status = health_answer(v->s, v->g.path, &r) ? send_resp(v, &r) : 0;
    resp_free(&r);
    return status;
}

static int send_ready(struct visit *v, struct ready *r) {
    size_t n;
    const char *bytes = ready_bytes(r, v->g.method == GATE_HEAD, &n);
    int status = ready_status(r);
    put_on_wire(v, bytes, n);
    ready_done(r);
    return status;
}

// 0: must be made.
static int try_snapshot(struct visit *v, bool even_old) {
    struct snapshot_ask ask = {.key = v->key,
                               .if_none_match = v->if_none_match,
                               .gzip = v->gzip,
                               .close = v->close,
                               .https = v->https,
                               .even_old = even_old,
                               .now_usec = v->now_usec};
    struct ready *r = NULL;
    if (v->token[0] || !v->key[0] || snapshot_find(v->s->snapshot, &ask, &r) != SNAPSHOT_SERVE) {
        return 0;
    }
    return send_ready(v, r);
}

// ---- handing over ----

static const char *header_copy(struct visit *v, struct job *j, const char *name) {
    const char *value = gate_header(v->req, name);
    return value ? arena_strdup(j->arena, value) : NULL;
}

static void fill_job(struct visit *v, struct job *j) {
    static const char *const names[] = {[GATE_GET] = "GET", [GATE_HEAD] = "HEAD", [GATE_POST] = "POST"};
    j->method = names[v->g.method];
    j->path = arena_strndup(j->arena, v->g.path, v->g.path_len);
    j->target = v->g.query_len ? arena_printf(j->arena, "%s?%.*s", j->path, (int)v->g.query_len, v->g.query)
                               : j->path;
    j->host = v->g.host ? arena_strndup(j->arena, v->g.host, v->g.host_len) : NULL;
    j->address = arena_strdup(j->arena, v->g.client_addr);
    j->https = v->https;
    j->token = v->token[0] ? arena_strdup(j->arena, v->token) : NULL;
    j->origin = header_copy(v, j, "Origin");
    j->fetch_site = header_copy(v, j, "Sec-Fetch-Site");
    j->referer = header_copy(v, j, "Referer");
    j->csrf_header = header_copy(v, j, "X-CSRF-Token");
}

// Through the queue and back. False: no room.
static bool run_job(struct server *s, struct job *j) {
    enum queue_lane lane = (j->route->flags & ROUTE_PASSWORD) ? QUEUE_HEAVY : QUEUE_VISITOR;
    j->queued_usec = clock_monotonic_usec();
    if (!queue_push(s->queue, lane, j)) {
        metrics_add(METRIC_QUEUE_REFUSED);
        return false;
    }
    job_wait(j);
    return true;
}

// Only what everybody may read is packed when it was made for one request. A page of a session holds its CSRF
// token, and next to words of the address the length of the packed page would give the token away (BREACH,
// CVE-2013-3587).
static bool may_pack(const struct visit *v, const struct job *j) {
    const struct resp *r = &j->resp;
    const char *type = r->content_type ? r->content_type : "";
    bool text = text_starts(type, "text/") || text_starts(type, "application/json") ||
                text_starts(type, "image/svg+xml");
    return v->gzip && !v->token[0] && !r->sets_cookie && (j->route->flags & ROUTE_SNAPSHOT) &&
           j->err == ERR_OK && r->status == 200 && text && r->body.n >= PACK_FROM_BYTES;
}

static int send_made(struct visit *v, const struct job *j) {
    unsigned char *gz = NULL;
    size_t n = 0;
    if (may_pack(v, j) && gzip_quick(j->resp.body.p, j->resp.body.n, &gz, &n) && n >= j->resp.body.n) {
        free(gz);
        gz = NULL;
    }
    int status = send_as(v, &j->resp, gz, n);
    free(gz);
    return status;
}

static int send_job(struct visit *v, struct job *j, bool ran) {
    bool kept = j->snapshot_key != NULL;
    bool away = !ran || j->err == ERR_DB_AWAY || j->err == ERR_BUSY || j->err == ERR_TIMEOUT;
    if (kept && !ran) {
        snapshot_gave_up(v->s->snapshot, j->snapshot_key);
    }
    if (kept && (away || j->err == ERR_OK)) {
        int status = try_snapshot(v, true); // the copy just made, or the last good one
        if (status) {
            metrics_add(away ? METRIC_SNAPSHOT_OLD : METRIC_SNAPSHOT_MISS);
            return status;
        }
    }
    return ran ? send_made(v, j) : send_error(v, 503, ERR_BUSY, NULL);
}

// ---- bodies ----

static unsigned kinds_of(const struct route *route) {
    if (strcmp(route->method, "POST") != 0) {
        return 0;
    }
    if (route->flags & ROUTE_JSON) {
        return BODY_KIND_BIT(BODY_JSON);
    }
    return BODY_KIND_BIT(BODY_URLENCODED) |
           ((route->flags & ROUTE_UPLOAD) ? BODY_KIND_BIT(BODY_MULTIPART) : 0u);
}

static int64_t body_max_of(const struct route *route) {
    return conf_number((route->flags & ROUTE_UPLOAD) ? CONF_UPLOAD_MAX : CONF_BODY_MAX);
}

// A large body is only read from somebody who may send it. 0: go on; else what went out.
static int ask_first(struct visit *v, struct job *j) {
    if (!(j->route->flags & ROUTE_UPLOAD) || j->route->perm_plus_one == NEED(PERM_PUBLIC)) {
        return 0;
    }
    j->kind = JOB_MAY_UPLOAD;
    bool ran = run_job(v->s, j);
    j->kind = JOB_PAGE;
    if (ran && j->err == ERR_OK) {
        return 0;
    }
    v->close = true; // the body stays unread
    return ran ? send_resp(v, &j->resp) : send_error(v, 503, ERR_BUSY, NULL);
}

static int send_no_room(struct visit *v) {
    struct resp r;
    resp_init(&r);
    resp_error_why(&r, 507, "no_room", wants_json(v->g.path));
    int status = send_resp(v, &r);
    resp_free(&r);
    return status;
}

static int take_body(struct visit *v, struct job *j, const struct body_type *type) {
    int sent = ask_first(v, j);
    if (sent) {
        return sent;
    }
    bool upload = (j->route->flags & ROUTE_UPLOAD) != 0;
    if (upload && uploads_now++ >= UPLOADS_AT_ONCE) {
        uploads_now--;
        v->close = true;
        metrics_add(METRIC_QUEUE_REFUSED);
        return send_error(v, 503, ERR_BUSY, NULL);
    }
    if (v->g.expect_continue) {
        static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        v->w->write(v->w->conn, go_on, sizeof go_on - 1);
    }
    int status = bodyread(j, v->w, &v->g, type, body_max_of(j->route), upload ? v->s->spool : NULL);
    if (upload) {
        uploads_now--;
    }
    if (status) {
        v->close = true;
        return status == 507 ? send_no_room(v) : send_error(v, status, err_from_status(status), NULL);
    }
    return 0;
}

// ---- much from one address ----

// Loopback is exempt: it is this machine, or a proxy that nobody told us to believe, and then it is
// everybody.
static bool is_counted(const struct visit *v) {
    return v->s->rates && strncmp(v->g.client_addr, "127.", 4) != 0 && strcmp(v->g.client_addr, "::1") != 0;
}

static bool is_guess_counted(const struct visit *v, const struct job *j) {
    return (j->route->flags & ROUTE_PASSWORD) && is_counted(v);
}

static struct ratelimit_answer may_guess(const struct visit *v, const struct job *j) {
    if (!is_guess_counted(v, j)) {
        return (struct ratelimit_answer){.allowed = true};
    }
    char key[RATELIMIT_ADDRESS_KEY];
    size_t n = ratelimit_address_key(v->g.client_addr, key);
    return ratelimit_peek(v->s->rates, RATELIMIT_LOGIN_ADDRESS, key, n, clock_monotonic_usec() / 1000);
}

static bool is_file(const char *path) {
    static const char *const ends[] = {".csv", ".json", ".xlsx", ".xml", ".svg"};
    size_t n = strlen(path);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t m = strlen(ends[i]);
        if (n > m && strcmp(path + n - m, ends[i]) == 0) {
            return true;
        }
    }
    return false;
}

// A public page with a question in its address, and any ready-made one for a browser that may be signed in
// (it has a cookie of the right form), is worked out for this visitor alone.
static struct ratelimit_answer may_ask(const struct visit *v, const struct job *j) {
    const struct route *route = j->route;
    bool made = (route->flags & (ROUTE_SNAPSHOT | ROUTE_PLUGIN)) && (v->g.query_len > 0 || v->token[0]);
    enum ratelimit_kind kind = is_file(v->g.path) ? RATELIMIT_EXPORT : RATELIMIT_SEARCH;
    int64_t most = conf_number(kind == RATELIMIT_EXPORT ? CONF_FILES_PER_HOUR : CONF_SEARCHES_PER_MIN);
    if (!made || route->perm_plus_one != NEED(PERM_PUBLIC) || v->g.method == GATE_POST || most == 0 ||
        !is_counted(v)) {
        return (struct ratelimit_answer){.allowed = true};
    }
    char key[RATELIMIT_ADDRESS_KEY];
    size_t n = ratelimit_address_key(v->g.client_addr, key);
    return ratelimit_take(v->s->rates, kind, key, n, clock_monotonic_usec() / 1000);
}

static void count_guess(struct visit *v, const struct job *j, int status) {
    if (is_guess_counted(v, j) && status >= 400 && status < 500) {
        char key[RATELIMIT_ADDRESS_KEY];
        size_t n = ratelimit_address_key(v->g.client_addr, key);
        ratelimit_take(v->s->rates, RATELIMIT_LOGIN_ADDRESS, key, n, clock_monotonic_usec() / 1000);
    }
}

static int send_limit(struct visit *v, const char *why, int64_t wait_ms) {
    struct resp r;
    char seconds[24];
    resp_init(&r);
    resp_error_why(&r, err_status(ERR_LIMIT), why, wants_json(v->g.path));
    snprintf(seconds, sizeof seconds, "%" PRId64, wait_ms / 1000 + 1);
    resp_header(&r, "Retry-After", seconds);
    metrics_add(METRIC_RATE_REFUSED);
    v->close = true; // a form stays unread
    int status = send_resp(v, &r);
    resp_free(&r);
    return status;
}

// ---- the way of a request ----

// An unknown address gets its page in the frame of the place, as every other page.
static enum err page_missing(struct req *r) {
    return ctx_fail(&r->c, ERR_NOT_FOUND, "no such address");
}
static const struct route missing_unsigned = {"GET",       "/missing", NEED(PERM_PUBLIC), CSRF_NONE, "-",
                                              ROUTE_NO_DB, "",         page_missing,      NULL};
static const struct route missing = {"GET", "/missing", NEED(PERM_PUBLIC), CSRF_NONE, "-",
                                     0,     "",         page_missing,      NULL};

static int serve_job(struct visit *v, struct job *j) {
    const char *allow = NULL;
    fill_job(v, j);
    char *scratch = arena_alloc(j->arena, v->g.path_len + 1);
    enum err e = router_find(j->pin->app->router, j->method, j->path, scratch, &j->route, j->params, &allow);
    if (e == ERR_NOT_FOUND && v->g.method != GATE_POST) {
        j->route = v->token[0] ? &missing : &missing_unsigned;
    } else if (e != ERR_OK) {
        v->close = v->close || v->g.framing != GATE_BODY_NONE;
        return send_error(v, 0, e, allow);
    }
    struct body_type type = {0};
    struct gate_route takes = {.body_kinds = kinds_of(j->route), .body_max = body_max_of(j->route)};
    struct gate_verdict verdict = gate_check_route(&v->g, &takes, &type);
    if (verdict.status) {
        return refuse(v, &verdict);
    }
    if (!job_read_query(j, v->g.query, v->g.query_len)) {
        return send_error(v, 400, ERR_BAD_REQUEST, NULL);
    }
    struct ratelimit_answer a = may_guess(v, j);
    if (!a.allowed) {
        return send_limit(v, err_key(ERR_LIMIT), a.retry_after_ms);
    }
    a = may_ask(v, j);
    if (!a.allowed) {
        return send_limit(v, "many", a.retry_after_ms);
    }
    if (v->g.method == GATE_POST) {
        int sent = take_body(v, j, &type);
        if (sent) {
            return sent;
        }
    } else if ((j->route->flags & ROUTE_SNAPSHOT) && !v->token[0] && v->key[0]) {
        j->snapshot_key = arena_strdup(j->arena, v->key);
    }
    int status = send_job(v, j, run_job(v->s, j));
    count_guess(v, j, status);
    return status;
}

static int serve_page(struct visit *v) {
    struct job *j = job_new(JOB_PAGE, JOB_ARENA_BYTES);
    j->pin = server_pin(v->s);
    int status = serve_job(v, j);
    server_unpin(v->s, j->pin);
    job_free(j);
    return status;
}

static int serve(struct visit *v) {
    struct gate_verdict verdict = gate_check(v->req, &v->s->limits, &v->g);
    if (verdict.status) {
        v->g.method = strcmp(v->req->method ? v->req->method : "", "HEAD") == 0 ? GATE_HEAD : GATE_GET;
        v->g.path[0] = 0;
        return refuse(v, &verdict);
    }
    v->close = v->g.wants_close || crowded(v->s);
    v->https = v->s->https || v->g.forwarded_https;
    if (v->s->draining) {
        v->close = true;
        return send_error(v, 503, ERR_BUSY, NULL);
    }
    if (v->g.method == GATE_POST) {
        read_token(v);
        return serve_page(v);
    }
    v->gzip = gzip_accepted(gate_header(v->req, "Accept-Encoding"));
    v->if_none_match = gate_header(v->req, "If-None-Match");
    read_token(v);
    make_key(v);
    int status = try_snapshot(v, false);
    if (status) {
        metrics_add(METRIC_SNAPSHOT_HIT);
        return status;
    }
    status = try_asset(v);
    status = status ? status : try_health(v);
    return status ? status : serve_page(v);
}

int front_serve(struct server *s, const struct gate_request *req, const struct wire *w) {
    int64_t began = clock_monotonic_usec();
    s->inflight++;
    struct visit v; // 5 KB, mostly buffers: filled in as it goes, not cleared
    v.s = s;
    v.req = req;
    v.w = w;
    v.now_usec = clock_now_usec();
    v.close = v.https = v.gzip = false;
    v.if_none_match = NULL;
    v.token[0] = v.key[0] = 0;
    int status = serve(&v);
    s->inflight--;
    metrics_answer(status, clock_monotonic_usec() - began);
    return status;
}

void front_refuse(struct server *s, int status, const struct wire *w) {
    struct visit v = {.s = s, .w = w, .now_usec = clock_now_usec(), .close = true, .https = s->https};
    metrics_add(METRIC_GATE_REFUSED);
    metrics_answer(send_error(&v, status, err_from_status(status), NULL), 0);
}
