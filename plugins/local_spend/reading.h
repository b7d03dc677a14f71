// SPDX-License-Identifier: Apache-2.0
// From rows of a payments file to payments, in one pass over blocks of rows: row class, pence, day, flags.
//
// Way of use: spend_recognise (layout.h) on the first rows; reading_begin; reading_look on the same first
// rows; then reading_map for each block from the first row of the file on; at the end reading_finish, which
// may ask for all rows once more when something assumed does not hold: the order of day and month, the usual
// width of rows, the year of days without one, a total that stands above its lines, whether lost VAT is in
// the amounts. Texts are not copied: the host takes those cells by their column.
#ifndef LOCAL_SPEND_READING_H
#define LOCAL_SPEND_READING_H

#include <stdbool.h>
#include <stdint.h>

#include <anchorage/plugin.h>

#include "amount.h"
#include "layout.h"
#include "paydate.h"
#include "verdict.h"

enum { READING_MEMO = 2048, READING_MEMO_TEXT = 24, READING_SUSPECTS = 64, READING_SECTIONS = 64 };

// Counts over this pass.
struct reading_tally {
    uint64_t records;
    uint64_t verdicts[VERDICT_COUNT];
    int64_t sum_pence; // of the payments
    uint64_t negative, zero, rounded, mended;
    uint64_t undated; // payments without a usable date, of these:
    uint64_t date_blank, date_other_order, date_impossible, date_unreadable;
    int64_t undated_pence;
    uint64_t vat_within, vat_beside; // amounts that hold their VAT, or come without it, as its rate shows
    int64_t vat_pence;               // VAT that cannot be recovered, whether it is on top or not
    uint64_t month_only, year_given; // year_given: days without a year that got one
    int32_t first_day, last_day;     // of dated payments, when there is one
    uint64_t outside;                // days that are not in the stretch of the file's name
    // Months of days that can be read in one way only, and of others the two numbers that may be the month.
    uint64_t sure_month[13], here_month[13], other_month[13];
    uint64_t fixed_here[13], fixed_other[13],
        fixed_high; // the same of dates that are no matter of order; above the 12th
    // Payments up to each row that repeats the headings: sheets of a workbook, or files put one below the
    // other.
    int64_t until_pence[READING_SECTIONS];
    uint64_t until_lines[READING_SECTIONS];
    size_t sections;
    // How amounts are written: those such as 1.234, those that can only have a comma before the pence; all
    // flags.
    uint64_t unsure_points, comma_amounts;
    unsigned how_seen;
    uint64_t wide_rows,
        maybe_cut; // rows wider than the headings; of these, where 1,234 may stand as 1 and 234
    uint64_t notes_above, notes_below; // credit notes with an amount above nought, and below
    uint64_t credits_beside;           // CR in the column without a heading
    uint64_t nobody;                   // payments whose payee is blank
    uint64_t changed_line;             // where headings come again and mean other columns; 0 nowhere
    // Days written as a number counted from 1900, and what the time the file says, or other days in the same
    // row, make of them: right as they stand, or right when they are counted from 1904.
    uint64_t serials, serials_fit, serials_fit_1904;
    uint64_t fixed, fixed_fit, fixed_fit_other; // days up to the 12th of dates that are no matter of order
    uint64_t either, either_fit,
        either_fit_other;             // days that can be read in two ways, and which fits that time
    bool total_seen;                  // the last total in the file, and whether it agrees with the lines
    bool total_agrees, total_of_part; // or with some of them
    int64_t total_pence;
};

// A date text read before.
struct reading_date {
    char text[READING_MEMO_TEXT];
    uint8_t length; // 0: empty
    int8_t evidence;
    bool depends, yearless;    // on the order of day and month; a day without a year
    bool serial;               // a number of days
    uint8_t what;              // enum spend_date
    uint8_t month, day_number; // of a full date, 0 else
    int32_t day;
};

// A row counted as a payment that may be a total of lines below it.
struct reading_suspect {
    uint64_t record;
    int64_t pence;
    int64_t sum_before; // of the payments above it
};

struct reading {
    struct spend_layout layout;
    // ---- assumed, or learned by an earlier pass
    enum spend_order order;
    bool columns_settled; // by a person
    bool order_settled;   // by a person, or by the time that the file says it is about
    size_t usual_width;
    int32_t year_from, year_to; // days without a year fall in here; from > to: nothing known
    bool years_learned;         // from the other dates
    int32_t name_from, name_to; // what the file's name says that it is about, widened; from > to: nothing
    int32_t said_from, said_to; // the same not widened, of the name or a title above the headings
    bool said_by_title;
    bool from_1904;     // numbers of days are counted from 1904
    bool credits_found; // CR stood beside amounts, in a column without a heading
    bool notes_turned;  // credit notes are written without a minus sign
    bool cut_thousands; // 1,234 stands in two cells
    enum spend_decimal decimal;
    bool turned;       // dates that can be read in both ways are read in the other
    bool turned_fixed; // days up to the 12th that are not a matter of order have day and month swapped
    bool vat_inside;   // amounts hold the VAT that cannot be recovered
    uint64_t totals_above[READING_SUSPECTS];
    size_t totals_above_count;
    unsigned passes; // finished
    // ---- this pass
    struct reading_tally tally;
    int64_t block_pence; // payments since the last total
    uint64_t block_lines;
    uint64_t day_first_seen, month_first_seen, order_matters, yearless;
    uint32_t widths[SPEND_MAX_COLUMNS + 1]; // rows by their last cell that is not blank
    struct reading_suspect suspects[READING_SUSPECTS];
    size_t suspect_count;
    size_t next_above; // of totals_above
    uint64_t heading_looks;
    struct reading_date dates[READING_MEMO];
};

// chosen: NULL, or what a person settled (its order of dates is kept then). file_name: "" unknown; it may
// tell the year of days without one.
void reading_begin(struct reading *r, const struct spend_layout *layout, const char *file_name,
                   const struct anc_columns *chosen);

// Takes first guesses at order and width from the first rows.
void reading_look(struct reading *r, const struct spend_row *rows, size_t count);

// The arrays of out are the host's. out->why is an enum spend_verdict.
void reading_map(struct reading *r, const struct anc_cells *rows, struct anc_lines *out);

enum reading_end { READING_DONE, READING_AGAIN, READING_REFUSED };

// After the last block. READING_AGAIN: begun anew, all rows must come once more; never after two of them.
// READING_REFUSED: *ret_why says why.
enum reading_end reading_finish(struct reading *r, enum spend_refusal *ret_why);

// What was understood so far, for the host: evidence of the order included.
enum spend_order reading_order(const struct reading *r, bool *ret_known);

#endif
