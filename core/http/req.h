// SPDX-License-Identifier: Apache-2.0
// One request as a page sees it, and the response it builds. No CivetWeb, no sockets here.
#ifndef ANCHORAGE_HTTP_REQ_H
#define ANCHORAGE_HTTP_REQ_H

#include "base/ctx.h"
#include "base/strb.h"
#include "form/form.h"
#include "render/model.h"
#include "render/table.h"

#define REQ_MAX_PARAMS 4

struct route;
struct template_set;
struct app; // http/app.h: templates, forms, routes, place: what a generation of the program is made of

struct req {
    struct ctx c; // first, so that domain code gets &r->c
    const struct app *app;
    const struct route *route;
    const char *method;                 // "GET", "HEAD" or "POST"
    const char *path;                   // decoded, "/opportunities/abc"
    const char *address;                // of the client, text
    const char *params[REQ_MAX_PARAMS]; // values of {name} segments, in order
    const struct form_pair *query;
    size_t query_count;
    const struct form_pair *pairs; // of the body
    size_t pair_count;
    const struct form_upload *uploads;
    size_t upload_count;
    const char *json; // whole JSON body when the route takes one
    size_t json_n;
    struct form
        *form; // read and checked when the route names a form and the method is POST; empty form on GET
    const char *session_hash; // of the session this request carries, NULL for none
    const char *csrf_token;   // NULL when nobody is signed in
    bool second_factor_due;   // password given, code not yet
    struct resp *resp;
};

// The form that the route takes, the core's or a plugin's own; NULL for none.
const struct form_spec *req_form_spec(const struct req *r);

// Query value by name, "" when absent.
const char *req_query(const struct req *r, const char *name);

// ---- answering: a page calls exactly one of these, then returns its code (ERR_OK) ----

// A model that already knows what the layout needs (place, navigation, person, csrf).
struct model *page_model(struct req *r, const char *title);
// Renders web/templates/<name>.html in the layout. Status 200, or 422 when the request's form has errors.
enum err page_render(struct req *r, const char *name, struct model *m) MUST;
// The same for a page of a plugin, with a set of templates that stands on the core's: the page sees `inner`
// and then `m`, the layout `m` alone.
enum err page_render_with(struct req *r, const struct template_set *set, const char *name, struct model *m,
                          const struct model *inner) MUST;
// A table as CSV, JSON or workbook by the route's extension (".csv", ".json", ".xlsx"), with a download file
// name.
enum err page_table(struct req *r, const struct table *t, const char *file_stem) MUST;
// 303 to a same-site path.
enum err page_redirect(struct req *r, const char *fmt, ...) __attribute__((format(printf, 2, 3))) MUST;
// Any bytes; disposition: NULL or a download file name.
enum err page_bytes(struct req *r, const char *content_type, const char *download_name, const void *bytes,
                    size_t n) MUST;
// A message shown once at the top of the next page this session sees ("Your place is booked."); kind:
// "success" or "info".
void page_flash(struct req *r, const char *kind, const char *text);
// Sets (or with NULL clears) the session cookie of the answer.
void page_session_cookie(struct req *r, const char *token);

// Which changes make this public page stale (topics of core.note_change) are columns of the route. A page
// whose words also depend on the time says until when they are right (microseconds UTC); the earliest call
// wins.
void page_fresh_until(struct req *r, int64_t usec);

// This answer is not kept ready-made though its route is (ROUTE_SNAPSHOT): its address is one of very many.
void page_keep_not(struct req *r);

// A page returns an error code to show the matching error page (web/templates/errors), e.g. ERR_NOT_FOUND.

#endif
