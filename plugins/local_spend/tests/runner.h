// SPDX-License-Identifier: Apache-2.0
// Test help: reads the bytes of a payments file the way an import does, through the CSV reader and both
// passes.
#ifndef LOCAL_SPEND_TESTS_RUNNER_H
#define LOCAL_SPEND_TESTS_RUNNER_H

#include <stddef.h>

#include "base/csv.h"
#include "local_spend/logic.h"

enum { RUN_LINES = 64 };

struct run {
    enum csv_status csv;
    enum spend_refusal refusal;
    struct spend_file file;             // layout, tally
    struct spend_line lines[RUN_LINES]; // the first payments
    size_t kept;
    enum spend_verdict verdicts[RUN_LINES]; // of the first records below the headings
    size_t judged;
};

// Reads n bytes (a zip archive too: its one CSV). file_name may be NULL. The result is static: one at a time.
const struct run *run_file(const void *bytes, size_t n, const char *file_name);

#endif
