// SPDX-License-Identifier: Apache-2.0
// The route table: checked once, then matched by number of segments and segment by segment.
#include "http/route.h"

#include "base/err.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEGMENTS_MAX 12
#define PARAMS_MAX   4 // REQ_MAX_PARAMS

struct pattern {
    const struct route *route;
    size_t segments;
    struct {
        const char *text; // into the route's path
        size_t n;
        bool param;
    } part[SEGMENTS_MAX];
};

struct router {
    size_t count;
    struct pattern *patterns;
    size_t first_of[SEGMENTS_MAX + 2]; // patterns sorted by number of segments: where each number begins
};

static bool segment_ok(const char *s, size_t n, bool *ret_param) {
    *ret_param = n > 2 && s[0] == '{' && s[n - 1] == '}';
    const char *from = *ret_param ? s + 1 : s;
    size_t len = *ret_param ? n - 2 : n;
    for (size_t i = 0; i < len; i++) {
        char ch = from[i];
        if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
              strchr("-_.~", ch))) {
            return false;
        }
    }
    return len > 0 && !(n == 1 && s[0] == '.') && !(n == 2 && s[0] == '.' && s[1] == '.');
}

static const char *pattern_of(const struct route *t, struct pattern *p) {
    *p = (struct pattern){.route = t};
    if (t->path[0] != '/') {
        return "the path must begin with /";
    }
    size_t params = 0;
    for (const char *s = t->path + 1; *s || p->segments > 0;) {
        size_t n = strcspn(s, "/");
        bool param;
        if (!segment_ok(s, n, &param)) {
            return "a part of the path is empty or holds a character that is not allowed";
        }
        params += param;
        if (p->segments == SEGMENTS_MAX || params > PARAMS_MAX) {
            return "the path has too many parts";
        }
        p->part[p->segments].text = s;
        p->part[p->segments].n = n;
        p->part[p->segments++].param = param;
        if (s[n] == 0) {
            break;
        }
        s += n + 1;
    }
    return NULL;
}

static const char *columns_problem(const struct route *t) {
    if (!t->method || !t->path || !t->form || !t->topics || !t->page) {
        return "a column is missing";
    }
    bool get = strcmp(t->method, "GET") == 0;
    if (!get && strcmp(t->method, "POST") != 0) {
        return "the method must be GET or POST";
    }
    if (t->perm_plus_one < 1 || t->perm_plus_one > PERM_COUNT_) {
        return "the permission is missing";
    }
    if (get && t->csrf != CSRF_NONE) {
        return "a GET changes nothing, so it needs CSRF_NONE";
    }
    if (!get && t->csrf != CSRF_ORIGIN && t->csrf != CSRF_TOKEN) {
        return "a POST needs CSRF_ORIGIN or CSRF_TOKEN";
    }
    if ((t->flags & ROUTE_SNAPSHOT) && (!get || t->perm_plus_one != NEED(PERM_PUBLIC))) {
        return "only public GET pages can be kept ready-made";
    }
    if (!(t->flags & ROUTE_SNAPSHOT) && t->topics[0]) {
        return "topics belong to ready-made pages";
    }
    if ((t->flags & (ROUTE_UPLOAD | ROUTE_JSON)) && get) {
        return "a GET has no body";
    }
    if ((t->flags & ROUTE_NO_DB) && t->perm_plus_one != NEED(PERM_PUBLIC)) {
        return "without a database nobody can be signed in";
    }
    return NULL;
}

static bool can_match_same(const struct pattern *a, const struct pattern *b) {
    if (a->segments != b->segments || strcmp(a->route->method, b->route->method) != 0) {
        return false;
    }
    for (size_t i = 0; i < a->segments; i++) {
        bool literal = !a->part[i].param && !b->part[i].param;
        if (literal &&
            (a->part[i].n != b->part[i].n || memcmp(a->part[i].text, b->part[i].text, a->part[i].n) != 0)) {
            return false;
        }
    }
    return true;
}

static int by_segments(const void *x, const void *y) {
    const struct pattern *a = x, *b = y;
    if (a->segments != b->segments) {
        return a->segments < b->segments ? -1 : 1;
    }
    return strcmp(a->route->path, b->route->path);
}

