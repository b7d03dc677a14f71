// SPDX-License-Identifier: Apache-2.0
// Dates as councils write them, read into days since 1 January 1970.
#include "paydate.h"

#include <stdio.h>
#include <string.h>

#include "cell.h"

enum { PIECES = 8, LONGEST = 48 };

// A date cut into numbers and month names.
struct piece {
    bool month_name;
    unsigned value;  // the number, or the month 1..12
    unsigned digits; // of a number
};

struct pieces {
    struct piece p[PIECES];
    unsigned n;
    bool year_first; // a four-digit number came first
};

// Algorithm: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil), written anew.
int32_t spend_day_from(int year, unsigned month, unsigned day) {
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int of_era = y - era * 400;
    int from_march = (int)(month > 2 ? month - 3 : month + 9);
    int of_year = (153 * from_march + 2) / 5 + (int)day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void spend_day_parts(int32_t day, int *ret_year, unsigned *ret_month, unsigned *ret_day) {
    int z = day + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int of_era = z - era * 146097;
    int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * y + y / 4 - y / 100);
    int m = (5 * of_year + 2) / 153;
    *ret_day = (unsigned)(of_year - (153 * m + 2) / 5 + 1);
    *ret_month = (unsigned)(m < 10 ? m + 3 : m - 9);
    *ret_year = y + era * 400 + (*ret_month <= 2);
}

int spend_financial_year(int32_t day) {
    int y;
    unsigned m, d;
    spend_day_parts(day, &y, &m, &d);
    return m >= 4 ? y : y - 1;
}

void spend_financial_year_text(int first_year, char out[SPEND_FY_BYTES]) {
    int next = (first_year + 1) % 100;
    snprintf(out, SPEND_FY_BYTES, "%d/%02d", first_year, next < 0 ? -next : next);
}

