// SPDX-License-Identifier: Apache-2.0
// What the kinds of `anchorage import` share.
#ifndef ANCHORAGE_CLI_IMPORT_H
#define ANCHORAGE_CLI_IMPORT_H

#include "cli/cli.h"

// The words of the verb, whatever the kind; a kind refuses those that are not its own. Not given: NULL, false.
// Each kind opens the file before the database: there the program may become another user, who may not be able
// to read the caller's files.
struct import_options {
    const char *file;
    const char *anchor_ref; // spend: whose payments these are
    const char *month;      // spend: "2025-04", for rows without a date
    bool dry_run;           // spend: read and count, store nothing
    bool only_place;        // postcodes: those of the place alone
    bool wards;             // postcodes: the file holds ward names
};

// core/cli/import_spend.c
int import_spend(struct cli *cli, const struct import_options *o);

#endif
