// SPDX-License-Identifier: Apache-2.0
// Recognising a payments file: where its headings are and which column is what.
#include "layout.h"

#include <stdio.h>
#include <string.h>

#include "amount.h"
#include "around.h"
#include "cell.h"
#include "signs.h"

enum { JOINED_BYTES = 160, REGISTER_MARKS = 3, LIST_MARKS = 3, LIKELY_MARKS = 2, WEAK_PAYEE = 6 };

struct headings {
    struct spend_heading of[SPEND_MAX_COLUMNS];
    size_t count;
    unsigned roles[ROLE_COUNT]; // columns of each role
    unsigned score;
};

struct candidate {
    size_t row;  // the heading row
    bool joined; // with the row below it
    unsigned score;
};

static const char *cell_of(const struct spend_row *row, size_t column) {
    return column < row->count ? row->cells[column] : "";
}

static bool row_blank(const struct spend_row *row) {
    for (size_t i = 0; i < row->count; i++) {
        if (!cell_blank(row->cells[i])) {
            return false;
        }
    }
    return true;
}

static void add_heading(struct headings *h, size_t column, const char *text) {
    struct spend_heading one = spend_heading_read(text);
    h->of[column] = one;
    h->roles[one.role]++;
    if (one.role != ROLE_NONE) {
        h->score += one.rank >= RANK_GUESS ? 1 : 2;
    }
}

// Reads the headings of a row, joined with those of the row below when `below` is given.
static void read_headings(const struct spend_row *row, const struct spend_row *below, struct headings *h) {
    size_t count = below && below->count > row->count ? below->count : row->count;
    *h = (struct headings){.count = count < SPEND_MAX_COLUMNS ? count : SPEND_MAX_COLUMNS};
    for (size_t i = 0; i < h->count; i++) {
        char joined[JOINED_BYTES];
        const char *text = cell_of(row, i);
        if (below && !cell_blank(cell_of(below, i))) {
            snprintf(joined, sizeof joined, "%.70s %.70s", text, cell_of(below, i));
            text = joined;
        }
        add_heading(h, i, text);
    }
    // Each further kind of column makes it likelier to be the heading row, each further column of a kind less
    // so.
    for (int r = ROLE_PAYEE; r < ROLE_REGISTER; r++) {
        h->score += h->roles[r] ? 4 : 0;
    }
}

// A row that goes on a heading has words in it and neither money nor dates.
static bool may_continue(const struct spend_row *row) {
    size_t words = 0;
    int64_t pence;
    unsigned how;
    int32_t day;
    for (size_t i = 0; i < row->count; i++) {
        const char *text = row->cells[i];
        if (cell_blank(text)) {
            continue;
        }
        enum spend_date d = spend_date_read(text, ORDER_DAY_FIRST, &day);
        if (strlen(text) > 40 || spend_amount_read(text, &pence, &how) == AMOUNT_OK || d == DATE_OK) {
            return false;
        }
        words++;
    }
    return words > 0;
}

// What stands below a payee or amount heading must be heading words too, or a line of payments would be taken
// for the second half of the headings.
static bool continues(const struct spend_row *below, const struct headings *joined) {
    for (size_t i = 0; i < joined->count; i++) {
        enum spend_role role = joined->of[i].role;
        const char *text = cell_of(below, i);
        if ((role == ROLE_PAYEE || role == ROLE_AMOUNT) && !cell_blank(text)) {
            enum spend_role alone = spend_heading_read(text).role;
            if (alone != ROLE_PAYEE && alone != ROLE_AMOUNT) {
                return false;
            }
        }
    }
    return true;
}

static bool complete(const struct headings *h) {
    return h->roles[ROLE_PAYEE] && h->roles[ROLE_AMOUNT];
}

// Money or a payment date in a heading row means that it is a line of payments.
static bool holds_amount(const struct spend_row *row) {
    int64_t pence;
    unsigned how;
    for (size_t i = 0; i < row->count; i++) {
        const char *text = row->cells[i];
        if (strchr(text, '.') && spend_amount_read(text, &pence, &how) == AMOUNT_OK) {
            return true;
        }
    }
    return false;
}

