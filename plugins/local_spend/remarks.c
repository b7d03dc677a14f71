// SPDX-License-Identifier: Apache-2.0
// What a person should know about a payments file that was read, in sentences.
#include "remarks.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "words.h"

void spend_money(int64_t pence, char out[SPEND_MONEY_BYTES]) {
    uint64_t v = pence < 0 ? 0 - (uint64_t)pence : (uint64_t)pence;
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, v / 100), at = 0;
    at = snprintf(out, SPEND_MONEY_BYTES, "%s£", pence < 0 ? "-" : "");
    for (int i = 0; i < n; i++) {
        out[at++] = digits[i];
        if ((n - i) % 3 == 1 && i + 1 < n) {
            out[at++] = ',';
        }
    }
    snprintf(out + at, (size_t)(SPEND_MONEY_BYTES - at), ".%02u", (unsigned)(v % 100));
}

void spend_tell_layout(const struct anc_host *host, anc_report *report, const struct spend_layout *layout) {
    for (unsigned bit = 1; bit <= NOTE_LAST; bit <<= 1) {
        if (layout->notes & bit) {
            host->report->add(report, ANC_FINDING_NOTE, "", spend_note_text(bit));
        }
    }
}

struct told {
    const struct anc_host *host;
    anc_ctx *ctx;
    anc_report *report;
};

static void say(const struct told *t, int32_t severity, const char *text) {
    t->host->report->add(t->report, severity, "", text);
}

// A count and what it is of.
static void say_count(const struct told *t, uint64_t n, const char *one, const char *many) {
    if (n == 1) {
        say(t, ANC_FINDING_NOTE, one);
    } else if (n > 1) {
        say(t, ANC_FINDING_NOTE, t->host->mem->format(t->ctx, "%" PRIu64 "%s", n, many));
    }
}

static void tell_totals(const struct told *told, const struct reading *r) {
    const struct reading_tally *t = &r->tally;
    char total[SPEND_MONEY_BYTES], sum[SPEND_MONEY_BYTES];
    if (!t->total_seen) {
        return;
    }
    spend_money(t->total_pence, total);
    spend_money(t->sum_pence, sum);
    say_count(told, t->verdicts[VERDICT_TOTAL],
              "One row is a total of others. It was not counted as a payment.",
              " rows are totals of others. They were not counted as payments.");
    if (t->total_agrees) {
        say(told, ANC_FINDING_NOTE,
            told->host->mem->format(told->ctx,
                                    "The total in the file is %s, the same as that of the payments.", total));
    } else if (!t->total_of_part) {
        say(told, ANC_FINDING_WARNING,
            told->host->mem->format(
                told->ctx,
                "The last total in the file is %s, but the payments come to %s. Check that "
                "no rows are missing.",
                total, sum));
    }
}

static void tell_dates(const struct told *told, const struct reading *r) {
    const struct reading_tally *t = &r->tally;
    uint64_t lines = t->verdicts[VERDICT_LINE];
    if (r->order == ORDER_MONTH_FIRST && r->order_matters) {
        say(told, ANC_FINDING_WARNING,
            "The dates are written with the month first, as in the United States: 04/28/2020 is 28 April "
            "2020. "
            "We read them so.");
    }
    say_count(told, t->year_given,
              "One date has no year. We took the year from the other dates or the name of the file.",
              " dates have no year. We took it from the other dates or the name of the file.");
    if (t->undated == lines && r->layout.column[ROLE_DATE] >= 0) {
        say(told, ANC_FINDING_WARNING,
            "Not one date in this file can be used. Say which month the payments belong to before you import "
            "it.");
        return;
    }
    if (r->layout.column[ROLE_DATE] >= 0) {
        say_count(told, t->undated,
                  "One payment has no date that can be used. Say which month it belongs to.",
                  " payments have no date that can be used. Say which month they belong to.");
    }
    say_count(told, t->date_other_order,
              "One of them has its day and month the other way round from the rest of the file.",
              " of them have day and month the other way round from the rest of the file.");
    say_count(told, t->month_only, "One date gives only a month. The payment is put on its first day.",
              " dates give only a month. The payments are put on its first day.");
}

