// SPDX-License-Identifier: Apache-2.0
// From template text to operations.
#include "render/compile.h"

#include "render/htmlstate.h"
#include "render/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct open_section {
    size_t op;
    enum op_code code;
    struct html_state state;
    uint32_t line;
};

struct compiler {
    struct template *t;
    struct html_state html;
    size_t at;      // in the source
    uint32_t line;  // of `at`
    size_t barrier; // no text is joined to operations before this one: something jumps here
    size_t started; // operation that began the address being read, when html_state_address_waits
    struct open_section open[TEMPLATE_DEPTH_MAX];
    size_t depth;
    char *why;
    size_t why_cap;
};

// One tag: {{sigil word arg}}.
struct tag {
    char sigil; // '#' '^' '?' '/' '>' '!' or 0
    const char *word, *arg;
    size_t word_n, arg_n;
    size_t end; // offset after "}}"
};

static bool refuse(struct compiler *c, const char *why) {
    snprintf(c->why, c->why_cap, "%s", why);
    return false;
}

static struct op *emit(struct compiler *c, enum op_code code) {
    struct template *t = c->t;
    if (!t->ops || t->op_count == t->op_cap) {
        size_t cap = t->op_cap ? t->op_cap * 2 : 64;
        struct op *more = realloc(t->ops, cap * sizeof *more);
        if (!more) {
            fputs("template: out of memory\n", stderr);
            abort();
        }
        t->ops = more;
        t->op_cap = cap;
    }
    struct op *o = &t->ops[t->op_count++];
    *o = (struct op){.code = code, .line = c->line};
    return o;
}

// Keeps bytes for the operations; room for the whole source was made before.
static const char *keep(struct template *t, const char *s, size_t n) {
    char *p = t->text + t->text_n;
    memcpy(p, s, n);
    t->text_n += n;
    return p;
}

static const char *keep_name(struct template *t, const char *s, size_t n) {
    const char *p = keep(t, s, n);
    t->text[t->text_n++] = 0;
    return p;
}

static uint32_t count_lines(const char *s, size_t n) {
    uint32_t lines = 0;
    for (size_t i = 0; i < n; i++) {
        lines += s[i] == '\n';
    }
    return lines;
}

static void mark_goes_on(struct compiler *c) {
    struct op *o = &c->t->ops[c->started];
    if (o->place == ESCAPE_URL) {
        o->place = ESCAPE_URL_MORE;
    } else if (o->place == ESCAPE_SITE) {
        o->place = ESCAPE_SITE_MORE;
    } else if (o->place == ESCAPE_SLASH) {
        o->place = ESCAPE_SLASH_MORE;
    }
}

static bool add_text(struct compiler *c, const char *s, size_t n) {
    if (n == 0) {
        return true;
    }
    if (html_state_address_waits(&c->html) && s[0] != c->html.quote) {
        mark_goes_on(c);
    }
    size_t bad;
    const char *why;
    if (!html_state_feed(&c->html, s, n, &bad, &why)) {
        c->line += count_lines(s, bad);
        return refuse(c, why);
    }
    struct template *t = c->t;
    struct op *last = t->op_count > c->barrier ? &t->ops[t->op_count - 1] : NULL;
    const char *p = keep(t, s, n);
    if (last && last->code == OP_TEXT && last->text + last->text_n == p) {
        last->text_n += (uint32_t)n;
        return true;
    }
    struct op *o = emit(c, OP_TEXT);
    o->text = p;
    o->text_n = (uint32_t)n;
    return true;
}

static bool is_blank(char ch) {
    return ch == ' ' || ch == '\t';
}

static bool name_ok(const char *s, size_t n, bool path) {
    if (n == 0 || n > 100) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        bool letter = (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') || s[i] == '_';
        bool other = (s[i] >= '0' && s[i] <= '9') || s[i] == '-' || (path && s[i] == '/');
        if (!letter && !(other && i > 0)) {
            return false;
        }
    }
    return true;
}

// Reads the tag at c->at ("{{").
static bool read_tag(struct compiler *c, struct tag *ret) {
    const char *s = c->t->source, *end = s + c->t->source_n;
    const char *p = s + c->at + 2, *stop = p;
    while (end - stop >= 2 && !(stop[0] == '}' && stop[1] == '}')) {
        stop++;
    }
    if (end - stop < 2) {
        return refuse(c, "this tag is not closed with \"}}\"");
    }
    *ret = (struct tag){.end = (size_t)(stop - s) + 2};
    if (p < stop && *p == '!') {
        ret->sigil = '!';
        return true;
    }
    while (p < stop && is_blank(*p)) {
        p++;
    }
    while (stop > p && is_blank(stop[-1])) {
        stop--;
    }
    if (p < stop && strchr("#^?/>", *p)) {
        ret->sigil = *p++;
        while (p < stop && is_blank(*p)) {
            p++;
        }
    }
    ret->word = p;
    while (p < stop && !is_blank(*p)) {
        p++;
    }
    ret->word_n = (size_t)(p - ret->word);
    while (p < stop && is_blank(*p)) {
        p++;
    }
    ret->arg = p;
    ret->arg_n = (size_t)(stop - p);
    if (!name_ok(ret->word, ret->word_n, ret->sigil == '>') ||
        (ret->arg_n > 0 && !name_ok(ret->arg, ret->arg_n, false)) || (ret->sigil && ret->arg_n > 0)) {
        return refuse(c, "a tag holds a name, or a helper and a name; there are no expressions");
    }
    return true;
}

