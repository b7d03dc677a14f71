// SPDX-License-Identifier: Apache-2.0
// Reads form descriptions: one "key value" a line (format: core/form/README.md).
#include "base/day.h"
#include "base/money.h"
#include "base/text.h"
#include "form/form.h"
#include "form/percent.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMS_MAX   400
#define FIELDS_MAX  100
#define OPTIONS_MAX 300

struct form_specs {
    struct arena *arena;
    struct form_spec forms[FORMS_MAX];
    size_t count;
};

struct reader {
    struct form_specs *s;
    const char *file;
    unsigned line;
    struct field_spec fields[FIELDS_MAX];
    struct field_option options[OPTIONS_MAX];
    unsigned field_lines[FIELDS_MAX];
    size_t field_count, option_count;
    const char *form; // NULL before the first
    bool fresh;       // nothing was said about the field yet
    char *why;
    size_t why_cap;
};

static const char *const type_words[] = {"text",   "email", "password", "area",   "postcode", "money",
                                         "number", "date",  "time",     "radio",  "checks",   "tick",
                                         "select", "file",  "hidden",   "percent"};

struct form_specs *form_specs_new(struct arena *a) {
    struct form_specs *s = arena_alloc(a, sizeof *s);
    s->arena = a;
    return s;
}

const struct form_spec *form_spec_find(const struct form_specs *s, const char *name) {
    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(s->forms[i].name, name) == 0) {
            return &s->forms[i];
        }
    }
    return NULL;
}

static bool refuse_at(struct reader *r, unsigned line, const char *why) {
    snprintf(r->why, r->why_cap, "%s:%u: %s", r->file, line, why);
    return false;
}

static bool refuse(struct reader *r, const char *why) {
    return refuse_at(r, r->line, why);
}

