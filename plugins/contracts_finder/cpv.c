// SPDX-License-Identifier: Apache-2.0
// The Common Procurement Vocabulary: reading a table, and how codes hang together.
#include "cpv.h"

#include <stdlib.h>
#include <string.h>

static int by_code(const void *a, const void *b) {
    return strcmp(((const struct cf_cpv_row *)a)->code, ((const struct cf_cpv_row *)b)->code);
}

// Cuts one line into code and label. Answers what is wrong, or NULL.
static const char *read_line(const char *line, size_t size, struct cf_cpv_row *row, char **cursor) {
    if (size < 10 || line[8] != ',')
        return "A line must be an eight-digit code, a comma and a label.";
    for (size_t i = 0; i < 8; i++) {
        if (line[i] < '0' || line[i] > '9')
            return "A code must be eight digits.";
        row->code[i] = line[i];
    }
    row->code[8] = '\0';
    const char *p = line + 9, *end = line + size;
    bool quoted = *p == '"';
    char *out = *cursor;
    row->label = out;
    for (p += quoted ? 1 : 0; p < end; p++) {
        if (quoted && *p == '"') {
            if (p + 1 == end)
                break;
            if (*++p != '"')
                return "A quoted label must end at the end of its line.";
        }
        *out++ = *p;
    }
    if ((quoted && p == end) || out == row->label)
        return "A label is empty or its closing quote is missing.";
    *out++ = '\0';
    *cursor = out;
    return NULL;
}

static const char *read_all(const char *bytes, size_t size, struct cf_cpv *cpv, size_t *ret_line) {
    char *cursor = cpv->labels;
    const char *p = bytes, *end = bytes + size;
    for (*ret_line = 1; p < end; (*ret_line)++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        const char *next = stop ? stop + 1 : end;
        if (!stop)
            stop = end;
        if (stop > p && stop[-1] == '\r')
            stop--;
        if (*ret_line > 1 && stop > p) {
            if (cpv->count >= CF_CPV_MAX)
                return "The table has too many lines.";
            const char *problem = read_line(p, (size_t)(stop - p), &cpv->rows[cpv->count], &cursor);
            if (problem)
                return problem;
            cpv->count++;
        }
        p = next;
    }
    qsort(cpv->rows, cpv->count, sizeof cpv->rows[0], by_code);
    for (size_t i = 1; i < cpv->count; i++)
        if (strcmp(cpv->rows[i - 1].code, cpv->rows[i].code) == 0)
            return "A code stands in the table twice.";
    return cpv->count ? NULL : "The table has no codes.";
}

const char *cf_cpv_read(const char *bytes, size_t size, struct cf_cpv *ret_cpv, size_t *ret_line) {
    struct cf_cpv cpv = {0};
    size_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += bytes[i] == '\n';
    if (lines > CF_CPV_MAX + 1)
        lines = CF_CPV_MAX + 1;
    *ret_line = 0;
    cpv.rows = calloc(lines, sizeof cpv.rows[0]);
    // Each label loses its code and comma and gains a NUL, so the input's size is always enough.
    cpv.labels = malloc(size + 1);
    const char *problem =
        cpv.rows && cpv.labels ? read_all(bytes, size, &cpv, ret_line) : "There is not enough memory.";
    if (problem) {
        cf_cpv_free(&cpv);
        return problem;
    }
    *ret_cpv = cpv;
    return NULL;
}

void cf_cpv_free(struct cf_cpv *cpv) {
    free(cpv->rows);
    free(cpv->labels);
    cpv->rows = NULL;
    cpv->labels = NULL;
    cpv->count = 0;
}

const struct cf_cpv_row *cf_cpv_find(const struct cf_cpv *cpv, const char *code) {
    struct cf_cpv_row key = {.label = NULL};
    if (!code || strlen(code) != 8 || cpv->count == 0)
        return NULL;
    memcpy(key.code, code, CF_CPV_CODE_SIZE);
    return bsearch(&key, cpv->rows, cpv->count, sizeof cpv->rows[0], by_code);
}

static size_t significant_digits(const char *code) {
    size_t n = 8;
    while (n > 0 && code[n - 1] == '0')
        n--;
    return n;
}

const struct cf_cpv_row *cf_cpv_parent(const struct cf_cpv *cpv, const char *code) {
    if (!code || strlen(code) != 8)
        return NULL;
    size_t n = significant_digits(code);
    if (n <= 2)
        return cf_cpv_find(cpv, code);
    for (n = n - 1 < 5 ? n - 1 : 5; n >= 2; n--) {
        char cut[CF_CPV_CODE_SIZE] = "00000000";
        memcpy(cut, code, n);
        const struct cf_cpv_row *row = cf_cpv_find(cpv, cut);
        if (row)
            return row;
    }
    return NULL;
}

bool cf_cpv_has_children(const struct cf_cpv *cpv, const char *code) {
    if (!code || strlen(code) != 8)
        return false;
    for (size_t i = 0; i < cpv->count; i++) {
        const struct cf_cpv_row *row = &cpv->rows[i];
        // Children share the division, so all others can be passed over.
        if (memcmp(row->code, code, 2) != 0 || strcmp(row->code, code) == 0)
            continue;
        const struct cf_cpv_row *parent = cf_cpv_parent(cpv, row->code);
        if (parent && strcmp(parent->code, code) == 0)
            return true;
    }
    return false;
}
