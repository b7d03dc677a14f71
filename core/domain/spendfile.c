// SPDX-License-Identifier: Apache-2.0
// Reading a payments file: open, look at its head, then twice over all rows.
#include "domain/spendfile.h"

#include "base/csv.h"
#include "base/text.h"
#include "base/zipread.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define HEAD_ROWS  40
#define FILE_MAX   ((off_t)1024 * 1024 * 1024)
#define FEED_BYTES ((size_t)256 * 1024)

struct reading {
    struct ctx *c;
    struct spend_reader *reader;
    struct anc_row head[HEAD_ROWS];
    uint32_t head_count;
    spend_line_fn *sink;
    void *sink_arg;
    struct spend_summary *sum;
    struct spend_problem *problems;
    enum err err;
};

// ---- the file as bytes --------------------------------------------------------------------------------

struct bytes {
    const char *p;
    size_t n;
    void *mapped; // to be unmapped
    size_t mapped_n;
    char *unpacked; // to be freed
    size_t cap;
};

static bool take_unpacked(void *user, const void *bytes, size_t n) {
    struct bytes *b = user;
    if (b->n + n > b->cap) {
        size_t cap = b->cap ? b->cap * 2 : (size_t)1024 * 1024;
        while (cap < b->n + n) {
            cap *= 2;
        }
        char *p = realloc(b->unpacked, cap);
        if (!p) {
            return false;
        }
        b->unpacked = p;
        b->cap = cap;
    }
    memcpy(b->unpacked + b->n, bytes, n);
    b->n += n;
    return true;
}

static void drop_bytes(struct bytes *b) {
    if (b->mapped) {
        munmap(b->mapped, b->mapped_n);
    }
    free(b->unpacked);
}

static enum err open_bytes(struct ctx *c, int fd, struct bytes *b, struct spend_summary *sum) {
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return ctx_fail(c, ERR_INVALID, "This is not a file that can be read.");
    }
    if (st.st_size == 0) {
        return ctx_fail(c, ERR_INVALID, "The file is empty. Choose the file with the payments.");
    }
    if (st.st_size > FILE_MAX) {
        return ctx_fail(c, ERR_TOO_LARGE, "The file is larger than 1 GB. Split it into years.");
    }
    b->mapped_n = (size_t)st.st_size;
    b->mapped = mmap(NULL, b->mapped_n, PROT_READ, MAP_PRIVATE, fd, 0);
    if (b->mapped == MAP_FAILED) {
        b->mapped = NULL;
        return ctx_fail(c, ERR_IO, "the file cannot be mapped");
    }
    sha256_hex(b->mapped, b->mapped_n, sum->sha256);
    sum->bytes = st.st_size;
    if (!zipread_is_zip(b->mapped, b->mapped_n)) {
        b->p = b->mapped;
        b->n = b->mapped_n;
        return ERR_OK;
    }
    struct zipread_info info;
    enum zipread_status z = zipread_csv(b->mapped, b->mapped_n, NULL, take_unpacked, b, &info);
    b->p = b->unpacked;
    return z == ZIPREAD_OK ? ERR_OK : ctx_fail(c, ERR_INVALID, "%s", zipread_status_text(z));
}

// ---- one pass over the rows ---------------------------------------------------------------------------

static enum err pass(struct ctx *c, const struct bytes *b, csv_row_fn *row, struct reading *r,
                     void (*progress)(void *, int64_t, int64_t), void *arg) {
    struct csv_reader *csv = csv_open(NULL, row, r);
    if (!csv) {
        return ctx_fail(c, ERR_BUSY, "no memory for the reader");
    }
    enum csv_status s = CSV_OK;
    for (size_t at = 0; at < b->n && s == CSV_OK; at += FEED_BYTES) {
        s = csv_feed(csv, b->p + at, b->n - at < FEED_BYTES ? b->n - at : FEED_BYTES);
        if (progress) {
            progress(arg, (int64_t)at, (int64_t)b->n);
        }
    }
    s = s == CSV_OK ? csv_finish(csv) : s;
    unsigned long long line = csv_line(csv);
    csv_close(csv);
    if (s == CSV_STOPPED) {
        return r->err;
    }
    return s == CSV_OK ? r->err : ctx_fail(c, ERR_INVALID, "%s (line %llu)", csv_status_text(s), line);
}

static struct anc_row row_of(const struct csv_row *row) {
    return (struct anc_row){.size = sizeof(struct anc_row),
                            .cells = row->cells,
                            .count = (uint32_t)row->count,
                            .line = row->line};
}

static bool keep_head(void *user, const struct csv_row *row) {
    struct reading *r = user;
    struct arena *a = r->c->arena;
    const char **cells = arena_array(a, row->count, sizeof *cells);
    for (size_t i = 0; i < row->count; i++) {
        cells[i] = arena_strndup(a, row->cells[i], row->lengths[i]);
    }
    r->head[r->head_count++] = (struct anc_row){
        .size = sizeof(struct anc_row), .cells = cells, .count = (uint32_t)row->count, .line = row->line};
    return r->head_count < HEAD_ROWS;
}

