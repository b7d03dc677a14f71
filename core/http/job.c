// SPDX-License-Identifier: Apache-2.0
// Making and ending jobs.
#include "http/job.h"

#include "http/urlenc.h"

#include <stdlib.h>
#include <string.h>

struct job *job_new(enum job_kind kind, size_t limit) {
    struct job *j = calloc(1, sizeof *j);
    if (!j) {
        abort();
    }
    j->kind = kind;
    j->arena = arena_new(limit);
    sem_init(&j->done, 0, 0);
    resp_init(&j->resp);
    return j;
}

void job_free(struct job *j) {
    if (j) {
        resp_free(&j->resp);
        sem_destroy(&j->done);
        arena_free(j->arena);
        free(j);
    }
}

bool job_read_query(struct job *j, const char *query, size_t n) {
    if (n == 0) {
        return true;
    }
    char *buf = arena_alloc(j->arena, n + 2);
    struct urlenc_pair *pairs = arena_array(j->arena, URLENC_QUERY_PAIRS, sizeof *pairs);
    size_t count = 0;
    if (urlenc_parse(query, n, URLENC_PLUS, buf, n + 2, pairs, URLENC_QUERY_PAIRS, &count) != URLENC_OK) {
        return false;
    }
    j->query = arena_array(j->arena, count + 1, sizeof *j->query);
    for (size_t i = 0; i < count; i++) {
        j->query[i] = (struct form_pair){pairs[i].name, pairs[i].value};
    }
    j->query_count = count;
    return true;
}

void job_wait(struct job *j) {
    while (sem_wait(&j->done) != 0) {
        // interrupted by the watch over slow bodies; the answer is still to come
    }
}
