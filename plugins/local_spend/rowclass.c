// SPDX-License-Identifier: Apache-2.0
// Judging one row of a payments file with care.
#include "rowclass.h"

#include <string.h>

#include "cell.h"

enum {
    SURE_SUM = 3,      // lines whose sum is no chance
    MOST_HEADINGS = 64 // of a row further down
};

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

static bool starts(const char *words, const char *with) {
    size_t n = strlen(with);
    return strncmp(words, with, n) == 0 && words[n] == ' ';
}

static bool ends(const char *words, const char *with) {
    size_t n = strlen(words), k = strlen(with);
    return n > k && words[n - k - 1] == ' ' && strcmp(words + n - k, with) == 0;
}

// "Number of payments", "Count of invoices", "Total number of transactions".
static bool says_count(const char *words) {
    static const char *const first[] = {"NUMBER OF", "NO OF", "COUNT OF", "TOTAL NUMBER OF", "TOTAL NO OF"};
    static const char *const what[] = {"PAYMENT", "INVOICE", "TRANSACTION", "RECORD",
                                       "ROW",     "LINE",    "SUPPLIER"};
    static const char *const counts[] = {"COUNT",   "RECORD COUNT", "ROW COUNT", "TOTAL COUNT", "GRAND COUNT",
                                         "AVERAGE", "MEDIAN",       "MAXIMUM",   "MINIMUM"};
    if (cell_in_list(words, counts, CELL_COUNT(counts)) ||
        (starts(words, "COUNT") && words[strspn(words, "COUNT 0123456789")] == 0)) {
        return true;
    }
    for (size_t i = 0; i < CELL_COUNT(first); i++) {
        for (size_t k = 0; starts(words, first[i]) && k < CELL_COUNT(what); k++) {
            const char *rest = words + strlen(first[i]) + 1;
            if (strncmp(rest, what[k], strlen(what[k])) == 0) {
                return true;
            }
        }
    }
    return false;
}

enum row_total row_says_total(const char *text) {
    static const char *const totals[] = {
        "TOTAL",       "GRAND TOTAL",   "SUB TOTAL",    "SUBTOTAL",   "TOTALS",     "OVERALL TOTAL",
        "TOTAL SPEND", "TOTAL AMOUNT",  "SUM",          "TOTAL PAID", "SUM TOTAL",  "TOTAL PAYMENTS",
        "MONTH TOTAL", "MONTHLY TOTAL", "REPORT TOTAL", "TOTAL GBP",  "FILE TOTAL", "TOTAL EXPENDITURE"};
    static const char *const carried[] = {"CARRIED FORWARD",
                                          "BROUGHT FORWARD",
                                          "TOTAL CARRIED FORWARD",
                                          "TOTAL BROUGHT FORWARD",
                                          "CARRIED OVER",
                                          "C FWD",
                                          "B FWD"};
    static const char *const surely[] = {"SUBTOTAL", "GRAND TOTAL", "SUB TOTAL", "OVERALL TOTAL"};
    static const char *const first[] = {"TOTAL", "TOTALS"};
    static const char *const last[] = {"TOTAL", "TOTALS", "SUBTOTAL"};
    static const char *const forms[] = {"LTD", "LIMITED", "PLC", "LLP", "CIC"};
    char words[128];
    cell_words(words, sizeof words, text);
    if (says_count(words)) {
        return TOTAL_COUNT;
    }
    if (cell_in_list(words, carried, CELL_COUNT(carried))) {
        return TOTAL_WORD;
    }
    if (!strstr(words, "TOTAL") && strcmp(words, "SUM") != 0) {
        return TOTAL_NOT;
    }
    if (cell_in_list(words, totals, CELL_COUNT(totals))) {
        return TOTAL_WORD;
    }
    for (size_t i = 0; i < CELL_COUNT(surely); i++) {
        if (starts(words, surely[i])) {
            return TOTAL_LIKE;
        }
    }
    for (size_t i = 0; i < CELL_COUNT(forms); i++) {
        if (ends(words, forms[i])) {
            return TOTAL_NOT;
        }
    }
    bool like = false;
    for (size_t i = 0; i < CELL_COUNT(first); i++) {
        like = like || starts(words, first[i]);
    }
    for (size_t i = 0; i < CELL_COUNT(last); i++) {
        like = like || ends(words, last[i]);
    }
    return like ? TOTAL_LIKE : TOTAL_NOT;
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
    // Without a date column only the amount can tell: it has another figure behind it.
    int16_t column = r->layout.column[ROLE_AMOUNT];
    int64_t pence;
    unsigned how;
    bool figure_behind = date < 0 && amount == AMOUNT_OK && (uint32_t)column + 1 < row->count &&
                         spend_amount_read(row->text[column + 1], &pence, &how) == AMOUNT_OK;
    return amount == AMOUNT_TEXT || figure_behind;
}

