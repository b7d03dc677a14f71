// SPDX-License-Identifier: Apache-2.0
// From SQLSTATE to the house's error codes, in one table.
#ifndef ANCHORAGE_DB_DBERR_H
#define ANCHORAGE_DB_DBERR_H

#include "base/ctx.h"

#include <stdbool.h>

// The code for a SQLSTATE ("23505"); unknown states are ERR_BUG. *ret_again (may be NULL) tells whether the
// whole transaction may be run again at once (serialisation failure, deadlock, stale plan).
// Source: PostgreSQL 15 manual, Appendix A; class AN is our own (schemas/migrations).
enum err dberr_map(const char *sqlstate, bool *ret_again);

// SQLSTATE and constraint (or unique index) of the last failure on this context's connection, "" when none.
const char *db_sqlstate(const struct ctx *c);
const char *db_constraint(const struct ctx *c);

// True when the last call failed on this constraint or unique index: how domain code tells "this address is
// taken" from other conflicts.
bool db_hit(const struct ctx *c, const char *constraint);

#endif
