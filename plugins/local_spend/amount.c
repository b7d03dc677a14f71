// SPDX-License-Identifier: Apache-2.0
// Money as councils write it, read into whole pence with exact decimal arithmetic.
#include "amount.h"

#include <stdbool.h>
#include <string.h>

#include "cell.h"

enum { MOST = 64 }; // characters of an amount; float residue with sign, pound and commas needs about 40

struct scan {
    char text[MOST + 1]; // ASCII: digits . , blank and what is left over
    size_t n;
    bool negative, pound, brackets, foreign, shortened;
    bool one_quote; // of a pair
    int exponent;
};

// The pound sign, and what it turns into when bytes are read in the wrong code page: windows-1252 0x9C (from
// CP850) is "oe", 0xA3 read as CP850 is "u" with an accent, or the sign is lost altogether.
static bool is_pound(unsigned u) {
    return u == 0xA3 || u == 0x153 || u == 0xFA || u == 0xFFFD || u == 0xFFE1 || u == 0x20A4;
}

// What stands before it when it was encoded twice or three times.
static bool is_half_pound(unsigned u) {
    return u == 0xC2 || u == 0xC3 || u == 0x201A;
}

static bool is_minus(unsigned u) {
    return u == '-' || (u >= 0x2010 && u <= 0x2015) || u == 0x2212 || u == 0xFF0D || u == 0xFE63;
}

static bool is_foreign(unsigned u) {
    return u == '$' || u == 0x20AC || u == 0xA5 || u == 0xFF04 || u == 0x20B9;
}

// Brings the cell down to a short ASCII text: one minus sign for all kinds, pound signs dropped.
static enum spend_amount simplify(const char *text, struct scan *s) {
    while (*text) {
        unsigned u = cell_code_point(&text);
        if (is_pound(u) || is_half_pound(u)) {
            s->pound = true;
            continue;
        }
        if (u == '"') { // ="1234.50" keeps a spreadsheet from reading it
            s->one_quote = !s->one_quote;
            continue;
        }
        char c = is_minus(u) ? '-' : cell_is_space(u) ? ' ' : u == 0x2019 ? '\'' : u < 0x80 ? (char)u : '~';
        s->foreign |= is_foreign(u);
        if (c == ' ' && (s->n == 0 || s->text[s->n - 1] == ' ')) {
            continue;
        }
        if (s->n == MOST) {
            return AMOUNT_TEXT;
        }
        s->text[s->n++] = c;
    }
    while (s->n && s->text[s->n - 1] == ' ') {
        s->n--;
    }
    s->text[s->n] = 0;
    // One quote without the other: a comma inside has cut the amount in two.
    return s->one_quote ? AMOUNT_TEXT : s->n ? AMOUNT_OK : AMOUNT_BLANK;
}

static bool take_front(struct scan *s, const char *word) {
    size_t len = strlen(word);
    if (s->n < len || strncmp(s->text, word, len) != 0) {
        return false;
    }
    while (len < s->n && s->text[len] == ' ') {
        len++;
    }
    s->n -= len;
    memmove(s->text, s->text + len, s->n + 1);
    return true;
}

static bool take_back(struct scan *s, const char *word) {
    size_t len = strlen(word);
    if (s->n < len || strcmp(s->text + s->n - len, word) != 0) {
        return false;
    }
    s->n -= len;
    while (s->n && s->text[s->n - 1] == ' ') {
        s->n--;
    }
    s->text[s->n] = 0;
    return true;
}

// Takes signs, brackets and currency words off both ends. At most one sign of each kind.
static bool unwrap(struct scan *s) {
    int signs = 0;
    bool again = true;
    while (again && s->n) {
        again = false;
        if (take_front(s, "'") || take_front(s, "GBP") || take_front(s, "*") || take_back(s, "*") ||
            take_front(s, "&POUND;") || take_front(s, "&#163;") || take_front(s, ":") || take_back(s, "/-") ||
            take_back(s, "POUNDS")) {
            again = true;
        } else if (take_front(s, "-") || take_back(s, "-") || take_back(s, "CR") || take_back(s, "C")) {
            signs++;
            s->negative = true;
            again = true;
        } else if (take_front(s, "+") || take_back(s, "DR") || take_back(s, "D") || take_back(s, "GBP")) {
            again = true;
        } else if (s->n >= 2 && s->text[0] == '(' && s->text[s->n - 1] == ')' && !s->brackets) {
            signs++;
            s->brackets = s->negative = true;
            s->text[--s->n] = 0;
            take_front(s, "(");
            while (take_back(s, " ")) {
            }
            again = true;
        }
    }
    return signs <= 1;
}

