// SPDX-License-Identifier: Apache-2.0
// Checks of what was typed, one function a kind of value; for core/form alone.
#ifndef ANCHORAGE_FORM_CHECK_H
#define ANCHORAGE_FORM_CHECK_H

#include "form/state.h"

// Checks st->shown (and choices, upload) of a field that was sent, sets its values or its error.
void check_field(struct arena *a, const struct field_spec *spec, struct field_state *st);

// Checks what was chosen against options; sets st->error.
void check_choices(struct arena *a, const struct field_spec *spec, struct field_state *st,
                   const struct field_option *options, size_t n);

// Form of an email address: what HTML's type=email accepts, and a dot in the domain (RFC 5321 lengths).
bool check_email(const char *s);

// "9:30", "9.30am", "9am", "14:00", "1400", "midday", "midnight" to minutes after midnight.
bool check_time(const char *s, int *ret_minutes);

// Removes blanks (also no-break and zero-width ones) at both ends; a copy in the arena.
const char *check_trimmed(struct arena *a, const char *s);

// True for C0 and C1 controls and for marks that turn the direction of text (spoofing, Unicode TR 36);
// line feeds only when lines is false.
bool check_has_hidden(const char *s, bool lines);

#endif
