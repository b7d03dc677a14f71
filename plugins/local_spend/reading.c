// SPDX-License-Identifier: Apache-2.0
// From rows of a payments file to payments: the pass over blocks.
#include "reading.h"

#include <string.h>

#include "amount.h"
#include "around.h"
#include "ids.h"
#include "learn.h"
#include "rowclass.h"
#include "signs.h"

// ---- beginning

static enum spend_order order_of(int32_t chosen) {
    return chosen == ANC_DATES_MONTH_FIRST ? ORDER_MONTH_FIRST : ORDER_DAY_FIRST;
}

void reading_begin(struct reading *r, const struct spend_layout *layout, const char *file_name,
                   const struct anc_columns *chosen) {
    memset(r, 0, sizeof *r); // too large to be made on the stack first
    r->layout = *layout;
    r->order = ORDER_DAY_FIRST;
    r->usual_width = layout->columns;
    r->vat_inside = layout->vat_inside;
    r->year_from = r->name_from = r->said_from = 1;
    if (chosen && chosen->date_order != ANC_DATES_UNKNOWN) {
        r->order = order_of(chosen->date_order);
        r->order_settled = true;
    }
    r->columns_settled = chosen && chosen->column[ANC_COL_PAYEE] >= 0;
    learn_from_name(r, file_name);
}

void reading_look(struct reading *r, const struct spend_row *rows, size_t count) {
    uint64_t day_first = 0, month_first = 0;
    for (size_t i = r->layout.head_records; i < count; i++) {
        int16_t date = r->layout.column[ROLE_DATE];
        int evidence =
            date >= 0 && (size_t)date < rows[i].count ? spend_date_evidence(rows[i].cells[date]) : 0;
        day_first += evidence > 0;
        month_first += evidence < 0;
        learn_width(r, rows[i].cells, rows[i].count);
    }
    if (!r->order_settled && month_first > day_first) {
        r->order = ORDER_MONTH_FIRST;
    }
    learn_from_titles(r, rows, count);
    r->usual_width = learn_usual_width(r);
    memset(r->widths, 0, sizeof r->widths); // map sees these rows again
}

// ---- dates

// The numbers of day and month, for finding out whether a file has some of them turned round.
static void note_numbers(const struct reading *r, struct reading_date *d) {
    int year = 0;
    unsigned month = 0, day = 0;
    if (d->what == DATE_OK) {
        spend_day_parts(d->day, &year, &month, &day);
    }
    d->month = (uint8_t)month;
    d->day_number = (uint8_t)day;
    if (r->turned_fixed && d->what == DATE_OK && !d->depends && day <= 12) {
        d->day = spend_day_from(year, day, month);
    }
}

// Both orders agree on most texts; those on which they do not make the order of the file matter.
static void read_date(const struct reading *r, const char *text, struct reading_date *d) {
    int32_t other_day = INT32_MIN;
    unsigned month, day;
    d->day = INT32_MIN;
    enum spend_date what = spend_date_read(text, r->order, &d->day);
    enum spend_date other =
        spend_date_read(text, r->order == ORDER_DAY_FIRST ? ORDER_MONTH_FIRST : ORDER_DAY_FIRST, &other_day);
    d->what = (uint8_t)what;
    d->depends = what != other || d->day != other_day;
    d->evidence = (int8_t)spend_date_evidence(text);
    d->serial = what == DATE_OK && spend_date_is_serial(text);
    if (d->serial && r->from_1904) {
        d->day += DAYS_1900_TO_1904;
    }
    if (r->turned && d->depends && what == DATE_OK && other == DATE_OK) {
        d->day = other_day;
    }
    note_numbers(r, d);
    d->yearless = false;
    if (what == DATE_UNREADABLE && !r->layout.period && spend_date_month_number(text, &d->day)) {
        d->what = DATE_MONTH;
        d->depends = false;
    }
    if (what == DATE_IMPOSSIBLE && spend_date_yearless(text, &month, &day)) {
        d->yearless = true;
        d->day = spend_date_within(month, day, r->year_from, r->year_to);
        d->what = (uint8_t)(d->day == INT32_MIN ? DATE_IMPOSSIBLE : DATE_OK);
    }
}

static unsigned two_digits(const char *p) {
    unsigned a = (unsigned)(p[0] - '0'), b = (unsigned)(p[1] - '0');
    return a < 10 && b < 10 ? a * 10 + b : 100;
}

