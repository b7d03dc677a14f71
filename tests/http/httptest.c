// SPDX-License-Identifier: Apache-2.0
// The server inside the test program and the raw client.
#include "http/httptest.h"

#include "auth/session.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/embed.h"
#include "base/log.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "http/req.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define FILTERED_BYTES 65536
#define ANSWER_WAIT_MS 10000

extern const struct embedded embedded_templates[];

// ---- pages ----

static enum err say(struct req *r, const char *text) {
    return page_bytes(r, "text/plain; charset=utf-8", NULL, text, strlen(text));
}

static enum err page_hello(struct req *r) {
    struct model *m = page_model(r, "Hello");
    model_text(m, "said", "hello");
    return page_render(r, "test/hello", m);
}

static enum err page_plain(struct req *r) {
    return say(r, arena_printf(r->c.arena, "name=%s q=%s", r->params[0], req_query(r, "q")));
}

static enum err page_bug(struct req *r) {
    return ctx_fail(&r->c, ERR_BUG, "asked for");
}

static enum err page_empty(struct req *r) {
    (void)r;
    return ERR_OK;
}

static enum err page_echo(struct req *r) {
    struct strb b;
    strb_init(&b, 1 << 20);
    for (size_t i = 0; i < r->pair_count; i++) {
        strb_printf(&b, "%s=%s\n", r->pairs[i].name, r->pairs[i].value);
    }
    enum err e = page_bytes(r, "text/plain; charset=utf-8", NULL, b.p, b.n);
    strb_free(&b);
    return e;
}

static enum err page_upload(struct req *r) {
    struct strb b;
    strb_init(&b, 1 << 20);
    for (size_t i = 0; i < r->pair_count; i++) {
        strb_printf(&b, "%s=%s\n", r->pairs[i].name, r->pairs[i].value);
    }
    for (size_t i = 0; i < r->upload_count; i++) {
        const struct form_upload *u = &r->uploads[i];
        FILE *f = fopen(u->path, "re");
        long n = f && fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
        if (f) {
            fclose(f);
        }
        strb_printf(&b, "file %s %s %s %lld on disk %ld\n", u->field, u->file_name, u->content_type,
                    (long long)u->size, n);
    }
    enum err e = page_bytes(r, "text/plain; charset=utf-8", NULL, b.p, b.n);
    strb_free(&b);
    return e;
}

static enum err page_json(struct req *r) {
    return page_bytes(r, "application/json", NULL, r->json, r->json_n);
}

static enum err page_whoami(struct req *r) {
    return say(r, arena_printf(r->c.arena, "person=%lld half=%d csrf=%s", (long long)r->c.actor.person_id,
                               r->second_factor_due, r->csrf_token ? r->csrf_token : ""));
}

static enum err page_start(struct req *r) {
    char token[SESSION_TOKEN_CHARS + 1];
    int64_t person = strtoll(req_query(r, "person"), NULL, 10);
    enum err e = session_start(&r->c, person, *req_query(r, "half") == '1', token);
    if (e != ERR_OK) {
        return e;
    }
    page_session_cookie(r, token);
    return page_redirect(r, "/private");
}

static enum err page_finish(struct req *r) {
    enum err e = session_end(&r->c, r->session_hash);
    page_session_cookie(r, NULL);
    return e != ERR_OK ? e : page_redirect(r, "/");
}

static enum err page_flashed(struct req *r) {
    page_flash(r, "success", "Saved & done");
    return page_redirect(r, "/welcome");
}

static enum err page_place(struct req *r) {
    struct rows *rows = NULL;
    enum err e = DB_ROWS(&r->c, place_now, &rows);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Place");
    model_text(m, "said", rows_count(rows) ? row_text(rows, 0, "name") : "nowhere");
    return page_render(r, "test/hello", m);
}

// A long page made for one question.
static enum err page_filtered(struct req *r) {
    page_keep_not(r);
    struct strb b;
    strb_init(&b, FILTERED_BYTES);
    for (int i = 0; i < 400; i++) {
        strb_printf(&b, "<p>Row %d of %s</p>\n", i, req_query(r, "ward"));
    }
    enum err e = page_bytes(r, "text/html; charset=utf-8", NULL, b.p, b.n);
    strb_free(&b);
    return e;
}

