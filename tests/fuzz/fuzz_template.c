// SPDX-License-Identifier: Apache-2.0
// Fuzz target: any template text is compiled or refused, and what compiles never lets a hostile value out of
// its place.
//
// The checker below shares nothing with the engine: it reads the page as a browser's tokenizer does (WHATWG
// HTML 13.2.5) and looks for the mark that all hostile values carry.
#include "base/arena.h"
#include "base/log.h"
#include "render/template.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Every hostile value begins and ends with the mark or has it inside; templates that hold it themselves are
// passed over.
#define MARK "zqj"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const hostile[] = {
    "v<" MARK ">" MARK "\"" MARK "'" MARK "&" MARK "`" MARK "=" MARK " " MARK "/" MARK "\n" MARK,
    "javascript:" MARK,
    "JaVa\tScRiPt:" MARK,
    "//" MARK ".example/",
    "/\\" MARK,
    "/\t/" MARK,
    "data:text/html,<script>" MARK "</script>",
    "\x01javascript:" MARK,
    "--><script>" MARK,
    "</title></textarea></script></style><img src=x onerror=" MARK ">",
    "https://" MARK ".example/\"><b>",
    " onclick=" MARK " ",
    "/",
    "",
};
#define HOSTILE_COUNT (sizeof hostile / sizeof *hostile)

static _Noreturn void leak(const char *why, const char *page, size_t n) {
    fprintf(stderr, "%s\n", why);
    fwrite(page, 1, n, stderr);
    fputc('\n', stderr);
    abort();
}

static bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char low(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool has_mark(const char *p, size_t n) {
    return memmem(p, n, MARK, strlen(MARK)) != NULL;
}

static bool word_is(const char *p, size_t n, const char *word) {
    if (n != strlen(word)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (low(p[i]) != word[i]) {
            return false;
        }
    }
    return true;
}

struct reader {
    const char *page, *p, *end;
    size_t n;
};

// Removes what a browser's URL parser removes and decodes the few entities that matter; lower case.
static size_t plain_url(const char *v, size_t n, char *out, size_t cap) {
    size_t o = 0;
    for (size_t i = 0; i < n && o + 1 < cap;) {
        char c = v[i];
        size_t step = 1;
        if (n - i >= 5 && memcmp(v + i, "&amp;", 5) == 0) {
            c = '&';
            step = 5;
        } else if (n - i >= 3 && v[i] == '&' && v[i + 1] == '#') {
            bool hex = i + 2 < n && low(v[i + 2]) == 'x';
            size_t k = i + 2 + hex;
            unsigned code = 0;
            for (; k < n && ((v[k] >= '0' && v[k] <= '9') || (hex && low(v[k]) >= 'a' && low(v[k]) <= 'f'));
                 k++) {
                unsigned digit = v[k] <= '9' ? (unsigned)(v[k] - '0') : (unsigned)(low(v[k]) - 'a') + 10;
                code = code > 10000 ? code : code * (hex ? 16 : 10) + digit;
            }
            step = k - i + (k < n && v[k] == ';');
            c = code < 128 ? (char)code : '?';
        }
        i += step;
        if (c == '\t' || c == '\n' || c == '\r' || (o == 0 && (unsigned char)c <= ' ')) {
            continue;
        }
        out[o++] = low(c);
    }
    out[o] = 0;
    return o;
}

static void check_url(const struct reader *r, const char *v, size_t n) {
    char url[256];
    plain_url(v, n, url, sizeof url);
    static const char *const never[] = {"javascript:", "data:", "vbscript:", "blob:", "file:"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        if (strncmp(url, never[i], strlen(never[i])) == 0) {
            leak("an address runs code", r->page, r->n);
        }
    }
    bool other_host = (url[0] == '/' || url[0] == '\\') && (url[1] == '/' || url[1] == '\\');
    if (other_host) {
        leak("a path of this site names another host", r->page, r->n);
    }
}

static void check_attr(const struct reader *r, const char *name, size_t name_n, const char *v, size_t n,
                       bool quoted) {
    if (has_mark(name, name_n)) {
        leak("a value became an attribute name", r->page, r->n);
    }
    static const char *const urls[] = {"href",       "src",    "action", "formaction",
                                       "xlink:href", "poster", "cite",   "data"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        if (word_is(name, name_n, urls[i])) {
            check_url(r, v, n);
        }
    }
    if (!has_mark(v, n)) {
        return;
    }
    bool event = name_n > 2 && low(name[0]) == 'o' && low(name[1]) == 'n';
    if (!quoted || event || word_is(name, name_n, "style") || word_is(name, name_n, "srcdoc") ||
        word_is(name, name_n, "srcset")) {
        leak("a value stands in an attribute that must not hold one", r->page, r->n);
    }
}

// Text of an element that ends only at its own end tag. Returns after the text, at "</name".
static void read_inner(struct reader *r, const char *name, size_t name_n, bool may_hold) {
    const char *from = r->p;
    for (; r->p < r->end; r->p++) {
        size_t left = (size_t)(r->end - r->p);
        if (left > name_n + 2 && r->p[0] == '<' && r->p[1] == '/' && word_is(r->p + 2, name_n, name) &&
            (blank(r->p[2 + name_n]) || r->p[2 + name_n] == '>' || r->p[2 + name_n] == '/')) {
            break;
        }
    }
    if (!may_hold && has_mark(from, (size_t)(r->p - from))) {
        leak("a value stands inside a script or style", r->page, r->n);
    }
}

// At the start of an attribute value.
static void read_value(struct reader *r, const char *name, size_t name_n) {
    while (r->p < r->end && blank(*r->p)) {
        r->p++;
    }
    char quote = r->p < r->end && (*r->p == '"' || *r->p == '\'') ? *r->p : 0;
    r->p += quote != 0;
    const char *from = r->p;
    while (r->p < r->end && (quote ? *r->p != quote : !blank(*r->p) && *r->p != '>')) {
        r->p++;
    }
    check_attr(r, name, name_n, from, (size_t)(r->p - from), quote != 0);
    r->p += quote != 0 && r->p < r->end;
}

// At the first letter of a tag name; `closing` for an end tag.
static void read_tag(struct reader *r, bool closing) {
    char name[32] = "";
    size_t name_n = 0;
    const char *from = r->p;
    while (r->p < r->end && !blank(*r->p) && *r->p != '/' && *r->p != '>') {
        if (name_n + 1 < sizeof name) {
            name[name_n++] = low(*r->p);
            name[name_n] = 0;
        }
        r->p++;
    }
    if (has_mark(from, (size_t)(r->p - from))) {
        leak("a value became part of a tag name", r->page, r->n);
    }
    while (r->p < r->end && *r->p != '>') {
        if (blank(*r->p) || *r->p == '/') {
            r->p++;
            continue;
        }
        const char *attr = r->p;
        r->p++; // a name may begin with "="
        while (r->p < r->end && !blank(*r->p) && *r->p != '/' && *r->p != '>' && *r->p != '=') {
            r->p++;
        }
        size_t attr_n = (size_t)(r->p - attr);
        const char *after = r->p;
        while (after < r->end && blank(*after)) {
            after++;
        }
        if (after < r->end && *after == '=') {
            r->p = after + 1;
            read_value(r, attr, attr_n);
        } else {
            check_attr(r, attr, attr_n, "", 0, true);
        }
    }
    r->p += r->p < r->end;
    if (closing) {
        return;
    }
    static const char *const raw[] = {"script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"};
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
        if (strcmp(name, raw[i]) == 0) {
            read_inner(r, name, name_n, false);
        }
    }
    if (strcmp(name, "title") == 0 || strcmp(name, "textarea") == 0) {
        read_inner(r, name, name_n, true);
    }
}

