// SPDX-License-Identifier: Apache-2.0
// Names of organisations as rows of whole words, so that "Christmas" never counts as "Christ".
#ifndef VCFSE_NAME_H
#define VCFSE_NAME_H

#include <stdbool.h>
#include <stddef.h>

// Longer names are cut here; the longest name Companies House allows is 160 characters.
#define VCFSE_NAME_MAX 240

// A name in capitals, words parted by one blank, with one blank before the first and after the last word.
struct vcfse_name {
    char text[VCFSE_NAME_MAX + 3];
    size_t len; // bytes in text without the NUL; 1 when there is no word at all
};

// Writes the word form of a name: capitals, "&" to AND, apostrophes dropped, "C.I.C." to CIC, "T/A" kept as
// one word, accented Latin letters to plain ones, everything else that is no letter or digit to a blank. raw:
// UTF-8, may be NULL. ret_name: always filled.
void vcfse_name_normalise(const char *raw, struct vcfse_name *ret_name);

// True when the words of phrase (capitals, one blank between) stand in the name one after another, as whole
// words.
bool vcfse_name_has(const struct vcfse_name *name, const char *phrase);

// True when the name ends with the words of phrase; a last THE or UK and a last number are not looked at.
bool vcfse_name_ends(const struct vcfse_name *name, const char *phrase);

// True when the name begins with the words of phrase; a first THE is not looked at.
bool vcfse_name_starts(const struct vcfse_name *name, const char *phrase);

// True when the name ends in a word of a registered company or partnership (LTD, LIMITED, PLC, LLP, CIC ...).
bool vcfse_name_has_company_ending(const struct vcfse_name *name);

// How alike two names are, 0 to 1000, after company endings and THE are left out.
// 1000 minus the edit distance (Levenshtein 1966) in thousandths of the longer name.
int vcfse_name_similarity_milli(const char *a, const char *b);

// True when what a supplier says and what a register says are the same body:
// names at least 850 alike, or the same postcode with names at least 400 alike.
bool vcfse_register_agrees(const char *name, const char *postcode, const char *register_name,
                           const char *register_postcode);

#endif
