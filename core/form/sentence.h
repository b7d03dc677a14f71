// SPDX-License-Identifier: Apache-2.0
// The sentences of forms, built from the label of a field.
#ifndef ANCHORAGE_FORM_SENTENCE_H
#define ANCHORAGE_FORM_SENTENCE_H

#include "form/form.h"

enum sentence {
#define SENTENCE(id, text) SENTENCE_##id,
#include "form/sentences.def"
#undef SENTENCE
};

// The sentence for this field; a and b may be NULL when it has no such place.
const char *sentence_make(struct arena *arena, enum sentence id, const struct field_spec *field,
                          const char *a, const char *b);

// The sentence for a field that was left empty.
const char *sentence_empty(struct arena *arena, const struct field_spec *field);

#endif
