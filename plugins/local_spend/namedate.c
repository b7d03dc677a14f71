// SPDX-License-Identifier: Apache-2.0
// The months that a file's name says it is about.
#include "paydate.h"

#include <string.h>

enum { NAME_BYTES = 200, MOST = 6 };

// What a name says, piece by piece.
struct said {
    int years[MOST];
    size_t year_count;
    unsigned months[MOST];
    size_t month_count;
    unsigned quarter;
    bool financial, unsure;
    // the piece before: a four-digit year, a month by number behind it, or a month by name
    int before_year;
    bool before_month_number, before_month_name;
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool year_fits(int y) {
    return y >= DATE_FIRST_YEAR && y <= DATE_LAST_YEAR;
}

static void add_year(struct said *s, int y) {
    for (size_t i = 0; i < s->year_count; i++) {
        if (s->years[i] == y) {
            return;
        }
    }
    s->unsure |= s->year_count == MOST;
    if (!s->unsure) {
        s->years[s->year_count++] = y;
    }
}

static void add_month(struct said *s, unsigned m) {
    s->unsure |= s->month_count == MOST;
    if (!s->unsure) {
        s->months[s->month_count++] = m;
    }
}

static void nothing_before(struct said *s) {
    s->before_year = 0;
    s->before_month_number = s->before_month_name = false;
}

// Two digits: the year of a month's name, the end of a financial year, or the month of a year.
static void take_two(struct said *s, int v) {
    int year = s->before_year;
    bool month_follows = s->before_month_number && v >= 1 && v <= 12;
    bool named = s->before_month_name;
    nothing_before(s);
    if (named) {
        add_year(s, 2000 + v);
    } else if (year && v == (year + 1) % 100) {
        s->financial = true;
        s->unsure |= v <= 12; // 2010-11: a financial year or a November
    } else if ((year && v >= 1 && v <= 12) || month_follows) {
        add_month(s, (unsigned)v);
        s->before_month_number = true;
    }
}

static void take_number(struct said *s, const char *at, size_t digits) {
    long v = 0;
    for (size_t i = 0; i < digits && i < 9; i++) {
        v = v * 10 + (at[i] - '0');
    }
    if (digits == 2) {
        take_two(s, (int)v);
        return;
    }
    nothing_before(s);
    if (digits == 4 && year_fits((int)v)) {
        add_year(s, (int)v);
        s->before_year = (int)v;
    } else if (digits == 6 && year_fits((int)(v / 100))) {
        add_year(s, (int)(v / 100));
        s->before_year = (int)(v / 100);
        take_two(s, (int)(v % 100));
    } else if (digits == 8 && year_fits((int)(v / 10000)) && v / 100 % 100 >= 1 && v / 100 % 100 <= 12) {
        add_year(s, (int)(v / 10000));
        add_month(s, (unsigned)(v / 100 % 100));
    }
}

static unsigned month_of(const char *at, size_t n) {
    static const char *const months[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
    char word[12];
    if (n < 3 || n >= sizeof word) {
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        word[i] = (char)(at[i] | 0x20);
    }
    for (unsigned m = 0; m < 12; m++) {
        if (n <= strlen(months[m]) && strncmp(word, months[m], n) == 0) {
            return m + 1;
        }
    }
    return 0;
}

static void take_word(struct said *s, const char *at, size_t n) {
    unsigned m = month_of(at, n);
    if (m) {
        nothing_before(s);
        add_month(s, m);
        s->before_month_name = true;
    } else if (n == 1 && (at[0] | 0x20) == 'q' && at[1] >= '1' && at[1] <= '4' && !is_digit(at[2])) {
        s->unsure |= s->quarter != 0;
        s->quarter = (unsigned)(at[1] - '0');
        nothing_before(s);
    } else if (!(n == 2 && (at[0] | 0x20) == 't' && (at[1] | 0x20) == 'o')) {
        nothing_before(s);
    }
}

static void read_name(const char *name, size_t end, struct said *s) {
    for (size_t i = 0; i < end && i < NAME_BYTES;) {
        size_t n = 1;
        if (is_digit(name[i])) {
            while (i + n < end && is_digit(name[i + n])) {
                n++;
            }
            take_number(s, name + i, n);
        } else if (is_letter(name[i])) {
            while (i + n < end && is_letter(name[i + n])) {
                n++;
            }
            take_word(s, name + i, n);
        }
        i += n;
    }
}

// From the first day of a month to the last day of another; months beyond 12 are of the next year.
static bool give(int year, unsigned from, unsigned to, int32_t *ret_from, int32_t *ret_to) {
    *ret_from = spend_day_from(year + (int)((from - 1) / 12), (from - 1) % 12 + 1, 1);
    *ret_to = spend_day_from(year + (int)(to / 12), to % 12 + 1, 1) - 1;
    return *ret_from <= *ret_to;
}

static bool stretch(struct said s, int32_t *ret_from, int32_t *ret_to) {
    if (s.unsure || s.year_count == 0 || s.year_count > 2) {
        return false;
    }
    int y = s.years[0];
    unsigned first = s.month_count ? s.months[0] : 0, last = s.month_count ? s.months[s.month_count - 1] : 0;
    if (s.year_count == 2) {
        if (s.years[1] != y + 1 || (s.month_count != 0 && s.month_count != 2)) {
            return false;
        }
        return s.month_count ? give(y, first, last + 12, ret_from, ret_to) : give(y, 4, 15, ret_from, ret_to);
    }
    if (s.financial) {
        unsigned q = s.quarter * 3;
        first += first && first < 4 ? 12 : 0;
        last += last && last < 4 ? 12 : 0;
        return s.month_count ? give(y, first, last, ret_from, ret_to)
               : q           ? give(y, q + 1, q + 3, ret_from, ret_to)
                             : give(y, 4, 15, ret_from, ret_to);
    }
    if (s.month_count) {
        return first <= last && give(y, first, last, ret_from, ret_to);
    }
    // A quarter of the calendar or of the financial year: the stretch of both.
    return s.quarter ? give(y, s.quarter * 3 - 2, s.quarter * 3 + 3, ret_from, ret_to)
                     : give(y, 1, 12, ret_from, ret_to);
}

bool spend_date_of_name(const char *file_name, int32_t *ret_from, int32_t *ret_to) {
    struct said s = {.year_count = 0};
    const char *dot = strrchr(file_name, '.');
    read_name(file_name, dot ? (size_t)(dot - file_name) : strlen(file_name), &s);
    return stretch(s, ret_from, ret_to);
}

bool spend_date_of_title(const char *title, int32_t *ret_from, int32_t *ret_to) {
    struct said s = {.year_count = 0};
    read_name(title, strlen(title), &s);
    return (s.month_count || s.quarter || s.financial) && stretch(s, ret_from, ret_to);
}
