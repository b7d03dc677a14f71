// SPDX-License-Identifier: Apache-2.0
// Where suppliers were on which day.
#include "domain/supplier_place.h"

#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"

#include <string.h>

#define EVIDENCE_MOST 2000

static const char *today(struct ctx *c) {
    char day[16];
    day_iso(london_day(c->now_usec), day);
    return arena_strdup(c->arena, day);
}

enum err supplier_place_saved(struct ctx *c, int64_t supplier_id) {
    const char *id = arena_i64(c->arena, supplier_id), *day = today(c);
    enum err e = DB_EXEC(c, supplier_place_moved, NULL, id, day);
    return e ? e : DB_EXEC(c, supplier_place_registered, NULL, id, day);
}

enum err supplier_place_registers(struct ctx *c) {
    return DB_EXEC(c, supplier_place_registered, NULL, "0", today(c));
}

static enum err locate(struct ctx *c, void *arg) {
    (void)arg;
    enum err e = DB_EXEC(c, supplier_place_locate_all, NULL);
    return e ? e : DB_EXEC(c, payee_locate_all, NULL);
}

enum err supplier_place_locate_all(struct ctx *c) {
    return db_in_transaction(c, locate, NULL);
}

struct declaring {
    const char *ref, *postcode, *day, *evidence;
};

static enum err declare(struct ctx *c, void *arg) {
    const struct declaring *d = arg;
    char now[STAMP_TEXT_BYTES];
    int64_t changed = 0;
    stamp_iso(c->now_usec, now);
    enum err e = DB_EXEC(c, supplier_place_declare, &changed, d->ref, d->day, d->postcode, d->evidence,
                         arena_i64(c->arena, c->actor.person_id), now);
    if (e == ERR_OK && changed == 0) {
        return ctx_fail(c, ERR_NOT_FOUND, "There is no supplier %s.", d->ref);
    }
    return e ? e
             : audit_add(c, "supplier.operations", d->ref,
                         arena_printf(c->arena, "%s from %s: %s", d->postcode, d->day, d->evidence));
}

enum err supplier_place_declare(struct ctx *c, const char *supplier_ref, const char *postcode,
                                int32_t from_day, const char *evidence) {
    char pc[16], day[16];
    if (!ctx_may(c, PERM_OFFICER) || c->actor.person_id == 0) {
        return ctx_fail(c, ERR_DENIED, "not an officer");
    }
    if (!postcode_tidy(postcode, pc)) {
        return ctx_fail_field(c, "postcode", "Enter the whole postcode of the place of work, like WN1 1AA");
    }
    if (strspn(evidence, " \t\r\n") == strlen(evidence)) {
        return ctx_fail_field(c, "evidence",
                              "Say how you know where the work is done, like \"visited the depot\"");
    }
    if (strlen(evidence) > EVIDENCE_MOST) {
        return ctx_fail_field(c, "evidence", "Say it in at most 2,000 characters");
    }
    if (from_day < 0 || from_day > london_day(c->now_usec)) {
        return ctx_fail_field(c, "from_day", "Enter a day from 1970 on that is not in the future");
    }
    day_iso(from_day, day);
    struct declaring d = {supplier_ref, pc, day, evidence};
    return db_in_transaction(c, declare, &d);
}
