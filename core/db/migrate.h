// SPDX-License-Identifier: Apache-2.0
// Forward-only migrations: numbered SQL files, each run once in a transaction of its own and remembered by
// hash.
#ifndef ANCHORAGE_DB_MIGRATE_H
#define ANCHORAGE_DB_MIGRATE_H

#include "db/db.h"

struct migration {
    int number;       // 1, 2, 3 ... without gaps
    const char *name; // "0001_core.sql"
    const char *sql;
};

// Applies what is missing of `owner` ("core" or a plugin id) under an advisory lock. Refuses when an applied
// file has changed since (its SHA-256 differs) or when the database is newer than this program; `why` says
// which.
enum err migrate_run(struct ctx *c, const char *owner, const struct migration *list, size_t n,
                     int *ret_applied, char *why, size_t why_cap) MUST;

// The core's own list, embedded at build time, sorted by number.
const struct migration *migrate_core(size_t *ret_n);

#endif