static bool word_is(const struct tag *g, const char *word) {
    return g->word_n == strlen(word) && memcmp(g->word, word, g->word_n) == 0;
}

static enum helper helper_of(const struct tag *g) {
    static const char *const names[] = {
        [HELPER_MONEY] = "money", [HELPER_POUNDS] = "pounds",   [HELPER_SHORT] = "short",
        [HELPER_PLAIN] = "plain", [HELPER_PERCENT] = "percent", [HELPER_DAY] = "day",
        [HELPER_WHEN] = "when",   [HELPER_COUNT] = "count",     [HELPER_HTML] = "html",
        [HELPER_LINES] = "lines"};
    for (size_t i = HELPER_MONEY; i <= HELPER_LINES; i++) {
        if (word_is(g, names[i])) {
            return (enum helper)i;
        }
    }
    return HELPER_NONE;
}

static struct op *emit_named(struct compiler *c, enum op_code code, const char *name, size_t n) {
    struct op *o = emit(c, code);
    o->key = keep_name(c->t, name, n);
    o->hash = value_hash(name, n);
    return o;
}

static bool only_in_text(struct compiler *c) {
    return html_state_in_text(&c->html) ||
           refuse(c, "this writes whole elements and can stand in plain text only");
}

// {{field x}}, {{question x}}, {{errors}}, {{csrf}}, {{block content}}; *ret_done when it was one of them.
static bool add_piece(struct compiler *c, const struct tag *g, bool *ret_done) {
    enum op_code code;
    *ret_done = true;
    if (g->arg_n > 0 && word_is(g, "field")) {
        code = OP_FIELD;
    } else if (g->arg_n > 0 && word_is(g, "question")) {
        code = OP_QUESTION;
    } else if (g->arg_n > 0 && word_is(g, "block")) {
        if (g->arg_n != 7 || memcmp(g->arg, "content", 7) != 0) {
            return refuse(c, "the only block is \"content\"");
        }
        code = OP_BLOCK;
    } else if (g->arg_n == 0 && word_is(g, "errors")) {
        code = OP_ERRORS;
    } else if (g->arg_n == 0 && word_is(g, "csrf")) {
        code = OP_CSRF;
    } else {
        *ret_done = false;
        return true;
    }
    if (!only_in_text(c)) {
        return false;
    }
    emit_named(c, code, g->arg, g->arg_n);
    return true;
}

static bool add_value(struct compiler *c, const struct tag *g) {
    bool done;
    if (!add_piece(c, g, &done)) {
        return false;
    }
    if (done) {
        return true;
    }
    enum helper helper = g->arg_n ? helper_of(g) : HELPER_NONE;
    if (g->arg_n && helper == HELPER_NONE) {
        return refuse(c, "there is no helper of this name");
    }
    if ((helper == HELPER_HTML || helper == HELPER_LINES) && !only_in_text(c)) {
        return false;
    }
    if (html_state_address_waits(&c->html)) {
        mark_goes_on(c);
    }
    enum escape place;
    const char *why = html_state_value(&c->html, &place);
    if (why) {
        return refuse(c, why);
    }
    struct op *o = emit_named(c, OP_VALUE, g->arg_n ? g->arg : g->word, g->arg_n ? g->arg_n : g->word_n);
    o->helper = helper;
    o->place = place;
    if (place == ESCAPE_URL || place == ESCAPE_SITE || place == ESCAPE_SLASH) {
        c->started = c->t->op_count - 1;
    }
    return true;
}

static bool open_section(struct compiler *c, const struct tag *g) {
    if (c->depth == TEMPLATE_DEPTH_MAX) {
        return refuse(c, "sections stand too deep within each other");
    }
    if (html_state_address_waits(&c->html)) {
        mark_goes_on(c);
    }
    const char *why = html_state_section(&c->html);
    if (why) {
        return refuse(c, why);
    }
    enum op_code code = g->sigil == '#' ? OP_SECTION : g->sigil == '?' ? OP_IF : OP_UNLESS;
    emit_named(c, code, g->word, g->word_n);
    c->open[c->depth++] =
        (struct open_section){.op = c->t->op_count - 1, .code = code, .state = c->html, .line = c->line};
    c->barrier = c->t->op_count;
    return true;
}

