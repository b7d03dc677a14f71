// SPDX-License-Identifier: Apache-2.0
// `anchorage import`: what verb_import.c hands to each kind of file.
#ifndef ANCHORAGE_CLI_IMPORT_H
#define ANCHORAGE_CLI_IMPORT_H

#include "cli/cli.h"

struct import_options {
    const char *file;       // as given on the command line
    bool dry_run;           // spend: read and report, store nothing
    const char *anchor_ref; // spend: the public body that paid; NULL when not given
    const char *month;      // spend: "2025-11", for payments without a date; NULL when not given
};

// Each gives an exit code. Nothing is opened before the call: a file belongs to the caller's user, so it is
// opened before the program becomes another one.

// A payments file. Dry run: no database and no data folder are touched, and none is needed.
int import_spend(struct cli *cli, const struct import_options *o);

#endif
