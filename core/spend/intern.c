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

// The key's bytes: the lengths of its texts (32 bits each), then the texts, each with a NUL behind it.
struct entry {
    const char *bytes;
    uint32_t tag; // high half of the hash
};

struct intern {
    unsigned fields;
    uint32_t count, most;
    size_t text_bytes, most_bytes;
    struct entry *entries;
    size_t entry_cap;
    uint32_t *slots; // number + 1, 0 is free
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
    free(x->entries);
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

// Eight bytes at a time, each multiplied with the state and folded; the length counts too.
static uint64_t hash_text(uint64_t h, const struct intern *x, const char *p, size_t n) {
    h ^= n;
    for (; n > 8; p += 8, n -= 8) {
        h = fold(h ^ word_at(p), x->seed[0]);
    }
    uint64_t last = 0;
    memcpy(&last, p, n);
    return fold(h ^ last, x->seed[1]);
}

static uint64_t hash_key(const struct intern *x, const char *const *text, const uint32_t *length) {
    uint64_t h = x->seed[1];
    for (unsigned f = 0; f < x->fields; f++) {
        h = hash_text(h, x, text[f], length[f]);
    }
    return fold(h, x->seed[0]);
}

static bool same_key(const struct intern *x, const struct entry *e, const char *const *text,
                     const uint32_t *length) {
    size_t head = x->fields * sizeof *length;
    if (memcmp(e->bytes, length, head) != 0) {
        return false;
    }
    const char *p = e->bytes + head;
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
    uint32_t *slots = must(calloc(cap, sizeof *slots));
    for (uint32_t i = 0; i < x->count; i++) {
        const struct entry *e = &x->entries[i];
        const char *text[INTERN_FIELDS];
        uint32_t length[INTERN_FIELDS];
        memcpy(length, e->bytes, x->fields * sizeof *length);
        const char *p = e->bytes + x->fields * sizeof *length;
        for (unsigned f = 0; f < x->fields; p += length[f] + 1, f++) {
            text[f] = p;
        }
        size_t at = hash_key(x, text, length) & (cap - 1);
        while (slots[at]) {
            at = (at + 1) & (cap - 1);
        }
        slots[at] = i + 1;
    }
    free(x->slots);
    x->slots = slots;
    x->cap = cap;
}

static uint32_t add_key(struct intern *x, uint64_t h, size_t at, const char *const *text,
                        const uint32_t *length) {
    size_t head = x->fields * sizeof *length, size = head;
    for (unsigned f = 0; f < x->fields; f++) {
        size += length[f] + (size_t)1;
    }
    if (x->count == x->most || x->text_bytes + size > x->most_bytes) {
        return INTERN_FULL;
    }
    if (x->count == x->entry_cap) {
        x->entry_cap = x->entry_cap ? x->entry_cap * 2 : START;
        x->entries = must(reallocarray(x->entries, x->entry_cap, sizeof *x->entries));
    }
    char *bytes = text_room(x, size), *p = bytes + head;
    memcpy(bytes, length, head);
    for (unsigned f = 0; f < x->fields; f++) {
        memcpy(p, text[f], length[f]);
        p[length[f]] = 0;
        p += length[f] + 1;
    }
    x->text_bytes += size;
    x->entries[x->count] = (struct entry){.bytes = bytes, .tag = (uint32_t)(h >> 32)};
    x->slots[at] = ++x->count;
    if (x->count * 2 > x->cap) {
        grow_slots(x);
    }
    return x->count - 1;
}

uint32_t intern_put(struct intern *x, const char *const *text, const uint32_t *length) {
    uint64_t h = hash_key(x, text, length);
    size_t at = h & (x->cap - 1);
    for (; x->slots[at]; at = (at + 1) & (x->cap - 1)) {
        const struct entry *e = &x->entries[x->slots[at] - 1];
        if (e->tag == (uint32_t)(h >> 32) && same_key(x, e, text, length)) {
            return x->slots[at] - 1;
        }
    }
    return add_key(x, h, at, text, length);
}

uint32_t intern_count(const struct intern *x) {
    return x->count;
}

const char *intern_text(const struct intern *x, uint32_t i, unsigned field) {
    const char *bytes = x->entries[i].bytes, *p = bytes + x->fields * sizeof(uint32_t);
    for (unsigned f = 0; f < field; f++) {
        uint32_t length;
        memcpy(&length, bytes + f * sizeof length, sizeof length);
        p += length + (size_t)1;
    }
    return p;
}

size_t intern_bytes(const struct intern *x) {
    return x->text_bytes + x->entry_cap * sizeof *x->entries + x->cap * sizeof *x->slots;
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

struct known *known_new(void) {
    struct known *k = must(calloc(1, sizeof *k));
    k->cap = START;
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