// Digits of a number below a thousand, without its signs; 0 when there is anything else.
static size_t few_digits(const char *text) {
    static const char *const before[] = {" ", "\t", "-", "(", "'", "\"", "\xC2\xA3", "\xC2\xA0"};
    for (size_t i = 0; i < CELL_COUNT(before);) {
        size_t n = strlen(before[i]);
        bool here = strncmp(text, before[i], n) == 0;
        text += here ? n : 0;
        i = here ? 0 : i + 1;
    }
    size_t n = strspn(text, "0123456789");
    return n <= 3 && text[n + strspn(text + n, " ")] == 0 && text[0] != '0' ? n : 0;
}

bool row_is_cut(struct reading *r, const struct row_cells *row) {
    uint32_t at = (uint32_t)r->layout.column[ROLE_AMOUNT];
    if (row_width(row) <= r->layout.columns || at + 1 >= row->count) {
        return false;
    }
    r->tally.wide_rows++;
    const char *next = row->text[at + 1] + strspn(row->text[at + 1], " ");
    if (strspn(next, "0123456789") != 3 || few_digits(row->text[at]) == 0) {
        return false;
    }
    r->tally.maybe_cut++;
    bool pence = next[3] == '.' && strspn(next + 4, "0123456789") == 2;
    return pence || (r->cut_thousands && strspn(next + 3, "'\") ") == strlen(next + 3));
}

// Absolute difference without overflow, at most `most`.
static bool within(int64_t a, int64_t b, uint64_t most) {
    int64_t d;
    return !__builtin_sub_overflow(a, b, &d) && d != INT64_MIN && (uint64_t)(d < 0 ? -d : d) <= most;
}

static void look(const struct reading *r, const struct row_cells *row, struct row_seen *s) {
    int16_t amount = r->layout.column[ROLE_AMOUNT];
    s->others = 0;
    s->total_word = s->count_word = false;
    for (uint32_t i = 0; i < row->count && i < SPEND_MAX_COLUMNS; i++) {
        if ((int32_t)i != amount && row->length[i] != 0 && !cell_blank(row->text[i])) {
            s->others++;
            enum row_total says = row_says_total(row->text[i]);
            s->total_word = s->total_word || says == TOTAL_LIKE || says == TOTAL_WORD;
            s->count_word = s->count_word || says == TOTAL_COUNT;
        }
    }
}

// "Total for April" where the payee should be: a total when it adds up, or when nothing else stands in a row
// of a file that has more columns. Else it may be the name of a business.
static bool is_named_total(const struct reading *r, const struct row_seen *s, bool sum, bool block) {
    return sum || block || (s->others == 1 && r->layout.columns > 2);
}

// A row that adds up lines: it must have no payee (or only the word), and no date that can be read.
static bool is_total(const struct reading *r, const struct row_cells *row, const struct row_seen *s,
                     unsigned *ret_of) {
    const struct reading_tally *t = &r->tally;
    const char *payee = row_cell(r, row, ROLE_PAYEE);
    enum row_total says = row_says_total(payee);
    bool no_payee = cell_blank(payee) || says == TOTAL_WORD;
    bool dated = s->date == DATE_OK || s->date == DATE_MONTH;
    uint64_t lines = t->verdicts[VERDICT_LINE];
    // Float residue rounded line by line can miss a total made from the unrounded figures by half a penny a
    // line.
    uint64_t slack = (t->rounded + 1) / 2;
    bool sum = lines > 0 && within(s->pence, t->sum_pence, slack);
    bool block = r->block_lines > 1 && within(s->pence, r->block_pence, slack);
    *ret_of = (sum ? TOTAL_OF_ALL : 0u) | (block ? TOTAL_OF_PART : 0u);
    if (!dated && says == TOTAL_LIKE) {
        bool one = r->block_lines == 1 && s->others <= 2 && r->layout.columns > 3 &&
                   within(s->pence, r->block_pence, slack);
        return is_named_total(r, s, sum, block || one);
    }
    // "Count: 13" beside the sum of 13 payments: where payments have dates, a row without one that comes to
    // just what stands above it is no payment.
    if (!dated && t->undated * 2 < lines && lines >= SURE_SUM &&
        (sum || (block && r->block_lines >= SURE_SUM))) {
        return true;
    }
    if (!no_payee) {
        return false;
    }
    if (dated) { // "April 2025" where the date should be, or the day the file was made
        bool month = s->date == DATE_MONTH && s->others == 1 && r->block_lines == 1 &&
                     within(s->pence, r->block_pence, slack);
        return s->pence != 0 && ((lines > 1 && s->pence == t->sum_pence) || block || month);
    }
    return s->others == 0 || s->total_word || (sum && (lines > 1 || s->others < 2)) || block;
}

