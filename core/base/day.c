// SPDX-License-Identifier: Apache-2.0
// Dates: civil days, Europe/London time, the financial year, working days.
#include "base/day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const month_names[] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};

static bool is_leap(int y) {
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int month_days(int y, int m) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return m == 2 && is_leap(y) ? 29 : days[m - 1];
}

// Days since 1970-01-01 of a proleptic Gregorian date: counted in 400-year eras starting on 1 March,
// so that the leap day is the last day of a year.
static int32_t days_of(int y, int m, int d) {
    int64_t yy = m <= 2 ? (int64_t)y - 1 : y;
    int64_t era = (yy >= 0 ? yy : yy - 399) / 400;
    int64_t yoe = yy - era * 400;
    int64_t doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return (int32_t)(era * 146097 + doe - 719468);
}

bool day_from_civil(int year, int month, int day, int32_t *ret_day) {
    if (year < 1800 || year > 9999 || month < 1 || month > 12 || day < 1 || day > month_days(year, month)) {
        return false;
    }
    *ret_day = days_of(year, month, day);
    return true;
}

void civil_from_day(int32_t day, struct civil *ret) {
    int64_t z = (int64_t)day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *ret = (struct civil){.year = (int)(yoe + era * 400 + (month <= 2 ? 1 : 0)),
                          .month = month,
                          .day = (int)(doy - (153 * mp + 2) / 5 + 1)};
}

static bool digits(const char *s, int n, int *ret) {
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') {
            return false;
        }
        v = v * 10 + (s[i] - '0');
    }
    *ret = v;
    return true;
}

bool day_parse(const char *s, int32_t *ret_day) {
    int y, m, d;
    if (!digits(s, 4, &y) || s[4] != '-' || !digits(s + 5, 2, &m) || s[7] != '-' || !digits(s + 8, 2, &d)) {
        return false;
    }
    if (s[10] != 0 && s[10] != ' ' && s[10] != 'T') {
        return false;
    }
    return day_from_civil(y, m, d, ret_day);
}

void day_iso(int32_t day, char *out) {
    struct civil c;
    civil_from_day(day, &c);
    snprintf(out, DAY_TEXT_BYTES, "%04d-%02d-%02d", c.year, c.month, c.day);
}

void day_words(int32_t day, char *out) {
    struct civil c;
    civil_from_day(day, &c);
    snprintf(out, DAY_TEXT_BYTES, "%d %s %d", c.day, month_names[c.month - 1], c.year);
}

int day_of_week(int32_t day) {
    int64_t w = ((int64_t)day + 3) % 7; // 1970-01-01 was a Thursday
    return (int)(w < 0 ? w + 7 : w) + 1;
}

static int32_t last_sunday(int year, int month) {
    int32_t d = days_of(year, month, 31); // March and October both have 31 days
    return d - day_of_week(d) % 7;
}

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

bool london_is_summer(int64_t usec) {
    struct civil c;
    civil_from_day((int32_t)floor_div(usec, USEC_PER_DAY), &c);
    const int64_t one_am = INT64_C(3600) * USEC_PER_SEC;
    int64_t from = last_sunday(c.year, 3) * USEC_PER_DAY + one_am;
    int64_t to = last_sunday(c.year, 10) * USEC_PER_DAY + one_am;
    return usec >= from && usec < to;
}

static void civil_from_usec(int64_t usec, struct civil *ret) {
    int64_t day = floor_div(usec, USEC_PER_DAY);
    civil_from_day((int32_t)day, ret);
    int64_t sec = (usec - day * USEC_PER_DAY) / USEC_PER_SEC;
    ret->hour = (int)(sec / 3600);
    ret->minute = (int)(sec / 60 % 60);
    ret->second = (int)(sec % 60);
}

void london_civil(int64_t usec, struct civil *ret) {
    civil_from_usec(london_is_summer(usec) ? usec + INT64_C(3600) * USEC_PER_SEC : usec, ret);
}

int32_t london_day(int64_t usec) {
    struct civil c;
    london_civil(usec, &c);
    return days_of(c.year, c.month, c.day);
}

