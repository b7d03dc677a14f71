// SPDX-License-Identifier: Apache-2.0
// Lists of words of names: short forms, words that tell little, places, given names. All upper case.
#ifndef LOCAL_SPEND_MATCH_LISTS_H
#define LOCAL_SPEND_MATCH_LISTS_H

#include "match_words.h"

// What a short form stands for ("MGT": "MANAGEMENT"), NULL when the word is none.
const char *word_in_full(const char *s, size_t n);
// The class of a word in its singular that stands in a list; false, *ret untouched, for any other.
bool word_listed(const char *s, size_t n, enum word_class *ret);
bool word_given_name(const char *s, size_t n);

#endif
