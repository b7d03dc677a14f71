// SPDX-License-Identifier: Apache-2.0
// Running the parts of `plugin check`, each in a child process, and keeping what they said.
#ifndef ANCHORAGE_CLI_PLUGIN_CHECK_RUN_H
#define ANCHORAGE_CLI_PLUGIN_CHECK_RUN_H

#include "cli/plugin_check.h"

// One line of the result. mark: 'o' in order, 'w' a remark, 'f' failed.
struct check_line {
    char mark;
    const char *what, *words;
};

#define CHECK_NEEDS_MAX 16

struct check_run {
    struct cli *cli;
    struct check k;           // what the parts are told
    struct check_line *lines; // grows
    size_t count, cap;
    size_t failed, remarks;
    const char *id, *version;           // as the description says, "" before it was asked
    const char *before;                 // version of the earlier file
    const char *needs[CHECK_NEEDS_MAX]; // plugins it needs
    size_t need_count;
};

// Keeps a line and, without --json, prints it.
void check_run_line(struct check_run *r, char mark, const char *what, const char *words);

// Runs one part; a crash, an early end or more than limit_s seconds is a failed check. True when nothing of
// it failed.
bool check_run_part(struct check_run *r, void (*part)(struct check *k), const char *title, int limit_s);

#endif
