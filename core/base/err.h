// SPDX-License-Identifier: Apache-2.0
// Error codes of the house; one table, errors.def, gives status, log level and text of each.
#ifndef ANCHORAGE_BASE_ERR_H
#define ANCHORAGE_BASE_ERR_H

#include <stdbool.h>

enum err {
#define ERR(code, status, level, key, again) ERR_##code,
#include "base/errors.def"
#undef ERR
    ERR_COUNT_
};

// Functions that can fail return an enum err and must be looked at.
#define MUST __attribute__((warn_unused_result))

const char *err_name(enum err e);   // "NOT_FOUND"
const char *err_key(enum err e);    // text key, "not_found"
int err_status(enum err e);         // HTTP status
int err_log_level(enum err e);      // enum log_level
bool err_may_try_again(enum err e); // a later identical try can succeed
enum err
err_from_status(int status); // first code with that status, ERR_BAD_REQUEST for an unknown 4xx, else ERR_BUG

#endif
