// SPDX-License-Identifier: Apache-2.0
// What the kinds of `anchorage import` share.
#ifndef ANCHORAGE_CLI_IMPORT_H
#define ANCHORAGE_CLI_IMPORT_H

#include "cli/cli.h"

#include <stdio.h>

// The options of the verb, whatever the kind; a kind refuses those that are not its own.
struct import_options {
    bool dry_run;         // read and count, store nothing
    bool only_place;      // postcodes: those of the place alone
    bool wards;           // postcodes: the file holds ward names
    const char *anchor;   // spend: reference of the anchor whose payments these are, NULL when not given
    const char *month;    // spend: "2025-04" for rows without a date, NULL when not given
    const char *overlap;  // spend: "once" or "all" for payments that earlier loads have too, NULL: ask
    const char *replaces; // spend: reference of the load this file takes the place of, NULL none
    bool tier2;           // spend: the file says whom an agency or buying club paid on
    FILE *f;              // the file, opened before the program became another user; closed by the verb
};
extern struct import_options import_options;

// core/cli/import_spend.c; reads import_options.
int import_spend(struct cli *cli, const char *file);

// core/cli/import_wards.c: boundaries of wards (GeoJSON); reads import_options.
int import_wards(struct cli *cli, const char *file);

#endif