static _Atomic int until_made;

static enum err page_until(struct req *r) {
    page_fresh_until(r, r->c.now_usec); // wrong from now on
    return say(r, arena_printf(r->c.arena, "made %d", ++until_made));
}

// About as large as a long list.
static enum err page_big(struct req *r) {
    struct strb b;
    strb_init(&b, 1 << 20);
    for (unsigned i = 0; b.n < 25000; i++) {
        strb_printf(&b, "<p>Row %u of a long list, with some words in it %x</p>\n", i, i * 2654435761u);
    }
    enum err e = page_bytes(r, "text/html; charset=utf-8", NULL, b.p, b.n);
    strb_free(&b);
    return e;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static int inside;
static bool held;

static enum err page_wait(struct req *r) {
    pthread_mutex_lock(&lock);
    inside++;
    pthread_cond_broadcast(&moved);
    while (held) {
        pthread_cond_wait(&moved, &lock);
    }
    inside--;
    pthread_mutex_unlock(&lock);
    return say(r, "waited");
}

static _Atomic int counted;

static enum err page_count(struct req *r) {
    counted++;
    return say(r, "counted");
}

int httptest_counted(void) {
    return counted;
}

int httptest_inside(void) {
    pthread_mutex_lock(&lock);
    int n = inside;
    pthread_mutex_unlock(&lock);
    return n;
}

void httptest_wait_inside(int n) {
    pthread_mutex_lock(&lock);
    while (inside < n) {
        pthread_cond_wait(&moved, &lock);
    }
    pthread_mutex_unlock(&lock);
}

void httptest_hold(bool on) {
    pthread_mutex_lock(&lock);
    held = on;
    pthread_cond_broadcast(&moved);
    pthread_mutex_unlock(&lock);
}

#define OPEN NEED(PERM_PUBLIC)
static const struct route routes[] = {
    {"GET", "/", OPEN, CSRF_NONE, "-", ROUTE_NO_DB, "", page_hello, NULL},
    {"GET", "/plain/{name}", OPEN, CSRF_NONE, "-", ROUTE_NO_DB, "", page_plain, NULL},
    {"GET", "/bug", OPEN, CSRF_NONE, "-", ROUTE_NO_DB, "", page_bug, NULL},
    {"GET", "/bug.json", OPEN, CSRF_NONE, "-", ROUTE_NO_DB, "", page_bug, NULL},
    {"GET", "/empty", OPEN, CSRF_NONE, "-", ROUTE_NO_DB, "", page_empty, NULL},
    {"GET", "/wait", OPEN, CSRF_NONE, "-", ROUTE_NO_DB, "", page_wait, NULL},
    {"GET", "/count", OPEN, CSRF_NONE, "-", ROUTE_NO_DB, "", page_count, NULL},
    {"POST", "/echo", OPEN, CSRF_ORIGIN, "-", ROUTE_NO_DB, "", page_echo, NULL},
    {"POST", "/upload", OPEN, CSRF_ORIGIN, "-", ROUTE_NO_DB | ROUTE_UPLOAD, "", page_upload, NULL},
    {"POST", "/json", OPEN, CSRF_ORIGIN, "-", ROUTE_NO_DB | ROUTE_JSON, "", page_json, NULL},
    {"POST", "/login", OPEN, CSRF_ORIGIN, "-", ROUTE_NO_DB | ROUTE_PASSWORD, "", page_wait, NULL},
    {"GET", "/welcome", OPEN, CSRF_NONE, "-", 0, "", page_hello, NULL},
    {"GET", "/private", NEED(PERM_SIGNED_IN), CSRF_NONE, "-", 0, "", page_whoami, NULL},
    {"POST", "/private", NEED(PERM_SIGNED_IN), CSRF_TOKEN, "-", 0, "", page_whoami, NULL},
    {"POST", "/private/file", NEED(PERM_SIGNED_IN), CSRF_TOKEN, "-", ROUTE_UPLOAD, "", page_upload, NULL},
    {"POST", "/private/flash", NEED(PERM_SIGNED_IN), CSRF_TOKEN, "-", 0, "", page_flashed, NULL},
    {"GET", "/admin", NEED(PERM_ADMIN), CSRF_NONE, "-", 0, "", page_whoami, NULL},
    {"GET", "/half", NEED(PERM_SIGNED_IN), CSRF_NONE, "-", ROUTE_HALF_SIGNED, "", page_whoami, NULL},
    {"GET", "/ask", OPEN, CSRF_NONE, "-", 0, "", page_place, NULL},
    {"GET", "/place", OPEN, CSRF_NONE, "-", ROUTE_SNAPSHOT, "place", page_place, NULL},
    {"GET", "/place.json", OPEN, CSRF_NONE, "-", ROUTE_SNAPSHOT, "place", page_place, NULL},
    {"GET", "/big", OPEN, CSRF_NONE, "-", ROUTE_SNAPSHOT, "notice", page_big, NULL},
    {"GET", "/filtered", OPEN, CSRF_NONE, "-", ROUTE_SNAPSHOT, "place", page_filtered, NULL},
    {"GET", "/filtered-alone", OPEN, CSRF_NONE, "-", 0, "", page_filtered, NULL},
    {"GET", "/until", OPEN, CSRF_NONE, "-", ROUTE_SNAPSHOT, "place", page_until, NULL},
    {"POST", "/start", OPEN, CSRF_ORIGIN, "-", 0, "", page_start, NULL},
    {"POST", "/finish", NEED(PERM_SIGNED_IN), CSRF_TOKEN, "-", 0, "", page_finish, NULL},
};
static const struct nav_item nav[] = {{"Home", "/", OPEN}, {"Secret", "/admin", NEED(PERM_ADMIN)}};

// ---- server ----

static struct template_set *templates(void) {
    static const char hello[] = "<h1>{{said}}</h1>\n";
    struct template_set *set = template_set_new(NULL);
    for (const struct embedded *e = embedded_templates; e->path; e++) {
        const char *dot = strrchr(e->path, '.');
        bool wanted = text_starts(e->path, "errors/") || text_starts(e->path, "partials/") ||
                      strcmp(e->path, "layout.html") == 0;
        if (wanted && dot && strcmp(dot, ".html") == 0) {
            char name[128];
            snprintf(name, sizeof name, "%.*s", (int)(dot - e->path), e->path);
            template_add(set, name, (const char *)e->bytes, e->n);
        }
    }
    template_add(set, "test/hello", hello, sizeof hello - 1);
    char why[512] = "";
    if (!template_compile(set, why, sizeof why)) {
        fail_msg("templates: %s", why);
    }
    return set;
}

void httptest_start(struct httptest *t, const char *conninfo) {
    static const struct route *const tables[] = {routes};
    static const size_t counts[] = {sizeof routes / sizeof routes[0]};
    char why[512] = "";
    *t = (struct httptest){.arena = arena_new(1 << 20)};
    snprintf(t->data_dir, sizeof t->data_dir, "%s/anchorage-http-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(t->data_dir));
    struct router *router = router_new(tables, counts, 1, why, sizeof why);
    if (!router) {
        fail_msg("routes: %s", why);
    }
    template_set_strict(true);
    t->app = (struct app){.templates = templates(),
                          .forms = form_specs_new(t->arena),
                          .router = router,
                          .nav = nav,
                          .nav_count = 2,
                          .public_url = "http://market.example",
                          .data_dir = t->data_dir};
    assert_null(conf_set("http.listen", "127.0.0.1:0"));
    if (server_start(&t->app, conninfo, &t->server, why, sizeof why) != ERR_OK) {
        fail_msg("server_start: %s", why);
    }
    t->port = (int)strtol(strrchr(server_address(t->server), ':') + 1, NULL, 10);
    assert_true(t->port > 0);
}

static void quiet(const char *line) {
    (void)line;
}

int httptest_begin(struct httptest *t, const char *conninfo, const char *const *settings) {
    log_set_sink(quiet);
    for (; *settings; settings += 2) {
        assert_null(conf_set(settings[0], settings[1]));
    }
    httptest_start(t, conninfo);
    return 0;
}

int httptest_end(struct httptest *t) {
    httptest_stop(t);
    conf_reset();
    return 0;
}

void httptest_stop(struct httptest *t) {
    server_stop(t->server, 10000);
    template_set_free((struct template_set *)(uintptr_t)t->app.templates);
    router_free((struct router *)(uintptr_t)t->app.router);
    arena_free(t->arena);
    char spool[96];
    snprintf(spool, sizeof spool, "%s/spool", t->data_dir);
    assert_int_equal(rmdir(spool), 0); // nothing may be left in it
    assert_int_equal(rmdir(t->data_dir), 0);
}

// ---- client ----

int client_open(const struct httptest *t) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)t->port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(fd, (struct sockaddr *)&to, sizeof to); // who is refused will get no answer
    return fd;
}

