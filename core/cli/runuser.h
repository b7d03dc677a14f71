// SPDX-License-Identifier: Apache-2.0
// Who the program runs as: PostgreSQL refuses root, and so do we.
#ifndef ANCHORAGE_CLI_RUNUSER_H
#define ANCHORAGE_CLI_RUNUSER_H

#include "base/err.h"

#include <stddef.h>

// Makes the data folder (0700) when it is missing and, when started as root, becomes for good the user that
// shall own it: the setting data.user, else the owner of an existing folder, else "anchorage", else
// "postgres". Refuses, with a sentence in `why` that says what to do, a folder the user cannot reach, a
// folder that holds somebody else's files, and a file in its place. Call before any thread is started.
enum err runuser_settle(const char *data_dir, char *why, size_t why_cap) MUST;

#endif
