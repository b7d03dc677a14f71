// SPDX-License-Identifier: Apache-2.0
// What one unit of work carries.
#include "base/ctx.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdarg.h>
#include <string.h>

void ctx_init(struct ctx *c, struct arena *a, struct db *db) {
    *c = (struct ctx){.arena = a, .db = db, .now_usec = clock_now_usec()};
    c->actor.name = "";
    c->actor.perms = 1u << PERM_PUBLIC;
    c->err_detail = "";
    random_hex(c->id, 16);
}

enum err ctx_fail(struct ctx *c, enum err e, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    c->err_detail = arena_vprintf(c->arena, fmt, ap);
    va_end(ap);
    c->err = e;
    c->err_field = NULL;
    return e;
}

enum err ctx_fail_field(struct ctx *c, const char *field, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    c->err_detail = arena_vprintf(c->arena, fmt, ap);
    va_end(ap);
    c->err = ERR_INVALID;
    c->err_field = field;
    return ERR_INVALID;
}

bool ctx_may(const struct ctx *c, enum perm p) {
    return (c->actor.perms & (1u << p)) != 0;
}
