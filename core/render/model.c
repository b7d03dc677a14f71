// SPDX-License-Identifier: Apache-2.0
// Models: an array of values per scope, found by hash; everything lives in the arena.
#include "render/model.h"

#include "render/value.h"

#include <stdarg.h>
#include <string.h>

struct model {
    struct arena *arena;
    struct value *values;
    size_t count, cap;
};

uint32_t value_hash(const char *key, size_t n) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++) {
        h = (h ^ (unsigned char)key[i]) * 16777619u;
    }
    return h;
}

struct model *model_new(struct arena *a) {
    struct model *m = arena_alloc(a, sizeof *m);
    m->arena = a;
    return m;
}

struct arena *model_arena(const struct model *m) {
    return m->arena;
}

const struct value *model_find(const struct model *m, const char *key, uint32_t hash) {
    for (size_t i = 0; i < m->count; i++) {
        if (m->values[i].hash == hash && strcmp(m->values[i].key, key) == 0) {
            return &m->values[i];
        }
    }
    return NULL;
}

bool model_has(const struct model *m, const char *key) {
    return model_find(m, key, value_hash(key, strlen(key))) != NULL;
}

static struct value *place_of(struct model *m, const char *key) {
    uint32_t hash = value_hash(key, strlen(key));
    for (size_t i = 0; i < m->count; i++) {
        if (m->values[i].hash == hash && strcmp(m->values[i].key, key) == 0) {
            return &m->values[i];
        }
    }
    if (m->count == m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 8;
        struct value *more = arena_array(m->arena, cap, sizeof *more);
        if (m->count) {
            memcpy(more, m->values, m->count * sizeof *more);
        }
        m->values = more;
        m->cap = cap;
    }
    struct value *v = &m->values[m->count++];
    v->key = key;
    v->hash = hash;
    return v;
}

// A key that is set again loses all of what it held.
static struct value *set(struct model *m, const char *key, enum value_kind kind) {
    struct value *v = place_of(m, key);
    *v = (struct value){.key = v->key, .hash = v->hash, .kind = kind};
    return v;
}

static void set_owned_text(struct model *m, const char *key, const char *text) {
    struct value *v = set(m, key, VALUE_TEXT);
    v->text = text;
    v->length = strlen(text);
}

void model_text(struct model *m, const char *key, const char *text) {
    set_owned_text(m, key, arena_strdup(m->arena, text));
}

void model_textf(struct model *m, const char *key, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    set_owned_text(m, key, arena_vprintf(m->arena, fmt, ap));
    va_end(ap);
}

void model_i64(struct model *m, const char *key, int64_t v) {
    set(m, key, VALUE_I64)->number = v;
}

void model_bool(struct model *m, const char *key, bool v) {
    set(m, key, VALUE_BOOL)->number = v ? 1 : 0;
}

void model_html(struct model *m, const char *key, const struct html *h) {
    set(m, key, VALUE_HTML)->html = h;
}

static struct value_list *list_of(struct model *m, const char *key) {
    const struct value *old = model_find(m, key, value_hash(key, strlen(key)));
    if (old && old->kind == VALUE_LIST) {
        return old->list;
    }
    struct value *v = set(m, key, VALUE_LIST);
    v->list = arena_alloc(m->arena, sizeof *v->list);
    return v->list;
}

void model_list(struct model *m, const char *key) {
    list_of(m, key);
}

struct model *model_add(struct model *m, const char *key) {
    struct value_list *l = list_of(m, key);
    if (l->count == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 8;
        struct model **more = arena_array(m->arena, cap, sizeof *more);
        if (l->count) {
            memcpy(more, l->items, l->count * sizeof *more);
        }
        l->items = more;
        l->cap = cap;
    }
    struct model *item = model_new(m->arena);
    l->items[l->count++] = item;
    return item;
}

bool value_truthy(const struct value *v) {
    switch (v->kind) {
    case VALUE_TEXT:
        return v->length > 0;
    case VALUE_I64:
    case VALUE_BOOL:
        return v->number != 0;
    case VALUE_HTML:
        return v->html && v->html->n > 0;
    case VALUE_LIST:
        return v->list->count > 0;
    }
    return false;
}
