// SPDX-License-Identifier: Apache-2.0
// Numbers of workbooks as text: amounts as plain decimals, days as ISO dates, by the format of the cell.
#include "sheet/book/number.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/day.h"

struct number_format number_format_builtin(unsigned id) {
    static const struct {
        unsigned from, to;
        enum number_kind kind;
    } known[] = {
        {14, 17, NUMBER_DATE}, {18, 21, NUMBER_TIME}, {22, 22, NUMBER_DATE_TIME}, {27, 31, NUMBER_DATE},
        {32, 33, NUMBER_TIME}, {34, 36, NUMBER_DATE}, {45, 47, NUMBER_TIME},      {50, 58, NUMBER_DATE},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (id >= known[i].from && id <= known[i].to) {
            return (struct number_format){.kind = known[i].kind};
        }
    }
    return (struct number_format){.kind = NUMBER_PLAIN};
}

// Passes over one thing of a format code that shows nothing of the number itself: quoted and escaped text,
// padding, colours and conditions. An elapsed time ("[h]") is one that does.
static const char *skip_silent(const char *p) {
    if (*p == '"') {
        const char *end = strchr(p + 1, '"');
        return end ? end + 1 : p + strlen(p);
    }
    if ((*p == '\\' || *p == '_' || *p == '*') && p[1]) {
        return p + 2;
    }
    if (*p == '[' && !strchr("hHmMsS", p[1])) {
        const char *end = strchr(p, ']');
        return end ? end + 1 : p + strlen(p);
    }
    if (strncasecmp(p, "AM/PM", 5) == 0) {
        return p + 5;
    }
    return strncasecmp(p, "A/P", 3) == 0 ? p + 3 : NULL;
}

struct number_format number_format_code(const char *code) {
    bool day = false, month = false, clock = false;
    if (strcasecmp(code, "General") == 0) {
        return (struct number_format){.kind = NUMBER_PLAIN};
    }
    size_t zeros = strspn(code, "0");
    if (zeros > 1 && code[zeros] == 0 && zeros < 24) {
        return (struct number_format){.kind = NUMBER_ZEROS, .zeros = (unsigned)zeros};
    }
    for (const char *p = code; *p && *p != ';';) {
        const char *after = skip_silent(p);
        if (after) {
            p = after;
            continue;
        }
        int c = tolower((unsigned char)*p++);
        day |= c == 'd' || c == 'y';
        month |= c == 'm';
        clock |= c == 'h' || c == 's';
    }
    bool date = day || (month && !clock);
    return (struct number_format){.kind = date && clock ? NUMBER_DATE_TIME
                                          : date        ? NUMBER_DATE
                                          : clock       ? NUMBER_TIME
                                                        : NUMBER_PLAIN};
}

// ---- amounts ------------------------------------------------------------------------------------------

static size_t copy(const char *text, size_t n, char out[NUMBER_BYTES]) {
    n = n < NUMBER_BYTES - 1 ? n : NUMBER_BYTES - 1;
    memcpy(out, text, n);
    out[n] = 0;
    return n;
}

// Plain decimals of few digits are already the shortest.
static bool is_short_decimal(const char *p, size_t n) {
    size_t digits = 0, dots = 0;
    for (size_t i = 0; i < n; i++) {
        digits += p[i] >= '0' && p[i] <= '9';
        dots += p[i] == '.';
        if (!(p[i] >= '0' && p[i] <= '9') && p[i] != '.' && !(i == 0 && p[i] == '-')) {
            return false;
        }
    }
    return digits > 0 && digits <= 15 && dots <= 1 && p[n - 1] != '.';
}

static bool read_number(const char *digits, size_t n, double *ret) {
    char text[NUMBER_BYTES], *end = NULL;
    if (n == 0 || n >= sizeof text) {
        return false;
    }
    copy(digits, n, text); // which has an end; what was given need not
    if (strspn(text, "+-.0123456789eE") < n) {
        return false;
    }
    *ret = strtod(text, &end);
    return end == text + n && isfinite(*ret);
}

// "1.2345e+03" without its exponent: "1234.5".
static size_t write_out(const char *text, char out[NUMBER_BYTES]) {
    const char *e = strchr(text, 'e');
    long shift = e ? strtol(e + 1, NULL, 10) : 0;
    if (!e || shift > 20 || shift < -20) {
        return copy(text, strlen(text), out);
    }
    char digits[NUMBER_BYTES];
    long count = 0;
    size_t at = 0;
    for (const char *p = text; p < e; p++) {
        if (*p >= '0' && *p <= '9') {
            digits[count++] = *p;
        }
    }
    if (text[0] == '-') {
        out[at++] = '-';
    }
    // The point stands behind the first digit, moved by shift.
    for (long i = shift < 0 ? shift : 0; i <= shift || i < count; i++) {
        if (i == shift + 1) {
            out[at++] = '.';
        }
        out[at++] = i >= 0 && i < count ? digits[i] : '0';
    }
    out[at] = 0;
    return at;
}

