// SPDX-License-Identifier: Apache-2.0
// What a pass over a payments file teaches about the file as a whole.
#include "learn.h"

#include <string.h>

enum {
    SERIAL_ROWS = 3,      // numbers of days that decide
    SERIAL_LOOKS = 1000,  // rows whose other cells are looked at
    SAME_TIME_DAYS = 250, // between two days of one payment
    CUT_ROWS = 3,
    SHORT_STRETCH_DAYS = 200, // of a name: a quarter or two
    WIDER_DAYS = 60,          // payments stand in the file of a month before or behind them
    YEAR_DAYS = 366,
    NEAR_DAYS = 31,
    TURNED_MONTHS = 3, // of a quarter
    TURNED_ROWS = 5,
    VAT_TOLD = 100, // pence of VAT from which on a rate can be told
    VAT_ROWS = 3    // that many rows decide, and four times as many as say otherwise
};

static void said(struct reading *r, int32_t from, int32_t to) {
    int32_t wider = to - from <= SHORT_STRETCH_DAYS ? WIDER_DAYS : 0;
    r->said_from = from;
    r->said_to = to;
    r->year_from = r->name_from = from - wider;
    r->year_to = r->name_to = to + wider;
}

void learn_from_name(struct reading *r, const char *file_name) {
    int32_t from, to;
    if (!file_name || !spend_date_of_name(file_name, &from, &to) || to - from > YEAR_DAYS) {
        return;
    }
    said(r, from, to);
}

void learn_from_titles(struct reading *r, const struct spend_row *rows, size_t count) {
    int32_t from, to;
    for (size_t i = 0; i + 1 < r->layout.head_records && i < count && r->said_from > r->said_to; i++) {
        for (size_t k = 0; k < rows[i].count; k++) {
            if (spend_date_of_title(rows[i].cells[k], &from, &to) && to - from <= YEAR_DAYS) {
                r->said_by_title = true;
                said(r, from, to);
                return;
            }
        }
    }
}

// ---- width

void learn_width(struct reading *r, const char *const *cells, size_t count) {
    size_t n = count < SPEND_MAX_COLUMNS ? count : SPEND_MAX_COLUMNS;
    while (n > r->layout.columns && cell_blank(cells[n - 1])) {
        n--;
    }
    r->widths[n <= r->layout.columns ? 0 : n]++;
}

// Some publishers add a column without a heading: then wide rows are the usual ones. Half of the rows say
// that it is a habit and not a stray comma.
static size_t usual_of(const struct reading *r, uint64_t rows) {
    uint64_t wide = 0;
    for (size_t w = SPEND_MAX_COLUMNS; w > r->layout.columns; w--) {
        wide += r->widths[w];
        if (wide > 0 && wide * 2 >= rows) {
            return w;
        }
    }
    return r->layout.columns;
}

size_t learn_usual_width(const struct reading *r) {
    uint64_t rows = 0;
    for (size_t w = 0; w <= SPEND_MAX_COLUMNS; w++) {
        rows += r->widths[w];
    }
    return usual_of(r, rows);
}

static bool learn_width_again(struct reading *r) {
    const uint64_t *v = r->tally.verdicts;
    size_t usual = usual_of(r, r->tally.records - v[VERDICT_HEAD] - v[VERDICT_BLANK]);
    bool matters = usual > r->usual_width && v[VERDICT_SHIFTED] > 0;
    for (size_t w = usual + 1; w <= SPEND_MAX_COLUMNS && !matters; w++) {
        matters = w <= r->usual_width && r->widths[w] > 0; // rows that nobody looked at
    }
    r->usual_width = usual;
    return matters;
}

// ---- order of day and month

static bool learn_order(struct reading *r) {
    // Ambiguous stays day first: these are British files.
    enum spend_order order = r->month_first_seen > r->day_first_seen ? ORDER_MONTH_FIRST : ORDER_DAY_FIRST;
    if (r->order_settled || order == r->order) {
        return false;
    }
    r->order = order;
    return r->order_matters > 0;
}

// ---- days of which a spreadsheet turned day and month round

