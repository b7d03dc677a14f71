// SPDX-License-Identifier: Apache-2.0
// Register numbers of UK organisations: shape checks and canonical spelling.
#include "numbers.h"

#include <stddef.h>
#include <string.h>

struct prefix {
    char letters[3];
    enum vcfse_number_kind kind;
};

static const struct prefix prefixes[] = {
    {"AC", VCFSE_NUMBER_OTHER},       {"CE", VCFSE_NUMBER_CIO},         {"CS", VCFSE_NUMBER_SCIO},
    {"EN", VCFSE_NUMBER_OTHER},       {"ES", VCFSE_NUMBER_OTHER},       {"FC", VCFSE_NUMBER_OTHER},
    {"GE", VCFSE_NUMBER_OTHER},       {"GN", VCFSE_NUMBER_OTHER},       {"GS", VCFSE_NUMBER_OTHER},
    {"IC", VCFSE_NUMBER_OTHER},       {"IP", VCFSE_NUMBER_SOCIETY},     {"LP", VCFSE_NUMBER_PARTNERSHIP},
    {"NA", VCFSE_NUMBER_OTHER},       {"NC", VCFSE_NUMBER_PARTNERSHIP}, {"NF", VCFSE_NUMBER_OTHER},
    {"NI", VCFSE_NUMBER_COMPANY},     {"NL", VCFSE_NUMBER_PARTNERSHIP}, {"NO", VCFSE_NUMBER_CREDIT_UNION},
    {"NP", VCFSE_NUMBER_SOCIETY},     {"NR", VCFSE_NUMBER_CHARTER},     {"NV", VCFSE_NUMBER_OTHER},
    {"NZ", VCFSE_NUMBER_OTHER},       {"OC", VCFSE_NUMBER_PARTNERSHIP}, {"OE", VCFSE_NUMBER_OTHER},
    {"R0", VCFSE_NUMBER_COMPANY},     {"RC", VCFSE_NUMBER_CHARTER},     {"RS", VCFSE_NUMBER_SOCIETY},
    {"SA", VCFSE_NUMBER_OTHER},       {"SC", VCFSE_NUMBER_COMPANY},     {"SE", VCFSE_NUMBER_OTHER},
    {"SF", VCFSE_NUMBER_OTHER},       {"SI", VCFSE_NUMBER_OTHER},       {"SL", VCFSE_NUMBER_PARTNERSHIP},
    {"SO", VCFSE_NUMBER_PARTNERSHIP}, {"SP", VCFSE_NUMBER_SOCIETY},     {"SR", VCFSE_NUMBER_CHARTER},
    {"SZ", VCFSE_NUMBER_OTHER},       {"ZC", VCFSE_NUMBER_OTHER},
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

// Copies without blanks and in capitals. Answers the length, or 0 when it is empty, too long or not plain
// ASCII.
static size_t squeeze(const char *raw, char *out, size_t size) {
    size_t n = 0;
    if (!raw)
        return 0;
    for (const char *p = raw; *p; p++) {
        char c = *p;
        if (c == ' ' || c == '\t')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (!is_digit(c) && !is_letter(c) && c != '-')
            return 0;
        if (n + 1 >= size)
            return 0;
        out[n++] = c;
    }
    out[n] = '\0';
    return n;
}

static size_t count_digits(const char *s) {
    size_t n = 0;
    while (is_digit(s[n]))
        n++;
    return n;
}

static enum vcfse_number_kind letter_kind(char last) {
    switch (last) {
    case 'C':
        return VCFSE_NUMBER_CREDIT_UNION;
    case 'B':
        return VCFSE_NUMBER_BUILDING;
    case 'F':
        return VCFSE_NUMBER_FRIENDLY;
    case 'R':
        return VCFSE_NUMBER_SOCIETY;
    default:
        return VCFSE_NUMBER_BAD;
    }
}

static unsigned digits_value(const char *s, size_t n) {
    unsigned v = 0;
    for (size_t i = 0; i < n; i++)
        v = v * 10u + (unsigned)(s[i] - '0');
    return v;
}

static enum vcfse_number_kind series_kind(unsigned value) {
    if (value >= 4000 && value < 5000)
        return VCFSE_NUMBER_COOPERATIVE;
    if (value >= 7000 && value < 8000)
        return VCFSE_NUMBER_BENEFIT;
    return VCFSE_NUMBER_SOCIETY;
}

static void fill(char *out, const char *head, size_t head_len, const char *digits, size_t digit_count,
                 size_t width) {
    size_t n = 0;
    for (size_t i = 0; i < head_len; i++)
        out[n++] = head[i];
    for (size_t i = digit_count; i < width; i++)
        out[n++] = '0';
    for (size_t i = 0; i < digit_count; i++)
        out[n++] = digits[i];
    out[n] = '\0';
}

static enum vcfse_number_kind prefix_kind(const char *s) {
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (s[0] == prefixes[i].letters[0] && s[1] == prefixes[i].letters[1])
            return prefixes[i].kind;
    return VCFSE_NUMBER_BAD;
}

enum vcfse_number_kind vcfse_company_number(const char *raw, char *ret_number) {
    char s[16];
    size_t len = squeeze(raw, s, sizeof s);
    size_t digits;

    if (len == 0 || len > 8)
        return VCFSE_NUMBER_BAD;
    digits = count_digits(s);
    if (digits == len) {
        if (digits_value(s, digits) == 0)
            return VCFSE_NUMBER_BAD;
        fill(ret_number, "", 0, s, digits, 8);
        return VCFSE_NUMBER_COMPANY;
    }
    if (len < 3)
        return VCFSE_NUMBER_BAD;
    enum vcfse_number_kind kind = prefix_kind(s);
    if (kind == VCFSE_NUMBER_BAD)
        return VCFSE_NUMBER_BAD;
    digits = count_digits(s + 2);
    if (digits + 2 == len) {
        if (digits > 6 || digits_value(s + 2, digits) == 0)
            return VCFSE_NUMBER_BAD;
        fill(ret_number, s, 2, s + 2, digits, 6);
        if (s[0] == 'R' && s[1] == 'S')
            return series_kind(digits_value(s + 2, digits));
        return kind;
    }
    // Old society numbers end in a letter: IP12345R.
    if (digits == 0 || digits > 5 || digits + 3 != len || kind != VCFSE_NUMBER_SOCIETY)
        return VCFSE_NUMBER_BAD;
    kind = letter_kind(s[len - 1]);
    if (kind == VCFSE_NUMBER_BAD)
        return VCFSE_NUMBER_BAD;
    fill(ret_number, s, 2, s + 2, digits, 5);
    ret_number[7] = s[len - 1];
    ret_number[8] = '\0';
    return kind;
}

enum vcfse_charity_kind vcfse_charity_number(const char *raw, char *ret_number) {
    char s[24];
    size_t len = squeeze(raw, s, sizeof s);
    size_t digits, head = 0;
    enum vcfse_charity_kind kind = VCFSE_CHARITY_ENGLAND;

    if (len == 0)
        return VCFSE_CHARITY_BAD;
    char *dash = strchr(s, '-');
    if (dash) {
        size_t tail = count_digits(dash + 1);
        if (tail == 0 || dash[1 + tail] != '\0' || !is_digit(s[0]))
            return VCFSE_CHARITY_BAD;
        *dash = '\0';
        len = (size_t)(dash - s);
    }
    if (strncmp(s, "SC", 2) == 0) {
        head = 2;
        kind = VCFSE_CHARITY_SCOTLAND;
    } else if (strncmp(s, "NIC", 3) == 0) {
        head = 3;
        kind = VCFSE_CHARITY_NORTHERN_IRELAND;
    }
    digits = count_digits(s + head);
    if (head + digits != len || (head ? digits != 6 : digits < 5 || digits > 7))
        return VCFSE_CHARITY_BAD;
    // Scottish numbers have been counted up from SC000001 and all begin with a nought.
    if ((kind == VCFSE_CHARITY_SCOTLAND && s[2] != '0') || digits_value(s + head, digits) == 0)
        return VCFSE_CHARITY_BAD;
    memcpy(ret_number, s, len + 1);
    return kind;
}

enum vcfse_number_kind vcfse_mutual_number(const char *raw, char *ret_number) {
    char s[16];
    size_t len = squeeze(raw, s, sizeof s);
    size_t digits = len ? count_digits(s) : 0;
    enum vcfse_number_kind kind;

    if (digits == 0 || digits > 5 || digits_value(s, digits) == 0)
        return VCFSE_NUMBER_BAD;
    if (digits == len)
        kind = series_kind(digits_value(s, digits));
    else if (digits + 1 == len)
        kind = letter_kind(s[len - 1]);
    else
        return VCFSE_NUMBER_BAD;
    if (kind == VCFSE_NUMBER_BAD)
        return VCFSE_NUMBER_BAD;
    memcpy(ret_number, s, len + 1);
    return kind;
}
