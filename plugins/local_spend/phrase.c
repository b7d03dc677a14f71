// SPDX-License-Identifier: Apache-2.0
// Lists of phrases, looked for in a text all at once.
#include "phrase.h"

#include <string.h>

// FNV-1a of the first word.
static uint32_t hash_word(const char *p, size_t *ret_length) {
    uint32_t h = 2166136261u;
    size_t n = 0;
    for (; p[n] && p[n] != ' '; n++) {
        h = (h ^ (unsigned char)p[n]) * 16777619u;
    }
    *ret_length = n;
    return h;
}

static size_t slot_of(uint32_t hash) {
    return (hash ^ hash >> 16) % PHRASE_SLOTS;
}

void phrase_begin(struct phrase_book *b) {
    memset(b, 0, sizeof *b);
    b->of[0].words = "";
    b->count = 1;
}

static size_t enter(struct phrase_book *b, const char *phrase) {
    bool start = *phrase == '^';
    phrase += start;
    size_t n = strlen(phrase), word;
    bool end = n > 0 && phrase[n - 1] == '$';
    n -= end;
    uint32_t hash = hash_word(phrase, &word);
    if (end && word > n) { // one word with its mark
        char alone[64];
        memcpy(alone, phrase, n < sizeof alone ? n : sizeof alone - 1);
        alone[n < sizeof alone ? n : sizeof alone - 1] = 0;
        hash = hash_word(alone, &word);
    }
    if (n == 0 || b->count == PHRASE_MOST) {
        return 0;
    }
    size_t slot = slot_of(hash), i = b->count++;
    b->of[i].words = phrase;
    b->of[i].length = (uint32_t)n;
    b->of[i].hash = hash;
    b->of[i].start = start;
    b->of[i].end = end;
    b->of[i].next = b->slots[slot];
    b->slots[slot] = (uint16_t)i;
    return i;
}

struct phrase_set phrase_list(struct phrase_book *b, const char *const *list) {
    struct phrase_set set = {{0}};
    for (; list && *list; list++) {
        size_t i = enter(b, *list);
        set.bits[i / 64] |= UINT64_C(1) << i % 64;
    }
    return set;
}

struct phrase_set phrase_find(const struct phrase_book *b, const char *words) {
    struct phrase_set set = {{1}};
    const char *p = words;
    while (*p) {
        size_t word;
        uint32_t hash = hash_word(p, &word);
        for (size_t i = b->slots[slot_of(hash)]; i; i = b->of[i].next) {
            size_t n = b->of[i].length;
            bool fits = b->of[i].hash == hash && strncmp(p, b->of[i].words, n) == 0 &&
                        (p[n] == 0 || (p[n] == ' ' && !b->of[i].end)) && (p == words || !b->of[i].start);
            set.bits[i / 64] |= (uint64_t)fits << i % 64;
        }
        p += word;
        p += *p == ' ';
    }
    return set;
}
