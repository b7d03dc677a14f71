// SPDX-License-Identifier: Apache-2.0
// Forms: one description (web/forms/*.form) gives the reading, the checks, the field HTML and the words.
#ifndef ANCHORAGE_FORM_FORM_H
#define ANCHORAGE_FORM_FORM_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
    FIELD_TEXT,
    FIELD_EMAIL,
    FIELD_PASSWORD, // never filled in again
    FIELD_AREA,     // several lines
    FIELD_POSTCODE, // tidied to "WN1 1AA"
    FIELD_MONEY,    // pence
    FIELD_NUMBER,   // whole number
    FIELD_DATE,     // three inputs name-day, name-month, name-year
    FIELD_TIME,     // "9:30", "9.30am", "14:00": minutes after midnight
    FIELD_RADIO,
    FIELD_CHECKS, // several of the options
    FIELD_TICK,   // one checkbox
    FIELD_SELECT,
    FIELD_FILE,
    FIELD_HIDDEN,
    FIELD_PERCENT, // "31.9": hundredths of a per cent
};

struct field_option {
    const char *value, *label, *hint;
};

struct field_spec {
    const char *name, *label, *hint, *autocomplete, *inputmode;
    enum field_type type;
    bool required;
    size_t max_chars; // code points; a default by type when the description says none
    int64_t min, max; // NUMBER; MONEY in pence; PERCENT in hundredths; DATE as days; FILE max in bytes; TEXT,
                      // AREA, PASSWORD min in code points
    const struct field_option *options; // static ones; more can be set at run time
    size_t option_count;
    const char *when_empty, *when_wrong, *when_long; // sentences that say what to do
    const char *
        shown_as; // CSS width class word: "2", "3", "4", "5", "10", "20", "30", "half", "full"; NULL: by type
    // Additions below stay at the end.
    const char *when_outside; // too small or too large; NULL: made from the label
    const char *accept;       // FILE: endings, ".csv,.xlsx"; NULL: any
    size_t rows;              // AREA: lines shown, 0: 5
    bool counted;             // AREA: shows how many characters are left
};

struct form_spec {
    const char *name;
    const struct field_spec *fields;
    size_t field_count;
};

// Reads form descriptions (format: core/form/README.md). They live as long as the arena. On failure writes
// "file:line: why".
struct form_specs;
struct form_specs *form_specs_new(struct arena *a);
bool form_specs_add(struct form_specs *s, const char *file, const char *text, char *why, size_t why_cap);
const struct form_spec *form_spec_find(const struct form_specs *s, const char *name);

// One raw pair as it came over the wire (already decoded, valid UTF-8, no NUL).
struct form_pair {
    const char *name, *value;
};

struct form_upload {
    const char *field, *file_name, *content_type;
    const char *path; // spool file, removed when the request ends
    int64_t size;
};

struct form;

// An empty form to show, or one read from pairs: only declared fields exist, every one is checked.
struct form *form_new(struct arena *a, const struct form_spec *spec);
struct form *form_read(struct arena *a, const struct form_spec *spec, const struct form_pair *pairs, size_t n,
                       const struct form_upload *uploads, size_t upload_count);
// A form to show with what was typed before a session ended: no errors yet, and form_set does not replace it.
struct form *form_show_kept(struct arena *a, const struct form_spec *spec, const struct form_pair *pairs,
                            size_t n);
const struct form_spec *form_spec_of(const struct form *f);

bool form_ok(const struct form *f); // no errors so far
bool form_was_sent(const struct form *f);
// Adds an error beside a field (field "" : for the whole form); the first error of a field stands.
void form_error(struct form *f, const char *field, const char *sentence);
const char *form_error_of(const struct form *f, const char *field); // NULL when none

// Values. An undeclared field name is a programming error and aborts. Empty optional values give "" / the
// fallback.
const char *form_text(const struct form *f, const char *field);
int64_t form_i64(const struct form *f, const char *field,
                 int64_t fallback); // NUMBER, MONEY in pence, TIME in minutes, PERCENT in hundredths
bool form_day(const struct form *f, const char *field, int32_t *ret_day); // false when left empty
bool form_ticked(const struct form *f, const char *field);
bool form_chosen(const struct form *f, const char *field, const char *value); // CHECKS
const struct form_upload *form_file(const struct form *f, const char *field); // NULL when none

// Fills a form that is to be shown.
void form_set(struct form *f, const char *field, const char *value);
void form_set_i64(struct form *f, const char *field,
                  int64_t v); // money in pence is shown as "1234.50", 3190 per cent as "31.9"
void form_set_day(struct form *f, const char *field, int32_t day);
// Options known only at run time (their texts must live as long as the form). On a form that was sent, what
// was chosen is checked against them at once; until then form_ok is false, so that a forgotten call cannot
// let anything through.
void form_options(struct form *f, const char *field, const struct field_option *options, size_t n);
// Checks what was chosen against the options of the field now; adds the error. form_options does this by
// itself.
bool form_check_option(struct form *f, const char *field);

// For showing (core/render/field.c) and for going through what was chosen.
const struct field_spec *form_field(const struct form *f, const char *field); // NULL when there is none
// What was typed or set, as it is to be shown again; never a password. part: 0, or for dates 0 day, 1 month,
// 2 year.
const char *form_shown(const struct form *f, const char *field, int part);
const struct field_option *form_options_of(const struct form *f, const char *field, size_t *ret_n);
const char *form_choice(const struct form *f, const char *field,
                        size_t i); // i-th chosen value of CHECKS, NULL after the last
// Which parts of a date are to be marked as wrong: bit 0 day, bit 1 month, bit 2 year.
unsigned form_wrong_parts(const struct form *f, const char *field);
// The i-th error in the order of the description, errors of the whole form (field "") first. False after the
// last.
bool form_error_at(const struct form *f, size_t i, const char **ret_field, const char **ret_sentence);

#endif
