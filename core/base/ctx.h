// SPDX-License-Identifier: Apache-2.0
// What one unit of work (a request, a job run, a verb) carries through the house.
#ifndef ANCHORAGE_BASE_CTX_H
#define ANCHORAGE_BASE_CTX_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct db;             // core/db: a connection, or NULL where no database is needed
struct plugin_set;     // core/plugin: one generation of plugins
struct settings_as_of; // core/plugin: settings of a plugin as they were, for a frozen report; NULL: as they
                       // are
struct spend_sums;     // core/plugin: sums over payments for plugins, given by core/spend; NULL: none

// Powers of a person; a route asks for exactly one of them.
enum perm {
    PERM_PUBLIC,    // anybody
    PERM_SIGNED_IN, // any signed-in person with a confirmed address
    PERM_SUPPLIER,  // member of a supplier organisation
    PERM_BUYER,     // buys for an anchor
    PERM_OFFICER,   // reports spend, decides tags, runs events
    PERM_ADMIN,     // runs the place: people, plugins, settings
    PERM_COUNT_
};

struct actor {
    int64_t person_id;   // 0: nobody signed in
    int64_t supplier_id; // the supplier this person speaks for, 0 for none
    int64_t anchor_id;   // the anchor this person works for, 0 for none
    unsigned perms;      // bit (1u << enum perm) for each power held
    const char *name;    // display name, "" when nobody
};

struct ctx {
    struct arena *arena;
    struct db *db;
    const struct plugin_set *plugins; // the generation this unit began with; NULL: no plugins
    const struct spend_sums *sums;    // where plugins get sums over payments from; NULL: nowhere
    const struct settings_as_of *settings_as_of;
    int64_t now_usec; // read once from the clock, so that one unit of work sees one time
    char id[17];      // hexadecimal, in every log line of this unit
    struct actor actor;
    enum err err;           // last failure, ERR_OK when none
    const char *err_field;  // form field it belongs to, or NULL
    const char *err_detail; // plain words or a technical detail for the log, never NULL after a failure
};

// Sets up a context on an arena (taking the time from the clock and making an id).
void ctx_init(struct ctx *c, struct arena *a, struct db *db);

// Records a failure and returns its code, so that callers can `return ctx_fail(...)`.
enum err ctx_fail(struct ctx *c, enum err e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

// The same with the form field that has to be changed; the text is shown to the person.
enum err ctx_fail_field(struct ctx *c, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

bool ctx_may(const struct ctx *c, enum perm p);

#endif
