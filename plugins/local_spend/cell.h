// SPDX-License-Identifier: Apache-2.0
// Small helpers on one cell of a payments file: blanks, words, bounded copies.
#ifndef LOCAL_SPEND_CELL_H
#define LOCAL_SPEND_CELL_H

#include <stdbool.h>
#include <stddef.h>

// Reads one code point of UTF-8 at *p and moves *p behind it; U+FFFD for a byte that is not UTF-8, 0 at the
// end.
unsigned cell_code_point(const char **p);

// True for blanks of any kind, control characters and characters of no width.
bool cell_is_space(unsigned code_point);

// True when the text holds nothing to see. NULL is blank.
bool cell_blank(const char *text);

// Copies text into out (cap bytes with the NUL): ends trimmed, runs of blanks and line ends made one blank,
// cut at a whole character when it is too long. Returns the bytes written without the NUL.
size_t cell_copy(char *out, size_t cap, const char *text);

// The letters and digits of text in upper case, words parted by one blank, all else dropped; a character
// beyond ASCII is kept as it is. For comparing with lists of literals. Returns the bytes written.
size_t cell_words(char *out, size_t cap, const char *text);

// True when the text, read by cell_words, is a stand-in for "nothing here": N/A, #N/A, NA, -, ., NULL, NONE,
// UNKNOWN, TBC, NOT AVAILABLE and the like, or blank.
bool cell_stands_for_nothing(const char *text);

// True when `words` (upper case) is in the list of `count` literals.
bool cell_in_list(const char *words, const char *const *list, size_t count);

#define CELL_COUNT(a) (sizeof(a) / sizeof *(a))

#endif