static bool name_ok(const char *s) {
    size_t n = strlen(s);
    if (n == 0 || n > 60 || s[0] < 'a' || s[0] > 'z') {
        return false;
    }
    return strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

static void start_defaults(struct field_spec *f) {
    static const size_t most[] = {
        [FIELD_TEXT] = 200,    [FIELD_EMAIL] = 254, [FIELD_PASSWORD] = 200, [FIELD_AREA] = 5000,
        [FIELD_POSTCODE] = 20, [FIELD_MONEY] = 30,  [FIELD_NUMBER] = 30,    [FIELD_DATE] = 20,
        [FIELD_TIME] = 20,     [FIELD_RADIO] = 200, [FIELD_CHECKS] = 200,   [FIELD_TICK] = 20,
        [FIELD_SELECT] = 200,  [FIELD_FILE] = 255,  [FIELD_HIDDEN] = 2000,  [FIELD_PERCENT] = 30,
    };
    f->max_chars = most[f->type];
    f->min = 0;
    f->max = f->type == FIELD_MONEY     ? MONEY_MAX_PENCE
             : f->type == FIELD_FILE    ? INT64_C(10) << 20
             : f->type == FIELD_PERCENT ? 10000
                                        : INT64_C(999999999999);
    if (f->type == FIELD_DATE) {
        f->min = INT32_MIN;
        f->max = INT32_MAX;
    }
    f->autocomplete = f->type == FIELD_EMAIL      ? "email"
                      : f->type == FIELD_PASSWORD ? "current-password"
                      : f->type == FIELD_POSTCODE ? "postal-code"
                                                  : NULL;
    bool decimal = f->type == FIELD_MONEY || f->type == FIELD_PERCENT;
    f->inputmode = f->type == FIELD_NUMBER ? "numeric" : decimal ? "decimal" : NULL;
}

static bool set_type(struct reader *r, struct field_spec *f, const char *value) {
    for (size_t i = 0; i < sizeof type_words / sizeof *type_words; i++) {
        if (strcmp(type_words[i], value) == 0) {
            f->type = (enum field_type)i;
            start_defaults(f);
            return true;
        }
    }
    return refuse(r, "this type is not known");
}

static bool parse_size(const char *s, int64_t *ret) {
    char *end;
    errno = 0;
    long long v = strtoll(s, &end, 10);
    if (errno || end == s || v < 1 || v > 100000) {
        return false;
    }
    bool mb = strcmp(end, " MB") == 0;
    if (!mb && strcmp(end, " KB") != 0) {
        return false;
    }
    *ret = mb ? v * 1024 * 1024 : v * 1024;
    return true;
}

static bool set_limit(struct reader *r, struct field_spec *f, const char *value, bool is_max) {
    int64_t v;
    int32_t day;
    switch (f->type) {
    case FIELD_MONEY:
        if (!money_parse(value, &v)) {
            return refuse(r, "this must be an amount in pounds");
        }
        break;
    case FIELD_PERCENT:
        if (!percent_parse(value, &v)) {
            return refuse(r, "this must be a percentage like 31.9");
        }
        break;
    case FIELD_DATE:
        if (!day_parse(value, &day)) {
            return refuse(r, "this must be a date like 2026-11-02");
        }
        v = day;
        break;
    case FIELD_FILE:
        if (!is_max || !parse_size(value, &v)) {
            return refuse(r, "this must be a size like \"10 MB\" or \"500 KB\"");
        }
        break;
    default:
        if (!text_i64(value, &v)) {
            return refuse(r, "this must be a whole number");
        }
    }
    bool counts_chars = f->type != FIELD_MONEY && f->type != FIELD_DATE && f->type != FIELD_FILE &&
                        f->type != FIELD_NUMBER && f->type != FIELD_PERCENT;
    if (counts_chars && (v < 0 || v > 100000)) {
        return refuse(r, "a number of characters is from 0 to 100000");
    }
    if (is_max && counts_chars) {
        f->max_chars = (size_t)v;
    } else if (is_max) {
        f->max = v;
    } else {
        f->min = v;
    }
    return true;
}

// "value | label | hint"
static bool add_option(struct reader *r, struct field_spec *f, char *value) {
    if (f->type != FIELD_RADIO && f->type != FIELD_CHECKS && f->type != FIELD_SELECT) {
        return refuse(r, "only radio, checks and select have options");
    }
    if (r->option_count == OPTIONS_MAX) {
        return refuse(r, "too many options");
    }
    char *parts[3] = {value, NULL, NULL};
    for (size_t i = 1; i < 3; i++) {
        char *bar = parts[i - 1] ? strchr(parts[i - 1], '|') : NULL;
        if (bar) {
            *bar = 0;
            parts[i] = bar + 1;
        }
    }
    for (size_t i = 0; i < 3; i++) {
        parts[i] = parts[i] ? text_trim(parts[i]) : NULL;
    }
    if (!parts[1] || !*parts[0] || !*parts[1]) {
        return refuse(r, "an option is written: option value | words to read | a hint if it needs one");
    }
    struct arena *a = r->s->arena;
    for (size_t i = 0; i < r->option_count; i++) {
        if (strcmp(r->options[i].value, parts[0]) == 0) {
            return refuse(r, "this value is offered twice");
        }
    }
    r->options[r->option_count++] =
        (struct field_option){.value = arena_strdup(a, parts[0]),
                              .label = arena_strdup(a, parts[1]),
                              .hint = parts[2] ? arena_strdup(a, parts[2]) : NULL};
    return true;
}

static bool set_rows(struct reader *r, struct field_spec *f, const char *value) {
    int64_t v;
    if (!text_i64(value, &v) || v < 1 || v > 50) {
        return refuse(r, "this must be a whole number from 1 to 50");
    }
    f->rows = (size_t)v;
    return true;
}

static bool set_width(struct reader *r, struct field_spec *f, const char *value) {
    static const char *const words[] = {"2", "3", "4", "5", "10", "20", "30", "half", "full"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i], value) == 0) {
            f->shown_as = words[i];
            return true;
        }
    }
    return refuse(r, "the width is 2, 3, 4, 5, 10, 20, 30, half or full");
}

static bool set_text(struct reader *r, struct field_spec *f, const char *key, const char *value) {
    const struct {
        const char *key;
        const char **place;
    } texts[] = {{"label", &f->label},          {"hint", &f->hint},        {"autocomplete", &f->autocomplete},
                 {"inputmode", &f->inputmode},  {"wrong", &f->when_wrong}, {"long", &f->when_long},
                 {"outside", &f->when_outside}, {"accept", &f->accept}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(texts[i].key, key) == 0) {
            if (!*value) {
                return refuse(r, "words are missing here");
            }
            *texts[i].place = arena_strdup(r->s->arena, value);
            return true;
        }
    }
    return refuse(r, "this word is not known");
}

static bool end_field(struct reader *r) {
    if (r->field_count == 0) {
        return true;
    }
    struct field_spec *f = &r->fields[r->field_count - 1];
    unsigned line = r->field_lines[r->field_count - 1];
    if (!f->label && f->type != FIELD_HIDDEN) {
        return refuse_at(r, line, "this field has no label");
    }
    if (!f->label) {
        f->label = f->name;
    }
    if (f->min > f->max) {
        return refuse_at(r, line, "min is more than max");
    }
    struct field_option *kept = arena_array(r->s->arena, r->option_count ? r->option_count : 1, sizeof *kept);
    memcpy(kept, r->options, r->option_count * sizeof *kept);
    f->options = r->option_count ? kept : NULL;
    f->option_count = r->option_count;
    r->option_count = 0;
    return true;
}

