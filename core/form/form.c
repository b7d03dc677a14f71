// SPDX-License-Identifier: Apache-2.0
// Forms: reading what was sent, values, errors, and what is to be shown again.
#include "form/form.h"

#include "base/day.h"
#include "base/money.h"
#include "base/text.h"
#include "form/check.h"
#include "form/percent.h"
#include "form/sentence.h"
#include "form/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct field_state *find(const struct form *f, const char *field, const struct field_spec **ret_spec) {
    for (size_t i = 0; i < f->spec->field_count; i++) {
        if (strcmp(f->spec->fields[i].name, field) == 0) {
            if (ret_spec) {
                *ret_spec = &f->spec->fields[i];
            }
            return &f->states[i];
        }
    }
    return NULL;
}

static struct field_state *must_find(const struct form *f, const char *field,
                                     const struct field_spec **ret_spec) {
    struct field_state *st = find(f, field, ret_spec);
    if (!st) {
        fprintf(stderr, "form %s has no field %s\n", f->spec->name, field);
        abort();
    }
    return st;
}

struct form *form_new(struct arena *a, const struct form_spec *spec) {
    struct form *f = arena_alloc(a, sizeof *f);
    f->arena = a;
    f->spec = spec;
    f->states = arena_array(a, spec->field_count ? spec->field_count : 1, sizeof *f->states);
    for (size_t i = 0; i < spec->field_count; i++) {
        f->states[i].shown[0] = f->states[i].shown[1] = f->states[i].shown[2] = f->states[i].text = "";
    }
    return f;
}

const struct form_spec *form_spec_of(const struct form *f) {
    return f->spec;
}

bool form_was_sent(const struct form *f) {
    return f->sent;
}

static const char *pair_value(const struct form_pair *pairs, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(pairs[i].name, name) == 0) {
            return pairs[i].value;
        }
    }
    return "";
}

// CRLF and lone CR to LF, as the HTML standard counts them in a textarea.
static const char *unix_lines(struct arena *a, const char *s) {
    char *out = arena_strdup(a, s), *to = out;
    for (const char *p = s; *p; p++) {
        if (*p == '\r') {
            *to++ = '\n';
            p += p[1] == '\n';
        } else {
            *to++ = *p;
        }
    }
    *to = 0;
    return out;
}

// Tabs, which come with text copied from a spreadsheet, become blanks.
static const char *single_line(struct arena *a, const char *s) {
    char *out = arena_strdup(a, s);
    for (char *p = out; *p; p++) {
        *p = *p == '\t' ? ' ' : *p;
    }
    return check_trimmed(a, out);
}

static void read_date(struct arena *a, const char *name, const struct form_pair *pairs, size_t n,
                      struct field_state *st) {
    static const char *const parts[] = {"day", "month", "year"};
    for (size_t i = 0; i < 3; i++) {
        const char *typed = pair_value(pairs, n, arena_printf(a, "%s-%s", name, parts[i]));
        st->shown[i] = check_trimmed(a, typed);
    }
    int32_t day;
    const char *whole = pair_value(pairs, n, name);
    if (strlen(whole) == 10 && day_parse(whole, &day)) { // one date input, or a link
        struct civil c;
        civil_from_day(day, &c);
        st->shown[0] = arena_i64(a, c.day);
        st->shown[1] = arena_i64(a, c.month);
        st->shown[2] = arena_i64(a, c.year);
    }
}

static void read_checks(struct arena *a, const char *name, const struct form_pair *pairs, size_t n,
                        struct field_state *st) {
    st->choices = arena_array(a, FORM_CHOICES_MAX, sizeof *st->choices);
    for (size_t i = 0; i < n && st->choice_count < FORM_CHOICES_MAX; i++) {
        if (strcmp(pairs[i].name, name) == 0 && pairs[i].value[0]) {
            st->choices[st->choice_count++] = arena_strdup(a, pairs[i].value);
        }
    }
}

static const struct form_upload *find_upload(const char *name, const struct form_upload *uploads, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(uploads[i].field, name) == 0 && uploads[i].file_name && uploads[i].file_name[0]) {
            return &uploads[i];
        }
    }
    return NULL;
}

