// SPDX-License-Identifier: Apache-2.0
// The HTML of form fields, the error summary and the hidden token (markup of GOV.UK Frontend 6).
#ifndef ANCHORAGE_RENDER_FIELD_H
#define ANCHORAGE_RENDER_FIELD_H

#include "base/strb.h"
#include "form/form.h"
#include "render/model.h"

#include <stdbool.h>

// Writes label, hint, error and input of a field. as_question: the label is the heading of the page (<h1>).
// False (nothing written) when the form has no such field.
bool field_write(struct strb *out, const struct form *f, const char *name, bool as_question);

// The same as a value of a model, for forms whose fields are known only at run time.
const struct html *field_html(struct arena *a, const struct form *f, const char *name);

// Writes the error summary; nothing when the form has no errors.
void field_errors_write(struct strb *out, const struct form *f);

// Writes <input type="hidden" name="csrf">; nothing when token is NULL.
void field_csrf_write(struct strb *out, const char *token);

#endif