bool london_to_usec(const struct civil *c, int64_t *ret_usec) {
    int32_t day;
    if (!day_from_civil(c->year, c->month, c->day, &day) || c->hour < 0 || c->hour > 23 || c->minute < 0 ||
        c->minute > 59 || c->second < 0 || c->second > 59) {
        return false;
    }
    int64_t clock =
        (int64_t)day * USEC_PER_DAY + ((int64_t)c->hour * 3600 + c->minute * 60 + c->second) * USEC_PER_SEC;
    int64_t summer = clock - INT64_C(3600) * USEC_PER_SEC;
    bool as_winter = !london_is_summer(clock);
    bool as_summer = london_is_summer(summer);
    if (as_winter == as_summer) {
        return false;
    }
    *ret_usec = as_winter ? clock : summer;
    return true;
}

void stamp_iso(int64_t usec, char *out) {
    struct civil c;
    civil_from_usec(usec, &c);
    int64_t frac = usec - floor_div(usec, USEC_PER_SEC) * USEC_PER_SEC;
    snprintf(out, STAMP_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", c.year, c.month, c.day, c.hour,
             c.minute, c.second, (int)frac);
}

void stamp_words(int64_t usec, char *out) {
    struct civil c;
    london_civil(usec, &c);
    int h12 = c.hour % 12 == 0 ? 12 : c.hour % 12;
    if (c.hour == 12 && c.minute == 0) {
        snprintf(out, STAMP_TEXT_BYTES, "%d %s %d at midday UK time", c.day, month_names[c.month - 1],
                 c.year);
        return;
    }
    snprintf(out, STAMP_TEXT_BYTES, "%d %s %d at %d:%02d%s UK time", c.day, month_names[c.month - 1], c.year,
             h12, c.minute, c.hour < 12 ? "am" : "pm");
}

bool stamp_parse(const char *s, int64_t *ret_usec) {
    int32_t day;
    int h, m, sec;
    if (strlen(s) < 19 || !day_parse(s, &day) || (s[10] != ' ' && s[10] != 'T') || !digits(s + 11, 2, &h) ||
        s[13] != ':' || !digits(s + 14, 2, &m) || s[16] != ':' || !digits(s + 17, 2, &sec) || h > 23 ||
        m > 59 || sec > 59) {
        return false;
    }
    s += 19;
    int64_t frac = 0;
    if (*s == '.') {
        int64_t unit = 100000;
        for (s++; *s >= '0' && *s <= '9'; s++, unit /= 10) {
            frac += (*s - '0') * unit;
        }
    }
    if (strcmp(s, "Z") != 0 && strcmp(s, "+00") != 0 && strcmp(s, "+00:00") != 0) {
        return false;
    }
    *ret_usec = (int64_t)day * USEC_PER_DAY + ((int64_t)h * 3600 + m * 60 + sec) * USEC_PER_SEC + frac;
    return true;
}

int financial_year(int32_t day) {
    struct civil c;
    civil_from_day(day, &c);
    return c.month >= 4 ? c.year : c.year - 1;
}

void financial_year_label(int start_year, char *out) {
    snprintf(out, DAY_TEXT_BYTES, "%d/%02d", start_year, (start_year + 1) % 100);
}

static int by_day(const void *a, const void *b) {
    const int32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

bool holidays_parse(const char *text, int32_t *days, size_t days_cap, struct holidays *ret, int *ret_line) {
    size_t n = 0;
    int line = 0;
    while (*text) {
        line++;
        size_t len = strcspn(text, "\n");
        if (len > 0 && *text != '#') {
            char date[11] = "";
            if (len >= 10) {
                memcpy(date, text, 10);
            }
            if (n == days_cap || !day_parse(date, &days[n])) {
                *ret_line = line;
                return false;
            }
            n++;
        }
        text += len + (text[len] == '\n' ? 1 : 0);
    }
    qsort(days, n, sizeof *days, by_day);
    *ret = (struct holidays){days, n};
    return true;
}

bool day_is_working(int32_t day, const struct holidays *h) {
    return day_of_week(day) <= 5 && !(h->count && bsearch(&day, h->days, h->count, sizeof day, by_day));
}

int32_t day_add_working(int32_t day, int n, const struct holidays *h) {
    while (!day_is_working(day, h)) {
        day++;
    }
    while (n > 0) {
        day++;
        if (day_is_working(day, h)) {
            n--;
        }
    }
    return day;
}