static void read_one(struct form *f, const struct field_spec *spec, struct field_state *st,
                     const struct form_pair *pairs, size_t n) {
    struct arena *a = f->arena;
    const char *typed = pair_value(pairs, n, spec->name);
    switch (spec->type) {
    case FIELD_DATE:
        read_date(a, spec->name, pairs, n, st);
        return;
    case FIELD_CHECKS:
        read_checks(a, spec->name, pairs, n, st);
        return;
    case FIELD_FILE:
        return;
    case FIELD_PASSWORD:
        st->text = arena_strdup(a, typed);
        return;
    case FIELD_AREA:
        st->shown[0] = unix_lines(a, typed);
        st->text = check_trimmed(a, st->shown[0]);
        return;
    case FIELD_HIDDEN:
        st->shown[0] = st->text = arena_strdup(a, typed);
        return;
    default:
        st->shown[0] = arena_strdup(a, typed);
        st->text = single_line(a, typed);
        return;
    }
}

struct form *form_read(struct arena *a, const struct form_spec *spec, const struct form_pair *pairs, size_t n,
                       const struct form_upload *uploads, size_t upload_count) {
    struct form *f = form_new(a, spec);
    f->sent = true;
    for (size_t i = 0; i < spec->field_count; i++) {
        const struct field_spec *field = &spec->fields[i];
        struct field_state *st = &f->states[i];
        read_one(f, field, st, pairs, n);
        if (field->type == FIELD_FILE) {
            st->upload = find_upload(field->name, uploads, upload_count);
        }
        check_field(a, field, st);
        // What is not right has no value: only the typed text is kept, to be shown again.
        if (st->error && field->type != FIELD_PASSWORD) {
            st->has_number = false;
        }
    }
    return f;
}

struct form *form_show_kept(struct arena *a, const struct form_spec *spec, const struct form_pair *pairs,
                            size_t n) {
    struct form *f = form_read(a, spec, pairs, n, NULL, 0);
    f->sent = false;
    f->kept = true;
    for (size_t i = 0; i < spec->field_count; i++) {
        f->states[i].error = NULL;
        f->states[i].wrong_parts = 0;
        f->states[i].unchecked = false;
    }
    return f;
}

bool form_ok(const struct form *f) {
    if (f->error) {
        return false;
    }
    for (size_t i = 0; i < f->spec->field_count; i++) {
        if (f->states[i].error || f->states[i].unchecked) {
            return false;
        }
    }
    return true;
}

void form_error(struct form *f, const char *field, const char *sentence) {
    const char **place = &f->error;
    if (*field) {
        struct field_state *st = must_find(f, field, NULL);
        st->wrong_parts = st->wrong_parts ? st->wrong_parts : 7;
        place = &st->error;
    }
    if (!*place) {
        *place = arena_strdup(f->arena, sentence);
    }
}

// A choice that nobody checked is an error of its own kind, so that the page never fails without a word.
static const char *error_of(const struct form *f, size_t i) {
    const struct field_state *st = &f->states[i];
    if (st->error || !st->unchecked) {
        return st->error;
    }
    return sentence_make(f->arena, SENTENCE_NO_CHOICES, &f->spec->fields[i], NULL, NULL);
}

const char *form_error_of(const struct form *f, const char *field) {
    if (!*field) {
        return f->error;
    }
    return error_of(f, (size_t)(must_find(f, field, NULL) - f->states));
}

bool form_error_at(const struct form *f, size_t i, const char **ret_field, const char **ret_sentence) {
    if (f->error && i-- == 0) {
        *ret_field = "";
        *ret_sentence = f->error;
        return true;
    }
    for (size_t k = 0; k < f->spec->field_count; k++) {
        const char *sentence = error_of(f, k);
        if (sentence && i-- == 0) {
            *ret_field = f->spec->fields[k].name;
            *ret_sentence = sentence;
            return true;
        }
    }
    return false;
}

const char *form_text(const struct form *f, const char *field) {
    return must_find(f, field, NULL)->text;
}

int64_t form_i64(const struct form *f, const char *field, int64_t fallback) {
    const struct field_state *st = must_find(f, field, NULL);
    return st->has_number ? st->number : fallback;
}

bool form_day(const struct form *f, const char *field, int32_t *ret_day) {
    const struct field_state *st = must_find(f, field, NULL);
    if (!st->has_number) {
        return false;
    }
    *ret_day = (int32_t)st->number;
    return true;
}

bool form_ticked(const struct form *f, const char *field) {
    return must_find(f, field, NULL)->has_number;
}

bool form_chosen(const struct form *f, const char *field, const char *value) {
    const struct field_state *st = must_find(f, field, NULL);
    for (size_t i = 0; i < st->choice_count; i++) {
        if (strcmp(st->choices[i], value) == 0) {
            return true;
        }
    }
    return st->text[0] && strcmp(st->text, value) == 0;
}

const char *form_choice(const struct form *f, const char *field, size_t i) {
    const struct field_state *st = must_find(f, field, NULL);
    return i < st->choice_count ? st->choices[i] : NULL;
}

