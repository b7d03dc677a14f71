// SPDX-License-Identifier: Apache-2.0
// Dates as councils write them, read into days since 1 January 1970 (proleptic Gregorian calendar).
#ifndef LOCAL_SPEND_PAYDATE_H
#define LOCAL_SPEND_PAYDATE_H

#include <stdbool.h>
#include <stdint.h>

enum spend_date {
    DATE_OK,
    DATE_MONTH,       // only a month is known: the day is the first of it
    DATE_BLANK,       // nothing there, or a stand-in such as N/A or ########
    DATE_OTHER_ORDER, // 08/28/2013 in a file read day first (or the reverse): a day only in the other order
    DATE_IMPOSSIBLE,  // 31/04/2020, year 3013, 27-Apr without a year
    DATE_UNREADABLE,  // anything else, also 00:00:00
};

// Order of day and month in dates made of numbers only.
enum spend_order { ORDER_DAY_FIRST, ORDER_MONTH_FIRST };

// Years taken for payments; outside, a typing slip is more likely than a payment.
#define DATE_FIRST_YEAR 1995
#define DATE_LAST_YEAR  2069

// Reads 03/11/2026, 3/11/26, 03.11.2026, 3-Nov-26, 03-Nov-2026, 03/Nov/2026, 3rd November 2026, 2026-11-03,
// "2026-11-03 00:00:00", 20261103, an Excel day number (46329), Nov-26, November 2026,
// 11/2026, 2026-11. `order` decides 03/11/2026; two-digit years are 1995 to 2069. *ret_day is
// set only on DATE_OK and DATE_MONTH.
enum spend_date spend_date_read(const char *text, enum spend_order order, int32_t *ret_day);

// True for a number of days as spreadsheets count them (five digits, with or without a time of day). Read
// from 1900; a workbook that counts from 1904 gives numbers that are smaller by DAYS_1900_TO_1904.
bool spend_date_is_serial(const char *text);
#define DAYS_1900_TO_1904 1462

// What the text shows about the order of its file: 1 day first (28/08/2013), -1 month first (08/28/2013), 0
// nothing.
int spend_date_evidence(const char *text);

// True for a month as one number, 202611: which may as well be the eighth month of a financial year, so only
// the heading can say what it is. *ret_day is its first day.
bool spend_date_month_number(const char *text, int32_t *ret_day);

// True for a day and a month by name without a year: "27-Apr", "27 April". *ret_month 1 to 12.
bool spend_date_yearless(const char *text, unsigned *ret_month, unsigned *ret_day);

// The one day with this month and day within [from, to] (at most two years apart); INT32_MIN when there is
// none or more than one.
int32_t spend_date_within(unsigned month, unsigned day, int32_t from, int32_t to);

// The months that a file's name says it is about ("March-2024", "2024-03", "spend_201704", "Q1 2018-19",
// "2019-20"), as first and last day. False when it names no year, or more than one stretch of time.
bool spend_date_of_name(const char *file_name, int32_t *ret_from, int32_t *ret_to);

// The same of a title above the headings ("Payments over £500, March 2024"). Only one that names a month, a
// quarter or a financial year counts, for a year or a day alone may be that of the printing.
bool spend_date_of_title(const char *title, int32_t *ret_from, int32_t *ret_to);

// Whether a day is in the calendar.
bool spend_date_exists(int year, unsigned month, unsigned day);

// Days since 1970-01-01 of a date, and back. The date must exist.
int32_t spend_day_from(int year, unsigned month, unsigned day);
void spend_day_parts(int32_t day, int *ret_year, unsigned *ret_month, unsigned *ret_day);

// First year of the financial year (April to March) of a day: 31 March 2026 is in 2025, 1 April 2026 in 2026.
int spend_financial_year(int32_t day);

// "2025/26", "1999/00".
#define SPEND_FY_BYTES 16
void spend_financial_year_text(int first_year, char out[SPEND_FY_BYTES]);

#endif
