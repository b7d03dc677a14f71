// SPDX-License-Identifier: Apache-2.0
// A name taken apart for comparing: which words tell businesses apart, which are dress, how alike two are.
#ifndef LOCAL_SPEND_MATCH_WORDS_H
#define LOCAL_SPEND_MATCH_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum word_class {
    WORD_NOISE,  // AND, OF, THE
    WORD_WEAK,   // SERVICES, SOLUTIONS: may be missing
    WORD_APART,  // HOLDINGS, FINANCIAL, UK: often another company of the same owners
    WORD_PLACE,  // NORTH, LONDON: often a branch, or a namesake elsewhere
    WORD_NUMBER, // 2, 24
    WORD_COMMON, // CARE, SCHOOL: what many do
    WORD_OWN,    // everything else: what makes the name
};

enum { NAME_WORDS = 24, NAME_BYTES = 320 };

struct name_words {
    char text[NAME_BYTES];
    struct name_word {
        const char *s; // canonical: abbreviations written out, plural taken off
        uint8_t len, weight;
        uint8_t cls; // enum word_class
    } w[NAME_WORDS];
    size_t n;
    char squeezed[NAME_BYTES]; // the words that are no noise, without blanks
    size_t squeezed_len;
    int own, common; // how many of these
};

// Takes a key of spend_name_read apart. Cuts what is longer than the room.
void name_words_read(const char *key, struct name_words *ret);

// A name so general or short that many unrelated parties may bear it: CARE SERVICES, SCC, JC SERVICES.
bool name_words_generic(const struct name_words *n);
// Of general words only, but so many that together they mean one body: TRANSPORT FOR GREATER MANCHESTER,
// UNIVERSITY OF WIGAN.
bool name_words_specific(const struct name_words *n);
// Initials or a given name, and one other word: A SMITH, JOHN SMITH.
bool name_words_person(const struct name_words *n);
// What the parts of names of persons look like as a payments file has them: "Mr J Smith", "SMITH MRS A".
bool name_titled(const char *name);

enum name_clash {
    CLASH_NONE = 0,
    CLASH_PLACE = 1,      // a place word on one side only
    CLASH_PLACES = 2,     // different place words
    CLASH_APART = 4,      // one of the two has a word like HOLDINGS or FINANCIAL
    CLASH_APART_BOTH = 8, // different ones on both sides
    CLASH_NUMBER = 16,    // a number on one side only
    CLASH_NUMBERS = 32,   // different numbers
    CLASH_OWN = 64,       // each has words of its own that the other lacks
    CLASH_TRADE = 128,    // each has words of what it does that the other lacks
    CLASH_INITIAL = 256,  // only one of the two has initials: E SMITH AND SON, SMITH ROOFING
    CLASH_INITIALS = 512, // other initials
    CLASH_THIN = 1024,    // one word of its own in common, and words of what it does on one side only
};

// How alike two names are that are not the same, in thousandths; *ret_clash: bits of enum name_clash. 0: not
// alike. Words are paired (the same, one or two letters off, cut short, an initial), weighed by what they
// tell, and what is left over on either side counts against it.
int32_t name_words_alike(const struct name_words *a, const struct name_words *b, unsigned *ret_clash);

// Hashes under which names that may be alike meet; at most `most`. Returns how many.
uint32_t name_words_blocks(const struct name_words *n, uint64_t *ret, uint32_t most);

// Edits (insert, delete, replace, swap of neighbours) between two texts; `most` + 1 when there are more.
int name_edits(const char *a, size_t na, const char *b, size_t nb, int most);

#endif
