// SPDX-License-Identifier: Apache-2.0
// From rows of a payments file to payments: the two passes.
#include "logic.h"

#include <string.h>

#include "amount.h"
#include "cell.h"

bool spend_verdict_is_problem(enum spend_verdict v) {
    return v >= VERDICT_NO_AMOUNT;
}

void spend_file_begin(struct spend_file *f, const struct spend_layout *layout) {
    *f = (struct spend_file){.layout = *layout, .order = ORDER_DAY_FIRST, .usual_width = layout->columns};
}

// The cell of a role, "" when the file has no such column or the row is too short.
static const char *cell(const struct spend_file *f, const struct spend_row *row, enum spend_role role) {
    int16_t c = f->layout.column[role];
    return c >= 0 && (size_t)c < row->count ? row->cells[c] : "";
}

// Cells up to the last that is not blank.
static size_t width(const struct spend_row *row) {
    size_t n = row->count < SPEND_MAX_COLUMNS ? row->count : SPEND_MAX_COLUMNS;
    while (n && cell_blank(row->cells[n - 1])) {
        n--;
    }
    return n;
}

// Adds with overflow checked; the sum stays as it was when it does not fit.
static bool add(int64_t *sum, int64_t pence) {
    int64_t sum_now;
    if (__builtin_add_overflow(*sum, pence, &sum_now)) {
        return false;
    }
    *sum = sum_now;
    return true;
}

void spend_file_observe(struct spend_file *f, const struct spend_row *row) {
    int64_t pence;
    unsigned how;
    if (f->observed++ < f->layout.head_records) {
        return;
    }
    size_t w = width(row);
    if (w == 0) {
        return;
    }
    f->widths[w]++;
    int order = spend_date_evidence(cell(f, row, ROLE_DATE));
    f->day_first_seen += order > 0;
    f->month_first_seen += order < 0;
    if (spend_amount_read(cell(f, row, ROLE_AMOUNT), &pence, &how) == AMOUNT_OK) {
        (void)add(&f->observed_pence, pence); // a sum that does not fit is refused in the second pass
    }
}

void spend_file_decide(struct spend_file *f) {
    // Ambiguous stays day first: these are British files.
    f->order = f->month_first_seen > f->day_first_seen ? ORDER_MONTH_FIRST : ORDER_DAY_FIRST;
    f->decided = true;
    // Some publishers add a column without a heading: then wide rows are the usual ones. A tenth of the rows
    // is enough to say that it is a habit and not a stray comma.
    uint64_t rows = 0, wide = 0;
    for (size_t w = 0; w <= SPEND_MAX_COLUMNS; w++) {
        rows += f->widths[w];
    }
    for (size_t w = SPEND_MAX_COLUMNS; w > f->usual_width; w--) {
        wide += f->widths[w];
        if (wide > 0 && wide * 2 >= rows) {
            f->usual_width = w;
            return;
        }
    }
}

// A comma in a name that was not quoted moves the cells behind it to the right: then the date stands one cell
// on.
static bool shifted(const struct spend_file *f, const struct spend_row *row, enum spend_amount amount) {
    int16_t date = f->layout.column[ROLE_DATE];
    int32_t day;
    if (width(row) <= f->usual_width) {
        return false;
    }
    if (date >= 0 && (size_t)date + 1 < row->count) {
        enum spend_date here = spend_date_read(row->cells[date], f->order, &day);
        enum spend_date next = spend_date_read(row->cells[date + 1], f->order, &day);
        if (here == DATE_UNREADABLE && next == DATE_OK) {
            return true;
        }
    }
    return amount == AMOUNT_TEXT;
}

// "Total", "Grand total:", "Sub-total" as the whole text of a cell.
static bool is_total_word(const char *text) {
    static const char *const totals[] = {
        "TOTAL",       "GRAND TOTAL",   "SUB TOTAL",    "SUBTOTAL",   "TOTALS",     "OVERALL TOTAL",
        "TOTAL SPEND", "TOTAL AMOUNT",  "SUM",          "TOTAL PAID", "SUM TOTAL",  "TOTAL PAYMENTS",
        "MONTH TOTAL", "MONTHLY TOTAL", "REPORT TOTAL", "TOTAL GBP",  "FILE TOTAL", "TOTAL EXPENDITURE"};
    char words[32];
    cell_words(words, sizeof words, text);
    return cell_in_list(words, totals, CELL_COUNT(totals));
}

struct seen {
    enum spend_amount amount;
    int64_t pence;
    unsigned how;
    enum spend_date date;
    int32_t day;
    size_t others; // cells that are not blank, the amount not counted
    bool total_word;
};

