// SPDX-License-Identifier: Apache-2.0
// From rows of a payments file to payments: pure functions, no file, no database, no memory of their own.
//
// Way of use: spend_recognise (layout.h) on the first records; spend_file_begin; then, as an optional first
// pass over all records, spend_file_observe for each and spend_file_decide; then spend_file_map for each
// record from the first on; at the end spend_file_refusal and the tally. The first pass settles whether dates
// are day first and how wide rows usually are; without it dates are read day first. Both passes take all
// records, headings and blank ones too.
#ifndef LOCAL_SPEND_LOGIC_H
#define LOCAL_SPEND_LOGIC_H

#include <stdbool.h>
#include <stdint.h>

#include "ids.h"
#include "layout.h"
#include "paydate.h"
#include "payee.h"
#include "verdict.h"

#define SPEND_TEXT_BYTES  256
#define SPEND_LABEL_BYTES 128
#define SPEND_ID_BYTES    64

// One payment. Text is trimmed, with line ends and runs of blanks made one blank, and cut to fit.
struct spend_line {
    uint64_t file_line;        // where it stands in the file
    int64_t pence;             // negative: a credit
    int64_t vat_lost_pence;    // VAT that cannot be recovered; 0 when not given
    int32_t day;               // since 1970-01-01, with has_date
    bool has_date, month_only; // month_only: day is the first of a month
    bool redacted, no_payee;   // both: not to be matched to anybody
    bool card;
    enum spend_flag vcse;
    char payee[SPEND_TEXT_BYTES]; // as published; "Redacted" when redacted, whatever else stood in the cell
    char category[SPEND_LABEL_BYTES];
    char purpose[SPEND_TEXT_BYTES];
    char department[SPEND_LABEL_BYTES];
    char supplier_id[SPEND_ID_BYTES]; // the publisher's own; "" for N/A, Redacted and the like
    char transaction[SPEND_ID_BYTES];
    char postcode[SPEND_POSTCODE_BYTES];
    char company[SPEND_COMPANY_BYTES];
    char charity[SPEND_CHARITY_BYTES];
};

// Counts over the file so far (second pass).
struct spend_tally {
    uint64_t records;
    uint64_t verdicts[VERDICT_COUNT];
    int64_t sum_pence; // of the lines
    uint64_t negative, zero, rounded, mended;
    uint64_t undated; // lines without a usable date, of these:
    uint64_t date_blank, date_other_order, date_impossible, date_unreadable;
    uint64_t month_only, redacted, no_payee, cards;
    int64_t redacted_pence, no_payee_pence, undated_pence;
    int32_t first_day, last_day; // of dated lines, when there is one
    bool total_seen; // the last whole total in the file, and whether it agrees with the lines above
    bool total_agrees;
    int64_t total_pence;
};

struct spend_file {
    struct spend_layout layout;
    enum spend_order order;
    struct spend_tally tally;
    // first pass
    uint64_t observed, day_first_seen, month_first_seen;
    int64_t observed_pence;
    bool decided;
    uint32_t widths[SPEND_MAX_COLUMNS + 1]; // rows by their last cell that is not blank
    size_t usual_width;
    // second pass
    int64_t block_pence; // lines since the last total
    uint64_t block_lines;
};

void spend_file_begin(struct spend_file *f, const struct spend_layout *layout);

void spend_file_observe(struct spend_file *f, const struct spend_row *row);
void spend_file_decide(struct spend_file *f);

// Sets *ret_line only on VERDICT_LINE.
enum spend_verdict spend_file_map(struct spend_file *f, const struct spend_row *row,
                                  struct spend_line *ret_line);

// After the last record: REFUSED_NO_LINES when the file gave not one payment, else SPEND_ACCEPTED.
enum spend_refusal spend_file_refusal(const struct spend_file *f);

#endif
