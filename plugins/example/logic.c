// SPDX-License-Identifier: Apache-2.0
// The rules of a pledge.
#include "logic.h"

#include <string.h>

#define MOST_DAYS 3653 // ten years, with their leap days

// Bytes that begin a character: all but 10xxxxxx (RFC 3629).
static int64_t characters(const char *s) {
    int64_t n = 0;
    for (; *s; s++) {
        n += ((unsigned char)*s & 0xC0) != 0x80;
    }
    return n;
}

enum pledge_problem pledge_check_words(const char *words, int64_t longest) {
    if (characters(words) > longest) {
        return PLEDGE_TOO_LONG;
    }
    return strpbrk(words, "0123456789") ? PLEDGE_FINE : PLEDGE_NO_NUMBER;
}

enum pledge_problem pledge_check_day(int64_t day, int32_t today) {
    if (day <= today) {
        return PLEDGE_PAST_DAY;
    }
    return day - today <= MOST_DAYS ? PLEDGE_FINE : PLEDGE_FAR_DAY;
}

const char *pledge_problem_key(enum pledge_problem problem) {
    switch (problem) {
    case PLEDGE_TOO_LONG:
        return "too_long";
    case PLEDGE_NO_NUMBER:
        return "no_number";
    case PLEDGE_PAST_DAY:
        return "past_day";
    case PLEDGE_FAR_DAY:
        return "far_day";
    case PLEDGE_FINE:
        break;
    }
    return "";
}
