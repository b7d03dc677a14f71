// SPDX-License-Identifier: Apache-2.0
// Test help: reads the bytes of a payments file the way an import does, through the CSV reader and both
// passes.
#ifndef LOCAL_SPEND_TESTS_SPEND_RUNNER_H
#define LOCAL_SPEND_TESTS_SPEND_RUNNER_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/zipread.h"
#include "logic.h"

enum { RUN_LINES = 64 };

struct run {
    enum csv_status csv;
    enum spend_refusal refusal;
    struct spend_file file;             // layout, tally
    struct spend_line lines[RUN_LINES]; // the first payments
    size_t kept;
    enum spend_verdict verdicts[RUN_LINES]; // of the first records below the headings
    size_t judged;
};

enum pass { PASS_HEAD, PASS_OBSERVE, PASS_MAP };

struct reading {
    struct run *run;
    enum pass pass;
    struct spend_row head[SPEND_HEAD_ROWS];
    size_t head_rows;
};

static void keep_head(struct reading *r, const struct csv_row *row) {
    char **cells = calloc(row->count, sizeof *cells);
    for (size_t i = 0; cells && i < row->count; i++) {
        cells[i] = strdup(row->cells[i]);
    }
    r->head[r->head_rows++] = (struct spend_row){
        .cells = (const char *const *)cells, .count = cells ? row->count : 0, .line = row->line};
}

static void free_head(struct reading *r) {
    for (size_t i = 0; i < r->head_rows; i++) {
        char **cells = (char **)(uintptr_t)r->head[i].cells;
        for (size_t c = 0; c < r->head[i].count; c++) {
            free(cells[c]);
        }
        free(cells);
    }
}

static bool on_row(void *user, const struct csv_row *row) {
    struct reading *r = user;
    struct spend_row one = {.cells = row->cells, .count = row->count, .line = row->line};
    static struct spend_line line;
    if (r->pass == PASS_HEAD) {
        keep_head(r, row);
        return r->head_rows < SPEND_HEAD_ROWS;
    }
    if (r->pass == PASS_OBSERVE) {
        spend_file_observe(&r->run->file, &one);
        return true;
    }
    enum spend_verdict v = spend_file_map(&r->run->file, &one, &line);
    if (v == VERDICT_LINE && r->run->kept < RUN_LINES) {
        r->run->lines[r->run->kept++] = line;
    }
    if (v != VERDICT_HEAD && r->run->judged < RUN_LINES) {
        r->run->verdicts[r->run->judged++] = v;
    }
    return true;
}

static bool read_pass(struct reading *r, enum pass pass, const void *bytes, size_t n) {
    struct csv_reader *csv = csv_open(NULL, on_row, r);
    r->pass = pass;
    csv_feed(csv, bytes, n);
    enum csv_status s = csv_finish(csv);
    csv_close(csv);
    r->run->csv = s == CSV_STOPPED ? CSV_OK : s;
    return r->run->csv == CSV_OK;
}

struct bytes {
    char *p;
    size_t n;
};

static bool take(void *user, const void *p, size_t n) {
    struct bytes *b = user;
    char *grown = realloc(b->p, b->n + n);
    if (!grown) {
        return false;
    }
    memcpy(grown + b->n, p, n);
    *b = (struct bytes){.p = grown, .n = b->n + n};
    return true;
}

// Reads n bytes (a zip archive too: its one CSV). file_name may be NULL. The result is static: one at a time.
static const struct run *run_file(const void *bytes, size_t n, const char *file_name) {
    static struct run run;
    struct reading r = {.run = &run};
    struct bytes unpacked = {.p = NULL};
    struct zipread_info info;
    memset(&run, 0, sizeof run);
    if (zipread_is_zip(bytes, n) && zipread_csv(bytes, n, NULL, take, &unpacked, &info) == ZIPREAD_OK) {
        bytes = unpacked.p;
        n = unpacked.n;
    }
    struct spend_layout layout;
    if (read_pass(&r, PASS_HEAD, bytes, n)) {
        run.refusal = spend_recognise(r.head, r.head_rows, file_name, &layout);
        if (run.refusal == SPEND_ACCEPTED) {
            spend_file_begin(&run.file, &layout);
            if (read_pass(&r, PASS_OBSERVE, bytes, n)) {
                spend_file_decide(&run.file);
                read_pass(&r, PASS_MAP, bytes, n);
                run.refusal = spend_file_refusal(&run.file);
            }
        }
    }
    free_head(&r);
    free(unpacked.p);
    return &run;
}

#endif
