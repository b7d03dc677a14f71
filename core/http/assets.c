// SPDX-License-Identifier: Apache-2.0
// The table of static files: addresses that change with the content, so that browsers may keep them for ever.
#include "http/assets.h"

#include "base/day.h"
#include "base/embed.h"
#include "base/log.h"
#include "base/text.h"
#include "http/gzip.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASSETS_MAX 64

extern const struct embedded embedded_assets[];

struct asset {
    const struct embedded *file;
    const char *type;
    char url[160];
    char etag[RESP_ETAG_MAX];
    unsigned char *gz; // NULL when it does not shrink
    size_t gz_n;
};

static struct asset table[ASSETS_MAX];
static size_t count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const char *type_of(const char *name) {
    static const char *const types[][2] = {
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".woff2", "font/woff2"},
        {".ico", "image/x-icon"},
    };
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(dot, types[i][0]) == 0) {
            return types[i][1];
        }
    }
    return "application/octet-stream";
}

static void add(const struct embedded *e) {
    if (count == ASSETS_MAX) {
        log_event(LOG_LEVEL_ERROR, "too_many_assets", "name", e->path, NULL);
        return;
    }
    struct asset *a = &table[count++];
    char hash[65];
    sha256_hex(e->bytes, e->n, hash);
    a->file = e;
    a->type = type_of(e->path);
    snprintf(a->url, sizeof a->url, "/assets/%.12s/%.100s", hash, e->path);
    snprintf(a->etag, sizeof a->etag, "W/\"%.16s\"", hash);
    if (gzip_best(e->bytes, e->n, &a->gz, &a->gz_n) && a->gz_n + a->gz_n / 20 >= e->n) {
        free(a->gz); // saves less than a twentieth
        a->gz = NULL;
    }
}

static void make_table(void) {
    for (const struct embedded *e = embedded_assets; e->path; e++) {
        add(e);
    }
}

void assets_start(void) {
    pthread_once(&once, make_table);
}

static const struct asset *by_name(const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].file->path, name) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

const char *assets_url(const char *name) {
    assets_start();
    const struct asset *a = by_name(name);
    if (!a) {
        log_event(LOG_LEVEL_WARNING, "asset_missing", "name", name, NULL);
        return "/assets/missing/file";
    }
    return a->url;
}

static int answer(const struct asset_ask *ask, const struct asset *a, enum resp_cache cache,
                  struct strb *out) {
    struct resp r;
    resp_init(&r);
    bool same = etag_listed(ask->if_none_match, a->etag);
    bool gz = ask->gzip && a->gz;
    r.status = same ? 304 : 200;
    r.cache = cache;
    r.content_type = a->type;
    memcpy(r.etag, a->etag, sizeof r.etag);
    struct resp_send how = {
        .close = ask->close, .https = ask->https, .encoding = gz ? "gzip" : NULL, .now_usec = ask->now_usec};
    resp_head(&r, &how, gz ? a->gz_n : a->file->n, out);
    if (!same && !ask->head_only) {
        strb_put(out, gz ? a->gz : a->file->bytes, gz ? a->gz_n : a->file->n);
    }
    int status = r.status;
    resp_free(&r);
    return status;
}

static int answer_text(const struct asset_ask *ask, const char *text, struct strb *out) {
    struct resp r;
    resp_init(&r);
    resp_set(&r, 200, "text/plain; charset=utf-8", text, strlen(text));
    r.cache = RESP_CHECK;
    struct resp_send how = {.close = ask->close, .https = ask->https, .now_usec = ask->now_usec};
    resp_head(&r, &how, r.body.n, out);
    if (!ask->head_only) {
        strb_put(out, r.body.p, r.body.n);
    }
    resp_free(&r);
    return 200;
}

// RFC 9116: where to tell about a weakness. The date it runs out is always a year ahead.
static int security_txt(const struct asset_ask *ask, struct strb *out) {
    char text[512], until[STAMP_TEXT_BYTES];
    stamp_iso((ask->now_usec / USEC_PER_DAY + 364) * USEC_PER_DAY, until);
    snprintf(text, sizeof text, "Contact: %.300s\nExpires: %s\nPreferred-Languages: en\n", ask->contact,
             until);
    return answer_text(ask, text, out);
}

int assets_answer(const struct asset_ask *ask, struct strb *out) {
    if (text_starts(ask->path, "/assets/")) {
        for (size_t i = 0; i < count; i++) {
            if (strcmp(table[i].url, ask->path) == 0) {
                return answer(ask, &table[i], RESP_FOREVER, out);
            }
        }
        return 0;
    }
    if (strcmp(ask->path, "/favicon.ico") == 0) {
        const struct asset *icon = by_name("favicon.svg");
        return icon ? answer(ask, icon, RESP_CHECK, out) : 0;
    }
    if (strcmp(ask->path, "/robots.txt") == 0) {
        return answer_text(ask, "User-agent: *\nDisallow: /account\nDisallow: /sign-in\nDisallow: /sign-up\n",
                           out);
    }
    if (strcmp(ask->path, "/.well-known/security.txt") == 0) {
        return security_txt(ask, out);
    }
    return 0;
}