// A workbook with a sheet of all payments and one for each month holds each of them twice.
static bool holds_all_twice(const struct reading_tally *t) {
    int64_t pence = 0;
    uint64_t lines = 0;
    for (size_t i = 0; i <= t->sections; i++) {
        bool last = i == t->sections;
        int64_t until = last ? t->sum_pence : t->until_pence[i], half;
        uint64_t here = (last ? t->verdicts[VERDICT_LINE] : t->until_lines[i]) - lines;
        lines += here;
        if (t->sections > 0 && here > 1 && here * 2 == t->verdicts[VERDICT_LINE] &&
            !__builtin_sub_overflow(until, pence, &half) && half > 0 && half == t->sum_pence / 2 &&
            t->sum_pence % 2 == 0) {
            return true;
        }
        pence = until;
    }
    return false;
}

static void tell_odd(const struct told *told, const struct reading *r) {
    const struct reading_tally *t = &r->tally;
    uint64_t lines = t->verdicts[VERDICT_LINE], dated = lines - t->undated;
    if (r->turned || r->turned_fixed) {
        say(told, ANC_FINDING_WARNING,
            "In this file days up to the 12th have day and month the other way round from the others, as a "
            "spreadsheet "
            "set to American dates leaves them. We turned them back. Check the first payments.");
    }
    if (dated > 0 && t->last_day > told->host->time->today(told->ctx)) {
        say(told, ANC_FINDING_WARNING,
            "Some payments are dated after today. Look for a slip in a year, or for days and months that "
            "were swapped.");
    }
    if (lines > 1 && t->zero == lines) {
        say(told, ANC_FINDING_WARNING,
            "Every amount in this file is nought. Look whether another column holds what was paid.");
    }
    if (dated > 0 && t->outside * 2 > dated) {
        say(told, ANC_FINDING_WARNING,
            "Most payments are not of the time that the name of the file says. Look whether it is the right "
            "file and "
            "whether its dates are right.");
    }
    if (holds_all_twice(t)) {
        say(told, ANC_FINDING_WARNING,
            "One part of the file comes to exactly as much as all the others together. It may hold every "
            "payment twice, "
            "as in a workbook with a sheet of all payments and one for each month. Do not load it before you "
            "have looked.");
    }
    if (t->negative * 2 > lines && t->sum_pence < 0) {
        say(told, ANC_FINDING_WARNING,
            "Most amounts are below nought. It may be that this publisher writes payments with a minus sign. "
            "Ask before "
            "you load the file.");
    }
}

// "March 2024", or "April 2024 to June 2024".
static void month_words(int32_t from, int32_t to, char out[64]) {
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    int y, z;
    unsigned m, n, d;
    spend_day_parts(from, &y, &m, &d);
    spend_day_parts(to, &z, &n, &d);
    if (y == z && m == n) {
        snprintf(out, 64, "%s %d", months[m - 1], y);
    } else {
        snprintf(out, 64, "%s %d to %s %d", months[m - 1], y, months[n - 1], z);
    }
}

// For payments without a date: the month that the file itself names, as an offer. What the finding is about
// is "month" and the month, so that a page can have it ready; it is never taken unasked.
static void tell_month(const struct told *told, const struct reading *r) {
    char words[64], about[24];
    int y;
    unsigned m, d;
    if (r->tally.undated == 0 || r->said_from > r->said_to ||
        r->said_from > told->host->time->today(told->ctx)) {
        return;
    }
    spend_day_parts(r->said_from, &y, &m, &d);
    snprintf(about, sizeof about, "month %04d-%02u", y, m);
    month_words(r->said_from, r->said_to, words);
    told->host->report->add(told->report, ANC_FINDING_NOTE, about,
                            told->host->mem->format(told->ctx,
                                                    r->said_by_title
                                                        ? "A line above the headings says %s."
                                                        : "The name of the file, or of its sheet, says %s.",
                                                    words));
}

