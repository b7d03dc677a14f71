// SPDX-License-Identifier: Apache-2.0
// Checks of single values of forms.
#include "form/check.h"

#include "base/money.h"
#include "base/text.h"
#include "form/checkdate.h"
#include "form/percent.h"
#include "form/sentence.h"

#include <inttypes.h>
#include <string.h>

static size_t blank_at(const char *s) {
    if ((unsigned char)*s <= ' ' && *s) {
        return 1;
    }
    static const char *const wide[] = {"\xC2\xA0", "\xE2\x80\x8B", "\xE2\x80\xAF", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        if (text_starts(s, wide[i])) {
            return strlen(wide[i]);
        }
    }
    return 0;
}

const char *check_trimmed(struct arena *a, const char *s) {
    for (size_t n = blank_at(s); n > 0; n = blank_at(s)) {
        s += n;
    }
    const char *end = s;
    for (const char *p = s; *p;) {
        size_t n = blank_at(p);
        p += n ? n : 1;
        end = n ? end : p;
    }
    return arena_strndup(a, s, (size_t)(end - s));
}

bool check_has_hidden(const char *s, bool lines) {
    for (const unsigned char *p = (const unsigned char *)s; *p; p++) {
        bool line = *p == '\n' || *p == '\t';
        if ((*p < 0x20 && !(line && lines)) || *p == 0x7f) {
            return true;
        }
        if (*p == 0xC2 && p[1] >= 0x80 && p[1] <= 0x9F) {
            return true;
        }
        // U+2028..U+202E and U+2066..U+2069
        if (*p == 0xE2 && ((p[1] == 0x80 && p[2] >= 0xA8 && p[2] <= 0xAE) ||
                           (p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9))) {
            return true;
        }
    }
    return false;
}

static bool domain_ok(const char *s) {
    bool dot = false;
    size_t label = 0;
    for (const char *p = s;; p++) {
        if (*p == '.' || *p == 0) {
            if (label == 0 || label > 63 || p[-1] == '-') {
                return false;
            }
            label = 0;
            if (*p == 0) {
                return dot;
            }
            dot = true;
            continue;
        }
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9');
        if (!letter && !(*p == '-' && label > 0)) {
            return false;
        }
        label++;
    }
}