// A spreadsheet set to American dates turns 3/5/2025 round and leaves 28/5/2025 alone. It shows when the days
// above 12, which can be read in one way only, are of a few months, and the others are so too when they are
// read the other way round, but not as they stand.
static bool fits_better(const uint64_t sure[13], const uint64_t here[13], const uint64_t other[13]) {
    uint64_t all = 0, fit_here = 0, fit_other = 0;
    for (size_t m = 1; m <= 12; m++) {
        all += here[m];
        fit_here += sure[m] > 0 ? here[m] : 0;
        fit_other += sure[m] > 0 ? other[m] : 0;
    }
    return all >= TURNED_ROWS && fit_other * 20 >= all * 19 && fit_here * 10 <= all * 6;
}

static bool learn_turned(struct reading *r) {
    const struct reading_tally *t = &r->tally;
    uint64_t sure = 0, both = 0;
    size_t months = 0;
    for (size_t m = 1; m <= 12; m++) {
        sure += t->sure_month[m];
        both += t->here_month[m];
        months += t->sure_month[m] > 0;
    }
    if (r->turned || r->turned_fixed || r->order_settled || months > TURNED_MONTHS || sure < TURNED_ROWS) {
        return false;
    }
    r->turned = fits_better(t->sure_month, t->here_month, t->other_month);
    // Or it took them for dates and left the others as texts: then they stand in the file as days of another
    // form.
    r->turned_fixed =
        both == 0 && t->fixed_high == 0 && fits_better(t->sure_month, t->fixed_here, t->fixed_other);
    return r->turned || r->turned_fixed;
}

// ---- the year of days without one

static bool learn_years(struct reading *r) {
    const struct reading_tally *t = &r->tally;
    uint64_t dated = t->verdicts[VERDICT_LINE] - t->undated - t->year_given;
    // Over more than a year the other dates say nothing.
    if (r->yearless == t->year_given || dated == 0 || r->years_learned ||
        t->last_day - t->first_day > YEAR_DAYS) {
        return false;
    }
    r->years_learned = true;
    int32_t from = t->first_day - NEAR_DAYS, to = t->last_day + NEAR_DAYS;
    r->year_from = to - from <= YEAR_DAYS ? from : t->first_day;
    r->year_to = to - from <= YEAR_DAYS ? to : t->last_day;
    return true;
}

// ---- days against the time that the file is about

static bool is_short(const struct reading *r) {
    return r->said_from <= r->said_to && r->said_to - r->said_from <= SHORT_STRETCH_DAYS;
}

static bool in_said(const struct reading *r, int32_t day) {
    return day >= r->said_from && day <= r->said_to;
}

void learn_fit(struct reading *r, const struct reading_date *d) {
    struct reading_tally *t = &r->tally;
    int year;
    unsigned month, day;
    if (!is_short(r) || d->what != DATE_OK) {
        return;
    }
    if (d->serial) {
        t->serials_fit += d->day >= r->name_from && d->day <= r->name_to;
        t->serials_fit_1904 +=
            d->day + DAYS_1900_TO_1904 >= r->name_from && d->day + DAYS_1900_TO_1904 <= r->name_to;
    } else if (!d->depends && d->day_number >= 1 && d->day_number <= 12) {
        spend_day_parts(d->day, &year, &month, &day);
        t->fixed++;
        t->fixed_fit += in_said(r, d->day);
        t->fixed_fit_other += in_said(r, spend_day_from(year, day, month));
    } else if (d->depends && d->evidence == 0 && d->day_number >= 1 && d->day_number <= 12) {
        spend_day_parts(d->day, &year, &month, &day);
        t->either++;
        t->either_fit += in_said(r, d->day);
        t->either_fit_other += in_said(r, spend_day_from(year, day, month));
    }
}

// A day in another column of the same row, such as that of the invoice, is near the payment's.
void learn_serial(struct reading *r, const struct row_cells *row, const struct reading_date *d) {
    struct reading_tally *t = &r->tally;
    if (t->serials++ >= SERIAL_LOOKS || is_short(r)) {
        return;
    }
    for (uint32_t i = 0; i < row->count && i < SPEND_MAX_COLUMNS; i++) {
        int32_t other;
        const char *text = row->text[i];
        if ((int32_t)i == r->layout.column[ROLE_DATE] || row->length[i] < 6 || row->length[i] > 24 ||
            !strpbrk(text, "/-.") || spend_date_is_serial(text) ||
            spend_date_read(text, r->order, &other) != DATE_OK) {
            continue;
        }
        int32_t apart = d->day - other, apart_1904 = apart + DAYS_1900_TO_1904;
        t->serials_fit += apart >= -SAME_TIME_DAYS && apart <= SAME_TIME_DAYS;
        t->serials_fit_1904 += apart_1904 >= -SAME_TIME_DAYS && apart_1904 <= SAME_TIME_DAYS;
        return;
    }
}