void client_send(int fd, const void *bytes, size_t n) {
    const char *p = bytes;
    while (n > 0) {
        ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);
        if (sent <= 0) {
            return;
        }
        p += sent;
        n -= (size_t)sent;
    }
}

void client_sendf(int fd, const char *fmt, ...) {
    char *text = NULL;
    va_list ap;
    va_start(ap, fmt);
    int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    assert_true(n >= 0);
    client_send(fd, text, (size_t)n);
    free(text);
}

void client_half_close(int fd) {
    shutdown(fd, SHUT_WR);
}

void client_close(int fd) {
    close(fd);
}

// True when the bytes hold a whole answer; finds where the body begins.
static bool complete(struct answer *a, bool head_only) {
    char *end = a->n ? strstr(a->bytes, "\r\n\r\n") : NULL;
    if (!end) {
        return false;
    }
    a->body = end + 4;
    a->body_n = a->n - (size_t)(a->body - a->bytes);
    a->status = (int)strtol(a->bytes + 9, NULL, 10);
    if (a->status == 100) {
        memmove(a->bytes, a->body, a->body_n + 1); // an interim answer is not the answer
        a->n = a->body_n;
        a->status = 0;
        a->body = NULL;
        return complete(a, head_only);
    }
    const char *length = answer_header(a, "Content-Length");
    return head_only || a->status == 304 || (*length && a->body_n >= strtoul(length, NULL, 10));
}