static unsigned month_days(int year, unsigned month) {
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool spend_date_exists(int year, unsigned month, unsigned day) {
    return month >= 1 && month <= 12 && day >= 1 && day <= month_days(year, month);
}

static enum spend_date give(int year, unsigned month, unsigned day, int32_t *ret) {
    if (year < DATE_FIRST_YEAR || year > DATE_LAST_YEAR || !spend_date_exists(year, month, day)) {
        return DATE_IMPOSSIBLE;
    }
    *ret = spend_day_from(year, month, day);
    return DATE_OK;
}

// Month of a name of three letters or more ("Sep", "Sept", "September"); 0 when it is none.
static unsigned month_of(const char *word, size_t n) {
    static const char *const months[] = {"JANUARY",   "FEBRUARY", "MARCH",    "APRIL",
                                         "MAY",       "JUNE",     "JULY",     "AUGUST",
                                         "SEPTEMBER", "OCTOBER",  "NOVEMBER", "DECEMBER"};
    static const char *const welsh[] = {"IONAWR",     "CHWEFROR", "MAWRTH", "EBRILL", "MAI",      "MEHEFIN",
                                        "GORFFENNAF", "AWST",     "MEDI",   "HYDREF", "TACHWEDD", "RHAGFYR"};
    for (unsigned m = 0; n >= 3 && m < 12; m++) {
        if ((n <= strlen(months[m]) && strncmp(word, months[m], n) == 0) ||
            (n <= strlen(welsh[m]) && strncmp(word, welsh[m], n) == 0)) {
            return m + 1;
        }
    }
    return 0;
}

// Words that may stand in a date and say nothing.
static bool is_filler(const char *word, size_t n) {
    static const char *const fillers[] = {
        "ST",       "ND",     "RD",  "TH",  "OF",  "MON",    "TUE",     "TUES",      "WED",      "THU",
        "THUR",     "THURS",  "FRI", "SAT", "SUN", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY",
        "SATURDAY", "SUNDAY", "AM",  "PM",  "BST", "GMT",    "UTC",     "Z"};
    for (size_t i = 0; i < CELL_COUNT(fillers); i++) {
        if (strlen(fillers[i]) == n && strncmp(word, fillers[i], n) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

// Takes a time of day out of the text, with its zone; a year may stand behind it ("May 01 00:00:00 BST
// 2026").
static void take_out(char *at) {
    const char *rest = at + (*at == 'T');
    while (is_digit(*rest) || *rest == ':' || *rest == '.') {
        rest++;
    }
    if (*rest == '+' || *rest == '-') {
        *at = 0;
        return;
    }
    memmove(at, rest, strlen(rest) + 1);
}

// Trims, makes letters upper case and cuts off a time of day ("... 00:00:00", "T09:30:00Z"). False when the
// text is too long or not ASCII.
static bool simplify(const char *text, char out[LONGEST]) {
    char raw[LONGEST + 8];
    size_t n = cell_copy(raw, sizeof raw, text);
    if (n >= LONGEST) {
        return false;
    }
    for (size_t i = 0; i <= n; i++) {
        unsigned char c = (unsigned char)raw[i];
        if (c >= 0x80) {
            return false;
        }
        out[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    char *colon = strchr(out, ':');
    if (colon) {
        char *p = colon;
        while (p > out && is_digit(p[-1])) {
            p--;
        }
        if (p > out && p[-1] == 'T') {
            p--;
        }
        take_out(p); // a time alone leaves nothing
    }
    return true;
}

// Cuts the text into numbers and month names; false when there is anything else.
static bool cut(const char *s, struct pieces *out) {
    out->n = 0;
    while (*s) {
        size_t n = 0;
        if (is_digit(*s)) {
            struct piece p = {.value = 0};
            for (; is_digit(s[n]) && n < 9; n++) {
                p.value = p.value * 10 + (unsigned)(s[n] - '0');
            }
            if (is_digit(s[n]) || out->n == PIECES) {
                return false;
            }
            p.digits = (unsigned)n;
            out->p[out->n++] = p;
        } else if (is_upper(*s)) {
            while (is_upper(s[n])) {
                n++;
            }
            unsigned m = month_of(s, n);
            if (m && out->n < PIECES) {
                out->p[out->n++] = (struct piece){.month_name = true, .value = m};
            } else if (!is_filler(s, n)) {
                return false;
            }
        } else if (strchr(" /-.,|'_\\\"=", *s)) { // ="03/11/2026" keeps a spreadsheet from reading it
            n = 1;
        } else {
            return false;
        }
        s += n;
    }
    return true;
}

static int full_year(const struct piece *p) {
    int century = (int)p->value + 1900 >= DATE_FIRST_YEAR ? 1900 : 2000;
    return p->digits == 2 ? century + (int)p->value : p->digits == 4 ? (int)p->value : 0;
}

// One number: an Excel day number, a date without separators, or nothing we know.
static enum spend_date read_number(const struct piece *p, enum spend_order order, int32_t *ret) {
    if (p->digits == 8) {
        enum spend_date d = give((int)(p->value / 10000), p->value / 100 % 100, p->value % 100, ret);
        if (d == DATE_OK) {
            return d;
        }
        unsigned first = p->value / 1000000, second = p->value / 10000 % 100;
        bool day_first = order == ORDER_DAY_FIRST;
        return give((int)(p->value % 10000), day_first ? second : first, day_first ? first : second, ret);
    }
    // Excel counts from 1900, with 25569 = 1 January 1970; taken from 1995 to 2069. Ledgers that count from
    // some day of 2000 give four digits: which day they count from is not written anywhere, so that is no
    // date.
    if (p->digits == 5 && p->value >= 34700 && p->value <= 62091) {
        *ret = (int32_t)p->value - 25569;
        return DATE_OK;
    }
    return DATE_UNREADABLE;
}

static enum spend_date month_only(int year, unsigned month, int32_t *ret) {
    enum spend_date d = give(year, month, 1, ret);
    return d == DATE_OK ? DATE_MONTH : d;
}

static enum spend_date read_two(const struct pieces *s, int32_t *ret) {
    const struct piece *a = &s->p[0], *b = &s->p[1];
    if (a->month_name && !b->month_name) {
        return b->digits == 2 || b->digits == 4 ? month_only(full_year(b), a->value, ret) : DATE_IMPOSSIBLE;
    }
    if (b->month_name && !a->month_name) { // "2026 Nov"; "27-Apr" is a day without a year
        return a->digits == 4 ? month_only(full_year(a), b->value, ret) : DATE_IMPOSSIBLE;
    }
    if (a->digits == 4 && b->digits <= 2) {
        return month_only(full_year(a), b->value, ret);
    }
    if (b->digits == 4 && a->digits <= 2) {
        return month_only(full_year(b), a->value, ret);
    }
    return DATE_UNREADABLE;
}

static enum spend_date read_three(const struct pieces *s, enum spend_order order, int32_t *ret) {
    const struct piece *a = &s->p[0], *b = &s->p[1], *c = &s->p[2];
    if (c->month_name || (a->month_name && b->month_name)) {
        return DATE_UNREADABLE;
    }
    if (!a->month_name && a->digits == 4) { // 2026-11-03, 2026-Nov-03
        return give((int)a->value, b->value, c->value, ret);
    }
    if (a->month_name && b->digits == 4 && c->digits == 2 && c->value == (b->value + 1) % 100) {
        return month_only((int)(a->value >= 4 ? b->value : b->value + 1), a->value, ret); // Jan 2024/25
    }
    int year = full_year(c);
    if (year == 0) {
        return DATE_IMPOSSIBLE;
    }
    if (b->month_name) { // 3-Nov-26
        return give(year, b->value, a->value, ret);
    }
    if (a->month_name) { // Nov 3, 2026
        return give(year, a->value, b->value, ret);
    }
    bool day_first = order == ORDER_DAY_FIRST;
    enum spend_date d = give(year, day_first ? b->value : a->value, day_first ? a->value : b->value, ret);
    int32_t other;
    if (d != DATE_OK &&
        give(year, day_first ? a->value : b->value, day_first ? b->value : a->value, &other) == DATE_OK) {
        return DATE_OTHER_ORDER;
    }
    return d;
}

enum spend_date spend_date_read(const char *text, enum spend_order order, int32_t *ret_day) {
    char s[LONGEST];
    struct pieces cutup;
    if (!text || cell_stands_for_nothing(text)) {
        return DATE_BLANK; // ######## has no word in it either
    }
    if (!simplify(text, s) || !cut(s, &cutup)) {
        return DATE_UNREADABLE;
    }
    // An Excel day number may carry the time of day as a fraction.
    if (cutup.n == 2 && cutup.p[0].digits == 5 && strchr(s, '.')) {
        cutup.n = 1;
    }
    switch (cutup.n) {
    case 1:
        return cutup.p[0].month_name ? DATE_IMPOSSIBLE : read_number(&cutup.p[0], order, ret_day);
    case 2:
        return read_two(&cutup, ret_day);
    case 3:
        return read_three(&cutup, order, ret_day);
    default:
        return DATE_UNREADABLE;
    }
}

bool spend_date_is_serial(const char *text) {
    char s[LONGEST];
    struct pieces c;
    return text && simplify(text, s) && cut(s, &c) && c.n >= 1 && !c.p[0].month_name && c.p[0].digits == 5 &&
           (c.n == 1 || (c.n == 2 && strchr(s, '.')));
}

int spend_date_evidence(const char *text) {
    char s[LONGEST];
    struct pieces c;
    if (!text || !simplify(text, s) || !cut(s, &c) || c.n != 3) {
        return 0;
    }
    if (c.p[0].month_name || c.p[1].month_name || c.p[2].month_name || c.p[0].digits > 2 ||
        c.p[1].digits > 2) {
        return 0;
    }
    unsigned a = c.p[0].value, b = c.p[1].value;
    return a > 12 && a <= 31 && b >= 1 && b <= 12 ? 1 : b > 12 && b <= 31 && a >= 1 && a <= 12 ? -1 : 0;
}

bool spend_date_month_number(const char *text, int32_t *ret_day) {
    char s[LONGEST];
    struct pieces c;
    return text && simplify(text, s) && cut(s, &c) && c.n == 1 && !c.p[0].month_name && c.p[0].digits == 6 &&
           give((int)(c.p[0].value / 100), c.p[0].value % 100, 1, ret_day) == DATE_OK;
}

bool spend_date_yearless(const char *text, unsigned *ret_month, unsigned *ret_day) {
    char s[LONGEST];
    struct pieces c;
    if (!text || !simplify(text, s) || !cut(s, &c) || c.n != 2) {
        return false;
    }
    const struct piece *a = &c.p[0], *b = &c.p[1];
    if (a->month_name || !b->month_name || a->digits > 2 || !spend_date_exists(2000, b->value, a->value)) {
        return false;
    }
    *ret_month = b->value;
    *ret_day = a->value;
    return true;
}

int32_t spend_date_within(unsigned month, unsigned day, int32_t from, int32_t to) {
    int first, last;
    unsigned m, d;
    int32_t found = INT32_MIN;
    if (from > to) {
        return INT32_MIN;
    }
    spend_day_parts(from, &first, &m, &d);
    spend_day_parts(to, &last, &m, &d);
    for (int year = first; year <= last; year++) {
        int32_t one;
        if (give(year, month, day, &one) == DATE_OK && one >= from && one <= to) {
            if (found != INT32_MIN) {
                return INT32_MIN;
            }
            found = one;
        }
    }
    return found;
}
