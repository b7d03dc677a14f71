// SPDX-License-Identifier: Apache-2.0
// Writing CSV that a spreadsheet cannot be tricked by: RFC 4180 quoting and the formula guard.
#include "base/csvw.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"

static void put(struct csvw *w, const char *bytes, size_t n) {
    if (n && !w->failed && !w->sink(w->user, bytes, n)) {
        w->failed = true;
    }
}

void csvw_init(struct csvw *w, csvw_sink_fn *sink, void *user) {
    *w = (struct csvw){.sink = sink, .user = user};
}

bool csvw_ok(const struct csvw *w) {
    return !w->failed;
}

void csvw_mark(struct csvw *w) {
    put(w, "\xEF\xBB\xBF", 3);
}

static void separate(struct csvw *w) {
    if (w->in_row) {
        put(w, ",", 1);
    }
    w->in_row = true;
}

// Bytes of a blank at p that a spreadsheet may skip before it looks for a formula; 0 for anything else.
static size_t blank(const char *p, size_t n) {
    static const char *const wide[] = {"\xC2\xA0", "\xEF\xBB\xBF", "\xE2\x80\x8B", "\xE3\x80\x80"};
    if (*p == ' ' || *p == '\n' || *p == '\v' || *p == '\f') {
        return 1;
    }
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        size_t len = strlen(wide[i]);
        if (n >= len && memcmp(p, wide[i], len) == 0) {
            return len;
        }
    }
    return 0;
}

static bool starts_formula(const char *p, size_t n) {
    static const char *const full_width[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
    size_t skip;
    while (n && (skip = blank(p, n)) > 0) {
        p += skip;
        n -= skip;
    }
    if (n == 0) {
        return false;
    }
    if (*p == 0 || strchr("=+-@\t\r", *p)) {
        return true;
    }
    for (size_t i = 0; n >= 3 && i < sizeof full_width / sizeof *full_width; i++) {
        if (memcmp(p, full_width[i], 3) == 0) {
            return true;
        }
    }
    return false;
}

// Quoted more often than RFC 4180 asks: a reader set to semicolons or tabs must not see a cell start in our
// text.
static bool needs_quotes(const char *p, size_t n) {
    if (n && (p[0] == ' ' || p[n - 1] == ' ')) {
        return true;
    }
    for (size_t i = 0; i < n; i++) {
        if (p[i] && strchr(",;|\"\t\r\n", p[i])) {
            return true;
        }
    }
    return false;
}

static void write_cell(struct csvw *w, const char *p, size_t n) {
    bool quotes = needs_quotes(p, n);
    if (quotes) {
        put(w, "\"", 1);
    }
    if (starts_formula(p, n)) {
        put(w, "'", 1);
    }
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '"' || p[i] == 0) {
            put(w, p + from, i - from);
            if (p[i] == '"') {
                put(w, "\"\"", 2);
            }
            from = i + 1;
        }
    }
    put(w, p + from, n - from);
    if (quotes) {
        put(w, "\"", 1);
    }
}

void csvw_bytes(struct csvw *w, const char *text, size_t n) {
    separate(w);
    if (text) {
        write_cell(w, text, n);
    }
}

void csvw_text(struct csvw *w, const char *text) {
    csvw_bytes(w, text, text ? strlen(text) : 0);
}

void csvw_int(struct csvw *w, int64_t v) {
    char out[24];
    int n = snprintf(out, sizeof out, "%" PRId64, v);
    separate(w);
    put(w, out, (size_t)n);
}

void csvw_pence(struct csvw *w, int64_t pence) {
    char out[MONEY_TEXT_BYTES];
    money_format_plain(pence, out);
    separate(w);
    put(w, out, strlen(out));
}

void csvw_day(struct csvw *w, int year, unsigned month, unsigned day) {
    char out[32];
    int n = snprintf(out, sizeof out, "%04d-%02u-%02u", year, month, day);
    separate(w);
    put(w, out, (size_t)n);
}

void csvw_end_row(struct csvw *w) {
    put(w, "\r\n", 2);
    w->in_row = false;
}

struct bounded {
    char *out;
    size_t cap, need;
};

static bool to_buffer(void *user, const char *bytes, size_t n) {
    struct bounded *b = user;
    if (b->need < b->cap && n < b->cap - b->need) {
        memcpy(b->out + b->need, bytes, n);
    }
    b->need += n;
    return true;
}

size_t csvw_cell(char *out, size_t cap, const char *text, size_t n) {
    struct bounded b = {.out = out, .cap = cap};
    struct csvw w;
    csvw_init(&w, to_buffer, &b);
    write_cell(&w, text, n);
    if (cap) {
        out[b.need < cap ? b.need : 0] = 0;
    }
    return b.need;
}
