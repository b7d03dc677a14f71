// SPDX-License-Identifier: Apache-2.0
// Judging one row of a payments file with care.
#include "rowclass.h"

#include "cell.h"

size_t row_width(const struct row_cells *row) {
    size_t n = row->count < SPEND_MAX_COLUMNS ? row->count : SPEND_MAX_COLUMNS;
    while (n && (row->length[n - 1] == 0 || cell_blank(row->text[n - 1]))) {
        n--;
    }
    return n;
}

const char *row_cell(const struct reading *r, const struct row_cells *row, enum spend_role role) {
    int16_t c = r->layout.column[role];
    return c >= 0 && (uint32_t)c < row->count ? row->text[c] : "";
}

bool row_total_word(const char *text) {
    static const char *const totals[] = {
        "TOTAL",       "GRAND TOTAL",   "SUB TOTAL",    "SUBTOTAL",   "TOTALS",     "OVERALL TOTAL",
        "TOTAL SPEND", "TOTAL AMOUNT",  "SUM",          "TOTAL PAID", "SUM TOTAL",  "TOTAL PAYMENTS",
        "MONTH TOTAL", "MONTHLY TOTAL", "REPORT TOTAL", "TOTAL GBP",  "FILE TOTAL", "TOTAL EXPENDITURE"};
    char words[32];
    cell_words(words, sizeof words, text);
    return cell_in_list(words, totals, CELL_COUNT(totals));
}

// A comma in a name that was not quoted moves the cells behind it to the right: then the date stands one cell
// on.
static bool shifted(const struct reading *r, const struct row_cells *row, enum spend_amount amount) {
    int16_t date = r->layout.column[ROLE_DATE];
    int32_t day;
    if (row->count <= r->usual_width || row_width(row) <= r->usual_width) {
        return false;
    }
    if (date >= 0 && (uint32_t)date + 1 < row->count) {
        enum spend_date here = spend_date_read(row->text[date], r->order, &day);
        enum spend_date next = spend_date_read(row->text[date + 1], r->order, &day);
        if (here == DATE_UNREADABLE && next == DATE_OK) {
            return true;
        }
    }
    return amount == AMOUNT_TEXT;
}

// Absolute difference without overflow, at most `most`.
static bool within(int64_t a, int64_t b, uint64_t most) {
    int64_t d;
    return !__builtin_sub_overflow(a, b, &d) && d != INT64_MIN && (uint64_t)(d < 0 ? -d : d) <= most;
}

static void look(const struct reading *r, const struct row_cells *row, struct row_seen *s) {
    int16_t amount = r->layout.column[ROLE_AMOUNT];
    s->others = 0;
    s->total_word = false;
    for (uint32_t i = 0; i < row->count && i < SPEND_MAX_COLUMNS; i++) {
        if ((int32_t)i != amount && row->length[i] != 0 && !cell_blank(row->text[i])) {
            s->others++;
            s->total_word = s->total_word || row_total_word(row->text[i]);
        }
    }
}

// A row that adds up lines: it must have no payee (or only the word), and no date that can be read.
static bool is_total(const struct reading *r, const struct row_cells *row, const struct row_seen *s,
                     unsigned *ret_of) {
    const struct reading_tally *t = &r->tally;
    const char *payee = row_cell(r, row, ROLE_PAYEE);
    bool no_payee = cell_blank(payee) || row_total_word(payee);
    bool dated = s->date == DATE_OK || s->date == DATE_MONTH;
    uint64_t lines = t->verdicts[VERDICT_LINE];
    // Float residue rounded line by line can miss a total made from the unrounded figures by half a penny a
    // line.
    uint64_t slack = (t->rounded + 1) / 2;
    bool sum = lines > 0 && within(s->pence, t->sum_pence, slack);
    bool block = r->block_lines > 1 && within(s->pence, r->block_pence, slack);
    *ret_of = (sum ? TOTAL_OF_ALL : 0u) | (block ? TOTAL_OF_PART : 0u);
    if (!no_payee) {
        return false;
    }
    if (dated) {
        return lines > 1 && t->sum_pence != 0 && s->pence == t->sum_pence;
    }
    return s->others == 0 || s->total_word || (sum && (lines > 1 || s->others < 2)) || block;
}

// Headings again, where monthly files were put one below the other.
static bool heading_again(const struct reading *r, const struct row_cells *row) {
    return spend_heading_read(row_cell(r, row, ROLE_AMOUNT)).role == ROLE_AMOUNT &&
           spend_heading_read(row_cell(r, row, ROLE_PAYEE)).role == ROLE_PAYEE;
}

static enum spend_verdict no_amount(const struct reading *r, const struct row_cells *row,
                                    const struct row_seen *s) {
    if (s->amount == AMOUNT_BLANK) {
        return s->others == 1 ? VERDICT_NOTE : VERDICT_NO_AMOUNT;
    }
    if (s->amount == AMOUNT_TEXT && (s->others == 0 || heading_again(r, row))) {
        return s->others == 0 ? VERDICT_NOTE : VERDICT_HEADING_AGAIN;
    }
    if (shifted(r, row, s->amount)) {
        return VERDICT_SHIFTED;
    }
    switch (s->amount) {
    case AMOUNT_BROKEN:
        return VERDICT_AMOUNT_BROKEN;
    case AMOUNT_FOREIGN:
        return VERDICT_AMOUNT_FOREIGN;
    case AMOUNT_SHORTENED:
        return VERDICT_AMOUNT_SHORTENED;
    case AMOUNT_TOO_LARGE:
        return VERDICT_AMOUNT_TOO_LARGE;
    default:
        return VERDICT_AMOUNT_TEXT;
    }
}

enum spend_verdict row_judge(const struct reading *r, const struct row_cells *row, struct row_seen *s,
                             unsigned *ret_of) {
    look(r, row, s);
    *ret_of = 0;
    if (s->amount != AMOUNT_OK) {
        return no_amount(r, row, s);
    }
    if (is_total(r, row, s, ret_of)) {
        return VERDICT_TOTAL;
    }
    return shifted(r, row, s->amount) ? VERDICT_SHIFTED : VERDICT_LINE;
}
