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
    FIELD_CHECKS,   // several of the options
    FIELD_TICK,     // one checkbox
    FIELD_SELECT,
    FIELD_FILE,
    FIELD_HIDDEN,
};

struct field_option {
    const char *value, *label, *hint;
};

struct field_spec {
    const char *name, *label, *hint, *autocomplete, *inputmode;
    enum field_type type;
    bool required;
    size_t max_chars; // code points; a default by type when the description says none
    int64_t min, max; // numbers and money (pence)
    const struct field_option *options; // static ones; more can be set at run time
    size_t option_count;
    const char *when_empty, *when_wrong, *when_long; // sentences that say what to do
    const char *shown_as; // CSS width class word: "2", "4", "10", "20", "half", "full"
};

struct form_spec {
    const char *name;
    const struct field_spec *fields;
    size_t field_count;
};

// Reads form descriptions (format: core/form/README.md). They live as long as the arena. On failure writes "file:line: why".
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
const struct form_spec *form_spec_of(const struct form *f);

bool form_ok(const struct form *f);                       // no errors so far
bool form_was_sent(const struct form *f);
// Adds an error beside a field (field "" : for the whole form); the first error of a field stands.
void form_error(struct form *f, const char *field, const char *sentence);
const char *form_error_of(const struct form *f, const char *field); // NULL when none

// Values. An undeclared field name is a programming error and aborts. Empty optional values give "" / the fallback.
const char *form_text(const struct form *f, const char *field);
int64_t form_i64(const struct form *f, const char *field, int64_t fallback);   // NUMBER, MONEY in pence, TIME in minutes
bool form_day(const struct form *f, const char *field, int32_t *ret_day);      // false when left empty
bool form_ticked(const struct form *f, const char *field);
bool form_chosen(const struct form *f, const char *field, const char *value);  // CHECKS
const struct form_upload *form_file(const struct form *f, const char *field);  // NULL when none

// Fills a form that is to be shown.
void form_set(struct form *f, const char *field, const char *value);
void form_set_i64(struct form *f, const char *field, int64_t v);  // money in pence is shown as "1234.50"
void form_set_day(struct form *f, const char *field, int32_t day);
// Options known only at run time; call before showing and, for reading, pass through form_check_option.
void form_options(struct form *f, const char *field, const struct field_option *options, size_t n);

#endif
