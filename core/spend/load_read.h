// SPDX-License-Identifier: Apache-2.0
// One pass over a payments file: cells to payees, labels, flows, sums and lines, with the summary of what was
// understood.
#ifndef ANCHORAGE_SPEND_LOAD_READ_H
#define ANCHORAGE_SPEND_LOAD_READ_H

#include "spend/load.h"
#include "spend/load_labels.h"
#include "spend/load_lines.h"
#include "spend/load_payees.h"
#include "spend/load_sums.h"

struct reading {
    struct ctx *c;
    const struct load_orders *o;
    struct load_summary *sum;
    bool store;                 // lines are written; otherwise the file is only looked at
    bool beside;                // lines go over a connection of their own
    int64_t load_id, anchor_id; // 0 when it is only looked at without a database
    int64_t payee_top, label_top;
    struct sheet *sheet;
    struct payments_reader *reader;
    struct findings opening; // what was said of the file when it was opened
    // of one pass
    struct payees *payees;
    struct labels *labels;
    struct sums *sums;
    struct lines *lines;
    struct pairs *flows;                        // (payee, label) -> flow + 1
    uint32_t *payee_of, *label_of, *through_of; // of the rows of a block; through: the intermediary
    struct anc_lines map;
    bool has_txn;
    int32_t first_day,
        last_day; // of what is stored, lines without a date in the month chosen; INT32_MIN none
    struct load_problem *problems;
    size_t problem_cap;
    struct load_sample *samples;
};

// Opens the file and finds who reads it; columns, headings and their hash stand in the summary then.
enum err reading_open(struct reading *r, int fd) MUST;
// Reads all rows once. *ret_again: what was assumed did not hold, and nothing of this pass counts.
enum err reading_pass(struct reading *r, bool *ret_again) MUST;
void reading_close(struct reading *r);
// Forgets what a pass has gathered; lines not stored go.
void reading_drop(struct reading *r);

#endif