// Takes the exponent off: "1.2E-13" is float residue; "1.23E+08" has lost digits unless all of them are
// written.
static bool take_exponent(struct scan *s) {
    char *e = strpbrk(s->text, "Ee");
    if (!e || e == s->text) {
        return e == NULL;
    }
    const char *p = e + 1;
    bool down = *p == '-';
    p += *p == '-' || *p == '+';
    int v = 0, digits = 0;
    for (; *p >= '0' && *p <= '9' && digits < 3; p++, digits++) {
        v = v * 10 + (*p - '0');
    }
    if (*p || digits == 0) {
        return false;
    }
    const char *point = memchr(s->text, '.', (size_t)(e - s->text));
    int decimals = point ? (int)(e - point - 1) : 0;
    s->shortened = !down && decimals < v;
    s->exponent = down ? -v : v;
    *e = 0;
    s->n = (size_t)(e - s->text);
    return true;
}

// What digits with their point show about the way in which their file writes numbers.
static unsigned proof(const char *digits, size_t n, bool by_comma) {
    const char *dot = strchr(digits, '.');
    size_t whole = dot ? (size_t)(dot - digits) : n;
    bool three = dot && n - whole == 4;
    if (by_comma || (dot && (!three || strspn(digits, "0") >= whole))) {
        return AMOUNT_SURE;
    }
    return whole > 3 ? AMOUNT_LONG : three ? AMOUNT_UNSURE : 0;
}

// Checks commas and blanks between groups of three, and copies digits and the point into out. A blank before
// exactly two last digits is a lost decimal point.
static bool take_digits(const struct scan *s, char *out, unsigned *how) {
    size_t n = 0, group = 0;
    bool grouped = false, point = false;
    char separator = 0;
    for (size_t i = 0; i < s->n; i++) {
        char c = s->text[i];
        if (c >= '0' && c <= '9') {
            out[n++] = c;
            group++;
        } else if (c == '.' && !point && (!grouped || group == 3)) {
            point = true;
            out[n++] = c;
        } else if ((c == ',' || c == ' ' || c == '\'') && !point && group > 0 && (!grouped || group == 3) &&
                   (!separator || separator == c)) {
            if (c == ' ' && s->n - i == 3 && strspn(s->text + i + 1, "0123456789") == 2) {
                point = true;
                out[n++] = '.';
                *how |= AMOUNT_WAS_MENDED;
                continue;
            }
            separator = c;
            grouped = true;
            group = 0;
        } else {
            return false;
        }
    }
    out[n] = 0;
    *how |= proof(out, n, separator == ',');
    return (!grouped || point || group == 3) && strpbrk(out, "0123456789") != NULL;
}

// digits is "1234.5678"; the point moves by `exponent` places. Rounds half away from zero to pence.
static enum spend_amount to_pence(const char *digits, int exponent, int64_t *ret, unsigned *how) {
    const char *dot = strchr(digits, '.');
    long whole = dot ? dot - digits : (long)strlen(digits);
    long keep = whole + exponent + 2; // digits that make pence
    int64_t pence = 0;
    long seen = 0;
    bool rest = false, up = false;
    for (const char *p = digits; *p; p++) {
        if (*p == '.') {
            continue;
        }
        int d = *p - '0';
        if (seen < keep) {
            pence = pence * 10 + d;
            if (pence > AMOUNT_MAX_PENCE) {
                return AMOUNT_TOO_LARGE;
            }
        } else {
            up |= seen == keep && d >= 5;
            rest |= d != 0;
        }
        seen++;
    }
    for (; seen < keep && pence != 0; seen++) {
        pence *= 10;
        if (pence > AMOUNT_MAX_PENCE) {
            return AMOUNT_TOO_LARGE;
        }
    }
    *ret = pence + up;
    *how |= rest ? AMOUNT_WAS_ROUNDED : 0;
    return *ret > AMOUNT_MAX_PENCE ? AMOUNT_TOO_LARGE : AMOUNT_OK;
}

static enum spend_amount why_not(const struct scan *s) {
    static const char *const currencies[] = {"EUR", "USD", "AUD", "CAD", "CHF", "JPY", "NOK", "SEK", "DKK"};
    bool digits = strpbrk(s->text, "0123456789") != NULL;
    if (s->text[0] == '#' || (s->n > 1 && s->text[s->n - 1] == '#')) {
        return AMOUNT_BROKEN;
    }
    for (size_t i = 0; digits && i < CELL_COUNT(currencies); i++) {
        if (strstr(s->text, currencies[i])) {
            return AMOUNT_FOREIGN;
        }
    }
    return s->foreign ? AMOUNT_FOREIGN : AMOUNT_TEXT;
}

static void upper(struct scan *s) {
    for (size_t i = 0; i < s->n; i++) {
        if (s->text[i] >= 'a' && s->text[i] <= 'z') {
            s->text[i] = (char)(s->text[i] - 'a' + 'A');
        }
    }
}

static void swap_signs(struct scan *s) {
    for (size_t i = 0; i < s->n; i++) {
        char c = s->text[i];
        s->text[i] = c == ',' ? '.' : c == '.' ? ',' : c;
    }
}