bool check_email(const char *s) {
    const char *at = strchr(s, '@');
    size_t local = at ? (size_t)(at - s) : 0;
    if (!at || local == 0 || local > 64 || strlen(s) > 254 || s[0] == '.' || at[-1] == '.') {
        return false;
    }
    for (size_t i = 0; i < local; i++) {
        bool letter =
            (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') || (s[i] >= '0' && s[i] <= '9');
        if ((!letter && !strchr(".!#$%&'*+/=?^_`{|}~-", s[i])) || (s[i] == '.' && s[i + 1] == '.')) {
            return false;
        }
    }
    return domain_ok(at + 1);
}

static bool half_of_day(const char *s, bool *ret_pm) {
    *ret_pm = *s == 'p' || *s == 'P';
    return text_equal_nocase(s, "am") || text_equal_nocase(s, "pm") || text_equal_nocase(s, "a.m.") ||
           text_equal_nocase(s, "p.m.");
}

static const char *digits_at(const char *s, int most, int *ret, int *ret_n) {
    *ret = 0;
    *ret_n = 0;
    while (*ret_n < most && *s >= '0' && *s <= '9') {
        *ret = *ret * 10 + (*s++ - '0');
        ++*ret_n;
    }
    return s;
}

bool check_time(const char *s, int *ret_minutes) {
    if (text_equal_nocase(s, "midday") || text_equal_nocase(s, "noon") || text_equal_nocase(s, "midnight")) {
        *ret_minutes = text_equal_nocase(s, "midnight") ? 0 : 12 * 60;
        return true;
    }
    int hour, minute = 0, n, minute_n = 0;
    s = digits_at(s, 4, &hour, &n);
    if (n == 4) {
        minute = hour % 100;
        hour /= 100;
        minute_n = 2;
    } else if (n == 1 || n == 2) {
        if (*s == ':' || *s == '.') {
            s = digits_at(s + 1, 2, &minute, &minute_n);
            if (minute_n != 2) {
                return false;
            }
        }
    } else {
        return false;
    }
    while (*s == ' ') {
        s++;
    }
    bool pm = false;
    if (*s == 0 ? minute_n == 0 : !half_of_day(s, &pm)) {
        return false; // a bare "9" could be morning or evening
    }
    if (*s) {
        if (hour < 1 || hour > 12) {
            return false;
        }
        hour = hour % 12 + (pm ? 12 : 0);
    }
    if (hour > 23 || minute > 59) {
        return false;
    }
    *ret_minutes = hour * 60 + minute;
    return true;
}

static void set_error(struct arena *a, const struct field_spec *spec, struct field_state *st, const char *own,
                      enum sentence id) {
    st->error = own ? own : sentence_make(a, id, spec, NULL, NULL);
}

// True when the text has a length that is allowed; sets the error when not.
static bool length_ok(struct arena *a, const struct field_spec *spec, struct field_state *st, bool has_min) {
    size_t n = utf8_count(st->text);
    if (n > spec->max_chars) {
        st->error = spec->when_long
                        ? spec->when_long
                        : sentence_make(a, SENTENCE_TOO_LONG, spec, arena_i64(a, (int64_t)spec->max_chars),
                                        arena_i64(a, (int64_t)n));
        return false;
    }
    if (has_min && (int64_t)n < spec->min) {
        st->error = spec->when_outside
                        ? spec->when_outside
                        : sentence_make(a, SENTENCE_TOO_SHORT, spec, arena_i64(a, spec->min), NULL);
        return false;
    }
    return true;
}

static const char *limit_words(struct arena *a, const struct field_spec *spec, int64_t v) {
    char money[MONEY_TEXT_BYTES], percent[PERCENT_TEXT_BYTES];
    if (spec->type == FIELD_MONEY) {
        money_format(v, money);
        return arena_strdup(a, money);
    }
    if (spec->type == FIELD_PERCENT) {
        percent_format_plain(v, percent);
        return arena_printf(a, "%s%%", percent);
    }
    return arena_i64(a, v);
}

static void check_range(struct arena *a, const struct field_spec *spec, struct field_state *st) {
    if (st->number >= spec->min && st->number <= spec->max) {
        return;
    }
    bool open_top = spec->max >= (spec->type == FIELD_MONEY     ? MONEY_MAX_PENCE
                                  : spec->type == FIELD_PERCENT ? PERCENT_MAX_BP
                                                                : INT64_C(999999999999));
    bool open_bottom = spec->min <= 0 && st->number > spec->max;
    enum sentence id = open_top && st->number < spec->min ? SENTENCE_OUT_BELOW
                       : open_bottom                      ? SENTENCE_OUT_ABOVE
                                                          : SENTENCE_OUT_BETWEEN;
    st->error = spec->when_outside ? spec->when_outside
                                   : sentence_make(a, id, spec, limit_words(a, spec, spec->min),
                                                   limit_words(a, spec, spec->max));
    st->has_number = false;
}

// "1,234" and "1 234"; separators stand between digits only.
static bool parse_whole(const char *s, int64_t *ret) {
    bool minus = *s == '-';
    int64_t v = 0;
    size_t digits = 0;
    for (s += minus; *s; s++) {
        if (*s >= '0' && *s <= '9') {
            if (v > INT64_C(99999999999999)) {
                return false;
            }
            v = v * 10 + (*s - '0');
            digits++;
        } else if (!((*s == ',' || *s == ' ') && digits > 0 && s[1] >= '0' && s[1] <= '9')) {
            return false;
        }
    }
    *ret = minus ? -v : v;
    return digits > 0;
}

static void check_number(struct arena *a, const struct field_spec *spec, struct field_state *st) {
    bool money = spec->type == FIELD_MONEY;
    if (money ? !money_parse(st->text, &st->number) : !parse_whole(st->text, &st->number)) {
        set_error(a, spec, st, spec->when_wrong, money ? SENTENCE_WRONG_MONEY : SENTENCE_WRONG_NUMBER);
        return;
    }
    st->has_number = true;
    if (money) {
        char plain[MONEY_TEXT_BYTES];
        money_format_plain(st->number, plain);
        st->text = arena_strdup(a, plain);
    } else {
        st->text = arena_i64(a, st->number);
    }
    check_range(a, spec, st);
}

static void check_percent(struct arena *a, const struct field_spec *spec, struct field_state *st) {
    char plain[PERCENT_TEXT_BYTES];
    if (!percent_parse(st->text, &st->number)) {
        set_error(a, spec, st, spec->when_wrong, SENTENCE_WRONG_PERCENT);
        return;
    }
    st->has_number = true;
    percent_format_plain(st->number, plain);
    st->text = arena_strdup(a, plain);
    check_range(a, spec, st);
}

static void check_clock(struct arena *a, const struct field_spec *spec, struct field_state *st) {
    int minutes;
    if (!check_time(st->text, &minutes)) {
        set_error(a, spec, st, spec->when_wrong, SENTENCE_WRONG_TIME);
        return;
    }
    st->number = minutes;
    st->has_number = true;
    st->text = arena_printf(a, "%02d:%02d", minutes / 60, minutes % 60);
}

static void check_typed(struct arena *a, const struct field_spec *spec, struct field_state *st) {
    char tidy[POSTCODE_BYTES];
    bool lines = spec->type == FIELD_AREA;
    if (check_has_hidden(st->text, lines)) {
        set_error(a, spec, st, NULL, SENTENCE_HIDDEN_CHARACTERS);
        return;
    }
    bool has_min = spec->type == FIELD_TEXT || spec->type == FIELD_AREA || spec->type == FIELD_PASSWORD;
    if (!length_ok(a, spec, st, has_min)) {
        return;
    }
    switch (spec->type) {
    case FIELD_EMAIL:
        if (!check_email(st->text)) {
            set_error(a, spec, st, spec->when_wrong, SENTENCE_WRONG_EMAIL);
        }
        break;
    case FIELD_POSTCODE:
        if (!postcode_tidy(st->text, tidy)) {
            set_error(a, spec, st, spec->when_wrong, SENTENCE_WRONG_POSTCODE);
            break;
        }
        st->text = arena_strdup(a, tidy);
        break;
    case FIELD_MONEY:
    case FIELD_NUMBER:
        check_number(a, spec, st);
        break;
    case FIELD_PERCENT:
        check_percent(a, spec, st);
        break;
    case FIELD_TIME:
        check_clock(a, spec, st);
        break;
    default:
        break;
    }
}

static bool offered(const char *value, const struct field_option *options, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(options[i].value, value) == 0) {
            return true;
        }
    }
    return false;
}