static void read_comment(struct reader *r, const char *end_mark) {
    const char *end = memmem(r->p, (size_t)(r->end - r->p), end_mark, strlen(end_mark));
    const char *stop = end ? end : r->end;
    if (has_mark(r->p, (size_t)(stop - r->p))) {
        leak("a value stands inside a comment", r->page, r->n);
    }
    r->p = end ? end + strlen(end_mark) : r->end;
}

static void check_page(const char *page, size_t n) {
    struct reader r = {.page = page, .p = page, .end = page + n, .n = n};
    while (r.p < r.end) {
        if (*r.p != '<' || r.end - r.p < 2) {
            r.p++;
            continue;
        }
        char c = r.p[1];
        if (letter(c)) {
            r.p++;
            read_tag(&r, false);
        } else if (c == '/' && r.end - r.p > 2 && letter(r.p[2])) {
            r.p += 2;
            read_tag(&r, true);
        } else if (r.end - r.p >= 4 && memcmp(r.p, "<!--", 4) == 0) {
            r.p += 4;
            read_comment(&r, "-->");
        } else if (c == '!' || c == '?' || c == '/') {
            r.p += 2;
            read_comment(&r, ">");
        } else {
            r.p++;
        }
    }
    // A mark between two characters that must be escaped can come from a value alone: templates hold no mark.
    static const char *const raw[] = {"<" MARK ">", ">" MARK "\"", "\"" MARK "'", "=" MARK ">"};
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
        if (memmem(page, n, raw[i], strlen(raw[i]))) {
            leak("a value came out as it went in", page, n);
        }
    }
}

// Keys a to h: texts, lists and flags; every list item has the keys again. Other keys are unknown, which is
// fine.
static void fill(struct model *m, size_t turn, int depth) {
    static const char *const keys[] = {"a", "b", "c", "d", "name", "url", "title", "id"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        model_text(m, keys[i], hostile[(turn + i) % HOSTILE_COUNT]);
    }
    model_bool(m, "on", turn % 2 == 0);
    model_i64(m, "n", (int64_t)turn - 5);
    for (size_t i = 0; depth > 0 && i < 2; i++) {
        fill(model_add(m, "list"), turn + i + 3, depth - 1);
        fill(model_add(m, "items"), turn + i + 5, 0);
    }
}

static void quiet(const char *line) {
    (void)line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    bool spells_mark = memchr(text, 'z', size) && memchr(text, 'q', size) && memchr(text, 'j', size);
    if (size > 4000 || size == 0 || spells_mark) {
        return 0;
    }
    log_set_sink(quiet);
    struct template_set *set = template_set_new(NULL);
    static const char part[] = "<i>{{name}}</i>", layout[] = "<main>{{block content}}</main>{{title}}";
    template_add(set, "part", part, sizeof part - 1);
    template_add(set, "layout", layout, sizeof layout - 1);
    template_add(set, "page", text, size);
    char why[400];
    if (template_compile(set, why, sizeof why)) {
        for (size_t turn = 0; turn < HOSTILE_COUNT; turn++) {
            struct arena *arena = arena_new(8u << 20);
            struct model *m = model_new(arena);
            fill(m, turn, 2);
            struct render_env env = {.set = set, .csrf_token = "v\"" MARK "'<" MARK ">"};
            struct strb out;
            strb_init(&out, 1u << 20);
            enum err e = template_render(&env, turn % 2 ? "layout" : NULL, "page", m, &out);
            if (e == ERR_OK || out.over) {
                // A page that was cut for length ends anywhere; what was written is still checked.
                check_page(out.p, out.n);
            }
            strb_free(&out);
            arena_free(arena);
        }
    }
    template_set_free(set);
    return 0;
}
