// SPDX-License-Identifier: Apache-2.0
// The audit log.
#include "domain/audit.h"

#include "db/db.h"
#include "db/queries.gen.h"

enum err audit_add(struct ctx *c, const char *action, const char *object, const char *detail) {
    const char *person = c->actor.person_id ? arena_i64(c->arena, c->actor.person_id) : NULL;
    return DB_EXEC(c, audit_add, NULL, person, c->id, action, object, detail);
}