// Numbers of days from a workbook that counts from 1904, as those of a Mac did: all payments seem to be four
// years and a day too early.
static bool learn_1904(struct reading *r) {
    const struct reading_tally *t = &r->tally;
    if (r->from_1904 || t->serials < SERIAL_ROWS || t->serials_fit_1904 < SERIAL_ROWS ||
        t->serials_fit * 20 > t->serials_fit_1904) {
        return false;
    }
    r->from_1904 = true;
    return true;
}

// Not one day says by itself which number is the month, but the file says what time it is about: then that
// decides, when nearly all days are of that time in the one order and many are not in the other.
static bool learn_order_said(struct reading *r) {
    const struct reading_tally *t = &r->tally;
    if (r->order_settled || r->turned || r->turned_fixed || r->day_first_seen || r->month_first_seen ||
        t->either < TURNED_ROWS || t->either_fit_other * 20 < t->either * 19 ||
        t->either_fit * 10 > t->either * 6) {
        return false;
    }
    r->order = r->order == ORDER_DAY_FIRST ? ORDER_MONTH_FIRST : ORDER_DAY_FIRST;
    r->order_settled = true;
    return true;
}

// The same of days that a spreadsheet has turned round and saved in one form: 2025-03-11 for 3 November.
static bool learn_fixed_said(struct reading *r) {
    const struct reading_tally *t = &r->tally;
    if (r->order_settled || r->turned || r->turned_fixed || t->fixed < TURNED_ROWS ||
        t->fixed_fit_other * 20 < t->fixed * 19 || t->fixed_fit * 10 > t->fixed * 6) {
        return false;
    }
    r->turned_fixed = true;
    return true;
}

// ---- how amounts are written

void learn_decimal_of(struct reading *r, const char *text, enum spend_amount amount) {
    int64_t pence;
    unsigned how = 0;
    if (amount == AMOUNT_TEXT && r->decimal == DECIMAL_POINT && strchr(text, ',') &&
        spend_amount_read_as(text, DECIMAL_COMMA, &pence, &how) == AMOUNT_OK) {
        r->tally.comma_amounts += (how & AMOUNT_SURE) != 0;
    } else if (amount == AMOUNT_TEXT && r->decimal == DECIMAL_POINT && strchr(text, '.') &&
               spend_amount_read_as(text, DECIMAL_COMMA, &pence, &how) == AMOUNT_OK) {
        r->tally.comma_amounts++; // 1.234.567
    }
}

static bool learn_decimal(struct reading *r) {
    if (r->decimal == DECIMAL_COMMA || r->tally.comma_amounts == 0 || (r->tally.how_seen & AMOUNT_SURE)) {
        return false;
    }
    r->decimal = DECIMAL_COMMA;
    return true;
}

// Whole thousands cut at their comma look like a column more, unless every row that is wider shows the same.
static bool learn_cut(struct reading *r) {
    const struct reading_tally *t = &r->tally;
    if (r->cut_thousands || t->maybe_cut < CUT_ROWS || t->maybe_cut < t->wide_rows ||
        t->maybe_cut == t->verdicts[VERDICT_SHIFTED]) {
        return false;
    }
    r->cut_thousands = true;
    return true;
}

// CR beside amounts, in a column without a heading.
static bool learn_beside(struct reading *r) {
    if (r->tally.credits_beside == 0) {
        return false;
    }
    r->layout.column[ROLE_SIGN] = r->layout.beside;
    r->layout.beside = -1;
    r->credits_found = true;
    return true;
}

// Credit notes without a minus sign; where some have one, the file signs them itself.
static bool learn_notes(struct reading *r) {
    const struct reading_tally *t = &r->tally;
    if (r->notes_turned || t->notes_above == 0 || t->notes_below > 0) {
        return false;
    }
    r->notes_turned = true;
    return true;
}

// ---- totals above their lines

void learn_suspect(struct reading *r, const struct row_cells *row, const struct row_seen *s) {
    bool dated = s->date == DATE_OK || s->date == DATE_MONTH;
    if (dated || s->others > 1 || s->pence == 0 || !cell_blank(row_cell(r, row, ROLE_PAYEE))) {
        return;
    }
    if (r->suspect_count < READING_SUSPECTS) {
        r->suspects[r->suspect_count] =
            (struct reading_suspect){r->tally.records, s->pence, r->tally.sum_pence};
    }
    r->suspect_count++; // more than fit: too many to be totals
}

