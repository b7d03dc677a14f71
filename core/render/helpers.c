// SPDX-License-Identifier: Apache-2.0
// Template helpers.
#include "render/helpers.h"

#include "base/day.h"
#include "base/money.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t magnitude(int64_t v) {
    return v < 0 ? (uint64_t)(-(v + 1)) + 1 : (uint64_t)v;
}

static void put_grouped(bool minus, uint64_t v, char *out) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, v);
    size_t o = 0;
    if (minus) {
        out[o++] = '-';
    }
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0) {
            out[o++] = ',';
        }
        out[o++] = digits[i];
    }
    out[o] = 0;
}

void count_format(int64_t n, char *out) {
    put_grouped(n < 0, magnitude(n), out);
}

void percent_format(int64_t basis_points, char *out) {
    uint64_t tenths = (magnitude(basis_points) + 5) / 10;
    put_grouped(basis_points < 0 && tenths > 0, tenths / 10, out);
    size_t n = strlen(out);
    snprintf(out + n, 32 - n, ".%d%%", (int)(tenths % 10));
}

void lines_write(struct strb *out, const char *text) {
    bool in = false;
    size_t blank_lines = 0;
    while (*text) {
        size_t n = strcspn(text, "\r\n");
        bool empty = strspn(text, " \t") >= n;
        if (empty) {
            blank_lines++;
        } else {
            if (in) {
                strb_puts(out, blank_lines ? "</p>\n" : "<br>\n");
            }
            if (!in || blank_lines) {
                strb_puts(out, "<p class=\"govuk-body\">");
            }
            escape_put(out, ESCAPE_TEXT, text, n);
            in = true;
            blank_lines = 0;
        }
        text += n;
        if (*text == '\r') {
            text++;
        }
        if (*text == '\n') {
            text++;
        }
    }
    if (in) {
        strb_puts(out, "</p>\n");
    }
}

static bool number_of(const struct value *v, int64_t *ret) {
    if (v->kind == VALUE_I64) {
        *ret = v->number;
        return true;
    }
    if (v->kind != VALUE_TEXT || !(v->text[0] == '-' || (v->text[0] >= '0' && v->text[0] <= '9'))) {
        return false;
    }
    char *end;
    errno = 0;
    long long n = strtoll(v->text, &end, 10);
    if (errno || *end || end == v->text) {
        return false;
    }
    *ret = n;
    return true;
}

static bool write_number(struct strb *out, enum helper helper, enum escape place, const struct value *v) {
    int64_t n;
    if (!number_of(v, &n)) {
        return false;
    }
    char words[MONEY_TEXT_BYTES];
    switch (helper) {
    case HELPER_MONEY:
        money_format(n, words);
        break;
    case HELPER_POUNDS:
        money_format_pounds(n, words);
        break;
    case HELPER_SHORT:
        money_format_short(n, words);
        break;
    case HELPER_PLAIN:
        money_format_plain(n, words);
        break;
    case HELPER_PERCENT:
        percent_format(n, words);
        break;
    default:
        count_format(n, words);
        break;
    }
    escape_put(out, place, words, strlen(words));
    return true;
}

static bool write_date(struct strb *out, enum helper helper, enum escape place, const struct value *v) {
    char words[STAMP_TEXT_BYTES];
    int32_t day;
    int64_t usec;
    if (v->kind != VALUE_TEXT) {
        return false;
    }
    if (helper == HELPER_WHEN) {
        if (!stamp_parse(v->text, &usec)) {
            return false;
        }
        stamp_words(usec, words);
    } else {
        if (!day_parse(v->text, &day)) {
            return false;
        }
        // A stamp names the day that it is in the United Kingdom, which can be the next one in summer.
        day_words(stamp_parse(v->text, &usec) ? london_day(usec) : day, words);
    }
    escape_put(out, place, words, strlen(words));
    return true;
}

static bool write_plain(struct strb *out, enum escape place, const struct value *v) {
    char digits[24];
    switch (v->kind) {
    case VALUE_TEXT:
        escape_put(out, place, v->text, v->length);
        return true;
    case VALUE_I64:
        snprintf(digits, sizeof digits, "%" PRId64, v->number);
        escape_put(out, place, digits, strlen(digits));
        return true;
    case VALUE_BOOL:
    case VALUE_HTML:
    case VALUE_LIST:
        break;
    }
    return false;
}

bool helper_write(struct strb *out, enum helper helper, enum escape place, const struct value *v) {
    bool ok = false;
    switch (helper) {
    case HELPER_NONE:
        return write_plain(out, place, v);
    case HELPER_HTML:
        if (v->kind == VALUE_HTML && v->html) {
            strb_put(out, v->html->bytes, v->html->n);
        }
        return v->kind == VALUE_HTML;
    case HELPER_LINES:
        if (v->kind == VALUE_TEXT) {
            lines_write(out, v->text);
        }
        return v->kind == VALUE_TEXT;
    case HELPER_DAY:
    case HELPER_WHEN:
        ok = v->kind == VALUE_TEXT && v->length == 0 ? true : write_date(out, helper, place, v);
        break;
    case HELPER_MONEY:
    case HELPER_POUNDS:
    case HELPER_SHORT:
    case HELPER_PLAIN:
    case HELPER_PERCENT:
    case HELPER_COUNT:
        ok = v->kind == VALUE_TEXT && v->length == 0 ? true : write_number(out, helper, place, v);
        break;
    }
    if (!ok) {
        write_plain(out, place, v);
    }
    return ok;
}
