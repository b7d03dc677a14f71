// SPDX-License-Identifier: Apache-2.0
// Rows that cannot be taken: one a line, its number, a blank, the sentence.
#include "spend/import_wrong.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define LINE_BYTES 1024

struct wrong_rows {
    FILE *f;
    uint64_t last;
    int64_t count;
};

static bool beside(const char *path, char out[PATH_BYTES]) {
    int n = snprintf(out, PATH_BYTES, "%s%s", path, WRONG_ROWS_SUFFIX);
    return n > 0 && n < PATH_BYTES;
}

struct wrong_rows *wrong_rows_new(const char *path) {
    char name[PATH_BYTES];
    FILE *f = beside(path, name) ? fopen(name, "we") : NULL;
    if (!f) {
        return NULL;
    }
    struct wrong_rows *w = calloc(1, sizeof *w);
    if (!w) {
        abort();
    }
    w->f = f;
    return w;
}

static void begin_again(struct wrong_rows *w) {
    rewind(w->f);
    if (ftruncate(fileno(w->f), 0) != 0) {
        w->count = WRONG_ROWS_MAX; // better none than some of them twice
        return;
    }
    w->count = 0;
}

void wrong_rows_add(struct wrong_rows *w, uint64_t line, const char *why) {
    if (!w) {
        return;
    }
    if (line <= w->last) {
        begin_again(w);
    }
    w->last = line;
    if (w->count++ < WRONG_ROWS_MAX) {
        fprintf(w->f, "%" PRIu64 " %s\n", line, why);
    }
}

void wrong_rows_end(struct wrong_rows *w) {
    if (w) {
        fclose(w->f);
        free(w);
    }
}

bool wrong_rows_read(const char *path, void (*row)(void *arg, uint64_t line, const char *why), void *arg) {
    char name[PATH_BYTES], text[LINE_BYTES];
    FILE *f = beside(path, name) ? fopen(name, "re") : NULL;
    if (!f) {
        return false;
    }
    while (fgets(text, sizeof text, f)) {
        char *why;
        text[strcspn(text, "\n")] = 0;
        uint64_t line = strtoull(text, &why, 10);
        row(arg, line, *why == ' ' ? why + 1 : why);
    }
    fclose(f);
    return true;
}

void wrong_rows_remove_with(const char *path) {
    char name[PATH_BYTES];
    (void)unlink(path);
    if (beside(path, name)) {
        (void)unlink(name);
    }
}