static bool close_section(struct compiler *c, const struct tag *g) {
    struct template *t = c->t;
    if (c->depth == 0) {
        return refuse(c, "this ends a section that was not begun");
    }
    struct open_section *s = &c->open[c->depth - 1];
    const char *key = t->ops[s->op].key;
    if (strlen(key) != g->word_n || memcmp(key, g->word, g->word_n) != 0) {
        snprintf(c->why, c->why_cap, "the section to end here is \"%s\" of line %u", key, s->line);
        return false;
    }
    const char *why = html_state_section(&c->html);
    if (why) {
        return refuse(c, why);
    }
    if (!html_state_same(&s->state, &c->html)) {
        snprintf(
            c->why, c->why_cap,
            "section \"%s\" of line %u must end in the same kind of place as it begins (in a tag, write the "
            "blank inside it: <option{{#on}} selected{{/on}}>)",
            key, s->line);
        return false;
    }
    html_state_join(&c->html, &s->state);
    if (s->code == OP_SECTION) {
        emit(c, OP_END)->target = (uint32_t)s->op + 1;
    }
    t->ops[s->op].target = (uint32_t)t->op_count;
    c->barrier = t->op_count;
    c->depth--;
    return true;
}

static bool add_include(struct compiler *c, const struct tag *g) {
    if (!only_in_text(c)) {
        return false;
    }
    emit_named(c, OP_INCLUDE, g->word, g->word_n);
    return true;
}

static bool add_tag(struct compiler *c, const struct tag *g) {
    switch (g->sigil) {
    case '!':
        return true;
    case '#':
    case '^':
    case '?':
        return open_section(c, g);
    case '/':
        return close_section(c, g);
    case '>':
        return add_include(c, g);
    default:
        return add_value(c, g);
    }
}

// A tag that writes nothing itself and stands alone on its line takes the line with it.
// *from: where the text before it ends; returns where the text after it begins.
static size_t alone_on_line(const struct compiler *c, const struct tag *g, size_t text_from, size_t *from) {
    const char *s = c->t->source;
    size_t before = c->at, after = g->end;
    if (!g->sigil) {
        return after;
    }
    while (before > text_from && is_blank(s[before - 1])) {
        before--;
    }
    if (before > 0 && s[before - 1] != '\n') {
        return after;
    }
    while (after < c->t->source_n && (is_blank(s[after]) || s[after] == '\r')) {
        after++;
    }
    if (after < c->t->source_n && s[after] != '\n') {
        return g->end;
    }
    *from = before;
    return after < c->t->source_n ? after + 1 : after;
}

static bool compile_all(struct compiler *c) {
    struct template *t = c->t;
    const char *s = t->source;
    size_t from = 0;
    while (from < t->source_n) {
        const char *next = memmem(s + from, t->source_n - from, "{{", 2);
        c->at = next ? (size_t)(next - s) : t->source_n;
        struct tag g = {.end = t->source_n};
        size_t text_end = c->at, resume = t->source_n;
        uint32_t tag_line = c->line + count_lines(s + from, c->at - from);
        if (next) {
            uint32_t line = c->line;
            c->line = tag_line;
            if (!read_tag(c, &g)) {
                return false;
            }
            c->line = line;
            resume = alone_on_line(c, &g, from, &text_end);
        }
        if (!add_text(c, s + from, text_end - from)) {
            return false;
        }
        c->line = tag_line;
        if (next && !add_tag(c, &g)) {
            return false;
        }
        if (t->op_count > TEMPLATE_OPS_MAX) {
            return refuse(c, "this template is too long; divide it");
        }
        c->line += count_lines(s + c->at, resume - c->at);
        from = resume;
    }
    if (c->depth > 0) {
        c->line = c->open[c->depth - 1].line;
        return refuse(c, "this section is not ended");
    }
    if (!html_state_in_text(&c->html)) {
        return refuse(c, "the template ends inside a tag, a comment or an element that holds text only");
    }
    return true;
}

bool template_compile_one(struct template *t, uint32_t *ret_line, char *why, size_t why_cap) {
    struct compiler c = {.t = t, .line = 1, .why = why, .why_cap = why_cap};
    html_state_init(&c.html);
    why[0] = 0;
    if (t->source_n > TEMPLATE_BYTES_MAX) {
        *ret_line = 1;
        return refuse(&c, "this template is too long; divide it");
    }
    // Every kept byte and name comes from the source once; a name's end takes the place of its braces.
    t->text = malloc(t->source_n + 1);
    if (!t->text) {
        fputs("template: out of memory\n", stderr);
        abort();
    }
    if (!compile_all(&c)) {
        *ret_line = c.line;
        return false;
    }
    return true;
}
