// SPDX-License-Identifier: Apache-2.0
// Health, readiness and metrics.
#include "http/health.h"

#include "base/clock.h"
#include "http/executor.h"
#include "http/job.h"
#include "http/metrics.h"
#include "render/template.h"

#include <string.h>

#define READY_ARENA_BYTES ((size_t)64 * 1024)

static void say(struct resp *r, int status, const char *text) {
    resp_set(r, status, "text/plain; charset=utf-8", text, strlen(text));
    if (status == 503) {
        resp_header(r, "Retry-After", "5");
    }
}

static bool database_answers(struct server *s) {
    struct job *j = job_new(JOB_READY, READY_ARENA_BYTES);
    j->queued_usec = clock_monotonic_usec();
    bool ok = queue_push(s->queue, QUEUE_VISITOR, j);
    if (ok) {
        job_wait(j);
    }
    ok = ok && j->err == ERR_OK;
    job_free(j);
    return ok;
}

static void ready(struct server *s, struct resp *r) {
    if (!database_answers(s)) {
        say(r, 503, "not ready: the database does not answer\n");
    } else if (!snapshot_is_listening(s->snapshot)) {
        say(r, 503, "not ready: changes are not heard yet\n");
    } else {
        say(r, 200, "ready\n");
    }
}

static void metrics(struct server *s, struct resp *r) {
    size_t entries, bytes;
    snapshot_size(s->snapshot, &entries, &bytes);
    struct metrics_now now = {.queue_depth = queue_depth(s->queue),
                              .executors = executors_count(s->executors),
                              .executors_busy = executors_busy(s->executors),
                              .connections = (uint64_t)s->connections,
                              .inflight = (uint64_t)s->inflight,
                              .snapshot_entries = entries,
                              .snapshot_bytes = bytes,
                              .unknown_keys = template_unknown_keys()};
    r->status = 200;
    r->content_type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_text(&now, &r->body);
}

bool health_answer(struct server *s, const char *path, struct resp *r) {
    if (strcmp(path, "/healthz") == 0) {
        say(r, 200, "alive\n");
    } else if (strcmp(path, "/readyz") == 0) {
        ready(s, r);
    } else if (strcmp(path, "/metrics") == 0) {
        metrics(s, r);
    } else {
        return false;
    }
    return true;
}
