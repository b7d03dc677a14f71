// SPDX-License-Identifier: Apache-2.0
// Reading a body: every piece has a deadline, the whole has one, and what was cut short is never taken for
// whole.
#include "http/bodyread.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/text.h"
#include "http/metrics.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE_BYTES      8192
#define PIECE_USEC       INT64_C(8000000) // a piece in this time: at least 1 KiB a second
#define UPLOAD_RATE      32768 // bytes a second an upload is given time for, on top of the form's deadline
#define UPLOAD_FILES_MAX 10
#define SPOOL_NAME_CHARS 32

struct intake {
    struct job *job;
    const char *spool;
    size_t pairs_cap, uploads_cap;
    int fd; // file being written, -1 for none
    struct form_upload *file;
    struct strb json;
};

static int on_field(void *ctx, const char *name, const char *value, size_t value_len) {
    struct intake *in = ctx;
    struct job *j = in->job;
    if (j->pair_count == in->pairs_cap) {
        size_t cap = in->pairs_cap ? in->pairs_cap * 2 : 16;
        struct form_pair *more = arena_array(j->arena, cap, sizeof *more);
        if (j->pair_count) {
            memcpy(more, j->pairs, j->pair_count * sizeof *more);
        }
        j->pairs = more;
        in->pairs_cap = cap;
    }
    j->pairs[j->pair_count].name = arena_strdup(j->arena, name);
    j->pairs[j->pair_count++].value = arena_strndup(j->arena, value, value_len);
    return 0;
}

static void remove_file(void *path) {
    if (unlink(path) != 0 && errno != ENOENT) {
        log_event(LOG_LEVEL_WARNING, "spool_file_stays", "why", strerror(errno), NULL);
    }
}

// The disk, a share of it or the size of one file is used up.
static bool no_room(void) {
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
}

static int on_file_begin(void *ctx, const char *field, const char *display_name, const char *media_type) {
    struct intake *in = ctx;
    struct job *j = in->job;
    if (!in->spool || j->upload_count == UPLOAD_FILES_MAX) {
        return 413;
    }
    if (!j->uploads) {
        j->uploads = arena_array(j->arena, UPLOAD_FILES_MAX, sizeof *j->uploads);
    }
    char name[SPOOL_NAME_CHARS + 1];
    random_hex(name, SPOOL_NAME_CHARS);
    char *path = arena_printf(j->arena, "%s/%s", in->spool, name);
    in->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (in->fd < 0) {
        int status = no_room() ? 507 : 500;
        log_event(LOG_LEVEL_ERROR, "spool_file_refused", "why", strerror(errno), NULL);
        return status;
    }
    arena_on_end(j->arena, remove_file, path);
    in->file = &j->uploads[j->upload_count++];
    in->file->field = arena_strdup(j->arena, field);
    in->file->file_name = arena_strdup(j->arena, display_name);
    in->file->content_type = arena_strdup(j->arena, media_type);
    in->file->path = path;
    return 0;
}

