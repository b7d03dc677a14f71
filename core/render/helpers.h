// SPDX-License-Identifier: Apache-2.0
// Template helpers: how a value becomes the words people read.
#ifndef ANCHORAGE_RENDER_HELPERS_H
#define ANCHORAGE_RENDER_HELPERS_H

#include "base/strb.h"
#include "render/compile.h"
#include "render/value.h"

#include <stdbool.h>
#include <stdint.h>

// Writes a value through a helper, escaped for its place. An empty text stays empty whatever the helper.
// False when the value is not of the kind that the helper needs; a text is then written as it is, escaped.
bool helper_write(struct strb *out, enum helper helper, enum escape place, const struct value *v);

// "31.9%" of hundredths of a per cent, rounded half away from zero to one decimal. out: 32 bytes.
void percent_format(int64_t basis_points, char *out);

// "1,234". out: 32 bytes.
void count_format(int64_t n, char *out);

// Text of people as <p class="govuk-body">: a blank line begins a paragraph, a line break stays one.
void lines_write(struct strb *out, const char *text);

#endif