static bool observe(void *user, const struct csv_row *row) {
    struct reading *r = user;
    struct anc_row one = row_of(row);
    r->err = spend_reader_observe(r->reader, &one);
    return r->err == ERR_OK;
}

static void note_problem(struct reading *r, uint64_t line, const char *why) {
    struct spend_summary *s = r->sum;
    s->rejected++;
    if (s->problem_count < SPENDFILE_PROBLEMS) {
        r->problems[s->problem_count++] =
            (struct spend_problem){.line = line, .text = arena_strdup(r->c->arena, why)};
    }
}

static void count_line(struct spend_summary *s, const struct anc_spend_line *l) {
    s->accepted++;
    s->redacted += l->redacted != 0;
    s->negative += l->amount_pence < 0;
    if (l->paid_on == INT32_MIN) {
        s->undated++;
        return;
    }
    s->first_day = s->first_day == INT32_MIN || l->paid_on < s->first_day ? l->paid_on : s->first_day;
    s->last_day = s->last_day == INT32_MIN || l->paid_on > s->last_day ? l->paid_on : s->last_day;
}

static bool take_row(void *user, const struct csv_row *row) {
    struct reading *r = user;
    struct spend_summary *s = r->sum;
    struct anc_row one = row_of(row);
    struct anc_spend_line line = {.size = sizeof line};
    int32_t what = ANC_ROW_BLANK;
    const char *why = "";
    r->err = spend_reader_map(r->reader, &one, &line, &what, &why);
    if (r->err != ERR_OK) {
        return false;
    }
    switch (what) {
    case ANC_ROW_LINE:
        if (__builtin_add_overflow(s->total_pence, line.amount_pence, &s->total_pence)) {
            r->err = ctx_fail(r->c, ERR_INVALID, "The amounts add up to more than can be counted.");
            return false;
        }
        count_line(s, &line);
        r->err = r->sink ? r->sink(r->sink_arg, row->line, &line) : ERR_OK;
        return r->err == ERR_OK;
    case ANC_ROW_PROBLEM:
        note_problem(r, row->line, why);
        return true;
    case ANC_ROW_TOTAL:
        s->totals++;
        return true;
    default:
        s->blank++;
        return true;
    }
}

// ---- the whole ------------------------------------------------------------------------------------------

// The first source that takes the file; when none does, the reasons of the last one that looked closer.
static enum err recognise(struct reading *r) {
    struct provider p;
    enum err e = ERR_UNSUPPORTED;
    for (size_t i = 0; provider_at(r->c->plugins, ANC_POINT_SPEND_SOURCE, i, &p); i++) {
        e = spend_reader_open(r->c, &p, r->head, r->head_count, &r->reader, &r->sum->findings);
        if (e != ERR_UNSUPPORTED) {
            break;
        }
    }
    if (e == ERR_INVALID || e == ERR_UNSUPPORTED) {
        const struct findings *f = &r->sum->findings;
        return ctx_fail(
            r->c, ERR_INVALID, "%s",
            f->count
                ? f->list[0].text
                : "No plugin that is switched on reads this kind of file. Choose a CSV file of payments.");
    }
    return e;
}

static enum err read_all(struct reading *r, const struct bytes *b, void (*progress)(void *, int64_t, int64_t),
                         void *arg) {
    enum err e = pass(r->c, b, keep_head, r, NULL, NULL);
    e = e ? e : recognise(r);
    e = e ? e : pass(r->c, b, observe, r, NULL, NULL);
    struct findings notes;
    e = e ? e : spend_reader_observed(r->reader, &notes);
    if (e != ERR_OK) {
        return e;
    }
    r->sum->findings = notes;
    r->sum->layout = spend_reader_layout(r->reader);
    e = pass(r->c, b, take_row, r, progress, arg);
    if (e == ERR_OK && r->sum->accepted == 0) {
        e = ctx_fail(
            r->c, ERR_INVALID,
            "There are headings, but not one payment that can be read. Choose a file that holds payments.");
    }
    return e;
}

enum err spendfile_read(struct ctx *c, int fd, spend_line_fn *sink, void *arg, struct spend_summary *ret,
                        void (*progress)(void *arg, int64_t done, int64_t total), void *progress_arg) {
    *ret = (struct spend_summary){.layout = "", .first_day = INT32_MIN, .last_day = INT32_MIN};
    struct reading r = {.c = c, .sink = sink, .sink_arg = arg, .sum = ret};
    r.problems = arena_array(c->arena, SPENDFILE_PROBLEMS, sizeof *r.problems);
    ret->problems = r.problems;
    struct bytes b = {0};
    enum err e = open_bytes(c, fd, &b, ret);
    if (e == ERR_OK) {
        e = read_all(&r, &b, progress, progress_arg);
    }
    spend_reader_close(r.reader);
    drop_bytes(&b);
    return e;
}