// 28/02/2026 and 2026-02-28, which most files have; false for anything else, also for days that do not exist.
static bool quick_date(const struct reading *r, const char *p, struct reading_date *d) {
    unsigned head = two_digits(p), next = two_digits(p + 3), last = two_digits(p + 8), day, month, year;
    d->evidence = 0;
    d->depends = d->yearless = d->serial = false;
    d->month = d->day_number = 0;
    if (p[4] == '-' && p[7] == '-') {
        year = head * 100 + two_digits(p + 2);
        month = two_digits(p + 5);
        day = last;
    } else if ((p[2] == '/' || p[2] == '-' || p[2] == '.') && p[5] == p[2]) {
        bool both = head <= 12 && next <= 12,
             day_first = (r->order == ORDER_DAY_FIRST) != (both && r->turned);
        year = two_digits(p + 6) * 100 + last;
        day = day_first ? head : next;
        month = day_first ? next : head;
        d->evidence = (int8_t)(head > 12 ? 1 : next > 12 ? -1 : 0);
        d->depends = head != next;
    } else {
        return false;
    }
    // Days that all months have; the few others go the careful way.
    if (year < DATE_FIRST_YEAR || year > DATE_LAST_YEAR || month < 1 || month > 12 || day < 1 ||
        (day > 28 && !spend_date_exists((int)year, month, day))) {
        return false;
    }
    d->what = DATE_OK;
    d->month = (uint8_t)month;
    d->day_number = (uint8_t)day;
    bool swap = r->turned_fixed && !d->depends && day <= 12;
    d->day = spend_day_from((int)year, swap ? day : month, swap ? month : day);
    return true;
}

// Bytes of the text that say the day: a time of day behind it makes every text another.
static size_t day_part(const char *text, size_t n) {
    bool time = n >= 14 && (text[10] == ' ' || text[10] == 'T') && text[13] == ':' &&
                (unsigned)(text[11] - '0') < 10 && (unsigned)(text[12] - '0') < 10;
    return time ? 10 : n;
}

