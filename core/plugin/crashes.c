// SPDX-License-Identifier: Apache-2.0
// Crash notes of an earlier life of the program: who crashed twice is kept out.
#include "base/log.h"
#include "db/queries.gen.h"
#include "plugin/wish.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SPAN_USEC  INT64_C(600000000) // two crashes within ten minutes
#define LINES_MOST 512                // the last ones of the file
#define LINE_BYTES 200

struct crash {
    int64_t at; // microseconds UTC
    char id[32], call[81];
};

struct crashes {
    struct crash list[LINES_MOST];
    size_t count;
};

static bool take_line(const char *line, struct crash *ret) {
    char *end;
    errno = 0;
    ret->at = strtoll(line, &end, 10);
    return !errno && end > line && *end == ' ' && sscanf(end, " %31s %80s", ret->id, ret->call) == 2;
}

static void read_lines(FILE *f, struct crashes *all) {
    char line[LINE_BYTES];
    while (fgets(line, sizeof line, f)) {
        if (all->count == LINES_MOST) {
            memmove(all->list, all->list + 1, (LINES_MOST - 1) * sizeof *all->list);
            all->count--;
        }
        if (take_line(line, &all->list[all->count])) { // half a line, of a full disk, is passed over
            all->count++;
        }
    }
}

// The crash before this one of the same plugin, close enough to count.
static const struct crash *before(const struct crashes *all, size_t i) {
    for (size_t k = i; k-- > 0;) {
        const struct crash *a = &all->list[k], *b = &all->list[i];
        if (strcmp(a->id, b->id) == 0 && b->at - a->at <= SPAN_USEC && a->at - b->at <= SPAN_USEC) {
            return a;
        }
    }
    return NULL;
}

static bool among(const struct rows *ids, const char *id) {
    for (size_t i = 0; i < rows_count(ids); i++) {
        if (strcmp(row_text(ids, i, "id"), id) == 0) {
            return true;
        }
    }
    return false;
}

static enum err suspend_all(struct ctx *c, const struct crashes *all) {
    for (size_t i = 0; i < all->count; i++) {
        const struct crash *now = &all->list[i], *first = before(all, i);
        if (!first) {
            continue;
        }
        const char *reason = arena_printf(
            c->arena,
            "The server crashed twice within ten minutes while it was in this plugin (%s, then %s).",
            first->call, now->call);
        enum err e = wishes_suspend(c, now->id, reason);
        if (e) {
            return e;
        }
        log_event(LOG_LEVEL_ERROR, "plugin_crashed_twice", "plugin", now->id, "first", first->call, "then",
                  now->call, NULL);
    }
    return ERR_OK;
}

// Replaced in one step, so that a crash of this very moment loses nothing but itself.
static void keep_young(const char *file, const struct crashes *all, const struct rows *suspended,
                       int64_t now_usec) {
    char part[2048];
    snprintf(part, sizeof part, "%s.new", file);
    unlink(part);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
    for (size_t i = 0; f && i < all->count; i++) {
        const struct crash *x = &all->list[i];
        if (now_usec - x->at <= SPAN_USEC && !among(suspended, x->id)) {
            fprintf(f, "%" PRId64 " %s %s\n", x->at, x->id, x->call);
        }
    }
    if (!f || fclose(f) != 0 || rename(part, file) != 0) {
        unlink(part);
        log_event(LOG_LEVEL_WARNING, "plugin_crashes_not_cleared", "file", file, NULL);
    }
}

void plugin_host_read_crashes(struct plugin_host *h, struct ctx *c, const char *file) {
    (void)h; // a plugin that is in no list any more is suspended all the same
    FILE *f = c && c->db ? fopen(file, "re") : NULL;
    if (!f) {
        return;
    }
    struct crashes *all = arena_alloc(c->arena, sizeof *all);
    read_lines(f, all);
    fclose(f);
    struct rows *suspended;
    if (all->count == 0) {
        return;
    }
    enum err e = suspend_all(c, all);
    if (e == ERR_OK) {
        e = DB_ROWS(c, plugin_suspended_ids, &suspended);
    }
    if (e == ERR_OK) {
        keep_young(file, all, suspended, c->now_usec);
    } else { // they are read again at the next start
        log_event(LOG_LEVEL_ERROR, "plugin_crashes_not_read", "detail", c->err_detail, NULL);
    }
}
