// SPDX-License-Identifier: Apache-2.0
// Numbers of the public registers: one spelling for each.
#include "domain/register_number.h"

#include <stdio.h>
#include <string.h>

#define SQUEEZED 16

// Capitals and digits of `raw`, blanks left out; false for anything else, or too much.
static bool squeeze(const char *raw, const char *also, char out[SQUEEZED]) {
    size_t n = 0;
    for (; *raw; raw++) {
        char ch = *raw;
        if (ch == ' ' || ch == '\t') {
            continue;
        }
        if (ch >= 'a' && ch <= 'z') {
            ch = (char)(ch - 'a' + 'A');
        }
        bool plain = (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') || strchr(also, ch);
        if (!plain || n + 1 == SQUEEZED) {
            return false;
        }
        out[n++] = ch;
    }
    out[n] = 0;
    return n > 0;
}

static bool is_digits(const char *s, size_t n) {
    return n > 0 && strspn(s, "0123456789") >= n;
}

static bool known_prefix(const char *s) {
    static const char list[] =
        "AC ZC FC GE LP OC SE SA SZ SF GS GN SL SO SC ES NA NZ NF NL NC R0 NI EN IP SP IC SI NP "
        "NV RC SR NR NO CE CS RS OE PC BR ";
    char wanted[4] = {s[0], s[1], ' ', 0};
    return strstr(list, wanted) != NULL;
}

bool company_number_tidy(const char *raw, char out[COMPANY_NUMBER_BYTES]) {
    char s[SQUEEZED], digits[COMPANY_NUMBER_BYTES] = "00000000";
    if (!squeeze(raw, "", s)) {
        return false;
    }
    size_t n = strlen(s);
    if (n > 8) {
        return false;
    }
    if (is_digits(s, n)) {
        memcpy(digits + (8 - n), s, n);
        if (strcmp(digits, "00000000") == 0) {
            return false;
        }
        memcpy(out, digits, sizeof digits);
        return true;
    }
    if (n < 3 || !known_prefix(s)) {
        return false;
    }
    // Older societies end in a letter: IP12345R.
    bool tail = s[n - 1] >= 'A' && s[n - 1] <= 'Z';
    size_t digit_count = n - 2 - (tail ? 1 : 0);
    if (digit_count == 0 || !is_digits(s + 2, digit_count)) {
        return false;
    }
    memcpy(digits, s, 2);
    memcpy(digits + (8 - (n - 2)), s + 2, n - 2);
    memcpy(out, digits, sizeof digits);
    return true;
}

bool charity_number_tidy(const char *raw, char out[CHARITY_NUMBER_BYTES]) {
    char s[SQUEEZED];
    if (!squeeze(raw, "-/", s)) {
        return false;
    }
    char *tail = strpbrk(s, "-/");
    if (tail) {
        if (!is_digits(tail + 1, strlen(tail + 1)) || strlen(tail + 1) > 3) {
            return false;
        }
        *tail = 0;
    }
    size_t n = strlen(s);
    bool england = n >= 5 && n <= 7 && is_digits(s, n);
    bool scotland = n == 8 && strncmp(s, "SC", 2) == 0 && is_digits(s + 2, 6);
    bool ireland = n == 9 && strncmp(s, "NIC", 3) == 0 && is_digits(s + 3, 6);
    if (!england && !(!tail && (scotland || ireland))) {
        return false;
    }
    memcpy(out, s, n + 1);
    return true;
}
