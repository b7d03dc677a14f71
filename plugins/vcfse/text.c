// SPDX-License-Identifier: Apache-2.0
// Short words for decisions, classes and tags, and the end of an officer's decision.
#include "logic.h"

const char *vcfse_decision_text(enum vcfse_decision decision) {
    switch (decision) {
    case VCFSE_YES:
        return "yes";
    case VCFSE_REVIEW:
        return "review";
    case VCFSE_NO:
        return "no";
    case VCFSE_POLICY:
        return "policy";
    case VCFSE_UNKNOWN:
        break;
    }
    return "unknown";
}

const char *vcfse_policy_text(enum vcfse_policy policy) {
    static const char *const texts[VCFSE_POLICY_COUNT] = {
        [VCFSE_POLICY_NONE] = "none",
        [VCFSE_POLICY_HOUSING] = "housing",
        [VCFSE_POLICY_UNIVERSITY] = "university",
        [VCFSE_POLICY_SCHOOL] = "school",
        [VCFSE_POLICY_CONTROLLED] = "public-controlled",
        [VCFSE_POLICY_TRADE] = "trade-or-professional",
        [VCFSE_POLICY_SUBSIDIARY] = "trading-subsidiary",
        [VCFSE_POLICY_MUTUAL] = "mutual",
    };
    return (unsigned)policy < VCFSE_POLICY_COUNT ? texts[policy] : "none";
}

const char *vcfse_tag_text(unsigned tag) {
    switch (tag) {
    case VCFSE_TAG_VOLUNTARY:
        return "V";
    case VCFSE_TAG_COMMUNITY:
        return "C";
    case VCFSE_TAG_FAITH:
        return "F";
    case VCFSE_TAG_SOCIAL_ENTERPRISE:
        return "SE";
    default:
        return "";
    }
}

// Days and civil dates of the Gregorian calendar, counted in years that begin on 1 March so that the odd day
// of February comes last.
static int64_t day_of(int64_t year, int64_t month, int64_t day) {
    int64_t y = month > 2 ? year : year - 1;
    int64_t m = month > 2 ? month - 3 : month + 9;
    int64_t leaps = y / 4 - y / 100 + y / 400;
    return y * 365 + leaps + (m * 153 + 2) / 5 + day - 1 - 719468;
}

int32_t vcfse_officer_end_day(int32_t decided_day) {
    int64_t year = 1970 + decided_day / 366, month = 1;
    // The first guess is never late; walking on costs at most a few steps per century.
    while (day_of(year + 1, 1, 1) <= decided_day)
        year++;
    while (month < 12 && day_of(year, month + 1, 1) <= decided_day)
        month++;
    int64_t day = decided_day - day_of(year, month, 1);
    int64_t end = day_of(year + 2, month, 1) + day;
    int64_t next_month = month == 12 ? day_of(year + 3, 1, 1) : day_of(year + 2, month + 1, 1);
    return (int32_t)(end < next_month ? end : next_month - 1);
}