static void tell_doubts(const struct told *told, const struct reading *r) {
    const struct reading_tally *t = &r->tally;
    uint64_t lines = t->verdicts[VERDICT_LINE];
    const struct anc_mem_api *mem = told->host->mem;
    if (r->from_1904) {
        say(told, ANC_FINDING_WARNING,
            "The days are numbers, as a spreadsheet counts them from 1904. Counted from 1900 they would all "
            "be "
            "four years and a day too early for this file. We read them from 1904. Check the first "
            "payments.");
    }
    if (r->credits_found) {
        say(told, ANC_FINDING_WARNING,
            "A column without a heading says CR beside some amounts. We took these amounts off. Check one of "
            "them.");
    }
    if (r->notes_turned) {
        say(told, ANC_FINDING_WARNING,
            t->notes_above == 1 ? "The file calls one line a credit note, but writes its amount without a "
                                  "minus sign. We took it "
                                  "off. Check that line."
                                : mem->format(told->ctx,
                                              "The file calls %" PRIu64
                                              " lines credit notes, but writes their amounts without a "
                                              "minus sign. We took them off. Check one of them.",
                                              t->notes_above));
    } else if (t->notes_above > 0 && t->notes_below > 0) {
        say(told, ANC_FINDING_WARNING,
            mem->format(told->ctx,
                        "Of the lines that the file calls credit notes, %" PRIu64
                        " are above nought and %" PRIu64 " below. We took the amounts as they stand.",
                        t->notes_above, t->notes_below));
    }
    if (r->decimal == DECIMAL_COMMA) {
        say(told, ANC_FINDING_NOTE,
            "The amounts are written with a comma before the pence, like 1.234,56. We read them so.");
    } else if (t->comma_amounts > 0) {
        say(told, ANC_FINDING_WARNING,
            "Some amounts are written like 1.234,56 and others like 1,234.56. Only the second kind was "
            "read.");
    }
    if (t->nobody * 5 >= lines && t->nobody > 1) {
        say(told, ANC_FINDING_WARNING,
            mem->format(told->ctx,
                        "%" PRIu64 " of %" PRIu64
                        " payments do not say who was paid. If the file gives a name "
                        "only once for several rows, write it in each row and upload the file again.",
                        t->nobody, lines));
    }
}

static void tell_vat(const struct told *told, const struct reading *r) {
    char money[SPEND_MONEY_BYTES];
    if (r->tally.vat_pence == 0) {
        return;
    }
    spend_money(r->tally.vat_pence, money);
    say(told, ANC_FINDING_NOTE,
        told->host->mem->format(
            told->ctx,
            r->vat_inside
                ? "The file gives %s of VAT that cannot be reclaimed. Its amounts hold it already, so it was "
                  "not added to them."
                : "The file gives %s of VAT that cannot be reclaimed. It counts on top of its amounts.",
            money));
}

void spend_tell_rows(const struct anc_host *host, anc_ctx *ctx, anc_report *report, const struct reading *r) {
    const struct told told = {host, ctx, report};
    const struct reading_tally *t = &r->tally;
    tell_totals(&told, r);
    tell_dates(&told, r);
    tell_odd(&told, r);
    tell_doubts(&told, r);
    tell_month(&told, r);
    tell_vat(&told, r);
    say_count(&told, t->rounded, "One amount had a fraction of a penny. It was rounded.",
              " amounts had fractions of a penny. They were rounded.");
    say_count(&told, t->mended,
              "One amount had lost its decimal point. We put it back before the last two digits.",
              " amounts had lost their decimal point. We put it back before the last two digits.");
    say_count(&told, t->verdicts[VERDICT_HEADING_AGAIN], "The headings stand once more further down.",
              " rows repeat the headings.");
}
