// SPDX-License-Identifier: Apache-2.0
// The table of headings known word for word (data only; heading.c reads it).
#ifndef LOCAL_SPEND_HEADWORDS_H
#define LOCAL_SPEND_HEADWORDS_H

#include <stddef.h>

#include "heading.h"

// `key` is the heading in lower case, letters and digits only.
struct headword {
    const char *key;
    unsigned char role, basis, rank;
};

extern const struct headword spend_headwords[];
extern const size_t spend_headword_count;

#endif
