// SPDX-License-Identifier: Apache-2.0
// A request on its way from the thread that holds the connection to the thread that runs the page, and back.
#ifndef ANCHORAGE_HTTP_JOB_H
#define ANCHORAGE_HTTP_JOB_H

#include "base/arena.h"
#include "form/form.h"
#include "http/app.h"
#include "http/req.h"
#include "http/response.h"
#include "http/snapshot.h"

#include <semaphore.h>
#include <stdbool.h>

enum job_kind {
    JOB_PAGE,       // run the page
    JOB_MAY_UPLOAD, // only session and permission, before a large body is read: status 0 means go on
    JOB_READY,      // does the database answer?
};

struct job {
    enum job_kind kind;
    struct arena *arena; // what the thread of the connection made; the executor has its own
    sem_t done;          // posted once, by the executor; after it the job belongs to the waiting thread again
    int64_t queued_usec; // monotonic
    struct app_pin *pin;
    const struct route *route;
    const char *method, *path;
    const char *target; // path and query as sent: where to come back to after signing in
    const char *host, *address;
    bool https;
    const char *token;                                       // session token from the cookie, NULL for none
    const char *origin, *fetch_site, *referer, *csrf_header; // NULL when absent
    const char *params[REQ_MAX_PARAMS];
    struct form_pair *query;
    size_t query_count;
    struct form_pair *pairs;
    size_t pair_count;
    struct form_upload *uploads;
    size_t upload_count;
    const char *json;
    size_t json_n;
    const char *snapshot_key; // NULL: not to be kept
    struct resp resp;
    enum err err; // what the page came to
};

// A job with an arena of at most `limit` bytes; job_free also frees the arena and the response.
struct job *job_new(enum job_kind kind, size_t limit);
void job_free(struct job *j);

// Decodes a query string into j->query. False when it is not well-formed.
bool job_read_query(struct job *j, const char *query, size_t n);

// Waits until the executor is done with the job.
void job_wait(struct job *j);

#endif