enum spend_amount spend_amount_read(const char *text, int64_t *ret_pence, unsigned *ret_how) {
    return spend_amount_read_as(text, DECIMAL_POINT, ret_pence, ret_how);
}

enum spend_amount spend_amount_read_as(const char *text, enum spend_decimal decimal, int64_t *ret_pence,
                                       unsigned *ret_how) {
    struct scan s = {.n = 0};
    char digits[MOST + 1];
    unsigned how = 0;
    int64_t pence = 0;
    enum spend_amount a = simplify(text, &s);
    if (a == AMOUNT_BLANK && s.pound) {
        return AMOUNT_TEXT;
    }
    if (a != AMOUNT_OK) {
        return a;
    }
    upper(&s);
    // "£ -", "-", " -   ", "- -": an empty amount in an accountant's number format.
    if (strspn(s.text, "- ") == s.n) {
        *ret_pence = 0;
        *ret_how = 0;
        return AMOUNT_OK;
    }
    if (decimal == DECIMAL_COMMA) {
        swap_signs(&s);
    }
    struct scan whole = s;
    take_front(&s, "?"); // the pound sign of a system that had no letter for it
    take_front(&s, "="); // a formula that is only a number
    if (!unwrap(&s) || s.n == 0 || !take_exponent(&s) || !take_digits(&s, digits, &how)) {
        return why_not(&whole);
    }
    if (s.shortened) {
        return AMOUNT_SHORTENED;
    }
    a = to_pence(digits, s.exponent, &pence, &how);
    if (s.exponent != 0) {
        how = (how & ~(unsigned)AMOUNT_UNSURE) | AMOUNT_SURE;
    }
    if (a == AMOUNT_OK) {
        *ret_pence = s.negative ? -pence : pence;
        *ret_how = how;
    }
    return a;
}

// Digits, in groups of three behind the first comma; false for anything the careful way has to look at.
static bool quick_pounds(const char **at, const char *end, int64_t *ret, unsigned *how) {
    enum { MOST_DIGITS = 11 }; // below AMOUNT_MAX_PENCE whatever they are
    const char *p = *at;
    int64_t v = 0;
    while (p < end && (unsigned)(*p - '0') < 10) {
        v = v * 10 + (*p++ - '0');
        if (p - *at > MOST_DIGITS) {
            return false;
        }
    }
    size_t digits = (size_t)(p - *at);
    *how = p < end && *p == ',' ? AMOUNT_SURE : digits > 3 ? AMOUNT_LONG : 0;
    if (digits == 0 || (p < end && *p == ',' && digits > 3)) {
        return false;
    }
    while (p < end && *p == ',') {
        if (end - p < 4 || digits + 3 > MOST_DIGITS) {
            return false;
        }
        for (int i = 1; i <= 3; i++) {
            if ((unsigned)(p[i] - '0') >= 10) {
                return false;
            }
            v = v * 10 + (p[i] - '0');
        }
        p += 4;
        digits += 3;
    }
    *at = p;
    *ret = v;
    return true;
}

// The point and the digits behind it; more than two are rounded half away from zero.
static bool quick_pence(const char *p, const char *end, int64_t *pence, unsigned *how) {
    enum { LONGEST = 32 };
    unsigned rest = 0;
    bool three = end - p == 4 && *pence != 0; // 0.500 is no thousand
    if (end - p < 2 || end - p > LONGEST || *p != '.') {
        return false;
    }
    for (const char *d = p + 1; d < end; d++) {
        unsigned digit = (unsigned)(*d - '0');
        if (digit >= 10) {
            return false;
        }
        switch (d - p) {
        case 1:
            *pence += digit * 10;
            break;
        case 2:
            *pence += digit;
            break;
        case 3:
            *pence += digit >= 5;
            rest |= digit;
            break;
        default:
            rest |= digit;
        }
    }
    *how = !three || *how == AMOUNT_SURE ? AMOUNT_SURE : *how ? *how : AMOUNT_UNSURE;
    *how |= rest ? AMOUNT_WAS_ROUNDED : 0;
    return true;
}

bool spend_amount_quick(const char *text, size_t n, int64_t *ret_pence, unsigned *ret_how) {
    const char *p = text, *end = text + n;
    int64_t v;
    unsigned how = 0;
    while (p < end && *p == ' ') {
        p++;
    }
    while (p < end && end[-1] == ' ') {
        end--;
    }
    bool below = p < end && *p == '-';
    p += below;
    if (end - p > 2 && (unsigned char)p[0] == 0xC2 && (unsigned char)p[1] == 0xA3) {
        p += 2;
    }
    if (!quick_pounds(&p, end, &v, &how)) {
        return false;
    }
    v *= 100;
    if (p < end && !quick_pence(p, end, &v, &how)) {
        return false;
    }
    *ret_pence = below ? -v : v;
    *ret_how = how;
    return true;
}
