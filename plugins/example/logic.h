// SPDX-License-Identifier: Apache-2.0
// The rules of a pledge. Pure: no host, no clock, no database, so that tests need none of them.
#ifndef PLEDGE_LOGIC_H
#define PLEDGE_LOGIC_H

#include <stdint.h>

enum pledge_problem {
    PLEDGE_FINE,
    PLEDGE_TOO_LONG,
    PLEDGE_NO_NUMBER, // nothing that people could check
    PLEDGE_PAST_DAY,
    PLEDGE_FAR_DAY
};

// Words of a pledge (UTF-8). longest: characters, not bytes.
enum pledge_problem pledge_check_words(const char *words, int64_t longest);

// The day by which it will be done: after today and within ten years. Days since 1970-01-01.
enum pledge_problem pledge_check_day(int64_t day, int32_t today);

// Key of the sentence that says what to do (text/en.txt); "" for PLEDGE_FINE.
const char *pledge_problem_key(enum pledge_problem problem);

#endif
