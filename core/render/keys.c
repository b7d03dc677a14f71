// SPDX-License-Identifier: Apache-2.0
// Going through the operations of a compiled template for the keys in them.
#include "render/keys.h"

#include "render/compile.h"

struct walk {
    void (*fn)(void *arg, const char *key, enum template_use use);
    void *arg;
};

static enum template_use use_of_value(enum helper helper) {
    switch (helper) {
    case HELPER_NONE:
    case HELPER_LINES:
        return TEMPLATE_USE_TEXT;
    case HELPER_HTML:
        return TEMPLATE_USE_HTML;
    case HELPER_DAY:
    case HELPER_WHEN:
        return TEMPLATE_USE_DATE;
    case HELPER_MONEY:
    case HELPER_POUNDS:
    case HELPER_SHORT:
    case HELPER_PLAIN:
    case HELPER_PERCENT:
    case HELPER_COUNT:
        break;
    }
    return TEMPLATE_USE_NUMBER;
}

// The depth of includes within each other was bounded when the set was compiled.
static void walk(const struct walk *w, const struct template *t) {
    for (size_t i = 0; i < t->op_count; i++) {
        const struct op *o = &t->ops[i];
        switch (o->code) {
        case OP_VALUE:
            w->fn(w->arg, o->key, use_of_value(o->helper));
            break;
        case OP_SECTION:
            w->fn(w->arg, o->key, TEMPLATE_USE_SECTION);
            break;
        case OP_IF:
        case OP_UNLESS:
            w->fn(w->arg, o->key, TEMPLATE_USE_ASKED);
            break;
        case OP_FIELD:
        case OP_QUESTION:
            w->fn(w->arg, o->key, TEMPLATE_USE_FIELD);
            break;
        case OP_INCLUDE:
            walk(w, o->include);
            break;
        case OP_TEXT:
        case OP_END:
        case OP_BLOCK:
        case OP_ERRORS:
        case OP_CSRF:
            break;
        }
    }
}

bool template_each_key(const struct template_set *set, const char *name,
                       void (*fn)(void *arg, const char *key, enum template_use use), void *arg) {
    const struct template *t = template_find(set, name);
    if (t) {
        walk(&(struct walk){fn, arg}, t);
    }
    return t != NULL;
}
