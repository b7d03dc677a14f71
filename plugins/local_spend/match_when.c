// SPDX-License-Identifier: Apache-2.0
// Days of names.
#include "match_when.h"

#include "paydate.h"

#include <stdio.h>
#include <string.h>

#define STILL_USED_DAYS 731

enum match_when match_when(const struct anc_party *payee, const struct anc_party *candidate) {
    int32_t first = payee->from_day, last = payee->until_day;
    int32_t from = candidate->from_day, until = candidate->until_day;
    if ((!first && !last) || (!from && !until)) {
        return WHEN_UNKNOWN;
    }
    if (from && last < from) {
        return WHEN_BEFORE;
    }
    if (until && first > until) {
        return first - until <= STILL_USED_DAYS ? WHEN_AFTER : WHEN_LONG_AFTER;
    }
    return (from && first < from) || (until && last > until) ? WHEN_PARTLY : WHEN_FITS;
}

void match_when_day(int32_t day, char out[WHEN_DAY_BYTES]) {
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    int year;
    unsigned month, d;
    spend_day_parts(day, &year, &month, &d);
    snprintf(out, WHEN_DAY_BYTES, "%u %s %d", d, months[(month + 11) % 12], year);
}

bool match_when_earlier(const char *name, char out[WHEN_NAME_BYTES]) {
    const char *at = strstr(name, " (formerly ");
    if (!at) {
        return false;
    }
    at += strlen(" (formerly ");
    const char *end = strrchr(at, ')');
    snprintf(out, WHEN_NAME_BYTES, "%.*s", end ? (int)(end - at) : (int)strlen(at), at);
    return true;
}