void check_choices(struct arena *a, const struct field_spec *spec, struct field_state *st,
                   const struct field_option *options, size_t n) {
    bool ok = spec->type == FIELD_CHECKS || !st->text[0] || offered(st->text, options, n);
    for (size_t i = 0; i < st->choice_count; i++) {
        ok = ok && offered(st->choices[i], options, n);
    }
    st->unchecked = false;
    if (!ok) {
        st->text = "";
        st->choice_count = 0;
        if (!st->error) {
            set_error(a, spec, st, spec->when_wrong, SENTENCE_WRONG_CHOICE);
        }
    }
}

static bool ends_with(const char *s, const char *end, size_t n) {
    size_t len = strlen(s);
    char tail[16];
    if (n == 0 || n >= sizeof tail || len < n) {
        return false;
    }
    memcpy(tail, end, n);
    tail[n] = 0;
    return text_equal_nocase(s + len - n, tail);
}

static bool kind_accepted(const char *accept, const char *file_name) {
    for (const char *p = accept; p && *p;) {
        p += strspn(p, ", ");
        size_t n = strcspn(p, ", ");
        if (ends_with(file_name, p, n)) {
            return true;
        }
        p += n;
    }
    return !accept;
}

static void check_file(struct arena *a, const struct field_spec *spec, struct field_state *st) {
    const struct form_upload *u = st->upload;
    if (u->size == 0) {
        set_error(a, spec, st, NULL, SENTENCE_FILE_EMPTY);
    } else if (u->size > spec->max) {
        const char *most = spec->max >= 1 << 20 ? arena_printf(a, "%" PRId64 " MB", spec->max >> 20)
                                                : arena_printf(a, "%" PRId64 " KB", spec->max >> 10);
        st->error =
            spec->when_long ? spec->when_long : sentence_make(a, SENTENCE_FILE_TOO_BIG, spec, NULL, most);
    } else if (!kind_accepted(spec->accept, u->file_name)) {
        st->error = spec->when_wrong ? spec->when_wrong
                                     : sentence_make(a, SENTENCE_FILE_KIND, spec, spec->accept, NULL);
    }
    if (st->error) {
        st->upload = NULL;
    }
}

static bool is_empty(const struct field_spec *spec, const struct field_state *st) {
    switch (spec->type) {
    case FIELD_FILE:
        return !st->upload;
    case FIELD_CHECKS:
        return st->choice_count == 0;
    case FIELD_DATE:
        return !st->shown[0][0] && !st->shown[1][0] && !st->shown[2][0];
    default:
        return !st->text[0];
    }
}

void check_field(struct arena *a, const struct field_spec *spec, struct field_state *st) {
    if (is_empty(spec, st)) {
        if (spec->required) {
            st->error = sentence_empty(a, spec);
            st->wrong_parts = 7;
        }
        return;
    }
    switch (spec->type) {
    case FIELD_DATE:
        check_date(a, spec, st);
        break;
    case FIELD_FILE:
        check_file(a, spec, st);
        break;
    case FIELD_TICK:
        st->number = 1;
        st->has_number = true;
        st->text = "yes";
        break;
    case FIELD_RADIO:
    case FIELD_SELECT:
    case FIELD_CHECKS:
        if (spec->option_count > 0) {
            check_choices(a, spec, st, spec->options, spec->option_count);
        } else {
            st->unchecked = true;
        }
        break;
    default:
        check_typed(a, spec, st);
        break;
    }
}
