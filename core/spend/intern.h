// SPDX-License-Identifier: Apache-2.0
// Numbers for texts that come again and again: a few cells of a row as one key, and things the database knows
// already. Heap memory, bounded by the caller; no memory at all ends the program, which is started again.
#ifndef ANCHORAGE_SPEND_INTERN_H
#define ANCHORAGE_SPEND_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INTERN_FULL   UINT32_MAX
#define INTERN_FIELDS 8

struct intern;

// Keys of `fields` texts each (at most INTERN_FIELDS), at most `most` of them and `most_bytes` of text.
struct intern *intern_new(unsigned fields, uint32_t most, size_t most_bytes);
void intern_free(struct intern *x); // NULL is fine

// The number of a key, from 0 in the order of their coming; INTERN_FULL when it is new and there is no room.
uint32_t intern_put(struct intern *x, const char *const *text, const uint32_t *length);
// The same in three steps, so that many keys can be on their way from memory at once: the hash of each, a
// look at its place, then the number.
uint64_t intern_hash(const struct intern *x, const char *const *text, const uint32_t *length);
void intern_near(const struct intern *x, uint64_t hash); // its place will be asked for
void intern_peek(const struct intern *x, uint64_t hash); // its text will be asked for
uint32_t intern_put_hashed(struct intern *x, uint64_t hash, const char *const *text, const uint32_t *length);
uint32_t intern_count(const struct intern *x);
const char *intern_text(const struct intern *x, uint32_t i, unsigned field); // NUL-terminated

// A table from 64-bit keys to 32-bit values; open addressing over a power of two.
struct pairs;
struct pairs *pairs_new(void);
void pairs_free(struct pairs *p);
// Where the value of a key is kept; *ret_new when it was just made (and is 0). Good until the next call.
uint32_t *pairs_at(struct pairs *p, uint64_t key, bool *ret_new);
// The same without making one: NULL when it is not there.
const uint32_t *pairs_find(const struct pairs *p, uint64_t key);
void pairs_near(const struct pairs *p, uint64_t key); // it will be asked for
size_t pairs_count(const struct pairs *p);
void pairs_clear(struct pairs *p);

// What the database knows, by a keyed hash of 128 bits (SipHash, Aumasson and Bernstein) instead of its
// texts: two different texts do not meet in it.
struct known;
struct known *known_new(size_t count); // about as many as will come
void known_free(struct known *k);
// Texts of a key, their ends taken into account.
void known_put(struct known *k, const char *const *text, unsigned fields, int64_t id);
int64_t known_find(const struct known *k, const char *const *text, unsigned fields); // 0: not there
size_t known_count(const struct known *k);

#endif
