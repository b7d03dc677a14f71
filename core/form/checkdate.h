// SPDX-License-Identifier: Apache-2.0
// Check of a date typed as day, month and year; for core/form alone.
#ifndef ANCHORAGE_FORM_CHECKDATE_H
#define ANCHORAGE_FORM_CHECKDATE_H

#include "form/state.h"

// Reads st->shown[0..2]; sets number, text (ISO) or the error and which parts are wrong. Months may be words.
void check_date(struct arena *a, const struct field_spec *spec, struct field_state *st);

#endif
