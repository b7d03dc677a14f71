// SPDX-License-Identifier: Apache-2.0
// Numbers for ids and texts: open addressing, at most half full.
#include "spend/cube_map.h"

#include <stdlib.h>
#include <string.h>

#define CAP_START 256

// The finaliser of MurmurHash3 (Appleby, public domain): spreads ids that come one after the other.
static size_t mix(uint64_t h) {
    h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
    return (size_t)(h ^ (h >> 33));
}

// FNV-1a, 64 bits (Fowler, Noll, Vo).
static size_t hash_text(const char *s, size_t n) {
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < n; i++) {
        h = (h ^ (unsigned char)s[i]) * UINT64_C(1099511628211);
    }
    return mix(h);
}

static void *room_for(void *p, size_t count, size_t size) {
    void *more = count > SIZE_MAX / size ? NULL : realloc(p, count * size);
    if (!more) {
        abort();
    }
    return more;
}

static uint32_t *empty_slots(size_t cap) {
    uint32_t *slot = calloc(cap, sizeof *slot);
    if (!slot) {
        abort();
    }
    return slot;
}

static size_t place_of_number(const struct number_map *m, int64_t key) {
    size_t i = mix((uint64_t)key) & (m->cap - 1);
    while (m->slot[i] && m->key[m->slot[i] - 1] != key) {
        i = (i + 1) & (m->cap - 1);
    }
    return i;
}

static void grow_numbers(struct number_map *m) {
    free(m->slot);
    m->cap = m->cap ? m->cap * 2 : CAP_START;
    m->slot = empty_slots(m->cap);
    for (uint32_t i = 0; i < m->count; i++) {
        m->slot[place_of_number(m, m->key[i])] = i + 1;
    }
}

uint32_t number_map_put(struct number_map *m, int64_t key) {
    if ((size_t)m->count * 2 >= m->cap) {
        grow_numbers(m);
    }
    size_t i = place_of_number(m, key);
    if (m->slot[i]) {
        return m->slot[i] - 1;
    }
    if (m->count == m->room) {
        m->room = m->room ? m->room * 2 : CAP_START;
        m->key = room_for(m->key, m->room, sizeof *m->key);
    }
    m->key[m->count] = key;
    m->slot[i] = ++m->count;
    return m->count - 1;
}

bool number_map_find(const struct number_map *m, int64_t key, uint32_t *ret) {
    size_t i = m->count ? place_of_number(m, key) : 0;
    if (m->count == 0 || !m->slot[i]) {
        return false;
    }
    *ret = m->slot[i] - 1;
    return true;
}

void number_map_free(struct number_map *m) {
    free(m->key);
    free(m->slot);
    *m = (struct number_map){0};
}

static size_t place_of_text(const struct text_list *l, const char *s, size_t n) {
    size_t i = hash_text(s, n) & (l->cap - 1);
    for (; l->slot[i]; i = (i + 1) & (l->cap - 1)) {
        const char *t = l->text[l->slot[i] - 1];
        if (strncmp(t, s, n) == 0 && t[n] == 0) {
            break;
        }
    }
    return i;
}

static void grow_texts(struct text_list *l) {
    free(l->slot);
    l->cap = l->cap ? l->cap * 2 : CAP_START;
    l->slot = empty_slots(l->cap);
    for (uint32_t i = 0; i < l->count; i++) {
        l->slot[place_of_text(l, l->text[i], strlen(l->text[i]))] = i + 1;
    }
}

uint32_t text_list_put(struct text_list *l, struct arena *a, const char *s, size_t n) {
    if ((size_t)l->count * 2 >= l->cap) {
        grow_texts(l);
    }
    size_t i = place_of_text(l, s, n);
    if (l->slot[i]) {
        return l->slot[i] - 1;
    }
    if (l->count == l->room) {
        l->room = l->room ? l->room * 2 : CAP_START;
        l->text = room_for(l->text, l->room, sizeof *l->text);
    }
    l->text[l->count] = arena_strndup(a, s, n);
    l->slot[i] = ++l->count;
    return l->count - 1;
}

bool text_list_find(const struct text_list *l, const char *s, uint32_t *ret) {
    size_t i = l->count ? place_of_text(l, s, strlen(s)) : 0;
    if (l->count == 0 || !l->slot[i]) {
        return false;
    }
    *ret = l->slot[i] - 1;
    return true;
}

void text_list_free(struct text_list *l) {
    free(l->text);
    free(l->slot);
    *l = (struct text_list){0};
}
