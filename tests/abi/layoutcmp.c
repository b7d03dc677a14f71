// SPDX-License-Identifier: Apache-2.0
// Comparing layouts line by line. Lines: "number NAME VALUE", "text NAME WORDS", "type NAME SIZE",
// "struct NAME SIZE", and below it "  STRUCT.FIELD PLACE SIZE WORDING".
#include "abi/layoutcmp.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct line {
    char kind[8], name[160];
    const char *rest; // behind the name, to the end of the line
    size_t rest_n;
};

struct result {
    enum layout_verdict verdict;
    char *out;
    size_t cap, n;
};

static void __attribute__((format(printf, 3, 4)))
say(struct result *r, enum layout_verdict v, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    r->verdict = v > r->verdict ? v : r->verdict;
    if (r->n < r->cap) {
        int n = vsnprintf(r->out + r->n, r->cap - r->n, fmt, ap);
        r->n += n > 0 ? (size_t)n : 0;
    }
    va_end(ap);
}

// Reads the line at *at and moves on; false at the end.
static bool next_line(const char **at, struct line *ret) {
    const char *p = *at, *end = p + strcspn(p, "\n");
    if (p == end) {
        return false;
    }
    *at = *end ? end + 1 : end;
    memset(ret, 0, sizeof *ret);
    int used = 0;
    int got = *p == ' ' ? sscanf(p, " %159s%n", ret->name, &used)
                        : sscanf(p, "%7s %159s%n", ret->kind, ret->name, &used);
    ret->rest = p + (got > 0 ? used : 0);
    ret->rest += *ret->rest == ' ';
    ret->rest_n = (size_t)(end - ret->rest);
    return got > 0;
}

static bool find(const char *text, const struct line *wanted, struct line *ret) {
    for (const char *at = text; next_line(&at, ret);) {
        if (strcmp(ret->kind, wanted->kind) == 0 && strcmp(ret->name, wanted->name) == 0) {
            return true;
        }
    }
    return false;
}

static bool same_rest(const struct line *a, const struct line *b) {
    return a->rest_n == b->rest_n && memcmp(a->rest, b->rest, a->rest_n) == 0;
}

static bool ends_with(const char *s, const char *end) {
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

// Numbers that count what there is, and so change when something is added.
static bool is_tally(const char *name) {
    return strcmp(name, "ANC_ABI_MINOR") == 0 || strcmp(name, "ANC_CAP_ALL") == 0 ||
           ends_with(name, "_COUNT");
}

static void compare_field(struct result *r, const struct line *was, const struct line *is) {
    if (same_rest(was, is)) {
        return;
    }
    size_t place[2] = {0}, size[2] = {0};
    sscanf(was->rest, "%zu %zu", &place[0], &size[0]);
    sscanf(is->rest, "%zu %zu", &place[1], &size[1]);
    if (place[0] != place[1]) {
        say(r, LAYOUT_BROKE, "%s moved from byte %zu to byte %zu\n", was->name, place[0], place[1]);
    } else if (size[0] != size[1]) {
        say(r, LAYOUT_BROKE, "%s had %zu bytes and has %zu\n", was->name, size[0], size[1]);
    } else {
        say(r, LAYOUT_BROKE, "%s reads otherwise: \"%.*s\", was \"%.*s\"\n", was->name, (int)is->rest_n,
            is->rest, (int)was->rest_n, was->rest);
    }
}

static void compare_known(struct result *r, const struct line *was, const struct line *is) {
    if (!*was->kind) {
        compare_field(r, was, is);
    } else if (!same_rest(was, is)) {
        bool grows =
            strcmp(was->kind, "struct") == 0 && strtoul(is->rest, NULL, 10) > strtoul(was->rest, NULL, 10);
        bool fine = grows || is_tally(was->name);
        say(r, fine ? LAYOUT_GREW : LAYOUT_BROKE, "%s %s was %.*s and is %.*s\n", was->kind, was->name,
            (int)was->rest_n, was->rest, (int)is->rest_n, is->rest);
    }
}

// A field that is new. One in front of the old end cannot be told by the size of the struct: an old struct
// would seem to have it.
static void judge_new_field(struct result *r, const char *was, const struct line *field) {
    struct line of = {.kind = "struct"}, old;
    size_t n = strcspn(field->name, ".");
    memcpy(of.name, field->name, n);
    if (!find(was, &of, &old)) {
        return; // the whole struct is new
    }
    size_t place = strtoul(field->rest, NULL, 10), size = strtoul(old.rest, NULL, 10);
    if (place < size) {
        say(r, LAYOUT_BROKE,
            "%s is new at byte %zu, but the struct had %zu bytes already: its size cannot tell whether the "
            "field is there\n",
            field->name, place, size);
    } else {
        say(r, LAYOUT_GREW, "%s is new at the end\n", field->name);
    }
}

enum layout_verdict layout_compare(const char *was, const char *is, char *out, size_t cap) {
    struct result r = {.verdict = LAYOUT_SAME, .out = out, .cap = cap};
    struct line line, other;
    if (cap) {
        *out = 0;
    }
    for (const char *at = was; next_line(&at, &line);) {
        if (find(is, &line, &other)) {
            compare_known(&r, &line, &other);
        } else {
            say(&r, LAYOUT_BROKE, "%s%s%s is gone\n", line.kind, *line.kind ? " " : "", line.name);
        }
    }
    for (const char *at = is; next_line(&at, &line);) {
        if (find(was, &line, &other)) {
            continue;
        }
        if (*line.kind) {
            say(&r, LAYOUT_GREW, "%s %s is new\n", line.kind, line.name);
        } else {
            judge_new_field(&r, was, &line);
        }
    }
    return r.verdict;
}