size_t number_text(const char *digits, size_t n, char out[NUMBER_BYTES]) {
    double value;
    if (is_short_decimal(digits, n) || !read_number(digits, n, &value)) {
        return copy(digits, n, out);
    }
    char text[NUMBER_BYTES];
    for (int precision = 14; precision <= 16; precision++) { // digits behind the first
        snprintf(text, sizeof text, "%.*e", precision, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    // Zeros at the end of the fraction say nothing.
    char *e = strchr(text, 'e'), *last = e;
    while (last > text && last[-1] == '0') {
        last--;
    }
    last -= last > text && last[-1] == '.';
    memmove(last, e, strlen(e) + 1);
    return write_out(text, out);
}

size_t number_zeros(const char *digits, size_t n, unsigned zeros, char out[NUMBER_BYTES]) {
    size_t got = number_text(digits, n, out);
    if (strspn(out, "0123456789") != got || got >= zeros || zeros >= NUMBER_BYTES) {
        return got;
    }
    memmove(out + zeros - got, out, got + 1);
    memset(out, '0', zeros - got);
    return zeros;
}

// ---- days ---------------------------------------------------------------------------------------------

enum { EPOCH_1900 = 25569, SHIFT_1904 = 1462, LAST_SERIAL = 2958465, DAY_SECONDS = 86400 };

static size_t write_time(int64_t seconds, char *out, size_t cap) {
    int n = snprintf(out, cap, "%02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
                     (int)(seconds % 60));
    return n > 0 ? (size_t)n : 0;
}

size_t number_date(const char *digits, size_t n, struct number_format f, bool from_1904,
                   char out[NUMBER_BYTES]) {
    double value;
    if (!read_number(digits, n, &value)) {
        return 0;
    }
    // A part of a day under a format of hours is no day in either.
    value += from_1904 && (value >= 1 || f.kind == NUMBER_DATE) ? SHIFT_1904 : 0;
    if (!(value >= 0 && value < LAST_SERIAL + 1.0)) {
        return number_text(digits, n, out);
    }
    int64_t seconds = (int64_t)(value * DAY_SECONDS + 0.5), serial = seconds / DAY_SECONDS;
    seconds %= DAY_SECONDS;
    if (serial == 0) { // no day but an hour
        return f.kind == NUMBER_DATE ? number_text(digits, n, out) : write_time(seconds, out, NUMBER_BYTES);
    }
    struct civil day;
    // Excel counts a 29 February 1900 that never was (18.17.4.1).
    civil_from_day((int32_t)(serial - EPOCH_1900 + (serial < 60)), &day);
    int at = snprintf(out, NUMBER_BYTES, "%04d-%02d-%02d", day.year, day.month, day.day);
    size_t used = at > 0 ? (size_t)at : 0;
    if (f.kind != NUMBER_DATE && seconds > 0) {
        out[used++] = ' ';
        used += write_time(seconds, out + used, NUMBER_BYTES - used);
    }
    return used;
}

size_t number_iso_date(const char *text, size_t n, char out[NUMBER_BYTES]) {
    size_t used = copy(text, n, out);
    char *t = strchr(out, 'T');
    if (!t) {
        return used;
    }
    if (strncmp(t, "T00:00:00", 9) == 0) {
        *t = 0;
        return (size_t)(t - out);
    }
    *t = ' ';
    char *fraction = strchr(t, '.');
    if (fraction) {
        *fraction = 0;
    }
    return strlen(out);
}

// Digits and the letter behind them, "14H"; moves on.
static bool take_part(const char **p, char letter, int64_t *ret) {
    char *end = NULL;
    if (**p < '0' || **p > '9') {
        return false;
    }
    long v = strtol(*p, &end, 10);
    if (*end != letter || v < 0 || v > 9999) {
        return false;
    }
    *p = end + 1;
    *ret = v;
    return true;
}

size_t number_iso_time(const char *text, size_t n, char out[NUMBER_BYTES]) {
    char own[NUMBER_BYTES];
    int64_t hours = 0, minutes = 0, seconds = 0;
    copy(text, n, own);
    char *fraction = strpbrk(own, ".,"); // of the seconds
    if (fraction) {
        memcpy(fraction, "S", 2);
    }
    const char *p = own + 2;
    if (strncmp(own, "PT", 2) != 0 || !take_part(&p, 'H', &hours) || !take_part(&p, 'M', &minutes) ||
        !take_part(&p, 'S', &seconds)) {
        return copy(text, n, out);
    }
    return write_time(hours * 3600 + minutes * 60 + seconds, out, NUMBER_BYTES);
}