// Of sums that fit each for itself; what wraps is near nothing.
static int64_t minus(int64_t a, int64_t b) {
    int64_t d;
    (void)__builtin_sub_overflow(a, b, &d);
    return d;
}

static bool near(int64_t a, int64_t b, uint64_t slack) {
    int64_t d;
    return !__builtin_sub_overflow(a, b, &d) && d != INT64_MIN && (uint64_t)(d < 0 ? -d : d) <= slack;
}

// Every suspect must be the sum of all lines, or of the lines up to the next suspect, or since the one
// before: then they are totals, and none of them is a payment.
static bool all_are_totals(const struct reading *r, int64_t lines_pence) {
    const struct reading_suspect *s = r->suspects;
    uint64_t slack = (r->tally.rounded + 1) / 2;
    for (size_t i = 0; i < r->suspect_count; i++) {
        int64_t until = i + 1 < r->suspect_count ? s[i + 1].sum_before : r->tally.sum_pence;
        int64_t above =
            i > 0 ? minus(minus(s[i].sum_before, s[i - 1].sum_before), s[i - 1].pence) : s[i].sum_before;
        int64_t below = minus(minus(until, s[i].sum_before), s[i].pence);
        bool sum = near(s[i].pence, lines_pence, slack) || near(s[i].pence, below, slack) ||
                   near(s[i].pence, above, slack);
        if (!sum) {
            return false;
        }
    }
    return true;
}

static bool learn_totals(struct reading *r) {
    int64_t lines_pence = r->tally.sum_pence;
    if (r->suspect_count == 0 || r->suspect_count > READING_SUSPECTS ||
        r->suspect_count >= r->tally.verdicts[VERDICT_LINE]) {
        return false;
    }
    for (size_t i = 0; i < r->suspect_count; i++) {
        if (__builtin_sub_overflow(lines_pence, r->suspects[i].pence, &lines_pence)) {
            return false;
        }
    }
    if (lines_pence == 0 || !all_are_totals(r, lines_pence)) {
        return false;
    }
    for (size_t i = 0; i < r->suspect_count; i++) {
        r->totals_above[i] = r->suspects[i].record;
    }
    r->totals_above_count = r->suspect_count;
    return true;
}

// ---- lost VAT, on top of the amounts or in them

static bool is_times(int64_t pence, int64_t vat, int64_t times) {
    int64_t off = pence - vat * times;
    return off <= times / 2 + 1 && off >= -(times / 2 + 1);
}

void learn_vat_of(struct reading *r, int64_t pence, int64_t vat) {
    struct reading_tally *t = &r->tally;
    (void)__builtin_add_overflow(t->vat_pence, vat, &t->vat_pence);
    if (vat < 0) {
        pence = -pence;
        vat = -vat;
    }
    if (vat >= VAT_TOLD && vat < INT64_MAX / 32) { // rates of 20% and 5%
        t->vat_beside += is_times(pence, vat, 5) || is_times(pence, vat, 20);
        t->vat_within += is_times(pence, vat, 6) || is_times(pence, vat, 21);
    }
}

static bool learn_vat(struct reading *r) {
    uint64_t within = r->tally.vat_within, beside = r->tally.vat_beside;
    bool inside = r->layout.amount_basis == BASIS_GROSS       ? true
                  : within >= VAT_ROWS && within > 4 * beside ? true
                  : beside >= VAT_ROWS && beside > 4 * within ? false
                                                              : r->vat_inside;
    bool again = inside != r->vat_inside;
    r->vat_inside = inside;
    return again;
}

bool learn_more(struct reading *r) {
    bool decimal = learn_decimal(r), cut = learn_cut(r), notes = learn_notes(r), epoch = learn_1904(r);
    notes = learn_beside(r) || notes;
    if (decimal || cut) {
        return true; // everything else rests on the amounts
    }
    bool width = learn_width_again(r), order = learn_order_said(r) || learn_order(r);
    bool turned = !order && (learn_turned(r) || learn_fixed_said(r));
    bool years = !order && !turned && learn_years(r); // read in the right order first
    bool totals = r->totals_above_count == 0 && learn_totals(r);
    bool vat = learn_vat(r);
    return width || order || turned || years || totals || vat || notes || epoch;
}
