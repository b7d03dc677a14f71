// SPDX-License-Identifier: Apache-2.0
// Numbers for texts: hash tables with open addressing; keys of the file are hashed as they stand in it.
#include "spend/intern.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define START       4096
#define TEXT_CHUNK  ((size_t)1024 * 1024)
#define KNOWN_BYTES 16

static void *must(void *p) {
    if (!p) {
        abort();
    }
    return p;
}

// ---- keys of cells ------------------------------------------------------------------------------------

// Of a key: its number, part of its hash, and its bytes: the lengths of its texts (32 bits each), then the
// texts, each with a NUL behind it. Everything one lookup needs lies in one place.
struct slot {
    const char *bytes; // NULL is free
    uint32_t tag, number;
};

struct intern {
    unsigned fields;
    uint32_t count, most;
    size_t text_bytes, most_bytes;
    const char **keys; // bytes by number
    size_t key_cap;
    struct slot *slots;
    size_t cap;
    char **chunks;
    size_t chunk_count, chunk_used;
    uint64_t seed[2]; // a file cannot be made so that all its keys meet
};

struct intern *intern_new(unsigned fields, uint32_t most, size_t most_bytes) {
    struct intern *x = must(calloc(1, sizeof *x));
    x->fields = fields;
    x->most = most;
    x->most_bytes = most_bytes;
    x->cap = START;
    x->slots = must(calloc(x->cap, sizeof *x->slots));
    randombytes_buf(x->seed, sizeof x->seed);
    x->seed[0] |= 1;
    x->seed[1] |= 1;
    return x;
}

void intern_free(struct intern *x) {
    if (!x) {
        return;
    }
    for (size_t i = 0; i < x->chunk_count; i++) {
        free(x->chunks[i]);
    }
    free(x->chunks);
    free(x->keys);
    free(x->slots);
    free(x);
}

