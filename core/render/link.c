// SPDX-License-Identifier: Apache-2.0
// Joins templates: every include is found once, before anything is rendered.
#include "render/compile.h"

#include <stdio.h>

static bool join_include(struct template_set *s, struct op *o, char *why, size_t why_cap,
                         struct template_place *ret_place) {
    struct template *own = template_own(s, o->key);
    const struct template *found = own ? own : template_find(s, o->key);
    if (!found) {
        snprintf(why, why_cap, "there is no template \"%s\"", o->key);
        return false;
    }
    if (own && own->joining) {
        snprintf(why, why_cap, "\"%s\" includes itself in the end", o->key);
        return false;
    }
    if (own && !template_join(s, own, why, why_cap, ret_place)) {
        return false;
    }
    o->include = found;
    return true;
}

bool template_join(struct template_set *s, struct template *t, char *why, size_t why_cap,
                   struct template_place *ret_place) {
    if (t->joined) {
        return true;
    }
    t->joining = true;
    size_t depth = 0, deepest = 0, work = t->op_count;
    for (size_t i = 0; i < t->op_count; i++) {
        struct op *o = &t->ops[i];
        *ret_place = (struct template_place){t, o->line};
        depth += o->code == OP_SECTION;
        depth -= o->code == OP_END;
        size_t reach = depth;
        if (o->code == OP_INCLUDE) {
            if (!join_include(s, o, why, why_cap, ret_place)) {
                return false;
            }
            reach += 1 + o->include->depth;
            work += o->include->work;
        }
        deepest = reach > deepest ? reach : deepest;
        if (deepest > TEMPLATE_DEPTH_MAX || work > TEMPLATE_WORK_MAX) {
            snprintf(why, why_cap, "includes and sections stand too deep or too often within each other");
            return false;
        }
    }
    t->joining = false;
    t->joined = true;
    t->depth = deepest;
    t->work = work;
    return true;
}
