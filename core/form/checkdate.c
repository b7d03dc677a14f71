// SPDX-License-Identifier: Apache-2.0
// Dates of forms.
#include "form/checkdate.h"

#include "base/day.h"
#include "base/text.h"
#include "form/sentence.h"

#include <string.h>

static const char *const part_names[] = {"day", "month", "year"};

static bool parse_digits(const char *s, size_t least, size_t most, int *ret) {
    size_t n = strlen(s);
    if (n < least || n > most || strspn(s, "0123456789") != n) {
        return false;
    }
    *ret = 0;
    for (; *s; s++) {
        *ret = *ret * 10 + (*s - '0');
    }
    return true;
}

static bool parse_month(struct arena *a, const char *s, int *ret) {
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    if (parse_digits(s, 1, 2, ret)) {
        return true;
    }
    char *low = arena_strdup(a, s);
    text_lower(low);
    size_t n = strlen(low);
    for (int i = 0; i < 12; i++) {
        if (n >= 3 && strncmp(names[i], low, n) == 0) {
            *ret = i + 1;
            return true;
        }
    }
    return false;
}

static bool missing_parts(struct arena *a, const struct field_spec *spec, struct field_state *st) {
    const char *names[3];
    size_t n = 0;
    for (unsigned i = 0; i < 3; i++) {
        if (!st->shown[i][0]) {
            names[n++] = part_names[i];
            st->wrong_parts |= 1u << i;
        }
    }
    if (n == 0) {
        return false;
    }
    st->error = n == 1 ? sentence_make(a, SENTENCE_DATE_NEEDS, spec, names[0], NULL)
                       : sentence_make(a, SENTENCE_DATE_NEEDS_TWO, spec, names[0], names[1]);
    return true;
}

static void check_limits(struct arena *a, const struct field_spec *spec, struct field_state *st) {
    if (st->number >= spec->min && st->number <= spec->max) {
        return;
    }
    char low[DAY_TEXT_BYTES] = "", high[DAY_TEXT_BYTES] = "";
    bool has_low = spec->min > INT32_MIN, has_high = spec->max < INT32_MAX;
    if (has_low) {
        day_words((int32_t)spec->min, low);
    }
    if (has_high) {
        day_words((int32_t)spec->max, high);
    }
    enum sentence id = has_low && has_high ? SENTENCE_OUT_DATE_BETWEEN
                       : has_low           ? SENTENCE_OUT_DATE_BELOW
                                           : SENTENCE_OUT_DATE_ABOVE;
    st->error = spec->when_outside ? spec->when_outside : sentence_make(a, id, spec, low, high);
    st->wrong_parts = 7;
    st->has_number = false;
}

void check_date(struct arena *a, const struct field_spec *spec, struct field_state *st) {
    if (missing_parts(a, spec, st)) {
        return;
    }
    int day = 0, month = 0, year = 0;
    unsigned wrong = 0;
    wrong |= parse_digits(st->shown[0], 1, 2, &day) && day >= 1 && day <= 31 ? 0u : 1u;
    wrong |= parse_month(a, st->shown[1], &month) && month >= 1 && month <= 12 ? 0u : 2u;
    wrong |= parse_digits(st->shown[2], 4, 4, &year) && year >= 1800 ? 0u : 4u;
    int32_t found;
    if (wrong || !day_from_civil(year, month, day, &found)) {
        st->error =
            spec->when_wrong ? spec->when_wrong : sentence_make(a, SENTENCE_WRONG_DATE, spec, NULL, NULL);
        st->wrong_parts = wrong ? wrong : 7;
        return;
    }
    char iso[DAY_TEXT_BYTES];
    day_iso(found, iso);
    st->text = arena_strdup(a, iso);
    st->number = found;
    st->has_number = true;
    check_limits(a, spec, st);
}
