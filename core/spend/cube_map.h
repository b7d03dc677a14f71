// SPDX-License-Identifier: Apache-2.0
// Numbers from 0 for ids and for texts, in order of first appearance.
#ifndef ANCHORAGE_SPEND_CUBE_MAP_H
#define ANCHORAGE_SPEND_CUBE_MAP_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct number_map { // zeroed is empty
    int64_t *key;   // by number
    uint32_t *slot; // number + 1
    size_t cap;
    uint32_t count, room;
};
uint32_t number_map_put(struct number_map *m, int64_t key);
bool number_map_find(const struct number_map *m, int64_t key, uint32_t *ret);
void number_map_free(struct number_map *m);

struct text_list {     // zeroed is empty
    const char **text; // by number
    uint32_t *slot;
    size_t cap;
    uint32_t count, room;
};
// The text is copied into the arena when it is new.
uint32_t text_list_put(struct text_list *l, struct arena *a, const char *s, size_t n);
bool text_list_find(const struct text_list *l, const char *s, uint32_t *ret);
void text_list_free(struct text_list *l); // not the texts

#endif