static bool only_words(const struct row_cells *row) {
    for (uint32_t i = 0; i < row->count; i++) {
        if (strpbrk(row->text[i], "0123456789#")) {
            return false;
        }
    }
    return true;
}

// Headings again, where monthly files were put one below the other; in the same order, or in another.
enum again { AGAIN_NOT, AGAIN_SAME, AGAIN_OTHER };

static enum again heading_again(struct reading *r, const struct row_cells *row) {
    enum { MOST_LOOKS = 20000 }; // reading headings takes long; a file of nothing else is not looked through
    const struct spend_layout *l = &r->layout;
    if (r->heading_looks++ >= MOST_LOOKS) {
        return AGAIN_NOT;
    }
    struct spend_heading amount = spend_heading_read(row_cell(r, row, ROLE_AMOUNT));
    enum spend_role payee = spend_heading_read(row_cell(r, row, ROLE_PAYEE)).role;
    bool words = only_words(row);
    unsigned found[ROLE_COUNT] = {0};
    for (uint32_t i = 0; words && i < row->count && i < MOST_HEADINGS; i++) {
        found[spend_heading_read(row->text[i]).role]++;
    }
    bool there = payee == ROLE_PAYEE && amount.role == ROLE_AMOUNT;
    if (!there && !(found[ROLE_PAYEE] && found[ROLE_AMOUNT])) {
        return AGAIN_NOT;
    }
    if (r->tally.records == l->head_records + 1) { // the lower half of the headings
        return AGAIN_SAME;
    }
    if (!l->heads_known) {
        return there ? AGAIN_SAME : r->columns_settled ? AGAIN_NOT : AGAIN_OTHER;
    }
    bool date = l->said_date != ROLE_DATE || found[ROLE_DATE] == 0 ||
                spend_heading_read(row_cell(r, row, ROLE_DATE)).role == ROLE_DATE;
    bool same = payee == l->said_payee && amount.role == l->said_amount.role &&
                amount.basis == l->said_amount.basis && date;
    return same ? AGAIN_SAME : AGAIN_OTHER;
}

static enum spend_verdict no_amount(struct reading *r, const struct row_cells *row,
                                    const struct row_seen *s) {
    if (s->others <= 1 && (s->amount == AMOUNT_BLANK || (s->amount == AMOUNT_TEXT && s->others == 0))) {
        return s->others + (s->amount == AMOUNT_TEXT) == 1 ? VERDICT_NOTE : VERDICT_NO_AMOUNT;
    }
    enum again again =
        s->amount == AMOUNT_BLANK || s->amount == AMOUNT_TEXT ? heading_again(r, row) : AGAIN_NOT;
    if (again != AGAIN_NOT) {
        return again == AGAIN_SAME ? VERDICT_HEADING_AGAIN : VERDICT_HEADING_OTHER;
    }
    if (s->amount == AMOUNT_BLANK) {
        return VERDICT_NO_AMOUNT;
    }
    if (s->amount == AMOUNT_TEXT && r->tally.records == r->layout.head_records + 1 && only_words(row)) {
        return VERDICT_HEADING_AGAIN; // "(text)", "(dd/mm/yyyy)", "(£)": what each column holds
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

// "-----" below the headings of a database export, or dashes in all cells of a row that says nothing.
static bool is_rule(const struct row_cells *row) {
    size_t cells = 0;
    for (uint32_t i = 0; i < row->count; i++) {
        const char *text = row->text[i];
        if (text[strspn(text, "-=_ ")]) {
            return false;
        }
        cells += !cell_blank(text);
    }
    return cells > 1;
}

enum spend_verdict row_judge(struct reading *r, const struct row_cells *row, struct row_seen *s,
                             unsigned *ret_of) {
    *ret_of = 0;
    if (is_rule(row)) {
        return VERDICT_NOTE;
    }
    look(r, row, s);
    if (s->amount != AMOUNT_OK) {
        return no_amount(r, row, s);
    }
    if (is_total(r, row, s, ret_of)) {
        return VERDICT_TOTAL;
    }
    if (s->count_word && s->others == 1 && r->layout.columns > 2) {
        return VERDICT_NOTE;
    }
    return shifted(r, row, s->amount) ? VERDICT_SHIFTED : VERDICT_LINE;
}
