// SPDX-License-Identifier: Apache-2.0
// Lists of phrases, looked for in a text all at once: each text is read word by word a single time.
#ifndef LOCAL_SPEND_PHRASE_H
#define LOCAL_SPEND_PHRASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PHRASE_MOST = 512, PHRASE_SLOTS = 1024 };

// Which phrases a list holds, or a text.
struct phrase_set {
    uint64_t bits[PHRASE_MOST / 64];
};

struct phrase_book {
    struct {
        const char *words; // without marks
        uint32_t length, hash;
        bool start, end;
        uint16_t next; // of the same slot, 0 none
    } of[PHRASE_MOST]; // number 0 is the empty phrase, which every text has
    size_t count;
    uint16_t slots[PHRASE_SLOTS];
};

void phrase_begin(struct phrase_book *b);

// Enters the phrases of a list (NULL at its end; NULL: an empty list) and gives their set. A phrase is words
// in upper case with one blank between them; "^" in front: the text begins so; "$" behind: it ends so.
struct phrase_set phrase_list(struct phrase_book *b, const char *const *list);

// The phrases of the book that stand in the words, at whole words.
struct phrase_set phrase_find(const struct phrase_book *b, const char *words);

static inline bool phrase_meet(const struct phrase_set *a, const struct phrase_set *b) {
    uint64_t both = 0;
    for (size_t i = 0; i < PHRASE_MOST / 64; i++) {
        both |= a->bits[i] & b->bits[i];
    }
    return both != 0;
}

static inline void phrase_add(struct phrase_set *to, const struct phrase_set *more) {
    for (size_t i = 0; i < PHRASE_MOST / 64; i++) {
        to->bits[i] |= more->bits[i];
    }
}

#endif
