// SPDX-License-Identifier: Apache-2.0
// Settings of plugins as forms and words.
#include "domain/plugin_settings.h"

#include "base/money.h"
#include "base/text.h"
#include "form/percent.h"
#include "plugin/host.h"
#include "render/helpers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MOST      200
#define NUMBER_MOST    INT64_C(99999999999999)
#define CHOICES_MAX    100
#define RADIOS_AT_MOST 5

static const struct field_option yes_no[] = {{"1", "Yes", NULL}, {"0", "No", NULL}};

static bool is_number(const struct anc_setting *row) {
    return row->kind == ANC_SETTING_NUMBER || row->kind == ANC_SETTING_MONEY ||
           row->kind == ANC_SETTING_SHARE;
}

static bool has_limits(const struct anc_setting *row) {
    return row->min != 0 || row->max != 0;
}

// A line "value|Words" of the choices.
struct choice {
    const char *value, *words;
    size_t value_n, words_n;
};

// The next line with a value; *at moves behind it. False after the last.
static bool next_choice(const char **at, struct choice *ret) {
    while (**at) {
        const char *line = *at;
        size_t n = strcspn(line, "\n"), bar = strcspn(line, "|\n");
        *at += n + (line[n] == '\n');
        if (bar > 0) {
            bool both = bar + 1 < n;
            *ret = (struct choice){.value = line,
                                   .value_n = bar,
                                   .words = both ? line + bar + 1 : line,
                                   .words_n = both ? n - bar - 1 : bar};
            return true;
        }
    }
    return false;
}

static size_t choices_of(struct arena *a, const struct anc_setting *row, struct field_option **ret) {
    struct field_option *list = arena_array(a, CHOICES_MAX, sizeof *list);
    struct choice c;
    size_t n = 0;
    for (const char *at = row->choices ? row->choices : ""; n < CHOICES_MAX && next_choice(&at, &c);) {
        list[n++] = (struct field_option){.value = arena_strndup(a, c.value, c.value_n),
                                          .label = arena_strndup(a, c.words, c.words_n)};
    }
    *ret = list;
    return n;
}

static const char *title_of(const struct anc_setting *row) {
    return row->title && *row->title ? row->title : row->key;
}

static const char *default_of(const struct anc_setting *row) {
    return row->dflt ? row->dflt : "";
}

static const char *number_words(struct arena *a, const struct anc_setting *row, int64_t v) {
    char money[MONEY_TEXT_BYTES], percent[PERCENT_TEXT_BYTES], count[32];
    switch (row->kind) {
    case ANC_SETTING_MONEY:
        money_format(v, money);
        return arena_strdup(a, money);
    case ANC_SETTING_SHARE:
        percent_format_plain(v, percent);
        return arena_printf(a, "%s%%", percent);
    default:
        count_format(v, count);
        return arena_strdup(a, count);
    }
}

const char *plugin_setting_words(struct arena *a, const struct anc_setting *row, const char *value) {
    struct field_option *choices;
    int64_t v;
    switch (row->kind) {
    case ANC_SETTING_YES_NO:
        return strcmp(value, "1") == 0 ? "Yes" : "No";
    case ANC_SETTING_CHOICE:
        for (size_t i = 0, n = choices_of(a, row, &choices); i < n; i++) {
            if (strcmp(choices[i].value, value) == 0) {
                return choices[i].label;
            }
        }
        return value;
    case ANC_SETTING_NUMBER:
    case ANC_SETTING_MONEY:
    case ANC_SETTING_SHARE:
        return text_i64(value, &v) ? number_words(a, row, v) : value;
    default:
        return value;
    }
}

const char *plugin_setting_field(struct arena *a, const char *key) {
    return arena_printf(a, "s_%s", key);
}

// "Help. From 1 to 100. Leave it empty for 12."
static const char *hint_of(struct arena *a, const struct anc_setting *row) {
    const char *help = row->help ? row->help : "";
    size_t n = strlen(help);
    bool stop = n > 0 && !strchr(".!?:", help[n - 1]);
    const char *out = arena_printf(a, "%s%s", help, stop ? "." : "");
    const char *gap = *out ? " " : "";
    const char *dflt = plugin_setting_words(a, row, default_of(row));
    if (is_number(row) && has_limits(row)) {
        out = arena_printf(a, "%s%sFrom %s to %s.", out, gap, number_words(a, row, row->min),
                           number_words(a, row, row->max));
        gap = " ";
    } else if (row->kind == ANC_SETTING_TEXT) {
        out = arena_printf(a, "%s%sAt most %lld characters.", out, gap,
                           (long long)(row->max > 0 ? row->max : TEXT_MOST));
        gap = " ";
    }
    if (!*dflt) {
        return out;
    }
    bool empty_is_default = is_number(row) || (row->kind == ANC_SETTING_TEXT && row->min > 0);
    const char *quote = row->kind == ANC_SETTING_TEXT ? "\"" : "";
    return arena_printf(a, "%s%s%s %s%s%s.", out, gap,
                        empty_is_default ? "Leave it empty for" : "The default is", quote, dflt, quote);
}

