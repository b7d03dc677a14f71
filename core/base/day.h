// SPDX-License-Identifier: Apache-2.0
// Dates: civil days, Europe/London time, the financial year, working days. No libc time zones.
#ifndef ANCHORAGE_BASE_DAY_H
#define ANCHORAGE_BASE_DAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A day is the number of days since 1970-01-01 (int32_t); a stamp is microseconds UTC since then (int64_t).
#define DAY_TEXT_BYTES   24
#define STAMP_TEXT_BYTES 48
#define USEC_PER_SEC     INT64_C(1000000)
#define USEC_PER_DAY     (INT64_C(86400) * USEC_PER_SEC)

struct civil {
    int year, month, day;     // 1..12, 1..31
    int hour, minute, second; // clock time, 0 for a date alone
};

bool day_from_civil(int year, int month, int day, int32_t *ret_day); // false when there is no such day
void civil_from_day(int32_t day, struct civil *ret);

// "2026-11-02" (strict ISO 8601) to a day and back. The reader also takes the first ten
// characters of a longer PostgreSQL timestamp.
bool day_parse(const char *s, int32_t *ret_day);
void day_iso(int32_t day, char *out);   // "2026-11-02"
void day_words(int32_t day, char *out); // "2 November 2026"
int day_of_week(int32_t day);           // 1 Monday .. 7 Sunday

// Europe/London rule: summer time from the last Sunday of March 01:00 UTC to the last Sunday of
// October 01:00 UTC (Summer Time Act 1972 as amended by SI 2002/262).
bool london_is_summer(int64_t usec);
void london_civil(int64_t usec, struct civil *ret);
int32_t london_day(int64_t usec);

// A London clock time to UTC. False for a time that does not exist (spring) or exists twice (autumn).
bool london_to_usec(const struct civil *c, int64_t *ret_usec);

void stamp_iso(int64_t usec, char *out);   // "2026-11-02T09:00:00.000000Z"
void stamp_words(int64_t usec, char *out); // "2 November 2026 at 9:00am UK time"
// Reads "2026-11-02 09:00:00+00" (PostgreSQL, time zone UTC) and "2026-11-02T09:00:00[.ffffff]Z".
bool stamp_parse(const char *s, int64_t *ret_usec);

// Financial year April to March: the calendar year in which it begins (2026-03-31 gives 2025).
int financial_year(int32_t day);
void financial_year_label(int start_year, char *out); // "2025/26"

// Working days: Monday to Friday without bank holidays, which are data (one ISO date a line, "#" comments).
struct holidays {
    const int32_t *days; // sorted
    size_t count;
};
// Reads the list; false with *ret_line set to the first line that is no date. days_cap bounds it.
bool holidays_parse(const char *text, int32_t *days, size_t days_cap, struct holidays *ret, int *ret_line);
bool day_is_working(int32_t day, const struct holidays *h);
// The n-th working day after `day` (n >= 0; 0 gives the day itself or, if it is none, the next one).
int32_t day_add_working(int32_t day, int n, const struct holidays *h);

#endif
