// SPDX-License-Identifier: Apache-2.0
// Times, money, places and ids as Contracts Finder writes them, and checks of text.
#ifndef CONTRACTS_FINDER_FORMAT_H
#define CONTRACTS_FINDER_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Absent time: microseconds since 1970-01-01 UTC are never this small.
#define CF_NO_TIME INT64_MIN

#define CF_TIME_SIZE   24 // 2026-11-02T09:00:00Z
#define CF_MONEY_SIZE  28
#define CF_DEGREE_SIZE 16
#define CF_GUID_SIZE   37

// Midnight UTC of a day counted from 1970-01-01; CF_NO_TIME for INT32_MIN.
int64_t cf_usec_of_day(int32_t day);

// Years 1970 to 9999 can be written.
bool cf_time_ok(int64_t usec);

// "2026-11-02T09:00:00Z". usec must pass cf_time_ok; parts of a second are cut off.
void cf_time_text(int64_t usec, char ret_text[CF_TIME_SIZE]);

// Pounds with a point and no noughts at the end: 488677686 gives "4886776.86", 4500000 gives "45000", 0 gives
// "0".
void cf_money_text(int64_t pence, char ret_text[CF_MONEY_SIZE]);

// Millionths of a degree as a decimal without noughts at the end: -2632100 gives "-2.6321".
void cf_degree_text(int32_t micro, char ret_text[CF_DEGREE_SIZE]);

// Lower-case GUID in the 8-4-4-4-12 form.
bool cf_is_guid(const char *text);

// An id for a part of a notice that has none of its own: the notice's id with its last 12 digits mixed with
// kind and index, marked as version 8 of RFC 9562. Different (kind, index) below 65536 give different ids.
// notice_id must pass cf_is_guid.
void cf_guid_of_part(const char *notice_id, uint32_t kind, uint32_t index, char ret_guid[CF_GUID_SIZE]);

enum cf_text_fault {
    CF_TEXT_FINE = 0,
    CF_TEXT_BROKEN,  // not UTF-8
    CF_TEXT_CONTROL, // a character that XML 1.0 cannot hold (section 2.2, Char)
};

// Checks a text and counts its characters. text: not NULL. ret_chars may be NULL.
enum cf_text_fault cf_text_check(const char *text, size_t *ret_chars);

#endif