static bool add_all(struct router *r, const struct route *const *tables, const size_t *counts, size_t n,
                    char *why, size_t why_cap) {
    for (size_t t = 0; t < n; t++) {
        for (size_t i = 0; i < counts[t]; i++) {
            const struct route *row = &tables[t][i];
            struct pattern *p = &r->patterns[r->count];
            const char *problem = columns_problem(row);
            if (!problem) {
                problem = pattern_of(row, p);
            }
            if (problem) {
                snprintf(why, why_cap, "%s %s: %s", row->method ? row->method : "?",
                         row->path ? row->path : "?", problem);
                return false;
            }
            for (size_t k = 0; k < r->count; k++) {
                if (can_match_same(p, &r->patterns[k])) {
                    snprintf(why, why_cap, "%s %s and %s can match the same address", row->method, row->path,
                             r->patterns[k].route->path);
                    return false;
                }
            }
            r->count++;
        }
    }
    return true;
}

struct router *router_new(const struct route *const *tables, const size_t *counts, size_t n, char *why,
                          size_t why_cap) {
    size_t total = 0;
    for (size_t t = 0; t < n; t++) {
        total += counts[t];
    }
    struct router *r = calloc(1, sizeof *r);
    struct pattern *patterns = calloc(total + 1, sizeof *patterns);
    if (!r || !patterns) {
        abort();
    }
    r->patterns = patterns;
    if (!add_all(r, tables, counts, n, why, why_cap)) {
        router_free(r);
        return NULL;
    }
    qsort(r->patterns, r->count, sizeof r->patterns[0], by_segments);
    for (size_t s = 0, i = 0; s <= SEGMENTS_MAX + 1; s++) {
        while (i < r->count && r->patterns[i].segments < s) {
            i++;
        }
        r->first_of[s] = i;
    }
    return r;
}

void router_free(struct router *r) {
    if (r) {
        free(r->patterns);
        free(r);
    }
}

static bool matches(const struct pattern *p, const char *const *segs, const size_t *lens,
                    const char **params) {
    size_t k = 0;
    for (size_t i = 0; i < p->segments; i++) {
        if (p->part[i].param) {
            params[k++] = segs[i];
        } else if (p->part[i].n != lens[i] || memcmp(p->part[i].text, segs[i], lens[i]) != 0) {
            return false;
        }
    }
    return true;
}

// Cuts the path at its slashes. False for anything no pattern can match.
static bool cut(const char *path, char *scratch, const char **segs, size_t *lens, size_t *ret_n) {
    if (path[0] != '/') {
        return false;
    }
    size_t n = 0;
    size_t len = strlen(path);
    memcpy(scratch, path, len + 1);
    char *s = scratch + 1;
    while (*s || n > 0) {
        if (n == SEGMENTS_MAX) {
            return false;
        }
        char *slash = strchr(s, '/');
        lens[n] = slash ? (size_t)(slash - s) : strlen(s);
        if (lens[n] == 0) {
            return false;
        }
        segs[n++] = s;
        if (!slash) {
            break;
        }
        *slash = 0;
        s = slash + 1;
    }
    *ret_n = n;
    return true;
}

enum err router_find(const struct router *r, const char *method, const char *path, char *scratch,
                     const struct route **ret, const char **params, const char **ret_allow) {
    const char *segs[SEGMENTS_MAX];
    size_t lens[SEGMENTS_MAX], n = 0;
    if (!cut(path, scratch, segs, lens, &n)) {
        return ERR_NOT_FOUND;
    }
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
    bool get = false, post = false;
    for (size_t i = r->first_of[n]; i < r->first_of[n + 1]; i++) {
        const struct pattern *p = &r->patterns[i];
        const char *found[PARAMS_MAX] = {NULL};
        if (!matches(p, segs, lens, found)) {
            continue;
        }
        if (strcmp(p->route->method, wanted) == 0) {
            memcpy(params, found, sizeof found);
            *ret = p->route;
            return ERR_OK;
        }
        get |= p->route->method[0] == 'G';
        post |= p->route->method[0] == 'P';
    }
    if (!get && !post) {
        return ERR_NOT_FOUND;
    }
    *ret_allow = get ? "GET, HEAD" : "POST";
    return ERR_METHOD;
}

size_t router_count(const struct router *r) {
    return r->count;
}

const struct route *router_at(const struct router *r, size_t i) {
    return r->patterns[i].route;
}