static void look(const struct spend_file *f, const struct spend_row *row, struct seen *s) {
    int16_t amount = f->layout.column[ROLE_AMOUNT];
    *s = (struct seen){.how = 0};
    s->amount = spend_amount_read(cell(f, row, ROLE_AMOUNT), &s->pence, &s->how);
    s->date = spend_date_read(cell(f, row, ROLE_DATE), f->order, &s->day);
    for (size_t i = 0; i < row->count && i < SPEND_MAX_COLUMNS; i++) {
        if ((int)i != amount && !cell_blank(row->cells[i])) {
            s->others++;
            s->total_word |= is_total_word(row->cells[i]);
        }
    }
}

// Absolute difference without overflow, at most `most`.
static bool within(int64_t a, int64_t b, uint64_t most) {
    int64_t d;
    return !__builtin_sub_overflow(a, b, &d) && d != INT64_MIN && (uint64_t)(d < 0 ? -d : d) <= most;
}

// A row that adds up lines: it must have no payee (or only the word), and no date that can be read.
static bool is_total(const struct spend_file *f, const struct spend_row *row, const struct seen *s,
                     bool *ret_whole) {
    const struct spend_tally *t = &f->tally;
    bool no_payee = cell_blank(cell(f, row, ROLE_PAYEE)) || is_total_word(cell(f, row, ROLE_PAYEE));
    bool dated = s->date == DATE_OK || s->date == DATE_MONTH;
    uint64_t lines = t->verdicts[VERDICT_LINE];
    // Float residue rounded line by line can miss a total made from the unrounded figures by half a penny a
    // line.
    uint64_t slack = (t->rounded + 1) / 2;
    bool sum = lines > 0 && within(s->pence, t->sum_pence, slack);
    bool block = f->block_lines > 1 && within(s->pence, f->block_pence, slack);
    int64_t rest = f->observed_pence;
    bool all = f->decided && s->pence != 0 && add(&rest, -s->pence) && within(s->pence, rest, slack);
    *ret_whole = sum || all;
    if (!no_payee) {
        return false;
    }
    if (dated) {
        return lines > 1 && t->sum_pence != 0 && s->pence == t->sum_pence;
    }
    return s->others == 0 || s->total_word || (sum && (lines > 1 || s->others < 2)) || block ||
           (all && s->others < 2);
}

// Headings again, where monthly files were put one below the other.
static bool heading_again(const struct spend_file *f, const struct spend_row *row) {
    return spend_heading_read(cell(f, row, ROLE_AMOUNT)).role == ROLE_AMOUNT &&
           spend_heading_read(cell(f, row, ROLE_PAYEE)).role == ROLE_PAYEE;
}

