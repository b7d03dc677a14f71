// SPDX-License-Identifier: Apache-2.0
// Times, money, places and ids as Contracts Finder writes them, and checks of text.
#include "format.h"

#include <stdio.h>
#include <string.h>

#define USEC_A_SECOND 1000000ll
#define SECONDS_A_DAY 86400ll
// 10000-01-01T00:00:00Z
#define END_SECOND 253402300800ll

int64_t cf_usec_of_day(int32_t day) {
    return day == INT32_MIN ? CF_NO_TIME : (int64_t)day * SECONDS_A_DAY * USEC_A_SECOND;
}

bool cf_time_ok(int64_t usec) {
    return usec >= 0 && usec < END_SECOND * USEC_A_SECOND;
}

// Gregorian date of a day from 1970-01-01 on, with years that begin on 1 March so that 29 February comes
// last.
static void date_of(int64_t day, int *ret_year, int *ret_month, int *ret_day) {
    int64_t z = day + 719468;
    int64_t era = z / 146097, in_era = z % 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    int64_t m = (5 * in_year + 2) / 153;
    *ret_day = (int)(in_year - (153 * m + 2) / 5 + 1);
    *ret_month = (int)(m < 10 ? m + 3 : m - 9);
    *ret_year = (int)(year + era * 400 + (*ret_month <= 2 ? 1 : 0));
}

void cf_time_text(int64_t usec, char ret_text[CF_TIME_SIZE]) {
    int64_t second = usec / USEC_A_SECOND;
    int year, month, day, rest = (int)(second % SECONDS_A_DAY);
    char text[64];
    date_of(second / SECONDS_A_DAY, &year, &month, &day);
    (void)snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, rest / 3600,
                   rest / 60 % 60, rest % 60);
    memcpy(ret_text, text, CF_TIME_SIZE - 1);
    ret_text[CF_TIME_SIZE - 1] = '\0';
}

static void cut_noughts(char *text) {
    size_t n = strlen(text);
    while (n > 0 && text[n - 1] == '0')
        text[--n] = '\0';
    if (n > 0 && text[n - 1] == '.')
        text[n - 1] = '\0';
}

void cf_money_text(int64_t pence, char ret_text[CF_MONEY_SIZE]) {
    int64_t part = pence < 0 ? -(pence % 100) : pence % 100;
    (void)snprintf(ret_text, CF_MONEY_SIZE, "%s%lld.%02d", pence < 0 && pence > -100 ? "-" : "",
                   (long long)(pence / 100), (int)part);
    cut_noughts(ret_text);
}

void cf_degree_text(int32_t micro, char ret_text[CF_DEGREE_SIZE]) {
    int64_t size = micro < 0 ? -(int64_t)micro : micro;
    (void)snprintf(ret_text, CF_DEGREE_SIZE, "%s%d.%06d", micro < 0 ? "-" : "", (int)(size / 1000000),
                   (int)(size % 1000000));
    cut_noughts(ret_text);
}

bool cf_is_guid(const char *text) {
    if (!text)
        return false;
    for (size_t i = 0; i < CF_GUID_SIZE - 1; i++) {
        char c = text[i];
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (c != '-')
                return false;
        } else if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
    }
    return text[CF_GUID_SIZE - 1] == '\0';
}

void cf_guid_of_part(const char *notice_id, uint32_t kind, uint32_t index, char ret_guid[CF_GUID_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    uint64_t mix = ((uint64_t)(kind & 0xFFFFu) << 32) | (index & 0xFFFFu);
    memcpy(ret_guid, notice_id, CF_GUID_SIZE);
    ret_guid[14] = '8';
    for (size_t i = CF_GUID_SIZE - 2; i > 23; i--, mix >>= 4) {
        char c = ret_guid[i];
        unsigned value = c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10u;
        ret_guid[i] = digits[(value ^ (unsigned)(mix & 15u)) & 15u];
    }
}

// Reads one UTF-8 character. Answers its bytes, 0 when broken (RFC 3629: no overlong forms, no surrogates).
static size_t read_char(const unsigned char *p, uint32_t *ret_char) {
    size_t n = p[0] < 0x80                    ? 1
               : p[0] >= 0xC2 && p[0] <= 0xDF ? 2
               : (p[0] & 0xF0) == 0xE0        ? 3
               : p[0] <= 0xF4 && p[0] >= 0xF0 ? 4
                                              : 0;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t c = n == 1 ? p[0] : n == 2 ? p[0] & 0x1Fu : n == 3 ? p[0] & 0x0Fu : p[0] & 0x07u;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        c = (c << 6) | (p[i] & 0x3Fu);
    }
    if (n == 0 || c < least[n] || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF)
        return 0;
    *ret_char = c;
    return n;
}

enum cf_text_fault cf_text_check(const char *text, size_t *ret_chars) {
    const unsigned char *p = (const unsigned char *)text;
    enum cf_text_fault fault = CF_TEXT_FINE;
    size_t count = 0;
    while (*p) {
        uint32_t c = 0;
        size_t n = read_char(p, &c);
        if (n == 0)
            return CF_TEXT_BROKEN;
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF)
            fault = CF_TEXT_CONTROL;
        count++;
        p += n;
    }
    if (ret_chars)
        *ret_chars = count;
    return fault;
}
