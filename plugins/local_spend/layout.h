// SPDX-License-Identifier: Apache-2.0
// Recognising a payments file: where its headings are and which column is what.
#ifndef LOCAL_SPEND_LAYOUT_H
#define LOCAL_SPEND_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heading.h"
#include "paydate.h"

// Records to show to spend_recognise: headings are met down to line 19, below titles, notes and even SQL.
#define SPEND_HEAD_ROWS 40

// Most columns looked at.
#define SPEND_MAX_COLUMNS 512

// One record of the file, in the form a CSV or workbook reader gives it. Nothing is kept after a call
// returns.
struct spend_row {
    const char *const *cells; // NUL-terminated UTF-8
    size_t count;
    uint64_t line; // line of the file, for messages
};

enum spend_refusal {
    SPEND_ACCEPTED,
    REFUSED_EMPTY,     // nothing but blank rows
    REFUSED_NO_TABLE,  // no row of headings that names payees and amounts
    REFUSED_NO_PAYEE,  // amounts, but nothing that says who was paid
    REFUSED_NO_AMOUNT, // payees, but nothing that says how much
    REFUSED_REGISTER,  // a register of contracts or orders
    REFUSED_PAYROLL,   // a list of wages
    REFUSED_UNPAID,    // a list of invoices that wait to be paid
    REFUSED_ACROSS,    // a table with a column of amounts for each month
    REFUSED_CHOICE,    // columns a person chose are not there, or hold no amounts
    REFUSED_NO_LINES,  // headings, but not one readable payment below them
    REFUSED_POINTS,    // 1.234 everywhere: one pound and a bit, or more than a thousand
    REFUSED_CUT,       // amounts cut in two at the comma between their thousands
    REFUSED_CHANGED,   // the headings come again, in another order
    REFUSED_BESIDE,    // two tables side by side
    REFUSED_SCALE,     // a title says that the figures are not in pounds
};

enum spend_kind { KIND_PAYMENTS, KIND_CARD, KIND_GRANTS, KIND_TIER2 };

// Things a person should know about a file that was accepted; a bit set.
enum {
    NOTE_GROSS = 1,             // amounts include VAT
    NOTE_NET_BELOW = 2,         // a second heading row names a net column that is not the one used
    NOTE_NO_DATE = 4,           // no date column
    NOTE_GUESSED = 8,           // a heading was matched by likeness ("Suppklier")
    NOTE_DATE_FOUND = 16,       // the date column was found by its contents, not by its heading
    NOTE_NOT_PAYMENT_DATE = 32, // the dates are of the ledger, the invoice or an update, not of payment
    NOTE_SPLIT_HEADING = 64,    // the headings stand on two rows
    NOTE_MOVED = 128,           // every row has one cell in front that has no heading
    NOTE_PERIOD = 256,          // the dates are months under a heading such as Period
    NOTE_LAST = NOTE_PERIOD,
};

struct spend_layout {
    enum spend_kind kind;
    size_t head_records;        // records up to and with the headings
    size_t columns;             // headings
    int16_t column[ROLE_COUNT]; // column of each role, -1 for none
    int16_t other_net;          // with NOTE_NET_BELOW: that column; else -1
    enum spend_basis amount_basis;
    enum spend_basis date_basis;
    bool period; // the dates stand under a heading that says that they are a period
    // What the headings of the chosen columns mean; known when they stand on one row.
    bool heads_known;
    enum spend_role said_payee, said_date;
    struct spend_heading said_amount;
    int16_t currency;  // names the currency of each amount; -1 none
    int16_t beside;    // without a heading, right of the amounts: may say CR; -1 none
    bool sign_by_type; // ROLE_SIGN says what kind of document a line is: invoice, credit note
    bool vat_inside;   // amounts hold the VAT that cannot be recovered already, as far as the headings say
    unsigned notes;
};

// Finds headings and columns in the first records of a file (up to SPEND_HEAD_ROWS, all records counted,
// blank ones too). file_name may be NULL; it is only a hint for card payments. *ret_layout is set only on
// SPEND_ACCEPTED. Of several amounts net is preferred to unsaid, unsaid to gross; of several dates payment,
// ledger, invoice, other; among equals the column whose cells below look right.
enum spend_refusal spend_recognise(const struct spend_row *rows, size_t count, const char *file_name,
                                   struct spend_layout *ret_layout);

// The layout as a person settled it; what they left open (no payee and no amount column) is found as above.
// The file's first rows are given as before. Texts and bases are those of chosen.
struct anc_columns;
enum spend_refusal spend_take_choice(const struct spend_row *rows, size_t count, const char *file_name,
                                     const struct anc_columns *chosen, struct spend_layout *ret_layout);

// What was understood, in the host's form. date_order is left alone.
void spend_layout_columns(const struct spend_layout *layout, struct anc_columns *ret);

// Whether the heading of a column (-1: none) says that it holds periods.
bool spend_says_period(const struct spend_row *heading, int16_t column);

// How many of the cells below a column read as what it should hold, in hundredths; -1 when all are blank.
int spend_column_fitness(const struct spend_row *rows, size_t from, size_t count, size_t column,
                         enum spend_role role);

#endif