static uint64_t fold(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t word_at(const char *p) {
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static uint32_t half_at(const char *p) {
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

// Fewer than eight bytes; parts may be read twice.
static uint64_t rest_at(const char *p, size_t n) {
    return n >= 4 ? (uint64_t)half_at(p + n - 4) << 32 | half_at(p)
                  : (uint64_t)(unsigned char)p[n - 1] << 16 | (uint64_t)(unsigned char)p[n / 2] << 8 |
                        (unsigned char)p[0];
}

// Eight bytes at a time, each multiplied with the state and folded, the last eight once more; the length
// counts too.
static uint64_t hash_text(uint64_t h, const struct intern *x, const char *p, size_t n) {
    if (n == 0) {
        return h + x->seed[0];
    }
    h ^= n;
    for (size_t i = 0; i + 8 < n; i += 8) {
        h = fold(h ^ word_at(p + i), x->seed[0]);
    }
    return fold(h ^ (n >= 8 ? word_at(p + n - 8) : rest_at(p, n)), x->seed[1]);
}

uint64_t intern_hash(const struct intern *x, const char *const *text, const uint32_t *length) {
    uint64_t h = x->seed[1];
    for (unsigned f = 0; f < x->fields; f++) {
        h = hash_text(h, x, text[f], length[f]);
    }
    return fold(h, x->seed[0]);
}

static bool same_key(const struct intern *x, const char *bytes, const char *const *text,
                     const uint32_t *length) {
    size_t head = x->fields * sizeof *length;
    if (memcmp(bytes, length, head) != 0) {
        return false;
    }
    const char *p = bytes + head;
    for (unsigned f = 0; f < x->fields; p += length[f] + 1, f++) {
        if (memcmp(p, text[f], length[f]) != 0) {
            return false;
        }
    }
    return true;
}

static char *text_room(struct intern *x, size_t n) {
    if (n > TEXT_CHUNK / 8 || x->chunk_count == 0 || x->chunk_used + n > TEXT_CHUNK) {
        size_t size = n > TEXT_CHUNK / 8 ? n : TEXT_CHUNK;
        x->chunks = must(reallocarray(x->chunks, x->chunk_count + 1, sizeof *x->chunks));
        x->chunks[x->chunk_count++] = must(malloc(size));
        x->chunk_used = size == TEXT_CHUNK ? 0 : TEXT_CHUNK; // a chunk of its own is full at once
        if (size != TEXT_CHUNK) {
            return x->chunks[x->chunk_count - 1];
        }
    }
    char *p = x->chunks[x->chunk_count - 1] + x->chunk_used;
    x->chunk_used += (n + 3) & ~(size_t)3;
    return p;
}

static void grow_slots(struct intern *x) {
    size_t cap = x->cap * 2;
    struct slot *slots = must(calloc(cap, sizeof *slots));
    for (size_t i = 0; i < x->cap; i++) {
        if (x->slots[i].bytes) { // a place is told by the tag alone, so that the texts are not read again
            size_t at = x->slots[i].tag & (cap - 1);
            while (slots[at].bytes) {
                at = (at + 1) & (cap - 1);
            }
            slots[at] = x->slots[i];
        }
    }
    free(x->slots);
    x->slots = slots;
    x->cap = cap;
}

static uint32_t add_key(struct intern *x, uint32_t tag, size_t at, const char *const *text,
                        const uint32_t *length) {
    size_t head = x->fields * sizeof *length, size = head;
    for (unsigned f = 0; f < x->fields; f++) {
        size += length[f] + (size_t)1;
    }
    if (x->count == x->most || x->text_bytes + size > x->most_bytes) {
        return INTERN_FULL;
    }
    if (x->count == x->key_cap) {
        x->key_cap = x->key_cap ? x->key_cap * 2 : START;
        x->keys = must(reallocarray(x->keys, x->key_cap, sizeof *x->keys));
    }
    char *bytes = text_room(x, size), *p = bytes + head;
    memcpy(bytes, length, head);
    for (unsigned f = 0; f < x->fields; f++) {
        memcpy(p, text[f], length[f]);
        p[length[f]] = 0;
        p += length[f] + 1;
    }
    x->text_bytes += size;
    x->keys[x->count] = bytes;
    x->slots[at] = (struct slot){.bytes = bytes, .tag = tag, .number = x->count};
    x->count++;
    if (x->count * (size_t)2 > x->cap) {
        grow_slots(x);
    }
    return x->count - 1;
}

void intern_near(const struct intern *x, uint64_t hash) {
    __builtin_prefetch(&x->slots[(uint32_t)hash & (x->cap - 1)]);
}

void intern_peek(const struct intern *x, uint64_t hash) {
    __builtin_prefetch(x->slots[(uint32_t)hash & (x->cap - 1)].bytes);
}

uint32_t intern_put_hashed(struct intern *x, uint64_t hash, const char *const *text, const uint32_t *length) {
    uint32_t tag = (uint32_t)hash;
    size_t at = tag & (x->cap - 1);
    for (; x->slots[at].bytes; at = (at + 1) & (x->cap - 1)) {
        if (x->slots[at].tag == tag && same_key(x, x->slots[at].bytes, text, length)) {
            return x->slots[at].number;
        }
    }
    return add_key(x, tag, at, text, length);
}

uint32_t intern_put(struct intern *x, const char *const *text, const uint32_t *length) {
    return intern_put_hashed(x, intern_hash(x, text, length), text, length);
}

uint32_t intern_count(const struct intern *x) {
    return x->count;
}

const char *intern_text(const struct intern *x, uint32_t i, unsigned field) {
    const char *bytes = x->keys[i], *p = bytes + x->fields * sizeof(uint32_t);
    for (unsigned f = 0; f < field; f++) {
        uint32_t length;
        memcpy(&length, bytes + f * sizeof length, sizeof length);
        p += length + (size_t)1;
    }
    return p;
}

// ---- numbers to numbers -------------------------------------------------------------------------------

struct pair {
    uint64_t key; // + 1; 0 is free
    uint32_t value;
};

struct pairs {
    struct pair *list;
    size_t cap, count;
};

struct pairs *pairs_new(void) {
    struct pairs *p = must(calloc(1, sizeof *p));
    p->cap = START;
    p->list = must(calloc(p->cap, sizeof *p->list));
    return p;
}

void pairs_free(struct pairs *p) {
    if (p) {
        free(p->list);
        free(p);
    }
}

// Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): our own small numbers, chosen by nobody.
static size_t pair_slot(uint64_t key, size_t cap) {
    uint64_t h = key * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(h ^ (h >> 32)) & (cap - 1);
}

static struct pair *pair_find(struct pair *list, size_t cap, uint64_t key) {
    size_t at = pair_slot(key, cap);
    while (list[at].key != 0 && list[at].key != key) {
        at = (at + 1) & (cap - 1);
    }
    return &list[at];
}

uint32_t *pairs_at(struct pairs *p, uint64_t key, bool *ret_new) {
    struct pair *found = pair_find(p->list, p->cap, key + 1);
    *ret_new = found->key == 0;
    if (!*ret_new) {
        return &found->value;
    }
    if (++p->count * 2 > p->cap) {
        struct pair *bigger = must(calloc(p->cap * 2, sizeof *bigger));
        for (size_t i = 0; i < p->cap; i++) {
            if (p->list[i].key != 0) {
                *pair_find(bigger, p->cap * 2, p->list[i].key) = p->list[i];
            }
        }
        free(p->list);
        p->list = bigger;
        p->cap *= 2;
        found = pair_find(p->list, p->cap, key + 1);
    }
    found->key = key + 1;
    found->value = 0;
    return &found->value;
}

const uint32_t *pairs_find(const struct pairs *p, uint64_t key) {
    const struct pair *found = pair_find(p->list, p->cap, key + 1);
    return found->key == 0 ? NULL : &found->value;
}

void pairs_near(const struct pairs *p, uint64_t key) {
    __builtin_prefetch(&p->list[pair_slot(key + 1, p->cap)]);
}

size_t pairs_count(const struct pairs *p) {
    return p->count;
}

void pairs_clear(struct pairs *p) {
    memset(p->list, 0, p->cap * sizeof *p->list);
    p->count = 0;
}

// ---- what the database knows --------------------------------------------------------------------------

struct known_one {
    unsigned char hash[KNOWN_BYTES];
    int64_t id; // 0 is free
};

struct known {
    struct known_one *list;
    size_t cap, count;
    unsigned char key[crypto_shorthash_siphashx24_KEYBYTES];
};

struct known *known_new(size_t count) {
    struct known *k = must(calloc(1, sizeof *k));
    k->cap = START;
    while (k->cap < 2 * count) {
        k->cap *= 2;
    }
    k->list = must(calloc(k->cap, sizeof *k->list));
    randombytes_buf(k->key, sizeof k->key);
    return k;
}

void known_free(struct known *k) {
    if (k) {
        free(k->list);
        free(k);
    }
}

static void known_hash(const struct known *k, const char *const *text, unsigned fields,
                       unsigned char hash[KNOWN_BYTES]) {
    char buffer[4096];
    size_t used = 0;
    for (unsigned f = 0; f < fields; f++) {
        size_t n = strlen(text[f]) + 1; // with its end
        n = n < sizeof buffer - used ? n : sizeof buffer - used;
        memcpy(buffer + used, text[f], n);
        used += n;
    }
    crypto_shorthash_siphashx24(hash, (const unsigned char *)buffer, used, k->key);
}

static struct known_one *known_slot(struct known_one *list, size_t cap, const unsigned char *hash) {
    uint64_t h;
    memcpy(&h, hash, sizeof h);
    size_t at = h & (cap - 1);
    while (list[at].id != 0 && memcmp(list[at].hash, hash, KNOWN_BYTES) != 0) {
        at = (at + 1) & (cap - 1);
    }
    return &list[at];
}

void known_put(struct known *k, const char *const *text, unsigned fields, int64_t id) {
    if ((k->count + 1) * 2 > k->cap) {
        struct known_one *bigger = must(calloc(k->cap * 2, sizeof *bigger));
        for (size_t i = 0; i < k->cap; i++) {
            if (k->list[i].id != 0) {
                *known_slot(bigger, k->cap * 2, k->list[i].hash) = k->list[i];
            }
        }
        free(k->list);
        k->list = bigger;
        k->cap *= 2;
    }
    unsigned char hash[KNOWN_BYTES];
    known_hash(k, text, fields, hash);
    struct known_one *one = known_slot(k->list, k->cap, hash);
    k->count += one->id == 0;
    memcpy(one->hash, hash, KNOWN_BYTES);
    one->id = id;
}

int64_t known_find(const struct known *k, const char *const *text, unsigned fields) {
    unsigned char hash[KNOWN_BYTES];
    known_hash(k, text, fields, hash);
    return known_slot(k->list, k->cap, hash)->id;
}

size_t known_count(const struct known *k) {
    return k->count;
}
