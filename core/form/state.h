// SPDX-License-Identifier: Apache-2.0
// What a form holds while it is read and shown; for core/form alone.
#ifndef ANCHORAGE_FORM_STATE_H
#define ANCHORAGE_FORM_STATE_H

#include "form/form.h"

#define FORM_CHOICES_MAX 300

struct field_state {
    const char *shown[3]; // as typed; dates: day, month, year
    const char *text;     // canonical value, "" when empty
    bool has_number;
    int64_t number;       // NUMBER, MONEY, PERCENT, TIME, TICK as 1; DATE as the day
    const char **choices; // CHECKS
    size_t choice_count;
    const struct form_upload *upload;
    const struct field_option *options; // given at run time
    size_t option_count;
    bool options_given, unchecked;
    const char *error;
    unsigned wrong_parts;
};

struct form {
    struct arena *arena;
    const struct form_spec *spec;
    struct field_state *states; // one a field
    const char *error;          // of the whole form
    bool sent;
    bool kept; // holds what was typed before a session ended: what a page would fill in does not replace it
};

#endif