static int on_file_data(void *ctx, const void *bytes, size_t len) {
    struct intake *in = ctx;
    const char *p = bytes;
    while (len > 0) {
        ssize_t n = write(in->fd, p, len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            int status = n == 0 || no_room() ? 507 : 500;
            log_event(LOG_LEVEL_ERROR, "spool_write_failed", "why", strerror(errno), NULL);
            return status;
        }
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

static int on_file_end(void *ctx, int64_t bytes) {
    struct intake *in = ctx;
    in->file->size = bytes;
    int bad = close(in->fd);
    in->fd = -1;
    return bad ? 500 : 0;
}

// The page reads the text itself; here it only had to be proved well-formed.
static int on_json(void *ctx, struct json_t *root) {
    (void)ctx;
    json_decref(root);
    return 0;
}

static struct body_limits limits_for(const struct job *j, int64_t body_max) {
    struct body_limits l = body_limits_default();
    l.total_bytes = body_max;
    if (j->route->flags & ROUTE_UPLOAD) {
        l.files_max = UPLOAD_FILES_MAX;
        l.file_bytes = body_max;
    }
    return l;
}

// Feeds the parser until the end; *ret_whole: everything that was announced came.
static int feed(struct intake *in, struct body *b, const struct wire *w, const struct gate_result *g,
                int64_t until_usec, bool is_json, bool *ret_whole) {
    char piece[PIECE_BYTES];
    int64_t got = 0;
    *ret_whole = false;
    for (;;) {
        size_t want = sizeof piece;
        if (g->framing == GATE_BODY_LENGTH && g->content_length - got < (int64_t)want) {
            want = (size_t)(g->content_length - got);
        }
        int n = 0;
        if (want > 0) {
            int64_t now = clock_monotonic_usec();
            w->deadline(w->conn, now + PIECE_USEC < until_usec ? now + PIECE_USEC : until_usec);
            n = w->read(w->conn, piece, want);
        }
        if (w->overdue(w->conn)) {
            metrics_add(METRIC_SLOW_BODY);
            return 408;
        }
        if (n <= 0) {
            *ret_whole = n == 0 && (g->framing != GATE_BODY_LENGTH || got == g->content_length);
            return 0;
        }
        got += n;
        if (is_json) {
            strb_put(&in->json, piece, (size_t)n);
        }
        if (!body_feed(b, piece, (size_t)n)) {
            return body_get_fault(b).status;
        }
    }
}

static void free_json(void *arg) {
    strb_free(arg);
}

static void keep_json(struct intake *in) {
    struct strb *kept = arena_alloc(in->job->arena, sizeof *kept);
    *kept = in->json;
    arena_on_end(in->job->arena, free_json, kept);
    in->job->json = kept->p;
    in->job->json_n = kept->n;
}

int bodyread(struct job *j, const struct wire *w, const struct gate_result *g, const struct body_type *type,
             int64_t body_max, const char *spool) {
    struct intake in = {.job = j, .spool = spool, .fd = -1};
    const struct body_sink sink = {.ctx = &in,
                                   .field = on_field,
                                   .file_begin = on_file_begin,
                                   .file_data = on_file_data,
                                   .file_end = on_file_end,
                                   .json = on_json};
    struct body_limits limits = limits_for(j, body_max);
    struct body_fault fault = {0};
    bool is_json = type->kind == BODY_JSON;
    struct body *b =
        body_open(type, g->framing == GATE_BODY_LENGTH ? g->content_length : -1, &limits, &sink, &fault);
    if (!b) {
        return fault.status ? fault.status : 503;
    }
    strb_init(&in.json, (size_t)body_max + 1);
    int64_t until = clock_monotonic_usec() + conf_number(CONF_BODY_DEADLINE_MS) * 1000;
    if (j->route->flags & ROUTE_UPLOAD) {
        until += body_max / UPLOAD_RATE * 1000000;
    }
    bool whole = false;
    int status = feed(&in, b, w, g, until, is_json, &whole);
    w->deadline(w->conn, 0);
    if (status == 0 && !body_finish(b, whole)) {
        status = body_get_fault(b).status;
        status = status ? status : 400;
    }
    body_free(b);
    if (in.fd >= 0) {
        close(in.fd);
    }
    if (status == 0 && is_json) {
        keep_json(&in);
    } else {
        strb_free(&in.json);
    }
    return status;
}

void bodyread_clean(const char *spool) {
    DIR *d = opendir(spool);
    if (!d) {
        return;
    }
    for (struct dirent *e; (e = readdir(d));) {
        if (strlen(e->d_name) == SPOOL_NAME_CHARS &&
            strspn(e->d_name, "0123456789abcdef") == SPOOL_NAME_CHARS) {
            unlinkat(dirfd(d), e->d_name, 0);
        }
    }
    closedir(d);
}
