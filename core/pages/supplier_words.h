// SPDX-License-Identifier: Apache-2.0
// How pages name what is stored about suppliers.
#ifndef ANCHORAGE_PAGES_SUPPLIER_WORDS_H
#define ANCHORAGE_PAGES_SUPPLIER_WORDS_H

#include "render/model.h"

// Keys tag_words and tag_colour, and the list tag_reasons (text), from a stored decision.
void supplier_words_tag(struct model *m, const char *decision, const char *reasons);

const char *supplier_words_decision(const char *decision); // "VCFSE organisation", "Being checked", ...
const char *supplier_words_size(const char *size);         // "Fewer than 10 people"

#endif
