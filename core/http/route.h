// SPDX-License-Identifier: Apache-2.0
// Routes: exact paths, each with its permission, form and forgery check; nothing is served that is not in a
// table.
#ifndef ANCHORAGE_HTTP_ROUTE_H
#define ANCHORAGE_HTTP_ROUTE_H

#include "base/ctx.h"

#include <stddef.h>

struct req;
struct form_spec;

enum csrf_level {
    CSRF_NONE = 1, // changes nothing (GET)
    CSRF_ORIGIN,   // same-origin request (Origin / Sec-Fetch-Site), for forms before sign-in
    CSRF_TOKEN,    // same origin and the session's token
};

enum route_flag {
    ROUTE_UPLOAD = 1,      // multipart with files, up to http.upload_max_bytes
    ROUTE_SNAPSHOT = 2,    // public and kept ready-made; `topics` says what makes it stale
    ROUTE_JSON = 4,        // takes a JSON body
    ROUTE_HALF_SIGNED = 8, // may be used between password and second factor
    ROUTE_NO_DB = 16,      // runs without a database connection (health, assets)
    ROUTE_PASSWORD = 32,   // hashes a password: waits in a lane of its own, two at once (queue.h)
    ROUTE_PLUGIN =
        64, // of a plugin: `extra` is its struct plugin_route (plugin/page.h), which names the form
    ROUTE_FORM_MADE = 128, // its form is made for the request: `extra` is a struct route_form
};

// A form whose fields are known only when it is asked for.
struct route_form {
    const struct form_spec *(*make)(const struct req *r); // in the request's arena; NULL: there is none
};

// Every column must be set: 0 in perm_plus_one or csrf is refused at start and by a test.
struct route {
    const char *method; // "GET" (also answers HEAD) or "POST"
    const char *path;   // "/opportunities/{ref}"; a {name} matches one whole segment
    int perm_plus_one;  // PERM_x + 1, so that a forgotten column is seen
    enum csrf_level csrf;
    const char *form; // form description, or "-" for none
    unsigned flags;
    const char *topics; // "notice,place" for snapshots, else ""
    enum err (*page)(struct req *r);
    const void *extra; // the page's own, when one function serves many routes; else NULL
};
#define NEED(perm) ((perm) + 1)

struct router;

// Builds the match table. Refuses (message in why): missing columns, POST without csrf, GET with a form but
// other csrf, two routes that can match the same path, a snapshot that is not public, a path that is not
// well-formed.
struct router *router_new(const struct route *const *tables, const size_t *counts, size_t n, char *why,
                          size_t why_cap);
void router_free(struct router *r);

// Finds the route of a decoded path. ERR_NOT_FOUND, or ERR_METHOD with *ret_allow ("GET, HEAD"). Params point
// into `scratch`, a copy of the path cut at its slashes (at least strlen(path) + 1 bytes).
enum err router_find(const struct router *r, const char *method, const char *path, char *scratch,
                     const struct route **ret, const char **params, const char **ret_allow);

// Walks all routes (tests, /admin, docs).
size_t router_count(const struct router *r);
const struct route *router_at(const struct router *r, size_t i);

#endif