// Whether payments stand between the headings found so far and a row further down: then that row is another
// table's, or the same headings once more, and what is above it must not be lost.
static bool pays_between(const struct spend_row *rows, const struct candidate *c, size_t until) {
    struct headings h;
    int64_t pence;
    unsigned how;
    read_headings(&rows[c->row], c->joined ? &rows[c->row + 1] : NULL, &h);
    for (size_t i = c->row + 1 + c->joined; i < until; i++) {
        bool payee = false, amount = false;
        for (size_t k = 0; k < h.count; k++) {
            const char *text = cell_of(&rows[i], k);
            payee = payee || (h.of[k].role == ROLE_PAYEE && !cell_blank(text));
            amount =
                amount || (h.of[k].role == ROLE_AMOUNT && spend_amount_read(text, &pence, &how) == AMOUNT_OK);
        }
        if (payee && amount) {
            return true;
        }
    }
    return false;
}

static bool find_headings(const struct spend_row *rows, size_t count, struct candidate *best) {
    struct headings h;
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        if (row_blank(&rows[i]) || holds_amount(&rows[i])) {
            continue;
        }
        if (found && pays_between(rows, best, i)) {
            return true;
        }
        read_headings(&rows[i], NULL, &h);
        if (complete(&h) && (!found || h.score > best->score)) {
            *best = (struct candidate){.row = i, .score = h.score};
            found = true;
        }
        if (i + 1 < count && may_continue(&rows[i + 1])) {
            read_headings(&rows[i], &rows[i + 1], &h);
            if (complete(&h) && continues(&rows[i + 1], &h) && (!found || h.score > best->score)) {
                *best = (struct candidate){.row = i, .joined = true, .score = h.score};
                found = true;
            }
        }
    }
    return found;
}