static bool end_form(struct reader *r) {
    if (!end_field(r)) {
        return false;
    }
    if (!r->form) {
        return true;
    }
    if (r->s->count == FORMS_MAX) {
        return refuse(r, "too many forms");
    }
    struct field_spec *kept = arena_array(r->s->arena, r->field_count ? r->field_count : 1, sizeof *kept);
    memcpy(kept, r->fields, r->field_count * sizeof *kept);
    r->s->forms[r->s->count++] =
        (struct form_spec){.name = r->form, .fields = kept, .field_count = r->field_count};
    r->form = NULL;
    r->field_count = 0;
    return true;
}

static bool start_form(struct reader *r, const char *name) {
    if (!end_form(r)) {
        return false;
    }
    if (!name_ok(name)) {
        return refuse(r, "a form name is small letters, digits and _");
    }
    if (form_spec_find(r->s, name)) {
        return refuse(r, "there is a form of this name already");
    }
    r->form = arena_strdup(r->s->arena, name);
    return true;
}

static bool start_field(struct reader *r, const char *name) {
    if (!r->form) {
        return refuse(r, "a field stands after a line \"form NAME\"");
    }
    if (!end_field(r)) {
        return false;
    }
    if (!name_ok(name) || strcmp(name, "csrf") == 0) {
        return refuse(r, "a field name is small letters, digits and _, and not csrf");
    }
    for (size_t i = 0; i < r->field_count; i++) {
        if (strcmp(r->fields[i].name, name) == 0) {
            return refuse(r, "there is a field of this name already");
        }
    }
    if (r->field_count == FIELDS_MAX) {
        return refuse(r, "too many fields");
    }
    r->field_lines[r->field_count] = r->line;
    struct field_spec *f = &r->fields[r->field_count++];
    *f = (struct field_spec){.name = arena_strdup(r->s->arena, name), .type = FIELD_TEXT};
    start_defaults(f);
    r->fresh = true;
    return true;
}

static bool field_line(struct reader *r, const char *key, char *value) {
    if (!r->form || r->field_count == 0) {
        return refuse(r, "this stands after a line \"field NAME\"");
    }
    struct field_spec *f = &r->fields[r->field_count - 1];
    bool fresh = r->fresh;
    r->fresh = false;
    if (strcmp(key, "type") == 0) {
        return fresh ? set_type(r, f, value) : refuse(r, "the type stands first, directly after the field");
    }
    if (strcmp(key, "required") == 0) {
        f->required = true;
        f->when_empty = *value ? arena_strdup(r->s->arena, value) : NULL;
        return true;
    }
    if (strcmp(key, "min") == 0 || strcmp(key, "max") == 0) {
        return set_limit(r, f, value, key[1] == 'a');
    }
    if (strcmp(key, "option") == 0) {
        return add_option(r, f, value);
    }
    if (strcmp(key, "rows") == 0) {
        return set_rows(r, f, value);
    }
    if (strcmp(key, "counted") == 0 && !*value) {
        f->counted = true;
        return true;
    }
    if (strcmp(key, "width") == 0) {
        return set_width(r, f, value);
    }
    return set_text(r, f, key, value);
}

static bool read_line(struct reader *r, char *line) {
    line = text_trim(line);
    if (!*line || *line == '#') {
        return true;
    }
    if (!utf8_valid(line, strlen(line)) || text_has_control(line)) {
        return refuse(r, "this line is not plain UTF-8 text");
    }
    char *value = line + strcspn(line, " \t");
    if (*value) {
        *value++ = 0;
        value = text_trim(value);
    }
    if (strcmp(line, "form") == 0) {
        return start_form(r, value);
    }
    if (strcmp(line, "field") == 0) {
        return start_field(r, value);
    }
    return field_line(r, line, value);
}

static bool read_all(struct reader *r, char *text) {
    for (char *line = text; line;) {
        r->line++;
        char *end = strchr(line, '\n');
        if (end) {
            *end++ = 0;
        }
        if (!read_line(r, line)) {
            return false;
        }
        line = end;
    }
    return end_form(r);
}

bool form_specs_add(struct form_specs *s, const char *file, const char *text, char *why, size_t why_cap) {
    struct reader *r = calloc(1, sizeof *r);
    if (!r) {
        fputs("form: out of memory\n", stderr);
        abort();
    }
    r->s = s;
    r->file = file;
    r->why = why;
    r->why_cap = why_cap;
    size_t before = s->count;
    bool ok = read_all(r, arena_strdup(s->arena, text));
    free(r);
    s->count = ok ? s->count : before;
    return ok;
}
