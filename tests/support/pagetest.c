// SPDX-License-Identifier: Apache-2.0
// The real pages without sockets.
#include "support/pagetest.h"

#include "auth/session.h"
#include "cli/assemble.h"
#include "http/pipeline.h"
#include "http/serverint.h"
#include "plugin/host.h"
#include "render/template.h"
#include "support/market.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define JOB_BYTES  ((size_t)16 * 1024 * 1024)
#define APP_BYTES  ((size_t)64 * 1024 * 1024)
#define PAIRS_MAX  64
#define PARAM_ROOM 1024

static void end_app(void *app) {
    ((const struct app *)app)->end(app);
}

const struct app *pagetest_app(struct arena *a, struct plugin_host *plugins) {
    char why[512] = "";
    template_set_strict(true);
    const struct frame *f = frame_new(a, why, sizeof why);
    const struct app *app =
        f ? assemble(f, plugins, plugins ? plugin_host_now(plugins) : NULL, why, sizeof why) : NULL;
    if (!app) {
        fail_msg("assemble: %s", why);
    }
    arena_on_end(a, end_app, (void *)(uintptr_t)app);
    return app;
}

int pagetest_setup(void **state, struct stage *ret, const char *dir, const char *list) {
    *ret = (struct stage){.arena = arena_new(APP_BYTES)};
    int rc = dbtest_setup(state);
    if (list) {
        ret->plugins = plugtest_start(((struct dbtest *)*state)->c, dir, list);
    }
    ret->app = pagetest_app(ret->arena, ret->plugins.host);
    return rc;
}

int pagetest_teardown(void **state, struct stage *stage) {
    arena_free(stage->arena);
    return stage->plugins.host ? plugtest_teardown(state, &stage->plugins) : dbtest_teardown(state);
}

struct visitor pagetest_visitor(const struct app *app, struct dbtest *t, const char *org) {
    struct visitor v = {.app = app, .t = t};
    if (org) {
        market_act(t->c, org);
        assert_err(t->c, session_start(t->c, t->c->actor.person_id, false, v.token), ERR_OK);
        struct session s;
        assert_err(t->c, session_find(t->c, v.token, &s), ERR_OK);
        snprintf(v.csrf, sizeof v.csrf, "%s", s.csrf_token);
    }
    return v;
}

static void split(struct job *j, const char *form, const char *csrf) {
    j->pairs = arena_array(j->arena, PAIRS_MAX, sizeof *j->pairs);
    j->pairs[j->pair_count++] = (struct form_pair){"csrf", csrf};
    while (*form) {
        size_t n = strcspn(form, "&"), name = strcspn(form, "=");
        assert_true(name < n && j->pair_count < PAIRS_MAX);
        j->pairs[j->pair_count++] = (struct form_pair){
            arena_strndup(j->arena, form, name), arena_strndup(j->arena, form + name + 1, n - name - 1)};
        form += n + (form[n] == '&');
    }
}

static struct page run(struct visitor *v, const char *method, const char *target, const char *form,
                       struct form_upload *upload) {
    struct app_pin pin = {.app = v->app, .users = 1};
    struct job *j = job_new(JOB_PAGE, JOB_BYTES);
    struct arena *a = arena_new(JOB_BYTES);
    const char *query = strchr(target, '?'), *allow = "";
    size_t n = query ? (size_t)(query - target) : strlen(target);
    char scratch[PARAM_ROOM];
    j->pin = &pin;
    j->method = method;
    j->path = arena_strndup(j->arena, target, n);
    j->target = target;
    j->host = "market.example";
    j->address = "127.0.0.1";
    j->fetch_site = "same-origin";
    j->token = *v->token ? v->token : NULL;
    if (query) {
        assert_true(job_read_query(j, query + 1, strlen(query + 1)));
    }
    if (form) {
        split(j, form, v->csrf);
    }
    if (upload) {
        j->uploads = upload;
        j->upload_count = 1;
    }
    enum err found = router_find(v->app->router, method, j->path, scratch, &j->route, j->params, &allow);
    if (found != ERR_OK) {
        fail_msg("no route %s %s", method, target);
    }
    pipeline_run(j, a, v->t->db, false);
    struct page p = {.status = j->resp.status,
                     .body = arena_strndup(v->t->arena, j->resp.body.p, j->resp.body.n),
                     .location = ""};
    const char *at = strstr(j->resp.head.p, "Location: ");
    if (at) {
        p.location = arena_strndup(v->t->arena, at + 10, strcspn(at + 10, "\r\n"));
    }
    arena_free(a);
    job_free(j);
    return p;
}

struct page pagetest_get(struct visitor *v, const char *target) {
    return run(v, "GET", target, NULL, NULL);
}

struct page pagetest_post(struct visitor *v, const char *target, const char *form) {
    return run(v, "POST", target, form, NULL);
}

struct page pagetest_upload(struct visitor *v, const char *target, const char *form, const char *field,
                            const char *path) {
    struct stat st;
    const char *slash = strrchr(path, '/');
    assert_int_equal(stat(path, &st), 0);
    struct form_upload u = {.field = field,
                            .file_name = slash ? slash + 1 : path,
                            .content_type = "text/csv",
                            .path = path,
                            .size = st.st_size};
    return run(v, "POST", target, form, &u);
}

void pagetest_assert(struct page p, int status, const char *words, const char *file, int line) {
    if (p.status == status && (!words || strstr(p.body, words) || strstr(p.location, words))) {
        return;
    }
    print_error("status %d (wanted %d), wanted words: %s\nlocation: %s\n%s\n", p.status, status,
                words ? words : "none", p.location, p.body);
    _fail(file, line);
}
