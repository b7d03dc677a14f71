// SPDX-License-Identifier: Apache-2.0
// Compiled templates: a flat array of operations; made by compile.c, joined by link.c, run by template.c.
#ifndef ANCHORAGE_RENDER_COMPILE_H
#define ANCHORAGE_RENDER_COMPILE_H

#include "render/escape.h"
#include "render/template.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEMPLATE_BYTES_MAX (256 * 1024)
#define TEMPLATE_OPS_MAX   20000
#define TEMPLATE_DEPTH_MAX 24      // sections and includes within each other
#define TEMPLATE_WORK_MAX  1000000 // operations when all includes are counted

enum op_code {
    OP_TEXT,     // bytes
    OP_VALUE,    // a key through a helper, escaped by place
    OP_SECTION,  // {{#key}}: target is after the end
    OP_END,      // {{/key}} of a section: target is its first operation
    OP_IF,       // {{?key}}: goes to target unless there is something
    OP_UNLESS,   // {{^key}}: goes to target when there is something
    OP_INCLUDE,  // {{>name}}
    OP_BLOCK,    // {{block content}}
    OP_FIELD,    // {{field name}}
    OP_QUESTION, // {{question name}}
    OP_ERRORS,
    OP_CSRF,
};

enum helper {
    HELPER_NONE,
    HELPER_MONEY,
    HELPER_POUNDS,
    HELPER_SHORT,
    HELPER_PLAIN,
    HELPER_PERCENT,
    HELPER_DAY,
    HELPER_WHEN,
    HELPER_COUNT,
    HELPER_HTML,
    HELPER_LINES,
};

struct op {
    enum op_code code;
    enum helper helper;
    enum escape place;
    uint32_t hash;   // of key
    uint32_t target; // operation to jump to
    uint32_t line;
    uint32_t text_n;
    const char *text; // OP_TEXT
    const char *key;  // key, field or template name
    const struct template *include;
};

struct template {
    char *name;
    char *source;
    size_t source_n;
    char *text; // the static bytes and names the operations point into
    size_t text_n;
    struct op *ops;
    size_t op_count, op_cap;
    bool joining, joined; // link.c
    size_t depth, work;
};

// Compiles t->source. On failure *ret_line and *ret_why (a sentence part in `why`).
bool template_compile_one(struct template *t, uint32_t *ret_line, char *why, size_t why_cap);

// Finds a template by name in a set and the sets under it; NULL when there is none.
const struct template *template_find(const struct template_set *s, const char *name);

struct template_place {
    const struct template *template;
    uint32_t line;
};

// Joins the includes of t: finds them, refuses circles and too much depth or work; on failure tells where and
// why.
bool template_join(struct template_set *s, struct template *t, char *why, size_t why_cap,
                   struct template_place *ret_place);

// The set's own template, to be joined; NULL when it is in a base set (joined already) or nowhere.
struct template *template_own(struct template_set *s, const char *name);

#endif
