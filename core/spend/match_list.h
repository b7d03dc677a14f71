// SPDX-License-Identifier: Apache-2.0
// Suppliers that are listed from a register because payments went to them: not public, claimed by nobody yet.
#ifndef ANCHORAGE_SPEND_MATCH_LIST_H
#define ANCHORAGE_SPEND_MATCH_LIST_H

#include "base/ctx.h"
#include "db/db.h"

// The supplier with that company number or charity number ("" none), listed from the register when there is
// none yet. *ret_row has id, ref and name; *ret_made is its id when it was just made, else 0. Inside the
// caller's transaction. ERR_NOT_FOUND: the number is in no register that is loaded.
enum err match_list_one(struct ctx *c, const char *company, const char *charity, struct rows **ret_row,
                        int64_t *ret_made) MUST;

// Lists n entries, located and tagged. company[i] or charity[i] says which; those that are here already, or
// in no register, are passed over.
enum err match_list_many(struct ctx *c, size_t n, const char *const *company, const char *const *charity,
                         int64_t *ret_made) MUST;

#endif