const struct form_upload *form_file(const struct form *f, const char *field) {
    return must_find(f, field, NULL)->upload;
}

static void add_choice(struct form *f, struct field_state *st, const char *value) {
    if (!st->choices) {
        st->choices = arena_array(f->arena, FORM_CHOICES_MAX, sizeof *st->choices);
    }
    if (st->choice_count < FORM_CHOICES_MAX && *value) {
        st->choices[st->choice_count++] = arena_strdup(f->arena, value);
    }
}

// PostgreSQL's words for false among them.
static bool text_is_no(const char *s) {
    return !*s || strcmp(s, "f") == 0 || strcmp(s, "false") == 0 || strcmp(s, "0") == 0 ||
           strcmp(s, "no") == 0;
}

void form_set(struct form *f, const char *field, const char *value) {
    const struct field_spec *spec;
    struct field_state *st = must_find(f, field, &spec);
    int32_t day;
    if (f->kept) {
        return;
    }
    value = value ? value : "";
    switch (spec->type) {
    case FIELD_CHECKS:
        add_choice(f, st, value);
        return;
    case FIELD_DATE:
        if (day_parse(value, &day)) {
            form_set_day(f, field, day);
        }
        return;
    case FIELD_TICK:
        st->has_number = !text_is_no(value);
        st->number = st->has_number;
        st->text = st->shown[0] = st->has_number ? "yes" : "";
        return;
    case FIELD_PASSWORD:
    case FIELD_FILE:
        return;
    default:
        st->text = st->shown[0] = arena_strdup(f->arena, value);
        return;
    }
}

void form_set_i64(struct form *f, const char *field, int64_t v) {
    const struct field_spec *spec;
    struct field_state *st = must_find(f, field, &spec);
    char plain[MONEY_TEXT_BYTES];
    if (f->kept) {
        return;
    }
    if (spec->type == FIELD_MONEY) {
        money_format_plain(v, plain);
        st->shown[0] = arena_strdup(f->arena, plain);
    } else if (spec->type == FIELD_PERCENT) {
        char percent[PERCENT_TEXT_BYTES];
        percent_format_plain(v, percent);
        st->shown[0] = arena_strdup(f->arena, percent);
    } else if (spec->type == FIELD_TIME) {
        st->shown[0] = arena_printf(f->arena, "%d:%02d", (int)(v / 60), (int)(v % 60));
    } else {
        st->shown[0] = arena_i64(f->arena, v);
    }
    st->text = st->shown[0];
    st->number = v;
    st->has_number = true;
}

void form_set_day(struct form *f, const char *field, int32_t day) {
    struct field_state *st = must_find(f, field, NULL);
    struct civil c;
    char iso[DAY_TEXT_BYTES];
    if (f->kept) {
        return;
    }
    civil_from_day(day, &c);
    day_iso(day, iso);
    st->shown[0] = arena_i64(f->arena, c.day);
    st->shown[1] = arena_i64(f->arena, c.month);
    st->shown[2] = arena_i64(f->arena, c.year);
    st->text = arena_strdup(f->arena, iso);
    st->number = day;
    st->has_number = true;
}

void form_options(struct form *f, const char *field, const struct field_option *options, size_t n) {
    struct field_state *st = must_find(f, field, NULL);
    st->options = options;
    st->option_count = n;
    st->options_given = true;
    if (f->sent) {
        form_check_option(f, field);
    }
}

bool form_check_option(struct form *f, const char *field) {
    const struct field_spec *spec;
    struct field_state *st = must_find(f, field, &spec);
    size_t n;
    const struct field_option *options = form_options_of(f, field, &n);
    check_choices(f->arena, spec, st, options, n);
    return !st->error;
}

const struct field_spec *form_field(const struct form *f, const char *field) {
    const struct field_spec *spec = NULL;
    find(f, field, &spec);
    return spec;
}

const char *form_shown(const struct form *f, const char *field, int part) {
    const struct field_spec *spec;
    const struct field_state *st = must_find(f, field, &spec);
    return spec->type == FIELD_PASSWORD || part < 0 || part > 2 ? "" : st->shown[part];
}

const struct field_option *form_options_of(const struct form *f, const char *field, size_t *ret_n) {
    const struct field_spec *spec;
    const struct field_state *st = must_find(f, field, &spec);
    *ret_n = st->options_given ? st->option_count : spec->option_count;
    return st->options_given ? st->options : spec->options;
}

unsigned form_wrong_parts(const struct form *f, const char *field) {
    return must_find(f, field, NULL)->wrong_parts;
}