static uint64_t eight(const char *p) {
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static size_t slot_of(const char *text, size_t n) {
    uint64_t h = n;
    if (n >= 8) {
        h ^= eight(text) * UINT64_C(0x9E3779B97F4A7C15);
        h ^= eight(text + n - 8) * UINT64_C(0xC2B2AE3D27D4EB4F);
    } else {
        for (size_t i = 0; i < n; i++) {
            h = h * 31 + (unsigned char)text[i];
        }
        h *= UINT64_C(0x9E3779B97F4A7C15);
    }
    return (size_t)(h >> 32) % READING_MEMO;
}

// The same few hundred texts come again and again.
static const struct reading_date *date_of(struct reading *r, const struct row_cells *row,
                                          struct reading_date *own) {
    static const struct reading_date none = {.what = DATE_BLANK, .day = INT32_MIN};
    int16_t c = r->layout.column[ROLE_DATE];
    if (c < 0 || (uint32_t)c >= row->count || row->length[c] == 0) {
        return &none;
    }
    const char *text = row->text[c];
    size_t n = day_part(text, row->length[c]);
    if (n == 10 && quick_date(r, text, own)) {
        return own;
    }
    if (n > READING_MEMO_TEXT) {
        *own = (struct reading_date){.length = 0};
        read_date(r, text, own);
        return own;
    }
    struct reading_date *d = &r->dates[slot_of(text, n)];
    if (d->length != n || memcmp(d->text, text, n) != 0) {
        memcpy(d->text, text, n);
        d->length = (uint8_t)n;
        read_date(r, text, d);
    }
    return d;
}

// ---- counting

static bool add(int64_t *sum, int64_t pence) {
    int64_t now;
    if (__builtin_add_overflow(*sum, pence, &now)) {
        return false;
    }
    *sum = now;
    return true;
}

static void count_undated(struct reading_tally *t, int64_t pence, enum spend_date what) {
    t->undated++;
    (void)add(&t->undated_pence, pence);
    t->date_blank += what == DATE_BLANK;
    t->date_other_order += what == DATE_OTHER_ORDER;
    t->date_impossible += what == DATE_IMPOSSIBLE;
    t->date_unreadable += what == DATE_UNREADABLE;
}

static void count_date(struct reading *r, const struct reading_date *d, int64_t pence) {
    struct reading_tally *t = &r->tally;
    r->day_first_seen += d->evidence > 0;
    r->month_first_seen += d->evidence < 0;
    r->order_matters += d->depends;
    r->yearless += d->yearless;
    if (d->what > DATE_MONTH) {
        count_undated(t, pence, (enum spend_date)d->what);
        return;
    }
    if (d->what == DATE_OK && d->depends && d->evidence == 0 && d->day_number <= 12) {
        t->here_month[d->month]++;
        t->other_month[d->day_number]++;
    } else if (d->what == DATE_OK && d->evidence != 0) {
        t->sure_month[d->month]++;
    } else if (d->what == DATE_OK && d->day_number > 12) {
        t->fixed_high++;
    } else if (d->what == DATE_OK) {
        t->fixed_here[d->month]++;
        t->fixed_other[d->day_number]++;
    }
    learn_fit(r, d);
    t->outside += r->name_from <= r->name_to && (d->day < r->name_from || d->day > r->name_to);
    bool first = t->verdicts[VERDICT_LINE] == t->undated;
    t->first_day = first || d->day < t->first_day ? d->day : t->first_day;
    t->last_day = first || d->day > t->last_day ? d->day : t->last_day;
    t->month_only += d->what == DATE_MONTH;
    t->year_given += d->yearless;
}

static bool says_card(const char *text) {
    return *text && !cell_stands_for_nothing(text) && spend_vcse_flag(text) != FLAG_NO;
}

// VAT that cannot be recovered and is not in the amount, in pence.
static int64_t vat_lost(struct reading *r, const struct row_cells *row, int64_t pence) {
    const char *text = row_cell(r, row, ROLE_VAT_LOST);
    int64_t vat = 0;
    unsigned how;
    if (!*text || ((r->decimal == DECIMAL_COMMA ||
                    !spend_amount_quick(text, row->length[r->layout.column[ROLE_VAT_LOST]], &vat, &how)) &&
                   spend_amount_read_as(text, r->decimal, &vat, &how) != AMOUNT_OK)) {
        return 0;
    }
    learn_vat_of(r, pence, vat);
    return r->vat_inside ? 0 : vat;
}

// Flags from columns.
static uint32_t other_columns(const struct reading *r, const struct row_cells *row) {
    const struct spend_layout *l = &r->layout;
    uint32_t flags = l->column[ROLE_CARD] >= 0 ? (says_card(row_cell(r, row, ROLE_CARD)) ? ANC_LINE_CARD : 0)
                     : l->kind == KIND_CARD    ? ANC_LINE_CARD
                                               : 0;
    const char *vcse = row_cell(r, row, ROLE_VCSE);
    if (*vcse && spend_vcse_flag(vcse) == FLAG_YES) {
        flags |= ANC_LINE_VCSE;
    }
    return flags;
}

// ---- rows

// Enters a payment into the sums; false when the sum would not fit.
static bool take_payment(struct reading *r, const struct reading_date *d, int64_t pence, unsigned how) {
    struct reading_tally *t = &r->tally;
    if (!add(&t->sum_pence, pence)) {
        return false;
    }
    count_date(r, d, pence);
    (void)add(&r->block_pence, pence);
    r->block_lines++;
    t->negative += pence < 0;
    t->zero += pence == 0;
    t->rounded += (how & AMOUNT_WAS_ROUNDED) != 0;
    t->mended += (how & AMOUNT_WAS_MENDED) != 0;
    t->unsure_points += (how & AMOUNT_UNSURE) != 0;
    t->how_seen |= how;
    return true;
}

static void take_total(struct reading *r, int64_t pence, unsigned of) {
    struct reading_tally *t = &r->tally;
    t->total_seen = true;
    t->total_agrees = (of & TOTAL_OF_ALL) != 0;
    t->total_of_part = (of & TOTAL_OF_PART) != 0;
    t->total_pence = pence;
    r->block_pence = 0;
    r->block_lines = 0;
}

static bool begins_like_a_name(const struct row_cells *row, int16_t column) {
    if ((uint32_t)column >= row->count || row->length[column] == 0) {
        return false;
    }
    unsigned c = (unsigned char)row->text[column][0] | 0x20u;
    return (c >= 'a' && c <= 'z') || c - '0' < 10;
}

// The careful way: whatever is not plainly a payment.
static enum spend_verdict judge(struct reading *r, const struct row_cells *row, struct row_seen *s,
                                const struct reading_date *d) {
    unsigned of = 0;
    if (row_width(row) == 0) {
        return VERDICT_BLANK;
    }
    if (s->amount != AMOUNT_OK) {
        const char *text = row_cell(r, row, ROLE_AMOUNT);
        s->amount = spend_amount_read_as(text, r->decimal, &s->pence, &s->how);
        learn_decimal_of(r, text, s->amount);
        if (signs_matter(&r->layout)) {
            signs_take(r, row, s);
        }
    }
    s->date = (enum spend_date)d->what;
    s->day = d->day;
    enum spend_verdict v = row_judge(r, row, s, &of);
    if (v == VERDICT_TOTAL) {
        take_total(r, s->pence, of);
    } else if (v == VERDICT_HEADING_AGAIN && r->tally.sections < READING_SECTIONS) {
        r->tally.until_pence[r->tally.sections] = r->tally.sum_pence;
        r->tally.until_lines[r->tally.sections++] = r->tally.verdicts[VERDICT_LINE];
    } else if (v == VERDICT_LINE && r->layout.kind == KIND_TIER2 &&
               cell_blank(row_cell(r, row, ROLE_INTERMEDIARY))) {
        v = VERDICT_NO_INTERMEDIARY;
    } else if (v == VERDICT_LINE) {
        learn_suspect(r, row, s);
    }
    return v;
}

static bool known_total(struct reading *r) {
    while (r->next_above < r->totals_above_count && r->totals_above[r->next_above] < r->tally.records) {
        r->next_above++;
    }
    return r->next_above < r->totals_above_count && r->totals_above[r->next_above] == r->tally.records;
}

static enum spend_verdict one_row(struct reading *r, const struct row_cells *row, struct anc_lines *out,
                                  uint32_t i) {
    int16_t amount = r->layout.column[ROLE_AMOUNT];
    struct row_seen s = {.amount = AMOUNT_BLANK};
    struct reading_date own;
    if (r->tally.records <= r->layout.head_records) {
        return VERDICT_HEAD;
    }
    if (row->count > r->layout.columns) {
        learn_width(r, row->text, row->count);
        if (row_is_cut(r, row)) {
            return VERDICT_SHIFTED;
        }
    }
    if ((uint32_t)amount < row->count && r->decimal == DECIMAL_POINT &&
        spend_amount_quick(row->text[amount], row->length[amount], &s.pence, &s.how)) {
        s.amount = AMOUNT_OK;
        if (signs_matter(&r->layout)) {
            signs_take(r, row, &s);
        }
    }
    int16_t beside = r->layout.beside, currency = r->layout.currency;
    if (beside >= 0 && (uint32_t)beside < row->count && row->length[beside] > 0) {
        r->tally.credits_beside += signs_says_credit(row->text[beside]);
    }
    if (currency >= 0 && (uint32_t)currency < row->count && s.amount == AMOUNT_OK &&
        around_is_foreign(row->text[currency])) {
        return VERDICT_AMOUNT_FOREIGN;
    }
    const struct reading_date *d = date_of(r, row, &own);
    // A total has no payee; one with a date has just the sum of all rows above.
    bool plain =
        s.amount == AMOUNT_OK && row->count <= r->usual_width && r->layout.kind != KIND_TIER2 &&
        begins_like_a_name(row, r->layout.column[ROLE_PAYEE]) && s.pence != r->tally.sum_pence &&
        (d->what <= DATE_MONTH ||
         (s.pence != r->block_pence && row_says_total(row->text[r->layout.column[ROLE_PAYEE]]) == TOTAL_NOT));
    enum spend_verdict v = plain ? VERDICT_LINE : judge(r, row, &s, d);
    if (r->totals_above_count && v == VERDICT_LINE && known_total(r)) {
        take_total(r, s.pence, TOTAL_OF_PART); // whether it is of all is known at the end
        v = VERDICT_TOTAL;
    }
    if (v != VERDICT_LINE) {
        return v;
    }
    r->tally.nobody += !plain && cell_blank(row_cell(r, row, ROLE_PAYEE));
    if (d->serial) {
        learn_serial(r, row, d);
    }
    if (!take_payment(r, d, s.pence, s.how)) {
        return VERDICT_AMOUNT_TOO_LARGE;
    }
    out->pence[i] = s.pence;
    out->day[i] = d->what <= DATE_MONTH ? d->day : INT32_MIN;
    out->vat_lost_pence[i] = r->layout.column[ROLE_VAT_LOST] >= 0 ? vat_lost(r, row, s.pence) : 0;
    out->flags[i] = other_columns(r, row) | (d->what == DATE_MONTH ? ANC_LINE_MONTH_ONLY : 0) |
                    (s.how & AMOUNT_WAS_ROUNDED ? ANC_LINE_ROUNDED : 0);
    return v;
}

static int32_t class_of(enum spend_verdict v) {
    return v == VERDICT_LINE             ? ANC_ROW_PAYMENT
           : v == VERDICT_TOTAL          ? ANC_ROW_SUM
           : spend_verdict_is_problem(v) ? ANC_ROW_WRONG
                                         : ANC_ROW_NOTHING;
}

void reading_map(struct reading *r, const struct anc_cells *rows, struct anc_lines *out) {
    for (uint32_t i = 0; i < rows->rows; i++) {
        uint32_t from = rows->first[i];
        struct row_cells row = {rows->text + from, rows->length + from, rows->first[i + 1] - from};
        out->pence[i] = out->vat_lost_pence[i] = 0;
        out->day[i] = INT32_MIN;
        out->flags[i] = 0;
        r->tally.records++;
        enum spend_verdict v = one_row(r, &row, out, i);
        r->tally.verdicts[v]++;
        if (v == VERDICT_HEADING_OTHER && r->tally.changed_line == 0) {
            r->tally.changed_line = rows->line[i];
        }
        out->what[i] = class_of(v);
        out->why[i] = (uint32_t)v;
    }
}

// ---- the end

enum { PASSES_MORE = 2 };

static void begin_again(struct reading *r) {
    r->passes++;
    r->tally = (struct reading_tally){.records = 0};
    r->block_pence = 0;
    r->block_lines = 0;
    r->day_first_seen = r->month_first_seen = r->order_matters = r->yearless = 0;
    r->suspect_count = r->next_above = 0;
    r->heading_looks = 0;
    memset(r->widths, 0, sizeof r->widths);
    memset(r->dates, 0, sizeof r->dates);
}

// What a person has to mend before the file can be read for certain.
static enum spend_refusal why_not(const struct reading *r) {
    const struct reading_tally *t = &r->tally;
    uint64_t lines = t->verdicts[VERDICT_LINE];
    if (t->verdicts[VERDICT_HEADING_OTHER] > 0) {
        return REFUSED_CHANGED;
    }
    if (r->decimal == DECIMAL_POINT && t->unsure_points > 0 &&
        ((t->how_seen & (AMOUNT_SURE | AMOUNT_LONG)) == 0 || t->comma_amounts > 0)) {
        return REFUSED_POINTS;
    }
    if (t->verdicts[VERDICT_SHIFTED] > lines && t->maybe_cut * 2 > t->wide_rows) {
        return REFUSED_CUT;
    }
    return lines ? SPEND_ACCEPTED : REFUSED_NO_LINES;
}

enum reading_end reading_finish(struct reading *r, enum spend_refusal *ret_why) {
    struct reading_tally *t = &r->tally;
    if (r->passes < PASSES_MORE && learn_more(r)) {
        begin_again(r);
        return READING_AGAIN;
    }
    if (t->total_seen && !t->total_agrees) {
        uint64_t slack = (t->rounded + 1) / 2;
        int64_t d;
        t->total_agrees = !__builtin_sub_overflow(t->total_pence, t->sum_pence, &d) && d != INT64_MIN &&
                          (uint64_t)(d < 0 ? -d : d) <= slack;
    }
    *ret_why = why_not(r);
    return *ret_why == SPEND_ACCEPTED ? READING_DONE : READING_REFUSED;
}

enum spend_order reading_order(const struct reading *r, bool *ret_known) {
    *ret_known = r->order_settled || r->passes > 0 || r->day_first_seen + r->month_first_seen > 0 ||
                 r->order == ORDER_MONTH_FIRST;
    return r->order;
}