static enum spend_verdict no_amount(const struct spend_file *f, const struct spend_row *row,
                                    const struct seen *s) {
    if (s->amount == AMOUNT_BLANK) {
        return s->others == 1 ? VERDICT_NOTE : VERDICT_NO_AMOUNT;
    }
    if (s->amount == AMOUNT_TEXT && (s->others == 0 || heading_again(f, row))) {
        return s->others == 0 ? VERDICT_NOTE : VERDICT_HEADING_AGAIN;
    }
    if (shifted(f, row, s->amount)) {
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

static void copy_id(char *out, size_t cap, const char *text) {
    if (cell_stands_for_nothing(text) || spend_payee_kind(text) == PAYEE_REDACTED) {
        out[0] = 0;
    } else {
        cell_copy(out, cap, text);
    }
}

static bool card_cell(const struct spend_file *f, const struct spend_row *row) {
    const char *text = cell(f, row, ROLE_CARD);
    return !cell_stands_for_nothing(text) && spend_vcse_flag(text) != FLAG_NO;
}

static void fill(const struct spend_file *f, const struct spend_row *row, const struct seen *s,
                 struct spend_line *l) {
    int64_t vat = 0;
    unsigned how;
    const char *payee = cell(f, row, ROLE_PAYEE);
    enum spend_payee_kind kind = spend_payee_kind(payee);
    *l = (struct spend_line){.file_line = row->line, .pence = s->pence};
    l->has_date = s->date == DATE_OK || s->date == DATE_MONTH;
    l->month_only = s->date == DATE_MONTH;
    l->day = l->has_date ? s->day : 0;
    l->redacted = kind == PAYEE_REDACTED;
    l->no_payee = kind == PAYEE_NONE;
    if (kind == PAYEE_NAMED) {
        cell_copy(l->payee, sizeof l->payee, payee);
    } else if (kind == PAYEE_REDACTED) {
        // Some publishers leave a name standing beside the word; it is not ours to keep.
        cell_copy(l->payee, sizeof l->payee, "Redacted");
    }
    if (spend_amount_read(cell(f, row, ROLE_VAT_LOST), &vat, &how) == AMOUNT_OK) {
        l->vat_lost_pence = vat;
    }
    int16_t card = f->layout.column[ROLE_CARD];
    l->card = card >= 0 ? card_cell(f, row) : f->layout.kind == KIND_CARD;
    l->vcse = spend_vcse_flag(cell(f, row, ROLE_VCSE));
    cell_copy(l->category, sizeof l->category, cell(f, row, ROLE_CATEGORY));
    cell_copy(l->purpose, sizeof l->purpose, cell(f, row, ROLE_PURPOSE));
    cell_copy(l->department, sizeof l->department, cell(f, row, ROLE_DEPARTMENT));
    copy_id(l->supplier_id, sizeof l->supplier_id, cell(f, row, ROLE_SUPPLIER_ID));
    copy_id(l->transaction, sizeof l->transaction, cell(f, row, ROLE_TRANSACTION));
    if (kind == PAYEE_NAMED) {
        (void)spend_postcode(cell(f, row, ROLE_POSTCODE), l->postcode);
        (void)spend_company_number(cell(f, row, ROLE_COMPANY), l->company);
        (void)spend_charity_number(cell(f, row, ROLE_CHARITY), l->charity);
    }
}

static void count_date(struct spend_tally *t, const struct spend_line *l, enum spend_date d) {
    t->month_only += l->month_only;
    if (l->has_date) {
        bool first = t->verdicts[VERDICT_LINE] == t->undated;
        t->first_day = first || l->day < t->first_day ? l->day : t->first_day;
        t->last_day = first || l->day > t->last_day ? l->day : t->last_day;
        return;
    }
    t->undated++;
    (void)add(&t->undated_pence, l->pence);
    t->date_blank += d == DATE_BLANK;
    t->date_other_order += d == DATE_OTHER_ORDER;
    t->date_impossible += d == DATE_IMPOSSIBLE;
    t->date_unreadable += d == DATE_UNREADABLE;
}

static void count_line(struct spend_file *f, const struct spend_line *l, const struct seen *s) {
    struct spend_tally *t = &f->tally;
    count_date(t, l, s->date);
    (void)add(&f->block_pence, l->pence);
    f->block_lines++;
    t->negative += l->pence < 0;
    t->zero += l->pence == 0;
    t->rounded += (s->how & AMOUNT_WAS_ROUNDED) != 0;
    t->mended += (s->how & AMOUNT_WAS_MENDED) != 0;
    t->redacted += l->redacted;
    t->no_payee += l->no_payee;
    (void)add(&t->redacted_pence, l->redacted ? l->pence : 0);
    (void)add(&t->no_payee_pence, l->no_payee ? l->pence : 0);
    t->cards += l->card;
}

static enum spend_verdict judge(struct spend_file *f, const struct spend_row *row,
                                struct spend_line *ret_line) {
    struct seen s;
    bool whole = false;
    if (f->tally.records <= f->layout.head_records) {
        return VERDICT_HEAD;
    }
    if (width(row) == 0) {
        return VERDICT_BLANK;
    }
    look(f, row, &s);
    if (s.amount != AMOUNT_OK) {
        return no_amount(f, row, &s);
    }
    if (is_total(f, row, &s, &whole)) {
        f->tally.total_seen = true;
        f->tally.total_agrees = whole;
        f->tally.total_pence = s.pence;
        f->block_pence = 0;
        f->block_lines = 0;
        return VERDICT_TOTAL;
    }
    if (shifted(f, row, s.amount)) {
        return VERDICT_SHIFTED;
    }
    if (!add(&f->tally.sum_pence, s.pence)) {
        return VERDICT_AMOUNT_TOO_LARGE;
    }
    fill(f, row, &s, ret_line);
    count_line(f, ret_line, &s);
    return VERDICT_LINE;
}

enum spend_verdict spend_file_map(struct spend_file *f, const struct spend_row *row,
                                  struct spend_line *ret_line) {
    f->tally.records++;
    enum spend_verdict v = judge(f, row, ret_line);
    f->tally.verdicts[v]++;
    return v;
}

enum spend_refusal spend_file_refusal(const struct spend_file *f) {
    return f->tally.verdicts[VERDICT_LINE] ? SPEND_ACCEPTED : REFUSED_NO_LINES;
}
