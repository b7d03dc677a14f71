// SPDX-License-Identifier: Apache-2.0
// Payments: loading a file for an anchor in one transaction, matching payees to suppliers, taking a load
// back.
#ifndef ANCHORAGE_DOMAIN_SPEND_H
#define ANCHORAGE_DOMAIN_SPEND_H

#include "domain/spendfile.h"

// Loads the file for an anchor (by reference). month: the day that lines without a usable date get (first of
// a month), or INT32_MIN: then a file with such lines is refused with a sentence. The same file (by content)
// is loaded once only: ERR_CONFLICT. Lines, payees, matches and yearly cells are written in one transaction;
// *ret_ref is the load's reference. Actor: an officer, or a verb (person 0 with PERM_OFFICER set).
enum err spend_load(struct ctx *c, const char *anchor_ref, int fd, const char *file_name, int32_t month,
                    struct spend_summary *ret, const char **ret_ref,
                    void (*progress)(void *arg, int64_t done, int64_t total), void *progress_arg) MUST;

// Takes a load back: its lines go, and the yearly cells with them. The audit log keeps that it was there.
enum err spend_unload(struct ctx *c, const char *load_ref) MUST;

// Ties payees without a supplier to suppliers with the same matching name (when only one has it). Called
// after loads and whenever suppliers change; *ret_matched may be NULL.
enum err payee_match_all(struct ctx *c, int64_t *ret_matched) MUST;

#endif