struct answer client_read(int fd, bool head_only, bool until_closed) {
    struct answer a = {0};
    size_t cap = 1 << 16;
    a.bytes = calloc(1, cap);
    int64_t end = clock_monotonic_usec() + (int64_t)ANSWER_WAIT_MS * 1000;
    while (until_closed || !complete(&a, head_only)) {
        int64_t left = (end - clock_monotonic_usec()) / 1000;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&p, 1, (int)left) <= 0) {
            break;
        }
        if (a.n + 4096 > cap) {
            cap *= 2;
            a.bytes = realloc(a.bytes, cap);
            assert_non_null(a.bytes);
        }
        ssize_t got = recv(fd, a.bytes + a.n, cap - a.n - 1, 0);
        if (got <= 0) {
            a.closed = true;
            break;
        }
        a.n += (size_t)got;
        a.bytes[a.n] = 0;
    }
    complete(&a, head_only);
    return a;
}

void answer_free(struct answer *a) {
    free(a->bytes);
    *a = (struct answer){0};
}

const char *answer_header(const struct answer *a, const char *name) {
    static _Thread_local char value[2048];
    size_t n = strlen(name);
    const char *end = strstr(a->bytes, "\r\n\r\n");
    for (const char *p = strstr(a->bytes, "\r\n"); p && p < end; p = strstr(p + 2, "\r\n")) {
        const char *line = p + 2;
        if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
            const char *v = line + n + 1 + strspn(line + n + 1, " ");
            snprintf(value, sizeof value, "%.*s", (int)strcspn(v, "\r"), v);
            return value;
        }
    }
    return "";
}

struct answer http_get(const struct httptest *t, const char *target, const char *headers) {
    int fd = client_open(t);
    client_sendf(fd, "GET %s HTTP/1.1\r\nHost: market.example\r\n%s\r\n", target, headers);
    struct answer a = client_read(fd, false, false);
    client_close(fd);
    return a;
}

struct answer http_post(const struct httptest *t, const char *target, const char *headers, const char *type,
                        const void *body, size_t n) {
    int fd = client_open(t);
    client_sendf(
        fd, "POST %s HTTP/1.1\r\nHost: market.example\r\n%sContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
        target, headers, type, n);
    client_send(fd, body, n);
    struct answer a = client_read(fd, false, false);
    client_close(fd);
    return a;
}
