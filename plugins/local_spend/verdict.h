// SPDX-License-Identifier: Apache-2.0
// What becomes of a row of a payments file.
#ifndef LOCAL_SPEND_VERDICT_H
#define LOCAL_SPEND_VERDICT_H

#include <stdbool.h>

enum spend_verdict {
    VERDICT_LINE,             // a payment; the line is set
    VERDICT_HEAD,             // above the first line: titles and headings
    VERDICT_BLANK,            // nothing in it
    VERDICT_TOTAL,            // a total or subtotal of other lines, not a payment
    VERDICT_HEADING_AGAIN,    // headings repeated further down
    VERDICT_HEADING_OTHER,    // headings further down that mean other columns
    VERDICT_NOTE,             // a remark: one cell of text, no amount
    VERDICT_NO_AMOUNT,        // from here on: rows that could not be taken
    VERDICT_AMOUNT_BROKEN,    // #REF!, ########
    VERDICT_AMOUNT_FOREIGN,   // $11.17
    VERDICT_AMOUNT_SHORTENED, // 1.23E+08
    VERDICT_AMOUNT_TOO_LARGE,
    VERDICT_AMOUNT_TEXT,
    VERDICT_SHIFTED,         // a cell too many: columns do not line up
    VERDICT_NO_INTERMEDIARY, // of a tier-2 file: nobody said who paid on
    VERDICT_COUNT
};

// True for the verdicts that are errors of a row, to be shown to the person who imports.
bool spend_verdict_is_problem(enum spend_verdict v);

#endif