static void set_kind(struct arena *a, const struct anc_setting *row, struct field_spec *f) {
    struct field_option *choices;
    switch (row->kind) {
    case ANC_SETTING_NUMBER:
        f->type = FIELD_NUMBER;
        f->inputmode = "numeric";
        break;
    case ANC_SETTING_MONEY:
        f->type = FIELD_MONEY;
        f->inputmode = "decimal";
        break;
    case ANC_SETTING_SHARE:
        f->type = FIELD_PERCENT;
        f->inputmode = "decimal";
        break;
    case ANC_SETTING_YES_NO:
        f->type = FIELD_RADIO;
        f->options = yes_no;
        f->option_count = sizeof yes_no / sizeof *yes_no;
        f->required = true;
        break;
    case ANC_SETTING_CHOICE:
        f->option_count = choices_of(a, row, &choices);
        f->options = choices;
        f->type = f->option_count <= RADIOS_AT_MOST ? FIELD_RADIO : FIELD_SELECT;
        f->required = true;
        break;
    default:
        f->type = FIELD_TEXT;
        break;
    }
}

static void set_limits(const struct anc_setting *row, struct field_spec *f) {
    f->max_chars = is_number(row) ? 30 : TEXT_MOST;
    if (row->kind == ANC_SETTING_TEXT) {
        f->max_chars = row->max > 0 ? (size_t)row->max : TEXT_MOST;
        f->min = row->min > 0 ? row->min : 0;
        f->shown_as = f->max_chars <= 20 ? "20" : NULL;
    } else if (is_number(row)) {
        f->min = has_limits(row) ? row->min : -NUMBER_MOST;
        f->max = has_limits(row) ? row->max : NUMBER_MOST;
    }
}

// A label that is a question cannot begin a sentence: these do without it.
static void set_sentences(struct arena *a, const struct anc_setting *row, struct field_spec *f) {
    size_t n = strlen(f->label);
    if (n == 0 || f->label[n - 1] != '?') {
        return;
    }
    f->when_wrong = row->kind == ANC_SETTING_NUMBER  ? "Enter a whole number, like 12"
                    : row->kind == ANC_SETTING_MONEY ? "Enter an amount in pounds, like 1,250 or 1,250.50"
                    : row->kind == ANC_SETTING_SHARE ? "Enter a percentage, like 12 or 31.9"
                                                     : NULL;
    if (is_number(row) && has_limits(row)) {
        f->when_outside = arena_printf(a, "Enter a value from %s to %s", number_words(a, row, row->min),
                                       number_words(a, row, row->max));
    }
}

static struct field_spec field_of(struct arena *a, const struct anc_setting *row) {
    struct field_spec f = {.name = plugin_setting_field(a, row->key),
                           .label = title_of(row),
                           .hint = hint_of(a, row),
                           .autocomplete = "off"};
    f.hint = *f.hint ? f.hint : NULL;
    set_kind(a, row, &f);
    set_limits(row, &f);
    set_sentences(a, row, &f);
    return f;
}

static const struct form_spec *spec_of(struct arena *a, struct field_spec *fields, size_t n) {
    struct form_spec *spec = arena_alloc(a, sizeof *spec);
    *spec = (struct form_spec){.name = "plugin_settings", .fields = fields, .field_count = n};
    return spec;
}

const struct form_spec *plugin_settings_spec(struct arena *a, const struct anc_plugin *about) {
    uint32_t n = about ? about->settings.count : 0;
    struct field_spec *fields = arena_array(a, n + 1u, sizeof *fields);
    for (uint32_t i = 0; i < n; i++) {
        struct anc_setting row;
        plugin_row(&about->settings, i, &row, sizeof row);
        fields[i] = field_of(a, &row);
    }
    return n > 0 ? spec_of(a, fields, n) : NULL;
}

const struct form_spec *plugin_setting_spec(struct arena *a, const struct anc_plugin *about, const char *key,
                                            struct anc_setting *ret_row) {
    for (uint32_t i = 0; i < (about ? about->settings.count : 0); i++) {
        struct anc_setting row;
        plugin_row(&about->settings, i, &row, sizeof row);
        if (strcmp(row.key, key) == 0) {
            struct field_spec *field = arena_alloc(a, sizeof *field);
            *field = field_of(a, &row);
            *ret_row = row;
            return spec_of(a, field, 1);
        }
    }
    return NULL;
}

void plugin_setting_show(struct form *f, const struct anc_setting *row, const char *value) {
    char field[128];
    int64_t v;
    snprintf(field, sizeof field, "s_%s", row->key);
    const char *shown = value && plugin_setting_fits(row, value) ? value : default_of(row);
    if (!is_number(row)) {
        form_set(f, field, shown);
    } else if (text_i64(shown, &v)) {
        form_set_i64(f, field, v);
    }
}

const char *plugin_setting_read(struct arena *a, const struct form *f, const struct anc_setting *row) {
    const char *field = plugin_setting_field(a, row->key);
    const char *text = form_text(f, field);
    if (!is_number(row)) {
        return *text || (row->kind == ANC_SETTING_TEXT && row->min <= 0) ? text : NULL;
    }
    return *text ? arena_i64(a, form_i64(f, field, 0)) : NULL;
}

const char *plugin_setting_typed(const struct anc_setting *row, const char *value) {
    static const char *const yes[] = {"yes", "y", "true", "on"}, *const no[] = {"no", "n", "false", "off"};
    for (size_t i = 0; row->kind == ANC_SETTING_YES_NO && i < sizeof yes / sizeof *yes; i++) {
        if (text_equal_nocase(value, yes[i])) {
            return "1";
        }
        if (text_equal_nocase(value, no[i])) {
            return "0";
        }
    }
    return value;
}
