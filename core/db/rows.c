// SPDX-License-Identifier: Apache-2.0
// Reading the rows of a result. Asking for what is not there is a programming error and ends the process.
#include "base/log.h"
#include "db/internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPE_BOOL 16u // pg_type.dat: oid of boolean, fixed for ever

struct rows {
    PGresult *result;
    const char *name; // of the statement
};

static void clear_result(void *result) {
    PQclear(result);
}

struct rows *rows_own(struct arena *a, PGresult *result, const char *name) {
    struct rows *r = arena_alloc(a, sizeof *r);
    r->result = result;
    r->name = name;
    arena_on_end(a, clear_result, result);
    return r;
}

static _Noreturn void rows_die(const struct rows *r, const char *what, const char *detail) {
    log_event(LOG_LEVEL_ERROR, "rows_misused", "statement", r->name, "what", what, "detail", detail, NULL);
    fprintf(stderr, "rows of %s: %s (%s)\n", r->name, what, detail);
    abort();
}

static void check_cell(const struct rows *r, size_t row, size_t col) {
    if (row >= rows_count(r) || col >= rows_columns(r)) {
        char at[64];
        snprintf(at, sizeof at, "row %zu of %zu, column %zu of %zu", row, rows_count(r), col,
                 rows_columns(r));
        rows_die(r, "out of range", at);
    }
}

static size_t column_of(const struct rows *r, const char *col) {
    size_t n = rows_columns(r);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(PQfname(r->result, (int)i), col) == 0) {
            return i;
        }
    }
    rows_die(r, "no such column", col);
}

size_t rows_count(const struct rows *r) {
    return (size_t)PQntuples(r->result);
}

size_t rows_columns(const struct rows *r) {
    return (size_t)PQnfields(r->result);
}

const char *rows_column(const struct rows *r, size_t col) {
    if (col >= rows_columns(r)) {
        rows_die(r, "out of range", "column number");
    }
    return PQfname(r->result, (int)col);
}

const char *rows_cell(const struct rows *r, size_t row, size_t col) {
    check_cell(r, row, col);
    return PQgetvalue(r->result, (int)row, (int)col);
}

bool rows_cell_is_null(const struct rows *r, size_t row, size_t col) {
    check_cell(r, row, col);
    return PQgetisnull(r->result, (int)row, (int)col) != 0;
}

bool rows_cell_is_bool(const struct rows *r, size_t col) {
    return col < rows_columns(r) && PQftype(r->result, (int)col) == TYPE_BOOL;
}

const char *row_text(const struct rows *r, size_t row, const char *col) {
    return rows_cell(r, row, column_of(r, col));
}

int64_t row_i64(const struct rows *r, size_t row, const char *col) {
    const char *s = row_text(r, row, col);
    if (!*s) {
        return 0;
    }
    char *end;
    errno = 0;
    long long v = strtoll(s, &end, 10);
    if (errno || *end) {
        rows_die(r, "no whole number", col);
    }
    return v;
}

bool row_bool(const struct rows *r, size_t row, const char *col) {
    return strcmp(row_text(r, row, col), "t") == 0;
}

bool row_is_null(const struct rows *r, size_t row, const char *col) {
    return rows_cell_is_null(r, row, column_of(r, col));
}

const char *db_array(struct arena *a, size_t n, const char *const *texts) {
    size_t most = 3;
    for (size_t i = 0; i < n; i++) {
        most += texts[i] ? 2 * strlen(texts[i]) + 3 : 5;
    }
    char *out = arena_alloc(a, most);
    char *w = out;
    *w++ = '{';
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            *w++ = ',';
        }
        if (!texts[i]) {
            memcpy(w, "NULL", 4);
            w += 4;
            continue;
        }
        *w++ = '"';
        for (const char *p = texts[i]; *p; p++) {
            if (*p == '"' || *p == '\\') {
                *w++ = '\\';
            }
            *w++ = *p;
        }
        *w++ = '"';
    }
    *w++ = '}';
    return out;
}