int spend_column_fitness(const struct spend_row *rows, size_t from, size_t count, size_t column,
                         enum spend_role role) {
    int cells = 0, fit = 0, zero = 0;
    for (size_t i = from; i < count; i++) {
        const char *text = cell_of(&rows[i], column);
        int64_t pence = 0;
        unsigned how;
        int32_t day;
        if (cell_blank(text)) {
            continue;
        }
        cells++;
        if (role == ROLE_AMOUNT) {
            enum spend_amount a = spend_amount_read(text, &pence, &how);
            fit += a == AMOUNT_OK || a == AMOUNT_BROKEN ||
                   spend_amount_read_as(text, DECIMAL_COMMA, &pence, &how) == AMOUNT_OK;
            zero += a == AMOUNT_OK && pence == 0;
        } else if (role == ROLE_DATE) {
            enum spend_date d = spend_date_read(text, ORDER_DAY_FIRST, &day);
            fit += d == DATE_OK || d == DATE_MONTH || d == DATE_OTHER_ORDER ||
                   spend_date_month_number(text, &day);
        } else {
            int letters = 0, digits = 0; // SUP40012 is a number, not a name
            for (const char *p = text; *p; p++) {
                letters += (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') || (*p & 0x80);
                digits += *p >= '0' && *p <= '9';
            }
            fit += letters > 0 && (role != ROLE_PAYEE || letters >= digits);
        }
    }
    if (zero > 1 && zero == cells) {
        return 1; // nothing but noughts: a column that is not in use
    }
    return cells ? fit * 100 / cells : -1;
}

// Chooses the column of a role: basis, then rank, then how well the cells fit; but a column whose cells do
// not fit at all gives way to one whose cells do.
static int16_t choose(const struct headings *h, enum spend_role role, const struct spend_row *rows,
                      size_t from, size_t count) {
    int best = -1, best_order = 0, best_fit = 0;
    for (size_t i = 0; i < h->count; i++) {
        if (h->of[i].role != role) {
            continue;
        }
        int order = (int)h->of[i].basis * 100 + h->of[i].rank;
        int fit = spend_column_fitness(rows, from, count, i, role);
        bool fits = fit >= 30, best_fits = best_fit >= 30;
        bool better = best < 0 || (fits && !best_fits) ||
                      (fits == best_fits && (order < best_order || (order == best_order && fit > best_fit)));
        if (better) {
            best = (int)i;
            best_order = order;
            best_fit = fit;
        }
    }
    return (int16_t)best;
}

// A date column under a heading that says nothing ("Data"): nearly all its cells are full dates of years.
static int16_t find_dates(const struct headings *h, const struct spend_row *rows, size_t from, size_t count) {
    for (size_t i = 0; i < h->count; i++) {
        size_t dates = 0, cells = 0;
        if (h->of[i].role != ROLE_NONE && h->of[i].role != ROLE_AMOUNT) { // "Paid" may be when, or how much
            continue;
        }
        for (size_t r = from; r < count; r++) {
            const char *text = cell_of(&rows[r], i);
            int32_t day;
            cells += !cell_blank(text);
            dates += strpbrk(text, "/-. ") != NULL && spend_date_read(text, ORDER_DAY_FIRST, &day) == DATE_OK;
        }
        if (cells >= 2 && dates * 10 >= cells * 9) {
            return (int16_t)i;
        }
    }
    return -1;
}

// "Effective Date" is the end of a period and "Start Date" belongs to a contract: no dates of payments.
static bool named_otherwise(const char *heading) {
    char words[64];
    cell_words(words, sizeof words, heading);
    return strstr(words, "EFFECTIVE") || strstr(words, "START") || strstr(words, "END") ||
           strstr(words, "EXPIR") || strstr(words, "DUE") || strstr(words, "BIRTH") ||
           strstr(words, "PERIOD");
}

// Months under a heading that says that they are a period ("Period": Apr-26, 2026-04). 202604 and 4 are none:
// they may be months of the financial year.
static int16_t find_months(const struct headings *h, const struct spend_row *heading,
                           const struct spend_row *rows, size_t from, size_t count) {
    for (size_t i = 0; i < h->count; i++) {
        char words[64];
        size_t months = 0, cells = 0;
        cell_words(words, sizeof words, cell_of(heading, i));
        if ((h->of[i].role != ROLE_NONE && h->of[i].role != ROLE_DATE) || !strstr(words, "PERIOD")) {
            continue;
        }
        for (size_t r = from; r < count; r++) {
            const char *text = cell_of(&rows[r], i);
            int32_t day;
            cells += !cell_blank(text);
            months +=
                strpbrk(text, "/-. ") != NULL && spend_date_read(text, ORDER_DAY_FIRST, &day) == DATE_MONTH;
        }
        if (cells >= 1 && months * 10 >= cells * 9) {
            return (int16_t)i;
        }
    }
    return -1;
}

bool spend_says_period(const struct spend_row *heading, int16_t column) {
    char words[64];
    cell_words(words, sizeof words, column >= 0 ? cell_of(heading, (size_t)column) : "");
    return strstr(words, "PERIOD") || strstr(words, "FISCAL") || strstr(words, "FIN ") ||
           strstr(words, "FINANCIAL");
}

static bool name_says_card(const char *file_name) {
    static const char *const cards[] = {"GPC",    "CARD",         "CARDS",          "PCARD",
                                        "PCARDS", "PURCHASECARD", "PROCUREMENTCARD"};
    char words[256];
    cell_words(words, sizeof words, file_name);
    for (char *p = words; *p;) {
        size_t n = strcspn(p, " ");
        bool last = p[n] == 0;
        p[n] = 0;
        if (cell_in_list(p, cards, CELL_COUNT(cards))) {
            return true;
        }
        p += n + !last;
    }
    return false;
}

// Nearly every row of a tier-2 file says who paid on; a column that is mostly empty is only a remark.
static bool is_tier2(const struct spend_layout *layout, const struct spend_row *rows, size_t from,
                     size_t count) {
    int16_t c = layout->column[ROLE_INTERMEDIARY];
    size_t lines = 0, named = 0;
    for (size_t i = from; i < count && c >= 0; i++) {
        bool line = !cell_blank(cell_of(&rows[i], (size_t)layout->column[ROLE_AMOUNT])) &&
                    !cell_blank(cell_of(&rows[i], (size_t)layout->column[ROLE_PAYEE]));
        lines += line;
        named += line && !cell_blank(cell_of(&rows[i], (size_t)c));
    }
    return lines > 0 && named * 10 >= lines * 8;
}

static enum spend_kind kind_of(const struct headings *h, const struct spend_row *heading,
                               const char *file_name) {
    for (size_t i = 0; i < heading->count; i++) {
        char words[48];
        cell_words(words, sizeof words, heading->cells[i]);
        if (strcmp(words, "AMOUNT AWARDED") == 0 || strcmp(words, "RECIPIENT ORG NAME") == 0) {
            return KIND_GRANTS;
        }
    }
    return h->roles[ROLE_CARD] || (file_name && name_says_card(file_name)) ? KIND_CARD : KIND_PAYMENTS;
}

// A second heading row that splits the amount into gross, VAT and net: the column under the one heading stays
// the amount, as the publisher's own totals use it, and the net column is offered.
static void keep_amount(const struct headings *top, const struct headings *both, struct spend_layout *layout,
                        const struct spend_row *rows, size_t from, size_t count) {
    if (!top->roles[ROLE_AMOUNT]) {
        return;
    }
    int16_t upper = choose(top, ROLE_AMOUNT, rows, from, count), now = layout->column[ROLE_AMOUNT];
    if (upper >= 0 && upper != now &&
        spend_column_fitness(rows, from, count, (size_t)upper, ROLE_AMOUNT) >= 30) {
        layout->other_net = both->of[now].basis == BASIS_NET ? now : -1;
        layout->column[ROLE_AMOUNT] = upper;
        layout->notes |= layout->other_net >= 0 ? NOTE_NET_BELOW : 0;
    }
}

// A list of grants says from when to when each runs, and is no register of contracts.
static bool is_grants(const struct headings *h, const struct spend_row *heading,
                      const struct spend_layout *layout) {
    char words[64];
    bool grant = false;
    for (size_t i = 0; i < heading->count && i < h->count; i++) {
        cell_words(words, sizeof words, heading->cells[i]);
        grant = grant || strstr(words, "GRANT") || strstr(words, "RECIPIENT ORG");
        if (strstr(words, "CONTRACT") || strstr(words, "TENDER")) {
            return false;
        }
    }
    int16_t amount = layout->column[ROLE_AMOUNT];
    cell_words(words, sizeof words, amount >= 0 ? cell_of(heading, (size_t)amount) : "");
    return grant && (strstr(words, "AWARD") || strstr(words, "GRANT") || strstr(words, "PAID"));
}

static bool is_register(const struct headings *h, const struct spend_layout *layout) {
    bool paid = layout && layout->column[ROLE_DATE] >= 0 && layout->date_basis <= BASIS_INVOICED;
    bool surely_paid = paid && h->of[layout->column[ROLE_DATE]].basis == BASIS_PAID &&
                       h->of[layout->column[ROLE_DATE]].rank == 0;
    return (h->roles[ROLE_REGISTER] >= REGISTER_MARKS && !surely_paid) ||
           (h->roles[ROLE_REGISTER] >= 2 && !paid);
}

// A list of wages, or of invoices that wait: no list of payments to suppliers, whatever its columns are.
static enum spend_refusal other_list(const struct headings *h, const struct spend_layout *layout) {
    int16_t payee = layout->column[ROLE_PAYEE], date = layout->column[ROLE_DATE];
    bool surely_paid = date >= 0 && h->of[date].role == ROLE_DATE && h->of[date].basis == BASIS_PAID &&
                       h->of[date].rank == 0;
    bool weak_payee = payee < 0 || h->of[payee].rank >= WEAK_PAYEE;
    if (h->roles[ROLE_PAYROLL] >= LIST_MARKS || (h->roles[ROLE_PAYROLL] >= LIKELY_MARKS && weak_payee)) {
        return REFUSED_PAYROLL;
    }
    return h->roles[ROLE_UNPAID] >= (weak_payee ? 1 : LIKELY_MARKS) && !surely_paid ? REFUSED_UNPAID
                                                                                    : SPEND_ACCEPTED;
}

// "Apr-25, May-25, Jun-25": a table with a column for each month.
static bool spans_months(const struct spend_row *heading) {
    static const char *const months[] = {"APR", "APRIL", "MAY", "JUN",   "JUNE",
                                         "JUL", "JULY",  "AUG", "AUGUST"};
    size_t n = 0;
    for (size_t i = 0; i < heading->count; i++) {
        char words[16];
        int32_t day;
        cell_words(words, sizeof words, heading->cells[i]);
        n += cell_in_list(words, months, CELL_COUNT(months)) ||
             spend_date_read(heading->cells[i], ORDER_DAY_FIRST, &day) == DATE_MONTH;
    }
    return n >= LIST_MARKS;
}

static enum spend_refusal why_no_headings(const struct spend_row *rows, size_t count) {
    enum spend_refusal why = REFUSED_EMPTY;
    struct headings h;
    for (size_t i = 0; i < count; i++) {
        if (row_blank(&rows[i])) {
            continue;
        }
        why = why == REFUSED_EMPTY ? REFUSED_NO_TABLE : why;
        read_headings(&rows[i], NULL, &h);
        unsigned others = 0;
        for (int r = ROLE_DATE; r < ROLE_REGISTER; r++) {
            others += h.roles[r] > 0;
        }
        if (h.roles[ROLE_REGISTER] >= REGISTER_MARKS) {
            return REFUSED_REGISTER;
        }
        if (h.roles[ROLE_PAYROLL] >= LIST_MARKS) {
            return REFUSED_PAYROLL;
        }
        if (others >= 1 && h.roles[ROLE_PAYEE]) {
            why = REFUSED_NO_AMOUNT;
        } else if (others >= 1 && h.roles[ROLE_AMOUNT]) {
            why = REFUSED_NO_PAYEE;
        }
    }
    return why;
}

// "Amount excluding recoverable VAT": the rest of the VAT is in it.
static bool only_recoverable(const char *heading) {
    char words[96];
    cell_words(words, sizeof words, heading);
    return strstr(words, "RECOVERABLE") || strstr(words, "RECLAIMABLE");
}

static void note_choices(const struct headings *h, const struct spend_row *heading,
                         struct spend_layout *layout) {
    static const enum spend_role needed[] = {ROLE_PAYEE, ROLE_AMOUNT, ROLE_DATE};
    int16_t amount = layout->column[ROLE_AMOUNT], date = layout->column[ROLE_DATE];
    layout->amount_basis = h->of[amount].basis;
    layout->notes |= layout->amount_basis == BASIS_GROSS ? NOTE_GROSS : 0;
    layout->vat_inside =
        layout->amount_basis == BASIS_GROSS || only_recoverable(cell_of(heading, (size_t)amount));
    for (size_t i = 0; i < CELL_COUNT(needed); i++) {
        int16_t c = layout->column[needed[i]];
        layout->notes |=
            c >= 0 && h->of[c].role == needed[i] && h->of[c].rank >= RANK_GUESS ? NOTE_GUESSED : 0;
    }
    if (date < 0) {
        layout->notes |= NOTE_NO_DATE;
    } else if (layout->date_basis != BASIS_PAID) {
        layout->notes |= NOTE_NOT_PAYMENT_DATE;
    }
}

static void choose_columns(const struct headings *h, const struct spend_row *heading,
                           const struct spend_row *rows, size_t from, size_t count,
                           struct spend_layout *layout) {
    for (int r = 0; r < ROLE_COUNT; r++) {
        layout->column[r] = r == ROLE_NONE ? -1 : choose(h, (enum spend_role)r, rows, from, count);
    }
    int16_t *date = &layout->column[ROLE_DATE];
    if (*date >= 0) {
        layout->date_basis = h->of[*date].basis;
        return;
    }
    *date = find_dates(h, rows, from, count);
    layout->date_basis = BASIS_OTHER;
    if (*date >= 0 && named_otherwise(cell_of(heading, (size_t)*date))) {
        *date = -1;
    }
    layout->notes |= *date >= 0 ? NOTE_DATE_FOUND : 0;
    if (*date < 0) {
        *date = find_months(h, heading, rows, from, count);
        layout->notes |= *date >= 0 ? NOTE_PERIOD : 0;
    }
}

// Some exports put a cell in front of every row that the headings know nothing of; then money and dates fit
// one column to the right of their headings and nowhere else.
static void move_columns(const struct spend_row *rows, size_t from, size_t count,
                         struct spend_layout *layout) {
    static const enum spend_role tested[] = {ROLE_AMOUNT, ROLE_DATE};
    for (size_t i = 0; i < CELL_COUNT(tested); i++) {
        int16_t c = layout->column[tested[i]];
        if (c < 0 || spend_column_fitness(rows, from, count, (size_t)c, tested[i]) >= 30 ||
            spend_column_fitness(rows, from, count, (size_t)c + 1, tested[i]) < 80) {
            return;
        }
    }
    for (int r = 0; r < ROLE_COUNT; r++) {
        layout->column[r] = (int16_t)(layout->column[r] + (layout->column[r] >= 0));
    }
    layout->currency = (int16_t)(layout->currency + (layout->currency >= 0));
    layout->beside = -1;
    layout->columns++;
    layout->notes |= NOTE_MOVED;
}

enum spend_refusal spend_recognise(const struct spend_row *rows, size_t count, const char *file_name,
                                   struct spend_layout *ret_layout) {
    struct candidate c = {0};
    struct headings h, top;
    count = count < SPEND_HEAD_ROWS ? count : SPEND_HEAD_ROWS;
    if (!find_headings(rows, count, &c)) {
        return why_no_headings(rows, count);
    }
    const struct spend_row *heading = &rows[c.row];
    size_t from = c.row + 1 + c.joined;
    struct spend_layout layout = {.head_records = from, .other_net = -1, .currency = -1, .beside = -1};
    if (spans_months(heading)) {
        return REFUSED_ACROSS;
    }
    read_headings(heading, NULL, &top);
    read_headings(heading, c.joined ? heading + 1 : NULL, &h);
    layout.columns = h.count;
    choose_columns(&h, heading, rows, from, count, &layout);
    if (is_register(&h, &layout) && !is_grants(&h, heading, &layout)) {
        return REFUSED_REGISTER;
    }
    enum spend_refusal other = other_list(&h, &layout);
    if (other != SPEND_ACCEPTED) {
        return other;
    }
    if (around_says_scale(rows, c.row)) {
        return REFUSED_SCALE;
    }
    if (around_is_beside(heading, rows, from, count, &layout)) {
        return REFUSED_BESIDE;
    }
    if (c.joined) {
        layout.notes |= NOTE_SPLIT_HEADING;
        keep_amount(&top, &h, &layout, rows, from, count);
    }
    layout.kind = kind_of(&h, heading, file_name);
    note_choices(&h, heading, &layout);
    layout.period = spend_says_period(heading, layout.column[ROLE_DATE]);
    signs_find(heading, rows, from, count, &layout);
    layout.currency = around_currency(heading, layout.column[ROLE_AMOUNT]);
    if (!c.joined) {
        around_keep_heads(heading, &layout);
    }
    move_columns(rows, from, count, &layout);
    if (is_tier2(&layout, rows, from, count)) {
        layout.kind = KIND_TIER2;
    } else {
        layout.column[ROLE_INTERMEDIARY] = -1;
    }
    *ret_layout = layout;
    return SPEND_ACCEPTED;
}
